import { closeSync, fstatSync, openSync, statfsSync } from 'node:fs';
import { load } from 'koffi';

/** Space kept for verbs that release something when the disk is full. It is refilled once half of it is used. */
const reserveBytes = 16 * 2 ** 20;
const keepSize = 1;
const againMs = 1_000;

type Fallocate = (fd: number, mode: number, offset: number, length: number) => number;

/**
 * Blocks preallocated beyond the end of a file, so that it can grow after others have filled the disk. If the file
 * system cannot preallocate, the free space of the disk is checked instead, and others may use it up first.
 */
export class DiskReserve {
  private readonly fd: number;
  private readonly fallocate: Fallocate | undefined = fallocateOf();
  private upTo = 0;
  private missing = false;
  private askedAt = -Infinity;

  constructor(private readonly file: string) {
    this.fd = openSync(file, 'r+');
  }

  /** Whether there is room beyond the reserve. While there is not, the disk is checked at most once a second. */
  roomy(): boolean {
    if (this.missing && performance.now() - this.askedAt < againMs) return false;
    const { size } = fstatSync(this.fd);
    if (this.upTo - size >= reserveBytes / 2) return true;
    this.askedAt = performance.now();
    const taken = this.fallocate?.(this.fd, keepSize, size, reserveBytes);
    if (taken === 0) this.upTo = size + reserveBytes;
    this.missing = taken !== 0 && freeBytes(this.file) < reserveBytes;
    return !this.missing;
  }

  /** The size of the file, without the reserve. */
  size(): number {
    return fstatSync(this.fd).size;
  }

  close(): void {
    closeSync(this.fd);
  }
}

export function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(file);
  return bavail * bsize;
}

/** Only Linux has it. */
function fallocateOf(): Fallocate | undefined {
  try {
    return load(null).func('int fallocate(int fd, int mode, int64_t offset, int64_t len)');
  } catch {
    return undefined;
  }
}
