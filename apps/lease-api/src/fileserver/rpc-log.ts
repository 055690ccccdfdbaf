import type { Problem } from '#contracts';
import type { Log } from '../telemetry/logger';

/** What is worth a line about messages from adapters. */
export class RpcLog {
  constructor(private readonly log: Log) {}

  refused(message: string, problem: Problem): void {
    const { code, reason, detail, issues, next } = problem;
    this.log.warn({ message, code, reason, detail, issues, next }, 'a message of an adapter was refused');
  }

  failed(message: string, error: unknown): void {
    this.log.error(
      { message, code: 'EIO', reason: 'invariant', err: error },
      'a message of an adapter failed in a way that is not foreseen',
    );
  }
}
