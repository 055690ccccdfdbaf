import { PlainRows } from '../support/plain-rows';
import { Bench } from '../support/rules-bench';
import { scenarioLimits } from '../support/scenario';

/** What a step says besides the answer of its verb: records, times, counts and numbers. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.declare();
  for (const sessionId of ['A', 'B']) bench.session(sessionId);
});

test('a record says in which epoch it was made, and when', () => {
  bench.clock.now += 500;
  bench.open('o', 'A', 'f', 'read');
  const { reached } = bench.rows.play('openGet', { openId: 'o' });
  expect(bench.rows.records.at(-1)).toMatchObject({
    ...{ kind: 'opened', no: reached.no, epoch: reached.epoch, wall: bench.clock.now },
  });
});

test('a step says how long the waits took that ended in it', () => {
  bench.open('o', 'A', 'f', 'read', { deny: 'both' });
  for (const path of ['g', 'h']) bench.lock(`of ${path}`, 'A', path, 'write');
  bench.open('p', 'B', 'f', 'read', { waitMs: 60_000 });
  bench.lock('r', 'B', 'g', 'write', { waitMs: 60_000 });
  bench.clock.now += 500;
  expect(bench.rows.play('openClose', { openId: 'o', digest: 'A' }).measured).toEqual([
    { what: 'open', outcome: 'granted', ms: 500 },
  ]);
  expect(bench.rows.play('sessionEnd', { sessionId: 'B', digest: 'B' }).measured).toEqual([
    { what: 'range', outcome: 'session_ended', ms: 500 },
  ]);
});

test('a tick says how many wait, by kind', () => {
  const semaphore = { ...{ fileKey: 'local/n', exportName: 'local', path: 'n' }, fileId: 'n', inode: '' };
  const permit = { owner: 'o', file: { ...semaphore, semaphore: 1 } };
  bench.open('o', 'A', 'f', 'read', { deny: 'both' });
  bench.lock('r', 'A', 'g', 'write');
  bench.lease('l', 'A', 'h', 'write');
  bench.ask('permitTake', {
    ...permit,
    sessionId: 'A',
    ownerKey: 'A/o',
    clientKey: 'A/',
    permitId: 'p',
    waitMs: 0,
  });
  expect(bench.ask('tick', {}).held?.waiting).toEqual({
    lease: 0,
    open: 0,
    range: 0,
    change: 0,
    dlm: 0,
    permit: 0,
  });
  bench.open('o2', 'B', 'f', 'read', { waitMs: 60_000 });
  bench.lock('r2', 'B', 'g', 'write', { waitMs: 60_000 });
  bench.lease('l2', 'B', 'h', 'write', { waitMs: 60_000 });
  bench.change('c2', 'B', 'h', { waitMs: 60_000 });
  bench.ask('permitTake', {
    ...permit,
    sessionId: 'B',
    ownerKey: 'B/o',
    clientKey: 'B/',
    permitId: 'q',
    waitMs: 60_000,
  });
  expect(bench.ask('tick', {}).held).toMatchObject({
    waits: 5,
    waiting: { lease: 1, open: 1, range: 1, change: 1, dlm: 0, permit: 1 },
  });
});

test('a clock that was decades wrong leaves a table that goes on', () => {
  bench.open('o', 'A', 'f', 'read', { deny: 'both', body: 'b' });
  const before = bench.rows.play('openGet', { openId: 'o' }).reached;
  const clock: { now: number; ahead?: number } = bench.clock;
  clock.ahead = 3_000_000_000_000;
  const asked = { sessionId: 'C', digest: 'C', ttlMs: 1000, pid: 7 };
  expect(bench.rows.play('sessionCreate', asked).value).toEqual({ refused: { reason: 'numbers_used_up' } });
  const { value, reached } = bench.rows.play('openClose', { openId: 'o', digest: 'A' });
  expect(value).not.toHaveProperty('refused');
  expect(reached.seq).toBeGreaterThan(before.seq);
  clock.ahead = 0;
  expect(bench.rows.play('sessionCreate', asked).value).not.toHaveProperty('refused');
});

test('who is no NFS client has nothing to confirm', () => {
  expect(bench.ask('clientConfirm', { sessionId: 'A', digest: 'A' })).toEqual({ more: false });
  expect(bench.ask('clientConfirm', { sessionId: 'nobody', digest: 'A' })).toEqual({
    refused: { reason: 'no_such_session' },
  });
});

describe('whoever opens a table', () => {
  const limits = scenarioLimits;

  test('may ask that it is there already: an empty one is not begun then', () => {
    const rows = new PlainRows({ now: bench.clock.now });
    const asked = { identity: 'i', limits, mustExist: true };
    const nothing = { epoch: 0, records: 0, restored: false, fresh: true, shards: 1 };
    expect(rows.play('identify', asked).value).toEqual(nothing);
    expect(rows.play('identify', asked).value).toEqual(nothing);
    const { epoch } = rows.play('identify', { identity: 'i', limits }).value;
    expect(rows.play('identify', asked).value).toMatchObject({ epoch, restored: false, fresh: false });
  });

  test('is given the key of the first; each opening is an epoch of its own', () => {
    const rows = new PlainRows({ now: bench.clock.now });
    const open = (opening: string, key: string) =>
      rows.play('identify', { identity: 'i', limits, opening, key }).value;
    const first = open('a', 'k');
    expect(first).toMatchObject({ key: 'k', fresh: true });
    expect(open('a', 'other')).toMatchObject({ key: 'k', epoch: first.epoch });
    const second = open('b', 'other');
    expect(second.key).toBe('k');
    expect(second.epoch).toBeGreaterThan(first.epoch);
    expect(open('b', 'other').epoch).toBe(second.epoch);
  });

  test('learns once that a place that a stream has followed is lost', () => {
    const { epoch, records } = bench.ask('identify', { identity: 'bench', limits });
    const follow = (place: { epoch: number; no: number }) =>
      bench.ask('identify', { identity: 'bench', limits, followed: place }).restored;
    expect(follow({ epoch: 0, no: 7 })).toBe(false);
    expect(follow({ epoch, no: records })).toBe(false);
    expect(follow({ epoch: epoch + 4096, no: 1 })).toBe(true);
    expect(follow({ epoch: epoch + 4096, no: 1 })).toBe(false);
  });
});
