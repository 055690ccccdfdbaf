import type { Call } from './call';
import type { Reason } from '#contracts';
import { LeaseholdError, isFor, isOpen } from './error';
import { asyncDispose } from './platform';
import type { Waits } from './waits';

/** What holdings need from their session. */
export interface Host {
  readonly id: string;
  readonly waits: Waits;
  /** The life of the table that was heard of last; undefined with a service of an earlier version. */
  readonly tableLife: string | undefined;
  /** Reads it from the service. */
  readTableLife(): Promise<string | undefined>;
  call<T>(call: Call): Promise<T>;
  /** Sends a request whose answer names a holding, and adopts that before events about it are handled. */
  ask<T, R>(request: () => Promise<T>, take: (made: T) => R): Promise<R>;
  /** Repeats what nobody waits for any more, until the service has answered or the session is over. */
  insist(act: () => Promise<unknown>): void;
  /** In case the service loses it with its last changes. */
  gaveBack(call: Call): void;
  forget(holding: Holding): void;
  report(error: unknown): void;
}

/** A request that waits in its queue, as it was made: the same request finds its place there. */
interface Sent {
  path: string;
  body: object;
}
interface Request extends Sent {
  /** When its wait is over, by performance.now(). */
  until: number;
  tableLife: string | undefined;
}

/** Refusals of whoever reads what the service does not have. */
const missing = ['no_such_lease', 'no_such_lock', 'no_such_open'];
/** Refusals that say that the service has it no more. */
const gone = [
  ...['lease_revoked', 'lease_released', ...missing],
  ...['session_expired', 'no_such_session', 'session_closed'],
];

/**
 * Something that a session holds: a lease, a permit, a lock in a mode, an open, a range lock. In whichever way it is lost,
 * it ends here.
 */
export abstract class Holding {
  readonly #held = new AbortController();
  readonly #host: Host;
  #request: Request | undefined;
  #change: Request | undefined;

  protected constructor(host: Host) {
    this.#host = host;
  }

  /** The id under which the service knows it. */
  abstract get id(): string;

  /**
   * Aborted once, with a LeaseholdError, as soon as it is no longer held: given back, taken, or its session lost. A request
   * that waits is aborted with the reason for which its wait has ended.
   */
  get signal(): AbortSignal {
    return this.#held.signal;
  }

  /** The number of the wait that it is in, if it waits and the service has said it. */
  abstract get waitNo(): number | undefined;

  /** Reads it from the service; if that has it no more, it is lost. */
  abstract refresh(): Promise<void>;

  /** Gives it back, or gives up its wait. Also resolves if it is already gone. */
  release(): Promise<void> {
    return this.giveBack(this.releasing);
  }

  /**
   * Gives it back at the end of an `await using` block. If the service does not answer, the client goes on trying in the
   * background, and the block ends.
   */
  async [asyncDispose](): Promise<void> {
    try {
      await this.release();
    } catch (error) {
      if (!isOpen(error)) throw error;
      this.#host.insist(() => this.release());
    }
  }

  // --- called by the session

  /** It was asked for like this, and may wait for so long. */
  requested({ path, body, waitMs = 0 }: Sent & { waitMs?: number | undefined }): void {
    this.#request = this.#sent({ path, body }, waitMs);
  }

  /** Ends it on this side. What is heard later changes nothing. */
  lose(error: LeaseholdError): void {
    if (this.signal.aborted) return;
    this.#host.forget(this);
    this.#held.abort(error);
  }

  /**
   * Looks whether the service has it still. What the service has lost with its last changes is asked for again, as long as
   * others may not have it; what is not given back is lost.
   */
  abstract reassert(): Promise<void>;

  // --- for the kinds

  protected abstract get path(): string;
  /** It was not granted yet. */
  protected abstract get isRequest(): boolean;
  /** The call that gives it back. */
  protected get releasing(): Call {
    return { method: 'DELETE', path: this.path };
  }
  /** Why it ends when its holder gives it back. */
  protected abstract givenBack(): LeaseholdError;

  protected async giveBack(call: Call): Promise<void> {
    if (this.signal.aborted) return;
    let taken: LeaseholdError | undefined;
    try {
      await this.#host.call(call);
      this.#host.gaveBack(call);
    } catch (error) {
      if (!isFor(error, ...gone)) throw error;
      if (isFor(error, 'lease_revoked')) taken = error;
    }
    this.lose(taken ?? this.givenBack());
  }

  /** Reads it; undefined if the service does not have it. */
  protected async look<T>(): Promise<T | undefined> {
    try {
      return await this.#host.call<T>({ method: 'GET', path: this.path });
    } catch (error) {
      if (!isFor(error, ...missing)) throw error;
      return undefined;
    }
  }

  /**
   * Reads it. If it is a request, and the table has lost its place in the queue, the same request takes a new place: it is
   * repeated until others have reclaimed. If it is refused then, the wait has ended with that.
   */
  protected async read<T>(): Promise<T> {
    const request = this.#request;
    try {
      return await this.#host.call<T>({ method: 'GET', path: this.path });
    } catch (error) {
      const again = isFor(error, ...missing) ? await this.#again(request) : undefined;
      if (again === undefined) throw error;
      const { path, body, waitMs } = again;
      const call: Call = { method: 'POST', path, body };
      try {
        const made = await this.#host.call<T>({ ...call, retryMs: waitMs, signals: [this.signal] });
        this.requested(again);
        return made;
      } catch (refusal) {
        if (this.signal.aborted) this.#withdraw({ ...call, body: { ...body, waitMs: 1 } });
        else if (refusal instanceof LeaseholdError && !isOpen(refusal)) this.lose(refusal);
        throw refusal;
      }
    }
  }

  /** A change of it was asked for like this, and may wait for so long. */
  protected changing(body: object, waitMs = 0): void {
    this.#change = this.#sent({ path: this.path, body }, waitMs);
  }
  /** The change was decided. */
  protected changed(): void {
    this.#change = undefined;
  }

  /**
   * The change does not wait any longer. If the table has lost its place in the queue, the same change takes a new one: it is repeated
   * until others have reclaimed.
   * @returns what it is then; undefined if the table has not lost the change, but decided it.
   */
  protected async changeAgain<T>(): Promise<T | undefined> {
    const again = await this.#rest(this.#change);
    this.changed();
    if (again === undefined) return undefined;
    const { path, body, waitMs } = again;
    const call: Call = { method: 'PUT', path, body, retryMs: waitMs, signals: [this.signal] };
    const made = await this.#host.call<T>(call);
    this.changing(body, waitMs);
    return made;
  }

  #sent(request: Sent, waitMs: number): Request {
    const { tableLife } = this.#host;
    return { ...request, until: performance.now() + waitMs, tableLife };
  }

  /** It was given up while it was requested again: whatever that has got is given back. */
  #withdraw(request: Call): void {
    const { releasing } = this;
    this.#host.insist(async () => {
      await this.#host.call(request);
      await this.#host.call(releasing);
    });
  }

  /** The request for the rest of its wait; undefined if the table has not lost it, but decided it. */
  async #again(request: Request | undefined): Promise<(Sent & { waitMs: number }) | undefined> {
    return this.isRequest ? this.#rest(request) : undefined;
  }

  async #rest(request: Request | undefined): Promise<(Sent & { waitMs: number }) | undefined> {
    if (request === undefined || this.signal.aborted) return undefined;
    const { path, body, until, tableLife } = request;
    const waitMs = Math.ceil(until - performance.now());
    if ((await this.#host.readTableLife()) === tableLife || waitMs <= 0) return undefined;
    return { path, body: { ...body, queued: true, waitMs }, waitMs };
  }

  /** Asks for it again. @returns what it is now, or why the service refuses. */
  protected async reclaim<T>(path: string, body: object): Promise<T | LeaseholdError> {
    const whole = { sessionId: this.#host.id, reclaim: true, ...body };
    try {
      return await this.#host.call<T>({ method: 'POST', path, body: whole });
    } catch (cause) {
      if (!(cause instanceof LeaseholdError) || isOpen(cause)) throw cause;
      return cause;
    }
  }

  /** The service does not have it any more as it was, and refuses to give it back. @param rest something of it is left there. */
  protected loseFor(reason: Reason, cause: LeaseholdError | undefined, rest: boolean): void {
    const why = cause === undefined ? '' : `, and could not be reclaimed: ${cause.reason}`;
    const error = LeaseholdError.of(reason, {
      detail: `The service does not have it any more${why}.`,
    });
    error.cause = cause;
    const { releasing } = this;
    this.lose(error);
    if (rest) this.#host.insist(() => this.#host.call(releasing));
  }
}

/** How long it may still be held, of what the service gave as its end; at most as long as was asked for. */
export function holdLeft({
  maxHoldMs,
  endsAt,
}: {
  maxHoldMs?: number | undefined;
  endsAt?: string | undefined;
}): number | undefined {
  if (maxHoldMs === undefined) return undefined;
  const left = endsAt === undefined ? maxHoldMs : Date.parse(endsAt) - Date.now();
  return Math.min(maxHoldMs, Math.max(1, Math.round(left)));
}
