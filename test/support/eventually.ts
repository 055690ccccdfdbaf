/** Generous, so that other load on the machine does not fail the tests. */
const limitMs = 120_000;

/**
 * Calls `look` until it no longer throws; for state without an event, such as /proc/locks.
 * @returns what it returned then; throws what it threw last.
 */
export async function eventually<T>(look: () => T | Promise<T>, ms = limitMs): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Rejects if a promise is not settled in time, and says what was awaited, unlike jest's own timeout. */
export async function within<T>(what: string, promise: Promise<T>, ms = limitMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${what}: not within ${String(ms)} ms`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
