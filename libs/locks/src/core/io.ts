import type { Reason } from './reasons';
import type {
  Access,
  Attributes,
  Cause,
  ChangeKind,
  CycleMember,
  Deny,
  Did,
  DirectoryChange,
  Held,
  HoldAsk,
  ItemKind,
  LeaseType,
  Limits,
  Measured,
  Mode,
  OwnSettings,
  Place,
  Policy,
  ProcessIdentity,
  RangeClass,
  RangesAsk,
  RangeTestAsk,
  RangesIn,
  RequestKind,
  ValueBlock,
  Want,
  SubjectLimits,
  WhyNot,
} from './rows';

/**
 * Inputs and outputs of the verbs. None of it is stored as it is. Callers make the ids, digests and keys; the rules
 * have no randomness and no hash function.
 */
/** What listings and refusals call a lock. */
export type LockName = Exclude<RequestKind, 'range'> | 'delegation' | RangeClass;
export interface Blocker extends Partial<Range> {
  id: string;
  kind: LockName;
  sessionId: string;
  owner: string;
  pid: number;
  /** Lease type, access of an open, type of a range lock, kind of a change. */
  type: string;
  /** Of an open. */
  deny?: Deny;
  state: string;
  /** Of its session. */
  label?: string;
  node?: string;
  /** Its session is in courtesy: it gives way to whoever conflicts with it alone. */
  courtesy?: true;
  /** How long it has been held, or has been waiting if it holds nothing. */
  ageMs?: number;
  /** It belongs to another tenant, so its names are empty. */
  otherTenant?: true;
  /** A program at the fileserver has it, so it has no id, session and owner. */
  atFileserver?: true;
}
/** A stateid as an NFS server shows it, besides the id: who should own it, and its seqid; 0 stands for the present one. */
export interface Shown {
  sessionId: string;
  seqid: number;
  /** The NFS server's id of the request: a repeat of the last one that was carried out on a stateid is recognised. */
  requestId?: string;
}
/** What the stateid of something held names. */
export interface HeldState {
  kind: 'open' | 'lock' | 'delegation';
  exportName: string;
  path: string;
  /** Of an open, of a delegation, or of the open under which a lock was taken. */
  access?: Access;
  /** Of locks. */
  owner?: string;
  /** Of a delegation: its holder is the authority for the file's times. */
  times?: boolean;
}
/** A LOCK of an NFS client: the stateid of its locks, or for the owner's first lock on the file that of an open. */
export interface LockShown extends Shown {
  /** Absent: a lock without an open, as of NFSv3. */
  id?: string;
  of: 'lock' | 'open';
  /** Id for the stateid, if this is the owner's first lock on the file. */
  freshId: string;
}
/** The stateid of an owner's locks on a file, as its client gets it. */
export interface LockStateid {
  id: string;
  seqid: number;
}
/** Offsets are hi * 2^32 + lo; the last offset, 2^63 - 1, means the end of the file, wherever that is. */
export interface Range {
  startHi: number;
  startLo: number;
  endHi: number;
  endLo: number;
}
export interface BreakView {
  breakId: string;
  target: 'none' | 'read';
  cause: Cause;
  /** Wall clock; absent = never forced. */
  deadlineWall?: number;
  remainingMs?: number;
}
/** An expected refusal: data, not an exception. #contracts has the text for each `reason`. */
export interface Refusal {
  reason: Reason;
  blockers?: Blocker[];
  blockerCount?: number;
  break?: BreakView;
  leaseId?: string;
  retryAfterMs?: number;
  /** Of a limit of the subject: what it uses, and what it may use. */
  used?: number;
  allowed?: number;
  have?: LeaseType;
  breakLimitMs?: number;
  /** The first few dependents of the item that was to be removed. */
  dependents?: Dependent[];
  /** The item's current version. */
  version?: number;
  /** The item that does not exist: `kind/name`. */
  missing?: string;
  /** The export to be registered, and the one whose tree overlaps with it. */
  overlap?: { exportName: string; other: string };
  /** The export through which the file is already in use. */
  usedBy?: string;
  /** For a deadlock: the requests that wait for each other, the refused one first. */
  cycle?: CycleMember[];
  /** How many permits the semaphore has. */
  limit?: number;
  /** How the result of the original request ended. */
  ended?: string;
  /** With `enter_first`: the session. */
  enters?: string;
}
export interface Refused {
  refused: Refusal;
}
export type { Attributes };

/** A lease API: what it runs, and the highest format that it lets the table have. */
export interface ServerView {
  server: string;
  format?: number;
  release?: string;
  library?: string;
}

export interface SessionView {
  sessionId: string;
  ttlMs: number;
  expiresWall: number;
  state: 'live' | 'courtesy' | 'expiring' | 'expired' | 'ended';
  /** When it was created or last kept alive. */
  seenWall: number;
  node?: string;
  pid: number;
  label?: string;
  tenant?: string;
  subject?: string;
  rows: number;
  /** Its event streams, over all lease APIs. */
  streams: number;
  /** How many of its delegations were revoked and not freed yet. */
  revoked: number;
  /** A grace period runs in which it may reclaim. */
  mayReclaim: boolean;
  /** How long its state is kept after its TTL while nobody wants it. */
  courtesyMs?: number;
  /** What was taken from it meanwhile, and not freed yet. */
  taken: number;
  /** Of the table: another one than before means that the table may have lost something. */
  tableLife: number;
  /** Of a table in shards: of each. */
  tableLives?: number[];
  /** The shards besides its home in which it may have something. */
  shards?: number[];
}
/** A request that waits, and the owners that are in its way; with `any`, one of them is enough to let it go on. */
export interface Wait extends CycleMember {
  waitNo: number;
  ownerKey: string;
  owners: string[];
  any: boolean;
}
/** How a session is that is at home in another shard. */
export type GuestState = 'live' | 'courtesy' | 'held' | 'expiring' | 'ending';
/** What other shards need to know of a session. */
export interface Guest {
  /** Its number at home. */
  no: number;
  digest: string;
  ttlMs: number;
  pid: number;
  node?: string;
  label?: string;
  tenant?: string;
  subject?: string;
  quota?: SubjectLimits;
  tenantQuota?: SubjectLimits;
  client?: string;
  principal?: string;
  complete?: boolean;
  courtesyMs?: number;
  /** In the grace period at home it was not there before, or has completed its reclaims. */
  isNew?: boolean;
  reclaimed?: boolean;
}
/** The state of a session, and the shards that may have it; `no` tells whether it has changed since. */
export interface SessionNews {
  sessionId: string;
  no: number;
  state: GuestState;
  /** For how long it has been over its TTL. */
  silentMs: number;
  shards: number[];
}

/** `name`: tenant, a space, and the subject; nothing after the space is the tenant as a whole. */
export interface SubjectView {
  name: string;
  sessions: number;
  rows: number;
  waits: number;
  limits?: SubjectLimits;
}
/** Of what may be held for a limited time only. */
export interface TenureView {
  maxHoldMs?: number;
  /** Wall clock; absent before the grant, and without a limit. */
  endsWall?: number;
  remainingMs?: number;
}
export interface LeaseView extends TenureView {
  leaseId: string;
  sessionId: string;
  owner: string;
  exportName: string;
  path: string;
  fileKey: string;
  fileId: string;
  ownerKey: string;
  grantNo: number;
  type: LeaseType;
  delegation: boolean;
  pendingType?: LeaseType;
  /** The type it waits for in the queue. */
  waitType?: LeaseType;
  /** The number under which it waits, or has waited for what the fileserver is being asked for. */
  waitNo?: number;
  state: 'allocated' | 'pending' | 'active' | 'breaking' | 'fencing' | 'revoked' | 'released';
  token: number;
  seqid: number;
  /** Its holder is the authority for the file's times. */
  times?: boolean;
  /** Its holder is told of changes of the directory. */
  notify?: boolean;
  backed: boolean;
  break?: BreakView;
}
/** The outcome of a request for a delegation. */
export interface DelegationAnswer {
  lease?: LeaseView;
  /** The fileserver is being asked; a record about the lease says how it ended. */
  pending: boolean;
  whyNot?: WhyNot;
  /** Whether a record `available` will tell when it is worth asking again. */
  willSignal?: boolean;
  /** Whether it will be granted by itself, and the record will name it. */
  willPush?: boolean;
}
export interface OpenView {
  openId: string;
  sessionId: string;
  owner: string;
  exportName: string;
  path: string;
  fileId: string;
  fileKey: string;
  access: Access;
  deny: Deny;
  seqid: number;
  state: 'open' | 'waiting';
  /** The access and deny it waits for. */
  toAccess?: Access;
  toDeny?: Deny;
  waitNo?: number;
  delegation?: DelegationAnswer;
}
export interface RangeView extends Range {
  rangeId: string;
  sessionId: string;
  owner: string;
  exportName: string;
  path: string;
  fileId: string;
  fileKey: string;
  class: RangeClass;
  type: 'read' | 'write';
  state: 'held' | 'waiting';
  waitNo?: number;
  /** The fileserver holds it, too. */
  backed: boolean;
  /** It waits for nothing but its fileserver's answer, for so long at most. */
  withinMs?: number;
}
export interface ChangeView {
  changeId: string;
  sessionId: string;
  owner: string;
  exportName: string;
  path: string;
  fileId: string;
  fileKey: string;
  kind: ChangeKind;
  /** It is allowed, and its report is awaited. */
  announced?: boolean;
  waitNo?: number;
}
/** Flags of a modal lock, by their names in the DLMs of VMS and Linux (semantics.md §4.7). */
export interface ModalFlags {
  noqueue?: boolean;
  noqueuebast?: boolean;
  quecvt?: boolean;
  convdeadlk?: boolean;
  nodlckwt?: boolean;
  expedite?: boolean;
  headque?: boolean;
  altpr?: boolean;
  altcw?: boolean;
  valblk?: boolean;
  ivvalblk?: boolean;
  persistent?: boolean;
  orphan?: boolean;
}
export interface DlmView {
  lockId: string;
  sessionId: string;
  owner: string;
  exportName: string;
  /** The name of the resource. */
  path: string;
  fileKey: string;
  connectionId?: string;
  state: 'granted' | 'converting' | 'waiting';
  mode?: Mode;
  wants?: Mode;
  waitNo?: number;
  seqid: number;
  token?: number;
  persistent?: boolean;
  /** The strongest mode that others were found to want since its last grant. */
  blocking?: Mode;
  /** What came with the last grant: the value block, if it was read; the lock was demoted; it got its alternative. */
  read?: ValueBlock;
  demoted?: boolean;
  altMode?: boolean;
}
/** A connection to a lock domain. */
export interface ConnectionView {
  connectionId: string;
  sessionId: string;
  exportName: string;
  state: 'connected' | 'hungUp';
  stack: string;
  /** The version that was agreed. */
  major: number;
  minor: number;
  /** The node that it acts for (`this node`), and how that is now, if the tree has it. */
  node?: string;
  nodeState?: 'down' | 'up' | 'recovering';
  region?: string;
}
export interface DlmAnswer {
  lock: DlmView;
  waiting: boolean;
}
/** A lock with all that is known of it. */
export interface DlmDump extends DlmView {
  pid: number;
  /** The node of its session; of an orphan, the node on which that was. */
  node?: string;
  /** The protocol of its connection. */
  protocol?: { major: number; minor: number };
  /** What the request that waits, or the last one, asked for. */
  valblk?: boolean;
  nodlckwt?: boolean;
  alt?: Mode;
  /** How long it will still wait. */
  remainingMs?: number;
}
/** A resource with its queues, each in order, and its value block. */
export interface ResourceView {
  exportName: string;
  path: string;
  block?: string;
  valid: boolean;
  granted: DlmDump[];
  converting: DlmDump[];
  waiting: DlmDump[];
  /** There are more locks than are listed. */
  more: boolean;
}
export interface PermitView extends TenureView {
  permitId: string;
  sessionId: string;
  owner: string;
  exportName: string;
  /** The name of the semaphore. */
  path: string;
  fileKey: string;
  state: 'held' | 'waiting';
  waitNo?: number;
  token?: number;
}
/** Why a request waits, and how far it is from being served. */
export interface WaitView {
  id: string;
  kind: RequestKind;
  /** Earlier requests that still wait. */
  ahead: number;
  /** How long it will still wait. */
  remainingMs: number;
  why: Refusal;
}
export interface LockView extends Partial<Range>, TenureView {
  id: string;
  no: number;
  kind: LockName;
  sessionId: string;
  owner: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
  pid: number;
  /** Lease type, access of an open, type of a range lock, kind of a change. */
  type: string;
  deny?: Deny;
  pendingType?: LeaseType;
  /** The type or access it waits for in the queue. */
  waits?: string;
  state: string;
  token?: number;
  backed?: boolean;
  break?: BreakView;
  /** For a waiting request: the hold, or the earlier waiter, that it waits for. */
  blockedBy?: string;
  /** Of its session. */
  label?: string;
  node?: string;
  /** Its session is in courtesy: it gives way to whoever conflicts with it. */
  courtesy?: true;
  /** How long it has been held, or has been waiting if it holds nothing. */
  ageMs?: number;
  /** With `tree`: the requests that wait for this one (`level` 1), and those that wait for them in turn. */
  waiters?: LockView[];
  level?: number;
  /** It belongs to another tenant than `viewer`, so its names are empty. */
  otherTenant?: true;
}
export interface ExportView {
  name: string;
  stack: string;
  local: boolean;
  no: number;
  version: number;
  policy: Policy;
  region?: string;
  demand: boolean;
  /** `opening`: an adapter has come and is first asked for what was granted without one. */
  state: 'none' | 'opening' | 'up' | 'lost' | 'stopping' | 'stopped';
  /** Whether its files are identified by name at the moment: requests are granted without a fileserver. */
  byName: boolean;
  /** Why it is lost, if its adapter has said so. */
  cause?: string;
  fileSystem?: string;
  breakMs: number;
  lockDelayMs: number;
  maxHoldMs?: number;
  ranges: RangesIn;
  breakLimitMs: number;
  incarnation: string;
  endpoint: string;
  major: number;
  minor: number;
  unconfirmed: number;
  unboundFiles: number;
  delegations: number;
  directories: boolean;
  refused: number;
  queued: number;
  unbacked: number;
  operation?: string;
  /** Its files are in all shards. */
  spread?: boolean;
}
/** What the other shards need to know of an export besides its adapter, which they hear themselves. */
export interface ExportCopy {
  name: string;
  no: number;
  version: number;
  stack: string;
  policy: Policy;
  own?: OwnSettings;
  breakMs: number;
  lockDelayMs: number;
  directories: boolean;
  stopped?: boolean;
  /** An operation runs on it, which may be its end. */
  busy: boolean;
  /** Files in use there. */
  inUse: boolean;
}
export interface AdapterView {
  incarnation: string;
  version: string;
  major: number;
  minor: number;
  endpoint: string;
  state: 'up' | 'lost' | 'stopping' | 'stopped';
  exports: string[];
}
export interface StackView {
  name: string;
  version: number;
  description?: string;
  prefix?: string;
  policy?: Policy;
  adapters: AdapterView[];
  exports: number;
  removing: boolean;
}
export interface RegionView {
  name: string;
  version: number;
  beatMs: number;
  deadMs: number;
  ackMs: number;
  nodes: number;
  subscribers: number;
  removing: boolean;
}
export interface NodeView {
  name: string;
  version: number;
  region: string;
  description?: string;
  state: 'down' | 'up' | 'recovering';
  incarnation: string;
  /** Wall clock; absent = never seen. */
  seenWall?: number;
  sessions: number;
  removing: boolean;
  notice?: { noticeId: string; event: 'up' | 'down'; priority: number; waitsFor: string[] };
}
/** A dependent of an item: `kind` is a kind of item, or pins, sessions, adapters, files. */
export interface Dependent {
  kind: string;
  name: string;
  because?: string;
  /** The item that made the pin: `kind/name`. */
  by?: string;
  /** It belongs to another tenant than the session that reads, or may: its name is empty. */
  otherTenant?: true;
}
export interface PinView {
  pinId: string;
  on: string;
  sessionId?: string;
  by?: string;
  because?: string;
}
export interface OperationView extends Did {
  operationId: string;
  kind: 'hangup' | 'remove' | 'stop';
  /** `kind/name`. */
  of: string;
  state: 'running' | 'done';
  phase: 'cancelling' | 'breaking' | 'revoking' | 'done';
  startedWall: number;
  deadlineWall: number;
  endedWall?: number;
  removed: string[];
  filesLeft: number;
  /** Other shards have parts of it that are not known to be done. */
  elsewhere?: boolean;
}

/** A file as the adapter resolved it; for `local` fileId is the name and inode `<none>:0`. */
export interface FileRef {
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
  /** Number of the export it was resolved on: an export that is made again under the same name has another. */
  exportNo?: number;
  /** It is a resource of a lock domain: its name is all there is. */
  resource?: boolean;
  /** It is a semaphore, whose name is all there is: how many permits the request wants it to have. */
  semaphore?: number;
  /** Only the name is known: no fileserver has resolved it, though the export has one or will have one. */
  placeholder?: boolean;
  /** The export was made, or kept, for this request (`exportTouch`). */
  probed?: boolean;
}
export interface OwnerRef {
  owner: string;
  ownerKey: string;
  /** Key of the session alone, the same for all its owners. */
  clientKey: string;
}
/** A reclaim is accepted only in a grace period, and nothing else is accepted then. */
interface Claim {
  reclaim?: boolean;
}
interface Credentials {
  /** Digest of the session's secret; absent for administrators only. */
  digest?: string;
}
export interface AllocItem extends FileRef, OwnerRef {
  leaseId: string;
  /** For how long it may be held at most. */
  maxHoldMs?: number;
}
/** `pending`: the fileserver is being asked; a record about the lease brings the outcome. `waiting`: queued. */
export interface LeaseAnswer {
  lease: LeaseView;
  pending: boolean;
  waiting: boolean;
}
export interface OpenAnswer {
  open: OpenView;
  waiting: boolean;
}

/**
 * How far the table's epoch and tokens have got. The adapter keeps it, sealed by the service, and presents it again: a
 * table that is behind it has lost something.
 */
export interface Seen {
  epoch: number;
  token: number;
  /** The same of the other shards, in their order. */
  others?: Seen[];
}

/** Every verb: [input, output]. */
export interface Verbs {
  /** At every connect: sets the limits, and begins a new life of the table if the store was opened anew or restored. */
  identify: [
    {
      /** The store's identity: a different one, or `doubt`, may mean that it was restored. */
      identity: string;
      doubt?: boolean;
      /** The store's id for this opening. */
      opening?: string;
      /** How far the caller has seen the table, and the highest token and number it knows of from there. */
      seen?: Place;
      minted?: number;
      numbered?: number;
      /** How far the caller has followed the log, in which others' steps are as well. */
      followed?: Place;
      /** Other lease APIs may use the store as well; this one's name among them. */
      shared?: boolean;
      server?: string;
      /** Random, below 2^31: part of the name of a life. */
      salt?: number;
      limits: Limits;
      key?: string;
      /** The same as `seen` of the other shards, in their order. */
      seenElsewhere?: Place[];
      /** If the table is new, leave it as it is. */
      mustExist?: boolean;
      /** Which shard of how many this is, if the table is new. */
      shard?: number;
      shards?: number;
    },
    /**
     * `key`: the table's permanent key; the proposed one, if it had none. `restored`: the table knows less than it did.
     * `fresh`: nobody has used it before. `shards`: how many the table has; `epochs`: of each, if there are several.
     */
    {
      epoch: number;
      epochs?: number[];
      records: number;
      key?: string;
      restored: boolean;
      fresh: boolean;
      shards: number;
    },
  ];
  /** Whether this place is in the table's own history, so that the events after it can be sent. */
  placeCheck: [Place, { reached: boolean }];
  /**
   * Settles a bounded part of what is due. `nextMs`: time until something is due again, at most a second. `sessions`,
   * `held`: how many there are.
   */
  tick: [
    Record<string, never>,
    /**
     * `news`: other shards have yet to learn of sessions (newsList). `operations`: some are running. `epochs`: of a table in shards, of each.
     * `life`: as in SessionView.
     */
    {
      nextMs: number;
      life: number;
      epoch: number;
      epochs?: number[];
      sessions: number;
      courteous: number;
      news?: boolean;
      operations?: boolean;
      held?: Held;
    },
  ];

  sessionCreate: [
    {
      sessionId: string;
      digest: string;
      ttlMs: number;
      node?: string;
      pid: number;
      label?: string;
      /** How long its state is kept after its TTL while nobody wants it; absent: not at all. */
      courtesyMs?: number;
      tenant?: string;
      subject?: string;
      /** What the subject may have; absent: it is not counted. */
      quota?: SubjectLimits;
      /** What its tenant may have as a whole; absent: it is not counted. */
      tenantQuota?: SubjectLimits;
    } & Claim,
    { session: SessionView } | Refused,
  ];
  /** EXCHANGE_ID: the session of a client that is known, or a new one that has yet to be confirmed. */
  clientExchange: [
    VerbInput<'sessionCreate'> & {
      /** The key of the client: of its owner, and of who speaks for it. */
      client: string;
      verifier: string;
      principal: string;
      /** Only for a client that is confirmed (EXCHGID4_FLAG_UPD_CONFIRMED_REC_A). */
      update?: boolean;
    },
    { session: SessionView; confirmed: boolean } | Refused,
  ];
  /** CREATE_SESSION: `more` means call again. */
  clientConfirm: [{ sessionId: string; principal?: string } & Credentials, { more: boolean } | Refused];
  sessionGet: [{ sessionId: string } & Credentials, { session: SessionView } | Refused];
  keepalive: [{ sessionId: string } & Credentials, { session: SessionView } | Refused];
  /** Ends the session in pieces: `more` means call again. If an administrator ends it, it expires. */
  sessionEnd: [{ sessionId: string } & Credentials, { more: boolean } | Refused];
  /**
   * A lease API reports how many event streams it has for these sessions. It reports every 5 s, even if only to show
   * that it is alive. `format`: the highest that it lets the table have; `release` and `library`: what it runs.
   */
  streamsTell: [
    {
      server: string;
      sessions: { sessionId: string; streams: number }[];
      leaving?: boolean;
      format?: number;
      release?: string;
      library?: string;
    },
    { known: boolean; format: number },
  ];
  /** The lease APIs of the table. `silent`: how many are of a version that does not say what it is. */
  serverList: [Record<string, never>, { format: number; servers: ServerView[]; silent: number }];
  sessionList: [{ after: number; limit: number }, { sessions: SessionView[]; after?: number }];

  // --- sessions in other shards than their home (guests.ts); only the table itself calls these

  /** At home: the session may enter that shard. */
  sessionEnter: [
    { sessionId: string; shard: number } & Credentials,
    { guest: Guest; state: 'live' | 'courtesy' } | Refused,
  ];
  /**
   * Elsewhere: the session is so, at home, and has been over its TTL for so long. `held`: it is over, but what it holds is kept for now. Those that end are
   * emptied in pieces: `more` means call again. `facts`: it enters.
   */
  guestSet: [
    { sessionId: string; state: GuestState; silentMs?: number; facts?: Guest },
    { more: boolean } | Refused,
  ];
  /** At home: the sessions whose state their shards have yet to learn. */
  newsList: [{ limit: number }, { news: SessionNews[] }];
  /**
   * At home: which of these guests of a shard it does not know, any more or at all. Those that it knows are noted, if that was
   * lost.
   */
  guestCheck: [{ shard: number; sessionIds: string[] }, { unknown: string[] }];
  /** At home: they have learned it. */
  newsTold: [{ sessionId: string; no: number }, { told: boolean }];
  subjectSet: [{ tenant: string; subject: string; limits?: SubjectLimits }, { known: boolean }];
  /** `names`: only these. */
  subjectList: [
    { after: number; limit: number; names?: string[] },
    { subjects: SubjectView[]; after?: number },
  ];

  leaseAlloc: [{ sessionId: string; items: AllocItem[] } & Credentials, { leases: LeaseView[] } | Refused];
  /** setlease: grant, convert, acknowledge or release. */
  leaseSet: [
    {
      leaseId: string;
      type: LeaseType;
      ifToken?: number;
      breakId?: string;
      waitMs?: number;
      /** For an allocated lease: the file its name leads to now, after `resolve_again`. */
      file?: FileRef;
      /** DELEGRETURN: the lease must be a delegation. */
      shown?: Shown;
    } & Credentials,
    LeaseAnswer | Refused,
  ];
  leaseAcquire: [
    {
      sessionId: string;
      item: AllocItem;
      type: 'read' | 'write';
      body?: string;
      waitMs?: number;
    } & Claim &
      Credentials,
    LeaseAnswer | Refused,
  ];
  /** The requester gave up: undoes the intent or the wait, unless it was granted meanwhile. */
  leaseUndo: [{ leaseId: string; reason: Reason }, { lease?: LeaseView }];
  /** With `body`: the lease only if a request with this content made it. */
  leaseGet: [{ leaseId: string; body?: string } & Credentials, { lease: LeaseView } | Refused];
  leaseList: [
    {
      sessionId: string;
      after: number;
      limit: number;
      exportName?: string;
      prefix?: string;
      /** Also says on which exports the session has range locks on this page; the same more than once, if they alternate. */
      ranges?: true;
    } & Credentials,
    { leases: LeaseView[]; rangesOn?: string[]; after?: number } | Refused,
  ];

  openCreate: [
    {
      sessionId: string;
      openId: string;
      file: FileRef;
      access: Access;
      deny: Deny;
      waitMs: number;
      body?: string;
      /** An owner's OPENs of a file are one open (RFC 8881 §9.9): it gets this access and deny besides what it has. */
      reopen?: boolean;
      /** The NFS server's id of the request. */
      requestId?: string;
      want?: Want;
      /** Id for the delegation that may come with it. */
      delegationId?: string;
      /** Send a signal when a delegation that was refused becomes available. */
      signal?: boolean;
      /** Grant it then. */
      push?: boolean;
      /** With a write delegation, the holder is the authority for the file's times (RFC 9754). */
      times?: boolean;
    } & OwnerRef &
      Claim &
      Credentials,
    OpenAnswer | Refused,
  ];
  /** Changes an open in place. `lower`: must not ask for more than the open has. */
  openSet: [
    {
      openId: string;
      access: Access;
      deny: Deny;
      waitMs: number;
      lower: boolean;
      /** OPEN_DOWNGRADE: what is left must be the union of some of the OPENs. */
      shown?: Shown;
    } & Credentials,
    OpenAnswer | Refused,
  ];
  /** With `body`: the open only if a request with this content made it. */
  openGet: [{ openId: string; body?: string } & Credentials, { open: OpenView } | Refused];
  /**
   * Closes an open, or cancels a waiting one. `ifWaiting`: cancels only; an open granted meanwhile stays. Refused while
   * a lock that was taken under the open is held.
   */
  openClose: [
    { openId: string; ifWaiting?: boolean; shown?: Shown } & Credentials,
    { closed: boolean } | Refused,
  ];

  /** A delegation without an open (WANT_DELEGATION). */
  delegationWant: [
    {
      sessionId: string;
      leaseId: string;
      file: FileRef;
      clientKey: string;
      want: Want;
      signal?: boolean;
      push?: boolean;
      times?: boolean;
      directory?: boolean;
      /** Tell the holder of changes, where they are reported, instead of recalling the delegation. */
      notify?: boolean;
    } & Claim &
      Credentials,
    DelegationAnswer | Refused,
  ];
  /** Forgets a lease or a delegation that has ended (FREE_STATEID). */
  leaseFree: [{ leaseId: string } & Credentials, { freed: boolean } | Refused];
  /** Whether a stateid of any kind is the present one of something held (TEST_STATEID), and of what. */
  stateidTest: [{ id: string; shown: Shown } & Credentials, { held: HeldState } | Refused];
  /** Forgets a revoked delegation, or the stateid of locks that are all released (FREE_STATEID). */
  stateidFree: [{ id: string; shown: Shown } & Credentials, { freed: boolean } | Refused];

  /**
   * Attributes of a file that another session may have changed. `other`: the holder of the lease is asked, and a record
   * `answered` brings the outcome. `none`, `own`: the fileserver's attributes are right, or the session has the lease
   * itself. The caller passes the fileserver's attributes; 64-bit numbers are hi * 2^32 + lo.
   */
  attributesAsk: [
    {
      sessionId: string;
      askId: string;
      file: FileRef;
      changeHi: number;
      changeLo: number;
      sizeHi: number;
      sizeLo: number;
      /** The times are requested, too. */
      times?: boolean;
      /** How long the holder may take. */
      waitMs: number;
    } & Credentials,
    { holder: 'none' | 'own' | 'other'; leaseId?: string } | Refused,
  ];
  /** The holder's answer: the attributes, or a refusal. */
  attributesTell: [
    {
      leaseId: string;
      askId: string;
      refused?: boolean;
      /** Whether the holder has changed the file since it got the lease. */
      modified?: boolean;
      sizeHi?: number;
      sizeLo?: number;
      /** As the holder gave them, and the same in milliseconds since 1970. */
      accessedAt?: string;
      modifiedAt?: string;
      accessedMs?: number;
      modifiedMs?: number;
    } & Credentials,
    { told: boolean } | Refused,
  ];
  /**
   * The holder did not answer: its lease is recalled, and the verb returns that as a refusal. `none`, `own`: there is
   * nothing to recall.
   */
  attributesRecall: [
    { sessionId: string; leaseId: string; askId: string } & Credentials,
    { holder: 'none' | 'own' } | Refused,
  ];

  /** Locks a range of bytes, or converts the owner's locks in it. */
  rangeLock: [
    {
      sessionId: string;
      /** Id for the lock, or for the wait, unless it merges with an existing lock. A new id, unless `body` is there. */
      rangeId: string;
      /**
       * Digest of a request that can be repeated under its id. It merges with no lock: what it gets can be given back
       * without anything that its owner had before.
       */
      body?: string;
      /** Id for the rear piece, if a range of the owner is cut in two. */
      splitId: string;
      /** Absent: the file of the stateid that is shown. */
      file?: FileRef;
      class: RangeClass;
      type: 'read' | 'write';
      waitMs: number;
      pid?: number;
      /** LOCK: the stateid of the owner's locks; for its first lock on the file, that of an open. */
      shown?: LockShown;
      /** How long it is kept for its owner if it is granted after a wait. */
      claimMs?: number;
    } & Range &
      OwnerRef &
      Claim &
      Credentials,
    { range: RangeView; waiting: boolean; stateid?: LockStateid } | Refused,
  ];
  /** Unlocks what the owner has in a range, if anything. Cutting a range in two needs room for both. */
  rangeUnlock: [
    {
      sessionId: string;
      splitId: string;
      fileKey: string;
      class: RangeClass;
      /** LOCKU: the stateid of the owner's locks, whose file counts instead of `fileKey`. */
      shown?: Shown & { id: string };
    } & Range &
      OwnerRef &
      Credentials,
    { unlocked: boolean; stateid?: LockStateid } | Refused,
  ];
  /** Which lock would block this one (F_GETLK); absent `blocker` = none in the table. `ask`: its fileserver may know one. */
  rangeTest: [
    {
      sessionId: string;
      file: FileRef;
      class: RangeClass;
      type: 'read' | 'write';
    } & Range &
      OwnerRef &
      Credentials,
    { blocker?: Blocker; ask?: RangeTestAsk } | Refused,
  ];
  /** Cancels the wait for exactly this lock, whatever its id; does nothing if it was granted or dropped before. */
  rangeCancel: [
    {
      sessionId: string;
      file: FileRef;
      class: RangeClass;
      type: 'read' | 'write';
    } & Range &
      OwnerRef &
      Credentials,
    { cancelled: boolean } | Refused,
  ];
  rangeGet: [{ rangeId: string } & Credentials, { range: RangeView } | Refused];
  /** Unlocks a held range completely, or cancels a waiting one. `ifWaiting`: cancels only. */
  rangeDrop: [{ rangeId: string; ifWaiting?: boolean } & Credentials, { dropped: boolean } | Refused];

  /** Announces a change to a file: breaks what it conflicts with. */
  fileChange: [
    {
      sessionId: string;
      changeId: string;
      file: FileRef;
      kind: ChangeKind;
      /** No lease or delegation is granted for this long afterwards. */
      quietMs: number;
      waitMs: number;
      body?: string;
      /** The caller will report whether it made the change, within `reportMs`: what holders of delegations are then told. */
      notice?: DirectoryChange;
      reportMs?: number;
    } & OwnerRef &
      Credentials,
    { change: ChangeView; waiting: boolean } | Refused,
  ];
  changeCancel: [{ changeId: string } & Credentials, { cancelled: boolean } | Refused];
  changeReport: [{ changeId: string; made: boolean } & Credentials, { reported: boolean } | Refused];
  /** The holder of a delegation could not be told of changes: it is recalled. */
  delegationUntold: [{ leaseId: string } & Credentials, { recalled: boolean } | Refused];

  /**
   * Connects a session to a lock domain, and subscribes it to the dead nodes of the domain's region. `stack`: only if
   * the export is bound to it. `node`: only if the session is on it.
   */
  connect: [
    {
      sessionId: string;
      connectionId: string;
      exportName: string;
      stack?: string;
      /** The highest version that the caller speaks. */
      major: number;
      minor: number;
      node?: string;
      body?: string;
    } & Credentials,
    { connection: ConnectionView } | Refused,
  ];
  connectionGet: [{ connectionId: string } & Credentials, { connection: ConnectionView } | Refused];
  /** For administrators. Examines a bounded number of rows. */
  connectionList: [
    { exportName: string; after: number; limit: number },
    { connections: ConnectionView[]; after?: number } | Refused,
  ];
  /** It takes no more requests, and those that wait are cancelled, in pieces: `more` means call again. */
  connectionHangup: [{ connectionId: string } & Credentials, { more: boolean } | Refused];
  /** After the hangup: unlocks what is left, in pieces, and ends the connection. */
  disconnect: [{ connectionId: string } & Credentials, { more: boolean } | Refused];
  /** A new lock on a resource. Without `waitMs` it does not queue, as with `noqueue`. */
  dlmLock: [
    {
      sessionId: string;
      lockId: string;
      /** Of this session, to the export of the resource. */
      connectionId?: string;
      file: FileRef;
      mode: Mode;
      flags: ModalFlags;
      waitMs: number;
      body?: string;
    } & OwnerRef &
      Claim &
      Credentials,
    DlmAnswer | Refused,
  ];
  /** Another mode for a granted lock, in place. `block`: the value block to write. */
  dlmConvert: [
    {
      lockId: string;
      mode: Mode;
      flags: ModalFlags;
      waitMs: number;
      block?: string;
      /** Only if the lock has this seqid: then the same conversion is never made twice. */
      seqid?: number;
    } & Credentials,
    DlmAnswer | Refused,
  ];
  /** Ends a wait, unless it has been granted meanwhile; a request that has yet to come is refused then. */
  dlmCancel: [
    /**
     * `ahead`: the id is made from the session's own requestId, so the request may yet come; any other id may be that of
     * somebody else's request. `repeatable`: the same request may come again, and is then a new one.
     */
    { sessionId: string; lockId: string; ahead?: boolean; repeatable?: boolean } & Credentials,
    { cancelled: boolean; lock?: DlmView } | Refused,
  ];
  /** Also ends what it waits for, without a word about that. */
  dlmUnlock: [
    { lockId: string; ivvalblk?: boolean; block?: string } & Credentials,
    { unlocked: true } | Refused,
  ];
  dlmGet: [{ lockId: string; body?: string } & Credentials, { lock: DlmView } | Refused];
  /** The session's locks and requests. Examines a bounded number of rows, as `leaseList`. */
  dlmList: [
    { sessionId: string; after: number; limit: number } & Credentials,
    { locks: DlmView[]; after?: number } | Refused,
  ];
  resourceGet: [{ fileKey: string; limit: number }, { resource: ResourceView } | Refused];
  /** A permit of a semaphore: at most as many at a time as `file.semaphore` says. */
  permitTake: [
    {
      sessionId: string;
      permitId: string;
      maxHoldMs?: number;
      file: FileRef & { semaphore: number };
      waitMs: number;
      body?: string;
    } & OwnerRef &
      Claim &
      Credentials,
    { permit: PermitView; waiting: boolean } | Refused,
  ];
  permitGet: [{ permitId: string } & Credentials, { permit: PermitView } | Refused];
  /** Whether a permit of the semaphore has exactly this token now. */
  permitCheck: [{ fileKey: string; token: number }, { permitId: string } | Refused];
  /**
   * How the taking of a set has ended; with `how`, it ends so, unless it has ended already. Several may be taking the
   * same: the first to decide decides for all.
   */
  setDecide: [
    { sessionId: string; setId: string; body: string; how?: string } & Credentials,
    { how?: string } | Refused,
  ];
  /** Gives a permit back, or ends the wait for one. With `ifWaiting` only the latter. */
  permitDrop: [{ permitId: string; ifWaiting?: boolean } & Credentials, { dropped: boolean } | Refused];

  /** Why a request waits, and its place in the queue. */
  waitGet: [{ id: string } & Credentials, { wait: WaitView } | Refused];

  /** The session has completed its reclaims (RECLAIM_COMPLETE). */
  reclaimComplete: [
    {
      sessionId: string;
      /** Only those in this export. */
      exportName?: string;
    } & Credentials,
    { graceMs: number } | Refused,
  ];
  /** Begins a grace period of one export, or with 0 ends it. Returns how many sessions it waits for. */
  exportGrace: [{ name: string; graceMs: number }, { graceMs: number; sessions: number } | Refused];
  /** Time left of the grace period, and how many sessions may still reclaim; with a name, of one of that export. */
  graceGet: [{ exportName?: string }, { graceMs: number; sessions: number }];

  fenceGet: [{ fileKey: string }, { highestToken: number }];
  fenceCheck: [
    { fileKey: string; token: number; access: 'read' | 'write' },
    { leaseId: string; type: LeaseType; state: string } | Refused,
  ];

  /** For administrators. `unfenced`: do not wait for the fileserver. */
  lockRelease: [{ id: string; unfenced: boolean }, { released: boolean } | Refused];
  lockBreak: [{ id: string; target: 'none' | 'read' }, { break?: BreakView } | Refused];
  lockGet: [{ id: string }, { lock: LockView } | Refused];
  /** Examines a bounded number of rows; a page may be short or empty and still have a cursor. */
  lockList: [
    {
      after: number;
      /** The page before ended within a file with a running break: this is the token of its last row. */
      within?: number;
      limit: number;
      fileKey?: string;
      exportName?: string;
      /** How the names begin. */
      prefix?: string;
      sessionId?: string;
      state?: string;
      kind?: string;
      type?: string;
      /** Nests waiters in the row that blocks them. */
      tree?: boolean;
      /** The session that is told: of other tenants it sees no names. */
      viewer?: string;
    },
    { locks: LockView[]; after?: number; within?: number },
  ];

  // --- the configuration tree. `expect`: only if the item has this version; 0 = only if it does not exist.

  /** `stack`: the stack of the fileserver that is to serve it; without a stack the export needs no fileserver. */
  exportDeclare: [
    { name: string; stack?: string; breakMs: number; lockDelayMs: number; directories?: boolean },
    { declared: boolean },
  ];
  exportList: [{ name?: string }, { exports: ExportView[] }];
  exportPut: [
    {
      name: string;
      expect?: number;
      stack: string;
      policy: Policy;
      region?: string;
      own: OwnSettings;
      /** The service's defaults. */
      breakMs: number;
      lockDelayMs: number;
      directories?: boolean;
    },
    { created: boolean; item: ExportView } | Refused,
  ];
  // --- deadlocks over several shards (guests.ts); only the table itself calls these

  /** The requests that wait in this shard, and for whom. */
  waitList: [{ after: number; limit: number }, { waits: Wait[]; after?: number }];
  /** It is part of a deadlock, if it is still the same wait. */
  waitDrop: [{ id: string; waitNo: number; cycle: CycleMember[] }, { dropped: boolean }];

  // --- exports in other shards than the first, which decides about them (tree/follow.ts); only the table itself calls these

  exportCopy: [{ name?: string }, { exports: ExportCopy[] }];
  /** The export is so; without `copy` there is none any more. Refused while files of what it replaces are in use. */
  exportFollow: [{ name: string; copy?: ExportCopy }, { changed: boolean } | Refused];
  /** The other shards have done their parts of an operation. */
  operationAlone: [{ operationId: string }, { known: boolean }];
  /** Makes an export at first use, if its name has the prefix of a stack; the caller is expected to use it soon. */
  exportTouch: [
    { name: string; stack: string; breakMs: number; lockDelayMs: number },
    { touched: true } | Refused,
  ];
  /** Counts requests that arrived while no adapter served. */
  exportCount: [{ name: string; refused: number; queued: number }, { counted: boolean }];
  stackPut: [
    { name: string; expect?: number; description?: string; prefix?: string; policy?: Policy },
    { created: boolean; item: StackView } | Refused,
  ];
  stackList: [{ name?: string }, { stacks: StackView[] }];
  regionPut: [
    { name: string; expect?: number; beatMs: number; deadMs: number; ackMs: number },
    { created: boolean; item: RegionView } | Refused,
  ];
  regionList: [{ name?: string }, { regions: RegionView[] }];
  nodePut: [
    { name: string; expect?: number; region: string; description?: string },
    { created: boolean; item: NodeView } | Refused,
  ];
  nodeList: [{ name?: string }, { nodes: NodeView[] }];
  /** Without `force`, refused while something depends on the item. With it, an operation removes dependents first. */
  itemRemove: [
    {
      kind: ItemKind;
      name: string;
      expect?: number;
      force: boolean;
      operationId: string;
      deadlineMs: number;
    },
    { operation?: OperationView } | Refused,
  ];
  dependentList: [
    /** `viewer`: the session that reads; absent: a caller who may see what everybody has. */
    { kind: ItemKind; name: string; after: number; limit: number; viewer?: string },
    { dependents: Dependent[]; after?: number } | Refused,
  ];
  /** Adds a pin of a session (with its digest) or of another item. */
  pinAdd: [
    {
      pinId: string;
      kind: ItemKind;
      name: string;
      sessionId?: string;
      by?: { kind: ItemKind; name: string };
      because?: string;
    } & Credentials,
    { pin: PinView } | Refused,
  ];
  pinGet: [{ pinId: string } & Credentials, { pin: PinView } | Refused];
  pinDrop: [{ pinId: string } & Credentials, { dropped: boolean } | Refused];

  /** Stops an export in order, or resumes it. */
  exportHangup: [
    { name: string; operationId: string; deadlineMs: number },
    { operation: OperationView } | Refused,
  ];
  exportResume: [{ name: string }, { resumed: boolean } | Refused];
  /** Stops an adapter in order, its exports first. */
  adapterStop: [
    { stack: string; incarnation: string; operationId: string; deadlineMs: number },
    { operation: OperationView } | Refused,
  ];
  operationGet: [{ operationId: string }, { operation: OperationView } | Refused];
  operationList: [Record<string, never>, { operations: OperationView[] }];

  /** A node is alive; with `leaving`, it stops in order. */
  nodeBeat: [
    { name: string; incarnation: string; leaving?: boolean },
    { state: 'down' | 'up' | 'recovering'; beatMs: number; deadMs: number; sessionsLost: number } | Refused,
  ];
  /** Subscribes a session to the nodes of a region, at a priority. */
  subscribe: [
    { region: string; sessionId: string; priority: number } & Credentials,
    { subscribed: true } | Refused,
  ];
  unsubscribe: [{ region: string; sessionId: string } & Credentials, { unsubscribed: boolean } | Refused];
  /** A subscriber acknowledges a notice. */
  noticeAck: [
    /** `connectionId`: the notice was a recovery notice to this connection. */
    { node: string; sessionId: string; noticeId: string; connectionId?: string } & Credentials,
    { taken: boolean } | Refused,
  ];

  /**
   * `unboundList`: files in use by name, without a fileserver. `fileBind`: what such a name leads to, now that the
   * fileserver has come.
   */
  unboundList: [
    { exportName: string; incarnation: string; limit: number },
    { opening: boolean; files: { fileKey: string; path: string }[] },
  ];
  fileBind: [
    {
      exportName: string;
      fileKey: string;
      incarnation: string;
      /** The key of its real identity. */
      realKey: string;
      fileId: string;
      inode: string;
      /** Set instead if the name does not lead to a file: why. */
      failed?: Reason;
    },
    { bound: boolean },
  ];

  register: [
    {
      stack: string;
      version: string;
      /** The protocol version agreed on, or proposed. */
      major: number;
      minor: number;
      incarnation: string;
      /** The adapter's own public key, which it has proved. */
      adapterKey?: string;
      process: ProcessIdentity;
      endpoint: string;
      exports: string[];
      breakMs: number;
      lockDelayMs: number;
      breakLimitMs: number;
      directories?: boolean;
      /** Whether the adapter can lock ranges. */
      locksRanges?: boolean;
      places?: { exportName: string; fileSystem: string; parts: string[]; ancestry?: string[] }[];
      seen?: Seen;
    },
    (
      | {
          seen: Seen;
          minor: number;
          predecessors: { incarnation: string; process: ProcessIdentity }[];
          /** As of a heartbeat. */
          spread?: string[];
        }
      | Refused
    ),
  ];
  heartbeat: [
    {
      incarnation: string;
      exports: string[];
      lost?: { exportName: string; cause: string }[];
      seen?: Seen;
      dead: string[];
    },
    /**
     * `opening`: exports with files still to be bound. `stop`: the adapter must let go of everything and exit. `minor`: the version of the
     * protocol that it was registered with. `spread`: of a table in shards, the exports whose files are in all of them.
     */
    (
      | { seen: Seen; known: boolean; opening: string[]; stop: boolean; minor?: number; spread?: string[] }
      | Refused
    ),
  ];
  /**
   * An adapter stops in order: first it announces that it will let go, then (`letGo`) that it holds nothing any more.
   * Returns the exports that lose it.
   */
  deregister: [{ incarnation: string; letGo: boolean }, { exports: string[] }];
  /**
   * The adapter reports its holds in pages, the last with `done`; only then does it serve. A hold without a row is
   * released.
   */
  holdReport: [
    {
      incarnation: string;
      /** `ranges`: it has locked ranges of the file, too. */
      holds: (FileRef & { type: LeaseType; holdGen: number; ranges?: boolean })[];
      done: boolean;
    },
    { adopted: number },
  ];
  /** The answer to a HoldAsk; `failed`: there was no answer. */
  holdAnswered: [
    {
      fileKey: string;
      holdGen: number;
      failed?: Reason;
      have?: LeaseType;
      reason?: Reason;
      inode?: string;
      cookie?: string;
    },
    { settled: boolean },
  ];
  /**
   * The answer to a RangesAsk: which requests the fileserver has locked, which it has not and why, and which held ranges
   * it could not lock. `failed`: there was no answer.
   */
  rangesAnswered: [
    {
      fileKey: string;
      gen: number;
      failed?: Reason;
      locked?: string[];
      refused?: { id: string; reason: Reason }[];
      lost?: string[];
    },
    { settled: boolean },
  ];
  fileserverBreak: [
    {
      fileKey: string;
      exportName: string;
      holdGen: number;
      incarnation: string;
      breakNo: number;
      target: 'none' | 'read';
      remainingMs?: number;
    },
    { taken: boolean } | Refused,
  ];
  fileserverLost: [
    {
      fileKey: string;
      exportName: string;
      holdGen: number;
      incarnation: string;
      have: LeaseType;
      cause: string;
    },
    { taken: boolean } | Refused,
  ];
  /**
   * Names of an export's files with opens, range locks or waiters, after a number; `after` 0 in the answer: no more.
   */
  nameList: [
    { exportName: string; after: number },
    { files: { fileKey: string; fileId: string; path: string }[]; after: number },
  ];
  /** The name no longer leads to the file: tells the owners of its opens and range locks, a bounded number per step. */
  fileMoved: [{ fileKey: string; fileId: string; incarnation: string; path: string }, { told: number }];
  fileDetached: [
    { fileKey: string; exportName: string; holdGen: number; incarnation: string; path: string },
    { taken: boolean } | Refused,
  ];
}
export type VerbName = keyof Verbs;
export type VerbInput<V extends VerbName> = Verbs[V][0];
export type VerbOutput<V extends VerbName> = Verbs[V][1];

/** What a step returns: the answer, the asks for fileservers, and the breaks and waits that ended. */
export interface StepReply<V extends VerbName> {
  value: VerbOutput<V>;
  asks: HoldAsk[];
  measured?: Measured[];
  /** Absent: none. */
  rangeAsks?: RangesAsk[];
  /** How far the table has come with this step. */
  reached: Reached;
}

/** A place in the log, the last token and the last number there. */
export interface Reached extends Place {
  token: number;
  seq: number;
}

/**
 * `read`: changes nothing. `grow`: refused when the table has no more room. `break`: also refused then, unless it has
 * to break a lease or adds nothing. `settle`: always allowed, because it releases or tidies.
 */
export const verbFlags: { [V in VerbName]: 'read' | 'grow' | 'break' | 'settle' } = {
  identify: 'settle',
  placeCheck: 'read',
  tick: 'settle',
  sessionCreate: 'grow',
  clientExchange: 'grow',
  clientConfirm: 'settle',
  sessionGet: 'settle',
  keepalive: 'settle',
  sessionEnd: 'settle',
  streamsTell: 'settle',
  serverList: 'read',
  sessionList: 'read',
  sessionEnter: 'settle',
  guestSet: 'settle',
  guestCheck: 'settle',
  newsList: 'read',
  newsTold: 'settle',
  waitList: 'read',
  waitDrop: 'settle',
  subjectSet: 'settle',
  subjectList: 'read',
  leaseAlloc: 'grow',
  leaseSet: 'settle',
  leaseAcquire: 'grow',
  leaseUndo: 'settle',
  leaseGet: 'settle',
  leaseList: 'settle',
  openCreate: 'break',
  openSet: 'break',
  openGet: 'settle',
  openClose: 'settle',
  delegationWant: 'grow',
  leaseFree: 'settle',
  stateidTest: 'settle',
  stateidFree: 'settle',
  attributesAsk: 'grow',
  attributesTell: 'settle',
  attributesRecall: 'settle',
  rangeLock: 'grow',
  rangeUnlock: 'settle',
  rangeTest: 'settle',
  rangeCancel: 'settle',
  rangeGet: 'settle',
  rangeDrop: 'settle',
  fileChange: 'break',
  changeCancel: 'settle',
  changeReport: 'settle',
  delegationUntold: 'settle',
  connect: 'grow',
  connectionGet: 'settle',
  connectionList: 'read',
  connectionHangup: 'settle',
  disconnect: 'settle',
  dlmLock: 'grow',
  dlmConvert: 'settle',
  dlmCancel: 'settle',
  dlmUnlock: 'settle',
  dlmGet: 'settle',
  dlmList: 'settle',
  resourceGet: 'read',
  permitTake: 'grow',
  permitGet: 'settle',
  permitDrop: 'settle',
  permitCheck: 'read',
  setDecide: 'settle',
  waitGet: 'settle',
  reclaimComplete: 'settle',
  exportGrace: 'settle',
  graceGet: 'read',
  fenceGet: 'read',
  fenceCheck: 'settle',
  lockRelease: 'settle',
  lockBreak: 'settle',
  lockGet: 'read',
  lockList: 'read',
  exportDeclare: 'settle',
  exportList: 'read',
  exportCopy: 'read',
  exportFollow: 'settle',
  operationAlone: 'settle',
  exportPut: 'grow',
  exportTouch: 'grow',
  exportCount: 'settle',
  stackPut: 'grow',
  stackList: 'read',
  regionPut: 'grow',
  regionList: 'read',
  nodePut: 'grow',
  nodeList: 'read',
  itemRemove: 'settle',
  dependentList: 'read',
  pinAdd: 'grow',
  pinGet: 'settle',
  pinDrop: 'settle',
  exportHangup: 'settle',
  exportResume: 'settle',
  adapterStop: 'settle',
  operationGet: 'read',
  operationList: 'read',
  nodeBeat: 'settle',
  subscribe: 'grow',
  unsubscribe: 'settle',
  noticeAck: 'settle',
  unboundList: 'read',
  fileBind: 'settle',
  register: 'settle',
  heartbeat: 'settle',
  deregister: 'settle',
  holdReport: 'settle',
  holdAnswered: 'settle',
  rangesAnswered: 'settle',
  fileserverBreak: 'settle',
  fileserverLost: 'settle',
  nameList: 'read',
  fileMoved: 'settle',
  fileDetached: 'settle',
};
