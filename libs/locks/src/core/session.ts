import type { Refused, SessionView, VerbInput, VerbOutput } from './io';
import type { SessionRow } from './rows';
import { endOfList, nextSeq, record, setDue, wallOf, type Step } from './step';

/** Sessions (semantics.md §6): a liveness contract. What a session holds ends in pieces.ts, above leases and opens. */

/** Finished sessions are remembered so long at least. */
const tombstoneMs = 600000;

/**
 * The checks that every call on behalf of a session passes, in their fixed order: the session is there and lives, and
 * the secret is its own. Without a digest the caller is an administrator.
 */
export function gate(step: Step, sessionId: string, digest: string | undefined): Refused | undefined {
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return { refused: { reason: 'no_such_session' } };
  if (digest !== undefined && session.digest !== digest) return { refused: { reason: 'not_holder' } };
  if (session.state !== 'live' || session.expires <= step.now)
    return { refused: { reason: 'session_expired' } };
  return undefined;
}

/** Whether the session may have `n` more rows. */
export function roomFor(step: Step, sessionId: string, n: number): Refused | undefined {
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return { refused: { reason: 'no_such_session' } };
  if (session.rows + n > step.meta.limits.sessionRowsMax)
    return { refused: { reason: 'session_leases_max' } };
  return undefined;
}

export function sessionView(step: Step, id: string, session: SessionRow): SessionView {
  const lapsed = session.state === 'live' && session.expires <= step.now;
  return {
    sessionId: id,
    ttlMs: session.ttlMs,
    expiresWall: wallOf(step, session.expires),
    state: lapsed ? 'expiring' : session.state === 'ending' ? 'ended' : session.state,
    node: session.node,
    pid: session.pid,
    label: session.label,
    rows: session.rows,
  };
}

export function sessionCreate(step: Step, input: VerbInput<'sessionCreate'>): VerbOutput<'sessionCreate'> {
  if (step.meta.sessions >= step.meta.limits.sessionsMax) return { refused: { reason: 'sessions_max' } };
  step.meta.sessions += 1;
  const session: SessionRow = {
    no: nextSeq(step),
    digest: input.digest,
    ttlMs: input.ttlMs,
    expires: step.now + input.ttlMs,
    due: 0,
    state: 'live',
    rows: 0,
    node: input.node,
    pid: input.pid,
    label: input.label,
  };
  setDue(step, 's:' + input.sessionId, session, session.expires);
  step.rows.link('sessions', input.sessionId, session.no);
  step.rows.put('session', input.sessionId, session);
  return { session: sessionView(step, input.sessionId, session) };
}

export function sessionGet(step: Step, input: VerbInput<'sessionGet'>): VerbOutput<'sessionGet'> {
  const session = step.rows.get('session', input.sessionId);
  if (session === undefined) return { refused: { reason: 'no_such_session' } };
  if (input.digest !== undefined && session.digest !== input.digest)
    return { refused: { reason: 'not_holder' } };
  return { session: sessionView(step, input.sessionId, session) };
}

/** O(1): the deadline index keeps the old deadline as a lower bound and is corrected when that comes. */
export function keepalive(step: Step, input: VerbInput<'keepalive'>): VerbOutput<'keepalive'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const session = step.rows.get('session', input.sessionId);
  if (session === undefined) return { refused: { reason: 'no_such_session' } };
  session.expires = step.now + session.ttlMs;
  step.rows.put('session', input.sessionId, session);
  return { session: sessionView(step, input.sessionId, session) };
}

export function sessionList(step: Step, input: VerbInput<'sessionList'>): VerbOutput<'sessionList'> {
  const sessions: SessionView[] = [];
  let after: number | undefined;
  const page = step.rows.page('sessions', input.after, endOfList, input.limit);
  for (const entry of page) {
    after = entry.score;
    const session = step.rows.get('session', entry.member);
    if (session !== undefined) sessions.push(sessionView(step, entry.member, session));
  }
  return { sessions, after: page.length < input.limit ? undefined : after };
}

/** The last row of a session that is going has gone: it becomes a tombstone. */
export function bury(step: Step, id: string, session: SessionRow): void {
  const expired = session.state === 'expiring';
  session.state = expired ? 'expired' : 'ended';
  step.meta.sessions -= 1;
  step.changed = true;
  setDue(step, 's:' + id, session, step.now + Math.max(tombstoneMs, 2 * session.ttlMs));
  step.rows.put('session', id, session);
  record(step, { kind: 'expired', sessionId: id, cause: session.state });
}

export function forgetSession(step: Step, id: string, session: SessionRow): void {
  setDue(step, 's:' + id, session, 0);
  step.rows.unlink('sessions', id, session.no);
  step.rows.del('session', id);
}
