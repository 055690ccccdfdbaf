import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { z } from 'zod';
import { open, type Open, openCreate, openId, openSet } from '#contracts';
import type { OpenView } from '#locks';
import { Opens, waits } from '../application/opens';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { patienceOf, type Reply } from './exchange';
import { Answers, OrWaits } from './openapi';
import { presentOpen } from './presenter';

const id = z.object({ id: openId });

function answer(reply: Reply, view: OpenView): Open {
  if (waits(view)) reply.code(202);
  return presentOpen(view);
}

@Controller('v1/opens')
export class OpensController {
  constructor(private readonly opens: Opens) {}

  @Post()
  @For({ session: 'lease', at: 'body' })
  @Answers(
    201,
    'Open a file; conflicting leases are broken, and with waitMs the request waits for them',
    open,
  )
  @OrWaits(open)
  async create(
    @Body({ schema: openCreate }) body: z.infer<typeof openCreate>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Open> {
    const made = granted(await this.opens.create(body, digest, patienceOf(body, reply)));
    reply.header('location', `/v1/opens/${made.openId}`);
    return answer(reply, made);
  }

  @Get(':id')
  @For({ session: 'session' })
  @Answers(200, 'Read an open', open)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<Open> {
    return presentOpen(granted(await this.opens.get(params.id, digest)));
  }

  @Put(':id')
  @For({ session: 'lease', at: 'open' })
  @Answers(200, 'Change access and deny mode of an open in place', open)
  @OrWaits(open)
  async set(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Body({ schema: openSet }) body: z.infer<typeof openSet>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Open> {
    return answer(reply, granted(await this.opens.set(params.id, body, digest, patienceOf(body, reply))));
  }

  @Delete(':id')
  @For({ session: 'session' })
  @HttpCode(204)
  @Answers(204, 'Close an open, or cancel its wait')
  async close(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.opens.close(params.id, digest));
  }
}
