const slabBytes = 2 ** 20;
const head = 4;

/** Where a row's bytes are. */
export interface Encoded {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * Rows that nobody has asked for since the start, as the store has them: out of the heap, and decoded when they are
 * needed. A slab is given up once all of its rows were taken.
 */
export class UnreadRows {
  private readonly slabs = new Map<number, { bytes: Buffer; rows: number }>();
  private lastSlab = -1;
  private end = slabBytes;

  /** Copies an encoded row; returns the place to take it from. */
  keep({ bytes, from, to }: Encoded): number {
    const size = head + to - from;
    if (this.end + size > slabBytes) {
      // A longer row has a slab to itself.
      this.slabs.set(++this.lastSlab, {
        // Shared memory does not count as garbage to be: for other memory outside of the heap, every 64 MB cause a collection.
        bytes: Buffer.from(new SharedArrayBuffer(Math.max(slabBytes, size))),
        rows: 0,
      });
      this.end = 0;
    }
    const slab = this.slabOf(this.lastSlab);
    const place = this.lastSlab * slabBytes + this.end;
    slab.bytes.writeUInt32LE(to - from, this.end);
    bytes.copy(slab.bytes, this.end + head, from, to);
    slab.rows += 1;
    this.end += size;
    return place;
  }

  /** Each place once. */
  take(place: number): Encoded {
    const no = Math.floor(place / slabBytes);
    const slab = this.slabOf(no);
    slab.rows -= 1;
    if (slab.rows === 0) {
      this.slabs.delete(no);
      if (no === this.lastSlab) this.end = slabBytes;
    }
    const from = (place % slabBytes) + head;
    return { bytes: slab.bytes, from, to: from + slab.bytes.readUInt32LE(from - head) };
  }

  private slabOf(no: number): { bytes: Buffer; rows: number } {
    const slab = this.slabs.get(no);
    if (slab === undefined) throw new Error(`no rows are left in slab ${String(no)}`);
    return slab;
  }
}
