import type { Blocker, LockView } from '../../io';
import * as keys from '../../keys';
import { isOfThisLife } from '../../lives';
import type { Reason } from '../../reasons';
import type { PermitRow, SemaphoreState } from '../../rows';
import { count, endOfList, mintToken, record, wallOf, type Step } from '../../step';
import { rememberEnd } from '../ended';
import { leaveLists, noteGrant, type File } from '../file';
import { beginTenure, leaveTenure, showTenure } from '../tenure';
import { dequeue, dropWaiter, type LockKind, type OwnSpace, type Waiter } from './kind';

/**
 * Permits of semaphores: at most so many at a time under one name, strictly in order of arrival. Identity is the permit:
 * an owner may have several, and each counts.
 */

export function semaphoreOf(file: File): SemaphoreState {
  return file.row.semaphore ?? { limit: 0, held: 0 };
}

function isFull(file: File): boolean {
  const { limit, held } = semaphoreOf(file);
  return held >= limit;
}

export function stateOfPermit(row: PermitRow): 'held' | 'waiting' {
  return row.token === 0 ? 'waiting' : 'held';
}

function holders(step: Step, file: File, max: number): { id: string; row: PermitRow }[] {
  const found: { id: string; row: PermitRow }[] = [];
  for (const { member } of step.rows.page(keys.grants(file.key), 0, endOfList, max)) {
    const row = step.rows.get('permit', member);
    if (row !== undefined) found.push({ id: member, row });
  }
  return found;
}

export function admitPermit(step: Step, file: File, waiter: Waiter<PermitRow>, turn: boolean): boolean {
  if (isFull(file)) return false;
  const { id, row } = waiter;
  const waitNo = dequeue(step, file, waiter, 'granted');
  row.token = mintToken(step);
  beginTenure(step, file.exp, keys.permit(id), row);
  file.row.maxToken = row.token;
  semaphoreOf(file).held += 1;
  count(step, 'permits', 1);
  step.rows.link(keys.grants(file.key), id, row.token);
  step.rows.put('permit', id, row);
  noteGrant(step, file, row.ownerKey);
  const { sessionId, owner, exportName, path, token } = row;
  record(step, {
    kind: 'permitted',
    lockId: id,
    sessionId,
    owner,
    fileKey: file.key,
    exportName,
    path,
    token,
    turn,
    waitNo,
    endsWall: row.endsAt === undefined ? undefined : wallOf(step, row.endsAt),
  });
  return true;
}

/** Ends a permit, or the wait for one. The caller then settles the file. */
export function endPermit(
  step: Step,
  file: File | undefined,
  id: string,
  row: PermitRow,
  reason: Reason | 'holder',
): void {
  if (file === undefined) return;
  if (row.token === 0) {
    dropWaiter(step, file, { kind: permitKind, id, row }, reason === 'holder' ? 'cancelled' : reason);
    return;
  }
  rememberEnd(step, id, row, reason);
  semaphoreOf(file).held -= 1;
  count(step, 'permits', -1);
  step.rows.unlink(keys.grants(file.key), id, row.token);
  leaveTenure(step, keys.permit(id), row);
  forget(step, id, row);
  const { sessionId, owner, exportName, path } = row;
  record(step, {
    kind: 'surrendered',
    lockId: id,
    sessionId,
    owner,
    fileKey: file.key,
    exportName,
    path,
    reason,
  });
}

function forget(step: Step, id: string, row: PermitRow): void {
  leaveLists(step, keys.permit(id), row);
  step.rows.del('permit', id);
}

const space: OwnSpace<PermitRow> = {
  meets: () => true,
  ownerHas: () => false,
  // Whoever is asked about does not fit: the semaphore is full.
  inTheWay: (step, file, _row, max) => holders(step, file, max),
  anyMakesRoom: true,
};

export const permitKind: LockKind<PermitRow> = {
  name: 'permit',
  letter: keys.letters.permit,
  breaks: false,
  own: space,
  load: (step, id) => step.rows.get('permit', id),
  asks: () => [],
  admit: admitPermit,
  mayFree: () => false,
  whyNot: (_step, file) => (isFull(file) ? 'semaphore_full' : undefined),
  isLost: () => undefined,
  withdraw: (step, _file, id, row) => {
    forget(step, id, row);
  },
  lapse: () => undefined,
  named: (id) => ({ waitId: id }),
  detached: () => undefined,
  onlyWaits: (row) => row.token === 0,
  since: (row) => row.token,
  blocker: (id, row): Blocker => {
    const { sessionId, owner, pid } = row;
    return { id, kind: 'permit', sessionId, owner, pid, type: 'permit', state: stateOfPermit(row) };
  },
  view: (step, id, row): LockView => {
    const { no, sessionId, owner, exportName, path, fileId, inode, pid, token } = row;
    const view: LockView = {
      id,
      no,
      kind: 'permit',
      sessionId,
      owner,
      exportName,
      path,
      fileId,
      inode,
      pid,
      type: 'permit',
      waits: token === 0 ? 'permit' : undefined,
      state: stateOfPermit(row),
      token: isOfThisLife(step, token) ? token : undefined,
    };
    return showTenure(step, view, row);
  },
  counted: 'ranges',
  end: endPermit,
};
