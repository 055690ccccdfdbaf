import type { StepReply, VerbInput, VerbName } from '../core/io';
import type { RecordRow } from '../core/rows';

/** Thrown when the store cannot be reached or has failed; the caller answers ENOTCONN `table_unreachable`. */
export class TableUnreachable extends Error {
  override readonly name = 'TableUnreachable';
}
/** Thrown when the store has no room left for a growing verb, which was not run; the caller answers ENOLCK `table_full`. */
export class TableFull extends Error {
  override readonly name = 'TableFull';
}

/** What a table tells of its own accord. */
export interface TableEvents {
  /** There is no room for more, and why; undefined: there is again. Whatever lets go goes on meanwhile. */
  onFull?: (why: string | undefined) => void;
  /** It cannot go on in this process. */
  onDead?: (error: TableUnreachable) => void;
}

/** Where the rows are stored. Every answer, and every record that is followed, is durable before it is seen. */
export interface Table {
  /** Runs one verb atomically. Throws TableUnreachable or TableFull; expected refusals are in the value. */
  call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>>;
  /** Hands every record written after now to `onRecords`, in order and without gaps, from whichever node wrote it. Returns how to stop. */
  follow(onRecords: (records: readonly RecordRow[]) => void, onGap: () => void): () => void;
  /** Records after number `after`, ascending, at most `limit`; `complete` is false when some of them are no longer kept. */
  history(after: number, limit: number): Promise<{ records: RecordRow[]; complete: boolean; last: number }>;
  /** Whether calls can succeed now. */
  ready(): boolean;
  /** What is wrong, where it is known and somebody can mend it. */
  trouble(): string | undefined;
  close(): Promise<void>;
}
