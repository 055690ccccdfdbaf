import * as keys from '../keys';
import type { SessionRow, Shortage } from '../rows';
import { endOfList, record, type Step } from '../step';
import { isCountedIn, rowsNear } from './quota';

/**
 * When something runs short, sessions that hold many delegations are asked to give some back, before anybody is refused
 * (CB_RECALL_ANY, RFC 8881 §20.6). They choose which, and what they return is returned like any other.
 */

/** A session with fewer delegations is not asked. */
const many = 8;
/** A session is asked at most once in this time, and the list of them is looked through as often as this. */
const askAgainMs = 30000;
const lookAgainMs = 1000;
/** How many sessions one step looks at. */
const looked = 16;

/** Short is what is used to seven eighths. */
export function near(used: number, allowed: number): boolean {
  return used * 8 >= allowed * 7;
}

/** Keeps the list of sessions that hold many delegations. The caller stores the session. */
export function noteDelegations(step: Step, id: string, session: SessionRow, before: number): void {
  const had = before >= many;
  const has = session.delegations >= many;
  if (has && !had) step.rows.link(keys.delegators, id, session.no);
  else if (had && !has) step.rows.unlink(keys.delegators, id, session.no);
}

/** The session is about to have `n` more rows: asks whoever uses the same share of the table, if it runs short. */
export function makeRoom(step: Step, sessionId: string, n: number): void {
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return;
  if (near(session.rows + n, step.meta.limits.sessionLocksMax)) askBack(step, sessionId, session, 'session');
  const counter = rowsNear(step, sessionId, n, near);
  if (counter === undefined) return;
  const { row, id, whose } = counter;
  if (step.now < (row.lookedAt ?? 0) + lookAgainMs) return;
  row.lookedAt = step.now;
  step.rows.put('subject', id, row);
  askMany(step, whose, (each) => isCountedIn(each, counter));
}

/** The session, or the export, is about to have one delegation more. */
export function makeRoomForDelegation(step: Step, sessionId: string, exportName: string): void {
  const { limits } = step.meta;
  const session = step.rows.get('session', sessionId);
  if (session !== undefined && near(session.delegations + 1, limits.sessionDelegationsMax))
    askBack(step, sessionId, session, 'session');
  const exp = step.rows.get('export', exportName);
  if (exp === undefined || !near(exp.delegations + 1, limits.exportDelegationsMax)) return;
  if (step.now < (exp.lookedAt ?? 0) + lookAgainMs) return;
  exp.lookedAt = step.now;
  step.rows.put('export', exportName, exp);
  askMany(step, 'export', () => true);
}

/** The table itself runs short. */
export function makeRoomInTable(step: Step): void {
  askMany(step, 'table', () => true);
}

/** Asks the next few of the sessions that hold many delegations, in turn. */
function askMany(step: Step, cause: Shortage, concerns: (session: SessionRow) => boolean): void {
  const page = step.rows.page(keys.delegators, step.meta.askedUpTo ?? 0, endOfList, looked);
  let upTo: number | undefined;
  for (const { member, score } of page) {
    upTo = score;
    const session = step.rows.get('session', member);
    if (session !== undefined && concerns(session)) askBack(step, member, session, cause);
  }
  if (page.length < looked) upTo = undefined;
  if (upTo === step.meta.askedUpTo) return;
  step.meta.askedUpTo = upTo;
  step.changed = true;
}

function askBack(step: Step, sessionId: string, session: SessionRow, cause: Shortage): void {
  const { delegations, state, askedBackAt } = session;
  if (delegations < many || state !== 'live') return;
  if (askedBackAt !== undefined && step.now < askedBackAt + askAgainMs) return;
  session.askedBackAt = step.now;
  step.rows.put('session', sessionId, session);
  record(step, { kind: 'recallAny', sessionId, keep: Math.floor(delegations / 2), cause });
}
