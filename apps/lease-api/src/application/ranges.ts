import type {
  Blocker,
  FileRef,
  LockShown,
  RangeClass,
  RangeTestAsk,
  RangeView,
  Shown,
  VerbInput,
  VerbOutput,
} from '#locks';
import type { Arbiter } from './arbiter';
import type { Exports, Parking } from './exports';
import type { RangeAsked } from './fileserver-port';
import { bodyDigest, within } from './ids';
import { type Bytes, rangeOf } from './offsets';
import { ownerRef } from './owner';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay, Watch } from './relay';
import { goesOn, type Patience, refusedBecause, type Verdict, Waiting } from './waiting';

export interface RangeWhere extends Bytes {
  sessionId: string;
  owner?: string;
  export: string;
  file: string;
  handle?: string;
  class: RangeClass;
}
export interface RangeRequest extends RangeWhere {
  type: 'read' | 'write';
  /** Shown in listings instead of the session's pid. */
  pid?: number;
  reclaim?: boolean;
  /** A repeat of the request with the same id finds what the first attempt made; it merges with no lock of its owner. */
  requestId?: string;
  /** Digest of the set that it is part of. */
  within?: string;
}

type LockInput = VerbInput<'rangeLock'> & { file: FileRef };

/** Range locks: POSIX, OFD and flock (semantics.md §3). */
export class Ranges {
  private readonly waiting: Waiting;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
  ) {
    this.waiting = new Waiting(relay);
  }

  /**
   * Locks a range, or converts what the owner has there; with `waitMs` it waits its turn. A repeat by the same owner
   * finds its place in the queue. The returned range may be larger than the requested one, because adjacent ranges are
   * merged. With `queued`, a lock that waits is returned at once.
   * Refused: range_conflict, queued, queue_full, deadlock, wait_elapsed, cancelled, bad_range, file_ranges_max, grace,
   * no_grace, and the refusals of a name or a session; with `requestId` owner_has_range, lock_over,
   * id_reused_with_other_body.
   */
  lock(request: RangeRequest, digest: string, patience: Patience): Promise<RangeView | Refused> {
    return this.exports.attempt(request.export, patience, (parking) =>
      this.attempt(request, digest, patience, parking),
    );
  }

  /**
   * LOCK of an NFS client: the same, and never waits here. A stateid that is shown names the file, too.
   * Refused: as for `lock`; no_such_lock, seqid_old, open_mode.
   */
  lockShown(
    request: RangeRequest,
    shown: Omit<LockShown, 'freshId'>,
    digest: string,
    patience: Patience,
    claimMs?: number,
  ): Promise<VerbOutput<'rangeLock'>> {
    const { sessionId, class: kind, type, reclaim } = request;
    const { ids } = this.arbiter;
    const input = (newId: () => string): VerbInput<'rangeLock'> => ({
      ...rangeOf(request),
      ...ownerRef(request),
      sessionId,
      digest,
      rangeId: newId(),
      splitId: newId(),
      class: kind,
      type,
      reclaim,
      shown: { ...shown, freshId: newId() },
      waitMs: patience.waitMs,
      claimMs,
    });
    const { id } = shown;
    if (id !== undefined)
      return this.lockAt(
        input(() => ids.beside(id)),
        digest,
        patience,
      );
    return this.exports.attempt<VerbOutput<'rangeLock'>>(request.export, patience, async (parking) => {
      const file = await this.exports.resolveFor(sessionId, digest, request, parking);
      if (isRefused(file)) return file;
      const { fileKey } = file;
      return this.lockAt({ ...input(() => ids.on(fileKey)), file }, digest, patience);
    });
  }

  /** A LOCK that does not wait its turn: if its fileserver has to lock it first, its answer is waited for here. */
  private async lockAt(
    input: VerbInput<'rangeLock'>,
    digest: string,
    { waitMs }: Patience,
  ): Promise<VerbOutput<'rangeLock'>> {
    if (waitMs > 0) return this.arbiter.run('rangeLock', input);
    const watch = this.relay.watch(input.rangeId);
    try {
      const made = await this.arbiter.run('rangeLock', input);
      if (isRefused(made) || !made.waiting || made.range.rangeId !== input.rangeId) return made;
      const { rangeId, withinMs = 0 } = made.range;
      const verdict = await this.waiting.verdict(watch, undefined, withinMs);
      if (verdict === undefined || verdict.kind === 'locked') {
        await this.arbiter.run('rangeDrop', { rangeId, digest, ifWaiting: true });
        // What its owner has is not asked for again.
        const { ids } = this.arbiter;
        const fresh = { rangeId: ids.beside(rangeId), splitId: ids.beside(rangeId) };
        return await this.arbiter.run('rangeLock', { ...input, ...fresh });
      }
      return this.because(verdict);
    } finally {
      watch.close();
    }
  }

  /** LOCKU of an NFS client. Refused: as for `unlock`; no_such_lock, seqid_old. */
  unlockShown(
    request: RangeWhere,
    shown: Shown & { id: string },
    digest: string,
  ): Promise<VerbOutput<'rangeUnlock'>> {
    const { sessionId, class: kind } = request;
    return this.arbiter.run('rangeUnlock', {
      ...rangeOf(request),
      ...ownerRef(request),
      sessionId,
      digest,
      splitId: this.arbiter.ids.beside(shown.id),
      fileKey: '',
      class: kind,
      shown,
    });
  }

  private async attempt(
    request: RangeRequest,
    digest: string,
    patience: Patience,
    parking: Parking,
  ): Promise<RangeView | Refused> {
    const { sessionId, class: kind, type, pid, reclaim, requestId } = request;
    const file = await this.exports.resolveFor(sessionId, digest, request, parking);
    if (isRefused(file)) return file;
    const { ids } = this.arbiter;
    const { fileKey } = file;
    const rangeId =
      requestId === undefined ? ids.on(fileKey) : ids.derived(sessionId, 'range', requestId, fileKey);
    const body = requestId === undefined ? undefined : bodyOf(request);
    const input: LockInput = {
      ...{
        sessionId,
        digest,
        rangeId,
        splitId: ids.on(fileKey),
        file,
        class: kind,
        type,
        pid,
        reclaim,
        body,
      },
      ...{ waitMs: patience.waitMs, ...rangeOf(request), ...ownerRef(request) },
    };
    const watch = this.relay.watch(rangeId);
    try {
      const made = await this.arbiter.run('rangeLock', input);
      if (isRefused(made)) return made;
      if (!made.waiting || patience.queued === true) return made.range;
      // The same request already waits, under its earlier id.
      const id = made.range.rangeId;
      if (id !== rangeId) return await this.join(id, input, digest, patience);
      return await this.follow(watch, made.range, input, digest, patience, false);
    } finally {
      watch.close();
    }
  }

  /**
   * Unlocks what the owner has of a range. It is no error if there is nothing.
   * Refused: bad_range, file_ranges_max and session_locks_max if it cuts a range in two, and the refusals of a name or
   * a session.
   */
  async unlock(request: RangeWhere, digest: string): Promise<{ unlocked: boolean } | Refused> {
    const { sessionId, class: kind } = request;
    return this.exports.attempt(request.export, undefined, async (parking) => {
      const file = await this.exports.resolveFor(sessionId, digest, request, parking);
      if (isRefused(file)) return file;
      const { fileKey } = file;
      return this.arbiter.run('rangeUnlock', {
        ...{ sessionId, digest, splitId: this.arbiter.ids.on(fileKey), fileKey, class: kind },
        ...{ ...rangeOf(request), ...ownerRef(request) },
      });
    });
  }

  /**
   * Unlocks these bytes of a lock, in its file wherever its name leads, and nothing that its owner has locked around
   * them since; or gives up the wait for it.
   */
  async giveBack(rangeId: string, bytes: Bytes, digest: string): Promise<void> {
    const left = await this.arbiter.run('rangeDrop', { rangeId, digest, ifWaiting: true });
    const range = isRefused(left) || left.dropped ? undefined : await this.get(rangeId, digest);
    if (range === undefined || isRefused(range)) return;
    const { sessionId, fileKey, class: kind } = range;
    await this.arbiter.run('rangeUnlock', {
      ...{ sessionId, digest, splitId: this.arbiter.ids.on(fileKey), fileKey, class: kind },
      ...{ ...rangeOf(bytes), ...ownerRef(range) },
    });
  }

  /**
   * The lock that would block this one (F_GETLK), also that of a program at a fileserver whose kernel has the ranges.
   * Refused: bad_range, the refusals of a name or a session, and why the fileserver would not lock it or does not say.
   */
  async test(
    request: RangeWhere & { type: 'read' | 'write' },
    digest: string,
  ): Promise<{ blocker?: Blocker } | Refused> {
    const { sessionId, class: kind, type } = request;
    return this.exports.attempt(request.export, undefined, async (parking) => {
      const file = await this.exports.resolveFor(sessionId, digest, request, parking);
      if (isRefused(file)) return file;
      const tested = await this.arbiter.run('rangeTest', {
        ...{ sessionId, digest, file, class: kind, type },
        ...{ ...rangeOf(request), ...ownerRef(request) },
      });
      return isRefused(tested) || tested.ask === undefined ? tested : this.testThere(tested.ask, request);
    });
  }

  private async testThere(ask: RangeTestAsk, range: RangeAsked): Promise<{ blocker?: Blocker } | Refused> {
    const { class: kind, type, start, end } = range;
    const outcome = await this.arbiter.testRange(ask, { class: kind, type, start, end });
    if ('failed' in outcome) return refuse(outcome.failed, { detail: outcome.detail });
    if (outcome.blocker === undefined) return {};
    const { pid, ...found } = outcome.blocker;
    const nobody = { id: '', sessionId: '', owner: '', atFileserver: true } as const;
    return {
      blocker: { ...nobody, kind: found.class, type: found.type, pid, state: 'held', ...rangeOf(found) },
    };
  }

  /**
   * Cancels an owner's wait for exactly this lock, for callers that do not know its id. `cancelled` is false if the
   * lock was already granted, or the wait is over. Refused: as for `test`.
   */
  cancel(
    request: RangeWhere & { type: 'read' | 'write' },
    digest: string,
  ): Promise<{ cancelled: boolean } | Refused> {
    const { sessionId, class: kind, type } = request;
    return this.exports.attempt(request.export, undefined, async (parking) => {
      const file = await this.exports.resolveFor(sessionId, digest, request, parking);
      if (isRefused(file)) return file;
      return this.arbiter.run('rangeCancel', {
        ...{ sessionId, digest, file, class: kind, type },
        ...{ ...rangeOf(request), ...ownerRef(request) },
      });
    });
  }

  /** Refused: no_such_lock, no_such_session, not_holder, session_expired. */
  async get(rangeId: string, digest: string): Promise<RangeView | Refused> {
    const found = await this.arbiter.run('rangeGet', { rangeId, digest });
    return isRefused(found) ? found : found.range;
  }

  /**
   * Unlocks a whole held range, or cancels one that waits.
   * Refused: no_such_lock, no_such_session, not_holder, session_expired.
   */
  async drop(rangeId: string, digest: string): Promise<Refused | undefined> {
    const dropped = await this.arbiter.run('rangeDrop', { rangeId, digest });
    return isRefused(dropped) ? dropped : undefined;
  }

  /** Waits along with an earlier request for the same lock, which this request must not withdraw. */
  private async join(
    id: string,
    input: LockInput,
    digest: string,
    patience: Patience,
  ): Promise<RangeView | Refused> {
    const watch = this.relay.watch(id);
    try {
      // It may have been decided before the watch began; then this step decides anew.
      const again = await this.arbiter.run('rangeLock', input);
      if (isRefused(again)) return again;
      if (!again.waiting) return again.range;
      const { rangeId } = again.range;
      if (rangeId === id)
        return await this.follow(watch, again.range, input, digest, patience, id !== input.rangeId);
      return await this.join(rangeId, input, digest, patience);
    } finally {
      watch.close();
    }
  }

  private async follow(
    watch: Watch,
    { rangeId, withinMs = 0 }: RangeView,
    input: LockInput,
    digest: string,
    patience: Patience,
    joined: boolean,
  ): Promise<RangeView | Refused> {
    // A request that does not wait its turn may wait for its fileserver.
    const furtherMs = withinMs <= patience.waitMs ? undefined : withinMs - patience.waitMs;
    const found = await this.waiting.follow<RangeView>(watch, patience, {
      id: rangeId,
      furtherMs,
      findable: input.body === undefined ? 'repeated' : 'named',
      look: async () => {
        const now = await this.get(rangeId, digest);
        if (isRefused(now)) return now.refused.reason === 'no_such_lock' ? 'gone' : now;
        return now.state === 'held' ? now : 'waits';
      },
      ended: (verdict) => this.ended(verdict, input, digest),
      withdraw: async () => {
        // Do not withdraw a wait that another request of the same owner shares.
        if (joined || this.relay.watchers(rangeId) > 1) return goesOn('request_pending', rangeId);
        const left = await this.arbiter.run('rangeDrop', { rangeId, digest, ifWaiting: true });
        if (!isRefused(left)) return left.dropped ? undefined : this.get(rangeId, digest);
        // It was decided first, and may have been merged into another lock.
        if (left.refused.reason !== 'no_such_lock') return left;
        return this.ended(await this.waiting.verdict(watch, undefined), input, digest);
      },
    });
    if (!isRefused(found) || found.refused.reason !== 'wait_elapsed') return found;
    const { blocker } = await this.arbiter
      .run('rangeTest', input)
      .then((tested) => (isRefused(tested) ? { blocker: undefined } : tested));
    return refuse('wait_elapsed', blocker === undefined ? {} : { blockers: [blocker], blockerCount: 1 });
  }

  /** The row of the wait is gone: the lock was merged into an existing one, or the wait was dropped. */
  private async ended(
    verdict: Verdict | undefined,
    input: LockInput,
    digest: string,
  ): Promise<RangeView | Refused> {
    if (verdict !== undefined && verdict.kind !== 'locked') return this.because(verdict);
    if (verdict !== undefined) {
      const now = await this.get(verdict.rangeId, digest);
      if (!isRefused(now) || now.refused.reason !== 'no_such_lock') return now;
    }
    // The record of how it ended was missed. Locking an own range again changes nothing, so it is safe to ask again.
    const rangeId = input.body === undefined ? this.arbiter.ids.beside(input.rangeId) : input.rangeId;
    const again = await this.arbiter.run('rangeLock', { ...input, rangeId, waitMs: 0 });
    if (isRefused(again) || !again.waiting) return isRefused(again) ? again : again.range;
    // It is gone, and would have to be asked for at the fileserver once more.
    await this.arbiter.run('rangeDrop', { rangeId: again.range.rangeId, digest, ifWaiting: true });
    return refuse('wait_elapsed');
  }

  /** The refusal that the end of a wait means, in the fileserver's words if it was that. */
  private because(verdict: Verdict): Refused {
    const refused = refusedBecause(verdict);
    const detail = this.arbiter.wordsOf(verdict.fileKey, refused.refused.reason);
    return detail === undefined ? refused : refuse(refused.refused.reason, { ...refused.refused, detail });
  }
}

const bodyOf = (request: RangeRequest): string => {
  const { export: exportName, file, class: kind, start, end, type } = request;
  const where = ['range', exportName, file, kind, String(start), String(end), type];
  return bodyDigest(...where, ownerRef(request).owner, ...within(request));
};
