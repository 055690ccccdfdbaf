import type { ClientRow, SessionRow } from '../rows';
import type { Step } from '../step';

/**
 * NFS clients (RFC 8881 §2.4, §18.35): which session is whose. A client is known by the owner that it sends with
 * EXCHANGE_ID. Its row exists as long as one of its sessions does.
 */

export function clientOf(step: Step, key: string): ClientRow {
  return step.rows.get('client', key) ?? {};
}

export function saveClient(step: Step, key: string, row: ClientRow): void {
  const { confirmed, unconfirmed, ending } = row;
  if (confirmed === undefined && unconfirmed === undefined && ending === undefined)
    step.rows.del('client', key);
  else step.rows.put('client', key, row);
}

/** A session is over: its client's row no longer names it. */
export function leaveClient(step: Step, id: string, { client: key }: SessionRow): void {
  const row = key === undefined ? undefined : step.rows.get('client', key);
  if (row === undefined || key === undefined) return;
  if (row.confirmed === id) row.confirmed = undefined;
  if (row.unconfirmed === id) row.unconfirmed = undefined;
  if (row.ending === id) row.ending = undefined;
  saveClient(step, key, row);
}
