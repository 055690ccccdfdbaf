import { bitmapOf, type Codec, hasBit, Reader, wire, Writer, XdrError } from '#nfs4';

/** The attributes this client asks for: the number of each, and the codec of its value. */
const known = {
  supported: [wire.FATTR4_SUPPORTED_ATTRS, wire.fattr4_supported_attrs],
  type: [wire.FATTR4_TYPE, wire.fattr4_type],
  change: [wire.FATTR4_CHANGE, wire.fattr4_change],
  size: [wire.FATTR4_SIZE, wire.fattr4_size],
  fsid: [wire.FATTR4_FSID, wire.fattr4_fsid],
  leaseTime: [wire.FATTR4_LEASE_TIME, wire.fattr4_lease_time],
  fileid: [wire.FATTR4_FILEID, wire.fattr4_fileid],
  timeCreate: [wire.FATTR4_TIME_CREATE, wire.fattr4_time_create],
  timeMetadata: [wire.FATTR4_TIME_METADATA, wire.fattr4_time_metadata],
  changeAttrType: [wire.FATTR4_CHANGE_ATTR_TYPE, wire.fattr4_change_attr_type],
} as const;

export type AttributeName = keyof typeof known;
type ValueOf<C> = C extends Codec<infer T> ? T : never;
/** The attributes of a file that a server returned; it leaves out those that it does not support. */
export type Attributes = { [N in AttributeName]?: ValueOf<(typeof known)[N][1]> };

const wordsMax = 8;
const inOrder = (Object.entries(known) as [AttributeName, readonly [number, Codec<unknown>]][]).sort(
  (a, b) => a[1][0] - b[1][0],
);

export const maskOf = (...names: AttributeName[]): wire.bitmap4 =>
  bitmapOf(names.map((name) => known[name][0]));

/** @throws XdrError, also for an unknown attribute: its length is unknown, so nothing after it can be read */
export function readAttributes({ attrmask, attr_vals }: wire.fattr4): Attributes {
  if (attrmask.length > wordsMax) throw new XdrError(`an attribute mask of ${attrmask.length} words`);
  const strange = [...attrmask];
  const values: Record<string, unknown> = {};
  const from = new Reader(attr_vals);
  for (const [name, [number, codec]] of inOrder) {
    if (!hasBit(attrmask, number)) continue;
    const word = Math.floor(number / 32);
    strange[word] = ((strange[word] ?? 0) & ~(1 << (number % 32))) >>> 0;
    values[name] = codec.read(from);
  }
  if (strange.some((word) => word !== 0)) throw new XdrError('attributes that were not requested');
  return values;
}

export function writeAttributes(attributes: Attributes): wire.fattr4 {
  const to = new Writer();
  const numbers: number[] = [];
  for (const [name, [number, codec]] of inOrder) {
    const value: unknown = attributes[name];
    if (value === undefined) continue;
    numbers.push(number);
    codec.write(to, value);
  }
  return { attrmask: bitmapOf(numbers), attr_vals: Buffer.from(to.take()) };
}
