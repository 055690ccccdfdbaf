import type { Blocker, FileRef, LockView } from '../../io';
import * as keys from '../../keys';
import type { Reason } from '../../reasons';
import type { RangeRow } from '../../rows';
import { record, type Step } from '../../step';
import { loadFile, noteGrant, type File } from '../file';
import {
  dropRow,
  overlap,
  ownRanges,
  ownInTheWay,
  ownsInTheWay,
  rangesInTheWay,
  sameOwner,
  sameSpace,
  takeRange,
  typesConflict,
  unlockRow,
} from '../range-tree';
import { areLocked, mustAsk } from '../range-backing';
import { awaitClaim } from '../stateid';
import { dropWaiter, dequeue, type LockKind, type OwnSpace, type Waiter } from './kind';

/** Locks on ranges of bytes and on whole files: POSIX, OFD, flock. They conflict only with each other. */

export function rangeBlocker(id: string, range: RangeRow): Blocker {
  return {
    id,
    kind: range.class,
    sessionId: range.sessionId,
    owner: range.owner,
    pid: range.pid,
    type: range.type,
    state: range.state,
    startHi: range.startHi,
    startLo: range.startLo,
    endHi: range.endHi,
    endLo: range.endLo,
  };
}

/** Whether the fileserver has locked it, too. */
export function isBacked(step: Step, range: RangeRow): boolean {
  const file = range.state === 'held' ? loadFile(step, range.fileKey) : undefined;
  return file !== undefined && areLocked(step, file);
}

function lockOfRange(step: Step, id: string, range: RangeRow): LockView {
  return {
    backed: isBacked(step, range),
    id,
    no: range.no,
    kind: range.class,
    sessionId: range.sessionId,
    owner: range.owner,
    exportName: range.exportName,
    path: range.path,
    fileId: range.fileId,
    inode: range.inode,
    pid: range.pid,
    type: range.type,
    waits: range.state === 'waiting' ? range.type : undefined,
    state: range.state,
    startHi: range.startHi,
    startLo: range.startLo,
    endHi: range.endHi,
    endLo: range.endLo,
  };
}

/** Serves a waiting range lock: the row of the wait is removed, and the lock takes its id. */
function admitRange(step: Step, file: File, waiter: Waiter<RangeRow>): boolean {
  const { id, row } = waiter;
  if (rangesInTheWay(step, file, row, 1).length > 0 || mustAsk(step, file, row)) return false;
  const waitNo = dequeue(step, file, waiter, 'granted');
  dropRow(step, id, row);
  const ref: FileRef = {
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    fileId: row.fileId,
    inode: row.inode,
  };
  const { owner, ownerKey, clientKey, sessionId, pid, body } = row;
  const taker = { owner, ownerKey, clientKey, sessionId, pid, file: ref, body };
  const { locked } = file.row;
  // The fileserver has locked it, or its owner has as much: that is right unless something of the owner becomes weaker.
  const known = locked?.stale === false && !weakens(step, row);
  // A piece split off an existing lock gets the id `splitId`, reserved for it, so no id is used twice.
  const rangeId = takeRange(step, file, taker, row, id, row.splitId);
  if (known) locked.stale = false;
  noteGrant(step, file, ownerKey);
  record(step, {
    kind: 'locked',
    waitId: id,
    rangeId,
    sessionId,
    owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    type: row.type,
    turn: true,
    waitNo,
  });
  if (row.claimMs !== undefined) awaitClaim(step, id, row, row.claimMs);
  return true;
}

/** Whether the lock takes from what its owner has locked for writing. */
function weakens(step: Step, row: RangeRow): boolean {
  if (row.type === 'write') return false;
  for (const own of ownRanges(step, row, row)) if (own.row.type === 'write') return true;
  return false;
}

/** Unlocks a range, or ends a wait for one. The caller then settles the file. */
function endRange(step: Step, file: File | undefined, id: string, range: RangeRow, reason: Reason): void {
  if (file === undefined) return;
  if (range.state === 'waiting') {
    dropWaiter(step, file, { kind: rangeKind, id, row: range }, reason);
    return;
  }
  unlockRow(step, file, id, range, reason);
  if (reason === 'cancelled' || reason === 'session_expired' || reason === 'session_ended') return;
  const { sessionId, owner, exportName, path } = range;
  record(step, {
    kind: 'taken',
    rangeId: id,
    sessionId,
    owner,
    fileKey: file.key,
    exportName,
    path,
    reason,
  });
}

const space: OwnSpace<RangeRow> = {
  meets: (a, b) =>
    sameSpace(a.class, b.class) &&
    !sameOwner(a, b) &&
    overlap(a, b) &&
    typesConflict(b.class, a.type, b.type),
  ownerHas: (step, file, earlier, { ownerKey, class: kind }) =>
    ownsInTheWay(step, file, { ownerKey, class: kind }, earlier),
  inTheWay: rangesInTheWay,
};

export const rangeKind: LockKind<RangeRow> = {
  name: 'range',
  letter: keys.letters.range,
  breaks: false,
  own: space,
  load: (step, id) => step.rows.get('range', id),
  asks: () => [],
  admit: admitRange,
  // A read lock may replace the owner's write lock.
  mayFree: (row) => row.type === 'read',
  whyNot: (step, file, { row }) =>
    rangesInTheWay(step, file, row, 1).length > 0 ? 'range_conflict' : row.refusedBy,
  // Its owner has locked something there while it waited.
  isLost: (step, _file, row) =>
    row.body !== undefined && ownInTheWay(step, row) !== undefined ? 'owner_has_range' : undefined,
  withdraw: (step, _file, id, row) => {
    dropRow(step, id, row);
  },
  late: (row) => (row.atOnce === true ? 'fileserver_timeout' : 'wait_elapsed'),
  lapse: () => undefined,
  named: (id) => ({ waitId: id }),
  detached: (id) => ({ rangeId: id }),
  onlyWaits: (row) => row.state === 'waiting',
  staysOut: (row) => row.state === 'held',
  since: (row) => row.no,
  blocker: (id, row) => rangeBlocker(id, row),
  view: (step, id, row) => lockOfRange(step, id, row),
  counted: 'ranges',
  end: endRange,
};
