import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { grace, reclaimed, sessionId, wait } from '#contracts';
import { Sessions } from '../application/sessions';
import { Waits } from '../application/waits';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { Answers } from './openapi';
import { presentWait } from './presenter';

const id = z.object({ id: z.uuid() });
const ofSession = z.object({ id: sessionId });

/** What requests wait for: each other, or the end of a grace period. */
@Controller('v1')
export class WaitsController {
  constructor(
    private readonly waits: Waits,
    private readonly sessions: Sessions,
  ) {}

  @Get('waits/:id')
  @For({ session: 'session' })
  @Answers(200, 'Why a request waits, and its place in the queue', wait)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof wait>> {
    return presentWait(granted(await this.waits.get(params.id, digest)));
  }

  @Get('grace')
  @For({ everybody: true })
  @Answers(200, 'Read the rest of the grace period', grace)
  grace(): Promise<z.infer<typeof grace>> {
    return this.sessions.grace();
  }

  @Post('sessions/:id/reclaim-complete')
  @HttpCode(200)
  @For({ session: 'session' })
  @Answers(200, 'Report that the reclaims of the session are complete', reclaimed)
  async reclaimComplete(
    @Param({ schema: ofSession }) params: z.infer<typeof ofSession>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof reclaimed>> {
    return granted(await this.sessions.reclaimComplete(params.id, digest));
  }
}
