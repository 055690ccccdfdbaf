import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload, TcpContext } from '@nestjs/microservices';
import type { z } from 'zod';
import { fileserver, type Problem, problemOf } from '#contracts';
import { isAdapterProven } from '#rpc';
import { served } from '#telemetry';
import { Fileservers } from '../application/fileservers';
import { isAuditedMessage, messageNeeds } from '../identity/needs';
import { spelled } from '../identity/rights';
import { granted, problemOfError } from '../problem';
import { Keyring } from './keyring';
import { type Act, Porter } from './porter';
import { RpcLog } from './rpc-log';

/** Never resolves: a repeated message gets no answer, as its first copy has been answered. */
export const silence = new Promise<never>(() => undefined);

type Answer = { ok: true; [name: string]: unknown } | { ok: false; problem: Problem };

/** Messages from fileserver adapters to the service. */
@Controller()
export class FileserverController {
  constructor(
    private readonly fileservers: Fileservers,
    private readonly keyring: Keyring,
    private readonly porter: Porter,
    private readonly log: RpcLog,
  ) {}

  @MessagePattern(fileserver.patterns.hello)
  hello(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    return this.serve('hello', { raw, context }, fileserver.helloRequest, ({ protocol }) => {
      const { major, minor } = fileserver.protocol;
      const { instance, publicKey } = this.keyring;
      const answer: Answer = mismatch(protocol) ?? {
        ok: true,
        protocol: { major, minor },
        instance,
        publicKey,
      };
      return Promise.resolve(answer);
    });
  }

  @MessagePattern(fileserver.patterns.register)
  register(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    return this.serve('register', { raw, context }, fileserver.registerRequest, async (message) => {
      const { protocol, adapter, ...request } = message;
      const refused = mismatch(protocol);
      if (refused !== undefined) return refused;
      if (adapter !== undefined && !isAdapterProven(adapter, request.incarnation)) {
        const problem = problemOf('no_credentials', { detail: 'The adapter has not proved its own key.' });
        this.log.refused('register', problem);
        return { ok: false, problem };
      }
      const [foreign] = this.keyring.foreignTo(request.incarnation, request.exports);
      if (foreign !== undefined) {
        const problem = problemOf('export_not_yours', {
          detail: `The export ${foreign} is bound to another key.`,
        });
        this.log.refused('register', problem);
        return { ok: false, problem };
      }
      const ours = fileserver.protocol;
      const { major } = ours;
      const agreed = { major, minor: Math.min(protocol.minorMax, ours.minor) };
      const { epoch, memento, minor, predecessors } = granted(
        await this.fileservers.register({ ...request, ...agreed, adapterKey: adapter?.publicKey }),
      );
      return { ok: true, protocol: { major, minor }, epoch, memento, predecessors };
    });
  }

  @MessagePattern(fileserver.patterns.heartbeat)
  heartbeat(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    return this.serve('heartbeat', { raw, context }, fileserver.heartbeatRequest, async (message) => {
      const { epoch, memento, known, stop } = granted(await this.fileservers.heartbeat(message));
      return { ok: true, epoch, memento, known, stop };
    });
  }

  @MessagePattern(fileserver.patterns.deregister)
  deregister(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    return this.serve('deregister', { raw, context }, fileserver.deregisterRequest, async (message) => {
      await this.fileservers.deregister(message);
      return { ok: true };
    });
  }

  @MessagePattern(fileserver.patterns.break)
  break(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    return this.serve('break', { raw, context }, fileserver.breakRequest, async (message) => ({
      ok: true,
      ...granted(await this.fileservers.break(message)),
    }));
  }

  @MessagePattern(fileserver.patterns.lost)
  lost(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    return this.serve('lost', { raw, context }, fileserver.lostRequest, async (message) => ({
      ok: true,
      ...granted(await this.fileservers.lost(message)),
    }));
  }

  @MessagePattern(fileserver.patterns.detached)
  detached(@Payload() raw: unknown, @Ctx() context: TcpContext): Promise<object> {
    return this.serve('detached', { raw, context }, fileserver.detachedRequest, async (message) => {
      granted(await this.fileservers.detached(message));
      return { ok: true };
    });
  }

  /**
   * Checks seal and shape, then does the work. A failure becomes an answer too, because the other side waits for one.
   */
  private async serve<T extends object>(
    name: keyof typeof messageNeeds,
    { raw, context }: { raw: unknown; context: TcpContext },
    shape: z.ZodType<T>,
    work: (message: T) => Promise<Answer>,
  ): Promise<object> {
    const peer = context.getSocketRef().netSocket;
    const opened = await this.porter.open(peer, fileserver.patterns[name], raw, shape);
    if (!opened.ok) {
      if (opened.isGuess !== true) this.log.refused(name, opened.problem, opened.late);
      return opened.reply ?? silence;
    }
    const { message, from, origin, sealed } = opened;
    const need = messageNeeds[name];
    const caller = this.keyring.callerOf(opened.key);
    const rule = need === 'key' ? need : spelled(need);
    const action = fileserver.patterns[name];
    const target = 'exports' in message ? String(message.exports) : undefined;
    const act: Act = { peer, via: 'RPC', action, caller, target, rule };
    const refused = (problem: Problem): object => {
      this.porter.refused(act, problem);
      return sealed({ ok: false, problem });
    };
    if (need !== 'key' && !caller.rights.anywhere(need)) {
      const problem = problemOf('no_right', { detail: `It needs the right ${rule}.` });
      this.log.refused(name, problem);
      return refused(problem);
    }
    if ('incarnation' in message && message.incarnation !== from) {
      const problem = problemOf('no_credentials', { detail: 'An adapter may speak only for itself.' });
      this.log.refused(name, problem);
      return refused(problem);
    }
    try {
      const answer = await served(
        `lease-api ${name}`,
        origin,
        () => work(message),
        (given) => (given.ok ? 'ok' : given.problem.reason),
      );
      if (!answer.ok) return refused(answer.problem);
      if (isAuditedMessage(name)) this.porter.allowed(act);
      return sealed(answer);
    } catch (error) {
      const problem = problemOfError(error);
      if (problem === undefined) this.log.failed(name, error);
      return refused(problem ?? problemOf('invariant'));
    }
  }
}

function mismatch(protocol: { major: number; minorMax: number }): Answer | undefined {
  const ours = fileserver.protocol;
  if (protocol.major === ours.major) return undefined;
  const detail =
    `The adapter speaks ${String(protocol.major)}.${String(protocol.minorMax)}, ` +
    `this service ${String(ours.major)}.${String(ours.minor)}.`;
  return { ok: false, problem: problemOf('protocol_mismatch', { detail }) };
}
