import { types } from 'node:util';
import { type Fetch, LeaseholdError, Renewing, type TokenSource } from '#client';
import type { z } from 'zod';
import {
  type configuration,
  limits,
  type Lock,
  type Problem,
  type session,
  type subjectPage,
} from '#contracts';
import { type Answered, send, type Sent } from './send';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;
/** One request to the lease API, below its root. */
export interface Ask {
  query?: Query;
  body?: object;
  headers?: Record<string, string>;
  /** How long the service may hold the request, in addition to the time limit. */
  waitMs?: number;
  timeoutMs?: number;
  signal?: AbortSignal;
}
export interface Answer<T> {
  status: number;
  body: T;
}
/** The rows of each listing, by the name of the member that contains them. */
export interface Rows {
  locks: Lock;
  sessions: z.infer<typeof session>;
  subjects: z.infer<typeof subjectPage>['subjects'][number];
  operations: z.infer<typeof configuration.operation>;
  stacks: z.infer<typeof configuration.stack>;
  exports: z.infer<typeof configuration.exportView>;
  nodes: z.infer<typeof configuration.node>;
  regions: z.infer<typeof configuration.region>;
  dependents: z.infer<typeof configuration.dependent>;
}

/** Requests that the client library does not offer: single attempts, versions, paged listings and streamed bodies. */
export class Api {
  readonly url: string;
  private readonly token: string | undefined;
  private readonly send: Sending;

  constructor(
    url: string,
    token: string | TokenSource | undefined,
    private readonly timeoutMs: number,
    given?: Fetch,
  ) {
    this.token = typeof token === 'string' ? token : undefined;
    const sending = given ?? send;
    this.send = typeof token === 'function' ? renewed(new Renewing(token, timeoutMs), sending) : sending;
    this.url = url.replace(/\/+$/, '');
  }

  /** @throws LeaseholdError for every refusal and failure; the signal's reason if it is aborted. */
  async call<T>(method: string, path: string, ask: Ask = {}): Promise<Answer<T>> {
    return this.attempt(method, path, ask, async (response) => {
      if (response.status === 204) return { status: 204, body: undefined as T };
      const text = await response.text();
      try {
        return { status: response.status, body: JSON.parse(text) as T };
      } catch (cause) {
        throw LeaseholdError.onTheWay('bad_answer', `The answer to ${method} ${path} is not JSON.`, {
          cause,
        });
      }
    });
  }

  async get<T>(path: string, ask: Ask = {}): Promise<T> {
    return (await this.call<T>('GET', path, ask)).body;
  }

  /** A listing, page by page; `name` is the member that contains the rows. */
  async *pages<N extends keyof Rows>(
    path: string,
    name: N,
    query: Query = {},
    { signal, limit = limits.pageMax }: { signal?: AbortSignal; limit?: number } = {},
  ): AsyncGenerator<Rows[N][], void> {
    let cursor: string | undefined;
    do {
      const ask = { query: { ...query, limit, cursor }, signal };
      const body = await this.get<Record<string, unknown>>(path, ask);
      yield (body[name] ?? []) as Rows[N][];
      const next = body['cursor'];
      // Stop if the service returns the same cursor again.
      if (next === cursor) return;
      cursor = typeof next === 'string' ? next : undefined;
    } while (cursor !== undefined);
  }

  /** The rows of a listing, at most `max`. */
  async all<N extends keyof Rows>(
    path: string,
    name: N,
    query: Query,
    max: number,
  ): Promise<{ rows: Rows[N][]; truncated: boolean }> {
    const rows: Rows[N][] = [];
    for await (const page of this.pages(path, name, query)) {
      rows.push(...page);
      if (rows.length > max) return { rows: rows.slice(0, max), truncated: true };
    }
    return { rows, truncated: false };
  }

  /** Streams a body. Fails with ENOTCONN or ETIMEDOUT if the service stops answering. */
  async stream(
    path: string,
    ask: Ask & { accept: string },
    chunk: (bytes: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const headers = { ...ask.headers, accept: ask.accept };
    await this.attempt('GET', path, { ...ask, headers }, async (response, heard) => {
      for await (const bytes of response.body ?? []) {
        // Do not count the time that our own reader takes.
        heard(undefined);
        await chunk(bytes as Uint8Array);
        heard(this.timeoutMs);
      }
    });
  }

  private async attempt<T>(
    method: string,
    path: string,
    ask: Ask,
    read: (response: Answered, heard: (withinMs: number | undefined) => void) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const heard = (withinMs: number | undefined): void => {
      clearTimeout(timer);
      if (withinMs !== undefined)
        timer = setTimeout(() => {
          limit.abort();
        }, withinMs);
    };
    const timeoutMs = (ask.timeoutMs ?? this.timeoutMs) + (ask.waitMs ?? 0);
    heard(timeoutMs);
    try {
      const response = await this.send(this.address(path, ask.query), {
        method,
        headers: {
          accept: 'application/json',
          ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          ...ask.headers,
        },
        body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
        signal: ask.signal === undefined ? limit.signal : AbortSignal.any([limit.signal, ask.signal]),
      });
      if (!response.ok) throw await refusal(method, path, response);
      return await read(response, heard);
    } catch (cause) {
      ask.signal?.throwIfAborted();
      if (cause instanceof LeaseholdError) throw cause;
      if (limit.signal.aborted)
        throw LeaseholdError.onTheWay('no_answer', `${method} ${path}: ${timeoutMs} ms.`, { cause });
      // fetch reports network errors as a TypeError with a cause; everything else is our own error.
      if (!types.isNativeError(cause) || !types.isNativeError(cause.cause)) throw cause;
      const { message, code } = cause.cause as NodeJS.ErrnoException;
      throw LeaseholdError.onTheWay(
        'unreachable',
        `${this.url}: ${message === '' ? (code ?? 'no connection') : message}.`,
        {
          cause,
        },
      );
    } finally {
      clearTimeout(timer);
    }
  }

  private address(path: string, query: object = {}): string {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) given.set(name, String(value));
    return `${this.url}${path}${given.size === 0 ? '' : `?${given.toString()}`}`;
  }
}

async function refusal(method: string, path: string, response: Answered): Promise<LeaseholdError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as Partial<Problem>;
    if (typeof body.code === 'string' && typeof body.reason === 'string')
      return new LeaseholdError(body as Problem, { status: response.status });
  } catch {
    // Not an answer of a lease API; reported below.
  }
  const detail = `The answer to ${method} ${path} is ${response.status} ${response.statusText}.`;
  return LeaseholdError.onTheWay('bad_answer', detail, { status: response.status });
}

type Sending = (url: string, sent: Sent) => Promise<Answered>;

const renewed =
  (tokens: Renewing, sending: Sending): Sending =>
  (url, sent) =>
    tokens.sent(
      (token) => sending(url, { ...sent, headers: { ...sent.headers, authorization: `Bearer ${token}` } }),
      (answer) => answer.text(),
    );

/** A path made of names, each escaped. */
export const pathOf = (...parts: string[]): string => `/v1/${parts.map(encodeURIComponent).join('/')}`;
