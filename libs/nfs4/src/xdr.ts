/**
 * XDR (RFC 4506): how values of the declared types are encoded on the wire. One codec serves both directions. The
 * codecs are generated from the text of the standard (`wire.generated.ts`, by `npm run build:xdr`).
 */

/** The bytes are not a value of the expected type. */
export class XdrError extends Error {}

export interface Codec<T> {
  write(to: Writer, value: T): void;
  /** @throws XdrError */
  read(from: Reader): T;
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

export class Writer {
  private bytes = Buffer.alloc(512);
  private length = 0;

  /** Makes room for this many more bytes, zeroed. */
  private grow(by: number): number {
    const at = this.length;
    this.length += by;
    if (this.length > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(this.length, this.bytes.length * 2));
      this.bytes.copy(larger);
      this.bytes = larger;
    }
    return at;
  }

  uint32(value: number): void {
    const at = this.grow(4);
    this.bytes.writeUInt32BE(value, at);
  }
  uint64(value: bigint): void {
    const at = this.grow(8);
    this.bytes.writeBigUInt64BE(value, at);
  }
  raw(value: Buffer): void {
    const at = this.grow(value.length + padding(value.length));
    value.copy(this.bytes, at);
  }
  take(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

export class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** What is left, without taking it. */
  rest(): Buffer {
    return this.bytes.subarray(this.at);
  }

  private advance(by: number): number {
    if (by > this.left) throw new XdrError(`${by} bytes are needed, but ${this.left} are left`);
    const at = this.at;
    this.at += by;
    return at;
  }

  uint32(): number {
    return this.bytes.readUInt32BE(this.advance(4));
  }
  uint64(): bigint {
    return this.bytes.readBigUInt64BE(this.advance(8));
  }
  raw(length: number): Buffer {
    const at = this.advance(length + padding(length));
    return this.bytes.subarray(at, at + length);
  }
}

export function encode<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.take();
}

/** @throws XdrError, also if bytes are left over */
export function decode<T>(codec: Codec<T>, bytes: Buffer): T {
  const reader = new Reader(bytes);
  const value = codec.read(reader);
  if (reader.left > 0) throw new XdrError(`${reader.left} extra bytes`);
  return value;
}

export const uint32: Codec<number> = {
  write: (to, value) => {
    to.uint32(value);
  },
  read: (from) => from.uint32(),
};
export const uint64: Codec<bigint> = {
  write: (to, value) => {
    to.uint64(value);
  },
  read: (from) => from.uint64(),
};
export const int64: Codec<bigint> = {
  write: (to, value) => {
    to.uint64(BigInt.asUintN(64, value));
  },
  read: (from) => BigInt.asIntN(64, from.uint64()),
};
export const bool: Codec<boolean> = {
  write: (to, value) => {
    to.uint32(value ? 1 : 0);
  },
  read: (from) => from.uint32() !== 0,
};

export function fixedOpaque(length: number): Codec<Buffer> {
  return {
    write: (to, value) => {
      if (value.length !== length) throw new XdrError(`${value.length} bytes, not ${length}`);
      to.raw(value);
    },
    read: (from) => from.raw(length),
  };
}

function readLength(from: Reader, max: number): number {
  const length = from.uint32();
  if (length > max) throw new XdrError(`a length of ${length}, above ${max}`);
  return length;
}

export function opaque(max = 0xffff_ffff): Codec<Buffer> {
  return {
    write: (to, value) => {
      if (value.length > max) throw new XdrError(`${value.length} bytes, more than ${max}`);
      to.uint32(value.length);
      to.raw(value);
    },
    read: (from) => from.raw(readLength(from, max)),
  };
}

export function string(max = 0xffff_ffff): Codec<string> {
  const bytes = opaque(max);
  return {
    write: (to, value) => {
      bytes.write(to, Buffer.from(value, 'utf8'));
    },
    read: (from) => bytes.read(from).toString('utf8'),
  };
}

/** Every element takes at least four bytes, so a length that is too large is refused before anything is allocated. */
export function array<T>(element: Codec<T>, max = 0xffff_ffff): Codec<T[]> {
  return {
    write: (to, values) => {
      if (values.length > max) throw new XdrError(`${values.length} elements, more than ${max}`);
      to.uint32(values.length);
      for (const value of values) element.write(to, value);
    },
    read: (from) => {
      const length = readLength(from, Math.min(max, from.left / 4));
      return Array.from({ length }, () => element.read(from));
    },
  };
}

/** A linked list (`entry *next` in every element): each element after a 1, and a 0 at the end. */
export function list<T>(element: Codec<T>): Codec<T[]> {
  return {
    write: (to, values) => {
      for (const value of values) {
        to.uint32(1);
        element.write(to, value);
      }
      to.uint32(0);
    },
    read: (from) => {
      const values: T[] = [];
      while (from.uint32() !== 0) values.push(element.read(from));
      return values;
    },
  };
}

/** A codec for integers with names. A value without a name is kept, because a server may be newer than the text. */
export interface EnumCodec<T extends number> extends Codec<T> {
  nameOf(value: number): string;
}

export function enumOf<T extends number>(values: Record<string, T>): EnumCodec<T> {
  const names = new Map<number, string>(Object.entries(values).map(([name, value]) => [value, name]));
  return {
    write: (to, value) => {
      to.uint32(value);
    },
    read: (from) => from.uint32() as T,
    nameOf: (value) => names.get(value) ?? String(value),
  };
}

type Fields<T> = { [K in keyof T]-?: Codec<T[K]> };

export function struct<T extends object>(fields: Fields<T>): Codec<T> {
  const entries = Object.entries(fields) as [keyof T, Codec<unknown>][];
  return {
    write: (to, value) => {
      for (const [name, codec] of entries) codec.write(to, value[name]);
    },
    read: (from) => {
      const value: Partial<Record<keyof T, unknown>> = {};
      for (const [name, codec] of entries) value[name] = codec.read(from);
      return value as T;
    },
  };
}

/** The content of a union besides its tag: one named value, or nothing. */
type Arm = readonly [name: string, codec: unknown] | 'void';

/** @param otherwise the arm for tags that have no arm of their own; without it they are refused */
export function union<T extends object>(
  tagName: string,
  tag: Codec<number>,
  arms: Readonly<Record<number, Arm>>,
  otherwise?: Arm,
): Codec<T> {
  const armOf = (value: number): Arm => {
    const arm = arms[value] ?? otherwise;
    if (arm === undefined) throw new XdrError(`${tagName} has no arm ${value}`);
    return arm;
  };
  return {
    write: (to, value) => {
      const parts = value as Record<string, unknown>;
      const which = parts[tagName] as number;
      const arm = armOf(which);
      tag.write(to, which);
      if (arm !== 'void') (arm[1] as Codec<unknown>).write(to, parts[arm[0]]);
    },
    read: (from) => {
      const which = tag.read(from);
      const arm = armOf(which);
      const parts: Record<string, unknown> = { [tagName]: which };
      if (arm !== 'void') parts[arm[0]] = (arm[1] as Codec<unknown>).read(from);
      return parts as T;
    },
  };
}
