import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRecord, bitmapOf, decode, encode, hasBit, Reader, RecordReader, wire, Writer } from '#nfs4';
import { eventually } from '../support/eventually';
import { type LeaseApi, Program, rpcSecret, startLeaseApi, stopPrograms } from '../support/service';

/** The NFS head against a client that sends what no kernel does; real clients are in test/nfs/heads.test.ts. */

const base = mkdtempSync(join(tmpdir(), 'leasehold-head-'));
const served = join(base, 'served');
let api: LeaseApi;
let port: number;
const wires: Wire[] = [];

/** A connection that sends requests as they are. */
class Wire {
  private readonly records = new RecordReader();
  private readonly waiting = new Map<number, (from: Reader) => void>();
  private xid = 0;
  private constructor(
    readonly socket: Socket,
    private readonly minorversion: number,
  ) {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      for (const record of this.records.push(chunk)) {
        const from = new Reader(record);
        const { xid, body } = wire.rpc_msg.read(from);
        if (body.mtype === wire.CALL) this.called(xid, from);
        else this.waiting.get(xid)?.(from);
      }
    });
  }
  static async open(to = port, minorversion = 1): Promise<Wire> {
    const one = new Wire(connect(to, '127.0.0.1'), minorversion);
    wires.push(one);
    await once(one.socket, 'connect');
    return one;
  }

  /** Callbacks of the head, all of which succeed unless they are refused. */
  readonly heard: wire.nfs_cb_argop4[] = [];
  refuses: wire.nfsstat4 = wire.NFS4_OK;
  refusesOnce = false;
  /** The answer to CB_GETATTR. */
  holds: wire.fattr4 = { attrmask: [], attr_vals: Buffer.alloc(0) };
  private called(xid: number, from: Reader): void {
    const { minorversion } = wire.CB_COMPOUND4head.read(from);
    if (minorversion !== this.minorversion) throw new Error('not the minor version of the session');
    const [first, second] = [wire.nfs_cb_argop4.read(from), wire.nfs_cb_argop4.read(from)];
    if (first.argop !== wire.OP_CB_SEQUENCE) throw new Error('no CB_SEQUENCE');
    this.heard.push(second);
    const { csa_sessionid, csa_sequenceid } = first.opcbsequence;
    const slots = { csr_slotid: 0, csr_highest_slotid: 0, csr_target_highest_slotid: 0 };
    const csr_resok4 = { csr_sessionid: csa_sessionid, csr_sequenceid: csa_sequenceid, ...slots };
    const opcbsequence = { csr_status: wire.NFS4_OK, csr_resok4 } as const;
    const resarray: wire.nfs_cb_resop4[] = [{ resop: wire.OP_CB_SEQUENCE, opcbsequence }];
    let status: wire.nfsstat4 = wire.NFS4_OK;
    if (second.argop === wire.OP_CB_RECALL_ANY)
      resarray.push({ resop: wire.OP_CB_RECALL_ANY, opcbrecall_any: { crar_status: status } });
    else if (second.argop === wire.OP_CB_RECALL)
      resarray.push({ resop: wire.OP_CB_RECALL, opcbrecall: { status } });
    else if (second.argop === wire.OP_CB_GETATTR) {
      const resok4 = { obj_attributes: this.holds };
      resarray.push({ resop: wire.OP_CB_GETATTR, opcbgetattr: { status: wire.NFS4_OK, resok4 } });
    } else if (second.argop === wire.OP_CB_NOTIFY) {
      // As if it had not got the delegation yet.
      status = this.refusesOnce ? wire.NFS4ERR_BAD_STATEID : this.refuses;
      this.refusesOnce = false;
      resarray.push({ resop: wire.OP_CB_NOTIFY, opcbnotify: { cnr_status: status } });
    }
    const message = new Writer();
    const areply = {
      ...{ verf: { flavor: wire.AUTH_NONE, body: Buffer.alloc(0) } as const },
      data: { stat: wire.SUCCESS } as const,
    };
    const rbody = { stat: wire.MSG_ACCEPTED, areply } as const;
    wire.rpc_msg.write(message, { xid, body: { mtype: wire.REPLY, rbody } });
    message.raw(encode(wire.CB_COMPOUND4res, { status, tag: Buffer.alloc(0), resarray }));
    this.socket.write(asRecord(Buffer.from(message.take())));
  }

  async compound(
    operations: wire.nfs_argop4[],
    minorversion = this.minorversion,
  ): Promise<wire.COMPOUND4res> {
    const args = encode(wire.COMPOUND4args, { tag: Buffer.alloc(0), minorversion, argarray: operations });
    const from = await this.call(Buffer.from(args));
    return decode(wire.COMPOUND4res, from.raw(from.left));
  }
  call(args: Buffer): Promise<Reader> {
    const xid = ++this.xid;
    const message = new Writer();
    const parms = { stamp: 0, machinename: 'test', uid: 0, gid: 0, gids: [] };
    const cred: wire.opaque_auth = {
      flavor: wire.AUTH_SYS,
      body: Buffer.from(encode(wire.authsys_parms, parms)),
    };
    const verf: wire.opaque_auth = { flavor: wire.AUTH_NONE, body: Buffer.alloc(0) };
    const cbody: wire.call_body = { rpcvers: 2, prog: 100_003, vers: 4, proc: 1, cred, verf };
    wire.rpc_msg.write(message, { xid, body: { mtype: wire.CALL, cbody } });
    message.raw(args);
    return new Promise((resolve) => {
      this.waiting.set(xid, resolve);
      this.socket.write(asRecord(Buffer.from(message.take())));
    });
  }
}

/** A client with a session. */
class Peer {
  private sequence = 0;
  private constructor(
    readonly wire: Wire,
    readonly session: Buffer,
    readonly clientid: bigint,
  ) {}
  static async open(
    owner: string,
    flags: number = wire.CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
    to = port,
    minorversion = 1,
  ): Promise<Peer> {
    const line = await Wire.open(to, minorversion);
    const { resarray } = await line.compound([exchange(owner)]);
    const [known] = resarray;
    if (known?.resop !== wire.OP_EXCHANGE_ID || known.opexchange_id.eir_status !== wire.NFS4_OK)
      throw new Error('no client');
    const { eir_clientid, eir_sequenceid } = known.opexchange_id.eir_resok4;
    const made = await line.compound([create(eir_clientid, eir_sequenceid, flags)]);
    const [first] = made.resarray;
    if (first?.resop !== wire.OP_CREATE_SESSION || first.opcreate_session.csr_status !== wire.NFS4_OK)
      throw new Error('no session');
    const peer = new Peer(line, first.opcreate_session.csr_resok4.csr_sessionid, eir_clientid);
    await peer.ask({ argop: wire.OP_RECLAIM_COMPLETE, opreclaim_complete: { rca_one_fs: false } });
    return peer;
  }
  sequenced(number: number, slot = 0): wire.nfs_argop4 {
    return {
      argop: wire.OP_SEQUENCE,
      opsequence: {
        ...{ sa_sessionid: this.session, sa_sequenceid: number, sa_slotid: slot },
        ...{ sa_highest_slotid: 0, sa_cachethis: true },
      },
    };
  }
  get next(): number {
    return this.sequence + 1;
  }
  ask(...operations: wire.nfs_argop4[]): Promise<wire.COMPOUND4res> {
    return this.wire.compound([this.sequenced(++this.sequence), ...operations]);
  }
}

const exchange = (owner: string): wire.nfs_argop4 => ({
  argop: wire.OP_EXCHANGE_ID,
  opexchange_id: {
    eia_clientowner: { co_ownerid: Buffer.from(owner), co_verifier: Buffer.alloc(8, 1) },
    ...{ eia_flags: 0, eia_state_protect: { spa_how: wire.SP4_NONE }, eia_client_impl_id: [] },
  },
});
const channel = {
  ...{ ca_headerpadsize: 0, ca_maxrequestsize: 65_536, ca_maxresponsesize: 65_536, ca_maxoperations: 16 },
  ...{ ca_maxresponsesize_cached: 4096, ca_maxrequests: 1000, ca_rdma_ird: [] },
};
const create = (csa_clientid: bigint, csa_sequence: number, csa_flags = 0): wire.nfs_argop4 => ({
  argop: wire.OP_CREATE_SESSION,
  opcreate_session: {
    ...{
      csa_clientid,
      csa_sequence,
      csa_flags,
      csa_fore_chan_attrs: channel,
      csa_back_chan_attrs: channel,
    },
    ...{ csa_cb_program: 0x4000_0000, csa_sec_parms: [{ cb_secflavor: wire.AUTH_NONE }] },
  },
});
const root: wire.nfs_argop4 = { argop: wire.OP_PUTROOTFH };
const lookup = (name: string): wire.nfs_argop4 => ({
  ...{ argop: wire.OP_LOOKUP, oplookup: { objname: Buffer.from(name) } },
});
const directory = (name: string): wire.nfs_argop4 => ({
  argop: wire.OP_CREATE,
  opcreate: {
    ...{ objtype: { type: wire.NF4DIR }, objname: Buffer.from(name) },
    createattrs: { attrmask: [], attr_vals: Buffer.alloc(0) },
  },
});
const opening = (
  { clientid }: Peer,
  name: string,
  want: number,
  share: number = wire.OPEN4_SHARE_ACCESS_READ,
): wire.nfs_argop4 => ({
  argop: wire.OP_OPEN,
  opopen: {
    ...{ seqid: 0, share_access: share | want, share_deny: 0, owner: { clientid, owner: Buffer.from('o') } },
    openhow: { opentype: wire.OPEN4_NOCREATE },
    claim: { claim: wire.CLAIM_NULL, file: Buffer.from(name) },
  },
});
const statusOf = async (asked: Promise<wire.COMPOUND4res>): Promise<string> =>
  wire.nfsstat4.nameOf((await asked).status);

/** Starts a head of the directory. Resolves to its port. */
async function startHead(exportName = 'local'): Promise<number> {
  const head = new Program('apps/nfs-head/src/main.ts', () => ({
    args: [
      ...['--api', api.grpcAddress, '--directory', served, '--records', join(base, 'records')],
      ...['--listen', '127.0.0.1:0', '--export', exportName],
    ],
    env: { LEASEHOLD_RPC_SECRET: rpcSecret },
  }));
  const { nfs } = await head.start();
  return Number(String(nfs).split(':').at(-1));
}

beforeAll(async () => {
  mkdirSync(served);
  mkdirSync(join(base, 'secret'));
  writeFileSync(join(base, 'secret', 'key'), 'key');
  symlinkSync('../secret', join(served, 'out'));
  writeFileSync(join(served, 'file'), 'text');
  api = await startLeaseApi({
    env: {
      ...{ LEASEHOLD_GRPC: '127.0.0.1:0', LEASEHOLD_LOCAL_EXPORTS: 'local,plain' },
      ...{ LEASEHOLD_SESSION_DELEGATIONS_MAX: '12', LEASEHOLD_DIRECTORY_DELEGATIONS: 'local' },
    },
  });
  port = await startHead();
});
afterAll(async () => {
  for (const { socket } of wires) socket.destroy();
  await stopPrograms();
  rmSync(base, { recursive: true, force: true });
});

test('a repeat in a slot is answered as before and not carried out again', async () => {
  const peer = await Peer.open('slots');
  const number = peer.next;
  const first = await peer.ask(root, directory('once'));
  expect(first.status).toBe(wire.NFS4_OK);
  const again = [peer.sequenced(number), root, directory('once')];
  expect(await peer.wire.compound(again)).toEqual(first);
  // Another connection, too.
  const other = await Wire.open();
  expect(await other.compound(again)).toEqual(first);
  expect(await statusOf(peer.wire.compound([peer.sequenced(number), root, directory('twice')]))).toBe(
    'NFS4ERR_SEQ_FALSE_RETRY',
  );
  expect(await statusOf(peer.ask(root, directory('once')))).toBe('NFS4ERR_EXIST');
  for (const [request, status] of [
    [peer.sequenced(peer.next + 1), 'NFS4ERR_SEQ_MISORDERED'],
    [peer.sequenced(1, 32), 'NFS4ERR_BADSLOT'],
    [
      { ...peer.sequenced(1), opsequence: { ...sequenceOf(peer), sa_sessionid: Buffer.alloc(16) } },
      'NFS4ERR_BADSESSION',
    ],
  ] as [wire.nfs_argop4, string][])
    expect(await statusOf(peer.wire.compound([request, root]))).toBe(status);
});
const sequenceOf = (peer: Peer): wire.SEQUENCE4args => {
  const op = peer.sequenced(1);
  if (op.argop !== wire.OP_SEQUENCE) throw new Error('no SEQUENCE');
  return op.opsequence;
};

test('nobody gets out of the directory', async () => {
  const peer = await Peer.open('escape');
  for (const [name, status] of [
    ['..', 'NFS4ERR_BADNAME'],
    ['.', 'NFS4ERR_BADNAME'],
    ['', 'NFS4ERR_INVAL'],
    ['out/key', 'NFS4ERR_BADCHAR'],
    ['a\0b', 'NFS4ERR_BADCHAR'],
    ['n'.repeat(256), 'NFS4ERR_NAMETOOLONG'],
  ] as const)
    expect([name, await statusOf(peer.ask(root, lookup(name)))]).toEqual([name, status]);
  expect(await statusOf(peer.ask(root, lookup('out'), lookup('key')))).toBe('NFS4ERR_SYMLINK');
  expect(await statusOf(peer.ask(root, { argop: wire.OP_LOOKUPP }))).toBe('NFS4ERR_NOENT');
  const foreign = Buffer.alloc(20, 7);
  foreign.writeUInt32BE(0x4c48_3031);
  for (const [object, status] of [
    [Buffer.alloc(3), 'NFS4ERR_BADHANDLE'],
    [foreign, 'NFS4ERR_STALE'],
  ] as [Buffer, string][])
    expect(await statusOf(peer.ask({ argop: wire.OP_PUTFH, opputfh: { object } }))).toBe(status);
});

test('what makes no sense has its own answer, and the head goes on', async () => {
  const line = await Wire.open();
  expect(await statusOf(line.compound([root]))).toBe('NFS4ERR_OP_NOT_IN_SESSION');
  expect(await statusOf(line.compound([exchange('x')], 3))).toBe('NFS4ERR_MINOR_VERS_MISMATCH');
  const seek = { argop: wire.OP_SEEK } as const;
  expect(await statusOf((await Peer.open('old')).ask(seek))).toBe('NFS4ERR_OP_ILLEGAL');
  expect(await statusOf((await Peer.open('new', undefined, port, 2)).ask(seek))).toBe('NFS4ERR_NOTSUPP');
  expect(await statusOf(line.compound([exchange('x'), root]))).toBe('NFS4ERR_NOT_ONLY_OP');
  expect(await statusOf(line.compound([create(12n, 1)]))).toBe('NFS4ERR_STALE_CLIENTID');
  const peer = await Peer.open('sense');
  expect(await statusOf(peer.wire.compound([create(peer.clientid, 9)]))).toBe('NFS4ERR_SEQ_MISORDERED');
  expect(await statusOf(peer.ask(peer.sequenced(1)))).toBe('NFS4ERR_SEQUENCE_POS');
  const many = [peer.sequenced(peer.next), ...Array.from({ length: 100 }, () => root)];
  expect(await statusOf(peer.wire.compound(many))).toBe('NFS4ERR_TOO_MANY_OPS');
  // Bytes that are no request, and a record without an end.
  const garbage = await line.call(Buffer.alloc(40, 0xff));
  expect(garbage.left).toBe(0);
  const flood = await Wire.open();
  const closed = once(flood.socket, 'close');
  flood.socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
  await closed;
  expect(await statusOf(peer.ask(root, lookup('file')))).toBe('NFS4_OK');
});

test('a client with many delegations is asked for some of them when there are hardly any more (CB_RECALL_ANY)', async () => {
  const peer = await Peer.open('many');
  for (let i = 1; i <= 11; i += 1) {
    writeFileSync(join(served, `many${String(i)}`), 'text');
    expect(
      await statusOf(
        peer.ask(root, opening(peer, `many${String(i)}`, wire.OPEN4_SHARE_ACCESS_WANT_READ_DELEG)),
      ),
    ).toBe('NFS4_OK');
  }
  await eventually(() => {
    expect(peer.wire.heard).toEqual([
      { argop: wire.OP_CB_RECALL_ANY, opcbrecall_any: { craa_objects_to_keep: 5, craa_type_mask: [7] } },
    ]);
  });
});

test('an open without a delegation says why, if the client has said what it wants', async () => {
  const [holder, peer] = [await Peer.open('holder'), await Peer.open('why')];
  const deaf = await Peer.open('deaf', 0);
  const why = async (name: string, want: number, by = peer): Promise<unknown> => {
    const { resarray } = await by.ask(root, opening(by, name, want));
    const opened = resarray.at(-1);
    if (opened?.resop !== wire.OP_OPEN || opened.opopen.status !== wire.NFS4_OK) throw new Error('not open');
    const { delegation } = opened.opopen.resok4;
    return delegation.delegation_type === wire.OPEN_DELEGATE_NONE_EXT
      ? delegation.od_whynone
      : wire.open_delegation_type4.nameOf(delegation.delegation_type);
  };
  writeFileSync(join(served, 'busy'), 'text');
  const writing = opening(
    holder,
    'busy',
    wire.OPEN4_SHARE_ACCESS_WANT_NO_DELEG,
    wire.OPEN4_SHARE_ACCESS_WRITE,
  );
  expect(await statusOf(holder.ask(root, writing))).toBe('NFS4_OK');
  expect(await why('busy', 0)).toBe('OPEN_DELEGATE_NONE');
  const resource = { ond_why: wire.WND4_RESOURCE, ond_server_will_signal_avail: false };
  const contention = { ond_why: wire.WND4_CONTENTION, ond_server_will_push_deleg: false };
  expect(await why('busy', wire.OPEN4_SHARE_ACCESS_WANT_READ_DELEG)).toEqual(contention);
  expect(await why('busy', wire.OPEN4_SHARE_ACCESS_WANT_ANY_DELEG)).toEqual(contention);
  expect(await why('busy', wire.OPEN4_SHARE_ACCESS_WANT_NO_DELEG)).toEqual({ ond_why: wire.WND4_NOT_WANTED });
  expect(await why('busy', wire.OPEN4_SHARE_ACCESS_WANT_CANCEL)).toEqual({ ond_why: wire.WND4_CANCELLED });
  // Nobody could be asked to return one.
  expect(await why('file', wire.OPEN4_SHARE_ACCESS_WANT_READ_DELEG, deaf)).toEqual(resource);
  let last: unknown;
  for (let i = 0; i <= 12; i += 1) {
    writeFileSync(join(served, `one${String(i)}`), 'text');
    last = await why(`one${String(i)}`, wire.OPEN4_SHARE_ACCESS_WANT_READ_DELEG);
    if (i === 0) expect(last).toBe('OPEN_DELEGATE_READ');
  }
  expect(last).toEqual(resource);
});

test('stateids are tested as the lease service says', async () => {
  const peer = await Peer.open('tester');
  const { resarray } = await peer.ask(root, opening(peer, 'file', wire.OPEN4_SHARE_ACCESS_WANT_NO_DELEG));
  const opened = resarray.at(-1);
  if (opened?.resop !== wire.OP_OPEN || opened.opopen.status !== wire.NFS4_OK) throw new Error('not open');
  const { stateid } = opened.opopen.resok4;
  const ts_stateids = [
    stateid,
    { ...stateid, seqid: stateid.seqid + 1 },
    { seqid: 1, other: Buffer.alloc(12, 9) },
  ];
  const tested = await peer.ask({ argop: wire.OP_TEST_STATEID, optest_stateid: { ts_stateids } });
  const result = tested.resarray.at(-1);
  if (result?.resop !== wire.OP_TEST_STATEID || result.optest_stateid.tsr_status !== wire.NFS4_OK)
    throw new Error('not tested');
  expect(result.optest_stateid.tsr_resok4.tsr_status_codes.map((code) => wire.nfsstat4.nameOf(code))).toEqual(
    [...['NFS4_OK', 'NFS4ERR_BAD_STATEID', 'NFS4ERR_BAD_STATEID']],
  );
});

describe('a directory delegation', () => {
  const allTypes = [
    ...[wire.NOTIFY4_CHANGE_DIR_ATTRS, wire.NOTIFY4_REMOVE_ENTRY],
    ...[wire.NOTIFY4_ADD_ENTRY, wire.NOTIFY4_RENAME_ENTRY, wire.NOTIFY4_CHANGE_COOKIE_VERIFIER],
  ];
  const wanting = (types: number[]): wire.nfs_argop4 => ({
    argop: wire.OP_GET_DIR_DELEGATION,
    opget_dir_delegation: {
      ...{ gdda_signal_deleg_avail: false, gdda_notification_types: bitmapOf(types) },
      gdda_child_attr_delay: { seconds: 0n, nseconds: 0 },
      gdda_dir_attr_delay: { seconds: 0n, nseconds: 0 },
      gdda_child_attributes: bitmapOf([wire.FATTR4_TYPE, wire.FATTR4_SIZE]),
      gdda_dir_attributes: bitmapOf([wire.FATTR4_MODE]),
    },
  });
  const granted = async (peer: Peer, name: string, types = allTypes) =>
    // Not while something there has just been changed.
    eventually(async () => {
      const { resarray } = await peer.ask(root, lookup(name), wanting(types));
      const result = resarray.at(-1);
      if (result?.resop !== wire.OP_GET_DIR_DELEGATION) throw new Error('no answer');
      if (result.opget_dir_delegation.gddr_status !== wire.NFS4_OK) throw new Error('refused');
      const { gddr_res_non_fatal4: given } = result.opget_dir_delegation;
      if (given.gddrnf_status !== wire.GDD4_OK) throw new Error('unavailable');
      return given.gddrnf_resok4;
    });
  /** What a client was told, in words. */
  const told = ({ wire: line }: Peer): string[] =>
    line.heard.flatMap((op) => {
      if (op.argop === wire.OP_CB_RECALL) return ['recall'];
      if (op.argop !== wire.OP_CB_NOTIFY) return [];
      return op.opcbnotify.cna_changes.map(({ notify_mask, notify_vals }) => {
        if (hasBit(notify_mask, wire.NOTIFY4_ADD_ENTRY)) return added(decode(wire.notify_add4, notify_vals));
        if (hasBit(notify_mask, wire.NOTIFY4_REMOVE_ENTRY))
          return `removed ${nameIn(decode(wire.notify_remove4, notify_vals).nrm_old_entry)}`;
        if (hasBit(notify_mask, wire.NOTIFY4_RENAME_ENTRY)) {
          const { nrn_old_entry, nrn_new_entry } = decode(wire.notify_rename4, notify_vals);
          return `renamed ${nameIn(nrn_old_entry.nrm_old_entry)}, ${added(nrn_new_entry)}`;
        }
        const { na_changed_entry } = decode(wire.notify_attr4, notify_vals);
        const mode = new Reader(na_changed_entry.ne_attrs.attr_vals).uint32();
        return `mode ${mode.toString(8)}${nameIn(na_changed_entry)}`;
      });
    });
  const nameIn = ({ ne_file }: wire.notify_entry4): string => ne_file.toString('latin1');
  const added = ({
    nad_new_entry,
    nad_prev_entry,
    nad_last_entry,
    nad_new_entry_cookie,
  }: wire.notify_add4) => {
    const { attrmask, attr_vals } = nad_new_entry.ne_attrs;
    // The size of a file is its opener's.
    expect([attrmask, nad_new_entry_cookie.length]).toEqual([bitmapOf([wire.FATTR4_TYPE]), 1]);
    const type = wire.nfs_ftype4.nameOf(new Reader(attr_vals).uint32());
    const [before] = nad_prev_entry;
    const where = before === undefined ? 'first' : `after ${nameIn(before.pe_prev_entry)}`;
    return `added ${nameIn(nad_new_entry)} ${type} ${where}${nad_last_entry ? ', last' : ''}`;
  };
  const creating = (peer: Peer, name: string): wire.nfs_argop4 => ({
    argop: wire.OP_OPEN,
    opopen: {
      ...{ seqid: 0, share_access: wire.OPEN4_SHARE_ACCESS_WRITE, share_deny: 0 },
      owner: { clientid: peer.clientid, owner: Buffer.from('o') },
      openhow: {
        opentype: wire.OPEN4_CREATE,
        how: { mode: wire.UNCHECKED4, createattrs: { attrmask: [], attr_vals: Buffer.alloc(0) } },
      },
      claim: { claim: wire.CLAIM_NULL, file: Buffer.from(name, 'latin1') },
    },
  });
  const saved = { argop: wire.OP_SAVEFH } as const;
  const removing = (name: string): wire.nfs_argop4 => ({
    ...{ argop: wire.OP_REMOVE, opremove: { target: Buffer.from(name, 'latin1') } },
  });
  /** Where READDIR has it. */
  const placeOf = async (peer: Peer, inside: string, name: string): Promise<string> => {
    const { resarray } = await peer.ask(root, lookup(inside), {
      argop: wire.OP_READDIR,
      opreaddir: {
        ...{ cookie: 0n, cookieverf: Buffer.alloc(8), dircount: 0, maxcount: 32_768, attr_request: [] },
      },
    });
    const last = resarray.at(-1);
    if (last?.resop !== wire.OP_READDIR || last.opreaddir.status !== wire.NFS4_OK) throw new Error('no list');
    const names = last.opreaddir.resok4.reply.entries.map((entry) => entry.name.toString('latin1'));
    const at = names.indexOf(name);
    const where = at === 0 ? 'first' : `after ${names[at - 1] ?? ''}`;
    return `${where}${at === names.length - 1 ? ', last' : ''}`;
  };
  const renaming = (oldname: string, newname: string): wire.nfs_argop4 => ({
    argop: wire.OP_RENAME,
    oprename: { oldname: Buffer.from(oldname), newname: Buffer.from(newname) },
  });
  let other: number;
  beforeAll(async () => {
    other = await startHead();
  });

  test('its holder is told of the changes that are made through another head, and keeps it', async () => {
    const [holder, maker] = [await Peer.open('told'), await Peer.open('maker', undefined, other)];
    expect(await statusOf(maker.ask(root, directory('d'), root, directory('e')))).toBe('NFS4_OK');
    const given = await granted(holder, 'd');
    expect(given).toMatchObject({
      gddr_notification: bitmapOf(allTypes.filter((type) => type !== wire.NOTIFY4_CHANGE_COOKIE_VERIFIER)),
      ...{ gddr_child_attributes: bitmapOf([wire.FATTR4_TYPE]), gddr_dir_attributes: [0, 2] },
    });
    const d = [root, lookup('d')];
    const made = async (...operations: wire.nfs_argop4[]): Promise<void> => {
      expect([operations, await statusOf(maker.ask(...operations))]).toEqual([operations, 'NFS4_OK']);
    };
    const steps: [operations: wire.nfs_argop4[], ...told: string[]][] = [
      [[...d, directory('sub')], 'added sub NF4DIR first, last'],
      [[...d, creating(maker, 'odd\xff')], expect.stringMatching(/^added odd\xff NF4REG /) as string],
      [[...d, creating(maker, 'odd\xff')]],
      [
        [
          ...[...d, lookup('sub'), root, lookup('file'), saved, ...d],
          { argop: wire.OP_LINK, oplink: { newname: Buffer.from('hard') } },
        ],
        expect.stringMatching(/^added hard NF4REG /) as string,
      ],
      [[...d, saved, renaming('hard', 'soft')], expect.stringMatching(/^renamed hard, added soft/) as string],
      [[...d, saved, root, lookup('e'), renaming('soft', 'away')], 'removed soft'],
      [[...d, removing('odd\xff')], 'removed odd\xff'],
      [[...d, removing('sub')], 'removed sub'],
    ];
    const expected: string[] = [];
    for (const [operations, ...news] of steps) {
      await made(...operations);
      for (const one of news) expected.push(one, 'mode 755');
    }
    // What fails is told to nobody.
    expect(await statusOf(maker.ask(...d, removing('none')))).toBe('NFS4ERR_NOENT');
    const attr_vals = Buffer.alloc(4);
    attr_vals.writeUInt32BE(0o700);
    const obj_attributes = { attrmask: bitmapOf([wire.FATTR4_MODE]), attr_vals };
    const stateid = { seqid: 0, other: Buffer.alloc(12) };
    await made(...d, { argop: wire.OP_SETATTR, opsetattr: { stateid, obj_attributes } });
    await eventually(() => {
      expect(told(holder)).toEqual([...expected, 'mode 700']);
    });
    // Its own changes are known to it.
    expect(await statusOf(holder.ask(...d, directory('own')))).toBe('NFS4_OK');
    await made(...d, removing('own'));
    await eventually(() => {
      expect(told(holder)).toEqual([...expected, 'mode 700', 'removed own', 'mode 700']);
    });
    const ts_stateids = [given.gddr_stateid];
    const tested = await holder.ask({ argop: wire.OP_TEST_STATEID, optest_stateid: { ts_stateids } });
    expect(tested.resarray.at(-1)).toMatchObject({
      optest_stateid: { tsr_resok4: { tsr_status_codes: [wire.NFS4_OK] } },
    });
  });

  test('says where an entry is, and what came first, and nothing of what failed', async () => {
    const [holder, maker] = [await Peer.open('places'), await Peer.open('places maker', undefined, other)];
    mkdirSync(join(served, 'full'));
    for (let i = 0; i < 9; i += 1) writeFileSync(join(served, 'full', `n${String(i)}`), '');
    await granted(holder, 'full', allTypes.slice(1));
    const full = [root, lookup('full')];
    const expected: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      expect(await statusOf(maker.ask(...full, directory(name)))).toBe('NFS4_OK');
      await eventually(() => {
        expect(told(holder)).toHaveLength(expected.length + 1);
      });
      expected.push(`added ${name} NF4DIR ${await placeOf(maker, 'full', name)}`);
      expect(told(holder)).toEqual(expected);
    }
    expect(await statusOf(maker.ask(...full, lookup('one'), directory('in')))).toBe('NFS4_OK');
    expect(await statusOf(maker.ask(...full, removing('one')))).toBe('NFS4ERR_NOTEMPTY');
    holder.wire.refusesOnce = true;
    const both = maker.ask(...full, directory('four'), ...full, directory('five'));
    expect(await statusOf(both)).toBe('NFS4_OK');
    await eventually(() => {
      expect(
        told(holder)
          .slice(3)
          .map((line) => line.split(' ')[1]),
      ).toEqual(['four', 'four', 'five']);
    });
  });

  test('is of no use without notices of what has changed: it is recalled', async () => {
    const [holder, maker] = [await Peer.open('names'), await Peer.open('names maker', undefined, other)];
    expect(await statusOf(maker.ask(root, directory('modes')))).toBe('NFS4_OK');
    await granted(holder, 'modes', allTypes.slice(1));
    const attr_vals = Buffer.alloc(4);
    const obj_attributes = { attrmask: bitmapOf([wire.FATTR4_MODE]), attr_vals };
    const opsetattr = { stateid: { seqid: 0, other: Buffer.alloc(12) }, obj_attributes };
    const setting = { argop: wire.OP_SETATTR, opsetattr } as const;
    expect(await statusOf(maker.ask(root, lookup('modes'), setting))).toBe('NFS4_OK');
    await eventually(() => {
      expect(told(holder)).toEqual(['recall']);
    });
  });

  test('is not supported where the lease service delegates no directories', async () => {
    const peer = await Peer.open('plain', undefined, await startHead('plain'));
    expect(await statusOf(peer.ask(root, wanting(allTypes)))).toBe('NFS4ERR_NOTSUPP');
  });

  test.each<[what: string, types: number[], refuses: wire.nfsstat4]>([
    ['asks for no notices', [], wire.NFS4_OK],
    ['asks for additions only', [wire.NOTIFY4_ADD_ENTRY], wire.NFS4_OK],
    ['does not take a notice', allTypes, wire.NFS4ERR_SERVERFAULT],
  ])('is recalled from a client that %s', async (what, types, refuses) => {
    const [holder, maker] = [await Peer.open(what), await Peer.open(`${what} maker`, undefined, other)];
    const name = `of one that ${what}`;
    expect(await statusOf(maker.ask(root, directory(name)))).toBe('NFS4_OK');
    holder.wire.refuses = refuses;
    const { gddr_stateid, gddr_notification } = await granted(holder, name, types);
    expect(gddr_notification.length > 0).toBe(types === allTypes);
    const change = (): Promise<string> => statusOf(maker.ask(root, lookup(name), directory('sub')));
    const isTold = types === allTypes;
    expect(await change()).toBe(isTold ? 'NFS4_OK' : 'NFS4ERR_DELAY');
    await eventually(() => {
      expect(told(holder).at(-1)).toBe('recall');
    });
    const returned = { argop: wire.OP_DELEGRETURN, opdelegreturn: { deleg_stateid: gddr_stateid } } as const;
    expect(await statusOf(holder.ask(root, lookup(name), returned))).toBe('NFS4_OK');
    if (!isTold) expect(await change()).toBe('NFS4_OK');
  });

  test('is not given of what is no directory, nor to a client without a way back', async () => {
    const [peer, deaf] = [await Peer.open('asks'), await Peer.open('cannot hear', 0)];
    expect(await statusOf(peer.ask(root, lookup('file'), wanting(allTypes)))).toBe('NFS4ERR_NOTDIR');
    expect(await statusOf(peer.ask(root, directory('asked')))).toBe('NFS4_OK');
    await granted(peer, 'asked');
    const { resarray } = await deaf.ask(root, lookup('asked'), wanting(allTypes));
    expect(resarray.at(-1)).toMatchObject({
      opget_dir_delegation: { gddr_res_non_fatal4: { gddrnf_status: wire.GDD4_UNAVAIL } },
    });
  });
});

describe('a delegation whose holder keeps the times of the file (RFC 9754)', () => {
  const wants =
    wire.OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG |
    wire.OPEN4_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS |
    wire.OPEN4_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION;
  /** Before the file is made, at a time of its own, and a year that is yet to come. */
  const [old, at, future] = [1_000_000_000n, 1_500_000_000n, 100_000_000_000n];
  const word = (...numbers: bigint[]): Buffer => {
    const bytes = Buffer.alloc(numbers.length * 8);
    for (const [n, each] of numbers.entries()) bytes.writeBigUInt64BE(each, n * 8);
    return bytes;
  };
  const timeOf = (seconds: bigint, nseconds = 0): Buffer =>
    Buffer.from(encode(wire.nfstime4, { seconds, nseconds }));
  const setting = (stateid: wire.stateid4, modified: bigint, nseconds = 0): wire.nfs_argop4 => ({
    argop: wire.OP_SETATTR,
    opsetattr: {
      stateid,
      obj_attributes: {
        attrmask: bitmapOf([wire.FATTR4_TIME_DELEG_ACCESS, wire.FATTR4_TIME_DELEG_MODIFY]),
        attr_vals: Buffer.concat([timeOf(at + 5n), timeOf(modified, nseconds)]),
      },
    },
  });
  const asking = (...numbers: number[]): wire.nfs_argop4 => ({
    ...{ argop: wire.OP_GETATTR, opgetattr: { attr_request: bitmapOf(numbers) } },
  });
  const attributes = async (asked: Promise<wire.COMPOUND4res>): Promise<Reader> => {
    const last = (await asked).resarray.at(-1);
    if (last?.resop !== wire.OP_GETATTR || last.opgetattr.status !== wire.NFS4_OK)
      throw new Error('no attributes');
    return new Reader(last.opgetattr.resok4.obj_attributes.attr_vals);
  };
  const make = (name: string): string => {
    const path = join(served, name);
    writeFileSync(path, 'text');
    utimesSync(path, Number(old), Number(old));
    return path;
  };
  const opened = async (peer: Peer, name: string, want: number = wants): Promise<wire.OPEN4resok> => {
    const { resarray } = await peer.ask(root, opening(peer, name, want, wire.OPEN4_SHARE_ACCESS_BOTH));
    const last = resarray.at(-1);
    if (last?.resop !== wire.OP_OPEN || last.opopen.status !== wire.NFS4_OK) throw new Error('not open');
    return last.opopen.resok4;
  };
  const holding = async (peer: Peer, name: string): Promise<wire.stateid4> => {
    const { delegation } = await opened(peer, name);
    if (delegation.delegation_type !== wire.OPEN_DELEGATE_WRITE_ATTRS_DELEG) throw new Error('not given');
    return delegation.write.stateid;
  };
  const secondsOf = (path: string): [accessed: bigint, modified: bigint] => {
    const { atimeNs, mtimeNs } = statSync(path, { bigint: true });
    return [atimeNs / 1_000_000_000n, mtimeNs / 1_000_000_000n];
  };

  test('is offered, and comes instead of an open', async () => {
    const peer = await Peer.open('both', undefined, port, 2);
    const from = await attributes(peer.ask(root, asking(wire.FATTR4_OPEN_ARGUMENTS)));
    const { oa_share_access_want: offered } = wire.open_arguments4.read(from);
    expect(hasBit(offered, wire.OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS)).toBe(true);
    expect(hasBit(offered, wire.OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION)).toBe(true);
    make('xor');
    const { stateid, rflags, delegation } = await opened(peer, 'xor');
    expect(rflags & wire.OPEN4_RESULT_NO_OPEN_STATEID).toBe(wire.OPEN4_RESULT_NO_OPEN_STATEID);
    expect(stateid).toEqual({ seqid: 0, other: Buffer.alloc(12) });
    expect(delegation.delegation_type).toBe(wire.OPEN_DELEGATE_WRITE_ATTRS_DELEG);
    const { body } = await api.request('GET', '/v1/locks?kind=delegation&state=active');
    expect(body['locks']).toContainEqual(expect.objectContaining({ type: 'write' }));
    expect((await api.request('GET', `/v1/locks?kind=open`)).body['locks']).not.toContainEqual(
      expect.objectContaining({ path: (body['locks'] as { path: string }[]).at(-1)?.path }),
    );
    // Before it is returned, the file is opened under it, as a recall makes Linux do.
    if (delegation.delegation_type !== wire.OPEN_DELEGATE_WRITE_ATTRS_DELEG) throw new Error('not given');
    const oc_delegate_stateid = delegation.write.stateid;
    const claim = { claim: wire.CLAIM_DELEG_CUR_FH, oc_delegate_stateid } as const;
    const again = opening(peer, 'xor', 0, wire.OPEN4_SHARE_ACCESS_BOTH);
    if (again.argop !== wire.OP_OPEN) throw new Error('no OPEN');
    const { resarray } = await peer.ask(root, lookup('xor'), {
      ...again,
      opopen: { ...again.opopen, claim },
    });
    expect(resarray.at(-1)).toMatchObject({ opopen: { status: wire.NFS4_OK } });
    const returned = { deleg_stateid: oc_delegate_stateid };
    const back = { argop: wire.OP_DELEGRETURN, opdelegreturn: returned } as const;
    expect(await statusOf(peer.ask(root, lookup('xor'), back))).toBe('NFS4_OK');
    // With an open of that owner there is a stateid to show, so it is given, too.
    expect((await opened(peer, 'xor')).rflags & wire.OPEN4_RESULT_NO_OPEN_STATEID).toBe(0);
  });

  test('its holder is asked for the times, and others see them', async () => {
    const [holder, reader] = [await Peer.open('keeps', undefined, port, 2), await Peer.open('looks')];
    make('looked-at');
    await holding(holder, 'looked-at');
    const times = [wire.FATTR4_TIME_DELEG_ACCESS, wire.FATTR4_TIME_DELEG_MODIFY];
    const seen = Math.floor(Date.now() / 1000) + 1;
    // From before the delegation they would not count, and what is yet to come is now.
    await eventually(() => {
      expect(Date.now()).toBeGreaterThan(seen * 1000);
    });
    holder.wire.holds = {
      attrmask: bitmapOf([wire.FATTR4_CHANGE, wire.FATTR4_SIZE, ...times]),
      attr_vals: Buffer.concat([word(1n, 12n), timeOf(BigInt(seen), 7), timeOf(BigInt(seen), 9)]),
    };
    const numbers = [wire.FATTR4_SIZE, wire.FATTR4_TIME_ACCESS, wire.FATTR4_TIME_MODIFY];
    const from = await attributes(reader.ask(root, lookup('looked-at'), asking(...numbers)));
    expect([from.uint64(), wire.nfstime4.read(from), wire.nfstime4.read(from)]).toEqual([
      ...[12n, { seconds: BigInt(seen), nseconds: 7 }, { seconds: BigInt(seen), nseconds: 9 }],
    ]);
    expect(holder.wire.heard.at(-1)).toMatchObject({
      opcbgetattr: { attr_request: bitmapOf([wire.FATTR4_CHANGE, wire.FATTR4_SIZE, ...times]) },
    });
  });

  test('sets them, none from before it and none that is yet to come, at any head', async () => {
    const peer = await Peer.open('sets', undefined, port, 2);
    const path = make('kept');
    const stateid = await holding(peer, 'kept');
    const set = (by: Peer, ...args: Parameters<typeof setting>): Promise<string> =>
      statusOf(by.ask(root, lookup('kept'), setting(...args)));
    expect(await set(peer, stateid, at)).toBe('NFS4_OK');
    expect(secondsOf(path)).toEqual([at + 5n, at]);
    // An earlier one than before is possible: the file has been written since, which set it.
    expect(await set(peer, stateid, at - 1n)).toBe('NFS4_OK');
    expect(secondsOf(path)[1]).toBe(at - 1n);
    for (const [second, nseconds] of [
      [old - 1n, 0],
      [at, 1_000_000_000],
    ] as const) {
      expect(await set(peer, stateid, second, nseconds)).toBe('NFS4_OK');
      expect(secondsOf(path)[1]).toBe(at - 1n);
    }
    const before = BigInt(Math.floor(Date.now() / 1000));
    expect(await set(peer, stateid, future)).toBe('NFS4_OK');
    expect(secondsOf(path)[1]).toBeGreaterThanOrEqual(before);
    expect(secondsOf(path)[1]).toBeLessThanOrEqual(BigInt(Math.floor(Date.now() / 1000)));

    // Another head does not know since when: there, none is earlier than what the file has.
    const moved = await Peer.open('sets', undefined, await startHead(), 2);
    const [, modified] = secondsOf(path);
    expect(await set(moved, stateid, at)).toBe('NFS4_OK');
    expect(secondsOf(path)[1]).toBe(modified);
    utimesSync(path, Number(old), Number(old));
    expect(await set(moved, stateid, at)).toBe('NFS4_OK');
    expect(secondsOf(path)[1]).toBe(at);
  });

  test('nothing else sets them, and nobody reads them', async () => {
    const peer = await Peer.open('tries', undefined, port, 2);
    const path = make('tried');
    const plain = await opened(peer, 'tried', wire.OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG);
    if (plain.delegation.delegation_type !== wire.OPEN_DELEGATE_WRITE) throw new Error('not given');
    make('other');
    const kept = await holding(peer, 'other');
    const at0 = (seqid: number): wire.stateid4 => ({ seqid, other: Buffer.alloc(12) });
    for (const stateid of [plain.stateid, plain.delegation.write.stateid, kept, at0(0)])
      expect(await statusOf(peer.ask(root, lookup('tried'), setting(stateid, at)))).toBe(
        'NFS4ERR_BAD_STATEID',
      );
    expect(secondsOf(path)).toEqual([old, old]);
    const { argop, opsetattr } = setting(kept, at) as Extract<wire.nfs_argop4, { opsetattr: unknown }>;
    expect(argop).toBe(wire.OP_SETATTR);
    const made = directory('timed');
    if (made.argop !== wire.OP_CREATE) throw new Error('no CREATE');
    const opcreate = { ...made.opcreate, createattrs: opsetattr.obj_attributes };
    expect(await statusOf(peer.ask(root, { ...made, opcreate }))).toBe('NFS4ERR_INVAL');
    for (const asked of [wire.FATTR4_TIME_DELEG_ACCESS, wire.FATTR4_TIME_MODIFY_SET])
      expect(await statusOf(peer.ask(root, asking(asked)))).toBe('NFS4ERR_INVAL');
    const returned = { argop: wire.OP_DELEGRETURN, opdelegreturn: { deleg_stateid: kept } } as const;
    expect(await statusOf(peer.ask(root, lookup('other'), returned))).toBe('NFS4_OK');
    expect(await statusOf(peer.ask(root, lookup('other'), setting(kept, at)))).toBe('NFS4ERR_BAD_STATEID');
  });
});
