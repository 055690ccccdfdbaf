import type { Refused } from '../io';
import * as keys from '../keys';
import type { RequestRow } from '../rows';
import { countWait, endOfList, inShards, nextSeq, setDue, type Step } from '../step';
import { leaseAsk } from './conflict';
import { ownHold, shareOf, type File } from './file';
import { dlmKind } from './kinds/dlm';
import { dropWaiter, isTangled, memberOf, type Waiter } from './kinds/kind';
import { lockOf } from './kinds/table';
import { verdict, type HeldLock } from './matrix';
import { serveResource } from './resource';
import { countFor, waitsOver } from './quota';
import { makeWay } from './takeover';
import { wouldRefuse } from './way';

/**
 * Each file has one queue, in order of arrival, for every kind of request. A request waits behind an earlier one that
 * it would conflict with, so neither readers nor writers starve. It does not wait behind a request that waits for the
 * requester itself: that would never end. The step that removes a conflict also serves the queue.
 */

export function hasRoom(step: Step, file: File): boolean {
  return file.row.waiting < step.meta.limits.queueMax;
}

/** Why the subject of the request may not wait here as well. */
export function shareOver(step: Step, file: File, { row }: Waiter): Refused | undefined {
  const queue = { fileKey: file.key, waiting: file.row.waiting };
  return waitsOver(step, row.sessionId, queue, (member) => lockOf(step, member)?.row.sessionId);
}

/** Puts a request at the end of its file's queue. The caller stores the row. */
export function enqueue(step: Step, file: File, waiter: Waiter, waitMs: number): void {
  const { row } = waiter;
  const member = memberOf(waiter);
  row.spared = sparedBehind(step, file, waiter);
  row.waitNo = nextSeq(step);
  step.rows.link(keys.queue(file.key), member, row.waitNo);
  tangle(step, file, member, row);
  if (inShards(step)) step.rows.link(keys.waits, member, row.waitNo);
  step.rows.link(keys.ownerWaits(row.ownerKey), member, row.waitNo);
  file.row.waiting += 1;
  countWait(step, waiter.kind.name, 1);
  countFor(step, row.sessionId, 'waits', 1);
  if (waiter.kind.breaks) file.row.breakers += 1;
  setDue(step, member, row, step.now + waitMs);
}

/** Notes of a request that its owner waits for others, too, and of the first of these that it is not alone any more. */
function tangle(step: Step, file: File, member: string, row: RequestRow): void {
  const [other] = step.rows.page(keys.ownerWaits(row.ownerKey), 0, endOfList, 1);
  if (other === undefined) return;
  step.rows.link(keys.tangled(file.key), member, row.waitNo);
  const its = lockOf(step, other.member);
  if (its !== undefined && !isTangled(step, its.row))
    step.rows.link(keys.tangled(its.row.fileKey), other.member, its.row.waitNo);
}

// --- who waits behind whom

/** Whether `waiter` waits for something that the owner of `later`, which it meets, has now. */
function waitsForOwner(step: Step, file: File, waiter: Waiter, later: Waiter): boolean {
  const { own: space } = waiter.kind;
  if (space !== undefined) return space.ownerHas(step, file, waiter.row, later.row);
  const share = shareOf(step, file.key, later.row.ownerKey);
  const has: HeldLock[] = [];
  if (share.readOpens > 0) has.push('openRead');
  if (share.writeOpens > 0) has.push('openWrite');
  if (share.denyReads > 0) has.push('denyRead');
  if (share.denyWrites > 0) has.push('denyWrite');
  const own = ownHold(step, file, later.row);
  if (own !== undefined && own.state === 'active') has.push(leaseAsk(own.type, own.delegation, own.notify));
  // It also waits for what it breaks: a holder that is asked to let go may first have opens to claim.
  for (const wanted of waiter.kind.asks(waiter.row)) {
    for (const held of has) if (verdict(held, wanted) !== 'beside') return true;
  }
  return false;
}

/** Whether two requests would conflict if both were granted. */
function meet(earlier: Waiter, later: Waiter): boolean {
  const { own: space } = earlier.kind;
  if (space !== undefined) return earlier.kind === later.kind && space.meets(earlier.row, later.row);
  return (
    earlier.row.ownerKey !== later.row.ownerKey &&
    wouldRefuse(earlier.kind.asks(earlier.row), later.kind.asks(later.row))
  );
}

/** Whether `later` has to wait until `earlier` has been served. */
export function waitsBehind(step: Step, file: File, earlier: Waiter, later: Waiter): boolean {
  if (!meet(earlier, later)) return false;
  for (const no of later.row.spared ?? []) if (no === earlier.row.waitNo) return false;
  return !waitsForOwner(step, file, earlier, later);
}

/**
 * Numbers of the waiters that wait for the requester when it arrives; it does not wait behind these. That stays so
 * after the requester releases what they wait for: a release must never make anybody wait.
 */
function sparedBehind(step: Step, file: File, later: Waiter): number[] | undefined {
  const spared: number[] = [];
  // A kind with an order of its own spares nobody.
  if (file.row.waiting === 0 || later.kind.own?.ahead !== undefined) return undefined;
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, file.row.waiting)) {
    const earlier = lockOf(step, entry.member);
    if (earlier === undefined || !meet(earlier, later)) continue;
    if (waitsForOwner(step, file, earlier, later)) spared.push(earlier.row.waitNo);
  }
  return spared.length > 0 ? spared : undefined;
}

/** How many requests are served before this one, as far as they are known. */
export function countAhead(step: Step, file: File, { kind, row }: Waiter): number {
  if (kind.own?.ahead !== undefined) return kind.own.ahead(step, file, row).length;
  return step.rows.page(keys.queue(file.key), 0, row.waitNo - 1, file.row.waiting).length;
}

/** The first request in the queue that `later`, which may not be queued itself, has to wait behind. */
export function aheadOf(step: Step, file: File, later: Waiter): Waiter | undefined {
  if (file.row.waiting === 0) return undefined;
  const { kind } = later;
  if (kind.own?.ahead !== undefined) {
    const [id] = kind.own.ahead(step, file, later.row);
    const row = id === undefined ? undefined : kind.load(step, id);
    return id === undefined || row === undefined ? undefined : { kind, id, row };
  }
  const before = later.row.waitNo === 0 ? endOfList : later.row.waitNo - 1;
  for (const entry of step.rows.page(keys.queue(file.key), 0, before, file.row.waiting)) {
    const earlier = lockOf(step, entry.member);
    if (earlier !== undefined && waitsBehind(step, file, earlier, later)) return earlier;
  }
  return undefined;
}

// --- serving

/**
 * Serves the requests that nothing blocks, oldest first. The queue is bounded, so the walk is too; it restarts when a
 * grant may have unblocked an earlier request.
 */
export function serveQueue(step: Step, file: File): void {
  if (file.row.resource !== undefined) {
    serveResource(step, file, dlmKind);
    return;
  }
  while (file.row.waiting > 0 && walkQueue(step, file));
}

/** Returns whether a grant may have unblocked a request that was passed over. */
function walkQueue(step: Step, file: File): boolean {
  const { row } = file;
  let freed = false;
  const still: Waiter[] = [];
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, row.waiting)) {
    const waiter = lockOf(step, entry.member);
    if (waiter === undefined) continue;
    const lost = waiter.kind.isLost(step, file, waiter.row);
    if (lost !== undefined) {
      dropWaiter(step, file, waiter, lost);
      continue;
    }
    let behind = false;
    for (const earlier of still) {
      if (!behind && waitsBehind(step, file, earlier, waiter)) behind = true;
    }
    const frees = waiter.kind.mayFree(waiter.row);
    if (!behind) makeWay(step, file, waiter);
    if (behind || !waiter.kind.admit(step, file, waiter, true)) still.push(waiter);
    else if (frees && still.length > 0) freed = true;
  }
  return freed;
}
