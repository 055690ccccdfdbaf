import type { StepReply, VerbInput, VerbName } from '../core/io';
import type { RecordRow } from '../core/rows';
import { Deadlocks } from './sharded/deadlocks';
import { routes } from './sharded/routes';
import { Tour, Work } from './sharded/work';
import type { Table, Urgency } from './table';

/**
 * A table in several shards, each a table of its own (decision 0074). It sends each verb to the shard that decides it, and puts
 * together what several have answered. The first shard is home of all that is not on a file.
 */
export class ShardedTable implements Table {
  private readonly deadlocks = new Deadlocks();
  private readonly tour = new Tour();

  constructor(private readonly tables: readonly Table[]) {}

  get shards(): number {
    return this.tables.length;
  }

  async call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    const work = new Work(this.tables, this.deadlocks, this.tour);
    const value = await routes[verb](work, input);
    return work.reply(value);
  }

  follow(
    onRecords: (records: readonly RecordRow[]) => void,
    onGap: () => void,
    urgency?: Urgency,
  ): () => void {
    const each = this.tables.map(() => ({ hurry: (): void => undefined }));
    if (urgency !== undefined)
      urgency.hurry = () => {
        for (const { hurry } of each) hurry();
      };
    const stops = this.tables.map((table, shard) => {
      const own = each[shard];
      if (urgency === undefined || own === undefined) return table.follow(onRecords, onGap);
      return table.follow(
        onRecords,
        onGap,
        Object.defineProperty(own, 'urgent', { get: () => urgency.urgent }) as Urgency,
      );
    });
    return () => {
      for (const stop of stops) stop();
    };
  }

  history(
    after: number,
    limit: number,
    shard = 0,
  ): Promise<{ records: RecordRow[]; complete: boolean; last: number }> {
    return this.table(shard).history(after, limit);
  }

  ready(): boolean {
    return this.tables.every((table) => table.ready());
  }

  trouble(): string | undefined {
    return this.tables.map((table) => table.trouble()).find((trouble) => trouble !== undefined);
  }

  bytes(): number | undefined {
    let all = 0;
    for (const table of this.tables) all += table.bytes() ?? Number.NaN;
    return Number.isNaN(all) ? undefined : all;
  }

  async close(): Promise<void> {
    await Promise.all(this.tables.map((table) => table.close()));
  }

  private table(shard: number): Table {
    const table = this.tables[shard];
    if (table === undefined) throw new Error(`there is no shard ${String(shard)}`);
    return table;
  }
}
