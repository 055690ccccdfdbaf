import type { Place, RecordRow, Table } from '#locks';
import type { Exports } from './exports';
import { Gate } from './gate';
import { Pings } from './pings';
import { Cursor, Echoes, idOf, type Position, positionOf } from './positions';
import { isRefused, refuse, type Refused } from './refusal';
import type { Follower, Relay } from './relay';

/** How many streams of administrators, and watches, there are at a time, and how many read what is past. */
export const clusterStreamsMax = 100;
export const watchesMax = 1_000;
const readsAtOnce = 1;
const pageRecords = 1_000;
/** Records that arrive while a stream reads what is past; with more it misses some, and is told. */
const backlogMax = 20_000;

export interface ClusterEventFilter {
  export?: string;
  /** Needs `export`. */
  file?: string;
  session?: string;
  /** Only what happens under names that begin so, which anybody may be told who may read there. */
  prefix?: string;
}

/** What happened to one lock, session, export or item, as administrators see it. */
export interface ClusterEvent {
  id: string;
  wallMs: number;
  what: Exclude<RecordRow['kind'], Untold>;
  exportName?: string;
  path?: string;
  /** The lease, open, lock or request. */
  lockId?: string;
  sessionId?: string;
  owner?: string;
  type?: string;
  token?: number;
  breakId?: string;
  target?: 'none' | 'read';
  deadlineWall?: number;
  cause?: string;
  item?: string;
  waited?: boolean;
}

/** Where the events go. */
export interface ClusterEventSink {
  tell(events: readonly ClusterEvent[]): void;
  /** Some events are missing; `id`: where the stream goes on. */
  resync(cause: string, id: string): void;
  ping(): void;
  drained(): Promise<void>;
  end(): void;
  readonly closed: boolean;
}

/** Between a session and the service; nobody else is told. */
type Untold =
  | 'attributes'
  | 'answered'
  | 'available'
  | 'directoryChanged'
  | 'recallAny'
  | 'node'
  | 'blocking'
  | 'recovery'
  | 'disconnected';
const untold: ReadonlySet<string> = new Set<Untold>([
  'attributes',
  'answered',
  'available',
  'directoryChanged',
  'recallAny',
  'node',
  'blocking',
  'recovery',
  'disconnected',
]);
const isTold = (record: RecordRow): record is Exclude<RecordRow, { kind: Untold }> =>
  !untold.has(record.kind);

/** What a watch of names tells: whatever changes what may be done under a name. */
const named: ReadonlySet<string> = new Set<RecordRow['kind']>([
  ...(['granted', 'downgraded', 'released', 'revoked', 'break', 'opened', 'closed', 'changed'] as const),
  ...(['permitted', 'surrendered'] as const),
]);

/** The fields that records of some kinds have. */
interface Facts {
  exportName?: string;
  path?: string;
  sessionId?: string;
  owner?: string;
  leaseId?: string;
  openId?: string;
  rangeId?: string;
  lockId?: string;
  waitId?: string;
  pinId?: string;
  type?: string;
  access?: string;
  mode?: string;
  what?: string;
  token?: number;
  breakId?: string;
  target?: 'none' | 'read';
  deadlineWall?: number;
  cause?: string;
  reason?: string;
  item?: string;
  turn?: boolean;
}

function eventOf(record: Exclude<RecordRow, { kind: Untold }>, id: string): ClusterEvent {
  const { exportName, path, sessionId, owner, token, breakId, target, deadlineWall, item, ...facts }: Facts =
    record;
  const { leaseId, openId, rangeId, lockId, waitId, pinId, type, access, mode, what } = facts;
  return {
    id,
    wallMs: record.wall,
    what: record.kind,
    lockId: leaseId ?? openId ?? rangeId ?? lockId ?? waitId ?? pinId,
    ...{ exportName, path, sessionId, owner, token, breakId, target, deadlineWall, item },
    type: type ?? access ?? mode ?? what,
    cause: facts.cause ?? facts.reason,
    waited: facts.turn === true ? true : undefined,
  };
}

/** One open stream. */
class Observer {
  /** Records that came while it reads what is past; undefined: it is live. */
  backlog: RecordRow[] | undefined = [];
  missed = false;
  /** The records before it are told. */
  private cursor: Cursor;

  constructor(
    private readonly matches: (record: RecordRow) => boolean,
    from: Position,
    readonly sink: ClusterEventSink,
  ) {
    this.cursor = new Cursor(from);
  }

  take(records: readonly RecordRow[]): void {
    if (this.backlog === undefined) this.tell(records);
    else {
      const told = records.filter((record) => isTold(record) && this.matches(record));
      if (this.backlog.length < backlogMax) this.backlog.push(...told);
      else this.missed = true;
    }
  }

  tell(records: readonly RecordRow[]): void {
    const events: ClusterEvent[] = [];
    for (const record of records) {
      this.cursor.pass(record);
      if (isTold(record) && this.matches(record)) events.push(eventOf(record, this.cursor.id));
    }
    if (events.length > 0) this.sink.tell(events);
  }

  /** Whatever else there is before this place does not concern it. */
  skipTo(place: Place): void {
    this.cursor.pass(place);
  }

  /** From here on records are told as they come. */
  live(at: Position): void {
    const { backlog = [] } = this;
    this.backlog = undefined;
    this.tell(backlog);
    this.cursor = new Cursor(at);
  }
}

/** What a stream has still to read of the log of one shard. */
interface Unread {
  shard: number;
  next: number;
  last: number;
  records: RecordRow[];
}
const hasMore = ({ next, last }: Unread): boolean => next < last;

/** Tells administrators, and whoever watches names, what happens in the cluster, and what the record log remembers. */
export class ClusterEvents implements Follower {
  private readonly observers = new Set<Observer>();
  private readonly reads = new Gate(readsAtOnce, clusterStreamsMax);
  private readonly pings = new Pings(this.observers, ({ sink }) => {
    sink.ping();
  });
  private stopped = false;

  constructor(
    private readonly table: Pick<Table, 'history' | 'shards'>,
    private readonly exports: Pick<Exports, 'resolve'>,
    private readonly relay: Pick<Relay, 'follow' | 'at' | 'hurry'>,
  ) {
    relay.follow(this);
  }

  get size(): number {
    return this.observers.size;
  }

  records(records: readonly RecordRow[]): void {
    for (const observer of this.observers) observer.take(records);
  }

  get urgent(): boolean {
    return this.size > 0;
  }

  gap(): void {
    for (const { sink } of this.observers) sink.resync('records_missed', idOf(this.relay.at));
  }

  /**
   * Opens a stream: after the event `from`, with everything that is remembered (`past`), or from now on. Without
   * `follow` it ends with what is past. With `marked`, one that begins now says where, so that it can be resumed.
   * Refused: service_stopping, bad_request; with `file` as for its name.
   */
  async attach(
    filter: ClusterEventFilter,
    how: { from?: string; past: boolean; follow: boolean; marked?: true },
    open: (onClosed: () => void) => ClusterEventSink,
  ): Promise<Refused | undefined> {
    if (this.stopped) return refuse('service_stopping', { retryAfterMs: 1_000 });
    const matches = await this.matcher(filter);
    if (typeof matches !== 'function') return matches;
    const at = this.relay.at;
    const since = how.from === undefined ? undefined : positionOf(how.from, at.length);
    const observer: Observer = new Observer(
      matches,
      since ?? at,
      open(() => this.observers.delete(observer)),
    );
    this.observers.add(observer);
    this.relay.hurry();
    if (how.marked === true && how.from === undefined) observer.sink.resync('stream_begins', idOf(at));
    try {
      await this.replay(observer, since, how, at);
    } catch {
      // The client comes again after the last event that it has.
      how = { ...how, follow: false };
    }
    if (!how.follow) observer.sink.end();
    return undefined;
  }

  /** Ends all streams, so that the service can stop. */
  stop(): void {
    this.stopped = true;
    this.pings.stop();
    for (const { sink } of this.observers) sink.end();
  }

  private async matcher({
    export: exportName,
    file,
    session,
    prefix,
  }: ClusterEventFilter): Promise<((record: RecordRow) => boolean) | Refused> {
    let fileKey: string | undefined;
    if (file !== undefined) {
      if (exportName === undefined)
        return refuse('bad_request', { detail: 'The filter `file` needs the filter `export`.' });
      const found = await this.exports.resolve(exportName, file);
      if (isRefused(found)) return found;
      ({ fileKey } = found);
    }
    const echoes = new Echoes(this.table.shards);
    return (record) => {
      if (echoes.has(record)) return false;
      const facts: Facts & { fileKey?: string } = record;
      if (fileKey !== undefined && facts.fileKey !== fileKey) return false;
      if (
        exportName !== undefined &&
        facts.exportName !== exportName &&
        facts.item !== `exports/${exportName}`
      )
        return false;
      if (prefix !== undefined && !(named.has(record.kind) && facts.path?.startsWith(prefix) === true))
        return false;
      return session === undefined || facts.sessionId === session;
    };
  }

  /** Tells what happened up to `at`, then what has happened meanwhile. */
  private async replay(
    observer: Observer,
    since: Position | undefined,
    { from, past }: { from?: string; past: boolean },
    at: Position,
  ): Promise<void> {
    const { sink } = observer;
    const isLost = from !== undefined && at.some(({ epoch }, shard) => since?.[shard]?.epoch !== epoch);
    if (isLost) sink.resync('position_unknown', idOf(at));
    else if (past || since !== undefined) await this.reads.run(() => this.read(observer, since, at));
    const { missed } = observer;
    observer.live(this.relay.at);
    if (missed) sink.resync('records_missed', idOf(this.relay.at));
  }

  /** Tells what is in the logs after `since`, or all that they remember, in the order in which it happened. */
  private async read(observer: Observer, since: Position | undefined, at: Position): Promise<void> {
    const { sink } = observer;
    const all = at.map(({ no: last }, shard): Unread => {
      return { shard, next: since?.[shard]?.no ?? 0, last, records: [] };
    });
    for (let isFirst = true; !sink.closed; isFirst = false) {
      let isWhole = true;
      for (const log of all)
        if (log.records.length === 0 && hasMore(log))
          isWhole = (await this.readOn(log, at.length)) && isWhole;
      if (isFirst && !isWhole && since !== undefined) sink.resync('records_gone', idOf(at));
      if (isFirst && since === undefined)
        for (const { shard, records, last } of all)
          observer.skipTo({ epoch: at[shard]?.epoch ?? 0, no: (records[0]?.no ?? last + 1) - 1 });
      const records = inOrder(all);
      if (records.length === 0) return;
      observer.tell(records);
      await sink.drained();
    }
  }

  /** Reads the next records of a log. Returns whether none of them is missing. */
  private async readOn(log: Unread, shards: number): Promise<boolean> {
    const limit = Math.ceil(pageRecords / shards);
    const { records, complete } = await this.table.history(log.next, limit, log.shard);
    log.records = records.filter(({ no }) => no <= log.last);
    log.next = log.records.length < records.length ? log.last : (records.at(-1)?.no ?? log.last);
    return complete;
  }
}

/** Takes the records that were read, the earliest first, until more must be read of a log to know which is next. */
function inOrder(logs: readonly Unread[]): RecordRow[] {
  const taken: RecordRow[] = [];
  for (;;) {
    let first: Unread | undefined;
    for (const log of logs) {
      const [record] = log.records;
      if (record !== undefined && record.wall < (first?.records[0]?.wall ?? Infinity)) first = log;
    }
    const record = first?.records.shift();
    if (first === undefined || record === undefined) return taken;
    taken.push(record);
    if (first.records.length === 0 && hasMore(first)) return taken;
  }
}
