import { posix } from 'node:path';
import { nfs } from '#contracts';
import type {
  Access,
  Blocker,
  ChangeKind,
  DelegationAnswer,
  Deny,
  DirectoryChange,
  HeldState,
  LeaseView,
  OpenView,
  SessionView,
  Want,
} from '#locks';
import type { AttributesAnswer } from '../application/attributes';
import { otherOf } from '../application/ids';
import { type Bytes, bytesOf, endOfFile } from '../application/offsets';

/** Translates between the terms of RFC 8881 and those of the rules. */

/** Owners of NFS clients are bytes; the table has them as this prefix and base64url. */
const ownerPrefix = 'nfs:';
/** The length of a range that extends to the end of the file, wherever that is. */
const toTheEnd = (1n << 64n) - 1n;

export const accessOf: Record<nfs.ShareAccess, Access> = {
  OPEN4_SHARE_ACCESS_READ: 'read',
  OPEN4_SHARE_ACCESS_WRITE: 'write',
  OPEN4_SHARE_ACCESS_BOTH: 'both',
};
export const denyOf: Record<nfs.ShareDeny, Deny> = {
  OPEN4_SHARE_DENY_NONE: 'none',
  OPEN4_SHARE_DENY_READ: 'read',
  OPEN4_SHARE_DENY_WRITE: 'write',
  OPEN4_SHARE_DENY_BOTH: 'both',
};
const shareAccess: Record<Access, nfs.ShareAccess> = {
  read: 'OPEN4_SHARE_ACCESS_READ',
  write: 'OPEN4_SHARE_ACCESS_WRITE',
  both: 'OPEN4_SHARE_ACCESS_BOTH',
};
const shareDeny: Record<Deny, nfs.ShareDeny> = {
  none: 'OPEN4_SHARE_DENY_NONE',
  read: 'OPEN4_SHARE_DENY_READ',
  write: 'OPEN4_SHARE_DENY_WRITE',
  both: 'OPEN4_SHARE_DENY_BOTH',
};
/** Undefined: no delegation is wanted, and the answer does not mention one. */
export const wantOf: Record<nfs.Want, Want | undefined> = {
  WANT_NO_PREFERENCE: undefined,
  WANT_NO_DELEG: 'none',
  WANT_CANCEL: 'cancel',
  WANT_READ_DELEG: 'read',
  WANT_WRITE_DELEG: 'write',
  WANT_ANY_DELEG: 'any',
};
/** A delegation to be reclaimed. */
export const wantOfDelegation: Record<nfs.DelegationType, Want> = {
  OPEN_DELEGATE_NONE: 'none',
  OPEN_DELEGATE_READ: 'read',
  OPEN_DELEGATE_WRITE: 'write',
};
export const delegationOfType = (type: string | undefined): nfs.DelegationType =>
  type === 'write' ? 'OPEN_DELEGATE_WRITE' : type === 'read' ? 'OPEN_DELEGATE_READ' : 'OPEN_DELEGATE_NONE';

const changeKindOf: Record<nfs.ChangeOp, ChangeKind> = {
  CHANGE_CREATE: 'entries',
  CHANGE_REMOVE: 'unlink',
  CHANGE_RENAME: 'rename',
  CHANGE_LINK: 'link',
  CHANGE_SETATTR: 'setattr',
  CHANGE_SETATTR_SIZE: 'truncate',
};
/** The change, and the file that it is about: a file that is yet to be created has only a directory. */
export const changeOf = ({
  op,
  file,
}: nfs.RequestOf<'Change'>): { kind: ChangeKind; file: string; name?: string } => ({
  kind: changeKindOf[op],
  ...(op === 'CHANGE_CREATE' ? { file: posix.dirname(file), name: posix.basename(file) } : { file }),
});
export const directoryChanges: Record<DirectoryChange['what'], nfs.DirectoryChange> = {
  add: 'ENTRY_ADDED',
  remove: 'ENTRY_REMOVED',
  rename: 'ENTRY_RENAMED',
  attributes: 'ATTRIBUTES_CHANGED',
};

export const rangeTypeOf = (type: nfs.LockType): 'read' | 'write' =>
  type === 'READ_LT' || type === 'READW_LT' ? 'read' : 'write';
export const isBlocking = (type: nfs.LockType): boolean => type === 'READW_LT' || type === 'WRITEW_LT';

export const ownerOf = (bytes: string): string =>
  ownerPrefix + Buffer.from(bytes, 'base64').toString('base64url');
/** The bytes of an owner. If it is not one of an NFS client: the bytes of its name. */
export const ownerBytesOf = (owner: string): string =>
  (owner.startsWith(ownerPrefix)
    ? Buffer.from(owner.slice(ownerPrefix.length), 'base64url')
    : Buffer.from(owner)
  ).toString('base64');

/** The bytes that a lock covers; undefined if there are none or they go beyond 2^64 (RFC 8881 §18.10.3). */
export function stretchOf(at: { offset: string; length: string }): Bytes | undefined {
  const start = BigInt(at.offset);
  const length = BigInt(at.length);
  if (length === 0n) return undefined;
  // The rules refuse a start beyond what the table can hold.
  if (length === toTheEnd) return { start, end: start > endOfFile ? start : endOfFile };
  return start + length > 1n << 64n ? undefined : { start, end: start + length - 1n };
}

const rowBytes = (id: string): string => Buffer.from(otherOf(id), 'hex').toString('base64');
/** The stateid of a row: its seqid, and the part of its id that follows the shard. */
export const stateidOf = (id: string, seqid: number): nfs.StateId => ({ seqid, other: rowBytes(id) });
export const hexOf = ({ other }: nfs.StateId): string => Buffer.from(other, 'base64').toString('hex');
/** The special stateid that CLOSE returns, which is never valid (RFC 8881 §8.2.3). */
export const invalidStateid: nfs.StateId = {
  seqid: 0xffff_ffff,
  other: Buffer.alloc(12).toString('base64'),
};

export function statusFlagsOf({ streams, revoked, mayReclaim, taken, rows }: SessionView): number {
  const { cbPathDown, recallableStateRevoked, restartReclaimNeeded } = nfs.seqStatus;
  const { expiredAllStateRevoked, expiredSomeStateRevoked } = nfs.seqStatus;
  const expired = rows === 0 ? expiredAllStateRevoked : expiredSomeStateRevoked;
  return (
    (streams === 0 ? cbPathDown : 0) |
    (taken > 0 ? expired : 0) |
    (revoked > 0 ? recallableStateRevoked : 0) |
    (mayReclaim ? restartReclaimNeeded : 0)
  );
}

/** `unwanted`: the client has said that it wants no delegation, and is told that this is why there is none. */
export function presentOpen(open: OpenView, unwanted = false): nfs.AnswerOf<'Open'> {
  const answer: DelegationAnswer | undefined = unwanted
    ? { pending: false, whyNot: 'NOT_WANTED' }
    : open.delegation;
  return {
    status: 'NFS4_OK',
    stateid: stateidOf(open.openId, open.seqid),
    access: shareAccess[open.access],
    deny: shareDeny[open.deny],
    delegation: answer === undefined ? undefined : presentDelegation(answer),
    handle: open.fileId,
  };
}

export function presentDelegation({
  lease,
  pending,
  whyNot,
  willSignal,
  willPush,
}: DelegationAnswer): nfs.Delegation {
  if (lease !== undefined && isHeld(lease))
    return {
      type: delegationOfType(lease.type),
      stateid: stateidOf(lease.leaseId, lease.seqid),
      token: String(lease.token),
      recall: lease.state === 'breaking',
      times: lease.times === true,
      notify: lease.notify === true,
      ...{ willSignal: false, willPush: false },
    };
  // The fileserver is still being asked: the delegation may come soon, but nobody will signal it.
  const why = pending || lease !== undefined ? 'CONTENTION' : (whyNot ?? 'CONTENTION');
  return {
    ...{ type: 'OPEN_DELEGATE_NONE', recall: false, times: false, notify: false, why: `WND4_${why}` },
    ...{ willSignal: willSignal === true, willPush: willPush === true },
  };
}

/** Whether a client can do with a delegation alone what this open is for, and others lose nothing by that. */
export function replacesOpen(delegation: nfs.AnswerOf<'Open'>['delegation'], open: OpenView): boolean {
  if (delegation === undefined || delegation.recall === true || open.deny !== 'none' || open.seqid > 1)
    return false;
  const { type } = delegation;
  return type === 'OPEN_DELEGATE_WRITE' || (type === 'OPEN_DELEGATE_READ' && open.access === 'read');
}

const holders = { none: 'HOLDER_NONE', own: 'HOLDER_OWN', other: 'HOLDER_OTHER' } as const;
export function presentAttributes(answer: AttributesAnswer): Omit<nfs.AnswerOf<'GetAttr'>, 'status'> {
  const holder = holders[answer.holder];
  if (answer.holder !== 'other') return { holder };
  const { modified, change, size, accessedAt, modifiedAt } = answer;
  return {
    ...{ holder, modified, change: String(change), size: String(size) },
    timeDelegAccess: accessedAt,
    timeDelegModify: modifiedAt,
  };
}

const isHeld = ({ state }: LeaseView): boolean => state === 'active' || state === 'breaking';

/** LOCK4denied for a blocker; undefined if it is not a range lock. */
export function presentDenied(blocker: Blocker): nfs.LockDenied | undefined {
  const { startHi, startLo, endHi, endLo, type, sessionId, owner } = blocker;
  if (startHi === undefined || startLo === undefined || endHi === undefined || endLo === undefined)
    return undefined;
  const { start, end } = bytesOf({ startHi, startLo, endHi, endLo });
  return {
    offset: String(start),
    length: String(end === endOfFile ? toTheEnd : end - start + 1n),
    type: type === 'read' ? 'READ_LT' : 'WRITE_LT',
    sessionId,
    owner: ownerBytesOf(owner),
  };
}

const stateKinds = { open: 'STATE_OPEN', lock: 'STATE_LOCK', delegation: 'STATE_DELEGATION' } as const;
/** What a stateid names. */
export const presentHeld = ({ kind, exportName, path, access, owner, times }: HeldState): nfs.HeldState => ({
  kind: stateKinds[kind],
  ...{ export: exportName, file: path },
  access: access === undefined ? 'OPEN4_SHARE_ACCESS_UNSPECIFIED' : shareAccess[access],
  lockOwner: owner === undefined ? '' : ownerBytesOf(owner),
  times: times === true,
});
