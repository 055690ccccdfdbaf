import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { openEmbeddedTable, openLmdbStore } from '#locks';
import { run } from '../../libs/locks/src/core/run';
import { clientKeyOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { startRedis } from '../support/redis-server';
import { startLeaseApi } from '../support/service';
import { clockMs, type Figure, median, noted, type Row } from './figure';
import type { HolderJobs } from './holders';
import { Fill, fileOf } from './fill';
import { SideProcess } from './side-process';

const sessions = 1_000;
/** Leases on the file, and the number of breaks. */
const sizes = [
  { leases: 1, rounds: 20 },
  { leases: 100, rounds: 20 },
  { leases: 10_000, rounds: 4 },
];

/** One open that conflicts with many read leases: its cost to the table, and the time until the last holder is told. */
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
        'Holders in a process of their own. Busy: how long the step that breaks keeps the table from others; Redis counts it ' +
        'itself (SLOWLOG), the embedded one is timed around the rules, on a table of its own over the same kind of disk. ' +
        'Events: from the call of the open. Medians.',
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
      const busy = redis === undefined ? await embeddedBusy(leases, rounds) : [];
      const first: number[] = [];
      const last: number[] = [];
      for (let round = -1; round < rounds; round++) {
        const file = `fanout/${String(leases)}-${String(round)}.dat`;
        await holders.ask('take', { file, count: leases });
        await redis?.config('SET', 'slowlog-log-slower-than', '0');
        const { firstMs, lastMs } = await holders.ask('open', { file });
        const busyMs = redis === undefined ? undefined : await lastOpenMs(redis);
        await holders.ask('release', undefined);
        // The first one runs cold code.
        if (round < 0) continue;
        if (busyMs !== undefined) busy.push(busyMs);
        first.push(firstMs);
        last.push(lastMs);
      }
      rows.push(
        noted({
          table,
          leases,
          'busy ms': median(busy),
          'first event ms': median(first),
          'last event ms': median(last),
        }),
      );
    }
  } finally {
    holders.stop();
    redis?.disconnect();
    await api.stop();
  }
  return rows;
}

/** For each of these breaks, how long it blocks an embedded table for other calls, in milliseconds. */
async function embeddedBusy(leases: number, rounds: number): Promise<number[]> {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
  let ranMs = 0;
  const timed: typeof run = (rows, verb, input) => {
    const startedAt = clockMs();
    const reply = run(rows, verb, input);
    ranMs = clockMs() - startedAt;
    return reply;
  };
  const table = await openEmbeddedTable({ store: openLmdbStore(directory), rules: timed });
  const busy: number[] = [];
  try {
    await table.call('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
    for (let round = -1; round < rounds; round++) {
      const path = `fanout/${String(round)}.dat`;
      const fill = new Fill((no) => ({ path, owner: `owner ${String(no)}` }));
      await fill.upTo(table, leases);
      const sessionId = await fill.session(table);
      const { value } = await table.call('openCreate', {
        sessionId,
        digest: fill.digest,
        openId: randomId(),
        file: fileOf(path),
        owner: sessionId,
        ownerKey: ownerKeyOf(sessionId, sessionId),
        clientKey: clientKeyOf(sessionId),
        deny: 'none',
        access: 'write',
        waitMs: 0,
      });
      if (!('refused' in value)) throw new Error('an open was granted beside read leases');
      if (round >= 0) busy.push(ranMs);
    }
  } finally {
    await table.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return busy;
}

/** How long the last open kept Redis busy, in milliseconds; turns Redis's slow log off again. */
async function lastOpenMs(redis: Redis): Promise<number> {
  await redis.config('SET', 'slowlog-log-slower-than', '-1');
  const entries = (await redis.slowlog('GET', 128)) as [number, number, number, string[]][];
  await redis.slowlog('RESET');
  const found = entries.find(([, , , command]) => command.includes('openCreate'));
  if (found === undefined) throw new Error('Redis has not written down the open');
  return found[2] / 1000;
}
