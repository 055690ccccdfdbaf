import type { AllocItem, FileRef, LeaseAnswer, LeaseType, LeaseView, Shown } from '#locks';
import type { Arbiter } from './arbiter';
import { blockersOn } from './blockers';
import type { Exports, Parking } from './exports';
import { Gate } from './gate';
import { bodyDigest, holdText, within } from './ids';
import { ownerRef } from './owner';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay, Watch } from './relay';
import { idsOfRepeat } from './repeats';
import { type Findable, goesOn, type Patience, refusedBecause, stoppedMs, Waiting } from './waiting';

/** What the caller wants to lease, by name. */
export interface LeaseWhere {
  sessionId: string;
  owner?: string;
  export: string;
  file: string;
  maxHoldMs?: number;
}
/** Reasons for an undone intent after which another try may succeed. */
const passing: ReadonlySet<string> = new Set([
  'lease_conflict',
  'open_conflict',
  'break_started',
  'fencing',
  'fileserver_refused',
]);
/** Reasons to resolve the name again, or to wait for its fileserver. */
const elsewhere: ReadonlySet<string> = new Set(['resolve_again', 'no_such_export', 'no_backend']);
/** Pause before a fileserver that refused is asked again: nothing reports when a foreign opener closes. */
const refusedPauseMs = 1_000;
/** How much longer than the fileserver's own limit an answer may take. */
const marginMs = 1_000;
const resolvesAtOnce = 16;

/** One request for a lease. */
interface Attempt {
  leaseId: string;
  type: LeaseType;
  digest: string;
  findable: Findable;
  step(waitMs: number): Promise<LeaseAnswer | Refused>;
}
/** How an attempt ended. `inVain`: it had its turn, but failed at the fileserver or because an open intervened. */
interface Ending {
  answer: LeaseView | Refused;
  inVain: boolean;
}

/** Leases: allocate, setlease, getlease (semantics.md §2). */
export class Leases {
  private readonly waiting: Waiting;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
    private readonly askMs: number,
  ) {
    this.waiting = new Waiting(relay);
  }

  /**
   * Allocates leases of one session, all or none.
   * Refused: no_such_session, not_holder, session_expired, no_such_export, no_backend, no_such_file, session_locks_max.
   */
  async allocate(
    sessionId: string,
    wheres: readonly LeaseWhere[],
    digest: string,
  ): Promise<LeaseView[] | Refused> {
    const gate = new Gate(resolvesAtOnce, wheres.length);
    const made = await this.exports.attempt(wheres[0]?.export ?? '', undefined, async (parking) => {
      if (parking.again) for (const { export: name } of wheres) this.exports.forget(name);
      const items: AllocItem[] = [];
      const found = await Promise.all(
        wheres.map((where) => gate.run(() => this.item(where, digest, parking))),
      );
      for (const item of found) {
        if (isRefused(item)) return item;
        items.push(item);
      }
      return this.arbiter.run('leaseAlloc', { sessionId, digest, items });
    });
    return isRefused(made) ? made : made.leases;
  }

  /**
   * setlease: grants, converts, acknowledges or releases; with `waitMs` a conflict is waited out in the file's queue.
   * Refused: every reason of semantics.md §2, §3; queued, queue_full, deadlock, wait_elapsed, cancelled.
   */
  async set(
    leaseId: string,
    request: { type: LeaseType; ifToken?: number; breakId?: string; shown?: Shown },
    digest: string,
    patience: Patience,
  ): Promise<LeaseView | Refused> {
    const attempt = (file?: FileRef): Promise<LeaseView | Refused> => {
      const step = (waitMs: number): Promise<LeaseAnswer | Refused> =>
        this.arbiter.run('leaseSet', { leaseId, digest, waitMs, file, ...request });
      return this.patiently(patience, { leaseId, type: request.type, digest, findable: 'repeated', step });
    };
    const answer = await attempt();
    if (!isRefused(answer) || !elsewhere.has(answer.refused.reason)) return answer;
    // The export has changed since the allocation, or has no adapter. The lease's row has the name to resolve.
    const known = await this.get(leaseId, digest);
    if (isRefused(known)) return known;
    const { sessionId, exportName, path } = known;
    let first: LeaseView | Refused | undefined = answer;
    return this.exports.attempt(exportName, patience, async (parking) => {
      if (first !== undefined) {
        const told = first;
        first = undefined;
        return told;
      }
      const file = await this.exports.resolveFor(
        sessionId,
        digest,
        { export: exportName, file: path },
        parking,
      );
      if (isRefused(file)) return file;
      // A lease cannot follow its name to a file in another shard.
      return this.arbiter.ids.isOn(leaseId, file.fileKey) ? attempt(file) : refuse('file_changed');
    });
  }

  /**
   * Allocates and sets in one call; a refusal leaves nothing behind. With `requestId` a repeat finds the same lease or,
   * while it waits, the same place in the queue.
   * Refused: as for `allocate` and `set`; id_reused_with_other_body, grace, no_grace, hold_too_long.
   */
  async acquire(
    where: LeaseWhere & {
      type: 'read' | 'write';
      requestId?: string;
      within?: string;
      reclaim?: boolean;
      leaseId?: string;
    },
    digest: string,
    patience: Patience,
  ): Promise<LeaseView | Refused> {
    const { sessionId, owner = sessionId, type, requestId, reclaim } = where;
    const body =
      requestId === undefined
        ? undefined
        : bodyDigest('lease', where.export, where.file, owner, type, ...holdText(where), ...within(where));
    const findable: Findable = requestId === undefined ? 'nowhere' : 'named';
    const follow = (
      leaseId: string,
      step: (waitMs: number) => Promise<LeaseAnswer | Refused>,
    ): Promise<LeaseView | Refused> => this.patiently(patience, { leaseId, type, digest, findable, step });
    const take = (item: AllocItem): Promise<LeaseView | Refused> =>
      follow(item.leaseId, (waitMs) =>
        this.arbiter.run('leaseAcquire', { sessionId, digest, item, type, body, waitMs, reclaim }),
      );
    return this.exports.attempt(where.export, patience, async (parking) => {
      const item = await this.item(where, digest, parking);
      if (isRefused(item)) {
        if (requestId === undefined || body === undefined) return item;
        // Find what an earlier request with this content made, even if the name no longer resolves.
        const earlier =
          where.leaseId === undefined
            ? await idsOfRepeat(this.arbiter, { sessionId, digest }, 'lease', requestId)
            : [where.leaseId];
        for (const leaseId of earlier) {
          const made = await follow(leaseId, () => this.made(leaseId, digest, body));
          if (!isRefused(made) || made.refused.reason !== 'no_such_lease') return made;
        }
        return item;
      }
      const answer = await take(item);
      if (!isRefused(answer) || answer.refused.reason !== 'file_changed') return answer;
      // The name now leads to another file: try once more with that one.
      const now = await this.item(where, digest, parking);
      return isRefused(now) ? now : take(now);
    });
  }

  /** getlease. Refused: no_such_lease, no_such_session, not_holder, session_expired. */
  async get(leaseId: string, digest: string): Promise<LeaseView | Refused> {
    const found = await this.arbiter.run('leaseGet', { leaseId, digest });
    return isRefused(found) ? found : found.lease;
  }

  /** One page of a session's leases, or of those on some names. Refused: no_such_session, not_holder, session_expired. */
  list(
    sessionId: string,
    names: { exportName?: string; prefix?: string },
    after: number,
    limit: number,
    digest: string,
  ): Promise<{ leases: LeaseView[]; after?: number } | Refused> {
    return this.arbiter.run('leaseList', { sessionId, digest, ...names, after, limit });
  }

  private async item(
    where: LeaseWhere & { requestId?: string; leaseId?: string },
    digest: string,
    parking: Parking,
  ): Promise<AllocItem | Refused> {
    const { sessionId, requestId, leaseId: keeps, maxHoldMs } = where;
    const file = await this.exports.resolveFor(sessionId, digest, where, parking);
    if (isRefused(file)) return file;
    const leaseId = this.arbiter.ids.forRequest(file.fileKey, 'lease', { sessionId, requestId, keeps });
    return typeof leaseId !== 'string' ? leaseId : { ...file, leaseId, ...ownerRef(where), maxHoldMs };
  }

  private async made(leaseId: string, digest: string, body: string): Promise<LeaseAnswer | Refused> {
    const known = await this.arbiter.run('leaseGet', { leaseId, digest, body });
    if (isRefused(known)) return known;
    const { pendingType, waitType } = known.lease;
    return { ...known, pending: pendingType !== undefined, waiting: waitType !== undefined };
  }

  /** Tries once, and again from the end of the queue if what stopped the request at its turn may pass. */
  private async patiently(patience: Patience, request: Attempt): Promise<LeaseView | Refused> {
    const { waitMs, queued, signal } = patience;
    const until = performance.now() + waitMs;
    // Watch before the step: its record may arrive here before its answer does.
    const watch = this.relay.watch(request.leaseId);
    try {
      for (let left = waitMs; ;) {
        const { answer, inVain } = await this.once(watch, { ...patience, waitMs: left }, request);
        if (!inVain || !isRefused(answer) || waitMs === 0 || queued === true) return answer;
        const { reason } = answer.refused;
        const mayPass = passing.has(reason) || reason === 'wait_elapsed';
        if (!mayPass || signal?.aborted === true) return answer;
        // Nothing is left of the request, so the caller may repeat it.
        if (this.relay.stopping) return refuse('service_stopping', { retryAfterMs: stoppedMs });
        if (reason === 'fileserver_refused') await watch.rest(Math.min(left, refusedPauseMs), signal);
        left = Math.round(until - performance.now());
        if (left <= 0) return { refused: { ...answer.refused, reason: 'wait_elapsed' } };
      }
    } finally {
      watch.close();
    }
  }

  /** Runs a step. If the lease then waits in the queue or for the fileserver, waits for the outcome. */
  private async once(watch: Watch, patience: Patience, request: Attempt): Promise<Ending> {
    const { leaseId, type, digest, findable } = request;
    const made = await request.step(patience.waitMs);
    if (isRefused(made)) return { answer: made, inVain: false };
    if ((!made.pending && !made.waiting) || patience.queued === true)
      return { answer: made.lease, inVain: false };
    if (made.waiting && patience.waitMs === 0)
      return { answer: goesOn('request_pending', leaseId), inVain: false };
    const { fileKey, sessionId, owner, type: before } = made.lease;
    let inVain = false;
    let asked = made.pending;
    const found = await this.waiting.follow<LeaseView>(watch, patience, {
      id: leaseId,
      findable,
      furtherMs: this.askMs + marginMs,
      look: async () => {
        const now = await this.arbiter.run('leaseGet', { leaseId, digest });
        if (isRefused(now)) return now.refused.reason === 'no_such_lease' ? 'gone' : now;
        asked = now.lease.pendingType !== undefined;
        if (asked || now.lease.waitType !== undefined) return 'waits';
        return verdictOn(now.lease, type, before) ?? 'gone';
      },
      ended: (record) => {
        // No record: it was missed while a node came or went. Nothing is held, so try again if time is left.
        inVain = record === undefined || record.kind === 'undone';
        return Promise.resolve(refusedBecause(record));
      },
      withdraw: async () => {
        const reason = asked ? 'fileserver_timeout' : 'cancelled';
        const { lease } = await this.arbiter.run('leaseUndo', { leaseId, reason });
        const verdict = lease === undefined ? undefined : verdictOn(lease, type, before);
        return verdict === undefined || isRefused(verdict) ? undefined : verdict;
      },
    });
    if (!isRefused(found)) return { answer: found, inVain: false };
    const { reason } = found.refused;
    if (reason === 'wait_elapsed' && asked) return { answer: refuse('fileserver_timeout'), inVain: false };
    const conflict = reason === 'wait_elapsed' || (passing.has(reason) && reason !== 'fileserver_refused');
    if (!conflict) {
      const detail = this.arbiter.wordsOf(fileKey, reason);
      return { answer: detail === undefined ? found : refuse(reason, { ...found.refused, detail }), inVain };
    }
    const blockers = await blockersOn(this.arbiter, fileKey, { sessionId, owner });
    return { answer: refuse(reason, blockers), inVain };
  }
}

/** The outcome according to the row of a decided request; undefined if the request failed without a trace. */
function verdictOn(lease: LeaseView, type: LeaseType, before: LeaseType): LeaseView | Refused | undefined {
  // A lease that was `none` has been granted, even if a break has since lowered its type.
  if (lease.state === 'active' || lease.state === 'breaking')
    return lease.type === type || before === 'none' ? lease : undefined;
  if (lease.state === 'released') return refuse('cancelled');
  return lease.state === 'revoked' || lease.state === 'fencing' ? refuse('lease_revoked') : undefined;
}
