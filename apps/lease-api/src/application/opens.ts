import type { Access, Deny, OpenAnswer, OpenView, Reason, Shown, VerbOutput, Want } from '#locks';
import type { Arbiter } from './arbiter';
import { blockersOn } from './blockers';
import type { Exports, Parking } from './exports';
import { undoneBecause, whyUndone } from './delegations';
import { bodyDigest } from './ids';
import { ownerRef } from './owner';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay, Watch } from './relay';
import { idsOfRepeat } from './repeats';
import { type Findable, type Patience, refusedBecause, Waiting } from './waiting';

/** How much longer than the fileserver's limit the decision on an open's delegation may take. */
const marginMs = 1_000;

export interface OpenRequest {
  sessionId: string;
  owner?: string;
  export: string;
  file: string;
  handle?: string;
  access: Access;
  deny?: Deny;
  /** A repeat of the request with the same id finds what the first attempt made. */
  requestId?: string;
  /** An OPEN of an NFS client: if the owner has one on this file, add this access and deny mode to it. */
  reopen?: boolean;
  /** The NFS server's id of such an OPEN. */
  openedBy?: string;
  /** The delegation that is wanted with the open. */
  want?: Want;
  /** If the delegation is refused, signal when it becomes available. */
  signal?: boolean;
  /** Grant it then, if no fileserver has to be asked. */
  push?: boolean;
  /** With a write delegation, the session is the authority for the file's times (RFC 9754). */
  times?: boolean;
  reclaim?: boolean;
  /** With `reclaim`: it keeps this id. */
  openId?: string;
}

/** What an open is to become. */
interface Goal {
  access: Access;
  deny: Deny;
  /** More than this is also right. */
  atLeast: boolean;
}

/** Opens: what breaks leases and refuses other opens (semantics.md §3, §4). */
export class Opens {
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
   * Opens a file; with `waitMs` it waits its turn. With `requestId` a repeat finds the same open or, while it waits,
   * the same place in the queue. With `queued`, an open that waits is returned at once.
   * Refused: share_denied, break_started, fencing, queued, queue_full, deadlock, wait_elapsed, cancelled, grace, no_grace,
   * id_reused_with_other_body, and the refusals of a name or a session.
   */
  create(request: OpenRequest, digest: string, patience: Patience): Promise<OpenView | Refused> {
    return this.exports.attempt(request.export, patience, (parking) =>
      this.attempt(request, digest, patience, parking),
    );
  }

  private async attempt(
    request: OpenRequest,
    digest: string,
    patience: Patience,
    parking: Parking,
  ): Promise<OpenView | Refused> {
    const {
      sessionId,
      access,
      deny = 'none',
      requestId,
      reopen,
      want,
      signal,
      push,
      times,
      reclaim,
    } = request;
    const { waitMs } = patience;
    const file = await this.exports.resolveFor(sessionId, digest, request, parking);
    const ref = ownerRef(request);
    const body =
      requestId === undefined
        ? undefined
        : bodyDigest('open', request.export, request.file, ref.owner, access, deny, want ?? 'none');
    const goal = { access, deny, atLeast: reopen === true };
    const findable = requestId === undefined && reopen !== true ? 'nowhere' : 'named';
    const follow = async (
      openId: string,
      make: () => Promise<VerbOutput<'openCreate'>>,
    ): Promise<OpenView | Refused> => {
      let watch = this.relay.watch(openId);
      try {
        let made = await make();
        if (!isRefused(made) && made.waiting && made.open.openId !== openId) {
          // The owner's open has another id. The request may have been decided before it is watched: it is made again.
          watch.close();
          watch = this.relay.watch(made.open.openId);
          made = await make();
        }
        const opened = await this.outcome(watch, made, goal, digest, patience, findable, ref.owner);
        return isRefused(opened) ? opened : await this.decided(opened, digest, patience);
      } finally {
        watch.close();
      }
    };
    const { ids } = this.arbiter;
    const keeps = request.openId;
    if (!isRefused(file)) {
      const { fileKey } = file;
      const openId = ids.forRequest(fileKey, 'open', { sessionId, requestId, keeps });
      if (typeof openId !== 'string') return openId;
      return follow(openId, () =>
        this.arbiter.run('openCreate', {
          ...{ sessionId, digest, openId, file, access, deny, waitMs, body, reopen, want, signal },
          ...{ push, times },
          ...{ delegationId: ids.on(fileKey), reclaim, requestId: request.openedBy, ...ref },
        }),
      );
    }
    if (requestId === undefined || body === undefined) return file;
    // Find what an earlier request with this content made, even if the name no longer resolves.
    const earlier =
      keeps === undefined
        ? await idsOfRepeat(this.arbiter, { sessionId, digest }, 'open', requestId)
        : [keeps];
    for (const openId of earlier) {
      const found = await follow(openId, () => this.made(openId, digest, body));
      if (!isRefused(found) || found.refused.reason !== 'no_such_open') return found;
    }
    return file;
  }

  /**
   * Changes an open in place. `lower`: the request may only take away from what the open has.
   * Refused: no_such_open, above_present, not_a_union, request_pending, and those of `create` for a conflict.
   */
  async set(
    openId: string,
    request: { access: Access; deny: Deny; lower?: boolean; shown?: Shown },
    digest: string,
    patience: Patience,
  ): Promise<OpenView | Refused> {
    const { access, deny, lower = false, shown } = request;
    const { waitMs } = patience;
    const watch = this.relay.watch(openId);
    try {
      const made = await this.arbiter.run('openSet', { openId, digest, access, deny, waitMs, lower, shown });
      return await this.outcome(watch, made, { access, deny, atLeast: false }, digest, patience, 'repeated');
    } finally {
      watch.close();
    }
  }

  /** Refused: no_such_open, no_such_session, not_holder, session_expired. */
  async get(openId: string, digest: string): Promise<OpenView | Refused> {
    const found = await this.arbiter.run('openGet', { openId, digest });
    return isRefused(found) ? found : found.open;
  }

  /**
   * Closes an open or gives up its wait.
   * Refused: no_such_open, locks_held, seqid_old, no_such_session, not_holder, session_expired.
   */
  async close(openId: string, digest: string, shown?: Shown): Promise<Refused | undefined> {
    const closed = await this.arbiter.run('openClose', { openId, digest, shown });
    return isRefused(closed) ? closed : undefined;
  }

  /** What an earlier request with this content made. */
  private async made(openId: string, digest: string, body: string): Promise<OpenAnswer | Refused> {
    const known = await this.arbiter.run('openGet', { openId, digest, body });
    return isRefused(known) ? known : { ...known, waiting: waits(known.open) };
  }

  /** Returns the open once it is as requested; at once if it need not wait, or if the caller does not wait here. */
  private async outcome(
    watch: Watch,
    made: VerbOutput<'openCreate'>,
    goal: Goal,
    digest: string,
    patience: Patience,
    findable: Findable,
    owner?: string,
  ): Promise<OpenView | Refused> {
    if (isRefused(made)) return made;
    if (!made.waiting || patience.queued === true) return made.open;
    const { openId, fileKey, sessionId, state } = made.open;
    const found = await this.waiting.follow<OpenView>(watch, patience, {
      id: openId,
      findable,
      look: async () => {
        const now = await this.arbiter.run('openGet', { openId, digest });
        if (isRefused(now)) return now.refused.reason === 'no_such_open' ? 'gone' : now;
        if (waitsFor(now.open, goal)) return 'waits';
        return !waits(now.open) && isReached(now.open, goal) ? now.open : 'gone';
      },
      ended: (record) => Promise.resolve(refusedBecause(record)),
      withdraw: async () => {
        if (state === 'open') return this.withdraw(openId, goal, digest);
        const left = await this.arbiter.run('openClose', { openId, digest, ifWaiting: true });
        return !isRefused(left) && !left.closed ? this.get(openId, digest) : undefined;
      },
    });
    if (!isRefused(found) || found.refused.reason !== 'wait_elapsed') return found;
    const own = { sessionId, owner: owner ?? made.open.owner };
    return refuse('wait_elapsed', await blockersOn(this.arbiter, fileKey, own));
  }

  /**
   * Withdraws a change of an open by requesting what the open has. Returns the open if the change was granted first.
   */
  private async withdraw(
    openId: string,
    goal: Goal,
    digest: string,
  ): Promise<OpenView | Refused | undefined> {
    for (;;) {
      const now = await this.arbiter.run('openGet', { openId, digest });
      if (isRefused(now)) return now;
      const { open } = now;
      if (!waits(open) && isReached(open, goal)) return open;
      if (!waitsFor(open, goal)) return undefined;
      const { access, deny } = open;
      // This is refused if the open has changed in between: the loop looks again.
      await this.arbiter.run('openSet', { openId, digest, access, deny, waitMs: 0, lower: true });
    }
  }

  /** Returns the open once its delegation is decided, which may take an ask to the fileserver. */
  private async decided(open: OpenView, digest: string, patience: Patience): Promise<OpenView | Refused> {
    const { openId, delegation } = open;
    const leaseId = delegation?.lease?.leaseId;
    if (delegation?.pending !== true || leaseId === undefined) return open;
    const { signal } = patience;
    const type = delegation.lease?.pendingType;
    let reason: Reason | undefined;
    const watch = this.relay.watch(leaseId);
    const until = performance.now() + this.askMs + marginMs;
    try {
      for (;;) {
        const now = await this.get(openId, digest);
        if (
          isRefused(now) ||
          (now.delegation !== undefined && now.delegation.lease !== undefined && !now.delegation.pending)
        )
          return now;
        if (now.delegation?.pending !== true) {
          reason ??= undoneBecause(await watch.next(marginMs, signal));
          return { ...now, delegation: { pending: false, whyNot: whyUndone(reason, type) } };
        }
        const left = until - performance.now();
        if (left <= 0 || this.relay.stopping || signal?.aborted === true) {
          // The answer goes out without the delegation, so none may be granted later.
          await this.arbiter.run('leaseUndo', { leaseId, reason: 'cancelled' });
          return await this.get(openId, digest);
        }
        reason = undoneBecause(await watch.next(left, signal)) ?? reason;
      }
    } finally {
      watch.close();
    }
  }
}

/** Whether the open, or a change to it, is in the queue. */
export function waits(open: OpenView): boolean {
  return open.state === 'waiting' || open.toAccess !== undefined || open.toDeny !== undefined;
}

/** Whether the open waits for this goal. A later request replaces an earlier one. */
function waitsFor(open: OpenView, goal: Goal): boolean {
  if (open.state === 'waiting') return true;
  const { access, deny, toAccess = access, toDeny = deny } = open;
  return waits(open) && isReached({ access: toAccess, deny: toDeny }, goal);
}

function isReached({ access, deny }: Pick<OpenView, 'access' | 'deny'>, goal: Goal): boolean {
  if (!goal.atLeast) return access === goal.access && deny === goal.deny;
  const covers = (has: string, asked: string): boolean => has === asked || has === 'both' || asked === 'none';
  return covers(access, goal.access) && covers(deny, goal.deny);
}
