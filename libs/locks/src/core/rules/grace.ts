import type { SessionRow } from '../rows';
import type { Step } from '../step';

/** The grace period (semantics.md §6): after the table may have lost something, earlier holders come first. */

export function inGrace(step: Step): boolean {
  return step.now < step.meta.graceUntil;
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
