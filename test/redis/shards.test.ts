import { Redis } from 'ioredis';
import { formatNewest, formatOfShards } from '../../libs/locks/src/core/format';
import { libraryCode } from '../../libs/locks/src/table/redis/library-code.generated';
import { openRedisTable, type RedisTableOptions } from '../../libs/locks/src/table/redis/redis-table';
import { idIn, keyIn } from '../../libs/locks/src/table/shards';
import { type Table, TableOutdated } from '../../libs/locks/src/table/table';
import { clientKeyOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { readConfig } from '../../apps/lease-api/src/config';
import { fileOf } from '../bench/fill';
import { eventually, within } from '../support/eventually';
import type { Op } from '../support/port-rules';
import { portLibrary } from '../support/port-tables';
import { type RedisServer, startRedis } from '../support/redis-server';
import { collect, step } from '../support/steps';

/** Tables in several shards at one Redis server (decision 0074). */

const servers: RedisServer[] = [];
const tables: Table[] = [];
const clients: Redis[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await Promise.all(tables.splice(0).map((table) => table.close()));
  for (const server of servers.splice(0)) await server.stop();
});

async function start(): Promise<RedisServer> {
  const server = await startRedis();
  servers.push(server);
  return server;
}
async function openAt({ url }: RedisServer, more: Partial<RedisTableOptions> = {}): Promise<Table> {
  const redis: RedisTableOptions['redis'] = (options) => new Redis(url, options);
  const table = await openRedisTable({ redis, name: 'test', commandMs: 60_000, ...more });
  tables.push(table);
  return table;
}
function clientOf({ url }: RedisServer): Redis {
  const client = new Redis(url);
  clients.push(client);
  return client;
}
const { limits } = readConfig({});
const identify = async (table: Table) => (await table.call('identify', { identity: '', limits })).value;

const digest = 'd';
async function newSession(table: Table): Promise<string> {
  const sessionId = randomId();
  await table.call('sessionCreate', { sessionId, digest, ttlMs: 600_000, pid: 0 });
  return sessionId;
}
/** Takes a lease on a file of this shard. */
async function acquire(
  table: Table,
  sessionId: string,
  shard: number,
  name = `f${String(shard)}`,
): Promise<number> {
  const file = fileOf(name);
  const item = {
    ...{ ...file, fileKey: keyIn(shard, file.fileKey), leaseId: idIn(shard, randomId()), owner: sessionId },
    ...{ ownerKey: ownerKeyOf(sessionId, sessionId), clientKey: clientKeyOf(sessionId) },
  };
  const { value } = await table.call('leaseAcquire', { sessionId, digest, type: 'write', item });
  if ('refused' in value) throw new Error(JSON.stringify(value.refused));
  return value.lease.token;
}

describe('how many shards', () => {
  test('a table that exists has as many as it was made with, and another number is refused with what to do', async () => {
    const server = await start();
    const made = await openAt(server, { shards: 4 });
    expect(await identify(made)).toMatchObject({ fresh: true, shards: 4 });
    const again = await openAt(server, { shardsIfNew: 16 });
    expect(again.shards).toBe(4);
    expect(await identify(again)).toMatchObject({ fresh: false, shards: 4 });
    await expect(openAt(server, { shards: 8 })).rejects.toThrow(
      'LEASEHOLD_TABLE_SHARDS: the table test has 4 shards, not 8, and keeps the number that it was made with: leave the ' +
        'variable out or set it to 4; or make a new table, with another LEASEHOLD_TABLE_NAME',
    );
    await expect(openAt(server, { shards: 1 })).rejects.toThrow('has 4 shards, not 1');
  });

  test('a table of one shard stays one, also in a Cluster, and its rows stay as they were', async () => {
    const server = await start();
    await identify(await openAt(server));
    const again = await openAt(server, { shardsIfNew: 16, cluster: true });
    expect(again.shards).toBe(1);
    await expect(openAt(server, { shards: 2 })).rejects.toThrow('has 1 shard, not 2');
    const keys = await clientOf(server).keys('*');
    expect(keys.filter((key) => !key.startsWith('{lh:test:0}:'))).toEqual([]);
    expect(await clientOf(server).get('{lh:test:0}:meta')).toBe('2');
  });

  test('of two lease APIs that make it at once with different numbers one is refused', async () => {
    const server = await start();
    const [four, eight] = [await openAt(server, { shards: 4 }), await openAt(server, { shards: 8 })];
    await identify(four);
    await expect(identify(eight)).rejects.toThrow('has 4 shards, not 8');
    await expect(identify(await openAt(server))).resolves.toMatchObject({ shards: 4 });
  });

  test.each([0, 3, 128])('%d is no number of shards', async (shards) => {
    const server = await start();
    await expect(openAt(server, { shards })).rejects.toThrow('a table has 1, 2, 4 … 64 shards');
  });
});

test('the version before does not take a table in shards for an empty one', async () => {
  const server = await start();
  await identify(await openAt(server, { shards: 4 }));
  // What it looks at when it connects, and at each step.
  expect(await clientOf(server).get('{lh:test:0}:meta')).toBe(String(formatOfShards));
  const newest = `formatNewest = ${String(formatNewest)}\n`;
  expect(libraryCode.includes(newest)).toBe(true);
  const before = libraryCode.replaceAll(newest, `formatNewest = ${String(formatOfShards - 1)}\n`);
  await clientOf(server).set('{lh:test:0}:meta', '2');
  const old = await openAt(server, { library: before });
  await expect(old.call('tick', {})).rejects.toThrow(TableOutdated);
});

test('a server that was flushed gets the same number of shards again, marked as before', async () => {
  const server = await start();
  const table = await openAt(server, { shards: 4 });
  const { epoch } = await identify(table);
  const redis = clientOf(server);
  await redis.flushall();
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  const { value } = await within(
    'the table',
    eventually(async () => table.call('tick', {})),
  );
  expect(value.epoch).toBeGreaterThan(epoch);
  for (const shard of [0, 1, 2, 3])
    expect(await redis.get(`{lh:test:${String(shard)}}:meta`)).toBe(String(formatOfShards));
  expect((await openAt(server)).shards).toBe(4);
});

test('all shards of one server share a connection for calls and one for records', async () => {
  const server = await start();
  const table = await openAt(server, { shards: 16 });
  await identify(table);
  await table.call('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  const seen = new Map<number, number[]>();
  table.follow(
    (records) => {
      for (const { epoch, no } of records) seen.set(epoch % 16, [...(seen.get(epoch % 16) ?? []), no]);
    },
    () => {
      throw new Error('a gap');
    },
  );
  const sessionId = await newSession(table);
  const shards = Array.from({ length: 16 }, (_, shard) => shard);
  const tokens = await Promise.all(shards.map((shard) => acquire(table, sessionId, shard)));
  expect(tokens.map((token) => token % 16)).toEqual(shards);
  await eventually(() => {
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(shards);
  });
  for (const numbers of seen.values())
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
  const list = String(await clientOf(server).client('LIST'));
  expect(list.match(/ name=leasehold:\S+/g)).toHaveLength(1);
  expect(list.match(/ name=leasehold-follow/g)).toHaveLength(1);
  // Its memory is counted once.
  const [, used] = /used_memory:(\d+)/.exec(await clientOf(server).info('memory')) ?? [];
  expect(Math.abs(Math.log2((table.bytes() ?? 0) / Number(used)))).toBeLessThan(1);
});

test('what is kept decoded of one table or shard is not taken for that of another', async () => {
  const server = await start();
  const [a, b] = [
    await openAt(server, { name: 'a', library: portLibrary() }),
    await openAt(server, { name: 'b', library: portLibrary() }),
  ];
  const put = (n: number): Op => ({ op: 'put', kind: 'session', id: 's', row: { n } });
  const get: Op = { op: 'get', kind: 'session', id: 's' };
  await step(a, [put(1)]);
  await step(b, [put(2)]);
  for (const [table, n] of [
    [a, 1],
    [b, 2],
    [a, 1],
  ] as const)
    expect(await step(table, [get])).toEqual([{ row: { n } }]);
  // Rules that change a kept row and fail have changed nothing, whichever table is next.
  const spoil: Op[] = [{ op: 'change', kind: 'session', id: 's', field: 'n', value: 9 }, { op: 'fail' }];
  await expect(step(a, spoil)).rejects.toThrow();
  expect(await step(b, [get])).toEqual([{ row: { n: 2 } }]);
  expect(await step(a, [get])).toEqual([{ row: { n: 1 } }]);
});

test('a log that begins anew is noticed while another is busy', async () => {
  const server = await start();
  const table = await openAt(server, { shards: 2 });
  await identify(table);
  await table.call('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  const sessionId = await newSession(table);
  await acquire(table, sessionId, 1);
  const all = collect(table);
  const load = { goesOn: true };
  const running = (async () => {
    for (let no = 0; load.goesOn; no += 1) await acquire(table, sessionId, 0, `busy${String(no)}`);
  })();
  await eventually(() => {
    expect(all.records.length).toBeGreaterThan(10);
  });
  expect(all.gaps()).toBe(0);
  await clientOf(server).del('{lh:test:1}:log');
  await within('the gap', all.gap());
  load.goesOn = false;
  await running;
});
