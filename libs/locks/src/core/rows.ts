import type { Reason } from './reasons';
/**
 * The rows of the table and the port through which the rules see them. The rules know no store, no clock and no
 * randomness: the embedded table implements `Rows` over Maps, the Redis table over redis.call.
 *
 * Everything here must mean the same in JavaScript and in Lua 5.1 (docs/decisions/0001-one-core.md): absent is
 * `undefined` (never null), no row holds an empty array, numbers are integers below 2^53. All times are table time in
 * milliseconds unless the name says wall; 0 stands for "never".
 */
export type LeaseType = 'none' | 'read' | 'write';
export type Access = 'read' | 'write' | 'both';
export type Deny = 'none' | 'read' | 'write' | 'both';
/** `attributes`: somebody asked what the file is like, and the holder did not say. */
export type Cause = 'open' | 'change' | 'fileserver' | 'admin' | 'attributes';
/** Classes of range locks as /proc/locks knows them; `flock` is always the whole file. */
export type RangeClass = 'posix' | 'ofd' | 'flock';
/** What breaks leases or delegations beside an open; `entries`: a name in this directory comes, goes or changes. */
export type ChangeKind = 'truncate' | 'unlink' | 'rename' | 'link' | 'setattr' | 'entries';
/** What an open would like to have with it. */
export type Want = 'none' | 'read' | 'write' | 'any';
/** why_no_delegation4 (RFC 8881 §18.16), without its prefix. */
export type WhyNot =
  | 'NOT_WANTED'
  | 'CONTENTION'
  | 'RESOURCE'
  | 'NOT_SUPP_FTYPE'
  | 'WRITE_DELEG_NOT_SUPP_FTYPE'
  | 'NOT_SUPP_UPGRADE'
  | 'NOT_SUPP_DOWNGRADE'
  | 'CANCELLED'
  | 'IS_DIR';

/** What becomes of requests for an export that no adapter serves: they wait, are refused, or are granted without it. */
export type Policy = 'wait' | 'refuse' | 'local';
/** Kinds of items of the configuration tree. */
export type ItemKind = 'stacks' | 'exports' | 'nodes' | 'regions';

export interface Limits {
  /** Leases and opens a session may have. */
  sessionLocksMax: number;
  sessionsMax: number;
  /** Requests that may wait on one file. */
  queueMax: number;
  /** Range locks on one file. */
  rangesMax: number;
  /** Delegations on one file, of one session, on one export; beyond them none is offered. */
  fileDelegationsMax: number;
  sessionDelegationsMax: number;
  exportDelegationsMax: number;
  /** A session that had so many delegations revoked is offered no more. */
  revokedMax: number;
  /** No delegation is offered for so long after a recall. */
  coolMs: number;
  /** How long only reclaims are taken after the table may have lost what it knew; 0 = not at all. */
  graceMs: number;
  /** An allocated lease that is not set for so long is forgotten. */
  unusedMs: number;
  /** How long released and revoked leases are remembered. */
  rememberMs: number;
  /** How long a fileserver may take to answer. */
  askMs: number;
  /** An adapter that is silent for so long is lost. */
  lostMs: number;
}

/** One per shard: the counters, the clock and the limits. */
export interface MetaRow {
  /** The name of the table's present life (lives.ts), and those it had before; those that are known to be lost. */
  epoch: number;
  lives?: Life[];
  gone?: number[];
  /** The life that began with the last restore that was noticed. */
  restoredIn?: number;
  /** Tokens up to this were given out before that, perhaps in a life that is lost: none of them is taken. */
  lostUpTo?: number;
  /** Last fencing token minted (step.ts, nextNumber). Also numbers grants, so that `grantNo <= upTo` can be asked, and holds. */
  token: number;
  /** Last number of a row or a break: made like a token. */
  seq: number;
  /** Records written so far; they are numbered without gaps. */
  records: number;
  /** Subscriptions made so far. */
  subscriptions?: number;
  /** Wall clock at the last step, and what table time then was below it: table time = wall - skew. */
  wall: number;
  skew: number;
  /** When somebody used it again after the last outage. */
  backAt?: number;
  /** Lease APIs that speak, and whether the last of them has stopped in order since. */
  servers?: number;
  unattended?: boolean;
  /** Where the two stood a second ago (step.ts, advance), and the clocks that table time goes by. */
  pace?: { wall: number; time: number };
  clocks?: CallerClock[];
  /** What the store said it was; another answer may mean that it was restored. */
  identity: string;
  /** What the store said of this opening; another answer begins another life. */
  opening?: string;
  /** Random, made with the table: what the service seals with it can have been said only by the service. */
  key?: string;
  limits: Limits;
  sessions: number;
  /** Only reclaims are taken until then. */
  graceUntil: number;
  /** Sessions numbered up to this were there when grace began, and so many of them have still to reclaim. */
  graceUpTo: number;
  graceWaits: number;
  /** The epoch in which it began. */
  graceNo?: number;
}

/** The monotonic clock of one process: table time is what it shows + `base`. */
export interface CallerClock {
  name: string;
  base: number;
  /** Table time when it was looked at last, to the second. */
  seen: number;
}

/** From this record on the table has called itself that. */
export interface Life {
  epoch: number;
  from: number;
}

/** After record `no`, as this life numbered it. */
export interface Place {
  epoch: number;
  no: number;
}

/** Event streams that one lease API has for a session. */
export interface StreamCount {
  server: string;
  count: number;
}

export interface SessionRow {
  no: number;
  digest: string;
  ttlMs: number;
  expires: number;
  /** Where the deadline index has it; a keepalive moves only `expires`. */
  due: number;
  state: 'live' | 'expiring' | 'ending' | 'expired' | 'ended';
  /** Leases, opens, range locks and waits; finished ones are not counted, save revoked delegations until they are freed. */
  rows: number;
  delegations: number;
  /** Opens that have ended and of which a repeat would be told. */
  ended?: number;
  /** Its event streams, by the lease API that serves them. */
  streams?: StreamCount[];
  /** Delegations that were revoked. */
  revoked: number;
  /** Its key as an owner of delegations, once it has wanted one. */
  clientKey?: string;
  /** It lives on `node`, an item of the tree, and ends with that. */
  bound?: boolean;
  /** The grace period in which it has said that it has reclaimed all it wants. */
  reclaimedIn: number;
  node?: string;
  pid: number;
  label?: string;
}

/** What every row on a file has: each may wait in the file's queue, and is held or asked for by an owner of a session. */
export interface RequestRow {
  no: number;
  sessionId: string;
  owner: string;
  /** Digest of session and owner: two rows with the same key are each other's own. That of a delegation is its clientKey. */
  ownerKey: string;
  /** Digest of the session as such: its delegations are everybody's own within it. */
  clientKey: string;
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
  pid: number;
  /** Its number in the file's queue, 0 when it does not wait, and those of earlier ones that it need not wait behind (queue.ts). */
  waitNo: number;
  spared?: number[];
  /** When its wait is over; of a lease that does not wait, when it is forgotten. 0 = never. */
  due: number;
}

export interface LeaseRow extends RequestRow {
  type: LeaseType;
  /** As stored; `breaking`, `fencing` and mass revocation are derived from the file's row (see break.ts). */
  state: 'allocated' | 'pending' | 'active' | 'released' | 'revoked';
  pendingType?: LeaseType;
  /** The file's break number when the intent was made; if it has moved, the intent is void. */
  pendingBreakNo: number;
  /** Token of the first grant; renewed only when the lease survives a revocation of the rest. 0 = never granted. */
  grantNo: number;
  token: number;
  /** Digest of the request that made it, where it had a requestId. */
  body?: string;
  /** Made by `acquire`: a refusal leaves nothing behind. */
  once: boolean;
  /** Revoked while the fileserver still held it: reads as `fencing` as long as the file does. */
  fenced: boolean;
  delegation: boolean;
  /** Moves with every change of what is held: the seqid of a stateid. */
  seqid: number;
  /** Waits in the file's queue for this type, as number `waitNo` there. */
  waitType?: 'read' | 'write';
  cause?: string;
  /** Of an allocated one: the export it was allocated on, and whether its fileId stands for the name only. */
  exportNo?: number;
  placeholder?: boolean;
  /** Of a write lease: questions for the file's attributes that wait for its holder's answer (attributes.ts). */
  asked?: AttributesAsk[];
  /** Its holder has changed the file: the change attribute that whoever asked last was told. */
  toldHi?: number;
  toldLo?: number;
}

/** A question for the attributes of a file. 64-bit numbers are hi * 2^32 + lo. */
export interface AttributesAsk {
  askId: string;
  /** Who asks, and until when an answer counts. */
  sessionId: string;
  until: number;
  /** What the fileserver says. */
  changeHi: number;
  changeLo: number;
  sizeHi: number;
  sizeLo: number;
}

/** What a file is like. 64-bit numbers are hi * 2^32 + lo; times are text, as its holder gave them. */
export interface Attributes {
  /** Changed by its holder, beyond what the fileserver knows. */
  modified: boolean;
  changeHi: number;
  changeLo: number;
  sizeHi: number;
  sizeLo: number;
  accessedAt?: string;
  modifiedAt?: string;
}

export interface OpenRow extends RequestRow {
  access: Access;
  deny: Deny;
  seqid: number;
  state: 'open' | 'waiting';
  /** What an open one waits to become. */
  toAccess?: Access;
  toDeny?: Deny;
  body?: string;
  /** The delegation that came with it, or why none did. */
  want?: Want;
  signal?: boolean;
  reclaim?: boolean;
  /** Names the delegation, until it has been decided. */
  offerId?: string;
  delegationId?: string;
  whyNot?: WhyNot;
  willSignal?: boolean;
}

/** A lock on a range of bytes, or a request for one that waits. Offsets are hi * 2^32 + lo; 2^63 - 1 is the end of the file. */
export interface RangeRow extends RequestRow {
  class: RangeClass;
  type: 'read' | 'write';
  startHi: number;
  startLo: number;
  endHi: number;
  endLo: number;
  state: 'held' | 'waiting';
  /** Of a waiting one: names what it may split off when its turn comes. */
  splitId: string;
}

/** A change of the file that waits until what it breaks has gone. */
export interface ChangeRow extends RequestRow {
  kind: ChangeKind;
  quietMs: number;
  body?: string;
}

/** What one owner has on one file: what is own never conflicts. */
export interface ShareRow {
  /** Its lease; of a clientKey: the session's delegation. */
  leaseId?: string;
  opens: number;
  readOpens: number;
  writeOpens: number;
  denyReads: number;
  denyWrites: number;
  /** A session that waits to be told when a delegation may be had. */
  wanted?: 'read' | 'write';
  wantedBy?: string;
  wantNo?: number;
}

export interface BreakState {
  breakId: string;
  /** Leases granted up to this token are asked. */
  upTo: number;
  target: 'none' | 'read';
  deadline: number;
  cause: Cause;
  /** The breaker's own owner key. */
  exempt?: string;
  /** When the fileserver itself will force it, margin taken off; no deadline of this break may be later. 0 = it will not. */
  enforced: number;
  /** An owner that lost its exemption to a second breaker, with a deadline of its own. */
  late?: string;
  lateDeadline: number;
  /** Only delegations are asked: what breaks them does not break leases. */
  delegations: boolean;
}

export interface Ask {
  gen: number;
  type: LeaseType;
  until: number;
  /** The fileserver took back what it gave before its answer was heard: the answer counts for no more than this. */
  lost?: LeaseType;
}

export interface FileRow {
  no: number;
  exportName: string;
  fileId: string;
  path: string;
  inode: string;
  // --- live leases and opens. `reads` counts read leases, delegations among them; a write lease is alone.
  reads: number;
  writer?: string;
  delegReads: number;
  writerDelegation: boolean;
  pendingReads: number;
  pendingWriter?: string;
  opens: number;
  readOpens: number;
  writeOpens: number;
  denyReads: number;
  denyWrites: number;
  /** Range locks, and the levels of the tree that read ranges have been in since there were none (ranges.ts). */
  ranges: number;
  levels?: number[];
  /** Requests in the queue, and those of them that break leases. */
  waiting: number;
  breakers: number;
  /** Sessions that are to be told when a delegation may be had. */
  wants: number;
  /** No delegation is offered until then. */
  coolUntil: number;
  /** Moves with every break and with whatever else voids pending leases. */
  breakNo: number;
  breaking?: BreakState;
  /** Leases granted up to this token are revoked, whether or not their rows say so yet. */
  revokedUpTo: number;
  /** The same for delegations. */
  delegRevokedUpTo: number;
  /** Rows up to this token still have to be told. */
  clearUpTo: number;
  clearAfter: number;
  clearCause?: string;
  /** Intents of an earlier break number still have to be told that they are void, and why. */
  voidPending?: Reason;
  /** The last step left intents undecided. */
  morePending: boolean;
  /** Highest token minted for this file. */
  maxToken: number;
  /** Grants are refused until then (lock delay after an expired session). */
  lockDelayUntil: number;
  // --- the hold at the fileserver: it surely has `have` and at most `mayHave`.
  have: LeaseType;
  mayHave: LeaseType;
  holdGen: number;
  ask?: Ask;
  /** No new ask before then (backoff). */
  askAfter: number;
  /** A break by the fileserver that is not settled there yet. */
  fsBreak?: { target: 'none' | 'read'; breakNo: number };
  incarnation: string;
  /** A superseded adapter that may still hold the file and is not proven dead. */
  predecessor?: string;
  /** Those before it that may hold the file, too. */
  morePredecessors?: string[];
  /** Revoked leases are still to be taken back at the fileserver: nobody else is granted. */
  fence: boolean;
  /** The file's cookie under the old hold, while the new adapter is asked to take it over. */
  reclaim?: string;
  cookie?: string;
  detached: boolean;
  /** Opens and range locks up to this number have been told that the name leads elsewhere. */
  toldTo?: number;
  /** The file system in which others are told that it is in use (keys.ts, sameFile). */
  tree?: string;
  /** In use without a fileserver, by its `name` only; or bound to what the name leads to, and the fileserver is `asked`. */
  unbound?: 'name' | 'asked';
  /** The key that the fileserver's own identity would have given it (see AliasRow). */
  alias?: string;
  /** Whatever is held or waits on it goes, for this reason. */
  ending?: Reason;
  /** Listed among the export's files. */
  listed: boolean;
  /** Listed among the export's held files / counted among its unconfirmed ones. */
  held: boolean;
  unconfirmed: boolean;
  due: number;
}

export interface ProcessIdentity {
  hostId: string;
  bootId: string;
  pid: number;
  startTicks: string;
}

/** An adapter that was superseded and is not proven dead. */
export interface Predecessor {
  incarnation: string;
  process: ProcessIdentity;
}

export interface ExportRow {
  no: number;
  name: string;
  stack: string;
  /** `local`: no fileserver stands behind it. */
  local: boolean;
  /** `none`: no adapter has registered yet. */
  state: 'none' | 'up' | 'lost';
  version: number;
  policy: Policy;
  /** Only sessions on nodes that are up in this region are served. */
  region?: string;
  /** What was configured; what is not is the service's default. */
  own?: { breakMs?: number; lockDelayMs?: number; directories?: boolean };
  /** Made at first use, and gone when nothing refers to it; so many have looked at it, the last until then, to use it. */
  demand?: { probes: number; until: number };
  /** An adapter is there, and what was granted without one is asked for first: nobody new is served. */
  opening?: boolean;
  /** Files that a fileserver has given their identity, and those of them that have another key. */
  bound: number;
  aliases: number;
  /** Hung up: no requests are taken. `operation`: it is on its way there, or out of the tree. */
  stopped?: boolean;
  operation?: string;
  /** Requests that came while no adapter served, by what became of them; absent as long as there were none. */
  withoutBackend?: { refused: number; queued: number; unbacked: number };
  breakMs: number;
  lockDelayMs: number;
  breakLimitMs: number;
  incarnation: string;
  endpoint: string;
  process?: ProcessIdentity;
  /** Of a lost one whose adapter lives: what has become of its tree. */
  cause?: string;
  /** Where its tree lies: the file system's identity, then the way down in it. */
  fileSystem?: string;
  place?: string[];
  /** Another export has its tree now: its adapter has to register anew. */
  yielded?: boolean;
  /** Superseded adapters that are not proven dead. */
  predecessors?: Predecessor[];
  /** Superseded incarnations, the last few: a register under one of these is refused. */
  past?: string[];
  seen: number;
  /** Whether the adapter has said what it holds since it registered, or since the table was another one. */
  reported: boolean;
  /** Held files are being looked at one after the other, from this number on. */
  walkAfter?: number;
  due: number;
  /** Files whose hold the fileserver has not confirmed. */
  unconfirmed: number;
  delegations: number;
  /** Whether directories may be delegated. */
  directories: boolean;
}

/** A kind of fileserver. `prefix`: exports of these names appear at first use. */
export interface StackRow {
  no: number;
  version: number;
  description?: string;
  prefix?: string;
  policy?: Policy;
  operation?: string;
}

/** An adapter's connection, by its incarnation: what was agreed when it registered stays for its life. */
export interface AdapterRow {
  no: number;
  stack: string;
  version: string;
  major: number;
  minor: number;
  endpoint: string;
  state: 'up' | 'lost' | 'stopping' | 'stopped';
  /** It has not said yet what it holds: nothing was asked of it. */
  silent?: boolean;
  /** Exports that were removed under it: it names them still, and does not make them again. */
  left?: string[];
  seen: number;
  due: number;
  operation?: string;
}

/** A heartbeat region: how often its nodes beat, and when silence is death. */
export interface RegionRow {
  no: number;
  version: number;
  beatMs: number;
  deadMs: number;
  ackMs: number;
  operation?: string;
}

/** Subscribers are being told of a node, one priority after the other. */
export interface Notice {
  noticeId: string;
  event: 'up' | 'down';
  /** Told so far, in the order of the region's list of subscribers. */
  upTo: number;
  priority: number;
  until: number;
  /** Those of this priority that have not acknowledged. */
  waits?: string[];
}

export interface NodeRow {
  no: number;
  version: number;
  region: string;
  description?: string;
  state: 'down' | 'up' | 'recovering';
  /** Of a recovering one: sessions are being refused, subscribers told, or what was held released. */
  phase?: 'marking' | 'telling' | 'releasing';
  incarnation: string;
  /** Lives that are over: nobody comes back under their names. */
  past?: string[];
  seen: number;
  /** How long it may be silent, as it was told at its last beat. */
  deadMs?: number;
  sessions: number;
  /** Its last life has stopped in order. */
  left?: boolean;
  /** Sessions that its last life lost. */
  lost: number;
  /** Sessions are being looked at one after the other, from this number on. */
  walkAfter: number;
  notice?: Notice;
  due: number;
  operation?: string;
}

export interface SubscriptionRow {
  no: number;
  /** Who came first among those of one priority; below 2^40. A row of an earlier version has it in `no`. */
  place?: number;
  region: string;
  sessionId: string;
  priority: number;
}

/** Somebody depends on an item: a session, or another item. */
export interface PinRow {
  no: number;
  on: string;
  sessionId?: string;
  by?: string;
  because?: string;
}

/** What takes its time: a hangup, a removal by force, the end of an adapter. */
/** What an operation has done so far, its parts included. */
export interface Did {
  requestsCancelled: number;
  leasesBroken: number;
  leasesRevoked: number;
  opensClosed: number;
  rangesReleased: number;
  sessionsEnded: number;
  pinsDropped: number;
}

export interface OperationRow extends Did {
  no: number;
  kind: 'hangup' | 'remove' | 'stop';
  /** `kind/name` of the item; of an adapter, `adapters/incarnation`. */
  of: string;
  state: 'running' | 'done';
  phase: 'cancelling' | 'breaking' | 'revoking' | 'done';
  startedWall: number;
  endedWall: number;
  deadline: number;
  /** Looks at files one after the other, from this number on; absent: it waits for them to go. */
  walkAfter?: number;
  /** It is part of this one, which counts what it does. */
  part?: string;
  removed?: string[];
  due: number;
}

/** A file that was in use before its fileserver came keeps the key of its name; this is the key that its identity has. */
export interface AliasRow {
  fileKey: string;
}

/** An open that was asked for by a requestId and has ended: what a repeat is told. */
export interface EndedRow {
  no: number;
  body: string;
  how: string;
}

/** A lease API, as long as it says that it serves event streams. */
export interface ServerRow {
  due: number;
}

export interface RowOf {
  meta: MetaRow;
  session: SessionRow;
  lease: LeaseRow;
  open: OpenRow;
  ended: EndedRow;
  range: RangeRow;
  change: ChangeRow;
  share: ShareRow;
  file: FileRow;
  export: ExportRow;
  stack: StackRow;
  adapter: AdapterRow;
  region: RegionRow;
  node: NodeRow;
  subscription: SubscriptionRow;
  pin: PinRow;
  operation: OperationRow;
  alias: AliasRow;
  server: ServerRow;
}
export type Kind = keyof RowOf;

interface OnFile {
  fileKey: string;
  exportName: string;
  path: string;
}
/** About one lease or delegation, and whose it is. */
interface OnLease extends OnFile {
  leaseId: string;
  sessionId: string;
  owner: string;
  ownerKey: string;
}
/** What a live lease is now. */
interface LiveLease {
  type: LeaseType;
  token: number;
  grantNo: number;
}
/** About somebody's request on a file. */
interface OfRequest extends OnFile {
  sessionId: string;
  owner: string;
}

/**
 * What happened, written in the same step as the change itself. Front ends follow the records, wake who waits and fan
 * them out to holders. A record about many leases names the file and a watermark (`upTo`), never the leases. `turn`: a
 * grant that came after its request was parked.
 */
export type RecordBody =
  | ({ kind: 'granted'; turn: boolean } & OnLease & LiveLease)
  | ({ kind: 'downgraded'; cause: string } & OnLease & LiveLease)
  | ({ kind: 'released'; cause: string } & OnLease)
  | ({ kind: 'revoked'; cause: string } & OnLease)
  | ({
      kind: 'revoked';
      leaseId?: undefined;
      sessionId?: undefined;
      upTo: number;
      cause: string;
      /** Only delegations are revoked. */
      delegations?: boolean;
      /** The owner whose lease survives the revocation, and its new grantNo. */
      survivor?: string;
      survivorGrantNo?: number;
    } & OnFile)
  /** An intent that came to nothing. */
  | ({ kind: 'undone'; reason: Reason } & OnLease)
  | ({
      kind: 'break';
      breakId: string;
      target: 'none' | 'read';
      upTo: number;
      cause: Cause;
      /** Wall clock; absent = never forced. */
      deadlineWall?: number;
      exempt?: string;
      /** The break is news to this owner only. */
      only?: string;
      /** Only delegations are broken. */
      delegations?: boolean;
    } & OnFile)
  | ({ kind: 'opened'; openId: string; access: Access; turn: boolean } & OfRequest)
  | ({ kind: 'closed'; openId: string; sessionId: string; reason: Reason | 'holder' } & OnFile)
  /** `rangeId`: the lock that the request, `waitId`, has become, or become part of. */
  | ({ kind: 'locked'; waitId: string; rangeId: string; type: 'read' | 'write'; turn: boolean } & OfRequest)
  | ({ kind: 'changed'; waitId: string; what: ChangeKind; turn: boolean } & OfRequest)
  /** A request that waited has ended without a grant: of a lease, an open, or (`waitId`) a range lock or a change. */
  | ({
      kind: 'dropped';
      leaseId?: string;
      openId?: string;
      waitId?: string;
      reason: Reason;
      /** The requests that waited for each other, where that is the reason. */
      cycle?: CycleMember[];
    } & OfRequest)
  | ({ kind: 'available'; sessionId: string; type: 'read' | 'write' } & OnFile)
  /** The name leads to another file, or to none: told to every lease, or of one open or range lock. */
  | ({ kind: 'detached' } & OnFile)
  | ({ kind: 'detached'; fileKey?: undefined; openId?: string; rangeId?: string } & Omit<
      OfRequest,
      'fileKey'
    >)
  | ({ kind: 'reclaimed' } & OnFile)
  /** All that an export holds. */
  | { kind: 'reclaimed'; exportName: string; fileKey?: undefined }
  | { kind: 'jeopardy'; exportName: string; cause: string }
  | { kind: 'expired'; sessionId: string; cause: 'expired' | 'ended' | 'node_down' }
  /** Somebody asks what a file is like; `times`: those too. */
  | ({
      kind: 'attributes';
      askId: string;
      leaseId: string;
      times?: boolean;
      deadlineWall: number;
    } & OfRequest)
  /** What the holder said, or why it did not. */
  | {
      kind: 'answered';
      sessionId: string;
      askId: string;
      cause?: 'ended' | 'refused';
      attributes?: Attributes;
    }
  /** `item`: `kind/name`, or `operations/id`; `reason`: what happened to it. */
  | { kind: 'configured'; item: string; reason: string }
  | { kind: 'unpinned'; pinId: string; sessionId?: string; item: string; reason: Reason }
  | { kind: 'node'; sessionId: string; notice: NodeNotice };

/** A node that is up or down, told to one subscriber. */
export interface NodeNotice {
  noticeId: string;
  node: string;
  region: string;
  event: 'up' | 'down';
  incarnation: string;
}

/** One request of a deadlock: who waits, and for which file. */
export interface CycleMember {
  id: string;
  kind: 'open' | 'lease' | 'range' | 'change';
  sessionId: string;
  owner: string;
  exportName: string;
  path: string;
}
/** When, and as which record of all, something happened. */
export interface Stamp {
  no: number;
  epoch: number;
  wall: number;
}
export type RecordRow = RecordBody & Stamp;
/** What a record may name, whatever its kind. */
export interface RecordNames extends Stamp {
  kind: RecordBody['kind'];
  sessionId?: string;
  fileKey?: string;
  leaseId?: string;
  openId?: string;
  waitId?: string;
  askId?: string;
  item?: string;
}
export type RecordOf<K extends RecordBody['kind']> = Extract<RecordBody, { kind: K }> & Stamp;

/** A request to the fileserver that a step has decided on. Whoever ran the step carries it out and reports the answer. */
export interface HoldAsk {
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  type: LeaseType;
  holdGen: number;
  incarnation: string;
  endpoint: string;
}

export interface Entry {
  member: string;
  score: number;
}

/** The store as the rules see it. A row is the same object for the length of a step; what was changed must be put. */
export interface Rows {
  /** Wall clock in milliseconds. */
  wall(): number;
  /** A clock of the caller's process that nobody sets, in milliseconds from anywhere; another process has another name. */
  monotonic(): { name: string; ms: number };
  get<K extends Kind>(kind: K, id: string): RowOf[K] | undefined;
  put<K extends Kind>(kind: K, id: string, row: RowOf[K]): void;
  del(kind: Kind, id: string): void;
  /** Ordered lists. A member has one score per list; scores of one list may be equal only in `due`. */
  link(list: string, member: string, score: number): void;
  unlink(list: string, member: string, score: number): void;
  /** Entries with after < score <= upTo, ascending, at most `limit`. */
  page(list: string, after: number, upTo: number, limit: number): Entry[];
  /**
   * Members of a list whose scores are all 0, from `from` up to but not `to` in the order of their characters, at most
   * `limit`. Members of such a list are ASCII.
   */
  span(list: string, from: string, to: string, limit: number): string[];
  /** Appends to the record log; the log keeps the last 100,000 or so. */
  record(row: RecordRow): void;
  /** Decimal digits of an integer: the one way to turn a number into text. */
  digits(n: number): string;
  /** Ten digits of an integer from 0 to 2^32: texts that sort as the numbers do. */
  padded(n: number): string;
  /** The letter of a member, and what follows letter and colon: for keys.ts alone. */
  letter(member: string): string;
  idOf(member: string): string;
  /** A text without its first `n` characters. */
  tail(text: string, n: number): string;
}
