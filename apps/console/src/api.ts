import { createParser } from 'eventsource-parser';
import type { Problem } from '#contracts';

/** Requests to the lease API that serves this page, with the token of the one who looks. */

const tokenName = 'leasehold-token';
const timeoutMs = 30_000;

/** Kept for this tab alone, and gone with it. */
export const token = {
  get: (): string => sessionStorage.getItem(tokenName) ?? '',
  set(text: string): void {
    if (text === '') sessionStorage.removeItem(tokenName);
    else sessionStorage.setItem(tokenName, text);
  },
};

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super([problem.title ?? `The answer is ${status}.`, problem.detail].filter(Boolean).join(' '));
  }

  get wantsToken(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

export type Query = Record<string, string | number | boolean | undefined>;

/** A path with what is given of a query. */
export function withQuery(path: string, query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') given.set(name, String(value));
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

async function send(method: string, path: string, query: Query, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token.get() !== '') headers.set('authorization', `Bearer ${token.get()}`);
  const answer = await fetch(withQuery(path, query), { ...init, method, headers });
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => ({}));
  throw new Refusal(answer.status, typeof body === 'object' && body !== null ? body : {});
}

export async function call<T>(method: string, path: string, query: Query = {}, body?: object): Promise<T> {
  const answer = await send(method, path, query, {
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const get = <T>(path: string, query: Query = {}): Promise<T> => call<T>('GET', path, query);

/** The most items of the configuration that a view reads. */
export const itemsMax = 1_000;

/** A path made of names, each escaped. */
export const pathOf = (...parts: string[]): string => `v1/${parts.map(encodeURIComponent).join('/')}`;

const pauseMs = 3_000;

/**
 * Whether somebody looks. A browser has few connections to one host, for all of its tabs, and keeps those of a page that
 * it may go back to.
 */
let isLeft = false;
const isSeen = (): boolean => !document.hidden && !isLeft;
const seen = new EventTarget();
const look = (): void => {
  seen.dispatchEvent(new Event('change'));
};
document.addEventListener('visibilitychange', look);
for (const [name, left] of [
  ['pagehide', true],
  ['pageshow', false],
] as const)
  addEventListener(name, () => {
    isLeft = left;
    look();
  });

/** Resolves when somebody looks, or the signal fires: whether it has not. */
async function isWanted(signal: AbortSignal): Promise<boolean> {
  while (!isSeen() && !signal.aborted)
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        resolve();
      };
      seen.addEventListener('change', wake, { once: true });
      signal.addEventListener('abort', wake, { once: true });
    });
  return !signal.aborted;
}

/** Fires with the signal, and when nobody looks any more. */
function whileSeen(signal: AbortSignal): AbortController {
  const turn = new AbortController();
  const end = (): void => {
    if (!isSeen() || signal.aborted) turn.abort();
  };
  signal.addEventListener('abort', end, { signal: turn.signal });
  seen.addEventListener('change', end, { signal: turn.signal });
  return turn;
}

/**
 * Follows an event stream until the signal fires, while somebody looks, and resumes it after every interruption.
 * `onEvent` gets the name of the event and its data; `onState` whether the stream is open, or why not.
 */
export async function follow(
  path: string,
  query: Query,
  signal: AbortSignal,
  onEvent: (name: string, data: unknown) => void,
  onState: (open: boolean, why?: unknown) => void,
): Promise<void> {
  let last: string | undefined;
  const stopped = (): boolean => signal.aborted;
  while (await isWanted(signal)) {
    const turn = whileSeen(signal);
    try {
      const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last };
      const answer = await send('GET', path, query, { signal: turn.signal, headers });
      onState(true);
      const parser = createParser({
        onEvent: ({ event, data, id }) => {
          last = id ?? last;
          onEvent(event ?? 'message', JSON.parse(data));
        },
      });
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let read = await reader?.read(); read?.done === false; read = await reader?.read())
        parser.feed(read.value);
      onState(false);
    } catch (error) {
      if (stopped()) return;
      if (turn.signal.aborted) continue;
      onState(false, error);
      if (error instanceof Refusal && error.status < 500) return;
    }
    turn.abort();
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
