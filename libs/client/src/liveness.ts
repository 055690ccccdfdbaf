import { backoffMs } from './transport';

/** How long a session or node lives without being heard, how often it proves that it lives, and when to warn. */
export interface Spans {
  ttlMs: number;
  everyMs: number;
  warnMs: number;
}

/** What the liveness clock calls in its session or node. */
interface LivenessPorts {
  /** One proof of life, given up after `withinMs`. Throws LeaseholdError. */
  send(withinMs: number): Promise<void>;
  /** `warnMs` have passed without an answer. */
  jeopardy(remainingMs: number, cause: unknown): void;
  /** An answer has come after a jeopardy. */
  safe(unheardMs: number): void;
  /** The TTL has passed, by this side's count. */
  expired(cause: unknown): void;
}

/**
 * Counts the TTL on the holder's side: from when the last successful keepalive was *sent*, on the monotonic clock. The
 * service counts from when the keepalive arrived, which is later, so this side gives up first (semantics.md §6).
 * Uses one timer, always set to whatever is due next.
 */
export class Liveness {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  #stopped = false;
  #warned = false;
  #failures = 0;
  #sendAt: number;
  #cause: unknown;

  /** @param provenAt when the request that opened or last proved the session was sent, by performance.now(). */
  constructor(
    private readonly ports: LivenessPorts,
    private spans: Spans,
    private provenAt: number,
  ) {
    this.#sendAt = provenAt + spans.everyMs;
    this.#turn();
  }

  /** Milliseconds for which the session is certainly alive; 0 when it may have expired. */
  get remainingMs(): number {
    return Math.max(0, this.provenAt + this.spans.ttlMs - performance.now());
  }

  /** The service has changed its time spans. */
  retime(spans: Spans): void {
    this.spans = spans;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #turn(): void {
    if (this.#stopped) return;
    const now = performance.now();
    const warnAt = this.provenAt + this.spans.warnMs;
    const expireAt = this.provenAt + this.spans.ttlMs;
    if (now >= expireAt) {
      this.stop();
      this.ports.expired(this.#cause);
      return;
    }
    if (now >= warnAt && !this.#warned) {
      this.#warned = true;
      this.ports.jeopardy(expireAt - now, this.#cause);
    }
    if (now >= this.#sendAt && !this.#sending) void this.#send(now, expireAt);
    const due = [expireAt];
    if (!this.#warned) due.push(warnAt);
    if (!this.#sending) due.push(this.#sendAt);
    clearTimeout(this.#timer);
    // Rounded up: a timer that fires slightly early would only have to be set again.
    this.#timer = setTimeout(
      () => {
        this.#turn();
      },
      Math.ceil(Math.min(...due) - now),
    );
  }

  async #send(sentAt: number, expireAt: number): Promise<void> {
    this.#sending = true;
    try {
      await this.ports.send(Math.min(this.spans.everyMs, expireAt - sentAt));
      if (this.#warned) this.ports.safe(performance.now() - this.provenAt);
      this.#warned = false;
      this.#cause = undefined;
      this.#failures = 0;
      this.provenAt = sentAt;
      this.#sendAt = sentAt + this.spans.everyMs;
    } catch (error) {
      this.#cause = error;
      this.#sendAt = performance.now() + Math.min(backoffMs(this.#failures), this.spans.everyMs / 2);
      this.#failures += 1;
    }
    this.#sending = false;
    this.#turn();
  }
}
