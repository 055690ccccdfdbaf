import type { StepReply, VerbInput, VerbName } from './io';
import type { Rows } from './rows';

/** Runs one verb as one step over the rows: the only way in. */
export function run<V extends VerbName>(rows: Rows, verb: V, input: VerbInput<V>): StepReply<V> {
  throw new Error(`not yet: ${verb} ${String(rows)} ${String(input)}`);
}
