import { breakView, isBreaking } from './break';
import { writes } from './conflict';
import { isRevoked, ownLease, shareOf, type File } from './file';
import type { Blocker, LeaseView, Refusal, Refused } from './io';
import type { FileRow, LeaseRow, LeaseType, OpenRow } from './rows';
import { endOfList, type Step } from './step';

/** What a caller is told: how a lease reads, and who stands in the way. */

export function stateOf(file: FileRow | undefined, lease: LeaseRow): LeaseView['state'] {
  if (lease.state === 'active') {
    if (isRevoked(file, lease)) return file !== undefined && file.fence ? 'fencing' : 'revoked';
    return file !== undefined && isBreaking(file, lease) ? 'breaking' : 'active';
  }
  if (lease.state === 'revoked' && lease.fenced && file !== undefined && file.fence) return 'fencing';
  return lease.state;
}

export function leaseView(step: Step, id: string, lease: LeaseRow): LeaseView {
  const file = step.rows.get('file', lease.fileKey);
  const exp = step.rows.get('export', lease.exportName);
  const state = stateOf(file, lease);
  const live = state === 'active' || state === 'breaking';
  return {
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
    pendingType: lease.pendingType,
    state,
    token: lease.token,
    backed: live && exp !== undefined && !exp.local && exp.state === 'up',
    break:
      state === 'breaking' && file !== undefined && file.breaking !== undefined
        ? breakView(step, file.breaking, lease.ownerKey)
        : undefined,
  };
}

export function refuse(reason: string): Refused {
  return { refused: { reason } };
}

const blockersMax = 4;

/** The lists of a file in which those who block for this reason are found. */
function blockingList(reason: string): string | undefined {
  if (reason === 'open_conflict') return 'o:';
  if (reason === 'breaker_queued') return 'w:';
  return reason === 'lock_delay' ? undefined : 'f:';
}

function leaseBlocker(id: string, lease: LeaseRow, file: FileRow): Blocker {
  const { sessionId, owner } = lease;
  return {
    id,
    kind: 'lease',
    sessionId,
    owner,
    type: lease.pendingType ?? lease.type,
    state: stateOf(file, lease),
  };
}

function openBlocker(id: string, open: OpenRow): Blocker {
  const { sessionId, owner } = open;
  return { id, kind: 'open', sessionId, owner, type: open.access, state: open.state };
}

/** The first few of one list. A row of the asking owner is there at most once, but for its opens. */
function blockersIn(step: Step, file: File, list: string, ownerKey: string, type: LeaseType): Blocker[] {
  const found: Blocker[] = [];
  const opens = list === 'o:' || list === 'w:';
  for (const entry of step.rows.page(list + file.key, 0, endOfList, 4 * blockersMax)) {
    if (found.length >= blockersMax) break;
    if (opens) {
      const open = step.rows.get('open', entry.member);
      // A read lease minds every write open, the own one too; a write lease minds every open of others.
      if (open !== undefined && (type === 'read' ? writes(open.access) : open.ownerKey !== ownerKey)) {
        found.push(openBlocker(entry.member, open));
      }
    } else {
      const lease = step.rows.get('lease', entry.member);
      if (lease !== undefined && lease.ownerKey !== ownerKey)
        found.push(leaseBlocker(entry.member, lease, file.row));
    }
  }
  return found;
}

function blockerCount(step: Step, file: File, list: string, ownerKey: string, type: LeaseType): number {
  const { row } = file;
  const share = shareOf(step, file.key, ownerKey);
  if (list === 'w:') return row.waiting;
  if (list === 'o:') return type === 'read' ? row.writeOpens : row.opens - share.opens;
  const own = ownLease(step, file, share);
  const live = row.reads + (row.writer === undefined ? 0 : 1);
  return live - (own !== undefined && own.state === 'active' ? 1 : 0);
}

/**
 * A refusal with those who stand in the way, the first few by name, and the break that runs. `type` is the lease asked
 * for; an open asks for none.
 */
export function explain(step: Step, file: File, ownerKey: string, type: LeaseType, reason: string): Refused {
  const { row } = file;
  const refusal: Refusal = { reason };
  const list = blockingList(reason);
  if (list !== undefined) {
    let found = blockersIn(step, file, list, ownerKey, type);
    let count = blockerCount(step, file, list, ownerKey, type);
    if (reason === 'lease_conflict' && found.length === 0) {
      // Nobody holds it yet: those who are about to are in the way.
      found = blockersIn(step, file, 'p:', ownerKey, type);
      count = row.pendingReads + (row.pendingWriter === undefined ? 0 : 1);
    }
    if (found.length > 0) refusal.blockers = found;
    refusal.blockerCount = Math.max(count, found.length);
  }
  if (row.breaking !== undefined) {
    refusal.break = breakView(step, row.breaking, ownerKey);
    refusal.retryAfterMs = refusal.break.remainingMs;
  } else if (row.quietUntil > step.now) {
    refusal.retryAfterMs = row.quietUntil - step.now;
  }
  return { refused: refusal };
}
