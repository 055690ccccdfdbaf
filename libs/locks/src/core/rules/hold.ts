import type { Reason } from '../reasons';
import type { VerbInput } from '../io';
import * as keys from '../keys';
import type { ExportRow, FileRow, LeaseRow, LeaseType } from '../rows';
import { endOfList, mintToken, record, setDue, type Step } from '../step';
import { clearPerStep, force, retoken, revokeAll, voidPending } from './break';
import { liveType, rank, stronger, wantedHold, weaker } from './conflict';
import {
  countDelegation,
  countLease,
  forgetLease,
  recordLease,
  leaveSession,
  needsFence,
  noteGrant,
  saveShare,
  shareOf,
  standsAlone,
  type File,
} from './file';
import { beginTenure } from './tenure';

/**
 * The hold: what the cluster as a whole has at the fileserver for one file (semantics.md §2.3). `have` is what it
 * certainly has, `mayHave` the most it may have; they differ while an ask is in flight or went unanswered. Leases are
 * granted on `have`, conflicts are judged on `mayHave`.
 */

/** After no answer, or one that does not match the ask, the fileserver is asked again no sooner than this. */
const askAgainMs = 1000;

/** An adapter serves only after it has reported its holds: until then it may have a hold that no row knows. */
export function mayAsk(exp: ExportRow): boolean {
  return exp.state === 'up' && exp.reported;
}

/** The adapter has stopped in order, or none has come yet: the fileserver holds nothing. */
export function isVacant(exp: ExportRow): boolean {
  return exp.state === 'none';
}

/** Whether a lease of this type can be granted without asking: the hold is strong enough and nothing is in flight. */
export function holdSuffices(file: File, type: LeaseType): boolean {
  if (standsAlone(file)) return true;
  const { row } = file;
  return rank(row.have) >= rank(type) && row.ask === undefined && row.fsBreak === undefined;
}

/** Grants or converts a lease: updates token, counters, lists and record in one place. */
export function grant(
  step: Step,
  file: File,
  id: string,
  lease: LeaseRow,
  type: 'read' | 'write',
  turn: boolean,
): void {
  const { row } = file;
  const waitNo = lease.turnNo;
  lease.turnNo = undefined;
  countLease(step, row, id, lease, -1);
  lease.type = type;
  countLease(step, row, id, lease, 1);
  lease.state = 'active';
  setDue(step, keys.lease(id), lease, 0);
  if (!lease.delegation) beginTenure(step, file.exp, keys.lease(id), lease);
  retoken(step, file, id, lease);
  step.rows.put('lease', id, lease);
  noteGrant(step, file, lease.ownerKey);
  recordLease(step, id, lease, { kind: 'granted', turn, waitNo });
}

function countPending(row: FileRow, id: string, type: LeaseType, by: 1 | -1): void {
  if (type === 'write') row.pendingWriter = by === 1 ? id : undefined;
  else row.pendingReads += by;
}

/** Reserves the slot: later requests see it. */
export function intend(step: Step, file: File, id: string, lease: LeaseRow, type: 'read' | 'write'): void {
  if (lease.state === 'allocated') lease.state = 'pending';
  lease.pendingType = type;
  lease.pendingBreakNo = file.row.breakNo;
  setDue(step, keys.lease(id), lease, 0);
  step.rows.link(keys.intents(file.key), id, lease.no);
  step.rows.put('lease', id, lease);
  countPending(file.row, id, type, 1);
}

/** Withdraws an intent; what the lease had before stays. */
export function unintend(step: Step, file: File, id: string, lease: LeaseRow): void {
  if (lease.pendingType === undefined) return;
  step.rows.unlink(keys.intents(file.key), id, lease.no);
  if (lease.pendingBreakNo === file.row.breakNo) countPending(file.row, id, lease.pendingType, -1);
  lease.pendingType = undefined;
}

/** Undoes an intent: the lease is what it was before, or gone if it was made for this one request. */
export function undo(step: Step, file: File, id: string, lease: LeaseRow, reason: Reason): void {
  const waitNo = lease.turnNo;
  lease.turnNo = undefined;
  unintend(step, file, id, lease);
  if (lease.state === 'pending') {
    const share = shareOf(step, file.key, lease.ownerKey);
    share.leaseId = undefined;
    saveShare(step, file.key, lease.ownerKey, share);
    if (lease.delegation) countDelegation(step, lease, -1, undefined);
    if (lease.once) {
      leaveSession(step, lease.sessionId, keys.lease(id), lease.no);
      forgetLease(step, id, lease);
    } else {
      lease.state = 'allocated';
      setDue(step, keys.lease(id), lease, step.now + step.meta.limits.unusedMs);
      step.rows.put('lease', id, lease);
    }
  } else {
    step.rows.put('lease', id, lease);
  }
  recordLease(step, id, lease, { kind: 'undone', reason, waitNo });
}

/**
 * Walks the intents: undoes void ones, commits those that the hold now covers and, with `refusal`, undoes those it does
 * not cover. A bounded number per step; `morePending` means that the next step must go on.
 */
function decidePending(step: Step, file: File, refusal: Reason | undefined): void {
  const { row } = file;
  row.morePending = false;
  if (row.voidPending === undefined && row.pendingReads === 0 && row.pendingWriter === undefined) return;
  const still = row.ask === undefined && row.fsBreak === undefined;
  const covered = still ? row.have : 'none';
  if (row.voidPending === undefined && covered === 'none' && refusal === undefined) return;
  let decided = 0;
  const page = step.rows.page(keys.intents(file.key), 0, endOfList, clearPerStep);
  for (const entry of page) {
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || lease.pendingType === undefined || lease.pendingType === 'none') continue;
    const type = lease.pendingType;
    if (lease.pendingBreakNo !== row.breakNo) {
      undo(step, file, entry.member, lease, row.voidPending ?? 'cancelled');
    } else if (rank(covered) >= rank(type)) {
      unintend(step, file, entry.member, lease);
      grant(step, file, entry.member, lease, type, true);
    } else if (refusal !== undefined) {
      undo(step, file, entry.member, lease, refusal);
    } else {
      continue;
    }
    decided += 1;
  }
  // Void intents may be beyond the page, behind others that wait for the fileserver.
  row.morePending = page.length === clearPerStep && decided > 0;
  if (page.length < clearPerStep) row.voidPending = undefined;
  else if (refusal !== undefined) voidPending(step, file, refusal);
}

/** Commits the intents that the hold covers and undoes void ones. */
export function commitPending(step: Step, file: File): void {
  decidePending(step, file, undefined);
}

function adopt(step: Step, file: File): void {
  const { row, exp } = file;
  if (row.mayHave !== 'none') {
    const others: string[] = [];
    if (row.predecessor !== undefined) others.push(row.predecessor);
    for (const each of row.morePredecessors ?? []) others.push(each);
    row.predecessor = row.incarnation;
    row.morePredecessors = others.length > 0 ? others : undefined;
  }
  row.incarnation = exp.incarnation;
  row.ask = undefined;
  row.fsBreak = undefined;
  row.askAfter = 0;
  row.have = 'none';
  row.mayHave = 'none';
  voidPending(step, file, 'no_backend');
  const cause = isVacant(exp) ? 'fileserver_stopped' : 'fileserver_lost';
  if (row.writer !== undefined) revokeAll(step, file, undefined, cause, false);
  else row.reclaim = row.cookie ?? '';
}

function isPredecessor(exp: ExportRow, incarnation: string): boolean {
  for (const predecessor of exp.predecessors ?? []) {
    if (predecessor.incarnation === incarnation) return true;
  }
  return false;
}

/** No earlier adapter can have the file any more. */
function fearNobody(row: FileRow): void {
  row.predecessor = undefined;
  row.morePredecessors = undefined;
}

/** Drops predecessors that are proven dead; the file still waits for the others. */
function dropDead(file: File): void {
  const { row, exp } = file;
  if (row.predecessor === undefined) return;
  let left = isPredecessor(exp, row.predecessor) ? row.predecessor : undefined;
  const others: string[] = [];
  for (const each of row.morePredecessors ?? []) {
    if (!isPredecessor(exp, each)) continue;
    if (left === undefined) left = each;
    else others.push(each);
  }
  row.predecessor = left;
  row.morePredecessors = others.length > 0 ? others : undefined;
}

/** Follows a change of adapter: the old hold is reclaimed, revoked, or fenced until the old adapter is proven dead. */
export function followAdapter(step: Step, file: File): void {
  const { row, exp } = file;
  if (standsAlone(file)) return;
  if (row.incarnation !== exp.incarnation && (mayAsk(exp) || isVacant(exp))) adopt(step, file);
  dropDead(file);
  // A predecessor may still have what no lease is left to reclaim.
  if (row.predecessor !== undefined && row.reads === 0) row.fence = true;
  row.fence = row.fence && needsFence(file);
}

/** Decides whether the fileserver must be asked now, and for what. At most one ask per file is in flight. */
export function syncHold(step: Step, file: File): void {
  const { row, exp } = file;
  if (standsAlone(file)) {
    row.have = wantedHold(row);
    row.mayHave = row.have;
    return;
  }
  // No lease is left to reclaim.
  if (row.reads === 0) row.reclaim = undefined;
  if (row.ask !== undefined) {
    if (step.now < row.ask.until) return;
    unanswered(step, file, 'fileserver_timeout');
  }
  // Without an adapter there is nobody to answer for an intent.
  if (!mayAsk(exp)) decidePending(step, file, 'no_backend');
  const live = liveType(row);
  let goal = wantedHold(row);
  if (row.fsBreak !== undefined) {
    // Holders above the target have yet to answer; after that the level they left is confirmed at the fileserver.
    if (rank(live) > rank(row.fsBreak.target)) return;
    goal = live;
  } else if (row.have === goal && row.mayHave === goal) {
    return;
  }
  if (!mayAsk(exp) || step.now < row.askAfter) return;
  const gen = mintToken(step);
  row.ask = { gen, type: goal, until: step.now + step.meta.limits.askMs };
  row.mayHave = stronger(row.mayHave, goal);
  row.have = weaker(row.have, goal);
  send(step, file, goal, gen);
}

/**
 * An administrator vouches that the fileserver holds nothing it should not: nobody waits for it any more. A connected
 * adapter is still asked for the right level, but its answer is not awaited.
 */
export function releaseUnfenced(step: Step, file: File): void {
  const { row, exp } = file;
  fearNobody(row);
  if (row.locked !== undefined) {
    row.locked.ask = undefined;
    row.locked.stale = true;
    if (!mayAsk(exp) && row.ranges === 0) row.locked = undefined;
  }
  row.ask = undefined;
  row.fsBreak = undefined;
  row.mayHave = weaker(row.mayHave, liveType(row));
  row.have = weaker(row.have, row.mayHave);
  voidPending(step, file, 'cancelled');
  if (!standsAlone(file) && mayAsk(exp)) send(step, file, row.mayHave, mintToken(step));
}

function send(step: Step, file: File, goal: LeaseType, gen: number): void {
  const { row, exp } = file;
  step.asks.push({
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    fileId: row.fileId,
    type: goal,
    holdGen: gen,
    incarnation: row.incarnation,
    endpoint: exp.endpoint,
  });
}

/** No answer: the hold is unknown within its bounds, the intents are undone, and the fileserver is asked later. */
function unanswered(step: Step, file: File, reason: Reason): void {
  const { row } = file;
  row.ask = undefined;
  row.askAfter = step.now + askAgainMs;
  decidePending(step, file, reason);
  // Leases granted without a fileserver get one chance to be backed: other requests wait for that to be settled.
  if (row.unbound === 'asked') force(step, file, 'none', undefined, reason, false);
}

/** Processes the answer to an ask. Returns false if that ask is no longer open. */
export function answered(step: Step, file: File, input: VerbInput<'holdAnswered'>): boolean {
  const { row } = file;
  const { ask } = row;
  if (ask === undefined || ask.gen !== input.holdGen) return false;
  if (input.reason === 'incarnation_superseded') {
    unanswered(step, file, 'no_backend');
    return true;
  }
  if (input.have === undefined) {
    unanswered(step, file, input.failed ?? 'fileserver_timeout');
    return true;
  }
  const have = ask.lost === undefined ? input.have : weaker(ask.lost, input.have);
  row.ask = undefined;
  row.have = have;
  row.mayHave = have;
  row.holdGen = ask.gen;
  if (input.inode !== undefined) row.inode = input.inode;
  const short = rank(have) < rank(ask.type);
  // If the answer differs from what was asked, do not ask again at once.
  row.askAfter = have === ask.type ? 0 : step.now + askAgainMs;
  if (row.fsBreak !== undefined && rank(have) <= rank(row.fsBreak.target)) row.fsBreak = undefined;
  if (row.reclaim !== undefined) reclaimed(step, file, input.cookie);
  else lostHold(step, file, 'fileserver');
  if (have !== 'none' && input.cookie !== undefined) row.cookie = input.cookie;
  else if (have === 'none') row.cookie = undefined;
  decidePending(step, file, short ? (input.reason ?? 'fileserver_refused') : undefined);
  return true;
}

/** Ends live leases that the hold no longer backs, whoever took it. */
export function lostHold(step: Step, file: File, cause: string): void {
  const { have } = file.row;
  if (have !== 'write') force(step, file, have, undefined, cause, false);
}

/**
 * The new adapter has answered for the file: it proved that the file was untouched since it was last held, or it did
 * not (semantics.md §7).
 */
function reclaimed(step: Step, file: File, cookie: string | undefined): void {
  const { row } = file;
  const proven = row.have !== 'none' && cookie === row.reclaim;
  row.reclaim = undefined;
  if (!proven) {
    revokeAll(step, file, undefined, 'fileserver_lost', false);
    return;
  }
  fearNobody(row);
  record(step, { kind: 'reclaimed', fileKey: file.key, exportName: row.exportName, path: row.path });
}
