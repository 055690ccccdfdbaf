import type { Step } from '../step';
import { clearRevoked, freshen } from './break';
import { breakCycles } from './deadlock';
import { saveFile, standsAlone, type File } from './file';
import { commitPending, followAdapter, syncHold } from './hold';
import { signalWants } from './offer';
import { serveQueue } from './queue';

/** What every change of a file ends with: the rest of the file is brought in line, the row is written, the fileserver asked. */

/** Brings a file up to now, before anything is decided about it. */
export function bringUp(step: Step, file: File): void {
  followAdapter(step, file);
  freshen(step, file);
  // Nobody is asked to let go of what a lease that is over had.
  if (standsAlone(file)) syncHold(step, file);
}

export function settleFile(step: Step, file: File): void {
  bringUp(step, file);
  commitPending(step, file);
  // A first pass lets an unanswered ask lapse before the queue is served.
  syncHold(step, file);
  serveQueue(step, file);
  const others: File[] = [];
  // Whoever is served because of a cycle that was ended may close another.
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
  saveFile(step, file);
  for (const other of others) settleFile(step, other);
  // What was granted last may have closed one, too.
  if (step.recheck.length > 0) settleFile(step, file);
}
