import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { z } from 'zod';
import { type Delegation, delegation, delegationWant, stateidNamed, stateidQuery } from '#contracts';
import { Delegations } from '../application/delegations';
import { Stateids } from '../application/stateids';
import { granted } from '../problem';
import { For, SecretDigest } from './credentials.guard';
import { departure, type Reply } from './exchange';
import { Answers } from './openapi';
import { presentDelegation } from './presenter';

@Controller('v1')
export class DelegationsController {
  constructor(
    private readonly delegations: Delegations,
    private readonly stateids: Stateids,
  ) {}

  @Post('delegations')
  @For({ session: 'lease', at: 'body' })
  @HttpCode(200)
  @Answers(
    200,
    'Ask for a delegation without an open; if none is granted, that is not an error, and the answer says why',
    delegation,
  )
  async want(
    @Body({ schema: delegationWant }) body: z.infer<typeof delegationWant>,
    @SecretDigest() digest: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Delegation> {
    return presentDelegation(granted(await this.delegations.want(body, digest, departure(reply))));
  }

  @Get('stateids/:other')
  @For({ session: 'session' })
  @Answers(200, 'Find what a stateid refers to (TEST_STATEID)', stateidNamed)
  async stateid(
    @Param({ schema: stateidQuery }) params: z.infer<typeof stateidQuery>,
    @SecretDigest() digest: string,
  ): Promise<z.infer<typeof stateidNamed>> {
    const { kind, id, state, seqid } = granted(await this.stateids.find(params.other, digest));
    return { kind, id, state: state as z.infer<typeof stateidNamed>['state'], seqid };
  }
}
