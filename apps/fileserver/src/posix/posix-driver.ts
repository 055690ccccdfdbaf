import { fstatSync } from 'node:fs';
import { dirname, basename, join } from 'node:path';
import { type fileserver, type LeaseType, textOfName } from '#contracts';
import type {
  BreakFacts,
  DetachedFacts,
  Driver,
  DriverListener,
  HoldRequest,
  LostFacts,
  Notice,
  Place,
  RangeQuestion,
  RangesRequest,
  Refusal,
} from '../driver';
import { idleMax, remainingMs, repeatMs, statusPage, stronger } from '../holds';
import { breakSignal, BreakSignals } from './break-signals';
import {
  close,
  cookieOf,
  descriptorsMax,
  getKernelLease,
  identityOf,
  kernelBreakLimitMs,
  leaseLine,
  openBeneath,
  openExport,
  openForLease,
  setKernelLease,
  signalThread,
  type FileIdentity,
} from './kernel';
import { identifyProcess } from '../process-identity';
import { Knobs } from './knobs';
import { mountOf, mountsText, parseMounts, placeOf, unseen } from './mounts';
import { NameWatch } from './name-watch';
import { RangeLocks } from './range-locks';

/** The sweep interval is a share of the break limit, so that the reported remaining time is still most of the limit. */
const sweepMs = { least: 100, most: 3_000, shareOfLimit: 0.1 };
const knobsMs = 1_000;
/** Descriptors checked before requests get a turn; takes about a millisecond. */
const sliceMax = 512;
/** Names followed per sweep, in rotation: each costs an open. */
const namesPerSweep = 512;
const watchedDirectoriesMax = 4_096;
const threadStartMsMax = 10_000;
/** Descriptors reserved for sockets, watches and Node itself. */
const descriptorsKept = 256;

interface OpenBreak {
  breakNo: number;
  target: 'none' | 'read';
  /** The earliest time at which the break can have begun. */
  since: number;
  limitMs: number;
  reportedAt: number;
}

/** One kernel lease: the cluster's hold on the file, on a descriptor that is used for nothing else. */
interface KernelLease {
  serial: number;
  path: string;
  fd: number;
  level: 'read' | 'write';
  inode: string;
  /** The last check that found nothing beyond what is known now. */
  quietAt: number;
  breaks: number;
  open: OpenBreak | undefined;
  detached: boolean;
  unwatch: () => void;
}

/** What is known about one file of one export: the last request served, and the hold if there is one. */
interface KnownFile {
  subject: string;
  export: string;
  fileId: string;
  holdGen: number;
  asked: LeaseType;
  refusal: Refusal | undefined;
  held: KernelLease | undefined;
  /** The kernel took the hold, but the lease API has not recorded that yet: until then the level must not be raised. */
  lost: { cause: string } | undefined;
}

const refused = (detail: string): Refusal => ({ reason: 'fileserver_refused', detail });

function refusalOfErrno(error: unknown): Refusal {
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case 'EAGAIN':
      return refused('Somebody has the file open, or holds a lease on it, at the fileserver.');
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return { reason: 'no_such_file', detail: message };
    case 'EXDEV':
    case 'ELOOP':
      return {
        reason: 'no_such_file',
        detail: `The name leads out of the export, into a file system mounted inside it, or in a loop (${code}).`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        reason: 'fileserver_denied',
        detail: `${message}: a lease needs the file's owner or CAP_LEASE.`,
      };
    case 'EINVAL':
    case 'EOPNOTSUPP':
      return {
        reason: 'lease_type_unsupported',
        detail: `${message}: this file system does not support leases.`,
      };
    case 'ESTALE':
      return { reason: 'file_changed', detail: message };
    case undefined:
      throw error;
    default:
      return refused(message); // EMFILE, ENFILE, ENOMEM, ENOLCK, EIO: the fileserver cannot now
  }
}

/** A directory that is served: the one that the name led to when the adapter started. */
interface Root {
  directory: string;
  fd: number;
  place: Place;
  holds: number;
}

const isFd = (opened: number | Refusal): opened is number => typeof opened === 'number';

/**
 * Kernel leases (fcntl_locking(2)), one per file and export. Every request is served synchronously, so requests for one
 * file are always in order. A signal is only a hint; the kernel is asked each time.
 */
export class PosixDriver implements Driver {
  readonly exports: readonly string[];

  private readonly roots = new Map<string, Root>();
  private readonly holdsMax: number;
  private readonly rows = new Map<string, KnownFile>();
  /** Rows without a hold, the least recently served first. */
  private readonly idle = new Set<KnownFile>();
  /** Rows with a hold, by descriptor, the oldest hold first. */
  private readonly byFd = new Map<number, KnownFile>();
  private readonly knobs: Knobs;
  private readonly watch = new NameWatch(watchedDirectoriesMax, (why) => {
    this.knobs.say('fs.inotify', why);
  });
  private readonly ranges = new RangeLocks({
    follow: (exportName, path, fileId) => {
      const opened = this.follow(exportName, path, fileId, true);
      return 'reason' in opened ? opened : opened.fd;
    },
    leaseOn: (exportName, fileId) => this.rows.get(`${exportName}\0${fileId}`)?.held?.level ?? 'none',
    isFull: (exportName) => this.isFull(exportName),
  });
  private knobTimer: NodeJS.Timeout | undefined;
  private readonly signals: BreakSignals;
  private thread: number | undefined;
  private listener: DriverListener | undefined;
  private serial = 0;
  private tour = this.byFd.values();
  private sweepTimer: NodeJS.Timeout | undefined;
  private sweeping: 'no' | 'yes' | 'again' = 'no';
  private closed = false;
  /** The limit that was in force before the last full sweep: a break found now may have begun under it. */
  private limitBeforeMs = kernelBreakLimitMs();

  private constructor(
    directories: Readonly<Record<string, string>>,
    private readonly report: (message: string) => void,
    started: () => void,
  ) {
    this.knobs = new Knobs(report);
    this.exports = Object.keys(directories);
    for (const [name, directory] of Object.entries(directories)) {
      this.roots.set(name, this.openRoot(name, directory));
    }
    const most = descriptorsMax();
    this.holdsMax = Math.floor((most - Math.min(descriptorsKept, most / 2)) / this.exports.length);
    this.signals = new BreakSignals({
      onThread: (tid) => {
        this.thread = tid;
        started();
        void this.pointAt(tid);
      },
      onBreaks: (fds) => {
        for (const fd of fds) {
          const row = this.byFd.get(fd);
          if (row) this.look(row);
        }
      },
      onOverflow: this.sweepNow,
      onThreadLost: (why) => {
        this.thread = undefined;
        this.report(`The thread that waits for break signals died (${why}); starting another one.`);
      },
    });
    // An unhandled SIGIO ends the process. The kernel sends it for a signal that could not be queued, or for a lease
    // that was taken while the thread was being restarted.
    process.on('SIGIO', this.sweepNow);
  }

  /**
   * @param directories name → directory
   * @param report takes one sentence for the log when something is degraded
   * @returns once the thread waits for break signals
   * @throws if a directory cannot be opened, or the kernel is older than 5.6
   */
  static async start(
    directories: Readonly<Record<string, string>>,
    report: (message: string) => void,
  ): Promise<PosixDriver> {
    return new Promise((resolve, reject) => {
      const driver = new PosixDriver(directories, report, () => {
        clearTimeout(late);
        resolve(driver);
      });
      const late = setTimeout(() => {
        driver.close();
        reject(new Error('The thread that waits for break signals does not start.'));
      }, threadStartMsMax);
      driver.signals.start();
      driver.sweepLater();
      driver.knobTimer = setInterval(() => {
        driver.knobs.look();
        driver.watch.retry();
      }, knobsMs);
    });
  }

  listen(listener: DriverListener): void {
    this.listener = listener;
  }

  breakLimitMs(): number {
    return kernelBreakLimitMs();
  }

  holdsOutliveMs(): number {
    return 0;
  }

  isReachable(): boolean {
    return true;
  }

  places(): ReadonlyMap<string, Place> {
    return new Map([...this.roots].map(([name, { place }]) => [name, place]));
  }

  gone(exportName: string): string | undefined {
    const root = this.roots.get(exportName);
    if (!root) return undefined;
    let fd: number;
    try {
      fd = openExport(root.directory);
    } catch (error) {
      return `its directory is no longer at its path (${(error as { code?: string }).code ?? String(error)})`;
    }
    const [was, is] = [fstatSync(root.fd, { bigint: true }), fstatSync(fd, { bigint: true })];
    if (was.dev !== is.dev || was.ino !== is.ino) {
      close(fd);
      return 'another directory is at its path, or is mounted over it';
    }
    // It is the same directory, perhaps through another mount: a descriptor stays on the mount it was opened through.
    close(root.fd);
    root.fd = fd;
    return undefined;
  }

  private openRoot(name: string, directory: string): Root {
    let fd: number;
    try {
      fd = openExport(directory);
      close(openBeneath(fd, '.')); // if the kernel lacks openat2, fail now and not at the first request
    } catch (error) {
      throw new Error(`export ${name}: cannot open ${directory}`, { cause: error });
    }
    const mounts = parseMounts(mountsText());
    const mount = mountOf(fd, mounts);
    if (mount === undefined)
      throw new Error(`export ${name}: ${directory} is on a mount that cannot be found`);
    const blind = unseen(mount.type);
    if (blind) {
      const words = `export ${name}: ${directory} is on ${mount.type}: ${blind.why}`;
      if (blind.refuse) throw new Error(`${words}; serve it on the machine that has its disk`);
      this.report(words);
    }
    return { directory, fd, place: placeOf(fd, mount, mounts, identifyProcess().bootId), holds: 0 };
  }

  resolve(exportName: string, path: string): Promise<fileserver.ResolveAnswer | Refusal> {
    const opened = this.follow(exportName, path, undefined, true);
    if ('reason' in opened) return Promise.resolve(opened);
    close(opened.fd);
    const { fileId, inode } = opened.identity;
    return Promise.resolve({ fileId, inode });
  }

  setlease(request: HoldRequest): Promise<fileserver.SetleaseAnswer> {
    return Promise.resolve(this.serve(request));
  }

  setranges(request: RangesRequest): Promise<fileserver.SetrangesAnswer> {
    return Promise.resolve(this.ranges.set(request));
  }

  testrange(request: RangeQuestion): Promise<fileserver.TestrangeAnswer> {
    return Promise.resolve(this.ranges.test(request));
  }

  /** Whether the descriptors of the export are used up. */
  private isFull(exportName: string): boolean {
    const { holds = 0 } = this.roots.get(exportName) ?? {};
    return holds + this.ranges.descriptors >= this.holdsMax;
  }

  holdCount(): number {
    let count = 0;
    for (const { holds } of this.roots.values()) count += holds;
    return count;
  }

  status(cursor: string | undefined, limit: number): { holds: fileserver.Hold[]; cursor?: string } {
    return statusPage(this.listed(), cursor, limit);
  }

  private *listed(): Generator<{ serial: number; hold: fileserver.Hold }> {
    for (const { held, fileId, holdGen, ...row } of this.byFd.values()) {
      if (!held) continue;
      const { serial, path, level } = held;
      yield { serial, hold: { export: row.export, fileId, path, type: level, holdGen } };
    }
    yield* this.ranges.listed();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.sweepTimer);
    clearInterval(this.knobTimer);
    for (const row of this.byFd.values()) this.letGo(row);
    this.ranges.close();
    this.watch.close();
    this.signals.close();
    for (const { fd } of this.roots.values()) close(fd);
    process.off('SIGIO', this.sweepNow);
  }

  /** Each hold generation is carried out once; a repeat reports the result. */
  private serve(request: HoldRequest): fileserver.SetleaseAnswer {
    const subject = `${request.export}\0${request.fileId}`;
    const row = this.rows.get(subject) ?? this.newRow(subject, request);
    const repeated = request.holdGen === row.holdGen;
    if (request.holdGen < row.holdGen || (repeated && request.type !== row.asked)) {
      return {
        have: row.held?.level ?? 'none',
        reason: 'hold_gen_old',
        detail: `the highest seen is ${row.holdGen}`,
      };
    }
    if (repeated) {
      this.look(row);
    } else {
      row.holdGen = request.holdGen;
      row.asked = request.type;
      row.refusal = this.setLevel(row, request);
    }
    this.keepOrForget(row);
    return this.answer(row);
  }

  private answer(row: KnownFile): fileserver.SetleaseAnswer {
    const { held, asked } = row;
    const refusal = row.refusal ?? this.overtaken(row);
    if (!held) return { have: 'none', ...refusal };
    const cookie = cookieOf(held.fd);
    const proof = cookie === undefined ? {} : { cookie };
    // A hold that is being broken must not back another holder, even if the level does not change.
    const breaking =
      held.open && stronger(asked, held.open.target) ? this.breakingRefusal(held.open) : undefined;
    return { have: held.level, ...(refusal ?? breaking), inode: held.inode, ...proof };
  }

  private overtaken({ held, asked, lost }: KnownFile): Refusal | undefined {
    if (!stronger(asked, held?.level ?? 'none')) return undefined;
    return refused(lost?.cause ?? 'The hold was granted and has been lost since.');
  }

  private breakingRefusal({ target }: OpenBreak): Refusal {
    return refused(`The hold is being broken to ${target} at the fileserver.`);
  }

  /** @returns a refusal, or undefined if the level is set */
  private setLevel(row: KnownFile, { type, path }: HoldRequest): Refusal | undefined {
    if (type === 'none') {
      row.lost = undefined;
      if (row.held) this.letGo(row);
      return undefined;
    }
    this.look(row);
    const { held } = row;
    const level = held?.level ?? 'none';
    if (!stronger(type, level)) row.lost = undefined; // the lease API asks for no more than what is left
    if (row.lost) {
      // The report already sent may have named an old generation, and was then ignored.
      this.reportLoss(row, row.lost);
      return refused(row.lost.cause);
    }
    if (!held) return this.acquire(row, path, type);
    if (type === level) return undefined;
    if (held.open && stronger(type, held.open.target)) {
      this.reportBreak(row, held, held.open); // the earlier report names an old generation
      return this.breakingRefusal(held.open);
    }
    if (stronger(type, level)) {
      const opened = this.follow(row.export, path, row.fileId);
      if ('reason' in opened) return opened;
      close(opened.fd);
      this.watchName(row, held, path);
    }
    try {
      setKernelLease(held.fd, type);
    } catch (error) {
      this.look(row); // a writer that has arrived in the meantime changes the target to none
      return refusalOfErrno(error);
    }
    held.level = type;
    held.open = undefined;
    this.look(row);
    return undefined;
  }

  private acquire(row: KnownFile, path: string, type: 'read' | 'write'): Refusal | undefined {
    const root = this.roots.get(row.export);
    if (root && this.isFull(row.export)) {
      return refused(
        `This adapter already has ${root.holds} holds in this export; RLIMIT_NOFILE allows no more.`,
      );
    }
    const opened = this.follow(row.export, path, row.fileId);
    if ('reason' in opened) return opened;
    const quietAt = performance.now();
    const fd = this.lease(opened.fd, type);
    close(opened.fd);
    if (!isFd(fd)) {
      const locked = fd.reason === 'fileserver_refused' && this.ranges.has(row.export, row.fileId);
      return locked ? refused(`${fd.detail} The cluster has locked ranges of it there.`) : fd;
    }
    const inode = leaseLine(fd)?.inode ?? opened.identity.inode;
    const serial = ++this.serial;
    const unwatch = (): void => undefined;
    const held: KernelLease = {
      ...{ serial, path, fd, level: type, inode, quietAt, unwatch },
      ...{ breaks: 0, open: undefined, detached: false },
    };
    row.held = held;
    this.byFd.set(fd, row);
    if (root) root.holds++;
    this.watchName(row, held, path);
    this.look(row);
    return undefined;
  }

  /** @returns a new descriptor with the kernel lease on it */
  private lease(pathFd: number, type: 'read' | 'write'): number | Refusal {
    let fd: number | undefined;
    try {
      fd = openForLease(pathFd);
      // Before the lease, so that no break can come in between. Without a thread the kernel sends SIGIO to the process.
      if (this.thread !== undefined) signalThread(fd, this.thread, breakSignal);
      setKernelLease(fd, type);
      return fd;
    } catch (error) {
      if (fd !== undefined) close(fd);
      return this.refusalFor(error);
    }
  }

  /** The refusal for an error; it names the setting that caused it, if one did. */
  private refusalFor(error: unknown): Refusal {
    const { code } = error as { code?: string };
    this.knobs.failed(code);
    const knob = code === 'EINVAL' ? this.knobs.refusal : undefined;
    return knob === undefined ? refusalOfErrno(error) : refused(knob);
  }

  /**
   * Follows a name to a regular file, or to a directory if that will do, and checks that it is the expected one.
   * A directory can be locked, but the kernel refuses leases on it (EINVAL).
   * @returns an O_PATH descriptor, which the caller must close, or a refusal
   */
  private follow(
    exportName: string,
    path: string,
    expected?: string,
    directoryToo = false,
  ): { fd: number; identity: FileIdentity } | Refusal {
    const root = this.roots.get(exportName);
    if (!root) return { reason: 'no_such_file', detail: `This adapter has no export ${exportName}.` };
    let fd: number | undefined;
    try {
      fd = openBeneath(root.fd, path);
      const identity = identityOf(fd);
      let refusal: Refusal | undefined;
      if (expected !== undefined && identity.fileId !== expected) {
        refusal = { reason: 'file_changed', detail: `The name now leads to ${identity.fileId}.` };
      } else if (!identity.regular && !(directoryToo && identity.directory)) {
        const detail = 'Only regular files can be leased; directories can be locked.';
        refusal = { reason: 'lease_type_unsupported', detail };
      }
      if (!refusal) return { fd, identity };
      close(fd);
      return refusal;
    } catch (error) {
      if (fd !== undefined) close(fd);
      return this.refusalFor(error);
    }
  }

  /** F_UNLCK goes first: a child process that inherited the descriptor would keep the lease alive. */
  private letGo(row: KnownFile): void {
    const { held } = row;
    if (!held) return;
    try {
      setKernelLease(held.fd, 'none');
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error; // EAGAIN: the kernel has already taken the lease
    }
    this.forget(row, held);
  }

  private forget(row: KnownFile, held: KernelLease): void {
    held.unwatch();
    this.byFd.delete(held.fd);
    close(held.fd);
    row.held = undefined;
    const root = this.roots.get(row.export);
    if (root) root.holds--;
    this.keepOrForget(row);
  }

  /** Asks the kernel for the state of a hold, and reports what is new. */
  private look(row: KnownFile): void {
    const { held } = row;
    if (!held) return;
    const now = performance.now();
    const mode = getKernelLease(held.fd);
    if (mode === held.level && !held.open) {
      held.quietAt = now;
      return;
    }
    const limitMs = this.limitNowMs();
    // The kernel forces nothing before the limit is over, so until then a weaker mode is a break; later, read the line.
    const soon = !held.open && (limitMs === 0 || now - held.quietAt < limitMs);
    const line = soon ? { breaking: true, mode } : leaseLine(held.fd);
    if (!line) {
      const cause = `The kernel revoked the ${held.level} lease after ${limitMs} ms.`;
      this.forget(row, held);
      this.lose(row, cause);
    } else if (!line.breaking && line.mode === 'read' && held.level === 'write') {
      held.level = 'read';
      held.open = undefined;
      held.quietAt = now;
      this.lose(row, `The kernel forced the write lease down to a read lease after ${limitMs} ms.`);
    } else if (
      line.breaking &&
      line.mode !== 'write' &&
      stronger(held.open?.target ?? held.level, line.mode)
    ) {
      const target = line.mode;
      const open = { breakNo: ++held.breaks, target, since: held.quietAt, limitMs, reportedAt: now };
      held.open = open;
      this.reportBreak(row, held, open);
    }
    held.quietAt = now;
  }

  /** The limit of a break that is found now: the shorter one, if an administrator has just changed it. */
  private limitNowMs(): number {
    const now = kernelBreakLimitMs();
    if (now === 0 || this.limitBeforeMs === 0) return Math.max(now, this.limitBeforeMs);
    return Math.min(now, this.limitBeforeMs);
  }

  private reportBreak(row: KnownFile, held: KernelLease, open: OpenBreak): void {
    open.reportedAt = performance.now();
    const notice: Notice<BreakFacts> = {
      subject: row.subject,
      now: () => {
        if (row.held !== held || held.open !== open) return undefined;
        const { breakNo, target } = open;
        const facts = { export: row.export, fileId: row.fileId, holdGen: row.holdGen, breakNo, target };
        return open.limitMs === 0 ? facts : { ...facts, remainingMs: remainingMs(open) };
      },
    };
    this.listener?.onBreak(notice);
  }

  private lose(row: KnownFile, cause: string): void {
    row.lost = { cause };
    this.reportLoss(row, row.lost);
  }

  private reportLoss(row: KnownFile, lost: { cause: string }): void {
    const { cause } = lost;
    const notice: Notice<LostFacts> = {
      subject: row.subject,
      now: () => {
        if (row.lost !== lost) return undefined;
        const { fileId, holdGen } = row;
        return { export: row.export, fileId, holdGen, have: row.held?.level ?? 'none', cause };
      },
      answered: (taken) => {
        if (taken && row.lost === lost) row.lost = undefined;
        this.keepOrForget(row);
      },
    };
    this.listener?.onLost(notice);
  }

  private watchName(row: KnownFile, held: KernelLease, path: string): void {
    const root = this.roots.get(row.export);
    if (!root) return;
    held.unwatch();
    held.path = path;
    held.detached = false;
    const directory = join(textOfName(Buffer.from(root.directory)), dirname(path));
    held.unwatch = this.watch.watch(directory, basename(path), () => {
      this.checkName(row);
    });
  }

  /** Checks whether the name still leads to the file: rename, unlink and rename-over do not break a lease. */
  private checkName(row: KnownFile): void {
    const { held } = row;
    if (!held || held.detached) return;
    const opened = this.follow(row.export, held.path, row.fileId);
    if (!('reason' in opened)) {
      close(opened.fd);
      return;
    }
    if (opened.reason !== 'no_such_file' && opened.reason !== 'file_changed') return; // not proven
    held.detached = true;
    const notice: Notice<DetachedFacts> = {
      subject: row.subject,
      now: () =>
        row.held === held && held.detached
          ? { export: row.export, fileId: row.fileId, holdGen: row.holdGen, path: held.path }
          : undefined,
    };
    this.listener?.onDetached(notice);
  }

  private newRow(subject: string, { export: exportName, fileId }: HoldRequest): KnownFile {
    const nothing = { refusal: undefined, held: undefined, lost: undefined };
    const row: KnownFile = { subject, export: exportName, fileId, holdGen: -1, asked: 'none', ...nothing };
    this.rows.set(subject, row);
    return row;
  }

  /** Keeps every row that matters. The others only serve to detect old requests: of them, keeps the most recent. */
  private keepOrForget(row: KnownFile): void {
    this.idle.delete(row);
    if (row.held || row.lost) return;
    this.idle.add(row);
    for (const oldest of this.idle) {
      if (this.idle.size <= idleMax) return;
      this.idle.delete(oldest);
      this.rows.delete(oldest.subject);
    }
  }

  /** Directs the signals of every descriptor to a new thread. A sweep finds the breaks signalled in between. */
  private async pointAt(tid: number): Promise<void> {
    let n = 0;
    for (const fd of this.byFd.keys()) {
      if (this.thread !== tid) return;
      signalThread(fd, tid, breakSignal);
      if (++n % sliceMax === 0) await new Promise(setImmediate);
    }
    if (n > 0) this.sweepNow();
  }

  private readonly sweepNow = (): void => {
    if (this.sweeping !== 'no') {
      this.sweeping = 'again';
      return;
    }
    clearTimeout(this.sweepTimer);
    this.sweeping = 'yes';
    void this.sweep().finally(() => {
      const again = this.sweeping === 'again';
      this.sweeping = 'no';
      if (again) this.sweepNow();
      else this.sweepLater();
    });
  };

  private sweepLater(): void {
    if (this.closed) return;
    const limitMs = this.limitNowMs();
    const share = limitMs === 0 ? sweepMs.most : limitMs * sweepMs.shareOfLimit;
    this.sweepTimer = setTimeout(this.sweepNow, Math.max(sweepMs.least, Math.min(sweepMs.most, share)));
  }

  /** Finds missed breaks, leases taken by force and names that moved. Works in slices, with requests in between. */
  private async sweep(): Promise<void> {
    const limitMs = kernelBreakLimitMs();
    let n = 0;
    for (const row of this.byFd.values()) {
      if (this.closed) return;
      this.look(row);
      const { held } = row;
      if (held?.open && performance.now() - held.open.reportedAt >= repeatMs)
        this.reportBreak(row, held, held.open);
      if (++n % sliceMax === 0) await new Promise(setImmediate);
    }
    this.limitBeforeMs = limitMs;
    for (let names = 0; names < namesPerSweep; names++) {
      if (names % 64 === 63) await new Promise(setImmediate);
      if (this.closed) return;
      const next = this.tour.next();
      if (next.done) {
        this.tour = this.byFd.values();
        return;
      }
      this.checkName(next.value);
    }
  }
}
