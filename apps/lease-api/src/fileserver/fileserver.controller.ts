import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { fileserver, openEnvelope, type Problem, problemOf } from '#contracts';
import { Fileservers } from '../application/fileservers';
import { granted, problemOfError } from '../problem';
import { RpcLog } from './rpc-log';

/** Seals the messages between the service and its adapters; absent only on loopback. */
export class RpcSecret {
  constructor(readonly value: string | undefined) {}
}

type Answer = ({ ok: true } & Record<string, unknown>) | { ok: false; problem: Problem };

/** What fileserver adapters tell the service. */
@Controller()
export class FileserverController {
  constructor(
    private readonly fileservers: Fileservers,
    private readonly secret: RpcSecret,
    private readonly log: RpcLog,
  ) {}

  @MessagePattern(fileserver.patterns.register)
  register(@Payload() raw: unknown): Promise<Answer> {
    return this.serve('register', raw, fileserver.registerRequest, async (message) => {
      const { protocol, ...request } = message;
      const ours = fileserver.protocol;
      if (protocol.major !== ours.major) {
        const detail =
          `The adapter speaks ${String(protocol.major)}.${String(protocol.minorMax)}, ` +
          `this service ${String(ours.major)}.${String(ours.minor)}.`;
        return { ok: false, problem: problemOf('protocol_mismatch', { detail }) };
      }
      const { major } = ours;
      const agreed = { major, minor: Math.min(protocol.minorMax, ours.minor) };
      const { epoch, memento, minor, predecessors } = granted(
        await this.fileservers.register({ ...request, ...agreed }),
      );
      return { ok: true, protocol: { major, minor }, epoch, memento, predecessors };
    });
  }

  @MessagePattern(fileserver.patterns.heartbeat)
  heartbeat(@Payload() raw: unknown): Promise<Answer> {
    return this.serve('heartbeat', raw, fileserver.heartbeatRequest, async (message) => {
      const { epoch, memento, known, stop } = granted(await this.fileservers.heartbeat(message));
      return { ok: true, epoch, memento, known, stop };
    });
  }

  @MessagePattern(fileserver.patterns.break)
  break(@Payload() raw: unknown): Promise<Answer> {
    return this.serve('break', raw, fileserver.breakRequest, async (message) => ({
      ok: true,
      ...granted(await this.fileservers.break(message)),
    }));
  }

  @MessagePattern(fileserver.patterns.lost)
  lost(@Payload() raw: unknown): Promise<Answer> {
    return this.serve('lost', raw, fileserver.lostRequest, async (message) => ({
      ok: true,
      ...granted(await this.fileservers.lost(message)),
    }));
  }

  @MessagePattern(fileserver.patterns.detached)
  detached(@Payload() raw: unknown): Promise<Answer> {
    return this.serve('detached', raw, fileserver.detachedRequest, async (message) => {
      granted(await this.fileservers.detached(message));
      return { ok: true };
    });
  }

  /** Seal, shape, then the work; whatever fails becomes an answer, because the other side waits for one. */
  private async serve<T>(
    name: keyof typeof fileserver.patterns,
    raw: unknown,
    shape: z.ZodType<T>,
    work: (message: T) => Promise<Answer>,
  ): Promise<Answer> {
    const opened = openEnvelope(fileserver.patterns[name], raw, shape, this.secret.value);
    if (!opened.ok) {
      this.log.refused(name, opened.problem);
      return opened;
    }
    try {
      return await work(opened.message);
    } catch (error) {
      const problem = problemOfError(error);
      if (problem === undefined) this.log.failed(name, error);
      return { ok: false, problem: problem ?? problemOf('invariant') };
    }
  }
}
