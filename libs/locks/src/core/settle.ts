import { clearRevoked, conflictTarget, freshen, startBreak, voidPending } from './break';
import { holdBlocks, openVoidsPending, writes } from './conflict';
import { forgetOpen, ownLease, saveFile, saveShare, shareOf, type File } from './file';
import { commitPending, followAdapter, syncHold } from './hold';
import type { OpenRow } from './rows';
import { endOfList, record, setDue, type Step } from './step';

/** What every change of a file ends with: the rest of the file is brought in line, the row is written, the fileserver asked. */

/** Whether an open can be granted now; what stands in its way is broken, and intents in its way are void. */
export function clearWay(step: Step, file: File, open: OpenRow): boolean {
  const { row } = file;
  const own = ownLease(step, file, shareOf(step, file.key, open.ownerKey));
  const target = conflictTarget(step, file, open.ownerKey, open.access);
  if (target !== undefined) startBreak(step, file, target, 'open', open.ownerKey, 0);
  if (openVoidsPending(row, own, open.access)) voidPending(step, file, 'open_conflict');
  const fenced = row.fence && (writes(open.access) || row.ghost !== undefined);
  return target === undefined && !holdBlocks(row, open.access) && !fenced;
}

export function admitOpen(step: Step, file: File, id: string, open: OpenRow, turn: boolean): void {
  const { row } = file;
  const share = shareOf(step, file.key, open.ownerKey);
  share.opens += 1;
  row.opens += 1;
  if (writes(open.access)) {
    share.writeOpens += 1;
    row.writeOpens += 1;
  }
  saveShare(step, file.key, open.ownerKey, share);
  if (open.state === 'waiting') {
    step.rows.unlink('w:' + file.key, id, open.no);
    row.waiting -= 1;
  }
  open.state = 'open';
  setDue(step, 'o:' + id, open, 0);
  step.rows.link('o:' + file.key, id, open.no);
  step.rows.put('open', id, open);
  record(step, {
    kind: 'opened',
    openId: id,
    sessionId: open.sessionId,
    owner: open.owner,
    fileKey: file.key,
    exportName: open.exportName,
    path: open.path,
    access: open.access,
    turn,
  });
}

/** Closes an open or drops a waiting one, whatever the cause. */
export function removeOpen(step: Step, file: File, id: string, open: OpenRow, reason: string): void {
  const { row } = file;
  const waited = open.state === 'waiting';
  if (waited) {
    row.waiting -= 1;
  } else {
    const share = shareOf(step, file.key, open.ownerKey);
    share.opens -= 1;
    row.opens -= 1;
    if (writes(open.access)) {
      share.writeOpens -= 1;
      row.writeOpens -= 1;
    }
    saveShare(step, file.key, open.ownerKey, share);
  }
  forgetOpen(step, id, open);
  record(step, {
    kind: waited ? 'dropped' : 'closed',
    openId: id,
    sessionId: open.sessionId,
    fileKey: file.key,
    reason,
  });
}

/** Grants the waiting opens whose way is clear, oldest first. The queue is bounded, so the walk is. */
function serveQueue(step: Step, file: File): void {
  if (file.row.waiting === 0) return;
  const page = step.rows.page('w:' + file.key, 0, endOfList, file.row.waiting);
  for (const entry of page) {
    const open = step.rows.get('open', entry.member);
    if (open !== undefined && clearWay(step, file, open)) admitOpen(step, file, entry.member, open, true);
  }
}

/** Brings a file up to now, before anything is decided about it. */
export function bringUp(step: Step, file: File): void {
  followAdapter(step, file);
  freshen(step, file);
}

export function settleFile(step: Step, file: File): void {
  bringUp(step, file);
  commitPending(step, file);
  // A first pass lets a local hold fall and an unanswered ask lapse before the queue is served.
  syncHold(step, file);
  serveQueue(step, file);
  freshen(step, file);
  commitPending(step, file);
  clearRevoked(step, file);
  syncHold(step, file);
  saveFile(step, file);
}
