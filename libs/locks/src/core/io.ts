import type { Reason } from './reasons';
import type {
  Access,
  Attributes,
  Cause,
  ChangeKind,
  CycleMember,
  Deny,
  Did,
  HoldAsk,
  ItemKind,
  LeaseType,
  Limits,
  Place,
  Policy,
  ProcessIdentity,
  RangeClass,
  Want,
  WhyNot,
} from './rows';

/**
 * What goes into a verb and what comes out. Requests are never records: nothing here is stored as it is.
 * Ids, digests and keys are made by the caller; the rules have no randomness and no hash function.
 */
export interface Blocker extends Partial<Range> {
  id: string;
  kind: 'lease' | 'delegation' | 'open' | 'change' | RangeClass;
  sessionId: string;
  owner: string;
  pid: number;
  /** Lease type, access of an open, type of a range lock, kind of a change. */
  type: string;
  /** Of an open. */
  deny?: Deny;
  state: string;
}
/** Offsets are hi * 2^32 + lo; the last one, 2^63 - 1, is the end of the file wherever that is. */
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
/** An expected refusal: data, not an exception. The words for `reason` stand in #contracts. */
export interface Refusal {
  reason: Reason;
  blockers?: Blocker[];
  blockerCount?: number;
  break?: BreakView;
  leaseId?: string;
  retryAfterMs?: number;
  have?: LeaseType;
  breakLimitMs?: number;
  /** Who depends on what was to be removed, the first few. */
  dependents?: Dependent[];
  /** The version that the item has. */
  version?: number;
  /** The item that is not there: `kind/name`. */
  missing?: string;
  /** The export that was to be registered, and the one whose tree it shares. */
  overlap?: { exportName: string; other: string };
  /** The export by which the file is in use already. */
  usedBy?: string;
  /** Of a deadlock: the requests that wait for each other, the refused one first. */
  cycle?: CycleMember[];
  /** How what the request made has ended. */
  ended?: string;
}
export interface Refused {
  refused: Refusal;
}
export type { Attributes };

export interface SessionView {
  sessionId: string;
  ttlMs: number;
  expiresWall: number;
  state: 'live' | 'expiring' | 'expired' | 'ended';
  /** When it was last heard of: made, or kept alive. */
  seenWall: number;
  node?: string;
  pid: number;
  label?: string;
  rows: number;
  /** Event streams that it has, at any lease API. */
  streams: number;
}
export interface LeaseView {
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
  /** Waits in the queue for this type. */
  waitType?: LeaseType;
  state: 'allocated' | 'pending' | 'active' | 'breaking' | 'fencing' | 'revoked' | 'released';
  token: number;
  seqid: number;
  backed: boolean;
  break?: BreakView;
}
/** What became of a want of a delegation. */
export interface DelegationAnswer {
  lease?: LeaseView;
  /** The fileserver is being asked; a record about the lease says how it ended. */
  pending: boolean;
  whyNot?: WhyNot;
  /** Whether a record `available` will come when it may be asked for again. */
  willSignal?: boolean;
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
  /** What it waits to become. */
  toAccess?: Access;
  toDeny?: Deny;
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
}
/** Why a request waits, and where in the queue. */
export interface WaitView {
  id: string;
  kind: 'open' | 'lease' | 'range' | 'change';
  /** Requests that came before it and wait too. */
  ahead: number;
  /** Until it gives up. */
  remainingMs: number;
  why: Refusal;
}
export interface LockView extends Partial<Range> {
  id: string;
  no: number;
  kind: 'lease' | 'delegation' | 'open' | RangeClass | 'change';
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
  /** In the queue, for this type or access. */
  waits?: string;
  state: string;
  token?: number;
  backed?: boolean;
  break?: BreakView;
  /** Of one that waits: the hold, or the earlier waiter, that it waits for. */
  blockedBy?: string;
  /** With `tree`: who waits for this one, and for those in turn, each at its level: 1 for this one's own. */
  waiters?: LockView[];
  level?: number;
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
  /** `opening`: an adapter is there, and what was granted without one is asked for first. */
  state: 'none' | 'opening' | 'up' | 'lost' | 'stopping' | 'stopped';
  /** Whether its files go by their names at the moment: requests are granted without a fileserver. */
  byName: boolean;
  /** Why it is lost, where its adapter has said so. */
  cause?: string;
  fileSystem?: string;
  breakMs: number;
  lockDelayMs: number;
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
/** What depends on an item: `kind` is that of an item, or pins, sessions, adapters, files. */
export interface Dependent {
  kind: string;
  name: string;
  because?: string;
  /** Whose pin it is: `kind/name`. */
  by?: string;
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
}

/** A file as the adapter resolved it; for `local` fileId is the name and inode `<none>:0`. */
export interface FileRef {
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
  /** The export that it was resolved on, by its number: another export of the same name is another one. */
  exportNo?: number;
  /** The name only: no fileserver has said what it leads to, though the export has one, or will. */
  placeholder?: boolean;
  /** The export was made, or kept, for this very request (`exportTouch`). */
  probed?: boolean;
}
export interface OwnerRef {
  owner: string;
  ownerKey: string;
  /** Key of the session as such, whoever its owners are. */
  clientKey: string;
}
/** Taken in a grace period only, and then the only thing that is. */
interface Claim {
  reclaim?: boolean;
}
interface Credentials {
  /** Digest of the session's secret. Absent only for administrators. */
  digest?: string;
}
export interface AllocItem extends FileRef, OwnerRef {
  leaseId: string;
}
/** `pending`: the fileserver is being asked; a record about the lease says how it ended. `waiting`: it is in the queue. */
export interface LeaseAnswer {
  lease: LeaseView;
  pending: boolean;
  waiting: boolean;
}
export interface OpenAnswer {
  open: OpenView;
  waiting: boolean;
}

/** How far the table's clock is. An adapter keeps it, sealed by the service, and shows it again: a table below it has lost something. */
export interface Seen {
  epoch: number;
  token: number;
}

/** Every verb: [input, output]. */
export interface Verbs {
  /** At every connect: sets the limits, and begins another life of the table where the store was opened anew or restored. */
  identify: [
    {
      /** What the store says it is: another answer, or `doubt`, may mean that it was restored. */
      identity: string;
      doubt?: boolean;
      /** What it says of this opening. */
      opening?: string;
      /** How far the caller has followed the table, and the last token that it knows to be minted. */
      seen?: Place;
      minted?: number;
      /** Random, below 2^31: part of the name of a life. */
      salt?: number;
      limits: Limits;
      key?: string;
      /** A table that is new is left as it is. */
      mustExist?: boolean;
    },
    /**
     * `key`: of this table for good; the one that was proposed, if it had none. `restored`: it knows less than it did.
     * `fresh`: nobody has used it before.
     */
    { epoch: number; records: number; key?: string; restored: boolean; fresh: boolean },
  ];
  /** Whether the table's own past leads on from this place: events after it can be told. */
  placeCheck: [Place, { reached: boolean }];
  /** Settles what is due, at most a bounded piece. `nextMs`: until something is due again, at most a second. */
  tick: [Record<string, never>, { nextMs: number; epoch: number }];

  sessionCreate: [
    { sessionId: string; digest: string; ttlMs: number; node?: string; pid: number; label?: string },
    { session: SessionView } | Refused,
  ];
  sessionGet: [{ sessionId: string } & Credentials, { session: SessionView } | Refused];
  keepalive: [{ sessionId: string } & Credentials, { session: SessionView } | Refused];
  /** Ends in pieces: `more` means call again. By an administrator it expires. */
  sessionEnd: [{ sessionId: string } & Credentials, { more: boolean } | Refused];
  /** Of a lease API: how many event streams it has for these sessions. It says so every 5 s, if only that it is there. */
  streamsTell: [
    { server: string; sessions: { sessionId: string; streams: number }[]; leaving?: boolean },
    { known: boolean },
  ];
  sessionList: [{ after: number; limit: number }, { sessions: SessionView[]; after?: number }];

  leaseAlloc: [{ sessionId: string; items: AllocItem[] } & Credentials, { leases: LeaseView[] } | Refused];
  /** setlease: grant, convert, acknowledge or release. */
  leaseSet: [
    {
      leaseId: string;
      type: LeaseType;
      ifToken?: number;
      breakId?: string;
      waitMs?: number;
      /** Of an allocated lease: what its name leads to now, after `resolve_again`. */
      file?: FileRef;
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
  /** The requester gave up: the intent or the wait is void unless it was granted meanwhile. */
  leaseUndo: [{ leaseId: string; reason: Reason }, { lease?: LeaseView }];
  /** With `body`: only the lease that a request with this content made. */
  leaseGet: [{ leaseId: string; body?: string } & Credentials, { lease: LeaseView } | Refused];
  leaseList: [
    { sessionId: string; after: number; limit: number } & Credentials,
    { leases: LeaseView[]; after?: number } | Refused,
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
      /** An open with this id is there already: it is to have this access and deny as well as what it has. */
      reopen?: boolean;
      want?: Want;
      /** Names the delegation that may come with it. */
      delegationId?: string;
      /** To be told when a delegation that was refused may be had. */
      signal?: boolean;
    } & OwnerRef &
      Claim &
      Credentials,
    OpenAnswer | Refused,
  ];
  /** Changes an open in place. `lower`: what it has not must not be asked for (OPEN_DOWNGRADE). */
  openSet: [
    { openId: string; access: Access; deny: Deny; waitMs: number; lower: boolean } & Credentials,
    OpenAnswer | Refused,
  ];
  /** With `body`: only the open that a request with this content made. */
  openGet: [{ openId: string; body?: string } & Credentials, { open: OpenView } | Refused];
  /**
   * Closes an open, or cancels a waiting one. `ifWaiting`: only the latter; what was granted meanwhile stays. Refused while
   * one of these owners (their keys) has POSIX locks on the file.
   */
  openClose: [
    { openId: string; ifWaiting?: boolean; lockOwners?: string[] } & Credentials,
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
      directory?: boolean;
    } & Claim &
      Credentials,
    DelegationAnswer | Refused,
  ];
  /** Forgets a lease or a delegation that has ended (FREE_STATEID). */
  leaseFree: [{ leaseId: string } & Credentials, { freed: boolean } | Refused];

  /**
   * What a file is like, where somebody else may have changed it: `other`: the holder of the lease is asked, and a record
   * `answered` says what came of it. `none`, `own`: the fileserver knows, or the session itself. What the fileserver says
   * comes along; 64-bit numbers are hi * 2^32 + lo.
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
      /** Its times are wanted, too. */
      times?: boolean;
      /** How long the holder may take. */
      waitMs: number;
    } & Credentials,
    { holder: 'none' | 'own' | 'other'; leaseId?: string } | Refused,
  ];
  /** The holder's answer: what the file is like, or that it does not say. */
  attributesTell: [
    {
      leaseId: string;
      askId: string;
      refused?: boolean;
      /** Changed by the holder since it has the lease. */
      modified?: boolean;
      sizeHi?: number;
      sizeLo?: number;
      accessedAt?: string;
      modifiedAt?: string;
    } & Credentials,
    { told: boolean } | Refused,
  ];
  /** The holder did not say: its lease is recalled, which is the refusal; `none`, `own`: there is nothing to recall. */
  attributesRecall: [
    { sessionId: string; leaseId: string; askId: string } & Credentials,
    { holder: 'none' | 'own' } | Refused,
  ];

  /** Locks a range of bytes, or converts what the owner has there. */
  rangeLock: [
    {
      sessionId: string;
      /** Names the lock, or the wait for it, unless it becomes part of one that is there. Always a new one. */
      rangeId: string;
      /** Names the piece behind, where a range of the owner is cut in two. */
      splitId: string;
      file: FileRef;
      class: RangeClass;
      type: 'read' | 'write';
      waitMs: number;
      pid?: number;
    } & Range &
      OwnerRef &
      Claim &
      Credentials,
    { range: RangeView; waiting: boolean } | Refused,
  ];
  /** Unlocks what the owner has of a range; nothing there is nothing wrong. Cutting a range in two needs room for both. */
  rangeUnlock: [
    { sessionId: string; splitId: string; fileKey: string; class: RangeClass } & Range &
      OwnerRef &
      Credentials,
    { unlocked: boolean } | Refused,
  ];
  /** Who would block this lock (F_GETLK); nobody where `blocker` is absent. */
  rangeTest: [
    {
      sessionId: string;
      file: FileRef;
      class: RangeClass;
      type: 'read' | 'write';
    } & Range &
      OwnerRef &
      Credentials,
    { blocker?: Blocker } | Refused,
  ];
  /** Gives up the wait for exactly this lock, whatever it is called; there is none where it was granted or dropped before. */
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
  /** Unlocks a held range as a whole, or cancels a waiting one. `ifWaiting`: only the latter. */
  rangeDrop: [{ rangeId: string; ifWaiting?: boolean } & Credentials, { dropped: boolean } | Refused];

  /** What is about to happen to a file, before it does: breaks what it conflicts with. */
  fileChange: [
    {
      sessionId: string;
      changeId: string;
      file: FileRef;
      kind: ChangeKind;
      /** No lease and no delegation is granted for so long afterwards. */
      quietMs: number;
      waitMs: number;
      body?: string;
    } & OwnerRef &
      Credentials,
    { change: ChangeView; waiting: boolean } | Refused,
  ];
  changeCancel: [{ changeId: string } & Credentials, { cancelled: boolean } | Refused];

  /** Why a request waits, and its place in the queue. */
  waitGet: [{ id: string } & Credentials, { wait: WaitView } | Refused];

  /** The session has reclaimed all it wants (RECLAIM_COMPLETE). */
  reclaimComplete: [{ sessionId: string } & Credentials, { graceMs: number } | Refused];
  /** What is left of a grace period, and of the sessions that may still reclaim. */
  graceGet: [Record<string, never>, { graceMs: number; sessions: number }];

  fenceGet: [{ fileKey: string }, { highestToken: number }];
  fenceCheck: [
    { fileKey: string; token: number; access: 'read' | 'write' },
    { leaseId: string; type: LeaseType; state: string } | Refused,
  ];

  /** Administrators. `unfenced`: without waiting for the fileserver. */
  lockRelease: [{ id: string; unfenced: boolean }, { released: boolean } | Refused];
  lockBreak: [{ id: string; target: 'none' | 'read' }, { break?: BreakView } | Refused];
  lockGet: [{ id: string }, { lock: LockView } | Refused];
  /** Examines a bounded number of rows; a page may be short or empty and still have a cursor. */
  lockList: [
    {
      after: number;
      limit: number;
      fileKey?: string;
      exportName?: string;
      sessionId?: string;
      state?: string;
      kind?: string;
      type?: string;
      /** Waiters come nested in the row that blocks them. */
      tree?: boolean;
    },
    { locks: LockView[]; after?: number },
  ];

  // --- the configuration tree. `expect`: only if the item has this version; 0 = only if there is none.

  /** `stack`: of the fileserver that is to serve it; without one it needs none. */
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
      own: { breakMs?: number; lockDelayMs?: number; directories?: boolean };
      /** The service's defaults. */
      breakMs: number;
      lockDelayMs: number;
      directories?: boolean;
    },
    { created: boolean; item: ExportView } | Refused,
  ];
  /** Makes an export that appears at first use, of a stack whose prefix its name has; whoever asked is expected to use it soon. */
  exportTouch: [
    { name: string; stack: string; breakMs: number; lockDelayMs: number },
    { touched: true } | Refused,
  ];
  /** Counts requests that came while no adapter served. */
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
  /** Without `force` refused while something depends on it; with it an operation sees to that first. */
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
    { kind: ItemKind; name: string; after: number; limit: number },
    { dependents: Dependent[]; after?: number } | Refused,
  ];
  /** By a session (with its digest), or by another item. */
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

  /** Stops an export in order, or lets it go on. */
  exportHangup: [
    { name: string; operationId: string; deadlineMs: number },
    { operation: OperationView } | Refused,
  ];
  exportResume: [{ name: string }, { resumed: boolean } | Refused];
  /** Stops an adapter in order: its exports first. */
  adapterStop: [
    { stack: string; incarnation: string; operationId: string; deadlineMs: number },
    { operation: OperationView } | Refused,
  ];
  operationGet: [{ operationId: string }, { operation: OperationView } | Refused];
  operationList: [Record<string, never>, { operations: OperationView[] }];

  /** A node lives, or with `leaving` stops in order. */
  nodeBeat: [
    { name: string; incarnation: string; leaving?: boolean },
    { state: 'down' | 'up' | 'recovering'; beatMs: number; deadMs: number; sessionsLost: number } | Refused,
  ];
  /** A session is told of the nodes of a region, in the order of priorities. */
  subscribe: [
    { region: string; sessionId: string; priority: number } & Credentials,
    { subscribed: true } | Refused,
  ];
  unsubscribe: [{ region: string; sessionId: string } & Credentials, { unsubscribed: boolean } | Refused];
  /** A subscriber is done with a notice. */
  noticeAck: [
    { node: string; sessionId: string; noticeId: string } & Credentials,
    { taken: boolean } | Refused,
  ];

  /** Files that are in use by their names, and what those lead to at the fileserver that has come. */
  unboundList: [
    { exportName: string; incarnation: string; limit: number },
    { opening: boolean; files: { fileKey: string; path: string }[] },
  ];
  fileBind: [
    {
      exportName: string;
      fileKey: string;
      incarnation: string;
      /** The key that its identity gives it. */
      realKey: string;
      fileId: string;
      inode: string;
      /** Or why it leads nowhere. */
      failed?: Reason;
    },
    { bound: boolean },
  ];

  register: [
    {
      stack: string;
      version: string;
      /** What was agreed, or is to be. */
      major: number;
      minor: number;
      incarnation: string;
      process: ProcessIdentity;
      endpoint: string;
      exports: string[];
      breakMs: number;
      lockDelayMs: number;
      breakLimitMs: number;
      directories?: boolean;
      places?: { exportName: string; fileSystem: string; parts: string[] }[];
      seen?: Seen;
    },
    (
      | {
          seen: Seen;
          minor: number;
          predecessors: { incarnation: string; process: ProcessIdentity }[];
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
    /** `opening`: files are still to be bound. `stop`: let go of everything and exit. */
    { seen: Seen; known: boolean; opening: string[]; stop: boolean } | Refused,
  ];
  /**
   * An adapter stops in order: first it is about to let go, then (`letGo`) it holds nothing any more. Says which exports are
   * without it.
   */
  deregister: [{ incarnation: string; letGo: boolean }, { exports: string[] }];
  /** What the adapter says it holds, in pages up to `done`; a hold without a row is released. Only then it serves. */
  holdReport: [
    { incarnation: string; holds: (FileRef & { type: LeaseType; holdGen: number })[]; done: boolean },
    { adopted: number },
  ];
  /** The answer to a HoldAsk; `failed` stands for no answer. */
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
  /** Names of an export's files that have opens or range locks, or are waited for, from a number on; `after: 0`: no more. */
  nameList: [
    { exportName: string; after: number },
    { files: { fileKey: string; fileId: string; path: string }[]; after: number },
  ];
  /** The name no longer leads to the file: those who have it open or locked are told, a bounded number a step. */
  fileMoved: [{ fileKey: string; fileId: string; incarnation: string; path: string }, { told: number }];
  fileDetached: [
    { fileKey: string; exportName: string; holdGen: number; incarnation: string; path: string },
    { taken: boolean } | Refused,
  ];
}
export type VerbName = keyof Verbs;
export type VerbInput<V extends VerbName> = Verbs[V][0];
export type VerbOutput<V extends VerbName> = Verbs[V][1];

/** What leaves a step: the answer, and what the fileservers are to be asked. */
export interface StepReply<V extends VerbName> {
  value: VerbOutput<V>;
  asks: HoldAsk[];
}

/**
 * `read`: changes nothing. `grow`: refused when the table has no room for more. `break`: likewise, unless it has to break
 * somebody or adds nothing. `settle`: always allowed, lets go or tidies.
 */
export const verbFlags: { [V in VerbName]: 'read' | 'grow' | 'break' | 'settle' } = {
  identify: 'settle',
  placeCheck: 'read',
  tick: 'settle',
  sessionCreate: 'grow',
  sessionGet: 'settle',
  keepalive: 'settle',
  sessionEnd: 'settle',
  streamsTell: 'settle',
  sessionList: 'read',
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
  waitGet: 'settle',
  reclaimComplete: 'settle',
  graceGet: 'read',
  fenceGet: 'read',
  fenceCheck: 'settle',
  lockRelease: 'settle',
  lockBreak: 'settle',
  lockGet: 'read',
  lockList: 'read',
  exportDeclare: 'settle',
  exportList: 'read',
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
  fileserverBreak: 'settle',
  fileserverLost: 'settle',
  nameList: 'read',
  fileMoved: 'settle',
  fileDetached: 'settle',
};
