import type { PermitView, Refused, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { isOfThisLife } from '../lives';
import { refuse } from '../reasons';
import type { PermitRow } from '../rows';
import { exportFor, gate, holdTooLong, notMissing, pidOf } from '../rules/admission';
import { enterFile, enterLists, loadFile, type File } from '../rules/file';
import { inGraceOf } from '../rules/grace';
import { waitNoOf, type Waiter } from '../rules/kinds/kind';
import { admitPermit, endPermit, permitKind, semaphoreOf, stateOfPermit } from '../rules/kinds/permit';
import { enqueue } from '../rules/queue';
import { mayNotWait, reasonFor } from '../rules/refusal';
import { settleFile } from '../rules/settle';
import { outlasted, showTenure } from '../rules/tenure';
import { mintToken, setDue, type Step } from '../step';

/** Permits of semaphores: take, read, give back (semantics.md §3). */

function permitView(step: Step, id: string, row: PermitRow): PermitView {
  const { sessionId, owner, exportName, path, fileKey, token } = row;
  const view: PermitView = {
    permitId: id,
    sessionId,
    owner,
    exportName,
    path,
    fileKey,
    state: stateOfPermit(row),
    waitNo: waitNoOf(row),
    token: token === 0 ? undefined : token,
  };
  return showTenure(step, view, row);
}

export function permitTake(step: Step, input: VerbInput<'permitTake'>): VerbOutput<'permitTake'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const id = input.permitId;
  const known = knownPermit(step, input);
  if (known !== undefined) return again(step, input, known);
  const ended = step.rows.get('ended', id);
  if (ended !== undefined) {
    if (ended.body !== input.body) return refuse('id_reused_with_other_body');
    return { refused: { reason: 'lock_over', ended: ended.how } };
  }
  const { exp, refused: away } = exportFor(step, input.file, input, 1);
  if (exp === undefined) return away;
  const tooLong = holdTooLong(exp, input.maxHoldMs);
  if (tooLong !== undefined) return tooLong;
  const file = enterFile(step, input.file, exp);
  const { limit } = semaphoreOf(file);
  if (limit !== input.file.semaphore) return { refused: { reason: 'limit_differs', limit } };
  const row = newRow(step, file, input);
  const not = enter(step, file, { kind: permitKind, id, row }, input.waitMs);
  settleFile(step, file);
  return not ?? { permit: permitView(step, id, row), waiting: row.waitNo !== 0 };
}

/** The permit that exists already. One whose grant is lost waits still, and is reclaimed as if it were not there. */
function knownPermit(step: Step, input: VerbInput<'permitTake'>): PermitRow | undefined {
  const { permitId: id, sessionId } = input;
  const row = step.rows.get('permit', id);
  if (row === undefined || row.token !== 0 || row.sessionId !== sessionId) return row;
  const file = reclaims(step, input) ? loadFile(step, row.fileKey) : undefined;
  if (file === undefined || notMissing(step, sessionId, file) !== undefined) return row;
  endPermit(step, file, id, row, 'holder');
  settleFile(step, file);
  return undefined;
}

/** A reclaim of a permit by its id. */
function reclaims(step: Step, { reclaim, body, file }: VerbInput<'permitTake'>): boolean {
  return reclaim === true && body === undefined && inGraceOf(step, file.exportName);
}

function newRow(step: Step, file: File, input: VerbInput<'permitTake'>): PermitRow {
  const { exportName, path, fileId, inode } = input.file;
  return {
    no: 0,
    sessionId: input.sessionId,
    owner: input.owner,
    ownerKey: input.ownerKey,
    clientKey: input.clientKey,
    fileKey: file.key,
    exportName,
    path,
    fileId,
    inode,
    pid: pidOf(step, input.sessionId),
    waitNo: 0,
    due: 0,
    token: 0,
    body: input.body,
    maxHoldMs: input.maxHoldMs,
  };
}

/** Grants at once, queues the request, or returns why neither. */
function enter(step: Step, file: File, waiter: Waiter<PermitRow>, waitMs: number): Refused | undefined {
  const { id, row } = waiter;
  const reason = reasonFor(step, file, waiter);
  // Nobody waits beside a free place.
  const free = reason === 'queued';
  const refused = free ? undefined : mayNotWait(step, file, waiter, reason, waitMs);
  if (refused !== undefined) return refused;
  row.no = enterLists(step, keys.permit(id), row.sessionId, file.key);
  if (free) {
    admitPermit(step, file, waiter, false);
    return undefined;
  }
  enqueue(step, file, waiter, waitMs);
  step.rows.put('permit', id, row);
  return undefined;
}

/** The same request once more: the permit that it made. One that waits keeps its place, and may wait for longer. */
function again(step: Step, input: VerbInput<'permitTake'>, row: PermitRow): VerbOutput<'permitTake'> {
  if (row.sessionId !== input.sessionId) return refuse('not_holder');
  const file = reclaims(step, input) ? loadFile(step, row.fileKey) : undefined;
  if (row.body !== input.body && file === undefined) return refuse('id_reused_with_other_body');
  const not = file === undefined || row.token !== 0 ? undefined : notMissing(step, input.sessionId, file);
  if (not !== undefined) return not;
  renew(step, input.permitId, row);
  const until = step.now + input.waitMs;
  if (row.waitNo !== 0 && until > row.due) {
    setDue(step, keys.permit(input.permitId), row, until);
    step.rows.put('permit', input.permitId, row);
  }
  return { permit: permitView(step, input.permitId, row), waiting: row.waitNo !== 0 };
}

export function permitGet(step: Step, input: VerbInput<'permitGet'>): VerbOutput<'permitGet'> {
  const id = input.permitId;
  const row = step.rows.get('permit', id);
  if (row === undefined) return refuse('no_such_lock');
  const refused = gate(step, row.sessionId, input.digest);
  if (refused !== undefined) return refused;
  renew(step, id, row);
  return { permit: permitView(step, id, row) };
}

/** A token from before a restore is not accepted any more: the holder gets a new one as soon as it reads the permit. */
function renew(step: Step, id: string, row: PermitRow): void {
  if (row.token === 0 || isOfThisLife(step, row.token)) return;
  const list = keys.grants(row.fileKey);
  step.rows.unlink(list, id, row.token);
  row.token = mintToken(step);
  step.rows.link(list, id, row.token);
  step.rows.put('permit', id, row);
  const file = step.rows.get('file', row.fileKey);
  if (file === undefined) return;
  file.maxToken = row.token;
  step.rows.put('file', row.fileKey, file);
}

export function permitCheck(step: Step, input: VerbInput<'permitCheck'>): VerbOutput<'permitCheck'> {
  const { fileKey, token } = input;
  if (!isOfThisLife(step, token)) return refuse('token_old');
  for (const { member } of step.rows.page(keys.grants(fileKey), token - 1, token, 1)) {
    // Of a session or a tenure that is over it is not cleared yet.
    const row = step.rows.get('permit', member);
    if (row !== undefined && !outlasted(step, row) && gate(step, row.sessionId, undefined) === undefined)
      return { permitId: member };
  }
  return refuse('token_old');
}

export function permitDrop(step: Step, input: VerbInput<'permitDrop'>): VerbOutput<'permitDrop'> {
  const row = step.rows.get('permit', input.permitId);
  if (row === undefined) return refuse('no_such_lock');
  const refused = gate(step, row.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (input.ifWaiting === true && row.token !== 0) return { dropped: false };
  const file = loadFile(step, row.fileKey);
  endPermit(step, file, input.permitId, row, 'holder');
  if (file !== undefined) settleFile(step, file);
  return { dropped: true };
}
