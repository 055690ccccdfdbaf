import { limits, nfs, type Problem, problemOf } from '#contracts';
import type { Blocker, LockShown, Shown } from '#locks';
import type { FileAttributes } from '../application/attributes';
import type { Changes } from '../application/changes';
import type { Delegations } from '../application/delegations';
import { digestOf } from '../application/ids';
import type { Leases } from '../application/leases';
import type { Opens } from '../application/opens';
import type { Operations } from '../application/operations';
import type { RangeRequest, Ranges } from '../application/ranges';
import { isRefused, type Refused } from '../application/refusal';
import type { Sessions } from '../application/sessions';
import type { Named, Stateids } from '../application/stateids';
import type { Patience } from '../application/waiting';
import type { Waits } from '../application/waits';
import type { Act } from '../fileserver/porter';
import { type Caller, secretOf } from '../identity/caller';
import { methodNeeds } from '../identity/needs';
import { spelled } from '../identity/rights';
import { granted, LeaseError, problemOfError, problemOfRefusal } from '../problem';
import type { Callbacks } from './callbacks';
import type { NfsLog } from './nfs-log';
import {
  accessOf,
  changeOf,
  denyOf,
  hexOf,
  invalidStateid,
  isBlocking,
  ownerOf,
  presentAttributes,
  presentDelegation,
  presentDenied,
  presentHeld,
  presentOpen,
  replacesOpen,
  rangeTypeOf,
  stateidOf,
  statusFlagsOf,
  stretchOf,
  wantOf,
  wantOfDelegation,
} from './words';

/** Makes a signal that fires when the caller has gone. */
type Departure = (() => AbortSignal) | undefined;
type Handlers = {
  [M in nfs.MethodName]: (
    request: nfs.RequestOf<M>,
    departure: Departure,
    caller: Caller,
  ) => Promise<nfs.AnswerOf<M>>;
};
export interface UseCases {
  readonly sessions: Sessions;
  readonly opens: Opens;
  readonly ranges: Ranges;
  readonly delegations: Delegations;
  readonly attributes: FileAttributes;
  readonly leases: Leases;
  readonly stateids: Stateids;
  readonly waits: Waits;
  readonly changes: Changes;
  readonly operations: Operations;
}
/** What all answers have in common, and what some of them do. */
interface Answer {
  status: nfs.NfsStat;
  problem?: { reason: string } | undefined;
  stateid?: nfs.StateId | undefined;
  delegation?: { why?: string | undefined } | undefined;
}
interface LockWhere {
  sessionId: string;
  lockOwner: string;
  export: string;
  file: string;
  handle?: string | undefined;
  offset: string;
  length: string;
}

const ok = { status: 'NFS4_OK' } as const;
/** Others hold what the request conflicts with. */
const conflicts = new Set([
  ...['break_started', 'breaker_queued', 'lease_conflict', 'open_conflict', 'queued', 'range_conflict'],
  'share_denied',
]);
const issuesMax = 16;
/** How long a lock is kept for an owner that was told of it and does not come. */
const claimMsDefault = 60_000;
/** How often a lock is requested if its wait ends before it can be read; that hardly happens twice. */
const lookAgainMax = 3;

/** A refusal as an answer to an NFS server. */
export function failure(problem: Problem): { status: nfs.NfsStat; problem: Problem } {
  return { status: nfs.statOf(problem.reason), problem };
}

/** Whether the caller may call a method, for all exports that the request names. */
export function mayCall(method: keyof typeof methodNeeds, { rights }: Caller, request: object = {}): boolean {
  const need = methodNeeds[method];
  if (need === 'key' || rights.everywhere(need)) return true;
  const lists = (Object.values(request) as unknown[]).flatMap((value) =>
    Array.isArray(value) ? (value as unknown[]) : [],
  );
  const parts: unknown[] = [request, ...lists];
  const names = parts.flatMap((part) =>
    typeof part === 'object' && part !== null && 'export' in part ? [String(part.export)] : [],
  );
  return rights.anywhere(need) && names.every((name) => rights.allows(need, name));
}

/** An act with the right that it needs. */
export function actOf(method: keyof typeof methodNeeds, act: Act): Act {
  const need = methodNeeds[method];
  return { ...act, rule: need === 'key' ? need : spelled(need) };
}

/** The request with the secret of its session as the table knows it. */
const withSecretOf = (raw: unknown, caller: Caller): unknown =>
  caller.subject !== '' &&
  typeof raw === 'object' &&
  raw !== null &&
  'secret' in raw &&
  typeof raw.secret === 'string'
    ? { ...raw, secret: secretOf(raw.secret, caller) }
    : raw;

/** Whether a request claims what its client held before a grace period. */
const reclaims = (request: object): boolean =>
  ('reclaim' in request && request.reclaim === true) ||
  ('claim' in request && request.claim !== 'CLAIM_NULL');

/** What others hold by now does not pass, however long the client waits: a reclaim has an answer of its own for it. */
function reclaimed<A extends Answer>(answer: A): A {
  const { status: stat, problem, delegation } = answer;
  const isConflict =
    stat === 'NFS4ERR_SHARE_DENIED' ||
    stat === 'NFS4ERR_DENIED' ||
    (problem !== undefined && conflicts.has(problem.reason)) ||
    (stat === 'NFS4_OK' && answer.stateid === undefined && delegation?.why === 'WND4_CONTENTION');
  return isConflict ? { ...answer, status: 'NFS4ERR_RECLAIM_CONFLICT' } : answer;
}

/** The answer. If a session's secret was wrong, `wrongSecret` delays it, or gives a problem to answer instead. */
export async function inTurn<A extends { problem?: { reason: string } | undefined }>(
  answer: A,
  wrongSecret: () => Promise<Problem | undefined>,
): Promise<A | ReturnType<typeof failure>> {
  if (answer.problem?.reason !== 'not_holder') return answer;
  const late = await wrongSecret();
  return late === undefined ? answer : failure(late);
}

/**
 * What the two transports share: translates RFC 8881's operations into calls of the use cases, and their answers back.
 */
export class NfsState {
  constructor(
    private readonly use: UseCases,
    private readonly callbacks: Callbacks,
    private readonly log: NfsLog,
  ) {}

  /** Carries out a request. */
  answer<M extends nfs.MethodName>(
    method: M,
    raw: unknown,
    caller: Caller,
    departure?: Departure,
  ): Promise<nfs.AnswerOf<M> | { status: nfs.NfsStat; problem: Problem }> {
    return this.carryOut(method, withSecretOf(raw, caller), caller, departure);
  }

  /** Checks shape and rights, runs the method, and turns failures into answers. */
  private async carryOut<M extends nfs.MethodName>(
    method: M,
    raw: unknown,
    caller: Caller,
    departure: Departure,
  ): Promise<nfs.AnswerOf<M> | { status: nfs.NfsStat; problem: Problem }> {
    // Who may not call the method at all is not told what is wrong with the request.
    if (!mayCall(method, caller)) return failure(problemOf('no_right'));
    const parsed = nfs.methods[method].request.safeParse(raw);
    if (!parsed.success) {
      const issues = parsed.error.issues
        .slice(0, issuesMax)
        .map(({ path, message }) => ({ path: path.join('.'), message }));
      return failure(problemOf('bad_request', { issues }));
    }
    if (!mayCall(method, caller, parsed.data)) return failure(problemOf('no_right'));
    const isReclaim = reclaims(parsed.data);
    try {
      const answer = await this.handlers[method](parsed.data as nfs.RequestOf<M>, departure, caller);
      return isReclaim ? reclaimed(answer) : answer;
    } catch (error) {
      const problem = problemOfError(error);
      if (problem === undefined) this.log.failed(method, error);
      const failed = failure(problem ?? problemOf('invariant'));
      return isReclaim ? reclaimed(failed) : failed;
    }
  }

  private readonly handlers: Handlers = {
    ExchangeId: async ({ leaseTimeMs, node, label, courtesyMs, owner, ...shown }, _departure, caller) => {
      const request = { ttlMs: leaseTimeMs, node, label, courtesyMs: courtesyMs || undefined };
      const { session, secret, confirmed } = granted(
        owner === ''
          ? { ...granted(await this.use.sessions.create(request, caller)), confirmed: false }
          : await this.use.sessions.exchange({ ...request, owner, ...shown }, caller),
      );
      const { graceMs } = await this.use.sessions.grace();
      return { ...ok, sessionId: session.sessionId, secret, graceMs, confirmed };
    },
    CreateSession: async ({ sessionId, secret, principal }) => {
      granted(await this.use.sessions.confirm(sessionId, digestOf(secret), principal));
      return ok;
    },
    Renew: async ({ sessionId, secret }) => {
      const session = granted(await this.use.sessions.keepalive(sessionId, digestOf(secret)));
      const { graceMs } = await this.use.sessions.grace();
      return { ...ok, graceMs, statusFlags: statusFlagsOf(session) };
    },
    DestroyClientId: async ({ sessionId, secret }) => {
      granted(await this.use.sessions.end(sessionId, digestOf(secret)));
      return ok;
    },
    Open: (request, departure) => this.open(request, departure),
    OpenDowngrade: async (request) => {
      const { secret, stateid, access, deny } = request;
      const to = { access: accessOf[access], deny: denyOf[deny], lower: true, shown: shownIn(request) };
      const opened = await this.use.opens.set(this.idOf(stateid), to, digestOf(secret), { waitMs: 0 });
      return presentOpen(granted(opened));
    },
    Close: async (request) => {
      const { secret, stateid } = request;
      granted(await this.use.opens.close(this.idOf(stateid), digestOf(secret), shownIn(request)));
      return { ...ok, stateid: invalidStateid };
    },
    Lock: (request) => this.lock(request),
    LockT: async (request) => {
      const tested = await this.use.ranges.test(
        this.rangeOf(request, request.type),
        digestOf(request.secret),
      );
      const { blocker } = granted(tested);
      const denied = blocker === undefined ? undefined : presentDenied(blocker);
      return denied === undefined ? ok : { status: 'NFS4ERR_DENIED', denied };
    },
    LockU: async (request) => {
      const range = this.rangeOf(request, 'READ_LT');
      const shown = { ...shownIn(request), id: this.idOf(request.stateid) };
      const { stateid } = granted(await this.use.ranges.unlockShown(range, shown, digestOf(request.secret)));
      return { ...ok, stateid: stateid && stateidOf(stateid.id, stateid.seqid) };
    },
    CancelLock: async ({ secret, waitId }) => {
      const digest = digestOf(secret);
      const waiting = granted(await this.use.ranges.get(waitId, digest));
      if (waiting.state !== 'waiting') return failure(problemOf('no_such_wait'));
      granted(await this.use.ranges.drop(waitId, digest));
      return ok;
    },
    WantDelegation: (request, departure) => this.wantDelegation(request, departure),
    DelegReturn: async (request) => {
      const { secret, stateid } = request;
      const none = { type: 'none', shown: shownIn(request) } as const;
      granted(await this.use.leases.set(this.idOf(stateid), none, digestOf(secret), { waitMs: 0 }));
      return ok;
    },
    GetAttr: async (request, departure) => {
      const { sessionId, secret, export: exportName, file, handle, change, size, times, waitMs } = request;
      const wanted = { sessionId, export: exportName, file, handle, times, waitMs: waitMs || undefined };
      const fileserver = { change: BigInt(change), size: BigInt(size) };
      const answer = granted(
        await this.use.attributes.ask({ ...wanted, ...fileserver }, digestOf(secret), departure?.()),
      );
      return { ...ok, ...presentAttributes(answer) };
    },
    AnswerGetAttr: async ({ secret, stateid, askId, cbStatus, size, ...told }) => {
      const digest = digestOf(secret);
      const { id } = await this.find(stateid, digest, 'delegation');
      const said = {
        modified: told.change !== told.changeAtGrant,
        size: BigInt(size),
        accessedAt: told.timeDelegAccess,
        modifiedAt: told.timeDelegModify,
      };
      const answer = cbStatus === 'NFS4_OK' ? { askId, ...said } : { askId, refused: true };
      granted(await this.use.attributes.tell(id, answer, digest));
      return ok;
    },
    Change: async (request, departure) => {
      const { sessionId, secret, export: exportName, handle, to, openOwner, waitMs, ...how } = request;
      const { quietMs, requestId } = how;
      const owner = openOwner === '' ? undefined : ownerOf(openOwner);
      const announced = { ...changeOf(request), handle, to: to || undefined, owner, quietMs, requestId };
      const { announced: changeIds } = granted(
        await this.use.changes.change(
          { sessionId, export: exportName, ...announced, reportMs: request.reportMs || undefined },
          digestOf(secret),
          patienceOf(waitMs, departure),
        ),
      );
      return { ...ok, changeIds };
    },
    ReportChange: async ({ sessionId, secret, changeIds, made }) => {
      const digest = digestOf(secret);
      await this.check(sessionId, digest);
      const { reported } = granted(await this.use.changes.report(changeIds, made, digest));
      return reported ? ok : failure(problemOf('report_over'));
    },
    AnswerNotify: async ({ secret, stateid, cbStatus }) => {
      const digest = digestOf(secret);
      const { id } = await this.find(stateid, digest, 'delegation');
      if (cbStatus !== 'NFS4_OK') {
        const refused = await this.use.delegations.untold(id, digest);
        if (refused !== undefined) granted(refused);
      }
      return ok;
    },
    TestStateid: async ({ sessionId, secret, stateids }) => {
      const digest = digestOf(secret);
      await this.check(sessionId, digest);
      const tested = await Promise.all(
        stateids.map((stateid) => {
          const shown = shownIn({ sessionId, stateid });
          return this.use.stateids.test(hexOf(stateid), shown, digest);
        }),
      );
      const results = tested.map((each) => (isRefused(each) ? nfs.statOf(each.refused.reason) : ok.status));
      return { ...ok, results, held: tested.map((each) => (isRefused(each) ? {} : presentHeld(each))) };
    },
    FreeStateid: async (request) => {
      const { secret, stateid } = request;
      granted(await this.use.stateids.free(hexOf(stateid), shownIn(request), digestOf(secret)));
      return ok;
    },
    BeginGrace: async ({ export: name, graceMs }) => ({
      ...ok,
      ...granted(await this.use.operations.grace(name, graceMs)),
    }),
    Reclaim: (request, departure, caller) => this.reclaim(request, departure, caller),
    PollCallbacks: async ({ sessionId, secret, after, waitMs }, departure, caller) => {
      const subscriber = { sessionId, digest: digestOf(secret), after, caller };
      const callbacks = granted(await this.callbacks.poll(subscriber, waitMs, departure?.()));
      return { ...ok, callbacks };
    },
  };

  private async open(request: nfs.RequestOf<'Open'>, departure: Departure): Promise<nfs.AnswerOf<'Open'>> {
    const { sessionId, secret, export: exportName, file, handle, waitMs } = request;
    const owner = ownerOf(request.openOwner);
    const want = wantOf[request.want];
    const reclaim = request.claim !== 'CLAIM_NULL';
    const opened = granted(
      await this.use.opens.create(
        {
          sessionId,
          owner,
          export: exportName,
          file,
          handle,
          want,
          signal: request.signal,
          reclaim,
          push: request.push,
          times: request.times,
          access: accessOf[request.access],
          deny: denyOf[request.deny],
          // An owner has one open per file, no matter what it requested first.
          reopen: true,
          openedBy: request.requestId,
        },
        digestOf(secret),
        patienceOf(waitMs, departure),
      ),
    );
    const answer = presentOpen(opened, request.want === 'WANT_NO_DELEG');
    if (!request.openXorDelegation || !replacesOpen(answer.delegation, opened)) return answer;
    // Unless another OPEN by the same owner has come in between.
    const shown = { sessionId, seqid: opened.seqid };
    const kept = await this.use.opens.close(opened.openId, digestOf(secret), shown);
    return kept === undefined ? { ...answer, stateid: undefined } : answer;
  }

  private async wantDelegation(
    request: nfs.RequestOf<'WantDelegation'>,
    departure: Departure,
  ): Promise<nfs.AnswerOf<'WantDelegation'>> {
    const { sessionId, secret, export: exportName, file, handle, directory } = request;
    const want = wantOf[request.want] ?? 'none';
    const reclaim = request.claim !== 'CLAIM_NULL';
    const wanted = {
      ...{ sessionId, export: exportName, file, handle, want, signal: request.signal, directory, reclaim },
      ...{ push: request.push, times: request.times, notify: request.notify },
    };
    const answer = await this.use.delegations.want(wanted, digestOf(secret), departure?.());
    const granting = granted(answer);
    return { ...ok, delegation: presentDelegation(granting), handle: granting.lease?.fileId };
  }

  private async lock(request: nfs.RequestOf<'Lock'>): Promise<nfs.AnswerOf<'Lock'>> {
    const { secret, type, reclaim } = request;
    const digest = digestOf(secret);
    const wanted = { ...this.rangeOf(request, type), reclaim };
    const shown = this.lockShownIn(request);
    const waitMs = isBlocking(type) ? request.waitMs || limits.waitMsMax : 0;
    const claimMs = request.claimMs || claimMsDefault;
    for (let attempt = 1; ; attempt++) {
      const locked = await this.use.ranges.lockShown(wanted, shown, digest, { waitMs }, claimMs);
      if (isRefused(locked)) return denial(locked);
      const { stateid, range } = locked;
      if (!locked.waiting) return { ...ok, stateid: stateid && stateidOf(stateid.id, stateid.seqid) };
      const wait = await this.use.waits.get(range.rangeId, digest);
      if (!isRefused(wait))
        return { ...denial({ refused: wait.why }), status: 'NFS4ERR_DENIED', waitId: range.rangeId };
      if (wait.refused.reason !== 'no_such_wait' || attempt === lookAgainMax) return denial(wait);
    }
  }

  private async reclaim(
    request: nfs.RequestOf<'Reclaim'>,
    departure: Departure,
    caller: Caller,
  ): Promise<nfs.AnswerOf<'Reclaim'>> {
    const { sessionId, secret } = request;
    const client = { sessionId, secret };
    const digest = digestOf(secret);
    await this.check(sessionId, digest);
    const opens: nfs.AnswerOf<'Open'>[] = [];
    for (const open of request.opens)
      opens.push(
        await this.carryOut('Open', { ...client, ...open, claim: 'CLAIM_PREVIOUS' }, caller, departure),
      );
    const locks: nfs.AnswerOf<'Lock'>[] = [];
    for (const lock of request.locks)
      locks.push(await this.carryOut('Lock', { ...client, ...lock, reclaim: true }, caller, departure));
    const delegations: nfs.AnswerOf<'WantDelegation'>[] = [];
    for (const { type, ...where } of request.delegations) {
      const want = wantOfDelegation[type];
      const wanted = await this.use.delegations.want(
        { sessionId, ...where, want, reclaim: true },
        digest,
        departure?.(),
      );
      delegations.push(
        reclaimed(
          isRefused(wanted)
            ? failure(problemOfRefusal(wanted))
            : { ...ok, delegation: presentDelegation(wanted) },
        ),
      );
    }
    const { graceMs } = request.complete
      ? granted(await this.use.sessions.reclaimComplete(sessionId, digest, request.export))
      : await this.use.sessions.grace();
    return { ...ok, opens, locks, delegations, graceMs };
  }

  /** Throws unless the session exists, is live, and has this secret. */
  private async check(sessionId: string, digest: string): Promise<void> {
    const { state } = granted(await this.use.sessions.get(sessionId, digest));
    // A request of a client in courtesy brings it back.
    if (state !== 'live' && state !== 'courtesy') throw new LeaseError(problemOf('session_expired'));
  }

  /** Finds what a stateid names. Throws if that is of another kind, or if the seqid is not current. */
  private async find(stateid: nfs.StateId, digest: string, kind?: Named['kind']): Promise<Named> {
    const named = granted(await this.use.stateids.find(hexOf(stateid), digest));
    const seqid = named.seqid ?? 0;
    if ((kind !== undefined && named.kind !== kind) || stateid.seqid > seqid)
      throw new LeaseError(problemOf('no_such_lock', { detail: `No ${kind ?? 'state'} of this stateid.` }));
    if (stateid.seqid !== 0 && stateid.seqid < seqid) throw new LeaseError(problemOf('seqid_old'));
    return named;
  }

  private idOf(stateid: nfs.StateId): string {
    return this.use.stateids.idOf(hexOf(stateid));
  }

  /** The stateid that a LOCK shows: of the owner's locks, or of the open. */
  private lockShownIn({
    sessionId,
    stateid,
    openStateid,
    requestId,
  }: nfs.RequestOf<'Lock'>): Omit<LockShown, 'freshId'> {
    const named = stateid ?? openStateid;
    const of = stateid === undefined ? 'open' : 'lock';
    const id = named === undefined ? undefined : this.idOf(named);
    return { sessionId, seqid: named?.seqid ?? 0, requestId, id, of };
  }

  private rangeOf(where: LockWhere, type: nfs.LockType): RangeRequest {
    const { sessionId, lockOwner, export: exportName, file, handle } = where;
    const bytes = stretchOf(where);
    if (bytes === undefined) {
      const message = 'not 0, and with offset at most 2^64; 2^64 - 1 stands for the end of the file';
      throw new LeaseError(problemOf('bad_request', { issues: [{ path: 'length', message }] }));
    }
    return {
      sessionId,
      owner: ownerOf(lockOwner),
      export: exportName,
      file,
      handle,
      start: bytes.start,
      end: bytes.end,
      class: 'posix',
      type: rangeTypeOf(type),
    };
  }
}

/** The signal is made only for a request that waits. */
const patienceOf = (waitMs: number, departure: Departure): Patience => ({
  waitMs,
  get signal() {
    return departure?.();
  },
});

/** A stateid as the request shows it, besides the bytes. */
function shownIn({
  sessionId,
  stateid: { seqid },
  requestId,
}: {
  sessionId: string;
  stateid: nfs.StateId;
  requestId?: string | undefined;
}): Shown {
  return { sessionId, seqid, requestId };
}

/** A refused lock. If another lock blocks it, or waits ahead of it, the answer names that lock as RFC 8881 requires. */
function denial(refused: Refused): nfs.AnswerOf<'Lock'> {
  const answer = failure(problemOfRefusal(refused));
  const { blockers = [] } = refused.refused as { blockers?: Blocker[] };
  const [denied] = blockers.flatMap((blocker) => presentDenied(blocker) ?? []);
  return denied === undefined ? answer : { ...answer, status: 'NFS4ERR_DENIED', denied };
}
