import type { BreakView, LockView, SessionView } from '#locks';
import type { Log } from '../telemetry/logger';
import type { Metrics } from '../telemetry/metrics';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';
import { isRefused, refuse, type Refused } from './refusal';

/** How many rows of a session are shown before it is ended, and how many are read at a time. */
const endingRowsMax = 1_000;
const pageRows = 250;
/** Locks in these states are only remembered: ending the session takes nothing. */
const over: ReadonlySet<string> = new Set(['released', 'revoked']);

export interface LockFilter {
  export?: string;
  /** Needs `export`: a name alone identifies no file. */
  file?: string;
  /** Likewise: how the names begin. */
  prefix?: string;
  /** Likewise. */
  semaphore?: string;
  session?: string;
  state?: string;
  kind?: string;
  type?: string;
}
/** Where a page begins. */
interface Place {
  after?: number;
  within?: number;
}
export interface LockPage extends Place {
  locks: LockView[];
}

/** What administrators see and do: every lease, open, range lock and waiter. */
export class Locks {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /**
   * Returns a function that reads the listing page by page. A page is full unless it is the last, or only
   * few of about 256 rows pass the filter: then it may be short or empty, and has a successor.
   * With `tree`, waiters are nested in what blocks them.
   * Refused: as for a name, if one is given.
   */
  async pages(
    filter: LockFilter,
    tree: boolean,
  ): Promise<((from: Place, limit: number) => Promise<LockPage>) | Refused> {
    let fileKey: string | undefined;
    if (filter.file !== undefined) {
      if (filter.export === undefined)
        return refuse('bad_request', { detail: 'The filter `file` needs the filter `export`.' });
      const file = await this.exports.resolve(filter.export, filter.file);
      if (isRefused(file)) return file;
      fileKey = file.fileKey;
    }
    if (filter.semaphore !== undefined) {
      if (filter.export === undefined || filter.file !== undefined)
        return refuse('bad_request', {
          detail: 'The filter `semaphore` needs the filter `export`, and excludes `file`.',
        });
      fileKey = this.arbiter.ids.semaphoreKey(await this.exports.placed(filter.export), filter.semaphore);
    }
    if (filter.prefix !== undefined && (filter.export === undefined || fileKey !== undefined))
      return refuse('bad_request', {
        detail: 'The filter `prefix` needs the filter `export`, and excludes `file` and `semaphore`.',
      });
    const { export: exportName, prefix, session: sessionId, state, kind, type } = filter;
    return ({ after = 0, within }, limit) =>
      this.arbiter.run('lockList', {
        after,
        within,
        limit,
        fileKey,
        exportName,
        prefix,
        sessionId,
        state,
        kind,
        type,
        tree,
      });
  }

  /** A lock and its waiters. Refused: no_such_lock. */
  async get(id: string): Promise<LockView | Refused> {
    const found = await this.arbiter.run('lockGet', { id });
    return isRefused(found) ? found : found.lock;
  }

  /**
   * Takes a lease, an open or a range lock from its holder, or ends a wait. `unfenced`: without waiting for the
   * fileserver.
   * Refused: no_such_lock.
   */
  async release(id: string, unfenced: boolean): Promise<Refused | undefined> {
    const released = await this.arbiter.run('lockRelease', { id, unfenced });
    if (isRefused(released)) return released;
    if (unfenced) this.metrics.unfencedReleases.add(1);
    this.log.warn({ id, unfenced }, 'an administrator released a lock');
    return undefined;
  }

  /**
   * Shows what a session would lose by its end, each row with its waiters, and changes nothing. `waiting`: how many
   * requests of others wait behind it.
   * Refused: no_such_session.
   */
  async ending(
    sessionId: string,
  ): Promise<{ session: SessionView; locks: LockView[]; waiting: number; truncated: boolean } | Refused> {
    const found = await this.arbiter.run('sessionGet', { sessionId });
    if (isRefused(found)) return found;
    const locks: LockView[] = [];
    let after: number | undefined = 0;
    while (after !== undefined && locks.length < endingRowsMax) {
      const page: LockPage = await this.arbiter.run('lockList', {
        after,
        limit: pageRows,
        sessionId,
        tree: true,
      });
      locks.push(...page.locks.filter(({ state }) => !over.has(state)));
      after = page.after;
    }
    const behind = new Set<string>();
    for (const { waiters = [] } of locks)
      for (const waiter of waiters) if (waiter.sessionId !== sessionId) behind.add(waiter.id);
    return { session: found.session, locks, waiting: behind.size, truncated: after !== undefined };
  }

  /** Ends a session as if its TTL were over: what it holds is revoked. Refused: no_such_session. */
  async endSession(sessionId: string): Promise<Refused | undefined> {
    for (;;) {
      const ended = await this.arbiter.run('sessionEnd', { sessionId });
      if (isRefused(ended)) return ended;
      if (ended.more) continue;
      this.log.warn({ sessionId }, 'an administrator ended a session');
      return undefined;
    }
  }

  /**
   * Starts a break on the file of a lease. Returns the break, if there was anything to break.
   * Refused: no_such_lock.
   */
  async break(id: string, target: 'none' | 'read'): Promise<{ break?: BreakView } | Refused> {
    const started = await this.arbiter.run('lockBreak', { id, target });
    if (!isRefused(started)) this.log.warn({ id, target }, 'an administrator started a break');
    return started;
  }
}
