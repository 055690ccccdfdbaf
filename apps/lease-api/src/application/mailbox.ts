import type { EventStreams } from './event-streams';
import { isRefused, type Refused } from './refusal';
import type { EventSink, SessionEvent } from './session-events';
import type { StreamQuota } from './stream-quota';

/** How many unacknowledged messages one client may have; to get more it must acknowledge some. */
const windowMax = 256;
/** How many messages are kept for a slow client; beyond that it is cut off, and resumes where it was. */
const keptMax = 4_096;
/** A client that acknowledges nothing for this long is cut off. */
const silentMs = 30_000;

/** What the feed has sent: an event, or only its position. */
type Heard = SessionEvent | { event?: undefined; id: string };

/** A message to a client. With a position, the client may resume after it. */
interface Message {
  position: string;
}

/** Keeps the messages to one client, in order, until it acknowledges them. The sink of its session's event stream. */
export class Mailbox<M extends Message> implements EventSink {
  closed = false;
  private readonly heard: Heard[] = [];
  private readonly box: M[] = [];
  /** How many at the front have been handed out. */
  private sent = 0;
  private acknowledged: string | undefined;
  /** When the client was last known to keep up. */
  private promptAt = performance.now();
  private reading = false;
  private readonly wakes = new Set<() => void>();

  /** `translate`: what the client is told of an event; nothing, if it does not concern it. */
  constructor(
    after: string | undefined,
    private readonly translate: (told: SessionEvent) => Promise<Omit<M, 'position'>[]>,
    private readonly onClosed: () => void,
  ) {
    this.acknowledged = after;
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
    if (!this.reading) void this.read();
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

  /** Ends the mailbox and drops undelivered messages: the client resumes after what it has acknowledged. */
  cut(): void {
    this.heard.length = 0;
    this.box.length = 0;
    this.end();
  }

  /** Whether no more messages follow. */
  get over(): boolean {
    return this.closed && !this.reading && this.sent === this.box.length;
  }
  /** Whether the client has left too much unacknowledged for too long. */
  get silent(): boolean {
    return this.sent > 0 && performance.now() - this.promptAt > silentMs;
  }

  /** Whether this mailbox has the messages that follow this position. */
  continues(after: string | undefined): boolean {
    if (after === undefined || this.closed) return false;
    return after === this.acknowledged || this.box.some(({ position }) => position === after);
  }

  acknowledge(position: string): void {
    const at = this.box.findLastIndex((message) => message.position === position);
    if (at < 0) return;
    this.box.splice(0, at + 1);
    this.sent = Math.max(0, this.sent - at - 1);
    this.acknowledged = position;
    this.promptAt = performance.now();
    this.wake();
  }

  /** Hands out the next messages, as far as the window allows. */
  take(): M[] {
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

  /** Turns events into messages, one after the other: some need a look at the table. */
  private async read(): Promise<void> {
    this.reading = true;
    try {
      for (let next = this.heard.shift(); next !== undefined; next = this.heard.shift()) {
        const whats = next.event === undefined ? [] : await this.translate(next);
        const { id = '' } = next;
        const last = whats.length - 1;
        for (const [index, what] of whats.entries())
          this.put({ position: index === last ? id : '', ...what } as M);
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

  private put(message: M): void {
    this.box.push(message);
    this.wake();
  }

  /** Gives the client a position to resume from, although no event concerned it. */
  private advance(position: string): void {
    const last = this.box.at(-1);
    const replaced = last !== undefined && this.sent < this.box.length && Object.keys(last).length === 1;
    if (replaced) last.position = position;
    else this.put({ position } as M);
  }

  /**
   * Emits messages until no more follow or the signal fires. Resolves to false if the client was silent for too long.
   */
  async pump(emit: (message: M) => void, signal: AbortSignal): Promise<boolean> {
    try {
      while (!signal.aborted) {
        for (const message of this.take()) emit(message);
        if (this.over) return true;
        if (this.silent) return false;
        await this.changed(silentMs / 4, signal);
      }
      return true;
    } finally {
      this.cut();
    }
  }
}

/** The session that wants messages, the position after which it wants them, and whose session it is. */
export interface Subscriber {
  caller: { tenant: string; subject: string };
  sessionId: string;
  digest: string;
  after: string | undefined;
}

/** Opens mailboxes; each counts as an event stream of its subject. */
export class Mailboxes {
  constructor(
    private readonly streams: EventStreams,
    private readonly quota: StreamQuota,
  ) {}

  /**
   * With `connectionId`, only for what is about that connection, until it ends.
   * Refused: no_such_session, not_holder, session_expired, subject_streams_max, tenant_streams_max.
   */
  async open<M extends Message>(
    { sessionId, digest, after, caller }: Subscriber,
    translate: (told: SessionEvent) => Promise<Omit<M, 'position'>[]>,
    connectionId?: string,
  ): Promise<Mailbox<M> | Refused> {
    const leave = this.quota.enter(caller);
    if (isRefused(leave)) return leave;
    let mailbox: Mailbox<M> | undefined;
    try {
      const open = (onClosed: () => void): Mailbox<M> => {
        mailbox = new Mailbox(after, translate, () => {
          leave();
          onClosed();
        });
        return mailbox;
      };
      const refused = await this.streams.attach(sessionId, digest, after, open, connectionId);
      if (refused !== undefined) return refused;
    } finally {
      if (mailbox === undefined) leave();
    }
    if (mailbox === undefined) throw new Error('an event stream began without a sink');
    return mailbox;
  }
}
