import type { PermitView, VerbInput } from '#locks';
import type { Arbiter } from './arbiter';
import { blockerOf } from './blockers';
import type { Exports, Parking } from './exports';
import { bodyDigest, holdText, within } from './ids';
import { ownerRef } from './owner';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay } from './relay';
import { goesOn, type Patience, refusedBecause, Waiting } from './waiting';

export interface PermitRequest {
  sessionId: string;
  owner?: string;
  export: string;
  semaphore: string;
  limit: number;
  maxHoldMs?: number;
  /** A repeat of the request with the same id finds what the first attempt made. */
  requestId?: string;
  /** Digest of the set that it is part of. */
  within?: string;
  reclaim?: boolean;
  /** With `reclaim`: it keeps this id. */
  permitId?: string;
}

const blockersMax = 4;

/** Permits of semaphores (semantics.md §3). */
export class Semaphores {
  private readonly waiting: Waiting;

  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
  ) {
    this.waiting = new Waiting(relay);
  }

  /**
   * A permit; with `waitMs` it waits its turn. With `requestId` a repeat finds the same permit, or the same place in the
   * queue. With `queued`, a request that waits is returned at once.
   * Refused: semaphore_full, queued, limit_differs, queue_full, deadlock, wait_elapsed, cancelled, lock_over,
   * id_reused_with_other_body, grace, no_grace, hold_too_long, and the refusals of an export or a session.
   */
  take(request: PermitRequest, digest: string, patience: Patience): Promise<PermitView | Refused> {
    return this.exports.attempt(request.export, patience, (parking) =>
      this.attempt(request, digest, patience, parking),
    );
  }

  private async attempt(
    request: PermitRequest,
    digest: string,
    patience: Patience,
    parking: Parking,
  ): Promise<PermitView | Refused> {
    const { sessionId, export: exportName, semaphore, limit, maxHoldMs, requestId, reclaim } = request;
    const where = { export: exportName, name: semaphore, limit };
    const file = await this.exports.semaphoreFor(sessionId, digest, where, parking);
    if (isRefused(file)) return file;
    const permitId = this.arbiter.ids.forRequest(file.fileKey, 'permit', {
      ...{ sessionId, requestId, keeps: request.permitId },
    });
    if (typeof permitId !== 'string') return permitId;
    const by = ownerRef(request);
    const body =
      requestId === undefined
        ? undefined
        : bodyDigest(
            'permit',
            exportName,
            semaphore,
            String(limit),
            by.owner,
            ...holdText(request),
            ...within(request),
          );
    const input: VerbInput<'permitTake'> = {
      ...{ sessionId, digest, permitId, file, maxHoldMs, waitMs: patience.waitMs, reclaim, body },
      ...by,
    };
    const watch = this.relay.watch(permitId);
    try {
      const made = await this.arbiter.run('permitTake', input);
      if (isRefused(made)) return made;
      const { permit } = made;
      if (!made.waiting || patience.queued === true) return permit;
      const found = await this.waiting.follow<PermitView>(watch, patience, {
        id: permitId,
        findable: requestId === undefined ? 'nowhere' : 'named',
        look: async () => {
          const now = await this.get(permitId, digest);
          if (isRefused(now)) return now.refused.reason === 'no_such_lock' ? 'gone' : now;
          return now.state === 'held' ? now : 'waits';
        },
        // Without a record: its holder has given it back meanwhile.
        ended: (verdict) =>
          Promise.resolve(verdict === undefined ? refuse('cancelled') : refusedBecause(verdict)),
        withdraw: async () => {
          if (this.relay.watchers(permitId) > 1) return goesOn('request_pending', permitId);
          const left = await this.arbiter.run('permitDrop', { permitId, digest, ifWaiting: true });
          return isRefused(left) || left.dropped ? undefined : this.get(permitId, digest);
        },
      });
      if (!isRefused(found) || found.refused.reason !== 'wait_elapsed') return found;
      return refuse('wait_elapsed', await this.holdersOf(permit));
    } finally {
      watch.close();
    }
  }

  /** Who has the permits, the first few. */
  private async holdersOf({ fileKey, sessionId }: PermitView): Promise<object> {
    const page = { fileKey, after: 0, limit: blockersMax, state: 'held' };
    const { locks } = await this.arbiter.run('lockList', { ...page, viewer: sessionId });
    return { blockers: locks.map(blockerOf), blockerCount: locks.length };
  }

  /** Refused: no_such_lock, and as for a session. */
  async get(permitId: string, digest: string): Promise<PermitView | Refused> {
    const found = await this.arbiter.run('permitGet', { permitId, digest });
    return isRefused(found) ? found : found.permit;
  }

  /** Gives a permit back, or gives up the wait for one. Refused: no_such_lock, and as for a session. */
  async drop(permitId: string, digest: string): Promise<Refused | undefined> {
    const dropped = await this.arbiter.run('permitDrop', { permitId, digest });
    return isRefused(dropped) ? dropped : undefined;
  }

  /** Whether a permit of the semaphore has exactly this token now. Refused: token_old. */
  async check(exportName: string, semaphore: string, token: number): Promise<{ permitId: string } | Refused> {
    const fileKey = this.arbiter.ids.semaphoreKey(await this.exports.placed(exportName), semaphore);
    return this.arbiter.run('permitCheck', { fileKey, token });
  }
}
