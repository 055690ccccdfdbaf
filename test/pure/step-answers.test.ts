import { Bench } from '../support/rules-bench';

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
