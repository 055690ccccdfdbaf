/** A line that repeats is logged at most this often. */
const lineMs = 10_000;
/** How many different lines are remembered. */
const linesMax = 256;

/** Keeps a log short when anybody may cause its lines: a line that repeats is counted instead. */
export class Repeats {
  private readonly lines = new Map<string, { at: number; more: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Returns how often this line was left out since it was last logged, or undefined if it is left out now. */
  due(line: string): number | undefined {
    const known = this.lines.get(line);
    if (known !== undefined && this.now() - known.at < lineMs) {
      known.more += 1;
      return undefined;
    }
    this.lines.delete(line);
    this.lines.set(line, { at: this.now(), more: 0 });
    for (const oldest of this.lines.keys()) {
      if (this.lines.size <= linesMax) break;
      this.lines.delete(oldest);
    }
    return known?.more ?? 0;
  }
}
