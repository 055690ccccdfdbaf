import type { Blocker, LockView } from '../../io';
import * as keys from '../../keys';
import type { Reason } from '../../reasons';
import type { OpenRow, ShareRow } from '../../rows';
import { record, type Step } from '../../step';
import { openAsks } from '../conflict';
import { rememberEnd } from '../ended';
import { countOpen, countShare, leaveLists, noteGrant, saveShare, shareOf, type File } from '../file';
import { offerWith } from '../offer';
import { clearWay, opensRefusing } from '../way';
import { dequeue, dropWaiter, type LockKind, type Waiter } from './kind';

/** Opens. A waiting open is either new, or an existing one that asks for more. */

export function openBlocker(id: string, open: OpenRow): Blocker {
  return {
    id,
    kind: 'open',
    sessionId: open.sessionId,
    owner: open.owner,
    pid: open.pid,
    type: open.access,
    deny: open.deny,
    state: open.state,
  };
}

function lockOfOpen(id: string, open: OpenRow): LockView {
  const waits = open.waitNo !== 0;
  return {
    id,
    no: open.no,
    kind: 'open',
    sessionId: open.sessionId,
    owner: open.owner,
    exportName: open.exportName,
    path: open.path,
    fileId: open.fileId,
    inode: open.inode,
    pid: open.pid,
    type: open.access,
    deny: open.deny,
    waits: waits ? (open.toAccess ?? open.access) : undefined,
    state: open.state,
  };
}

function admitOpen(step: Step, file: File, waiter: Waiter<OpenRow>, turn: boolean): boolean {
  if (!clearWay(step, file, waiter, 'open')) return false;
  const { id, row } = waiter;
  const share = shareOf(step, file.key, row.ownerKey);
  const waitNo = dequeue(step, file, waiter, 'granted');
  if (row.state === 'open') {
    countShare(share, row.access, row.deny, -1);
    countOpen(step, file.row, row.access, row.deny, -1);
  } else {
    step.rows.link(keys.fileOpens(file.key), id, row.no);
  }
  row.access = row.toAccess ?? row.access;
  row.deny = row.toDeny ?? row.deny;
  row.toAccess = undefined;
  row.toDeny = undefined;
  row.parts = row.toParts;
  row.toParts = undefined;
  row.state = 'open';
  row.seqid += 1;
  countShare(share, row.access, row.deny, 1);
  countOpen(step, file.row, row.access, row.deny, 1);
  saveShare(step, file.key, row.ownerKey, share);
  step.rows.put('open', id, row);
  offerWith(step, file, id, row);
  noteGrant(step, file, row.ownerKey);
  record(step, {
    kind: 'opened',
    openId: id,
    sessionId: row.sessionId,
    owner: row.owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    access: row.access,
    turn,
    waitNo,
  });
  return true;
}

function withdrawOpen(step: Step, id: string, open: OpenRow): void {
  if (open.state === 'waiting') {
    leaveLists(step, keys.open(id), open);
    step.rows.del('open', id);
    saveShare(step, open.fileKey, open.ownerKey, withoutOpen(step, id, open));
    return;
  }
  open.toAccess = undefined;
  open.toDeny = undefined;
  open.toParts = undefined;
  step.rows.put('open', id, open);
}

/** The owner's share of the file, in which this open is no longer the one that its next OPEN adds to. */
function withoutOpen(step: Step, id: string, open: OpenRow): ShareRow {
  const share = shareOf(step, open.fileKey, open.ownerKey);
  if (share.openId === id) share.openId = undefined;
  return share;
}

/** Ends an open or a wait. The caller then settles the file. */
export function endOpen(
  step: Step,
  file: File | undefined,
  id: string,
  open: OpenRow,
  reason: Reason | 'holder',
): void {
  if (file === undefined) return;
  const waiter: Waiter<OpenRow> = { kind: openKind, id, row: open };
  if (open.state === 'waiting') {
    dropWaiter(step, file, waiter, reason === 'holder' ? 'cancelled' : reason);
  } else {
    dequeue(step, file, waiter, reason === 'holder' ? 'cancelled' : reason);
    const share = withoutOpen(step, id, open);
    countShare(share, open.access, open.deny, -1);
    countOpen(step, file.row, open.access, open.deny, -1);
    saveShare(step, file.key, open.ownerKey, share);
    step.rows.unlink(keys.fileOpens(file.key), id, open.no);
    leaveLists(step, keys.open(id), open);
    step.rows.del('open', id);
    rememberEnd(step, id, open, reason);
    record(step, {
      kind: 'closed',
      openId: id,
      sessionId: open.sessionId,
      fileKey: file.key,
      exportName: open.exportName,
      path: open.path,
      reason,
    });
  }
}

export const openKind: LockKind<OpenRow> = {
  name: 'open',
  letter: keys.letters.open,
  breaks: true,
  load: (step, id) => step.rows.get('open', id),
  asks: (row) => openAsks(row.toAccess ?? row.access, row.toDeny ?? row.deny),
  admit: admitOpen,
  mayFree: () => true,
  whyNot: (step, file, waiter) =>
    opensRefusing(step, file, waiter, 1).length > 0 ? 'share_denied' : undefined,
  isLost: () => undefined,
  withdraw: (step, _file, id, row) => {
    withdrawOpen(step, id, row);
  },
  lapse: () => undefined,
  named: (id) => ({ openId: id }),
  detached: (id) => ({ openId: id }),
  onlyWaits: (row) => row.state === 'waiting',
  staysOut: (row) => row.state === 'open',
  since: (row) => row.no,
  blocker: (id, row) => openBlocker(id, row),
  view: (_step, id, row) => lockOfOpen(id, row),
  counted: 'opens',
  end: endOpen,
};
