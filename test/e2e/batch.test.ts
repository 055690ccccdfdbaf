import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Leasehold, type Session } from '#client';
import { limits } from '#contracts';
import { eventually } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** Many calls in one request: each is served as if it were sent alone. */
type Json = Record<string, unknown>;
interface Call {
  method: string;
  path: string;
  body?: Json;
}
interface Answer {
  index: number;
  status: number;
  retryAfterS?: number;
  body?: Json;
  problem?: Json;
}
interface Client {
  sessionId: string;
  secret: string;
  headers?: Record<string, string>;
}

const directory = mkdtempSync(join(tmpdir(), 'leasehold-batch-'));
let redis: RedisServer;
let apis: LeaseApi[];
beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
  apis = [await startLeaseApi(), await startLeaseApi({ table: redis.url })];
});
afterAll(async () => {
  await stopPrograms();
  await redis.stop();
  rmSync(directory, { recursive: true });
});
const embedded = (): LeaseApi => apis[0] as LeaseApi;

const send = (api: LeaseApi, client: Client, calls: unknown): ReturnType<LeaseApi['request']> =>
  api.request('POST', '/v1/batch', { ...client, body: { calls } });
async function batch(api: LeaseApi, client: Client, calls: unknown[]): Promise<Answer[]> {
  const { status, body } = await send(api, client, calls);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body['answers'] as Answer[];
}
async function alone(api: LeaseApi, client: Client, { method, path, body }: Call): Promise<Answer> {
  const answer = await api.request(method, path, { ...client, body });
  return { index: 0, status: answer.status, [answer.status < 400 ? 'body' : 'problem']: answer.body };
}

let files = 0;
const newFile = (): string => `batch/${String(++files)}`;
const acquire = ({ sessionId }: Client, file: string, over: Json = {}): Call => ({
  ...{ method: 'POST', path: '/v1/leases/acquire' },
  body: { sessionId, export: 'local', file, type: 'write', ...over },
});
const statuses = (answers: readonly Answer[]): number[] => answers.map(({ status }) => status);

test('a call that is wrong or refused refuses only itself, at its place', async () => {
  for (const api of apis) {
    const [me, other] = [await api.session(), await api.session()];
    const [taken, free] = [newFile(), newFile()];
    expect((await alone(api, other, acquire(other, taken))).status).toBe(201);
    const answers = await batch(api, me, [
      acquire(me, taken),
      acquire(me, free),
      'not a call',
      { method: 'POST', path: '/v1/nowhere' },
      acquire(me, newFile(), { type: 'rite' }),
      acquire(other, newFile()),
      { method: 'GET', path: '/v1/leases/00000000-0000-7000-8000-000000000000' },
      { method: 'POST', path: `/v1/sessions/${me.sessionId}/keepalive` },
      acquire(me, newFile(), { waitMs: 5 }),
      acquire(me, taken, { waitMs: 60_000, queued: true }),
      { method: 'POST', path: '/v1/batch', body: { calls: [] } },
      { method: 'GET', path: `/v1/sessions/${me.sessionId}/events` },
      { method: 'GET', path: `/v1/leases?sessionId=${me.sessionId}` },
      { method: 'GET', path: '/v1/leases/%zz' },
    ]);
    expect(answers.map(({ index }) => index)).toEqual(answers.map((_, index) => index));
    expect(answers.map(({ status, problem }) => [status, problem?.['reason']])).toEqual([
      [409, 'lease_conflict'],
      [201, undefined],
      [400, 'bad_request'],
      [404, 'no_such_route'],
      [400, 'bad_request'],
      [403, 'not_holder'],
      [404, 'no_such_lease'],
      [200, undefined],
      [400, 'bad_request'],
      [202, undefined],
      [404, 'no_such_route'],
      [404, 'no_such_route'],
      [404, 'no_such_route'],
      [404, 'no_such_route'],
    ]);
    expect(answers[0]).toMatchObject({
      retryAfterS: 1,
      problem: { blockers: [{ sessionId: other.sessionId }] },
    });
    expect(answers[8]?.problem).toMatchObject({ issues: [{ path: 'waitMs' }] });
    // What was refused in the batch has changed nothing, and what was granted can be given back.
    const [given] = await batch(api, me, [
      { method: 'DELETE', path: `/v1/leases/${String(answers[1]?.body?.['leaseId'])}` },
    ]);
    expect(given).toEqual({ index: 0, status: 204 });
  }
});

test('the bounds of a batch: its number of calls, its bytes, its form', async () => {
  const api = embedded();
  const me = await api.session();
  const one = { method: 'POST', path: `/v1/sessions/${me.sessionId}/keepalive` };
  const most = Array.from({ length: limits.callsPerBatchMax }, () => one);
  expect(new Set(statuses(await batch(api, me, most)))).toEqual(new Set([200]));
  for (const calls of [[...most, one], [], undefined, {}])
    expect(await send(api, me, calls)).toMatchObject({ status: 400, body: { reason: 'bad_request' } });
  const long = Array.from({ length: 3 }, () => ({ ...one, body: { pad: 'x'.repeat(100_000) } }));
  expect(await send(api, me, long)).toMatchObject({ status: 413 });
  expect(await send(api, { ...me, secret: '' }, [one])).toMatchObject({ status: 401 });
});

test('as lines, each answer comes as soon as it is there, a refusal as well', async () => {
  for (const api of apis) {
    const [me, other] = [await api.session(), await api.session()];
    const taken = newFile();
    await alone(api, other, acquire(other, taken));
    const response = await fetch(`${api.url}/v1/batch`, {
      method: 'POST',
      headers: {
        ...{
          'content-type': 'application/json',
          accept: 'application/x-ndjson',
          'x-session-secret': me.secret,
        },
      },
      // The last is refused at once, those before by the table, when its line has left.
      body: JSON.stringify({
        calls: [acquire(me, newFile()), acquire(me, taken), { method: 'POST', path: '/v1/nowhere' }],
      }),
    });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('x-request-id')).not.toBeNull();
    const answers = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);
    expect(answers.sort((a, b) => a.index - b.index)).toMatchObject([
      { status: 201 },
      { status: 409 },
      { status: 404 },
    ]);
  }
});

test('a repeat of a batch finds what it created, and creates nothing', async () => {
  for (const api of apis) {
    const me = await api.session();
    const calls = Array.from({ length: 8 }, (_, at) =>
      acquire(me, newFile(), { requestId: `r${String(at)}` }),
    );
    const ids = (answers: readonly Answer[]): unknown[] => answers.map(({ body }) => body?.['leaseId']);
    const [first, again] = [await batch(api, me, calls), await batch(api, me, calls)];
    expect(statuses(again)).toEqual(calls.map(() => 201));
    expect(ids(again)).toEqual(ids(first));
    expect(new Set(ids(first)).size).toBe(calls.length);
  }
});

/** Calls by a model: on files of the run, by two owners; later ones give back what earlier ones were granted. */
type Wish = { file: number; owner: 'a' | 'b' } & (
  | { what: 'lease'; type: 'read' | 'write' | 'bad' }
  | { what: 'open'; access: 'read' | 'write'; deny: 'none' | 'read' | 'write' }
  | { what: 'range'; type: 'read' | 'write' }
  | { what: 'release' | 'get' }
);
const wish: fc.Arbitrary<Wish> = fc
  .tuple(fc.nat(9), fc.constantFrom('a' as const, 'b' as const))
  .chain(([file, owner]) =>
    fc
      .oneof(
        fc.record({ what: fc.constant('lease' as const), type: fc.constantFrom('read', 'write', 'bad') }),
        fc.record({
          what: fc.constant('open' as const),
          access: fc.constantFrom('read', 'write'),
          deny: fc.constantFrom('none', 'read', 'write'),
        }),
        fc.record({ what: fc.constant('range' as const), type: fc.constantFrom('read', 'write') }),
        fc.record({ what: fc.constantFrom('release' as const, 'get' as const) }),
      )
      .map((more) => ({ file, owner, ...more })),
  );
/** One call for each file, so that they are independent. */
const round = fc.uniqueArray(wish, { minLength: 1, maxLength: 10, selector: ({ file }) => file });

/** Plays rounds in a session of its own; what it is answered, without ids, numbers and times. */
async function played(
  api: LeaseApi,
  rounds: readonly (readonly Wish[])[],
  ask: (me: Client, calls: Call[]) => Promise<Answer[]>,
): Promise<unknown> {
  const me = await api.session();
  const mine = newFile();
  const held = new Map<number, string>();
  const told: unknown[] = [];
  for (const wishes of rounds) {
    const calls = wishes.map((each): Call => {
      const where = {
        sessionId: me.sessionId,
        export: 'local',
        file: `${mine}/${String(each.file)}`,
        owner: each.owner,
      };
      if (each.what === 'lease')
        return { method: 'POST', path: '/v1/leases/acquire', body: { ...where, type: each.type } };
      if (each.what === 'open')
        return {
          method: 'POST',
          path: '/v1/opens',
          body: { ...where, access: each.access, deny: each.deny },
        };
      if (each.what === 'range')
        return {
          method: 'POST',
          path: '/v1/ranges',
          body: { ...where, class: 'posix', type: each.type, start: 0, end: 9 },
        };
      return {
        method: each.what === 'get' ? 'GET' : 'DELETE',
        path: held.get(each.file) ?? '/v1/leases/00000000-0000-7000-8000-000000000000',
      };
    });
    const answers = await ask(me, calls);
    for (const [at, { status, body, problem }] of answers.entries()) {
      const { leaseId, openId, rangeId } = (body ?? {}) as Record<string, string | undefined>;
      const path = [
        leaseId && `/v1/leases/${leaseId}`,
        openId && `/v1/opens/${openId}`,
        rangeId && `/v1/ranges/${rangeId}`,
      ];
      const found = path.find((each) => each !== undefined);
      const file = wishes[at]?.file ?? 0;
      if (found !== undefined && status === 201) held.set(file, found);
      const { type, state, access, deny, owner } = body ?? {};
      told.push([at, status, problem?.['reason'], type, state, access, deny, owner]);
    }
  }
  await api.request('DELETE', `/v1/sessions/${me.sessionId}`, me);
  return told;
}

test('a batch of independent calls is answered as the same calls one after the other', async () => {
  const one = (api: LeaseApi) => async (me: Client, calls: Call[]) => {
    const answers: Answer[] = [];
    for (const call of calls) answers.push(await alone(api, me, call));
    return answers;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 4 }), async (rounds) => {
      for (const api of apis)
        expect(await played(api, rounds, (me, calls) => batch(api, me, calls))).toEqual(
          await played(api, rounds, one(api)),
        );
    }),
    { numRuns: 12, seed: Number(process.env['SEED'] ?? 12) },
  );
});

test('of calls that exclude each other, one is granted, whichever', async () => {
  for (const api of apis) {
    const me = await api.session();
    const file = newFile();
    const answers = await batch(
      api,
      me,
      ['a', 'b', 'c'].map((owner) => acquire(me, file, { owner })),
    );
    expect(statuses(answers).sort()).toEqual([201, 409, 409]);
  }
});

test('rights, rates and the audit count each call, not the batch', async () => {
  const tokenOf = (name: string): string => `token-of-${name}`;
  const callers = join(directory, 'callers.json');
  const audit = join(directory, 'audit');
  const tokens = [{ subject: 'carol', rights: ['session', 'lease:write:local'] }].map(
    ({ subject, rights }) => ({
      ...{ sha256: hash('sha256', tokenOf(subject), 'hex'), subject, tenant: 'red', rights },
    }),
  );
  const perSecond = { subjects: { 'red/carol': { requestsPerSecond: 6 } } };
  const write = (more: object): void => {
    writeFileSync(callers, JSON.stringify({ tokens, ...more }), { mode: 0o600 });
  };
  write({});
  const api = await startLeaseApi({
    env: { LEASEHOLD_CALLERS: callers, LEASEHOLD_AUDIT: audit, LEASEHOLD_LOCAL_EXPORTS: 'local,elsewhere' },
  });
  const headers = { authorization: `Bearer ${tokenOf('carol')}` };
  const { body } = await api.request('POST', '/v1/sessions', { headers, body: { ttlMs: 600_000 } });
  const carol = { sessionId: String(body['sessionId']), secret: String(body['secret']), headers };
  const there = acquire(carol, newFile(), { export: 'elsewhere' });
  const change = {
    method: 'POST',
    path: '/v1/files/changes',
    body: { sessionId: carol.sessionId, export: 'local', file: 'f', kind: 'truncate' },
  };
  const answers = await batch(api, carol, [acquire(carol, newFile()), there, change]);
  expect(answers.map(({ status, problem }) => [status, problem?.['reason']])).toEqual([
    [201, undefined],
    [403, 'no_right'],
    [403, 'no_right'],
  ]);
  await eventually(() => {
    const lines = readFileSync(audit, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const actions = lines.map((line) => JSON.parse(line) as Json);
    expect(actions.map(({ action, outcome, rule, status }) => [action, outcome, rule, status])).toEqual([
      ['POST /v1/leases/acquire', 'refused', 'lease:write:elsewhere', 403],
      ['POST /v1/files/changes', 'refused', 'change:local', 403],
    ]);
  });
  const from = api.lines.length;
  write({ limits: perSecond });
  await api.logged(({ msg }) => msg === 'the callers have been read again', { from });
  const many = await batch(
    api,
    carol,
    Array.from({ length: 20 }, () => acquire(carol, newFile())),
  );
  const refused = many.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(8);
  expect(refused[0]?.problem).toMatchObject({ reason: 'rate_exceeded', allowed: 6 });
  // A second may have ended between them.
  expect(refused.length).toBeLessThanOrEqual(14);
});

test.each(['embedded', 'Redis'])('kill -9 under batches loses no answer: %s', async (kind) => {
  const own = kind === 'Redis' ? await startRedis({ appendonly: 'yes', appendfsync: 'always' }) : undefined;
  const api = await startLeaseApi(own === undefined ? {} : { table: own.url });
  try {
    const me = await api.session(600_000);
    const batches = Array.from({ length: 6 }, () =>
      Array.from({ length: 32 }, () => {
        const file = newFile();
        return acquire(me, file, { requestId: file });
      }),
    );
    const told = new Map<string, unknown>();
    const note = (answers: readonly Answer[]): void => {
      for (const { status, body } of answers) {
        expect(status).toBe(201);
        const file = String(body?.['file']);
        // What was answered once is what is found ever after.
        expect(told.get(file) ?? body?.['leaseId']).toBe(body?.['leaseId']);
        told.set(file, body?.['leaseId']);
      }
    };
    const sending = batches.map(async (calls, at) => {
      const sent = batch(api, me, calls);
      if (at === 1) void api.kill();
      note(await sent);
    });
    await Promise.allSettled(sending);
    await api.ended();
    await api.start();
    for (const calls of batches) note(await batch(api, me, calls));
    expect(told.size).toBe(6 * 32);
    const { body } = await api.request('GET', `/v1/leases?sessionId=${me.sessionId}&limit=1000`, me);
    const held = (body['leases'] as Json[]).map(({ file, leaseId }) => [file, leaseId]);
    const expected = new Map(held as [string, unknown][]);
    expect(held.length).toBe(expected.size);
    for (const [file, leaseId] of told) expect([file, expected.get(file)]).toEqual([file, leaseId]);
  } finally {
    await api.kill();
    await own?.stop();
  }
});

describe('the client', () => {
  /** What was asked of the service, and what is answered instead of it. */
  const watched = (api: LeaseApi, instead?: (path: string) => Response | undefined) => {
    const asked: string[] = [];
    const client = new Leasehold({
      url: api.url,
      fetch: async (url, init) => {
        const { pathname } = new URL(url);
        asked.push(`${init.method ?? 'GET'} ${pathname}`);
        return instead?.(pathname) ?? fetch(url, init);
      },
    });
    return { client, asked };
  };
  const take = (session: Session, file = newFile(), over: object = {}, signal?: AbortSignal) =>
    session.acquire({ export: 'local', file, type: 'write', ...over }, { signal });
  const quiet = { events: false, keepalive: false };

  test('sends together what is asked for in one turn, each with its own error', async () => {
    for (const api of apis) {
      const { client, asked } = watched(api);
      const [session, other] = [await client.openSession(quiet), await client.openSession(quiet)];
      const taken = newFile();
      await take(other, taken);
      asked.length = 0;
      const leases = await Promise.all(
        Array.from({ length: limits.callsPerBatchMax + 1 }, () => take(session)),
      );
      expect(asked.sort()).toEqual(['POST /v1/batch', 'POST /v1/leases/acquire']);
      const refused = take(session, taken).catch((error: unknown) => error);
      await Promise.all(leases.map((lease) => lease.release()));
      expect(await refused).toMatchObject({
        reason: 'lease_conflict',
        status: 409,
        problem: { blockers: [{}] },
      });
      expect(asked.slice(2)).toEqual(['POST /v1/batch', 'POST /v1/batch']);
      await Promise.all([session.end(), other.end()]);
    }
  });

  test('a signal gives up one call, and the others go on', async () => {
    const { client, asked } = watched(embedded());
    const session = await client.openSession(quiet);
    const stop = new AbortController();
    const calls = [take(session), take(session, newFile(), {}, stop.signal), take(session)];
    stop.abort(new Error('no longer'));
    const [first, second, third] = await Promise.allSettled(calls);
    expect([first?.status, third?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(second).toMatchObject({ reason: { message: 'no longer' } });
    // The same when the batch is under way.
    const late = new AbortController();
    const halfway = new Leasehold({
      url: embedded().url,
      fetch: (url, init) => {
        if (url.endsWith('/v1/batch'))
          setImmediate(() => {
            late.abort(new Error('too late'));
          });
        return fetch(url, init);
      },
    });
    const theirs = await halfway.openSession(quiet);
    const sent = await Promise.allSettled([
      take(theirs),
      take(theirs, newFile(), {}, late.signal),
      take(theirs),
    ]);
    expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sent[1]).toMatchObject({ reason: { message: 'too late' } });
    await theirs.end();
    const all = new AbortController();
    const given = [take(session, newFile(), {}, all.signal), take(session, newFile(), {}, all.signal)];
    setImmediate(() => {
      all.abort(new Error('none of them'));
    });
    for (const each of await Promise.allSettled(given))
      expect(each).toMatchObject({ reason: { message: 'none of them' } });
    expect(asked).toContain('POST /v1/batch');
    await session.end();
  });

  test('a call that is held, and one that is alone, are sent as they are', async () => {
    const { client, asked } = watched(embedded());
    const session = await client.openSession(quiet);
    asked.length = 0;
    await Promise.all([take(session, newFile(), { waitMs: 100 }), take(session, newFile(), { waitMs: 100 })]);
    await take(session);
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'POST /v1/leases/acquire'));
    await session.end();
  });

  test('what batches do not carry is asked for by itself', async () => {
    const api = embedded();
    const [region, node] = ['batched', 'batched-1'];
    for (const [path, body] of [
      [`/v1/regions/${region}`, { beatMs: 60_000, deadMs: 120_000, ackMs: 60_000 }],
      [`/v1/nodes/${node}`, { region }],
    ] as const)
      expect(await api.request('PUT', path, { body })).toMatchObject({ status: 201 });
    const { client, asked } = watched(api);
    const session = await client.openSession(quiet);
    asked.length = 0;
    // It looks for notices that wait, in the turn in which the lease is asked for.
    await session.onNode(region, () => undefined);
    await take(session);
    await eventually(() => {
      expect(asked.slice(1)).toEqual(['POST /v1/batch', 'GET /v1/nodes']);
    });
    await session.end();
  });

  test('an old service, which knows no batches, is asked call by call', async () => {
    const problem = {
      type: 't',
      title: 't',
      code: 'ENOENT',
      reason: 'no_such_route',
      next: 'n',
      status: 404,
    };
    const { client, asked } = watched(embedded(), (path) =>
      path === '/v1/batch' ? new Response(JSON.stringify(problem), { status: 404 }) : undefined,
    );
    const session = await client.openSession(quiet);
    asked.length = 0;
    for (let turn = 0; turn < 2; turn += 1) await Promise.all(Array.from({ length: 3 }, () => take(session)));
    const alone = Array.from({ length: 3 }, () => 'POST /v1/leases/acquire');
    expect(asked).toEqual(['POST /v1/batch', ...alone, ...alone]);
    await session.end();
  });

  test('an answer that ends early is repeated for the calls that lack theirs, and finds what they were granted', async () => {
    let cut = 0;
    const api = embedded();
    const client = new Leasehold({
      url: api.url,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (!url.endsWith('/v1/batch') || cut++ > 0) return response;
        const [line = ''] = (await response.text()).split('\n', 1);
        return new Response(`${line}\n{"index":`, { status: 200 });
      },
    });
    const session = await client.openSession(quiet);
    const leases = await Promise.all(Array.from({ length: 5 }, () => take(session)));
    expect(new Set(leases.map(({ id }) => id)).size).toBe(5);
    expect(session.leases.size).toBe(5);
    await session.end();
  });
});
