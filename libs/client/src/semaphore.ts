import type { Permit as PermitRow } from '#contracts';
import { isFor, isOpen, LeaseholdError } from './error';
import { Holding, type Host, holdLeft } from './holding';
import { asyncDispose, randomId } from './platform';
import type { Patience } from './waits';

export interface SemaphoreOptions {
  /** How many permits there may be at a time, the same for everybody who uses the semaphore. */
  limit: number;
  /** The session, by default. It may have several permits; each counts. */
  owner?: string;
}
/** How a permit is taken: waits without an end unless `waitMs` says otherwise. */
export interface TakeOptions extends Patience {
  signal?: AbortSignal;
  /** How long it may be held at most, from its grant; then it is lost, though nobody may want it. */
  maxHoldMs?: number;
  /** With it, a repeat finds the permit that the first attempt took. */
  requestId?: string;
  reclaim?: boolean;
}
/** What `withPermit` gives to the work done under the permit. */
export interface Permitted {
  permit: Permit;
  /** Send it with every write, so that whoever receives it can ask whether the permit is still held. */
  token: number;
  /** Aborted as soon as the permit is no longer held: stop, and write nothing more. */
  signal: AbortSignal;
}

/** What permits need from their session. */
export interface PermitHost extends Host {
  trackPermit(row: PermitRow, limit: number | undefined): Permit;
}

/** At most so many holders of one name at a time, served in order. Made by `session.semaphore`. */
export class Semaphore {
  readonly #session: PermitHost;

  constructor(
    session: PermitHost,
    private readonly place: { export: string; semaphore: string },
    private readonly options: SemaphoreOptions,
  ) {
    this.#session = session;
  }

  /**
   * Takes a permit, and waits for it.
   * @throws LeaseholdError EAGAIN `semaphore_full` with `waitMs` 0, ETIMEDOUT once `waitMs` is over, EINVAL
   *   `limit_differs` with `problem.limit`, EDEADLK with `problem.cycle` if all holders wait for this session.
   */
  async take(options: TakeOptions = {}): Promise<Permit> {
    const { waitMs = Infinity, queued, signal, reclaim, maxHoldMs, requestId = randomId() } = options;
    const session = this.#session;
    const { limit, owner } = this.options;
    const body = { sessionId: session.id, ...this.place, limit, owner, maxHoldMs, requestId, reclaim };
    const path = '/permits';
    try {
      return await session.waits.patient(
        { waitMs, queued },
        (wait) =>
          session.ask(
            () =>
              session.call<PermitRow>({
                ...{ method: 'POST', path, body: { ...body, ...wait }, signals: [signal] },
                waitMs: wait.queued === true ? 0 : wait.waitMs,
              }),
            (row) => {
              const permit = session.trackPermit(row, limit);
              permit.requested({ path, body, waitMs: wait.waitMs });
              return permit;
            },
          ),
        (permit) => (permit.waiting && !permit.signal.aborted ? permit : undefined),
        signal,
      );
    } catch (error) {
      const unanswered = signal?.aborted === true || isOpen(error);
      // Only this call knows the requestId: if the service did grant it, nobody else could give it back.
      if (unanswered && options.requestId === undefined)
        session.insist(async () => {
          const found = { ...body, queued: true, waitMs: 1 };
          const { permitId } = await session.call<PermitRow>({ method: 'POST', path, body: found });
          await session.call({ method: 'DELETE', path: `${path}/${permitId}` });
        });
      throw error;
    }
  }

  /**
   * Does work under a permit, and gives it back afterwards.
   * @returns what the work returned.
   * @throws what the work threw; or the reason of the loss if the permit was lost before the work was done.
   */
  async withPermit<T>(work: (held: Permitted) => Promise<T>, options: TakeOptions = {}): Promise<T> {
    const permit = await this.take({ ...options, queued: undefined });
    try {
      const { token = 0, signal } = permit;
      const done = await work({ permit, token, signal });
      signal.throwIfAborted();
      return done;
    } finally {
      await permit[asyncDispose]();
    }
  }
}

/** A permit of a semaphore, kept current by the session's event stream. */
export class Permit extends Holding {
  readonly #session: Host;
  #row: PermitRow;

  /** Created by a session; call `session.semaphore(name, { limit }).take()`. */
  constructor(
    session: Host,
    row: PermitRow,
    /** How many permits the semaphore has, as this client asked for it. */
    public limit?: number,
  ) {
    super(session);
    this.#session = session;
    this.#row = row;
  }

  get id(): string {
    return this.#row.permitId;
  }
  get waitNo(): number | undefined {
    return this.#row.waitNo;
  }
  get export(): string {
    return this.#row.export;
  }
  get semaphore(): string {
    return this.#row.semaphore;
  }
  get owner(): string {
    return this.#row.owner;
  }
  /** Fencing token; undefined while it waits. */
  get token(): number | undefined {
    return this.#row.token;
  }
  /** When it is lost in any case, by the service's clock; undefined while it waits, and if there is no limit. */
  get endsAt(): Date | undefined {
    return this.#row.endsAt === undefined ? undefined : new Date(this.#row.endsAt);
  }
  /** It waits in the queue; possible if asked with `queued`. */
  get waiting(): boolean {
    return this.#row.state === 'waiting';
  }

  /** Resolves once it is granted, at once if it does not wait. Throws LeaseholdError if the wait was dropped. */
  async granted(options: { signal?: AbortSignal } = {}): Promise<this> {
    this.signal.throwIfAborted();
    if (this.waiting)
      await this.#session.waits.outcome(undefined, {
        ask: () => this.refresh(),
        waitsAs: () => (this.waiting ? this : undefined),
        signal: options.signal,
      });
    this.signal.throwIfAborted();
    return this;
  }

  /** Reads the permit from the service; one that is gone is lost. */
  async refresh(): Promise<void> {
    try {
      this.apply(await this.read<PermitRow>());
    } catch (error) {
      if (!isFor(error, 'no_such_lock')) throw error;
      this.lose(LeaseholdError.of('lock_over', { detail: 'The service does not have it any more.' }));
    }
  }

  // --- called by the session

  async reassert(): Promise<void> {
    if (this.isRequest) {
      this.#session.insist(() => this.refresh());
      return;
    }
    const found = await this.look<PermitRow>();
    if (found?.state === 'held') {
      this.apply(found);
      return;
    }
    const { export: on, semaphore, owner, maxHoldMs, endsAt, permitId } = this.#row;
    const { limit } = this;
    const where = {
      export: on,
      semaphore,
      owner,
      limit,
      permitId,
      maxHoldMs: holdLeft({ maxHoldMs, endsAt }),
    };
    const now = limit === undefined ? undefined : await this.reclaim<PermitRow>('/permits', where);
    if (now === undefined || now instanceof LeaseholdError)
      this.loseFor('lock_over', now, found !== undefined);
    else if (!this.signal.aborted) this.#row = now;
  }

  /** Applies a row from the service; a row older than the known one changes nothing. */
  apply(row: PermitRow): void {
    if (this.signal.aborted || (row.token ?? 0) < (this.token ?? 0)) return;
    this.#row = row;
  }

  /** It was granted after it had waited. */
  grant(token: number, endsAt?: string): void {
    this.apply({ ...this.#row, state: 'held', waitNo: undefined, token, endsAt });
  }

  // --- inside

  protected get path(): string {
    return `/permits/${this.id}`;
  }
  protected get isRequest(): boolean {
    return this.waiting;
  }
  protected givenBack(): LeaseholdError {
    return LeaseholdError.of('lock_over', { detail: 'It was given back.' });
  }
}
