import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { compiled } from '../support/openers';
import { type LeaseApi, rpcSecret, startLeaseApi, stopPrograms } from '../support/service';

/** A request is found again: in its answer, in the problem, and in the log. */

let api: LeaseApi;
beforeAll(async () => {
  api = await startLeaseApi({ env: { LEASEHOLD_ACCESS_LOG: 'on' } });
});
afterAll(stopPrograms);

test('the id that a request brings is in its answer, in the problem and in the log', async () => {
  const given = 'edge-7/a:1';
  const { status, headers, body } = await api.request('GET', '/v1/leases/none', {
    headers: { 'x-request-id': given },
  });
  expect(headers.get('x-request-id')).toBe(given);
  expect(body).toMatchObject({ instance: `urn:leasehold:request:${given}` });
  const line = await api.logged(({ msg, request: id }) => msg === 'request' && id === given);
  expect(line).toMatchObject({ level: 30, method: 'GET', url: '/v1/leases/none', status, from: '127.0.0.1' });
  expect(line['ms']).toBeGreaterThanOrEqual(0);
});

test('a request without an id, or with one that is not usable, gets one of its own', async () => {
  const ids = await Promise.all(
    [undefined, '', 'a b', 'x'.repeat(129), '"}', 'é'].map(async (given) => {
      const headers = given === undefined ? undefined : { 'x-request-id': given };
      return (await api.request('GET', '/livez', { headers })).headers.get('x-request-id');
    }),
  );
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}-[0-9a-z]+$/);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an event stream has an id, too, and is logged when it ends', async () => {
  const { sessionId, secret } = await api.session();
  const stream = request(`${api.url}/v1/sessions/${sessionId}/events`, {
    headers: { 'x-session-secret': secret, 'x-request-id': 'stream-1' },
  });
  stream.end();
  const [response] = (await once(stream, 'response')) as [NodeJS.ReadableStream & { headers: object }];
  expect(response.headers).toMatchObject({ 'x-request-id': 'stream-1' });
  response.on('error', () => undefined);
  stream.on('error', () => undefined);
  stream.destroy();
  const line = await api.logged(({ msg, request: id }) => msg === 'request' && id === 'stream-1');
  expect(line).toMatchObject({ status: 200, left: true });
});

test('what is not HTTP, and a route that does not exist, are answered as before', async () => {
  const { status, body, headers } = await api.request('GET', '/nowhere');
  expect([status, body['reason']]).toEqual([404, 'no_such_route']);
  expect(body['instance']).toBe(`urn:leasehold:request:${String(headers.get('x-request-id'))}`);
});

test('without the setting, requests are not logged', async () => {
  const silent = await startLeaseApi();
  await silent.request('GET', '/livez');
  await silent.stop();
  expect(silent.lines.filter(({ msg }) => msg === 'request')).toEqual([]);
});

test('a request that only has a trace is known by the id of that', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const idOf = async (headers: Record<string, string>): Promise<string | null> =>
    (await api.request('GET', '/livez', { headers })).headers.get('x-request-id');
  const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
  expect(await idOf({ traceparent })).toBe(traceId);
  expect(await idOf({ traceparent, 'x-request-id': 'mine' })).toBe('mine');
  for (const wrong of [traceparent.slice(3), `${traceparent}-`, traceparent.toUpperCase()])
    expect(await idOf({ traceparent: wrong })).toMatch(/^[0-9a-f]{12}-[0-9a-z]+$/);
});

test('on a terminal, a program writes its log for people; otherwise as JSON with the same fields as the others', async () => {
  const { program, time } = await api.logged(({ msg }) => msg === 'ready');
  expect([program, new Date(String(time)).toISOString()]).toEqual(['lease-api', time]);
  // An adapter whose lease API is not there.
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-terminal-'));
  const adapter = [
    ...[process.execPath, compiled('apps/fileserver/src/main.ts'), '--export', `demo=${directory}`],
    ...['--api', `127.0.0.1:${String(await freePort())}`],
  ];
  const child = spawn('script', ['-qec', `exec ${adapter.join(' ')}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', LEASEHOLD_RPC_SECRET: rpcSecret },
    detached: true,
  });
  try {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [line = ''] = await eventually(() => {
      const found = /^.*INFO.*ready.*$/m.exec(output);
      if (found === null) throw new Error(output);
      return found;
    });
    expect(line).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] /);
    // Colours.
    expect(line).toContain('\x1b[32mINFO\x1b[39m');
    expect(line).toContain('"stack":"posix"');
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
});
