import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { nfs } from '#contracts';
import { bitmapOf, decode, hasBit, Reader, wire, Writer, XdrError } from '#nfs4';
import { type Contract, type Credentials, SessionLost } from '../contract';
import { instantOf, type Times } from './attributes';
import type { Connection } from './connection';
import { Failure, must, statusOf } from './failure';
import { type Asked, noticesOf } from './notices';
import type { Tree } from './tree';

/**
 * Clients, their sessions and slots, and the way back to them. A client is a session at the lease service; what is kept
 * here is what RFC 8881 leaves to one server: the slots with their answers, and the connections. A client that comes from
 * another head brings the client ID that it got there. The records tell whose it is, and the lease service has the rest.
 */

const clientsMax = 1_024;
const sessionsOfOneMax = 8;
export const slotsMax = 32;
/** How long a silent client keeps what nobody wants, as with knfsd. */
const courtesyMs = 24 * 3_600_000;

/** The longest answer that is kept for a repeat. */
export const keptBytesMax = 8 * 1024;
const statesMax = 16_384;
/** Blocking locks whose end is watched; beyond that a client that gives up keeps what it is granted. */
const waitsMax = 1_024;
const recallTriesMax = 8;
const retryMs = 250;
const recordBytesMax = 8 * 1024;
/** Notices of directories that wait for those before them; beyond that the delegations are recalled. */
const noticesMax = 256;
const noticeTriesMax = 4;

/** Who a client is, as it says. */
export interface Identity {
  owner: Buffer;
  verifier: Buffer;
  principal: string;
}
interface Slot {
  sequence: number;
  digest: string;
  /** The answer, or that there is none yet, or that it was too long to keep. */
  answer: Buffer | 'running' | 'not kept';
}
/** What a stateid of a client is, as far as this head needs to know. */
export interface Known {
  kind: 'open' | 'lock' | 'delegation';
  /** The name of its file at the lease service. */
  file: string;
  reads: boolean;
  writes: boolean;
  /** Of a lock. */
  owner?: string;
  /** Of a write delegation: the change attribute when it was granted. */
  changeAtGrant?: bigint;
  /** Of a write delegation: its holder is the authority for the file's times. */
  keepsTimes?: boolean;
  /** The file's times when it was granted, if that was here. */
  timesAtGrant?: Times;
  /** Of a delegation of a directory: what its holder is told of changes; undefined: nothing. */
  asked?: Asked | undefined;
}

/** A blocking lock, as the client asked for it. */
type LockAsked = Omit<nfs.InputOf<'Lock'>, keyof Credentials | 'requestId'>;
const isSameOpen = ({ openStateid }: LockAsked, other: string): boolean => openStateid?.other === other;

export class Session {
  readonly id = randomBytes(16);
  readonly slots: Slot[] = [];
  readonly connections = new Set<Connection>();
  private sequence = 0;
  private calling: Promise<unknown> = Promise.resolve();

  constructor(
    readonly client: Client,
    readonly fore: wire.channel_attrs4,
    private readonly program: number,
    private readonly credential: wire.opaque_auth,
    private readonly minorversion: number,
  ) {
    for (let slot = 0; slot < fore.ca_maxrequests; slot++)
      this.slots.push({ sequence: 0, digest: '', answer: 'not kept' });
  }

  /** Connections on which the client takes callbacks. */
  readonly back = new Set<Connection>();

  get hasWayBack(): boolean {
    return [...this.back].some(({ closed }) => !closed);
  }

  /** One callback after the other, in one slot. Undefined: no answer. */
  callback(op: wire.nfs_cb_argop4): Promise<wire.CB_COMPOUND4res | undefined> {
    const called = this.calling.then(() => this.callNow(op));
    this.calling = called.catch(() => undefined);
    return called;
  }

  private async callNow(op: wire.nfs_cb_argop4): Promise<wire.CB_COMPOUND4res | undefined> {
    const connection = [...this.back].findLast(({ closed }) => !closed);
    if (connection === undefined) return undefined;
    const message = new Writer();
    const { minorversion } = this;
    const head = { tag: Buffer.alloc(0), minorversion, callback_ident: 0, operations: 2 };
    wire.CB_COMPOUND4head.write(message, head);
    const opcbsequence = {
      ...{ csa_sessionid: this.id, csa_sequenceid: (this.sequence + 1) >>> 0, csa_slotid: 0 },
      ...{ csa_highest_slotid: 0, csa_cachethis: false, csa_referring_call_lists: [] },
    };
    wire.nfs_cb_argop4.write(message, { argop: wire.OP_CB_SEQUENCE, opcbsequence });
    wire.nfs_cb_argop4.write(message, op);
    const from = await connection.call(this.program, this.credential, Buffer.from(message.take()));
    if (from === undefined) return undefined;
    try {
      const answer = decode(wire.CB_COMPOUND4res, from.raw(from.left));
      const [first] = answer.resarray;
      if (first?.resop === wire.OP_CB_SEQUENCE && first.opcbsequence.csr_status === wire.NFS4_OK)
        this.sequence = (this.sequence + 1) >>> 0;
      return answer;
    } catch (error) {
      if (error instanceof XdrError) return undefined;
      throw error;
    }
  }
}

export class Client {
  readonly id: bigint;
  readonly sessions = new Set<Session>();
  /** The sequence of CREATE_SESSION, and its last answer; undefined: the client has been at another head. */
  created: { sequence: number; answer: wire.nfs_resop4 | undefined } | undefined;
  confirmed = false;
  statusFlags = 0;
  renewedAt = 0;
  seenAt = Date.now();
  private readonly states = new Map<string, Known>();
  private readonly over = new AbortController();
  private listening = false;
  private telling: Promise<boolean> = Promise.resolve(true);
  private untold = 0;
  /** Blocking locks that wait at the lease service, by file and owner. */
  private readonly waits = new Map<string, { asked: LockAsked; waitId?: string | undefined }>();
  /** Locks that were granted after a wait and that the client has not asked for again yet. */
  private readonly unclaimed = new Map<string, { asked: LockAsked; late: NodeJS.Timeout }>();
  /** Those that are being given back. */
  private readonly returning = new Map<string, Promise<unknown>>();

  constructor(
    readonly identity: Identity,
    readonly credentials: Credentials,
    private readonly contract: Contract,
    private readonly tree: Tree,
    private readonly lost: () => void,
    private readonly leaseTimeMs: number,
  ) {
    this.id = clientIdOf(credentials.sessionId);
  }

  call<M extends nfs.MethodName>(
    method: M,
    input: Omit<nfs.InputOf<M>, keyof Credentials>,
  ): Promise<nfs.ReplyOf<M>> {
    return ask(this.contract, method, { ...this.credentials, ...input } as nfs.InputOf<M>);
  }

  know(other: string, known: Known): void {
    this.states.set(other, known);
    if (this.states.size <= statesMax) return;
    const [oldest] = this.states.keys();
    if (oldest !== undefined) this.states.delete(oldest);
  }
  forget(other: string): void {
    this.states.delete(other);
  }
  known(other: string): Known | undefined {
    return this.states.get(other);
  }
  /** Whether the client has the file open, or has a delegation of it, so that nobody else has it for writing. */
  has(file: string): boolean {
    for (const known of this.states.values()) if (known.file === file && known.kind !== 'lock') return true;
    return false;
  }

  get hasWayBack(): boolean {
    return [...this.sessions].some(({ hasWayBack }) => hasWayBack);
  }

  /** LOCK. A blocking one waits at the lease service; CB_NOTIFY_LOCK tells the client when to ask again. */
  async lock(asked: LockAsked, requestId: string): Promise<nfs.ReplyOf<'Lock'>> {
    const name = waitName(asked.file, asked.lockOwner);
    await this.returning.get(name);
    this.claim(name, asked);
    const waits = asked.type === 'READW_LT' || asked.type === 'WRITEW_LT';
    // The lock may be granted before the answer that it waits.
    if (waits) this.await(name, { asked });
    const reply = await this.call('Lock', { ...asked, requestId });
    if (reply.waitId === undefined) {
      this.waits.delete(name);
      this.claim(name, asked);
    } else if (this.waits.has(name)) this.await(name, { asked, waitId: reply.waitId });
    return reply;
  }

  private await(name: string, wait: { asked: LockAsked; waitId?: string }): void {
    this.waits.set(name, wait);
    const [oldest] = this.waits.keys();
    if (this.waits.size > waitsMax && oldest !== undefined) this.waits.delete(oldest);
  }

  /** The client asks for what it was granted. */
  private claim(name: string, { offset, length }: LockAsked): void {
    const granted = this.unclaimed.get(name)?.asked;
    if (granted?.offset === offset && granted.length === length) this.claimed(name);
  }
  private claimed(name: string): void {
    clearTimeout(this.unclaimed.get(name)?.late);
    this.unclaimed.delete(name);
  }

  /** The client closes what it wanted locks under: whoever waited for them has gone. */
  async giveUpLocks(opened: string): Promise<void> {
    for (const [name, { asked, waitId }] of this.waits)
      if (isSameOpen(asked, opened)) {
        this.waits.delete(name);
        // If it does not wait any more, it was granted.
        if (waitId !== undefined && (await this.call('CancelLock', { waitId })).status !== 'NFS4_OK')
          this.giveBack(name, asked);
      }
    for (const [name, { asked }] of this.unclaimed) if (isSameOpen(asked, opened)) this.giveBack(name, asked);
    await Promise.all(this.returning.values());
  }

  /** Takes the lock, which is held, to learn its stateid, and releases it. */
  private giveBack(name: string, asked: LockAsked): void {
    this.claimed(name);
    const back = async (): Promise<void> => {
      const { lockOwner, export: exportName, file, offset, length, openStateid } = asked;
      const range = { lockOwner, export: exportName, file, offset, length };
      const type = asked.type === 'READW_LT' ? 'READ_LT' : 'WRITE_LT';
      const present = { openStateid: openStateid && { ...openStateid, seqid: 0 } };
      const { stateid } = await this.call('Lock', { ...range, type, ...present });
      if (stateid !== undefined) await this.call('LockU', { ...range, stateid });
    };
    const returned = back()
      .catch(() => undefined)
      .then(() => this.returning.delete(name));
    this.returning.set(name, returned);
  }

  /** Takes the client's callbacks from the lease service to the client, as long as this head has the client. */
  listen(): void {
    if (this.listening) return;
    this.listening = true;
    void this.hear();
  }
  stop(): void {
    this.over.abort();
    for (const name of [...this.unclaimed.keys()]) this.claimed(name);
  }

  private async hear(): Promise<void> {
    const { signal } = this.over;
    let after: string | undefined;
    while (!signal.aborted) {
      try {
        for await (const callback of this.contract.callbacks({ ...this.credentials, after }, signal)) {
          this.take(callback);
          if (callback.position !== '') after = callback.position;
          if (callback.expired !== undefined) {
            this.lost();
            return;
          }
        }
      } catch (error) {
        if (error instanceof SessionLost) {
          this.lost();
          return;
        }
      }
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private take({ recall, revoked, getAttr, notifyLock, notify, recallAny }: nfs.Callback): void {
    if (notify !== undefined) void this.tellInTurn(notify);
    if (recallAny !== undefined) void this.recallAny(recallAny);
    if (notifyLock !== undefined) void this.notify(notifyLock);
    if (revoked !== undefined) this.states.delete(revoked.stateid.other);
    if (recall !== undefined) void this.recall(recall);
    if (getAttr !== undefined) void this.askAttributes(getAttr);
  }

  /** Once is enough: the lease service asks again while it is short. */
  private async recallAny({
    objectsToKeep,
    typeMask,
  }: NonNullable<nfs.Callback['recallAny']>): Promise<void> {
    const opcbrecall_any = { craa_objects_to_keep: objectsToKeep, craa_type_mask: [typeMask] };
    await this.callback({ argop: wire.OP_CB_RECALL_ANY, opcbrecall_any });
  }

  /** Asks for a delegation until the client has heard it: it may not have seen the answer that grants it. */
  private async recall({ stateid, file, truncate }: NonNullable<nfs.Callback['recall']>): Promise<void> {
    const fh = this.tree.handleOf(file);
    if (fh === undefined) return;
    for (let attempt = 1; attempt <= recallTriesMax && !this.over.signal.aborted; attempt++) {
      const opcbrecall = { stateid: wireStateid(stateid), truncate, fh };
      const answer = await this.callback({ argop: wire.OP_CB_RECALL, opcbrecall });
      if (answer?.status === wire.NFS4_OK) return;
      await pause(retryMs * attempt);
      // It is returned, or revoked.
      if (answer !== undefined && attempt > 1 && !this.states.has(stateid.other)) return;
    }
  }

  /** A blocking lock is granted, or its wait is over: the client asks again. If it does not, it has given up. */
  private async notify({ file, lockOwner, granted }: NonNullable<nfs.Callback['notifyLock']>): Promise<void> {
    const name = waitName(file, lockOwner);
    const waited = this.waits.get(name);
    this.waits.delete(name);
    // An owner who had locks before may have had a part of this one: to release that would be a silent loss.
    if (granted && waited?.asked.openStateid !== undefined) {
      const late = setTimeout(() => {
        this.giveBack(name, waited.asked);
      }, this.leaseTimeMs);
      this.unclaimed.set(name, { asked: waited.asked, late });
    }
    const fh = this.tree.handleOf(file);
    if (fh === undefined) return;
    const cnla_lock_owner = { clientid: this.id, owner: Buffer.from(lockOwner, 'base64') };
    await this.callback({ argop: wire.OP_CB_NOTIFY_LOCK, opcbnotify_lock: { cnla_fh: fh, cnla_lock_owner } });
  }

  /** One notice after the other, as the directory changed. */
  private async tellInTurn(notice: NonNullable<nfs.Callback['notify']>): Promise<void> {
    const before = this.telling;
    const isTold =
      this.untold < noticesMax && (this.telling = before.then(() => this.tell(notice)).catch(() => false));
    this.untold += 1;
    const { stateid } = notice;
    // What its holder does not hear of recalls the delegation.
    if (!(await isTold))
      await this.call('AnswerNotify', { stateid, cbStatus: 'NFS4ERR_DELAY' }).catch(() => undefined);
    this.untold -= 1;
  }

  /** Whether the client has heard of a change in a directory. */
  private async tell(notice: NonNullable<nfs.Callback['notify']>): Promise<boolean> {
    const { stateid, file } = notice;
    const cna_fh = this.tree.handleOf(file);
    if (cna_fh === undefined) return false;
    for (let attempt = 1; attempt <= noticeTriesMax && !this.over.signal.aborted; attempt++) {
      // The answer that grants it may still be on its way, here or to the client.
      const asked = this.states.get(stateid.other)?.asked;
      if (asked !== undefined) {
        const cna_changes = await noticesOf(this.tree, await this.tree.find(cna_fh), notice, asked);
        const opcbnotify = { cna_stateid: wireStateid(stateid), cna_fh, cna_changes };
        const answer = await this.callback({ argop: wire.OP_CB_NOTIFY, opcbnotify });
        if (answer?.status === wire.NFS4_OK) return true;
        if (answer !== undefined && answer.status !== wire.NFS4ERR_BAD_STATEID) return false;
      }
      await pause(retryMs * attempt);
    }
    return false;
  }

  private async askAttributes(ask: NonNullable<nfs.Callback['getAttr']>): Promise<void> {
    const { askId, stateid, file, times } = ask;
    const fh = this.tree.handleOf(file);
    const changeAtGrant = this.states.get(stateid.other)?.changeAtGrant;
    let said: Omit<nfs.InputOf<'AnswerGetAttr'>, keyof Credentials | 'askId' | 'stateid'> = {
      cbStatus: 'NFS4ERR_DELAY',
    };
    if (fh !== undefined && changeAtGrant !== undefined) {
      const kept = times ? [wire.FATTR4_TIME_DELEG_ACCESS, wire.FATTR4_TIME_DELEG_MODIFY] : [];
      const attr_request = bitmapOf([wire.FATTR4_CHANGE, wire.FATTR4_SIZE, ...kept]);
      const answer = await this.callback({ argop: wire.OP_CB_GETATTR, opcbgetattr: { fh, attr_request } });
      const result = answer?.resarray[1];
      const told =
        result?.resop === wire.OP_CB_GETATTR && result.opcbgetattr.status === wire.NFS4_OK
          ? toldIn(result.opcbgetattr.resok4.obj_attributes)
          : undefined;
      if (told !== undefined) said = { ...told, changeAtGrant: String(changeAtGrant) };
    }
    await this.call('AnswerGetAttr', { askId, stateid, ...said }).catch(() => undefined);
  }

  private async callback(op: wire.nfs_cb_argop4): Promise<wire.CB_COMPOUND4res | undefined> {
    const session = [...this.sessions].findLast(({ hasWayBack }) => hasWayBack);
    return session?.callback(op);
  }
}

type Told = Pick<nfs.InputOf<'AnswerGetAttr'>, 'change' | 'size' | 'timeDelegAccess' | 'timeDelegModify'>;
/** What an answer to CB_GETATTR says. Undefined without change attribute and size, or if it cannot be read. */
function toldIn({ attrmask, attr_vals }: wire.fattr4): Told | undefined {
  const has = (number: number): boolean => hasBit(attrmask, number);
  if (!has(wire.FATTR4_CHANGE) || !has(wire.FATTR4_SIZE)) return undefined;
  const from = new Reader(attr_vals);
  try {
    const told: Told = { change: String(from.uint64()), size: String(from.uint64()) };
    if (has(wire.FATTR4_TIME_DELEG_ACCESS)) told.timeDelegAccess = instantOf(wire.nfstime4.read(from));
    if (has(wire.FATTR4_TIME_DELEG_MODIFY)) told.timeDelegModify = instantOf(wire.nfstime4.read(from));
    return from.left === 0 ? told : undefined;
  } catch (error) {
    if (error instanceof XdrError) return undefined;
    throw error;
  }
}

const waitName = (file: string, lockOwner: string): string => `${lockOwner} ${file}`;

const clientIdOf = (sessionId: string): bigint =>
  createHash('sha256').update(sessionId).digest().readBigUInt64BE();

export const wireStateid = ({ seqid, other }: nfs.StateId): wire.stateid4 => ({
  seqid,
  other: Buffer.from(other, 'base64'),
});

const callsMax = 3;
/** Repeats a call whose answer is lost. @throws Failure DELAY if there is none */
async function ask<M extends nfs.MethodName>(
  contract: Contract,
  method: M,
  input: nfs.InputOf<M>,
): Promise<nfs.ReplyOf<M>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await contract.call(method, input);
    } catch {
      if (attempt === callsMax) throw new Failure(wire.NFS4ERR_DELAY);
      await pause(retryMs * attempt);
    }
  }
}

export interface ClientsOptions {
  /** A directory that the heads share: which client has which client ID. Nothing in it is secret. */
  records: string;
  leaseTimeMs: number;
  name: string;
}

export class Clients {
  private readonly clients = new Map<bigint, Client>();
  private readonly sessions = new Map<string, Session>();
  private readonly sweep: NodeJS.Timeout;

  constructor(
    private readonly contract: Contract,
    private readonly tree: Tree,
    private readonly options: ClientsOptions,
  ) {
    this.sweep = setInterval(() => {
      const silent = Date.now() - 2 * options.leaseTimeMs;
      for (const client of this.clients.values()) if (client.seenAt < silent) this.drop(client);
    }, options.leaseTimeMs);
    this.sweep.unref();
  }

  close(): void {
    clearInterval(this.sweep);
    for (const client of this.clients.values()) client.stop();
  }

  /** The connection is gone. */
  leave(connection: Connection): void {
    for (const session of this.sessions.values()) {
      session.connections.delete(connection);
      session.back.delete(connection);
    }
  }

  session(id: Buffer): Session | undefined {
    return this.sessions.get(id.toString('hex'));
  }

  /** EXCHANGE_ID: the client with this identity, and whether it is confirmed. */
  async exchange(identity: Identity, update: boolean): Promise<{ client: Client; confirmed: boolean }> {
    const { owner, verifier, principal } = identity;
    const reply = must(
      await ask(this.contract, 'ExchangeId', {
        leaseTimeMs: this.options.leaseTimeMs,
        node: `nfs-head:${this.options.name}`,
        label: 'nfs-client',
        courtesyMs,
        ...{ owner: owner.toString('base64'), verifier: verifier.toString('base64'), principal, update },
      }),
    );
    const id = clientIdOf(reply.sessionId);
    const known = this.clients.get(id);
    if (known !== undefined) return { client: known, confirmed: reply.confirmed };
    const idle = [...this.clients.values()].find(({ sessions }) => sessions.size === 0);
    if (this.clients.size >= clientsMax) {
      if (idle === undefined) throw new Failure(wire.NFS4ERR_DELAY);
      this.drop(idle);
    }
    const { sessionId, secret } = reply;
    const lost = (): void => {
      this.drop(client);
    };
    const { leaseTimeMs } = this.options;
    const credentials = { sessionId, secret };
    const client: Client = new Client(identity, credentials, this.contract, this.tree, lost, leaseTimeMs);
    client.confirmed = reply.confirmed;
    // The first client ID of a client begins with sequence 1; one that was at another head continues there.
    if (!reply.confirmed) client.created = { sequence: 0, answer: undefined };
    this.clients.set(id, client);
    return { client, confirmed: reply.confirmed };
  }

  /** The client with this ID, also if it has been at another head until now. @throws Failure STALE_CLIENTID */
  async client(id: bigint): Promise<Client> {
    const known = this.clients.get(id);
    if (known !== undefined) return known;
    const identity = await this.recorded(id);
    if (identity !== undefined) {
      const found = await this.exchange(identity, true).catch((error: unknown) => {
        if (error instanceof Failure && error.status !== wire.NFS4ERR_DELAY) return undefined;
        throw error;
      });
      if (found?.client.id === id) return found.client;
      await rm(this.recordOf(id), { force: true });
    }
    throw new Failure(wire.NFS4ERR_STALE_CLIENTID);
  }

  /** CREATE_SESSION, once the sequence is checked. */
  async open(client: Client, principal: string, sessionOf: () => Session): Promise<Session> {
    must(await client.call('CreateSession', { principal }));
    if (!client.confirmed)
      for (const other of this.clients.values()) if (isEarlier(other, client)) this.drop(other);
    client.confirmed = true;
    client.renewedAt = Date.now();
    await this.record(client);
    if (client.sessions.size >= sessionsOfOneMax) {
      const [oldest] = [...client.sessions].filter(({ connections }) => connections.size === 0);
      if (oldest === undefined) throw new Failure(wire.NFS4ERR_DELAY);
      this.end(oldest);
    }
    const session = sessionOf();
    client.sessions.add(session);
    this.sessions.set(session.id.toString('hex'), session);
    client.listen();
    return session;
  }

  end(session: Session): void {
    this.sessions.delete(session.id.toString('hex'));
    session.client.sessions.delete(session);
  }

  /** SEQUENCE: the client is there. Returns false if the lease service does not know it any more. */
  async renew(client: Client): Promise<boolean> {
    const now = Date.now();
    client.seenAt = now;
    if (now - client.renewedAt < this.options.leaseTimeMs / 4 && client.statusFlags === 0) return true;
    client.renewedAt = now;
    const reply = await client.call('Renew', {}).catch((error: unknown) => {
      if (error instanceof Failure) return undefined;
      throw error;
    });
    if (reply === undefined) return true;
    if (reply.status !== 'NFS4_OK') {
      this.drop(client);
      return false;
    }
    // Whether there is a way back to the client is known here.
    client.statusFlags = (reply.statusFlags & ~wire.SEQ4_STATUS_CB_PATH_DOWN) >>> 0;
    return true;
  }

  /** DESTROY_CLIENTID. */
  async destroy(client: Client): Promise<void> {
    if (client.sessions.size > 0) throw new Failure(wire.NFS4ERR_CLIENTID_BUSY);
    const { status } = await client.call('DestroyClientId', {});
    if (status !== 'NFS4_OK' && status !== 'NFS4ERR_BADSESSION' && status !== 'NFS4ERR_EXPIRED')
      throw new Failure(statusOf(status));
    this.drop(client);
    await rm(this.recordOf(client.id), { force: true });
  }

  /** This head forgets a client. What the client holds stays as it is at the lease service. */
  private drop(client: Client): void {
    client.stop();
    for (const session of client.sessions) this.sessions.delete(session.id.toString('hex'));
    client.sessions.clear();
    if (this.clients.get(client.id) === client) this.clients.delete(client.id);
  }

  // --- records

  private recordOf(id: bigint): string {
    return join(this.options.records, `${id.toString(16).padStart(16, '0')}.json`);
  }

  private async record({ id, identity: { owner, verifier, principal } }: Client): Promise<void> {
    await mkdir(this.options.records, { recursive: true, mode: 0o700 });
    const name = this.recordOf(id);
    const draft = `${name}.${randomBytes(6).toString('hex')}`;
    const text = JSON.stringify({
      owner: owner.toString('base64'),
      verifier: verifier.toString('base64'),
      principal,
    });
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, name);
  }

  private async recorded(id: bigint): Promise<Identity | undefined> {
    const text = await readFile(this.recordOf(id), 'utf8').catch(() => '');
    if (text === '' || text.length > recordBytesMax) return undefined;
    try {
      const { owner, verifier, principal } = JSON.parse(text) as Record<string, unknown>;
      if (typeof owner !== 'string' || typeof verifier !== 'string' || typeof principal !== 'string')
        return undefined;
      return { owner: Buffer.from(owner, 'base64'), verifier: Buffer.from(verifier, 'base64'), principal };
    } catch {
      return undefined;
    }
  }
}

/** Whether it is an earlier life of the client. */
const isEarlier = (other: Client, client: Client): boolean =>
  other !== client &&
  other.identity.owner.equals(client.identity.owner) &&
  other.identity.principal === client.identity.principal;
