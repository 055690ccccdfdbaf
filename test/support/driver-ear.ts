import { EventEmitter, once } from 'node:events';
import type { BreakFacts, DetachedFacts, Driver, LostFacts, Notice } from '../../apps/fileserver/src/driver';
import { within } from './eventually';

type Kind = 'break' | 'detached' | 'lost';

/** Everything a driver reports unprompted, answered as a lease API would. */
export class DriverEar extends EventEmitter {
  /** The kinds of the reports, in order. */
  readonly order: Kind[] = [];
  private readonly heard: Record<Kind, unknown[]> = { break: [], detached: [], lost: [] };

  constructor(driver: Pick<Driver, 'listen'>) {
    super();
    driver.listen({
      onBreak: (notice) => {
        this.note('break', notice);
      },
      onDetached: (notice) => {
        this.note('detached', notice);
      },
      onLost: (notice) => {
        this.note('lost', notice);
      },
    });
  }

  private note(kind: Kind, notice: unknown): void {
    this.order.push(kind);
    this.heard[kind].push(notice);
    this.emit(kind);
  }

  private async next<Facts>(kind: Kind): Promise<Notice<Facts>> {
    const { [kind]: heard } = this.heard;
    const one = async (): Promise<void> => {
      while (heard.length === 0) await once(this, kind);
    };
    await within(kind, one(), 120_000);
    return heard.shift() as Notice<Facts>;
  }

  break = (): Promise<Notice<BreakFacts>> => this.next('break');
  detached = (): Promise<Notice<DetachedFacts>> => this.next('detached');
  lost = (): Promise<Notice<LostFacts>> => this.next('lost');
  /** How many of them no test has taken yet. */
  count = (kind: Kind): number => this.heard[kind].length;
}
