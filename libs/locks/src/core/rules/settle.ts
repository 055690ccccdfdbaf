import type { Step } from '../step';
import { clearRevoked, freshen } from './break';
import { breakCycles } from './deadlock';
import { saveFile, standsAlone, type File } from './file';
import { commitPending, followAdapter, syncHold } from './hold';
import { signalWants } from './offer';
import { serveQueue } from './queue';
import { syncRanges } from './range-asks';
import { takeBroken } from './takeover';

/** How every change of a file ends: the rest of the file is updated, the row written, and the fileserver asked. */

/** Brings a file up to date before anything is decided about it. */
export function bringUp(step: Step, file: File): void {
  followAdapter(step, file);
  freshen(step, file);
  takeBroken(step, file);
  // There is no fileserver to ask: the hold simply follows the leases.
  if (standsAlone(file)) syncHold(step, file);
}

export function settleFile(step: Step, file: File): void {
  bringUp(step, file);
  commitPending(step, file);
  // The first pass times out an unanswered ask before the queue is served.
  syncHold(step, file);
  serveQueue(step, file);
  const others: File[] = [];
  // A request that is served because a cycle was broken may close another cycle.
  while (step.recheck.length > 0) {
    const owners = step.recheck;
    step.recheck = [];
    for (const other of breakCycles(step, file, owners)) others.push(other);
    serveQueue(step, file);
  }
  freshen(step, file);
  commitPending(step, file);
  clearRevoked(step, file);
  syncHold(step, file);
  signalWants(step, file);
  // What was granted instead of a signal.
  if (standsAlone(file)) syncHold(step, file);
  syncRanges(step, file);
  saveFile(step, file);
  for (const other of others) settleFile(step, other);
}
