import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { type Contract, GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { eventually } from '../support/eventually';
import { Leasectl, stopLeasectl } from '../support/leasectl';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** What subjects and tenants may use, as the callers file says it to a running service. */
Logger.overrideLogger(false);

const directory = mkdtempSync(join(tmpdir(), 'leasehold-quotas-'));
const callersFile = join(directory, 'callers.json');
const keysFile = join(directory, 'keys');
const rights = ['session', 'lease:write:local', 'change:local'];
const tokenOf = (name: string): string => `token-of-${name}`;
const names = ['red/alice', 'red/bob', 'blue/carol', 'ops/operator'];
const tokens = names.map((name) => {
  const [tenant, subject] = name.split('/');
  const own = name === 'ops/operator' ? ['locks:admin', 'tree:read', 'metrics'] : rights;
  return { sha256: hash('sha256', tokenOf(name), 'hex'), tenant, subject, rights: own };
});
const as = (name: string): Record<string, string> => ({ authorization: `Bearer ${tokenOf(name)}` });

let api: LeaseApi;

function write(limits: object | undefined): void {
  writeFileSync(`${callersFile}.new`, JSON.stringify({ tokens, limits }), { mode: 0o600 });
  renameSync(`${callersFile}.new`, callersFile);
}
/** The limits that the service has from now on. */
async function limit(limits: object | undefined): Promise<void> {
  const from = api.lines.length;
  write(limits);
  await api.logged(({ msg }) => msg === 'the callers have been read again', { from });
}

beforeAll(async () => {
  write({});
  writeFileSync(keysFile, 'head secret-of-head nfs:local\n', { mode: 0o600 });
  api = await startLeaseApi({
    env: { LEASEHOLD_CALLERS: callersFile, LEASEHOLD_RPC_KEYS: keysFile },
    listen: { LEASEHOLD_GRPC: '127.0.0.1:0' },
  });
});
afterAll(async () => {
  stopLeasectl();
  await stopPrograms();
  rmSync(directory, { recursive: true });
});

interface Client {
  sessionId: string;
  secret: string;
  headers: Record<string, string>;
}
const ask = (name: string): ReturnType<LeaseApi['request']> =>
  api.request('POST', '/v1/sessions', { headers: as(name), body: { ttlMs: 600_000 } });
async function client(name: string): Promise<Client> {
  const { status, body } = await ask(name);
  expect(status).toBe(201);
  return { sessionId: String(body['sessionId']), secret: String(body['secret']), headers: as(name) };
}
const end = async (each: Client): Promise<void> => {
  expect((await api.request('DELETE', `/v1/sessions/${each.sessionId}`, each)).status).toBe(204);
};
let files = 0;
const openFile = ({ sessionId, secret, headers }: Client): ReturnType<LeaseApi['request']> => {
  const body = { sessionId, export: 'local', file: `f${String(++files)}`, access: 'read' };
  return api.request('POST', '/v1/opens', { headers, secret, body });
};
const over = (reason: string, used: number, allowed: number): object => ({
  ...{ status: 429, body: { code: 'EDQUOT', reason, used, allowed } },
});

test('changed limits reach the sessions that are open, and leasectl shows who uses what', async () => {
  await limit({ default: { rows: 3 } });
  const alice = await client('red/alice');
  for (let n = 0; n < 3; n++) expect((await openFile(alice)).status).toBe(201);
  expect(await openFile(alice)).toMatchObject(over('subject_rows_max', 3, 3));

  await limit({ default: { rows: 3 }, subjects: { 'red/alice': { rows: 5 } } });
  await eventually(async () => {
    expect((await openFile(alice)).status).toBe(201);
  });
  const operator = new Leasectl(api.url);
  const token = operator.file('token', `${tokenOf('ops/operator')}\n`);
  const { out } = await operator.run(['subjects', '--token-file', token]);
  expect(out).toMatch(/^TENANT +SUBJECT +SESSIONS +ROWS +WAITS/);
  expect(out).toMatch(/^red +alice +1 +4 of 5 +0/m);

  // What it has beyond a new limit it keeps; more it does not get.
  await limit({ default: { rows: 3 } });
  await eventually(async () => {
    expect(await openFile(alice)).toMatchObject(over('subject_rows_max', 4, 3));
  });
  expect(await operator.json(['subjects', '--token-file', token])).toEqual([
    { tenant: 'red', subject: 'alice', sessions: 1, rows: 4, waits: 0, limits: { rows: 3 } },
  ]);

  await limit(undefined);
  await eventually(async () => {
    expect((await openFile(alice)).status).toBe(201);
  });
  await end(alice);
});

test('a tenant as a whole is limited over all its subjects, and another one is not', async () => {
  await limit({
    default: { rows: 100 },
    tenantTotals: { default: { sessions: 100 }, tenants: { red: { sessions: 2, rows: 3, streams: 2 } } },
  });
  const [alice, bob, carol] = [
    await client('red/alice'),
    await client('red/bob'),
    await client('blue/carol'),
  ];
  expect(await ask('red/bob')).toMatchObject(over('tenant_sessions_max', 2, 2));
  for (const each of [alice, bob, bob]) expect((await openFile(each)).status).toBe(201);
  expect(await openFile(alice)).toMatchObject(over('tenant_rows_max', 3, 3));
  for (let n = 0; n < 5; n++) expect((await openFile(carol)).status).toBe(201);

  const ended = new AbortController();
  const stream = (of: Client): Promise<Response> =>
    fetch(`${api.url}/v1/sessions/${of.sessionId}/events`, {
      headers: { ...of.headers, 'x-session-secret': of.secret },
      signal: ended.signal,
    });
  try {
    for (const each of [alice, bob]) expect((await stream(each)).status).toBe(200);
    const refused = await stream(alice);
    expect(await refused.json()).toMatchObject({ reason: 'tenant_streams_max', used: 2, allowed: 2 });
    expect((await stream(carol)).status).toBe(200);
  } finally {
    ended.abort();
  }

  const operator = new Leasectl(api.url);
  const token = operator.file('token', `${tokenOf('ops/operator')}\n`);
  const { out } = await operator.run(['subjects', '--token-file', token]);
  expect(out).toMatch(/^red +\(whole tenant\) +2 of 2 +3 of 3 +0/m);
  const { text } = await api.request('GET', '/metrics', { headers: as('ops/operator') });
  expect(text).toContain('leasehold_subject_use{tenant="red",subject="",of="rows"} 3');

  // A changed total reaches open sessions, too.
  await limit({ default: { rows: 100 }, tenantTotals: { tenants: { red: { rows: 4 } } } });
  await eventually(async () => {
    expect((await openFile(alice)).status).toBe(201);
  });
  expect(await openFile(bob)).toMatchObject(over('tenant_rows_max', 4, 4));
  for (const each of [alice, bob, carol]) await end(each);
});

test('the requests of a tenant are counted together', async () => {
  await limit({ tenantTotals: { tenants: { red: { requestsPerSecond: 4 } } } });
  await eventually(async () => {
    const both = ['red/alice', 'red/bob'].flatMap((name) => Array.from({ length: 8 }, () => ask(name)));
    const granted = (await Promise.all(both)).filter(({ status }) => status === 201);
    expect(granted).toHaveLength(4);
  });
  const polite = await Promise.all(Array.from({ length: 20 }, () => ask('blue/carol')));
  expect(polite.every(({ status }) => status === 201)).toBe(true);
  await limit(undefined);
});

describe('callbacks of NFS servers are event streams', () => {
  const key = { id: 'head', secret: 'secret-of-head' };
  const subscribed = async (contract: Contract): Promise<{ sessionId: string; secret: string }> =>
    contract.call('ExchangeId', { leaseTimeMs: 600_000 });

  test('a stream over gRPC counts until it ends, and one too many is refused with the reason', async () => {
    await limit({ subjects: { head: { streams: 1 } } });
    const contract = new GrpcContract(api.grpcAddress, key);
    const [one, two] = [await subscribed(contract), await subscribed(contract)];
    const ended = new AbortController();
    const follow = async (of: typeof one): Promise<void> => {
      for await (const callback of contract.callbacks(of, ended.signal)) expect(callback).toBeDefined();
    };
    const first = follow(one).catch((error: unknown) => error);
    const operator = { headers: as('ops/operator') };
    await eventually(async () => {
      const { text } = await api.request('GET', '/metrics', operator);
      expect(text).toMatch(/^leasehold_event_streams\{of="session"\} 1$/m);
    });
    await expect(follow(two)).rejects.toThrow('as many event streams at this lease API');
    const refused = await contract.call('PollCallbacks', { ...two, waitMs: 0 });
    expect(refused).toMatchObject({
      status: 'NFS4ERR_RESOURCE',
      problem: { reason: 'subject_streams_max', used: 1, allowed: 1 },
    });
    ended.abort();
    expect(await first).toBeUndefined();
    await eventually(async () => {
      expect((await contract.call('PollCallbacks', { ...two, waitMs: 0 })).status).toBe('NFS4_OK');
    });
    contract.close();
  });

  test('one that is polled counts as one, wherever it goes on', async () => {
    const contract = new TcpContract(api.rpcAddress, key);
    const [one, two] = [await subscribed(contract), await subscribed(contract)];
    // The callbacks of the test before are forgotten with their sessions.
    await limit({ subjects: { head: { streams: 2 } } });
    for (const after of [undefined, undefined, 'nowhere'])
      expect((await contract.call('PollCallbacks', { ...one, after, waitMs: 0 })).status).toBe('NFS4_OK');
    expect((await contract.call('PollCallbacks', { ...two, waitMs: 0 })).problem?.reason).toBe(
      'subject_streams_max',
    );
    contract.close();
  });
});

test('10,000 idle event streams keep nobody out, and cost a bounded amount of memory', async () => {
  await limit(undefined);
  const { host, hostname, port } = new URL(api.url);
  const rssKiB = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(api.pid)}/status`, 'utf8'))?.[1]);
  const before = rssKiB();
  const sockets: Socket[] = [];
  let open = 0;
  const stream = (of: Client): void => {
    const { sessionId, secret, headers } = of;
    const socket = connect({ host: hostname, port: Number(port), localAddress: '127.0.0.68' });
    sockets.push(socket);
    socket
      .on('error', () => undefined)
      .once('data', (said: Buffer) => {
        // A service that did not get to read the request in time, on a busy machine, is asked again.
        if (said.toString().startsWith('HTTP/1.1 200')) open += 1;
        else stream(of);
      });
    socket.write(
      `GET /v1/sessions/${sessionId}/events HTTP/1.1\r\nhost: ${host}\r\n` +
        `authorization: ${headers['authorization'] ?? ''}\r\nx-session-secret: ${secret}\r\n\r\n`,
    );
  };
  try {
    for (let batch = 1; batch <= 25; batch++) {
      const some = await Promise.all(Array.from({ length: 100 }, () => client('red/alice')));
      for (const each of some) for (let n = 0; n < 4; n++) stream(each);
      await eventually(() => {
        expect(open).toBe(400 * batch);
      });
    }
    const bystander = await client('blue/carol');
    expect((await openFile(bystander)).status).toBe(201);
    const { text } = await api.request('GET', '/metrics', { headers: as('ops/operator') });
    // Beside them may be callbacks that the test before has polled.
    expect(Number(/^leasehold_event_streams\{of="session"\} (\d+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(
      2_500,
    );
    // None of them was cut off.
    expect(sockets.filter(({ destroyed }) => !destroyed).length).toBeGreaterThanOrEqual(10_000);
    expect((rssKiB() - before) / 10_000).toBeLessThan(64);
    await end(bystander);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('an address has so many connections at each port, and another one its own', async () => {
  await limit({ connectionsPerAddress: 5 });
  const ports = [new URL(api.url).host, api.rpcAddress, api.grpcAddress];
  for (const address of ports) {
    const [host, port] = address.split(':');
    const sockets: Socket[] = [];
    let closed = 0;
    const from = (localAddress: string): void => {
      const socket = connect({ host, port: Number(port), localAddress });
      socket.on('error', () => undefined).once('close', () => (closed += 1));
      sockets.push(socket.resume());
    };
    for (let n = 0; n < 8; n++) from('127.0.0.77');
    for (let n = 0; n < 4; n++) from('127.0.0.78');
    await eventually(() => {
      expect(closed).toBe(3);
    });
    for (const socket of sockets) socket.destroy();
  }
});
