import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { nfs } from '#contracts';
import { keyOf } from '#rpc';
import { type Contract, GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { type RedisServer, startRedis } from '../support/redis-server';
import { rpcSecret, startLeaseApi, stopPrograms } from '../support/service';

/** What stateids are answered, by RFC 8881 §8.2, §18.2, §18.6, §18.10, §18.12, §18.38 and §18.48. */
Logger.overrideLogger(false);

interface Client {
  sessionId: string;
  secret: string;
}
type Kind = 'open' | 'delegation' | 'lock';
type Operation = 'TEST' | 'FREE' | 'CLOSE' | 'DELEGRETURN' | 'LOCK' | 'LOCKU';
type Row = [state: string, kind: Kind, answers: { [O in Operation]?: string }];

const operations: readonly Operation[] = ['TEST', 'FREE', 'CLOSE', 'DELEGRETURN', 'LOCK', 'LOCKU'];
/** Whatever is over, unknown or another client's is the same to all of them. */
const unknown = { TEST: 'BAD_STATEID', FREE: 'BAD_STATEID' };

/** The table. What a row does not name is BAD_STATEID: the stateid is of another kind, or it is no stateid. */
const table: readonly Row[] = [
  ['held', 'open', { TEST: 'OK', FREE: 'LOCKS_HELD', CLOSE: 'OK' }],
  ['held', 'delegation', { TEST: 'OK', FREE: 'LOCKS_HELD', DELEGRETURN: 'OK' }],
  ['held', 'lock', { TEST: 'OK', FREE: 'LOCKS_HELD', LOCK: 'OK', LOCKU: 'OK' }],
  // The seqid 0 stands for the present one; the earlier is old, a later one has never been given to anybody.
  ['held, seqid 0', 'open', { TEST: 'OK', FREE: 'LOCKS_HELD', CLOSE: 'OK' }],
  ['held, seqid 0', 'delegation', { TEST: 'OK', FREE: 'LOCKS_HELD', DELEGRETURN: 'OK' }],
  ['held, seqid 0', 'lock', { TEST: 'OK', FREE: 'LOCKS_HELD', LOCK: 'OK', LOCKU: 'OK' }],
  ['held, earlier seqid', 'open', { TEST: 'OLD_STATEID', FREE: 'OLD_STATEID', CLOSE: 'OLD_STATEID' }],
  [
    'held, earlier seqid',
    'lock',
    { TEST: 'OLD_STATEID', FREE: 'OLD_STATEID', LOCK: 'OLD_STATEID', LOCKU: 'OLD_STATEID' },
  ],
  ['held, later seqid', 'open', unknown],
  ['held, later seqid', 'delegation', unknown],
  ['held, later seqid', 'lock', unknown],
  // A recall moves no seqid, nor does a revocation.
  ['recalled', 'delegation', { TEST: 'OK', FREE: 'LOCKS_HELD', DELEGRETURN: 'OK' }],
  ['revoked', 'delegation', { TEST: 'DELEG_REVOKED', FREE: 'OK', DELEGRETURN: 'DELEG_REVOKED' }],
  ['revoked and freed', 'delegation', unknown],
  ['returned', 'delegation', unknown],
  ['closed', 'open', unknown],
  ['closed with its open', 'lock', unknown],
  ['unlocked', 'lock', { TEST: 'OK', FREE: 'OK', LOCK: 'OK', LOCKU: 'OK' }],
  ['unlocked and freed', 'lock', unknown],
  ['foreign', 'open', unknown],
  ['foreign', 'delegation', unknown],
  ['foreign', 'lock', unknown],
  ['invented', 'open', unknown],
  ['all zeros', 'open', unknown],
  ['all ones', 'open', unknown],
];

const bytes = (text: string): string => Buffer.from(text).toString('base64');
const [opener, locker] = [bytes('opener'), bytes('locker')];
const everything = { offset: '0', length: '18446744073709551615' };
const short = (status: nfs.NfsStat): string => status.replace(/^NFS4(ERR)?_/, '');

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await stopPrograms();
  await redis.stop();
});

describe.each([
  ['gRPC', 'an embedded table'],
  ['TCP', 'Redis'],
] as const)('over %s, with %s', (transport, table_) => {
  /** What it recalls may stay away as long as a test needs, or is revoked soon. */
  let patient: Contract;
  let strict: Contract;
  let contract: Contract;
  let files = 0;
  const newFile = () => ({ export: 'local', file: `f${String((files += 1))}` });

  beforeAll(async () => {
    [patient, strict] = await Promise.all([contractOf('600000'), contractOf('400')]);
    contract = patient;
  });
  afterAll(() => {
    patient.close();
    strict.close();
  });

  /** Of a service of its own that revokes what was not returned in this time. */
  async function contractOf(breakMs: string): Promise<Contract> {
    const env = { LEASEHOLD_GRPC: '127.0.0.1:0', LEASEHOLD_BREAK_MS: breakMs, LEASEHOLD_COOL_MS: '0' };
    const kept = { LEASEHOLD_TABLE: redis.url, LEASEHOLD_TABLE_NAME: `stateids-${breakMs}` };
    const api = await startLeaseApi({ env: { ...env, ...(table_ === 'Redis' ? kept : {}) } });
    return transport === 'gRPC'
      ? new GrpcContract(api.grpcAddress, keyOf(rpcSecret))
      : new TcpContract(api.rpcAddress, keyOf(rpcSecret));
  }

  const newClient = async (): Promise<Client> => {
    const { sessionId, secret } = await contract.call('ExchangeId', { leaseTimeMs: 600_000 });
    return { sessionId, secret };
  };
  const open = (client: Client, file: object, more: Partial<nfs.InputOf<'Open'>> = {}) =>
    contract.call('Open', {
      ...{ ...client, ...(file as { export: string; file: string }), openOwner: opener },
      ...{ access: 'OPEN4_SHARE_ACCESS_BOTH', ...more },
    });
  const lock = (client: Client, file: object, more: Partial<nfs.InputOf<'Lock'>>) =>
    contract.call('Lock', {
      ...{ ...client, ...(file as { export: string; file: string }), lockOwner: locker },
      ...{ type: 'WRITE_LT', ...everything, ...more },
    });
  const unlock = (client: Client, file: object, stateid: nfs.StateId, more: { requestId?: string } = {}) =>
    contract.call('LockU', {
      ...{ ...client, ...(file as { export: string; file: string }), lockOwner: locker },
      ...{ ...everything, stateid, ...more },
    });
  const given = ({ stateid }: { stateid?: nfs.StateId | undefined }): nfs.StateId => {
    if (stateid === undefined) throw new Error('no stateid');
    return stateid;
  };

  /** Brings a stateid into a state. Returns who shows it. */
  async function arrange(
    state: string,
    kind: Kind,
  ): Promise<{ client: Client; file: { export: string; file: string }; stateid: nfs.StateId }> {
    contract = state.startsWith('revoked') ? strict : patient;
    const [client, other] = [await newClient(), await newClient()];
    const file = newFile();
    const opened = given(await open(client, file));
    let stateid = opened;
    if (kind === 'lock') stateid = given(await lock(client, file, { openStateid: opened }));
    if (kind === 'delegation') {
      const want = await contract.call('WantDelegation', { ...client, ...file, want: 'WANT_WRITE_DELEG' });
      stateid = given(want.delegation ?? {});
    }
    switch (state) {
      case 'held, seqid 0':
        stateid = { ...stateid, seqid: 0 };
        break;
      case 'held, earlier seqid':
        await (kind === 'open' ? open(client, file) : lock(client, file, { stateid }));
        break;
      case 'held, later seqid':
        stateid = { ...stateid, seqid: 2 };
        break;
      case 'recalled':
        await open(client, file, { openOwner: bytes('a second one') });
        expect((await open(other, file, { access: 'OPEN4_SHARE_ACCESS_READ' })).status).toBe('NFS4ERR_DELAY');
        break;
      case 'revoked':
      case 'revoked and freed':
        // Opened for reading only, which NFSv4 does not answer with a weaker delegation.
        await open(other, file, { access: 'OPEN4_SHARE_ACCESS_READ', waitMs: 60_000 });
        if (state === 'revoked') break;
        await contract.call('FreeStateid', { ...client, stateid });
        break;
      case 'returned':
        await contract.call('DelegReturn', { ...client, stateid });
        break;
      case 'closed':
        await contract.call('Close', { ...client, stateid });
        break;
      case 'closed with its open':
        await unlock(client, file, stateid);
        await contract.call('Close', { ...client, stateid: opened });
        stateid = { ...stateid, seqid: 2 };
        break;
      case 'unlocked':
      case 'unlocked and freed':
        stateid = given(await unlock(client, file, stateid));
        if (state === 'unlocked') break;
        await contract.call('FreeStateid', { ...client, stateid });
        break;
      case 'foreign':
        return { client: other, file, stateid };
      case 'invented':
        stateid = { seqid: 1, other: Buffer.from('twelve bytes').toString('base64') };
        break;
      case 'all zeros':
        stateid = { seqid: 0, other: Buffer.alloc(12).toString('base64') };
        break;
      case 'all ones':
        stateid = { seqid: 0xffff_ffff, other: Buffer.alloc(12, 0xff).toString('base64') };
        break;
    }
    return { client, file, stateid };
  }

  async function show(operation: Operation, state: string, kind: Kind): Promise<string> {
    const { client, file, stateid } = await arrange(state, kind);
    switch (operation) {
      case 'TEST': {
        const { results } = await contract.call('TestStateid', { ...client, stateids: [stateid] });
        return short(results[0] ?? 'NFS4ERR_SERVERFAULT');
      }
      case 'FREE':
        return short((await contract.call('FreeStateid', { ...client, stateid })).status);
      case 'CLOSE':
        return short((await contract.call('Close', { ...client, stateid })).status);
      case 'DELEGRETURN':
        return short((await contract.call('DelegReturn', { ...client, stateid })).status);
      case 'LOCK':
        return short((await lock(client, file, { stateid })).status);
      case 'LOCKU':
        return short((await unlock(client, file, stateid)).status);
    }
  }

  test.each(table)('%s, %s', async (state, kind, answers) => {
    const said: Partial<Record<Operation, string>> = {};
    const wanted: Partial<Record<Operation, string>> = {};
    for (const operation of operations) {
      said[operation] = await show(operation, state, kind);
      wanted[operation] = answers[operation] ?? 'BAD_STATEID';
    }
    expect(said).toEqual(wanted);
  });

  test('a stateid names one life: a late CLOSE of an earlier one closes nothing', async () => {
    const [client, other] = [await newClient(), await newClient()];
    const file = newFile();
    const deny = 'OPEN4_SHARE_DENY_BOTH';
    const first = given(await open(client, file, { deny }));
    const closed = await contract.call('Close', { ...client, stateid: first });
    expect(closed.stateid).toEqual({ seqid: 0xffff_ffff, other: Buffer.alloc(12).toString('base64') });
    const second = given(await open(client, file, { deny }));
    expect(second.other).not.toBe(first.other);
    expect((await contract.call('Close', { ...client, stateid: first })).status).toBe('NFS4ERR_BAD_STATEID');
    expect((await open(other, file)).status).toBe('NFS4ERR_SHARE_DENIED');
    expect((await contract.call('Close', { ...client, stateid: second })).status).toBe('NFS4_OK');
  });

  test('a repeat with the same request id is answered and not carried out again', async () => {
    const client = await newClient();
    const file = newFile();
    const twice = async <A extends { status: nfs.NfsStat }>(
      make: (requestId: string) => Promise<A>,
    ): Promise<A> => {
      const requestId = randomUUID();
      const once = await make(requestId);
      expect(once.status).toBe('NFS4_OK');
      expect(await make(requestId)).toEqual(once);
      return once;
    };
    const read = { access: 'OPEN4_SHARE_ACCESS_READ' } as const;
    await twice((requestId) => open(client, file, { ...read, requestId }));
    const opened = given(await twice((requestId) => open(client, file, { requestId })));
    expect(opened.seqid).toBe(2);
    const first = given(await twice((requestId) => lock(client, file, { openStateid: opened, requestId })));
    const more = given(await twice((requestId) => lock(client, file, { stateid: first, requestId })));
    expect(more).toEqual({ seqid: 2, other: first.other });
    const unlocked = given(await twice((requestId) => unlock(client, file, more, { requestId })));
    await twice((requestId) => contract.call('FreeStateid', { ...client, stateid: unlocked, requestId }));
    const lowered = await twice((requestId) =>
      contract.call('OpenDowngrade', { ...client, ...read, stateid: opened, requestId }),
    );
    expect(given(lowered).seqid).toBe(3);
    const stateid = given(lowered);
    await twice((requestId) => contract.call('Close', { ...client, stateid, requestId }));
    const want = await contract.call('WantDelegation', { ...client, ...file, want: 'WANT_READ_DELEG' });
    const delegation = given(want.delegation ?? {});
    await twice((requestId) => contract.call('DelegReturn', { ...client, stateid: delegation, requestId }));
  });

  test('the stateids of locks taken in parallel count every one of them', async () => {
    const client = await newClient();
    const file = newFile();
    const openStateid = given(await open(client, file));
    const locks = Array.from({ length: 16 }, (_, n) =>
      lock(client, file, { openStateid, offset: String(n), length: '1' }),
    );
    const stateids = (await Promise.all(locks)).map(given);
    expect(new Set(stateids.map(({ other }) => other)).size).toBe(1);
    expect(stateids.map(({ seqid }) => seqid).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, n) => n + 1),
    );
  });

  test('a client that has freed its revoked delegations is offered others', async () => {
    contract = strict;
    const [client, other] = [await newClient(), await newClient()];
    for (let n = 0; n < 6; n++) {
      const file = newFile();
      const want = { ...client, ...file, want: 'WANT_WRITE_DELEG' } as const;
      const stateid = given((await contract.call('WantDelegation', want)).delegation ?? {});
      await open(other, file, { access: 'OPEN4_SHARE_ACCESS_READ', waitMs: 60_000 });
      const { results } = await contract.call('TestStateid', { ...client, stateids: [stateid] });
      expect(results).toEqual(['NFS4ERR_DELEG_REVOKED']);
      expect((await contract.call('FreeStateid', { ...client, stateid })).status).toBe('NFS4_OK');
    }
  });
});
