import type { Reason } from '../reasons';
import type { Access, Deny, FileRow, LeaseRow, LeaseType, ShareRow } from '../rows';
import { ownRefuses, verdict, type Verdict, type Wanted } from './matrix';

/** The conflict rules (semantics.md §3) over the counters of a file: the matrix says which, this says whether. */

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

/** What an open asks for, and holds. */
export function openAsks(access: Access, deny: Deny): Wanted[] {
  const asks: Wanted[] = [];
  if (access !== 'write') asks.push('openRead');
  if (access !== 'read') asks.push('openWrite');
  if (deny === 'read' || deny === 'both') asks.push('denyRead');
  if (deny === 'write' || deny === 'both') asks.push('denyWrite');
  return asks;
}

export type LeaseAsk = 'leaseRead' | 'leaseWrite' | 'delegationRead' | 'delegationWrite';
export function leaseAsk(type: LeaseType, delegation: boolean): LeaseAsk {
  if (delegation) return type === 'write' ? 'delegationWrite' : 'delegationRead';
  return type === 'write' ? 'leaseWrite' : 'leaseRead';
}

/** How many holds of other owners there are of each kind that a file's counters tell of. */
interface Others {
  leaseRead: number;
  leaseWrite: number;
  delegationRead: number;
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
  'delegationWrite',
];
const openKinds: readonly (keyof Others)[] = ['openRead', 'openWrite', 'denyRead', 'denyWrite'];

/** Live leases of others than the owner of `own`, and opens of others than the owner of `share`. */
function others(file: FileRow, share: ShareRow, own: LeaseRow | undefined): Others {
  const reads = own !== undefined && own.state === 'active' && own.type === 'read' ? 1 : 0;
  const delegReads = own !== undefined && own.delegation ? reads : 0;
  const writer =
    file.writer !== undefined && !(own !== undefined && own.state === 'active' && own.type === 'write')
      ? 1
      : 0;
  return {
    leaseRead: file.reads - file.delegReads - (reads - delegReads),
    delegationRead: file.delegReads - delegReads,
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
 * Why `owner` may not have a lease or a delegation of this type now, or undefined. `own` is the owner's live or pending
 * lease, if any. Everything of other owners counts, pending leases included.
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
  // What is pending conflicts as what it will be; leases and delegations conflict alike.
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

/** What a request means for what others hold: refused by it, or what it asks leases to become. */
export interface Clash {
  refused: boolean;
  target?: 'none' | 'read';
  /** Only delegations are in the way. */
  delegations: boolean;
}

/** What an open or a change means for the live leases and opens of others. */
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

/** How strong a lease may stay beside this request: what the matrix does to leases or to delegations. */
function leaves(asks: readonly Wanted[]): LeaseType {
  let left: LeaseType = 'write';
  for (const wanted of asks) {
    const onWrite = verdict('leaseWrite', wanted);
    if (onWrite === 'breaks to none' || verdict('leaseRead', wanted) === 'breaks to none') return 'none';
    if (onWrite === 'breaks to read') left = 'read';
  }
  return left;
}

/** Whether a request voids the leases that are pending: the same rule, against what is not granted yet. */
export function voidsPending(file: FileRow, own: LeaseRow | undefined, asks: readonly Wanted[]): boolean {
  const left = leaves(asks);
  const ownPending = own === undefined ? undefined : own.pendingType;
  if (left !== 'write' && file.pendingWriter !== undefined && ownPending !== 'write') return true;
  return left === 'none' && file.pendingReads > (ownPending === 'read' ? 1 : 0);
}

/**
 * Whether the hold at the fileserver is still too strong for a request: more than what the remaining leases want may be
 * held there for somebody who has already let go, or was revoked.
 */
export function holdBlocks(file: FileRow, asks: readonly Wanted[]): boolean {
  return rank(file.mayHave) > rank(stronger(wantedHold(file), leaves(asks)));
}

/** Whether a request waits for the fence of what was revoked: it would have broken it. */
export function fenceBlocks(file: FileRow, asks: readonly Wanted[]): boolean {
  return (
    file.fence && (leaves(asks) === 'none' || (leaves(asks) === 'read' && file.predecessor !== undefined))
  );
}
