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

/** Whether a lease or a delegation may be granted now, and granting it. */

/** Why not: a reason and, if the same owner already has a lease, that lease. */
export interface NotNow {
  reason: Reason;
  leaseId?: string;
}

/** The requester: an existing lease row, or one that is about to be made. */
export interface Asker {
  sessionId: string;
  ownerKey: string;
  clientKey: string;
  delegation: boolean;
  notify?: boolean;
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
  // A session has either leases or a delegation on a file, never both: a breaker then has only one hold to exempt.
  if (!asker.delegation && ownDelegation(step, file, asker.clientKey) !== undefined) {
    return { reason: 'owner_has_lease', leaseId: shareOf(step, file.key, asker.clientKey).leaseId };
  }
  let opens = share;
  if (asker.delegation) {
    const lease = leaseOfSession(step, file, asker.sessionId);
    if (lease !== undefined) return lease;
    opens = opensOfSession(step, file, asker.sessionId, type);
  }
  const reason = leaseRefusal(
    file.row,
    opens,
    id,
    own,
    leaseAsk(type, asker.delegation, asker.notify),
    step.now,
  );
  if (reason !== undefined) return { reason };
  return !standsAlone(file) && !mayAsk(file.exp) ? { reason: 'no_backend' } : undefined;
}

/** How many leases, or opens, of a file are searched for those of the session that asks for a delegation. */
const ownSearched = 64;

/** Why a session may not have a delegation because of leases: its own, or too many to tell whether one is its own. */
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

/** The opens of a whole session as one owner's share: they do not conflict with its delegation. */
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

/** Grants at once, or reserves the slot until the fileserver answers. */
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

/** A lease row that is not in any list yet. `once`: a refusal removes it completely. */
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
    maxHoldMs: item.maxHoldMs,
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

/** Numbers an allocated lease and enters it in the lists that all rows are in. */
export function enterLease(step: Step, id: string, lease: LeaseRow): void {
  lease.no = enterLists(step, keys.lease(id), lease.sessionId, lease.fileKey);
  step.rows.put('lease', id, lease);
}
