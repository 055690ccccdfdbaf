import type { Refused } from '../io';
import * as keys from '../keys';
import type { Reason } from '../reasons';
import type { SessionRow, SubjectLimits, SubjectRow } from '../rows';
import { endOfList, nextSeq, type Step } from '../step';
import { cede } from './courtesy';

/**
 * What one subject uses, over all its sessions, what a tenant uses, over all its subjects, and what they may use
 * (decision 0032). Only sessions that were opened under limits are counted: for others no step reads or writes anything
 * more.
 */

type Whose = 'subject' | 'tenant';
/** The row that counts a subject or a whole tenant, and its id. */
export interface Counter {
  id: string;
  whose: Whose;
  row: SubjectRow;
}

/** The id of the row that counts the session; undefined: it is not counted there. */
function counterId(session: SessionRow, whose: Whose): string | undefined {
  if (whose === 'subject')
    return session.counted === true ? keys.subject(session.tenant, session.subject) : undefined;
  return session.countedTenant === true ? keys.subject(session.tenant, '') : undefined;
}

function counterOf(step: Step, sessionId: string, whose: Whose): Counter | undefined {
  const session = step.rows.get('session', sessionId);
  const id = session === undefined ? undefined : counterId(session, whose);
  const row = id === undefined ? undefined : step.rows.get('subject', id);
  return id === undefined || row === undefined ? undefined : { id, whose, row };
}

const both: Whose[] = ['subject', 'tenant'];
const neither: Whose[] = [];

/** Whose counters there may be: while the table counts no subject, nobody looks for one. */
function counted(step: Step): Whose[] {
  return (step.meta.subjects ?? 0) === 0 ? neither : both;
}

/** Counts what a session of the subject gained or lost. */
export function countFor(step: Step, sessionId: string, what: 'rows' | 'waits', by: number): void {
  for (const whose of counted(step)) {
    const counter = counterOf(step, sessionId, whose);
    if (counter !== undefined) {
      counter.row[what] += by;
      step.rows.put('subject', counter.id, counter.row);
    }
  }
}

const reasons = {
  subject: {
    sessions: 'subject_sessions_max',
    rows: 'subject_rows_max',
    waits: 'subject_waits_max',
    queueShare: 'subject_queue_share',
  },
  tenant: {
    sessions: 'tenant_sessions_max',
    rows: 'tenant_rows_max',
    waits: 'tenant_waits_max',
    queueShare: 'tenant_queue_share',
  },
} as const satisfies Record<Whose, Record<'sessions' | 'rows' | 'waits' | 'queueShare', Reason>>;

const over = (reason: Reason, used: number, allowed: number): Refused => ({
  refused: { reason, used, allowed },
});

/** Ends a session in courtesy that has as many rows. */
function cedeRows(step: Step, session: SessionRow, whose: Whose, n: number): boolean {
  const id = counterId(session, whose);
  return cede(step, (other) => other.rows >= n && counterId(other, whose) === id);
}

/** Whose limit of sessions this reason names. */
function whoseLimit(reason: Reason): Whose {
  return reason === reasons.tenant.sessions ? 'tenant' : 'subject';
}

/**
 * Ends a session in courtesy of the same subject, or tenant, so that this one does not have to wait for its place.
 * Returns whether there was one.
 */
export function cedeSession(step: Step, session: SessionRow, reason: Reason): boolean {
  const whose = whoseLimit(reason);
  const id = counterId(session, whose);
  return cede(step, (other) => counterId(other, whose) === id);
}

/** Why the subject, or its tenant, may not have `n` more rows. */
export function rowsOver(step: Step, sessionId: string, n: number): Refused | undefined {
  for (const whose of counted(step)) {
    const row = counterOf(step, sessionId, whose)?.row;
    const allowed = row?.limits?.rows;
    if (row === undefined || allowed === undefined || row.rows + n <= allowed) continue;
    // What it will not need any more makes room at once, and is cleared next.
    const session = step.rows.get('session', sessionId);
    const ceded = session !== undefined && cedeRows(step, session, whose, n);
    if (!ceded) return over(reasons[whose].rows, row.rows, allowed);
  }
  return undefined;
}

/** The counter of the subject, or of its tenant, that runs short of rows with `n` more. */
export function rowsNear(
  step: Step,
  sessionId: string,
  n: number,
  near: (used: number, allowed: number) => boolean,
): Counter | undefined {
  for (const whose of counted(step)) {
    const counter = counterOf(step, sessionId, whose);
    const allowed = counter?.row.limits?.rows;
    if (counter !== undefined && allowed !== undefined && near(counter.row.rows + n, allowed)) return counter;
  }
  return undefined;
}

export function isCountedIn(session: SessionRow, { id, whose }: Counter): boolean {
  return counterId(session, whose) === id;
}

/** Why the subject, or its tenant, may not wait in the queue of this file, of which `waiting` requests are in it. */
export function waitsOver(
  step: Step,
  sessionId: string,
  queue: { fileKey: string; waiting: number },
  sessionOf: (member: string) => string | undefined,
): Refused | undefined {
  for (const whose of counted(step)) {
    const counter = counterOf(step, sessionId, whose);
    const { waits, queueShare } = counter?.row.limits ?? {};
    if (counter !== undefined && waits !== undefined && counter.row.waits >= waits)
      return over(reasons[whose].waits, counter.row.waits, waits);
    // A queue that is shorter than the share need not be counted.
    if (counter !== undefined && queueShare !== undefined && queue.waiting >= queueShare) {
      const own = waitingOf(step, counter, queue, sessionOf);
      if (own >= queueShare) return over(reasons[whose].queueShare, own, queueShare);
    }
  }
  return undefined;
}

/** How many requests in the queue are of this subject, or tenant. */
function waitingOf(
  step: Step,
  { id, whose }: Counter,
  queue: { fileKey: string; waiting: number },
  sessionOf: (member: string) => string | undefined,
): number {
  let own = 0;
  for (const entry of step.rows.page(keys.queue(queue.fileKey), 0, endOfList, queue.waiting)) {
    const of = sessionOf(entry.member);
    const session = of === undefined ? undefined : step.rows.get('session', of);
    if (session !== undefined && counterId(session, whose) === id) own += 1;
  }
  return own;
}

/** Why the subject may not keep a file quiet for so long. */
export function quietOver(step: Step, sessionId: string, quietMs: number): Refused | undefined {
  const allowed = counterOf(step, sessionId, 'subject')?.row.limits?.quietMs;
  return allowed === undefined || quietMs <= allowed
    ? undefined
    : over('subject_quiet_max', quietMs, allowed);
}

/** Limits under which a session is opened; absent: it is not counted there. */
type Limits = Partial<Record<Whose, SubjectLimits>>;

/** The limits under which a session is counted. */
export function limitsOf(step: Step, session: SessionRow): Limits {
  const limits: Limits = {};
  for (const whose of both) {
    const id = counterId(session, whose);
    if (id !== undefined) limits[whose] = step.rows.get('subject', id)?.limits ?? {};
  }
  return limits;
}

/** Why the subject, or its tenant, may not have another session. */
export function sessionsOver(step: Step, session: SessionRow, limits: Limits): Refused | undefined {
  for (const whose of both) {
    const id = counterId(session, whose);
    const { sessions = 0 } = (id === undefined ? undefined : step.rows.get('subject', id)) ?? {};
    const allowed = limits[whose]?.sessions;
    if (allowed !== undefined && sessions >= allowed) return over(reasons[whose].sessions, sessions, allowed);
  }
  return undefined;
}

/** Counts a new session, under the limits that are in force now. */
export function enterSubject(step: Step, session: SessionRow, limits: Limits): void {
  for (const whose of both) {
    const id = counterId(session, whose);
    const given = limits[whose];
    if (id !== undefined && given !== undefined) enter(step, id, given);
  }
}

function enter(step: Step, id: string, limits: SubjectLimits): void {
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

/** A session is over; after its last one the subject, or tenant, is forgotten. The caller stores the session. */
export function leaveSubject(step: Step, sessionId: string): void {
  for (const whose of counted(step)) {
    const counter = counterOf(step, sessionId, whose);
    if (counter !== undefined) leave(step, counter);
  }
}

function leave(step: Step, counter: Counter): void {
  counter.row.sessions -= 1;
  if (counter.row.sessions > 0) {
    step.rows.put('subject', counter.id, counter.row);
    return;
  }
  step.rows.unlink('subjects', counter.id, counter.row.no);
  step.rows.del('subject', counter.id);
  countSubjects(step, -1);
}
