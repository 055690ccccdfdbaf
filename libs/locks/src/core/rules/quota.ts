import type { Refused } from '../io';
import * as keys from '../keys';
import type { Reason } from '../reasons';
import type { SubjectLimits, SubjectRow } from '../rows';
import { endOfList, nextSeq, type Step } from '../step';

/**
 * What one subject uses, over all its sessions, and what it may use (decision 0032). Only sessions that were opened
 * under limits are counted: for others no step reads or writes anything more.
 */

/** The row that counts a session, and its id. */
function counterOf(step: Step, sessionId: string): { id: string; row: SubjectRow } | undefined {
  if ((step.meta.subjects ?? 0) === 0) return undefined;
  const session = step.rows.get('session', sessionId);
  if (session?.counted !== true) return undefined;
  const id = keys.subject(session.tenant, session.subject);
  const row = step.rows.get('subject', id);
  return row === undefined ? undefined : { id, row };
}

/** Counts what a session of the subject gained or lost. */
export function countFor(step: Step, sessionId: string, what: 'rows' | 'waits', by: number): void {
  const counter = counterOf(step, sessionId);
  if (counter === undefined) return;
  counter.row[what] += by;
  step.rows.put('subject', counter.id, counter.row);
}

const over = (reason: Reason, used: number, allowed: number): Refused => ({
  refused: { reason, used, allowed },
});

/** Why the subject may not have `n` more rows. */
export function rowsOver(step: Step, sessionId: string, n: number): Refused | undefined {
  const row = counterOf(step, sessionId)?.row;
  const allowed = row?.limits?.rows;
  if (row === undefined || allowed === undefined || row.rows + n <= allowed) return undefined;
  return over('subject_rows_max', row.rows, allowed);
}

/** Why the subject may not wait in the queue of this file, of which `waiting` requests are in it. */
export function waitsOver(
  step: Step,
  sessionId: string,
  queue: { fileKey: string; waiting: number },
  sessionOf: (member: string) => string | undefined,
): Refused | undefined {
  const counter = counterOf(step, sessionId);
  if (counter === undefined) return undefined;
  const { waits, queueShare } = counter.row.limits ?? {};
  if (waits !== undefined && counter.row.waits >= waits)
    return over('subject_waits_max', counter.row.waits, waits);
  // A queue that is shorter than the share need not be counted.
  if (queueShare === undefined || queue.waiting < queueShare) return undefined;
  let own = 0;
  for (const entry of step.rows.page(keys.queue(queue.fileKey), 0, endOfList, queue.waiting)) {
    const of = sessionOf(entry.member);
    if (of !== undefined && counterOf(step, of)?.id === counter.id) own += 1;
  }
  return own < queueShare ? undefined : over('subject_queue_share', own, queueShare);
}

/** Why the subject may not keep a file quiet for so long. */
export function quietOver(step: Step, sessionId: string, quietMs: number): Refused | undefined {
  const allowed = counterOf(step, sessionId)?.row.limits?.quietMs;
  return allowed === undefined || quietMs <= allowed
    ? undefined
    : over('subject_quiet_max', quietMs, allowed);
}

/** Why the subject may not have another session. */
export function sessionsOver(step: Step, id: string, limits: SubjectLimits): Refused | undefined {
  const { sessions = 0 } = step.rows.get('subject', id) ?? {};
  const allowed = limits.sessions;
  return allowed === undefined || sessions < allowed
    ? undefined
    : over('subject_sessions_max', sessions, allowed);
}

/** Counts a new session, under the limits that are in force now. */
export function enterSubject(step: Step, id: string, limits: SubjectLimits): void {
  const known = step.rows.get('subject', id);
  const row: SubjectRow = known ?? { no: nextSeq(step), sessions: 0, rows: 0, waits: 0 };
  if (known === undefined) {
    step.rows.link('subjects', id, row.no);
    countSubjects(step, 1);
  }
  row.sessions += 1;
  row.limits = limits;
  step.rows.put('subject', id, row);
}

function countSubjects(step: Step, by: 1 | -1): void {
  step.meta.subjects = (step.meta.subjects ?? 0) + by;
  step.changed = true;
}

/** A session is over; after its last one the subject is forgotten. The caller stores the session. */
export function leaveSubject(step: Step, sessionId: string): void {
  const counter = counterOf(step, sessionId);
  if (counter === undefined) return;
  counter.row.sessions -= 1;
  if (counter.row.sessions > 0) {
    step.rows.put('subject', counter.id, counter.row);
    return;
  }
  step.rows.unlink('subjects', counter.id, counter.row.no);
  step.rows.del('subject', counter.id);
  countSubjects(step, -1);
}
