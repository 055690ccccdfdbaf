import type { Blocker, Refusal, Refused } from '../io';
import * as keys from '../keys';
import type { Reason } from '../reasons';
import type { CycleMember } from '../rows';
import { endOfList, type Step } from '../step';
import { breakView } from './break';
import { cycleOf } from './deadlock';
import { ownHold, shareOf, type File } from './file';
import { ageOf, type Waiter } from './kinds/kind';
import { leaseBlocker } from './kinds/lease';
import { openBlocker } from './kinds/open';
import { lockById, lockOf } from './kinds/table';
import { aheadOf, hasRoom, shareOver } from './queue';
import { veil, veilCycle } from './tenant';
import { mindsLease, opensRefusing } from './way';

/** What a refused caller is told: the reason, and what blocks it. */

const blockersMax = 4;

/** Opens of others that refuse the request. */
function opensInTheWay(step: Step, file: File, waiter: Waiter, max: number): Blocker[] {
  const found: Blocker[] = [];
  for (const { id, row } of opensRefusing(step, file, waiter, max)) found.push(openBlocker(id, row));
  return found;
}

/** Leases of others that block the request, from one list: live or pending. */
function leasesInTheWay(step: Step, file: File, waiter: Waiter, list: string, max: number): Blocker[] {
  const found: Blocker[] = [];
  for (const entry of step.rows.page(list, 0, endOfList, 4 * blockersMax)) {
    if (found.length >= max) break;
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || lease.ownerKey === waiter.row.ownerKey) continue;
    if (lease.ownerKey === waiter.row.clientKey) continue;
    // A lease request may be refused by more than a conflicting lease, such as the running break.
    if (waiter.kind.breaks && !mindsLease(waiter, lease)) continue;
    found.push(leaseBlocker(entry.member, lease, file.row));
  }
  return found;
}

/** Queued requests that break leases. */
function breakersQueued(step: Step, file: File, max: number): Blocker[] {
  const found: Blocker[] = [];
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, file.row.waiting)) {
    const waiter = found.length < max ? lockOf(step, entry.member) : undefined;
    if (waiter?.kind.breaks === true) found.push(waiter.kind.blocker(waiter.id, waiter.row, file));
  }
  return found;
}

/** The total number of blockers, if the file's counters know it; only the first few are named. */
function blockerCount(step: Step, file: File, waiter: Waiter, reason: Reason): number {
  const { row } = file;
  if (reason === 'breaker_queued') return row.breakers;
  if (waiter.kind.own !== undefined || reason === 'queued' || reason === 'share_denied') return 0;
  const share = shareOf(step, file.key, waiter.row.ownerKey);
  if (reason === 'open_conflict') {
    const [asked] = waiter.kind.asks(waiter.row);
    if (asked === 'leaseRead') return row.writeOpens;
    return row.opens - share.opens;
  }
  const own = ownHold(step, file, waiter.row);
  const live = row.reads + (row.writer === undefined ? 0 : 1);
  return live - (own !== undefined && own.state === 'active' ? 1 : 0);
}

function blockersFor(step: Step, file: File, waiter: Waiter, reason: Reason): Blocker[] {
  if (reason === 'lock_delay' || reason === 'no_backend') return [];
  if (reason === 'open_conflict' || reason === 'share_denied')
    return opensInTheWay(step, file, waiter, blockersMax);
  if (reason === 'breaker_queued') return breakersQueued(step, file, blockersMax);
  const { kind } = waiter;
  if (reason === 'queued') {
    const ahead = aheadOf(step, file, waiter);
    return ahead === undefined ? [] : [ahead.kind.blocker(ahead.id, ahead.row, file)];
  }
  if (kind.own !== undefined) {
    const found: Blocker[] = [];
    for (const { id, row } of kind.own.inTheWay(step, file, waiter.row, blockersMax))
      found.push(kind.blocker(id, row, file));
    return found;
  }
  const found = leasesInTheWay(step, file, waiter, keys.grants(file.key), blockersMax);
  // Nobody holds it yet: the pending leases block.
  if (reason === 'lease_conflict' && found.length === 0)
    return leasesInTheWay(step, file, waiter, keys.intents(file.key), blockersMax);
  return found;
}

/** The longest retry time that a caller is told for a full queue. */
const placeMsMax = 60000;

/** A full queue has a free place when its first request is served or gives up. */
function placeAfterMs(step: Step, file: File): number {
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, 1)) {
    const first = lockOf(step, entry.member);
    if (first !== undefined) return Math.min(placeMsMax, Math.max(1, first.row.due - step.now));
  }
  return 1;
}

/** A blocker as the session `viewer` is told of it. */
export function shown(step: Step, viewer: string, blocker: Blocker): Blocker {
  const lock = lockById(step, blocker.id);
  if (lock !== undefined) blocker.ageMs = ageOf(step, lock);
  return veil(step, viewer, blocker);
}

/** A refusal with its blockers, the first few by name, and the running break. */
export function explain(step: Step, file: File, waiter: Waiter, reason: Reason): Refused {
  const { row } = file;
  const refusal: Refusal = { reason };
  const found = blockersFor(step, file, waiter, reason);
  if (found.length > 0) {
    for (const each of found) shown(step, waiter.row.sessionId, each);
    refusal.blockers = found;
    refusal.blockerCount = Math.max(found.length, blockerCount(step, file, waiter, reason));
  }
  if (reason === 'queue_full') refusal.retryAfterMs = placeAfterMs(step, file);
  // Locks outside the matrix cause no breaks.
  if (waiter.kind.own !== undefined) return { refused: refusal };
  if (row.breaking !== undefined) {
    refusal.break = breakView(step, row.breaking, waiter.row.ownerKey);
    const { remainingMs } = refusal.break;
    // The end of the running break makes room, too.
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

/** Why a request is not granted; `queued` if only earlier requests block it. */
export function reasonFor(step: Step, file: File, waiter: Waiter): Reason {
  const { kind } = waiter;
  const not = kind.whyNot(step, file, waiter);
  if (not !== undefined) return not;
  // A conversion can be kept out by the order of conversions alone, which `aheadOf` does not see.
  if (!kind.breaks || aheadOf(step, file, waiter) !== undefined) return 'queued';
  return file.row.breaking !== undefined ? 'break_started' : 'fencing';
}

/** The refusal of a request that would close a cycle. */
export function deadlocked(step: Step, { row }: Waiter, cycle: readonly CycleMember[]): Refused {
  return { refused: { reason: 'deadlock', cycle: veilCycle(step, row.sessionId, cycle) } };
}

/** Why a request that cannot be granted now may not wait either; undefined if it may. */
export function mayNotWait(
  step: Step,
  file: File,
  waiter: Waiter,
  reason: Reason,
  waitMs: number,
): Refused | undefined {
  if (waitMs === 0) return explain(step, file, waiter, reason);
  if (!hasRoom(step, file)) return explain(step, file, waiter, 'queue_full');
  const over = shareOver(step, file, waiter);
  if (over !== undefined) return over;
  const cycle = cycleOf(step, file, waiter);
  return cycle === undefined ? undefined : deadlocked(step, waiter, cycle);
}
