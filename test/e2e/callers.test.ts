import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { eventually } from '../support/eventually';
import { Oidc } from '../support/oidc';
import { Teller } from '../support/rpc';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** Who may do what, at the door: callers of every kind, what each may do, and everything that others may not. */
Logger.overrideLogger(false);

const directory = mkdtempSync(join(tmpdir(), 'leasehold-callers-'));
const callersFile = join(directory, 'callers.json');
const keysFile = join(directory, 'keys');
const sha256 = (token: string): string => hash('sha256', token, 'hex');
const tokens = {
  reader: ['session', 'lease:read:local', 'tree:read'],
  writer: ['session', 'lease:write:local', 'change:local', 'tree:read'],
  elsewhere: ['session', 'lease:write:other', 'change:other', 'fence:other', 'node:beat:web-*'],
  operator: ['locks:admin', 'tree:write', 'tree:read'],
  agent: ['node:beat:web-*'],
  storage: ['fence:local'],
  prometheus: ['metrics'],
} as const;
type Name = keyof typeof tokens;
const tokenOf = (name: string): string => `token-of-${name}`;
const as = (name: Name): Record<string, string> => ({ authorization: `Bearer ${tokenOf(name)}` });

let oidc: Oidc;
let api: LeaseApi;

function writeCallers(more: object[] = []): void {
  const callers = {
    roles: { writers: ['session', 'lease:write:local'] },
    tokens: [
      ...Object.entries(tokens).map(([subject, rights]) => ({
        sha256: sha256(tokenOf(subject)),
        subject,
        rights,
      })),
      ...more,
    ],
    issuers: [
      {
        issuer: oidc.issuer,
        audience: oidc.audience,
        keys: oidc.keys,
        rolesClaim: 'realm_access.roles',
        tenant: 'red',
      },
    ],
  };
  // As mounted secrets change: at once.
  writeFileSync(`${callersFile}.new`, JSON.stringify(callers), { mode: 0o600 });
  renameSync(`${callersFile}.new`, callersFile);
}

beforeAll(async () => {
  oidc = await new Oidc().start();
  writeCallers();
  writeFileSync(
    keysFile,
    [
      'adapters secret-of-adapters demo',
      'head secret-of-head nfs:local',
      'head2 secret-of-head2 nfs:local',
    ].join('\n'),
    { mode: 0o600 },
  );
  api = await startLeaseApi({
    env: {
      LEASEHOLD_CALLERS: callersFile,
      LEASEHOLD_NETWORK: 'trusted',
      LEASEHOLD_RPC_KEYS: keysFile,
      LEASEHOLD_LOCAL_EXPORTS: 'local,other',
    },
    listen: { LEASEHOLD_HTTP: '0.0.0.0:0', LEASEHOLD_GRPC: '127.0.0.1:0' },
  });
});
afterAll(async () => {
  oidc.stop();
  await stopPrograms();
  rmSync(directory, { recursive: true });
});

interface How {
  headers?: Record<string, string>;
  secret?: string;
  body?: unknown;
}
/** The status, and the reason of a refusal. */
async function ask(
  method: string,
  path: string,
  how: How = {},
): Promise<{ status: number; reason?: unknown }> {
  const { status, body } = await api.request(method, path, how);
  return status < 400 ? { status } : { status, reason: body['reason'] };
}
async function session(headers: Record<string, string>): Promise<{ sessionId: string; secret: string }> {
  const { body, status } = await api.request('POST', '/v1/sessions', { headers, body: { ttlMs: 600_000 } });
  expect(status).toBe(201);
  return { sessionId: String(body['sessionId']), secret: String(body['secret']) };
}
let files = 0;
const lease = (of: { sessionId: string }, type: string, more: object = {}): object => ({
  ...{ sessionId: of.sessionId, export: 'local', file: `f${String(++files)}`, type },
  ...more,
});

// --- who

test('a caller with a token does what its rights say', async () => {
  const writer = await session(as('writer'));
  const how = { headers: as('writer'), secret: writer.secret };
  expect(await ask('POST', '/v1/leases/acquire', { ...how, body: lease(writer, 'write') })).toEqual({
    status: 201,
  });
  const reader = await session(as('reader'));
  const reading = { headers: as('reader'), secret: reader.secret };
  expect(await ask('POST', '/v1/leases/acquire', { ...reading, body: lease(reader, 'read') })).toEqual({
    status: 201,
  });
  expect(await ask('GET', '/metrics', { headers: as('prometheus') })).toEqual({ status: 200 });
  expect(await ask('GET', '/v1/locks', { headers: as('operator') })).toEqual({ status: 200 });
});

test('a caller with a JWT has the rights of the roles that the token names', async () => {
  const headers = { authorization: `Bearer ${await oidc.token('alice', ['writers', 'offline_access'])}` };
  const alice = await session(headers);
  const how = { headers, secret: alice.secret };
  expect(await ask('POST', '/v1/leases/acquire', { ...how, body: lease(alice, 'write') })).toEqual({
    status: 201,
  });
  // A renewed token of the same subject is as good; the roles of each token count.
  const renewed = { authorization: `Bearer ${await oidc.token('alice', ['writers'], { jti: 'next' })}` };
  const kept = `/v1/sessions/${alice.sessionId}/keepalive`;
  expect(await ask('POST', kept, { headers: renewed, secret: alice.secret })).toEqual({ status: 200 });
  const less = { authorization: `Bearer ${await oidc.token('alice', [])}` };
  expect(await ask('POST', kept, { headers: less, secret: alice.secret })).toEqual({
    status: 403,
    reason: 'no_right',
  });
});

test('a caller without credentials does nothing but ask whether the service works', async () => {
  expect([await ask('GET', '/livez'), await ask('GET', '/readyz'), await ask('GET', '/v1/grace')]).toEqual(
    Array(3).fill({ status: 200 }),
  );
  for (const [method, path] of [
    ...[
      ['POST', '/v1/sessions'],
      ['GET', '/metrics'],
      ['GET', '/v1/exports'],
      ['GET', '/v1/nodes'],
      ['GET', '/v1/locks'],
    ],
  ] as const) {
    const { headers, status, body } = await api.request(method, path, method === 'POST' ? { body: {} } : {});
    expect([path, status, body['reason'], headers.get('www-authenticate')]).toEqual([
      ...[path, 401, 'no_credentials', 'Bearer realm="leasehold"'],
    ]);
  }
});

test.each<[string, () => Promise<string> | string]>([
  ['expired', () => oidc.token('alice', ['writers'], { exp: 1 })],
  ['for another audience', () => oidc.token('alice', ['writers'], { aud: 'other' })],
  ['of another issuer', () => oidc.token('alice', ['writers'], { iss: 'https://evil.example.org' })],
  ['unsigned', async () => (await oidc.token('alice', ['writers'])).replace(/[^.]+$/, '')],
  ['guessed', () => 'token-of-nobody'],
  ['hashed', () => sha256(tokenOf('writer'))],
])('a token that is %s is refused', async (_, token) => {
  const headers = { authorization: `Bearer ${await token()}` };
  for (const path of ['/v1/sessions', '/v1/exports', '/metrics'])
    expect(
      await ask(path === '/v1/sessions' ? 'POST' : 'GET', path, {
        headers,
        ...(path === '/v1/sessions' ? { body: {} } : {}),
      }),
    ).toEqual({
      ...{ status: 401, reason: 'bad_token' },
    });
});

// --- sessions belong to their subject

test("a session's secret is wrong in the hands of another subject", async () => {
  const mine = await session(as('writer'));
  const jwt = { authorization: `Bearer ${await oidc.token('writer', ['writers'])}` };
  const path = `/v1/sessions/${mine.sessionId}`;
  const { secret } = mine;
  for (const [headers, refused] of [
    [as('reader'), { status: 403, reason: 'not_holder' }],
    // The same name in another tenant.
    [jwt, { status: 403, reason: 'not_holder' }],
    [{}, { status: 401, reason: 'no_credentials' }],
  ] as const) {
    expect(await ask('POST', `${path}/keepalive`, { headers, secret })).toEqual(refused);
    expect(await ask('GET', `${path}/events`, { headers, secret })).toEqual(refused);
    expect(await ask('DELETE', path, { headers, secret })).toEqual(refused);
  }
  expect(await ask('POST', `${path}/keepalive`, { headers: as('writer'), secret })).toEqual({ status: 200 });
});

// --- every route that is about an export

const document = JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')) as {
  paths: Record<
    string,
    Record<
      string,
      {
        'x-rights': { session?: string; right?: string };
        responses: Record<string, { content?: Record<string, unknown> }>;
      }
    >
  >;
};
const byName = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, { 'x-rights': needs }]) =>
      /:(EXPORT|NODE)\b/.test(`${needs.session ?? ''} ${needs.right ?? ''}`),
    )
    .map(([method]) => `${method.toUpperCase()} ${path}`),
);
const bytes = { class: 'posix', start: 0, end: 9 };
/** For each of these routes, requests that need a right which a caller of another export lacks. */
type Try = [path: string, body: object, query?: string];
const elsewhere: Record<string, (sessionId: string) => Try[]> = {
  'POST /v1/leases': (sessionId) => [
    ['/v1/leases', { sessionId, export: 'local', file: 'f' }],
    ['/v1/leases', { leases: ['other', 'local'].map((name) => ({ sessionId, export: name, file: 'f' })) }],
  ],
  'POST /v1/leases/acquire': (sessionId) => [
    ['/v1/leases/acquire', { sessionId, export: 'local', file: 'f', type: 'read' }],
  ],
  'POST /v1/opens': (sessionId) => [['/v1/opens', { sessionId, export: 'local', file: 'f', access: 'read' }]],
  'POST /v1/dlm/locks': (sessionId) => [
    ['/v1/dlm/locks', { sessionId, export: 'local', resource: 'r', mode: 'PR' }],
  ],
  'POST /v1/dlm/connections': (sessionId) => [
    ['/v1/dlm/connections', { sessionId, export: 'local', protocol: { major: 1, minor: 0 } }],
  ],
  'POST /v1/permits': (sessionId) => [
    ['/v1/permits', { sessionId, export: 'local', semaphore: 's', limit: 2 }],
  ],
  'POST /v1/sets': (sessionId) => [
    [
      '/v1/sets',
      {
        sessionId,
        requestId: 'r',
        leases: ['other', 'local'].map((name) => ({ export: name, file: 'f', type: 'read' })),
      },
    ],
    ['/v1/sets', { sessionId, requestId: 'r', permits: [{ export: 'local', semaphore: 's', limit: 1 }] }],
  ],
  'POST /v1/permits/check': () => [['/v1/permits/check', { export: 'local', semaphore: 's', token: 1 }]],
  'POST /v1/ranges': (sessionId) => [
    ['/v1/ranges', { sessionId, export: 'local', file: 'f', type: 'read', ...bytes }],
  ],
  'POST /v1/ranges/test': (sessionId) => [
    ['/v1/ranges/test', { sessionId, export: 'local', file: 'f', type: 'read', ...bytes }],
  ],
  'POST /v1/files/changes': (sessionId) => [
    ['/v1/files/changes', { sessionId, export: 'local', file: 'f', kind: 'truncate' }],
  ],
  'POST /v1/delegations': (sessionId) => [
    ['/v1/delegations', { sessionId, export: 'local', file: 'f', want: 'read' }],
  ],
  'POST /v1/files/attributes': (sessionId) => [
    ['/v1/files/attributes', { sessionId, export: 'local', file: 'f', change: '0', size: '0' }],
  ],
  'GET /v1/watch': () => [['/v1/watch?export=local', {}]],
  'GET /v1/fences': () => [['/v1/fences?export=local&file=f', {}]],
  'POST /v1/fences/check': () => [
    ['/v1/fences/check', { export: 'local', file: 'f', token: 1, for: 'read' }],
  ],
  'POST /v1/nodes/{name}/beat': () => [['/v1/nodes/db-1/beat', { incarnation: 'a' }]],
};
/** These name a lease or an open of the caller's own session: tested below. */
const byRow = ['PUT /v1/leases/{id}', 'PUT /v1/opens/{id}', 'PUT /v1/dlm/locks/{id}'];

test('every route that is about an export or a node is tried', () => {
  expect(byName.sort()).toEqual([...Object.keys(elsewhere), ...byRow].sort());
});

test.each(Object.keys(elsewhere))('%s is refused to a caller of another export or node', async (route) => {
  const { sessionId, secret } = await session(as('elsewhere'));
  const [method = ''] = route.split(' ');
  for (const [path, body] of elsewhere[route]?.(sessionId) ?? []) {
    // Tokens and heartbeats need no session, and one that holds nothing there does not help.
    const how: How = {
      headers: as('elsewhere'),
      ...(/fences|beat|check|watch/.test(route) ? {} : { secret }),
    };
    if (method !== 'GET') how.body = body;
    expect(await ask(method, path, how)).toEqual({ status: 403, reason: 'no_right' });
  }
});

test('who may read may not write, whichever way it is asked for', async () => {
  const { sessionId, secret } = await session(as('reader'));
  const how = { headers: as('reader'), secret };
  const where = { sessionId, export: 'local', file: 'read-only' };
  for (const [path, body] of [
    ['/v1/leases/acquire', { ...where, type: 'write' }],
    ['/v1/opens', { ...where, access: 'write' }],
    ['/v1/opens', { ...where, access: 'both' }],
    ['/v1/opens', { ...where, access: 'read', want: 'write' }],
    ['/v1/ranges', { ...where, type: 'write', ...bytes }],
    ['/v1/permits', { sessionId, export: 'local', semaphore: 's', limit: 2 }],
    ['/v1/sets', { sessionId, requestId: 'r', leases: [{ export: 'local', file: 'f', type: 'write' }] }],
    ['/v1/sets', { sessionId, requestId: 'r', permits: [{ export: 'local', semaphore: 's', limit: 2 }] }],
    ['/v1/delegations', { ...where, want: 'write' }],
    ['/v1/delegations', { ...where, want: 'any' }],
    ['/v1/files/changes', { ...where, kind: 'truncate' }],
    ['/v1/dlm/locks', { sessionId, export: 'local', resource: 'r', mode: 'PW' }],
    ['/v1/dlm/locks', { sessionId, export: 'local', resource: 'r', mode: 'CR', flags: ['altcw'] }],
  ] as const)
    expect([path, await ask('POST', path, { ...how, body })]).toEqual([
      path,
      { status: 403, reason: 'no_right' },
    ]);

  const made = await api.request('POST', '/v1/leases', { ...how, body: where });
  const leasePath = `/v1/leases/${String(made.body['leaseId'])}`;
  expect(await ask('PUT', leasePath, { ...how, body: { type: 'write' } })).toEqual({
    status: 403,
    reason: 'no_right',
  });
  expect(await ask('PUT', leasePath, { ...how, body: { type: 'read' } })).toEqual({ status: 200 });
  expect(await ask('PUT', leasePath, { ...how, body: { type: 'none' } })).toEqual({ status: 200 });
  const opened = await api.request('POST', '/v1/opens', { ...how, body: { ...where, access: 'read' } });
  const openPath = `/v1/opens/${String(opened.body['openId'])}`;
  expect(await ask('PUT', openPath, { ...how, body: { access: 'both', deny: 'none' } })).toEqual({
    ...{ status: 403, reason: 'no_right' },
  });
  expect(await ask('DELETE', openPath, how)).toEqual({ status: 204 });
  const locked = await api.request('POST', '/v1/dlm/locks', {
    ...how,
    body: { sessionId, export: 'local', resource: 'r', mode: 'PR' },
  });
  const lockPath = `/v1/dlm/locks/${String(locked.body['lockId'])}`;
  expect(await ask('PUT', lockPath, { ...how, body: { mode: 'EX' } })).toEqual({
    ...{ status: 403, reason: 'no_right' },
  });
  expect(await ask('PUT', lockPath, { ...how, body: { mode: 'NL' } })).toEqual({ status: 200 });
});

test('what is given back needs no right to take', async () => {
  const token = 'token-of-the-dismissed';
  const entry = (rights: string[]): object => ({ sha256: sha256(token), subject: 'dismissed', rights });
  writeCallers([entry(['session', 'lease:write:local'])]);
  const headers = { authorization: `Bearer ${token}` };
  const { sessionId, secret } = await eventually(() => session(headers));
  const how = { headers, secret };
  const held = await api.request('POST', '/v1/leases/acquire', {
    ...how,
    body: lease({ sessionId }, 'write'),
  });
  const path = `/v1/leases/${String(held.body['leaseId'])}`;
  writeCallers([entry(['session'])]);
  await eventually(async () => {
    expect(await ask('PUT', path, { ...how, body: { type: 'write' } })).toEqual({
      status: 403,
      reason: 'no_right',
    });
  });
  expect(await ask('PUT', path, { ...how, body: { type: 'none' } })).toEqual({ status: 200 });
  expect(await ask('DELETE', `/v1/sessions/${sessionId}`, how)).toEqual({ status: 204 });
  writeCallers();
  await eventually(async () => {
    expect(await ask('POST', '/v1/sessions', { headers, body: {} })).toEqual({
      status: 401,
      reason: 'bad_token',
    });
  });
});

/** The routes whose answers go on. */
const streams = Object.entries(document.paths)
  .filter(([, { get }]) => get?.responses['200']?.content?.['text/event-stream'] !== undefined)
  .map(([path]) => path);

test('a stream ends when its caller may not have it any more, and those of others go on', async () => {
  const token = 'token-of-the-departing';
  const entry = (rights: string[]): object => ({ sha256: sha256(token), subject: 'departing', rights });
  writeCallers([entry(['session', 'lease:write:local', 'locks:admin'])]);
  const headers = { authorization: `Bearer ${token}` };
  const own = await eventually(() => session(headers));
  const connecting = { sessionId: own.sessionId, export: 'local', protocol: { major: 1, minor: 0 } };
  const connected = await api.request('POST', '/v1/dlm/connections', {
    ...{ headers, secret: own.secret, body: connecting },
  });
  const [other, left] = [await session(as('writer')), new AbortController()];
  const ended = new Set<string>();
  const follow = async (name: string, path: string, how: Record<string, string>): Promise<void> => {
    const { status, body } = await fetch(api.url + path, { headers: how, signal: left.signal });
    expect([path, status]).toEqual([path, 200]);
    void (async () => {
      for await (const chunk of body ?? []) expect(chunk).toBeDefined();
      ended.add(name);
    })().catch(() => undefined);
  };
  const named: Record<string, string> = {
    '/v1/events': '/v1/events?follow=true',
    '/v1/watch': '/v1/watch?export=local',
    '/v1/sessions/{id}/events': `/v1/sessions/${own.sessionId}/events`,
    '/v1/dlm/connections/{id}/events': `/v1/dlm/connections/${String(connected.body['connectionId'])}/events`,
  };
  expect(Object.keys(named).sort()).toEqual(streams.sort());
  const secret = { 'x-session-secret': own.secret };
  for (const [name, path] of Object.entries(named))
    await follow(name, path, { ...headers, ...(/^.v1.(events|watch)$/.test(name) ? {} : secret) });
  await follow('of another', `/v1/sessions/${other.sessionId}/events`, {
    ...{ ...as('writer'), 'x-session-secret': other.secret },
  });

  writeCallers([entry(['session', 'lease:write:local'])]);
  await eventually(() => {
    expect([...ended]).toEqual(['/v1/events']);
  });
  writeCallers();
  await eventually(() => {
    expect([...ended].sort()).toEqual(streams.sort());
  });
  left.abort();
});

// --- others need only their own right

test('a node agent beats its own nodes and does nothing else', async () => {
  const operator = { headers: as('operator') };
  expect((await ask('PUT', '/v1/regions/hall', { ...operator, body: {} })).status).toBe(201);
  for (const name of ['web-1', 'db-1'])
    expect((await ask('PUT', `/v1/nodes/${name}`, { ...operator, body: { region: 'hall' } })).status).toBe(
      201,
    );
  const beat = { headers: as('agent'), body: { incarnation: 'a' } };
  expect(await ask('POST', '/v1/nodes/web-1/beat', beat)).toEqual({ status: 200 });
  expect(await ask('POST', '/v1/nodes/db-1/beat', beat)).toEqual({ status: 403, reason: 'no_right' });
  for (const path of ['/v1/locks', '/v1/sessions', '/v1/exports', '/metrics'])
    expect([path, await ask('GET', path, { headers: as('agent') })]).toEqual([
      path,
      { status: 403, reason: 'no_right' },
    ]);
});

test('an operator forces what others hold; nobody else does', async () => {
  const { sessionId, secret } = await session(as('writer'));
  const how = { headers: as('writer'), secret };
  const held = await api.request('POST', '/v1/leases/acquire', {
    ...how,
    body: lease({ sessionId }, 'write'),
  });
  const path = `/v1/locks/${String(held.body['leaseId'])}`;
  for (const name of ['writer', 'reader', 'agent', 'storage', 'prometheus', 'elsewhere'] as const) {
    expect(await ask('DELETE', path, { headers: as(name) })).toEqual({ status: 403, reason: 'no_right' });
    expect(await ask('DELETE', `/v1/sessions/${sessionId}`, { headers: as(name) })).toEqual({
      ...{ status: 403, reason: 'no_right' },
    });
  }
  expect(await ask('DELETE', path, { headers: as('operator') })).toEqual({ status: 204 });
});

// --- adapters and NFS servers

const key = (id: string): { id: string; secret: string } => ({ id, secret: `secret-of-${id}` });
const heads: [name: string, dial: (id: string) => GrpcContract | TcpContract][] = [
  ['gRPC', (id) => new GrpcContract(api.grpcAddress, key(id))],
  ['RPC', (id) => new TcpContract(`127.0.0.1:${api.rpcAddress.split(':').at(-1) ?? ''}`, key(id))],
];

test.each(heads)('an NFS server over %s acts for its own exports and its own clients', async (_, dial) => {
  const [head, other, adapters] = [dial('head'), dial('head2'), dial('adapters')];
  try {
    const { sessionId, secret, status } = await head.call('ExchangeId', { leaseTimeMs: 600_000 });
    expect(status).toBe('NFS4_OK');
    const client = { sessionId, secret };
    const open = { ...client, openOwner: 'AA==', file: 'f', access: 'OPEN4_SHARE_ACCESS_READ' } as const;
    const rest = { deny: 'OPEN4_SHARE_DENY_NONE', want: 'WANT_NO_DELEG' } as const;
    expect((await head.call('Open', { ...open, ...rest, export: 'local' })).status).toBe('NFS4_OK');
    expect((await head.call('Open', { ...open, ...rest, export: 'other' })).status).toBe('NFS4ERR_ACCESS');
    const { openOwner, access } = open;
    const opens = [{ openOwner, access, ...rest, export: 'other', file: 'f' }];
    expect(
      (await head.call('Reclaim', { ...client, opens, locks: [], delegations: [], complete: false })).status,
    ).toBe('NFS4ERR_ACCESS');
    expect((await head.call('Renew', client)).status).toBe('NFS4_OK');
    expect((await other.call('Renew', client)).status).toBe('NFS4ERR_WRONG_CRED');
    expect((await adapters.call('Renew', client)).status).toBe('NFS4ERR_ACCESS');
    expect((await adapters.call('ExchangeId', { leaseTimeMs: 600_000 })).status).toBe('NFS4ERR_ACCESS');
  } finally {
    for (const each of [head, other, adapters]) each.close();
  }
});

test('an adapter serves the exports of its key; the key of an NFS server serves none', async () => {
  const of = (id: string): Teller =>
    new Teller(`127.0.0.1:${api.rpcAddress.split(':').at(-1) ?? ''}`, { key: key(id) });
  const [own, head] = [of('adapters'), of('head')];
  try {
    expect(await own.register({ exports: ['demo'] })).toMatchObject({ ok: true });
    expect(await own.register({ exports: ['demo2'] })).toMatchObject({
      problem: { reason: 'export_not_yours' },
    });
    expect(await head.register({ exports: ['demo3'] })).toMatchObject({ problem: { reason: 'no_right' } });
    const beat = { incarnation: head.name, exports: ['demo'], dead: [] };
    expect(await head.call('heartbeat', beat)).toMatchObject({ problem: { reason: 'no_right' } });
  } finally {
    own.close();
    head.close();
  }
});

test('no log line and no answer shows a token', () => {
  for (const name of Object.keys(tokens)) expect(api.output).not.toContain(tokenOf(name));
});
