import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { z } from 'zod';
import {
  range,
  type Range,
  rangeCancelled,
  rangeLock,
  rangeTest,
  rangeTested,
  rangeUnlock,
  unlocked,
} from '#contracts';
import { Ranges } from '../application/ranges';
import { granted, presentBlocker } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { patienceOf, type Reply } from './exchange';
import { Answers, OrWaits } from './openapi';
import { presentRange } from './presenter';

const id = z.object({ id: z.uuid() });

@Controller('v1/ranges')
export class RangesController {
  constructor(private readonly ranges: Ranges) {}

  @Post()
  @For({ session: 'lease', at: 'body' })
  @Answers(
    201,
    'Lock a range of bytes, or convert existing locks of the owner; returns the resulting range',
    range,
  )
  @OrWaits(range)
  async lock(
    @Body({ schema: rangeLock }) body: z.infer<typeof rangeLock>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Range> {
    const got = presentRange(granted(await this.ranges.lock(body, digest, patienceOf(body, reply))));
    reply.header('location', `/v1/ranges/${got.rangeId}`);
    if (got.state === 'waiting') reply.code(202);
    return got;
  }

  @Post('unlock')
  @For({ session: 'session' })
  @HttpCode(200)
  @Answers(200, 'Unlock the part of a range that the owner has locked; the rest stays locked', unlocked)
  async unlock(
    @Body({ schema: rangeUnlock }) body: z.infer<typeof rangeUnlock>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof unlocked>> {
    return granted(await this.ranges.unlock(body, digest));
  }

  @Post('test')
  @For({ session: 'lease:read', at: 'body' })
  @HttpCode(200)
  @Answers(200, 'Find what would block this lock (F_GETLK)', rangeTested)
  async test(
    @Body({ schema: rangeTest }) body: z.infer<typeof rangeTest>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof rangeTested>> {
    const { blocker } = granted(await this.ranges.test(body, digest));
    return { blocker: blocker === undefined ? undefined : presentBlocker(blocker) };
  }

  @Post('cancel')
  @For({ session: 'session' })
  @HttpCode(200)
  @Answers(200, 'Cancel the wait of an owner for exactly this lock; locks that are held stay', rangeCancelled)
  async cancel(
    @Body({ schema: rangeTest }) body: z.infer<typeof rangeTest>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof rangeCancelled>> {
    return granted(await this.ranges.cancel(body, digest));
  }

  @Get(':id')
  @For({ session: 'session' })
  @Answers(200, 'Read a range lock, or a waiting request for one', range)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<Range> {
    return presentRange(granted(await this.ranges.get(params.id, digest)));
  }

  @Delete(':id')
  @For({ session: 'session' })
  @HttpCode(204)
  @Answers(204, 'Unlock a whole range, or cancel its wait')
  async drop(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.ranges.drop(params.id, digest));
  }
}
