import { openLmdbStore } from '../../libs/locks/src/table/embedded/lmdb-store';
import type { Entry, Kind } from '../../libs/locks/src/core/rows';
import { PlainRows } from './plain-rows';
import { valuesIn } from './stored-values';

/** The rows that an ended lease API left in its embedded table after its last step, for `checkInvariants`. */
export async function storedRows(directory: string): Promise<PlainRows> {
  const rows = new PlainRows({ now: 0 });
  const store = openLmdbStore(directory, { mustExist: true });
  for (const [[space], value] of valuesIn(store)) {
    if (space === 'record') continue;
    const stored = value as { kind: Kind; id: string; row: never } | (Entry & { list: string });
    if ('list' in stored) rows.link(stored.list, stored.member, stored.score);
    else rows.put(stored.kind, stored.id, stored.row);
  }
  await store.close();
  rows.clock.now = rows.look('meta', 'shard')?.wall ?? 0;
  return rows;
}
