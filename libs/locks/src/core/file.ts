import { liveType, rank, wantedHold } from './conflict';
import type { FileRef } from './io';
import type { Change, ExportRow, FileRow, LeaseRow, OpenRow, ShareRow } from './rows';
import { earlier, nextSeq, record, setDue, type Step } from './step';

/** A file's row with its export, for the length of a step. `saveFile` writes it back or lets it vanish. */
export interface File {
  key: string;
  row: FileRow;
  exp: ExportRow;
}

export function loadFile(step: Step, key: string): File | undefined {
  const row = step.rows.get('file', key);
  if (row === undefined) return undefined;
  const exp = step.rows.get('export', row.exportName);
  if (exp === undefined) return undefined;
  return { key, row, exp };
}

/** The file's row, made at first use. */
export function enterFile(step: Step, ref: FileRef, exp: ExportRow): File {
  const known = step.rows.get('file', ref.fileKey);
  if (known !== undefined) return { key: ref.fileKey, row: known, exp };
  const row: FileRow = {
    no: nextSeq(step),
    exportName: ref.exportName,
    fileId: ref.fileId,
    path: ref.path,
    inode: ref.inode,
    reads: 0,
    pendingReads: 0,
    opens: 0,
    writeOpens: 0,
    waiting: 0,
    breakNo: 0,
    revokedUpTo: 0,
    clearUpTo: 0,
    clearAfter: 0,
    maxToken: 0,
    quietUntil: 0,
    have: 'none',
    mayHave: 'none',
    holdGen: 0,
    askAfter: 0,
    incarnation: exp.incarnation,
    fence: false,
    detached: false,
    morePending: false,
    held: false,
    unsure: false,
    due: 0,
  };
  return { key: ref.fileKey, row, exp };
}

function inUse(row: FileRow, now: number): boolean {
  return (
    row.reads > 0 ||
    row.writer !== undefined ||
    row.pendingReads > 0 ||
    row.pendingWriter !== undefined ||
    row.opens > 0 ||
    row.waiting > 0 ||
    row.breaking !== undefined ||
    row.clearUpTo > 0 ||
    row.voidPending !== undefined ||
    row.morePending ||
    row.quietUntil > now ||
    row.ask !== undefined ||
    row.ghost !== undefined ||
    row.mayHave !== 'none' ||
    row.have !== 'none'
  );
}

/** When this file next needs a look though nobody asks: 0 = never. */
function nextDue(row: FileRow, now: number): number {
  let due = 0;
  if (row.breaking !== undefined) due = row.breaking.deadline;
  if (row.ask !== undefined) due = earlier(due, row.ask.until);
  else if (row.askAfter > now) due = earlier(due, row.askAfter);
  if (row.quietUntil > now) due = earlier(due, row.quietUntil);
  // Work left over by a bounded step is due at once.
  if (row.voidPending !== undefined || row.morePending || (row.clearUpTo > 0 && !row.fence))
    due = earlier(due, now);
  return due;
}

function isUnsure(row: FileRow): boolean {
  return (
    row.ask !== undefined ||
    row.ghost !== undefined ||
    row.have !== row.mayHave ||
    row.mayHave !== wantedHold(row)
  );
}

export function saveFile(step: Step, file: File): void {
  const { key, row, exp } = file;
  const used = inUse(row, step.now);
  const held =
    !exp.local &&
    (row.mayHave !== 'none' || row.have !== 'none' || row.ghost !== undefined || row.ask !== undefined);
  if (held !== row.held) {
    const list = 'h:' + row.exportName;
    if (held) step.rows.link(list, key, row.no);
    else step.rows.unlink(list, key, row.no);
    row.held = held;
  }
  const unsure = used && !exp.local && isUnsure(row);
  if (unsure !== row.unsure) {
    exp.unconfirmed += unsure ? 1 : -1;
    step.rows.put('export', exp.name, exp);
    row.unsure = unsure;
  }
  setDue(step, 'f:' + key, row, used ? nextDue(row, step.now) : 0);
  if (used) step.rows.put('file', key, row);
  else step.rows.del('file', key);
}

// --- shares: what one owner has on one file

function shareId(fileKey: string, ownerKey: string): string {
  return fileKey + ':' + ownerKey;
}

export function shareOf(step: Step, fileKey: string, ownerKey: string): ShareRow {
  return step.rows.get('share', shareId(fileKey, ownerKey)) ?? { opens: 0, writeOpens: 0 };
}

export function saveShare(step: Step, fileKey: string, ownerKey: string, share: ShareRow): void {
  const id = shareId(fileKey, ownerKey);
  if (share.leaseId === undefined && share.opens === 0) step.rows.del('share', id);
  else step.rows.put('share', id, share);
}

/** The owner's live or pending lease on the file. A row that is revoked but not yet told so is none. */
export function ownLease(step: Step, file: File, share: ShareRow): LeaseRow | undefined {
  if (share.leaseId === undefined) return undefined;
  const lease = step.rows.get('lease', share.leaseId);
  if (lease === undefined || isRevoked(file.row, lease)) return undefined;
  return lease.state === 'active' || lease.state === 'pending' ? lease : undefined;
}

/** Whether the watermark of a mass revocation has passed the lease. */
export function isRevoked(row: FileRow | undefined, lease: LeaseRow): boolean {
  if (lease.state === 'revoked') return true;
  return row !== undefined && lease.state === 'active' && lease.grantNo <= row.revokedUpTo;
}

/** A file that is held more strongly than its live leases want keeps fencing until the fileserver has confirmed. */
export function needsFence(file: File): boolean {
  return (
    !file.exp.local && (file.row.ghost !== undefined || rank(file.row.mayHave) > rank(liveType(file.row)))
  );
}

// --- rows of leases and opens, as far as every kind of end shares them

/** Takes a lease row out of the lists of the living. The file's counters are the caller's business. */
export function finishLease(
  step: Step,
  id: string,
  lease: LeaseRow,
  state: 'released' | 'revoked',
  cause: string,
): void {
  const { rows } = step;
  if (lease.grantNo > 0) rows.unlink('f:' + lease.fileKey, id, lease.token);
  if (lease.pendingType !== undefined) rows.unlink('p:' + lease.fileKey, id, lease.no);
  const share = shareOf(step, lease.fileKey, lease.ownerKey);
  if (share.leaseId === id) {
    share.leaseId = undefined;
    saveShare(step, lease.fileKey, lease.ownerKey, share);
  }
  leaveSession(step, lease.sessionId, 'l:' + id, lease.no);
  lease.state = state;
  lease.pendingType = undefined;
  lease.cause = cause;
  setDue(step, 'l:' + id, lease, step.now + step.meta.limits.rememberMs);
  rows.put('lease', id, lease);
  const change = leaseChange(state, id, lease);
  change.cause = cause;
  record(step, change);
}

/** A record about one lease: whose it is, and, while it is live, what it is now. */
export function leaseChange(kind: Change['kind'], id: string, lease: LeaseRow): Change {
  const live = kind === 'granted' || kind === 'downgraded';
  return {
    kind,
    leaseId: id,
    sessionId: lease.sessionId,
    owner: lease.owner,
    ownerKey: lease.ownerKey,
    fileKey: lease.fileKey,
    exportName: lease.exportName,
    path: lease.path,
    type: live ? lease.type : undefined,
    token: live ? lease.token : undefined,
    grantNo: live ? lease.grantNo : undefined,
  };
}

/** Removes a lease row and every trace of it. */
export function forgetLease(step: Step, id: string, lease: LeaseRow): void {
  step.rows.unlink('all', 'l:' + id, lease.no);
  step.rows.unlink('x:' + lease.fileKey, 'l:' + id, lease.no);
  setDue(step, 'l:' + id, lease, 0);
  step.rows.del('lease', id);
}

/** Removes the row of an open or of a waiting open; opens are not remembered. */
export function forgetOpen(step: Step, id: string, open: OpenRow): void {
  step.rows.unlink('all', 'o:' + id, open.no);
  step.rows.unlink('x:' + open.fileKey, 'o:' + id, open.no);
  step.rows.unlink((open.state === 'open' ? 'o:' : 'w:') + open.fileKey, id, open.no);
  setDue(step, 'o:' + id, open, 0);
  leaveSession(step, open.sessionId, 'o:' + id, open.no);
  step.rows.del('open', id);
}

/** Numbers a row and enters it in the lists that every lease and open is in. */
export function enterLists(step: Step, member: string, sessionId: string, fileKey: string): number {
  const no = nextSeq(step);
  step.rows.link('all', member, no);
  step.rows.link('x:' + fileKey, member, no);
  step.rows.link('s:' + sessionId, member, no);
  countRow(step, sessionId, 1);
  return no;
}

export function leaveSession(step: Step, sessionId: string, member: string, no: number): void {
  step.rows.unlink('s:' + sessionId, member, no);
  countRow(step, sessionId, -1);
}

function countRow(step: Step, sessionId: string, by: 1 | -1): void {
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return;
  session.rows += by;
  step.rows.put('session', sessionId, session);
}
