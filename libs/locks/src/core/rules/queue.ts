import * as keys from '../keys';
import { endOfList, nextSeq, setDue, type Step } from '../step';
import { leaseAsk } from './conflict';
import { ownHold, shareOf, type File } from './file';
import { dropWaiter, memberOf, type Waiter } from './kinds/kind';
import { lockOf } from './kinds/table';
import { verdict, type HeldLock } from './matrix';
import { wouldRefuse } from './way';

/**
 * The queue of a file: one, in the order in which requests came, for every kind of request. A request waits behind an
 * earlier one that it would conflict with, so neither readers nor writers starve; not behind one that waits for the
 * requester itself, which would never end. What removes a conflict serves the queue in the same step.
 */

export function hasRoom(step: Step, file: File): boolean {
  return file.row.waiting < step.meta.limits.queueMax;
}

/** Puts a request at the end of its file's queue. The caller stores the row. */
export function enqueue(step: Step, file: File, waiter: Waiter, waitMs: number): void {
  const { row } = waiter;
  const member = memberOf(waiter);
  row.spared = sparedBehind(step, file, waiter);
  row.waitNo = nextSeq(step);
  step.rows.link(keys.queue(file.key), member, row.waitNo);
  step.rows.link(keys.ownerWaits(row.ownerKey), member, row.waitNo);
  file.row.waiting += 1;
  if (waiter.kind.breaks) file.row.breakers += 1;
  setDue(step, member, row, step.now + waitMs);
}

// --- who waits behind whom

/** Whether what an owner has now is what a waiter waits for. */
function waitsForOwner(step: Step, file: File, waiter: Waiter, later: Waiter): boolean {
  const { own: space } = waiter.kind;
  if (space !== undefined)
    return waiter.kind === later.kind && space.ownerHas(step, file, waiter.row, later.row);
  const share = shareOf(step, file.key, later.row.ownerKey);
  const has: HeldLock[] = [];
  if (share.readOpens > 0) has.push('openRead');
  if (share.writeOpens > 0) has.push('openWrite');
  if (share.denyReads > 0) has.push('denyRead');
  if (share.denyWrites > 0) has.push('denyWrite');
  const own = ownHold(step, file, later.row);
  if (own !== undefined && own.state === 'active') has.push(leaseAsk(own.type, own.delegation));
  // Also what it breaks is what it waits for: whoever is asked to let go may have opens to claim first.
  for (const wanted of waiter.kind.asks(waiter.row)) {
    for (const held of has) if (verdict(held, wanted) !== 'beside') return true;
  }
  return false;
}

/** Whether two requests would be in each other's way. */
function meet(earlier: Waiter, later: Waiter): boolean {
  const { own: space } = earlier.kind;
  if (space !== undefined || later.kind.own !== undefined)
    return space !== undefined && earlier.kind === later.kind && space.meets(earlier.row, later.row);
  return (
    earlier.row.ownerKey !== later.row.ownerKey &&
    wouldRefuse(earlier.kind.asks(earlier.row), later.kind.asks(later.row))
  );
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
    const earlier = lockOf(step, entry.member);
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
    const earlier = lockOf(step, entry.member);
    if (earlier !== undefined && waitsBehind(step, file, earlier, later)) return earlier;
  }
  return undefined;
}

// --- serving

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
    const waiter = lockOf(step, entry.member);
    if (waiter === undefined) continue;
    const lost = waiter.kind.isLost(file, waiter.row);
    if (lost !== undefined) {
      dropWaiter(step, file, waiter, lost);
      continue;
    }
    let behind = false;
    for (const earlier of still) {
      if (!behind && waitsBehind(step, file, earlier, waiter)) behind = true;
    }
    const frees = waiter.kind.mayFree(waiter.row);
    if (behind || !waiter.kind.admit(step, file, waiter, true)) still.push(waiter);
    else if (frees && still.length > 0) freed = true;
  }
  return freed;
}
