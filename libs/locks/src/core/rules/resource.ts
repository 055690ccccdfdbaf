import type { ModalFlags, Refused } from '../io';
import * as keys from '../keys';
import type { DlmRow, Mode, ModeCounts, ResourceState, ValueBlock } from '../rows';
import { countMode, endOfList, mintToken, nextSeq, record, type Step } from '../step';
import { leaveConnection } from './connection';
import { leaveLists, noteGrant, type File } from './file';
import { dequeue, dropWaiter, type Waiter } from './kinds/kind';
import { blockMoves, compatible, freshResource, modes, rankOf, writes } from './modes';

/**
 * A resource: a name on which locks are held in modes. It is stored as a file, and has three queues: granted locks,
 * conversions, and new requests. Conversions are served first, and each queue strictly in order (docs/decisions/0026).
 * A lock's identity is the lock, not its owner: two locks of one owner conflict like anybody's.
 */

/** A lock, or a request for one, on a resource. */
export type Lock = Waiter<DlmRow>;

export function resourceOf(file: File): ResourceState {
  file.row.resource = file.row.resource ?? freshResource();
  return file.row.resource;
}

/** How many there are in all modes. */
export function sum(counts: ModeCounts): number {
  let total = 0;
  for (const mode of modes) total += counts[mode];
  return total;
}

// --- places in the queues: conversions have the lower numbers, and later places are higher unless `headque`

const conversions = 1099511627776;
const requests = 3 * conversions;
/** Between the last conversion and the first new request. */
const between = 2 * conversions;

export function placeFor(resource: ResourceState, lock: DlmRow, first: boolean): number {
  resource.places += 1;
  const queue = lock.mode === undefined ? requests : conversions;
  return first ? queue - resource.places : queue + resource.places;
}

/** Enters a request in its queue, at `row.place`. */
export function enterTurns(step: Step, file: File, { id, row }: Lock): void {
  if (row.wants === undefined) return;
  const resource = resourceOf(file);
  step.rows.link(keys.turns(file.key), id, row.place);
  resource.wanted[row.wants] += 1;
  if (row.mode === undefined) return;
  resource.converting[row.wants] += 1;
  leaveGranted(step, file, id, row);
}

/** Takes a request out of its queue. What it holds stays. */
export function leaveTurns(step: Step, file: File, { id, row }: Lock): void {
  if (row.wants === undefined || row.place === 0) return;
  const resource = resourceOf(file);
  step.rows.unlink(keys.turns(file.key), id, row.place);
  resource.wanted[row.wants] -= 1;
  if (row.mode !== undefined) resource.converting[row.wants] -= 1;
  row.place = 0;
}

/** The requests that are served before one at this place. */
export function servedBefore(step: Step, file: File, { place }: DlmRow): string[] {
  const found: string[] = [];
  for (const { member } of step.rows.page(keys.turns(file.key), 0, place - 1, file.row.waiting))
    found.push(member);
  return found;
}

/** The first request of a queue. */
function firstOf(step: Step, file: File, after: number, upTo: number, kind: Lock['kind']): Lock | undefined {
  for (const { member } of step.rows.page(keys.turns(file.key), after, upTo, 1)) {
    const row = step.rows.get('dlm', member);
    if (row !== undefined) return { kind, id: member, row };
  }
  return undefined;
}

/** Conversions in the order in which they are served. */
function conversionsOf(step: Step, file: File): { id: string; row: DlmRow }[] {
  const found: { id: string; row: DlmRow }[] = [];
  for (const { member } of step.rows.page(keys.turns(file.key), 0, between, file.row.waiting)) {
    const row = step.rows.get('dlm', member);
    if (row !== undefined) found.push({ id: member, row });
  }
  return found;
}

// --- what can be granted

/** Whether a granted mode of another lock is in the way; `own`: the mode that the lock itself holds. */
function isBlocked(resource: ResourceState, own: Mode | undefined, wanted: Mode): boolean {
  for (const held of modes) {
    const others = resource.granted[held] - (held === own ? 1 : 0);
    if (others > 0 && !compatible(held, wanted)) return true;
  }
  return false;
}

/** Whether a request that has just arrived can be granted: it passes no queue, except as a conversion without quecvt. */
function mayGrantNow(file: File, row: DlmRow, wanted: Mode, quecvt: boolean): boolean {
  const resource = resourceOf(file);
  if (isBlocked(resource, row.mode, wanted)) return false;
  if (row.mode === undefined) return file.row.waiting === 0;
  return !quecvt || sum(resource.converting) === 0;
}

/** The mode in which a request that has just arrived can be granted; `alt`: the mode that it accepts instead. */
export function grantableNow(
  file: File,
  row: DlmRow,
  wanted: Mode,
  flags: ModalFlags,
  alt: Mode | undefined,
): Mode | undefined {
  const quecvt = flags.quecvt === true;
  if (flags.expedite === true || mayGrantNow(file, row, wanted, quecvt)) return wanted;
  return alt !== undefined && mayGrantNow(file, row, alt, quecvt) ? alt : undefined;
}

function blocks(holder: DlmRow, waiter: DlmRow): boolean {
  return holder.mode !== undefined && waiter.wants !== undefined && !compatible(holder.mode, waiter.wants);
}

/** Whether a conversion is deadlocked with another: it blocks one that is served before it, or that blocks it as well. */
function isDeadlocked(row: DlmRow, other: DlmRow): boolean {
  return row !== other && blocks(row, other) && (other.place < row.place || blocks(other, row));
}

/** The conversion ahead that waits for what this lock holds, so that neither could ever be granted. */
export function deadlockedWith(step: Step, file: File, held: Mode, kind: Lock['kind']): Lock | undefined {
  const { converting } = resourceOf(file);
  let blocks = false;
  for (const wanted of modes) if (converting[wanted] > 0 && !compatible(held, wanted)) blocks = true;
  if (!blocks) return undefined;
  let next = firstOf(step, file, 0, between, kind);
  while (next !== undefined && (next.row.wants === undefined || compatible(held, next.row.wants)))
    next = firstOf(step, file, next.row.place, between, kind);
  return next;
}

/** The first `max` locks of others whose granted mode is in the way. */
export function locksInTheWay(
  step: Step,
  file: File,
  request: DlmRow,
  max: number,
): { id: string; row: DlmRow }[] {
  const found: { id: string; row: DlmRow }[] = [];
  const { wants } = request;
  if (wants === undefined) return found;
  const { granted } = resourceOf(file);
  for (const held of modes) {
    if (granted[held] === 0 || compatible(held, wants)) continue;
    // One more than `max`: a conversion is not in its own way.
    for (const { member } of step.rows.page(keys.grantedIn(file.key, held), 0, endOfList, max + 1)) {
      const row = step.rows.get('dlm', member);
      if (row !== undefined && row !== request && found.length < max) found.push({ id: member, row });
    }
  }
  for (const each of conversionsOf(step, file)) {
    const { mode } = each.row;
    if (mode !== undefined && each.row !== request && !compatible(mode, wants) && found.length < max)
      found.push(each);
  }
  return found;
}

/** The first `max` locks that are held, those that wait for a conversion excepted. */
export function grantedLocks(step: Step, file: File, max: number): DlmRow[] {
  const found: DlmRow[] = [];
  const { granted } = resourceOf(file);
  for (const held of modes) {
    if (granted[held] === 0) continue;
    const left = max - found.length;
    for (const { member } of step.rows.page(keys.grantedIn(file.key, held), 0, endOfList, left)) {
      const row = step.rows.get('dlm', member);
      if (row !== undefined) found.push(row);
    }
  }
  return found;
}

// --- grants

/** What a request brings along for the moment of its grant. */
export interface Brings {
  /** The value block to write, and whether to declare it invalid instead. */
  block?: string;
  ivvalblk?: boolean;
  turn: boolean;
}

/** Grants or converts a lock. */
export function grantIn(step: Step, file: File, lock: Lock, mode: Mode, brings: Brings): void {
  const { id, row } = lock;
  const resource = resourceOf(file);
  const from = row.mode;
  const asked = row.wants;
  const waitNo = dequeue(step, file, lock, 'granted');
  leaveTurns(step, file, lock);
  row.read = moveBlock(resource, from, mode, row, brings);
  leaveGranted(step, file, id, row);
  if (from !== undefined) holds(step, file, from, -1);
  holds(step, file, mode, 1);
  row.mode = mode;
  row.wants = undefined;
  row.alt = undefined;
  row.told = undefined;
  row.altMode = asked !== mode ? true : undefined;
  row.seqid += 1;
  if (!writes(mode)) {
    row.token = 0;
  } else if (row.token === 0) {
    row.token = mintToken(step);
    file.row.maxToken = row.token;
  }
  enterGranted(step, file, id, row);
  step.rows.put('dlm', id, row);
  noteGrant(step, file, row.ownerKey);
  record(step, {
    kind: 'completed',
    lockId: id,
    connectionId: row.connection,
    sessionId: row.sessionId,
    owner: row.owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    mode,
    seqid: row.seqid,
    token: row.token === 0 ? undefined : row.token,
    read: row.read,
    demoted: row.demoted,
    altMode: row.altMode,
    turn: brings.turn,
    waitNo,
  });
}

/** Counts the locks that are held in a mode. */
function holds(step: Step, file: File, mode: Mode, by: 1 | -1): void {
  resourceOf(file).granted[mode] += by;
  countMode(step, mode, by);
}

/** Moves the value block with a grant. Returns it if it was to be read. */
function moveBlock(
  resource: ResourceState,
  from: Mode | undefined,
  to: Mode,
  row: DlmRow,
  brings: Brings,
): DlmRow['read'] {
  const moves = blockMoves(from, to);
  if (moves === 'write') writeBlock(resource, brings);
  return moves === 'read' && row.valblk === true ? readBlock(resource) : undefined;
}

export function readBlock({ block, invalid }: ResourceState): ValueBlock {
  return { block, valid: block !== undefined && invalid !== true };
}

/** The holder of PW or EX writes the value block, or declares it invalid. */
export function writeBlock(
  resource: ResourceState,
  { block, ivvalblk }: { block?: string; ivvalblk?: boolean },
): void {
  if (ivvalblk === true) {
    resource.invalid = true;
  } else if (block !== undefined) {
    resource.block = block;
    resource.invalid = undefined;
  }
}

/** Lists a granted lock; again at its end, when a conversion of it was cancelled. */
export function enterGranted(step: Step, file: File, id: string, row: DlmRow): void {
  if (row.mode === undefined) return;
  row.grantNo = nextSeq(step);
  resourceOf(file).lastGrant = row.grantNo;
  step.rows.link(keys.grantedIn(file.key, row.mode), id, row.grantNo);
}

function leaveGranted(step: Step, file: File, id: string, row: DlmRow): void {
  if (row.mode === undefined || row.grantNo === 0) return;
  step.rows.unlink(keys.grantedIn(file.key, row.mode), id, row.grantNo);
  row.grantNo = 0;
}

/** The lock has another holder, who is told again that it is in the way. */
export function grantAnew(step: Step, file: File, { id, row }: Lock): void {
  leaveGranted(step, file, id, row);
  row.told = undefined;
  enterGranted(step, file, id, row);
}

/** Lowers a conversion to NL to let another one through (convdeadlk). */
export function demote(step: Step, file: File, id: string, row: DlmRow): void {
  if (row.mode === undefined) return;
  leaveGranted(step, file, id, row);
  holds(step, file, row.mode, -1);
  holds(step, file, 'NL', 1);
  row.mode = 'NL';
  row.token = 0;
  row.demoted = true;
}

/** Gives back what `demote` took, before anybody else was granted anything. */
export function restore(step: Step, file: File, id: string, row: DlmRow, mode: Mode, token: number): void {
  holds(step, file, 'NL', -1);
  holds(step, file, mode, 1);
  row.mode = mode;
  row.token = token;
  row.demoted = undefined;
  enterGranted(step, file, id, row);
}

/** Removes a lock that waits for nothing, and its row. */
export function removeLock(step: Step, file: File, lock: Lock): void {
  const { id, row } = lock;
  leaveGranted(step, file, id, row);
  if (row.mode !== undefined) holds(step, file, row.mode, -1);
  leaveConnection(step, id, row);
  if (row.sessionId === '') leaveOrphans(step, file, lock);
  else leaveLists(step, keys.dlm(id), row);
  step.rows.del('dlm', id);
}

// --- orphans: locks that stay though their sessions are over

/** How many are kept of one tenant, on a resource and in an export: none takes the room of another. */
export const orphansMax = 64;
const exportOrphansMax = 4096;

/** Why no further lock of the tenant may outlive its session. */
export function orphansOver(step: Step, file: File, exportName: string, tenant: string): Refused | undefined {
  const { count } = step.rows.get('orphans', keys.orphansIn(exportName, tenant)) ?? { count: 0 };
  if (count >= exportOrphansMax)
    return { refused: { reason: 'orphans_max', used: count, allowed: exportOrphansMax } };
  const here = step.rows.page(keys.orphans(file.key, tenant), 0, endOfList, orphansMax).length;
  return here < orphansMax
    ? undefined
    : { refused: { reason: 'orphans_max', used: here, allowed: orphansMax } };
}

function countOrphan(step: Step, { exportName, tenant = '' }: DlmRow, by: 1 | -1): void {
  const id = keys.orphansIn(exportName, tenant);
  const { count } = step.rows.get('orphans', id) ?? { count: 0 };
  // Of one from before orphans were counted by tenant there is no count.
  if (count + by > 0) step.rows.put('orphans', id, { count: count + by });
  else if (count > 0) step.rows.del('orphans', id);
}

/** Lists a lock as an orphan; the caller has taken it out of the lists of its session. */
export function enterOrphans(step: Step, file: File, { id, row }: Lock): void {
  step.rows.link(keys.orphans(file.key, row.tenant ?? ''), id, row.no);
  countOrphan(step, row, 1);
  if (row.home !== undefined) step.rows.link(keys.nodeOrphans(row.home), id, row.no);
}

/** Takes an orphan out of its lists; it is in none of a session. */
export function leaveOrphans(step: Step, file: File, { id, row }: Lock): void {
  step.rows.unlink(keys.orphans(file.key, row.tenant ?? ''), id, row.no);
  countOrphan(step, row, -1);
  if (row.home !== undefined) step.rows.unlink(keys.nodeOrphans(row.home), id, row.no);
  row.home = undefined;
  step.rows.unlink('all', keys.dlm(id), row.no);
  step.rows.unlink(keys.fileRows(file.key), keys.dlm(id), row.no);
}

// --- serving

/** Grants what nothing blocks, in order, and tells the holders that are in the way of the rest. */
export function serveResource(step: Step, file: File, kind: Lock['kind']): void {
  serveConversions(step, file, kind);
  if (sum(resourceOf(file).converting) === 0) {
    let next = firstOf(step, file, between, endOfList, kind);
    while (next !== undefined && grantFirst(step, file, next))
      next = firstOf(step, file, between, endOfList, kind);
  }
  tellBlocking(step, file);
}

export function serveConversions(step: Step, file: File, kind: Lock['kind']): void {
  let next = firstOf(step, file, 0, between, kind);
  while (next !== undefined && grantFirst(step, file, next)) next = firstOf(step, file, 0, between, kind);
}

/** The node of the tree on which the session is: what is persistent on a node goes with the node. */
export function homeOf(step: Step, sessionId: string): string | undefined {
  const session = step.rows.get('session', sessionId);
  return session?.bound === true ? session.node : undefined;
}

export function isOnDeadNode(step: Step, sessionId: string): boolean {
  const home = homeOf(step, sessionId);
  return home !== undefined && step.rows.get('node', home)?.state !== 'up';
}

/** Grants the first request of a queue, in its mode or its alternative, unless a granted mode is in the way. */
function grantFirst(step: Step, file: File, lock: Lock): boolean {
  const mode = grantableInTurn(step, file, lock.row);
  if (mode === undefined) return false;
  // A dead node is granted nothing, even while the release of what it held waits for acknowledgements.
  if (isOnDeadNode(step, lock.row.sessionId)) dropWaiter(step, file, lock, 'session_expired');
  else grantIn(step, file, lock, mode, { turn: true });
  return true;
}

function grantableInTurn(step: Step, file: File, row: DlmRow): Mode | undefined {
  const { mode, wants, alt } = row;
  const resource = resourceOf(file);
  if (wants !== undefined && !isBlocked(resource, mode, wants)) return wants;
  if (alt === undefined || isBlocked(resource, mode, alt)) return undefined;
  // A conversion in a deadlock is not given its alternative.
  for (const other of conversionsOf(step, file)) if (isDeadlocked(row, other.row)) return undefined;
  return alt;
}

// --- blocking notices

/**
 * Tells each granted lock of the strongest mode that waits, if it is in the way: once for each mode above the last. Beside
 * a PR lock nothing up to PR waits but CW, and what is behind that. Converting locks are not told. Those that have been
 * told the same before are not looked at again.
 */
function tellBlocking(step: Step, file: File): void {
  const resource = resourceOf(file);
  let high: Mode | undefined;
  for (const mode of modes) if (resource.wanted[mode] > 0) high = mode;
  if (high === undefined) {
    resource.told = undefined;
    return;
  }
  const after = resource.told === high ? resource.toldUpTo : 0;
  for (const held of modes) {
    const wanted = held === 'PR' && high === 'PR' ? 'CW' : high;
    if (resource.granted[held] > 0 && !compatible(held, wanted)) tellHolders(step, file, held, wanted, after);
  }
  resource.told = high;
  resource.toldUpTo = resource.lastGrant;
}

/** Tells all whose granted mode refuses this request, converting ones too (noqueuebast). */
export function tellRefusing(step: Step, file: File, lock: Lock, wanted: Mode): void {
  for (const held of modes)
    if (resourceOf(file).granted[held] > 0 && !compatible(held, wanted))
      tellHolders(step, file, held, wanted, 0, lock.id);
  for (const { id, row } of conversionsOf(step, file))
    if (row.mode !== undefined && !compatible(row.mode, wanted)) tell(step, file, id, row, wanted);
}

function tellHolders(step: Step, file: File, held: Mode, wanted: Mode, after: number, except?: string): void {
  const { granted } = resourceOf(file);
  for (const { member } of step.rows.page(keys.grantedIn(file.key, held), after, endOfList, granted[held])) {
    const row = step.rows.get('dlm', member);
    if (row !== undefined && member !== except) tell(step, file, member, row, wanted);
  }
}

/**
 * A conversion has entered although others wait for what it holds (nodlckwt), or before others (headque). Of those that
 * are deadlocked now, each with convdeadlk is lowered to NL, and each with nodlckwt is told that it is in the way.
 */
export function untangle(step: Step, file: File, entered: Lock): void {
  for (const { id, row } of conversionsOf(step, file)) {
    if (isDeadlocked(entered.row, row)) yieldTo(step, file, entered.id, entered.row);
    if (isDeadlocked(row, entered.row)) yieldTo(step, file, id, row);
  }
}

function yieldTo(step: Step, file: File, id: string, row: DlmRow): void {
  if (row.convdeadlk === true) {
    demote(step, file, id, row);
    step.rows.put('dlm', id, row);
  } else if (row.nodlckwt === true && row.wants !== undefined) {
    tell(step, file, id, row, row.wants);
  }
}

function tell(step: Step, file: File, id: string, row: DlmRow, mode: Mode): void {
  if (row.told !== undefined && rankOf(row.told) >= rankOf(mode)) return;
  row.told = mode;
  step.rows.put('dlm', id, row);
  const { sessionId, connection: connectionId, owner, exportName, path } = row;
  // An orphan has nobody to tell.
  if (sessionId === '') return;
  record(step, {
    kind: 'blocking',
    lockId: id,
    connectionId,
    sessionId,
    owner,
    fileKey: file.key,
    exportName,
    path,
    mode,
  });
}
