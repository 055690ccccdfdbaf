import type { Refused, SessionView, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ServerRow, SessionRow } from '../rows';
import { gate } from '../rules/admission';
import { leaveClient } from '../rules/client';
import { cede } from '../rules/courtesy';
import { forgetEnds } from '../rules/ended';
import { endClaims, inGrace, wasThere } from '../rules/grace';
import { cedeSession, enterSubject, leaveSubject, sessionsOver } from '../rules/quota';
import { endOfList, nextSeq, record, setDue, wallOf, type Step } from '../step';
import { joinNode, leaveNode } from './residence';
import { streamsOf } from './streams';

/** Sessions (semantics.md §6): a liveness contract. deadlines.ts, above all kinds of locks, ends what they hold. */

/** Finished sessions are remembered at least this long. */
const tombstoneMs = 600000;

// --- grace: after the table may have lost state, earlier holders come first

/**
 * Begins a grace period: earlier holders may reclaim, and nothing else is granted. `known`: how many sessions existed
 * before. If none are known, nobody can tell who is missing, and the grace period runs its full length. `lost`: something
 * certainly is, and it may be a session: those that are known do not shorten the time in which others may come back.
 */
export function beginGrace(step: Step, known: number, lost: boolean): void {
  const { meta } = step;
  const { graceMs, recoveryMs } = meta.limits;
  const running = isRecovering(step) ? meta.recoverUntil : undefined;
  meta.recoverUntil = lost ? step.now + recoveryMs : running;
  meta.unheard = undefined;
  meta.graceUntil = Math.max(step.now + graceMs, meta.recoverUntil ?? 0);
  meta.graceUpTo = known > 0 ? meta.seq : 0;
  // Nobody waits for a client that may never come back.
  meta.graceWaits = known - (meta.courteous ?? 0);
  meta.graceNo = meta.epoch;
}

/** Whether something was certainly lost, and those who knew of it may still come back. */
function isRecovering({ meta, now }: Step): boolean {
  return meta.unheard === undefined && (meta.recoverUntil ?? 0) > now;
}

/**
 * The table may have lost something. What a lease API has seen tells: if this one has seen nothing more, only the others
 * have still to say so, and nothing is granted before they have. Beyond that the operator decides (`graceMs`).
 */
export function awaitReports(step: Step, input: VerbInput<'identify'>): void {
  const { meta } = step;
  const { server = '', shared } = input;
  const own = step.rows.get('server', server);
  if (own !== undefined) hear(step, server, own);
  const others = (meta.servers ?? 0) - (own === undefined ? 0 : 1);
  if (shared === true && others > 0 && meta.limits.recoveryMs > 0) {
    const recovering = isRecovering(step);
    beginGrace(step, meta.sessions, true);
    if (!recovering) meta.unheard = others;
  } else {
    beginGrace(step, meta.sessions, false);
    // This one remembers what it had seen, and there is no other: nothing is missing.
    if (shared === true && own !== undefined && others === 0 && (input.seen?.epoch ?? 0) > 0)
      meta.wholeIn = meta.graceNo;
  }
}

function hear(step: Step, server: string, row: ServerRow): void {
  row.heardIn = step.meta.restoredIn;
  step.rows.put('server', server, row);
}

/** A lease API had seen nothing that the table does not have. */
export function reported(step: Step, server: string | undefined): void {
  const { meta } = step;
  const row =
    server === undefined || meta.unheard === undefined ? undefined : step.rows.get('server', server);
  if (server === undefined || row === undefined || row.heardIn === meta.restoredIn) return;
  hear(step, server, row);
  meta.unheard = (meta.unheard ?? 1) - 1;
  if (meta.unheard > 0) return;
  const { graceMs, recoveryMs } = meta.limits;
  const until = (meta.recoverUntil ?? 0) - recoveryMs + graceMs;
  meta.unheard = undefined;
  meta.recoverUntil = undefined;
  meta.wholeIn = meta.graceNo;
  meta.graceUntil = meta.graceWaits > 0 ? until : 0;
}

/** Whether the session existed before the grace period that runs, and has not declared its reclaims complete. */
export function mayReclaim(step: Step, session: SessionRow): boolean {
  const { meta } = step;
  const running = meta.graceUpTo > 0 && step.now < meta.graceUntil && wasThere(step, session);
  return running && session.reclaimedIn !== meta.graceNo;
}

export function sessionView(step: Step, id: string, session: SessionRow): SessionView {
  const lapsed = session.state === 'live' && session.expires <= step.now;
  return {
    sessionId: id,
    ttlMs: session.ttlMs,
    expiresWall: wallOf(step, session.expires),
    seenWall: wallOf(step, session.expires - session.ttlMs),
    state: lapsed ? 'expiring' : session.state === 'ending' ? 'ended' : session.state,
    node: session.node,
    pid: session.pid,
    label: session.label,
    tenant: session.tenant,
    subject: session.subject,
    rows: session.rows,
    streams: streamsOf(step, session),
    revoked: session.revoked,
    mayReclaim: mayReclaim(step, session),
    courtesyMs: session.courtesyMs,
    taken: session.taken ?? 0,
    tableLife: step.meta.restoredIn ?? 0,
    shards: session.shards,
  };
}

export function sessionCreate(step: Step, input: VerbInput<'sessionCreate'>): VerbOutput<'sessionCreate'> {
  const known = step.rows.get('session', input.sessionId);
  if (known !== undefined) {
    const refused = gate(step, input.sessionId, input.digest);
    return refused ?? { session: sessionView(step, input.sessionId, known) };
  }
  if (input.reclaim === true && !inGrace(step)) return refuse('no_grace');
  const { session, refused } = enterSession(step, input, undefined);
  return session === undefined ? refused : { session: sessionView(step, input.sessionId, session) };
}

/** What a session of an NFS client begins with. */
type OfClient = Pick<SessionRow, 'client' | 'verifier' | 'principal' | 'unconfirmed'>;

/** Begins a session, or says why not. */
export function enterSession(
  step: Step,
  input: VerbInput<'sessionCreate'>,
  of: OfClient | undefined,
): { session: SessionRow; refused?: undefined } | { session?: undefined; refused: Refused } {
  const { meta } = step;
  const kept = meta.courteous ?? 0;
  if (meta.sessions - kept >= meta.limits.sessionsMax) return { refused: refuse('sessions_max') };
  // Somebody who is there goes before somebody who is not.
  if (meta.sessions >= meta.limits.sessionsMax) cede(step, undefined);
  step.meta.sessions += 1;
  const session: SessionRow = {
    no: nextSeq(step),
    digest: input.digest,
    ttlMs: input.ttlMs,
    expires: step.now + input.ttlMs,
    due: 0,
    state: 'live',
    rows: 0,
    delegations: 0,
    revoked: 0,
    reclaimedIn: 0,
    node: input.node,
    pid: input.pid,
    label: input.label,
    tenant: input.tenant,
    subject: input.subject,
    counted: input.quota === undefined ? undefined : true,
    countedTenant: input.tenantQuota === undefined ? undefined : true,
    client: of?.client,
    verifier: of?.verifier,
    principal: of?.principal,
    unconfirmed: of?.unconfirmed,
    courtesyMs: input.courtesyMs,
    resumedIn: input.reclaim === true ? step.meta.graceNo : undefined,
  };
  const limits = { subject: input.quota, tenant: input.tenantQuota };
  const over = sessionsOver(step, session, limits);
  const full = over === undefined || cedeSession(step, session, over.refused.reason) ? undefined : over;
  const refused = full ?? joinNode(step, input.sessionId, session);
  if (refused !== undefined) {
    step.meta.sessions -= 1;
    return { refused };
  }
  enterSubject(step, session, limits);
  setDue(step, keys.session(input.sessionId), session, session.expires);
  step.rows.link('sessions', input.sessionId, session.no);
  step.rows.put('session', input.sessionId, session);
  return { session };
}

export function sessionGet(step: Step, input: VerbInput<'sessionGet'>): VerbOutput<'sessionGet'> {
  const session = step.rows.get('session', input.sessionId);
  if (session === undefined) return { refused: { reason: 'no_such_session' } };
  if (input.digest !== undefined && session.digest !== input.digest)
    return { refused: { reason: 'not_holder' } };
  return { session: sessionView(step, input.sessionId, session) };
}

/** O(1): the deadline index keeps the old deadline as a lower bound and is corrected when that passes. */
export function keepalive(step: Step, input: VerbInput<'keepalive'>): VerbOutput<'keepalive'> {
  const session = step.rows.get('session', input.sessionId);
  if (session === undefined) return { refused: { reason: 'no_such_session' } };
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
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

/** The last row of an ending session is gone: the session becomes a tombstone. */
export function bury(step: Step, id: string, session: SessionRow): void {
  const expired = session.state === 'expiring';
  const { guest } = session;
  endClaims(step, session);
  leaveNode(step, id, session);
  leaveClient(step, id, session);
  leaveSubject(step, id);
  session.counted = undefined;
  session.countedTenant = undefined;
  forgetEnds(step, id);
  session.ended = undefined;
  session.streams = undefined;
  session.state = expired ? 'expired' : 'ended';
  step.meta.sessions -= 1;
  step.changed = true;
  setDue(step, keys.session(id), session, step.now + Math.max(tombstoneMs, 2 * session.ttlMs));
  step.rows.put('session', id, session);
  if (guest !== true) record(step, { kind: 'expired', sessionId: id, cause: expired ? 'expired' : 'ended' });
}

export function forgetSession(step: Step, id: string, session: SessionRow): void {
  setDue(step, keys.session(id), session, 0);
  step.rows.unlink('sessions', id, session.no);
  step.rows.del('session', id);
}
