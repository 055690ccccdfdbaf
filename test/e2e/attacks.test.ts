import { hash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { GrpcContract } from '../../apps/nfs-head/src/contract';
import { derivedId } from '../../apps/lease-api/src/application/ids';
import { eventually } from '../support/eventually';
import { startRedis } from '../support/redis-server';
import { Line, Teller } from '../support/rpc';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** What an attacker may try, and the answer: docs/threat-model.md says what is promised to whom. */
Logger.overrideLogger(false);

const directory = mkdtempSync(join(tmpdir(), 'leasehold-attacks-'));
const auditLog = join(directory, 'audit.log');
const sha256 = (token: string): string => hash('sha256', token, 'hex');
/** Subjects as TENANT/NAME. */
const subjects = {
  'red/alice': ['session', 'lease:write:local', 'change:local'],
  'red/reader': ['session', 'lease:read:local'],
  'blue/bob': ['session', 'lease:write:local', 'change:local', 'tree:read'],
  'blue/greedy': ['session', 'tree:read'],
  'blue/hoarder': ['session', 'lease:write:local', 'change:local'],
  'ops/operator': ['locks:admin', 'tree:read', 'tree:write', 'metrics'],
} as const;
type Subject = keyof typeof subjects;
const tokenOf = (name: string): string => `token-of-${name}`;
const as = (name: Subject): Record<string, string> => ({ authorization: `Bearer ${tokenOf(name)}` });

let api: LeaseApi;

beforeAll(async () => {
  const [callers, keys] = [join(directory, 'callers.json'), join(directory, 'keys')];
  const tokens = Object.entries(subjects).map(([name, rights]) => {
    const [tenant, subject] = name.split('/');
    return { sha256: sha256(tokenOf(name)), tenant, subject, rights };
  });
  const limits = {
    default: { sessions: 1_000 },
    subjects: {
      'blue/greedy': { requestsPerSecond: 1 },
      'blue/hoarder': { sessions: 2, rows: 3, waits: 1, quietMs: 100, streams: 2 },
    },
  };
  writeFileSync(callers, JSON.stringify({ tokens, limits }), { mode: 0o600 });
  writeFileSync(
    keys,
    'adapters secret-of-adapters demo\nhead secret-of-head nfs:local\nhead2 secret-of-head2 nfs:local\n',
    { mode: 0o600 },
  );
  api = await startLeaseApi({
    env: { LEASEHOLD_CALLERS: callers, LEASEHOLD_RPC_KEYS: keys, LEASEHOLD_AUDIT: auditLog },
    listen: { LEASEHOLD_GRPC: '127.0.0.1:0' },
  });
});
afterAll(async () => {
  await stopPrograms();
  rmSync(directory, { recursive: true });
});

interface Client {
  sessionId: string;
  secret: string;
  headers: Record<string, string>;
}
async function client(name: Subject): Promise<Client> {
  const headers = as(name);
  const body = { ttlMs: 600_000, label: `label of ${name}`, pid: 4_711 };
  const made = await api.request('POST', '/v1/sessions', { headers, body });
  expect(made.status).toBe(201);
  return { sessionId: String(made.body['sessionId']), secret: String(made.body['secret']), headers };
}
let files = 0;
const newFile = (): string => `f${String(++files)}`;
const post = (
  { sessionId, secret, headers }: Client,
  path: string,
  file: string,
  more: object,
): ReturnType<LeaseApi['request']> =>
  api.request('POST', path, { headers, secret, body: { sessionId, export: 'local', file, ...more } });
const bytes = { class: 'posix', start: 0, end: 9 } as const;

/** Status and reason; for a success the status alone. */
const outcome = ({ status, body }: { status: number; body: Record<string, unknown> }): string =>
  status < 400 ? String(status) : `${String(status)} ${String(body['reason'])}`;

type Attack = readonly [attack: string, tried: () => Promise<unknown>, answer: unknown];

// --- what one tenant learns of another

const nobody = { id: '', sessionId: '', owner: '', pid: 0, otherTenant: true };
const veiled = { ...nobody, ageMs: expect.any(Number) as number };

const curiosity: Attack[] = [
  [
    "a refused caller asks whose lease blocks it, of another tenant's",
    async () => {
      const [mallory, bob, file] = [await client('red/alice'), await client('blue/bob'), newFile()];
      await post(bob, '/v1/leases/acquire', file, { type: 'write', owner: "bob's process" });
      const { body } = await post(mallory, '/v1/leases/acquire', file, { type: 'read' });
      return body['blockers'];
    },
    [{ ...veiled, kind: 'lease', type: 'write', state: 'active' }],
  ],
  [
    'a caller whose wait has elapsed asks who was in its way',
    async () => {
      const [mallory, bob, file] = [await client('red/alice'), await client('blue/bob'), newFile()];
      await post(bob, '/v1/leases/acquire', file, { type: 'write' });
      const { body } = await post(mallory, '/v1/opens', file, { access: 'write', waitMs: 50 });
      return [body['reason'], body['blockers']];
    },
    ['wait_elapsed', [{ ...veiled, kind: 'lease', type: 'write', state: 'breaking' }]],
  ],
  [
    'a waiting caller asks what it waits for',
    async () => {
      const [mallory, bob, file] = [await client('red/alice'), await client('blue/bob'), newFile()];
      await post(bob, '/v1/opens', file, { access: 'read', deny: 'both' });
      const { body } = await post(mallory, '/v1/opens', file, {
        access: 'read',
        waitMs: 60_000,
        queued: true,
      });
      const path = `/v1/waits/${String(body['openId'])}`;
      const wait = await api.request('GET', path, mallory);
      return (wait.body['why'] as { blockers: unknown }).blockers;
    },
    [{ ...veiled, kind: 'open', type: 'read', deny: 'both', state: 'open' }],
  ],
  [
    'a caller tests whose range lock is there',
    async () => {
      const [mallory, bob, file] = [await client('red/alice'), await client('blue/bob'), newFile()];
      await post(bob, '/v1/ranges', file, { type: 'write', ...bytes });
      return (await post(mallory, '/v1/ranges/test', file, { type: 'read', ...bytes })).body['blocker'];
    },
    { ...veiled, kind: 'posix', type: 'write', state: 'held', start: '0', end: '9' },
  ],
  [
    'an NFS client asks who denies its lock (LOCK4denied)',
    async () => {
      const [bob, file] = [await client('blue/bob'), newFile()];
      await post(bob, '/v1/ranges', file, { type: 'write', ...bytes });
      const head = new GrpcContract(api.grpcAddress, { id: 'head', secret: 'secret-of-head' });
      try {
        const { sessionId, secret } = await head.call('ExchangeId', { leaseTimeMs: 600_000 });
        const { denied } = await head.call('LockT', {
          ...{ sessionId, secret, lockOwner: 'AA==', export: 'local', file },
          ...{ type: 'READ_LT', offset: '0', length: '10' },
        });
        return denied;
      } finally {
        head.close();
      }
    },
    { offset: '0', length: '10', type: 'WRITE_LT', sessionId: '', owner: '' },
  ],
  [
    'a caller provokes a deadlock to see the owners in it',
    async () => {
      const [mallory, bob] = [await client('red/alice'), await client('blue/bob')];
      const [mine, his] = [newFile(), newFile()];
      const wait = { type: 'write', ...bytes, waitMs: 60_000, queued: true };
      await post(mallory, '/v1/ranges', mine, { type: 'write', ...bytes });
      await post(bob, '/v1/ranges', his, { type: 'write', ...bytes });
      await post(bob, '/v1/ranges', mine, wait);
      const { body } = await post(mallory, '/v1/ranges', his, wait);
      const [, other] = body['cycle'] as { file: string }[];
      return [body['reason'], other, other?.file === mine];
    },
    [
      'deadlock',
      {
        ...{ id: '', kind: 'range', sessionId: '', owner: '', otherTenant: true },
        ...{ export: 'local', file: expect.any(String) as string },
      },
      true,
    ],
  ],
  [
    'a caller that uses an export asks who else depends on it',
    async () => {
      const [mallory, bob, file] = [await client('red/alice'), await client('blue/bob'), newFile()];
      const pin = { sessionId: bob.sessionId, because: 'a secret project' };
      const pinned = await api.request('POST', '/v1/exports/local/pins', { ...bob, body: pin });
      for (const each of [mallory, bob]) await post(each, '/v1/opens', file, { access: 'read' });
      const path = `/v1/exports/local/dependents?limit=1000&sessionId=${mallory.sessionId}`;
      const { status, body, text } = await api.request('GET', path, mallory);
      const pins = (body['dependents'] as { kind: string }[]).filter(({ kind }) => kind === 'pins');
      const tells = [bob.sessionId, 'secret project', file].filter((each) => text.includes(each));
      return [pinned.status, status, pins, tells];
    },
    [201, 200, [{ kind: 'pins', otherTenant: true }], []],
  ],
  [
    'a caller reads its events for the name of who breaks its lease',
    async () => {
      const [mallory, bob, file] = [await client('red/alice'), await client('blue/bob'), newFile()];
      await post(mallory, '/v1/leases/acquire', file, { type: 'write' });
      const ended = new AbortController();
      const stream = await fetch(`${api.url}/v1/sessions/${mallory.sessionId}/events`, {
        headers: { ...mallory.headers, 'x-session-secret': mallory.secret },
        signal: ended.signal,
      });
      await post(bob, '/v1/opens', file, { access: 'write', owner: "bob's process" });
      let heard = '';
      try {
        for await (const chunk of stream.body ?? []) {
          heard += Buffer.from(chunk as Uint8Array).toString();
          if (/event: break\n[^]*?\n\n/.test(heard)) break;
        }
      } finally {
        ended.abort();
      }
      const tells = [bob.sessionId, 'bob', '4711', 'blue'].filter((each) => heard.includes(each));
      return [heard.includes(file), tells];
    },
    [true, []],
  ],
  [
    'a caller asks for what only operators may read: subjects, resources, operations, metrics',
    async () => {
      const mallory = await client('red/alice');
      const paths = [
        '/v1/subjects',
        '/v1/dlm/resources',
        '/v1/operations',
        '/metrics',
        '/v1/sessions',
        '/v1/locks?tree=true',
      ];
      const asked = paths.map((path) => api.request('GET', path, { headers: mallory.headers }));
      return (await Promise.all(asked)).map(outcome);
    },
    Array(6).fill('403 no_right'),
  ],
  [
    'a stranger asks the readiness probe for the names of exports',
    async () => {
      const wrong = { headers: { authorization: 'Bearer wrong' } };
      const seen = [
        await api.request('GET', '/readyz'),
        await api.request('GET', '/readyz', { headers: as('red/alice') }),
        await api.request('GET', '/readyz', wrong),
      ];
      return seen.map(({ status, body }) => [status, body]);
    },
    Array(3).fill([200, { ready: true }]),
  ],
];

test.each(curiosity)('%s', async (_, tried, answer) => {
  expect(await tried()).toEqual(answer);
});

test('within a tenant, and to an operator, everything is told', async () => {
  const [mine, ours, file] = [await client('red/alice'), await client('red/alice'), newFile()];
  await post(ours, '/v1/leases/acquire', file, { type: 'write', owner: 'o' });
  const { body } = await post(mine, '/v1/leases/acquire', file, { type: 'read' });
  expect(body['blockers']).toMatchObject([{ sessionId: ours.sessionId, owner: 'o', pid: 4_711 }]);
  const operator = { headers: as('ops/operator') };
  expect((await api.request('GET', `/v1/sessions/${ours.sessionId}`, operator)).body).toMatchObject({
    ...{ tenant: 'red', subject: 'alice', label: 'label of red/alice' },
  });
  expect((await api.request('GET', '/readyz', operator)).body['exports']).toMatchObject([{ name: 'local' }]);
});

// --- what rights do not allow

const trespass: Attack[] = [
  ...(['read', 'write', 'both'] as const).map((deny): Attack => [
    `a caller that may only read denies others ${deny}`,
    async () =>
      outcome(await post(await client('red/reader'), '/v1/opens', newFile(), { access: 'read', deny })),
    '403 no_right',
  ]),
  [
    'a caller that may only read adds a deny mode to its open',
    async () => {
      const reader = await client('red/reader');
      const { body } = await post(reader, '/v1/opens', newFile(), { access: 'read', deny: 'none' });
      const path = `/v1/opens/${String(body['openId'])}`;
      return outcome(await api.request('PUT', path, { ...reader, body: { access: 'read', deny: 'write' } }));
    },
    '403 no_right',
  ],
];

test.each(trespass)('%s', async (_, tried, answer) => {
  expect(await tried()).toEqual(answer);
});

// --- connections that keep others out

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const settings = '\0\0\0\x04\0\0\0\0\0';
/** The most connections of each port that may be those of strangers. */
const strangersMax = 4_096;
const ports: [port: string, address: () => string, said: string][] = [
  ['HTTP', () => api.url.replace('http://', ''), 'GET /livez HTTP/1.1\r\nhost: localhost\r\n'],
  ['RPC', () => api.rpcAddress, '5000#{'],
  ['gRPC', () => api.grpcAddress, preface + settings],
];
/** From an address of its own: 127.0.0.0/8 has many. */
function stranger(address: string, said: string | Buffer, closed: () => void): Socket {
  const [host, port] = address.split(':');
  const socket = connect({ host, port: Number(port), localAddress: '127.0.0.66' });
  socket.on('error', () => undefined).once('close', closed);
  socket.resume();
  if (said.length > 0) socket.write(said);
  return socket;
}
/** Everybody else is served: over HTTP, RPC and gRPC. */
async function expectServed(): Promise<void> {
  await client('red/alice');
  const head = new GrpcContract(api.grpcAddress, { id: 'head', secret: 'secret-of-head' });
  const adapter = new Teller(api.rpcAddress, { key: { id: 'adapters', secret: 'secret-of-adapters' } });
  try {
    expect((await head.call('ExchangeId', { leaseTimeMs: 60_000 })).status).toBe('NFS4_OK');
    expect(await adapter.register({ exports: ['demo'] })).toMatchObject({ ok: true });
    await adapter.call('deregister', { incarnation: adapter.name, letGo: true });
  } finally {
    head.close();
    adapter.close();
  }
}

test.each(ports)('10,000 idle connections to %s keep nobody out', async (port, address, said) => {
  const unproven = async (): Promise<number> => {
    const { text } = await api.request('GET', '/metrics', { headers: as('ops/operator') });
    const gauge = new RegExp(`^leasehold_unproven_connections\\{.*"${port}".*\\} (\\d+)$`, 'mi');
    return Number(gauge.exec(text)?.[1]);
  };
  let most = 0;
  let closed = 0;
  const sockets: Socket[] = [];
  try {
    for (let n = 0; n < 20; n += 1) {
      const some = Array.from({ length: 500 }, () =>
        stranger(address(), said, () => {
          closed += 1;
        }),
      );
      sockets.push(...some);
      await eventually(() => {
        expect(some.every(({ connecting }) => !connecting)).toBe(true);
      });
      most = Math.max(most, await unproven());
    }
    await expectServed();
    await eventually(() => {
      expect(closed).toBeGreaterThanOrEqual(10_000 - strangersMax);
    });
    // Not only in time: they made room for each other.
    expect(most).toBeLessThanOrEqual(strangersMax);
    await expectServed();
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('strangers that send large bodies are cut off together at 32 MiB, and keep nobody out', async () => {
  const head = `POST /v1/sessions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 250000\r\n\r\n`;
  // Whose request has not come in time is told so; who is cut off hears nothing.
  let cut = 0;
  const sockets = Array.from({ length: 300 }, () => {
    const socket = stranger(api.url.replace('http://', ''), Buffer.from(head + 'x'.repeat(240_000)), () => {
      if (socket.bytesRead === 0) cut += 1;
    });
    return socket;
  });
  try {
    await eventually(() => {
      expect(cut).toBeGreaterThanOrEqual(100);
    });
    await expectServed();
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test.each([
  ['headers', 'GET /livez HTTP/1.1\r\n'],
  [
    'body',
    'POST /v1/sessions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10000\r\n\r\n',
  ],
])('a request whose %s come byte by byte is cut off, and told why', async (_what, begun) => {
  let closed = 0;
  let heard = '';
  const socket = stranger(api.url.replace('http://', ''), begun, () => {
    closed += 1;
  });
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  const drip = setInterval(() => socket.write('x'), 200);
  try {
    await eventually(() => {
      expect(closed).toBe(1);
    });
    expect(heard).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(JSON.parse(heard.slice(heard.indexOf('{')))).toMatchObject({
      ...{ status: 408, code: 'ETIMEDOUT', reason: 'request_timeout' },
      title: 'The request did not arrive in time.',
    });
  } finally {
    clearInterval(drip);
    socket.destroy();
  }
});

test('a caller beyond its rate is told so, and when to come again; others are not affected', async () => {
  const ask = (name: Subject): ReturnType<LeaseApi['request']> =>
    api.request('POST', '/v1/sessions', { headers: as(name), body: { ttlMs: 60_000 } });
  await eventually(async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('blue/greedy')));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'EDQUOT', reason: 'rate_exceeded', used: 1, allowed: 1 });
    expect(Number(refused?.headers.get('retry-after'))).toBe(1);
  });
  // Refused when its second is over, a caller that asks at once again is served in turn and never spins.
  const inTurn: number[] = [];
  for (let no = 0; no < 10; no++) inTurn.push((await ask('blue/greedy')).status);
  expect(inTurn.filter((status) => status === 201).length).toBeGreaterThanOrEqual(4);
  const polite = await Promise.all(Array.from({ length: 20 }, () => ask('blue/bob')));
  expect(polite.map(({ status }) => status)).toEqual(Array(20).fill(201));
  await eventually(async () => {
    expect((await ask('blue/greedy')).status).toBe(201);
  });
});

test('lease APIs over one Redis count the requests of a caller together', async () => {
  const redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
  const env = { LEASEHOLD_CALLERS: join(directory, 'together.json') };
  const rights = ['session'];
  const tokens = [{ sha256: sha256(tokenOf('blue/bob')), tenant: 'blue', subject: 'bob', rights }];
  const limits = { default: { requestsPerSecond: 4 } };
  writeFileSync(env.LEASEHOLD_CALLERS, JSON.stringify({ tokens, limits }), { mode: 0o600 });
  const pair = [
    await startLeaseApi({ table: redis.url, env }),
    await startLeaseApi({ table: redis.url, env }),
  ];
  const [headers, body] = [as('blue/bob'), { ttlMs: 60_000 }];
  // Each alone would grant four.
  await eventually(async () => {
    const both = pair.flatMap((one) =>
      Array.from({ length: 8 }, () => one.request('POST', '/v1/sessions', { headers, body })),
    );
    const granted = (await Promise.all(both)).filter(({ status }) => status === 201);
    expect(granted).toHaveLength(4);
  });
  for (const one of pair) await one.stop();
  await redis.stop();
});

test('a caller that hoards is refused with what it uses and may use; its neighbour is not', async () => {
  const [one, two] = [await client('blue/hoarder'), await client('blue/hoarder')];
  const over = (used: number, allowed: number, reason: string): object => ({
    ...{ status: 429, body: { code: 'EDQUOT', reason, used, allowed } },
  });
  const body = { ttlMs: 60_000 };
  const third = await api.request('POST', '/v1/sessions', { headers: as('blue/hoarder'), body });
  expect(third).toMatchObject(over(2, 2, 'subject_sessions_max'));
  for (const each of [one, two, two])
    expect(outcome(await post(each, '/v1/leases/acquire', newFile(), { type: 'read' }))).toBe('201');
  expect(await post(one, '/v1/opens', newFile(), { access: 'read' })).toMatchObject(
    over(3, 3, 'subject_rows_max'),
  );
  expect(await post(one, '/v1/files/changes', newFile(), { kind: 'truncate', quietMs: 200 })).toMatchObject({
    body: { reason: 'subject_rows_max' },
  });
  const listed = await api.request('GET', '/v1/subjects', { headers: as('ops/operator') });
  expect(listed.body['subjects']).toEqual(
    expect.arrayContaining([
      {
        ...{ tenant: 'blue', subject: 'hoarder', sessions: 2, rows: 3, waits: 0 },
        limits: { sessions: 2, rows: 3, waits: 1, quietMs: 100, streams: 2 },
      },
    ]),
  );
  const metrics = await api.request('GET', '/metrics', { headers: as('ops/operator') });
  expect(metrics.text).toContain('leasehold_subject_use{tenant="blue",subject="hoarder",of="rows"} 3');
  expect(outcome(await post(await client('blue/bob'), '/v1/opens', newFile(), { access: 'read' }))).toBe(
    '201',
  );
  // Event streams: the third is refused, and one that was closed makes room.
  const stream = (of: Client, signal: AbortSignal): Promise<Response> =>
    fetch(`${api.url}/v1/sessions/${of.sessionId}/events`, {
      headers: { ...of.headers, 'x-session-secret': of.secret },
      signal,
    });
  const gone = new AbortController();
  try {
    for (const each of [one, two]) expect((await stream(each, gone.signal)).status).toBe(200);
    const refused = await stream(one, gone.signal);
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { reason: 'subject_streams_max', used: 2, allowed: 2 },
    ]);
  } finally {
    gone.abort();
  }
  const next = new AbortController();
  try {
    await eventually(async () => {
      expect((await stream(one, next.signal)).status).toBe(200);
    });
  } finally {
    next.abort();
  }
  for (const each of [one, two])
    expect((await api.request('DELETE', `/v1/sessions/${each.sessionId}`, each)).status).toBe(204);
});

// --- somebody else's part

const adapterKey = { id: 'adapters', secret: 'secret-of-adapters' };
const headKey = { id: 'head', secret: 'secret-of-head' };
const otherHead = { id: 'head2', secret: 'secret-of-head2' };

const impostors: Attack[] = [
  [
    'a message of an adapter is replayed, as it was',
    async () => {
      const adapter = new Teller(api.rpcAddress, { key: adapterKey });
      const eavesdropper = new Line(api.rpcAddress);
      try {
        const { ok } = await adapter.register({ exports: ['demo'] });
        const { pattern = '', envelope = {} } = adapter.last ?? {};
        // A repeat has no answer: that it was seen is in the audit log.
        const replayed = eavesdropper.send(pattern, envelope).then(
          () => 'answered',
          () => 'silence',
        );
        const junk = await eavesdropper.send(pattern, {});
        const refusal = new RegExp(`"refused".*"action":"${pattern}".*"reason":"no_credentials"`);
        const seen = eventually(() => {
          expect(readFileSync(auditLog, 'utf8')).toMatch(refusal);
        });
        await Promise.race([replayed, seen]);
        await adapter.call('deregister', { incarnation: adapter.name, letGo: true });
        eavesdropper.close();
        return [ok, (junk as { problem?: { code: string } }).problem?.code, await replayed];
      } finally {
        adapter.close();
        eavesdropper.close();
      }
    },
    [true, 'EINVAL', 'silence'],
  ],
  [
    "an adapter registers another's export",
    async () => {
      const adapter = new Teller(api.rpcAddress, { key: adapterKey });
      try {
        return (await adapter.register({ exports: ['demo2'] }))['problem'];
      } finally {
        adapter.close();
      }
    },
    expect.objectContaining({ code: 'EACCES', reason: 'export_not_yours' }) as unknown,
  ],
  [
    "a head acts for another head's client, and for an export that is not its own",
    async () => {
      const [own, other] = [headKey, otherHead].map((key) => new GrpcContract(api.grpcAddress, key));
      if (own === undefined || other === undefined) throw new Error('two heads');
      try {
        const { sessionId, secret } = await own.call('ExchangeId', { leaseTimeMs: 600_000 });
        const share = {
          access: 'OPEN4_SHARE_ACCESS_READ',
          deny: 'OPEN4_SHARE_DENY_NONE',
          want: 'WANT_NO_DELEG',
        } as const;
        const open = { sessionId, secret, openOwner: 'AA==', file: 'f', export: 'elsewhere', ...share };
        return [
          (await other.call('Renew', { sessionId, secret })).status,
          (await own.call('Open', open)).status,
          (await own.call('Renew', { sessionId, secret })).status,
        ];
      } finally {
        own.close();
        other.close();
      }
    },
    ['NFS4ERR_WRONG_CRED', 'NFS4ERR_ACCESS', 'NFS4_OK'],
  ],
  [
    "a caller shows the secret of another subject's session",
    async () => {
      const bob = await client('blue/bob');
      const path = `/v1/sessions/${bob.sessionId}`;
      const stolen = { headers: as('red/alice'), secret: bob.secret };
      return [
        outcome(await api.request('POST', `${path}/keepalive`, stolen)),
        outcome(await api.request('DELETE', path, stolen)),
        outcome(await api.request('GET', `${path}/events`, stolen)),
        outcome(await api.request('POST', `${path}/keepalive`, bob)),
      ];
    },
    ['403 not_holder', '403 not_holder', '403 not_holder', '200'],
  ],
  [
    'a caller cancels a request that another session has yet to make',
    async () => {
      const [mallory, bob] = [await client('blue/hoarder'), await client('blue/bob')];
      const lockId = derivedId(bob.sessionId, 'dlm', 'next');
      const body = { sessionId: mallory.sessionId, lockId };
      const cancel = await api.request('POST', '/v1/dlm/locks/cancel', { ...mallory, body });
      const ask = { sessionId: bob.sessionId, export: 'local', resource: 'r', mode: 'EX', requestId: 'next' };
      const made = await api.request('POST', '/v1/dlm/locks', { ...bob, body: ask });
      const path = `/v1/dlm/locks/${lockId}`;
      const tried = [
        await api.request('GET', path, mallory),
        await api.request('PUT', path, { ...mallory, body: { mode: 'NL' } }),
        await api.request('POST', `${path}/unlock`, { ...mallory, body: {} }),
        await api.request('POST', '/v1/dlm/locks/cancel', { ...mallory, body }),
        await api.request('GET', `/v1/dlm/locks?sessionId=${bob.sessionId}`, mallory),
        await api.request('GET', '/v1/dlm/resources?export=local&resource=r', mallory),
      ];
      await api.request('DELETE', `/v1/sessions/${mallory.sessionId}`, mallory);
      return [cancel.status, made.status, ...tried.map(outcome)];
    },
    [200, 201, ...Array<string>(5).fill('403 not_holder'), '403 no_right'],
  ],
  [
    'a caller ends and lists what others hold',
    async () => {
      const [mallory, bob, file] = [await client('red/alice'), await client('blue/bob'), newFile()];
      const { body } = await post(bob, '/v1/leases/acquire', file, { type: 'write' });
      const id = String(body['leaseId']);
      const how = { headers: mallory.headers };
      return [
        outcome(await api.request('DELETE', `/v1/locks/${id}`, how)),
        outcome(await api.request('DELETE', `/v1/leases/${id}`, mallory)),
        outcome(await api.request('GET', '/v1/locks', how)),
        outcome(await api.request('GET', `/v1/leases?sessionId=${bob.sessionId}`, mallory)),
      ];
    },
    ['403 no_right', '403 not_holder', '403 no_right', '403 not_holder'],
  ],
  [
    'a page of another site uses the token of its reader (CSRF)',
    async () => {
      const headers = { ...as('red/alice'), origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      return outcome(await api.request('POST', '/v1/sessions', { headers, body: {} }));
    },
    '403 foreign_origin',
  ],
  [
    'a page reaches us by a name that was rebound to our address',
    async () => {
      const [host, port] = api.url.replace('http://', '').split(':');
      const socket = connect({ host, port: Number(port) });
      const request = `GET /v1/exports HTTP/1.1\r\nhost: evil.example:${port ?? ''}\r\nconnection: close\r\n\r\n`;
      socket.end(request);
      let heard = '';
      for await (const chunk of socket) heard += String(chunk);
      return [/^HTTP\/1.1 403/.test(heard), heard.includes('foreign_host')];
    },
    [true, true],
  ],
  [
    'a caller without a token uses what a token opened',
    async () => {
      const { sessionId, secret } = await client('red/alice');
      return outcome(await api.request('POST', `/v1/sessions/${sessionId}/keepalive`, { secret }));
    },
    '401 no_credentials',
  ],
];

test.each(impostors)('%s', async (_, tried, answer) => {
  expect(await tried()).toEqual(answer);
});
