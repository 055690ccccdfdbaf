import type { VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import type { ExportRow } from '../rows';
import { loadFile, opened, usedBy } from '../rules/file';
import { settleFile } from '../rules/settle';
import { endOfList, type Step } from '../step';

/**
 * A fileserver comes to an export that was in use without it (semantics.md §7): locks granted by name are bound to the
 * file that the name leads to, before any new request is served.
 */

/** How long after a lookup an export made on demand is kept for its use. */
export const probeMs = 2000;

export function exportCount(step: Step, input: VerbInput<'exportCount'>): VerbOutput<'exportCount'> {
  const exp = step.rows.get('export', input.name);
  if (exp === undefined) return { counted: false };
  const counts = exp.withoutBackend ?? { refused: 0, queued: 0, unbacked: 0 };
  counts.refused += input.refused;
  counts.queued += input.queued;
  exp.withoutBackend = counts;
  step.rows.put('export', input.name, exp);
  return { counted: true };
}

/** How many files in use by name are searched for ones that are not bound yet. */
const unboundMax = 4096;

export function unboundList(step: Step, input: VerbInput<'unboundList'>): VerbOutput<'unboundList'> {
  const exp = step.rows.get('export', input.exportName);
  const files: { fileKey: string; path: string }[] = [];
  if (exp === undefined || exp.opening !== true || exp.incarnation !== input.incarnation)
    return { opening: false, files };
  for (const entry of step.rows.page(keys.unboundFiles(input.exportName), 0, endOfList, unboundMax)) {
    const row = step.rows.get('file', entry.member);
    if (row === undefined || row.unbound !== 'name' || row.ending !== undefined) continue;
    files.push({ fileKey: entry.member, path: row.path });
    if (files.length === input.limit) break;
  }
  return { opening: true, files };
}

/** The adapter starts to serve as soon as everything granted without it is settled. */
export function beginOpening(step: Step, exp: ExportRow): void {
  exp.opening = true;
  opened(step, exp);
}

/**
 * A name has been resolved to a file of the fileserver, or to nothing. The fileserver is then asked for the hold that
 * the file's leases need.
 */
export function fileBind(step: Step, input: VerbInput<'fileBind'>): VerbOutput<'fileBind'> {
  const exp = step.rows.get('export', input.exportName);
  const file = loadFile(step, input.fileKey);
  if (exp === undefined || exp.opening !== true || exp.incarnation !== input.incarnation)
    return { bound: false };
  if (file === undefined || file.row.unbound !== 'name' || file.row.ending !== undefined)
    return { bound: false };
  const { row } = file;
  if (input.failed !== undefined) {
    row.ending = input.failed;
  } else if (loadFile(step, input.realKey) !== undefined || usedBy(step, exp, input.fileId) !== undefined) {
    // Another name leads to the same file, here or in another export, and the locks under the two names were never
    // checked against each other.
    row.ending = 'same_file';
  } else {
    row.unbound = 'asked';
    row.incarnation = exp.incarnation;
    row.have = 'none';
    row.mayHave = 'none';
    row.fileId = input.fileId;
    row.inode = input.inode;
    row.alias = input.realKey;
    exp.bound += 1;
    exp.aliases += 1;
    step.rows.put('alias', input.realKey, { fileKey: file.key });
    step.rows.put('export', exp.name, exp);
  }
  settleFile(step, file);
  return { bound: true };
}
