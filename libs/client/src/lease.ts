import type { EventOf, Lease as LeaseRow, LeaseState, LeaseType } from '#contracts';
import { LeaseholdError, isFor } from './error';
import type { Call } from './transport';

/** A break as its holder hears of it. Count the time left from `remainingMs`, not from `deadlineAt`: clocks differ. */
export type BreakNotice = EventOf<'break'>;

/**
 * Called once per break and target. Make the file fit for the opener (write back, drop what is cached), then return what to keep,
 * the target or weaker, which is acknowledged for you; or nothing, if the code acknowledges by itself.
 * A throw acknowledges nothing: the holder could not say that it has let go, so the deadline must decide.
 */
export type OnBreak = (notice: BreakNotice, lease: Lease) => Promise<LeaseType | undefined>;

/** What a lease needs from its session. */
interface LeaseSession {
  call<T>(call: Call): Promise<T>;
  announce(notice: BreakNotice): void;
  report(error: unknown): void;
  forget(lease: Lease): void;
}

/** Answers to a late acknowledgement: someone, or time, has decided before us. */
const tooLate = ['break_over', 'token_old', 'lease_revoked', 'lease_released'];
const breaksRememberedMax = 32;

/** A lease of this session, kept current by its event stream. Made by `acquire`, `allocate` and `lease` of the session. */
export class Lease {
  readonly id: string;
  readonly #session: LeaseSession;
  readonly #held = new AbortController();
  #breaking = new AbortController();
  #row: LeaseRow;
  #notice: BreakNotice | undefined;
  #detached = false;
  /** Breaks already told, by id and target, for events come at least once. */
  readonly #told = new Set<string>();

  /** Made by a session; call `session.acquire` or `session.allocate`. */
  constructor(
    session: LeaseSession,
    row: LeaseRow,
    public onBreak?: OnBreak,
  ) {
    this.id = row.leaseId;
    this.#session = session;
    this.#row = { ...row, break: undefined };
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
  /** Fencing token to send along with every I/O done under this lease; 0 before the first grant. */
  get token(): number {
    return this.#row.token;
  }
  /** Whether it was offered to the session, with an open or on its own, and is not a lease of one owner. */
  get delegation(): boolean {
    return this.#row.delegation;
  }
  /** As an NFS server would name what is held now. */
  get stateid(): LeaseRow['stateid'] {
    return this.#row.stateid;
  }
  /** It waits in the queue for this type, as it was asked for with `queued`; `granted` or `dropped` tells how that ends. */
  get waitType(): LeaseType | undefined {
    return this.#row.waitType;
  }
  /** Whether a fileserver holds it too. */
  get backed(): boolean {
    return this.#row.backed;
  }
  /** The name no longer leads to the leased file (it was renamed over); the lease is on the old file. */
  get detached(): boolean {
    return this.#detached;
  }
  /** The running break, if there is one. */
  get notice(): BreakNotice | undefined {
    return this.#notice;
  }
  /** Aborted, with a LeaseholdError, as soon as the lease is no longer held: revoked, released, or its session lost. */
  get signal(): AbortSignal {
    return this.#held.signal;
  }
  /** Aborted while a break runs; after a downgrade this is a fresh signal. Give it to whatever should stop early. */
  get breaking(): AbortSignal {
    return this.#breaking.signal;
  }

  /** Reads the lease from the service (getlease). Throws ENOENT `no_such_lease` when it was forgotten. */
  async refresh(): Promise<void> {
    try {
      this.apply(await this.#session.call<LeaseRow>({ method: 'GET', path: this.#path }));
    } catch (error) {
      this.#loseIf(error);
      throw error;
    }
  }

  /**
   * Converts the lease (setlease): `none` releases it, `read` and `write` ask anew.
   * @param options waitMs how long it may wait for its turn, at most 60 s; with `queued` an hour, and the call does not wait.
   * @throws LeaseholdError EAGAIN when others conflict, ESTALE when it was lost or changed meanwhile.
   */
  async set(
    type: LeaseType,
    options: { waitMs?: number; queued?: boolean; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { waitMs, queued, signal } = options;
    try {
      this.apply(
        await this.#session.call<LeaseRow>({
          method: 'PUT',
          path: this.#path,
          body: { type, waitMs, queued, ifToken: this.token },
          waitMs: queued === true ? 0 : waitMs,
          signals: [signal],
        }),
      );
    } catch (error) {
      if (signal?.aborted && !this.signal.aborted && type !== 'none') void this.#cancel(type);
      this.#loseIf(error);
      if (!isFor(error, 'token_old')) throw error;
      // The answer to a first attempt may have been lost: then the lease is already what was asked for.
      await this.refresh();
      if (this.type !== type) throw error;
    }
  }

  /**
   * Answers the running break.
   * @param type what to keep, by default all that the break allows.
   * @param breakId the break that is answered, by default the running one.
   * @returns true if this ended the break; false if it was over before, and the lease is now up to date.
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
      // A holder whose answer is lost is a holder who is forced: so it is worth repeating for as long as the break lasts.
      const retryMs = running?.remainingMs === undefined ? undefined : Math.max(running.remainingMs, 10_000);
      this.apply(await this.#session.call<LeaseRow>({ method: 'PUT', path: this.#path, body, retryMs }));
      return true;
    } catch (error) {
      this.#loseIf(error);
      if (!isFor(error, ...tooLate)) throw error;
      if (isSame(this.#notice, running)) this.#settle();
      if (!this.signal.aborted) await this.refresh();
      return false;
    }
  }

  /** Gives the lease back. Resolves too when it is already gone. */
  async release(): Promise<void> {
    try {
      await this.#session.call({ method: 'DELETE', path: this.#path });
    } catch (error) {
      if (
        !isFor(
          error,
          'lease_revoked',
          'lease_released',
          'no_such_lease',
          'session_expired',
          'no_such_session',
        )
      ) {
        throw error;
      }
      this.#loseIf(error);
      return;
    }
    this.lose(LeaseholdError.of('lease_released', { leaseId: this.id }), 'released');
  }

  /** Makes the service forget a lease that has ended; revoked delegations are kept until then (FREE_STATEID). */
  async free(): Promise<void> {
    await this.#session.call({ method: 'POST', path: `${this.#path}/free` });
  }

  // --- what the session tells

  /** Takes over a row as the service gave it; an older answer than what is known changes nothing. */
  apply(row: LeaseRow): void {
    if (this.#held.signal.aborted) return;
    if (row.state === 'revoked' || row.state === 'fencing') {
      this.lose(LeaseholdError.of('lease_revoked', { leaseId: this.id }), row.state);
    } else if (row.state === 'released') {
      this.lose(LeaseholdError.of('lease_released', { leaseId: this.id }), 'released');
    } else if (row.token >= this.#row.token) {
      const { break: running, ...rest } = row;
      // A break ends only in a new token: an `active` under the same one was read before the break.
      if (row.token > this.#row.token) this.#settle();
      this.#row = { ...rest, state: this.#notice ? 'breaking' : rest.state };
      if (running) this.hear({ ...running, ...this.#reference(), type: row.type, token: row.token });
    }
  }

  /** Takes over a break, once per break and target. */
  hear(notice: BreakNotice): void {
    if (this.#held.signal.aborted || notice.token < this.#row.token) return;
    const key = `${notice.breakId} ${notice.target}`;
    if (this.#told.has(key)) {
      // Told again because the deadline is nearer now; RFC 3339 instants in UTC compare as text.
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

  /** Takes over a conversion that happened at the service: a downgrade, a late grant, a reclaim. */
  convert(type: LeaseType, token: number): void {
    this.apply({ ...this.#row, type, token, state: 'active', pendingType: undefined, waitType: undefined });
  }

  /** Takes over that a wait for more is over; what is held is still held. */
  stopWaiting(): void {
    this.#row = { ...this.#row, pendingType: undefined, waitType: undefined };
  }

  detach(): void {
    this.#detached = true;
  }

  /** Ends the lease on this side. */
  lose(error: LeaseholdError, state: 'revoked' | 'fencing' | 'released' = 'revoked'): void {
    if (this.#held.signal.aborted) return;
    this.#row = { ...this.#row, type: 'none', state };
    this.#notice = undefined;
    this.#session.forget(this);
    this.#held.abort(error);
    this.#breaking.abort(error);
  }

  // --- inside

  get #path(): string {
    return `/leases/${this.id}`;
  }

  #reference(): Pick<BreakNotice, 'leaseId' | 'owner' | 'export' | 'file'> {
    return { leaseId: this.id, owner: this.owner, export: this.export, file: this.file };
  }

  /** The break is over and the lease lives on. */
  #settle(): void {
    this.#notice = undefined;
    if (this.#breaking.signal.aborted) this.#breaking = new AbortController();
  }

  async #answer(onBreak: OnBreak, notice: BreakNotice): Promise<void> {
    try {
      const type = await onBreak(notice, this);
      if (type !== undefined && !this.signal.aborted) await this.acknowledge(type, notice.breakId);
    } catch (error) {
      // Escalated meanwhile: the handler runs for the stronger break already, and this answer no longer matters.
      const overtaken = !isSame(this.#notice, notice) && isFor(error, 'above_target');
      if (!overtaken && !this.signal.aborted) this.#session.report(error);
    }
  }

  /**
   * Given up by the caller while the service may still be deciding. A first grant is cancelled, which releases the lease;
   * an upgrade runs to its end, and what it brought is given back.
   */
  async #cancel(asked: LeaseType): Promise<void> {
    const before = this.type;
    try {
      if (before !== 'none') {
        this.apply(
          await this.#session.call<LeaseRow>({ method: 'PUT', path: this.#path, body: { type: asked } }),
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
    if (isFor(error, 'lease_revoked', 'no_such_lease')) this.lose(error, 'revoked');
    else if (isFor(error, 'lease_released')) this.lose(error, 'released');
  }
}

function isSame(one: BreakNotice | undefined, other: BreakNotice | undefined): boolean {
  return one !== undefined && one.breakId === other?.breakId && one.target === other.target;
}
