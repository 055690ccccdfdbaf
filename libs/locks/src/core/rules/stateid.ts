import type { LockShown, LockStateid, Range, Refused, Shown } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { Access, LockStateRow, RangeRow, UnclaimedLock } from '../rows';
import { earlier, endOfList, nextSeq, setDue, type Step } from '../step';
import { gate } from './admission';
import { rememberEnd, wasTaken } from './ended';
import { enterSession, leaveSession, saveShare, shareOf } from './file';
import { overlap, ownRanges, wholeFile } from './range-tree';

/**
 * Stateids (RFC 8881 §8.2): an NFS server shows one with the session that should own it, and is answered for what it has
 * shown, never for what lies behind it by now. A lease and an open carry their own; those of locks are rows.
 */

/** What carries a stateid. */
interface Carrier {
  sessionId: string;
  seqid: number;
  request?: string;
}

/** Checks the session that shows a stateid, if one is shown; the row may be another session's, or gone. */
export function gateShown(
  step: Step,
  shown: Shown | undefined,
  digest: string | undefined,
): Refused | undefined {
  return shown === undefined ? undefined : gate(step, shown.sessionId, digest);
}

/** Why the stateid shown is not the present one of this row. For its session, another session's does not exist. */
export function notPresent(shown: Shown | undefined, row: Carrier): Refused | undefined {
  if (shown === undefined) return undefined;
  if (row.sessionId !== shown.sessionId || shown.seqid > row.seqid || row.seqid === 0)
    return refuse('no_such_lock');
  return shown.seqid !== 0 && shown.seqid < row.seqid ? refuse('seqid_old') : undefined;
}

/** Why nothing has this stateid: what had it was taken in courtesy, or there never was anything. */
export function unknownStateid(step: Step, id: string, shown: Shown | undefined): Refused {
  return shown !== undefined && wasTaken(step, id, shown.sessionId)
    ? refuse('state_expired')
    : refuse('no_such_lock');
}

/** Whether the request was carried out already: its answer was lost, and it is sent again. */
export function isRepeat(shown: Shown | undefined, row: { request?: string }): boolean {
  return shown?.requestId !== undefined && row.request === shown.requestId;
}

/** Whether this request has ended what its stateid named. */
export function hasEnded(step: Step, id: string, shown: Shown | undefined): boolean {
  const ended = step.rows.get('ended', id);
  return ended !== undefined && isRepeat(shown, ended);
}

// --- the stateids of locks

/** The file of the stateid shown, whatever its name leads to by now. */
export function fileShown(step: Step, shown: LockShown): string | undefined {
  if (shown.id === undefined) return undefined;
  const row = step.rows.get(shown.of === 'lock' ? 'lockState' : 'open', shown.id);
  return row === undefined || row.sessionId !== shown.sessionId ? undefined : row.fileKey;
}

/** The stateid of the owner's locks on a file. */
function lockStateOf(step: Step, fileKey: string, ownerKey: string): LockStateRow | undefined {
  const { lockId } = shareOf(step, fileKey, ownerKey);
  return lockId === undefined ? undefined : step.rows.get('lockState', lockId);
}

/** Whether an open permits a lock (NFS4ERR_OPENMODE). */
function permits(access: Access, type: 'read' | 'write'): boolean {
  return access === 'both' || access === type;
}

/** The stateid as it is, if this LOCK was carried out already: the answer to its repeat. */
export function repeatedLock(
  step: Step,
  fileKey: string,
  ownerKey: string,
  shown: LockShown,
): LockStateid | undefined {
  const { lockId } = shareOf(step, fileKey, ownerKey);
  const known = lockStateOf(step, fileKey, ownerKey);
  if (lockId === undefined || known === undefined || !isRepeat(shown, known)) return undefined;
  return { id: lockId, seqid: known.seqid };
}

/** Why a LOCK with this stateid is refused. */
export function lockRefusal(step: Step, row: RangeRow, shown: LockShown): Refused | undefined {
  const known = lockStateOf(step, row.fileKey, row.ownerKey);
  if (shown.id === undefined) return undefined;
  let openId: string | undefined = shown.id;
  if (shown.of === 'lock') {
    const named = step.rows.get('lockState', shown.id);
    if (named === undefined || named.ownerKey !== row.ownerKey) return unknownStateid(step, shown.id, shown);
    const away = notPresent(shown, named);
    if (away !== undefined) return away;
    openId = named.openId;
  }
  const open = openId === undefined ? undefined : step.rows.get('open', openId);
  if (shown.of === 'open') {
    if (open === undefined) return unknownStateid(step, shown.id, shown);
    const away = notPresent(shown, open);
    if (away !== undefined) return away;
    if (known === undefined && !hasRoomForLocks(step, shown.id)) return refuse('session_locks_max');
  }
  return open === undefined || permits(open.access, row.type) ? undefined : refuse('open_mode');
}

/** The owner has a lock, or waits for one: it has a stateid, whose seqid moves if the client is given it. */
export function noteLock(step: Step, row: RangeRow, shown: LockShown, granted: boolean): LockStateid {
  const share = shareOf(step, row.fileKey, row.ownerKey);
  let known = lockStateOf(step, row.fileKey, row.ownerKey);
  if (known === undefined) {
    const { sessionId, owner, ownerKey, clientKey, fileKey } = row;
    known = { no: nextSeq(step), sessionId, owner, ownerKey, clientKey, fileKey, seqid: 0, due: 0 };
    share.lockId = shown.freshId;
    if (shown.of === 'open' && shown.id !== undefined) {
      known.openId = shown.id;
      step.rows.link(keys.openLocks(shown.id), shown.freshId, known.no);
    }
    saveShare(step, fileKey, ownerKey, share);
    enterSession(step, sessionId, keys.lockState(shown.freshId), known.no);
  }
  const id = share.lockId ?? shown.freshId;
  if (granted) {
    known.seqid += 1;
    known.request = shown.requestId;
    claimed(step, id, known, row);
  }
  step.rows.put('lockState', id, known);
  return { id, seqid: known.seqid };
}

/** The client gets the stateid anew with the answer to LOCKU. */
export function noteUnlock(
  step: Step,
  shown: Shown & { id: string },
  state: LockStateRow,
  range: Range,
): void {
  claimed(step, shown.id, state, range);
  state.seqid += 1;
  state.request = shown.requestId;
  step.rows.put('lockState', shown.id, state);
}

// --- locks that were granted after a wait, until their owner has come for them

/** The owner is told that it has a lock: it is kept for so long, and then given to others (RFC 8881 §20.11). */
export function awaitClaim(step: Step, waitId: string, row: RangeRow, claimMs: number): void {
  const { lockId } = shareOf(step, row.fileKey, row.ownerKey);
  const state = lockStateOf(step, row.fileKey, row.ownerKey);
  if (lockId === undefined || state === undefined) return;
  const { startHi, startLo, endHi, endLo, splitId } = row;
  const unclaimed = state.unclaimed ?? [];
  unclaimed.push({ startHi, startLo, endHi, endLo, until: step.now + claimMs, waitId, splitId });
  keepUnclaimed(step, lockId, state, unclaimed);
}

/** The owner has come: what it asks for there is its own from now on. */
function claimed(step: Step, id: string, state: LockStateRow, range: Range): void {
  if (state.unclaimed === undefined) return;
  const left: UnclaimedLock[] = [];
  for (const each of state.unclaimed) if (!overlap(each, range)) left.push(each);
  keepUnclaimed(step, id, state, left);
}

export function keepUnclaimed(step: Step, id: string, state: LockStateRow, unclaimed: UnclaimedLock[]): void {
  let due = 0;
  for (const each of unclaimed) due = earlier(due, each.until);
  state.unclaimed = unclaimed.length === 0 ? undefined : unclaimed;
  setDue(step, keys.lockState(id), state, due);
  step.rows.put('lockState', id, state);
}

/** One of the owner's locks under this stateid. */
export function holdsLocks(step: Step, state: LockStateRow): string | undefined {
  const at = { fileKey: state.fileKey, class: 'posix' as const, ownerKey: state.ownerKey };
  for (const { id } of ownRanges(step, at, wholeFile)) return id;
  return undefined;
}

/** Removes the stateid of an owner that has no locks any more. */
export function forgetLockState(step: Step, id: string, state: LockStateRow): void {
  const share = shareOf(step, state.fileKey, state.ownerKey);
  share.lockId = undefined;
  saveShare(step, state.fileKey, state.ownerKey, share);
  if (state.openId !== undefined) step.rows.unlink(keys.openLocks(state.openId), id, state.no);
  leaveSession(step, state.sessionId, keys.lockState(id), state.no);
  setDue(step, keys.lockState(id), state, 0);
  step.rows.del('lockState', id);
}

/** The most owners with locks under one open. */
export const locksOfOpenMax = 1024;

/** Whether one more owner may lock under an open. */
function hasRoomForLocks(step: Step, openId: string): boolean {
  return step.rows.page(keys.openLocks(openId), 0, endOfList, locksOfOpenMax).length < locksOfOpenMax;
}

/** The open is about to be closed: a lock under it refuses that; otherwise the stateids of its locks go with it. */
export function closeLocks(step: Step, openId: string): Refused | undefined {
  const page = step.rows.page(keys.openLocks(openId), 0, endOfList, locksOfOpenMax);
  for (const entry of page) {
    const state = step.rows.get('lockState', entry.member);
    const held = state === undefined ? undefined : holdsLocks(step, state);
    if (held !== undefined) return { refused: { reason: 'locks_held', leaseId: held } };
  }
  for (const entry of page) {
    const state = step.rows.get('lockState', entry.member);
    if (state !== undefined) forgetLockState(step, entry.member, state);
  }
  return undefined;
}

/** Remembers which request ended what this stateid named, so that its repeat is recognised. */
export function rememberRequest(
  step: Step,
  id: string,
  row: { sessionId: string; body?: string },
  shown: Shown | undefined,
  how: string,
): void {
  if (shown?.requestId !== undefined) rememberEnd(step, id, row, how, { request: shown.requestId });
}
