import type { Attributes, Refused, VerbInput, VerbOutput } from '../io';
import { refuse } from '../reasons';
import type { AttributesAsk, LeaseRow } from '../rows';
import { claim, gate } from '../rules/admission';
import { breakView, isBreaking, startBreak } from '../rules/break';
import { loadFile, type File } from '../rules/file';
import { compare } from '../rules/range-tree';
import { leaseBlocker } from '../rules/kinds/lease';
import { settleFile } from '../rules/settle';
import { shown } from '../rules/refusal';
import { agoMs, record, wallOf, type Step } from '../step';

/**
 * Attributes of a file whose changes may not be written back yet: the holder of the write lease or delegation is asked,
 * and recalled only if it does not answer (CB_GETATTR; RFC 8881 §10.4.3, §20.1).
 */

/** How many unanswered requests one lease may have at a time. */
const asksMax = 16;
const word = 4294967296;

/** The writer that may have changed the file; undefined: the fileserver's attributes are right. */
function writerOf(step: Step, file: File | undefined): { id: string; lease: LeaseRow } | undefined {
  const id = file === undefined ? undefined : file.row.writer;
  const lease = id === undefined ? undefined : step.rows.get('lease', id);
  return id === undefined || lease === undefined ? undefined : { id, lease };
}

/** The lease is being broken: until that is done, nobody knows the file's attributes. */
function recalled(step: Step, file: File, id: string, lease: LeaseRow, viewer: string): Refused {
  const running = file.row.breaking;
  const view = running === undefined ? undefined : breakView(step, running, lease.ownerKey);
  return {
    refused: {
      reason: 'break_started',
      blockers: [shown(step, viewer, leaseBlocker(id, lease, file.row))],
      blockerCount: 1,
      break: view,
      retryAfterMs: view === undefined ? undefined : view.remainingMs,
    },
  };
}

export function attributesAsk(step: Step, input: VerbInput<'attributesAsk'>): VerbOutput<'attributesAsk'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (step.rows.get('export', input.file.exportName) === undefined) return refuse('no_such_export');
  const file = loadFile(step, input.file.fileKey);
  if (file !== undefined) settleFile(step, file);
  const writer = writerOf(step, file);
  // In a grace period, the holder may not have reclaimed yet.
  if (file === undefined || writer === undefined)
    return claim(step, input.sessionId, undefined, input.file.exportName) ?? { holder: 'none' };
  const { id, lease } = writer;
  if (lease.sessionId === input.sessionId) return { holder: 'own', leaseId: id };
  if (isBreaking(file.row, lease)) return recalled(step, file, id, lease, input.sessionId);
  const asked: AttributesAsk[] = [];
  for (const ask of lease.asked ?? []) if (ask.until > step.now) asked.push(ask);
  if (asked.length >= asksMax) return refuse('asks_max');
  const until = step.now + input.waitMs;
  asked.push({
    askId: input.askId,
    sessionId: input.sessionId,
    until,
    changeHi: input.changeHi,
    changeLo: input.changeLo,
    sizeHi: input.sizeHi,
    sizeLo: input.sizeLo,
  });
  lease.asked = asked;
  step.rows.put('lease', id, lease);
  record(step, {
    kind: 'attributes',
    sessionId: lease.sessionId,
    leaseId: id,
    owner: lease.owner,
    fileKey: file.key,
    exportName: lease.exportName,
    path: lease.path,
    askId: input.askId,
    times: input.times === true && (!lease.delegation || lease.times === true) ? true : undefined,
    deadlineWall: wallOf(step, until),
  });
  return { holder: 'other', leaseId: id };
}

/** A time as a holder gave it: itself, or that it is yet to come. */
interface Time {
  at?: string;
  now?: boolean;
}

/**
 * What counts of a time that the holder of a delegation gives: nothing, unless it is the authority for the times; nothing
 * from before the delegation; and not more than now (RFC 9754). Who holds a lease speaks for itself.
 */
function vetted(step: Step, lease: LeaseRow, at: string | undefined, ms: number | undefined): Time {
  if (at === undefined || !lease.delegation) return { at };
  if (lease.times !== true || ms === undefined) return {};
  if (ms > step.wall) return { now: true };
  return ms < Math.floor(step.wall) - agoMs(step, lease.grantNo) ? {} : { at };
}

/**
 * The attributes that the asking client gets. Once changed, a file counts as changed until the lease ends, and its
 * change attribute grows with every answer, beyond the fileserver's value too: nobody can tell whether it was changed
 * again since.
 */
function report(
  step: Step,
  lease: LeaseRow,
  ask: AttributesAsk,
  told: VerbInput<'attributesTell'>,
): Attributes {
  const { sizeHi = ask.sizeHi, sizeLo = ask.sizeLo } = told;
  const accessed = vetted(step, lease, told.accessedAt, told.accessedMs);
  const modifiedTime = vetted(step, lease, told.modifiedAt, told.modifiedMs);
  let { toldHi = ask.changeHi, toldLo = ask.changeLo } = lease;
  const resized = sizeHi !== ask.sizeHi || sizeLo !== ask.sizeLo;
  const modified = told.modified === true || resized || lease.toldHi !== undefined;
  if (modified) {
    if (compare(ask.changeHi, ask.changeLo, toldHi, toldLo) > 0) {
      toldHi = ask.changeHi;
      toldLo = ask.changeLo;
    }
    toldLo += 1;
    if (toldLo === word) {
      toldLo = 0;
      toldHi = toldHi + 1 === word ? 0 : toldHi + 1;
    }
    lease.toldHi = toldHi;
    lease.toldLo = toldLo;
  }
  return {
    modified,
    changeHi: toldHi,
    changeLo: toldLo,
    sizeHi,
    sizeLo,
    accessedAt: accessed.at,
    modifiedAt: modifiedTime.at,
    accessedNow: accessed.now,
    modifiedNow: modifiedTime.now,
  };
}

export function attributesTell(step: Step, input: VerbInput<'attributesTell'>): VerbOutput<'attributesTell'> {
  const lease = step.rows.get('lease', input.leaseId);
  if (lease === undefined) return refuse('no_such_lease');
  const refused = gate(step, lease.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const file = loadFile(step, lease.fileKey);
  if (file !== undefined) settleFile(step, file);
  let ask: AttributesAsk | undefined;
  for (const each of lease.asked ?? []) if (each.askId === input.askId) ask = each;
  const held = file !== undefined && file.row.writer === input.leaseId;
  if (ask === undefined || ask.until <= step.now || !held) return refuse('ask_over');
  forgetAsk(lease, input.askId);
  const refuses = input.refused === true;
  const attributes = refuses ? undefined : report(step, lease, ask, input);
  step.rows.put('lease', input.leaseId, lease);
  record(step, {
    kind: 'answered',
    sessionId: ask.sessionId,
    askId: input.askId,
    cause: refuses ? 'refused' : undefined,
    attributes,
  });
  return { told: true };
}

function forgetAsk(lease: LeaseRow, askId: string): void {
  const left: AttributesAsk[] = [];
  for (const each of lease.asked ?? []) if (each.askId !== askId) left.push(each);
  lease.asked = left.length === 0 ? undefined : left;
}

export function attributesRecall(
  step: Step,
  input: VerbInput<'attributesRecall'>,
): VerbOutput<'attributesRecall'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const lease = step.rows.get('lease', input.leaseId);
  const file = lease === undefined ? undefined : loadFile(step, lease.fileKey);
  if (lease === undefined || file === undefined) return { holder: 'none' };
  settleFile(step, file);
  if (file.row.writer !== input.leaseId) return { holder: 'none' };
  if (lease.sessionId === input.sessionId) return { holder: 'own' };
  forgetAsk(lease, input.askId);
  step.rows.put('lease', input.leaseId, lease);
  startBreak(step, file, 'read', 'attributes', undefined, 0, false);
  settleFile(step, file);
  return recalled(step, file, input.leaseId, lease, input.sessionId);
}
