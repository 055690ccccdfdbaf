import { renameSync, rmSync } from 'node:fs';
import { LeaseholdError } from '#client';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { EventReader } from '../support/event-reader';
import { eventually, within } from '../support/eventually';
import { TcpProxy } from '../support/tcp-proxy';

/**
 * The lease path on real files: lease API, adapter and openers are processes, the leases are the kernel's, and the
 * holder is the TypeScript client.
 */
let cluster: Cluster;
let a: Holder;
let b: Holder;

beforeAll(async () => {
  cluster = await Cluster.start({ env: { LEASEHOLD_UNUSED_MS: '8000' } });
  a = await cluster.holder({ pid: 4711 });
  b = await cluster.holder();
});
afterAll(stopClusters);

const refusal = async (promise: Promise<unknown>): Promise<LeaseholdError> => {
  const outcome = await promise.then(
    () => 'no refusal',
    (error: unknown) => error,
  );
  if (outcome instanceof LeaseholdError) return outcome;
  throw new Error(`not refused, but: ${String(outcome)}`);
};
const demo = (file: string) => ({ export: 'demo', file });

describe('a lease on a real file', () => {
  test('a reader does not break a read lease; a writer waits for the acknowledgement and then goes on', async () => {
    const f = cluster.file('read-lease');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    expect(lease).toMatchObject({ type: 'read', state: 'active', backed: true });
    await cluster.kernelSays(f, 'ACTIVE    READ');

    const cat = cluster.opener(`cat ${f}`);
    expect(await cat.exited).toBe(0);
    expect(cat.output()).toBe('text\n');
    await cluster.kernelSays(f, 'ACTIVE    READ');

    const shell = cluster.opener(`echo more >> ${f}`);
    const notice = await a.ear.next('break', f);
    expect(notice).toMatchObject({ leaseId: lease.id, type: 'read', target: 'none', cause: 'fileserver' });
    // The kernel's limit, minus the elapsed time and a margin.
    expect(notice.remainingMs).toBeGreaterThan(0);
    expect(notice.remainingMs).toBeLessThan(45_000);
    await cluster.kernelSays(f, 'BREAKING  UNLCK');
    expect(lease.state).toBe('breaking');
    expect(shell.running).toBe(true);
    expect(cluster.content(f)).toBe('text\n');

    expect(await lease.acknowledge('none', notice.breakId)).toBe(true);
    expect(await within('the shell', shell.exited)).toBe(0);
    expect(cluster.content(f)).toBe('text\nmore\n');
    expect(lease.signal.aborted).toBe(true);
    await cluster.kernelSays(f);
    await a.ear.next('released', f);
    expect(a.ear.about(f)).toEqual(['granted', 'break', 'released']);
  });

  test('a reader breaks a write lease to read, and goes on after the downgrade', async () => {
    const f = cluster.file('write-lease');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    const before = lease.token;

    const cat = cluster.opener(`cat ${f}`);
    const notice = await a.ear.next('break', f);
    expect(notice).toMatchObject({ type: 'write', target: 'read', cause: 'fileserver' });
    await cluster.kernelSays(f, 'BREAKING  READ');
    expect(cat.running).toBe(true);

    expect(await lease.acknowledge('read', notice.breakId)).toBe(true);
    expect(await within('cat', cat.exited)).toBe(0);
    expect(cat.output()).toBe('text\n');
    await cluster.kernelSays(f, 'ACTIVE    READ');
    expect(lease).toMatchObject({ type: 'read', state: 'active' });
    expect(lease.token).toBeGreaterThan(before);
    await lease.release();
  });

  test('a writer that comes during a break to read makes it a break to none', async () => {
    const f = cluster.file('escalates');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const cat = cluster.opener(`cat ${f}`);
    const first = await a.ear.next('break', f);
    expect(first.target).toBe('read');
    const shell = cluster.opener(`echo more >> ${f}`);
    const second = await a.ear.next('break', f);
    expect(second.target).toBe('none');
    expect(second.breakId).not.toBe(first.breakId);

    expect((await refusal(lease.acknowledge('read', second.breakId))).reason).toBe('above_target');
    expect(await lease.acknowledge('read', first.breakId)).toBe(false);
    expect([cat.running, shell.running]).toEqual([true, true]);
    expect(await lease.acknowledge('none', second.breakId)).toBe(true);
    expect(await within('cat', cat.exited)).toBe(0);
    expect(await within('the shell', shell.exited)).toBe(0);
    expect(cluster.content(f)).toBe('text\nmore\n');
    await cluster.kernelSays(f);
  });

  test('an opener that does not wait fails, and still starts the break', async () => {
    const f = cluster.file('nonblock');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const dd = cluster.opener(`dd if=/dev/null of=${f} conv=notrunc oflag=nonblock 2>&1`);
    expect(await dd.exited).toBe(1);
    expect(dd.output()).toContain('Resource temporarily unavailable');
    const notice = await a.ear.next('break', f);
    expect(notice.target).toBe('none');
    await cluster.kernelSays(f, 'BREAKING  UNLCK');
    await lease.acknowledge('none', notice.breakId);
    await cluster.kernelSays(f);
    const again = await a.session.acquire({ ...demo(f), type: 'read', waitMs: 10_000 });
    await cluster.kernelSays(f, 'ACTIVE    READ');
    await again.release();
  });

  test('a second read lease shares the kernel lease, which ends with the last', async () => {
    const f = cluster.file('shared');
    const first = await a.session.acquire({ ...demo(f), type: 'read' });
    const second = await b.session.acquire({ ...demo(f), type: 'read' });
    const third = await b.session.acquire({ ...demo(f), type: 'read', owner: 'another' });
    await cluster.kernelSays(f, 'ACTIVE    READ');
    await first.release();
    await second.release();
    await cluster.agreed();
    await cluster.kernelSays(f, 'ACTIVE    READ');
    await third.release();
    await cluster.kernelSays(f);
  });

  test('the shell goes on when the last of several holders has answered', async () => {
    const f = cluster.file('two-holders');
    const first = await a.session.acquire({ ...demo(f), type: 'read' });
    const second = await b.session.acquire({ ...demo(f), type: 'read' });
    const shell = cluster.opener(`echo more >> ${f}`);
    const [one, two] = await Promise.all([a.ear.next('break', f), b.ear.next('break', f)]);
    expect(one.breakId).toBe(two.breakId);
    await first.acknowledge();
    await second.refresh();
    expect(second.state).toBe('breaking');
    expect(shell.running).toBe(true);
    await cluster.kernelSays(f, 'BREAKING  UNLCK');
    await second.acknowledge();
    expect(await within('the shell', shell.exited)).toBe(0);
  });

  test('is upgraded and downgraded; an upgrade refused for other holders leaves the lease as it is', async () => {
    const f = cluster.file('upgrade');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const token = lease.token;
    await lease.set('write');
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    expect(lease.type).toBe('write');
    expect(lease.token).toBeGreaterThan(token);
    await lease.set('read');
    await cluster.kernelSays(f, 'ACTIVE    READ');

    const other = await b.session.acquire({ ...demo(f), type: 'read' });
    expect(await refusal(lease.set('write'))).toMatchObject({ code: 'EAGAIN', reason: 'lease_conflict' });
    await other.release();
    const reader = cluster.opener(`exec 3<${f}; echo open; read line`);
    await reader.printed('open');
    expect(await refusal(lease.set('write'))).toMatchObject({ code: 'EAGAIN', reason: 'fileserver_refused' });
    await lease.refresh();
    expect(lease).toMatchObject({ type: 'read', state: 'active' });
    await cluster.kernelSays(f, 'ACTIVE    READ');
    reader.end();
    await reader.exited;
    await eventually(() => lease.set('write'));
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await lease.release();
  });

  test('refused by the fileserver: a clear reason, and nothing is left behind', async () => {
    const f = cluster.file('refused');
    const writer = cluster.opener(`exec 3>>${f}; echo open; read line`);
    await writer.printed('open');
    expect(await refusal(a.session.acquire({ ...demo(f), type: 'read' }))).toMatchObject({
      code: 'EAGAIN',
      reason: 'fileserver_refused',
    });
    expect(await cluster.client().locksText({ export: 'demo', file: f })).toBe('');
    await cluster.kernelSays(f);
    const waiting = a.session.acquire({ ...demo(f), type: 'read', waitMs: 30_000 });
    writer.end();
    expect((await waiting).type).toBe('read');
    await (await waiting).release();
  });

  test('whose file is renamed over: the holder is told, and the name then leads to another file', async () => {
    const f = cluster.file('renamed-over');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    renameSync(cluster.path(cluster.file('its-successor', 'new\n')), cluster.path(f));
    await a.ear.next('detached', f);
    expect(lease.detached).toBe(true);
    expect(lease.state).toBe('active');
    const shell = cluster.opener(`echo more >> ${f}`);
    expect(await shell.exited).toBe(0);
    const now = await b.session.acquire({ ...demo(f), type: 'write' });
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await now.release();
    await lease.release();
    await cluster.agreed();
  });

  test('is refused on a missing file and on one outside the export', async () => {
    expect((await refusal(a.session.acquire({ ...demo('nowhere'), type: 'read' }))).reason).toBe(
      'no_such_file',
    );
    await cluster.opener(`ln -s /etc/passwd escape`).exited;
    expect((await refusal(a.session.acquire({ ...demo('escape'), type: 'read' }))).reason).toBe(
      'no_such_file',
    );
  });
});

describe('opens through the service', () => {
  test('an open by another session breaks a lease; the holder’s own open does not', async () => {
    const f = cluster.file('rest-open');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const own = await a.session.open({ ...demo(f), access: 'both' });
    expect(lease.state).toBe('active');
    await own.close();

    const opening = b.session.open({ ...demo(f), access: 'read', waitMs: 30_000 });
    const notice = await a.ear.next('break', f);
    expect(notice).toMatchObject({ target: 'read', cause: 'open' });
    await lease.acknowledge('read', notice.breakId);
    const opened = await within('the open', opening);
    await cluster.kernelSays(f, 'ACTIVE    READ');
    await opened.close();

    const writing = b.session.open({ ...demo(f), access: 'write', waitMs: 30_000 });
    const second = await a.ear.next('break', f);
    expect(second.target).toBe('none');
    await lease.acknowledge('none', second.breakId);
    await (await within('the open', writing)).close();
    await cluster.kernelSays(f);
    await a.ear.next('released', f);
    expect(a.ear.about(f)).toEqual(['granted', 'break', 'downgraded', 'break', 'released']);
  });

  test('a session that opens keeps its own lease while the others are broken', async () => {
    const f = cluster.file('spared');
    const own = await a.session.acquire({ ...demo(f), type: 'read' });
    const other = await b.session.acquire({ ...demo(f), type: 'read' });
    const opening = a.session.open({ ...demo(f), access: 'write', waitMs: 30_000 });
    await b.ear.next('break', f);
    await other.acknowledge();
    const opened = await within('the open', opening);
    await own.refresh();
    expect(own).toMatchObject({ type: 'read', state: 'active' });
    expect(a.ear.about(f)).not.toContain('break');
    await cluster.kernelSays(f, 'ACTIVE    READ');
    await opened.close();
    await own.release();
  });

  test('an open that does not wait gets EAGAIN with the blockers and the break, which continues', async () => {
    const f = cluster.file('not-waiting');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const { code, reason, status, problem } = await refusal(b.session.open({ ...demo(f), access: 'write' }));
    expect([code, reason, status]).toEqual(['EAGAIN', 'break_started', 409]);
    const notice = await a.ear.next('break', f);
    expect(problem.break).toMatchObject({ breakId: notice.breakId, target: 'none' });
    expect(problem.blockers).toEqual([
      expect.objectContaining({
        id: lease.id,
        kind: 'lease',
        sessionId: a.session.id,
        type: 'write',
        state: 'breaking',
      }),
    ]);
    await lease.acknowledge();
    await eventually(async () => (await b.session.open({ ...demo(f), access: 'write' })).close());
  });

  test('a refused lease names the conflicting opens', async () => {
    const f = cluster.file('conflict');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const { code, reason, problem } = await refusal(b.session.acquire({ ...demo(f), type: 'write' }));
    expect([code, reason]).toEqual(['EAGAIN', 'lease_conflict']);
    expect(problem.blockers).toEqual([expect.objectContaining({ id: lease.id, state: 'active' })]);
    expect(problem.break).toBeUndefined();
    expect(lease.state).toBe('active');

    const waiting = b.session.acquire({ ...demo(f), type: 'write', waitMs: 30_000 });
    await lease.release();
    const granted = await within('the grant', waiting);
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await granted.release();
  });

  test('an open whose wait elapses is told so, with its blockers', async () => {
    const f = cluster.file('in-vain');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const { code, reason, problem } = await refusal(
      b.session.open({ ...demo(f), access: 'write', waitMs: 300 }),
    );
    expect([code, reason]).toEqual(['ETIMEDOUT', 'wait_elapsed']);
    expect(problem.blockers).toEqual([expect.objectContaining({ id: lease.id, state: 'breaking' })]);
    await lease.acknowledge();
  });

  test('a repeated open finds its place in the queue', async () => {
    const f = cluster.file('queue');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const waiters = async () => {
      const list: { id: string; no: number; sessionId: string; ageMs?: number }[] = [];
      for await (const lock of cluster.client().locks({ ...demo(f), state: 'waiting' }))
        list.push({ ...lock, ageMs: undefined });
      return list;
    };
    const ask = { ...demo(f), access: 'write' as const, waitMs: 30_000, requestId: 'same-place' };
    const gone = new AbortController();
    const first = refusalOfAbort(b.session.open(ask, { signal: gone.signal }));
    await eventually(async () => {
      expect(await waiters()).toHaveLength(1);
    });
    const second = a.session.open({ ...demo(f), access: 'write', waitMs: 30_000, owner: 'behind' });
    await eventually(async () => {
      expect(await waiters()).toHaveLength(2);
    });
    const before = await waiters();
    gone.abort();
    await first;

    const repeated = b.session.open(ask);
    const other = await refusal(b.session.open({ ...ask, access: 'both' }));
    expect([other.code, other.reason]).toEqual(['EEXIST', 'id_reused_with_other_body']);
    expect(await waiters()).toEqual(before);
    await lease.acknowledge('none', (await a.ear.next('break', f)).breakId);
    const opened = await within('the repeated open', repeated);
    expect(opened.id).toBe(before[0]?.id);
    await (await within('the open behind', second)).close();
    // A repeat after the grant finds it too.
    expect((await b.session.open(ask)).id).toBe(opened.id);
    await opened.close();
  });
});

async function refusalOfAbort(promise: Promise<unknown>): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'AbortError' });
}

describe('allocation and repeated requests', () => {
  test('a repeated acquire finds the same lease; with a different body it is refused', async () => {
    const f = cluster.file('repeated');
    const ask = { ...demo(f), type: 'read' as const, requestId: 'r-1' };
    const first = await a.session.acquire(ask);
    const token = first.token;
    const again = await a.session.acquire(ask);
    expect([again.id, again.token]).toEqual([first.id, token]);
    expect(await refusal(a.session.acquire({ ...ask, type: 'write' }))).toMatchObject({
      code: 'EEXIST',
      reason: 'id_reused_with_other_body',
    });
    // The same requestId in another session is a different request.
    const other = await b.session.acquire(ask);
    expect(other.id).not.toBe(first.id);
    await other.release();
    await first.release();
    expect(await refusal(a.session.acquire(ask))).toMatchObject({ code: 'ESTALE', reason: 'lease_released' });
  });

  test('a repeated request finds its row by requestId even if the name no longer resolves', async () => {
    const f = cluster.file('removed');
    const ask = { ...demo(f), type: 'read' as const, requestId: 'r-2' };
    const opening = { ...demo(f), access: 'read' as const, requestId: 'r-2' };
    const lease = await a.session.acquire(ask);
    const opened = await b.session.open(opening);
    rmSync(cluster.path(f));
    expect((await a.session.acquire(ask)).id).toBe(lease.id);
    expect((await b.session.open(opening)).id).toBe(opened.id);
    for (const other of [
      a.session.acquire({ ...ask, type: 'write' }),
      b.session.open({ ...opening, access: 'both' }),
    ])
      expect((await refusal(other)).reason).toBe('id_reused_with_other_body');
    const anew = await refusal(a.session.acquire({ ...ask, requestId: 'r-3' }));
    expect(anew.reason).toBe('no_such_file');
    await lease.release();
    await opened.close();
  });

  test('setting the type that a lease has changes nothing; a stale token is refused', async () => {
    const f = cluster.file('idempotent');
    const { session } = a;
    const lease = await session.acquire({ ...demo(f), type: 'read' });
    const put = (body: object) =>
      cluster.api.request('PUT', `/v1/leases/${lease.id}`, { body, secret: session.secret });
    const { token } = lease;
    expect(await put({ type: 'read' })).toMatchObject({ status: 200, body: { token, state: 'active' } });
    expect(await put({ type: 'write', ifToken: token - 1 })).toMatchObject({
      status: 412,
      body: { code: 'ESTALE', reason: 'token_old' },
    });
    await cluster.kernelSays(f, 'ACTIVE    READ');
    expect(await put({ type: 'none' })).toMatchObject({ status: 200, body: { state: 'released' } });
    expect(await put({ type: 'none' })).toMatchObject({ status: 200, body: { state: 'released' } });
    expect(await put({ type: 'read' })).toMatchObject({ status: 412, body: { reason: 'lease_released' } });
  });

  test('many leases are allocated in one request, all or none, and granted one by one', async () => {
    const files = Array.from({ length: 256 }, (_, i) => cluster.file(`many-${String(i)}`));
    const { session } = await cluster.holder();
    await refusal(session.allocateMany([...files.slice(0, 9).map(demo), demo('missing')]));
    expect(session.leases.size).toBe(0);
    const listed = await cluster.api.request('GET', `/v1/leases?sessionId=${session.id}`, {
      secret: session.secret,
    });
    expect(listed.body['leases']).toEqual([]);

    const leases = await session.allocateMany(files.map(demo));
    expect(leases.map(({ file, state, token }) => [file, state, token])).toEqual(
      files.map((file) => [file, 'allocated', 0]),
    );
    await cluster.kernelSays('many-0');
    await leases[0]?.set('write');
    await leases[255]?.set('read');
    await cluster.kernelSays('many-0', 'ACTIVE    WRITE');
    await cluster.kernelSays('many-255', 'ACTIVE    READ');
    await session.end();
    await cluster.kernelSays('many-0');
  });

  test('a lease that is allocated and not set is forgotten', async () => {
    const [unused, used] = await a.session.allocateMany([
      demo(cluster.file('unused')),
      demo(cluster.file('used')),
    ]);
    await used?.set('read');
    await eventually(async () => {
      expect((await refusal(unused?.refresh() ?? Promise.resolve())).reason).toBe('no_such_lease');
    });
    expect((await refusal(unused?.set('read') ?? Promise.resolve())).status).toBe(404);
    await used?.refresh();
    expect(used?.state).toBe('active');
    await used?.release();
  });
});

describe('sessions', () => {
  test('a session without keepalives expires, and its leases end', async () => {
    const f = cluster.file('expires');
    const { session, ear } = await cluster.holder({ ttlMs: 4_000, keepalive: false });
    const lease = await session.acquire({ ...demo(f), type: 'write' });
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await ear.next('expired');
    expect(lease.signal.aborted).toBe(true);
    expect(session.signal.reason).toMatchObject({ code: 'ESTALE', reason: 'session_expired' });
    await cluster.kernelSays(f);
    const late = await cluster.api.request('PUT', `/v1/leases/${lease.id}`, {
      body: { type: 'write' },
      secret: session.secret,
    });
    expect(late).toMatchObject({ status: 412, body: { reason: 'session_expired' } });
    await (await b.session.acquire({ ...demo(f), type: 'write' })).release();
  });

  test('keepalives keep a session far beyond its TTL', async () => {
    const f = cluster.file('kept-alive');
    const { session } = await cluster.holder({ ttlMs: 3_000 });
    const lease = await session.acquire({ ...demo(f), type: 'read' });
    const until = performance.now() + 4_500;
    await eventually(() => {
      if (performance.now() < until) throw new Error('wait for one TTL and a half');
    });
    await lease.refresh();
    expect([lease.state, session.signal.aborted]).toEqual(['active', false]);
    await session.end();
  });

  test('ending a session releases its leases and closes its opens at once', async () => {
    const f = cluster.file('ended');
    const g = cluster.file('ended-too');
    const { session } = await cluster.holder();
    await session.acquire({ ...demo(f), type: 'read' });
    await session.open({ ...demo(g), access: 'write' });
    expect((await refusal(a.session.acquire({ ...demo(g), type: 'read' }))).reason).toBe('open_conflict');
    await session.end();
    await cluster.kernelSays(f);
    await (await a.session.acquire({ ...demo(g), type: 'read' })).release();
    const late = await cluster.api.request('POST', `/v1/sessions/${session.id}/keepalive`, {
      secret: session.secret,
    });
    expect(late).toMatchObject({ status: 412, body: { reason: 'session_expired' } });
  });

  test('nobody can act for a session without its secret', async () => {
    const f = cluster.file('secret');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const del = (secret?: string) => cluster.api.request('DELETE', `/v1/leases/${lease.id}`, { secret });
    expect(await del()).toMatchObject({ status: 401, body: { reason: 'no_credentials' } });
    expect(await del(b.session.secret)).toMatchObject({ status: 403, body: { reason: 'not_holder' } });
    await cluster.kernelSays(f, 'ACTIVE    READ');
    expect((await del(a.session.secret)).status).toBe(204);
  });
});

describe('fencing tokens', () => {
  test('a token is valid exactly while its lease has it, and grows with every grant', async () => {
    const f = cluster.file('fenced');
    const client = cluster.client();
    const check = (token: number, what: 'read' | 'write') =>
      client.checkFence({ ...demo(f), token, for: what });
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const first = lease.token;
    expect(await check(first, 'write')).toEqual({
      valid: true,
      leaseId: lease.id,
      type: 'write',
      state: 'active',
    });
    expect((await client.fence(demo(f))).highestToken).toBe(first);
    expect((await refusal(check(first + 1, 'read'))).code).toBe('ESTALE');

    void b.session.open({ ...demo(f), access: 'read', waitMs: 30_000 }).then((opened) => opened.close());
    await a.ear.next('break', f);
    expect(await check(first, 'write')).toMatchObject({ valid: true, state: 'breaking' });
    await lease.acknowledge('read');
    expect((await refusal(check(first, 'write'))).reason).toBe('token_old');
    expect((await refusal(check(first, 'read'))).reason).toBe('token_old');
    expect(lease.token).toBeGreaterThan(first);
    expect(await check(lease.token, 'read')).toMatchObject({ type: 'read' });
    expect((await refusal(check(lease.token, 'write'))).code).toBe('ESTALE');

    const last = lease.token;
    await lease.release();
    expect((await refusal(check(last, 'read'))).reason).toBe('token_old');
    const next = await eventually(() => b.session.acquire({ ...demo(f), type: 'write' }));
    expect(next.token).toBeGreaterThan(last);
    expect((await client.fence(demo(f))).highestToken).toBe(next.token);
    await next.release();
  });
});

describe('the event stream', () => {
  test('cut: after the reconnect no event is lost, all are in order, and no resync is needed', async () => {
    const proxy = await TcpProxy.start({ target: () => new URL(cluster.api.url).host });
    const { session, ear } = await cluster.holder({}, `http://${proxy.address}`);
    await ear.next('resync');
    const files = ['cut-1', 'cut-2', 'cut-3'].map((name) => cluster.file(name));
    for (const file of files) await session.acquire({ ...demo(file), type: 'read' });
    const before = await b.session.acquire({ ...demo(cluster.file('cut-0')), type: 'read' });
    await before.release();

    proxy.cut();
    const shells = files.map((file) => cluster.opener(`echo more >> ${file}`));
    for (const file of files)
      await eventually(() => {
        expect(cluster.kernel(file)[0]).toContain('BREAKING');
      });
    // The order in which they reached the table.
    const running = await eventually(async () => {
      const breaks: { file: string; no: number }[] = [];
      for await (const lock of cluster.client().locks({ session: session.id }))
        if (lock.break) breaks.push({ file: lock.file, no: Number(lock.break.breakId.slice(1)) });
      expect(breaks).toHaveLength(3);
      return breaks.sort((one, other) => one.no - other.no);
    });
    expect(ear.notices.filter(({ event }) => event === 'break')).toEqual([]);
    proxy.mend();
    for (const { file } of running) await ear.next('break', file);
    const told = ear.notices.filter(({ event }) => event === 'break');
    expect(told.map(({ data }) => 'file' in data && data.file)).toEqual(running.map(({ file }) => file));

    for (const lease of [...session.leases.values()]) await lease.acknowledge();
    for (const shell of shells) expect(await within('a shell', shell.exited)).toBe(0);
    for (const { file } of running) await ear.next('released', file);
    expect(ear.notices.filter(({ event }) => event === 'resync')).toHaveLength(1);
  });

  test('cut again and again during breaks: each break is delivered', async () => {
    const proxy = await TcpProxy.start({ target: () => new URL(cluster.api.url).host });
    const { session, ear } = await cluster.holder({}, `http://${proxy.address}`);
    for (let round = 0; round < 5; round += 1) {
      const f = cluster.file(`flaky-${String(round)}`);
      const lease = await session.acquire({ ...demo(f), type: 'read' });
      const opening = b.session.open({ ...demo(f), access: 'write', waitMs: 30_000 });
      if (round % 2 === 0) await ear.next('break', f);
      proxy.cut();
      proxy.mend();
      if (round % 2 === 1) await ear.next('break', f);
      await lease.acknowledge();
      await (await within('the open', opening)).close();
      expect(ear.about(f).filter((event) => event === 'break')).toHaveLength(1);
    }
  });

  test('replays from an id, in order, with the same ids; an unknown id is answered with resync', async () => {
    const plain = await cluster.api.session();
    const session = await cluster.client().attachSession(plain, { events: false });
    cluster.heard(session);
    const live = await new EventReader().open(cluster.api.url, plain);
    const start = await live.next();
    expect(start).toMatchObject({ event: 'resync', data: { cause: 'connected' } });
    const files = ['replay-1', 'replay-2', 'replay-3'].map((name) => cluster.file(name));
    for (const file of files) {
      const lease = await session.acquire({ ...demo(file), type: 'write' });
      await lease.set('read');
      await lease.release();
    }
    for (let i = 0; i < 9; i += 1) await live.next();
    const told = live.events.slice(1);
    expect(told.map(({ event, data }) => [event, data['file']])).toEqual(
      files.flatMap((file) => [
        ['granted', file],
        ['downgraded', file],
        ['released', file],
      ]),
    );
    live.close();

    for (const from of [0, 1, 5]) {
      const id = from === 0 ? start.id : told[from - 1]?.id;
      const replayed = await new EventReader(id).open(cluster.api.url, plain);
      for (let i = from; i < 9; i += 1) expect(await replayed.next()).toEqual(told[i]);
      replayed.close();
    }
    const [epoch = '', no = ''] = told[8]?.id?.split('-') ?? [];
    const later = `${String(Number(epoch) + 1)}-${no}`;
    for (const [id, cause] of [
      ['nonsense', 'unknown_id'],
      [later, 'other_epoch'],
    ] as const) {
      const lost = await new EventReader(id).open(cluster.api.url, plain);
      const first = await lost.next();
      expect(first).toMatchObject({ event: 'resync', data: { cause } });
      expect(first.id).toMatch(new RegExp(`^${epoch}-`));
      lost.close();
    }
  });

  test('survives a restart of the lease API like any other cut', async () => {
    const f = cluster.file('over-restart');
    const { session, ear } = await cluster.holder();
    await ear.next('resync');
    const lease = await session.acquire({ ...demo(f), type: 'read' });
    expect(await cluster.api.stop()).toBe(0);
    const shell = cluster.opener(`echo more >> ${f}`);
    await cluster.kernelSays(f, 'BREAKING  UNLCK');
    await cluster.api.start();
    await ear.next('break', f);
    await lease.acknowledge();
    expect(await within('the shell', shell.exited)).toBe(0);
    await cluster.agreed();
  });
});
