import { Body, Controller, Post, Res } from '@nestjs/common';
import type { z } from 'zod';
import { setTake, type SetTaken, setTaken } from '#contracts';
import { Sets } from '../application/sets';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { type Reply, waitOf } from './exchange';
import { Answers, OrWaits } from './openapi';
import { presentLease, presentPermit, presentRange } from './presenter';

@Controller('v1/sets')
export class SetsController {
  constructor(private readonly sets: Sets) {}

  @Post()
  @For({ session: 'lease', at: 'body' })
  @Answers(201, 'Take several leases, ranges and permits, all or none', setTaken)
  @OrWaits(setTaken)
  async take(
    @Body({ schema: setTake }) body: z.infer<typeof setTake>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SetTaken> {
    const { leases, ranges, permits, waiting } = granted(
      await this.sets.take({ ...body, waitMs: waitOf(body) }, digest),
    );
    if (waiting === true) reply.code(202);
    return {
      ...{ leases: leases.map(presentLease), ranges: ranges.map(presentRange) },
      permits: permits.map(presentPermit),
    };
  }
}
