import type { VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import type { RequestRow } from '../rows';
import { loadFile, standsAlone, type File } from '../rules/file';
import { dropWaiter } from '../rules/kinds/kind';
import { lockOf } from '../rules/kinds/table';
import { settleFile } from '../rules/settle';
import { endOfList, record, type Step } from '../step';

/** Names of files with opens and range locks. The fileserver holds nothing for these, so it does not watch them. */

const scannedPerStep = 128;
const toldPerStep = 64;

export function nameList(step: Step, input: VerbInput<'nameList'>): VerbOutput<'nameList'> {
  const files: { fileKey: string; fileId: string; path: string }[] = [];
  const page = step.rows.page(keys.exportFiles(input.exportName), input.after, endOfList, scannedPerStep);
  let after = 0;
  for (const entry of page) {
    after = entry.score;
    const file = loadFile(step, entry.member);
    if (file === undefined || standsAlone(file)) continue;
    const { fileId, path, opens, ranges, waiting } = file.row;
    if (opens + ranges + waiting > 0) files.push({ fileKey: file.key, fileId, path });
  }
  return { files, after: page.length < scannedPerStep ? 0 : after };
}

/**
 * The name leads elsewhere now: tells the owners of opens and range locks on the file under that name, once, and drops
 * the requests that wait for it.
 */
export function fileMoved(step: Step, input: VerbInput<'fileMoved'>): VerbOutput<'fileMoved'> {
  const file = loadFile(step, input.fileKey);
  if (file === undefined || file.exp.incarnation !== input.incarnation || file.row.fileId !== input.fileId)
    return { told: 0 };
  const page = step.rows.page(keys.fileRows(file.key), file.row.toldTo ?? 0, endOfList, toldPerStep);
  let told = 0;
  for (const entry of page) {
    file.row.toldTo = entry.score;
    const lock = lockOf(step, entry.member);
    const named = lock?.kind.detached(lock.id);
    if (lock === undefined || named === undefined || lock.row.path !== input.path) continue;
    if (lock.kind.onlyWaits(lock.row)) dropWaiter(step, file, lock, 'file_changed');
    else tell(step, file, lock.row, named);
    told += 1;
  }
  if (page.length > 0) settleFile(step, file);
  return { told };
}

function tell(step: Step, file: File, row: RequestRow, named: { openId?: string; rangeId?: string }): void {
  const { sessionId, owner, path } = row;
  const { openId, rangeId } = named;
  record(step, { kind: 'detached', sessionId, owner, path, openId, rangeId, exportName: file.exp.name });
}
