import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Certificates } from '../support/certificates';
import { freePort } from '../support/free-port';
import { type LeaseApi, startFileserver, startLeaseApi, stopPrograms } from '../support/service';

/** What distributions are made of: units of systemd, the image, compose and its monitoring. Docker itself is not run. */

const root = join(__dirname, '../..');
const place = mkdtempSync(join(tmpdir(), 'leasehold-deploy-'));
const certificates = new Certificates();
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
afterAll(async () => {
  await stopPrograms();
  certificates.remove();
  rmSync(place, { recursive: true });
});

test.each(['leasehold', 'leasehold-fileserver'])('systemd finds no fault with %s.service', (name) => {
  const unit = join(place, `${name}.service`);
  // The program is not installed here.
  writeFileSync(unit, read(`deploy/systemd/${name}.service`).replace('/usr/bin/leasehold', process.execPath));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('Prometheus accepts its configuration, with the alert rules', () => {
  for (const file of ['deploy/monitoring/prometheus.yml', 'docs/monitoring/alerts.yml'])
    cpSync(join(root, file), join(place, file.split('/').at(-1) ?? ''));
  const checked = execFileSync('promtool', ['check', 'config', join(place, 'prometheus.yml')], {
    encoding: 'utf8',
  });
  expect(checked).toMatch(/SUCCESS: \d+ rules found/);
});

test('Prometheus is let in by the names that compose gives the lease APIs', async () => {
  const [, names = ''] = /LEASEHOLD_HTTP_HOSTS: (\S+)/.exec(read('docker-compose.yml')) ?? [];
  const targets = [...read('deploy/monitoring/prometheus.yml').matchAll(/'(api-\d:\d+)'/g)].map(
    ([, target = '']) => target,
  );
  expect(targets).toHaveLength(2);
  const api = await startLeaseApi({ env: { LEASEHOLD_HTTP_HOSTS: names } });
  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(`${api.url}/metrics`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
  for (const host of targets) expect([host, await statusFor(host)]).toEqual([host, 200]);
  expect(await statusFor('elsewhere:8080')).toBe(403);
});

test('the files that image and compose take from this repository are there', () => {
  const mounted = [...read('docker-compose.yml').matchAll(/^ +- \.\/([^:]+):/gm)].map(
    ([, path = '']) => path,
  );
  const copied = read('Dockerfile')
    .split('\n')
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(mounted.length).toBeGreaterThan(5);
  // Made at the start.
  const made = ['exports/demo'];
  const missing = [...mounted, ...copied].filter(
    (path) => !made.includes(path) && !existsSync(join(root, path)),
  );
  expect(missing).toEqual([]);
});

test('the Sentinels of compose accept their configuration', async () => {
  const lines = /<<END\n(.*?)\n +END\n/s.exec(read('docker-compose.yml'))?.[1] ?? '';
  const config = lines
    .replace(/^ +/gm, '')
    .replaceAll('$$REDIS_PASSWORD', 'secret')
    .replace('port 26379', `port ${String(await freePort())}`);
  expect(config).toContain('sentinel monitor table 172.31.87.10 6379 2');
  const file = join(place, 'sentinel.conf');
  writeFileSync(file, config);
  const child = spawn('redis-server', [file, '--sentinel'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes('Sentinel ID is')) child.kill('SIGKILL');
  }
  expect(output).toContain('Sentinel ID is');
});

describe('the health check of the image', () => {
  /** Its exit code, beside a program with this command line and these variables. */
  const check = (words: readonly string[], env: Record<string, string> = {}): number | null =>
    spawnSync(process.execPath, [join(root, 'scripts/healthcheck.mjs'), ...words], { env }).status;
  const lease = ['node', 'dist/apps/lease-api/src/main.js'];
  const httpOf = (api: LeaseApi): string => new URL(api.url).host;

  test('is 0 while the service is ready, with and without TLS', async () => {
    certificates.authority('ca');
    certificates.make('own', 'ca', 'leases.example.org', 'DNS:leases.example.org');
    const plain = await startLeaseApi();
    const secure = await startLeaseApi({
      env: {
        LEASEHOLD_HTTP_CERT: certificates.at('own.pem'),
        LEASEHOLD_HTTP_KEY: certificates.at('own.key'),
      },
    });
    const tls = { LEASEHOLD_HTTP_CERT: certificates.at('own.pem') };
    expect(check(lease, { LEASEHOLD_HTTP: httpOf(plain) })).toBe(0);
    expect(check(lease, { LEASEHOLD_HTTP: httpOf(plain).replace('127.0.0.1', '0.0.0.0') })).toBe(0);
    expect(check(lease, { LEASEHOLD_HTTP: httpOf(secure), ...tls })).toBe(0);
    expect(check(lease, { LEASEHOLD_HTTP: httpOf(secure) })).toBe(1);
    const fileserver = await startFileserver({ exports: { demo: place }, apis: [plain.rpcAddress] }, plain);
    const ready = await fileserver.logged(({ msg }) => msg === 'ready');
    const adapter = ['node', 'dist/apps/fileserver/src/main.js', '--listen', String(ready['endpoint'])];
    expect(check(adapter)).toBe(0);
    await fileserver.stop();
    expect(check(adapter)).toBe(1);
    await plain.stop();
    expect(check(lease, { LEASEHOLD_HTTP: httpOf(plain) })).toBe(1);
  });
});
