import type { Mode, ModeCounts, ResourceState } from '../rows';

/**
 * The six lock modes as data: which may be held side by side, and how the value block travels. All code that decides
 * about modes looks it up here; docs/conflict-matrix.md is printed from it. The values are those of the DLMs of VMS and
 * Linux; test/dlm compares them with the kernel.
 */

/** From the weakest to the strongest. */
export const modes: readonly Mode[] = ['NL', 'CR', 'CW', 'PR', 'PW', 'EX'];

const ranks: { readonly [M in Mode]: number } = { NL: 0, CR: 1, CW: 2, PR: 3, PW: 4, EX: 5 };

export function rankOf(mode: Mode): number {
  return ranks[mode];
}

/** The modes of others beside which a mode may be held. The table is symmetric. */
export const besides: { readonly [M in Mode]: { readonly [B in Mode]?: true } } = {
  NL: { NL: true, CR: true, CW: true, PR: true, PW: true, EX: true },
  CR: { NL: true, CR: true, CW: true, PR: true, PW: true },
  CW: { NL: true, CR: true, CW: true },
  PR: { NL: true, CR: true, PR: true },
  PW: { NL: true, CR: true },
  EX: { NL: true },
};

export function compatible(held: Mode, wanted: Mode): boolean {
  return besides[held][wanted] === true;
}

/** Whether a holder of the mode may change what the lock protects, and so write the value block. */
export function writes(mode: Mode): boolean {
  return mode === 'PW' || mode === 'EX';
}

/**
 * What a grant does with the value block: a new lock and a conversion that does not go down read it, a conversion that
 * does not go up from PW or EX writes it.
 */
export function blockMoves(from: Mode | undefined, to: Mode): 'read' | 'write' | undefined {
  if (from === undefined || ranks[to] > ranks[from]) return 'read';
  if (writes(from)) return 'write';
  return from === to ? 'read' : undefined;
}

/** Whether a conversion can be made to queue (quecvt): one that may have to wait. */
export function mayQueue(from: Mode, to: Mode): boolean {
  return ranks[to] > ranks[from] || (from === 'PR' && to === 'CW');
}

function noCounts(): ModeCounts {
  return { NL: 0, CR: 0, CW: 0, PR: 0, PW: 0, EX: 0 };
}

export function freshResource(): ResourceState {
  return {
    granted: noCounts(),
    wanted: noCounts(),
    converting: noCounts(),
    places: 0,
    lastGrant: 0,
    toldUpTo: 0,
  };
}
