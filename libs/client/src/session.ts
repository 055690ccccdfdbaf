import type { z } from 'zod';
import type {
  Access,
  Blocker,
  ChangeKind,
  Delegation as DelegationRow,
  Deny,
  DlmLocked,
  EventName,
  EventOf,
  FileChanged,
  Lease as LeaseRow,
  Open as OpenRow,
  Permit as PermitRow,
  Range as RangeRow,
  RangeClass,
  SessionEvent,
  SetTaken,
  StateidNamed,
  WaitRow,
  Want,
  configuration,
} from '#contracts';
import { eventNames, limits } from '#contracts/plain';
import {
  DlmDomain,
  type DlmHost,
  DlmLock,
  type DomainOptions,
  type OnBlocking,
  type RecoveryNotice,
} from './dlm';
import type { Call } from './call';
import { Emitter } from './emitter';
import { LeaseholdError, isFor, isOpen } from './error';
import { followEvents } from './event-stream';
import type { Holding } from './holding';
import { Lease, type LeaseHost, type OnBreak } from './lease';
import { LeaseSet } from './lease-set';
import { Liveness } from './liveness';
import { type Delegated, FileOpen, type OpenHost } from './open';
import { asyncDispose, onAbort, randomId } from './platform';
import { type RangeAsk, RangeBook, RangeHold, type RangeHost, type RangeSpace, pieceOf } from './range';
import { Permit, type PermitHost, Semaphore, type SemaphoreOptions } from './semaphore';
import { type PartTaker, type SetParts, type SetRange, takePartByPart } from './set-parts';
import { type Transport, backoffMs, pause } from './transport';
import { type Ear, type Patience, type Waited, Waits, idsIn, isOfAnother } from './waits';

/** Which file, and for whom. `owner` defaults to the session; own leases and opens never conflict with each other. */
export interface Where {
  export: string;
  file: string;
  owner?: string;
}
/**
 * How long to wait in the queue: at most 60 s, or Infinity: until it is decided; the request keeps its place whatever
 * happens to the connection. With `queued`: up to an hour, and the call returns at once; `granted()` of what it returns
 * is a promise for the grant.
 */
export type Wait = Patience;
/**
 * With a `requestId`, a repeat finds what the first attempt created. Without, the client makes one up and gives back
 * what nobody waits for any more.
 */
export interface Acquire extends Where, Wait {
  type: 'read' | 'write';
  /** How long it may be held at most, from its grant; then it is lost, though nobody may want it. */
  maxHoldMs?: number;
  requestId?: string;
  /** Reclaims, in a grace period, a lease that was held before. */
  reclaim?: boolean;
}
export interface OpenFile extends Where, Wait {
  access: Access;
  /** The access that others are denied while it is open. */
  deny?: Deny;
  requestId?: string;
  /** If an open with this requestId exists, add this access and deny to it. */
  reopen?: boolean;
  /** The delegation wanted with the open. */
  want?: Want;
  /** Ask for `available` once a refused delegation may be granted. */
  signal?: boolean;
  reclaim?: boolean;
}
/** Bytes of a file, both ends included: whole numbers up to 2^63-1, as bigint where a number ends. A flock is 0 to EOF. */
export interface Bytes extends Where {
  class: RangeClass;
  start?: number | bigint;
  end?: number | bigint | 'EOF';
}
export interface LockRange extends Bytes, Wait {
  type: 'read' | 'write';
  pid?: number;
  reclaim?: boolean;
  /** With it, a repeat finds the lock. It merges with no lock of its owner, and is refused where there is one. */
  requestId?: string;
}
export interface ChangeFile extends Where, Wait {
  kind: ChangeKind;
  /** The new name, for a rename or a link. */
  to?: string;
  /** For this long afterwards, no lease or delegation is granted. */
  quietMs?: number;
  /** For `entries`: the entry that is added. */
  name?: string;
  /** Within this time `report` says whether it was made: holders of delegations with `notify` keep them, and are told. */
  reportMs?: number;
  requestId?: string;
}
export interface WantDelegation {
  export: string;
  file: string;
  want: Want;
  signal?: boolean;
  /** The file is a directory; `.` is the root of the export. */
  directory?: boolean;
  /**
   * Of a directory: keep it when others report what they change, and hear `directoryChanged`. After `resync` read the
   * directory again: something may have been missed.
   */
  notify?: boolean;
  reclaim?: boolean;
}
/**
 * The events of a session: those of the service (semantics.md §5), and three of this client. Leases are already up to
 * date when a listener runs.
 * - `jeopardy`: without `export`, no keepalive was answered for half the TTL; with it, that export's fileserver may
 *   have lost what backs leases, and ranges if it has these; `reclaimed`, `revoked` or `lost` says how that ended for each.
 * - `safe`: keepalives are answered again.
 * - `error`: something failed that none of your calls awaits, such as an `onBreak`. Without a listener it is a process
 *   warning.
 */
export type Notices = {
  [N in Exclude<EventName, 'jeopardy'>]: [EventOf<N>];
} & {
  jeopardy: [{ export?: string; cause: string; remainingMs?: number }];
  safe: [{ unheardMs: number }];
  error: [unknown];
};
/** One item of `session.events()`. `overflow`: the reader was too slow, and `dropped` older ones are missing. */
export type Notice =
  | { [N in Exclude<keyof Notices, 'error'>]: { event: N; data: Notices[N][0] } }[Exclude<
      keyof Notices,
      'error'
    >]
  | { event: 'overflow'; data: { dropped: number } };

/** A change as the service sees it. Make the change once its state is `allowed`. */
export type Change = FileChanged & {
  /** Resolves once it is allowed, at once if it is not waiting. Throws LeaseholdError if the wait was dropped. */
  granted(options?: { signal?: AbortSignal }): Promise<Change>;
  /**
   * Says whether the change was made, if it was asked for with `reportMs`; also if it is given up while it waits.
   * @returns false if nobody is told: nobody had to be, or it came too late, and their delegations are recalled.
   */
  report(made: boolean): Promise<boolean>;
};
/** How a lease is taken by its name. Unlike `acquire` it waits, by default without an end. */
export interface LeaseOptions extends Wait {
  /** How long it may be held at most, from its grant; then it is lost, though nobody may want it. */
  maxHoldMs?: number;
  owner?: string;
  onBreak?: OnBreak;
  signal?: AbortSignal;
}
/** What `withLease` gives to the work done under the lease. */
export interface Held {
  lease: Lease;
  /** Send it with every write, so that storage can refuse a holder that has lost the lease. */
  token: number;
  /** Aborted as soon as the lease is no longer held: stop, and write nothing more. */
  signal: AbortSignal;
}

/** Someone asks for the attributes of a file on which this session has a write lease. */
export type AttributesNotice = EventOf<'attributes'>;
/** The file's attributes as the holder sees them. Times are RFC 3339, in UTC. */
export interface FileIs {
  /** Changed since the lease was granted. */
  modified: boolean;
  size: number | bigint;
  accessedAt?: string;
  modifiedAt?: string;
}

/** A node of a region has come up or died; `incarnation` names the life that has begun or ended. */
export type NodeNotice = EventOf<'nodeUp'> & { event: 'nodeUp' | 'nodeDown' };
/**
 * Called once per notice. When it resolves, subscribers of the next priority are told; a throw does not count as an
 * answer.
 */
export type OnNode = (notice: NodeNotice) => Promise<void> | void;

/** How a session was opened; `provenAt` is when that request was sent, by performance.now(). */
export interface SessionOrigin {
  sessionId: string;
  secret: string;
  ttlMs: number;
  provenAt: number;
  /** Another one than before: the table may have lost something. */
  tableLife?: string | undefined;
  /** How it was asked for, in case the service loses it. */
  node?: string;
  pid?: number;
  label?: string;
}
export interface SessionOptions {
  /** Send keepalives (default). If false, someone else must, and loss is noticed only when the service reports it. */
  keepalive?: boolean;
  /**
   * Called when someone asks for the attributes of a file that this session may have changed. Without an answer, which
   * includes returning undefined or throwing, the lease is recalled.
   */
  onAttributes?: (notice: AttributesNotice) => Promise<FileIs | undefined>;
  /** Follow the event stream (default). If false, breaks are not received: for sessions that only open files. */
  events?: boolean;
}

/** What every answer about the session says of the table. */
type OfTable = Pick<SessionOrigin, 'tableLife'>;

/** How much of what is held is looked at, or reclaimed, at a time. */
const looksAtOnce = 16;
/** How many released leases are remembered, in case the service loses the release. */
const releasedMax = 4_096;
/** How many notices are remembered to recognise repeats. */
const noticedMax = 1_024;
const silenceMsDefault = 25_000;
/** Without events, how often a keepalive looks whether the table may have lost something: within the time to reclaim. */
const deafMs = 5_000;
/**
 * How many leases may have events that arrive before the answer naming the lease. Beyond that, the lease is read once
 * more.
 */
const earlyMax = 16_384;

/**
 * A session: one client's liveness, with the leases and opens that depend on it. Created by `leasehold.openSession`.
 * It keeps the process alive until `end()` or `close()`, or until it is lost.
 */
export class Session extends Emitter<Notices> {
  readonly id: string;
  /** Proves that a call is on behalf of this session. Keep it out of logs and URLs. */
  readonly secret: string;
  readonly ttlMs: number;
  readonly #transport: Transport;
  readonly #origin: SessionOrigin;
  readonly #hasEvents: boolean;
  #tableLife: string | undefined;
  /** Under way: the service does not know the session, and is asked to let it go on. */
  #return: Promise<boolean> | undefined;
  readonly #released = new Set<string>();
  /** What gave back anything but a lease; leases are listed. */
  readonly #gaveBack = new Set<Call>();
  /** Connections to lock domains that the service has lost, and what replaces them. */
  readonly #rejoined = new Map<string, Promise<string | undefined>>();
  readonly #over = new AbortController();
  /** What it holds or waits for, by id. */
  readonly #holdings = new Map<string, Holding>();
  readonly #ranges = new RangeBook();
  readonly #domains = new Map<string, DlmDomain>();
  readonly #taps = new Set<(notice: Notice) => void>();
  readonly #liveness: Liveness | undefined;
  readonly #onAttributes: SessionOptions['onAttributes'];
  /**
   * Creating calls in flight, and the events received meanwhile for unknown leases: an event may overtake the answer
   * that names its lease.
   */
  #asking = 0;
  #early = new Map<string, (() => void)[]>();
  #earlyFull = false;
  #looking = false;
  #lookAgain = false;
  /** Locks being requested, and by how many calls. */
  readonly #locking = new Map<string, number>();
  /** The handler for each region's nodes, and the notices already handled. */
  readonly #watched = new Map<string, OnNode>();
  readonly #noticed = new Set<string>();
  readonly #waits: Waits;
  readonly #host: LeaseHost & OpenHost & RangeHost & PermitHost & DlmHost;

  /** Created by `leasehold.openSession` or `leasehold.attachSession`. */
  constructor(
    transport: Transport,
    origin: SessionOrigin,
    options: SessionOptions & { silenceMs?: number } = {},
  ) {
    super();
    this.#transport = transport;
    this.#origin = origin;
    this.id = origin.sessionId;
    this.secret = origin.secret;
    this.ttlMs = origin.ttlMs;
    this.#onAttributes = options.onAttributes;
    const listen = (told: (notice: Notice) => void): (() => void) => {
      this.#taps.add(told);
      return () => this.#taps.delete(told);
    };
    this.#tableLife = origin.tableLife;
    this.#hasEvents = options.events !== false;
    this.#waits = new Waits(listen, this.signal, this.#hasEvents);
    this.#host = this.#hostOf();
    if (options.keepalive !== false) {
      const thirdMs = origin.ttlMs / 3;
      this.#liveness = new Liveness(
        {
          send: (withinMs) => this.#keepalive(withinMs),
          jeopardy: (remainingMs, cause) => {
            const why = cause instanceof Error ? cause.message : 'no keepalive was answered';
            this.#tell('jeopardy', { cause: why, remainingMs });
          },
          safe: (unheardMs) => {
            this.#tell('safe', { unheardMs });
          },
          expired: (cause) => {
            const detail = `No keepalive was answered for ${String(this.ttlMs)} ms.`;
            const error = LeaseholdError.of('session_expired', { detail });
            error.cause = cause;
            this.#lose(error);
          },
        },
        {
          ttlMs: origin.ttlMs,
          everyMs: this.#hasEvents ? thirdMs : Math.min(thirdMs, deafMs),
          warnMs: origin.ttlMs / 2,
        },
        origin.provenAt,
      );
    }
    if (this.#hasEvents) this.#follow(options.silenceMs ?? silenceMsDefault);
  }

  /**
   * Aborted, with a LeaseholdError, when the session is over: expired, ended, unknown to the service, or left with
   * `close()`.
   */
  get signal(): AbortSignal {
    return this.#over.signal;
  }
  /**
   * Milliseconds for which the session certainly lives if no further keepalive is answered; infinite without
   * keepalives.
   */
  get remainingMs(): number {
    if (this.signal.aborted) return 0;
    return this.#liveness?.remainingMs ?? Infinity;
  }
  /** The leases that this client knows of and holds, or has allocated, as of now. */
  get leases(): ReadonlyMap<string, Lease> {
    return new Map(this.#all(Lease).map((lease) => [lease.id, lease]));
  }

  /**
   * Allocates a lease and sets it in one call.
   * @param options onBreak answers breaks; signal gives up the wait, and gives back what may have been granted.
   * @throws LeaseholdError EAGAIN with `problem.blockers` if others conflict; ETIMEDOUT once `waitMs` is over.
   */
  async acquire(ask: Acquire, options: { onBreak?: OnBreak; signal?: AbortSignal } = {}): Promise<Lease> {
    const lease = await this.#create(
      '/leases/acquire',
      ask,
      options.signal,
      (row: LeaseRow) => this.#track(row, options.onBreak),
      (row) => `/leases/${row.leaseId}`,
      (made) => (made.waiting && !made.signal.aborted ? made : undefined),
    );
    // A repeated requestId finds the lease it created, even if that was lost since.
    if (lease.signal.aborted) throw lease.signal.reason as LeaseholdError;
    return lease;
  }

  /**
   * Takes a lease by its name, EXPORT:FILE, and waits for it, without an end unless `waitMs` says otherwise.
   *
   *     await using lease = await session.lease('demo:a.txt', 'write');
   */
  async lease(name: string, type: 'read' | 'write', options: LeaseOptions = {}): Promise<Lease> {
    const { onBreak, signal, waitMs = Infinity, queued, owner, maxHoldMs } = options;
    return this.acquire({ ...placeOf(name), type, owner, maxHoldMs, waitMs, queued }, { onBreak, signal });
  }

  /**
   * Does work under a lease, `write` by default, and releases it afterwards.
   * @returns what the work returned.
   * @throws what the work threw; or the reason of the loss if the lease was lost before the work was done: another may
   *   have done the same meanwhile.
   */
  async withLease<T>(
    name: string,
    work: (held: Held) => Promise<T>,
    options: LeaseOptions & { type?: 'read' | 'write' } = {},
  ): Promise<T> {
    const lease = await this.lease(name, options.type ?? 'write', options);
    try {
      const { token, signal } = lease;
      const done = await work({ lease, token, signal });
      signal.throwIfAborted();
      return done;
    } finally {
      await lease[asyncDispose]();
    }
  }

  /**
   * Takes leases on several names, EXPORT:FILE, all or none, and waits for them. They are taken one after the other in
   * one order, that of the names by code units, whatever the order given: two sessions that want the same never wait for each other.
   * If one is refused, lost or not granted in time, those before it are released, then it throws.
   *
   *     await using both = await session.leaseAll(['local:from', 'local:to'], 'write');
   *
   * @param options waitMs: for all of them together.
   * @throws LeaseholdError as `lease` does, for the name that was refused.
   */
  async leaseAll(
    names: readonly string[],
    type: 'read' | 'write',
    options: Omit<LeaseOptions, 'queued'> = {},
  ): Promise<LeaseSet> {
    const { waitMs = Infinity, maxHoldMs, ...how } = options;
    const ordered = [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
    for (const name of ordered) placeOf(name);
    const leases = ordered.map((name) => ({ name, type, maxHoldMs }));
    return takePartByPart(this.#partTaker, { leases }, { waitMs, ...how });
  }

  /**
   * Takes leases, ranges and permits on several names, EXPORT:NAME, all or none, in one request: the service takes them in one
   * order, whatever the order given, and holds none of them if one is refused or not free in time.
   *
   *     await using set = await session.takeSet({
   *       leases: [{ name: 'local:from', type: 'write' }, { name: 'local:to', type: 'write' }],
   *       ranges: [{ name: 'local:index', type: 'write', start: 0, end: 99 }],
   *       permits: [{ name: 'local:moves', limit: 3 }],
   *     }, { waitMs: 10_000 });
   *
   * A wait of more than 60 s, or Infinity, is longer than the service holds one request open. Then this sends a request for each
   * name, in the same order; each keeps its place in its queue until it is decided.
   *
   * @param options waitMs: for all of them together. requestId: of the one request, so only with a wait of up to 60 s.
   * @throws LeaseholdError for the name that was refused, which `problem.detail` says if it was one request.
   */
  async takeSet(
    wanted: SetParts,
    options: {
      waitMs?: number;
      owner?: string;
      requestId?: string;
      onBreak?: OnBreak;
      signal?: AbortSignal;
    } = {},
  ): Promise<LeaseSet> {
    const { waitMs = 0, owner, requestId = randomId(), onBreak, signal } = options;
    const body = {
      ...{ sessionId: this.id, owner, requestId, waitMs },
      leases: (wanted.leases ?? []).map(({ name, ...how }) => ({ ...placeOf(name), ...how })),
      ranges: (wanted.ranges ?? []).map(({ name, type, class: kind = 'posix', start = 0, end = 'EOF' }) => ({
        ...{ ...placeOf(name), type, class: kind, start: String(start), end: String(end) },
      })),
      permits: (wanted.permits ?? []).map(({ name, ...how }) => {
        const { export: exportName, file: semaphore } = placeOf(name);
        return { export: exportName, semaphore, ...how };
      }),
    };
    if (waitMs > limits.waitMsMax) {
      if (options.requestId === undefined)
        return takePartByPart(this.#partTaker, wanted, { waitMs, owner, onBreak, signal });
      const detail = `waitMs: a set with a requestId waits for ${String(limits.waitMsMax)} ms at most.`;
      throw LeaseholdError.of('bad_request', { detail });
    }
    const call: Call = { method: 'POST', path: '/sets', body, waitMs };
    const send = (sent: Call): Promise<LeaseSet> =>
      this.#ask(
        () => this.#call<SetTaken>(sent),
        ({ leases, permits, ranges }) =>
          new LeaseSet(
            leases.map((row) => this.#track(row, onBreak)),
            permits.map((row, at) => this.#trackPermit(row, wanted.permits?.[at]?.limit)),
            ranges.map((row) => this.#trackRange(row, { body: { requestId } })),
          ),
      );
    try {
      const set = await send({ ...call, signals: [signal] });
      set.signal.throwIfAborted();
      return set;
    } catch (error) {
      const unanswered = signal?.aborted === true || isOpen(error);
      // Only this call knows the requestId: if the service did grant it, nobody else could give it back.
      if (unanswered && options.requestId === undefined)
        this.#insist(async () => (await send(call)).release());
      throw error;
    }
  }

  /** Does work under leases on several names, `write` by default, and releases them afterwards; as `withLease` does. */
  async withLeases<T>(
    names: readonly string[],
    work: (held: { tokens: ReadonlyMap<string, number>; signal: AbortSignal }) => Promise<T>,
    options: Omit<LeaseOptions, 'queued'> & { type?: 'read' | 'write' } = {},
  ): Promise<T> {
    const { type = 'write', ...how } = options;
    const held = await this.leaseAll(names, type, how);
    try {
      const done = await work(held);
      held.signal.throwIfAborted();
      return done;
    } finally {
      await held[asyncDispose]();
    }
  }

  /**
   * Allocates a lease without setting it: the service resolves the name and checks limits, so that a later `set` cannot
   * fail for lack of resources.
   */
  async allocate(where: Where, options: { onBreak?: OnBreak; signal?: AbortSignal } = {}): Promise<Lease> {
    const body = { sessionId: this.id, ...where };
    const signals = [options.signal];
    return this.#ask(
      () => this.#call<LeaseRow>({ method: 'POST', path: '/leases', body, repeatable: false, signals }),
      (row) => this.#track(row, options.onBreak),
    );
  }

  /** Allocates up to 256 leases at once, all or none, in the order given. */
  async allocateMany(places: readonly Where[], options: { onBreak?: OnBreak } = {}): Promise<Lease[]> {
    const body = { leases: places.map((where) => ({ sessionId: this.id, ...where })) };
    return this.#ask(
      () => this.#call<{ leases: LeaseRow[] }>({ method: 'POST', path: '/leases', body, repeatable: false }),
      (made) => made.leases.map((row) => this.#track(row, options.onBreak)),
    );
  }

  /** A lease of this session by its id, such as one named by a `granted` event, or one of an attached session. */
  async leased(leaseId: string, options: { onBreak?: OnBreak } = {}): Promise<Lease> {
    const path = `/leases/${encodeURIComponent(leaseId)}`;
    return this.#ask(
      () => this.#call<LeaseRow>({ method: 'GET', path }),
      (row) => this.#track(row, options.onBreak),
    );
  }

  /**
   * Opens a file, breaking leases of others that conflict.
   * @param options onBreak answers breaks of the delegation that may be granted with it.
   * @returns the open, once nothing conflicts any more; with `queued` at once, `waiting`.
   * @throws LeaseholdError EAGAIN `break_started` or `share_denied` with `waitMs` 0, ETIMEDOUT `wait_elapsed` otherwise.
   */
  async open(ask: OpenFile, options: { onBreak?: OnBreak; signal?: AbortSignal } = {}): Promise<FileOpen> {
    return this.#create(
      '/opens',
      ask,
      options.signal,
      (row: OpenRow, ear) => this.#trackOpen(row, options.onBreak, ear),
      ({ openId }) => `/opens/${openId}`,
      (made) => (made.waiting ? made : undefined),
    );
  }

  /** An open of this session by its id, such as one named by `granted`. */
  async opened(openId: string, options: { onBreak?: OnBreak } = {}): Promise<FileOpen> {
    const path = `/opens/${encodeURIComponent(openId)}`;
    return this.#ask(
      () => this.#call<OpenRow>({ method: 'GET', path }),
      (row) => this.#trackOpen(row, options.onBreak),
    );
  }

  /**
   * Locks a range, or converts the owner's locks there. If the call is aborted or gets no answer, its place in the
   * queue is given up too; if it is granted at that very moment, `granted` names it.
   * @throws LeaseholdError EAGAIN with `problem.blockers`, EDEADLK with `problem.cycle`, ETIMEDOUT once `waitMs` is
   *   over.
   */
  async lock(ask: LockRange, options: { signal?: AbortSignal } = {}): Promise<RangeHold> {
    const { type, pid, reclaim, requestId } = ask;
    const body = { ...this.#bytes(ask), type, pid, reclaim, requestId };
    const { signal } = options;
    const call: Call = { method: 'POST', path: '/ranges', signals: [signal] };
    const bytes = { ...this.#bytes(ask), type };
    const name = JSON.stringify(bytes);
    this.#locking.set(name, (this.#locking.get(name) ?? 0) + 1);
    try {
      return await this.#waits.patient(
        ask,
        (wait, ear) =>
          this.#ask(
            () => this.#call<RangeRow>(patient(call, body, wait)),
            (row) => {
              const hold = this.#trackRange(row, { ear, body });
              hold.requested({ path: call.path, body, waitMs: wait.waitMs });
              return hold;
            },
          ),
        (made) => (made.waiting ? made : undefined),
        signal,
      );
    } catch (error) {
      const unanswered = signal?.aborted === true || isOpen(error);
      // A flock that is to be converted is released first.
      if (unanswered || ask.class === 'flock') this.#lookAtRanges(ask);
      // Another call for the same lock shares this place in the queue.
      if (unanswered && requestId === undefined && this.#locking.get(name) === 1)
        this.#insist(() => this.#call({ method: 'POST', path: '/ranges/cancel', body: bytes }));
      throw error;
    } finally {
      const others = (this.#locking.get(name) ?? 1) - 1;
      if (others === 0) this.#locking.delete(name);
      else this.#locking.set(name, others);
    }
  }

  /** A range of a set. Only this call knows its requestId, so it gives back what may have been granted without an answer. */
  async #lockApart(
    { name, class: kind = 'posix', ...bytes }: SetRange,
    { waitMs, owner, signal }: { waitMs: number; owner?: string; signal: AbortSignal },
  ): Promise<RangeHold> {
    const ask = { ...placeOf(name), ...bytes, class: kind, owner, requestId: randomId() };
    try {
      return await this.lock({ ...ask, waitMs }, { signal });
    } catch (error) {
      if (signal.aborted || isOpen(error))
        this.#insist(async () => (await this.lock({ ...ask, queued: true, waitMs: 1 })).release());
      throw error;
    }
  }

  /**
   * The lock domain of an export: locks in six modes on named resources (docs/dlm.md). It connects at first use. The
   * same domain with the same options is the same connection.
   */
  dlm(domain: string, options: DomainOptions = {}): DlmDomain {
    const { stack, protocol, node, onRecovery } = options;
    const key = JSON.stringify([domain, stack, protocol?.major, protocol?.minor, node]);
    const found = this.#domains.get(key) ?? new DlmDomain(this.#host, domain, options);
    this.#domains.set(key, found);
    if (onRecovery !== undefined) found.onRecovery = onRecovery;
    return found;
  }

  /**
   * A semaphore by its name, EXPORT:NAME: at most `limit` permits at a time. The name leads to no file.
   *
   *     await session.semaphore('local:backups', { limit: 3 }).withPermit(async ({ signal }) => { ... });
   */
  semaphore(name: string, options: SemaphoreOptions): Semaphore {
    const { export: exportName, file } = placeOf(name);
    return new Semaphore(this.#host, { export: exportName, semaphore: file }, options);
  }

  /**
   * Unlocks what the owner holds of a range. If that cuts a lock in two, the `RangeHold` keeps the part before the piece. The
   * part behind it is a lock of its own: this session looks after it, too, and it is unlocked with `unlock`, or by its id, which
   * `locks({ session })` lists, with `range`.
   * @returns whether it held anything.
   */
  async unlock(bytes: Bytes, options: { signal?: AbortSignal } = {}): Promise<boolean> {
    const body = this.#bytes(bytes);
    const call: Call = { method: 'POST', path: '/ranges/unlock', body, signals: [options.signal] };
    try {
      const { unlocked } = await this.#call<{ unlocked: boolean }>(call);
      this.#ranges.cut(this.#spaceOf(bytes), pieceOf(body));
      return unlocked;
    } catch (error) {
      this.#lookAtRanges(bytes);
      throw error;
    }
  }

  /**
   * Who would block this lock (F_GETLK); undefined: nobody. A program at the fileserver, which is asked if the export has
   * `ranges: kernel`, has no session: `atFileserver`.
   */
  async testLock(
    ask: Bytes & { type: 'read' | 'write' },
    options: { signal?: AbortSignal } = {},
  ): Promise<Blocker | undefined> {
    const body = { ...this.#bytes(ask), type: ask.type };
    const call: Call = { method: 'POST', path: '/ranges/test', body, signals: [options.signal] };
    return (await this.#call<{ blocker?: Blocker }>(call)).blocker;
  }

  /** A range lock of this session by its id, such as the `rangeId` named by `granted`. */
  async range(rangeId: string): Promise<RangeHold> {
    const path = `/ranges/${encodeURIComponent(rangeId)}`;
    return this.#ask(
      () => this.#call<RangeRow>({ method: 'GET', path }),
      (row) => this.#trackRange(row),
    );
  }

  /**
   * Breaks what a change of a file conflicts with. Make the change once this says `allowed`; if it says `waiting`,
   * which happens only with `queued`, ask again after `granted`.
   */
  async change(ask: ChangeFile, options: { signal?: AbortSignal } = {}): Promise<Change> {
    // It gets a requestId, so that a repeat after a lost answer keeps its place in the queue.
    const body = { sessionId: this.id, ...ask, requestId: ask.requestId ?? randomId() };
    const call: Call = { method: 'POST', path: '/files/changes' };
    const waitsAs = ({ changeId: id, state, waitNo }: FileChanged): Waited | undefined =>
      state === 'waiting' ? { id, waitNo } : undefined;
    const send = (wait: Wait, signal?: AbortSignal, retryMs?: number): Promise<FileChanged> =>
      this.#call<FileChanged>({ ...patient(call, body, wait), signals: [signal], retryMs });
    const changed = (found: FileChanged, ear?: Ear): Change => ({
      ...found,
      granted: async ({ signal } = {}) => {
        if (found.state === 'allowed') return changed(found);
        // A place that the service has lost is taken again once others have reclaimed.
        const again = (): Promise<FileChanged> => send(ask, signal, ask.waitMs);
        return changed(await this.#waits.outcome(ear, { ask: again, waitsAs, signal }));
      },
      report: (made) => this.#reportChange(found.announced, made),
    });
    try {
      const { signal } = options;
      return await this.#waits.patient(
        ask,
        async (wait, ear) => changed(await send(wait, signal), ear),
        waitsAs,
        signal,
      );
    } catch (error) {
      const unanswered = options.signal?.aborted === true || isOpen(error);
      if (unanswered && ask.requestId === undefined)
        this.#insist(async () => {
          const { changeId, announced } = await send({ queued: true, waitMs: 1 });
          await this.cancelChange(changeId);
          await this.#reportChange(announced, false);
        });
      throw error;
    }
  }

  async #reportChange(announced: readonly string[] | undefined, made: boolean): Promise<boolean> {
    if (announced === undefined) return false;
    const call: Call = { method: 'POST', path: '/files/changes/report', body: { announced, made } };
    return (await this.#call<{ reported: boolean }>(call)).reported;
  }

  /** Gives up a waiting change. @returns false if it was already allowed or is over. */
  async cancelChange(changeId: string): Promise<boolean> {
    const path = `/files/changes/${encodeURIComponent(changeId)}`;
    return (await this.#call<{ cancelled: boolean }>({ method: 'DELETE', path })).cancelled;
  }

  /** Asks for a delegation without an open. A refusal is not an error. */
  async delegate(
    ask: WantDelegation,
    options: { onBreak?: OnBreak; signal?: AbortSignal } = {},
  ): Promise<Delegated> {
    const body = { sessionId: this.id, ...ask };
    const signals = [options.signal];
    return this.#ask(
      () => this.#call<DelegationRow>({ method: 'POST', path: '/delegations', body, signals }),
      (made) => this.#delegated(made, options.onBreak, ask.directory),
    );
  }

  /**
   * Answers an `attributes` event with the file's attributes. Without `is`, the answer is refused and the lease
   * recalled.
   * @returns false if nobody waits for it any more.
   */
  async tellAttributes({ leaseId, askId }: AttributesNotice, is?: FileIs): Promise<boolean> {
    const body = is === undefined ? { askId, refused: true } : { askId, ...is, size: String(is.size) };
    try {
      await this.#call({ method: 'PUT', path: `/leases/${encodeURIComponent(leaseId)}/attributes`, body });
      return true;
    } catch (error) {
      if (!isFor(error, 'ask_over', 'no_such_lease')) throw error;
      return false;
    }
  }

  /** Why a request waits, and its place in the queue. Throws ENOENT `no_such_wait` once it is decided. */
  waiting(id: string): Promise<WaitRow> {
    return this.#call({ method: 'GET', path: `/waits/${encodeURIComponent(id)}` });
  }

  /**
   * Subscribes to the nodes of a region: `onNode` is called when one comes up or dies. Subscribers are told in order of
   * priority, lowest number first, the next once these have resolved. What a dead node held is released after the last.
   */
  async onNode(
    region: string,
    onNode: OnNode,
    options: { priority?: number } = {},
  ): Promise<{ stop(): Promise<void> }> {
    const path = `/regions/${encodeURIComponent(region)}/subscriptions`;
    // A notice may arrive before the answer to this call.
    this.#watched.set(region, onNode);
    try {
      await this.#call({ method: 'POST', path, body: { sessionId: this.id, priority: options.priority } });
    } catch (error) {
      this.#watched.delete(region);
      throw error;
    }
    // In an attached session, a notice may already be waiting for its answer.
    void this.#lookAtNodes();
    return {
      stop: async () => {
        if (this.#watched.get(region) === onNode) this.#watched.delete(region);
        await this.#remove(`${path}/${this.id}`);
      },
    };
  }

  /** Looks up what the twelve `other` bytes of a stateid name. */
  stateid(other: string): Promise<StateidNamed> {
    return this.#call({ method: 'GET', path: `/stateids/${encodeURIComponent(other)}` });
  }

  /** Declares that this session has reclaimed all it wants. @returns the time left of the grace period. */
  async reclaimComplete(): Promise<number> {
    const path = `/sessions/${this.id}/reclaim-complete`;
    return (await this.#call<{ graceMs: number }>({ method: 'POST', path })).graceMs;
  }

  /**
   * The session's events from now on, as an async iterator that ends with the session or the signal. It buffers up to
   * `limit` events (default 1,024) for a slow reader; beyond that it drops the oldest, and `overflow` says how many.
   * Only the reports are lost: leases and their signals stay current, and `onBreak` is called, even if nobody reads.
   */
  events(options: { limit?: number; signal?: AbortSignal } = {}): AsyncGenerator<Notice, void> {
    const limit = options.limit ?? 1_024;
    const ends = [this.signal, options.signal];
    let waiting: Notice[] = [];
    let dropped = 0;
    let wake: () => void = () => undefined;
    const tap = (notice: Notice): void => {
      waiting.push(notice);
      if (waiting.length > limit) {
        waiting.shift();
        dropped += 1;
      }
      wake();
    };
    const end = (): void => {
      wake();
    };
    this.#taps.add(tap);
    const undo = ends.map((signal) => onAbort(signal, end));
    const detach = (): void => {
      this.#taps.delete(tap);
      for (const each of undo) each();
    };
    return (async function* read() {
      try {
        for (;;) {
          const batch = waiting;
          waiting = [];
          if (dropped > 0) yield { event: 'overflow', data: { dropped } };
          dropped = 0;
          yield* batch;
          if (waiting.length > 0) continue;
          if (ends.some((signal) => signal?.aborted)) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        detach();
      }
    })();
  }

  /** Ends the session: its leases are released and its opens closed at once. Signals are aborted first. */
  async end(): Promise<void> {
    this.#lose(LeaseholdError.of('session_expired', { detail: 'This client ended the session.' }));
    try {
      await this.#transport.json({ method: 'DELETE', path: `/sessions/${this.id}`, secret: this.secret });
    } catch (error) {
      if (!isFor(error, 'session_expired', 'no_such_session')) throw error;
    }
  }

  /** Ends the session at the end of an `await using` block. If the service does not answer, the TTL ends it. */
  async [asyncDispose](): Promise<void> {
    try {
      if (!this.signal.aborted) await this.end();
    } catch (error) {
      if (!isOpen(error)) throw error;
    }
  }

  /** Leaves without ending: the session lives on for its TTL, and others can attach to it with its id and secret. */
  close(): void {
    this.#lose(LeaseholdError.onTheWay('session_closed', `Session ${this.id}.`));
  }

  // --- requests

  async #call<T>(call: Call): Promise<T> {
    const signals = [this.signal, ...(call.signals ?? [])];
    const send = (): Promise<T> => this.#transport.json<T>({ ...call, secret: this.secret, signals });
    try {
      return await send().catch(async (error: unknown) => {
        if (isFor(error, 'no_such_session') && (await this.#goOn())) return send();
        throw error;
      });
    } catch (error) {
      if (isFor(error, 'session_expired', 'no_such_session')) this.#lose(error);
      throw error;
    }
  }

  /** The service may have lost the session with its last changes: then it goes on, if the service lets it. */
  #goOn(): Promise<boolean> {
    this.#return ??= this.#reclaimSession().finally(() => {
      this.#return = undefined;
    });
    return this.#return;
  }

  async #reclaimSession(): Promise<boolean> {
    const { node, pid, label } = this.#origin;
    const reclaim = { sessionId: this.id, secret: this.secret };
    try {
      const body = { ttlMs: this.ttlMs, node, pid, label, reclaim };
      const call: Call = { method: 'POST', path: '/sessions', body, signals: [this.signal] };
      this.#heard(await this.#transport.json<OfTable>(call));
    } catch {
      return false;
    }
    void this.#look();
    return true;
  }

  async #keepalive(withinMs: number): Promise<void> {
    try {
      const path = `/sessions/${this.id}/keepalive`;
      this.#heard(await this.#call<OfTable>({ method: 'POST', path, timeoutMs: withinMs, retryMs: 0 }));
    } catch (error) {
      if (isFor(error, 'not_holder', 'no_credentials')) this.#lose(error);
      throw error;
    }
  }

  /** @returns the life of the table. A service of an earlier version does not say it. */
  #heard({ tableLife = this.#tableLife }: OfTable): string | undefined {
    const before = this.#tableLife;
    this.#tableLife = tableLife;
    // Otherwise its stream begins with `resync`.
    if (!this.#hasEvents && before !== undefined && tableLife !== before) void this.#look();
    return tableLife;
  }

  /**
   * Sends a request whose answer names leases; `take` adopts them before the events received meanwhile are assigned.
   */
  async #ask<T, R>(request: () => Promise<T>, take: (made: T) => R): Promise<R> {
    this.#asking += 1;
    try {
      return take(await request());
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0) this.#hearEarly();
    }
  }

  async #create<T, R extends Holding>(
    path: '/leases/acquire' | '/opens',
    ask: Acquire | OpenFile,
    signal: AbortSignal | undefined,
    take: (made: T, ear: Ear) => R,
    pathOf: (made: T) => string,
    waitsAs: (made: R) => Waited | undefined,
  ): Promise<R> {
    const body = { sessionId: this.id, ...ask, requestId: ask.requestId ?? randomId() };
    const call: Call = { method: 'POST', path, signals: [signal] };
    try {
      return await this.#waits.patient(
        ask,
        (wait, ear) =>
          this.#ask(
            () => this.#call<T>(patient(call, body, wait)),
            (made) => {
              const holding = take(made, ear);
              holding.requested({ path, body, waitMs: wait.waitMs });
              return holding;
            },
          ),
        waitsAs,
        signal,
      );
    } catch (error) {
      const unanswered = signal?.aborted === true || isOpen(error);
      // Only this call knows the requestId: if the service did grant it, nobody else could give it back.
      if (unanswered && ask.requestId === undefined) {
        const found = patient({ method: 'POST', path }, body, { queued: true, waitMs: 1 });
        this.#insist(async () => this.#remove(pathOf(await this.#call<T>(found))));
      }
      throw error;
    }
  }

  /**
   * Withdraws a request that nobody waits for any more: finds what it created and removes that. Repeats until the
   * service has answered or the session is over, which releases everything.
   */
  #insist(take: () => Promise<unknown>): void {
    void this.#giveBack(take);
  }

  async #giveBack(take: () => Promise<unknown>): Promise<void> {
    for (let failures = 0; !this.signal.aborted; failures += 1) {
      try {
        await take();
        return;
      } catch (error) {
        const refused = error instanceof LeaseholdError && !isOpen(error);
        if (refused) return;
        if (failures === 0) this.#report(error);
        await pause(backoffMs(failures), [this.signal]).catch(() => undefined);
      }
    }
  }

  async #remove(path: string): Promise<void> {
    try {
      await this.#call({ method: 'DELETE', path });
    } catch (error) {
      const gone = [
        'no_such_open',
        'no_such_lease',
        'no_such_lock',
        'lease_revoked',
        'lease_released',
        'session_expired',
      ];
      if (!isFor(error, ...gone, 'no_such_session', 'session_closed')) throw error;
    }
  }

  #delegated(
    { lease, whyNot, willSignal }: DelegationRow,
    onBreak: OnBreak | undefined,
    directory?: boolean,
  ): Delegated {
    if (lease !== undefined) return { lease: this.#track(lease, onBreak, directory) };
    return { whyNot: whyNot ?? 'RESOURCE', willSignal: willSignal === true };
  }

  #bytes({ export: exportName, file, owner, class: kind, start = 0, end = 'EOF' }: Bytes) {
    const where = { sessionId: this.id, export: exportName, file, owner };
    return { ...where, class: kind, start: String(start), end: String(end) };
  }

  #spaceOf({ export: exportName, file, owner = this.id, class: kind }: Bytes): RangeSpace {
    return { export: exportName, file, owner, class: kind };
  }

  /** What is locked there may have changed. */
  #lookAtRanges(bytes: Bytes): void {
    const { export: exportName, file } = bytes;
    for (const hold of this.#ranges)
      if (hold.export === exportName && hold.file === file && hold.id !== '' && !hold.waiting)
        this.#insist(() => hold.refresh());
  }

  // --- what it holds

  #all<H extends Holding>(kind: abstract new (...args: never[]) => H): H[] {
    return [...this.#holdings.values()].filter((each): each is H => each instanceof kind);
  }

  #known<H extends Holding>(
    kind: abstract new (...args: never[]) => H,
    id: string | undefined,
  ): H | undefined {
    const known = this.#holdings.get(id ?? '');
    return known instanceof kind ? known : undefined;
  }

  /** Adopts what an answer names, and assigns the events that came before the answer. */
  #adopt<H extends Holding>(holding: H, apply: (holding: H) => void): H {
    const { id } = holding;
    this.#holdings.set(id, holding);
    apply(holding);
    if (this.signal.aborted) holding.lose(this.signal.reason as LeaseholdError);
    const early = this.#early.get(id) ?? [];
    this.#early.delete(id);
    for (const hear of early) hear();
    if (this.#earlyFull) {
      holding.refresh().catch(() => {
        void this.#look();
      });
    }
    return holding;
  }

  #track(row: LeaseRow, onBreak: OnBreak | undefined, directory?: boolean): Lease {
    const lease = this.#known(Lease, row.leaseId) ?? new Lease(this.#host, row, onBreak, directory);
    if (onBreak) lease.onBreak = onBreak;
    return this.#adopt(lease, () => {
      lease.apply(row);
    });
  }

  #trackDlm(row: DlmLocked, onBlocking: OnBlocking | undefined): DlmLock {
    const lock = this.#known(DlmLock, row.lockId) ?? new DlmLock(this.#host, row, onBlocking);
    if (onBlocking) lock.onBlocking = onBlocking;
    return this.#adopt(lock, () => {
      lock.apply(row);
    });
  }

  get #partTaker(): PartTaker {
    return {
      lease: ({ name, type, maxHoldMs }, wait) => this.lease(name, type, { maxHoldMs, ...wait }),
      range: (part, wait) => this.#lockApart(part, wait),
      permit: ({ name, limit, maxHoldMs }, { owner, ...wait }) =>
        this.semaphore(name, { limit, owner }).take({ maxHoldMs, ...wait }),
      check: ({ id }) => this.range(id),
    };
  }

  #trackPermit(row: PermitRow, limit?: number): Permit {
    const permit = this.#known(Permit, row.permitId) ?? new Permit(this.#host, row, limit);
    return this.#adopt(permit, () => {
      permit.apply(row);
    });
  }

  /** @param ear hears how the wait is decided. */
  #trackOpen(row: OpenRow, onBreak: OnBreak | undefined, ear?: Ear): FileOpen {
    const open = this.#known(FileOpen, row.openId) ?? new FileOpen(this.#host, row, onBreak);
    return this.#adopt(open, () => {
      open.hear(ear, row);
    });
  }

  #trackRange(row: RangeRow, ask?: RangeAsk): RangeHold {
    const hold = this.#known(RangeHold, row.rangeId) ?? new RangeHold(this.#host, row, ask);
    this.#ranges.add(hold);
    return this.#adopt(hold, () => {
      hold.apply(row);
      if (ask !== undefined) hold.asked(ask);
      this.#ranges.settle(hold);
    });
  }

  #hostOf() {
    const tableLife = (): string | undefined => this.#tableLife;
    return {
      id: this.id,
      waits: this.#waits,
      get tableLife() {
        return tableLife();
      },
      readTableLife: async () =>
        this.#heard(await this.#call<OfTable>({ method: 'GET', path: `/sessions/${this.id}` })),
      call: <T>(call: Call) => this.#call<T>(call),
      ask: <T, R>(request: () => Promise<T>, take: (made: T) => R) => this.#ask(request, take),
      insist: (act: () => Promise<unknown>) => {
        this.#insist(act);
      },
      gaveBack: (call: Call) => {
        if (!call.path.startsWith('/leases/')) remember(this.#gaveBack, call, releasedMax);
      },
      forget: (holding: Holding) => {
        this.#forget(holding);
      },
      report: (error: unknown) => {
        this.#report(error);
      },
      announce: (notice: EventOf<'break'>) => {
        this.#tell('break', notice);
      },
      delegated: (made: DelegationRow, onBreak: OnBreak | undefined) => this.#delegated(made, onBreak),
      settled: (hold: RangeHold, waitId: string) => {
        if (this.#holdings.get(waitId) === hold) this.#holdings.delete(waitId);
        this.#holdings.set(hold.id, hold);
        this.#ranges.settle(hold);
      },
      trackLock: (row: DlmLocked, onBlocking: OnBlocking | undefined) => this.#trackDlm(row, onBlocking),
      rejoin: (lost: string) => this.#rejoin(lost),
      trackPermit: (row: PermitRow, limit: number | undefined) => this.#trackPermit(row, limit),
    };
  }

  #rejoin(lost: string): Promise<string | undefined> {
    const domain = [...this.#domains.values()].find(({ connectionId }) => connectionId === lost);
    const joined = this.#rejoined.get(lost) ?? domain?.rejoin(lost) ?? Promise.resolve(undefined);
    this.#rejoined.set(lost, joined);
    joined.catch(() => this.#rejoined.delete(lost));
    return joined;
  }

  #forget(holding: Holding): void {
    const { id } = holding;
    if (this.#holdings.get(id) === holding) this.#holdings.delete(id);
    if (holding instanceof RangeHold) this.#ranges.delete(holding);
    if (!(holding instanceof Lease) || holding.state !== 'released') return;
    remember(this.#released, id, releasedMax);
  }

  // --- events from the service

  #follow(silenceMs: number): void {
    const path = `/sessions/${this.id}/events`;
    void followEvents(
      {
        connect: (lastEventId, open, chunk) =>
          this.#transport.stream(
            {
              method: 'GET',
              path,
              accept: 'text/event-stream',
              secret: this.secret,
              headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
              signals: [this.signal],
            },
            silenceMs,
            open,
            chunk,
          ),
        opened: (replayed) => {
          if (!replayed) void this.#look();
        },
        event: (event, data) => {
          this.#hear({ event, data } as SessionEvent);
        },
        refused: async (error) => {
          // A call finds out whether the session goes on.
          if (isFor(error, 'no_such_session'))
            await this.#call({ method: 'GET', path: `/sessions/${this.id}` }).catch(() => undefined);
          else this.#lose(error as LeaseholdError);
          return this.signal.aborted;
        },
      },
      this.signal,
    );
  }

  /** @param isTold the listeners have heard it already. */
  #hear(told: SessionEvent, isTold = false): void {
    if (this.signal.aborted) return;
    const about = idsIn(told.data);
    const holding = about.map((id) => this.#holdings.get(id)).find((each) => each !== undefined);
    const [id] = about;
    if (id !== undefined && holding === undefined && this.#asking > 0) {
      // A change is no holding, and may have the same kind of id as a lock that waits: who waits for it hears at once.
      const isWait = 'waitId' in told.data && told.data.waitId !== undefined;
      this.#keepEarly(id, () => {
        this.#hear(told, isWait);
      });
      if (isWait) this.#tell(told.event, told.data);
      return;
    }
    if (holding !== undefined && isOfAnother(holding, told.data)) {
      this.#tell(told.event, told.data);
      return;
    }
    const lease = holding instanceof Lease ? holding : undefined;
    const lock = holding instanceof DlmLock ? holding : undefined;
    switch (told.event) {
      case 'break':
        // The lease reports it once, however often it arrives.
        if (lease) lease.hear(told.data);
        else this.#tell('break', told.data);
        return;
      case 'downgraded':
        lease?.convert(told.data.type, told.data.token);
        break;
      case 'reclaimed':
        if (told.data.token !== undefined) lease?.convert(told.data.type, told.data.token);
        if (holding instanceof RangeHold) holding.backing(true);
        break;
      case 'jeopardy':
        for (const hold of this.#ranges) if (hold.export === told.data.export) hold.backing(false);
        break;
      case 'granted':
        if (told.data.type && told.data.token)
          lease?.convert(told.data.type, told.data.token, told.data.endsAt);
        if (told.data.token && holding instanceof Permit) holding.grant(told.data.token, told.data.endsAt);
        if (holding instanceof FileOpen) holding.grant();
        if (told.data.rangeId && holding instanceof RangeHold) holding.grant(told.data.rangeId);
        break;
      case 'released':
        lease?.lose(LeaseholdError.of('lease_released', { detail: told.data.cause, leaseId: lease.id }));
        break;
      case 'revoked':
        lease?.lose(LeaseholdError.of('lease_revoked', { detail: told.data.cause, leaseId: lease.id }));
        break;
      case 'detached':
        lease?.detach();
        break;
      case 'dropped':
        if (holding instanceof FileOpen) holding.stopWaiting(told.data);
        else if (lease) lease.stopWaiting(LeaseholdError.dropped(told.data));
        else holding?.lose(LeaseholdError.dropped(told.data));
        break;
      case 'completed':
        lock?.complete(told.data);
        break;
      case 'blocking':
        lock?.hear(told.data.mode);
        break;
      case 'cancelled':
        lock?.stopWaiting();
        break;
      case 'unlocked':
        holding?.lose(LeaseholdError.of('lock_over', { detail: `It was taken: ${told.data.reason}.` }));
        break;
      case 'lost': {
        const detail = `It was taken: ${told.data.reason}.`;
        const reason = holding instanceof FileOpen ? 'open_closed' : 'lock_over';
        holding?.lose(LeaseholdError.of(reason, { detail }));
        break;
      }
      case 'nodeUp':
      case 'nodeDown':
        void this.#serveNode({ ...told.data, event: told.event });
        break;
      case 'recovery':
        void this.#recover(told.data);
        break;
      case 'disconnected':
        for (const domain of this.#domains.values()) domain.left(told.data.connectionId);
        break;
      case 'attributes':
        void this.#sayAttributes(told.data);
        break;
      case 'resync':
        void this.#look();
        void this.#lookAtNodes();
        break;
      case 'expired':
        this.#tell('expired', told.data);
        this.#lose(LeaseholdError.of('session_expired'));
        return;
      default:
        // A newer service may send events that this client does not know.
        if (!eventNames.includes((told as { event: EventName }).event)) return;
    }
    if (!isTold) this.#tell(told.event, told.data);
  }

  async #sayAttributes(notice: AttributesNotice): Promise<void> {
    if (this.#onAttributes === undefined) return;
    try {
      await this.tellAttributes(notice, await this.#attributes(this.#onAttributes, notice));
    } catch (error) {
      this.#report(error);
    }
  }

  async #attributes(
    onAttributes: NonNullable<SessionOptions['onAttributes']>,
    notice: AttributesNotice,
  ): Promise<FileIs | undefined> {
    try {
      return await onAttributes(notice);
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  /**
   * Reads the leases of the session and applies what was missed. Retries until it succeeds or the session is over: a
   * missed break costs the lease.
   */
  async #look(): Promise<void> {
    if (this.#holdings.size === 0 && this.#asking === 0) return;
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    for (let failures = 0; this.#lookAgain && !this.signal.aborted;) {
      this.#lookAgain = false;
      try {
        await this.#reconcile();
        await this.#reconcileDlm().catch((error: unknown) => {
          // A service of an earlier version has no locks in modes.
          if (this.#all(DlmLock).length > 0 || !isFor(error, 'no_such_route')) throw error;
        });
        const rest = [Permit, FileOpen, RangeHold].flatMap((kind) => this.#all<Holding>(kind));
        await atOnce(rest, (each) => each.reassert());
        await atOnce(
          [...this.#ranges].filter(({ id }) => id === ''),
          (each) => each.reassert(),
        );
        await this.#giveBackAgain();
        failures = 0;
      } catch (error) {
        if (failures === 0) this.#report(error);
        this.#lookAgain = true;
        await pause(backoffMs(failures), [this.signal]).catch(() => undefined);
        failures += 1;
      }
    }
    this.#looking = false;
  }

  async #reconcile(): Promise<void> {
    // Only leases known before the first page can be found missing; an allocated lease has nothing to lose.
    const missing = new Map(
      [...this.leases].filter(([, lease]) => lease.state !== 'allocated' || lease.waiting),
    );
    const lost: Lease[] = [];
    let cursor: string | undefined;
    do {
      const page: { leases: LeaseRow[]; cursor?: string } = await this.#call({
        method: 'GET',
        path: '/leases',
        query: { sessionId: this.id, limit: limits.pageMax, cursor },
      });
      for (const row of page.leases) {
        missing.delete(row.leaseId);
        const lease = this.#known(Lease, row.leaseId);
        if (lease?.outranks(row) === true) lost.push(lease);
        else if (lease) lease.apply(row);
        else if (this.#released.has(row.leaseId)) this.#releaseAgain(row);
        else if (this.#asking > 0) {
          this.#keepEarly(row.leaseId, () => this.#known(Lease, row.leaseId)?.apply(row));
        }
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    await atOnce([...missing.values(), ...lost], (lease) => lease.reassert());
  }

  /** The service has lost the release with its last changes. */
  #releaseAgain({ leaseId, state }: LeaseRow): void {
    if (state === 'released' || state === 'revoked' || state === 'fencing') return;
    this.#insist(() => this.#remove(`/leases/${leaseId}`));
  }

  async #reconcileDlm(): Promise<void> {
    const missing = new Map(this.#all(DlmLock).map((lock) => [lock.id, lock]));
    if (missing.size === 0 && this.#asking === 0) return;
    let cursor: string | undefined;
    do {
      const page: { locks: DlmLocked[]; cursor?: string } = await this.#call({
        method: 'GET',
        path: '/dlm/locks',
        query: { sessionId: this.id, limit: limits.pageMax, cursor },
      });
      for (const row of page.locks) {
        missing.delete(row.lockId);
        const lock = this.#known(DlmLock, row.lockId);
        if (lock?.outranks(row) === true) missing.set(row.lockId, lock);
        else if (lock) lock.apply(row);
        else if (this.#asking > 0)
          this.#keepEarly(row.lockId, () => this.#known(DlmLock, row.lockId)?.apply(row));
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
    await atOnce([...missing.values()], (lock) => lock.reassert());
  }

  /** The service may have lost that something was given back, with its last changes. */
  async #giveBackAgain(): Promise<void> {
    if (this.#gaveBack.size === 0) return;
    const { graceMs } = await this.#call<{ graceMs: number }>({ method: 'GET', path: '/grace' });
    if (graceMs > 0) for (const call of this.#gaveBack) this.#insist(() => this.#call(call));
  }

  async #serveNode(notice: NodeNotice): Promise<void> {
    const onNode = this.#watched.get(notice.region);
    if (onNode === undefined || !this.#isNew(notice.noticeId)) return;
    try {
      await onNode(notice);
      const path = `/nodes/${encodeURIComponent(notice.node)}/acks`;
      await this.#call({ method: 'POST', path, body: { sessionId: this.id, noticeId: notice.noticeId } });
    } catch (error) {
      // The service proceeds without an answer after a time limit.
      if (!isFor(error, 'session_expired', 'session_closed', 'no_such_item')) this.#report(error);
    }
  }

  /** Handles node notices sent while the event stream was cut: they still wait for an answer. */
  async #lookAtNodes(): Promise<void> {
    const domains = [...this.#domains.values()];
    if (this.#watched.size === 0 && !domains.some(({ onRecovery }) => onRecovery !== undefined)) return;
    try {
      const { nodes } = await this.#call<z.infer<typeof configuration.nodeList>>({
        method: 'GET',
        path: '/nodes',
      });
      for (const { name, region, incarnation = '', notice } of nodes) {
        if (notice === undefined) continue;
        const { noticeId, event } = notice;
        for (const { name: domain, connectionId } of domains)
          if (connectionId !== undefined && notice.waitsFor.includes(connectionId))
            void this.#recover({
              ...{
                connectionId,
                export: domain,
                node: name,
                region,
                incarnation,
                noticeId,
                acknowledge: true,
              },
            });
        if (!notice.waitsFor.includes(this.id)) continue;
        void this.#serveNode({
          ...{ node: name, region, incarnation, noticeId },
          event: event === 'up' ? 'nodeUp' : 'nodeDown',
        });
      }
    } catch (error) {
      this.#report(error);
    }
  }

  /** A node of the region of a lock domain is dead. */
  async #recover(notice: RecoveryNotice): Promise<void> {
    const { connectionId, noticeId } = notice;
    const domain = [...this.#domains.values()].find((each) => each.connectionId === connectionId);
    if (domain === undefined || !this.#isNew(`${connectionId} ${noticeId}`)) return;
    try {
      await domain.onRecovery?.(notice);
      if (!notice.acknowledge) return;
      const path = `/nodes/${encodeURIComponent(notice.node)}/acks`;
      await this.#call({ method: 'POST', path, body: { sessionId: this.id, noticeId, connectionId } });
    } catch (error) {
      // The service proceeds without an answer after a time limit.
      if (!isFor(error, 'session_expired', 'session_closed', 'no_such_item', 'no_such_connection'))
        this.#report(error);
    }
  }

  /** Whether a notice has not been handled yet. */
  #isNew(notice: string): boolean {
    if (this.#noticed.has(notice)) return false;
    remember(this.#noticed, notice, noticedMax);
    return true;
  }

  #keepEarly(id: string, hear: () => void): void {
    const kept = this.#early.get(id);
    if (kept) kept.push(hear);
    else if (this.#early.size < earlyMax) this.#early.set(id, [hear]);
    else this.#earlyFull = true;
  }

  /**
   * No call in flight could claim these leases: they belong to others that share the session, so the events are only
   * reported.
   */
  #hearEarly(): void {
    const kept = this.#early;
    this.#early = new Map();
    this.#earlyFull = false;
    for (const hears of kept.values()) for (const hear of hears) hear();
  }

  // --- reporting

  #tell<N extends Exclude<keyof Notices, 'error'>>(event: N, data: Notices[N][0]): void {
    for (const tap of this.#taps) tap({ event, data } as Notice);
    this.emit(event, ...([data] as Notices[N]));
  }

  #report(error: unknown): void {
    // Once the session is over, there is nothing left to fix.
    if (!this.signal.aborted) this.report(error);
  }

  #lose(error: LeaseholdError): void {
    if (this.signal.aborted) return;
    this.#liveness?.stop();
    this.#over.abort(error);
    for (const holding of [...this.#holdings.values(), ...this.#ranges]) holding.lose(error);
  }
}

/** The request with how long it may wait, for the service and for the connection. */
function patient(call: Call, body: object, { waitMs, queued }: Wait): Call {
  return { ...call, body: { ...body, waitMs, queued }, waitMs: queued === true ? 0 : waitMs };
}

/** Adds to what is remembered, and forgets the oldest beyond `max`. */
function remember<T>(all: Set<T>, one: T, max: number): void {
  all.add(one);
  for (const oldest of all) {
    if (all.size <= max) break;
    all.delete(oldest);
  }
}

/** Does the same for each, for a few at a time. */
async function atOnce<T>(all: readonly T[], act: (each: T) => Promise<void>): Promise<void> {
  const left = [...all];
  while (left.length > 0) await Promise.all(left.splice(0, looksAtOnce).map(act));
}

/** The parts of EXPORT:FILE. */
export function placeOf(name: string): { export: string; file: string } {
  const at = name.indexOf(':');
  if (at < 1 || at === name.length - 1) {
    const message = `${JSON.stringify(name)} is not EXPORT:FILE`;
    throw LeaseholdError.of('bad_request', { issues: [{ path: 'name', message }] });
  }
  return { export: name.slice(0, at), file: name.slice(at + 1) };
}
