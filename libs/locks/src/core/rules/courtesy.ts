import * as keys from '../keys';
import type { SessionRow } from '../rows';
import { endOfList, nextSeq, setDue, type Step } from '../step';
import { endClaims } from './grace';

/**
 * Courtesy (RFC 8881 §8.4.2.3): a session whose TTL is over may keep what it holds until somebody wants it. Here: which
 * sessions these are, and when they cease to be. takeover.ts takes what is wanted.
 */

/** Whether what a session holds gives way to whoever wants it. */
export function isCourteous(step: Step, sessionId: string): boolean {
  return step.rows.get('session', sessionId)?.state === 'courtesy';
}

/** Until when a session may come back; its TTL, if it is to expire with that. */
export function heldUntil({ expires, courtesyMs = 0, unconfirmed }: SessionRow): number {
  return unconfirmed === true ? expires : expires + courtesyMs;
}

/** The state of a session has changed, and other shards in which it may be have to learn that. The caller stores it. */
export function noteNews(step: Step, id: string, session: SessionRow): void {
  if (session.shards === undefined) return;
  if (session.newsNo !== undefined) step.rows.unlink(keys.news, id, session.newsNo);
  session.newsNo = nextSeq(step);
  step.rows.link(keys.news, id, session.newsNo);
}

/** The TTL of a session is over: its state stays until somebody wants it, or time or number end that. The caller stores it. */
export function enterCourtesy(step: Step, id: string, session: SessionRow): void {
  const count = step.meta.courteous ?? 0;
  session.state = 'courtesy';
  session.courtesyNo = nextSeq(step);
  session.siftAfter = 0;
  step.rows.link(keys.courtesy, id, session.courtesyNo);
  step.meta.courteous = count + 1;
  noteNews(step, id, session);
  // A grace period does not wait for somebody who may never come back.
  endClaims(step, session);
  if (count >= step.meta.limits.courtesyMax) cede(step, undefined);
}

/** The session is not in courtesy any more, whichever way it goes. The caller stores it. */
export function leaveCourtesy(step: Step, id: string, session: SessionRow): void {
  if (session.courtesyNo === undefined) return;
  step.rows.unlink(keys.courtesy, id, session.courtesyNo);
  step.meta.courteous = (step.meta.courteous ?? 1) - 1;
  step.changed = true;
  session.courtesyNo = undefined;
  // No grace period has waited for it since it came here.
  session.skippedIn = step.meta.graceNo;
}

/** Its client is there again: it goes on with what nobody wanted. */
export function comeBack(step: Step, id: string, session: SessionRow): void {
  leaveCourtesy(step, id, session);
  session.state = 'live';
  session.expires = step.now + session.ttlMs;
  setDue(step, keys.session(id), session, session.expires);
  noteNews(step, id, session);
  step.rows.put('session', id, session);
}

/** A session is to end, as `expiring` or as `ending`. The caller stores it and says when it is emptied. */
export function endSession(step: Step, id: string, session: SessionRow, state: 'expiring' | 'ending'): void {
  leaveCourtesy(step, id, session);
  session.state = state;
  noteNews(step, id, session);
}

/** Ends the session that has been in courtesy longest, among those that `fits`; it is emptied next. Returns whether there is one. */
export function cede(step: Step, fits: ((session: SessionRow) => boolean) | undefined): boolean {
  for (const { member } of step.rows.page(keys.courtesy, 0, endOfList, step.meta.limits.courtesyMax + 1)) {
    const session = step.rows.get('session', member);
    // The end of a guest is for its home to decide.
    if (session === undefined || session.guest === true || (fits !== undefined && !fits(session))) continue;
    endSession(step, member, session, 'expiring');
    setDue(step, keys.session(member), session, step.now);
    step.rows.put('session', member, session);
    return true;
  }
  return false;
}
