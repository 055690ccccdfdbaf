import type { Refused } from '../io';
import * as keys from '../keys';
import type { SessionRow } from '../rows';
import type { Step } from '../step';

/** Which sessions are bound to which nodes of the tree, and end with them. */

/** Why no session can be bound to the node that a session names. */
export function refusesNode(step: Step, name: string | undefined): Refused | undefined {
  const node = name === undefined ? undefined : step.rows.get('node', name);
  const isUp = node === undefined || (node.state === 'up' && node.operation === undefined);
  return isUp ? undefined : { refused: { reason: 'node_down' } };
}

/** Binds a session to the node it names, if the tree has that node; it must be up. */
export function joinNode(step: Step, id: string, session: SessionRow): Refused | undefined {
  const node = session.node === undefined ? undefined : step.rows.get('node', session.node);
  if (node === undefined || session.node === undefined) return undefined;
  const refused = refusesNode(step, session.node);
  if (refused !== undefined) return refused;
  session.bound = true;
  node.sessions += 1;
  step.rows.link(keys.dependents(keys.nodeItem(session.node)), keys.dependentSession(id), session.no);
  step.rows.put('node', session.node, node);
  return undefined;
}

export function leaveNode(step: Step, id: string, session: SessionRow): void {
  if (session.bound !== true || session.node === undefined) return;
  const node = step.rows.get('node', session.node);
  step.rows.unlink(keys.dependents(keys.nodeItem(session.node)), keys.dependentSession(id), session.no);
  session.bound = undefined;
  if (node === undefined) return;
  node.sessions -= 1;
  step.rows.put('node', session.node, node);
}
