import { once } from 'node:events';
import { request } from 'node:http';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

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
