import { closeSync, fsyncSync, fstatSync, openSync, statSync, write as writeFile } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { printableJson } from '#contracts';
import type { Caller } from '../identity/caller';
import type { Log } from './logger';

/** What one line of the audit log says (docs/audit.md). No field ever has a secret, a token or a body. */
export interface AuditRecord {
  readonly outcome: 'allowed' | 'refused' | 'forced' | 'dropped';
  readonly tenant?: string;
  readonly subject?: string;
  readonly by?: Caller['by'];
  readonly from?: string;
  readonly via?: 'HTTP' | 'RPC' | 'gRPC';
  readonly request?: string;
  readonly action: string;
  readonly target?: string;
  readonly query?: string;
  readonly rule?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly status?: number;
  readonly sessionId?: string;
  readonly lockId?: string;
  readonly record?: string;
  readonly count?: number;
}

/** Who asked, as a record says it. */
export const auditedCaller = (caller: Caller | undefined): Pick<AuditRecord, 'tenant' | 'subject' | 'by'> => {
  if (caller === undefined) return {};
  const { tenant, subject, by } = caller;
  return { tenant: tenant || undefined, subject: subject || undefined, by };
};

/** Whether a refusal is for want of rights: wrong or missing credentials, or a right that the caller does not have. */
export const isForWantOfRights = ({ code, reason }: { code: string; reason: string }): boolean =>
  (code === 'EACCES' || code === 'EPERM') && !otherwise.has(reason);
/** Not about the caller's rights: the fileserver refuses everybody, or the session is not on a node. */
const otherwise: ReadonlySet<string> = new Set(['fileserver_denied', 'node_required']);

/** Bounds of what waits to be written; what comes beyond is dropped, counted and said. */
const recordsMax = 10_000;
const charsMax = 16 * 1024 * 1024;
const batchMax = 1_000;
const retryMs = 1_000;
const complainMs = 10_000;
/** How long the last records may take at a stop. */
const stopMs = 500;

interface Sink {
  write(text: string): Promise<void>;
  close(): void;
}

/** Appends to a file; after it was renamed or removed, as logrotate does, to a new one of the same name. */
class FileSink implements Sink {
  private fd: number;

  /** Throws if the file cannot be written. */
  constructor(private readonly path: string) {
    this.fd = openSync(path, 'a', 0o600);
  }

  async write(text: string): Promise<void> {
    this.follow();
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += await appended(this.fd, bytes.subarray(at));
  }

  close(): void {
    fsyncSync(this.fd);
    closeSync(this.fd);
  }

  private follow(): void {
    const [now, ours] = [statSync(this.path, { throwIfNoEntry: false }), fstatSync(this.fd)];
    if (now?.ino === ours.ino && now.dev === ours.dev) return;
    const next = openSync(this.path, 'a', 0o600);
    closeSync(this.fd);
    this.fd = next;
  }
}
const append = promisify(writeFile);
const appended = async (fd: number, bytes: Buffer): Promise<number> => (await append(fd, bytes)).bytesWritten;

const streamSink = (stream: NodeJS.WritableStream): Sink => ({
  write: (text) =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => {
        if (error) reject(error);
        else resolve();
      });
    }),
  close: () => undefined,
});

/**
 * Writes audit records, one JSON line each, behind the requests that they are about: nobody waits for the disk. What
 * cannot be written is kept and tried again, up to a bound.
 */
export class Audit {
  private waiting: string[] = [];
  private chars = 0;
  private dropped = 0;
  private complainedAt = Number.NEGATIVE_INFINITY;
  private writing: Promise<void> | undefined;
  private isStopping = false;
  /** Called for each record that is dropped. */
  onDrop: () => void = () => undefined;

  constructor(
    private readonly sink: Sink,
    private readonly log: Log,
    private readonly max = { records: recordsMax, chars: charsMax },
  ) {}

  record(entry: AuditRecord): void {
    const line = lineOf(entry);
    if (this.waiting.length >= this.max.records || this.chars + line.length > this.max.chars) {
      this.dropped += 1;
      this.onDrop();
      return;
    }
    this.waiting.push(line);
    this.chars += line.length;
    this.writing ??= this.drain().finally(() => {
      this.writing = undefined;
    });
  }

  /** Writes what is left, within bounds. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.race([this.writing, pause(stopMs, undefined, { ref: false })]);
    this.sink.close();
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, batchMax);
      const missed = this.dropped;
      const notice = missed === 0 ? '' : lineOf({ outcome: 'dropped', action: 'audit', count: missed });
      try {
        await this.sink.write(notice + batch.join(''));
      } catch (error) {
        this.complain(error);
        if (this.isStopping) return;
        await pause(retryMs, undefined, { ref: false });
        continue;
      }
      this.dropped -= missed;
      this.waiting = this.waiting.slice(batch.length);
      this.chars -= batch.reduce((sum, line) => sum + line.length, 0);
    }
  }

  private complain(error: unknown): void {
    if (performance.now() - this.complainedAt < complainMs) return;
    this.complainedAt = performance.now();
    this.log.error(
      {
        err: error,
        waiting: this.waiting.length,
        next: 'make room for LEASEHOLD_AUDIT, or let this user write it',
      },
      'the audit log cannot be written: records are kept while there is room for them',
    );
  }
}

const lineOf = (entry: AuditRecord): string =>
  printableJson(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);

/** The audit log at a path, or `stdout` or `stderr`. Throws if it cannot be written. */
export function openAudit(where: string, log: Log): Audit {
  if (where === 'stdout' || where === 'stderr') return new Audit(streamSink(process[where]), log);
  try {
    return new Audit(new FileSink(where), log);
  } catch (error) {
    throw new Error(`LEASEHOLD_AUDIT: cannot write ${where}: ${(error as Error).message}`, { cause: error });
  }
}
