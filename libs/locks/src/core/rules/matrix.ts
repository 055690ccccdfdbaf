/**
 * The conflict matrix (semantics.md §3) as data: what one owner's hold means for another owner's request. All code that
 * decides about a conflict looks it up here; docs/conflict-matrix.md is printed from it.
 */

/** `beside`: both may coexist. `refused`: not while the hold exists. The others break the hold and wait for it. */
export type Verdict = 'beside' | 'refused' | 'breaks to read' | 'breaks to none';

/** What can be held. An open holds up to four of these at once. */
export type HeldLock =
  | 'leaseRead'
  | 'leaseWrite'
  | 'delegationRead'
  | 'delegationNotified'
  | 'delegationWrite'
  | 'openRead'
  | 'openWrite'
  | 'denyRead'
  | 'denyWrite'
  | 'rangeRead'
  | 'rangeWrite'
  | 'flockRead'
  | 'flockWrite';
/** What can be requested: a lock to hold, or a change, which is over as soon as it is allowed. */
export type Wanted = HeldLock | 'truncate' | 'unlink' | 'rename' | 'link' | 'setattr' | 'entries' | 'told';

/** Absent entries mean `beside`. Range locks conflict only where they overlap. */
export const matrix: { readonly [W in Wanted]: { readonly [H in HeldLock]?: Verdict } } = {
  leaseRead: { leaseWrite: 'refused', delegationWrite: 'refused', openWrite: 'refused', denyRead: 'refused' },
  leaseWrite: {
    leaseRead: 'refused',
    leaseWrite: 'refused',
    delegationRead: 'refused',
    delegationNotified: 'refused',
    delegationWrite: 'refused',
    openRead: 'refused',
    openWrite: 'refused',
    denyRead: 'refused',
    denyWrite: 'refused',
  },
  delegationRead: {
    leaseWrite: 'refused',
    delegationWrite: 'refused',
    openWrite: 'refused',
    denyRead: 'refused',
  },
  // Of a directory: its holder is told of changes instead of losing it.
  delegationNotified: {
    leaseWrite: 'refused',
    delegationWrite: 'refused',
    openWrite: 'refused',
    denyRead: 'refused',
  },
  delegationWrite: {
    leaseRead: 'refused',
    leaseWrite: 'refused',
    delegationRead: 'refused',
    delegationNotified: 'refused',
    delegationWrite: 'refused',
    openRead: 'refused',
    openWrite: 'refused',
    denyRead: 'refused',
    denyWrite: 'refused',
  },
  openRead: { leaseWrite: 'breaks to read', delegationWrite: 'breaks to read', denyRead: 'refused' },
  openWrite: {
    leaseRead: 'breaks to none',
    leaseWrite: 'breaks to none',
    delegationRead: 'breaks to none',
    delegationNotified: 'breaks to none',
    delegationWrite: 'breaks to none',
    denyWrite: 'refused',
  },
  // The holder of a read lease opens for reading without asking, so no deny mode may forbid that beside it.
  denyRead: {
    leaseRead: 'breaks to none',
    leaseWrite: 'breaks to none',
    delegationRead: 'breaks to none',
    delegationNotified: 'breaks to none',
    delegationWrite: 'breaks to none',
    openRead: 'refused',
  },
  denyWrite: { leaseWrite: 'breaks to read', delegationWrite: 'breaks to read', openWrite: 'refused' },
  rangeRead: { rangeWrite: 'refused' },
  rangeWrite: { rangeRead: 'refused', rangeWrite: 'refused' },
  flockRead: { flockWrite: 'refused' },
  flockWrite: { flockRead: 'refused', flockWrite: 'refused' },
  truncate: {
    leaseRead: 'breaks to none',
    leaseWrite: 'breaks to none',
    delegationRead: 'breaks to none',
    delegationNotified: 'breaks to none',
    delegationWrite: 'breaks to none',
    denyWrite: 'refused',
  },
  unlink: {
    delegationRead: 'breaks to none',
    delegationNotified: 'breaks to none',
    delegationWrite: 'breaks to none',
  },
  rename: {
    delegationRead: 'breaks to none',
    delegationNotified: 'breaks to none',
    delegationWrite: 'breaks to none',
  },
  link: {
    delegationRead: 'breaks to none',
    delegationNotified: 'breaks to none',
    delegationWrite: 'breaks to none',
  },
  setattr: {
    delegationRead: 'breaks to none',
    delegationNotified: 'breaks to none',
    delegationWrite: 'breaks to none',
  },
  // For a directory: the holder of its delegation caches its names.
  entries: {
    delegationRead: 'breaks to none',
    delegationNotified: 'breaks to none',
    delegationWrite: 'breaks to none',
  },
  // A change of a directory that whoever makes it reports afterwards.
  told: { delegationRead: 'breaks to none', delegationWrite: 'breaks to none' },
};

/** The only conflict with an own hold (fcntl_locking(2)). */
export const ownRefuses: { readonly wanted: Wanted; readonly held: HeldLock } = {
  wanted: 'leaseRead',
  held: 'openWrite',
};

/**
 * What a break of a write lease or delegation to read leads to when its holder does not answer. NFSv4 has no forced
 * downgrade: a recall ends in DELEGRETURN or in a revocation (RFC 8881 §10.4.5). A break to none always revokes.
 */
export const silenceOnBreakToRead = { leaseWrite: 'read', delegationWrite: 'revoked' } as const;

export function verdict(held: HeldLock, wanted: Wanted): Verdict {
  return matrix[wanted][held] ?? 'beside';
}
