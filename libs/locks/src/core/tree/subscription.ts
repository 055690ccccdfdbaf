import type { Refused, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ConnectionRow, SubscriptionRow } from '../rows';
import { gate, roomFor } from '../rules/admission';
import { enterSession, leaveSession } from '../rules/file';
import { endOfList, nextSeq, type Step } from '../step';
import { priorityStep, settleNotice } from './node';
import { missing } from './pins';

/** Which sessions are told about the nodes of a region, and in what order. */

const subscribersMax = 256;

function scoreOf(row: SubscriptionRow): number {
  return row.priority * priorityStep + (row.place ?? row.no);
}

/** The id of the subscription of a session or a connection. */
export function subscriptionOf(region: string, subscriber: string): string {
  return region + ':' + subscriber;
}

function isFull(step: Step, region: string): boolean {
  return step.rows.page(keys.subscribers(region), 0, endOfList, subscribersMax).length === subscribersMax;
}

/** Enters a subscription in the list of its region, after all earlier ones of its priority. */
function enter(step: Step, subscriber: string, row: SubscriptionRow): void {
  row.no = nextSeq(step);
  row.place = (step.meta.subscriptions ?? 0) + 1;
  step.meta.subscriptions = row.place;
  step.rows.link(keys.subscribers(row.region), subscriber, scoreOf(row));
  step.rows.put('subscription', subscriptionOf(row.region, subscriber), row);
}

/** Connections are told after all sessions that subscribed themselves. */
const connectionPriority = 1001;

/** Subscribes a connection to the region of its domain, if that has one. */
export function subscribeConnection(
  step: Step,
  connectionId: string,
  row: ConnectionRow,
): Refused | undefined {
  const { region, sessionId } = row;
  if (region === undefined) return undefined;
  if (isFull(step, region)) return refuse('items_max');
  enter(step, connectionId, {
    no: 0,
    region,
    sessionId,
    priority: connectionPriority,
    connection: connectionId,
  });
  return undefined;
}

export function subscribe(step: Step, input: VerbInput<'subscribe'>): VerbOutput<'subscribe'> {
  const { region, sessionId, priority } = input;
  const refused = gate(step, sessionId, input.digest);
  if (refused !== undefined) return refused;
  const item = step.rows.get('region', region);
  if (item === undefined) return missing(step, keys.regionItem(region));
  if (item.operation !== undefined) return refuse('item_removing');
  const id = subscriptionOf(region, sessionId);
  const known = step.rows.get('subscription', id);
  if (known !== undefined && known.priority === priority) return { subscribed: true };
  if (known === undefined) {
    const full = roomFor(step, sessionId, 1);
    if (full !== undefined) return full;
    if (isFull(step, region)) return refuse('items_max');
  } else {
    endSubscription(step, id, known);
  }
  const row: SubscriptionRow = { no: 0, region, sessionId, priority };
  enter(step, sessionId, row);
  enterSession(step, sessionId, keys.subscription(id), row.no);
  return { subscribed: true };
}

export function unsubscribe(step: Step, input: VerbInput<'unsubscribe'>): VerbOutput<'unsubscribe'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const id = subscriptionOf(input.region, input.sessionId);
  const known = step.rows.get('subscription', id);
  if (known === undefined) return { unsubscribed: false };
  endSubscription(step, id, known);
  return { unsubscribed: true };
}

/** Notices no longer wait for a subscriber that is gone. */
export function endSubscription(step: Step, id: string, row: SubscriptionRow): void {
  const { region, sessionId, connection, no } = row;
  const subscriber = connection ?? sessionId;
  step.rows.unlink(keys.subscribers(region), subscriber, scoreOf(row));
  if (connection === undefined) leaveSession(step, sessionId, keys.subscription(id), no);
  step.rows.del('subscription', id);
  for (const entry of step.rows.page(keys.dependents(keys.regionItem(region)), 0, endOfList, endOfList)) {
    if (keys.itemMember(step.rows, entry.member) !== 'node') continue;
    const name = keys.idOf(step.rows, entry.member);
    const node = step.rows.get('node', name);
    if (node?.notice !== undefined) settleNotice(step, name, node.notice.noticeId, subscriber);
  }
}

export function noticeAck(step: Step, input: VerbInput<'noticeAck'>): VerbOutput<'noticeAck'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (step.rows.get('node', input.node) === undefined) return missing(step, keys.nodeItem(input.node));
  const { connectionId } = input;
  const connection = connectionId === undefined ? undefined : step.rows.get('connection', connectionId);
  if (connectionId !== undefined && connection === undefined) return refuse('no_such_connection');
  if (connection !== undefined && connection.sessionId !== input.sessionId) return refuse('not_holder');
  return { taken: settleNotice(step, input.node, input.noticeId, connectionId ?? input.sessionId) };
}
