import type { AllocItem, FileRef, LeaseAnswer, LeaseView, Refused, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { isOfThisLife } from '../lives';
import { type Reason, refuse } from '../reasons';
import type { LeaseRow } from '../rows';
import { claim, exportFor, gate, holdTooLong, pidOf, roomFor, turnedAway } from '../rules/admission';
import { breakView, downgrade } from '../rules/break';
import { rank } from '../rules/conflict';
import { enterFile, loadFile, moveLease, type File } from '../rules/file';
import { inGraceOf, neverHeld } from '../rules/grace';
import { enterLease, newLease, take, whyNotNow } from '../rules/grant';
import { undo } from '../rules/hold';
import { dropWaiter, type Waiter } from '../rules/kinds/kind';
import {
  forgetFinished,
  leaseKind,
  leaseView,
  letGo,
  loseLease,
  stateOf,
  tellRevoked,
} from '../rules/kinds/lease';
import { aheadOf, enqueue } from '../rules/queue';
import { explain, mayNotWait } from '../rules/refusal';
import { bringUp, settleFile } from '../rules/settle';
import { outlasted } from '../rules/tenure';
import { isAmong } from './listing';
import { gateShown, isRepeat, notPresent } from '../rules/stateid';
import { makeWay } from '../rules/takeover';
import { endOfList, setDue, type Step } from '../step';

/** setlease and related verbs (semantics.md §2): allocate, set, acknowledge, release, undo, read. */

function answer(step: Step, id: string, lease: LeaseRow): LeaseAnswer {
  return {
    lease: leaseView(step, id, lease),
    pending: lease.pendingType !== undefined,
    waiting: lease.waitNo !== 0,
  };
}

// --- allocate

export function leaseAlloc(step: Step, input: VerbInput<'leaseAlloc'>): VerbOutput<'leaseAlloc'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  for (const item of input.items) {
    const away = turnedAway(step, item, input.sessionId) ?? tooLong(step, item);
    if (away !== undefined) return away;
  }
  const full = roomFor(step, input.sessionId, input.items.length);
  if (full !== undefined) return full;
  const pid = pidOf(step, input.sessionId);
  const leases: LeaseView[] = [];
  for (const item of input.items) {
    const lease = newLease(item, input.sessionId, pid, false);
    lease.exportNo = item.exportNo;
    lease.placeholder = item.placeholder;
    setDue(step, keys.lease(item.leaseId), lease, step.now + step.meta.limits.unusedMs);
    enterLease(step, item.leaseId, lease);
    leases.push(leaseView(step, item.leaseId, lease));
  }
  return { leases };
}

/** The export permits no tenure of this length. */
function tooLong(step: Step, item: AllocItem): Refused | undefined {
  const exp = step.rows.get('export', item.exportName);
  return exp === undefined ? undefined : holdTooLong(exp, item.maxHoldMs);
}

// --- set

/** Grants the lease or queues its request, or returns why neither. `listed`: it has a row already. */
function enter(
  step: Step,
  file: File,
  id: string,
  lease: LeaseRow,
  type: 'read' | 'write',
  waitMs: number,
  listed: boolean,
): Refused | undefined {
  lease.waitType = type;
  const waiter: Waiter<LeaseRow> = { kind: leaseKind, id, row: lease };
  if (aheadOf(step, file, waiter) === undefined) makeWay(step, file, waiter);
  const not = whyNotNow(step, file, id, lease, type);
  const ahead = not === undefined ? aheadOf(step, file, waiter) : undefined;
  if (not === undefined && ahead === undefined) {
    lease.waitType = undefined;
    if (!listed) enterLease(step, id, lease);
    take(step, file, id, lease, type, false);
    return undefined;
  }
  const verdict = refusal(
    step,
    file,
    waiter,
    not === undefined ? 'queued' : not.reason,
    not?.leaseId,
    waitMs,
  );
  if (verdict !== undefined) {
    lease.waitType = undefined;
    return verdict;
  }
  if (!listed) enterLease(step, id, lease);
  enqueue(step, file, waiter, waitMs);
  step.rows.put('lease', id, lease);
  return undefined;
}

function refusal(
  step: Step,
  file: File,
  waiter: Waiter,
  reason: Reason,
  leaseId: string | undefined,
  waitMs: number,
): Refused | undefined {
  if (reason === 'owner_has_lease') return { refused: { reason, leaseId } };
  if (reason === 'no_backend') return explain(step, file, waiter, reason);
  return mayNotWait(step, file, waiter, reason, waitMs);
}

export function leaseSet(step: Step, input: VerbInput<'leaseSet'>): VerbOutput<'leaseSet'> {
  const id = input.leaseId;
  const { shown } = input;
  const away = gateShown(step, shown, input.digest);
  if (away !== undefined) return away;
  const lease = step.rows.get('lease', id);
  if (lease === undefined || (shown !== undefined && !lease.delegation)) return refuse('no_such_lease');
  const refused = notPresent(shown, lease) ?? gate(step, lease.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const exp = step.rows.get('export', lease.exportName);
  if (exp === undefined) return refuse('no_such_export');
  if (input.file !== undefined && isUnset(lease)) resolvedAgain(step, id, lease, input.file);
  const file = enterFile(step, lease, exp);
  moveLease(step, id, lease, file.key);
  bringUp(step, file);
  outlast(step, file, id, lease);
  const verdict = decideSet(step, file, id, lease, input);
  settleFile(step, file);
  return verdict ?? answer(step, id, lease);
}

/** A lease whose tenure is over is revoked, even if that is not its turn among what is due. */
function outlast(step: Step, file: File, id: string, lease: LeaseRow): void {
  if (outlasted(step, lease)) loseLease(step, file, id, lease, 'max_hold');
}

function isUnset(lease: LeaseRow): boolean {
  return lease.state === 'allocated' && lease.waitNo === 0;
}

/** The name of an allocated lease has been resolved again. */
function resolvedAgain(step: Step, id: string, lease: LeaseRow, ref: FileRef): void {
  moveLease(step, id, lease, ref.fileKey);
  lease.fileId = ref.fileId;
  lease.inode = ref.inode;
  lease.exportNo = ref.exportNo;
  lease.placeholder = ref.placeholder;
  step.rows.put('lease', id, lease);
}

function decideSet(
  step: Step,
  file: File,
  id: string,
  lease: LeaseRow,
  input: VerbInput<'leaseSet'>,
): Refused | undefined {
  const { type } = input;
  const state = stateOf(file.row, lease);
  if (state === 'revoked' || state === 'fencing')
    return input.shown !== undefined && lease.cause === 'expired'
      ? refuse('state_expired')
      : { refused: { reason: 'lease_revoked', ended: lease.cause ?? file.row.clearCause } };
  if (state === 'released') {
    const known = type === 'none' && (input.shown === undefined || isRepeat(input.shown, lease));
    return known ? undefined : refuse('lease_released');
  }
  if (input.ifToken !== undefined && !isToken(step, lease, input.ifToken)) return refuse('token_old');
  const running = state === 'breaking' ? file.row.breaking : undefined;
  if (input.breakId !== undefined && (running === undefined || running.breakId !== input.breakId)) {
    return refuse('break_over');
  }
  if (type === 'none') {
    lease.request = input.shown?.requestId;
    letGo(step, file, id, lease, running === undefined ? 'holder' : 'acknowledged');
    return undefined;
  }
  if (running !== undefined) {
    if (rank(type) > rank(running.target)) {
      return { refused: { reason: 'above_target', break: breakView(step, running, lease.ownerKey) } };
    }
    // Only a write lease can be above a target of read.
    downgrade(step, file, id, lease, 'acknowledged');
    return undefined;
  }
  if (state === 'pending') return lease.pendingType === type ? undefined : refuse('request_pending');
  if (lease.waitNo !== 0) {
    if (lease.waitType === type) return undefined;
    if (state === 'allocated') return refuse('request_pending');
    // A request for the current type or less withdraws the waiting upgrade, as it does a pending one.
    dropWaiter(step, file, { kind: leaseKind, id, row: lease }, 'cancelled');
  }
  if (lease.pendingType === type) return undefined;
  if (lease.pendingType !== undefined) undo(step, file, id, lease, 'cancelled');
  if (lease.type === type) return undefined;
  if (state === 'active' && type === 'read') {
    downgrade(step, file, id, lease, 'holder');
    return undefined;
  }
  const away = turnedAway(step, lease, lease.sessionId);
  if (away !== undefined) return away;
  const early = claim(step, lease.sessionId, undefined, lease.exportName);
  if (early?.refused.reason === 'grace') return early;
  return enter(step, file, id, lease, type, input.waitMs ?? 0, true);
}

/** Whether this is the lease's token, and was not minted before a restore. */
function isToken(step: Step, lease: LeaseRow, token: number): boolean {
  return token === lease.token && (token === 0 || isOfThisLife(step, token));
}

export function leaseAcquire(step: Step, input: VerbInput<'leaseAcquire'>): VerbOutput<'leaseAcquire'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const { item } = input;
  const known = step.rows.get('lease', item.leaseId);
  if (known !== undefined) {
    if (known.sessionId !== input.sessionId) return refuse('no_such_lease');
    const reclaims = input.reclaim === true && inGraceOf(step, known.exportName);
    if (known.body !== input.body && !(reclaims && input.body === undefined))
      return refuse('id_reused_with_other_body');
    const over = known.state === 'released' || known.state === 'revoked';
    if (!reclaims || over || rank(known.type) >= rank(input.type)) return answer(step, item.leaseId, known);
  }
  // The grant that its holder was told of may be lost while the row is not: it still waits, or is weaker.
  const { exp, refused: away } = exportFor(step, known ?? item, input, known === undefined ? 1 : 0);
  if (exp === undefined) return away;
  const missing = neverHeld(step, input.reclaim, exp);
  if (missing !== undefined) return missing;
  const longer = holdTooLong(exp, item.maxHoldMs);
  if (longer !== undefined) return longer;
  const file = enterFile(step, known ?? item, exp);
  bringUp(step, file);
  if (known !== undefined && known.waitNo !== 0)
    dropWaiter(step, file, { kind: leaseKind, id: item.leaseId, row: known }, 'cancelled');
  const left = step.rows.get('lease', item.leaseId);
  const lease = left ?? newLease(item, input.sessionId, pidOf(step, input.sessionId), true);
  if (left === undefined) {
    lease.fileKey = file.key;
    lease.body = input.body;
  }
  const verdict = enter(step, file, item.leaseId, lease, input.type, input.waitMs ?? 0, left !== undefined);
  settleFile(step, file);
  return verdict ?? answer(step, item.leaseId, lease);
}

export function leaseUndo(step: Step, input: VerbInput<'leaseUndo'>): VerbOutput<'leaseUndo'> {
  const lease = step.rows.get('lease', input.leaseId);
  if (lease === undefined) return {};
  const file = loadFile(step, lease.fileKey);
  if (file !== undefined) {
    if (lease.waitNo !== 0)
      dropWaiter(step, file, { kind: leaseKind, id: input.leaseId, row: lease }, input.reason);
    else if (lease.pendingType !== undefined) undo(step, file, input.leaseId, lease, input.reason);
    settleFile(step, file);
  }
  const left = step.rows.get('lease', input.leaseId);
  return left === undefined ? {} : { lease: leaseView(step, input.leaseId, left) };
}

/** Forgets a lease that has ended, at its holder's request (FREE_STATEID). */
export function leaseFree(step: Step, input: VerbInput<'leaseFree'>): VerbOutput<'leaseFree'> {
  const lease = step.rows.get('lease', input.leaseId);
  if (lease === undefined) return refuse('no_such_lease');
  const refused = gate(step, lease.sessionId, input.digest);
  if (refused !== undefined) return refused;
  settleLease(step, input.leaseId, lease);
  if (lease.state !== 'revoked' && lease.state !== 'released') return refuse('lease_held');
  forgetFinished(step, input.leaseId, lease);
  return { freed: true };
}

/** Brings the lease's row up to date with its file. */
export function settleLease(step: Step, id: string, lease: LeaseRow): void {
  const file = loadFile(step, lease.fileKey);
  if (file === undefined) return;
  bringUp(step, file);
  tellRevoked(step, file, id, lease);
  settleFile(step, file);
}

// --- read

export function leaseGet(step: Step, input: VerbInput<'leaseGet'>): VerbOutput<'leaseGet'> {
  const lease = step.rows.get('lease', input.leaseId);
  if (lease === undefined) return refuse('no_such_lease');
  const refused = gate(step, lease.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (input.body !== undefined && lease.body !== input.body) return refuse('id_reused_with_other_body');
  refresh(step, input.leaseId, lease);
  return { lease: leaseView(step, input.leaseId, lease) };
}

function refresh(step: Step, id: string, lease: LeaseRow): void {
  const file = loadFile(step, lease.fileKey);
  if (file === undefined) return;
  const over = outlasted(step, lease);
  outlast(step, file, id, lease);
  if (over || file.row.breaking !== undefined) settleFile(step, file);
}

export function leaseList(step: Step, input: VerbInput<'leaseList'>): VerbOutput<'leaseList'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const leases: LeaseView[] = [];
  const page = step.rows.page(keys.sessionRows(input.sessionId), input.after, endOfList, input.limit);
  const rangesOn: string[] = [];
  let last: string | undefined;
  let after: number | undefined;
  for (const entry of page) {
    after = entry.score;
    const kind = keys.rowMember(step.rows, entry.member);
    if (kind === 'range' && input.ranges === true) {
      const range = step.rows.get('range', keys.idOf(step.rows, entry.member));
      if (range !== undefined && range.exportName !== last) {
        last = range.exportName;
        rangesOn.push(last);
      }
    }
    if (kind === 'lease') {
      const id = keys.idOf(step.rows, entry.member);
      const lease = step.rows.get('lease', id);
      if (lease !== undefined && isAmong(step, lease, input)) leases.push(leaseView(step, id, lease));
    }
  }
  const more = page.length < input.limit ? undefined : after;
  return { leases, rangesOn: input.ranges === true ? rangesOn : undefined, after: more };
}

// --- fences

export function fenceGet(step: Step, input: VerbInput<'fenceGet'>): VerbOutput<'fenceGet'> {
  const file = loadFile(step, input.fileKey)?.row;
  // A file that nothing refers to has no row; the last token minted at all is an upper bound for it.
  const { token, lostUpTo = 0 } = step.meta;
  return {
    highestToken: file === undefined || file.maxToken === 0 ? token : Math.max(file.maxToken, lostUpTo),
  };
}

/** Valid only if a lease on that file has exactly this token now and is active or breaking (semantics.md §6). */
export function fenceCheck(step: Step, input: VerbInput<'fenceCheck'>): VerbOutput<'fenceCheck'> {
  const file = loadFile(step, input.fileKey);
  if (file === undefined) return refuse('token_old');
  settleFile(step, file);
  for (const entry of step.rows.page(keys.grants(file.key), input.token - 1, input.token, 1)) {
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || !isToken(step, lease, input.token) || outlasted(step, lease)) continue;
    const state = stateOf(file.row, lease);
    if (state !== 'active' && state !== 'breaking') return refuse('lease_revoked');
    if (input.access === 'write' && lease.type !== 'write') return refuse('token_old');
    return { leaseId: entry.member, type: lease.type, state };
  }
  return refuse('token_old');
}
