import fc from 'fast-check';
import { Redis } from 'ioredis';
import { formatNewest, formatOfTwins } from '../../libs/locks/src/core/format';
import type { Kind } from '../../libs/locks/src/core/rows';
import { shapes } from '../../libs/locks/src/core/shapes';
import { decode, encode } from '../../libs/locks/src/table/redis/codec';
import type { Durability } from '../../libs/locks/src/table/redis/durability';
import { FunctionLibrary } from '../../libs/locks/src/table/redis/function-library';
import { libraryCode } from '../../libs/locks/src/table/redis/library-code.generated';
import { openRedisTable } from '../../libs/locks/src/table/redis/redis-table';
import { type Table, TableFull, TableUnreachable } from '../../libs/locks/src/table/table';
import { clientKeyOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { fileOf } from '../bench/fill';
import { eventually } from '../support/eventually';
import { histories, Player } from '../support/history';
import type { Op } from '../support/port-rules';
import { portLibrary } from '../support/port-tables';
import { type RedisServer, startRedis } from '../support/redis-server';
import { collect, step } from '../support/steps';
import { describeTable } from '../support/table-conformance';

describeTable('redis');

const put = (id: string, n: number): Op => ({ op: 'put', kind: 'lease', id, row: { n } });
const get = (id: string): Op => ({ op: 'get', kind: 'lease', id });
const link = (member: string): Op => ({ op: 'link', list: 'l', member, score: 1 });
const page: Op = { op: 'page', list: 'l', after: 0, upTo: 9, limit: 9 };
const record = (text: string): Op => ({ op: 'record', text });

/** Servers and tables of one test; everything it opens is closed afterwards. */
const servers: RedisServer[] = [];
const tables: Table[] = [];
const clients: Redis[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const table of tables.splice(0)) await table.close();
  for (const server of servers.splice(0)) await server.stop();
});

async function start(config?: Record<string, string>): Promise<RedisServer> {
  const server = await startRedis(config);
  servers.push(server);
  return server;
}
async function openAt({ url }: RedisServer, commandMs?: number, restMs?: number): Promise<Table> {
  const table = await openRedisTable({
    redis: (options) => new Redis(url, options),
    name: 'test',
    library: portLibrary(),
    commandMs,
    restMs,
  });
  tables.push(table);
  return table;
}
function clientOf({ url }: RedisServer): Redis {
  const client = new Redis(url);
  clients.push(client);
  return client;
}
async function identify(table: Table, epochSeen = 0): Promise<number> {
  return (await table.call('identify', { identity: '', seen: { epoch: epochSeen, no: 0 } } as never)).value
    .epoch;
}
async function epochOf(table: Table): Promise<number> {
  return (await table.call('tick', {})).value.epoch;
}
/** Calls until one is answered: what every caller does while Redis is away. */
async function persist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof TableUnreachable)) throw error;
    }
  }
}

describe('two nodes over one Redis', () => {
  test('see the same rows, and each follows the other’s records, in one order', async () => {
    const server = await start();
    const [a, b] = await Promise.all([openAt(server), openAt(server)]);
    const [atA, atB] = [collect(a), collect(b)];
    // The node starts following before its next call; the other node's calls must wait for that.
    await Promise.all([step(a, []), step(b, [])]);
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        step(n % 2 === 0 ? a : b, [record(String(n)), put(String(n), n)]),
      ),
    );
    await Promise.all([atA.upTo(200), atB.upTo(200)]);
    expect(atA.records.map(({ no }) => no)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    expect(atB.records).toEqual(atA.records);
    expect(await step(a, [get('199')])).toEqual([{ row: { n: 199 } }]);
    expect([atA.gaps(), atB.gaps()]).toEqual([0, 0]);
  });

  test('may start at the same moment on a server without the functions', async () => {
    const server = await start();
    const nodes = await Promise.all(Array.from({ length: 8 }, () => openAt(server)));
    await Promise.all(nodes.map((node) => step(node, [link('a')])));
    const libraries = await clientOf(server).call('FUNCTION', 'LIST');
    expect(libraries).toHaveLength(1);
  });

  test('do not tell a restart of their server from a new one: the epoch rises once, before any call', async () => {
    const server = await start({ appendonly: 'yes', appendfsync: 'always' });
    const [a, b] = [await openAt(server), await openAt(server)];
    expect([await identify(a), await identify(b)]).toEqual([1, 1]);
    await server.restart();
    expect(await persist(() => epochOf(a))).toBe(2);
    expect(await persist(() => epochOf(b))).toBe(2);
  });
});

describe('a Redis that goes away', () => {
  test('kill -9 with appendfsync always loses no answered call; the table reconnects by itself', async () => {
    const server = await start({ appendonly: 'yes', appendfsync: 'always' });
    const table = await openAt(server);
    await identify(table);
    const seen = collect(table);
    let answered = 0;
    let next = 0;
    let killed: Promise<void> | undefined;
    const failures: unknown[] = [];
    const writer = async () => {
      while (failures.length === 0) {
        const n = ++next;
        try {
          await step(table, [put(String(n), n), record(String(n))]);
          answered = Math.max(answered, n);
        } catch (error) {
          failures.push(error);
        }
        if (answered >= 500) killed ??= server.kill();
      }
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    await killed;
    for (const failure of failures) expect(failure).toBeInstanceOf(TableUnreachable);
    expect(table.ready()).toBe(false);
    await server.restart();
    const rows = await persist(() =>
      step(
        table,
        Array.from({ length: answered }, (_, n) => get(String(n + 1))),
      ),
    );
    const lost = rows.filter(({ row }, n) => (row as { n: number } | undefined)?.n !== n + 1);
    expect(lost).toEqual([]);
    const { last } = await table.history(0, 1);
    await step(table, [record('after')]);
    await seen.upTo(last + 1);
    expect(seen.records.map(({ no }) => no)).toEqual(Array.from({ length: last + 1 }, (_, n) => n + 1));
    expect(seen.records.at(-1)).toMatchObject({ reason: 'after', epoch: 2 });
  });

  test('one that comes back empty gets an epoch above any seen before, and followers are told of the gap', async () => {
    const server = await start();
    const table = await openAt(server);
    expect(await identify(table, 41)).toBe(42);
    const seen = collect(table);
    await step(table, [record('a'), record('b'), record('c')]);
    await seen.upTo(3);
    await server.restart();
    expect(await persist(() => epochOf(table))).toBe(43);
    await seen.gap();
    seen.records.splice(0);
    await step(table, [record('new')]);
    await seen.upTo(1);
    expect(await table.history(3, 10)).toEqual({ records: [], complete: false, last: 1 });
  });

  test('one that stops answering costs a bounded wait, and is used again once it answers', async () => {
    const server = await start();
    const table = await openAt(server, 300);
    await step(table, [put('a', 1)]);
    server.pause();
    await expect(step(table, [put('a', 2)])).rejects.toThrow(/did not answer tick; it may have been run/);
    await expect(step(table, [put('a', 3)])).rejects.toThrow(
      /no usable connection to 127\.0\.0\.1:\d+ for 300 ms/,
    );
    expect(table.ready()).toBe(false);
    server.resume();
    await persist(() => step(table, [put('a', 4)]));
    expect(await step(table, [get('a')])).toEqual([{ row: { n: 4 } }]);
    expect(table.ready()).toBe(true);
  });
});

describe('a follower', () => {
  test('that was cut off continues where it was, or says that it cannot', async () => {
    const server = await start();
    const table = await openAt(server);
    const admin = clientOf(server);
    const seen = collect(table);
    await step(table, [record('a')]);
    await seen.upTo(1);
    const cut = async () => {
      const list = (await admin.client('LIST')) as string;
      const id = /id=(\d+) .*name=leasehold-follow /.exec(list)?.[1] ?? '';
      expect(await admin.client('KILL', 'ID', id)).toBe(1);
    };
    await cut();
    await step(table, [record('b'), record('c')]);
    await seen.upTo(3);
    expect(seen.gaps()).toBe(0);
    await Promise.all([
      cut(),
      step(table, [record('d'), record('e'), record('f')]),
      admin.xtrim('{lh:test:0}:log', 'MAXLEN', 1),
    ]);
    await admin.xtrim('{lh:test:0}:log', 'MAXLEN', 1);
    await seen.upTo(6);
    const numbers = seen.records.map(({ no }) => no);
    expect(seen.gaps()).toBe(numbers.length === 6 ? 0 : 1);
    expect(await table.history(3, 10)).toMatchObject({ complete: false, last: 6 });
  });

  test('lets records collect while nobody waits for them, and reads them when somebody begins to', async () => {
    const server = await start();
    const table = await openAt(server, undefined, 600_000);
    const urgency: { urgent: boolean; hurry: () => void } = { urgent: true, hurry: () => undefined };
    const awake = urgency.hurry;
    const seen = collect(table, urgency);
    const admin = clientOf(server);
    const reads = async (): Promise<number> =>
      Number(/cmdstat_xread:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
    await step(table, [record('a')]);
    await seen.upTo(1);
    await step(table, [record('b')]);
    await seen.upTo(2);
    expect(urgency.hurry).toBe(awake);
    urgency.urgent = false;
    await step(table, [record('c')]);
    await seen.upTo(3);
    await eventually(() => {
      expect(urgency.hurry).not.toBe(awake);
    });
    const before = await reads();
    for (const text of ['d', 'e', 'f']) await step(table, [record(text)]);
    expect(await reads()).toBe(before);
    expect(seen.records).toHaveLength(3);
    urgency.urgent = true;
    urgency.hurry();
    await seen.upTo(6);
    expect(seen.records.map(({ no }) => no)).toEqual([1, 2, 3, 4, 5, 6]);
    // A table that rests closes all the same.
    urgency.urgent = false;
    await step(table, [record('g')]);
    await seen.upTo(7);
  });

  test('notices a new log even if its connection was not cut', async () => {
    const server = await start();
    const table = await openAt(server);
    const seen = collect(table);
    await step(table, [record('a'), record('b')]);
    await seen.upTo(2);
    await clientOf(server).flushall();
    await seen.gap();
    seen.records.splice(0);
    await step(table, [record('new')]);
    await seen.upTo(1);
    expect(seen.records.at(-1)).toMatchObject({ no: 1, reason: 'new' });
  });
});

describe('what Redis refuses', () => {
  test('memory: calls that add rows are refused, calls that release or read continue', async () => {
    const server = await start();
    const table = await openAt(server);
    await step(table, [put('a', 1)]);
    await clientOf(server).config('SET', 'maxmemory', '1');
    await expect(step(table, [put('b', 1)], 'sessionCreate')).rejects.toThrow(TableFull);
    await expect(step(table, [put('b', 1)], 'sessionCreate')).rejects.toThrow(
      /is out of memory; sessionCreate was not run/,
    );
    expect(await step(table, [get('a'), get('b')], 'sessionList')).toEqual([{ row: { n: 1 } }, {}]);
    await step(table, [put('a', 2), link('x'), record('r'), { op: 'del', kind: 'lease', id: 'b' }], 'tick');
    expect(await step(table, [get('a')])).toEqual([{ row: { n: 2 } }]);
    await clientOf(server).config('SET', 'maxmemory', '0');
    await eventually(() => step(table, [put('b', 1)], 'sessionCreate'));
  });

  test('memory: of the steps of one turn only those that add rows are refused', async () => {
    const server = await start();
    const table = await openAt(server);
    await step(table, [put('a', 1)]);
    await clientOf(server).config('SET', 'maxmemory', '1');
    const turn = await Promise.allSettled([
      step(table, [put('b', 1)], 'sessionCreate'),
      step(table, [put('a', 2)], 'keepalive'),
      step(table, [put('c', 1)], 'rangeLock'),
      step(table, [get('a'), get('b'), get('c')], 'openCreate'),
    ]);
    expect(turn.map((each) => (each.status === 'fulfilled' ? 'run' : (each.reason as Error).name))).toEqual([
      ...['TableFull', 'run', 'TableFull', 'run'],
    ]);
    expect(turn[3]).toMatchObject({ value: [{ row: { n: 2 } }, {}, {}] });
  });

  /** How many functions were called so far. */
  const calledAt = async (server: RedisServer): Promise<number> =>
    Number(/cmdstat_fcall:calls=(\d+)/.exec(await clientOf(server).info('commandstats'))?.[1]);

  test('the steps of one turn are one function call, in their order, and one that fails concerns no other', async () => {
    const server = await start();
    const table = await openAt(server);
    await step(table, [put('a', 1)]);
    const before = await calledAt(server);
    const half: Op[] = [put('a', 9), put('b', 9), link('b'), record('b'), { op: 'fail' }];
    const turn = await Promise.allSettled([
      step(table, [put('a', 2), record('first')], 'sessionCreate'),
      step(table, half, 'keepalive'),
      step(table, [get('a'), get('b'), page, record('second')], 'keepalive'),
    ]);
    expect(await calledAt(server)).toBe(before + 1);
    expect(turn.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(String((turn[1] as PromiseRejectedResult).reason)).toContain('the rules failed in keepalive');
    expect(turn[2]).toMatchObject({ value: [{ row: { n: 2 } }, {}, { entries: [] }, { no: 2 }] });
  });

  test('how long one call holds Redis is bounded: by its steps, and by what they do', async () => {
    const server = await start();
    const table = await openAt(server);
    await step(table, [put('a', 1)]);
    const turnOf = async (steps: number, rows: number): Promise<number> => {
      const before = await calledAt(server);
      const many = Array.from({ length: rows }, (_, at) => put(`row ${String(at)}`, 1));
      const told = await Promise.all(
        Array.from({ length: steps }, () => step(table, [...many, record('r')], 'keepalive')),
      );
      // Each once, and in their order.
      const numbers = told.map((each) => (each.at(-1) as { no: number }).no);
      expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
      return (await calledAt(server)) - before;
    };
    expect(await turnOf(150, 0)).toBe(3);
    expect(await turnOf(12, 400)).toBe(3);
  });

  test('a verb declared as read-only cannot write', async () => {
    const table = await openAt(await start());
    await expect(step(table, [put('a', 1)], 'sessionList')).rejects.toThrow(
      /the rules failed in sessionList/,
    );
    expect(await step(table, [get('a')])).toEqual([{}]);
  });

  test('functions that were flushed are loaded again', async () => {
    const server = await start();
    const table = await openAt(server);
    await step(table, [put('a', 1)]);
    await clientOf(server).call('FUNCTION', 'FLUSH');
    expect(await Promise.all([step(table, [get('a')]), step(table, [get('a')])])).toEqual([
      [{ row: { n: 1 } }],
      [{ row: { n: 1 } }],
    ]);
  });

  test('rules that fail half way have changed nothing, and the table continues', async () => {
    const table = await openAt(await start());
    await step(table, [put('a', 1)]);
    const half: Op[] = [put('a', 2), put('b', 2), link('b'), record('b'), { op: 'fail' }];
    const failure = step(table, half);
    await expect(failure).rejects.toThrow(/the rules failed in tick; nothing was changed/);
    await expect(failure).rejects.not.toBeInstanceOf(TableUnreachable);
    expect(await step(table, [get('a'), get('b'), page, record('next')])).toEqual([
      { row: { n: 1 } },
      {},
      { entries: [] },
      { no: 1 },
    ]);
  });

  test('a row that is kept decoded is as it is stored, after rules that failed and after another writer', async () => {
    const server = await start();
    const table = await openAt(server);
    const session = (n: number): Op => ({ op: 'put', kind: 'session', id: 'a', row: { n } });
    const change: Op = { op: 'change', kind: 'session', id: 'a', field: 'n', value: 9 };
    const get: Op = { op: 'get', kind: 'session', id: 'a' };
    await step(table, [session(1)]);
    await expect(step(table, [change, { op: 'fail' }])).rejects.toThrow('the rules failed in tick');
    expect(await step(table, [get])).toEqual([{ row: { n: 1 } }]);
    const [key = ''] = await clientOf(server).keys('*:rows');
    const stored = await clientOf(server).hgetBuffer(key, 'session:a');
    await step(table, [session(2)]);
    await clientOf(server).hset(key, 'session:a', stored ?? '');
    expect(await step(table, [get])).toEqual([{ row: { n: 1 } }]);
  });

  test('rules that fail after reading a list leave it as it was, too', async () => {
    const table = await openAt(await start());
    await step(table, [link('a'), link('b')]);
    const unlinked: Op = { op: 'unlink', list: 'l', member: 'a', score: 1 };
    await expect(step(table, [unlinked, link('c'), page, put('a', 2), { op: 'fail' }])).rejects.toThrow(
      /nothing was changed/,
    );
    expect(await step(table, [get('a'), page])).toEqual([
      {},
      {
        entries: [
          { member: 'a', score: 1 },
          { member: 'b', score: 1 },
        ],
      },
    ]);
  });

  const isDamaged = /is damaged, and tick has changed nothing: restore the table from a backup/;

  test.each([
    ['cut short', Buffer.from([0x92, 0x01])],
    ['no row', 'x'],
    ['an empty row', Buffer.from([0x90])],
  ])('a row that is %s is named, and calls that do not need it continue', async (_name, bytes) => {
    const server = await start();
    const table = await openAt(server);
    await step(table, [put('a', 1), put('b', 1), link('a')]);
    const [key = ''] = await clientOf(server).keys('*:rows');
    await clientOf(server).hset(key, 'lease:a', bytes);
    const unlinked: Op = { op: 'unlink', list: 'l', member: 'a', score: 1 };
    const failure = step(table, [unlinked, page, get('a')]);
    await expect(failure).rejects.toThrow(isDamaged);
    await expect(failure).rejects.toThrow(`the row "lease:a" of the key "${key}"`);
    expect(await step(table, [page, get('b')])).toEqual([
      { entries: [{ member: 'a', score: 1 }] },
      { row: { n: 1 } },
    ]);
  });

  test('rows under a key of another type are named', async () => {
    const server = await start();
    const table = await openAt(server);
    await step(table, [put('a', 1)]);
    const [key = ''] = await clientOf(server).keys('*:rows');
    await clientOf(server).del(key);
    await clientOf(server).set(key, 'x');
    const failure = step(table, [get('a')]);
    await expect(failure).rejects.toThrow(isDamaged);
    await expect(failure).rejects.toThrow(key);
  });

  test('a server that may evict rows is not used', async () => {
    const server = await start({ maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' });
    await expect(openAt(server, 300)).rejects.toMatchObject({
      name: 'TableUnreachable',
      cause: {
        message: 'this Redis may evict leases: set maxmemory-policy to noeviction (it is allkeys-lru)',
      },
    });
  });

  test('a replica is not used, and a master that becomes one is abandoned', async () => {
    const [server, other] = [await start(), await start()];
    const table = await openAt(server, 300);
    await step(table, [put('a', 1)]);
    await clientOf(server).replicaof('127.0.0.1', other.port);
    await expect(step(table, [put('a', 2)])).rejects.toThrow(TableUnreachable);
    await expect(step(table, [put('a', 2)])).rejects.toMatchObject({
      cause: { message: 'this Redis is a slave; the table needs the master' },
    });
    await expect(openAt(server, 300)).rejects.toThrow(TableUnreachable);
    await clientOf(server).replicaof('NO', 'ONE');
    await persist(() => step(table, [put('a', 3)]));
  });

  test('an unreachable server: the message names the address', async () => {
    const server = await start();
    await server.kill();
    await expect(openAt(server, 300)).rejects.toThrow(
      `no usable connection to 127.0.0.1:${String(server.port)} for 300 ms`,
    );
  });
});

test('a name that would escape its key prefix is refused', async () => {
  await expect(
    openRedisTable({ redis: (options) => new Redis({ ...options, lazyConnect: true }), name: 'a}:{b' }),
  ).rejects.toThrow(/a table's name is letters/);
});

describe('a level of durability', () => {
  const openDurable = ({ url }: RedisServer, durability: Durability, commandMs?: number): Promise<Table> =>
    openRedisTable({ redis: (options) => new Redis(url, options), name: 'durable', commandMs, durability });

  test.each([
    ['no append-only file', { appendonly: 'no' }, { fsync: true, replicas: 0 }, 'set appendonly to yes'],
    [
      'a file written every second',
      { appendonly: 'yes', appendfsync: 'everysec' },
      { fsync: true, replicas: 0 },
      'set appendfsync to always',
    ],
    ['too few replicas', {}, { fsync: false, replicas: 1 }, 'has 0 replicas'],
  ])('is refused with %s', async (_what, config, durability, why) => {
    const server = await start(config);
    await expect(openDurable(server, durability, 500)).rejects.toMatchObject({
      cause: { message: expect.stringContaining(why) as string },
    });
  });

  test('of which Redis is no longer capable makes the table unusable, with the reason, until it is again', async () => {
    const server = await start({ appendonly: 'yes', appendfsync: 'always' });
    const table = await openDurable(server, { fsync: true, replicas: 0 });
    expect(table.trouble()).toBeUndefined();
    tables.push(table);
    await clientOf(server).config('SET', 'appendfsync', 'everysec');
    await eventually(() => {
      expect([table.ready(), table.trouble()]).toEqual([false, expect.stringContaining('everysec')]);
    });
    await clientOf(server).config('SET', 'appendfsync', 'always');
    await eventually(() => {
      expect(table.ready()).toBe(true);
    });
  });
});

describe('the format of the rows', () => {
  const root = '{lh:test:0}';
  /** The clock stands still, since the time left until a deadline is part of the listing. */
  const now = 1_800_000_000_000;
  async function openReal({ url }: RedisServer, commandMs = 60_000): Promise<Table> {
    const table = await openRedisTable({
      redis: (options) => new Redis(url, options),
      name: 'test',
      commandMs,
      wall: () => now,
    });
    tables.push(table);
    return table;
  }

  /** Plays a history and returns the final state. */
  async function used(server: RedisServer, seed: number): Promise<{ table: Table; listing: unknown }> {
    const table = await openReal(server);
    const player = new Player((verb, input) => table.call(verb, input), { now });
    await player.begin();
    for (const instruction of fc.sample(histories(80), { seed, numRuns: 1 })[0] ?? [])
      await player.step(instruction);
    return { table, listing: await everything(table) };
  }
  async function everything(table: Table): Promise<unknown> {
    const locks = await table.call('lockList', { after: 0, limit: 1000, tree: true });
    return [locks.value, (await table.history(0, 10_000)).records];
  }

  /** As an earlier 0.1.0 stored them: maps, in a hash for each kind. */
  async function backToFormat1(redis: Redis): Promise<number> {
    const rows = await redis.hgetallBuffer(`${root}:rows`);
    await redis.del(`${root}:rows`, `${root}:meta`);
    for (const [name, bytes] of Object.entries(rows)) {
      const [, kind = '', id = ''] = /^(\w+):([\s\S]*)$/.exec(name) ?? [];
      const { fields, defaults } = shapes[kind as Kind];
      const row: Record<string, unknown> = { ...defaults };
      const values = decode(bytes) as unknown[];
      for (let at = 0; at < values.length; at += 2)
        row[fields[Number(values[at]) - 1] ?? ''] = values[at + 1];
      await redis.hset(`${root}:${kind}`, id, encode(row));
    }
    return Object.keys(rows).length;
  }

  test('rows of format 1 are converted without loss, also by two nodes at once', async () => {
    for (const seed of [1, 2, 3]) {
      const server = await start();
      const { table, listing } = await used(server, seed);
      await table.close();
      const redis = clientOf(server);
      const count = await backToFormat1(redis);
      expect(await redis.type(`${root}:meta`)).toBe('hash');
      const [one, other] = await Promise.all([openReal(server), openReal(server)]);
      expect(await everything(one)).toEqual(listing);
      expect(await everything(other)).toEqual(listing);
      expect(await redis.hlen(`${root}:rows`)).toBe(count);
      const keys = (await redis.keys(`${root}:*`)).filter((key) => !key.startsWith(`${root}:i:`));
      expect(keys.sort()).toEqual([`${root}:log`, `${root}:meta`, `${root}:rows`]);
    }
  });

  test('a new table is not searched for rows to convert', async () => {
    const server = await start();
    await openReal(server);
    const stats = await clientOf(server).info('commandstats');
    expect(stats).not.toContain('cmdstat_fcall:');
  });

  test('an interrupted conversion is resumed', async () => {
    const server = await start();
    const { table, listing } = await used(server, 4);
    await table.close();
    const redis = clientOf(server);
    await backToFormat1(redis);
    // The conversion gets only as far as the table's own row, as if the process was killed then.
    const library = new FunctionLibrary(libraryCode);
    await redis.call('FCALL', `${library.name}_convert`, 1, root, 'meta');
    expect(await redis.get(`${root}:meta`)).toBe('converting');
    expect(await everything(await openReal(server))).toEqual(listing);
  });

  test('a path and an owner stand once in a row, as soon as no earlier version has to read it', async () => {
    const server = await start();
    const table = await openReal(server);
    const redis = clientOf(server);
    const speak = (format: number) =>
      table.call('streamsTell', { server: 'api', sessions: [], format, release: '1' });
    await speak(formatOfTwins - 1);
    await table.call('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
    const session = { sessionId: randomId(), digest: 'd' };
    await table.call('sessionCreate', { ...session, ttlMs: 60_000, pid: 0 });
    /** How often its row has the path and the session, and what is read of it. */
    const held = async (path: string, owner: string): Promise<unknown> => {
      const [leaseId, { sessionId }] = [randomId(), session];
      const item = {
        leaseId,
        owner,
        ownerKey: ownerKeyOf(sessionId, owner),
        clientKey: clientKeyOf(sessionId),
      };
      await table.call('leaseAcquire', { ...session, type: 'read', item: { ...item, ...fileOf(path) } });
      const stored = ((await redis.hgetBuffer(`${root}:rows`, `lease:${leaseId}`)) ?? '').toString('latin1');
      const { value } = await table.call('leaseGet', { ...session, leaseId });
      return {
        paths: stored.split(path).length - 1,
        sessions: stored.split(sessionId).length - 1,
        shown: 'lease' in value && [
          value.lease.path,
          value.lease.owner === sessionId ? 'session' : value.lease.owner,
        ],
      };
    };
    const { sessionId } = session;
    expect(await held('a.txt', sessionId)).toEqual({ paths: 2, sessions: 2, shown: ['a.txt', 'session'] });
    await speak(formatOfTwins);
    expect(await held('b.txt', sessionId)).toEqual({ paths: 1, sessions: 1, shown: ['b.txt', 'session'] });
    expect(await held('c.txt', 'ada')).toEqual({ paths: 1, sessions: 1, shown: ['c.txt', 'ada'] });
    const all = (await table.history(0, 100)).records.filter(({ kind }) => kind === 'granted');
    expect(all.map((each) => 'owner' in each && each.owner)).toEqual([sessionId, sessionId, 'ada']);
  });

  test('an earlier version refuses this format, and this version refuses a later one', async () => {
    const server = await start();
    const { table } = await used(server, 5);
    await table.close();
    const redis = clientOf(server);
    await expect(redis.hget(`${root}:meta`, 'shard')).rejects.toThrow('WRONGTYPE');
    const later = String(formatNewest + 1);
    await redis.set(`${root}:meta`, later);
    await expect(openReal(server, 300)).rejects.toThrow(
      `the table is in format ${later} of a later version, and this one reads up to format ${String(formatNewest)}: start that version`,
    );
  });
});
