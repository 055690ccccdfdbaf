import { emptySession, siftSession } from './deadlines';
import type { Guest, GuestState, SessionNews, VerbInput, VerbOutput, Wait } from './io';
import * as keys from './keys';
import { refuse } from './reasons';
import type { SessionRow } from './rows';
import { gate } from './rules/admission';
import { endSession, enterCourtesy, leaveCourtesy } from './rules/courtesy';
import { memberOfCycle, waitsFor } from './rules/deadlock';
import { loadFile } from './rules/file';
import { inGrace, wasThere } from './rules/grace';
import { dropWaiter } from './rules/kinds/kind';
import { lockById, lockOf } from './rules/kinds/table';
import { enterSubject, limitsOf } from './rules/quota';
import { settleFile } from './rules/settle';
import { veilCycle } from './rules/tenant';
import { agoMs, endOfList, nextSeq, setDue, type Step } from './step';

/**
 * Sessions in a table of several shards (decision 0074). A session is at home in the first one. Elsewhere it is a guest, from its
 * first request there: a row with the same secret, which never lapses by itself. Home tells these shards what has become of
 * it, and is done with it when they are. At the end, what lets the shards' waits be compared for deadlocks over several of them
 * (table/sharded/deadlocks.ts).
 */

/** A guest's TTL is over never: a time that no table reaches. */
const never = 4503599627370496;
/** How long a shard refuses a session that has ended: longer than a request that lets it in may be under way. */
const tombstoneMs = 600000;

export function sessionEnter(step: Step, input: VerbInput<'sessionEnter'>): VerbOutput<'sessionEnter'> {
  const { sessionId, shard, digest } = input;
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return refuse('no_such_session');
  const refused = gate(step, sessionId, digest);
  if (refused !== undefined) return refused;
  // Noted before it enters: whatever becomes of that, this shard will learn of its end.
  noteShard(step, sessionId, session, shard);
  return {
    guest: guestOf(step, session),
    state: session.state === 'courtesy' ? 'courtesy' : 'live',
  };
}

function noteShard(step: Step, id: string, session: SessionRow, shard: number): void {
  const shards: number[] = [];
  for (const each of session.shards ?? []) {
    if (each === shard) return;
    shards.push(each);
  }
  shards.push(shard);
  session.shards = shards;
  step.rows.put('session', id, session);
}

/** After a failover, home may have lost a session, or the note that it is in a shard. */
export function guestCheck(step: Step, input: VerbInput<'guestCheck'>): VerbOutput<'guestCheck'> {
  const unknown: string[] = [];
  // Who was there may still come back.
  if (inGrace(step)) return { unknown };
  for (const id of input.sessionIds) {
    const session = step.rows.get('session', id);
    if (session === undefined || session.state === 'expired' || session.state === 'ended') unknown.push(id);
    else noteShard(step, id, session, input.shard);
  }
  return { unknown };
}

function guestOf(step: Step, session: SessionRow): Guest {
  const { no, digest, ttlMs, pid, node, label, tenant, subject } = session;
  const { client, principal, complete, courtesyMs } = session;
  const limits = limitsOf(step, session);
  const grace = inGrace(step);
  return {
    no,
    digest,
    ttlMs,
    pid,
    node,
    label,
    tenant,
    subject,
    quota: limits.subject,
    tenantQuota: limits.tenant,
    client,
    principal,
    complete,
    courtesyMs,
    isNew: grace && !wasThere(step, session) ? true : undefined,
    reclaimed: grace && session.reclaimedIn === step.meta.graceNo ? true : undefined,
  };
}

export function guestSet(step: Step, input: VerbInput<'guestSet'>): VerbOutput<'guestSet'> {
  const { sessionId: id, state, silentMs = 0, facts } = input;
  const session = step.rows.get('session', id);
  const isOver = session?.state === 'expired' || session?.state === 'ended';
  if (session === undefined || isOver) {
    if (facts !== undefined) return isOver ? refuse('session_expired') : enter(step, id, facts);
    // A request that lets it in may still be under way.
    if (session === undefined && (state === 'expiring' || state === 'ending')) keepOut(step, id, state);
    return { more: false };
  }
  session.expires = state === 'live' ? never : step.now - silentMs;
  if (state === 'expiring' || state === 'ending') {
    endSession(step, id, session, state);
    return { more: emptySession(step, id, session) };
  }
  if (state === 'courtesy') {
    // Told twice, it goes on with what the first time has begun.
    if (session.state === 'live') {
      enterCourtesy(step, id, session);
      siftSession(step, id, session);
    }
  } else {
    setDue(step, keys.session(id), session, 0);
    if (state === 'held') {
      endSession(step, id, session, 'expiring');
    } else {
      leaveCourtesy(step, id, session);
      session.state = state;
    }
  }
  step.rows.put('session', id, session);
  return { more: false };
}

/** A session enters, with what its home knows of it. */
function enter(step: Step, id: string, facts: Guest): VerbOutput<'guestSet'> {
  const { graceNo = 0 } = step.meta;
  const isEarlier = agoMs(step, facts.no) >= agoMs(step, graceNo);
  const session: SessionRow = {
    no: nextSeq(step),
    digest: facts.digest,
    ttlMs: facts.ttlMs,
    expires: never,
    due: 0,
    state: 'live',
    rows: 0,
    delegations: 0,
    revoked: 0,
    reclaimedIn: facts.reclaimed === true ? graceNo : 0,
    node: facts.node,
    pid: facts.pid,
    label: facts.label,
    tenant: facts.tenant,
    subject: facts.subject,
    counted: facts.quota === undefined ? undefined : true,
    countedTenant: facts.tenantQuota === undefined ? undefined : true,
    client: facts.client,
    principal: facts.principal,
    complete: facts.complete,
    courtesyMs: facts.courtesyMs,
    // Its home knows it: if this shard has lost something, what it lost may be the session's.
    resumedIn: inGrace(step) && facts.isNew !== true && isEarlier ? graceNo : undefined,
    guest: true,
  };
  step.meta.sessions += 1;
  enterSubject(step, session, { subject: facts.quota, tenant: facts.tenantQuota });
  step.rows.link('sessions', id, session.no);
  step.rows.put('session', id, session);
  return { more: false };
}

/** A session that is not here has ended: it is not let in any more. */
function keepOut(step: Step, id: string, state: 'expiring' | 'ending'): void {
  const session: SessionRow = {
    no: nextSeq(step),
    digest: '',
    ttlMs: 0,
    expires: 0,
    due: 0,
    state: state === 'expiring' ? 'expired' : 'ended',
    rows: 0,
    delegations: 0,
    revoked: 0,
    reclaimedIn: 0,
    pid: 0,
    guest: true,
  };
  step.rows.link('sessions', id, session.no);
  setDue(step, keys.session(id), session, step.now + tombstoneMs);
  step.rows.put('session', id, session);
}

export function newsList(step: Step, input: VerbInput<'newsList'>): VerbOutput<'newsList'> {
  const news: SessionNews[] = [];
  for (const { member, score } of step.rows.page(keys.news, 0, endOfList, input.limit)) {
    const session = step.rows.get('session', member);
    if (session === undefined) continue;
    const silentMs = Math.max(0, step.now - session.expires);
    const { shards = [] } = session;
    news.push({ sessionId: member, no: score, state: stateOf(session), silentMs, shards });
  }
  return { news };
}

function stateOf({ state, emptying }: SessionRow): GuestState {
  if (state === 'live' || state === 'courtesy') return state;
  if (emptying !== true) return 'held';
  return state === 'ending' ? 'ending' : 'expiring';
}

export function newsTold(step: Step, input: VerbInput<'newsTold'>): VerbOutput<'newsTold'> {
  const { sessionId: id, no } = input;
  const session = step.rows.get('session', id);
  if (session === undefined || session.newsNo !== no) return { told: false };
  step.rows.unlink(keys.news, id, no);
  session.newsNo = undefined;
  step.rows.put('session', id, session);
  if (session.emptying === true) {
    // What it held elsewhere is released.
    session.shards = undefined;
    emptySession(step, id, session);
  }
  return { told: true };
}

// --- deadlocks over several shards

export function waitList(step: Step, input: VerbInput<'waitList'>): VerbOutput<'waitList'> {
  const waits: Wait[] = [];
  const page = step.rows.page(keys.waits, input.after, endOfList, input.limit);
  let after: number | undefined;
  for (const { member, score } of page) {
    after = score;
    const waiter = lockOf(step, member);
    const file = waiter === undefined ? undefined : loadFile(step, waiter.row.fileKey);
    if (waiter === undefined || file === undefined) continue;
    const { id, kind, sessionId, owner, exportName, path } = memberOfCycle(waiter);
    const { owners, any } = waitsFor(step, file, waiter);
    const { waitNo, ownerKey } = waiter.row;
    waits.push({ id, kind, sessionId, owner, exportName, path, waitNo, ownerKey, owners, any });
  }
  return { waits, after: page.length < input.limit ? undefined : after };
}

export function waitDrop(step: Step, input: VerbInput<'waitDrop'>): VerbOutput<'waitDrop'> {
  const waiter = lockById(step, input.id);
  const file = waiter === undefined ? undefined : loadFile(step, waiter.row.fileKey);
  if (waiter === undefined || file === undefined || waiter.row.waitNo !== input.waitNo)
    return { dropped: false };
  dropWaiter(step, file, waiter, 'deadlock', veilCycle(step, waiter.row.sessionId, input.cycle));
  settleFile(step, file);
  return { dropped: true };
}
