import type { DelegationAnswer, LeaseType, Reason, RecordRow, Want, WhyNot } from '#locks';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';
import { clientKeyOf } from './ids';
import { isRefused, type Refused } from './refusal';
import type { Relay } from './relay';

/** How much longer than the fileserver's own limit an answer may take. */
const marginMs = 1_000;

export interface DelegationRequest {
  sessionId: string;
  export: string;
  file: string;
  handle?: string;
  want: Want;
  /** After a refusal, signal when the delegation becomes available. */
  signal?: boolean;
  /** Grant it then, if no fileserver has to be asked. */
  push?: boolean;
  /** With a write delegation, the session is the authority for the file's times (RFC 9754). */
  times?: boolean;
  /** The file is a directory. */
  directory?: boolean;
  /** Of a directory: tell of changes that are reported, instead of recalling the delegation. */
  notify?: boolean;
  reclaim?: boolean;
  /** With `reclaim`: it keeps this id. */
  leaseId?: string;
}

/** Delegations: leases that the service offers and that belong to a whole session (RFC 8881 §10.4). */
export class Delegations {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
    private readonly askMs: number,
  ) {}

  /**
   * Requests a delegation without an open. "Not offered" is an answer, not a refusal, and says why. If the fileserver
   * must be asked, waits for its answer.
   * Refused: grace, no_grace, and the refusals of a name or a session.
   */
  async want(
    request: DelegationRequest,
    digest: string,
    signal?: AbortSignal,
  ): Promise<DelegationAnswer | Refused> {
    const { sessionId, want, directory, push, times, notify, reclaim } = request;
    const where = [sessionId, digest, request.export, request.file] as const;
    const clientKey = clientKeyOf(sessionId);
    const answer = await this.exports.attempt<DelegationAnswer>(
      request.export,
      undefined,
      async (parking) => {
        // A directory that cannot be delegated need not be looked up.
        const named =
          directory === true && !(await this.exports.delegatesDirectories(request.export))
            ? await this.exports.nameFor(...where)
            : await this.exports.resolveFor(sessionId, digest, request, parking);
        if (isRefused(named)) {
          const { reason } = named.refused;
          return reason === 'lease_type_unsupported' ? { pending: false, whyNot: 'NOT_SUPP_FTYPE' } : named;
        }
        const keeps = request.leaseId;
        const leaseId = this.arbiter.ids.forRequest(named.fileKey, 'lease', { sessionId, keeps });
        if (typeof leaseId !== 'string') return leaseId;
        return this.arbiter.run('delegationWant', {
          ...{ sessionId, digest, leaseId, file: named, clientKey, want, directory, reclaim },
          ...{ signal: request.signal, push, times, notify },
        });
      },
    );
    if (isRefused(answer) || !answer.pending || answer.lease === undefined) return answer;
    return this.decided(answer.lease.leaseId, answer.lease.pendingType, digest, signal);
  }

  /** Forgets a lease or a delegation that has ended. Refused: no_such_lease, lease_held, and as for a session. */
  async free(leaseId: string, digest: string): Promise<Refused | undefined> {
    const freed = await this.arbiter.run('leaseFree', { leaseId, digest });
    return isRefused(freed) ? freed : undefined;
  }

  /**
   * The holder of a delegation that is told of changes was not: the delegation is recalled.
   * Refused: no_such_lease, and as for a session.
   */
  async untold(leaseId: string, digest: string): Promise<Refused | undefined> {
    const answer = await this.arbiter.run('delegationUntold', { leaseId, digest });
    return isRefused(answer) ? answer : undefined;
  }

  private async decided(
    leaseId: string,
    type: LeaseType | undefined,
    digest: string,
    signal: AbortSignal | undefined,
  ): Promise<DelegationAnswer | Refused> {
    const watch = this.relay.watch(leaseId);
    const until = performance.now() + this.askMs + marginMs;
    try {
      for (let reason: Reason | undefined; ;) {
        const found = await this.arbiter.run('leaseGet', { leaseId, digest });
        if (isRefused(found)) {
          if (found.refused.reason !== 'no_such_lease') return found;
          reason ??= undoneBecause(await watch.next(marginMs, signal));
          return { pending: false, whyNot: whyUndone(reason, type) };
        }
        const { lease } = found;
        if (lease.pendingType === undefined) return { lease, pending: false };
        const left = until - performance.now();
        if (left <= 0 || this.relay.stopping || signal?.aborted === true) {
          // The answer says that there is no delegation, so none may be granted later.
          const { lease: now } = await this.arbiter.run('leaseUndo', {
            leaseId,
            reason: 'fileserver_timeout',
          });
          if (now !== undefined) return { lease: now, pending: false };
          return { pending: false, whyNot: 'CONTENTION', willSignal: false };
        }
        reason = undoneBecause(await watch.next(left, signal)) ?? reason;
      }
    } finally {
      watch.close();
    }
  }
}

/** The fileserver has its own reasons, or the file was renamed while somebody has something on it. */
const passing: ReadonlySet<Reason> = new Set<Reason>(['fileserver_refused', 'file_changed', 'no_such_file']);

/** Why the fileserver's answer gave no delegation. Nothing reports when a conflict there ends, so there is no signal. */
export function whyUndone(reason: Reason | undefined, type: LeaseType | undefined): WhyNot {
  if (reason === 'lease_type_unsupported')
    return type === 'write' ? 'WRITE_DELEG_NOT_SUPP_FTYPE' : 'NOT_SUPP_FTYPE';
  return reason === undefined || reason.endsWith('_conflict') || passing.has(reason)
    ? 'CONTENTION'
    : 'RESOURCE';
}

/** Why an intent was undone, if the record says so. */
export function undoneBecause(record: RecordRow | undefined): Reason | undefined {
  return record?.kind === 'undone' ? record.reason : undefined;
}
