import type { VerbInput, VerbOutput } from './io';
import * as keys from './keys';
import { refuse } from './reasons';
import type { SessionRow } from './rows';
import { gate } from './rules/admission';
import { forgetLease, leaveSession, loadFile } from './rules/file';
import { dropWant } from './rules/offer';
import { dropWaiter, waiterOf } from './rules/queue';
import { settleFile } from './rules/settle';
import { endOfList, setDue, type Step } from './step';
import { walkExport } from './tree/export';
import { dueNode } from './tree/node';
import { dueOperation } from './tree/operation';
import { dropPin } from './tree/pins';
import { dueAdapter } from './tree/stack';
import { endSubscription } from './tree/subscription';
import { endOne, endRows } from './verbs/ending';
import { forgetFinished, letGo, loseLease } from './verbs/lease';
import { bury, forgetSession } from './verbs/session';
import { dueServer } from './verbs/streams';

/** What has lapsed is settled before anything is decided: every step begins here, within its budget. */

export function settleDue(step: Step, items: number): void {
  for (const entry of step.rows.page('due', 0, step.now, items)) {
    if (step.budget <= 0) return;
    step.budget -= 1;
    const id = keys.idOf(step.rows, entry.member);
    const kind = keys.rowMember(step.rows, entry.member);
    if (kind === 'file') dueFile(step, id);
    else if (kind === 'session') dueSession(step, id);
    else if (kind === 'lease') dueLease(step, id);
    else if (kind === 'open' || kind === 'range' || kind === 'change') dueWait(step, entry.member);
    else if (kind === 'export') walkExport(step, id);
    else if (kind === 'node') dueNode(step, id);
    else if (kind === 'adapter') dueAdapter(step, id);
    else if (kind === 'operation') dueOperation(step, id);
    else if (kind === 'server') dueServer(step, id);
  }
}

function dueFile(step: Step, key: string): void {
  const file = loadFile(step, key);
  if (file === undefined) return;
  if (file.row.ending !== undefined) endRows(step, key, file.row.ending, rowsPerStep);
  settleFile(step, file);
}

/** An allocated lease that was never set, or a finished one that was remembered long enough. */
function dueLease(step: Step, id: string): void {
  const lease = step.rows.get('lease', id);
  if (lease === undefined || lease.due === 0 || lease.due > step.now) return;
  if (lease.waitNo !== 0) {
    dueWait(step, keys.lease(id));
    return;
  }
  if (lease.state === 'allocated') leaveSession(step, lease.sessionId, keys.lease(id), lease.no);
  forgetLease(step, id, lease);
}

/** A request that has waited long enough. */
function dueWait(step: Step, member: string): void {
  const waiter = waiterOf(step, member);
  // It may have had its turn earlier in this very step.
  if (waiter === undefined || waiter.row.waitNo === 0) return;
  const file = loadFile(step, waiter.row.fileKey);
  if (file === undefined) return;
  dropWaiter(step, file, waiter, 'wait_elapsed');
  settleFile(step, file);
}

function dueSession(step: Step, id: string): void {
  const session = step.rows.get('session', id);
  if (session === undefined) return;
  if (session.state === 'expired' || session.state === 'ended') {
    forgetSession(step, id, session);
    return;
  }
  if (session.state === 'live') {
    if (session.expires > step.now) {
      // A keepalive has moved the deadline since it was indexed.
      setDue(step, keys.session(id), session, session.expires);
      step.rows.put('session', id, session);
      return;
    }
    session.state = 'expiring';
  }
  emptySession(step, id, session);
}

/** Rows of a session that one step removes. */
const rowsPerStep = 64;

/** Removes what a session has, a bounded number of rows; what is left conflicts until its turn. Returns whether there is more. */
function emptySession(step: Step, id: string, session: SessionRow): boolean {
  const expired = session.state === 'expiring';
  const limit = Math.max(1, Math.min(rowsPerStep, step.budget));
  const page = step.rows.page(keys.sessionRows(id), 0, endOfList, limit);
  for (const entry of page) {
    endRow(step, entry.member, session, expired);
  }
  step.budget -= page.length;
  // What was let go may have given the session something else that it had waited for.
  if (step.rows.page(keys.sessionRows(id), 0, endOfList, 1).length === 0) {
    bury(step, id, session);
    return false;
  }
  setDue(step, keys.session(id), session, step.now);
  step.rows.put('session', id, session);
  return true;
}

function endRow(step: Step, member: string, session: SessionRow, expired: boolean): void {
  const id = keys.idOf(step.rows, member);
  const kind = keys.rowMember(step.rows, member);
  const reason = expired ? 'session_expired' : 'session_ended';
  if (kind === 'lease') {
    endLease(step, id, reason);
  } else if (kind === 'open' || kind === 'range' || kind === 'change') {
    endOne(step, kind, id, reason);
  } else if (kind === 'pin') {
    const pin = step.rows.get('pin', id);
    if (pin !== undefined) dropPin(step, id, pin);
  } else if (kind === 'subscription') {
    const subscription = step.rows.get('subscription', id);
    if (subscription !== undefined) endSubscription(step, id, subscription);
  } else {
    // A want of a delegation; the id is the file's.
    const file = loadFile(step, id);
    if (file === undefined || session.clientKey === undefined) return;
    dropWant(step, file, session.clientKey);
    settleFile(step, file);
  }
}

function endLease(step: Step, id: string, reason: 'session_expired' | 'session_ended'): void {
  const lease = step.rows.get('lease', id);
  if (lease === undefined) return;
  const file = loadFile(step, lease.fileKey);
  if (lease.waitNo !== 0 && file !== undefined) {
    dropWaiter(step, file, { kind: 'lease', id, row: lease }, reason);
    settleFile(step, file);
    // A request that was nothing more is gone with that.
    if (step.rows.get('lease', id) === undefined) return;
  }
  if (lease.state === 'revoked' || lease.state === 'released') {
    forgetFinished(step, id, lease);
    return;
  }
  if (lease.state === 'allocated' || file === undefined) {
    leaveSession(step, lease.sessionId, keys.lease(id), lease.no);
    forgetLease(step, id, lease);
    return;
  }
  if (reason === 'session_expired') loseLease(step, file, id, lease, 'expired');
  else letGo(step, file, id, lease, reason);
  // A delegation that turns out to be revoked would wait to be freed, and nobody is left to do that.
  const left = step.rows.get('lease', id);
  if (left !== undefined && left.state === 'revoked' && left.due === 0) forgetFinished(step, id, left);
  settleFile(step, file);
}

export function sessionEnd(step: Step, input: VerbInput<'sessionEnd'>): VerbOutput<'sessionEnd'> {
  const session = step.rows.get('session', input.sessionId);
  if (session === undefined) return refuse('no_such_session');
  if (input.digest === undefined) return takeSession(step, input.sessionId, session);
  const ours = session.digest === input.digest;
  if (session.state === 'ended' && ours) return { more: false };
  if (session.state !== 'ending' || !ours) {
    const refused = gate(step, input.sessionId, input.digest);
    if (refused !== undefined) return refused;
    session.state = 'ending';
  }
  return { more: emptySession(step, input.sessionId, session) };
}

/** An administrator ends a session: it expires now, as its client has not said that it is done with what it holds. */
function takeSession(step: Step, id: string, session: SessionRow): { more: boolean } {
  if (session.state === 'expired' || session.state === 'ended') return { more: false };
  // One that ends by its own word goes on ending.
  if (session.state === 'live') session.state = 'expiring';
  return { more: emptySession(step, id, session) };
}

export function tick(step: Step): VerbOutput<'tick'> {
  const next = step.rows.page('due', 0, endOfList, 1);
  let nextMs = 1000;
  for (const entry of next) nextMs = Math.max(0, Math.min(nextMs, entry.score - step.now));
  return { nextMs, epoch: step.meta.epoch };
}
