import { EventEmitter, once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Leasehold,
  LeaseholdError,
  type Lease,
  type LeaseholdOptions,
  type Notice,
  type Notices,
  type OpenSession,
  type Session,
} from '#client';
import { type Lease as LeaseRow, type Problem, type Reason, problemOf } from '#contracts';

/**
 * The client under cut connections, replays, lost answers and silence. A scripted HTTP server plays the lease API here,
 * because the point is what the client does when the service is *not* well; test/e2e runs it against the real one.
 */

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}
type Answer = { status: number; body?: unknown; location?: string } | 'cut' | 'hang';
type Script = (asked: Asked) => Answer;

const ok = (body: unknown): Answer => ({ status: 200, body });
const refuse = (reason: Reason, status: number, facts: Partial<Problem> = {}): Answer => ({
  status,
  body: problemOf(reason, facts),
});

/** Plays the lease API: `answers` are by "METHOD path"; every request and event stream is kept and announced. */
class PlayedApi extends EventEmitter {
  readonly asked: Asked[] = [];
  readonly streams: { lastEventId: string | undefined; response: ServerResponse }[] = [];
  readonly answers = new Map<string, Script>();
  readonly #server: Server;
  #granted: LeaseRow[] = [];

  constructor() {
    super();
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.answers
      .set('POST /v1/sessions', ({ body }) =>
        body['reclaim'] === undefined
          ? { status: 201, body: { sessionId: 's-1', secret: 'secret-1', ttlMs: body['ttlMs'] ?? 30_000 } }
          : refuse('no_grace', 409),
      )
      .set('POST /v1/sessions/s-1/keepalive', () => ok({}))
      .set('DELETE /v1/sessions/s-1', () => ({ status: 204 }))
      // What was granted is there when the first stream opens, and gone when it is resumed.
      .set('GET /v1/leases', () => ok({ leases: this.streams.length > 1 ? [] : this.#granted }))
      .set('POST /v1/leases/acquire', ({ body }) =>
        body['reclaim'] === undefined
          ? { status: 201, body: this.#grant(body['type'] as LeaseRow['type']) }
          : refuse('no_grace', 409),
      )
      .set('GET /v1/leases/l-1', () => refuse('no_such_lease', 404))
      .set('PUT /v1/leases/l-1', ({ body }) => {
        const type = body['type'] as LeaseRow['type'];
        return ok(row({ type, token: 2, state: type === 'none' ? 'released' : 'active' }));
      })
      .set('DELETE /v1/leases/l-1', () => ({ status: 204 }));
  }

  #grant(type: LeaseRow['type']): LeaseRow {
    const granted = row({ type });
    this.#granted = [granted];
    return granted;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Requests so far, or the next ones, to "METHOD path". */
  of(route: string): Asked[] {
    return this.asked.filter(({ method, path }) => `${method} ${path}` === route);
  }
  async next(route: string): Promise<Asked> {
    const [asked] = (await once(this, route)) as [Asked];
    return asked;
  }
  /** The event stream number `nth`, from 1, as soon as it is open. */
  async stream(nth = 1): Promise<ServerResponse> {
    while (this.streams.length < nth) await once(this, 'stream');
    const stream = this.streams[nth - 1];
    if (stream === undefined) throw new Error(`no event stream ${String(nth)}`);
    return stream.response;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://api');
    const method = request.method ?? '';
    if (path.endsWith('/events')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': welcome\n\n');
      this.streams.push({ lastEventId: request.headers['last-event-id'] as string | undefined, response });
      this.emit('stream');
      return;
    }
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const asked: Asked = { method, path, query, headers: request.headers, body };
    this.asked.push(asked);
    const answer = this.answers.get(`${method} ${path}`)?.(asked) ?? refuse('no_such_route', 404);
    this.emit(`${method} ${path}`, asked);
    if (answer === 'hang') return;
    if (answer === 'cut') {
      request.socket.destroy();
      return;
    }
    const { location } = answer;
    const led = location === undefined ? {} : { location };
    response.writeHead(answer.status, { 'content-type': 'application/json', ...led });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }
}

/** The next event of a session, as its listeners get it. */
const tells = <N extends keyof Notices>(session: Session, event: N): Promise<Notices[N]> =>
  new Promise((resolve) => {
    session.once(event, (...heard) => {
      resolve(heard);
    });
  });

const row = (facts: Partial<LeaseRow> = {}): LeaseRow => ({
  leaseId: 'l-1',
  sessionId: 's-1',
  owner: 's-1',
  export: 'demo',
  file: 'hello.txt',
  fileId: 'f-1',
  type: 'write',
  delegation: false,
  state: 'active',
  token: 1,
  stateid: { seqid: 1, other: '' },
  backed: true,
  ...facts,
});
const broken = (facts: Record<string, unknown> = {}): Record<string, unknown> => ({
  leaseId: 'l-1',
  owner: 's-1',
  export: 'demo',
  file: 'hello.txt',
  type: 'write',
  token: 1,
  breakId: 'b-1',
  target: 'read',
  remainingMs: 45_000,
  cause: 'open',
  ...facts,
});
const send = (stream: ServerResponse, event: string, data: unknown, id?: string): void => {
  stream.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};
const aborted = async (signal: AbortSignal): Promise<LeaseholdError> => {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason as LeaseholdError;
};
const errorOf = async (call: Promise<unknown>): Promise<LeaseholdError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof LeaseholdError) return error;
    throw error;
  }
  throw new Error('the call was not refused');
};

/** For effects in the client without an event; bounded, so that a failure does not hang. */
const until = async (holds: () => boolean): Promise<void> => {
  const giveUpAt = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > giveUpAt) throw new Error(`still not so: ${holds.toString()}`);
    await new Promise(setImmediate);
  }
};

const where = { export: 'demo', file: 'hello.txt' } as const;
let api: PlayedApi;
let url: string;
const sessions: { close(): void }[] = [];

beforeEach(async () => {
  api = new PlayedApi();
  url = await api.listen();
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
  api.close();
});

const open = async (
  options: OpenSession = {},
  client: Partial<LeaseholdOptions> = {},
): Promise<Awaited<ReturnType<Leasehold['openSession']>>> => {
  const session = await new Leasehold({ url, ...client }).openSession(options);
  sessions.push(session);
  return session;
};

/** A session whose event stream has sent an event, so that its first resync is done. */
const hearing = async (): Promise<{ session: Awaited<ReturnType<typeof open>>; stream: ServerResponse }> => {
  const session = await open();
  const stream = await api.stream();
  const heard = tells(session, 'jeopardy');
  send(stream, 'jeopardy', { export: 'demo', cause: 'hearing' });
  await heard;
  return { session, stream };
};

test('an event that needs no answer is told as it is; one that this client does not know is passed over', async () => {
  const { session, stream } = await hearing();
  const told: string[] = [];
  for (const name of ['available', 'unpinned', 'unheardOf', 'toString'])
    session.on(name as 'available', () => told.push(name));
  send(stream, 'unheardOf', { note: 'of a newer service' });
  send(stream, 'toString', {});
  send(stream, 'unpinned', { pinId: 'p', on: { kind: 'exports', name: 'x' }, reason: 'admin' });
  const heard = tells(session, 'available');
  send(stream, 'available', { ...where, type: 'read' });
  await heard;
  expect(told).toEqual(['unpinned', 'available']);
});

describe('break', () => {
  test('onBreak is called, and what it returns is acknowledged with breakId and token', async () => {
    const session = await open();
    const notices: unknown[] = [];
    const lease = await session.acquire(
      { ...where, type: 'write' },
      { onBreak: (notice) => Promise.resolve(void notices.push(notice)).then(() => notice.target) },
    );
    const breaking = lease.breaking;
    send(await api.stream(), 'break', broken(), '1');
    const answer = await api.next('PUT /v1/leases/l-1');
    expect(answer.body).toEqual({ type: 'read', breakId: 'b-1', ifToken: 1 });
    expect(answer.headers['x-session-secret']).toBe('secret-1');
    expect((await aborted(breaking)).reason).toBe('break_started');
    // The client processes the next event only after the answer: its own order.
    await until(() => lease.token === 2);
    expect({ type: lease.type, state: lease.state, notice: lease.notice }).toEqual({
      type: 'read',
      state: 'active',
      notice: undefined,
    });
    expect(lease.breaking.aborted).toBe(false);
    expect(lease.signal.aborted).toBe(false);
    expect(notices).toHaveLength(1);
  });

  test('a replayed break calls onBreak once; an escalation calls it again', async () => {
    const session = await open();
    const told: string[] = [];
    session.on('break', ({ breakId, target }) => told.push(`${breakId} ${target}`));
    const lease = await session.acquire({ ...where, type: 'write' });
    const stream = await api.stream();
    send(stream, 'break', broken());
    send(stream, 'break', broken());
    send(stream, 'break', broken({ target: 'none' }));
    send(stream, 'break', broken());
    send(stream, 'jeopardy', { export: 'demo', cause: 'end of the test' });
    await tells(session, 'jeopardy');
    expect(told).toEqual(['b-1 read', 'b-1 none']);
    expect(lease.notice?.target).toBe('none');
  });

  test('an earlier deadline is adopted without calling onBreak again', async () => {
    const session = await open();
    const told = jest.fn();
    session.on('break', told);
    const lease = await session.acquire({ ...where, type: 'write' });
    const stream = await api.stream();
    for (const second of ['45', '20', '30']) {
      send(stream, 'break', broken({ deadlineAt: `2026-01-01T00:00:${second}.000Z` }));
    }
    send(stream, 'jeopardy', { export: 'demo', cause: 'end of the test' });
    await tells(session, 'jeopardy');
    expect(told).toHaveBeenCalledTimes(1);
    expect(lease.notice?.deadlineAt).toBe('2026-01-01T00:00:20.000Z');
  });

  test('a break that overtakes the answer to the grant is delivered once the lease is known, and only once', async () => {
    const session = await open();
    const stream = await api.stream();
    const told = jest.fn();
    session.on('break', told);
    api.answers.set('POST /v1/leases/acquire', () => {
      send(stream, 'break', broken());
      return 'hang';
    });
    const acquiring = session.acquire({ ...where, type: 'write', requestId: 'mine' });
    await api.next('POST /v1/leases/acquire');
    // Received before the answer: another event proves that the stream has got this far.
    send(stream, 'jeopardy', { export: 'demo', cause: 'ordering' });
    await tells(session, 'jeopardy');
    expect(told).not.toHaveBeenCalled();
    api.answers.set('POST /v1/leases/acquire', () => ({ status: 201, body: row() }));
    const second = await session.acquire({ ...where, type: 'write', requestId: 'mine' });
    expect(second.state).toBe('breaking');
    expect(second.breaking.aborted).toBe(true);
    expect(told).toHaveBeenCalledTimes(1);
    session.close();
    await expect(acquiring).rejects.toMatchObject({ reason: 'session_closed' });
  });

  test('an acknowledgement that comes too late does not throw: the client refreshes, and the lease was revoked', async () => {
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    send(await api.stream(), 'break', broken());
    await aborted(lease.breaking);
    api.answers.set('PUT /v1/leases/l-1', () => refuse('break_over', 412));
    api.answers.set('GET /v1/leases/l-1', () => ok(row({ state: 'revoked', type: 'none', token: 2 })));
    await expect(lease.acknowledge()).resolves.toBe(false);
    expect((await aborted(lease.signal)).reason).toBe('lease_revoked');
    expect(lease.state).toBe('revoked');
    expect(session.leases.size).toBe(0);
  });

  test('an acknowledgement after the deadline has downgraded the lease: it lives on as read, with a fresh signal', async () => {
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    send(await api.stream(), 'break', broken());
    await aborted(lease.breaking);
    api.answers.set('PUT /v1/leases/l-1', () => refuse('token_old', 412));
    api.answers.set('GET /v1/leases/l-1', () => ok(row({ type: 'read', token: 2 })));
    await expect(lease.acknowledge('none')).resolves.toBe(false);
    expect([lease.type, lease.state, lease.token]).toEqual(['read', 'active', 2]);
    expect([lease.breaking.aborted, lease.signal.aborted]).toEqual([false, false]);
  });

  test('an acknowledgement of a break that is over, with the lease unchanged, does nothing', async () => {
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    send(await api.stream(), 'break', broken());
    await aborted(lease.breaking);
    api.answers.set('PUT /v1/leases/l-1', () => refuse('break_over', 412));
    api.answers.set('GET /v1/leases/l-1', () => ok(row()));
    await expect(lease.acknowledge()).resolves.toBe(false);
    expect([lease.type, lease.state, lease.notice, lease.breaking.aborted]).toEqual([
      'write',
      'active',
      undefined,
      false,
    ]);
  });

  test('an onBreak that throws acknowledges nothing and is reported', async () => {
    const session = await open();
    await session.acquire(
      { ...where, type: 'write' },
      { onBreak: () => Promise.reject(new Error('disk full')) },
    );
    send(await api.stream(), 'break', broken());
    const [error] = (await tells(session, 'error')) as [Error];
    expect(error.message).toBe('disk full');
    expect(api.of('PUT /v1/leases/l-1')).toEqual([]);
  });

  test('a holder that is asked for attributes answers; one without a handler or an answer says so', async () => {
    const answers = ['PUT /v1/leases/l-1/attributes', 'PUT /v1/leases/l-2/attributes'] as const;
    for (const route of answers) api.answers.set(route, () => ({ status: 204 }));
    const asked = (leaseId: string) => ({
      ...{ leaseId, owner: 's-1', export: 'demo', file: 'a', askId: `q-${leaseId}` },
      ...{ deadlineAt: '2026-01-01T00:00:00Z', remainingMs: 5_000 },
    });
    const session = await open({
      onAttributes: ({ leaseId }) =>
        leaseId === 'l-1'
          ? Promise.resolve({ modified: true, size: 2n ** 60n })
          : Promise.reject(new Error('disk full')),
    });
    const first = api.next(answers[0]);
    send(await api.stream(), 'attributes', asked('l-1'));
    expect((await first).body).toEqual({ askId: 'q-l-1', modified: true, size: '1152921504606846976' });
    const second = api.next(answers[1]);
    const failed = tells(session, 'error');
    send(await api.stream(), 'attributes', asked('l-2'));
    expect((await second).body).toEqual({ askId: 'q-l-2', refused: true });
    expect(((await failed) as [Error])[0].message).toBe('disk full');
    api.answers.set(answers[0], () => refuse('ask_over', 412));
    expect(await session.tellAttributes(asked('l-1'), { modified: false, size: 1 })).toBe(false);
  });

  test('an acknowledgement whose answer is lost is repeated; break_over is then no error', async () => {
    const session = await open();
    const failed = jest.fn();
    session.on('error', failed);
    let attempts = 0;
    api.answers.set('PUT /v1/leases/l-1', () => (++attempts === 1 ? 'cut' : refuse('break_over', 412)));
    api.answers.set('GET /v1/leases/l-1', () => ok(row({ type: 'read', token: 2 })));
    const lease = await session.acquire(
      { ...where, type: 'write' },
      { onBreak: () => Promise.resolve('read') },
    );
    send(await api.stream(), 'break', broken());
    await api.next('GET /v1/leases/l-1');
    expect(api.of('PUT /v1/leases/l-1').map(({ body }) => body['breakId'])).toEqual(['b-1', 'b-1']);
    await until(() => lease.token === 2);
    expect(lease.type).toBe('read');
    expect(failed).not.toHaveBeenCalled();
  });
});

describe('event stream', () => {
  test('a cut stream resumes from its last id, without listing the leases again', async () => {
    const { session, stream: first } = await hearing();
    const lease = await session.acquire({ ...where, type: 'write' });
    const heard = tells(session, 'jeopardy');
    send(first, 'jeopardy', { export: 'demo', cause: 'one' }, 'e1.7');
    // Without an id of its own: it shares that of the next event, which does not arrive.
    send(first, 'jeopardy', { export: 'demo', cause: 'two' });
    await heard;
    first.destroy();
    const second = await api.stream(2);
    expect(api.streams.map(({ lastEventId }) => lastEventId)).toEqual([undefined, 'e1.7']);
    send(second, 'break', broken(), 'e1.8');
    await aborted(lease.breaking);
    expect(api.of('GET /v1/leases')).toEqual([]);
  });

  test('a stream that reconnects without an id to resume from is followed by a resync', async () => {
    api.answers.set('GET /v1/leases', () =>
      ok({
        leases: [row({ state: 'breaking', break: { breakId: 'b-9', target: 'read', cause: 'fileserver' } })],
      }),
    );
    const session = await open();
    const told = jest.fn(() => Promise.resolve('read' as const));
    await session.acquire({ ...where, type: 'write' }, { onBreak: told });
    (await api.stream()).destroy();
    const answer = await api.next('PUT /v1/leases/l-1');
    expect(answer.body).toEqual({ type: 'read', breakId: 'b-9', ifToken: 1 });
    expect(told).toHaveBeenCalledTimes(1);
  });

  test('a resync reads every page: missing leases are lost, others stay, and breaks are delivered', async () => {
    const ids = ['l-1', 'l-2', 'l-3'];
    let made = 0;
    api.answers.set('POST /v1/leases/acquire', ({ body }) =>
      body['reclaim'] === undefined
        ? { status: 201, body: row({ leaseId: ids[made++] }) }
        : refuse('no_grace', 409),
    );
    api.answers.set('GET /v1/leases/l-2', () => refuse('no_such_lease', 404));
    api.answers.set('GET /v1/leases', ({ query }) =>
      query.get('cursor') === null
        ? ok({ leases: [row({ leaseId: 'l-1' })], cursor: 'more' })
        : ok({
            leases: [
              row({
                leaseId: 'l-3',
                state: 'breaking',
                break: { breakId: 'b-3', target: 'none', cause: 'open' },
              }),
            ],
          }),
    );
    const { session, stream } = await hearing();
    const leases: Lease[] = [];
    for (const file of ['a', 'b', 'c'])
      leases.push(await session.acquire({ export: 'demo', file, type: 'write' }));
    send(stream, 'resync', { cause: 'trimmed' }, 'e1.9');
    const [one, two, three] = leases as [Lease, Lease, Lease];
    expect((await aborted(two.signal)).reason).toBe('lease_revoked');
    await aborted(three.breaking);
    expect(three.notice?.breakId).toBe('b-3');
    expect([one.signal.aborted, one.breaking.aborted, three.signal.aborted]).toEqual([false, false, false]);
    expect([...session.leases.keys()]).toEqual(['l-1', 'l-3']);
    expect(api.of('GET /v1/leases').map(({ query }) => query.get('sessionId'))).toEqual(['s-1', 's-1']);
  });

  test('a resync that fails is repeated', async () => {
    let attempts = 0;
    api.answers.set('GET /v1/leases', () => (++attempts < 3 ? refuse('invariant', 500) : ok({ leases: [] })));
    const { session, stream } = await hearing();
    session.on('error', () => undefined);
    const lease = await session.acquire({ ...where, type: 'read' });
    send(stream, 'resync', { cause: 'epoch' });
    expect((await aborted(lease.signal)).reason).toBe('lease_revoked');
    expect(attempts).toBe(3);
  });

  test('an answer older than the client’s state changes nothing', async () => {
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    await lease.set('read');
    expect(lease.token).toBe(2);
    api.answers.set('GET /v1/leases/l-1', () => ok(row({ type: 'write', token: 1 })));
    await lease.refresh();
    expect([lease.type, lease.token]).toEqual(['read', 2]);
  });

  test('a silent stream is reconnected', async () => {
    await open({}, { streamSilenceMs: 50 });
    const first = await api.stream();
    await once(first, 'close');
    await api.stream(2);
    expect(api.streams).toHaveLength(2);
  });

  test('a slow reader of events() is told how many it has missed', async () => {
    const session = await open();
    const reader = session.events({ limit: 2 });
    const heard = jest.fn();
    session.on('jeopardy', heard);
    const stream = await api.stream();
    for (const cause of ['one', 'two', 'three', 'four']) send(stream, 'jeopardy', { export: 'demo', cause });
    while (heard.mock.calls.length < 4) await tells(session, 'jeopardy');
    const read: Notice[] = [];
    for await (const notice of reader) if (read.push(notice) === 3) break;
    expect(read).toEqual([
      { event: 'overflow', data: { dropped: 2 } },
      { event: 'jeopardy', data: { export: 'demo', cause: 'three' } },
      { event: 'jeopardy', data: { export: 'demo', cause: 'four' } },
    ]);
  });

  test('the stream ends and the session is lost when the service no longer knows it', async () => {
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    send(await api.stream(), 'expired', { sessionId: 's-1' });
    expect((await aborted(session.signal)).reason).toBe('session_expired');
    expect((await aborted(lease.signal)).reason).toBe('session_expired');
  });
});

describe('keepalive', () => {
  test('is sent every third of the TTL', async () => {
    const session = await open({ ttlMs: 6_000 });
    const warned = jest.fn();
    session.on('jeopardy', warned);
    const at: number[] = [];
    while (at.length < 2) {
      await api.next('POST /v1/sessions/s-1/keepalive');
      at.push(performance.now());
    }
    // One period of 2 s, and not later than half the TTL.
    expect(Number(at[1]) - Number(at[0])).toBeGreaterThanOrEqual(1_900);
    expect(warned).not.toHaveBeenCalled();
  });

  test('when unanswered, the client warns after half the TTL and gives the session up before the service does', async () => {
    const sentAt = performance.now();
    api.answers.set('POST /v1/sessions/s-1/keepalive', () => 'hang');
    const session = await open({ ttlMs: 4_000 });
    const lease = await session.acquire({ ...where, type: 'write' });
    const [warning] = (await tells(session, 'jeopardy')) as [{ remainingMs: number }];
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(2_000);
    expect(warning.remainingMs).toBeLessThanOrEqual(2_000);
    expect(session.signal.aborted).toBe(false);
    const error = await aborted(session.signal);
    expect(error.reason).toBe('session_expired');
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(4_000);
    expect(lease.signal.reason).toBe(error);
    expect(session.remainingMs).toBe(0);
    expect(api.of('POST /v1/sessions/s-1/keepalive').length).toBeGreaterThan(1);
  });

  test('when answered again after the warning, the session is safe', async () => {
    let hang = true;
    api.answers.set('POST /v1/sessions/s-1/keepalive', () => (hang ? 'cut' : ok({})));
    const session = await open({ ttlMs: 6_000 });
    await tells(session, 'jeopardy');
    hang = false;
    const [{ unheardMs }] = (await tells(session, 'safe')) as [{ unheardMs: number }];
    expect(unheardMs).toBeGreaterThanOrEqual(3_000);
    expect(session.signal.aborted).toBe(false);
    expect(session.remainingMs).toBeGreaterThan(0);
  });

  test('when refused, the session is lost at once, with the service’s reason', async () => {
    api.answers.set('POST /v1/sessions/s-1/keepalive', () => refuse('no_such_session', 404));
    const session = await open({ ttlMs: 300 });
    const error = await aborted(session.signal);
    expect([error.code, error.reason, error.status]).toEqual(['ENOENT', 'no_such_session', 404]);
  });

  test('a call in flight ends with the session', async () => {
    api.answers.set('POST /v1/leases/acquire', () => 'hang');
    api.answers.set('POST /v1/sessions/s-1/keepalive', () => refuse('session_expired', 412));
    const session = await open({ ttlMs: 300 });
    const error = await errorOf(session.acquire({ ...where, type: 'write', waitMs: 60_000 }));
    expect(error.reason).toBe('session_expired');
  });
});

describe('requests', () => {
  test('a grant whose answer is lost is found again by its requestId', async () => {
    let attempts = 0;
    api.answers.set('POST /v1/leases/acquire', () => (++attempts < 3 ? 'cut' : { status: 201, body: row() }));
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    expect(lease.id).toBe('l-1');
    const bodies = api.of('POST /v1/leases/acquire').map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    expect(typeof bodies[0]?.['requestId']).toBe('string');
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
  });

  test('a conversion whose answer is lost succeeds if the lease already has the requested type', async () => {
    let attempts = 0;
    api.answers.set('PUT /v1/leases/l-1', () => (++attempts === 1 ? 'cut' : refuse('token_old', 412)));
    api.answers.set('GET /v1/leases/l-1', () => ok(row({ type: 'read', token: 2 })));
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    await lease.set('read');
    expect([lease.type, lease.token]).toEqual(['read', 2]);
    await expect(errorOf(lease.set('write'))).resolves.toMatchObject({ reason: 'token_old' });
  });

  test('a redirect is not followed: no secret goes elsewhere', async () => {
    const elsewhere = new PlayedApi();
    const location = `${await elsewhere.listen()}/v1/exports`;
    api.answers.set('GET /v1/exports', () => ({ status: 307, location }));
    try {
      const given = errorOf(new Leasehold({ url, token: 'secret', retryMs: 0 }).exports());
      await expect(given).resolves.toMatchObject({ code: 'ENOTCONN', reason: 'unreachable' });
      expect(elsewhere.asked).toEqual([]);
    } finally {
      elsewhere.close();
    }
  });

  test('an allocation that may have arrived is not repeated', async () => {
    api.answers.set('POST /v1/leases', () => 'cut');
    const session = await open();
    await expect(errorOf(session.allocate(where))).resolves.toMatchObject({
      code: 'ENOTCONN',
      reason: 'unreachable',
      status: undefined,
    });
    expect(api.of('POST /v1/leases')).toHaveLength(1);
  });

  test('a lease is released if it is granted after the caller has given up the wait', async () => {
    const session = await open();
    const stop = new AbortController();
    api.answers.set('POST /v1/leases/acquire', () => 'hang');
    const acquiring = session.acquire({ ...where, type: 'write', waitMs: 60_000 }, { signal: stop.signal });
    const { body } = await api.next('POST /v1/leases/acquire');
    api.answers.set('POST /v1/leases/acquire', () => ({ status: 201, body: row() }));
    stop.abort(new Error('changed my mind'));
    await expect(acquiring).rejects.toThrow('changed my mind');
    await api.next('DELETE /v1/leases/l-1');
    // Found by its requestId, without waiting again.
    expect(api.of('POST /v1/leases/acquire')[1]?.body).toEqual({ ...body, queued: true, waitMs: 1 });
  });

  test('an upgrade that the caller gives up runs to its end and is then undone', async () => {
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'read' });
    const stop = new AbortController();
    api.answers.set('PUT /v1/leases/l-1', () => 'hang');
    const setting = lease.set('write', { signal: stop.signal });
    await api.next('PUT /v1/leases/l-1');
    api.answers.set('PUT /v1/leases/l-1', ({ body }) =>
      ok(body['type'] === 'write' ? row({ type: 'write', token: 5 }) : row({ type: 'read', token: 6 })),
    );
    stop.abort(new Error('changed my mind'));
    await expect(setting).rejects.toThrow('changed my mind');
    await until(() => lease.token === 6);
    expect(api.of('PUT /v1/leases/l-1').map(({ body }) => body)).toEqual([
      { type: 'write', ifToken: 1 },
      { type: 'write' },
      { type: 'read', ifToken: 5 },
    ]);
    expect(lease.type).toBe('read');
  });

  test('a refusal carries code, reason, blockers and what to do next', async () => {
    const blockers = [
      { id: 'l-7', kind: 'lease', sessionId: 's-7', owner: 's-7', pid: 7, type: 'write', state: 'active' },
    ] as const;
    api.answers.set('POST /v1/opens', () => refuse('break_started', 409, { blockers: [...blockers] }));
    const session = await open();
    const error = await errorOf(session.open({ ...where, access: 'write' }));
    expect(error).toMatchObject({ code: 'EAGAIN', reason: 'break_started', status: 409 });
    expect(error.problem.blockers).toEqual(blockers);
    expect(error.message).toContain('EAGAIN break_started: A conflicting lease is being broken. Next: Retry');
    expect(api.of('POST /v1/opens')).toHaveLength(1);
  });

  test('an open brings its delegation, which is a lease like any other', async () => {
    const opened = {
      ...{
        openId: 'o-1',
        sessionId: 's-1',
        owner: 's-1',
        ...where,
        fileId: 'f-1',
        access: 'read',
        deny: 'write',
      },
      ...{ state: 'open', stateid: { seqid: 1, other: '' } },
    };
    const delegation = { lease: row({ delegation: true, type: 'read' }) };
    api.answers.set('POST /v1/opens', () => ({ status: 201, body: { ...opened, delegation } }));
    const session = await open();
    let target: string | undefined;
    const file = await session.open(
      { ...where, access: 'read', deny: 'write', want: 'any' },
      {
        onBreak: (notice) => {
          target = notice.target;
          return Promise.resolve(undefined);
        },
      },
    );
    const lease = file.delegation?.lease;
    expect(lease).toMatchObject({ id: 'l-1', delegation: true, type: 'read' });
    expect(session.leases.get('l-1')).toBe(lease);
    send(await api.stream(), 'break', broken({ type: 'read', target: 'none' }));
    await until(() => target === 'none');
    expect(lease?.breaking.aborted).toBe(true);
    api.answers.set('PUT /v1/opens/o-1', () => ok({ ...opened, access: 'both', toDeny: 'none' }));
    expect(await file.set('both', 'none')).toMatchObject({ access: 'both', waiting: true });
  });

  test('a lease that waits in the queue is told how the wait ends', async () => {
    const waits = { type: 'none', state: 'allocated', token: 0, waitType: 'read' } as const;
    api.answers.set('POST /v1/leases/acquire', () => ({ status: 202, body: row(waits) }));
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'read', queued: true, waitMs: 600_000 });
    expect(lease).toMatchObject({ state: 'allocated', waitType: 'read' });
    const facts = { leaseId: 'l-1', owner: 's-1', ...where };
    send(await api.stream(), 'granted', { ...facts, type: 'read', token: 7 });
    await until(() => lease.token === 7);
    expect(lease).toMatchObject({ state: 'active', type: 'read', waitType: undefined });
    api.answers.set('PUT /v1/leases/l-1', () => ({
      status: 202,
      body: row({ type: 'read', token: 7, waitType: 'write' }),
    }));
    await lease.set('write', { queued: true, waitMs: 600_000 });
    expect(lease.waitType).toBe('write');
    send(await api.stream(), 'dropped', { ...facts, reason: 'wait_elapsed' });
    await until(() => lease.waitType === undefined);
    expect(lease).toMatchObject({ state: 'active', type: 'read' });
  });

  describe.each([Infinity, undefined])('a conversion that waits (waitMs %s)', (waitMs) => {
    /** The lease waits for the second time, with the numbers that the service gives to waits. */
    const waitsAgain = async (first: number | undefined, second: number | undefined) => {
      const { session, stream } = await hearing();
      const lease = await session.acquire({ ...where, type: 'read' });
      const answer = (waitNo: number | undefined, state: Partial<LeaseRow> = { waitType: 'write' }): void => {
        api.answers.set('PUT /v1/leases/l-1', () => ok(row({ type: 'read', waitNo, ...state })));
      };
      answer(first);
      await lease.set('write', { queued: true });
      answer(second);
      const asked = api.next('PUT /v1/leases/l-1');
      const how = waitMs === undefined ? { queued: true } : { waitMs };
      const set = lease.set('write', how).then(() => lease.granted());
      set.catch(() => undefined);
      await asked;
      await until(() => lease.waitNo === second);
      const { leaseId, owner, export: on, file } = row();
      const about = { leaseId, owner, export: on, file };
      const tell = async (event: 'granted' | 'dropped', data: object): Promise<void> => {
        const heard = tells(session, event);
        send(stream, event, { ...about, ...data });
        await heard;
      };
      const dropped = (waitNo?: number) => tell('dropped', { waitNo, reason: 'cancelled' });
      const granted = (waitNo?: number): Promise<void> => {
        answer(undefined, { type: 'write', token: 2 });
        return tell('granted', { waitNo, type: 'write', token: 2 });
      };
      return { lease, set, dropped, granted };
    };

    test('is not ended by a late event of an earlier wait', async () => {
      const { lease, set, dropped, granted } = await waitsAgain(7, 9);
      await dropped(7);
      expect(lease).toMatchObject({ waitType: 'write', waitNo: 9 });
      await granted(9);
      await set;
      expect(lease).toMatchObject({ type: 'write', waitType: undefined, waitNo: undefined });
    });

    test.each([
      ['the wait that it is in', 7, 9, 9],
      ['a service that does not number its waits', undefined, undefined, undefined],
      ['a service of which only a part does', undefined, undefined, 9],
    ])('is ended by an event of %s', async (_whose, first, second, told) => {
      const { set, dropped } = await waitsAgain(first, second);
      await dropped(told);
      expect((await errorOf(set)).reason).toBe('cancelled');
    });
  });

  test('offsets are sent as decimal text and returned as integers', async () => {
    const range = { rangeId: 'r-1', owner: 's-1', ...where, class: 'ofd', type: 'read', state: 'held' };
    api.answers.set('POST /v1/ranges', () => ({
      status: 201,
      body: { ...range, start: '9007199254740993', end: 'EOF' },
    }));
    api.answers.set('POST /v1/ranges/test', () => ok({}));
    const session = await open();
    const lock = await session.lock({ ...where, class: 'ofd', type: 'read', start: 2n ** 53n + 1n });
    expect(lock).toMatchObject({ start: 2n ** 53n + 1n, end: 'EOF', waiting: false });
    expect(api.of('POST /v1/ranges')[0]?.body).toMatchObject({ start: '9007199254740993', end: 'EOF' });
    expect(await session.testLock({ ...where, class: 'ofd', type: 'write', end: 9 })).toBeUndefined();
    expect(api.of('POST /v1/ranges/test')[0]?.body).toMatchObject({ start: '0', end: '9' });
  });

  test('a change that the caller gives up is cancelled at the service', async () => {
    const session = await open();
    const stop = new AbortController();
    api.answers.set('POST /v1/files/changes', () => 'hang');
    const changing = session.change({ ...where, kind: 'unlink', waitMs: 60_000 }, { signal: stop.signal });
    const { body } = await api.next('POST /v1/files/changes');
    const changed = { changeId: 'c-1', owner: 's-1', ...where, kind: 'unlink', state: 'waiting' };
    api.answers.set('POST /v1/files/changes', () => ({ status: 202, body: changed }));
    stop.abort(new Error('changed my mind'));
    await expect(changing).rejects.toThrow('changed my mind');
    await api.next('DELETE /v1/files/changes/c-1');
    expect(api.of('POST /v1/files/changes')[1]?.body).toEqual({ ...body, queued: true, waitMs: 1 });
  });

  test('an answer from something other than a lease API is reported as such; an error of a gateway is retried', async () => {
    let attempts = 0;
    api.answers.set('GET /v1/exports', () =>
      ++attempts < 3 ? { status: 502, body: 'oops' } : ok({ exports: [] }),
    );
    const leasehold = new Leasehold({ url });
    await expect(leasehold.exports()).resolves.toEqual([]);
    api.answers.set('GET /v1/exports', () => ({ status: 404, body: 'Not here' }));
    await expect(errorOf(leasehold.exports())).resolves.toMatchObject({
      reason: 'bad_answer',
      status: 404,
    });
    const gone = new PlayedApi();
    const nowhere = await gone.listen();
    gone.close();
    const error = await errorOf(new Leasehold({ url: nowhere, retryMs: 0 }).exports());
    expect(error.message).toMatch(/^ENOTCONN unreachable: .*127\.0\.0\.1.*ECONNREFUSED.*Next: Check/);
  });

  test('an attempt without an answer times out', async () => {
    api.answers.set('GET /v1/exports', () => 'hang');
    const error = await errorOf(new Leasehold({ url, timeoutMs: 50, retryMs: 0 }).exports());
    expect([error.code, error.reason]).toEqual(['ETIMEDOUT', 'no_answer']);
  });

  test('the listing is read page by page, as an administrator', async () => {
    api.answers.set('GET /v1/locks', ({ query }) =>
      query.get('cursor') === null
        ? ok({ locks: [{ id: 'l-1' }, { id: 'l-2' }], cursor: '2' })
        : ok({ locks: [{ id: 'l-3' }] }),
    );
    const leasehold = new Leasehold({ url: `${url}/`, adminToken: 'root' });
    const ids: string[] = [];
    for await (const { id } of leasehold.locks({ export: 'demo' }, { limit: 2 })) ids.push(id);
    expect(ids).toEqual(['l-1', 'l-2', 'l-3']);
    const [first, second] = api.of('GET /v1/locks') as [Asked, Asked];
    expect(Object.fromEntries(first.query)).toEqual({ export: 'demo', limit: '2' });
    expect(Object.fromEntries(second.query)).toEqual({ export: 'demo', limit: '2', cursor: '2' });
    expect(first.headers.authorization).toBe('Bearer root');
  });
});

describe('end', () => {
  test('end() aborts the signals, then ends the session, then closes the stream', async () => {
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    const stream = await api.stream();
    const told: string[] = [];
    lease.signal.addEventListener('abort', () =>
      told.push(`lease, ${String(api.of('DELETE /v1/sessions/s-1').length)} asked`),
    );
    const closed = once(stream, 'close');
    const read: Notice[] = [];
    const reading = (async () => {
      for await (const notice of session.events()) read.push(notice);
    })();
    await session.end();
    expect(told).toEqual(['lease, 0 asked']);
    await Promise.all([closed, reading]);
    expect(session.signal.aborted).toBe(true);
  });

  test('close() leaves the session running for others', async () => {
    const session = await open();
    const stream = await api.stream();
    const closed = once(stream, 'close');
    session.close();
    await closed;
    expect((session.signal.reason as LeaseholdError).reason).toBe('session_closed');
    expect(api.of('DELETE /v1/sessions/s-1')).toEqual([]);
    api.answers.set('GET /v1/sessions/s-1', () => ok({ sessionId: 's-1', ttlMs: 30_000 }));
    const again = await new Leasehold({ url }).attachSession({ sessionId: 's-1', secret: 'secret-1' });
    sessions.push(again);
    expect([again.id, again.ttlMs, again.signal.aborted]).toEqual(['s-1', 30_000, false]);
    expect(api.of('POST /v1/sessions/s-1/keepalive')).toHaveLength(1);
  });

  test('release() of a lease that is already gone resolves', async () => {
    const session = await open();
    const lease = await session.acquire({ ...where, type: 'write' });
    api.answers.set('DELETE /v1/leases/l-1', () => refuse('lease_revoked', 412));
    await lease.release();
    expect(lease.signal.aborted).toBe(true);
    expect(session.leases.size).toBe(0);
  });
});

test('a thousand sessions in one process each receive and answer their own break', async () => {
  const count = 1_000;
  let opened = 0;
  let answered = 0;
  const everyone = new EventEmitter();
  api.answers.set('POST /v1/sessions', () => {
    opened += 1;
    const sessionId = `s-${String(opened)}`;
    return { status: 201, body: { sessionId, secret: sessionId, ttlMs: 60_000 } };
  });
  api.answers.set('POST /v1/leases/acquire', ({ body }) => ({
    status: 201,
    body: row({ leaseId: `l-${String(body['sessionId'])}`, sessionId: String(body['sessionId']) }),
  }));
  const leasehold = new Leasehold({ url });
  // A few connections at a time: on a busy machine each takes its while.
  const atOnce = 25;
  for (let from = 0; from < count; from += atOnce) {
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        const session = await leasehold.openSession({ ttlMs: 60_000 });
        sessions.push(session);
        api.answers.set(`PUT /v1/leases/l-${session.id}`, ({ headers }) => {
          expect(headers['x-session-secret']).toBe(session.id);
          answered += 1;
          if (answered === count) everyone.emit('answered');
          return ok(row({ leaseId: `l-${session.id}`, state: 'released', type: 'none', token: 2 }));
        });
        await session.acquire({ ...where, type: 'read' }, { onBreak: () => Promise.resolve('none') });
      }),
    );
  }
  await api.stream(count);
  const done = once(everyone, 'answered');
  // Every stream names all the leases, and each session answers only for its own.
  for (const { response, sessionId } of api.streams.map((stream) => ({
    ...stream,
    sessionId: stream.response.req.url?.split('/')[3] ?? '',
  }))) {
    send(response, 'break', broken({ leaseId: `l-${sessionId}`, target: 'none' }));
  }
  await done;
  expect(answered).toBe(count);
});
