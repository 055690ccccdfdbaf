import { startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi } from '../support/service';
import { type Figure, noted, type Row } from './figure';
import type { LoadJobs } from './load';
import { SideProcess } from './side-process';
import { type Contender, inTurns, middleOf } from './turns';

const rounds = 5;
const ms = 3_000;
const peerMs = 1_500;
const warmUpMs = 5_000;

/** The durability of an answered write in Redis. */
const durabilities: Record<string, Record<string, string>> = {
  'redis, fsync always': { appendonly: 'yes', appendfsync: 'always' },
  'redis, fsync everysec': { appendonly: 'yes', appendfsync: 'everysec' },
  'redis, no log': { appendonly: 'no' },
};

/** Acquire and release over HTTP, on each table, in turns with the minimum work on its store. */
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
        `on the same Redis (ioredis, one connection), or bare durable writes to the same kind of disk. Median of ${String(rounds)} rounds of ${String(ms / 1000)} s, those of the peer ${String(peerMs / 1000)} s.`,
      rows,
    },
  ];
}

async function compare(table: string, load: SideProcess<LoadJobs>, redis?: string): Promise<Row[]> {
  const api = await startLeaseApi(redis === undefined ? {} : { table: redis });
  await load.ask('leases', { url: api.url, inFlight: 50, ms: warmUpMs });
  const rows: Row[] = [];
  for (const inFlight of [1, 50]) {
    const [row] = await besidePeers(load, [{ api, redis }], { inFlight, rounds, ms });
    rows.push(noted({ table, 'in flight': inFlight, ...row }));
  }
  await api.stop();
  return rows;
}

export interface Served {
  api: LeaseApi;
  /** The address of its table in Redis. */
  redis?: string;
}

/**
 * Pairs per second over HTTP, their cost to the lease API, and the minimum work of the same store: of each service, in
 * turns with all others, so that other load on the machine affects all of them.
 */
export async function besidePeers(
  load: SideProcess<LoadJobs>,
  services: readonly Served[],
  { inFlight, rounds, ms }: { inFlight: number; rounds: number; ms: number },
): Promise<Row[]> {
  const turns = await inTurns(
    services.flatMap(({ api, redis }): Contender[] => [
      {
        servers: { api: () => api.pid },
        load: (turnMs) => load.ask('leases', { url: api.url, inFlight, ms: turnMs }),
      },
      {
        servers: {},
        load: (turnMs) =>
          load.ask(redis === undefined ? 'puts' : 'locks', {
            url: redis ?? '',
            inFlight,
            ms: Math.min(turnMs, peerMs),
          }),
      },
    ]),
    { rounds, ms, warmUpMs: 0 },
  );
  return services.map(({ redis }, at) => {
    const leases = middleOf(turns[2 * at] ?? []);
    const peer = middleOf(turns[2 * at + 1] ?? []);
    return {
      'pairs/s': leases.rate,
      'API processor µs a pair': leases.micros['api'] ?? Number.NaN,
      peer: redis === undefined ? 'LMDB put + remove' : 'SET NX PX + DEL',
      'peer/s': peer.rate,
      'pairs / peer': leases.rate / peer.rate,
    };
  });
}
