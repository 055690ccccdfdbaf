import type { z } from 'zod';
import type { exportView, Lease, Lock, Open, session } from '#contracts';
import type { BreakView, ExportView, LeaseView, LockView, OpenView, SessionView } from '#locks';
import { presentBreak } from '../problem';

/** From the views of the rules to the shapes of the contracts: names as on the wire, instants in RFC 3339. */
const instant = (wallMs: number): string => new Date(wallMs).toISOString();

export function presentSession(view: SessionView): z.infer<typeof session> {
  return {
    sessionId: view.sessionId,
    ttlMs: view.ttlMs,
    expiresAt: instant(view.expiresWall),
    state: view.state,
    node: view.node,
    pid: view.pid,
    label: view.label,
    leases: view.rows,
  };
}

/** A break with its cause, as a lease shows it. */
export function presentLeaseBreak(view: BreakView): NonNullable<Lease['break']> {
  return { ...presentBreak(view), cause: view.cause };
}

export function presentLease(view: LeaseView): Lease {
  return {
    leaseId: view.leaseId,
    sessionId: view.sessionId,
    owner: view.owner,
    export: view.exportName,
    file: view.path,
    fileId: view.fileId,
    type: view.type,
    pendingType: view.pendingType,
    state: view.state,
    token: view.token,
    backed: view.backed,
    break: view.break === undefined ? undefined : presentLeaseBreak(view.break),
  };
}

export function presentOpen(view: OpenView): Open {
  return {
    openId: view.openId,
    sessionId: view.sessionId,
    owner: view.owner,
    export: view.exportName,
    file: view.path,
    fileId: view.fileId,
    access: view.access,
    state: view.state,
  };
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
    type: view.type,
    pendingType: view.pendingType,
    state: view.state as Lock['state'],
    token: view.token,
    backed: view.backed,
    break: view.break === undefined ? undefined : presentLeaseBreak(view.break),
    blockedBy: view.blockedBy,
  };
}

export function presentExport(view: ExportView): z.infer<typeof exportView> {
  return {
    name: view.name,
    stack: view.stack,
    state: view.state,
    breakMs: view.breakMs,
    breakLimitMs: view.breakLimitMs,
    incarnation: view.incarnation === '' ? undefined : view.incarnation,
    endpoint: view.endpoint === '' ? undefined : view.endpoint,
    unconfirmedFiles: view.unconfirmed,
  };
}

/** Cursors are positions; to clients they are opaque. */
export const cursorOf = (after: number | undefined): string | undefined =>
  after === undefined ? undefined : String(after);
