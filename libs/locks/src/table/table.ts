import { formatNewest } from '../core/format';
import type { StepReply, VerbInput, VerbName } from '../core/io';
import type { RecordRow } from '../core/rows';

/** Thrown when the store cannot be reached or has failed; the caller answers ENOTCONN `table_unreachable`. */
export class TableUnreachable extends Error {
  override readonly name = 'TableUnreachable';
}
/** A later version has written what this one must not read; the caller answers the same, and others serve instead. */
export class TableOutdated extends TableUnreachable {
  constructor(format: number, options?: ErrorOptions) {
    super(
      `the table is in format ${String(format)} of a later version, and this one reads up to format ` +
        `${String(formatNewest)}: start that version`,
      options,
    );
  }
}

/** @throws TableOutdated if these rules must not touch what is in this format. */
export function refuseLater(format: number): void {
  if (format > formatNewest) throw new TableOutdated(format);
}
/** Thrown when the store has no room left for a growing verb, which was not run; the caller answers ENOLCK `table_full`. */
export class TableFull extends Error {
  override readonly name = 'TableFull';
}

/** What a table reports unasked. */
export interface TableEvents {
  /** The store is full, and why; undefined: it has room again. Verbs that release something still run meanwhile. */
  onFull?: (why: string | undefined) => void;
  /** Rules of other versions were deleted from the server, because nobody uses them; or why they could not be. */
  onCleared?: (libraries: readonly string[], error?: unknown) => void;
  /** The table cannot continue in this process. */
  onDead?: (error: TableUnreachable) => void;
}

/** Tells a table how urgently its records are needed. */
export interface Urgency {
  /** Whether somebody waits for records. While nobody does, they may come a little later, many at a time. */
  readonly urgent: boolean;
  /** To be called when it becomes urgent; set by the table. */
  hurry: () => void;
}

/** Where the rows are stored. Every answer, and every record passed to followers, is durable before anyone sees it. */
export interface Table {
  /** How many shards it has (shards.ts); each has a log of its own. */
  readonly shards: number;
  /** Runs one verb atomically. Throws TableUnreachable or TableFull; expected refusals are in the value. */
  call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>>;
  /**
   * Passes every record written from now on, by any node, to `onRecords`, those of each shard in order and without gaps; at
   * once, unless `urgency` says otherwise. Records that are passed together are of one shard. Returns a function that stops it.
   */
  follow(
    onRecords: (records: readonly RecordRow[]) => void,
    onGap: () => void,
    urgency?: Urgency,
  ): () => void;
  /**
   * Records of a shard after number `after`, ascending, at most `limit`; `complete` is false when some of them are no longer kept.
   */
  history(
    after: number,
    limit: number,
    shard?: number,
  ): Promise<{ records: RecordRow[]; complete: boolean; last: number }>;
  /** Whether calls can succeed now. */
  ready(): boolean;
  /** What is wrong, if that is known and an operator can fix it. */
  trouble(): string | undefined;
  /** The size of the file on disk, or the memory that Redis uses; undefined as long as it is unknown. */
  bytes(): number | undefined;
  close(): Promise<void>;
}
