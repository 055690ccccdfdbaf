import { Bench, bytes, fileOf, ownerOf } from '../support/rules-bench';

/** Who waits behind whom, and what those who wait are called: semantics.md §5. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ queueMax: 9 });
  bench.declare();
  for (const sessionId of ['A', 'B', 'C', 'D', 'H']) bench.session(sessionId);
});
const waits = { waitMs: 60_000 };
const granted = (value: object) => !('refused' in value) && !('waiting' in value && value.waiting === true);
const refusal = (value: object) =>
  (value as { refused?: { reason: string; blockers?: object[] } }).refused ?? { reason: 'none' };
const isHeld = (rangeId: string) => bench.rows.look('range', rangeId)?.state === 'held';
const share = (openId: string) => bench.rows.look('open', openId);

test('a lock in bytes or in a mode that waits breaks no lease, and keeps none away', () => {
  bench.lock('h', 'H', 'f', 'write');
  bench.lock('w', 'A', 'f', 'write', waits);
  expect(bench.rows.look('file', 'local/f')?.breakers).toBe(0);
  expect(granted(bench.lease('l', 'B', 'f', 'write'))).toBe(true);
});

test('a lock that shrinks to a shared one as it is granted lets those before it through', () => {
  bench.lock('a', 'A', 'f', 'write');
  bench.lock('h', 'H', 'f', 'write', bytes(10, 19));
  bench.lock('b', 'B', 'f', 'read', waits);
  bench.lock('a2', 'A', 'f', 'read', { ...bytes(0, 19), ...waits });
  expect(isHeld('b')).toBe(false);
  bench.ask('rangeDrop', { rangeId: 'h' });
  expect(isHeld('b')).toBe(true);
});

test('an owner does not wait behind itself', () => {
  bench.lock('h', 'H', 'f', 'write', bytes(0, 0));
  bench.lock('a', 'A', 'f', 'write', { ...bytes(0, 5), ...waits });
  expect(granted(bench.lock('a2', 'A', 'f', 'write', bytes(4, 9)))).toBe(true);
  expect(refusal(bench.lock('b', 'B', 'f', 'write', bytes(2, 3))).reason).toBe('queued');
  expect(granted(bench.lock('c', 'C', 'f', 'write', bytes(20, 29)))).toBe(true);
});

describe('whoever has what the first one waits for does not wait behind it', () => {
  test('with an open for writing', () => {
    bench.open('a', 'A', 'f', 'write');
    bench.open('b', 'B', 'f', 'write', { deny: 'write', ...waits });
    expect(granted(bench.open('a2', 'A', 'f', 'write'))).toBe(true);
    expect(refusal(bench.open('c', 'C', 'f', 'write')).reason).toBe('queued');
  });

  test('and not either after it has given that up: a release makes nobody wait', () => {
    bench.open('c', 'C', 'f', 'read');
    bench.open('d', 'D', 'f', 'write');
    bench.open('a', 'A', 'f', 'write');
    bench.open('b', 'B', 'f', 'write', { deny: 'write', ...waits });
    expect(bench.open('a2', 'A', 'f', 'write', { deny: 'read', ...waits })).toMatchObject({ waiting: true });
    bench.ask('openClose', { openId: 'a' });
    bench.ask('openClose', { openId: 'c' });
    expect([share('b')?.state, share('a2')?.state]).toEqual(['waiting', 'open']);
  });
});

describe('an open that asks for more', () => {
  const more = (waitMs: number) =>
    bench.ask('openSet', { openId: 'b', access: 'read', deny: 'read', lower: false, waitMs });
  beforeEach(() => {
    bench.open('a', 'A', 'f', 'read');
    bench.open('b', 'B', 'f', 'read');
    bench.told();
  });

  test('is as it was when its time is over', () => {
    expect(more(2_000)).toMatchObject({ open: { toAccess: 'read', toDeny: 'read' }, waiting: true });
    bench.pass(3_000);
    expect(bench.ask('openGet', { openId: 'b' })).toMatchObject({
      open: { state: 'open', access: 'read', deny: 'none', toAccess: undefined, toDeny: undefined },
    });
    expect(share('b')?.toDeny).toBeUndefined();
  });

  test('waits no longer once it is closed', () => {
    more(60_000);
    expect(bench.ask('waitGet', { id: 'b' })).toMatchObject({ wait: { kind: 'open', ahead: 0 } });
    bench.ask('openClose', { openId: 'b' });
    expect(bench.ask('waitGet', { id: 'b' })).toEqual({ refused: { reason: 'no_such_wait' } });
  });

  test('or that waits to be opened is told as cancelled when it is closed', () => {
    bench.open('d', 'D', 'g', 'read', { deny: 'write' });
    bench.open('w', 'C', 'g', 'write', waits);
    bench.told();
    bench.ask('openClose', { openId: 'w' });
    expect(bench.told()).toMatchObject([{ kind: 'dropped', openId: 'w', reason: 'cancelled' }]);
  });

  test('is named as an open in a deadlock', () => {
    bench.ask('openSet', { openId: 'a', access: 'read', deny: 'read', lower: false, ...waits });
    expect(more(60_000)).toMatchObject({
      refused: {
        reason: 'deadlock',
        cycle: [
          { id: 'b', kind: 'open' },
          { id: 'a', kind: 'open' },
        ],
      },
    });
  });
});

test('a change that an open refuses says so, and one that waits is shown as waiting', () => {
  bench.open('o', 'A', 'f', 'read', { deny: 'write' });
  expect(refusal(bench.change('c', 'B', 'f'))).toMatchObject({
    ...{ reason: 'share_denied', blockers: [{ id: 'o', kind: 'open' }] },
  });
  expect(bench.change('c', 'B', 'f', waits)).toMatchObject({ waiting: true });
  expect(bench.ask('waitGet', { id: 'c' })).toMatchObject({
    ...{ wait: { kind: 'change', why: { reason: 'share_denied' } } },
  });
  expect(bench.ask('lockList', { after: 0, limit: 9 })).toMatchObject({
    locks: [
      { id: 'o', state: 'open' },
      { id: 'c', kind: 'change', state: 'waiting', blockedBy: 'o' },
    ],
  });
});

describe('a lease that waits', () => {
  beforeEach(() => {
    for (const id of ['A', 'B']) bench.lease(id.toLowerCase(), id, 'f', 'read');
    expect(bench.ask('leaseSet', { leaseId: 'b', type: 'write', waitMs: 60_000 })).toMatchObject({
      waiting: true,
    });
  });

  test('is shown in a tree under what it waits for if it is no more than a request', () => {
    bench.lease('c', 'C', 'f', 'write', waits);
    const item = { leaseId: 'n', ...fileOf('f'), ...ownerOf('D') };
    bench.ask('leaseAlloc', { sessionId: 'D', items: [item] });
    const { locks } = bench.ask('lockList', { after: 0, limit: 9, tree: true });
    expect(locks.map(({ id, waiters }) => [id, waiters?.map((each) => each.id)])).toEqual([
      ['a', ['b', 'c']],
      ['b', ['c']],
      ['n', undefined],
    ]);
    const flat = bench.ask('lockList', { after: 0, limit: 9 }).locks;
    expect(flat.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'n']);
  });

  test('for more waits no longer once it is revoked', () => {
    bench.open('d', 'D', 'f', 'write', waits);
    bench.told();
    bench.pass(46_000);
    const dropped = bench.told().filter(({ kind }) => kind === 'dropped');
    expect(dropped).toMatchObject([{ leaseId: 'b', reason: 'lease_revoked' }]);
    expect(bench.ask('waitGet', { id: 'b' })).toEqual({ refused: { reason: 'no_such_wait' } });
  });
});

test('a table that did not count waits by kind begins to as soon as nobody waits', () => {
  const bench = new Bench();
  bench.declare();
  for (const sessionId of ['A', 'B', 'C', 'D']) bench.session(sessionId);
  /** Without the invariants, which know of the counts. */
  const lock = (sessionId: string): void =>
    void bench.rows.play('rangeLock', {
      ...{
        sessionId,
        rangeId: sessionId,
        splitId: `${sessionId}'`,
        file: fileOf('f'),
        ...ownerOf(sessionId),
      },
      ...{ class: 'posix', type: 'write', ...bytes(0, 9), waitMs: 60_000 },
    });
  const end = (sessionId: string): void => void bench.rows.play('sessionEnd', { sessionId });
  const held = () => bench.rows.play('tick', {}).value.held;
  lock('A');
  lock('B');
  const meta = bench.rows.get('meta', 'shard');
  if (meta?.held === undefined) throw new Error('nothing is counted');
  // As an earlier version stored it.
  meta.held.waiting = undefined;
  bench.rows.put('meta', 'shard', meta);
  lock('C');
  expect(held()).toMatchObject({ waits: 2, waiting: undefined });
  end('B');
  end('C');
  expect(held()).toMatchObject({ waits: 0, waiting: undefined });
  lock('D');
  expect(held()?.waiting).toMatchObject({ range: 1, open: 0 });
});
