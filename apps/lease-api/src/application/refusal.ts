import type { CycleMember, Reason, Refusal } from '#locks';

/** An expected refusal on its way out: what the rules said, or what the service found before it asked them. */
export interface Refused {
  refused: Refusal & {
    detail?: string;
    operationId?: string;
    /** The request goes on under this id though this one is answered. */
    waitId?: string;
  };
}

/** A refusal of the service's own, e.g. of a name that cannot be resolved. */
export function refuse(reason: Reason, facts: Omit<Refused['refused'], 'reason'> = {}): Refused {
  return { refused: { reason, ...facts } };
}

export function isRefused<T extends object>(value: T): value is Extract<T, Refused> {
  // An export counts what it has refused under the same name.
  return 'refused' in value && typeof value.refused === 'object';
}

/** The requests of a deadlock, with the names that callers have for things. */
export function namedCycle(cycle: readonly CycleMember[]): (Omit<CycleMember, 'exportName' | 'path'> & {
  export: string;
  file: string;
})[] {
  return cycle.map(({ id, kind, sessionId, owner, exportName, path }) => {
    return { id, kind, sessionId, owner, export: exportName, file: path };
  });
}
