import type { Reason } from '../reasons';
import type { FileRef } from '../io';
import * as keys from '../keys';
import type { Access, Deny, Did, ExportRow, FileRow, FileserverRanges, LeaseRow, ShareRow } from '../rows';
import { count, earlier, endOfList, nextSeq, record, setDue, wallOf, type Step } from '../step';
import { leaveTenure } from './tenure';
import { liveType, rank, wantedHold } from './conflict';
import { isCourteous } from './courtesy';
import { modes } from './modes';
import { countFor } from './quota';
import { noteDelegations } from './surplus';

/** Leases that have ended may take about so many bytes, and one of them about so many beside its texts. */
const rememberedBytes = 134217728;
const rowBytes = 1000;

/** A file's row with its export, for one step. `saveFile` stores it, or deletes it when it is no longer in use. */
export interface File {
  key: string;
  row: FileRow;
  exp: ExportRow;
}

export function loadFile(step: Step, key: string): File | undefined {
  const row = step.rows.get('file', key);
  if (row === undefined) return aliased(step, key);
  const exp = step.rows.get('export', row.exportName);
  if (exp === undefined) return undefined;
  return { key, row, exp };
}

/** Finds a file that is stored under another key because it was in use before its fileserver came. */
function aliased(step: Step, key: string): File | undefined {
  const alias = step.rows.get('alias', key);
  const row = alias === undefined ? undefined : step.rows.get('file', alias.fileKey);
  if (alias === undefined || row === undefined) return undefined;
  const exp = step.rows.get('export', row.exportName);
  return exp === undefined ? undefined : { key: alias.fileKey, row, exp };
}

/** The reference with the key that the file is stored under. */
export function refIn(file: File, ref: FileRef): FileRef {
  const { exportName, path, fileId, inode } = ref;
  return { fileKey: file.key, exportName, path, fileId, inode };
}

/** The file's row; made at first use, not stored yet. */
export function enterFile(step: Step, ref: FileRef, exp: ExportRow): File {
  if (ref.probed === true && exp.demand !== undefined && exp.demand.probes > 0) {
    // The export was kept for this use.
    exp.demand.probes -= 1;
    step.rows.put('export', exp.name, exp);
  }
  const known = step.rows.get('file', ref.fileKey);
  if (known !== undefined) return { key: ref.fileKey, row: known, exp };
  const other = exp.aliases > 0 ? aliased(step, ref.fileKey) : undefined;
  if (other !== undefined) return other;
  const row: FileRow = {
    no: nextSeq(step),
    exportName: ref.exportName,
    fileId: ref.fileId,
    path: ref.path,
    inode: ref.inode,
    reads: 0,
    delegReads: 0,
    writerDelegation: false,
    pendingReads: 0,
    opens: 0,
    readOpens: 0,
    writeOpens: 0,
    denyReads: 0,
    denyWrites: 0,
    ranges: 0,
    waiting: 0,
    breakers: 0,
    wants: 0,
    coolUntil: 0,
    breakNo: 0,
    revokedUpTo: 0,
    delegRevokedUpTo: 0,
    clearUpTo: 0,
    clearAfter: 0,
    maxToken: 0,
    lockDelayUntil: 0,
    have: 'none',
    mayHave: 'none',
    holdGen: 0,
    askAfter: 0,
    incarnation: exp.incarnation,
    fence: false,
    detached: false,
    unbound: ref.placeholder === true && !exp.local ? 'name' : undefined,
    semaphore: ref.semaphore === undefined ? undefined : { limit: ref.semaphore, held: 0 },
    morePending: false,
    listed: false,
    held: false,
    unconfirmed: false,
    due: 0,
  };
  return { key: ref.fileKey, row, exp };
}

/** Whether it is only a name, and no file stands behind it: a resource or a semaphore. */
function isName(row: FileRow): boolean {
  return row.resource !== undefined || row.semaphore !== undefined;
}

/** Whether it is a resource with a granted lock, or a semaphore with a permit. */
function isLocked({ resource, semaphore }: FileRow): boolean {
  if (semaphore !== undefined) return semaphore.held > 0;
  if (resource === undefined) return false;
  for (const mode of modes) if (resource.granted[mode] > 0) return true;
  return false;
}

function inUse(row: FileRow, now: number): boolean {
  return (
    wantedHold(row) !== 'none' ||
    row.opens > 0 ||
    row.ranges > 0 ||
    row.waiting > 0 ||
    row.wants > 0 ||
    row.announced !== undefined ||
    isLocked(row) ||
    row.coolUntil > now ||
    row.clearUpTo > 0 ||
    row.voidPending !== undefined ||
    row.lockDelayUntil > now ||
    row.ask !== undefined ||
    row.predecessor !== undefined ||
    row.mayHave !== 'none' ||
    row.locked !== undefined
  );
}

/** When this file next needs attention even without a request; 0 = never. */
function nextDue(row: FileRow, now: number): number {
  let due = 0;
  if (row.breaking !== undefined) due = row.breaking.deadline;
  if (row.ask !== undefined) due = earlier(due, row.ask.until);
  else if (row.askAfter > now) due = earlier(due, row.askAfter);
  if (row.lockDelayUntil > now) due = earlier(due, row.lockDelayUntil);
  if (row.locked !== undefined) due = earlier(due, rangesDue(row.locked, now));
  if (row.coolUntil > now) due = earlier(due, row.coolUntil);
  // Work left over by a bounded step is due at once.
  if (row.ending !== undefined || row.morePending || (row.clearUpTo > 0 && !row.fence))
    due = earlier(due, now);
  return due;
}

/** When its ranges at the fileserver next need attention; 0 = never. */
function rangesDue({ ask, again, askAfter }: FileserverRanges, now: number): number {
  if (ask !== undefined) return ask.until;
  return earlier(again, askAfter > now ? askAfter : 0);
}

/** Whether no fileserver is behind the file: its export has none, it has not come yet, or it is only a name. */
export function standsAlone(file: File): boolean {
  return file.exp.local || file.row.unbound === 'name' || isName(file.row);
}

function isUnconfirmed(row: FileRow): boolean {
  return (
    row.ask !== undefined ||
    row.predecessor !== undefined ||
    row.have !== row.mayHave ||
    row.mayHave !== wantedHold(row)
  );
}

export function saveFile(step: Step, file: File): void {
  const { key, row, exp } = file;
  const used = inUse(row, step.now);
  if (row.unbound === 'asked' && backed(row)) {
    row.unbound = undefined;
    step.rows.unlink(keys.unboundFiles(row.exportName), key, row.no);
    opened(step, exp);
  }
  const alone = standsAlone(file);
  const held =
    !alone &&
    (row.mayHave !== 'none' ||
      row.predecessor !== undefined ||
      row.ask !== undefined ||
      // Its adapter has stopped: the next one will be asked.
      row.reclaim !== undefined ||
      row.locked !== undefined ||
      // Waiters and wants may depend on the adapter, too.
      row.waiting > 0 ||
      row.wants > 0 ||
      // Bound while the adapter was silent: it is asked once the adapter is heard again.
      row.unbound === 'asked');
  if (held !== row.held) {
    const list = keys.heldFiles(row.exportName);
    if (held) step.rows.link(list, key, row.no);
    else step.rows.unlink(list, key, row.no);
    row.held = held;
  }
  const unconfirmed = isUnconfirmed(row);
  if (unconfirmed !== row.unconfirmed) {
    exp.unconfirmed += unconfirmed ? 1 : -1;
    step.rows.put('export', exp.name, exp);
    row.unconfirmed = unconfirmed;
  }
  if (used !== row.listed) {
    if (used) enterExport(step, file);
    else leaveExport(step, file);
    row.listed = used;
  }
  if (row.breaking !== undefined && row.breaking.listed !== true) {
    step.rows.link(keys.breaks, key, row.no);
    row.breaking.listed = true;
  }
  noteTree(step, file, used);
  setDue(step, keys.file(key), row, used ? nextDue(row, step.now) : 0);
  if (used) step.rows.put('file', key, row);
  else step.rows.del('file', key);
}

// --- a file in the lists of its export and of its file system

/** Lists the file so that requests through another export find it, after a hard link or a rename. */
function noteTree(step: Step, { key, row, exp }: File, used: boolean): void {
  const known = used && row.unbound !== 'name' && !isName(row);
  const tree = known ? exp.place?.[0] : undefined;
  if (tree === row.tree) return;
  if (row.tree !== undefined) step.rows.unlink(keys.sameFile(row.tree, row.fileId), key, row.no);
  if (tree !== undefined) step.rows.link(keys.sameFile(tree, row.fileId), key, row.no);
  row.tree = tree;
}

/** The other export through which the same file is in use. */
export function usedBy(step: Step, exp: ExportRow, fileId: string): string | undefined {
  const tree = exp.place?.[0];
  if (tree === undefined) return undefined;
  for (const { member } of step.rows.page(keys.sameFile(tree, fileId), 0, endOfList, 2)) {
    const other = step.rows.get('file', member);
    if (other !== undefined && other.exportName !== exp.name) return other.exportName;
  }
  return undefined;
}

function enterExport(step: Step, file: File): void {
  const { key, row, exp } = file;
  step.rows.link(keys.exportFiles(row.exportName), key, row.no);
  if (row.unbound !== undefined) step.rows.link(keys.unboundFiles(row.exportName), key, row.no);
  const counts = !exp.local && row.unbound === undefined && !isName(row);
  if (counts) exp.bound += 1;
  if (row.unbound !== undefined) {
    exp.withoutBackend = exp.withoutBackend ?? { refused: 0, queued: 0, unbacked: 0 };
    exp.withoutBackend.unbacked += 1;
  }
  if (counts || row.unbound !== undefined) step.rows.put('export', exp.name, exp);
}

function leaveExport(step: Step, file: File): void {
  const { key, row, exp } = file;
  step.rows.unlink(keys.exportFiles(row.exportName), key, row.no);
  if (row.alias !== undefined) {
    step.rows.del('alias', row.alias);
    exp.aliases -= 1;
  }
  if (!exp.local && row.unbound !== 'name' && !isName(row)) exp.bound -= 1;
  if (row.unbound !== undefined) {
    step.rows.unlink(keys.unboundFiles(row.exportName), key, row.no);
    opened(step, exp);
  }
  // An operation waits for the export's last file, or the export goes with its last file: the next step checks.
  const watched = exp.demand !== undefined || exp.operation !== undefined;
  if (watched) setDue(step, keys.exportItem(exp.name), exp, step.now);
  if (!exp.local || watched) step.rows.put('export', exp.name, exp);
}

/** Whether the fileserver has confirmed a hold for every live lease. */
function backed(row: FileRow): boolean {
  return row.ask === undefined && rank(row.have) >= rank(liveType(row));
}

/** Counts leases revoked while their export is hung up or removed, in the operation that does it. */
export function countRevoked(step: Step, exp: ExportRow, leases: number): void {
  if (exp.operation !== undefined) tally(step, exp.operation, 'leasesRevoked', leases);
}

/** Counts what an operation did; a part counts in the operation it belongs to. */
export function tally(step: Step, operationId: string, what: keyof Did, n: number): void {
  const id = step.rows.get('operation', operationId)?.part ?? operationId;
  const whole = step.rows.get('operation', id);
  if (whole === undefined) return;
  whole[what] += n;
  step.rows.put('operation', id, whole);
}

/** An unbound file has been settled with the fileserver or is gone: after the last one the export serves. */
export function opened(step: Step, exp: ExportRow): void {
  if (exp.opening !== true || step.rows.page(keys.unboundFiles(exp.name), 0, endOfList, 1).length > 0) return;
  exp.opening = undefined;
  step.rows.put('export', exp.name, exp);
  record(step, { kind: 'configured', item: 'exports/' + exp.name, reason: 'serves' });
}

// --- shares: what one owner has on one file

export function shareOf(step: Step, fileKey: string, ownerKey: string): ShareRow {
  return (
    step.rows.get('share', keys.share(fileKey, ownerKey)) ?? {
      opens: 0,
      readOpens: 0,
      writeOpens: 0,
      denyReads: 0,
      denyWrites: 0,
    }
  );
}

export function saveShare(step: Step, fileKey: string, ownerKey: string, share: ShareRow): void {
  const id = keys.share(fileKey, ownerKey);
  const empty = share.leaseId === undefined && share.opens === 0 && share.wanted === undefined;
  if (empty && share.openId === undefined && share.lockId === undefined) step.rows.del('share', id);
  else step.rows.put('share', id, share);
}

/** The owner's live or pending lease on the file. A revoked lease does not count, whatever its row says. */
export function ownLease(step: Step, file: File, share: ShareRow): LeaseRow | undefined {
  if (share.leaseId === undefined) return undefined;
  const lease = step.rows.get('lease', share.leaseId);
  return lease === undefined || isRevoked(file.row, lease) ? undefined : lease;
}

/** Whether the watermark of a mass revocation has passed the lease. */
export function isRevoked(row: FileRow | undefined, lease: LeaseRow): boolean {
  if (lease.state === 'revoked') return true;
  if (row === undefined || lease.state !== 'active') return false;
  return lease.grantNo <= (lease.delegation ? row.delegRevokedUpTo : row.revokedUpTo);
}

/** The owner's lease or its session's delegation: neither conflicts with the owner's own requests. */
export function ownHold(
  step: Step,
  file: File,
  who: { ownerKey: string; clientKey: string },
): LeaseRow | undefined {
  const own = ownLease(step, file, shareOf(step, file.key, who.ownerKey));
  return own ?? ownDelegation(step, file, who.clientKey);
}

export function ownDelegation(step: Step, file: File, clientKey: string): LeaseRow | undefined {
  const { row } = file;
  if (
    row.delegReads === 0 &&
    !row.writerDelegation &&
    row.pendingReads === 0 &&
    row.pendingWriter === undefined
  )
    return undefined;
  return ownLease(step, file, shareOf(step, file.key, clientKey));
}

/** Counts of opens, in total and by access and deny mode. */
interface OpenCounts {
  opens: number;
  readOpens: number;
  writeOpens: number;
  denyReads: number;
  denyWrites: number;
}

/** Adds or removes an open in the counters of a file's row or of an owner's share. */
export function countShare(counts: OpenCounts, access: Access, deny: Deny, by: 1 | -1): void {
  counts.opens += by;
  if (access !== 'write') counts.readOpens += by;
  if (access !== 'read') counts.writeOpens += by;
  if (deny === 'read' || deny === 'both') counts.denyReads += by;
  if (deny === 'write' || deny === 'both') counts.denyWrites += by;
}

/** Adds or removes an open in the counters of its file and of the table. */
export function countOpen(step: Step, row: FileRow, access: Access, deny: Deny, by: 1 | -1): void {
  countShare(row, access, deny, by);
  count(step, 'opens', by);
}

/** An owner that waits elsewhere was granted something here: if requests here now wait for it, a cycle may close. */
export function noteGrant(step: Step, file: File, ownerKey: string): void {
  if (file.row.waiting === 0) return;
  for (const each of step.recheck) if (each === ownerKey) return;
  if (step.rows.page(keys.ownerWaits(ownerKey), 0, endOfList, 1).length > 0) step.recheck.push(ownerKey);
}

/** Adds or removes a live lease in the counters of its file and of the table. */
export function countLease(step: Step, row: FileRow, id: string, lease: LeaseRow, by: 1 | -1): void {
  if (lease.type === 'write') {
    count(step, lease.delegation ? 'delegWrites' : 'writes', by);
    row.writer = by === 1 ? id : undefined;
    row.writerDelegation = by === 1 && lease.delegation;
  } else if (lease.type === 'read') {
    count(step, lease.delegation ? 'delegReads' : 'reads', by);
    row.reads += by;
    if (lease.delegation) row.delegReads += by;
    if (lease.notify === true) row.notified = (row.notified ?? 0) + by;
    if (row.notified === 0) row.notified = undefined;
  }
}

/** A file whose hold may be stronger than its live leases need keeps fencing until the fileserver has confirmed. */
export function needsFence(file: File): boolean {
  return (
    !standsAlone(file) &&
    (file.row.predecessor !== undefined || rank(file.row.mayHave) > rank(liveType(file.row)))
  );
}

// --- what all ends of leases and opens have in common

/** Takes a finished lease, whose intent is withdrawn, out of the lists of live rows. The caller updates the file's counters. */
export function finishLease(
  step: Step,
  id: string,
  lease: LeaseRow,
  state: 'released' | 'revoked',
  cause: string,
): void {
  const { rows } = step;
  endAsks(step, lease);
  leaveTenure(step, keys.lease(id), lease);
  if (lease.grantNo > 0) rows.unlink(keys.grants(lease.fileKey), id, lease.token);
  const share = shareOf(step, lease.fileKey, lease.ownerKey);
  if (share.leaseId === id) {
    share.leaseId = undefined;
    saveShare(step, lease.fileKey, lease.ownerKey, share);
  }
  // A revoked delegation is kept until its holder frees it (FREE_STATEID) or its session is gone.
  const kept =
    lease.delegation && state === 'revoked' && (cause !== 'expired' || isCourteous(step, lease.sessionId));
  if (!kept) leaveSession(step, lease.sessionId, keys.lease(id), lease.no);
  if (lease.delegation)
    countDelegation(step, lease, -1, kept ? (cause === 'expired' ? 'taken' : 'revoked') : undefined);
  // The seqid stays: the holder is not given another one, and frees this stateid.
  lease.state = state;
  lease.cause = cause;
  setDue(step, keys.lease(id), lease, kept ? 0 : step.now + rememberedMs(step, lease));
  rows.put('lease', id, lease);
  recordLease(step, id, lease, { kind: state, cause });
}

/**
 * How long a lease that ends now is remembered: for less time where so many end that they would take more than
 * `rememberedBytes` together. The pace is that of this second or of the last one, so nothing has to be counted out again.
 */
function rememberedMs(step: Step, { path, fileId, owner }: LeaseRow): number {
  const { meta, rows } = step;
  const second = Math.floor(step.now / 1000);
  if (meta.endedIn !== second) {
    meta.endedBefore = meta.endedIn === second - 1 ? meta.endedBytes : undefined;
    meta.endedIn = second;
    meta.endedBytes = undefined;
  }
  const bytes = (meta.endedBytes ?? 0) + rowBytes + rows.size(path) + rows.size(fileId) + rows.size(owner);
  meta.endedBytes = bytes;
  step.changed = true;
  const pace = Math.max(bytes, meta.endedBefore ?? 0);
  return Math.min(meta.limits.rememberMs, Math.floor((rememberedBytes * 1000) / pace));
}

/**
 * The lease no longer permits writing: as far as this holder goes, the fileserver's attributes are right again. Ends
 * the open attribute requests.
 */
export function endAsks(step: Step, lease: LeaseRow): void {
  for (const { askId, sessionId } of lease.asked ?? [])
    record(step, { kind: 'answered', sessionId, askId, cause: 'ended' });
  lease.asked = undefined;
  lease.toldHi = undefined;
  lease.toldLo = undefined;
}

/** What happened to one lease. */
type LeaseNews =
  | { kind: 'granted'; turn: boolean; waitNo: number | undefined }
  | { kind: 'downgraded' | 'released' | 'revoked'; cause: string }
  | { kind: 'undone'; reason: Reason; waitNo: number | undefined };

/** Records what happened to a lease: its owner and, while it is live, its current state. */
export function recordLease(step: Step, id: string, lease: LeaseRow, news: LeaseNews): void {
  const { sessionId, owner, ownerKey, fileKey, exportName, path, type, token, grantNo } = lease;
  if (news.kind === 'granted') {
    const { kind, turn, waitNo } = news;
    record(step, {
      kind,
      leaseId: id,
      sessionId,
      owner,
      ownerKey,
      fileKey,
      exportName,
      path,
      type,
      token,
      grantNo,
      turn,
      endsWall: lease.endsAt === undefined ? undefined : wallOf(step, lease.endsAt),
      waitNo,
    });
  } else if (news.kind === 'downgraded') {
    const { cause } = news;
    record(step, {
      kind: 'downgraded',
      leaseId: id,
      sessionId,
      owner,
      ownerKey,
      fileKey,
      exportName,
      path,
      type,
      token,
      grantNo,
      cause,
    });
  } else if (news.kind === 'undone') {
    const { kind, reason, waitNo } = news;
    record(step, {
      kind,
      leaseId: id,
      sessionId,
      owner,
      ownerKey,
      fileKey,
      exportName,
      path,
      reason,
      waitNo,
    });
  } else {
    const { kind, cause } = news;
    record(step, { kind, leaseId: id, sessionId, owner, ownerKey, fileKey, exportName, path, cause });
  }
}

/** Moves an allocated lease whose file turns out to have another key. */
export function moveLease(step: Step, id: string, lease: LeaseRow, fileKey: string): void {
  if (lease.fileKey === fileKey) return;
  step.rows.unlink(keys.fileRows(lease.fileKey), keys.lease(id), lease.no);
  step.rows.link(keys.fileRows(fileKey), keys.lease(id), lease.no);
  lease.fileKey = fileKey;
  step.rows.put('lease', id, lease);
}

/** Removes a lease row completely. */
export function forgetLease(step: Step, id: string, lease: LeaseRow): void {
  step.rows.unlink('all', keys.lease(id), lease.no);
  step.rows.unlink(keys.fileRows(lease.fileKey), keys.lease(id), lease.no);
  setDue(step, keys.lease(id), lease, 0);
  step.rows.del('lease', id);
}

/** Counts a delegation of its session and export in or out; `kept`: until its holder frees it, after it ended like this. */
export function countDelegation(
  step: Step,
  lease: LeaseRow,
  by: 1 | -1,
  kept: 'revoked' | 'taken' | undefined,
): void {
  const session = step.rows.get('session', lease.sessionId);
  if (session !== undefined) {
    session.delegations += by;
    noteDelegations(step, lease.sessionId, session, session.delegations - by);
    if (kept === 'revoked') session.revoked += 1;
    else if (kept === 'taken') session.taken = (session.taken ?? 0) + 1;
    step.rows.put('session', lease.sessionId, session);
  }
  const exp = step.rows.get('export', lease.exportName);
  if (exp === undefined) return;
  exp.delegations += by;
  step.rows.put('export', lease.exportName, exp);
}

/** Numbers a row and enters it in the lists of all rows, of its file and of its session. */
export function enterLists(step: Step, member: string, sessionId: string, fileKey: string): number {
  const no = nextSeq(step);
  step.rows.link('all', member, no);
  step.rows.link(keys.fileRows(fileKey), member, no);
  step.rows.link(keys.sessionRows(sessionId), member, no);
  countRow(step, sessionId, 1);
  return no;
}

/** Takes a row out of the lists that `enterLists` put it in. */
export function leaveLists(
  step: Step,
  member: string,
  row: { no: number; sessionId: string; fileKey: string },
): void {
  step.rows.unlink('all', member, row.no);
  step.rows.unlink(keys.fileRows(row.fileKey), member, row.no);
  // An orphan is in no session.
  if (row.sessionId !== '') leaveSession(step, row.sessionId, member, row.no);
}

/** Enters something that is in the list of its session only. */
export function enterSession(step: Step, sessionId: string, member: string, no: number): void {
  step.rows.link(keys.sessionRows(sessionId), member, no);
  countRow(step, sessionId, 1);
}

export function leaveSession(step: Step, sessionId: string, member: string, no: number): void {
  step.rows.unlink(keys.sessionRows(sessionId), member, no);
  countRow(step, sessionId, -1);
}

export function countRow(step: Step, sessionId: string, by: 1 | -1): void {
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return;
  session.rows += by;
  step.rows.put('session', sessionId, session);
  countFor(step, sessionId, 'rows', by);
}
