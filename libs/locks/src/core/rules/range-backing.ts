import { formatOf, formatOfKernelRanges } from '../format';
import type { FileRef } from '../io';
import type { Reason } from '../reasons';
import type { ExportRow, RangeRow } from '../rows';
import type { Step } from '../step';
import { standsAlone, type File } from './file';
import { mayAsk } from './hold';
import { compare, ownRanges } from './range-tree';

/**
 * On an export that says so, a range is granted only when the fileserver's kernel has locked it as well (semantics.md
 * §3). The kernel never has less than the table: a request is locked there first, and unlocked in the table first.
 */

/** The fileserver is told all ranges of a file with every ask: a file has no more of them. */
export const backedRangesMax = 1024;

/** Whether the ranges of this file are held at its fileserver, too. */
export function backsRanges({ exp }: { exp: ExportRow }): boolean {
  return exp.own?.ranges === 'kernel';
}

/** How many rows of ranges the file may have. */
export function rangesMaxOf(step: Step, file: File): number {
  const { rangesMax } = step.meta.limits;
  return backsRanges(file) ? Math.min(rangesMax, backedRangesMax) : rangesMax;
}

/** Why nothing can be locked at the fileserver now, if so. */
export function cannotBack(file: File): Reason | undefined {
  if (!backsRanges(file)) return undefined;
  return standsAlone(file) ? 'no_backend' : cannotAsk(file.exp);
}

/** Why the fileserver cannot be asked for ranges of its files, or about those of a file that is not in the table. */
export function cannotAsk(exp: ExportRow, file?: FileRef): Reason | undefined {
  if (!mayAsk(exp) || (file !== undefined && (exp.local || file.placeholder === true))) return 'no_backend';
  return exp.locksRanges === true ? undefined : 'ranges_unsupported';
}

/** The fileserver may have lost the ranges of the export: whoever holds some is told when it certainly has them again. */
export function noteDoubt(exp: ExportRow): void {
  if (backsRanges({ exp })) exp.doubts = (exp.doubts ?? 0) + 1;
}

/** Whether an export of this table may have its ranges held at the fileserver: all lease APIs have to know of it. */
export function mayBackRanges(step: Step, exp: ExportRow | undefined, stack: string): boolean {
  if (stack === 'local' || formatOf(step.meta) < formatOfKernelRanges) return false;
  return exp === undefined || exp.stack !== stack || exp.state !== 'up' || exp.locksRanges === true;
}

/** Whether the fileserver has to lock a range before it is granted: its owner has nothing there that is as strong. */
export function mustAsk(step: Step, file: File, row: RangeRow): boolean {
  if (!backsRanges(file)) return false;
  const { locked } = file.row;
  if (locked !== undefined && locked.ask === undefined && row.locked === true && row.askedIn === locked.gen)
    return locked.incarnation !== file.exp.incarnation;
  for (const { row: own } of ownRanges(step, row, row)) {
    const strong = own.type === 'write' || row.type === 'read';
    const begins = compare(own.startHi, own.startLo, row.startHi, row.startLo) <= 0;
    if (strong && begins && compare(own.endHi, own.endLo, row.endHi, row.endLo) >= 0) return false;
  }
  return true;
}

/** Whether the fileserver certainly has everything that is held of the file. */
export function areLocked(step: Step, file: File): boolean {
  const { locked } = file.row;
  return (
    locked?.sure === true &&
    locked.epoch >= (step.meta.restoredIn ?? 0) &&
    locked.incarnation === file.exp.incarnation &&
    mayAsk(file.exp)
  );
}
