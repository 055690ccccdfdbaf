import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, mounted as root. */
export class SmallDisk {
  private readonly base = mkdtempSync(join(tmpdir(), 'leasehold-disk-'));
  /** Where it is mounted. */
  readonly at = join(this.base, 'disk');

  constructor(kind: 'tmpfs' | 'ext4', mib: number) {
    mkdirSync(this.at);
    if (kind === 'tmpfs') {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(mib)}m`, 'tmpfs', this.at]);
      return;
    }
    const image = join(this.base, 'image');
    execFileSync('truncate', ['-s', `${String(mib)}M`, image]);
    execFileSync('mkfs.ext4', ['-qF', image]);
    execFileSync('mount', ['-o', 'loop', image, this.at]);
  }

  /** A foreign file takes all the space that is free. */
  fill(): void {
    const fd = openSync(this.foreign, 'a');
    const bytes = Buffer.alloc(65_536, 1);
    try {
      for (;;) writeSync(fd, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(fd);
    }
  }

  /** The foreign file goes. */
  free(): void {
    rmSync(this.foreign, { force: true });
  }

  remove(): void {
    execFileSync('umount', [this.at]);
    rmSync(this.base, { recursive: true, force: true });
  }

  private get foreign(): string {
    return join(this.at, 'foreign');
  }
}
