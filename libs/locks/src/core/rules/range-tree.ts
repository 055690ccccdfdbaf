import type { FileRef, OwnerRef, Range } from '../io';
import * as keys from '../keys';
import type { Reason } from '../reasons';
import type { RangeClass, RangeRow } from '../rows';
import { count, type Step } from '../step';
import { rememberEnd } from './ended';
import type { File } from './file';
import { enterLists, leaveLists } from './file';
import { verdict } from './matrix';

/**
 * The locked ranges of a file, and which of them block a request. POSIX and OFD locks share one space, flock has its
 * own.
 *
 * Ranges of one owner never overlap, and a write lock overlaps no other lock, so lists ordered by end serve for both.
 * Read locks of several owners may overlap in any way; they are kept in an implicit binary tree over the offsets (the
 * relational interval tree of Kriegel, Pötke and Seidl, VLDB 2000): a range lies in the node of the highest level whose
 * centre it contains, and an owner has at most one range in a node. So every query costs a logarithm, or one per level
 * in use, whatever the number of locks.
 */

/** Offsets as 20 digits, so that lists sort them by number. */
function text(step: Step, hi: number, lo: number): string {
  return step.rows.padded(hi) + step.rows.padded(lo);
}
const textLength = keys.offsetLength;
/** Sorts after every id and every text that may follow. */
const highest = '~';

const word = 4294967296;
/** From the first to the last possible offset, 2^63 - 1. */
export const wholeFile: Range = { startHi: 0, startLo: 0, endHi: 2147483647, endLo: 4294967295 };

export function compare(aHi: number, aLo: number, bHi: number, bLo: number): number {
  return aHi === bHi ? aLo - bLo : aHi - bHi;
}

export function overlap(a: Range, b: Range): boolean {
  return (
    compare(a.startHi, a.startLo, b.endHi, b.endLo) <= 0 &&
    compare(b.startHi, b.startLo, a.endHi, a.endLo) <= 0
  );
}

function space(kind: RangeClass): keys.RangeSpace {
  return kind === 'flock' ? 'whole' : 'bytes';
}

export function sameSpace(a: RangeClass, b: RangeClass): boolean {
  return space(a) === space(b);
}

/** Whether two requests are each other's own: the same owner and the same class of lock. */
export function sameOwner(
  a: { ownerKey: string; class: RangeClass },
  b: { ownerKey: string; class: RangeClass },
): boolean {
  return a.ownerKey === b.ownerKey && a.class === b.class;
}

export function typesConflict(kind: RangeClass, held: 'read' | 'write', wanted: 'read' | 'write'): boolean {
  if (kind === 'flock') {
    return (
      verdict(
        held === 'read' ? 'flockRead' : 'flockWrite',
        wanted === 'read' ? 'flockRead' : 'flockWrite',
      ) === 'refused'
    );
  }
  return (
    verdict(held === 'read' ? 'rangeRead' : 'rangeWrite', wanted === 'read' ? 'rangeRead' : 'rangeWrite') ===
    'refused'
  );
}

// --- where a range is listed

interface Where {
  fileKey: string;
  class: RangeClass;
  ownerKey: string;
}
function ownList(at: Where): string {
  return keys.ownerRanges(at.fileKey, space(at.class), at.class, at.ownerKey);
}
function writeList(at: Where): string {
  return keys.writeRanges(at.fileKey, space(at.class));
}
function startList(at: Where): string {
  return keys.readRanges(at.fileKey, space(at.class));
}
function nodeList(at: Where): string {
  return keys.rangeNodes(at.fileKey, space(at.class));
}

/** A node of the tree: its level and its centre. A range of one byte is in a node of its own, at level -1. */
interface TreeNode {
  level: number;
  hi: number;
  lo: number;
}
const exactLevel = -1;

/** The node at this level on the path down to an offset. */
function nodeAt(level: number, hi: number, lo: number): TreeNode {
  if (level === exactLevel) return { level, hi, lo };
  if (level >= 32) {
    const size = power(level - 32);
    return { level, hi: Math.floor(hi / (2 * size)) * 2 * size + size, lo: 0 };
  }
  const size = power(level);
  return { level, hi, lo: Math.floor(lo / (2 * size)) * 2 * size + size };
}

function power(exponent: number): number {
  let n = 1;
  for (let i = 0; i < exponent; i += 1) n *= 2;
  return n;
}

/** The node that a range lies in: its level is the highest binary digit in which the ends differ. */
function nodeOf(range: Range): TreeNode {
  const inLow = range.startHi === range.endHi;
  let a = inLow ? range.startLo : range.startHi;
  let b = inLow ? range.endLo : range.endHi;
  let level = exactLevel;
  while (a !== b) {
    a = Math.floor(a / 2);
    b = Math.floor(b / 2);
    level += 1;
  }
  if (level === exactLevel) return { level, hi: range.startHi, lo: range.startLo };
  return nodeAt(inLow ? level : level + 32, range.startHi, range.startLo);
}

function nodeText(step: Step, node: TreeNode): string {
  return step.rows.padded(node.level + 1) + text(step, node.hi, node.lo);
}

function list(step: Step, id: string, row: RangeRow, by: 1 | -1): void {
  const start = text(step, row.startHi, row.startLo);
  const end = text(step, row.endHi, row.endLo);
  move(step, ownList(row), end + id, by);
  if (row.type === 'write') {
    move(step, writeList(row), end + id, by);
    return;
  }
  move(step, startList(row), start + id, by);
  const node = nodeText(step, nodeOf(row));
  move(step, nodeList(row), node + 's' + start + id, by);
  move(step, nodeList(row), node + 'e' + end + id, by);
}

function move(step: Step, name: string, member: string, by: 1 | -1): void {
  if (by === 1) step.rows.link(name, member, 0);
  else step.rows.unlink(name, member, 0);
}

function useLevel(file: File, level: number): void {
  const levels = file.row.levels ?? [];
  for (const each of levels) if (each === level) return;
  levels.push(level);
  file.row.levels = levels;
}

/** Enters a range in the lists or takes it out, and updates `ranges`. */
function hold(step: Step, file: File, id: string, row: RangeRow, by: 1 | -1): void {
  list(step, id, row, by);
  file.row.ranges += by;
  count(step, 'ranges', by);
  if (by === 1 && row.type === 'read') useLevel(file, nodeOf(row).level);
  if (file.row.ranges === 0) file.row.levels = undefined;
  if (file.row.locked !== undefined) file.row.locked.stale = true;
}

// --- which locks block a request

interface Found {
  id: string;
  row: RangeRow;
}

/** How many rows a search reads at a time. */
const searchPage = 16;

/** A request for a range. */
export interface RangeAsk extends Range {
  fileKey: string;
  class: RangeClass;
  type: 'read' | 'write';
  ownerKey: string;
}

/** Adds the rows between `from` and `to` in the list that block the request; stops at `limit`. */
function collect(
  step: Step,
  name: string,
  from: string,
  to: string,
  skip: number,
  ask: RangeAsk,
  limit: number,
  found: Found[],
): void {
  let at = from;
  while (found.length < limit) {
    const members = step.rows.span(name, at, to, searchPage);
    for (const member of members) {
      at = member + ' ';
      const id = step.rows.tail(member, skip);
      const row = step.rows.get('range', id);
      if (row === undefined) continue;
      // In a list sorted by end, later ranges also start later, because they do not overlap.
      if (compare(row.startHi, row.startLo, ask.endHi, ask.endLo) > 0) return;
      if (!sameOwner(row, ask) && found.length < limit) found.push({ id, row });
    }
    if (members.length < searchPage) return;
  }
}

/** Held ranges of others that conflict with a request: at most `limit`, and all of them if there are fewer. */
export function rangesInTheWay(step: Step, file: File, ask: RangeAsk, limit: number): Found[] {
  const found: Found[] = [];
  if (file.row.ranges === 0) return found;
  const start = text(step, ask.startHi, ask.startLo);
  const end = text(step, ask.endHi, ask.endLo);
  if (typesConflict(ask.class, 'write', ask.type))
    collect(step, writeList(ask), start, highest, textLength, ask, limit, found);
  if (!typesConflict(ask.class, 'read', ask.type)) return found;
  // Read locks that start before the first byte and reach it, level by level; then those that start within the range.
  for (const level of file.row.levels ?? []) {
    const node = nodeAt(level, ask.startHi, ask.startLo);
    const name = nodeText(step, node);
    const skip = 10 + textLength + 1 + textLength;
    if (compare(ask.startHi, ask.startLo, node.hi, node.lo) >= 0)
      reaching(step, nodeList(ask), name + 'e' + start, name + 'e' + highest, skip, ask, limit, found);
    else reaching(step, nodeList(ask), name + 's', name + 's' + start + highest, skip, ask, limit, found);
  }
  collect(step, startList(ask), start, end + highest, textLength, ask, limit, found);
  return found;
}

/** Ranges of one node that reach the first byte. A range that starts exactly there is found by its start, not here. */
function reaching(
  step: Step,
  name: string,
  from: string,
  to: string,
  skip: number,
  ask: RangeAsk,
  limit: number,
  found: Found[],
): void {
  let at = from;
  while (found.length < limit) {
    const members = step.rows.span(name, at, to, searchPage);
    for (const member of members) {
      at = member + ' ';
      const id = step.rows.tail(member, skip);
      const row = step.rows.get('range', id);
      if (row === undefined || sameOwner(row, ask)) continue;
      if (compare(row.startHi, row.startLo, ask.startHi, ask.startLo) === 0) continue;
      if (found.length < limit) found.push({ id, row });
    }
    if (members.length < searchPage) return;
  }
}

/** Whether the owner has a range here that blocks another owner's request. */
export function ownsInTheWay(
  step: Step,
  file: File,
  owner: { ownerKey: string; class: RangeClass },
  ask: RangeAsk,
): boolean {
  for (const { row } of ownRanges(
    step,
    { fileKey: file.key, class: owner.class, ownerKey: owner.ownerKey },
    ask,
  )) {
    if (overlap(row, ask) && typesConflict(ask.class, row.type, ask.type)) return true;
  }
  return false;
}

/** The owner's ranges from the byte before a range to the byte after it, ascending. */
export function ownRanges(step: Step, at: Where, range: Range): Found[] {
  const before = previous(range.startHi, range.startLo);
  const after = next(range.endHi, range.endLo);
  const name = ownList(at);
  const found: Found[] = [];
  let from = text(step, before.hi, before.lo);
  for (;;) {
    const members = step.rows.span(name, from, highest, searchPage);
    for (const member of members) {
      from = member + ' ';
      const id = step.rows.tail(member, textLength);
      const row = step.rows.get('range', id);
      if (row === undefined) continue;
      if (compare(row.startHi, row.startLo, after.hi, after.lo) > 0) return found;
      found.push({ id, row });
    }
    if (members.length < searchPage) return found;
  }
}

function next(hi: number, lo: number): { hi: number; lo: number } {
  return lo === word - 1 ? { hi: hi + 1, lo: 0 } : { hi, lo: lo + 1 };
}
function previous(hi: number, lo: number): { hi: number; lo: number } {
  if (lo > 0) return { hi, lo: lo - 1 };
  return hi > 0 ? { hi: hi - 1, lo: word - 1 } : { hi: 0, lo: 0 };
}

// --- locking and unlocking

/** The owner of a new row. */
export interface Taker extends OwnerRef {
  sessionId: string;
  pid: number;
  file: FileRef;
  /** Digest of the request, if that can be repeated under its id. */
  body?: string;
}

/** How many more rows one request may need: a range in the middle of another turns one row into three. */
export const rowsPerRange = 2;

/**
 * Gives the owner this range: cuts the range out of its locks of the other type, and merges it with its locks of the
 * same type there or adjacent. The first of these rows is kept. Returns the id of the row that covers the range.
 */
export function takeRange(
  step: Step,
  file: File,
  taker: Taker,
  ask: RangeAsk,
  newId: string,
  splitId: string,
): string {
  const whole: Range = { startHi: ask.startHi, startLo: ask.startLo, endHi: ask.endHi, endLo: ask.endLo };
  let kept: Found | undefined;
  for (const own of ownRanges(step, ask, ask)) {
    if (own.row.type !== ask.type) {
      cut(step, file, own, ask, splitId);
      continue;
    }
    if (compare(own.row.startHi, own.row.startLo, whole.startHi, whole.startLo) < 0) {
      whole.startHi = own.row.startHi;
      whole.startLo = own.row.startLo;
    }
    if (compare(own.row.endHi, own.row.endLo, whole.endHi, whole.endLo) > 0) {
      whole.endHi = own.row.endHi;
      whole.endLo = own.row.endLo;
    }
    hold(step, file, own.id, own.row, -1);
    if (kept === undefined) kept = own;
    else endRow(step, own.id, own.row, 'holder');
  }
  const id = kept === undefined ? newId : kept.id;
  const row = kept === undefined ? newRow(step, id, taker, ask) : kept.row;
  setEnds(row, whole);
  hold(step, file, id, row, 1);
  step.rows.put('range', id, row);
  return id;
}

/** Unlocks a range of its owner; the parts before and after it stay locked, `splitId` names one split off. */
export function giveUpRange(step: Step, file: File, at: Where, range: Range, splitId: string): boolean {
  let found = false;
  for (const own of ownRanges(step, at, range)) found = cut(step, file, own, range, splitId) || found;
  return found;
}

/** The owner's lock that one on this range would take from or merge with, if there is one. */
export function ownInTheWay(step: Step, ask: RangeAsk): Found | undefined {
  for (const own of ownRanges(step, ask, ask))
    if (own.row.type === ask.type || overlap(own.row, ask)) return own;
  return undefined;
}

/** Whether unlocking this range cuts a lock in two that extends beyond both its ends. */
export function splits(step: Step, at: Where, range: Range): boolean {
  for (const { row } of ownRanges(step, at, range)) {
    const left = compare(row.startHi, row.startLo, range.startHi, range.startLo) < 0;
    if (left && compare(row.endHi, row.endLo, range.endHi, range.endLo) > 0) return true;
  }
  return false;
}

/**
 * Cuts `range` out of one of the owner's ranges. Only one of these can extend beyond both ends: one new id suffices.
 */
function cut(step: Step, file: File, own: Found, range: Range, splitId: string): boolean {
  const { id, row } = own;
  if (!overlap(row, range)) return false;
  const left = compare(row.startHi, row.startLo, range.startHi, range.startLo) < 0;
  const right = compare(row.endHi, row.endLo, range.endHi, range.endLo) > 0;
  hold(step, file, id, row, -1);
  const tail: Range = { startHi: 0, startLo: 0, endHi: row.endHi, endLo: row.endLo };
  const after = next(range.endHi, range.endLo);
  tail.startHi = after.hi;
  tail.startLo = after.lo;
  if (left) {
    const before = previous(range.startHi, range.startLo);
    setEnds(row, { startHi: row.startHi, startLo: row.startLo, endHi: before.hi, endLo: before.lo });
    hold(step, file, id, row, 1);
    step.rows.put('range', id, row);
    if (right) split(step, file, row, tail, splitId);
  } else if (right) {
    setEnds(row, tail);
    hold(step, file, id, row, 1);
    step.rows.put('range', id, row);
  } else {
    endRow(step, id, row, 'holder');
  }
  return true;
}

function split(step: Step, file: File, from: RangeRow, ends: Range, id: string): void {
  const ref: FileRef = {
    fileKey: from.fileKey,
    exportName: from.exportName,
    path: from.path,
    fileId: from.fileId,
    inode: from.inode,
  };
  const taker: Taker = {
    owner: from.owner,
    ownerKey: from.ownerKey,
    clientKey: from.clientKey,
    sessionId: from.sessionId,
    pid: from.pid,
    file: ref,
  };
  const row = newRow(step, id, taker, from);
  setEnds(row, ends);
  hold(step, file, id, row, 1);
  step.rows.put('range', id, row);
}

export function newRow(
  step: Step,
  id: string,
  taker: Taker,
  ask: { class: RangeClass; type: 'read' | 'write' } & Range,
): RangeRow {
  const { file } = taker;
  return {
    no: enterLists(step, keys.range(id), taker.sessionId, file.fileKey),
    sessionId: taker.sessionId,
    owner: taker.owner,
    ownerKey: taker.ownerKey,
    clientKey: taker.clientKey,
    fileKey: file.fileKey,
    exportName: file.exportName,
    path: file.path,
    fileId: file.fileId,
    inode: file.inode,
    pid: taker.pid,
    class: ask.class,
    type: ask.type,
    startHi: ask.startHi,
    startLo: ask.startLo,
    endHi: ask.endHi,
    endLo: ask.endLo,
    state: 'held',
    waitNo: 0,
    due: 0,
    splitId: '',
    body: taker.body,
  };
}

function setEnds(row: RangeRow, ends: Range): void {
  row.startHi = ends.startHi;
  row.startLo = ends.startLo;
  row.endHi = ends.endHi;
  row.endLo = ends.endLo;
}

/** Removes the row, also from the lists that all rows are in. */
export function dropRow(step: Step, id: string, row: RangeRow): void {
  leaveLists(step, keys.range(id), row);
  step.rows.del('range', id);
}

/** Removes the row of a lock that was held; a late repeat of its request is told how it ended. */
function endRow(step: Step, id: string, row: RangeRow, how: Reason | 'holder'): void {
  rememberEnd(step, id, row, how);
  dropRow(step, id, row);
}

/** Unlocks a held row completely. */
export function unlockRow(step: Step, file: File, id: string, row: RangeRow, how: Reason): void {
  hold(step, file, id, row, -1);
  endRow(step, id, row, how);
}
