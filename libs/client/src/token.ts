import { LeaseholdError } from './error';

/** Gives the bearer token that is valid now. It is called for the first request, and when a token is no longer accepted. */
export type TokenSource = () => string | Promise<string>;
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A token that is refused is renewed at most this often: neither the issuer nor the service is flooded. */
const restMs = 1_000;
/** How long a token may take. */
const tokenMs = 15_000;

/**
 * Sends requests with the token of a source. A refused token (401) is renewed once, by one call of the source for all
 * requests that wait for it, and the request is sent again: the service has done nothing.
 */
export class Renewing {
  #token: Promise<string> | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly source: TokenSource,
    private readonly limitMs = tokenMs,
  ) {}

  /**
   * Sends a request of any kind.
   * @param drop is done with the answer that nobody reads
   * @throws LeaseholdError `no_token` if the source gives none
   */
  async sent<A extends { status: number }>(
    send: (token: string) => Promise<A>,
    drop: (answer: A) => Promise<unknown> | undefined,
  ): Promise<A> {
    const token = await this.#current();
    const answer = await send(token);
    if (answer.status !== 401) return answer;
    const next = await this.#after(token);
    if (next === token) return answer;
    await drop(answer);
    return send(next);
  }

  /** The token to try after this one was refused; the same if there is no other. */
  async #after(refused: string): Promise<string> {
    const current = await this.#current();
    if (current !== refused) return current;
    if (performance.now() - this.#renewedAt >= restMs) {
      this.#renewedAt = performance.now();
      this.#token = undefined;
    }
    return this.#current();
  }

  #current(): Promise<string> {
    if (this.#token !== undefined) return this.#token;
    const asked = this.#ask();
    this.#token = asked;
    asked.catch(() => {
      if (this.#token === asked) this.#token = undefined;
    });
    return asked;
  }

  async #ask(): Promise<string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`it took longer than ${String(this.limitMs)} ms`));
      }, this.limitMs);
    });
    try {
      const token: unknown = await Promise.race([this.source(), late]);
      if (typeof token !== 'string' || !/^[\x21-\x7e]{1,65536}$/.test(token))
        throw new Error('what it gave is no token: printable ASCII without spaces');
      return token;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw LeaseholdError.onTheWay('no_token', `${why}.`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The same for a `fetch`. */
export function renewing(source: TokenSource, send: Fetch): Fetch {
  const tokens = new Renewing(source);
  const bearing = (init: RequestInit, token: string): RequestInit => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return { ...init, headers };
  };
  return (url, init) =>
    tokens.sent(
      (token) => send(url, bearing(init, token)),
      ({ body }) => body?.cancel(),
    );
}
