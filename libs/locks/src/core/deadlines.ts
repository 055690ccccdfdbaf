import type { VerbInput, VerbOutput } from './io';
import * as keys from './keys';
import { refuse } from './reasons';
import type { ModeCounts, SessionRow, UnclaimedLock, WaitCounts } from './rows';
import { gateClient } from './rules/admission';
import { clientOf, saveClient } from './rules/client';
import { cede, endSession, enterCourtesy, heldUntil, noteNews } from './rules/courtesy';
import { loadFile } from './rules/file';
import { undo } from './rules/hold';
import { stateOf } from './rules/kinds/lease';
import { dropWaiter, type Waiter } from './rules/kinds/kind';
import { lockOf } from './rules/kinds/table';
import { dropWant } from './rules/offer';
import { settleFile } from './rules/settle';
import { giveUpRange } from './rules/range-tree';
import { forgetLockState, keepUnclaimed } from './rules/stateid';
import { makeRoomInTable } from './rules/surplus';
import { endOfList, inShards, record, setDue, setFirstDue, type Step } from './step';
import { walkExport } from './tree/export';
import { dueNode } from './tree/node';
import { dueOperation } from './tree/operation';
import { dropPin } from './tree/pins';
import { dueAdapter } from './tree/stack';
import { endSubscription } from './tree/subscription';
import { endConnection } from './tree/connection';
import { end, endRows } from './verbs/ending';
import { bury, forgetSession } from './verbs/session';
import { forgetServer } from './verbs/streams';

/** Every step starts here: it settles what has lapsed, within its budget, before it decides anything. */

/** A tick looks at the index of deadlines in any case; other steps only when the first one has come. */
export function settleDue(step: Step, items: number, tick: boolean): void {
  if ((step.meta.firstDue ?? 0) > step.now && !tick) return;
  const page = step.rows.page('due', 0, endOfList, items + 1);
  let done = 0;
  for (const entry of page) {
    if (done === items || entry.score > step.now || step.budget <= 0) break;
    done += 1;
    settleEntry(step, entry.member);
  }
  // What was settled may go on at once, or later.
  const [next] = done === 0 ? page : step.rows.page('due', 0, endOfList, 1);
  setFirstDue(step, next === undefined ? endOfList : next.score);
}

function settleEntry(step: Step, member: string): void {
  step.budget -= 1;
  // Store the step's time even if nothing else changes: no later step may begin before it.
  step.changed = true;
  const lock = lockOf(step, member);
  if (lock !== undefined) {
    dueLock(step, lock);
    return;
  }
  const id = keys.idOf(step.rows, member);
  const kind = keys.rowMember(step.rows, member);
  if (kind === 'file') dueFile(step, id);
  else if (kind === 'session') dueSession(step, id);
  else if (kind === 'lockState') dueLockState(step, id);
  else if (kind === 'export') walkExport(step, id);
  else if (kind === 'node') dueNode(step, id);
  else if (kind === 'adapter') dueAdapter(step, id);
  else if (kind === 'operation') dueOperation(step, id);
  else if (kind === 'server') forgetServer(step, id);
  else if (kind === 'tenure') dueTenure(step, id);
}

function dueFile(step: Step, key: string): void {
  const file = loadFile(step, key);
  if (file === undefined) return;
  if (file.row.ending !== undefined) endRows(step, file, file.row.ending, rowsPerStep);
  else settleFile(step, file);
}

/** Locks that their owner was told of and did not come for are given to others. */
function dueLockState(step: Step, id: string): void {
  const state = step.rows.get('lockState', id);
  const file = state === undefined ? undefined : loadFile(step, state.fileKey);
  if (state === undefined || file === undefined) return;
  const at = { fileKey: file.key, class: 'posix' as const, ownerKey: state.ownerKey };
  const left: UnclaimedLock[] = [];
  for (const each of state.unclaimed ?? []) {
    if (each.until > step.now) {
      left.push(each);
      continue;
    }
    // It may have been merged with others: then the id of its wait is free for what is split off.
    const splitId = step.rows.get('range', each.waitId) === undefined ? each.waitId : each.splitId;
    giveUpRange(step, file, at, each, splitId);
    record(step, {
      kind: 'dropped',
      waitId: each.waitId,
      sessionId: state.sessionId,
      owner: state.owner,
      fileKey: file.key,
      exportName: file.row.exportName,
      path: file.row.path,
      reason: 'wait_elapsed',
    });
  }
  keepUnclaimed(step, id, state, left);
  settleFile(step, file);
}

/** A lock's deadline has come: its wait is over, or it ends on its own. */
function dueLock(step: Step, lock: Waiter): void {
  const { kind, id, row } = lock;
  // It may have been served earlier in this very step.
  if (row.due === 0 || row.due > step.now) return;
  if (row.waitNo === 0) {
    kind.lapse(step, id, row);
    return;
  }
  const file = loadFile(step, row.fileKey);
  if (file === undefined) return;
  dropWaiter(step, file, lock, kind.late?.(row) ?? 'wait_elapsed');
  settleFile(step, file);
}

/** A holder has had it for as long as it may. */
function dueTenure(step: Step, member: string): void {
  const lock = lockOf(step, member);
  if (lock !== undefined) end(step, lock, 'max_hold');
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
    if (heldUntil(session) > step.now && (session.rows > 0 || session.shards !== undefined)) {
      enterCourtesy(step, id, session);
    } else {
      endSession(step, id, session, 'expiring');
    }
  }
  if (session.state === 'courtesy') {
    if (session.siftAfter !== undefined) {
      siftSession(step, id, session);
      return;
    }
    endSession(step, id, session, 'expiring');
  }
  emptySession(step, id, session);
}

/**
 * A session has come into courtesy: its requests end, and what it has besides files. What others want already is taken.
 * A bounded number of rows a step.
 */
export function siftSession(step: Step, id: string, session: SessionRow): void {
  const limit = Math.max(1, Math.min(rowsPerStep, step.budget));
  const page = step.rows.page(keys.sessionRows(id), session.siftAfter ?? 0, endOfList, limit);
  step.budget -= page.length;
  const more = page.length === limit;
  setDue(step, keys.session(id), session, more ? step.now : session.guest === true ? 0 : heldUntil(session));
  session.siftAfter = undefined;
  for (const entry of page) {
    if (more) session.siftAfter = entry.score;
    const lock = lockOf(step, entry.member);
    if (lock === undefined) {
      if (keys.rowMember(step.rows, entry.member) !== 'lockState') endRow(step, entry.member, session, true);
    } else if (lock.kind.staysOut?.(lock.row) !== true) {
      end(step, lock, 'session_expired');
    } else {
      siftLock(step, lock);
    }
  }
  step.rows.put('session', id, session);
}

/** Ends what a lock waits for besides. Whoever waits for the lock itself takes it. */
function siftLock(step: Step, lock: Waiter): void {
  const { row } = lock;
  const file = loadFile(step, row.fileKey);
  if (file === undefined) return;
  const lease = step.rows.get('lease', lock.id);
  if (row.waitNo !== 0) dropWaiter(step, file, lock, 'session_expired');
  else if (lease?.pendingType !== undefined) undo(step, file, lock.id, lease, 'session_expired');
  else if (file.row.waiting === 0 && file.row.breaking === undefined) return;
  const running = file.row.breaking;
  // The break began when its holder was there: it is looked through again.
  if (running !== undefined && lease !== undefined && stateOf(file.row, lease) === 'breaking')
    running.yielded = undefined;
  settleFile(step, file);
}

/** How many rows of a session one step removes. */
const rowsPerStep = 64;

/**
 * Removes a bounded number of a session's rows; the rest still conflict meanwhile. Returns whether there are more, here or
 * in other shards.
 */
export function emptySession(step: Step, id: string, session: SessionRow): boolean {
  const expired = session.state === 'expiring';
  if (session.emptying !== true) {
    session.emptying = true;
    noteNews(step, id, session);
  }
  const limit = Math.max(1, Math.min(rowsPerStep, step.budget));
  const page = step.rows.page(keys.sessionRows(id), 0, endOfList, limit);
  for (const entry of page) {
    endRow(step, entry.member, session, expired);
  }
  step.budget -= page.length;
  // Releasing rows may have granted the session another request that waited.
  const isEmpty = step.rows.page(keys.sessionRows(id), 0, endOfList, 1).length === 0;
  if (isEmpty && session.shards === undefined) {
    bury(step, id, session);
    return false;
  }
  setDue(step, keys.session(id), session, isEmpty ? 0 : step.now);
  step.rows.put('session', id, session);
  return true;
}

function endRow(step: Step, member: string, session: SessionRow, expired: boolean): void {
  const id = keys.idOf(step.rows, member);
  const kind = keys.rowMember(step.rows, member);
  const lock = lockOf(step, member);
  if (lock !== undefined) {
    end(step, lock, expired ? 'session_expired' : 'session_ended');
  } else if (kind === 'pin') {
    const pin = step.rows.get('pin', id);
    if (pin !== undefined) dropPin(step, id, pin);
  } else if (kind === 'subscription') {
    const subscription = step.rows.get('subscription', id);
    if (subscription !== undefined) endSubscription(step, id, subscription);
  } else if (kind === 'connection') {
    endConnection(step, id, expired ? 'session_expired' : 'session_ended');
  } else if (kind === 'lockState') {
    const state = step.rows.get('lockState', id);
    if (state !== undefined) forgetLockState(step, id, state);
  } else if (kind === 'want') {
    // The id is the file's key.
    const file = loadFile(step, id);
    if (file === undefined || session.clientKey === undefined) return;
    dropWant(step, file, session.clientKey);
    settleFile(step, file);
  }
}

export function sessionEnd(step: Step, input: VerbInput<'sessionEnd'>): VerbOutput<'sessionEnd'> {
  const session = step.rows.get('session', input.sessionId);
  if (session === undefined) return refuse('no_such_session');
  if (input.digest === undefined) return takeSession(step, input.sessionId, session);
  const ours = session.digest === input.digest;
  if (session.state === 'ended' && ours) return { more: false };
  if (session.state !== 'ending' || !ours) {
    const refused = gateClient(step, input.sessionId, input.digest);
    if (refused !== undefined) return refused;
    endSession(step, input.sessionId, session, 'ending');
  }
  return { more: emptySession(step, input.sessionId, session) };
}

/**
 * CREATE_SESSION (RFC 8881 §18.36.3) confirms a client. If it has restarted, what its earlier life held is released:
 * that client is not there any more. `more`: some of that is left.
 */
export function clientConfirm(step: Step, input: VerbInput<'clientConfirm'>): VerbOutput<'clientConfirm'> {
  const { sessionId, principal } = input;
  const refused = gateClient(step, sessionId, input.digest);
  const session = step.rows.get('session', sessionId);
  if (refused !== undefined || session === undefined) return refused ?? refuse('no_such_session');
  if (session.client === undefined) return { more: false };
  if (principal !== undefined && principal !== session.principal) return refuse('client_in_use');
  const row = clientOf(step, session.client);
  if (session.unconfirmed === true) {
    session.unconfirmed = undefined;
    step.rows.put('session', sessionId, session);
    row.unconfirmed = undefined;
    row.ending = row.confirmed;
    row.confirmed = sessionId;
    saveClient(step, session.client, row);
  }
  const earlier = row.ending === undefined ? undefined : step.rows.get('session', row.ending);
  if (earlier === undefined || row.ending === undefined) return { more: false };
  if (earlier.state === 'live' || earlier.state === 'courtesy')
    endSession(step, row.ending, earlier, 'ending');
  return { more: emptySession(step, row.ending, earlier) };
}

/** An administrator ends a session: it expires now, because its client has not said that it is done with its locks. */
function takeSession(step: Step, id: string, session: SessionRow): { more: boolean } {
  if (session.state === 'expired' || session.state === 'ended') return { more: false };
  // A session that its client is ending continues to end.
  if (session.state === 'live' || session.state === 'courtesy') endSession(step, id, session, 'expiring');
  return { more: emptySession(step, id, session) };
}

export function tick(step: Step): VerbOutput<'tick'> {
  if (step.short) makeRoomInTable(step);
  // Where room runs short, nobody keeps what is only kept out of courtesy.
  if (step.short) cede(step, undefined);
  const next = step.rows.page('due', 0, endOfList, 1);
  let nextMs = 1000;
  for (const entry of next) nextMs = Math.max(0, Math.min(nextMs, entry.score - step.now));
  const { epoch, sessions, held, courteous = 0, restoredIn: life = 0 } = step.meta;
  const news = inShards(step) && step.rows.page(keys.news, 0, endOfList, 1).length > 0 ? true : undefined;
  const operations =
    inShards(step) && step.rows.page('operations', 0, endOfList, 1).length > 0 ? true : undefined;
  if (held === undefined) return { nextMs, life, epoch, sessions, courteous, news, operations };
  const {
    reads,
    writes,
    delegReads,
    delegWrites,
    opens,
    ranges,
    waits,
    waiting,
    breaks,
    connections,
    modes,
    permits,
  } = held;
  // Copies: the row changes with later steps.
  return {
    nextMs,
    life,
    epoch,
    sessions,
    courteous,
    news,
    operations,
    held: {
      reads,
      writes,
      delegReads,
      delegWrites,
      opens,
      ranges,
      waits,
      waiting: waiting === undefined ? undefined : waitingNow(waiting),
      breaks,
      connections,
      modes: modes === undefined ? undefined : modesNow(modes),
      permits,
    },
  };
}

function waitingNow(counted: WaitCounts): WaitCounts {
  const { lease = 0, open = 0, range = 0, change = 0, dlm = 0, permit = 0 } = counted;
  return { lease, open, range, change, dlm, permit };
}

function modesNow({ NL, CR, CW, PR, PW, EX }: ModeCounts): ModeCounts {
  return { NL, CR, CW, PR, PW, EX };
}
