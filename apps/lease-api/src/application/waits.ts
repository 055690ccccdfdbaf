import type { WaitView } from '#locks';
import type { Arbiter } from './arbiter';
import { isRefused, type Refused } from './refusal';

/** Waiting requests of every kind. */
export class Waits {
  constructor(private readonly arbiter: Arbiter) {}

  /** Why a request waits, and its place in the queue. Refused: no_such_wait, and as for a session. */
  async get(id: string, digest: string): Promise<WaitView | Refused> {
    const found = await this.arbiter.run('waitGet', { id, digest });
    return isRefused(found) ? found : found.wait;
  }
}
