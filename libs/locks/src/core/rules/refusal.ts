import type { Reason } from '../reasons';
import type { Blocker, LeaseView, Refusal, Refused } from '../io';
import * as keys from '../keys';
import type { FileRow, LeaseRow, OpenRow, RangeRow } from '../rows';
import { endOfList, type Step } from '../step';
import { breakView, isBreaking } from './break';
import { isRevoked, ownHold, shareOf, type File } from './file';
import { whyNotNow } from './grant';
import { aheadOf, mindsLease, opensRefusing, waiterOf, type Waiter } from './queue';
import { rangesInTheWay } from './range-tree';

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
    delegation: lease.delegation,
    pendingType: lease.pendingType,
    waitType: lease.waitType,
    state,
    token: lease.token,
    seqid: lease.seqid,
    backed: live && exp !== undefined && !exp.local && exp.state === 'up' && file?.unbound === undefined,
    break:
      state === 'breaking' && file !== undefined && file.breaking !== undefined
        ? breakView(step, file.breaking, lease.ownerKey)
        : undefined,
  };
}

const blockersMax = 4;

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

function openBlocker(id: string, open: OpenRow): Blocker {
  return {
    id,
    kind: 'open',
    sessionId: open.sessionId,
    owner: open.owner,
    pid: open.pid,
    type: open.access,
    deny: open.deny,
    state: open.state,
  };
}

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

function waiterBlocker(waiter: Waiter, file: FileRow): Blocker {
  const { id, row } = waiter;
  if (waiter.kind === 'range') return rangeBlocker(id, waiter.row);
  if (waiter.kind === 'open') return openBlocker(id, waiter.row);
  if (waiter.kind === 'lease') return leaseBlocker(id, waiter.row, file);
  return {
    id,
    kind: 'change',
    sessionId: row.sessionId,
    owner: row.owner,
    pid: row.pid,
    type: waiter.row.kind,
    state: 'waiting',
  };
}

/** Opens of others that refuse what is asked. */
function opensInTheWay(step: Step, file: File, waiter: Waiter, max: number): Blocker[] {
  const found: Blocker[] = [];
  for (const { id, row } of opensRefusing(step, file, waiter, max)) found.push(openBlocker(id, row));
  return found;
}

/** Leases of others that are in the way, of one list: live ones, or those that are about to be. */
function leasesInTheWay(step: Step, file: File, waiter: Waiter, list: string, max: number): Blocker[] {
  const found: Blocker[] = [];
  for (const entry of step.rows.page(list, 0, endOfList, 4 * blockersMax)) {
    if (found.length >= max) break;
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || lease.ownerKey === waiter.row.ownerKey) continue;
    if (lease.ownerKey === waiter.row.clientKey) continue;
    // A lease request is refused by more than what it minds: by the break that runs, for one.
    if (waiter.kind !== 'lease' && !mindsLease(waiter, lease)) continue;
    found.push(leaseBlocker(entry.member, lease, file.row));
  }
  return found;
}

/** Those who are in the queue for something that breaks leases. */
function breakersQueued(step: Step, file: File, max: number): Blocker[] {
  const found: Blocker[] = [];
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, file.row.waiting)) {
    const waiter = found.length < max ? waiterOf(step, entry.member) : undefined;
    if (waiter !== undefined && (waiter.kind === 'open' || waiter.kind === 'change'))
      found.push(waiterBlocker(waiter, file.row));
  }
  return found;
}

/** How many there are in all, where the file's counters tell; the blockers that are named are the first few. */
function blockerCount(step: Step, file: File, waiter: Waiter, reason: Reason): number {
  const { row } = file;
  if (reason === 'breaker_queued') return row.breakers;
  if (reason === 'range_conflict' || reason === 'queued' || reason === 'share_denied') return 0;
  const share = shareOf(step, file.key, waiter.row.ownerKey);
  if (reason === 'open_conflict') {
    if (waiter.kind === 'lease' && waiter.row.waitType === 'read') return row.writeOpens;
    return row.opens - share.opens;
  }
  const own = ownHold(step, file, waiter.row);
  const live = row.reads + (row.writer === undefined ? 0 : 1);
  return live - (own !== undefined && own.state === 'active' ? 1 : 0);
}

function blockersFor(step: Step, file: File, waiter: Waiter, reason: Reason): Blocker[] {
  if (reason === 'lock_delay' || reason === 'no_backend' || reason === 'grace') return [];
  if (reason === 'open_conflict' || reason === 'share_denied')
    return opensInTheWay(step, file, waiter, blockersMax);
  if (reason === 'breaker_queued') return breakersQueued(step, file, blockersMax);
  if (reason === 'range_conflict' && waiter.kind === 'range') {
    const found: Blocker[] = [];
    for (const { id, row } of rangesInTheWay(step, file, waiter.row, blockersMax))
      found.push(rangeBlocker(id, row));
    return found;
  }
  if (reason === 'queued') {
    const ahead = aheadOf(step, file, waiter);
    return ahead === undefined ? [] : [waiterBlocker(ahead, file.row)];
  }
  const found = leasesInTheWay(step, file, waiter, keys.grants(file.key), blockersMax);
  // Nobody holds it yet: those who are about to are in the way.
  if (reason === 'lease_conflict' && found.length === 0)
    return leasesInTheWay(step, file, waiter, keys.intents(file.key), blockersMax);
  return found;
}

/** Nobody is told to stay away from a full queue for longer. */
const placeMsMax = 60000;

/** A place in a full queue is free when the first in it has had its turn or gives up. */
function placeAfterMs(step: Step, file: File): number {
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, 1)) {
    const first = waiterOf(step, entry.member);
    if (first !== undefined) return Math.min(placeMsMax, Math.max(1, first.row.due - step.now));
  }
  return 1;
}

/** A refusal with those who stand in the way, the first few by name, and the break that runs. */
export function explain(step: Step, file: File, waiter: Waiter, reason: Reason): Refused {
  const { row } = file;
  const refusal: Refusal = { reason };
  const found = blockersFor(step, file, waiter, reason);
  if (found.length > 0) {
    refusal.blockers = found;
    refusal.blockerCount = Math.max(found.length, blockerCount(step, file, waiter, reason));
  }
  if (reason === 'queue_full') refusal.retryAfterMs = placeAfterMs(step, file);
  if (waiter.kind === 'range') return { refused: refusal };
  if (row.breaking !== undefined) {
    refusal.break = breakView(step, row.breaking, waiter.row.ownerKey);
    const { remainingMs } = refusal.break;
    // What is broken makes room by then, too.
    if (
      refusal.retryAfterMs === undefined ||
      (remainingMs !== undefined && remainingMs < refusal.retryAfterMs)
    )
      refusal.retryAfterMs = remainingMs;
  } else if (reason !== 'queue_full' && row.lockDelayUntil > step.now) {
    refusal.retryAfterMs = row.lockDelayUntil - step.now;
  }
  return { refused: refusal };
}

/** Why a request is not granted, or, once nothing is in its way but who came before, `queued`. */
export function reasonFor(step: Step, file: File, waiter: Waiter): Reason {
  if (waiter.kind === 'range') {
    return rangesInTheWay(step, file, waiter.row, 1).length > 0 ? 'range_conflict' : 'queued';
  }
  if (waiter.kind === 'lease') {
    const not = whyNotNow(step, file, waiter.id, waiter.row, waiter.row.waitType ?? 'read');
    return not === undefined ? 'queued' : not.reason;
  }
  if (opensRefusing(step, file, waiter, 1).length > 0) return 'share_denied';
  if (aheadOf(step, file, waiter) !== undefined) return 'queued';
  return file.row.breaking !== undefined ? 'break_started' : 'fencing';
}
