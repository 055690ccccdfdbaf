import type { Reason } from '../reasons';
import type { AllocItem } from '../io';
import * as keys from '../keys';
import type { LeaseRow, ShareRow } from '../rows';
import { endOfList, type Step } from '../step';
import { leaseAsk, leaseRefusal } from './conflict';
import {
  countShare,
  enterLists,
  ownDelegation,
  ownLease,
  saveShare,
  shareOf,
  standsAlone,
  type File,
} from './file';
import { grant, holdSuffices, intend, mayAsk } from './hold';

/** Whether a lease or a delegation may be had now, and taking it. */

/** Why not: a reason, and the lease of the same owner that is there already, if that is why. */
export interface NotNow {
  reason: Reason;
  leaseId?: string;
}

/** Who asks: a lease row that is there, or one that is about to be. */
export interface Asker {
  sessionId: string;
  ownerKey: string;
  clientKey: string;
  delegation: boolean;
}

export function whyNotNow(
  step: Step,
  file: File,
  id: string,
  asker: Asker,
  type: 'read' | 'write',
): NotNow | undefined {
  const share = shareOf(step, file.key, asker.ownerKey);
  const own = ownLease(step, file, share);
  if (own !== undefined && share.leaseId !== id) return { reason: 'owner_has_lease', leaseId: share.leaseId };
  // A session has leases on a file or a delegation, never both: so a breaker has one thing to be spared.
  if (!asker.delegation && ownDelegation(step, file, asker.clientKey) !== undefined) {
    return { reason: 'owner_has_lease', leaseId: shareOf(step, file.key, asker.clientKey).leaseId };
  }
  let opens = share;
  if (asker.delegation) {
    const lease = leaseOfSession(step, file, asker.sessionId);
    if (lease !== undefined) return lease;
    opens = opensOfSession(step, file, asker.sessionId, type);
  }
  const reason = leaseRefusal(file.row, opens, id, own, leaseAsk(type, asker.delegation), step.now);
  if (reason !== undefined) return { reason };
  return !standsAlone(file) && !mayAsk(file.exp) ? { reason: 'no_backend' } : undefined;
}

/** A delegation looks at so many leases, or opens, of a file for those of its own session; where there are more, none is given. */
const ownSearched = 64;

/** Why a session may not have a delegation because of leases: its own, or so many that its own cannot be told. */
function leaseOfSession(step: Step, file: File, sessionId: string): NotNow | undefined {
  const { row } = file;
  const writer = row.writer !== undefined && !row.writerDelegation;
  if (row.reads === row.delegReads && !writer && row.pendingReads === 0 && row.pendingWriter === undefined)
    return undefined;
  for (const list of [keys.grants(file.key), keys.intents(file.key)]) {
    const page = step.rows.page(list, 0, endOfList, ownSearched);
    for (const entry of page) {
      const lease = step.rows.get('lease', entry.member);
      if (lease === undefined || lease.delegation || lease.sessionId !== sessionId) continue;
      return { reason: 'owner_has_lease', leaseId: entry.member };
    }
    if (page.length === ownSearched) return { reason: 'lease_conflict' };
  }
  return undefined;
}

/** The opens of a whole session, as one owner's share: its delegation does not mind them. */
function opensOfSession(step: Step, file: File, sessionId: string, type: 'read' | 'write'): ShareRow {
  const { row } = file;
  const share: ShareRow = { opens: 0, readOpens: 0, writeOpens: 0, denyReads: 0, denyWrites: 0 };
  if (type === 'read' && row.writeOpens === 0 && row.denyReads === 0) return share;
  for (const entry of step.rows.page(keys.fileOpens(file.key), 0, endOfList, ownSearched)) {
    const open = step.rows.get('open', entry.member);
    if (open !== undefined && open.sessionId === sessionId) countShare(share, open.access, open.deny, 1);
  }
  return share;
}

/** Grants at once, or reserves the slot and leaves the rest to the fileserver's answer. */
export function take(
  step: Step,
  file: File,
  id: string,
  lease: LeaseRow,
  type: 'read' | 'write',
  turn: boolean,
): void {
  const share = shareOf(step, file.key, lease.ownerKey);
  share.leaseId = id;
  saveShare(step, file.key, lease.ownerKey, share);
  if (holdSuffices(file, type)) grant(step, file, id, lease, type, turn);
  else intend(step, file, id, lease, type);
}

/** A lease row that is in no list yet. `once`: a refusal leaves nothing of it behind. */
export function newLease(
  item: Omit<AllocItem, 'leaseId'>,
  sessionId: string,
  pid: number,
  once: boolean,
): LeaseRow {
  return {
    no: 0,
    sessionId,
    owner: item.owner,
    ownerKey: item.ownerKey,
    clientKey: item.clientKey,
    fileKey: item.fileKey,
    exportName: item.exportName,
    path: item.path,
    fileId: item.fileId,
    inode: item.inode,
    pid,
    type: 'none',
    state: 'allocated',
    pendingBreakNo: 0,
    grantNo: 0,
    token: 0,
    due: 0,
    once,
    fenced: false,
    delegation: false,
    seqid: 0,
    waitNo: 0,
  };
}

/** Enters an allocated lease where everything is listed. */
export function enterLease(step: Step, id: string, lease: LeaseRow): void {
  lease.no = enterLists(step, keys.lease(id), lease.sessionId, lease.fileKey);
  step.rows.put('lease', id, lease);
}
