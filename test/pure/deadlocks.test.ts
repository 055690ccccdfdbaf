import type { Mode } from '../../libs/locks/src/core/rows';
import { CountedRows } from '../support/counted-rows';
import { PlainRows } from '../support/plain-rows';
import { bytes, fileOf, ownerOf } from '../support/rules-bench';
import { scenarioLimits } from '../support/scenario';

/** How far the search for deadlocks goes: semantics.md §4. */

const begin = (rows = new PlainRows({ now: 1_700_000_000_000 })): PlainRows => {
  const limits = { ...scenarioLimits, queueMax: 99, rangesMax: 9_999, sessionLocksMax: 9_999 };
  rows.play('identify', { identity: 'i', limits });
  rows.play('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  return rows;
};
const lock = (rows: PlainRows, sessionId: string, path: string, waitMs = 0) =>
  rows.play('rangeLock', {
    ...{ sessionId, rangeId: `${sessionId} ${path}`, splitId: `${sessionId} ${path}'`, file: fileOf(path) },
    ...{ ...ownerOf(sessionId), class: 'posix', type: 'write', ...bytes(0, 9), waitMs },
  }).value;

const session = (rows: PlainRows, ...ids: string[]): void => {
  for (const sessionId of ids) rows.play('sessionCreate', { sessionId, digest: 'd', ttlMs: 90_000, pid: 0 });
};
const mode = (rows: PlainRows, sessionId: string, path: string, wanted: Mode, waitMs = 0, owner = 'o') =>
  rows.play('dlmLock', {
    ...{ ...ownerOf(sessionId), sessionId, owner, ownerKey: `${sessionId}/${owner}`, flags: {}, waitMs },
    ...{ lockId: `${sessionId} ${path} ${owner}`, file: { ...fileOf(path), resource: true }, mode: wanted },
  }).value;
const permit = (rows: PlainRows, sessionId: string, waitMs = 0) =>
  rows.play('permitTake', {
    ...{ ...ownerOf(sessionId), sessionId, permitId: `${sessionId} s`, waitMs },
    ...{ file: { ...fileOf('s'), semaphore: 1 } },
  }).value;
const cycleIds = (value: object): string[] | undefined =>
  (value as { refused?: { cycle?: { id: string }[] } }).refused?.cycle?.map(({ id }) => id);

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

test('a holder behind 64 others on a resource, and a lock behind 64 others of a session, are seen', () => {
  const rows = begin();
  session(rows, 'R', 'S');
  for (let no = 0; no < 66; no += 1) {
    session(rows, `H${String(no)}`);
    mode(rows, `H${String(no)}`, 'r', 'CR');
    mode(rows, 'R', `own ${String(no)}`, 'EX');
  }
  mode(rows, 'R', 'wanted', 'EX');
  mode(rows, 'H65', 'wanted', 'EX', 60_000);
  expect(cycleIds(mode(rows, 'R', 'r', 'EX', 60_000))).toEqual(['R r o', 'H65 wanted o']);
});

test('a cycle that a grant has closed is told from the request that is dropped on, with all of its members', () => {
  const rows = begin();
  session(rows, 'A', 'B', 'C', 'D');
  mode(rows, 'A', 'r', 'NL');
  mode(rows, 'B', 'r', 'CR');
  for (const each of ['C', 'D']) lock(rows, each, each);
  // A waits for C, C for D, and D for what B and then A have.
  lock(rows, 'C', 'D', 60_000);
  mode(rows, 'D', 'r', 'EX', 60_000);
  lock(rows, 'A', 'C', 60_000);
  rows.play('dlmConvert', { lockId: 'A r o', mode: 'CR', flags: {}, waitMs: 0 });
  const dropped = rows.records.find(({ kind }) => kind === 'dropped');
  expect(dropped).toMatchObject({ cycle: [{ id: 'A C' }, { id: 'C D' }, { id: 'D r o' }] });
  const older = begin();
  session(older, 'A', 'B', 'C', 'D');
  mode(older, 'A', 'r', 'NL');
  mode(older, 'B', 'r', 'CR');
  for (const each of ['C', 'D']) lock(older, each, each);
  lock(older, 'A', 'C', 60_000);
  mode(older, 'D', 'r', 'EX', 60_000);
  lock(older, 'C', 'D', 60_000);
  older.play('dlmConvert', { lockId: 'A r o', mode: 'CR', flags: {}, waitMs: 0 });
  expect(older.records.find(({ kind }) => kind === 'dropped')).toMatchObject({
    cycle: [{ id: 'C D' }, { id: 'D r o' }, { id: 'A C' }],
  });
});

describe('what a search examines', () => {
  /** A waits 43 times behind so many holders, once behind more, and then for R; R asks for what A has. */
  const behind = (holders: number, more = 0) => {
    const rows = begin();
    session(rows, 'A', 'R', 'H');
    const ranged = (owner: string, path: string, type: 'read' | 'write', end: number, waitMs = 0) => {
      const id = `${owner} ${path} ${String(end)}`;
      // What the owner waits for in other sessions leads nowhere.
      if (waitMs > 0) session(rows, id);
      rows.play('rangeLock', {
        ...{ sessionId: waitMs === 0 ? 'H' : id, rangeId: id, splitId: `${id}'`, file: fileOf(path) },
        ...{ owner, ownerKey: owner, clientKey: 'c', class: 'posix', type, ...bytes(0, end), waitMs },
      });
    };
    for (let no = 0; no < holders; no += 1) ranged(`H${String(no)}`, 'g', 'read', 99);
    for (let no = 0; no < more; no += 1) ranged(`H${String(no)}`, 'h', 'read', 99);
    lock(rows, 'R', 'k');
    const waits = (): void => {
      for (let end = 0; end < 43; end += 1) ranged('A/o', 'g', 'write', end, 60_000);
      if (more > 0) ranged('A/o', 'h', 'write', 0, 60_000);
    };
    return { rows, waits };
  };

  test('is no more than 16,384 holds and requests', () => {
    const found = [378, 379].map((holders) => {
      const { rows, waits } = behind(holders);
      lock(rows, 'A', 'a');
      waits();
      // A waits for R, which waits there before it.
      lock(rows, 'H', 'w');
      lock(rows, 'R', 'w', 60_000);
      lock(rows, 'A', 'w', 60_000);
      return cycleIds(lock(rows, 'R', 'a', 60_000));
    });
    expect(found).toEqual([['R a', 'A w'], undefined]);
  });

  test('is no more than that for a semaphore', () => {
    const found = [61, 62].map((more) => {
      const { rows, waits } = behind(177, more);
      permit(rows, 'A');
      waits();
      lock(rows, 'A', 'k', 60_000);
      return cycleIds(permit(rows, 'R', 60_000));
    });
    expect(found).toEqual([['R s', 'A k'], undefined]);
  });

  /** How much the last request looks at, behind so many. */
  const looks = (n: number, furnish: (rows: PlainRows, id: string) => void): number => {
    const rows = new CountedRows({ now: 1_700_000_000_000 });
    begin(rows);
    session(rows, 'H', 'X', 'L', 'W');
    mode(rows, 'H', 'r', 'EX');
    mode(rows, 'X', 'x', 'EX');
    for (let no = 0; no < n; no += 1) {
      session(rows, `S${String(no)}`);
      mode(rows, `S${String(no)}`, 'r', 'EX', 60_000);
      furnish(rows, `S${String(no)}`);
    }
    mode(rows, 'L', 'l', 'EX');
    furnish(rows, 'L');
    const before = rows.looks;
    mode(rows, 'L', 'r', 'EX', 60_000);
    return rows.looks - before;
  };

  test('is the same behind many as behind a few, if none of them waits for anybody else', () => {
    // Somebody waits for the last.
    const furnish = (rows: PlainRows, id: string): void => {
      if (id === 'L') mode(rows, 'W', 'l', 'EX', 60_000);
    };
    expect(looks(40, furnish)).toBe(looks(4, furnish));
  });

  test('is the same behind many as behind a few, if nobody waits for the owner itself', () => {
    const furnish = (rows: PlainRows, id: string): void => {
      if (id !== 'L') {
        mode(rows, id, 'x', 'EX', 60_000);
        return;
      }
      // Somebody waits for another owner of its session.
      mode(rows, 'L', 'm', 'EX', 0, 'other');
      mode(rows, 'W', 'm', 'EX', 60_000);
    };
    expect(looks(40, furnish)).toBe(looks(4, furnish));
  });
});
