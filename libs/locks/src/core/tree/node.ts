import type { VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import type { NodeNotice, NodeRow, RegionRow, SessionRow } from '../rows';
import { endSession } from '../rules/courtesy';
import { endOrphansOf } from '../verbs/ending';
import { endOfList, nextSeq, record, setDue, type Step } from '../step';

/**
 * Nodes and their heartbeats (semantics.md §7). A node that is silent for its region's dead threshold is dead: its
 * sessions are refused, then the subscribers are told, one priority after the other, and only then its locks are
 * released.
 */

/** How many sessions of a dead node one step processes. */
const sessionsPerStep = 64;
/** How many past incarnations of a node are remembered. */
const pastMax = 8;
/** How many subscribers of one priority one step tells. */
const toldPerStep = 64;
/** The priority is the high part of a score in the region's list of subscribers. */
export const priorityStep = 1099511627776;

// --- heartbeats

export function nodeBeat(step: Step, input: VerbInput<'nodeBeat'>): VerbOutput<'nodeBeat'> {
  const node = step.rows.get('node', input.name);
  const region = node === undefined ? undefined : step.rows.get('region', node.region);
  if (node === undefined || region === undefined)
    return { refused: { reason: 'no_such_item', missing: 'nodes/' + input.name } };
  if (node.operation !== undefined) return { refused: { reason: 'item_removing' } };
  if (input.leaving === true && node.incarnation !== input.incarnation)
    return { refused: { reason: 'node_life_over' } };
  for (const over of node.past ?? [])
    if (over === input.incarnation) return { refused: { reason: 'node_life_over' } };
  let sessionsLost = 0;
  if (input.leaving === true) {
    die(step, input.name, node);
    node.left = true;
  } else if (node.state === 'up' && node.incarnation !== input.incarnation) {
    // It has restarted before its silence was noticed: its last incarnation is over all the same.
    die(step, input.name, node);
  } else if (node.state === 'down') {
    sessionsLost = node.lost;
    node.state = 'up';
    node.incarnation = input.incarnation;
    beginNotice(step, input.name, node, 'up');
  }
  if (node.state === 'up') {
    node.seen = step.now;
    node.deadMs = region.deadMs;
    const until = step.now + region.deadMs;
    // The indexed deadline is later only if the region's threshold has been shortened since.
    if (node.due > until) setDue(step, keys.nodeItem(input.name), node, until);
  } else {
    sessionsLost = node.lost;
  }
  step.rows.put('node', input.name, node);
  return { state: node.state, beatMs: region.beatMs, deadMs: region.deadMs, sessionsLost };
}

/** Ends a node's incarnation. */
function die(step: Step, name: string, node: NodeRow): void {
  const past: string[] = [node.incarnation];
  for (const each of node.past ?? []) if (past.length < pastMax) past.push(each);
  node.past = past;
  node.state = 'recovering';
  node.left = undefined;
  node.phase = 'marking';
  node.lost = node.sessions;
  node.walkAfter = 0;
  setDue(step, keys.nodeItem(name), node, step.now);
}

/**
 * Runs at a node's deadline: declares it dead after too long a silence, tells the next subscribers, processes the next
 * of its sessions.
 */
export function dueNode(step: Step, name: string): void {
  const node = step.rows.get('node', name);
  const region = node === undefined ? undefined : step.rows.get('region', node.region);
  if (node === undefined || region === undefined) return;
  if (node.state === 'up' && step.now >= deadAt(node, region)) die(step, name, node);
  if (node.phase === 'marking') mark(step, node, name);
  else if (node.notice !== undefined && step.now >= node.notice.until) tellNext(step, name, node, region);
  if (node.phase === 'telling' && node.notice === undefined) {
    node.phase = 'releasing';
    node.walkAfter = 0;
  }
  if (node.phase === 'releasing') release(step, node, name);
  setDue(step, keys.nodeItem(name), node, nextLook(step, node, region));
  step.rows.put('node', name, node);
}

/** A shorter threshold of the region binds a node only from its next beat on, which tells the node of it. */
function deadAt(node: NodeRow, region: RegionRow): number {
  return node.seen + Math.max(node.deadMs ?? 0, region.deadMs);
}

function nextLook(step: Step, node: NodeRow, region: RegionRow): number {
  if (node.phase === 'marking' || node.phase === 'releasing') return step.now;
  const dead = node.state === 'up' ? deadAt(node, region) : 0;
  if (node.notice === undefined) return dead;
  return dead === 0 ? node.notice.until : Math.min(dead, node.notice.until);
}

/** The next sessions of a node; `more`: there may be others. */
function nextSessions(
  step: Step,
  node: NodeRow,
  name: string,
): { sessions: { id: string; session: SessionRow }[]; more: boolean } {
  const list = keys.dependents(keys.nodeItem(name));
  const page = step.rows.page(list, node.walkAfter, endOfList, sessionsPerStep);
  const sessions: { id: string; session: SessionRow }[] = [];
  for (const entry of page) {
    node.walkAfter = entry.score;
    if (keys.itemMember(step.rows, entry.member) !== 'session') continue;
    const id = keys.idOf(step.rows, entry.member);
    const session = step.rows.get('session', id);
    if (session !== undefined) sessions.push({ id, session });
  }
  return { sessions, more: page.length === sessionsPerStep };
}

/** Refuses the sessions of a dead node from now on; what they hold is kept for now. */
function mark(step: Step, node: NodeRow, name: string): void {
  const { sessions, more } = nextSessions(step, node, name);
  for (const { id, session } of sessions) {
    if (session.state !== 'live' && session.state !== 'courtesy') continue;
    endSession(step, id, session, 'expiring');
    setDue(step, keys.session(id), session, 0);
    step.rows.put('session', id, session);
    record(step, { kind: 'expired', sessionId: id, cause: 'node_down' });
  }
  if (more) return;
  node.phase = 'telling';
  beginNotice(step, name, node, 'down');
}

/** All subscribers have been told: releases what the node's sessions held. */
function release(step: Step, node: NodeRow, name: string): void {
  for (const { id, session } of nextSessions(step, node, name).sessions) {
    setDue(step, keys.session(id), session, step.now);
    step.rows.put('session', id, session);
  }
  if (node.sessions > 0 || endOrphansOf(step, name)) return;
  node.state = 'down';
  node.phase = undefined;
  node.incarnation = '';
  record(step, { kind: 'configured', item: 'nodes/' + name, reason: 'down' });
}

// --- notices to subscribers

function beginNotice(step: Step, name: string, node: NodeRow, event: 'up' | 'down'): void {
  node.notice = {
    noticeId: 'n' + step.rows.digits(nextSeq(step)),
    event,
    upTo: 0,
    priority: 0,
    until: step.now,
  };
  const reason = event === 'up' ? 'up' : node.left === true ? 'leaving' : 'recovering';
  record(step, { kind: 'configured', item: 'nodes/' + name, reason });
  setDue(step, keys.nodeItem(name), node, step.now);
}

/** Tells the subscribers of the next priority; when none are left, the notice is over. */
function tellNext(step: Step, name: string, node: NodeRow, region: RegionRow): void {
  const { notice } = node;
  if (notice === undefined) return;
  const page = step.rows.page(keys.subscribers(node.region), notice.upTo, endOfList, toldPerStep);
  if (page.length === 0) {
    node.notice = undefined;
    return;
  }
  const { noticeId, event } = notice;
  const waits: string[] = [];
  let isFirst = true;
  for (const entry of page) {
    const priority = Math.floor(entry.score / priorityStep);
    if (!isFirst && priority !== notice.priority) break;
    isFirst = false;
    notice.priority = priority;
    notice.upTo = entry.score;
    const said = { noticeId, node: name, region: node.region, event, incarnation: node.incarnation };
    if (tellSubscriber(step, entry.member, said)) waits.push(entry.member);
  }
  notice.waits = waits.length === 0 ? undefined : waits;
  notice.until = waits.length === 0 ? step.now : step.now + region.ackMs;
}

/** Tells a session, or a connection if the node is dead. Returns whether its answer is waited for. */
function tellSubscriber(step: Step, subscriber: string, notice: NodeNotice): boolean {
  const connection = step.rows.get('connection', subscriber);
  if (connection === undefined) {
    record(step, { kind: 'node', sessionId: subscriber, notice });
    return true;
  }
  const { sessionId, exportName, minor } = connection;
  // Its own session may be one of those that the node has taken along.
  if (notice.event === 'up' || step.rows.get('session', sessionId)?.state !== 'live') return false;
  const acknowledge = minor > 0 ? true : undefined;
  record(step, { kind: 'recovery', connectionId: subscriber, sessionId, exportName, notice, acknowledge });
  return minor > 0;
}

/** A subscriber has acknowledged or is gone. Returns whether it was being waited for. */
export function settleNotice(step: Step, name: string, noticeId: string, sessionId: string): boolean {
  const node = step.rows.get('node', name);
  const notice = node?.notice;
  if (node === undefined || notice === undefined || notice.noticeId !== noticeId) return false;
  const left: string[] = [];
  let found = false;
  for (const each of notice.waits ?? []) {
    if (each === sessionId) found = true;
    else left.push(each);
  }
  if (!found) return false;
  notice.waits = left.length > 0 ? left : undefined;
  if (left.length === 0) {
    notice.until = step.now;
    setDue(step, keys.nodeItem(name), node, step.now);
  }
  step.rows.put('node', name, node);
  return true;
}
