import type { VerbInput, VerbOutput } from '../io';
import { refuse } from '../reasons';
import { gate } from '../rules/admission';
import { rememberEnd } from '../rules/ended';
import type { Step } from '../step';

/** Sets: several locks at once, all or none (docs/decisions/0067-sets.md). */

export function setDecide(step: Step, input: VerbInput<'setDecide'>): VerbOutput<'setDecide'> {
  const { sessionId, digest, setId, body, how } = input;
  const refused = gate(step, sessionId, digest);
  if (refused !== undefined) return refused;
  const ended = step.rows.get('ended', setId);
  if (ended !== undefined) {
    if (ended.sessionId !== sessionId || ended.body !== body) return refuse('id_reused_with_other_body');
    return { how: ended.how };
  }
  if (how !== undefined) rememberEnd(step, setId, { sessionId, body }, how);
  return { how };
}
