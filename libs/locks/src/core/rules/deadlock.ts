import * as keys from '../keys';
import type { CycleMember, Entry } from '../rows';
import { endOfList, type Step } from '../step';
import { isBreaking } from './break';
import { leaseAsk } from './conflict';
import { isRevoked, loadFile, type File } from './file';
import { verdict } from './matrix';
import { dropWaiter, type Waiter } from './kinds/kind';
import { lockById, lockOf } from './kinds/table';
import { waitsBehind } from './queue';
import { opensRefusing } from './way';

/**
 * Deadlocks: owners that wait for each other, over any number of files. A cycle is closed by a wait that begins, which
 * is the youngest of it then and is refused; or, seldom, by a grant to an owner that waits elsewhere: then the youngest
 * of those that wait is dropped. A lease that is being broken holds nobody up: its holder is asked, and made to, whatever
 * it waits for itself.
 */

/** Cycles of up to so many requests are found. */
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

interface Search {
  /** Owners whose requests are followed already: whoever else waits for them adds nothing. */
  asked: { [ownerKey: string]: boolean };
  /** Of each queue what has not been followed. In a long one nearly everybody waits behind nearly everybody. */
  queues: { [fileKey: string]: Entry[] };
  /** Owners of the requests in them, by member. */
  ownerOf: { [member: string]: string };
  left: number;
}

/** The requests that would wait for each other if this one were to wait, itself first; undefined where none do. */
export function cycleOf(step: Step, file: File, waiter: Waiter): CycleMember[] | undefined {
  return findCycle(step, file, file, waiter);
}

/**
 * The nearest are looked at first: a cycle is not missed because a longer way to one of its requests was too long.
 * `settled` is the file that is being settled, which may not be stored yet.
 */
function findCycle(step: Step, settled: File, file: File, waiter: Waiter): CycleMember[] | undefined {
  const search: Search = { asked: {}, queues: {}, ownerOf: {}, left: lookedMax };
  const next: Reached[] = [{ waiter, file, length: 1 }];
  for (const at of next) {
    if (search.left <= 0) return undefined;
    for (const owner of ownersInTheWay(step, at.file, at.waiter, search)) {
      if (owner === waiter.row.ownerKey) return pathTo(at);
      if (search.asked[owner] === true || at.length >= lengthMax) continue;
      search.asked[owner] = true;
      for (const entry of step.rows.page(keys.ownerWaits(owner), 0, endOfList, waitsOfOne)) {
        const its = lockOf(step, entry.member);
        const on = its === undefined ? undefined : fileOf(step, settled, its);
        if (its !== undefined && on !== undefined)
          next.push({ waiter: its, file: on, from: at, length: at.length + 1 });
      }
    }
  }
  return undefined;
}

/** The file of a request; the one that is being settled as it is now. */
function fileOf(step: Step, settled: File, { row }: Waiter): File | undefined {
  return row.fileKey === settled.key ? settled : loadFile(step, row.fileKey);
}

/** The way to a request, from the first on. */
function pathTo({ waiter, from }: Reached): CycleMember[] {
  const path = from === undefined ? [] : pathTo(from);
  path.push(memberOfCycle(waiter));
  return path;
}

/**
 * These owners were granted something on this file while they wait elsewhere: ends the cycles that it may have closed, all
 * of which lead through one of them. Returns the other files whose queues have lost somebody, to be settled.
 */
export function breakCycles(step: Step, file: File, owners: readonly string[]): File[] {
  const others: File[] = [];
  for (const owner of owners) {
    for (const entry of step.rows.page(keys.ownerWaits(owner), 0, endOfList, waitsOfOne))
      breakFrom(step, file, entry.member, others);
  }
  return others;
}

function breakFrom(step: Step, settled: File, member: string, others: File[]): void {
  for (;;) {
    const waiter = lockOf(step, member);
    if (waiter === undefined || waiter.row.waitNo === 0) return;
    const file = fileOf(step, settled, waiter);
    const cycle = file === undefined ? undefined : findCycle(step, settled, file, waiter);
    const youngest = cycle === undefined ? undefined : youngestOf(step, cycle);
    const loses = youngest === undefined ? undefined : fileOf(step, settled, youngest);
    if (cycle === undefined || youngest === undefined || loses === undefined) return;
    dropWaiter(step, loses, youngest, 'deadlock', from(cycle, youngest.id));
    if (loses.key !== settled.key) others.push(loses);
  }
}

function youngestOf(step: Step, cycle: readonly CycleMember[]): Waiter | undefined {
  let youngest: Waiter | undefined;
  for (const { id } of cycle) {
    const waiter = lockById(step, id);
    if (waiter === undefined) continue;
    if (youngest === undefined || waiter.row.waitNo > youngest.row.waitNo) youngest = waiter;
  }
  return youngest;
}

/** The same cycle, told from one of its requests on. */
function from(cycle: readonly CycleMember[], id: string): CycleMember[] {
  const told: CycleMember[] = [];
  let found = false;
  for (let round = 0; round < 2; round += 1) {
    for (const each of cycle) {
      if (each.id === id) found = round === 0;
      if (found) told.push(each);
    }
  }
  return told;
}

function memberOfCycle({ id, kind, row }: Waiter): CycleMember {
  return {
    id,
    kind: kind.name,
    sessionId: row.sessionId,
    owner: row.owner,
    exportName: row.exportName,
    path: row.path,
  };
}

/** Keys of the owners whose holds, or whose earlier requests, this one waits for. */
function ownersInTheWay(step: Step, file: File, waiter: Waiter, search: Search): string[] {
  const owners: string[] = [];
  const { own: space, breaks } = waiter.kind;
  if (space !== undefined) {
    for (const { row } of space.inTheWay(step, file, waiter.row, search.left)) owners.push(row.ownerKey);
  } else {
    for (const { row } of opensRefusing(step, file, waiter, search.left)) owners.push(row.ownerKey);
    // Whoever breaks leases does not wait for their holders' sake.
    if (!breaks) addLeases(step, file, waiter, search.left, owners);
  }
  search.left -= 1 + owners.length;
  if (file.row.waiting === 0) return owners;
  const queue =
    search.queues[file.key] ?? step.rows.page(keys.queue(file.key), 0, endOfList, file.row.waiting);
  const unasked: Entry[] = [];
  for (const entry of queue) {
    const owner = search.ownerOf[entry.member];
    if (owner !== undefined && search.asked[owner] === true) continue;
    unasked.push(entry);
    if (waiter.row.waitNo !== 0 && entry.score >= waiter.row.waitNo) continue;
    search.left -= 1;
    const earlier = lockOf(step, entry.member);
    if (earlier === undefined) continue;
    search.ownerOf[entry.member] = earlier.row.ownerKey;
    if (waitsBehind(step, file, earlier, waiter)) owners.push(earlier.row.ownerKey);
  }
  search.queues[file.key] = unasked;
  return owners;
}

/** Leases in the way of one that waits, as they will be when the break that runs, if one does, has been answered. */
function addLeases(step: Step, file: File, waiter: Waiter, max: number, owners: string[]): void {
  const asks = waiter.kind.asks(waiter.row);
  const running = file.row.breaking;
  for (const entry of step.rows.page(keys.grants(file.key), 0, endOfList, max)) {
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
