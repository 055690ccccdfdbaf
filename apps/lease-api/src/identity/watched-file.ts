import { readFileSync, statSync } from 'node:fs';

/** How often a file is looked at. Mounted secrets change by renames of directories, of which nothing tells. */
const lookMs = 1_000;
const bytesMax = 1024 * 1024;

/** The content of a file that others may not change. Throws otherwise, and if it is too long. */
export function trustedText(file: string): string {
  const { size, mode } = statSync(file);
  if (size > bytesMax) throw new Error(`${file} is longer than 1 MiB`);
  if ((mode & 0o022) !== 0)
    throw new Error(`others than the owner of ${file} can write it: chmod go-w ${file}`);
  return readFileSync(file, 'utf8');
}

/** What files contain, read again whenever one of them changes. New content that cannot be read leaves the old in use. */
export class Watched<T> {
  private content: T;
  /** How the files looked just before they were read: a change during the reading is seen later. */
  private seen: string;
  private readonly timer: NodeJS.Timeout;

  /** Throws if the files cannot be read now. */
  constructor(
    private readonly files: readonly string[],
    private readonly read: () => T,
    told: { changed: (content: T) => void; failed: (error: unknown) => void },
  ) {
    this.seen = this.looks();
    this.content = read();
    this.timer = setInterval(() => {
      const looks = this.looks();
      if (looks === this.seen) return;
      this.seen = looks;
      try {
        this.content = this.read();
      } catch (error) {
        told.failed(error);
        return;
      }
      told.changed(this.content);
    }, lookMs).unref();
  }

  get now(): T {
    return this.content;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private looks(): string {
    return this.files.map(looksOf).join(' ');
  }
}

/** Tells apart what a file was before and after a change; a file that cannot be looked at is one that has changed. */
function looksOf(file: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(file);
    return [ino, mtimeMs, size].join();
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
