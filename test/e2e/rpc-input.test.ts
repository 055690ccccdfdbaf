import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { type Lease, Leasehold } from '#client';
import { fileserver } from '#contracts';
import { keyOf, proveAdapter, seal } from '#rpc';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { type Facts, Line, Teller } from '../support/rpc';
import {
  exportsUp,
  type Fileserver,
  type LeaseApi,
  rpcSecret,
  startFileserver,
  startLeaseApi,
  stopPrograms,
} from '../support/service';
import { Splicer } from '../support/splicer';

/** Messages of adapters and the answers to them, over the real transport: each refusal with its code and reason. */
Logger.overrideLogger(false);
const { patterns } = fileserver;

let api: LeaseApi;
let line: Line;
let first: Teller;

beforeAll(async () => {
  const previous = 'before the last rotation';
  api = await startLeaseApi({
    env: { LEASEHOLD_BREAK_MS: '45000', LEASEHOLD_RPC_SECRET_PREVIOUS: previous },
  });
  line = new Line(api.rpcAddress);
  first = new Teller(api.rpcAddress);
});
afterAll(async () => {
  line.close();
  first.close();
  await stopPrograms();
});

const hello = { protocol: { major: fileserver.protocol.major, minorMax: fileserver.protocol.minor } };
/** Sends `hello` under a key and a secret. */
const greet = (id: string, secret: string): Promise<Facts> =>
  line.send(patterns.hello, seal(patterns.hello, hello, { key: id, secret }).envelope);
const by = async (teller: Teller, send: (teller: Teller) => Promise<Facts>): Promise<Facts> => {
  try {
    return await send(teller);
  } finally {
    teller.close();
  }
};

test.each<[string, () => Promise<Facts>, object]>([
  [
    'no envelope',
    () => line.send(patterns.register, { hello: 1 }),
    { code: 'EINVAL', reason: 'bad_request' },
  ],
  [
    'the envelope of an older version',
    () => line.send(patterns.register, { body: '{}', mac: 'AAAA' }),
    { code: 'EINVAL', reason: 'protocol_mismatch' },
  ],
  [
    "another secret's seal",
    () => greet(keyOf(rpcSecret).id, 'not-the-same'),
    { code: 'EACCES', reason: 'no_credentials' },
  ],
  ['a key that is not there', () => greet('nobody', rpcSecret), { code: 'EACCES', reason: 'no_credentials' }],
  [
    'a message of another kind with its seal',
    () => {
      const { id, secret } = keyOf(rpcSecret);
      return line.send(patterns.register, seal(patterns.hello, hello, { key: id, secret }).envelope);
    },
    { code: 'EACCES', reason: 'no_credentials' },
  ],
  [
    "another's incarnation",
    () => by(new Teller(api.rpcAddress), (teller) => teller.register({ incarnation: first.name })),
    { code: 'EACCES', reason: 'no_credentials' },
  ],
  [
    'a field that is missing',
    () => first.register({ endpoint: undefined }),
    { code: 'EINVAL', reason: 'bad_request', issues: [{ path: 'endpoint' }] },
  ],
  [
    'another protocol',
    () => first.register({ protocol: { major: 2, minorMax: 3 } }),
    {
      code: 'EINVAL',
      reason: 'protocol_mismatch',
      detail: `The adapter speaks 2.3, this service 1.${String(fileserver.protocol.minor)}.`,
    },
  ],
  [
    'a fileserver that forces breaks sooner than we promise',
    () => first.register({ breakLimitMs: 1_000 }),
    { code: 'EINVAL', reason: 'break_time_too_long', breakLimitMs: 1_000 },
  ],
  ['an export of another kind', () => first.register({ exports: ['local'] }), { reason: 'stack_mismatch' }],
])('%s', async (_name, answer, problem) => {
  expect(await answer()).toMatchObject({ ok: false, problem });
  const { body } = await api.request('GET', '/v1/exports');
  expect((body['exports'] as { name: string }[]).map(({ name }) => name)).toEqual(['local']);
});

test('the previous secret is accepted as well', async () => {
  const previous = keyOf('before the last rotation');
  expect(await greet(previous.id, previous.secret)).toHaveProperty('mac');
});

test('the heartbeat of an unknown adapter is answered with a request to register', async () => {
  const beat = { incarnation: first.name, exports: ['demo'], dead: [] };
  expect(await first.call('heartbeat', beat)).toMatchObject({ ok: true, known: false, stop: false });
});

test('the lower minor version is agreed on, and the successor takes over', async () => {
  expect(await first.register()).toMatchObject({ ok: true, protocol: fileserver.protocol, predecessors: [] });
  const registered = first.last;
  const holdRef = { export: 'demo', fileId: 'f', holdGen: 1, incarnation: first.name };
  // A break of a hold that does not exist, by the current adapter: ignored.
  const broken = { ...holdRef, breakNo: 1, target: 'none', remainingMs: 100 };
  expect(await first.call('break', broken)).toEqual({ ok: true, taken: false });
  expect(await first.call('lost', { ...holdRef, have: 'none', cause: 'test' })).toEqual({
    ok: true,
    taken: false,
  });
  expect(await first.call('detached', { ...holdRef, path: 'f' })).toEqual({ ok: true });

  const second = new Teller(api.rpcAddress);
  // The first never reported its holds, so nothing was asked of it and nobody waits for proof of its death.
  expect(await second.register()).toMatchObject({ ok: true, predecessors: [] });
  const superseded = { ok: false, problem: { code: 'ESTALE', reason: 'incarnation_superseded' } };
  expect(await first.register()).toMatchObject(superseded);
  expect(await first.call('break', broken)).toMatchObject(superseded);
  const beat = { incarnation: first.name, exports: ['demo'], dead: [] };
  expect(await first.call('heartbeat', beat)).toMatchObject(superseded);
  expect(await second.call('heartbeat', { ...beat, incarnation: second.name })).toMatchObject({ ok: true });

  // A recorded message is not accepted again, here or by the next run of the service.
  const again = registered ?? { pattern: '', envelope: {} };
  const beforeIt = api.lines.length;
  const repeated = line.send(again.pattern, again.envelope).catch(() => 'no answer');
  await api.logged(({ detail }) => detail === 'The message was already received.', { from: beforeIt });
  second.close();
  await api.stop();
  expect(await repeated).toBe('no answer');
  await api.start();
  const other = new Line(api.rpcAddress);
  expect(await other.send(again.pattern, again.envelope)).toMatchObject({
    ok: false,
    problem: { reason: 'no_credentials', detail: expect.stringContaining('another process') as unknown },
  });
  other.close();
});

test('a name on an export whose adapter cannot be reached is refused at once, after the session has been checked', async () => {
  const { sessionId, secret } = await api.session();
  // Until its holds are known the adapter is expected to serve soon; this request does not wait for that.
  const body = { sessionId, export: 'demo', file: 'f', type: 'read', waitMs: 0 };
  const refused = await api.request('POST', '/v1/leases/acquire', { body, secret });
  expect(JSON.parse(refused.text)).toMatchObject({ status: 409, code: 'EAGAIN', reason: 'no_backend' });
  const foreign = await api.request('POST', '/v1/leases/acquire', { body, secret: 'wrong' });
  expect(JSON.parse(foreign.text)).toMatchObject({ status: 403, code: 'EPERM', reason: 'not_holder' });
});

/** Sends text on a connection, and returns everything received until it is closed. */
const told = (address: string, said: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host, () => socket.write(said));
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(heard);
    });
  });

/** The first bytes of clients of other protocols, by protocol. */
const strangers = {
  http: 'GET /v1/sessions HTTP/1.1\r\nhost: localhost\r\n\r\n',
  'half a request of HTTP': 'POST /',
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  rpc: '41#{"pattern":"leasehold.hello","data":{},"id":"1"}',
} as const;
const ports: [string, (keyof typeof strangers)[], RegExp][] = [
  [
    'RPC',
    ['http', 'half a request of HTTP', 'HTTP/2', 'TLS'],
    /^HTTP\/1.1 400 [^]*This port speaks the RPC of Leasehold/,
  ],
  ['HTTP', ['rpc', 'HTTP/2', 'TLS'], /^HTTP\/1.1 400 [^]*This port speaks HTTP\/1.1/],
  ['gRPC', ['http', 'half a request of HTTP', 'TLS', 'rpc'], /^HTTP\/1.1 400 [^]*This port speaks gRPC/],
  ["an adapter's", ['http', 'HTTP/2', 'TLS'], /^HTTP\/1.1 400 [^]*This port speaks the RPC of Leasehold/],
];

describe('every port names its protocol at once to a client of another protocol', () => {
  const addresses = new Map<string, string>();
  let grpc: LeaseApi;
  let adapter: Fileserver;
  beforeAll(async () => {
    grpc = await startLeaseApi({ env: { LEASEHOLD_GRPC: '127.0.0.1:0' } });
    adapter = await startFileserver({ apis: [grpc.rpcAddress], exports: { strange: grpc.directory } });
    const ready = adapter.lines.find(({ msg }) => msg === 'ready');
    addresses.set('RPC', grpc.rpcAddress).set('HTTP', grpc.url.replace('http://', ''));
    addresses.set('gRPC', grpc.grpcAddress).set("an adapter's", String(ready?.['endpoint']));
  });

  describe.each(ports)('%s port', (port, who, answer) => {
    test.each(who)('%s', async (stranger) => {
      const from = performance.now();
      expect(await told(addresses.get(port) ?? '', strangers[stranger])).toMatch(answer);
      // At once, though slower on a busy machine: waiting for more input would take at least 10 s.
      expect(performance.now() - from).toBeLessThan(5_000);
    });
  });

  test.each(['RPC', "an adapter's"])(
    '%s port: what a stranger does to a connection is no fault in the log, and a flood fills no disk',
    async (port) => {
      const [host, number] = (addresses.get(port) ?? '').split(':');
      const program = port === 'RPC' ? grpc : adapter;
      const from = program.lines.length;
      const frame = (json: string): string => `${String(json.length)}#${json}`;
      const junk = [
        ...['', '9', '900#{', '5#{abc}', '99999999999#{', '-5#', '3#[]', frame('null'), frame('{}')],
        ...['{"id":"1"}', '{"pattern":"x"}', '{"pattern":{"__proto__":{}},"id":[]}'].map(frame),
        frame(JSON.stringify({ pattern: patterns.register, data: {} })),
      ];
      for (const said of junk)
        for (const end of ['resetAndDestroy', 'end'] as const) {
          const socket = connect(Number(number), host).on('error', () => undefined);
          await once(socket, 'connect');
          const closed = once(socket, 'close');
          socket.resume();
          socket.write(said, () => socket[end]());
          await closed;
        }
      const bare = new Line(addresses.get(port) ?? '');
      const pattern = port === 'RPC' ? patterns.register : patterns.setlease;
      const flood = Array.from({ length: 500 }, () => bare.send(pattern, { body: '{}' }));
      for (const answer of await Promise.all(flood)) expect(answer).toMatchObject({ ok: false });
      bare.close();
      const said = program.lines.slice(from).filter(({ level }) => level >= 40);
      expect(said.filter(({ level }) => level >= 50)).toEqual([]);
      // One line, and another after each 10 s that the flood lasts.
      expect(said.length).toBeGreaterThanOrEqual(1);
      expect(said.length).toBeLessThan(50);
    },
  );

  test('gRPC: a preface that arrives byte by byte is understood, and a silent connection is closed', async () => {
    const [host = '', port] = grpc.grpcAddress.split(':');
    const slow = connect(Number(port), host);
    const answered = once(slow, 'data');
    const bytes = Buffer.concat([Buffer.from(strangers['HTTP/2']), Buffer.from('000000040000000000', 'hex')]);
    for (const byte of bytes) {
      slow.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    const [frame] = (await answered) as [Buffer];
    expect(frame[3]).toBe(4); // SETTINGS
    slow.destroy();
    expect(await told(grpc.grpcAddress, '')).toBe('');
  });

  test('an adapter that connects to the HTTP port is told so', async () => {
    const lost = new Teller(addresses.get('HTTP') ?? '');
    await expect(lost.register()).rejects.toThrow();
    lost.close();
  });
});

test('an export that lives on one host is not taken over from another', async () => {
  const [present, elsewhere, here] = [
    new Teller(api.rpcAddress),
    new Teller(api.rpcAddress),
    new Teller(api.rpcAddress),
  ];
  const exports = ['apart'];
  expect(await present.register({ exports })).toMatchObject({ ok: true });
  const process = { hostId: 'another', bootId: 'b', pid: 1, startTicks: '1' };
  expect(await elsewhere.register({ exports, process })).toMatchObject({
    ok: false,
    problem: { code: 'EBUSY', reason: 'export_served' },
  });
  expect(await here.register({ exports })).toMatchObject({ ok: true });
  for (const each of [present, elsewhere, here]) each.close();
});

test('while an adapter lives, nobody without its own key takes over its export, whatever host is claimed', async () => {
  const [present, thief, successor] = [
    new Teller(api.rpcAddress),
    new Teller(api.rpcAddress),
    new Teller(api.rpcAddress),
  ];
  const exports = ['kept'];
  const proof = proveAdapter('the file of the storage server', present.name);
  expect(await present.register({ exports, adapter: proof })).toMatchObject({ ok: true });
  const served = { ok: false, problem: { code: 'EBUSY', reason: 'export_served' } };
  const unproven = {
    ok: false,
    problem: { reason: 'no_credentials', detail: 'The adapter has not proved its own key.' },
  };
  // The thief has the secret of the installation, and knows everything that was sent.
  const own = proveAdapter('the file of the thief', thief.name);
  expect(await thief.register({ exports })).toMatchObject(served);
  expect(await thief.register({ exports, adapter: own })).toMatchObject(served);
  expect(await thief.register({ exports, adapter: proof })).toMatchObject(unproven);
  const mixed = { publicKey: proof.publicKey, signature: own.signature };
  expect(await thief.register({ exports, adapter: mixed })).toMatchObject(unproven);
  const beat = { incarnation: present.name, exports, dead: [] };
  expect(await present.call('heartbeat', beat)).toMatchObject({ ok: true });
  const again = proveAdapter('the file of the storage server', successor.name);
  expect(await successor.register({ exports, adapter: again })).toMatchObject({ ok: true });
  for (const each of [present, thief, successor]) each.close();
});

test('an adapter program is followed by one with its key file, and by no other while it lives', async () => {
  const options = { apis: [api.rpcAddress], exports: { home: api.directory } };
  const first = await startFileserver(options, api);
  const env = { LEASEHOLD_ADAPTER_KEY_FILE: join(api.directory, 'another-key') };
  const other = await startFileserver({ ...options, env });
  const { msg } = await other.logged(({ level }) => level >= 50);
  expect(msg).toContain('EBUSY export_served');
  expect(statSync(env.LEASEHOLD_ADAPTER_KEY_FILE).mode & 0o777).toBe(0o600);
  await other.stop();
  const next = await startFileserver(options);
  expect(await first.ended()).toBe(3);
  await exportsUp(api, ['home']);
  await next.stop();
});

test('an export that is bound to a key is served only by adapters with that key, which serve no other export', async () => {
  const file = join(api.directory, 'keys');
  writeFileSync(file, '# keys\nstorage1 secret-of-storage-1 bound,other\n', { mode: 0o600 });
  const strict = await startLeaseApi({ env: { LEASEHOLD_RPC_KEYS: file } });
  const bound = new Teller(strict.rpcAddress, { key: { id: 'storage1', secret: 'secret-of-storage-1' } });
  const shared = new Teller(strict.rpcAddress);
  const refused = { ok: false, problem: { code: 'EACCES', reason: 'export_not_yours' } };
  expect(await shared.register({ exports: ['bound'] })).toMatchObject(refused);
  expect(await bound.register({ exports: ['bound'] })).toMatchObject({ ok: true });
  expect(await bound.register({ exports: ['bound', 'more'] })).toMatchObject(refused);
  expect(await shared.register({ exports: ['more'] })).toMatchObject({ ok: true });
  bound.close();
  shared.close();
});

test('frames that are never finished are cut off, and keep nobody else out', async () => {
  const adapter = new Teller(api.rpcAddress);
  expect(await adapter.register({ exports: ['patient'] })).toMatchObject({ ok: true });
  const [host, port] = api.rpcAddress.split(':');
  const half = `2000000#${'x'.repeat(1_900_000)}`;
  let cut = 0;
  const sockets = Array.from({ length: 100 }, () => {
    const socket = connect({ host, port: Number(port) });
    // The service cuts most of them off while they still send.
    socket.on('error', () => undefined).once('close', () => (cut += 1));
    socket.write(half);
    return socket;
  });
  try {
    // 32 MiB are 17 of these frames.
    await eventually(() => {
      expect(cut).toBeGreaterThanOrEqual(100 - 18);
    });
    const beat = { incarnation: adapter.name, exports: ['patient'], dead: [] };
    expect(await adapter.call('heartbeat', beat)).toMatchObject({ ok: true });
    const next = new Teller(api.rpcAddress);
    expect(await next.register({ exports: ['patient-too'] })).toMatchObject({ ok: true });
    next.close();
  } finally {
    for (const socket of sockets) socket.destroy();
    adapter.close();
  }
});

describe('between a lease API and an adapter', () => {
  const wires: Splicer[] = [];
  afterEach(() => {
    for (const wire of wires.splice(0)) wire.close();
  });
  const wired = async (...at: Parameters<typeof Splicer.start>): Promise<Splicer> => {
    const wire = await Splicer.start(...at);
    wires.push(wire);
    return wire;
  };

  test('messages made of parts of others are refused both ways, and mixed answers are not believed', async () => {
    const service = await startLeaseApi({ env: { LEASEHOLD_ASK_MS: '1000' } });
    const advertised = await wired(() => listen, '127.0.0.2', await freePort());
    const listen = `127.0.0.1:${advertised.address.split(':')[1] ?? ''}`;
    const reports = await wired(() => service.rpcAddress);
    const exports = { spliced: service.directory };
    const adapter = await startFileserver(
      { exports, apis: [reports.address], listen, advertise: advertised.address },
      service,
    );
    const client = new Leasehold({ url: service.url });
    const session = await client.openSession({ ttlMs: 120_000 });
    const asked = (file: string): Promise<Lease> => {
      writeFileSync(join(service.directory, file), 'text');
      return session.acquire({ export: 'spliced', file, type: 'read' });
    };
    for (const file of ['a', 'b', 'c'])
      await eventually(async () => {
        expect(await asked(file)).toMatchObject({ type: 'read' });
      });
    for (const wire of wires)
      await eventually(() => {
        expect(wire.made).toBeGreaterThan(20);
        expect(wire.answers.length).toBeGreaterThan(20);
      });
    for (const { answers } of wires)
      for (const answer of answers)
        expect(answer).toMatchObject({
          ok: false,
          problem: {
            reason: expect.stringMatching(/^(no_credentials|too_many_failures|bad_request)$/) as string,
          },
        });
    reports.mixes = 'nothing';
    advertised.mixes = 'answers';
    let asks = 0;
    await eventually(async () => {
      // On a busy machine it may have ended before the adapter was asked.
      await asked(`mixed-${String(asks++)}`).catch(() => undefined);
      expect(advertised.mixed).toBeGreaterThan(0);
    });
    advertised.mixes = 'nothing';
    reports.mixes = 'answers';
    await eventually(() => {
      expect(reports.mixed).toBeGreaterThan(3);
    });
    reports.mixes = 'nothing';
    await eventually(async () => {
      expect(await asked('d')).toMatchObject({ type: 'read' });
    });
    session.close();
    await adapter.stop();
    await service.stop();
  });

  test('an adapter whose key is withdrawn is refused with words, its export is lost, and with a valid key it is back', async () => {
    const env: Record<string, string> = {
      LEASEHOLD_RPC_SECRET_PREVIOUS: 'what was valid until now',
      LEASEHOLD_LOST_MS: '2000',
    };
    const service = await startLeaseApi({ env });
    const own = { LEASEHOLD_RPC_SECRET: env['LEASEHOLD_RPC_SECRET_PREVIOUS'] ?? '' };
    const apis = [service.rpcAddress];
    const adapter = await startFileserver({ exports: { w: service.directory }, apis, env: own }, service);
    delete env['LEASEHOLD_RPC_SECRET_PREVIOUS'];
    await service.stop();
    await service.start();
    const { msg } = await adapter.logged(({ level }) => level >= 50);
    expect(msg).toMatch(/refuses this adapter; retrying: .*LEASEHOLD_RPC_SECRET/);
    await eventually(async () => {
      const { body } = await service.request('GET', '/v1/exports');
      expect(body['exports']).toContainEqual(expect.objectContaining({ name: 'w', state: 'lost' }));
    });
    const lines = adapter.lines.filter(({ level }) => level >= 50);
    expect(lines).toHaveLength(1);
    own.LEASEHOLD_RPC_SECRET = rpcSecret;
    await adapter.stop();
    await adapter.start();
    await exportsUp(service, ['w']);
    await adapter.stop();
    await service.stop();
  });
});
