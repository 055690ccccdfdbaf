import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import type { Log } from '#telemetry';
import { encode, Reader, wire, Writer, XdrError } from '#nfs4';
import type { Contract } from '../contract';
import { ioBytesMax } from './attributes';
import { Clients, keptBytesMax, Session, slotsMax } from './clients';
import { type Answer, type Caller, Connection, credentialOf } from './connection';
import { Failure, statusOfError } from './failure';
import { type Compound, Operations } from './operations';
import { Tree } from './tree';

/**
 * A small NFSv4.1 and NFSv4.2 server over a directory, whose opens, locks and delegations are at the lease service: several of them
 * over one directory are one NFS server to their clients. An example, and not more: it believes AUTH_SYS.
 */

export interface HeadOptions {
  directory: string;
  host: string;
  port: number;
  /** Under which the lease service knows the directory. */
  exportName: string;
  /** Shared by the heads of the directory. */
  records: string;
  leaseTimeMs: number;
}

const connectionsMax = 1_024;
const program = 100_003;
const version = 4;
/** The minor versions, and the last operation of each. Of NFSv4.2 there is what RFC 9754 adds; its operations are optional. */
const lastOperations = new Map<number, wire.nfs_opnum4>([
  [1, wire.OP_RECLAIM_COMPLETE],
  [2, wire.OP_CLONE],
]);
const operationsMax = 64;
const tagBytesMax = 1_024;
/** For what is around the data of READ and WRITE. */
const overheadBytes = 4 * 1024;

/** They need no session, and stand alone. */
const alone = new Set<wire.nfs_opnum4>([
  wire.OP_EXCHANGE_ID,
  wire.OP_CREATE_SESSION,
  wire.OP_DESTROY_SESSION,
  wire.OP_DESTROY_CLIENTID,
  wire.OP_BIND_CONN_TO_SESSION,
]);

/** The answer to a whole request: a repeat of an earlier one. */
class Repeated extends Error {
  constructor(readonly answer: Buffer) {
    super('repeated');
  }
}

export class NfsHead {
  private readonly connections = new Set<Connection>();

  private constructor(
    private readonly tree: Tree,
    private readonly clients: Clients,
    private readonly operations: Operations,
    private readonly server: Server,
    private readonly options: HeadOptions,
    private readonly log: Log,
  ) {}

  /** Serves until it is closed. @throws if the directory or the port cannot be had */
  static async listen(contract: Contract, options: HeadOptions, log: Log): Promise<NfsHead> {
    const { host, port, exportName, records, leaseTimeMs } = options;
    const tree = await Tree.open(options.directory);
    const clients = new Clients(contract, tree, { records, leaseTimeMs, name: exportName });
    const server = createServer({ noDelay: true, keepAlive: true });
    server.maxConnections = connectionsMax;
    const operations = new Operations(tree, exportName, leaseTimeMs);
    const head = new NfsHead(tree, clients, operations, server, options, log);
    server.on('connection', (socket) => {
      const connection: Connection = new Connection(
        socket,
        (call, caller, args) => head.call(connection, call, caller, args),
        () => {
          head.connections.delete(connection);
          clients.leave(connection);
        },
      );
      head.connections.add(connection);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return head;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    this.clients.close();
    for (const connection of this.connections) connection.close();
    await new Promise((resolve) => this.server.close(resolve));
    await this.tree.close();
  }

  private async call(
    connection: Connection,
    { prog, vers, proc }: wire.call_body,
    caller: Caller | undefined,
    args: Reader,
  ): Promise<Answer> {
    if (prog !== program) return { stat: wire.PROG_UNAVAIL };
    if (vers !== version) return { stat: wire.PROG_MISMATCH, mismatch_info: { low: version, high: version } };
    if (proc === 0) return Buffer.alloc(0);
    if (proc !== 1) return { stat: wire.PROC_UNAVAIL };
    try {
      return await this.compound(connection, caller, args);
    } catch (error) {
      if (error instanceof Repeated) return error.answer;
      if (error instanceof XdrError) return { stat: wire.GARBAGE_ARGS };
      this.log.error({ error: String(error) }, 'a request failed');
      return { stat: wire.SYSTEM_ERR };
    }
  }

  private async compound(connection: Connection, caller: Caller | undefined, args: Reader): Promise<Buffer> {
    const digest = args.left > 0 ? digestOf(args) : '';
    const { tag, minorversion, operations } = wire.COMPOUND4head.read(args);
    if (tag.length > tagBytesMax) throw new XdrError('the tag is too long');
    const reply = (status: wire.nfsstat4, resarray: wire.nfs_resop4[]): Buffer =>
      Buffer.from(encode(wire.COMPOUND4res, { status, tag, resarray }));
    const last = lastOperations.get(minorversion);
    if (last === undefined) return reply(wire.NFS4ERR_MINOR_VERS_MISMATCH, []);
    const isKnown = (op: number): boolean => op >= wire.OP_ACCESS && op <= last;

    if (operations > operationsMax) return reply(wire.NFS4ERR_TOO_MANY_OPS, []);
    const results: wire.nfs_resop4[] = [];
    let status: wire.nfsstat4 = wire.NFS4_OK;
    let state: Compound | undefined;
    let keep: ((answer: Buffer) => void) | undefined;
    for (let n = 0; n < operations && status === wire.NFS4_OK; n++) {
      let op: wire.nfs_argop4;
      try {
        op = wire.nfs_argop4.read(args);
      } catch (error) {
        if (!(error instanceof XdrError) || n === 0) throw error;
        status = wire.NFS4ERR_BADXDR;
        results.push(failed(wire.OP_ILLEGAL, status));
        break;
      }
      try {
        if (!isKnown(op.argop)) throw new Failure(wire.NFS4ERR_OP_ILLEGAL);
        if (op.argop === wire.OP_SEQUENCE) {
          if (n > 0) throw new Failure(wire.NFS4ERR_SEQUENCE_POS);
          if (caller === undefined) throw new Failure(wire.NFS4ERR_WRONGSEC);
          const begun = await this.sequence(op.opsequence, connection, caller, digest);
          ({ state, keep } = begun);
          results.push(begun.result);
        } else if (n === 0 || state === undefined) {
          if (!alone.has(op.argop)) throw new Failure(wire.NFS4ERR_OP_NOT_IN_SESSION);
          if (operations > 1) throw new Failure(wire.NFS4ERR_NOT_ONLY_OP);
          results.push(await this.manage(op, connection, caller, minorversion));
        } else {
          state.requestId = `${state.requestId.split('.')[0] ?? ''}.${String(n)}`;
          results.push(
            await (alone.has(op.argop)
              ? this.manage(op, connection, caller, minorversion)
              : this.serve(op, state)),
          );
        }
        const result = results.at(-1);
        if (result !== undefined) status = statusIn(result);
      } catch (error) {
        const expected = statusOfError(error);
        if (error instanceof Repeated) throw error;
        if (expected === undefined)
          this.log.error(
            { operation: wire.nfs_opnum4.nameOf(op.argop), error: String(error) },
            'an operation failed',
          );
        status = expected ?? wire.NFS4ERR_SERVERFAULT;
        results.push(failed(isKnown(op.argop) ? op.argop : wire.OP_ILLEGAL, status));
      }
    }
    const answer = reply(status, results);
    keep?.(answer);
    return answer;
  }

  /** SEQUENCE: finds the session, and whether this is a repeat. */
  private async sequence(
    { sa_sessionid, sa_sequenceid, sa_slotid }: wire.SEQUENCE4args,
    connection: Connection,
    caller: Caller,
    digest: string,
  ): Promise<{ state: Compound; keep: (answer: Buffer) => void; result: wire.nfs_resop4 }> {
    const session = this.clients.session(sa_sessionid);
    if (session === undefined) throw new Failure(wire.NFS4ERR_BADSESSION);
    const slot = session.slots[sa_slotid];
    if (slot === undefined) throw new Failure(wire.NFS4ERR_BADSLOT);
    if (sa_sequenceid === slot.sequence && slot.digest !== '') {
      if (slot.digest !== digest) throw new Failure(wire.NFS4ERR_SEQ_FALSE_RETRY);
      if (slot.answer === 'running') throw new Failure(wire.NFS4ERR_DELAY);
      if (slot.answer === 'not kept') throw new Failure(wire.NFS4ERR_RETRY_UNCACHED_REP);
      throw new Repeated(slot.answer);
    }
    if (slot.answer === 'running' || sa_sequenceid !== (slot.sequence + 1) >>> 0)
      throw new Failure(wire.NFS4ERR_SEQ_MISORDERED);
    slot.sequence = sa_sequenceid;
    slot.digest = digest;
    slot.answer = 'running';
    const keep = (answer: Buffer): void => {
      slot.answer = answer.length <= keptBytesMax ? answer : 'not kept';
    };
    const { client } = session;
    session.connections.add(connection);
    if (!(await this.clients.renew(client))) {
      slot.answer = 'not kept';
      throw new Failure(wire.NFS4ERR_BADSESSION);
    }
    const sr_resok4 = {
      ...{ sr_sessionid: session.id, sr_sequenceid: sa_sequenceid, sr_slotid: sa_slotid },
      ...{ sr_highest_slotid: session.slots.length - 1, sr_target_highest_slotid: session.slots.length - 1 },
      sr_status_flags: (client.statusFlags | (client.hasWayBack ? 0 : wire.SEQ4_STATUS_CB_PATH_DOWN)) >>> 0,
    };
    const state: Compound = {
      ...{
        session,
        client,
        caller,
        current: undefined,
        saved: undefined,
        stateid: undefined,
        savedStateid: undefined,
      },
      requestId: `${session.id.toString('hex')}-${String(sa_slotid)}-${String(sa_sequenceid)}.0`,
    };
    return {
      state,
      keep,
      result: { resop: wire.OP_SEQUENCE, opsequence: { sr_status: wire.NFS4_OK, sr_resok4 } },
    };
  }

  /** What sets up clients and sessions. */
  private async manage(
    op: wire.nfs_argop4,
    connection: Connection,
    caller: Caller | undefined,
    minorversion: number,
  ): Promise<wire.nfs_resop4> {
    const principal = caller === undefined ? 'nobody' : `uid ${String(caller.uid)}`;
    switch (op.argop) {
      case wire.OP_EXCHANGE_ID:
        return this.exchangeId(op.opexchange_id, principal);
      case wire.OP_CREATE_SESSION:
        return this.createSession(op.opcreate_session, connection, principal, minorversion);
      case wire.OP_BIND_CONN_TO_SESSION: {
        const { bctsa_sessid, bctsa_dir } = op.opbind_conn_to_session;
        const session = this.clients.session(bctsa_sessid);
        if (session === undefined) throw new Failure(wire.NFS4ERR_BADSESSION);
        session.connections.add(connection);
        if (bctsa_dir !== wire.CDFC4_FORE) session.back.add(connection);
        const bctsr_resok4: wire.BIND_CONN_TO_SESSION4resok = {
          ...{ bctsr_sessid: session.id, bctsr_use_conn_in_rdma_mode: false },
          bctsr_dir: bctsa_dir === wire.CDFC4_FORE ? wire.CDFS4_FORE : wire.CDFS4_BOTH,
        };
        return { resop: op.argop, opbind_conn_to_session: { bctsr_status: wire.NFS4_OK, bctsr_resok4 } };
      }
      case wire.OP_DESTROY_SESSION: {
        const session = this.clients.session(op.opdestroy_session.dsa_sessionid);
        if (session === undefined) throw new Failure(wire.NFS4ERR_BADSESSION);
        this.clients.end(session);
        return { resop: op.argop, opdestroy_session: { dsr_status: wire.NFS4_OK } };
      }
      case wire.OP_DESTROY_CLIENTID:
        await this.clients.destroy(await this.clients.client(op.opdestroy_clientid.dca_clientid));
        return { resop: op.argop, opdestroy_clientid: { dcr_status: wire.NFS4_OK } };
      default:
        throw new Failure(wire.NFS4ERR_OP_ILLEGAL);
    }
  }

  private async exchangeId(args: wire.EXCHANGE_ID4args, principal: string): Promise<wire.nfs_resop4> {
    const { eia_clientowner, eia_flags, eia_state_protect } = args;
    const { co_ownerid: owner, co_verifier: verifier } = eia_clientowner;
    if (owner.length === 0) throw new Failure(wire.NFS4ERR_INVAL);
    if (eia_state_protect.spa_how !== wire.SP4_NONE) throw new Failure(wire.NFS4ERR_ENCR_ALG_UNSUPP);
    const update = (eia_flags & wire.EXCHGID4_FLAG_UPD_CONFIRMED_REC_A) !== 0;
    const { client, confirmed } = await this.clients.exchange({ owner, verifier, principal }, update);
    const name = Buffer.from(`leasehold ${this.options.exportName}`);
    const eir_resok4: wire.EXCHANGE_ID4resok = {
      eir_clientid: client.id,
      eir_sequenceid: ((client.created?.sequence ?? 0) + 1) >>> 0,
      eir_flags: (wire.EXCHGID4_FLAG_USE_NON_PNFS | (confirmed ? wire.EXCHGID4_FLAG_CONFIRMED_R : 0)) >>> 0,
      eir_state_protect: { spr_how: wire.SP4_NONE },
      // The same at every head: to their clients, the heads are one server.
      eir_server_owner: { so_minor_id: 0n, so_major_id: name },
      eir_server_scope: name,
      eir_server_impl_id: [],
    };
    return { resop: wire.OP_EXCHANGE_ID, opexchange_id: { eir_status: wire.NFS4_OK, eir_resok4 } };
  }

  private async createSession(
    args: wire.CREATE_SESSION4args,
    connection: Connection,
    principal: string,
    minorversion: number,
  ): Promise<wire.nfs_resop4> {
    const { csa_clientid, csa_sequence, csa_fore_chan_attrs, csa_back_chan_attrs } = args;
    const client = await this.clients.client(csa_clientid);
    const { created } = client;
    if (created !== undefined && csa_sequence === created.sequence && created.answer !== undefined)
      return created.answer;
    if (created !== undefined && csa_sequence !== (created.sequence + 1) >>> 0)
      throw new Failure(wire.NFS4ERR_SEQ_MISORDERED);
    const session = await this.clients.open(
      client,
      principal,
      () =>
        new Session(
          client,
          limited(csa_fore_chan_attrs),
          args.csa_cb_program,
          credentialOf(args.csa_sec_parms),
          minorversion,
        ),
    );
    session.connections.add(connection);
    const back = (args.csa_flags & wire.CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0;
    if (back) session.back.add(connection);
    const csr_resok4: wire.CREATE_SESSION4resok = {
      ...{ csr_sessionid: session.id, csr_sequence: csa_sequence },
      csr_flags: back ? wire.CREATE_SESSION4_FLAG_CONN_BACK_CHAN : 0,
      csr_fore_chan_attrs: session.fore,
      csr_back_chan_attrs: { ...csa_back_chan_attrs, ca_maxrequests: 1, ca_rdma_ird: [] },
    };
    const answer: wire.nfs_resop4 = {
      ...{ resop: wire.OP_CREATE_SESSION, opcreate_session: { csr_status: wire.NFS4_OK, csr_resok4 } },
    };
    client.created = { sequence: csa_sequence, answer };
    return answer;
  }

  private async serve(op: wire.nfs_argop4, state: Compound): Promise<wire.nfs_resop4> {
    const { operations } = this;
    switch (op.argop) {
      case wire.OP_PUTROOTFH:
        state.current = this.tree.root;
        return { resop: op.argop, opputrootfh: { status: wire.NFS4_OK } };
      case wire.OP_PUTFH:
        return operations.putfh(op.opputfh.object, state);
      case wire.OP_GETFH: {
        if (state.current === undefined) throw new Failure(wire.NFS4ERR_NOFILEHANDLE);
        return {
          resop: op.argop,
          opgetfh: { status: wire.NFS4_OK, resok4: { object: state.current.handle } },
        };
      }
      case wire.OP_SAVEFH:
        if (state.current === undefined) throw new Failure(wire.NFS4ERR_NOFILEHANDLE);
        state.saved = state.current;
        state.savedStateid = state.stateid;
        return { resop: op.argop, opsavefh: { status: wire.NFS4_OK } };
      case wire.OP_RESTOREFH:
        if (state.saved === undefined) throw new Failure(wire.NFS4ERR_RESTOREFH);
        state.current = state.saved;
        state.stateid = state.savedStateid;
        return { resop: op.argop, oprestorefh: { status: wire.NFS4_OK } };
      case wire.OP_SECINFO_NO_NAME:
        if (state.current === undefined) throw new Failure(wire.NFS4ERR_NOFILEHANDLE);
        state.current = undefined;
        return {
          resop: op.argop,
          opsecinfo_no_name: { status: wire.NFS4_OK, resok4: [{ flavor: wire.AUTH_SYS }] },
        };
      case wire.OP_LOOKUP:
        return operations.lookup(op.oplookup.objname, state);
      case wire.OP_LOOKUPP:
        return operations.lookupp(state);
      case wire.OP_READLINK:
        return operations.readlink(state);
      case wire.OP_ACCESS:
        return operations.access(op.opaccess, state);
      case wire.OP_GETATTR:
        return operations.getattr(op.opgetattr, state);
      case wire.OP_SETATTR:
        return operations.setattr(op.opsetattr, state);
      case wire.OP_READDIR:
        return operations.readdir(op.opreaddir, state);
      case wire.OP_CREATE:
        return operations.create(op.opcreate, state);
      case wire.OP_REMOVE:
        return operations.remove(op.opremove, state);
      case wire.OP_RENAME:
        return operations.rename(op.oprename, state);
      case wire.OP_LINK:
        return operations.link(op.oplink, state);
      case wire.OP_OPEN:
        return operations.open(op.opopen, state);
      case wire.OP_OPEN_DOWNGRADE:
        return operations.downgrade(op.opopen_downgrade, state);
      case wire.OP_CLOSE:
        return operations.close(op.opclose, state);
      case wire.OP_LOCK:
        return operations.lock(op.oplock, state);
      case wire.OP_LOCKT:
        return operations.lockt(op.oplockt, state);
      case wire.OP_LOCKU:
        return operations.locku(op.oplocku, state);
      case wire.OP_READ:
        return operations.read(op.opread, state);
      case wire.OP_WRITE:
        return operations.write(op.opwrite, state);
      case wire.OP_COMMIT:
        return operations.commit(state);
      case wire.OP_GET_DIR_DELEGATION:
        return operations.delegateDirectory(op.opget_dir_delegation, state);
      case wire.OP_DELEGRETURN:
        return operations.delegreturn(op.opdelegreturn, state);
      case wire.OP_TEST_STATEID:
        return operations.test(op.optest_stateid, state);
      case wire.OP_FREE_STATEID:
        return operations.free(op.opfree_stateid, state);
      case wire.OP_RECLAIM_COMPLETE:
        return operations.reclaimed(op.opreclaim_complete, state);
      default:
        throw new Failure(wire.NFS4ERR_NOTSUPP);
    }
  }
}

/** What this server takes of what the client wants. */
const limited = (wanted: wire.channel_attrs4): wire.channel_attrs4 => ({
  ca_headerpadsize: 0,
  ca_maxrequestsize: Math.min(wanted.ca_maxrequestsize, ioBytesMax + overheadBytes),
  ca_maxresponsesize: Math.min(wanted.ca_maxresponsesize, ioBytesMax + overheadBytes),
  ca_maxresponsesize_cached: Math.min(wanted.ca_maxresponsesize_cached, keptBytesMax),
  ca_maxoperations: Math.min(wanted.ca_maxoperations, operationsMax),
  ca_maxrequests: Math.max(1, Math.min(wanted.ca_maxrequests, slotsMax)),
  ca_rdma_ird: [],
});

/** A result with nothing but its status. Every result begins with that, and SETATTR's ends with a bitmap. */
function failed(op: wire.nfs_opnum4, status: wire.nfsstat4): wire.nfs_resop4 {
  const to = new Writer();
  to.uint32(op);
  to.uint32(status);
  to.uint32(0);
  return wire.nfs_resop4.read(new Reader(to.take()));
}
function statusIn(result: wire.nfs_resop4): wire.nfsstat4 {
  return new Reader(encode(wire.nfs_resop4, result).subarray(4, 8)).uint32() as wire.nfsstat4;
}

/** What tells a repeat from another request in its slot. */
const digestOf = (args: Reader): string => createHash('sha256').update(args.rest()).digest('base64');
