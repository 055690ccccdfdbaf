import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileserver } from '#contracts';
import { keyOf, seal } from '#rpc';
import { type LeaseApi, rpcSecret, startLeaseApi, stopPrograms } from '../support/service';

/**
 * What a page in a browser on the same machine may do: nothing. It cannot take back `Origin`, `Sec-Fetch-Site` and
 * `Host`; a name of its own that it rebinds to 127.0.0.1 shows in `Host` alone.
 */
const paths = (
  JSON.parse(readFileSync(join(__dirname, '..', '..', 'docs', 'openapi.json'), 'utf8')) as {
    paths: Record<string, Record<string, object>>;
  }
).paths;
const unknownId = '0000aaaa-bbbb-8ccc-8ddd-eeeeeeeeeeee';
const routes = [
  ...Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method): [string, string] => [
      method.toUpperCase(),
      path.replaceAll(/\{(name|other)\}/g, 'local').replaceAll(/\{\w+\}/g, unknownId),
    ]),
  ),
  ['GET', '/openapi.json'],
  ['GET', '/'],
  ['GET', '/docs'],
  ['GET', '/console/console.js'],
  ['GET', '/nowhere'],
  ['OPTIONS', '/v1/sessions'],
] as [string, string][];

let api: LeaseApi;
let port: number;
beforeAll(async () => {
  api = await startLeaseApi({
    env: {
      LEASEHOLD_HTTP_HOSTS: 'leases.example.org',
      ...{ LEASEHOLD_ADMIN_TOKEN: 'the-admin-token', LEASEHOLD_NETWORK: 'trusted' },
    },
    listen: { LEASEHOLD_HTTP: '0.0.0.0:0', LEASEHOLD_GRPC: '127.0.0.1:0' },
  });
  port = Number(new URL(api.url).port);
});
afterAll(stopPrograms);

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  { body, host = '127.0.0.1' }: { body?: string; host?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request({ host, port, method, path, headers: { ...headers, ...length } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.once('end', () => {
        const { statusCode: status = 0, headers: told } = answer;
        const isJson = /[/+]json/.test(told['content-type'] ?? '');
        resolve({
          status,
          headers: told,
          body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
        });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
const own = (): string => `127.0.0.1:${String(port)}`;
/** The existing sessions, without times, which move with the clock. */
const sessions = async (): Promise<string[]> => {
  const { body } = await send('GET', '/v1/sessions', { authorization: 'Bearer the-admin-token' });
  return (body['sessions'] as { sessionId: string }[]).map(({ sessionId }) => sessionId);
};

const pages: [name: string, headers: () => Record<string, string>, reason: string][] = [
  ['a page of another site', () => ({ origin: 'https://evil.example' }), 'foreign_origin'],
  ['a page of another port of this machine', () => ({ origin: 'http://127.0.0.1:3000' }), 'foreign_origin'],
  [
    'a page by another of our names',
    () => ({ origin: `http://localhost:${String(port)}` }),
    'foreign_origin',
  ],
  ['a file or a sandbox', () => ({ origin: 'null' }), 'foreign_origin'],
  ['an origin that is none', () => ({ origin: own() }), 'foreign_origin'],
  ['an image or a form of another site', () => ({ 'sec-fetch-site': 'cross-site' }), 'foreign_origin'],
  ['an image of another port', () => ({ 'sec-fetch-site': 'same-site' }), 'foreign_origin'],
  ['a value of a browser to come', () => ({ 'sec-fetch-site': 'elsewhere' }), 'foreign_origin'],
  ['a name that was rebound', () => ({ host: `evil.example:${String(port)}` }), 'foreign_host'],
  [
    'a name that was rebound, to its own page',
    () => ({ host: 'evil.example', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }),
    'foreign_host',
  ],
  ['a name that ends like ours', () => ({ host: 'evil-leases.example.org' }), 'foreign_host'],
  ['a name that begins like ours', () => ({ host: 'leases.example.org.evil.example' }), 'foreign_host'],
  ['a name that begins like loopback', () => ({ host: '127.0.0.1.evil.example' }), 'foreign_host'],
  ['somebody at an address', () => ({ host: '127.0.0.1@evil.example' }), 'foreign_host'],
  ['an address that is not ours', () => ({ host: '192.0.2.1' }), 'foreign_host'],
];

test.each(pages)('%s is refused on every route before anything happens', async (_name, headers, reason) => {
  const before = await sessions();
  for (const [method, path] of routes) {
    const all = {
      'content-type': 'application/json',
      authorization: 'Bearer the-admin-token',
      'x-session-secret': 'x',
      ...headers(),
    };
    const answer = await send(method, path, all, { body: method === 'GET' ? undefined : '{"ttlMs":60000}' });
    expect({ method, path, http: answer.status, ...answer.body }).toMatchObject({
      method,
      path,
      status: 403,
      code: 'EPERM',
      reason,
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  }
  expect(await sessions()).toEqual(before);
});

test.each<[string, () => Record<string, string>]>([
  ['no header of a browser', () => ({})],
  ['our address', () => ({ host: own() })],
  ['localhost', () => ({ host: `localhost:${String(port)}` })],
  ['loopback by IPv6', () => ({ host: `[::1]:${String(port)}` })],
  ['a port that is forwarded to us', () => ({ host: 'localhost:9999' })],
  ['a name from the configuration', () => ({ host: 'LEASES.example.org' })],
  ['our own page', () => ({ origin: `http://${own()}`, 'sec-fetch-site': 'same-origin' })],
  ['our own page behind TLS', () => ({ host: 'leases.example.org', origin: 'https://leases.example.org' })],
  ['an address typed by hand', () => ({ 'sec-fetch-site': 'none' })],
])('%s is served', async (_name, headers) => {
  const all = { 'content-type': 'application/json', ...headers() };
  expect(await send('POST', '/v1/sessions', all, { body: '{}' })).toMatchObject({ status: 201 });
});

test('a link of another site leads to the console, and to nothing else', async () => {
  const visit = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  for (const path of ['/', '/docs', '/?from=a-wiki'])
    expect(await send('GET', path, visit)).toMatchObject({ status: 200 });
  const refused: [string, string, Record<string, string>][] = [
    ['GET', '/', { ...visit, 'sec-fetch-dest': 'iframe' }],
    ['GET', '/', { ...visit, 'sec-fetch-mode': 'no-cors' }],
    ['GET', '/', { ...visit, host: 'evil.example' }],
    ['GET', '/', { ...visit, origin: 'https://evil.example' }],
    ['GET', '/console/console.js', visit],
    ['GET', '/openapi.json', visit],
    ['GET', '/v1/exports', visit],
    ['POST', '/', visit],
  ];
  for (const [method, path, headers] of refused)
    expect(await send(method, path, headers)).toMatchObject({ status: 403 });
});

test('the local address of a connection is accepted as a host name', async () => {
  const [address] = Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
  );
  // A machine without a network has only loopback.
  const { address: host } = address ?? { address: '127.0.0.1' };
  expect(await send('GET', '/readyz', { host: `${host}:${String(port)}` }, { host })).toMatchObject({
    status: 200,
  });
});

test('an answer with a secret must not be cached', async () => {
  const made = await send('POST', '/v1/sessions', { 'content-type': 'application/json' }, { body: '{}' });
  expect(made.body).toHaveProperty('secret');
  expect(made.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
});

/** Everything received until the other side closes. */
function raw(to: string, text: string): Promise<string> {
  const [host, at] = to.split(':');
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(Number(at), host, () => socket.write(text));
    socket.setEncoding('latin1').on('data', (chunk: string) => (heard += chunk));
    socket.once('error', () => undefined);
    socket.once('close', () => {
      resolve(heard);
    });
  });
}

test.each([
  ['no host', ''],
  ['an empty host', 'host: \r\n'],
])('a request with %s is refused', async (_name, header) => {
  const answer = await raw(own(), `GET /readyz HTTP/1.1\r\n${header}connection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('foreign_host');
});

test.each<[string, () => string]>([
  ['RPC', () => api.rpcAddress],
  ['gRPC', () => api.grpcAddress],
])('a message in the body of a POST to the %s port is ignored', async (_name, to) => {
  const before = await sessions();
  const { hello: pattern } = fileserver.patterns;
  const { id: key, secret } = keyOf(rpcSecret);
  const data = seal(pattern, { protocol: { major: 1, minorMax: 2 } }, { key, secret }).envelope;
  const message = JSON.stringify({ pattern, data, id: '1' });
  const body = `${String(message.length)}#${message}`;
  const answer = await raw(
    to(),
    `POST /#1 HTTP/1.1\r\nhost: ${to()}\r\ncontent-type: text/plain\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
  );
  expect(answer).not.toContain('publicKey');
  expect(await sessions()).toEqual(before);
});
