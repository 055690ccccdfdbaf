import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';

interface Directory {
  watcher: FSWatcher | undefined;
  inode: string;
  names: Map<string, Set<() => void>>;
}

/** Directories tried again at a time. */
const retriesMax = 64;
/** What is in the way of a watch, by the error of its call (inotify(7)). */
const settings: Readonly<Record<string, string>> = {
  ENOSPC: 'fs.inotify.max_user_watches allows no more watches',
  EMFILE: 'fs.inotify.max_user_instances or RLIMIT_NOFILE allows no more watches',
};

/** @returns '' if the name leads nowhere */
function inodeOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}-${ino}`;
  } catch {
    return '';
  }
}

/**
 * Hears of names that appear, vanish or move, with one inotify watch per directory. Only a hint that something may
 * have changed, and only a fast one: where no watch can be had, the sweep finds out later.
 */
export class NameWatch {
  private readonly directories = new Map<string, Directory>();

  /** Directories without a watch that is to be had again, and what was in the way. */
  private readonly unwatched = new Map<string, Directory>();
  private inTheWay: string | undefined;

  constructor(
    private readonly directoriesMax: number,
    /** Which setting keeps names from being watched; undefined once none does. */
    private readonly onLimit: (why: string | undefined) => void = () => undefined,
  ) {}

  /** Tries again where no watch could be had. */
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

  /** @returns a function that ends it; the directory's watch ends with the last name in it */
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
    // A directory that was removed and made again: the old one lives on, unseen, while a file in it is open.
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
      const watcher = watch(path, { persistent: false }, (event, name) => {
        if (event !== 'rename') return; // 'change' is about content
        const listeners = name === null ? undefined : directory.names.get(name);
        for (const changed of listeners ?? []) changed();
        if (name !== null && name !== basename(path)) return;
        // The directory itself went: its watch follows it to wherever it is now, so look at the name anew.
        this.arm(path, directory);
        for (const everyone of directory.names.values()) for (const changed of everyone) changed();
      });
      watcher.on('error', () => {
        watcher.close();
      });
      directory.watcher = watcher;
    } catch (error) {
      // No such directory any more, or no watch to be had: the sweep remains.
      const why = settings[(error as { code?: string }).code ?? ''];
      if (why === undefined) return;
      this.unwatched.set(path, directory);
      this.limit(`${why}: names are checked only by the sweep, which takes longer`);
    }
  }
}
