import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessIdentity, Seen, VerbOutput } from '#locks';
import type { Log } from '../telemetry/logger';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';
import { noInode } from './exports';
import type { FileserverPort } from './fileserver-port';
import { Gate } from './gate';
import { openMemento, sealMemento, type TableKey } from './memento';
import { isRefused, type Refused } from './refusal';

/** One hold as its adapter names it. */
export interface HoldRef {
  export: string;
  fileId: string;
  holdGen: number;
  incarnation: string;
}

/** An answer, with the table's epoch and the memento that the adapter keeps. */
type Remembered<V extends 'register' | 'heartbeat'> =
  Refused | (Exclude<VerbOutput<V>, Refused> & { epoch: number; memento: string });

/** After this many tries the comparison is left to the adapter's next registration. */
const pullTries = 5;
/** When an adapter has come: how many files are bound per page, and how many at a time. */
const bindPage = 256;
const bindsAtOnce = 16;
/** How many refused adapters are remembered. */
const turnedAwayMax = 256;
/** How many living adapters are remembered. */
const heardMax = 4_096;
/** How long a registration waits for the comparison: well below the adapter's own timeout. */
const compareMs = 1_000;

/** Fileserver adapters: who serves what, and what they report about their holds (semantics.md §4, §7). */
export class Fileservers {
  private readonly comparing = new Map<string, Promise<void>>();
  private readonly binding = new Map<string, Promise<void>>();
  /** Adapters that are refused, and why. */
  private readonly turnedAway = new Map<string, string>();
  /** Adapters that this process has heard from. */
  private readonly heard = new Set<string>();
  private stopping = false;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly port: FileserverPort,
    private readonly times: { breakMs: number; lockDelayMs: number },
    private readonly key: TableKey,
    private readonly log: Log,
  ) {}

  /**
   * An adapter takes over its exports. It is asked what it holds, unwanted holds are released, and then it serves.
   * Refused: break_time_too_long, export_overlap, predecessors_max, stack_mismatch, protocol_pinned,
   * incarnation_superseded, item_removing.
   */
  async register(request: {
    stack: string;
    version: string;
    major: number;
    minor: number;
    incarnation: string;
    adapterKey?: string;
    process: ProcessIdentity;
    endpoint: string;
    exports: string[];
    breakLimitMs: number;
    holdsDieWithProcess: boolean;
    locksRanges?: boolean;
    places?: { export: string; fileSystem: string; parts: string[]; ancestry: string[] }[];
    memento?: string;
  }): Promise<Remembered<'register'>> {
    const { holdsDieWithProcess, memento, places: told = [], ...input } = request;
    const places = told.map(({ export: exportName, ...place }) => ({ exportName, ...place }));
    const seen = openMemento(memento, this.key);
    const answer = await this.arbiter.run('register', { ...input, places, seen, ...this.times });
    const { stack, version, incarnation, endpoint, exports, breakLimitMs } = request;
    const who = { stack, version, incarnation, endpoint, exports, holdsDieWithProcess };
    if (isRefused(answer)) {
      const { reason, overlap } = answer.refused;
      // The adapter retries every second; log the refusal only once.
      if (this.turnedAway.get(incarnation) !== reason)
        this.log.warn(
          { ...who, reason, ...overlap, breakLimitMs, breakMs: this.times.breakMs },
          'a fileserver adapter was refused',
        );
      if (this.turnedAway.size >= turnedAwayMax) this.turnedAway.clear();
      this.turnedAway.set(incarnation, reason);
      return answer;
    }
    this.turnedAway.delete(incarnation);
    this.hear(incarnation);
    // It registers again and again until its holds have been read.
    if (!this.comparing.has(incarnation)) this.log.info(who, 'a fileserver adapter has registered');
    for (const name of exports) this.exports.forget(name);
    // Usually the adapter serves before it gets this answer; comparing many holds may take longer.
    const ready = this.compare(endpoint, incarnation).then(() =>
      Promise.all(exports.map((name) => this.bind(name, incarnation))),
    );
    await Promise.race([ready, pause(compareMs, undefined, { ref: false })]);
    return this.remembered(answer);
  }

  /** An adapter is alive. Any node that hears it continues binding its files: the node that began may be dead. */
  async heartbeat(request: {
    incarnation: string;
    exports: string[];
    lost?: { export: string; cause: string }[];
    dead: string[];
    memento?: string;
  }): Promise<Remembered<'heartbeat'>> {
    const { memento, lost: told = [], ...input } = request;
    const lost = told.map(({ export: exportName, cause }) => ({ exportName, cause }));
    const answer = await this.arbiter.run('heartbeat', {
      ...input,
      lost,
      seen: openMemento(memento, this.key),
    });
    if (isRefused(answer)) return answer;
    this.hear(request.incarnation);
    for (const name of answer.opening) void this.bind(name, request.incarnation);
    return this.remembered(answer);
  }

  /** An adapter stops in order, and holders are told. `letGo`: the adapter has released all its holds. */
  async deregister(request: { incarnation: string; letGo: boolean }): Promise<void> {
    const { exports } = await this.arbiter.run('deregister', request);
    for (const name of exports) this.exports.forget(name);
    if (!request.letGo) return;
    const { incarnation } = request;
    this.heard.delete(incarnation);
    this.log.info({ incarnation, exports }, 'a fileserver adapter has stopped in order and holds nothing');
  }

  private hear(incarnation: string): void {
    if (this.heard.size < heardMax) this.heard.add(incarnation);
  }

  private remembered<A extends { seen: Seen; minor?: number }>(
    answer: A,
  ): A & { epoch: number; memento: string } {
    const { seen, minor = 0 } = answer;
    return { ...answer, epoch: seen.epoch, memento: sealMemento(seen, this.key, minor) };
  }

  /** Starts no more work and resolves when all running bindings have ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.binding.values()]);
  }

  /** The fileserver breaks a hold. `taken` is false if that is no longer the current hold. */
  async break(
    request: HoldRef & { breakNo: number; target: 'none' | 'read'; remainingMs?: number },
  ): Promise<{ taken: boolean } | Refused> {
    const { breakNo, target, remainingMs } = request;
    return this.arbiter.run('fileserverBreak', {
      ...(await this.keyed(request)),
      ...{ breakNo, target, remainingMs },
    });
  }

  /** The fileserver lost or weakened a hold without being asked to. */
  async lost(
    request: HoldRef & { have: 'none' | 'read' | 'write'; cause: string },
  ): Promise<{ taken: boolean } | Refused> {
    const { have, cause } = request;
    return this.arbiter.run('fileserverLost', { ...(await this.keyed(request)), have, cause });
  }

  /** The name no longer leads to the file that is held. */
  async detached(request: HoldRef & { path: string }): Promise<{ taken: boolean } | Refused> {
    return this.arbiter.run('fileDetached', { ...(await this.keyed(request)), path: request.path });
  }

  /** At start: compares holds with every adapter that is known to be up. */
  async compareAll(): Promise<void> {
    for (const each of await this.exports.list())
      if (!each.local && each.state === 'up') void this.compare(each.endpoint, each.incarnation);
  }

  /**
   * Looks up at a new fileserver the files that were in use before it came, and asks it for the holds they need. After
   * the last one the export is published. What cannot be looked up now is left to the next heartbeat. Never throws.
   */
  private bind(exportName: string, incarnation: string): Promise<void> {
    const key = `${exportName} ${incarnation}`;
    const running = this.binding.get(key);
    if (running !== undefined || this.stopping) return running ?? Promise.resolve();
    const begun = this.bindAll(exportName, incarnation)
      .catch((error: unknown) => {
        this.log.warn(
          { err: error, export: exportName, incarnation },
          'files could not be bound to their fileserver; the next heartbeat tries again',
        );
      })
      .finally(() => this.binding.delete(key));
    this.binding.set(key, begun);
    return begun;
  }

  private async bindAll(exportName: string, incarnation: string): Promise<void> {
    const gate = new Gate(bindsAtOnce, bindPage);
    for (let moved = true; moved && !this.stopping;) {
      const page = { exportName, incarnation, limit: bindPage };
      const { opening, files } = await this.arbiter.run('unboundList', page);
      if (!opening || files.length === 0) return;
      const [served] = (await this.arbiter.run('exportList', { name: exportName })).exports;
      const endpoint = served?.endpoint ?? '';
      const bound = await Promise.all(
        files.map(({ fileKey, path }) =>
          gate.run(() => this.bindOne({ exportName, incarnation, endpoint, fileKey, path })),
        ),
      );
      moved = bound.includes(true);
    }
  }

  /** Returns whether the file is settled. */
  private async bindOne(file: {
    exportName: string;
    incarnation: string;
    endpoint: string;
    fileKey: string;
    path: string;
  }): Promise<boolean> {
    const { exportName, incarnation, endpoint, fileKey, path } = file;
    const found = await this.port.resolve({ endpoint, incarnation }, exportName, path);
    const where = { exportName, incarnation, fileKey };
    if (!isRefused(found)) {
      const { fileId, inode } = found;
      const realKey = this.arbiter.ids.fileKey(await this.exports.placed(exportName), fileId);
      return (await this.arbiter.run('fileBind', { ...where, realKey, fileId, inode })).bound;
    }
    const { reason: failed } = found.refused;
    if (failed === 'fileserver_timeout' || failed === 'no_backend') return false;
    this.log.warn({ export: exportName, path, reason: failed }, 'a name does not exist at its fileserver');
    return (await this.arbiter.run('fileBind', { ...where, realKey: '', fileId: '', inode: '', failed }))
      .bound;
  }

  /** Reports an adapter's holds to the table, which releases unwanted ones. One comparison per adapter at a time. */
  private compare(endpoint: string, incarnation: string): Promise<void> {
    const running = this.comparing.get(incarnation);
    if (running !== undefined) return running;
    const begun = this.tryToPull(endpoint, incarnation).finally(() => this.comparing.delete(incarnation));
    this.comparing.set(incarnation, begun);
    return begun;
  }

  private async tryToPull(endpoint: string, incarnation: string): Promise<void> {
    let failure: string | undefined;
    for (let tries = 1; tries <= pullTries; tries++) {
      failure = await this.pull(endpoint, incarnation).catch((error: unknown) => String(error));
      if (failure === undefined) return;
      await pause(tries * 500, undefined, { ref: false });
      // The adapter was replaced or has stopped: its holds need no comparison any more.
      if (this.stopping || !(await this.serves(incarnation))) return;
    }
    // It may have stopped while no lease API ran. The journal says so when its exports are lost.
    if (!this.heard.has(incarnation)) return;
    this.log.warn(
      { endpoint, incarnation, tries: pullTries, failure },
      'the holds of a fileserver adapter could not be read; its exports are not served until they are',
    );
  }

  private async serves(incarnation: string): Promise<boolean> {
    const exports = await this.exports.list().catch(() => []);
    return exports.some((each) => each.incarnation === incarnation && each.state !== 'lost');
  }

  /** Returns what went wrong, if anything did. */
  private async pull(endpoint: string, incarnation: string): Promise<string | undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.port.status({ endpoint, incarnation }, cursor);
      if (isRefused(page)) return page.refused.detail ?? page.refused.reason;
      if (page.incarnation !== incarnation) return undefined;
      const holds = await Promise.all(
        page.holds.map(async (hold) => ({
          ...hold,
          fileKey: this.arbiter.ids.fileKey(await this.exports.placed(hold.exportName), hold.fileId),
          inode: noInode,
        })),
      );
      const done = page.cursor === undefined;
      const { adopted } = await this.arbiter.run('holdReport', { incarnation, holds, done });
      if (done) this.exports.forget();
      if (adopted > 0) this.log.warn({ endpoint, incarnation, adopted }, 'releasing holds that no row knows');
      cursor = page.cursor;
    } while (cursor !== undefined);
    return undefined;
  }
  private async keyed(
    ref: HoldRef,
  ): Promise<{ fileKey: string; exportName: string; holdGen: number; incarnation: string }> {
    const { export: exportName, fileId, holdGen, incarnation } = ref;
    const fileKey = this.arbiter.ids.fileKey(await this.exports.placed(exportName), fileId);
    return { fileKey, exportName, holdGen, incarnation };
  }
}
