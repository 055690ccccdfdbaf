import { Packr } from 'msgpackr';

/** MessagePack as Redis's cmsgpack understands it: maps with named fields, nil for undefined, no extensions. */
const packr = new Packr({
  useRecords: false,
  variableMapSize: true,
  encodeUndefinedAsNil: true,
  int64AsType: 'number',
});

export function encode(value: unknown): Buffer {
  return packr.pack(value);
}

export function decode(bytes: Buffer): unknown {
  return packr.unpack(bytes);
}

/** Lua cannot tell an empty object from an empty array. Use this where an object is expected. */
export function objectOf(value: unknown): unknown {
  return Array.isArray(value) ? {} : value;
}
