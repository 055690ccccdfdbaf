import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { examples, refusalExamples } from '../../apps/lease-api/src/http/openapi-examples.generated';
import { elsewhere } from '../../apps/lease-api/src/http/route-reasons';
import { eventNames, reasons } from '#contracts';
import { eventually } from '../support/eventually';
import { type LeaseApi, startFileserver, startLeaseApi, stopPrograms } from '../support/service';

/** docs/openapi.json matches the served document, and the answers of the service match the document. */
type Json = Record<string, unknown>;
interface Response {
  content?: Record<string, { schema: Json; example?: unknown; examples?: Json }>;
}
interface Operation {
  operationId: string;
  security: Json[];
  responses: Record<string, Response | { $ref: string }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Json>;
    responses: Record<string, Response>;
    examples: Record<string, Json>;
  };
}

const path = (relative: string): string => join(__dirname, relative);
const file = path('../../docs/openapi.json');
const text = readFileSync(file, 'utf8');
const document = JSON.parse(text) as Document;

/** A validator for a schema of the document: references lead into `$defs` instead of the document's components. */
function validator(schema: Json): z.ZodType {
  const rooted = JSON.parse(
    JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll(
      '#/components/schemas/',
      '#/$defs/',
    ),
  ) as Parameters<typeof z.fromJSONSchema>[0];
  return z.fromJSONSchema(rooted, { defaultTarget: 'draft-2020-12' });
}

let api: LeaseApi;
beforeAll(async () => {
  api = await startLeaseApi({
    env: { LEASEHOLD_BREAK_MS: '45000', LEASEHOLD_DIRECTORY_DELEGATIONS: 'local' },
  });
});
afterAll(stopPrograms);

test('the committed document is the one that is served: npm run openapi', async () => {
  const { body } = await api.request('GET', '/openapi.json');
  expect(body).toEqual(document);
});

test('every operation has a short name of its own, says who may use it, and how it may be refused', () => {
  const operations = Object.values(document.paths).flatMap((each) => Object.values(each));
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]{3,24}$/);
  for (const { operationId, security, responses } of operations) {
    expect([operationId, security.length > 0]).toEqual([operationId, true]);
    const refusals = Object.keys(responses).filter((status) => status >= '400' && status < '600');
    expect([operationId, refusals]).toEqual([operationId, expect.arrayContaining(['500', '503'])]);
  }
});

test('the document has every reason and every event', () => {
  const { Reason, SessionEvent } = document.components.schemas;
  expect(Reason?.['enum']).toEqual(Object.keys(reasons));
  const { mapping } = SessionEvent?.['discriminator'] as { mapping: Json };
  expect(Object.keys(mapping)).toEqual([...eventNames]);
  const answered = Object.values(document.components.responses).map((response) => JSON.stringify(response));
  const known = Object.keys(reasons).filter((reason) =>
    answered.some((text) => text.includes(`- \`${reason}\`:`)),
  );
  // The others are told over other protocols only.
  expect(
    Object.keys(reasons)
      .filter((reason) => !known.includes(reason))
      .sort(),
  ).toEqual([...elsewhere].sort());
});

test('every reference resolves', () => {
  const all: Record<string, object> = { ...document.components };
  const references = [...text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)];
  expect(references.filter(([, kind = '', name = '']) => !(name in (all[kind] ?? {})))).toEqual([]);
});

test('every answer that succeeds has an example', () => {
  const without = Object.entries(document.paths).flatMap(([route, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.entries(responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([status, response]) =>
          Object.entries(resolved(response)?.content ?? {}).map(([media, shown]) => ({
            media,
            status,
            shown,
          })),
        )
        .filter(({ shown }) => shown.example === undefined && Object.keys(shown.examples ?? {}).length === 0)
        .map(({ media, status }) => `${method} ${route} ${status} ${media}`),
    ),
  );
  expect(without).toEqual([]);
});

test('the schemas of the document reject wrong answers', () => {
  const lease = validator({ $ref: '#/components/schemas/Lease' });
  expect(lease.safeParse({ leaseId: 'x' }).success).toBe(false);
});

/** Calls a route and checks its answer against the document. */
async function call(
  method: 'get' | 'post' | 'put' | 'delete',
  route: string,
  {
    id = '',
    other = '',
    name = '',
    incarnation = 'nobody',
    query = '',
    status = method === 'post' ? 201 : 200,
    ...request
  }: {
    id?: string;
    other?: string;
    name?: string;
    incarnation?: string;
    query?: string;
    status?: number;
    body?: unknown;
    secret?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Json> {
  const answer = await api.request(
    method.toUpperCase(),
    route
      .replace('{id}', id)
      .replace('{other}', other)
      .replace('{name}', name)
      .replace('{incarnation}', incarnation)
      .replace('{sessionId}', id) + query,
    request,
  );
  expect([route, answer.status, answer.text]).toEqual([route, status, expect.anything()]);
  called.add(`${method} ${route}`);
  const documented = resolved(document.paths[route]?.[method]?.responses[String(status)]);
  expect([route, status, documented !== undefined]).toEqual([route, status, true]);
  record(`${method} ${route}`, request.body, status, answer);
  const [media = ''] = (answer.headers.get('content-type') ?? '').split(';');
  const schema = documented?.content?.[media]?.schema;
  expect([route, media, schema !== undefined]).toEqual([route, media, answer.text !== '']);
  if (schema === undefined || media === 'text/plain') return {};
  const parsed = validator(schema).safeParse(
    media === 'application/x-ndjson' ? JSON.parse(answer.text) : answer.body,
  );
  expect(parsed.error?.issues ?? []).toEqual([]);
  return answer.body;
}
const called = new Set<string>();

const resolved = (response: Operation['responses'][string] | undefined): Response | undefined =>
  response !== undefined && '$ref' in response
    ? document.components.responses[response.$ref.split('/').at(-1) ?? '']
    : response;

// --- the examples of the document

type Examples = Record<string, Record<string, unknown>>;
const recorded: { examples: Examples; refusalExamples: Record<string, unknown> } = {
  examples: {},
  refusalExamples: {},
};

/** Keeps the first request of each route that succeeded, its answer, and the first refusal for each reason. */
function record(
  route: string,
  body: unknown,
  status: number,
  answer: { body: Json; text: string; headers: Headers },
): void {
  const [media = ''] = (answer.headers.get('content-type') ?? '').split(';');
  if (status >= 400) {
    recorded.refusalExamples[String(answer.body['reason'])] ??= answer.body;
    return;
  }
  const own = (recorded.examples[route] ??= {});
  if (body !== undefined) own['request'] ??= body;
  if (media === 'application/json') own[String(status)] ??= answer.body;
  else if (answer.text !== '') own[`${String(status)} ${media}`] ??= beginningOf(media, answer.text);
}

/** What the document shows of an answer in another form: its first lines, or its first object. */
function beginningOf(media: string, text: string): unknown {
  if (media === 'application/x-ndjson') return JSON.parse(text.split('\n')[0] ?? '');
  return `${text.split('\n').slice(0, 12).join('\n')}\n`;
}

const keysOf = (all: Examples): string[] =>
  Object.entries(all)
    .flatMap(([route, each]) => Object.keys(each).map((key) => `${route} ${key}`))
    .sort();

/** With WRITE=1 they are printed from this run. Then build, and `npm run openapi`. */
function checkExamples(): void {
  const printed = path('../../apps/lease-api/src/http/openapi-examples.generated.ts');
  const text = (value: unknown): string => JSON.stringify(value, undefined, 2);
  if (process.env['WRITE'] === '1')
    writeFileSync(
      printed,
      '/** What e2e/openapi sent and was answered; WRITE=1 prints it again. */\n' +
        `export const examples: Record<string, Record<string, unknown>> = ${text(recorded.examples)};\n` +
        `export const refusalExamples: Record<string, unknown> = ${text(recorded.refusalExamples)};\n`,
    );
  else {
    expect(keysOf(examples)).toEqual(keysOf(recorded.examples));
    expect(Object.keys(refusalExamples).sort()).toEqual(Object.keys(recorded.refusalExamples).sort());
  }
}

test('the answers of every route match the document, refusals included', async () => {
  const created = await call('post', '/v1/sessions', {
    body: { ttlMs: 60_000, node: 'n', label: 'l', pid: 1 },
  });
  const [sessionId, secret] = [String(created['sessionId']), String(created['secret'])];
  const where = (name: string) => ({ sessionId, export: 'local', file: name });

  await call('get', '/v1/sessions');
  await call('get', '/v1/sessions/{id}', { id: sessionId, secret });
  await call('post', '/v1/sessions/{id}/keepalive', { id: sessionId, secret, status: 200 });
  await call('post', '/v1/leases', { body: where('one'), secret });
  await call('post', '/v1/leases', { body: { leases: [where('two'), where('three')] }, secret });
  const lease = await call('post', '/v1/leases/acquire', { body: { ...where('a'), type: 'write' }, secret });
  const leaseId = String(lease['leaseId']);
  await call('get', '/v1/leases', { query: `?sessionId=${sessionId}&limit=2`, secret });
  await call('put', '/v1/leases/{id}', {
    id: leaseId,
    body: { type: 'read', ifToken: lease['token'] },
    secret,
  });
  const open = await call('post', '/v1/opens', { body: { ...where('b'), access: 'read' }, secret });
  await call('get', '/v1/opens/{id}', { id: String(open['openId']), secret });
  await call('post', '/v1/locks/{id}/break', { id: leaseId, body: { target: 'none' }, status: 200 });
  const breaking = await call('get', '/v1/leases/{id}', { id: leaseId, secret });
  expect(breaking).toMatchObject({ state: 'breaking', break: { target: 'none', cause: 'admin' } });
  await call('post', '/v1/opens', {
    body: { ...where('a'), owner: 'other', access: 'write' },
    secret,
    status: 409,
  });
  await call('put', '/v1/opens/{id}', {
    id: String(open['openId']),
    body: { access: 'both', deny: 'write' },
    secret,
  });
  const want = { ...where('d'), access: 'read', want: 'any' };
  const delegated = await call('post', '/v1/opens', { body: want, secret });
  const { lease: given } = delegated['delegation'] as {
    lease: { leaseId: string; stateid: { other: string } };
  };
  await call('get', '/v1/stateids/{other}', { other: given.stateid.other, secret });
  await call('post', '/v1/delegations', {
    body: { ...where('.'), want: 'write', directory: true },
    secret,
    status: 200,
  });
  // Nobody else writes the file, and no holder was asked.
  await call('post', '/v1/files/attributes', {
    body: { ...where('a'), change: 1, size: '2' },
    secret,
    status: 200,
  });
  await call('put', '/v1/leases/{id}/attributes', {
    id: leaseId,
    body: { askId: leaseId, size: 2 },
    secret,
    status: 412,
  });
  const bytes = { ...where('r'), class: 'posix', start: 0, end: '9007199254740993' };
  const range = await call('post', '/v1/ranges', { body: { ...bytes, type: 'write' }, secret });
  await call('get', '/v1/ranges/{id}', { id: String(range['rangeId']), secret });
  const asked = { ...bytes, owner: 'other', type: 'read' };
  await call('post', '/v1/ranges/test', { body: asked, secret, status: 200 });
  await call('post', '/v1/ranges/cancel', { body: asked, secret, status: 200 });
  await call('post', '/v1/ranges', { body: asked, secret, status: 409 });
  const queued = await call('post', '/v1/ranges', { body: { ...asked, queued: true }, secret, status: 202 });
  const waitId = String(queued['rangeId']);
  await call('get', '/v1/waits/{id}', { id: waitId, secret });
  await call('get', '/v1/locks', { query: '?tree&export=local&file=r' });
  await call('delete', '/v1/ranges/{id}', { id: waitId, secret, status: 204 });
  await call('post', '/v1/ranges/unlock', { body: bytes, secret, status: 200 });
  const both = ['a', 'b'].map((name) => ({
    ...{ method: 'POST', path: '/v1/leases/acquire' },
    body: { sessionId, export: 'local', file: `batch/${name}`, type: 'write', requestId: name },
  }));
  await call('post', '/v1/batch', { body: { calls: both }, secret, status: 200 });
  const files = ['from', 'to'].map((name) => ({ export: 'local', file: `set/${name}`, type: 'write' }));
  const index = { export: 'local', file: 'set/index', class: 'posix', type: 'write', start: 0, end: 99 };
  const moves = { export: 'local', semaphore: 'moves', limit: 3 };
  const set = { sessionId, leases: files, ranges: [index], permits: [moves] };
  await call('post', '/v1/sets', { body: { ...set, requestId: 'set' }, secret });
  await call('post', '/v1/sets', { body: { ...set, requestId: 'other' }, secret, status: 409 });
  const take = { sessionId, export: 'local', semaphore: 'backups', limit: 1 };
  const permit = await call('post', '/v1/permits', { body: take, secret });
  const permitId = String(permit['permitId']);
  await call('get', '/v1/permits/{id}', { id: permitId, secret });
  const { token } = permit;
  await call('post', '/v1/permits/check', {
    body: { export: 'local', semaphore: 'backups', token },
    status: 200,
  });
  await call('post', '/v1/permits', { body: take, secret, status: 409 });
  await call('post', '/v1/permits', { body: { ...take, limit: 2 }, secret, status: 400 });
  const third = await call('post', '/v1/permits', { body: { ...take, queued: true }, secret, status: 202 });
  await call('get', '/v1/waits/{id}', { id: String(third['permitId']), secret });
  await call('get', '/v1/locks', { query: '?tree&export=local&semaphore=backups' });
  await call('delete', '/v1/permits/{id}', { id: permitId, secret, status: 204 });
  const modal = { sessionId, export: 'local', resource: 'res', mode: 'EX' };
  const locked = await call('post', '/v1/dlm/locks', { body: { ...modal, requestId: 'q' }, secret });
  const lockId = String(locked['lockId']);
  await call('post', '/v1/dlm/locks', { body: modal, secret, status: 409 });
  const waiting = { ...modal, mode: 'PR', flags: ['valblk'], queued: true };
  const second = await call('post', '/v1/dlm/locks', { body: waiting, secret, status: 202 });
  await call('get', '/v1/dlm/locks', { query: `?sessionId=${sessionId}`, secret });
  await call('get', '/v1/dlm/locks/{id}', { id: lockId, secret });
  await call('put', '/v1/dlm/locks/{id}', { id: lockId, body: { mode: 'PW', block: 'AAEC' }, secret });
  await call('get', '/v1/dlm/resources', { query: '?export=local&resource=res' });
  await call('get', '/v1/locks', { query: '?tree&kind=dlm' });
  await call('get', '/v1/waits/{id}', { id: String(second['lockId']), secret });
  const cancel = { sessionId, lockId: second['lockId'] };
  await call('post', '/v1/dlm/locks/cancel', { body: cancel, secret, status: 200 });
  await call('post', '/v1/dlm/locks/cancel', { body: { sessionId, requestId: 'q' }, secret, status: 200 });
  await call('post', '/v1/dlm/locks/{id}/unlock', { id: lockId, body: {}, secret, status: 200 });
  const connect = { sessionId, export: 'local', protocol: { major: 1, minor: 1 } };
  const joined = await call('post', '/v1/dlm/connections', { body: connect, secret });
  const connectionId = String(joined['connectionId']);
  const spoken = { ...connect, protocol: { major: 2, minor: 0 } };
  await call('post', '/v1/dlm/connections', { body: spoken, secret, status: 400 });
  await call('get', '/v1/dlm/connections', { query: '?export=local' });
  await call('get', '/v1/dlm/connections/{id}', { id: connectionId, secret });
  await call('delete', '/v1/dlm/connections/{id}', { id: connectionId, secret, status: 409 });
  await call('post', '/v1/dlm/connections/{id}/hangup', { id: connectionId, secret, status: 200 });
  await call('delete', '/v1/dlm/connections/{id}', { id: connectionId, secret, status: 204 });
  await call('get', '/v1/dlm/connections/{id}/events', { id: connectionId, secret, status: 404 });
  const change = { ...where('d'), kind: 'truncate', owner: 'other' };
  await call('post', '/v1/files/changes', { body: change, secret, status: 200 });
  const other = await api.session();
  const truncate = { ...change, sessionId: other.sessionId, queued: true };
  const waits = await call('post', '/v1/files/changes', {
    body: truncate,
    secret: other.secret,
    status: 202,
  });
  await call('delete', '/v1/files/changes/{id}', {
    id: String(waits['changeId']),
    secret: other.secret,
    status: 200,
  });
  const told = { ...where('shown'), want: 'read', directory: true, notify: true };
  await eventually(async () => {
    const { lease } = (await call('post', '/v1/delegations', { body: told, secret, status: 200 })) as {
      lease: { leaseId: string; notify?: true };
    };
    if (lease.notify === true) return;
    await call('delete', '/v1/leases/{id}', { id: lease.leaseId, secret, status: 200 });
    throw new Error('the table does not have the format for it yet');
  });
  const entry = {
    ...where('shown'),
    sessionId: other.sessionId,
    kind: 'entries',
    name: 'new',
    reportMs: 60_000,
  };
  const { announced } = await call('post', '/v1/files/changes', {
    body: entry,
    secret: other.secret,
    status: 200,
  });
  await call('post', '/v1/files/changes/report', {
    body: { announced, made: true },
    secret: other.secret,
    status: 200,
  });
  await call('get', '/v1/grace');
  await call('post', '/v1/sessions/{id}/reclaim-complete', { id: sessionId, secret, status: 200 });
  await call('get', '/v1/locks');
  await call('get', '/v1/locks/{id}', { id: leaseId });
  await call('get', '/v1/locks', { query: '?format=text' });
  await call('get', '/v1/locks', {
    query: `?export=local&file=a`,
    headers: { accept: 'application/x-ndjson' },
  });
  await call('get', '/v1/fences', { query: '?export=local&file=a' });
  const check = { export: 'local', file: 'a', token: breaking['token'], for: 'read' };
  await call('post', '/v1/fences/check', { body: check, status: 200 });
  await call('post', '/v1/fences/check', { body: { ...check, token: 1 }, status: 412 });
  await call('delete', '/v1/locks/{id}', { id: leaseId, status: 204 });
  await call('delete', '/v1/opens/{id}', { id: String(open['openId']), secret, status: 204 });
  const last = await call('post', '/v1/leases/acquire', { body: { ...where('c'), type: 'read' }, secret });
  await call('delete', '/v1/leases/{id}', { id: String(last['leaseId']), secret, status: 204 });
  await call('post', '/v1/leases/{id}/free', { id: String(last['leaseId']), secret, status: 204 });
  await configure(created);
  await call('get', '/v1/subjects');
  await accept({ sessionId, secret }, await api.session());
  await call('get', '/v1/events', { query: '?file=a', status: 400 });
  await call('get', '/v1/watch', { status: 400 });
  await call('get', '/readyz');
  await call('get', '/livez');
  await call('get', '/metrics');
  await call('delete', '/v1/sessions/{id}', { id: sessionId, query: '?dryRun', status: 200 });
  await call('delete', '/v1/sessions/{id}', { id: sessionId, query: '?dryRun', secret, status: 403 });
  await call('delete', '/v1/sessions/{id}', { id: sessionId, secret, status: 204 });
  await call('get', '/v1/sessions/{id}/events', { id: sessionId, secret, status: 412 });

  const documented = Object.entries(document.paths).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => `${method} ${route}`),
  );
  expect([...called].sort()).toEqual(documented.sort());
  checkExamples();
});

/** What is answered 202 as it goes on, and the beginnings of streams. */
async function accept(me: { sessionId: string; secret: string }, other: typeof me): Promise<void> {
  const [mine, theirs] = [{ secret: me.secret }, { secret: other.secret }];
  const at = (file: string) => ({ export: 'local', file });
  const queued = { queued: true };
  for (const file of ['held', 'kept', 'set']) {
    const body = { sessionId: me.sessionId, ...at(file), type: 'write' };
    await call('post', '/v1/leases/acquire', { body, ...mine });
  }
  const asked = { sessionId: other.sessionId, ...at('held'), type: 'write', ...queued };
  await call('post', '/v1/leases/acquire', { body: asked, ...theirs, status: 202 });
  const made = await call('post', '/v1/leases', {
    body: { sessionId: other.sessionId, ...at('kept') },
    ...theirs,
  });
  await call('put', '/v1/leases/{id}', {
    ...{ id: String(made['leaseId']), body: { type: 'write', ...queued }, ...theirs, status: 202 },
  });
  const denying = { sessionId: me.sessionId, ...at('denied'), access: 'both', deny: 'write' };
  await call('post', '/v1/opens', { body: denying, ...mine });
  const opening = { sessionId: other.sessionId, ...at('denied') };
  await call('post', '/v1/opens', {
    body: { ...opening, access: 'write', ...queued },
    ...theirs,
    status: 202,
  });
  const denyingLess = { sessionId: me.sessionId, ...at('less'), access: 'read', deny: 'write' };
  await call('post', '/v1/opens', { body: denyingLess, ...mine });
  const open = await call('post', '/v1/opens', {
    body: { sessionId: other.sessionId, ...at('less'), access: 'read' },
    ...theirs,
  });
  await call('put', '/v1/opens/{id}', {
    ...{
      id: String(open['openId']),
      body: { access: 'both', deny: 'none', ...queued },
      ...theirs,
      status: 202,
    },
  });
  const set = { sessionId: other.sessionId, leases: [{ ...at('set'), type: 'write' }], requestId: 's' };
  await call('post', '/v1/sets', { body: { ...set, ...queued }, ...theirs, status: 202 });
  const modal = { export: 'local', resource: 'shared', mode: 'PR' };
  await call('post', '/v1/dlm/locks', { body: { sessionId: me.sessionId, ...modal }, ...mine });
  const lock = await call('post', '/v1/dlm/locks', {
    body: { sessionId: other.sessionId, ...modal },
    ...theirs,
  });
  await call('put', '/v1/dlm/locks/{id}', {
    ...{ id: String(lock['lockId']), body: { mode: 'EX', ...queued }, ...theirs, status: 202 },
  });
  const lines = { headers: { accept: 'application/x-ndjson' }, ...theirs, status: 200 };
  const one = { method: 'POST', path: '/v1/leases/acquire', body: { ...asked, ...at('one'), queued: false } };
  await call('post', '/v1/batch', { body: { calls: [one] }, ...lines });
  const connected = await call('post', '/v1/dlm/connections', {
    body: { sessionId: other.sessionId, export: 'local', protocol: { major: 1, minor: 1 } },
    ...theirs,
  });
  const id = String(connected['connectionId']);
  await begin('/v1/sessions/{id}/events', `/v1/sessions/${other.sessionId}/events`, theirs);
  await begin('/v1/dlm/connections/{id}/events', `/v1/dlm/connections/${id}/events`, theirs);
  await begin('/v1/events', '/v1/events?past=true&session=' + other.sessionId, {});
  const watched = begin('/v1/watch', '/v1/watch?export=local&prefix=watched/', theirs);
  for (let n = 0; recorded.examples['get /v1/watch']?.['200 text/event-stream'] === undefined; n += 1) {
    const body = { sessionId: me.sessionId, ...at(`watched/${String(n)}`), type: 'read' };
    await call('post', '/v1/leases/acquire', { body, ...mine });
  }
  await watched;
}

/** The first event of a session's stream; of the others what the first says that tells of something. */
async function begin(route: string, url: string, { secret }: { secret?: string }): Promise<void> {
  const done = new AbortController();
  const headers: Record<string, string> = secret === undefined ? {} : { 'x-session-secret': secret };
  const late = setTimeout(() => {
    done.abort(new Error(`${route}: nothing came within a minute`));
  }, 60_000);
  const stream = await fetch(api.url + url, { headers, signal: done.signal });
  expect([route, stream.status]).toEqual([route, 200]);
  const named = route.endsWith('}/events');
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n').slice(0, -1);
    const isIt = (block: string): boolean =>
      block.includes('data:') && (named || !block.includes('event: resync'));
    const first = blocks.find(isIt);
    if (first === undefined) continue;
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(first)?.[1] ?? '';
    const data = JSON.parse(field('data')) as unknown;
    const own = (recorded.examples[`get ${route}`] ??= {});
    own['200 text/event-stream'] ??= named ? { id: field('id'), event: field('event'), data } : data;
    break;
  }
  clearTimeout(late);
  done.abort();
}

/** The configuration tree: created, read, used and removed. */
async function configure({ sessionId, secret }: Json): Promise<void> {
  const me = { id: String(sessionId), secret: String(secret) };
  await call('put', '/v1/stacks/{name}', {
    name: 'kind',
    body: { description: 'd', onDemand: { prefix: 'on-' } },
    status: 201,
  });
  await call('put', '/v1/regions/{name}', { name: 'region', body: {}, status: 201 });
  await call('put', '/v1/nodes/{name}', { name: 'node', body: { region: 'region' }, status: 201 });
  await call('put', '/v1/exports/{name}', {
    name: 'lazy',
    body: { stack: 'kind', policy: 'local', region: 'region', breakMs: 1_000 },
    status: 201,
  });
  const stale = { headers: { 'if-match': '"1"' }, status: 412 };
  await call('put', '/v1/exports/{name}', { name: 'lazy', body: { stack: 'kind' }, ...stale });
  for (const [kind, name] of [
    ['stacks', 'kind'],
    ['exports', 'lazy'],
    ['nodes', 'node'],
    ['regions', 'region'],
  ] as const) {
    await call('get', `/v1/${kind}`);
    await call('get', `/v1/${kind}/{name}`, { name });
    const pinned = await call('post', `/v1/${kind}/{name}/pins`, {
      name,
      body: { sessionId, because: 'it is used' },
      secret: me.secret,
    });
    await call('get', '/v1/pins/{id}', { id: String(pinned['pinId']), secret: me.secret });
    await call('get', `/v1/${kind}/{name}/dependents`, { name });
    await call('delete', `/v1/${kind}/{name}`, { name, status: 409 });
    await call('delete', '/v1/pins/{id}', { id: String(pinned['pinId']), secret: me.secret, status: 204 });
  }
  await call('put', '/v1/stacks/{name}', { name: 'kind', body: { description: 'e' } });
  await call('put', '/v1/regions/{name}', { name: 'region', body: {} });
  await call('put', '/v1/nodes/{name}', { name: 'node', body: { region: 'region', description: 'd' } });
  const lazy = { stack: 'kind', policy: 'local', region: 'region', breakMs: 2_000 };
  await call('put', '/v1/exports/{name}', { name: 'lazy', body: lazy });
  const byForce = { query: '?force=true&deadlineMs=1000', status: 202 };
  await call('put', '/v1/nodes/{name}', { name: 'gone', body: { region: 'region' }, status: 201 });
  await call('delete', '/v1/nodes/{name}', { name: 'gone', ...byForce });
  await call('put', '/v1/stacks/{name}', { name: 'gone', body: {}, status: 201 });
  await call('put', '/v1/exports/{name}', { name: 'gone', body: { stack: 'gone' }, status: 201 });
  await call('delete', '/v1/exports/{name}', { name: 'gone', ...byForce });
  await call('delete', '/v1/stacks/{name}', { name: 'gone', ...byForce });
  const byItem = { item: { kind: 'exports', name: 'lazy' } };
  await call('post', '/v1/nodes/{name}/pins', { name: 'node', body: byItem });
  await call('post', '/v1/regions/{name}/subscriptions', {
    name: 'region',
    body: { sessionId },
    secret: me.secret,
  });
  await call('post', '/v1/nodes/{name}/beat', { name: 'node', body: { incarnation: 'one' }, status: 200 });
  await call('get', '/v1/nodes/{name}', { name: 'node' });
  const notice = { sessionId, noticeId: 'n0' };
  await call('post', '/v1/nodes/{name}/acks', {
    name: 'node',
    body: notice,
    secret: me.secret,
    status: 200,
  });
  await call('delete', '/v1/regions/{name}/subscriptions/{sessionId}', {
    ...{ name: 'region', ...me },
    status: 204,
  });
  const body = { deadlineMs: 1_000 };
  const hungUp = await call('post', '/v1/exports/{name}/hangup', { name: 'lazy', body, status: 202 });
  await call('get', '/v1/operations/{id}', { id: String(hungUp['operationId']), query: '?waitMs=10000' });
  await call('get', '/v1/operations');
  await call('post', '/v1/exports/{name}/resume', { name: 'lazy', status: 200 });
  await call('post', '/v1/exports/{name}/grace', { name: 'lazy', body: { graceMs: 60_000 }, status: 200 });
  await call('post', '/v1/stacks/{name}/adapters/{incarnation}/stop', { name: 'kind', status: 404 });
  await stopAdapter();
  const removal = await call('delete', '/v1/regions/{name}', {
    name: 'region',
    query: '?force=true&deadlineMs=1000',
    status: 202,
  });
  await call('get', '/v1/operations/{id}', { id: String(removal['operationId']), query: '?waitMs=10000' });
  await call('delete', '/v1/stacks/{name}', { name: 'kind', status: 204 });
}

/** Stops the adapter of an export, which is removed then. */
async function stopAdapter(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-openapi-'));
  try {
    const adapter = await startFileserver({ exports: { served: folder }, apis: [api.rpcAddress] }, api);
    const { incarnation } = await adapter.logged(({ msg }) => msg === 'ready');
    const of = { name: 'posix', incarnation: String(incarnation) };
    const body = { deadlineMs: 1_000 };
    const stopped = await call('post', '/v1/stacks/{name}/adapters/{incarnation}/stop', {
      ...{ ...of, body },
      status: 202,
    });
    await call('get', '/v1/operations/{id}', {
      id: String(stopped['operationId']),
      query: '?waitMs=10000',
    });
    await adapter.ended(120_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('an attribute query, its event and its answers match the document', async () => {
  const [holder, asker] = [await api.session(), await api.session()];
  const headers = { 'x-session-secret': holder.secret };
  const stream = await fetch(`${api.url}/v1/sessions/${holder.sessionId}/events`, { headers });
  const where = { export: 'local', file: 'asked' };
  const acquired = { sessionId: holder.sessionId, ...where, type: 'write' };
  const lease = await call('post', '/v1/leases/acquire', { body: acquired, secret: holder.secret });
  const wanted = {
    sessionId: asker.sessionId,
    ...where,
    change: '18446744073709551614',
    size: 0,
    times: true,
  };
  const asking = call('post', '/v1/files/attributes', { body: wanted, secret: asker.secret, status: 200 });
  let event: Json | undefined;
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const [, data] = /event: attributes\ndata: (.*)\n/.exec(text) ?? [];
    if (data === undefined) continue;
    event = JSON.parse(data) as Json;
    break;
  }
  const parsed = validator({ $ref: '#/components/schemas/AttributesEventData' }).safeParse(event);
  expect(parsed.error?.issues ?? []).toEqual([]);
  expect(event).toMatchObject({ leaseId: lease['leaseId'], times: true });
  const body = { askId: event?.['askId'], modified: true, size: 5, accessedAt: '2026-01-01T00:00:00.5Z' };
  const id = String(lease['leaseId']);
  await call('put', '/v1/leases/{id}/attributes', { id, body, secret: holder.secret, status: 204 });
  expect(await asking).toEqual({
    ...{ holder: 'other', modified: true, change: '18446744073709551615', size: '5' },
    accessedAt: '2026-01-01T00:00:00.5Z',
  });
});

test('events match the document', async () => {
  const { sessionId, secret } = await api.session();
  const headers = { 'x-session-secret': secret };
  const response = await fetch(`${api.url}/v1/sessions/${sessionId}/events`, { headers });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const body = { sessionId, export: 'local', file: 'e', type: 'read' };
  const lease = await api.request('POST', '/v1/leases/acquire', { body, secret });
  await api.request('POST', `/v1/locks/${String(lease.body['leaseId'])}/break`);
  await api.request('DELETE', `/v1/leases/${String(lease.body['leaseId'])}`, { secret });
  await api.request('DELETE', `/v1/sessions/${sessionId}`, { secret });
  // The stream ends with the session.
  const events = (await response.text()).split('\n\n').filter((block) => block.includes('event:'));
  const names = events.map((block) => {
    const [, name = '', data = ''] = /event: (.*)\ndata: (.*)/.exec(block) ?? [];
    const [, id] = /^id: (.*)$/m.exec(block) ?? [];
    const event = { id, event: name, data: JSON.parse(data) as unknown };
    const parsed = validator({ $ref: '#/components/schemas/SessionEvent' }).safeParse(event);
    expect(parsed.error?.issues ?? []).toEqual([]);
    return name;
  });
  expect(names).toEqual(['resync', 'break', 'released']);
});
