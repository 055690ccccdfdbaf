import * as keys from '../keys';
import type { ChangeRow, LeaseRow } from '../rows';
import { record, setDue, type Step } from '../step';
import { startBreak } from './break';
import { othersNotified } from './conflict';
import { enterLists, leaveLists, ownHold, type File } from './file';

/**
 * Directory delegations whose holders are told of changes instead of losing them (CB_NOTIFY, RFC 8881 §10.9, §20.4).
 * A change that will be reported is announced when it is allowed, and its row stays until it is. If no report comes in
 * time, nobody knows what the directory is like: the delegations are recalled.
 */

/** How many changes of one directory may await their reports; beyond that a change recalls, as one that nobody reports. */
const announcedMax = 64;

/** Whether a change on this file may be announced. */
export function mayAnnounce({ row }: File): boolean {
  return (row.announced ?? 0) < announcedMax;
}

function mindful(step: Step, file: File, change: ChangeRow): boolean {
  return othersNotified(file.row, ownHold(step, file, change)) > 0;
}

/** Keeps the row of a change that was allowed, until its report. Returns whether anybody is to be told. */
export function announceChange(step: Step, file: File, id: string, change: ChangeRow): boolean {
  if (change.notice === undefined || !mindful(step, file, change)) return false;
  if (change.no === 0) change.no = enterLists(step, keys.change(id), change.sessionId, file.key);
  change.announced = true;
  setDue(step, keys.change(id), change, step.now + (change.reportMs ?? 0));
  step.rows.put('change', id, change);
  file.row.announced = (file.row.announced ?? 0) + 1;
  return true;
}

/** Removes a change's row; one that never waited and was not announced has none. */
export function forgetChange(step: Step, file: File | undefined, id: string, change: ChangeRow): void {
  if (change.no === 0) return;
  if (change.announced === true) {
    setDue(step, keys.change(id), change, 0);
    if (file !== undefined) {
      const left = (file.row.announced ?? 1) - 1;
      file.row.announced = left === 0 ? undefined : left;
    }
  }
  leaveLists(step, keys.change(id), change);
  step.rows.del('change', id);
}

/** An announced change was made: its record tells the holders. */
export function tellChange(step: Step, file: File, { notice, clientKey }: ChangeRow): void {
  if (notice === undefined) return;
  const { exportName, path } = file.row;
  record(step, {
    kind: 'directoryChanged',
    change: notice,
    exempt: clientKey,
    fileKey: file.key,
    exportName,
    path,
  });
}

/** Nobody knows whether an announced change was made: all but its maker have to look again. */
export function recallUntold(step: Step, file: File, change: ChangeRow): void {
  if (!mindful(step, file, change)) return;
  startBreak(step, file, 'none', 'change', ownHold(step, file, change)?.ownerKey, 0, true);
}

/** A holder could not be told of a change. All delegations of the directory are recalled: a file has one break. */
export function recallNotified(step: Step, file: File, lease: LeaseRow): void {
  if (lease.notify === true) startBreak(step, file, 'none', 'change', undefined, 0, true);
}
