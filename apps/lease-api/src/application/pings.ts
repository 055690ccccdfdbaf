/** Every stream is pinged once in this time. */
export const pingMs = 10_000;
const sliceMs = 250;

/**
 * Pings streams, a few at a time: ten thousand in one turn would hold up everybody else for half a second. A stream
 * that begins during a round comes at its end.
 */
export class Pings<T> {
  private round: Iterator<T> | undefined;
  private begunAt = performance.now();
  private readonly timer = setInterval(() => {
    this.slice();
  }, sliceMs).unref();

  constructor(
    /** Goes on correctly while streams begin and end, as the iterators of a Map do. */
    private readonly streams: { readonly size: number; values(): Iterator<T> },
    private readonly ping: (stream: T) => void,
  ) {}

  stop(): void {
    clearInterval(this.timer);
  }

  private slice(): void {
    const now = performance.now();
    let left = Math.ceil((this.streams.size * sliceMs) / pingMs);
    while (left > 0) {
      if (this.round === undefined) {
        if (now < this.begunAt + pingMs) return;
        this.begunAt = now;
        this.round = this.streams.values();
      }
      const next = this.round.next();
      if (next.done === true) this.round = undefined;
      else {
        this.ping(next.value);
        left -= 1;
      }
    }
  }
}
