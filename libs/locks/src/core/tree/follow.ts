import type { ExportCopy, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ExportRow } from '../rows';
import { endOfList, type Step } from '../step';
import { remove } from './operation';
import { configured } from './pins';
import { freshExport } from './stack';

/**
 * Exports in a table of several shards (decision 0074). The first shard decides about them; the others have copies, by which they
 * decide about their files. Adapters register with all of them.
 *
 * Only the first shard has the files of an export that it has to judge as a whole: one that is made on demand and goes with its
 * last file, one for the nodes of a region, and one that may grant by name before its fileserver has come.
 */

const exportsMax = 1000;

function inUse(step: Step, name: string): boolean {
  return step.rows.page(keys.exportFiles(name), 0, endOfList, 1).length > 0;
}

function copyOf(step: Step, row: ExportRow): ExportCopy {
  const { name, no, version, stack, policy, own, breakMs, lockDelayMs, directories, stopped } = row;
  const copy: ExportCopy = {
    name,
    no,
    version,
    stack,
    policy,
    own,
    breakMs,
    lockDelayMs,
    directories,
    stopped,
    busy: row.operation !== undefined,
    inUse: inUse(step, name),
  };
  return copy;
}

/** Those whose files are in all shards. */
export function exportCopy(step: Step, input: VerbInput<'exportCopy'>): VerbOutput<'exportCopy'> {
  const exports: ExportCopy[] = [];
  const add = (name: string): void => {
    const row = step.rows.get('export', name);
    if (row !== undefined && row.spread === true) exports.push(copyOf(step, row));
  };
  if (input.name !== undefined) add(input.name);
  else for (const { member } of step.rows.page('exports', 0, endOfList, exportsMax)) add(member);
  return { exports };
}

export function exportFollow(step: Step, input: VerbInput<'exportFollow'>): VerbOutput<'exportFollow'> {
  const { name, copy } = input;
  let row = step.rows.get('export', name);
  if (row !== undefined && row.no !== copy?.no) {
    // It has been removed, and another may have its name.
    if (row.operation !== undefined || inUse(step, name)) return refuse('has_dependents');
    remove(step, keys.exportItem(name));
    row = undefined;
    if (copy === undefined) return { changed: true };
  }
  // One that is being removed is not brought back.
  if (copy === undefined || (row === undefined && copy.busy)) return { changed: false };
  if (row !== undefined && row.version === copy.version && row.stopped === copy.stopped)
    return { changed: false };
  // One of another stack has another number.
  const now = row ?? freshExport(step, name, copy.stack, undefined, copy.no);
  now.version = copy.version;
  now.policy = copy.policy;
  now.own = copy.own;
  now.breakMs = copy.breakMs;
  now.lockDelayMs = copy.lockDelayMs;
  now.directories = copy.directories;
  if (now.operation === undefined) now.stopped = copy.stopped;
  step.rows.put('export', name, now);
  configured(step, keys.exportItem(name), 'changed');
  return { changed: true };
}
