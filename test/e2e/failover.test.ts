import { Leasehold, type Lease } from '#client';
import { eventually } from '../support/eventually';
import { type RedisServer, ask, startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';
import { closeProxies, TcpProxy } from '../support/tcp-proxy';

/** The sentences of docs/failover.md: a master that dies, and a replica that lacks what the master had answered. */
jest.setTimeout(600_000);

const servers: RedisServer[] = [];
afterEach(async () => {
  await stopPrograms();
  closeProxies();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A master and a replica. The link between them can be cut, and the table's address leads to whichever is the master. */
async function pair() {
  const master = await startRedis();
  const link = await TcpProxy.start({ target: () => `127.0.0.1:${String(master.port)}` });
  const replica = await startRedis({ replicaof: `127.0.0.1 ${String(link.port)}` });
  servers.push(master, replica);
  let now = master;
  const table = await TcpProxy.start({ target: () => `127.0.0.1:${String(now.port)}` });
  const offset = async (port: number): Promise<number> =>
    Number(/_repl_offset:(\d+)/.exec((await ask(port, (redis) => redis.info('replication'))) ?? '')?.[1]);
  return {
    url: `redis://${table.address}`,
    /** From here on the replica misses what the master answers. */
    async separate(): Promise<void> {
      await eventually(async () => {
        expect(await offset(replica.port)).toBeGreaterThanOrEqual(await offset(master.port));
        expect(await offset(master.port)).toBeGreaterThan(0);
      });
      link.cut();
    },
    async failover(): Promise<void> {
      await master.kill();
      await ask(replica.port, (redis) => redis.replicaof('NO', 'ONE'));
      now = replica;
      table.cut();
      table.mend();
    },
  };
}

const files = Array.from({ length: 20 }, (_, no) => `f${String(no)}`);

test('grants that the new master lacks stay with their holders, and nobody else gets them', async () => {
  const redis = await pair();
  const api = await startLeaseApi({ table: redis.url, env: { LEASEHOLD_LOCAL_EXPORTS: 'demo' } });
  const leasehold = new Leasehold({ url: api.url, retryMs: 120_000 });
  const known = await leasehold.openSession();
  await redis.separate();
  const unknown = await leasehold.openSession();
  const leases: Lease[] = [];
  for (const [no, file] of files.entries())
    leases.push(await (no % 2 === 0 ? known : unknown).acquire({ export: 'demo', file, type: 'write' }));
  const tokens = leases.map(({ token }) => token);
  await redis.failover();
  // Ids of sessions are no secret. One that the table has lost is not somebody else's to take.
  const reclaim = { sessionId: unknown.id, secret: 'x'.repeat(43) };
  await eventually(async () => {
    const { body } = await api.request('POST', '/v1/sessions', { body: { ttlMs: 60_000, reclaim } });
    expect(body).toMatchObject({ reason: 'not_holder' });
  });
  const rival = await leasehold.openSession();
  const gained: string[] = [];
  await Promise.all(
    files.map(async (file, no) => {
      try {
        const { token } = await rival.acquire({ export: 'demo', file, type: 'write' });
        // It has let go by then.
        if (leases[no]?.signal.aborted !== true) gained.push(file);
        expect(token).toBeGreaterThan(tokens[no] ?? 0);
      } catch (error) {
        expect(error).toMatchObject({ reason: 'lease_conflict' });
      }
    }),
  );
  expect(gained).toEqual([]);
  for (const [no, lease] of leases.entries()) {
    expect(lease.signal.reason).toBeUndefined();
    expect(lease.token).toBeGreaterThan(tokens[no] ?? 0);
  }
  await Promise.all([known, unknown, rival].map((session) => session.end()));
});

/** Storage that checks tokens: it takes a write only from whoever holds the file now. */
class Storage {
  readonly written: { by: string; token: number }[] = [];

  constructor(private readonly api: LeaseApi) {}

  async write(by: string, token: number): Promise<boolean> {
    const body = { export: 'demo', file: 'f', token, for: 'write' };
    const { status } = await this.api.request('POST', '/v1/fences/check', { body });
    if (status === 200) this.written.push({ by, token });
    return status === 200;
  }
}

test('a holder that cannot reclaim in time is told so, and storage that checks tokens has taken nothing from it since', async () => {
  const redis = await pair();
  const env = { LEASEHOLD_LOCAL_EXPORTS: 'demo', LEASEHOLD_RECOVERY_MS: '1000' };
  const api = await startLeaseApi({ table: redis.url, env });
  const storage = new Storage(api);
  const away = await TcpProxy.start({ target: () => new URL(api.url).host });
  const holders = await new Leasehold({ url: `http://${away.address}`, retryMs: 1_000 }).openSession({
    ttlMs: 300_000,
  });
  holders.on('error', () => undefined);
  const rivals = await new Leasehold({ url: api.url, retryMs: 120_000 }).openSession();
  await redis.separate();
  const held = await holders.acquire({ export: 'demo', file: 'f', type: 'write' });
  expect(await storage.write('first', held.token)).toBe(true);
  away.cut();
  await redis.failover();
  const gained = await rivals.acquire({ export: 'demo', file: 'f', type: 'write' });
  // Both believe.
  expect(held.signal.aborted).toBe(false);
  expect(await storage.write('first', held.token)).toBe(false);
  expect(await storage.write('second', gained.token)).toBe(true);
  expect(await storage.write('first', held.token)).toBe(false);
  expect(storage.written.map(({ by }) => by)).toEqual(['first', 'second']);
  expect(gained.token).toBeGreaterThan(held.token);
  const told = new Promise((resolve) => {
    held.signal.addEventListener('abort', resolve);
  });
  away.mend();
  await told;
  expect(held.signal.reason).toMatchObject({ reason: 'lease_revoked' });
  await Promise.all([holders.end(), rivals.end()]);
});

test('of both sides of a partition only one grants at replicas:N, and the other says that it cannot', async () => {
  const master = await startRedis();
  const link = await TcpProxy.start({ target: () => `127.0.0.1:${String(master.port)}` });
  const replicaof = `127.0.0.1 ${String(link.port)}`;
  const [one, two] = [await startRedis({ replicaof }), await startRedis({ replicaof })];
  servers.push(master, one, two);
  await eventually(async () => {
    const info = (await ask(master.port, (redis) => redis.info('replication'))) ?? '';
    expect(info.match(/state=online/g)).toHaveLength(2);
  });
  const env = {
    LEASEHOLD_LOCAL_EXPORTS: 'demo',
    LEASEHOLD_DURABILITY: 'replicas:1',
    LEASEHOLD_RECOVERY_MS: '1000',
  };
  const old = await startLeaseApi({ table: master.url, env });
  const here = await new Leasehold({ url: old.url, retryMs: 0 }).openSession({ ttlMs: 300_000 });
  here.on('error', () => undefined);
  // What both sides have seen is the same, and so is what they ask for.
  await eventually(async () => {
    expect(await ask(one.port, (redis) => redis.exists('{lh:main:0}:meta'))).toBe(1);
  });
  // Nothing arrives any more, and no connection closes.
  const holds = (['there', 'back'] as const).map((direction) => link.hold(direction, ''));
  await eventually(async () => {
    const ready = await old.request('GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.text).toContain('only 0 of 1 replicas confirmed it');
  });
  await ask(one.port, (redis) => redis.replicaof('NO', 'ONE'));
  await ask(two.port, (redis) => redis.replicaof('127.0.0.1', one.port));
  const present = await startLeaseApi({ table: one.url, env });
  const there = await new Leasehold({ url: present.url, retryMs: 120_000 }).openSession();
  const both = await Promise.all(
    files.map(async (file) => {
      const ask = { export: 'demo', file, type: 'write' } as const;
      const sides = await Promise.allSettled([here.acquire(ask), there.acquire(ask)]);
      return sides.map(({ status }) => status);
    }),
  );
  expect(both).toEqual(files.map(() => ['rejected', 'fulfilled']));
  await there.end();
  here.close();
  for (const hold of holds) hold.drop();
});
