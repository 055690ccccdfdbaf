import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { allowed, buildImage, DockerApi, keepBridgeAddress, otherImages } from '../support/podman';

/** docker-compose.yml, read by docker-compose and run by Podman: all of it but Grafana, which Debian does not have. */
const run = promisify(execFile);
const root = join(__dirname, '../..');
const place = mkdtempSync(join(tmpdir(), 'leasehold-compose-'));
const containerLog = join(tmpdir(), 'leasehold-image', 'compose.log');
const secrets = {
  LEASEHOLD_ADMIN_TOKEN: 'the-admin-token',
  LEASEHOLD_RPC_SECRET: 'the-rpc-secret',
  LEASEHOLD_REDIS_PASSWORD: 'theRedisPassword',
};
const sentinels = {
  LEASEHOLD_REDIS_SCHEME: 'redis+sentinel',
  LEASEHOLD_REDIS_AT: 'sentinel-1,sentinel-2,sentinel-3/table',
  LEASEHOLD_DURABILITY: 'fsync+replicas:1',
};

interface Service {
  environment: Record<string, string>;
  ports?: string[];
  profiles?: string[];
  ulimits?: Record<string, number>;
  healthcheck?: { timeout?: string; retries?: number };
}
interface Composition {
  services: Record<string, Service>;
}

function config(env: Record<string, string>, ...profiles: string[]): Composition {
  const words = profiles.flatMap((each) => ['--profile', each]);
  const text = execFileSync('docker-compose', [...words, 'config'], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...secrets, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return parse(text) as Composition;
}
const inProfile = ({ services }: Composition, profile?: string): string[] =>
  Object.entries(services)
    .filter(([, { profiles = [] }]) =>
      profile === undefined ? profiles.length === 0 : profiles.includes(profile),
    )
    .map(([name]) => name)
    .sort();

describe('the file', () => {
  test('has the services of each profile', () => {
    const all = config({}, 'sentinel', 'monitoring');
    expect(inProfile(all)).toEqual(['api-1', 'api-2', 'fileserver', 'redis']);
    expect(inProfile(all, 'monitoring')).toEqual(['grafana', 'prometheus']);
    const groups = ['replica-1', 'replica-2', 'sentinel-1', 'sentinel-2', 'sentinel-3'];
    expect(inProfile(all, 'sentinel')).toEqual(groups);
  });

  test('tells the lease APIs where the table is, and its password', () => {
    const of = ({ services }: Composition) => services['api-2']?.environment['LEASEHOLD_TABLE'];
    expect(of(config({}))).toBe('redis://:theRedisPassword@redis:6379');
    expect(of(config(sentinels))).toBe(
      'redis+sentinel://:theRedisPassword@sentinel-1,sentinel-2,sentinel-3/table',
    );
  });

  test.each(Object.keys(secrets))('is refused without %s', (name) => {
    expect(() => config({ [name]: '' })).toThrow(/make up a/);
  });
});

describe('run', () => {
  let docker: DockerApi;
  const ports: Record<string, number> = {};
  const file = join(place, 'docker-compose.yml');
  const compose = async (...words: string[]): Promise<string> => {
    const { stdout, stderr } = await run(
      'docker-compose',
      ['--project-name', 'leaseholdtest', '--file', file, ...words],
      {
        cwd: place,
        env: {
          PATH: process.env['PATH'],
          HOME: place,
          DOCKER_HOST: docker.host,
          COMPOSE_HTTP_TIMEOUT: '600',
        },
      },
    );
    return stdout + stderr;
  };
  /** What docker-compose made of the file, with ports and limits that this machine has, and healths that it may find late. */
  const write = async (read: Composition): Promise<void> => {
    for (const [name, service] of Object.entries(read.services)) {
      if (service.ports !== undefined) {
        ports[name] ??= await freePort();
        const [inside] = service.ports[0]?.split(':').slice(-1) ?? [];
        service.ports = [`127.0.0.1:${String(ports[name])}:${inside ?? ''}`];
      }
      if (service.healthcheck !== undefined)
        Object.assign(service.healthcheck, { timeout: '60s', retries: 100 });
      service.ulimits = Object.fromEntries(
        Object.entries({ nofile: 65_536, nproc: 4_096, ...service.ulimits }).map(([limit, wanted]) => [
          limit,
          allowed(limit, wanted),
        ]),
      );
    }
    writeFileSync(file, stringify(read, { version: '1.1' }).replaceAll(`${root}/`, `${place}/`));
  };
  const up = async (...services: string[]): Promise<void> => {
    // Redis makes the bridge, and most others wait until it is healthy.
    const kept = eventually(() => keepBridgeAddress('leaseholdtest_default'));
    await Promise.all([kept, compose('up', '--detach', '--no-build', ...services)]);
  };
  /** Does this; if it fails, keeps what all containers have logged. */
  const logging = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      writeFileSync(containerLog, await compose('logs', '--no-color', '--timestamps').catch(String));
      process.stderr.write(`What the containers logged is in ${containerLog}.\n`);
      throw error;
    }
  };
  const loggingTest = (name: string, work: () => Promise<void>): void => {
    test(name, () => logging(work));
  };
  const leasectl = (api: string, ...words: string[]): Promise<string> =>
    compose('exec', '-T', api, 'node', 'dist/apps/leasectl/src/main.js', ...words);

  beforeAll(async () => {
    await buildImage();
    await otherImages();
    for (const each of ['deploy/monitoring', 'docs/monitoring'])
      cpSync(join(root, each), join(place, each), { recursive: true });
    mkdirSync(join(place, 'exports/demo'), { recursive: true });
    writeFileSync(join(place, 'exports/demo/a.txt'), 'text\n');
    docker = new DockerApi(place);
    void docker.checkHealths();
    await eventually(() => compose('version'));
    await write(config({}, 'monitoring'));
    // What an interrupted run has left.
    await compose('down', '--volumes');
    await logging(() => up('api-1', 'api-2', 'fileserver', 'prometheus'));
  }, 3_600_000);
  afterAll(async () => {
    await compose('down', '--volumes', '--timeout', '30').catch(() => undefined);
    docker.stop();
    rmSync(place, { recursive: true, force: true });
  }, 600_000);

  loggingTest('a lease through one lease API is one of the kernel, and the other one knows it', async () => {
    const { ino } = statSync(join(place, 'exports/demo/a.txt'));
    await eventually(async () => {
      expect(await leasectl('api-1', 'exports')).toMatch(/demo\s+.*up/);
    });
    const untilTold = ['sh', '-c', 'until [ -e /tmp/enough ]; do sleep 0.1; done'];
    const holding = leasectl('api-1', 'hold', 'demo:a.txt', '--type', 'read', '--', ...untilTold);
    holding.catch(() => undefined);
    await eventually(() => {
      expect(readFileSync('/proc/locks', 'utf8')).toMatch(new RegExp(`LEASE .*:${String(ino)} `));
    });
    expect(await leasectl('api-2', 'ls', 'demo:a.txt')).toMatch(/a\.txt/);
    await compose('exec', '-T', 'api-1', 'touch', '/tmp/enough');
    await holding;
  });

  loggingTest('Prometheus reads the metrics of all programs, and has the alert rules', async () => {
    const at = `http://127.0.0.1:${String(ports['prometheus'])}/api/v1`;
    const read = async (path: string): Promise<{ data: Record<string, Record<string, never>[]> }> =>
      (await (await fetch(`${at}/${path}`)).json()) as never;
    await eventually(async () => {
      const { data } = await read('targets');
      expect(data['activeTargets']?.map(({ health }) => health)).toEqual(['up', 'up', 'up']);
    });
    expect((await read('rules')).data['groups']?.length).toBeGreaterThan(0);
  });

  loggingTest('with Sentinels, another server becomes the master, and what was held stays', async () => {
    await compose('down', '--volumes', '--timeout', '30');
    await write(config(sentinels, 'sentinel'));
    await up('api-1', ...inProfile(config({}, 'sentinel'), 'sentinel'));
    const url = `http://127.0.0.1:${String(ports['api-1'])}`;
    const post = async (path: string, body: object, secret = ''): Promise<Record<string, string>> => {
      const headers = { 'content-type': 'application/json', 'x-session-secret': secret };
      const answer = await fetch(`${url}/v1/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      expect([answer.status, text]).toEqual([201, expect.anything()]);
      return JSON.parse(text) as Record<string, string>;
    };
    const session = await eventually(() => post('sessions', { ttlMs: 3_600_000 }));
    const asked = { sessionId: session['sessionId'], export: 'local', file: 'kept', type: 'write' };
    const lease = await eventually(() => post('leases/acquire', asked, session['secret']));
    // A replica that a Sentinel has not met yet is not told of the new master.
    for (const sentinel of ['sentinel-1', 'sentinel-2', 'sentinel-3'])
      await eventually(async () => {
        const info = await compose('exec', '-T', sentinel, 'valkey-cli', '-p', '26379', 'info', 'sentinel');
        expect(info).toMatch(/slaves=2,sentinels=3/);
      });
    await compose('kill', 'redis');
    await eventually(async () => {
      const headers = { 'x-session-secret': session['secret'] ?? '' };
      const read = await fetch(`${url}/v1/leases/${lease['leaseId'] ?? ''}`, { headers });
      const now = (await read.json()) as { state: string; token: number };
      expect(now).toMatchObject({ state: 'active' });
      // A new master that may have lost something gives it a new one.
      expect(now.token).toBeGreaterThanOrEqual(Number(lease['token']));
      await post('leases/acquire', { ...asked, file: 'later' }, session['secret']);
    });
  });
});
