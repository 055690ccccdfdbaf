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
    env: { LEASEHOLD_ADMIN_TOKEN: adminToken, LEASEHOLD_SESSION_LOCKS_MAX: '4', LEASEHOLD_BREAK_MS: '0' },
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
  /** Sent unchanged. */
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

/** Everything that a request could have changed, without expiry times, which move with the clock. */
async function everything(): Promise<string> {
  const locks = await send({ method: 'GET', path: '/v1/locks?limit=1000', headers: asAdmin });
  const sessions = await send({ method: 'GET', path: '/v1/sessions?limit=1000', headers: asAdmin });
  // But for what time itself changes.
  return (locks.text + sessions.text).replace(/"(?:expiresAt|lastSeenAt)":"[^"]*"|"ageMs":\d+/g, '');
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
const reopen = (body: unknown, id = openId): Sent => ({
  method: 'PUT',
  path: `/v1/opens/${id}`,
  body,
  secret: mine.secret,
});
const bytes = (verb: 'lock' | 'unlock' | 'test', over: object = {}): Sent => ({
  path: verb === 'lock' ? '/v1/ranges' : `/v1/ranges/${verb}`,
  body: where({ class: 'posix', start: 0, end: 'EOF', ...over }),
  secret: mine.secret,
});
const range = (over: object = {}): Sent => bytes('lock', { type: 'read', ...over });
const change = (over: object = {}): Sent => ({
  path: '/v1/files/changes',
  body: where({ kind: 'truncate', ...over }),
  secret: mine.secret,
});
const report = (over: object = {}): Sent => ({
  path: '/v1/files/changes/report',
  body: { announced: [unknownId], made: true, ...over },
  secret: mine.secret,
});
const attributes = (over: object = {}): Sent => ({
  path: '/v1/files/attributes',
  body: where({ change: 1, size: '2', ...over }),
  secret: mine.secret,
});
const tell = (body: object, id = leaseId): Sent => ({
  ...{ method: 'PUT', path: `/v1/leases/${id}/attributes` },
  body: { askId: unknownId, ...body },
  secret: mine.secret,
});
const want = (over: object = {}): Sent => ({
  path: '/v1/delegations',
  body: where({ want: 'read', ...over }),
  secret: mine.secret,
});
const free = (id: string, secret = mine.secret): Sent => ({ path: `/v1/leases/${id}/free`, secret });
const get = (path: string, secret?: string): Sent => ({ method: 'GET', path, secret });

const cases: Case[] = [
  // --- invalid bodies
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
  [
    'half of a surrogate pair in the file name',
    () => acquire({ file: 'a\ud800b' }),
    400,
    'EINVAL',
    'bad_request',
    'file',
  ],
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
  [
    'an owner with half of a surrogate pair',
    () => acquire({ owner: '\udc00' }),
    400,
    'EINVAL',
    'bad_request',
    'owner',
  ],
  [
    'a label with half of a surrogate pair',
    () => session({ label: 'a\ud83d' }),
    400,
    'EINVAL',
    'bad_request',
    'label',
  ],
  ['an unknown access', () => opening({ access: 'rw' }), 400, 'EINVAL', 'bad_request', 'access'],
  ['an unknown deny mode', () => opening({ deny: 'all' }), 400, 'EINVAL', 'bad_request', 'deny'],
  ['a want that is none', () => opening({ want: true }), 400, 'EINVAL', 'bad_request', 'want'],
  [
    'a reopen of what has no name',
    () => opening({ reopen: true }),
    400,
    'EINVAL',
    'bad_request',
    'requestId',
  ],
  ['an open that waits too long', () => opening({ waitMs: 60_001 }), 400, 'EINVAL', 'bad_request', 'waitMs'],
  [
    'one that waits too long in the queue',
    () => opening({ waitMs: 3_600_001, queued: true }),
    400,
    'EINVAL',
    'bad_request',
    'waitMs',
  ],
  ['queued by a word', () => opening({ queued: 'yes' }), 400, 'EINVAL', 'bad_request', 'queued'],
  ['a reclaim outside grace', () => opening({ reclaim: true }), 400, 'EINVAL', 'no_grace'],
  ['an open that is changed by half', () => reopen({ access: 'read' }), 400, 'EINVAL', 'bad_request', 'deny'],
  [
    'an open that is changed to something else',
    () => reopen({ access: 'read', deny: 'none', file: 'f' }),
    400,
    'EINVAL',
    'bad_request',
    '',
  ],
  [
    'an open that is lowered to more',
    () => reopen({ access: 'both', deny: 'none', lower: true }),
    400,
    'EINVAL',
    'above_present',
  ],
  [
    'an open of somebody else',
    () => ({ ...reopen({ access: 'read', deny: 'none' }), secret: other.secret }),
    403,
    'EPERM',
    'not_holder',
  ],
  [
    'an open that is not there',
    () => reopen({ access: 'read', deny: 'none' }, unknownId),
    404,
    'ENOENT',
    'no_such_open',
  ],
  // --- range locks
  ['a range lock without a class', () => range({ class: undefined }), 400, 'EINVAL', 'bad_request', 'class'],
  ['a class of no kernel', () => range({ class: 'lockf' }), 400, 'EINVAL', 'bad_request', 'class'],
  ['a range without a type', () => range({ type: 'none' }), 400, 'EINVAL', 'bad_request', 'type'],
  ['a range without an end', () => range({ end: undefined }), 400, 'EINVAL', 'bad_request', 'end'],
  ['a negative offset', () => range({ start: -1 }), 400, 'EINVAL', 'bad_request', 'start'],
  ['a negative offset in digits', () => range({ start: '-1' }), 400, 'EINVAL', 'bad_request', 'start'],
  ['half a byte', () => range({ start: 0.5 }), 400, 'EINVAL', 'bad_request', 'start'],
  ['hexadecimal digits', () => range({ start: '0x10' }), 400, 'EINVAL', 'bad_request', 'start'],
  ['digits with a zero in front', () => range({ start: '010' }), 400, 'EINVAL', 'bad_request', 'start'],
  ['no digits', () => range({ end: '' }), 400, 'EINVAL', 'bad_request', 'end'],
  ['a number that has lost digits', () => range({ end: 2 ** 53 }), 400, 'EINVAL', 'bad_request', 'end'],
  ['an offset of 2^63', () => range({ end: '9223372036854775808' }), 400, 'EINVAL', 'bad_request', 'end'],
  ['a start at EOF', () => range({ start: 'EOF' }), 400, 'EINVAL', 'bad_request', 'start'],
  ['a range that ends before it begins', () => range({ start: 2, end: 1 }), 400, 'EINVAL', 'bad_range'],
  ['part of a flock', () => range({ class: 'flock', end: 1 }), 400, 'EINVAL', 'bad_range'],
  ['an unknown field of a range', () => range({ whence: 0 }), 400, 'EINVAL', 'bad_request', ''],
  ['a range that waits too long', () => range({ waitMs: 60_001 }), 400, 'EINVAL', 'bad_request', 'waitMs'],
  ['a pid that is none', () => range({ pid: -1 }), 400, 'EINVAL', 'bad_request', 'pid'],
  ['a range of nowhere', () => range({ export: 'nowhere' }), 404, 'ENOENT', 'no_such_export'],
  ['a range of nobody', () => ({ ...range(), secret: undefined }), 401, 'EACCES', 'no_credentials'],
  ['a range of somebody else', () => ({ ...range(), secret: other.secret }), 403, 'EPERM', 'not_holder'],
  ['a reclaim of a range outside grace', () => range({ reclaim: true }), 400, 'EINVAL', 'no_grace'],
  ['unlocking with a type', () => bytes('unlock', { type: 'read' }), 400, 'EINVAL', 'bad_request', ''],
  ['unlocking backwards', () => bytes('unlock', { start: 2, end: 1 }), 400, 'EINVAL', 'bad_range'],
  [
    'testing with patience',
    () => bytes('test', { type: 'read', waitMs: 1 }),
    400,
    'EINVAL',
    'bad_request',
    '',
  ],
  ['testing for nothing', () => bytes('test'), 400, 'EINVAL', 'bad_request', 'type'],
  ['testing backwards', () => bytes('test', { type: 'read', start: 2, end: 1 }), 400, 'EINVAL', 'bad_range'],
  [
    'a range that is not there',
    () => get(`/v1/ranges/${unknownId}`, mine.secret),
    404,
    'ENOENT',
    'no_such_lock',
  ],
  [
    'unlocking what is not there',
    () => ({ method: 'DELETE', path: `/v1/ranges/${unknownId}`, secret: mine.secret }),
    404,
    'ENOENT',
    'no_such_lock',
  ],
  ['a range id that is none', () => get('/v1/ranges/1', mine.secret), 400, 'EINVAL', 'bad_request', 'id'],
  // --- changes
  ['a change of no kind', () => change({ kind: 'write' }), 400, 'EINVAL', 'bad_request', 'kind'],
  ['a rename to nowhere', () => change({ kind: 'rename' }), 400, 'EINVAL', 'bad_request', 'to'],
  ['a truncation to somewhere', () => change({ to: 'g' }), 400, 'EINVAL', 'bad_request', 'to'],
  [
    'a link out of the export',
    () => change({ kind: 'link', to: '../g' }),
    400,
    'EINVAL',
    'bad_request',
    'to',
  ],
  ['the root, truncated', () => change({ file: '.' }), 400, 'EINVAL', 'bad_request', 'file'],
  ['a rest that is too long', () => change({ quietMs: 60_001 }), 400, 'EINVAL', 'bad_request', 'quietMs'],
  ['an entry without a directory', () => change({ name: 'x' }), 400, 'EINVAL', 'bad_request', 'name'],
  ...['a/b', '..', 'x'.repeat(256)].map((name): Case => [
    `an entry that is no name, ${name.slice(0, 3)}`,
    () => change({ kind: 'entries', name }),
    ...([400, 'EINVAL', 'bad_request', 'name'] as const),
  ]),
  ['a report that comes at once', () => change({ reportMs: 0 }), 400, 'EINVAL', 'bad_request', 'reportMs'],
  ['a report that is too late', () => change({ reportMs: 60_001 }), 400, 'EINVAL', 'bad_request', 'reportMs'],
  ['a report of nothing', () => report({ announced: [] }), 400, 'EINVAL', 'bad_request', 'announced'],
  ['a report of no id', () => report({ announced: ['1'] }), 400, 'EINVAL', 'bad_request', 'announced.0'],
  ['a report without an outcome', () => report({ made: undefined }), 400, 'EINVAL', 'bad_request', 'made'],
  ['an unknown field of a change', () => change({ size: 0 }), 400, 'EINVAL', 'bad_request', ''],
  ['a change that waits too long', () => change({ waitMs: 60_001 }), 400, 'EINVAL', 'bad_request', 'waitMs'],
  ['a change in nowhere', () => change({ export: 'nowhere' }), 404, 'ENOENT', 'no_such_export'],
  [
    'a change of entries in nowhere',
    () => change({ kind: 'entries', export: 'nowhere' }),
    404,
    'ENOENT',
    'no_such_export',
  ],
  [
    'a change of entries of somebody else',
    () => ({ ...change({ kind: 'entries' }), secret: other.secret }),
    403,
    'EPERM',
    'not_holder',
  ],
  // --- attributes
  [
    'attributes without what the fileserver says',
    () => attributes({ change: undefined }),
    400,
    'EINVAL',
    'bad_request',
    'change',
  ],
  [
    'a size of more than 64 bits',
    () => attributes({ size: '18446744073709551616' }),
    400,
    'EINVAL',
    'bad_request',
    'size',
  ],
  ['a negative size', () => attributes({ size: -1 }), 400, 'EINVAL', 'bad_request', 'size'],
  ['attributes at once', () => attributes({ waitMs: 0 }), 400, 'EINVAL', 'bad_request', 'waitMs'],
  ['attributes in an hour', () => attributes({ waitMs: 3_600_000 }), 400, 'EINVAL', 'bad_request', 'waitMs'],
  ['attributes of the root', () => attributes({ file: '.' }), 400, 'EINVAL', 'bad_request', 'file'],
  [
    'attributes for somebody else',
    () => ({ ...attributes(), secret: other.secret }),
    403,
    'EPERM',
    'not_holder',
  ],
  ['an answer that says nothing', () => tell({}), 400, 'EINVAL', 'bad_request', 'size'],
  [
    'a refusal that says the size',
    () => tell({ refused: true, size: 1 }),
    400,
    'EINVAL',
    'bad_request',
    'size',
  ],
  [
    'a time of no time',
    () => tell({ size: 1, modifiedAt: 'yesterday' }),
    400,
    'EINVAL',
    'bad_request',
    'modifiedAt',
  ],
  ['an answer that nobody waits for', () => tell({ size: 1 }), 412, 'ESTALE', 'ask_over'],
  ['an answer about no lease', () => tell({ size: 1 }, unknownId), 404, 'ENOENT', 'no_such_lease'],
  [
    "an answer about somebody else's lease",
    () => ({ ...tell({ size: 1 }), secret: other.secret }),
    403,
    'EPERM',
    'not_holder',
  ],
  // --- delegations, stateids, waits, grace
  ['a want for nothing', () => want({ want: undefined }), 400, 'EINVAL', 'bad_request', 'want'],
  ['a want for all', () => want({ want: 'both' }), 400, 'EINVAL', 'bad_request', 'want'],
  ['a want of an owner', () => want({ owner: 'me' }), 400, 'EINVAL', 'bad_request', ''],
  ['the root as a file', () => want({ file: '.' }), 400, 'EINVAL', 'bad_request', 'file'],
  ['a delegation reclaimed outside grace', () => want({ reclaim: true }), 400, 'EINVAL', 'no_grace'],
  ['a delegation for somebody else', () => ({ ...want(), secret: other.secret }), 403, 'EPERM', 'not_holder'],
  ['freeing what is held', () => free(leaseId), 409, 'EBUSY', 'lease_held'],
  ['freeing what is not there', () => free(unknownId), 404, 'ENOENT', 'no_such_lease'],
  ["freeing what is not one's own", () => free(leaseId, other.secret), 403, 'EPERM', 'not_holder'],
  [
    'a stateid that is too short',
    () => get('/v1/stateids/00ff', mine.secret),
    400,
    'EINVAL',
    'bad_request',
    'other',
  ],
  [
    'a stateid of nothing',
    () => get(`/v1/stateids/${'0'.repeat(24)}`, mine.secret),
    404,
    'ENOENT',
    'no_such_lock',
  ],
  ['a wait that is none', () => get(`/v1/waits/${leaseId}`, mine.secret), 404, 'ENOENT', 'no_such_wait'],
  [
    'the end of the reclaims of somebody else',
    () => ({ path: `/v1/sessions/${mine.sessionId}/reclaim-complete`, secret: other.secret }),
    403,
    'EPERM',
    'not_holder',
  ],
  [
    'a kind of lock that is none',
    () => ({ ...get('/v1/locks?kind=mutex'), headers: asAdmin }),
    400,
    'EINVAL',
    'bad_request',
    'kind',
  ],
  [
    'a tree of sorts',
    () => ({ ...get('/v1/locks?tree=maybe'), headers: asAdmin }),
    400,
    'EINVAL',
    'bad_request',
    'tree',
  ],
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
    () => ({
      path: '/v1/fences/check',
      body: { export: 'local', file: 'f', token: 'x', for: 'read' },
      headers: asAdmin,
    }),
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
    'no secret and no admin token',
    () => get(`/v1/sessions/${mine.sessionId}`),
    401,
    'EACCES',
    'no_credentials',
  ],
  [
    'a wrong admin token',
    () => ({ ...get('/v1/locks'), headers: { authorization: 'Bearer no' } }),
    401,
    'EACCES',
    'bad_token',
  ],
  [
    'an admin token of another scheme',
    () => ({ ...get('/v1/locks'), headers: { authorization: `Basic ${adminToken}` } }),
    401,
    'EACCES',
    'bad_token',
  ],
  [
    'a session secret for an admin route',
    () => ({ method: 'DELETE', path: `/v1/locks/${leaseId}`, secret: mine.secret }),
    401,
    'EACCES',
    'no_credentials',
  ],
  // --- missing rows
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
    'an unknown lock to read',
    () => ({ ...get(`/v1/locks/${unknownId}`), headers: asAdmin }),
    404,
    'ENOENT',
    'no_such_lock',
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
    () => ({ ...get('/v1/fences?export=nope&file=f'), headers: asAdmin }),
    404,
    'ENOENT',
    'no_such_export',
  ],
  // --- existing rows
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
    () => ({
      path: '/v1/fences/check',
      body: { export: 'local', file: 'held', token: 1, for: 'read' },
      headers: asAdmin,
    }),
    412,
    'ESTALE',
    'token_old',
  ],
  [
    'more rows than a session may have',
    () => ({ path: '/v1/leases', body: { leases: [where(), where(), where()] }, secret: mine.secret }),
    429,
    'EDQUOT',
    'session_locks_max',
  ],
  [
    'a conflict',
    () => ({ ...acquire({ file: 'held', type: 'write', sessionId: other.sessionId }), secret: other.secret }),
    409,
    'EAGAIN',
    'lease_conflict',
  ],
  // --- the order of checks
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
    'session_locks_max',
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

test('a refusal for a conflict names the blockers, and when to retry', async () => {
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

test('input that is not HTTP is refused with a problem too', async () => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.end('this is not http\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ code: 'EINVAL', reason: 'bad_request' });
});

test('an id names one kind of row: no lease is found by the id of an open', async () => {
  const answer = await send(get(`/v1/leases/${openId}`, mine.secret));
  expect(JSON.parse(answer.text)).toMatchObject({ code: 'ENOENT', reason: 'no_such_lease' });
});

test('no bad input writes an error to the log', () => {
  expect(api.lines.filter(({ level, msg }) => level >= 40 && msg !== 'wrong credentials')).toEqual([]);
});
