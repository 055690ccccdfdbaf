import { refuse } from '../reasons';
import * as keys from '../keys';
import { endOfList, nextSeq, type Step } from '../step';
import type { Refused } from '../io';
import type { EndedRow } from '../rows';

/**
 * How opens and modal locks made with a requestId ended, and which request of an NFS server ended what: a late repeat is
 * told, and creates no new one.
 */

/** Remembered per session; the oldest are forgotten first. */
const endedMax = 256;

/** Remembers how a request ended when its row is removed, unless its session is no longer live. */
export function rememberEnd(
  step: Step,
  id: string,
  ended: { sessionId: string; body?: string },
  how: string,
  more: { request?: string; adopted?: string; taken?: true } = {},
): void {
  const { rows } = step;
  const { sessionId, body = '' } = ended;
  const session = rows.get('session', sessionId);
  if (session === undefined || (session.state !== 'live' && session.state !== 'courtesy')) return;
  const { request, adopted, taken } = more;
  if (ended.body === undefined && request === undefined && taken === undefined) return;
  const before = rows.get('ended', id);
  if (before !== undefined) forgetEnd(step, id, before, sessionId);
  const list = keys.sessionEnded(sessionId);
  const no = nextSeq(step);
  rows.link(list, id, no);
  rows.put('ended', id, { no, sessionId, body, how, request, adopted, taken });
  session.ended = (session.ended ?? 0) + 1;
  if (taken === true) session.taken = (session.taken ?? 0) + 1;
  rows.put('session', sessionId, session);
  if (session.ended <= endedMax) return;
  for (const oldest of rows.page(list, 0, endOfList, session.ended - endedMax)) {
    const row = rows.get('ended', oldest.member);
    if (row !== undefined) forgetEnd(step, oldest.member, row, sessionId);
  }
}

/** The row says whose it is, as an id may come again in another session; one of before that is of `usual`. */
function forgetEnd(step: Step, id: string, ended: EndedRow, usual: string): void {
  const { rows } = step;
  const { no, sessionId = usual, taken } = ended;
  rows.unlink(keys.sessionEnded(sessionId), id, no);
  rows.del('ended', id);
  const session = rows.get('session', sessionId);
  if (session === undefined) return;
  session.ended = (session.ended ?? 1) - 1;
  if (taken === true) session.taken = (session.taken ?? 1) - 1;
  rows.put('session', sessionId, session);
}

/** The refusal for a repeat of this request, if the open it made has ended. */
export function refusalOfEnded(step: Step, id: string, body: string | undefined): Refused | undefined {
  const ended = step.rows.get('ended', id);
  if (ended === undefined) return undefined;
  if (ended.body !== body) return refuse('id_reused_with_other_body');
  return { refused: { reason: 'open_closed', ended: ended.how } };
}

/** Whether this was taken from the session in courtesy, and its client has not freed the stateid yet. */
export function wasTaken(step: Step, id: string, sessionId: string): boolean {
  const ended = step.rows.get('ended', id);
  return ended !== undefined && ended.taken === true && ended.sessionId === sessionId;
}

/** The client has freed the stateid of what was taken from it. */
export function freeTaken(step: Step, id: string, sessionId: string, request: string | undefined): void {
  const ended = step.rows.get('ended', id);
  const session = step.rows.get('session', sessionId);
  if (ended === undefined || session === undefined) return;
  ended.taken = undefined;
  ended.how = 'freed';
  ended.request = request;
  step.rows.put('ended', id, ended);
  session.taken = (session.taken ?? 1) - 1;
  step.rows.put('session', sessionId, session);
}

/** The session is over: nothing about its opens is remembered any longer. */
export function forgetEnds(step: Step, sessionId: string): void {
  const list = keys.sessionEnded(sessionId);
  for (const each of step.rows.page(list, 0, endOfList, endedMax)) {
    step.rows.unlink(list, each.member, each.score);
    step.rows.del('ended', each.member);
  }
}
