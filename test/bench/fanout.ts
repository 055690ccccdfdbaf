import { Redis } from 'ioredis';
import { startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi } from '../support/service';
import { type Figure, median, type Row } from './figure';
import type { HolderJobs } from './holders';
import { SideProcess } from './side-process';

const sessions = 1_000;
/** Leases on the file, and how often it is broken. */
const sizes = [
  { leases: 1, rounds: 20 },
  { leases: 100, rounds: 20 },
  { leases: 10_000, rounds: 4 },
];

/** One open that conflicts with many read leases: what it costs the table, and until when the last holder knows. */
export async function fanout(): Promise<Figure[]> {
  const rows = await breaks('embedded');
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
  try {
    rows.push(...(await breaks('redis, fsync always', redis.url)));
  } finally {
    await redis.stop();
  }
  return [
    {
      title: `Break of a file with many read leases, over up to ${String(sessions)} sessions with an event stream each`,
      method:
        'Holders in a process of their own. Step: the service counts (/metrics) from the call of the table until its answer ' +
        'is durable; busy: what Redis itself counts for that function call (SLOWLOG). Medians.',
      rows,
    },
  ];
}

async function breaks(table: string, redisUrl?: string): Promise<Row[]> {
  const api = await startLeaseApi(redisUrl === undefined ? {} : { table: redisUrl });
  const redis = redisUrl === undefined ? undefined : new Redis(redisUrl);
  const holders = new SideProcess<HolderJobs>('holders');
  const rows: Row[] = [];
  try {
    await holders.ask('connect', { url: api.url, sessions });
    for (const { leases, rounds } of sizes) {
      const step: number[] = [];
      const busy: number[] = [];
      const first: number[] = [];
      const last: number[] = [];
      for (let round = -1; round < rounds; round++) {
        const file = `fanout/${String(leases)}-${String(round)}.dat`;
        await holders.ask('take', { file, count: leases });
        await redis?.config('SET', 'slowlog-log-slower-than', '0');
        const before = await stepsSeconds(api);
        const { firstMs, lastMs } = await holders.ask('open', { file });
        const after = await stepsSeconds(api);
        const busyMs = await slowestOpen(redis);
        await holders.ask('release', undefined);
        // The first one finds code that has never run.
        if (round < 0) continue;
        step.push((after - before) * 1000);
        if (busyMs !== undefined) busy.push(busyMs);
        first.push(firstMs);
        last.push(lastMs);
      }
      const row: Row = { table, leases, 'step ms': median(step) };
      if (busy.length > 0) row['busy ms'] = median(busy);
      rows.push({ ...row, 'first event ms': median(first), 'last event ms': median(last) });
    }
  } finally {
    holders.stop();
    redis?.disconnect();
    await api.stop();
  }
  return rows;
}

/** Seconds that the service has spent on opens so far. */
async function stepsSeconds(api: LeaseApi): Promise<number> {
  const { text } = await api.request('GET', '/metrics');
  return Number(/^leasehold_verb_seconds_sum\{verb="openCreate"\} (\S+)$/m.exec(text)?.[1] ?? 0);
}

/** How long the last open kept Redis, in milliseconds; and nothing is written down from here on. */
async function slowestOpen(redis: Redis | undefined): Promise<number | undefined> {
  if (redis === undefined) return undefined;
  await redis.config('SET', 'slowlog-log-slower-than', '-1');
  const entries = (await redis.slowlog('GET', 128)) as [number, number, number, string[]][];
  await redis.slowlog('RESET');
  const found = entries.find(([, , , command]) => command.includes('openCreate'));
  return found === undefined ? undefined : found[2] / 1000;
}
