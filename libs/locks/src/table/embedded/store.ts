import type { Reached } from './witness';

/**
 * Where a value is kept. Slots are numbered as they are first needed and never used again: what is written together
 * then lies together on the disk, and a commit of a thousand leases touches some pages instead of thousands.
 */
export type StoreKey = readonly [space: 'slot' | 'record', no: number];

/** What the embedded table needs of a disk. */
export interface Store {
  /** Stays the same as long as this store does, and in its copies. */
  readonly identity: string;
  /** How far it was when it was used last, in whatever copy of it; undefined where that is not known. */
  readonly reached: Reached | undefined;
  /** Everything that was committed. Called once, before the first commit. */
  load(): Iterable<readonly [StoreKey, unknown]>;
  /**
   * Writes all or nothing; `undefined` removes. Resolves only when the disk has it. The values are live objects: they
   * must be encoded before this function returns its promise. Never called while a commit is running. What is then
   * reached is noted before it resolves. Throws StoreFull.
   */
  commit(writes: Iterable<readonly [StoreKey, unknown]>, reached: Reached): Promise<void>;
  /** Whether the disk has room for more; where it has not, there is still some for whatever lets go. */
  roomy(): boolean;
  close(): Promise<void>;
}

/** Thrown when a store is not what it was when it was last written. */
export class Damaged extends Error {
  override readonly name = 'Damaged';
}
/** Thrown when nothing is left of a store that should be there. */
export class Missing extends Error {
  override readonly name = 'Missing';

  constructor(
    message: string,
    /** What whoever runs it can do. */
    readonly next: string,
  ) {
    super(message);
  }
}
/** Thrown by a commit for which the disk has no room. Nothing was written, and it may be tried again. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}
