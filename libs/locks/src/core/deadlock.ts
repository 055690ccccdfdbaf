import { isBreaking } from './break';
import { leaseAsk } from './conflict';
import { isRevoked, loadFile, type File } from './file';
import { verdict } from './matrix';
import { asksOf, dropWaiter, letters, opensRefusing, waiterOf, waitsBehind, type Waiter } from './queue';
import { rangesInTheWay } from './ranges';
import type { Cyclist } from './rows';
import { endOfList, type Step } from './step';

/**
 * Deadlocks: owners that wait for each other, over any number of files. A circle is closed by a wait that begins, which
 * is the youngest of it then and is refused; or, seldom, by a grant to an owner that waits elsewhere: then the youngest
 * of those that wait is dropped. A lease that is being broken holds nobody up: its holder is asked, and made to, whatever
 * it waits for itself.
 */

/** Circles of up to so many requests are found. */
const lengthMax = 64;
/** Holds in the way and requests that are looked at for one: more than a file may have range locks. */
const lookedMax = 16384;
/** Requests of one owner that wait at a time. */
const waitsOfOne = 64;

/** A request that the search has come to, and by way of which other. */
interface Reached {
  waiter: Waiter;
  file: File;
  from?: Reached;
  length: number;
}

/**
 * The requests that would wait for each other if this one were to wait, itself first; undefined where none do. The nearest
 * are looked at first: a circle is not missed because a longer way to one of its requests was too long.
 */
export function cycleOf(step: Step, file: File, waiter: Waiter): Cyclist[] | undefined {
  const next: Reached[] = [{ waiter, file, length: 1 }];
  const asked: { [owner: string]: boolean } = {};
  let left = lookedMax;
  for (const at of next) {
    if (left <= 0) return undefined;
    const owners = ownersInTheWay(step, at.file, at.waiter, left);
    left -= 1 + owners.length;
    for (const owner of owners) {
      if (owner === waiter.row.ownerKey) return pathTo(at);
      if (asked[owner] === true || at.length >= lengthMax) continue;
      asked[owner] = true;
      for (const entry of step.rows.page('W:' + owner, 0, endOfList, waitsOfOne)) {
        const its = waiterOf(step, entry.member);
        if (its === undefined) continue;
        const on = its.row.fileKey === file.key ? file : loadFile(step, its.row.fileKey);
        if (on !== undefined) next.push({ waiter: its, file: on, from: at, length: at.length + 1 });
      }
    }
  }
  return undefined;
}

/** The way to a request, from the first on. */
function pathTo({ waiter, from }: Reached): Cyclist[] {
  const path = from === undefined ? [] : pathTo(from);
  path.push(cyclist(waiter));
  return path;
}

/**
 * Something was granted on this file to an owner that waits elsewhere: ends the circles that it may have closed. Returns the
 * other files whose queues have lost somebody, to be settled.
 */
export function breakCircles(step: Step, file: File): File[] {
  const others: File[] = [];
  for (const entry of step.rows.page('w:' + file.key, 0, endOfList, file.row.waiting)) {
    const waiter = waiterOf(step, entry.member);
    const cycle = waiter === undefined ? undefined : cycleOf(step, file, waiter);
    if (cycle === undefined) continue;
    const youngest = youngestOf(step, cycle);
    const its = youngest === undefined ? undefined : loadFile(step, youngest.row.fileKey);
    if (youngest === undefined || its === undefined) continue;
    const same = its.key === file.key;
    dropWaiter(step, same ? file : its, youngest, 'deadlock', from(cycle, youngest.id));
    if (!same) others.push(its);
  }
  return others;
}

function youngestOf(step: Step, cycle: readonly Cyclist[]): Waiter | undefined {
  let youngest: Waiter | undefined;
  for (const { kind, id } of cycle) {
    const waiter = waiterOf(step, letters[kind] + id);
    if (waiter === undefined) continue;
    if (youngest === undefined || waiter.row.waitNo > youngest.row.waitNo) youngest = waiter;
  }
  return youngest;
}

/** The same circle, told from one of its requests on. */
function from(cycle: readonly Cyclist[], id: string): Cyclist[] {
  const told: Cyclist[] = [];
  let found = false;
  for (let round = 0; round < 2; round += 1) {
    for (const each of cycle) {
      if (each.id === id) found = round === 0;
      if (found) told.push(each);
    }
  }
  return told;
}

function cyclist({ id, kind, row }: Waiter): Cyclist {
  return {
    id,
    kind,
    sessionId: row.sessionId,
    owner: row.owner,
    exportName: row.exportName,
    path: row.path,
  };
}

/** Keys of the owners whose holds, of which `max` are looked at, or whose earlier requests, this one waits for. */
function ownersInTheWay(step: Step, file: File, waiter: Waiter, max: number): string[] {
  const owners: string[] = [];
  if (waiter.kind === 'range') {
    for (const { row } of rangesInTheWay(step, file, waiter.row, max)) owners.push(row.ownerKey);
  } else {
    for (const { row } of opensRefusing(step, file, waiter, max)) owners.push(row.ownerKey);
    if (waiter.kind === 'lease') addLeases(step, file, waiter, max, owners);
  }
  if (file.row.waiting === 0) return owners;
  const before = waiter.row.waitNo === 0 ? endOfList : waiter.row.waitNo - 1;
  for (const entry of step.rows.page('w:' + file.key, 0, before, file.row.waiting)) {
    const earlier = waiterOf(step, entry.member);
    if (earlier !== undefined && waitsBehind(step, file, earlier, waiter)) owners.push(earlier.row.ownerKey);
  }
  return owners;
}

/** Leases in the way of one that waits, as they will be when the break that runs, if one does, has been answered. */
function addLeases(step: Step, file: File, waiter: Waiter, max: number, owners: string[]): void {
  const asks = asksOf(waiter);
  const running = file.row.breaking;
  for (const entry of step.rows.page('f:' + file.key, 0, endOfList, max)) {
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || isRevoked(file.row, lease)) continue;
    if (lease.ownerKey === waiter.row.ownerKey || lease.ownerKey === waiter.row.clientKey) continue;
    const stays = running !== undefined && isBreaking(file.row, lease) ? running.target : lease.type;
    if (stays === 'none') continue;
    for (const wanted of asks) {
      if (verdict(leaseAsk(stays, lease.delegation), wanted) === 'refused') owners.push(lease.ownerKey);
    }
  }
}
