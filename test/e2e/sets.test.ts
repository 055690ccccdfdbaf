import { Leasehold, LeaseholdError, type Session } from '#client';
import type { SetTaken } from '#contracts';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';

/** Several leases, ranges and permits at once, all or none, on real files and on names alone. */
let cluster: Cluster;
let a: Holder;
let b: Holder;
let names = 0;
const fresh = (): string => `set-${String((names += 1))}`;

beforeAll(async () => {
  cluster = await Cluster.start({ env: { LEASEHOLD_ACCESS_LOG: 'on' } });
  a = await cluster.holder();
  b = await cluster.holder();
});
afterAll(() => {
  stopLeasectl();
  return stopClusters();
});

const write = (name: string) => ({ name, type: 'write' as const });
/** What a session holds or waits for, by name. */
const held = async ({ id: session }: Session): Promise<string[]> => {
  const rows: string[] = [];
  for await (const { kind, file, state, waits } of cluster.client().locks({ session }))
    if (state !== 'released' && state !== 'revoked')
      rows.push(`${kind} ${file} ${waits === undefined ? state : 'waiting'}`);
  return rows.sort();
};
const refusal = async (promise: Promise<unknown>): Promise<LeaseholdError> => {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  if (outcome instanceof LeaseholdError) return outcome;
  throw new Error(`not refused: ${String(outcome)}`);
};
const post = (session: Session, body: object) =>
  cluster.api.request('POST', '/v1/sets', {
    body: { sessionId: session.id, ...body },
    secret: session.secret,
  });

test('a set on a real file, a name and a semaphore is held as a whole, and the kernel has its part', async () => {
  const [f, name] = [cluster.file(fresh()), fresh()];
  const wanted = {
    leases: [write(`local:${name}`), write(`demo:${f}`)],
    permits: [{ name: `local:${name}`, limit: 1 }],
  };
  {
    await using set = await a.session.takeSet(wanted);
    // In the order of the request, not in that in which they were taken.
    expect(set.leases).toMatchObject([
      { file: name, backed: false },
      { file: f, backed: true },
    ]);
    expect(set.permits).toMatchObject([{ semaphore: name, waiting: false }]);
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    const refused = await refusal(b.session.takeSet(wanted));
    expect(refused).toMatchObject({ code: 'EAGAIN', reason: 'lease_conflict' });
    expect(refused.problem.detail).toBe(`Nothing of the set is held. It was refused the lease of demo:${f}.`);
  }
  expect(await held(a.session)).toEqual([]);
  await cluster.kernelSays(f);
});

test('what was taken before a refusal is given back before the refusal is told', async () => {
  const [x, y, z] = [fresh(), fresh(), fresh()];
  await using blocked = await a.session.takeSet({ permits: [{ name: `local:${z}`, limit: 1 }] });
  const wanted = {
    leases: [write(`local:${y}`), write(`local:${x}`)],
    permits: [{ name: `local:${z}`, limit: 1 }],
  };
  const refused = await refusal(b.session.takeSet(wanted));
  expect(refused.reason).toBe('semaphore_full');
  expect(refused.problem.detail).toMatch(/Ask again with another requestId\.$/);
  expect(await held(b.session)).toEqual([]);
  await blocked.release();
  await using set = await b.session.takeSet(wanted);
  expect(set.leases).toHaveLength(2);
});

test('sets of the same names in different orders wait for each other in no circle', async () => {
  const all = [fresh(), fresh(), fresh()].map((name) => write(`local:${name}`));
  const orders = [all, all.toReversed(), [...all.slice(1), ...all.slice(0, 1)]];
  let inside = 0;
  await Promise.all(
    orders.map(async (leases) => {
      const { session } = await cluster.holder();
      await using set = await session.takeSet({ leases }, { waitMs: 60_000 });
      inside += 1;
      expect([inside, set.leases.length]).toEqual([1, 3]);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    }),
  );
});

test('one that is lost while another is waited for ends the whole set', async () => {
  const [x, y] = [fresh(), fresh()].sort() as [string, string];
  await using blocked = await a.session.takeSet({ leases: [write(`local:${y}`)] });
  const waits = b.session.takeSet({ leases: [write(`local:${y}`), write(`local:${x}`)] }, { waitMs: 60_000 });
  await eventually(async () => {
    expect(await held(b.session)).toEqual([`lease ${x} active`, `lease ${y} waiting`]);
  });
  for await (const { id } of cluster.client().locks({ export: 'local', file: x }))
    await cluster.client().forceRelease(id);
  await blocked.release();
  expect(await refusal(waits)).toMatchObject({ code: 'ESTALE', reason: 'lease_revoked' });
  expect(await held(b.session)).toEqual([]);
});

test('a repeat joins the wait of a connection that was cut, finds the set, and later what became of it', async () => {
  const [x, y] = [fresh(), fresh()].sort() as [string, string];
  const leases = [x, y].map((file) => ({ export: 'local', file, type: 'write' }));
  const asked = { leases, requestId: 'once', waitMs: 60_000 };
  await using blocked = await a.session.takeSet({ leases: [write(`local:${y}`)] });
  const cut = new AbortController();
  const first = fetch(`${cluster.api.url}/v1/sets`, {
    ...{ method: 'POST', signal: cut.signal, body: JSON.stringify({ sessionId: b.session.id, ...asked }) },
    headers: { 'content-type': 'application/json', 'x-session-secret': b.session.secret },
  }).catch(() => 'cut');
  await eventually(async () => {
    expect(await held(b.session)).toEqual([`lease ${x} active`, `lease ${y} waiting`]);
  });
  cut.abort();
  expect(await within('the cut', first)).toBe('cut');
  const again = post(b.session, asked);
  await blocked.release();
  const { status, text } = await within('the repeat', again);
  expect(status).toBe(201);
  const set = JSON.parse(text) as SetTaken;
  expect(set.leases).toMatchObject([
    { file: x, state: 'active' },
    { file: y, state: 'active' },
  ]);
  expect(JSON.parse((await post(b.session, asked)).text)).toEqual(set);
  expect(await post(b.session, { ...asked, leases: leases.slice(1) })).toMatchObject({ status: 409 });
  // The repeat that comes too late takes and gives back nothing.
  const [lease] = set.leases;
  await cluster.client().forceRelease(lease?.leaseId ?? '');
  const late = JSON.parse((await post(b.session, asked)).text) as SetTaken;
  expect(late.leases.map(({ state }) => state)).toEqual(['revoked', 'active']);
});

test('with `queued` a set waits for longer than a request is held, and keeps its place from one repeat to the next', async () => {
  const [x, y, z] = [fresh(), fresh(), fresh()].sort() as [string, string, string];
  const leases = [z, x, y].map((file) => ({ export: 'local', file, type: 'write' }));
  const asked = { leases, requestId: 'slow', waitMs: 3_600_000, queued: true };
  const files = async (status: number): Promise<string[]> => {
    const answer = await post(b.session, asked);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining('leases')]);
    return (JSON.parse(answer.text) as SetTaken).leases.map(({ file, state }) => `${file} ${state}`);
  };
  await using first = await a.session.takeSet({ leases: [write(`local:${y}`)] });
  await using second = await a.session.takeSet({ leases: [write(`local:${z}`)] });
  expect(await files(202)).toEqual([`${x} active`, `${y} allocated`]);
  // Nothing is lost by asking in between, and whoever comes later is behind it.
  expect(await files(202)).toEqual([`${x} active`, `${y} allocated`]);
  const { session: later } = await cluster.holder();
  const behind = later.lease(`local:${y}`, 'write');
  await eventually(async () => {
    expect(await held(later)).toEqual([`lease ${y} waiting`]);
  });
  await first.release();
  expect(await b.ear.next('granted', y)).toMatchObject({ type: 'write' });
  expect(await files(202)).toEqual([`${z} allocated`, `${x} active`, `${y} active`]);
  await second.release();
  await b.ear.next('granted', z);
  expect(await files(201)).toEqual([`${z} active`, `${x} active`, `${y} active`]);
  expect(await held(later)).toEqual([`lease ${y} waiting`]);
  // Decided: a repeat of either form finds it.
  expect((await post(b.session, { leases, requestId: 'slow' })).status).toBe(201);
  for (const { leaseId } of (JSON.parse((await post(b.session, asked)).text) as SetTaken).leases)
    await (await b.session.leased(leaseId)).release();
  await (await behind).release();
});

test('whoever gives up a set that is queued cancels its wait, and the repeat gives back the rest', async () => {
  const { session } = await cluster.holder();
  const [x, y] = [fresh(), fresh()].sort() as [string, string];
  const permits = [{ export: 'local', semaphore: y, limit: 1 }];
  const asked = { leases: [{ export: 'local', file: x, type: 'write' }], permits, requestId: 'no' };
  await using held1 = await a.session.takeSet({ permits: [{ name: `local:${y}`, limit: 1 }] });
  const answer = await post(session, { ...asked, queued: true, waitMs: 3_600_000 });
  expect(answer.status).toBe(202);
  const [waits] = (JSON.parse(answer.text) as SetTaken).permits;
  expect(waits).toMatchObject({ state: 'waiting' });
  await cluster.api.request('DELETE', `/v1/permits/${waits?.permitId ?? ''}`, { secret: session.secret });
  expect(await post(session, asked)).toMatchObject({
    body: { detail: expect.stringMatching(/^Nothing of the set is held\./) as string },
  });
  expect(await held(session)).toEqual([]);
  expect(held1.permits).toHaveLength(1);
  expect(await post(session, { ...asked, requestId: 'long', waitMs: 60_001 })).toMatchObject({
    body: {
      reason: 'bad_request',
      issues: [{ path: 'waitMs', message: expect.stringContaining('without queued') as string }],
    },
  });
});

const bytes = (file: string, more: object = {}) => ({
  ...{ export: 'local', file, class: 'posix', type: 'write', start: 0, end: 9, ...more },
});

test('ranges are of the set: given back with it, and what their owner has beside them stays', async () => {
  const { session } = await cluster.holder();
  const [x, y] = [fresh(), fresh()].sort() as [string, string];
  const where = { export: 'local', class: 'posix', type: 'write' } as const;
  await using beside = await session.lock({ ...where, file: x, start: 20, end: 29 });
  await using blocked = await a.session.takeSet({ ranges: [{ name: `local:${y}`, type: 'read' }] });
  expect(blocked.ranges).toMatchObject([{ class: 'posix', type: 'read', start: 0n, end: 'EOF' }]);
  const ranges = [
    { name: `local:${y}`, type: 'write', start: 5 },
    { name: `local:${x}`, type: 'write', start: 10, end: 18 },
  ] as const;
  const refused = await refusal(session.takeSet({ leases: [write(`local:${x}`)], ranges }));
  expect(refused.reason).toBe('range_conflict');
  expect(refused.problem.detail).toMatch(`It was refused the range of local:${y}@5-EOF.`);
  expect(await held(session)).toEqual([`posix ${x} held`]);
  const waits = session.takeSet({ ranges }, { waitMs: 60_000 });
  await eventually(async () => {
    expect(await held(session)).toEqual([`posix ${x} held`, `posix ${x} held`, `posix ${y} waiting`]);
  });
  await blocked.release();
  const set = await within('the set', waits);
  expect(set.ranges).toMatchObject([{ file: y }, { file: x, start: 10n, end: 18n }]);
  await set.release();
  expect(await held(session)).toEqual([`posix ${x} held`]);
  // What its owner has there already would be given back with the set.
  const own = await refusal(session.takeSet({ ranges: [{ name: `local:${x}`, type: 'read', end: 25 }] }));
  expect(own).toMatchObject({ code: 'EEXIST', reason: 'owner_has_range' });
  expect(own.problem.blockers).toMatchObject([{ id: beside.id, start: '20', end: '29' }]);
});

test('a repeat finds the ranges; one that comes after they were unlocked locks nothing', async () => {
  const { session } = await cluster.holder();
  const x = fresh();
  const asked = { ranges: [bytes(x), bytes(x, { start: 20, end: 'EOF' })], requestId: 'ranges' };
  const first = await post(session, asked);
  expect(first.status).toBe(201);
  expect((await post(session, asked)).text).toBe(first.text);
  const other = { ...asked, ranges: [bytes(x)] };
  expect(JSON.parse((await post(session, other)).text)).toMatchObject({
    reason: 'id_reused_with_other_body',
  });
  await session.unlock({ export: 'local', file: x, class: 'posix' });
  expect(JSON.parse((await post(session, asked)).text)).toMatchObject({ reason: 'no_such_lock' });
  expect(await held(session)).toEqual([]);
});

test('a set that was refused after it had taken something stays refused under its requestId', async () => {
  const { session } = await cluster.holder();
  const [x, y] = [fresh(), fresh()].sort() as [string, string];
  await using blocked = await a.session.takeSet({ ranges: [{ name: `local:${y}`, type: 'read' }] });
  const asked = { ranges: [bytes(x), bytes(y)], requestId: 'refused' };
  for (const release of [() => blocked.release(), () => Promise.resolve()]) {
    const { status, text } = await post(session, asked);
    expect([status, JSON.parse(text)]).toMatchObject([409, { reason: 'range_conflict' }]);
    await release();
    expect(await held(session)).toEqual([]);
  }
  expect(await post(session, { ...asked, requestId: 'anew' })).toMatchObject({ status: 201 });
  await session.unlock({ export: 'local', file: x, class: 'posix' });
  await session.unlock({ export: 'local', file: y, class: 'posix' });
});

test('a wait that is longer than any request keeps its place from one request to the next', async () => {
  const [x, y] = [fresh(), fresh()].sort() as [string, string];
  await using blocked = await a.session.takeSet({ ranges: [{ name: `local:${y}`, type: 'read' }] });
  const asked = new Map<string, number>();
  let third: () => void = () => undefined;
  const thrice = new Promise<void>((resolve) => (third = resolve));
  const leasehold = new Leasehold({
    url: cluster.api.url,
    fetch: (url, init) => {
      const path = `${init.method ?? 'GET'} ${new URL(url).pathname}`;
      asked.set(path, (asked.get(path) ?? 0) + 1);
      if (asked.get('POST /v1/ranges') === 3) third();
      return fetch(url, init);
    },
  });
  // Without events it sends its request once more every second: each ends at once, and leaves the wait in the queue.
  const session = await leasehold.openSession({ events: false });
  const parts = {
    ranges: [{ name: `local:${y}`, type: 'write', start: 5 }],
    leases: [write(`local:${x}`)],
    permits: [{ name: `local:${x}`, limit: 1 }],
  } as const;
  const first = session.takeSet(parts, { waitMs: Infinity });
  await eventually(async () => {
    expect(await held(session)).toEqual([`lease ${x} active`, `posix ${y} waiting`]);
  });
  const behind = (await cluster.holder()).session;
  const second = behind.takeSet(parts, { waitMs: 3_600_000 });
  second.catch(() => undefined);
  await within('the third request', thrice);
  await blocked.release();
  const set = await within('the set', first);
  expect(set.ranges).toMatchObject([{ file: y, start: 5n, end: 'EOF' }]);
  expect(set.permits).toMatchObject([{ semaphore: x, waiting: false }]);
  expect(await held(behind)).toEqual([`lease ${x} waiting`]);
  await set.release();
  await (await within('the second set', second)).release();
  expect([await held(session), await held(behind)]).toEqual([[], []]);
  await session.end();
});

test('a long wait for a set that is given up leaves nothing behind', async () => {
  const [x, y] = [fresh(), fresh()].sort() as [string, string];
  await using blocked = await a.session.takeSet({ ranges: [{ name: `local:${y}`, type: 'read' }] });
  const { session } = await cluster.holder();
  const giveUp = new AbortController();
  const parts = { leases: [write(`local:${x}`)], ranges: [{ name: `local:${y}`, type: 'write' as const }] };
  const waits = session.takeSet(parts, { waitMs: Infinity, signal: giveUp.signal });
  await eventually(async () => {
    expect(await held(session)).toEqual([`lease ${x} active`, `posix ${y} waiting`]);
  });
  giveUp.abort(new Error('enough'));
  await expect(waits).rejects.toThrow('enough');
  await eventually(async () => {
    expect(await held(session)).toEqual([]);
  });
  expect(await refusal(session.takeSet(parts, { waitMs: 60_001, requestId: 'r' }))).toMatchObject({
    reason: 'bad_request',
  });
  await blocked.release();
});

test('ranges of a set that overlap, or are one, are refused', async () => {
  const x = fresh();
  for (const second of [{ start: 9, end: 12 }, { start: 10, end: 12 }, { class: 'ofd' }, { type: 'read' }]) {
    const { status, text } = await post(a.session, { ranges: [bytes(x), bytes(x, second)], requestId: 'r' });
    expect([status, text]).toEqual([400, expect.stringContaining('each byte of a file once')]);
  }
});

test('a name twice, nothing at all, and too long a wait are refused', async () => {
  const lease = { export: 'local', file: fresh(), type: 'write' };
  for (const body of [
    { leases: [lease, lease] },
    {},
    { leases: [lease], waitMs: 60_001 },
    { leases: [lease] },
  ])
    expect(
      await post(
        a.session,
        body.waitMs === undefined && body.leases?.length === 1 ? body : { ...body, requestId: 'r' },
      ),
    ).toMatchObject({ status: 400 });
});

test('`leasectl hold A B -- command` holds both or neither', async () => {
  const ctl = new Leasectl(cluster.api.url);
  const [f, name] = [cluster.file(fresh()), fresh()];
  const both = [`local:${name}`, `demo:${f}`];
  const script = 'echo "$LEASEHOLD_FENCING_TOKENS"; exit 3';
  await using blocked = await a.session.takeSet({ leases: [write(`local:${name}`)] });
  expect(await ctl.run(['hold', ...both, '--', 'true'])).toMatchObject({ exit: 75 });
  const waits = ctl.run(['hold', ...both, '--wait', '60s', '--max-hold', '1m', '--', 'sh', '-c', script]);
  await blocked.release();
  const { exit, out } = await within('the command', waits);
  expect(Object.keys(JSON.parse(out.split('\n')[0] ?? '') as object)).toEqual(both);
  expect(exit).toBe(3);
  expect(await ctl.run(['hold', ...both, '--limit', '2', '--', 'true'])).toMatchObject({ exit: 2 });
});

test('`leasectl hold A --range B@FIRST-LAST -- command` holds both or neither', async () => {
  const ctl = new Leasectl(cluster.api.url);
  const [x, y] = [fresh(), fresh()];
  const range = ['--range', `local:${y}@5-9`, '--range', `local:${y}@20-EOF`];
  await using blocked = await a.session.takeSet({ ranges: [{ name: `local:${y}`, type: 'read' }] });
  expect(await ctl.run(['hold', `local:${x}`, ...range, '--', 'true'])).toMatchObject({ exit: 75 });
  const from = cluster.api.lines.length;
  const waits = ctl.run(['hold', ...range, '--wait', '10m', '--', 'sh', '-c', 'exit 3']);
  // The request is answered, and its place in the queue outlives it.
  await cluster.api.logged(({ url, status }) => url === '/v1/ranges' && status === 202, { from });
  await blocked.release();
  expect(await within('the command', waits)).toMatchObject({ exit: 3 });
  expect(await ctl.run(['hold', `local:${x}`, '--range', `local:${y}@9-5`, '--', 'true'])).toMatchObject({
    exit: 2,
  });
  expect(await ctl.run(['hold', ...range])).toMatchObject({ exit: 2 });
});
