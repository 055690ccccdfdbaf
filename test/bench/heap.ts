import { openEmbeddedTable } from '#locks';
import { noDisk } from './built';
import { Fill, type Layout, preparedTable } from './fill';
import { serveJobs } from './side-process';

/** Runs with --expose-gc: the memory in use after a collection. */
function usedBytes(): number {
  gc?.();
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const jobs = {
  /** The bytes that this many leases take in the embedded table. */
  leases: async ({ leases, layout }: { leases: number; layout: Layout }): Promise<number> => {
    const table = await openEmbeddedTable({ store: noDisk() });
    await preparedTable(table);
    const empty = usedBytes();
    const fill = new Fill(layout);
    await fill.upTo(table, leases);
    const bytes = usedBytes() - empty;
    await table.close();
    return bytes;
  },
};
export type HeapJobs = typeof jobs;
serveJobs(jobs);
