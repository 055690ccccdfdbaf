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
import { veilCycle } from './tenant';
import { opensRefusing } from './way';

/**
 * Deadlocks: owners that wait for each other, over any number of files. Usually a new wait closes the cycle; being the
 * youngest, it is refused. Rarely, a grant to an owner that waits elsewhere closes it: then the youngest wait is
 * dropped. A lease that is being broken blocks nobody: its holder is asked, and forced, whatever it waits for itself.
 * Any holder of a semaphore may make room: who waits for one is stuck only if all of them are.
 */

/** The longest cycle that is found, in requests. */
const lengthMax = 64;
/** How many holds and requests one search examines: more than the range locks a file may have. */
const lookedMax = 16384;
/** How many waiting requests of one owner are followed. */
const waitsOfOne = 64;
/** How many rows of the requester's session are looked at before any search. */
const ownLooked = 64;

/** How many locks that are held on a file are looked at before any search. */
const heldLooked = 64;

/** A request that the search has reached, and the one it was reached from. */
interface Reached {
  waiter: Waiter;
  file: File;
  from?: Reached;
  length: number;
}

interface Search {
  /** Owners whose requests are already being followed: another request that waits for them adds nothing. */
  asked: { [ownerKey: string]: boolean };
  /** The part of each queue not followed yet. In a long queue nearly every request waits behind nearly every other. */
  queues: { [fileKey: string]: Entry[] };
  /** Owners of the requests in those queues, by member. */
  ownerOf: { [member: string]: string };
  left: number;
}

/** The cycle that would close if this request were to wait, itself first; undefined if none. */
export function cycleOf(step: Step, file: File, waiter: Waiter): CycleMember[] | undefined {
  return findCycle(step, file, file, waiter);
}

/**
 * Searches breadth-first, so that a cycle is not missed because a longer path to one of its requests hit the limit.
 * `settled` is the file being settled, whose row may not be stored yet.
 */
function findCycle(step: Step, settled: File, file: File, waiter: Waiter): CycleMember[] | undefined {
  if (!leadsAway(step, file, waiter) || !isWaitedFor(step, settled, file, waiter)) return undefined;
  const search: Search = { asked: {}, queues: {}, ownerOf: {}, left: lookedMax };
  const next: Reached[] = [{ waiter, file, length: 1 }];
  for (const at of next) {
    if (search.left <= 0) return undefined;
    if (!isStuck(step, settled, at, waiter, search)) continue;
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

/** Whether a request can only be part of a deadlock: for a semaphore, none of the holders can go on without `first`. */
function isStuck(step: Step, settled: File, at: Reached, first: Waiter, search: Search): boolean {
  if (at.waiter.kind.own?.anyMakesRoom !== true) return true;
  const onPath: { [ownerKey: string]: boolean } = {};
  onPath[first.row.ownerKey] = true;
  return !mayBeServed(step, settled, at, onPath, search);
}

/** Whether a request will be granted by what its blockers, and theirs, do by themselves. */
function mayBeServed(
  step: Step,
  settled: File,
  { waiter, file }: Pick<Reached, 'waiter' | 'file'>,
  onPath: { [ownerKey: string]: boolean },
  search: Search,
): boolean {
  // Beyond the bound of the search it may.
  if (search.left <= 0) return true;
  const any = waiter.kind.own?.anyMakesRoom === true;
  const fresh: Search = { asked: {}, queues: {}, ownerOf: {}, left: search.left };
  const owners = any ? holdersOf(step, file, waiter, fresh) : ownersInTheWay(step, file, waiter, fresh);
  search.left = fresh.left;
  for (const owner of owners) {
    // Whoever has one of its own may give that back.
    if (any && owner === waiter.row.ownerKey) return true;
    if (mayGoOn(step, settled, owner, onPath, search) === any) return any;
  }
  return !any;
}

/** Whether an owner waits for nothing, or only for what it will be granted. */
function mayGoOn(
  step: Step,
  settled: File,
  owner: string,
  onPath: { [ownerKey: string]: boolean },
  search: Search,
): boolean {
  if (onPath[owner] === true) return false;
  onPath[owner] = true;
  let goesOn = true;
  for (const { member } of step.rows.page(keys.ownerWaits(owner), 0, endOfList, waitsOfOne)) {
    const waiter = lockOf(step, member);
    const file = waiter === undefined ? undefined : fileOf(step, settled, waiter);
    if (waiter === undefined || file === undefined || !goesOn) continue;
    goesOn = mayBeServed(step, settled, { waiter, file }, onPath, search);
  }
  onPath[owner] = false;
  return goesOn;
}

/** Whom a request waits for: keys of owners; `any`: one of them is enough. */
export function waitsFor(step: Step, file: File, waiter: Waiter): { owners: string[]; any: boolean } {
  const search: Search = { asked: {}, queues: {}, ownerOf: {}, left: lookedMax };
  const any = waiter.kind.own?.anyMakesRoom === true;
  const owners = any ? holdersOf(step, file, waiter, search) : ownersInTheWay(step, file, waiter, search);
  return { owners, any };
}

/** Keys of the owners of the locks that block a request, without those that wait before it. */
function holdersOf(step: Step, file: File, waiter: Waiter, search: Search): string[] {
  const owners: string[] = [];
  for (const { row } of waiter.kind.own?.inTheWay(step, file, waiter.row, search.left) ?? [])
    owners.push(row.ownerKey);
  search.left -= 1 + owners.length;
  return owners;
}

/**
 * Whether a search may get from this file to another, or to the requester itself: if nobody who holds or waits here has
 * another request that waits, it gets nowhere. So a request behind a thousand others usually costs what the first does.
 */
function leadsAway(step: Step, file: File, { kind, row }: Waiter): boolean {
  const held = kind.own?.held;
  const waits = (ownerKey: string): boolean =>
    step.rows.page(keys.ownerWaits(ownerKey), 0, endOfList, 1).length > 0;
  if (held === undefined || waits(row.ownerKey)) return true;
  if (step.rows.page(keys.tangled(file.key), 0, endOfList, 1).length > 0) return true;
  const holders = held(step, file, heldLooked);
  if (holders.length >= heldLooked) return true;
  for (const { ownerKey } of holders) if (ownerKey === row.ownerKey || waits(ownerKey)) return true;
  return false;
}

/**
 * Whether anybody may wait for the owner of a request: if not, no cycle leads through it. So the thousandth request in a
 * queue usually costs what the first does. A session with many rows is not looked through.
 */
function isWaitedFor(step: Step, settled: File, file: File, { row }: Waiter): boolean {
  const own = step.rows.page(keys.sessionRows(row.sessionId), 0, endOfList, ownLooked + 1);
  if (own.length > ownLooked) return true;
  for (const { member } of own) {
    const its = lockOf(step, member);
    if (its === undefined || its.row.ownerKey !== row.ownerKey) continue;
    const on = fileOf(step, settled, its);
    // It would wait for its own hold on this file.
    if (on !== undefined && (on.key === file.key || on.row.waiting > 0)) return true;
  }
  return false;
}

/** The file of a request; for the file being settled, its current state. */
function fileOf(step: Step, settled: File, { row }: Waiter): File | undefined {
  return row.fileKey === settled.key ? settled : loadFile(step, row.fileKey);
}

/** The path to a request, from the first one. */
function pathTo({ waiter, from }: Reached): CycleMember[] {
  const path = from === undefined ? [] : pathTo(from);
  path.push(memberOfCycle(waiter));
  return path;
}

/**
 * These owners were granted something on this file while they wait elsewhere. Breaks the cycles that this may have
 * closed; all of them lead through one of these owners. Returns the other files whose queues lost a request, to be
 * settled.
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
    const told = veilCycle(step, youngest.row.sessionId, from(cycle, youngest.id));
    dropWaiter(step, loses, youngest, 'deadlock', told);
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

/** The same cycle, rotated to start at this request. */
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

export function memberOfCycle({ id, kind, row }: Waiter): CycleMember {
  return {
    id,
    kind: kind.name,
    sessionId: row.sessionId,
    owner: row.owner,
    exportName: row.exportName,
    path: row.path,
  };
}

/** Keys of the owners whose holds or earlier requests this one waits for. */
function ownersInTheWay(step: Step, file: File, waiter: Waiter, search: Search): string[] {
  const owners: string[] = [];
  const { own: space, breaks } = waiter.kind;
  const exempt = space?.asksOwner === true ? waiter.row.ownerKey : undefined;
  if (space !== undefined) {
    if (space.counts?.(waiter.row) === false) return owners;
    for (const { row } of space.inTheWay(step, file, waiter.row, search.left)) {
      if (row.ownerKey !== exempt) owners.push(row.ownerKey);
    }
  } else {
    for (const { row } of opensRefusing(step, file, waiter, search.left)) owners.push(row.ownerKey);
    // A request that breaks leases does not depend on their holders.
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
    // Where a kind has an order of its own, a later request may be served first.
    if (space?.ahead === undefined && waiter.row.waitNo !== 0 && entry.score >= waiter.row.waitNo) continue;
    search.left -= 1;
    const earlier = lockOf(step, entry.member);
    if (earlier === undefined) continue;
    search.ownerOf[entry.member] = earlier.row.ownerKey;
    if (earlier.row.ownerKey !== exempt && waitsBehind(step, file, earlier, waiter))
      owners.push(earlier.row.ownerKey);
  }
  search.queues[file.key] = unasked;
  return owners;
}

/** Owners of leases that block a waiting lease request; a lease being broken counts as its target. */
function addLeases(step: Step, file: File, waiter: Waiter, max: number, owners: string[]): void {
  const asks = waiter.kind.asks(waiter.row);
  const running = file.row.breaking;
  for (const entry of step.rows.page(keys.grants(file.key), 0, endOfList, max)) {
    const lease = step.rows.get('lease', entry.member);
    if (lease === undefined || isRevoked(file.row, lease)) continue;
    if (lease.ownerKey === waiter.row.ownerKey) continue;
    const stays = running !== undefined && isBreaking(file.row, lease) ? running.target : lease.type;
    if (stays === 'none') continue;
    for (const wanted of asks) {
      if (verdict(leaseAsk(stays, lease.delegation, lease.notify), wanted) === 'refused')
        owners.push(lease.ownerKey);
    }
  }
}
