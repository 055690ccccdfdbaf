import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import { bytesOfName, textOfName } from '#contracts';

interface Directory {
  watcher: FSWatcher | undefined;
  inode: string;
  names: Map<string, Set<() => void>>;
}

/** The most directories retried at a time. */
const retriesMax = 64;
/** The setting that prevents a watch, by the error of the call (inotify(7)). */
const settings: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches allows no more watches',
  EMFILE: 'fs.inotify.max_user_instances or RLIMIT_NOFILE allows no more watches',
};

/** @returns '' if the name leads nowhere */
function inodeOf(path: string): string {
  try {
    const { dev, ino } = statSync(bytesOfName(path), { bigint: true });
    return `${dev}-${ino}`;
  } catch {
    return '';
  }
}

/**
 * Detects names that appear, vanish or move, with one inotify watch per directory. This is only a fast hint that
 * something may have changed: without a watch, the sweep finds it later.
 */
export class NameWatch {
  private readonly directories = new Map<string, Directory>();

  /** Directories whose watch is to be retried; `inTheWay` is the setting that prevented it. */
  private readonly unwatched = new Map<string, Directory>();
  private inTheWay: string | undefined;

  constructor(
    private readonly directoriesMax: number,
    /** Receives the setting that prevents watches; undefined once none does. */
    private readonly onLimit: (why: string | undefined) => void = () => undefined,
  ) {}

  /** Retries the watches that failed. */
  retry(): void {
    let tries = retriesMax;
    for (const [path, directory] of this.unwatched) {
      if (--tries < 0) return;
      this.unwatched.delete(path);
      if (this.directories.get(path) !== directory || directory.watcher) continue;
      this.arm(path, directory);
      if (this.unwatched.has(path)) return;
    }
    if (this.unwatched.size === 0 && this.inTheWay !== undefined) this.limit(undefined);
  }

  private limit(why: string | undefined): void {
    this.inTheWay = why;
    this.onLimit(why);
  }

  /**
   * Both names are texts of names (`textOfName`).
   * @returns a function that stops watching the name; the directory's watch ends with its last name
   */
  watch(path: string, name: string, changed: () => void): () => void {
    const directory: Directory = this.directories.get(path) ?? {
      watcher: undefined,
      inode: '',
      names: new Map(),
    };
    if (!this.directories.has(path)) {
      if (this.directories.size >= this.directoriesMax) return () => undefined;
      this.directories.set(path, directory);
    }
    // The directory may have been removed and created again: the old one persists, unseen, while a file in it is open.
    if (!directory.watcher || directory.inode !== inodeOf(path)) this.arm(path, directory);
    const { names } = directory;
    const listeners = names.get(name) ?? new Set<() => void>();
    names.set(name, listeners.add(changed));
    return () => {
      listeners.delete(changed);
      if (listeners.size === 0) names.delete(name);
      if (names.size > 0 || this.directories.get(path) !== directory) return;
      directory.watcher?.close();
      this.directories.delete(path);
    };
  }

  close(): void {
    for (const { watcher } of this.directories.values()) watcher?.close();
    this.directories.clear();
  }

  private arm(path: string, directory: Directory): void {
    directory.watcher?.close();
    directory.watcher = undefined;
    directory.inode = inodeOf(path);
    try {
      const watcher = watch(bytesOfName(path), { persistent: false, encoding: 'buffer' }, (event, bytes) => {
        if (event !== 'rename') return; // 'change' means content
        const name = bytes === null ? null : textOfName(bytes);
        const listeners = name === null ? undefined : directory.names.get(name);
        for (const changed of listeners ?? []) changed();
        if (name !== null && name !== basename(path)) return;
        // The directory itself was moved or removed. Its watch stays with the old directory, so watch the name again.
        this.arm(path, directory);
        for (const everyone of directory.names.values()) for (const changed of everyone) changed();
      });
      watcher.on('error', () => {
        watcher.close();
      });
      directory.watcher = watcher;
    } catch (error) {
      // The directory is gone or no watch is available: the sweep finds changes.
      const why = settings[(error as { code?: string }).code ?? ''];
      if (why === undefined) return;
      this.unwatched.set(path, directory);
      this.limit(`${why}: names are checked only by the sweep, which takes longer`);
    }
  }
}
