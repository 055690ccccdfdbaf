import type { z } from 'zod';
import type { Problem } from '#contracts';
import { type Admitted, type AdmittedCall, type Door, proven } from '#rpc';
import type { Failures, Peer } from '../failures';
import { problemOfError } from '../problem';

/** How many connections that have proved a secret are remembered; the oldest proof is forgotten first. */
const provenMax = 4_096;

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
  ) {}

  /** A message over TCP. */
  async open<T>(peer: Peer, pattern: string, raw: unknown, shape: z.ZodType<T>): Promise<Admitted<T>> {
    const problem = await this.turn(peer);
    if (problem !== undefined) return { ok: false, problem, isGuess: true, reply: { ok: false, problem } };
    const opened = this.door.open(pattern, raw, shape);
    if (opened.ok) proven(peer);
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
    return this.noted(peer, path, this.door.admit(path, header, bytes));
  }

  /** A message of a stream had a wrong seal. */
  broken(peer: Peer, path: string): void {
    this.noted(peer, path, { ok: false, isGuess: true });
  }

  /** A session secret was wrong. Resolves when the caller may be told; to a problem if that is too far off. */
  async wrongSecret(peer: Peer, where: string): Promise<Problem | undefined> {
    return this.failures.wrongSecret(peer, where);
  }

  private async turn(peer: Peer): Promise<Problem | undefined> {
    if (this.proven.has(nameOf(peer))) return undefined;
    try {
      await this.failures.turn(peer);
      return undefined;
    } catch (error) {
      return problemOfError(error);
    }
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
