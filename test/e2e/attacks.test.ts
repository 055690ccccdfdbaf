import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { GrpcContract } from '../../apps/nfs-head/src/contract';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** What an attacker may try, and the answer: docs/threat-model.md says what is promised to whom. */
Logger.overrideLogger(false);

const directory = mkdtempSync(join(tmpdir(), 'leasehold-attacks-'));
const sha256 = (token: string): string => hash('sha256', token, 'hex');
/** Subjects as TENANT/NAME. */
const subjects = {
  'red/alice': ['session', 'lease:write:local', 'change:local'],
  'red/reader': ['session', 'lease:read:local'],
  'blue/bob': ['session', 'lease:write:local', 'change:local'],
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
  writeFileSync(callers, JSON.stringify({ tokens }), { mode: 0o600 });
  writeFileSync(keys, 'adapters secret-of-adapters demo\nhead secret-of-head nfs:local\n', { mode: 0o600 });
  api = await startLeaseApi({
    env: { LEASEHOLD_CALLERS: callers, LEASEHOLD_RPC_KEYS: keys },
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

const veiled = { id: '', sessionId: '', owner: '', pid: 0, otherTenant: true };

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
