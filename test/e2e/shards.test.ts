import { Leasehold } from '#client';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { ask, type RedisServer, startRedis, startRedisCluster } from '../support/redis-server';

/** Tables in several shards, with two lease APIs and a fileserver: a client notices nothing of them (decision 0074). */
jest.setTimeout(600_000);

interface Redises {
  url: string;
  /** The server that has this shard. */
  owner(shard: number): Promise<RedisServer>;
  stop(): Promise<void>;
}
const tables: [title: string, shards: number, start: () => Promise<Redises>][] = [
  [
    'a Redis Cluster',
    8,
    async () => {
      const group = await startRedisCluster();
      const owner = (shard: number) => group.owner(`{lh:main:${String(shard)}}`);
      return { url: group.url, owner, stop: () => group.stop() };
    },
  ],
  [
    'one Redis',
    4,
    async () => {
      const server = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
      return { url: server.url, owner: () => Promise.resolve(server), stop: () => server.stop() };
    },
  ],
];

describe.each(tables)('in %s, %d shards', (_title, shards, start) => {
  let redis: Redises;
  let cluster: Cluster;
  let client: Leasehold;
  let holder: Holder;
  let other: Holder;
  const names = Array.from({ length: 16 }, (_, no) => `f${String(no)}`);
  const demo = (file: string) => ({ export: 'demo', file });
  const shardOf = (token: number): number => token % shards;

  beforeAll(async () => {
    redis = await start();
    const env = { LEASEHOLD_TABLE_SHARDS: String(shards) };
    cluster = await Cluster.start({ table: redis.url, env, apis: 2 });
    for (const name of names) cluster.file(name);
    client = new Leasehold({ url: cluster.apis.map(({ url }) => url), retryMs: 120_000 });
    holder = cluster.heard(await client.openSession({ ttlMs: 120_000 }));
    other = await cluster.holder({}, cluster.apis[1]?.url);
  });
  afterAll(async () => {
    await stopClusters();
    await redis.stop();
  });

  test('leases are in several of them; each token is checked in its own, and one listing has all', async () => {
    const leases = await Promise.all(
      names.map((name) => holder.session.acquire({ ...demo(name), type: 'write' })),
    );
    const used = new Set(leases.map(({ token }) => shardOf(token)));
    expect(used.size).toBeGreaterThan(2);
    for (const [at, { token }] of leases.entries()) {
      const check = { ...demo(names[at] ?? ''), for: 'write' as const };
      await expect(client.checkFence({ ...check, token })).resolves.toBeDefined();
      await expect(client.checkFence({ ...check, token: token + shards })).rejects.toMatchObject({
        code: 'ESTALE',
      });
    }
    const listed: string[] = [];
    for await (const lock of client.locks({ export: 'demo' })) listed.push(lock.file);
    expect(listed.sort()).toEqual([...names].sort());
    // The rules are on every master that has one.
    for (let shard = 0; shard < shards; shard += 1) {
      const { port } = await redis.owner(shard);
      expect(await ask(port, (at) => at.call('FUNCTION', 'LIST'))).not.toHaveLength(0);
    }
    await cluster.agreed();
    await Promise.all(leases.map((lease) => lease.release()));
  });

  test('opens break leases in every shard, and the events come on one stream', async () => {
    const leases = await Promise.all(
      names.map((name) => holder.session.acquire({ ...demo(name), type: 'write' })),
    );
    const opening = names.map((name) =>
      other.session.open({ ...demo(name), access: 'write', waitMs: 60_000 }),
    );
    for (const lease of leases) {
      const notice = await holder.ear.next('break', lease.file);
      expect(notice).toMatchObject({ leaseId: lease.id, cause: 'open' });
      expect(await lease.acknowledge('none', notice.breakId)).toBe(true);
    }
    for (const open of await within('the opens', Promise.all(opening))) await open.close();
    await cluster.agreed();
  });

  test('ranges wait in the shard of their file, and a session that ends gives everything back', async () => {
    const { session } = await cluster.holder();
    const range = (name: string) => ({ ...demo(name), class: 'posix' as const, type: 'write' as const });
    await Promise.all(names.map((name) => session.lock(range(name))));
    const waiting = names.map((name) => other.session.lock({ ...range(name), waitMs: 60_000 }));
    await eventually(async () => {
      const waits: string[] = [];
      for await (const lock of client.locks({ export: 'demo' }))
        if (lock.waits !== undefined) waits.push(lock.file);
      expect(waits.sort()).toEqual([...names].sort());
    });
    await session.end();
    for (const lock of await within('the ranges', Promise.all(waiting))) await lock.release();
  });

  test('kill -9 of a lease API: the client goes on at the other, and misses no break', async () => {
    const leases = await Promise.all(
      names.map((name) => holder.session.acquire({ ...demo(name), type: 'read' })),
    );
    await cluster.api.kill();
    const opening = names.map((name) =>
      other.session.open({ ...demo(name), access: 'write', waitMs: 60_000 }),
    );
    for (const lease of leases) {
      const notice = await holder.ear.next('break', lease.file);
      expect(await lease.acknowledge('none', notice.breakId)).toBe(true);
    }
    for (const open of await within('the opens', Promise.all(opening))) await open.close();
    await cluster.api.start();
    await cluster.agreed();
  });

  test('a lease API that is asked for another number of shards does not start, and says what to do', async () => {
    const env = { LEASEHOLD_TABLE_SHARDS: String(shards * 2) };
    await expect(Cluster.start({ table: redis.url, env })).rejects.toThrow(
      `the table main has ${String(shards)} shards, not ${String(shards * 2)}`,
    );
  });
});
