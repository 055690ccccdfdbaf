import type { PinView } from '#locks';
import type { Arbiter } from './arbiter';
import { randomId } from './ids';
import { type ItemRef, pathOf } from './items';
import type { Operations } from './operations';
import { isRefused, type Refused } from './refusal';

/** Pins: a session or an item declares that it depends on an item, which then cannot be removed (semantics.md §7). */
export class Pins {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly operations: Operations,
  ) {}

  /**
   * Adds a pin by a session, with its digest, or by another item. The pin ends with the one that declared it.
   * Refused: no_such_item, item_removing, pin_cycle, items_max, no_such_session, not_holder, session_expired,
   * session_locks_max.
   */
  async add(
    on: ItemRef,
    by: { sessionId: string; digest: string } | { item: ItemRef },
    because: string | undefined,
  ): Promise<PinView | Refused> {
    const who = 'item' in by ? { by: by.item } : by;
    const made = await this.arbiter.run('pinAdd', { pinId: randomId(), ...on, ...who, because });
    if (!isRefused(made)) return made.pin;
    return this.operations.named(made, ...[on, ...('item' in by ? [by.item] : [])].map(pathOf));
  }

  /** No digest: an administrator asks. Refused: no_such_pin, not_holder. */
  async get(pinId: string, digest: string | undefined): Promise<PinView | Refused> {
    const found = await this.arbiter.run('pinGet', { pinId, digest });
    return isRefused(found) ? found : found.pin;
  }

  /** Refused: as for `get`. */
  async drop(pinId: string, digest: string | undefined): Promise<Refused | undefined> {
    const dropped = await this.arbiter.run('pinDrop', { pinId, digest });
    return isRefused(dropped) ? dropped : undefined;
  }
}
