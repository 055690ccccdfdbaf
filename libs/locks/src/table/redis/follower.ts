import { setTimeout as pause } from 'node:timers/promises';
import type { RecordRow } from '../../core/rows';
import { TableOutdated, type Urgency } from '../table';
import type { Replicated } from './durability';
import { awaitRecords, lastRecord } from './record-log';

/** How long one read waits for records, and so how soon a log that was lost silently is noticed. */
export const blockMs = 1_000;
const retryMs = 50;

interface Place {
  no: number;
  epoch: number;
}

/** A log that somebody follows. */
export interface FollowedLog {
  /** The key of its stream. */
  readonly key: string;
  /** Finds its end on the connection that carries this node's calls, so that no record of a later call is missed. */
  readonly start: () => Promise<RecordRow | undefined>;
  readonly onRecords: (records: readonly RecordRow[]) => void;
  readonly onGap: () => void;
  readonly urgency?: Urgency;
}

/** How far a log was read. Its end is looked for at once: a call that is made after this writes behind it. */
export class Reading {
  place: Place | undefined;
  /** To be compared with before it is read on. */
  end: Promise<RecordRow | undefined> | undefined;
  /** When its end was last known. */
  knownAt = performance.now();

  constructor(readonly of: FollowedLog) {
    this.end = of.start();
    // Whoever awaits it learns of it.
    this.end.catch(() => undefined);
  }
}

/** Follows some logs of one server, each from its current end until it is dropped, through lost connections. */
export class Follower {
  private hurry: () => void = () => undefined;

  constructor(
    private readonly reader: Replicated,
    private readonly readings: Reading[],
    /** How long records may collect while nobody waits for them. */
    private readonly restMs = 0,
  ) {
    void this.run();
  }

  /** Ends with one of the logs; returns whether none is left. */
  drop(reading: Reading): boolean {
    const at = this.readings.indexOf(reading);
    if (at >= 0) this.readings.splice(at, 1);
    if (this.readings.length > 0) return false;
    this.stop();
    return true;
  }

  stop(): void {
    this.readings.splice(0);
    this.hurry();
    this.reader.redis.disconnect();
  }

  private async run(): Promise<void> {
    while (this.readings.length > 0) {
      const readings = [...this.readings];
      let batches: RecordRow[][];
      try {
        await Promise.all(readings.map((each) => this.compareIfDue(each)));
        const places = readings.map(({ of, place }) => ({ key: of.key, after: place?.no ?? 0 }));
        batches = await awaitRecords(this.reader, places, blockMs);
      } catch (error) {
        // Others serve instead.
        if (error instanceof TableOutdated) await pause(blockMs);
        // The server may be stuck, or not have the log any longer: a new connection leads to the one that has it.
        if (this.reader.redis.status === 'ready') this.reader.redis.disconnect(true);
        await pause(retryMs);
        for (const each of this.readings) this.look(each);
        continue;
      }
      for (const [at, each] of readings.entries()) {
        const records = batches[at] ?? [];
        if (records.length > 0) this.deliver(each, records);
        // No records may also mean that the log has restarted with lower numbers than those seen.
        else if (performance.now() - each.knownAt >= 0.9 * blockMs) this.look(each);
      }
      if (batches.some(({ length }) => length > 0) && !this.isUrgent()) await this.rest();
    }
  }

  private isUrgent(): boolean {
    return this.readings.some(({ of }) => of.urgency?.urgent ?? true);
  }

  private rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.restMs);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
      for (const { of } of this.readings) if (of.urgency !== undefined) of.urgency.hurry = this.hurry;
    });
  }

  /** Asks where the log ends. */
  private look(reading: Reading): void {
    const { of, place } = reading;
    reading.end = place === undefined ? of.start() : lastRecord(this.reader, of.key);
    reading.end.catch(() => undefined);
  }

  /** Compares with the log's current end: the place to begin at, or proof that this is no longer the same log. */
  private async compareIfDue(reading: Reading): Promise<void> {
    if (reading.end === undefined) return;
    const end = placeOf(await reading.end);
    reading.end = undefined;
    reading.knownAt = performance.now();
    const { place } = reading;
    const lost = place !== undefined && (end.no < place.no || end.epoch < place.epoch);
    if (place === undefined || lost) reading.place = end;
    if (lost && this.isFollowed(reading)) reading.of.onGap();
  }

  private deliver(reading: Reading, records: readonly RecordRow[]): void {
    let whole = true;
    for (const record of records) {
      const { place } = reading;
      if (place !== undefined && place.no > 0)
        whole &&= record.no === place.no + 1 && record.epoch === place.epoch;
      reading.place = placeOf(record);
    }
    reading.knownAt = performance.now();
    if (!this.isFollowed(reading)) return;
    if (!whole) reading.of.onGap();
    reading.of.onRecords(records);
  }

  private isFollowed(reading: Reading): boolean {
    return this.readings.includes(reading);
  }
}

function placeOf(record: RecordRow | undefined): Place {
  return record === undefined ? { no: 0, epoch: 0 } : { no: record.no, epoch: record.epoch };
}
