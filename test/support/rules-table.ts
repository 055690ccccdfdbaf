import { ShardedTable, type StepReply, type Table, verbFlags, type VerbInput, type VerbName } from '#locks';
import { checkInvariants } from './invariants';
import { PlainRows } from './plain-rows';
import { Witness } from './witness';

/** Comparing more rows than this with each other takes minutes. */
const comparedMax = 100;

/** The rules alone, as a table; the invariants are checked after every step. */
export const rulesTable = (clock: { now: number }): Table => tableOf(new PlainRows(clock));

/** The same over these rows. */
export function tableOf(rows: PlainRows): Table {
  const witness = new Witness(rows);
  return {
    shards: 1,
    call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
      const reply = rows.play(verb, input);
      // What only reads settles nothing that has lapsed meanwhile.
      const changes = verbFlags[verb] !== 'read';
      if (changes && (rows.lists.get('all')?.size ?? 0) <= comparedMax) {
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

/** The same in four shards. */
export const rulesInShards = (clock: { now: number }): Table =>
  new ShardedTable(Array.from({ length: 4 }, () => rulesTable(clock)));
