import type { Holding } from './holding';
import type { Lease } from './lease';
import { asyncDispose, onAbort } from './platform';
import type { RangeHold } from './range';
import type { Permit } from './semaphore';

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
    for (const { signal } of this.#all)
      onAbort(signal, () => {
        this.#lost.abort(signal.reason);
      });
  }

  /** Aborted, with the LeaseholdError of the first, as soon as one of them is no longer held. */
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

  get #all(): readonly Holding[] {
    return [...this.leases, ...this.permits, ...this.ranges];
  }
}
