import type { ConnectionView, Refused, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { type Reason, refuse } from '../reasons';
import type { ConnectionRow } from '../rows';
import { gate, roomFor, turnedAway } from '../rules/admission';
import { dlmProtocol, enterConnection, hasLocks, outlastLocks, removeConnection } from '../rules/connection';
import { rememberEnd } from '../rules/ended';
import { loadFile } from '../rules/file';
import { dlmKind } from '../rules/kinds/dlm';
import { dropWaiter } from '../rules/kinds/kind';
import { settleFile } from '../rules/settle';
import { endOfList, type Step } from '../step';
import { endSubscription, subscribeConnection, subscriptionOf } from './subscription';
import { end } from '../verbs/ending';

/** Connections to lock domains: connect, hang up, disconnect, in this order (OCFS2's stack glue; decision 0033). */

/** How many locks one step cancels or ends. */
const locksPerStep = 64;

function viewOf(step: Step, connectionId: string, row: ConnectionRow): ConnectionView {
  const { sessionId, exportName, state, stack, major, minor, node, region } = row;
  const nodeState = node === undefined ? undefined : step.rows.get('node', node)?.state;
  return { connectionId, sessionId, exportName, state, stack, major, minor, node, nodeState, region };
}

export function connect(step: Step, input: VerbInput<'connect'>): VerbOutput<'connect'> {
  const { sessionId, connectionId, exportName, body } = input;
  const refused = gate(step, sessionId, input.digest);
  if (refused !== undefined) return refused;
  const known = step.rows.get('connection', connectionId);
  if (known !== undefined) {
    if (known.sessionId !== sessionId) return refuse('not_holder');
    if (known.body !== body) return refuse('id_reused_with_other_body');
    return { connection: viewOf(step, connectionId, known) };
  }
  const ended = step.rows.get('ended', connectionId);
  if (ended !== undefined)
    return refuse(ended.body === body ? 'connection_over' : 'id_reused_with_other_body');
  if (input.major !== dlmProtocol.major) return refuse('protocol_mismatch');
  const node = step.rows.get('session', sessionId)?.node;
  if (input.node !== undefined && input.node !== node) return refuse('other_node');
  const ref = { fileKey: '', fileId: '', exportName, resource: true };
  const away = turnedAway(step, ref, sessionId) ?? roomFor(step, sessionId, 1);
  const exp = step.rows.get('export', exportName);
  if (away !== undefined || exp === undefined) return away ?? refuse('no_such_export');
  if (input.stack !== undefined && input.stack !== exp.stack) return refuse('stack_mismatch');
  const row: ConnectionRow = {
    no: 0,
    sessionId,
    exportName,
    state: 'connected',
    stack: exp.stack,
    major: dlmProtocol.major,
    minor: Math.min(input.minor, dlmProtocol.minor),
    node,
    region: exp.region,
    walkAfter: 0,
    body,
  };
  const full = subscribeConnection(step, connectionId, row);
  if (full !== undefined) return full;
  enterConnection(step, connectionId, row);
  return { connection: viewOf(step, connectionId, row) };
}

/** The connection, if it exists and is this caller's. */
function connectionFor(
  step: Step,
  { connectionId, digest }: { connectionId: string; digest?: string },
): { row: ConnectionRow; refused?: undefined } | { row?: undefined; refused: Refused } {
  const row = step.rows.get('connection', connectionId);
  if (row === undefined) return { refused: refuse('no_such_connection') };
  const refused = gate(step, row.sessionId, digest);
  return refused === undefined ? { row } : { refused };
}

export function connectionGet(step: Step, input: VerbInput<'connectionGet'>): VerbOutput<'connectionGet'> {
  const { row, refused } = connectionFor(step, input);
  return row === undefined ? refused : { connection: viewOf(step, input.connectionId, row) };
}

export function connectionList(step: Step, input: VerbInput<'connectionList'>): VerbOutput<'connectionList'> {
  const { exportName, limit } = input;
  if (step.rows.get('export', exportName) === undefined) return refuse('no_such_export');
  const connections: ConnectionView[] = [];
  const page = step.rows.page(keys.dependents(keys.exportItem(exportName)), input.after, endOfList, limit);
  let after: number | undefined;
  for (const { member, score } of page) {
    after = score;
    if (keys.itemMember(step.rows, member) !== 'connection') continue;
    const id = keys.idOf(step.rows, member);
    const row = step.rows.get('connection', id);
    if (row !== undefined) connections.push(viewOf(step, id, row));
  }
  return { connections, after: page.length < limit ? undefined : after };
}

export function connectionHangup(
  step: Step,
  input: VerbInput<'connectionHangup'>,
): VerbOutput<'connectionHangup'> {
  const { row, refused } = connectionFor(step, input);
  if (row === undefined) return refused;
  row.state = 'hungUp';
  const list = keys.connectionLocks(input.connectionId);
  const page = step.rows.page(list, row.walkAfter, endOfList, locksPerStep);
  const touched: { [fileKey: string]: boolean } = {};
  const files: string[] = [];
  // All of them first: none is granted what another one leaves.
  for (const { member, score } of page) {
    row.walkAfter = score;
    const lock = step.rows.get('dlm', member);
    const file = lock?.wants === undefined ? undefined : loadFile(step, lock.fileKey);
    if (lock === undefined || file === undefined) continue;
    if (lock.mode === undefined) rememberEnd(step, member, lock, 'hung_up');
    dropWaiter(step, file, { kind: dlmKind, id: member, row: lock }, 'hung_up');
    if (touched[file.key] !== true) files.push(file.key);
    touched[file.key] = true;
  }
  step.rows.put('connection', input.connectionId, row);
  for (const key of files) {
    const file = loadFile(step, key);
    if (file !== undefined) settleFile(step, file);
  }
  return { more: page.length === locksPerStep };
}

export function disconnect(step: Step, input: VerbInput<'disconnect'>): VerbOutput<'disconnect'> {
  const { connectionId } = input;
  const { row, refused } = connectionFor(step, input);
  if (row === undefined) return refused;
  if (row.state !== 'hungUp') return refuse('connection_live');
  for (const { member } of step.rows.page(keys.connectionLocks(connectionId), 0, endOfList, locksPerStep)) {
    const lock = step.rows.get('dlm', member);
    if (lock !== undefined) end(step, { kind: dlmKind, id: member, row: lock }, 'disconnected');
  }
  if (hasLocks(step, connectionId)) return { more: true };
  dropConnection(step, connectionId, row, 'disconnected');
  return { more: false };
}

/** Ends a connection that has no locks, with its subscription. */
export function dropConnection(step: Step, id: string, row: ConnectionRow, reason: Reason): void {
  rememberEnd(step, id, row, reason);
  if (row.region !== undefined) {
    const name = subscriptionOf(row.region, id);
    const subscription = step.rows.get('subscription', name);
    if (subscription !== undefined) endSubscription(step, name, subscription);
  }
  removeConnection(step, id, row, reason);
}

/** Its session ends, or its export goes: the connection goes after its locks. */
export function endConnection(step: Step, id: string, reason: Reason): void {
  const row = step.rows.get('connection', id);
  if (row === undefined) return;
  if (hasLocks(step, id)) outlastLocks(step, id, row);
  else dropConnection(step, id, row, reason);
}
