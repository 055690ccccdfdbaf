import type { Reached, VerbInput } from '../../libs/locks/src/core/io';
import { Bench } from '../support/rules-bench';
import { PlainRows } from '../support/plain-rows';
import { scenarioLimits as limits } from '../support/scenario';

/** What a table does when a lease API opens it: the verb `identify` (docs/semantics.md §9, docs/failover.md). */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.declare();
});

const opened = (more: Partial<VerbInput<'identify'>> = {}) =>
  bench.ask('identify', { identity: 'bench', limits, ...more });
const reached = (): Reached => bench.rows.play('graceGet', {}).reached;

describe('a life', () => {
  test('goes on while its store stays open, and ends with it', () => {
    const { epoch } = reached();
    const first = opened({ opening: 'one' });
    expect(first).toMatchObject({ restored: false, fresh: false });
    expect(first.epoch).toBeGreaterThan(epoch);
    expect(opened({ opening: 'one' }).epoch).toBe(first.epoch);
    expect(opened({ opening: 'two' }).epoch).toBeGreaterThan(first.epoch);
  });

  test('with no name for the opening, the store names it', () => {
    const { epoch } = reached();
    expect(opened().epoch).toBe(epoch);
  });
});

describe('a table that must exist', () => {
  test('is not made', () => {
    const rows = new PlainRows({ now: 1_700_000_000_000 });
    const { value } = rows.play('identify', { identity: 'i', limits, mustExist: true, key: 'k' });
    expect(value).toEqual({ epoch: 0, records: 0, restored: false, fresh: true, shards: 1 });
    expect(rows.look('meta', 'shard')?.identity ?? '').toBe('');
  });

  test('is opened as any other', () => {
    expect(opened({ mustExist: true, opening: 'again' })).toMatchObject({ restored: false, fresh: false });
    expect(reached().epoch).toBe(opened({ opening: 'again' }).epoch);
  });

  test('one that nobody asked for is made', () => {
    const rows = new PlainRows({ now: 1_700_000_000_000 });
    const { value } = rows.play('identify', { identity: 'i', limits });
    expect(value).toMatchObject({ restored: false, fresh: true, shards: 1 });
    expect(value.epoch).toBeGreaterThan(0);
  });
});

test('the key that a table was given first is its key', () => {
  expect(opened({ key: 'first' }).key).toBe('first');
  expect(opened({ key: 'second' }).key).toBe('first');
});

describe('what the caller knows', () => {
  test.each(['seen', 'followed'] as const)('a place of no life (%s) proves nothing', (how) => {
    expect(opened({ [how]: { epoch: 0, no: 9 } }).restored).toBe(false);
  });

  test.each(['seen', 'followed'] as const)('a place (%s) that was not reached proves one restore', (how) => {
    const { epoch, no } = reached();
    expect(opened({ [how]: { epoch, no } }).restored).toBe(false);
    const later = { epoch, no: no + 1 };
    expect(opened({ [how]: later }).restored).toBe(true);
    expect(opened({ [how]: later }).restored).toBe(false);
  });

  test.each([
    ['a token', { minted: 1 }],
    ['a number', { numbered: 1 }],
  ])('%s that this life did not give out proves a restore', (_, more) => {
    const { epoch, no, token, seq } = reached();
    const known = { seen: { epoch, no }, minted: token, numbered: seq };
    expect(opened(known).restored).toBe(false);
    const { minted = 0, numbered = 0 } = more as { minted?: number; numbered?: number };
    expect(opened({ ...known, minted: token + minted, numbered: seq + numbered }).restored).toBe(true);
  });

  test('the counters begin above what it was given', () => {
    const { token, seq } = reached();
    const ahead = 5e15;
    opened({ minted: token + ahead, numbered: seq + ahead });
    expect(reached().token).toBeGreaterThanOrEqual(token + ahead);
    expect(reached().seq).toBeGreaterThanOrEqual(seq + ahead);
  });
});

test('after a restore, adapters report what their fileservers hold before anything is believed', () => {
  bench.serve('adapter', ['demo']);
  expect(bench.rows.look('export', 'demo')?.reported).toBe(true);
  opened({ opening: 'again' });
  expect(bench.rows.look('export', 'demo')?.reported).toBe(true);
  expect(opened({ doubt: true }).restored).toBe(true);
  expect(bench.rows.look('export', 'demo')?.reported).toBe(false);
});

describe('a tick', () => {
  test('settles many deadlines at once, other requests a few', () => {
    for (let i = 0; i < 20; i += 1) bench.session(`s${String(i)}`, { ttlMs: 10_000 });
    const expired = () =>
      Array.from({ length: 20 }, (_, i) => bench.rows.look('session', `s${String(i)}`)?.state).filter(
        (state) => state === 'expired',
      ).length;
    bench.pass(9_999);
    bench.clock.now += 1;
    bench.session('other');
    expect(expired()).toBe(4);
    bench.rows.play('tick', {});
    expect(expired()).toBe(20);
  });

  test('settles what is due also where a version that notes no first deadline has worked', () => {
    bench.session('A', { ttlMs: 2_000 });
    const meta = bench.rows.get('meta', 'shard');
    if (meta === undefined) throw new Error('no table');
    bench.rows.put('meta', 'shard', { ...meta, firstDue: bench.clock.now + 3_600_000 });
    bench.clock.now += 2_000;
    bench.rows.play('tick', {});
    expect(bench.rows.look('session', 'A')?.state).toBe('expired');
  });

  test('says what is held and who waits, of every kind', () => {
    const meta = bench.rows.get('meta', 'shard');
    if (meta === undefined) throw new Error('no table');
    const held = {
      ...{ reads: 1, writes: 2, delegReads: 3, delegWrites: 4, opens: 5, ranges: 6, waits: 7, breaks: 8 },
      ...{ connections: 9, permits: 10 },
      waiting: { lease: 11, open: 12, range: 13, change: 14, dlm: 15, permit: 16 },
      modes: { NL: 17, CR: 18, CW: 19, PR: 20, PW: 21, EX: 22 },
    };
    bench.rows.put('meta', 'shard', { ...meta, held });
    expect(bench.rows.play('tick', {}).value.held).toEqual(held);
  });
});
