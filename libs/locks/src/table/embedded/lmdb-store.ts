import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { open, type RootDatabase } from 'lmdb';
import { Packr } from 'msgpackr';
import { lockDirectory } from './directory-lock';
import { DiskReserve, freeBytes } from './disk-reserve';
import { checkLmdbFile } from './lmdb-check';
import { type Appended, Log } from './log';
import { Damaged, type Loader, Missing, type Store, StoreFull, type StoreKey } from './store';
import { StoredValues } from './stored-values';
import { type Beginning, markTable, missingTable, mustMakeTable } from './table-marker';
import type { Encoded } from './unread-rows';
import { type Reached, Witness } from './witness';

/** The store's own data has text keys; the key of an entry of the log is a letter and its number. */
const identityKey = '!identity';
const formatKey = '!format';
const shapesKey = '!shapes';
const format = '4';
/** The format with a key for each slot and each record, which is converted. */
const formatOfKeys = '3';
const letter = { entry: 'l', record: 'r', slot: 's' } as const;
/** How many keys of the former format are converted at a time. */
const convertedAtOnce = 5_000;
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
  private readonly db: RootDatabase<Buffer, Buffer>;
  private readonly log = new Log(checksumSize, (no) => this.entry(no));
  private readonly packr: Packr;
  private readonly values: StoredValues;
  private readonly reserve: DiskReserve;
  private newShapes: object[] | undefined;
  /** An entry for which there was no room. */
  private unwritten: Appended | undefined;

  constructor(
    private readonly path: string,
    private readonly unlock: () => void,
    beginning: Beginning,
  ) {
    const file = dataFile(path);
    const isNew = mustMakeTable(path, file);
    if (!isNew) checkLmdbFile(file);
    this.db = open<Buffer, Buffer>(file, {
      keyEncoding: 'binary',
      encoding: 'binary',
      // Commits run one at a time and each is awaited. A flush that lags behind would gain nothing, nor would batches
      // that lmdb forms itself, whose failures nobody could catch.
      overlappingSync: false,
      eventTurnBatching: false,
    });
    if (isNew) {
      this.db.putSync(Buffer.from(formatKey), Buffer.from(format));
      this.db.putSync(Buffer.from(identityKey), sealed(identityKey, Buffer.from(randomUUID())));
    }
    const found = this.db.get(Buffer.from(formatKey))?.toString() ?? '1';
    if (found !== format && found !== formatOfKeys)
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
    this.values = new StoredValues(this.packr);
    const id = this.own(identityKey)?.toString();
    if (id === undefined) throw new Damaged('its file has no identity');
    if (found === formatOfKeys) this.convert();
    this.readLog();
    markTable(path, beginning);
    this.reserve = new DiskReserve(file);
    this.identity = id;
    this.witness = beginning.witness === undefined ? undefined : new Witness(beginning.witness, id);
    this.reached = this.witness?.reached;
  }

  *load(onto: Loader): Generator<void> {
    const { values } = this;
    for (const [no, bytes] of this.entries()) {
      this.log.eachValid(no, bytes, (space, key, from, to) => {
        if (space === 'slot') values.slot(key, { bytes, from, to }, onto);
        else values.record({ bytes, from, to }, onto);
      });
      yield;
    }
  }

  decode(row: Encoded): unknown {
    return this.values.decode(row);
  }

  async commit(writes: Iterable<readonly [StoreKey, unknown]>, reached: Reached): Promise<void> {
    const { packr } = this;
    const encoded = function* (): Generator<readonly [StoreKey, Buffer | undefined]> {
      for (const [key, value] of writes) yield [key, value === undefined ? undefined : packr.pack(value)];
    };
    const appended = (this.unwritten ??= this.log.append(encoded()));
    const { no, bytes, dropped } = appended;
    const committed = this.db.batch(() => {
      // Each put is part of the batch, so its own promise carries no information.
      void this.db.put(entryKey(no), seal(no, bytes));
      for (const old of dropped) void this.db.remove(entryKey(old));
      if (this.newShapes !== undefined)
        void this.db.put(Buffer.from(shapesKey), sealed(shapesKey, new Packr().pack(this.newShapes)));
    });
    try {
      await committed;
      this.newShapes = undefined;
      this.unwritten = undefined;
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
    const value = this.db.get(Buffer.from(key));
    return value === undefined ? undefined : unsealed(key, value);
  }

  private entry(no: number): Buffer {
    const value = this.db.get(entryKey(no));
    if (value === undefined)
      throw new Damaged(`its file is damaged: entry ${String(no)} of its log is missing`);
    return unsealed(no, value);
  }

  /** The entries in order. Each is valid only until the next. */
  private *entries(): Generator<[number, Buffer]> {
    const [start, end] = rangeOf(letter.entry);
    for (const key of this.db.getKeys({ start, end })) {
      // A buffer of its own for each would count as garbage outside of the heap, and a start would collect it over and over.
      const value = this.db.getBinaryFast(key);
      const no = numberIn(key);
      if (value === undefined)
        throw new Damaged(`its file is damaged: entry ${String(no)} of its log is missing`);
      yield [no, unsealed(no, Buffer.from(value.buffer, value.byteOffset, value.length))];
    }
  }

  private readLog(): void {
    for (const [no, bytes] of this.entries())
      if (!this.log.found(no, bytes))
        throw new Damaged(`its file is damaged: its log has no entry before ${String(no)}`);
    // They are left if the process ended right after the conversion.
    for (const old of [letter.record, letter.slot]) this.removeAll(old);
  }

  /**
   * Makes a log of the keys of the former format. The log counts only once the format says so: if the process ends
   * before, everything is done again.
   */
  private convert(): void {
    this.removeAll(letter.entry);
    const log = new Log(checksumSize, () => Buffer.alloc(0));
    for (const space of ['record', 'slot'] as const) {
      const [first, end] = rangeOf(letter[space]);
      for (let start = first; ;) {
        const found = [...this.db.getRange({ start, end, limit: convertedAtOnce })];
        const last = found.at(-1);
        if (last === undefined) break;
        const { no, bytes } = log.append(
          found.map(({ key, value }) => {
            const number = numberIn(key);
            return [[space, number], unsealed(space === 'slot' ? number : -number, value)] as const;
          }),
        );
        this.db.transactionSync(() => {
          this.db.putSync(entryKey(no), seal(no, bytes));
        });
        start = Buffer.concat([last.key, Buffer.of(0)]);
      }
    }
    this.db.putSync(Buffer.from(formatKey), Buffer.from(format));
  }

  private removeAll(of: string): void {
    const [start, end] = rangeOf(of);
    for (;;) {
      const keys = [...this.db.getKeys({ start, end, limit: convertedAtOnce })];
      if (keys.length === 0) return;
      this.db.transactionSync(() => {
        for (const key of keys) this.db.removeSync(key);
      });
    }
  }

  async close(): Promise<void> {
    await this.db.close();
    this.reserve.close();
    this.witness?.close();
    this.unlock();
  }
}

/** Prefixes a value with a checksum of its key and itself. */
function sealed(key: string, bytes: Buffer): Buffer {
  return seal(key, Buffer.concat([Buffer.alloc(checksumSize), bytes]));
}

/** The same in place: the value has room for the checksum. */
function seal(key: string | number, value: Buffer): Buffer {
  value.writeUInt32LE(checksum(key, value.subarray(checksumSize)));
  return value;
}

/** Returns the sealed value without copying it. Throws if the value or its key has changed. */
function unsealed(key: string | number, value: Buffer): Buffer {
  const bytes = value.subarray(checksumSize);
  if (value.length < checksumSize || value.readUInt32LE() !== checksum(key, bytes))
    throw new Damaged(`its file is damaged: the value of ${String(key)} differs from what was written`);
  return bytes;
}

function checksum(key: string | number, bytes: Buffer): number {
  return crc32(bytes, typeof key === 'string' ? crc32(key) : key >>> 0);
}

/** Big-endian, so that bytes sort as numbers do. */
function entryKey(no: number): Buffer {
  const key = Buffer.alloc(9);
  key.write(letter.entry, 'latin1');
  key.writeUIntBE(no, 3, 6);
  return key;
}

const numberIn = (key: Buffer): number => key.readUIntBE(3, 6);

/** The first possible key of a letter, and that of the next. */
const rangeOf = (of: string): [Buffer, Buffer] => [
  Buffer.from(of),
  Buffer.from(String.fromCharCode(of.charCodeAt(0) + 1)),
];

function settled(promise: unknown): Promise<unknown> {
  return Promise.resolve(promise).catch((reason: unknown) => reason);
}
