import type { z } from 'zod';
import type {
  Lock,
  NameEvent,
  configuration,
  fence,
  fenceValid,
  grace,
  lockQuery,
  permitValid,
  session,
  sessionCreated,
  sessionEnding,
} from '#contracts';
import { limits } from '#contracts/plain';
import { Node, type NodeOptions } from './node';
import { isFor, isOpen } from './error';
import { followEvents } from './event-stream';
import type { Lease } from './lease';
import { asyncDispose, onAbort } from './platform';
import {
  type Held,
  type LeaseOptions,
  placeOf,
  Session,
  type SessionOptions,
  type SessionOrigin,
} from './session';
import type { Fetch, TokenSource } from './token';
import { Transport, backoffMs, pause } from './transport';

export interface LeaseholdOptions {
  /**
   * Address of the lease API, such as http://127.0.0.1:8080; or several nodes of one service: calls go to one that
   * answers.
   */
  url: string | readonly string[];
  /**
   * The bearer token, sent with every call; or a function that gets it. It is called again when the service no longer
   * accepts what it gave: the call is then repeated with the new token, and event streams reconnect with it.
   */
  token?: string | TokenSource;
  /** The same, as the service's administrators have it. */
  adminToken?: string;
  /** The same, for a storage server, which checks tokens. */
  storageToken?: string;
  /** Sends the requests, instead of the runtime's `fetch`; for client certificates, for example. */
  fetch?: Fetch;
  /** Time limit of one attempt, not counting the `waitMs` of the request. Default 15 s. */
  timeoutMs?: number;
  /** How long to repeat a call that got no usable answer. Default 10 s; 0 = one attempt. */
  retryMs?: number;
  /**
   * An event stream that is silent for this long is reconnected. Default 25 s; the service sends something every 10 s.
   */
  streamSilenceMs?: number;
}

const silenceMsDefault = 25_000;

/** Lifetime and description of a session. */
export interface OpenSession extends SessionOptions {
  /** Default 30 s. A keepalive is sent every third of it. */
  ttlMs?: number;
  node?: string;
  /** Shown in the listing of locks. */
  pid?: number;
  label?: string;
  /** Gives up opening; does not affect the session afterwards. */
  signal?: AbortSignal;
}
export type ExportView = z.infer<typeof configuration.exportView>;
export type SessionEnding = z.infer<typeof sessionEnding>;
export type Fence = z.infer<typeof fence>;
export type Grace = z.infer<typeof grace>;
export type FenceValid = z.infer<typeof fenceValid>;
export type PermitValid = z.infer<typeof permitValid>;
/** What happened under a name; never whose it is. `resync`: something before it is not told. */
export type NameNotice = NameEvent | { what: 'resync'; cause: string };
export type LockFilter = Omit<z.input<typeof lockQuery>, 'limit' | 'cursor' | 'tree'> & {
  /** Nests waiters under what they wait for. */
  tree?: boolean;
};

/**
 * A client of one lease API.
 *
 *     const leasehold = new Leasehold({ url: 'http://127.0.0.1:8080' });
 *     await using session = await leasehold.openSession();
 *     await using lease = await session.lease('demo:hello.txt', 'write', {
 *       onBreak: async ({ target }) => { await flush(); return target; },
 *     });
 *
 * Calls throw {@link LeaseholdError}, or the reason of the signal passed, if it is aborted. A call that gets no usable
 * answer is repeated while that is safe, for at most `retryMs`.
 */
export class Leasehold {
  readonly #transport: Transport;
  readonly #silenceMs: number | undefined;

  constructor(options: LeaseholdOptions) {
    const { url, adminToken, storageToken, timeoutMs = 15_000, retryMs = 10_000, fetch } = options;
    const { token = adminToken ?? storageToken } = options;
    this.#transport = new Transport({ url, token, fetch, timeoutMs, retryMs });
    this.#silenceMs = options.streamSilenceMs;
  }

  /** Opens a session and keeps it alive. A repeat after a lost answer leaves an empty session behind, which expires. */
  async openSession(options: OpenSession = {}): Promise<Session> {
    const { ttlMs, node, pid, label, signal } = options;
    // The TTL counts from the attempt that succeeded, the last one.
    let sentAt = 0;
    const made = await this.#transport.json<z.infer<typeof sessionCreated>>({
      method: 'POST',
      path: '/sessions',
      body: { ttlMs, node, pid, label },
      signals: [signal],
      onAttempt: () => {
        sentAt = performance.now();
      },
    });
    return this.#session({ ...made, node, pid, label, provenAt: sentAt }, options);
  }

  /**
   * Takes a lease in a session of its own, which ends with the lease. Waits without an end unless `waitMs` says
   * otherwise. Whoever takes many opens one session for all.
   *
   *     await using lease = await leasehold.lease('demo:a.txt', 'write');
   */
  async lease(
    name: string,
    type: 'read' | 'write',
    options: LeaseOptions & Pick<OpenSession, 'ttlMs' | 'node' | 'pid' | 'label'> = {},
  ): Promise<Lease> {
    placeOf(name);
    const { ttlMs, node, pid, label, ...wanted } = options;
    const session = await this.openSession({ ttlMs, node, pid, label, signal: options.signal });
    try {
      const lease = await session.lease(name, type, wanted);
      // Whatever cannot be said to the service, the TTL does.
      onAbort(lease.signal, () => void session[asyncDispose]().catch(() => undefined));
      return lease;
    } catch (error) {
      await session[asyncDispose]();
      throw error;
    }
  }

  /**
   * Runs for an office that one process holds at a time, and leads whenever elected: `lead` runs under a write lease on
   * `name`. If the lease is lost meanwhile, its signal is aborted, and once `lead` has settled it runs for office again.
   * @param options signal: stop running; a term that has begun sees it in its own signal.
   * @returns what `lead` returned while still in office.
   * @throws what `lead` threw while in office; the reason of the signal; LeaseholdError if the service refuses, or has
   *   never been reached.
   */
  async elect<T>(
    name: string,
    lead: (term: Held) => Promise<T>,
    options: Parameters<Leasehold['lease']>[2] = {},
  ): Promise<T> {
    const { signal: stop } = options;
    for (let terms = 0; ; terms += 1) {
      const lease = await this.#campaign(name, options, terms > 0);
      const { token, signal } = lease;
      const over = stop === undefined ? signal : AbortSignal.any([signal, stop]);
      try {
        const done = await lead({ lease, token, signal: over });
        if (!signal.aborted) return done;
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await lease[asyncDispose]();
      }
      stop?.throwIfAborted();
    }
  }

  /** Attaches to a session that was opened elsewhere, by its id and secret. `session.lease(id)` returns its leases. */
  async attachSession(
    known: { sessionId: string; secret: string },
    options: SessionOptions & { signal?: AbortSignal } = {},
  ): Promise<Session> {
    let sentAt = 0;
    const path = `/sessions/${encodeURIComponent(known.sessionId)}`;
    const { secret } = known;
    await this.#transport.json({
      method: 'POST',
      path: `${path}/keepalive`,
      secret,
      signals: [options.signal],
      onAttempt: () => {
        sentAt = performance.now();
      },
    });
    const { sessionId, ttlMs, tableLife } = await this.#transport.json<z.infer<typeof session>>({
      method: 'GET',
      path,
      secret,
      signals: [options.signal],
    });
    return this.#session({ sessionId, secret, ttlMs, provenAt: sentAt, tableLife }, options);
  }

  /**
   * Yields every lease, delegation, open, range lock and waiter, page by page; admin. Stable under concurrent change:
   * what exists throughout is listed exactly once.
   * @param options limit: rows per request, at most 1,000; cursor: where to continue.
   */
  async *locks(
    filter: LockFilter = {},
    options: { limit?: number; cursor?: string; signal?: AbortSignal } = {},
  ): AsyncGenerator<Lock, void> {
    let { cursor } = options;
    do {
      const page: { locks: Lock[]; cursor?: string } = await this.#transport.json({
        method: 'GET',
        path: '/locks',
        query: { ...filter, limit: options.limit ?? limits.pageMax, cursor },
        signals: [options.signal],
      });
      yield* page.locks;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** The listing in the exact format of /proc/locks, at most `limit` rows (1,000); admin. */
  locksText(
    filter: LockFilter = {},
    options: { limit?: number; signal?: AbortSignal } = {},
  ): Promise<string> {
    return this.#transport.text({
      method: 'GET',
      path: '/locks',
      query: { ...filter, limit: options.limit ?? limits.pageMax },
      accept: 'text/plain',
      signals: [options.signal],
    });
  }

  /**
   * Takes a lease, an open or a range lock from its holder, or ends a wait; admin. `unfenced`: do not wait for a
   * fileserver that can no longer answer.
   */
  async forceRelease(id: string, options: { unfenced?: boolean; signal?: AbortSignal } = {}): Promise<void> {
    await this.#transport.json({
      method: 'DELETE',
      path: `/locks/${encodeURIComponent(id)}`,
      query: { unfenced: options.unfenced },
      signals: [options.signal],
    });
  }

  /** Ends a session as if its TTL had run out: what it holds is revoked; admin. */
  async endSession(sessionId: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    const path = `/sessions/${encodeURIComponent(sessionId)}`;
    await this.#transport.json({ method: 'DELETE', path, signals: [options.signal] });
  }

  /** A dry run of `endSession`: what it would take, and who waits for that; admin. */
  endingSession(sessionId: string, options: { signal?: AbortSignal } = {}): Promise<SessionEnding> {
    const path = `/sessions/${encodeURIComponent(sessionId)}`;
    const query = { dryRun: true };
    return this.#transport.json({ method: 'DELETE', path, query, signals: [options.signal] });
  }

  /** Starts a break as if someone had opened the file; admin. */
  async forceBreak(
    id: string,
    options: { target?: 'none' | 'read'; signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#transport.json({
      method: 'POST',
      path: `/locks/${encodeURIComponent(id)}/break`,
      body: { target: options.target ?? 'none' },
      signals: [options.signal],
    });
  }

  /**
   * Checks a token, for a storage server that is about to accept I/O under it. Throws for a token that is not current
   * (ESTALE), so that a caller that forgets to check the answer lets no I/O through.
   */
  checkFence(check: {
    export: string;
    file: string;
    token: number;
    for: 'read' | 'write';
    signal?: AbortSignal;
  }): Promise<FenceValid> {
    const { signal, ...body } = check;
    return this.#transport.json({ method: 'POST', path: '/fences/check', body, signals: [signal] });
  }

  /** The same for the token of a permit: whether exactly this permit of the semaphore is held now. */
  checkPermit(check: {
    export: string;
    semaphore: string;
    token: number;
    signal?: AbortSignal;
  }): Promise<PermitValid> {
    const { signal, ...body } = check;
    return this.#transport.json({ method: 'POST', path: '/permits/check', body, signals: [signal] });
  }

  /** The highest token ever minted for a file. */
  fence(where: { export: string; file: string; signal?: AbortSignal }): Promise<Fence> {
    const { signal, ...query } = where;
    return this.#transport.json({ method: 'GET', path: '/fences', query, signals: [signal] });
  }

  /**
   * What happens under the names of an export that begin with a prefix, EXPORT:PREFIX, as it happens, for whoever holds
   * nothing there: an async iterator that ends with the signal. It survives failures of the service. `resync`, with which it
   * begins, says that something before it is not told: then look for yourself, for example by trying.
   *
   *     for await (const { what, file } of leasehold.watch('local:jobs/', { signal })) { ... }
   *
   * @param options limit: how many events are kept for a slow reader (1,024); beyond that it hears `resync`.
   * @throws LeaseholdError EPERM `no_right`, EDQUOT `streams_max`. An export that does not exist yet can be watched.
   */
  async *watch(
    name: string,
    options: { signal?: AbortSignal; limit?: number } = {},
  ): AsyncGenerator<NameNotice, void> {
    const at = name.indexOf(':');
    const query = at < 1 ? { export: name } : { export: name.slice(0, at), prefix: name.slice(at + 1) };
    const { signal, limit = 1_024 } = options;
    const left = new AbortController();
    const undo = onAbort(signal, () => {
      left.abort();
    });
    let heard: NameNotice[] = [];
    let failure: Error | undefined;
    let wake: () => void = () => undefined;
    const tell = (notice: NameNotice): void => {
      heard.push(notice);
      if (heard.length > limit) heard = [{ what: 'resync', cause: 'reader_slow' }];
      wake();
    };
    const ended = followEvents(
      {
        connect: (lastEventId, open, chunk) =>
          this.#transport.stream(
            {
              ...{
                method: 'GET',
                path: '/watch',
                query,
                accept: 'text/event-stream',
                signals: [left.signal],
              },
              headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
            },
            this.#silenceMs ?? silenceMsDefault,
            open,
            chunk,
          ),
        opened: () => undefined,
        event: (event, data) => {
          tell({ ...(data as object), what: event } as NameNotice);
        },
        refused: (error) => {
          failure = error as Error;
          return Promise.resolve(true);
        },
        final: ['no_right', 'bad_request', 'streams_max', 'subject_streams_max', 'tenant_streams_max'],
      },
      left.signal,
    ).finally(() => {
      left.abort();
      wake();
    });
    try {
      for (;;) {
        const batch = heard;
        heard = [];
        yield* batch;
        if (heard.length > 0) continue;
        if (failure !== undefined) throw failure;
        if (left.signal.aborted) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      undo();
      left.abort();
      await ended;
    }
  }

  /** The time left of a grace period, and how many sessions may still reclaim. */
  grace(options: { signal?: AbortSignal } = {}): Promise<Grace> {
    return this.#transport.json({ method: 'GET', path: '/grace', signals: [options.signal] });
  }

  /**
   * Keeps a node of the configuration alive: sends a beat as often as its region asks, or every `beatMs`, until
   * `stop()` or the end of its life. `incarnation` names this life of the node; default: a new one. If it differs from
   * the last one, what the last life held is lost. Resolves with the first answer; the node may have to recover before
   * it is `up`.
   */
  node(name: string, options: NodeOptions = {}): Promise<Node> {
    return Node.begin(this.#transport, name, options);
  }

  /** The exports, with the state of their fileservers. */
  async exports(options: { signal?: AbortSignal } = {}): Promise<ExportView[]> {
    const list = await this.#transport.json<{ exports: ExportView[] }>({
      method: 'GET',
      path: '/exports',
      signals: [options.signal],
    });
    return list.exports;
  }

  /** @param reached whether the service has answered before: then an outage is waited out. */
  async #campaign(
    name: string,
    options: Parameters<Leasehold['lease']>[2],
    reached: boolean,
  ): Promise<Lease> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.lease(name, 'write', options);
      } catch (error) {
        options?.signal?.throwIfAborted();
        // The session ended while it waited.
        const lapsed = isFor(error, 'session_expired', 'no_such_session');
        if (!lapsed && !(reached && isOpen(error))) throw error;
        reached = true;
        await pause(backoffMs(failures), [options?.signal]);
      }
    }
  }

  #session(origin: SessionOrigin, options: SessionOptions): Session {
    const { keepalive, events, onAttributes } = options;
    const silenceMs = this.#silenceMs;
    return new Session(this.#transport, origin, { keepalive, events, onAttributes, silenceMs });
  }
}
