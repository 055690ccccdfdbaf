import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Leasehold } from '#client';
import { eventually, within } from '../support/eventually';
import { closeNfsServers, NfsServer } from '../support/nfs-server';
import { startRedis } from '../support/redis-server';
import {
  exportsUp,
  type Fileserver,
  type LeaseApi,
  startFileserver,
  startLeaseApi,
  stopPrograms,
} from '../support/service';

/** Programs that are stopped and started in order: no warnings are logged, and no request is refused in between. */
jest.setTimeout(600_000);

const root = join(__dirname, '../..');
const demo = { export: 'demo', file: 'hello.txt' };
const loud = (programs: (LeaseApi | Fileserver)[]): unknown[] =>
  programs.flatMap(({ lines }) => lines.filter(({ level }) => level >= 40));

const folder = mkdtempSync(join(tmpdir(), 'leasehold-start-'));
const launched: { kill(): void }[] = [];
afterEach(stopPrograms);
afterAll(() => {
  for (const each of launched) each.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** `npm start`, over a table of its own. */
function launch() {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LEASEHOLD_'))),
    LEASEHOLD_TABLE: `embedded:${folder}/table`,
    LEASEHOLD_HTTP: '127.0.0.1:0',
    LEASEHOLD_RPC: '127.0.0.1:0',
  };
  const child = spawn(process.execPath, ['scripts/start.mjs'], { cwd: root, env, stdio: 'pipe' });
  launched.push({ kill: () => child.kill('SIGKILL') });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => (output += `${line}\n`));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    says: (text: RegExp) =>
      eventually(() => {
        const found = text.exec(output);
        if (found === null)
          throw new Error(`npm start has not said ${String(text)}:
${output}`);
        return found[1] ?? found[0];
      }, 240_000),
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    ended: () => within('npm start ends', ended, 120_000),
    alarms: () => output.split('\n').filter((line) => /^\S+ +\d\d:\d\d:\d\d (warn|error|fatal)/.test(line)),
    last: () => output,
  };
}

describe('npm start', () => {
  test.each<NodeJS.Signals>(['SIGINT', 'SIGHUP', 'SIGTERM'])(
    'starts again without a warning after %s',
    async (signal) => {
      for (let life = 1; life <= 2; life++) {
        const service = launch();
        await service.says(/lease API at (http:\S+),/);
        service.signal(signal);
        expect(await service.ended()).toBe(0);
        expect(service.last()).toContain('has stopped in order and holds nothing');
        expect(service.alarms()).toEqual([]);
      }
    },
  );

  test('continues when its adapter is told to stop, until it is stopped itself', async () => {
    const service = launch();
    const url = await service.says(/lease API at (http:\S+),/);
    const [served] = (
      (await (await fetch(`${url}/v1/exports`)).json()) as { exports: LogExport[] }
    ).exports.filter(({ name }) => name === 'demo');
    const stop = `${url}/v1/stacks/posix/adapters/${served?.incarnation ?? ''}/stop`;
    expect((await fetch(stop, { method: 'POST' })).status).toBe(202);
    await service.says(/The fileserver adapter has stopped, as requested/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    service.signal('SIGINT');
    expect(await service.ended()).toBe(0);
    // An administrator's action is logged as a warning.
    expect(service.alarms()).toEqual([expect.stringContaining('operation begun')]);
  });
});
interface LogExport {
  name: string;
  incarnation?: string;
}

describe('a lease API whose exports are configured', () => {
  test('is ready when they are served; earlier requests wait', async () => {
    const api = await startLeaseApi({ env: { LEASEHOLD_EXPORTS: 'demo', LEASEHOLD_LOST_MS: '600000' } });
    const session = await api.session();
    const ready = await api.request('GET', '/readyz');
    expect(ready).toMatchObject({ status: 503, body: { reason: 'not_ready' } });
    const { sessionId, secret } = session;
    const asked = api.request('POST', '/v1/leases/acquire', {
      body: { sessionId, ...demo, type: 'read', waitMs: 60_000 },
      secret,
    });
    const adapter = await startFileserver(
      { apis: [api.rpcAddress], exports: { demo: join(root, 'exports/demo') } },
      api,
    );
    expect(await asked).toMatchObject({ status: 201, body: { state: 'active' } });
    expect((await api.request('GET', '/readyz')).status).toBe(200);

    // Either may stop first, or both at once.
    const both = [api.stop(), adapter.stop()];
    expect(await Promise.all(both)).toEqual([0, 0]);
    await api.start();
    await adapter.start();
    await exportsUp(api, ['demo']);
    await api.stop();
    await adapter.stop();
    await api.start();
    const from = adapter.lines.length;
    await adapter.start();
    // The table may still show the predecessor as up.
    await adapter.logged(({ msg }) => msg === 'registered', { from });
    await exportsUp(api, ['demo']);
    const adapters = async (): Promise<unknown> =>
      (await api.request('GET', '/v1/stacks/posix')).body['adapters'];
    // Of the silent adapters, the one proven dead is forgotten.
    await eventually(async () => {
      expect(await adapters()).toHaveLength(1);
    });
    await adapter.stop();
    expect((await api.request('GET', '/v1/exports/demo')).body).toMatchObject({ state: 'none' });
    expect(await adapters()).toEqual([]);
    expect(loud([api, adapter])).toEqual([]);
  });
});

/** Longer than an outage, the silence that is logged, and the lost threshold. */
const awayMs = 6_500;

describe('stopped in order for longer than the lost threshold, in either order', () => {
  const stacks = ['posix', 'nfs4'] as const;
  let nfs: NfsServer;
  beforeAll(async () => {
    nfs = await NfsServer.start();
  });
  afterAll(closeNfsServers);

  test.each(stacks)('%s: no warning is logged', async (stack) => {
    const redis = await startRedis();
    const table = redis.url;
    const env = { LEASEHOLD_LOST_MS: '4000', LEASEHOLD_BREAK_MS: '8000' };
    const apis = [await startLeaseApi({ env, table }), await startLeaseApi({ env, table })] as const;
    const exports = {
      demo: stack === 'posix' ? folder : `nfs://127.0.0.1:${String(nfs.port)}/`,
    };
    const addresses = apis.map(({ rpcAddress }) => rpcAddress);
    const adapter = await startFileserver({ stack, apis: addresses, exports }, ...apis);
    for (const [item, body] of [
      ['regions/rack', { deadMs: 60_000 }],
      ['nodes/rack-1', { region: 'rack' }],
    ] as const)
      expect((await apis[0].request('PUT', `/v1/${item}`, { body })).status).toBe(201);
    const client = new Leasehold({ url: apis.map(({ url }) => url), retryMs: 30_000 });
    const node = await client.node('rack-1');
    const [one, two] = apis;
    // One lease API stops: the other continues. Both stop: the adapter waits, and then stops as well.
    await one.stop();
    await exportsUp(two, ['demo']);
    await two.stop();
    await pause(awayMs);
    await one.start();
    await two.start();
    await adapter.logged(({ msg }) => msg === 'lease API answers', { from: 1 });
    await exportsUp(one, ['demo']);
    await Promise.all([one.stop(), two.stop()]);
    await pause(awayMs);
    await adapter.stop();
    await two.start();
    await two.logged(({ msg }) => msg.includes('has not reported'));
    await adapter.start();
    await exportsUp(two, ['demo']);
    await adapter.stop();
    expect(node.state).toBe('up');
    await node.leave();
    await two.logged(({ msg, item }) => item === 'nodes/rack-1' && msg.startsWith('a node stops in order'));
    await eventually(async () => {
      expect((await two.request('GET', '/v1/nodes/rack-1')).body).toMatchObject({ state: 'down' });
    }, 120_000);
    await two.stop();
    expect(loud([...apis, adapter])).toEqual([]);
    await redis.stop();
  });
});

test('a lease API that restarts at once, without its adapter, logs no warning', async () => {
  // Even on a busy machine the service is back long before that.
  const api = await startLeaseApi({ env: { LEASEHOLD_LOST_MS: '20000', LEASEHOLD_BREAK_MS: '8000' } });
  const adapter = await startFileserver({ apis: [api.rpcAddress], exports: { demo: folder } }, api);
  await api.stop();
  await adapter.stop();
  await api.start();
  await api.logged(({ msg }) => msg.includes('has not reported'));
  await adapter.start();
  await exportsUp(api, ['demo']);
  await api.stop();
  await adapter.stop();
  expect(loud([api, adapter])).toEqual([]);
});

test('an adapter that is refused is logged once, however often it tries', async () => {
  const api = await startLeaseApi({ env: { LEASEHOLD_BREAK_MS: '3600000' } });
  const exports = { demo: join(root, 'exports/demo') };
  const adapters = [];
  // The second takes longer to start than the first takes for several attempts.
  for (let n = 1; n <= 2; n++) {
    const adapter = await startFileserver({ apis: [api.rpcAddress], exports });
    await adapter.logged(({ msg }) => msg.includes('refuses this adapter'));
    adapters.push(adapter);
  }
  const said = api.lines.filter(({ msg }) => msg === 'a fileserver adapter was refused');
  expect(said.map(({ reason }) => reason)).toEqual(['break_time_too_long', 'break_time_too_long']);
  for (const adapter of adapters) expect(await adapter.stop()).toBe(0);
});
