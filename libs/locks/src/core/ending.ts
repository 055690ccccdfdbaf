import { endChange } from './change';
import { forgetLease, leaveSession, loadFile, type File } from './file';
import { releaseUnfenced } from './hold';
import { loseLease } from './lease';
import { closeOpen } from './open';
import { dropWaiter, waiterOf } from './queue';
import { endRange } from './range';
import { settleFile } from './settle';
import { endOfList, type Step } from './step';

/** Everything on a file goes, because its export does, or because its name leads nowhere. */

export interface Ended {
  opens: number;
  ranges: number;
  requests: number;
  /** There are more of them. */
  more: boolean;
}

/** Ends so many rows of a file; what is left conflicts until its turn. */
export function endRows(step: Step, fileKey: string, reason: string, limit: number): Ended {
  const ended: Ended = { opens: 0, ranges: 0, requests: 0, more: false };
  const page = step.rows.page('x:' + fileKey, 0, endOfList, limit);
  ended.more = page.length === limit;
  for (const entry of page) endRow(step, entry.member, reason, ended);
  return ended;
}

function endRow(step: Step, member: string, reason: string, ended: Ended): void {
  const id = step.rows.idOf(member);
  const letter = step.rows.letter(member);
  if (letter === 'o') {
    const open = step.rows.get('open', id);
    if (open === undefined) return;
    if (open.state === 'waiting') ended.requests += 1;
    else ended.opens += 1;
    closeOpen(step, id, open, reason);
  } else if (letter === 'r') {
    const range = step.rows.get('range', id);
    if (range === undefined) return;
    if (range.state === 'waiting') ended.requests += 1;
    else ended.ranges += 1;
    endRange(step, id, range, reason);
  } else if (letter === 'c') {
    const change = step.rows.get('change', id);
    if (change === undefined) return;
    ended.requests += 1;
    endChange(step, id, change, reason);
  } else {
    endLease(step, id, reason, ended);
  }
}

function endLease(step: Step, id: string, reason: string, ended: Ended): void {
  const lease = step.rows.get('lease', id);
  if (lease === undefined) return;
  const file = loadFile(step, lease.fileKey);
  if (file !== undefined && (lease.state === 'active' || lease.state === 'pending')) {
    loseLease(step, file, id, lease, reason);
    settleFile(step, file);
    return;
  }
  if (lease.waitNo !== 0 && file !== undefined) {
    ended.requests += 1;
    dropWaiter(step, file, { kind: 'lease', id, row: lease }, reason);
    settleFile(step, file);
  }
  const left = step.rows.get('lease', id);
  if (left === undefined) return;
  // What has ended before is remembered no longer: its file is going.
  if (left.state === 'allocated' || left.due === 0) leaveSession(step, left.sessionId, 'l:' + id, left.no);
  forgetLease(step, id, left);
}

/** Drops so many of the requests that wait on a file. Returns how many it were. */
export function cancelWaiters(step: Step, file: File, reason: string, limit: number): number {
  let dropped = 0;
  for (const entry of step.rows.page('w:' + file.key, 0, endOfList, limit)) {
    const waiter = waiterOf(step, entry.member);
    if (waiter === undefined || waiter.row.waitNo === 0) continue;
    dropWaiter(step, file, waiter, reason);
    dropped += 1;
  }
  return dropped;
}

/** Nothing keeps the file but its rows and its fileserver: no rest, no cool-down; and, `unfenced`, not the fileserver. */
export function wearOff(step: Step, file: File, unfenced: boolean): void {
  file.row.quietUntil = 0;
  file.row.coolUntil = 0;
  if (unfenced) releaseUnfenced(step, file);
  settleFile(step, file);
}
