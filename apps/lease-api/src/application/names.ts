import type { ExportView } from '#locks';
import type { Log } from '../telemetry/logger';
import type { Arbiter } from './arbiter';
import { type Exports, leadsElsewhere } from './exports';
import type { FileserverPort } from './fileserver-port';
import { Gate } from './gate';
import { isRefused } from './refusal';

const tourMs = 1_000;
/** How many names are looked up in one tour, in rotation, and how many at a time. */
const namesPerTour = 256;
const atOnce = 16;

/**
 * Checks where the names of files with opens or range locks lead. Those are only in the table, so no fileserver reports
 * that such a file was renamed or replaced. Its holders are told `detached`.
 */
export class Names {
  /** Where the next tour continues, by export. */
  private readonly cursors = new Map<string, number>();
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly port: FileserverPort,
    private readonly log: Log,
  ) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.tour()
        .catch((error: unknown) => {
          this.log.debug({ err: error }, 'names could not be looked up; the next round tries again');
        })
        .finally(() => {
          this.start();
        });
    }, tourMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async tour(): Promise<void> {
    const served = (await this.exports.list()).filter(
      ({ local, byName, state }) => !local && !byName && state === 'up',
    );
    let left = namesPerTour;
    for (let n = 0; n < served.length && left > 0 && !this.stopped; n++) {
      const one = served[this.turn++ % served.length];
      if (one !== undefined) left -= await this.tourOf(one);
    }
  }

  /** Returns how many names were looked up. */
  private async tourOf({ name, endpoint, incarnation }: ExportView): Promise<number> {
    const after = this.cursors.get(name) ?? 0;
    const { files, after: next } = await this.arbiter.run('nameList', { exportName: name, after });
    if (next === 0) this.cursors.delete(name);
    else this.cursors.set(name, next);
    const gate = new Gate(atOnce, files.length);
    await Promise.all(
      files.map((file) =>
        gate.run(async () => {
          const found = await this.port.resolve({ endpoint, incarnation }, name, file.path);
          const moved = isRefused(found)
            ? leadsElsewhere(found.refused.reason)
            : found.fileId !== file.fileId;
          if (moved) await this.arbiter.run('fileMoved', { ...file, incarnation });
        }),
      ),
    );
    return files.length;
  }
}
