import { Bench } from '../support/rules-bench';

/** Leases that have ended are remembered, and bounded in bytes: semantics.md §9. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.declare();
  bench.session('A', { ttlMs: 3_600_000 });
});
const isRemembered = (leaseId: string) => bench.rows.look('lease', leaseId) !== undefined;
const release = (leaseId: string) => bench.ask('leaseSet', { leaseId, type: 'none' });

/** Acquires and releases a lease on a file whose name and id have so many bytes together. */
function end(leaseId: string, bytes = 100): void {
  bench.lease(leaseId, 'A', leaseId + 'é'.repeat(bytes / 4), 'read');
  release(leaseId);
}

test('for a minute where few end', () => {
  for (let n = 0; n < 100; n++) end(String(n));
  bench.pass(59_000);
  expect(['0', '99'].map(isRemembered)).toEqual([true, true]);
  bench.pass(2_000);
  expect(['0', '99'].map(isRemembered)).toEqual([false, false]);
});

test('where many end, for as long as 128 MiB last at their pace in this second or the last one', () => {
  const all = ['first 1', 'first 2', 'first 4', 'first 8', 'second', 'third'];
  const remembered = () => all.filter(isRemembered);
  for (let n = 1; n <= 8; n++) end(`first ${String(n)}`, 2 * 2 ** 20);
  bench.pass(1_000);
  // The pace of the last second, 16 MiB, counts for one more.
  end('second');
  bench.pass(1_000);
  end('third');
  bench.pass(5_000);
  expect(remembered()).toEqual(all);
  bench.pass(2_000);
  expect(remembered()).toEqual(['first 1', 'first 2', 'first 4', 'third']);
  expect(release('first 1')).not.toHaveProperty('refused');
  expect(release('first 8')).toMatchObject({ refused: { reason: 'no_such_lease' } });
  bench.pass(10_000);
  expect(remembered()).toEqual(['first 1', 'first 2', 'third']);
  bench.pass(20_000);
  expect(remembered()).toEqual(['first 1', 'third']);
  bench.pass(30_000);
  expect(remembered()).toEqual([]);
});
