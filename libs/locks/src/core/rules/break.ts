import type { Reason } from '../reasons';
import type { BreakView } from '../io';
import * as keys from '../keys';
import type { BreakState, Cause, FileRow, LeaseRow, LeaseType } from '../rows';
import { count, earlier, measure, mintToken, nextSeq, record, wallOf, type Step } from '../step';
import { rank } from './conflict';
import { silenceOnBreakToRead } from './matrix';
import {
  countLease,
  countRevoked,
  endAsks,
  finishLease,
  isRevoked,
  recordLease,
  needsFence,
  ownLease,
  shareOf,
  type File,
} from './file';

/**
 * Breaks (semantics.md §4). A file has one break state and a watermark, so that breaking or revoking any number of read
 * leases costs one write and one record.
 */

/** Whether the running break asks this live lease to go down. */
export function isBreaking(row: FileRow, lease: LeaseRow): boolean {
  return row.breaking !== undefined && isAsked(row.breaking, lease);
}

/** The fields of a live lease that decide whether a break or a revocation concerns it. */
interface Concerned {
  grantNo: number;
  type: LeaseType;
  delegation: boolean;
  ownerKey: string;
}

/**
 * Whether a break asks this live lease to go down: it was granted before the break, is above its target, and is not
 * exempt. `only`: the break concerns only this owner's lease.
 */
export function isAsked(
  asked: { upTo: number; target: 'none' | 'read'; delegations?: boolean; exempt?: string; only?: string },
  lease: Concerned,
): boolean {
  if (lease.grantNo > asked.upTo || rank(lease.type) <= rank(asked.target)) return false;
  if (asked.delegations === true && !lease.delegation) return false;
  return asked.only === undefined ? lease.ownerKey !== asked.exempt : lease.ownerKey === asked.only;
}

/** Whether a mass revocation revokes this lease. The survivor may still have its old grantNo. */
export function isTaken(
  revoked: { upTo: number; delegations?: boolean; survivor?: string },
  lease: Concerned,
): boolean {
  if (revoked.delegations === true && !lease.delegation) return false;
  return lease.grantNo <= revoked.upTo && lease.ownerKey !== revoked.survivor;
}

export function breakView(step: Step, running: BreakState, ownerKey: string): BreakView {
  const late = running.late === ownerKey;
  const deadline = late ? running.lateDeadline : running.deadline;
  const view: BreakView = { breakId: running.breakId, target: running.target, cause: running.cause };
  if (deadline !== 0) {
    view.deadlineWall = wallOf(step, deadline);
    view.remainingMs = Math.max(0, deadline - step.now);
  }
  return view;
}

/** Voids every intent on the file; the rows are undone later, a bounded number per step. */
export function voidPending(step: Step, file: File, reason: Reason): void {
  const { row } = file;
  row.breakNo = nextSeq(step);
  if (row.pendingReads === 0 && row.pendingWriter === undefined) return;
  row.pendingReads = 0;
  row.pendingWriter = undefined;
  row.voidPending = reason;
}

function announce(
  step: Step,
  file: File,
  running: BreakState,
  only: string | undefined,
  deadline: number,
): void {
  record(step, {
    kind: 'break',
    fileKey: file.key,
    exportName: file.row.exportName,
    path: file.row.path,
    breakId: running.breakId,
    target: running.target,
    upTo: running.upTo,
    cause: running.cause,
    deadlineWall: deadline === 0 ? undefined : wallOf(step, deadline),
    exempt: running.exempt,
    only,
    delegations: running.delegations ? true : undefined,
  });
}

/** If the deadline moves by less than this, the holders are not told again. */
const shortenedMs = 500;

/**
 * Starts a break, escalates the running one, or joins it. Joining does not notify again. It may end the first breaker's
 * exemption and may shorten the deadline, never extend it. `enforced`: when the fileserver will force it.
 */
export function startBreak(
  step: Step,
  file: File,
  target: 'none' | 'read',
  cause: Cause,
  exempt: string | undefined,
  enforced: number,
  delegations: boolean,
): void {
  const { row, exp } = file;
  const own = exp.breakMs === 0 ? 0 : step.now + exp.breakMs;
  const running = row.breaking;
  const wider = running !== undefined && running.delegations && !delegations;
  if (running === undefined || wider || rank(target) < rank(running.target)) {
    const limit = running === undefined ? enforced : earlier(running.enforced, enforced);
    voidPending(step, file, 'open_conflict');
    const begun: BreakState = {
      breakId: 'b' + step.rows.digits(row.breakNo),
      upTo: step.meta.token,
      target: running !== undefined && running.target === 'none' ? 'none' : target,
      deadline: earlier(own, limit),
      cause,
      exempt,
      enforced: limit,
      lateDeadline: 0,
      delegations: delegations && (running === undefined || running.delegations),
      since: running === undefined ? step.now : running.since,
      forced: running === undefined ? undefined : running.forced,
      listed: running === undefined ? undefined : running.listed,
    };
    if (running === undefined) count(step, 'breaks', 1);
    row.breaking = begun;
    if (row.delegReads > 0 || row.writerDelegation)
      row.coolUntil = Math.max(row.coolUntil, step.now + step.meta.limits.coolMs);
    announce(step, file, begun, undefined, begun.deadline);
    return;
  }
  if (enforced !== 0) {
    const before = running.deadline;
    running.enforced = earlier(running.enforced, enforced);
    running.deadline = earlier(running.deadline, enforced);
    if (running.late !== undefined) running.lateDeadline = earlier(running.lateDeadline, enforced);
    if (before === 0 || before - running.deadline > shortenedMs) {
      announce(step, file, running, undefined, running.deadline);
    }
  }
  if (running.exempt === exempt) return;
  // The first breaker's own lease stays exempt until another breaker conflicts with it.
  const spared = sparedLease(step, file, running.exempt);
  if (spared !== undefined && rank(spared.type) > rank(target) && (spared.delegation || !delegations)) {
    running.late = running.exempt;
    running.lateDeadline = earlier(own, running.enforced);
    running.exempt = undefined;
    announce(step, file, running, running.late, running.lateDeadline);
  }
}

/** The live lease of an owner that the running break exempts, for now or for good. */
function sparedLease(step: Step, file: File, ownerKey: string | undefined): LeaseRow | undefined {
  if (ownerKey === undefined) return undefined;
  const lease = ownLease(step, file, shareOf(step, file.key, ownerKey));
  return lease !== undefined && lease.state === 'active' ? lease : undefined;
}

/** A break is over when none of the leases it asks is above its target. */
function endBreak(step: Step, file: File): void {
  const { row } = file;
  const running = row.breaking;
  if (running === undefined) return;
  // A break of delegations only has no write lease beside them.
  let above = row.writer === undefined ? 0 : 1;
  if (running.target === 'none') above += running.delegations ? row.delegReads : row.reads;
  const spared = sparedLease(step, file, running.exempt);
  if (spared !== undefined && (spared.delegation || !running.delegations)) above -= 1;
  if (above > 0) return;
  row.breaking = undefined;
  if (running.listed === true) step.rows.unlink(keys.breaks, file.key, row.no);
  count(step, 'breaks', -1);
  const { since = step.now, forced = 'answered' } = running;
  measure(step, { what: 'break', outcome: forced, ms: step.now - since });
}

/** A lease was taken, and its holder had not answered the running break. */
export function noteForced(row: FileRow, cause: string): void {
  if (row.breaking !== undefined) row.breaking.forced = cause;
}

/** Downgrades a write lease, by its holder or at the deadline: a new token, the same grantNo. */
export function downgrade(step: Step, file: File, id: string, lease: LeaseRow, cause: string): void {
  const { row } = file;
  countLease(step, row, id, lease, -1);
  endAsks(step, lease);
  lease.type = 'read';
  countLease(step, row, id, lease, 1);
  retoken(step, file, id, lease);
  step.rows.put('lease', id, lease);
  recordLease(step, id, lease, { kind: 'downgraded', cause });
}

/** A new token for a lease that has changed. */
export function retoken(step: Step, file: File, id: string, lease: LeaseRow): void {
  exchangeToken(step, file, id, lease);
  lease.seqid += 1;
  if (lease.grantNo === 0) lease.grantNo = lease.token;
}

/** A new token for a lease; the file's list of grants is ordered by token. */
export function exchangeToken(step: Step, file: File, id: string, lease: LeaseRow): void {
  const list = keys.grants(file.key);
  if (lease.grantNo > 0) step.rows.unlink(list, id, lease.token);
  lease.token = mintToken(step);
  file.row.maxToken = lease.token;
  step.rows.link(list, id, lease.token);
}

/**
 * Revokes every live lease, or every delegation, except the survivor's, in O(1): the watermark and the counters move,
 * and the rows are updated later. The survivor gets a new grantNo, so that the watermark alone decides.
 */
export function revokeAll(
  step: Step,
  file: File,
  survivorKey: string | undefined,
  cause: string,
  delegations: boolean,
): void {
  const { row } = file;
  const spared = sparedLease(step, file, survivorKey);
  const survivor = spared !== undefined && (spared.delegation || !delegations) ? spared : undefined;
  const survivorId = survivor === undefined ? undefined : shareOf(step, file.key, survivor.ownerKey).leaseId;
  const writers = row.writer === undefined ? 0 : 1;
  const readers = delegations ? row.delegReads : row.reads;
  if (readers + writers <= (survivor === undefined ? 0 : 1)) return;
  const upTo = step.meta.token;
  row.delegRevokedUpTo = upTo;
  if (!delegations) row.revokedUpTo = upTo;
  row.clearUpTo = upTo;
  row.clearAfter = 0;
  row.clearCause = cause;
  row.maxToken = mintToken(step);
  noteForced(row, cause);
  count(step, 'reads', row.delegReads - readers);
  count(step, 'delegReads', -row.delegReads);
  count(step, row.writerDelegation ? 'delegWrites' : 'writes', -writers);
  row.reads -= readers;
  row.delegReads = 0;
  row.notified = undefined;
  row.writer = undefined;
  row.writerDelegation = false;
  if (survivor !== undefined && survivorId !== undefined) {
    // Only the grantNo changes, not the token: the survivor keeps its right to write.
    survivor.grantNo = mintToken(step);
    countLease(step, row, survivorId, survivor, 1);
    step.rows.put('lease', survivorId, survivor);
  }
  voidPending(step, file, 'lease_conflict');
  row.fence = needsFence(file);
  countRevoked(step, file.exp, readers + writers - (survivor === undefined ? 0 : 1));
  record(step, {
    kind: 'revoked',
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    upTo,
    survivor: survivor === undefined ? undefined : survivor.ownerKey,
    survivorGrantNo: survivor === undefined ? undefined : survivor.grantNo,
    cause,
    delegations: delegations ? true : undefined,
  });
}

/** Forces live leases down to `target` without asking: at a deadline, or because the fileserver did. */
export function force(
  step: Step,
  file: File,
  target: 'none' | 'read',
  survivorKey: string | undefined,
  cause: string,
  delegations: boolean,
): void {
  const { row } = file;
  if (target === 'none') {
    revokeAll(step, file, survivorKey, cause, delegations);
    return;
  }
  if (row.writer === undefined) return;
  if (silenceOnBreakToRead[row.writerDelegation ? 'delegationWrite' : 'leaseWrite'] === 'revoked') {
    // A write delegation is the only one on its file.
    revokeAll(step, file, survivorKey, cause, true);
    return;
  }
  const lease = step.rows.get('lease', row.writer);
  if (lease === undefined) return;
  noteForced(row, cause);
  downgrade(step, file, row.writer, lease, cause);
}

/** Forces the break if its deadline has passed. */
function lapse(step: Step, file: File): void {
  const { row } = file;
  const running = row.breaking;
  if (running === undefined || running.deadline === 0 || step.now < running.deadline) return;
  const { late } = running;
  const lateRuns = step.now < running.lateDeadline;
  const spared = lateRuns ? late : running.exempt;
  force(step, file, running.target, spared, 'deadline', running.delegations);
  const lateLease = sparedLease(step, file, late);
  if (lateLease === undefined) return;
  running.upTo = lateLease.grantNo;
  running.deadline = running.lateDeadline;
  running.late = undefined;
  running.lateDeadline = 0;
}

/** Brings the break state up to date. Every verb does this to a file before it decides anything about it. */
export function freshen(step: Step, file: File): void {
  lapse(step, file);
  endBreak(step, file);
}

/** How many rows one step updates after a mass revocation or a voided intent. */
export const clearPerStep = 64;

/** Updates revoked rows, a bounded number per step. While the file is fencing they stay listed as they are. */
export function clearRevoked(step: Step, file: File): void {
  const { row } = file;
  if (row.clearUpTo === 0 || row.fence || step.budget <= 0) return;
  const page = step.rows.page(keys.grants(file.key), row.clearAfter, row.clearUpTo, clearPerStep);
  for (const entry of page) {
    const lease = step.rows.get('lease', entry.member);
    if (lease !== undefined && isRevoked(row, lease)) {
      // The revocation has voided a pending upgrade, and that is undone before.
      finishLease(step, entry.member, lease, 'revoked', row.clearCause ?? 'deadline');
    }
    row.clearAfter = entry.score;
  }
  step.budget -= page.length;
  if (page.length < clearPerStep) row.clearUpTo = 0;
}
