import { connect } from 'node:net';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/**
 * Bad input, each with its code and reason, and nothing changed by it. The order of the checks is part of the promise:
 * credentials, syntax, session, existence, holder, token, limits, conflict.
 */
const unknownId = '0000aaaa-bbbb-8ccc-8ddd-eeeeeeeeeeee';
const adminToken = 'test-admin-token';

let api: LeaseApi;
let mine: { sessionId: string; secret: string };
let other: { sessionId: string; secret: string };
let leaseId: string;
let openId: string;

beforeAll(async () => {
  api = await startLeaseApi({
    env: { LEASEHOLD_ADMIN_TOKEN: adminToken, LEASEHOLD_SESSION_ROWS_MAX: '4', LEASEHOLD_BREAK_MS: '0' },
  });
  [mine, other] = [await api.session(), await api.session()];
  const lease = await api.request('POST', '/v1/leases/acquire', {
    body: { sessionId: mine.sessionId, export: 'local', file: 'held', type: 'read', requestId: 'r1' },
    secret: mine.secret,
  });
  leaseId = String(lease.body['leaseId']);
  const open = await api.request('POST', '/v1/opens', {
    body: { sessionId: mine.sessionId, export: 'local', file: 'opened', access: 'read', requestId: 'o1' },
    secret: mine.secret,
  });
  openId = String(open.body['openId']);
});
afterAll(stopPrograms);

interface Sent {
  method?: string;
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  raw?: string;
  contentType?: string;
  secret?: string;
  headers?: Record<string, string>;
}

async function send({ method = 'POST', path, body, raw, contentType, secret, headers }: Sent) {
  const response = await fetch(api.url + path, {
    method,
    headers: {
      ...((body ?? raw) === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      ...(secret === undefined ? {} : { 'x-session-secret': secret }),
      ...headers,
    },
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

const asAdmin = { authorization: `Bearer ${adminToken}` };

/** Everything that a request could have changed. Expiry moves with the clock, and who is refused changes nothing. */
async function everything(): Promise<string> {
  const locks = await send({ method: 'GET', path: '/v1/locks?limit=1000', headers: asAdmin });
  const sessions = await send({ method: 'GET', path: '/v1/sessions?limit=1000', headers: asAdmin });
  return locks.text + sessions.text.replace(/"expiresAt":"[^"]*"/g, '');
}

type Case = [name: string, sent: () => Sent, status: number, code: string, reason: string, field?: string];

const where = (over: object = {}) => ({ sessionId: mine.sessionId, export: 'local', file: 'f', ...over });
const acquire = (over: object = {}): Sent => ({
  path: '/v1/leases/acquire',
  body: where({ type: 'read', ...over }),
  secret: mine.secret,
});
const opening = (over: object = {}): Sent => ({
  path: '/v1/opens',
  body: where({ access: 'read', ...over }),
  secret: mine.secret,
});
const session = (body: unknown): Sent => ({ path: '/v1/sessions', body });
const put = (body: unknown, id = leaseId, secret = mine.secret): Sent => ({
  method: 'PUT',
  path: `/v1/leases/${id}`,
  body,
  secret,
});
const get = (path: string, secret?: string): Sent => ({ method: 'GET', path, secret });

const cases: Case[] = [
  // --- bodies that are none
  ['malformed JSON', () => ({ path: '/v1/sessions', raw: '{"ttlMs":' }), 400, 'EINVAL', 'bad_request'],
  ['no body', () => ({ path: '/v1/sessions' }), 400, 'EINVAL', 'bad_request'],
  ['an empty body', () => ({ path: '/v1/sessions', raw: '' }), 400, 'EINVAL', 'bad_request'],
  ['a list for a body', () => session([]), 400, 'EINVAL', 'bad_request'],
  ['null for a body', () => ({ path: '/v1/sessions', raw: 'null' }), 400, 'EINVAL', 'bad_request'],
  [
    'a poisoned prototype',
    () => ({ path: '/v1/sessions', raw: '{"__proto__":{"ttlMs":5000}}' }),
    400,
    'EINVAL',
    'bad_request',
  ],
  [
    'a form',
    () => ({ path: '/v1/sessions', raw: 'ttlMs=5000', contentType: 'application/x-www-form-urlencoded' }),
    400,
    'EINVAL',
    'bad_request',
  ],
  [
    'JSON that says it is text',
    () => ({ path: '/v1/sessions', raw: '{}', contentType: 'text/plain' }),
    400,
    'EINVAL',
    'bad_request',
  ],
  ['a body over the limit', () => session({ label: 'x'.repeat(300_000) }), 413, 'EINVAL', 'body_too_large'],
  // --- fields
  ['an unknown field', () => session({ ttlMs: 5_000, tll: 1 }), 400, 'EINVAL', 'bad_request', ''],
  ['a TTL that is text', () => session({ ttlMs: '5000' }), 400, 'EINVAL', 'bad_request', 'ttlMs'],
  ['a TTL too short', () => session({ ttlMs: 999 }), 400, 'EINVAL', 'bad_request', 'ttlMs'],
  ['a TTL too long', () => session({ ttlMs: 3_600_001 }), 400, 'EINVAL', 'bad_request', 'ttlMs'],
  ['a fractional TTL', () => session({ ttlMs: 5_000.5 }), 400, 'EINVAL', 'bad_request', 'ttlMs'],
  ['a negative pid', () => session({ pid: -1 }), 400, 'EINVAL', 'bad_request', 'pid'],
  ['an empty file name', () => acquire({ file: '' }), 400, 'EINVAL', 'bad_request', 'file'],
  ['a NUL in the file name', () => acquire({ file: 'a\0b' }), 400, 'EINVAL', 'bad_request', 'file'],
  ['a file name that climbs', () => acquire({ file: '../etc/passwd' }), 400, 'EINVAL', 'bad_request', 'file'],
  [
    'a file name that climbs midway',
    () => acquire({ file: 'a/../../b' }),
    400,
    'EINVAL',
    'bad_request',
    'file',
  ],
  ['an absolute file name', () => acquire({ file: '/etc/passwd' }), 400, 'EINVAL', 'bad_request', 'file'],
  [
    'a file name that is too long',
    () => acquire({ file: 'x/'.repeat(2_048) + 'x' }),
    400,
    'EINVAL',
    'bad_request',
    'file',
  ],
  [
    'a segment that is too long',
    () => acquire({ file: 'x'.repeat(256) }),
    400,
    'EINVAL',
    'bad_request',
    'file',
  ],
  [
    'a segment that is too long in bytes',
    () => acquire({ file: 'é'.repeat(128) }),
    400,
    'EINVAL',
    'bad_request',
    'file',
  ],
  ['an export name with a slash', () => acquire({ export: 'a/b' }), 400, 'EINVAL', 'bad_request', 'export'],
  ['an unknown lease type', () => acquire({ type: 'exclusive' }), 400, 'EINVAL', 'bad_request', 'type'],
  ['acquiring nothing', () => acquire({ type: 'none' }), 400, 'EINVAL', 'bad_request', 'type'],
  ['a wait that is too long', () => acquire({ waitMs: 60_001 }), 400, 'EINVAL', 'bad_request', 'waitMs'],
  [
    'a requestId with a space',
    () => acquire({ requestId: 'a b' }),
    400,
    'EINVAL',
    'bad_request',
    'requestId',
  ],
  [
    'a session id that is none',
    () => acquire({ sessionId: 'me' }),
    400,
    'EINVAL',
    'bad_request',
    'sessionId',
  ],
  ['an owner with a NUL', () => acquire({ owner: 'a\0' }), 400, 'EINVAL', 'bad_request', 'owner'],
  ['an unknown access', () => opening({ access: 'rw' }), 400, 'EINVAL', 'bad_request', 'access'],
  ['a deny mode, which is to come', () => opening({ deny: 'write' }), 400, 'EINVAL', 'bad_request', ''],
  ['no type in setlease', () => put({}), 400, 'EINVAL', 'bad_request', 'type'],
  [
    'a token that is negative',
    () => put({ type: 'read', ifToken: -1 }),
    400,
    'EINVAL',
    'bad_request',
    'ifToken',
  ],
  [
    'no lease in a list of leases',
    () => ({ path: '/v1/leases', body: { leases: [] }, secret: mine.secret }),
    400,
    'EINVAL',
    'bad_request',
    'leases',
  ],
  [
    'too many leases at once',
    () => ({
      path: '/v1/leases',
      body: { leases: Array.from({ length: 257 }, () => where()) },
      secret: mine.secret,
    }),
    400,
    'EINVAL',
    'bad_request',
    'leases',
  ],
  [
    'leases of two sessions at once',
    () => ({
      path: '/v1/leases',
      body: { leases: [where(), where({ sessionId: other.sessionId })] },
      secret: mine.secret,
    }),
    400,
    'EINVAL',
    'bad_request',
    'leases',
  ],
  [
    'a bad name among many leases',
    () => ({ path: '/v1/leases', body: { leases: [where(), where({ file: '..' })] }, secret: mine.secret }),
    400,
    'EINVAL',
    'bad_request',
    'leases.1.file',
  ],
  ['a lease id that is none', () => get('/v1/leases/nope', mine.secret), 400, 'EINVAL', 'bad_request', 'id'],
  [
    'an unknown query parameter',
    () => get(`/v1/leases?sessionId=${mine.sessionId}&owner=x`, mine.secret),
    400,
    'EINVAL',
    'bad_request',
    '',
  ],
  [
    'a query parameter twice',
    () => get(`/v1/leases?sessionId=${mine.sessionId}&sessionId=${mine.sessionId}`, mine.secret),
    400,
    'EINVAL',
    'bad_request',
    'sessionId',
  ],
  [
    'a page that is too large',
    () => get(`/v1/leases?sessionId=${mine.sessionId}&limit=1001`, mine.secret),
    400,
    'EINVAL',
    'bad_request',
    'limit',
  ],
  [
    'a cursor of somebody else',
    () => get(`/v1/leases?sessionId=${mine.sessionId}&cursor=abc`, mine.secret),
    400,
    'EINVAL',
    'bad_request',
    'cursor',
  ],
  [
    'a token to check that is text',
    () => ({ path: '/v1/fences/check', body: { export: 'local', file: 'f', token: 'x', for: 'read' } }),
    400,
    'EINVAL',
    'bad_request',
    'token',
  ],
  [
    'a file filter without an export',
    () => ({ ...get('/v1/locks?file=f'), headers: asAdmin }),
    400,
    'EINVAL',
    'bad_request',
  ],
  ['a broken percent sign', () => get('/v1/leases/%zz', mine.secret), 400, 'EINVAL', 'bad_request'],
  // --- routes
  ['an unknown route', () => get('/v1/nope'), 404, 'ENOENT', 'no_such_route'],
  [
    'a method that the route has not',
    () => ({ method: 'PATCH', path: `/v1/leases/${leaseId}`, secret: mine.secret }),
    404,
    'ENOENT',
    'no_such_route',
  ],
  [
    'an id that is endless',
    () => get(`/v1/leases/${'x'.repeat(600)}`, mine.secret),
    400,
    'EINVAL',
    'bad_request',
  ],
  // --- credentials
  ['no secret', () => ({ ...acquire(), secret: undefined }), 401, 'EACCES', 'no_credentials'],
  ['an empty secret', () => ({ ...acquire(), secret: '' }), 401, 'EACCES', 'no_credentials'],
  ['a wrong secret', () => ({ ...acquire(), secret: 'wrong' }), 403, 'EPERM', 'not_holder'],
  [
    "another session's secret, for a lease",
    () => put({ type: 'none' }, leaseId, other.secret),
    403,
    'EPERM',
    'not_holder',
  ],
  [
    "another session's secret, for an open",
    () => ({ method: 'DELETE', path: `/v1/opens/${openId}`, secret: other.secret }),
    403,
    'EPERM',
    'not_holder',
  ],
  [
    "another session's secret, for the session",
    () => ({ method: 'DELETE', path: `/v1/sessions/${mine.sessionId}`, secret: other.secret }),
    403,
    'EPERM',
    'not_holder',
  ],
  [
    "another session's secret, for its events",
    () => get(`/v1/sessions/${mine.sessionId}/events`, other.secret),
    403,
    'EPERM',
    'not_holder',
  ],
  [
    "another session's secret, for its leases",
    () => get(`/v1/leases?sessionId=${mine.sessionId}`, other.secret),
    403,
    'EPERM',
    'not_holder',
  ],
  ['no admin token', () => get('/v1/locks'), 401, 'EACCES', 'no_credentials'],
  [
    'a wrong admin token',
    () => ({ ...get('/v1/locks'), headers: { authorization: 'Bearer no' } }),
    403,
    'EPERM',
    'admin_only',
  ],
  [
    'an admin token of another scheme',
    () => ({ ...get('/v1/locks'), headers: { authorization: `Basic ${adminToken}` } }),
    403,
    'EPERM',
    'admin_only',
  ],
  [
    'a session secret for an admin route',
    () => ({ method: 'DELETE', path: `/v1/locks/${leaseId}`, secret: mine.secret }),
    401,
    'EACCES',
    'no_credentials',
  ],
  // --- what is not there
  [
    'an unknown session',
    () => get(`/v1/sessions/${unknownId}`, mine.secret),
    404,
    'ENOENT',
    'no_such_session',
  ],
  ['an unknown lease', () => put({ type: 'none' }, unknownId), 404, 'ENOENT', 'no_such_lease'],
  [
    'an unknown open',
    () => ({ method: 'DELETE', path: `/v1/opens/${unknownId}`, secret: mine.secret }),
    404,
    'ENOENT',
    'no_such_open',
  ],
  [
    'an unknown lock',
    () => ({ method: 'DELETE', path: `/v1/locks/${unknownId}`, headers: asAdmin }),
    404,
    'ENOENT',
    'no_such_lock',
  ],
  [
    'an unknown lock to break',
    () => ({ path: `/v1/locks/${unknownId}/break`, headers: asAdmin }),
    404,
    'ENOENT',
    'no_such_lock',
  ],
  ['an unknown export', () => acquire({ export: 'nope' }), 404, 'ENOENT', 'no_such_export'],
  ['an unknown export, to open', () => opening({ export: 'nope' }), 404, 'ENOENT', 'no_such_export'],
  [
    'an unknown export, for its tokens',
    () => get('/v1/fences?export=nope&file=f'),
    404,
    'ENOENT',
    'no_such_export',
  ],
  // --- what was there before
  [
    'a requestId with another body',
    () => acquire({ file: 'other', requestId: 'r1' }),
    409,
    'EEXIST',
    'id_reused_with_other_body',
  ],
  [
    'a requestId of an open with another body',
    () => opening({ file: 'other', requestId: 'o1' }),
    409,
    'EEXIST',
    'id_reused_with_other_body',
  ],
  ['a second lease of one owner', () => acquire({ file: 'held' }), 409, 'EEXIST', 'owner_has_lease'],
  ['an old token', () => put({ type: 'none', ifToken: 1 }), 412, 'ESTALE', 'token_old'],
  ['a break that is not', () => put({ type: 'none', breakId: 'b1' }), 412, 'ESTALE', 'break_over'],
  [
    'a token that nobody holds',
    () => ({ path: '/v1/fences/check', body: { export: 'local', file: 'held', token: 1, for: 'read' } }),
    412,
    'ESTALE',
    'token_old',
  ],
  [
    'more rows than a session may have',
    () => ({ path: '/v1/leases', body: { leases: [where(), where(), where()] }, secret: mine.secret }),
    429,
    'EDQUOT',
    'session_leases_max',
  ],
  [
    'a conflict',
    () => ({ ...acquire({ file: 'held', type: 'write', sessionId: other.sessionId }), secret: other.secret }),
    409,
    'EAGAIN',
    'lease_conflict',
  ],
  // --- which fault comes first
  [
    'credentials before syntax',
    () => ({ path: '/v1/leases/acquire', raw: '{"' }),
    401,
    'EACCES',
    'no_credentials',
  ],
  ['admin before syntax', () => get('/v1/locks?limit=0'), 401, 'EACCES', 'no_credentials'],
  [
    'syntax before session',
    () => ({ ...acquire({ sessionId: unknownId, type: 'x' }) }),
    400,
    'EINVAL',
    'bad_request',
    'type',
  ],
  [
    'session before existence',
    () => acquire({ sessionId: unknownId, export: 'nope' }),
    404,
    'ENOENT',
    'no_such_session',
  ],
  [
    'holder before existence of what is named',
    () => ({ ...acquire({ export: 'nope' }), secret: other.secret }),
    403,
    'EPERM',
    'not_holder',
  ],
  [
    'existence before holder',
    () => put({ type: 'none' }, unknownId, other.secret),
    404,
    'ENOENT',
    'no_such_lease',
  ],
  [
    'holder before token',
    () => put({ type: 'none', ifToken: 1 }, leaseId, other.secret),
    403,
    'EPERM',
    'not_holder',
  ],
  [
    'limits before conflict',
    () => ({
      path: '/v1/leases',
      body: { leases: [where({ file: 'held' }), where(), where()] },
      secret: mine.secret,
    }),
    429,
    'EDQUOT',
    'session_leases_max',
  ],
];

test.each(cases)('%s', async (...[, sent, status, code, reason, field]: Case) => {
  const before = await everything();
  const answer = await send(sent());
  expect(answer.type).toBe('application/problem+json; charset=utf-8');
  const problem = JSON.parse(answer.text) as Record<string, unknown> & { issues?: { path: string }[] };
  expect(problem).toMatchObject({ status, code, reason, type: `urn:leasehold:${reason}` });
  expect(answer.status).toBe(status);
  expect(String(problem['next'])).not.toBe('');
  if (field !== undefined) expect([...new Set(problem.issues?.map(({ path }) => path))]).toEqual([field]);
  expect(await everything()).toBe(before);
});

test('a refusal for conflict names who blocks, and when to come again', async () => {
  const response = await api.request('POST', '/v1/leases/acquire', {
    body: { sessionId: other.sessionId, export: 'local', file: 'held', type: 'write' },
    secret: other.secret,
  });
  expect(response.headers.get('retry-after')).toBe('1');
  expect(JSON.parse(response.text)).toMatchObject({
    reason: 'lease_conflict',
    blockers: [{ id: leaseId, kind: 'lease', sessionId: mine.sessionId, type: 'read', state: 'active' }],
    blockerCount: 1,
  });
});

test('what is not HTTP is refused as a problem too', async () => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.end('this is not http\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ code: 'EINVAL', reason: 'bad_request' });
});

test('an id is spelt in one way only: a lease is not found by the id of an open', async () => {
  const answer = await send(get(`/v1/leases/${openId}`, mine.secret));
  expect(JSON.parse(answer.text)).toMatchObject({ code: 'ENOENT', reason: 'no_such_lease' });
});

test('nothing of all this was worth an error in the log', () => {
  expect(api.lines.filter(({ level }) => level >= 40)).toEqual([]);
});
