import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { eventually } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';
import { TcpProxy } from '../support/tcp-proxy';

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
  stopLeasectl();
  await stopPrograms();
  rmSync(directory, { recursive: true });
});

async function send(
  method: string,
  path: string,
  { by, ca = 'ca', secret, body }: { by?: string; ca?: string; secret?: string; body?: object } = {},
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    ...{
      host: '127.0.0.1',
      port: new URL(api.url).port,
      method,
      path,
      agent: false,
      ca: readFileSync(at(`${ca}.pem`)),
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

describe('leasectl', () => {
  const url = (): string => `https://127.0.0.1:${new URL(api.url).port}`;
  const files = (by: string): string[] => [
    '--ca',
    at('ca.pem'),
    '--cert',
    at(`${by}.pem`),
    '--key',
    at(`${by}.key`),
  ];
  const held = ['hold', 'local:ctl', '--', 'echo', 'held'];

  test('shows its certificate, and checks that of the service', async () => {
    const leasectl = new Leasectl(url());
    expect(await leasectl.run([...files('web'), ...held])).toMatchObject({ exit: 0, out: 'held\n' });
    const env = { LEASEHOLD_CA: at('ca.pem'), LEASEHOLD_CERT: at('web.pem'), LEASEHOLD_KEY: at('web.key') };
    expect(await leasectl.run(held, { env })).toMatchObject({ exit: 0, out: 'held\n' });
    expect(await leasectl.run([...files('cron'), ...held])).toMatchObject({ exit: 6 });
    expect(await leasectl.run(['--ca', at('ca.pem'), ...held])).toMatchObject({ exit: 6 });
    const unknown = await leasectl.run(['--ca', at('stranger.pem'), ...held]);
    expect(unknown.exit).toBe(4);
    expect(unknown.err).toMatch(/certificate/);
  });

  test.each<[string, string[], RegExp]>([
    ['a file that is missing', ['--ca', '/nonexistent'], /--ca: ENOENT.*\/nonexistent/],
    [
      'a file that is no certificate',
      ['--cert', at('callers.json'), '--key', at('web.key')],
      /callers\.json/,
    ],
    ['a certificate without a key', ['--cert', at('web.pem')], /needs --cert and --key/],
    ['an address without TLS', ['--ca', at('ca.pem'), '--api', 'http://127.0.0.1:1'], /without it/],
  ])('%s: a usage error', async (_title, options, says) => {
    const done = await new Leasectl(url()).run([...options, 'exports', 'ls']);
    expect(done.exit).toBe(2);
    expect(done.err).toMatch(says);
  });

  test('`hold` goes on with the certificates that its files contain later', async () => {
    const target = (): string => `127.0.0.1:${new URL(api.url).port}`;
    const proxy = await TcpProxy.start({ target });
    const leasectl = new Leasectl(`https://${proxy.address}`);
    const ca = leasectl.file('ca', readFileSync(at('ca.pem'), 'utf8'));
    const trap = `trap 'echo told; exit 3' TERM; echo begun; while :; do sleep 0.1; done`;
    const own = ['--ca', ca, '--cert', at('web.pem'), '--key', at('web.key')];
    const holding = leasectl.start([...own, 'hold', 'local:renewed', '--', 'sh', '-c', trap]);
    await holding.says('begun');
    const from = api.lines.length;
    certificate('server', 'stranger', 'of another authority', 'IP:127.0.0.1');
    leasectl.file('ca', readFileSync(at('stranger.pem'), 'utf8'));
    await api.logged(({ msg }) => msg === 'the certificate has been read again', { from });
    await eventually(async () => {
      await expect(send('GET', '/livez')).rejects.toThrow('certificate');
    });
    proxy.cut();
    proxy.mend();
    const made = await send('POST', '/v1/sessions', { by: 'web', ca: 'stranger', body: { ttlMs: 60_000 } });
    const { sessionId, secret } = JSON.parse(await textOf(made)) as { sessionId: string; secret: string };
    const body = { sessionId, export: 'local', file: 'renewed', access: 'write', waitMs: 60_000 };
    const opening = statusOf('POST', '/v1/opens', { by: 'web', ca: 'stranger', secret, body });
    await holding.says('told');
    expect((await holding.ended).exit).toBe(3);
    expect(await opening).toBe(201);
    certificate('server', 'ca', 'first', 'IP:127.0.0.1');
    await eventually(async () => {
      expect((await send('GET', '/livez')).statusCode).toBe(200);
    });
    proxy.close();
  });
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
  let heard = '';
  const end = new Promise((resolve) => stream.once('end', resolve));
  stream.setEncoding('utf8').on('data', (text: string) => (heard += text));
  stream.once('close', () => (ended = true));
  expect(await nameNow()).toBe('first');

  let from = api.lines.length;
  certificate('server', 'ca', 'second', 'IP:127.0.0.1');
  await api.logged(({ msg }) => msg === 'the certificate has been read again', { from });
  await eventually(async () => {
    expect(await nameNow()).toBe('second');
  });

  from = api.lines.length;
  writeFileSync(at('server.pem'), 'no certificate');
  await api.logged(({ msg }) => msg === 'the certificate cannot be read', { from });
  expect(await nameNow()).toBe('second');

  const held = { sessionId, export: 'local', file: 'streamed', type: 'write' };
  expect(await statusOf('POST', '/v1/leases/acquire', { by: 'web', secret, body: held })).toBe(201);
  const open = { sessionId, export: 'local', file: 'streamed', access: 'read', owner: 'another' };
  expect(await statusOf('POST', '/v1/opens', { by: 'web', secret, body: open })).toBe(409);
  await eventually(() => {
    expect(heard).toContain('event: break');
  });
  expect(ended).toBe(false);
  expect(await statusOf('DELETE', `/v1/sessions/${sessionId}`, { by: 'web', secret })).toBe(204);
  await end;
});
