import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { nfs } from '#contracts';
import { keyOf } from '#rpc';
import { type Contract, GrpcContract } from '../../apps/nfs-head/src/contract';
import { eventually } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';
import { type LeaseApi, rpcSecret, startLeaseApi, stopPrograms } from '../support/service';
import { closeProxies, TcpProxy } from '../support/tcp-proxy';

/** A request whose answer was lost is repeated with its id, and carried out once, whichever side has died in between. */
Logger.overrideLogger(false);

interface Client {
  sessionId: string;
  secret: string;
}
type Reply = { status: nfs.NfsStat; stateid?: nfs.StateId | undefined };
/** One request, which can be sent again as it is. */
type Request = (contract: Contract) => Promise<Reply>;

const bytes = (text: string): string => Buffer.from(text).toString('base64');
const everything = { offset: '0', length: '18446744073709551615' };
const both = { openOwner: bytes('opener'), access: 'OPEN4_SHARE_ACCESS_BOTH' } as const;
const given = ({ stateid }: { stateid?: nfs.StateId | undefined }): nfs.StateId => {
  if (stateid === undefined) throw new Error('no stateid');
  return stateid;
};

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
});
afterAll(async () => {
  closeProxies();
  await stopPrograms();
  await redis.stop();
});

describe.each(['an embedded table', 'Redis'])('with %s', (store) => {
  let api: LeaseApi;
  let contract: Contract;
  let client: Client;
  let files = 0;
  const newFile = () => ({ export: 'local', file: `f${String((files += 1))}` });

  beforeAll(async () => {
    const env = { LEASEHOLD_GRPC: '127.0.0.1:0', LEASEHOLD_GRACE_MS: '600000' };
    api = await startLeaseApi({ env, ...(store === 'Redis' ? { table: redis.url } : {}) });
    contract = head();
    const { sessionId, secret } = await contract.call('ExchangeId', { leaseTimeMs: 600_000 });
    client = { sessionId, secret };
  });
  afterAll(() => {
    contract.close();
  });

  const head = (): Contract => new GrpcContract(api.grpcAddress, keyOf(rpcSecret));
  const open =
    (file: object, more: Partial<nfs.InputOf<'Open'>> = {}): Request =>
    (to) =>
      to.call('Open', { ...client, ...(file as { export: string; file: string }), ...both, ...more });
  const lock =
    (file: object, more: Partial<nfs.InputOf<'Lock'>>): Request =>
    (to) =>
      to.call('Lock', {
        ...{ ...client, ...(file as { export: string; file: string }), lockOwner: bytes('locker') },
        ...{ type: 'WRITE_LT', ...everything, ...more },
      });
  const once = async (request: Request): Promise<nfs.StateId> => given(await request(contract));

  /** A request of every kind that changes the state of a stateid, on files of their own. */
  async function everyKind(): Promise<[string, Request][]> {
    const requestId = randomUUID();
    const made: [string, Request][] = [];
    const file = newFile();
    made.push(['OPEN', open(file, { requestId })]);
    const upgraded = newFile();
    await once(open(upgraded, { access: 'OPEN4_SHARE_ACCESS_READ' }));
    made.push(['OPEN, upgrading', open(upgraded, { requestId })]);
    const lowered = newFile();
    await once(open(lowered, { access: 'OPEN4_SHARE_ACCESS_READ' }));
    const toLower = { ...client, stateid: await once(open(lowered)), requestId };
    const access = 'OPEN4_SHARE_ACCESS_READ';
    made.push(['OPEN_DOWNGRADE', (to) => to.call('OpenDowngrade', { ...toLower, access })]);
    const closed = newFile();
    const toClose = { ...client, stateid: await once(open(closed)), requestId };
    made.push(['CLOSE', (to) => to.call('Close', toClose)]);
    const locked = newFile();
    made.push(['LOCK', lock(locked, { openStateid: await once(open(locked)), requestId })]);
    const more = newFile();
    const first = lock(more, { openStateid: await once(open(more)), length: '10' });
    made.push(['LOCK, more', lock(more, { stateid: await once(first), requestId })]);
    const unlocked = newFile();
    const held = lock(unlocked, { openStateid: await once(open(unlocked)) });
    const toUnlock = { ...client, ...unlocked, lockOwner: bytes('locker'), ...everything, requestId };
    const stateid = await once(held);
    made.push(['LOCKU', (to) => to.call('LockU', { ...toUnlock, stateid })]);
    const freed = newFile();
    const lockStateid = await once(lock(freed, { openStateid: await once(open(freed)) }));
    const unlocking = { ...client, ...freed, lockOwner: bytes('locker'), ...everything };
    const left = given(await contract.call('LockU', { ...unlocking, stateid: lockStateid }));
    made.push(['FREE_STATEID', (to) => to.call('FreeStateid', { ...client, stateid: left, requestId })]);
    const want = { ...client, ...newFile(), want: 'WANT_READ_DELEG' } as const;
    const delegation = given((await contract.call('WantDelegation', want)).delegation ?? {});
    const toReturn = { ...client, stateid: delegation, requestId };
    made.push(['DELEGRETURN', (to) => to.call('DelegReturn', toReturn)]);
    return made;
  }

  const answersOf = (requests: [string, Request][], to: Contract) =>
    Promise.all(requests.map(async ([kind, request]) => [kind, await request(to)] as const));

  test('the lease API is killed after it has answered: every kind of request is answered again', async () => {
    const requests = await everyKind();
    const answers = await answersOf(requests, contract);
    expect(answers.filter(([, { status }]) => status !== 'NFS4_OK')).toEqual([]);
    await api.kill();
    await api.start();
    expect(await eventually(() => answersOf(requests, contract))).toEqual(answers);
  });

  test('the lease API is killed under way: each request is carried out once', async () => {
    const opened = await Promise.all(
      Array.from({ length: 48 }, async () => {
        const file = newFile();
        return { file, openStateid: await once(open(file)) };
      }),
    );
    const requests = opened.map(({ file, openStateid }) =>
      lock(file, { openStateid, requestId: randomUUID() }),
    );
    const under = requests.map((request) => request(contract));
    const settled = Promise.allSettled(under);
    await Promise.any(under);
    await api.kill();
    await settled;
    await api.start();
    const stateids = await eventually(() => Promise.all(requests.map(once)));
    expect(stateids.map(({ seqid }) => seqid)).toEqual(requests.map(() => 1));
  });

  test('the head dies while its requests wait: another repeats them, and nothing is left over', async () => {
    const [file, requestId] = [newFile(), randomUUID()];
    const { sessionId, secret } = await contract.call('ExchangeId', { leaseTimeMs: 600_000 });
    const other = { sessionId, secret };
    const inTheWay = given(
      await contract.call('Open', { ...other, ...file, ...both, deny: 'OPEN4_SHARE_DENY_BOTH' }),
    );
    const waiting = open(file, { waitMs: 60_000, requestId });
    const way = await TcpProxy.start({ target: () => api.grpcAddress });
    const dying = new GrpcContract(way.address, keyOf(rpcSecret));
    const lost = waiting(dying).catch(() => undefined);
    await eventually(async () => {
      const { body } = await api.request('GET', `/v1/locks?export=local&file=${file.file}&state=waiting`);
      expect(JSON.stringify(body)).toContain(client.sessionId);
    });
    // What the service sees of it when the kernel closes its connections.
    way.cut();
    await lost;
    dying.close();
    const repeated = waiting(contract);
    expect((await contract.call('Close', { ...other, stateid: inTheWay })).status).toBe('NFS4_OK');
    const stateid = given(await repeated);
    expect(stateid.seqid).toBe(1);
    expect(given(await waiting(contract))).toEqual(stateid);
    expect((await contract.call('Close', { ...client, stateid })).status).toBe('NFS4_OK');
    const denying = { ...other, ...file, ...both, deny: 'OPEN4_SHARE_DENY_BOTH' } as const;
    expect((await contract.call('Open', denying)).status).toBe('NFS4_OK');
  });

  test('a session that has no room left repeats its last request', async () => {
    const small = await startLeaseApi({
      env: { LEASEHOLD_GRPC: '127.0.0.1:0', LEASEHOLD_SESSION_LOCKS_MAX: '4' },
    });
    const to = new GrpcContract(small.grpcAddress, keyOf(rpcSecret));
    const { sessionId, secret } = await to.call('ExchangeId', { leaseTimeMs: 600_000 });
    const full = { ...{ sessionId, secret }, ...newFile() };
    const openStateid = given(await to.call('Open', { ...full, ...both }));
    const last = { ...full, lockOwner: bytes('l'), type: 'WRITE_LT', ...everything, openStateid } as const;
    const requestId = randomUUID();
    const answer = await to.call('Lock', { ...last, requestId });
    expect(answer.status).toBe('NFS4_OK');
    expect(await to.call('Lock', { ...last, requestId })).toEqual(answer);
    to.close();
    await small.kill();
  });
});

test('Redis dies and comes back: repeats are answered in the grace period, too', async () => {
  const env = { LEASEHOLD_GRPC: '127.0.0.1:0', LEASEHOLD_GRACE_MS: '600000', LEASEHOLD_TABLE_NAME: 'grace' };
  const api = await startLeaseApi({ env, table: redis.url });
  const contract = new GrpcContract(api.grpcAddress, keyOf(rpcSecret));
  const { sessionId, secret } = await contract.call('ExchangeId', { leaseTimeMs: 600_000 });
  const client = { sessionId, secret, export: 'local', file: 'f' };
  const opening = { ...client, ...both, requestId: randomUUID() };
  const opened = await contract.call('Open', opening);
  const openStateid = given(opened);
  const lockId = randomUUID();
  const range = { ...everything, openStateid, requestId: lockId };
  const locking = { ...client, lockOwner: bytes('l'), type: 'WRITE_LT', ...range } as const;
  const locked = await contract.call('Lock', locking);
  expect(given(locked).seqid).toBe(1);
  await redis.restart();
  await eventually(async () => {
    expect((await contract.call('Renew', { sessionId, secret })).graceMs).toBeGreaterThan(0);
  });
  expect(await contract.call('Open', opening)).toEqual(opened);
  expect(await contract.call('Lock', locking)).toEqual(locked);
  expect((await contract.call('Open', { ...opening, requestId: randomUUID() })).status).toBe('NFS4ERR_GRACE');
  contract.close();
});
