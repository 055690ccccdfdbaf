import * as keys from '../keys';
import type { LeaseRow, LockStateRow, OpenRow, RangeRow } from '../rows';
import { endOfList, type Step } from '../step';
import { freshen, isBreaking } from './break';
import { isCourteous } from './courtesy';
import { rememberEnd } from './ended';
import { isRevoked, shareOf, standsAlone, type File } from './file';
import { syncHold } from './hold';
import type { Waiter } from './kinds/kind';
import { loseLease } from './kinds/lease';
import { endOpen } from './kinds/open';
import { ownRanges, unlockRow, wholeFile } from './range-tree';
import { forgetLockState, locksOfOpenMax } from './stateid';
import { mindsLease, opensRefusing } from './way';

/**
 * Takes from sessions in courtesy what somebody wants (RFC 8881 §8.4.2.3). Nobody is asked: the holder is not there.
 * What still has a living holder in its way takes nothing.
 */

/** How many holds one request looks at. */
const looked = 1024;

/** Makes way for a request that nothing but what sessions in courtesy hold would block. */
export function makeWay(step: Step, file: File, waiter: Waiter): void {
  if ((step.meta.courteous ?? 0) === 0) return;
  if (waiter.kind.own === undefined) takeForOpen(step, file, waiter);
  else takeOwn(step, file, waiter);
  if (standsAlone(file)) syncHold(step, file);
}

/** Takes the ranges in the way; locks in modes and permits have ended with the TTL. */
function takeOwn(step: Step, file: File, { kind, row }: Waiter): void {
  const found = kind.own === undefined ? [] : kind.own.inTheWay(step, file, row, looked);
  for (const each of found) if (!isCourteous(step, each.row.sessionId)) return;
  for (const { id } of found) {
    // It may have gone with another lock under the same stateid.
    const range = step.rows.get('range', id);
    if (range !== undefined) takeRangeFrom(step, file, id, range);
  }
}

function takeForOpen(step: Step, file: File, waiter: Waiter): void {
  const opens = opensRefusing(step, file, waiter, looked);
  for (const { row } of opens) if (!isCourteous(step, row.sessionId)) return;
  const leases = leasesInTheWay(step, file, waiter);
  if (leases === undefined) return;
  for (const { id, row } of opens) takeOpen(step, file, id, row);
  for (const { id, row } of leases) loseLease(step, file, id, row, 'expired');
}

interface FoundLease {
  id: string;
  row: LeaseRow;
}

/** The leases to take for a request; undefined: living holders refuse it anyway. Those of a running break are taken with it. */
function leasesInTheWay(step: Step, file: File, waiter: Waiter): FoundLease[] | undefined {
  const found: FoundLease[] = [];
  const { row } = file;
  if (row.breaking?.yielded === true || (row.reads === 0 && row.writer === undefined)) return found;
  for (const { member } of step.rows.page(keys.grants(file.key), 0, endOfList, looked)) {
    const lease = step.rows.get('lease', member);
    if (lease === undefined || isRevoked(row, lease)) continue;
    if (lease.ownerKey === waiter.row.ownerKey || !mindsLease(waiter, lease)) continue;
    if (isCourteous(step, lease.sessionId)) found.push({ id: member, row: lease });
    else if (!waiter.kind.breaks) return undefined;
  }
  return found;
}

/** What sessions in courtesy hold of what the running break asks for is taken as it begins. */
export function takeBroken(step: Step, file: File): void {
  const running = file.row.breaking;
  if (running === undefined || running.yielded === true || (step.meta.courteous ?? 0) === 0) return;
  running.yielded = true;
  for (const { member } of step.rows.page(keys.grants(file.key), 0, endOfList, looked)) {
    const lease = step.rows.get('lease', member);
    if (lease === undefined || isRevoked(file.row, lease) || !isBreaking(file.row, lease)) continue;
    if (!isCourteous(step, lease.sessionId)) continue;
    loseLease(step, file, member, lease, 'expired');
  }
  freshen(step, file);
}

/** An open goes with the locks under it. */
function takeOpen(step: Step, file: File, id: string, open: OpenRow): void {
  for (const { member } of step.rows.page(keys.openLocks(id), 0, endOfList, locksOfOpenMax)) {
    const state = step.rows.get('lockState', member);
    if (state !== undefined) takeLocks(step, file, member, state);
  }
  endOpen(step, file, id, open, 'session_expired');
  rememberEnd(step, id, open, 'session_expired', { taken: true });
}

/** A lock goes with all under its stateid: that is over as a whole. One without a stateid goes alone. */
function takeRangeFrom(step: Step, file: File, id: string, range: RangeRow): void {
  const { lockId } = shareOf(step, file.key, range.ownerKey);
  const state = lockId === undefined ? undefined : step.rows.get('lockState', lockId);
  if (lockId !== undefined && state !== undefined && range.class === 'posix')
    takeLocks(step, file, lockId, state);
  else unlockRow(step, file, id, range, 'session_expired');
}

function takeLocks(step: Step, file: File, id: string, state: LockStateRow): void {
  const at = { fileKey: file.key, class: 'posix' as const, ownerKey: state.ownerKey };
  for (const own of ownRanges(step, at, wholeFile)) unlockRow(step, file, own.id, own.row, 'session_expired');
  forgetLockState(step, id, state);
  rememberEnd(step, id, state, 'session_expired', { taken: true });
}
