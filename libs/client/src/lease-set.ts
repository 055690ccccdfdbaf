import type { RangeClass } from '#contracts';
import type { Lease } from './lease';
import { asyncDispose, onAbort } from './platform';
import type { Permit } from './semaphore';

/** A range lock as it is now. It may be larger than the one asked for, because adjacent locks are merged. */
export interface RangeHold {
  readonly id: string;
  readonly class: RangeClass;
  readonly type: 'read' | 'write';
  readonly export: string;
  readonly file: string;
  readonly owner: string;
  readonly start: bigint;
  readonly end: bigint | 'EOF';
  readonly waiting: boolean;
  /** Whether the fileserver has it too, so that it conflicts with locks taken there. */
  readonly backed: boolean;
  /** Resolves with the lock as granted, at once if it is not waiting. Throws LeaseholdError if the wait was dropped. */
  granted(options?: { signal?: AbortSignal }): Promise<RangeHold>;
  /** Unlocks all of it, or gives up its wait. Also resolves if it is already gone. */
  release(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Several leases, permits and ranges, held together: made by `session.leaseAll` and `session.takeSet`. With `await using`
 * all of them are released at the end.
 */
export class LeaseSet {
  readonly #lost = new AbortController();

  constructor(
    readonly leases: readonly Lease[],
    readonly permits: readonly Permit[] = [],
    readonly ranges: readonly RangeHold[] = [],
  ) {
    for (const { signal } of [...leases, ...permits])
      onAbort(signal, () => {
        this.#lost.abort(signal.reason);
      });
  }

  /** Aborted, with the LeaseholdError of the first, as soon as a lease or permit is no longer held. Ranges last as long as the session. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** The fencing token of each lease, by EXPORT:FILE. */
  get tokens(): ReadonlyMap<string, number> {
    return new Map(this.leases.map(({ export: on, file, token }) => [`${on}:${file}`, token]));
  }

  /** Releases all of them. Also resolves if they are already gone. */
  async release(): Promise<void> {
    await Promise.all(this.#all.map((each) => each.release()));
  }

  /** The same; what cannot be released at once is released in the background. */
  async [asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((each) => each[asyncDispose]()));
  }

  get #all(): readonly (Lease | Permit | RangeHold)[] {
    return [...this.leases, ...this.permits, ...this.ranges];
  }
}
