import { Packr } from 'msgpackr';

/** The MessagePack that Redis's cmsgpack understands: maps with names, nil for undefined, no extensions. */
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

/** Lua cannot tell an empty object from an empty array; where an object is due, this does. */
export function objectOf(value: unknown): unknown {
  return Array.isArray(value) ? {} : value;
}
