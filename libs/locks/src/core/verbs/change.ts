import type { ChangeView, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ChangeRow } from '../rows';
import { exportFor, gate, pidOf } from '../rules/admission';
import { enterFile, enterLists, loadFile } from '../rules/file';
import { changeKind } from '../rules/kinds/change';
import { waitNoOf, type Waiter } from '../rules/kinds/kind';
import { aheadOf, enqueue } from '../rules/queue';
import { quietOver } from '../rules/quota';
import { forgetChange, tellChange } from '../rules/notify';
import { mayNotWait, reasonFor } from '../rules/refusal';
import { bringUp, settleFile } from '../rules/settle';
import { makeWay } from '../rules/takeover';
import type { Step } from '../step';
import { end } from './ending';

/**
 * Changes of a file that are not opens (semantics.md §3): the client announces the change first, and proceeds once
 * everything that the matrix says it breaks is broken. A change holds nothing: it is over as soon as it is allowed. One
 * that was announced to holders of delegations is over when it is reported.
 */

function changeView(id: string, change: ChangeRow): ChangeView {
  return {
    changeId: id,
    sessionId: change.sessionId,
    owner: change.owner,
    exportName: change.exportName,
    path: change.path,
    fileId: change.fileId,
    fileKey: change.fileKey,
    kind: change.kind,
    announced: change.announced,
    waitNo: waitNoOf(change),
  };
}

export function fileChange(step: Step, input: VerbInput<'fileChange'>): VerbOutput<'fileChange'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const known = step.rows.get('change', input.changeId);
  if (known !== undefined) {
    if (known.body !== input.body) return refuse('id_reused_with_other_body');
    return { change: changeView(input.changeId, known), waiting: known.waitNo !== 0 };
  }
  const ref = input.file;
  const { exp, refused: away } = exportFor(step, ref, input, 1);
  if (exp === undefined) return away;
  const loud = quietOver(step, input.sessionId, input.quietMs);
  if (loud !== undefined) return loud;
  const file = enterFile(step, ref, exp);
  bringUp(step, file);
  const change: ChangeRow = {
    no: 0,
    sessionId: input.sessionId,
    owner: input.owner,
    ownerKey: input.ownerKey,
    clientKey: input.clientKey,
    fileKey: file.key,
    exportName: ref.exportName,
    path: ref.path,
    fileId: ref.fileId,
    inode: ref.inode,
    pid: pidOf(step, input.sessionId),
    kind: input.kind,
    quietMs: input.quietMs,
    waitNo: 0,
    due: 0,
    body: input.body,
    notice: input.notice,
    reportMs: input.reportMs,
  };
  const id = input.changeId;
  const waiter: Waiter<ChangeRow> = { kind: changeKind, id, row: change };
  const ahead = aheadOf(step, file, waiter);
  if (ahead === undefined) makeWay(step, file, waiter);
  if (ahead === undefined && changeKind.admit(step, file, waiter, false)) {
    settleFile(step, file);
    return { change: changeView(id, change), waiting: false };
  }
  const verdict = mayNotWait(step, file, waiter, reasonFor(step, file, waiter), input.waitMs);
  if (verdict !== undefined) {
    settleFile(step, file);
    return verdict;
  }
  change.no = enterLists(step, keys.change(id), change.sessionId, file.key);
  enqueue(step, file, waiter, input.waitMs);
  step.rows.put('change', id, change);
  settleFile(step, file);
  const left = step.rows.get('change', id);
  return { change: changeView(id, left ?? change), waiting: left !== undefined && left.waitNo !== 0 };
}

export function changeCancel(step: Step, input: VerbInput<'changeCancel'>): VerbOutput<'changeCancel'> {
  const change = step.rows.get('change', input.changeId);
  // It may have been allowed already: then there is nothing to cancel.
  if (change === undefined) return { cancelled: false };
  const refused = gate(step, change.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (change.waitNo === 0) return { cancelled: false };
  end(step, { kind: changeKind, id: input.changeId, row: change }, 'cancelled');
  return { cancelled: true };
}

/**
 * Whoever made an announced change, or could not make it, says so. `reported` is false if nobody waits for that any more:
 * the delegations were recalled instead.
 */
export function changeReport(step: Step, input: VerbInput<'changeReport'>): VerbOutput<'changeReport'> {
  const change = step.rows.get('change', input.changeId);
  if (change === undefined) return { reported: false };
  const refused = gate(step, change.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (change.announced !== true) return { reported: false };
  const file = loadFile(step, change.fileKey);
  forgetChange(step, file, input.changeId, change);
  if (file === undefined) return { reported: false };
  if (input.made) tellChange(step, file, change);
  settleFile(step, file);
  return { reported: true };
}
