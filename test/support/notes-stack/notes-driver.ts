import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { fileserver } from '#contracts';
import type {
  Driver,
  DriverListener,
  HoldRequest,
  Place,
  Refusal,
} from '../../../apps/fileserver/src/driver';
import { remainingMs, statusPage } from '../../../apps/fileserver/src/holds';

interface Held {
  serial: number;
  request: HoldRequest;
  breaks: number;
}

/**
 * A fileserver whose leases are only a convention: creating FILE.break breaks a hold on FILE, and the hold is gone when
 * the lease API lowers it. The driver does only what every stack must do.
 */
export class NotesDriver implements Driver {
  readonly exports: readonly string[];
  private readonly held = new Map<string, Held>();
  private listener: DriverListener | undefined;
  private serial = 0;
  private readonly looking = setInterval(() => {
    this.look();
  }, 20);

  constructor(
    private readonly directories: Readonly<Record<string, string>>,
    private readonly limitMs: number,
  ) {
    this.exports = Object.keys(directories);
  }

  holdsOutliveMs = (): number => 0;
  isReachable = (): boolean => true;
  gone = (): string | undefined => undefined;
  breakLimitMs = (): number => this.limitMs;
  holdCount = (): number => this.held.size;

  places(): ReadonlyMap<string, Place> {
    return new Map(this.exports.map((name) => [name, { fileSystem: 'notes', parts: [name], ancestry: [] }]));
  }

  resolve(exportName: string, path: string): Promise<fileserver.ResolveAnswer | Refusal> {
    const file = this.fileOf(exportName, path);
    if (!existsSync(file)) return Promise.resolve({ reason: 'no_such_file', detail: `no ${path}` });
    return Promise.resolve({
      fileId: String(statSync(file).ino),
      inode: `00:00:${String(statSync(file).ino)}`,
    });
  }

  setlease(request: HoldRequest): Promise<fileserver.SetleaseAnswer> {
    if (request.type === 'none') this.held.delete(request.fileId);
    else {
      const { serial = ++this.serial, breaks = 0 } = this.held.get(request.fileId) ?? {};
      this.held.set(request.fileId, { serial, request, breaks });
    }
    return Promise.resolve({ have: request.type });
  }

  status(cursor: string | undefined, limit: number): { holds: fileserver.Hold[]; cursor?: string } {
    const holds = [...this.held.values()].map(({ serial, request }) => ({ serial, hold: request }));
    return statusPage(holds, cursor, limit);
  }

  listen(listener: DriverListener): void {
    this.listener = listener;
  }

  close(): void {
    clearInterval(this.looking);
  }

  private look(): void {
    for (const held of this.held.values()) {
      const { request } = held;
      if (held.breaks > 0 || !existsSync(`${this.fileOf(request.export, request.path)}.break`)) continue;
      held.breaks++;
      const since = performance.now();
      this.listener?.onBreak({
        subject: request.fileId,
        now: () => {
          const now = this.held.get(request.fileId);
          if (now !== held) return undefined;
          const { export: exportName, fileId, holdGen } = request;
          const remaining = remainingMs({ since, limitMs: this.limitMs });
          return {
            ...{ export: exportName, fileId, holdGen },
            ...{ breakNo: held.breaks, target: 'none', remainingMs: remaining },
          };
        },
      });
    }
  }

  private fileOf(exportName: string, path: string): string {
    return join(this.directories[exportName] ?? '', path);
  }
}
