import * as keys from '../keys';
import type { LeaseRow, OpenRow } from '../rows';
import { endOfList, type Step } from '../step';
import { startBreak, voidPending } from './break';
import { clashOf, fenceBlocks, holdBlocks, leaseAsk, openAsks, voidsPending } from './conflict';
import { ownHold, shareOf, type File } from './file';
import type { Waiter } from './kinds/kind';
import { ownRefuses, verdict, type HeldLock, type Wanted } from './matrix';

/** Finds the holds that block a request, by the matrix, and breaks them. */

/** Whether the matrix refuses `later` beside what `earlier` holds or will hold. */
export function wouldRefuse(earlier: readonly Wanted[], later: readonly Wanted[]): boolean {
  for (const held of earlier) {
    for (const wanted of later) {
      // A change holds nothing afterwards.
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
    wanted !== 'entries' &&
    wanted !== 'told'
  );
}

/** Whether another owner's lease blocks a request: it refuses it, or has to be broken. */
export function mindsLease(waiter: Waiter, lease: LeaseRow): boolean {
  for (const wanted of waiter.kind.asks(waiter.row)) {
    if (verdict(leaseAsk(lease.type, lease.delegation, lease.notify), wanted) !== 'beside') return true;
  }
  return false;
}

/** How many opens of a file one refusal examines, and how many at a time. */
const opensLooked = 1024;
const opensPage = 16;

/** The first `max` opens of others that refuse the request, because of their deny mode or because they exist at all. */
export function opensRefusing(
  step: Step,
  file: File,
  waiter: Waiter,
  max: number,
): { id: string; row: OpenRow }[] {
  const found: { id: string; row: OpenRow }[] = [];
  const asks = waiter.kind.asks(waiter.row);
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
  // An own write open refuses a read lease: the only own hold that refuses anything.
  if (open.ownerKey === ownerKey) return ownMinded(has, asks);
  // No open of its own session refuses a delegation.
  if (ownerKey === clientKey && open.clientKey === clientKey) return false;
  return wouldRefuse(has, asks);
}

function ownMinded(has: readonly Wanted[], asks: readonly Wanted[]): boolean {
  for (const wanted of asks) {
    for (const held of has) if (wanted === ownRefuses.wanted && held === ownRefuses.held) return true;
  }
  return false;
}

/**
 * Whether a request that breaks leases can be granted now. Starts a break of the leases that block it and voids the
 * intents that do.
 */
export function clearWay(step: Step, file: File, waiter: Waiter, cause: 'open' | 'change'): boolean {
  const { row } = file;
  const asks = waiter.kind.asks(waiter.row);
  const own = ownHold(step, file, waiter.row);
  const clash = clashOf(row, shareOf(step, file.key, waiter.row.ownerKey), own, asks);
  // No lease is broken for a request that opens refuse anyway.
  if (clash.refused) return false;
  const { target } = clash;
  if (target !== undefined) {
    const exempt = own === undefined ? waiter.row.ownerKey : own.ownerKey;
    startBreak(step, file, target, cause, exempt, 0, clash.delegations);
  }
  if (voidsPending(row, own, asks)) voidPending(step, file, 'open_conflict');
  return target === undefined && !holdBlocks(row, asks) && !fenceBlocks(row, asks);
}
