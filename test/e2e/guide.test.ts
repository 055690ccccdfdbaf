import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { type EtcdServer, startEtcd } from '../bench/etcd';
import { freePort } from '../support/free-port';
import { type RedisServer, startRedis } from '../support/redis-server';
import { rpcSecret, startFileserver, startLeaseApi, stopPrograms } from '../support/service';
import { Page, type Snippet } from '../support/snippets';

/** Every snippet of docs/guide runs as written, beside the service that the pages speak of, and prints what they say. */

const root = join(__dirname, '../..');
const pages = ['locks', 'caching', 'nfs-heads', 'operators', 'coming-from'];

/** What the pages need of an object store: entity tags, conditions and metadata. */
function objectStore(): Server {
  const objects = new Map<string, { body: string; etag: string; token: string }>();
  return createServer((request, response) => {
    const { url = '', method, headers } = request;
    const known = objects.get(url);
    if (method === 'HEAD') {
      if (known === undefined) response.writeHead(404);
      else response.writeHead(200, { etag: known.etag, 'x-amz-meta-token': known.token });
      response.end();
      return;
    }
    const fits = known === undefined ? headers['if-none-match'] === '*' : headers['if-match'] === known.etag;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const etag = `"${String(Math.random())}"`;
      if (fits) objects.set(url, { body, etag, token: String(headers['x-amz-meta-token']) });
      response.writeHead(fits ? 200 : 412).end();
    });
  });
}

const place = mkdtempSync(join(tmpdir(), 'leasehold-guide-'));
const store = objectStore();
let redis: RedisServer;
let etcd: EtcdServer | undefined;
/** Addresses in the pages, and where they are here. */
let here: Map<string, string>;

beforeAll(async () => {
  const exported = join(place, 'exports/demo');
  const packages = join(place, 'node_modules');
  const programs = join(place, 'bin');
  for (const folder of [exported, join(packages, '@leasehold/client'), programs])
    mkdirSync(folder, { recursive: true });
  const client = join(root, 'dist/libs/client/src/index.js');
  writeFileSync(
    join(packages, '@leasehold/client/package.json'),
    '{"name": "@leasehold/client", "main": "index.js"}',
  );
  writeFileSync(
    join(packages, '@leasehold/client/index.js'),
    `module.exports = { Leasehold: require(${JSON.stringify(client)}).Leasehold };`,
  );
  for (const name of ['@electric-sql', 'ioredis', 'redlock'])
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  writeFileSync(
    join(programs, 'leasectl'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'scripts/leasectl.mjs')}' "$@"\n`,
  );
  chmodSync(join(programs, 'leasectl'), 0o755);

  const grpc = `127.0.0.1:${String(await freePort())}`;
  const api = await startLeaseApi({ env: { LEASEHOLD_GRPC: grpc } });
  await startFileserver({ exports: { demo: exported }, apis: [api.rpcAddress] }, api);
  redis = await startRedis();
  etcd = await startEtcd();
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  here = new Map([
    ['http://127.0.0.1:8080', api.url],
    ['127.0.0.1:8082', grpc],
    ['redis://127.0.0.1:6379', redis.url],
    ['127.0.0.1:9000', `127.0.0.1:${String((store.address() as AddressInfo).port)}`],
  ]);
});
afterAll(async () => {
  store.close();
  await stopPrograms();
  await redis.stop();
  await etcd?.stop();
  rmSync(place, { recursive: true, force: true });
});

async function run({ language, source }: Snippet): Promise<string> {
  let text = source;
  for (const [address, own] of here) text = text.replaceAll(address, own);
  const env = {
    ...process.env,
    PATH: `${join(place, 'bin')}:${process.env['PATH'] ?? ''}`,
    LEASEHOLD_API: here.get('http://127.0.0.1:8080'),
    LEASEHOLD_RPC_SECRET: rpcSecret,
    ETCDCTL_API: '3',
    ETCDCTL_ENDPOINTS: etcd?.address,
  };
  // A command of the repository runs there.
  const cwd = text.startsWith('npm ') ? root : place;
  if (language === 'sh') return (await promisify(execFile)('sh', ['-euc', text], { cwd, env })).stdout;
  if (language !== 'js') throw new Error(`there is no way to run ${language}`);
  const { code } = await transform(text, { format: 'esm', target: 'node20' });
  const file = join(place, 'snippet.mjs');
  writeFileSync(file, code);
  return (await promisify(execFile)(process.execPath, ['--no-warnings', file], { cwd, env })).stdout;
}

const snippets = pages.flatMap((page) =>
  new Page(`docs/guide/${page}.md`).snippets
    .filter(({ isLeftOut }) => !isLeftOut)
    .map((snippet, at) => ({ page, at: at + 1, snippet })),
);

test('almost every snippet says what it prints', () => {
  const silent = snippets.filter(({ snippet }) => snippet.prints === undefined);
  expect(silent.map(({ page }) => page)).toEqual(['nfs-heads', 'operators']);
});

test.each(snippets)('$page, snippet $at does what the page says', async ({ snippet }) => {
  const printed = await run(snippet);
  if (snippet.prints !== undefined) expect(printed).toBe(snippet.prints);
});
