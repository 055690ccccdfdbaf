import type { FileRef } from '../io';
import * as keys from '../keys';
import type { OpenRow, Want, WhyNot } from '../rows';
import { endOfList, nextSeq, record, type Step } from '../step';
import { pidOf, roomFor } from './admission';
import {
  countDelegation,
  countRow,
  leaveSession,
  ownDelegation,
  saveShare,
  shareOf,
  standsAlone,
  type File,
} from './file';
import { neverHeld } from './grace';
import { enterLease, newLease, take, whyNotNow } from './grant';
import { rowsOver } from './quota';
import { makeRoomForDelegation } from './surplus';

/**
 * Which delegations are offered (RFC 8881 §10.4): one that is allowed may still not be offered, so that contended files
 * and unresponsive holders are left alone. grant.ts decides whether a delegation may be granted, this file whether it
 * should be.
 */

/** Why the file should not be delegated to anybody now. */
function whyNotHere(step: Step, { row }: File): WhyNot | undefined {
  if (step.now < row.coolUntil) return 'CONTENTION';
  // Pending grants count: the fileserver may allow all of them.
  const pending = row.pendingReads + (row.pendingWriter === undefined ? 0 : 1);
  const here = row.delegReads + (row.writerDelegation ? 1 : 0) + pending;
  return here >= step.meta.limits.fileDelegationsMax ? 'RESOURCE' : undefined;
}

/** Why a session should not get a delegation that it may have. */
export function whyNotOffered(step: Step, file: File, sessionId: string): WhyNot | undefined {
  const { limits } = step.meta;
  const here = whyNotHere(step, file);
  if (here !== undefined) return here;
  if (file.exp.delegations >= limits.exportDelegationsMax) return 'RESOURCE';
  const session = step.rows.get('session', sessionId);
  if (session === undefined || session.state !== 'live') return 'CANCELLED';
  if (session.revoked > limits.revokedMax) return 'RESOURCE';
  return session.delegations >= limits.sessionDelegationsMax ? 'RESOURCE' : undefined;
}

/** A session's request for a delegation (RFC 8881 §18.49). */
export interface DelegationWant {
  /** Id for the delegation. */
  leaseId: string;
  sessionId: string;
  clientKey: string;
  file: FileRef;
  want: Want;
  /** The open it comes with writes: then `any` means write, otherwise read. */
  writes: boolean;
  /** Once it may be granted: tell the session, or grant it. */
  signal: boolean;
  push: boolean;
  /** With a write delegation, the holder is the authority for the file's times. */
  times: boolean;
  /** Of a directory: the holder is told of changes that are reported. */
  notify?: boolean;
  reclaim: boolean;
}
export interface Offer {
  leaseId?: string;
  whyNot?: WhyNot;
  willSignal: boolean;
  willPush?: boolean;
}

/** How many rows of a file are searched for a delegation that was revoked. */
const revokedSearched = 256;

/** Whether the table knows that a delegation that is reclaimed was not held, or not any more. */
export function neverDelegated(
  step: Step,
  file: File,
  { sessionId, clientKey }: { sessionId: string; clientKey: string },
): boolean {
  if (ownDelegation(step, file, clientKey) !== undefined) return false;
  if (neverHeld(step, true, file.exp) !== undefined) return true;
  for (const { member } of step.rows.page(keys.fileRows(file.key), 0, endOfList, revokedSearched)) {
    const lease = step.rows.get('lease', keys.idOf(step.rows, member));
    if (lease?.delegation === true && lease.sessionId === sessionId && lease.state === 'revoked') return true;
  }
  return false;
}

/** Grants a delegation, starts to ask the fileserver for it, or says why not and whether a signal will follow. */
export function offer(step: Step, file: File, asked: DelegationWant): Offer {
  const { want, sessionId, clientKey } = asked;
  if (want === 'none' || want === 'cancel') {
    const cancelled = want === 'cancel' || shareOf(step, file.key, clientKey).wanted !== undefined;
    dropWant(step, file, clientKey);
    return { whyNot: cancelled ? 'CANCELLED' : 'NOT_WANTED', willSignal: false };
  }
  const type = want === 'any' ? (asked.writes ? 'write' : 'read') : want;
  const own = ownDelegation(step, file, clientKey);
  const ownId = shareOf(step, file.key, clientKey).leaseId;
  if (own !== undefined && ownId !== undefined) {
    if (own.type === type || own.pendingType === type || want === 'any')
      return { leaseId: ownId, willSignal: false };
    if (type === 'read') return { whyNot: 'NOT_SUPP_DOWNGRADE', willSignal: false };
    if (own.state !== 'active') return { whyNot: 'CONTENTION', willSignal: false };
  }
  if (asked.reclaim && neverDelegated(step, file, asked)) return { willSignal: false };
  makeRoomForDelegation(step, sessionId, file.row.exportName);
  const should = asked.reclaim
    ? undefined
    : (whyNotOffered(step, file, sessionId) ?? unannounced(file, asked));
  if (should !== undefined) return notNow(step, file, asked, type, should);
  const asker = own ?? { sessionId, ownerKey: clientKey, clientKey, delegation: true, notify: asked.notify };
  const not = whyNotNow(step, file, own === undefined ? asked.leaseId : (ownId ?? ''), asker, type);
  if (not !== undefined) {
    if (want === 'any' && type === 'write') {
      asked.writes = false;
      return offer(step, file, asked);
    }
    if (not.reason === 'owner_has_lease') return { whyNot: 'CONTENTION', willSignal: false };
    return notNow(step, file, asked, type, not.reason === 'no_backend' ? 'RESOURCE' : 'CONTENTION');
  }
  dropWant(step, file, clientKey);
  if (own !== undefined && ownId !== undefined) {
    own.times = asked.times ? true : undefined;
    take(step, file, ownId, own, type, false);
    return { leaseId: ownId, willSignal: false };
  }
  if (roomFor(step, sessionId, 1) !== undefined) return { whyNot: 'RESOURCE', willSignal: false };
  enter(step, file, asked, type);
  return { leaseId: asked.leaseId, willSignal: false };
}

/** Who is not told of changes waits until those that are announced have been reported. */
function unannounced(file: File, { notify }: { notify?: boolean }): WhyNot | undefined {
  return file.row.announced !== undefined && notify !== true ? 'CONTENTION' : undefined;
}

/** Grants a new delegation, or starts to ask the fileserver for it. */
function enter(
  step: Step,
  file: File,
  asked: {
    leaseId: string;
    sessionId: string;
    clientKey: string;
    file: FileRef;
    times: boolean;
    notify?: boolean;
  },
  type: 'read' | 'write',
): void {
  const { leaseId, sessionId, clientKey } = asked;
  const item = {
    fileKey: file.key,
    exportName: asked.file.exportName,
    path: asked.file.path,
    fileId: asked.file.fileId,
    inode: asked.file.inode,
    owner: sessionId,
    ownerKey: clientKey,
    clientKey,
  };
  const lease = newLease(item, sessionId, pidOf(step, sessionId), true);
  lease.delegation = true;
  lease.times = asked.times ? true : undefined;
  lease.notify = asked.notify === true ? true : undefined;
  enterLease(step, leaseId, lease);
  countDelegation(step, lease, 1, undefined);
  take(step, file, leaseId, lease, type, false);
}

/**
 * Contention, or too many delegations on the file, will pass: the session is then signalled, or the delegation granted,
 * if it asked. A fileserver may refuse it, so only what needs none is promised.
 */
function notNow(
  step: Step,
  file: File,
  asked: DelegationWant,
  type: 'read' | 'write',
  whyNot: WhyNot,
): Offer {
  const passes = whyNot === 'CONTENTION' || mayPass(step, file, asked.sessionId);
  // A session that has a delegation already is told, and asks for more of it.
  const push =
    asked.push && standsAlone(file) && shareOf(step, file.key, asked.clientKey).leaseId === undefined;
  const noted = (asked.signal || push) && passes && addWant(step, file, asked, type, push);
  return { whyNot, willSignal: noted && !push, willPush: noted && push };
}

/** Whether the shortage is on this file only: changes of the file are noticed here, changes elsewhere are not. */
function mayPass(step: Step, file: File, sessionId: string): boolean {
  const { limits } = step.meta;
  const session = step.rows.get('session', sessionId);
  if (session === undefined || session.revoked > limits.revokedMax) return false;
  return (
    session.delegations < limits.sessionDelegationsMax && file.exp.delegations < limits.exportDelegationsMax
  );
}

/** Decides about the delegation that comes with an open, once, when the open is granted. */
export function offerWith(step: Step, file: File, id: string, open: OpenRow): void {
  if (open.want === undefined || open.want === 'none' || open.offerId === undefined) return;
  const offered = offer(step, file, {
    leaseId: open.offerId,
    sessionId: open.sessionId,
    clientKey: open.clientKey,
    file: open,
    want: open.want,
    writes: open.access !== 'read',
    signal: open.signal === true,
    push: open.push === true,
    times: open.times === true,
    reclaim: open.reclaim === true,
  });
  open.offerId = undefined;
  open.delegationId = offered.leaseId;
  open.whyNot = offered.whyNot;
  open.willSignal = offered.willSignal;
  open.willPush = offered.willPush;
  step.rows.put('open', id, open);
}

/**
 * Signals the sessions that asked for it, oldest first, that a delegation is available on this file, or grants it. The
 * signal was promised, so limits reached elsewhere since do not suppress it; the sessions learn of those when they ask.
 */
export function signalWants(step: Step, file: File): void {
  const { row } = file;
  if (row.wants === 0 || whyNotHere(step, file) !== undefined) return;
  for (const entry of step.rows.page(keys.wants(file.key), 0, endOfList, row.wants)) {
    const clientKey = entry.member;
    const { wanted, wantedBy, wantNotify: notify } = shareOf(step, file.key, clientKey);
    if (wanted === undefined || wantedBy === undefined || unannounced(file, { notify }) !== undefined)
      continue;
    const asker = { sessionId: wantedBy, ownerKey: clientKey, clientKey, delegation: true, notify };
    const { leaseId = '' } = shareOf(step, file.key, clientKey);
    if (whyNotNow(step, file, leaseId, asker, wanted) === undefined) signal(step, file, clientKey, true);
  }
}

/** The file is being removed: every session that was promised a signal gets it now, asks, and learns the reason. */
export function endWants(step: Step, file: File): void {
  if (file.row.wants === 0) return;
  for (const entry of step.rows.page(keys.wants(file.key), 0, endOfList, file.row.wants))
    signal(step, file, entry.member, false);
}

/** `granting`: the delegation may be granted now. */
function signal(step: Step, file: File, clientKey: string, granting: boolean): void {
  const { wanted, wantedBy, wantId, wantTimes, wantNotify } = shareOf(step, file.key, clientKey);
  dropWant(step, file, clientKey);
  if (wanted === undefined || wantedBy === undefined) return;
  const pushes = granting && wantId !== undefined && standsAlone(file);
  const { exportName, path, fileId, inode } = file.row;
  if (pushes && whyNotOffered(step, file, wantedBy) === undefined) {
    const ref = { fileKey: file.key, exportName, path, fileId, inode };
    const times = wantTimes === true;
    const asked = { leaseId: wantId, sessionId: wantedBy, clientKey, file: ref, times, notify: wantNotify };
    enter(step, file, asked, wanted);
  }
  record(step, {
    kind: 'available',
    sessionId: wantedBy,
    fileKey: file.key,
    exportName,
    path,
    type: wanted,
    leaseId: wantId === undefined || step.rows.get('lease', wantId) === undefined ? undefined : wantId,
  });
}

/** Remembers that a session wants a signal, or with `push` the delegation itself. Returns whether it will get it. */
export function addWant(
  step: Step,
  file: File,
  { leaseId, sessionId, clientKey, times, notify }: DelegationWant,
  want: 'read' | 'write',
  push: boolean,
): boolean {
  const share = shareOf(step, file.key, clientKey);
  if (share.wanted === undefined) {
    const session = step.rows.get('session', sessionId);
    if (session === undefined || session.rows >= step.meta.limits.sessionLocksMax) return false;
    if (rowsOver(step, sessionId, 1) !== undefined) return false;
    if (file.row.wants >= step.meta.limits.queueMax) return false;
    file.row.wants += 1;
    share.wantNo = nextSeq(step);
    step.rows.link(keys.wants(file.key), clientKey, share.wantNo);
    step.rows.link(keys.sessionRows(sessionId), keys.want(file.key), share.wantNo);
    session.clientKey = clientKey;
    countRow(step, sessionId, 1);
  }
  share.wanted = want;
  share.wantedBy = sessionId;
  share.wantId = push ? leaseId : undefined;
  share.wantTimes = push && times ? true : undefined;
  share.wantNotify = notify === true ? true : undefined;
  saveShare(step, file.key, clientKey, share);
  return true;
}

export function dropWant(step: Step, file: File, clientKey: string): void {
  const share = shareOf(step, file.key, clientKey);
  if (share.wanted === undefined || share.wantedBy === undefined) return;
  step.rows.unlink(keys.wants(file.key), clientKey, share.wantNo ?? 0);
  leaveSession(step, share.wantedBy, keys.want(file.key), share.wantNo ?? 0);
  file.row.wants -= 1;
  share.wanted = undefined;
  share.wantedBy = undefined;
  share.wantNo = undefined;
  share.wantId = undefined;
  share.wantTimes = undefined;
  share.wantNotify = undefined;
  saveShare(step, file.key, clientKey, share);
}
