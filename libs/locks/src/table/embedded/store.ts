/**
 * Where a value is kept. Slots are numbered as they are first needed and never used again: what is written together
 * then lies together on the disk, and a commit of a thousand leases touches some pages instead of thousands.
 */
export type StoreKey = readonly [space: 'slot' | 'record', no: number];

/** What the embedded table needs of a disk. */
export interface Store {
  /** Stays the same as long as this very store does; a copy or a restored backup answers otherwise. */
  readonly identity: string;
  /** When its file was changed last before it was opened, by the wall clock: later than its last commit if somebody else did. */
  readonly changedAt?: number | undefined;
  /** Everything that was committed. Called once, before the first commit. */
  load(): Iterable<readonly [StoreKey, unknown]>;
  /**
   * Writes all or nothing; `undefined` removes. Resolves only when the disk has it. The values are live objects: they
   * must be encoded before this function returns its promise. Never called while a commit is running. Throws StoreFull.
   */
  commit(writes: Iterable<readonly [StoreKey, unknown]>): Promise<void>;
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
