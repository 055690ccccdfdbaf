import type { Refused } from '../io';
import * as keys from '../keys';
import { type Reason, refuse } from '../reasons';
import type { ConnectionRow, DlmRow } from '../rows';
import { count, endOfList, nextSeq, record, setDue, type Step } from '../step';
import { enterSession, leaveSession } from './file';

/** Connections of sessions to lock domains (decision 0033): what locks are made through, and what ends with them. */

/**
 * The protocol of locks in modes. From minor 1 on, a connection acknowledges recovery notices: what a dead node held is
 * kept until it has.
 */
export const dlmProtocol = { major: 1, minor: 1 };

/** Why a request cannot be made through this connection, or undefined. */
export function connectionRefusal(
  step: Step,
  { connectionId, sessionId }: { connectionId?: string; sessionId: string },
  exportName: string,
): Refused | undefined {
  if (connectionId === undefined) return undefined;
  const row = step.rows.get('connection', connectionId);
  if (row === undefined || row.exportName !== exportName) return refuse('no_such_connection');
  if (row.sessionId !== sessionId) return refuse('not_holder');
  return row.state === 'hungUp' ? refuse('hung_up') : undefined;
}

/** A lock or a request enters the list of its connection, or leaves it. */
export function joinConnection(step: Step, id: string, { connection, no }: DlmRow): void {
  if (connection !== undefined) step.rows.link(keys.connectionLocks(connection), id, no);
}
export function leaveConnection(step: Step, id: string, { connection, no }: DlmRow): void {
  if (connection !== undefined) step.rows.unlink(keys.connectionLocks(connection), id, no);
}

export function hasLocks(step: Step, connectionId: string): boolean {
  return step.rows.page(keys.connectionLocks(connectionId), 0, endOfList, 1).length > 0;
}

/** Enters a connection in the lists of its session and of its export. */
export function enterConnection(step: Step, id: string, row: ConnectionRow): void {
  row.no = nextSeq(step);
  enterSession(step, row.sessionId, keys.connection(id), row.no);
  step.rows.link(keys.dependents(keys.exportItem(row.exportName)), keys.connection(id), row.no);
  countConnection(step, row, 1);
  step.rows.put('connection', id, row);
}

function leaveConnectionLists(step: Step, id: string, row: ConnectionRow): void {
  leaveSession(step, row.sessionId, keys.connection(id), row.no);
  step.rows.unlink(keys.dependents(keys.exportItem(row.exportName)), keys.connection(id), row.no);
  countConnection(step, row, -1);
}

function countConnection(step: Step, { exportName }: ConnectionRow, by: 1 | -1): void {
  count(step, 'connections', by);
  const exp = step.rows.get('export', exportName);
  if (exp === undefined) return;
  exp.connections = (exp.connections ?? 0) + by;
  // It may have been the last thing that kept an export made on demand.
  if (exp.demand !== undefined && by < 0) setDue(step, keys.exportItem(exportName), exp, step.now);
  step.rows.put('export', exportName, exp);
}

/** Its session ends: it is hung up, and goes to the end of the session's rows, after all of its locks. */
export function outlastLocks(step: Step, id: string, row: ConnectionRow): void {
  leaveConnectionLists(step, id, row);
  row.state = 'hungUp';
  enterConnection(step, id, row);
}

/** The connection is over; it has no locks any more. The caller has ended its subscription. */
export function removeConnection(step: Step, connectionId: string, row: ConnectionRow, reason: Reason): void {
  const { sessionId, exportName } = row;
  leaveConnectionLists(step, connectionId, row);
  step.rows.del('connection', connectionId);
  record(step, { kind: 'disconnected', connectionId, sessionId, exportName, reason });
}
