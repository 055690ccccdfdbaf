import { refuse } from '../reasons';
import * as keys from '../keys';
import { endOfList, nextSeq, type Step } from '../step';
import type { Refused } from '../io';

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
  more: { request?: string; adopted?: string } = {},
): void {
  const { rows } = step;
  const { sessionId, body = '' } = ended;
  const session = rows.get('session', sessionId);
  if ((ended.body === undefined && more.request === undefined) || session?.state !== 'live') return;
  const list = keys.sessionEnded(sessionId);
  const before = rows.get('ended', id);
  let count = session.ended ?? 0;
  if (before !== undefined) rows.unlink(list, id, before.no);
  else count += 1;
  const no = nextSeq(step);
  rows.link(list, id, no);
  const { request, adopted } = more;
  rows.put('ended', id, { no, sessionId, body, how, request, adopted });
  if (count > endedMax) {
    for (const oldest of rows.page(list, 0, endOfList, count - endedMax)) {
      rows.unlink(list, oldest.member, oldest.score);
      rows.del('ended', oldest.member);
    }
    count = endedMax;
  }
  session.ended = count;
  rows.put('session', sessionId, session);
}

/** The refusal for a repeat of this request, if the open it made has ended. */
export function refusalOfEnded(step: Step, id: string, body: string | undefined): Refused | undefined {
  const ended = step.rows.get('ended', id);
  if (ended === undefined) return undefined;
  if (ended.body !== body) return refuse('id_reused_with_other_body');
  return { refused: { reason: 'open_closed', ended: ended.how } };
}

/** The session is over: nothing about its opens is remembered any longer. */
export function forgetEnds(step: Step, sessionId: string): void {
  const list = keys.sessionEnded(sessionId);
  for (const each of step.rows.page(list, 0, endOfList, endedMax)) {
    step.rows.unlink(list, each.member, each.score);
    step.rows.del('ended', each.member);
  }
}
