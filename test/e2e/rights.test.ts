import { get } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { Teller } from '../support/rpc';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** Reading needs rights where writing does; wrong credentials are slowed and logged, and lock nobody out. */
const admin = 'the-admin-token';
const storage = 'the-storage-token';
/** Where an adapter says that it listens. Nobody does. */
const endpoint = '127.0.0.1:9';
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

let api: LeaseApi;
let mine: { sessionId: string; secret: string };
let other: { sessionId: string; secret: string };
let token: number;
let adapter: Teller;
Logger.overrideLogger(false);

beforeAll(async () => {
  api = await startLeaseApi({
    env: { LEASEHOLD_ADMIN_TOKEN: admin, LEASEHOLD_STORAGE_TOKEN: storage, LEASEHOLD_LOST_MS: '600000' },
    // Every address of 127.0.0.0/8 is somebody else to it.
    listen: { LEASEHOLD_HTTP: '0.0.0.0:0' },
  });
  [mine, other] = [await api.session(), await api.session()];
  const { secret, sessionId } = mine;
  const body = { sessionId, export: 'local', file: 'held', type: 'read' };
  token = Number((await api.request('POST', '/v1/leases/acquire', { body, secret })).body['token']);
  await api.request('POST', '/v1/stacks/local/pins', { body: { sessionId }, secret });
  adapter = new Teller(api.rpcAddress);
  expect(await adapter.register({ exports: ['far'], endpoint })).toMatchObject({ ok: true });
  await api.request('POST', '/v1/stacks/posix/pins', { body: { sessionId }, secret });
});
afterAll(async () => {
  adapter.close();
  stopLeasectl();
  await stopPrograms();
});

type Caller = () => { headers?: Record<string, string>; secret?: string; sessionId?: string };
const callers: [name: string, caller: Caller, status: number, reason: string | undefined][] = [
  ['nobody', () => ({}), 401, 'no_credentials'],
  ['a stranger with a token', () => ({ headers: bearer('something-else') }), 403, 'storage_only'],
  ['a session without its name', () => ({ secret: mine.secret }), 400, 'bad_request'],
  ['a session with a wrong secret', () => ({ ...mine, secret: 'wrong' }), 403, 'not_holder'],
  ['a session by the name of another', () => ({ ...mine, secret: other.secret }), 403, 'not_holder'],
  ['a session that holds nothing there', () => other, 403, 'nothing_there'],
  ['a session that holds something there', () => mine, 200, undefined],
  ['a storage server', () => ({ headers: bearer(storage) }), 200, undefined],
  ['an administrator', () => ({ headers: bearer(admin) }), 200, undefined],
];

async function read(
  path: string,
  query: string,
  { sessionId, ...by }: ReturnType<Caller>,
): Promise<{ status: number; reason: unknown }> {
  const named = [query, sessionId === undefined ? '' : `sessionId=${sessionId}`].filter(
    (part) => part !== '',
  );
  const { status, text } = await api.request('GET', `${path}?${named.join('&')}`, by);
  return { status, reason: (JSON.parse(text) as { reason?: string }).reason };
}

describe.each(callers)('%s', (_name, caller, status, reason) => {
  test('the tokens of a file', async () => {
    expect(await read('/v1/fences', 'export=local&file=held', caller())).toEqual({ status, reason });
  });

  test('whether a token is live', async () => {
    const { sessionId, ...by } = caller();
    const body = { export: 'local', file: 'held', token, for: 'read', sessionId };
    const answer = await api.request('POST', '/v1/fences/check', { ...by, body });
    expect({ status: answer.status, ...JSON.parse(answer.text) }).toMatchObject(
      reason === undefined ? { status, valid: true } : { status, reason },
    );
  });

  test.each(['/v1/exports/local', '/v1/stacks/local'])('who depends on %s', async (item) => {
    expect(await read(`${item}/dependents`, '', caller())).toEqual({ status, reason });
  });
});

test('a session learns of no file and no item that it has nothing in', async () => {
  for (const query of ['export=local&file=free', 'export=nope&file=held'])
    expect(await read('/v1/fences', query, mine)).toEqual({ status: 403, reason: 'nothing_there' });
  for (const item of ['exports/nope', 'nodes/nope', 'stacks/nope'])
    expect(await read(`/v1/${item}/dependents`, '', mine)).toEqual({ status: 403, reason: 'nothing_there' });
});

test('a storage server is no administrator', async () => {
  for (const path of ['/v1/locks', '/v1/sessions', '/v1/operations'])
    expect(await read(path, '', { headers: bearer(storage) })).toEqual({ status: 403, reason: 'admin_only' });
});

const documented = (): { paths: Record<string, Record<string, { security?: object[] }>> } => {
  const file = join(__dirname, '..', '..', 'docs', 'openapi.json');
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof documented>;
};

test('where an adapter listens, and which life of it that is, is told to administrators alone', async () => {
  const places: Record<string, string> = { exports: 'far', stacks: 'posix' };
  const paths = Object.entries(documented().paths)
    .filter(([path, { get: read }]) => read !== undefined && !path.endsWith('/events'))
    .map(([path]) =>
      path.replace(
        /^\/v1\/(\w+)\/\{\w+\}/,
        (_, kind: string) => `/v1/${kind}/${places[kind] ?? mine.sessionId}`,
      ),
    );
  expect(paths).toEqual(
    expect.arrayContaining(['/v1/exports/far', '/v1/stacks/posix/dependents', '/metrics']),
  );
  const { secret, sessionId } = mine;
  const ofAdapter = [adapter.name, endpoint];
  for (const path of paths) {
    for (const by of [{}, { secret }, { headers: bearer(storage) }]) {
      const answer = await api.request('GET', `${path}?sessionId=${sessionId}`, by);
      const plain = await api.request('GET', path, by);
      for (const word of ofAdapter) expect(answer.text + plain.text).not.toContain(word);
    }
  }
  const body = { sessionId, export: 'far', file: 'f', type: 'read', waitMs: 0 };
  const refused = await api.request('POST', '/v1/leases/acquire', { body, secret });
  expect(refused.status).toBe(409);
  for (const word of ofAdapter) expect(refused.text).not.toContain(word);

  for (const path of ['/v1/exports', '/v1/exports/far', '/v1/stacks', '/v1/stacks/posix']) {
    const { text } = await api.request('GET', path, { headers: bearer(admin) });
    for (const word of ofAdapter) expect(text).toContain(word);
    // A token that is shown has to be right: a guess is answered as everywhere.
    expect(await read(path, '', { headers: bearer('guess') })).toEqual({ status: 403, reason: 'admin_only' });
  }
  const dependents = await api.request('GET', '/v1/stacks/posix/dependents', { headers: bearer(admin) });
  expect(dependents.text).toContain(adapter.name);
  const others = await api.request('GET', `/v1/stacks/posix/dependents?sessionId=${sessionId}`, { secret });
  expect(others.body['dependents']).toContainEqual({ kind: 'adapters' });
});

test('leasectl shows adapters to administrators with their lives, and to others without', async () => {
  const ctl = new Leasectl(api.url);
  const plain = await ctl.run(['tree', 'config']);
  expect(plain).toMatchObject({ exit: 0 });
  expect(plain.out).toMatch(/adapter - {2}up {2}.*active for far/);
  const full = await ctl.run(['tree', 'config'], { env: { LEASEHOLD_ADMIN_TOKEN: admin } });
  expect(full.out).toContain(`adapter ${adapter.name}  up`);
  const shown = await ctl.run(['exports', 'show', 'far'], { env: { LEASEHOLD_ADMIN_TOKEN: admin } });
  expect(shown.out).toContain(endpoint);
});

test('what anybody may read names no file, no session and no token', () => {
  const open = Object.entries(documented().paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security = [{}] }]) => security.some((each) => Object.keys(each).length === 0))
      .map(([method]) => `${method} ${path}`),
  );
  expect(open.sort()).toEqual([
    'get /livez',
    'get /metrics',
    'get /readyz',
    'get /v1/exports',
    'get /v1/exports/{name}',
    'get /v1/grace',
    'get /v1/regions',
    'get /v1/regions/{name}',
    'get /v1/nodes',
    'get /v1/nodes/{name}',
    'get /v1/stacks',
    'get /v1/stacks/{name}',
    'post /v1/sessions',
  ]);
});

test('without an admin token everybody on this host is an administrator', async () => {
  const local = await startLeaseApi();
  const open = await local.session();
  for (const by of [{}, { secret: open.secret }, { headers: bearer('anything') }]) {
    const fence = await local.request('GET', '/v1/fences?export=local&file=f', by);
    const dependents = await local.request('GET', '/v1/exports/local/dependents', by);
    expect([fence.status, dependents.status]).toEqual([200, 200]);
  }
});

/** From an address of one's own: what came back, and after how long. */
function from(localAddress: string, path: string, headers: Record<string, string>) {
  const begun = performance.now();
  const { port } = new URL(api.url);
  return new Promise<{ status: number; ms: number }>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers, localAddress, agent: false }, (answer) => {
      answer.resume().once('end', () => {
        resolve({ status: answer.statusCode ?? 0, ms: performance.now() - begun });
      });
    }).once('error', reject);
  });
}

describe.each<[string, string, string, () => [string, Record<string, string>], () => Record<string, string>]>(
  [
    ['tokens', '127.0.1.1', 'token', () => ['/v1/locks', bearer('guess')], () => bearer(admin)],
    [
      'secrets of sessions',
      '127.0.2.1',
      'session secret',
      () => [`/v1/sessions/${mine.sessionId}`, { 'x-session-secret': 'guess' }],
      () => ({ 'x-session-secret': mine.secret }),
    ],
  ],
)('wrong %s', (_name, address, what, guess, right) => {
  test('are slowed and logged, and nobody is locked out elsewhere', async () => {
    const [path, headers] = guess();
    const answers = await Promise.all(Array.from({ length: 60 }, () => from(address, path, headers)));
    const slow = answers.filter(({ ms }) => ms >= 250);
    expect(slow.length).toBeGreaterThanOrEqual(15);
    // Who would have to wait for too long is told so at once.
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403, 429]));
    const elsewhere = from('127.0.3.1', path, right());
    const order = await Promise.race([
      elsewhere.then(() => 'right'),
      from(address, path, headers).then(() => 'guess'),
    ]);
    expect(order).toBe('right');
    expect(await elsewhere).toMatchObject({ status: 200 });

    const lines = api.lines.filter((line) => line.msg === 'wrong credentials' && line['address'] === address);
    expect(lines[0]).toMatchObject({ level: 40, what, where: `GET ${path}`, failures: 1 });
    expect(lines.length).toBeLessThan(10);
    for (const secret of ['guess', admin, mine.secret]) expect(api.output).not.toContain(secret);
  });
});
