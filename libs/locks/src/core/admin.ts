import { breakView, startBreak } from './break';
import { rank } from './conflict';
import { forgetLease, leaveSession, loadFile } from './file';
import { releaseUnfenced } from './hold';
import type { LockView, VerbInput, VerbOutput } from './io';
import { leaseView, refuse, stateOf } from './answer';
import { loseLease } from './lease';
import { dropOpen } from './open';
import type { LeaseRow, OpenRow } from './rows';
import { settleFile } from './settle';
import { endOfList, type Step } from './step';

/** What administrators do: list, force a break, force a release. */

export function lockRelease(step: Step, input: VerbInput<'lockRelease'>): VerbOutput<'lockRelease'> {
  const open = step.rows.get('open', input.id);
  if (open !== undefined) {
    dropOpen(step, input.id, open, 'admin');
    return { released: true };
  }
  const lease = step.rows.get('lease', input.id);
  if (lease === undefined) return refuse('no_such_lock');
  const file = loadFile(step, lease.fileKey);
  if (file === undefined) {
    if (lease.state !== 'allocated') return refuse('no_such_lock');
    leaveSession(step, lease.sessionId, 'l:' + input.id, lease.no);
    forgetLease(step, input.id, lease);
    return { released: true };
  }
  const state = stateOf(file.row, lease);
  if (state === 'released' || state === 'revoked') return refuse('no_such_lock');
  // A fencing one is already lost; only `unfenced` still has something to do.
  if (state !== 'fencing') loseLease(step, file, input.id, lease, 'admin');
  if (input.unfenced) releaseUnfenced(step, file);
  settleFile(step, file);
  return { released: true };
}

export function lockBreak(step: Step, input: VerbInput<'lockBreak'>): VerbOutput<'lockBreak'> {
  const lease = step.rows.get('lease', input.id);
  const file = lease === undefined ? undefined : loadFile(step, lease.fileKey);
  if (lease === undefined || file === undefined) return refuse('no_such_lock');
  settleFile(step, file);
  const state = stateOf(file.row, lease);
  if (state !== 'active' && state !== 'breaking') return refuse('no_such_lock');
  if (rank(lease.type) > rank(input.target)) startBreak(step, file, input.target, 'admin', undefined, 0);
  settleFile(step, file);
  const running = file.row.breaking;
  return { break: running === undefined ? undefined : breakView(step, running, lease.ownerKey) };
}

// --- listing

function lockOfLease(step: Step, id: string, lease: LeaseRow): LockView {
  const view = leaseView(step, id, lease);
  const file = step.rows.get('file', lease.fileKey);
  return {
    id,
    no: lease.no,
    kind: 'lease',
    sessionId: lease.sessionId,
    owner: lease.owner,
    exportName: lease.exportName,
    path: lease.path,
    fileId: lease.fileId,
    inode: file === undefined ? lease.inode : file.inode,
    pid: lease.pid,
    type: view.type,
    pendingType: view.pendingType,
    state: view.state,
    token: lease.token,
    backed: view.backed,
    break: view.break,
  };
}

/** The oldest lease on the file that a waiter waits for, if any. */
function blockerOf(step: Step, open: OpenRow): string | undefined {
  const file = step.rows.get('file', open.fileKey);
  for (const entry of step.rows.page('f:' + open.fileKey, 0, endOfList, 2)) {
    const lease = step.rows.get('lease', entry.member);
    if (lease !== undefined && file !== undefined && lease.ownerKey !== open.ownerKey) return entry.member;
  }
  return undefined;
}

function lockOfOpen(step: Step, id: string, open: OpenRow): LockView {
  const waiting = open.state === 'waiting';
  return {
    id,
    no: open.no,
    kind: waiting ? 'waiter' : 'open',
    sessionId: open.sessionId,
    owner: open.owner,
    exportName: open.exportName,
    path: open.path,
    fileId: open.fileId,
    inode: open.inode,
    pid: open.pid,
    type: open.access,
    state: open.state,
    blockedBy: waiting ? blockerOf(step, open) : undefined,
  };
}

function waitersBehind(step: Step, leaseId: string, fileKey: string): LockView[] | undefined {
  const waiters: LockView[] = [];
  const file = step.rows.get('file', fileKey);
  if (file === undefined || file.waiting === 0) return undefined;
  for (const entry of step.rows.page('w:' + fileKey, 0, endOfList, file.waiting)) {
    const open = step.rows.get('open', entry.member);
    if (open !== undefined && blockerOf(step, open) === leaseId)
      waiters.push(lockOfOpen(step, entry.member, open));
  }
  return waiters.length > 0 ? waiters : undefined;
}

function lockOf(step: Step, member: string, tree: boolean): LockView | undefined {
  const id = step.rows.idOf(member);
  if (step.rows.letter(member) === 'o') {
    const open = step.rows.get('open', id);
    if (open === undefined) return undefined;
    const view = lockOfOpen(step, id, open);
    return tree && view.blockedBy !== undefined ? undefined : view;
  }
  const lease = step.rows.get('lease', id);
  if (lease === undefined) return undefined;
  const view = lockOfLease(step, id, lease);
  if (tree && lease.grantNo > 0) view.waiters = waitersBehind(step, id, lease.fileKey);
  return view;
}

function matches(view: LockView, input: VerbInput<'lockList'>): boolean {
  if (input.exportName !== undefined && view.exportName !== input.exportName) return false;
  if (input.sessionId !== undefined && view.sessionId !== input.sessionId) return false;
  if (input.state !== undefined && view.state !== input.state) return false;
  return input.type === undefined || view.type === input.type;
}

/** Rows in the order they were made: a row that lives throughout the listing is in it exactly once. */
export function lockList(step: Step, input: VerbInput<'lockList'>): VerbOutput<'lockList'> {
  let list = 'all';
  if (input.fileKey !== undefined) list = 'x:' + input.fileKey;
  else if (input.sessionId !== undefined) list = 's:' + input.sessionId;
  const locks: LockView[] = [];
  let after: number | undefined;
  const page = step.rows.page(list, input.after, endOfList, input.limit);
  for (const entry of page) {
    after = entry.score;
    const view = lockOf(step, entry.member, input.tree === true);
    if (view !== undefined && matches(view, input)) locks.push(view);
  }
  return { locks, after: page.length < input.limit ? undefined : after };
}
