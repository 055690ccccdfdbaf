import type { Problem } from '#contracts';
import { limits } from '#contracts/plain';
import { LeaseholdError } from './error';
import { onAbort } from './platform';
import type { Call } from './call';

/** One call on its way in a batch. */
interface Slot {
  readonly call: Call;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Its caller has what it waited for, or has given up. */
  isOver: boolean;
}
/** A line of the answer. */
interface Answer {
  index: number;
  status: number;
  body?: unknown;
  problem?: Problem;
}

interface Sender {
  /** Makes one attempt at a call by itself. */
  alone: (call: Call) => Promise<unknown>;
  /** Makes one attempt at a batch: tells each line of the answer. */
  lines: (call: Call, line: (text: string) => void) => Promise<void>;
}

/** A part of what a body may have: names may be long, and each character takes up to three bytes. */
const charsMax = limits.bodyBytesMax / 4;
/** How long to send calls by themselves after a service did not know batches. */
const unknownMs = 60_000;

/**
 * Sends the calls that a program makes in one turn of the event loop together, if they are of one session: each has its own
 * answer, error and signal, and a lone one is sent by itself.
 */
export class Batches {
  readonly #waiting = new Map<string, Slot[]>();
  #unknownUntil = 0;

  constructor(private readonly sender: Sender) {}

  /** Makes one attempt at a call. Throws as an attempt of its own does. */
  attempt(call: Call): Promise<unknown> {
    if (!isGathered(call) || performance.now() < this.#unknownUntil) return this.sender.alone(call);
    return new Promise((resolve, reject) => {
      const secret = call.secret ?? '';
      const slot: Slot = { call, resolve, reject, isOver: false };
      const waiting = this.#waiting.get(secret);
      if (waiting !== undefined) {
        waiting.push(slot);
        return;
      }
      this.#waiting.set(secret, [slot]);
      afterThisTurn(() => {
        const slots = this.#waiting.get(secret) ?? [];
        this.#waiting.delete(secret);
        for (const part of parted(slots)) void this.#send(secret, part);
      });
    });
  }

  async #send(secret: string, given: readonly Slot[]): Promise<void> {
    const slots = given.filter(({ call: { signals = [] }, reject }) => {
      const aborted = signals.find((signal) => signal?.aborted);
      if (aborted !== undefined) reject(aborted.reason);
      return aborted === undefined;
    });
    const [only] = slots;
    if (slots.length === 1 && only !== undefined) {
      this.#sendAlone(only);
      return;
    }
    const over = new AbortController();
    let left = slots.length;
    const settle = (slot: Slot, how: () => void): void => {
      if (slot.isOver) return;
      slot.isOver = true;
      left -= 1;
      how();
    };
    const giveUp = (slot: Slot, signal: AbortSignal | undefined): void => {
      settle(slot, () => {
        slot.reject(signal?.reason);
      });
      if (left === 0) over.abort();
    };
    const undo = slots.flatMap((slot) =>
      (slot.call.signals ?? []).map((signal) =>
        onAbort(signal, () => {
          giveUp(slot, signal);
        }),
      ),
    );
    const hear = (text: string): void => {
      const { index, status, problem, body } = JSON.parse(text) as Answer;
      const slot = slots[index];
      if (slot === undefined) return;
      settle(slot, () => {
        if (problem === undefined) slot.resolve(body);
        // The service serves it, but not in a batch: a page, or what a later version has put there.
        else if (problem.reason === 'no_such_route') this.#sendAlone(slot);
        else slot.reject(new LeaseholdError(problem, { status }));
      });
    };
    try {
      await this.sender.lines(batchOf(secret, slots, over.signal), hear);
      if (left > 0) throw LeaseholdError.onTheWay('unreachable', 'The answer to a batch ended early.');
    } catch (error) {
      const isRefused = hasStatus(error, 400, 499);
      // The service is older than batches, or something on the way does not know the address.
      if (hasStatus(error, 404, 405)) this.#unknownUntil = performance.now() + unknownMs;
      for (const slot of slots) {
        if (slot.isOver) continue;
        // A refusal of the batch is not the answer to a call.
        if (isRefused) this.#sendAlone(slot);
        else slot.reject(error);
      }
    } finally {
      for (const each of undo) each();
    }
  }

  #sendAlone({ call, resolve, reject }: Slot): void {
    this.sender.alone(call).then(resolve, reject);
  }
}

const hasStatus = (error: unknown, from: number, to: number): boolean =>
  error instanceof LeaseholdError && (error.status ?? 0) >= from && (error.status ?? 0) <= to;

function batchOf(secret: string, slots: readonly Slot[], signal: AbortSignal): Call {
  const calls = slots.map(({ call: { method, path, body } }) => ({ method, path: `/v1${path}`, body }));
  return {
    ...{ method: 'POST', path: '/batch', secret, body: { calls } },
    ...{ accept: 'application/x-ndjson', signals: [signal] },
    onAttempt: () => {
      for (const { call } of slots) call.onAttempt?.();
    },
  };
}

/** Whether nothing speaks against a call's going with others: it is held by nobody and has no time limit of its own. */
function isGathered({ secret, accept, headers, query, timeoutMs, body, path }: Call): boolean {
  if (secret === undefined || accept !== undefined || headers !== undefined || query !== undefined)
    return false;
  if (timeoutMs !== undefined || path.includes('?')) return false;
  const { waitMs = 0, queued = false } = (body ?? {}) as { waitMs?: number; queued?: boolean };
  return queued || waitMs === 0;
}

function* parted(slots: readonly Slot[]): Generator<Slot[]> {
  let part: Slot[] = [];
  let chars = 0;
  for (const slot of slots) {
    const more = slot.call.path.length + charsOf(slot.call.body);
    if (part.length > 0 && (part.length === limits.callsPerBatchMax || chars + more > charsMax)) {
      yield part;
      part = [];
      chars = 0;
    }
    part.push(slot);
    chars += more;
  }
  if (part.length > 0) yield part;
}

/** An estimate from above of the characters of a body as JSON, but for what has to be escaped. */
function charsOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 24;
  let chars = 2;
  for (const [name, field] of Object.entries(value)) chars += name.length + 4 + charsOf(field);
  return chars;
}

interface Runtime {
  setImmediate?: (work: () => void) => unknown;
  MessageChannel?: new () => Channel;
}
/** What we use of a MessageChannel. */
interface Channel {
  readonly port1: { onmessage: (() => void) | null };
  readonly port2: { postMessage: (message: number) => void };
}

let channel: Channel | undefined;
let works: (() => void)[] = [];

/** Does something after what this turn of the event loop has begun. Browsers delay timers, but no messages. */
function afterThisTurn(work: () => void): void {
  const { setImmediate: immediately, MessageChannel: Channel } = globalThis as unknown as Runtime;
  if (immediately !== undefined) {
    immediately(work);
    return;
  }
  if (Channel === undefined) {
    setTimeout(work, 0);
    return;
  }
  if (channel === undefined) {
    channel = new Channel();
    channel.port1.onmessage = () => {
      const due = works;
      works = [];
      for (const each of due) each();
    };
  }
  if (works.push(work) === 1) channel.port2.postMessage(0);
}
