import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload, type TcpContext, Transport } from '@nestjs/microservices';
import { z } from 'zod';
import { nfs } from '#contracts';
import type { Door } from '#rpc';
import { RPC_DOOR, silence } from '../fileserver/fileserver.controller';
import { NfsLog } from './nfs-log';
import { NfsState } from './nfs-state';

const methodNames = Object.keys(nfs.methods) as nfs.MethodName[];
const methodOf = new Map(methodNames.map((method) => [nfs.patternOf(method), method]));

/** What NFS servers ask over Nest's TCP transport, in the same envelopes as the fileserver adapters. */
@Controller()
export class NfsTcpController {
  constructor(
    private readonly state: NfsState,
    @Inject(RPC_DOOR) private readonly door: Door,
    private readonly log: NfsLog,
  ) {}

  @MessagePattern([...methodOf.keys()], Transport.TCP)
  async answer(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    const pattern = context.getPattern();
    const method = methodOf.get(pattern);
    if (method === undefined) throw new Error(`there is no method of the pattern ${pattern}`);
    const opened = this.door.open(pattern, raw, z.unknown());
    if (!opened.ok) {
      this.log.refused(method, opened.problem);
      return opened.reply ?? silence;
    }
    return opened.sealed({ ok: true, ...(await this.state.answer(method, opened.message)) });
  }
}
