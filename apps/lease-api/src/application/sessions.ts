import type { SessionView, SubjectLimits } from '#locks';
import { type Caller, secretOf } from '../identity/caller';
import { countedAs } from '../identity/limits';
import type { Arbiter } from './arbiter';
import { clientSecretOf, digestOf, isSecretOf, newSecret, nfsClientKeyOf, randomId } from './ids';
import type { TableKey } from './memento';
import { isRefused, type Refused } from './refusal';

/** What the rules know of a caller who has proven a name. */
const namesOf = ({ tenant, subject }: Caller): { tenant?: string; subject: string } =>
  tenant === '' ? { subject } : { tenant, subject };

/** An NFS client as it shows itself with EXCHANGE_ID. */
export interface OfClient {
  owner: string;
  verifier: string;
  principal: string;
  update?: boolean;
}

/** Sessions: the liveness contract of one client (semantics.md §6). */
export class Sessions {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly quotaOf: (names: Pick<Caller, 'tenant' | 'subject'>) => SubjectLimits | undefined = () =>
      undefined,
    private readonly key: TableKey = { value: '' },
  ) {}

  /**
   * Returns the session and its secret, which is shown only once and is good for this caller. With `reclaim`, a session
   * that the table may have lost goes on.
   * Refused: sessions_max; no_grace, not_holder, session_expired.
   */
  async create(
    request: {
      ttlMs: number;
      node?: string;
      pid?: number;
      label?: string;
      reclaim?: { sessionId: string; secret: string };
      courtesyMs?: number | undefined;
    },
    caller?: Caller,
  ): Promise<{ session: SessionView; secret: string } | Refused> {
    const { ttlMs, node, pid = 0, label, reclaim, courtesyMs } = request;
    // Nobody may take the name of a session that the table has lost, and keep its owner out.
    if (reclaim !== undefined && !isSecretOf(reclaim.secret, this.key.value, reclaim.sessionId))
      return { refused: { reason: 'not_holder' } };
    const { sessionId, secret } = reclaim ?? this.newSession();
    const made = await this.arbiter.run('sessionCreate', {
      sessionId,
      reclaim: reclaim === undefined ? undefined : true,
      digest: digestOf(caller === undefined ? secret : secretOf(secret, caller)),
      ttlMs,
      node,
      pid,
      label,
      courtesyMs,
      ...this.namesAndQuota(caller),
    });
    return isRefused(made) ? made : { session: made.session, secret };
  }

  /**
   * EXCHANGE_ID of an NFS client: its session, known or new, and its secret.
   * Refused: no_such_client, verifier_differs, not_principal, client_in_use, node_down, and as for `create`.
   */
  async exchange(
    request: { ttlMs: number; node?: string; label?: string; courtesyMs?: number | undefined } & OfClient,
    caller: Caller,
  ): Promise<{ session: SessionView; secret: string; confirmed: boolean } | Refused> {
    const { ttlMs, node, label, courtesyMs, owner, verifier, principal, update } = request;
    const sessionId = randomId();
    const { tenant, subject } = caller;
    const made = await this.arbiter.run('clientExchange', {
      ...{ sessionId, digest: digestOf(secretOf(this.secretOf(sessionId), caller)) },
      ...{ ttlMs, node, pid: 0, label, courtesyMs, verifier, principal, update },
      client: nfsClientKeyOf(tenant, subject, owner),
      ...this.namesAndQuota(caller),
    });
    return isRefused(made) ? made : { ...made, secret: this.secretOf(made.session.sessionId) };
  }

  /**
   * CREATE_SESSION of an NFS client: returns when what its earlier life held is released.
   * Refused: client_in_use, no_such_session, not_holder, session_expired.
   */
  async confirm(sessionId: string, digest: string, principal?: string): Promise<Refused | undefined> {
    for (;;) {
      const confirmed = await this.arbiter.run('clientConfirm', { sessionId, digest, principal });
      if (isRefused(confirmed)) return confirmed;
      if (!confirmed.more) return undefined;
    }
  }

  private newSession(): { sessionId: string; secret: string } {
    const sessionId = randomId();
    return { sessionId, secret: newSecret(this.key.value, sessionId) };
  }

  private secretOf(sessionId: string): string {
    return clientSecretOf(this.key.value, sessionId);
  }

  /** The caller's names, and what the caller and its tenant as a whole may use. */
  private namesAndQuota(caller: Caller | undefined): {
    tenant?: string;
    subject?: string;
    quota?: SubjectLimits;
    tenantQuota?: SubjectLimits;
  } {
    if (caller === undefined || caller.subject === '') return {};
    const [quota, tenantQuota] = countedAs(caller).map(this.quotaOf);
    return { ...namesOf(caller), quota, tenantQuota };
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
   * The session has reclaimed all it wants, with a name in this export. Returns how much of the grace period is left.
   * Refused: no_such_export, reclaims_complete, and as for `keepalive`.
   */
  reclaimComplete(
    sessionId: string,
    digest: string,
    exportName?: string,
  ): Promise<{ graceMs: number } | Refused> {
    return this.arbiter.run('reclaimComplete', { sessionId, digest, exportName });
  }

  /** How much of a grace period is left, and how many sessions may still reclaim. */
  grace(): Promise<{ graceMs: number; sessions: number }> {
    return this.arbiter.run('graceGet', {});
  }
}
