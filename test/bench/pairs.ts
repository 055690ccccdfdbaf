import { readFileSync } from 'node:fs';
import { startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi } from '../support/service';
import { type Figure, median, noted, type Row } from './figure';
import type { LoadJobs } from './load';
import { SideProcess } from './side-process';

const rounds = 3;
const ms = 2_000;
const warmUpMs = 1_500;

/** What Redis promises of an answered write. */
const durabilities: Record<string, Record<string, string>> = {
  'redis, fsync always': { appendonly: 'yes', appendfsync: 'always' },
  'redis, fsync everysec': { appendonly: 'yes', appendfsync: 'everysec' },
  'redis, no log': { appendonly: 'no' },
};

/** Acquire and release over HTTP, on each table, in turns with the least that could be done on its store. */
export async function pairs(): Promise<Figure[]> {
  const load = new SideProcess<LoadJobs>('load');
  const rows: Row[] = [];
  try {
    rows.push(...(await compare('embedded', load)));
    for (const [name, config] of Object.entries(durabilities)) {
      const redis = await startRedis(config);
      rows.push(...(await compare(name, load, redis.url)));
      await redis.stop();
    }
  } finally {
    load.stop();
  }
  return [
    {
      title: 'Acquire and release: pairs a second over HTTP (two requests each)',
      method:
        'Load and peer from one process of their own, in turns, as many in flight. The peer speaks no HTTP: it is the usual lock ' +
        `on the same Redis (ioredis, one connection), or bare durable writes to the same kind of disk. Median of ${String(rounds)} rounds of ${String(ms / 1000)} s.`,
      rows,
    },
  ];
}

async function compare(table: string, load: SideProcess<LoadJobs>, redis?: string): Promise<Row[]> {
  const api = await startLeaseApi(redis === undefined ? {} : { table: redis });
  await load.ask('leases', { url: api.url, inFlight: 50, ms: warmUpMs });
  const rows: Row[] = [];
  for (const inFlight of [1, 50])
    rows.push(noted({ table, 'in flight': inFlight, ...(await besidePeer(load, api, inFlight, redis)) }));
  await api.stop();
  return rows;
}

/** Pairs a second over HTTP, what they cost the lease API, and in turns with them the least the same store must do. */
export async function besidePeer(
  load: SideProcess<LoadJobs>,
  api: LeaseApi,
  inFlight: number,
  redis?: string,
): Promise<Row> {
  const leases: number[] = [];
  const peer: number[] = [];
  const spent: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = processorMs(api.pid);
    const rate = await load.ask('leases', { url: api.url, inFlight, ms });
    spent.push(((processorMs(api.pid) - before) * 1000) / ((rate * ms) / 1000));
    leases.push(rate);
    peer.push(
      redis === undefined
        ? await load.ask('puts', { url: '', inFlight, ms })
        : await load.ask('locks', { url: redis, inFlight, ms }),
    );
  }
  return {
    'pairs/s': median(leases),
    'API processor µs a pair': median(spent),
    peer: redis === undefined ? 'LMDB put + remove' : 'SET NX PX + DEL',
    'peer/s': median(peer),
    'pairs / peer': median(leases) / median(peer),
  };
}

/** Processor time that a process has used, in milliseconds; the kernel counts it in ticks of 10. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'latin1').split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
