import fc from 'fast-check';
import { run } from '../../libs/locks/src/core/run';
import { PlainRows } from '../support/plain-rows';
import { scenarioLimits } from '../support/scenario';

/** Table time when the wall clock is set and calls arrive late (docs/decisions/0014-time-and-restore.md). */

/** A remote table: processes with clocks of their own call it, and its wall clock may be set at any time. */
class Distant extends PlainRows {
  private caller = { name: '', ms: 0 };

  override monotonic(): { name: string; ms: number } {
    return this.caller;
  }

  /** A call that `node` made at this time of its own clock, which began anywhere. */
  tick(node: number, madeAt: number): void {
    this.caller = { name: `node ${String(node)}`, ms: madeAt - 1_000_000 * node };
    run(this, 'tick', {});
  }

  get time(): number {
    const meta = this.get('meta', 'shard');
    return meta === undefined ? 0 : meta.wall - meta.skew;
  }
}

/** `late`: for how long the first call of each process was under way. */
function begin(late: readonly number[] = [0, 0, 0]): Distant {
  const rows = new Distant({ now: Date.UTC(2026, 10, 29), ahead: 0 });
  run(rows, 'identify', { identity: 'i', limits: scenarioLimits });
  late.forEach((ms, node) => {
    rows.tick(node, rows.clock.now - ms);
  });
  return rows;
}

test('table time runs no faster than real time, and not much slower, however the wall clock is set and calls are late', () => {
  const call = fc.record({
    node: fc.nat(2),
    passes: fc.integer({ min: 1, max: 900 }),
    late: fc.nat(800),
    step: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0) },
      fc.integer({ min: -2_000, max: 1e9 }),
      fc.integer(),
    ),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
      const rows = begin();
      const { clock } = rows;
      const [start, first] = [clock.now, rows.time];
      let back = 0;
      for (const { node, passes, late, step } of calls) {
        clock.now += passes;
        clock.ahead = (clock.ahead ?? 0) + step;
        if (step < 0) back += Math.min(-step, 3_000);
        rows.tick(node, clock.now - Math.min(late, clock.now - start));
        expect(rows.time - first).toBeLessThanOrEqual(clock.now - start);
      }
      for (let node = 0; node < 3; node++) rows.tick(node, clock.now);
      const behind = clock.now - start - (rows.time - first);
      expect(behind).toBeLessThanOrEqual(3_000 + 1_000 * calls.length * 0.1 + back);
    }),
    { numRuns: 2_000 },
  );
});

test('a process whose first call came late does not make time run ahead, nor its locks end early', () => {
  const call = fc.record({ node: fc.nat(2), passes: fc.integer({ min: 1, max: 900 }), late: fc.nat(100) });
  const first = fc.tuple(fc.nat(800), fc.nat(800), fc.nat(800));
  fc.assert(
    fc.property(first, fc.array(call, { maxLength: 60 }), (firstLate, calls) => {
      const rows = begin(firstLate);
      const { clock } = rows;
      const [start, from] = [clock.now, rows.time];
      for (const { node, passes, late } of calls) {
        clock.now += passes;
        rows.tick(node, clock.now - late);
        expect(rows.time - from).toBeLessThanOrEqual(clock.now - start);
      }
      // Nothing is lost for calls that come a little late; a tick stores the clock once a second.
      clock.now += 1_000;
      for (let node = 0; node < 3; node++) rows.tick(node, clock.now);
      expect(clock.now - start - (rows.time - from)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2_000 },
  );
});

test('calls made during an outage and processed at its end advance the time by next to nothing', () => {
  const rows = begin();
  const { clock } = rows;
  const before = rows.time;
  const made = Array.from({ length: 20 }, (_, n) => clock.now + 500 * (n + 1));
  clock.now += 10_000;
  for (const at of made) rows.tick(0, at);
  for (const at of made) rows.tick(1, at);
  expect(rows.time - before).toBeLessThanOrEqual(700);
  clock.now += 1_000;
  for (let node = 0; node < 3; node++) rows.tick(node, clock.now);
  clock.now += 1_000;
  for (let node = 0; node < 3; node++) rows.tick(node, clock.now);
  expect(rows.time - before).toBeLessThanOrEqual(2_800);
});

test('a process that was paused while others ran changes nothing when it continues', () => {
  const rows = begin();
  const { clock } = rows;
  const before = rows.time;
  for (let n = 0; n < 100; n++) {
    clock.now += 250;
    rows.tick(n % 2, clock.now);
  }
  rows.tick(2, clock.now);
  expect(rows.time - before).toBe(25_000);
});

test('any number of processes come and go, and few of them are remembered', () => {
  const rows = begin();
  const { clock } = rows;
  const before = rows.time;
  for (let node = 3; node < 200; node++) {
    clock.now += 500;
    rows.tick(node, clock.now);
    rows.tick(0, clock.now);
  }
  expect(rows.time - before).toBe(500 * 197);
  expect(rows.get('meta', 'shard')?.clocks?.length).toBeLessThanOrEqual(16);
});

/** A table whose callers have monotonic clocks of their own, beside a wall clock that may say anything. */
class Clocked extends PlainRows {
  private caller = { name: 'a', ms: 0 };
  private sessions = 0;

  override monotonic(): { name: string; ms: number } {
    return this.caller;
  }

  /** Begins with everything at 0. */
  static begin(): Clocked {
    const rows = new Clocked({ now: Date.UTC(2026, 10, 29) });
    rows.play('identify', { identity: 'i', limits: scenarioLimits });
    rows.began = rows.stored;
    return rows;
  }
  private began = 0;

  /** A call of this process at this time of its own clock, while the wall clock shows `wall`. */
  private called<T>(name: string, own: number, wall: number, call: () => T): T {
    const { now } = this.clock;
    this.caller = { name, ms: own };
    this.clock.now = now + wall;
    const value = call();
    this.clock.now = now;
    return value;
  }

  /** A step that changes something, and the table time that it stores. */
  step(name: string, own: number, wall: number): number {
    const sessionId = `s${String(++this.sessions)}`;
    this.called(name, own, wall, () =>
      this.play('sessionCreate', { sessionId, digest: 'd', ttlMs: 2 ** 40, pid: 0 }),
    );
    return this.time;
  }

  /** A step with nothing to do. */
  tick(name: string, own: number, wall: number): number {
    this.called(name, own, wall, () => this.play('tick', {}));
    return this.time;
  }

  private get stored(): number {
    const meta = this.look('meta', 'shard');
    return meta === undefined ? 0 : meta.wall - meta.skew;
  }

  get time(): number {
    return this.stored - this.began;
  }

  get clocks(): string[] {
    return (this.look('meta', 'shard')?.clocks ?? []).map(({ name }) => name).sort();
  }
}

/** Calls: process, its clock, the wall clock; and the table time after each. */
const steps: Record<string, [string, number, number, number][]> = {
  'three seconds without a step are time, any longer is an outage': [
    ['a', 3_000, 3_000, 3_000],
    ['a', 6_001, 6_001, 3_000],
    ['a', 6_002, 6_002, 3_001],
    ['a', 6_102, 6_102, 3_101],
  ],
  'a wall clock that is set is no time': [
    ['a', 100, 9_100, 100],
    ['a', 200, 100, 200],
    ['a', 300, 200, 300],
    ['a', 300, 300, 300],
  ],
  'a process that is new has only the wall clock to go by, within its bounds': [
    ['b', 77, 3_000, 3_000],
    ['b', 177, 3_100, 3_100],
    ['c', 5, 6_101, 3_100],
    ['c', 6, 6_102, 3_101],
    ['d', 5, 6_101, 3_101],
    ['d', 15, 6_111, 3_111],
  ],
  'an outage that the wall clock hides is over with the first step after it': [
    ['a', 10_100, 100, 0],
    ['a', 10_200, 200, 100],
    ['a', 10_300, 300, 200],
  ],
  'time that the wall clock does not show yet counts as soon as it does': [
    ['a', 300, 0, 0],
    ['a', 300, 300, 300],
  ],
  'what the wall clock did not show for a second does not count any more': [
    ['a', 900, 500, 500],
    ['a', 1_800, 1_000, 1_000],
    ['a', 1_800, 1_800, 1_000],
    ['a', 1_900, 1_900, 1_100],
  ],
  'calls of an outage, made one after the other and processed at its end, count once': [
    ['a', 500, 10_000, 500],
    ['a', 1_000, 10_000, 500],
    ['a', 1_500, 10_000, 500],
    ['a', 4_000, 10_000, 500],
  ],
  'three seconds that the wall clock does not show yet count as soon as it does, any longer do not': [
    ['a', 3_000, 0, 0],
    ['a', 3_000, 300, 300],
    ['a', 6_301, 300, 300],
    ['a', 6_301, 600, 300],
  ],
  'a call that is a little late after three seconds without a step is made up for by the next': [
    ['a', 100, 3_000, 100],
    ['a', 1_000, 3_100, 300],
  ],
  'what the wall clock showed before it was set back does not count': [
    ['a', 100, 500, 100],
    ['a', 110, 400, 110],
    ['a', 600, 500, 210],
  ],
  'a call that comes late changes nothing': [
    ['a', 2_000, 2_000, 2_000],
    ['a', 500, 2_100, 2_000],
    ['a', 2_200, 2_200, 2_200],
  ],
};

test.each(Object.entries(steps))('table time: %s', (_title, calls) => {
  const rows = Clocked.begin();
  expect(calls.map(([name, own, wall]) => [name, own, wall, rows.step(name, own, wall)])).toEqual(calls);
});

test('a step with nothing to do stores nothing, except the clock once a second', () => {
  const rows = Clocked.begin();
  const times = [1, 500, 999, 1_000, 1_001, 1_999, 2_000, 2_001].map((at) => rows.tick('a', at, at));
  expect(times).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 2_000, 2_000]);
});

test('a step with nothing to do stores nothing where the clocks say that three seconds have passed, or none', () => {
  const rows = Clocked.begin();
  expect(rows.tick('a', 3_000, 100)).toBe(0);
  expect(rows.tick('a', 3_001, 100)).toBe(0);
});

test('the table is back after an outage, and not after three seconds', () => {
  const rows = Clocked.begin();
  const backAt = () => rows.look('meta', 'shard')?.backAt;
  rows.step('a', 3_000, 3_000);
  expect(backAt()).toBeUndefined();
  rows.step('a', 6_001, 6_001);
  expect(backAt()).toBe(Date.UTC(2026, 10, 29) + 3_000);
});

test('a step with nothing to do stores the clock when it is a new one, set, or after an outage', () => {
  const rows = Clocked.begin();
  expect(rows.tick('b', 50, 100)).toBe(100);
  expect(rows.clocks).toEqual(['a', 'b']);
  expect(rows.tick('b', 60, 50)).toBe(110);
  expect(rows.tick('b', 70, 60)).toBe(110);
  expect(rows.tick('b', 9_000, 70)).toBe(110);
  expect(rows.tick('b', 9_100, 1_070)).toBe(210);
});

test('of many processes the one that was silent for longest is forgotten first', () => {
  const rows = Clocked.begin();
  const call = (name: string): void => {
    at += 1_000;
    rows.step(name, at, at);
  };
  let at = 0;
  const names = Array.from({ length: 15 }, (_, n) => `p${String(n)}`);
  for (const name of names) call(name);
  expect(rows.clocks).toEqual(['a', ...names].sort());
  for (const name of ['a', ...names].filter((each) => each !== 'p6' && each !== 'p9')) call(name);
  call('p6');
  call('q');
  expect(rows.clocks).toEqual(['a', ...names, 'q'].filter((each) => each !== 'p9').sort());
  call('r');
  expect(rows.clocks).toEqual([...names, 'q', 'r'].filter((each) => each !== 'p9').sort());
});
