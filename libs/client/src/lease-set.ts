import type { Lease } from './lease';
import { asyncDispose, onAbort } from './platform';

/** Several leases, held together: made by `session.leaseAll`. With `await using` all of them are released at the end. */
export class LeaseSet {
  readonly #lost = new AbortController();

  /** In the order in which they were taken. */
  constructor(readonly leases: readonly Lease[]) {
    for (const { signal } of leases)
      onAbort(signal, () => {
        this.#lost.abort(signal.reason);
      });
  }

  /** Aborted, with the LeaseholdError of the first, as soon as one of them is no longer held. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** The fencing token of each, by EXPORT:FILE. */
  get tokens(): ReadonlyMap<string, number> {
    return new Map(this.leases.map(({ export: on, file, token }) => [`${on}:${file}`, token]));
  }

  /** Releases all of them. Also resolves if they are already gone. */
  async release(): Promise<void> {
    await Promise.all(this.leases.map((lease) => lease.release()));
  }

  async [asyncDispose](): Promise<void> {
    await Promise.all(this.leases.map((lease) => lease[asyncDispose]()));
  }
}
