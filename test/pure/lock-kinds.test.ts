import * as keys from '../../libs/locks/src/core/keys';
import type { FileRow, RequestRow } from '../../libs/locks/src/core/rows';
import { enterFile, enterLists, leaveLists, type File } from '../../libs/locks/src/core/rules/file';
import { dequeue, dropWaiter, type LockKind, type Waiter } from '../../libs/locks/src/core/rules/kinds/kind';
import { lockKinds } from '../../libs/locks/src/core/rules/kinds/table';
import { aheadOf, enqueue } from '../../libs/locks/src/core/rules/queue';
import { mayNotWait, reasonFor } from '../../libs/locks/src/core/rules/refusal';
import { bringUp, settleFile } from '../../libs/locks/src/core/rules/settle';
import { beginStep, endOfList, endStep, type Step } from '../../libs/locks/src/core/step';
import { PlainRows } from '../support/plain-rows';
import { scenarioLimits } from '../support/scenario';

/**
 * A kind of lock that the service does not have: the one ticket of a file. It is registered in the table
 * of kinds and nowhere else, and everything that applies to locks applies to it.
 */
interface Ticket extends RequestRow {
  held: boolean;
}
/** Rows of a kind that the store does not know. */
const stored = 'ticket' as 'change';
const load = (step: Step, id: string) => step.rows.get(stored, id) as unknown as Ticket | undefined;
const save = (step: Step, id: string, row: Ticket) => {
  step.rows.put(stored, id, row as never);
};
const members = (row: Ticket, id: string) => ({ kind: tickets, id, row });

function holders(step: Step, file: File): Waiter<Ticket>[] {
  return step.rows
    .page(keys.fileRows(file.key), 0, endOfList, 99)
    .filter(({ member }) => keys.letterOf(step.rows, member) === tickets.letter)
    .map(({ member }) => keys.idOf(step.rows, member))
    .flatMap((id) => {
      const row = load(step, id);
      return row?.held === true ? [members(row, id)] : [];
    });
}

/** A held one keeps its file in use, as a range does. */
const count = (file: { row: FileRow }, by: 1 | -1) => {
  file.row.ranges += by;
};
function leave(step: Step, id: string, row: Ticket): void {
  if (row.no > 0) leaveLists(step, keys.member(tickets.letter, id), row);
  step.rows.del(stored, id);
}

const tickets: LockKind<Ticket> = {
  name: 'ticket' as never,
  letter: 't',
  breaks: false,
  own: {
    meets: (a, b) => a.ownerKey !== b.ownerKey,
    ownerHas: (step, file, _earlier, later) =>
      holders(step, file).some(({ row }) => row.ownerKey === later.ownerKey),
    inTheWay: (step, file, { ownerKey }, max) =>
      holders(step, file)
        .filter(({ row }) => row.ownerKey !== ownerKey)
        .slice(0, max),
  },
  load,
  asks: () => [],
  admit: (step, file, waiter) => {
    const { id, row } = waiter;
    if (holders(step, file).some((other) => other.row.ownerKey !== row.ownerKey)) return false;
    dequeue(step, file, waiter, 'granted');
    row.held = true;
    if (row.no === 0) row.no = enterLists(step, keys.member('t', id), row.sessionId, file.key);
    count(file, 1);
    save(step, id, row);
    return true;
  },
  mayFree: () => false,
  whyNot: (step, file, { row }) =>
    holders(step, file).some((other) => other.row.ownerKey !== row.ownerKey) ? 'range_conflict' : undefined,
  isLost: () => undefined,
  withdraw: (step, _file, id, row) => {
    leave(step, id, row);
  },
  lapse: () => undefined,
  named: (id) => ({ waitId: id }),
  detached: () => undefined,
  onlyWaits: ({ held }) => !held,
  since: ({ no }) => no,
  blocker: (id, { sessionId, owner, pid, held }) => ({
    ...{ id, kind: 'change' as const, sessionId, owner, pid },
    ...{ type: 'ticket', state: held ? 'held' : 'waiting' },
  }),
  view: (_step, id, { no, sessionId, owner, exportName, path, fileId, inode, pid, held }) => ({
    ...{ id, no, kind: 'change' as const, sessionId, owner, exportName, path, fileId, inode, pid },
    ...{ type: 'ticket', waits: held ? undefined : 'ticket', state: held ? 'held' : 'waiting' },
  }),
  counted: 'ranges',
  end: (step, file, id, row, reason) => {
    if (file === undefined) return;
    if (!row.held) {
      dropWaiter(step, file, members(row, id), reason);
      return;
    }
    count(file, -1);
    leave(step, id, row);
  },
};

let rows: PlainRows;
let clock: { now: number };

beforeAll(() => lockKinds.push(tickets));
afterAll(() => lockKinds.pop());

beforeEach(() => {
  clock = { now: 1_700_000_000_000 };
  rows = new PlainRows(clock);
  rows.play('identify', { identity: 'kinds', limits: scenarioLimits });
  rows.play('exportDeclare', { name: 'local', breakMs: 4_000, lockDelayMs: 0 });
  for (const sessionId of ['A', 'B', 'C'])
    rows.play('sessionCreate', { sessionId, digest: sessionId, ttlMs: 60_000, pid: 7 });
});

/** Requests the ticket of a file, as a verb would. */
function ask(sessionId: string, path: string, waitMs = 30_000): unknown {
  const step = beginStep(rows, 64);
  const exp = rows.get('export', 'local');
  if (exp === undefined) throw new Error('no export');
  const ref = { fileKey: `local/${path}`, exportName: 'local', path, fileId: path, inode: '00:00:1' };
  const file = enterFile(step, ref, exp);
  bringUp(step, file);
  const id = `${sessionId}-${path}`;
  const row: Ticket = {
    ...{ ...ref, no: 0, sessionId, owner: sessionId, ownerKey: sessionId, clientKey: sessionId },
    ...{ pid: 7, waitNo: 0, due: 0, held: false },
  };
  const waiter: Waiter<Ticket> = { kind: tickets, id, row };
  let outcome: unknown = 'granted';
  if (aheadOf(step, file, waiter) !== undefined || !tickets.admit(step, file, waiter, false)) {
    const refused = mayNotWait(step, file, waiter, reasonFor(step, file, waiter), waitMs);
    outcome = refused?.refused ?? 'waits';
    if (refused === undefined) {
      row.no = enterLists(step, keys.member('t', id), sessionId, file.key);
      enqueue(step, file, waiter, waitMs);
      save(step, id, row);
    }
  }
  settleFile(step, file);
  endStep(step);
  // At the end of a step, the rows it has put are kept.
  rows.play('tick', {});
  return outcome;
}

const listed = (path: string, tree = false) =>
  rows
    .play('lockList', { fileKey: `local/${path}`, after: 0, limit: 9, tree })
    .value.locks.map(({ id, state, blockedBy, waiters }) => ({
      ...{ id, state, blockedBy, waiters: waiters?.map((each) => each.id) },
    }));

test('a new kind is queued in order, and granted when nothing conflicts', () => {
  expect(ask('A', 'f')).toBe('granted');
  expect(ask('B', 'f')).toBe('waits');
  expect(ask('C', 'f')).toBe('waits');
  rows.play('lockRelease', { id: 'A-f', unfenced: false });
  expect(listed('f')).toMatchObject([
    { id: 'B-f', state: 'held' },
    { id: 'C-f', state: 'waiting', blockedBy: 'B-f' },
  ]);
});

test('it is listed, with who waits for whom', () => {
  ask('A', 'f');
  ask('B', 'f');
  ask('C', 'f');
  expect(listed('f', true)).toMatchObject([{ id: 'A-f', state: 'held', waiters: ['B-f', 'C-f'] }]);
  expect(rows.play('lockGet', { id: 'B-f' }).value).toMatchObject({
    lock: { blockedBy: 'A-f', waits: 'ticket' },
  });
});

test('a refusal and a wait are explained', () => {
  ask('A', 'f');
  const blockers = [{ id: 'A-f', sessionId: 'A', type: 'ticket', state: 'held' }];
  expect(ask('B', 'f', 0)).toMatchObject({ reason: 'range_conflict', blockers });
  ask('B', 'f');
  expect(rows.play('waitGet', { id: 'B-f', digest: 'B' }).value).toMatchObject({
    wait: { ahead: 0, remainingMs: 30_000, why: { reason: 'range_conflict', blockers } },
  });
});

test('it ends with its session, at once or by expiry, and with its wait', () => {
  ask('A', 'f');
  ask('B', 'f', 10_000);
  ask('C', 'f');
  for (let i = 0; i < 6; i += 1) {
    clock.now += 2_000;
    for (const sessionId of ['A', 'C']) rows.play('keepalive', { sessionId, digest: sessionId });
  }
  expect(listed('f')).toMatchObject([{ id: 'A-f' }, { id: 'C-f', state: 'waiting' }]);
  expect(rows.records.at(-1)).toMatchObject({ kind: 'dropped', waitId: 'B-f', reason: 'wait_elapsed' });
  rows.play('sessionEnd', { sessionId: 'A', digest: 'A' });
  expect(listed('f')).toMatchObject([{ id: 'C-f', state: 'held' }]);
  rows.play('sessionEnd', { sessionId: 'C' });
  expect(listed('f')).toEqual([]);
  expect(rows.all(stored)).toEqual([]);
});

test('it is found in a deadlock, also with locks of other kinds', () => {
  ask('A', 'f');
  ask('B', 'g');
  expect(ask('A', 'g')).toBe('waits');
  expect(ask('B', 'f')).toMatchObject({
    reason: 'deadlock',
    cycle: [
      { id: 'B-f', owner: 'B' },
      { id: 'A-g', owner: 'A' },
    ],
  });
  const file = { fileKey: 'local/h', exportName: 'local', path: 'h', fileId: 'h', inode: '00:00:2' };
  const lock = (sessionId: string) =>
    rows.play('rangeLock', {
      ...{ sessionId, digest: sessionId, owner: sessionId, ownerKey: sessionId, clientKey: sessionId, file },
      ...{ class: 'posix', type: 'write', startHi: 0, startLo: 0, endHi: 0, endLo: 9, waitMs: 30_000 },
      ...{ rangeId: `${sessionId}-h`, splitId: `${sessionId}-split` },
    }).value;
  expect(lock('A')).toMatchObject({ waiting: false });
  expect(lock('B')).toMatchObject({ refused: { reason: 'deadlock', cycle: [{ id: 'B-h' }, { id: 'A-g' }] } });
});
