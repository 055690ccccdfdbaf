import type { Kind } from '../../libs/locks/src/core/rows';
import type { ListEntry } from '../../libs/locks/src/table/embedded/ordered-lists';
import type { Store, StoreKey } from '../../libs/locks/src/table/embedded/store';

/** Everything that a store has, decoded, as it was committed. */
export function valuesIn(store: Store): (readonly [StoreKey, unknown])[] {
  const values: (readonly [StoreKey, unknown])[] = [];
  const loaded = store.load({
    row: (slot, kind: Kind, id, row) => values.push([['slot', slot], { kind, id, row: store.decode(row) }]),
    entry: (slot, list, score, member) => {
      const entry: ListEntry = { list, score, member };
      values.push([['slot', slot], entry]);
    },
    record: (record) => values.push([['record', record.no], record]),
  });
  for (const _ of loaded);
  return values;
}
