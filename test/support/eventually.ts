/** A machine that runs other things beside the tests must not fail them. */
const limitMs = 120_000;

/**
 * Looks again and again until `look` no longer throws; for what has no event, such as /proc/locks.
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

/** Rejects when a promise is not settled in time, and says what was awaited: better than the end of the whole test. */
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
