import type { VerbOutput } from '#locks';
import type { Arbiter } from './arbiter';
import type { Operations } from './operations';
import { isRefused, type Refused } from './refusal';

/** Nodes that beat in their regions, and sessions that are told of them (semantics.md §7). */
export class Nodes {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly operations: Operations,
  ) {}

  /** A node lives, or stops in order. Refused: no_such_item, node_life_over, item_removing. */
  async beat(
    name: string,
    beat: { incarnation: string; leaving?: boolean | undefined },
  ): Promise<VerbOutput<'nodeBeat'>> {
    const beaten = await this.arbiter.run('nodeBeat', { name, ...beat });
    return isRefused(beaten) ? this.operations.named(beaten, `nodes/${name}`) : beaten;
  }

  /** A session is told of the nodes of a region. Refused: no_such_item, items_max, and as for a session. */
  async subscribe(
    region: string,
    { sessionId, priority }: { sessionId: string; priority: number },
    digest: string,
  ): Promise<Refused | undefined> {
    const made = await this.arbiter.run('subscribe', { region, sessionId, priority, digest });
    return isRefused(made) ? this.operations.named(made, `regions/${region}`) : undefined;
  }

  /** Refused: as for a session. */
  async unsubscribe(region: string, sessionId: string, digest: string): Promise<Refused | undefined> {
    const left = await this.arbiter.run('unsubscribe', { region, sessionId, digest });
    return isRefused(left) ? left : undefined;
  }

  /** A subscriber is done with a notice: the next may be told. `taken` false: nobody waited for that any more. */
  acknowledge(
    node: string,
    { sessionId, noticeId }: { sessionId: string; noticeId: string },
    digest: string,
  ): Promise<{ taken: boolean } | Refused> {
    return this.arbiter.run('noticeAck', { node, sessionId, noticeId, digest });
  }
}
