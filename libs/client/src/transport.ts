import type { Problem } from '#contracts';
import { Batches } from './batches';
import type { Call } from './call';
import { LeaseholdError, isFor } from './error';
import { onAbort } from './platform';
import { type Fetch, renewing, type TokenSource } from './token';

interface TransportOptions {
  /** One lease API, or several nodes of one service: if one does not answer, the next is asked. */
  url: string | readonly string[];
  token?: string | TokenSource;
  /** Instead of the runtime's own. */
  fetch?: Fetch;
  timeoutMs: number;
  retryMs: number;
}

/** Abort reason of an attempt that timed out. */
const silence = Symbol('silence');
/** Errors of a connection that was never made: the service cannot have seen the request. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Browsers hide the status of one that is not followed. */
const isRedirect = ({ type, status }: Response): boolean =>
  type === 'opaqueredirect' || (status >= 300 && status < 400);

/**
 * Sends requests with fetch: attempts are bounded and repeated while safe; refusals throw {@link
 * LeaseholdError}.
 */
export class Transport {
  readonly #bases: readonly string[];
  readonly #fetch: Fetch;
  readonly #batches: Batches;
  #at = 0;

  constructor(private readonly options: TransportOptions) {
    const { token, fetch: send = (url, init) => fetch(url, init) } = options;
    this.#fetch = typeof token === 'function' ? renewing(token, send) : send;
    this.#bases = [options.url].flat().map((url) => `${checked(url).replace(/\/+$/, '')}/v1`);
    if (this.#bases.length === 0) throw badUrl('there is none');
    this.#batches = new Batches({
      alone: (call) => this.#attempt(call, (response) => parsed(call, response)),
      lines: (call, line) => this.#attempt(call, (response) => eachLine(response, line)),
    });
  }

  /** Whether another token may be accepted after one is refused. */
  get renews(): boolean {
    return typeof this.options.token === 'function';
  }

  get #base(): string {
    return this.#bases[this.#at % this.#bases.length] ?? '';
  }

  /**
   * @returns the parsed body, or undefined for 204.
   * @throws LeaseholdError; or the reason of the first aborted signal.
   */
  json<T>(call: Call): Promise<T> {
    return this.#repeat(call, (attempted) => this.#batches.attempt(attempted) as Promise<T>);
  }

  /** @returns the body as text. Throws as {@link json}. */
  text(call: Call): Promise<string> {
    return this.#repeat(call, (attempted) => this.#attempt(attempted, (response) => response.text()));
  }

  /**
   * Reads a body as it arrives, in one attempt. Resolves when the service closes it.
   * @param silenceMs after this long without a byte it throws ETIMEDOUT `no_answer`.
   */
  stream(call: Call, silenceMs: number, open: () => void, chunk: (text: string) => void): Promise<void> {
    const base = this.#base;
    return this.#attempt(call, async (response, heard) => {
      const decoder = new TextDecoder();
      // Not every browser iterates over a body.
      const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
      heard(silenceMs);
      open();
      for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
        heard(silenceMs);
        chunk(decoder.decode(part.value, { stream: true }));
      }
    }).finally(() => {
      if (call.signals?.some((signal) => signal?.aborted) !== true) this.#leave(base);
    });
  }

  async #repeat<T>(call: Call, attempt: (call: Call) => Promise<T>): Promise<T> {
    const { retryMs = this.options.retryMs, waitMs = 0 } = call;
    const begunAt = performance.now();
    let giveUpAt: number | undefined;
    for (let failures = 0; ; failures += 1) {
      const base = this.#base;
      const waitedMs = Math.round(performance.now() - begunAt);
      try {
        return await attempt(waitMs > 0 ? waitingOn(call, waitMs - waitedMs) : call);
      } catch (error) {
        if (!mayRepeat(call, error)) throw error;
        this.#leave(base);
        const pauseMs = backoffMs(failures);
        // The request keeps its place in the queue, or takes one after those who reclaim: as long as its wait lasts.
        if (retryMs > 0 && isFor(error, 'service_stopping', 'grace')) giveUpAt = begunAt + waitMs + retryMs;
        giveUpAt ??= performance.now() + retryMs;
        if (performance.now() + pauseMs > giveUpAt) throw error;
        await pause(pauseMs, call.signals);
      }
    }
  }

  /** Switches to the next address, unless another call already did. */
  #leave(base: string): void {
    if (base === this.#base) this.#at += 1;
  }

  /**
   * Sends one request. The caller's signals and the time limit share one controller, which lives as long as the
   * attempt.
   */
  async #attempt<T>(
    call: Call,
    read: (response: Response, heard: (withinMs: number) => void) => Promise<T>,
  ): Promise<T> {
    for (const signal of call.signals ?? []) signal?.throwIfAborted();
    const ended = new AbortController();
    // A body that ends at the same moment may never be told of its abort, but the code that awaits it must be.
    const givenUp = new Promise<never>((_, reject) => {
      ended.signal.addEventListener('abort', () => {
        reject(new DOMException('This operation was aborted', 'AbortError'));
      });
    });
    givenUp.catch(() => undefined);
    // Made before anything is sent: a value that no header can carry is no failure of the network.
    const headers = new Headers(this.#headers(call));
    let limitMs = (call.timeoutMs ?? this.options.timeoutMs) + (call.waitMs ?? 0);
    const giveUp = (): void => {
      ended.abort(silence);
    };
    let timer = setTimeout(giveUp, limitMs);
    const heard = (withinMs: number): void => {
      clearTimeout(timer);
      if (ended.signal.aborted) return;
      limitMs = withinMs;
      timer = setTimeout(giveUp, withinMs);
    };
    const undo = (call.signals ?? []).map((signal) =>
      onAbort(signal, () => {
        ended.abort();
      }),
    );
    call.onAttempt?.();
    try {
      const sent = this.#fetch(this.#address(call), {
        method: call.method,
        headers,
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
        signal: ended.signal,
        // Not 'error', which edge runtimes do not know. A secret must not follow to another place.
        redirect: 'manual',
      });
      // A source of tokens does not know the signal.
      const response = await Promise.race([sent, givenUp]);
      if (isRedirect(response)) throw new TypeError('it redirects elsewhere');
      if (!response.ok) throw await refusal(call, response);
      return await Promise.race([read(response, heard), givenUp]);
    } catch (cause) {
      for (const signal of call.signals ?? []) signal?.throwIfAborted();
      if (cause instanceof LeaseholdError) throw cause;
      if (ended.signal.reason === silence)
        throw LeaseholdError.onTheWay('no_answer', `${call.method} ${call.path}: ${String(limitMs)} ms.`, {
          cause,
        });
      throw LeaseholdError.onTheWay('unreachable', `${this.#base}: ${why(cause)}.`, { cause });
    } finally {
      clearTimeout(timer);
      for (const each of undo) each();
    }
  }

  #address(call: Call): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) query.set(name, String(value));
    }
    return `${this.#base}${call.path}${query.size > 0 ? `?${query.toString()}` : ''}`;
  }

  #headers(call: Call): Record<string, string> {
    const { token } = this.options;
    return {
      accept: call.accept ?? 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(typeof token === 'string' ? { authorization: `Bearer ${token}` } : {}),
      ...(call.secret === undefined ? {} : { 'x-session-secret': call.secret }),
      ...call.headers,
    };
  }
}

async function parsed(call: Call, response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const detail = `The answer to ${call.method} ${call.path} (${String(response.status)}) is not JSON.`;
    throw LeaseholdError.onTheWay('bad_answer', detail, { status: response.status, cause });
  }
}

/** Tells each whole line as soon as it is there. */
async function eachLine(response: Response, line: (text: string) => void): Promise<void> {
  let rest = '';
  const hear = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const each of lines) line(each);
  };
  // What has a length is there as a whole.
  if (response.headers.has('content-length') || response.body === null) {
    hear(await response.text());
    return;
  }
  const decoder = new TextDecoder();
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read())
    hear(decoder.decode(part.value, { stream: true }));
}

/** The address of a lease API: whatever is wrong with it is said at once, not when the first call fails. */
function checked(url: string): string {
  let found: URL;
  try {
    found = new URL(url);
  } catch {
    throw badUrl(`${JSON.stringify(url)} is not a URL, such as http://127.0.0.1:8080`);
  }
  if (!['http:', 'https:'].includes(found.protocol))
    throw badUrl(`${url} begins with neither http:// nor https://`);
  if (found.search !== '' || found.hash !== '') throw badUrl(`${url} has a query or a fragment`);
  if (found.username !== '' || found.password !== '') throw badUrl('it has a user or a password');
  return url;
}

function badUrl(message: string): LeaseholdError {
  return LeaseholdError.of('bad_request', { issues: [{ path: 'url', message }], detail: `url: ${message}.` });
}

/** @returns the pause before attempt `failures + 1`: 100 ms doubling to 2 s, less a random part of up to half. */
export function backoffMs(failures: number): number {
  return Math.min(2_000, 100 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
}

/** Resolves after `ms`. If a signal is aborted, throws its reason at once. */
export async function pause(ms: number, signals: readonly (AbortSignal | undefined)[] = []): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let undo: (() => void)[] = [];
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    undo = signals.map((signal) => onAbort(signal, resolve));
  });
  clearTimeout(timer);
  for (const each of undo) each();
  for (const signal of signals) signal?.throwIfAborted();
}

/** The call with the rest of its wait, at least 1 ms: once the wait is over, a repeat asks for the outcome. */
function waitingOn(call: Call, leftMs: number): Call {
  const waitMs = Math.max(1, leftMs);
  const { body } = call;
  return typeof body === 'object' ? { ...call, waitMs, body: { ...body, waitMs } } : { ...call, waitMs };
}

function mayRepeat(call: Call, error: unknown): boolean {
  // Nothing was created, or the repeat finds it.
  if (isFor(error, 'service_stopping', 'no_token', 'keys_unreachable', 'grace')) return true;
  if (isFor(error, 'table_unreachable')) return call.repeatable !== false;
  if (!isFor(error, 'unreachable', 'no_answer', 'bad_answer')) return false;
  if (error.reason === 'bad_answer' && ![502, 503, 504].includes(error.status ?? 0)) return false;
  return call.repeatable !== false || neverSent.has(systemCode(error.cause) ?? '');
}

async function refusal(call: Call, response: Response): Promise<LeaseholdError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as Partial<Problem>;
    if (typeof body.code === 'string' && typeof body.reason === 'string') {
      return new LeaseholdError(body as Problem, { status: response.status });
    }
  } catch {
    // No problem document: something other than a lease API has answered, as the error below says.
  }
  const detail = `The answer to ${call.method} ${call.path} is ${String(response.status)} ${response.statusText}.`;
  return LeaseholdError.onTheWay('bad_answer', detail, { status: response.status });
}

/** The error of the socket, which Node's fetch wraps in its own; browsers give none. */
function socketError(cause: unknown): { message: string; code?: unknown } | undefined {
  const inner: unknown =
    typeof cause === 'object' && cause !== null && 'cause' in cause ? cause.cause : undefined;
  const isError = typeof inner === 'object' && inner !== null && 'message' in inner;
  return isError && typeof inner.message === 'string' ? { ...inner, message: inner.message } : undefined;
}

function systemCode(cause: unknown): string | undefined {
  const code = socketError(cause)?.code;
  return typeof code === 'string' ? code : undefined;
}

function why(cause: unknown): string {
  // When several addresses were tried, the error has no message of its own.
  const message = socketError(cause)?.message ?? String(cause);
  return message === '' ? (systemCode(cause) ?? 'no connection') : message;
}
