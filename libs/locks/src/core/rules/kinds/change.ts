import type { LockView } from '../../io';
import * as keys from '../../keys';
import type { ChangeRow } from '../../rows';
import { record, type Step } from '../../step';
import { leaveLists, type File } from '../file';
import { clearWay, opensRefusing } from '../way';
import { dequeue, dropWaiter, type LockKind, type Waiter } from './kind';

/** Changes of a file that are not opens. A change holds nothing: it is over as soon as it is allowed. */

function lockOfChange(id: string, change: ChangeRow): LockView {
  return {
    id,
    no: change.no,
    kind: 'change',
    sessionId: change.sessionId,
    owner: change.owner,
    exportName: change.exportName,
    path: change.path,
    fileId: change.fileId,
    inode: change.inode,
    pid: change.pid,
    type: change.kind,
    waits: change.kind,
    state: 'waiting',
  };
}

function admitChange(step: Step, file: File, waiter: Waiter<ChangeRow>, turn: boolean): boolean {
  if (!clearWay(step, file, waiter, 'change')) return false;
  const { id, row } = waiter;
  file.row.lockDelayUntil = Math.max(file.row.lockDelayUntil, step.now + row.quietMs);
  dequeue(step, file, waiter, 'granted');
  forgetChange(step, id, row);
  record(step, {
    kind: 'changed',
    waitId: id,
    sessionId: row.sessionId,
    owner: row.owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    what: row.kind,
    turn,
  });
  return true;
}

/** Removes a change's row; one that never waited has none. */
function forgetChange(step: Step, id: string, change: ChangeRow): void {
  if (change.no === 0) return;
  leaveLists(step, keys.change(id), change);
  step.rows.del('change', id);
}

export const changeKind: LockKind<ChangeRow> = {
  name: 'change',
  letter: keys.letters.change,
  breaks: true,
  load: (step, id) => step.rows.get('change', id),
  asks: (row) => [row.kind],
  admit: admitChange,
  mayFree: () => true,
  whyNot: (step, file, waiter) =>
    opensRefusing(step, file, waiter, 1).length > 0 ? 'share_denied' : undefined,
  isLost: () => undefined,
  withdraw: (step, _file, id, row) => {
    forgetChange(step, id, row);
  },
  lapse: () => undefined,
  named: (id) => ({ waitId: id }),
  detached: () => undefined,
  onlyWaits: () => true,
  since: ({ no }) => no,
  blocker: (id, { sessionId, owner, pid, kind: type }) => ({
    id,
    kind: 'change',
    sessionId,
    owner,
    pid,
    type,
    state: 'waiting',
  }),
  view: (_step, id, row) => lockOfChange(id, row),
  end: (step, file, id, row, reason) => {
    if (file !== undefined) dropWaiter(step, file, { kind: changeKind, id, row }, reason);
  },
};
