import { closeSync, fstatSync, openSync, statfsSync } from 'node:fs';
import { load } from 'koffi';

/** What is kept for whatever lets go when the disk is full; half of it may be used up before more is taken. */
const reserveBytes = 16 * 2 ** 20;
const keepSize = 1;
const againMs = 1_000;

type Fallocate = (fd: number, mode: number, offset: number, length: number) => number;

/**
 * Blocks that a file has beyond its end, so that it can grow when others have filled the disk. Where the file system has
 * no such thing, the free space of the disk is looked at instead, and others may be faster.
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

  /** Whether there is room for more than what lets go. Asks again, at most once a second, while there is not. */
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

  close(): void {
    closeSync(this.fd);
  }
}

export function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(file);
  return bavail * bsize;
}

/** Linux has it; other systems have not. */
function fallocateOf(): Fallocate | undefined {
  try {
    return load(null).func('int fallocate(int fd, int mode, int64_t offset, int64_t len)');
  } catch {
    return undefined;
  }
}
