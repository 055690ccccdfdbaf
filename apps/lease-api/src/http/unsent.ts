/** What all event streams together may leave unsent. */
const bytesMax = 256 * 1024 * 1024;

/** One stream: what it has left unsent, and how to cut it off. */
interface Sending {
  readonly unsent: number;
  cut(): void;
}

/**
 * Bounds what clients that do not read make us keep, over all event streams: the one with the most is cut off first, and
 * resumes when it connects again.
 */
export class Unsent {
  private readonly streams = new Set<Sending>();
  /** The bytes written since the last look, of which some may have been sent. */
  private written = 0;

  constructor(private readonly max = bytesMax) {}

  /** Watches a stream until the function returned is called. */
  watch(stream: Sending): () => void {
    this.streams.add(stream);
    return () => this.streams.delete(stream);
  }

  /** A stream has been written to. Looking at each stream every time would cost more than writing. */
  wrote(bytes: number): void {
    this.written += bytes;
    if (this.written <= this.max / 8) return;
    this.written = 0;
    let all = 0;
    for (const { unsent } of this.streams) all += unsent;
    if (all <= this.max) return;
    for (const each of [...this.streams].sort((a, b) => b.unsent - a.unsent)) {
      if (all <= this.max) return;
      all -= each.unsent;
      each.cut();
    }
  }
}
