import {
  type Blocker,
  compatible,
  type DlmAnswer,
  type DlmView,
  type Mode,
  type ModalFlags,
  type ResourceView,
  type VerbInput,
  type VerbOutput,
} from '#locks';
import type { Arbiter } from './arbiter';
import { blockerOf } from './blockers';
import type { Exports, Parking } from './exports';
import { bodyDigest } from './ids';
import { ownerRef } from './owner';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay, Watch } from './relay';
import { hexOf } from './value-block';
import { goesOn, type Patience, refusedBecause, Waiting } from './waiting';

export interface DlmRequest {
  sessionId: string;
  owner?: string;
  /** The lock domain. */
  export: string;
  resource: string;
  /** The session's connection to the domain, if it has one. */
  connectionId?: string;
  mode: Mode;
  flags: readonly (keyof ModalFlags)[];
  /** A repeat of the request with the same id finds what the first attempt made; a cancel may name it. */
  requestId?: string;
  reclaim?: boolean;
  /** With `reclaim`: it keeps this id. */
  lockId?: string;
}
export interface DlmConversion {
  mode: Mode;
  flags: readonly (keyof ModalFlags)[];
  /** The value block to write, base64. */
  block?: string;
  /** Only if the lock has this seqid. */
  seqid?: number;
}
/** What to do with the value block on the way out. */
export interface DlmRelease {
  block?: string;
  ivvalblk?: boolean;
}
/** Names a request: by the id of its lock, or by the requestId that it has, or will have. */
export interface DlmCancel {
  sessionId: string;
  lockId?: string;
  requestId?: string;
}

const blockersMax = 4;
const holdersLooked = 64;

/** The record says how it ended. */
const isGone = ({ refused: { reason } }: Refused): boolean =>
  reason === 'no_such_lock' || reason === 'lock_over';

const flagsOf = (names: readonly (keyof ModalFlags)[]): ModalFlags =>
  Object.fromEntries(names.map((name) => [name, true]));

/** Locks in modes on resources (semantics.md §3). */
export class Dlm {
  private readonly waiting: Waiting;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
  ) {
    this.waiting = new Waiting(relay);
  }

  /**
   * A new lock; with `waitMs` it waits its turn. With `requestId` a repeat finds the same lock, or the same place in the
   * queue. With `queued`, a request that waits is returned at once.
   * Refused: mode_conflict, queued, queue_full, deadlock, wait_elapsed, cancelled, bad_flags, resource_locks_max,
   * orphans_max, lock_over, id_reused_with_other_body, hung_up, no_such_connection, grace, no_grace, and the refusals of an export or a session.
   */
  lock(request: DlmRequest, digest: string, patience: Patience): Promise<DlmView | Refused> {
    return this.exports.attempt(request.export, patience, (parking) =>
      this.attempt(request, digest, patience, parking),
    );
  }

  private async attempt(
    request: DlmRequest,
    digest: string,
    patience: Patience,
    parking: Parking,
  ): Promise<DlmView | Refused> {
    const { sessionId, connectionId, mode, flags, requestId, reclaim } = request;
    const { export: exportName, resource } = request;
    const where = { export: exportName, name: resource };
    const file = await this.exports.resourceFor(sessionId, digest, where, parking);
    if (isRefused(file)) return file;
    const lockId = this.arbiter.ids.forRequest(file.fileKey, 'dlm', {
      ...{ sessionId, requestId, keeps: request.lockId },
    });
    if (typeof lockId !== 'string') return lockId;
    const ref = ownerRef(request);
    const input: VerbInput<'dlmLock'> = {
      ...{
        sessionId,
        connectionId,
        digest,
        lockId,
        file,
        mode,
        flags: flagsOf(flags),
        waitMs: patience.waitMs,
        reclaim,
      },
      body:
        requestId === undefined
          ? undefined
          : bodyDigest('dlm', exportName, resource, ref.owner, mode, ...[...flags].sort()),
      ...ref,
    };
    const watch = this.relay.watch(lockId);
    try {
      const made = await this.arbiter.run('dlmLock', input);
      return await this.outcome(watch, made, 0, digest, patience, requestId === undefined);
    } finally {
      watch.close();
    }
  }

  /**
   * Another mode for a lock. A repeat while the same conversion waits shares its wait.
   * Refused: no_such_lock, request_pending, seqid_old, hung_up, and those of `lock` for a conflict.
   */
  async convert(
    lockId: string,
    { mode, flags, block, seqid }: DlmConversion,
    digest: string,
    patience: Patience,
  ): Promise<DlmView | Refused> {
    const { waitMs } = patience;
    const watch = this.relay.watch(lockId);
    try {
      const input = { lockId, digest, mode, flags: flagsOf(flags), waitMs, block: hexOf(block), seqid };
      let made = await this.arbiter.run('dlmConvert', input);
      if (isRefused(made) && made.refused.reason === 'request_pending') {
        const now = await this.get(lockId, digest);
        if (isRefused(now) || now.mode === undefined || now.wants !== mode) return made;
        made = { lock: now, waiting: true };
      }
      const before = isRefused(made) ? 0 : made.lock.seqid;
      return await this.outcome(watch, made, before, digest, patience, false);
    } finally {
      watch.close();
    }
  }

  /** Returns the lock once it is granted; at once if it need not wait, or if the caller does not wait here. */
  private async outcome(
    watch: Watch,
    made: DlmAnswer | Refused,
    /** The lock's seqid before the grant that it waits for. */
    before: number,
    digest: string,
    patience: Patience,
    unnamed: boolean,
  ): Promise<DlmView | Refused> {
    if (isRefused(made)) return made;
    const { lock } = made;
    if (!made.waiting || patience.queued === true) return lock;
    const { lockId, sessionId } = lock;
    const found = await this.waiting.follow<DlmView>(watch, patience, {
      id: lockId,
      findable: unnamed ? 'nowhere' : lock.mode === undefined ? 'named' : 'repeated',
      look: async () => {
        const now = await this.get(lockId, digest);
        if (isRefused(now)) return isGone(now) ? 'gone' : now;
        if (now.wants !== undefined && now.seqid === before) return 'waits';
        return now.seqid > before ? now : 'gone';
      },
      // Without a record: the record was missed.
      ended: (verdict) =>
        Promise.resolve(verdict === undefined ? refuse('cancelled') : refusedBecause(verdict)),
      withdraw: async () => {
        if (this.relay.watchers(lockId) > 1) return goesOn('request_pending', lockId);
        const left = await this.arbiter.run('dlmCancel', { sessionId, digest, lockId, repeatable: true });
        return isRefused(left) || left.cancelled ? undefined : left.lock;
      },
    });
    if (!isRefused(found) || found.refused.reason !== 'wait_elapsed') return found;
    return refuse('wait_elapsed', await this.blockersOf(lock));
  }

  /** The locks whose mode refuses what this one waited for, the first few. */
  private async blockersOf({
    fileKey,
    lockId,
    sessionId,
    wants = 'EX',
  }: DlmView): Promise<{ blockers?: Blocker[]; blockerCount?: number }> {
    const page = { fileKey, after: 0, limit: holdersLooked };
    const { locks } = await this.arbiter.run('lockList', { ...page, viewer: sessionId });
    const others = locks.filter(
      ({ id, state, type }) => id !== lockId && state !== 'waiting' && !compatible(type as Mode, wants),
    );
    const blockers = others.slice(0, blockersMax).map(blockerOf);
    return { blockers, blockerCount: others.length };
  }

  /**
   * Ends a wait. Before the request has come, it makes that request end as cancelled; after the grant it says what was
   * granted. Refused: no_such_session, not_holder, session_expired.
   */
  cancel({ sessionId, lockId, requestId = '' }: DlmCancel, digest: string): Promise<VerbOutput<'dlmCancel'>> {
    const id = lockId ?? this.arbiter.ids.derived(sessionId, 'dlm', requestId);
    return this.arbiter.run('dlmCancel', { sessionId, digest, lockId: id, ahead: lockId === undefined });
  }

  /** Unlocks, and ends what the lock waits for. Refused: no_such_lock, and as for a session. */
  unlock(lockId: string, { block, ivvalblk }: DlmRelease, digest: string): Promise<VerbOutput<'dlmUnlock'>> {
    return this.arbiter.run('dlmUnlock', { lockId, digest, ivvalblk, block: hexOf(block) });
  }

  /** Refused: no_such_lock, cancelled, lock_over, and as for a session. */
  async get(lockId: string, digest: string): Promise<DlmView | Refused> {
    const found = await this.arbiter.run('dlmGet', { lockId, digest });
    return isRefused(found) ? found : found.lock;
  }

  /** The locks and requests of a session, page by page. Refused: as for a session. */
  list(sessionId: string, after: number, limit: number, digest: string): Promise<VerbOutput<'dlmList'>> {
    return this.arbiter.run('dlmList', { sessionId, digest, after, limit });
  }

  /** A resource with its queues, as a stack's dump shows it. Refused: no_such_lock. */
  async resource(exportName: string, name: string, limit: number): Promise<ResourceView | Refused> {
    const fileKey = this.arbiter.ids.resourceKey(exportName, name);
    const found = await this.arbiter.run('resourceGet', { fileKey, limit });
    return isRefused(found) ? found : found.resource;
  }
}
