import type { Lock } from '#contracts';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { Locker } from '../support/locker';

/** The listing of everything held, its text compared with the kernel's, and administrators' forced operations. */
let cluster: Cluster;
let a: Holder;
let b: Holder;

beforeAll(async () => {
  cluster = await Cluster.start();
  a = await cluster.holder({ pid: 4711 });
  b = await cluster.holder({ pid: 4712 });
});
afterAll(stopClusters);

const demo = (file: string) => ({ export: 'demo', file });
const local = (file: string) => ({ export: 'local', file });
const list = (query: string, headers?: Record<string, string>) =>
  cluster.api.request('GET', `/v1/locks${query}`, { headers });

async function all(filter: Parameters<ReturnType<Cluster['client']>['locks']>[0]): Promise<Lock[]> {
  const locks: Lock[] = [];
  for await (const lock of cluster.client().locks(filter)) locks.push(lock);
  return locks;
}
const names = (locks: Lock[]): string[] =>
  locks.map(({ kind, file, type, state }) => [kind, file, type, state].join(' '));

/** Each lock with its waiters, without numbers, sorted: the kernel's order depends on the processor. */
function blocks(text: string): string[][] {
  const byNumber = new Map<string, string[]>();
  for (const row of text.split('\n')) {
    const [, number = '', line] = /^(\d+): (.*)$/.exec(row) ?? [];
    if (line !== undefined) byNumber.set(number, [...(byNumber.get(number) ?? []), line]);
  }
  return [...byNumber.values()].sort((x, y) => String(x).localeCompare(String(y)));
}

describe('the text and the kernel', () => {
  /** The service's and the kernel's line for one file at one moment, without what only one of them knows. */
  async function same(file: string): Promise<string> {
    return eventually(async () => {
      const before = cluster.kernel(file);
      const [line = '', ...more] = (await cluster.client().locksText(demo(file))).split('\n');
      expect(cluster.kernel(file)).toEqual(before);
      const ours = /^\d+: (.*) 4711 (.*)$/.exec(line)?.slice(1).join(' ');
      expect([ours]).toEqual(before);
      expect(more).toEqual(['']);
      return line.replace(/^\d+: /, '');
    });
  }

  test('agree on a lease that is active or breaking, whatever its type and target', async () => {
    const f = cluster.file('kernel');
    const read = await a.session.acquire({ ...demo(f), type: 'read' });
    expect(await same(f)).toMatch(/^LEASE {2}ACTIVE {4}READ 4711 [0-9a-f]{2}:[0-9a-f]{2}:\d+ 0 EOF$/);
    const shell = cluster.opener(`echo more >> ${f}`);
    await a.ear.next('break', f);
    expect(await same(f)).toMatch(/^LEASE {2}BREAKING {2}UNLCK 4711 /);
    await read.acknowledge();
    await shell.exited;

    const write = await eventually(() => a.session.acquire({ ...demo(f), type: 'write' }));
    expect(await same(f)).toMatch(/^LEASE {2}ACTIVE {4}WRITE 4711 /);
    const cat = cluster.opener(`cat ${f}`);
    await a.ear.next('break', f);
    expect(await same(f)).toMatch(/^LEASE {2}BREAKING {2}READ 4711 /);
    await write.acknowledge('read');
    await cat.exited;
    expect(await same(f)).toMatch(/^LEASE {2}ACTIVE {4}READ 4711 /);
    await write.release();
    expect(await cluster.client().locksText(demo(f))).toBe('');
  });

  test('show a waiter below the lease it waits for, under the same number', async () => {
    const f = cluster.file('waiter');
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const opening = b.session.open({ ...demo(f), access: 'write', waitMs: 30_000 });
    const notice = await a.ear.next('break', f);
    const text = await cluster.client().locksText(demo(f));
    const [row] = await all({ ...demo(f), type: 'read' });
    const no = String(row?.no);
    expect(text).toBe(
      `${no}: LEASE  BREAKING  UNLCK 4711 ${row?.inode ?? ''} 0 EOF\n` +
        `${no}: -> LEASE  BREAKER   WRITE 4712 <none>:0 0 EOF\n`,
    );
    await lease.acknowledge('none', notice.breakId);
    await (await within('the open', opening)).close();
  });

  test('agree to the byte on range locks of every class and their waiters', async () => {
    const f = cluster.file('ranges');
    const [p, q] = [new Locker(cluster.path(f)), new Locker(cluster.path(f))];
    const who = (pid: number, owner: string) => ({ ...demo(f), pid, owner });
    const inP = { ...who(p.pid, 'p'), class: 'posix' as const };
    const inQ = { ...who(q.pid, 'q'), class: 'posix' as const };
    const ofd = { ...demo(f), owner: 'description', class: 'ofd' as const };
    const waitMs = 30_000;

    await p.fcntl('posix', 'read', 0n, 99n);
    await a.session.lock({ ...inP, type: 'read', start: 0, end: 99 });
    await p.fcntl('posix', 'write', 2n ** 53n + 1n, 'EOF');
    await a.session.lock({ ...inP, type: 'write', start: 2n ** 53n + 1n });
    await q.fcntl('ofd', 'write', 5_000n, 5_009n);
    await a.session.lock({ ...ofd, type: 'write', start: 5_000n, end: 5_009n });
    await q.flock('read');
    await a.session.lock({ ...who(q.pid, 'flock'), class: 'flock', type: 'read' });
    // One after another, since they wait in that order, the last behind the one before it.
    const waiting: Promise<unknown>[] = [];
    const listed = async (lines: number): Promise<void> =>
      eventually(async () => {
        expect(blocks(cluster.kernelLocks(f)).flat()).toHaveLength(lines);
        expect(blocks(await cluster.client().locksText(demo(f))).flat()).toHaveLength(lines);
      });
    await listed(4);
    q.waitFcntl('write', 50n, 60n);
    waiting.push(a.session.lock({ ...inQ, type: 'write', start: 50, end: 60, waitMs }));
    await listed(5);
    p.waitFlock('write');
    waiting.push(a.session.lock({ ...who(p.pid, 'other'), class: 'flock', type: 'write', waitMs }));
    await listed(6);
    const third = new Locker(cluster.path(f));
    third.waitFcntl('write', 55n, 58n);
    const behind = { ...who(third.pid, 'third'), class: 'posix' as const, start: 55, end: 58 };
    waiting.push(a.session.lock({ ...behind, type: 'write', waitMs }));
    await listed(7);

    const theirs = blocks(cluster.kernelLocks(f));
    expect(blocks(await cluster.client().locksText(demo(f)))).toEqual(theirs);
    expect(theirs.flat().filter((line) => line.startsWith(' -> POSIX'))).toHaveLength(1);
    // The JSON has the same tree.
    const tree = await all({ ...demo(f), tree: true });
    const depth = ({ waiters = [] }: Lock): number => 1 + Math.max(0, ...waiters.map(depth));
    expect(tree.map(depth).sort()).toEqual([1, 1, 2, 3]);
    for (const each of [p, q, third]) each.kill();
    await a.session.unlock({ ...inP, start: 0, end: 99 });
    await a.session.unlock({ ...who(0, 'flock'), class: 'flock' });
    await Promise.all([waiting[0], waiting[1]]);
    await a.session.unlock({ ...inQ });
    await within('the last in the queue', Promise.all(waiting));
    for (const lock of await all(demo(f))) await cluster.client().forceRelease(lock.id);
  });

  test('have no line for opens and allocated leases', async () => {
    const f = cluster.file('unseen');
    const opened = await a.session.open({ ...demo(f), access: 'read' });
    const allocated = await a.session.allocate(demo(f));
    expect(await cluster.client().locksText(demo(f))).toBe('');
    expect(names(await all(demo(f))).sort()).toEqual([`lease ${f} none allocated`, `open ${f} read open`]);
    await opened.close();
    await allocated.release();
  });
});

describe('the listing', () => {
  let session: Holder['session'];
  beforeAll(async () => {
    ({ session } = await cluster.holder({ pid: 99 }));
    for (const name of ['one', 'two']) {
      cluster.file(name);
      await session.acquire({ ...demo(name), type: 'read' });
    }
    await session.acquire({ ...local('three'), type: 'write' });
    await session.open({ ...local('three'), access: 'both' });
    await session.allocate(demo('one'));
  });
  afterAll(() => session.end());

  test('is filtered by export, file, session, state and type, and by several at once', async () => {
    const of = async (filter: object): Promise<string[]> =>
      names(await all({ session: session.id, ...filter }));
    expect(await of({})).toEqual([
      'lease one read active',
      'lease two read active',
      'lease three write active',
      'open three both open',
      'lease one none allocated',
    ]);
    expect(await of({ export: 'local' })).toEqual(['lease three write active', 'open three both open']);
    expect(await of(demo('one'))).toEqual(['lease one read active', 'lease one none allocated']);
    expect(await of({ state: 'active', export: 'demo' })).toEqual([
      'lease one read active',
      'lease two read active',
    ]);
    expect(await of({ type: 'both' })).toEqual(['open three both open']);
    expect(await of({ state: 'allocated' })).toEqual(['lease one none allocated']);
    expect(await of({ state: 'breaking' })).toEqual([]);
    expect(names(await all({ session: a.session.id, state: 'active' }))).toEqual([]);
    expect(names(await all(demo('two')))).toEqual(['lease two read active']);
    expect(await list('?file=one')).toMatchObject({ status: 400, body: { reason: 'bad_request' } });
    expect(await list('?export=nowhere&file=one')).toMatchObject({
      status: 404,
      body: { reason: 'no_such_export' },
    });
  });

  test('comes as JSON, as NDJSON and as text, by header or by parameter', async () => {
    const query = `?session=${session.id}`;
    const json = await list(query);
    expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const rows = json.body['locks'] as Lock[];
    expect(rows).toHaveLength(5);
    expect(rows[0]).toEqual({
      id: expect.any(String) as string,
      no: expect.any(Number) as number,
      kind: 'lease',
      sessionId: session.id,
      owner: session.id,
      export: 'demo',
      file: 'one',
      fileId: expect.any(String) as string,
      inode: expect.stringMatching(/^[0-9a-f]{2}:[0-9a-f]{2}:\d+$/) as string,
      pid: 99,
      type: 'read',
      state: 'active',
      token: expect.any(Number) as number,
      backed: true,
      ageMs: expect.any(Number) as number,
    });
    const aged = (row: unknown): unknown => ({ ...(row as Lock), ageMs: expect.any(Number) as number });
    for (const ndjson of [
      await list(query, { accept: 'application/x-ndjson' }),
      await list(`${query}&format=ndjson`),
    ]) {
      expect(ndjson.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      const lines = ndjson.text.trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows.map(aged));
    }
    for (const text of [
      await list(query, { accept: 'text/plain' }),
      await list(`${query}&format=text`, { accept: 'application/json' }),
    ]) {
      expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(text.text.split('\n').map((line) => line.replace(/^\d+/, '#'))).toEqual([
        `#: LEASE  ACTIVE    READ 99 ${rows[0]?.inode ?? ''} 0 EOF`,
        `#: LEASE  ACTIVE    READ 99 ${rows[1]?.inode ?? ''} 0 EOF`,
        '#: LEASE  ACTIVE    WRITE 99 <none>:0 0 EOF',
        '',
      ]);
    }
  });

  test('lists every row that exists throughout exactly once, however many come and go between its pages', async () => {
    const { session: crowd } = await cluster.holder();
    const throughout: string[] = [];
    const passing: string[] = [];
    for (let i = 0; i < 80; i += 1) {
      throughout.push((await crowd.acquire({ ...local(`stays-${String(i)}`), type: 'read' })).id);
      passing.push((await crowd.acquire({ ...local(`goes-${String(i)}`), type: 'write' })).id);
    }
    const found: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await list(
        `?session=${crowd.id}&limit=7${cursor === undefined ? '' : `&cursor=${cursor}`}`,
      );
      found.push(...(page.body['locks'] as Lock[]).map(({ id }) => id));
      cursor = page.body['cursor'] as string | undefined;
      pages += 1;
      // Rows before and after the cursor disappear, and new ones appear.
      for (const id of [passing.shift(), passing.pop()])
        if (id !== undefined) await (await crowd.leased(id)).release();
      await crowd.acquire({ ...local(`comes-${String(pages)}`), type: 'read' });
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThan(10);
    expect(found.filter((id) => throughout.includes(id))).toEqual(throughout);
    expect(new Set(found).size).toBe(found.length);
    await crowd.end();
  });

  test('a page is never longer than its limit, and the last one has no cursor', async () => {
    const first = await list(`?session=${session.id}&limit=3`);
    expect(first.body['locks']).toHaveLength(3);
    const rest = await list(`?session=${session.id}&limit=3&cursor=${String(first.body['cursor'])}`);
    expect(rest.body['locks']).toHaveLength(2);
    expect(rest.body['cursor']).toBeUndefined();
    expect(await list('?limit=1001')).toMatchObject({ status: 400 });
    expect(await list('?cursor=x')).toMatchObject({ status: 400 });
  });
});

describe('by force', () => {
  const admin = (method: string, path: string, body?: unknown) =>
    cluster.api.request(method, `/v1/locks/${path}`, { body });

  test('a forced release revokes the lease and releases the hold at the fileserver', async () => {
    const f = cluster.file('forced');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const token = lease.token;
    await cluster.client().forceRelease(lease.id);
    expect(await a.ear.next('revoked', f)).toMatchObject({ leaseId: lease.id, cause: 'admin' });
    expect(lease.signal.reason).toMatchObject({ reason: 'lease_revoked' });
    await cluster.kernelSays(f);
    await expect(cluster.client().checkFence({ ...demo(f), token, for: 'write' })).rejects.toMatchObject({
      code: 'ESTALE',
    });
    const late = await cluster.api.request('PUT', `/v1/leases/${lease.id}`, {
      body: { type: 'write' },
      secret: a.session.secret,
    });
    expect(late).toMatchObject({ status: 412, body: { reason: 'lease_revoked' } });
    expect(await admin('DELETE', lease.id)).toMatchObject({ status: 404, body: { reason: 'no_such_lock' } });
    const next = await b.session.acquire({ ...demo(f), type: 'write' });
    expect(next.token).toBeGreaterThan(token);
    await next.release();
  });

  test('a forced release closes an open, and ends a waiting one', async () => {
    const f = cluster.file('forced-open');
    const opened = await b.session.open({ ...demo(f), access: 'write' });
    await cluster.client().forceRelease(opened.id);
    const lease = await a.session.acquire({ ...demo(f), type: 'read' });
    const waiting = b.session.open({ ...demo(f), access: 'write', waitMs: 30_000 });
    await a.ear.next('break', f);
    const [waiter] = await eventually(async () => {
      const waiters = await all({ ...demo(f), state: 'waiting' });
      expect(waiters).toHaveLength(1);
      return waiters;
    });
    expect(waiter?.blockedBy).toBe(lease.id);
    expect((await admin('GET', lease.id)).body).toMatchObject({
      id: lease.id,
      waiters: [{ id: waiter?.id }],
    });
    expect((await admin('GET', waiter?.id ?? '')).body).toEqual({
      ...{ ...waiter, waiters: undefined },
      ageMs: expect.any(Number) as number,
    });
    const ended = expect(waiting).rejects.toMatchObject({ name: 'LeaseholdError' });
    await cluster.client().forceRelease(waiter?.id ?? '');
    await within('the end of the wait', ended);
    await lease.release();
  });

  test('a forced break is sent to the holder as an open’s would be', async () => {
    const f = cluster.file('forced-break');
    const lease = await a.session.acquire({ ...demo(f), type: 'write' });
    const { body } = await admin('POST', `${lease.id}/break`, { target: 'read' });
    const notice = await a.ear.next('break', f);
    expect(notice).toMatchObject({ target: 'read', cause: 'admin' });
    expect(body['break']).toMatchObject({ breakId: notice.breakId, target: 'read' });
    // Nobody waits at the fileserver: its hold is reduced only after the holder has answered.
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await lease.acknowledge();
    await cluster.kernelSays(f, 'ACTIVE    READ');
    await cluster.client().forceBreak(lease.id);
    expect((await a.ear.next('break', f)).target).toBe('none');
    await lease.acknowledge();
    await cluster.kernelSays(f);
    expect(await admin('POST', `${lease.id}/break`)).toMatchObject({ status: 404 });
  });
});
