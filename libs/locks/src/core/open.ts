import { enterFile, enterLists, loadFile } from './file';
import type { OpenAnswer, OpenView, VerbInput, VerbOutput } from './io';
import { explain, refuse } from './answer';
import type { OpenRow } from './rows';
import { gate, roomFor } from './session';
import { admitOpen, bringUp, clearWay, removeOpen, settleFile } from './settle';
import { setDue, type Step } from './step';

/** Opens: the one thing that breaks a lease (semantics.md §3, §4). */

function openView(id: string, open: OpenRow): OpenView {
  return {
    openId: id,
    sessionId: open.sessionId,
    owner: open.owner,
    exportName: open.exportName,
    path: open.path,
    fileId: open.fileId,
    fileKey: open.fileKey,
    access: open.access,
    state: open.state,
  };
}

function answer(id: string, open: OpenRow): OpenAnswer {
  return { open: openView(id, open), waiting: open.state === 'waiting' };
}

export function openCreate(step: Step, input: VerbInput<'openCreate'>): VerbOutput<'openCreate'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const known = step.rows.get('open', input.openId);
  if (known !== undefined) {
    return known.body === input.body ? answer(input.openId, known) : refuse('id_reused_with_other_body');
  }
  const ref = input.file;
  const exp = step.rows.get('export', ref.exportName);
  if (exp === undefined) return refuse('no_such_export');
  const full = roomFor(step, input.sessionId, 1);
  if (full !== undefined) return full;
  const file = enterFile(step, ref, exp);
  bringUp(step, file);
  const session = step.rows.get('session', input.sessionId);
  const open: OpenRow = {
    no: 0,
    sessionId: input.sessionId,
    owner: input.owner,
    ownerKey: input.ownerKey,
    fileKey: ref.fileKey,
    exportName: ref.exportName,
    path: ref.path,
    fileId: ref.fileId,
    inode: ref.inode,
    pid: session === undefined ? 0 : session.pid,
    access: input.access,
    state: 'waiting',
    due: 0,
    body: input.body,
  };
  const { row } = file;
  const clear = clearWay(step, file, open);
  const queued = !clear && input.waitMs > 0 && row.waiting < step.meta.limits.queueMax;
  if (!clear && !queued) {
    // The break goes on though nobody waits for it, as it does for O_NONBLOCK.
    const reason = row.breaking !== undefined ? 'break_started' : 'fencing';
    const verdict = explain(step, file, input.ownerKey, 'none', input.waitMs > 0 ? 'queue_full' : reason);
    settleFile(step, file);
    return verdict;
  }
  open.no = enterLists(step, 'o:' + input.openId, input.sessionId, file.key);
  step.rows.link('w:' + file.key, input.openId, open.no);
  row.waiting += 1;
  if (clear) {
    admitOpen(step, file, input.openId, open, false);
  } else {
    setDue(step, 'o:' + input.openId, open, step.now + input.waitMs);
    step.rows.put('open', input.openId, open);
  }
  settleFile(step, file);
  return answer(input.openId, open);
}

export function openGet(step: Step, input: VerbInput<'openGet'>): VerbOutput<'openGet'> {
  const open = step.rows.get('open', input.openId);
  if (open === undefined) return refuse('no_such_open');
  const refused = gate(step, open.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (input.body !== undefined && open.body !== input.body) return refuse('id_reused_with_other_body');
  return { open: openView(input.openId, open) };
}

export function openClose(step: Step, input: VerbInput<'openClose'>): VerbOutput<'openClose'> {
  const open = step.rows.get('open', input.openId);
  if (open === undefined) return refuse('no_such_open');
  const refused = gate(step, open.sessionId, input.digest);
  if (refused !== undefined) return refused;
  dropOpen(step, input.openId, open, open.state === 'waiting' ? 'cancelled' : 'holder');
  return { closed: true };
}

/** Ends an open or a wait and brings its file in line. */
export function dropOpen(step: Step, id: string, open: OpenRow, reason: string): void {
  const file = loadFile(step, open.fileKey);
  if (file === undefined) return;
  removeOpen(step, file, id, open, reason);
  settleFile(step, file);
}
