import type { Entry, Kind, RecordRow, RowOf, Rows } from '../../../core/rows';
import { share } from '../../../core/keys';
import { recordShape, type Shape, shapes } from '../../../core/shapes';

export interface OpenRows {
  rows: Rows;
  /** Writes what the step has changed. Before this, only list entries that `page` or `span` had to see are written. */
  flush(): void;
  /** The step has failed: takes back the list entries written early. */
  undo(): void;
}

/** Prefix of an error about a row that this table cannot have written (parsed in redis-table.ts). */
const damagedMark = 'LEASEHOLD_DAMAGED ';

function damaged(key: string, what: string): never {
  error(damagedMark + key + ' ' + what, 0);
}

type Fields = { [field: string]: unknown };

/** Encodes a row (core/shapes.ts). A row that was read has only its stored fields; it inherits the defaults. */
function packed(shape: Shape, row: Fields): string {
  const { placeOf, defaults } = shape;
  const values: unknown[] = [];
  let size = 0;
  for (const name in row) {
    const value = row[name];
    if (value !== defaults[name]) {
      values[size] = placeOf[name] ?? name;
      values[size + 1] = value;
      size += 2;
    }
  }
  return cmsgpack.pack(values);
}

/** The metatable of each kind's rows, created on first use. */
const inherited: { [kind: string]: { __index: unknown } } = {};

/** Decodes a stored row; undefined if it is damaged. */
function unpacked(kind: Kind, bytes: string): Fields | undefined {
  const [whole, values] = pcall(cmsgpack.unpack, bytes);
  const list = (whole && type(values) === 'table' ? values : []) as (number | string)[];
  const size = list.length;
  // No row is stored without fields.
  if (size === 0) return undefined;
  const { fields, defaults } = shapes[kind];
  const row: Fields = {};
  for (let at = 0; at < size; at += 2) {
    const place = list[at] as number | string;
    row[fields[(place as number) - 1] ?? (place as string)] = list[at + 1];
  }
  const meta = inherited[kind] ?? { __index: defaults };
  inherited[kind] = meta;
  return setmetatable(row, meta);
}

/**
 * Converts some rows of format 1, each a map in the HASH of its kind, to this format. Returns whether there may be
 * more.
 */
export function convert(root: string, kind: Kind): boolean {
  const key = root + ':' + kind;
  const [readable, found] = pcall(redis.call, 'HSCAN', key, '0', 'COUNT', 500);
  // The key `meta` is already a string.
  if (!readable) return false;
  const entries = (found as [string, string[]])[1];
  for (let at = 0; at < entries.length; at += 2) {
    const id = entries[at] as string;
    const [whole, row] = pcall(cmsgpack.unpack, entries[at + 1] as string);
    if (!whole || type(row) !== 'table') damaged(key, id);
    redis.call('HSET', root + ':rows', kind + ':' + id, packed(shapes[kind], row as Fields));
    redis.call('HDEL', key, id);
  }
  // A string where format 1 has a hash: a version that knows only format 1 fails instead of starting an empty table.
  if (kind === 'meta') redis.call('SET', key, 'converting');
  return entries.length > 0;
}

/** Most strings to pass to a Lua function at once. */
const atOnce = 1000;

/** The fields of a verb's input that name rows. */
export interface Named {
  readonly sessionId?: string;
  readonly leaseId?: string;
  readonly openId?: string;
  readonly fileKey?: string;
  readonly exportName?: string;
  readonly ownerKey?: string;
}

/**
 * The rows of one step. Every row is read once and is the same object from then on. Writes are deferred to the end, so
 * that rules that fail halfway have changed nothing: Redis does not roll back.
 *
 * Under `root`: the HASH `rows` (`kind:id` -> row), a ZSET per list, the STREAM `log`, and the number of this format as
 * `meta` (format.ts). The rows that `input`, the verb's input, names are read in one command.
 */
export function openRows(
  root: string,
  wall: number,
  monotonic: { name: string; ms: number },
  input: Named & { readonly item?: Named; readonly file?: Named },
): OpenRows {
  const key = root + ':rows';
  /** By kind and id: `bytes` as stored, `cache` the row once it was used; false = known to be absent. */
  const bytes: { [name: string]: string | false } = {};
  const cache: { [name: string]: unknown } = {};
  const dirty: { [name: string]: Kind } = {};
  let moves: { list: string; member: string; score: number; out?: boolean }[] = [];
  const moved: { list: string; member: string; score: number; out?: boolean }[] = [];
  const records: RecordRow[] = [];

  function read(names: readonly string[]): void {
    const [readable, found] = pcall(redis.call, 'HMGET', key, ...unpack(names));
    if (!readable) damaged(key, names[0] as string);
    for (let at = 0; at < names.length; at += 1)
      bytes[names[at] as string] = (found as (string | false)[])[at] as string | false;
  }

  /** Adds the names of rows that are likely to be needed and were not read yet. */
  function foresee(of: Named, names: string[]): void {
    const { sessionId, leaseId, openId, fileKey, exportName, ownerKey } = of;
    if (sessionId !== undefined) expected('session:' + sessionId, names);
    if (leaseId !== undefined) expected('lease:' + leaseId, names);
    if (openId !== undefined) expected('open:' + openId, names);
    if (fileKey !== undefined) expected('file:' + fileKey, names);
    if (exportName !== undefined) expected('export:' + exportName, names);
    if (fileKey !== undefined && ownerKey !== undefined) expected('share:' + share(fileKey, ownerKey), names);
  }

  function expected(name: string, names: string[]): void {
    if (bytes[name] === undefined) names.push(name);
  }

  function load(kind: Kind, id: string): unknown {
    const name = kind + ':' + id;
    if (bytes[name] === undefined) read([name]);
    const stored = bytes[name] as string | false;
    if (stored === false) return false;
    const row = unpacked(kind, stored) ?? damaged(key, name);
    // If the verb gave only this row's id, the row names the others that it needs.
    if (id === input.leaseId || id === input.openId) {
      const names: string[] = [];
      foresee(row, names);
      if (names.length > 0) read(names);
    }
    return row;
  }

  function touch(kind: Kind, id: string, row: unknown): void {
    const name = kind + ':' + id;
    cache[name] = row;
    dirty[name] = kind;
  }

  function move(): void {
    for (const entry of moves) {
      const { list, member, score, out } = entry;
      const did = out === true ? redis.call('ZREM', list, member) : redis.call('ZADD', list, score, member);
      if (did === 1) moved.push(entry);
    }
    moves = [];
  }

  const rows: Rows = {
    wall: () => wall,
    monotonic: () => monotonic,
    get<K extends Kind>(kind: K, id: string): RowOf[K] | undefined {
      const name = kind + ':' + id;
      let row = cache[name];
      if (row === undefined) {
        row = load(kind, id);
        cache[name] = row;
      }
      if (row === false) return undefined;
      return row as RowOf[K];
    },
    put<K extends Kind>(kind: K, id: string, row: RowOf[K]): void {
      touch(kind, id, row);
    },
    del(kind: Kind, id: string): void {
      touch(kind, id, false);
    },
    link(list: string, member: string, score: number): void {
      moves.push({ list: root + ':i:' + list, member, score });
    },
    unlink(list: string, member: string, score: number): void {
      moves.push({ list: root + ':i:' + list, member, score, out: true });
    },
    page(list: string, after: number, upTo: number, limit: number): Entry[] {
      move();
      const found = redis.call(
        'ZRANGEBYSCORE',
        root + ':i:' + list,
        '(' + string.format('%.0f', after),
        upTo,
        'WITHSCORES',
        'LIMIT',
        0,
        limit,
      ) as string[];
      const entries: Entry[] = [];
      for (let at = 0; at < found.length; at += 2)
        entries.push({ member: found[at] as string, score: tonumber(found[at + 1] as string) });
      return entries;
    },
    span(list: string, from: string, to: string, limit: number): string[] {
      move();
      return redis.call(
        'ZRANGEBYLEX',
        root + ':i:' + list,
        '[' + from,
        '(' + to,
        'LIMIT',
        0,
        limit,
      ) as string[];
    },
    record(row: RecordRow): void {
      records.push(row);
    },
    digits: (n) => string.format('%.0f', n),
    padded: (n) => string.format('%010.0f', n),
    letter: (member) => string.sub(member, 1, 1),
    idOf: (member) => string.sub(member, 3),
    tail: (text, n) => string.sub(text, n + 1),
  };

  const named = ['meta:shard'];
  foresee(input, named);
  if (input.item !== undefined) foresee(input.item, named);
  if (input.file !== undefined) foresee(input.file, named);
  read(named);

  return {
    rows,
    undo(): void {
      for (let at = moved.length - 1; at >= 0; at -= 1) {
        const { list, member, score, out } = moved[at] as (typeof moved)[number];
        if (out === true) redis.call('ZADD', list, score, member);
        else redis.call('ZREM', list, member);
      }
    },
    flush(): void {
      move();
      let gone: string[] = [];
      let put: string[] = [];
      for (const name in dirty) {
        const row = cache[name];
        if (row === false) gone.push(name);
        else {
          put.push(name);
          put.push(packed(shapes[dirty[name] as Kind], row as Fields));
        }
        if (gone.length === atOnce) {
          redis.call('HDEL', key, ...unpack(gone));
          gone = [];
        }
        if (put.length === atOnce) {
          redis.call('HSET', key, ...unpack(put));
          put = [];
        }
      }
      if (gone.length > 0) redis.call('HDEL', key, ...unpack(gone));
      if (put.length > 0) redis.call('HSET', key, ...unpack(put));
      for (const record of records) {
        const no = string.format('%.0f', record.no) + '-0';
        redis.call(
          'XADD',
          root + ':log',
          'MAXLEN',
          '~',
          100000,
          no,
          'r',
          packed(recordShape, record as unknown as Fields),
        );
      }
    },
  };
}
