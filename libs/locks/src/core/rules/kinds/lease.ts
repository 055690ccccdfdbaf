import type { Blocker, LeaseView, LockView } from '../../io';
import * as keys from '../../keys';
import { isOfThisLife } from '../../lives';
import type { Reason } from '../../reasons';
import type { FileRow, LeaseRow } from '../../rows';
import { mintToken, setDue, type Step } from '../../step';
import { breakView, exchangeToken, isBreaking, noteForced } from '../break';
import { leaseAsk, liveType, rank } from '../conflict';
import {
  countLease,
  countRevoked,
  finishLease,
  forgetLease,
  isRevoked,
  leaveSession,
  loadFile,
  standsAlone,
  type File,
} from '../file';
import { take, whyNotNow } from '../grant';
import { unintend } from '../hold';
import { showTenure } from '../tenure';
import { dequeue, dropWaiter, waitNoOf, type LockKind, type Waiter } from './kind';

/** Leases and delegations: how one is shown, and all the ways in which it ends. */

export function stateOf(file: FileRow | undefined, lease: LeaseRow): LeaseView['state'] {
  if (lease.state === 'active') {
    if (isRevoked(file, lease)) return file !== undefined && file.fence ? 'fencing' : 'revoked';
    return file !== undefined && isBreaking(file, lease) ? 'breaking' : 'active';
  }
  if (lease.state === 'revoked' && lease.fenced && file !== undefined && file.fence) return 'fencing';
  return lease.state;
}

/** The lease as shown to its holder: a token from before a restore is exchanged for a valid one. */
export function leaseView(step: Step, id: string, lease: LeaseRow): LeaseView {
  const file = isOfThisLife(step, lease.token) ? undefined : loadFile(step, lease.fileKey);
  if (file !== undefined && isHeld(stateOf(file.row, lease))) {
    exchangeToken(step, file, id, lease);
    step.rows.put('lease', id, lease);
    step.rows.put('file', file.key, file.row);
  }
  return viewOf(step, id, lease);
}

function isHeld(state: LeaseView['state']): boolean {
  return state === 'active' || state === 'breaking';
}

function viewOf(step: Step, id: string, lease: LeaseRow): LeaseView {
  const file = step.rows.get('file', lease.fileKey);
  const exp = step.rows.get('export', lease.exportName);
  const state = stateOf(file, lease);
  const live = isHeld(state);
  const view: LeaseView = {
    leaseId: id,
    sessionId: lease.sessionId,
    owner: lease.owner,
    exportName: lease.exportName,
    path: lease.path,
    fileKey: lease.fileKey,
    fileId: lease.fileId,
    ownerKey: lease.ownerKey,
    grantNo: lease.grantNo,
    type: live || state === 'fencing' ? lease.type : 'none',
    delegation: lease.delegation,
    pendingType: lease.pendingType,
    waitType: lease.waitType,
    waitNo: lease.pendingType === undefined ? waitNoOf(lease) : lease.turnNo,
    state,
    token: lease.token,
    seqid: lease.seqid,
    times: lease.type === 'write' ? lease.times : undefined,
    notify: lease.type === 'read' ? lease.notify : undefined,
    backed: live && exp !== undefined && !exp.local && exp.state === 'up' && file?.unbound === undefined,
    break:
      state === 'breaking' && file !== undefined && file.breaking !== undefined
        ? breakView(step, file.breaking, lease.ownerKey)
        : undefined,
  };
  return showTenure(step, view, lease);
}

export function leaseBlocker(id: string, lease: LeaseRow, file: FileRow): Blocker {
  return {
    id,
    kind: lease.delegation ? 'delegation' : 'lease',
    sessionId: lease.sessionId,
    owner: lease.owner,
    pid: lease.pid,
    type: lease.pendingType ?? lease.type,
    state: stateOf(file, lease),
  };
}

function lockOfLease(step: Step, id: string, lease: LeaseRow): LockView {
  const view = viewOf(step, id, lease);
  const file = step.rows.get('file', lease.fileKey);
  return {
    id,
    no: lease.no,
    kind: lease.delegation ? 'delegation' : 'lease',
    sessionId: lease.sessionId,
    owner: lease.owner,
    exportName: lease.exportName,
    path: lease.path,
    fileId: lease.fileId,
    inode: file === undefined ? lease.inode : file.inode,
    pid: lease.pid,
    type: view.type,
    pendingType: view.pendingType,
    waits: lease.waitType,
    state: view.state,
    // A token from before a restore is not valid; the holder's next request exchanges it.
    token: isOfThisLife(step, lease.token) ? lease.token : undefined,
    backed: view.backed,
    maxHoldMs: view.maxHoldMs,
    endsWall: view.endsWall,
    remainingMs: view.remainingMs,
    break: view.break,
  };
}

// --- ends

/** If a mass revocation has passed this lease, updates its row now. Returns whether it had. */
export function tellRevoked(step: Step, file: File, id: string, lease: LeaseRow): boolean {
  if (!isRevoked(file.row, lease)) return false;
  stopWaiting(step, file, id, lease, 'lease_revoked');
  if (lease.state === 'active') finishLease(step, id, lease, 'revoked', file.row.clearCause ?? 'deadline');
  return true;
}

/** The holder releases the lease, or cancels an intent. */
export function letGo(step: Step, file: File, id: string, lease: LeaseRow, cause: string): void {
  if (tellRevoked(step, file, id, lease)) return;
  stopWaiting(step, file, id, lease, 'cancelled');
  unintend(step, file, id, lease);
  countLease(step, file.row, id, lease, -1);
  finishLease(step, id, lease, 'released', cause);
}

function stopWaiting(step: Step, file: File, id: string, lease: LeaseRow, outcome: string): void {
  if (lease.waitNo === 0) return;
  dequeue(step, file, { kind: leaseKind, id, row: lease }, outcome);
  lease.waitType = undefined;
}

/** Revokes one lease: its session expired, or an administrator demanded it. */
export function loseLease(step: Step, file: File, id: string, lease: LeaseRow, cause: string): void {
  const { row } = file;
  if (tellRevoked(step, file, id, lease)) return;
  stopWaiting(step, file, id, lease, cause);
  unintend(step, file, id, lease);
  if (lease.state === 'active') {
    if (isBreaking(row, lease)) noteForced(row, cause);
    countLease(step, row, id, lease, -1);
    countRevoked(step, file.exp, 1);
    row.maxToken = mintToken(step);
    // The remaining leases need their hold anyway; only an excess may still serve the former holder.
    if (!standsAlone(file) && rank(row.mayHave) > rank(liveType(row))) {
      row.fence = true;
      lease.fenced = true;
    }
    // A change of the file may have asked for a longer delay.
    if (cause === 'expired')
      row.lockDelayUntil = Math.max(
        row.lockDelayUntil,
        silentSince(step, lease.sessionId) + file.exp.lockDelayMs,
      );
  }
  finishLease(step, id, lease, 'revoked', cause);
}

/** Since when its holder has not been there; one in courtesy has been gone for a while. */
function silentSince(step: Step, sessionId: string): number {
  const session = step.rows.get('session', sessionId);
  return session?.courtesyMs === undefined ? step.now : Math.min(step.now, session.expires);
}

/** Forgets a finished lease; a revoked delegation was kept in its session until now. */
export function forgetFinished(step: Step, id: string, lease: LeaseRow): void {
  if (lease.due === 0) {
    leaveSession(step, lease.sessionId, keys.lease(id), lease.no);
    countFreed(step, lease);
  }
  forgetLease(step, id, lease);
}

/** A revocation that its holder has acknowledged no longer limits what it is offered. */
function countFreed(step: Step, { sessionId, cause }: LeaseRow): void {
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return;
  if (cause === 'expired') session.taken = (session.taken ?? 1) - 1;
  else session.revoked -= 1;
  step.rows.put('session', sessionId, session);
}

/** Ends a lease with its session or its export; with its session, nothing is kept for the holder to free. */
function endLease(step: Step, file: File | undefined, id: string, lease: LeaseRow, reason: Reason): void {
  const withSession = reason === 'session_ended' || reason === 'session_expired';
  const live = lease.state === 'active' || lease.state === 'pending';
  if (lease.waitNo !== 0 && file !== undefined)
    dropWaiter(step, file, { kind: leaseKind, id, row: lease }, reason);
  const left = step.rows.get('lease', id);
  // A lease that was only a request is gone now.
  if (left === undefined) return;
  if (file === undefined || !live) {
    // A finished lease stays remembered, and a revoked delegation until it is freed, unless its session is gone.
    if (left.state !== 'allocated' && !withSession) return;
    leaveSession(step, left.sessionId, keys.lease(id), left.no);
    forgetLease(step, id, left);
    return;
  }
  if (reason === 'session_ended') letGo(step, file, id, left, reason);
  else loseLease(step, file, id, left, reason === 'session_expired' ? 'expired' : reason);
  // A delegation that turns out to be revoked would wait to be freed, and nobody is left to free it.
  const after = withSession ? step.rows.get('lease', id) : undefined;
  if (after !== undefined && after.state === 'revoked' && after.due === 0) forgetFinished(step, id, after);
}

// --- requests

function admitLease(step: Step, file: File, waiter: Waiter<LeaseRow>, turn: boolean): boolean {
  const { id, row } = waiter;
  const type = row.waitType ?? 'read';
  if (whyNotNow(step, file, id, row, type) !== undefined) return false;
  row.turnNo = dequeue(step, file, waiter, 'granted');
  row.waitType = undefined;
  take(step, file, id, row, type, turn);
  return true;
}

function withdrawLease(step: Step, id: string, lease: LeaseRow): void {
  lease.waitType = undefined;
  if (lease.state !== 'allocated') {
    step.rows.put('lease', id, lease);
  } else if (lease.once) {
    leaveSession(step, lease.sessionId, keys.lease(id), lease.no);
    forgetLease(step, id, lease);
  } else {
    setDue(step, keys.lease(id), lease, step.now + step.meta.limits.unusedMs);
    step.rows.put('lease', id, lease);
  }
}

export const leaseKind: LockKind<LeaseRow> = {
  name: 'lease',
  letter: keys.letters.lease,
  breaks: false,
  load: (step, id) => step.rows.get('lease', id),
  asks: (row) => [leaseAsk(row.waitType ?? 'read', row.delegation, row.notify)],
  admit: admitLease,
  mayFree: () => false,
  whyNot: (step, file, { id, row }) => whyNotNow(step, file, id, row, row.waitType ?? 'read')?.reason,
  isLost: (_step, file, row) => (isRevoked(file.row, row) ? 'lease_revoked' : undefined),

  withdraw: (step, _file, id, row) => {
    withdrawLease(step, id, row);
  },
  // An allocated lease that was never set, or a finished one that has been remembered long enough.
  lapse: (step, id, row) => {
    if (row.state === 'allocated') leaveSession(step, row.sessionId, keys.lease(id), row.no);
    forgetLease(step, id, row);
  },
  named: (id) => ({ leaseId: id }),
  detached: () => undefined,
  onlyWaits: (row) => row.waitNo !== 0 && row.state === 'allocated',
  staysOut: (row) => row.state !== 'allocated' && row.state !== 'pending',
  since: (row) => (row.grantNo === 0 ? row.no : row.grantNo),
  blocker: (id, row, file) => {
    const blocker = leaseBlocker(id, row, file.row);
    if (row.waitType !== undefined) {
      blocker.type = row.waitType;
      blocker.state = 'waiting';
    }
    return blocker;
  },
  view: lockOfLease,
  end: endLease,
};
