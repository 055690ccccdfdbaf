import type { LeaseType, LeaseView, RecordRow } from '#locks';
import { clientKeyOf } from './ids';
import { itemOf } from './items';
import { namedCycle } from './refusal';
import type { Position } from './relay';

/** Where a feed's text goes: a connected client. */
export interface EventSink {
  /** Takes text for the client. A client that reads too slowly is cut off by the sink. */
  write(text: string): void;
  /** Resolves when little is left to send, or when the client is gone. */
  drained(): Promise<void>;
  end(): void;
  readonly closed: boolean;
}

/** A live lease of a connected session: what is needed to tell its holder. */
interface Held {
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

const rank = (type: LeaseType): number => (type === 'write' ? 2 : type === 'read' ? 1 : 0);
/** Break records that one feed after the other asks for the same text about. */
let tailOf: { record: RecordRow; text: string } | undefined;

/** The part of a break event that is the same for every holder. */
function breakTail(record: RecordRow, wallMs: number): string {
  if (tailOf?.record !== record) {
    const deadline = record.deadlineWall;
    const text = JSON.stringify({
      breakId: record.breakId,
      target: record.target,
      cause: record.cause,
      deadlineAt: deadline === undefined ? undefined : new Date(deadline).toISOString(),
      remainingMs: deadline === undefined ? undefined : Math.max(0, deadline - wallMs),
    });
    tailOf = { record, text: text.slice(1) };
  }
  return tailOf.text;
}

/** Feeds by the files their sessions hold. */
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

type ByFile = Map<string, Held[]>;

const on = (files: ByFile, fileKey: string | undefined): readonly Held[] =>
  (fileKey === undefined ? undefined : files.get(fileKey)) ?? [];

/** The events of one session for one connected client: which records concern it, and what it is told (semantics.md §5). */
export class EventFeed {
  /** Records that came since the feed began to load; undefined while it does not load. */
  backlog: (readonly RecordRow[])[] | undefined;
  /** Whether records are told as they come. */
  live = false;
  /** Records were missed while it loaded. */
  missed = false;
  /** The session is over: nothing follows. */
  ended = false;
  private readonly files: ByFile = new Map();
  /** Leases that read as revoked when they were loaded: the record that says so may still come. */
  private readonly gone: ByFile = new Map();
  private out = '';
  private last = '';
  /** The owner of the session's delegations. */
  private readonly clientKey: string;

  constructor(
    readonly sessionId: string,
    readonly digest: string,
    readonly sink: EventSink,
    private readonly index: FileIndex,
  ) {
    this.clientKey = clientKeyOf(sessionId);
  }

  /** Forgets what the session holds; records are kept until `resume`. */
  load(): void {
    this.forget();
    this.live = false;
    this.missed = false;
    this.backlog = [];
  }

  /** One lease of the session, as the table has it. */
  found(view: LeaseView): void {
    const { leaseId, fileKey, ownerKey, owner, exportName, path, type, token, grantNo, delegation } = view;
    const held: Held = {
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

  /** Tells what came while it loaded; from here on it is live. */
  resume(wallMs: number): void {
    for (const records of this.backlog ?? []) for (const record of records) this.take(record, wallMs);
    this.backlog = undefined;
    this.gone.clear();
    this.live = true;
  }

  /** Forgets what the session holds. */
  forget(): void {
    for (const fileKey of this.files.keys()) this.index.remove(fileKey, this);
    this.files.clear();
    this.gone.clear();
  }

  /** Tells what one record means for this session, and follows it. */
  take(record: RecordRow, wallMs: number): void {
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
        this.tell('released', { ...refOf(record), cause: record.cause ?? '' });
        break;
      case 'revoked':
        if (record.leaseId === undefined) this.revokedUpTo(record);
        else this.revokedOne(record);
        break;
      case 'break':
        for (const held of on(this.files, record.fileKey))
          if (asks(record, held)) this.tellBreak(record, held, wallMs);
        break;
      case 'attributes':
        this.tellAttributes(record, wallMs);
        break;
      default:
        this.tellRest(record);
    }
    this.seal(record);
  }

  /**
   * Tells a record that was written before the leases were loaded: what they are now is known and decides whether it is
   * still news. Changes nothing about what is held. `told`: the leases whose loss this replay has told already.
   */
  replay(record: RecordRow, told: Set<string>, wallMs: number): void {
    if (this.ended || this.isOthers(record)) return;
    switch (record.kind) {
      case 'granted':
        if (record.turn === true) this.tellGranted(record);
        break;
      case 'downgraded':
        this.tellDowngraded(record);
        break;
      case 'released':
        this.tell('released', { ...refOf(record), cause: record.cause ?? '' });
        break;
      case 'revoked':
        for (const lost of record.leaseId === undefined
          ? on(this.gone, record.fileKey).filter((held) => covers(record, held))
          : [record]) {
          if (told.has(lost.leaseId ?? '')) continue;
          told.add(lost.leaseId ?? '');
          this.tellRevoked(lost, record);
        }
        break;
      case 'break':
        for (const held of on(this.files, record.fileKey))
          if (held.breakId === record.breakId && asks(record, held)) this.tellBreak(record, held, wallMs);
        break;
      case 'attributes':
        // A question that has lapsed is none.
        if ((record.deadlineWall ?? 0) > wallMs) this.tellAttributes(record, wallMs);
        break;
      default:
        this.tellRest(record);
    }
    this.seal(record);
  }

  /** Tells the client to look for itself: what happened up to `at` is not told. */
  resync(cause: string, at: Position): void {
    this.out += `event: resync\ndata: ${JSON.stringify({ cause })}\nid: ${idOf(at)}\n\n`;
  }

  /** The session is gone though no record said so: it went before the feed began. */
  expire(): void {
    if (this.ended) return;
    this.out += `event: expired\ndata: ${JSON.stringify({ sessionId: this.sessionId })}\n\n`;
    this.ended = true;
  }

  /** Hands what was told to the client, and ends the stream with the session. */
  flush(): void {
    if (this.out !== '') this.sink.write(this.out);
    this.out = '';
    if (this.ended) this.sink.end();
  }

  private isOthers(record: RecordRow): boolean {
    return record.sessionId !== undefined && record.sessionId !== this.sessionId;
  }

  // --- what the session holds

  private granted(record: RecordRow): void {
    const { leaseId, fileKey, type } = record;
    if (leaseId !== undefined && fileKey !== undefined && type !== undefined) {
      this.drop(this.gone, record);
      this.hold({
        leaseId,
        fileKey,
        type,
        ownerKey: record.ownerKey ?? '',
        owner: record.owner ?? '',
        exportName: record.exportName ?? '',
        path: record.path ?? '',
        token: record.token ?? 0,
        grantNo: record.grantNo ?? 0,
        delegation: record.ownerKey === this.clientKey,
      });
    }
    if (record.turn === true) this.tellGranted(record);
  }

  private downgraded(record: RecordRow): void {
    const held = on(this.files, record.fileKey).find((each) => each.leaseId === record.leaseId);
    if (held !== undefined) {
      held.type = record.type ?? held.type;
      held.token = record.token ?? held.token;
    }
    this.tellDowngraded(record);
  }

  /** A lease that a watermark has taken before is not told of again when its row follows. */
  private revokedOne(record: RecordRow): void {
    const held = this.drop(this.files, record) ?? this.drop(this.gone, record);
    if (held !== undefined) this.tellRevoked(held, record);
  }

  private revokedUpTo(record: RecordRow): void {
    for (const files of [this.files, this.gone]) {
      for (const held of on(files, record.fileKey).filter((each) => covers(record, each))) {
        this.drop(files, held);
        this.tellRevoked(held, record);
      }
    }
    for (const held of on(this.files, record.fileKey))
      if (held.ownerKey === record.survivor) held.grantNo = record.survivorGrantNo ?? held.grantNo;
  }

  private hold(held: Held): void {
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
    { fileKey = '', leaseId }: { fileKey?: string; leaseId?: string },
  ): Held | undefined {
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
  private tellDetached({ owner = '', exportName = '', path = '', openId, rangeId }: RecordRow): void {
    this.tell('detached', { owner, export: exportName, file: path, openId, rangeId });
  }

  private tellGranted(record: RecordRow): void {
    const { exportName = '', path = '', owner = '', kind, type, token, openId, access } = record;
    const { leaseId, rangeId, waitId } = record;
    const delegation = leaseId !== undefined && record.ownerKey === this.clientKey ? true : undefined;
    const changeId = kind === 'changed' ? waitId : undefined;
    this.tell('granted', {
      ...{ export: exportName, file: path, owner, leaseId, delegation, type, token },
      ...{ openId, access, rangeId, changeId, waitId },
    });
  }

  private tellDowngraded(record: RecordRow): void {
    const { type, token, cause = '' } = record;
    this.tell('downgraded', { ...refOf(record), type, token, cause });
  }

  private tellRevoked(lost: Held | RecordRow, record: RecordRow): void {
    this.tell('revoked', { ...refOf(lost), cause: record.cause ?? '' });
  }

  private tellBreak(record: RecordRow, held: Held, wallMs: number): void {
    const head = JSON.stringify({ ...refOf(held), type: held.type, token: held.token });
    this.push('break', `${head.slice(0, -1)},${breakTail(record, wallMs)}`);
  }

  private tellAttributes(record: RecordRow, wallMs: number): void {
    const { askId, times, deadlineWall = 0 } = record;
    const deadlineAt = new Date(deadlineWall).toISOString();
    const remainingMs = Math.max(0, deadlineWall - wallMs);
    this.tell('attributes', { ...refOf(record), askId, times, deadlineAt, remainingMs });
  }

  private tellDropped(record: RecordRow): void {
    const { exportName, path, owner, leaseId, openId, waitId, reason = 'cancelled', cycle } = record;
    this.tell('dropped', {
      ...{ export: exportName, file: path, owner, leaseId, openId, waitId, reason },
      cycle: cycle === undefined ? undefined : namedCycle(cycle),
    });
  }

  private tellReclaimed(held: Held): void {
    this.tell('reclaimed', { ...refOf(held), type: held.type, token: held.token });
  }

  private tellRest(record: RecordRow): void {
    switch (record.kind) {
      case 'opened':
      case 'locked':
      case 'changed':
        if (record.turn === true) this.tellGranted(record);
        break;
      case 'dropped':
      case 'undone':
        this.tellDropped(record);
        break;
      case 'available':
        this.tell('available', { export: record.exportName, file: record.path, type: record.type });
        break;
      case 'detached':
        if (record.fileKey === undefined) this.tellDetached(record);
        for (const held of on(this.files, record.fileKey)) this.tell('detached', refOf(held));
        break;
      case 'reclaimed':
        if (record.fileKey !== undefined)
          for (const held of on(this.files, record.fileKey)) this.tellReclaimed(held);
        else for (const held of this.heldOf(record.exportName)) this.tellReclaimed(held);
        break;
      case 'jeopardy':
        if (this.heldOf(record.exportName).length > 0)
          this.tell('jeopardy', { export: record.exportName, cause: record.cause ?? '' });
        break;
      case 'node':
        this.tellNode(record);
        break;
      case 'unpinned': {
        const { pinId, item = '', reason = '' } = record;
        this.tell('unpinned', { pinId, on: itemOf(item), reason });
        break;
      }
      case 'expired':
        if (record.cause !== 'ended') this.tell('expired', { sessionId: this.sessionId });
        this.ended = true;
        break;
      default:
    }
  }

  private tellNode({ notice }: RecordRow): void {
    if (notice === undefined) return;
    const { event, ...facts } = notice;
    this.tell(event === 'up' ? 'nodeUp' : 'nodeDown', facts);
  }

  private heldOf(exportName: string | undefined): Held[] {
    return [...this.files.values()].flat().filter((held) => held.exportName === exportName);
  }

  private tell(event: string, data: object): void {
    this.push(event, JSON.stringify(data));
  }

  private push(event: string, data: string): void {
    if (this.last !== '') this.out += `${this.last}\n`;
    this.last = `event: ${event}\ndata: ${data}\n`;
  }

  /** Of the events of one record only the last carries the id, so that a cut between them repeats them all. */
  private seal(record: RecordRow): void {
    if (this.last === '') return;
    this.out += `${this.last}id: ${idOf(record)}\n\n`;
    this.last = '';
  }
}

export const idOf = (at: Position): string => `${String(at.epoch)}-${String(at.no)}`;

/** The position in an event id, if it is one of ours. */
export function positionOf(id: string): Position | undefined {
  const [, epoch, no] = /^(\d{1,16})-(\d{1,15})$/.exec(id) ?? [];
  return epoch === undefined ? undefined : { epoch: Number(epoch), no: Number(no) };
}

/** Whether a break asks this lease for something: granted before it, above its target, and not the breaker's own. */
function asks(record: RecordRow, held: Held): boolean {
  if (record.upTo === undefined || held.grantNo > record.upTo || record.target === undefined) return false;
  if (rank(held.type) <= rank(record.target)) return false;
  if (record.delegations === true && !held.delegation) return false;
  return record.only === undefined ? held.ownerKey !== record.exempt : held.ownerKey === record.only;
}

/** Whether a mass revocation takes this lease. */
function covers(record: RecordRow, held: Held): boolean {
  if (record.delegations === true && !held.delegation) return false;
  return record.upTo !== undefined && held.grantNo <= record.upTo && held.ownerKey !== record.survivor;
}

function refOf(from: Held | RecordRow): { leaseId: string; owner: string; export: string; file: string } {
  return {
    leaseId: from.leaseId ?? '',
    owner: from.owner ?? '',
    export: from.exportName ?? '',
    file: from.path ?? '',
  };
}
