import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';

interface Directory {
  watcher: FSWatcher | undefined;
  inode: string;
  names: Map<string, Set<() => void>>;
}

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

  constructor(private readonly directoriesMax: number) {}

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
    } catch {
      // No such directory any more, or no watch to be had: the sweep remains.
    }
  }
}
