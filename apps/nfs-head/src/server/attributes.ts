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
  accessed?: wire.nfstime4 | undefined;
  modified?: wire.nfstime4 | undefined;
}

const timeOf = (ns: bigint): wire.nfstime4 => ({
  seconds: ns / 1_000_000_000n,
  nseconds: Number(ns % 1_000_000_000n),
});
export const now = (): wire.nfstime4 => timeOf(BigInt(Date.now()) * 1_000_000n);
const nsOf = ({ seconds, nseconds }: wire.nfstime4): bigint => seconds * 1_000_000_000n + BigInt(nseconds);

/** As the lease service has times. Undefined: what no calendar has. */
export function instantOf(at: wire.nfstime4): string | undefined {
  const date = new Date(Number(at.seconds) * 1000);
  if (at.nseconds > 999_999_999 || Number.isNaN(date.getTime())) return undefined;
  return date.toISOString().replace('000Z', `${String(at.nseconds).padStart(9, '0')}Z`);
}
export function timeAt(instant: string): wire.nfstime4 {
  const [, fraction = ''] = /\.(\d{1,9})/.exec(instant) ?? [];
  const seconds = BigInt(Math.floor(Date.parse(instant) / 1000));
  return { seconds, nseconds: Number(fraction.padEnd(9, '0')) };
}

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
  [wire.FATTR4_TIME_ACCESS, ({ stat, accessed }) => time(accessed ?? timeOf(stat.atimeNs))],
  [wire.FATTR4_TIME_CREATE, ({ stat }) => time(timeOf(stat.birthtimeNs))],
  [wire.FATTR4_TIME_DELTA, () => time({ seconds: 0n, nseconds: 1 })],
  [wire.FATTR4_TIME_METADATA, ({ stat, modified }) => time(modified ?? timeOf(stat.ctimeNs))],
  [wire.FATTR4_TIME_MODIFY, ({ stat, modified }) => time(modified ?? timeOf(stat.mtimeNs))],
  [wire.FATTR4_MOUNTED_ON_FILEID, ({ stat }) => large(stat.ino)],
  [wire.FATTR4_SUPPATTR_EXCLCREAT, () => one(wire.bitmap4, exclusively)],
  [wire.FATTR4_CHANGE_ATTR_TYPE, () => number(wire.NFS4_CHANGE_TYPE_IS_TIME_METADATA)],
  [wire.FATTR4_OPEN_ARGUMENTS, () => one(wire.open_arguments4, openArguments)],
]);
/** What OPEN takes (RFC 9754). Nobody is told later that there is a delegation after all. */
const openArguments: wire.open_arguments4 = {
  oa_share_access: bitmapOf([
    ...[wire.OPEN_ARGS_SHARE_ACCESS_READ, wire.OPEN_ARGS_SHARE_ACCESS_WRITE],
    wire.OPEN_ARGS_SHARE_ACCESS_BOTH,
  ]),
  oa_share_deny: bitmapOf([
    ...[wire.OPEN_ARGS_SHARE_DENY_NONE, wire.OPEN_ARGS_SHARE_DENY_READ],
    ...[wire.OPEN_ARGS_SHARE_DENY_WRITE, wire.OPEN_ARGS_SHARE_DENY_BOTH],
  ]),
  oa_share_access_want: bitmapOf([
    ...[wire.OPEN_ARGS_SHARE_ACCESS_WANT_ANY_DELEG, wire.OPEN_ARGS_SHARE_ACCESS_WANT_NO_DELEG],
    ...[wire.OPEN_ARGS_SHARE_ACCESS_WANT_CANCEL, wire.OPEN_ARGS_SHARE_ACCESS_WANT_DELEG_TIMESTAMPS],
    wire.OPEN_ARGS_SHARE_ACCESS_WANT_OPEN_XOR_DELEGATION,
  ]),
  oa_open_claim: bitmapOf([
    ...[wire.OPEN_ARGS_OPEN_CLAIM_NULL, wire.OPEN_ARGS_OPEN_CLAIM_PREVIOUS],
    ...[wire.OPEN_ARGS_OPEN_CLAIM_DELEGATE_CUR, wire.OPEN_ARGS_OPEN_CLAIM_FH],
    wire.OPEN_ARGS_OPEN_CLAIM_DELEG_CUR_FH,
  ]),
  oa_create_mode: bitmapOf([
    ...[wire.OPEN_ARGS_CREATEMODE_UNCHECKED4, wire.OPEN_ARGS_CREATE_MODE_GUARDED],
    ...[wire.OPEN_ARGS_CREATEMODE_EXCLUSIVE4, wire.OPEN_ARGS_CREATE_MODE_EXCLUSIVE4_1],
  ]),
};
const inOrder = [...reported].sort(([a], [b]) => a - b);

/** Times that the holder of a write delegation has kept (RFC 9754). */
export interface KeptTimes {
  accessed?: wire.nfstime4;
  modified?: wire.nfstime4;
}
/** What SETATTR sets, and what a create can, too, except for the times of a holder. */
export interface Settable {
  size?: bigint;
  mode?: number;
  uid?: number;
  gid?: number;
  accessed?: wire.settime4;
  modified?: wire.settime4;
  kept?: KeptTimes;
}
const settable: ReadonlyMap<number, (from: Reader) => Settable> = new Map<number, (from: Reader) => Settable>(
  [
    [wire.FATTR4_SIZE, (from) => ({ size: from.uint64() })],
    [wire.FATTR4_MODE, (from) => ({ mode: from.uint32() & 0o7777 })],
    [wire.FATTR4_OWNER, (from) => ({ uid: idOf(wire.fattr4_text.read(from)) })],
    [wire.FATTR4_OWNER_GROUP, (from) => ({ gid: idOf(wire.fattr4_text.read(from)) })],
    [wire.FATTR4_TIME_ACCESS_SET, (from) => ({ accessed: wire.settime4.read(from) })],
    [wire.FATTR4_TIME_MODIFY_SET, (from) => ({ modified: wire.settime4.read(from) })],
    [wire.FATTR4_TIME_DELEG_ACCESS, (from) => ({ kept: { accessed: wire.nfstime4.read(from) } })],
    [wire.FATTR4_TIME_DELEG_MODIFY, (from) => ({ kept: { modified: wire.nfstime4.read(from) } })],
  ],
);
const supported = bitmapOf([...reported.keys(), ...settable.keys()]);
const writeOnly = [...settable.keys()].filter((number) => !reported.has(number));
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

const asksAny = (asked: wire.bitmap4, numbers: number[]): boolean =>
  numbers.some((each) => hasBit(asked, each));
const times = [wire.FATTR4_TIME_ACCESS, wire.FATTR4_TIME_MODIFY, wire.FATTR4_TIME_METADATA];
/** Whether only the holder of a write delegation may know an answer to this. */
export const asksHolder = (asked: wire.bitmap4): boolean =>
  asksAny(asked, [wire.FATTR4_CHANGE, wire.FATTR4_SIZE, ...times]);
/** Attributes that nobody can ask for. @throws Failure INVAL */
export function checkAsked(asked: wire.bitmap4): void {
  if (asksAny(asked, writeOnly)) throw new Failure(wire.NFS4ERR_INVAL);
}

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
      const { kept, ...others } = take(from);
      Object.assign(values, others, kept && { kept: { ...values.kept, ...kept } });
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

/**
 * The times that a holder may set: none from before it got the delegation, and not more than now. It wrote to the file
 * under the delegation, so it need not own it.
 */
export function vetted(kept: KeptTimes, since: Times): Settable {
  const set = (at: wire.nfstime4 | undefined, least: bigint): wire.settime4 | undefined => {
    if (at === undefined || at.nseconds > 999_999_999 || nsOf(at) < least) return undefined;
    const latest = now();
    const time = nsOf(at) > nsOf(latest) ? latest : at;
    return { set_it: wire.SET_TO_CLIENT_TIME4, time };
  };
  const accessed = set(kept.accessed, since.accessedNs);
  const modified = set(kept.modified, since.modifiedNs);
  return { ...(accessed && { accessed }), ...(modified && { modified }) };
}
export interface Times {
  accessedNs: bigint;
  modifiedNs: bigint;
}
export const timesOf = ({ atimeNs, mtimeNs }: BigIntStats): Times => ({
  accessedNs: atimeNs,
  modifiedNs: mtimeNs,
});

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
