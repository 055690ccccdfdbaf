import { Leasehold, type Lease } from '#client';
import { eventually } from '../support/eventually';
import { type RedisServer, ask, startRedis } from '../support/redis-server';
import { startLeaseApi, stopPrograms } from '../support/service';
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
