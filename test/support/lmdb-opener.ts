import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { openLmdbStore } from '../../libs/locks/src/table/embedded/lmdb-store';
import type { Store, StoreKey } from '../../libs/locks/src/table/embedded/store';
import { valuesIn } from './stored-values';

/** The contents of a store: a digest of every key and value. */
export function contentsOf(store: Store): string {
  const digest = createHash('sha256');
  for (const [key, value] of valuesIn(store)) digest.update(`${JSON.stringify([key, value])}\n`);
  return digest.digest('hex');
}

/** Writes to a store for a while, which would reveal damage to its free pages. */
export async function useStore(store: Store, seed: number, rounds = 4): Promise<void> {
  let random = seed;
  const pick = (below: number): number => {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
    return (random >>> 8) % below;
  };
  for (let round = 0; round < rounds; round++) {
    const writes = Array.from({ length: 150 }, (): readonly [StoreKey, unknown] => {
      const key: StoreKey = [pick(8) === 0 ? 'record' : 'slot', 1 + pick(3_000)];
      if (pick(3) === 0) return [key, undefined];
      const row = { n: pick(1e6), text: 'x'.repeat(pick(100) === 0 ? 9_000 : pick(200)) };
      return [key, key[0] === 'record' ? { no: key[1], ...row } : { kind: 'lease', id: '', row }];
    });
    const byKey = new Map(writes.map((each) => [each[0].join(' '), each]));
    await store.commit(byKey.values(), { epoch: 0, records: 0, token: 0 });
  }
}

/** Opens each directory named on standard input, uses it, opens it again, and prints the result as a line. */
async function main(): Promise<void> {
  for await (const directory of createInterface({ input: process.stdin })) {
    let said: object;
    try {
      const store = openLmdbStore(directory);
      const contents = contentsOf(store);
      await useStore(store, 1);
      const after = contentsOf(store);
      await store.close();
      const again = openLmdbStore(directory);
      said = { contents, kept: contentsOf(again) === after };
      await again.close();
    } catch (error) {
      const causes: string[] = [];
      for (let each: unknown = error; each instanceof Error; each = each.cause) causes.push(each.message);
      said = { refused: causes.join(': ') };
    }
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
}

if (require.main === module) void main();
