import { z } from 'zod';
import { item } from './configuration';
import type { EventName } from './names';
import { cycleMember } from './problem-body';
import { dlmValue } from './rest';
import { breakCause, leaseType, lockMode, zInstant } from './words';

/**
 * SSE events of a session (semantics.md §5). Delivered at least once, in order per file; a repeated break has the same breakId.
 * `id:` is opaque; an event without one shares the id of the next.
 */
const leaseRef = { leaseId: z.string(), owner: z.string(), export: z.string(), file: z.string() };
/** A lock in a mode, or a request for one. */
const dlmRef = {
  lockId: z.string(),
  /** The connection through which it was asked for, if any. */
  connectionId: z.string().optional(),
  owner: z.string(),
  export: z.string(),
  resource: z.string(),
};
/** The wait that this decides: the answer that said that the request waits has the same. */
const waitNo = z.number().optional();
const connectionRef = { connectionId: z.string(), export: z.string() };
/** A node of a region to which the session subscribed. */
const nodeNotice = z.object({
  node: z.string(),
  region: z.string(),
  /** Acknowledge it with POST /v1/nodes/{node}/acks; then subscribers of the next priority are told. */
  noticeId: z.string(),
  /** The life that has begun or ended. */
  incarnation: z.string(),
});
export const eventSchemas = {
  break: z.object({
    ...leaseRef,
    type: leaseType.meta({ description: 'The type of the lease now.' }),
    token: z.number(),
    breakId: z.string(),
    target: leaseType,
    deadlineAt: zInstant.optional(),
    remainingMs: z.number().optional(),
    cause: breakCause,
  }),
  downgraded: z.object({ ...leaseRef, type: leaseType, token: z.number(), cause: z.string() }),
  released: z.object({ ...leaseRef, cause: z.string() }),
  revoked: z.object({ ...leaseRef, cause: z.string() }),
  /**
   * A waiting request was granted: a lease or a delegation (`type`, `token`), an open (`access`), a range lock
   * (`rangeId` is the lock that it became, or became part of; `waitId` was its id while it waited), a change, or a
   * permit of the semaphore `file` (`token`).
   */
  granted: z.object({
    export: z.string(),
    file: z.string(),
    owner: z.string(),
    leaseId: z.string().optional(),
    delegation: z.literal(true).optional(),
    type: leaseType.optional(),
    token: z.number().optional(),
    openId: z.string().optional(),
    access: z.string().optional(),
    rangeId: z.string().optional(),
    changeId: z.string().optional(),
    permitId: z.string().optional(),
    /** When the lease or the permit is taken away in any case. */
    endsAt: zInstant.optional(),
    waitId: z.string().optional(),
    waitNo,
  }),
  /**
   * A waiting request ended without a grant; its lease or open, if any, is as it was before. `waitId` names a range
   * lock, a change or a permit. `cycle`: for a deadlock, the requests that waited for each other.
   */
  dropped: z.object({
    export: z.string().optional(),
    file: z.string().optional(),
    owner: z.string().optional(),
    leaseId: z.string().optional(),
    openId: z.string().optional(),
    waitId: z.string().optional(),
    waitNo,
    reason: z.string(),
    cycle: z.array(cycleMember).optional(),
  }),
  /** A lock in a mode was granted after it had waited, or its conversion was. `value`: the value block as it was read. */
  completed: z.object({
    ...dlmRef,
    mode: lockMode,
    seqid: z.number(),
    token: z.number().optional(),
    value: dlmValue.optional(),
    demoted: z.literal(true).optional(),
    alternative: z.literal(true).optional(),
    waitNo,
  }),
  /** Somebody wants the resource of this lock in a mode that it does not admit. */
  blocking: z.object({ ...dlmRef, mode: lockMode.meta({ description: 'The mode that is wanted.' }) }),
  /**
   * A request for a lock in a mode, or a conversion, ended without a grant. A lock that was converting keeps its mode.
   * `cycle`: as for `dropped`.
   */
  cancelled: z.object({ ...dlmRef, waitNo, reason: z.string(), cycle: z.array(cycleMember).optional() }),
  /**
   * A lock in a mode, or a permit (`lockId`) of the semaphore `resource`, is gone, and not because its holder gave it
   * back.
   */
  unlocked: z.object({ ...dlmRef, reason: z.string() }),
  /** An open or a range lock is gone, and neither its holder nor the end of its session did that. */
  lost: z.object({
    export: z.string(),
    file: z.string(),
    openId: z.string().optional(),
    rangeId: z.string().optional(),
    reason: z.string(),
  }),
  /**
   * A delegation that was refused with `willSignal` may now be granted. With `leaseId` it has been granted: an NFS server
   * asked for that.
   */
  available: z.object({
    export: z.string(),
    file: z.string(),
    type: leaseType,
    leaseId: z.string().optional(),
  }),
  /**
   * Something runs short: give delegations of these types back, the least useful first, until no more than `keep` are left.
   * It comes before anybody is refused, at most every 30 s, and has no deadline (CB_RECALL_ANY). `cause`: what runs short.
   */
  recallAny: z.object({
    keep: z.number(),
    types: z.array(z.enum(['read', 'write', 'directory'])),
    cause: z.enum(['session', 'subject', 'tenant', 'export', 'table']),
  }),
  /**
   * Somebody else has changed the directory of this delegation, which the holder keeps (CB_NOTIFY): an entry `name` was added,
   * removed, or renamed `to`; without `name`, the directory's own attributes have changed.
   */
  directoryChanged: z.object({
    ...leaseRef,
    change: z.enum(['add', 'remove', 'rename', 'attributes']),
    name: z.string().optional(),
    to: z.string().optional(),
  }),
  /**
   * Someone asks for the attributes of a file that the holder of this write lease may have changed: answer with
   * PUT /v1/leases/{leaseId}/attributes by the deadline, or the lease is recalled. `times`: times are wanted, too.
   */
  attributes: z.object({
    ...leaseRef,
    askId: z.string(),
    times: z.literal(true).optional(),
    deadlineAt: zInstant,
    remainingMs: z.number(),
  }),
  expired: z.object({ sessionId: z.string() }),
  /** Missed events are no longer available: read GET /v1/leases?sessionId=… */
  resync: z.object({ cause: z.string() }),
  /** The fileserver may have lost the state behind the leases of this export, and behind its ranges if it has these. */
  jeopardy: z.object({ export: z.string(), cause: z.string() }),
  /** The lease, or the range lock, is backed again. Only a lease has a token. */
  reclaimed: z.object({
    ...leaseRef,
    leaseId: z.string().optional(),
    rangeId: z.string().optional(),
    type: leaseType,
    token: z.number().optional(),
  }),
  /** The name no longer leads to the file of the lease, the open or the range lock. */
  detached: z.object({
    ...leaseRef,
    leaseId: z.string().optional(),
    openId: z.string().optional(),
    rangeId: z.string().optional(),
  }),
  /** A node is up, and what its last life held is released. */
  nodeUp: nodeNotice,
  /** A node is dead. What its sessions held is released once every subscriber has acknowledged or run out of time. */
  nodeDown: nodeNotice,
  /** A pin of this session is gone: the item it protected was removed by force. */
  unpinned: z.object({ pinId: z.string(), on: item, reason: z.string() }),
  /**
   * A node of the domain's region is dead, and what its sessions hold has not been given away yet. `acknowledge`: it is
   * kept until every connection has answered with POST /v1/nodes/{node}/acks, or has run out of time.
   */
  recovery: z.object({
    ...connectionRef,
    node: z.string(),
    region: z.string(),
    noticeId: z.string(),
    incarnation: z.string(),
    acknowledge: z.boolean(),
  }),
  /** A connection is over, after its last lock. Its own event stream ends with this. */
  disconnected: z.object({ ...connectionRef, reason: z.string() }),
} as const satisfies Record<EventName, z.ZodObject>;
/** The events by their names. */
export type Events = { [N in EventName]: z.infer<(typeof eventSchemas)[N]> };
export type EventOf<N extends EventName> = Events[N];
export type SessionEvent = { [N in EventName]: { id?: string; event: N; data: EventOf<N> } }[EventName];
