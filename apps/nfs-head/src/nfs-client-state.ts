import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { nfs } from '#contracts';
import { type Contract, type Credentials, SessionLost } from './contract';

/** Retries after temporary errors (NFS4ERR_DELAY) and lost connections. */
const retryMs = 100;
const attemptsMax = 600;

export interface FileName {
  export: string;
  file: string;
}
interface Open extends FileName {
  openOwner: string;
  access: nfs.ShareAccess;
  deny: nfs.ShareDeny;
  stateid: nfs.StateId;
}
interface Lock extends FileName {
  lockOwner: string;
  /** The key of the open that it was taken under. */
  open: string | undefined;
  type: nfs.LockType;
  offset: string;
  length: string;
}
interface HeldDelegation extends FileName {
  type: nfs.DelegationType;
  stateid: nfs.StateId;
}
/** What survives a restart of the NFS server, as in nfsdcld: the clients' identities. Clients reclaim their state. */
export type SavedClient = Credentials & { leaseTimeMs: number };

/** The service answered with an error status. */
export class NfsError extends Error {
  constructor(
    readonly status: nfs.NfsStat,
    readonly problem: nfs.NfsProblem | undefined,
  ) {
    super(`${status}: ${problem?.title ?? ''}`);
  }
}
export function must<T extends { status: nfs.NfsStat; problem?: nfs.NfsProblem | undefined }>(reply: T): T {
  if (reply.status !== 'NFS4_OK') throw new NfsError(reply.status, reply.problem);
  return reply;
}

const bytes = (text: string): string => Buffer.from(text).toString('base64');
const keyOf = (owner: string, { export: exportName, file }: FileName): string =>
  `${owner} ${exportName}/${file}`;
export const toTheEnd = '18446744073709551615';

/**
 * One NFSv4.1 client of this server: its session at the lease service, and the state that both keep for it. Owners are
 * bytes on the wire; here they are text, for readability.
 */
export class NfsClientState {
  readonly opens = new Map<string, Open>();
  readonly locks = new Map<string, Lock[]>();
  readonly delegations = new Map<string, HeldDelegation>();
  private readonly lockStates = new Map<string, { stateid: nfs.StateId; open: string | undefined }>();
  private readonly over = new AbortController();
  private readonly renewal: NodeJS.Timeout;
  private position: string | undefined;
  /** The callbacks of the present session. */
  private hearing = new AbortController();
  private recovery: Promise<void> | undefined;

  private constructor(
    private readonly contract: Contract,
    private saved: SavedClient,
    private readonly hear: (callback: nfs.Callback, client: NfsClientState) => Promise<void> | void,
  ) {
    this.renewal = setInterval(() => void this.renew().catch(() => undefined), saved.leaseTimeMs / 3);
    void this.listen();
  }

  /** EXCHANGE_ID: a client that this server does not know. */
  static async exchangeId(
    contract: Contract,
    { label, leaseTimeMs }: { label: string; leaseTimeMs: number },
    hear: (callback: nfs.Callback, client: NfsClientState) => Promise<void> | void,
  ): Promise<NfsClientState> {
    const made = must(await contract.call('ExchangeId', { leaseTimeMs, label }));
    return new NfsClientState(
      contract,
      { sessionId: made.sessionId, secret: made.secret, leaseTimeMs },
      hear,
    );
  }

  /** After a restart of this server: the client's session at the lease service still exists. */
  static resume(
    contract: Contract,
    saved: SavedClient,
    hear: (callback: nfs.Callback, client: NfsClientState) => Promise<void> | void,
  ): NfsClientState {
    return new NfsClientState(contract, saved, hear);
  }

  get credentials(): Credentials {
    const { sessionId, secret } = this.saved;
    return { sessionId, secret };
  }
  /** The reclaim after a loss at the lease service, while it runs. */
  get recovering(): Promise<void> | undefined {
    return this.recovery;
  }
  /** What this server writes to its disk. */
  get toSave(): SavedClient {
    return this.saved;
  }

  /** This server forgets the client, but the session continues; `destroy` ends the session too. */
  stop(): void {
    clearInterval(this.renewal);
    this.over.abort();
  }
  async destroy(): Promise<void> {
    this.stop();
    must(await this.contract.call('DestroyClientId', this.credentials));
  }

  // --- opens

  async open(
    openOwner: string,
    where: FileName,
    how: Omit<nfs.InputOf<'Open'>, keyof Credentials | keyof FileName | 'openOwner'>,
  ): Promise<nfs.ReplyOf<'Open'>> {
    const owner = bytes(openOwner);
    const reply = await this.contract.call('Open', {
      ...this.credentials,
      ...where,
      openOwner: owner,
      ...how,
    });
    const { stateid, deny, delegation } = reply;
    const { access } = reply;
    if (stateid !== undefined && access !== 'OPEN4_SHARE_ACCESS_UNSPECIFIED')
      this.opens.set(keyOf(openOwner, where), { ...where, openOwner: owner, access, deny, stateid });
    this.keepDelegation(where, delegation);
    return reply;
  }

  /** Opens as an NFS client does: retries on NFS4ERR_DELAY. */
  async openPatiently(...args: Parameters<NfsClientState['open']>): Promise<nfs.ReplyOf<'Open'>> {
    for (let attempt = 1; ; attempt++) {
      const reply = await this.open(...args);
      if (reply.status !== 'NFS4ERR_DELAY' || attempt === attemptsMax) return reply;
      await pause(retryMs);
    }
  }

  async downgrade(
    openOwner: string,
    where: FileName,
    access: nfs.ShareAccess,
    deny: nfs.ShareDeny,
  ): Promise<nfs.ReplyOf<'OpenDowngrade'>> {
    const open = this.openOf(openOwner, where);
    const reply = await this.contract.call('OpenDowngrade', {
      ...this.credentials,
      stateid: open.stateid,
      access,
      deny,
    });
    if (reply.stateid !== undefined) Object.assign(open, { stateid: reply.stateid, access, deny });
    return reply;
  }

  async close(openOwner: string, where: FileName): Promise<nfs.ReplyOf<'Close'>> {
    const key = keyOf(openOwner, where);
    const { stateid } = this.openOf(openOwner, where);
    const requestId = randomUUID();
    const reply = await this.contract.call('Close', { ...this.credentials, stateid, requestId });
    if (reply.status !== 'NFS4_OK') return reply;
    this.opens.delete(key);
    // The stateids of its locks have ended with it.
    for (const [owner, { open }] of this.lockStates) if (open === key) this.lockStates.delete(owner);
    return reply;
  }

  // --- locks

  async lock(
    lockOwner: string,
    where: FileName,
    type: nfs.LockType,
    offset = '0',
    length = toTheEnd,
  ): Promise<nfs.ReplyOf<'Lock'>> {
    const key = keyOf(lockOwner, where);
    const known = this.lockStates.get(key);
    const [open, { stateid: openStateid } = {}] =
      known === undefined ? this.openFor(where, type) : [known.open];
    const reply = await this.contract.call('Lock', {
      ...this.credentials,
      ...where,
      lockOwner: bytes(lockOwner),
      ...{ type, offset, length },
      ...{ stateid: known?.stateid, openStateid, requestId: randomUUID() },
    });
    if (reply.stateid !== undefined) {
      this.lockStates.set(key, { stateid: reply.stateid, open });
      const held = this.locks.get(key) ?? [];
      held.push({ ...where, lockOwner: bytes(lockOwner), open, type, offset, length });
      this.locks.set(key, held);
    }
    return reply;
  }

  /** The open that a lock owner's first lock on a file belongs to: its process has opened the file for that. */
  private openFor({ export: exportName, file }: FileName, type: nfs.LockType): [string?, Open?] {
    const unfit = type.startsWith('READ') ? 'OPEN4_SHARE_ACCESS_WRITE' : 'OPEN4_SHARE_ACCESS_READ';
    const fits = ([, open]: [string, Open]): boolean =>
      open.export === exportName && open.file === file && open.access !== unfit;
    return [...this.opens].find(fits) ?? [];
  }

  lockT(
    lockOwner: string,
    where: FileName,
    type: nfs.LockType,
    offset = '0',
    length = toTheEnd,
  ): Promise<nfs.ReplyOf<'LockT'>> {
    return this.contract.call('LockT', {
      ...this.credentials,
      ...where,
      lockOwner: bytes(lockOwner),
      ...{ type, offset, length },
    });
  }

  /** Releases all locks of the owner on the file. */
  async lockU(lockOwner: string, where: FileName): Promise<nfs.ReplyOf<'LockU'>> {
    const key = keyOf(lockOwner, where);
    const known = this.lockStates.get(key);
    if (known === undefined) throw new Error(`${lockOwner} has no lock on ${where.file}`);
    const { stateid } = known;
    const reply = await this.contract.call('LockU', {
      ...this.credentials,
      ...where,
      lockOwner: bytes(lockOwner),
      ...{ offset: '0', length: toTheEnd, stateid, requestId: randomUUID() },
    });
    if (reply.stateid !== undefined) {
      known.stateid = reply.stateid;
      this.locks.delete(key);
    }
    return reply;
  }

  // --- delegations

  async wantDelegation(
    where: FileName,
    want: nfs.Want,
    more: {
      signal?: boolean;
      push?: boolean;
      directory?: boolean;
      notify?: boolean;
      claim?: nfs.Claim;
    } = {},
  ): Promise<nfs.ReplyOf<'WantDelegation'>> {
    const reply = await this.contract.call('WantDelegation', {
      ...this.credentials,
      ...where,
      want,
      ...more,
    });
    this.keepDelegation(where, reply.delegation);
    return reply;
  }

  async delegReturn(stateid: nfs.StateId): Promise<nfs.ReplyOf<'DelegReturn'>> {
    const reply = await this.contract.call('DelegReturn', { ...this.credentials, stateid });
    this.delegations.delete(stateid.other);
    return reply;
  }

  /**
   * GETATTR of a client that has no write delegation on the file itself. Takes the fileserver's current attributes and
   * returns those for the client. NFS4ERR_DELAY: the holder did not answer and is being recalled.
   */
  getAttr(
    where: FileName,
    fileserver: { change: string; size: string },
    more: { times?: boolean; waitMs?: number } = {},
  ): Promise<nfs.ReplyOf<'GetAttr'>> {
    return this.contract.call('GetAttr', { ...this.credentials, ...where, ...fileserver, ...more });
  }

  /** The client's answer to CB_GETATTR, with the change attribute from when it got the delegation. */
  answerGetAttr(
    { askId, stateid }: NonNullable<nfs.Callback['getAttr']>,
    said: Omit<nfs.InputOf<'AnswerGetAttr'>, keyof Credentials | 'askId' | 'stateid'>,
  ): Promise<nfs.ReplyOf<'AnswerGetAttr'>> {
    return this.contract.call('AnswerGetAttr', { ...this.credentials, askId, stateid, ...said });
  }

  async testStateids(stateids: nfs.StateId[]): Promise<nfs.NfsStat[]> {
    return must(await this.contract.call('TestStateid', { ...this.credentials, stateids })).results;
  }

  async freeStateid(stateid: nfs.StateId): Promise<nfs.ReplyOf<'FreeStateid'>> {
    const reply = await this.contract.call('FreeStateid', { ...this.credentials, stateid });
    if (reply.status === 'NFS4_OK') this.delegations.delete(stateid.other);
    return reply;
  }

  // --- grace

  /**
   * Reclaims everything that the client holds according to this server, in the grace period after a loss at the lease
   * service, and reports that the reclaim is complete. Stateids are new, as after any restart of a server.
   */
  async reclaim(): Promise<nfs.ReplyOf<'Reclaim'>> {
    let opens = [...this.opens.values()];
    let locks = [...this.locks.values()].flat();
    let delegations = [...this.delegations.values()];
    this.lockStates.clear();
    this.delegations.clear();
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const reply = await this.claim(opens, locks, delegations);
      opens = opens.filter((_, index) => reply.opens[index]?.status === 'NFS4ERR_DELAY');
      locks = locks.filter((_, index) => reply.locks[index]?.status === 'NFS4ERR_DELAY');
      delegations = delegations.filter((_, index) => reply.delegations[index]?.status === 'NFS4ERR_DELAY');
      if (opens.length + locks.length + delegations.length === 0) break;
      await pause(retryMs);
    }
    return must(await this.contract.call('Reclaim', { ...this.credentials, complete: true }));
  }

  private async claim(
    opens: Open[],
    locks: Lock[],
    delegations: HeldDelegation[],
  ): Promise<nfs.ReplyOf<'Reclaim'>> {
    const first = must(
      await this.contract.call('Reclaim', {
        ...this.credentials,
        opens: opens.map(({ stateid: _, ...open }) => open),
      }),
    );
    for (const [index, open] of opens.entries()) open.stateid = first.opens[index]?.stateid ?? open.stateid;
    // The locks name the opens that they belong to.
    const reply = must(
      await this.contract.call('Reclaim', {
        ...this.credentials,
        locks: locks.map(({ open = '', ...lock }) => ({
          ...lock,
          openStateid: this.opens.get(open)?.stateid,
        })),
        delegations: delegations.map(({ stateid: _, ...delegation }) => delegation),
      }),
    );
    for (const [index, lock] of locks.entries()) {
      const stateid = reply.locks[index]?.stateid;
      const owner = Buffer.from(lock.lockOwner, 'base64').toString();
      if (stateid !== undefined) this.lockStates.set(keyOf(owner, lock), { stateid, open: lock.open });
    }
    for (const [index, held] of delegations.entries())
      this.keepDelegation(held, reply.delegations[index]?.delegation);
    return { ...reply, opens: first.opens };
  }

  /** The lease service has lost the session: makes a new one and reclaims all that was held. */
  recover(): Promise<void> {
    this.recovery ??= this.recoverNow().finally(() => {
      this.recovery = undefined;
    });
    return this.recovery;
  }

  /** SEQUENCE, on behalf of a client that sends no other request. */
  async renew(): Promise<nfs.ReplyOf<'Renew'>> {
    const reply = await this.contract.call('Renew', this.credentials);
    if (reply.status === 'NFS4ERR_BADSESSION') await this.recover();
    return reply;
  }

  private async recoverNow(): Promise<void> {
    const { leaseTimeMs } = this.saved;
    const made = must(await this.contract.call('ExchangeId', { leaseTimeMs }));
    this.saved = { sessionId: made.sessionId, secret: made.secret, leaseTimeMs };
    this.position = undefined;
    this.hearing.abort();
    await this.reclaim();
  }

  private openOf(openOwner: string, where: FileName): Open {
    const open = this.opens.get(keyOf(openOwner, where));
    if (open === undefined) throw new Error(`${openOwner} has not opened ${where.file}`);
    return open;
  }

  private keepDelegation(
    { export: exportName, file }: FileName,
    delegation: nfs.Delegation | undefined,
  ): void {
    if (delegation?.stateid === undefined) return;
    const { type, stateid } = delegation;
    this.delegations.set(stateid.other, { export: exportName, file, type, stateid });
  }

  /** Whether the client was silent for too long: its state is gone for good, and the session cannot be recovered. */
  private async isOver(): Promise<boolean> {
    const { status } = await this.renew();
    return status === 'NFS4ERR_EXPIRED';
  }

  /** Receives callbacks as long as the client exists, across broken connections and lost sessions. */
  private async listen(): Promise<void> {
    const { signal } = this.over;
    while (!signal.aborted) {
      this.hearing = new AbortController();
      const present = AbortSignal.any([signal, this.hearing.signal]);
      try {
        const from = { ...this.credentials, after: this.position };
        for await (const callback of this.contract.callbacks(from, present)) {
          if (callback.revoked !== undefined) this.delegations.delete(callback.revoked.stateid.other);
          await this.hear(callback, this);
          if (present.aborted) break;
          if (callback.position !== '') this.position = callback.position;
          if (callback.expired !== undefined && (await this.isOver())) return;
        }
      } catch (error) {
        if (error instanceof SessionLost) {
          if (error.status === 'NFS4ERR_EXPIRED') return;
          await this.recover().catch(() => undefined);
        }
      }
      await pause(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
