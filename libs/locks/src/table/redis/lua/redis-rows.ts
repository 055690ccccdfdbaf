import type { Entry, Kind, RecordRow, RowOf, Rows } from '../../../core/rows';

export interface OpenRows {
  rows: Rows;
  /** Writes what the step has changed. Nothing is written before, save what a `page` had to see. */
  flush(): void;
  /** The step has failed: takes back what a `page` had to see. */
  undo(): void;
}

/** Begins the message of an error about a row that is not what this table writes (redis-table.ts). */
const damagedMark = 'LEASEHOLD_DAMAGED ';

function damaged(key: string, what: string): never {
  error(damagedMark + key + ' ' + what, 0);
}

/** A row as it is stored; false: there is none. */
function stored(key: string, id: string): unknown {
  const [readable, bytes] = pcall(redis.call, 'HGET', key, id);
  if (!readable) damaged(key, id);
  if (bytes === false) return false;
  const [whole, row] = pcall(cmsgpack.unpack, bytes as string);
  return whole && type(row) === 'table' ? row : damaged(key, id);
}

/**
 * The rows of one step. Every row is read once and is the same object from then on. Writes are put off to the end, so
 * that rules which fail half way have changed nothing: Redis rolls nothing back.
 *
 * Under `root`: a HASH per kind (id -> row), a ZSET per list, the STREAM `log`.
 */
export function openRows(root: string, wall: number, monotonic: { name: string; ms: number }): OpenRows {
  /** By kind and id; false = known to be absent. */
  const cache: { [name: string]: unknown } = {};
  const dirty: { [name: string]: { key: string; id: string } } = {};
  let moves: { list: string; member: string; score: number; out?: boolean }[] = [];
  const moved: { list: string; member: string; score: number; out?: boolean }[] = [];
  const records: RecordRow[] = [];

  function touch(kind: Kind, id: string, row: unknown): void {
    const name = kind + ':' + id;
    cache[name] = row;
    dirty[name] = { key: root + ':' + kind, id };
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
        row = stored(root + ':' + kind, id);
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
      for (const name in dirty) {
        const { key, id } = dirty[name] as { key: string; id: string };
        const row = cache[name];
        if (row === false) redis.call('HDEL', key, id);
        else redis.call('HSET', key, id, cmsgpack.pack(row));
      }
      for (const record of records) {
        const no = string.format('%.0f', record.no) + '-0';
        redis.call('XADD', root + ':log', 'MAXLEN', '~', 100000, no, 'r', cmsgpack.pack(record));
      }
    },
  };
}
