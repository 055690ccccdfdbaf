import { createHmac, generateKeyPairSync, hash, type KeyObject } from 'node:crypto';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exportJWK, SignJWT } from 'jose';
import { pino } from 'pino';
import { Failures } from '../../apps/lease-api/src/failures';
import { Authenticator, namesOf } from '../../apps/lease-api/src/identity/authenticator';
import { type Caller, nameOf, secretOf } from '../../apps/lease-api/src/identity/caller';
import { readCallers } from '../../apps/lease-api/src/identity/callers-file';
import { Rights } from '../../apps/lease-api/src/identity/rights';
import { createLog } from '#telemetry';
import { eventually } from '../support/eventually';

/** Who is recognised, and who is not. */

const directory = mkdtempSync(join(tmpdir(), 'leasehold-callers-'));
const log = createLog('test', 'silent');
const running: Authenticator[] = [];
const servers: Server[] = [];
afterAll(() => {
  for (const each of running) each.stop();
  for (const each of servers) each.close();
  rmSync(directory, { recursive: true });
});

let files = 0;
function file(content: unknown, name = `${String(++files)}.json`): string {
  const path = join(directory, name);
  writeFileSync(`${path}.new`, typeof content === 'string' ? content : JSON.stringify(content), {
    mode: 0o600,
  });
  renameSync(`${path}.new`, path);
  return path;
}
function authenticator(content: object, tokens: { admin?: string; storage?: string } = {}): Authenticator {
  const made = new Authenticator({ ...tokens, file: file(content) }, new Failures(log), log);
  running.push(made);
  return made;
}
const socket = {} as Socket;
const where = (): string => '';
/** The name of the caller with this token, or the reason for its refusal. */
async function whoIs(by: Authenticator, token: string | undefined): Promise<string> {
  try {
    return nameOf(await by.identify(token === undefined ? undefined : `Bearer ${token}`, socket, where));
  } catch (error) {
    return (error as { problem: { reason: string } }).problem.reason;
  }
}
const sha256 = (token: string): string => hash('sha256', token, 'hex');

// --- tokens in a file

test('tokens of a file are recognised by their digest, several at once, until they end', async () => {
  const by = authenticator({
    tokens: [
      { sha256: sha256('old token'), subject: 'ci', tenant: 'build', rights: ['lease:write:*'] },
      { sha256: sha256('new-token'), subject: 'ci', tenant: 'build', rights: ['lease:write:*'] },
      { sha256: sha256('ended-token'), subject: 'old', until: '2020-01-01T00:00:00Z' },
      { sha256: sha256('later-token'), subject: 'later', until: '2999-01-01T00:00:00+01:00' },
    ],
  });
  expect(await whoIs(by, 'new-token')).toBe('build/ci');
  expect(await whoIs(by, 'later-token')).toBe('later');
  for (const wrong of ['ended-token', 'new-toke', sha256('new-token')])
    expect(await whoIs(by, wrong)).toBe('bad_token');
  for (const header of ['Basic new-token', 'new-token', 'Bearer', 'Bearer new-token x'])
    await expect(by.identify(header, socket, where)).rejects.toMatchObject({
      problem: { reason: 'bad_token' },
    });
});

test('with a callers file nobody has rights that it does not give', async () => {
  const closed = await authenticator({}).identify(undefined, socket, where);
  expect(closed.rights.anywhere('session')).toBe(false);
  const some = await authenticator({ anonymous: ['metrics'] }).identify(undefined, socket, where);
  expect([some.rights.anywhere('metrics'), some.rights.anywhere('session')]).toEqual([true, false]);
  const admin = authenticator({}, { admin: 'the-admin-token' });
  const { rights } = await admin.identify('Bearer the-admin-token', socket, where);
  expect(rights.everywhere('locks:admin')).toBe(true);
});

test('without a callers file and an admin token everybody has every right', async () => {
  const open = new Authenticator({}, new Failures(log), log);
  for (const header of [undefined, 'Bearer anything', 'Basic x'])
    expect((await open.identify(header, socket, where)).rights.everywhere('locks:admin')).toBe(true);
  const guarded = new Authenticator({ admin: 'the-admin-token' }, new Failures(log), log);
  const anybody = await guarded.identify(undefined, socket, where);
  expect(anybody.rights.everywhere('lease:write')).toBe(true);
  for (const action of ['locks:admin', 'tree:write', 'fence', 'node:beat', 'adapter:serve', 'nfs'] as const)
    expect([action, anybody.rights.anywhere(action)]).toEqual([action, false]);
});

test('a changed file is read again; a wrong one leaves the callers as they were', async () => {
  const path = file({ tokens: [{ sha256: sha256('first-token'), subject: 'first' }] });
  let logged = '';
  const ear = pino({}, { write: (line: string) => (logged += line) });
  const by = new Authenticator({ file: path }, new Failures(log), ear);
  running.push(by);
  expect(await whoIs(by, 'first-token')).toBe('first');
  file('{"tokens": [', basename(path));
  await eventually(() => {
    expect(logged).toMatch(/is not JSON.*the callers cannot be read/);
  });
  expect(await whoIs(by, 'first-token')).toBe('first');
  file({ tokens: [{ sha256: sha256('second-token'), subject: 'second' }] }, basename(path));
  await eventually(() => {
    expect(logged).toContain('the callers have been read again');
  });
  expect([await whoIs(by, 'first-token'), await whoIs(by, 'second-token')]).toEqual(['bad_token', 'second']);
});

test.each<[string, unknown, RegExp]>([
  ['no JSON', '{', /is not JSON/],
  ['an unknown field', { token: [] }, /is wrong: .*token/],
  ['an unknown right', { anonymous: ['everything'] }, /anonymous\.0: there is no right everything/],
  ['an unknown role', { tokens: [{ sha256: sha256('x'), subject: 'x', roles: ['nope'] }] }, /no role nope/],
  ['a token in the clear', { tokens: [{ sha256: 'secret', subject: 'x' }] }, /SHA-256 of the token/],
  ['a subject with a NUL', { tokens: [{ sha256: sha256('x'), subject: 'a\0b' }] }, /printable/],
  [
    'the same token twice',
    { tokens: ['a', 'b'].map((subject) => ({ sha256: sha256('x'), subject })) },
    /two tokens are the same/,
  ],
])('a callers file with %s is refused', (_, content, why) => {
  expect(() => readCallers(file(content))).toThrow(why);
});

test('a callers file that others can write is refused', () => {
  const path = file({});
  chmodSync(path, 0o666);
  expect(() => readCallers(path)).toThrow(/others than the owner/);
});

test('the secret of a session is another one for every subject', () => {
  const of = (tenant: string, subject: string): Caller => ({
    tenant,
    subject,
    rights: Rights.parse([]),
    by: 'token',
  });
  const secrets = [of('', ''), of('', 'a'), of('a', 'b'), of('a', 'a'), of('ab', 'c'), of('a', 'bc')].map(
    (caller) => secretOf('secret', caller),
  );
  expect(new Set(secrets).size).toBe(secrets.length);
  expect(secrets[0]).toBe('secret');
});

// --- JWTs

const issuer = 'https://id.example.org/realms/demo';
const audience = 'leasehold';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

async function jwks(...keys: [kid: string, key: KeyObject][]): Promise<object> {
  return { keys: await Promise.all(keys.map(async ([kid, key]) => ({ ...(await exportJWK(key)), kid }))) };
}
const now = (): number => Math.floor(Date.now() / 1_000);
const claims = {
  iss: issuer,
  aud: audience,
  sub: 'alice',
  org: 'red',
  realm_access: { roles: ['writer', 'unknown'] },
};
interface Made {
  key?: KeyObject;
  alg?: string;
  kid?: string;
  claims?: Record<string, unknown>;
}
const made = ({
  key = rsa.privateKey,
  alg = 'RS256',
  kid = 'rsa',
  claims: more,
}: Made = {}): Promise<string> =>
  new SignJWT({ exp: now() + 300, ...claims, ...more }).setProtectedHeader({ alg, kid }).sign(key);
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

let byJwt: Authenticator;
beforeAll(async () => {
  const keys = file(await jwks(['rsa', rsa.publicKey], ['ec', ec.publicKey], ['ed', ed.publicKey]));
  byJwt = authenticator({
    roles: { writer: ['lease:write:demo'], beater: ['node:beat:web-*'] },
    issuers: [
      {
        ...{ issuer, audience, keys, tenantClaim: 'org', rolesClaim: 'realm_access.roles' },
        ...{ rights: ['session'], subjects: { alice: { roles: ['beater'] } } },
      },
    ],
  });
});

test.each<[string, Made]>([
  ['RS256', {}],
  ['PS512', { alg: 'PS512' }],
  ['ES256', { key: ec.privateKey, alg: 'ES256', kid: 'ec' }],
  ['EdDSA', { key: ed.privateKey, alg: 'EdDSA', kid: 'ed' }],
])(
  'a JWT signed with %s names its caller, with the rights of its issuer, its roles and its subject',
  async (_, how) => {
    const { rights, ...caller } = await byJwt.identify(`Bearer ${await made(how)}`, socket, where);
    expect(caller).toEqual({ tenant: 'red', subject: 'alice', by: 'JWT' });
    expect(rights.anywhere('session')).toBe(true);
    expect([rights.allows('lease:write', 'demo'), rights.allows('lease:write', 'other')]).toEqual([
      true,
      false,
    ]);
    expect(rights.allows('node:beat', 'web-1')).toBe(true);
    const bob = await made({ ...how, claims: { sub: 'bob' } });
    expect((await byJwt.identify(`Bearer ${bob}`, socket, where)).rights.anywhere('node:beat')).toBe(false);
  },
);

test('clocks may be 30 s apart, and no more', async () => {
  expect(await whoIs(byJwt, await made({ claims: { exp: now() - 20 } }))).toBe('red/alice');
  expect(await whoIs(byJwt, await made({ claims: { nbf: now() + 20 } }))).toBe('red/alice');
  expect(await whoIs(byJwt, await made({ claims: { exp: now() - 40 } }))).toBe('bad_token');
  expect(await whoIs(byJwt, await made({ claims: { nbf: now() + 90 } }))).toBe('bad_token');
});

test('what a caller has shown may prove nothing any more: an ended or withdrawn token, an ended certificate', async () => {
  const last = `Bearer ${await made({ claims: { exp: now() - 28 } })}`;
  const { tenant, subject } = await byJwt.identify(last, socket, where);
  expect(await byJwt.again(`Bearer ${await made()}`, socket)).toMatchObject({ tenant, subject });
  await eventually(async () => {
    expect(await byJwt.again(last, socket)).toBeUndefined();
  });

  const token = { sha256: sha256('first-token'), subject: 'first' };
  const path = file({ tokens: [token] });
  const by = new Authenticator({ file: path }, new Failures(log), log);
  running.push(by);
  expect(await by.again('Bearer first-token', socket)).toMatchObject({ subject: 'first' });
  file({ tokens: [] }, basename(path));
  await eventually(async () => {
    expect(await by.again('Bearer first-token', socket)).toBeUndefined();
  });

  const endsAt = Date.now() + 300;
  const certified = {
    authorized: true,
    getPeerCertificate: () => ({ subject: { CN: 'cron' }, valid_to: new Date(endsAt).toISOString() }),
  } as unknown as Socket;
  const byCertificate = authenticator({ certificates: [{ name: 'cron' }] });
  // On a machine that is busy it may have ended by now.
  const who = [await byCertificate.again(undefined, certified), Date.now() < endsAt] as const;
  if (who[1]) expect(who[0]).toMatchObject({ subject: 'cron' });
  await eventually(async () => {
    expect(await byCertificate.again(undefined, certified)).toMatchObject({ subject: '', by: 'nothing' });
  });
});

const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
/** A token whose MAC is made with the public key: a verifier that lets the token choose its algorithm accepts it. */
function confused(): string {
  const signed = `${part({ alg: 'HS256', kid: 'rsa' })}.${part({ exp: now() + 300, ...claims })}`;
  return `${signed}.${createHmac('sha256', publicPem).update(signed).digest('base64url')}`;
}
test.each<[string, () => Promise<string> | string]>([
  ['unsigned (none)', () => `${part({ alg: 'none' })}.${part({ exp: now() + 300, ...claims })}.`],
  ['signed with the public key as an HMAC secret', confused],
  ["signed with a stranger's key", () => made({ key: stranger.privateKey })],
  ["signed with a stranger's key under an unknown kid", () => made({ key: stranger.privateKey, kid: 'x' })],
  ['of one key, under the name of another', () => made({ kid: 'ec' })],
  ['for another audience', () => made({ claims: { aud: 'other' } })],
  ['of another issuer', () => made({ claims: { iss: 'https://evil.example.org' } })],
  ['without an issuer', () => made({ claims: { iss: undefined } })],
  ['without an end', () => made({ claims: { exp: undefined } })],
  ['without a subject', () => made({ claims: { sub: undefined } })],
  ['with a subject that forges a tenant', () => made({ claims: { sub: 'a\0b' } })],
  ['without the tenant that its issuer must name', () => made({ claims: { org: undefined } })],
  [
    'changed after it was signed',
    async () => (await made()).replace(/\.[^.]+\./, `.${part({ ...claims, sub: 'root' })}.`),
  ],
  ['cut off', async () => (await made()).slice(0, -4)],
  ['no JWT at all', () => 'a.b.c'],
])('a JWT %s is refused', async (_, token) => {
  expect(await whoIs(byJwt, await token())).toBe('bad_token');
});

test("keys of a URL are fetched once; keys that cannot be fetched are not the caller's fault", async () => {
  let fetched = 0;
  let answer: () => Promise<object> = () => jwks(['rsa', rsa.publicKey]);
  const server = createServer((_, response) => {
    fetched += 1;
    void answer().then((body) => response.end(JSON.stringify(body)));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const keys = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/keys`;
  const config = { issuers: [{ issuer, audience, keys }] };
  const by = authenticator(config);
  expect(await whoIs(by, await made())).toBe('alice');
  expect(await whoIs(by, await made({ claims: { sub: 'bob' } }))).toBe('bob');
  expect(fetched).toBe(1);
  for (const wrong of [{ keys: 'none' }, { keys: [], filler: 'x'.repeat(2 * 1024 * 1024) }]) {
    answer = () => Promise.resolve(wrong);
    expect(await whoIs(authenticator(config), await made())).toBe('keys_unreachable');
  }
  server.close();
  server.closeAllConnections();
  expect(await whoIs(authenticator(config), await made())).toBe('keys_unreachable');
});

test.each([
  [{ subjectaltname: 'DNS:x, URI:spiffe://a/b', subject: { CN: 'cn' } }, ['spiffe://a/b']],
  [{ subjectaltname: 'DNS:x', subject: { CN: 'cn' } }, ['cn']],
  [{ subjectaltname: 'URI:spiffe://a/b, URI:spiffe://a/c', subject: { CN: 'cn' } }, []],
  [{ subjectaltname: 'URI:"spiffe://a/b\\u002c x"', subject: {} }, []],
  [{ subject: { CN: ['a', 'b'] } }, []],
  [{}, []],
])('the certificate %j names %j', (certificate, names) => {
  expect(namesOf({ getPeerCertificate: () => certificate } as never)).toEqual(names);
});
