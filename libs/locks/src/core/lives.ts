import type { Life, Place } from './rows';
import { mintToken, raiseEpoch, type Step } from './step';

/**
 * The lives of a table: one from each opening of its store to the next, with an epoch as its name. What somebody has seen
 * belongs to a life; a life that the table does not know, or a place that it has not reached in it, is proof that the table
 * is older than that: it was restored (docs/decisions/0014-time-and-restore.md).
 */

/** So many are remembered, of those that were and of those that are known to be lost. */
const livesMax = 32;

/** A table of an earlier version has had one life. */
function livesOf(step: Step): Life[] {
  const { lives, identity, epoch } = step.meta;
  if (lives !== undefined || identity === '') return lives ?? [];
  return [{ epoch, from: 0 }];
}

/** `salt`: random, so that two lives that begin at one time by a clock that is wrong have different names. */
export function beginLife(step: Step, above: number, salt: number): void {
  const { meta } = step;
  const lives: Life[] = [];
  const known = livesOf(step);
  let left = known.length;
  for (const life of known) {
    if (left < livesMax) lives.push(life);
    left -= 1;
  }
  raiseEpoch(step, above);
  meta.epoch += salt;
  lives.push({ epoch: meta.epoch, from: meta.records });
  meta.lives = lives;
}

/**
 * A life that begins with a table that was restored: nothing that was followed before goes on, and no token that was given
 * out before is taken, for its lease may have been released or revoked in the life that was lost.
 */
export function beginAnew(step: Step, above: number, salt: number): void {
  beginLife(step, above, salt);
  step.meta.restoredIn = step.meta.epoch;
  step.meta.lostUpTo = mintToken(step);
}

/** Whether a token was given out since the table was restored last. */
export function isOfThisLife(step: Step, token: number): boolean {
  return token > (step.meta.lostUpTo ?? 0);
}

export function hasLived(step: Step, epoch: number): boolean {
  for (const life of livesOf(step)) if (life.epoch === epoch) return true;
  return false;
}

/** Whether the table's own past leads through this place. */
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

/** Whether what follows this place is all that happened since: the table reached it, and was not restored since then. */
export function leadsOnFrom(step: Step, place: Place): boolean {
  const { restoredIn } = step.meta;
  let since = restoredIn === undefined;
  for (const life of livesOf(step)) {
    if (life.epoch === restoredIn) since = true;
    if (life.epoch === place.epoch) return since && hasReached(step, place);
  }
  return false;
}

/** Somebody remembers a life that did not happen. Returns whether that is news: others will remember it, too. */
export function noteGone(step: Step, epoch: number): boolean {
  const { meta } = step;
  const gone: number[] = [epoch];
  for (const each of meta.gone ?? []) {
    if (each === epoch) return false;
    if (gone.length < livesMax) gone.push(each);
  }
  meta.gone = gone;
  step.changed = true;
  return true;
}
