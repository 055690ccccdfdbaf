import type { fileserver, LeaseType } from '#contracts';
import type { RangeQuestion, RangesRequest, Refusal } from '../driver';
import { idleMax, stronger } from '../holds';
import {
  close,
  endOfFile,
  flockBeside,
  KernelError,
  type LockThere,
  openForLocks,
  rangeLockInTheWay,
  setFlock,
  setRangeLock,
} from './kernel';
import { type Change, changes, type Piece, unite } from './range-set';

type Why = NonNullable<fileserver.SetrangesAnswer['refused'][number]>['reason'];
/** Why something cannot be locked. */
export interface RangeRefusal {
  reason: Why;
  detail: string;
}
type Wanted = fileserver.WantedRange;

interface FileThere {
  export: string;
  fileId: string;
  path: string;
}

/** Range locks of one file, on descriptors that are used for nothing else. */
interface LockedFile extends FileThere {
  serial: number;
  gen: number;
  /** One open file description for the bytes of all holders: the lease API keeps these apart from each other. */
  bytes: { fd: number; writable: boolean; pieces: Piece[] } | undefined;
  flock: { fd: number; level: 'read' | 'write' } | undefined;
}

/** What the driver does for range locks. */
export interface RangeFiles {
  /** Follows the name to the file. @returns an O_PATH descriptor, which the caller must close */
  follow(exportName: string, path: string, fileId: string): number | Refusal;
  /** The kernel lease that this adapter holds on the file. */
  leaseOn(exportName: string, fileId: string): LeaseType;
  /** Whether no further descriptor may be opened. */
  isFull(exportName: string): boolean;
}

/** Serials of files here follow those of leases in the listing of what is held. */
const serialsFrom = 2 ** 40;

/**
 * OFD locks and flocks of the kernel, for range locks that the lease API grants (F_OFD_SETLK(2const), flock(2)). What is
 * asked for is carried out at once and never waits.
 */
export class RangeLocks {
  private readonly files = new Map<string, LockedFile>();
  /** Files with nothing locked, the least recently served first: their gen tells old requests. */
  private readonly idle = new Set<LockedFile>();
  private serial = serialsFrom;
  private open = 0;

  constructor(private readonly from: RangeFiles) {}

  /** How many descriptors are in use. */
  get descriptors(): number {
    return this.open;
  }

  has(exportName: string, fileId: string): boolean {
    const file = this.files.get(subjectOf(exportName, fileId));
    return file !== undefined && isLocked(file);
  }

  set(request: RangesRequest): fileserver.SetrangesAnswer {
    const { gen, held, wants, path } = request;
    const subject = subjectOf(request.export, request.fileId);
    const file = this.files.get(subject) ?? this.newFile(subject, request);
    if (gen < file.gen) return { reason: 'hold_gen_old', locked: [], refused: [], lost: [] };
    file.gen = gen;
    file.path = path;
    const answer: Answer = { locked: [], refused: [], lost: [] };
    this.setBytes(file, held.filter(isBytes), wants.filter(isBytes), answer);
    this.setWhole(
      file,
      held.filter((each) => !isBytes(each)),
      wants.filter((each) => !isBytes(each)),
      answer,
    );
    this.keepOrForget(subject, file);
    return answer;
  }

  /**
   * Which lock of a program would be in the way of one; those of the cluster are no question for the kernel. It locks no
   * bytes. A flock can only be tried: it is held for as long as it takes to let go of it.
   */
  test({
    export: exportName,
    fileId,
    path,
    class: kind,
    type,
    ...at
  }: RangeQuestion): fileserver.TestrangeAnswer {
    const where = { export: exportName, fileId, path };
    const known = this.files.get(subjectOf(exportName, fileId));
    const bytes = kind === 'flock' ? undefined : known?.bytes;
    const whole = kind === 'flock' ? known?.flock : undefined;
    if (whole && (whole.level === type || whole.level === 'write')) return {};
    const writes = kind !== 'flock' && type === 'write';
    const leased =
      whole || bytes?.writable || (bytes && !writes) ? undefined : this.leaseInTheWay(where, writes);
    if (leased) return leased;
    const fd = whole?.fd ?? bytes?.fd ?? this.openFile(where, false);
    if (typeof fd !== 'number') return fd;
    try {
      const { start, end } = pieceOf({ type, ...at });
      const found = whole
        ? flockBeside(fd)
        : kind === 'flock'
          ? flockInTheWay(fd, type)
          : rangeLockInTheWay(fd, type, start, end);
      return found ? { blocker: { ...found, start: String(found.start), end: String(found.end) } } : {};
    } catch (error) {
      return lockRefusal(error);
    } finally {
      if (!whole && !bytes) this.shut(fd);
    }
  }

  *listed(): Generator<{ serial: number; hold: fileserver.Hold }> {
    for (const file of this.files.values()) {
      if (!isLocked(file)) continue;
      const { serial, fileId, path, gen } = file;
      const hold = { export: file.export, fileId, path, type: 'none', holdGen: gen, ranges: true } as const;
      yield { serial, hold };
    }
  }

  close(): void {
    for (const file of this.files.values()) {
      if (file.bytes) this.shut(file.bytes.fd);
      if (file.flock) this.shut(file.flock.fd);
      file.bytes = undefined;
      file.flock = undefined;
    }
  }

  // --- bytes

  private setBytes(file: LockedFile, held: Wanted[], wants: Wanted[], answer: Answer): void {
    const kept: Piece[] = [];
    // Usually all of it is locked already, or can be: each by itself costs more.
    const together = this.lockBytes(file, held.map(pieceOf)) === undefined;
    for (const each of held) {
      const piece = pieceOf(each);
      if (together || !this.lockBytes(file, [piece])) kept.push(piece);
      else answer.lost.push(each.id);
    }
    for (const each of wants) {
      const piece = pieceOf(each);
      const refusal = this.lockBytes(file, [piece]);
      if (refusal) {
        answer.refused.push({ id: each.id, ...refusal });
        continue;
      }
      answer.locked.push(each.id);
      kept.push(piece);
    }
    this.leaveBytes(file, unite(kept));
  }

  /** Locks at least these; if that is refused, everything is as it was. */
  private lockBytes(file: LockedFile, wanted: Piece[]): RangeRefusal | undefined {
    const before = file.bytes?.pieces ?? [];
    const after = unite([...before, ...wanted]);
    const missing = changes(before, after);
    if (missing.length === 0) return undefined;
    const refusal = this.openBytes(
      file,
      wanted.some(({ type }) => type === 'write'),
    );
    const { bytes } = file;
    if (refusal || !bytes) return refusal;
    const done: Change[] = [];
    try {
      for (const each of missing) {
        setRangeLock(bytes.fd, each.to, each.start, each.end);
        done.push(each);
      }
    } catch (error) {
      const left = done.filter((each) => !this.weaken(bytes.fd, { ...each, from: each.to, to: each.from }));
      bytes.pieces = unite([...before, ...left.flatMap(({ to, start, end }) => pieceIf(to, start, end))]);
      return lockRefusal(error);
    }
    bytes.pieces = after;
    return undefined;
  }

  /** Unlocks and weakens whatever is more than `wanted`; the descriptor is open for no more than that needs. */
  private leaveBytes(file: LockedFile, wanted: Piece[]): void {
    const { bytes } = file;
    if (!bytes) return;
    const left = changes(bytes.pieces, wanted).filter((each) => !this.weaken(bytes.fd, each));
    bytes.pieces = unite([...wanted, ...left.flatMap(({ from, start, end }) => pieceIf(from, start, end))]);
    if (bytes.pieces.length === 0) {
      this.shut(bytes.fd);
      file.bytes = undefined;
    } else if (bytes.writable && bytes.pieces.every(({ type }) => type === 'read')) {
      // While a descriptor is open for writing, the kernel grants no lease on the file.
      this.reopen(bytes, false);
    }
  }

  /** Others are never in the way of that, but it may need memory (ENOLCK): then the next request tries again. */
  private weaken(fd: number, { to, start, end }: Change): boolean {
    try {
      setRangeLock(fd, to, start, end);
      return true;
    } catch {
      return false;
    }
  }

  private openBytes(file: LockedFile, writable: boolean): RangeRefusal | undefined {
    const { bytes } = file;
    if (bytes && (bytes.writable || !writable)) return undefined;
    const leased = this.leaseInTheWay(file, writable);
    if (leased) return leased;
    if (bytes) return this.reopen(bytes, true);
    const fd = this.openFile(file, writable);
    if (typeof fd !== 'number') return fd;
    file.bytes = { fd, writable, pieces: [] };
    return undefined;
  }

  /** Moves read locks to another descriptor of the file; they are never all unlocked in between. */
  private reopen(bytes: NonNullable<LockedFile['bytes']>, writable: boolean): RangeRefusal | undefined {
    let fd: number | undefined;
    try {
      fd = openForLocks(bytes.fd, writable);
      for (const { start, end } of bytes.pieces) setRangeLock(fd, 'read', start, end);
    } catch (error) {
      if (fd !== undefined) close(fd);
      return fd === undefined ? openRefusal(error) : lockRefusal(error);
    }
    close(bytes.fd);
    bytes.fd = fd;
    bytes.writable = writable;
    return undefined;
  }

  // --- flock

  private setWhole(file: LockedFile, held: Wanted[], wants: Wanted[], answer: Answer): void {
    let level: LeaseType = 'none';
    for (const { type } of held) if (stronger(type, level)) level = type;
    if (this.lockWhole(file, level)) {
      for (const { id } of held) answer.lost.push(id);
      level = 'none';
    }
    for (const { id, type } of wants) {
      const refusal = stronger(type, level) ? this.lockWhole(file, type) : undefined;
      if (!refusal) {
        answer.locked.push(id);
        if (stronger(type, level)) level = type;
        continue;
      }
      answer.refused.push({ id, ...refusal });
      // A refused conversion has left nothing.
      if (level === 'none' || !this.lockWhole(file, level)) continue;
      for (const { id: gone } of held) answer.lost.push(gone);
      level = 'none';
    }
    if (level === 'none' && file.flock) {
      this.shut(file.flock.fd);
      file.flock = undefined;
    }
  }

  private lockWhole(file: LockedFile, level: LeaseType): RangeRefusal | undefined {
    if (level === 'none' || file.flock?.level === level) return undefined;
    if (!file.flock) {
      const leased = this.leaseInTheWay(file, false);
      if (leased) return leased;
      const fd = this.openFile(file, false);
      if (typeof fd !== 'number') return fd;
      try {
        setFlock(fd, level);
      } catch (error) {
        this.shut(fd);
        return lockRefusal(error);
      }
      file.flock = { fd, level };
      return undefined;
    }
    try {
      setFlock(file.flock.fd, level);
      file.flock.level = level;
      return undefined;
    } catch (error) {
      this.shut(file.flock.fd);
      file.flock = undefined;
      return lockRefusal(error);
    }
  }

  // --- descriptors

  /** Opening the file would break a lease that this adapter holds itself for the cluster. */
  private leaseInTheWay(file: FileThere, writable: boolean): RangeRefusal | undefined {
    const level = this.from.leaseOn(file.export, file.fileId);
    if (level === 'none' || (level === 'read' && !writable)) return undefined;
    const detail = `The cluster holds a ${level} lease on the file; a lock for ${writable ? 'writing' : 'reading'} needs an open that would break it.`;
    return { reason: 'range_lease_held', detail };
  }

  private openFile(file: FileThere, writable: boolean): number | RangeRefusal {
    if (this.from.isFull(file.export))
      return { reason: 'fileserver_refused', detail: 'RLIMIT_NOFILE of the adapter allows no more files.' };
    const followed = this.from.follow(file.export, file.path, file.fileId);
    if (typeof followed !== 'number') return refusalOf(followed);
    try {
      const fd = openForLocks(followed, writable);
      this.open++;
      return fd;
    } catch (error) {
      return openRefusal(error);
    } finally {
      close(followed);
    }
  }

  private shut(fd: number): void {
    close(fd);
    this.open--;
  }

  private newFile(subject: string, { export: exportName, fileId, path }: RangesRequest): LockedFile {
    const nothing = { bytes: undefined, flock: undefined };
    const file = { serial: ++this.serial, export: exportName, fileId, path, gen: -1, ...nothing };
    this.files.set(subject, file);
    return file;
  }

  private keepOrForget(subject: string, file: LockedFile): void {
    this.idle.delete(file);
    // The listing is in the order of serials.
    if (isLocked(file)) return;
    this.idle.add(file);
    for (const oldest of this.idle) {
      if (this.idle.size <= idleMax) return;
      this.idle.delete(oldest);
      this.files.delete(subjectOf(oldest.export, oldest.fileId));
    }
  }
}

type Answer = Pick<fileserver.SetrangesAnswer, 'locked' | 'refused' | 'lost'>;

const subjectOf = (exportName: string, fileId: string): string => `${exportName}\0${fileId}`;
const isLocked = ({ bytes, flock }: LockedFile): boolean => bytes !== undefined || flock !== undefined;
const isBytes = (wanted: Wanted): boolean => wanted.class !== 'flock';
const pieceIf = (type: LeaseType, start: bigint, end: bigint): Piece[] =>
  type === 'none' ? [] : [{ type, start, end }];
const pieceOf = ({ type, start, end }: Pick<Wanted, 'type' | 'start' | 'end'>): Piece => {
  const [first, last] = [BigInt(start), BigInt(end)];
  return { type, start: first, end: last < first ? first : last > endOfFile ? endOfFile : last };
};

/** What is in the way of a flock on a descriptor that has none, and has none afterwards. */
function flockInTheWay(fd: number, type: 'read' | 'write'): LockThere | undefined {
  if (tryFlock(fd, type)) return undefined;
  const shared = type === 'write' && tryFlock(fd, 'read');
  return { class: 'flock', type: shared ? 'read' : 'write', start: 0n, end: endOfFile, pid: 0 };
}

/** Whether nobody is in the way of it; then it is let go of. */
function tryFlock(fd: number, type: 'read' | 'write'): boolean {
  try {
    setFlock(fd, type);
    setFlock(fd, 'none');
    return true;
  } catch (error) {
    if (error instanceof KernelError && error.code === 'EAGAIN') return false;
    throw error;
  }
}

function lockRefusal(error: unknown): RangeRefusal {
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case 'EAGAIN':
    case 'EACCES':
      return {
        reason: 'range_held_at_fileserver',
        detail: 'A program has a conflicting lock at the fileserver; /proc/locks there lists it.',
      };
    case 'EINVAL':
    case 'EOPNOTSUPP':
      return { reason: 'ranges_unsupported', detail: `${message}: this file system has no such locks.` };
    case undefined:
      throw error;
    default:
      return { reason: 'fileserver_refused', detail: message }; // ENOLCK, EDEADLK: not now
  }
}

function openRefusal(error: unknown): RangeRefusal {
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case 'EAGAIN':
      return {
        reason: 'range_held_at_fileserver',
        detail: 'A program holds a lease on the file at the fileserver, and has been asked to give it up.',
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        reason: 'fileserver_denied',
        detail: `${message}: a lock for writing needs a file that the adapter may write.`,
      };
    case 'EISDIR':
      return { reason: 'ranges_unsupported', detail: 'Bytes of a directory cannot be locked for writing.' };
    case undefined:
      throw error;
    default:
      return { reason: 'fileserver_refused', detail: message };
  }
}

/** A name that could not be followed. */
function refusalOf({ reason, detail }: Refusal): RangeRefusal {
  switch (reason) {
    case 'no_such_file':
    case 'file_changed':
    case 'fileserver_denied':
    case 'fileserver_refused':
      return { reason, detail };
    default:
      return { reason: 'ranges_unsupported', detail };
  }
}
