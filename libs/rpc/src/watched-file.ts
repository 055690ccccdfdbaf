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
  private seen = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;

  /**
   * Throws if the files cannot be read now.
   * @param read calls `also` with further files, which those before have named, before it reads them
   */
  constructor(
    private readonly files: readonly string[],
    private readonly read: (also: (files: readonly string[]) => void) => T,
    told: { changed: (content: T) => void; failed: (error: unknown) => void },
  ) {
    this.content = this.load();
    this.timer = setInterval(() => {
      if ([...this.seen].every(([file, looks]) => looksOf(file) === looks)) return;
      try {
        this.content = this.load();
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

  private load(): T {
    this.seen = new Map();
    const see = (files: readonly string[]): void => {
      for (const file of files) this.seen.set(file, looksOf(file));
    };
    see(this.files);
    return this.read(see);
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
