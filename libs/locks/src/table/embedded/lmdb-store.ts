import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { asBinary, open, type RootDatabase } from 'lmdb';
import { Packr } from 'msgpackr';
import { lockDirectory } from './directory-lock';
import { DiskReserve, freeBytes } from './disk-reserve';
import { checkLmdbFile } from './lmdb-check';
import { Damaged, Missing, type Store, StoreFull, type StoreKey } from './store';
import { type Beginning, markTable, missingTable, mustMakeTable } from './table-marker';
import { type Reached, Witness } from './witness';

/** The store's own data has text keys; the key of a slot is its number, that of a record its negated number. */
type Key = string | number;
const identityKey = '!identity';
const formatKey = '!format';
const shapesKey = '!shapes';
const format = '3';
const checksumSize = 4;
/** Error numbers of a commit: LMDB reports a write for which there was only partly room as an I/O error. */
const [ioError, noSpace, overQuota] = [5, 28, 122];
const scarceBytes = 2 ** 20;

/**
 * Opens the store in `directory`, which then belongs to this process until `close`. Throws if another process has it,
 * or if it is missing, damaged, unreadable or not writable; the message names the path and says what to do.
 */
export function openLmdbStore(directory: string, beginning: Beginning = {}): Store {
  const path = resolve(directory);
  const missing = missingTable(path, dataFile(path), beginning);
  if (missing !== undefined) throw unusable(path, missing);
  const unlock = lockDirectory(path);
  try {
    return new LmdbStore(path, unlock, beginning);
  } catch (error) {
    unlock();
    throw unusable(path, error);
  }
}

const dataFile = (path: string): string => join(path, 'table.mdb');

function unusable(path: string, cause: unknown): Error {
  const next =
    cause instanceof Missing
      ? cause.next
      : cause instanceof Damaged
        ? `restore ${path} from a backup; or, to start with a new, empty table, move it away`
        : 'check that this user can read and write it, and that the disk works';
  return new Error(`the embedded table in ${path} cannot be opened; ${next}`, { cause });
}

class LmdbStore implements Store {
  readonly identity: string;
  readonly reached: Reached | undefined;
  private readonly witness: Witness | undefined;
  private readonly db: RootDatabase<unknown, Key>;
  private readonly packr: Packr;
  private readonly reserve: DiskReserve;
  private newShapes: object[] | undefined;

  constructor(
    private readonly path: string,
    private readonly unlock: () => void,
    beginning: Beginning,
  ) {
    const file = dataFile(path);
    const isNew = mustMakeTable(path, file);
    if (!isNew) checkLmdbFile(file);
    this.db = open<unknown, Key>(file, {
      keyEncoder: { writeKey, readKey },
      // lmdb handles raw bytes only: `load` decodes the values and `commit` encodes them.
      encoder: {
        encode: asBinary,
        decode: (bytes: Buffer, size: number) => bytes.subarray(0, size),
      } as never,
      // Commits run one at a time and each is awaited. A flush that lags behind would gain nothing, nor would batches
      // that lmdb forms itself, whose failures nobody could catch.
      overlappingSync: false,
      eventTurnBatching: false,
    });
    if (isNew) {
      this.db.putSync(formatKey, asBinary(Buffer.from(format)));
      this.db.putSync(identityKey, asBinary(sealed(identityKey, Buffer.from(randomUUID()))));
    }
    const found = this.db.getBinary(formatKey)?.toString() ?? '1';
    if (found !== format)
      throw new Error(`it was written in format ${found}, and this version reads format ${format} only`);
    const shapes = this.own(shapesKey);
    // The names of a row's fields are written once per shape, not once per row. They are part of the commit that first
    // needs them, so a row is never on disk without them.
    this.packr = new Packr({
      // Not `structures`: from the 33rd on, shapes given that way are ambiguous.
      getStructures: () => (shapes === undefined ? [] : (new Packr().unpack(shapes) as object[])),
      maxSharedStructures: 1000,
      saveStructures: (all) => {
        this.newShapes = all;
      },
    });
    const id = this.own(identityKey)?.toString();
    if (id === undefined) throw new Damaged('its file has no identity');
    markTable(path, beginning);
    this.reserve = new DiskReserve(file);
    this.identity = id;
    this.witness = beginning.witness === undefined ? undefined : new Witness(beginning.witness, id);
    this.reached = this.witness?.reached;
  }

  *load(): Generator<readonly [StoreKey, unknown]> {
    try {
      for (const { key, value } of this.db.getRange({ start: 'r', end: 's' }))
        yield [['record', -Number(key)], this.valueOf(key, value)];
      for (const { key, value } of this.db.getRange({ start: 's', end: 't' }))
        yield [['slot', Number(key)], this.valueOf(key, value)];
    } catch (error) {
      throw unusable(this.path, error);
    }
  }

  async commit(writes: Iterable<readonly [StoreKey, unknown]>, reached: Reached): Promise<void> {
    const committed = this.db.batch(() => {
      // Each put is part of the batch, so its own promise carries no information.
      for (const [[space, no], value] of writes) {
        const key = space === 'slot' ? no : -no;
        if (value === undefined) void this.db.remove(key);
        else void this.db.put(key, asBinary(sealed(key, this.packr.pack(value))));
      }
      if (this.newShapes !== undefined)
        void this.db.put(shapesKey, asBinary(sealed(shapesKey, new Packr().pack(this.newShapes))));
    });
    try {
      await committed;
      this.newShapes = undefined;
      this.witness?.note(reached);
    } catch (error) {
      // lmdb's error only says that the commit failed; the cause is in a separate promise.
      const why = error instanceof Error && 'commitError' in error ? await settled(error.commitError) : error;
      if (this.isFull(why)) throw new StoreFull(`the disk of ${this.path} is full`, { cause: why });
      throw new Error(`the commit to ${this.path} failed; is the disk full or broken?`, { cause: why });
    }
  }

  bytes(): number {
    return this.reserve.size();
  }

  roomy(): boolean {
    return this.reserve.roomy();
  }

  private isFull(error: unknown): boolean {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === noSpace || code === overQuota || (code === ioError && freeBytes(this.path) < scarceBytes);
  }

  /** Reads an item of the store's own data. */
  private own(key: string): Buffer | undefined {
    const value = this.db.getBinary(key);
    return value === undefined ? undefined : unsealed(key, value);
  }

  private valueOf(key: Key, value: unknown): unknown {
    return this.packr.unpack(unsealed(key, value as Buffer));
  }

  async close(): Promise<void> {
    await this.db.close();
    this.reserve.close();
    this.witness?.close();
    this.unlock();
  }
}

/** Prefixes a value with a checksum of its key and itself. */
function sealed(key: Key, bytes: Buffer): Buffer {
  const value = Buffer.allocUnsafe(checksumSize + bytes.length);
  value.writeUInt32LE(checksum(key, bytes));
  bytes.copy(value, checksumSize);
  return value;
}

/** Returns the sealed value without copying it. Throws if the value or its key has changed. */
function unsealed(key: Key, value: Buffer): Buffer {
  const bytes = value.subarray(checksumSize);
  if (value.length < checksumSize || value.readUInt32LE() !== checksum(key, bytes))
    throw new Damaged(`its file is damaged: the value of ${String(key)} differs from what was written`);
  return bytes;
}

function checksum(key: Key, bytes: Buffer): number {
  return crc32(bytes, typeof key === 'string' ? crc32(key) : key >>> 0);
}

/** Writes a letter and the number, big-endian, so that bytes sort as numbers do. Returns where the key ends. */
function writeKey(key: Key, target: Uint8Array, at: number): number {
  if (typeof key === 'string') {
    for (let n = 0; n < key.length; n++) target[at + n] = key.charCodeAt(n);
    return at + key.length;
  }
  target[at] = (key < 0 ? 'r' : 's').charCodeAt(0);
  let rest = Math.abs(key);
  for (let n = 8; n > 0; n--, rest = Math.floor(rest / 256)) target[at + n] = rest % 256;
  return at + 9;
}

/** Reads back the number of a slot, or the negated number of a record. */
function readKey(source: Uint8Array, at: number): number {
  let no = 0;
  for (let n = 1; n <= 8; n++) no = no * 256 + (source[at + n] as number);
  return source[at] === 'r'.charCodeAt(0) ? -no : no;
}

function settled(promise: unknown): Promise<unknown> {
  return Promise.resolve(promise).catch((reason: unknown) => reason);
}
