import { PlainRows } from '../support/plain-rows';
import { bytes, fileOf, ownerOf } from '../support/rules-bench';
import { scenarioLimits } from '../support/scenario';

/** How far the search for deadlocks goes: semantics.md §4. */

const begin = (): PlainRows => {
  const rows = new PlainRows({ now: 1_700_000_000_000 });
  rows.play('identify', { identity: 'i', limits: { ...scenarioLimits, queueMax: 99 } });
  rows.play('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  return rows;
};
const lock = (rows: PlainRows, sessionId: string, path: string, waitMs = 0) =>
  rows.play('rangeLock', {
    ...{ sessionId, rangeId: `${sessionId} ${path}`, splitId: `${sessionId} ${path}'`, file: fileOf(path) },
    ...{ ...ownerOf(sessionId), class: 'posix', type: 'write', ...bytes(0, 9), waitMs },
  }).value;

/** Each of n owners holds a file and waits for the next one's; the answer to the last, which closes the cycle. */
function ring(n: number): ReturnType<typeof lock> {
  const rows = begin();
  for (let i = 0; i < n; i += 1) {
    rows.play('sessionCreate', { sessionId: `S${String(i)}`, digest: 'd', ttlMs: 90_000, pid: 0 });
    lock(rows, `S${String(i)}`, `f${String(i)}`);
  }
  for (let i = 0; i + 1 < n; i += 1) lock(rows, `S${String(i)}`, `f${String(i + 1)}`, 60_000);
  return lock(rows, `S${String(n - 1)}`, 'f0', 60_000);
}

test('a cycle of 64 is found, with every member once, the request that closes it first', () => {
  const value = ring(64);
  const { cycle = [] } = 'refused' in value ? value.refused : {};
  expect(cycle.map(({ id }) => id)).toEqual([
    'S63 f0',
    ...Array.from({ length: 63 }, (_, i) => `S${String(i)} f${String(i + 1)}`),
  ]);
});

test('a cycle of 65 is left to the bounds of its waits', () => {
  expect(ring(65)).toMatchObject({ waiting: true });
});

test('an owner whose requests are reached in two ways is followed once, and the cycle through it is found', () => {
  const rows = begin();
  for (const sessionId of ['R', 'A', 'B', 'C'])
    rows.play('sessionCreate', { sessionId, digest: 'd', ttlMs: 90_000, pid: 0 });
  lock(rows, 'R', 'r');
  for (const owner of ['A', 'B', 'C']) lock(rows, owner, owner);
  // A waits for B and C, B for C, and C for R.
  lock(rows, 'A', 'B', 60_000);
  lock(rows, 'A', 'C', 60_000);
  lock(rows, 'B', 'C', 60_000);
  lock(rows, 'C', 'r', 60_000);
  const value = lock(rows, 'R', 'A', 60_000);
  const { cycle = [] } = 'refused' in value ? value.refused : {};
  expect(cycle.map(({ id }) => id)).toEqual(['R A', 'A C', 'C r']);
});
