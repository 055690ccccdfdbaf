import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Leasehold } from '#client';
import { eventually } from '../support/eventually';
import {
  type LeaseApi,
  Program,
  rpcSecret,
  startFileserver,
  startLeaseApi,
  stopPrograms,
} from '../support/service';

/** What an operator sees: the metrics of all programs, their page, the alert rules and the dashboard. */

const root = join(__dirname, '../..');
const page = join(root, 'docs/metrics.md');
const monitoring = join(root, 'docs/monitoring');
const exported = mkdtempSync(join(tmpdir(), 'leasehold-metrics-'));
let api: LeaseApi;
let adapter: string;
let head: Program;
let headMetrics: string;
let leasehold: Leasehold;

beforeAll(async () => {
  api = await startLeaseApi({ env: { LEASEHOLD_LOCAL_EXPORTS: 'local' } });
  writeFileSync(join(exported, 'real'), 'text\n');
  const exports = { demo: exported };
  const own = ['--metrics', '127.0.0.1:0'];
  const fileserver = await startFileserver({ exports, own, apis: [api.rpcAddress] }, api);
  adapter = `http://${String(fileserver.lines.find(({ msg }) => msg === 'ready')?.['metrics'])}/metrics`;
  leasehold = new Leasehold({ url: api.url });
});
afterAll(async () => {
  await stopPrograms();
  rmSync(exported, { recursive: true, force: true });
});

const scrape = async (url = `${api.url}/metrics`): Promise<string> => (await fetch(url)).text();

/** The value of a sample by its name with labels, as the exposition spells it; undefined if it is not there. */
function sample(exposition: string, name: string): number | undefined {
  const line = exposition.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

/** The table is asked for its counters a few times a second. */
const eventuallyShows = (samples: Record<string, number | undefined>): Promise<void> =>
  eventually(async () => {
    const exposition = await scrape();
    const shown = Object.keys(samples).map((name) => [name, sample(exposition, name)]);
    expect(Object.fromEntries(shown)).toEqual(samples);
  });

test('what is held and who waits is shown, and how breaks and waits end', async () => {
  const holder = await leasehold.openSession();
  const other = await leasehold.openSession();
  const lease = await holder.acquire({ export: 'demo', file: 'real', type: 'write' });
  await other.acquire({ export: 'local', file: 'a', type: 'read' });
  await other.open({ export: 'local', file: 'b', access: 'read' });
  await other.lock({ export: 'local', file: 'b', class: 'posix', type: 'write', start: 0, end: 9 });
  const opening = other.open({ export: 'demo', file: 'real', access: 'read', deny: 'both', waitMs: 60_000 });
  await eventuallyShows({
    leasehold_sessions: 2,
    'leasehold_leases{type="read",delegation="no"}': 1,
    'leasehold_leases{type="write",delegation="no"}': 1,
    'leasehold_leases{type="read",delegation="yes"}': 0,
    leasehold_opens: 1,
    leasehold_range_locks: 1,
    'leasehold_waiting_requests{kind="open"}': 1,
    'leasehold_waiting_requests{kind="lease"}': 0,
    leasehold_breaking_files: 1,
    'leasehold_export_up{export="demo"}': 1,
    'leasehold_export_up{export="local"}': 1,
    'leasehold_adapters{stack="posix",state="up"}': 1,
  });
  expect(sample(await scrape(adapter), 'leasehold_adapter_holds')).toBe(1);

  await lease.acknowledge('none');
  await opening;
  await eventuallyShows({
    'leasehold_waiting_requests{kind="open"}': 0,
    leasehold_breaking_files: 0,
    leasehold_opens: 2,
    'leasehold_break_seconds_count{outcome="answered"}': 1,
    'leasehold_wait_seconds_count{kind="open",outcome="granted"}': 1,
  });
  expect(sample(await scrape(adapter), 'leasehold_adapter_holds')).toBe(0);

  const asked = await other.acquire({ export: 'local', file: 'c', type: 'write' });
  await leasehold.forceBreak(asked.id);
  await leasehold.endSession(other.id);
  await eventuallyShows({
    leasehold_sessions: 1,
    leasehold_opens: 0,
    leasehold_range_locks: 0,
    leasehold_breaking_files: 0,
    'leasehold_leases{type="read",delegation="no"}': 0,
    'leasehold_break_seconds_count{outcome="expired"}': 1,
  });
  expect(sample(await scrape(), 'leasehold_table_bytes')).toBeGreaterThan(0);
  await holder.end();
  holder.close();
  other.close();
});

test('the counters are those of the table: a restart does not lose them', async () => {
  const holder = await leasehold.openSession({ ttlMs: 600_000 });
  await holder.acquire({ export: 'local', file: 'kept', type: 'read' });
  await eventuallyShows({ 'leasehold_leases{type="read",delegation="no"}': 1 });
  await api.kill();
  await api.start();
  await eventuallyShows({ 'leasehold_leases{type="read",delegation="no"}': 1, leasehold_sessions: 1 });
  await holder.end();
});

/** Rows of the page, from the HELP and TYPE lines. */
function rowsOf(exposition: string): string {
  const kinds = new Map(
    [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => [name, kind]),
  );
  const rows = [...exposition.matchAll(/^# HELP (leasehold_\S+) (.*)$/gm)].map(
    ([, name = '', help = '']) => `| \`${name}\` | ${kinds.get(name) ?? ''} | ${help} |`,
  );
  return ['| Metric | Type | |', '| --- | --- | --- |', ...rows.sort()].join('\n');
}

describe('beside an NFS head', () => {
  beforeAll(async () => {
    head = new Program('apps/nfs-head/src/main.ts', () => ({
      args: ['--tcp', '--api', api.rpcAddress, '--metrics', '127.0.0.1:0'],
      env: { LEASEHOLD_RPC_SECRET: rpcSecret },
    }));
    headMetrics = `http://${String((await head.start())['metrics'])}/metrics`;
    // What it held is gone again.
    await head.logged(({ msg }) => msg === 'the story is over');
  });

  test('an NFS head counts its calls and the callbacks that it gets', async () => {
    const exposition = await scrape(headMetrics);
    const opens = 'leasehold_nfs_call_seconds_count{method="Open",status="NFS4_OK"}';
    expect(sample(exposition, opens)).toBeGreaterThan(1);
    expect(sample(exposition, 'leasehold_nfs_callbacks_total{kind="recall"}')).toBeGreaterThan(0);
    const { program, time } = await head.logged(({ msg }) => msg === 'ready');
    expect([program, new Date(String(time)).toISOString()]).toEqual(['nfs-head', time]);
  });

  test('the adapter answers for its metrics alone', async () => {
    const [metrics, other, posted] = await Promise.all([
      fetch(adapter),
      fetch(new URL('/', adapter)),
      fetch(adapter, { method: 'POST' }),
    ]);
    expect([metrics.status, other.status, posted.status]).toEqual([200, 404, 405]);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test.each([
    ['lease API', () => scrape()],
    ['adapter', () => scrape(adapter)],
    ['NFS head', () => scrape(headMetrics)],
  ])('promtool finds no fault with the metrics of the %s', async (_, read) => {
    const checked = spawn('promtool', ['check', 'metrics']);
    const said = text(checked.stderr);
    checked.stdin.end(await read());
    expect(await said).toBe('');
  });

  test('the page lists every metric', async () => {
    const written = readFileSync(page, 'utf8');
    const [intro = ''] = written.split('\n## Lease API\n');
    const lists = {
      'Lease API': await scrape(),
      Adapter: await scrape(adapter),
      'NFS head': await scrape(headMetrics),
    };
    const sections = Object.entries(lists).map(
      ([name, exposition]) => `\n## ${name}\n\n${rowsOf(exposition)}\n`,
    );
    const right = `${intro}${sections.join('')}`;
    if (process.env['WRITE'] === '1') writeFileSync(page, right);
    expect(readFileSync(page, 'utf8')).toBe(right);
  });
});

test('alert rules and dashboard use only metrics that exist', () => {
  const known = new Set(
    [...readFileSync(page, 'utf8').matchAll(/^\| `(leasehold_\w+)` \| (\w+)/gm)].flatMap(
      ([, name = '', kind]) =>
        kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  );
  expect(known.size).toBeGreaterThan(20);
  for (const file of ['alerts.yml', 'dashboard.json']) {
    const used = new Set(readFileSync(join(monitoring, file), 'utf8').match(/\bleasehold_\w+/g));
    expect([...used].filter((name) => !known.has(name))).toEqual([]);
    expect(used.size).toBeGreaterThan(8);
  }
});

test('promtool plays the alert rules: silent when all is well, and each fires', async () => {
  const run = promisify(execFile);
  await run('promtool', ['check', 'rules', 'alerts.yml'], { cwd: monitoring });
  await run('promtool', ['test', 'rules', 'alerts.test.yml'], { cwd: monitoring });
  const rules = readFileSync(join(monitoring, 'alerts.yml'), 'utf8').match(/alert: (\w+)/g) ?? [];
  const played = readFileSync(join(monitoring, 'alerts.test.yml'), 'utf8');
  for (const rule of rules) expect(played.split(`alertname: ${rule.slice(7)}`)).toHaveLength(3);
});
