import { keyOf } from '#rpc';
import { type Contract, GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { must, NfsClientState } from '../../apps/nfs-head/src/nfs-client-state';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually } from '../support/eventually';
import { Locker } from '../support/locker';
import { rpcSecret } from '../support/service';

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
  const limits = { LEASEHOLD_ASK_MS: '5000', LEASEHOLD_LOST_MS: '3000' };
  cluster = await Cluster.start({ env: { ...limits, LEASEHOLD_GRPC: '127.0.0.1:0' } });
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

test('a question is answered with what a program has, and locks nothing', async () => {
  const f = cluster.file('asked');
  const program = new Locker(cluster.path(f));
  await program.fcntl('posix', 'write', 10n, 19n);
  await program.fcntl('ofd', 'read', 30n, 'EOF');
  const ask = (type: 'read' | 'write', start: bigint, end: bigint | 'EOF') =>
    b.session.testLock({ ...demo(f), ...bytes(start, end), type });
  const there = { id: '', sessionId: '', owner: '', state: 'held', atFileserver: true };
  expect(await ask('read', 0n, 99n)).toEqual({
    ...{ ...there, kind: 'posix', type: 'write', start: '10', end: '19', pid: program.pid },
  });
  expect(await ask('write', 25n, 99n)).toEqual({
    ...{ ...there, kind: 'ofd', type: 'read', start: '30', end: 'EOF', pid: 0 },
  });
  expect(await ask('read', 20n, 'EOF')).toBeUndefined();
  await kernelHas(f, 'OFDLCK READ 30 EOF');
  // The locks of the cluster are not in its own way, and those of the table come first.
  await a.session.lock({ ...demo(f), ...bytes(0n, 4n), type: 'write' });
  expect(await ask('read', 0n, 99n)).toMatchObject({ kind: 'posix', sessionId: a.session.id, start: '0' });
  expect(await a.session.testLock({ ...demo(f), ...bytes(0n, 10n), type: 'write' })).toMatchObject({
    ...there,
    start: '10',
    end: '19',
  });
  await kernelHas(f, 'OFDLCK READ 30 EOF', 'OFDLCK WRITE 0 4');
  program.kill();
  await eventually(async () => {
    expect(await ask('write', 10n, 'EOF')).toBeUndefined();
  });
  await a.session.unlock({ ...demo(f), ...bytes(0n, 'EOF') });
});

test('a question about a flock is answered likewise, also beside what the cluster has', async () => {
  const f = cluster.file('whole-asked');
  const flock = { ...demo(f), class: 'flock' } as const;
  const ask = (type: 'read' | 'write') => a.session.testLock({ ...flock, type });
  const program = new Locker(cluster.path(f));
  await program.flock('read');
  expect(await ask('read')).toBeUndefined();
  expect(await ask('write')).toMatchObject({ kind: 'flock', type: 'read', pid: 0, atFileserver: true });
  const shared = await a.session.lock({ ...flock, type: 'read' });
  expect(await ask('write')).toMatchObject({ kind: 'flock', type: 'read', pid: program.pid });
  await shared.release();
  await kernelHas(f, 'FLOCK READ 0 EOF');
  program.kill();
  await kernelHas(f);
  const writer = new Locker(cluster.path(f));
  await writer.flock('write');
  expect(await ask('read')).toMatchObject({ kind: 'flock', type: 'write', atFileserver: true });
  writer.kill();
  await eventually(async () => {
    expect(await ask('write')).toBeUndefined();
  });
});

test('a question is refused as the lock would be, and while the fileserver does not answer', async () => {
  const f = cluster.file('unanswered');
  const lease = await a.session.acquire({ ...demo(f), type: 'read' });
  const writing = { ...demo(f), ...bytes(0n, 9n), type: 'write' } as const;
  await expect(b.session.testLock(writing)).rejects.toMatchObject({ reason: 'range_lease_held' });
  expect(await b.session.testLock({ ...writing, type: 'read' })).toBeUndefined();
  expect(cluster.kernel(f)).toHaveLength(1);
  await lease.release();
  process.kill(cluster.fileserver.pid, 'SIGSTOP');
  try {
    const { status, body } = await cluster.api.request('POST', '/v1/ranges/test', {
      body: { ...demo(f), sessionId: b.session.id, class: 'posix', type: 'write', start: '0', end: '9' },
      secret: b.session.secret,
    });
    expect(status).toBeGreaterThanOrEqual(503);
    expect(body).toMatchObject({
      reason: expect.stringMatching(/^(fileserver_timeout|no_backend)$/) as string,
    });
  } finally {
    process.kill(cluster.fileserver.pid, 'SIGCONT');
  }
  await cluster.served();
  await eventually(async () => {
    expect(await b.session.testLock(writing)).toBeUndefined();
  });
});

describe.each(['gRPC', 'TCP'] as const)('the locks of NFS clients, over %s', (transport) => {
  let contract: Contract;
  let client: NfsClientState;
  let f: string;
  const where = () => ({ export: 'demo', file: f });

  beforeAll(async () => {
    const key = keyOf(rpcSecret);
    contract =
      transport === 'gRPC'
        ? new GrpcContract(cluster.api.grpcAddress, key)
        : new TcpContract(cluster.api.rpcAddress, key);
    client = await NfsClientState.exchangeId(contract, { label: 'c', leaseTimeMs: 120_000 }, () => undefined);
    f = cluster.file(`nfs-${transport}`);
    must(await client.open('o', where(), { access: 'OPEN4_SHARE_ACCESS_BOTH' }));
  });
  afterAll(() => {
    client.stop();
    contract.close();
  });

  test('LOCK is in the kernel before it is answered, and LOCKU lets programs in', async () => {
    must(await client.lock('l', where(), 'WRITE_LT', '10', '10'));
    expect(locked(f)).toEqual(['OFDLCK WRITE 10 19']);
    const program = new Locker(cluster.path(f));
    await expect(program.fcntl('posix', 'read', 19n, 19n)).rejects.toThrow(EAGAIN);
    program.waitFcntl('write', 10n, 19n);
    await eventually(() => {
      expect(cluster.kernelLocks(f)).toContain('-> POSIX');
    });
    must(await client.lockU('l', where()));
    await eventually(() => {
      expect(cluster.kernelLocks(f)).toMatch(/^\d+: POSIX +ADVISORY +WRITE \d+ \S+ 10 19$/m);
    });
    program.kill();
    await kernelHas(f);
  });

  test('LOCK and LOCKT are denied what a program has, and leave nothing', async () => {
    const program = new Locker(cluster.path(f));
    await program.fcntl('posix', 'write', 100n, 'EOF');
    const denied = await client.lock('l', where(), 'WRITE_LT', '50', '51');
    expect([denied.status, denied.denied]).toEqual(['NFS4ERR_DENIED', undefined]);
    expect(await client.lockT('l', where(), 'READ_LT', '50', '51')).toMatchObject({
      status: 'NFS4ERR_DENIED',
      denied: { offset: '100', length: '18446744073709551615', type: 'WRITE_LT', sessionId: '', owner: '' },
    });
    must(await client.lockT('l', where(), 'WRITE_LT', '50', '50'));
    await kernelHas(f);
    // A blocking lock has its place, and is granted when the program has gone.
    const waits = await client.lock('l', where(), 'WRITEW_LT', '50', '51');
    expect(waits.status).toBe('NFS4ERR_DENIED');
    program.kill();
    await eventually(async () => {
      must(await client.lock('l', where(), 'WRITEW_LT', '50', '51'));
    });
    expect(locked(f)).toEqual(['OFDLCK WRITE 50 100']);
    must(await client.lockU('l', where()));
    await kernelHas(f);
  });
});

test('the ranges of a set are in the kernel, all or none', async () => {
  const [f, g] = [cluster.file('set-1'), cluster.file('set-2')];
  const program = new Locker(cluster.path(g));
  await program.fcntl('posix', 'read', 5n, 5n);
  const wanted = {
    ranges: [
      { name: `demo:${g}`, type: 'write', start: 0, end: 9 },
      { name: `demo:${f}`, type: 'write', start: 0, end: 9 },
      { name: `demo:${f}`, type: 'read', start: 20, end: 29 },
    ],
  } as const;
  const refused = a.session.takeSet({ ranges: [...wanted.ranges] });
  await expect(refused).rejects.toMatchObject({
    reason: 'range_held_at_fileserver',
    message: expect.stringContaining(`demo:${g}`) as string,
  });
  await kernelHas(f);
  await kernelHas(g);
  const waiting = a.session.takeSet({ ranges: [...wanted.ranges] }, { waitMs: 50_000 });
  // It has the first file while it waits for the second.
  await kernelHas(f, 'OFDLCK READ 20 29', 'OFDLCK WRITE 0 9');
  program.kill();
  const set = await waiting;
  expect(set.ranges.map(({ backed }) => backed)).toEqual([true, true, true]);
  await kernelHas(g, 'OFDLCK WRITE 0 9');
  await set.release();
  await kernelHas(f);
  await kernelHas(g);
});

test('ranges are split, joined, raised and lowered in the kernel as in the table, whoever has them', async () => {
  const f = cluster.file('shapes');
  const at = (start: bigint, end: bigint | 'EOF') => ({ ...demo(f), ...bytes(start, end) });
  await a.session.lock({ ...at(0n, 99n), type: 'write' });
  await a.session.unlock(at(40n, 49n));
  await kernelHas(f, 'OFDLCK WRITE 0 39', 'OFDLCK WRITE 50 99');
  // What is left behind the piece is a lock of its own, whose id the listing says.
  const tails = [];
  for await (const { id, start } of cluster.client().locks({ session: a.session.id }))
    if (start === '50') tails.push(await a.session.range(id));
  expect(tails).toMatchObject([{ start: 50n, end: 99n, type: 'write', backed: true }]);
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

/** A slow restart may have put it in jeopardy before, for another cause. */
const jeopardy = async (ear: Holder['ear'], cause: string): Promise<void> => {
  for (;;) {
    const heard = await ear.next('jeopardy');
    expect(heard.export).toBe('demo');
    if (heard.cause === cause) return;
  }
};

test('holders of ranges are told that the fileserver may have lost them, and how that ended', async () => {
  const [f, g] = [cluster.file('doubt'), cluster.file('doubt-too')];
  // Earlier tests may have put the sessions that all share in jeopardy.
  const [first, c] = [await cluster.holder(), await cluster.holder()];
  const stranger = await cluster.holder();
  const mine = await first.session.lock({ ...demo(f), ...bytes(0n, 9n), type: 'write' });
  const its = await c.session.lock({ ...demo(g), class: 'flock', type: 'read' });
  process.kill(cluster.fileserver.pid, 'SIGSTOP');
  for (const { ear } of [first, c]) await jeopardy(ear, 'fileserver_lost');
  expect([mine.backed, its.backed]).toEqual([false, false]);
  process.kill(cluster.fileserver.pid, 'SIGCONT');
  expect(await first.ear.next('reclaimed', f)).toEqual({
    ...{ ...demo(f), owner: first.session.id, rangeId: mine.id, type: 'write' },
  });
  expect(await c.ear.next('reclaimed', g)).toMatchObject({ rangeId: its.id, type: 'read' });
  expect([mine.backed, its.backed]).toEqual([true, true]);
  // A stream that begins later knows what its session has; an adapter that follows reports what it has locked again.
  const later = cluster.heard(
    await cluster.client().attachSession({ sessionId: c.session.id, secret: c.session.secret }),
  );
  await later.ear.next('resync');
  await cluster.fileserver.kill();
  await cluster.fileserver.start();
  await cluster.served();
  expect(await first.ear.next('reclaimed', f)).toMatchObject({ rangeId: mine.id });
  await cluster.fileserver.stop();
  for (const { ear } of [first, later]) await jeopardy(ear, 'fileserver_stopped');
  await cluster.fileserver.start();
  await cluster.served();
  expect(await later.ear.next('reclaimed', g)).toMatchObject({ rangeId: its.id });
  expect(stranger.ear.notices.filter(({ event }) => event !== 'resync')).toEqual([]);
  await mine.release();
  await its.release();
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

test('a live adapter that is followed keeps its locks until it lets go, and then its successor has them', async () => {
  const f = cluster.file('followed');
  const mine = await a.session.lock({ ...demo(f), ...bytes(0n, 9n), type: 'write' });
  process.kill(cluster.fileserver.pid, 'SIGSTOP');
  const before = await cluster.supersede();
  // It is not dead: what it has keeps its successor out, so nothing is sure, and nothing is lost.
  await eventually(async () => {
    await mine.refresh();
    expect(mine.backed).toBe(false);
  });
  expect(locked(f)).toEqual(['OFDLCK WRITE 0 9']);
  const program = new Locker(cluster.path(f));
  await expect(program.fcntl('posix', 'read', 0n, 0n)).rejects.toThrow(EAGAIN);
  process.kill(before.pid, 'SIGCONT');
  expect(await a.ear.next('reclaimed', f)).toMatchObject({ rangeId: mine.id });
  await kernelHas(f, 'OFDLCK WRITE 0 9');
  expect(mine.backed).toBe(true);
  await expect(program.fcntl('posix', 'read', 0n, 0n)).rejects.toThrow(EAGAIN);
  await mine.release();
  await program.fcntl('posix', 'write', 0n, 9n);
  program.kill();
  await kernelHas(f);
});
