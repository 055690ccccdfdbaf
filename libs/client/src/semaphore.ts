import type { Permit as PermitRow } from '#contracts';
import { isFor, isOpen, LeaseholdError } from './error';
import { asyncDispose, randomId } from './platform';
import type { Call } from './call';
import type { Ear, Patience } from './waits';

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
export interface PermitSession {
  readonly id: string;
  call<T>(call: Call): Promise<T>;
  /** Sends a request whose answer names a permit, and adopts the permit before events about it are handled. */
  ask<R>(call: Call, take: (made: PermitRow) => R): Promise<R>;
  patient<T>(
    wait: Patience,
    send: (wait: Patience, ear: Ear) => Promise<T>,
    waitsAs: (found: T) => string | undefined,
    signal?: AbortSignal,
  ): Promise<T>;
  outcome<T>(
    ear: Ear | undefined,
    question: {
      ask: () => Promise<T>;
      waitsAs: (found: T) => string | undefined;
      signal?: AbortSignal | undefined;
    },
  ): Promise<T>;
  /** Repeats until the service has answered. */
  giveBack(act: () => Promise<unknown>): void;
  track(row: PermitRow): Permit;
  forget(permit: Permit): void;
}

/** At most so many holders of one name at a time, served in order. Made by `session.semaphore`. */
export class Semaphore {
  readonly #session: PermitSession;

  constructor(
    session: PermitSession,
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
      return await session.patient(
        { waitMs, queued },
        (wait) =>
          session.ask(
            {
              ...{ method: 'POST', path, body: { ...body, ...wait }, signals: [signal] },
              waitMs: wait.queued === true ? 0 : wait.waitMs,
            },
            (row) => session.track(row),
          ),
        (permit) => (permit.waiting && !permit.signal.aborted ? permit.id : undefined),
        signal,
      );
    } catch (error) {
      const unanswered = signal?.aborted === true || isOpen(error);
      // Only this call knows the requestId: if the service did grant it, nobody else could give it back.
      if (unanswered && options.requestId === undefined)
        session.giveBack(async () => {
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
export class Permit {
  readonly id: string;
  readonly #session: PermitSession;
  readonly #held = new AbortController();
  #row: PermitRow;

  /** Created by a session; call `session.semaphore(name, { limit }).take()`. */
  constructor(session: PermitSession, row: PermitRow) {
    this.id = row.permitId;
    this.#session = session;
    this.#row = row;
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
  /** Aborted, with a LeaseholdError, as soon as the permit is no longer held: given back, taken, or its session lost. */
  get signal(): AbortSignal {
    return this.#held.signal;
  }

  /** Resolves once it is granted, at once if it does not wait. Throws LeaseholdError if the wait was dropped. */
  async granted(options: { signal?: AbortSignal } = {}): Promise<this> {
    this.signal.throwIfAborted();
    if (this.waiting)
      await this.#session.outcome(undefined, {
        ask: () => this.refresh(),
        waitsAs: () => (this.waiting ? this.id : undefined),
        signal: options.signal,
      });
    this.signal.throwIfAborted();
    return this;
  }

  /** Reads the permit from the service; one that is gone is lost. */
  async refresh(): Promise<void> {
    try {
      this.apply(await this.#session.call<PermitRow>({ method: 'GET', path: `/permits/${this.id}` }));
    } catch (error) {
      if (!isFor(error, 'no_such_lock')) throw error;
      this.lose(LeaseholdError.of('lock_over', { detail: 'The service does not have it any more.' }));
    }
  }

  /** Gives it back, or gives up its wait. Also resolves if it is already gone. */
  async release(): Promise<void> {
    if (this.signal.aborted) return;
    try {
      await this.#session.call({ method: 'DELETE', path: `/permits/${this.id}` });
    } catch (error) {
      if (!isFor(error, 'no_such_lock', 'session_expired', 'no_such_session')) throw error;
    }
    this.lose(LeaseholdError.of('lock_over', { detail: 'It was given back.' }));
  }

  /** At the end of an `await using` block: if the service does not answer, the client goes on trying in the background. */
  async [asyncDispose](): Promise<void> {
    try {
      await this.release();
    } catch (error) {
      if (!isOpen(error)) throw error;
      this.#session.giveBack(() => this.release());
    }
  }

  // --- called by the session

  /** Applies a row from the service; a row older than the known one changes nothing. */
  apply(row: PermitRow): void {
    if (this.signal.aborted || (row.token ?? 0) < (this.token ?? 0)) return;
    this.#row = row;
  }

  /** It was granted after it had waited. */
  grant(token: number, endsAt?: string): void {
    this.apply({ ...this.#row, state: 'held', token, endsAt });
  }

  /** Ends the permit on this side. */
  lose(error: LeaseholdError): void {
    if (this.signal.aborted) return;
    this.#session.forget(this);
    this.#held.abort(error);
  }
}
