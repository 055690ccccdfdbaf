import type { Problem } from '#contracts';
import { Repeats } from '#rpc';
import type { Log } from '../telemetry/logger';

/** Log lines about messages from adapters. */
export class RpcLog {
  private readonly repeats = new Repeats();

  constructor(private readonly log: Log) {}

  /** @param late addressed to an earlier run of this process, like an adapter's first message after a restart */
  refused(message: string, problem: Problem, late = false): void {
    const { code, reason, detail, issues, next } = problem;
    const repeated = this.repeats.due(`${message} ${reason} ${detail ?? ''}`);
    if (repeated === undefined) return;
    this.log[late ? 'info' : 'warn'](
      { message, code, reason, detail, issues, next, repeated },
      'a message from an adapter was refused',
    );
  }

  failed(message: string, error: unknown): void {
    this.log.error(
      { message, code: 'EIO', reason: 'invariant', err: error },
      'a message from an adapter failed unexpectedly',
    );
  }
}
