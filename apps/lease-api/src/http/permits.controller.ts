import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { z } from 'zod';
import { permit, type Permit, permitCheck, permitTake, permitValid } from '#contracts';
import { Semaphores } from '../application/semaphores';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { patienceOf, type Reply } from './exchange';
import { Answers, OrWaits } from './openapi';
import { presentPermit } from './presenter';

const id = z.object({ id: z.uuid() });

@Controller('v1/permits')
export class PermitsController {
  constructor(private readonly semaphores: Semaphores) {}

  @Post()
  @For({ session: 'lease:write', at: 'body' })
  @Answers(201, 'Take a permit of a semaphore: at most `limit` are held at a time', permit)
  @OrWaits(permit)
  async take(
    @Body({ schema: permitTake }) body: z.infer<typeof permitTake>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Permit> {
    const got = presentPermit(granted(await this.semaphores.take(body, digest, patienceOf(body, reply))));
    reply.header('location', `/v1/permits/${got.permitId}`);
    if (got.state === 'waiting') reply.code(202);
    return got;
  }

  @Post('check')
  @For({ right: 'fence', at: 'body' })
  @HttpCode(200)
  @Answers(200, 'Check whether a token belongs to a permit that is held now', permitValid)
  async check(
    @Body({ schema: permitCheck }) body: z.infer<typeof permitCheck>,
  ): Promise<z.infer<typeof permitValid>> {
    const { permitId } = granted(await this.semaphores.check(body.export, body.semaphore, body.token));
    return { valid: true, permitId };
  }

  @Get(':id')
  @For({ session: 'session' })
  @Answers(200, 'Read a permit, or a waiting request for one', permit)
  async get(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<Permit> {
    return presentPermit(granted(await this.semaphores.get(params.id, digest)));
  }

  @Delete(':id')
  @For({ session: 'session' })
  @HttpCode(204)
  @Answers(204, 'Give a permit back, or cancel the wait for one')
  async drop(
    @Param({ schema: id }) params: z.infer<typeof id>,
    @SecretDigest() digest: string,
  ): Promise<void> {
    granted(await this.semaphores.drop(params.id, digest));
  }
}
