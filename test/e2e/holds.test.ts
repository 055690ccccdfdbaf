import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';

/** Opens with deny, delegations, range locks, changes and waits, through the client, on real files. */
let cluster: Cluster;
let a: Holder;
let b: Holder;

beforeAll(async () => {
  cluster = await Cluster.start({
    env: { LEASEHOLD_COOL_MS: '500', LEASEHOLD_DIRECTORY_DELEGATIONS: 'local' },
  });
  [a, b] = [await cluster.holder({ pid: 4711 }), await cluster.holder({ pid: 4712 })];
});
afterAll(stopClusters);

const demo = (file: string) => ({ export: 'demo', file });
const local = (file: string) => ({ export: 'local', file });

describe('a directory of a real export', () => {
  test('can be locked as with flock, in the table only, and cannot be leased', async () => {
    const dir = demo(`locked-${cluster.file('beside')}`);
    mkdirSync(join(cluster.exported, dir.file));
    const whole = { ...dir, class: 'flock', type: 'write' } as const;
    const mine = await a.session.lock(whole);
    expect(mine).toMatchObject({ backed: false, class: 'flock', start: 0n, end: 'EOF' });
    await expect(b.session.lock(whole)).rejects.toMatchObject({
      ...{
        code: 'EAGAIN',
        reason: 'range_conflict',
        problem: { blockers: [{ id: mine.id, kind: 'flock' }] },
      },
    });
    await expect(b.session.acquire({ ...dir, type: 'read' })).rejects.toMatchObject({
      ...{ code: 'EOPNOTSUPP', reason: 'lease_type_unsupported' },
    });
    // Nothing of the attempt is left, and the next in line has the lock.
    const next = b.session.lock({ ...whole, waitMs: 60_000 });
    await mine.release();
    await using got = await next;
    expect(got.waiting).toBe(false);
    // Its holder hears that the name leads elsewhere, as for a file.
    renameSync(join(cluster.exported, dir.file), join(cluster.exported, `${dir.file}-moved`));
    expect(await b.ear.next('detached', dir.file)).toMatchObject({ rangeId: got.id });
  });
});

describe('opens', () => {
  test('deny each other, change in place, and wait', async () => {
    const f = demo(cluster.file('deny'));
    const mine = await a.session.open({ ...f, access: 'read', deny: 'write' });
    await expect(b.session.open({ ...f, access: 'write' })).rejects.toMatchObject({
      code: 'EAGAIN',
      reason: 'share_denied',
      problem: { blockers: [{ id: mine.id, kind: 'open', pid: 4711, deny: 'write' }] },
    });
    const queued = await b.session.open({ ...f, access: 'write', queued: true, waitMs: 300_000 });
    expect(queued).toMatchObject({ waiting: true, stateid: { seqid: 0 } });
    expect(await b.session.waiting(queued.id)).toMatchObject({
      kind: 'open',
      ahead: 0,
      why: { reason: 'share_denied' },
    });
    await expect(mine.set('both', 'write', { lower: true })).rejects.toMatchObject({
      reason: 'above_present',
    });
    const { seqid } = mine.stateid;
    const lowered = await mine.set('read', 'none', { lower: true });
    expect(lowered).toMatchObject({ id: mine.id, deny: 'none', stateid: { seqid: seqid + 1 } });
    expect(await b.ear.next('granted', f.file)).toMatchObject({ openId: queued.id, access: 'write' });
    expect(await b.session.opened(queued.id)).toMatchObject({ waiting: false });
    await expect(b.session.waiting(queued.id)).rejects.toMatchObject({
      code: 'ENOENT',
      reason: 'no_such_wait',
    });
    await queued.close();
    await mine.close();
  });

  test('a waiting upgrade is answered when its own session withdraws it', async () => {
    const f = local('withdrawn');
    const mine = await a.session.open({ ...f, access: 'read' });
    const other = await b.session.open({ ...f, access: 'read', deny: 'write' });
    const more = mine.set('both', 'none', { waitMs: 60_000 });
    const ends = expect(within('the withdrawn want', more)).rejects.toMatchObject({ reason: 'cancelled' });
    await eventually(() => a.session.waiting(mine.id));
    await mine.set('read', 'none');
    await ends;
    await mine.close();
    await other.close();
  });

  test('a queued open ends when it is closed, and when its caller disconnects', async () => {
    const f = demo(cluster.file('given-up'));
    const mine = await a.session.open({ ...f, access: 'both', deny: 'both' });
    const queued = await b.session.open({ ...f, access: 'read', queued: true, waitMs: 300_000 });
    await queued.close();
    expect(await b.ear.next('dropped', f.file)).toMatchObject({ openId: queued.id, reason: 'cancelled' });
    const gone = new AbortController();
    const body = { sessionId: b.session.id, ...f, access: 'read', waitMs: 60_000 };
    const asked = fetch(`${cluster.api.url}/v1/opens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-secret': b.session.secret },
      body: JSON.stringify(body),
      signal: gone.signal,
    }).catch(() => undefined);
    await eventually(async () => {
      expect((await waiters(f.file)).length).toBe(1);
    });
    gone.abort();
    await asked;
    expect(await b.ear.next('dropped', f.file)).toMatchObject({ reason: 'cancelled' });
    expect(await waiters(f.file)).toEqual([]);
    await mine.close();
  });
});

describe('a session that ends', () => {
  test.each<[string, string, object]>([
    ['lease', 'leases/acquire', { type: 'write' }],
    ['open', 'opens', { access: 'write' }],
    ['range lock', 'ranges', { class: 'posix', type: 'write', start: 0, end: 9 }],
    ['change', 'files/changes', { kind: 'truncate' }],
  ])('ends a waiting request for a %s with the reason', async (what, route, want) => {
    const f = local(`ends-${what}`);
    const mine = await a.session.open({ ...f, access: 'both', deny: 'both' });
    const held = await a.session.acquire({ ...f, type: 'write' });
    await a.session.lock({ ...f, class: 'posix', type: 'write', start: 0n, end: 99n });
    const { session } = await cluster.holder();
    const asked = fetch(`${cluster.api.url}/v1/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-session-secret': session.secret },
      body: JSON.stringify({ sessionId: session.id, ...f, waitMs: 60_000, ...want }),
    });
    await eventually(async () => {
      expect((await waiters(f.file, 'local')).length).toBe(1);
    });
    await session.end();
    const answer = await within('the answer', asked);
    expect(answer.status).toBe(412);
    expect(await answer.json()).toMatchObject({ code: 'ESTALE', reason: 'session_expired' });
    await held.release();
    await mine.close();
  });
});

describe('delegations', () => {
  test('come with an open, are held at the fileserver, and are broken by a stranger there', async () => {
    const f = cluster.file('delegated');
    const opened = await a.session.open({ ...demo(f), access: 'read', want: 'read' });
    const lease = opened.delegation?.lease;
    expect(lease).toMatchObject({ delegation: true, type: 'read', state: 'active', backed: true });
    await cluster.kernelSays(f, 'ACTIVE    READ');
    expect(await cluster.client().locksText(demo(f))).toMatch(/^\d+: DELEG {2}ACTIVE {4}READ 4711 /);
    const other = lease?.stateid.other ?? '';
    expect(await a.session.stateid(other)).toMatchObject({
      kind: 'delegation',
      id: lease?.id,
      state: 'active',
    });
    const shell = cluster.opener(`echo more >> ${f}`);
    expect(await a.ear.next('break', f)).toMatchObject({ leaseId: lease?.id, target: 'none' });
    expect(lease?.breaking.aborted).toBe(true);
    await expect(lease?.free()).rejects.toMatchObject({ code: 'EBUSY', reason: 'lease_held' });
    await lease?.acknowledge();
    expect(await within('the shell', shell.exited)).toBe(0);
    expect(lease?.signal.aborted).toBe(true);
    // The file cools down, and then a session that wants a signal gets it.
    const ask = { ...demo(f), want: 'read' as const, signal: true };
    expect(await a.session.delegate(ask)).toMatchObject({ whyNot: 'CONTENTION', willSignal: true });
    expect(await a.ear.next('available', f)).toMatchObject({ type: 'read' });
    const again = await a.session.delegate(ask);
    expect(again.lease).toMatchObject({ type: 'read', state: 'active' });
    await again.lease?.release();
    await again.lease?.free();
    await expect(a.session.stateid(again.lease?.stateid.other ?? '')).rejects.toMatchObject({
      code: 'ENOENT',
    });
    await opened.close();
  });

  test('are not granted where a local program has the file open, and the open succeeds', async () => {
    const f = cluster.file('contended');
    const shell = cluster.opener(`exec 3>>${f}; echo opened; read x`);
    await shell.printed('opened');
    const opened = await a.session.open({ ...demo(f), access: 'read', want: 'any', signal: true });
    expect(opened).toMatchObject({ waiting: false, delegation: { whyNot: 'CONTENTION', willSignal: false } });
    shell.end();
    await shell.exited;
    expect(await a.session.delegate({ ...demo(f), want: 'read' })).toMatchObject({ lease: { backed: true } });
    await opened.close();
  });

  test('of what cannot be delegated are refused with that as the reason, whatever is wanted', async () => {
    const pipe = 'pipe';
    execFileSync('mkfifo', [cluster.path(pipe)]);
    for (const want of ['read', 'write', 'any'] as const)
      expect(await a.session.delegate({ ...demo(pipe), want })).toMatchObject({
        whyNot: 'NOT_SUPP_FTYPE',
        willSignal: false,
      });
  });

  test('of directories are broken by entries that appear and disappear, on exports that allow them', async () => {
    expect(await a.session.delegate({ ...demo('.'), want: 'read', directory: true })).toMatchObject({
      whyNot: 'IS_DIR',
      willSignal: false,
    });
    const { lease } = await a.session.delegate({ ...local('d'), want: 'read', directory: true });
    await a.session.change({ ...local('d/own'), kind: 'unlink' });
    await expect(b.session.change({ ...local('d/x'), kind: 'unlink' })).rejects.toMatchObject({
      code: 'EAGAIN',
      reason: 'break_started',
      problem: { blockers: [{ id: lease?.id, kind: 'delegation' }] },
    });
    expect(await a.ear.next('break', 'd')).toMatchObject({ leaseId: lease?.id, cause: 'change' });
    const change = b.session.change({ ...local('x'), to: 'd/x', kind: 'link', waitMs: 30_000 });
    await lease?.acknowledge();
    expect(await within('the change', change)).toMatchObject({ state: 'allowed', file: 'x', kind: 'link' });
    expect(await b.session.change({ ...demo('new'), kind: 'unlink' }).catch((e: unknown) => e)).toMatchObject(
      {
        reason: 'no_such_file',
      },
    );
    expect(await b.session.change({ ...demo('.'), kind: 'entries' })).toMatchObject({ state: 'allowed' });
  });
});

describe('range locks', () => {
  test('split, convert, wait in turn, and name blockers', async () => {
    const f = demo(cluster.file('ranges'));
    const posix = { ...f, class: 'posix' as const };
    const held = await a.session.lock({ ...posix, type: 'write', end: 99 });
    expect(held).toMatchObject({ start: 0n, end: 99n, waiting: false });
    expect(await a.session.unlock({ ...posix, start: 40, end: 49 })).toBe(true);
    expect(await a.session.unlock({ ...posix, start: 40, end: 49 })).toBe(false);
    expect(await a.session.range(held.id)).toMatchObject({ start: 0n, end: 39n });
    const ask = { ...posix, type: 'read' as const, start: 45, end: 55 };
    expect(await b.session.testLock({ ...ask, end: 49 })).toBeUndefined();
    expect(await b.session.testLock(ask)).toMatchObject({ kind: 'posix', pid: 4711, start: '50', end: '99' });
    await expect(b.session.lock(ask)).rejects.toMatchObject({
      reason: 'range_conflict',
      problem: { blockers: [{ start: '50', end: '99', state: 'held' }] },
    });
    const waiting = b.session.lock({ ...ask, waitMs: 30_000 });
    await eventually(async () => {
      expect((await waiters(f.file)).length).toBe(1);
    });
    await a.session.lock({ ...posix, type: 'read', start: 50, end: 99 });
    const got = await within('the lock', waiting);
    expect(got).toMatchObject({ type: 'read', start: 45n, end: 55n });
    await got.release();
    await got.release();
    await a.session.unlock(posix);
    expect(await waiters(f.file)).toEqual([]);
  });

  test('a deadlock over two files is refused to the youngest request, with its cycle', async () => {
    const [f, g] = [demo(cluster.file('dead')), demo(cluster.file('lock'))];
    const whole = { class: 'flock' as const, type: 'write' as const };
    const [inF, inG] = [await a.session.lock({ ...f, ...whole }), await b.session.lock({ ...g, ...whole })];
    const waiting = a.session.lock({ ...g, ...whole, waitMs: 30_000 });
    await eventually(async () => {
      expect((await waiters(g.file)).length).toBe(1);
    });
    await expect(b.session.lock({ ...f, ...whole, waitMs: 30_000 })).rejects.toMatchObject({
      code: 'EDEADLK',
      reason: 'deadlock',
      status: 409,
      problem: {
        cycle: [
          { kind: 'range', file: f.file },
          { kind: 'range', file: g.file },
        ],
      },
    });
    await inG.release();
    await (await within('the one that waits', waiting)).release();
    await inF.release();
  });
});

async function waiters(file: string, name = 'demo'): Promise<unknown[]> {
  const found = [];
  for await (const lock of cluster.client().locks({ export: name, file }))
    if (lock.waits !== undefined) found.push(lock);
  return found;
}
