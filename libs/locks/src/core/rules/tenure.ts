import type { TenureView } from '../io';
import * as keys from '../keys';
import type { ExportRow, Tenure } from '../rows';
import { earlier, linkDue, unlinkDue, wallOf, type Step } from '../step';

/**
 * A tenure begins with the first grant of a lease or a permit and may have an end (semantics.md §6.9). Conversions do
 * not move it: it limits how long others wait for a holder that lives on.
 */

/** Begins the tenure of a lock, a member of lists; how long it lasts is decided now. The caller stores the row. */
export function beginTenure(step: Step, exp: ExportRow, member: string, row: Tenure): void {
  if (row.endsAt !== undefined) return;
  const longest = earlier(row.maxHoldMs ?? 0, exp.own?.maxHoldMs ?? 0);
  if (longest === 0) return;
  row.endsAt = step.now + longest;
  linkDue(step, keys.tenure(member), row.endsAt);
}

/** The lock is over, for whatever reason: its tenure needs no end any more. */
export function leaveTenure(step: Step, member: string, row: Tenure): void {
  if (row.endsAt === undefined) return;
  unlinkDue(step, keys.tenure(member), row.endsAt);
  row.endsAt = undefined;
}

/** Its time is over, even if no step has taken it away yet. */
export function outlasted(step: Step, row: Tenure): boolean {
  return row.endsAt !== undefined && row.endsAt <= step.now;
}

/** Adds to the view of a lock until when it may be held. */
export function showTenure<V extends TenureView>(step: Step, view: V, row: Tenure): V {
  const { maxHoldMs, endsAt } = row;
  view.maxHoldMs = maxHoldMs;
  if (endsAt === undefined) return view;
  view.endsWall = wallOf(step, endsAt);
  view.remainingMs = Math.max(0, endsAt - step.now);
  return view;
}
