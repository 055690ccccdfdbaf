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
export type Cause = 'open' | 'fileserver' | 'admin';

export interface Limits {
  /** Leases and opens a session may have. */
  sessionRowsMax: number;
  sessionsMax: number;
  /** Opens that may wait on one file. */
  queueMax: number;
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
  epoch: number;
  /** Last fencing token minted: epoch * 2^32 + n. Also numbers grants, so that `grantNo <= upTo` can be asked. */
  token: number;
  /** Row numbers, break numbers and hold generations. */
  seq: number;
  /** Records written so far; they are numbered without gaps. */
  records: number;
  /** Wall clock at the last step, and what outages have taken off: table time = wall - skew. */
  wall: number;
  skew: number;
  /** What the store said it was; another answer raises the epoch. */
  identity: string;
  limits: Limits;
  sessions: number;
}

export interface SessionRow {
  no: number;
  digest: string;
  ttlMs: number;
  expires: number;
  /** Where the deadline index has it; a keepalive moves only `expires`. */
  due: number;
  state: 'live' | 'expiring' | 'ending' | 'expired' | 'ended';
  /** Leases and opens, finished ones not counted. */
  rows: number;
  node?: string;
  pid: number;
  label?: string;
}

export interface LeaseRow {
  no: number;
  sessionId: string;
  owner: string;
  /** Digest of session and owner: two rows with the same key are each other's own. */
  ownerKey: string;
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
  pid: number;
  type: LeaseType;
  /** As stored; `breaking`, `fencing` and mass revocation are derived from the file's row (see break.ts). */
  state: 'allocated' | 'pending' | 'active' | 'released' | 'revoked';
  pendingType?: LeaseType;
  /** The file's break number when the intent was made; if it has moved, the intent is void. */
  pendingBreakNo: number;
  /** Token of the first grant; renewed only when the lease survives a revocation of the rest. 0 = never granted. */
  grantNo: number;
  token: number;
  /** Deadline of an allocated or a finished row. */
  due: number;
  /** Digest of the request that made it, where it had a requestId. */
  body?: string;
  /** Made by `acquire`: a refusal leaves nothing behind. */
  once: boolean;
  /** Revoked while the fileserver still held it: reads as `fencing` as long as the file does. */
  fenced: boolean;
  cause?: string;
}

export interface OpenRow {
  no: number;
  sessionId: string;
  owner: string;
  ownerKey: string;
  fileKey: string;
  exportName: string;
  path: string;
  fileId: string;
  inode: string;
  pid: number;
  access: Access;
  state: 'open' | 'waiting';
  /** Deadline of a waiting one. */
  due: number;
  body?: string;
}

/** What one owner has on one file: what is own never conflicts. */
export interface ShareRow {
  leaseId?: string;
  opens: number;
  writeOpens: number;
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
  // --- live leases and opens. `reads` counts read leases; a write lease is alone.
  reads: number;
  writer?: string;
  pendingReads: number;
  pendingWriter?: string;
  opens: number;
  writeOpens: number;
  waiting: number;
  /** Moves with every break and with whatever else voids pending leases. */
  breakNo: number;
  breaking?: BreakState;
  /** Leases granted up to this token are revoked, whether or not their rows say so yet. */
  revokedUpTo: number;
  /** Rows up to this token still have to be told. */
  clearUpTo: number;
  clearAfter: number;
  clearCause?: string;
  /** Intents of an earlier break number still have to be told that they are void, and why. */
  voidPending?: string;
  /** The last step left intents undecided. */
  morePending: boolean;
  /** Highest token minted for this file. */
  maxToken: number;
  /** Grants are refused until then (lock delay after an expired session). */
  quietUntil: number;
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
  ghost?: string;
  /** Revoked leases are still to be taken back at the fileserver: nobody else is granted. */
  fence: boolean;
  /** The file's cookie under the old hold, while the new adapter is asked to take it over. */
  reclaim?: string;
  cookie?: string;
  detached: boolean;
  /** Listed among the export's held files / counted among its unconfirmed ones. */
  held: boolean;
  unsure: boolean;
  due: number;
}

export interface ProcessIdentity {
  hostId: string;
  bootId: string;
  pid: number;
  startTicks: string;
}

export interface ExportRow {
  no: number;
  name: string;
  stack: string;
  /** `local`: no fileserver stands behind it. */
  local: boolean;
  state: 'up' | 'lost';
  breakMs: number;
  lockDelayMs: number;
  breakLimitMs: number;
  holdsDieWithProcess: boolean;
  incarnation: string;
  endpoint: string;
  process?: ProcessIdentity;
  /** Superseded adapters that are not proven dead. */
  ghosts?: { incarnation: string; process: ProcessIdentity }[];
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
}

export interface RowOf {
  meta: MetaRow;
  session: SessionRow;
  lease: LeaseRow;
  open: OpenRow;
  share: ShareRow;
  file: FileRow;
  export: ExportRow;
}
export type Kind = keyof RowOf;

/**
 * What happened, written in the same step as the change itself. Front ends follow the records, wake who waits and fan
 * them out to holders. A record about many leases names the file and a watermark (`upTo`), never the leases.
 */
export interface Change {
  kind:
    | 'granted'
    | 'downgraded'
    | 'released'
    | 'revoked'
    | 'undone'
    | 'break'
    | 'opened'
    | 'closed'
    | 'dropped'
    | 'expired'
    | 'jeopardy'
    | 'reclaimed'
    | 'detached';
  sessionId?: string;
  leaseId?: string;
  openId?: string;
  fileKey?: string;
  exportName?: string;
  path?: string;
  owner?: string;
  ownerKey?: string;
  type?: LeaseType;
  access?: Access;
  token?: number;
  grantNo?: number;
  /** A grant that came after its request was parked. */
  turn?: boolean;
  reason?: string;
  cause?: string;
  breakId?: string;
  target?: 'none' | 'read';
  upTo?: number;
  /** Wall clock; absent = never forced. */
  deadlineWall?: number;
  exempt?: string;
  /** The break is news to this owner only. */
  only?: string;
  /** A lease that survives the revocation, and its new grantNo. */
  survivor?: string;
  survivorGrantNo?: number;
}
export interface RecordRow extends Change {
  no: number;
  epoch: number;
  wall: number;
}

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
  /** Members of `due` are a letter, a colon and an id: the letter, and the id. */
  letter(member: string): string;
  idOf(member: string): string;
}
