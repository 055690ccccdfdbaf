import { setTimeout as delay } from 'node:timers/promises';
import { type Problem, problemOf } from '#contracts';
import { networkOf, type Peer } from '#rpc';
import { LeaseError, problemOfError } from './problem';
import type { Log } from './telemetry/logger';

/** How many addresses are remembered; the one that failed longest ago is forgotten first. */
const addressesMax = 4_096;
/** How many right credentials are remembered; the one used longest ago is forgotten first. */
const trustedMax = 16_384;
/** How often an address may fail before it is slowed; one failure is forgotten every second. */
const free = 20;
const forgetMs = 1_000;
/** A slowed address has one turn per `turnMs`; if its turn is too far off, it is told to come again later. */
const turnMs = 250;
const aheadMaxMs = 5_000;
/** Failures of one address are logged at most this often. */
const lineMs = 10_000;

export type { Peer };

interface Failed {
  count: number;
  countedAt: number;
  turnAt: number;
  loggedAt: number;
  unlogged: number;
}

/**
 * Logs wrong credentials by address, and slows an address that fails too often. Other addresses are not affected, so
 * that nobody can be locked out from elsewhere, and neither are callers behind the same address, as behind a proxy, who
 * were right there before.
 */
export class Failures {
  private readonly addresses = new Map<string, Failed>();
  /** Credentials that were right, with the address that showed them: to show them there again is no guess. */
  private readonly trusted = new Set<string>();

  constructor(
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Notes that `what` was wrong; `where` is for the log. */
  note({ remoteAddress = '' }: Peer, what: string, where: string, credential = ''): void {
    const address = networkOf(remoteAddress);
    this.trusted.delete(`${address} ${credential}`);
    const failed = this.recent(address) ?? {
      ...{ count: 0, countedAt: this.now(), turnAt: 0 },
      ...{ loggedAt: Number.NEGATIVE_INFINITY, unlogged: 0 },
    };
    failed.count += 1;
    failed.unlogged += 1;
    this.addresses.delete(address);
    this.addresses.set(address, failed);
    const [oldest] = this.addresses.keys();
    if (this.addresses.size > addressesMax && oldest !== undefined) this.addresses.delete(oldest);
    if (this.now() - failed.loggedAt < lineMs) return;
    this.log.warn({ address, what, where, failures: failed.unlogged }, 'wrong credentials');
    failed.loggedAt = this.now();
    failed.unlogged = 0;
  }

  /** Notes that a credential was right at this address. Somebody who fails beside it no longer slows it. */
  trust({ remoteAddress = '' }: Peer, credential: string): void {
    const shown = `${networkOf(remoteAddress)} ${credential}`;
    this.trusted.delete(shown);
    this.trusted.add(shown);
    const [oldest] = this.trusted;
    if (this.trusted.size > trustedMax && oldest !== undefined) this.trusted.delete(oldest);
  }

  /**
   * Resolves when this address has its turn: at once if it has not failed too often, or if the credential was right
   * here before.
   * @throws LeaseError too_many_failures
   */
  async turn({ remoteAddress = '' }: Peer, credential = ''): Promise<void> {
    if (this.trusted.has(`${networkOf(remoteAddress)} ${credential}`)) return;
    const failed = this.recent(networkOf(remoteAddress));
    if (failed === undefined || failed.count <= free) return;
    const at = Math.max(this.now(), failed.turnAt) + turnMs;
    const waitMs = Math.ceil(at - this.now());
    if (waitMs > aheadMaxMs) throw new LeaseError(problemOf('too_many_failures', { retryAfterMs: waitMs }));
    failed.turnAt = at;
    await delay(waitMs);
  }

  /**
   * Notes that the secret of a session was wrong. Resolves when the caller may be told; to a problem if that is too far
   * off.
   */
  wrongSecret(peer: Peer, where: string): Promise<Problem | undefined> {
    this.note(peer, 'session secret', where);
    return this.turn(peer).then(() => undefined, problemOfError);
  }

  /** The failures of an address, less those forgotten since. */
  private recent(address: string): Failed | undefined {
    const failed = this.addresses.get(address);
    if (failed === undefined) return undefined;
    const forgotten = Math.floor((this.now() - failed.countedAt) / forgetMs);
    failed.count = Math.max(0, failed.count - forgotten);
    failed.countedAt += forgotten * forgetMs;
    return failed;
  }
}
