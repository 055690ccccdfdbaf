import type { nfs } from '#contracts';
import type { EventStreams } from '../application/event-streams';
import type { Leases } from '../application/leases';
import { isRefused, type Refused } from '../application/refusal';
import type { EventSink, SessionEvent, SessionEvents } from '../application/session-events';
import type { StreamQuota } from '../application/stream-quota';
import { delegationOfType, ownerBytesOf, stateidOf } from './words';

/** How many unacknowledged callbacks one NFS client may have; to get more it must acknowledge some. */
const windowMax = 256;
/** How many callbacks are kept for a slow client; beyond that it is cut off, and resumes where it was. */
const keptMax = 4_096;
/** A client that acknowledges nothing for this long is cut off. */
const silentMs = 30_000;
/** A client that does not poll for this long is forgotten; its next poll begins anew after what it acknowledges. */
const idleMs = 90_000;
const pageRows = 1_000;

type What = Omit<nfs.Callback, 'position'>;
/** The session that wants callbacks, the position after which it wants them, and whose session it is. */
export interface Subscriber {
  caller: { tenant: string; subject: string };
  sessionId: string;
  digest: string;
  after: string | undefined;
}
/** What the feed has sent: an event, or only its position. */
type Heard = SessionEvent | { event?: undefined; id: string };

/** Keeps the callbacks of one client, in order, until it acknowledges them. The sink of its session's event stream. */
class Mailbox implements EventSink {
  closed = false;
  private readonly heard: Heard[] = [];
  private readonly box: nfs.Callback[] = [];
  /** How many at the front have been handed out. */
  private sent = 0;
  private acknowledged: string | undefined;
  /** When the client was last known to keep up. */
  private promptAt = performance.now();
  private reading = false;
  private readonly wakes = new Set<() => void>();

  constructor(
    readonly subscriber: Subscriber,
    private readonly leases: Leases,
    private readonly onClosed: () => void,
  ) {
    this.acknowledged = subscriber.after;
  }

  // --- from the feed

  tell(events: readonly SessionEvent[]): void {
    this.hear(events);
  }

  ping(id: string | undefined): void {
    if (id !== undefined) this.hear([{ event: undefined, id }]);
  }

  private hear(what: readonly Heard[]): void {
    if (this.closed) return;
    this.heard.push(...what);
    if (this.heard.length + this.box.length > keptMax) {
      this.cut();
      return;
    }
    if (!this.reading) void this.translate();
  }

  async drained(): Promise<void> {
    while (!this.closed && this.heard.length + this.box.length > windowMax) await this.changed(silentMs);
  }

  end(): void {
    if (this.closed) return;
    this.closed = true;
    this.onClosed();
    this.wake();
  }

  // --- from and to the client

  /** Ends the mailbox and drops undelivered callbacks: the client resumes after what it has acknowledged. */
  cut(): void {
    this.heard.length = 0;
    this.box.length = 0;
    this.end();
  }

  /** Whether no more callbacks follow. */
  get over(): boolean {
    return this.closed && !this.reading && this.sent === this.box.length;
  }
  /** Whether the client has left too much unacknowledged for too long. */
  get silent(): boolean {
    return this.sent > 0 && performance.now() - this.promptAt > silentMs;
  }

  /** Whether this mailbox has the callbacks that follow this position. */
  continues(after: string | undefined): boolean {
    if (after === undefined || this.closed) return false;
    return after === this.acknowledged || this.box.some(({ position }) => position === after);
  }

  acknowledge(position: string): void {
    const at = this.box.findLastIndex((callback) => callback.position === position);
    if (at < 0) return;
    this.box.splice(0, at + 1);
    this.sent = Math.max(0, this.sent - at - 1);
    this.acknowledged = position;
    this.promptAt = performance.now();
    this.wake();
  }

  /** Hands out the next callbacks, as far as the window allows. */
  take(): nfs.Callback[] {
    const taken = this.box.slice(this.sent, windowMax);
    if (taken.length > 0 && this.sent === 0) this.promptAt = performance.now();
    this.sent += taken.length;
    return taken;
  }

  /** Hands out again what was not acknowledged. */
  rewind(): void {
    this.sent = 0;
  }

  /** Resolves when something has changed, or after `ms`, or when the signal fires. */
  changed(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.wakes.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wakes.add(done);
      signal?.addEventListener('abort', done, { once: true });
      if (signal?.aborted === true) done();
    });
  }

  private wake(): void {
    for (const wake of [...this.wakes]) wake();
  }

  /** Turns events into callbacks, one after the other: some need a look at the table. */
  private async translate(): Promise<void> {
    this.reading = true;
    try {
      for (let next = this.heard.shift(); next !== undefined; next = this.heard.shift()) {
        const whats = next.event === undefined ? [] : await this.callbacksFor(next);
        const { id = '' } = next;
        const last = whats.length - 1;
        for (const [index, what] of whats.entries())
          this.put({ position: index === last ? id : '', ...what });
        if (whats.length === 0 && id !== '') this.advance(id);
      }
    } catch {
      // The table cannot be reached, which the sweeper logs. The client resumes when it can.
      this.cut();
    } finally {
      this.reading = false;
      this.wake();
    }
  }

  private put(callback: nfs.Callback): void {
    this.box.push(callback);
    this.wake();
  }

  /** Gives the client a position to resume from, although no event concerned it. */
  private advance(position: string): void {
    const last = this.box.at(-1);
    const replaced = last !== undefined && this.sent < this.box.length && Object.keys(last).length === 1;
    if (replaced) last.position = position;
    else this.put({ position });
  }

  private async callbacksFor(told: SessionEvent): Promise<What[]> {
    switch (told.event) {
      case 'break':
        return this.recall(told.data);
      case 'revoked':
        return this.revoked(told.data);
      case 'granted':
        return notice(told.data, true, '');
      case 'dropped':
        return notice(told.data, false, told.data.reason);
      case 'attributes':
        return this.getAttr(told.data);
      case 'available': {
        const { export: exportName, file, type } = told.data;
        return [{ available: { export: exportName, file, type: delegationOfType(type) } }];
      }
      case 'resync':
        return [{ resync: told.data }, ...(await this.present())];
      case 'expired':
        return [{ expired: {} }];
      default:
        return [];
    }
  }

  private async recall({ leaseId, news, ...rest }: SessionEvents['break']): Promise<What[]> {
    const lease = await this.leases.get(leaseId, this.subscriber.digest);
    // The delegation has been returned meanwhile, or it is a lease, which the REST interface reports.
    if (isRefused(lease) || !lease.delegation || lease.state !== 'breaking') return [];
    const { export: exportName, file } = rest;
    const { deadlineAt, remainingMs } = news;
    const where = { export: exportName, file };
    const stateid = stateidOf(leaseId, lease.seqid);
    return [{ recall: { stateid, ...where, truncate: false, deadlineAt, remainingMs } }];
  }

  private async getAttr({
    leaseId,
    export: exportName,
    file,
    ...rest
  }: SessionEvents['attributes']): Promise<What[]> {
    const lease = await this.leases.get(leaseId, this.subscriber.digest);
    if (isRefused(lease) || !lease.delegation || lease.type !== 'write') return [];
    const { askId, times = false, deadlineAt, remainingMs } = rest;
    const stateid = stateidOf(leaseId, lease.seqid);
    return [{ getAttr: { askId, stateid, export: exportName, file, times, deadlineAt, remainingMs } }];
  }

  private async revoked({
    leaseId,
    export: exportName,
    file,
    cause,
  }: SessionEvents['revoked']): Promise<What[]> {
    const lease = await this.leases.get(leaseId, this.subscriber.digest);
    if (isRefused(lease) || !lease.delegation) return [];
    return [{ revoked: { stateid: stateidOf(leaseId, lease.seqid), export: exportName, file, cause } }];
  }

  /** The present state of the delegations, for a client that has missed callbacks. */
  private async present(): Promise<What[]> {
    const { sessionId, digest } = this.subscriber;
    const found: What[] = [];
    for (let after: number | undefined = 0; after !== undefined;) {
      const page = await this.leases.list(sessionId, after, pageRows, digest);
      if (isRefused(page)) return found;
      for (const lease of page.leases) {
        if (!lease.delegation) continue;
        const { leaseId, seqid, exportName, path: file, break: running } = lease;
        const about = { stateid: stateidOf(leaseId, seqid), export: exportName, file };
        if (running !== undefined) {
          const { deadlineWall, remainingMs } = running;
          const deadlineAt = deadlineWall === undefined ? undefined : new Date(deadlineWall).toISOString();
          found.push({ recall: { ...about, truncate: false, deadlineAt, remainingMs } });
        } else if (lease.state === 'revoked' || lease.state === 'fencing')
          found.push({ revoked: { ...about, cause: 'unknown' } });
      }
      after = page.after;
    }
    return found;
  }
}

/** CB_NOTIFY_LOCK, if the event is about a lock that waited. */
function notice(
  {
    waitId,
    owner = '',
    export: exportName = '',
    file = '',
  }: SessionEvents['granted'] | SessionEvents['dropped'],
  granted: boolean,
  reason: string,
): What[] {
  if (waitId === undefined) return [];
  const lockOwner = ownerBytesOf(owner);
  return [{ notifyLock: { waitId, export: exportName, file, lockOwner, granted, reason } }];
}

/** A client's stream of callbacks, for a transport. */
export interface CallbackStream {
  acknowledge(position: string): void;
  /** Emits callbacks until no more follow or the signal fires. Returns false if the client was silent for too long. */
  pump(emit: (callback: nfs.Callback) => void, signal: AbortSignal): Promise<boolean>;
}

/** Callbacks to NFS clients, by stream or by polling. */
export class Callbacks {
  private readonly polled = new Map<string, { mailbox: Mailbox; idle: NodeJS.Timeout }>();

  constructor(
    private readonly streams: EventStreams,
    private readonly leases: Leases,
    private readonly quota: StreamQuota,
  ) {}

  /** Refused: no_such_session, not_holder, session_expired, subject_streams_max, tenant_streams_max. */
  async stream(subscriber: Subscriber): Promise<CallbackStream | Refused> {
    const mailbox = await this.attach(subscriber);
    if (isRefused(mailbox)) return mailbox;
    return {
      acknowledge: (position) => {
        mailbox.acknowledge(position);
      },
      pump: async (emit, signal) => {
        try {
          while (!signal.aborted) {
            for (const callback of mailbox.take()) emit(callback);
            if (mailbox.over) return true;
            if (mailbox.silent) return false;
            await mailbox.changed(silentMs / 4, signal);
          }
          return true;
        } finally {
          mailbox.cut();
        }
      },
    };
  }

  /**
   * Acknowledges `after` and returns the callbacks that follow it; waits if there are none.
   * Refused: as `stream`.
   */
  async poll(
    subscriber: Subscriber,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<nfs.Callback[] | Refused> {
    const mailbox = await this.polledBy(subscriber);
    if (isRefused(mailbox)) return mailbox;
    if (subscriber.after !== undefined) mailbox.acknowledge(subscriber.after);
    mailbox.rewind();
    const until = performance.now() + waitMs;
    for (;;) {
      const taken = mailbox.take();
      const left = until - performance.now();
      if (taken.length > 0 || left <= 0 || mailbox.over || signal?.aborted === true) return taken;
      await mailbox.changed(left, signal);
    }
  }

  private async polledBy(subscriber: Subscriber): Promise<Mailbox | Refused> {
    const { sessionId, digest, after } = subscriber;
    const known = this.polled.get(sessionId);
    if (known?.mailbox.subscriber.digest === digest) {
      if (known.mailbox.continues(after)) {
        known.idle.refresh();
        return known.mailbox;
      }
      // The new one may need its place among the streams of the subject.
      this.forget(sessionId);
    }
    const mailbox = await this.attach(subscriber);
    if (isRefused(mailbox)) return mailbox;
    this.forget(sessionId);
    const idle = setTimeout(() => {
      if (this.polled.get(sessionId)?.mailbox === mailbox) this.forget(sessionId);
    }, idleMs);
    idle.unref();
    this.polled.set(sessionId, { mailbox, idle });
    return mailbox;
  }

  private forget(sessionId: string): void {
    const known = this.polled.get(sessionId);
    if (known === undefined) return;
    clearTimeout(known.idle);
    this.polled.delete(sessionId);
    known.mailbox.cut();
  }

  private async attach(subscriber: Subscriber): Promise<Mailbox | Refused> {
    const { sessionId, digest, after, caller } = subscriber;
    const leave = this.quota.enter(caller);
    if (isRefused(leave)) return leave;
    let mailbox: Mailbox | undefined;
    try {
      const refused = await this.streams.attach(sessionId, digest, after, (onClosed) => {
        mailbox = new Mailbox(subscriber, this.leases, () => {
          leave();
          onClosed();
        });
        return mailbox;
      });
      if (refused !== undefined) return refused;
    } finally {
      if (mailbox === undefined) leave();
    }
    if (mailbox === undefined) throw new Error('an event stream began without a sink');
    return mailbox;
  }
}
