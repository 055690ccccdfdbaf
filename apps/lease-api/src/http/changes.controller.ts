import { Body, Controller, Delete, HttpCode, Param, Post, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  changeCancelled,
  changeReport,
  changeReported,
  fileChange,
  fileChanged,
  type FileChanged,
} from '#contracts';
import { Changes } from '../application/changes';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { patienceOf, type Reply } from './exchange';
import { Answers, OrWaits } from './openapi';

const id = z.object({ id: z.uuid() });

@Controller('v1/files/changes')
export class ChangesController {
  constructor(private readonly changes: Changes) {}

  @Post()
  @For({ session: 'change', at: 'body' })
  @HttpCode(200)
  @Answers(
    200,
    'Break the leases and delegations that conflict with a change; make the change when it is allowed',
    fileChanged,
  )
  @OrWaits(fileChanged)
  async change(
    @Body({ schema: fileChange }) body: z.infer<typeof fileChange>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<FileChanged> {
    const { changeId, owner, waiting, waitNo, step, announced } = granted(
      await this.changes.change(body, digest, patienceOf(body, reply)),
    );
    const { export: exportName, file, kind } = body;
    const toReport = announced.length === 0 ? undefined : announced;
    const change = { changeId, owner, export: exportName, file, kind, announced: toReport };
    if (!waiting) return { ...change, state: 'allowed' };
    reply.code(202);
    return { ...change, state: 'waiting', waitNo, on: { file: step.path, kind: step.kind } };
  }

  @Post('report')
  @For({ session: 'session' })
  @HttpCode(200)
  @Answers(
    200,
    'Report whether an announced change was made: who keeps a delegation of its directory is then told',
    changeReported,
  )
  async report(
    @Body({ schema: changeReport }) { announced, made }: z.infer<typeof changeReport>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof changeReported>> {
    return granted(await this.changes.report(announced, made, digest));
  }

  @Delete(':id')
  @For({ session: 'session' })
  @HttpCode(200)
  @Answers(200, 'Cancel a waiting change', changeCancelled)
  async cancel(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof changeCancelled>> {
    return granted(await this.changes.cancel(params.id, digest));
  }
}
