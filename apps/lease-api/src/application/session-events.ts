import type { Cause, DirectoryChange, LeaseType, Mode, NodeNotice, Reason, Shortage } from '#locks';
import type { ItemKind } from './items';
import type { namedCycle } from './refusal';

/** What a session is told (docs/semantics.md §5). The edges convert it to the wire format. */

/** The lease that an event is about. */
export interface LeaseRef {
  leaseId: string;
  owner: string;
  export: string;
  file: string;
}
/** The lock on a resource that an event is about. */
export interface DlmRef {
  lockId: string;
  connectionId?: string;
  owner: string;
  export: string;
  resource: string;
}
/** The part of a break event that is the same for every holder. */
export interface BreakNews {
  breakId: string;
  target: 'none' | 'read';
  cause: Cause;
  deadlineAt?: string;
  remainingMs?: number;
}

export interface SessionEvents {
  /** The only event that may go to thousands at once; they all share one `news` object. */
  break: LeaseRef & { type: LeaseType; token: number; news: BreakNews };
  downgraded: LeaseRef & { type: LeaseType; token: number; cause: string };
  released: LeaseRef & { cause: string };
  revoked: LeaseRef & { cause: string };
  granted: {
    export: string;
    file: string;
    owner: string;
    leaseId?: string;
    delegation?: true;
    type?: LeaseType;
    token?: number;
    openId?: string;
    access?: string;
    rangeId?: string;
    changeId?: string;
    permitId?: string;
    endsAt?: string;
    waitId?: string;
    waitNo?: number;
  };
  dropped: {
    export?: string;
    file?: string;
    owner?: string;
    leaseId?: string;
    openId?: string;
    waitId?: string;
    waitNo?: number;
    reason: Reason;
    cycle?: ReturnType<typeof namedCycle>;
  };
  completed: DlmRef & {
    mode: Mode;
    seqid: number;
    token?: number;
    value?: { block?: string; valid: boolean };
    demoted?: true;
    alternative?: true;
    waitNo?: number;
  };
  blocking: DlmRef & { mode: Mode };
  cancelled: DlmRef & { waitNo?: number; reason: Reason; cycle?: ReturnType<typeof namedCycle> };
  unlocked: DlmRef & { reason: Reason };
  lost: { export: string; file: string; openId?: string; rangeId?: string; reason: Reason };
  available: { export: string; file: string; type: LeaseType; leaseId?: string };
  recallAny: { keep: number; types: ('read' | 'write' | 'directory')[]; cause: Shortage };
  directoryChanged: LeaseRef & { change: DirectoryChange['what']; name?: string; to?: string };
  attributes: LeaseRef & { askId: string; times?: true; deadlineAt: string; remainingMs: number };
  expired: { sessionId: string };
  resync: { cause: string };
  jeopardy: { export: string; cause: string };
  /** Of a lease, or of a range lock. */
  reclaimed:
    | (LeaseRef & { type: LeaseType; token: number })
    | (Omit<LeaseRef, 'leaseId'> & { rangeId: string; type: LeaseType });
  /** Of a lease, or of an open or a range lock. */
  detached: LeaseRef | (Omit<LeaseRef, 'leaseId'> & { openId?: string; rangeId?: string });
  nodeUp: Omit<NodeNotice, 'event'>;
  nodeDown: Omit<NodeNotice, 'event'>;
  recovery: Omit<NodeNotice, 'event'> & { connectionId: string; export: string; acknowledge: boolean };
  disconnected: { connectionId: string; export: string; reason: Reason };
  unpinned: { pinId: string; on: { kind: ItemKind; name: string }; reason: Reason };
}
export type SessionEventName = keyof SessionEvents;
/** `id`: a client that has received it may resume after it. Only the last event of a record has one. */
export type SessionEvent = {
  [N in SessionEventName]: { event: N; data: SessionEvents[N]; id?: string };
}[SessionEventName];

/** Where a session's events go: a connected client. */
export interface EventSink {
  /** Takes events for the client. A client that reads too slowly is cut off by the sink. */
  tell(events: readonly SessionEvent[]): void;
  /** No event concerned the client. `id`: where it may resume, if it has been told everything so far. */
  ping(id: string | undefined): void;
  /** Resolves when little is left to send, or when the client is gone. */
  drained(): Promise<void>;
  end(): void;
  readonly closed: boolean;
}
