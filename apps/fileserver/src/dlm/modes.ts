import type { LeaseType } from '#contracts';

/** The modes of the DLM, weakest first; libdlm numbers them so. */
export const modes = ['NL', 'CR', 'CW', 'PR', 'PW', 'EX'] as const;
export type Mode = (typeof modes)[number];

/** The mode that a hold of each level is. */
export const modeOf: Readonly<Record<Exclude<LeaseType, 'none'>, Mode>> = { read: 'PR', write: 'EX' };

const besidePR: readonly Mode[] = ['NL', 'CR', 'PR'];

/** The highest level that is not in the way of a mode that somebody else wants. */
export function levelBeside(wanted: Mode): LeaseType {
  if (wanted === 'NL') return 'write';
  return besidePR.includes(wanted) ? 'read' : 'none';
}
