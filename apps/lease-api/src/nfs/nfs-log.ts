import type { Problem } from '#contracts';
import { Repeats } from '#rpc';
import type { Log } from '../telemetry/logger';

/** Log lines about messages from NFS servers. */
export class NfsLog {
  private readonly repeats = new Repeats();

  constructor(private readonly log: Log) {}

  refused(method: string, problem: Problem): void {
    const { code, reason, detail, issues, next } = problem;
    const repeated = this.repeats.due(`${method} ${reason} ${detail ?? ''}`);
    if (repeated === undefined) return;
    this.log.warn(
      { method, code, reason, detail, issues, next, repeated },
      'a message from an NFS server was refused',
    );
  }

  failed(method: string, error: unknown): void {
    this.log.error(
      { method, code: 'EIO', reason: 'invariant', err: error },
      'a message from an NFS server failed unexpectedly',
    );
  }

  silent(sessionId: string): void {
    this.log.warn(
      { sessionId, next: 'check whether the NFS server acknowledges its callbacks' },
      'callbacks were not acknowledged in time; the stream was closed and resumes after the last acknowledged one',
    );
  }
}
