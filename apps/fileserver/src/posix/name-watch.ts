import { watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';

interface Directory {
  watcher: FSWatcher | undefined;
  names: Map<string, Set<() => void>>;
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
    let directory = this.directories.get(path);
    if (!directory) {
      if (this.directories.size >= this.directoriesMax) return () => undefined;
      directory = { watcher: undefined, names: new Map() };
      this.directories.set(path, directory);
    }
    if (!directory.watcher) this.arm(path, directory);
    const { names } = directory;
    const listeners = names.get(name) ?? new Set();
    names.set(name, listeners.add(changed));
    return () => {
      listeners.delete(changed);
      if (listeners.size === 0) names.delete(name);
      if (names.size > 0 || this.directories.get(path)?.names !== names) return;
      this.directories.get(path)?.watcher?.close();
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
