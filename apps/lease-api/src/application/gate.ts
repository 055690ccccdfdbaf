/** Bounds how many tasks run at a time and how many wait for their turn, first come, first served. */
export class Gate {
  private running = 0;
  private readonly queue: (() => void)[] = [];
  private idle: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly waitingMax: number,
  ) {}

  get load(): number {
    return this.running + this.queue.length;
  }

  /** Whether one more task would be taken. */
  get open(): boolean {
    return this.running < this.atOnce || this.queue.length < this.waitingMax;
  }

  /**
   * Runs the task when its turn comes and rethrows its error. Throws at once if the queue is full: check `open` first.
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running += 1;
    else if (this.queue.length < this.waitingMax)
      await new Promise<void>((resolve) => {
        this.queue.push(resolve);
      });
    else throw new Error(`more than ${String(this.waitingMax)} tasks are already waiting`);
    try {
      return await task();
    } finally {
      const next = this.queue.shift();
      if (next !== undefined) next();
      else {
        this.running -= 1;
        if (this.running === 0) for (const resolve of this.idle.splice(0)) resolve();
      }
    }
  }

  /** Resolves when nothing runs and nothing waits. */
  whenIdle(): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }
}
