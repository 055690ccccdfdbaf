import type { Refused } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ExportRow, SessionRow } from '../rows';
import { endOfList, type Step } from '../step';

/**
 * The grace period (semantics.md §6): after the table may have lost something, earlier holders come first. An export may
 * have one of its own.
 */

export function inGrace(step: Step): boolean {
  return step.now < step.meta.graceUntil;
}

/** Whether the session was there before the table may have lost something, as the table or the session's secret shows. */
export function wasThere({ meta }: Step, session: SessionRow): boolean {
  // Where everything is lost, nobody knows who was there.
  const isUnknown = meta.graceUpTo === 0 && session.guest !== true;
  if (isUnknown || session.no <= meta.graceUpTo) return true;
  // Those that came back in an earlier grace period are among them by now.
  return session.resumedIn !== undefined;
}

/**
 * A reclaim of what the table does not have: refused if it is certain that nothing is missing, as in a grace period of its
 * export alone.
 */
export function neverHeld(step: Step, reclaim: boolean | undefined, exp?: ExportRow): Refused | undefined {
  if (reclaim !== true) return undefined;
  if (!inGrace(step)) return exp?.graceUntil === undefined ? undefined : refuse('reclaim_bad');
  const { wholeIn, graceNo } = step.meta;
  return wholeIn !== undefined && wholeIn === graceNo ? refuse('reclaim_bad') : undefined;
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

// --- of one export

/** Most sessions that the grace period of an export waits for; if more hold something there, it lasts its whole time. */
export const awaitedMax = 256;

/** Whether a session from before has yet to say that it is done with its reclaims. It is not waited for while it is silent. */
function isDue({ graceNo = 0 }: ExportRow, session: SessionRow | undefined): boolean {
  return session !== undefined && session.no < graceNo && (session.completeNo ?? 0) < graceNo;
}

/** How many sessions the grace period of an export waits for. */
export function awaitedIn(step: Step, exp: ExportRow): number {
  let count = 0;
  for (const { member } of step.rows.page(keys.graceOf(exp.name), 0, endOfList, awaitedMax)) {
    const session = step.rows.get('session', member);
    if (session?.state === 'live' && isDue(exp, session)) count += 1;
  }
  return count;
}

/** How long the grace period of an export lasts, unless it is over before. */
export function graceLeftIn(step: Step, exp: ExportRow): number {
  const left = (exp.graceUntil ?? 0) - step.now;
  return left > 0 && (exp.graceOpen === true || awaitedIn(step, exp) > 0) ? left : 0;
}

/** The same for whoever decides on it: one that is over is ended. */
export function settleGrace(step: Step, exp: ExportRow): number {
  if (exp.graceUntil === undefined) return 0;
  const left = graceLeftIn(step, exp);
  if (left === 0) endGrace(step, exp);
  return left;
}

/** Whether the table or this export is in a grace period. */
export function inGraceOf(step: Step, exportName: string): boolean {
  if (inGrace(step)) return true;
  const exp = step.meta.graces === undefined ? undefined : step.rows.get('export', exportName);
  return exp !== undefined && settleGrace(step, exp) > 0;
}

export function endGrace(step: Step, exp: ExportRow): void {
  if (exp.graceUntil === undefined) return;
  for (const { member, score } of step.rows.page(keys.graceOf(exp.name), 0, endOfList, awaitedMax + 1))
    step.rows.unlink(keys.graceOf(exp.name), member, score);
  exp.graceUntil = undefined;
  exp.graceNo = undefined;
  exp.graceOpen = undefined;
  step.rows.put('export', exp.name, exp);
  const left = (step.meta.graces ?? 1) - 1;
  step.meta.graces = left === 0 ? undefined : left;
  step.changed = true;
}

/** Whether a session may reclaim in the grace period of an export: it was there, held something, and is not done. */
export function mayReclaimIn(step: Step, exp: ExportRow, id: string, session: SessionRow): boolean {
  if (!isDue(exp, session)) return false;
  if (exp.graceOpen === true) return true;
  return isListed(step, exp, id, session);
}

function isListed(step: Step, exp: ExportRow, id: string, session: SessionRow): boolean {
  const [found] = step.rows.page(keys.graceOf(exp.name), session.no - 1, session.no, 1);
  return found !== undefined && found.member === id;
}

/** A session has completed its reclaims in an export. */
export function completeIn(step: Step, exp: ExportRow, id: string, session: SessionRow): void {
  if (isListed(step, exp, id, session)) step.rows.unlink(keys.graceOf(exp.name), id, session.no);
}
