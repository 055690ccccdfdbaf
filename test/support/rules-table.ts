import type { StepReply, Table, VerbInput, VerbName } from '#locks';
import { checkInvariants } from './invariants';
import { PlainRows } from './plain-rows';
import { Witness } from './witness';

/** Comparing more rows than this with each other takes minutes. */
const comparedMax = 100;

/** The rules alone, as a table; the invariants are checked after every step. */
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
    bytes: () => undefined,
    trouble: () => undefined,
    close: () => Promise.resolve(),
  };
}
