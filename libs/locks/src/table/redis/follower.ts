import { setTimeout as pause } from 'node:timers/promises';
import type { RecordRow } from '../../core/rows';
import { TableOutdated, type Urgency } from '../table';
import { awaitRecords, lastRecord, type RecordLog } from './record-log';

/** How long one read waits for records, and so how soon a log that was lost silently is noticed. */
export const blockMs = 1_000;
const retryMs = 50;

interface Place {
  no: number;
  epoch: number;
}

/**
 * Follows the log from its current end until stopped, through lost connections. `start` finds that end on the
 * connection that carries this node's calls, so that no record of a later call is missed.
 */
export class Follower {
  private stopped = false;
  private place: Place | undefined;

  constructor(
    private readonly log: RecordLog,
    private readonly start: () => Promise<RecordRow | undefined>,
    private readonly onRecords: (records: readonly RecordRow[]) => void,
    private readonly onGap: () => void,
    private readonly urgency: Urgency = { urgent: true, hurry: () => undefined },
    /** How long records may collect while nobody waits for them. */
    private readonly restMs = 0,
  ) {
    void this.run(start());
  }

  stop(): void {
    this.stopped = true;
    this.urgency.hurry();
    this.log.redis.disconnect();
  }

  private async run(start: Promise<RecordRow | undefined>): Promise<void> {
    let find: (() => Promise<RecordRow | undefined>) | undefined = () => start;
    while (!this.stopped) {
      let records: RecordRow[];
      try {
        if (find !== undefined) this.compare(placeOf(await find()));
        find = undefined;
        records = await awaitRecords(this.log, this.place?.no ?? 0, blockMs);
      } catch (error) {
        // Others serve instead.
        if (error instanceof TableOutdated) await pause(blockMs);
        // The server may be stuck, or not have the log any longer: a new connection leads to the one that has it.
        if (this.log.redis.status === 'ready') this.log.redis.disconnect(true);
        await pause(retryMs);
        find = this.place === undefined ? this.start : () => lastRecord(this.log);
        continue;
      }
      if (records.length > 0) {
        this.deliver(records);
        if (!this.urgency.urgent) await this.rest();
      }
      // No records may also mean that the log has restarted with lower numbers than those seen.
      else find = () => lastRecord(this.log);
    }
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.restMs);
      this.urgency.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Compares with the log's current end: the place to begin at, or proof that this is no longer the same log. */
  private compare(end: Place): void {
    const lost = this.place !== undefined && (end.no < this.place.no || end.epoch < this.place.epoch);
    if (this.place === undefined || lost) this.place = end;
    if (lost && !this.isStopped()) this.onGap();
  }

  private deliver(records: readonly RecordRow[]): void {
    let whole = true;
    for (const record of records) {
      if (this.place !== undefined && this.place.no > 0)
        whole &&= record.no === this.place.no + 1 && record.epoch === this.place.epoch;
      this.place = placeOf(record);
    }
    if (this.isStopped()) return;
    if (!whole) this.onGap();
    this.onRecords(records);
  }

  private isStopped(): boolean {
    return this.stopped;
  }
}

function placeOf(record: RecordRow | undefined): Place {
  return record === undefined ? { no: 0, epoch: 0 } : { no: record.no, epoch: record.epoch };
}
