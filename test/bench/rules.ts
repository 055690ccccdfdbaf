import type * as locks from '#locks';
import { clientKeyOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { builtFile, noDisk } from './built';
import { fileOf, preparedTable, sessionDigest as digest } from './fill';
import { serveJobs } from './side-process';
import { type Done, type Pace, pairsFor } from './turns';

let opened: Promise<{ table: locks.Table; sessionId: string }> | undefined;

/** The embedded table of the checkout at `root`, without a disk, and a session in it. */
async function open(root: string) {
  const { openEmbeddedTable } = (await import(builtFile('libs/locks/src/index.ts', root))) as typeof locks;
  const table = await openEmbeddedTable({ store: noDisk() });
  await preparedTable(table);
  const sessionId = randomId();
  await table.call('sessionCreate', { sessionId, digest, ttlMs: 3_600_000, pid: 0 });
  return { table, sessionId };
}

const jobs = {
  /** Acquires and releases directly at the table. */
  pairs: async ({ root, ...pace }: Pace & { root: string }): Promise<Done> => {
    const { table, sessionId } = await (opened ??= open(root));
    const owner = sessionId;
    const by = { owner, ownerKey: ownerKeyOf(sessionId, owner), clientKey: clientKeyOf(sessionId) };
    return pairsFor(pace, async (slot) => {
      const leaseId = randomId();
      const item = { ...fileOf(`rules/${String(slot)}`), ...by, leaseId };
      const made = await table.call('leaseAcquire', { sessionId, digest, type: 'write', item });
      if ('refused' in made.value) throw new Error(`a lease was refused: ${made.value.refused.reason}`);
      await table.call('leaseSet', { leaseId, digest, type: 'none' });
    });
  },
};
export type RulesJobs = typeof jobs;
serveJobs(jobs);
