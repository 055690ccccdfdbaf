import type { fileserver, LeaseType } from '#contracts';
import type {
  BreakFacts,
  DetachedFacts,
  Driver,
  DriverListener,
  HoldRequest,
  LostFacts,
  Notice,
  Place,
  Refusal,
} from '../driver';
import { idleMax, repeatMs, statusPage, stronger } from '../holds';
import { DlmError, type Lock, Lockspace } from './lockspace';
import { levelBeside, modeOf } from './modes';
import { type Found, Tree } from './tree';

/** One export: the files of a directory, named in a lockspace. */
export interface DlmLocation {
  lockspace: string;
  directory: string;
}

const tickMs = 1_000;
/** Names followed per tick, in rotation. */
const namesPerTick = 64;

interface OpenBreak {
  breakNo: number;
  target: 'none' | 'read';
  reportedAt: number;
}

/** One lock of the DLM: the cluster's hold on the file. */
interface Held {
  serial: number;
  path: string;
  lock: Lock;
  level: 'read' | 'write';
  inode: string;
  breaks: number;
  open: OpenBreak | undefined;
  detached: boolean;
}

/** What is known about one file of one export: the last request served, and the hold if there is one. */
interface KnownFile {
  subject: string;
  served: Served;
  fileId: string;
  holdGen: number;
  asked: LeaseType;
  refusal: Refusal | undefined;
  held: Held | undefined;
  /** The hold is gone, but the lease API has not recorded that yet: until then the level must not be raised. */
  lost: { cause: string } | undefined;
  /** The requests for the file, one after the other. */
  turn: Promise<unknown>;
  /** How many requests have not been answered. */
  busy: number;
}

interface Served extends DlmLocation {
  name: string;
  tree: Tree;
  space: Lockspace | undefined;
  /** Why there is no lockspace. */
  left: string | undefined;
  opening: boolean;
}

const refused = (detail: string): Refusal => ({ reason: 'fileserver_refused', detail });

function refusalOf(error: unknown, resource: string): Refusal {
  if (error instanceof DlmError && error.code === 'EAGAIN')
    return refused(`Another program has a lock on ${resource} that is in the way, or waits for one.`);
  return refused((error as Error).message);
}

/**
 * Locks of the kernel's DLM, one per file: PR for read, EX for write. Another program that wants a lock in the way makes
 * the DLM tell us (a blocking AST), and waits until we give way. We never queue, so nobody is told on our behalf.
 */
export class DlmDriver implements Driver {
  readonly exports: readonly string[];
  private readonly served = new Map<string, Served>();
  private readonly rows = new Map<string, KnownFile>();
  /** Rows without a hold, the least recently served first. */
  private readonly idle = new Set<KnownFile>();
  /** Rows with a hold, by their lock, the oldest hold first. */
  private readonly byLock = new Map<Lock, KnownFile>();
  private listener: DriverListener | undefined;
  private serial = 0;
  private tour = this.byLock.values();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(
    locations: Readonly<Record<string, DlmLocation>>,
    private readonly report: (message: string) => void,
  ) {
    this.exports = Object.keys(locations);
    for (const [name, location] of Object.entries(locations)) {
      for (const { lockspace } of this.served.values())
        if (lockspace === location.lockspace)
          throw new Error(`export ${name}: the lockspace ${lockspace} names the files of another export`);
      const tree = Tree.open(location.directory);
      const nothing = { space: undefined, left: undefined, opening: false };
      this.served.set(name, { name, ...location, tree, ...nothing });
    }
  }

  /**
   * @param report takes one sentence for the log when something is degraded
   * @throws if a directory or a lockspace is not there, or libdlm is not
   */
  static async start(
    locations: Readonly<Record<string, DlmLocation>>,
    report: (message: string) => void,
  ): Promise<DlmDriver> {
    const driver = new DlmDriver(locations, report);
    for (const served of driver.served.values()) {
      try {
        await driver.open(served);
      } catch (error) {
        await driver.close();
        const { name, lockspace } = served;
        const next =
          'it must exist on this machine (dlm_tool join), and this user must be allowed to open it';
        throw new Error(`export ${name}: cannot open the lockspace ${lockspace}: ${next}`, { cause: error });
      }
    }
    driver.timer = setInterval(() => {
      driver.tick();
    }, tickMs);
    return driver;
  }

  listen(listener: DriverListener): void {
    this.listener = listener;
  }

  /** The DLM forces nothing. */
  breakLimitMs(): number {
    return 0;
  }

  /** The kernel drops the locks of a process with its descriptor. */
  holdsOutliveMs(): number {
    return 0;
  }

  isReachable(exportName: string): boolean {
    return this.served.get(exportName)?.space?.answers === true;
  }

  gone(exportName: string): string | undefined {
    const served = this.served.get(exportName);
    return served?.left ?? served?.tree.gone();
  }

  places(): ReadonlyMap<string, Place> {
    return new Map([...this.served].map(([name, { tree, lockspace }]) => [name, tree.place(lockspace)]));
  }

  async resolve(exportName: string, path: string): Promise<fileserver.ResolveAnswer | Refusal> {
    const served = this.served.get(exportName);
    if (!served) return { reason: 'no_such_file', detail: `This adapter has no export ${exportName}.` };
    const found = await served.tree.find(path);
    return 'reason' in found ? found : { fileId: found.fileId, inode: found.inode };
  }

  setlease(request: HoldRequest): Promise<fileserver.SetleaseAnswer> {
    const served = this.served.get(request.export);
    if (!served) return Promise.resolve({ have: 'none', ...refused(`no export ${request.export}`) });
    const subject = `${request.export}\0${request.fileId}`;
    const row = this.rows.get(subject) ?? this.newRow(subject, served, request);
    row.busy++;
    const answer = row.turn
      .then(() => this.serve(row, request))
      .finally(() => {
        row.busy--;
        this.keepOrForget(row);
      });
    row.turn = answer.catch(() => undefined);
    return answer;
  }

  holdCount(): number {
    return this.byLock.size;
  }

  status(cursor: string | undefined, limit: number): { holds: fileserver.Hold[]; cursor?: string } {
    return statusPage(this.listed(), cursor, limit);
  }

  private *listed(): Generator<{ serial: number; hold: fileserver.Hold }> {
    for (const { held, fileId, holdGen, served } of this.byLock.values()) {
      if (!held) continue;
      const { serial, path, level } = held;
      yield { serial, hold: { export: served.name, fileId, path, type: level, holdGen } };
    }
  }

  /** The locks go with the descriptor of the lockspace. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    await Promise.all([...this.served.values()].map(async ({ space }) => space?.close()));
    this.byLock.clear();
  }

  private async open(served: Served): Promise<void> {
    served.space = await Lockspace.open(served.lockspace, {
      onBlocking: (lock) => {
        const row = this.byLock.get(lock);
        if (row) this.look(row);
      },
      onGone: (lock) => {
        const row = this.byLock.get(lock);
        if (row)
          this.lose(row, `The DLM says that the lock on ${lock.resource} was released by another program.`);
      },
      onLeft: (cause) => {
        this.leave(served, cause);
      },
    });
    served.left = undefined;
  }

  private leave(served: Served, cause: string): void {
    served.left = `${served.lockspace}: ${cause}`;
    served.space = undefined;
    this.report(`export ${served.name}: ${served.left}; every lock in it is lost`);
    for (const row of this.byLock.values())
      if (row.served === served) this.lose(row, `The lockspace is lost: ${cause}.`);
  }

  /** Each hold generation is carried out once; a repeat reports the result. */
  private async serve(row: KnownFile, request: HoldRequest): Promise<fileserver.SetleaseAnswer> {
    const repeated = request.holdGen === row.holdGen;
    if (request.holdGen < row.holdGen || (repeated && request.type !== row.asked)) {
      return {
        have: row.held?.level ?? 'none',
        reason: 'hold_gen_old',
        detail: `the highest seen is ${row.holdGen}`,
      };
    }
    if (!repeated) {
      row.holdGen = request.holdGen;
      row.asked = request.type;
      row.refusal = await this.setLevel(row, request);
    }
    return this.answer(row);
  }

  /** There is no cookie: nothing proves that a file was not touched while nobody held its lock. */
  private answer(row: KnownFile): fileserver.SetleaseAnswer {
    const { held, asked } = row;
    const refusal = row.refusal ?? this.overtaken(row);
    if (!held) return { have: 'none', ...refusal };
    const breaking =
      held.open && stronger(asked, held.open.target) ? this.breakingRefusal(held.open) : undefined;
    return { have: held.level, ...(refusal ?? breaking), inode: held.inode };
  }

  private overtaken({ held, asked, lost }: KnownFile): Refusal | undefined {
    if (!stronger(asked, held?.level ?? 'none')) return undefined;
    return refused(lost?.cause ?? 'The hold was granted and has been lost since.');
  }

  private breakingRefusal({ target }: OpenBreak): Refusal {
    return refused(`Another program waits for a lock, and the hold is being broken to ${target}.`);
  }

  /** @returns a refusal, or undefined if the level is set */
  private async setLevel(row: KnownFile, { type, path }: HoldRequest): Promise<Refusal | undefined> {
    const { held } = row;
    if (type === 'none') {
      row.lost = undefined;
      return held && this.letGo(row, held);
    }
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
    return this.convert(row, held, type, path);
  }

  private async acquire(row: KnownFile, path: string, type: 'read' | 'write'): Promise<Refusal | undefined> {
    const found = await this.follow(row, path);
    if ('reason' in found) return found;
    const { space, left } = row.served;
    if (space === undefined) return refused(left ?? 'The lockspace is not open.');
    let lock: Lock;
    try {
      lock = await space.lock(found.resource, modeOf[type]);
    } catch (error) {
      return refusalOf(error, found.resource);
    }
    if (row.served.space !== space) return refused(row.served.left ?? 'The lockspace was left.');
    const nothing = { breaks: 0, open: undefined, detached: false };
    row.held = { serial: ++this.serial, path, lock, level: type, inode: found.inode, ...nothing };
    this.byLock.set(lock, row);
    this.look(row);
    return undefined;
  }

  private async convert(
    row: KnownFile,
    held: Held,
    type: 'read' | 'write',
    path: string,
  ): Promise<Refusal | undefined> {
    const up = stronger(type, held.level);
    if (up) {
      const found = await this.follow(row, path);
      if ('reason' in found) return found;
      held.path = path;
      held.detached = false;
    }
    const { space, left } = row.served;
    if (row.held !== held || space === undefined) return refused(left ?? 'The hold was lost.');
    try {
      await space.convert(held.lock, modeOf[type], up);
    } catch (error) {
      return refusalOf(error, held.lock.resource);
    }
    held.level = type;
    held.open = undefined;
    this.look(row);
    return undefined;
  }

  private async letGo(row: KnownFile, held: Held): Promise<Refusal | undefined> {
    try {
      await row.served.space?.unlock(held.lock);
    } catch (error) {
      // With the lockspace, the lock is gone as well.
      if (row.held === held) return refusalOf(error, held.lock.resource);
    }
    this.forget(row, held);
    return undefined;
  }

  private forget(row: KnownFile, held: Held): void {
    this.byLock.delete(held.lock);
    if (row.held === held) row.held = undefined;
    this.keepOrForget(row);
  }

  private async follow(row: KnownFile, path: string): Promise<Found | Refusal> {
    const found = await row.served.tree.find(path);
    if ('reason' in found || found.fileId === row.fileId) return found;
    return { reason: 'file_changed', detail: `The name now leads to ${found.fileId}.` };
  }

  /** Compares a hold with what others want, and reports what is new. */
  private look(row: KnownFile): void {
    const { held } = row;
    if (held?.lock.wanted === undefined) return;
    const target = levelBeside(held.lock.wanted);
    if (target === 'write' || !stronger(held.open?.target ?? held.level, target)) return;
    held.open = { breakNo: ++held.breaks, target, reportedAt: 0 };
    this.reportBreak(row, held, held.open);
  }

  private reportBreak(row: KnownFile, held: Held, open: OpenBreak): void {
    open.reportedAt = performance.now();
    const notice: Notice<BreakFacts> = {
      subject: row.subject,
      now: () => {
        if (row.held !== held || held.open !== open) return undefined;
        const { breakNo, target } = open;
        const { served, fileId, holdGen } = row;
        return { export: served.name, fileId, holdGen, breakNo, target };
      },
    };
    this.listener?.onBreak(notice);
  }

  private lose(row: KnownFile, cause: string): void {
    if (row.held) this.forget(row, row.held);
    row.lost = { cause };
    this.keepOrForget(row);
    this.reportLoss(row, row.lost);
  }

  private reportLoss(row: KnownFile, lost: { cause: string }): void {
    const notice: Notice<LostFacts> = {
      subject: row.subject,
      now: () => {
        if (row.lost !== lost) return undefined;
        const { served, fileId, holdGen } = row;
        return { export: served.name, fileId, holdGen, have: 'none', cause: lost.cause };
      },
      answered: (taken) => {
        if (taken && row.lost === lost) row.lost = undefined;
        this.keepOrForget(row);
      },
    };
    this.listener?.onLost(notice);
  }

  /** The DLM knows nothing of names: a file that was renamed or removed is found by its name. */
  private async checkName(row: KnownFile): Promise<void> {
    const { held } = row;
    if (!held || held.detached) return;
    const found = await this.follow(row, held.path);
    if (row.held !== held || !('reason' in found)) return;
    if (found.reason !== 'no_such_file' && found.reason !== 'file_changed') return; // not proven
    held.detached = true;
    const notice: Notice<DetachedFacts> = {
      subject: row.subject,
      now: () => {
        if (row.held !== held || !held.detached) return undefined;
        const { served, fileId, holdGen } = row;
        return { export: served.name, fileId, holdGen, path: held.path };
      },
    };
    this.listener?.onDetached(notice);
  }

  private tick(): void {
    const now = performance.now();
    for (const row of this.byLock.values()) {
      const { held } = row;
      if (held?.open && now - held.open.reportedAt >= repeatMs) this.reportBreak(row, held, held.open);
    }
    for (const served of this.served.values()) this.reopen(served);
    for (let names = 0; names < namesPerTick; names++) {
      const next = this.tour.next();
      if (next.done) {
        this.tour = this.byLock.values();
        return;
      }
      void this.checkName(next.value);
    }
  }

  /** The export is back when its lockspace is. */
  private reopen(served: Served): void {
    if (served.space !== undefined || served.opening || this.closed) return;
    served.opening = true;
    this.open(served)
      .then(
        () => {
          this.report(`export ${served.name}: the lockspace ${served.lockspace} is there again`);
          if (this.closed) void served.space?.close();
        },
        () => undefined, // still not there: `left` says why
      )
      .finally(() => {
        served.opening = false;
      });
  }

  private newRow(subject: string, served: Served, { fileId }: HoldRequest): KnownFile {
    const nothing = {
      refusal: undefined,
      held: undefined,
      lost: undefined,
      busy: 0,
      turn: Promise.resolve(),
    };
    const row: KnownFile = { subject, served, fileId, holdGen: -1, asked: 'none', ...nothing };
    this.rows.set(subject, row);
    return row;
  }

  /** Keeps every row that matters. The others only serve to detect old requests: of them, keeps the most recent. */
  private keepOrForget(row: KnownFile): void {
    this.idle.delete(row);
    if (row.held || row.lost || row.busy > 0) return;
    this.idle.add(row);
    for (const oldest of this.idle) {
      if (this.idle.size <= idleMax) return;
      this.idle.delete(oldest);
      this.rows.delete(oldest.subject);
    }
  }
}
