import type { z } from 'zod';
import type {
  Delegation,
  DlmConnection,
  DlmLocked,
  DlmResource,
  Lease,
  Lock,
  Open,
  Permit,
  Range,
  session,
  wait,
} from '#contracts';
import type {
  BreakView,
  DelegationAnswer,
  ConnectionView,
  DlmDump,
  DlmView,
  LeaseView,
  LockView,
  OpenView,
  PermitView,
  RangeView,
  ResourceView,
  SessionView,
  TenureView,
  WaitView,
} from '#locks';
import { otherOf } from '../application/ids';
import { base64Of } from '../application/value-block';
import { presentBreak, presentEnds, problemOfRefusal } from '../problem';

/** Converts the views of the rules to the shapes of the contracts: wire names, instants in RFC 3339. */
const instant = (wallMs: number): string => new Date(wallMs).toISOString();

export function presentSession(view: SessionView): z.infer<typeof session> {
  return {
    sessionId: view.sessionId,
    ttlMs: view.ttlMs,
    expiresAt: instant(view.expiresWall),
    lastSeenAt: instant(view.seenWall),
    state: view.state,
    node: view.node,
    pid: view.pid,
    label: view.label,
    tenant: view.tenant,
    subject: view.subject,
    locks: view.rows,
    streams: view.streams,
    tableLife: (view.tableLives ?? [view.tableLife]).join('.'),
  };
}

/** A break with its cause, as a lease shows it. */
export function presentLeaseBreak(view: BreakView): NonNullable<Lease['break']> {
  return { ...presentBreak(view), cause: view.cause };
}

/** Until when it may be held. */
const presentTenure = ({
  maxHoldMs,
  endsWall,
  remainingMs,
}: TenureView): Pick<Lease, 'maxHoldMs' | 'endsAt' | 'remainingMs'> => ({
  maxHoldMs,
  endsAt: endsWall === undefined ? undefined : instant(endsWall),
  remainingMs,
});

const stateidOf = (id: string, seqid: number): Lease['stateid'] => ({ seqid, other: otherOf(id) });

export function presentLease(view: LeaseView): Lease {
  return {
    leaseId: view.leaseId,
    sessionId: view.sessionId,
    owner: view.owner,
    export: view.exportName,
    file: view.path,
    fileId: view.fileId,
    type: view.type,
    delegation: view.delegation,
    pendingType: view.pendingType,
    waitType: view.waitType,
    waitNo: view.waitNo,
    state: view.state,
    token: view.token,
    stateid: stateidOf(view.leaseId, view.seqid),
    backed: view.backed,
    notify: view.notify === true ? true : undefined,
    ...presentTenure(view),
    break: view.break === undefined ? undefined : presentLeaseBreak(view.break),
  };
}

/** The lease, or why there is none. One for which the fileserver is still being asked counts as none. */
export function presentDelegation({ lease, pending, whyNot, willSignal }: DelegationAnswer): Delegation {
  if (lease !== undefined && !pending) return { lease: presentLease(lease) };
  return { whyNot: whyNot ?? 'RESOURCE', willSignal: willSignal === true };
}

/** Opens exist only in the table: no adapter is asked for them. */
const backedInTableOnly = false;

export function presentOpen(view: OpenView): Open {
  return {
    openId: view.openId,
    sessionId: view.sessionId,
    owner: view.owner,
    export: view.exportName,
    file: view.path,
    fileId: view.fileId,
    access: view.access,
    deny: view.deny,
    state: view.state,
    toAccess: view.toAccess,
    toDeny: view.toDeny,
    waitNo: view.waitNo,
    stateid: stateidOf(view.openId, view.seqid),
    backed: backedInTableOnly,
    delegation: view.delegation === undefined ? undefined : presentDelegation(view.delegation),
  };
}

export function presentRange(view: RangeView): Range {
  const { start = '', end = '' } = presentEnds(view);
  return {
    rangeId: view.rangeId,
    sessionId: view.sessionId,
    owner: view.owner,
    export: view.exportName,
    file: view.path,
    fileId: view.fileId,
    class: view.class,
    type: view.type,
    start,
    end,
    state: view.state,
    waitNo: view.waitNo,
    backed: view.backed,
  };
}

export function presentPermit(view: PermitView): Permit {
  return {
    permitId: view.permitId,
    sessionId: view.sessionId,
    owner: view.owner,
    export: view.exportName,
    semaphore: view.path,
    state: view.state,
    waitNo: view.waitNo,
    token: view.token,
    ...presentTenure(view),
  };
}

export function presentDlm(view: DlmView): DlmLocked {
  return {
    lockId: view.lockId,
    sessionId: view.sessionId,
    connectionId: view.connectionId,
    owner: view.owner,
    export: view.exportName,
    resource: view.path,
    state: view.state,
    mode: view.mode,
    wants: view.wants,
    waitNo: view.waitNo,
    seqid: view.seqid,
    token: view.token,
    persistent: view.persistent,
    blocking: view.blocking,
    value: view.read && presentValue(view.read),
    demoted: view.demoted,
    alternative: view.altMode,
  };
}

const presentValue = ({ block, valid }: { block?: string; valid: boolean }): DlmResource['value'] => ({
  block: base64Of(block),
  valid,
});

function presentDump(view: DlmDump): DlmResource['granted'][number] {
  const { pid, node, protocol, valblk, nodlckwt, alt, remainingMs } = view;
  return { ...presentDlm(view), pid, node, protocol, valblk, nodlckwt, alt, remainingMs };
}

export function presentConnection(view: ConnectionView): DlmConnection {
  const { connectionId, sessionId, exportName, state, stack, major, minor, node, nodeState, region } = view;
  return {
    ...{ connectionId, sessionId, export: exportName, state, stack, region },
    protocol: { major, minor },
    node: node === undefined ? undefined : { name: node, state: nodeState },
  };
}

export function presentResource(view: ResourceView): DlmResource {
  return {
    export: view.exportName,
    resource: view.path,
    value: presentValue(view),
    granted: view.granted.map(presentDump),
    converting: view.converting.map(presentDump),
    waiting: view.waiting.map(presentDump),
    more: view.more,
  };
}

export function presentWait({ id, kind, ahead, remainingMs, why }: WaitView): z.infer<typeof wait> {
  return { id, kind, ahead, remainingMs, why: problemOfRefusal({ refused: why }) };
}

/** Nests the waiters, which the table lists one after another, each with its level. */
function nested(waiters: readonly LockView[], level: number): Lock[] | undefined {
  const found: Lock[] = [];
  for (const [at, view] of waiters.entries()) {
    if (view.level !== level) continue;
    const next = waiters.findIndex((other, index) => index > at && (other.level ?? 0) <= level);
    const below = waiters.slice(at + 1, next < 0 ? undefined : next);
    found.push({ ...presentLock(view), waiters: nested(below, level + 1) });
  }
  return found.length > 0 ? found : undefined;
}

export function presentLock(view: LockView): Lock {
  return {
    id: view.id,
    no: view.no,
    kind: view.kind,
    sessionId: view.sessionId,
    owner: view.owner,
    export: view.exportName,
    file: view.path,
    fileId: view.fileId,
    inode: view.inode,
    pid: view.pid,
    label: view.label,
    node: view.node,
    courtesy: view.courtesy,
    ageMs: view.ageMs,
    type: view.type,
    deny: view.deny,
    ...presentEnds(view),
    pendingType: view.pendingType,
    waits: view.waits,
    state: view.state as Lock['state'],
    token: view.token,
    ...presentTenure(view),
    backed: view.kind === 'change' ? undefined : (view.backed ?? backedInTableOnly),
    break: view.break === undefined ? undefined : presentLeaseBreak(view.break),
    blockedBy: view.blockedBy,
    waiters: view.waiters === undefined ? undefined : nested(view.waiters, 1),
  };
}

/** Cursors are positions; to clients they are opaque. */
export const cursorOf = (after: number | undefined): string | undefined =>
  after === undefined ? undefined : String(after);
