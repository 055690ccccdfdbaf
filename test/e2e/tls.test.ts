import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** TLS on the HTTP port: certificates of callers, and a certificate of the service that is renewed under way. */

const directory = mkdtempSync(join(tmpdir(), 'leasehold-tls-'));
const at = (name: string): string => join(directory, name);
const openssl = (...args: string[]): void => {
  execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' });
};

function authority(name: string): void {
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`],
  );
}
/** A certificate of this authority, put in place at once, as a mounted secret is. */
function certificate(name: string, ca: string, commonName: string, altName: string): void {
  const fresh = `${name}.new`;
  openssl(
    ...[
      'req',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      `/CN=${commonName}`,
    ],
    ...['-keyout', `${fresh}.key`, '-out', `${fresh}.csr`],
  );
  writeFileSync(at(`${fresh}.ext`), `subjectAltName=${altName}\n`);
  openssl(
    ...['x509', '-req', '-in', `${fresh}.csr`, '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial'],
    ...['-days', '2', '-extfile', `${fresh}.ext`, '-out', `${fresh}.pem`],
  );
  for (const end of ['key', 'pem']) renameSync(at(`${fresh}.${end}`), at(`${name}.${end}`));
}

let api: LeaseApi;
beforeAll(async () => {
  authority('ca');
  authority('stranger');
  certificate('server', 'ca', 'first', 'IP:127.0.0.1');
  certificate('web', 'ca', 'web', 'URI:spiffe://example.org/web');
  certificate('cron', 'ca', 'cron', 'DNS:cron.example.org');
  // Both claim to be somebody else: by a name of its own authority, and by a common name beside a SPIFFE URI.
  certificate('forged', 'stranger', 'cron', 'URI:spiffe://example.org/web');
  certificate('beside', 'ca', 'cron', 'URI:spiffe://example.org/other');
  const callers = {
    certificates: [
      { name: 'spiffe://example.org/web', rights: ['session', 'lease:write:local'] },
      { name: 'cron', tenant: 'night', rights: ['metrics'] },
    ],
  };
  writeFileSync(at('callers.json'), JSON.stringify(callers), { mode: 0o600 });
  api = await startLeaseApi({
    env: {
      LEASEHOLD_CALLERS: at('callers.json'),
      ...{ LEASEHOLD_HTTP_CERT: at('server.pem'), LEASEHOLD_HTTP_KEY: at('server.key') },
      LEASEHOLD_HTTP_CLIENT_CA: at('ca.pem'),
    },
    listen: { LEASEHOLD_HTTP: '0.0.0.0:0' },
  });
});
afterAll(async () => {
  await stopPrograms();
  rmSync(directory, { recursive: true });
});

async function send(
  method: string,
  path: string,
  { by, secret, body }: { by?: string; secret?: string; body?: object } = {},
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    ...{
      host: '127.0.0.1',
      port: new URL(api.url).port,
      method,
      path,
      agent: false,
      ca: readFileSync(at('ca.pem')),
    },
    ...(by === undefined ? {} : { cert: readFileSync(at(`${by}.pem`)), key: readFileSync(at(`${by}.key`)) }),
    headers: {
      ...(secret === undefined ? {} : { 'x-session-secret': secret }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, resolve).once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}
const statusOf = async (...args: Parameters<typeof send>): Promise<number | undefined> => {
  const answer = await send(...args);
  await textOf(answer);
  return answer.statusCode;
};

test('a client certificate names its caller, by SPIFFE URI or common name', async () => {
  const made = await send('POST', '/v1/sessions', { by: 'web', body: { ttlMs: 60_000 } });
  expect(made.statusCode).toBe(201);
  const { sessionId, secret } = JSON.parse(await textOf(made)) as { sessionId: string; secret: string };
  const body = { sessionId, export: 'local', file: 'f', type: 'write' };
  expect(await statusOf('POST', '/v1/leases/acquire', { by: 'web', secret, body })).toBe(201);
  expect(await statusOf('GET', '/metrics', { by: 'web' })).toBe(403);
  expect(await statusOf('GET', '/metrics', { by: 'cron' })).toBe(200);
  // The session belongs to the certificate that opened it.
  expect(await statusOf('POST', `/v1/sessions/${sessionId}/keepalive`, { by: 'cron', secret })).toBe(403);
  expect(await statusOf('POST', `/v1/sessions/${sessionId}/keepalive`, { by: 'web', secret })).toBe(200);
});

test.each(['forged', 'beside', undefined])(
  'a connection with the certificate %s has no rights',
  async (by) => {
    expect(await statusOf('GET', '/livez', { by })).toBe(200);
    expect(await statusOf('GET', '/metrics', { by })).toBe(401);
    expect(await statusOf('POST', '/v1/sessions', { by, body: {} })).toBe(401);
  },
);

test('HTTP without TLS gets no answer', async () => {
  await expect(fetch(`${api.url}/livez`)).rejects.toThrow('fetch failed');
});

test('a new certificate is used for new connections, and open streams go on; a wrong one is not used', async () => {
  const nameNow = async (): Promise<unknown> => {
    const answer = await send('GET', '/livez');
    const { CN } = (answer.socket as TLSSocket).getPeerCertificate().subject;
    await textOf(answer);
    return CN;
  };
  const made = await send('POST', '/v1/sessions', { by: 'web', body: { ttlMs: 600_000 } });
  const { sessionId, secret } = JSON.parse(await textOf(made)) as { sessionId: string; secret: string };
  const stream = await send('GET', `/v1/sessions/${sessionId}/events`, { by: 'web', secret });
  let ended = false;
  const end = new Promise((resolve) => stream.once('end', resolve));
  stream.resume().once('close', () => (ended = true));
  expect(await nameNow()).toBe('first');

  certificate('server', 'ca', 'second', 'IP:127.0.0.1');
  await api.logged(({ msg }) => msg === 'the certificate has been read again');
  expect(await nameNow()).toBe('second');

  const from = api.lines.length;
  writeFileSync(at('server.pem'), 'no certificate');
  await api.logged(({ msg }) => msg === 'the certificate cannot be read', { from });
  expect(await nameNow()).toBe('second');

  expect(ended).toBe(false);
  expect(await statusOf('DELETE', `/v1/sessions/${sessionId}`, { by: 'web', secret })).toBe(204);
  await end;
});
