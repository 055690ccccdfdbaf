import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chaos } from '../chaos/run';
import { altered } from '../chaos/sabotage';
import { formatNewest, formatOfShards } from '../../libs/locks/src/core/format';
import { formatNext, nextVersion, stateAt } from '../chaos/upgrade';
import { eventually } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { ask, startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';
import { closeProxies } from '../support/tcp-proxy';

/** The next version replaces this one under load, over one Redis: docs/upgrading.md. */
jest.setTimeout(600_000);

const directory = mkdtempSync(join(tmpdir(), 'leasehold-upgrade-'));
const next = altered(...nextVersion);

afterAll(async () => {
  closeProxies();
  stopLeasectl();
  await stopPrograms();
  for (const each of [directory, next.directory]) rmSync(each, { recursive: true, force: true });
});

const [present, later] = [String(formatNewest), String(formatNext)];
const outdated = `the table is in format ${later} of a later version, and this one reads up to format ${present}: start that version`;

const librariesOf = (port: number): Promise<unknown[] | undefined> =>
  ask(port, async (redis) => (await redis.call('FUNCTION', 'LIST')) as unknown[]);

test.each([1, 4])(
  'lease APIs of two versions serve side by side, in %d shards; the older ones refuse what only the newer one can read',
  async (shards) => {
    let asleep: LeaseApi | undefined;
    const told: string[] = [];
    const { violations, counts } = await chaos({
      ...{ shape: 'redis', shards, seed: 11, ms: 0, clients: 6, lateMs: 120_000 },
      path: join(directory, 'history.jsonl'),
      async story(deployment, step) {
        const { apis, redisPort: port = 0 } = deployment;
        const another = (): Promise<LeaseApi> => deployment.another();
        const [first, second] = apis as [(typeof apis)[number], (typeof apis)[number]];
        asleep = await another();
        const stream = await streamOf(asleep);
        asleep.pause();
        await step('upgrade of lease API 1', () => first.become(next.program));
        // Both versions, each with its own rules, over rows that both can read.
        expect(await stateAt(first.api.url)).toMatchObject({ format: formatNewest, unnamed: 0 });
        expect(await librariesOf(port)).toHaveLength(2);
        const { out } = await new Leasectl(first.api.url).run(['status']);
        expect(out).toContain(`The table is in format ${present}.\n`);
        expect(out).toMatch(
          new RegExp(`of version \\S+ \\(\\w{8}\\), which keep the table in format ${present}`),
        );
        await step('upgrade of lease API 2', () => second.become(next.program));
        await eventually(async () => {
          expect(await stateAt(second.api.url)).toMatchObject({
            format: formatNext,
            servers: [{ format: formatNext }, { format: formatNext }],
          });
        });
        // One that has slept through it.
        asleep.resume();
        const one = asleep;
        await eventually(async () => {
          const { status, body } = await one.request('GET', '/readyz');
          expect({ status, ...body }).toMatchObject({
            ...{ status: 503, reason: 'table_unreachable' },
            detail: `The table cannot be used: ${outdated}.`,
          });
        });
        expect((await one.request('POST', '/v1/sessions', { body: {} })).status).toBe(503);
        await stream.ended;
        await one.stop();
        await another().catch((error: unknown) => told.push(String(error)));
        // Its rules are deleted with it, and rows that were written since say in which format.
        await eventually(async () => {
          expect(await librariesOf(port)).toHaveLength(1);
          // Those of guests as well.
          for (let shard = 0; shard < shards; shard += 1) {
            const root = `{lh:main:${String(shard)}}`;
            const rows = await ask(port, (redis) => redis.hgetallBuffer(`${root}:rows`));
            const sessions = Object.entries(rows ?? {}).flatMap(([name, row]) =>
              name.startsWith('session:') ? [row] : [],
            );
            if (shard > 0 && sessions.length === 0) continue;
            // Of the list of places and values, after its head: place 0 and the format.
            expect(sessions.some((row) => row.subarray(1, 5).includes(Buffer.from([0, formatNext])))).toBe(
              true,
            );
            expect(sessions.some((row) => row.includes('dark'))).toBe(true);
          }
        });
        for (let shard = 0; shard < shards; shard += 1)
          expect(await ask(port, (redis) => redis.get(`{lh:main:${String(shard)}}:meta`))).toBe(later);
      },
    });
    expect(violations).toEqual([]);
    expect(counts['done take']).toBeGreaterThan(20);
    expect(told.join()).toContain(outdated);
  },
);

test('a version from before tables in several shards refuses one, and does not take it for an empty one', async () => {
  const before = String(formatOfShards - 1);
  const earlier = altered(
    {
      file: 'libs/locks/src/core/format.js',
      from: `exports.formatNewest = ${present};`,
      to: `exports.formatNewest = ${before};`,
    },
    {
      file: 'libs/locks/src/table/redis/library-code.generated.js',
      from: `____exports.formatNewest = ${present}\n`,
      to: `____exports.formatNewest = ${before}\n`,
    },
    // It knows of one shard.
    {
      file: 'libs/locks/src/table/redis/redis-table.js',
      from: 'return (0, format_1.shardsIn)(this.server.redis, this.root);',
      to: 'return Promise.resolve(undefined);',
    },
  );
  const redis = await startRedis();
  try {
    const env = { LEASEHOLD_LOCAL_EXPORTS: 'demo' };
    const of = (more: object) => startLeaseApi({ table: redis.url, env: { ...env, ...more } });
    await of({ LEASEHOLD_TABLE_SHARDS: '4' });
    const table = await ask(redis.port, (at) => at.dbsize());
    await expect(startLeaseApi({ table: redis.url, env, program: earlier.program })).rejects.toThrow(
      `the table is in format ${present} of a later version, and this one reads up to format ${before}: start that version`,
    );
    expect(await ask(redis.port, (at) => at.dbsize())).toBe(table);
    // Nor is a table that such a version has made taken for one in several shards.
    await expect(of({ LEASEHOLD_TABLE_NAME: 'other', LEASEHOLD_TABLE_SHARDS: '1' })).resolves.toBeDefined();
    await expect(of({ LEASEHOLD_TABLE_NAME: 'other', LEASEHOLD_TABLE_SHARDS: '4' })).rejects.toThrow(
      'the table other has 1 shard, not 4',
    );
  } finally {
    await stopPrograms();
    await redis.stop();
    rmSync(earlier.directory, { recursive: true, force: true });
  }
});

/** The events of a session at this lease API, until the stream ends. */
async function streamOf(api: LeaseApi): Promise<{ ended: Promise<void> }> {
  const { sessionId, secret } = await api.session();
  const response = await fetch(`${api.url}/v1/sessions/${sessionId}/events`, {
    headers: { 'x-session-secret': secret },
  });
  expect(response.status).toBe(200);
  return { ended: response.text().then(() => undefined) };
}
