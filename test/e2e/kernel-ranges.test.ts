import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually } from '../support/eventually';
import { Locker } from '../support/locker';

/**
 * Range locks that the kernel of the fileserver holds, too (`ranges: kernel`), against programs there that lock the same
 * files with fcntl(2) and flock(2).
 */
let cluster: Cluster;
let a: Holder;
let b: Holder;

const EAGAIN = 'the kernel says 11';
const demo = (file: string) => ({ export: 'demo', file });
const bytes = (start: bigint, end: bigint | 'EOF') => ({ class: 'posix', start, end }) as const;

beforeAll(async () => {
  cluster = await Cluster.start({ env: { LEASEHOLD_ASK_MS: '5000', LEASEHOLD_LOST_MS: '3000' } });
  await eventually(async () => {
    const { status, body } = await cluster.api.request('PUT', '/v1/exports/demo', {
      body: { stack: 'posix', policy: 'wait', ranges: 'kernel' },
    });
    expect([status, body]).toEqual([200, expect.objectContaining({ ranges: 'kernel' })]);
  });
  [a, b] = [await cluster.holder({ pid: 4711 }), await cluster.holder({ pid: 4712 })];
});
afterAll(stopClusters);

/** The locks of the adapter on a file, as the kernel lists them. */
const locked = (name: string): string[] =>
  cluster
    .kernelLocks(name)
    .split('\n')
    .flatMap((line) => {
      const [, kind = '', mode = '', range = ''] =
        /^\d+: (OFDLCK|FLOCK) +ADVISORY +(\w+) +\S+ \S+ (.*)$/.exec(line) ?? [];
      return kind === '' ? [] : [`${kind} ${mode} ${range}`];
    })
    .sort();
const kernelHas = (name: string, ...lines: string[]): Promise<void> =>
  eventually(() => {
    expect(locked(name)).toEqual(lines);
  });

test('a program at the fileserver sees a lock, is kept out of its bytes, and waits until it is unlocked', async () => {
  const f = cluster.file('seen');
  const program = new Locker(cluster.path(f));
  const mine = await a.session.lock({ ...demo(f), ...bytes(10n, 19n), type: 'write' });
  expect(mine).toMatchObject({ backed: true, waiting: false });
  await kernelHas(f, 'OFDLCK WRITE 10 19');
  await expect(program.fcntl('posix', 'read', 15n, 15n)).rejects.toThrow(EAGAIN);
  await program.fcntl('posix', 'write', 20n, 29n);
  program.waitFcntl('write', 0n, 19n);
  await eventually(() => {
    expect(cluster.kernelLocks(f)).toContain('-> POSIX');
  });
  await mine.release();
  await eventually(() => {
    expect(cluster.kernelLocks(f)).toMatch(/POSIX +ADVISORY +WRITE \d+ \S+ 0 29/);
  });
  await kernelHas(f);
  program.kill();
});

test('what a program has locked is refused, and granted to who waits when the program lets go', async () => {
  const f = cluster.file('foreign');
  const program = new Locker(cluster.path(f));
  await program.fcntl('posix', 'read', 0n, 9n);
  await expect(a.session.lock({ ...demo(f), ...bytes(5n, 5n), type: 'write' })).rejects.toMatchObject({
    code: 'EAGAIN',
    reason: 'range_held_at_fileserver',
    message: expect.stringContaining('/proc/locks') as string,
  });
  await kernelHas(f);
  // Reading is possible beside it, and so are other bytes.
  const reading = await a.session.lock({ ...demo(f), ...bytes(0n, 99n), type: 'read' });
  const writing = await b.session.lock({ ...demo(f), ...bytes(100n, 'EOF'), type: 'write' });
  await kernelHas(f, 'OFDLCK READ 0 99', 'OFDLCK WRITE 100 EOF');
  expect(await a.ear.next('granted', f)).toMatchObject({ rangeId: reading.id });
  await reading.release();
  const queued = await a.session.lock({
    ...demo(f),
    ...bytes(0n, 9n),
    type: 'write',
    queued: true,
    waitMs: 300_000,
  });
  expect(queued).toMatchObject({ waiting: true, backed: false });
  await eventually(async () => {
    expect(await a.session.waiting(queued.id)).toMatchObject({ why: { reason: 'range_held_at_fileserver' } });
  });
  program.kill();
  expect(await a.ear.next('granted', f)).toMatchObject({ rangeId: queued.id });
  await kernelHas(f, 'OFDLCK WRITE 0 9', 'OFDLCK WRITE 100 EOF');
  await writing.release();
  await a.session.unlock({ ...demo(f), ...bytes(0n, 'EOF') });
  await kernelHas(f);
});

test('ranges are split, joined, raised and lowered in the kernel as in the table, whoever has them', async () => {
  const f = cluster.file('shapes');
  const at = (start: bigint, end: bigint | 'EOF') => ({ ...demo(f), ...bytes(start, end) });
  await a.session.lock({ ...at(0n, 99n), type: 'write' });
  await a.session.unlock(at(40n, 49n));
  await kernelHas(f, 'OFDLCK WRITE 0 39', 'OFDLCK WRITE 50 99');
  await a.session.lock({ ...at(30n, 59n), type: 'read' });
  await kernelHas(f, 'OFDLCK READ 30 59', 'OFDLCK WRITE 0 29', 'OFDLCK WRITE 60 99');
  await b.session.lock({ ...at(35n, 59n), type: 'read' });
  await a.session.unlock(at(0n, 'EOF'));
  await kernelHas(f, 'OFDLCK READ 35 59');
  // A program that reads there keeps it from being raised, and what there is stays.
  const program = new Locker(cluster.path(f));
  await program.fcntl('ofd', 'read', 40n, 40n);
  await expect(b.session.lock({ ...at(35n, 59n), type: 'write' })).rejects.toMatchObject({
    reason: 'range_held_at_fileserver',
  });
  expect(locked(f)).toEqual(expect.arrayContaining(['OFDLCK READ 35 59']));
  program.kill();
  await eventually(async () => {
    const raised = await b.session.lock({ ...at(35n, 59n), type: 'write' });
    expect(raised).toMatchObject({ backed: true });
  });
  await kernelHas(f, 'OFDLCK WRITE 35 59');
  await b.session.unlock(at(0n, 'EOF'));
  await kernelHas(f);
});

test('flocks are flocks, and the end of a session unlocks everything', async () => {
  const f = cluster.file('whole');
  const c = await cluster.holder();
  const flock = { ...demo(f), class: 'flock' } as const;
  const held = await c.session.lock({ ...flock, type: 'write' });
  expect(held).toMatchObject({ backed: true });
  await c.session.lock({ ...demo(f), ...bytes(0n, 'EOF'), type: 'read' });
  await kernelHas(f, 'FLOCK WRITE 0 EOF', 'OFDLCK READ 0 EOF');
  expect(await cluster.opener(`flock --nonblock --shared ${f} true`).exited).toBe(1);
  const program = cluster.opener(`flock ${f} sh -c 'echo locked; cat'`);
  await c.session.end();
  await program.printed('locked');
  await expect(a.session.lock({ ...flock, type: 'read' })).rejects.toMatchObject({
    reason: 'range_held_at_fileserver',
  });
  program.end();
  await program.exited;
  const shared = await a.session.lock({ ...flock, type: 'read' });
  expect(await cluster.opener(`flock --nonblock --shared ${f} true`).exited).toBe(0);
  expect(await cluster.opener(`flock --nonblock ${f} true`).exited).toBe(1);
  await shared.release();
  await kernelHas(f);
});

test('a lock for writing and a lease keep each other out, and nobody is broken by the adapter itself', async () => {
  const f = cluster.file('leased');
  const lease = await a.session.acquire({ ...demo(f), type: 'read' });
  await expect(b.session.lock({ ...demo(f), ...bytes(0n, 9n), type: 'write' })).rejects.toMatchObject({
    reason: 'range_lease_held',
  });
  const reading = await b.session.lock({ ...demo(f), ...bytes(0n, 9n), type: 'read' });
  expect(reading).toMatchObject({ backed: true });
  expect(lease).toMatchObject({ state: 'active', type: 'read' });
  await lease.release();
  const writing = await b.session.lock({ ...demo(f), ...bytes(0n, 9n), type: 'write' });
  await expect(a.session.acquire({ ...demo(f), type: 'read' })).rejects.toMatchObject({
    reason: 'fileserver_refused',
    message: expect.stringContaining('locked ranges') as string,
  });
  await writing.release();
  await kernelHas(f);
  const again = await a.session.acquire({ ...demo(f), type: 'read' });
  await again.release();
});

test('after kill -9 of the adapter, the next one locks what it can, and the rest is told as lost', async () => {
  const [f, g] = [cluster.file('kept'), cluster.file('taken')];
  const kept = await a.session.lock({ ...demo(f), ...bytes(0n, 9n), type: 'write' });
  const taken = await a.session.lock({ ...demo(g), ...bytes(0n, 9n), type: 'write' });
  await cluster.fileserver.kill();
  expect([locked(f), locked(g)]).toEqual([[], []]);
  const program = new Locker(cluster.path(g));
  await program.fcntl('posix', 'write', 5n, 5n);
  await cluster.fileserver.start();
  await cluster.served();
  expect(await a.ear.next('lost', g)).toMatchObject({
    rangeId: taken.id,
    reason: 'fileserver_lost',
  });
  await kernelHas(f, 'OFDLCK WRITE 0 9');
  await eventually(async () => {
    const rows = [];
    for await (const { id, file, backed } of cluster.client().locks({ export: 'demo' }))
      if ([f, g].includes(file)) rows.push({ id, backed });
    expect(rows).toEqual([{ id: kept.id, backed: true }]);
  });
  program.kill();
  await kept.release();
  await kernelHas(f);
});

test('the lease API restarts: what was held stays locked, and what was unlocked meanwhile is unlocked', async () => {
  const f = cluster.file('restart');
  const mine = await a.session.lock({ ...demo(f), ...bytes(0n, 9n), type: 'write' });
  await cluster.api.kill();
  await kernelHas(f, 'OFDLCK WRITE 0 9');
  await cluster.api.start();
  await cluster.served();
  await eventually(async () => {
    expect(await a.session.lock({ ...demo(f), ...bytes(0n, 9n), type: 'write' })).toMatchObject({
      backed: true,
    });
  });
  await mine.release();
  await kernelHas(f);
});
