import type { EventOf, SessionEvent } from '#contracts';
import { limits } from '#contracts/plain';
import { LeaseholdError, isFor, isOpen } from './error';
import { onAbort } from './platform';
import { backoffMs, pause } from './transport';

/** How long to wait: with `queued`, the request waits at the service while the caller goes on. */
export interface Patience {
  waitMs?: number;
  queued?: boolean;
}
type Granted = EventOf<'granted'>;
/** What decides a wait; after `resync` a decision may have been missed. */
type News = Extract<
  SessionEvent,
  { event: 'granted' | 'dropped' | 'completed' | 'cancelled' | 'unlocked' | 'resync' }
>;
const decisive = ['granted', 'dropped', 'completed', 'cancelled', 'unlocked', 'resync'];
/** Why it ended without a grant, if it has. */
const endOf = (news: News | undefined): LeaseholdError | undefined =>
  news?.event === 'dropped' || news?.event === 'cancelled' ? LeaseholdError.dropped(news.data) : undefined;
type Told = (notice: { event: string; data: object }) => void;

/**
 * A wait: the id of what waits, which later waits of it may have too, and the number of this one, if the service has said it.
 */
export interface Waited {
  readonly id: string;
  readonly waitNo?: number | undefined;
}

/** How a wait is asked about. */
interface Question<T> {
  /** Sends the request, again or for the first time, or reads what became of it. */
  ask: (granted: Granted | undefined) => Promise<T>;
  /** The wait in which it still is, if it waits. */
  waitsAs: (found: T) => Waited | undefined;
  signal?: AbortSignal;
}

/** An endless wait is extended long before it would run out. Without events, the service is asked every second. */
const renewMs = limits.queuedMsMax / 3;
const lookMs = 1_000;

/** The waits of a session: the service keeps their place, and events say how they are decided. */
export class Waits {
  /** @param hear hears the events of the session, in order; returns what ends that. */
  constructor(
    private readonly hear: (told: Told) => () => void,
    private readonly over: AbortSignal,
    readonly hasEvents: boolean,
  ) {}

  /** Listens from before a request is sent, since an event may overtake the answer. */
  ear(): Ear {
    return new Ear(this.hear, this.over);
  }

  /**
   * Sends a request. If its `waitMs` is infinite, it waits in the background of the service for the longest time allowed;
   * repeating it finds its place and extends the wait. If it waits in the background anyway, the ear hears the outcome.
   */
  async patient<T>(
    { waitMs, queued }: Patience,
    send: (wait: Patience, ear: Ear) => Promise<T>,
    waitsAs: (found: T) => Waited | undefined,
    signal?: AbortSignal,
  ): Promise<T> {
    const endless = waitMs === Infinity;
    if (endless && queued === true) {
      const detail = 'waitMs: a request that waits in the background may wait for an hour at most.';
      throw LeaseholdError.of('bad_request', { detail });
    }
    const ear = this.ear();
    let waits: Waited | undefined;
    try {
      if (endless) {
        const wait = { waitMs: limits.queuedMsMax, queued: true };
        return await this.#decided(ear, { ask: () => send(wait, ear), waitsAs, signal });
      }
      const found = await send({ waitMs, queued }, ear);
      waits = waitsAs(found);
      if (waits !== undefined) ear.await(waits);
      return found;
    } finally {
      if (waits === undefined) ear.stop();
    }
  }

  /**
   * How a wait is decided.
   * @param heard the ear of the request; without it, the wait is looked up first.
   * @throws LeaseholdError for the reason for which it was dropped.
   */
  async outcome<T>(heard: Ear | undefined, { ask, waitsAs, signal }: Question<T>): Promise<T> {
    for (let ear = heard; ;) {
      const news = await ear?.next(this.hasEvents ? renewMs : lookMs, signal);
      const end = endOf(news);
      if (end !== undefined) throw end;
      ear = this.ear();
      let waits: Waited | undefined;
      try {
        const found = await ask(news?.event === 'granted' ? news.data : undefined);
        waits = waitsAs(found);
        if (waits === undefined) return found;
        ear.await(waits);
      } finally {
        if (waits === undefined) ear.stop();
      }
    }
  }

  /**
   * Asks again whenever something may have decided the wait, until it is decided. Survives failures of the service for as
   * long as the session lives.
   */
  async #decided<T>(ear: Ear, { ask, waitsAs, signal }: Question<T>): Promise<T> {
    let granted: Granted | undefined;
    for (let failures = 0; ;) {
      try {
        const found = await ask(granted);
        const waits = waitsAs(found);
        if (waits === undefined) return found;
        failures = 0;
        ear.follow(waits);
        const news = await ear.next(this.hasEvents ? renewMs : lookMs, signal);
        ear.forget();
        // One that has run out, after a long outage, is begun anew.
        const end = endOf(news);
        if (end !== undefined && end.reason !== 'wait_elapsed') throw end;
        granted = news?.event === 'granted' ? news.data : undefined;
      } catch (error) {
        // After a failover, what was held before comes first.
        if ((!isOpen(error) && !isFor(error, 'grace')) || signal?.aborted === true) throw error;
        await pause(backoffMs(failures), [this.over, signal]);
        failures += 1;
      }
    }
  }
}

/** Hears how a wait is decided. */
export class Ear {
  #wait: Waited | undefined;
  #isOnce = false;
  #heard: News[] = [];
  readonly #wakes = new Set<() => void>();
  readonly stop: () => void;

  constructor(
    hear: (told: Told) => () => void,
    private readonly over: AbortSignal,
  ) {
    this.stop = hear((notice) => {
      if (!decisive.includes(notice.event)) return;
      const news = notice as News;
      if (!this.#concerns(news)) return;
      this.#heard.push(news);
      this.#stopIfDecided();
      this.#wake();
    });
  }

  /** Listens until this wait is decided, and remembers how. */
  await(wait: Waited): void {
    this.follow(wait);
    this.#isOnce = true;
    this.#stopIfDecided();
  }

  /** From now on, only what is about this wait counts. */
  follow({ id, waitNo }: Waited): void {
    this.#wait = { id, waitNo };
    this.#heard = this.#heard.filter((news) => this.#concerns(news));
  }

  /** The wait goes on after all. */
  forget(): void {
    this.#heard = [];
  }

  /**
   * The decision, however often it is asked for, or `resync` once; undefined after `withinMs`. Throws the reason of the
   * session's end or of the signal.
   */
  async next(withinMs: number, signal: AbortSignal | undefined): Promise<News | undefined> {
    const until = performance.now() + withinMs;
    const wake = (): void => {
      this.#wake();
    };
    const timer = setTimeout(wake, withinMs + 1);
    const undo = [this.over, signal].map((end) => onAbort(end, wake));
    try {
      for (;;) {
        this.over.throwIfAborted();
        signal?.throwIfAborted();
        const decision = this.#heard.find(({ event }) => event !== 'resync');
        if (decision !== undefined) return decision;
        const resync = this.#heard.shift();
        if (resync !== undefined || performance.now() >= until) return resync;
        await new Promise<void>((resolve) => this.#wakes.add(resolve));
      }
    } finally {
      clearTimeout(timer);
      for (const each of undo) each();
    }
  }

  #stopIfDecided(): void {
    if (this.#isOnce && this.#heard.some(({ event }) => event !== 'resync')) this.stop();
  }

  #concerns({ event, data }: News): boolean {
    if (event === 'resync' || this.#wait === undefined) return true;
    return idsIn(data).includes(this.#wait.id) && !isOfAnother(this.#wait, data);
  }

  #wake(): void {
    const wakes = [...this.#wakes];
    this.#wakes.clear();
    for (const wake of wakes) wake();
  }
}

/** Whether an event is about an earlier or a later wait of the same; a service of an earlier version does not say. */
export function isOfAnother({ waitNo }: { waitNo?: number | undefined }, data: object): boolean {
  const { waitNo: decided }: { waitNo?: number } = data;
  return waitNo !== undefined && decided !== undefined && waitNo !== decided;
}

/** What an event may be about: one holding, or one wait. */
type About = Partial<EventOf<'granted'>> & { lockId?: string | undefined };
export function idsIn(data: object): string[] {
  const { leaseId, openId, rangeId, changeId, permitId, waitId, lockId }: About = data;
  return [leaseId, openId, waitId, rangeId, changeId, permitId, lockId].filter((id) => id !== undefined);
}
