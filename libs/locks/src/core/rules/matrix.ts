/**
 * The conflict matrix (semantics.md §3), as data: what a hold of one owner means for a request of another. Everything
 * that decides about a conflict looks it up here; docs/conflict-matrix.md is printed from it.
 */

/** `beside`: both may be. `refused`: not while the hold is there. The others break the hold and wait for it. */
export type Verdict = 'beside' | 'refused' | 'breaks to read' | 'breaks to none';

/** What can be held. An open holds up to four of these at once. */
export type HeldLock =
  | 'leaseRead'
  | 'leaseWrite'
  | 'delegationRead'
  | 'delegationWrite'
  | 'openRead'
  | 'openWrite'
  | 'denyRead'
  | 'denyWrite'
  | 'rangeRead'
  | 'rangeWrite'
  | 'flockRead'
  | 'flockWrite';
/** What can be asked for: to hold something, or a change that is over as soon as it may happen. */
export type Wanted = HeldLock | 'truncate' | 'unlink' | 'rename' | 'link' | 'setattr' | 'entries';

/** Absent: beside. Range locks conflict where they overlap. */
export const matrix: { readonly [W in Wanted]: { readonly [H in HeldLock]?: Verdict } } = {
  leaseRead: { leaseWrite: 'refused', delegationWrite: 'refused', openWrite: 'refused', denyRead: 'refused' },
  leaseWrite: {
    leaseRead: 'refused',
    leaseWrite: 'refused',
    delegationRead: 'refused',
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
  delegationWrite: {
    leaseRead: 'refused',
    leaseWrite: 'refused',
    delegationRead: 'refused',
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
    delegationWrite: 'breaks to none',
    denyWrite: 'refused',
  },
  // Who holds a read lease opens for reading without asking, so that must not be denied.
  denyRead: {
    leaseRead: 'breaks to none',
    leaseWrite: 'breaks to none',
    delegationRead: 'breaks to none',
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
    delegationWrite: 'breaks to none',
    denyWrite: 'refused',
  },
  unlink: { delegationRead: 'breaks to none', delegationWrite: 'breaks to none' },
  rename: { delegationRead: 'breaks to none', delegationWrite: 'breaks to none' },
  link: { delegationRead: 'breaks to none', delegationWrite: 'breaks to none' },
  setattr: { delegationRead: 'breaks to none', delegationWrite: 'breaks to none' },
  // Of a directory: whoever has it delegated caches its names.
  entries: { delegationRead: 'breaks to none', delegationWrite: 'breaks to none' },
};

/** The one thing that even an own hold refuses (fcntl_locking(2)). */
export const ownRefuses: { readonly wanted: Wanted; readonly held: HeldLock } = {
  wanted: 'leaseRead',
  held: 'openWrite',
};

export function verdict(held: HeldLock, wanted: Wanted): Verdict {
  return matrix[wanted][held] ?? 'beside';
}
