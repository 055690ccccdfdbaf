import { formatNewest } from '../../libs/locks/src/core/format';
import type { VerbInput } from '../../libs/locks/src/core/io';
import { Bench, bytes, fileOf, ownerOf } from '../support/rules-bench';

/** Range locks that wait: repeats, longer waits, what stands between them, and the answer of a fileserver (semantics.md §3). */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.declare();
  for (const sessionId of ['A', 'B', 'C']) bench.session(sessionId);
});
const refused = (reason: string, more: object = {}) => ({ refused: { reason, ...more } });
const shownOf = (rangeId: string) => bench.rows.look('range', rangeId);
const lock = (rangeId: string, sessionId: string, more: Partial<VerbInput<'rangeLock'>> = {}) =>
  bench.lock(rangeId, sessionId, 'f', 'write', more);
const waits = { waitMs: 60_000 };

describe('a request for a range that waits', () => {
  beforeEach(() => {
    lock('held', 'B', bytes(0, 9));
    expect(lock('w', 'A', { waitMs: 10_000 })).toMatchObject({ waiting: true });
  });
  const due = () => (shownOf('w')?.due ?? 0) - bench.clock.now;

  test('may wait for longer when it is repeated, and never for less', () => {
    expect(due()).toBe(10_000);
    for (const [waitMs, then] of [
      [5_000, 10_000],
      [10_000, 10_000],
      [20_000, 20_000],
    ] as const) {
      expect(lock('again', 'A', { waitMs })).toMatchObject({ range: { rangeId: 'w' }, waiting: true });
      expect(due()).toBe(then);
    }
    expect(shownOf('again')).toBeUndefined();
    bench.pass(15_000);
    expect(shownOf('w')).toMatchObject({ state: 'waiting' });
    bench.pass(5_000);
    expect(shownOf('w')).toBeUndefined();
  });

  test('is no repeat of one with an id of its own, nor the other way round', () => {
    expect(lock('x', 'A', { ...waits, body: 'b' })).toMatchObject({ range: { rangeId: 'x' }, waiting: true });
    expect(lock('x', 'A', { ...waits, body: 'b' })).toMatchObject({ range: { rangeId: 'x' }, waiting: true });
    expect(lock('x', 'A', { ...waits, body: 'c' })).toEqual(refused('id_reused_with_other_body'));
    expect(lock('x', 'C', { ...waits, body: 'b' })).toEqual(refused('not_holder'));
    expect(lock('y', 'A', waits)).toMatchObject({ range: { rangeId: 'w' } });
    bench.ask('rangeDrop', { rangeId: 'held' });
    // It is granted as what it is.
    expect(shownOf('w')).toMatchObject({ state: 'held' });
  });
});

test('one with an id of its own that is over says how it has ended', () => {
  lock('x', 'A', { body: 'b' });
  bench.ask('rangeDrop', { rangeId: 'x' });
  expect(lock('x', 'A', { body: 'b' })).toEqual(refused('lock_over', { ended: 'cancelled' }));
  expect(lock('x', 'A', { body: 'c' })).toEqual(refused('id_reused_with_other_body'));
});

test('one with an id of its own that is granted is found by it, waiting no more', () => {
  lock('x', 'A', { body: 'b' });
  expect(lock('x', 'A', { body: 'b' })).toMatchObject({ range: { state: 'held' }, waiting: false });
  lock('y', 'B', { ...waits, body: 'b' });
  expect(lock('y', 'B', { ...waits, body: 'b' })).toMatchObject({
    range: { state: 'waiting' },
    waiting: true,
  });
});

test('who holds only a part of a range has not held all of it', () => {
  lock('r', 'A', bytes(5, 14));
  bench.ask('streamsTell', { server: 's', sessions: [], format: formatNewest, release: '1' });
  bench.ask('exportGrace', { name: 'local', graceMs: 10_000 });
  for (const [from, to, bad] of [
    [5, 14, false],
    [6, 13, false],
    [0, 14, true],
    [5, 20, true],
  ] as const) {
    const value = lock('again', 'A', { ...bytes(from, to), reclaim: true });
    expect([from, to, 'refused' in value]).toEqual([from, to, bad]);
  }
});

test('one with an id of its own that another is joined to, or that is unlocked, is over for its holder', () => {
  lock('x', 'A', { ...bytes(0, 9), body: 'b' });
  lock('y', 'A', { ...bytes(20, 29), body: 'b' });
  lock('z', 'A', bytes(10, 19));
  expect(lock('y', 'A', { ...bytes(20, 29), body: 'b' })).toEqual(refused('lock_over', { ended: 'holder' }));
  lock('v', 'A', { ...bytes(50, 59), body: 'b' });
  const whole = { ...bytes(0, 99), sessionId: 'A', ...ownerOf('A'), class: 'posix', splitId: 's' } as const;
  bench.ask('rangeUnlock', { ...whole, fileKey: 'local/f' });
  expect(lock('v', 'A', { ...bytes(50, 59), body: 'b' })).toEqual(refused('lock_over', { ended: 'holder' }));
});

describe('what a client in courtesy holds', () => {
  beforeEach(() => {
    bench.session('K', { ttlMs: 10_000, courtesyMs: 60_000 });
  });

  test('is not taken for a request that has to wait behind another', () => {
    lock('of K', 'K', bytes(33, 39));
    lock('held', 'A', bytes(0, 5));
    lock('w', 'B', { ...bytes(0, 32), ...waits });
    bench.pass(10_000);
    expect(lock('x', 'C', bytes(30, 35))).toMatchObject({ refused: {} });
    expect(shownOf('of K')).toMatchObject({ state: 'held' });
    expect(lock('y', 'C', bytes(35, 35))).toMatchObject({ waiting: false });
    expect(shownOf('of K')).toBeUndefined();
  });

  test('shows its stateid as expired once it was taken, whatever is asked with it', () => {
    bench.open('o', 'K', 'f', 'both', { deny: 'write' });
    bench.pass(10_000);
    expect(bench.open('p', 'B', 'f', 'write')).toMatchObject({ waiting: false });
    const shown = { sessionId: 'K', seqid: 0 };
    const ofOpen = { ...shown, id: 'o', of: 'open' as const, freshId: 'k' };
    const more = { access: 'read', deny: 'none', waitMs: 0, lower: true } as const;
    expect(bench.ask('openSet', { openId: 'o', ...more, shown })).toEqual(refused('state_expired'));
    expect(bench.ask('openSet', { openId: 'o', ...more })).toEqual(refused('no_such_open'));
    expect(bench.ask('openClose', { openId: 'o', shown })).toEqual(refused('state_expired'));
    expect(bench.ask('openClose', { openId: 'o' })).toEqual(refused('no_such_open'));
    expect(lock('l', 'K', { file: undefined, shown: ofOpen })).toEqual(refused('state_expired'));
    const free = (requestId: string) => bench.ask('stateidFree', { id: 'o', shown: { ...shown, requestId } });
    expect([free('q'), free('q'), free('r')]).toEqual([
      ...[{ freed: true }, { freed: true }, refused('no_such_lock')],
    ]);
  });

  test('of a delegation is told by its stateid, and what its client lost otherwise is not', () => {
    const { clientKey } = ownerOf('K');
    bench.ask('delegationWant', {
      sessionId: 'K',
      leaseId: 'd',
      file: fileOf('f'),
      clientKey,
      want: 'write',
    });
    bench.lease('l', 'K', 'g', 'write');
    const look = () => bench.ask('stateidTest', { id: 'd', shown: { sessionId: 'K', seqid: 0 } });
    expect(look()).toMatchObject({ held: { access: 'both' } });
    bench.pass(10_000);
    bench.open('o', 'B', 'f', 'write');
    bench.open('p', 'B', 'g', 'write');
    const shown = { sessionId: 'K', seqid: 0 };
    expect(look()).toEqual(refused('state_expired'));
    expect(bench.ask('leaseSet', { leaseId: 'd', type: 'none', shown })).toEqual(refused('state_expired'));
    expect(bench.ask('leaseSet', { leaseId: 'd', type: 'none' })).toEqual(
      refused('lease_revoked', { ended: 'expired' }),
    );
    const free = () => bench.ask('stateidFree', { id: 'd', shown });
    expect([free(), free()]).toEqual([{ freed: true }, refused('no_such_lock')]);
  });
});

test('a delegation that was revoked is not said to have expired', () => {
  const { clientKey } = ownerOf('A');
  bench.ask('delegationWant', { sessionId: 'A', leaseId: 'd', file: fileOf('f'), clientKey, want: 'write' });
  bench.open('o', 'B', 'f', 'write', waits);
  bench.pass(46_000);
  const shown = { sessionId: 'A', seqid: 0 };
  expect(bench.ask('leaseSet', { leaseId: 'd', type: 'none', shown })).toMatchObject(
    refused('lease_revoked'),
  );
});

test('a tenure that is over is over, whoever looks first', () => {
  // A request settles only a few of those whose time is over.
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const leaseId of ids)
    bench.lease(leaseId, 'A', leaseId, 'write', {
      item: { leaseId, ...fileOf(leaseId), ...ownerOf('A'), maxHoldMs: 5_000 },
    });
  bench.pass(4_000);
  bench.clock.now += 1_000;
  bench.told();
  expect(bench.ask('leaseGet', { leaseId: 'f' })).toMatchObject({ lease: { state: 'revoked' } });
  const revoked = bench
    .told()
    .flatMap((each) => (each.kind === 'revoked' ? [[each.leaseId, each.cause]] : []));
  expect(revoked).toContainEqual(['f', 'max_hold']);
  expect(revoked).not.toContainEqual(['e', 'max_hold']);
  expect(bench.ask('leaseSet', { leaseId: 'e', type: 'read' })).toEqual(
    refused('lease_revoked', { ended: 'max_hold' }),
  );
});

describe('a request that only its fileserver has to answer', () => {
  beforeEach(() => {
    bench.serve('i1', ['posix'], { locksRanges: true });
    bench.ask('streamsTell', { server: 's', sessions: [], format: formatNewest, release: '1' });
    bench.put('posix', { stack: 'posix', own: { ranges: 'kernel' } });
  });
  const ask = (rangeId: string, waitMs: number, from = 0) =>
    bench.lock(rangeId, 'A', 'posix/f', 'write', { waitMs, ...bytes(from, from + 9) });
  const within = (rangeId: string) => {
    const value = bench.ask('rangeGet', { rangeId });
    return 'range' in value ? value.range.withinMs : value;
  };

  test('says within which time that is, and waits for longer if it is repeated', () => {
    expect(ask('r', 0)).toMatchObject({ waiting: true, range: { withinMs: 11_000 } });
    bench.clock.now += 2_000;
    expect(within('r')).toBe(9_000);
    const due = bench.clock.now + 9_000;
    // A repeat that does not wait changes nothing.
    expect(ask('s', 0)).toMatchObject({ range: { rangeId: 'r', withinMs: 9_000 } });
    expect(bench.rows.look('range', 'r')).toMatchObject({ due, atOnce: true });
    // One that waits for less than it has is none that needs its answer at once any more.
    expect(ask('s', 1_000)).toMatchObject({ range: { rangeId: 'r', withinMs: undefined } });
    expect(bench.rows.look('range', 'r')).toMatchObject({ due, atOnce: undefined });
    expect(ask('s', 20_000)).toMatchObject({ range: { rangeId: 'r' } });
    expect(bench.rows.look('range', 'r')).toMatchObject({ due: bench.clock.now + 20_000 });
    expect(ask('t', 30_000, 20)).toMatchObject({ range: { withinMs: undefined } });
  });
});
