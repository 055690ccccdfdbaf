import type { Reason } from '../reasons';
import * as keys from '../keys';
import { forgetLease, leaveSession, loadFile, type File } from '../rules/file';
import { releaseUnfenced } from '../rules/hold';
import { endWants } from '../rules/offer';
import { dropWaiter, waiterOf } from '../rules/queue';
import { settleFile } from '../rules/settle';
import { endOfList, type Step } from '../step';
import { endChange } from './change';
import { loseLease } from './lease';
import { closeOpen } from './open';
import { endRange } from './range';

/** What is on a file goes: one of it because somebody says so, or all because its export does or its name leads nowhere. */

export interface Ended {
  opens: number;
  ranges: number;
  requests: number;
  /** There are more of them. */
  more: boolean;
}

/** Ends so many rows of a file; what is left conflicts until its turn. */
export function endRows(step: Step, fileKey: string, reason: Reason, limit: number): Ended {
  const ended: Ended = { opens: 0, ranges: 0, requests: 0, more: false };
  const page = step.rows.page(keys.fileRows(fileKey), 0, endOfList, limit);
  ended.more = page.length === limit;
  for (const entry of page) endRow(step, entry.member, reason, ended);
  return ended;
}

function endRow(step: Step, member: string, reason: Reason, ended: Ended): void {
  const id = keys.idOf(step.rows, member);
  const kind = keys.rowMember(step.rows, member);
  if (kind === 'lease') {
    endLease(step, id, reason, ended);
    return;
  }
  const what = endOne(step, kind, id, reason);
  if (what !== undefined) ended[what] += 1;
}

/** Ends an open, a range or a change, whoever wants it. Returns what it was; undefined: there is no such one. */
export function endOne(
  step: Step,
  kind: keys.RowMember | undefined,
  id: string,
  reason: Reason,
): 'opens' | 'ranges' | 'requests' | undefined {
  if (kind === 'open') {
    const open = step.rows.get('open', id);
    if (open === undefined) return undefined;
    const waited = open.state === 'waiting';
    closeOpen(step, id, open, reason);
    return waited ? 'requests' : 'opens';
  }
  if (kind === 'range') {
    const range = step.rows.get('range', id);
    if (range === undefined) return undefined;
    const waited = range.state === 'waiting';
    endRange(step, id, range, reason);
    return waited ? 'requests' : 'ranges';
  }
  const change = kind === 'change' ? step.rows.get('change', id) : undefined;
  if (change === undefined) return undefined;
  endChange(step, id, change, reason);
  return 'requests';
}

function endLease(step: Step, id: string, reason: Reason, ended: Ended): void {
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
  if (left.state === 'allocated' || left.due === 0)
    leaveSession(step, left.sessionId, keys.lease(id), left.no);
  forgetLease(step, id, left);
}

/** Drops so many of the requests that wait on a file. Returns how many it were. */
export function cancelWaiters(step: Step, file: File, reason: Reason, limit: number): number {
  let dropped = 0;
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, limit)) {
    const waiter = waiterOf(step, entry.member);
    if (waiter === undefined || waiter.row.waitNo === 0) continue;
    dropWaiter(step, file, waiter, reason);
    dropped += 1;
  }
  return dropped;
}

/** Nothing keeps the file but its rows and its fileserver: no rest, no want, no cool-down; and, `unfenced`, not the fileserver. */
export function wearOff(step: Step, file: File, unfenced: boolean): void {
  file.row.lockDelayUntil = 0;
  file.row.coolUntil = 0;
  endWants(step, file);
  if (unfenced) releaseUnfenced(step, file);
  settleFile(step, file);
}
