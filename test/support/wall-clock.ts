import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** libfaketime, from the package `faketime`. */
function library(): string {
  const found = readdirSync('/usr/lib')
    .map((architecture) => join('/usr/lib', architecture, 'faketime/libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error('libfaketime is missing: install the package faketime');
  return found;
}

/** The wall clock of some processes, which can be set while they run. Their monotonic clock stays the real one. */
export class WallClock {
  private readonly directory = mkdtempSync(join(tmpdir(), 'leasehold-clock-'));
  private readonly file = join(this.directory, 'offset');
  /** What the processes are started with. */
  readonly env: Record<string, string>;

  constructor() {
    this.set(0);
    this.env = {
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** Sets it to so many milliseconds from the true time. */
  set(offsetMs: number): void {
    const next = `${this.file}.next`;
    writeFileSync(next, `${offsetMs < 0 ? '-' : '+'}${String(Math.abs(offsetMs) / 1000)}`);
    renameSync(next, this.file);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
