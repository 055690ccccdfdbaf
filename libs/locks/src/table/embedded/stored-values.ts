import type { Packr } from 'msgpackr';
import type { Kind, RecordRow } from '../../core/rows';
import type { Loader } from './store';
import type { Encoded } from './unread-rows';

/**
 * Reads the values of a store without decoding the rows in them, and without an object for each list entry: a start
 * reads millions. What stands in front of their fields depends on the shapes that the store has written, so it is taken
 * from a sample. A value that does not begin like the sample is decoded as a whole.
 */
export class StoredValues {
  private readonly rowHead: Buffer;
  private readonly entryHead: Buffer;
  private at = 0;

  constructor(private readonly packr: Packr) {
    // The fields of a sample take one byte each.
    const headOf = (sample: object): Buffer => Buffer.from(packr.pack(sample)).subarray(0, -3);
    this.rowHead = headOf({ kind: '', id: '', row: 0 });
    this.entryHead = headOf({ list: '', score: 0, member: '' });
  }

  decode({ bytes, from, to }: Encoded): unknown {
    return this.packr.unpack(bytes, { start: from, end: to });
  }

  record(value: Encoded, onto: Loader): void {
    onto.record(this.decode(value) as RecordRow);
  }

  slot(no: number, value: Encoded, onto: Loader): void {
    if (this.quickRow(no, value, onto) || this.quickEntry(no, value, onto)) return;
    const whole = this.decode(value) as
      { kind: Kind; id: string; row: unknown } | { list: string; score: number; member: string };
    if ('list' in whole) {
      onto.entry(no, whole.list, whole.score, whole.member);
      return;
    }
    const bytes = this.packr.pack(whole.row);
    onto.row(no, whole.kind, whole.id, { bytes, from: 0, to: bytes.length });
  }

  private quickRow(no: number, { bytes, from, to }: Encoded, onto: Loader): boolean {
    if (!this.begins(bytes, from, this.rowHead)) return false;
    const kind = this.text(bytes);
    const id = this.text(bytes);
    if (kind === undefined || id === undefined) return false;
    onto.row(no, kind as Kind, id, { bytes, from: this.at, to });
    return true;
  }

  private quickEntry(no: number, { bytes, from }: Encoded, onto: Loader): boolean {
    if (!this.begins(bytes, from, this.entryHead)) return false;
    const list = this.text(bytes);
    const score = this.whole(bytes);
    const member = this.text(bytes);
    if (list === undefined || score === undefined || member === undefined) return false;
    onto.entry(no, list, score, member);
    return true;
  }

  private begins(bytes: Buffer, from: number, head: Buffer): boolean {
    for (let n = 0; n < head.length; n++) if (bytes[from + n] !== head[n]) return false;
    this.at = from + head.length;
    return true;
  }

  /** The text at the current place, in any of MessagePack's forms, and moves on; undefined if there is none. */
  private text(bytes: Buffer): string | undefined {
    const form = bytes[this.at++] as number;
    let size = form - 0xa0;
    if (form === 0xd9) size = bytes.readUInt8(this.skip(1));
    else if (form === 0xda) size = bytes.readUInt16BE(this.skip(2));
    else if (form === 0xdb) size = bytes.readUInt32BE(this.skip(4));
    else if (size < 0 || size > 31) return undefined;
    const from = this.skip(size);
    return bytes.toString('utf8', from, this.at);
  }

  /** The same for a number, in the forms that scores have. */
  private whole(bytes: Buffer): number | undefined {
    const form = bytes[this.at++] as number;
    if (form < 0x80) return form;
    if (form === 0xcb) return bytes.readDoubleBE(this.skip(8));
    if (form === 0xcc) return bytes.readUInt8(this.skip(1));
    if (form === 0xcd) return bytes.readUInt16BE(this.skip(2));
    if (form === 0xce) return bytes.readUInt32BE(this.skip(4));
    return undefined;
  }

  /** The current place, which is moved on by so many bytes. */
  private skip(size: number): number {
    this.at += size;
    return this.at - size;
  }
}
