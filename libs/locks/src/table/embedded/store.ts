import type { Kind, RecordRow } from '../../core/rows';
import type { Encoded } from './unread-rows';
import type { Reached } from './witness';

/**
 * Where a value is kept. Slots are numbered in order of first use and never reused: values written together then lie
 * together on disk, and a commit of a thousand leases touches a few pages instead of thousands.
 */
export type StoreKey = readonly [space: 'slot' | 'record', no: number];

/** Takes what a store has, in any order. */
export interface Loader {
  /** The row is still encoded, and its bytes are valid during this call only. */
  row(slot: number, kind: Kind, id: string, row: Encoded): void;
  entry(slot: number, list: string, score: number, member: string): void;
  record(record: RecordRow): void;
}

/** What the embedded table needs from a disk. */
export interface Store {
  /** Never changes for this store, and is the same in its copies. */
  readonly identity: string;
  /** How far the table had come when this store, or any copy of it, was last used; undefined if unknown. */
  readonly reached: Reached | undefined;
  /** Tells everything that was committed, one part with each turn of the iteration. Called once, before the first commit. */
  load(onto: Loader): Iterable<void>;
  /** Decodes a row that was loaded. */
  decode(row: Encoded): unknown;
  /**
   * Writes all or nothing, each key once; `undefined` removes. Resolves only when the writes are on disk and `reached` is noted. The
   * values are live objects: they must be encoded before this function returns its promise. Never called while a commit
   * is running. Throws StoreFull; the same writes are then given again, and written as they were.
   */
  commit(writes: Iterable<readonly [StoreKey, unknown]>, reached: Reached): Promise<void>;
  /** Whether the disk has room for more. If not, a reserve remains for verbs that release something. */
  roomy(): boolean;
  /** The size of its file, if it has one. */
  bytes(): number | undefined;
  close(): Promise<void>;
}

/** Thrown when a store differs from what was last written to it. */
export class Damaged extends Error {
  override readonly name = 'Damaged';
}
/** Thrown when there is no trace of a store that should exist. */
export class Missing extends Error {
  override readonly name = 'Missing';

  constructor(
    message: string,
    /** What the operator can do. */
    readonly next: string,
  ) {
    super(message);
  }
}
/** Thrown by a commit that finds the disk full. Nothing was written, and it may be retried. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}
