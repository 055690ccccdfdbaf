import type { Refused } from './io';

/** A refusal that a reason explains by itself; the words for it stand in #contracts. */
export function refuse(reason: string): Refused {
  return { refused: { reason } };
}
