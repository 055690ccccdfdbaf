import type { VerbOutput } from '#locks';
import type { Arbiter } from './arbiter';
import type { Operations } from './operations';
import { isRefused, type Refused } from './refusal';

/** Heartbeats of nodes in their regions, and the sessions that subscribe to them (semantics.md §7). */
export class Nodes {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly operations: Operations,
  ) {}

  /** A node is alive, or stops in order. Refused: no_such_item, node_life_over, item_removing. */
  async beat(
    name: string,
    beat: { incarnation: string; leaving?: boolean | undefined },
  ): Promise<VerbOutput<'nodeBeat'>> {
    const beaten = await this.arbiter.run('nodeBeat', { name, ...beat });
    return isRefused(beaten) ? this.operations.named(beaten, `nodes/${name}`) : beaten;
  }

  /** Subscribes a session to the nodes of a region. Refused: no_such_item, items_max, and as for a session. */
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

  /** A subscriber has handled a notice: the next one may be told. `taken` is false if nobody waited for it any more. */
  acknowledge(
    node: string,
    ack: { sessionId: string; noticeId: string; connectionId?: string | undefined },
    digest: string,
  ): Promise<{ taken: boolean } | Refused> {
    return this.arbiter.run('noticeAck', { node, ...ack, digest });
  }
}
