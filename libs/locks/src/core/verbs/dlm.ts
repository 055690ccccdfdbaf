import type { DlmAnswer, DlmDump, DlmView, ModalFlags, Refused, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { DlmRow, Mode } from '../rows';
import { claim, exportFor, gate, notMissing, pidOf } from '../rules/admission';
import { connectionRefusal, joinConnection } from '../rules/connection';
import { cycleOf, memberOfCycle } from '../rules/deadlock';
import { rememberEnd } from '../rules/ended';
import { enterFile, enterLists, loadFile, type File } from '../rules/file';
import { inGraceOf } from '../rules/grace';
import { dropWaiter, waitNoOf } from '../rules/kinds/kind';
import { dlmKind, stateOfDlm } from '../rules/kinds/dlm';
import { mayQueue, modes } from '../rules/modes';
import { enqueue, hasRoom, shareOver } from '../rules/queue';
import { deadlocked, explain, reasonFor } from '../rules/refusal';
import {
  deadlockedWith,
  demote,
  enterTurns,
  grantAnew,
  grantIn,
  grantableNow,
  leaveOrphans,
  orphansMax,
  orphansOver,
  placeFor,
  readBlock,
  removeLock,
  resourceOf,
  restore,
  serveConversions,
  sum,
  tellRefusing,
  untangle,
  writeBlock,
  type Lock,
} from '../rules/resource';
import { settleFile } from '../rules/settle';
import { tenantOf } from '../rules/tenant';
import { endOfList, setDue, type Step } from '../step';

/** Locks in six modes on resources: lock, convert, cancel, unlock (dlm_lock(3), dlm_unlock(3)). */

export function dlmView(id: string, row: DlmRow): DlmView {
  return {
    lockId: id,
    sessionId: row.sessionId,
    owner: row.owner,
    exportName: row.exportName,
    path: row.path,
    fileKey: row.fileKey,
    connectionId: row.connection,
    state: stateOfDlm(row),
    mode: row.mode,
    wants: row.wants,
    waitNo: waitNoOf(row),
    seqid: row.seqid,
    token: row.token === 0 ? undefined : row.token,
    persistent: row.persistent,
    blocking: row.told,
    read: row.read,
    demoted: row.demoted,
    altMode: row.altMode,
  };
}

function answer({ id, row }: Lock): DlmAnswer {
  return { lock: dlmView(id, row), waiting: row.waitNo !== 0 };
}

/** Whether a new request may have these flags. */
function fitNew({ noqueue, quecvt, convdeadlk, expedite }: ModalFlags, mode: Mode): boolean {
  if (quecvt === true || convdeadlk === true) return false;
  return expedite !== true || (noqueue !== true && mode === 'NL');
}

/** Whether a conversion may have these flags. */
function fitConversion({ noqueue, convdeadlk, expedite, persistent, orphan }: ModalFlags): boolean {
  if (expedite === true || persistent === true || orphan === true) return false;
  return convdeadlk !== true || noqueue !== true;
}

/** What one request asks for beyond the lock itself. */
interface Request {
  mode: Mode;
  flags: ModalFlags;
  waitMs: number;
  block?: string;
}

/** Notes in the row what this request asks for; what came with the last grant is over. */
function prepare(row: DlmRow, { mode, flags }: Request): void {
  row.wants = mode;
  row.valblk = flags.valblk;
  row.nodlckwt = flags.nodlckwt;
  row.convdeadlk = flags.convdeadlk;
  if (flags.altpr === true && mode !== 'PR') row.alt = 'PR';
  else if (flags.altcw === true && mode !== 'CW') row.alt = 'CW';
  row.read = undefined;
  row.demoted = undefined;
  row.altMode = undefined;
}

/** Grants the request at once, queues it, or returns why neither. The caller settles the file. */
function enter(step: Step, file: File, lock: Lock, request: Request): Refused | undefined {
  const { row } = lock;
  const { mode, flags, block } = request;
  const queues = flags.noqueue !== true && request.waitMs > 0;
  const other = queues && row.mode !== undefined ? deadlockedWith(step, file, row.mode, dlmKind) : undefined;
  // A conversion in a deadlock is not given its alternative.
  const alt = other === undefined ? row.alt : undefined;
  const now = grantableNow(file, row, mode, flags, alt);
  if (now !== undefined) {
    list(step, file, lock);
    grantIn(step, file, lock, now, { block, ivvalblk: flags.ivvalblk, turn: false });
    return undefined;
  }
  if (!queues) return refuseNow(step, file, lock, request);
  if (other !== undefined && flags.convdeadlk === true) return giveWay(step, file, lock, request);
  if (other !== undefined && flags.nodlckwt !== true)
    return deadlocked(step, lock, [memberOfCycle(lock), memberOfCycle(other)]);
  const refused = mayNotQueue(step, file, lock, request);
  if (refused === undefined) queue(step, file, lock, request);
  return refused;
}

/** A conversion in a deadlock gives up what it holds (convdeadlk), unless it could not wait even so. */
function giveWay(step: Step, file: File, lock: Lock, request: Request): Refused | undefined {
  const { id, row } = lock;
  const { mode: held, token } = row;
  demote(step, file, id, row);
  const refused = mayNotQueue(step, file, lock, request);
  if (refused !== undefined) {
    if (held !== undefined) restore(step, file, id, row, held, token);
    return refused;
  }
  serveConversions(step, file, dlmKind);
  const freed = grantableNow(file, row, request.mode, request.flags, undefined);
  if (freed === undefined) {
    queue(step, file, lock, request);
  } else {
    row.place = 0;
    grantIn(step, file, lock, freed, { turn: false });
  }
  return undefined;
}

/** Enters a new lock in the lists; a conversion is in them already. */
function list(step: Step, file: File, { id, row }: Lock): void {
  if (row.no !== 0) return;
  row.no = enterLists(step, keys.dlm(id), row.sessionId, file.key);
  joinConnection(step, id, row);
}

/** The request does not queue: the holders that refuse it are told only if it says so. */
function refuseNow(step: Step, file: File, lock: Lock, { mode, flags }: Request): Refused {
  if (flags.noqueuebast === true) tellRefusing(step, file, lock, mode);
  lock.row.place = placeFor(resourceOf(file), lock.row, false);
  return explain(step, file, lock, reasonFor(step, file, lock));
}

/** Why the request may not wait; if it may, it has its place. */
function mayNotQueue(step: Step, file: File, lock: Lock, { flags }: Request): Refused | undefined {
  const { row } = lock;
  if (!hasRoom(step, file)) return explain(step, file, lock, 'queue_full');
  const over = shareOver(step, file, lock);
  if (over !== undefined) return over;
  row.place = placeFor(resourceOf(file), row, flags.headque === true);
  const cycle = cycleOf(step, file, lock);
  return cycle === undefined ? undefined : deadlocked(step, lock, cycle);
}

function queue(step: Step, file: File, lock: Lock, { waitMs }: Request): void {
  const { id, row } = lock;
  list(step, file, lock);
  enterTurns(step, file, lock);
  enqueue(step, file, lock, waitMs);
  step.rows.put('dlm', id, row);
  untangle(step, file, lock);
}

export function dlmLock(step: Step, input: VerbInput<'dlmLock'>): VerbOutput<'dlmLock'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const made = lockOfRequest(step, input.lockId);
  const known = knownLock(step, input, made);
  if (known !== undefined) return again(step, input, made, known);
  const over = endOf(step, input);
  if (over !== undefined) return over;
  if (!fitNew(input.flags, input.mode)) return refuse('bad_flags');
  const off = connectionRefusal(step, input, input.file.exportName);
  if (off !== undefined) return off;
  const { exp, refused: away } = exportFor(step, input.file, input, 1);
  if (exp === undefined) return away;
  const file = enterFile(step, input.file, exp);
  if (input.flags.orphan === true) return adopt(step, file, input);
  const row = newRow(step, file, input);
  prepare(row, input);
  // Nobody knows what was written after the last that the table has.
  if (input.reclaim === true) resourceOf(file).invalid = true;
  const lock: Lock = { kind: dlmKind, id: input.lockId, row };
  const full = sum(resourceOf(file).granted) + file.row.waiting >= step.meta.limits.rangesMax;
  const not = full
    ? refuse('resource_locks_max')
    : (noRoomToStay(step, file, input) ?? enter(step, file, lock, input));
  settleFile(step, file);
  return not ?? answer(lock);
}

/** Why a lock that is to outlive its session could not do so. */
function noRoomToStay(step: Step, file: File, input: VerbInput<'dlmLock'>): Refused | undefined {
  if (input.flags.persistent !== true) return undefined;
  return orphansOver(step, file, input.file.exportName, tenantOf(step, input.sessionId));
}

/** A repeat of a request that waits keeps its place, and may wait for longer. */
function prolong(step: Step, id: string, row: DlmRow, waitMs: number): void {
  const until = step.now + waitMs;
  if (until <= row.due) return;
  setDue(step, keys.dlm(id), row, until);
  step.rows.put('dlm', id, row);
}

/** The lock that a request makes has the request's id, unless it has adopted one. */
function lockOfRequest(step: Step, id: string): string {
  return step.rows.get('ended', id)?.adopted ?? id;
}

/** A reclaim of a lock by its id. */
function reclaims(step: Step, { reclaim, body, file }: VerbInput<'dlmLock'>): boolean {
  return reclaim === true && body === undefined && inGraceOf(step, file.exportName);
}

/** The lock that exists already. One whose grant is lost waits still, and is reclaimed as if it were not there. */
function knownLock(step: Step, input: VerbInput<'dlmLock'>, id: string): DlmRow | undefined {
  const row = step.rows.get('dlm', id);
  if (row === undefined || row.mode !== undefined || row.sessionId !== input.sessionId) return row;
  const file = reclaims(step, input) ? loadFile(step, row.fileKey) : undefined;
  if (file === undefined || notMissing(step, input.sessionId, file) !== undefined) return row;
  dropWaiter(step, file, { kind: dlmKind, id, row }, 'cancelled');
  settleFile(step, file);
  return undefined;
}

/** The table has the lock, but may lack its last conversion: it gets the mode that its holder had. */
function reclaimed(step: Step, input: VerbInput<'dlmLock'>, id: string, row: DlmRow): VerbOutput<'dlmLock'> {
  const lock: Lock = { kind: dlmKind, id, row };
  const file = loadFile(step, row.fileKey);
  if (file === undefined || (row.mode === input.mode && row.wants === undefined)) return answer(lock);
  const refused = notMissing(step, row.sessionId, file);
  if (refused !== undefined) return refused;
  if (row.wants !== undefined) dropWaiter(step, file, lock, 'cancelled');
  if (row.mode === input.mode) {
    settleFile(step, file);
    return answer(lock);
  }
  resourceOf(file).invalid = true;
  return convert(step, file, lock, { mode: input.mode, flags: {}, waitMs: 0 });
}

/** The same request once more: returns the lock it made. */
function again(step: Step, input: VerbInput<'dlmLock'>, id: string, row: DlmRow): VerbOutput<'dlmLock'> {
  if (row.sessionId !== input.sessionId) return refuse('not_holder');
  if (reclaims(step, input)) return reclaimed(step, input, id, row);
  if (row.body !== input.body) return refuse('id_reused_with_other_body');
  if (row.mode === undefined) prolong(step, id, row, input.waitMs);
  return answer({ kind: dlmKind, id, row });
}

/** The refusal if the request was cancelled before it came, or if the lock that it made is gone. */
function endOf(step: Step, { lockId, body }: { lockId: string; body?: string }): Refused | undefined {
  const ended = step.rows.get('ended', lockId);
  if (ended === undefined) return undefined;
  if (ended.how === 'cancelled') return refuse('cancelled');
  if (body !== undefined && ended.body !== body) return refuse('id_reused_with_other_body');
  return { refused: { reason: 'lock_over', ended: ended.how } };
}

function newRow(step: Step, file: File, input: VerbInput<'dlmLock'>): DlmRow {
  return {
    no: 0,
    sessionId: input.sessionId,
    owner: input.owner,
    ownerKey: input.ownerKey,
    clientKey: input.clientKey,
    fileKey: file.key,
    exportName: input.file.exportName,
    path: input.file.path,
    fileId: input.file.fileId,
    inode: input.file.inode,
    pid: pidOf(step, input.sessionId),
    waitNo: 0,
    due: 0,
    place: 0,
    grantNo: 0,
    token: 0,
    seqid: 0,
    persistent: input.flags.persistent,
    connection: input.connectionId,
    body: input.body,
  };
}

/** Takes over a lock whose session, of the same tenant, is gone, in the mode that it is held in. It keeps its id. */
function adopt(step: Step, file: File, input: VerbInput<'dlmLock'>): VerbOutput<'dlmLock'> {
  let found: Lock | undefined;
  let others = false;
  const tenant = tenantOf(step, input.sessionId);
  for (const { member } of step.rows.page(keys.orphans(file.key, tenant), 0, endOfList, orphansMax)) {
    const row = step.rows.get('dlm', member);
    if (row === undefined) continue;
    if (row.mode !== input.mode) others = true;
    else found = found ?? { kind: dlmKind, id: member, row };
  }
  if (found === undefined) return refuse(others ? 'mode_conflict' : 'no_such_lock');
  const { id, row } = found;
  leaveOrphans(step, file, found);
  const { sessionId, owner, ownerKey, clientKey, body } = input;
  rememberEnd(step, input.lockId, { sessionId, body }, 'adopted', { adopted: id });
  row.tenant = undefined;
  row.body = body;
  // What came with the last grant was for the one who is gone.
  row.valblk = input.flags.valblk;
  row.read = row.valblk === true ? readBlock(resourceOf(file)) : undefined;
  row.demoted = undefined;
  row.altMode = undefined;
  row.sessionId = sessionId;
  row.owner = owner;
  row.ownerKey = ownerKey;
  row.clientKey = clientKey;
  row.pid = pidOf(step, sessionId);
  row.no = enterLists(step, keys.dlm(id), sessionId, file.key);
  row.connection = input.connectionId;
  joinConnection(step, id, row);
  grantAnew(step, file, found);
  step.rows.put('dlm', id, row);
  settleFile(step, file);
  return answer(found);
}

/** The lock, if it exists and this caller may change it. */
function lockFor(
  step: Step,
  { lockId, digest }: { lockId: string; digest?: string },
): { lock: Lock; file: File; refused?: undefined } | { lock?: undefined; refused: Refused } {
  const row = step.rows.get('dlm', lockId);
  // An orphan belongs to nobody.
  if (row === undefined || row.sessionId === '') return { refused: refuse('no_such_lock') };
  const refused = gate(step, row.sessionId, digest);
  if (refused !== undefined) return { refused };
  const file = loadFile(step, row.fileKey);
  if (file === undefined) return { refused: refuse('no_such_lock') };
  return { lock: { kind: dlmKind, id: lockId, row }, file };
}

export function dlmConvert(step: Step, input: VerbInput<'dlmConvert'>): VerbOutput<'dlmConvert'> {
  const found = lockFor(step, input);
  if (found.lock === undefined) return found.refused;
  const { lock, file } = found;
  const { row } = lock;
  const { connection: connectionId, sessionId, exportName } = row;
  const off = connectionRefusal(step, { connectionId, sessionId }, exportName);
  if (off !== undefined) return off;
  if (input.seqid !== undefined && input.seqid !== row.seqid) return refuse('seqid_old');
  if (!fitConversion(input.flags)) return refuse('bad_flags');
  if (row.mode !== undefined && row.wants === input.mode) prolong(step, lock.id, row, input.waitMs);
  if (row.mode === undefined || row.wants !== undefined) return refuse('request_pending');
  const goesUp = mayQueue(row.mode, input.mode);
  if (input.flags.quecvt === true && !goesUp) return refuse('bad_flags');
  // What others held may not have been reclaimed yet.
  const unclaimed = goesUp ? claim(step, sessionId, undefined, exportName) : undefined;
  return unclaimed ?? convert(step, file, lock, input);
}

function convert(step: Step, file: File, lock: Lock, request: Request): VerbOutput<'dlmConvert'> {
  const { row } = lock;
  prepare(row, request);
  const not = enter(step, file, lock, request);
  if (not !== undefined) {
    row.wants = undefined;
    row.alt = undefined;
    row.place = 0;
    step.rows.put('dlm', lock.id, row);
  }
  settleFile(step, file);
  return not ?? answer(lock);
}

export function dlmCancel(step: Step, input: VerbInput<'dlmCancel'>): VerbOutput<'dlmCancel'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const id = lockOfRequest(step, input.lockId);
  const row = step.rows.get('dlm', id);
  const file = row === undefined ? undefined : loadFile(step, row.fileKey);
  if (row === undefined || file === undefined) {
    const ended = step.rows.get('ended', input.lockId);
    // If it has ended otherwise, whoever waited for it was told so.
    if (ended?.sessionId === input.sessionId) return { cancelled: ended.how === 'cancelled' };
    // It takes effect when the request comes.
    if (input.ahead === true && ended === undefined)
      rememberEnd(step, input.lockId, { sessionId: input.sessionId, body: '' }, 'cancelled');
    return { cancelled: true };
  }
  if (row.sessionId !== input.sessionId) return refuse('not_holder');
  if (row.wants === undefined) return { cancelled: false, lock: dlmView(id, row) };
  if (row.mode === undefined && input.repeatable !== true) rememberEnd(step, id, row, 'cancelled');
  dropWaiter(step, file, { kind: dlmKind, id, row }, 'cancelled');
  settleFile(step, file);
  return { cancelled: true, lock: row.mode === undefined ? undefined : dlmView(id, row) };
}

export function dlmUnlock(step: Step, input: VerbInput<'dlmUnlock'>): VerbOutput<'dlmUnlock'> {
  const found = lockFor(step, input);
  if (found.lock === undefined) return found.refused;
  const { lock, file } = found;
  const { mode } = lock.row;
  if (mode === 'PW' || mode === 'EX') writeBlock(resourceOf(file), input);
  rememberEnd(step, lock.id, lock.row, 'unlocked');
  // Whoever waits for it hears that it is over.
  if (lock.row.wants !== undefined) dropWaiter(step, file, lock, 'cancelled');
  if (mode !== undefined) removeLock(step, file, lock);
  settleFile(step, file);
  return { unlocked: true };
}

export function dlmGet(step: Step, input: VerbInput<'dlmGet'>): VerbOutput<'dlmGet'> {
  const found = lockFor(step, input);
  if (found.lock === undefined) {
    const { sessionId = '' } = step.rows.get('ended', input.lockId) ?? {};
    // Of another's lock nobody learns how it ended.
    const isOurs = gate(step, sessionId, input.digest) === undefined;
    return (isOurs ? endOf(step, input) : undefined) ?? found.refused;
  }
  if (input.body !== undefined && found.lock.row.body !== input.body)
    return refuse('id_reused_with_other_body');
  return { lock: dlmView(input.lockId, found.lock.row) };
}

export function dlmList(step: Step, input: VerbInput<'dlmList'>): VerbOutput<'dlmList'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const locks: DlmView[] = [];
  const page = step.rows.page(keys.sessionRows(input.sessionId), input.after, endOfList, input.limit);
  let after: number | undefined;
  for (const entry of page) {
    after = entry.score;
    if (keys.rowMember(step.rows, entry.member) !== 'dlm') continue;
    const id = keys.idOf(step.rows, entry.member);
    const row = step.rows.get('dlm', id);
    if (row !== undefined) locks.push(dlmView(id, row));
  }
  return { locks, after: page.length < input.limit ? undefined : after };
}

function dumpOf(step: Step, id: string, row: DlmRow): DlmDump {
  const { sessionId, pid, home, valblk, nodlckwt, alt, due, connection } = row;
  const through = connection === undefined ? undefined : step.rows.get('connection', connection);
  const dump = dlmView(id, row) as DlmDump;
  dump.pid = pid;
  dump.node = home ?? step.rows.get('session', sessionId)?.node;
  if (through !== undefined) dump.protocol = { major: through.major, minor: through.minor };
  dump.valblk = valblk;
  dump.nodlckwt = nodlckwt;
  dump.alt = alt;
  if (due !== 0) dump.remainingMs = Math.max(0, due - step.now);
  return dump;
}

/** A resource with its queues, as a stack's dump shows it; at most `limit` locks of each. */
export function resourceGet(step: Step, input: VerbInput<'resourceGet'>): VerbOutput<'resourceGet'> {
  const file = loadFile(step, input.fileKey);
  if (file?.row.resource === undefined) return refuse('no_such_lock');
  const { block, invalid, granted: counts } = file.row.resource;
  const granted: DlmDump[] = [];
  const converting: DlmDump[] = [];
  const waiting: DlmDump[] = [];
  const add = (id: string): void => {
    const row = step.rows.get('dlm', id);
    if (row === undefined) return;
    const list = row.wants === undefined ? granted : row.mode === undefined ? waiting : converting;
    list.push(dumpOf(step, id, row));
  };
  for (const mode of modes)
    for (const { member } of step.rows.page(keys.grantedIn(file.key, mode), 0, endOfList, input.limit))
      if (granted.length < input.limit) add(member);
  for (const { member } of step.rows.page(keys.turns(file.key), 0, endOfList, input.limit)) add(member);
  const listed = granted.length + converting.length + waiting.length;
  const all = sum(counts) + file.row.waiting - converting.length;
  return {
    resource: {
      exportName: file.row.exportName,
      path: file.row.path,
      block,
      valid: block !== undefined && invalid !== true,
      granted,
      converting,
      waiting,
      more: listed < all,
    },
  };
}
