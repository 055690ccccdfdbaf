import { EventEmitter, once } from 'node:events';
import { statSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { bytesOfName, textOfName } from '#contracts';
import { asRecord, decode, encode, Reader, RecordReader, wire, Writer, XdrError } from '#nfs4';
import { type Attributes, writeAttributes } from '../../apps/fileserver/src/nfs4/attributes';

/**
 * A small NFSv4.1 server in this process, on a real socket and with the client's wire types, for behaviour that a test
 * cannot trigger in a real server. It keeps clients, sessions, slots with their answers, opens and delegations as the
 * standard says, and misbehaves only when told to.
 */

export interface NfsServerOptions {
  leaseTimeS?: number;
  minorMax?: number;
  slots?: number;
  /** What it calls itself. */
  name?: string;
  /**
   * Which requests get a delegation: any open; an open for reading only; any open, but a delegation for reading, as in
   * Linux before 6.6; only WANT_DELEGATION; none.
   */
  delegations?: 'open' | 'open for reading' | 'open, but for reading' | 'want' | 'none';
}

type Kind = 'read' | 'write';
interface File {
  fh: Buffer;
  name: string;
  type: wire.nfs_ftype4;
  change: bigint;
  target: string;
  /** What its attributes say it is. */
  fileid: bigint;
  timeCreate: wire.nfstime4;
}
interface Client {
  id: bigint;
  owner: string;
  verifier: string;
  confirmed: boolean;
  reclaimed: boolean;
}
interface Session {
  id: Buffer;
  client: Client;
  slots: Map<number, { sequence: number; answer: Buffer }>;
  callbacks: number;
  callbackProgram: number;
  /** The connection for callbacks. */
  back: Socket | undefined;
}
interface State {
  client: Client;
  file: File;
  stateid: wire.stateid4;
  kind: Kind;
  type: 'open' | 'delegation';
  owner: string;
  /** As what an open was opened so far: it can be made one of these again, and nothing else. */
  modes: Set<Kind>;
  revoked: boolean;
}
interface Compound {
  session: Session | undefined;
  connection: Socket;
  current: File | undefined;
  /** The answer to send instead: the one kept for a repeat. */
  repeat: Buffer | undefined;
  slot: number;
}

const keyOf = ({ other }: wire.stateid4): string => other.toString('hex');
const everybody = { type: 0, flag: 0, access_mask: 0, who: Buffer.alloc(0) };
const opened = new Set<NfsServer>();

/** Ends every server; for `afterEach`. */
export function closeNfsServers(): void {
  for (const server of opened) server.close();
}

export class NfsServer extends EventEmitter {
  /** SEQ4_STATUS bits that are set in every answer. */
  flags = 0;
  /** The highest slot that a client may use from now on. */
  targetSlot: number;
  /** Highest slot seen in a request since this was last set. */
  highestSlot = 0;
  /** Whether it still knows nothing but claims of what was held before. */
  grace = false;
  /** Sends no answers, and keeps connections open. */
  silent = false;
  /** Recalls every delegation before it sends the answer that grants it. */
  hasty = false;
  /** Returns attributes that were not requested and that nobody can decode. */
  talkative = false;
  /**
   * What becomes of a request in a session, the first being number 1. A status: it is not done, and SEQUENCE fails with
   * that. `lost`: it is done, and then session and connection are gone without an answer. `garbage`: it is done, and
   * nobody can decode the answer.
   */
  fate:
    | ((n: number, ops: readonly wire.nfs_argop4[]) => wire.nfsstat4 | 'lost' | 'garbage' | undefined)
    | undefined;
  delegations: NonNullable<NfsServerOptions['delegations']>;
  port = 0;
  /** The operations of each request, in the order of arrival, without repeats in a slot. */
  readonly requests: wire.nfs_argop4[][] = [];
  /** The requests that were repeated in their slot. */
  repeats = 0;

  private readonly options: Required<NfsServerOptions>;
  private readonly files = new Map<string, File>();
  private readonly clients = new Map<bigint, Client>();
  private readonly sessions = new Map<string, Session>();
  private readonly states = new Map<string, State>();
  private readonly refusals = new Map<number, { status: wire.nfsstat4; times: number }>();
  private readonly connections = new Set<Socket>();
  private readonly waiting = new Map<number, (from: Reader) => void>();
  private server: Server | undefined;
  private serial = 0;
  private inSessions = 0;
  private readonly root: File;

  private constructor(options: NfsServerOptions) {
    super();
    this.setMaxListeners(0);
    this.options = {
      leaseTimeS: 10,
      minorMax: 2,
      slots: 16,
      delegations: 'open',
      name: 'scripted',
      ...options,
    };
    this.targetSlot = this.options.slots - 1;
    this.delegations = this.options.delegations;
    this.root = this.made('', wire.NF4DIR);
  }

  static async start(options: NfsServerOptions = {}): Promise<NfsServer> {
    const one = new NfsServer(options);
    const server = createServer({ noDelay: true }, (socket) => {
      one.accept(socket);
    }).listen(0, '127.0.0.1');
    one.server = server;
    await once(server, 'listening');
    one.port = (server.address() as AddressInfo).port;
    opened.add(one);
    return one;
  }

  close(): void {
    opened.delete(this);
    this.cut();
    this.server?.close();
  }

  // --- controls for tests

  /** Makes a file in the root, or a symbolic link there. */
  file(name: string, target?: string): string {
    this.made(name, target === undefined ? wire.NF4REG : wire.NF4LNK, target);
    return name;
  }
  directory(name: string): void {
    this.made(name, wire.NF4DIR);
  }
  /** From now on, the name leads to another file or to none. */
  replace(name: string, by: 'a new file' | 'nothing'): void {
    this.files.delete(name);
    if (by === 'a new file') this.file(name);
  }
  /** Renames a file. */
  keepAs(name: string, later: string): void {
    const file = this.named(name);
    this.files.delete(name);
    this.files.set(later, { ...file, name: later });
  }
  /** From now on, it has the inode number and the time of creation of a directory of this machine. */
  show(name: string, directory: string): void {
    const { ino, birthtimeNs } = statSync(directory, { bigint: true });
    const timeCreate = {
      seconds: birthtimeNs / 1_000_000_000n,
      nseconds: Number(birthtimeNs % 1_000_000_000n),
    };
    Object.assign(this.named(name), { fileid: ino, timeCreate });
  }
  /** Another client writes to a file. */
  change(name: string): void {
    this.named(name).change++;
  }
  handleOf(name: string): Buffer {
    return this.named(name).fh;
  }

  /** Makes the next operations of this kind fail, as many as given. */
  refuse(op: wire.nfs_opnum4, status: wire.nfsstat4, times = 1): void {
    this.refusals.set(op, { status, times });
  }

  /** How often an operation was requested. */
  count(op: wire.nfs_opnum4): number {
    return this.requests.flat().filter(({ argop }) => argop === op).length;
  }
  /** Resolves when an operation has been requested this often. */
  async asked(op: wire.nfs_opnum4, times: number): Promise<void> {
    while (this.count(op) < times) await once(this, 'request');
  }

  /** Cuts all connections; clients may reconnect. */
  cut(): void {
    for (const socket of [...this.connections]) socket.destroy();
  }

  /** Forgets all state of the clients. */
  restart(): void {
    this.sessions.clear();
    this.clients.clear();
    this.states.clear();
    this.cut();
    this.grace = true;
  }

  /** Restarts: keeps the sessions but loses all opens and delegations, and reports that until they are reclaimed. */
  restartWithSessions(): void {
    this.states.clear();
    for (const client of this.clients.values()) client.reclaimed = false;
    this.grace = true;
    this.flags |= wire.SEQ4_STATUS_RESTART_RECLAIM_NEEDED;
  }

  /** Forgets the sessions and nothing else. */
  dropSessions(): void {
    this.sessions.clear();
  }

  held(name: string): Kind[] {
    return this.delegationsOf(name).map(({ kind }) => kind);
  }
  opens(name: string): Kind[] {
    const file = this.files.get(name);
    return [...this.states.values()]
      .filter((state) => state.type === 'open' && state.file === file)
      .map(({ kind }) => kind);
  }

  /** Takes a delegation by force, or all that there is of a file, and says so in every answer until it is freed. */
  revoke(name: string, withOpens = false): void {
    for (const state of this.delegationsOf(name)) state.revoked = true;
    const file = this.named(name);
    for (const state of withOpens ? this.states.values() : []) if (state.file === file) state.revoked = true;
    this.flags |= wire.SEQ4_STATUS_RECALLABLE_STATE_REVOKED;
  }

  /** Grants a delegation that the client never learns of. */
  leak(name: string): void {
    const [session] = this.sessions.values();
    const file = this.named(name);
    const stateid = this.stateid();
    if (!session) throw new Error('nobody is there');
    this.states.set(keyOf(stateid), {
      ...{
        client: session.client,
        file,
        stateid,
        kind: 'read',
        type: 'delegation',
        owner: '',
        modes: new Set(),
        revoked: false,
      },
    });
  }

  /** Asks for a delegation back. Returns the answers of those who have it. */
  async recall(name: string): Promise<wire.nfsstat4[]> {
    const { fh } = this.named(name);
    const holders = this.delegationsOf(name);
    const answers = holders.map(({ client, stateid }) =>
      this.callback(client, { argop: wire.OP_CB_RECALL, opcbrecall: { stateid, truncate: false, fh } }),
    );
    return (await Promise.all(answers)).map(({ status }) => status);
  }

  /** Sends one callback to every client. */
  async tell(op: wire.nfs_cb_argop4): Promise<wire.CB_COMPOUND4res> {
    const [client] = [...this.sessions.values()].map((session) => session.client);
    if (!client) throw new Error('nobody is there');
    return this.callback(client, op);
  }

  // --- files and states

  private made(name: string, type: wire.nfs_ftype4, target = ''): File {
    const fh = Buffer.from(`fh ${name} ${String(++this.serial)}`);
    const fileid = BigInt(fh.length);
    const timeCreate = { seconds: BigInt(this.serial), nseconds: 0 };
    const file = { fh, name, type, change: 1n, target, fileid, timeCreate };
    this.files.set(name, file);
    return file;
  }
  private named(name: string): File {
    const file = this.files.get(name);
    if (!file) throw new Error(`there is no ${name}`);
    return file;
  }
  private delegationsOf(name: string): State[] {
    const file = this.files.get(name);
    return [...this.states.values()].filter(
      (state) => state.type === 'delegation' && state.file === file && !state.revoked,
    );
  }
  private stateid(): wire.stateid4 {
    const other = Buffer.alloc(12);
    other.writeUInt32BE(++this.serial, 8);
    return { seqid: 1, other };
  }

  // --- connections and records

  private accept(socket: Socket): void {
    const records = new RecordReader();
    this.connections.add(socket);
    socket.on('data', (chunk: Buffer) => {
      for (const record of records.push(chunk)) this.take(socket, new Reader(record));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.connections.delete(socket);
      for (const session of this.sessions.values()) if (session.back === socket) session.back = undefined;
    });
  }

  private take(socket: Socket, from: Reader): void {
    const { xid, body } = wire.rpc_msg.read(from);
    if (body.mtype === wire.REPLY) {
      this.waiting.get(xid)?.(from);
      this.waiting.delete(xid);
      return;
    }
    if (this.silent) return;
    const answer = this.compound(socket, from);
    const message = new Writer();
    const verf = { flavor: wire.AUTH_NONE, body: Buffer.alloc(0) };
    const data = { stat: answer ? wire.SUCCESS : wire.GARBAGE_ARGS } as wire.reply_data;
    const rbody = { stat: wire.MSG_ACCEPTED, areply: { verf, data } } as wire.reply_body;
    wire.rpc_msg.write(message, { xid, body: { mtype: wire.REPLY, rbody } });
    if (answer) message.raw(answer);
    socket.write(asRecord(message.take()));
  }

  private async callback(client: Client, op: wire.nfs_cb_argop4): Promise<wire.CB_COMPOUND4res> {
    const session = [...this.sessions.values()].find((one) => one.client === client && one.back);
    if (!session?.back) throw new Error('there is no way back to the client');
    const message = new Writer();
    const xid = ++this.serial;
    const nobody: wire.opaque_auth = { flavor: wire.AUTH_NONE, body: Buffer.alloc(0) };
    const cbody = { rpcvers: 2, prog: session.callbackProgram, vers: 1, proc: 1, cred: nobody, verf: nobody };
    wire.rpc_msg.write(message, { xid, body: { mtype: wire.CALL, cbody } });
    const head = { tag: Buffer.alloc(0), minorversion: 1, callback_ident: 0, operations: 2 };
    wire.CB_COMPOUND4head.write(message, head);
    const opcbsequence = {
      ...{ csa_sessionid: session.id, csa_sequenceid: ++session.callbacks, csa_slotid: 0 },
      ...{ csa_highest_slotid: 0, csa_cachethis: false, csa_referring_call_lists: [] },
    };
    wire.nfs_cb_argop4.write(message, { argop: wire.OP_CB_SEQUENCE, opcbsequence });
    wire.nfs_cb_argop4.write(message, op);
    const answered = new Promise<Reader>((resolve) => this.waiting.set(xid, resolve));
    session.back.write(asRecord(message.take()));
    const from = await answered;
    return decode(wire.CB_COMPOUND4res, from.raw(from.left));
  }

  // --- requests

  private compound(connection: Socket, from: Reader): Buffer | undefined {
    let args: wire.COMPOUND4args;
    try {
      args = decode(wire.COMPOUND4args, from.raw(from.left));
    } catch (error) {
      if (error instanceof XdrError) return undefined;
      throw error;
    }
    const resarray: wire.nfs_resop4[] = [];
    let status: wire.nfsstat4 = wire.NFS4_OK;
    const state: Compound = {
      session: undefined,
      connection,
      current: undefined,
      repeat: undefined,
      slot: 0,
    };
    const fate =
      args.argarray[0]?.argop === wire.OP_SEQUENCE
        ? this.fate?.(++this.inSessions, args.argarray)
        : undefined;
    if (typeof fate === 'number') this.refuse(wire.OP_SEQUENCE, fate);
    if (args.minorversion > this.options.minorMax) status = wire.NFS4ERR_MINOR_VERS_MISMATCH;
    for (const op of status === wire.NFS4_OK ? args.argarray : []) {
      const refusal = this.refusals.get(op.argop);
      if (refusal && refusal.times > 0 && !state.repeat) {
        refusal.times--;
        status = refusal.status;
        resarray.push(failed(op, status));
      } else {
        const result = this.serve(op, state);
        if (state.repeat) {
          this.repeats++;
          return state.repeat;
        }
        status = statusOf(result);
        resarray.push(result);
      }
      if (status !== wire.NFS4_OK) break;
    }
    this.requests.push(args.argarray);
    const answer = Buffer.from(encode(wire.COMPOUND4res, { status, tag: args.tag, resarray }));
    const slot = state.session?.slots.get(state.slot);
    if (slot) slot.answer = answer;
    this.emit('request');
    if (fate === 'lost' && state.session) {
      this.sessions.delete(state.session.id.toString('hex'));
      connection.destroy();
    }
    return fate === 'garbage' ? Buffer.alloc(24, 0xff) : answer;
  }

  private serve(op: wire.nfs_argop4, state: Compound): wire.nfs_resop4 {
    const no = (status: wire.nfsstat4): wire.nfs_resop4 => failed(op, status);
    const { current } = state;
    switch (op.argop) {
      case wire.OP_EXCHANGE_ID:
        return this.exchangeId(op.opexchange_id, no);
      case wire.OP_CREATE_SESSION:
        return this.createSession(op.opcreate_session, state.connection, no);
      case wire.OP_BIND_CONN_TO_SESSION: {
        const { bctsa_sessid } = op.opbind_conn_to_session;
        const session = this.sessions.get(bctsa_sessid.toString('hex'));
        if (!session) return no(wire.NFS4ERR_BADSESSION);
        session.back = state.connection;
        const bctsr_resok4: wire.BIND_CONN_TO_SESSION4resok = {
          ...{ bctsr_sessid: session.id, bctsr_dir: wire.CDFS4_BOTH, bctsr_use_conn_in_rdma_mode: false },
        };
        return {
          resop: op.argop,
          opbind_conn_to_session: { bctsr_status: wire.NFS4_OK, bctsr_resok4 },
        };
      }
      case wire.OP_DESTROY_SESSION:
        this.sessions.delete(op.opdestroy_session.dsa_sessionid.toString('hex'));
        return { resop: op.argop, opdestroy_session: { dsr_status: wire.NFS4_OK } };
      case wire.OP_DESTROY_CLIENTID:
        for (const { client } of this.states.values())
          if (client.id === op.opdestroy_clientid.dca_clientid) return no(wire.NFS4ERR_CLIENTID_BUSY);
        this.forget(this.clients.get(op.opdestroy_clientid.dca_clientid));
        return { resop: op.argop, opdestroy_clientid: { dcr_status: wire.NFS4_OK } };
      case wire.OP_SEQUENCE:
        return this.sequence(op.opsequence, state, no);
      case wire.OP_RECLAIM_COMPLETE:
        if (state.session) state.session.client.reclaimed = true;
        this.flags &= ~wire.SEQ4_STATUS_RESTART_RECLAIM_NEEDED;
        return { resop: op.argop, opreclaim_complete: { rcr_status: wire.NFS4_OK } };
      case wire.OP_PUTROOTFH:
        state.current = this.root;
        return { resop: op.argop, opputrootfh: { status: wire.NFS4_OK } };
      case wire.OP_PUTFH: {
        state.current = [...this.files.values()].find(({ fh }) => fh.equals(op.opputfh.object));
        return state.current
          ? { resop: op.argop, opputfh: { status: wire.NFS4_OK } }
          : no(wire.NFS4ERR_STALE);
      }
      case wire.OP_LOOKUP: {
        if (current?.type === wire.NF4LNK) return no(wire.NFS4ERR_SYMLINK);
        if (current?.type !== wire.NF4DIR) return no(wire.NFS4ERR_NOTDIR);
        state.current = this.files.get(below(current, op.oplookup.objname));
        return state.current
          ? { resop: op.argop, oplookup: { status: wire.NFS4_OK } }
          : no(wire.NFS4ERR_NOENT);
      }
      case wire.OP_GETFH:
        if (!current) return no(wire.NFS4ERR_NOFILEHANDLE);
        return {
          resop: op.argop,
          opgetfh: { status: wire.NFS4_OK, resok4: { object: current.fh } },
        };
      case wire.OP_READLINK:
        if (current?.type !== wire.NF4LNK) return no(wire.NFS4ERR_INVAL);
        return {
          resop: op.argop,
          opreadlink: { status: wire.NFS4_OK, resok4: { link: bytesOfName(current.target) } },
        };
      case wire.OP_GETATTR: {
        if (!current) return no(wire.NFS4ERR_NOFILEHANDLE);
        const obj_attributes = this.attributes(current, op.opgetattr.attr_request);
        return { resop: op.argop, opgetattr: { status: wire.NFS4_OK, resok4: { obj_attributes } } };
      }
      case wire.OP_OPEN:
        return this.open(op.opopen, state, no);
      case wire.OP_WANT_DELEGATION: {
        if (this.delegations !== 'want') return no(wire.NFS4ERR_NOTSUPP);
        const { wda_want } = op.opwant_delegation;
        const wdr_resok4 = this.delegate(state, wda_want);
        return { resop: op.argop, opwant_delegation: { wdr_status: wire.NFS4_OK, wdr_resok4 } };
      }
      case wire.OP_OPEN_DOWNGRADE: {
        const found = this.states.get(keyOf(op.opopen_downgrade.open_stateid));
        if (!found) return no(wire.NFS4ERR_BAD_STATEID);
        if (isOld(op.opopen_downgrade.open_stateid, found)) return no(wire.NFS4ERR_OLD_STATEID);
        if (!found.modes.has('read')) return no(wire.NFS4ERR_INVAL);
        found.kind = 'read';
        found.modes.delete('write');
        found.stateid.seqid++;
        const resok4 = { open_stateid: found.stateid };
        return { resop: op.argop, opopen_downgrade: { status: wire.NFS4_OK, resok4 } };
      }
      case wire.OP_CLOSE: {
        const key = keyOf(op.opclose.open_stateid);
        const found = this.states.get(key);
        if (!found) return no(wire.NFS4ERR_BAD_STATEID);
        if (found.revoked) return no(wire.NFS4ERR_ADMIN_REVOKED);
        if (isOld(op.opclose.open_stateid, found)) return no(wire.NFS4ERR_OLD_STATEID);
        this.states.delete(key);
        const open_stateid = op.opclose.open_stateid;
        return { resop: op.argop, opclose: { status: wire.NFS4_OK, open_stateid } };
      }
      case wire.OP_DELEGRETURN: {
        const key = keyOf(op.opdelegreturn.deleg_stateid);
        const found = this.states.get(key);
        if (!found) return no(wire.NFS4ERR_BAD_STATEID);
        if (found.revoked) return no(wire.NFS4ERR_DELEG_REVOKED);
        this.states.delete(key);
        return { resop: op.argop, opdelegreturn: { status: wire.NFS4_OK } };
      }
      case wire.OP_TEST_STATEID: {
        const tsr_status_codes = op.optest_stateid.ts_stateids.map((stateid) => {
          const found = this.states.get(keyOf(stateid));
          if (!found) return wire.NFS4ERR_BAD_STATEID;
          return found.revoked ? wire.NFS4ERR_DELEG_REVOKED : wire.NFS4_OK;
        });
        return {
          resop: op.argop,
          optest_stateid: { tsr_status: wire.NFS4_OK, tsr_resok4: { tsr_status_codes } },
        };
      }
      case wire.OP_FREE_STATEID: {
        const key = keyOf(op.opfree_stateid.fsa_stateid);
        if (!this.states.get(key)?.revoked) return no(wire.NFS4ERR_BAD_STATEID);
        this.states.delete(key);
        const left = [...this.states.values()].some(({ revoked }) => revoked);
        if (!left) this.flags &= ~wire.SEQ4_STATUS_RECALLABLE_STATE_REVOKED;
        return { resop: op.argop, opfree_stateid: { fsr_status: wire.NFS4_OK } };
      }
      default:
        return no(wire.NFS4ERR_NOTSUPP);
    }
  }

  private exchangeId(
    { eia_clientowner, eia_flags }: wire.EXCHANGE_ID4args,
    no: (status: wire.nfsstat4) => wire.nfs_resop4,
  ): wire.nfs_resop4 {
    const owner = eia_clientowner.co_ownerid.toString('hex');
    const verifier = eia_clientowner.co_verifier.toString('hex');
    const known = [...this.clients.values()].find((each) => each.owner === owner && each.confirmed);
    if ((eia_flags & wire.EXCHGID4_FLAG_UPD_CONFIRMED_REC_A) !== 0) {
      if (!known) return no(wire.NFS4ERR_NOENT);
      if (known.verifier !== verifier) return no(wire.NFS4ERR_NOT_SAME);
    }
    let client = known;
    if (client?.verifier !== verifier) {
      const id = BigInt(++this.serial);
      client = { id, owner, verifier, confirmed: false, reclaimed: false };
      this.clients.set(id, client);
    }
    const eir_resok4: wire.EXCHANGE_ID4resok = {
      eir_clientid: client.id,
      eir_sequenceid: 1,
      eir_flags:
        (wire.EXCHGID4_FLAG_USE_NON_PNFS | (client.confirmed ? wire.EXCHGID4_FLAG_CONFIRMED_R : 0)) >>> 0,
      eir_state_protect: { spr_how: wire.SP4_NONE },
      eir_server_owner: { so_minor_id: 0n, so_major_id: Buffer.from(this.options.name) },
      eir_server_scope: Buffer.from('scripted'),
      eir_server_impl_id: [],
    };
    return { resop: wire.OP_EXCHANGE_ID, opexchange_id: { eir_status: wire.NFS4_OK, eir_resok4 } };
  }

  private createSession(
    args: wire.CREATE_SESSION4args,
    connection: Socket,
    no: (status: wire.nfsstat4) => wire.nfs_resop4,
  ): wire.nfs_resop4 {
    const client = this.clients.get(args.csa_clientid);
    if (!client) return no(wire.NFS4ERR_STALE_CLIENTID);
    client.confirmed = true;
    for (const other of this.clients.values())
      if (other !== client && other.owner === client.owner) this.forget(other);
    const id = Buffer.alloc(16);
    id.writeUInt32BE(++this.serial);
    this.sessions.set(id.toString('hex'), {
      ...{ id, client, slots: new Map(), callbacks: 0, callbackProgram: args.csa_cb_program },
      back: connection,
    });
    const csr_resok4 = {
      csr_sessionid: id,
      csr_sequence: args.csa_sequence,
      csr_flags: wire.CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
      csr_fore_chan_attrs: { ...args.csa_fore_chan_attrs, ca_maxrequests: this.options.slots },
      csr_back_chan_attrs: args.csa_back_chan_attrs,
    };
    return { resop: wire.OP_CREATE_SESSION, opcreate_session: { csr_status: wire.NFS4_OK, csr_resok4 } };
  }

  private forget(client: Client | undefined): void {
    if (!client) return;
    this.clients.delete(client.id);
    for (const [key, session] of this.sessions) if (session.client === client) this.sessions.delete(key);
    for (const [key, state] of this.states) if (state.client === client) this.states.delete(key);
  }

  private sequence(
    { sa_sessionid, sa_sequenceid, sa_slotid }: wire.SEQUENCE4args,
    state: Compound,
    no: (status: wire.nfsstat4) => wire.nfs_resop4,
  ): wire.nfs_resop4 {
    const session = this.sessions.get(sa_sessionid.toString('hex'));
    if (!session) return no(wire.NFS4ERR_BADSESSION);
    if (sa_slotid >= this.options.slots) return no(wire.NFS4ERR_BADSLOT);
    this.highestSlot = Math.max(this.highestSlot, sa_slotid);
    const slot = session.slots.get(sa_slotid) ?? { sequence: 0, answer: Buffer.alloc(0) };
    session.slots.set(sa_slotid, slot);
    if (sa_sequenceid === slot.sequence) {
      state.repeat = slot.answer;
    } else if (sa_sequenceid !== slot.sequence + 1) {
      return no(wire.NFS4ERR_SEQ_MISORDERED);
    }
    slot.sequence = sa_sequenceid;
    state.session = session;
    state.slot = sa_slotid;
    const sr_resok4 = {
      ...{ sr_sessionid: session.id, sr_sequenceid: sa_sequenceid, sr_slotid: sa_slotid },
      ...{ sr_highest_slotid: this.options.slots - 1, sr_target_highest_slotid: this.targetSlot },
      sr_status_flags: this.flags,
    };
    return { resop: wire.OP_SEQUENCE, opsequence: { sr_status: wire.NFS4_OK, sr_resok4 } };
  }

  private attributes({ type, change, fileid, timeCreate }: File, asked: wire.bitmap4): wire.fattr4 {
    const values: Attributes = {
      timeCreate,
      ...{ type, change, size: 5n, fsid: { major: 0n, minor: 1n }, leaseTime: this.options.leaseTimeS },
      ...{ fileid, timeMetadata: { seconds: 1n, nseconds: 0 } },
      changeAttrType: wire.NFS4_CHANGE_TYPE_IS_MONOTONIC_INCR,
      supported: [],
    };
    values.supported = writeAttributes(values).attrmask;
    const entries = Object.entries(values).filter(([name, value]) =>
      writeAttributes({ [name]: value }).attrmask.some((word, n) => ((asked[n] ?? 0) & word) !== 0),
    );
    const { attrmask, attr_vals } = writeAttributes(Object.fromEntries(entries));
    return { attrmask: this.talkative ? [...attrmask, 0, 0, 0, 1] : attrmask, attr_vals };
  }

  private open(
    { share_access, owner, claim }: wire.OPEN4args,
    state: Compound,
    no: (status: wire.nfsstat4) => wire.nfs_resop4,
  ): wire.nfs_resop4 {
    const { session } = state;
    if (!session || !state.current) return no(wire.NFS4ERR_NOFILEHANDLE);
    const { client } = session;
    const isClaim = claim.claim === wire.CLAIM_PREVIOUS;
    if (this.grace && !isClaim) return no(wire.NFS4ERR_GRACE);
    if (isClaim && (!this.grace || client.reclaimed)) return no(wire.NFS4ERR_NO_GRACE);
    if (claim.claim === wire.CLAIM_NULL) {
      const found = this.files.get(below(state.current, claim.file));
      if (!found) return no(wire.NFS4ERR_NOENT);
      state.current = found;
    }
    const file = state.current;
    if (file.type === wire.NF4LNK) return no(wire.NFS4ERR_SYMLINK);
    if (file.type !== wire.NF4REG) return no(wire.NFS4ERR_ISDIR);
    const name = owner.owner.toString('hex');
    const kind: Kind = (share_access & wire.OPEN4_SHARE_ACCESS_WRITE) === 0 ? 'read' : 'write';
    const inWay = this.delegationsOf(file.name).filter(
      (one) => one.client !== client && (kind === 'write' || one.kind === 'write'),
    );
    if (inWay.length > 0) {
      this.recall(file.name).catch(() => undefined);
      return no(wire.NFS4ERR_DELAY);
    }
    let open = [...this.states.values()].find(
      (one) => one.type === 'open' && one.file === file && one.owner === name && one.client === client,
    );
    if (open) {
      open.stateid.seqid++;
      if (kind === 'write') open.kind = 'write';
      open.modes.add(kind);
    } else {
      const modes = new Set([kind]);
      const stateid = this.stateid();
      open = { client, file, stateid, kind, type: 'open', owner: name, modes, revoked: false };
      this.states.set(keyOf(open.stateid), open);
    }
    let delegation: wire.open_delegation4 = { delegation_type: wire.OPEN_DELEGATE_NONE };
    const claimed = isClaim && claim.delegate_type !== wire.OPEN_DELEGATE_NONE;
    if ((share_access & wire.OPEN4_SHARE_ACCESS_WANT_NO_DELEG) !== 0) {
      const od_whynone: wire.open_none_delegation4 = { ond_why: wire.WND4_NOT_WANTED };
      delegation = { delegation_type: wire.OPEN_DELEGATE_NONE_EXT, od_whynone };
    } else if (claimed && this.delegations !== 'none')
      delegation = this.delegate(state, kind === 'read' ? 0x100 : 0x200);
    else if (this.delegations === 'open for reading' && kind === 'write') {
      const od_whynone: wire.open_none_delegation4 = { ond_why: wire.WND4_WRITE_DELEG_NOT_SUPP_FTYPE };
      delegation = { delegation_type: wire.OPEN_DELEGATE_NONE_EXT, od_whynone };
    } else if (this.delegations === 'open, but for reading')
      delegation = this.delegate(state, wire.OPEN4_SHARE_ACCESS_WANT_READ_DELEG);
    else if (this.delegations.startsWith('open')) delegation = this.delegate(state, share_access);
    else if (this.delegations === 'none') {
      const od_whynone: wire.open_none_delegation4 = {
        ...{ ond_why: wire.WND4_RESOURCE, ond_server_will_signal_avail: false },
      };
      delegation = { delegation_type: wire.OPEN_DELEGATE_NONE_EXT, od_whynone };
    }
    const resok4 = {
      stateid: { seqid: open.stateid.seqid, other: open.stateid.other },
      cinfo: { atomic: false, before: 0n, after: 0n },
      ...{ rflags: 0, attrset: [], delegation },
    };
    return { resop: wire.OP_OPEN, opopen: { status: wire.NFS4_OK, resok4 } };
  }

  /** Grants a delegation, one per client and file. */
  private delegate({ session, current: file }: Compound, want: number): wire.open_delegation4 {
    const kind: Kind = (want & wire.OPEN4_SHARE_ACCESS_WANT_WRITE_DELEG) === 0 ? 'read' : 'write';
    const others = file && session ? this.delegationsOf(file.name) : [];
    if (!file || !session || others.some((one) => kind === 'write' || one.client === session.client)) {
      const od_whynone: wire.open_none_delegation4 = {
        ...{ ond_why: wire.WND4_CONTENTION, ond_server_will_push_deleg: false },
      };
      return { delegation_type: wire.OPEN_DELEGATE_NONE_EXT, od_whynone };
    }
    const stateid = this.stateid();
    const state: State = {
      ...{
        client: session.client,
        file,
        stateid,
        kind,
        type: 'delegation',
        owner: '',
        modes: new Set(),
        revoked: false,
      },
    };
    this.states.set(keyOf(stateid), state);
    if (this.hasty) void this.recall(file.name);
    const given = { stateid, recall: false, permissions: everybody };
    return kind === 'read'
      ? { delegation_type: wire.OPEN_DELEGATE_READ, read: given }
      : {
          delegation_type: wire.OPEN_DELEGATE_WRITE,
          write: { ...given, space_limit: { limitby: wire.NFS_LIMIT_SIZE, filesize: 0n } },
        };
  }
}

const below = (directory: File, name: Buffer): string =>
  directory.name === '' ? textOfName(name) : `${directory.name}/${textOfName(name)}`;

/** Zero stands for the newest. */
const isOld = ({ seqid }: wire.stateid4, { stateid }: State): boolean => seqid !== 0 && seqid < stateid.seqid;

/** Every answer begins with its status, under whatever name the standard gives it. */
function failed({ argop }: wire.nfs_argop4, status: wire.nfsstat4): wire.nfs_resop4 {
  const to = new Writer();
  to.uint32(argop);
  to.uint32(status);
  return wire.nfs_resop4.read(new Reader(to.take()));
}
function statusOf(result: wire.nfs_resop4): wire.nfsstat4 {
  const from = new Reader(encode(wire.nfs_resop4, result));
  from.uint32();
  return from.uint32() as wire.nfsstat4;
}
