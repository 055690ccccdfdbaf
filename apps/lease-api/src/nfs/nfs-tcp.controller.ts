import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload, TcpContext, Transport } from '@nestjs/microservices';
import { z } from 'zod';
import { nfs } from '#contracts';
import { served } from '#telemetry';
import { silence } from '../fileserver/fileserver.controller';
import { Keyring } from '../fileserver/keyring';
import { Porter } from '../fileserver/porter';
import { NfsLog } from './nfs-log';
import { actOf, inTurn, NfsState } from './nfs-state';

const methodNames = Object.keys(nfs.methods) as nfs.MethodName[];
const methodOf = new Map(methodNames.map((method) => [nfs.patternOf(method), method]));

/** Requests of NFS servers over Nest's TCP transport, in the same envelopes as those of fileserver adapters. */
@Controller()
export class NfsTcpController {
  constructor(
    private readonly state: NfsState,
    private readonly porter: Porter,
    private readonly keyring: Keyring,
    private readonly log: NfsLog,
  ) {}

  @MessagePattern([...methodOf.keys()], Transport.TCP)
  async answer(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    const pattern = context.getPattern();
    const method = methodOf.get(pattern);
    if (method === undefined) throw new Error(`there is no method of the pattern ${pattern}`);
    const peer = context.getSocketRef().netSocket;
    const opened = await this.porter.open(peer, pattern, raw, z.unknown());
    if (!opened.ok) {
      if (opened.isGuess !== true) this.log.refused(method, opened.problem);
      return opened.reply ?? silence;
    }
    const caller = this.keyring.callerOf(opened.key);
    const answer = await served(
      `nfs ${method}`,
      opened.origin,
      () => this.state.answer(method, opened.message, caller),
      ({ status }) => status,
    );
    if (answer.problem !== undefined)
      this.porter.refused(actOf(method, { peer, via: 'RPC', action: pattern, caller }), answer.problem);
    return opened.sealed({
      ok: true,
      ...(await inTurn(answer, () => this.porter.wrongSecret(peer, pattern))),
    });
  }
}
