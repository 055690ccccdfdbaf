import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Problem, problemOf } from '#contracts';
import { LeaseError, problemOfError } from './problem';
import type { Log } from './telemetry/logger';

/** So many addresses are remembered; the one that failed longest ago goes first. */
const addressesMax = 4_096;
/** An address may fail so often before it is slowed, and once more every second. */
const free = 20;
const forgetMs = 1_000;
/** Who is slowed has its turn so often, and is told to come again if that is too far off. */
const turnMs = 250;
const aheadMaxMs = 5_000;
/** Failures of one address are a line of the log at most so often. */
const lineMs = 10_000;

/** The other end of a connection. */
export type Peer = Partial<Pick<Socket, 'remoteAddress' | 'remotePort'>>;

interface Failed {
  count: number;
  countedAt: number;
  turnAt: number;
  loggedAt: number;
  unlogged: number;
}

/** Whom an address belongs to: of IPv6 the network, since a host has as many addresses as it likes. */
function networkOf(address: string): string {
  const text = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (!text.includes(':')) return text;
  const [head = '', tail] = text.split('::');
  const left = head.split(':');
  const right = tail === undefined ? [] : tail.split(':');
  const groups =
    tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0')];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/**
 * Credentials that were wrong, by address: written down, and slowed after a while. Other addresses notice nothing, so that
 * nobody can be locked out from elsewhere.
 */
export class Failures {
  private readonly addresses = new Map<string, Failed>();

  constructor(
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** `what` was wrong, where: what the log says of it. */
  note({ remoteAddress = '' }: Peer, what: string, where: string): void {
    const address = networkOf(remoteAddress);
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

  /**
   * Resolves when this address has its turn: at once for who has not failed too often.
   * @throws LeaseError too_many_failures
   */
  async turn({ remoteAddress = '' }: Peer): Promise<void> {
    const failed = this.recent(networkOf(remoteAddress));
    if (failed === undefined || failed.count <= free) return;
    const at = Math.max(this.now(), failed.turnAt) + turnMs;
    const waitMs = Math.ceil(at - this.now());
    if (waitMs > aheadMaxMs) throw new LeaseError(problemOf('too_many_failures', { retryAfterMs: waitMs }));
    failed.turnAt = at;
    await delay(waitMs);
  }

  /** Notes that the secret of a session was wrong. Resolves when it may be said; to a problem if that is too far off. */
  wrongSecret(peer: Peer, where: string): Promise<Problem | undefined> {
    this.note(peer, 'session secret', where);
    return this.turn(peer).then(() => undefined, problemOfError);
  }

  /** What an address has failed at, less what time has made good. */
  private recent(address: string): Failed | undefined {
    const failed = this.addresses.get(address);
    if (failed === undefined) return undefined;
    const forgotten = Math.floor((this.now() - failed.countedAt) / forgetMs);
    failed.count = Math.max(0, failed.count - forgotten);
    failed.countedAt += forgotten * forgetMs;
    return failed;
  }
}
