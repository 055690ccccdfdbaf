import type { z } from 'zod';
import type { configuration } from '#contracts';
import { Emitter } from './emitter';
import { LeaseholdError, isFor } from './error';
import { Liveness, type Spans } from './liveness';
import { asyncDispose, randomId } from './platform';
import type { Transport } from './transport';

type Beaten = z.infer<typeof configuration.beaten>;

export interface NodeOptions {
  /** Names this life of the node. Default: a new one. */
  incarnation?: string;
  /** How often to send a beat; default: as the region asks. */
  beatMs?: number;
  /** Gives up the first beat; does not affect the node afterwards. */
  signal?: AbortSignal;
}

/**
 * The events of a node.
 * - `state`: `recovering` while its last life is being cleared, then `up`. `sessionsLost`: sessions of its last life.
 * - `jeopardy`: a beat was not answered; after `remainingMs` without an answer the node is dead.
 * - `safe`: beats are answered again.
 * - `expired`: this life is over, and what its sessions held is lost: nothing may be cached any more.
 * - `error`: a listener has thrown. Without a listener for it, it is a process warning.
 */
export interface NodeNotices {
  state: [{ state: Beaten['state']; sessionsLost: number }];
  jeopardy: [{ cause: string; remainingMs: number }];
  safe: [{ unheardMs: number }];
  expired: [LeaseholdError];
  error: [unknown];
}

/** Reasons for refusal after which no further beat can succeed. */
const ends = [
  'node_life_over',
  'no_such_item',
  'no_right',
  'bad_token',
  'no_credentials',
  'bad_request',
] as const;

/**
 * One life of a node, maintained by its beats. Created by `leasehold.node`. Keeps the process alive until it is over.
 */
export class Node extends Emitter<NodeNotices> {
  readonly #over = new AbortController();
  readonly #liveness: Liveness;
  #last: Beaten;

  private constructor(
    private readonly transport: Transport,
    readonly name: string,
    readonly incarnation: string,
    private readonly beatMs: number | undefined,
    first: Beaten,
    provenAt: number,
  ) {
    super();
    this.#last = first;
    this.#liveness = new Liveness(
      {
        send: (withinMs) => this.#beat(withinMs),
        jeopardy: (remainingMs, cause) => {
          this.emit('jeopardy', { cause: cause instanceof Error ? cause.message : 'no answer', remainingMs });
        },
        safe: (unheardMs) => {
          this.emit('safe', { unheardMs });
        },
        expired: (cause) => {
          const detail = `No heartbeat was answered for ${String(this.#last.deadMs)} ms.`;
          const error = LeaseholdError.of('node_life_over', { detail });
          error.cause = cause;
          this.#end(error);
        },
      },
      spansOf(first, beatMs),
      provenAt,
    );
  }

  /** Sends the first beat. Throws LeaseholdError. */
  static async begin(
    transport: Transport,
    name: string,
    { incarnation = randomId(), beatMs, signal }: NodeOptions,
  ): Promise<Node> {
    let sentAt = 0;
    const first = await transport.json<Beaten>({
      method: 'POST',
      path: beatPath(name),
      body: { incarnation },
      signals: [signal],
      onAttempt: () => {
        sentAt = performance.now();
      },
    });
    return new Node(transport, name, incarnation, beatMs, first, sentAt);
  }

  get state(): Beaten['state'] {
    return this.#last.state;
  }
  /** Aborted, with a LeaseholdError, when this life is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }
  /** Milliseconds for which this life certainly lasts if no further beat is answered. */
  get remainingMs(): number {
    return this.signal.aborted ? 0 : this.#liveness.remainingMs;
  }

  /** Resolves when the node is up; rejects if its life ends first. */
  async up(): Promise<void> {
    while (this.state !== 'up') {
      this.signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.off('state', wake).off('expired', wake);
          resolve();
        };
        this.on('state', wake).on('expired', wake);
      });
    }
  }

  /**
   * Shuts down in an orderly way: subscribers are told now, and what the sessions of this node hold is released,
   * without waiting until its silence is noticed. Throws LeaseholdError; either way it sends no more beats.
   */
  async leave(): Promise<void> {
    this.stop();
    const { incarnation } = this;
    const path = beatPath(this.name);
    try {
      await this.transport.json<Beaten>({ method: 'POST', path, body: { incarnation, leaving: true } });
    } catch (error) {
      // It is over already.
      if (!isFor(error, 'node_life_over')) throw error;
    }
  }

  /** Leaves at the end of an `await using` block. */
  async [asyncDispose](): Promise<void> {
    if (!this.signal.aborted) await this.leave();
  }

  /** Stops sending beats. The service notices the silence, as it does when a node dies. */
  stop(): void {
    this.#liveness.stop();
    if (!this.signal.aborted)
      this.#over.abort(
        LeaseholdError.of('node_life_over', { detail: 'This client sends no more heartbeats.' }),
      );
  }

  async #beat(withinMs: number): Promise<void> {
    const { incarnation } = this;
    const path = beatPath(this.name);
    try {
      const call = { method: 'POST', path, body: { incarnation }, timeoutMs: withinMs, retryMs: 0 } as const;
      const told = await this.transport.json<Beaten>({ ...call, signals: [this.signal] });
      const { state } = this;
      this.#last = told;
      this.#liveness.retime(spansOf(told, this.beatMs));
      if (told.state !== state) this.emit('state', { state: told.state, sessionsLost: told.sessionsLost });
    } catch (error) {
      const mayChange = this.transport.renews && isFor(error, 'bad_token');
      if (isFor(error, ...ends) && !mayChange) this.#end(error);
      throw error;
    }
  }

  #end(error: LeaseholdError): void {
    if (this.signal.aborted) return;
    this.#liveness.stop();
    this.#over.abort(error);
    this.emit('expired', error);
  }
}

const beatPath = (name: string): string => `/nodes/${encodeURIComponent(name)}/beat`;

/** Computes the time spans: a beat not answered by the time the next one is due raises a warning. */
function spansOf({ beatMs, deadMs }: Beaten, given: number | undefined): Spans {
  const everyMs = Math.min(given ?? beatMs, deadMs / 2);
  return { ttlMs: deadMs, everyMs, warnMs: Math.min(2 * everyMs, (everyMs + deadMs) / 2) };
}
