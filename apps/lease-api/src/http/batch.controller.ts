import type { Readable } from 'node:stream';
import { Body, Controller, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { z } from 'zod';
import { batch } from '#contracts';
import { BatchCalls } from './batch';
import { For } from './credentials.guard';
import type { Reply, Request } from './exchange';
import { AnswersBatch } from './openapi';

const lines = 'application/x-ndjson';

@Controller('v1/batch')
export class BatchController {
  constructor(private readonly calls: BatchCalls) {}

  @Post()
  @For({ session: 'session', each: true })
  @HttpCode(200)
  @AnswersBatch()
  call(
    @Body({ schema: batch }) body: z.infer<typeof batch>,
    @Headers('accept') accept: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string | Readable> {
    const asLines = accept?.includes(lines) === true;
    reply.type(`${asLines ? lines : 'application/json'}; charset=utf-8`);
    return asLines
      ? this.calls.lines(body.calls, request, reply)
      : this.calls.all(body.calls, request, reply);
  }
}
