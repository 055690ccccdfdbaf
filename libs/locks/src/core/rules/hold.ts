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

/**
 * The hold: what the cluster as a whole has at the fileserver for one file (semantics.md §2.3). `have` is what it surely
 * has, `mayHave` what it has at most; they differ while an ask is in flight or went unanswered. Leases are granted on
 * `have`, conflicts are judged on `mayHave`.
 */

/** After an answer that changed nothing, or none at all: not sooner again. */
const askAgainMs = 1000;

/** An adapter serves once it has said what it holds: until then a hold may be there that no row knows of. */
export function mayAsk(exp: ExportRow): boolean {
  return exp.state === 'up' && exp.reported;
}

/** Its adapter has stopped in order, or none has come yet: nothing is held there. */
export function isVacant(exp: ExportRow): boolean {
  return exp.state === 'none';
}

/** Whether a lease of this type can be granted without asking: the hold is as strong and nothing is moving. */
export function holdSuffices(file: File, type: LeaseType): boolean {
  if (standsAlone(file)) return true;
  const { row } = file;
  return (
    rank(row.have) >= rank(type) &&
    row.ask === undefined &&
    row.fsBreak === undefined &&
    row.reclaim === undefined
  );
}

/** Grants or converts: token, counters, lists and record in one place. */
export function grant(
  step: Step,
  file: File,
  id: string,
  lease: LeaseRow,
  type: 'read' | 'write',
  turn: boolean,
): void {
  const { row } = file;
  if (lease.state === 'active') countLease(row, id, lease, -1);
  lease.type = type;
  countLease(row, id, lease, 1);
  lease.state = 'active';
  setDue(step, keys.lease(id), lease, 0);
  retoken(step, file, id, lease);
  step.rows.put('lease', id, lease);
  noteGrant(step, file, lease.ownerKey);
  recordLease(step, id, lease, { kind: 'granted', turn });
}

function countPending(row: FileRow, id: string, type: LeaseType, by: 1 | -1): void {
  if (type === 'write') row.pendingWriter = by === 1 ? id : undefined;
  else row.pendingReads += by;
}

/** Reserves the slot: who arrives now sees it. */
export function intend(step: Step, file: File, id: string, lease: LeaseRow, type: 'read' | 'write'): void {
  if (lease.state === 'allocated') lease.state = 'pending';
  lease.pendingType = type;
  lease.pendingBreakNo = file.row.breakNo;
  setDue(step, keys.lease(id), lease, 0);
  step.rows.link(keys.intents(file.key), id, lease.no);
  step.rows.put('lease', id, lease);
  countPending(file.row, id, type, 1);
}

/** Takes an intent back; what was held before it stays. */
export function unintend(step: Step, file: File, id: string, lease: LeaseRow): void {
  if (lease.pendingType === undefined) return;
  step.rows.unlink(keys.intents(file.key), id, lease.no);
  if (lease.pendingBreakNo === file.row.breakNo) countPending(file.row, id, lease.pendingType, -1);
  lease.pendingType = undefined;
}

/** An intent that came to nothing: the lease is what it was before, or gone if it was made for this one request. */
export function undo(step: Step, file: File, id: string, lease: LeaseRow, reason: Reason): void {
  unintend(step, file, id, lease);
  if (lease.state === 'pending') {
    const share = shareOf(step, file.key, lease.ownerKey);
    if (share.leaseId === id) {
      share.leaseId = undefined;
      saveShare(step, file.key, lease.ownerKey, share);
    }
    if (lease.delegation) countDelegation(step, lease, -1, false);
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
  recordLease(step, id, lease, { kind: 'undone', reason });
}

/**
 * Walks the intents: void ones are undone, those the hold now covers are committed, and with `refusal` those it does not
 * cover are undone too. A bounded number a step; `morePending` says that the next step must go on.
 */
function decidePending(step: Step, file: File, refusal: Reason | undefined): void {
  const { row } = file;
  row.morePending = false;
  if (row.voidPending === undefined && row.pendingReads === 0 && row.pendingWriter === undefined) return;
  const still = row.ask === undefined && row.fsBreak === undefined && row.reclaim === undefined;
  const covered = still ? row.have : 'none';
  if (row.voidPending === undefined && covered === 'none' && refusal === undefined) return;
  let decided = 0;
  for (const entry of step.rows.page(keys.intents(file.key), 0, endOfList, clearPerStep)) {
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
  row.morePending = decided === clearPerStep;
  if (!row.morePending) row.voidPending = undefined;
  else if (refusal !== undefined) voidPending(step, file, refusal);
}

/** Commits what the hold covers, undoes what is void. */
export function commitPending(step: Step, file: File): void {
  decidePending(step, file, undefined);
}

function adopt(step: Step, file: File): void {
  const { row, exp } = file;
  if (row.mayHave !== 'none' && isPredecessor(exp, row.incarnation)) {
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
  else if (row.reads > 0) row.reclaim = row.cookie ?? '';
  if (row.predecessor !== undefined && row.reads === 0) row.fence = true;
}

function isPredecessor(exp: ExportRow, incarnation: string): boolean {
  for (const predecessor of exp.predecessors ?? []) {
    if (predecessor.incarnation === incarnation) return true;
  }
  return false;
}

/** Who is proven dead holds nothing any more; the file waits for the others. */
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
  if (left === undefined) row.fence = needsFence(file) && row.fence;
}

/** Follows a change of adapter: what the old one held is taken over, revoked, or waits for proof that it is dead. */
export function followAdapter(step: Step, file: File): void {
  const { row, exp } = file;
  if (standsAlone(file)) return;
  if (row.incarnation !== exp.incarnation && (mayAsk(exp) || isVacant(exp))) adopt(step, file);
  dropDead(file);
}

/** Decides whether the fileserver must be asked now, and for what. At most one ask per file is in flight. */
export function syncHold(step: Step, file: File): void {
  const { row, exp } = file;
  if (standsAlone(file)) {
    row.have = wantedHold(row);
    row.mayHave = row.have;
    row.fence = false;
    return;
  }
  // Nobody is left whose lease could be proven.
  if (row.reads === 0) row.reclaim = undefined;
  if (row.ask !== undefined) {
    if (step.now < row.ask.until) return;
    unanswered(step, file, 'fileserver_timeout');
  }
  if (row.fence && !needsFence(file)) row.fence = false;
  // Without an adapter an intent has nobody to wait for.
  if (!mayAsk(exp)) decidePending(step, file, 'no_backend');
  const live = liveType(row);
  let goal = wantedHold(row);
  if (row.fsBreak !== undefined) {
    // Holders above the target are still to answer; then the level they left is confirmed at the fileserver.
    if (rank(live) > rank(row.fsBreak.target)) return;
    goal = live;
  } else if (row.have === goal && row.mayHave === goal) {
    return;
  }
  if (!mayAsk(exp) || row.incarnation !== exp.incarnation || step.now < row.askAfter) return;
  const gen = mintToken(step);
  row.ask = { gen, type: goal, until: step.now + step.meta.limits.askMs };
  row.mayHave = stronger(row.mayHave, goal);
  row.have = weaker(row.have, goal);
  send(step, file, goal, gen);
}

/**
 * An administrator vouches for what the fileserver may still hold: nobody waits for it any more. An adapter that is there
 * is told all the same; its answer is not waited for.
 */
export function releaseUnfenced(step: Step, file: File): void {
  const { row, exp } = file;
  row.fence = false;
  row.predecessor = undefined;
  row.morePredecessors = undefined;
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

/** No answer: what the fileserver has is unknown within the bounds, the intents are undone, and it is asked again later. */
function unanswered(step: Step, file: File, reason: Reason): void {
  const { row } = file;
  row.ask = undefined;
  row.askAfter = step.now + askAgainMs;
  decidePending(step, file, reason);
  // What was granted without a fileserver has had its one chance to be backed: others wait for it to be settled.
  if (row.unbound === 'asked' && liveType(row) !== 'none')
    force(step, file, 'none', undefined, reason, false);
}

/** Takes the answer to an ask. Returns false for an answer that is no longer waited for. */
export function answered(step: Step, file: File, input: VerbInput<'holdAnswered'>): boolean {
  const { row } = file;
  const { ask } = row;
  if (ask === undefined || ask.gen !== input.holdGen) return false;
  if (input.reason === 'incarnation_superseded') {
    unanswered(step, file, 'no_backend');
    return true;
  }
  if (input.failed !== undefined || input.have === undefined) {
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
  // An answer that is not what was asked for is not asked for again at once.
  row.askAfter = have === ask.type ? 0 : step.now + askAgainMs;
  if (row.fsBreak !== undefined && rank(have) <= rank(row.fsBreak.target)) row.fsBreak = undefined;
  if (row.reclaim !== undefined) reclaimed(step, file, input.cookie);
  else lostHold(step, file, 'fileserver');
  if (have !== 'none' && input.cookie !== undefined) row.cookie = input.cookie;
  else if (have === 'none') row.cookie = undefined;
  decidePending(step, file, short ? (input.reason ?? 'fileserver_refused') : undefined);
  return true;
}

/** Live leases that the hold no longer backs are gone, whoever took it. */
export function lostHold(step: Step, file: File, cause: string): void {
  const { have } = file.row;
  if (have !== 'write' && rank(liveType(file.row)) > rank(have))
    force(step, file, have, undefined, cause, false);
}

/** The new adapter holds the file: untouched since it was last held, or not provably so (semantics.md §7). */
function reclaimed(step: Step, file: File, cookie: string | undefined): void {
  const { row } = file;
  const proven = row.have !== 'none' && cookie !== undefined && cookie === row.reclaim;
  row.reclaim = undefined;
  if (row.reads === 0) return;
  if (!proven) {
    revokeAll(step, file, undefined, 'fileserver_lost', false);
    return;
  }
  row.predecessor = undefined;
  row.morePredecessors = undefined;
  record(step, { kind: 'reclaimed', fileKey: file.key, exportName: row.exportName, path: row.path });
}
