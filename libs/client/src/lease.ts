import type {
  Delegation as DelegationRow,
  EventOf,
  Lease as LeaseRow,
  LeaseState,
  LeaseType,
} from '#contracts';
import { LeaseholdError, isFor } from './error';
import { Holding, type Host, holdLeft } from './holding';
import { onAbort } from './platform';
import type { Call } from './call';
import type { Patience } from './waits';

/** A break as reported to the holder. Count the time left from `remainingMs`, not `deadlineAt`: clocks differ. */
export type BreakNotice = EventOf<'break'>;

/**
 * Called once per break and target. Prepare the file for the opener (write back, drop caches), then return the type to
 * keep, the target or weaker, which the client acknowledges for you. Return nothing if your code acknowledges itself.
 * A throw acknowledges nothing: it does not show that the holder has let go, so the deadline decides.
 */
export type OnBreak = (notice: BreakNotice, lease: Lease) => Promise<LeaseType | undefined>;

/** What a lease needs from its session. */
export interface LeaseHost extends Host {
  announce(notice: BreakNotice): void;
}

/** Reasons that refuse a late acknowledgement: the lease or the break was already decided. */
const tooLate = ['break_over', 'token_old', 'lease_revoked', 'lease_released'];
const breaksRememberedMax = 32;

/**
 * A lease of this session, kept current by its event stream. Created by the session's `acquire`, `allocate` and
 * `lease`.
 */
export class Lease extends Holding {
  readonly #session: LeaseHost;
  #breaking = new AbortController();
  #row: LeaseRow;
  #notice: BreakNotice | undefined;
  #detached = false;
  #wait: Wait | undefined;
  #resuming: Promise<void> | undefined;
  /** Breaks already reported, by id and target: an event may arrive more than once. */
  readonly #told = new Set<string>();

  /** Created by a session; call `session.acquire` or `session.allocate`. */
  constructor(
    session: LeaseHost,
    row: LeaseRow,
    public onBreak?: OnBreak,
    /** Whether it is on a directory, if that is known. */
    readonly directory = row.file === '.' || row.notify === true,
  ) {
    super(session);
    this.#session = session;
    this.#row = { ...row, break: undefined };
    this.#follow();
  }

  get id(): string {
    return this.#row.leaseId;
  }
  get waitNo(): number | undefined {
    return this.#row.waitNo;
  }
  /** It is on a directory, and stays when a change is reported: the session hears `directoryChanged`. */
  get notify(): boolean {
    return this.#row.notify === true;
  }
  get export(): string {
    return this.#row.export;
  }
  get file(): string {
    return this.#row.file;
  }
  get owner(): string {
    return this.#row.owner;
  }
  get type(): LeaseType {
    return this.#row.type;
  }
  get state(): LeaseState {
    return this.#row.state;
  }
  /** Fencing token to send with every I/O under this lease; 0 before the first grant. */
  get token(): number {
    return this.#row.token;
  }
  /** When it is lost in any case, by the service's clock; undefined before the grant, and if there is no limit. */
  get endsAt(): Date | undefined {
    return this.#row.endsAt === undefined ? undefined : new Date(this.#row.endsAt);
  }
  /** Whether this is a delegation: it belongs to the whole session, not to one owner. */
  get delegation(): boolean {
    return this.#row.delegation;
  }
  /** The stateid under which an NFS server would know the lease now. */
  get stateid(): LeaseRow['stateid'] {
    return this.#row.stateid;
  }
  /** The type it waits for in the queue, if asked with `queued`; `granted` or `dropped` reports the outcome. */
  get waitType(): LeaseType | undefined {
    return this.#row.waitType;
  }
  /** Whether it is not decided yet: it waits in the queue, or the fileserver is being asked. */
  get waiting(): boolean {
    return this.waitType !== undefined || this.state === 'pending';
  }
  /** Whether a fileserver holds it too. */
  get backed(): boolean {
    return this.#row.backed;
  }
  /**
   * The name no longer leads to the leased file (for example, another file was renamed over it); the lease stays on the
   * old file.
   */
  get detached(): boolean {
    return this.#detached;
  }
  /** The running break, if there is one. */
  get notice(): BreakNotice | undefined {
    return this.#notice;
  }
  /** Aborted while a break runs; after a downgrade this is a fresh signal. Pass it to work that should stop early. */
  get breaking(): AbortSignal {
    return this.#breaking.signal;
  }

  /**
   * Resolves once the type asked for with `queued` is granted; at once if nothing is waited for.
   * @throws LeaseholdError for the reason for which the wait was dropped, or the lease lost; or the reason of the signal.
   */
  async granted(options: { signal?: AbortSignal } = {}): Promise<this> {
    const { waits } = this.#session;
    if (this.waiting && !waits.hasEvents)
      await waits.outcome(undefined, {
        ask: () => this.refresh(),
        waitsAs: () => (this.waiting ? this : undefined),
        signal: options.signal,
      });
    await settled(this.#wait?.decided, options.signal);
    this.signal.throwIfAborted();
    return this;
  }

  /** Reads the lease from the service (getlease). Throws ENOENT `no_such_lease` if the service has forgotten it. */
  async refresh(): Promise<void> {
    try {
      this.apply(await this.read<LeaseRow>());
      await this.#resuming;
    } catch (error) {
      this.#loseIf(error);
      throw error;
    }
  }

  /**
   * Converts the lease (setlease): `none` releases it, `read` and `write` ask for that type.
   * @param options waitMs: how long to wait in the queue: at most 60 s, or Infinity; with `queued` at most an hour, and
   *   the call returns at once.
   * @throws LeaseholdError EAGAIN if others conflict, ESTALE if the lease was lost or changed meanwhile.
   */
  async set(
    type: LeaseType,
    options: { waitMs?: number; queued?: boolean; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { waitMs, queued, signal } = options;
    let { tableLife } = this.#session;
    let ifToken = this.token;
    let waited = false;
    const put = async (wait: Patience): Promise<void> => {
      const body = { type, ...wait, ifToken };
      const call: Call = { method: 'PUT', path: this.path, body, signals: [signal] };
      this.apply(
        await this.#session.call<LeaseRow>({ ...call, waitMs: wait.queued === true ? 0 : wait.waitMs }),
      );
      waited = wait.queued === true && this.waitType === type;
      if (waited) this.changing({ type }, wait.waitMs);
    };
    try {
      await this.#session.waits.patient(
        { waitMs, queued },
        async (wait) => {
          try {
            await put(wait);
          } catch (error) {
            const mayBeNew = waited && isFor(error, 'token_old');
            const life = mayBeNew ? await this.#session.readTableLife() : tableLife;
            if (life === tableLife) throw error;
            // A table that may have lost something gives new tokens to those who read what they have.
            tableLife = life;
            await this.refresh();
            ifToken = this.token;
            await put(wait);
          }
        },
        () => (this.waiting && !this.signal.aborted ? this : undefined),
        signal,
      );
    } catch (error) {
      if (signal?.aborted && !this.signal.aborted && type !== 'none') void this.#cancel(type);
      this.#loseIf(error);
      if (!isFor(error, 'token_old')) throw error;
      // The answer to a first attempt may have been lost: then the lease already has the type asked for.
      await this.refresh();
      if (this.type !== type) throw error;
    }
  }

  /**
   * Answers the running break.
   * @param type the type to keep; default: the most that the break allows.
   * @param breakId the break to answer; default: the running one.
   * @returns true if this ended the break; false if the break was already over, and the lease is now up to date.
   */
  async acknowledge(type?: LeaseType, breakId?: string): Promise<boolean> {
    const notice = this.#notice;
    const answered = breakId ?? notice?.breakId;
    if (answered === undefined) {
      if (!this.signal.aborted) await this.refresh();
      return false;
    }
    const running = notice?.breakId === answered ? notice : undefined;
    const body = { type: type ?? running?.target ?? 'none', breakId: answered, ifToken: this.token };
    try {
      // If the answer is lost, the lease is taken by force: so repeat it for as long as the break lasts.
      const retryMs = running?.remainingMs === undefined ? undefined : Math.max(running.remainingMs, 10_000);
      this.apply(await this.#session.call<LeaseRow>({ method: 'PUT', path: this.path, body, retryMs }));
      return true;
    } catch (error) {
      this.#loseIf(error);
      if (!isFor(error, ...tooLate)) throw error;
      if (isSame(this.#notice, running)) this.#settle();
      if (!this.signal.aborted) await this.refresh();
      return false;
    }
  }

  /** Makes the service forget a lease that has ended; revoked delegations are kept until this call (FREE_STATEID). */
  async free(): Promise<void> {
    await this.#session.call({ method: 'POST', path: `${this.path}/free` });
  }

  // --- called by the session

  /** Whether this side was told more than the row says: the row is older, or the service has lost a grant. */
  outranks(row: LeaseRow): boolean {
    const over = row.state === 'released' || row.state === 'revoked' || row.state === 'fencing';
    if (over || this.state === 'allocated' || this.signal.aborted) return false;
    return row.token < this.token || (this.type === 'write' && row.type === 'read' && row.state === 'active');
  }

  async reassert(): Promise<void> {
    if (this.isRequest && this.waiting) {
      this.#session.insist(() => this.refresh());
      return;
    }
    const { leaseId, export: on, file, owner, type, delegation, maxHoldMs, endsAt } = this.#row;
    let now: LeaseRow | LeaseholdError | undefined;
    if (delegation && type !== 'none') {
      const asked = await this.reclaim<DelegationRow>('/delegations', {
        export: on,
        file,
        want: type,
        directory: this.directory ? true : undefined,
        notify: this.#row.notify,
        leaseId,
      });
      now = asked instanceof LeaseholdError ? asked : asked.lease;
    } else if (type !== 'none') {
      const left = holdLeft({ maxHoldMs, endsAt });
      const body = { export: on, file, owner, type, leaseId, maxHoldMs: left };
      now = await this.reclaim<LeaseRow>('/leases/acquire', body);
    }
    if (now !== undefined && !(now instanceof LeaseholdError)) {
      this.apply(now);
      return;
    }
    // It may have been weakened, and not lost, while the stream was cut.
    const found = await this.look<LeaseRow>();
    if (found?.token !== undefined && found.token >= this.token) this.apply(found);
    else this.loseFor('lease_revoked', now, found !== undefined);
  }

  /** Applies a row from the service; a row older than the known one changes nothing. */
  apply(row: LeaseRow): void {
    if (this.signal.aborted) return;
    if (row.state === 'revoked' || row.state === 'fencing') {
      this.lose(LeaseholdError.of('lease_revoked', { leaseId: this.id }));
      this.#row = { ...this.#row, state: row.state };
    } else if (row.state === 'released') {
      this.lose(LeaseholdError.of('lease_released', { leaseId: this.id }));
    } else if (row.token >= this.#row.token) {
      const { break: running, ...rest } = row;
      // A break only ends with a new token: an `active` row with the same token was read before the break.
      if (row.token > this.#row.token) this.#settle();
      this.#row = { ...rest, state: this.#notice ? 'breaking' : rest.state };
      this.#follow();
      if (running) this.hear({ ...running, ...this.#reference(), type: row.type, token: row.token });
    }
  }

  /** Applies a break, once per break and target. */
  hear(notice: BreakNotice): void {
    if (this.signal.aborted || notice.token < this.#row.token) return;
    const key = `${notice.breakId} ${notice.target}`;
    if (this.#told.has(key)) {
      // Repeated because the deadline is now earlier; RFC 3339 instants in UTC compare as text.
      if (isSame(this.#notice, notice) && (notice.deadlineAt ?? '~') < (this.#notice?.deadlineAt ?? '~')) {
        this.#notice = notice;
      }
      return;
    }
    this.#told.add(key);
    for (const oldest of this.#told) {
      if (this.#told.size <= breaksRememberedMax) break;
      this.#told.delete(oldest);
    }
    this.#notice = notice;
    this.#row = { ...this.#row, state: 'breaking' };
    this.#breaking.abort(LeaseholdError.of('break_started', { leaseId: this.id, break: notice }));
    this.#session.announce(notice);
    if (this.onBreak) void this.#answer(this.onBreak, notice);
  }

  /** Applies a conversion made at the service: a downgrade, a late grant, a reclaim. */
  convert(type: LeaseType, token: number, endsAt = this.#row.endsAt): void {
    this.apply({
      ...this.#row,
      type,
      token,
      endsAt,
      state: 'active',
      pendingType: undefined,
      waitType: undefined,
      waitNo: undefined,
    });
  }

  /** A wait for a stronger type is over; the lease keeps its present type. */
  stopWaiting(why: LeaseholdError): void {
    this.#row = { ...this.#row, pendingType: undefined, waitType: undefined, waitNo: undefined };
    this.changed();
    this.#wait?.end(why);
  }

  detach(): void {
    this.#detached = true;
  }

  override lose(error: LeaseholdError): void {
    if (this.signal.aborted) return;
    const state = error.reason === 'lease_released' ? 'released' : 'revoked';
    this.#row = { ...this.#row, type: 'none', state };
    this.#notice = undefined;
    this.#wait?.end(error);
    super.lose(error);
    this.#breaking.abort(error);
  }

  // --- inside

  protected get path(): string {
    return `/leases/${this.id}`;
  }
  protected get isRequest(): boolean {
    return this.type === 'none';
  }
  protected givenBack(): LeaseholdError {
    return LeaseholdError.of('lease_released', { leaseId: this.id });
  }

  #reference(): Pick<BreakNotice, 'leaseId' | 'owner' | 'export' | 'file'> {
    return { leaseId: this.id, owner: this.owner, export: this.export, file: this.file };
  }

  /** Begins or ends the promise for what the lease waits for. */
  #follow(): void {
    const { waitType } = this;
    if (waitType !== undefined) {
      if (this.#wait?.type !== waitType) this.#wait = new Wait(waitType);
    } else if (this.#wait !== undefined && this.state !== 'pending') {
      if (this.type === this.#wait.type || this.type === 'write') {
        this.changed();
        this.#wait.end();
      } else this.#resuming ??= this.#resume(this.#wait);
    }
  }

  /** It waits no longer, and nobody has said why. */
  async #resume(wait: Wait): Promise<void> {
    const detail = 'The wait has ended while the connection to the service was cut.';
    let why = LeaseholdError.of('wait_elapsed', { detail, leaseId: this.id });
    let row: LeaseRow | undefined;
    try {
      row = await this.changeAgain<LeaseRow>();
    } catch (error) {
      this.#loseIf(error);
      if (error instanceof LeaseholdError) why = error;
    }
    this.#resuming = undefined;
    if (row === undefined) wait.end(why);
    else this.apply(row);
  }

  /** The break is over and the lease continues. */
  #settle(): void {
    this.#notice = undefined;
    if (this.#breaking.signal.aborted) this.#breaking = new AbortController();
  }

  async #answer(onBreak: OnBreak, notice: BreakNotice): Promise<void> {
    try {
      const type = await onBreak(notice, this);
      if (type !== undefined && !this.signal.aborted) await this.acknowledge(type, notice.breakId);
    } catch (error) {
      // The break escalated meanwhile: the handler already runs for the stronger one, so this answer no longer matters.
      const overtaken = !isSame(this.#notice, notice) && isFor(error, 'above_target');
      if (!overtaken && !this.signal.aborted) this.#session.report(error);
    }
  }

  /**
   * The caller gave up while the service may still be deciding. A first grant is cancelled, which releases the lease;
   * an upgrade runs to its end, and what it gained is given back.
   */
  async #cancel(asked: LeaseType): Promise<void> {
    const before = this.type;
    try {
      if (before !== 'none') {
        this.apply(
          await this.#session.call<LeaseRow>({ method: 'PUT', path: this.path, body: { type: asked } }),
        );
      }
      if (this.type !== before || before === 'none') await this.set(before);
    } catch (error) {
      const refused = error instanceof LeaseholdError && error.status !== undefined;
      this.#loseIf(error);
      if (!refused && !this.signal.aborted) this.#session.report(error);
    }
  }

  #loseIf(error: unknown): void {
    if (isFor(error, 'lease_revoked', 'lease_released', 'no_such_lease')) this.lose(error);
  }
}

/** A type that a lease waits for, and a promise of how that ends; nobody has to await it. */
class Wait {
  readonly decided: Promise<void>;
  #end: (why?: LeaseholdError) => void = () => undefined;

  constructor(readonly type: LeaseType) {
    this.decided = new Promise((resolve, reject) => {
      this.#end = (why) => {
        if (why) reject(why);
        else resolve();
      };
    });
    this.decided.catch(() => undefined);
  }

  end(why?: LeaseholdError): void {
    this.#end(why);
  }
}

/** The promise, or the reason of the signal if that comes first. */
async function settled(promise: Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> {
  let undo: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    undo = onAbort(signal, resolve);
  });
  await Promise.race([promise, aborted]).finally(() => {
    undo();
  });
  signal?.throwIfAborted();
}

function isSame(one: BreakNotice | undefined, other: BreakNotice | undefined): boolean {
  return one !== undefined && one.breakId === other?.breakId && one.target === other.target;
}
