/** Where a value is kept: the letter says what it is, the rest is its name. */
export type StoreKey =
  | readonly ['row', kind: string, id: string]
  | readonly ['entry', list: string, score: number, member: string]
  | readonly ['record', no: number];

/** What the embedded table needs of a disk. */
export interface Store {
  /** Stays the same as long as this very store does; a copy or a restored backup answers otherwise. */
  readonly identity: string;
  /** Everything that was committed. Called once, before the first commit. */
  load(): Iterable<readonly [StoreKey, unknown]> | AsyncIterable<readonly [StoreKey, unknown]>;
  /**
   * Writes all or nothing, in the order given; `undefined` removes. Resolves only when the disk has it. The values are
   * live objects: they must be encoded before this function returns its promise. Never called while a commit is running.
   */
  commit(writes: Iterable<readonly [StoreKey, unknown]>): Promise<void>;
  close(): Promise<void>;
}
