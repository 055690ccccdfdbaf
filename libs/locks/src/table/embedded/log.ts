import { Places } from './places';
import type { StoreKey } from './store';

/**
 * The log of a store: one entry for each commit, with what it has changed. An entry is a list of frames: a byte for the
 * space of the key and for whether the key is removed, six bytes for its number, four for the length of its value, and
 * the value. What is still valid in the oldest entries is written once more, in the entry of a later commit, and they are
 * dropped; so a removal need not be kept any longer than its entry, as nothing older is left.
 */

const frameHead = 11;
const removed = 2;
const bufferMin = 64 * 1024;
/** A larger buffer is not kept for the next entry. */
const bufferKept = 8 * 1024 * 1024;
/** How many frames the log may have beyond twice of those that are valid. */
const spareFrames = 20_000;
/** How many old bytes a commit looks through: so many for each of its own, and these. */
const cleaned = { perByte: 3, bytes: 64 * 1024 };

type Space = StoreKey[0];
interface Frame {
  readonly space: Space;
  readonly no: number;
  /** Undefined: the key is removed. */
  readonly value: Buffer | undefined;
}

/** An entry to be written, and the entries to be dropped with it. */
export interface Appended {
  readonly no: number;
  /** The first `room` bytes are free. Valid until the next entry is appended. */
  readonly bytes: Buffer;
  readonly dropped: readonly number[];
}

export class Log {
  private readonly places: Record<Space, Places> = { slot: new Places(), record: new Places() };
  private first = 1;
  private next = 1;
  /** In all entries. */
  private frames = 0;
  private buffer = Buffer.allocUnsafe(bufferMin);
  private end = 0;

  /** `read`: the frames of an entry that was written. `spare` is for tests. */
  constructor(
    private readonly room: number,
    private readonly read: (no: number) => Buffer,
    private readonly spare = spareFrames,
  ) {}

  /** Takes note of an entry that is there, in order of their numbers. Returns whether none is missing before it. */
  found(no: number, bytes: Buffer): boolean {
    if (this.next === 1) this.first = this.next = no;
    if (no !== this.next) return false;
    this.next = no + 1;
    eachFrame(bytes, (space, key, _from, to) => {
      this.frames += 1;
      if (to < 0) this.places[space].delete(key);
      else this.places[space].set(key, no);
    });
    return true;
  }

  /** Tells what is valid in an entry: for each key, where its value begins and ends. */
  eachValid(
    no: number,
    bytes: Buffer,
    tell: (space: Space, key: number, from: number, to: number) => void,
  ): void {
    eachFrame(bytes, (space, key, from, to) => {
      if (to >= 0 && this.places[space].isAt(key, no)) tell(space, key, from, to);
    });
  }

  /** `writes`: by key, each key once, the encoded value, or undefined to remove it. */
  append(writes: Iterable<readonly [StoreKey, Buffer | undefined]>): Appended {
    const no = this.next++;
    if (this.buffer.length > bufferKept) this.buffer = Buffer.allocUnsafe(bufferMin);
    this.end = this.room;
    for (const [[space, key], value] of writes) this.write(no, { space, no: key, value });
    const from = this.first;
    this.clean(no);
    const dropped = Array.from({ length: this.first - from }, (_, at) => from + at);
    return { no, bytes: this.buffer.subarray(0, this.end), dropped };
  }

  /** Writes what is valid in the oldest entries into entry `no`. */
  private clean(no: number): void {
    for (let left = cleaned.perByte * this.end + cleaned.bytes; left > 0 && this.first < no; this.first++) {
      if (this.frames <= 2 * (this.places.slot.size + this.places.record.size) + this.spare) return;
      const bytes = this.read(this.first);
      left -= bytes.length;
      for (const frame of framesOf(bytes)) {
        this.frames -= 1;
        if (frame.value !== undefined && this.places[frame.space].isAt(frame.no, this.first))
          this.write(no, frame);
      }
    }
  }

  private write(entry: number, { space, no, value }: Frame): void {
    const length = value?.length ?? 0;
    this.reserve(frameHead + length);
    const { buffer, end } = this;
    buffer[end] = (space === 'slot' ? 0 : 1) | (value === undefined ? removed : 0);
    buffer.writeUIntBE(no, end + 1, 6);
    buffer.writeUInt32BE(length, end + 7);
    value?.copy(buffer, end + frameHead);
    this.end = end + frameHead + length;
    this.frames += 1;
    if (value === undefined) this.places[space].delete(no);
    else this.places[space].set(no, entry);
  }

  private reserve(bytes: number): void {
    const needed = this.end + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }
}

/** Values are parts of `bytes`. */
function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  eachFrame(bytes, (space, no, from, to) => {
    frames.push({ space, no, value: to < 0 ? undefined : bytes.subarray(from, to) });
  });
  return frames;
}

/** Tells for each frame where its value begins and ends; `to` is -1 if the key is removed. */
function eachFrame(bytes: Buffer, tell: (space: Space, no: number, from: number, to: number) => void): void {
  for (let at = 0; at < bytes.length;) {
    const kind = bytes[at] as number;
    const no = bytes.readUIntBE(at + 1, 6);
    const from = at + frameHead;
    at = from + bytes.readUInt32BE(from - 4);
    tell((kind & 1) === 0 ? 'slot' : 'record', no, from, (kind & removed) === 0 ? at : -1);
  }
}
