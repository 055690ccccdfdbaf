import type { Reason } from '../reasons';
import type { RequestRow } from '../rows';
import * as keys from '../keys';
import { loadFile, type File } from '../rules/file';
import { releaseUnfenced } from '../rules/hold';
import { dlmKind } from '../rules/kinds/dlm';
import { dropWaiter, type Waiter } from '../rules/kinds/kind';
import { lockOf } from '../rules/kinds/table';
import { endWants } from '../rules/offer';
import { settleFile } from '../rules/settle';
import { endOfList, type Step } from '../step';

/** Ends locks on a file: a single one on request, or all because its export ends or its name leads nowhere. */

export interface Ended {
  opens: number;
  ranges: number;
  requests: number;
  /** Whether there may be more rows. */
  more: boolean;
}

/**
 * Ends at most `limit` rows of a file; the rest still conflict until they are ended. Requests go first: none of them is
 * granted what others lose here.
 */
export function endRows(step: Step, file: File, reason: Reason, limit: number): Ended {
  const requests = cancelWaiters(step, file, reason, limit);
  const page = step.rows.page(keys.fileRows(file.key), file.row.endedTo ?? 0, endOfList, limit - requests);
  const ended: Ended = { opens: 0, ranges: 0, requests, more: requests + page.length === limit };
  for (const entry of page) {
    // What has ended may be remembered: the next step begins after it.
    file.row.endedTo = entry.score;
    const lock = lockOf(step, entry.member);
    if (lock === undefined) continue;
    const { counted } = lock.kind;
    if (counted !== undefined) ended[counted] += 1;
    end(step, lock, reason);
  }
  if (!ended.more) file.row.endedTo = undefined;
  // The requests may have been all there was.
  settleFile(step, file);
  return ended;
}

/** Ends one lock of any kind, and settles its file. */
export function end<R extends RequestRow>(step: Step, { kind, id, row }: Waiter<R>, reason: Reason): void {
  const file = loadFile(step, row.fileKey);
  kind.end(step, file, id, row, reason);
  if (file !== undefined) settleFile(step, file);
}

/** How many orphans of a node one step ends. */
const orphansPerStep = 64;

/** Ends locks that have outlived their sessions on a node that is dead. Returns whether there may be more. */
export function endOrphansOf(step: Step, node: string): boolean {
  const page = step.rows.page(keys.nodeOrphans(node), 0, endOfList, orphansPerStep);
  for (const { member } of page) {
    const row = dlmKind.load(step, member);
    if (row !== undefined) end(step, { kind: dlmKind, id: member, row }, 'node_down');
  }
  return page.length === orphansPerStep;
}

/** Drops at most `limit` requests that wait on a file. Returns how many. */
export function cancelWaiters(step: Step, file: File, reason: Reason, limit: number): number {
  let dropped = 0;
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, limit)) {
    const waiter = lockOf(step, entry.member);
    if (waiter === undefined) continue;
    dropWaiter(step, file, waiter, reason);
    dropped += 1;
  }
  return dropped;
}

/**
 * Clears the lock delay, the wants and the cool-down, so that only its rows and its fileserver keep the file; with
 * `unfenced`, not the fileserver either.
 */
export function wearOff(step: Step, file: File, unfenced: boolean): void {
  file.row.lockDelayUntil = 0;
  file.row.coolUntil = 0;
  endWants(step, file);
  if (unfenced) releaseUnfenced(step, file);
  settleFile(step, file);
}
