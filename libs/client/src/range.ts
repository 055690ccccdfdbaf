import type { Range as RangeRow, RangeClass } from '#contracts';
import type { Call } from './call';
import { LeaseholdError, isFor, isOpen } from './error';
import { Holding, type Host } from './holding';
import { onAbort } from './platform';
import type { Ear } from './waits';

/** A piece of a file: both ends included. */
interface Piece {
  start: bigint;
  end: bigint;
}
/** What is written as EOF. */
const lastByte = 2n ** 63n - 1n;
const endOf = (end: string): bigint => (end === 'EOF' ? lastByte : BigInt(end));
export const pieceOf = ({ start, end }: { start: string; end: string }): Piece => ({
  ...{ start: BigInt(start), end: endOf(end) },
});

/** Whose locks merge with, and are cut by, each other. */
export interface RangeSpace {
  export: string;
  file: string;
  owner: string;
  class: RangeClass;
}
const isSame = (a: RangeSpace, b: RangeSpace): boolean =>
  a.export === b.export && a.file === b.file && a.owner === b.owner && a.class === b.class;

/** How a lock was asked for, and what hears how its wait is decided. */
export interface RangeAsk {
  /** The request; it finds the lock once more. */
  body: { requestId?: string | undefined };
  ear?: Ear;
}

/** What range locks need from their session. */
export interface RangeHost extends Host {
  /** The lock is granted, under the id that it has now; its wait had another. */
  settled(hold: RangeHold, waitId: string): void;
}

/**
 * A range lock as it is now, kept current by the session's event stream. It may be larger than the one asked for, because
 * adjacent locks of its owner are merged: those that have become one lock are released together, and lost together.
 */
export class RangeHold extends Holding {
  readonly #session: RangeHost;
  #row: RangeRow;
  #piece: Piece;
  #ask: RangeAsk | undefined;
  /** The lock of which this one has become a part. */
  #into: RangeHold | undefined;

  /** Created by a session; call `session.lock`. */
  constructor(session: RangeHost, row: RangeRow, ask?: RangeAsk) {
    super(session);
    this.#session = session;
    this.#row = row;
    this.#piece = pieceOf(row);
    this.#ask = ask;
  }

  get id(): string {
    return this.#now.#row.rangeId;
  }
  get waitNo(): number | undefined {
    return this.#now.#row.waitNo;
  }
  get class(): RangeClass {
    return this.#row.class;
  }
  get type(): 'read' | 'write' {
    return this.#now.#row.type;
  }
  get export(): string {
    return this.#row.export;
  }
  get file(): string {
    return this.#row.file;
  }
  get owner(): string {
    return this.#row.owner;
  }
  get start(): bigint {
    return this.#now.#piece.start;
  }
  get end(): bigint | 'EOF' {
    const { end } = this.#now.#piece;
    return end === lastByte ? 'EOF' : end;
  }
  get waiting(): boolean {
    return this.#now.#row.state === 'waiting';
  }
  /** Whether the fileserver has it too, so that it conflicts with locks taken there. */
  get backed(): boolean {
    return this.#now.#row.backed;
  }

  /** Resolves with the lock as granted, at once if it is not waiting. Throws LeaseholdError if the wait was dropped. */
  async granted({ signal }: { signal?: AbortSignal } = {}): Promise<this> {
    this.signal.throwIfAborted();
    const ear = this.#ask?.ear;
    // Also if an event has said meanwhile that it is granted: the rest of the lock is read from the service.
    if (this.waiting || ear !== undefined)
      await this.#session.waits.outcome(ear, {
        ask: () => this.#read(),
        waitsAs: () => (this.waiting ? this : undefined),
        signal,
      });
    if (this.#ask !== undefined) this.#ask.ear = undefined;
    this.signal.throwIfAborted();
    return this;
  }

  /** Unlocks all of it, or gives up its wait. Also resolves if it is already gone. */
  override release(): Promise<void> {
    return this.#into === undefined ? super.release() : this.#into.release();
  }

  /** Reads the lock from the service; one that is gone is lost. */
  async refresh(): Promise<void> {
    if (this.#into !== undefined) return this.#into.refresh();
    const reason = this.waiting ? 'wait_elapsed' : 'lock_over';
    await this.#read().catch((error: unknown) => {
      if (!(error instanceof LeaseholdError) || isOpen(error)) throw error;
      const detail = 'The service does not have it any more.';
      this.lose(LeaseholdError.of(reason, { detail }));
    });
  }

  // --- called by the session

  async reassert(): Promise<void> {
    if (this.#isMerged()) return;
    if (this.isRequest) {
      this.#session.insist(() => this.refresh());
      return;
    }
    const { rangeId, export: on, file, owner, class: kind, type } = this.#row;
    const found = rangeId === '' ? undefined : await this.look<RangeRow>();
    if (found !== undefined && this.#isIn(found)) {
      this.apply(found);
      return;
    }
    const { start, end } = this.#piece;
    const bytes = { start: String(start), end: end === lastByte ? 'EOF' : String(end) };
    const now = await this.reclaim<RangeRow>('/ranges', {
      export: on,
      file,
      owner,
      class: kind,
      type,
      ...bytes,
    });
    // Meanwhile it has become part of another: that is looked at by itself.
    if (this.#isMerged()) return;
    if (!(now instanceof LeaseholdError)) this.#became(now);
    // Nothing is missing: another program of the session has unlocked a part of it, or of a lock without a name nobody knows.
    else if (isFor(now, 'no_grace', 'reclaim_bad') && (found !== undefined || rangeId === '')) {
      if (found !== undefined) this.apply(found);
    } else this.loseFor('lock_over', now, found !== undefined);
  }

  /** Applies a row from the service. */
  apply(row: RangeRow): void {
    if (this.signal.aborted || row.rangeId !== this.#row.rangeId) return;
    this.#row = row;
    this.#piece = pieceOf(row);
  }

  /** Its fileserver may have lost it, or certainly has it again. */
  backing(backed: boolean): void {
    if (!this.waiting) this.#row = { ...this.#row, backed };
  }

  /** It was asked for once more. */
  asked(ask: RangeAsk): void {
    this.#ask = ask;
  }

  /** It was granted after it had waited, under this id. */
  grant(rangeId: string): void {
    if (!this.waiting) return;
    const waitId = this.id;
    this.#row = { ...this.#row, rangeId, state: 'held', waitNo: undefined };
    this.#session.settled(this, waitId);
  }

  /** It is granted: what its owner had there becomes a part of it. */
  absorb(other: RangeHold): void {
    if (other === this || other.#isApart(this) || this.waiting || this.#isSingle) return;
    const [mine, its] = [this.#piece, other.#piece];
    const isWithin = its.start >= mine.start && its.end <= mine.end;
    const touches = its.start <= mine.end + 1n && mine.start <= its.end + 1n;
    if (isWithin || (touches && other.type === this.type)) other.#join(this);
  }

  /** Its owner has unlocked this piece, or locked it otherwise. @returns what is split off behind it. */
  cut(space: RangeSpace, { start, end }: Piece): RangeHold | undefined {
    if (this.#isApart(space)) return undefined;
    const its = this.#piece;
    if (its.start > end || its.end < start) return undefined;
    const behind: Piece = { start: end + 1n, end: its.end };
    const hasLeft = its.start < start;
    if (hasLeft) this.#piece = { start: its.start, end: start - 1n };
    else if (its.end > end) this.#piece = behind;
    else this.lose(this.givenBack());
    if (!hasLeft || its.end <= end) return undefined;
    const tail = new RangeHold(this.#session, { ...this.#row, rangeId: '' });
    tail.#piece = behind;
    return tail;
  }

  // --- inside

  get #now(): RangeHold {
    return this.#into === undefined ? this : this.#into.#now;
  }
  protected get path(): string {
    return `/ranges/${this.id}`;
  }
  protected get isRequest(): boolean {
    return this.waiting;
  }
  protected givenBack(): LeaseholdError {
    return LeaseholdError.of('lock_over', { detail: 'It was unlocked.' });
  }

  get #isSingle(): boolean {
    return this.#ask?.body.requestId !== undefined;
  }
  #isApart(space: RangeSpace): boolean {
    return this.#into !== undefined || this.waiting || !isSame(this, space);
  }

  /** It has become a part of another lock of its owner. */
  #join(into: RangeHold): void {
    const [one, other] = [into.#piece, this.#piece];
    if (this.type === into.type)
      into.#piece = {
        start: one.start < other.start ? one.start : other.start,
        end: one.end > other.end ? one.end : other.end,
      };
    this.#session.forget(this);
    this.#into = into;
    onAbort(into.signal, () => {
      this.lose(into.signal.reason as LeaseholdError);
    });
  }

  /** Whether the service has all of it, and as strong. */
  #isMerged(): boolean {
    return this.#into !== undefined;
  }

  #isIn(row: RangeRow): boolean {
    const [its, mine] = [pieceOf(row), this.#piece];
    return (
      row.state === 'held' && row.type === this.#row.type && its.start <= mine.start && mine.end <= its.end
    );
  }

  #became(row: RangeRow): void {
    if (this.signal.aborted) return;
    const before = this.id;
    this.#row = row;
    this.#piece = pieceOf(row);
    this.#session.settled(this, before);
  }

  /** Reads the lock; if it was granted, it may have become part of another, which the same request finds. */
  async #read(): Promise<void> {
    const take = (row: RangeRow): void => {
      this.#became(row);
    };
    try {
      await this.#session.ask(() => this.read<RangeRow>(), take);
    } catch (error) {
      if (!isFor(error, 'no_such_lock') || !this.waiting || this.#ask === undefined) throw error;
      const again: Call = { method: 'POST', path: '/ranges', body: this.#ask.body };
      await this.#session.ask(() => this.#session.call<RangeRow>(again), take);
    }
  }
}

/** The range locks of a session that are held or waited for, some without a name. */
export class RangeBook {
  readonly #holds = new Set<RangeHold>();

  [Symbol.iterator](): Iterator<RangeHold> {
    return [...this.#holds].values();
  }

  add(hold: RangeHold): void {
    this.#holds.add(hold);
  }
  delete(hold: RangeHold): void {
    this.#holds.delete(hold);
  }

  /** The lock is granted: what its owner had there has become a part of it, or was cut. */
  settle(hold: RangeHold): void {
    if (hold.waiting || hold.signal.aborted) return;
    for (const other of this) hold.absorb(other);
    const { start, end } = hold;
    this.cut(hold, { start, end: end === 'EOF' ? lastByte : end }, hold);
  }

  /** The owner has unlocked this piece. */
  cut(space: RangeSpace, piece: Piece, except?: RangeHold): void {
    for (const hold of this) {
      const tail = hold === except ? undefined : hold.cut(space, piece);
      if (tail !== undefined) this.add(tail);
    }
  }
}
