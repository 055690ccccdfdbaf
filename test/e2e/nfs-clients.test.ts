import { Logger } from '@nestjs/common';
import { nfs } from '#contracts';
import { keyOf } from '#rpc';
import { type Contract, GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { eventually } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';
import { type LeaseApi, rpcSecret, startLeaseApi, stopPrograms } from '../support/service';

/** NFS clients over their restarts and those of their servers (RFC 8881 §8.4, §18.35, §18.36, §18.46, §18.51). */
Logger.overrideLogger(false);

const bytes = (text: string): string => Buffer.from(text).toString('base64');
const everything = { offset: '0', length: '18446744073709551615' };
const owned = { openOwner: bytes('opener') };
const both = { ...owned, access: 'OPEN4_SHARE_ACCESS_BOTH' } as const;
const reading = { ...owned, access: 'OPEN4_SHARE_ACCESS_READ' } as const;
const given = ({ stateid }: { stateid?: nfs.StateId | undefined }): nfs.StateId => {
  if (stateid === undefined) throw new Error('no stateid');
  return stateid;
};

let redis: RedisServer;
const contracts: Contract[] = [];
beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
});
afterAll(async () => {
  for (const contract of contracts) contract.close();
  await stopPrograms();
  await redis.stop();
});

describe.each([
  ['gRPC', 'an embedded table'],
  ['TCP', 'Redis'],
  ['gRPC', 'Redis'],
] as const)('over %s, with %s', (transport, store) => {
  let apis: LeaseApi[];
  /** Two NFS servers. With Redis, each at a lease API of its own. */
  let one: Contract;
  let two: Contract;
  let count = 0;
  const env = { LEASEHOLD_GRPC: '127.0.0.1:0', LEASEHOLD_GRACE_MS: '600000', LEASEHOLD_COOL_MS: '0' };
  const named = { ...env, LEASEHOLD_TABLE_NAME: `clients-${transport}` };
  const fresh = () => ({ owner: bytes(`client ${String((count += 1))}`), verifier: bytes('boot 1..') });
  const newFile = () => ({ export: 'local', file: `f${String((count += 1))}` });

  beforeAll(async () => {
    const how = () => (store === 'Redis' ? { table: redis.url, env: named } : { env });
    apis = [await startLeaseApi(how())];
    if (store === 'Redis') apis.push(await startLeaseApi(how()));
    [one, two] = [head(0), head(apis.length - 1)];
  });
  const head = (at: number): Contract => {
    const api = apis[at] as LeaseApi;
    const contract =
      transport === 'gRPC'
        ? new GrpcContract(api.grpcAddress, keyOf(rpcSecret))
        : new TcpContract(api.rpcAddress, keyOf(rpcSecret));
    contracts.push(contract);
    return contract;
  };
  const exchange = (to: Contract, who: Partial<nfs.InputOf<'ExchangeId'>>) =>
    to.call('ExchangeId', { leaseTimeMs: 600_000, ...who });
  /** A client that has done all it has to before it opens files. */
  const begin = async (to: Contract, who: Partial<nfs.InputOf<'ExchangeId'>>) => {
    const { status, sessionId, secret, confirmed } = await exchange(to, who);
    expect([status, confirmed]).toEqual(['NFS4_OK', false]);
    const client = { sessionId, secret };
    expect((await to.call('CreateSession', client)).status).toBe('NFS4_OK');
    expect((await to.call('Reclaim', { ...client, complete: true })).status).toBe('NFS4_OK');
    return client;
  };
  const stat = async (reply: Promise<{ status: nfs.NfsStat }>): Promise<string> =>
    (await reply).status.replace('NFS4ERR_', '');

  test('what a client has to do first', async () => {
    const who = fresh();
    const { sessionId, secret } = await exchange(one, who);
    const client = { sessionId, secret };
    const opening = { ...client, ...newFile(), ...reading };
    expect(await stat(one.call('Open', opening))).toBe('STALE_CLIENTID');
    expect(await stat(one.call('Renew', client))).toBe('STALE_CLIENTID');
    expect(await stat(one.call('CreateSession', client))).toBe('NFS4_OK');
    expect(await stat(one.call('Open', opening))).toBe('GRACE');
    expect(await stat(one.call('Reclaim', { ...client, complete: true }))).toBe('NFS4_OK');
    expect(await stat(one.call('Open', opening))).toBe('NFS4_OK');
    expect(await stat(one.call('Reclaim', { ...client, complete: true }))).toBe('COMPLETE_ALREADY');
  });

  test('a client whose server has died goes on at another, with its locks and its callbacks', async () => {
    const [who, file] = [fresh(), newFile()];
    const dying = head(0);
    const client = await begin(dying, who);
    const openStateid = given(await dying.call('Open', { ...client, ...file, ...both }));
    const locking = { ...client, ...file, lockOwner: bytes('l'), type: 'WRITE_LT', ...everything } as const;
    const stateid = given(await dying.call('Lock', { ...locking, openStateid }));
    const delegated = newFile();
    const want = { ...client, ...delegated, want: 'WANT_WRITE_DELEG' } as const;
    const delegation = given((await dying.call('WantDelegation', want)).delegation ?? {});
    dying.close();

    const moved = await exchange(two, who);
    expect(moved).toMatchObject({ status: 'NFS4_OK', confirmed: true, ...client });
    expect(await stat(two.call('CreateSession', client))).toBe('NFS4_OK');
    const { results } = await two.call('TestStateid', {
      ...client,
      stateids: [openStateid, stateid, delegation],
    });
    expect(results).toEqual(['NFS4_OK', 'NFS4_OK', 'NFS4_OK']);
    const other = await begin(one, fresh());
    const denied = { ...other, ...file, lockOwner: bytes('l'), type: 'READ_LT', ...everything } as const;
    expect(await stat(one.call('LockT', denied))).toBe('DENIED');
    // It is recalled where it is now.
    const waiting = one.call('Open', { ...other, ...delegated, ...reading, waitMs: 60_000 });
    const stopped = new AbortController();
    for await (const { recall } of two.callbacks(client, stopped.signal)) {
      if (recall === undefined) continue;
      expect(recall.stateid).toEqual(delegation);
      expect(await stat(two.call('DelegReturn', { ...client, stateid: recall.stateid }))).toBe('NFS4_OK');
      stopped.abort();
    }
    expect(await stat(waiting)).toBe('NFS4_OK');
    expect(await stat(two.call('Lock', { ...locking, stateid }))).toBe('NFS4_OK');
  });

  test('a client that restarts loses what it held when it is confirmed, at whichever server', async () => {
    const [who, file] = [fresh(), newFile()];
    const before = await begin(one, who);
    const deny = 'OPEN4_SHARE_DENY_BOTH';
    const openStateid = given(await one.call('Open', { ...before, ...file, ...both, deny }));
    // More than one step releases.
    const more = Array.from({ length: 150 }, () => one.call('Open', { ...before, ...newFile(), ...both }));
    expect(new Set((await Promise.all(more)).map(({ status }) => status))).toEqual(new Set(['NFS4_OK']));
    const other = await begin(two, fresh());
    const opening = { ...other, ...file, ...reading };

    const after = await exchange(two, { ...who, verifier: bytes('boot 2..') });
    expect(after).toMatchObject({ status: 'NFS4_OK', confirmed: false });
    expect(after.sessionId).not.toBe(before.sessionId);
    expect(await stat(two.call('Open', opening))).toBe('SHARE_DENIED');
    expect(await stat(one.call('Renew', before))).toBe('NFS4_OK');
    const client = { sessionId: after.sessionId, secret: after.secret };
    expect(await stat(two.call('CreateSession', client))).toBe('NFS4_OK');
    expect(await stat(two.call('Open', opening))).toBe('NFS4_OK');
    expect(await stat(one.call('Close', { ...before, stateid: openStateid }))).toBe('EXPIRED');
  });

  test('principals, and the update of a client', async () => {
    const who = { ...fresh(), principal: 'nfs/a@EXAMPLE' };
    expect(await stat(exchange(one, { ...who, update: true }))).toBe('NOENT');
    const client = await begin(one, who);
    given(await one.call('Open', { ...client, ...newFile(), ...reading }));
    expect(await exchange(two, { ...who, update: true })).toMatchObject({ confirmed: true });
    expect(await stat(exchange(two, { ...who, verifier: bytes('boot 2..'), update: true }))).toBe('NOT_SAME');
    const mallory = { ...who, principal: 'nfs/m@EXAMPLE' };
    expect(await stat(exchange(two, { ...mallory, update: true }))).toBe('PERM');
    expect(await stat(exchange(two, mallory))).toBe('CLID_INUSE');
    expect(await stat(one.call('CreateSession', { ...client, principal: mallory.principal }))).toBe(
      'CLID_INUSE',
    );
    expect(await stat(one.call('Renew', client))).toBe('NFS4_OK');
  });

  test('an OPEN that says whether it wants a delegation is always told what became of that', async () => {
    const client = await begin(one, fresh());
    const openedWith = async (want: nfs.Want) =>
      (await one.call('Open', { ...client, ...newFile(), ...reading, want })).delegation;
    const none = { type: 'OPEN_DELEGATE_NONE', recall: false, willSignal: false };
    expect(await openedWith('WANT_NO_PREFERENCE')).toBeUndefined();
    expect(await openedWith('WANT_NO_DELEG')).toMatchObject({ ...none, why: 'WND4_NOT_WANTED' });
    expect(await openedWith('WANT_READ_DELEG')).toMatchObject({ type: 'OPEN_DELEGATE_READ' });
    const file = newFile();
    const other = await begin(two, fresh());
    given(await two.call('Open', { ...other, ...file, ...both }));
    const refused = await one.call('Open', { ...client, ...file, ...reading, want: 'WANT_READ_DELEG' });
    expect(refused.delegation).toMatchObject({ ...none, why: 'WND4_CONTENTION' });
    const want = { ...client, ...newFile(), want: 'WANT_NO_DELEG' } as const;
    expect((await one.call('WantDelegation', want)).delegation).toMatchObject({
      ...{ ...none, why: 'WND4_NOT_WANTED' },
    });
  });

  test('a silent client keeps what nobody wants, is told what was taken, and frees it', async () => {
    const lasting = { leaseTimeMs: 1_000, courtesyMs: 600_000 };
    const a = await begin(one, { ...fresh(), ...lasting });
    const b = await begin(two, fresh());
    const [f, g] = [newFile(), newFile()];
    const deny = 'OPEN4_SHARE_DENY_WRITE' as const;
    const taken = given(await one.call('Open', { ...a, ...reading, ...f, deny }));
    const kept = given(await one.call('Open', { ...a, ...reading, ...g, deny }));
    await eventually(async () => {
      expect((await two.call('Open', { ...b, ...both, ...f })).status).toBe('NFS4_OK');
    });
    const { expiredSomeStateRevoked } = nfs.seqStatus;
    const flag = async () => (await two.call('Renew', a)).statusFlags & expiredSomeStateRevoked;
    expect(await flag()).toBe(expiredSomeStateRevoked);
    const { results } = await two.call('TestStateid', { ...a, stateids: [taken, kept] });
    expect(results).toEqual(['NFS4ERR_EXPIRED', 'NFS4_OK']);
    expect((await two.call('Close', { ...a, stateid: taken })).status).toBe('NFS4ERR_EXPIRED');
    expect((await two.call('FreeStateid', { ...a, stateid: taken })).status).toBe('NFS4_OK');
    expect(await flag()).toBe(0);
    expect((await two.call('Close', { ...a, stateid: kept })).status).toBe('NFS4_OK');
  });

  test('the flags for SEQUENCE are those of the client: who has lost one of two things, everything, or nothing', async () => {
    const { expiredSomeStateRevoked, expiredAllStateRevoked, cbPathDown } = nfs.seqStatus;
    const silent = { leaseTimeMs: 1_000, courtesyMs: 600_000 };
    const deny = 'OPEN4_SHARE_DENY_WRITE' as const;
    const [some, all] = [
      await begin(one, { ...fresh(), ...silent }),
      await begin(one, { ...fresh(), ...silent }),
    ];
    const taker = await begin(two, fresh());
    const [f, g] = [newFile(), newFile()];
    given(await one.call('Open', { ...some, ...reading, ...newFile(), deny }));
    given(await one.call('Open', { ...some, ...reading, ...f, deny }));
    const only = given(await one.call('Open', { ...all, ...reading, ...g, deny }));
    for (const file of [f, g])
      await eventually(async () => {
        expect(await stat(two.call('Open', { ...taker, ...both, ...file }))).toBe('NFS4_OK');
      });
    const flags = async (client: typeof some) => (await one.call('Renew', client)).statusFlags;
    expect(await flags(some)).toBe(cbPathDown | expiredSomeStateRevoked);
    expect(await flags(all)).toBe(cbPathDown | expiredAllStateRevoked);
    expect(await flags(taker)).toBe(cbPathDown);
    expect(await stat(one.call('FreeStateid', { ...all, stateid: only }))).toBe('NFS4_OK');
    expect(await flags(all)).toBe(cbPathDown);
  });

  test('Renew tells the flags for SEQUENCE', async () => {
    const client = await begin(one, fresh());
    const flags = async (): Promise<number> => (await one.call('Renew', client)).statusFlags;
    expect(await flags()).toBe(nfs.seqStatus.cbPathDown);
    const stopped = new AbortController();
    const hearing = (async () => {
      for await (const callback of one.callbacks(client, stopped.signal)) void callback;
    })();
    await eventually(async () => {
      expect(await flags()).toBe(0);
    });
    stopped.abort();
    await hearing;
    // Who polls may come again.
    if (transport === 'TCP') return;
    await eventually(async () => {
      expect(await flags()).toBe(nfs.seqStatus.cbPathDown);
    });
  });
});

test('after a restart, those who were there reclaim what they held, and nobody else does', async () => {
  const env = { LEASEHOLD_GRPC: '127.0.0.1:0', LEASEHOLD_GRACE_MS: '600000' };
  const api = await startLeaseApi({ table: redis.url, env: { ...env, LEASEHOLD_TABLE_NAME: 'reclaim' } });
  const contract = new GrpcContract(api.grpcAddress, keyOf(rpcSecret));
  contracts.push(contract);
  const begin = async (name: string) => {
    const who = { leaseTimeMs: 600_000, owner: bytes(name), verifier: bytes('boot 1..') };
    const { sessionId, secret } = await contract.call('ExchangeId', who);
    const client = { sessionId, secret };
    expect((await contract.call('CreateSession', client)).status).toBe('NFS4_OK');
    return client;
  };
  const [a, b] = [await begin('a'), await begin('b')];
  for (const client of [a, b]) await contract.call('Reclaim', { ...client, complete: true });
  const file = { export: 'local', file: 'f' };
  const deny = 'OPEN4_SHARE_DENY_WRITE' as const;
  const lock = { ...file, lockOwner: bytes('l'), type: 'WRITE_LT', ...everything } as const;
  const other = { export: 'local', file: 'g' };
  for (const { status } of [
    await contract.call('Open', { ...a, ...both, ...file, deny }),
    await contract.call('Lock', { ...a, ...lock }),
    await contract.call('WantDelegation', { ...a, ...other, want: 'WANT_WRITE_DELEG' }),
  ])
    expect(status).toBe('NFS4_OK');
  await redis.restart();
  await eventually(async () => {
    const { statusFlags } = await contract.call('Renew', a);
    expect(statusFlags & nfs.seqStatus.restartReclaimNeeded).not.toBe(0);
  });
  const opens = [{ ...both, ...file, deny }];
  const locks = [lock];
  const delegations = [{ ...other, type: 'OPEN_DELEGATE_WRITE' } as const];
  const first = await contract.call('Reclaim', { ...a, opens, locks, delegations });
  const second = await contract.call('Reclaim', { ...b, opens, locks, delegations });
  const stats = ({ opens: o, locks: l, delegations: d }: nfs.ReplyOf<'Reclaim'>) =>
    [...o, ...l, ...d].map(({ status }) => status);
  expect(stats(first)).toEqual(['NFS4_OK', 'NFS4_OK', 'NFS4_OK']);
  // Once the lease API has told that it is the only one, the table knows that the other client held nothing.
  for (const status of stats(second)) expect(status).toMatch(/^NFS4ERR_RECLAIM_(BAD|CONFLICT)$/);
  const late = await begin('c');
  const [open] = (await contract.call('Reclaim', { ...late, opens })).opens;
  expect(open?.status).toBe('NFS4ERR_NO_GRACE');
  const { status, graceMs } = await contract.call('Reclaim', { ...a, complete: true });
  expect([status, graceMs > 0]).toEqual(['NFS4_OK', true]);
  expect((await contract.call('Renew', a)).statusFlags & nfs.seqStatus.restartReclaimNeeded).toBe(0);
  expect((await contract.call('Reclaim', { ...b, complete: true })).graceMs).toBe(0);
});
