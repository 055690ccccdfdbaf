import { formatNewest } from '../../libs/locks/src/core/format';
import type { Mode } from '../../libs/locks/src/core/rows';
import type { VerbInput } from '../../libs/locks/src/core/io';
import { Bench, fileOf, ownerOf } from '../support/rules-bench';

/** Opens, permits and locks in modes that their holders reclaim by their ids (semantics.md §6), and what is no reclaim. */

const graceMs = 10_000;
const wait = { waitMs: 60_000 };
const refused = (reason: string) =>
  expect.objectContaining({ refused: expect.objectContaining({ reason }) as object }) as object;
let bench: Bench;
beforeEach(() => {
  bench = new Bench({ graceMs, queueMax: 9 });
  bench.declare();
  for (const sessionId of ['A', 'B', 'C']) bench.session(sessionId);
});

/** The table may lack what it gave out last. */
function lose(): void {
  const { epoch } = bench.ask('identify', { identity: 'bench', limits: bench.limits });
  const seen = { epoch: epoch + 1, no: 0 };
  bench.ask('identify', { identity: 'bench', limits: bench.limits, seen });
  bench.told();
}

/** A grace period of the export alone, in which nothing is missing. */
function begin(): void {
  bench.ask('streamsTell', { server: 's', sessions: [], format: formatNewest, release: '1' });
  expect(bench.ask('exportGrace', { name: 'local', graceMs })).toMatchObject({ graceMs });
  bench.told();
}
const take = (permitId: string, sessionId: string, more: Partial<VerbInput<'permitTake'>> = {}) =>
  bench.ask('permitTake', {
    ...{ sessionId, permitId, ...ownerOf(sessionId) },
    ...{ file: { ...fileOf('s'), semaphore: 1 }, waitMs: 0, ...more },
  });
const enq = (lockId: string, sessionId: string, mode: Mode, more: Partial<VerbInput<'dlmLock'>> = {}) =>
  bench.ask('dlmLock', {
    ...{ sessionId, lockId, mode, ...ownerOf(sessionId), file: { ...fileOf('r'), resource: true } },
    ...{ flags: {}, waitMs: 0, ...more },
  });
/** What waits, as each kind asks for it, and what it waits for. */
const kinds = {
  open: {
    held: () => bench.open('held', 'B', 'f', 'write'),
    ask: (more: object = {}, sessionId = 'A') =>
      bench.open('w', sessionId, 'f', 'read', { deny: 'write', ...more }),
    waits: () => bench.rows.look('open', 'w')?.state === 'waiting',
    refusal: 'share_denied',
  },
  permit: {
    held: () => take('held', 'B'),
    ask: (more: object = {}, sessionId = 'A') => take('w', sessionId, more),
    waits: () => bench.rows.look('permit', 'w')?.token === 0,
    refusal: 'semaphore_full',
  },
  dlm: {
    held: () => enq('held', 'B', 'EX'),
    ask: (more: object = {}, sessionId = 'A') => enq('w', sessionId, 'PR', more),
    waits: () => bench.rows.look('dlm', 'w')?.waitNo !== 0,
    refusal: 'mode_conflict',
  },
};

describe.each(Object.entries(kinds))('a request of the kind %s that waits', (_kind, each) => {
  beforeEach(() => {
    each.held();
    expect(each.ask({ ...wait, body: 'b' })).toMatchObject({ waiting: true });
  });

  test('keeps its place when it is repeated with its content, whether it reclaims or not', () => {
    lose();
    for (const reclaim of [true, undefined]) {
      expect(each.ask({ ...wait, body: 'b', reclaim })).toMatchObject({ waiting: true });
      expect(bench.told()).toEqual([]);
    }
    expect(each.ask({ ...wait })).toEqual(refused('id_reused_with_other_body'));
    expect([each.waits(), bench.told()]).toEqual([true, []]);
  });

  test('keeps its place when somebody else reclaims it', () => {
    lose();
    expect(each.ask({ reclaim: true }, 'C')).toEqual(refused('not_holder'));
    expect([each.waits(), bench.told()]).toEqual([true, []]);
  });

  test('is not reclaimed without a grace period', () => {
    expect(each.ask({ reclaim: true })).toEqual(refused('id_reused_with_other_body'));
    expect(each.waits()).toBe(true);
  });

  test('gives up its place to be reclaimed', () => {
    lose();
    expect(each.ask({ reclaim: true })).toEqual(refused(each.refusal));
    expect(bench.told()).toMatchObject([{ kind: 'dropped', sessionId: 'A', reason: 'cancelled' }]);
  });

  test('is not reclaimed where nothing is missing', () => {
    begin();
    each.ask({ reclaim: true });
    expect([each.waits(), bench.told()]).toEqual([true, []]);
  });
});

test('who waited behind a request that is reclaimed is served before it', () => {
  const more = { deny: 'read', ...wait } as const;
  bench.open('held', 'B', 'f', 'write');
  bench.open('w', 'A', 'f', 'read', { deny: 'write', body: 'b', ...wait });
  expect(bench.open('behind', 'C', 'f', 'write', more)).toMatchObject({ waiting: true });
  lose();
  expect(bench.open('w', 'A', 'f', 'read', { reclaim: true })).toEqual(refused('share_denied'));
  expect(bench.ask('openGet', { openId: 'behind' })).toMatchObject({ open: { state: 'open' } });
});

describe('where nothing is missing', () => {
  const has = { reclaim: true, deny: 'write' } as const;

  test('an open is reclaimed as it is, and not as it is not', () => {
    bench.open('o', 'A', 'f', 'read', { deny: 'write', body: 'b' });
    begin();
    expect(bench.open('o', 'A', 'f', 'read', has)).toMatchObject({ open: { state: 'open' } });
    expect(bench.open('o', 'A', 'f', 'both', has)).toEqual(refused('reclaim_bad'));
    expect(bench.open('o', 'A', 'f', 'read', { ...has, deny: 'none' })).toEqual(refused('reclaim_bad'));
  });

  test('an open whose change waits is not reclaimed without that', () => {
    bench.open('held', 'B', 'f', 'read');
    bench.open('o', 'A', 'f', 'read', { deny: 'none', body: 'b' });
    bench.ask('openSet', { openId: 'o', access: 'read', deny: 'read', lower: false, ...wait });
    begin();
    expect(bench.open('o', 'A', 'f', 'read', { reclaim: true })).toEqual(refused('reclaim_bad'));
    expect(bench.told()).toEqual([]);
  });

  test('an NFS client gets no more of its open than it had, neither access nor deny', () => {
    const more = { reopen: true, deny: 'write' } as const;
    bench.open('o', 'A', 'f', 'read', more);
    begin();
    const again = (access: 'read' | 'write', deny: 'read' | 'write') =>
      bench.open('p', 'A', 'f', access, { ...more, deny, reclaim: true });
    expect(again('read', 'write')).toMatchObject({ open: { openId: 'o', access: 'read', deny: 'write' } });
    expect(again('read', 'read')).toEqual(refused('reclaim_bad'));
    expect(again('write', 'write')).toEqual(refused('reclaim_bad'));
  });

  test('a lock is reclaimed in the mode that it has, unless it waits for another', () => {
    enq('l', 'A', 'PR', { body: 'b' });
    enq('m', 'B', 'PR');
    begin();
    expect(enq('l', 'A', 'PR', { reclaim: true })).toMatchObject({ lock: { mode: 'PR' } });
    expect(enq('l', 'A', 'CR', { reclaim: true })).toEqual(refused('reclaim_bad'));
  });

  test('a lock whose conversion waits is not reclaimed without that', () => {
    enq('l', 'A', 'PR', { body: 'b' });
    enq('m', 'B', 'PR');
    bench.ask('dlmConvert', { lockId: 'l', mode: 'EX', flags: {}, ...wait });
    begin();
    expect(enq('l', 'A', 'PR', { reclaim: true })).toEqual(refused('reclaim_bad'));
    expect(bench.told()).toEqual([]);
  });
});

test('a conversion that waits gives up its place to a reclaim of the lock, and who waited behind it is served', () => {
  enq('l', 'A', 'PR', { body: 'b' });
  enq('m', 'B', 'PR');
  bench.ask('dlmConvert', { lockId: 'l', mode: 'EX', flags: {}, ...wait });
  expect(enq('n', 'C', 'PR', wait)).toMatchObject({ waiting: true });
  lose();
  expect(enq('l', 'A', 'PR', { reclaim: true })).toMatchObject({ lock: { mode: 'PR' } });
  expect(bench.rows.look('dlm', 'n')).toMatchObject({ mode: 'PR' });
  expect(bench.told()[0]).toMatchObject({ sessionId: 'A', reason: 'cancelled' });
});

test('who waited behind a lock that is reclaimed in another mode is served before it', () => {
  enq('held', 'B', 'CR');
  enq('w', 'A', 'EX', { body: 'b', ...wait });
  expect(enq('behind', 'C', 'PR', wait)).toMatchObject({ waiting: true });
  lose();
  expect(enq('w', 'A', 'CW', { reclaim: true })).toEqual(refused('mode_conflict'));
  expect(bench.rows.look('dlm', 'behind')).toMatchObject({ mode: 'PR' });
});

test('what a resource carries is in doubt once a lock is reclaimed in another mode', () => {
  enq('l', 'A', 'PR', { body: 'b' });
  lose();
  expect(enq('l', 'A', 'EX', { reclaim: true })).toMatchObject({ lock: { mode: 'EX' } });
  expect(bench.rows.look('file', 'local/r')).toMatchObject({ resource: { invalid: true } });
});

test('an NFS client reclaims an open that waits as the open of its owner', () => {
  bench.open('held', 'B', 'f', 'write');
  const more = { reopen: true, deny: 'write' } as const;
  expect(bench.open('w', 'A', 'f', 'read', { ...more, ...wait })).toMatchObject({ waiting: true });
  lose();
  expect(bench.open('v', 'A', 'f', 'read', { ...more, reclaim: true })).toMatchObject({
    ...{ open: { openId: 'w' }, waiting: true },
  });
  expect(bench.told()).toEqual([]);
});
