import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import { limits, lock, lockBreak, lockBroken, type lockPage, lockQuery, lockReleaseQuery } from '#contracts';
import type { LockView } from '#locks';
import { Locks } from '../application/locks';
import { granted } from '../problem';
import { For } from './credentials.guard';
import type { Reply } from './exchange';
import { Answers, AnswersLocks } from './openapi';
import { presentLeaseBreak, presentLock } from './presenter';
import { procLocksLines } from './proc-locks';

type Format = 'json' | 'ndjson' | 'text';
const id = z.object({ id: z.uuid() });
const breakBody = lockBreak.optional();

/** The first of our formats that the client names; JSON if it names none. */
function formatFor(accept: string | undefined): Format {
  for (const item of (accept ?? '').split(',', 16)) {
    const [media] = item.split(';');
    if (media?.trim() === 'application/json') return 'json';
    if (media?.trim() === 'application/x-ndjson') return 'ndjson';
    if (media?.trim() === 'text/plain') return 'text';
  }
  return 'json';
}

/** Where the next page begins: after a row, or within a file that is being broken. */
function cursorOfLocks({ after, within }: { after?: number; within?: number }): string | undefined {
  return after === undefined ? undefined : [after, within].filter((each) => each !== undefined).join('.');
}

@Controller('v1/locks')
@For({ right: 'locks:admin' })
export class LocksController {
  constructor(private readonly locks: Locks) {}

  @Get()
  @AnswersLocks()
  async list(
    @Query({ schema: lockQuery }) query: z.infer<typeof lockQuery>,
    @Headers('accept') accept: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    const { format = formatFor(accept), cursor, limit, tree, ...filter } = query;
    const [after = 0, within] = cursor?.split('.').map(Number) ?? [];
    const page = granted(await this.locks.pages(filter, tree || format === 'text'));
    if (format === 'json') {
      const { locks, ...next } = await page({ after, within }, limit);
      const body: z.infer<typeof lockPage> = { locks: locks.map(presentLock), cursor: cursorOfLocks(next) };
      reply.type('application/json; charset=utf-8').send(body);
      return;
    }
    const write =
      format === 'text' ? procLocksLines : (lock: LockView) => `${JSON.stringify(presentLock(lock))}\n`;
    // The first page is read before the answer begins, so that an immediate failure is still a problem document.
    const first = await page({ after, within }, limits.pageMax);
    const listing = async function* (): AsyncGenerator<string> {
      for (let now = first; ; now = await page({ after: now.after, within: now.within }, limits.pageMax)) {
        const text = now.locks.map(write).join('');
        if (text !== '') yield text;
        if (now.after === undefined) return;
      }
    };
    const type = format === 'text' ? 'text/plain' : 'application/x-ndjson';
    reply.type(`${type}; charset=utf-8`).send(Readable.from(listing()));
  }

  @Get(':id')
  @Answers(200, 'Read a lock and its waiters', lock)
  async get(@Param({ schema: id }) params: z.infer<typeof id>): Promise<z.infer<typeof lock>> {
    return presentLock(granted(await this.locks.get(params.id)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Answers(204, 'Release a lock by force')
  async release(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Query({ schema: lockReleaseQuery }) query: z.infer<typeof lockReleaseQuery>,
  ): Promise<void> {
    granted(await this.locks.release(params.id, query.unfenced));
  }

  @Post(':id/break')
  @HttpCode(200)
  @Answers(200, 'Start a break on the file of a lease', lockBroken)
  async break(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @Body({ schema: breakBody }) body: z.infer<typeof breakBody>,
  ): Promise<z.infer<typeof lockBroken>> {
    const started = granted(await this.locks.break(params.id, body?.target ?? 'none'));
    return { break: started.break === undefined ? undefined : presentLeaseBreak(started.break) };
  }
}
