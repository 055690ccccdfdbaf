import { join } from 'node:path';
import type { Store } from '#locks';

/** This checkout. */
export const here = join(__dirname, '../..');

/** Where a source file is as it is built, in this checkout or in that at `root`. */
export function builtFile(source: string, root = here): string {
  return join(root, 'dist', source.replace(/\.ts$/, '.js'));
}

/** A disk that keeps nothing and takes no time: with it, the embedded table is the rules on Maps. */
export function noDisk(): Store {
  return {
    identity: 'none',
    reached: undefined,
    load: () => [],
    commit: () => Promise.resolve(),
    roomy: () => true,
    close: () => Promise.resolve(),
  };
}
