import type { LockView } from '../../io';
import * as keys from '../../keys';
import type { ChangeRow } from '../../rows';
import { record, type Step } from '../../step';
import { loadFile, saveFile, type File } from '../file';
import { announceChange, forgetChange, mayAnnounce, recallUntold } from '../notify';
import { clearWay, opensRefusing } from '../way';
import { dequeue, dropWaiter, type LockKind, type Waiter } from './kind';

/**
 * Changes of a file that are not opens. A change holds nothing: it is over as soon as it is allowed, or reported if
 * holders of delegations are to be told of it.
 */

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
    waits: change.announced === true ? undefined : change.kind,
    state: change.announced === true ? 'announced' : 'waiting',
  };
}

function admitChange(step: Step, file: File, waiter: Waiter<ChangeRow>, turn: boolean): boolean {
  const { id, row } = waiter;
  if (row.notice !== undefined && !mayAnnounce(file)) {
    row.notice = undefined;
    if (row.no !== 0) step.rows.put('change', id, row);
  }
  if (!clearWay(step, file, waiter, 'change')) return false;
  file.row.lockDelayUntil = Math.max(file.row.lockDelayUntil, step.now + row.quietMs);
  const waitNo = dequeue(step, file, waiter, 'granted');
  const announced = announceChange(step, file, id, row);
  if (!announced) forgetChange(step, file, id, row);
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
    waitNo,
    announced: announced ? true : undefined,
  });
  return true;
}

/** An announced change ends without a report. */
function abandon(step: Step, file: File | undefined, id: string, row: ChangeRow): void {
  forgetChange(step, file, id, row);
  if (file !== undefined) recallUntold(step, file, row);
}

export const changeKind: LockKind<ChangeRow> = {
  name: 'change',
  letter: keys.letters.change,
  breaks: true,
  load: (step, id) => step.rows.get('change', id),
  asks: (row) => [row.notice === undefined ? row.kind : 'told'],
  admit: admitChange,
  mayFree: () => true,
  whyNot: (step, file, waiter) =>
    opensRefusing(step, file, waiter, 1).length > 0 ? 'share_denied' : undefined,
  isLost: () => undefined,
  withdraw: (step, file, id, row) => {
    forgetChange(step, file, id, row);
  },
  lapse: (step, id, row) => {
    const file = loadFile(step, row.fileKey);
    abandon(step, file, id, row);
    if (file !== undefined) saveFile(step, file);
  },
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
    if (row.announced === true) abandon(step, file, id, row);
    else if (file !== undefined) dropWaiter(step, file, { kind: changeKind, id, row }, reason);
  },
};
