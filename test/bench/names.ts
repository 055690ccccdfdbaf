import { Redis } from 'ioredis';
import { Leasehold } from '#client';
import type { LeaseApi } from '../support/service';
import { clockMs, type Figure, noted, quantile, type Row } from './figure';
import { embeddedWith, redisWith } from './scale';
import type { Effort } from './turns';

/** How many leases are on the names that are asked for. */
const wanted = 100;
const pageRows = 100;

interface Page {
  locks?: unknown[];
  leases?: unknown[];
  cursor?: string;
}

/** Names by prefix, when nearly all leases are on other names: what a page costs, and the whole listing. */
export async function names({ leases }: Effort): Promise<Figure[]> {
  const rows: Row[] = [];
  for (const [table, fill] of [['embedded', embeddedWith] as const, ['redis', redisWith] as const]) {
    const filled = await fill(leases);
    try {
      rows.push(...(await measured(table, filled)));
    } finally {
      await filled.stop();
    }
  }
  return [
    {
      title: `${String(wanted)} leases on names with a prefix, beside many on other names`,
      method:
        `Pages of ${String(pageRows)} over HTTP, one after the other, from the first to the last; the leases in question were taken last. ` +
        'Redis µs a page: in the function, during which Redis serves nobody else.',
      rows,
    },
  ];
}

async function measured(table: string, filled: Awaited<ReturnType<typeof redisWith>>): Promise<Row[]> {
  const { api, leases } = filled;
  const session = await new Leasehold({ url: api.url }).openSession({ ttlMs: 600_000, events: false });
  try {
    const all = Array.from({ length: wanted }, (_, n) => session.lease(`local:wanted/${String(n)}`, 'write'));
    await Promise.all(all);
    const by = new URLSearchParams({ export: 'local', prefix: 'wanted/', limit: String(pageRows) });
    const own = `/v1/leases?sessionId=${session.id}&${by.toString()}`;
    const rows: Row[] = [];
    for (const [listing, path] of [
      ['locks', `/v1/locks?${by.toString()}`],
      ['leases of the session', own],
    ] as const)
      rows.push(
        noted({ table, leases, listing, ...(await listed(api, path, session.secret, filled.redis)) }),
      );
    return rows;
  } finally {
    await session.end();
  }
}

/** Reads all pages of a listing. */
async function listed(api: LeaseApi, path: string, secret: string, redis: string | undefined): Promise<Row> {
  const client = redis === undefined ? undefined : new Redis(redis);
  await client?.config('RESETSTAT');
  const times: number[] = [];
  let found = 0;
  for (let cursor: string | undefined, more = true; more;) {
    const from = clockMs();
    const after = cursor === undefined ? '' : `&cursor=${cursor}`;
    const { status, text, body } = await api.request('GET', path + after, { secret });
    if (status !== 200) throw new Error(text);
    times.push(clockMs() - from);
    const page: Page = body;
    found += (page.locks ?? page.leases ?? []).length;
    cursor = page.cursor;
    more = cursor !== undefined;
  }
  if (found !== wanted) throw new Error(`found ${String(found)} of ${String(wanted)}`);
  const stats = (await client?.info('commandstats')) ?? '';
  client?.disconnect();
  const calls = [...stats.matchAll(/^cmdstat_fcall\w*:calls=(\d+),usec=(\d+)/gm)];
  const sum = (at: 1 | 2): number => calls.reduce((total, match) => total + Number(match[at]), 0);
  return {
    pages: times.length,
    'ms a page, p50': quantile(times, 0.5),
    p99: quantile(times, 0.99),
    'whole listing s': times.reduce((total, ms) => total + ms, 0) / 1_000,
    ...(client === undefined ? {} : { 'Redis µs a page': sum(2) / Math.max(1, times.length) }),
  };
}
