import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { Packr } from 'msgpackr';
import { lockDirectory } from './directory-lock';
import type { Store, StoreKey } from './store';

const identityKey = Buffer.from('!identity');
const formatKey = Buffer.from('!format');
const shapesKey = Buffer.from('!shapes');
const format = '2';

/**
 * Opens the store in `directory`, which then belongs to this process until `close`. Throws when another process has it
 * or when it cannot be read or written; the message names the path.
 */
export function openLmdbStore(directory: string): Store {
  const path = resolve(directory);
  const unlock = lockDirectory(path);
  try {
    return new LmdbStore(path, unlock);
  } catch (error) {
    unlock();
    throw new Error(`the embedded table in ${path} cannot be opened`, { cause: error });
  }
}

class LmdbStore implements Store {
  readonly identity: string;
  private readonly db: RootDatabase<Buffer, Buffer>;
  private readonly packr: Packr;
  private newShapes: object[] | undefined;

  constructor(
    private readonly path: string,
    private readonly unlock: () => void,
  ) {
    const file = join(path, 'table.mdb');
    this.db = open<Buffer, Buffer>(file, {
      keyEncoding: 'binary',
      encoding: 'binary',
      // One commit runs at a time and each is waited for: nothing is gained by a flush that lags behind it, nor by
      // batches that lmdb makes of its own (whose failures nobody could catch).
      overlappingSync: false,
      eventTurnBatching: false,
    });
    const shapes = this.db.get(shapesKey);
    // The names of a row's fields are written once per shape, not once per row. They travel in the commit that first
    // needs them, so a row can never be on disk without them.
    this.packr = new Packr({
      // Not `structures`: shapes given that way cannot be told apart from the 33rd on.
      getStructures: () => (shapes === undefined ? [] : (new Packr().unpack(shapes) as object[])),
      maxSharedStructures: 1000,
      saveStructures: (all) => {
        this.newShapes = all;
      },
    });
    let id = this.db.get(identityKey)?.toString();
    const found = this.db.get(formatKey)?.toString();
    if (id !== undefined && found !== format)
      throw new Error(
        `it was written in format ${found ?? '1'}, and this version reads format ${format} only`,
      );
    if (id === undefined) {
      id = randomUUID();
      this.db.putSync(formatKey, Buffer.from(format));
      this.db.putSync(identityKey, Buffer.from(id));
    }
    // A copy or a restored backup has the id too, but not the inode.
    this.identity = `${id}:${String(statSync(file).ino)}`;
  }

  *load(): Generator<readonly [StoreKey, unknown]> {
    for (const { key, value } of this.db.getRange()) {
      const decoded = keyOf(key);
      if (decoded !== undefined) yield [decoded, this.packr.unpack(value)];
    }
  }

  async commit(writes: Iterable<readonly [StoreKey, unknown]>): Promise<void> {
    const committed = this.db.batch(() => {
      // Each put is part of the batch; its own promise says nothing.
      for (const [key, value] of writes) {
        if (value === undefined) void this.db.remove(bytesOf(key));
        else void this.db.put(bytesOf(key), this.packr.pack(value));
      }
      if (this.newShapes !== undefined) void this.db.put(shapesKey, new Packr().pack(this.newShapes));
      this.newShapes = undefined;
    });
    try {
      await committed;
    } catch (error) {
      // lmdb only says that the commit failed; why stands in a promise beside it.
      const why = error instanceof Error && 'commitError' in error ? await settled(error.commitError) : error;
      throw new Error(`the commit to ${this.path} failed; is the disk full or broken?`, { cause: why });
    }
  }

  async close(): Promise<void> {
    await this.db.close();
    this.unlock();
  }
}

/** A letter and the number, so that bytes sort as numbers do. */
function bytesOf([space, no]: StoreKey): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write(space === 'slot' ? 's' : 'r');
  bytes.writeBigUInt64BE(BigInt(no), 1);
  return bytes;
}

function keyOf(bytes: Buffer): StoreKey | undefined {
  const letter = bytes.toString('latin1', 0, 1);
  if (letter !== 's' && letter !== 'r') return undefined;
  return [letter === 's' ? 'slot' : 'record', Number(bytes.readBigUInt64BE(1))];
}

function settled(promise: unknown): Promise<unknown> {
  return Promise.resolve(promise).catch((reason: unknown) => reason);
}
