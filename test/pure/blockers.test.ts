import { Bench, fileOf, ownerOf } from '../support/rules-bench';

/** What a refused caller is told about who is in the way, and when to come again: semantics.md §10. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.declare();
  for (const id of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) bench.session(id);
});

/** The refusal of an answer: its reason, its blockers by id, and how many they are. */
function refused(value: object) {
  const { reason, blockers, blockerCount, retryAfterMs } = (value as { refused: Refusal }).refused;
  return { reason, blockers: blockers?.map(({ id }) => id), blockerCount, retryAfterMs };
}
interface Refusal {
  reason: string;
  blockers?: { id: string }[];
  blockerCount?: number;
  retryAfterMs?: number;
}

test('of six readers, four are named to a writer, and all are counted', () => {
  for (const id of ['A', 'B', 'C', 'D', 'E', 'F']) bench.lease(id, id, 'f', 'read');
  expect(refused(bench.lease('g', 'G', 'f', 'write'))).toMatchObject({
    ...{ reason: 'lease_conflict', blockers: ['A', 'B', 'C', 'D'], blockerCount: 6 },
  });
});

test("the requester's own lease is not counted among those in the way of its conversion", () => {
  for (const id of ['A', 'B', 'C', 'D', 'E', 'F']) bench.lease(id, id, 'f', 'read');
  expect(refused(bench.ask('leaseSet', { leaseId: 'A', type: 'write', waitMs: 0 }))).toMatchObject({
    ...{ blockers: ['B', 'C', 'D', 'E'], blockerCount: 5 },
  });
});

describe('leases beside it are not counted among what is in the way', () => {
  beforeEach(() => {
    for (const id of ['A', 'B', 'C']) bench.lease(id, id, 'f', 'read');
  });

  test('of a request that opens refuse', () => {
    bench.open('o', 'D', 'f', 'read', { deny: 'write' });
    expect(refused(bench.open('p', 'E', 'f', 'write'))).toMatchObject({
      ...{ reason: 'share_denied', blockers: ['o'], blockerCount: 1 },
    });
  });

  test('of a request behind another', () => {
    bench.open('o', 'D', 'f', 'write', { deny: 'write', waitMs: 9_000 });
    expect(refused(bench.open('p', 'E', 'f', 'write'))).toMatchObject({
      ...{ reason: 'queued', blockers: ['o'], blockerCount: 1 },
    });
  });

  test('of a range lock', () => {
    bench.lock('r', 'D', 'f', 'write');
    expect(refused(bench.lock('s', 'E', 'f', 'write'))).toMatchObject({
      ...{ reason: 'range_conflict', blockers: ['r'], blockerCount: 1 },
    });
  });
});

test('a full queue has a place when its first request gives up', () => {
  bench = new Bench({ queueMax: 1 });
  bench.declare();
  for (const id of ['A', 'B', 'C']) bench.session(id);
  bench.lock('a', 'A', 'f', 'write');
  bench.lock('b', 'B', 'f', 'write', { waitMs: 30_000 });
  bench.pass(10_000);
  const full = refused(bench.lock('c', 'C', 'f', 'write', { waitMs: 1_000 }));
  expect(full).toMatchObject({ reason: 'queue_full', retryAfterMs: 20_000 });
});

test('a full queue whose first request is just over has a place at once, and one that admits nobody is tried again', () => {
  bench = new Bench({ queueMax: 1 });
  bench.declare();
  for (const id of ['A', 'B', 'C']) bench.session(id);
  for (let i = 1; i <= 5; i += 1) {
    bench.lock(`h${String(i)}`, 'A', `f${String(i)}`, 'write');
    bench.lock(`w${String(i)}`, 'B', `f${String(i)}`, 'write', { waitMs: 2_000 });
  }
  bench.clock.now += 2_000;
  // A request settles four items: the fifth wait is still there.
  expect(refused(bench.lock('c', 'C', 'f5', 'write', { waitMs: 1_000 }))).toMatchObject({
    ...{ reason: 'queue_full', retryAfterMs: 1 },
  });
  const none = new Bench({ queueMax: 0 });
  none.declare();
  for (const id of ['A', 'C']) none.session(id);
  none.lock('a', 'A', 'f', 'write');
  expect(refused(none.lock('c', 'C', 'f', 'write', { waitMs: 1_000 }))).toMatchObject({
    ...{ reason: 'queue_full', retryAfterMs: 1 },
  });
});

describe('during a lock delay', () => {
  /** A lease of A has expired at a file whose delay lasts until 20 s from now. */
  const delayed = (also?: () => void, limits = {}): void => {
    bench = new Bench(limits);
    bench.declare('slow', { lockDelayMs: 20_000 });
    for (const id of ['B', 'C', 'D']) bench.session(id);
    bench.session('A', { ttlMs: 2_000 });
    bench.lease('a', 'A', 'slow/f', 'read');
    also?.();
    bench.clock.now += 2_000;
    bench.ask('tick', {});
  };

  test('a refused request is told when it ends', () => {
    delayed();
    expect(refused(bench.lease('b', 'B', 'slow/f', 'write'))).toEqual({
      ...{ reason: 'lock_delay', blockers: undefined, blockerCount: undefined, retryAfterMs: 20_000 },
    });
  });

  test('a request for which the queue is full is told when there is a place', () => {
    delayed(undefined, { queueMax: 1 });
    bench.lease('b', 'B', 'slow/f', 'write', { waitMs: 5_000 });
    expect(refused(bench.lease('c', 'C', 'slow/f', 'write', { waitMs: 5_000 }))).toMatchObject({
      ...{ reason: 'queue_full', retryAfterMs: 5_000 },
    });
  });

  test('at its end nothing is said about it any more', () => {
    delayed((): void => void bench.open('o', 'D', 'slow/f', 'read'));
    const before = bench.rows.look('file', 'slow/f')?.lockDelayUntil ?? 0;
    for (let i = 0; i < 20; i += 1) {
      bench.clock.now += 1_000;
      if (i < 19) bench.ask('keepalive', { sessionId: 'B', digest: 'B' });
    }
    expect(bench.rows.look('file', 'slow/f')?.lockDelayUntil).toBe(before);
    const value = refused(bench.lease('b', 'B', 'slow/f', 'write'));
    expect([before > 0, value.reason, value.retryAfterMs]).toEqual([true, 'open_conflict', undefined]);
  });
});

test('the seventeenth of many opens is found to be in the way', () => {
  for (let i = 0; i < 17; i += 1) bench.open(`o${String(i)}`, 'A', 'f', 'both');
  bench.open('p', 'A', 'f', 'read', { deny: 'none' });
  bench.ask('openSet', { openId: 'p', access: 'read', deny: 'read', waitMs: 0, lower: false });
  expect(refused(bench.open('q', 'B', 'f', 'read'))).toMatchObject({
    ...{ reason: 'share_denied', blockers: ['p'], blockerCount: 1 },
  });
});

test("no open of its own session is in the way of a delegation's conversion", () => {
  bench.open('d', 'A', 'f', 'read');
  const { clientKey } = ownerOf('A');
  bench.ask('delegationWant', { sessionId: 'A', leaseId: 'l', file: fileOf('f'), clientKey, want: 'read' });
  bench.open('o', 'B', 'f', 'read');
  expect(refused(bench.ask('leaseSet', { leaseId: 'l', type: 'write', waitMs: 0 }))).toMatchObject({
    ...{ reason: 'open_conflict', blockers: ['o'] },
  });
});

test('the own delegation is not in the way of an open that is changed', () => {
  const delegation = (sessionId: string): void => {
    const { clientKey } = ownerOf(sessionId);
    const asked = { sessionId, leaseId: `d ${sessionId}`, file: fileOf('f'), clientKey };
    bench.ask('delegationWant', { ...asked, want: 'read' });
  };
  bench.open('o', 'A', 'f', 'read');
  for (const sessionId of ['A', 'B']) delegation(sessionId);
  const set = { openId: 'o', access: 'both', deny: 'none', waitMs: 0, lower: false } as const;
  expect(refused(bench.ask('openSet', set))).toMatchObject({
    ...{ reason: 'break_started', blockers: ['d B'], blockerCount: 1 },
  });
});

test('a session that does not exist is told so, whatever it asks for', () => {
  const none = { refused: { reason: 'no_such_session' } };
  expect(bench.lease('l', 'nobody', 'f', 'read')).toEqual(none);
  expect(bench.open('o', 'nobody', 'f', 'read')).toEqual(none);
  expect(bench.lock('r', 'nobody', 'f', 'read')).toEqual(none);
});

describe('people recognise', () => {
  beforeEach(() => {
    bench.session('nightly', { label: 'nightly backup', node: 'n1' });
  });
  const asked = (value: object) => (value as { refused: { blockers?: object[] } }).refused.blockers;

  test('who is in the way by label and node, and since when', () => {
    bench.lease('l', 'nightly', 'f', 'write');
    bench.pass(5_000);
    expect(asked(bench.lease('m', 'A', 'f', 'read'))).toMatchObject([
      { id: 'l', label: 'nightly backup', node: 'n1', ageMs: 5_000 },
    ]);
    bench.lock('r', 'nightly', 'g', 'write');
    bench.pass(2_000);
    const { sessionId, ownerKey, clientKey, owner } = { sessionId: 'A', ...ownerOf('A') };
    const range = { class: 'posix' as const, startHi: 0, startLo: 0, endHi: 0, endLo: 9 };
    expect(
      bench.ask('rangeTest', {
        ...{ sessionId, ownerKey, clientKey, owner, type: 'read' as const, file: fileOf('g'), ...range },
      }),
    ).toMatchObject({ blocker: { id: 'r', label: 'nightly backup', ageMs: 2_000 } });
  });

  test('a request that waits has the age of its wait, and what it is granted that of the grant', () => {
    bench.lease('l', 'A', 'f', 'write');
    bench.pass(4_000);
    bench.lease('m', 'nightly', 'f', 'write', { waitMs: 60_000 });
    bench.pass(3_000);
    const listed = () =>
      bench
        .ask('lockList', { after: 0, limit: 9 })
        .locks.map(({ id, ageMs, label, node }) => ({ id, ageMs, label, node }));
    expect(listed()).toEqual([
      { id: 'l', ageMs: 7_000 },
      { id: 'm', ageMs: 3_000, label: 'nightly backup', node: 'n1' },
    ]);
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    bench.pass(1_000);
    expect(listed()).toMatchObject([{ id: 'l' }, { id: 'm', ageMs: 1_000 }]);
  });

  test('a wait by when it began, and what is held beside it by its grant', () => {
    const item = { leaseId: 'l', ...fileOf('f'), ...ownerOf('nightly') };
    bench.ask('leaseAlloc', { sessionId: 'nightly', items: [item] });
    bench.lease('m', 'A', 'f', 'write');
    bench.lease('n', 'B', 'g', 'read');
    bench.lease('o', 'nightly', 'g', 'read');
    bench.pass(4_000);
    for (const leaseId of ['l', 'n'])
      expect(bench.ask('leaseSet', { leaseId, type: 'write', waitMs: 60_000 })).toMatchObject({
        waiting: true,
      });
    bench.change('c', 'nightly', 'f', { waitMs: 60_000 });
    bench.serve('i', ['served']);
    bench.lease('p', 'A', 'served/h', 'read');
    bench.pass(3_000);
    expect(
      bench.ask('lockList', { after: 0, limit: 9 }).locks.map(({ id, ageMs, state }) => [id, ageMs, state]),
    ).toEqual([
      ['l', 3_000, 'allocated'],
      ['m', 7_000, 'breaking'],
      ['n', 7_000, 'active'],
      ['o', 7_000, 'active'],
      ['c', 3_000, 'waiting'],
      ['p', 3_000, 'pending'],
    ]);
  });

  test('a change that waits, where it is what keeps a lease from being granted', () => {
    bench.open('o', 'B', 'f', 'read', { deny: 'write' });
    bench.change('c', 'nightly', 'f', { waitMs: 60_000 });
    bench.pass(2_000);
    expect(asked(bench.lease('l', 'A', 'f', 'read'))).toMatchObject([
      { id: 'c', kind: 'change', type: 'truncate', state: 'waiting', label: 'nightly backup', ageMs: 2_000 },
    ]);
  });

  test('nobody of another tenant', () => {
    bench.session('theirs', { label: 'secret', node: 'n2', tenant: 't', subject: 's' });
    bench.lease('l', 'theirs', 'f', 'write');
    bench.pass(1_000);
    const blockers = asked(bench.lease('m', 'A', 'f', 'read'));
    expect(blockers).toEqual([
      {
        id: '',
        kind: 'lease',
        sessionId: '',
        owner: '',
        pid: 0,
        ageMs: 1_000,
        type: 'write',
        state: 'active',
        otherTenant: true,
      },
    ]);
    const { locks } = bench.ask('lockList', { after: 0, limit: 9, viewer: 'A' });
    expect(locks).toMatchObject([{ otherTenant: true, ageMs: 1_000 }]);
    expect(locks[0]?.label ?? locks[0]?.node).toBeUndefined();
  });
});
