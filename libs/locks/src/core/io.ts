import type { Access, Cause, HoldAsk, LeaseType, Limits, ProcessIdentity } from './rows';

/**
 * What goes into a verb and what comes out. Requests are never records: nothing here is stored as it is.
 * Ids, digests and keys are made by the caller; the rules have no randomness and no hash function.
 */
export interface Blocker {
  id: string;
  kind: 'lease' | 'open';
  sessionId: string;
  owner: string;
  type: string;
  state: string;
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
  reason: string;
  blockers?: Blocker[];
  blockerCount?: number;
  break?: BreakView;
  leaseId?: string;
  retryAfterMs?: number;
  have?: LeaseType;
  breakLimitMs?: number;
}
export interface Refused {
  refused: Refusal;
}

export interface SessionView {
  sessionId: string;
  ttlMs: number;
  expiresWall: number;
  state: 'live' | 'expiring' | 'expired' | 'ended';
  node?: string;
  pid: number;
  label?: string;
  rows: number;
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
  pendingType?: LeaseType;
  state: 'allocated' | 'pending' | 'active' | 'breaking' | 'fencing' | 'revoked' | 'released';
  token: number;
  backed: boolean;
  break?: BreakView;
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
  state: 'open' | 'waiting';
}
export interface LockView {
  id: string;
  no: number;
  kind: 'lease' | 'open' | 'waiter';
  sessionId: string;
  owner: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
  pid: number;
  type: string;
  pendingType?: LeaseType;
  state: string;
  token?: number;
  backed?: boolean;
  break?: BreakView;
  blockedBy?: string;
  /** With `tree`: who waits for this lease, oldest first. */
  waiters?: LockView[];
}
export interface ExportView {
  name: string;
  stack: string;
  local: boolean;
  state: 'up' | 'lost';
  breakMs: number;
  breakLimitMs: number;
  incarnation: string;
  endpoint: string;
  unconfirmed: number;
}

/** A file as the adapter resolved it; for `local` fileId is the name and inode `<none>:0`. */
export interface FileRef {
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
}
export interface OwnerRef {
  owner: string;
  ownerKey: string;
}
interface Credentials {
  /** Digest of the session's secret. Absent only for administrators. */
  digest?: string;
}
export interface AllocItem extends FileRef, OwnerRef {
  leaseId: string;
}
/** `pending`: the fileserver is being asked; a record about the lease says how it ended. */
export interface LeaseAnswer {
  lease: LeaseView;
  pending: boolean;
}
export interface OpenAnswer {
  open: OpenView;
  waiting: boolean;
}

/** Every verb: [input, output]. */
export interface Verbs {
  /** At every connect: sets the limits, raises the epoch when the store is another one or lower than what was seen. */
  identify: [{ identity: string; epochSeen: number; limits: Limits }, { epoch: number; records: number }];
  /** Settles what is due, at most a bounded piece. `nextMs`: until something is due again, at most a second. */
  tick: [Record<string, never>, { nextMs: number; epoch: number }];

  sessionCreate: [
    { sessionId: string; digest: string; ttlMs: number; node?: string; pid: number; label?: string },
    { session: SessionView } | Refused,
  ];
  sessionGet: [{ sessionId: string } & Credentials, { session: SessionView } | Refused];
  keepalive: [{ sessionId: string } & Credentials, { session: SessionView } | Refused];
  /** Ends in pieces: `more` means call again. */
  sessionEnd: [{ sessionId: string } & Credentials, { more: boolean } | Refused];
  sessionList: [{ after: number; limit: number }, { sessions: SessionView[]; after?: number }];

  leaseAlloc: [{ sessionId: string; items: AllocItem[] } & Credentials, { leases: LeaseView[] } | Refused];
  /** setlease: grant, convert, acknowledge or release. */
  leaseSet: [
    { leaseId: string; type: LeaseType; ifToken?: number; breakId?: string } & Credentials,
    LeaseAnswer | Refused,
  ];
  leaseAcquire: [
    { sessionId: string; item: AllocItem; type: 'read' | 'write'; body?: string } & Credentials,
    LeaseAnswer | Refused,
  ];
  /** The requester gave up waiting: the intent is void unless it was granted meanwhile. */
  leaseUndo: [{ leaseId: string; reason: string }, { lease?: LeaseView }];
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
      waitMs: number;
      body?: string;
    } & OwnerRef &
      Credentials,
    OpenAnswer | Refused,
  ];
  /** With `body`: only the open that a request with this content made. */
  openGet: [{ openId: string; body?: string } & Credentials, { open: OpenView } | Refused];
  /** Closes an open, or cancels a waiting one. */
  openClose: [{ openId: string } & Credentials, { closed: boolean } | Refused];

  fenceGet: [{ fileKey: string }, { highestToken: number }];
  fenceCheck: [
    { fileKey: string; token: number; access: 'read' | 'write' },
    { leaseId: string; type: LeaseType; state: string } | Refused,
  ];

  /** Administrators. `unfenced`: without waiting for the fileserver. */
  lockRelease: [{ id: string; unfenced: boolean }, { released: boolean } | Refused];
  lockBreak: [{ id: string; target: 'none' | 'read' }, { break?: BreakView } | Refused];
  /** Examines a bounded number of rows; a page may be short or empty and still have a cursor. */
  lockList: [
    {
      after: number;
      limit: number;
      fileKey?: string;
      exportName?: string;
      sessionId?: string;
      state?: string;
      type?: string;
      /** Waiters come nested in the row that blocks them. */
      tree?: boolean;
    },
    { locks: LockView[]; after?: number },
  ];

  exportDeclare: [{ name: string; breakMs: number; lockDelayMs: number }, { declared: boolean }];
  exportList: [Record<string, never>, { exports: ExportView[] }];
  register: [
    {
      stack: string;
      incarnation: string;
      process: ProcessIdentity;
      endpoint: string;
      exports: string[];
      breakMs: number;
      lockDelayMs: number;
      breakLimitMs: number;
      holdsDieWithProcess: boolean;
      epochSeen: number;
    },
    { epoch: number; predecessors: { incarnation: string; process: ProcessIdentity }[] } | Refused,
  ];
  heartbeat: [
    { incarnation: string; exports: string[]; epochSeen: number; dead: string[] },
    { epoch: number; known: boolean } | Refused,
  ];
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
      failed?: string;
      have?: LeaseType;
      reason?: string;
      highestGen?: number;
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

/** `read`: changes nothing. `grow`: refused when memory is short. `settle`: always allowed, lets go or tidies. */
export const verbFlags: { [V in VerbName]: 'read' | 'grow' | 'settle' } = {
  identify: 'settle',
  tick: 'settle',
  sessionCreate: 'grow',
  sessionGet: 'settle',
  keepalive: 'settle',
  sessionEnd: 'settle',
  sessionList: 'read',
  leaseAlloc: 'grow',
  leaseSet: 'settle',
  leaseAcquire: 'grow',
  leaseUndo: 'settle',
  leaseGet: 'settle',
  leaseList: 'settle',
  openCreate: 'grow',
  openGet: 'settle',
  openClose: 'settle',
  fenceGet: 'read',
  fenceCheck: 'settle',
  lockRelease: 'settle',
  lockBreak: 'settle',
  lockList: 'read',
  exportDeclare: 'settle',
  exportList: 'read',
  register: 'settle',
  heartbeat: 'settle',
  holdReport: 'settle',
  holdAnswered: 'settle',
  fileserverBreak: 'settle',
  fileserverLost: 'settle',
  fileDetached: 'settle',
};
