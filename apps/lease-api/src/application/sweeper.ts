import type { Log } from '../telemetry/logger';
import type { Holdings } from '../telemetry/metrics';
import type { Arbiter } from './arbiter';
import type { Follower, Relay } from './relay';

const idleMs = 250;
const backoffMsMax = 2_000;

/**
 * Settles what is due, again and again, so that deadlines are met even if nobody asks. Any number of nodes may sweep
 * the same table.
 */
export class Sweeper implements Follower {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private failures = 0;
  private stopped = false;
  /** Records were missed: the table may have been emptied or replaced. */
  private missed = false;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly relay: Relay,
    /** Called when the table answers again after an outage, or may have forgotten what it was told. */
    private readonly onReach: () => Promise<void>,
    /** Called with what is held, at least once a second. */
    private readonly onHoldings: (holdings: Holdings) => void,
    private readonly log: Log,
  ) {
    relay.follow(this);
  }

  start(): void {
    this.running = this.sweep();
  }

  /** Resolves when no sweep is under way and none will be. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  records(): void {
    // The sweeper does not need records: each tick reports when the next one is due.
  }

  gap(): void {
    this.missed = true;
  }

  private async sweep(): Promise<void> {
    let pauseMs: number;
    try {
      const {
        nextMs,
        epoch,
        epochs = [epoch],
        sessions,
        courteous,
        held,
      } = await this.arbiter.run('tick', {});
      this.onHoldings({ sessions, courteous, held });
      await this.relay.align(epochs);
      if (this.failures > 0 || this.missed) {
        this.missed = false;
        await this.onReach();
      }
      if (this.failures > 0) {
        this.log.info({ failures: this.failures }, 'the table can be reached again');
        this.failures = 0;
      }
      pauseMs = Math.min(nextMs, idleMs);
    } catch (error) {
      // Log once per outage: the failures that follow are the same.
      if (this.failures === 0)
        this.log.error(
          {
            err: error,
            code: 'ENOTCONN',
            reason: 'table_unreachable',
            next: 'check Redis, or the disk of the embedded table; requests are answered 503 until it is back',
          },
          'the table cannot be reached',
        );
      this.failures += 1;
      pauseMs = Math.min(idleMs * 2 ** Math.min(this.failures - 1, 5), backoffMsMax);
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.sweep();
    }, pauseMs);
  }
}
