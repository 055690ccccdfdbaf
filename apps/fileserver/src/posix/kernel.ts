import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import koffi from 'koffi';
import { bytesOfName, type LeaseType } from '#contracts';

/**
 * The system calls that Node does not offer. Variadic C functions are declared with the arguments used here: on 64-bit
 * Linux these are passed in the same registers. Every function throws a KernelError with the errno name.
 */
const libc = koffi.load(null);
const fcntlInt = libc.func('int fcntl(int fd, int cmd, long arg)') as unknown as (
  fd: number,
  cmd: number,
  arg: number,
) => number;
const fcntlPointer = libc.func('fcntl', 'int', ['int', 'int', 'void *']) as unknown as (
  fd: number,
  cmd: number,
  arg: Buffer,
) => number;
const openat2 = libc.func('syscall', 'long', ['long', 'long', 'void *', 'void *', 'long']) as unknown as (
  number: number,
  directory: number,
  path: Buffer,
  how: Buffer,
  size: number,
) => number;
const nameToHandle = libc.func('name_to_handle_at', 'int', [
  'int',
  'str',
  'void *',
  'void *',
  'int',
]) as unknown as (directory: number, path: string, handle: Buffer, mountId: Buffer, flags: number) => number;

const flockCall = libc.func('int flock(int fd, int operation)') as unknown as (
  fd: number,
  operation: number,
) => number;

const fstatfs = libc.func('int fstatfs(int fd, void *buffer)') as unknown as (
  fd: number,
  buffer: Buffer,
) => number;

const F_SETSIG = 10;
const F_SETOWN_EX = 15;
const F_OWNER_TID = 0;
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const F_SETLEASE = 1024;
const F_GETLEASE = 1025;
/** F_RDLCK, F_WRLCK, F_UNLCK */
const leaseTypes = ['read', 'write', 'none'] as const;
const SYS_openat2 = 437;
const AT_EMPTY_PATH = 0x1000;
const O_PATH = 0o10000000;
const O_CLOEXEC = 0o2000000;
const RESOLVE_NO_XDEV = 0x01;
const RESOLVE_NO_MAGICLINKS = 0x02;
const RESOLVE_BENEATH = 0x08;
/** In hex it must fit into the cookie; file systems that support leases need 8 to 40. */
const handleBytesMax = 64;
const FILEID_INO32_GEN = 1;

// A number with two names has the first: EAGAIN, not EWOULDBLOCK.
const errnoNames = new Map(
  Object.entries(osConstants.errno)
    .map(([name, value]) => [value, name])
    .reverse() as [number, string][],
);

/** A system call failed. `code` is the errno name, as in Node's own errors. */
export class KernelError extends Error {
  readonly code: string;
  constructor(call: string, errno: number) {
    const code = errnoNames.get(errno) ?? `errno ${errno}`;
    super(`${code} at ${call}`);
    this.code = code;
  }
}

const orThrow = (result: number, call: string): number => {
  if (result < 0) throw new KernelError(call, koffi.errno());
  return result;
};

/** Opens the root of an export. The descriptor names the directory and gives no access to it. */
export const openExport = (directory: string): number => openSync(directory, O_PATH | constants.O_DIRECTORY);

const how = Buffer.alloc(24);
how.writeBigUInt64LE(BigInt(O_PATH | O_CLOEXEC), 0);
how.writeBigUInt64LE(BigInt(RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS), 16);

/**
 * Follows a name beneath a directory without leaving the directory or its mount, and without opening the file: an
 * O_PATH descriptor breaks no lease and waits for nobody.
 * @throws EXDEV or ELOOP if the name leads out or into another mount; EAGAIN if renames kept racing with the lookup
 */
export function openBeneath(directory: number, path: string): number {
  const name = Buffer.concat([bytesOfName(path), Buffer.alloc(1)]);
  for (let attempt = 1; ; attempt++) {
    const fd = openat2(SYS_openat2, directory, name, how, how.length);
    if (fd >= 0) return fd;
    const error = new KernelError('openat2', koffi.errno());
    if (error.code !== 'EAGAIN' || attempt === 8) throw error;
  }
}

/** Identifies a file, also after its deletion: an inode number alone is reused. */
export interface FileIdentity {
  fileId: string;
  /** `maj:min:ino` from stat, as /proc/locks writes it on most file systems. */
  inode: string;
  regular: boolean;
  directory: boolean;
}

const handleBuffer = Buffer.alloc(8 + handleBytesMax);
const mountId = Buffer.alloc(8);

/** The inode's generation; the whole file handle in hex if its format is unknown; 0 if there is no handle. */
function generationOf(fd: number): string {
  handleBuffer.writeUInt32LE(handleBytesMax, 0);
  if (nameToHandle(fd, '', handleBuffer, mountId, AT_EMPTY_PATH) < 0) return '0';
  const length = handleBuffer.readUInt32LE(0);
  const plain = handleBuffer.readInt32LE(4) === FILEID_INO32_GEN && length === 8;
  return plain ? String(handleBuffer.readUInt32LE(12)) : handleBuffer.toString('hex', 8, 8 + length);
}

const statfsBuffer = Buffer.alloc(120);
const statfsIdAt = 56;

/** Tells a file system from an earlier one with the same device number: f_fsid of statfs(2), in hex. */
export function fileSystemIdOf(fd: number): string {
  orThrow(fstatfs(fd, statfsBuffer), 'fstatfs');
  return statfsBuffer.toString('hex', statfsIdAt, statfsIdAt + 8);
}

const hex2 = (n: bigint): string => n.toString(16).padStart(2, '0');
/** glibc's layout of dev_t. */
const major = (dev: bigint): bigint => ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
const minor = (dev: bigint): bigint => (dev & 0xffn) | ((dev >> 12n) & ~0xffn);

export function identityOf(fd: number): FileIdentity {
  const stat = fstatSync(fd, { bigint: true });
  const device = `${hex2(major(stat.dev))}:${hex2(minor(stat.dev))}`;
  return {
    fileId: `${device}-${stat.ino}-${generationOf(fd)}`,
    inode: `${device}:${stat.ino}`,
    regular: stat.isFile(),
    directory: stat.isDirectory(),
  };
}

/** The clock that stamps files ticks every 1 to 10 ms: two changes within one tick look the same. */
const timestampTickMs = 20;

/**
 * Identity and change state: equal cookies prove that the file was not touched in between.
 * @returns undefined if the last change is so recent that a later one could have the same timestamp
 */
export function cookieOf(fd: number): string | undefined {
  const { dev, ino, size, ctimeNs, mtimeNs } = fstatSync(fd, { bigint: true });
  if (Date.now() - Number(ctimeNs / 1_000_000n) < timestampTickMs) return undefined;
  return `${dev}-${ino}-${generationOf(fd)}-${size}-${ctimeNs}-${mtimeNs}`;
}

/**
 * Opens exactly the file that an O_PATH descriptor refers to, even if its name leads elsewhere by now. Non-blocking:
 * never waits for a lease of another program.
 */
export const openForLease = (pathFd: number): number =>
  openSync(`/proc/self/fd/${pathFd}`, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);

export const close = (fd: number): void => {
  closeSync(fd);
};

/** F_SETLEASE, fcntl_locking(2). Sets or converts the lease of this descriptor; `none` ends it. */
export function setKernelLease(fd: number, type: LeaseType): void {
  orThrow(fcntlInt(fd, F_SETLEASE, leaseTypes.indexOf(type)), `F_SETLEASE ${type}`);
}

/** F_GETLEASE: the type, or during a break the target. `none` means that the lease must go or that it is gone. */
export function getKernelLease(fd: number): LeaseType {
  return leaseTypes[orThrow(fcntlInt(fd, F_GETLEASE, 0), 'F_GETLEASE')] ?? 'none';
}

const owner = Buffer.alloc(8);

/**
 * Directs the break signals of this descriptor to one thread. The owner is set before the signal, because a real-time
 * signal that reaches a thread that does not wait for it ends the process.
 */
export function signalThread(fd: number, thread: number, signal: number): void {
  owner.writeInt32LE(F_OWNER_TID, 0);
  owner.writeInt32LE(thread, 4);
  orThrow(fcntlPointer(fd, F_SETOWN_EX, owner), 'F_SETOWN_EX');
  orThrow(fcntlInt(fd, F_SETSIG, signal), 'F_SETSIG');
}

/** The lease of a descriptor as the kernel prints it. */
export interface LeaseLine {
  breaking: boolean;
  /** The type; during a break, the target. */
  mode: LeaseType;
  inode: string;
}
const modes: Record<string, LeaseType> = { READ: 'read', WRITE: 'write', UNLCK: 'none' };

/** @returns undefined if the descriptor has no lease, or no longer has one */
export function leaseLine(fd: number): LeaseLine | undefined {
  const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1');
  const line = /^lock:\s+\d+: LEASE\s+(ACTIVE|BREAKING)\s+(READ|WRITE|UNLCK)\s+-?\d+ (\S+) /m.exec(info);
  if (!line) return undefined;
  const [, state, mode = '', inode = ''] = line;
  return { breaking: state === 'BREAKING', mode: modes[mode] ?? 'none', inode };
}

const limitBuffer = Buffer.alloc(16);
let limitFd: number | undefined;

/** /proc/sys/fs/lease-break-time in milliseconds; 0 = never forced. Read every time: an administrator may change it. */
export function kernelBreakLimitMs(): number {
  limitFd ??= openSync('/proc/sys/fs/lease-break-time', 'r');
  const length = readSync(limitFd, limitBuffer, 0, limitBuffer.length, 0);
  return Number.parseInt(limitBuffer.toString('latin1', 0, length), 10) * 1000;
}

/** The soft limit of open descriptors (RLIMIT_NOFILE); Node raises it to the hard one when it starts. */
export function descriptorsMax(): number {
  const line = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
  return line?.[1] === undefined || line[1] === 'unlimited' ? 1_048_576 : Number(line[1]);
}

/** `struct flock` of 64-bit Linux: type, whence, start, length, pid. */
const lockBuffer = Buffer.alloc(32);
/** The last offset; a lock that reaches it covers whatever is appended, too. */
export const endOfFile = 2n ** 63n - 1n;

/**
 * F_OFD_SETLK: locks, converts or unlocks bytes for this open file description. It never waits.
 * @throws EAGAIN if a program has a conflicting lock, EBADF if the descriptor is not open for such a lock
 */
export function setRangeLock(fd: number, type: LeaseType, start: bigint, end: bigint): void {
  fillLock(type, start, end);
  orThrow(fcntlPointer(fd, F_OFD_SETLK, lockBuffer), `F_OFD_SETLK ${type}`);
}

function fillLock(type: LeaseType, start: bigint, end: bigint): void {
  lockBuffer.fill(0);
  lockBuffer.writeInt16LE(leaseTypes.indexOf(type), 0);
  lockBuffer.writeBigInt64LE(start, 8);
  lockBuffer.writeBigInt64LE(end === endOfFile ? 0n : end - start + 1n, 16);
}

/** A lock of another open file description. `pid` is 0 if the kernel does not tell: OFD locks have none. */
export interface LockThere {
  class: 'posix' | 'ofd' | 'flock';
  type: 'read' | 'write';
  start: bigint;
  end: bigint;
  pid: number;
}

/** F_OFD_GETLK: a lock that would be in the way of this one. The descriptor may be open in any way. */
export function rangeLockInTheWay(
  fd: number,
  type: 'read' | 'write',
  start: bigint,
  end: bigint,
): LockThere | undefined {
  fillLock(type, start, end);
  orThrow(fcntlPointer(fd, F_OFD_GETLK, lockBuffer), `F_OFD_GETLK ${type}`);
  const found = leaseTypes[lockBuffer.readInt16LE(0)];
  if (found === undefined || found === 'none') return undefined;
  const first = lockBuffer.readBigInt64LE(8);
  const length = lockBuffer.readBigInt64LE(16);
  const pid = lockBuffer.readInt32LE(24);
  return {
    class: pid === -1 ? 'ofd' : 'posix',
    type: found,
    start: first,
    end: length === 0n ? endOfFile : first + length - 1n,
    pid: Math.max(0, pid),
  };
}

/**
 * The flock of another program on the file of a descriptor that has one itself. flock(2) cannot ask, and a conversion that
 * is refused would lose what there is, so /proc/locks says it: it lists the programs that this process can see.
 */
export function flockBeside(fd: number): LockThere | undefined {
  const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1');
  const own = /^lock:\s+\d+: FLOCK +ADVISORY +\w+ +(-?\d+) (\S+) /m.exec(info);
  if (own === null) return undefined;
  for (const [, mode, pid, inode] of readFileSync('/proc/locks', 'latin1').matchAll(
    /^\d+: FLOCK +ADVISORY +(\w+) +(-?\d+) (\S+) /gm,
  )) {
    if (inode !== own[2] || pid === own[1]) continue;
    const type = mode === 'WRITE' ? 'write' : 'read';
    return { class: 'flock', type, start: 0n, end: endOfFile, pid: Math.max(0, Number(pid)) };
  }
  return undefined;
}

const LOCK_NB = 4;
const flockOperations: Record<LeaseType, number> = { read: 1, write: 2, none: 8 };

/**
 * flock(2) of this open file description; it never waits. A conversion that is refused leaves nothing.
 * @throws EAGAIN if a program has a conflicting lock
 */
export function setFlock(fd: number, type: LeaseType): void {
  orThrow(flockCall(fd, flockOperations[type] | LOCK_NB), `flock ${type}`);
}

/** Opens the file of a descriptor once more; never waits for a lease of another program. */
export const openForLocks = (fd: number, writable: boolean): number =>
  openSync(
    `/proc/self/fd/${fd}`,
    (writable ? constants.O_RDWR : constants.O_RDONLY) | constants.O_NONBLOCK | constants.O_NOCTTY,
  );
