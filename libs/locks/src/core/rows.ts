import type { Reason } from './reasons';
/**
 * The rows of the table and the port through which the rules see them. The rules know no store, no clock and no
 * randomness: the embedded table implements `Rows` over Maps, the Redis table over redis.call.
 *
 * Everything here must mean the same in JavaScript and in Lua 5.1 (docs/decisions/0001-one-core.md): absent is
 * `undefined` (never null), no row holds an empty array, numbers are integers below 2^53. All times are table time in
 * milliseconds unless the name says wall; 0 = "never".
 */
export type LeaseType = 'none' | 'read' | 'write';
export type Access = 'read' | 'write' | 'both';
export type Deny = 'none' | 'read' | 'write' | 'both';
/** `attributes`: a client asked for the file's attributes and the holder did not provide them. */
export type Cause = 'open' | 'change' | 'fileserver' | 'admin' | 'attributes';
/** Classes of range locks, named as in /proc/locks; `flock` always covers the whole file. */
export type RangeClass = 'posix' | 'ofd' | 'flock';
/** Changes that break leases or delegations; `entries`: a name in this directory is added, removed or changed. */
export type ChangeKind = 'truncate' | 'unlink' | 'rename' | 'link' | 'setattr' | 'entries';
/** The delegation that a session asks for. `cancel`: none, and an earlier want of the file is over, too. */
export type Want = 'none' | 'cancel' | 'read' | 'write' | 'any';
/** What has run short: a share of the table, the delegations of an export, or the table. */
export type Shortage = 'session' | 'subject' | 'tenant' | 'export' | 'table';
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

/** The lock modes of the VMS family, weakest first: null, concurrent read and write, protected read and write, exclusive. */
export type Mode = 'NL' | 'CR' | 'CW' | 'PR' | 'PW' | 'EX';

/** How requests for an export without an adapter are treated: they wait, are refused, or are granted without it. */
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
  /** Delegations allowed on one file, of one session, on one export; beyond that none is offered. */
  fileDelegationsMax: number;
  sessionDelegationsMax: number;
  exportDelegationsMax: number;
  /** A session with more revoked delegations that it has not freed than this is offered no more. */
  revokedMax: number;
  /** Sessions that may be kept out of courtesy at a time; beyond that the first of them ends. */
  courtesyMax: number;
  /** After a recall, no delegation is offered for this long. */
  coolMs: number;
  /** Length of the grace period (reclaims only) after the table may have lost state; 0 = no grace period. */
  graceMs: number;
  /** At least so long when it certainly has, or when a lease API has not said yet how far it had seen the table. */
  recoveryMs: number;
  /** An allocated lease that is not set within this time is forgotten. */
  unusedMs: number;
  /** How long released and revoked leases are remembered. */
  rememberMs: number;
  /** How long a fileserver may take to answer. */
  askMs: number;
  /** An adapter that is silent for this long is lost. */
  lostMs: number;
}

export interface Pace {
  wall: number;
  time: number;
}

/** One in each shard: the counters, the clock and the limits. */
export interface MetaRow {
  /**
   * `epoch`: names the table's current life (lives.ts). `lives`: the lives it has had, this one included. `gone`: lives
   * that callers remember but the table does not.
   */
  epoch: number;
  lives?: Life[];
  gone?: number[];
  /** The life that began when a restore was last noticed. */
  restoredIn?: number;
  /** Tokens up to this were minted before that restore, perhaps in a lost life: none is accepted. */
  lostUpTo?: number;
  /**
   * Last fencing token minted (step.ts, nextNumber). Grants and holds are numbered by it too, so that a grantNo can be
   * compared with a token.
   */
  token: number;
  /** Last number given to a row or a break; minted like a token. */
  seq: number;
  /** Records written so far; they are numbered without gaps. */
  records: number;
  /** Subscriptions made so far. */
  subscriptions?: number;
  /** `wall`: wall clock at the last step. `skew`: how far table time was behind it, so table time = wall - skew. */
  wall: number;
  skew: number;
  /** Table time of the first step after the last outage. */
  backAt?: number;
  /** No deadline is earlier than this; absent: not known. */
  firstDue?: number;
  /** `servers`: lease APIs that report in. `unattended`: the last of them has stopped in order since. */
  servers?: number;
  unattended?: boolean;
  /**
   * `pace`: wall clock about a second ago, and the latest that table time could be by it (step.ts, advance). `clocks`: the callers' monotonic clocks
   * that drive table time.
   */
  pace?: Pace;
  clocks?: CallerClock[];
  /** The store's identity as it reported it; a different one may mean that the store was restored. */
  identity: string;
  /** The store's id for this opening; a different one begins a new life of the table. */
  opening?: string;
  /** A random key, made with the table: only the service can seal with it. */
  key?: string;
  limits: Limits;
  sessions: number;
  /** How many exports are in grace periods of their own; absent while there is none. */
  graces?: number;
  /** How many of them are kept out of courtesy; absent until there is one. */
  courteous?: number;
  /** Subjects that are counted; while there are none, no step looks for one. */
  subjects?: number;
  /** What is held now; absent in a table that an earlier version made. */
  held?: Held;
  /** The grace period ends then; until then only reclaims are accepted. */
  graceUntil: number;
  /**
   * `graceUpTo`: sessions with numbers up to this existed when the grace period began. `graceWaits`: how many of them
   * have yet to finish reclaiming.
   */
  graceUpTo: number;
  graceWaits: number;
  /** The epoch in which the grace period began. */
  graceNo?: number;
  /** The grace period in which it is certain that nothing is missing: what the table does not have was not held. */
  wholeIn?: number;
  /** The grace period lasts at least until then, whoever has reclaimed. */
  recoverUntil?: number;
  /** How many lease APIs have not said yet how far they had seen the table; when all have, the grace period ends. */
  unheard?: number;
  /** Sessions with many delegations are asked for some in turn: the number of the last one. */
  askedUpTo?: number;
  /** The second of table time in which a lease last ended, and the bytes of leases that ended in it and in the one before. */
  endedIn?: number;
  endedBytes?: number;
  endedBefore?: number;
  /** The format of its rows; absent: the first (format.ts). */
  format?: number;
  /** Of a table in several shards: which one this is, and how many there are, a power of two (shards.ts). */
  shard?: number;
  shards?: number;
}

/** How many there are in the whole table. `reads` and `writes` are leases that are not delegations. */
export interface Held {
  reads: number;
  writes: number;
  delegReads: number;
  delegWrites: number;
  opens: number;
  ranges: number;
  /** Requests in queues. */
  waits: number;
  /** The same by kind. A table that an earlier version made begins to count when nobody waits. */
  waiting?: WaitCounts;
  /** Files with a running break. */
  breaks: number;
  /** Connections to lock domains; absent until there is one. */
  connections?: number;
  /** Locks on resources by the mode they hold; absent until there is one. */
  modes?: ModeCounts;
  /** Permits that are held; absent until there is one. */
  permits?: number;
}

/** The monotonic clock of one process: table time = its reading + `base`. */
export interface CallerClock {
  name: string;
  base: number;
  /** Table time when this clock was last read, to the second. */
  seen: number;
}

/** A life of the table: from record `from` on, its epoch was `epoch`. */
export interface Life {
  epoch: number;
  from: number;
  /** The last token and the last number when it began. Absent in a life that an earlier version began. */
  token?: number;
  seq?: number;
}

/** A place in the log: just after record `no`, as numbered in life `epoch`. */
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
  /** Its score in the deadline index; a keepalive moves only `expires`. */
  due: number;
  /** `courtesy`: its TTL is over, and nobody has wanted what it holds yet (rules/courtesy.ts). */
  state: 'live' | 'courtesy' | 'expiring' | 'ending' | 'expired' | 'ended';
  /** Leases, opens, range locks and waits. Finished ones do not count, except revoked delegations until freed. */
  rows: number;
  delegations: number;
  /** Ended opens that are remembered for repeats. */
  ended?: number;
  /** Its event streams, per lease API that serves them. */
  streams?: StreamCount[];
  /** How many of its delegations were revoked and not freed yet. */
  revoked: number;
  /** Its key as an owner of delegations, set once it has asked for one. */
  clientKey?: string;
  /** The session is bound to `node`, an item of the tree, and ends when that node does. */
  bound?: boolean;
  /** The grace period in which it declared its reclaims complete. */
  reclaimedIn: number;
  node?: string;
  pid: number;
  label?: string;
  /** Who opened it, as proven at the edge; absent: a caller who has proven no name. */
  tenant?: string;
  subject?: string;
  /** It was opened under limits: its subject's row counts what it has. */
  counted?: boolean;
  /** Its tenant had limits as a whole: the tenant's row counts it as well. */
  countedTenant?: boolean;
  /** Of an NFS client: the key of its row, its verifier, and who may show its owner. */
  client?: string;
  verifier?: string;
  principal?: string;
  /** CREATE_SESSION has not confirmed it: it holds nothing yet. */
  unconfirmed?: boolean;
  /** It has said RECLAIM_COMPLETE: it may ask for more than what it held before. */
  complete?: boolean;
  /** How long it keeps its state after its TTL, while nobody wants it; absent: it expires. */
  courtesyMs?: number;
  /** In courtesy: its number in the list of these sessions, and how far its rows have been looked through. */
  courtesyNo?: number;
  siftAfter?: number;
  /** What was taken from it in courtesy and has not been freed yet. */
  taken?: number;
  /** The last grace period that does not wait for it, as it was in courtesy then. */
  skippedIn?: number;
  /** When it was last asked to give delegations back. */
  askedBackAt?: number;
  /** The grace period in which it went on, after the table had lost it. */
  resumedIn?: number;
  /** The number at which it last said that all its reclaims are complete; grace periods of exports from before are over for it. */
  completeNo?: number;
  /** At home: the other shards that it may have entered. */
  shards?: number[];
  /** At home: its number in the list of those whose state these shards have yet to learn. */
  newsNo?: number;
  /** What it holds here is being released, and theirs may be. */
  emptying?: boolean;
  /** Elsewhere than at home: it ends when its home says so. */
  guest?: boolean;
}

/** The sessions of one NFS client. */
export interface ClientRow {
  confirmed?: string;
  /** After EXCHANGE_ID, until CREATE_SESSION. */
  unconfirmed?: string;
  /** Of its earlier life: what that held is being released. */
  ending?: string;
}

/** What one subject, or one tenant, has in its sessions that are counted; there is none without such a session. */
export interface SubjectRow {
  no: number;
  sessions: number;
  /** Leases, opens, locks, waits and pins. */
  rows: number;
  waits: number;
  limits?: SubjectLimits;
  /** When its sessions were last looked at for delegations to give back. */
  lookedAt?: number;
}

/** What one subject, or one tenant, may have; absent: no limit. */
export interface SubjectLimits {
  sessions?: number;
  rows?: number;
  waits?: number;
  /** Requests in the queue of one file. */
  queueShare?: number;
  quietMs?: number;
}

/** Common to all rows on a file: an owner of a session holds or requests it, and it may wait in the file's queue. */
export interface RequestRow {
  no: number;
  sessionId: string;
  owner: string;
  /** Digest of session and owner: rows with equal keys are each other's own. For a delegation, its clientKey. */
  ownerKey: string;
  /** Digest of the session alone: its delegations are own to all its owners. */
  clientKey: string;
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
  pid: number;
  /**
   * `waitNo`: its number in the file's queue, 0 = not waiting. `spared`: numbers of earlier waiters that it may
   * overtake (queue.ts).
   */
  waitNo: number;
  spared?: number[];
  /** When its wait ends; for a lease that does not wait, when it is forgotten. 0 = never. */
  due: number;
}

/** What its holder may have for a limited time only (rules/tenure.ts). */
export interface Tenure {
  /** For how long, as the request said; absent: as long as the export permits. */
  maxHoldMs?: number;
  /** When it ends; absent before the grant, and if there is no limit. */
  endsAt?: number;
}

export interface LeaseRow extends RequestRow, Tenure {
  type: LeaseType;
  /** The stored state; `breaking`, `fencing` and mass revocation are derived from the file's row (break.ts). */
  state: 'allocated' | 'pending' | 'active' | 'released' | 'revoked';
  pendingType?: LeaseType;
  /** The file's break number when the intent was made; once the file's number moves, the intent is void. */
  pendingBreakNo: number;
  /** Token of the first grant; renewed only when this lease survives a revocation of the others. 0 = never granted. */
  grantNo: number;
  token: number;
  /** Digest of the request that made it, if it had a requestId. */
  body?: string;
  /** Made by `acquire`: a refusal leaves nothing behind. */
  once: boolean;
  /** Revoked while the fileserver still held it; shown as `fencing` as long as the file is fencing. */
  fenced: boolean;
  delegation: boolean;
  /** Grows with every grant and conversion that the holder is told of: the seqid of a stateid. */
  seqid: number;
  /** The type it waits for in the file's queue, under number `waitNo`. */
  waitType?: 'read' | 'write';
  /** The number under which it waited for what the fileserver is being asked for. */
  turnNo?: number;
  cause?: string;
  /** For an allocated lease: the export it was allocated on, and whether its fileId only stands for the name. */
  exportNo?: number;
  placeholder?: boolean;
  /** For a write lease: attribute requests that wait for the holder's answer (attributes.ts). */
  asked?: AttributesAsk[];
  /** The holder has changed the file: the change attribute that was last reported to a client that asked. */
  toldHi?: number;
  toldLo?: number;
  /** The NFS server's id of the request that returned the delegation. */
  request?: string;
  /** Of a write delegation: its holder is the authority for the file's times (RFC 9754). */
  times?: boolean;
  /** Of a directory: its holder is told of changes that are reported, instead of losing it (CB_NOTIFY). */
  notify?: boolean;
}

/** A request for the attributes of a file. 64-bit numbers are hi * 2^32 + lo. */
export interface AttributesAsk {
  askId: string;
  /** The session that asks, and until when an answer counts. */
  sessionId: string;
  until: number;
  /** The attributes as the fileserver has them. */
  changeHi: number;
  changeLo: number;
  sizeHi: number;
  sizeLo: number;
}

/** Attributes of a file. 64-bit numbers are hi * 2^32 + lo; times are text, as the holder gave them. */
export interface Attributes {
  /** The holder has made changes that the fileserver does not know. */
  modified: boolean;
  changeHi: number;
  changeLo: number;
  sizeHi: number;
  sizeLo: number;
  accessedAt?: string;
  modifiedAt?: string;
  /** The holder gave a time that is yet to come: the time of its answer counts instead. */
  accessedNow?: boolean;
  modifiedNow?: boolean;
}

export interface OpenRow extends RequestRow {
  access: Access;
  deny: Deny;
  seqid: number;
  state: 'open' | 'waiting';
  /** For an open that waits for more access or deny: what it asks for. */
  toAccess?: Access;
  toDeny?: Deny;
  body?: string;
  /** The delegation granted with the open, or the reason for none. */
  want?: Want;
  signal?: boolean;
  reclaim?: boolean;
  /** Id for the delegation, until it is decided whether there is one. */
  offerId?: string;
  delegationId?: string;
  whyNot?: WhyNot;
  willSignal?: boolean;
  push?: boolean;
  willPush?: boolean;
  times?: boolean;
  /**
   * The different OPENs of an NFS client that it is the union of, if they are several, and those it will be once what it
   * waits for is granted: OPEN_DOWNGRADE may only go back to a union of some of them.
   */
  parts?: OpenPart[];
  toParts?: OpenPart[];
  /** The NFS server's id of the last request that was carried out on it. */
  request?: string;
}

/** What one OPEN of an NFS client asked for. */
export interface OpenPart {
  access: Access;
  deny: Deny;
}

/** What a stateid of locks stands for: the locks of one owner on one file (RFC 8881 §8.2). */
export interface LockStateRow {
  no: number;
  sessionId: string;
  owner: string;
  ownerKey: string;
  clientKey: string;
  fileKey: string;
  /** The open under which it took its first lock; absent: none. */
  openId?: string;
  seqid: number;
  /** The NFS server's id of the last request that was carried out on it. */
  request?: string;
  /** When the first of these has been kept long enough; 0 = never. */
  due: number;
  /** Locks that were granted after a wait, and that their owner has not come for yet. */
  unclaimed?: UnclaimedLock[];
}

/** A lock that is kept for an owner that was told of it. Offsets as in a range. */
export interface UnclaimedLock {
  startHi: number;
  startLo: number;
  endHi: number;
  endLo: number;
  until: number;
  /** The id of its wait, and one for the piece that may be split off when it is given up. */
  waitId: string;
  splitId: string;
}

/** A range lock, or a waiting request for one. Offsets are hi * 2^32 + lo; 2^63 - 1 is the end of the file. */
export interface RangeRow extends RequestRow {
  class: RangeClass;
  type: 'read' | 'write';
  startHi: number;
  startLo: number;
  endHi: number;
  endLo: number;
  state: 'held' | 'waiting';
  /** For a waiting request: the id of the piece that may be split off when it is granted. */
  splitId: string;
  /** For a waiting LOCK: how long it is kept for its owner once it is granted. */
  claimMs?: number;
  /** Digest of the request, if that has an id of its own. */
  body?: string;
  // --- a waiting request for a range that its fileserver locks, too (rules/range-asks.ts)
  /** It does not wait its turn: only for the fileserver's first answer. */
  atOnce?: boolean;
  /** The last ask that it was part of, and whether the fileserver has locked it. */
  askedIn?: number;
  locked?: boolean;
  /** Why the fileserver refused it last, and when it is asked again. */
  refusedBy?: Reason;
  askAfter?: number;
}

/** A change of a file that waits until everything it breaks is gone. */
export interface ChangeRow extends RequestRow {
  kind: ChangeKind;
  quietMs: number;
  body?: string;
  /** What the holders of a directory's delegations are told when it is made. */
  notice?: DirectoryChange;
  /** How long it may take after it is allowed; whoever is not told by then is recalled. */
  reportMs?: number;
  /** It is allowed, and its report is awaited until `due`. */
  announced?: boolean;
}

/** A change of a directory: of an entry, or of its own attributes. */
export interface DirectoryChange {
  what: 'add' | 'remove' | 'rename' | 'attributes';
  /** The entry; of a rename, its name before. */
  name?: string;
  to?: string;
}

/** A lock on a resource, held in one of six modes, or a request for one (rules/resource.ts). */
export interface DlmRow extends RequestRow {
  /** What it holds; absent while a new request waits. */
  mode?: Mode;
  /** What it waits for, at `place` of the resource's queues. A lock with both modes is converting. */
  wants?: Mode;
  place: number;
  /** Its number among the locks granted in its mode; 0 while it waits or converts. */
  grantNo: number;
  /** Fencing token of a lock held in PW or EX; 0 = none. */
  token: number;
  /** Grows with every grant. */
  seqid: number;
  /** The strongest mode that it was told others want, since its last grant. */
  told?: Mode;
  // --- what the request that waits asked for
  valblk?: boolean;
  /** The mode to grant if the one it asks for cannot be (altpr, altcw). */
  alt?: Mode;
  nodlckwt?: boolean;
  convdeadlk?: boolean;
  persistent?: boolean;
  body?: string;
  /** The connection through which it was asked for, if any. */
  connection?: string;
  /** Of an orphan: the node on which its session was, and the tenant of that session. */
  home?: string;
  tenant?: string;
  // --- what came with its last grant
  /** The value block as read, if it was asked for. */
  read?: ValueBlock;
  demoted?: boolean;
  altMode?: boolean;
}

/** One of the places of a semaphore, or a request for one (rules/kinds/permit.ts). */
export interface PermitRow extends RequestRow, Tenure {
  /** Fencing token; 0 while it waits. */
  token: number;
  body?: string;
}

/** What is known of a semaphore besides its permits. */
export interface SemaphoreState {
  /** How many permits there may be at a time; as the first request said, while it is in use. */
  limit: number;
  held: number;
}

/**
 * A session's connection to a lock domain, an export. What was agreed when it was made does not change: the export
 * keeps its stack and its region while there is one.
 */
export interface ConnectionRow {
  no: number;
  sessionId: string;
  exportName: string;
  /** `hungUp`: it takes no request any more. */
  state: 'connected' | 'hungUp';
  stack: string;
  major: number;
  minor: number;
  node?: string;
  /** The region whose dead nodes it is told of. */
  region?: string;
  /** Its requests are being cancelled one by one, after this number. */
  walkAfter: number;
  body?: string;
}

/** A value block as read. `block`: hexadecimal digits; absent: nobody has written it yet. */
export interface ValueBlock {
  block?: string;
  valid: boolean;
}

/** How many locks or requests there are, by mode. */
export type ModeCounts = { [M in Mode]: number };

/** What is known of a resource besides its locks. */
export interface ResourceState {
  /** Locks by the mode they hold, including those that are converting. */
  granted: ModeCounts;
  /** Requests in the queues by the mode they want, and those of them that are conversions. */
  wanted: ModeCounts;
  converting: ModeCounts;
  /** Places given in the queues so far, and the number of the last grant. */
  places: number;
  lastGrant: number;
  block?: string;
  /** A holder of PW or EX went without writing the block, and nobody has written it since. */
  invalid?: boolean;
  /** Locks granted up to number `toldUpTo` have been told of the strongest mode that waits, `told`. */
  told?: string;
  toldUpTo: number;
}

/** What one owner has on one file; its own locks never conflict with each other. */
export interface ShareRow {
  /** The owner's lease; for a clientKey, the session's delegation. */
  leaseId?: string;
  opens: number;
  readOpens: number;
  writeOpens: number;
  denyReads: number;
  denyWrites: number;
  /** A session that waits to be told when a delegation is available. */
  wanted?: 'read' | 'write';
  wantedBy?: string;
  wantNo?: number;
  /** Id for the delegation, if it is to be granted instead of a signal. */
  wantId?: string;
  wantTimes?: boolean;
  wantNotify?: boolean;
  /** The one open that an NFS client's OPENs of this owner share. */
  openId?: string;
  /** The stateid of the owner's locks. */
  lockId?: string;
}

export interface BreakState {
  breakId: string;
  /** The break asks all leases granted up to this token. */
  upTo: number;
  target: 'none' | 'read';
  deadline: number;
  cause: Cause;
  /** Owner key of the breaker, whose own lease is exempt. */
  exempt?: string;
  /** When the fileserver itself will force the break, less a margin; the latest deadline of this break. 0 = never. */
  enforced: number;
  /** An owner that lost its exemption to a second breaker; it has its own deadline. */
  late?: string;
  lateDeadline: number;
  /** The break asks only delegations: its cause does not break leases. */
  delegations: boolean;
  /** Table time of its start. */
  since?: number;
  /** Why a lease was taken without its holder's answer. */
  forced?: string;
  /** What sessions in courtesy hold has been looked for and taken. */
  yielded?: boolean;
  /** The file is listed among those with a running break. */
  listed?: boolean;
}

export interface Ask {
  gen: number;
  type: LeaseType;
  until: number;
  /** The fileserver took the hold back before its answer arrived: the answer counts for no more than this. */
  lost?: LeaseType;
}

/** What the fileserver has locked of a file's ranges, on an export that says so (rules/range-asks.ts). */
export interface FileserverRanges {
  /** The adapter that locks them. */
  incarnation: string;
  /** The last ask that was answered, and the epoch of that answer. */
  gen: number;
  epoch: number;
  ask?: { gen: number; until: number };
  /** No new ask before this time. */
  askAfter: number;
  /** The first time at which a waiting request is to be asked for again; 0: none waits for that. */
  again: number;
  /** Every range that is held is locked there. */
  sure: boolean;
  /** What is held has changed since the last ask. */
  stale: boolean;
  /** `doubts` of the export when everything was last known to be locked. */
  doubts?: number;
}

export interface FileRow {
  no: number;
  exportName: string;
  fileId: string;
  path: string;
  inode: string;
  // --- live leases and opens. `reads` counts read leases, including delegations; there is at most one write lease, and
  // no other beside it.
  reads: number;
  writer?: string;
  delegReads: number;
  /** Those of them whose holders are told of changes; absent: none. */
  notified?: number;
  writerDelegation: boolean;
  pendingReads: number;
  pendingWriter?: string;
  opens: number;
  readOpens: number;
  writeOpens: number;
  denyReads: number;
  denyWrites: number;
  /** Range locks, and the levels of the interval tree used by read ranges since there were none (range-tree.ts). */
  ranges: number;
  levels?: number[];
  /** `waiting`: requests in the queue. `breakers`: those of them that break leases. */
  waiting: number;
  breakers: number;
  /** Changes that are allowed and whose reports are awaited; absent: none. */
  announced?: number;
  /** Sessions to be told when a delegation is available. */
  wants: number;
  /** No delegation is offered before this time. */
  coolUntil: number;
  /** Grows with every break and with everything else that voids pending leases. */
  breakNo: number;
  breaking?: BreakState;
  /** Leases granted up to this token are revoked, whether or not their rows say so yet. */
  revokedUpTo: number;
  /** The same watermark for delegations. */
  delegRevokedUpTo: number;
  /** Rows up to this token have yet to be updated. */
  clearUpTo: number;
  clearAfter: number;
  clearCause?: string;
  /** Intents of an earlier break number have yet to be undone, for this reason. */
  voidPending?: Reason;
  /** The last step left intents undecided: the next one continues. */
  morePending: boolean;
  /** Highest token minted for this file. */
  maxToken: number;
  /** Grants are refused before this time (lock delay after an expired session). */
  lockDelayUntil: number;
  // --- the hold at the fileserver: it certainly has `have` and at most `mayHave`.
  have: LeaseType;
  mayHave: LeaseType;
  holdGen: number;
  ask?: Ask;
  /** No new ask before this time (backoff). */
  askAfter: number;
  /** A break by the fileserver that has not been settled with it yet. */
  fsBreak?: { target: 'none' | 'read'; breakNo: number };
  incarnation: string;
  /** A superseded adapter that may still hold the file and is not proven dead. */
  predecessor?: string;
  /** Earlier ones that may hold the file, too. */
  morePredecessors?: string[];
  /** The fileserver may still honour revoked leases: nobody else is granted. */
  fence: boolean;
  /** The file's cookie under the old hold, while the new adapter is asked to take it over. */
  reclaim?: string;
  cookie?: string;
  detached: boolean;
  /** Opens and range locks with numbers up to this have been told that the name leads elsewhere. */
  toldTo?: number;
  /** How far a walk that ends everything on the file has come in its rows; it goes on in the next step. */
  endedTo?: number;
  /** The file system under which other exports find that this file is in use (keys.ts, sameFile). */
  tree?: string;
  /** `name`: in use by name, without a fileserver. `asked`: bound to a real file, the fileserver is being asked. */
  unbound?: 'name' | 'asked';
  /** The key that the file's identity at the fileserver would have given it (see AliasRow). */
  alias?: string;
  /** Everything held or waiting on the file is being ended, for this reason. */
  ending?: Reason;
  /** It is a resource: it has a name and locks in modes, but no file stands behind it. */
  resource?: ResourceState;
  /** It is a semaphore: it has a name and permits, but no file stands behind it. */
  semaphore?: SemaphoreState;
  /** Absent: the fileserver has locked no range of this file. */
  locked?: FileserverRanges;
  /** Listed among the export's files. */
  listed: boolean;
  /** `held`: listed among the export's held files. `unconfirmed`: counted among its unconfirmed ones. */
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

/** What is configured for one export. */
export interface OwnSettings {
  breakMs?: number;
  lockDelayMs?: number;
  directories?: boolean;
  /** The longest that a lease or a permit may be held, whether or not its request says so. */
  maxHoldMs?: number;
  /** `kernel`: range locks are held at the fileserver, too. */
  ranges?: RangesIn;
}

/** Where range locks are held: in the table only, or by the fileserver's kernel as well. */
export type RangesIn = 'table' | 'kernel';

export interface ExportRow {
  no: number;
  name: string;
  stack: string;
  /** `local`: it has no fileserver. */
  local: boolean;
  /** `none`: no adapter has registered yet. */
  state: 'none' | 'up' | 'lost';
  version: number;
  policy: Policy;
  /** If set, only sessions on nodes that are up in this region are served. */
  region?: string;
  /** Settings configured for this export; for the others the service's defaults apply. */
  own?: OwnSettings;
  /**
   * Made at first use and removed when nothing refers to it. `probes`: lookups that intend to use it; `until`: they
   * count until then.
   */
  demand?: { probes: number; until: number };
  /** An adapter has come and is first asked for what was granted without one; no new request is served. */
  opening?: boolean;
  /** `bound`: files whose identity a fileserver has given. `aliases`: those of them that keep another key. */
  bound: number;
  aliases: number;
  /** `stopped`: hung up, no requests are accepted. `operation`: the operation that hangs it up or removes it. */
  stopped?: boolean;
  operation?: string;
  /** Requests that arrived while no adapter served, by outcome; absent while there were none. */
  withoutBackend?: { refused: number; queued: number; unbacked: number };
  breakMs: number;
  lockDelayMs: number;
  breakLimitMs: number;
  incarnation: string;
  endpoint: string;
  process?: ProcessIdentity;
  /** The public key that the adapter proved; absent for adapters before protocol 1.7. */
  adapterKey?: string;
  /** For a lost export whose adapter is alive: what happened to its tree. */
  cause?: string;
  /** Where its tree is: the file system's identity, then the path within it. */
  fileSystem?: string;
  place?: string[];
  /** Identities of its directory and of those above it that mean the same to every stack, the nearest first. */
  ancestry?: string[];
  /** Another export has taken over its tree: its adapter has to register again. */
  yielded?: boolean;
  /** Superseded adapters that are not proven dead. */
  predecessors?: Predecessor[];
  /** The last few superseded incarnations; a register under one of these is refused. */
  past?: string[];
  seen: number;
  /** Whether the adapter has reported its holds since it registered, or since the table began a new life. */
  reported: boolean;
  /** Held files are being checked one by one, after this number. */
  walkAfter?: number;
  due: number;
  /** Files whose hold the fileserver has not confirmed. */
  unconfirmed: number;
  delegations: number;
  /** Whether directories may be delegated. */
  directories: boolean;
  /** Connections to it as a lock domain. */
  connections?: number;
  /** When sessions were last looked at for delegations to give back. */
  lookedAt?: number;
  /**
   * The export is in a grace period of its own until then. `graceNo`: sessions with smaller numbers were there when it
   * began; those that held something are in a list. `graceOpen`: they were too many for that.
   */
  graceUntil?: number;
  graceNo?: number;
  graceOpen?: boolean;
  /** Whether its adapter can lock ranges. */
  locksRanges?: boolean;
  /** How often it became doubtful whether the fileserver has what it had: a loss, another adapter. */
  doubts?: number;
  /** Its files are in all shards of the table (tree/follow.ts); otherwise in the first. */
  spread?: boolean;
}

/** How many locks in modes of one tenant have outlived their sessions, in one export; there is none without. */
export interface OrphansRow {
  count: number;
}

/** A kind of fileserver. `prefix`: exports whose names begin with it appear at first use. */
export interface StackRow {
  no: number;
  version: number;
  description?: string;
  prefix?: string;
  policy?: Policy;
  operation?: string;
}

/** An adapter's connection, by its incarnation: the version agreed at registration holds for its lifetime. */
export interface AdapterRow {
  no: number;
  stack: string;
  version: string;
  major: number;
  minor: number;
  endpoint: string;
  state: 'up' | 'lost' | 'stopping' | 'stopped';
  /** It has not reported its holds yet: nothing was asked of it. */
  silent?: boolean;
  /** Exports that were removed while it served them: it still names them, but that does not create them again. */
  left?: string[];
  seen: number;
  due: number;
  operation?: string;
}

/** A heartbeat region: how often its nodes beat, and how long a silence means death. */
export interface RegionRow {
  no: number;
  version: number;
  beatMs: number;
  deadMs: number;
  ackMs: number;
  operation?: string;
}

/** Subscribers are being notified about a node, one priority after the other. */
export interface Notice {
  noticeId: string;
  event: 'up' | 'down';
  /** Notified so far, in the order of the region's list of subscribers. */
  upTo: number;
  priority: number;
  until: number;
  /** Subscribers of this priority that have not acknowledged. */
  waits?: string[];
}

export interface NodeRow {
  no: number;
  version: number;
  region: string;
  description?: string;
  state: 'down' | 'up' | 'recovering';
  /** For a recovering node: its sessions are being refused, its subscribers told, or its locks released. */
  phase?: 'marking' | 'telling' | 'releasing';
  incarnation: string;
  /** Incarnations that are over and are refused from then on. */
  past?: string[];
  seen: number;
  /** How long it may be silent, as told at its last beat. */
  deadMs?: number;
  sessions: number;
  /** Its last incarnation stopped in order. */
  left?: boolean;
  /** Sessions that its last incarnation lost. */
  lost: number;
  /** Its sessions are being processed one by one, after this number. */
  walkAfter: number;
  notice?: Notice;
  due: number;
  operation?: string;
}

export interface SubscriptionRow {
  no: number;
  /** Order of arrival within one priority; below 2^40. A row of an earlier version has it in `no`. */
  place?: number;
  region: string;
  sessionId: string;
  priority: number;
  /** Of a connection: its id, which is the subscriber then. */
  connection?: string;
}

/** A session, or another item, depends on an item. */
export interface PinRow {
  no: number;
  on: string;
  sessionId?: string;
  by?: string;
  because?: string;
}

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
  /** `kind/name` of the item; for an adapter, `adapters/incarnation`. */
  of: string;
  state: 'running' | 'done';
  phase: 'cancelling' | 'breaking' | 'revoking' | 'done';
  startedWall: number;
  endedWall: number;
  deadline: number;
  /** It processes files one by one, after this number; absent: it waits for them to be gone. */
  walkAfter?: number;
  /** The operation that this one is part of, and that counts what it does. */
  part?: string;
  removed?: string[];
  /** Other shards have parts of it that are not known to be done (tree/follow.ts). */
  elsewhere?: boolean;
  due: number;
}

/** A file in use before its fileserver came keeps the key of its name; this row maps the key of its identity to it. */
export interface AliasRow {
  fileKey: string;
}

/** An open or a lock made with a requestId, or a stateid, that has ended: what a repeat is told. */
export interface EndedRow {
  no: number;
  /** Whose it was; absent in rows of before this was kept. */
  sessionId?: string;
  body: string;
  how: string;
  /** The request made no lock of its own id: it adopted this one. */
  adopted?: string;
  /** The NFS server's id of the request that ended it. */
  request?: string;
  /** It was taken from a session in courtesy, whose client has not freed its stateid yet. */
  taken?: boolean;
}

/** A lease API, for as long as it reports that it serves event streams. */
export interface ServerRow {
  due: number;
  /** The life in which it has said how far it had seen the table. */
  heardIn?: number;
  /** Its number in the list of lease APIs, and what it has said about itself; absent in an earlier version. */
  no?: number;
  format?: number;
  release?: string;
  library?: string;
}

export interface RowOf {
  meta: MetaRow;
  session: SessionRow;
  lease: LeaseRow;
  open: OpenRow;
  ended: EndedRow;
  range: RangeRow;
  change: ChangeRow;
  dlm: DlmRow;
  permit: PermitRow;
  connection: ConnectionRow;
  share: ShareRow;
  lockState: LockStateRow;
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
  subject: SubjectRow;
  orphans: OrphansRow;
  client: ClientRow;
}
export type Kind = keyof RowOf;

interface OnFile {
  fileKey: string;
  exportName: string;
  path: string;
}
/** About one lease or delegation, and its owner. */
interface OnLease extends OnFile {
  leaseId: string;
  sessionId: string;
  owner: string;
  ownerKey: string;
}
/** A live lease as it is after the change. */
interface LiveLease {
  type: LeaseType;
  token: number;
  grantNo: number;
}
/** About one lock on a resource. */
interface OnResource extends OnFile {
  lockId: string;
  connectionId?: string;
  sessionId: string;
  owner: string;
}
/** A grant in `mode`. */
interface Completion {
  mode: Mode;
  seqid: number;
  token?: number;
  read?: ValueBlock;
  demoted?: boolean;
  altMode?: boolean;
  turn: boolean;
  waitNo?: number;
}
/** About one owner's request on a file. */
interface OfRequest extends OnFile {
  sessionId: string;
  owner: string;
}

/**
 * A record is written in the same step as the change itself. Front ends follow the records, wake waiting requests and
 * pass the records on to holders. A record about many leases names the file and a watermark (`upTo`), never the leases.
 * `turn`: the request had been parked before this grant. `waitNo`: the number that the wait had in the queue which this decides.
 */
export type RecordBody =
  /** `endsWall`: wall clock at which it is taken away in any case. */
  | ({ kind: 'granted'; turn: boolean; endsWall?: number; waitNo?: number } & OnLease & LiveLease)
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
  /** An intent was undone. */
  | ({ kind: 'undone'; reason: Reason; waitNo?: number } & OnLease)
  | ({
      kind: 'break';
      breakId: string;
      target: 'none' | 'read';
      upTo: number;
      cause: Cause;
      /** Wall clock; absent = never forced. */
      deadlineWall?: number;
      exempt?: string;
      /** Only this owner has yet to hear of the break. */
      only?: string;
      /** Only delegations are broken. */
      delegations?: boolean;
    } & OnFile)
  | ({ kind: 'opened'; openId: string; access: Access; turn: boolean; waitNo?: number } & OfRequest)
  | ({ kind: 'closed'; openId: string; sessionId: string; reason: Reason | 'holder' } & OnFile)
  /** A range lock is gone, and neither its holder nor the end of its session did that. */
  | ({ kind: 'taken'; rangeId: string; reason: Reason } & OfRequest)
  /** `rangeId`: the lock that the request `waitId` has become, or become part of. */
  | ({
      kind: 'locked';
      waitId: string;
      rangeId: string;
      type: 'read' | 'write';
      turn: boolean;
      waitNo?: number;
    } & OfRequest)
  /** `announced`: its report is awaited. */
  | ({
      kind: 'changed';
      waitId: string;
      what: ChangeKind;
      turn: boolean;
      announced?: boolean;
      waitNo?: number;
    } & OfRequest)
  /** An announced change was made: for all holders of delegations that are told of changes, but the one who made it. */
  | ({ kind: 'directoryChanged'; change: DirectoryChange; exempt: string } & OnFile)
  /**
   * A waiting request ended without a grant: for a lease, an open, a lock in a mode (`lockId`), or (`waitId`) a range
   * lock or a change.
   */
  | ({
      kind: 'dropped';
      leaseId?: string;
      openId?: string;
      waitId?: string;
      lockId?: string;
      connectionId?: string;
      waitNo?: number;
      reason: Reason;
      /** For a deadlock: the requests that waited for each other. */
      cycle?: CycleMember[];
    } & OfRequest)
  /** A lock on a resource was granted, or its conversion was; with what came with it. */
  | ({ kind: 'completed' } & OnResource & Completion)
  /** A permit was granted. */
  | ({
      kind: 'permitted';
      lockId: string;
      token: number;
      turn: boolean;
      endsWall?: number;
      waitNo?: number;
    } & OfRequest)
  /** A permit is over. */
  | ({ kind: 'surrendered'; lockId: string; reason: Reason | 'holder' } & OfRequest)
  /** Somebody waits for `mode` on the resource of this lock. */
  | ({ kind: 'blocking'; mode: Mode } & OnResource)
  /** A granted lock is gone, and not because its holder unlocked it. */
  | ({ kind: 'unlocked'; reason: Reason } & OnResource)
  | ({
      kind: 'available';
      sessionId: string;
      type: 'read' | 'write';
      /** It was granted. */ leaseId?: string;
    } & OnFile)
  /** The session is asked to give delegations back, and to keep no more than so many. */
  | { kind: 'recallAny'; sessionId: string; keep: number; cause: Shortage }
  /** The name leads to another file, or to none: sent to every lease, or to the owner of one open or range lock. */
  | ({ kind: 'detached' } & OnFile)
  | ({ kind: 'detached'; fileKey?: undefined; openId?: string; rangeId?: string } & Omit<
      OfRequest,
      'fileKey'
    >)
  | ({ kind: 'reclaimed'; rangeId?: undefined } & OnFile)
  /** Everything that an export holds. */
  | { kind: 'reclaimed'; exportName: string; fileKey?: undefined; rangeId?: undefined }
  /** The fileserver has the range again. */
  | ({ kind: 'reclaimed'; rangeId: string; type: 'read' | 'write' } & OfRequest)
  /** `ranges`: the fileserver holds the ranges of the export, too. */
  | { kind: 'jeopardy'; exportName: string; cause: string; ranges?: boolean }
  | { kind: 'expired'; sessionId: string; cause: 'expired' | 'ended' | 'node_down' }
  /** A client asks for a file's attributes; `times`: for its times too. */
  | ({
      kind: 'attributes';
      askId: string;
      leaseId: string;
      times?: boolean;
      deadlineWall: number;
    } & OfRequest)
  /** The holder's answer, or why there is none. */
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
  | { kind: 'node'; sessionId: string; notice: NodeNotice }
  /** A node is dead, as told to a connection. `acknowledge`: what it held is kept until the connection has answered. */
  | ({ kind: 'recovery'; notice: NodeNotice; acknowledge?: boolean } & OnConnection)
  | ({ kind: 'disconnected'; reason: Reason } & OnConnection);

interface OnConnection {
  connectionId: string;
  sessionId: string;
  exportName: string;
}

/** A node went up or down, as told to one subscriber. */
export interface NodeNotice {
  noticeId: string;
  node: string;
  region: string;
  event: 'up' | 'down';
  incarnation: string;
}

/** Kinds of locks that can be held or requested on a file (rules/kinds). */
export type RequestKind = 'lease' | 'open' | 'range' | 'change' | 'dlm' | 'permit';
/** A table that an earlier version made does not count every kind yet. */
export type WaitCounts = { [K in RequestKind]?: number };
/** One request of a deadlock: its owner and its file. */
export interface CycleMember {
  id: string;
  kind: RequestKind;
  sessionId: string;
  owner: string;
  exportName: string;
  path: string;
  /** It belongs to another tenant, so its names are empty. */
  otherTenant?: true;
}
/** Number, epoch and time of a record. */
export interface Stamp {
  no: number;
  epoch: number;
  wall: number;
}
export type RecordRow = RecordBody & Stamp;
/** The ids that a record of any kind may have. */
export interface RecordNames extends Stamp {
  kind: RecordBody['kind'];
  sessionId?: string;
  fileKey?: string;
  leaseId?: string;
  openId?: string;
  waitId?: string;
  lockId?: string;
  connectionId?: string;
  askId?: string;
  item?: string;
}
export type RecordOf<K extends RecordBody['kind']> = Extract<RecordBody, { kind: K }> & Stamp;

/** A request to the fileserver, decided by a step. The process that ran the step sends it and reports the answer. */
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

/** A range that the fileserver should lock. */
export interface RangeWanted {
  id: string;
  class: RangeClass;
  type: 'read' | 'write';
  startHi: number;
  startLo: number;
  endHi: number;
  endLo: number;
}
/** A request to the fileserver to lock exactly what is `held`, and of `wants` what it can. */
export interface RangesAsk {
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  gen: number;
  held: RangeWanted[];
  wants: RangeWanted[];
  incarnation: string;
  endpoint: string;
}

/** The file that a fileserver is asked about: who has locked ranges of it there. */
export interface RangeTestAsk {
  exportName: string;
  path: string;
  fileId: string;
  incarnation: string;
  endpoint: string;
}

/** A break or a wait that has ended, for metrics. */
export interface Measured {
  /** `break`, or the kind of request that waited. */
  what: 'break' | RequestKind;
  /** `answered` or `granted`; otherwise why it ended. */
  outcome: string;
  ms: number;
}

export interface Entry {
  member: string;
  score: number;
}

/** The store as the rules see it. A row is the same object throughout a step; a changed row must be put. */
export interface Rows {
  /** Wall clock in milliseconds. */
  wall(): number;
  /** The caller's monotonic clock, in milliseconds from an arbitrary origin; each process has its own name. */
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
   * Members of a list whose scores are all 0, from `from` inclusive to `to` exclusive in character order, at most
   * `limit`. Members of such a list are ASCII.
   */
  span(list: string, from: string, to: string, limit: number): string[];
  /** Appends to the record log; the log keeps the last 100,000 or so. */
  record(row: RecordRow): void;
  /** Decimal digits of an integer: the only way to turn a number into text. */
  digits(n: number): string;
  /** Ten digits of an integer from 0 to 2^32, so that the texts sort like the numbers. */
  padded(n: number): string;
  /** The letter of a member, and what follows letter and colon; only keys.ts uses these. */
  letter(member: string): string;
  idOf(member: string): string;
  /** Whether a text begins with another. */
  begins(text: string, prefix: string): boolean;
  /** The bytes of a text in UTF-8. */
  size(text: string): number;
  /** A text without its first `n` characters. */
  tail(text: string, n: number): string;
}
