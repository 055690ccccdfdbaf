import type { Problem } from '#contracts';
import type { Log } from '../telemetry/logger';

/** What is worth a line about messages from adapters. */
export class RpcLog {
  constructor(private readonly log: Log) {}

  /** @param late said to an earlier life of this process, as is the first that an adapter says after a restart */
  refused(message: string, problem: Problem, late = false): void {
    const { code, reason, detail, issues, next } = problem;
    this.log[late ? 'info' : 'warn'](
      { message, code, reason, detail, issues, next },
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
