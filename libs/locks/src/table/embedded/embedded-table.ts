import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type StepReply, verbFlags, type VerbInput, type VerbName } from '../../core/io';
import type { Entry, Kind, RecordRow, RowOf, Rows } from '../../core/rows';
import { formatOf } from '../../core/format';
import { run } from '../../core/run';
import { refuseLater, type Table, type TableEvents, TableFull, TableUnreachable } from '../table';
import { type ListEntry, OrderedLists } from './ordered-lists';
import { type Store, StoreFull, type StoreKey } from './store';
import { RecentRecords } from './recent-records';
import { TextMap } from './text-map';
import { UnreadRows } from './unread-rows';
import type { Reached } from './witness';

/** Strings that are deduplicated while a store is read. */
const textsMax = 16_384;
/** How long a store is read in one turn of the event loop. */
const loadMs = 20;
/** Most steps that may wait for the disk at a time. */
const waitingMax = 50_000;
/** Delay before a commit that found the disk full is retried. */
const fullAgainMs = 500;

export interface EmbeddedTableOptions extends TableEvents {
  store: Store;
  /** Wall clock in milliseconds; tests supply their own. */
  wall?: () => number;
  /** Monotonic clock in milliseconds. If only `wall` is given, as in tests, that is used. */
  monotonic?: () => number;
  /** A disk that does not confirm a commit within this time counts as failed. */
  commitMs?: number;
  /** The rules; tests of the table itself supply simpler ones. */
  rules?: typeof run;
}

/**
 * Opens the table that lives in this process: rows in memory, every change on disk before anyone is told of it.
 * Reads the whole store first. Throws the store's error if it cannot be read.
 */
export async function openEmbeddedTable(options: EmbeddedTableOptions): Promise<Table> {
  const table = new EmbeddedTable(options);
  await table.load();
  return table;
}

/** A row in memory, and its slot in the store. Until it is needed for the first time, only its place in `unread`. */
interface CachedRow<K extends Kind> {
  readonly slot: number;
  row: RowOf[K] | number;
}
type Maps = { [K in Kind]: TextMap<CachedRow<K>> };
interface StoredRow {
  kind: Kind;
  id: string;
  row: RowOf[Kind];
}
interface Waiter {
  resolve(): void;
  reject(error: TableUnreachable): void;
}

/**
 * Rows and entries repeat the same ids, names and words, and reading from disk creates a new string each time. This
 * cache keeps one copy of each, unless another string with the same hash has replaced it.
 */
class Texts {
  private readonly places = new Array<string>(textsMax).fill('');

  once(text: string): string {
    const last = text.length - 1;
    let place = last;
    for (const at of [last, last - 2, last - 5, last >> 1]) place = (place * 31 + text.charCodeAt(at)) | 0;
    place &= textsMax - 1;
    const known = this.places[place] as string;
    if (known === text) return known;
    this.places[place] = text;
    return text;
  }
}

/** What steps have changed since the last commit began, and the calls that wait until it is on disk. */
class Batch {
  /** By slot; undefined: the slot is freed. */
  readonly changes = new Map<number, StoredRow | ListEntry | undefined>();
  readonly records: RecordRow[] = [];
  /** Earlier records that are kept on disk without need. */
  readonly forgotten: number[] = [];
  readonly waiters: Waiter[] = [];
  /** How far the table has come with this batch. */
  reached: Reached = { epoch: 0, records: 0, token: 0 };
  /** Whether the disk was full when its first step was run. */
  short: boolean | undefined;
  /** It is on disk, and followers are being told. */
  written = false;

  get empty(): boolean {
    return this.changes.size === 0 && this.records.length === 0;
  }
}

class EmbeddedTable implements Table {
  readonly shards = 1;
  private readonly maps: Maps = {
    meta: new TextMap(),
    session: new TextMap(),
    lease: new TextMap(),
    open: new TextMap(),
    ended: new TextMap(),
    range: new TextMap(),
    change: new TextMap(),
    dlm: new TextMap(),
    permit: new TextMap(),
    connection: new TextMap(),
    share: new TextMap(),
    lockState: new TextMap(),
    file: new TextMap(),
    export: new TextMap(),
    stack: new TextMap(),
    adapter: new TextMap(),
    region: new TextMap(),
    node: new TextMap(),
    subscription: new TextMap(),
    pin: new TextMap(),
    operation: new TextMap(),
    alias: new TextMap(),
    server: new TextMap(),
    subject: new TextMap(),
    orphans: new TextMap(),
    client: new TextMap(),
  };
  private readonly lists = new OrderedLists();
  private readonly recent = new RecentRecords();
  private readonly unread = new UnreadRows();
  private readonly texts = new Texts();
  private lastSlot = 0;
  private readonly self: { identity: string; opening: string };
  /** The table may have been restored from a backup: nothing shows that it never got further than this. */
  private doubt = false;
  /** Last record on disk. */
  private lastDurable = 0;
  private batch = new Batch();
  private committing: Batch | undefined;
  private idle: Promise<void> = Promise.resolve();
  private readonly followers = new Set<(records: readonly RecordRow[]) => void>();
  private dead: TableUnreachable | undefined;
  private closed = false;
  /** Set while a commit waits for disk space: memory is ahead of the disk, and no call is answered. */
  private stuck: TableUnreachable | undefined;
  private full = false;

  private readonly store: Store;
  private readonly rules: typeof run;
  private readonly commitMs: number;
  private readonly rows: Rows;
  private readonly events: TableEvents;

  constructor({ store, wall, monotonic, commitMs = 30_000, rules = run, ...events }: EmbeddedTableOptions) {
    this.events = events;
    this.store = store;
    this.self = { identity: store.identity, opening: randomUUID() };
    this.rules = rules;
    this.commitMs = commitMs;
    const clock = { name: randomUUID().slice(0, 8), ms: 0 };
    const shown = monotonic ?? wall ?? (() => performance.now());
    this.rows = {
      wall: wall ?? Date.now,
      monotonic: () => {
        clock.ms = Math.floor(shown());
        return clock;
      },
      get: (kind, id) => this.get(kind, id),
      put: (kind, id, row) => {
        this.batch.changes.set(this.hold(kind, id, row), { kind, id, row });
      },
      del: (kind, id) => {
        const held = this.maps[kind].get(id);
        if (held === undefined) return;
        if (typeof held.row === 'number') this.unread.take(held.row);
        this.maps[kind].delete(id);
        this.batch.changes.set(held.slot, undefined);
      },
      link: (list, member, score) => {
        const entry = { list, score, member };
        if (this.lists.link(entry, this.lastSlot + 1)) this.batch.changes.set(++this.lastSlot, entry);
      },
      unlink: (list, member, score) => {
        const slot = this.lists.unlink({ list, score, member });
        if (slot !== undefined) this.batch.changes.set(slot, undefined);
      },
      page: (list, after, upTo, limit): Entry[] => this.lists.page(list, after, upTo, limit),
      span: (list, from, to, limit) => this.lists.span(list, from, to, limit),
      record: (record) => {
        if (record.no !== this.recent.last + 1)
          throw new Error(`record ${String(record.no)} does not follow ${String(this.recent.last)}`);
        this.remember(record);
        this.batch.records.push(record);
      },
      digits: (n) => n.toFixed(0),
      padded: (n) => n.toFixed(0).padStart(10, '0'),
      letter: (member) => member.charAt(0),
      idOf: (member) => member.slice(2),
      begins: (text, prefix) => text.startsWith(prefix),
      size: (text) => Buffer.byteLength(text),
      tail: (text, n) => text.slice(n),
    };
  }

  async load(): Promise<void> {
    const records: RecordRow[] = [];
    const takeSlot = (slot: number): void => {
      this.lastSlot = Math.max(this.lastSlot, slot);
    };
    const loaded = this.store.load({
      row: (slot, kind, id, row) => {
        takeSlot(slot);
        (this.maps[kind] as TextMap<CachedRow<Kind>>).set(this.texts.once(id), {
          slot,
          row: this.unread.keep(row),
        });
      },
      entry: (slot, list, score, member) => {
        takeSlot(slot);
        this.lists.link({ list, score, member: this.texts.once(member) }, slot);
      },
      record: (record) => records.push(record),
    });
    let since = performance.now();
    for (const _ of loaded) {
      if (performance.now() - since < loadMs) continue;
      // Let the process handle signals, such as a request to stop.
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
    // A store rewrites what it keeps, so it does not have them in order.
    for (const record of records.sort((a, b) => a.no - b.no)) this.remember(record);
    this.lastDurable = this.recent.last;
    const meta = this.get('meta', 'shard');
    if (meta !== undefined) refuseLater(formatOf(meta));
    this.doubt = meta !== undefined && meta.epoch !== this.store.reached?.epoch;
  }

  async call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    if (this.closed) throw new TableUnreachable('the embedded table is closed');
    if (this.dead) throw this.dead;
    if (this.stuck) throw this.stuck;
    // The store grows by commits only, so one look for all steps of a batch is enough.
    this.batch.short ??= this.short();
    const { short } = this.batch;
    if (short && verbFlags[verb] === 'grow')
      throw new TableFull(`the disk of the embedded table is full; ${verb} was not run`);
    if (this.batch.waiters.length >= waitingMax)
      throw new TableUnreachable(
        `${String(waitingMax)} calls are already waiting for the disk; this one was not run`,
      );
    let reply: StepReply<V>;
    try {
      reply = this.rules(
        this.rows,
        verb,
        verb === 'identify' ? (this.identified(input as VerbInput<'identify'>) as VerbInput<V>) : input,
        short,
      );
    } catch (error) {
      // The step stopped halfway: no decision may be based on what is in memory now, and none of it may be written.
      throw this.die(`the rules failed in ${verb}; restart to continue from what is on disk`, error);
    }
    if (verb === 'identify') this.doubt = false;
    await this.durable();
    return reply;
  }

  /** Adds how far the caller saw the table or, on its first call, how far the store's witness did. */
  private identified(input: VerbInput<'identify'>): VerbInput<'identify'> {
    const doubt = this.doubt || input.doubt === true;
    const { reached } = this.store;
    const own = { ...input, ...this.self, doubt };
    if ((input.seen !== undefined && input.seen.epoch > 0) || reached === undefined) return own;
    return { ...own, seen: { epoch: reached.epoch, no: reached.records }, minted: reached.token };
  }

  follow(onRecords: (records: readonly RecordRow[]) => void): () => void {
    this.followers.add(onRecords);
    return () => this.followers.delete(onRecords);
  }

  history(after: number, limit: number): Promise<{ records: RecordRow[]; complete: boolean; last: number }> {
    if (this.dead) return Promise.reject(this.dead);
    const last = this.lastDurable;
    const records: RecordRow[] = [];
    for (let no = Math.max(after + 1, this.recent.first); no <= last && records.length < limit; no++) {
      const record = this.recent.get(no);
      if (record !== undefined) records.push(record);
    }
    const complete = after <= last && (after === last || this.recent.get(after + 1) !== undefined);
    return Promise.resolve({ records, complete, last });
  }

  ready(): boolean {
    return !this.closed && this.dead === undefined && this.stuck === undefined;
  }

  trouble(): string | undefined {
    return (this.dead ?? this.stuck)?.message;
  }

  bytes(): number | undefined {
    return this.store.bytes();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    while (this.committing !== undefined) await this.idle;
    this.followers.clear();
    await this.store.close();
  }

  private get<K extends Kind>(kind: K, id: string): RowOf[K] | undefined {
    const held = this.maps[kind].get(id);
    if (held === undefined) return undefined;
    if (typeof held.row !== 'number') return held.row;
    const row = this.store.decode(this.unread.take(held.row)) as RowOf[K];
    const fields = row as unknown as Record<string, unknown>;
    for (const name in fields) {
      const field = fields[name];
      if (typeof field === 'string') fields[name] = this.texts.once(field);
    }
    held.row = row;
    return row;
  }

  /** Stores a row in memory; returns its slot. */
  private hold<K extends Kind>(kind: K, id: string, row: RowOf[K]): number {
    const held = this.maps[kind].get(id);
    if (held === undefined) {
      this.maps[kind].set(id, { slot: ++this.lastSlot, row });
      return this.lastSlot;
    }
    if (typeof held.row === 'number') this.unread.take(held.row);
    held.row = row;
    return held.slot;
  }

  private remember(record: RecordRow): void {
    for (const no of this.recent.add(record)) this.batch.forgotten.push(no);
  }

  /** Resolves when every change made so far is on disk, so that a read never reports what may still be lost. */
  private durable(): Promise<void> | undefined {
    const batch = this.batch.empty ? this.committing : this.batch;
    if (batch === undefined || batch.written) return undefined;
    if (this.committing === undefined) {
      // Deferred, so that all calls in this turn of the event loop share the commit.
      this.committing = this.batch;
      this.idle = new Promise((resolve) => {
        setImmediate(() => {
          void this.commitAll().finally(resolve);
        });
      });
    }
    return new Promise((resolve, reject) => {
      batch.waiters.push({ resolve, reject });
    });
  }

  private async commitAll(): Promise<void> {
    while (!this.batch.empty && this.dead === undefined) {
      const batch = this.batch;
      this.committing = batch;
      this.batch = new Batch();
      // A commit writes each key once: what this batch both wrote and forgot is removed by the next.
      const first = batch.records[0]?.no ?? Infinity;
      while ((batch.forgotten.at(-1) ?? 0) >= first)
        this.batch.forgotten.unshift(batch.forgotten.pop() as number);
      const meta = this.get('meta', 'shard');
      if (meta !== undefined) batch.reached = { epoch: meta.epoch, records: meta.records, token: meta.token };
      try {
        await this.write(batch);
      } catch (error) {
        this.die('a commit to disk failed; restart to continue from what is on disk', error, batch);
        break;
      }
      this.lastDurable += batch.records.length;
      batch.written = true;
      for (const waiter of batch.waiters) waiter.resolve();
      if (batch.records.length > 0) for (const follower of this.followers) follower(batch.records);
    }
    this.committing = undefined;
  }

  /** Retries while the disk is full: a failed commit wrote nothing, so the same batch is written again. */
  private async write(batch: Batch): Promise<void> {
    for (;;) {
      try {
        await this.inTime(this.store.commit(this.writesOf(batch), batch.reached));
        this.stuck = undefined;
        return;
      } catch (error) {
        if (!(error instanceof StoreFull) || this.closed) throw error;
        this.stuck = new TableUnreachable(
          'the embedded table is waiting for space on its disk; calls in progress may still take effect',
          { cause: error },
        );
        for (const { waiters } of [batch, this.batch])
          for (const waiter of waiters.splice(0)) waiter.reject(this.stuck);
      }
      await pause(fullAgainMs);
    }
  }

  /** Whether the disk is full; reports when that changes. */
  private short(): boolean {
    const full = !this.store.roomy();
    if (full !== this.full) {
      this.full = full;
      this.events.onFull?.(full ? 'the disk of the embedded table is full' : undefined);
    }
    return full;
  }

  private *writesOf({ changes, records, forgotten }: Batch): Generator<readonly [StoreKey, unknown]> {
    for (const [slot, value] of changes) yield [['slot', slot], value];
    for (const record of records) yield [['record', record.no], record];
    for (const no of forgotten) yield [['record', no], undefined];
  }

  private inTime(commit: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no answer from the disk for ${String(this.commitMs)} ms`));
      }, this.commitMs).unref();
      commit.then(resolve, reject).finally(() => {
        clearTimeout(timer);
      });
    });
  }

  private die(what: string, cause: unknown, failed?: Batch): TableUnreachable {
    const error = new TableUnreachable(`the embedded table has stopped: ${what}`, { cause });
    if (this.dead === undefined && !this.closed) this.events.onDead?.(error);
    this.dead ??= error;
    for (const batch of [failed, this.batch]) for (const waiter of batch?.waiters ?? []) waiter.reject(error);
    this.batch = new Batch();
    return error;
  }
}
