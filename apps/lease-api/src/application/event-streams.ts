import {
  type RecordNames,
  type RecordRow,
  type Table,
  TableOutdated,
  TableUnreachable,
  type VerbOutput,
} from '#locks';
import type { Log } from '../telemetry/logger';
import type { Arbiter } from './arbiter';
import { EventFeed, FileIndex } from './event-feed';
import { Gate } from './gate';
import { randomId } from './ids';
import { Pings } from './pings';
import { Cursor, idOf, type Position, positionOf } from './positions';
import { isRefused, refuse, type Refused } from './refusal';
import type { Follower, Relay } from './relay';
import type { EventSink } from './session-events';

/** Another stream closes the oldest one of the session, or of the connection: after a network cut a dead stream may linger. */
const streamsPerSession = 4;
const loadsAtOnce = 8;
const loadsWaitingMax = 100_000;
const pageRows = 1_000;
/** How many batches of records a feed keeps while it loads. If a load takes longer, the client starts over. */
const backlogMax = 10_000;
/** How long a feed waits for a record that the table has, and how often it looks whether its client is still there. */
const arrivalMs = 2_000;
const lookMs = 500;
/** How often this process reports its streams to the table, and how many sessions per report. */
const tellMs = 5_000;
const toldAtOnce = 256;

/**
 * Tells connected sessions what happens to their leases. A record about many leases is matched in memory against what
 * the connected sessions hold, so that a break costs the table one write, no matter how many sessions hold the file.
 */
export class EventStreams implements Follower {
  private readonly bySession = new Map<string, Set<EventFeed>>();
  private readonly byFile = new FileIndex();
  private readonly loading = new Set<EventFeed>();
  private readonly loads = new Gate(loadsAtOnce, loadsWaitingMax);
  /** They keep connections open, and give clients a position to resume from even if no event concerned them. */
  private readonly pings: Pings<Set<EventFeed>>;
  private readonly beat: NodeJS.Timeout;
  /** Identifies this run of the process. */
  readonly server = randomId();
  /** Sessions whose number of streams here is still to be reported to the table. */
  private readonly untold = new Set<string>();
  /** Feeds that wait for records. */
  private readonly arrivals: (() => void)[] = [];
  private telling = false;
  /** The table's, when it was last told. */
  private format: number | undefined;
  private stopped = false;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly table: Table,
    private readonly relay: Relay,
    private readonly log: Log,
    /** What this process runs, and the highest format that it lets the table have. */
    private readonly self: { release: string; format: number },
  ) {
    relay.follow(this);
    this.pings = new Pings(this.bySession, (feeds) => {
      const at = idOf(this.relay.at);
      for (const feed of [...feeds]) feed.sink.ping(feed.live ? at : undefined);
    });
    this.beat = setInterval(() => {
      void this.tellTable();
    }, tellMs);
    this.beat.unref();
  }

  /** Sessions with an open stream. */
  get size(): number {
    return this.bySession.size;
  }

  get urgent(): boolean {
    return this.size > 0;
  }

  /**
   * Connects a client to its session's events until it leaves or the session ends. The events after `lastEventId` come
   * first, or `resync` if they are no longer known. `open` creates the sink once the stream is certain to begin; the
   * sink calls `onClosed` when the client has gone.
   * With `connectionId`, only the events about that connection, until it ends.
   * Refused: no_such_session, not_holder, session_expired.
   */
  async attach(
    sessionId: string,
    digest: string,
    lastEventId: string | undefined,
    open: (onClosed: () => void) => EventSink,
    connectionId?: string,
  ): Promise<Refused | undefined> {
    const known = await this.arbiter.run('sessionGet', { sessionId, digest });
    if (isRefused(known)) return known;
    // Whoever listens for a client in courtesy is told what is taken from it.
    if (known.session.state !== 'live' && known.session.state !== 'courtesy')
      return refuse('session_expired');
    const sink = open(() => {
      this.detach(feed);
    });
    const feed: EventFeed = new EventFeed(
      ...([sessionId, digest, sink, this.byFile, this.table.shards, connectionId] as const),
    );
    const feeds = this.bySession.get(sessionId);
    if (feeds === undefined) this.bySession.set(sessionId, new Set([feed]));
    else {
      feeds.add(feed);
      const alike = [...feeds].filter((each) => each.connectionId === connectionId);
      if (alike.length > streamsPerSession) alike[0]?.sink.end();
    }
    this.relay.hurry();
    this.counted(sessionId);
    void this.catchUp(feed, 'connected', lastEventId);
    return undefined;
  }

  /** Tells the table that this lease API is running, before it has any stream. */
  start(): void {
    void this.tellTable();
  }

  /** Tells the table that this lease API is leaving. Throws TableUnreachable. */
  async leave(): Promise<void> {
    await this.arbiter.run('streamsTell', { server: this.server, sessions: [], leaving: true });
  }

  /** Ends every stream. */
  stop(): void {
    this.stopped = true;
    this.pings.stop();
    clearInterval(this.beat);
    for (const feed of this.feeds()) feed.sink.end();
  }

  records(records: readonly RecordRow[]): void {
    const touched = new Set<EventFeed>();
    const wallMs = Date.now();
    const cursor = new Cursor(this.relay.at);
    for (const record of records) {
      cursor.pass(record);
      for (const feed of this.concerned(record)) {
        if (!feed.live) continue;
        feed.take(record, wallMs, cursor);
        touched.add(feed);
      }
    }
    for (const feed of this.loading) {
      if (feed.backlog === undefined) continue;
      if (feed.backlog.length < backlogMax) feed.backlog.push(records);
      else feed.sink.end();
    }
    for (const feed of touched) feed.flush();
    for (const wake of this.arrivals.splice(0)) wake();
  }

  gap(): void {
    for (const feed of this.feeds()) {
      if (feed.live) void this.catchUp(feed, 'gap', undefined);
      else feed.missed = true;
    }
  }

  private *feeds(): Generator<EventFeed> {
    for (const feeds of [...this.bySession.values()]) yield* [...feeds];
  }

  private concerned(record: RecordRow): Iterable<EventFeed> {
    // Changes of the configuration are not sent as events: clients read it.
    if (record.kind === 'configured') return [];
    const { sessionId, fileKey }: RecordNames = record;
    if (sessionId !== undefined) return this.bySession.get(sessionId) ?? [];
    if (fileKey !== undefined) return this.byFile.get(fileKey);
    return this.feeds();
  }

  /** Loads what the session holds, sends what the client has missed, and goes live. */
  private async catchUp(feed: EventFeed, cause: string, lastEventId: string | undefined): Promise<void> {
    // From here on records go to the backlog, so nothing is lost between the replay and going live.
    const begin = (): Position => {
      feed.load();
      this.loading.add(feed);
      return this.relay.at;
    };
    let from = begin();
    try {
      await this.loads.run(async () => {
        while (!feed.sink.closed) {
          const lives = await (feed.connectionId === undefined
            ? this.loadLeases(feed)
            : this.isConnected(feed.connectionId, feed.digest));
          const ends = await Promise.all(from.map(({ no }, shard) => this.table.history(no, 1, shard)));
          let lost = lastEventId === undefined ? cause : await this.replay(feed, lastEventId, from);
          // What ended before the leases were loaded is not among them: only its records tell of it.
          if (!(await this.haveArrived(feed, ends))) lost ??= 'gap';
          if (feed.missed) {
            from = begin();
            continue;
          }
          if (lost !== undefined) feed.resync(lost, from);
          this.loading.delete(feed);
          feed.resume(Date.now(), from);
          // A session that the table has lost may go on: its client learns at its next connection whether it does.
          if (lives === undefined) feed.sink.end();
          else if (!lives) feed.expire();
          feed.flush();
          return;
        }
      });
    } catch (error) {
      // The client reconnects and gets the rest, or a resync. An outage of the table is logged once, by the sweeper.
      const level = error instanceof TableUnreachable ? 'debug' : 'warn';
      this.log[level](
        { err: error, sessionId: feed.sessionId },
        'an event stream could not catch up and was ended',
      );
      feed.sink.end();
    } finally {
      this.loading.delete(feed);
      if (feed.sink.closed) feed.forget();
    }
  }

  private async isConnected(connectionId: string, digest: string): Promise<boolean> {
    return !isRefused(await this.arbiter.run('connectionGet', { connectionId, digest }));
  }

  /** Returns whether the session is still live; undefined: the table does not know it. */
  private async loadLeases(feed: EventFeed): Promise<boolean | undefined> {
    const { sessionId, digest } = feed;
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: VerbOutput<'leaseList'> = await this.arbiter.run('leaseList', {
        sessionId,
        digest,
        after,
        limit: pageRows,
        ranges: true,
      });
      if (isRefused(page)) return page.refused.reason === 'no_such_session' ? undefined : false;
      for (const lease of page.leases) feed.found(lease);
      for (const exportName of page.rangesOn ?? []) feed.foundRange(exportName);
      after = page.after;
    }
    return true;
  }

  /**
   * Sends the events between the client's last one and `to`, shard by shard. Returns the reason if that is impossible.
   */
  private async replay(feed: EventFeed, lastEventId: string, to: Position): Promise<string | undefined> {
    const since = positionOf(lastEventId, to.length);
    if (since === undefined) return 'unknown_id';
    const checks = await Promise.all(since.map((place) => this.arbiter.run('placeCheck', place)));
    if (checks.some(({ reached }) => !reached)) return 'other_epoch';
    const cursor = new Cursor(since);
    for (const [shard, { no: last }] of to.entries()) {
      let after = since[shard]?.no ?? 0;
      while (after < last && !feed.sink.closed && !feed.missed) {
        const page = await this.table.history(after, pageRows, shard);
        if (!page.complete || page.records.length === 0) return 'history_lost';
        const wallMs = Date.now();
        for (const record of page.records) {
          after = record.no;
          if (after > last) break;
          cursor.pass(record);
          feed.replay(record, wallMs, cursor);
        }
        feed.flush();
        await feed.sink.drained();
      }
    }
    return undefined;
  }

  /**
   * Whether all records up to the end of each shard's log are in the feed's backlog, or no longer matter. Some never come:
   * after a table was replaced, those up to the place where the log is followed again.
   */
  private async haveArrived(feed: EventFeed, ends: readonly { last: number }[]): Promise<boolean> {
    const giveUpAt = performance.now() + arrivalMs;
    const behind = (): boolean => this.relay.at.some(({ no }, shard) => no < (ends[shard]?.last ?? 0));
    while (behind() && !feed.missed && !feed.sink.closed && !this.stopped) {
      if (performance.now() >= giveUpAt) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lookMs);
        this.arrivals.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }

  private detach(feed: EventFeed): void {
    feed.forget();
    this.loading.delete(feed);
    const feeds = this.bySession.get(feed.sessionId);
    if (feeds?.delete(feed) === true && feeds.size === 0) this.bySession.delete(feed.sessionId);
    this.counted(feed.sessionId);
  }

  /** A stream has begun or ended. Changes of one event-loop turn are reported together. */
  private counted(sessionId: string): void {
    this.untold.add(sessionId);
    if (this.telling || this.stopped) return;
    this.telling = true;
    setImmediate(() => {
      void this.tellTable();
    });
  }

  /** Tells the table which sessions have streams here, so that an administrator sees which have none. */
  private async tellTable(): Promise<void> {
    this.telling = true;
    try {
      do {
        const ids = [...this.untold].slice(0, toldAtOnce);
        for (const id of ids) this.untold.delete(id);
        const sessions = ids.map((sessionId) => ({
          sessionId,
          streams: this.bySession.get(sessionId)?.size ?? 0,
        }));
        const told = await this.arbiter
          .run('streamsTell', { server: this.server, sessions, ...this.self })
          .catch((error: unknown) => {
            for (const id of ids) this.untold.add(id);
            throw error;
          });
        this.noteFormat(told.format);
        // The table does not know this process: it was silent for too long, or the table was replaced. Report all.
        if (!told.known) for (const id of this.bySession.keys()) if (!ids.includes(id)) this.untold.add(id);
      } while (this.untold.size > 0 && !this.stopped);
    } catch (error) {
      // Their clients go to others.
      if (error instanceof TableOutdated) for (const feed of this.feeds()) feed.sink.end();
      // The next beat reports again. The sweeper logs an outage.
      this.log.debug({ err: error }, 'the number of event streams could not be recorded in the table');
    } finally {
      this.telling = false;
    }
  }

  private noteFormat(format: number): void {
    if (format === this.format) return;
    if (this.format !== undefined)
      this.log.info(
        { format, before: this.format },
        'the table has changed to a later format: all can read it',
      );
    else if (format > this.self.format)
      this.log.warn(
        { format, LEASEHOLD_TABLE_FORMAT: this.self.format },
        'the table has a later format than it should keep, and there is no way back but a backup',
      );
    this.format = format;
  }
}
