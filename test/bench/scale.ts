import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { openEmbeddedTable, openLmdbStore } from '#locks';
import { startRedis } from '../support/redis-server';
import { LeaseApi, startLeaseApi } from '../support/service';
import { clockMs, type Figure, noted, type Row } from './figure';
import { Fill, fillSessions, redisTable } from './fill';
import type { LoadJobs } from './load';
import { besidePeers, type Served } from './pairs';
import { SideProcess } from './side-process';

const sizes = [1_000, 100_000, 1_000_000];
const inFlight = 50;
const rounds = 5;
const ms = 4_000;
const warmUpMs = 10_000;

/** The service with a growing number of leases. The tables are filled directly; the measured requests go over HTTP. */
export async function scale(): Promise<Figure[]> {
  const load = new SideProcess<LoadJobs>('load');
  try {
    return [
      {
        title: `Leases held, over ${String(fillSessions)} sessions on the stack local: speed and memory`,
        method:
          `A service over a table of its own for each size, all of them running; pairs as in the figure of that name, ${String(inFlight)} in flight, ` +
          `in turns over the sizes: median of ${String(rounds)} rounds of ${String(ms / 1000)} s, after ${String(warmUpMs / 1000)} s of load on each. ` +
          'Memory a lease: what the lease API has allocated when it has started (embedded, anonymous pages), or used_memory of Redis ' +
          '(without a log), above that of the empty table.',
        rows: [
          ...(await measured(load, 'embedded', embeddedWith)),
          ...(await measured(load, 'redis', redisWith)),
        ],
      },
    ];
  } finally {
    load.stop();
  }
}

/** A service over a table with leases, and its figures so far. */
interface Filled extends Served {
  leases: number;
  row: Row;
  stop(): Promise<void>;
}

async function measured(
  load: SideProcess<LoadJobs>,
  table: string,
  fill: (leases: number) => Promise<Filled>,
): Promise<Row[]> {
  const all: Filled[] = [];
  for (const leases of sizes) all.push(await fill(leases));
  for (const { api } of all) await load.ask('leases', { url: api.url, inFlight, ms: warmUpMs });
  const speeds = await besidePeers(load, all, { inFlight, rounds, ms });
  for (const filled of all) await filled.stop();
  return all.map(({ leases, row }, at) => noted({ table, leases, ...speeds[at], ...row }));
}

/** The lease API over an embedded table, started with this many leases in it. */
export async function embeddedWith(leases: number): Promise<Filled> {
  const api = new LeaseApi({ startMs: 600_000 });
  await api.start();
  const empty = residentBytes(api.pid);
  await api.stop();
  const fill = new Fill('scattered');
  const table = await openEmbeddedTable({ store: openLmdbStore(`${api.directory}/main`) });
  const grants = await fill.upTo(table, leases);
  await table.close();
  const startedAt = clockMs();
  await api.start();
  const startMs = clockMs() - startedAt;
  return {
    api,
    leases: fill.held,
    row: {
      ...bytesALease(residentBytes(api.pid) - empty, fill.held),
      'start s': startMs / 1000,
      'grants/s while filling': grants,
    },
    stop: async () => {
      await api.stop();
    },
  };
}

/** The same over a table in Redis, without a log. */
export async function redisWith(leases: number): Promise<Filled> {
  const server = await startRedis();
  const client = new Redis(server.url);
  const api = await startLeaseApi({ table: server.url });
  const empty = await usedBytes(client);
  const table = await redisTable(server.url);
  const fill = new Fill('scattered');
  const grants = await fill.upTo(table, leases);
  await table.close();
  const bytes = (await usedBytes(client)) - empty;
  client.disconnect();
  return {
    api,
    redis: server.url,
    leases: fill.held,
    row: { ...bytesALease(bytes, fill.held), 'grants/s while filling': grants },
    stop: async () => {
      await api.stop();
      await server.stop();
    },
  };
}

/** With few leases, other allocations of the process dominate. */
function bytesALease(bytes: number, leases: number): Row {
  return leases < 100_000 ? {} : { 'bytes a lease': bytes / leases };
}

/** Private memory; mapped pages of the store are not counted, since the kernel can reclaim them. */
function residentBytes(pid: number): number {
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'latin1'))?.[1];
  return Number(kilobytes) * 1024;
}

export async function usedBytes(client: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}
