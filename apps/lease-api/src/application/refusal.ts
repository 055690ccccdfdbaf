import type { CycleMember, Reason, Refusal } from '#locks';

/** An expected refusal, made by the rules or by the service before it asked them. */
export interface Refused {
  refused: Refusal & {
    detail?: string;
    operationId?: string;
    /** The request goes on under this id, although this call has been answered. */
    waitId?: string;
  };
}

/** A refusal made by the service itself, e.g. for a name that cannot be resolved. */
export function refuse(reason: Reason, facts: Omit<Refused['refused'], 'reason'> = {}): Refused {
  return { refused: { reason, ...facts } };
}

export function isRefused<T extends object>(value: T): value is Extract<T, Refused> {
  // The view of an export has a number of the same name: how many requests it has refused.
  return 'refused' in value && typeof value.refused === 'object';
}

/** The requests of a deadlock, with the field names that callers know. */
export function namedCycle(cycle: readonly CycleMember[]): (Omit<CycleMember, 'exportName' | 'path'> & {
  export: string;
  file: string;
})[] {
  return cycle.map(({ id, kind, sessionId, owner, exportName, path, otherTenant }) => {
    return { id, kind, sessionId, owner, export: exportName, file: path, otherTenant };
  });
}
