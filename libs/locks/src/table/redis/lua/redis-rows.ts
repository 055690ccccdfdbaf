import type { Entry, Kind, RecordRow, RowOf, Rows } from '../../../core/rows';
import { formatFirst, formatNewest, formatOf } from '../../../core/format';
import { share } from '../../../core/keys';
import { recordShape, type Shape, shapes } from '../../../core/shapes';

/** Prefix of an error about a row that this table cannot have written (parsed in redis-table.ts). */
const damagedMark = 'LEASEHOLD_DAMAGED ';

/** Prefix of the error that a later version has written this (parsed in redis-table.ts). */
const laterMark = 'LEASEHOLD_FORMAT ';

export function refuseLater(format: number): void {
  if (format > formatNewest) error(laterMark + string.format('%d', format), 0);
}

function damaged(key: string, what: string): never {
  error(damagedMark + key + ' ' + what, 0);
}

type Fields = { [field: string]: unknown };

// --- a row as bytes

/**
 * The list that is being encoded, counted from 1. It stays: a list that grows anew for every row costs as much as
 * MessagePack does.
 */
const list: { [at: number]: unknown } = {};
let listed = 0;

/** The format of the table, in which this step writes its rows. Each row of a later one than the first names it. */
let written = formatFirst;
/** Stands before the format of a row, and first: no field has this place. */
const formatPlace = 0;

/** Encodes a row (core/shapes.ts). A row that was read has only its stored fields; it inherits the defaults. */
function packed(shape: Shape, row: Fields): string {
  const { placeOf, defaults } = shape;
  let size = 0;
  if (written > formatFirst) {
    list[1] = formatPlace;
    list[2] = written;
    size = 2;
  }
  for (const [name, value] of row as unknown as Pairs<unknown>) {
    if (value !== defaults[name]) {
      list[size + 1] = placeOf[name] ?? name;
      size += 2;
      list[size] = value;
    }
  }
  return packedList(size);
}

/** Encodes so many values of the list. */
function packedList(size: number): string {
  for (let at = size + 1; at <= listed; at += 1) list[at] = undefined;
  listed = size;
  return cmsgpack.pack(list);
}

/** MessagePack begins a list with one byte that holds its length, or with this byte and two for the length. */
const longList = 0xdc;
const shortList = 0x90;
/** More than a row has. */
const valuesMax = 1000;

/** The values of a list without its head. */
function values(bytes: string): string {
  return string.sub(bytes, string.byte(bytes, 1) === longList ? 4 : 2);
}

/**
 * The fields of the table's own row that hardly ever change. They are most of that row, which most steps write. The rules replace
 * such a value as a whole.
 */
const still: readonly string[] = ['limits', 'identity', 'opening', 'key'];

/** What is kept of a table, or of a shard of one, between steps. */
interface Kept {
  /** The values of the fields that hardly ever change, and the bytes of these in that format. */
  stillRow: Fields;
  stillBytes: string;
  stillCount: number;
  stillFormat: number;
  /** The format that the key `meta` is known to name. */
  marked: number;
  /**
   * Rows that step after step needs, as they were last read or written: a row whose bytes are still these need not be
   * decoded again. Whoever else writes it changes the bytes.
   */
  lastBytes: { [name: string]: string };
  lastRow: { [name: string]: Fields };
}

function nothingKept(): Kept {
  return {
    stillRow: {},
    stillBytes: '',
    stillCount: 0,
    stillFormat: formatFirst,
    marked: formatFirst,
    lastBytes: {},
    lastRow: {},
  };
}

/** By root. */
let keptOf: { [root: string]: Kept } = {};
let keptRoots = 0;
let keptRows = 0;
/** As many as a table may have shards, and rows of them all together: beyond that everything is forgotten. */
const keptRootsMax = 64;
const keptRowsMax = 4000;
let kept = nothingKept();

function sameStill(row: Fields): boolean {
  if (kept.stillCount === 0 || kept.stillFormat !== written) return false;
  for (const name of still) if (row[name] !== kept.stillRow[name]) return false;
  return true;
}

/** Encodes the table's own row. */
function packedMeta(shape: Shape, row: Fields): string {
  if (!sameStill(row)) {
    const stillRow: Fields = {};
    for (const name of still) stillRow[name] = row[name];
    kept.stillRow = stillRow;
    kept.stillBytes = values(packed(shape, stillRow));
    kept.stillCount = listed;
    kept.stillFormat = written;
  }
  const { stillRow, stillBytes, stillCount } = kept;
  const { placeOf, defaults } = shape;
  let size = 0;
  for (const [name, value] of row as unknown as Pairs<unknown>) {
    if (value !== defaults[name] && stillRow[name] === undefined) {
      list[size + 1] = placeOf[name] ?? name;
      size += 2;
      list[size] = value;
    }
  }
  const bytes = values(packedList(size));
  const count = listed + stillCount;
  return string.char(longList, Math.floor(count / 256), count % 256) + stillBytes + bytes;
}

/** The metatable of each kind's rows, created on first use. */
const inherited: { [kind: string]: { __index: unknown } } = {};

/** Decodes a stored row; undefined if it is damaged. */
function unpacked(kind: Kind, bytes: string): Fields | undefined {
  const first = string.byte(bytes, 1) ?? 0;
  if (first !== longList && (first <= shortList || first >= shortList + 16)) return undefined;
  const from = first === longList ? 3 : 1;
  // Without its head the list is read as so many values, and none of the lists that hold them has to grow.
  const all = [...pcall(cmsgpack.unpack_limit, bytes, valuesMax, from)] as unknown[];
  // Before them: whether it could be read, and -1 if it was read to its end.
  const size = all.length;
  if (all[0] !== true || all[1] !== -1 || size % 2 !== 0) return undefined;
  const { fields, defaults } = shapes[kind];
  const row: Fields = {};
  let begins = 2;
  if (all[begins] === formatPlace) {
    refuseLater(all[begins + 1] as number);
    begins += 2;
  }
  for (let at = begins; at < size; at += 2) {
    const place = all[at] as number | string;
    row[fields[(place as number) - 1] ?? (place as string)] = all[at + 1];
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
export type Input = Named & { readonly item?: Named; readonly file?: Named };

/**
 * The rows of one step. Every row is read once and is the same object from then on. Writes are deferred to the end, so
 * that rules that fail halfway have changed nothing: Redis does not roll back.
 *
 * Under `root`: the HASH `rows` (`kind:id` -> row), a ZSET per list, the STREAM `log`, and the number of this format as
 * `meta` (format.ts). The rows that the verb's input names are read in one command.
 *
 * Redis runs one step at a time, so there is one of everything here, made when the library is loaded.
 */
let root = '';
let rowsKey = '';
let wall = 0;
let clock: { name: string; ms: number } = { name: '', ms: 0 };
let input: Input = {};

/** By kind and id: the row, its bytes while nobody has asked for it, or false if there is none. */
let found: { [kind: string]: { [id: string]: unknown } } = {};
/** By kind and id: rows to be written; false: to be deleted. */
let changed: { [kind: string]: { [id: string]: Fields | false } } = {};
let records: RecordRow[] = [];

/** Changes of lists, in order: list, member, score, and whether the member leaves the list. */
let moves = 0;
const moveList: string[] = [];
const moveMember: string[] = [];
const moveScore: number[] = [];
const moveOut: boolean[] = [];
/** Those of them that were carried out before the end of the step and have had an effect. */
let early: { list: string; member: string; score: number; out: boolean }[] = [];

/** Rows that step after step needs: they are kept. */
const lasting: { readonly [kind: string]: boolean } = { meta: true, export: true, session: true };

function remember(name: string, bytes: string, row: Fields): void {
  if (kept.lastBytes[name] === undefined) keptRows += 1;
  kept.lastBytes[name] = bytes;
  kept.lastRow[name] = row;
}

function forgetLasting(): void {
  kept.lastBytes = {};
  kept.lastRow = {};
}

// --- reading

/** Rows read, rows changed and changes of lists, of all steps so far: what a step costs. */
let work = 0;
export const worked = (): number => work;

/** The rows that are to be read next. */
let wanted = 0;
const wantedKind: Kind[] = [];
const wantedId: string[] = [];
const wantedName: string[] = [];

function want(kind: Kind, id: string): void {
  let ofKind = found[kind];
  if (ofKind === undefined) {
    ofKind = {};
    found[kind] = ofKind;
  }
  if (ofKind[id] !== undefined) return;
  ofKind[id] = false;
  wantedKind[wanted] = kind;
  wantedId[wanted] = id;
  wantedName[wanted] = kind + ':' + id;
  wanted += 1;
}

/** Adds the rows that are likely to be needed and were not read yet. */
function wantNamed(of: Named): void {
  const { sessionId, leaseId, openId, fileKey, exportName, ownerKey } = of;
  if (sessionId !== undefined) want('session', sessionId);
  if (leaseId !== undefined) want('lease', leaseId);
  if (openId !== undefined) want('open', openId);
  if (exportName !== undefined) want('export', exportName);
  if (fileKey === undefined) return;
  want('file', fileKey);
  if (ownerKey !== undefined) want('share', share(fileKey, ownerKey));
}

function read(): void {
  const count = wanted;
  if (count === 0) return;
  work += count;
  wanted = 0;
  const { lastBytes, lastRow } = kept;
  const [readable, values] = pcall(redis.call, 'HMGET', rowsKey, ...unpack(wantedName, 1, count));
  if (!readable) damaged(rowsKey, wantedName[0] as string);
  for (let at = 0; at < count; at += 1) {
    const bytes = (values as (string | false)[])[at] as string | false;
    if (bytes === false) continue;
    const name = wantedName[at] as string;
    const ofKind = found[wantedKind[at] as string] as Fields;
    ofKind[wantedId[at] as string] = lastBytes[name] === bytes ? lastRow[name] : bytes;
  }
}

/** Decodes a row that was read. */
function decode(kind: Kind, id: string, bytes: string): Fields {
  const row = unpacked(kind, bytes) ?? damaged(rowsKey, kind + ':' + id);
  (found[kind] as Fields)[id] = row;
  if (lasting[kind] === true) remember(kind + ':' + id, bytes, row);
  // If the verb gave only this row's id, the row names the others that it needs.
  if (id === input.leaseId || id === input.openId) {
    wantNamed(row);
    read();
  }
  return row;
}

function touch(kind: Kind, id: string, row: Fields | false): void {
  work += 1;
  let ofKind = changed[kind];
  if (ofKind === undefined) {
    ofKind = {};
    changed[kind] = ofKind;
  }
  ofKind[id] = row;
  let known = found[kind];
  if (known === undefined) {
    known = {};
    found[kind] = known;
  }
  known[id] = row;
}

// --- lists

function keyOf(list: string): string {
  return root + ':i:' + list;
}

function note(list: string, member: string, score: number, out: boolean): void {
  moveList[moves] = list;
  moveMember[moves] = member;
  moveScore[moves] = score;
  moveOut[moves] = out;
  moves += 1;
}

/** Carries out the changes of lists. Only the end of a step is final. */
function move(final: boolean): void {
  work += moves;
  for (let at = 0; at < moves; at += 1) {
    const list = keyOf(moveList[at] as string);
    const member = moveMember[at] as string;
    const score = moveScore[at] as number;
    const out = moveOut[at] === true;
    const did = out
      ? redis.call('ZREM', list, member)
      : redis.call('ZADD', list, string.format('%d', score), member);
    if (!final && did === 1) early.push({ list, member, score, out });
  }
  moves = 0;
}

/** Before a list is read, it has to have what this step changed in it. */
function settled(list: string): string {
  for (let at = 0; at < moves; at += 1) {
    if (moveList[at] === list) {
      move(false);
      break;
    }
  }
  return keyOf(list);
}

/** The port through which the rules see the rows. */
export const rows: Rows = {
  wall: () => wall,
  monotonic: () => clock,
  get<K extends Kind>(kind: K, id: string): RowOf[K] | undefined {
    const ofKind = found[kind];
    let row = ofKind === undefined ? undefined : ofKind[id];
    if (row === undefined) {
      want(kind, id);
      read();
      row = (found[kind] as Fields)[id];
    }
    if (row === false) return undefined;
    if (type(row) === 'string') row = decode(kind, id, row as string);
    return row as RowOf[K];
  },
  put<K extends Kind>(kind: K, id: string, row: RowOf[K]): void {
    touch(kind, id, row as unknown as Fields);
  },
  del(kind: Kind, id: string): void {
    touch(kind, id, false);
  },
  link(list: string, member: string, score: number): void {
    note(list, member, score, false);
  },
  unlink(list: string, member: string, score: number): void {
    note(list, member, score, true);
  },
  page(list: string, after: number, upTo: number, limit: number): Entry[] {
    const members = redis.call(
      'ZRANGEBYSCORE',
      settled(list),
      '(' + string.format('%.0f', after),
      upTo,
      'WITHSCORES',
      'LIMIT',
      0,
      limit,
    ) as string[];
    const entries: Entry[] = [];
    for (let at = 0; at < members.length; at += 2)
      entries.push({ member: members[at] as string, score: tonumber(members[at + 1] as string) });
    return entries;
  },
  span(list: string, from: string, to: string, limit: number): string[] {
    return redis.call('ZRANGEBYLEX', settled(list), '[' + from, '(' + to, 'LIMIT', 0, limit) as string[];
  },
  record(row: RecordRow): void {
    records.push(row);
  },
  digits: (n) => string.format('%.0f', n),
  padded: (n) => string.format('%010.0f', n),
  letter: (member) => string.sub(member, 1, 1),
  idOf: (member) => string.sub(member, 3),
  size: (text) => string.len(text),
  begins: (text, prefix) => string.sub(text, 1, string.len(prefix)) === prefix,
  tail: (text, n) => string.sub(text, n + 1),
};

// --- a step

/** Set until a step has ended well: then what its rules have changed is also what is stored. */
let underWay = false;

/** The next steps are about another table or shard. */
function turnTo(key: string): void {
  root = key;
  rowsKey = key + ':rows';
  let found = keptOf[key];
  if (keptRows > keptRowsMax || (found === undefined && keptRoots === keptRootsMax)) {
    keptOf = {};
    keptRoots = 0;
    keptRows = 0;
    found = undefined;
  }
  if (found === undefined) {
    found = nothingKept();
    keptOf[key] = found;
    keptRoots += 1;
  }
  kept = found;
}

/** Begins a step with nothing of the one before. */
export function begin(key: string, now: number, monotonic: { name: string; ms: number }, given: Input): void {
  // The step that left the rows as its rules had changed them may have been another shard's.
  if (underWay) forgetLasting();
  if (key !== root || keptRows > keptRowsMax) turnTo(key);
  underWay = true;
  wall = now;
  clock = monotonic;
  input = given;
  found = {};
  changed = {};
  records = [];
  early = [];
  moves = 0;
  wanted = 0;
  want('meta', 'shard');
  wantNamed(given);
  if (given.item !== undefined) wantNamed(given.item);
  if (given.file !== undefined) wantNamed(given.file);
  read();
  // The table is new, whatever was here before.
  if ((found['meta'] as Fields)['shard'] === false) kept.marked = 0;
}

/** The step has failed: takes back the list entries written early. */
export function undo(): void {
  for (let at = early.length - 1; at >= 0; at -= 1) {
    const { list, member, score, out } = early[at] as (typeof early)[number];
    if (out) redis.call('ZADD', list, string.format('%d', score), member);
    else redis.call('ZREM', list, member);
  }
}

/** Writes what the step has changed. Before this, only list entries that `page` or `span` had to see are written. */
export function flush(): void {
  const meta = rows.get('meta', 'shard');
  written = meta === undefined ? formatFirst : formatOf(meta);
  if (written !== kept.marked && changed['meta'] !== undefined) {
    // A version that knows of formats only by this key must not connect.
    redis.call('SET', root + ':meta', written);
    kept.marked = written;
  }
  move(true);
  let gone: string[] = [];
  let put: string[] = [];
  for (const [kind, ofKind] of changed as unknown as Pairs<{ [id: string]: Fields | false }>) {
    const lasts = lasting[kind] === true;
    for (const [id, row] of ofKind as unknown as Pairs<Fields | false>) {
      const name = kind + ':' + id;
      if (row === false) gone.push(name);
      else {
        const shape = shapes[kind as Kind];
        const bytes = kind === 'meta' ? packedMeta(shape, row) : packed(shape, row);
        put.push(name);
        put.push(bytes);
        if (lasts) remember(name, bytes, row);
      }
      if (gone.length === atOnce) {
        redis.call('HDEL', rowsKey, ...unpack(gone));
        gone = [];
      }
      if (put.length === atOnce) {
        redis.call('HSET', rowsKey, ...unpack(put));
        put = [];
      }
    }
  }
  if (gone.length > 0) redis.call('HDEL', rowsKey, ...unpack(gone));
  if (put.length > 0) redis.call('HSET', rowsKey, ...unpack(put));
  for (const record of records) {
    redis.call(
      'XADD',
      root + ':log',
      'MAXLEN',
      '~',
      100000,
      string.format('%d', record.no) + '-0',
      'r',
      packed(recordShape, record as unknown as Fields),
    );
  }
  underWay = false;
}
