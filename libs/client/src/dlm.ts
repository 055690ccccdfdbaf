import type { DlmConnection, DlmFlag, DlmLocked, EventOf, LockMode } from '#contracts';
import { limits } from '#contracts/plain';
import { isFor, isOpen, LeaseholdError } from './error';
import { Holding, type Host } from './holding';
import { randomId } from './platform';
import type { Call } from './call';
import type { Patience, Waited } from './waits';

/** The value block of a resource. `valid`: false if a holder of PW or EX has gone without writing it. */
export interface ValueBlock {
  /** Absent: nobody has written it yet. */
  bytes?: Uint8Array;
  valid: boolean;
}
/**
 * Called when somebody wants the resource in a mode that this lock does not admit: once, and again for each stronger mode.
 * Convert the lock down, or release it, when you can. Nobody takes it from you.
 */
export type OnBlocking = (wanted: LockMode, lock: DlmLock) => Promise<void> | void;

interface Asked {
  /** By their names in the DLMs of VMS and Linux. */
  flags?: readonly DlmFlag[];
  /**
   * How long to wait in the queue: 60 s by default and at most, or Infinity: until it is decided; the request keeps its
   * place whatever happens to the connection. With the flag `noqueue`: not at all.
   */
  waitMs?: number;
  /** Gives up the wait. */
  signal?: AbortSignal;
}
export interface LockOptions extends Asked {
  onBlocking?: OnBlocking;
  /** Read the value block. */
  lvb?: boolean;
  /** The session, by default. Two locks of one owner conflict all the same. */
  owner?: string;
  /** With it, a repeat finds the lock that the first attempt created. */
  requestId?: string;
  reclaim?: boolean;
}
export interface ConvertOptions extends Asked {
  /** true: read the value block. Bytes, at most 64: write them; possible on the way down from PW or EX. */
  lvb?: boolean | Uint8Array;
}

export type RecoveryNotice = EventOf<'recovery'>;
/**
 * Called when a node of the domain's region has died, before what its sessions hold is given away. When it resolves, the
 * notice is acknowledged; a throw does not count as an answer, and the service goes on after a time limit.
 */
export type OnRecovery = (notice: RecoveryNotice) => Promise<void> | void;
/** How to connect to a domain; the first use of the domain connects. */
export interface DomainOptions {
  /** Only if the export is bound to this stack. Without it: to whichever it is bound. */
  stack?: string;
  /** The highest version to speak. By default 1.1 with `onRecovery`, else 1.0: nobody waits for an acknowledgement. */
  protocol?: { major: number; minor: number };
  /** Only if the session is on this node. */
  node?: string;
  onRecovery?: OnRecovery;
}

/** What locks need from their session. */
export interface DlmHost extends Host {
  /** Connects to the domain of this connection once more. @returns the new connection, if the domain is known. */
  rejoin(connectionId: string): Promise<string | undefined>;
  trackLock(row: DlmLocked, onBlocking: OnBlocking | undefined): DlmLock;
}

const flagsFor = (flags: readonly DlmFlag[] = [], lvb: unknown): DlmFlag[] =>
  lvb === true && !flags.includes('valblk') ? [...flags, 'valblk'] : [...flags];
const waitFor = ({ flags, waitMs }: Asked): number =>
  flags?.includes('noqueue') === true ? 0 : (waitMs ?? limits.waitMsMax);
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));

/** A lock domain: the resources of one export. Made by `session.dlm`. */
export class DlmDomain {
  readonly #session: DlmHost;
  #joined: Promise<DlmConnection> | undefined;
  #connectionId: string | undefined;
  onRecovery: OnRecovery | undefined;

  constructor(
    session: DlmHost,
    readonly name: string,
    private readonly options: DomainOptions = {},
  ) {
    this.#session = session;
    this.onRecovery = options.onRecovery;
  }

  /**
   * The connection to the domain, made at first use: what was agreed, and which node it acts for.
   * @throws LeaseholdError EINVAL `stack_mismatch` or `protocol_mismatch`, EPERM `other_node` or `node_required`.
   */
  connection(): Promise<DlmConnection> {
    this.#joined ??= this.#connect();
    return this.#joined;
  }

  /** Its id, once it is connected. */
  get connectionId(): string | undefined {
    return this.#connectionId;
  }

  /**
   * Hangs up and disconnects, in this order: requests that wait are cancelled, then what is held is unlocked. The next
   * lock connects again. Resolves also if there is no connection.
   */
  async disconnect(): Promise<void> {
    const joined = await this.#joined?.catch(() => undefined);
    if (joined === undefined) return;
    const path = `/dlm/connections/${joined.connectionId}`;
    try {
      await this.#session.call({ method: 'POST', path: `${path}/hangup`, body: {} });
      await this.#session.call({ method: 'DELETE', path });
    } catch (error) {
      if (!isFor(error, 'no_such_connection', 'session_expired', 'no_such_session')) throw error;
    }
    this.left(joined.connectionId);
  }

  async #connect(): Promise<DlmConnection> {
    const { stack, node, protocol } = this.options;
    const minor = this.onRecovery === undefined ? 0 : 1;
    const body = {
      ...{ sessionId: this.#session.id, export: this.name, stack, node, requestId: randomId() },
      protocol: protocol ?? { major: 1, minor },
    };
    try {
      const made = await this.#session.call<DlmConnection>({
        method: 'POST',
        path: '/dlm/connections',
        body,
      });
      this.#connectionId = made.connectionId;
      return made;
    } catch (error) {
      this.#joined = undefined;
      throw error;
    }
  }

  /** The id to send with a request; undefined if the service is of a version without connections. */
  async #joinedId(): Promise<string | undefined> {
    try {
      return (await this.connection()).connectionId;
    } catch (error) {
      if (!isFor(error, 'no_such_route')) throw error;
      return undefined;
    }
  }

  // --- called by the session

  /** The service has lost the connection. */
  async rejoin(lost: string): Promise<string | undefined> {
    this.left(lost);
    return this.#joinedId();
  }

  /** The connection is over. */
  left(connectionId: string): void {
    if (this.#connectionId !== connectionId) return;
    this.#joined = undefined;
    this.#connectionId = undefined;
  }

  // --- locks

  /**
   * Locks a resource in a mode, and waits until that is granted.
   * @throws LeaseholdError EAGAIN `mode_conflict` or `queued` with `noqueue`, EDEADLK with `problem.cycle`, ETIMEDOUT once
   *   `waitMs` is over.
   */
  async lock(resource: string, mode: LockMode, options: LockOptions = {}): Promise<DlmLock> {
    const { flags, lvb, owner, onBlocking, signal, reclaim } = options;
    const session = this.#session;
    const sessionId = session.id;
    const requestId = options.requestId ?? randomId();
    const connectionId = await this.#joinedId();
    const where = { sessionId, connectionId, owner, export: this.name, resource };
    let body = { ...where, mode, flags: flagsFor(flags, lvb), requestId, reclaim };
    const send = ({ waitMs = 0, queued }: Patience): Promise<DlmLocked> =>
      session.call<DlmLocked>({
        ...{ method: 'POST', path: '/dlm/locks', body: { ...body, waitMs, queued } },
        ...{ waitMs: queued === true ? 0 : waitMs, signals: [signal] },
      });
    try {
      return await session.waits.patient(
        { waitMs: waitFor(options) },
        ({ waitMs = 0, queued }) =>
          session.ask(
            () =>
              send({ waitMs, queued }).catch(async (error: unknown) => {
                const lost = body.connectionId;
                if (lost === undefined || !isFor(error, 'no_such_connection')) throw error;
                // The service has lost it together with the request.
                body = { ...body, connectionId: await session.rejoin(lost) };
                return send({ waitMs, queued });
              }),
            (row) => {
              const lock = session.trackLock(row, onBlocking);
              lock.requested({ path: '/dlm/locks', body, waitMs });
              return lock;
            },
          ),
        (lock) => (lock.wants === undefined ? undefined : lock),
        signal,
      );
    } catch (error) {
      const unanswered = signal?.aborted === true || isOpen(error);
      if (unanswered && options.requestId === undefined)
        session.insist(async () => {
          // Whether the request has arrived or not, it has no effect after this.
          const late = await session.call<{ lock?: DlmLocked }>({
            ...{ method: 'POST', path: '/dlm/locks/cancel', body: { sessionId, requestId } },
          });
          if (late.lock !== undefined)
            await session.call({ method: 'POST', path: `/dlm/locks/${late.lock.lockId}/unlock`, body: {} });
        });
      throw error;
    }
  }

  /** A lock of this session by its id, such as one of an attached session. */
  get(lockId: string, options: { onBlocking?: OnBlocking } = {}): Promise<DlmLock> {
    const path = `/dlm/locks/${encodeURIComponent(lockId)}`;
    return this.#session.ask(
      () => this.#session.call<DlmLocked>({ method: 'GET', path }),
      (row) => this.#session.trackLock(row, options.onBlocking),
    );
  }
}

/** A lock in a mode, kept current by the session's event stream. With `await using` it is released at the end. */
export class DlmLock extends Holding {
  readonly #session: DlmHost;
  #row: DlmLocked;
  /** The strongest mode that was passed to `onBlocking` since the last grant. */
  #told: LockMode | undefined;

  /** Created by a domain; call `session.dlm(domain).lock`. */
  constructor(
    session: DlmHost,
    row: DlmLocked,
    public onBlocking?: OnBlocking,
  ) {
    super(session);
    this.#session = session;
    this.#row = row;
  }

  get id(): string {
    return this.#row.lockId;
  }
  get waitNo(): number | undefined {
    return this.#row.waitNo;
  }
  get export(): string {
    return this.#row.export;
  }
  get resource(): string {
    return this.#row.resource;
  }
  get owner(): string {
    return this.#row.owner;
  }
  /** The mode that it holds; undefined while a new request waits. */
  get mode(): LockMode | undefined {
    return this.#row.mode;
  }
  /** The mode that it waits for. */
  get wants(): LockMode | undefined {
    return this.#row.wants;
  }
  /** Fencing token to send with every I/O, of a lock held in PW or EX. */
  get token(): number | undefined {
    return this.#row.token;
  }
  /** The value block as the last grant has read it; undefined: it was not to be read. */
  get value(): ValueBlock | undefined {
    const { value } = this.#row;
    if (value === undefined) return undefined;
    return { bytes: value.block === undefined ? undefined : bytesOf(value.block), valid: value.valid };
  }
  /** The last conversion was granted after the lock had been demoted to NL (`convdeadlk`). */
  get demoted(): boolean {
    return this.#row.demoted === true;
  }
  /** The last grant was in the mode of `altpr` or `altcw`. */
  get alternative(): boolean {
    return this.#row.alternative === true;
  }
  /** The strongest mode that somebody else wants, since the last grant; undefined: nobody is in the way. */
  get blocking(): LockMode | undefined {
    return this.#row.blocking;
  }
  /**
   * Converts the lock to another mode, in place, and waits until that is granted. A refusal leaves it as it was.
   * @throws LeaseholdError as `lock` does; EINVAL `request_pending` while another conversion waits.
   */
  async convert(mode: LockMode, options: ConvertOptions = {}): Promise<void> {
    const { flags, lvb, signal } = options;
    const block = lvb instanceof Uint8Array ? base64(lvb) : undefined;
    const before = this.#row.seqid;
    const waitMs = waitFor(options);
    const body = { mode, flags: flagsFor(flags, lvb), block };
    const send = (wait: Patience): Promise<DlmLocked> =>
      waitMs === Infinity
        ? this.#converted({ ...body, ...wait, seqid: before }, signal)
        : this.#put({ ...body, ...wait }, signal);
    const waitsAs = ({ lockId: id, wants, waitNo }: DlmLocked): Waited | undefined =>
      wants === undefined ? undefined : { id, waitNo };
    try {
      for (;;) {
        try {
          this.apply(await this.#session.waits.patient({ waitMs }, send, waitsAs, signal));
          return;
        } catch (error) {
          // The event of an earlier conversion may come late, and older services number no waits: this one has its place still.
          const isOver = waitMs !== Infinity || !isFor(error, 'cancelled');
          if (isOver || !(await this.#converts(mode, signal))) throw error;
        }
      }
    } catch (error) {
      if (signal?.aborted === true && !this.signal.aborted) this.#session.insist(() => this.cancel());
      this.#loseIf(error);
      throw error;
    }
  }

  /** Whether a conversion to this mode waits, or has been granted. */
  async #converts(to: LockMode, signal: AbortSignal | undefined): Promise<boolean> {
    const call: Call = { method: 'GET', path: this.path, signals: [signal] };
    const { mode, wants } = await this.#session.call<DlmLocked>(call);
    return wants === to || mode === to;
  }

  /** Cancels the conversion that waits. @returns false if it came too late: it was granted, or is over. */
  async cancel(): Promise<boolean> {
    const body = { sessionId: this.#session.id, lockId: this.id };
    const call: Call = { method: 'POST', path: '/dlm/locks/cancel', body };
    const { cancelled, lock } = await this.#session.call<{ cancelled: boolean; lock?: DlmLocked }>(call);
    if (lock !== undefined) this.apply(lock);
    return cancelled;
  }

  /**
   * Unlocks. Also resolves if the lock is already gone.
   * @param lvb the value block to write, at most 64 bytes, from PW or EX; `invalid` declares it invalid.
   */
  override release(lvb?: Uint8Array | 'invalid'): Promise<void> {
    const body = lvb === 'invalid' ? { ivvalblk: true } : lvb === undefined ? {} : { block: base64(lvb) };
    return this.giveBack({ ...this.releasing, body });
  }

  /** Reads the lock from the service; one that is gone is lost. */
  async refresh(): Promise<void> {
    try {
      this.apply(await this.read<DlmLocked>());
    } catch (error) {
      this.#loseIf(error);
      if (!this.signal.aborted) throw error;
    }
  }

  // --- called by the session

  /** Whether the service lacks a grant that this side was told of. */
  outranks(row: DlmLocked): boolean {
    return this.mode !== undefined && row.seqid < this.#row.seqid;
  }

  async reassert(): Promise<void> {
    if (this.isRequest) {
      this.#session.insist(() => this.refresh());
      return;
    }
    const found = await this.look<DlmLocked>();
    if (found !== undefined && !this.outranks(found)) {
      this.apply(found);
      return;
    }
    const now = await this.#reclaimed();
    if (now instanceof LeaseholdError) {
      this.loseFor('lock_over', now, found !== undefined);
    } else if (!this.signal.aborted) {
      // Its grants are counted anew.
      this.#row = now;
      this.#told = undefined;
    }
  }

  async #reclaimed(): Promise<DlmLocked | LeaseholdError> {
    const { lockId, export: on, resource, owner, mode, persistent, connectionId } = this.#row;
    const flags = persistent === true ? ['persistent'] : [];
    const where = { export: on, resource, owner, mode, flags, lockId };
    const now = await this.reclaim<DlmLocked>('/dlm/locks', { ...where, connectionId });
    if (connectionId === undefined || !isFor(now, 'no_such_connection', 'connection_over')) return now;
    // The connection is lost as well.
    const joined = await this.#session.rejoin(connectionId);
    return this.reclaim<DlmLocked>('/dlm/locks', { ...where, connectionId: joined });
  }

  /** Applies a row from the service; a row older than the known one changes nothing. */
  apply(row: DlmLocked): void {
    if (this.signal.aborted || row.seqid < this.#row.seqid) return;
    if (row.seqid > this.#row.seqid) this.#told = undefined;
    this.#row = row;
    if (row.blocking !== undefined) this.hear(row.blocking);
  }

  complete({ mode, seqid, token, value, demoted, alternative }: EventOf<'completed'>): void {
    this.apply({
      ...{ ...this.#row, mode, seqid, token, value, demoted, alternative },
      ...{ state: 'granted', wants: undefined, waitNo: undefined, blocking: undefined },
    });
  }

  /** The conversion that waited has ended without a grant. */
  stopWaiting(): void {
    this.#row = { ...this.#row, wants: undefined, waitNo: undefined, state: 'granted' };
  }

  /** Applies a blocking notice, once for each mode. */
  hear(wanted: LockMode): void {
    if (this.signal.aborted || this.#told === wanted) return;
    this.#told = wanted;
    this.#row = { ...this.#row, blocking: wanted };
    if (this.onBlocking !== undefined) void this.#answer(this.onBlocking, wanted);
  }

  // --- inside

  protected get path(): string {
    return `/dlm/locks/${this.id}`;
  }
  protected get isRequest(): boolean {
    return this.mode === undefined;
  }
  protected override get releasing(): Call {
    return { method: 'POST', path: `${this.path}/unlock`, body: {} };
  }
  protected givenBack(): LeaseholdError {
    return LeaseholdError.of('lock_over', { detail: 'It was released.' });
  }

  #put(body: Patience & { mode: LockMode }, signal: AbortSignal | undefined): Promise<DlmLocked> {
    const { waitMs = 0, queued } = body;
    return this.#session.call<DlmLocked>({
      ...{ method: 'PUT', path: this.path, body, waitMs: queued === true ? 0 : waitMs, signals: [signal] },
    });
  }

  /** A conversion that may have been granted already: then the lock as it is now. */
  async #converted(
    body: Patience & { mode: LockMode; seqid: number },
    signal: AbortSignal | undefined,
  ): Promise<DlmLocked> {
    try {
      return await this.#put(body, signal);
    } catch (error) {
      if (!isFor(error, 'seqid_old')) throw error;
      return await this.#session.call<DlmLocked>({ method: 'GET', path: this.path, signals: [signal] });
    }
  }

  async #answer(onBlocking: OnBlocking, wanted: LockMode): Promise<void> {
    try {
      await onBlocking(wanted, this);
    } catch (error) {
      if (!this.signal.aborted) this.#session.report(error);
    }
  }

  #loseIf(error: unknown): void {
    if (isFor(error, 'no_such_lock', 'lock_over')) this.lose(error);
  }
}
