import type { Problem } from '#contracts';
import type { Log } from '../telemetry/logger';

/** Log lines about messages from NFS servers. */
export class NfsLog {
  constructor(private readonly log: Log) {}

  refused(method: string, problem: Problem): void {
    const { code, reason, detail, issues, next } = problem;
    this.log.warn({ method, code, reason, detail, issues, next }, 'a message from an NFS server was refused');
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
