import type { SessionView, SubjectLimits } from '#locks';
import { type Caller, secretOf } from '../identity/caller';
import { countedAs } from '../identity/limits';
import type { Arbiter } from './arbiter';
import { digestOf, newSecret, randomId } from './ids';
import { isRefused, type Refused } from './refusal';

/** What the rules know of a caller who has proven a name. */
const namesOf = ({ tenant, subject }: Caller): { tenant?: string; subject: string } =>
  tenant === '' ? { subject } : { tenant, subject };

/** Sessions: the liveness contract of one client (semantics.md §6). */
export class Sessions {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly quotaOf: (names: Pick<Caller, 'tenant' | 'subject'>) => SubjectLimits | undefined = () =>
      undefined,
  ) {}

  /** Returns the session and its secret, which is shown only once and is good for this caller. Refused: sessions_max. */
  async create(
    request: { ttlMs: number; node?: string; pid?: number; label?: string },
    caller?: Caller,
  ): Promise<{ session: SessionView; secret: string } | Refused> {
    const secret = newSecret();
    const { ttlMs, node, pid = 0, label } = request;
    const made = await this.arbiter.run('sessionCreate', {
      sessionId: randomId(),
      digest: digestOf(caller === undefined ? secret : secretOf(secret, caller)),
      ttlMs,
      node,
      pid,
      label,
      ...(caller === undefined || caller.subject === ''
        ? {}
        : { ...namesOf(caller), ...this.quotasOf(caller) }),
    });
    return isRefused(made) ? made : { session: made.session, secret };
  }

  /** What the caller, and its tenant as a whole, may use. */
  private quotasOf(caller: Caller): { quota?: SubjectLimits; tenantQuota?: SubjectLimits } {
    const [quota, tenantQuota] = countedAs(caller).map(this.quotaOf);
    return { quota, tenantQuota };
  }

  /** Refused: no_such_session, not_holder. */
  async get(sessionId: string, digest: string | undefined): Promise<SessionView | Refused> {
    const found = await this.arbiter.run('sessionGet', { sessionId, digest });
    return isRefused(found) ? found : found.session;
  }

  /** Renews the TTL, whatever the session holds, in one small step. Refused: no_such_session, not_holder, session_expired. */
  async keepalive(sessionId: string, digest: string): Promise<SessionView | Refused> {
    const kept = await this.arbiter.run('keepalive', { sessionId, digest });
    return isRefused(kept) ? kept : kept.session;
  }

  /** Ends the session and releases all it has, at once. Refused: no_such_session, not_holder, session_expired. */
  async end(sessionId: string, digest: string): Promise<Refused | undefined> {
    for (;;) {
      const ended = await this.arbiter.run('sessionEnd', { sessionId, digest });
      if (isRefused(ended)) return ended;
      if (!ended.more) return undefined;
    }
  }

  /** One page of sessions in the order of their creation; `after` is where the next page begins. */
  list(after: number, limit: number): Promise<{ sessions: SessionView[]; after?: number }> {
    return this.arbiter.run('sessionList', { after, limit });
  }

  /**
   * The session has reclaimed all it wants. Returns how much of the grace period is left.
   * Refused: as for `keepalive`.
   */
  reclaimComplete(sessionId: string, digest: string): Promise<{ graceMs: number } | Refused> {
    return this.arbiter.run('reclaimComplete', { sessionId, digest });
  }

  /** How much of a grace period is left, and how many sessions may still reclaim. */
  grace(): Promise<{ graceMs: number; sessions: number }> {
    return this.arbiter.run('graceGet', {});
  }
}
