import type { Life, Place } from './rows';
import { mintToken, raiseEpoch, type Step } from './step';

/**
 * The lives of a table. Each lasts from one opening of its store to the next and is named by an epoch. What a caller
 * has seen belongs to a life. If the table does not know that life, or has not reached that place in it, the table is
 * older than the caller's knowledge: it was restored (docs/decisions/0014-time-and-restore.md).
 */

/** How many are remembered: of the table's own lives, and of those known to be lost. */
const livesMax = 32;

/** The row of an earlier version lists no lives; it has had one. */
function livesOf(step: Step): Life[] {
  const { lives, identity, epoch } = step.meta;
  if (lives !== undefined || identity === '') return lives ?? [];
  return [{ epoch, from: 0 }];
}

/** `salt`: random, so that two lives that begin at the same time by a wrong clock have different names. */
export function beginLife(step: Step, above: number, salt: number): void {
  const { meta } = step;
  const lives: Life[] = [];
  const known = livesOf(step);
  let left = known.length;
  for (const life of known) {
    if (left < livesMax) lives.push(life);
    left -= 1;
  }
  const { token, seq } = meta;
  raiseEpoch(step, above, salt);
  lives.push({ epoch: meta.epoch, from: meta.records, token, seq });
  meta.lives = lives;
}

/**
 * Begins a life after a restore: nobody continues from an earlier place, and no earlier token is accepted, because its
 * lease may have been released or revoked in the lost life.
 */
export function beginAnew(step: Step, above: number, salt: number): void {
  beginLife(step, above, salt);
  step.meta.restoredIn = step.meta.epoch;
  step.meta.lostUpTo = mintToken(step);
}

/** Whether a token was minted since the last restore. */
export function isOfThisLife(step: Step, token: number): boolean {
  return token > (step.meta.lostUpTo ?? 0);
}

export function hasLived(step: Step, epoch: number): boolean {
  for (const life of livesOf(step)) if (life.epoch === epoch) return true;
  return false;
}

/** Whether this place is in the table's own history. */
export function hasReached(step: Step, place: Place): boolean {
  let found = false;
  for (const life of livesOf(step)) {
    if (found) return place.no <= life.from;
    if (life.epoch !== place.epoch) continue;
    if (place.no < life.from) return false;
    found = true;
  }
  return found && place.no <= step.meta.records;
}

/** Whether the table itself gave out, in this life, the token and the number that a caller was told then. */
export function hasMinted(step: Step, epoch: number, token: number, seq: number): boolean {
  let found = false;
  for (const life of livesOf(step)) {
    if (found) return token <= (life.token ?? token) && seq <= (life.seq ?? seq);
    found = life.epoch === epoch;
  }
  return token <= step.meta.token && seq <= step.meta.seq;
}

/** Whether the records after this place are all that happened since: it was reached, and no restore followed. */
export function leadsOnFrom(step: Step, place: Place): boolean {
  const { restoredIn } = step.meta;
  let since = restoredIn === undefined;
  for (const life of livesOf(step)) {
    if (life.epoch === restoredIn) since = true;
    if (life.epoch === place.epoch) return since && hasReached(step, place);
  }
  return false;
}

/** A caller remembers a life that the table did not have. Returns whether it is the first to report that life. */
export function noteGone(step: Step, epoch: number): boolean {
  const { meta } = step;
  const gone: number[] = [epoch];
  for (const each of meta.gone ?? []) {
    if (each === epoch) return false;
    if (gone.length < livesMax) gone.push(each);
  }
  meta.gone = gone;
  return true;
}
