import type { HeldState, Shown } from '#locks';
import type { Arbiter } from './arbiter';
import { isRefused, refuse, type Refused } from './refusal';

/** What a stateid (RFC 8881 §8.2) names, for whoever looks at it. */
export interface Named {
  kind: 'lease' | 'delegation' | 'open' | 'range';
  id: string;
  state: string;
  /** Absent for ranges: they come and go as their owner locks and unlocks. */
  seqid?: number;
}

export class Stateids {
  constructor(private readonly arbiter: Arbiter) {}

  /** The id of what the twelve bytes name, if they name something. */
  idOf(other: string): string {
    return this.arbiter.ids.ofOther(other);
  }

  /**
   * Finds what the twelve bytes name, also if it has ended and is remembered.
   * Refused: no_such_lock, and as for a session.
   */
  async find(other: string, digest: string): Promise<Named | Refused> {
    const id = this.idOf(other);
    const lease = await this.arbiter.run('leaseGet', { leaseId: id, digest });
    if (!isRefused(lease)) {
      const { delegation, state, seqid } = lease.lease;
      return { kind: delegation ? 'delegation' : 'lease', id, state, seqid };
    }
    if (lease.refused.reason !== 'no_such_lease') return lease;
    const open = await this.arbiter.run('openGet', { openId: id, digest });
    if (!isRefused(open)) return { kind: 'open', id, state: open.open.state, seqid: open.open.seqid };
    if (open.refused.reason !== 'no_such_open') return open;
    const range = await this.arbiter.run('rangeGet', { rangeId: id, digest });
    if (!isRefused(range)) return { kind: 'range', id, state: range.range.state };
    return range.refused.reason === 'no_such_lock' ? refuse('no_such_lock') : range;
  }

  /**
   * TEST_STATEID: what it names, if the stateid is the present one of something held.
   * Refused: no_such_lock, seqid_old, lease_released, lease_revoked, and as for a session.
   */
  async test(other: string, shown: Shown, digest: string): Promise<HeldState | Refused> {
    const tested = await this.arbiter.run('stateidTest', { id: this.idOf(other), shown, digest });
    return isRefused(tested) ? tested : tested.held;
  }

  /** FREE_STATEID. Refused: locks_held, no_such_lock, seqid_old, lease_released, and as for a session. */
  async free(other: string, shown: Shown, digest: string): Promise<Refused | undefined> {
    const freed = await this.arbiter.run('stateidFree', { id: this.idOf(other), shown, digest });
    return isRefused(freed) ? freed : undefined;
  }
}
