import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Client,
  credentials,
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { loadSync, type MessageTypeDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Leasehold } from '#client';
import { dlm, nfs } from '#contracts';
import { keyOf, sealCall } from '#rpc';
import { type Contract, GrpcContract, TcpContract } from '../../apps/nfs-head/src/contract';
import { type FileName, must, NfsClientState } from '../../apps/nfs-head/src/nfs-client-state';
import { playStory } from '../../apps/nfs-head/src/story';
import { eventually, within } from '../support/eventually';
import { temporaryDirectory } from '../support/openers';
import { type RedisServer, startRedis } from '../support/redis-server';
import { callGrpc } from '../support/strangers';
import { type LeaseApi, rpcSecret, startFileserver, startLeaseApi, stopPrograms } from '../support/service';

/** NFS servers and the lease service: two heads, each with a client, over both transports and both tables. */
Logger.overrideLogger(false);

const read = { access: 'OPEN4_SHARE_ACCESS_READ' } as const;
const write = { access: 'OPEN4_SHARE_ACCESS_WRITE' } as const;
const both = { access: 'OPEN4_SHARE_ACCESS_BOTH' } as const;
const denyWrite = { deny: 'OPEN4_SHARE_DENY_WRITE' } as const;
const listen = { LEASEHOLD_GRPC: '127.0.0.1:0' };
const bytesOf = (text: string): string => Buffer.from(text).toString('base64');

/** A client at an NFS head, and the callbacks that the head receives for it. */
class Head {
  client!: NfsClientState;
  /** Its reaction to a recall; by default it returns the delegation. */
  onRecall: (recall: NonNullable<nfs.Callback['recall']>) => Promise<unknown> = ({ stateid }) =>
    this.client.delegReturn(stateid);
  /** Its answer to CB_GETATTR; by default none. */
  onGetAttr: (asked: NonNullable<nfs.Callback['getAttr']>) => Promise<unknown> = () => Promise.resolve();
  private readonly heard: nfs.Callback[] = [];
  private readonly wakes = new Set<() => void>();

  static async open(contract: Contract, leaseTimeMs = 60_000): Promise<Head> {
    const head = new Head();
    head.client = await NfsClientState.exchangeId(contract, { label: 'c', leaseTimeMs }, head.hear);
    return head;
  }

  readonly hear = async (callback: nfs.Callback): Promise<void> => {
    this.heard.push(callback);
    for (const wake of this.wakes) wake();
    if (callback.recall !== undefined) await this.onRecall(callback.recall);
    if (callback.getAttr !== undefined) await this.onGetAttr(callback.getAttr);
  };

  /** The first matching callback, now or later, that no test has taken yet. */
  async next<K extends Exclude<keyof nfs.Callback, 'position'>>(
    kind: K,
    file?: string,
  ): Promise<NonNullable<nfs.Callback[K]>> {
    const find = async (): Promise<NonNullable<nfs.Callback[K]>> => {
      for (;;) {
        for (const [index, callback] of this.heard.entries()) {
          const found = callback[kind];
          if (found === undefined || (file !== undefined && 'file' in found && found.file !== file)) continue;
          this.heard.splice(index, 1);
          return found;
        }
        await new Promise<void>((resolve) => this.wakes.add(resolve));
      }
    };
    return within(`${kind} ${file ?? ''} after ${JSON.stringify(this.heard)}`, find());
  }

  heardOf(file: string): nfs.Callback[] {
    return this.heard.filter((callback) => JSON.stringify(callback).includes(`"${file}"`));
  }
}

const schema = loadSync(nfs.protoPath(), nfs.protoOptions);
const serviceOf = (): ServiceDefinition =>
  schema[`${nfs.protoPackage}.${nfs.serviceName}`] as ServiceDefinition;
const messageOf = (name: string): MessageTypeDefinition<object, object> =>
  schema[`${nfs.protoPackage}.${name}`] as MessageTypeDefinition<object, object>;
function methodOf(name: string): ServiceDefinition[string] {
  const method = serviceOf()[name];
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

let redis: RedisServer;
const contracts: Contract[] = [];
const heads: Head[] = [];
const contractTo = (api: LeaseApi, transport: 'gRPC' | 'TCP', secret = rpcSecret): Contract => {
  const key = keyOf(secret);
  const contract =
    transport === 'gRPC' ? new GrpcContract(api.grpcAddress, key) : new TcpContract(api.rpcAddress, key);
  contracts.push(contract);
  return contract;
};
const headAt = async (contract: Contract, leaseTimeMs?: number): Promise<Head> => {
  const head = await Head.open(contract, leaseTimeMs);
  heads.push(head);
  await head.next('resync');
  return head;
};
let files = 0;
const newFile = (): FileName => ({ export: 'local', file: `f${String((files += 1))}` });

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  for (const { client } of heads) client.stop();
  for (const contract of contracts) contract.close();
  await stopPrograms();
  await redis.stop();
});

describe.each([
  ['gRPC', 'an embedded table'],
  ['TCP', 'an embedded table'],
  ['gRPC', 'Redis'],
  ['TCP', 'Redis'],
] as const)('over %s, with %s', (transport, table) => {
  let api: LeaseApi;
  let a: Head;
  let b: Head;
  let contract: Contract;

  beforeAll(async () => {
    const directories = { LEASEHOLD_DIRECTORY_DELEGATIONS: 'local' };
    const limits = { LEASEHOLD_COOL_MS: '0', LEASEHOLD_SESSION_DELEGATIONS_MAX: '40' };
    const env = { ...listen, ...directories, ...limits, LEASEHOLD_BREAK_MS: '60000' };
    if (table === 'Redis')
      Object.assign(env, { LEASEHOLD_TABLE: redis.url, LEASEHOLD_TABLE_NAME: `nfs-${transport}` });
    api = await startLeaseApi({ env });
    contract = contractTo(api, transport);
    a = await headAt(contract);
    b = await headAt(contractTo(api, transport));
  });

  test('the story plays', async () => {
    const said: string[] = [];
    await playStory(
      () => contractTo(api, transport),
      'local',
      (line) => said.push(line),
    );
    expect(said).toContain('head B opens for writing: NFS4ERR_SHARE_DENIED');
    expect(said.at(-1)).toBe('--- the clients leave');
  });

  test('share reservations: a refusal names the open that denies; opens are upgraded and downgraded in place', async () => {
    const file = newFile();
    const first = must(await a.client.open('o1', file, { ...read, ...denyWrite }));
    expect(first.stateid?.seqid).toBe(1);
    const denied = await b.client.open('o2', file, write);
    expect(denied).toMatchObject({
      status: 'NFS4ERR_SHARE_DENIED',
      problem: {
        reason: 'share_denied',
        blockers: [{ kind: 'open', sessionId: a.client.credentials.sessionId, type: 'read' }],
      },
    });
    expect((await b.client.open('o2', file, { ...read, ...denyWrite })).status).toBe('NFS4_OK');
    must(await b.client.close('o2', file));

    const upgraded = must(await a.client.open('o1', file, write));
    expect(upgraded).toMatchObject({
      stateid: { seqid: 2, other: first.stateid?.other },
      access: both.access,
      deny: 'OPEN4_SHARE_DENY_WRITE',
    });
    const lowered = must(await a.client.downgrade('o1', file, read.access, denyWrite.deny));
    expect(lowered).toMatchObject({
      stateid: { seqid: 3, other: first.stateid?.other },
      access: read.access,
      deny: denyWrite.deny,
    });
    const raised = await a.client.downgrade('o1', file, both.access, 'OPEN4_SHARE_DENY_NONE');
    expect(raised).toMatchObject({ status: 'NFS4ERR_INVAL', problem: { reason: 'not_a_union' } });

    // An earlier seqid, a later one, and an unknown stateid.
    const { credentials: who } = a.client;
    const stateids = [2, 3, 4, 0].map((seqid) => ({ seqid, other: first.stateid?.other ?? '' }));
    stateids.push({ seqid: 1, other: 'AAAAAAAAAAAAAAAA' });
    expect(await a.client.testStateids(stateids)).toEqual([
      'NFS4ERR_OLD_STATEID',
      'NFS4_OK',
      'NFS4ERR_BAD_STATEID',
      'NFS4_OK',
      'NFS4ERR_BAD_STATEID',
    ]);
    expect(await b.client.testStateids(stateids.slice(0, 2))).toEqual([
      'NFS4ERR_BAD_STATEID',
      'NFS4ERR_BAD_STATEID',
    ]);
    const stale = await contract.call('Close', {
      ...who,
      stateid: { ...first.stateid, seqid: 1 } as nfs.StateId,
    });
    expect(stale.status).toBe('NFS4ERR_OLD_STATEID');
    must(await a.client.close('o1', file));
    const closed = await contract.call('Close', { ...who, stateid: stateids[1] as nfs.StateId });
    expect(closed.status).toBe('NFS4ERR_BAD_STATEID');
  });

  test('a delegation comes with an open; another client’s open recalls it, and goes on when it is returned', async () => {
    const file = newFile();
    const { delegation } = must(await a.client.open('o1', file, { ...read, want: 'WANT_READ_DELEG' }));
    expect(delegation).toMatchObject({ type: 'OPEN_DELEGATE_READ', recall: false });
    // The holder's own client writes without a recall.
    must(await a.client.open('o2', file, write));
    must(await a.client.close('o2', file));
    expect(a.heardOf(file.file)).toEqual([]);

    let returned: () => void = () => undefined;
    const mayReturn = new Promise<void>((resolve) => (returned = resolve));
    a.onRecall = async ({ stateid }) => {
      await mayReturn;
      must(await a.client.delegReturn(stateid));
    };
    const delayed = await b.client.open('o3', file, write);
    expect(delayed).toMatchObject({
      status: 'NFS4ERR_DELAY',
      problem: { reason: 'break_started', blockers: [{ kind: 'delegation' }], break: { target: 'none' } },
    });
    const recall = await a.next('recall', file.file);
    expect(recall).toMatchObject({ stateid: delegation?.stateid, ...file, truncate: false });
    expect(recall.remainingMs).toBeGreaterThan(0);
    const waiting = b.client.open('o3', file, { ...write, waitMs: 30_000 });
    returned();
    must(await within('the open', waiting));
    a.onRecall = ({ stateid }) => a.client.delegReturn(stateid);

    // Neither wanted nor offered; refused, with a signal when it is available.
    expect(must(await a.client.open('o1', file, read)).delegation?.type).not.toBe('OPEN_DELEGATE_READ');
    const refused = must(await a.client.wantDelegation(file, 'WANT_READ_DELEG', { signal: true }));
    expect(refused.delegation).toMatchObject({
      type: 'OPEN_DELEGATE_NONE',
      why: 'WND4_CONTENTION',
      willSignal: true,
    });
    must(await b.client.close('o3', file));
    expect(await a.next('available', file.file)).toEqual({ ...file, type: 'OPEN_DELEGATE_READ' });
    const wanted = must(await a.client.wantDelegation(file, 'WANT_READ_DELEG'));
    expect(wanted.delegation?.type).toBe('OPEN_DELEGATE_READ');
    // With an existing open, too.
    const again = must(await a.client.open('o1', file, { ...read, want: 'WANT_READ_DELEG' }));
    expect(again.delegation?.stateid).toEqual(wanted.delegation?.stateid);

    // After its return, the same owner's next open brings another delegation, which lasts.
    must(await a.client.delegReturn(wanted.delegation?.stateid as nfs.StateId));
    must(await a.client.close('o1', file));
    const anew = must(await a.client.open('o1', file, { ...read, want: 'WANT_READ_DELEG' }));
    expect(anew.delegation?.stateid?.other).not.toBe(delegation?.stateid?.other);
    expect(await a.client.testStateids([anew.delegation?.stateid as nfs.StateId])).toEqual(['NFS4_OK']);
  });

  test('every answer to a want without a delegation says why, and what will follow', async () => {
    const opening = async (file: FileName, more: object) => {
      const request = { ...a.client.credentials, ...file, openOwner: bytesOf('w'), ...read, ...more };
      const { delegation } = must(await contract.call('Open', request));
      return [delegation?.why, delegation?.willSignal, delegation?.willPush];
    };
    const wanting = async (file: FileName, want: nfs.Want, more = {}) => {
      const { delegation } = must(await a.client.wantDelegation(file, want, more));
      return [delegation?.why, delegation?.willSignal, delegation?.willPush];
    };
    const busy = newFile();
    must(await b.client.open('w', busy, write));
    const mine = newFile();
    must(await a.client.wantDelegation(mine, 'WANT_WRITE_DELEG'));
    const [signal, push, directory] = [{ signal: true }, { push: true }, { directory: true }];
    expect(await opening(newFile(), { want: 'WANT_NO_DELEG' })).toEqual(['WND4_NOT_WANTED', false, false]);
    expect(await opening(newFile(), { want: 'WANT_CANCEL' })).toEqual(['WND4_CANCELLED', false, false]);
    for (const want of ['WANT_READ_DELEG', 'WANT_WRITE_DELEG', 'WANT_ANY_DELEG']) {
      expect(await opening(busy, { want })).toEqual(['WND4_CONTENTION', false, false]);
      expect(await opening(busy, { want, ...signal })).toEqual(['WND4_CONTENTION', true, false]);
      expect(await opening(busy, { want, ...push })).toEqual(['WND4_CONTENTION', false, true]);
    }
    expect(await wanting(busy, 'WANT_NO_DELEG')).toEqual(['WND4_CANCELLED', false, false]);
    expect(await wanting(busy, 'WANT_NO_DELEG')).toEqual(['WND4_NOT_WANTED', false, false]);
    expect(await wanting(mine, 'WANT_READ_DELEG')).toEqual(['WND4_NOT_SUPP_DOWNGRADE', false, false]);
    expect(await wanting(newFile(), 'WANT_WRITE_DELEG', directory)).toEqual([
      ...['WND4_WRITE_DELEG_NOT_SUPP_FTYPE', false, false],
    ]);

    // CB_PUSH_DELEG: what was refused comes by itself once nobody is in the way.
    expect(await wanting(busy, 'WANT_READ_DELEG', push)).toEqual(['WND4_CONTENTION', false, true]);
    must(await b.client.close('w', busy));
    const { delegation } = await a.next('pushDeleg', busy.file);
    expect(delegation).toMatchObject({ type: 'OPEN_DELEGATE_READ', recall: false });
    expect(await a.client.testStateids([delegation.stateid as nfs.StateId])).toEqual(['NFS4_OK']);
    must(await b.client.open('w', busy, { ...write, waitMs: 30_000 }));
    expect((await a.next('recall', busy.file)).stateid).toEqual(delegation.stateid);
  });

  test('CB_NOTIFY: whoever asked is told of changes in a directory, and keeps its delegation', async () => {
    const directory = newFile();
    const at = (name: string): FileName => ({ export: 'local', file: `${directory.file}/${name}` });
    const asked = { directory: true, notify: true };
    const notified = async ({ client }: Head): Promise<nfs.StateId> =>
      eventually(async () => {
        const { delegation } = must(await client.wantDelegation(directory, 'WANT_READ_DELEG', asked));
        if (delegation?.notify === true) return delegation.stateid as nfs.StateId;
        // The table is about to have the format for it.
        await client.delegReturn(delegation?.stateid as nfs.StateId);
        throw new Error(`no notifications: ${JSON.stringify(delegation)}`);
      });
    const change = (op: nfs.ChangeOp, file: FileName, more: object = {}) =>
      contract.call('Change', { ...b.client.credentials, ...file, op, reportMs: 60_000, ...more });
    const report = (changeIds: string[], made: boolean) =>
      contract.call('ReportChange', { ...b.client.credentials, changeIds, made });
    const test = (stateid: nfs.StateId) => a.client.testStateids([stateid]);
    const mine = await notified(a);

    const odd = '\\xff';
    for (const [op, file, more, told] of [
      ['CHANGE_CREATE', at(odd), {}, { change: 'ENTRY_ADDED', name: odd, to: '' }],
      ['CHANGE_LINK', newFile(), { to: at('l').file }, { change: 'ENTRY_ADDED', name: 'l' }],
      ['CHANGE_RENAME', at('l'), { to: at('m').file }, { change: 'ENTRY_RENAMED', name: 'l', to: 'm' }],
      ['CHANGE_RENAME', at('m'), { to: 'elsewhere/m' }, { change: 'ENTRY_REMOVED', name: 'm' }],
      ['CHANGE_REMOVE', at(odd), {}, { change: 'ENTRY_REMOVED', name: odd }],
      ['CHANGE_SETATTR', directory, {}, { change: 'ATTRIBUTES_CHANGED', name: '', to: '' }],
    ] as const) {
      const { changeIds } = must(await change(op, file, more));
      expect(changeIds).toHaveLength(1);
      // One that could not be made is told to nobody.
      const undone = must(await change(op, file, more));
      must(await report(undone.changeIds, false));
      must(await report(changeIds, true));
      expect((await report(changeIds, true)).status).toBe('NFS4ERR_NOENT');
      expect(await a.next('notify', directory.file)).toEqual({
        stateid: mine,
        ...directory,
        to: '',
        ...told,
      });
    }
    expect(a.heardOf(directory.file)).toEqual([]);
    expect(must(await change('CHANGE_CREATE', { export: 'local', file: 'nobody/x' })).changeIds).toEqual([]);
    expect(await test(mine)).toEqual(['NFS4_OK']);

    // Nobody will report it.
    must(await change('CHANGE_CREATE', at('y'), { reportMs: 0, waitMs: 60_000 }));
    expect((await a.next('recall', directory.file)).stateid).toEqual(mine);
    expect(await test(mine)).toEqual(['NFS4ERR_BAD_STATEID']);

    // No report comes.
    const again = await notified(a);
    expect(must(await change('CHANGE_CREATE', at('z'), { reportMs: 1 })).changeIds).toHaveLength(1);
    expect((await a.next('recall', directory.file)).stateid).toEqual(again);

    // The client does not take it.
    const third = await notified(a);
    const { credentials } = a.client;
    must(await contract.call('AnswerNotify', { ...credentials, stateid: third }));
    expect(await test(third)).toEqual(['NFS4_OK']);
    must(await contract.call('AnswerNotify', { ...credentials, stateid: third, cbStatus: 'NFS4ERR_DELAY' }));
    expect((await a.next('recall', directory.file)).stateid).toEqual(third);

    // It comes back without its place among the callbacks, and may have missed one.
    const lost = await headAt(contract);
    const fourth = await notified(lost);
    lost.client.stop();
    await eventually(async () => {
      const poll = { ...lost.client.credentials, waitMs: 10_000 };
      const { callbacks } = must(await contract.call('PollCallbacks', poll));
      expect(callbacks.flatMap(({ recall }) => recall?.stateid ?? [])).toEqual([fourth]);
    });
  });

  test('CB_NOTIFY: sessions over REST and clients of NFS servers tell each other of changes', async () => {
    const directory = newFile();
    const x = { export: 'local', file: `${directory.file}/x` };
    const session = await new Leasehold({ url: api.url }).openSession();
    const heard: unknown[] = [];
    session.on('directoryChanged', ({ leaseId, change, name }) => heard.push([leaseId, change, name]));
    const asked = { directory: true, notify: true };
    const lease = await eventually(async () => {
      const { lease: given } = await session.delegate({ ...directory, want: 'read', ...asked });
      if (given?.notify === true) return given;
      // The table is about to have the format for it.
      await given?.release();
      throw new Error('no notifications');
    });
    const { delegation } = must(await a.client.wantDelegation(directory, 'WANT_READ_DELEG', asked));
    expect(delegation?.notify).toBe(true);

    const maker = { ...b.client.credentials, ...x };
    const { changeIds } = must(
      await contract.call('Change', { ...maker, op: 'CHANGE_CREATE', reportMs: 60_000 }),
    );
    must(await contract.call('ReportChange', { ...b.client.credentials, changeIds, made: true }));
    await eventually(() => {
      expect(heard).toEqual([[lease.id, 'add', 'x']]);
    });
    expect(await a.next('notify', directory.file)).toMatchObject({ change: 'ENTRY_ADDED', name: 'x' });

    const removal = await session.change({ ...x, kind: 'unlink', reportMs: 60_000 });
    expect(await removal.report(true)).toBe(true);
    expect(await a.next('notify', directory.file)).toMatchObject({ change: 'ENTRY_REMOVED', name: 'x' });
    expect([lease.state, heard.length, a.heardOf(directory.file)]).toEqual(['active', 1, []]);
    await session.end();
  });

  test('CB_RECALL_ANY: who holds many delegations is asked for some before anybody is refused', async () => {
    const many = await headAt(contract);
    const [held, limit] = [[] as nfs.StateId[], 40];
    for (let i = 1; i < (limit * 7) / 8; i += 1) {
      const { delegation } = must(await many.client.wantDelegation(newFile(), 'WANT_READ_DELEG'));
      held.push(delegation?.stateid as nfs.StateId);
    }
    must(await many.client.wantDelegation(newFile(), 'WANT_READ_DELEG'));
    expect(await many.next('recallAny')).toEqual({ objectsToKeep: 17, typeMask: 7, cause: 'session' });
    for (const stateid of held.slice(17)) must(await many.client.delegReturn(stateid));
    must(await many.client.wantDelegation(newFile(), 'WANT_READ_DELEG'));
  });

  test('an open or a delegation, and not both (RFC 9754)', async () => {
    const opening = (file: FileName, more: object) => {
      const owned = { openOwner: bytesOf('x'), openXorDelegation: true };
      return contract.call('Open', { ...a.client.credentials, ...file, ...owned, ...read, ...more });
    };
    const shape = ({ status, stateid, delegation }: nfs.ReplyOf<'Open'>) => [
      status.replace(/^NFS4(ERR)?_/, ''),
      stateid !== undefined,
      delegation?.type.replace('OPEN_DELEGATE_', ''),
    ];
    const [reader, writer] = [{ want: 'WANT_READ_DELEG' }, { ...both, want: 'WANT_ANY_DELEG' }];
    const file = newFile();
    const only = await opening(file, { ...reader, requestId: 'once' });
    expect(shape(only)).toEqual(['OK', false, 'READ']);
    // The answer was lost: the same delegation, and again no open.
    const again = await opening(file, { ...reader, requestId: 'once' });
    expect([shape(again), again.delegation?.stateid]).toEqual([shape(only), only.delegation?.stateid]);
    // There is no open that could refuse this; the delegation is recalled, and the client opens before it returns it.
    let reopened: nfs.ReplyOf<'Open'> | undefined;
    a.onRecall = async ({ stateid }) => {
      reopened = await opening(file, { want: 'WANT_NO_DELEG', openXorDelegation: false });
      must(await a.client.delegReturn(stateid));
    };
    must(await b.client.open('w', file, { ...write, waitMs: 30_000 }));
    a.onRecall = ({ stateid }) => a.client.delegReturn(stateid);
    expect(reopened && shape(reopened)).toEqual(['OK', true, 'NONE']);

    expect(shape(await opening(newFile(), writer))).toEqual(['OK', false, 'WRITE']);
    // A read delegation does not let the client write, and a deny mode has to be seen by others.
    expect(shape(await opening(newFile(), { ...both, ...reader }))).toEqual(['OK', true, 'READ']);
    expect(shape(await opening(newFile(), { ...writer, ...denyWrite }))).toEqual(['OK', true, 'WRITE']);
    expect(shape(await opening(newFile(), {}))).toEqual(['OK', true, undefined]);
    const busy = newFile();
    must(await b.client.open('w', busy, write));
    expect(shape(await opening(busy, reader))).toEqual(['OK', true, 'NONE']);
    const known = newFile();
    must(await opening(known, {}));
    expect(shape(await opening(known, reader))).toEqual(['OK', true, 'READ']);
  });

  test('a name that is not UTF-8 is a file of its own', async () => {
    const { file: top } = newFile();
    const names = ['\\xff', '\\xfe', '\ufffd', '\\x5cxff'].map((name) => ({
      export: 'local',
      file: top + name,
    }));
    const stateids: (nfs.StateId | undefined)[] = [];
    for (const name of names)
      stateids.push(must(await a.client.open('o', name, { ...both, ...denyWrite })).stateid);
    expect(new Set(stateids.map((stateid) => stateid?.other)).size).toBe(names.length);
    expect((await b.client.open('o', names[0] as FileName, write)).status).toBe('NFS4ERR_SHARE_DENIED');
    const listed = await fetch(`${api.url}/v1/locks?export=local&file=${encodeURIComponent(`${top}\\xfe`)}`);
    expect(await listed.json()).toMatchObject({ locks: [{ kind: 'open', file: `${top}\\xfe` }] });
    for (const name of names) must(await a.client.close('o', name));
    for (const name of names) must(await a.client.wantDelegation(name, 'WANT_READ_DELEG'));
    must(await b.client.open('o', names[1] as FileName, { ...write, waitMs: 30_000 }));
    await a.next('recall', names[1]?.file);
    expect(a.heardOf(names[0]?.file ?? '')).toEqual([]);
    must(await b.client.close('o', names[1] as FileName));
    const twice = await b.client.open('o', { export: 'local', file: '\\xc3\\xa9' }, read);
    // Over gRPC these are the bytes of é. As text they have another.
    expect(twice.status).toBe(transport === 'gRPC' ? 'NFS4_OK' : 'NFS4ERR_INVAL');
  });

  test('a change waits until what it conflicts with was recalled, at the file and at its directories', async () => {
    const { file: top } = newFile();
    const at = (name: string): FileName => ({ export: 'local', file: `${top}/${name}` });
    const changing = (op: nfs.ChangeOp, file: FileName, more: object = {}) =>
      contract.call('Change', { ...b.client.credentials, ...file, op, ...more });
    const directory = { export: 'local', file: top };
    const delegateAll = async (): Promise<void> => {
      for (const [of, options] of [
        [at('x'), {}],
        [at('to'), {}],
        [directory, { directory: true }],
      ] as const) {
        const { delegation } = must(await a.client.wantDelegation(of, 'WANT_READ_DELEG', options));
        expect(delegation?.type).toBe('OPEN_DELEGATE_READ');
      }
    };
    for (const [op, recalled, to] of [
      ['CHANGE_SETATTR', ['x'], undefined],
      ['CHANGE_SETATTR_SIZE', ['x'], undefined],
      ['CHANGE_CREATE', [''], undefined],
      ['CHANGE_REMOVE', ['x', ''], undefined],
      ['CHANGE_LINK', ['x', ''], 'new'],
      ['CHANGE_RENAME', ['x', 'to', ''], 'to'],
    ] as const) {
      await delegateAll();
      const subject = at(op === 'CHANGE_CREATE' ? 'fresh' : 'x');
      const more = { to: to === undefined ? '' : at(to).file, waitMs: 30_000 };
      expect((await changing(op, subject, more)).status).toBe('NFS4_OK');
      for (const name of recalled) await a.next('recall', name === '' ? top : at(name).file);
      expect([op, a.heardOf(top).length, a.heardOf(at('x').file).length]).toEqual([op, 0, 0]);
    }
    // The changer's own delegations stay, and nothing is held afterwards.
    const own = must(await b.client.wantDelegation(at('own'), 'WANT_READ_DELEG')).delegation;
    expect((await changing('CHANGE_REMOVE', at('own'))).status).toBe('NFS4_OK');
    expect(await b.client.testStateids([own?.stateid as nfs.StateId])).toEqual(['NFS4_OK']);

    await delegateAll();
    a.onRecall = () => Promise.resolve();
    const at0 = await changing('CHANGE_REMOVE', at('x'), { requestId: 'remove' });
    expect(at0).toMatchObject({ status: 'NFS4ERR_DELAY', problem: { reason: 'break_started' } });
    const { stateid } = await a.next('recall', at('x').file);
    a.onRecall = (recall) => a.client.delegReturn(recall.stateid);
    const waiting = changing('CHANGE_REMOVE', at('x'), { requestId: 'remove', waitMs: 60_000 });
    await eventually(async () => {
      const listed = await fetch(`${api.url}/v1/locks?kind=change&export=local`);
      expect(await listed.json()).toMatchObject({ locks: [{ file: at('x').file }] });
    });
    // The id is that of the change that waits.
    const reused = await changing('CHANGE_SETATTR', at('x'), { requestId: 'remove' });
    expect(reused.problem?.reason).toBe('id_reused_with_other_body');
    must(await a.client.delegReturn(stateid));
    expect((await within('the change', waiting)).status).toBe('NFS4_OK');

    // Until the change is made, nobody gets a delegation that would miss it.
    const quiet = { export: 'local', file: `${top}-quiet` };
    const soon = { export: 'local', file: `${quiet.file}/new` };
    expect((await changing('CHANGE_CREATE', soon, { quietMs: 60_000 })).status).toBe('NFS4_OK');
    const refused = must(await a.client.wantDelegation(quiet, 'WANT_READ_DELEG', { directory: true }));
    expect(refused.delegation).toMatchObject({ type: 'OPEN_DELEGATE_NONE', why: 'WND4_CONTENTION' });

    // The size is changed under an open, to which its own deny mode is not in the way.
    must(await b.client.open('writer', at('y'), { ...write, ...denyWrite }));
    const size = (more: object) => changing('CHANGE_SETATTR_SIZE', at('y'), more);
    expect((await size({})).status).toBe('NFS4ERR_SHARE_DENIED');
    expect((await size({ openOwner: bytesOf('writer') })).status).toBe('NFS4_OK');
    expect((await changing('CHANGE_RENAME', at('y'))).status).toBe('NFS4ERR_INVAL');
    expect((await changing('CHANGE_REMOVE', at('y'), { to: 'z' })).status).toBe('NFS4ERR_INVAL');
  });

  /** By default a holder has 5 s to answer, which other load on the machine may take. */
  const patient = { waitMs: 60_000 };
  test('CB_GETATTR: the holder of a write delegation reports the attributes, and keeps the delegation', async () => {
    const file = newFile();
    const fileserver = { change: '18446744073709551614', size: '9007199254740993' };
    const nobody = { status: 'NFS4_OK', holder: 'HOLDER_NONE', modified: false };
    expect(await b.client.getAttr(file, fileserver)).toMatchObject(nobody);
    const timed = { ...both, want: 'WANT_WRITE_DELEG', times: true } as const;
    const { delegation } = must(await a.client.open('o1', file, timed));
    expect(delegation).toMatchObject({ type: 'OPEN_DELEGATE_WRITE', times: true });
    expect(await a.client.getAttr(file, fileserver)).toMatchObject({ holder: 'HOLDER_OWN' });

    let said: Parameters<NfsClientState['answerGetAttr']>[1] = {
      ...{ change: '7', changeAtGrant: '7', size: fileserver.size },
    };
    const answers: nfs.NfsStat[] = [];
    a.onGetAttr = async (asked) => {
      expect(asked).toMatchObject({ stateid: delegation?.stateid, ...file });
      expect(asked.remainingMs).toBeGreaterThan(0);
      // A client that does not hold the delegation may not answer.
      answers.push((await b.client.answerGetAttr(asked, said)).status);
      answers.push((await a.client.answerGetAttr(asked, said)).status);
      answers.push((await a.client.answerGetAttr(asked, said)).status);
    };
    const same = await within('the answer', b.client.getAttr(file, fileserver, patient));
    expect(must(same)).toMatchObject({ holder: 'HOLDER_OTHER', modified: false, ...fileserver });
    await eventually(() => {
      expect(answers).toEqual(['NFS4ERR_WRONG_CRED', 'NFS4_OK', 'NFS4ERR_NOENT']);
    });
    a.onGetAttr = (asked) => a.client.answerGetAttr(asked, said);
    const timeDelegModify = new Date().toISOString().replace('Z', '000006Z');
    said = { change: '8', changeAtGrant: '7', size: '9007199254740995', timeDelegModify };
    const changed = must(await b.client.getAttr(file, fileserver, { times: true, ...patient }));
    const { change, size, modified } = changed;
    expect({ change, size, modified }).toEqual({
      change: '18446744073709551615',
      size: '9007199254740995',
      modified: true,
    });
    expect(changed.timeDelegModify).toBe(timeDelegModify);
    expect(await a.next('getAttr', file.file)).toMatchObject({ times: false });
    expect(await a.next('getAttr', file.file)).toMatchObject({ times: true });
    // A repeated answer may mean a further change. The change attribute wraps around, as clients expect.
    const again = must(await b.client.getAttr(file, fileserver, patient));
    expect(again).toMatchObject({ change: '0', modified: true });
    expect(again.timeDelegModify).toBe(timeDelegModify);
    // A time from before the delegation counts for nothing, and one that is yet to come for no more than the answer.
    said = { ...said, timeDelegModify: '2001-01-01T00:00:00Z', timeDelegAccess: '2999-01-01T00:00:00Z' };
    const vetted = must(await b.client.getAttr(file, fileserver, { times: true, ...patient }));
    expect(vetted.timeDelegModify).toBeUndefined();
    expect(Math.abs(Date.parse(vetted.timeDelegAccess ?? '') - Date.now())).toBeLessThan(600_000);
    expect(await a.client.testStateids([delegation?.stateid as nfs.StateId])).toEqual(['NFS4_OK']);
    expect(a.heardOf(file.file).filter(({ recall }) => recall !== undefined)).toEqual([]);
  });

  test('CB_GETATTR: a holder that does not answer, or refuses, is recalled; a later answer is too late', async () => {
    const fileserver = { change: '7', size: '100' };
    for (const refuses of [true, false]) {
      const file = newFile();
      const { delegation } = must(await a.client.open('o1', file, { ...both, want: 'WANT_WRITE_DELEG' }));
      a.onGetAttr = (asked) =>
        refuses
          ? a.client.answerGetAttr(asked, { cbStatus: 'NFS4ERR_SERVERFAULT' })
          : Promise.resolve(undefined);
      let mayReturn: () => void = () => undefined;
      const allowed = new Promise<void>((resolve) => (mayReturn = resolve));
      a.onRecall = async ({ stateid }) => {
        await allowed;
        must(await a.client.delegReturn(stateid));
      };
      const delayed = await b.client.getAttr(file, fileserver, { waitMs: refuses ? 30_000 : 300 });
      expect(delayed).toMatchObject({
        status: 'NFS4ERR_DELAY',
        problem: { reason: 'break_started', blockers: [{ kind: 'delegation' }], break: { target: 'read' } },
      });
      const asked = await a.next('getAttr', file.file);
      const late = await a.client.answerGetAttr(asked, { change: '8', changeAtGrant: '7', size: '200' });
      expect(late).toMatchObject({ status: 'NFS4ERR_NOENT', problem: { reason: 'ask_over' } });
      expect((await a.next('recall', file.file)).stateid).toEqual(delegation?.stateid);
      // Until the head is back no holder can be asked, and GETATTR waits as an open would.
      expect((await b.client.getAttr(file, fileserver)).status).toBe('NFS4ERR_DELAY');
      mayReturn();
      await eventually(async () => {
        expect(await b.client.getAttr(file, fileserver)).toMatchObject({ holder: 'HOLDER_NONE' });
      });
      expect(a.heardOf(file.file)).toEqual([]);
    }
    a.onRecall = ({ stateid }) => a.client.delegReturn(stateid);
    a.onGetAttr = () => Promise.resolve();
  });

  test('CB_GETATTR: the holder leaves while it is asked; the number of queries is limited', async () => {
    const file = newFile();
    const fileserver = { change: '7', size: '100' };
    const holder = await headAt(contractTo(api, transport));
    must(await holder.client.open('o1', file, { ...both, want: 'WANT_WRITE_DELEG' }));
    const asking = Array.from({ length: 16 }, () => b.client.getAttr(file, fileserver, { waitMs: 60_000 }));
    for (let n = 0; n < asking.length; n++) await holder.next('getAttr', file.file);
    expect(await b.client.getAttr(file, fileserver)).toMatchObject({
      status: 'NFS4ERR_DELAY',
      problem: { reason: 'asks_max' },
    });
    await holder.client.destroy();
    for (const answer of await within('the answers', Promise.all(asking)))
      expect(answer).toMatchObject({ status: 'NFS4_OK', holder: 'HOLDER_NONE' });
  });

  test('CB_GETATTR: a query made while the head was away is delivered when it is back', async () => {
    const file = newFile();
    const away = await headAt(contractTo(api, transport));
    must(await away.client.open('o1', file, { ...both, want: 'WANT_WRITE_DELEG' }));
    const stopped = new AbortController();
    let after: string | undefined;
    for await (const { position, resync } of contract.callbacks(away.client.credentials, stopped.signal)) {
      after = position;
      if (resync !== undefined) stopped.abort();
    }
    away.client.stop();
    const asking = b.client.getAttr(file, { change: '7', size: '100' }, { waitMs: 60_000 });
    const back = new AbortController();
    for await (const { getAttr } of contract.callbacks({ ...away.client.credentials, after }, back.signal)) {
      if (getAttr === undefined) continue;
      must(await away.client.answerGetAttr(getAttr, { change: '7', changeAtGrant: '7', size: '100' }));
      back.abort();
    }
    expect(await within('the answer', asking)).toMatchObject({ holder: 'HOLDER_OTHER', modified: false });
  });

  test('CB_GETATTR: a holder that is no NFS client is asked by event, and answers over HTTP', async () => {
    const file = newFile();
    const fileserver = { change: '7', size: '100' };
    const leasehold = new Leasehold({ url: api.url });
    const told: boolean[] = [];
    const session = await leasehold.openSession({
      onAttributes: (notice) => {
        expect(notice).toMatchObject({ ...file, times: true });
        return Promise.resolve({ modified: true, size: 2n ** 63n, modifiedAt: '2026-01-02T03:04:05Z' });
      },
    });
    const lease = await session.acquire({ ...file, type: 'write' });
    const answer = must(await b.client.getAttr(file, fileserver, { times: true, ...patient }));
    expect(answer).toMatchObject({
      ...{ holder: 'HOLDER_OTHER', modified: true, change: '8', size: '9223372036854775808' },
      timeDelegModify: '2026-01-02T03:04:05Z',
    });
    await lease.release();
    expect((await b.client.getAttr(file, fileserver)).holder).toBe('HOLDER_NONE');

    // Without the client library: an event, and its answer.
    const plain = await leasehold.openSession();
    plain.on('attributes', (notice) => {
      void plain
        .tellAttributes(notice, { modified: false, size: 100 })
        .then(async (first) => told.push(first, await plain.tellAttributes(notice)));
    });
    const { lease: delegated } = await plain.delegate({ ...file, want: 'write' });
    expect(delegated?.type).toBe('write');
    const { sessionId, secret } = b.client.credentials;
    const asked = await leasehold.attachSession({ sessionId, secret }, { keepalive: false, events: false });
    const body = { sessionId: asked.id, ...file, ...fileserver, ...patient };
    const byHand = await api.request('POST', '/v1/files/attributes', { body, secret });
    expect(byHand.body).toEqual({ holder: 'other', modified: false, ...fileserver });
    await eventually(() => {
      expect(told).toEqual([true, false]);
    });
    const stranger = api.request('PUT', `/v1/leases/${delegated?.id ?? ''}/attributes`, {
      body: { askId: delegated?.id, refused: true },
      secret,
    });
    expect((await stranger).body).toMatchObject({ reason: 'not_holder' });
    asked.close();
    await session.end();
    await plain.end();
  });

  test('LOCK, LOCKT and LOCKU: a refusal names the bytes and the owner of a blocker', async () => {
    const file = newFile();
    must(await a.client.open('o1', file, both));
    const locked = must(await a.client.lock('l1', file, 'WRITE_LT', '100', '50'));
    expect(locked.stateid?.seqid).toBe(1);
    const denied = {
      offset: '100',
      length: '50',
      type: 'WRITE_LT',
      sessionId: a.client.credentials.sessionId,
      owner: bytesOf('l1'),
    };
    expect(await b.client.lockT('l1', file, 'READ_LT', '149', '1')).toMatchObject({
      status: 'NFS4ERR_DENIED',
      denied,
    });
    expect(await b.client.lockT('l1', file, 'READ_LT', '150', '1')).toMatchObject({ status: 'NFS4_OK' });
    expect(await a.client.lockT('l1', file, 'READ_LT', '149', '1')).toMatchObject({ status: 'NFS4_OK' });
    expect(await b.client.lock('l2', file, 'READ_LT', '0', '101')).toMatchObject({
      status: 'NFS4ERR_DENIED',
      problem: { reason: 'range_conflict' },
      denied,
    });
    const more = must(await a.client.lock('l1', file, 'WRITE_LT', '150'));
    expect(more.stateid).toEqual({ seqid: 2, other: locked.stateid?.other });
    // The two have merged into one, to the end of the file.
    const merged = await b.client.lockT('l1', file, 'READ_LT', '9000000000000000000', '1');
    expect(merged.denied).toEqual({ ...denied, length: '18446744073709551615' });

    // An open is not closed while a lock under it is held.
    expect((await a.client.close('o1', file)).status).toBe('NFS4ERR_LOCKS_HELD');
    const { credentials: who } = a.client;
    const unlock = { ...who, ...file, offset: '100', length: '1', lockOwner: bytesOf('l1') };
    const foreign = { seqid: 1, other: 'AAAAAAAAAAAAAAAA' };
    expect((await contract.call('LockU', { ...unlock, stateid: foreign })).status).toBe(
      'NFS4ERR_BAD_STATEID',
    );
    const unlocked = must(await a.client.lockU('l1', file));
    expect(unlocked.stateid).toEqual({ seqid: 3, other: locked.stateid?.other });
    expect((await a.client.close('o1', file)).status).toBe('NFS4_OK');

    expect((await a.client.lock('l1', file, 'READ_LT', '0', '0')).status).toBe('NFS4ERR_INVAL');
    expect((await a.client.lock('l1', file, 'READ_LT', '18446744073709551615', '2')).status).toBe(
      'NFS4ERR_INVAL',
    );
    expect((await a.client.lock('l1', file, 'READ_LT', '9223372036854775808', '1')).status).toBe(
      'NFS4ERR_BAD_RANGE',
    );
  });

  test('a blocking lock waits in the queue; CB_NOTIFY_LOCK reports how the wait ends', async () => {
    const file = newFile();
    must(await a.client.lock('l1', file, 'WRITE_LT'));
    const parked = await b.client.lock('l2', file, 'WRITEW_LT', '10', '10');
    expect(parked).toMatchObject({ status: 'NFS4ERR_DENIED', denied: { owner: bytesOf('l1') } });
    // A repeated request keeps its place.
    const again = await b.client.lock('l2', file, 'WRITEW_LT', '10', '10');
    expect(again.waitId).toBe(parked.waitId);
    const givenUp = await b.client.lock('l3', file, 'READW_LT', '30', '10');
    const cancel = { ...b.client.credentials, waitId: givenUp.waitId ?? '' };
    must(await contract.call('CancelLock', cancel));
    expect(await b.next('notifyLock', file.file)).toMatchObject({ waitId: givenUp.waitId, granted: false });
    expect((await contract.call('CancelLock', cancel)).status).toBe('NFS4ERR_BAD_STATEID');

    must(await a.client.lockU('l1', file));
    expect(await b.next('notifyLock', file.file)).toMatchObject({
      waitId: parked.waitId,
      granted: true,
      lockOwner: bytesOf('l2'),
    });
    // It is already granted: nobody gets in between, and a repeated LOCK says so.
    expect((await a.client.lockT('l1', file, 'READ_LT', '10', '10')).status).toBe('NFS4ERR_DENIED');
    must(await b.client.lock('l2', file, 'WRITE_LT', '10', '10'));

    const { credentials: who } = a.client;
    const request = { ...who, ...file, lockOwner: bytesOf('l1'), type: 'WRITEW_LT', waitMs: 300 } as const;
    const short = await contract.call('Lock', { ...request, offset: '0', length: '20' });
    expect(await a.next('notifyLock', file.file)).toMatchObject({
      waitId: short.waitId,
      granted: false,
      reason: 'wait_elapsed',
    });
  });

  test('a deadlock is refused, and the refusal names its cycle', async () => {
    const [one, two] = [newFile(), newFile()];
    must(await a.client.lock('l1', one, 'WRITE_LT'));
    must(await b.client.lock('l2', two, 'WRITE_LT'));
    expect((await a.client.lock('l1', two, 'WRITEW_LT')).waitId).toBeDefined();
    const refused = await b.client.lock('l2', one, 'WRITEW_LT');
    expect(refused).toMatchObject({ status: 'NFS4ERR_DEADLOCK', problem: { reason: 'deadlock' } });
    expect(refused.problem?.cycle?.map(({ file }) => file).sort()).toEqual([one.file, two.file].sort());
    must(await b.client.lockU('l2', two));
    await a.next('notifyLock', two.file);
  });

  test('an invalid message or client is refused with the matching status', async () => {
    const file = newFile();
    const { sessionId, secret } = a.client.credentials;
    const open = { ...file, openOwner: bytesOf('o'), ...read };
    const stat = async (who: { sessionId: string; secret: string }) =>
      (await contract.call('Open', { ...who, ...open })).status;
    expect(await stat({ sessionId, secret: 'wrong' })).toBe('NFS4ERR_WRONG_CRED');
    expect(await stat({ sessionId: '00000000-0000-8000-8000-000000000000', secret })).toBe(
      'NFS4ERR_BADSESSION',
    );
    expect(await contract.call('Open', { sessionId, secret, ...open, file: '../up' })).toMatchObject({
      status: 'NFS4ERR_INVAL',
      problem: { code: 'EINVAL', reason: 'bad_request', issues: [{ path: 'file' }] },
    });
    expect(await a.client.open('o', { export: 'nowhere', file: 'f' }, read)).toMatchObject({
      status: 'NFS4ERR_DELAY',
      problem: { reason: 'no_such_export' },
    });
    const held = must(await a.client.open('o', file, { ...read, want: 'WANT_READ_DELEG' }));
    const { stateid } = held.delegation ?? {};
    expect((await a.client.freeStateid(stateid as nfs.StateId)).status).toBe('NFS4ERR_LOCKS_HELD');
    expect((await a.client.freeStateid(held.stateid as nfs.StateId)).status).toBe('NFS4ERR_LOCKS_HELD');

    const who = must(await contract.call('ExchangeId', { leaseTimeMs: 60_000 }));
    must(await contract.call('DestroyClientId', { sessionId: who.sessionId, secret: who.secret }));
    expect(await stat(who)).toBe('NFS4ERR_EXPIRED');
  });

  test('a silent client is told that it has expired', async () => {
    const { sessionId, secret } = must(await contract.call('ExchangeId', { leaseTimeMs: 1_000 }));
    const told: nfs.Callback[] = [];
    const hearing = async (): Promise<void> => {
      const { signal } = new AbortController();
      for await (const callback of contract.callbacks({ sessionId, secret }, signal)) told.push(callback);
    };
    await within('the end', hearing());
    expect(told.at(-1)?.expired).toBeDefined();
    expect((await contract.call('Renew', { sessionId, secret })).status).toBe('NFS4ERR_EXPIRED');
  });

  test('callbacks that were not acknowledged are sent again', async () => {
    const file = newFile();
    // Its callbacks are read twice; the head itself also receives them, and does nothing.
    const quiet = await headAt(contractTo(api, transport));
    quiet.onRecall = () => Promise.resolve();
    const who = quiet.client.credentials;
    const { delegation } = must(await quiet.client.open('o', file, { ...read, want: 'WANT_READ_DELEG' }));
    const recallAfter = async (after: string | undefined) => {
      const stopped = new AbortController();
      let at = '';
      for await (const callback of contract.callbacks({ ...who, after }, stopped.signal)) {
        if (callback.recall?.file === file.file) {
          stopped.abort();
          return { recall: callback.recall, before: at };
        }
        at = callback.position;
        if (callback.resync !== undefined && after === undefined) void b.client.open('o', file, write);
      }
      throw new Error('the callbacks have ended');
    };
    const first = await within('the recall', recallAfter(undefined));
    const second = await within('the recall again', recallAfter(first.before));
    expect(second.recall.stateid).toEqual(delegation?.stateid);
    // A client that has missed everything is told which delegations to return.
    const third = await within('the recall once more', recallAfter('unheard-of'));
    expect(third.recall.stateid).toEqual(delegation?.stateid);
    must(await quiet.client.delegReturn(third.recall.stateid));
    await eventually(async () => {
      must(await b.client.open('o', file, write));
    });
  });
});

describe('a holder that does not answer', () => {
  test.each(['gRPC', 'TCP'] as const)('is revoked, and then frees the stateid (%s)', async (transport) => {
    const api = await startLeaseApi({ env: { ...listen, LEASEHOLD_BREAK_MS: '500' } });
    const contract = contractTo(api, transport);
    const a = await headAt(contract);
    const b = await headAt(contractTo(api, transport));
    a.onRecall = () => Promise.resolve();
    const file = newFile();
    const { delegation } = must(await a.client.open('o1', file, { ...read, want: 'WANT_READ_DELEG' }));
    const stateid = delegation?.stateid as nfs.StateId;
    expect(await a.client.testStateids([stateid])).toEqual(['NFS4_OK']);
    must(await b.client.open('o2', file, { ...write, waitMs: 20_000 }));
    await a.next('recall', file.file);
    expect((await a.next('revoked', file.file)).stateid.other).toBe(stateid.other);
    expect(await a.client.testStateids([{ ...stateid, seqid: 0 }])).toEqual(['NFS4ERR_DELEG_REVOKED']);
    const { recallableStateRevoked } = nfs.seqStatus;
    const flag = async ({ client }: Head): Promise<number> => {
      const { statusFlags } = must(await contract.call('Renew', client.credentials));
      return statusFlags & recallableStateRevoked;
    };
    expect([await flag(a), await flag(b)]).toEqual([recallableStateRevoked, 0]);
    expect((await a.client.delegReturn({ ...stateid, seqid: 0 })).status).toBe('NFS4ERR_DELEG_REVOKED');
    must(await a.client.freeStateid({ ...stateid, seqid: 0 }));
    expect(await flag(a)).toBe(0);
    expect(await a.client.testStateids([{ ...stateid, seqid: 0 }])).toEqual(['NFS4ERR_BAD_STATEID']);
    expect((await a.client.freeStateid(stateid)).status).toBe('NFS4ERR_BAD_STATEID');
  });
});

describe('two lease APIs', () => {
  test('CB_GETATTR: asked at one of them, answered at the other', async () => {
    const env = { ...listen, LEASEHOLD_TABLE: redis.url, LEASEHOLD_TABLE_NAME: 'nfs-two' };
    const [one, two] = await Promise.all([startLeaseApi({ env }), startLeaseApi({ env })]);
    const heard = await headAt(contractTo(two, 'gRPC'));
    const asker = await headAt(contractTo(one, 'TCP'));
    const file = newFile();
    must(await heard.client.open('o1', file, { ...both, want: 'WANT_WRITE_DELEG' }));
    heard.onGetAttr = (asked) =>
      heard.client.answerGetAttr(asked, { change: '9', changeAtGrant: '7', size: '200' });
    for (const change of ['8', '9'])
      expect(await asker.client.getAttr(file, { change: '7', size: '100' })).toMatchObject({
        ...{ holder: 'HOLDER_OTHER', modified: true, change, size: '200' },
      });
    // The service that received the query stops: the caller is told to retry.
    heard.onGetAttr = () => Promise.resolve();
    const asking = asker.client.getAttr(file, { change: '7', size: '100' }, { waitMs: 60_000 });
    for (let n = 0; n < 3; n++) await heard.next('getAttr', file.file);
    asker.client.stop();
    const [answer] = await Promise.all([within('an answer', asking), one.stop()]);
    expect(answer).toMatchObject({ status: 'NFS4ERR_DELAY', problem: { reason: 'service_stopping' } });
  });
});

describe('grace', () => {
  const graceMs = 6_000;

  test.each([
    ['restarted without its data', (own: RedisServer) => own.restart()],
    [
      'emptied',
      async (own: RedisServer) => {
        const admin = new Redis(own.url);
        await admin.flushall();
        admin.disconnect();
      },
    ],
  ])('a table %s: only reclaims are accepted, and every one, until grace ends', async (_how, lose) => {
    const own = await startRedis();
    const env = { ...listen, LEASEHOLD_GRACE_MS: String(graceMs), LEASEHOLD_COOL_MS: '0' };
    const api = await startLeaseApi({ table: own.url, env });
    const [contract, other] = [contractTo(api, 'gRPC'), contractTo(api, 'TCP')];
    const a = await headAt(contract, 30_000);
    const file = newFile();
    must(await a.client.open('o1', file, { ...read, ...denyWrite, want: 'WANT_READ_DELEG' }));
    must(await a.client.lock('l1', file, 'READ_LT', '0', '10'));
    expect(a.client.delegations.size).toBe(1);

    // It restarts once grace has begun: clients present before grace count among those that may still reclaim.
    a.client.stop();
    const lost = a.client.credentials.sessionId;
    await lose(own);
    const b = await eventually(() => headAt(other, 30_000));
    await eventually(async () => {
      expect((await b.client.renew()).graceMs).toBeGreaterThan(0);
    });
    await a.client.recover();
    expect(a.client.credentials.sessionId).not.toBe(lost);
    const refused = await b.client.open('o2', newFile(), read);
    expect(refused).toMatchObject({ status: 'NFS4ERR_GRACE', problem: { reason: 'grace' } });
    expect(refused.problem?.retryAfterMs).toBeGreaterThan(0);
    expect((await b.client.lock('l2', newFile(), 'READ_LT')).status).toBe('NFS4ERR_GRACE');
    expect((await b.client.wantDelegation(newFile(), 'WANT_READ_DELEG')).status).toBe('NFS4ERR_GRACE');
    // A client from before may use every kind of reclaim.
    const [claimed, prior] = [newFile(), newFile()];
    must(await b.client.open('o2', claimed, { ...read, claim: 'CLAIM_PREVIOUS' }));
    must(await b.client.wantDelegation(prior, 'WANT_READ_DELEG', { claim: 'CLAIM_DELEGATE_PREV' }));
    expect(b.client.delegations.size).toBe(1);
    // What another has reclaimed before has an answer of its own, for every kind.
    const claim = { ...b.client.credentials, ...file };
    const conflicting = await Promise.all([
      b.client.open('o2', file, { ...write, claim: 'CLAIM_PREVIOUS' }),
      other.call('Lock', {
        ...claim,
        lockOwner: bytesOf('l2'),
        type: 'WRITE_LT',
        offset: '5',
        length: '1',
        reclaim: true,
      }),
      b.client.wantDelegation(file, 'WANT_WRITE_DELEG', { claim: 'CLAIM_DELEGATE_PREV' }),
    ]);
    expect(conflicting.map(({ status }) => status)).toEqual(Array(3).fill('NFS4ERR_RECLAIM_CONFLICT'));

    const stateids = [...a.client.opens.values(), ...a.client.delegations.values()].map(
      ({ stateid }) => stateid,
    );
    expect(stateids).toHaveLength(2);
    expect(await a.client.testStateids(stateids)).toEqual(['NFS4_OK', 'NFS4_OK']);
    // A client that has completed its reclaims may not reclaim any more.
    expect((await a.client.open('o9', newFile(), { ...read, claim: 'CLAIM_PREVIOUS' })).status).toBe(
      'NFS4ERR_NO_GRACE',
    );
    must(await b.client.open('o3', newFile(), { ...read, claim: 'CLAIM_PREVIOUS' }));
    await eventually(async () => {
      expect((await b.client.renew()).graceMs).toBe(0);
    });
    expect((await b.client.open('o4', file, write)).status).toBe('NFS4ERR_SHARE_DENIED');
    expect((await b.client.lock('l2', file, 'WRITE_LT', '5', '1')).denied?.owner).toBe(bytesOf('l1'));
    expect((await b.client.open('o5', newFile(), { ...read, claim: 'CLAIM_PREVIOUS' })).status).toBe(
      'NFS4ERR_NO_GRACE',
    );
    const deleg = await b.client.wantDelegation(newFile(), 'WANT_READ_DELEG', {
      claim: 'CLAIM_DELEGATE_PREV',
    });
    expect(deleg.status).toBe('NFS4ERR_NO_GRACE');
    await own.stop();
  });

  test('a head whose session was lost gets a new one, and is sent the recalls again', async () => {
    const own = await startRedis();
    // Who had what is not what this is about.
    const env = { ...listen, LEASEHOLD_COOL_MS: '0', LEASEHOLD_RECOVERY_MS: '0' };
    const api = await startLeaseApi({ table: own.url, env });
    const heads = await Promise.all([
      headAt(contractTo(api, 'gRPC'), 15_000),
      headAt(contractTo(api, 'TCP'), 15_000),
    ]);
    const lost = heads.map(({ client }) => client.credentials.sessionId);
    await own.restart();
    for (const [index, head] of heads.entries()) {
      await eventually(() => {
        expect(head.client.credentials.sessionId).not.toBe(lost[index]);
      });
      const file = newFile();
      const opened = await head.client.openPatiently('o', file, { ...read, want: 'WANT_READ_DELEG' });
      expect(opened.delegation?.type).toBe('OPEN_DELEGATE_READ');
      must(await (heads[1 - index] as Head).client.openPatiently('o', file, write));
      await head.next('recall', file.file);
    }
    await own.stop();
  });

  test('a table that may have lost data: grace ends when every client it knows has reclaimed', async () => {
    const own = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
    const env = { ...listen, LEASEHOLD_GRACE_MS: '600000', LEASEHOLD_COOL_MS: '0' };
    const api = await startLeaseApi({ table: own.url, env });
    const a = await headAt(contractTo(api, 'gRPC'));
    const b = await headAt(contractTo(api, 'TCP'));
    const file = newFile();
    const first = must(await a.client.open('o1', file, read));
    must(await a.client.lock('l1', file, 'READ_LT'));

    await own.restart();
    await eventually(async () => {
      expect((await b.client.renew()).graceMs).toBeGreaterThan(0);
    });
    const fresh = newFile();
    expect((await b.client.open('o2', fresh, read)).status).toBe('NFS4ERR_GRACE');
    expect((await a.client.reclaim()).graceMs).toBeGreaterThan(0);
    // Still the same, since nothing was lost; every OPEN moves the seqid.
    expect([...a.client.opens.values()].map(({ stateid }) => stateid)).toEqual([
      { seqid: 2, other: first.stateid?.other },
    ]);
    must(await a.client.lockU('l1', file));
    expect((await b.client.open('o2', fresh, read)).status).toBe('NFS4ERR_GRACE');
    expect((await b.client.reclaim()).graceMs).toBe(0);
    must(await b.client.open('o2', fresh, read));
    await own.stop();
  });
});

test.each(['gRPC', 'TCP'] as const)(
  'over %s, an export may be in grace alone, until those who hold something there are complete',
  async (transport) => {
    const api = await startLeaseApi({ env: { ...listen, LEASEHOLD_LOCAL_EXPORTS: 'local,other' } });
    const contract = contractTo(api, transport);
    const [a, b, c] = [await headAt(contract), await headAt(contract), await headAt(contract)];
    const [mine, theirs] = [newFile(), newFile()];
    must(await a.client.open('a', mine, { ...read, ...denyWrite }));
    must(await b.client.open('b', theirs, read));
    const begin = (graceMs: number, name = 'local') =>
      eventually(async () => {
        const begun = await contract.call('BeginGrace', { export: name, graceMs });
        // The table is about to have the format for it.
        if (begun.problem?.reason === 'earlier_version') throw new Error('not yet');
        return begun;
      });
    expect((await begin(600_000, 'none')).problem?.reason).toBe('no_such_export');
    expect(must(await begin(600_000))).toMatchObject({ sessions: 2 });
    const other = { export: 'other', file: 'f' };
    must(await c.client.open('c', other, write));
    expect((await c.client.open('c', newFile(), read)).status).toBe('NFS4ERR_GRACE');
    const previous = { claim: 'CLAIM_PREVIOUS' } as const;
    expect((await c.client.open('c', mine, { ...read, ...previous })).status).toBe('NFS4ERR_NO_GRACE');
    must(await a.client.open('a', mine, { ...read, ...denyWrite, ...previous }));
    expect((await a.client.open('a', theirs, { ...read, ...previous })).status).toBe('NFS4ERR_RECLAIM_BAD');
    const complete = ({ client }: Head, more: object) =>
      contract.call('Reclaim', { ...client.credentials, complete: true, ...more });
    expect(must(await complete(a, { export: 'local' })).graceMs).toBeGreaterThan(0);
    expect((await a.client.open('a', mine, { ...read, ...previous })).status).toBe('NFS4ERR_NO_GRACE');
    expect((await c.client.open('c', mine, read)).status).toBe('NFS4ERR_GRACE');
    must(await complete(b, {}));
    must(await c.client.open('c', mine, read));

    // An administrator, too.
    const set = (graceMs: number) => api.request('POST', '/v1/exports/local/grace', { body: { graceMs } });
    expect(await set(600_000)).toMatchObject({ status: 200, body: { sessions: 3 } });
    expect((await c.client.open('c', newFile(), read)).status).toBe('NFS4ERR_GRACE');
    expect(await set(0)).toMatchObject({ status: 200, body: { graceMs: 0, sessions: 0 } });
    must(await c.client.open('c', newFile(), read));
  },
);

test('a handle is the same file after a rename, whatever its names lead to by now', async () => {
  const place = temporaryDirectory();
  const at = (name: string): string => join(place.path, name);
  const api = await startLeaseApi({ env: { ...listen, LEASEHOLD_COOL_MS: '0' } });
  await startFileserver({ exports: { demo: place.path }, apis: [api.rpcAddress] }, api);
  const contract = contractTo(api, 'gRPC');
  const a = (await headAt(contract)).client.credentials;
  const b = (await headAt(contract)).client.credentials;
  const f: FileName = { export: 'demo', file: 'f' };
  const owned = { openOwner: bytesOf('o'), lockOwner: bytesOf('l'), offset: '0', length: '1' };
  writeFileSync(at('f'), 'first');
  const { handle } = must(await contract.call('Open', { ...a, ...f, ...owned, ...both }));
  const first = { ...f, ...owned, handle };
  must(await contract.call('Lock', { ...a, ...first, type: 'WRITE_LT' }));

  renameSync(at('f'), at('g'));
  // The name leads nowhere, then to another file.
  for (const content of [undefined, 'second']) {
    if (content !== undefined) writeFileSync(at('f'), content);
    expect((await contract.call('LockT', { ...b, ...first, type: 'READ_LT' })).status).toBe('NFS4ERR_DENIED');
    const denying = { ...b, ...first, ...read, ...denyWrite };
    expect((await contract.call('Open', denying)).status).toBe('NFS4ERR_SHARE_DENIED');
    const asked = { change: '1', size: '1' };
    expect((await contract.call('GetAttr', { ...b, ...first, ...asked })).status).toBe('NFS4_OK');
    const again = must(await contract.call('Open', { ...a, ...first, ...both }));
    expect([again.stateid?.seqid, again.handle]).toEqual([content === undefined ? 2 : 3, handle]);
    expect((await contract.call('Change', { ...b, ...first, op: 'CHANGE_SETATTR' })).status).toBe('NFS4_OK');
    const wanting = await contract.call('WantDelegation', { ...a, ...f, handle, want: 'WANT_READ_DELEG' });
    expect(must(wanting).delegation?.why).toBe('WND4_CONTENTION');
  }
  const second = must(await contract.call('Open', { ...b, ...f, ...owned, ...both, ...denyWrite }));
  expect(second.handle).not.toBe(handle);
  expect((await contract.call('LockT', { ...a, ...f, ...owned, type: 'READ_LT' })).status).toBe('NFS4_OK');
  const invented = { ...a, ...f, ...owned, type: 'READ_LT', handle: 'fd:01:1:1' } as const;
  expect((await contract.call('LockT', invented)).status).toBe('NFS4ERR_STALE');
  writeFileSync(at('h'), 'third');
  const wanted = await contract.call('WantDelegation', { ...a, ...f, file: 'h', want: 'WANT_READ_DELEG' });
  const third = must(await contract.call('Open', { ...a, ...f, ...owned, file: 'h', ...read }));
  expect([must(wanted).delegation?.type, wanted.handle]).toEqual(['OPEN_DELEGATE_READ', third.handle]);
  place.remove();
});

test('CB_RECALL_ANY: a table that runs short asks who holds many delegations', async () => {
  const own = await startRedis();
  const api = await startLeaseApi({ env: listen, table: own.url });
  const many = await headAt(contractTo(api, 'gRPC'));
  for (let i = 0; i < 8; i += 1) must(await many.client.wantDelegation(newFile(), 'WANT_READ_DELEG'));
  const client = new Redis(own.url);
  try {
    // Used to nine tenths: short, and not full.
    const [, used] = /used_memory:(\d+)/.exec(await client.info('memory')) ?? [];
    await client.config('SET', 'maxmemory', String(Math.round(Number(used) / 0.9)));
    expect(await many.next('recallAny')).toEqual({ objectsToKeep: 4, typeMask: 7, cause: 'table' });
  } finally {
    many.client.stop();
    client.disconnect();
    await api.stop();
    await own.stop();
  }
});

describe('the gRPC listener', () => {
  test('a caller that goes away while its request waits leaves the queue', async () => {
    const api = await startLeaseApi({ env: listen });
    const contract = contractTo(api, 'gRPC');
    const [mine, other] = [await headAt(contract), await headAt(contract)];
    const file = newFile();
    must(await mine.client.open('o', file, { ...both, deny: 'OPEN4_SHARE_DENY_BOTH' }));
    const { path, requestSerialize, responseDeserialize } = methodOf('Change');
    const asked = { ...other.client.credentials, ...file, op: 'CHANGE_SETATTR_SIZE', waitMs: 60_000 };
    const bytes = requestSerialize(nfs.toGrpc(asked));
    const { id, secret } = keyOf(rpcSecret);
    const hello = sealCall(nfs.helloPath, Buffer.alloc(0), { key: id, secret });
    const heard = await callGrpc(api.grpcAddress, {
      ...{ path: nfs.helloPath, bytes: Buffer.alloc(0), seal: hello.header },
    });
    const { instance } = methodOf('Hello').responseDeserialize(heard.answer) as { instance: string };
    const { header } = sealCall(path, bytes, { key: id, secret, to: instance });
    const metadata = new Metadata();
    metadata.set(nfs.sealHeader, header);
    const client = new Client(api.grpcAddress, credentials.createInsecure());
    const from = performance.now();
    const ended = new Promise<unknown>((resolve) => {
      const told = (error: unknown, answer: unknown): void => {
        resolve(error ?? answer);
      };
      const call = client.makeUnaryRequest(path, () => bytes, responseDeserialize, asked, metadata, told);
      void eventually(async () => {
        expect(await waiting()).toBe(1);
      }).then(() => {
        call.cancel();
      });
    });
    const waiting = async (): Promise<number> => {
      const { body } = await api.request('GET', `/v1/locks?export=local&file=${file.file}`);
      return (body['locks'] as { state: string }[]).filter(({ state }) => state === 'waiting').length;
    };
    expect(await ended).toMatchObject({ code: 1 });
    await eventually(async () => {
      expect(await waiting()).toBe(0);
    });
    // Not because its time was over.
    expect(performance.now() - from).toBeLessThan(60_000);
    client.close();
  });

  test('answers reflection with the service and its messages', async () => {
    const api = await startLeaseApi({ env: listen });
    const schema = join(
      require.resolve('@grpc/reflection/package.json'),
      '../build/proto/grpc/reflection/v1/reflection.proto',
    );
    const service = loadSync(schema)['grpc.reflection.v1.ServerReflection'];
    if (service === undefined || 'format' in service) throw new Error('no reflection schema');
    const method = Object.values(service)[0];
    if (method === undefined || typeof method === 'function') throw new Error('no reflection method');
    const client = new Client(api.grpcAddress, credentials.createInsecure());
    const stream = client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
    );
    stream.write({ listServices: '' });
    for (const name of [nfs.serviceName, dlm.serviceName])
      stream.write({ fileContainingSymbol: `${nfs.protoPackage}.${name}` });
    stream.end();
    const answers: object[] = [];
    for await (const answer of stream) answers.push(answer as object);
    expect(answers[0]).toMatchObject({
      listServicesResponse: {
        service: expect.arrayContaining([
          { name: 'leasehold.v1.NfsState' },
          { name: 'leasehold.v1.LockManager' },
        ]) as unknown,
      },
    });
    const described = answers.slice(1).map((answer) => {
      const { fileDescriptorResponse: found } = answer as {
        fileDescriptorResponse: { fileDescriptorProto: Buffer[] };
      };
      return Buffer.concat(found.fileDescriptorProto).toString('latin1');
    });
    expect(described).toEqual([
      expect.stringContaining('OpenDowngrade'),
      expect.stringMatching(/SubscribeNotices[^]*OpenDowngrade|OpenDowngrade[^]*SubscribeNotices/),
    ]);
    client.close();
  });

  test('accepts only sealed calls when a secret is configured', async () => {
    const secret = 'shared-by-both';
    const api = await startLeaseApi({ env: { ...listen, LEASEHOLD_RPC_SECRET: secret } });
    for (const wrong of [rpcSecret, 'not-the-same']) {
      const call = contractTo(api, 'gRPC', wrong).call('ExchangeId', { leaseTimeMs: 60_000 });
      await expect(call).rejects.toMatchObject({ code: 16 });
      const tcp = contractTo(api, 'TCP', wrong).call('ExchangeId', { leaseTimeMs: 60_000 });
      await expect(tcp).rejects.toThrow('no_credentials');
    }
    for (const transport of ['gRPC', 'TCP'] as const) {
      const head = await headAt(contractTo(api, transport, secret));
      must(await head.client.open('o', newFile(), read));
    }
  });

  test('refuses a recorded call, at another node and at the same one', async () => {
    const table = redis.url;
    const [one, two] = [
      await startLeaseApi({ table, env: listen }),
      await startLeaseApi({ table, env: listen }),
    ];
    const { id, secret } = keyOf(rpcSecret);
    const ask = async (api: LeaseApi, path: string, bytes: Buffer, header: string) =>
      callGrpc(api.grpcAddress, { path, bytes, seal: header });
    const greeted = sealCall(nfs.helloPath, Buffer.alloc(0), { key: id, secret });
    const hello = await ask(one, nfs.helloPath, Buffer.alloc(0), greeted.header);
    expect(greeted.isAnswer(hello.answer, hello.seal)).toBe(true);
    const to = methodOf('Hello').responseDeserialize(hello.answer) as { instance: string };
    const exchange = methodOf('ExchangeId');
    const bytes = exchange.requestSerialize({ leaseTimeMs: 60_000 });
    const call = sealCall(exchange.path, bytes, { key: id, secret, to: to.instance });
    expect(await ask(two, exchange.path, bytes, call.header)).toMatchObject({
      status: 16,
      text: expect.stringContaining('another process') as unknown,
    });
    const taken = await ask(one, exchange.path, bytes, call.header);
    expect(taken.status).toBe(0);
    expect(call.isAnswer(taken.answer, taken.seal)).toBe(true);
    expect(await ask(one, exchange.path, bytes, call.header)).toMatchObject({ status: 16 });
    // A head that has greeted the earlier process continues with the next.
    const contract = contractTo(one, 'gRPC');
    must(await contract.call('ExchangeId', { leaseTimeMs: 60_000 }));
    await one.stop();
    await one.start();
    must(await contract.call('ExchangeId', { leaseTimeMs: 60_000 }));
  });

  test('a client rejects an answer or a callback that was changed on the way', async () => {
    const api = await startLeaseApi({ env: listen });
    let changed: 'nothing' | 'bytes' | 'seal' = 'nothing';
    const between = new Server();
    const service = Object.values(serviceOf()).map((method) => {
      const { path, requestStream } = method;
      const [serialize, deserialize] = [(bytes: Buffer) => bytes, (bytes: Buffer) => bytes];
      const raw = { ...method, requestSerialize: serialize, requestDeserialize: deserialize };
      const relay: handleUnaryCall<Buffer, Buffer> = (call, done) => {
        const [seal] = call.metadata.get(nfs.sealHeader);
        void callGrpc(api.grpcAddress, { path, bytes: call.request, seal: String(seal) }).then((heard) => {
          const metadata = new Metadata();
          const other = heard.seal.replace(/^./, (first) => (first === '_' ? '-' : '_'));
          metadata.set(nfs.sealHeader, changed === 'seal' ? other : heard.seal);
          call.sendMetadata(metadata);
          // An unknown field, which readers skip.
          done(
            null,
            changed === 'bytes' ? Buffer.concat([heard.answer, Buffer.from([0xf8, 1, 1])]) : heard.answer,
          );
        });
      };
      const invent: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
        call.on('data', () => {
          const sealed = { message: messageOf('Callback').serialize({ expired: {} }), mac: 'AAAA' };
          call.write(messageOf('Sealed').serialize(sealed));
        });
      };
      const definition = { ...raw, responseSerialize: serialize, responseDeserialize: deserialize };
      return [path, definition, requestStream ? invent : relay] as const;
    });
    between.addService(
      Object.fromEntries(service.map(([path, definition]) => [path, definition])),
      Object.fromEntries(service.map(([path, , handler]) => [path, handler])),
    );
    const port = await new Promise<number>((resolve, reject) => {
      between.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    const contract = new GrpcContract(`127.0.0.1:${String(port)}`, keyOf(rpcSecret));
    contracts.push(contract);
    const { sessionId, secret } = must(await contract.call('ExchangeId', { leaseTimeMs: 60_000 }));
    for (changed of ['bytes', 'seal'] as const)
      await expect(contract.call('Renew', { sessionId, secret })).rejects.toThrow(
        'The answer has a wrong seal.',
      );
    const callbacks = contract.callbacks({ sessionId, secret }, new AbortController().signal);
    await expect(callbacks.next()).rejects.toThrow('A callback has a wrong seal.');
    changed = 'nothing';
    must(await contract.call('Renew', { sessionId, secret }));
    between.forceShutdown();
  });

  test('shows an administrator which sessions have no connection, also after a node was killed', async () => {
    const how = { table: redis.url, env: { ...listen, LEASEHOLD_TABLE_NAME: 'streams' } };
    const [one, two] = [await startLeaseApi(how), await startLeaseApi(how)];
    const plain = await one.session();
    const head = await headAt(contractTo(two, 'gRPC'));
    const streams = async (sessionId: string): Promise<unknown> =>
      (await one.request('GET', `/v1/sessions/${sessionId}`)).body['streams'];
    const { sessionId } = head.client.credentials;
    await eventually(async () => {
      expect([await streams(plain.sessionId), await streams(sessionId)]).toEqual([0, 1]);
    });
    const reading = new AbortController();
    await fetch(`${two.url}/v1/sessions/${plain.sessionId}/events`, {
      headers: { 'x-session-secret': plain.secret },
      signal: reading.signal,
    });
    await eventually(async () => {
      expect(await streams(plain.sessionId)).toBe(1);
    });
    reading.abort();
    await eventually(async () => {
      expect(await streams(plain.sessionId)).toBe(0);
    });
    await two.kill();
    await eventually(async () => {
      expect(await streams(sessionId)).toBe(0);
    });
    head.client.stop();
  });

  test('is off unless it is configured', async () => {
    const api = await startLeaseApi();
    expect(api.grpcAddress).toBe('');
    const head = await headAt(contractTo(api, 'TCP'));
    must(await head.client.open('o', newFile(), read));
  });
});
