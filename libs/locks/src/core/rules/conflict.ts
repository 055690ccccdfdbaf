import type { Reason } from '../reasons';
import type { Access, Deny, FileRow, LeaseRow, LeaseType, ShareRow } from '../rows';
import { ownRefuses, verdict, type Verdict, type Wanted } from './matrix';

/** Applies the conflict rules (semantics.md §3), as the matrix has them, to the counters of a file. */

const ranks: { readonly [T in LeaseType]: number } = { none: 0, read: 1, write: 2 };

export function rank(type: LeaseType): number {
  return ranks[type];
}

export function stronger(a: LeaseType, b: LeaseType): LeaseType {
  return ranks[a] >= ranks[b] ? a : b;
}

export function weaker(a: LeaseType, b: LeaseType): LeaseType {
  return ranks[a] <= ranks[b] ? a : b;
}

/** The strongest type of the live leases; pending leases do not count. */
export function liveType(file: FileRow): LeaseType {
  if (file.writer !== undefined) return 'write';
  return file.reads > 0 ? 'read' : 'none';
}

/** The level that the hold at the fileserver should have: the strongest of the live and pending leases. */
export function wantedHold(file: FileRow): LeaseType {
  if (file.writer !== undefined || file.pendingWriter !== undefined) return 'write';
  return file.reads > 0 || file.pendingReads > 0 ? 'read' : 'none';
}

/** What an open asks for, and what it holds once granted. */
export function openAsks(access: Access, deny: Deny): Wanted[] {
  const asks: Wanted[] = [];
  if (access !== 'write') asks.push('openRead');
  if (access !== 'read') asks.push('openWrite');
  if (deny === 'read' || deny === 'both') asks.push('denyRead');
  if (deny === 'write' || deny === 'both') asks.push('denyWrite');
  return asks;
}

export type LeaseAsk =
  'leaseRead' | 'leaseWrite' | 'delegationRead' | 'delegationNotified' | 'delegationWrite';
export function leaseAsk(type: LeaseType, delegation: boolean, notify: boolean | undefined): LeaseAsk {
  if (notify === true && type !== 'write') return 'delegationNotified';
  if (delegation) return type === 'write' ? 'delegationWrite' : 'delegationRead';
  return type === 'write' ? 'leaseWrite' : 'leaseRead';
}

/** How many holds other owners have, for each kind that a file's counters know. */
interface Others {
  leaseRead: number;
  leaseWrite: number;
  delegationRead: number;
  delegationNotified: number;
  delegationWrite: number;
  openRead: number;
  openWrite: number;
  denyRead: number;
  denyWrite: number;
}
const leaseKinds: readonly (keyof Others)[] = [
  'leaseRead',
  'leaseWrite',
  'delegationRead',
  'delegationNotified',
  'delegationWrite',
];
const openKinds: readonly (keyof Others)[] = ['openRead', 'openWrite', 'denyRead', 'denyWrite'];

/** Delegations of others that are told of changes. */
export function othersNotified(file: FileRow, own: LeaseRow | undefined): number {
  const ours = own?.notify === true && own.type === 'read' ? 1 : 0;
  return (file.notified ?? 0) - ours;
}

/** Live leases except those of the owner of `own`, and opens except those of the owner of `share`. */
function others(file: FileRow, share: ShareRow, own: LeaseRow | undefined): Others {
  const reads = own !== undefined && own.state === 'active' && own.type === 'read' ? 1 : 0;
  const delegReads = own !== undefined && own.delegation ? reads : 0;
  const notified = othersNotified(file, own);
  const writer =
    file.writer !== undefined && !(own !== undefined && own.state === 'active' && own.type === 'write')
      ? 1
      : 0;
  return {
    leaseRead: file.reads - file.delegReads - (reads - delegReads),
    delegationRead: file.delegReads - delegReads - notified,
    delegationNotified: notified,
    leaseWrite: file.writerDelegation ? 0 : writer,
    delegationWrite: file.writerDelegation ? writer : 0,
    openRead: file.readOpens - share.readOpens,
    openWrite: file.writeOpens - share.writeOpens,
    denyRead: file.denyReads - share.denyReads,
    denyWrite: file.denyWrites - share.denyWrites,
  };
}

function refusedBy(kinds: readonly (keyof Others)[], counts: Others, wanted: Wanted): boolean {
  for (const kind of kinds) {
    if (counts[kind] > 0 && verdict(kind, wanted) === 'refused') return true;
  }
  return false;
}

/**
 * Why the owner may not have a lease or delegation of this type now, or undefined. `own`: the owner's live or pending
 * lease, if any. All holds of other owners count, pending leases included.
 */
export function leaseRefusal(
  file: FileRow,
  share: ShareRow,
  leaseId: string,
  own: LeaseRow | undefined,
  wanted: LeaseAsk,
  now: number,
): Reason | undefined {
  const counts = others(file, share, own);
  // A pending lease conflicts as the type it will have; leases and delegations conflict alike.
  if (file.pendingWriter !== undefined && file.pendingWriter !== leaseId) counts.leaseWrite += 1;
  counts.leaseRead += file.pendingReads;
  if (refusedBy(leaseKinds, counts, wanted)) return 'lease_conflict';
  if (wanted === ownRefuses.wanted) counts.openWrite = file.writeOpens;
  if (refusedBy(openKinds, counts, wanted)) return 'open_conflict';
  if (file.fence) return 'fencing';
  if (file.breaking !== undefined && file.breaking.target === 'none') return 'break_started';
  if (file.breakers > 0) return 'breaker_queued';
  if (file.lockDelayUntil > now) return 'lock_delay';
  return undefined;
}

/** The effect of a request on others' holds: it is refused, or leases have to go down to `target`. */
export interface Clash {
  refused: boolean;
  target?: 'none' | 'read';
  /** Only delegations have to be broken. */
  delegations: boolean;
}

/** The conflicts of an open or a change with the live leases and opens of others. */
export function clashOf(
  file: FileRow,
  share: ShareRow,
  own: LeaseRow | undefined,
  asks: readonly Wanted[],
): Clash {
  const counts = others(file, share, own);
  const clash: Clash = { refused: false, delegations: true };
  for (const wanted of asks) {
    if (refusedBy(openKinds, counts, wanted)) clash.refused = true;
    for (const kind of leaseKinds) {
      const found: Verdict = counts[kind] > 0 ? verdict(kind, wanted) : 'beside';
      if (found === 'beside' || found === 'refused') continue;
      clash.target = found === 'breaks to none' ? 'none' : (clash.target ?? 'read');
      if (kind === 'leaseRead' || kind === 'leaseWrite') clash.delegations = false;
    }
  }
  return clash;
}

/** The strongest lease or delegation that may stay beside this request, by the matrix. */
function leaves(asks: readonly Wanted[]): LeaseType {
  let left: LeaseType = 'write';
  for (const wanted of asks) {
    const onWrite = verdict('leaseWrite', wanted);
    if (onWrite === 'breaks to none' || verdict('leaseRead', wanted) === 'breaks to none') return 'none';
    if (onWrite === 'breaks to read') left = 'read';
  }
  return left;
}

/** Whether a request voids pending leases: the same rule, for leases not yet granted. */
export function voidsPending(file: FileRow, own: LeaseRow | undefined, asks: readonly Wanted[]): boolean {
  const left = leaves(asks);
  const ownPending = own === undefined ? undefined : own.pendingType;
  if (left !== 'write' && file.pendingWriter !== undefined && ownPending !== 'write') return true;
  return left === 'none' && file.pendingReads > (ownPending === 'read' ? 1 : 0);
}

/**
 * Whether the hold at the fileserver is still too strong for a request: it may be stronger than the remaining leases
 * need, for a holder that has let go or was revoked.
 */
export function holdBlocks(file: FileRow, asks: readonly Wanted[]): boolean {
  return rank(file.mayHave) > rank(stronger(wantedHold(file), leaves(asks)));
}

/** Whether a request has to wait for the fence of revoked leases: it would have broken them. */
export function fenceBlocks(file: FileRow, asks: readonly Wanted[]): boolean {
  return (
    file.fence && (leaves(asks) === 'none' || (leaves(asks) === 'read' && file.predecessor !== undefined))
  );
}
