import type { FileRef, LockShown, Range, RangeView, Refused, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { RangeClass, RangeRow } from '../rows';
import { exportFor, gate, pidOf, roomFor } from '../rules/admission';
import { enterFile, loadFile, refIn, type File } from '../rules/file';
import { neverHeld } from '../rules/grace';
import { waitNoOf, type Waiter } from '../rules/kinds/kind';
import { isBacked, rangeBlocker, rangeKind } from '../rules/kinds/range';
import { aheadOf, enqueue } from '../rules/queue';
import { answerMs } from '../rules/range-asks';
import { backsRanges, cannotAsk, cannotBack, mustAsk, rangesMaxOf } from '../rules/range-backing';
import {
  compare,
  giveUpRange,
  newRow,
  ownInTheWay,
  ownRanges,
  rangesInTheWay,
  rowsPerRange,
  splits,
  takeRange,
  wholeFile,
  type Taker,
} from '../rules/range-tree';
import { mayNotWait, reasonFor, shown } from '../rules/refusal';
import { settleFile } from '../rules/settle';
import {
  fileShown,
  isRepeat,
  lockRefusal,
  notPresent,
  noteLock,
  noteUnlock,
  repeatedLock,
  unknownStateid,
} from '../rules/stateid';
import { endOfList, setDue, type Step } from '../step';
import { makeWay } from '../rules/takeover';
import { end } from './ending';

/** Range locks: POSIX and OFD locks on bytes, flock on the whole file (fcntl_locking(2), flock(2)). */

function rangeView(step: Step, id: string, range: RangeRow): RangeView {
  return {
    rangeId: id,
    sessionId: range.sessionId,
    owner: range.owner,
    exportName: range.exportName,
    path: range.path,
    fileId: range.fileId,
    fileKey: range.fileKey,
    class: range.class,
    type: range.type,
    state: range.state,
    waitNo: waitNoOf(range),
    startHi: range.startHi,
    startLo: range.startLo,
    endHi: range.endHi,
    endLo: range.endLo,
    backed: isBacked(step, range),
    withinMs: range.atOnce === true ? Math.max(0, range.due - step.now) : undefined,
  };
}

/** Whether the offsets form a valid range; for flock, the whole file. */
function isRange(range: Range, kind: RangeClass): boolean {
  if (range.endHi > wholeFile.endHi) return false;
  if (compare(range.startHi, range.startLo, range.endHi, range.endLo) > 0) return false;
  if (kind !== 'flock') return true;
  return (
    compare(range.startHi, range.startLo, 0, 0) === 0 &&
    compare(range.endHi, range.endLo, wholeFile.endHi, wholeFile.endLo) === 0
  );
}

/** A row for a request, not in the table yet. */
function rowOf(
  step: Step,
  input: {
    sessionId: string;
    class: RangeClass;
    type: 'read' | 'write';
    owner: string;
    ownerKey: string;
    clientKey: string;
    pid?: number;
    body?: string;
  } & Range,
  file: FileRef,
): RangeRow {
  return {
    no: 0,
    sessionId: input.sessionId,
    owner: input.owner,
    ownerKey: input.ownerKey,
    clientKey: input.clientKey,
    fileKey: file.fileKey,
    exportName: file.exportName,
    path: file.path,
    fileId: file.fileId,
    inode: file.inode,
    pid: input.pid ?? pidOf(step, input.sessionId),
    class: input.class,
    type: input.type,
    startHi: input.startHi,
    startLo: input.startLo,
    endHi: input.endHi,
    endLo: input.endLo,
    state: 'waiting',
    waitNo: 0,
    due: 0,
    splitId: '',
    body: input.body,
  };
}

function takerOf(row: RangeRow, file: FileRef): Taker {
  const { owner, ownerKey, clientKey, sessionId, pid, body } = row;
  return { owner, ownerKey, clientKey, sessionId, pid, file, body };
}

export function rangeLock(step: Step, input: VerbInput<'rangeLock'>): VerbOutput<'rangeLock'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (!isRange(input, input.class)) return refuse('bad_range');
  const { shown } = input;
  const named = input.file ?? (shown === undefined ? undefined : refShown(step, shown));
  if (named === undefined)
    return shown?.id === undefined ? refuse('no_such_lock') : unknownStateid(step, shown.id, shown);
  // What was carried out is answered whatever stands in the way of a new request by now.
  const repeated = shown === undefined ? undefined : repeatedLock(step, named.fileKey, input.ownerKey, shown);
  if (repeated !== undefined) {
    const row = rowOf(step, input, named);
    row.state = 'held';
    return { range: rangeView(step, input.rangeId, row), waiting: false, stateid: repeated };
  }
  const known = input.body === undefined ? undefined : again(step, input);
  if (known !== undefined) return known;
  // A stateid is a row, too.
  const rows = shown === undefined ? rowsPerRange : rowsPerRange + 1;
  const { exp, refused: away } = exportFor(step, named, input, rows);
  if (exp === undefined) return away;
  const file = enterFile(step, named, exp);
  const ref = refIn(file, named);
  const row = rowOf(step, input, ref);
  const barred = shown === undefined ? undefined : lockRefusal(step, row, shown);
  if (barred !== undefined) return barred;
  const parked = row.body === undefined ? same(step, row) : undefined;
  if (parked !== undefined) {
    waitsFor(step, parked.id, parked.row, input.waitMs);
    return { range: rangeView(step, parked.id, parked.row), waiting: true };
  }
  const own = row.body === undefined ? undefined : ownInTheWay(step, row);
  if (own !== undefined) return refuseOwn(step, input.sessionId, own);
  const never = covers(step, row) ? undefined : neverHeld(step, input.reclaim, exp);
  if (never !== undefined) return never;
  const unbacked = covers(step, row) ? undefined : cannotBack(file);
  if (unbacked !== undefined) return refuse(unbacked);
  const waiter: Waiter<RangeRow> = { kind: rangeKind, id: input.rangeId, row };
  // As on Linux, converting a flock first releases the old one, and may fail and leave nothing (flock(2)).
  if (input.class === 'flock' && !holds(step, row)) giveUpRange(step, file, row, row, input.splitId);
  const verdict = enter(step, file, waiter, input, ref);
  let held: string | undefined;
  if (verdict === 'granted')
    held = takeRange(step, file, takerOf(row, ref), row, input.rangeId, input.splitId);
  settleFile(step, file);
  if (verdict !== 'granted' && verdict !== 'waiting') return verdict;
  const id = held ?? input.rangeId;
  const now = step.rows.get('range', id);
  const waiting = now !== undefined && now.state === 'waiting';
  const stateid = shown === undefined ? undefined : noteLock(step, row, shown, !waiting);
  return { range: rangeView(step, id, now ?? row), waiting, stateid };
}

/** What its owner has already is in the way of a lock that merges with no other. */
function refuseOwn(step: Step, viewer: string, { id, row }: { id: string; row: RangeRow }): Refused {
  const blocker = shown(step, viewer, rangeBlocker(id, row));
  return { refused: { reason: 'owner_has_range', blockers: [blocker], blockerCount: 1 } };
}

/** The same request once more: what became of it. One that waits keeps its place, and may wait for longer. */
function again(step: Step, input: VerbInput<'rangeLock'>): VerbOutput<'rangeLock'> | undefined {
  const id = input.rangeId;
  const row = step.rows.get('range', id);
  if (row === undefined) {
    const ended = step.rows.get('ended', id);
    if (ended === undefined) return undefined;
    if (ended.body !== input.body) return refuse('id_reused_with_other_body');
    return { refused: { reason: 'lock_over', ended: ended.how } };
  }
  if (row.sessionId !== input.sessionId) return refuse('not_holder');
  if (row.body !== input.body) return refuse('id_reused_with_other_body');
  if (row.waitNo !== 0) waitsFor(step, id, row, input.waitMs);
  return { range: rangeView(step, id, row), waiting: row.state === 'waiting' };
}

/** A request that waits may wait for longer, and no longer only for its fileserver's answer. */
function waitsFor(step: Step, id: string, row: RangeRow, waitMs: number): void {
  const until = step.now + waitMs;
  if (until <= row.due && (row.atOnce !== true || waitMs === 0)) return;
  row.atOnce = undefined;
  if (until > row.due) setDue(step, keys.range(id), row, until);
  step.rows.put('range', id, row);
}

/** The file of the stateid that a LOCK shows. */
function refShown(step: Step, shown: LockShown): FileRef | undefined {
  const fileKey = fileShown(step, shown);
  const file = fileKey === undefined ? undefined : loadFile(step, fileKey);
  if (file === undefined) return undefined;
  const { exportName, path, fileId, inode } = file.row;
  return { fileKey: file.key, exportName, path, fileId, inode };
}

/** Whether the owner has this lock already: its locks of one type never touch. */
function covers(step: Step, row: RangeRow): boolean {
  for (const own of ownRanges(step, row, row)) {
    const begins = compare(own.row.startHi, own.row.startLo, row.startHi, row.startLo) <= 0;
    const ends = compare(own.row.endHi, own.row.endLo, row.endHi, row.endLo) >= 0;
    if (own.row.type === row.type && begins && ends) return true;
  }
  return false;
}

/** Whether the owner has a flock of this type already. */
function holds(step: Step, row: RangeRow): boolean {
  for (const own of ownRanges(step, row, row)) if (own.row.type === row.type) return true;
  return false;
}

/** Finds the owner's waiting request for exactly the same lock: a repeat keeps its place. */
function same(step: Step, row: RangeRow): { id: string; row: RangeRow } | undefined {
  for (const entry of step.rows.page(keys.ownerWaits(row.ownerKey), 0, endOfList, waitsOfOne)) {
    if (keys.rowMember(step.rows, entry.member) !== 'range') continue;
    const id = keys.idOf(step.rows, entry.member);
    const parked = step.rows.get('range', id);
    // One that is repeated under its id shares its place with no other request.
    if (parked === undefined || parked.body !== undefined) continue;
    const asked = parked.fileKey === row.fileKey && parked.class === row.class && parked.type === row.type;
    const start = compare(parked.startHi, parked.startLo, row.startHi, row.startLo);
    const end = compare(parked.endHi, parked.endLo, row.endHi, row.endLo);
    if (asked && start === 0 && end === 0) return { id, row: parked };
  }
  return undefined;
}

const waitsOfOne = 64;

/** Grants at once, queues the request, or returns why neither. */
function enter(
  step: Step,
  file: File,
  waiter: Waiter<RangeRow>,
  input: { waitMs: number; splitId: string; rangeId: string; claimMs?: number },
  ref: FileRef,
): 'granted' | 'waiting' | Refused {
  const { row } = waiter;
  const ahead = aheadOf(step, file, waiter);
  if (ahead === undefined) makeWay(step, file, waiter);
  const free = ahead === undefined && rangesInTheWay(step, file, row, 1).length === 0;
  if (free) {
    if (file.row.ranges + rowsPerRange > rangesMaxOf(step, file)) return refuse('file_ranges_max');
    if (!mustAsk(step, file, row)) return 'granted';
  }
  // Only the fileserver has yet to lock it: that takes a place in the queue, also of a request that does not wait.
  const waitMs = free ? Math.max(input.waitMs, answerMs(step)) : input.waitMs;
  const verdict = mayNotWait(step, file, waiter, reasonFor(step, file, waiter), waitMs);
  if (verdict !== undefined) return verdict;
  const parked = newRow(step, input.rangeId, takerOf(row, ref), row);
  parked.state = 'waiting';
  parked.splitId = input.splitId;
  parked.claimMs = input.claimMs;
  parked.atOnce = input.waitMs === 0 ? true : undefined;
  enqueue(step, file, { kind: rangeKind, id: input.rangeId, row: parked }, waitMs);
  step.rows.put('range', input.rangeId, parked);
  return 'waiting';
}

export function rangeUnlock(step: Step, input: VerbInput<'rangeUnlock'>): VerbOutput<'rangeUnlock'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (!isRange(input, input.class)) return refuse('bad_range');
  const { shown } = input;
  if (shown === undefined) {
    const unlocked = unlock(step, input, input.fileKey);
    return unlocked === true || unlocked === false ? { unlocked } : unlocked;
  }
  const state = step.rows.get('lockState', shown.id);
  if (state === undefined || state.ownerKey !== input.ownerKey) return unknownStateid(step, shown.id, shown);
  const repeat = isRepeat(shown, state);
  const old = repeat ? undefined : notPresent(shown, state);
  if (old !== undefined) return old;
  const unlocked = repeat ? false : unlock(step, input, state.fileKey);
  if (unlocked !== true && unlocked !== false) return unlocked;
  if (!repeat) noteUnlock(step, shown, state, input);
  return { unlocked, stateid: { id: shown.id, seqid: state.seqid } };
}

/** Unlocks; whether there was anything, or why not. */
function unlock(step: Step, input: VerbInput<'rangeUnlock'>, fileKey: string): boolean | Refused {
  const file = loadFile(step, fileKey);
  if (file === undefined) return false;
  const at = { fileKey: file.key, class: input.class, ownerKey: input.ownerKey };
  if (splits(step, at, input)) {
    // Unlocking the middle of a range needs room for a second row, like locking (ENOLCK).
    if (file.row.ranges >= rangesMaxOf(step, file)) return refuse('file_ranges_max');
    const full = roomFor(step, input.sessionId, 1);
    if (full !== undefined) return full;
  }
  const unlocked = giveUpRange(step, file, at, input, input.splitId);
  settleFile(step, file);
  return unlocked;
}

export function rangeTest(step: Step, input: VerbInput<'rangeTest'>): VerbOutput<'rangeTest'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (!isRange(input, input.class)) return refuse('bad_range');
  const file = loadFile(step, input.file.fileKey);
  const row = rowOf(step, input, file === undefined ? input.file : refIn(file, input.file));
  if (file !== undefined) {
    for (const found of rangesInTheWay(step, file, row, 1))
      return { blocker: shown(step, input.sessionId, rangeBlocker(found.id, found.row)) };
    // What the owner has already would be granted without asking.
    if (covers(step, row)) return {};
  }
  const exp = file === undefined ? step.rows.get('export', input.file.exportName) : file.exp;
  if (exp === undefined || !backsRanges({ exp })) return {};
  const unheard = file === undefined ? cannotAsk(exp, input.file) : cannotBack(file);
  if (unheard !== undefined) return refuse(unheard);
  const { exportName, path, fileId } = file === undefined ? input.file : file.row;
  return { ask: { exportName, path, fileId, incarnation: exp.incarnation, endpoint: exp.endpoint } };
}

export function rangeGet(step: Step, input: VerbInput<'rangeGet'>): VerbOutput<'rangeGet'> {
  const range = step.rows.get('range', input.rangeId);
  if (range === undefined) return refuse('no_such_lock');
  const refused = gate(step, range.sessionId, input.digest);
  return refused ?? { range: rangeView(step, input.rangeId, range) };
}

export function rangeDrop(step: Step, input: VerbInput<'rangeDrop'>): VerbOutput<'rangeDrop'> {
  const range = step.rows.get('range', input.rangeId);
  if (range === undefined) return refuse('no_such_lock');
  const refused = gate(step, range.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (input.ifWaiting === true && range.state === 'held') return { dropped: false };
  end(step, { kind: rangeKind, id: input.rangeId, row: range }, 'cancelled');
  return { dropped: true };
}

export function rangeCancel(step: Step, input: VerbInput<'rangeCancel'>): VerbOutput<'rangeCancel'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const file = loadFile(step, input.file.fileKey);
  const parked = file === undefined ? undefined : same(step, rowOf(step, input, refIn(file, input.file)));
  if (parked === undefined) return { cancelled: false };
  end(step, { kind: rangeKind, id: parked.id, row: parked.row }, 'cancelled');
  return { cancelled: true };
}
