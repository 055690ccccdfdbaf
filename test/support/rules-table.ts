import type { StepReply, Table, VerbInput, VerbName } from '#locks';
import { checkInvariants } from './invariants';
import { PlainRows } from './plain-rows';
import { Witness } from './witness';

/** More rows than that take minutes to be compared with each other. */
const comparedMax = 100;

/** The rules by themselves, as a table; what must be true of the rows is looked at after every step. */
export function rulesTable(clock: { now: number }): Table {
  const rows = new PlainRows(clock);
  const witness = new Witness(rows);
  return {
    call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
      const reply = rows.play(verb, input);
      if ((rows.lists.get('all')?.size ?? 0) <= comparedMax) {
        checkInvariants(rows);
        witness.look(reply.value, input);
      }
      return Promise.resolve(reply);
    },
    follow: () => () => undefined,
    history(after, limit) {
      const records = rows.records.slice(after, after + limit);
      return Promise.resolve({ records, complete: true, last: rows.records.length });
    },
    ready: () => true,
    trouble: () => undefined,
    close: () => Promise.resolve(),
  };
}
