import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';

/** Two lease APIs over one Redis, and one adapter that knows both, behave as one service. */
let redis: RedisServer;
let cluster: Cluster;
/** One session, with a client at A and another at B. */
let atA: Holder;
let atB: Holder;
let other: Holder;

beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
  cluster = await Cluster.start({ table: redis.url, apis: 2 });
  atA = await cluster.holder();
  atB = await both(atA);
  other = await cluster.holder({}, urlB());
});
afterAll(async () => {
  await stopClusters();
  await redis.stop();
});

const urlB = (): string => cluster.apis[1]?.url ?? '';
const demo = (file: string) => ({ export: 'demo', file });
/** The same session, followed at B. */
async function both({ session }: Holder): Promise<Holder> {
  const { id: sessionId, secret } = session;
  return cluster.heard(await cluster.client(urlB()).attachSession({ sessionId, secret }));
}

test('a lease through A is broken by an open through B; its holder is told at A and at B, and may answer at either', async () => {
  for (const answersAt of ['A', 'B']) {
    const f = cluster.file(`through-${answersAt}`);
    const lease = await atA.session.acquire({ ...demo(f), type: 'write' });
    const opening = other.session.open({ ...demo(f), access: 'read', waitMs: 30_000 });
    const [one, two] = await Promise.all([atA.ear.next('break', f), atB.ear.next('break', f)]);
    expect(one).toMatchObject({ leaseId: lease.id, target: 'read', cause: 'open' });
    expect([two.breakId, two.token]).toEqual([one.breakId, one.token]);
    const answering = answersAt === 'A' ? lease : await atB.session.leased(lease.id);
    expect(await answering.acknowledge('read', one.breakId)).toBe(true);
    await (await within('the open', opening)).close();
    await Promise.all([atA.ear.next('downgraded', f), atB.ear.next('downgraded', f)]);
    expect(lease).toMatchObject({ type: 'read', state: 'active', token: answering.token });
    await lease.release();
    await Promise.all([atA.ear.next('released', f), atB.ear.next('released', f)]);
  }
  await cluster.agreed();
});

test('a break in the kernel is announced at both, whichever of them the adapter told', async () => {
  const f = cluster.file('from-kernel');
  const lease = await atB.session.acquire({ ...demo(f), type: 'read' });
  const shell = cluster.opener(`echo more >> ${f}`);
  const [one, two] = await Promise.all([atA.ear.next('break', f), atB.ear.next('break', f)]);
  expect(one.breakId).toBe(two.breakId);
  await lease.acknowledge();
  expect(await within('the shell', shell.exited)).toBe(0);
});

test('a second read lease through the other lease API takes no second kernel lease', async () => {
  const f = cluster.file('shared');
  const one = await atA.session.acquire({ ...demo(f), type: 'read' });
  const two = await other.session.acquire({ ...demo(f), type: 'read' });
  await cluster.kernelSays(f, 'ACTIVE    READ');
  expect(two.token).toBeGreaterThan(one.token);
  await one.release();
  await cluster.agreed();
  await two.release();
  await cluster.kernelSays(f);
});

test('a request that waits at A goes on after a release at B', async () => {
  const f = cluster.file('waits');
  const lease = await other.session.acquire({ ...demo(f), type: 'write' });
  const waiting = atA.session.acquire({ ...demo(f), type: 'write', waitMs: 30_000 });
  const opening = atA.session.open({ ...demo(f), access: 'read', owner: 'x', waitMs: 30_000 });
  await other.ear.next('break', f);
  await lease.release();
  const opened = await within('the open', opening);
  await opened.close();
  await (await within('the lease', waiting)).release();
});

test('a repeated request at B finds what it made at A', async () => {
  const f = cluster.file('repeated');
  const ask = { ...demo(f), type: 'read' as const, requestId: 'anywhere' };
  const one = await atA.session.acquire(ask);
  const two = await atB.session.acquire(ask);
  expect([two.id, two.token]).toEqual([one.id, one.token]);
  await two.release();
});

test('kill -9 of A: the holder and the adapter continue at B', async () => {
  const [f, g] = [cluster.file('survives'), cluster.file('survives-too')];
  const lease = await atA.session.acquire({ ...demo(f), type: 'read' });
  const writing = await atA.session.acquire({ ...demo(g), type: 'write' });
  const cat = cluster.opener(`cat ${g}`);
  await atB.ear.next('break', g);
  await cluster.api.kill();

  // The earlier break is answered at B; a new break arrives there.
  expect(await (await atB.session.leased(writing.id)).acknowledge()).toBe(true);
  expect(await within('cat', cat.exited)).toBe(0);
  const shell = cluster.opener(`echo more >> ${f}`);
  const notice = await atB.ear.next('break', f);
  expect(await (await atB.session.leased(lease.id)).acknowledge('none', notice.breakId)).toBe(true);
  expect(await within('the shell', shell.exited)).toBe(0);
  const h = cluster.file('new-at-b');
  const late = await atB.session.acquire({ ...demo(h), type: 'write' });
  await cluster.kernelSays(h, 'ACTIVE    WRITE');

  await cluster.api.start();
  await eventually(async () => {
    await atA.session.leased(late.id);
  });
  await cluster.agreed(cluster.apis[1]);
  await cluster.agreed();
  await late.release();
});

test('kill -9 of A while requests wait there: each keeps its place, and its repeat at B finds it', async () => {
  const f = cluster.file('places');
  const writes = { ...demo(f), class: 'posix' as const, type: 'write' as const };
  const reads = { ...demo(f), owner: 'reader', access: 'read' as const, waitMs: 60_000, requestId: 'place' };
  const held = await other.session.lock(writes);
  const denied = await other.session.open({ ...demo(f), access: 'both', deny: 'both' });
  const ask = { ...writes, waitMs: 60_000 };
  const lost = [atA.session.lock(ask), atA.session.open(reads)].map((call) => call.catch(() => undefined));
  const places = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const lock of cluster.client(urlB()).locks(demo(f)))
      if (lock.waits !== undefined) found.push(`${lock.kind} ${lock.id}`);
    return found;
  };
  const before = await eventually(async () => {
    const found = await places();
    expect(found).toHaveLength(2);
    return found;
  });
  await cluster.api.kill();
  const found = [atB.session.lock(ask), atB.session.open(reads)] as const;
  await eventually(async () => {
    const metrics = await cluster.apis[1]?.request('GET', '/metrics');
    const [, parked] = /^leasehold_requests_parked (\d+)$/m.exec(metrics?.text ?? '') ?? [];
    expect(Number(parked)).toBeGreaterThanOrEqual(2);
  });
  expect(await places()).toEqual(before);
  await held.release();
  await denied.close();
  const [lock, opened] = await within('both', Promise.all(found));
  expect([`posix ${lock.id}`, `open ${opened.id}`].sort()).toEqual([...before].sort());
  expect(await places()).toEqual([]);
  await cluster.api.start();
  // The automatic retries of A's clients find the existing rows.
  await Promise.all(lost);
  await lock.release();
  await opened.close();
});

test('Redis is killed and returns: the leases are still there, tokens keep increasing, and clients get a resync', async () => {
  const f = cluster.file('over-redis');
  const lease = await atA.session.acquire({ ...demo(f), type: 'read' });
  // After a gap a client re-reads its leases.
  await atB.session.leased(lease.id);
  await redis.kill();
  const shell = cluster.opener(`echo more >> ${f}`);
  await cluster.kernelSays(f, 'BREAKING  UNLCK');
  await redis.restart();
  const [one, two] = await Promise.all([atA.ear.next('break', f), atB.ear.next('break', f)]);
  expect(one.breakId).toBe(two.breakId);
  await lease.acknowledge();
  expect(await within('the shell', shell.exited)).toBe(0);
  await Promise.all(
    [atA, atB].map(({ ear }) =>
      eventually(() => {
        expect(ear.notices.filter(({ event }) => event === 'resync').length).toBeGreaterThan(1);
      }),
    ),
  );
  const next = await eventually(() => other.session.acquire({ ...demo(f), type: 'write' }));
  expect(next.token).toBeGreaterThan(lease.token);
  await next.release();
  await cluster.agreed();
});
