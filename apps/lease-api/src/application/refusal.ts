import type { Refusal } from '#locks';

/** An expected refusal on its way out: what the rules said, or what the service found before it asked them. */
export interface Refused {
  refused: Refusal & { detail?: string };
}

/** A refusal of the service's own, e.g. of a name that cannot be resolved. */
export function refuse(reason: string, facts: Omit<Refused['refused'], 'reason'> = {}): Refused {
  return { refused: { reason, ...facts } };
}

export function isRefused<T extends object>(value: T): value is Extract<T, Refused> {
  return 'refused' in value;
}
