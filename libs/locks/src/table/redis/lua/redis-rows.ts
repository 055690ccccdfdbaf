import type { Entry, Kind, RecordRow, RowOf, Rows } from '../../../core/rows';
import { formatFirst, formatNewest, formatOf, formatOfTwins } from '../../../core/format';
import { share } from '../../../core/keys';
import { recordShape, type Shape, shapes } from '../../../core/shapes';

/** Prefix of an error about a row that this table cannot have written (parsed in redis-table.ts). */
const damagedMark = 'LEASEHOLD_DAMAGED ';

/** Prefix of the error that a later version has written this (parsed in redis-table.ts). */
const laterMark = 'LEASEHOLD_FORMAT ';

export function refuseLater(later: number): void {
  if (later > formatNewest) error(laterMark + format('%d', later), 0);
}

function damaged(key: string, what: string): never {
  error(damagedMark + key + ' ' + what, 0);
}

type Fields = { [field: string]: unknown };

// --- a row as bytes

/** Locals, since Lua looks a global up by its name each time. Redis defines them when a function runs, not when it is loaded. */
let call: typeof redis.call;
let pack: typeof cmsgpack.pack;
let unpackLimit: typeof cmsgpack.unpack_limit;
let format: typeof string.format;
let sub: typeof string.sub;

let entered = false;

/** Runs before anything else of a function. */
export function enter(): void {
  if (entered) return;
  entered = true;
  call = redis.call;
  pack = cmsgpack.pack;
  unpackLimit = cmsgpack.unpack_limit;
  format = string.format;
  sub = string.sub;
}

/** A list that is being encoded, counted from 1. It stays: one that grows anew for every row costs as much as MessagePack does. */
interface Coded {
  readonly values: { [at: number]: unknown };
  size: number;
}
const anyRow: Coded = { values: {}, size: 0 };
/** The table's own row has many more values, which would have to be cleared for each other row. */
const ownRow: Coded = { values: {}, size: 0 };

/** The format of the table, in which this step writes its rows. Each row of a later one than the first names it. */
let written = formatFirst;
/** Stands before the format of a row, and first: no field has this place. */
const formatPlace = 0;

const noTwins: Shape['twins'] = {};

/** Encodes a row (core/shapes.ts). A row that was read has only its stored fields; it inherits the defaults. */
function packed(shape: Shape, row: Fields): string {
  const { placeOf, defaults } = shape;
  const { values } = anyRow;
  const twins = written < formatOfTwins ? noTwins : shape.twins;
  let size = 0;
  if (written > formatFirst) {
    values[1] = formatPlace;
    values[2] = written;
    size = 2;
  }
  for (const [name, value] of row as unknown as Pairs<unknown>) {
    if (value !== defaults[name]) {
      values[size + 1] = placeOf[name] ?? name;
      size += 2;
      const twin = twins[name];
      values[size] = twin !== undefined && value === row[twin] ? true : value;
    }
  }
  return packedList(anyRow, size);
}

/** Encodes so many values of a list. */
function packedList(list: Coded, size: number): string {
  const { values } = list;
  for (let at = size + 1; at <= list.size; at += 1) values[at] = undefined;
  list.size = size;
  return pack(values);
}

/** MessagePack begins a list with one byte that holds its length, or with this byte and two for the length. */
const longList = 0xdc;
const shortList = 0x90;
/** More than a row has. */
const valuesMax = 1000;

/** The values of a list without its head. */
function withoutHead(bytes: string): string {
  return sub(bytes, string.byte(bytes, 1) === longList ? 4 : 2);
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
    kept.stillBytes = withoutHead(packed(shape, stillRow));
    kept.stillCount = anyRow.size;
    kept.stillFormat = written;
  }
  const { stillRow, stillBytes, stillCount } = kept;
  const { placeOf, defaults } = shape;
  const { values } = ownRow;
  let size = 0;
  for (const [name, value] of row as unknown as Pairs<unknown>) {
    if (value !== defaults[name] && stillRow[name] === undefined) {
      values[size + 1] = placeOf[name] ?? name;
      size += 2;
      values[size] = value;
    }
  }
  const bytes = withoutHead(packedList(ownRow, size));
  const count = size + stillCount;
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
  const all = [...pcall(unpackLimit, bytes, valuesMax, from)] as unknown[];
  // Before them: whether it could be read, and -1 if it was read to its end.
  const size = all.length;
  if (all[0] !== true || all[1] !== -1 || size % 2 !== 0) return undefined;
  const { fields, defaults, twins } = shapes[kind];
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
  for (const [name, twin] of twins as unknown as Pairs<string>) if (row[name] === true) row[name] = row[twin];
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
  const [readable, found] = pcall(call, 'HSCAN', key, '0', 'COUNT', 500);
  // The key `meta` is already a string.
  if (!readable) return false;
  const entries = (found as [string, string[]])[1];
  for (let at = 0; at < entries.length; at += 2) {
    const id = entries[at] as string;
    const [whole, row] = pcall(cmsgpack.unpack, entries[at + 1] as string);
    if (!whole || type(row) !== 'table') damaged(key, id);
    call('HSET', root + ':rows', kind + ':' + id, packed(shapes[kind], row as Fields));
    call('HDEL', key, id);
  }
  // A string where format 1 has a hash: a version that knows only format 1 fails instead of starting an empty table.
  if (kind === 'meta') call('SET', key, 'converting');
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

/**
 * The rows that this step has named so far, each once. `places`: by kind and id, where in the lists below a row is. The tables
 * stay from step to step and are emptied, since making them anew costs more.
 */
const places: { [kind: string]: { [id: string]: number | undefined } } = {};
let named = 0;
const kindAt: Kind[] = [];
const idAt: string[] = [];
const nameAt: string[] = [];
/** As stored; false: there is none. */
const bytesAt: (string | false)[] = [];
/** The row; false: there is none; undefined: nobody has asked for it. */
const rowAt: (Fields | false | undefined)[] = [];
/** Whether it is to be written, or deleted. */
const changedAt: boolean[] = [];
/** Those before are read. */
let readUpTo = 0;
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

/** Gives a row a place, if it has none. */
function want(kind: Kind, id: string): number {
  let ofKind = places[kind];
  if (ofKind === undefined) {
    ofKind = {};
    places[kind] = ofKind;
  }
  const known = ofKind[id];
  if (known !== undefined) return known;
  const at = named;
  ofKind[id] = at;
  kindAt[at] = kind;
  idAt[at] = id;
  nameAt[at] = kind + ':' + id;
  changedAt[at] = false;
  named = at + 1;
  return at;
}

/** Adds the rows that are likely to be needed. */
function wantNamed(of: Named): void {
  const { sessionId, leaseId, openId, fileKey, exportName } = of;
  if (sessionId !== undefined) want('session', sessionId);
  if (leaseId !== undefined) want('lease', leaseId);
  if (openId !== undefined) want('open', openId);
  if (exportName !== undefined) want('export', exportName);
  if (fileKey === undefined) return;
  want('file', fileKey);
  const ownerKey = of.ownerKey ?? input.ownerKey;
  if (ownerKey !== undefined) want('share', share(fileKey, ownerKey));
}

/** Reads the rows that were named since it was last called. */
function read(): void {
  const from = readUpTo;
  const count = named - from;
  if (count === 0) return;
  work += count;
  readUpTo = named;
  const { lastBytes, lastRow } = kept;
  const [readable, values] = pcall(call, 'HMGET', rowsKey, ...unpack(nameAt, from + 1, named));
  if (!readable) damaged(rowsKey, nameAt[from] as string);
  for (let nth = 0; nth < count; nth += 1) {
    const bytes = (values as (string | false)[])[nth] as string | false;
    const at = from + nth;
    bytesAt[at] = bytes;
    if (bytes === false) rowAt[at] = false;
    else {
      const name = nameAt[at] as string;
      if (lastBytes[name] === bytes) rowAt[at] = lastRow[name];
    }
  }
}

/** A row that nobody has asked for yet. */
function fetched(at: number): Fields | undefined {
  if (at >= readUpTo) read();
  const row = rowAt[at] ?? decode(at);
  return row === false ? undefined : row;
}

/** Decodes a row that was read. */
function decode(at: number): Fields {
  const kind = kindAt[at] as Kind;
  const id = idAt[at] as string;
  const name = nameAt[at] as string;
  const bytes = bytesAt[at] as string;
  const row = unpacked(kind, bytes) ?? damaged(rowsKey, name);
  rowAt[at] = row;
  if (lasting[kind] === true) remember(name, bytes, row);
  // If the verb gave only this row's id, the row names the others that it needs: they are read with the next one.
  if (id === input.leaseId || id === input.openId) wantNamed(row);
  return row;
}

function touch(kind: Kind, id: string, row: Fields | false): void {
  work += 1;
  const at = want(kind, id);
  if (at >= readUpTo) {
    // What was stored does not matter, except of the others that were named.
    if (at > readUpTo) read();
    else readUpTo = named;
  }
  rowAt[at] = row;
  changedAt[at] = true;
}

/** The next step has named nothing yet. */
function forgetNamed(): void {
  for (let at = 0; at < named; at += 1) {
    const ofKind = places[kindAt[at] as string] as { [id: string]: number | undefined };
    ofKind[idAt[at] as string] = undefined;
    rowAt[at] = undefined;
  }
  named = 0;
  readUpTo = 0;
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
    const did = out ? call('ZREM', list, member) : call('ZADD', list, format('%d', score), member);
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
    const ofKind = places[kind];
    const at = (ofKind === undefined ? undefined : ofKind[id]) ?? want(kind, id);
    const row = rowAt[at];
    return (row === undefined ? fetched(at) : row === false ? undefined : row) as RowOf[K] | undefined;
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
    const members = call(
      'ZRANGEBYSCORE',
      settled(list),
      '(' + format('%.0f', after),
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
    return call('ZRANGEBYLEX', settled(list), '[' + from, '(' + to, 'LIMIT', 0, limit) as string[];
  },
  record(row: RecordRow): void {
    records.push(row);
  },
  digits: (n) => format('%.0f', n),
  padded: (n) => format('%010.0f', n),
  letter: (member) => sub(member, 1, 1),
  idOf: (member) => sub(member, 3),
  size: (text) => string.len(text),
  begins: (text, prefix) => sub(text, 1, string.len(prefix)) === prefix,
  tail: (text, n) => sub(text, n + 1),
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
  forgetNamed();
  records = [];
  early = [];
  moves = 0;
  want('meta', 'shard');
  wantNamed(given);
  if (given.item !== undefined) wantNamed(given.item);
  if (given.file !== undefined) {
    wantNamed(given.file);
    // An open that is to be made may have ended already.
    if (given.openId !== undefined) want('ended', given.openId);
  }
  read();
  // The table is new, whatever was here before.
  if (bytesAt[0] === false) kept.marked = 0;
}

/** The step has failed: takes back the list entries written early. */
export function undo(): void {
  for (let at = early.length - 1; at >= 0; at -= 1) {
    const { list, member, score, out } = early[at] as (typeof early)[number];
    if (out) call('ZADD', list, format('%d', score), member);
    else call('ZREM', list, member);
  }
}

/** Names of rows to be deleted; names and bytes of those to be written. */
const goneNames: string[] = [];
const putPairs: string[] = [];

/** Writes what the step has changed. Before this, only list entries that `page` or `span` had to see are written. */
export function flush(): void {
  const meta = rows.get('meta', 'shard');
  written = meta === undefined ? formatFirst : formatOf(meta);
  if (written !== kept.marked && changedAt[0] === true) {
    // A version that knows of formats only by this key must not connect.
    call('SET', root + ':meta', written);
    kept.marked = written;
  }
  move(true);
  let gone = 0;
  let put = 0;
  for (let at = 0; at < named; at += 1) {
    if (changedAt[at] === true) {
      const kind = kindAt[at] as Kind;
      const name = nameAt[at] as string;
      const row = rowAt[at] as Fields | false;
      if (row === false) {
        goneNames[gone] = name;
        gone += 1;
      } else {
        const shape = shapes[kind];
        const bytes = kind === 'meta' ? packedMeta(shape, row) : packed(shape, row);
        putPairs[put] = name;
        putPairs[put + 1] = bytes;
        put += 2;
        if (lasting[kind] === true) remember(name, bytes, row);
      }
      if (gone === atOnce) {
        call('HDEL', rowsKey, ...unpack(goneNames, 1, gone));
        gone = 0;
      }
      if (put === atOnce) {
        call('HSET', rowsKey, ...unpack(putPairs, 1, put));
        put = 0;
      }
    }
  }
  if (gone > 0) call('HDEL', rowsKey, ...unpack(goneNames, 1, gone));
  if (put > 0) call('HSET', rowsKey, ...unpack(putPairs, 1, put));
  for (const record of records) {
    call(
      'XADD',
      root + ':log',
      'MAXLEN',
      '~',
      100000,
      format('%d', record.no) + '-0',
      'r',
      packed(recordShape, record as unknown as Fields),
    );
  }
  underWay = false;
}
