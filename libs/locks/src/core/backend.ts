import { refuse } from './answer';
import { loadFile, opened } from './file';
import { mayAsk } from './hold';
import type { Refused, VerbInput, VerbOutput } from './io';
import type { ExportRow } from './rows';
import { claim, roomFor } from './session';
import { settleFile } from './settle';
import { endOfList, type Step } from './step';

/**
 * Who may ask an export for something, and what becomes of it while no fileserver stands behind it (semantics.md §7). What
 * is granted then goes by the name; the name is bound to what it leads to when the fileserver comes, before anybody new is
 * served.
 */

/** Whether the export's files go by their names at the moment, though it has a fileserver, or will have one. */
export function byName(exp: ExportRow): boolean {
  // Files that a fileserver has named already may be those of the names: the two must never be granted side by side.
  return !exp.local && exp.opening !== true && !mayAsk(exp) && exp.policy === 'local' && exp.bound === 0;
}

/** A file as a request names it. */
interface Named {
  fileKey: string;
  exportName: string;
  exportNo?: number;
  placeholder?: boolean;
}

/**
 * Why a request for something new on a file cannot be taken by its export, or undefined. `resolve_again`: the export is
 * not what it was when the name was resolved.
 */
export function turnedAway(step: Step, ref: Named, sessionId: string): Refused | undefined {
  const exp = step.rows.get('export', ref.exportName);
  if (exp === undefined) return refuse('no_such_export');
  if (exp.stopped === true) return refuse('export_stopped');
  if (exp.operation !== undefined) return refuse('export_stopping');
  if (exp.region !== undefined && !livesIn(step, sessionId, exp.region)) return refuse('node_required');
  if (ref.exportNo !== undefined && ref.exportNo !== exp.no) return refuse('resolve_again');
  if (exp.local) return undefined;
  const fits = ref.placeholder === true ? byName(exp) : !byName(exp) && !hasUnbound(step, exp);
  // What is in use already keeps its name.
  return fits || loadFile(step, ref.fileKey) !== undefined ? undefined : refuse('resolve_again');
}

/**
 * The export that a request for something new goes to, if that takes it, its time is right (claim), and its session has room
 * for so many rows: the checks of every such request, in their fixed order.
 */
export function exportFor(
  step: Step,
  ref: Named,
  request: { sessionId: string; reclaim?: boolean },
  rows: number,
): { exp: ExportRow; refused?: undefined } | { exp?: undefined; refused: Refused } {
  const refused =
    turnedAway(step, ref, request.sessionId) ??
    claim(step, request.sessionId, request.reclaim) ??
    (rows === 0 ? undefined : roomFor(step, request.sessionId, rows));
  const exp = step.rows.get('export', ref.exportName);
  if (refused !== undefined || exp === undefined) return { refused: refused ?? refuse('no_such_export') };
  return { exp };
}

/** Whether some of its files are in use by their names still: what those lead to is not known, or not settled. */
function hasUnbound(step: Step, exp: ExportRow): boolean {
  return exp.without !== undefined && step.rows.page('b:' + exp.name, 0, endOfList, 1).length > 0;
}

function livesIn(step: Step, sessionId: string, region: string): boolean {
  const session = step.rows.get('session', sessionId);
  if (session?.bound !== true || session.node === undefined) return false;
  const node = step.rows.get('node', session.node);
  return node?.region === region && node.state === 'up';
}

/** How long whoever has looked at an export made on demand has to use it. */
export const probeMs = 2000;

export function exportCount(step: Step, input: VerbInput<'exportCount'>): VerbOutput<'exportCount'> {
  const exp = step.rows.get('export', input.name);
  if (exp === undefined) return { counted: false };
  const counts = exp.without ?? { refused: 0, queued: 0, unbacked: 0 };
  counts.refused += input.refused;
  counts.queued += input.queued;
  exp.without = counts;
  step.rows.put('export', input.name, exp);
  return { counted: true };
}

// --- a fileserver comes

/** Files in use by their names that are looked at for those that are not bound yet. */
const unboundMax = 4096;

export function unboundList(step: Step, input: VerbInput<'unboundList'>): VerbOutput<'unboundList'> {
  const exp = step.rows.get('export', input.exportName);
  const files: { fileKey: string; path: string }[] = [];
  if (exp === undefined || exp.opening !== true || exp.incarnation !== input.incarnation)
    return { opening: false, files };
  for (const entry of step.rows.page('b:' + input.exportName, 0, endOfList, unboundMax)) {
    const row = step.rows.get('file', entry.member);
    if (row === undefined || row.unbound !== 'name' || row.ending !== undefined) continue;
    files.push({ fileKey: entry.member, path: row.path });
    if (files.length === input.limit) break;
  }
  return { opening: true, files };
}

/** The adapter serves from now on, as soon as what was granted without it is settled. */
export function beginOpening(step: Step, exp: ExportRow): void {
  exp.opening = true;
  opened(step, exp);
}

/** A name turns out to lead to a file of the fileserver, or nowhere. The fileserver is asked for what is held already. */
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
  } else if (loadFile(step, input.realKey) !== undefined) {
    // Another name leads to the same file, and what is held under the two was never compared.
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
