import { setTimeout as delay } from 'node:timers/promises';
import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problemOf } from '#contracts';
import { networkOf } from '#rpc';
import type { Caller } from '../identity/caller';
import { LeaseError } from '../problem';
import type { Request } from './exchange';

const windowMs = 1_000;
/** How many subjects and addresses one lease API counts by itself; the one seen longest ago is forgotten first. */
const countedMax = 10_000;

/** The most refusals that are held back at a time; others are told at once. */
const heldMax = 4_096;

/**
 * Requests per second of each subject, of each tenant as a whole, and of each address for callers who prove no name.
 * With a table in Redis, the lease APIs count together.
 */
export class RateLimits {
  private readonly counted = new WeakMap<object, { key: string; allowed: number }>();
  private held = 0;
  private count: ReturnType<FastifyInstance['createRateLimit']> | undefined;
  /** In this process, one request is counted after the other: what the library counts, it reads only later. */
  private last: Promise<unknown> | undefined;

  /** `redis`: where to count; absent: in this process. */
  async install(app: NestFastifyApplication, redis: object | undefined, table: string): Promise<void> {
    const fastify = app.getHttpAdapter().getInstance();
    await fastify.register(rateLimit, {
      // A Redis that does not answer is told as a table that does not: rates are not enforced meanwhile.
      ...{ global: false, timeWindow: windowMs, cache: countedMax, skipOnError: true, redis },
      // With the hash tag of the table, the counters are where the table is in a Cluster.
      nameSpace: `leasehold-rates:{lh:${table}:0}:`,
      max: (request) => this.counted.get(request)?.allowed ?? 0,
      keyGenerator: (request) => this.counted.get(request)?.key ?? '',
    });
    this.count = fastify.createRateLimit();
    if (redis === undefined) this.last = Promise.resolve();
  }

  /**
   * Counts a request. One too many is refused when the second is over: a caller that asks again at once would keep us
   * busy with refusing, and others would wait. Many of them are refused at different times of the next second, so that
   * they do not all ask again at once.
   * @throws LeaseError rate_exceeded
   */
  async check(request: Request, names: Pick<Caller, 'tenant' | 'subject'>, allowed: number): Promise<void> {
    this.counted.set(request, { key: keyOf(names, request), allowed });
    const counting = () => this.count?.(request as Request & FastifyRequest);
    const counted = this.last === undefined ? counting() : this.last.then(counting);
    if (this.last !== undefined) this.last = counted;
    const verdict = await counted;
    if (verdict === undefined || verdict.isAllowed || !verdict.isExceeded) return;
    const waitMs = Math.min(windowMs, Math.max(1, verdict.ttl));
    const isHeld = this.held < heldMax;
    if (isHeld) {
      this.held += 1;
      await delay(waitMs + Math.random() * windowMs);
      this.held -= 1;
    }
    const retryAfterMs = isHeld ? 1 : waitMs;
    throw new LeaseError(problemOf('rate_exceeded', { retryAfterMs, used: allowed, allowed }));
  }
}

const keyOf = (
  { tenant, subject }: Pick<Caller, 'tenant' | 'subject'>,
  { raw }: Pick<Request, 'raw'>,
): string =>
  tenant === '' && subject === ''
    ? `at ${networkOf(raw.socket.remoteAddress ?? '')}`
    : `of ${tenant}/${subject}`;
