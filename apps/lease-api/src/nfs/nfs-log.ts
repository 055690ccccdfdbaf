import type { Problem } from '#contracts';
import type { Log } from '../telemetry/logger';

/** What is worth a line about messages from NFS servers. */
export class NfsLog {
  constructor(private readonly log: Log) {}

  refused(method: string, problem: Problem): void {
    const { code, reason, detail, issues, next } = problem;
    this.log.warn({ method, code, reason, detail, issues, next }, 'a message of an NFS server was refused');
  }

  failed(method: string, error: unknown): void {
    this.log.error(
      { method, code: 'EIO', reason: 'invariant', err: error },
      'a message of an NFS server failed in a way that is not foreseen',
    );
  }

  silent(sessionId: string): void {
    this.log.warn(
      { sessionId, next: 'see whether the NFS server acknowledges what it is sent' },
      'callbacks were not acknowledged in time; the stream was ended and begins again behind the last one that was',
    );
  }
}
