import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { dlm, nfs } from '#contracts';
import { GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { messageNeeds, lockNeeds, methodNeeds } from '../../apps/lease-api/src/identity/needs';
import { eventually } from '../support/eventually';
import { LockManagerLine } from '../support/lock-manager';
import { type Pattern, Teller } from '../support/rpc';
import { LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** Who did what to what, allowed or refused, and by which rule (docs/audit.md). */
Logger.overrideLogger(false);

const directory = mkdtempSync(join(tmpdir(), 'leasehold-audit-'));
const [callers, keys, file] = ['callers.json', 'keys', 'audit'].map((name) => join(directory, name)) as [
  string,
  string,
  string,
];
const tokens = {
  operator: ['locks:admin', 'tree:write', 'tree:dependents', 'tree:read'],
  writer: ['session', 'lease:write:local', 'tree:read'],
} as const;
const tokenOf = (name: string): string => `token-of-${name}`;
const as = (name: keyof typeof tokens): Record<string, string> => ({
  authorization: `Bearer ${tokenOf(name)}`,
});
const key = (id: string): { id: string; secret: string } => ({ id, secret: `secret-of-${id}` });
const nobody = '018f0000-0000-7000-8000-000000000000';

type Line = Record<string, unknown>;
const lines = (): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
/** The records that have these fields, once there is one. */
async function recorded(fields: Line): Promise<Line[]> {
  let found: Line[] = [];
  await eventually(() => {
    found = lines().filter((line) => Object.entries(fields).every(([name, value]) => line[name] === value));
    expect({ fields, found: found.length > 0 }).toEqual({ fields, found: true });
  });
  return found;
}

let api: LeaseApi;
const rpc = (): string => api.rpcAddress;

beforeAll(async () => {
  const entries = Object.entries(tokens).map(([subject, rights]) => ({
    ...{ sha256: hash('sha256', tokenOf(subject), 'hex'), subject, tenant: 'red', rights },
  }));
  writeFileSync(callers, JSON.stringify({ tokens: entries }), { mode: 0o600 });
  writeFileSync(keys, 'adapters secret-of-adapters demo\nhead secret-of-head nfs:local\n', { mode: 0o600 });
  api = await startLeaseApi({
    env: {
      ...{ LEASEHOLD_CALLERS: callers, LEASEHOLD_RPC_KEYS: keys, LEASEHOLD_AUDIT: file },
      LEASEHOLD_BREAK_MS: '100',
    },
    listen: { LEASEHOLD_GRPC: '127.0.0.1:0' },
  });
});
afterAll(async () => {
  await stopPrograms();
  rmSync(directory, { recursive: true });
});

// --- HTTP

const document = JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { 'x-rights': { session?: string; right?: string } }>>;
};
const adminRoutes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, { 'x-rights': needs }]) =>
    /^(locks:admin|tree:write|tree:dependents)$/.test(needs.right ?? '')
      ? [{ method: method.toUpperCase(), path, rule: needs.right ?? '' }]
      : [],
  ),
);

test('there are routes for administrators', () => {
  expect(adminRoutes.length).toBeGreaterThan(25);
});

test.each(adminRoutes)('$method $path is audited, allowed and refused', async ({ method, path, rule }) => {
  const target = path.replace('{name}', 'no-such').replaceAll(/\{\w+\}/g, nobody);
  const action = `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
  const body = method === 'POST' || method === 'PUT' ? {} : undefined;
  const tried = async (headers: Record<string, string>): Promise<[number, string]> => {
    // What would follow for ever is asked for what there is.
    const query = path === '/v1/events' ? '?follow=false' : '';
    const answer = await api.request(method, `${target}${query}`, { headers, body });
    return [answer.status, answer.headers.get('x-request-id') ?? ''];
  };
  const [done, allowed] = await tried(as('operator'));
  expect(await recorded({ request: allowed })).toEqual([
    expect.objectContaining({
      ...{ outcome: 'allowed', tenant: 'red', subject: 'operator', by: 'token', via: 'HTTP' },
      ...{ from: '127.0.0.1', action, target, rule, status: done },
    }),
  ]);
  const [status, refused] = await tried(as('writer'));
  expect(await recorded({ request: refused })).toEqual([
    expect.objectContaining({
      ...{ outcome: 'refused', tenant: 'red', subject: 'writer', by: 'token', via: 'HTTP' },
      ...{ from: '127.0.0.1', action, target, rule, code: 'EPERM', reason: 'no_right', status },
    }),
  ]);
});

test('daily work is not audited; refusals for want of rights are, whatever they are about', async () => {
  const headers = as('writer');
  const made = await api.request('POST', '/v1/sessions', { headers, body: { ttlMs: 600_000 } });
  const path = `/v1/sessions/${String(made.body['sessionId'])}/keepalive`;
  const tries: [string, number, Record<string, unknown>, string | undefined][] = [
    ['/v1/exports', 401, { headers: { authorization: 'Bearer wrong' } }, 'bad_token'],
    ['/v1/exports', 401, {}, 'no_credentials'],
    ['/v1/exports', 403, { headers: { ...headers, origin: 'https://evil.example' } }, 'foreign_origin'],
    ['/metrics', 403, { headers }, 'no_right'],
    [path, 403, { headers, secret: 'of somebody else', method: 'POST' }, 'not_holder'],
    ['/v1/exports', 200, { headers }, undefined],
  ];
  for (const [url, status, { method = 'GET', ...how }, reason] of tries) {
    const answer = await api.request(String(method), url, how);
    expect([url, answer.status]).toEqual([url, status]);
    const request = answer.headers.get('x-request-id') ?? '';
    if (reason === undefined) continue;
    expect(await recorded({ request })).toEqual([expect.objectContaining({ outcome: 'refused', reason })]);
  }
  expect(
    lines().filter(({ action, outcome }) => action === 'POST /v1/sessions' && outcome === 'allowed'),
  ).toEqual([]);
});

// --- messages of adapters

const held = { export: 'demo', fileId: 'f', holdGen: 1 };
const messages: Record<Exclude<Pattern & keyof typeof messageNeeds, 'hello' | 'register'>, object> = {
  heartbeat: { exports: ['demo'], dead: [] },
  deregister: { letGo: true },
  break: { ...held, breakNo: 1, target: 'none' },
  lost: { ...held, have: 'none', cause: 'c' },
  detached: { ...held, path: 'p' },
};

test('messages of adapters that lack the right are audited; so are adapters that come and go', async () => {
  const [own, head] = [new Teller(rpc(), { key: key('adapters') }), new Teller(rpc(), { key: key('head') })];
  const stranger = new Teller(rpc(), { key: { id: 'adapters', secret: 'a wrong secret' } });
  try {
    expect(Object.keys(messages).sort()).toEqual(
      Object.keys(messageNeeds)
        .filter((name) => name !== 'hello' && name !== 'register')
        .sort(),
    );
    await head.register({ exports: ['demo'] });
    for (const [name, message] of Object.entries(messages))
      await head.call(name as Pattern, { incarnation: head.name, ...message });
    for (const name of [...Object.keys(messages), 'register'])
      expect(await recorded({ action: `fileserver.${name}`, subject: 'head' })).toEqual([
        expect.objectContaining({
          ...{ outcome: 'refused', by: 'key', via: 'RPC', from: '127.0.0.1' },
          ...{ rule: 'adapter:serve:EXPORT', reason: 'no_right' },
        }),
      ]);
    expect(await own.register({ exports: ['demo'] })).toMatchObject({ ok: true });
    await own.register({ exports: ['demo2'] });
    await own.call('deregister', { incarnation: own.name, letGo: true });
    await recorded({ action: 'fileserver.deregister', subject: 'adapters', outcome: 'allowed' });
    expect(lines().filter(({ subject, via }) => subject === 'adapters' && via === 'RPC')).toMatchObject([
      { action: 'fileserver.register', outcome: 'allowed', target: 'demo' },
      { action: 'fileserver.register', outcome: 'refused', target: 'demo2', reason: 'export_not_yours' },
      { action: 'fileserver.deregister', outcome: 'allowed' },
    ]);
    await stranger.register().catch(() => undefined);
    expect(await recorded({ via: 'RPC', reason: 'no_credentials' })).not.toEqual([]);
  } finally {
    for (const each of [own, head, stranger]) each.close();
  }
});

// --- methods for NFS servers

const heads: [via: string, dial: () => GrpcContract | TcpContract][] = [
  ['gRPC', () => new GrpcContract(api.grpcAddress, key('adapters'))],
  ['RPC', () => new TcpContract(rpc(), key('adapters'))],
];

test.each(heads)('every method for NFS servers is audited if it is refused, over %s', async (via, dial) => {
  const stranger = dial();
  try {
    for (const method of Object.keys(nfs.methods) as nfs.MethodName[]) {
      expect([method, (await stranger.call(method, {} as never)).status]).toEqual([method, 'NFS4ERR_ACCESS']);
      const action =
        via === 'RPC' ? nfs.patternOf(method) : `/${nfs.protoPackage}.${nfs.serviceName}/${method}`;
      expect(await recorded({ action, via })).toEqual([
        expect.objectContaining({
          ...{ outcome: 'refused', subject: 'adapters', by: 'key', from: '127.0.0.1' },
          ...{ rule: 'nfs:EXPORT', reason: 'no_right' },
        }),
      ]);
    }
    expect(Object.keys(methodNeeds).length).toBe(Object.keys(nfs.methods).length + 2);
    if (via === 'gRPC') {
      const callbacks = stranger.callbacks({ sessionId: nobody, secret: 's' }, new AbortController().signal);
      await expect(callbacks.next()).rejects.toThrow();
      const action = `/${nfs.protoPackage}.${nfs.serviceName}/Callbacks`;
      expect(await recorded({ action })).toMatchObject([{ outcome: 'refused', reason: 'no_right' }]);
    }
  } finally {
    stranger.close();
  }
});

test('every method for lock managers is audited if it is refused', async () => {
  const stranger = new LockManagerLine(api.grpcAddress, key('adapters'));
  try {
    for (const method of Object.keys(dlm.methods) as dlm.MethodName[]) {
      expect((await stranger.call(method, {} as never)).problem?.reason).toBe('no_right');
      const action = `/${nfs.protoPackage}.${dlm.serviceName}/${method}`;
      const rule = method === 'Lock' || method === 'Convert' ? 'lease:write:EXPORT' : 'lease:read:EXPORT';
      expect(await recorded({ action })).toEqual([
        expect.objectContaining({
          ...{ outcome: 'refused', via: 'gRPC', subject: 'adapters', by: 'key', from: '127.0.0.1' },
          ...{ rule, reason: 'no_right' },
        }),
      ]);
    }
    expect(Object.keys(lockNeeds).length).toBe(Object.keys(dlm.methods).length + 2);
    const notices = stranger.notices({ sessionId: nobody, secret: 's' }, new AbortController().signal);
    await expect(notices.next()).rejects.toThrow();
    const action = `/${nfs.protoPackage}.${dlm.serviceName}/Notices`;
    expect(await recorded({ action })).toMatchObject([{ outcome: 'refused', reason: 'no_right' }]);
  } finally {
    stranger.close();
  }
});

// --- force

test('what a holder loses by force is audited: at a deadline, and by an administrator', async () => {
  const headers = as('writer');
  const made = await api.request('POST', '/v1/sessions', { headers, body: { ttlMs: 600_000 } });
  const other = await api.request('POST', '/v1/sessions', { headers, body: { ttlMs: 600_000 } });
  const [sessionId, secret] = [String(made.body['sessionId']), String(made.body['secret'])];
  const where = { export: 'local', file: 'forced' };
  const lease = { sessionId, ...where, type: 'write' };
  const how = { headers, secret };
  await api.request('POST', '/v1/leases/acquire', { ...how, body: lease });
  const opened = await api.request('POST', '/v1/opens', {
    ...{ headers, secret: String(other.body['secret']) },
    body: { sessionId: other.body['sessionId'], ...where, access: 'write', waitMs: 60_000 },
  });
  expect(opened.status).toBe(201);
  const [revoked] = await recorded({ outcome: 'forced', action: 'revoked', target: 'local:forced' });
  expect(revoked).toMatchObject({ record: expect.stringMatching(/^\d+-\d+$/) as unknown });
  const openId = String(opened.body['openId']);
  const gone = await api.request('DELETE', `/v1/locks/${openId}`, { headers: as('operator') });
  expect(gone.status).toBe(204);
  expect(await recorded({ outcome: 'forced', action: 'closed', lockId: openId })).toMatchObject([
    { reason: 'admin' },
  ]);
  expect(await recorded({ target: `/v1/locks/${openId}` })).toMatchObject([
    { outcome: 'allowed', subject: 'operator', status: 204 },
  ]);
});

test('no record has a token, a secret, or a query that was refused', async () => {
  const refused = await api.request('GET', '/v1/locks?token=in-the-query', { headers: as('writer') });
  await recorded({ request: refused.headers.get('x-request-id') ?? '' });
  expect(readFileSync(file, 'utf8')).not.toMatch(/token-of|secret-of|in-the-query|of somebody else/);
});

test('an audit log that cannot be written is an error at the start', async () => {
  const wrong = new LeaseApi({ env: { LEASEHOLD_AUDIT: join(directory, 'missing', 'audit') } });
  await expect(wrong.start()).rejects.toThrow(/LEASEHOLD_AUDIT: cannot write/);
  expect(await wrong.ended()).toBe(1);
});
