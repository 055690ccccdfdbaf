import type { Blocker, LockView } from '../../io';
import * as keys from '../../keys';
import type { Reason } from '../../reasons';
import type { DlmRow } from '../../rows';
import { record, type Step } from '../../step';
import { leaveConnection } from '../connection';
import { rememberEnd } from '../ended';
import { leaveLists, leaveSession, type File } from '../file';
import { writes } from '../modes';
import {
  enterGranted,
  enterOrphans,
  leaveTurns,
  grantedLocks,
  homeOf,
  isOnDeadNode,
  locksInTheWay,
  orphansOver,
  removeLock,
  resourceOf,
  servedBefore,
  type Lock,
} from '../resource';
import { tenantOf } from '../tenant';
import { dequeue, dropWaiter, type LockKind, type OwnSpace } from './kind';

/** Locks in six modes on resources (rules/resource.ts). They conflict only with each other. */

export function stateOfDlm(row: DlmRow): 'granted' | 'converting' | 'waiting' {
  if (row.mode === undefined) return 'waiting';
  return row.wants === undefined ? 'granted' : 'converting';
}

function blockerOf(id: string, row: DlmRow): Blocker {
  const { sessionId, owner, pid, mode, wants } = row;
  return { id, kind: 'dlm', sessionId, owner, pid, type: mode ?? wants ?? 'NL', state: stateOfDlm(row) };
}

function lockOfDlm(id: string, row: DlmRow): LockView {
  const { no, sessionId, owner, exportName, path, fileId, inode, pid, mode, wants, token } = row;
  return {
    id,
    no,
    kind: 'dlm',
    sessionId,
    owner,
    exportName,
    path,
    fileId,
    inode,
    pid,
    type: mode ?? wants ?? 'NL',
    waits: wants,
    state: stateOfDlm(row),
    token: token === 0 ? undefined : token,
  };
}

/** A request left its queue without a grant: a new one is gone, a conversion leaves the lock as it was. */
function withdrawDlm(step: Step, file: File, id: string, row: DlmRow): void {
  leaveTurns(step, file, { kind: dlmKind, id, row });
  row.wants = undefined;
  row.alt = undefined;
  if (row.mode === undefined) {
    leaveConnection(step, id, row);
    leaveLists(step, keys.dlm(id), row);
    step.rows.del('dlm', id);
    return;
  }
  enterGranted(step, file, id, row);
  step.rows.put('dlm', id, row);
}

function mayOrphan(step: Step, file: File, row: DlmRow, reason: Reason): boolean {
  if (row.persistent !== true) return false;
  if (reason !== 'session_ended' && reason !== 'session_expired' && reason !== 'disconnected') return false;
  if (isOnDeadNode(step, row.sessionId)) return false;
  return orphansOver(step, file, row.exportName, tenantOf(step, row.sessionId)) === undefined;
}

/** The session is over, and the lock stays: it belongs to nobody until a request with `orphan` adopts it. */
function orphan(step: Step, file: File, id: string, row: DlmRow): void {
  const home = homeOf(step, row.sessionId);
  leaveSession(step, row.sessionId, keys.dlm(id), row.no);
  leaveConnection(step, id, row);
  row.connection = undefined;
  const tenant = tenantOf(step, row.sessionId);
  row.tenant = tenant === '' ? undefined : tenant;
  row.home = home;
  row.sessionId = '';
  row.owner = '';
  row.ownerKey = '';
  row.clientKey = '';
  row.body = undefined;
  enterOrphans(step, file, { kind: dlmKind, id, row });
  step.rows.put('dlm', id, row);
}

/** Ends a lock or a request, for any reason but an unlock by its holder. */
function endDlm(step: Step, file: File | undefined, id: string, row: DlmRow, reason: Reason): void {
  if (file === undefined) return;
  const lock: Lock = { kind: dlmKind, id, row };
  rememberEnd(step, id, row, reason);
  if (row.mode === undefined) {
    dropWaiter(step, file, lock, reason);
    return;
  }
  const keep = mayOrphan(step, file, row, reason);
  if (row.wants !== undefined) {
    dequeue(step, file, lock, reason);
    withdrawDlm(step, file, id, row);
  }
  if (keep) {
    orphan(step, file, id, row);
    return;
  }
  // Nobody knows what the holder has changed.
  if (writes(row.mode)) resourceOf(file).invalid = true;
  const { sessionId, owner, exportName, path, connection: connectionId } = row;
  removeLock(step, file, lock);
  // An orphan has nobody to tell.
  if (sessionId === '') return;
  record(step, {
    kind: 'unlocked',
    lockId: id,
    connectionId,
    sessionId,
    owner,
    fileKey: file.key,
    exportName,
    path,
    reason,
  });
}

const space: OwnSpace<DlmRow> = {
  meets: (earlier, later) => earlier.place < later.place,
  ownerHas: () => false,
  inTheWay: locksInTheWay,
  ahead: servedBefore,
  asksOwner: true,
  counts: (row) => row.nodlckwt !== true,
  held: grantedLocks,
};

export const dlmKind: LockKind<DlmRow> = {
  name: 'dlm',
  letter: keys.letters.dlm,
  breaks: false,
  own: space,
  load: (step, id) => step.rows.get('dlm', id),
  asks: () => [],
  // The resource serves its queues itself (resource.ts).
  admit: () => false,
  mayFree: () => false,
  whyNot: (step, file, { row }) =>
    locksInTheWay(step, file, row, 1).length > 0 ? 'mode_conflict' : undefined,
  isLost: () => undefined,
  withdraw: withdrawDlm,
  lapse: () => undefined,
  named: (id, row) => ({ lockId: id, connectionId: row.connection }),
  detached: () => undefined,
  onlyWaits: (row) => row.mode === undefined,
  since: (row) => (row.grantNo === 0 ? row.no : row.grantNo),
  blocker: (id, row) => blockerOf(id, row),
  view: (_step, id, row) => lockOfDlm(id, row),
  counted: 'ranges',
  end: endDlm,
};
