import { formatOf, formatOfExportGrace } from '../format';
import type { VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ExportRow } from '../rows';
import { gate } from '../rules/admission';
import {
  awaitedIn,
  awaitedMax,
  completeIn,
  endClaims,
  endGrace,
  graceLeftIn,
  settleGrace,
} from '../rules/grace';
import { lockOf } from '../rules/kinds/table';
import { endOfList, nextSeq, type Step } from '../step';
import { mayReclaim } from './session';

/** Grace periods: of the table, which begin by themselves (session.ts), and of one export, which somebody begins. */

/** How many holds, or files, are looked at for the sessions that hold something in an export. */
const looked = 1024;

export function reclaimComplete(
  step: Step,
  input: VerbInput<'reclaimComplete'>,
): VerbOutput<'reclaimComplete'> {
  const session = step.rows.get('session', input.sessionId);
  if (session === undefined) return { refused: { reason: 'no_such_session' } };
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const { exportName } = input;
  if (exportName !== undefined) {
    const exp = step.rows.get('export', exportName);
    if (exp === undefined) return refuse('no_such_export');
    completeIn(step, exp, input.sessionId, session);
    return { graceMs: settleGrace(step, exp) };
  }
  const isDone = session.complete === true && !mayReclaim(step, session);
  // While an export is in grace, one that is complete may say so again.
  if (session.client !== undefined && isDone && step.meta.graces === undefined)
    return { refused: { reason: 'reclaims_complete' } };
  endClaims(step, session);
  session.complete = true;
  session.completeNo = nextSeq(step);
  session.reclaimedIn = step.meta.graceNo ?? 0;
  step.rows.put('session', input.sessionId, session);
  return { graceMs: Math.max(0, step.meta.graceUntil - step.now) };
}

export function graceGet(step: Step, { exportName }: VerbInput<'graceGet'>): VerbOutput<'graceGet'> {
  const graceMs = Math.max(0, step.meta.graceUntil - step.now);
  if (graceMs > 0 || exportName === undefined)
    return { graceMs, sessions: graceMs > 0 ? step.meta.graceWaits : 0 };
  const exp = step.rows.get('export', exportName);
  if (exp === undefined) return { graceMs: 0, sessions: 0 };
  return { graceMs: graceLeftIn(step, exp), sessions: awaitedIn(step, exp) };
}

export function exportGrace(step: Step, input: VerbInput<'exportGrace'>): VerbOutput<'exportGrace'> {
  const exp = step.rows.get('export', input.name);
  if (exp === undefined) return refuse('no_such_export');
  if (formatOf(step.meta) < formatOfExportGrace) return refuse('earlier_version');
  endGrace(step, exp);
  if (input.graceMs > 0) {
    exp.graceUntil = step.now + input.graceMs;
    exp.graceNo = nextSeq(step);
    step.meta.graces = (step.meta.graces ?? 0) + 1;
    listHolders(step, exp);
    step.rows.put('export', exp.name, exp);
  }
  return { graceMs: settleGrace(step, exp), sessions: awaitedIn(step, exp) };
}

/** Lists the sessions that hold something in an export. */
function listHolders(step: Step, exp: ExportRow): void {
  const list = keys.graceOf(exp.name);
  const listed: { [sessionId: string]: boolean } = {};
  let left = looked;
  for (const { member: fileKey } of step.rows.page(keys.exportFiles(exp.name), 0, endOfList, looked)) {
    left -= 1;
    for (const { member } of step.rows.page(keys.fileRows(fileKey), 0, endOfList, Math.max(left, 1))) {
      left -= 1;
      const sessionId = lockOf(step, member)?.row.sessionId;
      const session = sessionId === undefined ? undefined : step.rows.get('session', sessionId);
      if (session === undefined || sessionId === undefined || listed[sessionId] === true) continue;
      listed[sessionId] = true;
      step.rows.link(list, sessionId, session.no);
    }
    if (left <= 0) break;
  }
  const many = step.rows.page(list, 0, endOfList, awaitedMax + 1).length > awaitedMax;
  if (left > 0 && !many) return;
  for (const { member, score } of step.rows.page(list, 0, endOfList, looked))
    step.rows.unlink(list, member, score);
  exp.graceOpen = true;
}
