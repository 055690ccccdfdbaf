import { Logger } from '@nestjs/common';
import { ClientTCP } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { fileserver, sealEnvelope } from '#contracts';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/** What adapters may send and what they are told, over the real transport: each refusal with its code and reason. */
Logger.overrideLogger(false);
const secret = 'shared-by-both';
const { patterns } = fileserver;

let api: LeaseApi;
let client: ClientTCP;

beforeAll(async () => {
  api = await startLeaseApi({ env: { LEASEHOLD_RPC_SECRET: secret, LEASEHOLD_BREAK_MS: '45000' } });
  const [host, port] = api.rpcAddress.split(':');
  client = new ClientTCP({ host, port: Number(port) });
});
afterAll(async () => {
  client.close();
  await stopPrograms();
});

const send = (pattern: string, message: object): Promise<Record<string, unknown>> =>
  firstValueFrom(client.send<Record<string, unknown>>(pattern, message).pipe(timeout(10_000)));
const sealed = (pattern: string, message: object): Promise<Record<string, unknown>> =>
  send(pattern, sealEnvelope(pattern, message, secret));

const registration = (over: object = {}): object => ({
  stack: 'posix',
  protocol: { major: fileserver.protocol.major, minorMax: 9 },
  incarnation: 'first',
  process: { hostId: 'h', bootId: 'b', pid: 1, startTicks: '1' },
  // Nobody is there: what it holds is asked for in vain.
  endpoint: '127.0.0.1:1',
  exports: ['demo'],
  breakLimitMs: 45_000,
  holdsDieWithProcess: true,
  ...over,
});
const holdRef = { export: 'demo', fileId: 'f', holdGen: 1, incarnation: 'first' };

test.each<[string, () => Promise<Record<string, unknown>>, object]>([
  ['no envelope', () => send(patterns.register, { hello: 1 }), { code: 'EINVAL', reason: 'bad_request' }],
  [
    'no seal',
    () => send(patterns.register, sealEnvelope(patterns.register, registration())),
    { code: 'EACCES', reason: 'no_credentials' },
  ],
  [
    "another secret's seal",
    () => send(patterns.register, sealEnvelope(patterns.register, registration(), 'not-the-same')),
    { code: 'EACCES', reason: 'no_credentials' },
  ],
  [
    "another message's seal",
    () => send(patterns.heartbeat, sealEnvelope(patterns.register, registration(), secret)),
    { code: 'EACCES', reason: 'no_credentials' },
  ],
  [
    'a field that is missing',
    () => sealed(patterns.register, registration({ endpoint: undefined })),
    { code: 'EINVAL', reason: 'bad_request', issues: [{ path: 'endpoint' }] },
  ],
  [
    'another protocol',
    () => sealed(patterns.register, registration({ protocol: { major: 2, minorMax: 3 } })),
    {
      code: 'EINVAL',
      reason: 'protocol_mismatch',
      detail: 'The adapter speaks 2.3, this service 1.2.',
    },
  ],
  [
    'a fileserver that forces breaks sooner than we promise',
    () => sealed(patterns.register, registration({ breakLimitMs: 1_000 })),
    { code: 'EINVAL', reason: 'break_time_too_long', breakLimitMs: 1_000 },
  ],
  [
    'an export of another kind',
    () => sealed(patterns.register, registration({ exports: ['local'] })),
    { reason: 'stack_mismatch' },
  ],
])('%s', async (_name, answer, problem) => {
  expect(await answer()).toMatchObject({ ok: false, problem });
  const { body } = await api.request('GET', '/v1/exports');
  expect((body['exports'] as { name: string }[]).map(({ name }) => name)).toEqual(['local']);
});

test('a heartbeat of an adapter that nobody knows asks it to register', async () => {
  const beat = { incarnation: 'first', exports: ['demo'], dead: [] };
  expect(await sealed(patterns.heartbeat, beat)).toMatchObject({ ok: true, known: false, stop: false });
});

test('the lower minor version is agreed on, and the successor takes over', async () => {
  expect(await sealed(patterns.register, registration())).toMatchObject({
    ok: true,
    protocol: fileserver.protocol,
    predecessors: [],
  });
  // A break of a hold that is not, by the present adapter: nothing is taken.
  const broken = { ...holdRef, breakNo: 1, target: 'none', remainingMs: 100 };
  expect(await sealed(patterns.break, broken)).toEqual({ ok: true, taken: false });
  expect(await sealed(patterns.lost, { ...holdRef, have: 'none', cause: 'test' })).toEqual({
    ok: true,
    taken: false,
  });
  expect(await sealed(patterns.detached, { ...holdRef, path: 'f' })).toEqual({ ok: true });

  expect(await sealed(patterns.register, registration({ incarnation: 'second' }))).toMatchObject({
    ok: true,
    predecessors: [{ incarnation: 'first' }],
  });
  const superseded = { ok: false, problem: { code: 'ESTALE', reason: 'incarnation_superseded' } };
  expect(await sealed(patterns.register, registration())).toMatchObject(superseded);
  expect(await sealed(patterns.break, broken)).toMatchObject(superseded);
  const beat = { incarnation: 'first', exports: ['demo'], dead: [] };
  expect(await sealed(patterns.heartbeat, beat)).toMatchObject(superseded);
});

test('a name on an export whose adapter cannot be dialled is refused at once, and the session comes first', async () => {
  const { sessionId, secret } = await api.session();
  // Until what it holds is known it is expected to serve soon; this request would rather not wait for that.
  const body = { sessionId, export: 'demo', file: 'f', type: 'read', waitMs: 0 };
  const begun = performance.now();
  const refused = await api.request('POST', '/v1/leases/acquire', { body, secret });
  expect(JSON.parse(refused.text)).toMatchObject({ status: 409, code: 'EAGAIN', reason: 'no_backend' });
  expect(performance.now() - begun).toBeLessThan(2_000);
  const foreign = await api.request('POST', '/v1/leases/acquire', { body, secret: 'wrong' });
  expect(JSON.parse(foreign.text)).toMatchObject({ status: 403, code: 'EPERM', reason: 'not_holder' });
});
