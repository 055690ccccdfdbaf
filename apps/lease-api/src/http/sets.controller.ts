import { Body, Controller, Post } from '@nestjs/common';
import type { z } from 'zod';
import { setTake, type SetTaken, setTaken } from '#contracts';
import { Sets } from '../application/sets';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { Answers } from './openapi';
import { presentLease, presentPermit, presentRange } from './presenter';

@Controller('v1/sets')
export class SetsController {
  constructor(private readonly sets: Sets) {}

  @Post()
  @For({ session: 'lease', at: 'body' })
  @Answers(201, 'Take several leases, ranges and permits, all or none', setTaken)
  async take(
    @Body({ schema: setTake }) body: z.infer<typeof setTake>,
    @SecretDigest() digest: string,
  ): Promise<SetTaken> {
    const { leases, ranges, permits } = granted(await this.sets.take(body, digest));
    return {
      ...{ leases: leases.map(presentLease), ranges: ranges.map(presentRange) },
      permits: permits.map(presentPermit),
    };
  }
}
