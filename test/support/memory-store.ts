import { Packr } from 'msgpackr';
import type { Loader, Store, StoreKey } from '../../libs/locks/src/table/embedded/store';
import { StoredValues } from '../../libs/locks/src/table/embedded/stored-values';
import type { Encoded } from '../../libs/locks/src/table/embedded/unread-rows';
import type { Reached } from '../../libs/locks/src/table/embedded/witness';

const packr = new Packr();

/**
 * A disk that the test controls: its data survives the table, a commit can be held back or fail, and one that is still
 * held back when the table is abandoned never happened.
 */
export class MemoryStore implements Store {
  readonly identity: string;
  reached: Reached | undefined;
  /** Whether it has free space. */
  room = true;
  /** Commits begun. */
  commits = 0;
  private readonly contents: Map<string, [StoreKey, Buffer]>;
  private gate: Promise<void> | undefined;
  private readonly begun: (() => void)[] = [];
  private failure: Error | undefined;
  private abandoned = false;

  constructor(identity = 'memory', contents = new Map<string, [StoreKey, Buffer]>(), reached?: Reached) {
    this.reached = reached;
    this.identity = identity;
    this.contents = contents;
  }

  *load(onto: Loader): Generator<void> {
    const values = new StoredValues(packr);
    for (const [[space, no], bytes] of this.contents.values()) {
      const value = { bytes, from: 0, to: bytes.length };
      if (space === 'slot') values.slot(no, value, onto);
      else values.record(value, onto);
      yield;
    }
  }

  decode({ bytes, from, to }: Encoded): unknown {
    return packr.unpack(bytes.subarray(from, to));
  }

  async commit(writes: Iterable<readonly [StoreKey, unknown]>, reached: Reached): Promise<void> {
    const encoded = [...writes].map(
      ([key, value]) => [key, value === undefined ? undefined : Buffer.from(packr.pack(value))] as const,
    );
    this.commits += 1;
    for (const tell of this.begun.splice(0)) tell();
    await (this.gate ?? Promise.resolve());
    if (this.failure !== undefined) throw this.failure;
    if (this.abandoned) return;
    for (const [key, bytes] of encoded) {
      const name = JSON.stringify(key);
      if (bytes === undefined) this.contents.delete(name);
      else this.contents.set(name, [key, bytes]);
    }
    this.reached = reached;
  }

  bytes(): undefined {
    return undefined;
  }
  roomy(): boolean {
    return this.room;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Holds back all commits that begin from now on, until the returned function is called. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.gate = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      release();
    };
  }

  /** Commits end at once again, except those held back. */
  flow(): void {
    this.gate = undefined;
  }

  /** Every commit from now on fails, or, without an error, succeeds again. */
  fail(error: Error | undefined): void {
    this.failure = error;
  }

  /** Resolves when the next commit has begun. */
  nextCommit(): Promise<void> {
    return new Promise((resolve) => this.begun.push(resolve));
  }

  /** The machine loses power: what was not committed is gone. Returns the disk as the next start finds it. */
  powerCut(): MemoryStore {
    this.abandoned = true;
    return new MemoryStore(this.identity, new Map(this.contents), this.reached);
  }
}
