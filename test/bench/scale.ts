import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { openEmbeddedTable, openLmdbStore, openRedisTable } from '#locks';
import { startRedis } from '../support/redis-server';
import { LeaseApi } from '../support/service';
import { clockMs, type Figure, noted, type Row } from './figure';
import { Fill } from './fill';
import type { LoadJobs } from './load';
import { besidePeer } from './pairs';
import { SideProcess } from './side-process';

const sizes = [1_000, 100_000, 1_000_000];
const sessions = 1_000;
const inFlight = 50;

/** The service with more and more leases held. The table is filled directly; what is measured goes over HTTP. */
export async function scale(): Promise<Figure[]> {
  const load = new SideProcess<LoadJobs>('load');
  try {
    return [
      {
        title: `Leases held, over ${String(sessions)} sessions on the stack local: speed and memory`,
        method:
          `Pairs as in the figure of that name, ${String(inFlight)} in flight. Memory a lease: what the lease API has allocated when ` +
          'it has started (embedded, anonymous pages), or used_memory of Redis (without a log), above that of the empty table.',
        rows: [...(await embedded(load)), ...(await redis(load))],
      },
    ];
  } finally {
    load.stop();
  }
}

async function embedded(load: SideProcess<LoadJobs>): Promise<Row[]> {
  const api = new LeaseApi({ startMs: 240_000 });
  await api.start();
  const empty = residentBytes(api.pid);
  await api.stop();
  const rows: Row[] = [];
  const fill = scattered();
  for (const leases of sizes) {
    const table = await openEmbeddedTable({ store: openLmdbStore(`${api.directory}/main`) });
    const grants = await fill.upTo(table, leases);
    await table.close();
    const startedAt = clockMs();
    await api.start();
    const startMs = clockMs() - startedAt;
    const bytes = (residentBytes(api.pid) - empty) / fill.held;
    rows.push(
      noted({
        table: 'embedded',
        leases: fill.held,
        ...(await besidePeer(load, api, inFlight)),
        'bytes a lease': bytes,
        'start s': startMs / 1000,
        'grants/s while filling': grants,
      }),
    );
    await api.stop();
  }
  return rows;
}

async function redis(load: SideProcess<LoadJobs>): Promise<Row[]> {
  const server = await startRedis();
  const client = new Redis(server.url);
  const api = new LeaseApi({ table: server.url });
  await api.start();
  const empty = await usedBytes(client);
  const table = await openRedisTable({ redis: (options) => new Redis(server.url, options), name: 'main' });
  const rows: Row[] = [];
  const fill = scattered();
  for (const leases of sizes) {
    const grants = await fill.upTo(table, leases);
    const bytes = ((await usedBytes(client)) - empty) / fill.held;
    rows.push(
      noted({
        table: 'redis',
        leases: fill.held,
        ...(await besidePeer(load, api, inFlight, server.url)),
        'bytes a lease': bytes,
        'grants/s while filling': grants,
      }),
    );
  }
  await api.stop();
  await table.close();
  client.disconnect();
  await server.stop();
  return rows;
}

/** A file for every lease. */
function scattered(): Fill {
  return new Fill((no, sessionId) => ({
    path: `scale/directory-${String(no % 100)}/file-${String(no)}.dat`,
    owner: sessionId,
  }));
}

/** Memory of its own; the pages of the store that happen to be mapped are the kernel's to take back. */
function residentBytes(pid: number): number {
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'latin1'))?.[1];
  return Number(kilobytes) * 1024;
}

async function usedBytes(client: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}
