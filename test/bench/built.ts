import { join } from 'node:path';
import type { Store } from '#locks';

/** This checkout. */
export const here = join(__dirname, '../..');

/** The path of a source file's compiled form, in this checkout or in the one at `root`. */
export function builtFile(source: string, root = here): string {
  return join(root, 'dist', source.replace(/\.ts$/, '.js'));
}

/** A disk that stores nothing and takes no time: with it, the embedded table is only the rules on Maps. */
export function noDisk(): Store {
  return {
    identity: 'none',
    reached: undefined,
    load: () => [],
    decode: () => undefined,
    commit: () => Promise.resolve(),
    roomy: () => true,
    bytes: () => undefined,
    close: () => Promise.resolve(),
  };
}
