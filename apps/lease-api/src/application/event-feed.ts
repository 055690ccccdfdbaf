import {
  isAsked,
  isTaken,
  type LeaseType,
  type LeaseView,
  type Reason,
  type RecordNames,
  type RecordOf,
  type RecordRow,
  shardOfId,
  shardOfNumber,
} from '#locks';
import { clientKeyOf } from './ids';
import { itemOf } from './items';
import { Cursor, idOf, type Position } from './positions';
import { base64Of } from './value-block';
import { namedCycle } from './refusal';
import type { BreakNews, DlmRef, EventSink, LeaseRef, SessionEvent } from './session-events';

/** A live lease of a connected session: the fields that its events need. */
interface HeldLease {
  leaseId: string;
  fileKey: string;
  ownerKey: string;
  owner: string;
  exportName: string;
  path: string;
  type: LeaseType;
  token: number;
  grantNo: number;
  delegation: boolean;
  /** The break that ran when the lease was read from the table. */
  breakId?: string;
}

/** The last break record and its news, cached because one feed after another needs it. */
let newsOf: { record: RecordOf<'break'>; news: BreakNews } | undefined;

/** The part of a break event that is the same for every holder. */
function breakNews(record: RecordOf<'break'>, wallMs: number): BreakNews {
  if (newsOf?.record !== record) {
    const { breakId, target, cause, deadlineWall } = record;
    const news: BreakNews = { breakId, target, cause };
    if (deadlineWall !== undefined) {
      news.deadlineAt = new Date(deadlineWall).toISOString();
      news.remainingMs = Math.max(0, deadlineWall - wallMs);
    }
    newsOf = { record, news };
  }
  return newsOf.news;
}

/** Feeds by the files on which their sessions hold leases. */
export class FileIndex {
  private readonly feeds = new Map<string, Set<EventFeed>>();

  get(fileKey: string): Iterable<EventFeed> {
    return this.feeds.get(fileKey) ?? [];
  }
  add(fileKey: string, feed: EventFeed): void {
    const feeds = this.feeds.get(fileKey);
    if (feeds === undefined) this.feeds.set(fileKey, new Set([feed]));
    else feeds.add(feed);
  }
  remove(fileKey: string, feed: EventFeed): void {
    const feeds = this.feeds.get(fileKey);
    if (feeds?.delete(feed) === true && feeds.size === 0) this.feeds.delete(fileKey);
  }
}

type ByFile = Map<string, HeldLease[]>;
/** What a feed that is not loading has: thousands of them need no Map of their own for it. */
const none: ByFile = new Map();

const on = (files: ByFile, fileKey: string | undefined): readonly HeldLease[] =>
  (fileKey === undefined ? undefined : files.get(fileKey)) ?? [];

type RevokedOne = Extract<RecordOf<'revoked'>, { leaseId: string }>;
interface LostOne {
  exportName: string;
  path: string;
  openId?: string;
  rangeId?: string;
  reason: Reason;
}
type DetachedOne = Exclude<RecordOf<'detached'>, { fileKey: string }>;
/** The loss of an export's fileserver, of which each shard of the table reports its own part. */
interface Outage {
  /** The shards that have reported it, and not yet its end. */
  lost: Set<number>;
  /** The shards whose leases the client believes to be in jeopardy: those of all, once it is told. */
  believed: Set<number>;
}
type RevokedUpTo = Exclude<RecordOf<'revoked'>, RevokedOne>;

/**
 * The events of one session for one connected client: picks its records and turns them into events (semantics.md §5).
 */
export class EventFeed {
  /** Records received since loading began; undefined while the feed is not loading. */
  backlog: (readonly RecordRow[])[] | undefined;
  /** Whether records become events as they arrive. */
  live = false;
  /** Records were missed while the feed was loading. */
  missed = false;
  /** The session is over; no more events follow. */
  ended = false;
  private readonly files: ByFile = new Map();
  /** Exports on which the session has range locks, or has had some since the feed was loaded. */
  private ranges: Set<string> | undefined;
  /** While loading: leases that were already revoked when they were loaded; the record that reports it may still come. */
  private gone: ByFile = none;
  /** While the feed catches up: the leases whose loss it has reported. */
  private reported: Set<string> | undefined;
  private out: SessionEvent[] = [];
  /** Events of the record being processed. */
  private told: SessionEvent[] = [];
  /** By export; there are hardly ever any. */
  private outages: Map<string, Outage> | undefined;
  /** The owner of the session's delegations. */
  private readonly clientKey: string;

  constructor(
    readonly sessionId: string,
    readonly digest: string,
    readonly sink: EventSink,
    private readonly index: FileIndex,
    /** How many the table has. */
    private readonly shards: number,
    /** Only events about this connection to a lock domain. */
    readonly connectionId?: string,
  ) {
    this.clientKey = clientKeyOf(sessionId);
  }

  /** Forgets what the session holds and collects records until `resume`. */
  load(): void {
    this.forget();
    this.gone = new Map();
    this.live = false;
    this.missed = false;
    this.backlog = [];
    this.reported = new Set();
    this.outages = undefined;
  }

  /** Adds one lease of the session, as the table has it. */
  found(view: LeaseView): void {
    const { leaseId, fileKey, ownerKey, owner, exportName, path, type, token, grantNo, delegation } = view;
    const held: HeldLease = {
      ...{ leaseId, fileKey, ownerKey, owner, exportName, path, type, token, grantNo, delegation },
    };
    if (view.state === 'active' || view.state === 'breaking') {
      held.breakId = view.break?.breakId;
      this.hold(held);
    } else if (view.state === 'revoked' || view.state === 'fencing') {
      const file = this.gone.get(fileKey);
      if (file === undefined) this.gone.set(fileKey, [held]);
      else file.push(held);
    }
  }

  /** Adds an export on which the session has range locks. */
  foundRange(exportName: string): void {
    (this.ranges ??= new Set()).add(exportName);
  }

  /** Processes the records that arrived during loading, which began at `from`, then goes live. */
  resume(wallMs: number, from: Position): void {
    const cursor = new Cursor(from);
    for (const records of this.backlog ?? [])
      for (const record of records) {
        cursor.pass(record);
        this.take(record, wallMs, cursor);
      }
    this.backlog = undefined;
    this.gone = none;
    this.reported = undefined;
    this.live = true;
  }

  /** Forgets what the session holds. */
  forget(): void {
    for (const fileKey of this.files.keys()) this.index.remove(fileKey, this);
    this.files.clear();
    this.gone = none;
    this.ranges = undefined;
  }

  /** Turns one record, which the cursor has passed, into events for this session and updates what it holds. */
  take(record: RecordRow, wallMs: number, cursor: Cursor): void {
    if (this.ended || this.isOthers(record)) return;
    switch (record.kind) {
      case 'granted':
        this.granted(record);
        break;
      case 'downgraded':
        this.downgraded(record);
        break;
      case 'released':
        this.drop(this.files, record);
        this.tellReleased(record);
        break;
      case 'revoked':
        if (record.leaseId === undefined) this.revokedUpTo(record);
        else this.revokedOne(record);
        break;
      case 'break':
        for (const held of on(this.files, record.fileKey))
          if (isAsked(record, held)) this.tellBreak(record, held, wallMs);
        break;
      case 'attributes':
        this.tellAttributes(record, wallMs);
        break;
      default:
        this.tellRest(record);
    }
    this.seal(cursor);
  }

  /**
   * Processes a record that was written before the leases were loaded. Their present state decides whether it is still
   * news. Does not change what is held.
   */
  replay(record: RecordRow, wallMs: number, cursor: Cursor): void {
    if (this.ended || this.isOthers(record)) return;
    switch (record.kind) {
      case 'granted':
        if (record.turn) this.tellGranted(record);
        break;
      case 'downgraded':
        this.tellDowngraded(record);
        break;
      case 'released':
        this.tellReleased(record);
        break;
      case 'revoked':
        for (const lost of record.leaseId === undefined
          ? on(this.gone, record.fileKey).filter((held) => isTaken(record, held))
          : [record])
          this.tellRevoked(lost, record.cause);
        break;
      case 'break':
        for (const held of on(this.files, record.fileKey))
          if (held.breakId === record.breakId && isAsked(record, held)) this.tellBreak(record, held, wallMs);
        break;
      case 'attributes':
        // A question past its deadline needs no answer.
        if (record.deadlineWall > wallMs) this.tellAttributes(record, wallMs);
        break;
      default:
        this.tellRest(record);
    }
    this.seal(cursor);
  }

  /** Tells the client to read its state anew: no events up to `at` will follow. */
  resync(cause: string, at: Position): void {
    this.out.push({ event: 'resync', data: { cause }, id: idOf(at) });
  }

  /** The session, or the connection, ended before the feed began, so no record reports it. */
  expire(): void {
    if (this.ended) return;
    if (this.connectionId === undefined)
      this.out.push({ event: 'expired', data: { sessionId: this.sessionId } });
    this.ended = true;
  }

  /** Sends the collected events to the client. Ends the stream if the session has ended. */
  flush(): void {
    const { out } = this;
    this.out = [];
    if (out.length > 0) this.sink.tell(out);
    if (this.ended) this.sink.end();
  }

  private isOthers({ kind, sessionId, connectionId }: RecordNames): boolean {
    if (sessionId !== undefined && sessionId !== this.sessionId) return true;
    if (this.connectionId === undefined) return false;
    return connectionId !== this.connectionId && (kind !== 'expired' || sessionId === undefined);
  }

  // --- what the session holds

  private granted(record: RecordOf<'granted'>): void {
    const { leaseId, fileKey, ownerKey, owner, exportName, path, type, token, grantNo } = record;
    this.drop(this.gone, record);
    const delegation = ownerKey === this.clientKey;
    this.hold({ leaseId, fileKey, ownerKey, owner, exportName, path, type, token, grantNo, delegation });
    if (record.turn) this.tellGranted(record);
  }

  private downgraded(record: RecordOf<'downgraded'>): void {
    const held = on(this.files, record.fileKey).find((each) => each.leaseId === record.leaseId);
    if (held !== undefined) {
      held.type = record.type;
      held.token = record.token;
    }
    this.tellDowngraded(record);
  }

  /**
   * If a watermark already revoked the lease, the record of its own row is not reported again. A feed that catches up
   * may not have the lease at all: its row may have gone before the leases were loaded.
   */
  private revokedOne(record: RevokedOne): void {
    const held = this.drop(this.files, record) ?? this.drop(this.gone, record);
    if (held !== undefined || this.reported !== undefined) this.tellRevoked(record, record.cause);
  }

  private revokedUpTo(record: RevokedUpTo): void {
    for (const files of [this.files, this.gone]) {
      for (const held of on(files, record.fileKey).filter((each) => isTaken(record, each))) {
        this.drop(files, held);
        this.tellRevoked(held, record.cause);
      }
    }
    for (const held of on(this.files, record.fileKey))
      if (held.ownerKey === record.survivor) held.grantNo = record.survivorGrantNo ?? held.grantNo;
  }

  private hold(held: HeldLease): void {
    const file = this.files.get(held.fileKey);
    if (file === undefined) {
      this.files.set(held.fileKey, [held]);
      this.index.add(held.fileKey, this);
      return;
    }
    const at = file.findIndex((each) => each.leaseId === held.leaseId);
    if (at < 0) file.push(held);
    else file[at] = held;
  }

  private drop(
    files: ByFile,
    { fileKey, leaseId }: { fileKey: string; leaseId: string },
  ): HeldLease | undefined {
    const file = files.get(fileKey);
    const at = file === undefined ? -1 : file.findIndex((each) => each.leaseId === leaseId);
    if (file === undefined || at < 0) return undefined;
    const [held] = file.splice(at, 1);
    if (file.length === 0) {
      files.delete(fileKey);
      if (files === this.files) this.index.remove(fileKey, this);
    }
    return held;
  }

  // --- what the client is told

  /** An open or a range lock. */
  private tellDetached({ owner, exportName, path, openId, rangeId }: DetachedOne): void {
    const data = { owner, export: exportName, file: path, openId, rangeId };
    this.tell({ event: 'detached', data });
  }

  private tellGranted(record: RecordOf<'granted' | 'opened' | 'locked' | 'changed' | 'permitted'>): void {
    const { exportName, path: file, owner, waitNo } = record;
    const where = { export: exportName, file, owner, waitNo };
    if (record.kind === 'granted') {
      const { leaseId, type, token } = record;
      const delegation = record.ownerKey === this.clientKey ? true : undefined;
      this.tell({
        event: 'granted',
        data: { ...where, leaseId, delegation, type, token, endsAt: endOf(record) },
      });
    } else if (record.kind === 'opened') {
      const { openId, access } = record;
      this.tell({ event: 'granted', data: { ...where, openId, access } });
    } else if (record.kind === 'locked') {
      const { type, rangeId, waitId } = record;
      this.tell({ event: 'granted', data: { ...where, type, rangeId, waitId } });
    } else if (record.kind === 'permitted') {
      const { lockId, token } = record;
      this.tell({ event: 'granted', data: { ...where, permitId: lockId, token, endsAt: endOf(record) } });
    } else {
      const { waitId } = record;
      this.tell({ event: 'granted', data: { ...where, changeId: waitId, waitId } });
    }
  }

  private tellDowngraded(record: RecordOf<'downgraded'>): void {
    const { type, token, cause } = record;
    this.tell({ event: 'downgraded', data: { ...refOf(record), type, token, cause } });
  }

  private tellReleased(record: RecordOf<'released'>): void {
    this.tell({ event: 'released', data: { ...refOf(record), cause: record.cause } });
  }

  private tellRevoked(lost: Lease, cause: string): void {
    if (this.reported?.has(lost.leaseId) === true) return;
    this.reported?.add(lost.leaseId);
    this.tell({ event: 'revoked', data: { ...refOf(lost), cause } });
  }

  private tellBreak(record: RecordOf<'break'>, held: HeldLease, wallMs: number): void {
    const { type, token } = held;
    this.tell({ event: 'break', data: { ...refOf(held), type, token, news: breakNews(record, wallMs) } });
  }

  private tellAttributes(record: RecordOf<'attributes'>, wallMs: number): void {
    const { askId, times, deadlineWall } = record;
    const deadlineAt = new Date(deadlineWall).toISOString();
    const remainingMs = Math.max(0, deadlineWall - wallMs);
    const asked = { askId, times: times === true ? (true as const) : undefined, deadlineAt, remainingMs };
    this.tell({ event: 'attributes', data: { ...refOf(record), ...asked } });
  }

  private tellDropped(record: RecordOf<'dropped' | 'undone'>): void {
    if (record.kind === 'dropped' && record.lockId !== undefined) {
      const { reason, cycle, waitNo } = record;
      const why = cycle === undefined ? undefined : namedCycle(cycle);
      this.tell({
        event: 'cancelled',
        data: { ...dlmOf(record, record.lockId), waitNo, reason, cycle: why },
      });
      return;
    }
    const { exportName, path, owner, leaseId, waitNo, reason } = record;
    const dropped = { export: exportName, file: path, owner, leaseId, waitNo, reason };
    if (record.kind === 'undone') {
      this.tell({ event: 'dropped', data: dropped });
      return;
    }
    const { openId, waitId, cycle } = record;
    const why = cycle === undefined ? undefined : namedCycle(cycle);
    this.tell({ event: 'dropped', data: { ...dropped, openId, waitId, cycle: why } });
  }

  private tellCompleted(record: RecordOf<'completed'>): void {
    const { mode, seqid, token, read, demoted, altMode, waitNo } = record;
    const came = {
      value: read && { ...read, block: base64Of(read.block) },
      demoted: demoted === true ? (true as const) : undefined,
      alternative: altMode === true ? (true as const) : undefined,
      waitNo,
    };
    this.tell({ event: 'completed', data: { ...dlmOf(record, record.lockId), mode, seqid, token, ...came } });
  }

  /** An open or a range lock. */
  private tellLost({ exportName, path, openId, rangeId, reason }: LostOne): void {
    this.tell({ event: 'lost', data: { export: exportName, file: path, openId, rangeId, reason } });
  }

  private tellReclaimed(held: HeldLease): void {
    this.tell({ event: 'reclaimed', data: { ...refOf(held), type: held.type, token: held.token } });
  }

  private tellRest(record: RecordRow): void {
    switch (record.kind) {
      case 'locked':
        this.foundRange(record.exportName);
        if (record.turn) this.tellGranted(record);
        break;
      case 'opened':
      case 'changed':
      case 'permitted':
        if (record.turn) this.tellGranted(record);
        break;
      case 'dropped':
      case 'undone':
        this.tellDropped(record);
        break;
      case 'completed':
        if (record.turn) this.tellCompleted(record);
        break;
      case 'blocking':
        this.tell({ event: 'blocking', data: { ...dlmOf(record, record.lockId), mode: record.mode } });
        break;
      case 'unlocked':
        this.tell({ event: 'unlocked', data: { ...dlmOf(record, record.lockId), reason: record.reason } });
        break;
      case 'surrendered':
        if (record.reason !== 'holder')
          this.tell({ event: 'unlocked', data: { ...dlmOf(record, record.lockId), reason: record.reason } });
        break;
      case 'closed':
        if (
          record.reason !== 'holder' &&
          record.reason !== 'session_expired' &&
          record.reason !== 'session_ended'
        )
          this.tellLost({ ...record, reason: record.reason });
        break;
      case 'taken':
        this.tellLost(record);
        break;
      case 'available': {
        const { exportName, path, type, leaseId } = record;
        this.tell({ event: 'available', data: { export: exportName, file: path, type, leaseId } });
        break;
      }
      case 'recallAny': {
        const { keep, cause } = record;
        this.tell({ event: 'recallAny', data: { keep, types: ['read', 'write', 'directory'], cause } });
        break;
      }
      case 'directoryChanged': {
        const { what: change, name, to } = record.change;
        for (const held of on(this.files, record.fileKey))
          if (held.delegation && held.ownerKey !== record.exempt)
            this.tell({ event: 'directoryChanged', data: { ...refOf(held), change, name, to } });
        break;
      }
      case 'detached':
        if (record.fileKey === undefined) this.tellDetached(record);
        else
          for (const held of on(this.files, record.fileKey))
            this.tell({ event: 'detached', data: refOf(held) });
        break;
      case 'reclaimed':
        if (record.rangeId !== undefined) {
          const { rangeId, owner, exportName, path: file, type } = record;
          this.tell({ event: 'reclaimed', data: { rangeId, owner, export: exportName, file, type } });
        } else if (record.fileKey === undefined) {
          this.tellBack(record);
        } else {
          for (const held of on(this.files, record.fileKey)) this.tellReclaimed(held);
        }
        break;
      case 'jeopardy':
        this.tellJeopardy(record);
        break;
      case 'node': {
        const { event, ...facts } = record.notice;
        this.tell({ event: event === 'up' ? 'nodeUp' : 'nodeDown', data: facts });
        break;
      }
      case 'recovery': {
        const { connectionId, exportName, acknowledge = false } = record;
        const { event: _down, ...facts } = record.notice;
        const data = { connectionId, export: exportName, ...facts, acknowledge };
        this.tell({ event: 'recovery', data });
        break;
      }
      case 'disconnected': {
        const { connectionId, exportName, reason } = record;
        this.tell({ event: 'disconnected', data: { connectionId, export: exportName, reason } });
        if (this.connectionId !== undefined) this.ended = true;
        break;
      }
      case 'unpinned': {
        const { pinId, item, reason } = record;
        this.tell({ event: 'unpinned', data: { pinId, on: itemOf(item), reason } });
        break;
      }
      case 'expired':
        if (record.cause !== 'ended') this.tell({ event: 'expired', data: { sessionId: this.sessionId } });
        this.ended = true;
        break;
      default:
    }
  }

  /**
   * An export has lost its fileserver, as one shard sees it. The event is about all leases in the export, so the other shards'
   * records of the same add nothing.
   */
  private tellJeopardy({ exportName, cause, epoch, ranges }: RecordOf<'jeopardy'>): void {
    const shard = shardOfNumber(epoch, this.shards);
    const hasRanges = ranges === true && this.ranges?.has(exportName) === true;
    if (!hasRanges && this.heldOf(exportName, (each) => each === shard).length === 0) return;
    this.outages ??= new Map<string, Outage>();
    const { lost, believed } = this.outages.get(exportName) ?? { lost: new Set(), believed: new Set() };
    const isKnown = believed.has(shard) && !lost.has(shard);
    lost.add(shard);
    if (!isKnown) for (let each = 0; each < this.shards; each += 1) believed.add(each);
    this.outages.set(exportName, { lost, believed });
    if (!isKnown) this.tell({ event: 'jeopardy', data: { export: exportName, cause } });
  }

  /** An export has its fileserver again, as one shard sees it: its leases there are safe, and where none was in jeopardy. */
  private tellBack({ exportName, epoch }: RecordOf<'reclaimed'>): void {
    const shard = shardOfNumber(epoch, this.shards);
    const outage = this.outages?.get(exportName);
    outage?.lost.delete(shard);
    const isBack = (each: number): boolean =>
      each === shard || (outage?.believed.has(each) === true && !outage.lost.has(each));
    for (const held of this.heldOf(exportName, isBack)) this.tellReclaimed(held);
    for (const each of outage?.believed ?? []) if (isBack(each)) outage?.believed.delete(each);
    if (outage?.lost.size === 0) this.outages?.delete(exportName);
  }

  private heldOf(exportName: string, isThere: (shard: number) => boolean): HeldLease[] {
    const all = [...this.files.values()].flat().filter((held) => held.exportName === exportName);
    return this.shards === 1 ? all : all.filter(({ leaseId }) => isThere(shardOfId(leaseId)));
  }

  private tell(event: SessionEvent): void {
    this.told.push(event);
  }

  /** Only the last event of a record carries the id, so that a connection cut between them repeats them all. */
  private seal(cursor: Cursor): void {
    const last = this.told.at(-1);
    if (last === undefined) return;
    last.id = cursor.id;
    this.out.push(...this.told);
    this.told = [];
  }
}

/** The fields that identify a lease to its holder. */
interface Lease {
  leaseId: string;
  owner: string;
  exportName: string;
  path: string;
}

function refOf({ leaseId, owner, exportName, path }: Lease): LeaseRef {
  return { leaseId, owner, export: exportName, file: path };
}

function dlmOf(
  {
    connectionId,
    owner,
    exportName,
    path,
  }: { connectionId?: string; owner: string; exportName: string; path: string },
  lockId: string,
): DlmRef {
  return { lockId, connectionId, owner, export: exportName, resource: path };
}

const endOf = ({ endsWall }: { endsWall?: number }): string | undefined =>
  endsWall === undefined ? undefined : new Date(endsWall).toISOString();
