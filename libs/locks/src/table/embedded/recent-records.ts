import type { RecordRow } from '../../core/rows';

/** Records kept for clients that reconnect: at most so many, and at most so many bytes of them (docs/semantics.md §9). */
const recordsMax = 100_000;
const bytesMax = 64 * 2 ** 20;
/** What a field or an element takes beside its text. */
const fieldBytes = 8;

/** The last records, numbered without gaps. The newest is kept whatever its size. */
export class RecentRecords {
  /** Ring buffers: record `no` is at index `no` modulo their size. */
  private readonly records = new Array<RecordRow | undefined>(recordsMax);
  private readonly sizes = new Uint32Array(recordsMax);
  private bytes = 0;
  /** The numbers of the oldest and of the newest record; `last` is `first - 1` if there is none. */
  first = 1;
  last = 0;

  get(no: number): RecordRow | undefined {
    return no < this.first || no > this.last ? undefined : this.records[no % recordsMax];
  }

  /** Adds the record after the last one; the first record may have any number. Returns the numbers of those it displaces. */
  add(record: RecordRow): number[] {
    const size = sizeOf(record);
    if (this.bytes === 0) this.first = record.no;
    const displaced: number[] = [];
    while (this.bytes > 0 && (record.no - this.first >= recordsMax || this.bytes + size > bytesMax)) {
      const at = this.first % recordsMax;
      this.bytes -= this.sizes[at] as number;
      this.records[at] = undefined;
      displaced.push(this.first++);
    }
    const at = record.no % recordsMax;
    this.records[at] = record;
    this.sizes[at] = size;
    this.bytes += size;
    this.last = record.no;
    return displaced;
  }
}

/** At least the bytes of a value's content in memory, where a character may take two. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length + fieldBytes;
  if (typeof value !== 'object' || value === null) return fieldBytes;
  let size = fieldBytes;
  for (const field in value) size += sizeOf((value as Record<string, unknown>)[field]);
  return size;
}
