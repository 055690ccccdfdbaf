import { get } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { fileserver, nfs } from '#contracts';
import { keyOf, seal, sealCall } from '#rpc';
import { GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { eventually } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { Teller } from '../support/rpc';
import { callGrpc, tellRpc } from '../support/strangers';
import { type LeaseApi, rpcSecret, startLeaseApi, stopPrograms } from '../support/service';

/** Reads need rights, like writes; wrong credentials are slowed and logged, and lock out nobody else. */
const admin = 'the-admin-token';
const storage = 'the-storage-token';
/** An adapter's claimed address, where nobody listens. */
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
    env: {
      ...{ LEASEHOLD_ADMIN_TOKEN: admin, LEASEHOLD_STORAGE_TOKEN: storage, LEASEHOLD_LOST_MS: '600000' },
      LEASEHOLD_NETWORK: 'trusted',
    },
    // Every address of 127.0.0.0/8 counts as a separate host.
    listen: { LEASEHOLD_HTTP: '0.0.0.0:0', LEASEHOLD_RPC: '0.0.0.0:0', LEASEHOLD_GRPC: '0.0.0.0:0' },
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
  ['a stranger with a token', () => ({ headers: bearer('something-else') }), 401, 'bad_token'],
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

test('a session sees no file and no item that it has nothing in', async () => {
  for (const query of ['export=local&file=free', 'export=nope&file=held'])
    expect(await read('/v1/fences', query, mine)).toEqual({ status: 403, reason: 'nothing_there' });
  for (const item of ['exports/nope', 'nodes/nope', 'stacks/nope'])
    expect(await read(`/v1/${item}/dependents`, '', mine)).toEqual({ status: 403, reason: 'nothing_there' });
});

test('a storage server is no administrator', async () => {
  for (const path of ['/v1/locks', '/v1/sessions', '/v1/operations'])
    expect(await read(path, '', { headers: bearer(storage) })).toEqual({ status: 403, reason: 'no_right' });
});

const documented = (): { paths: Record<string, Record<string, { security?: object[] }>> } => {
  const file = join(__dirname, '..', '..', 'docs', 'openapi.json');
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof documented>;
};

test('only administrators see where an adapter listens, and its incarnation', async () => {
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
    // A token that is presented must be valid: a guess is refused as everywhere.
    expect(await read(path, '', { headers: bearer('guess') })).toEqual({ status: 401, reason: 'bad_token' });
  }
  const dependents = await api.request('GET', '/v1/stacks/posix/dependents', { headers: bearer(admin) });
  expect(dependents.text).toContain(adapter.name);
  const others = await api.request('GET', `/v1/stacks/posix/dependents?sessionId=${sessionId}`, { secret });
  expect(others.body['dependents']).toContainEqual({ kind: 'adapters' });
});

test('leasectl shows the incarnations of adapters to administrators only', async () => {
  const ctl = new Leasectl(api.url);
  const plain = await ctl.run(['tree', 'config']);
  expect(plain).toMatchObject({ exit: 0 });
  expect(plain.out).toMatch(/adapter - {2}up {2}.*serves far/);
  const full = await ctl.run(['tree', 'config'], { env: { LEASEHOLD_ADMIN_TOKEN: admin } });
  expect(full.out).toContain(`adapter ${adapter.name}  up`);
  const shown = await ctl.run(['exports', 'show', 'far'], { env: { LEASEHOLD_ADMIN_TOKEN: admin } });
  expect(shown.out).toContain(endpoint);
});

test('public answers name no file, no session and no token', () => {
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
    'get /v1/nodes',
    'get /v1/nodes/{name}',
    'get /v1/regions',
    'get /v1/regions/{name}',
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

/** The answer, and how long it took. */
interface Tried {
  answer: string;
  ms: number;
}
async function timed(asked: Promise<string>): Promise<Tried> {
  const begun = performance.now();
  return { answer: await asked, ms: performance.now() - begun };
}

/** From a separate address. */
function overHttp(localAddress: string, path: string, headers: Record<string, string>): Promise<string> {
  const { port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers, localAddress, agent: false }, (answer) => {
      answer.resume().once('end', () => {
        resolve(String(answer.statusCode));
      });
    }).once('error', reject);
  });
}

const key = keyOf(rpcSecret);
const hello = { protocol: { major: fileserver.protocol.major, minorMax: fileserver.protocol.minor } };
const portOf = (address: string): string => `127.0.0.1:${address.split(':').at(-1) ?? ''}`;

async function overRpc(localAddress: string, secret: string): Promise<string> {
  const pattern = fileserver.patterns.hello;
  const sent = seal(pattern, hello, { key: key.id, secret });
  const told = await tellRpc(portOf(api.rpcAddress), { pattern, data: sent.envelope, localAddress });
  const opened = sent.open(told, fileserver.helloAnswer);
  return opened.ok ? 'ok' : opened.problem.reason;
}

async function overGrpc(localAddress: string, secret: string): Promise<string> {
  const [path, bytes] = [nfs.helloPath, new Uint8Array()];
  const { header } = sealCall(path, bytes, { key: key.id, secret });
  const address = portOf(api.grpcAddress);
  return String((await callGrpc(address, { path, seal: header, bytes, localAddress })).status);
}

interface Way {
  address: string;
  what: string;
  where: () => string;
  try: (from: string, right: boolean) => Promise<string>;
  wrong: string;
  tooMany: string;
  right: string;
}
const ways: [name: string, way: Way][] = [
  [
    'tokens',
    {
      address: '127.0.1.1',
      what: 'token',
      where: () => 'GET /v1/locks',
      try: (from, right) => overHttp(from, '/v1/locks', bearer(right ? admin : 'guess')),
      ...{ wrong: '401', tooMany: '429', right: '200' },
    },
  ],
  [
    'secrets of sessions',
    {
      address: '127.0.2.1',
      what: 'session secret',
      where: () => `GET /v1/sessions/${mine.sessionId}`,
      try: (from, right) =>
        overHttp(from, `/v1/sessions/${mine.sessionId}`, {
          'x-session-secret': right ? mine.secret : 'guess',
        }),
      ...{ wrong: '403', tooMany: '429', right: '200' },
    },
  ],
  [
    'secrets over RPC',
    {
      address: '127.0.4.1',
      what: 'seal',
      where: () => fileserver.patterns.hello,
      try: (from, right) => overRpc(from, right ? rpcSecret : 'guessed'),
      ...{ wrong: 'no_credentials', tooMany: 'too_many_failures', right: 'ok' },
    },
  ],
  [
    'secrets over gRPC',
    {
      address: '127.0.5.1',
      what: 'seal',
      where: () => nfs.helloPath,
      try: (from, right) => overGrpc(from, right ? rpcSecret : 'guessed'),
      ...{ wrong: String(status.UNAUTHENTICATED), tooMany: String(status.RESOURCE_EXHAUSTED), right: '0' },
    },
  ],
];

describe.each(ways)('wrong %s', (_name, way) => {
  test('are slowed and logged, and no other host is locked out', async () => {
    const { address, what } = way;
    const tries = await Promise.all(Array.from({ length: 60 }, () => timed(way.try(address, false))));
    const slow = tries.filter(({ ms }) => ms >= 250);
    expect(slow.length).toBeGreaterThanOrEqual(15);
    // A client that would wait too long is told so at once.
    expect(new Set(tries.map(({ answer }) => answer))).toEqual(new Set([way.wrong, way.tooMany]));
    const elsewhere = way.try('127.0.3.1', true);
    const order = await Promise.race([
      elsewhere.then(() => 'right'),
      way.try(address, false).then(() => 'guess'),
    ]);
    expect(order).toBe('right');
    expect(await elsewhere).toBe(way.right);

    const lines = api.lines.filter((line) => line.msg === 'wrong credentials' && line['address'] === address);
    expect(lines[0]).toMatchObject({ level: 40, what, where: way.where(), failures: 1 });
    expect(lines.length).toBeLessThan(10);
    for (const secret of ['guess', admin, rpcSecret, mine.secret]) expect(api.output).not.toContain(secret);
  });
});

test('a client that has shown the secret is not slowed by others on the same host', async () => {
  const head = new GrpcContract(api.grpcAddress, key);
  const { sessionId, secret } = await head.call('ExchangeId', { leaseTimeMs: 60_000 });
  const guesses = [overRpc, overGrpc].flatMap((way) =>
    Array.from({ length: 40 }, () => way('127.0.0.1', 'guessed')),
  );
  await Promise.all(guesses);
  const guess = Promise.all([overRpc('127.0.0.1', 'guessed'), overGrpc('127.0.0.1', 'guessed')]);
  const beat = { incarnation: adapter.name, exports: ['far'], dead: [] };
  const served = Promise.all([adapter.call('heartbeat', beat), head.call('Renew', { sessionId, secret })]);
  expect(await Promise.race([served.then(() => 'served'), guess.then(() => 'guess')])).toBe('served');
  expect(await served).toMatchObject([{ ok: true }, { status: 'NFS4_OK' }]);
  await guess;
  head.close();
});

test('a caller that was right at its address before is not slowed by others who guess there', async () => {
  const from = '127.0.6.1';
  const known = (): Promise<string> => overHttp(from, '/v1/locks', bearer(admin));
  const guess = (): Promise<string> => overHttp(from, '/v1/locks', bearer('guess'));
  expect(await known()).toBe('200');
  await Promise.all(Array.from({ length: 40 }, guess));
  // Together they wait for five seconds.
  const guesses = Promise.all(Array.from({ length: 20 }, guess));
  expect(await Promise.race([known(), guesses.then(() => 'the guesses')])).toBe('200');
  await guesses;
});

test('wrong session secrets from an NFS server are answered one after another, and logged', async () => {
  const head = new GrpcContract(api.grpcAddress, key);
  const tcp = new TcpContract(portOf(api.rpcAddress), key);
  for (const [where, contract] of [
    ['/leasehold.v1.NfsState/Renew', head],
    ['nfs.Renew', tcp],
  ] as const) {
    const wrong = { sessionId: mine.sessionId, secret: 'guess' };
    const answers = await Promise.all(Array.from({ length: 60 }, () => timed(statusOf(contract, wrong))));
    expect(new Set(answers.map(({ answer }) => answer))).toEqual(
      new Set(['NFS4ERR_WRONG_CRED', 'NFS4ERR_DELAY']),
    );
    expect(answers.filter(({ ms }) => ms >= 250).length).toBeGreaterThanOrEqual(10);
    // Failures of one address are logged now and then: the next one says how many there were.
    await eventually(async () => {
      await statusOf(contract, wrong);
      expect(
        api.lines.filter(({ what }) => what === 'session secret').map((line) => line['where']),
      ).toContain(where);
    });
  }
  head.close();
  tcp.close();
});
const statusOf = async (
  contract: GrpcContract | TcpContract,
  by: { sessionId: string; secret: string },
): Promise<string> => (await contract.call('Renew', by)).status;
