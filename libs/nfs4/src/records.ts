import { XdrError } from './xdr';

/** The longest record accepted from a server; real answers are much shorter. */
export const recordBytesMax = 1024 * 1024;
const fragmentsMax = 1024;

/** Assembles records from the bytes of a stream (RFC 5531 §11). */
export class RecordReader {
  private pending: Buffer = Buffer.alloc(0);
  private fragments: Buffer[] = [];
  private bytes = 0;

  /**
   * @returns the records that these bytes complete
   * @throws XdrError if a record is longer than allowed
   */
  push(chunk: Buffer): Buffer[] {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const records: Buffer[] = [];
    while (this.pending.length >= 4) {
      const mark = this.pending.readUInt32BE(0);
      const length = mark & 0x7fff_ffff;
      if (this.bytes + length > recordBytesMax || this.fragments.length >= fragmentsMax) {
        throw new XdrError(`a record of more than ${recordBytesMax} bytes or ${fragmentsMax} fragments`);
      }
      if (this.pending.length < 4 + length) break;
      this.fragments.push(this.pending.subarray(4, 4 + length));
      this.bytes += length;
      this.pending = this.pending.subarray(4 + length);
      if (mark < 0x8000_0000) continue;
      records.push(Buffer.concat(this.fragments));
      this.fragments = [];
      this.bytes = 0;
    }
    return records;
  }
}

/** Wraps a message as one record with one fragment. */
export function asRecord(message: Buffer): Buffer {
  const mark = Buffer.alloc(4);
  mark.writeUInt32BE((0x8000_0000 | message.length) >>> 0);
  return Buffer.concat([mark, message]);
}
