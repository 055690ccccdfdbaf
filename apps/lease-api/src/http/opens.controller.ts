import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { z } from 'zod';
import { open, type Open, openCreate, openId } from '#contracts';
import { Opens } from '../application/opens';
import { granted } from '../problem';
import { ForSession, SecretDigest } from './credentials.guard';
import type { Reply } from './exchange';
import { Answers } from './openapi';
import { presentOpen } from './presenter';

const id = z.object({ id: openId });

@Controller('v1/opens')
@ForSession()
export class OpensController {
  constructor(private readonly opens: Opens) {}

  @Post()
  @Answers(201, 'Open a file; conflicting leases are broken, and waitMs waits for them', open)
  async create(
    @Body({ schema: openCreate }) body: z.infer<typeof openCreate>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Open> {
    const made = granted(await this.opens.create(body, digest, { waitMs: body.waitMs }));
    reply.header('location', `/v1/opens/${made.openId}`);
    return presentOpen(made);
  }

  @Get(':id')
  @Answers(200, 'Read an open', open)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<Open> {
    return presentOpen(granted(await this.opens.get(params.id, digest)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Answers(204, 'Close an open, or give up its wait')
  async close(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.opens.close(params.id, digest));
  }
}
