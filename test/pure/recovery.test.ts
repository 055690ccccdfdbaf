import type { Reached } from '../../libs/locks/src/core/io';
import { scenarioLimits } from '../support/scenario';
import { Bench } from '../support/rules-bench';

/** A table that may have lost its last steps: docs/failover.md. */

const limits = { ...scenarioLimits, recoveryMs: 10_000 };
const nothing: Reached = { epoch: 0, no: 0, token: 0, seq: 0 };

let bench: Bench;
beforeEach(() => {
  bench = new Bench(limits);
  bench.declare();
  bench.session('A');
  for (const server of ['one', 'two']) bench.ask('streamsTell', { server, sessions: [] });
});

function reached(): Reached {
  return bench.rows.play('graceGet', {}).reached;
}

/** A lease API connects to another master, and says how far it had seen the table. */
function connect(server: string, seen: Reached, identity = 'replica') {
  const { epoch, no, token, seq } = seen;
  return bench.ask('identify', {
    ...{ identity, limits, shared: true, server },
    ...{ seen: { epoch, no }, minted: token, numbered: seq },
  });
}

const graceMs = (): number => bench.ask('graceGet', {}).graceMs;

test.each(['seen', 'followed'] as const)(
  'a table that comes back empty begins above the life that was %s',
  (how) => {
    const { epoch } = reached();
    const place = { epoch: epoch + 41, no: 7 };
    expect(bench.ask('identify', { identity: 'empty', limits, [how]: place })).toMatchObject({
      restored: true,
    });
    expect(reached().epoch).toBeGreaterThan(place.epoch);
  },
);

describe('after a failover', () => {
  test('nothing is granted until every lease API has said how far it had seen the table', () => {
    const seen = reached();
    connect('one', seen);
    expect(bench.lease('l', 'A', 'f', 'read')).toEqual({ refused: { reason: 'grace', retryAfterMs: 500 } });
    // Saying it twice does not count twice.
    connect('one', reached());
    expect(graceMs()).toBe(10_000);
    connect('two', seen);
    expect(graceMs()).toBe(0);
    expect(bench.lease('l', 'A', 'f', 'read')).toHaveProperty('lease');
  });

  test('a lease API that died with the master may have seen more: the others wait for a bounded time', () => {
    connect('one', reached());
    bench.pass(9_000);
    expect(graceMs()).toBe(1_000);
    bench.pass(1_000);
    expect(bench.lease('l', 'A', 'f', 'read')).toHaveProperty('lease');
  });

  test('another failover does not cut short the time in which lost holders may come back', () => {
    connect('one', { ...reached(), no: 1_000 });
    bench.pass(2_000);
    connect('one', reached(), 'another');
    connect('two', reached(), 'another');
    expect(graceMs()).toBe(10_000);
    bench.ask('streamsTell', { server: 'two', sessions: [], leaving: true });
    connect('one', reached(), 'a third');
    expect(graceMs()).toBe(10_000);
  });

  test('a grace period that the operator wants comes in any case', () => {
    const seen = reached();
    const wanted = { ...limits, graceMs: 20_000 };
    const say = (server: string) =>
      bench.ask('identify', {
        ...{ identity: 'replica', limits: wanted, shared: true, server },
        ...{ seen: { epoch: seen.epoch, no: seen.no }, minted: seen.token, numbered: seen.seq },
      });
    say('one');
    bench.pass(5_000);
    say('two');
    expect(graceMs()).toBe(15_000);
    // All have been heard: what is left is the operator's time, and nothing is missing.
    expect(bench.lease('l', 'A', 'f', 'read')).toEqual({
      refused: { reason: 'grace', retryAfterMs: 15_000 },
    });
    expect(bench.lease('l', 'A', 'f', 'read', { reclaim: true })).toEqual({
      refused: { reason: 'reclaim_bad' },
    });
    bench.ask('reclaimComplete', { sessionId: 'A' });
    expect(graceMs()).toBe(0);
  });

  test('a grace period that the operator wants is over where all have reclaimed before the last report', () => {
    bench = new Bench({ ...limits, graceMs: 20_000 });
    bench.session('A');
    for (const server of ['one', 'two']) bench.ask('streamsTell', { server, sessions: [] });
    const say = (server: string) =>
      bench.ask('identify', {
        ...{ identity: 'replica', limits: { ...limits, graceMs: 20_000 }, shared: true, server },
        seen: { epoch: reached().epoch, no: 0 },
      });
    say('one');
    bench.ask('reclaimComplete', { sessionId: 'A' });
    expect(graceMs()).toBe(10_000);
    say('two');
    expect(graceMs()).toBe(0);
  });

  test('who has said it again is not heard for another', () => {
    bench.ask('streamsTell', { server: 'three', sessions: [] });
    const seen = reached();
    connect('one', seen);
    connect('two', seen);
    connect('two', reached());
    connect('a stranger', nothing);
    expect(graceMs()).toBe(10_000);
    connect('three', seen);
    expect(graceMs()).toBe(0);
  });

  test('what the second one has seen and the first has not holds for its whole time', () => {
    const seen = reached();
    connect('one', seen);
    connect('two', { ...seen, no: 1_000 });
    connect('one', reached());
    expect(graceMs()).toBe(10_000);
    expect(bench.lease('l', 'A', 'f', 'read')).toEqual({
      refused: { reason: 'grace', retryAfterMs: 10_000 },
    });
  });

  test('a failover that is over does not prolong the next', () => {
    connect('one', reached());
    bench.ask('streamsTell', { server: 'two', sessions: [], leaving: true });
    connect('one', reached(), 'another');
    expect(graceMs()).toBe(0);
    bench.ask('streamsTell', { server: 'two', sessions: [] });
    connect('one', { ...reached(), no: 1_000 }, 'a third');
    bench.pass(10_000);
    connect('one', reached(), 'a fourth');
    expect(graceMs()).toBe(10_000);
    connect('two', reached(), 'a fourth');
    expect(graceMs()).toBe(0);
  });

  test('nobody waits for reports where the operator wants none, or where the table is not shared', () => {
    const again = (more: object) =>
      bench.ask('identify', {
        ...{ identity: 'replica', server: 'one', shared: true, ...more },
        ...{ limits: { ...limits, graceMs: 20_000, ...more } },
      });
    again({ recoveryMs: 0 });
    expect(bench.lease('l', 'A', 'f', 'read')).toEqual({
      refused: { reason: 'grace', retryAfterMs: 20_000 },
    });
    again({ identity: 'another', shared: undefined });
    expect(bench.lease('l', 'A', 'f', 'read')).toEqual({
      refused: { reason: 'grace', retryAfterMs: 20_000 },
    });
  });

  test('alone, a lease API goes on at once if nothing that it has seen is missing', () => {
    bench.ask('streamsTell', { server: 'two', sessions: [], leaving: true });
    connect('one', reached());
    expect(graceMs()).toBe(0);
  });

  test.each<[string, (seen: Reached) => Reached]>([
    ['a record', (seen) => ({ ...seen, no: seen.no + 1 })],
    ['a token', (seen) => ({ ...seen, token: seen.token + 1 })],
    ['a session', (seen) => ({ ...seen, seq: seen.seq + 1 })],
    ['a life', (seen) => ({ ...seen, epoch: seen.epoch + 7 })],
  ])('%s that only the second one has seen is noticed, also in the life that has begun since', (_, more) => {
    const seen = reached();
    connect('one', seen);
    bench.session('B');
    expect(connect('two', more(seen)).restored).toBe(true);
    bench.pass(9_999);
    expect(graceMs()).toBe(1);
    bench.pass(1);
    expect(graceMs()).toBe(0);
    const { value } = bench.rows.play('leaseAcquire', {
      ...{ sessionId: 'A', type: 'read', waitMs: 0 },
      item: {
        leaseId: 'l',
        fileKey: 'f',
        exportName: 'local',
        path: 'f',
        fileId: 'f',
        inode: '<none>:0',
        owner: 'o',
        ownerKey: 'o',
        clientKey: 'c',
      },
    });
    expect(value).toHaveProperty('lease');
    expect((value as { lease: { token: number } }).lease.token).toBeGreaterThan(more(seen).token);
  });

  test('sessions that have reclaimed do not shorten the time in which lost sessions may come back', () => {
    connect('one', { ...reached(), no: 1_000 });
    bench.ask('reclaimComplete', { sessionId: 'A' });
    expect(graceMs()).toBe(10_000);
  });

  test('what an adapter has seen and the table has not may be reclaimed for the whole time', () => {
    bench.serve('i1', ['x']);
    bench.beat('i1', ['x'], { seen: { epoch: reached().epoch, token: reached().token + 1 } });
    bench.ask('reclaimComplete', { sessionId: 'A' });
    expect(graceMs()).toBe(10_000);
  });

  test('a lease API that knows nothing waits for those that do', () => {
    connect('three', nothing);
    expect(graceMs()).toBe(10_000);
    connect('one', reached());
    expect(graceMs()).toBe(10_000);
    connect('two', reached());
    expect(graceMs()).toBe(0);
  });
});

describe('that nothing is missing', () => {
  const known = { refused: { reason: 'reclaim_bad' } };
  const unknown = { lease: { type: 'read' } };
  test.each<[string, { server?: string; shared?: boolean; epoch?: number; others?: boolean }, object]>([
    ['is known where the only lease API remembers what it had seen', {}, known],
    ['is not known to one that was not there', { server: 'new' }, unknown],
    ['is not known to one that remembers nothing', { epoch: 0 }, unknown],
    ['is not known of a table that nobody shares', { shared: undefined }, unknown],
    ['is not known where there are others', { others: true }, unknown],
  ])('%s', (_, how, answer) => {
    const wanted = { ...limits, graceMs: 20_000, recoveryMs: 0 };
    const { server = 'one', others = false, epoch = reached().epoch } = how;
    const shared = 'shared' in how ? how.shared : true;
    if (!others) bench.ask('streamsTell', { server: 'two', sessions: [], leaving: true });
    if (server === 'new') bench.ask('streamsTell', { server: 'one', sessions: [], leaving: true });
    bench.ask('identify', {
      ...{ identity: 'replica', limits: wanted, shared, server, seen: { epoch, no: 0 } },
    });
    expect(bench.lease('l', 'A', 'f', 'read', { reclaim: true })).toMatchObject(answer);
  });
});

test('who may reclaim: the sessions from before, until they have, or the time is over', () => {
  const may = (): string[] =>
    bench
      .ask('sessionList', { after: 0, limit: 9 })
      .sessions.flatMap((each) => (each.mayReclaim ? [each.sessionId] : []));
  bench.session('B');
  expect(may()).toEqual([]);
  connect('one', { ...reached(), no: 1_000 });
  bench.session('C');
  expect(may()).toEqual(['A', 'B']);
  bench.ask('reclaimComplete', { sessionId: 'A' });
  expect(may()).toEqual(['B']);
  bench.pass(10_000);
  expect(may()).toEqual([]);
  bench = new Bench({ ...limits, graceMs: 5_000 });
  bench.ask('identify', { identity: 'bench', limits, minted: 2 ** 52 });
  bench.session('A');
  expect(may()).toEqual([]);
});

describe('what is reclaimed', () => {
  const lose = (): void => void connect('one', { ...reached(), no: 1_000 });

  test('a lost session goes on under its id and secret, and only then', () => {
    expect(bench.session('B', { reclaim: true })).toEqual({ refused: { reason: 'no_grace' } });
    lose();
    expect(bench.session('B', { reclaim: true })).toMatchObject({
      session: { sessionId: 'B', state: 'live' },
    });
    expect(bench.session('B', { reclaim: true })).toMatchObject({ session: { sessionId: 'B' } });
    expect(bench.session('B', { reclaim: true, digest: 'other' })).toEqual({
      refused: { reason: 'not_holder' },
    });
    bench.ask('sessionEnd', { sessionId: 'B' });
    expect(bench.session('B', { reclaim: true })).toEqual({ refused: { reason: 'session_expired' } });
  });

  test('a lost lease keeps its id, with a new token; what conflicts is refused', () => {
    bench.session('B');
    lose();
    const { token } = reached();
    expect(bench.lease('l', 'A', 'f', 'write', { reclaim: true })).toMatchObject({
      lease: { leaseId: 'l', type: 'write' },
    });
    expect(reached().token).toBeGreaterThan(token);
    expect(bench.lease('m', 'B', 'f', 'write', { reclaim: true })).toMatchObject({
      refused: { reason: 'lease_conflict' },
    });
    expect(bench.lease('l', 'B', 'g', 'write', { reclaim: true })).toEqual({
      refused: { reason: 'no_such_lease' },
    });
  });

  test('a lease whose last grant is lost is granted again: one that waits, and one that was weaker', () => {
    bench.session('B');
    bench.lease('read', 'A', 'f', 'read');
    bench.lease('in the way', 'B', 'g', 'write');
    bench.lease('waits', 'A', 'g', 'write', { waitMs: 60_000 });
    expect(bench.lease('read', 'A', 'f', 'write', { reclaim: true })).toMatchObject({
      lease: { type: 'read' },
    });
    lose();
    expect(bench.lease('read', 'A', 'f', 'write', { reclaim: true })).toMatchObject({
      lease: { leaseId: 'read', type: 'write', state: 'active' },
    });
    bench.ask('leaseSet', { leaseId: 'in the way', type: 'none' });
    expect(bench.lease('waits', 'A', 'g', 'write', { reclaim: true })).toMatchObject({
      lease: { leaseId: 'waits', type: 'write', state: 'active' },
    });
  });

  test('a lease is found whatever was asked for, and what is not reclaimed must be the same request', () => {
    const reused = { refused: { reason: 'id_reused_with_other_body' } };
    const first = bench.lease('l', 'A', 'f', 'read', { body: 'as asked' });
    const again = (more = {}) => bench.lease('l', 'A', 'f', 'read', more);
    expect([again(), again({ reclaim: true })]).toEqual([reused, reused]);
    lose();
    expect(again({ reclaim: true, body: 'another' })).toEqual(reused);
    expect(again()).toEqual(reused);
    const reclaimed = again({ reclaim: true });
    expect(reclaimed).toMatchObject({ lease: { leaseId: 'l', type: 'read', state: 'active' } });
    // It has what it had: only the token is one of this life.
    expect(again({ reclaim: true })).toEqual(reclaimed);
    expect(again({ body: 'as asked' })).toEqual(reclaimed);
    expect(reclaimed).not.toEqual(first);
    bench.told();
    expect(bench.lease('l', 'A', 'f', 'write', { reclaim: true })).toMatchObject({
      lease: { type: 'write' },
    });
    expect(bench.told()).toMatchObject([{ kind: 'granted', leaseId: 'l', type: 'write' }]);
    expect(again({ body: 'as asked' })).toMatchObject({ lease: { type: 'write' } });
  });

  test('a request that waits is withdrawn for the reclaim, and asked again with what the reclaim says', () => {
    bench.session('B');
    bench.lease('in the way', 'B', 'g', 'read');
    bench.lease('waits', 'A', 'g', 'write', { waitMs: 60_000, body: 'as asked' });
    lose();
    bench.told();
    const { refused } = bench.lease('waits', 'A', 'g', 'write', { reclaim: true }) as {
      refused: { reason: string };
    };
    expect(refused.reason).toBe('lease_conflict');
    expect(bench.told()).toMatchObject([{ kind: 'dropped', leaseId: 'waits', reason: 'cancelled' }]);
    expect(bench.lease('waits', 'A', 'g', 'read', { reclaim: true, body: 'new' })).toMatchObject({
      lease: { type: 'read' },
    });
    expect(bench.lease('waits', 'A', 'g', 'read', { body: 'new' })).toMatchObject({
      lease: { type: 'read' },
    });
  });

  test('what its holder has released, or lost, stays so', () => {
    bench.lease('released', 'A', 'f', 'read');
    bench.ask('leaseSet', { leaseId: 'released', type: 'none' });
    bench.lease('revoked', 'A', 'g', 'read');
    bench.ask('lockRelease', { id: 'revoked', unfenced: false });
    lose();
    for (const id of ['released', 'revoked'])
      expect(bench.lease(id, 'A', 'f', 'write', { reclaim: true })).toMatchObject({ lease: { state: id } });
  });

  test('a lease that is known needs no room in a session that is full', () => {
    bench.session('Q', { tenant: 't', subject: 's', quota: { rows: 1 } });
    bench.lease('l', 'Q', 'f', 'read');
    lose();
    expect(bench.lease('l', 'Q', 'f', 'write', { reclaim: true })).toMatchObject({
      lease: { type: 'write' },
    });
    expect(bench.lease('m', 'Q', 'g', 'write', { reclaim: true })).toMatchObject({
      refused: { reason: 'subject_rows_max' },
    });
  });
});
