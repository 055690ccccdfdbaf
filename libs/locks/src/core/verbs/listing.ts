import type { LockView, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ChangeRow, LeaseRow, OpenRow, RangeRow } from '../rows';
import { gate } from '../rules/admission';
import { isRevoked, loadFile, type File } from '../rules/file';
import { aheadOf, mindsLease, opensRefusing, waiterOf, waitsBehind, type Waiter } from '../rules/queue';
import { rangesInTheWay } from '../rules/range-tree';
import { explain, leaseView, reasonFor } from '../rules/refusal';
import { settleFile } from '../rules/settle';
import { endOfList, type Step } from '../step';

/** What there is and who waits for whom: the rows of /proc/locks, and more (semantics.md §8). */

function lockOfLease(step: Step, id: string, lease: LeaseRow): LockView {
  const view = leaseView(step, id, lease);
  const file = step.rows.get('file', lease.fileKey);
  return {
    id,
    no: lease.no,
    kind: lease.delegation ? 'delegation' : 'lease',
    sessionId: lease.sessionId,
    owner: lease.owner,
    exportName: lease.exportName,
    path: lease.path,
    fileId: lease.fileId,
    inode: file === undefined ? lease.inode : file.inode,
    pid: lease.pid,
    type: view.type,
    pendingType: view.pendingType,
    waits: lease.waitType,
    state: view.state,
    token: lease.token,
    backed: view.backed,
    break: view.break,
  };
}

function lockOfOpen(id: string, open: OpenRow): LockView {
  const waits = open.waitNo !== 0;
  return {
    id,
    no: open.no,
    kind: 'open',
    sessionId: open.sessionId,
    owner: open.owner,
    exportName: open.exportName,
    path: open.path,
    fileId: open.fileId,
    inode: open.inode,
    pid: open.pid,
    type: open.access,
    deny: open.deny,
    waits: waits ? (open.toAccess ?? open.access) : undefined,
    state: open.state,
  };
}

function lockOfRange(id: string, range: RangeRow): LockView {
  return {
    id,
    no: range.no,
    kind: range.class,
    sessionId: range.sessionId,
    owner: range.owner,
    exportName: range.exportName,
    path: range.path,
    fileId: range.fileId,
    inode: range.inode,
    pid: range.pid,
    type: range.type,
    waits: range.state === 'waiting' ? range.type : undefined,
    state: range.state,
    startHi: range.startHi,
    startLo: range.startLo,
    endHi: range.endHi,
    endLo: range.endLo,
  };
}

function lockOfChange(id: string, change: ChangeRow): LockView {
  return {
    id,
    no: change.no,
    kind: 'change',
    sessionId: change.sessionId,
    owner: change.owner,
    exportName: change.exportName,
    path: change.path,
    fileId: change.fileId,
    inode: change.inode,
    pid: change.pid,
    type: change.kind,
    waits: change.kind,
    state: 'waiting',
  };
}

function lockOfWaiter(step: Step, waiter: Waiter): LockView {
  if (waiter.kind === 'open') return lockOfOpen(waiter.id, waiter.row);
  if (waiter.kind === 'range') return lockOfRange(waiter.id, waiter.row);
  if (waiter.kind === 'change') return lockOfChange(waiter.id, waiter.row);
  return lockOfLease(step, waiter.id, waiter.row);
}

// --- who waits for whom

/** A waiter and what it waits for: a hold, or an earlier waiter. */
interface Branch {
  waiter: Waiter;
  blockedBy?: string;
}
/** The queues of the files that one listing has met. */
interface Trees {
  [fileKey: string]: Branch[];
}

/** The hold that is in the way of a waiter, the first of them where there are several. */
function holdInTheWay(step: Step, file: File, waiter: Waiter): string | undefined {
  if (waiter.kind === 'range') {
    for (const { id } of rangesInTheWay(step, file, waiter.row, 1)) return id;
    return undefined;
  }
  for (const entry of step.rows.page(keys.grants(file.key), 0, endOfList, holdsLooked)) {
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || isRevoked(file.row, lease)) continue;
    const own = lease.ownerKey === waiter.row.ownerKey || lease.ownerKey === waiter.row.clientKey;
    if (!own && mindsLease(waiter, lease)) return entry.member;
  }
  for (const { id } of opensRefusing(step, file, waiter, 1)) return id;
  // A lease that was revoked, and that the fileserver may still hold.
  if (!file.row.fence) return undefined;
  for (const entry of step.rows.page(keys.grants(file.key), 0, endOfList, 1)) return entry.member;
  return undefined;
}
const holdsLooked = 16;

/** As the kernel does it: under the hold in its way, and there under whoever waits for the same and comes first. */
function treeOf(step: Step, fileKey: string, trees: Trees): Branch[] {
  const known = trees[fileKey];
  if (known !== undefined) return known;
  const tree: Branch[] = [];
  trees[fileKey] = tree;
  const file = loadFile(step, fileKey);
  if (file === undefined || file.row.waiting === 0) return tree;
  for (const entry of step.rows.page(keys.queue(fileKey), 0, endOfList, file.row.waiting)) {
    const waiter = waiterOf(step, entry.member);
    if (waiter === undefined) continue;
    let under = holdInTheWay(step, file, waiter);
    for (const branch of tree) {
      const same = under === undefined || branch.blockedBy === under;
      if (same && waitsBehind(step, file, branch.waiter, waiter)) under = branch.waiter.id;
    }
    tree.push({ waiter, blockedBy: under });
  }
  return tree;
}

/** Who waits under one row, each with its level: flat, because MessagePack from Lua goes 16 levels deep. */
function waitersOf(step: Step, tree: readonly Branch[], id: string): LockView[] | undefined {
  const waiters: LockView[] = [];
  const seen: { [id: string]: boolean } = {};
  addWaiters(step, tree, id, 1, seen, waiters);
  return waiters.length > 0 ? waiters : undefined;
}

function addWaiters(
  step: Step,
  tree: readonly Branch[],
  id: string,
  level: number,
  seen: { [id: string]: boolean },
  waiters: LockView[],
): void {
  seen[id] = true;
  for (const branch of tree) {
    if (branch.blockedBy !== id || seen[branch.waiter.id] === true) continue;
    const view = lockOfWaiter(step, branch.waiter);
    view.blockedBy = id;
    view.level = level;
    waiters.push(view);
    addWaiters(step, tree, branch.waiter.id, level + 1, seen, waiters);
  }
}

function blockedBy(tree: readonly Branch[], id: string): string | undefined {
  for (const branch of tree) if (branch.waiter.id === id) return branch.blockedBy;
  return undefined;
}

// --- listing

interface Listed {
  view: LockView;
  fileKey: string;
  /** Holds nothing: it is shown where it waits. */
  onlyWaits: boolean;
}

function listed(step: Step, member: string): Listed | undefined {
  const id = keys.idOf(step.rows, member);
  const kind = keys.rowMember(step.rows, member);
  if (kind === 'lease') {
    const row = step.rows.get('lease', id);
    if (row === undefined) return undefined;
    const onlyWaits = row.waitNo !== 0 && row.state === 'allocated';
    return { view: lockOfLease(step, id, row), fileKey: row.fileKey, onlyWaits };
  }
  if (kind === 'open') {
    const row = step.rows.get('open', id);
    if (row === undefined) return undefined;
    return { view: lockOfOpen(id, row), fileKey: row.fileKey, onlyWaits: row.state === 'waiting' };
  }
  if (kind === 'range') {
    const row = step.rows.get('range', id);
    if (row === undefined) return undefined;
    return { view: lockOfRange(id, row), fileKey: row.fileKey, onlyWaits: row.state === 'waiting' };
  }
  const row = kind === 'change' ? step.rows.get('change', id) : undefined;
  return row === undefined
    ? undefined
    : { view: lockOfChange(id, row), fileKey: row.fileKey, onlyWaits: true };
}

/** Says what a row waits for, and with `nested` who waits for it. */
function hang(step: Step, { view, fileKey }: Listed, trees: Trees, nested: boolean): void {
  const tree = treeOf(step, fileKey, trees);
  if (tree.length === 0) return;
  if (view.waits !== undefined) view.blockedBy = blockedBy(tree, view.id);
  if (nested) view.waiters = waitersOf(step, tree, view.id);
}

function matches(view: LockView, input: VerbInput<'lockList'>): boolean {
  if (input.exportName !== undefined && view.exportName !== input.exportName) return false;
  if (input.sessionId !== undefined && view.sessionId !== input.sessionId) return false;
  if (input.state !== undefined && view.state !== input.state) return false;
  if (input.kind !== undefined && view.kind !== input.kind) return false;
  return input.type === undefined || view.type === input.type;
}

/** Rows in the order they were made: a row that lives throughout the listing is in it exactly once. */
export function lockList(step: Step, input: VerbInput<'lockList'>): VerbOutput<'lockList'> {
  let list = 'all';
  if (input.fileKey !== undefined) list = keys.fileRows(loadFile(step, input.fileKey)?.key ?? input.fileKey);
  else if (input.sessionId !== undefined) list = keys.sessionRows(input.sessionId);
  const locks: LockView[] = [];
  const trees: Trees = {};
  let after: number | undefined;
  const page = step.rows.page(list, input.after, endOfList, input.limit);
  for (const entry of page) {
    after = entry.score;
    const found = listed(step, entry.member);
    if (found === undefined) continue;
    const { view } = found;
    hang(step, found, trees, input.tree === true);
    // In a tree, who only waits is under whom it waits for.
    if (input.tree === true && found.onlyWaits && view.blockedBy !== undefined) continue;
    if (matches(view, input)) locks.push(view);
  }
  return { locks, after: page.length < input.limit ? undefined : after };
}

/** One of them, with who waits for it. */
export function lockGet(step: Step, input: VerbInput<'lockGet'>): VerbOutput<'lockGet'> {
  for (const kind of ['lease', 'open', 'range', 'change'] as const) {
    const found = listed(step, keys.request(kind, input.id));
    if (found === undefined) continue;
    hang(step, found, {}, true);
    return { lock: found.view };
  }
  return refuse('no_such_lock');
}

/** Why a request waits, and how many came before it. */
export function waitGet(step: Step, input: VerbInput<'waitGet'>): VerbOutput<'waitGet'> {
  for (const kind of ['open', 'lease', 'range', 'change'] as const) {
    const waiter = waiterOf(step, keys.request(kind, input.id));
    if (waiter === undefined || waiter.row.waitNo === 0) continue;
    const refused = gate(step, waiter.row.sessionId, input.digest);
    if (refused !== undefined) return refused;
    const file = loadFile(step, waiter.row.fileKey);
    if (file === undefined) continue;
    settleFile(step, file);
    // It may have had its turn just now.
    if (waiter.row.waitNo === 0) continue;
    const ahead = step.rows.page(keys.queue(file.key), 0, waiter.row.waitNo - 1, file.row.waiting).length;
    const behind = aheadOf(step, file, waiter);
    const why = explain(step, file, waiter, behind === undefined ? reasonFor(step, file, waiter) : 'queued');
    return {
      wait: {
        id: input.id,
        kind: waiter.kind,
        ahead,
        remainingMs: Math.max(0, waiter.row.due - step.now),
        why: why.refused,
      },
    };
  }
  return refuse('no_such_wait');
}
