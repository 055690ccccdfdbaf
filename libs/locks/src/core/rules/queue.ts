import type { Reason } from '../reasons';
import type { FileRef } from '../io';
import * as keys from '../keys';
import type { ChangeRow, CycleMember, LeaseRow, OpenRow, RangeRow } from '../rows';
import { endOfList, nextSeq, record, setDue, type Step } from '../step';
import { voidPending, startBreak } from './break';
import { clashOf, fenceBlocks, holdBlocks, leaseAsk, openAsks, voidsPending } from './conflict';
import {
  countShare,
  forgetLease,
  isRevoked,
  leaveLists,
  leaveSession,
  noteGrant,
  ownHold,
  saveShare,
  shareOf,
  type File,
} from './file';
import { take, whyNotNow } from './grant';
import { ownRefuses, verdict, type HeldLock, type Wanted } from './matrix';
import { offerWith } from './offer';
import {
  dropRow,
  overlap,
  ownsInTheWay,
  rangesInTheWay,
  sameOwner,
  sameSpace,
  takeRange,
  typesConflict,
} from './range-tree';

/**
 * The queue of a file: one, in the order in which requests came, for every kind of request. A request waits behind an
 * earlier one that it would conflict with, so neither readers nor writers starve; not behind one that waits for the
 * requester itself, which would never end. What removes a conflict serves the queue in the same step.
 */
export type Waiter =
  | { kind: 'open'; id: string; row: OpenRow }
  | { kind: 'lease'; id: string; row: LeaseRow }
  | { kind: 'range'; id: string; row: RangeRow }
  | { kind: 'change'; id: string; row: ChangeRow };

/** The waiter behind a member of a queue. */
export function waiterOf(step: Step, member: string): Waiter | undefined {
  const id = keys.idOf(step.rows, member);
  const kind = keys.rowMember(step.rows, member);
  if (kind === 'open') {
    const row = step.rows.get('open', id);
    return row === undefined ? undefined : { kind: 'open', id, row };
  }
  if (kind === 'lease') {
    const row = step.rows.get('lease', id);
    return row === undefined ? undefined : { kind: 'lease', id, row };
  }
  if (kind === 'range') {
    const row = step.rows.get('range', id);
    return row === undefined ? undefined : { kind: 'range', id, row };
  }
  const row = step.rows.get('change', id);
  return row === undefined ? undefined : { kind: 'change', id, row };
}

/** Whether it breaks leases: no new one is granted while it waits. */
function breaks(waiter: Waiter): boolean {
  return waiter.kind === 'open' || waiter.kind === 'change';
}

export function hasRoom(step: Step, file: File): boolean {
  return file.row.waiting < step.meta.limits.queueMax;
}

/** Puts a request at the end of its file's queue. The caller stores the row. */
export function enqueue(step: Step, file: File, waiter: Waiter, waitMs: number): void {
  const { row } = waiter;
  const member = keys.request(waiter.kind, waiter.id);
  row.spared = sparedBehind(step, file, waiter);
  row.waitNo = nextSeq(step);
  step.rows.link(keys.queue(file.key), member, row.waitNo);
  step.rows.link(keys.ownerWaits(row.ownerKey), member, row.waitNo);
  file.row.waiting += 1;
  if (breaks(waiter)) file.row.breakers += 1;
  setDue(step, member, row, step.now + waitMs);
}

/** Takes a request out of the queue, whatever becomes of it. The caller stores the row. */
export function dequeue(step: Step, file: File, waiter: Waiter): void {
  const { row } = waiter;
  if (row.waitNo === 0) return;
  const member = keys.request(waiter.kind, waiter.id);
  step.rows.unlink(keys.queue(file.key), member, row.waitNo);
  step.rows.unlink(keys.ownerWaits(row.ownerKey), member, row.waitNo);
  row.waitNo = 0;
  row.spared = undefined;
  file.row.waiting -= 1;
  if (breaks(waiter)) file.row.breakers -= 1;
  setDue(step, member, row, 0);
}

// --- who waits behind whom

/** What a request of an open, a lease or a change asks for. */
export function asksOf(waiter: Waiter): Wanted[] {
  if (waiter.kind === 'open') {
    return openAsks(waiter.row.toAccess ?? waiter.row.access, waiter.row.toDeny ?? waiter.row.deny);
  }
  if (waiter.kind === 'change') return [waiter.row.kind];
  if (waiter.kind === 'lease') return [leaseAsk(waiter.row.waitType ?? 'read', waiter.row.delegation)];
  return [];
}

/** Whether the matrix lets one request be granted beside another that is not granted yet. */
function wouldRefuse(earlier: readonly Wanted[], later: readonly Wanted[]): boolean {
  for (const held of earlier) {
    for (const wanted of later) {
      // What a change asks for is nothing that is held afterwards.
      if (isHeld(held) && verdict(held, wanted) === 'refused') return true;
    }
  }
  return false;
}

function isHeld(wanted: Wanted): wanted is HeldLock {
  return (
    wanted !== 'truncate' &&
    wanted !== 'unlink' &&
    wanted !== 'rename' &&
    wanted !== 'link' &&
    wanted !== 'setattr' &&
    wanted !== 'entries'
  );
}

/** Whether what an owner has now is what a waiter waits for. */
function waitsForOwner(step: Step, file: File, waiter: Waiter, later: Waiter): boolean {
  if (waiter.kind === 'range') {
    if (later.kind !== 'range') return false;
    return ownsInTheWay(step, file, { ownerKey: later.row.ownerKey, class: later.row.class }, waiter.row);
  }
  const share = shareOf(step, file.key, later.row.ownerKey);
  const has: HeldLock[] = [];
  if (share.readOpens > 0) has.push('openRead');
  if (share.writeOpens > 0) has.push('openWrite');
  if (share.denyReads > 0) has.push('denyRead');
  if (share.denyWrites > 0) has.push('denyWrite');
  const own = ownHold(step, file, later.row);
  if (own !== undefined && own.state === 'active') has.push(leaseAsk(own.type, own.delegation));
  // Also what it breaks is what it waits for: whoever is asked to let go may have opens to claim first.
  for (const wanted of asksOf(waiter)) {
    for (const held of has) if (verdict(held, wanted) !== 'beside') return true;
  }
  return false;
}

/** Whether two requests would be in each other's way. */
function meet(earlier: Waiter, later: Waiter): boolean {
  if (earlier.kind === 'range' || later.kind === 'range') {
    if (earlier.kind !== 'range' || later.kind !== 'range') return false;
    const a = earlier.row;
    const b = later.row;
    if (!sameSpace(a.class, b.class) || sameOwner(a, b) || !overlap(a, b)) return false;
    return typesConflict(b.class, a.type, b.type);
  }
  return earlier.row.ownerKey !== later.row.ownerKey && wouldRefuse(asksOf(earlier), asksOf(later));
}

/** Whether `later` has to wait until `earlier` has had its turn. */
export function waitsBehind(step: Step, file: File, earlier: Waiter, later: Waiter): boolean {
  if (!meet(earlier, later)) return false;
  for (const no of later.row.spared ?? []) if (no === earlier.row.waitNo) return false;
  return !waitsForOwner(step, file, earlier, later);
}

/**
 * The numbers of those who wait for the requester as it comes, and whom it therefore does not wait behind. That stays so
 * when it lets go of what they wait for: letting go must never make anybody wait.
 */
function sparedBehind(step: Step, file: File, later: Waiter): number[] | undefined {
  const spared: number[] = [];
  if (file.row.waiting === 0) return undefined;
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, file.row.waiting)) {
    const earlier = waiterOf(step, entry.member);
    if (earlier === undefined || !meet(earlier, later)) continue;
    if (waitsForOwner(step, file, earlier, later)) spared.push(earlier.row.waitNo);
  }
  return spared.length > 0 ? spared : undefined;
}

/** The first request in the queue that this one, which may not be in it, has to wait behind. */
export function aheadOf(step: Step, file: File, later: Waiter): Waiter | undefined {
  if (file.row.waiting === 0) return undefined;
  const before = later.row.waitNo === 0 ? endOfList : later.row.waitNo - 1;
  for (const entry of step.rows.page(keys.queue(file.key), 0, before, file.row.waiting)) {
    const earlier = waiterOf(step, entry.member);
    if (earlier !== undefined && waitsBehind(step, file, earlier, later)) return earlier;
  }
  return undefined;
}

// --- what stands in the way, and what is done about it

/** Whether a lease of another is in the way of a request, to be refused by it or to break it. */
export function mindsLease(waiter: Waiter, lease: LeaseRow): boolean {
  for (const wanted of asksOf(waiter)) {
    if (verdict(leaseAsk(lease.type, lease.delegation), wanted) !== 'beside') return true;
  }
  return false;
}

/** Opens of a file that are looked at for one refusal, and so many at a time. */
const opensLooked = 1024;
const opensPage = 16;

/** Opens of others that refuse what is asked: by what they deny, or by being there at all. The first `max`. */
export function opensRefusing(
  step: Step,
  file: File,
  waiter: Waiter,
  max: number,
): { id: string; row: OpenRow }[] {
  const found: { id: string; row: OpenRow }[] = [];
  const asks = asksOf(waiter);
  if (asks.length === 0 || file.row.opens === 0) return found;
  let after = 0;
  for (let looked = 0; looked < opensLooked; looked += opensPage) {
    const page = step.rows.page(keys.fileOpens(file.key), after, endOfList, opensPage);
    for (const entry of page) {
      after = entry.score;
      const row = step.rows.get('open', entry.member);
      if (row === undefined || !minds(waiter, asks, row)) continue;
      found.push({ id: entry.member, row });
      if (found.length === max) return found;
    }
    if (page.length < opensPage) return found;
  }
  return found;
}

/** Whether an open refuses a request. */
function minds(waiter: Waiter, asks: readonly Wanted[], open: OpenRow): boolean {
  const has = openAsks(open.access, open.deny);
  const { ownerKey, clientKey } = waiter.row;
  // The own write open under a read lease: the one thing that is minded though it is own.
  if (open.ownerKey === ownerKey) return waiter.kind === 'lease' && ownMinded(has, asks);
  // A delegation does not mind any open of its session.
  if (ownerKey === clientKey && open.clientKey === clientKey) return false;
  return wouldRefuse(has, asks);
}

function ownMinded(has: readonly Wanted[], asks: readonly Wanted[]): boolean {
  for (const wanted of asks) {
    for (const held of has) if (wanted === ownRefuses.wanted && held === ownRefuses.held) return true;
  }
  return false;
}

/** Whether a request that breaks leases can be granted now; what stands in its way is broken, and intents there are void. */
export function clearWay(step: Step, file: File, waiter: Waiter): boolean {
  const { row } = file;
  const asks = asksOf(waiter);
  const own = ownHold(step, file, waiter.row);
  const clash = clashOf(row, shareOf(step, file.key, waiter.row.ownerKey), own, asks);
  // Nobody is asked for anything on behalf of a request that opens refuse.
  if (clash.refused) return false;
  const { target } = clash;
  if (target !== undefined) {
    const cause = waiter.kind === 'change' ? 'change' : 'open';
    const exempt = own === undefined ? waiter.row.ownerKey : own.ownerKey;
    startBreak(step, file, target, cause, exempt, 0, clash.delegations);
  }
  if (voidsPending(row, own, asks)) voidPending(step, file, 'open_conflict');
  return target === undefined && !holdBlocks(row, asks) && !fenceBlocks(row, asks);
}

/** Grants a request if nothing is in its way; `turn`: it has waited. Returns whether it was granted. */
export function admit(step: Step, file: File, waiter: Waiter, turn: boolean): boolean {
  if (waiter.kind === 'open') {
    if (!clearWay(step, file, waiter)) return false;
    admitOpen(step, file, waiter, turn);
    return true;
  }
  if (waiter.kind === 'change') {
    if (!clearWay(step, file, waiter)) return false;
    admitChange(step, file, waiter, turn);
    return true;
  }
  if (waiter.kind === 'range') {
    if (rangesInTheWay(step, file, waiter.row, 1).length > 0) return false;
    admitRange(step, file, waiter.id, waiter.row);
    return true;
  }
  const type = waiter.row.waitType ?? 'read';
  if (whyNotNow(step, file, waiter.id, waiter.row, type) !== undefined) return false;
  dequeue(step, file, waiter);
  waiter.row.waitType = undefined;
  take(step, file, waiter.id, waiter.row, type, turn);
  return true;
}

export function admitOpen(step: Step, file: File, waiter: Waiter & { kind: 'open' }, turn: boolean): void {
  const { id, row } = waiter;
  const share = shareOf(step, file.key, row.ownerKey);
  dequeue(step, file, waiter);
  if (row.state === 'open') {
    countShare(share, row.access, row.deny, -1);
    countShare(file.row, row.access, row.deny, -1);
  } else {
    step.rows.link(keys.fileOpens(file.key), id, row.no);
  }
  row.access = row.toAccess ?? row.access;
  row.deny = row.toDeny ?? row.deny;
  row.toAccess = undefined;
  row.toDeny = undefined;
  row.state = 'open';
  row.seqid += 1;
  countShare(share, row.access, row.deny, 1);
  countShare(file.row, row.access, row.deny, 1);
  saveShare(step, file.key, row.ownerKey, share);
  step.rows.put('open', id, row);
  offerWith(step, file, id, row);
  noteGrant(step, file, row.ownerKey);
  record(step, {
    kind: 'opened',
    openId: id,
    sessionId: row.sessionId,
    owner: row.owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    access: row.access,
    turn,
  });
}

function admitChange(step: Step, file: File, waiter: Waiter & { kind: 'change' }, turn: boolean): void {
  const { id, row } = waiter;
  if (row.quietMs > 0) file.row.lockDelayUntil = Math.max(file.row.lockDelayUntil, step.now + row.quietMs);
  forgetChange(step, file, waiter);
  record(step, {
    kind: 'changed',
    waitId: id,
    sessionId: row.sessionId,
    owner: row.owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    what: row.kind,
    turn,
  });
}

/** A change leaves nothing behind, unless it was never more than a request. */
export function forgetChange(step: Step, file: File, waiter: Waiter & { kind: 'change' }): void {
  dequeue(step, file, waiter);
  if (waiter.row.no === 0) return;
  leaveLists(step, keys.change(waiter.id), waiter.row);
  step.rows.del('change', waiter.id);
}

/** A range lock that waited has its turn: the row of the wait goes, the lock takes its id. */
function admitRange(step: Step, file: File, id: string, row: RangeRow): void {
  dequeue(step, file, { kind: 'range', id, row });
  dropRow(step, id, row);
  const ref: FileRef = {
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    fileId: row.fileId,
    inode: row.inode,
  };
  const { owner, ownerKey, clientKey, sessionId, pid } = row;
  const taker = { owner, ownerKey, clientKey, sessionId, pid, file: ref };
  // What is split off was there before and keeps its own place; the pieces of this one never meet an id of another.
  const rangeId = takeRange(step, file, taker, row, id, row.splitId);
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
  });
}

/**
 * Serves those whose way is clear, oldest first. The queue is bounded, so the walk is; it begins again when a grant may
 * have freed the way of an earlier one.
 */
export function serveQueue(step: Step, file: File): void {
  while (file.row.waiting > 0 && walkQueue(step, file));
}

/** Returns whether a grant may have freed the way of one that was passed by. */
function walkQueue(step: Step, file: File): boolean {
  const { row } = file;
  let freed = false;
  const still: Waiter[] = [];
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, row.waiting)) {
    const waiter = waiterOf(step, entry.member);
    if (waiter === undefined) continue;
    if (waiter.kind === 'lease' && isRevoked(row, waiter.row)) {
      dropWaiter(step, file, waiter, 'lease_revoked');
      continue;
    }
    let behind = false;
    for (const earlier of still) {
      if (!behind && waitsBehind(step, file, earlier, waiter)) behind = true;
    }
    const frees = mayFree(waiter);
    if (behind || !admit(step, file, waiter, true)) still.push(waiter);
    else if (frees && still.length > 0) freed = true;
  }
  return freed;
}

/**
 * Whether a grant may take as well as give: a read lock where a write lock was, an open that was more. And no lease is
 * granted while somebody waits who breaks leases: with the last of them that is over.
 */
function mayFree(waiter: Waiter): boolean {
  return waiter.kind === 'range' ? waiter.row.type === 'read' : breaks(waiter);
}

/** A request gives up or is given up: it leaves the queue, and what was made for it alone goes with it. */
export function dropWaiter(
  step: Step,
  file: File,
  waiter: Waiter,
  reason: Reason,
  cycle?: CycleMember[],
): void {
  const { id, row } = waiter;
  record(step, {
    kind: 'dropped',
    openId: waiter.kind === 'open' ? id : undefined,
    leaseId: waiter.kind === 'lease' ? id : undefined,
    waitId: waiter.kind === 'range' || waiter.kind === 'change' ? id : undefined,
    sessionId: row.sessionId,
    owner: row.owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    reason,
    cycle,
  });
  if (waiter.kind === 'change') {
    forgetChange(step, file, waiter);
    return;
  }
  dequeue(step, file, waiter);
  if (waiter.kind === 'range') {
    dropRow(step, id, waiter.row);
  } else if (waiter.kind === 'open') {
    if (waiter.row.state === 'waiting') {
      leaveLists(step, keys.open(id), waiter.row);
      step.rows.del('open', id);
      return;
    }
    waiter.row.toAccess = undefined;
    waiter.row.toDeny = undefined;
    step.rows.put('open', id, waiter.row);
  } else {
    const lease = waiter.row;
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
}
