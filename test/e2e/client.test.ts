import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Change,
  type Held,
  type Lease,
  Leasehold,
  LeaseholdError,
  type RangeHold,
  type Session,
  type Wait,
} from '#client';
import { Cluster, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { freePort } from '../support/free-port';
import { startLeaseApi } from '../support/service';
import { TcpProxy } from '../support/tcp-proxy';

/**
 * The client against the real service: waits without an end, promises for queued grants, every way to lose a lease, and
 * programs that end when their work is done.
 */
let cluster: Cluster;
let leasehold: Leasehold;
let names = 0;
/** A name in the built-in export, which has no files. */
const fresh = (): string => `local:name-${String((names += 1))}`;
const placeOf = (name: string) => ({ export: 'local', file: name.slice('local:'.length) });

beforeAll(async () => {
  cluster = await Cluster.start({
    env: {
      ...{ LEASEHOLD_BREAK_MS: '1500', LEASEHOLD_LOST_MS: '3000' },
      LEASEHOLD_DIRECTORY_DELEGATIONS: 'local',
    },
  });
  leasehold = cluster.client();
});
afterAll(() => {
  for (const session of sessions) session.close();
  return stopClusters();
});

const sessions: Session[] = [];
const kept = (session: Session): Session => {
  sessions.push(session);
  return session;
};
const open = async (ttlMs = 120_000): Promise<Session> => (await cluster.holder({ ttlMs })).session;
/** Waits until `count` requests wait for a name. */
const waiting = (name: string, count: number): Promise<void> =>
  eventually(async () => {
    const { export: on, file } = placeOf(name);
    const rows = [];
    for await (const { state, waits } of leasehold.locks({ export: on, file }))
      if (state === 'waiting' || waits !== undefined) rows.push(state);
    expect(rows).toHaveLength(count);
  });
/** Why a lease was lost. */
const loss = async ({ signal }: Lease): Promise<string> => {
  if (!signal.aborted) await within('the loss', once(signal, 'abort'));
  expect(signal.reason).toBeInstanceOf(LeaseholdError);
  return (signal.reason as LeaseholdError).reason;
};

describe('a lease by its name', () => {
  test('is held for a block, and its session ends with it', async () => {
    const name = fresh();
    let token: number;
    {
      await using lease = await leasehold.lease(name, 'write', { label: 'a block' });
      ({ token } = lease);
      expect(lease).toMatchObject({ type: 'write', state: 'active', ...placeOf(name) });
      await leasehold.checkFence({ ...placeOf(name), token, for: 'write' });
    }
    await expect(leasehold.checkFence({ ...placeOf(name), token, for: 'write' })).rejects.toMatchObject({
      code: 'ESTALE',
    });
    await eventually(async () => {
      const { text } = await cluster.api.request('GET', '/v1/sessions?limit=1000');
      const { sessions } = JSON.parse(text) as { sessions: { label?: string; state: string }[] };
      expect(sessions.filter(({ label }) => label === 'a block')).toMatchObject([{ state: 'ended' }]);
    });
  });

  test('has work done under it by one session at a time, each with a higher token', async () => {
    const name = fresh();
    const sessions = await Promise.all(Array.from({ length: 5 }, () => open()));
    let inside = 0;
    const tokens: number[] = [];
    const work = async ({ token, signal }: { token: number; signal: AbortSignal }): Promise<void> => {
      inside += 1;
      tokens.push(token);
      await leasehold.checkFence({ ...placeOf(name), token, for: 'write', signal });
      expect(inside).toBe(1);
      inside -= 1;
    };
    await Promise.all(sessions.map((session) => session.withLease(name, work)));
    expect(tokens).toHaveLength(5);
    expect(tokens).toEqual([...tokens].sort((one, other) => one - other));
  });

  test('throws what the work throws, and is released; a loss makes the result worthless', async () => {
    const name = fresh();
    const session = await open();
    await expect(
      session.withLease(name, () => Promise.reject(new Error('the disk is full'))),
    ).rejects.toThrow('the disk is full');
    const lost = session.withLease(name, async ({ lease, signal }) => {
      await leasehold.forceRelease(lease.id);
      if (!signal.aborted) await once(signal, 'abort');
      return 'done';
    });
    await expect(within('the loss', lost)).rejects.toMatchObject({ code: 'ESTALE' });
    await session.withLease(name, () => Promise.resolve(), { waitMs: 0 });
  });

  test('must be EXPORT:FILE', async () => {
    const session = await open();
    for (const name of ['', 'demo', ':a', 'demo:'])
      await expect(session.lease(name, 'read')).rejects.toMatchObject({
        code: 'EINVAL',
        reason: 'bad_request',
      });
  });
});

describe('a wait without an end', () => {
  test('keeps its place while the lease API is restarted and the connection is cut', async () => {
    const name = fresh();
    const proxy = await TcpProxy.start({ target: () => cluster.api.url.slice('http://'.length) });
    const cut = new Leasehold({ url: `http://${proxy.address}` });
    const holder = await open();
    const held = await holder.lease(name, 'write');
    const order: string[] = [];
    const first = kept(await cut.openSession({ ttlMs: 120_000 }));
    const one = first.withLease(name, () => Promise.resolve(order.push('first')));
    await waiting(name, 1);
    proxy.cut();
    await cluster.api.kill();
    await cluster.api.start();
    const two = (await open()).withLease(name, () => Promise.resolve(order.push('second')));
    await waiting(name, 2);
    proxy.mend();
    await held.release();
    await within('both', Promise.all([one, two]));
    expect(order).toEqual(['first', 'second']);
  });

  test('ends with the signal, and leaves nothing behind', async () => {
    const name = fresh();
    const held = await (await open()).lease(name, 'write');
    const other = await open();
    const stop = new AbortController();
    const { signal } = stop;
    const all = [
      other.lease(name, 'read', { signal }),
      other.open({ ...placeOf(name), access: 'read', waitMs: Infinity }, { signal }),
      leasehold.lease(name, 'write', { signal }),
    ];
    await waiting(name, 3);
    stop.abort(new Error('enough'));
    await Promise.all(all.map((each) => expect(each).rejects.toThrow('enough')));
    await waiting(name, 0);
    await held.release();
  });
});

/** Anything that can be waited for: a hold, and how it is given back. */
interface Asked {
  readonly waiting: boolean;
  readonly waitNo?: number | undefined;
  granted(): Promise<{ readonly waiting: boolean }>;
}
interface Kind {
  /** What is in the way; returns what removes it. */
  block: (holder: Session, name: string) => Promise<() => Promise<unknown>>;
  ask: (other: Session, name: string, wait: Wait) => Promise<Asked>;
}
const held = async (hold: Promise<{ release(): Promise<unknown> } | { close(): Promise<unknown> }>) => {
  const made = await hold;
  return () => ('close' in made ? made.close() : made.release());
};
const range = { class: 'ofd', type: 'write' } as const;
const kinds: Record<string, Kind> = {
  lease: {
    block: (holder, name) => held(holder.lease(name, 'write')),
    ask: (other, name, wait) => other.lease(name, 'write', wait),
  },
  conversion: {
    block: (holder, name) => held(holder.lease(name, 'read')),
    ask: async (other, name, wait) => {
      const lease = await other.lease(name, 'read');
      await lease.set('write', wait);
      return lease;
    },
  },
  open: {
    block: (holder, name) => held(holder.open({ ...placeOf(name), access: 'both', deny: 'both' })),
    ask: (other, name, wait) => other.open({ ...placeOf(name), access: 'read', ...wait }),
  },
  reopen: {
    block: (holder, name) => held(holder.open({ ...placeOf(name), access: 'read', deny: 'write' })),
    ask: async (other, name, wait) =>
      (await other.open({ ...placeOf(name), access: 'read' })).set('both', 'none', wait),
  },
  range: {
    block: (holder, name) => held(holder.lock({ ...placeOf(name), ...range })),
    ask: (other, name, wait) => other.lock({ ...placeOf(name), ...range, ...wait }),
  },
  change: {
    block: (holder, name) => held(holder.open({ ...placeOf(name), access: 'read', deny: 'write' })),
    ask: async (other, name, wait) => {
      const isWaiting = (change: Change) => ({ waiting: change.state === 'waiting' });
      const change = await other.change({ ...placeOf(name), kind: 'truncate', ...wait });
      return {
        ...isWaiting(change),
        waitNo: change.waitNo,
        granted: async () => isWaiting(await change.granted()),
      };
    },
  },
};

describe.each(Object.entries(kinds))('a %s', (_kind, { block, ask }) => {
  test('that waits without an end is granted when the way is free', async () => {
    const name = fresh();
    const end = await block(await open(), name);
    const asked = ask(await open(), name, { waitMs: Infinity });
    await waiting(name, 1);
    await end();
    expect(await within('the grant', asked)).toMatchObject({ waiting: false });
  });

  test('that waits in the background has a promise for its grant', async () => {
    const name = fresh();
    const end = await block(await open(), name);
    const { session, ear } = await cluster.holder();
    const asked = await ask(session, name, { queued: true, waitMs: 600_000 });
    expect(asked.waiting).toBe(true);
    const { waitNo } = asked;
    const granted = asked.granted();
    await end();
    expect(await within('the grant', granted)).toMatchObject({ waiting: false });
    // Later waits of the same may have the same id, but not the same number.
    expect(waitNo).toBeGreaterThan(0);
    expect(await ear.next('granted')).toMatchObject({ waitNo });
    // Also when it is asked for later.
    expect(await within('the grant', asked.granted())).toMatchObject({ waiting: false });
  });

  test('whose wait ends without a grant rejects that promise with the reason', async () => {
    const name = fresh();
    await block(await open(), name);
    const { session, ear } = await cluster.holder();
    const asked = await ask(session, name, { queued: true, waitMs: 1_000 });
    const { waitNo } = asked;
    await expect(within('the end', asked.granted())).rejects.toMatchObject({ reason: 'wait_elapsed' });
    expect(await ear.next('dropped')).toMatchObject({ waitNo });
  });
});

test('a wait keeps its number while the fileserver is being asked in its turn', async () => {
  const name = `demo:${cluster.file('asked-in-its-turn')}`;
  const first = await (await open()).lease(name, 'read');
  const { session, ear } = await cluster.holder();
  const lease = await session.lease(name, 'write', { queued: true, waitMs: 600_000 });
  const { waitNo } = lease;
  await first.release();
  await within('the grant', lease.granted());
  expect(waitNo).toBeGreaterThan(0);
  expect(await ear.next('granted')).toMatchObject({ leaseId: lease.id, waitNo });
  await lease.release();
});

describe('a lease is lost, and its signal says so at once, when', () => {
  test('it is released by another program of the session', async () => {
    const session = await open();
    const lease = await session.lease(fresh(), 'write');
    const elsewhere = cluster.heard(
      await leasehold.attachSession({ sessionId: session.id, secret: session.secret }),
    );
    await (await elsewhere.session.leased(lease.id)).release();
    expect(await loss(lease)).toBe('lease_released');
  });

  test('an administrator takes it', async () => {
    const lease = await (await open()).lease(fresh(), 'write');
    await leasehold.forceRelease(lease.id);
    expect(await loss(lease)).toBe('lease_revoked');
  });

  test('it does not answer a break by the deadline', async () => {
    const name = fresh();
    const lease = await (await open()).lease(name, 'read');
    const opened = await (await open()).open({ ...placeOf(name), access: 'write', waitMs: Infinity });
    expect(await loss(lease)).toBe('lease_revoked');
    await opened.close();
  });

  test('its session is ended, by an administrator or here', async () => {
    const [one, two, three] = [await open(), await open(), await open()];
    const ended = /^(lease_revoked|session_expired|session_closed)$/;
    const leases = [
      await one.lease(fresh(), 'write'),
      await two.lease(fresh(), 'write'),
      await three.lease(fresh(), 'write'),
    ] as const;
    await leasehold.endSession(one.id);
    await two.end();
    three.close();
    if (!one.signal.aborted) await within('the end', once(one.signal, 'abort'));
    for (const lease of leases) expect(await loss(lease)).toMatch(ended);
    expect([one, two, three].map(({ signal }) => (signal.reason as LeaseholdError).code)).toEqual(
      Array(3).fill('ESTALE'),
    );
  });

  test('its session expires because nobody keeps it alive', async () => {
    const session = kept(await leasehold.openSession({ ttlMs: 4_000, keepalive: false }));
    expect(await loss(await session.lease(fresh(), 'write'))).toMatch(/^(lease_revoked|session_expired)$/);
  });

  test('the network is silent beyond the TTL: before anybody else gets it', async () => {
    const name = fresh();
    const proxy = await TcpProxy.start({ target: () => cluster.api.url.slice('http://'.length) });
    const far = new Leasehold({ url: `http://${proxy.address}` });
    const lease = await kept(await far.openSession({ ttlMs: 6_000 })).lease(name, 'write');
    const next = (await open()).lease(name, 'write');
    const lostFirst = next.then(() => lease.signal.aborted);
    await waiting(name, 1);
    const silent = [proxy.hold('there', ''), proxy.hold('back', '')];
    expect(await loss(lease)).toBe('session_expired');
    expect(await within('the next holder', lostFirst)).toBe(true);
    for (const hold of silent) hold.drop();
  });

  test('it was lost while the connection was cut and the lease API restarted', async () => {
    const proxy = await TcpProxy.start({ target: () => cluster.api.url.slice('http://'.length) });
    const far = new Leasehold({ url: `http://${proxy.address}` });
    const session = kept(await far.openSession({ ttlMs: 120_000 }));
    const [lost, held] = [await session.lease(fresh(), 'write'), await session.lease(fresh(), 'write')];
    proxy.cut();
    await leasehold.forceRelease(lost.id);
    await cluster.api.kill();
    await cluster.api.start();
    proxy.mend();
    expect(await loss(lost)).toBe('lease_revoked');
    await held.refresh();
    expect(held.signal.aborted).toBe(false);
  });

  test('the service comes back without its table', async () => {
    const api = await startLeaseApi();
    const client = new Leasehold({ url: api.url });
    const session = kept(await client.openSession({ ttlMs: 120_000 }));
    const lease = await session.lease('local:f', 'write');
    await api.kill();
    for (const gone of [api.directory, `${api.directory}.tables`, api.witness])
      rmSync(gone, { recursive: true, force: true });
    await api.start();
    expect(await loss(lease)).toBe('no_such_session');
    await api.stop();
  });

  test('its fileserver has lost it', async () => {
    const file = cluster.file('lost-with-the-fileserver');
    const holder = await cluster.holder();
    const lease = await holder.session.lease(`demo:${file}`, 'write');
    await cluster.fileserver.kill();
    await holder.ear.next('jeopardy');
    expect(lease.signal.aborted).toBe(false);
    await cluster.fileserver.start();
    expect(await loss(lease)).toBe('lease_revoked');
    await cluster.served();
  });
});

describe('a semaphore', () => {
  const permitsOf = async (name: string): Promise<string[]> => {
    const states = [];
    const { export: on, file: semaphore } = placeOf(name);
    for await (const { state } of leasehold.locks({ export: on, semaphore })) states.push(state);
    return states;
  };

  test('has so many holders over all sessions, and the next is served in its turn', async () => {
    const name = fresh();
    const [a, b] = [await open(), await open()];
    const first = await a.semaphore(name, { limit: 2 }).take();
    await using second = await b.semaphore(name, { limit: 2 }).take();
    expect(second.token).toBeGreaterThan(first.token ?? 0);
    await expect(b.semaphore(name, { limit: 2 }).take({ waitMs: 0 })).rejects.toMatchObject({
      ...{ code: 'EAGAIN', reason: 'semaphore_full' },
      problem: { blockers: [{ id: first.id, kind: 'permit' }, { id: second.id }] },
    });
    await expect(b.semaphore(name, { limit: 3 }).take()).rejects.toMatchObject({
      ...{ code: 'EINVAL', reason: 'limit_differs', problem: { limit: 2 } },
    });
    const third = b.semaphore(name, { limit: 2 }).take();
    const fourth = await a.semaphore(name, { limit: 2 }).take({ queued: true, waitMs: 60_000 });
    expect(fourth.waiting).toBe(true);
    await eventually(async () => {
      expect(await permitsOf(name)).toEqual(['held', 'held', 'waiting', 'waiting']);
    });
    await first.release();
    expect(first.signal.aborted).toBe(true);
    await using got = await third;
    expect(got.waiting).toBe(false);
    await got.release();
    expect((await fourth.granted()).token).toBeGreaterThan(got.token ?? 0);
    await fourth.release();
  });

  test('a permit is lost when it is taken, or with its session, and its token is refused from then on', async () => {
    const name = fresh();
    const [a, b] = [await open(), await open()];
    const taken = await a.semaphore(name, { limit: 1 }).take();
    const { export: on, file: semaphore } = placeOf(name);
    const check = { export: on, semaphore, token: taken.token ?? 0 };
    expect(await leasehold.checkPermit(check)).toEqual({ valid: true, permitId: taken.id });
    const waits = b.semaphore(name, { limit: 1 }).withPermit(({ permit, signal }) => {
      void leasehold.endSession(b.id);
      return once(signal, 'abort').then(() => permit);
    });
    await leasehold.forceRelease(taken.id);
    if (!taken.signal.aborted) await within('the loss', once(taken.signal, 'abort'));
    expect((taken.signal.reason as LeaseholdError).reason).toBe('lock_over');
    await expect(leasehold.checkPermit(check)).rejects.toMatchObject({ code: 'ESTALE', reason: 'token_old' });
    await expect(waits).rejects.toMatchObject({ reason: 'lock_over' });
    await eventually(async () => {
      expect(await permitsOf(name)).toEqual([]);
    });
  });

  test('a wait that is given up leaves no place in the queue', async () => {
    const name = fresh();
    const [a, b] = [await open(), await open()];
    await using held = await a.semaphore(name, { limit: 1 }).take();
    const giveUp = new AbortController();
    const waits = b.semaphore(name, { limit: 1 }).take({ signal: giveUp.signal });
    await eventually(async () => {
      expect(await permitsOf(name)).toEqual(['held', 'waiting']);
    });
    giveUp.abort(new Error('changed my mind'));
    await expect(waits).rejects.toThrow('changed my mind');
    await eventually(async () => {
      expect(await permitsOf(name)).toEqual(['held']);
    });
    expect(held.waiting).toBe(false);
  });
});

describe('range locks of one owner', () => {
  const rowsOf = async (name: string): Promise<string[]> => {
    const found = [];
    for await (const { id, type, start, end } of leasehold.locks(placeOf(name)))
      found.push(`${id} ${type} ${String(start)}-${String(end)}`);
    return found;
  };
  const text = ({ id, type, start, end }: RangeHold): string =>
    `${id} ${type} ${String(start)}-${String(end)}`;

  test('that have become one lock are released and lost together, as the service has them', async () => {
    const name = fresh();
    const session = await open();
    const lock = (start: number, end: number | 'EOF', type: 'read' | 'write' = 'write') =>
      session.lock({ ...placeOf(name), class: 'posix', type, start, end });
    const first = await lock(0, 9);
    const apart = await lock(20, 29);
    expect([first, apart].map(text)).toEqual(await rowsOf(name));
    const between = await lock(10, 19);
    expect(await rowsOf(name)).toEqual([text(first)]);
    for (const hold of [first, between, apart]) expect(text(hold)).toBe(text(first));
    expect(first).toMatchObject({ start: 0n, end: 29n });
    // Parts that are unlocked, or locked otherwise, are not lost.
    await session.unlock({ ...placeOf(name), class: 'posix', start: 25, end: 'EOF' });
    expect(await rowsOf(name)).toEqual([text(apart)]);
    const front = await lock(0, 4, 'read');
    expect((await rowsOf(name)).sort()).toEqual([text(front), text(between)].sort());
    expect(first).toMatchObject({ start: 5n, end: 24n, type: 'write' });
    expect([first, between, apart, front].some(({ signal }) => signal.aborted)).toBe(false);
    await between.release();
    for (const { signal } of [first, between, apart])
      expect(signal.reason).toMatchObject({ reason: 'lock_over' });
    expect(await rowsOf(name)).toEqual([text(front)]);
    await session.unlock({ ...placeOf(name), class: 'posix' });
    expect(front.signal.aborted).toBe(true);
    expect(await rowsOf(name)).toEqual([]);
  });

  test('are told apart where one was cut in two, and where a wait has become a part of another', async () => {
    const name = fresh();
    const [session, other] = [await open(), await open()];
    const where = { ...placeOf(name), class: 'posix' } as const;
    const first = await session.lock({ ...where, type: 'write', start: 0, end: 9 });
    await session.unlock({ ...where, start: 4, end: 5 });
    expect(await rowsOf(name)).toContain(text(first));
    expect(first).toMatchObject({ start: 0n, end: 3n });
    const theirs = await other.lock({ ...where, type: 'read', start: 4, end: 5 });
    const waits = await session.lock({
      ...where,
      type: 'write',
      start: 4,
      end: 5,
      queued: true,
      waitMs: 60_000,
    });
    expect(waits.waiting).toBe(true);
    await theirs.release();
    await within('the grant', waits.granted());
    expect(await rowsOf(name)).toEqual([text(waits)]);
    expect([text(first), first.start, first.end]).toEqual([text(waits), 0n, 9n]);
    await leasehold.forceRelease(first.id);
    for (const { signal } of [first, waits]) {
      if (!signal.aborted) await within('the loss', once(signal, 'abort'));
      expect(signal.reason).toMatchObject({ reason: 'lock_over' });
    }
  });
});

describe('a limit on how long something is held', () => {
  test('takes it from a live holder, who has known when, and the next in line has it', async () => {
    const name = fresh();
    const [a, b] = [await open(), await open()];
    const lease = await a.lease(name, 'write', { maxHoldMs: 1_000 });
    const permit = await a.semaphore(name, { limit: 1 }).take({ maxHoldMs: 1_000 });
    const next = [
      b.lease(name, 'write', { maxHoldMs: 60_000 }),
      b.semaphore(name, { limit: 1 }).take(),
    ] as const;
    for (const { endsAt } of [lease, permit]) expect(endsAt).toBeInstanceOf(Date);
    for await (const row of leasehold.locks(placeOf(name)))
      if (row.id === lease.id) {
        expect(row).toMatchObject({ maxHoldMs: 1_000 });
        // Both are table time as the wall clock had it at that moment.
        expect(Math.abs(Date.parse(row.endsAt ?? '') - Number(lease.endsAt))).toBeLessThan(500);
      }
    expect(await loss(lease)).toBe('lease_revoked');
    expect((lease.signal.reason as LeaseholdError).problem.detail).toContain('max_hold');
    if (!permit.signal.aborted) await within('the loss', once(permit.signal, 'abort'));
    expect((permit.signal.reason as LeaseholdError).problem.detail).toContain('max_hold');
    const [granted, taken] = await Promise.all(next);
    expect(granted.token).toBeGreaterThan(lease.token);
    expect([granted.endsAt instanceof Date, taken.endsAt]).toEqual([true, undefined]);
    await expect(
      leasehold.checkFence({ ...placeOf(name), token: lease.token, for: 'write' }),
    ).rejects.toMatchObject({ reason: 'token_old' });
    await granted.release();
    await taken.release();
  });
});

describe('leases on several names', () => {
  test('are taken in one order, so sessions that want the same in another never wait for each other', async () => {
    const [a, b, c] = [fresh(), fresh(), fresh()];
    const orders = [
      [a, b, c],
      [c, b, a],
      [b, c, a],
      [c, a, b],
    ];
    let inside = 0;
    const done = await Promise.all(
      orders.map(async (names) =>
        (await open()).withLeases(names, async ({ tokens, signal }) => {
          inside += 1;
          expect([inside, [...tokens.keys()]]).toEqual([1, [a, b, c].sort()]);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
          return signal.aborted;
        }),
      ),
    );
    expect(done).toEqual([false, false, false, false]);
  });

  test('are all or none: what was taken before a refusal is given back', async () => {
    const [a, b] = [fresh(), fresh()].sort() as [string, string];
    const [holder, session] = [await open(), await open()];
    await using held = await holder.lease(b, 'write');
    await expect(session.leaseAll([b, a], 'write', { waitMs: 0 })).rejects.toMatchObject({
      ...{ code: 'EAGAIN', reason: 'lease_conflict', problem: { blockers: [{ id: held.id }] } },
    });
    await using free = await holder.lease(a, 'write', { waitMs: 0 });
    expect([free.state, session.leases.size]).toEqual(['active', 0]);
    await expect(session.leaseAll([], 'write')).rejects.toMatchObject({ reason: 'bad_request' });
  });

  test('are lost together: the signal says so, and the wait for the others ends', async () => {
    const [a, b] = [fresh(), fresh()].sort() as [string, string];
    const [holder, session] = [await open(), await open()];
    const held = await holder.lease(b, 'write');
    const waits = session.leaseAll([a, b], 'write');
    await waiting(b, 1);
    for (const lease of session.leases.values())
      if (`local:${lease.file}` === a) await leasehold.forceRelease(lease.id);
    await expect(waits).rejects.toMatchObject({ reason: 'lease_revoked' });
    await waiting(b, 0);
    await held.release();
    const both = await session.leaseAll([a, b], 'write');
    await both.leases[0]?.release();
    expect(both.signal.aborted).toBe(true);
    await both.release();
  });

  test('of two readers that want to write, the second is told of the deadlock, and lets the first go on', async () => {
    const name = fresh();
    const [first, second] = [
      await (await open()).lease(name, 'read'),
      await (await open()).lease(name, 'read'),
    ];
    const upgrade = first.set('write', { waitMs: Infinity });
    await waiting(name, 1);
    await expect(second.set('write', { waitMs: Infinity })).rejects.toMatchObject({
      ...{ code: 'EDEADLK', reason: 'deadlock' },
      problem: { cycle: [{ id: second.id }, { id: first.id }] },
    });
    expect(second.type).toBe('read');
    await second.release();
    await upgrade;
    expect(first.type).toBe('write');
  });
});

describe('a delegation of a directory with `notify`', () => {
  const inside = (directory: string, name: string): string => `${placeOf(directory).file}/${name}`;
  const notified = async (session: Session, directory: string): Promise<Lease> =>
    eventually(async () => {
      const asked = { ...placeOf(directory), want: 'read', directory: true, notify: true } as const;
      const { lease } = await session.delegate(asked);
      if (lease?.notify === true) return lease;
      // The table is about to have the format for it.
      await lease?.release();
      throw new Error('it is told of nothing');
    });

  test('stays while others report what they change, and its holder is told of what was made', async () => {
    const directory = fresh();
    const [holder, maker] = [await open(), await open()];
    const lease = await notified(holder, directory);
    const told: unknown[] = [];
    holder.on('directoryChanged', ({ leaseId, change, name, to }) => told.push([leaseId, change, name, to]));
    const [x, y] = [inside(directory, 'x'), inside(directory, 'y')];
    for (const [kind, file, more] of [
      ['entries', placeOf(directory).file, { name: 'x' }],
      ['link', 'elsewhere', { to: inside(directory, 'l') }],
      ['rename', x, { to: y }],
      ['rename', y, { to: 'elsewhere/y' }],
      ['unlink', x, {}],
      ['setattr', placeOf(directory).file, {}],
    ] as const) {
      const ask = { export: 'local', file, kind, ...more, reportMs: 60_000 };
      const undone = await maker.change(ask);
      expect(undone).toMatchObject({ state: 'allowed', announced: [expect.any(String)] });
      expect(await undone.report(false)).toBe(true);
      const made = await maker.change(ask);
      expect(await made.report(true)).toBe(true);
      expect(await made.report(true)).toBe(false);
    }
    await eventually(async () => {
      await Promise.resolve();
      expect(told).toEqual([
        [lease.id, 'add', 'x', undefined],
        [lease.id, 'add', 'l', undefined],
        [lease.id, 'rename', 'x', 'y'],
        [lease.id, 'remove', 'y', undefined],
        [lease.id, 'remove', 'x', undefined],
        [lease.id, 'attributes', undefined, undefined],
      ]);
    });
    expect(lease.state).toBe('active');
    const nobody = await maker.change({ ...placeOf(fresh()), kind: 'entries', name: 'x', reportMs: 60_000 });
    expect(nobody.announced).toBeUndefined();
    expect(await nobody.report(true)).toBe(false);
  });

  test('is recalled by a change that nobody reports, in time or at all', async () => {
    const [holder, maker] = [await open(), await open()];
    for (const [ask, state] of [
      [{ reportMs: 1, name: 'x' }, 'allowed'],
      [{ queued: true, waitMs: 60_000, name: 'x' }, 'waiting'],
      [{ queued: true, waitMs: 60_000, reportMs: 60_000 }, 'waiting'],
    ] as const) {
      const directory = fresh();
      const lease = await notified(holder, directory);
      const broken = new Promise((resolve) => {
        lease.onBreak = ({ target, cause }) => {
          resolve([target, cause]);
          return Promise.resolve(target);
        };
      });
      const change = await maker.change({ ...placeOf(directory), kind: 'entries', ...ask });
      expect(change.state).toBe(state);
      expect(await within('the recall', broken)).toEqual(['none', 'change']);
      await change.granted();
    }
  });
});

describe('a watch of names', () => {
  test('tells who holds nothing there what happens, as it happens, and not whose it is', async () => {
    const name = fresh();
    const left = new AbortController();
    const watch = leasehold.watch(name, { signal: left.signal });
    expect((await watch.next()).value).toMatchObject({ what: 'resync', cause: 'stream_begins' });
    const session = await open();
    await using elsewhere = await session.lease('local:other', 'write');
    const lease = await session.lease(`${name}/a`, 'write');
    await session.open({ ...placeOf(`${name}/b`), access: 'read' });
    await lease.release();
    await (await session.semaphore(`${name}/c`, { limit: 1 }).take()).release();
    const told = [];
    while (told.length < 5) told.push((await within('the next event', watch.next())).value);
    const { file } = placeOf(name);
    const at = expect.any(String) as string;
    expect(told).toEqual([
      { what: 'granted', at, export: 'local', file: `${file}/a`, type: 'write' },
      { what: 'opened', at, export: 'local', file: `${file}/b`, type: 'read' },
      { what: 'released', at, export: 'local', file: `${file}/a`, cause: 'holder' },
      { what: 'permitted', at, export: 'local', file: `${file}/c` },
      { what: 'surrendered', at, export: 'local', file: `${file}/c`, cause: 'holder' },
    ]);
    expect(elsewhere.state).toBe('active');
    left.abort();
    expect(await watch.next()).toEqual({ done: true, value: undefined });
  });

  test('goes on where it was cut', async () => {
    const name = fresh();
    const proxy = await TcpProxy.start({ target: () => cluster.api.url.slice('http://'.length) });
    const left = new AbortController();
    try {
      const watch = cluster.client(`http://${proxy.address}`).watch(name, { signal: left.signal });
      await watch.next();
      const session = await open();
      proxy.cut();
      await (await session.lease(`${name}/a`, 'read')).release();
      proxy.mend();
      const what = [];
      while (what.length < 2) what.push((await within('what was missed', watch.next())).value?.what);
      expect(what).toEqual(['granted', 'released']);
    } finally {
      left.abort();
      proxy.close();
    }
  });

  test('is refused to a program that sends nonsense', async () => {
    const watch = leasehold.watch(':x');
    await expect(watch.next()).rejects.toMatchObject({ code: 'EINVAL', reason: 'bad_request' });
  });
});

describe('elect', () => {
  test('one leads at a time; a term that is lost is followed by another, and what is done in office is returned', async () => {
    const name = fresh();
    const terms: string[] = [];
    const begun: Held[] = [];
    const run = (who: string, signal: AbortSignal): Promise<string> =>
      leasehold.elect(
        name,
        async (term) => {
          terms.push(who);
          begun.push(term);
          if (!term.signal.aborted) await once(term.signal, 'abort');
          return `${who} is done`;
        },
        { signal },
      );
    const term = (no: number): Promise<Held> =>
      eventually(() => {
        const found = begun[no - 1];
        if (found === undefined) throw new Error(`no term ${String(no)}`);
        return found;
      });
    const [stopOne, stopTwo] = [new AbortController(), new AbortController()];
    const one = run('one', stopOne.signal);
    const first = await term(1);
    const two = run('two', stopTwo.signal);
    await waiting(name, 1);
    await leasehold.forceRelease(first.lease.id);
    const second = await term(2);
    expect(second.token).toBeGreaterThan(first.token);
    await waiting(name, 1);
    await leasehold.forceRelease(second.lease.id);
    await term(3);
    await waiting(name, 1);
    stopOne.abort();
    expect(await within('the end', one)).toBe('one is done');
    await term(4);
    expect(terms).toEqual(['one', 'two', 'one', 'two']);
    const refused = leasehold.elect(name, () => Promise.resolve(), { waitMs: 0 });
    await expect(refused).rejects.toMatchObject({ code: 'EAGAIN' });
    stopTwo.abort();
    expect(await within('the end', two)).toBe('two is done');
    const failing = leasehold.elect(name, () => Promise.reject(new Error('out of ink')));
    await expect(failing).rejects.toThrow('out of ink');
  });

  test('a service that was never reached is an error; an outage later is waited out', async () => {
    const nowhere = new Leasehold({ url: `http://127.0.0.1:${String(await freePort())}`, retryMs: 0 });
    const never = nowhere.elect('local:office', () => Promise.resolve());
    await expect(never).rejects.toMatchObject({ reason: 'unreachable' });
    const api = await startLeaseApi();
    const client = new Leasehold({ url: api.url, retryMs: 0 });
    let terms = 0;
    let over = false;
    const led = client.elect(
      'local:office',
      async ({ signal }) => {
        terms += 1;
        if (terms === 2) return 'led again';
        await api.kill();
        if (!signal.aborted) await once(signal, 'abort');
        over = true;
        return '';
      },
      { ttlMs: 4_000 },
    );
    // A service that is back sooner finds the session alive, and the first term goes on.
    await eventually(() => {
      expect(over).toBe(true);
    });
    await api.start();
    expect(await within('the second term', led)).toBe('led again');
    await api.stop();
  });
});

/** Runs a program that uses the built client, and returns what it printed. */
async function program(source: string, env: Record<string, string> = {}): Promise<string> {
  const client = JSON.stringify(join(__dirname, '..', '..', 'dist', 'libs', 'client', 'src', 'index.js'));
  const head = `const { Leasehold, LeaseholdError } = require(${client});
    process.on('unhandledRejection', (error) => { console.log('UNHANDLED', error); });
    process.on('uncaughtException', (error) => { console.log('UNCAUGHT', error); });
    const leasehold = new Leasehold({ url: process.env.API });`;
  const child = spawn(process.execPath, ['-e', `${head}\n(async () => {${source}\n})()`], {
    env: { ...process.env, API: cluster.api.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (text += String(chunk)));
  try {
    await within('the end of the program', once(child, 'close'));
  } finally {
    child.kill('SIGKILL');
  }
  return text;
}

describe('a program', () => {
  test('ends when its work is done, without being told to', async () => {
    const name = fresh();
    const work = `
      const session = await leasehold.openSession();
      console.log(await session.withLease('${name}', async ({ token }) => token > 0));
      await session.end();
      const lease = await leasehold.lease('${name}', 'write');
      await lease.release();
      console.log(await leasehold.elect('${name}', async () => 'led'));
      const left = await leasehold.openSession({ ttlMs: 60000 });
      await left.lease('${fresh()}', 'read');
      left.close();
      console.log('end');`;
    expect(await program(work)).toBe('true\nled\nend\n');
  });

  test('hears of nothing in the background, whatever its listeners do and the service does', async () => {
    const name = fresh();
    const work = `
      const session = await leasehold.openSession({ ttlMs: 60000, onAttributes: () => { throw new Error('attributes'); } });
      session.on('jeopardy', () => { throw new Error('thrown'); });
      session.on('revoked', async () => { throw new Error('rejected'); });
      session.on('error', (error) => { console.log('told', error.message); throw error; });
      const lease = await session.lease('${name}', 'read', { onBreak: () => { throw new Error('onBreak'); } });
      const other = await leasehold.openSession({ events: false });
      const opened = await other.open({ export: 'local', file: '${name.slice(6)}', access: 'write', waitMs: 60000 });
      while (!lease.signal.aborted) await new Promise((resolve) => lease.signal.addEventListener('abort', resolve));
      const waits = leasehold.lease('${name}', 'write', { signal: AbortSignal.timeout(50) }).catch(({ name }) => name);
      console.log(await waits);
      await other.end();
      await session.end();
      console.log('end');`;
    const said = await program(work);
    expect(said).not.toMatch(/UNHANDLED|UNCAUGHT/);
    expect(said).toMatch(/told onBreak/);
    expect(said).toMatch(/told rejected/);
    expect(said).toMatch(/TimeoutError\nend\n/);
  });
});

test.each([
  'localhost:8080',
  '127.0.0.1',
  '',
  'ftp://127.0.0.1',
  'http://',
  'http://user:secret@127.0.0.1:8080',
  'http://127.0.0.1:8080/?a=b',
  'http://127.0.0.1:8080/#there',
  [],
])('a bad address is refused at once: %j', (url) => {
  const error = thrownBy(() => new Leasehold({ url }));
  expect(error).toMatchObject({ name: 'LeaseholdError', code: 'EINVAL', reason: 'bad_request' });
  expect(String(error)).not.toContain('secret');
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
