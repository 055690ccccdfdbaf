import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { bitmapOf, type Codec, encode, hasBit, Reader, wire, Writer, XdrError } from '#nfs4';
import type { Caller } from './connection';
import { Failure } from './failure';

/** The attributes of files (RFC 8881 §5): what is reported, and what can be set. */

export const ioBytesMax = 256 * 1024;
const nameBytesMax = 255;
const wordsMax = 8;

/** What the attributes of a file are made of. */
export interface Seen {
  stat: BigIntStats;
  handle: Buffer;
  leaseTimeS: number;
  space: { available: bigint; free: bigint; total: bigint };
  /** Instead of those of the file system: what the holder of a write delegation has said. */
  change?: bigint | undefined;
  size?: bigint | undefined;
  modifiedNow?: boolean;
}

const timeOf = (ns: bigint): wire.nfstime4 => ({
  seconds: ns / 1_000_000_000n,
  nseconds: Number(ns % 1_000_000_000n),
});
const now = (): wire.nfstime4 => timeOf(BigInt(Date.now()) * 1_000_000n);

export function typeOf(stat: BigIntStats): wire.nfs_ftype4 {
  if (stat.isFile()) return wire.NF4REG;
  if (stat.isDirectory()) return wire.NF4DIR;
  if (stat.isSymbolicLink()) return wire.NF4LNK;
  if (stat.isFIFO()) return wire.NF4FIFO;
  if (stat.isSocket()) return wire.NF4SOCK;
  return stat.isBlockDevice() ? wire.NF4BLK : wire.NF4CHR;
}
/** It changes with every change of the file or its attributes, as fine as the file system keeps its times. */
export const changeOf = ({ ctimeNs }: BigIntStats): bigint => ctimeNs;

const flag = (value: boolean): Buffer => one(wire_bool, value);
const wire_bool: Codec<boolean> = {
  write: (to, value) => {
    to.uint32(value ? 1 : 0);
  },
  read: (from) => from.uint32() !== 0,
};
const number = (value: number): Buffer =>
  one(
    {
      write: (to, n: number) => {
        to.uint32(n);
      },
      read: (from) => from.uint32(),
    },
    value,
  );
const large = (value: bigint): Buffer =>
  one(
    {
      write: (to, n: bigint) => {
        to.uint64(n);
      },
      read: (from) => from.uint64(),
    },
    value,
  );
const time = (value: wire.nfstime4): Buffer => one(wire.nfstime4, value);
const text = (value: string): Buffer => one(wire.fattr4_text, Buffer.from(value));
function one<T>(codec: Codec<T>, value: T): Buffer {
  return Buffer.from(encode(codec, value));
}

/** Every attribute that is reported, by its number. */
const reported: ReadonlyMap<number, (seen: Seen) => Buffer> = new Map<number, (seen: Seen) => Buffer>([
  [wire.FATTR4_SUPPORTED_ATTRS, () => one(wire.bitmap4, supported)],
  [wire.FATTR4_TYPE, ({ stat }) => number(typeOf(stat))],
  // FH4_PERSISTENT
  [wire.FATTR4_FH_EXPIRE_TYPE, () => number(0)],
  [wire.FATTR4_CHANGE, ({ stat, change }) => large(change ?? changeOf(stat))],
  [wire.FATTR4_SIZE, ({ stat, size }) => large(size ?? stat.size)],
  [wire.FATTR4_LINK_SUPPORT, () => flag(true)],
  [wire.FATTR4_SYMLINK_SUPPORT, () => flag(true)],
  [wire.FATTR4_NAMED_ATTR, () => flag(false)],
  [wire.FATTR4_FSID, ({ stat }) => one(wire.fsid4, { major: stat.dev, minor: 0n })],
  [wire.FATTR4_UNIQUE_HANDLES, () => flag(true)],
  [wire.FATTR4_LEASE_TIME, ({ leaseTimeS }) => number(leaseTimeS)],
  [wire.FATTR4_RDATTR_ERROR, () => number(wire.NFS4_OK)],
  [wire.FATTR4_CANSETTIME, () => flag(true)],
  [wire.FATTR4_CASE_INSENSITIVE, () => flag(false)],
  [wire.FATTR4_CASE_PRESERVING, () => flag(true)],
  [wire.FATTR4_CHOWN_RESTRICTED, () => flag(true)],
  [wire.FATTR4_FILEHANDLE, ({ handle }) => one(wire.nfs_fh4, handle)],
  [wire.FATTR4_FILEID, ({ stat }) => large(stat.ino)],
  [wire.FATTR4_HOMOGENEOUS, () => flag(true)],
  [wire.FATTR4_MAXFILESIZE, () => large(BigInt(Number.MAX_SAFE_INTEGER))],
  [wire.FATTR4_MAXLINK, () => number(32_000)],
  [wire.FATTR4_MAXNAME, () => number(nameBytesMax)],
  [wire.FATTR4_MAXREAD, () => large(BigInt(ioBytesMax))],
  [wire.FATTR4_MAXWRITE, () => large(BigInt(ioBytesMax))],
  [wire.FATTR4_MODE, ({ stat }) => number(Number(stat.mode & 0o7777n))],
  [wire.FATTR4_NO_TRUNC, () => flag(true)],
  [wire.FATTR4_NUMLINKS, ({ stat }) => number(Number(stat.nlink))],
  [wire.FATTR4_OWNER, ({ stat }) => text(String(stat.uid))],
  [wire.FATTR4_OWNER_GROUP, ({ stat }) => text(String(stat.gid))],
  [wire.FATTR4_RAWDEV, () => one(wire.specdata4, { specdata1: 0, specdata2: 0 })],
  [wire.FATTR4_SPACE_AVAIL, ({ space }) => large(space.available)],
  [wire.FATTR4_SPACE_FREE, ({ space }) => large(space.free)],
  [wire.FATTR4_SPACE_TOTAL, ({ space }) => large(space.total)],
  [wire.FATTR4_SPACE_USED, ({ stat }) => large(stat.blocks * 512n)],
  [wire.FATTR4_TIME_ACCESS, ({ stat }) => time(timeOf(stat.atimeNs))],
  [wire.FATTR4_TIME_CREATE, ({ stat }) => time(timeOf(stat.birthtimeNs))],
  [wire.FATTR4_TIME_DELTA, () => time({ seconds: 0n, nseconds: 1 })],
  [wire.FATTR4_TIME_METADATA, ({ stat, modifiedNow }) => time(modifiedNow ? now() : timeOf(stat.ctimeNs))],
  [wire.FATTR4_TIME_MODIFY, ({ stat, modifiedNow }) => time(modifiedNow ? now() : timeOf(stat.mtimeNs))],
  [wire.FATTR4_MOUNTED_ON_FILEID, ({ stat }) => large(stat.ino)],
  [wire.FATTR4_SUPPATTR_EXCLCREAT, () => one(wire.bitmap4, exclusively)],
  [wire.FATTR4_CHANGE_ATTR_TYPE, () => number(wire.NFS4_CHANGE_TYPE_IS_TIME_METADATA)],
]);
const inOrder = [...reported].sort(([a], [b]) => a - b);

/** What SETATTR sets; nothing but what a create can, too. */
export interface Settable {
  size?: bigint;
  mode?: number;
  uid?: number;
  gid?: number;
  accessed?: wire.settime4;
  modified?: wire.settime4;
}
const settable: ReadonlyMap<number, (from: Reader) => Settable> = new Map<number, (from: Reader) => Settable>(
  [
    [wire.FATTR4_SIZE, (from) => ({ size: from.uint64() })],
    [wire.FATTR4_MODE, (from) => ({ mode: from.uint32() & 0o7777 })],
    [wire.FATTR4_OWNER, (from) => ({ uid: idOf(wire.fattr4_text.read(from)) })],
    [wire.FATTR4_OWNER_GROUP, (from) => ({ gid: idOf(wire.fattr4_text.read(from)) })],
    [wire.FATTR4_TIME_ACCESS_SET, (from) => ({ accessed: wire.settime4.read(from) })],
    [wire.FATTR4_TIME_MODIFY_SET, (from) => ({ modified: wire.settime4.read(from) })],
  ],
);
const supported = bitmapOf([...reported.keys(), ...settable.keys()]);
/** The times keep the verifier of an exclusive create. */
const exclusively = bitmapOf([
  wire.FATTR4_SIZE,
  wire.FATTR4_MODE,
  wire.FATTR4_OWNER,
  wire.FATTR4_OWNER_GROUP,
]);

/** Owners and groups are numbers: clients and this server have no names in common. */
function idOf(bytes: Buffer): number {
  const said = bytes.toString('latin1');
  const id = Number(said);
  if (!/^\d{1,10}$/.test(said) || id > 0xffff_fffe) throw new Failure(wire.NFS4ERR_BADOWNER);
  return id;
}

/** Whether only the holder of a write delegation may know an answer to this. */
export const asksHolder = (asked: wire.bitmap4): boolean =>
  [wire.FATTR4_CHANGE, wire.FATTR4_SIZE, wire.FATTR4_TIME_MODIFY, wire.FATTR4_TIME_METADATA].some((each) =>
    hasBit(asked, each),
  );

export function present(asked: wire.bitmap4, seen: Seen): wire.fattr4 {
  const numbers: number[] = [];
  const to = new Writer();
  for (const [number, write] of inOrder) {
    if (!hasBit(asked, number)) continue;
    numbers.push(number);
    const value = write(seen);
    to.raw(value);
  }
  return { attrmask: bitmapOf(numbers), attr_vals: Buffer.from(to.take()) };
}

/** @throws Failure for attributes that cannot be set, or values that cannot be read */
export function read({ attrmask, attr_vals }: wire.fattr4): Settable {
  if (attrmask.length > wordsMax) throw new Failure(wire.NFS4ERR_INVAL);
  const from = new Reader(attr_vals);
  const values: Settable = {};
  try {
    for (let number = 0; number < attrmask.length * 32; number++) {
      if (!hasBit(attrmask, number)) continue;
      const take = settable.get(number);
      if (take === undefined)
        throw new Failure(reported.has(number) ? wire.NFS4ERR_INVAL : wire.NFS4ERR_ATTRNOTSUPP);
      Object.assign(values, take(from));
    }
  } catch (error) {
    if (error instanceof XdrError) throw new Failure(wire.NFS4ERR_BADXDR);
    throw error;
  }
  if (from.left > 0) throw new Failure(wire.NFS4ERR_BADXDR);
  return values;
}

/** What READ, LOOKUP and the others may do is decided by the mode alone, as the caller says who it is. */
export function mayAccess(stat: BigIntStats, caller: Caller, wanted: 'r' | 'w' | 'x'): boolean {
  const bit = { r: 4, w: 2, x: 1 }[wanted];
  const mode = Number(stat.mode);
  if (caller.uid === 0) return wanted !== 'x' || stat.isDirectory() || (mode & 0o111) !== 0;
  const isIn = (gid: bigint): boolean => [caller.gid, ...caller.gids].some((each) => BigInt(each) === gid);
  const shift = BigInt(caller.uid) === stat.uid ? 6 : isIn(stat.gid) ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
}

/** @throws Failure PERM unless the caller may change these attributes */
export function checkChange(
  stat: BigIntStats,
  caller: Caller,
  { mode, uid, gid, accessed, modified }: Settable,
): void {
  if (caller.uid === 0) return;
  const owns = BigInt(caller.uid) === stat.uid;
  if (uid !== undefined && (!owns || uid !== caller.uid)) throw new Failure(wire.NFS4ERR_PERM);
  if (gid !== undefined && (!owns || ![caller.gid, ...caller.gids].includes(gid)))
    throw new Failure(wire.NFS4ERR_PERM);
  if (mode !== undefined && !owns) throw new Failure(wire.NFS4ERR_PERM);
  for (const each of [accessed, modified]) {
    if (each === undefined || owns) continue;
    if (each.set_it === wire.SET_TO_CLIENT_TIME4) throw new Failure(wire.NFS4ERR_PERM);
    if (!mayAccess(stat, caller, 'w')) throw new Failure(wire.NFS4ERR_ACCESS);
  }
}

const secondsOf = (set: wire.settime4 | undefined, old: bigint): number => {
  if (set === undefined) return Number(old) / 1e9;
  if (set.set_it !== wire.SET_TO_CLIENT_TIME4) return Date.now() / 1000;
  return Number(set.time.seconds) + set.time.nseconds / 1e9;
};

/** Sets attributes of an open file or directory. */
export async function apply(file: FileHandle, values: Settable): Promise<void> {
  const { mode, uid, gid, accessed, modified } = values;
  if (uid !== undefined || gid !== undefined) {
    const stat = await file.stat();
    await file.chown(uid ?? stat.uid, gid ?? stat.gid);
  }
  if (mode !== undefined) await file.chmod(mode);
  if (accessed !== undefined || modified !== undefined) {
    const stat = await file.stat({ bigint: true });
    await file.utimes(secondsOf(accessed, stat.atimeNs), secondsOf(modified, stat.mtimeNs));
  }
}
