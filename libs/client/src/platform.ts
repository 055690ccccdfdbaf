/** What Node, browsers and edge runtimes do not have in common, or not alike. */

/** A name that nobody else makes up. `crypto.randomUUID` exists only in pages that came over TLS. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Tells the developer of a failure that no code awaits. */
export function warn(error: unknown): void {
  const warning = error instanceof Error ? error : new Error(String(error));
  const { message, name, stack } = warning;
  const { process: host } = globalThis as {
    process?: { emitWarning?: (text: string, about: object) => void };
  };
  // As text: Node throws at an error that comes from another realm.
  if (host?.emitWarning) host.emitWarning(message, { type: name, detail: stack });
  else console.warn(warning);
}

const waiting = new WeakMap<AbortSignal, { calls: Set<() => void>; all: () => void }>();

/**
 * Calls back once the signal is aborted; at once if it is already. @returns what takes that back. However many wait, the
 * signal has one listener: Node warns of a leak when there are more than ten.
 */
export function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) {
    call();
    return () => undefined;
  }
  const { calls, all } = waiting.get(signal) ?? listen(signal);
  const own = (): void => {
    call();
  };
  calls.add(own);
  return () => {
    calls.delete(own);
    if (calls.size > 0 || waiting.get(signal)?.calls !== calls) return;
    waiting.delete(signal);
    signal.removeEventListener('abort', all);
  };
}

function listen(signal: AbortSignal): { calls: Set<() => void>; all: () => void } {
  const calls = new Set<() => void>();
  const all = (): void => {
    waiting.delete(signal);
    for (const call of calls) call();
  };
  signal.addEventListener('abort', all, { once: true });
  const made = { calls, all };
  waiting.set(signal, made);
  return made;
}

/** What `await using` calls; not every browser has it yet. Compilers that lower `await using` use the same fallback. */
export const asyncDispose: typeof Symbol.asyncDispose =
  (Symbol as { asyncDispose?: typeof Symbol.asyncDispose }).asyncDispose ??
  (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);
