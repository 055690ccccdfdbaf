import type { z } from 'zod';
import { type Problem, problemOf } from '#contracts';
import { type Admitted, type AdmittedCall, type Door, proven, type Strangers } from '#rpc';
import type { Failures, Peer } from '../failures';
import type { Caller } from '../identity/caller';
import { problemOfError } from '../problem';
import { type Audit, auditedCaller, type AuditRecord, isForWantOfRights } from '../telemetry/audit';

/** How many connections that have proved a secret are remembered; the oldest proof is forgotten first. */
const provenMax = 4_096;

/** What a message was about to do. */
export interface Act extends Pick<AuditRecord, 'target' | 'rule'> {
  readonly peer: Peer;
  readonly via: 'RPC' | 'gRPC';
  readonly action: string;
  readonly caller?: Caller;
}

interface Verdict {
  ok: boolean;
  isGuess?: boolean;
}

/**
 * Admits messages of adapters and NFS servers. People choose secrets, so a peer that has tried too many waits its turn
 * before its next try is checked, as over HTTP. Connections that have proved the right secret are not delayed: nobody
 * can make an adapter on the same host seem lost.
 */
export class Porter {
  private readonly proven = new Set<string>();

  constructor(
    private readonly door: Door,
    private readonly failures: Failures,
    /** Connections for gRPC, which its library hides. */
    private readonly strangers: Strangers,
    private readonly audit?: Audit,
  ) {}

  /** A message over TCP. */
  async open<T>(peer: Peer, pattern: string, raw: unknown, shape: z.ZodType<T>): Promise<Admitted<T>> {
    const problem = await this.turn(peer);
    if (problem !== undefined) return { ok: false, problem, isGuess: true, reply: { ok: false, problem } };
    const opened = this.door.open(pattern, raw, shape);
    if (opened.ok) proven(peer);
    else if (opened.late !== true) this.refused({ peer, via: 'RPC', action: pattern }, opened.problem);
    return this.noted(peer, pattern, opened);
  }

  /** A gRPC call. */
  async admit(
    peer: Peer,
    path: string,
    header: string | undefined,
    bytes: Uint8Array | undefined,
  ): Promise<AdmittedCall> {
    const problem = await this.turn(peer);
    if (problem !== undefined) return { ok: false, problem, isGuess: true };
    const admitted = this.door.admit(path, header, bytes);
    if (admitted.ok) this.strangers.provenAs(peer);
    else this.refused({ peer, via: 'gRPC', action: path }, admitted.problem);
    return this.noted(peer, path, admitted);
  }

  /** A message of a stream had a wrong seal. */
  broken(peer: Peer, path: string): void {
    this.refused({ peer, via: 'gRPC', action: path }, problemOf('no_credentials'));
    this.noted(peer, path, { ok: false, isGuess: true });
  }

  /** A session secret was wrong. Resolves when the caller may be told; to a problem if that is too far off. */
  async wrongSecret(peer: Peer, where: string): Promise<Problem | undefined> {
    return this.failures.wrongSecret(peer, where);
  }

  /** Audits a refusal, if it is for want of rights. */
  refused(act: Act, { code, reason }: Pick<Problem, 'reason'> & { code: string }): void {
    if (isForWantOfRights({ code, reason })) this.audited(act, { outcome: 'refused', code, reason });
  }

  /** Audits an act of consequence. */
  allowed(act: Act): void {
    this.audited(act, { outcome: 'allowed' });
  }

  private audited(
    { peer, via, action, caller, target, rule }: Act,
    how: Pick<AuditRecord, 'outcome' | 'code' | 'reason'>,
  ): void {
    const from = peer.remoteAddress;
    const { outcome, ...why } = how;
    this.audit?.record({ outcome, ...auditedCaller(caller), from, via, action, target, rule, ...why });
  }

  private turn(peer: Peer): Promise<Problem | undefined> | undefined {
    if (this.proven.has(nameOf(peer))) return undefined;
    return this.failures.turn(peer).then(() => undefined, problemOfError);
  }

  private noted<V extends Verdict>(peer: Peer, where: string, verdict: V): V {
    const name = nameOf(peer);
    this.proven.delete(name);
    if (verdict.ok) this.proven.add(name);
    else if (verdict.isGuess === true) this.failures.note(peer, 'seal', where);
    for (const oldest of this.proven) {
      if (this.proven.size <= provenMax) break;
      this.proven.delete(oldest);
    }
    return verdict;
  }
}

const nameOf = ({ remoteAddress = '', remotePort = 0 }: Peer): string =>
  `${remoteAddress} ${String(remotePort)}`;
