import type { VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { SubscriptionRow } from '../rows';
import { gate, roomFor } from '../rules/admission';
import { leaveSession } from '../rules/file';
import { endOfList, nextSeq, type Step } from '../step';
import { priorityStep, settleNotice } from './node';
import { joinSession, missing } from './pins';

/** Which sessions are told about the nodes of a region, and in what order. */

const subscribersMax = 256;

function scoreOf(row: SubscriptionRow): number {
  return row.priority * priorityStep + (row.place ?? row.no);
}

export function subscribe(step: Step, input: VerbInput<'subscribe'>): VerbOutput<'subscribe'> {
  const { region, sessionId, priority } = input;
  const refused = gate(step, sessionId, input.digest);
  if (refused !== undefined) return refused;
  const item = step.rows.get('region', region);
  if (item === undefined) return missing(step, keys.regionItem(region));
  if (item.operation !== undefined) return refuse('item_removing');
  const id = region + ':' + sessionId;
  const known = step.rows.get('subscription', id);
  if (known !== undefined && known.priority === priority) return { subscribed: true };
  if (known === undefined) {
    const full = roomFor(step, sessionId, 1);
    if (full !== undefined) return full;
    if (step.rows.page(keys.subscribers(region), 0, endOfList, subscribersMax).length === subscribersMax)
      return refuse('items_max');
  } else {
    endSubscription(step, id, known);
  }
  const no = nextSeq(step);
  const place = (step.meta.subscriptions ?? 0) + 1;
  step.meta.subscriptions = place;
  const row: SubscriptionRow = { no, place, region, sessionId, priority };
  step.rows.link(keys.subscribers(region), sessionId, scoreOf(row));
  joinSession(step, sessionId, keys.subscription(id), no);
  step.rows.put('subscription', id, row);
  return { subscribed: true };
}

export function unsubscribe(step: Step, input: VerbInput<'unsubscribe'>): VerbOutput<'unsubscribe'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  const id = input.region + ':' + input.sessionId;
  const known = step.rows.get('subscription', id);
  if (known === undefined) return { unsubscribed: false };
  endSubscription(step, id, known);
  return { unsubscribed: true };
}

/** Notices no longer wait for a subscriber that is gone. */
export function endSubscription(step: Step, id: string, row: SubscriptionRow): void {
  const { region, sessionId, no } = row;
  step.rows.unlink(keys.subscribers(region), sessionId, scoreOf(row));
  leaveSession(step, sessionId, keys.subscription(id), no);
  step.rows.del('subscription', id);
  for (const entry of step.rows.page(keys.dependents(keys.regionItem(region)), 0, endOfList, endOfList)) {
    if (keys.itemMember(step.rows, entry.member) !== 'node') continue;
    const name = keys.idOf(step.rows, entry.member);
    const node = step.rows.get('node', name);
    if (node?.notice !== undefined) settleNotice(step, name, node.notice.noticeId, sessionId);
  }
}

export function noticeAck(step: Step, input: VerbInput<'noticeAck'>): VerbOutput<'noticeAck'> {
  const refused = gate(step, input.sessionId, input.digest);
  if (refused !== undefined) return refused;
  if (step.rows.get('node', input.node) === undefined) return missing(step, keys.nodeItem(input.node));
  return { taken: settleNotice(step, input.node, input.noticeId, input.sessionId) };
}
