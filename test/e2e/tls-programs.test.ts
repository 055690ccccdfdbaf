import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  type AddressInfo,
  connect as connectPlain,
  createServer as createPlain,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { Logger } from '@nestjs/common';
import { firstValueFrom, timeout } from 'rxjs';
import { Leasehold } from '#client';
import { keyOf, PromptClient, Tls } from '#rpc';
import { type Contract, GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { NfsClientState } from '../../apps/nfs-head/src/nfs-client-state';
import { Certificates } from '../support/certificates';
import { eventually, within } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';
import {
  type Fileserver,
  type LeaseApi,
  LeaseApi as Api,
  rpcSecret,
  startFileserver,
  startLeaseApi,
  stopPrograms,
} from '../support/service';

/** TLS between the programs: RPC in both directions, gRPC, and Redis. */
Logger.overrideLogger(false);

const certificates = new Certificates();
const exported = mkdtempSync(join(tmpdir(), 'leasehold-tls-export-'));
const heard: { level: string; facts: object; text: string }[] = [];
const hear =
  (level: string) =>
  (facts: object, text: string): void => {
    heard.push({ level, facts, text });
  };
const log = { info: hear('info'), warn: hear('warn'), error: hear('error') };
const filesOf = (name: string, ca = 'ca') => ({
  cert: certificates.at(`${name}.pem`),
  key: certificates.at(`${name}.key`),
  ca: certificates.at(`${ca}.pem`),
});
const tlsOf = (name: string, ca?: string): Tls => new Tls(filesOf(name, ca), log);
const read = (file: string): string => readFileSync(file, 'utf8');
const reread = 'the certificate has been read again';

let redis: RedisServer;
let api: LeaseApi;
let adapter: Fileserver;
beforeAll(async () => {
  for (const name of ['ca', 'stranger']) certificates.authority(name);
  for (const name of ['api', 'adapter', 'head', 'redis'])
    certificates.make(name, 'ca', name, 'IP:127.0.0.1,DNS:localhost');
  certificates.make('forged', 'stranger', 'adapter', 'IP:127.0.0.1');
  certificates.make('elsewhere', 'ca', 'elsewhere', 'DNS:other.example.org');
  certificates.make('expired', 'ca', 'expired', 'IP:127.0.0.1', { expired: true });
  writeFileSync(join(exported, 'f'), 'text');
  redis = await startRedis({
    'tls-auth-clients': 'yes',
    'tls-cert-file': certificates.at('redis.pem'),
    'tls-key-file': certificates.at('redis.key'),
    'tls-ca-cert-file': certificates.at('ca.pem'),
  });
  api = await startLeaseApi({
    table: redis.url,
    env: { ...certificates.env('LEASEHOLD_TLS', 'api'), ...certificates.env('LEASEHOLD_REDIS', 'api') },
    listen: { LEASEHOLD_RPC: '0.0.0.0:0', LEASEHOLD_GRPC: '0.0.0.0:0' },
  });
  adapter = await startFileserver(
    {
      exports: { demo: exported },
      apis: [rpcAddress()],
      env: certificates.env('LEASEHOLD_TLS', 'adapter'),
    },
    api,
  );
});
afterAll(async () => {
  await stopPrograms();
  await redis.stop();
  certificates.remove();
  rmSync(exported, { recursive: true });
});

const portOf = (address: string): number => Number(address.split(':').at(-1));
const rpcAddress = (): string => `127.0.0.1:${String(portOf(api.rpcAddress))}`;
const grpcAddress = (): string => `127.0.0.1:${String(portOf(api.grpcAddress))}`;

/** The common name that a port shows now. */
async function shownAt(address: string): Promise<string> {
  const socket = connect({ ...tlsOf('head').now, host: '127.0.0.1', port: portOf(address) });
  await within('the handshake', once(socket, 'secureConnect'));
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

/** Why a client that dials like a program gets no answer. */
async function failureOf(client: PromptClient): Promise<string> {
  try {
    await firstValueFrom(client.send('x', {}).pipe(timeout(60_000)));
    return 'answered';
  } catch (error) {
    return String(error);
  } finally {
    client.close();
  }
}
const dialling = (address: string, tls?: Tls): PromptClient =>
  new PromptClient({ host: '127.0.0.1', port: portOf(address) }, tls);

test('a lease is held at an adapter that is dialled by TLS, and outlives new certificates on all sides', async () => {
  const leasehold = new Leasehold({ url: api.url });
  const session = await leasehold.openSession({ ttlMs: 60_000 });
  const lease = await session.acquire({ export: 'demo', file: 'f', type: 'read' });
  expect(lease.backed).toBe(true);
  for (const name of ['api', 'adapter']) certificates.make(name, 'ca', `${name} again`, 'IP:127.0.0.1');
  await Promise.all([api, adapter].map((each) => each.logged(({ msg }) => msg === reread)));
  // The log may have been about the first of the files.
  await eventually(async () => {
    expect(await shownAt(api.rpcAddress)).toBe('api again');
    expect(await shownAt(api.grpcAddress)).toBe('api again');
  });
  // A new connection, in either direction, with the new certificates.
  await api.kill();
  await api.start();
  await eventually(async () => {
    const other = await leasehold.openSession({ ttlMs: 60_000 });
    const more = await other.acquire({ export: 'demo', file: 'f', type: 'read' });
    expect(more.backed).toBe(true);
    await other.end();
  });
  await lease.release();
  await session.end();
});

test('a certificate that is broken on disk leaves the old one in use, and the log names the file', async () => {
  const from = api.lines.length;
  const shown = await shownAt(api.rpcAddress);
  writeFileSync(certificates.at('api.pem'), 'no certificate');
  const line = await api.logged(({ msg }) => msg === 'the certificate cannot be read', { from });
  expect(JSON.stringify(line)).toContain(`${certificates.at('api.pem')} is not a certificate in PEM form`);
  expect(await shownAt(api.rpcAddress)).toBe(shown);
  certificates.make('api', 'ca', shown, 'IP:127.0.0.1');
  await api.logged(({ msg }) => msg === reread, { from });
});

test.each([
  ['RPC', () => api.rpcAddress, 'LEASEHOLD_RPC'],
  ['gRPC', () => api.grpcAddress, 'LEASEHOLD_GRPC'],
])(
  'who speaks to %s in the clear is told that it is TLS, and the log has a line',
  async (_name, at, port) => {
    const from = api.lines.length;
    const socket = connectPlain(portOf(at()), '127.0.0.1');
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await within('the end', once(socket, 'close'));
    expect(text).toContain('This port speaks TLS only');
    const line = await api.logged(({ msg }) => msg === 'a connection was refused by TLS', { from });
    expect(line).toMatchObject({ port, why: 'it speaks without TLS', repeated: 0 });
  },
);

test('a program without TLS is told what to set', async () => {
  expect(await failureOf(dialling(api.rpcAddress))).toMatch(
    /This port speaks TLS only: set LEASEHOLD_TLS_CERT/,
  );
});

test.each([
  ['of another authority', 'forged', /is refused: it is not signed by an authority in .*ca\.pem/],
  ['that has expired', 'expired', /is refused: it has expired/],
])('a program with a certificate %s is told why, and so is the log', async (_title, name, says) => {
  const from = api.lines.length;
  // As a program whose certificate expired under way.
  const { cert, key, ca } = filesOf(name);
  const tls = tlsOf('head');
  jest.spyOn(tls, 'now', 'get').mockReturnValue({ cert: read(cert), key: read(key), ca: read(ca) });
  expect(await failureOf(dialling(api.rpcAddress, tls))).toMatch(says);
  const line = await api.logged(({ msg }) => msg === 'a connection was refused by TLS', { from });
  expect(line['port']).toBe('LEASEHOLD_RPC');
});

test('a program without a certificate is told so', async () => {
  const tls = new Tls({ ca: certificates.at('ca.pem') }, log);
  expect(await failureOf(dialling(api.rpcAddress, tls))).toMatch(
    /Your certificate is refused: it shows none/,
  );
});

test.each([
  ['expired', 'ca', /the certificate of 127\.0\.0\.1:\d+ has expired/],
  ['api', 'stranger', /the certificate of 127\.0\.0\.1:\d+ is not signed by an authority in .*stranger\.pem/],
  ['elsewhere', 'ca', /the certificate of 127\.0\.0\.1:\d+ is for other names: .*other\.example\.org/],
])(
  'a program refuses a server with the certificate %s and the authority %s, and says why',
  async (name, ca, says) => {
    const { cert, key } = filesOf(name);
    const server = createServer({ cert: read(cert), key: read(key) }, (socket: TLSSocket) => socket.resume());
    server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const failure = await failureOf(dialling(`127.0.0.1:${String(port)}`, tlsOf('head', ca)));
    server.close();
    expect(failure).toMatch(says);
  },
);

test('TLS to a port without TLS fails with words', async () => {
  const plain = await startLeaseApi();
  expect(await failureOf(dialling(plain.rpcAddress, tlsOf('head')))).toMatch(
    /127\.0\.0\.1:\d+ does not speak TLS/,
  );
  await plain.stop();
});

test.each<[string, (tls: Tls) => Contract]>([
  ['gRPC', (tls) => new GrpcContract(grpcAddress(), keyOf(rpcSecret), tls)],
  ['RPC', (tls) => new TcpContract(rpcAddress(), keyOf(rpcSecret), tls)],
])('an NFS server over %s keeps its callbacks while certificates change', async (_name, contractOf) => {
  const tls = tlsOf('head');
  const contract = contractOf(tls);
  const recalled: string[] = [];
  const client = await NfsClientState.exchangeId(
    contract,
    { label: 'c', leaseTimeMs: 60_000 },
    (callback) => {
      if (callback.recall !== undefined) recalled.push(callback.recall.file);
      return Promise.resolve();
    },
  );
  const file = `from-${_name}`;
  const want = { access: 'OPEN4_SHARE_ACCESS_READ', want: 'WANT_READ_DELEG' } as const;
  const opened = await client.open('o', { export: 'local', file }, want);
  expect(opened.status).toBe('NFS4_OK');
  const from = api.lines.length;
  certificates.make('api', 'ca', `api for ${_name}`, 'IP:127.0.0.1');
  certificates.make('head', 'ca', `head for ${_name}`, 'IP:127.0.0.1');
  await api.logged(({ msg }) => msg === reread, { from });
  await eventually(async () => {
    expect(await shownAt(api.grpcAddress)).toBe(`api for ${_name}`);
  });
  const session = await new Leasehold({ url: api.url }).openSession();
  const opening = session.open({ export: 'local', file, access: 'write', waitMs: 1 }).catch(() => undefined);
  await eventually(() => {
    expect(recalled).toEqual([file]);
  });
  await opening;
  await session.end();
  client.stop();
  contract.close();
});

test('one stream of callbacks goes on over a new certificate of the service', async () => {
  certificates.make('still', 'ca', 'still', 'IP:127.0.0.1');
  const contract = new GrpcContract(grpcAddress(), keyOf(rpcSecret), tlsOf('still'));
  const { sessionId, secret } = await contract.call('ExchangeId', { leaseTimeMs: 600_000 });
  const ended = new AbortController();
  const recalled: string[] = [];
  // Not through NfsClientState, which would connect again.
  const following = (async () => {
    for await (const { recall } of contract.callbacks({ sessionId, secret }, ended.signal))
      if (recall !== undefined) recalled.push(recall.file);
  })().catch((error: unknown) => error);
  const share = { access: 'OPEN4_SHARE_ACCESS_READ', deny: 'OPEN4_SHARE_DENY_NONE' } as const;
  const where = { export: 'local', file: 'one-stream', openOwner: 'AA==', want: 'WANT_READ_DELEG' } as const;
  const { status } = await contract.call('Open', { sessionId, secret, ...where, ...share });
  expect(status).toBe('NFS4_OK');
  certificates.make('api', 'ca', 'api under one stream', 'IP:127.0.0.1');
  await eventually(async () => {
    expect(await shownAt(api.grpcAddress)).toBe('api under one stream');
  });
  const session = await new Leasehold({ url: api.url }).openSession();
  const opening = session.open({ export: 'local', file: 'one-stream', access: 'write', waitMs: 1 });
  await expect(opening).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  await eventually(() => {
    expect(recalled).toEqual(['one-stream']);
  });
  ended.abort();
  expect(await following).toBeUndefined();
  await session.end();
  contract.close();
});

test.each([
  ['RPC', rpcAddress],
  ['gRPC', grpcAddress],
])('5,000 handshakes that never end at %s keep nobody out', async (name, address) => {
  const port = portOf(address());
  let most = 0;
  let closed = 0;
  // The beginning of a record of a handshake; from an address of its own, since 127.0.0.0/8 has many.
  const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
  const sockets: Socket[] = [];
  try {
    for (let n = 0; n < 10; n++) {
      const some = Array.from({ length: 500 }, () => {
        const socket = connectPlain({ port, host: '127.0.0.1', localAddress: '127.0.0.67' });
        socket.on('error', () => undefined).once('close', () => (closed += 1));
        socket.resume().write(hello);
        return socket;
      });
      sockets.push(...some);
      await eventually(() => {
        expect(some.every(({ connecting }) => !connecting)).toBe(true);
      });
      const { text } = await api.request('GET', '/metrics');
      const gauge = new RegExp(`^leasehold_unproven_connections\\{.*"${name}".*\\} (\\d+)$`, 'mi');
      most = Math.max(most, Number(gauge.exec(text)?.[1]));
    }
    await eventually(() => {
      expect(closed).toBeGreaterThanOrEqual(5_000 - 4_096);
    });
    // Not only in time: they made room for each other.
    expect(most).toBeLessThanOrEqual(4_096);
    expect(await shownAt(address())).toMatch(/^api/);
    const contract =
      name === 'gRPC'
        ? new GrpcContract(grpcAddress(), keyOf(rpcSecret), tlsOf('head'))
        : new TcpContract(rpcAddress(), keyOf(rpcSecret), tlsOf('head'));
    expect((await contract.call('ExchangeId', { leaseTimeMs: 60_000 })).status).toBe('NFS4_OK');
    contract.close();
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

describe('Redis', () => {
  const tried = async (env: Record<string, string>, table = redis.url): Promise<string> => {
    const other = new Api({ table, env });
    await expect(other.start()).rejects.toThrow();
    return other.output;
  };

  test.each([['of another authority', 'stranger', /is not signed by an authority in .*stranger\.pem/]])(
    'with a certificate %s is refused, and the log says why',
    async (_title, ca, says) => {
      expect(await tried(certificates.env('LEASEHOLD_REDIS', 'head', ca))).toMatch(says);
    },
  );

  test('refuses a service without a certificate, and the log says so', async () => {
    expect(await tried({ LEASEHOLD_REDIS_CA: certificates.at('ca.pem') })).toMatch(
      /refuses our certificate \(we have none\)|it may want a client certificate: LEASEHOLD_REDIS_CERT/,
    );
  });

  test('that accepts connections and says nothing is given up, and the log says so', async () => {
    const silent = createPlain((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = `127.0.0.1:${String((silent.address() as AddressInfo).port)}`;
    const said = await tried(certificates.env('LEASEHOLD_REDIS', 'head'), `rediss://${address}`);
    expect(said).toMatch(`"TableUnreachable","message":"no usable connection to ${address} for`);
    silent.close();
  });

  test('is reached again with a new certificate after it was restarted', async () => {
    const from = api.lines.length;
    certificates.make('redis', 'ca', 'redis again', 'IP:127.0.0.1');
    await redis.restart();
    await eventually(async () => {
      expect((await api.request('GET', '/readyz')).status).toBe(200);
    });
    expect(api.lines.slice(from).filter(({ level }) => level >= 60)).toEqual([]);
  });
});

test.each([
  ['has expired', 'expired', 'expired', /expired\.pem: the certificate expired on/],
  ['has the key of another', 'api', 'head', /head\.key is not the key of the certificate in .*api\.pem/],
  ['is missing', 'nowhere', 'head', /ENOENT.*nowhere\.pem/],
])('a service whose certificate %s does not start, and says which file', async (_title, cert, key, says) => {
  const env = {
    LEASEHOLD_TLS_CERT: certificates.at(`${cert}.pem`),
    LEASEHOLD_TLS_KEY: certificates.at(`${key}.key`),
  };
  const other = new Api({ env });
  await expect(other.start()).rejects.toThrow();
  expect(other.output).toMatch(says);
});
