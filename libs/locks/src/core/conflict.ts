import type { Access, FileRow, LeaseRow, LeaseType, ShareRow } from './rows';

/** The conflict rules (semantics.md §3), and nothing else: who may not have what beside whom. */

export function rank(type: LeaseType): number {
  if (type === 'write') return 2;
  return type === 'read' ? 1 : 0;
}

export function stronger(a: LeaseType, b: LeaseType): LeaseType {
  return rank(a) >= rank(b) ? a : b;
}

export function weaker(a: LeaseType, b: LeaseType): LeaseType {
  return rank(a) <= rank(b) ? a : b;
}

export function writes(access: Access): boolean {
  return access !== 'read';
}

/** The strongest type over the live leases; what is only pending does not count. */
export function liveType(file: FileRow): LeaseType {
  if (file.writer !== undefined) return 'write';
  return file.reads > 0 ? 'read' : 'none';
}

/** The level the hold at the fileserver should have: strongest over live and pending leases. */
export function wantedHold(file: FileRow): LeaseType {
  if (file.pendingWriter !== undefined) return 'write';
  return stronger(liveType(file), file.pendingReads > 0 ? 'read' : 'none');
}

/**
 * Why `owner` may not have a lease of this type now, or undefined. `own` is the owner's live or pending lease, if any.
 * Everything of other owners counts, pending leases included; of the own opens only a write open under a read lease does
 * (fcntl_locking(2)).
 */
export function leaseRefusal(
  file: FileRow,
  share: ShareRow,
  leaseId: string,
  own: LeaseRow | undefined,
  type: LeaseType,
  now: number,
): string | undefined {
  if (file.writer !== undefined && file.writer !== leaseId) return 'lease_conflict';
  if (file.pendingWriter !== undefined && file.pendingWriter !== leaseId) return 'lease_conflict';
  if (type === 'write') {
    const ownReads = own !== undefined && own.state === 'active' && own.type === 'read' ? 1 : 0;
    if (file.reads > ownReads || file.pendingReads > 0) return 'lease_conflict';
    if (file.opens > share.opens) return 'open_conflict';
  } else if (file.writeOpens > 0) return 'open_conflict';
  if (file.fence) return 'fencing';
  if (file.breaking !== undefined && file.breaking.target === 'none') return 'break_started';
  if (file.waiting > 0) return 'breaker_queued';
  if (file.quietUntil > now) return 'lock_delay';
  return undefined;
}

/**
 * What an open asks the leases of other owners to become, or undefined where none conflicts: a write intent asks every
 * lease to go, a read only write leases to become read. Live leases only.
 */
export function openTarget(
  file: FileRow,
  own: LeaseRow | undefined,
  access: Access,
): 'none' | 'read' | undefined {
  const ownLive = own !== undefined && own.state === 'active' ? own.type : 'none';
  const otherWriter = file.writer !== undefined && ownLive !== 'write';
  if (!writes(access)) return otherWriter ? 'read' : undefined;
  const otherReads = file.reads > (ownLive === 'read' ? 1 : 0);
  return otherWriter || otherReads ? 'none' : undefined;
}

/** Whether an open voids the leases that are pending: the same rule, against what is not granted yet. */
export function openVoidsPending(file: FileRow, own: LeaseRow | undefined, access: Access): boolean {
  const ownPendingWrite = own !== undefined && own.pendingType === 'write';
  if (file.pendingWriter !== undefined && !ownPendingWrite) return true;
  return writes(access) && file.pendingReads > 0;
}

/**
 * Whether the hold at the fileserver is still too strong for an open: more than what the remaining leases want may be
 * held there for somebody who has already let go, or was revoked.
 */
export function holdBlocks(file: FileRow, access: Access): boolean {
  const allowed = stronger(wantedHold(file), writes(access) ? 'none' : 'read');
  return rank(file.mayHave) > rank(allowed);
}
