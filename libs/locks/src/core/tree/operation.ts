import type { OperationView, Refused, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ExportRow, OperationRow } from '../rows';
import { startBreak, voidPending } from '../rules/break';
import { liveType, rank } from '../rules/conflict';
import { endSession as expire } from '../rules/courtesy';
import { loadFile, tally, type File } from '../rules/file';
import { endGrace } from '../rules/grace';
import { endOfList, inShards, nextSeq, record, setDue, wallOf, type Step } from '../step';
import { dropConnection } from './connection';
import { hasLocks } from '../rules/connection';
import { cancelWaiters, endRows, wearOff } from '../verbs/ending';
import { configured, dependNoMore, dependOn, dropPin, dropPinsBy, itemRow, occupy, pathOf } from './pins';
import { leaveBehind, leaveTree, stopAdapter, vacate } from './stack';
import { endSubscription } from './subscription';

/**
 * Long-running operations (semantics.md §7): hanging up an export, stopping an adapter, removing an item with all its
 * dependents. In order: new requests are refused; waiting requests are dropped; leases are broken; at the deadline the
 * rest is revoked; then the operation is done. Every step does a bounded part, and whichever sweeper runs next
 * continues.
 */

const operationsMax = 1000;
/** How long finished operations are remembered. */
const rememberedMs = 600000;
/** How soon to check again for what ends by itself. */
const lookMs = 200;
const filesPerStep = 16;
const rowsPerStep = 64;
const dependentsPerStep = 64;
/** How many removed items an operation names. */
const removedMax = 256;

// --- begin

export function beginOperation(
  step: Step,
  id: string,
  kind: OperationRow['kind'],
  of: string,
  deadlineMs: number,
  part?: string,
): OperationView {
  const row: OperationRow = {
    no: nextSeq(step),
    kind,
    of,
    state: 'running',
    phase: 'cancelling',
    startedWall: step.wall,
    endedWall: 0,
    deadline: step.now + deadlineMs,
    walkAfter: 0,
    part,
    elsewhere: isShared(step, of) ? true : undefined,
    requestsCancelled: 0,
    leasesBroken: 0,
    leasesRevoked: 0,
    opensClosed: 0,
    rangesReleased: 0,
    sessionsEnded: 0,
    pinsDropped: 0,
    due: 0,
  };
  step.rows.link('operations', id, row.no);
  if (keys.itemMember(step.rows, of) !== 'adapter') {
    occupy(step, of, id);
    configured(step, of, kind === 'remove' ? 'removing' : 'stopping');
  }
  setDue(step, keys.operation(id), row, step.now);
  step.rows.put('operation', id, row);
  return operationView(step, id, row);
}

/** Whether other shards take part in what is done to an item. */
function isShared(step: Step, of: string): boolean {
  const kind = keys.itemMember(step.rows, of);
  const all = kind === 'export' || kind === 'adapter' || kind === 'stack';
  return all && inShards(step) && step.meta.shard === 0;
}

function roomForOne(step: Step): Refused | undefined {
  const full = step.rows.page('operations', 0, endOfList, operationsMax).length === operationsMax;
  return full ? refuse('items_max') : undefined;
}

export function exportHangup(step: Step, input: VerbInput<'exportHangup'>): VerbOutput<'exportHangup'> {
  const exp = step.rows.get('export', input.name);
  if (exp === undefined) return refuse('no_such_export');
  if (exp.operation !== undefined) return refuse('operation_running');
  const full = roomForOne(step);
  if (full !== undefined) return full;
  return {
    operation: beginOperation(
      step,
      input.operationId,
      'hangup',
      keys.exportItem(input.name),
      input.deadlineMs,
    ),
  };
}

export function exportResume(step: Step, input: VerbInput<'exportResume'>): VerbOutput<'exportResume'> {
  const exp = step.rows.get('export', input.name);
  if (exp === undefined) return refuse('no_such_export');
  if (exp.operation !== undefined) return refuse('operation_running');
  if (exp.stopped !== true) return { resumed: false };
  exp.stopped = undefined;
  step.rows.put('export', input.name, exp);
  configured(step, keys.exportItem(input.name), 'resumed');
  return { resumed: true };
}

export function adapterStop(step: Step, input: VerbInput<'adapterStop'>): VerbOutput<'adapterStop'> {
  const adapter = step.rows.get('adapter', input.incarnation);
  if (adapter === undefined || adapter.stack !== input.stack || adapter.state === 'stopped')
    return refuse('no_such_adapter');
  if (adapter.operation !== undefined) return refuse('operation_running');
  const full = roomForOne(step);
  if (full !== undefined) return full;
  const id = input.operationId;
  if (adapter.state === 'lost')
    dependOn(step, keys.stackItem(adapter.stack), keys.adapter(input.incarnation), adapter.no);
  adapter.state = 'stopping';
  adapter.operation = id;
  step.rows.put('adapter', input.incarnation, adapter);
  const of = keys.adapter(input.incarnation);
  const view = beginOperation(step, id, 'stop', of, input.deadlineMs);
  // All at once: from here on none of its exports accepts requests.
  for (const name of exportsOf(step, adapter.stack, input.incarnation)) {
    const exp = step.rows.get('export', name);
    if (exp === undefined || exp.operation !== undefined) continue;
    beginOperation(
      step,
      partId(id, keys.exportItem(name)),
      'hangup',
      keys.exportItem(name),
      input.deadlineMs,
      id,
    );
  }
  return { operation: view };
}

/** The id of a part of an operation. */
function partId(id: string, key: string): string {
  return id + ':' + key;
}

function exportsOf(step: Step, stack: string, incarnation: string): string[] {
  const found: string[] = [];
  for (const entry of step.rows.page(keys.dependents(keys.stackItem(stack)), 0, endOfList, operationsMax)) {
    const name = keys.idOf(step.rows, entry.member);
    const exp =
      keys.itemMember(step.rows, entry.member) === 'export' ? step.rows.get('export', name) : undefined;
    if (exp?.incarnation === incarnation) found.push(name);
  }
  return found;
}

// --- go on

export function dueOperation(step: Step, id: string): void {
  const row = step.rows.get('operation', id);
  if (row === undefined) return;
  if (row.state === 'done') {
    setDue(step, keys.operation(id), row, 0);
    step.rows.unlink('operations', id, row.no);
    step.rows.del('operation', id);
    return;
  }
  const before = row.phase;
  const key = row.of;
  const exp =
    keys.itemMember(step.rows, key) === 'export'
      ? step.rows.get('export', keys.idOf(step.rows, key))
      : undefined;
  if (step.now >= row.deadline) row.phase = 'revoking';
  const next = exp === undefined ? step.now + lookMs : emptyExport(step, id, row, exp);
  const left = row.kind === 'remove' ? clearDependents(step, id, row) : false;
  const files = exp !== undefined && step.rows.page(keys.exportFiles(exp.name), 0, endOfList, 1).length > 0;
  const isOver = row.kind === 'stop' ? adapterIdle(step, row) : !left && !files;
  if (isOver && row.elsewhere !== true) {
    finish(step, id, row);
    return;
  }
  setDue(step, keys.operation(id), row, isOver ? Math.max(next, step.now + lookMs) : next);
  step.rows.put('operation', id, row);
  if (row.phase !== before) record(step, { kind: 'configured', item: 'operations/' + id, reason: row.phase });
}

/** Continues through the export's files. Returns when to check again. */
function emptyExport(step: Step, id: string, row: OperationRow, exp: ExportRow): number {
  // After this the fileserver is no longer waited for.
  const giveUp = row.deadline + 2 * step.meta.limits.askMs;
  if (row.walkAfter === undefined && row.phase !== 'revoking')
    return Math.min(row.deadline, step.now + lookMs);
  const unfenced = step.now >= giveUp;
  const page = step.rows.page(keys.exportFiles(exp.name), row.walkAfter ?? 0, endOfList, filesPerStep);
  for (const entry of page) {
    const file = loadFile(step, entry.member);
    if (file === undefined) continue;
    const more =
      row.phase === 'revoking' ? endFile(step, id, file, unfenced) : breakFile(step, id, row, file);
    // The rest of the file follows in the next step.
    if (more) return step.now;
    row.walkAfter = entry.score;
  }
  if (page.length === filesPerStep) return step.now;
  row.walkAfter = undefined;
  if (row.phase === 'cancelling') row.phase = 'breaking';
  return row.phase === 'revoking' ? step.now + lookMs : Math.min(row.deadline, step.now + lookMs);
}

/** Ends all that is on a file. Returns whether there may be more. */
function endFile(step: Step, id: string, file: File, unfenced: boolean): boolean {
  const ended = endRows(step, file, 'export_stopped', rowsPerStep);
  tally(step, id, 'requestsCancelled', ended.requests);
  tally(step, id, 'opensClosed', ended.opens);
  tally(step, id, 'rangesReleased', ended.ranges);
  if (ended.more) return true;
  wearOff(step, file, unfenced);
  return false;
}

/** Drops the requests that wait on a file and breaks its leases. Returns whether more requests may wait. */
function breakFile(step: Step, id: string, row: OperationRow, file: File): boolean {
  const cancelled = cancelWaiters(step, file, 'export_stopping', rowsPerStep);
  tally(step, id, 'requestsCancelled', cancelled);
  voidPending(step, file, 'export_stopping');
  if (rank(liveType(file.row)) > 0) {
    tally(step, id, 'leasesBroken', 1);
    startBreak(step, file, 'none', 'admin', undefined, row.deadline, false);
  }
  wearOff(step, file, false);
  return cancelled === rowsPerStep;
}

/** Whether all exports of a stopping adapter are idle. */
function adapterIdle(step: Step, row: OperationRow): boolean {
  const adapter = step.rows.get('adapter', keys.idOf(step.rows, row.of));
  if (adapter === undefined) return true;
  for (const name of exportsOf(step, adapter.stack, keys.idOf(step.rows, row.of))) {
    if (step.rows.get('export', name)?.operation !== undefined) return false;
  }
  return true;
}

/** Removes dependents of an item first. Returns whether there are any left. */
function clearDependents(step: Step, id: string, row: OperationRow): boolean {
  const key = row.of;
  const page = step.rows.page(keys.dependents(key), 0, endOfList, dependentsPerStep);
  for (const entry of page) {
    const name = keys.idOf(step.rows, entry.member);
    const kind = keys.itemMember(step.rows, entry.member);
    if (kind === 'pin') unpin(step, id, name);
    else if (kind === 'session') endSession(step, id, name);
    else if (kind === 'adapter') disconnect(step, name);
    else if (kind === 'connection') disconnectFrom(step, name);
    else if (itemRow(step, entry.member)?.operation === undefined) {
      const leftMs = Math.max(0, row.deadline - step.now);
      beginOperation(
        step,
        partId(row.part ?? id, entry.member),
        'remove',
        entry.member,
        leftMs,
        row.part ?? id,
      );
    }
  }
  return page.length > 0;
}

function unpin(step: Step, id: string, pinId: string): void {
  const pin = step.rows.get('pin', pinId);
  if (pin === undefined) return;
  dropPin(step, pinId, pin);
  record(step, {
    kind: 'unpinned',
    sessionId: pin.sessionId,
    pinId,
    item: pathOf(step, pin.on),
    reason: 'item_removing',
  });
  tally(step, id, 'pinsDropped', 1);
}

/** Ends a session of a node that is being removed. */
function endSession(step: Step, id: string, sessionId: string): void {
  const session = step.rows.get('session', sessionId);
  if (session === undefined) return;
  if (session.state !== 'live' && session.state !== 'courtesy' && session.due !== 0) return;
  expire(step, sessionId, session, 'expiring');
  setDue(step, keys.session(sessionId), session, step.now);
  step.rows.put('session', sessionId, session);
  tally(step, id, 'sessionsEnded', 1);
}

/** A connection to an export that is being removed ends after its locks. */
function disconnectFrom(step: Step, id: string): void {
  const row = step.rows.get('connection', id);
  if (row !== undefined && !hasLocks(step, id)) dropConnection(step, id, row, 'item_removing');
}

/** An adapter of a stack that is being removed is told to stop at its next heartbeat. */
function disconnect(step: Step, incarnation: string): void {
  const adapter = step.rows.get('adapter', incarnation);
  if (adapter === undefined) return;
  if (exportsOf(step, adapter.stack, incarnation).length > 0) return;
  stopAdapter(step, incarnation, adapter);
}

// --- end

function finish(step: Step, id: string, row: OperationRow): void {
  const key = row.of;
  const name = keys.idOf(step.rows, key);
  const whole = row.part === undefined ? undefined : step.rows.get('operation', row.part);
  if (row.kind === 'remove') {
    remove(step, key);
    const counts = whole ?? row;
    // Copy the list: the current one may be in an answer that is not sent yet.
    const removed: string[] = [];
    for (const each of counts.removed ?? []) removed.push(each);
    if (removed.length < removedMax) removed.push(pathOf(step, key));
    counts.removed = removed;
  } else if (row.kind === 'hangup') {
    hungUp(step, name, row);
  } else {
    const adapter = step.rows.get('adapter', name);
    if (adapter !== undefined) stopAdapter(step, name, adapter);
  }
  row.state = 'done';
  row.phase = 'done';
  row.endedWall = step.wall;
  setDue(step, keys.operation(id), row, step.now + rememberedMs);
  step.rows.put('operation', id, row);
  if (whole !== undefined && row.part !== undefined) {
    // The whole operation waits for its parts.
    if (whole.state === 'running') setDue(step, keys.operation(row.part), whole, step.now);
    step.rows.put('operation', row.part, whole);
  }
  record(step, { kind: 'configured', item: 'operations/' + id, reason: 'done' });
}

/** Nobody uses the export any more. If its adapter is being stopped, the export waits for the next adapter. */
function hungUp(step: Step, name: string, row: OperationRow): void {
  const exp = step.rows.get('export', name);
  if (exp === undefined) return;
  const stop = row.part === undefined ? undefined : step.rows.get('operation', row.part);
  exp.operation = undefined;
  if (stop?.kind !== 'stop') {
    exp.stopped = true;
  } else if (keys.adapter(exp.incarnation) === stop.of) {
    // The adapter has let go of everything: there is nothing to reclaim.
    vacate(exp);
  }
  // No file is left that a predecessor could hold.
  exp.predecessors = undefined;
  step.rows.put('export', name, exp);
  configured(step, keys.exportItem(name), exp.stopped === true ? 'stopped' : 'served no longer');
}

/** Removes an item that nothing depends on from the tree. */
export function remove(step: Step, key: string): void {
  const { rows } = step;
  const name = keys.idOf(rows, key);
  const kind = keys.itemMember(rows, key);
  dropPinsBy(step, key);
  if (kind === 'export') {
    const exp = rows.get('export', name);
    if (exp === undefined) return;
    endGrace(step, exp);
    leaveTree(step, exp);
    leaveBehind(step, exp);
    rows.del('export', name);
  } else if (kind === 'node') {
    const node = rows.get('node', name);
    if (node === undefined) return;
    dependNoMore(step, keys.regionItem(node.region), key, node.no);
    setDue(step, key, node, 0);
    rows.unlink('nodes', name, node.no);
    rows.del('node', name);
  } else if (kind === 'stack') {
    const stack = rows.get('stack', name);
    if (stack !== undefined) rows.unlink('stacks', name, stack.no);
    rows.del('stack', name);
  } else {
    const region = rows.get('region', name);
    for (const entry of rows.page(keys.subscribers(name), 0, endOfList, operationsMax)) {
      const id = name + ':' + entry.member;
      const subscription = rows.get('subscription', id);
      if (subscription !== undefined) endSubscription(step, id, subscription);
    }
    if (region !== undefined) rows.unlink('regions', name, region.no);
    rows.del('region', name);
  }
  configured(step, key, 'removed');
}

// --- read

/** Files are counted up to this many. */
const countedMax = 1000;

function operationView(step: Step, id: string, row: OperationRow): OperationView {
  const key = row.of;
  const name = keys.idOf(step.rows, key);
  const files = keys.itemMember(step.rows, key) === 'export' && row.state === 'running';
  return {
    operationId: id,
    kind: row.kind,
    of: pathOf(step, key),
    state: row.state,
    phase: row.phase,
    startedWall: row.startedWall,
    deadlineWall: wallOf(step, row.deadline),
    endedWall: row.endedWall === 0 ? undefined : row.endedWall,
    requestsCancelled: row.requestsCancelled,
    leasesBroken: row.leasesBroken,
    leasesRevoked: row.leasesRevoked,
    opensClosed: row.opensClosed,
    rangesReleased: row.rangesReleased,
    sessionsEnded: row.sessionsEnded,
    pinsDropped: row.pinsDropped,
    removed: row.removed ?? [],
    elsewhere: row.elsewhere,
    filesLeft: files ? step.rows.page(keys.exportFiles(name), 0, endOfList, countedMax).length : 0,
  };
}

export function operationGet(step: Step, input: VerbInput<'operationGet'>): VerbOutput<'operationGet'> {
  const row = step.rows.get('operation', input.operationId);
  if (row === undefined) return refuse('no_such_operation');
  return { operation: operationView(step, input.operationId, row) };
}

export function operationList(step: Step): VerbOutput<'operationList'> {
  const operations: OperationView[] = [];
  for (const entry of step.rows.page('operations', 0, endOfList, operationsMax)) {
    const row = step.rows.get('operation', entry.member);
    if (row !== undefined) operations.push(operationView(step, entry.member, row));
  }
  return { operations };
}

/** The other shards have done their parts. */
export function operationAlone(step: Step, input: VerbInput<'operationAlone'>): VerbOutput<'operationAlone'> {
  const { operationId: id } = input;
  const row = step.rows.get('operation', id);
  if (row === undefined || row.elsewhere !== true) return { known: false };
  row.elsewhere = undefined;
  setDue(step, keys.operation(id), row, step.now);
  step.rows.put('operation', id, row);
  return { known: true };
}
