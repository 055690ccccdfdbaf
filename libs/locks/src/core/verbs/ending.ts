import type { Reason } from '../reasons';
import * as keys from '../keys';
import { loadFile, type File } from '../rules/file';
import { releaseUnfenced } from '../rules/hold';
import { dropWaiter, type Waiter } from '../rules/kinds/kind';
import { lockOf } from '../rules/kinds/table';
import { endWants } from '../rules/offer';
import { settleFile } from '../rules/settle';
import { endOfList, type Step } from '../step';

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
  const page = step.rows.page(keys.fileRows(fileKey), 0, endOfList, limit);
  const ended: Ended = { opens: 0, ranges: 0, requests: 0, more: page.length === limit };
  for (const entry of page) {
    const lock = lockOf(step, entry.member);
    if (lock === undefined) continue;
    const { kind, row } = lock;
    const what = kind.onlyWaits(row) ? 'requests' : kind.counted;
    end(step, lock, reason);
    if (what !== undefined) ended[what] += 1;
  }
  return ended;
}

/** Ends one of whatever kind, and brings its file in line. */
export function end(step: Step, { kind, id, row }: Waiter, reason: Reason): void {
  const file = loadFile(step, row.fileKey);
  kind.end(step, file, id, row, reason);
  if (file !== undefined) settleFile(step, file);
}

/** Drops so many of the requests that wait on a file. Returns how many it were. */
export function cancelWaiters(step: Step, file: File, reason: Reason, limit: number): number {
  let dropped = 0;
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, limit)) {
    const waiter = lockOf(step, entry.member);
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
