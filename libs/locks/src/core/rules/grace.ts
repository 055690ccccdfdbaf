import type { Refused } from '../io';
import { refuse } from '../reasons';
import type { SessionRow } from '../rows';
import type { Step } from '../step';

/** The grace period (semantics.md §6): after the table may have lost something, earlier holders come first. */

export function inGrace(step: Step): boolean {
  return step.now < step.meta.graceUntil;
}

/** Whether the session was there before the table may have lost something, as the table or the session's secret shows. */
export function wasThere({ meta }: Step, session: SessionRow): boolean {
  // Where everything is lost, nobody knows who was there.
  if (meta.graceUpTo === 0 || session.no <= meta.graceUpTo) return true;
  // Those that came back in an earlier grace period are among them by now.
  return session.resumedIn !== undefined;
}

/** A reclaim of what the table does not have: refused if it is certain that nothing is missing. */
export function neverHeld(step: Step, reclaim: boolean | undefined): Refused | undefined {
  const { wholeIn, graceNo } = step.meta;
  const isWhole = wholeIn !== undefined && wholeIn === graceNo;
  return reclaim === true && isWhole && inGrace(step) ? refuse('reclaim_bad') : undefined;
}

/**
 * A session from before has completed its reclaims, is gone, or is not waited for; after the last one the grace period
 * ends. The caller notes it in the session.
 */
export function endClaims(step: Step, session: SessionRow): void {
  const { meta } = step;
  if (session.no > meta.graceUpTo || session.reclaimedIn === meta.graceNo) return;
  if (session.skippedIn !== undefined && session.skippedIn === meta.graceNo) return;
  meta.graceWaits -= 1;
  step.changed = true;
  if (meta.graceWaits === 0) meta.graceUntil = Math.min(meta.graceUntil, meta.recoverUntil ?? 0);
}
