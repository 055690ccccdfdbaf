import type { OperationView, Refused, StepReply, VerbInput, VerbName, VerbOutput, Wait } from '../../core/io';
import type { HoldAsk, Measured, RangesAsk } from '../../core/rows';
import { shardOfId, shardOfNumber } from '../shards';
import type { Table } from '../table';
import type { Deadlocks } from './deadlocks';

/** How many sessions are told of in one round, and how many rounds a call takes part in. */
const newsAtOnce = 64;
const newsRounds = 64;
/** How many requests are looked at for deadlocks, in each shard, and how many at a time. */
const waitsMax = 8_192;
const waitsAtOnce = 512;

export const isRefused = (value: object): value is Refused => 'refused' in value;

/** How many guests are looked at in one stage of a tour, and after how many ticks comes the next. */
const guestsAtOnce = 256;
const ticksPerStage = 4;

/** What the calls of one node share: where the tour through the guests of all shards goes on, and the lives that the shards are in. */
export class Tour {
  lives: readonly number[] = [];
  private ticks = 0;
  shard = 1;
  after = 0;

  get isDue(): boolean {
    this.ticks = (this.ticks + 1) % ticksPerStage;
    return this.ticks === 0;
  }
}

/** What the steps in one shard have decided besides their answers. */
interface Decided {
  readonly asks: HoldAsk[];
  readonly rangeAsks: RangesAsk[];
  readonly measured: Measured[];
}

/** What one call does in the shards, and what its steps have decided there besides their answers. */
export class Work {
  /** By shard, so that their order does not depend on which answers first. */
  private readonly decided: Decided[];
  private reached = { epoch: 0, no: 0, token: 0, seq: 0 };

  constructor(
    private readonly tables: readonly Table[],
    private readonly deadlocks: Deadlocks,
    private readonly tour: Tour,
  ) {
    this.decided = tables.map(() => ({ asks: [], rangeAsks: [], measured: [] }));
  }

  get shards(): number {
    return this.tables.length;
  }
  /** As of the last tick, by shard: another one than before means that this one may have lost something. */
  get lives(): number[] {
    return this.tables.map((_, shard) => this.tour.lives[shard] ?? 0);
  }
  note(lives: readonly number[]): void {
    this.tour.lives = lives;
  }
  /** The shards besides the first. */
  get others(): number[] {
    return this.tables.map((_, shard) => shard).slice(1);
  }

  reply<V extends VerbName>(value: VerbOutput<V>): StepReply<V> {
    const { decided, reached } = this;
    const asks = decided.flatMap((each) => each.asks);
    const rangeAsks = decided.flatMap((each) => each.rangeAsks);
    const measured = decided.flatMap((each) => each.measured);
    return {
      value,
      asks,
      measured: measured.length > 0 ? measured : undefined,
      rangeAsks: rangeAsks.length > 0 ? rangeAsks : undefined,
      reached,
    };
  }

  /** One step in one shard. */
  async step<V extends VerbName>(shard: number, verb: V, input: VerbInput<V>): Promise<VerbOutput<V>> {
    // An id or a key that names no shard is as unknown in the first one.
    const at = shard < this.shards ? shard : 0;
    const [table, decided] = [this.tables[at], this.decided[at]];
    if (table === undefined || decided === undefined) throw new Error('a table has at least one shard');
    const reply = await table.call(verb, input);
    decided.asks.push(...reply.asks);
    decided.rangeAsks.push(...(reply.rangeAsks ?? []));
    decided.measured.push(...(reply.measured ?? []));
    if (at === 0) this.reached = reply.reached;
    return reply.value;
  }

  /** One step; a session that has not been in this shard yet enters it first. */
  async at<V extends VerbName>(shard: number, verb: V, input: VerbInput<V>): Promise<VerbOutput<V>> {
    const value = await this.step(shard, verb, input);
    const { reason, enters } = isRefused(value) ? value.refused : {};
    if (reason !== 'enter_first' || enters === undefined) return value;
    const { digest } = input as { digest?: string };
    const refused = (await this.enter(enters, shard, digest)) as VerbOutput<V> | undefined;
    if (refused !== undefined) return refused;
    const again = await this.step(shard, verb, input);
    // It has ended meanwhile.
    return isRefused(again) && again.refused.reason === 'enter_first'
      ? ({ refused: { reason: 'session_expired' } } as VerbOutput<V>)
      : again;
  }

  async enter(sessionId: string, shard: number, digest?: string): Promise<Refused | undefined> {
    const entered = await this.step(0, 'sessionEnter', { sessionId, shard, digest });
    if (isRefused(entered)) return entered;
    const { guest: facts, state } = entered;
    const set = await this.step(shard, 'guestSet', { sessionId, state, facts });
    return isRefused(set) ? set : undefined;
  }

  /** The same step in all shards, the first one first. */
  async all<V extends VerbName>(
    verb: V,
    inputOf: (shard: number) => VerbInput<V>,
  ): Promise<{ home: VerbOutput<V>; others: VerbOutput<V>[] }> {
    const home = await this.step(0, verb, inputOf(0));
    const others = isRefused(home) ? [] : await this.elsewhere(verb, inputOf);
    return { home, others };
  }

  elsewhere<V extends VerbName>(
    verb: V,
    inputOf: (shard: number) => VerbInput<V>,
    shards: readonly number[] = this.others,
  ): Promise<VerbOutput<V>[]> {
    return Promise.all(shards.map((shard) => this.step(shard, verb, inputOf(shard))));
  }

  /**
   * A listing that goes through the shards one after the other. A cursor is a number of the shard whose rows come next; one
   * below the count of shards stands for the beginning of that shard.
   */
  async through<T>(
    after: number,
    limit: number,
    page: (shard: number, after: number, limit: number) => Promise<{ items: T[]; after?: number } | Refused>,
  ): Promise<{ items: T[]; after?: number } | Refused> {
    const items: T[] = [];
    let from = after < this.shards ? 0 : after;
    for (let shard = shardOfNumber(after, this.shards); ;) {
      const found = await page(shard, from, limit - items.length);
      if (isRefused(found)) return found;
      items.push(...found.items);
      if (found.after !== undefined) return { items, after: found.after };
      shard += 1;
      from = 0;
      if (shard === this.shards) return { items };
      if (items.length >= limit) return { items, after: shard };
    }
  }

  /**
   * Tells the shards what has become of sessions that they may have. Whoever else does the same does no harm. Returns whether there
   * was anything.
   */
  async carryNews(): Promise<boolean> {
    for (let round = 0; round < newsRounds; round += 1) {
      const { news } = await this.step(0, 'newsList', { limit: newsAtOnce });
      if (news.length === 0) return round > 0;
      await Promise.all(
        news.map(async ({ sessionId, no, state, silentMs, shards }) => {
          await Promise.all(
            shards.map(async (shard) => {
              for (let more = true; more;) {
                const set = await this.step(shard, 'guestSet', { sessionId, state, silentMs });
                more = !isRefused(set) && set.more;
              }
            }),
          );
          await this.step(0, 'newsTold', { sessionId, no });
        }),
      );
    }
    return true;
  }

  /**
   * Operations of the first shard go on when the others have done their parts; what one does not know of, it begins. Returns
   * whether one goes on.
   */
  async carryOperations(): Promise<boolean> {
    let did = false;
    const { operations } = await this.step(0, 'operationList', {});
    const shared = operations.filter(({ elsewhere }) => elsewhere === true);
    if (shared.length === 0) return false;
    const lists = await this.elsewhere('operationList', () => ({}));
    for (const view of shared) {
      const { operationId } = view;
      const [whole = ''] = operationId.split(':');
      const isDone = lists.map(({ operations: there }) => {
        const its = there.find((each) => each.operationId === operationId);
        return (its ?? there.find((each) => each.operationId === whole))?.state === 'done';
      });
      for (const [at, shard] of this.others.entries())
        if (
          isDone[at] === false &&
          lists[at]?.operations.every((each) => each.operationId !== whole) === true
        )
          isDone[at] = whole !== operationId || !(await this.begin(shard, view));
      if (!isDone.every(Boolean)) continue;
      await this.step(0, 'operationAlone', { operationId });
      did = true;
    }
    return did;
  }

  /** Returns whether there was something to begin. */
  private async begin(shard: number, view: OperationView): Promise<boolean> {
    const { operationId, kind: how, of, deadlineWall, startedWall } = view;
    const slash = of.indexOf('/');
    const [kind, name] = [of.slice(0, slash), of.slice(slash + 1)];
    // As long as it had from its beginning.
    const common = { operationId, deadlineMs: deadlineWall - startedWall };
    if (how === 'hangup') return !isRefused(await this.step(shard, 'exportHangup', { ...common, name }));
    if (how === 'remove' && (kind === 'exports' || kind === 'stacks'))
      return !isRefused(await this.step(shard, 'itemRemove', { ...common, kind, name, force: true }));
    for (const { name: stack, adapters } of (await this.step(0, 'stackList', {})).stacks)
      if (adapters.some(({ incarnation }) => incarnation === name))
        return !isRefused(await this.step(shard, 'adapterStop', { ...common, stack, incarnation: name }));
    return false;
  }

  /** Ends guests whose home does not know them; some at a time. */
  async checkGuests(): Promise<void> {
    const { tour } = this;
    if (!tour.isDue) return;
    const shard = tour.shard < this.shards ? tour.shard : 1;
    const { sessions, after } = await this.step(shard, 'sessionList', {
      ...{ after: tour.after, limit: guestsAtOnce },
    });
    [tour.shard, tour.after] = after === undefined ? [shard + 1, 0] : [shard, after];
    const sessionIds = sessions
      .filter(({ state }) => state !== 'expired' && state !== 'ended')
      .map(({ sessionId }) => sessionId);
    if (sessionIds.length === 0) return;
    const { unknown } = await this.step(0, 'guestCheck', { shard, sessionIds });
    for (const sessionId of unknown)
      for (let more = true; more;) {
        const set = await this.step(shard, 'guestSet', { sessionId, state: 'expiring' });
        more = !isRefused(set) && set.more;
      }
  }

  /** Ends deadlocks over several shards; `waits`: how many requests wait in each. */
  async breakDeadlocks(waits: readonly number[]): Promise<void> {
    if (waits.filter((count) => count > 0).length < 2) {
      this.deadlocks.look([]);
      return;
    }
    const found = await Promise.all(
      waits.map(async (count, shard) => (count > 0 ? await this.waitsIn(shard) : [])),
    );
    for (const { id, waitNo, cycle } of this.deadlocks.look(found.flat()))
      await this.step(shardOfId(id), 'waitDrop', { id, waitNo, cycle });
  }

  private async waitsIn(shard: number): Promise<Wait[]> {
    const waits: Wait[] = [];
    for (let after: number | undefined = 0; after !== undefined && waits.length < waitsMax;) {
      const page: VerbOutput<'waitList'> = await this.step(shard, 'waitList', { after, limit: waitsAtOnce });
      waits.push(...page.waits);
      after = page.after;
    }
    return waits;
  }

  /** The other shards have this export, or all, as the first one does. */
  async follow(name?: string): Promise<void> {
    const { exports } = await this.step(0, 'exportCopy', { name });
    await Promise.all(
      this.others.map(async (shard) => {
        const there = await this.step(shard, 'exportCopy', { name });
        const gone = there.exports.filter((each) => exports.every((copy) => copy.name !== each.name));
        for (const copy of exports) await this.step(shard, 'exportFollow', { name: copy.name, copy });
        for (const each of gone) await this.step(shard, 'exportFollow', { name: each.name });
      }),
    );
  }
}
