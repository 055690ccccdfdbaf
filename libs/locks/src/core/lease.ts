import { explain, leaseView, refuse, stateOf } from './answer';
import { breakView, downgrade } from './break';
import { leaseRefusal, liveType, rank } from './conflict';
import {
  enterFile,
  enterLists,
  finishLease,
  isRevoked,
  loadFile,
  needsFence,
  ownLease,
  saveShare,
  shareOf,
  type File,
} from './file';
import { grant, holdSuffices, intend, mayAsk, undo, unintend } from './hold';
import type { AllocItem, LeaseAnswer, LeaseView, Refused, VerbInput, VerbOutput } from './io';
import type { FileRow, LeaseRow } from './rows';
import { gate, roomFor } from './session';
import { bringUp, settleFile } from './settle';
import { endOfList, mintToken, setDue, type Step } from './step';

/** setlease and what goes with it (semantics.md §2): allocate, set, acknowledge, release, undo, read. */

function answer(step: Step, id: string, lease: LeaseRow): LeaseAnswer {
  return { lease: leaseView(step, id, lease), pending: lease.pendingType !== undefined };
}

// --- allocate

function allocate(step: Step, item: AllocItem, sessionId: string, pid: number, once: boolean): LeaseRow {
  const lease: LeaseRow = {
    no: enterLists(step, 'l:' + item.leaseId, sessionId, item.fileKey),
    sessionId,
    owner: item.owner,
    ownerKey: item.ownerKey,
    fileKey: item.fileKey,
    exportName: item.exportName,
    path: item.path,
    fileId: item.fileId,
    inode: item.inode,
    pid,
    type: 'none',
    state: 'allocated',
    pendingBreakNo: 0,
    grantNo: 0,
    token: 0,
    due: 0,
    once,
    fenced: false,
  };
  if (!once) setDue(step, 'l:' + item.leaseId, lease, step.now + step.meta.limits.unusedMs);
  step.rows.put('lease', item.leaseId, lease);
  return lease;
}

export function leaseAlloc(step: Step, input: VerbInput<'leaseAlloc'>): VerbOutput<'leaseAlloc'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  for (const item of input.items) {
    if (step.rows.get('export', item.exportName) === undefined) return refuse('no_such_export');
  }
  const full = roomFor(step, input.sessionId, input.items.length);
  if (full !== undefined) return full;
  const pid = pidOf(step, input.sessionId);
  const leases: LeaseView[] = [];
  for (const item of input.items) {
    leases.push(leaseView(step, item.leaseId, allocate(step, item, input.sessionId, pid, false)));
  }
  return { leases };
}

function pidOf(step: Step, sessionId: string): number {
  const session = step.rows.get('session', sessionId);
  return session === undefined ? 0 : session.pid;
}

// --- set

/** Why this owner may not have this lease now, with everything there is to say about it. */
function refusal(
  step: Step,
  file: File,
  id: string,
  ownerKey: string,
  type: 'read' | 'write',
): Refused | undefined {
  const share = shareOf(step, file.key, ownerKey);
  const own = ownLease(step, file, share);
  if (own !== undefined && share.leaseId !== id) {
    return { refused: { reason: 'owner_has_lease', leaseId: share.leaseId } };
  }
  const reason = leaseRefusal(file.row, share, id, own, type, step.now);
  if (reason !== undefined) return explain(step, file, ownerKey, type, reason);
  return !file.exp.local && !mayAsk(file.exp) ? refuse('no_backend') : undefined;
}

/** Grants at once, or reserves the slot and leaves the rest to the fileserver's answer. */
function take(step: Step, file: File, id: string, lease: LeaseRow, type: 'read' | 'write'): void {
  const share = shareOf(step, file.key, lease.ownerKey);
  share.leaseId = id;
  saveShare(step, file.key, lease.ownerKey, share);
  if (holdSuffices(file, type)) grant(step, file, id, lease, type, false);
  else intend(step, file, id, lease, type);
}

/** A row that a mass revocation has passed is told so now; it no longer counts. Returns whether it was one. */
function tellRevoked(step: Step, file: File, id: string, lease: LeaseRow): boolean {
  if (!isRevoked(file.row, lease)) return false;
  if (lease.state === 'active') finishLease(step, id, lease, 'revoked', file.row.clearCause ?? 'deadline');
  return true;
}

/** The holder lets go, or an intent is cancelled by its own side. */
export function letGo(step: Step, file: File, id: string, lease: LeaseRow, cause: string): void {
  if (tellRevoked(step, file, id, lease)) return;
  unintend(step, file, id, lease);
  if (lease.state === 'active') dropLive(file.row, lease);
  finishLease(step, id, lease, 'released', cause);
}

function dropLive(row: FileRow, lease: LeaseRow): void {
  if (lease.type === 'write') row.writer = undefined;
  else if (lease.type === 'read') row.reads -= 1;
}

export function leaseSet(step: Step, input: VerbInput<'leaseSet'>): VerbOutput<'leaseSet'> {
  const id = input.leaseId;
  const lease = step.rows.get('lease', id);
  if (lease === undefined) return refuse('no_such_lease');
  const refused = gate(step, lease.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const exp = step.rows.get('export', lease.exportName);
  if (exp === undefined) return refuse('no_such_export');
  const file = enterFile(step, lease, exp);
  bringUp(step, file);
  const verdict = decideSet(step, file, id, lease, input);
  settleFile(step, file);
  return verdict ?? answer(step, id, lease);
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
  if (state === 'revoked' || state === 'fencing') return refuse('lease_revoked');
  if (state === 'released') return type === 'none' ? undefined : refuse('lease_released');
  if (input.ifToken !== undefined && input.ifToken !== lease.token) return refuse('token_old');
  const running = state === 'breaking' ? file.row.breaking : undefined;
  if (input.breakId !== undefined && (running === undefined || running.breakId !== input.breakId)) {
    return refuse('break_over');
  }
  if (type === 'none') {
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
  if (lease.type === type || lease.pendingType === type) return undefined;
  if (state === 'active' && type === 'read') {
    unintend(step, file, id, lease);
    downgrade(step, file, id, lease, 'holder');
    return undefined;
  }
  const refused = refusal(step, file, id, lease.ownerKey, type);
  if (refused === undefined) take(step, file, id, lease, type);
  return refused;
}

export function leaseAcquire(step: Step, input: VerbInput<'leaseAcquire'>): VerbOutput<'leaseAcquire'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const { item } = input;
  const known = step.rows.get('lease', item.leaseId);
  if (known !== undefined) {
    if (known.body !== input.body) return refuse('id_reused_with_other_body');
    return answer(step, item.leaseId, known);
  }
  const exp = step.rows.get('export', item.exportName);
  if (exp === undefined) return refuse('no_such_export');
  const full = roomFor(step, input.sessionId, 1);
  if (full !== undefined) return full;
  const file = enterFile(step, item, exp);
  bringUp(step, file);
  // Asked before the row is made, so that a refusal leaves nothing behind.
  const verdict = refusal(step, file, item.leaseId, item.ownerKey, input.type);
  if (verdict !== undefined) {
    settleFile(step, file);
    return verdict;
  }
  const lease = allocate(step, item, input.sessionId, pidOf(step, input.sessionId), true);
  lease.body = input.body;
  take(step, file, item.leaseId, lease, input.type);
  settleFile(step, file);
  return answer(step, item.leaseId, lease);
}

export function leaseUndo(step: Step, input: VerbInput<'leaseUndo'>): VerbOutput<'leaseUndo'> {
  const lease = step.rows.get('lease', input.leaseId);
  if (lease === undefined) return {};
  const file = loadFile(step, lease.fileKey);
  if (file !== undefined) {
    bringUp(step, file);
    if (lease.pendingType !== undefined) undo(step, file, input.leaseId, lease, input.reason);
    settleFile(step, file);
  }
  const left = step.rows.get('lease', input.leaseId);
  return left === undefined ? {} : { lease: leaseView(step, input.leaseId, left) };
}

/** Takes a lease away from its holder: an expired session, or an administrator. */
export function loseLease(step: Step, file: File, id: string, lease: LeaseRow, cause: string): void {
  const { row } = file;
  if (tellRevoked(step, file, id, lease)) return;
  unintend(step, file, id, lease);
  if (lease.state === 'active') {
    dropLive(row, lease);
    row.maxToken = mintToken(step);
    // What the remaining leases want is held anyway; only an excess may still serve the one who lost it.
    if (needsFence(file) && rank(row.mayHave) > rank(liveType(row))) {
      row.fence = true;
      lease.fenced = true;
    }
    if (cause === 'expired' && file.exp.lockDelayMs > 0) row.quietUntil = step.now + file.exp.lockDelayMs;
  }
  finishLease(step, id, lease, 'revoked', cause);
}

// --- read

export function leaseGet(step: Step, input: VerbInput<'leaseGet'>): VerbOutput<'leaseGet'> {
  const lease = step.rows.get('lease', input.leaseId);
  if (lease === undefined) return refuse('no_such_lease');
  const refused = gate(step, lease.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (input.body !== undefined && lease.body !== input.body) return refuse('id_reused_with_other_body');
  refresh(step, lease.fileKey);
  return { lease: leaseView(step, input.leaseId, lease) };
}

function refresh(step: Step, fileKey: string): void {
  const file = loadFile(step, fileKey);
  if (file !== undefined && file.row.breaking !== undefined) settleFile(step, file);
}

export function leaseList(step: Step, input: VerbInput<'leaseList'>): VerbOutput<'leaseList'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const leases: LeaseView[] = [];
  const page = step.rows.page('s:' + input.sessionId, input.after, endOfList, input.limit);
  let after: number | undefined;
  for (const entry of page) {
    after = entry.score;
    if (step.rows.letter(entry.member) === 'l') {
      const id = step.rows.idOf(entry.member);
      const lease = step.rows.get('lease', id);
      if (lease !== undefined) leases.push(leaseView(step, id, lease));
    }
  }
  return { leases, after: page.length < input.limit ? undefined : after };
}

// --- fences

export function fenceGet(step: Step, input: VerbInput<'fenceGet'>): VerbOutput<'fenceGet'> {
  const file = step.rows.get('file', input.fileKey);
  // A file that nothing refers to has no row: no token minted for it can be above the last one of all.
  return { highestToken: file === undefined || file.maxToken === 0 ? step.meta.token : file.maxToken };
}

/** Valid iff a lease on that file has exactly this token now and is active or breaking (semantics.md §6). */
export function fenceCheck(step: Step, input: VerbInput<'fenceCheck'>): VerbOutput<'fenceCheck'> {
  const file = loadFile(step, input.fileKey);
  if (file === undefined) return refuse('token_old');
  settleFile(step, file);
  for (const entry of step.rows.page('f:' + file.key, input.token - 1, input.token, 1)) {
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || lease.token !== input.token) continue;
    const state = stateOf(file.row, lease);
    if (state !== 'active' && state !== 'breaking') return refuse('lease_revoked');
    if (input.access === 'write' && lease.type !== 'write') return refuse('token_old');
    return { leaseId: entry.member, type: lease.type, state };
  }
  return refuse('token_old');
}
