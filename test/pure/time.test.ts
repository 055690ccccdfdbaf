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

function begin(): Distant {
  const rows = new Distant({ now: Date.UTC(2026, 10, 29), ahead: 0 });
  run(rows, 'identify', { identity: 'i', limits: scenarioLimits });
  for (let node = 0; node < 3; node++) rows.tick(node, rows.clock.now);
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
