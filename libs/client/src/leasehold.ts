import type { z } from 'zod';
import {
  type Lock,
  type configuration,
  type fence,
  type fenceValid,
  type grace,
  limits,
  type lockQuery,
  type session,
  type sessionCreated,
  type sessionEnding,
} from '#contracts';
import { Node, type NodeOptions } from './node';
import { Session, type SessionOptions, type SessionOrigin } from './session';
import { Transport } from './transport';

export interface LeaseholdOptions {
  /** Where the lease API listens, such as http://127.0.0.1:8080; or several of one service, of which one is asked that answers. */
  url: string | readonly string[];
  /** For the admin calls, where the service demands it. */
  adminToken?: string;
  /** Of a storage server, which asks about tokens. */
  storageToken?: string;
  /** Limit of one attempt, without the `waitMs` that was asked for. Default 15 s. */
  timeoutMs?: number;
  /** How long a call goes on repeating what failed on the way. Default 10 s; 0 = one attempt. */
  retryMs?: number;
  /** An event stream that is silent for so long is reconnected. Default 25 s; the service sends something every 10 s. */
  streamSilenceMs?: number;
}

/** Lifetime and description of a session. */
export interface OpenSession extends SessionOptions {
  /** Default 30 s. Keepalives are sent every third of it. */
  ttlMs?: number;
  node?: string;
  /** Shown in the listing of locks. */
  pid?: number;
  label?: string;
  /** Gives up opening; has no meaning for the session afterwards. */
  signal?: AbortSignal;
}
export type ExportView = z.infer<typeof configuration.exportView>;
export type SessionEnding = z.infer<typeof sessionEnding>;
export type Fence = z.infer<typeof fence>;
export type Grace = z.infer<typeof grace>;
export type FenceValid = z.infer<typeof fenceValid>;
export type LockFilter = Omit<z.input<typeof lockQuery>, 'limit' | 'cursor' | 'tree'> & {
  /** Nests waiters in what they wait for. */
  tree?: boolean;
};

/**
 * A client of one lease API.
 *
 *     const leasehold = new Leasehold({ url: 'http://127.0.0.1:8080' });
 *     const session = await leasehold.openSession();
 *     const lease = await session.acquire(
 *       { export: 'demo', file: 'hello.txt', type: 'write' },
 *       { onBreak: async ({ target }) => { await flush(); return target; } },
 *     );
 *
 * Calls throw {@link LeaseholdError}; where a signal was given and aborted, its reason. What fails on the way is repeated
 * while that is safe, for at most `retryMs`.
 */
export class Leasehold {
  readonly #transport: Transport;
  readonly #silenceMs: number | undefined;

  constructor(options: LeaseholdOptions) {
    const { url, storageToken, adminToken = storageToken, timeoutMs = 15_000, retryMs = 10_000 } = options;
    this.#transport = new Transport({ url, adminToken, timeoutMs, retryMs });
    this.#silenceMs = options.streamSilenceMs;
  }

  /** Opens a session and keeps it alive. A repeat after a lost answer leaves an empty session behind, which expires. */
  async openSession(options: OpenSession = {}): Promise<Session> {
    const { ttlMs, node, pid, label, signal } = options;
    // The TTL counts from the attempt that succeeded, which is the last.
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
    return this.#session({ ...made, provenAt: sentAt }, options);
  }

  /** Takes up a session that was opened elsewhere, by its id and secret. Its leases are had with `session.lease(id)`. */
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
    const { sessionId, ttlMs } = await this.#transport.json<z.infer<typeof session>>({
      method: 'GET',
      path,
      secret,
      signals: [options.signal],
    });
    return this.#session({ sessionId, secret, ttlMs, provenAt: sentAt }, options);
  }

  /**
   * Every lease, delegation, open, range lock and waiter, page by page, stable under concurrent change: what is there throughout is listed once.
   * @param options limit rows a request, at most 1,000; cursor where to go on; admin.
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

  /** Takes a lease, an open or a range lock from its holder, or ends a wait; admin. `unfenced`: without waiting for a fileserver that cannot answer any more. */
  async forceRelease(id: string, options: { unfenced?: boolean; signal?: AbortSignal } = {}): Promise<void> {
    await this.#transport.json({
      method: 'DELETE',
      path: `/locks/${encodeURIComponent(id)}`,
      query: { unfenced: options.unfenced },
      signals: [options.signal],
    });
  }

  /** Ends somebody's session as if its TTL were over: what it holds is revoked; admin. */
  async endSession(sessionId: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    const path = `/sessions/${encodeURIComponent(sessionId)}`;
    await this.#transport.json({ method: 'DELETE', path, signals: [options.signal] });
  }

  /** What that would take, and who waits for it; nothing is done; admin. */
  endingSession(sessionId: string, options: { signal?: AbortSignal } = {}): Promise<SessionEnding> {
    const path = `/sessions/${encodeURIComponent(sessionId)}`;
    const query = { dryRun: true };
    return this.#transport.json({ method: 'DELETE', path, query, signals: [options.signal] });
  }

  /** Starts a break as if somebody had opened the file; admin. */
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
   * What a storage server asks before it accepts I/O under a token. It throws for a token that is not current
   * (ESTALE), so that a forgotten check of the answer cannot let I/O through.
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

  /** The highest token ever minted for a file. */
  fence(where: { export: string; file: string; signal?: AbortSignal }): Promise<Fence> {
    const { signal, ...query } = where;
    return this.#transport.json({ method: 'GET', path: '/fences', query, signals: [signal] });
  }

  /** What is left of a grace period, and how many sessions may still reclaim. */
  grace(options: { signal?: AbortSignal } = {}): Promise<Grace> {
    return this.#transport.json({ method: 'GET', path: '/grace', signals: [options.signal] });
  }

  /**
   * Keeps a node of the configuration alive: beats as often as its region asks, or as `beatMs`, until `stop()` or its end.
   * `incarnation` names this life of the node, by default a new one: under another one than before, what the last life
   * held is lost. Resolves with the first answer; the node may have to recover before it is `up`.
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

  #session(origin: SessionOrigin, options: SessionOptions): Session {
    const { keepalive, events, onAttributes } = options;
    const silenceMs = this.#silenceMs;
    return new Session(this.#transport, origin, { keepalive, events, onAttributes, silenceMs });
  }
}
