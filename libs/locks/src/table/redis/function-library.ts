import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** What the connections of lease APIs are called: this, and the library that they use. */
const client = 'leasehold';
const prefix = `${client}_`;

/** The rules as a Redis library. It is named by a digest of its text, so that two versions can run side by side. */
export class FunctionLibrary {
  readonly name: string;
  private readonly code: string;

  constructor(text: string) {
    this.name = `${prefix}${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    this.code = `#!lua name=${this.name}\nlocal libraryName = '${this.name}'\n${text}`;
  }

  /** The name of a connection: it tells others, of every table there, that this library is in use. */
  get connectionName(): string {
    return `${client}:${this.name}`;
  }

  /** Loads the library if it is missing. Another node may do so at the same time. */
  async load(redis: Redis): Promise<void> {
    const found = await redis.call('FUNCTION', 'LIST', 'LIBRARYNAME', this.name);
    if (Array.isArray(found) && found.length > 0) return;
    try {
      await redis.call('FUNCTION', 'LOAD', this.code);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('already exists'))) throw error;
    }
  }

  /**
   * Deletes the libraries of other versions that no connection uses. Returns their names. One that comes back, or whose
   * connection was down, loads its own again: a function that is missing has not run.
   */
  async deleteUnused(redis: Redis): Promise<string[]> {
    const loaded = namesOf(await redis.call('FUNCTION', 'LIST', 'LIBRARYNAME', `${prefix}*`));
    const others = loaded.filter((name) => name !== this.name);
    if (others.length === 0) return [];
    const clients = String(await redis.call('CLIENT', 'LIST', 'TYPE', 'NORMAL'));
    const names = [...clients.matchAll(/ name=(\S*)/g)].map(([, name]) => name);
    // A version that does not say which one it uses.
    if (names.includes(client)) return [];
    const unused = others.filter((name) => !names.includes(`${client}:${name}`));
    for (const name of unused) await redis.call('FUNCTION', 'DELETE', name).catch(wasDeleted);
    return unused;
  }
}

/** Another node has done it. */
function wasDeleted(error: unknown): void {
  if (!(error instanceof Error && error.message.includes('Library not found'))) throw error;
}

/** Of the answer to FUNCTION LIST: lists of names and values. */
function namesOf(libraries: unknown): string[] {
  if (!Array.isArray(libraries)) return [];
  return (libraries as unknown[]).flatMap((each) => {
    const fields = Array.isArray(each) ? (each as unknown[]) : [];
    const at = fields.indexOf('library_name');
    return at < 0 ? [] : [String(fields[at + 1])];
  });
}
