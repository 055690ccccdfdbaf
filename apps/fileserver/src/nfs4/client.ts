import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decode, encode, wire, XdrError } from '#nfs4';
import { maskOf, readAttributes } from './attributes';
import { Backchannel, serveCallback, type CallbackHandlers } from './backchannel';
import { ConnectionLost, RpcConnection, RpcRefused, type Credentials } from './rpc';

/** The session ended before the request was answered: it may have been done, and the state it named may be gone. */
export class SessionLost extends Error {}
/** The request was not sent: there is no session at present. */
export class NotReady extends Error {}

export interface ClientOptions {
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials;
  /** Our name at the server, the same after restarts: a new process with this name ends the state of the old one. */
  readonly owner: string;
  /** Random; identifies this run of the adapter. */
  readonly verifier: Buffer;
  /** Takes one sentence for the log. */
  readonly report: (message: string) => void;
}

export interface ClientHandlers extends Omit<CallbackHandlers, 'onRecallSlot'> {
  /** The server has lost all our state. What was held can be reclaimed now, and only now. */
  reclaim(): Promise<void>;
  /** Another process has taken over our name: nothing is held any more, and nothing can be. */
  onSuperseded(): void;
  /** The server reports that it has revoked something; `news`: it did not report that before. */
  onRevoked(news: boolean): void;
}

export interface CompoundResult {
  /** The status of the last operation that was done. */
  status: wire.nfsstat4;
  /** The results, without that of SEQUENCE. */
  results: wire.nfs_resop4[];
}

const nfsProgram = 100_003;
const nfsVersion = 4;
const callbackProgram = 0x4000_0000;
const compoundProcedure = 1;

const connectMs = 5_000;
const renewMs = { least: 500, most: 5_000 };
const backoffMs = { first: 50, most: 2_000 };
/** A request that finds no session waits this long for one. */
const readyMs = 4_000;
const waitingMax = 10_000;
const windowLeast = 2;
/** A request that is refused with its session this often is given up. */
const refusedMax = 16;
const asked = { slots: 64, callbackSlots: 16, operations: 32, bytes: 64 * 1024, cachedBytes: 4_096 };
/** The least pause before a request is repeated that the server delayed as a whole. */
const sequenceDelayMs = 100;

const pathDown =
  wire.SEQ4_STATUS_CB_PATH_DOWN | wire.SEQ4_STATUS_CB_PATH_DOWN_SESSION | wire.SEQ4_STATUS_BACKCHANNEL_FAULT;
const revoked =
  wire.SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED |
  wire.SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED |
  wire.SEQ4_STATUS_ADMIN_STATE_REVOKED |
  wire.SEQ4_STATUS_RECALLABLE_STATE_REVOKED;

/** Operations that must not be done twice: the server must keep their answer until the slot's next request. */
const changing = new Set<number>([
  wire.OP_OPEN,
  wire.OP_WANT_DELEGATION,
  wire.OP_CLOSE,
  wire.OP_DELEGRETURN,
  wire.OP_OPEN_DOWNGRADE,
  wire.OP_FREE_STATEID,
  wire.OP_RECLAIM_COMPLETE,
]);
export const isChanging = ({ argop }: { argop: number }): boolean => changing.has(argop);

interface Request {
  readonly ops: wire.nfs_argop4[];
  readonly urgent: boolean;
  /** How often the server has refused it with its session, and so certainly not done it. */
  refused: number;
  resolve: (result: CompoundResult) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout | undefined;
}

/** Carries one request at a time; the sequence number shows the server that a request is a repeat. */
interface Slot {
  readonly id: number;
  sequence: number;
  request: Request | undefined;
  /** The request as sent: a repeat has the same bytes. */
  bytes: Buffer;
  /** How often it was sent: an earlier one may have been done. */
  sent: number;
}

interface Session {
  readonly id: Buffer;
  readonly slots: Slot[];
  readonly operationsMax: number;
  readonly backchannel: Backchannel;
  slotLimit: number;
  /** The session takes no new requests and ends as soon as it is idle. */
  retiring: boolean;
  /** Why the server refuses the session. It ends once the answers to what is under way have come, which may be good. */
  broken: string | undefined;
}

/** The result of one operation of a compound, if the server reached it. */
export function resultOf<O extends wire.nfs_resop4['resop']>(
  { results }: CompoundResult,
  op: O,
): Extract<wire.nfs_resop4, { resop: O }> | undefined {
  return results.find((each): each is Extract<wire.nfs_resop4, { resop: O }> => each.resop === op);
}

const serverIdOf = (scope: Buffer, owner: Buffer): string =>
  createHash('sha256')
    .update(`${scope.toString('hex')} ${owner.toString('hex')}`)
    .digest('hex');

/**
 * An NFSv4.1 client with one session on one connection, which carries the callbacks too (RFC 8881 §2.10). Whenever the
 * connection, the session or the client id is lost, the client makes a new one. A request whose answer was lost with
 * the connection is repeated in its slot, and so done exactly once.
 */
export class Nfs4Client {
  /** How long the server keeps our state without hearing from us. */
  leaseTimeMs = 90_000;
  /** How often the server has lost all our state. */
  life = 0;
  /** Requests name only these: not every server accepts one that names other attributes. */
  supportedAttributes: wire.bitmap4 = [];
  /** Whether WANT_DELEGATION may be sent: true until the server has said that it does not support it. */
  mayKnowWant = true;
  /** The last instant at which the backchannel was known to work, so that we had missed no recall until then. */
  quietAt = performance.now();
  /** The server has revoked something, and we do not know yet what. */
  unconfirmed = false;

  private readonly queues = { urgent: new Set<Request>(), ordinary: new Set<Request>() };
  private connection: RpcConnection | undefined;
  private bound = false;
  private session: Session | undefined;
  /** The last instant at which requests could be sent, while they cannot. */
  private openUntil = -Infinity;
  /** Identifies the server, whatever its address (RFC 8881 §2.10.5). */
  serverId = '';
  /** What the server calls itself; for Linux, its host name. */
  serverName = '';
  private clientid: bigint | undefined;
  private minor = 2;
  private needsReclaim = true;
  private reclaiming = false;
  /**
   * How many requests may be under way at once. A lost session takes all answers with it, so after one the client begins
   * with few, and adds one with each answer.
   */
  private window = asked.slots;
  /** How many checks in a row have found the backchannel broken. */
  private pathFaults = 0;
  private renewing = false;
  /** When the last request that renewed the lease was sent over the present connection. */
  private renewedAt = -Infinity;
  /** Linux may drop a recall together with a broken connection; it then revokes when the lease time is over. */
  private uneasyUntil = 0;
  private wasRevoked = false;
  private renewTimer: NodeJS.Timeout | undefined;
  private disturbed: () => void = () => undefined;
  private ended: 'closed' | 'superseded' | undefined;
  private failure = '';

  constructor(
    private readonly options: ClientOptions,
    private readonly handlers: ClientHandlers,
  ) {}

  /** There will never be a session again. */
  get isOver(): boolean {
    return this.ended !== undefined;
  }
  /**
   * Whether we can reach the server, the server can reach us, and it has confirmed recently that it still knows us.
   * Whatever it revoked while it was silent is known by then.
   */
  get healthy(): boolean {
    const isRecent = performance.now() - this.renewedAt < this.leaseTimeMs;
    return this.isOpen && this.pathFaults === 0 && isRecent && !this.unconfirmed;
  }
  private get isOpen(): boolean {
    return this.bound && this.session !== undefined && !this.needsReclaim;
  }
  /** The most operations in one request, not counting SEQUENCE. */
  get operationsMax(): number {
    return (this.session?.operationsMax ?? asked.operations) - 1;
  }
  get renewMs(): number {
    const often = performance.now() < this.uneasyUntil ? renewMs.least : renewMs.most;
    return Math.min(often, Math.max(renewMs.least, this.leaseTimeMs / 5));
  }
  /** The longest wait for one answer; after that the connection is given up. */
  private get answerMs(): number {
    return Math.round(Math.min(15_000, Math.max(2_000, this.leaseTimeMs / 3)));
  }

  /** @throws if there is no session within `limitMs`: the failure that prevented it */
  async start(limitMs: number): Promise<void> {
    void this.supervise();
    const until = performance.now() + limitMs;
    while (!this.isOpen) {
      if (performance.now() > until || this.ended !== undefined) {
        throw new NotReady(`no NFSv4.1 session with ${this.name}: ${this.failure || 'no answer'}`);
      }
      await pause(20);
    }
    this.renewLater();
  }

  /** Sends a request of these operations. Urgent requests are sent even while delegations are being reclaimed. */
  compound(ops: wire.nfs_argop4[], urgent = false): Promise<CompoundResult> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) {
        reject(new NotReady(`the client is ${this.ended}`));
        return;
      }
      const queue = urgent ? this.queues.urgent : this.queues.ordinary;
      if (queue.size >= waitingMax) {
        reject(new NotReady('too many requests are waiting for the NFS server'));
        return;
      }
      this.enqueue({ ops, urgent, resolve, reject, timer: undefined, refused: 0 });
      this.pump();
    });
  }

  private enqueue(request: Request): void {
    const queue = request.urgent ? this.queues.urgent : this.queues.ordinary;
    const giveUp = (): void => {
      // There is a session, or one was lost just then and is being replaced: its turn will come.
      if (this.isOpen || performance.now() - this.openUntil < readyMs) {
        request.timer = setTimeout(giveUp, readyMs);
        return;
      }
      queue.delete(request);
      request.reject(new NotReady(`${this.name} does not answer: ${this.failure || 'there is no session'}`));
    };
    request.timer = setTimeout(giveUp, readyMs);
    queue.add(request);
  }

  /**
   * A second client of the same server and user, with nothing to lose. What it opens is in conflict with delegations of
   * this one, so the server recalls them.
   */
  another(): Nfs4Client {
    const { options } = this;
    return new Nfs4Client(
      { ...options, owner: `${options.owner} recaller`, verifier: randomBytes(8), report: () => undefined },
      {
        onRecall: () => false,
        onRecallAny: () => undefined,
        attributesOf: () => undefined,
        reclaim: () => Promise.resolve(),
        onSuperseded: () => undefined,
        onRevoked: () => undefined,
      },
    );
  }

  /** Ends session and client id. Delegations should have been returned before. */
  async close(): Promise<void> {
    if (this.ended === 'closed') return;
    const { session, clientid } = this;
    const usable = this.ended === undefined && this.bound;
    this.ended = 'closed';
    clearTimeout(this.renewTimer);
    this.disturbed();
    if (usable && session && clientid !== undefined) {
      try {
        await this.raw({ argop: wire.OP_DESTROY_SESSION, opdestroy_session: { dsa_sessionid: session.id } });
        await this.raw({ argop: wire.OP_DESTROY_CLIENTID, opdestroy_clientid: { dca_clientid: clientid } });
      } catch {
        // The server drops our state by itself when the lease is over.
      }
    }
    this.connection?.close('this adapter is stopping');
    this.loseSession('this adapter is stopping');
    this.rejectQueued();
  }

  private get name(): string {
    return `${this.options.host}:${this.options.port}`;
  }

  // --- connection, session and client id

  private async supervise(): Promise<void> {
    let delayMs = backoffMs.first;
    while (this.ended === undefined) {
      const disturbed = new Promise<void>((resolve) => (this.disturbed = resolve));
      try {
        this.connection ??= await this.dial();
        if (this.session === undefined) await this.makeSession();
        else if (!this.bound) await this.bind(this.session);
        this.bound = true;
        this.note(undefined);
        delayMs = backoffMs.first;
        this.resume();
        this.renewNow(); // the connection counts as working once a request has succeeded
        if (this.needsReclaim && !this.reclaiming) void this.reclaim();
        await disturbed;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        this.note(error.message);
        this.connection?.close(error.message);
        this.connection = undefined;
        this.unbind();
        await pause(delayMs);
        delayMs = Math.min(delayMs * 2, backoffMs.most);
      }
    }
  }

  private note(failure: string | undefined): void {
    if (failure === undefined && this.failure !== '') this.options.report(`${this.name} serves again`);
    if (failure !== undefined && this.failure === '')
      this.options.report(`${this.name} cannot be used, retrying: ${failure}`);
    this.failure = failure ?? '';
  }

  private dial(): Promise<RpcConnection> {
    const { host, port, credentials } = this.options;
    const own: { connection?: RpcConnection } = {};
    const opened = RpcConnection.open(host, port, connectMs, credentials, {
      onCall: (call, args) => {
        if (call.prog !== callbackProgram) return wire.PROG_UNAVAIL;
        return serveCallback(this.session?.backchannel, call.proc, args);
      },
      onClose: (why) => {
        if (this.connection !== own.connection) return;
        this.connection = undefined;
        this.unbind();
        this.renewedAt = -Infinity;
        this.beUneasy();
        if (this.ended === undefined) this.note(why);
        this.disturbed();
      },
    });
    return opened.then((connection) => (own.connection = connection));
  }

  /** Sends an operation that does not belong to a session. */
  private async raw(op: wire.nfs_argop4): Promise<CompoundResult> {
    const answer = await this.transmit(this.encoded([op]));
    return { status: answer.status, results: answer.resarray };
  }

  private encoded(argarray: wire.nfs_argop4[]): Buffer {
    return encode(wire.COMPOUND4args, { tag: Buffer.alloc(0), minorversion: this.minor, argarray });
  }

  private async transmit(bytes: Buffer): Promise<wire.COMPOUND4res> {
    if (!this.connection) throw new ConnectionLost('there is no connection');
    const from = await this.connection.call(nfsProgram, nfsVersion, compoundProcedure, bytes, this.answerMs);
    return decode(wire.COMPOUND4res, from.raw(from.left));
  }

  private async exchangeId(update: boolean): Promise<CompoundResult> {
    const { owner, verifier } = this.options;
    const flags = wire.EXCHGID4_FLAG_USE_NON_PNFS;
    return this.raw({
      argop: wire.OP_EXCHANGE_ID,
      opexchange_id: {
        eia_clientowner: { co_verifier: verifier, co_ownerid: Buffer.from(owner) },
        eia_flags: update ? flags | wire.EXCHGID4_FLAG_UPD_CONFIRMED_REC_A : flags,
        eia_state_protect: { spa_how: wire.SP4_NONE },
        eia_client_impl_id: [],
      },
    });
  }

  /** Gets a client id (the one we had, if the server still knows it) and makes a session for it. */
  private async makeSession(): Promise<void> {
    // Try an update first: a plain request would end the state of a successor with the same name.
    let update = this.clientid !== undefined;
    let answer = await this.exchangeId(update);
    if (answer.status === wire.NFS4ERR_MINOR_VERS_MISMATCH && this.minor === 2) {
      this.minor = 1;
      answer = await this.exchangeId(false);
    }
    if (update && answer.status === wire.NFS4ERR_NOT_SAME) {
      this.supersede();
      throw new Error('another client has taken over our name');
    }
    if (update && answer.status === wire.NFS4ERR_NOENT) {
      update = false;
      answer = await this.exchangeId(false);
    }
    const exchanged = resultOf(answer, wire.OP_EXCHANGE_ID)?.opexchange_id;
    if (exchanged?.eir_status !== wire.NFS4_OK)
      throw new Error(`EXCHANGE_ID: ${wire.nfsstat4.nameOf(answer.status)}`);
    const { eir_clientid, eir_sequenceid, eir_flags, eir_server_owner, eir_server_scope } =
      exchanged.eir_resok4;
    this.serverId = serverIdOf(eir_server_scope, eir_server_owner.so_major_id);
    this.serverName = eir_server_owner.so_major_id.toString('utf8');
    // Only a confirmed client id can be updated; Linux does not repeat the flag then.
    const confirmed = update || (eir_flags & wire.EXCHGID4_FLAG_CONFIRMED_R) !== 0;
    if (this.clientid !== eir_clientid || !confirmed) this.forgotten();
    this.clientid = eir_clientid;
    const session = await this.createSession(eir_clientid, eir_sequenceid);
    this.session = session;
    this.bound = true;
    if (this.pathFaults > 0) this.pathFaults = 1;
  }

  private async createSession(csa_clientid: bigint, csa_sequence: number): Promise<Session> {
    const size = { ca_headerpadsize: 0, ca_maxrequestsize: asked.bytes, ca_maxresponsesize: asked.bytes };
    const cached = { ca_maxresponsesize_cached: asked.cachedBytes, ca_rdma_ird: [] };
    const { uid, gid, gids } = this.options.credentials;
    const answer = await this.raw({
      argop: wire.OP_CREATE_SESSION,
      opcreate_session: {
        csa_clientid,
        csa_sequence,
        csa_flags: wire.CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
        csa_fore_chan_attrs: {
          ...{ ...size, ...cached },
          ca_maxoperations: asked.operations,
          ca_maxrequests: asked.slots,
        },
        csa_back_chan_attrs: {
          ...{ ...size, ...cached },
          ca_maxoperations: 16,
          ca_maxrequests: asked.callbackSlots,
        },
        csa_cb_program: callbackProgram,
        csa_sec_parms: [
          {
            cb_secflavor: wire.AUTH_SYS,
            cbsp_sys_cred: { stamp: 0, machinename: 'leasehold', uid, gid, gids: [...gids] },
          },
        ],
      },
    });
    const created = resultOf(answer, wire.OP_CREATE_SESSION)?.opcreate_session;
    if (created?.csr_status !== wire.NFS4_OK) {
      if (answer.status === wire.NFS4ERR_STALE_CLIENTID) this.clientid = undefined;
      throw new Error(`CREATE_SESSION: ${wire.nfsstat4.nameOf(answer.status)}`);
    }
    const { csr_sessionid, csr_fore_chan_attrs: fore, csr_back_chan_attrs: back } = created.csr_resok4;
    const count = Math.max(1, Math.min(asked.slots, fore.ca_maxrequests));
    const slots = Array.from({ length: count }, (_, id): Slot => {
      return { id, sequence: 1, request: undefined, bytes: Buffer.alloc(0), sent: 0 };
    });
    const id = Buffer.from(csr_sessionid);
    return {
      id,
      slots,
      slotLimit: count,
      retiring: false,
      broken: undefined,
      operationsMax: Math.max(4, fore.ca_maxoperations),
      backchannel: new Backchannel(id, Math.max(1, back.ca_maxrequests), {
        onRecall: (stateid, fh) => this.handlers.onRecall(stateid, fh),
        onRecallAny: (keep, kinds) => {
          this.handlers.onRecallAny(keep, kinds);
        },
        onRecallSlot: (highest) => {
          this.limitSlots(highest + 1);
        },
        attributesOf: (fh) => this.handlers.attributesOf(fh),
      }),
    };
  }

  /** Continues the session, callbacks included, over a new connection. */
  private async bind(session: Session): Promise<void> {
    const answer = await this.raw({
      argop: wire.OP_BIND_CONN_TO_SESSION,
      opbind_conn_to_session: {
        bctsa_sessid: session.id,
        bctsa_dir: wire.CDFC4_FORE_OR_BOTH,
        bctsa_use_conn_in_rdma_mode: false,
      },
    });
    const bind = resultOf(answer, wire.OP_BIND_CONN_TO_SESSION)?.opbind_conn_to_session;
    if (bind?.bctsr_status === wire.NFS4_OK && bind.bctsr_resok4.bctsr_dir === wire.CDFS4_BOTH) return;
    const why = `BIND_CONN_TO_SESSION: ${wire.nfsstat4.nameOf(answer.status)}`;
    this.loseSession(why);
    await this.makeSession();
  }

  /** Ends a session that the server refuses, once nothing is under way in it. */
  private settle(session: Session): void {
    if (this.session !== session || session.broken === undefined) return;
    if (session.slots.every(({ request }) => request === undefined)) this.loseSession(session.broken);
  }

  private unbind(): void {
    if (this.isOpen) this.openUntil = performance.now();
    this.bound = false;
  }

  /** Gives up the session. The outcome of every request in flight is unknown. */
  private loseSession(why: string): void {
    const { session } = this;
    if (!session) return;
    this.unbind();
    this.session = undefined;
    this.window = windowLeast;
    for (const slot of session.slots) {
      slot.request?.reject(new SessionLost(why));
      slot.request = undefined;
    }
    this.disturbed();
  }

  /**
   * Replaces an idle session with a new one; the client id, and with it all state, stays. The old session ends last,
   * because Linux drops unsent recalls while a client has no session at all.
   */
  private async retire(session: Session): Promise<void> {
    if (this.renewing || session.slots.some(({ request }) => request !== undefined)) return;
    this.renewing = true;
    try {
      await this.makeSession();
      await this.raw({ argop: wire.OP_DESTROY_SESSION, opdestroy_session: { dsa_sessionid: session.id } });
      this.renewNow();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (!(error instanceof ConnectionLost)) {
        this.connection?.close(error.message);
        if (this.session === session) this.loseSession(error.message);
      }
    } finally {
      this.renewing = false;
      if (this.needsReclaim) this.disturbed();
      this.pump();
    }
  }

  private forgotten(): void {
    this.needsReclaim = true;
    this.life++;
    this.mayKnowWant = true; // it may be a different server now
  }

  private supersede(): void {
    this.ended = 'superseded';
    clearTimeout(this.renewTimer);
    this.options.report(`Another client uses our name at ${this.name}: this one gives up.`);
    this.rejectQueued();
    this.handlers.onSuperseded();
  }

  private rejectQueued(): void {
    for (const queue of Object.values(this.queues)) {
      for (const { reject, timer } of queue) {
        clearTimeout(timer);
        reject(new NotReady(`the client is ${String(this.ended)}`));
      }
      queue.clear();
    }
  }

  /** Reclaims what was held, then tells the server that this was all; until then it grants nothing new. */
  private async reclaim(): Promise<void> {
    this.reclaiming = true;
    const { session } = this;
    try {
      await this.handlers.reclaim();
      const done = await this.compound(
        [{ argop: wire.OP_RECLAIM_COMPLETE, opreclaim_complete: { rca_one_fs: false } }],
        true,
      );
      if (done.status !== wire.NFS4_OK && done.status !== wire.NFS4ERR_COMPLETE_ALREADY)
        throw new SessionLost(`RECLAIM_COMPLETE: ${wire.nfsstat4.nameOf(done.status)}`);
      await this.readTraits();
      if (this.session !== session) throw new SessionLost('the session was lost in the meantime');
      this.needsReclaim = false;
      this.quietAt = performance.now();
      this.pump();
    } catch (error) {
      const isTheirs =
        error instanceof SessionLost ||
        error instanceof NotReady ||
        error instanceof RpcRefused ||
        error instanceof XdrError;
      if (!isTheirs) throw error;
      this.note(error.message);
      this.connection?.close(error.message);
      if (this.session === session) this.loseSession(error.message);
      await pause(backoffMs.first * 4);
    } finally {
      this.reclaiming = false;
      if (this.needsReclaim) this.disturbed();
    }
  }

  /** Reads what we must know about the server before we send other requests. */
  private async readTraits(): Promise<void> {
    const answer = await this.compound(
      [
        { argop: wire.OP_PUTROOTFH },
        { argop: wire.OP_GETATTR, opgetattr: { attr_request: maskOf('supported', 'leaseTime') } },
      ],
      true,
    );
    const got = resultOf(answer, wire.OP_GETATTR)?.opgetattr;
    if (got?.status !== wire.NFS4_OK)
      throw new SessionLost(`GETATTR of the root: ${wire.nfsstat4.nameOf(answer.status)}`);
    const { leaseTime, supported } = readAttributes(got.resok4.obj_attributes);
    if (leaseTime !== undefined && leaseTime > 0) this.leaseTimeMs = leaseTime * 1_000;
    if (supported) this.supportedAttributes = supported;
  }

  // --- requests

  private limitSlots(limit: number): void {
    const { session } = this;
    if (session) session.slotLimit = Math.max(1, Math.min(session.slots.length, limit));
  }

  private pump(): void {
    const { session } = this;
    if (!session || !this.bound || session.broken !== undefined) return;
    if (session.retiring) {
      void this.retire(session);
      return;
    }
    for (const queue of [this.queues.urgent, this.queues.ordinary]) {
      if (queue === this.queues.ordinary && !this.isOpen) return;
      for (const request of queue) {
        const limit = Math.min(session.slotLimit, this.window);
        const slot = session.slots.find(({ id, request: busy }) => id < limit && !busy);
        if (!slot) return;
        queue.delete(request);
        clearTimeout(request.timer);
        slot.request = request;
        slot.bytes = this.sequenced(session, slot, request);
        slot.sent = 0;
        void this.send(session, slot);
      }
    }
  }

  private sequenced(session: Session, slot: Slot, { ops }: Request): Buffer {
    const highest = session.slots.findLast(({ request }) => request !== undefined)?.id ?? slot.id;
    const opsequence: wire.SEQUENCE4args = {
      sa_sessionid: session.id,
      sa_sequenceid: slot.sequence,
      sa_slotid: slot.id,
      sa_highest_slotid: highest,
      sa_cachethis: ops.some(isChanging),
    };
    return this.encoded([{ argop: wire.OP_SEQUENCE, opsequence }, ...ops]);
  }

  /** On a new connection, sends every unanswered request again: the same bytes in the same slot. */
  private resume(): void {
    const { session } = this;
    for (const slot of session?.slots ?? []) if (session && slot.request) void this.send(session, slot);
    this.pump();
  }

  private async send(session: Session, slot: Slot): Promise<void> {
    const { request, sequence } = slot;
    const isOver = (): boolean => !request || slot.request !== request || slot.sequence !== sequence;
    const done = (): void => {
      slot.request = undefined;
      slot.sequence = (sequence + 1) >>> 0;
    };
    const sentAt = performance.now();
    slot.sent++;
    try {
      const { status, resarray } = await this.transmit(slot.bytes);
      if (isOver()) return;
      const [first] = resarray;
      const seq = first?.resop === wire.OP_SEQUENCE ? first.opsequence : undefined;
      if (seq?.sr_status === wire.NFS4_OK) {
        done();
        if (status === wire.NFS4ERR_RETRY_UNCACHED_REP && request && !request.ops.some(isChanging)) {
          // The request was done, but the server did not keep its answer: doing it once more changes nothing.
          slot.request = request;
          slot.bytes = this.sequenced(session, slot, request);
          void this.send(session, slot);
          return;
        }
        request?.resolve({ status, results: resarray.slice(1) });
        this.window = Math.min(asked.slots, this.window + 1);
        this.heed(session, seq.sr_resok4, sentAt);
        this.settle(session);
        this.pump();
        return;
      }
      if (seq?.sr_status === wire.NFS4ERR_DELAY) {
        slot.sent--; // it was not done
        await pause(sequenceDelayMs);
        if (!isOver() && this.session === session && this.bound) void this.send(session, slot);
        return;
      }
      if (seq?.sr_status === wire.NFS4ERR_CONN_NOT_BOUND_TO_SESSION) {
        this.connection?.close('the server does not know this connection');
        return;
      }
      // The session is dead, unknown or out of step: it cannot be used any more.
      session.broken ??= `SEQUENCE: ${wire.nfsstat4.nameOf(status)}`;
      const { sent } = slot;
      slot.request = undefined;
      // Where SEQUENCE fails, nothing is done. A reclaim begins again as a whole with the next session.
      if (request && sent === 1 && !request.urgent && ++request.refused < refusedMax) this.enqueue(request);
      else request?.reject(new SessionLost(session.broken));
      this.settle(session);
    } catch (error) {
      if (error instanceof ConnectionLost || isOver()) return; // the request stays in its slot for the next connection
      if (error instanceof XdrError)
        done(); // the server did it, but we cannot read the result
      else slot.request = undefined;
      request?.reject(error instanceof RpcRefused ? error : new SessionLost(String(error)));
      this.settle(session);
      this.pump();
    }
  }

  /** Processes what SEQUENCE reports in every answer. */
  private heed(session: Session, answer: wire.SEQUENCE4resok, sentAt: number): void {
    if (this.session !== session) return;
    const { sr_target_highest_slotid: target, sr_highest_slotid: highest, sr_status_flags: flags } = answer;
    this.limitSlots(Math.min(target, highest) + 1);
    this.renewedAt = Math.max(this.renewedAt, sentAt);
    if ((flags & pathDown) === 0) {
      if (this.pathFaults > 0) this.options.report(`${this.name} can reach this adapter again`);
      this.pathFaults = 0;
      this.quietAt = Math.max(this.quietAt, sentAt);
    } else if (this.pathFaults === 0) {
      this.pathFaults = 1;
      this.beUneasy();
      this.options.report(`${this.name} cannot reach this adapter`);
      // If the server is out of step with the callbacks, make a new session; if it cannot reach us, a new connection.
      if ((flags & wire.SEQ4_STATUS_BACKCHANNEL_FAULT) !== 0) session.retiring = true;
      else this.connection?.close('the server cannot reach this adapter');
    }
    const isRevoked = (flags & revoked) !== 0;
    const isNews = isRevoked && !this.wasRevoked;
    this.unconfirmed = isNews || (isRevoked && this.unconfirmed);
    this.wasRevoked = isRevoked;
    if (isRevoked) this.handlers.onRevoked(isNews);
    if ((flags & wire.SEQ4_STATUS_RESTART_RECLAIM_NEEDED) !== 0 && this.isOpen) {
      this.forgotten();
      this.disturbed();
    }
  }

  private beUneasy(): void {
    this.uneasyUntil = performance.now() + this.leaseTimeMs;
  }

  private renewNow(): void {
    if (this.renewTimer === undefined) return; // renewal has not begun, or is in progress
    clearTimeout(this.renewTimer);
    void this.renew();
  }

  private renewLater(): void {
    this.renewTimer = setTimeout(() => {
      void this.renew();
    }, this.renewMs);
  }

  /** Renews the lease, learns of revocations, and proves that the backchannel works. */
  private async renew(): Promise<void> {
    this.renewTimer = undefined;
    try {
      if (this.isOpen) {
        const { session } = this;
        await this.compound([]);
        // A new connection did not help.
        if (this.pathFaults > 0 && ++this.pathFaults > 3 && session) {
          session.retiring = true;
          this.pump();
        }
      }
    } catch (error) {
      if (!(error instanceof SessionLost || error instanceof NotReady || error instanceof RpcRefused))
        throw error;
    }
    if (this.ended === undefined) this.renewLater();
  }
}
