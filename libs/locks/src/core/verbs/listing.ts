import type { LockView, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import { gate } from '../rules/admission';
import { isRevoked, loadFile, type File } from '../rules/file';
import { ageOf, type Waiter } from '../rules/kinds/kind';
import { lockById, lockOf } from '../rules/kinds/table';
import { aheadOf, countAhead, waitsBehind } from '../rules/queue';
import { explain, reasonFor } from '../rules/refusal';
import { settleFile } from '../rules/settle';
import { introduce, veil } from '../rules/tenant';
import { mindsLease, opensRefusing } from '../rules/way';
import { endOfList, type Step } from '../step';

/** Lists all locks and who waits for whom: the rows of /proc/locks, and more (semantics.md §8). */

// --- who waits for whom

/** A waiter and what it waits for: a hold, or an earlier waiter. */
interface Branch {
  waiter: Waiter;
  blockedBy?: string;
}
/** The queues of the files that one listing has come across. */
interface Trees {
  [fileKey: string]: Branch[];
}

/** The first hold that blocks a waiter. */
function holdInTheWay(step: Step, file: File, waiter: Waiter): string | undefined {
  const { own: space } = waiter.kind;
  if (space !== undefined) {
    for (const { id } of space.inTheWay(step, file, waiter.row, 1)) return id;
    return undefined;
  }
  for (const entry of step.rows.page(keys.grants(file.key), 0, endOfList, holdsLooked)) {
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || isRevoked(file.row, lease)) continue;
    const own = lease.ownerKey === waiter.row.ownerKey || lease.ownerKey === waiter.row.clientKey;
    if (!own && mindsLease(waiter, lease)) return entry.member;
  }
  for (const { id } of opensRefusing(step, file, waiter, 1)) return id;
  // A revoked lease that the fileserver may still honour.
  if (!file.row.fence) return undefined;
  for (const entry of step.rows.page(keys.grants(file.key), 0, endOfList, 1)) return entry.member;
  return undefined;
}
const holdsLooked = 16;

/**
 * Nests as the kernel does: a waiter goes under the hold that blocks it, and there under an earlier waiter for the same
 * hold that it waits behind.
 */
function treeOf(step: Step, fileKey: string, trees: Trees): Branch[] {
  const known = trees[fileKey];
  if (known !== undefined) return known;
  const tree: Branch[] = [];
  trees[fileKey] = tree;
  const file = loadFile(step, fileKey);
  if (file === undefined || file.row.waiting === 0) return tree;
  for (const entry of step.rows.page(keys.queue(fileKey), 0, endOfList, file.row.waiting)) {
    const waiter = lockOf(step, entry.member);
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

/** The waiters under one row, with levels; a flat list, because MessagePack from Lua nests only 16 levels deep. */
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
    const view = viewOf(step, branch.waiter);
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

function viewOf(step: Step, lock: Waiter): LockView {
  const view = introduce(step, lock.kind.view(step, lock.id, lock.row));
  view.ageMs = ageOf(step, lock);
  return view;
}

/** Adds to a row what it waits for and, with `nested`, who waits for it. */
function listed(step: Step, lock: Waiter, view: LockView, trees: Trees, nested: boolean): LockView {
  const tree = treeOf(step, lock.row.fileKey, trees);
  if (tree.length === 0) return view;
  view.blockedBy = blockedBy(tree, view.id);
  if (nested) view.waiters = waitersOf(step, tree, view.id);
  return view;
}

/** Whether a name is among those that a listing is about. */
export function isAmong(
  step: Step,
  row: { exportName: string; path: string },
  input: { exportName?: string; prefix?: string },
): boolean {
  if (input.exportName !== undefined && row.exportName !== input.exportName) return false;
  return input.prefix === undefined || step.rows.begins(row.path, input.prefix);
}

function matches(view: LockView, input: VerbInput<'lockList'>): boolean {
  if (input.sessionId !== undefined && view.sessionId !== input.sessionId) return false;
  if (input.state !== undefined && view.state !== input.state) return false;
  if (input.kind !== undefined && view.kind !== input.kind) return false;
  return input.type === undefined || view.type === input.type;
}

/** How many rows are read to fill one page, and at least how many at a time. */
const rowsLooked = 256;
const rowsPage = 64;

/** Adds a lock to a page, if it passes the filter. */
function addListed(
  step: Step,
  input: VerbInput<'lockList'>,
  lock: Waiter | undefined,
  trees: Trees,
  locks: LockView[],
): void {
  if (lock === undefined || !isAmong(step, lock.row, input)) return;
  const view = viewOf(step, lock);
  if (!matches(view, input)) return;
  listed(step, lock, view, trees, input.tree === true);
  // In a tree, a mere request is shown under what it waits for.
  if (input.tree === true && lock.kind.onlyWaits(lock.row) && view.blockedBy !== undefined) return;
  locks.push(input.viewer === undefined ? view : veil(step, input.viewer, view));
}

/** What is being broken anywhere, file by file: as many rows are read as have been granted on these files. */
function breakingList(step: Step, input: VerbInput<'lockList'>): VerbOutput<'lockList'> {
  const locks: LockView[] = [];
  const trees: Trees = {};
  const size = Math.max(input.limit, rowsPage);
  const { within } = input;
  let looked = 0;
  const files = step.rows.page(
    keys.breaks,
    within === undefined ? input.after : input.after - 1,
    endOfList,
    size,
  );
  for (const { member, score } of files) {
    let token = within !== undefined && score === input.after ? within : 0;
    let more = true;
    while (more) {
      const page = step.rows.page(keys.grants(member), token, endOfList, size);
      for (const entry of page) {
        if (locks.length === input.limit || looked >= rowsLooked)
          return { locks, after: score, within: token };
        token = entry.score;
        looked += 1;
        addListed(step, input, lockOf(step, keys.lease(entry.member)), trees, locks);
      }
      more = page.length === size;
    }
  }
  const last = files[files.length - 1];
  return { locks, after: files.length === size && last !== undefined ? last.score : undefined };
}

/**
 * Rows in the order of creation: a row that exists throughout the listing appears exactly once. A page of a filter is
 * short only at the end, or after that many rows.
 */
export function lockList(step: Step, input: VerbInput<'lockList'>): VerbOutput<'lockList'> {
  if (input.state === 'breaking' && input.fileKey === undefined && input.sessionId === undefined)
    return breakingList(step, input);
  let list = 'all';
  if (input.fileKey !== undefined) list = keys.fileRows(loadFile(step, input.fileKey)?.key ?? input.fileKey);
  else if (input.sessionId !== undefined) list = keys.sessionRows(input.sessionId);
  const locks: LockView[] = [];
  const trees: Trees = {};
  const size = Math.max(input.limit, rowsPage);
  let { after } = input;
  let more = true;
  for (let looked = 0; more && locks.length < input.limit && looked < rowsLooked; looked += size) {
    const page = step.rows.page(list, after, endOfList, size);
    more = page.length === size;
    for (const entry of page) {
      if (locks.length === input.limit) {
        more = true;
        break;
      }
      after = entry.score;
      addListed(step, input, lockOf(step, entry.member), trees, locks);
    }
  }
  return { locks, after: more ? after : undefined };
}

/** One lock, with its waiters. */
export function lockGet(step: Step, input: VerbInput<'lockGet'>): VerbOutput<'lockGet'> {
  const lock = lockById(step, input.id);
  if (lock === undefined) return refuse('no_such_lock');
  return { lock: listed(step, lock, viewOf(step, lock), {}, true) };
}

/** Why a request waits, and how many requests are ahead of it. */
export function waitGet(step: Step, input: VerbInput<'waitGet'>): VerbOutput<'waitGet'> {
  const waiter = lockById(step, input.id);
  if (waiter === undefined) return refuse('no_such_wait');
  const { kind, row } = waiter;
  const refused = gate(step, row.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const file = loadFile(step, row.fileKey);
  if (file === undefined) return refuse('no_such_wait');
  settleFile(step, file);
  // It may just have been served.
  if (row.waitNo === 0) return refuse('no_such_wait');
  const ahead = countAhead(step, file, waiter);
  const behind = aheadOf(step, file, waiter);
  const why = explain(step, file, waiter, behind === undefined ? reasonFor(step, file, waiter) : 'queued');
  return {
    wait: {
      id: input.id,
      kind: kind.name,
      ahead,
      remainingMs: Math.max(0, row.due - step.now),
      why: why.refused,
    },
  };
}
