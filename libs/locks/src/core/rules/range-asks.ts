import type { VerbInput } from '../io';
import * as keys from '../keys';
import type { Reason } from '../reasons';
import type { FileserverRanges, RangeRow, RangesAsk, RangeWanted } from '../rows';
import { earlier, endOfList, mintToken, record, type Step } from '../step';
import { standsAlone, type File } from './file';
import { isVacant, mayAsk } from './hold';
import { dropWaiter, type Waiter } from './kinds/kind';
import { rangeKind } from './kinds/range';
import { aheadOf } from './queue';
import { areLocked, backedRangesMax, backsRanges, mustAsk, rangesMaxOf } from './range-backing';
import { rangesInTheWay, rowsPerRange } from './range-tree';

/**
 * What the fileserver is asked to lock of a file's ranges (range-backing.ts). Each ask names everything that is held and
 * what is wanted besides, so that asks can be lost and repeated. At most one per file is in flight.
 */

/** After no answer, or a refusal, the fileserver is asked again no sooner than this: nobody tells when it unlocks. */
const askAgainMs = 1000;
/** How many requests one ask may be for. */
const wantsMax = 64;

/** How long a request that does not wait its turn may wait for the fileserver: for an ask in flight, and its own. */
export function answerMs(step: Step): number {
  return 2 * step.meta.limits.askMs + askAgainMs;
}

/** Decides whether the fileserver must be asked now. */
export function syncRanges(step: Step, file: File): void {
  const { row, exp } = file;
  const idle = !backsRanges(file) || standsAlone(file) || (row.ranges === 0 && row.waiting === 0);
  if (row.locked === undefined && idle) return;
  const locked = row.locked ?? beginLocked(file);
  followAdapter(file, locked);
  if (locked.ask !== undefined) {
    if (step.now < locked.ask.until) return;
    unanswered(step, file, locked, 'fileserver_timeout');
  }
  locked.again = 0;
  if (!mayAsk(exp)) {
    // Nobody is left who could have locked anything.
    if (isVacant(exp) && row.ranges === 0) row.locked = undefined;
    return;
  }
  if (exp.locksRanges !== true) {
    for (const { id, row: range } of heldRanges(step, file))
      rangeKind.end(step, file, id, range, 'fileserver_lost');
    row.locked = undefined;
    return;
  }
  if (areLocked(step, file)) certain(step, file, locked);
  const wants = wanted(step, file, locked);
  if (!locked.stale && areLocked(step, file) && wants.length === 0) {
    if (row.ranges === 0 && locked.again === 0) row.locked = undefined;
    return;
  }
  // Requests that wait for others are no reason to ask.
  if (locked.gen === 0 && !locked.stale && row.ranges === 0 && wants.length === 0) {
    if (locked.again === 0) row.locked = undefined;
    return;
  }
  if (step.now >= locked.askAfter) ask(step, file, locked, wants);
}

function beginLocked(file: File): FileserverRanges {
  const locked: FileserverRanges = {
    incarnation: file.exp.incarnation,
    gen: 0,
    epoch: 0,
    askAfter: 0,
    again: 0,
    sure: false,
    stale: false,
    doubts: file.exp.doubts,
  };
  file.row.locked = locked;
  return locked;
}

/** The locks of an earlier adapter have died with it, or are released by it. */
function followAdapter({ exp }: File, locked: FileserverRanges): void {
  if (locked.incarnation === exp.incarnation || !(mayAsk(exp) || isVacant(exp))) return;
  locked.incarnation = exp.incarnation;
  locked.ask = undefined;
  locked.sure = false;
  locked.askAfter = 0;
  locked.gen = 0;
  locked.stale = false;
}

/** Everything that is held is locked there: its holders are told, if that was in doubt. */
function certain(step: Step, file: File, locked: FileserverRanges): void {
  if (locked.doubts === file.exp.doubts) return;
  locked.doubts = file.exp.doubts;
  for (const { id, row } of heldRanges(step, file)) {
    const { sessionId, owner, exportName, path, type } = row;
    record(step, {
      kind: 'reclaimed',
      rangeId: id,
      sessionId,
      owner,
      fileKey: file.key,
      exportName,
      path,
      type,
    });
  }
}

function ask(step: Step, file: File, locked: FileserverRanges, wants: Waiter<RangeRow>[]): void {
  const { row, exp } = file;
  const gen = mintToken(step);
  locked.ask = { gen, until: step.now + step.meta.limits.askMs };
  locked.stale = false;
  const sent: RangesAsk = {
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    fileId: row.fileId,
    gen,
    held: [],
    wants: [],
    incarnation: exp.incarnation,
    endpoint: exp.endpoint,
  };
  for (const each of heldRanges(step, file)) sent.held.push(wantedOf(each.id, each.row));
  for (const each of wants) {
    each.row.askedIn = gen;
    each.row.locked = undefined;
    step.rows.put('range', each.id, each.row);
    sent.wants.push(wantedOf(each.id, each.row));
  }
  const all = step.rangeAsks ?? [];
  all.push(sent);
  step.rangeAsks = all;
}

function wantedOf(id: string, row: RangeRow): RangeWanted {
  const { type, startHi, startLo, endHi, endLo } = row;
  return { id, class: row.class, type, startHi, startLo, endHi, endLo };
}

/** Waiting requests that nothing in the table blocks, as far as their time to be asked for has come. */
function wanted(step: Step, file: File, locked: FileserverRanges): Waiter<RangeRow>[] {
  const found: Waiter<RangeRow>[] = [];
  if (file.row.waiting === 0) return found;
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, file.row.waiting)) {
    const rows = rowsPerRange * (found.length + 1);
    if (found.length === wantsMax || file.row.ranges + rows > rangesMaxOf(step, file)) return found;
    const waiter = waitingRange(step, entry.member);
    if (waiter === undefined || !mustAsk(step, file, waiter.row)) continue;
    if (rangesInTheWay(step, file, waiter.row, 1).length > 0) continue;
    if (aheadOf(step, file, waiter) !== undefined) continue;
    const after = waiter.row.askAfter ?? 0;
    if (after > step.now) locked.again = earlier(locked.again, after);
    else found.push(waiter);
  }
  return found;
}

function waitingRange(step: Step, member: string): Waiter<RangeRow> | undefined {
  if (keys.rowMember(step.rows, member) !== 'range') return undefined;
  return waiterOf(step, keys.idOf(step.rows, member));
}

function waiterOf(step: Step, id: string): Waiter<RangeRow> | undefined {
  const row = step.rows.get('range', id);
  return row === undefined || row.waitNo === 0 ? undefined : { kind: rangeKind, id, row };
}

function heldRanges(step: Step, file: File): { id: string; row: RangeRow }[] {
  const found: { id: string; row: RangeRow }[] = [];
  if (file.row.ranges === 0) return found;
  for (const space of ['bytes', 'whole'] as const) {
    for (const list of [keys.writeRanges(file.key, space), keys.readRanges(file.key, space)]) {
      for (const member of step.rows.span(list, '', '~', 2 * backedRangesMax)) {
        const id = step.rows.tail(member, keys.offsetLength);
        const row = step.rows.get('range', id);
        if (row !== undefined) found.push({ id, row });
      }
    }
  }
  return found;
}

/** No answer: what the fileserver has is at least what is held. It is asked again later. */
function unanswered(step: Step, file: File, locked: FileserverRanges, reason: Reason): void {
  const gen = locked.ask === undefined ? 0 : locked.ask.gen;
  locked.ask = undefined;
  locked.askAfter = step.now + askAgainMs;
  locked.stale = true;
  for (const entry of step.rows.page(keys.queue(file.key), 0, endOfList, file.row.waiting)) {
    const waiter = waitingRange(step, entry.member);
    if (waiter === undefined || waiter.row.askedIn !== gen) continue;
    if (waiter.row.atOnce === true) dropWaiter(step, file, waiter, reason);
  }
}

/** Refusals that do not pass by themselves. */
function isFinal(reason: Reason): boolean {
  return (
    reason === 'file_changed' ||
    reason === 'no_such_file' ||
    reason === 'fileserver_denied' ||
    reason === 'ranges_unsupported'
  );
}

/** Processes the answer to an ask; the caller then settles the file. Returns false if that ask is no longer open. */
export function rangesLocked(step: Step, file: File, input: VerbInput<'rangesAnswered'>): boolean {
  const { locked } = file.row;
  if (locked?.ask === undefined || locked.ask.gen !== input.gen) return false;
  if (input.failed !== undefined) {
    unanswered(step, file, locked, input.failed);
    return true;
  }
  locked.ask = undefined;
  locked.gen = input.gen;
  locked.epoch = step.meta.epoch;
  locked.sure = true;
  locked.askAfter = 0;
  for (const id of input.lost ?? []) {
    const row = step.rows.get('range', id);
    if (row === undefined || row.waitNo !== 0 || row.fileKey !== file.key) continue;
    if (file.exp.predecessors === undefined) {
      rangeKind.end(step, file, id, row, 'fileserver_lost');
      continue;
    }
    // It may be an earlier adapter, not yet dead, that still has it.
    locked.sure = false;
    locked.askAfter = step.now + askAgainMs;
  }
  if (areLocked(step, file)) certain(step, file, locked);
  for (const { id, reason } of input.refused ?? []) {
    const waiter = waiterOf(step, id);
    if (waiter === undefined || waiter.row.askedIn !== input.gen) continue;
    if (waiter.row.atOnce === true || isFinal(reason)) {
      dropWaiter(step, file, waiter, reason);
      continue;
    }
    waiter.row.refusedBy = reason;
    waiter.row.askAfter = step.now + askAgainMs;
    step.rows.put('range', id, waiter.row);
  }
  for (const id of input.locked ?? []) {
    const waiter = waiterOf(step, id);
    if (waiter === undefined || waiter.row.askedIn !== input.gen) {
      locked.stale = true;
      continue;
    }
    waiter.row.locked = true;
    step.rows.put('range', id, waiter.row);
  }
  return true;
}

/** What the fileserver has locked for requests that were not granted after all: it has to unlock that. */
export function leftOver(step: Step, file: File, ids: string[]): boolean {
  const { locked } = file.row;
  let any = false;
  for (const id of ids) {
    const waiter = waiterOf(step, id);
    if (waiter === undefined) continue;
    any = true;
    if (locked !== undefined) locked.stale = true;
    if (waiter.row.atOnce === true) dropWaiter(step, file, waiter, 'range_conflict');
  }
  return any;
}

/** An adapter reports that it has ranges of the file locked. */
export function reportedRanges(file: File): void {
  const locked = file.row.locked ?? beginLocked(file);
  locked.stale = true;
}
