import type { AllocItem, LeaseAnswer, LeaseType, LeaseView, RecordRow } from '#locks';
import type { Arbiter } from './arbiter';
import { blockersOn } from './blockers';
import type { Exports } from './exports';
import { Gate } from './gate';
import { bodyDigest, clientKeyOf, derivedId, ownerKeyOf, randomId } from './ids';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay, Watch } from './relay';

/** What the caller wants leased, by name. */
export interface LeaseWhere {
  sessionId: string;
  owner?: string;
  export: string;
  file: string;
}
/** How long to try, and how the caller shows that it has gone. */
export interface Patience {
  waitMs: number;
  signal?: AbortSignal;
}

/** Conflicts that may pass while a request waits. */
const passing: ReadonlySet<string> = new Set([
  'lease_conflict',
  'open_conflict',
  'break_started',
  'breaker_queued',
  'fencing',
  'lock_delay',
  'fileserver_refused',
]);
/** A fileserver that refused is not asked again sooner: nothing tells when a foreign opener closes. */
const refusedPauseMs = 1_000;
/** Longest time between two tries: not everything that may help leaves a record. */
const pollMs = 1_000;
/** Shortest: the records of one file may come thick and fast. */
const breatherMs = 10;
/** What an answer may take beyond the fileserver's own limit. */
const marginMs = 1_000;
const resolvesAtOnce = 16;

/** Leases: allocate, setlease, getlease (semantics.md §2). */
export class Leases {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
    private readonly askMs: number,
  ) {}

  /**
   * Allocates leases of one session, all or none.
   * Refused: no_such_session, not_holder, session_expired, no_such_export, no_backend, no_such_file, session_leases_max.
   */
  async allocate(
    sessionId: string,
    wheres: readonly LeaseWhere[],
    digest: string,
  ): Promise<LeaseView[] | Refused> {
    const gate = new Gate(resolvesAtOnce, wheres.length);
    const items: AllocItem[] = [];
    const found = await Promise.all(
      wheres.map((where) => gate.run(() => this.item(where, randomId(), digest))),
    );
    for (const item of found) {
      if (isRefused(item)) return item;
      items.push(item);
    }
    const made = await this.arbiter.run('leaseAlloc', { sessionId, digest, items });
    return isRefused(made) ? made : made.leases;
  }

  /**
   * setlease: grants, converts, acknowledges or releases; with `waitMs` a conflict is waited out, in no order.
   * Refused: every reason of semantics.md §2 and §3; wait_elapsed.
   */
  async set(
    leaseId: string,
    request: { type: LeaseType; ifToken?: number; breakId?: string },
    digest: string,
    patience: Patience,
  ): Promise<LeaseView | Refused> {
    const step = (): Promise<LeaseAnswer | Refused> =>
      this.arbiter.run('leaseSet', { leaseId, digest, ...request });
    const fileKey = async (): Promise<string | undefined> => {
      const found = await this.arbiter.run('leaseGet', { leaseId, digest });
      return isRefused(found) ? undefined : found.lease.fileKey;
    };
    return this.patiently(patience, fileKey, () => this.decide(leaseId, request.type, digest, step));
  }

  /**
   * Allocates and sets in one call; a refusal leaves nothing behind. With `requestId` a repeat finds the same lease.
   * Refused: those of `allocate` and `set`; id_reused_with_other_body.
   */
  async acquire(
    where: LeaseWhere & { type: 'read' | 'write'; requestId?: string },
    digest: string,
    patience: Patience,
  ): Promise<LeaseView | Refused> {
    const { sessionId, owner = sessionId, type, requestId } = where;
    const leaseId = requestId === undefined ? randomId() : derivedId(sessionId, 'lease', requestId);
    const body =
      requestId === undefined ? undefined : bodyDigest('lease', where.export, where.file, owner, type);
    const resolved = await this.item(where, leaseId, digest);
    if (isRefused(resolved)) return (await this.made(leaseId, type, digest, body)) ?? resolved;
    let item = resolved;
    const attempt = (): Promise<LeaseView | Refused> =>
      this.decide(leaseId, type, digest, () =>
        this.arbiter.run('leaseAcquire', { sessionId, digest, item, type, body }),
      );
    return this.patiently(
      patience,
      () => Promise.resolve(item.fileKey),
      async () => {
        const answer = await attempt();
        if (!isRefused(answer) || answer.refused.reason !== 'file_changed') return answer;
        // The name was led elsewhere since it was resolved: once more, with the file it leads to now.
        const now = await this.item(where, leaseId, digest);
        if (isRefused(now)) return now;
        item = now;
        return attempt();
      },
    );
  }

  /** getlease. Refused: no_such_lease, no_such_session, not_holder, session_expired. */
  async get(leaseId: string, digest: string): Promise<LeaseView | Refused> {
    const found = await this.arbiter.run('leaseGet', { leaseId, digest });
    return isRefused(found) ? found : found.lease;
  }

  /** One page of a session's leases. Refused: no_such_session, not_holder, session_expired. */
  list(
    sessionId: string,
    after: number,
    limit: number,
    digest: string,
  ): Promise<{ leases: LeaseView[]; after?: number } | Refused> {
    return this.arbiter.run('leaseList', { sessionId, digest, after, limit });
  }

  private async item(where: LeaseWhere, leaseId: string, digest: string): Promise<AllocItem | Refused> {
    const { sessionId, owner = sessionId } = where;
    const file = await this.exports.resolveFor(sessionId, digest, where.export, where.file);
    return isRefused(file)
      ? file
      : {
          ...file,
          leaseId,
          owner,
          ownerKey: ownerKeyOf(sessionId, owner),
          clientKey: clientKeyOf(sessionId),
        };
  }

  /** What an earlier request with this content made: it is found though its name can no longer be followed. */
  private async made(
    leaseId: string,
    type: LeaseType,
    digest: string,
    body: string | undefined,
  ): Promise<LeaseView | Refused | undefined> {
    if (body === undefined) return undefined;
    const found = await this.decide(leaseId, type, digest, async () => {
      const known = await this.arbiter.run('leaseGet', { leaseId, digest, body });
      return isRefused(known)
        ? known
        : { ...known, pending: known.lease.pendingType !== undefined, waiting: false };
    });
    return isRefused(found) && found.refused.reason === 'no_such_lease' ? undefined : found;
  }

  /** Runs a step that may leave the lease pending, and waits for how that ends. */
  private async decide(
    leaseId: string,
    type: LeaseType,
    digest: string,
    step: () => Promise<LeaseAnswer | Refused>,
  ): Promise<LeaseView | Refused> {
    // Before the step: its record may arrive here before its answer does.
    const watch = this.relay.watch(leaseId);
    try {
      const answer = await step();
      if (isRefused(answer)) return answer;
      return answer.pending ? await this.outcome(watch, answer.lease, type, digest) : answer.lease;
    } finally {
      watch.close();
    }
  }

  /** How a pending lease ends. A record is a hint, also of an earlier intent; the row decides. */
  private async outcome(
    watch: Watch,
    pending: LeaseView,
    type: LeaseType,
    digest: string,
  ): Promise<LeaseView | Refused> {
    const { leaseId } = pending;
    const until = performance.now() + this.askMs + marginMs;
    for (
      let left = this.askMs + marginMs;
      left > 0 && !this.relay.stopping;
      left = until - performance.now()
    ) {
      const record = await watch.next(left);
      const found = await this.arbiter.run('leaseGet', { leaseId, digest });
      if (isRefused(found)) return record?.kind === 'undone' ? this.undone(record, pending) : found;
      const { lease } = found;
      if (lease.pendingType === undefined) return verdictOn(lease, type) ?? this.undone(record, pending);
    }
    const { lease } = await this.arbiter.run('leaseUndo', { leaseId, reason: 'fileserver_timeout' });
    return (lease === undefined ? undefined : verdictOn(lease, type)) ?? refuse('fileserver_timeout');
  }

  private async undone(
    record: RecordRow | undefined,
    { fileKey, sessionId, owner }: LeaseView,
  ): Promise<Refused> {
    const reason = record?.reason ?? 'cancelled';
    const conflict = reason !== 'fileserver_refused' && passing.has(reason);
    return refuse(reason, conflict ? await blockersOn(this.arbiter, fileKey, { sessionId, owner }) : {});
  }

  /** Tries again whenever something about the file has gone away, until the wait is over. */
  private async patiently(
    { waitMs, signal }: Patience,
    fileKeyOf: () => Promise<string | undefined>,
    attempt: () => Promise<LeaseView | Refused>,
  ): Promise<LeaseView | Refused> {
    const until = performance.now() + waitMs;
    let answer = await attempt();
    if (waitMs === 0 || !mayPass(answer)) return answer;
    const fileKey = await fileKeyOf();
    if (fileKey === undefined) return answer;
    const watch = this.relay.watch(fileKey);
    try {
      // At once again: what stood in the way may have gone before the watch began.
      for (;;) {
        watch.clear();
        answer = await attempt();
        if (!mayPass(answer)) return answer;
        const left = until - performance.now();
        if (left <= 0 || signal?.aborted === true || this.relay.stopping)
          return { refused: { ...answer.refused, reason: 'wait_elapsed' } };
        const { reason, retryAfterMs = pollMs } = answer.refused;
        if (reason === 'fileserver_refused') await watch.rest(Math.min(left, refusedPauseMs), signal);
        else {
          await watch.rest(Math.min(left, breatherMs), signal);
          await watch.next(Math.min(left, retryAfterMs, pollMs), signal);
        }
      }
    } finally {
      watch.close();
    }
  }
}

function mayPass(answer: LeaseView | Refused): answer is Refused {
  return isRefused(answer) && passing.has(answer.refused.reason);
}

/** What the row of a decided request says, or undefined where the request came to nothing and left no trace. */
function verdictOn(lease: LeaseView, type: LeaseType): LeaseView | Refused | undefined {
  if (lease.state === 'active' || lease.state === 'breaking') return lease.type === type ? lease : undefined;
  if (lease.state === 'released') return refuse('cancelled');
  return lease.state === 'revoked' || lease.state === 'fencing' ? refuse('lease_revoked') : undefined;
}
