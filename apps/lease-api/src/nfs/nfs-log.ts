import type { Problem } from '#contracts';
import { Repeats } from '#rpc';
import type { Log } from '../telemetry/logger';

/** Log lines about messages from NFS servers. */
export class NfsLog {
  private readonly repeats = new Repeats();

  constructor(
    private readonly log: Log,
    private readonly from = 'an NFS server',
  ) {}

  refused(method: string, problem: Problem): void {
    const { code, reason, detail, issues, next } = problem;
    const repeated = this.repeats.due(`${method} ${reason} ${detail ?? ''}`);
    if (repeated === undefined) return;
    this.log.warn(
      { method, code, reason, detail, issues, next, repeated },
      `a message from ${this.from} was refused`,
    );
  }

  failed(method: string, error: unknown): void {
    this.log.error(
      { method, code: 'EIO', reason: 'invariant', err: error },
      `a message from ${this.from} failed unexpectedly`,
    );
  }

  silent(sessionId: string): void {
    this.log.warn(
      { sessionId, next: 'check whether the other end acknowledges its callbacks' },
      'callbacks were not acknowledged in time; the stream was closed and resumes after the last acknowledged one',
    );
  }
}

/** The same about messages from lock managers. */
export class LockManagerLog extends NfsLog {
  constructor(log: Log) {
    super(log, 'a lock manager');
  }
}
