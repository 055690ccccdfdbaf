import { setTimeout as pause } from 'node:timers/promises';
import type { RecordNames, RecordRow, Table, Urgency } from '#locks';
import type { Metrics } from '../telemetry/metrics';
import { after, nowhere, type Position } from './positions';

export interface Follower {
  /** Records in order, each once. */
  records(records: readonly RecordRow[]): void;
  /** Records were missed, or the table was replaced. */
  gap(): void;
  /** Whether somebody waits for what it does with them. Whoever makes it so calls `hurry` of the relay. */
  readonly urgent?: boolean;
}

/** One request's view of the records about one id, from the moment the watch was made. */
export class Watch {
  private readonly seen: RecordRow[] = [];
  /** Something may have happened of which no record was seen. */
  private missed = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly leave: () => void,
    private readonly stopped: () => boolean,
  ) {}

  /** The next record, or undefined after `ms`, when the signal fires, when records were missed, or when the service stops. */
  async next(ms: number, signal?: AbortSignal): Promise<RecordRow | undefined> {
    const idle = this.seen.length === 0 && !this.missed;
    if (idle && ms > 0 && !this.stopped() && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
        signal?.addEventListener('abort', this.wake, { once: true });
      });
      if (this.wake !== undefined) signal?.removeEventListener('abort', this.wake);
      this.wake = undefined;
    }
    this.missed = false;
    return this.seen.shift();
  }

  /** Sleeps, even if records arrive; the signal cuts it short. */
  async rest(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.stopped() || signal?.aborted === true) return;
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }

  close(): void {
    this.leave();
  }

  /** Called by the relay, with a record, or with undefined to look again. */
  notice(record: RecordRow | undefined): void {
    // A watch that nobody reads only needs to know that something happened.
    if (record === undefined) this.missed = true;
    else if (this.seen.length < 64) this.seen.push(record);
    this.wake?.();
  }
}

/** Follows the record log of the table, on behalf of everyone in this process. */
export class Relay {
  private position: Position;
  private readonly watches = new Map<string, Set<Watch>>();
  private readonly followers: Follower[] = [];
  private unfollow: (() => void) | undefined;
  private stopped = false;
  /** How often records may have been missed. */
  private missed = 0;
  private readonly urgency: Urgency;

  constructor(
    private readonly table: Table,
    private readonly metrics: Metrics,
  ) {
    this.position = nowhere(table.shards);
    const { watches, followers } = this;
    this.urgency = {
      get urgent() {
        return watches.size > 0 || followers.some(({ urgent }) => urgent === true);
      },
      hurry: () => undefined,
    };
  }

  /** The last record of each shard that was handed on. */
  get at(): Position {
    return this.position;
  }
  /** Whether requests that wait should give up. */
  get stopping(): boolean {
    return this.stopped;
  }
  /** How often records may have been missed, as after a failover, which may have lost rows, too. */
  get gaps(): number {
    return this.missed;
  }
  /** Requests that watch something. */
  get parked(): number {
    return this.watches.size;
  }

  follow(follower: Follower): void {
    this.followers.push(follower);
  }

  start(): void {
    this.unfollow = this.table.follow(
      (records) => {
        this.receive(records);
      },
      () => {
        this.miss();
      },
      this.urgency,
    );
  }

  /** Somebody begins to wait for records. */
  hurry(): void {
    this.urgency.hurry();
  }

  /**
   * Tells the relay the epoch of each shard. If one is not that of the last record there, the table may have been replaced:
   * what happened in between is unknown, and everybody looks again. Throws TableUnreachable.
   */
  async align(epochs: readonly number[]): Promise<void> {
    let missed = false;
    for (const [shard, known] of this.position.entries()) {
      const epoch = epochs[shard];
      if (epoch === undefined || epoch === known.epoch) continue;
      const { last } = await this.table.history(known.no, 1, shard);
      // Some records up to there may still arrive: they are passed on all the same.
      if (this.position[shard]?.epoch !== epoch)
        this.position = this.position.with(shard, { epoch, no: last });
      missed ||= known.epoch !== 0;
    }
    if (missed) this.miss();
  }

  /**
   * Watches the records about a lease, an open, a wait, a question or an item of the tree, from now on. Watch first,
   * then act, then wait; always close the watch.
   */
  watch(key: string): Watch {
    const watch = new Watch(
      () => {
        const set = this.watches.get(key);
        if (set?.delete(watch) === true && set.size === 0) this.watches.delete(key);
      },
      () => this.stopped,
    );
    const set = this.watches.get(key);
    if (set === undefined) this.watches.set(key, new Set([watch]));
    else set.add(watch);
    this.hurry();
    return watch;
  }

  /** How many requests of this process watch the same key. */
  watchers(key: string): number {
    return this.watches.get(key)?.size ?? 0;
  }

  /** Tells all waiting requests to give up. */
  stop(): void {
    this.stopped = true;
    this.unfollow?.();
    this.wakeAll();
  }

  private receive(records: readonly RecordRow[]): void {
    const last = records.at(-1);
    if (last === undefined) return;
    // Followers still see the old position, so that what they begin now continues exactly there.
    for (const follower of this.followers) follower.records(records);
    this.position = after(this.position, last);
    for (const record of records) {
      this.metrics.record(record.kind);
      const { leaseId, openId, waitId, lockId, item, askId }: RecordNames = record;
      for (const name of [leaseId, openId, waitId, lockId, item, askId]) this.tell(name, record);
    }
  }

  private tell(key: string | undefined, record: RecordRow): void {
    const set = key === undefined ? undefined : this.watches.get(key);
    if (set !== undefined) for (const watch of set) watch.notice(record);
  }

  private miss(): void {
    this.missed += 1;
    for (const follower of this.followers) follower.gap();
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const set of this.watches.values()) for (const watch of set) watch.notice(undefined);
  }
}
