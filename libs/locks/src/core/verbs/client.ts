import type { VerbInput, VerbOutput } from '../io';
import { refuse } from '../reasons';
import type { SessionRow } from '../rows';
import { clientOf, saveClient } from '../rules/client';
import { comeBack, heldUntil } from '../rules/courtesy';
import type { Step } from '../step';
import { joinNode, leaveNode, refusesNode } from './residence';
import { bury, enterSession, sessionView } from './session';

/**
 * EXCHANGE_ID (RFC 8881 §18.35.4): a client comes to an NFS server for the first time, after it has lost its connection,
 * or after a restart. CREATE_SESSION, which confirms it, is in deadlines.ts: it ends what an earlier life held.
 */
export function clientExchange(step: Step, input: VerbInput<'clientExchange'>): VerbOutput<'clientExchange'> {
  const row = clientOf(step, input.client);
  const known = liveSession(step, row.confirmed);
  if (input.update === true) {
    if (known === undefined) return refuse('no_such_client');
    if (known.verifier !== input.verifier) return refuse('verifier_differs');
    if (known.principal !== input.principal) return refuse('not_principal');
  }
  if (known !== undefined && row.confirmed !== undefined) {
    // Nobody takes over what another principal holds; where it holds nothing, or is not there any more, it is replaced
    // when the new one is confirmed.
    const mayHold = known.rows > 0 || known.shards !== undefined;
    const holds = mayHold && known.expires > step.now;
    if (known.principal !== input.principal && holds) return refuse('client_in_use');
    if (known.principal === input.principal && known.verifier === input.verifier)
      return found(step, row.confirmed, known, input);
  }
  const pending = liveSession(step, row.unconfirmed);
  if (pending !== undefined && row.unconfirmed !== undefined) {
    bury(step, row.unconfirmed, pending);
  }
  const { client, verifier, principal } = input;
  const of = { client, verifier, principal, unconfirmed: true };
  const { session, refused } = enterSession(step, input, of);
  if (session === undefined) return refused;
  const now = clientOf(step, client);
  now.unconfirmed = input.sessionId;
  saveClient(step, client, now);
  return { session: sessionView(step, input.sessionId, session), confirmed: false };
}

function liveSession(step: Step, id: string | undefined): SessionRow | undefined {
  const session = id === undefined ? undefined : step.rows.get('session', id);
  if (session === undefined || (session.state !== 'live' && session.state !== 'courtesy')) return undefined;
  return heldUntil(session) > step.now ? session : undefined;
}

/** The client is known, perhaps at another NFS server, which may have died: here it goes on with all that it holds. */
function found(
  step: Step,
  id: string,
  session: SessionRow,
  { node, ttlMs, courtesyMs }: VerbInput<'clientExchange'>,
): VerbOutput<'clientExchange'> {
  if (session.node !== node) {
    const refused = refusesNode(step, node);
    if (refused !== undefined) return refused;
    leaveNode(step, id, session);
    session.node = node;
    joinNode(step, id, session);
  }
  session.ttlMs = ttlMs;
  session.courtesyMs = courtesyMs;
  if (session.expires <= step.now) comeBack(step, id, session);
  session.expires = Math.max(session.expires, step.now + ttlMs);
  step.rows.put('session', id, session);
  return { session: sessionView(step, id, session), confirmed: true };
}
