import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { request } from 'node:http';
import { LeaseApi, type LogLine, startLeaseApi, stopPrograms } from '../support/service';

/** The process itself: how it starts, refuses to start and stops, and how it treats clients that do not read. */
afterEach(stopPrograms);

type Session = Awaited<ReturnType<LeaseApi['session']>>;
const acquire = (
  api: LeaseApi,
  { sessionId, secret }: Session,
  file: string,
  type = 'read',
  owner?: string,
) =>
  api.request('POST', '/v1/leases/acquire', {
    body: { sessionId, owner, export: 'local', file, type },
    secret,
  });

const faultOf = async (api: LeaseApi): Promise<string> => {
  await expect(api.start()).rejects.toThrow();
  return api.output;
};

describe('start', () => {
  test('exits with 2 on a wrong configuration, and says what is wrong', async () => {
    const api = new LeaseApi({ env: { LEASEHOLD_BREAK_MS: 'soon', LEASEHOLD_BREAKMS: '1' } });
    const output = await faultOf(api);
    expect(output).toMatch(/LEASEHOLD_BREAK_MS: got "soon", wants a whole number/);
    expect(output).toMatch(/LEASEHOLD_BREAKMS: no such variable/);
    expect(await api.ended()).toBe(2);
  });

  test('exits with 1 when its directory is in use, and says by whom', async () => {
    const first = await startLeaseApi();
    const second = new LeaseApi({ table: `embedded:${first.directory}` });
    expect(await faultOf(second)).toMatch(new RegExp(`in use by process ${String(first.pid)} `));
    expect(await second.ended()).toBe(1);
  });

  test('exits with 1 when Redis is unreachable, and says at which address', async () => {
    const api = new LeaseApi({ table: 'redis://127.0.0.1:1' });
    expect(await faultOf(api)).toMatch(/127\.0\.0\.1:1\b/);
    expect(await api.ended()).toBe(1);
  });

  test.each(['LEASEHOLD_HTTP', 'LEASEHOLD_RPC', 'LEASEHOLD_GRPC'])(
    'exits with 1 when a %s is taken, and says so',
    async (name) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address = `127.0.0.1:${String((other.address() as AddressInfo).port)}`;
      const api = new LeaseApi({ listen: { [name]: address } });
      expect(await faultOf(api)).toContain(`${name}: cannot listen on ${address}`);
      expect(await api.ended()).toBe(1);
      other.close();
    },
  );

  test('every answered request survives a restart, and kill -9', async () => {
    const api = await startLeaseApi();
    const session = await api.session();
    const { body } = await acquire(api, session, 'f', 'write');
    await api.stop();
    await api.start();
    const path = `/v1/leases/${String(body['leaseId'])}`;
    expect((await api.request('GET', path, session)).body).toEqual(body);
    await api.kill();
    await api.start();
    expect((await api.request('GET', path, session)).body).toEqual(body);
  });
});

describe('stop', () => {
  test('ends streams, answers waiting requests, and exits with 0', async () => {
    const api = await startLeaseApi();
    const [holder, other] = [await api.session(), await api.session()];
    const { body: held } = await acquire(api, holder, 'f', 'write');
    const stream = await fetch(`${api.url}/v1/sessions/${holder.sessionId}/events`, {
      headers: { 'x-session-secret': holder.secret },
    });
    const breaks = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const body = { sessionId: other.sessionId, export: 'local', file: 'f' };
    const opened = api.request('POST', '/v1/opens', {
      body: { ...body, access: 'read', waitMs: 60_000 },
      secret: other.secret,
    });
    // Once the break event arrives, the open is parked.
    for (let text = ''; !text.includes('event: break');) text += (await breaks?.read())?.value ?? '';
    const leased = api.request('POST', '/v1/leases/acquire', {
      body: { ...body, type: 'read', waitMs: 60_000 },
      secret: other.secret,
    });
    const named = { ...body, owner: 'named', type: 'read', waitMs: 60_000, requestId: 'r' };
    const kept = api.request('POST', '/v1/leases/acquire', { body: named, secret: other.secret });
    await expect(parked(api, 3)).resolves.toBeGreaterThanOrEqual(3);

    expect(await api.stop()).toBe(0);
    const stopping = { status: 503, code: 'ENOTCONN', reason: 'service_stopping' };
    for (const answer of [await opened, await leased, await kept]) {
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(JSON.parse(answer.text)).toMatchObject(stopping);
    }
    expect([(await opened).body, (await leased).body].map((problem) => 'waitId' in problem)).toEqual([
      false,
      false,
    ]);
    const { waitId } = (await kept).body;
    expect(waitId).toEqual(expect.any(String));
    let last = await breaks?.read();
    while (last?.done === false) last = await breaks?.read();
    expect(api.lines.filter(({ level }) => level >= 40)).toEqual([]);

    // Abandoned waits are withdrawn and not granted, except the one with a requestId, which a repeat finds.
    await api.start();
    const { body: locks } = await api.request('GET', '/v1/locks');
    const { leaseId } = held;
    expect((locks['locks'] as LogLine[]).map((lock) => [lock['id'], lock['waits']])).toEqual([
      [leaseId, undefined],
      [waitId, 'read'],
    ]);
    const again = api.request('POST', '/v1/leases/acquire', { body: named, secret: other.secret });
    await parked(api, 1);
    await api.request('DELETE', `/v1/leases/${String(leaseId)}`, { secret: holder.secret });
    expect(await again).toMatchObject({ status: 201, body: { leaseId: waitId, state: 'active' } });
  });

  test('also works by SIGINT, and when idle', async () => {
    const api = await startLeaseApi();
    const ended = api.ended();
    api.signal('SIGINT');
    expect(await ended).toBe(0);
  });
});

/** Waits until requests are parked; returns the number of rows they watch. */
async function parked(api: LeaseApi, least: number): Promise<number> {
  for (;;) {
    const { text } = await api.request('GET', '/metrics');
    const count = Number(/^leasehold_requests_parked (\d+)$/m.exec(text)?.[1]);
    if (count >= least) return count;
  }
}

test('a client that does not read its events is disconnected, and the others still receive theirs', async () => {
  const api = await startLeaseApi({
    env: { LEASEHOLD_SESSION_LOCKS_MAX: '100000', LEASEHOLD_BREAK_MS: '60000' },
  });
  const [deaf, hearing] = [await api.session(), await api.session()];
  const owner = 'o'.repeat(250);
  const file = Array.from({ length: 16 }, () => 'd'.repeat(250)).join('/');
  const spare = await acquire(api, deaf, 'spare');
  for (let from = 0; from < 2_048; from += 64)
    await Promise.all(
      Array.from({ length: 64 }, (_, i) => acquire(api, deaf, file, 'read', `${owner}${String(from + i)}`)),
    );
  const { body } = await acquire(api, hearing, file);
  const stalled = request(`${api.url}/v1/sessions/${deaf.sessionId}/events`, {
    headers: { 'x-session-secret': deaf.secret },
  });
  stalled.end();
  const [response] = (await once(stalled, 'response')) as [NodeJS.ReadableStream];
  response.pause();
  const cut = once(response, 'error');
  const heard = await fetch(`${api.url}/v1/sessions/${hearing.sessionId}/events`, {
    headers: { 'x-session-secret': hearing.secret },
  });
  const events = heard.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; !text.includes('event: resync');) text += (await events?.read())?.value ?? '';

  // One break is 9 MiB of events, which the client that does not read is allowed; the next event finds it too late.
  await api.request('POST', `/v1/locks/${String(body['leaseId'])}/break`);
  for (let text = ''; !text.includes('event: break');) text += (await events?.read())?.value ?? '';
  await api.request('DELETE', `/v1/leases/${String(spare.body['leaseId'])}`, deaf);
  response.resume();
  await cut;
  const { text } = await api.request('GET', '/metrics');
  expect(text).toMatch(/^leasehold_event_streams_cut_total 1$/m);
  await events?.cancel();
});
