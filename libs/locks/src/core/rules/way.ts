import * as keys from '../keys';
import type { LeaseRow, OpenRow } from '../rows';
import { endOfList, type Step } from '../step';
import { startBreak, voidPending } from './break';
import { clashOf, fenceBlocks, holdBlocks, leaseAsk, openAsks, voidsPending } from './conflict';
import { ownHold, shareOf, type File } from './file';
import type { Waiter } from './kinds/kind';
import { ownRefuses, verdict, type HeldLock, type Wanted } from './matrix';

/** What is held in the way of a request that asks by the matrix, and what is done about it. */

/** Whether the matrix lets one request be granted beside what is held, or will be. */
export function wouldRefuse(earlier: readonly Wanted[], later: readonly Wanted[]): boolean {
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

/** Whether a lease of another is in the way of a request, to be refused by it or to break it. */
export function mindsLease(waiter: Waiter, lease: LeaseRow): boolean {
  for (const wanted of waiter.kind.asks(waiter.row)) {
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
  // The own write open under a read lease: the one thing that is minded though it is own.
  if (open.ownerKey === ownerKey) return ownMinded(has, asks);
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
export function clearWay(step: Step, file: File, waiter: Waiter, cause: 'open' | 'change'): boolean {
  const { row } = file;
  const asks = waiter.kind.asks(waiter.row);
  const own = ownHold(step, file, waiter.row);
  const clash = clashOf(row, shareOf(step, file.key, waiter.row.ownerKey), own, asks);
  // Nobody is asked for anything on behalf of a request that opens refuse.
  if (clash.refused) return false;
  const { target } = clash;
  if (target !== undefined) {
    const exempt = own === undefined ? waiter.row.ownerKey : own.ownerKey;
    startBreak(step, file, target, cause, exempt, 0, clash.delegations);
  }
  if (voidsPending(row, own, asks)) voidPending(step, file, 'open_conflict');
  return target === undefined && !holdBlocks(row, asks) && !fenceBlocks(row, asks);
}
