import { Redis } from 'ioredis';
import { startRedis } from '../support/redis-server';
import { startLeaseApi } from '../support/service';
import { type Figure, noted, type Row } from './figure';
import { Fill, type Layout, preparedTable, redisTable } from './fill';
import type { HeapJobs } from './heap';
import type { LoadJobs } from './load';
import { embeddedWith, usedBytes } from './scale';
import { SideProcess } from './side-process';
import { steps } from './steps';
import { type Effort, inTurns, middleOf } from './turns';

/** The cost of a step in Redis, a lease in memory, a start, and a further node. */
export async function cost(effort: Effort): Promise<Figure[]> {
  return [await steps(effort), await memory(effort), await start(effort), await furtherNode(effort)];
}

const layouts: Record<Layout, string> = { scattered: 'on files of their own', together: 'on one file' };

async function memory({ leases }: Effort): Promise<Figure> {
  const count = Math.min(10_000, leases);
  const rows: Row[] = [];
  for (const [layout, name] of Object.entries(layouts) as [Layout, string][]) {
    rows.push(noted({ table: 'redis', leases: name, ...(await redisBytes(count, layout)) }));
    const heap = new SideProcess<HeapJobs>('heap', ['--expose-gc']);
    const bytes = await heap.ask('leases', { leases: count, layout });
    heap.stop();
    rows.push(noted({ table: 'embedded', leases: name, 'bytes a lease': bytes / count }));
  }
  return {
    title: `Memory of ${count.toLocaleString('en-US')} read leases over up to 1,000 sessions`,
    method:
      'Above that of the empty table, with the share of sessions, indexes and records. Redis: used_memory, and MEMORY USAGE of ' +
      'the keys (rows by kind; lists: all indexes). Embedded: the heap after collection, without a disk.',
    rows,
  };
}

async function redisBytes(count: number, layout: Layout): Promise<Row> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  const table = await redisTable(server.url);
  try {
    await preparedTable(table);
    const empty = await usedBytes(redis);
    await new Fill(layout).upTo(table, count);
    const total = ((await usedBytes(redis)) - empty) / count;
    const parts: Record<string, number> = {};
    for (const key of await redis.keys('*')) {
      const [, part = key] = /^\{[^}]*\}:(\w+)/.exec(key) ?? [];
      const name = part === 'i' ? 'lists' : part;
      parts[name] =
        (parts[name] ?? 0) + Number(await redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')) / count;
    }
    const large = Object.entries(parts).filter(([, bytes]) => bytes >= 1);
    return { 'bytes a lease': total, ...Object.fromEntries(large.sort(([, a], [, b]) => b - a)) };
  } finally {
    await table.close();
    redis.disconnect();
    await server.stop();
  }
}

async function start({ leases }: Effort): Promise<Figure> {
  const filled = await embeddedWith(leases);
  await filled.stop();
  return {
    title: 'Start of the lease API over an embedded table that holds leases',
    method:
      'From the start of the process until it is ready, on files of their own (--leases=1000000 for more).',
    rows: [noted({ leases: filled.leases, ...filled.row })],
  };
}

/** What an idle node spends on following a busy one. */
async function furtherNode(effort: Effort): Promise<Figure> {
  const load = new SideProcess<LoadJobs>('load');
  const redis = await startRedis();
  try {
    const [first, second] = [
      await startLeaseApi({ table: redis.url }),
      await startLeaseApi({ table: redis.url }),
    ];
    const [turns = []] = await inTurns(
      [
        {
          servers: { first: () => first.pid, second: () => second.pid, redis: () => redis.pid },
          load: (ms) => load.ask('leases', { url: first.url, inFlight: 50, ms }),
        },
      ],
      effort,
    );
    const { rate, micros } = middleOf(turns);
    const { first: serving = Number.NaN, second: idle = Number.NaN } = micros;
    await second.stop();
    await first.stop();
    return {
      title: 'A second node that serves nobody',
      method:
        'Over one Redis without a log, acquire and release at the first, 50 in flight; processor time a pair.',
      rows: [
        noted({
          'pairs/s': rate,
          'first µs a pair': serving,
          'second µs a pair': idle,
          'second / first %': (idle / serving) * 100,
          'Redis µs a pair': micros['redis'] ?? Number.NaN,
        }),
      ],
    };
  } finally {
    load.stop();
    await redis.stop();
  }
}
