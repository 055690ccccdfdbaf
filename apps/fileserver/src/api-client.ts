import { firstValueFrom, timeout, TimeoutError } from 'rxjs';
import type { z } from 'zod';
import { fileserver, type Problem } from '#contracts';
import type { Config, HostPort } from './config';
import { log } from './log';
import type { AdapterMetrics } from './metrics';
import { Caller, type Incarnation, type Key, PromptClient, type Tls, type Wire } from '#rpc';
import { asking } from '#telemetry';

type Pattern = keyof typeof fileserver.patterns;

const callTimeoutMs = 2_000;
/** Log silence only after this: longer than a lease API takes to restart, shorter than it takes to declare us lost. */
const newsMs = 3_000;

/** No lease API answered in time. `late`: one is there, or was reached, and has not answered yet. */
export class Unanswered extends Error {
  constructor(
    message: string,
    readonly late = false,
  ) {
    super(message);
  }
}

/** A lease API refused the call. */
export class ApiRefusal extends Error {
  constructor(readonly problem: Problem) {
    super(
      [`${problem.code} ${problem.reason}: ${problem.title}`, problem.detail, problem.next]
        .filter(Boolean)
        .join(' '),
    );
  }
}

/** One lease API, dialled when there is something to send. */
class Link {
  readonly name: string;
  readonly caller: Caller;
  private readonly client: PromptClient;
  private answeredAt = 0;

  constructor({ host, port }: HostPort, who: ConstructorParameters<typeof Caller>[1], tls: Tls | undefined) {
    this.name = `${host}:${port}`;
    this.client = new PromptClient({ host, port }, tls);
    this.caller = new Caller((pattern, envelope) => this.send(pattern, envelope), who);
  }

  hangUp(): void {
    try {
      this.client.unwrap<{ destroy(): void }>().destroy();
    } catch {
      // there is no connection
    }
    this.client.close();
  }

  /** @throws after `callTimeoutMs` at the latest, whatever the network does */
  private async send(...[pattern, message]: Parameters<Wire>): Promise<unknown> {
    const startedAt = performance.now();
    try {
      const answer: unknown = await firstValueFrom(
        this.client.send<unknown>(pattern, message).pipe(timeout(callTimeoutMs)),
      );
      this.answeredAt = performance.now();
      return answer;
    } catch (error) {
      // Nothing arrived during the whole call: the connection is dead or was never made. The next call dials again.
      if (error instanceof TimeoutError && this.answeredAt < startedAt) this.hangUp();
      throw error;
    }
  }
}

/**
 * Calls the lease APIs. They share one table, so any of them will do: the one that answered last is asked first, and
 * the next one if it is silent.
 */
export class ApiClient {
  private readonly links: Link[];
  private current = 0;
  private reachable: boolean | undefined;
  private silentSince: number | undefined;
  /** The last message from any lease API said that it is stopping. */
  private left = false;
  private superseded: (problem: Problem) => void = () => undefined;

  /** The secret that the lease APIs share with this incarnation alone, once one has been greeted. */
  session: string | undefined;

  constructor(
    { apis }: Pick<Config, 'apis'>,
    who: { key: Key; incarnation: Incarnation },
    private readonly metrics: AdapterMetrics,
    tls?: Tls,
  ) {
    const onSession = (secret: string): void => {
      this.session = secret;
    };
    this.links = apis.map((address) => new Link(address, { ...who, onSession }, tls));
  }

  /** A lease API has said that it is stopping. */
  leave(): void {
    this.left = true;
  }

  /** Called when any answer says that a newer adapter has taken over. */
  onSuperseded(callback: (problem: Problem) => void): void {
    this.superseded = callback;
  }

  /**
   * Asks the lease APIs, one after the other, until one answers.
   * @throws Unanswered if none did, ApiRefusal with the problem if one refused
   */
  async call<T>(name: Pattern, message: object, answerShape: z.ZodType<T>): Promise<T> {
    const startedAt = performance.now();
    let outcome = 'unanswered';
    try {
      const answer = await asking(`lease-api ${name}`, { 'rpc.method': name }, () =>
        this.ask(name, message, answerShape),
      );
      outcome = 'ok';
      return answer;
    } catch (error) {
      if (error instanceof ApiRefusal) outcome = 'refused';
      throw error;
    } finally {
      this.metrics.calls.add((performance.now() - startedAt) / 1000, name, outcome);
    }
  }

  private async ask<T>(name: Pattern, message: object, answerShape: z.ZodType<T>): Promise<T> {
    const pattern = fileserver.patterns[name];
    let answer: Awaited<ReturnType<typeof Caller.prototype.call<T>>>;
    for (let attempt = 1; ; attempt++) {
      const asked = this.current;
      const link = this.links[asked];
      if (!link) throw new Unanswered('There is no lease API to ask.');
      try {
        answer = await link.caller.call(pattern, message, answerShape);
        this.note(link, undefined);
        break;
      } catch (error) {
        // Another call may have moved on already.
        if (this.current === asked) this.current = (asked + 1) % this.links.length;
        if (attempt < this.links.length) continue;
        const why = error instanceof Error && error.message !== '' ? error.message : String(error);
        this.note(link, why);
        throw new Unanswered(
          `No lease API answers; the last one asked was ${link.name}: ${why}`,
          error instanceof TimeoutError,
        );
      }
    }
    if (answer.ok) return answer.message;
    if (answer.problem.reason === 'incarnation_superseded') this.superseded(answer.problem);
    throw new ApiRefusal(answer.problem);
  }

  close(): void {
    for (const link of this.links) link.hangUp();
  }

  /** Logs when no lease API has answered for a while, and when one answers again. A mere restart is not logged. */
  private note(link: Link, failure: string | undefined): void {
    const reachable = failure === undefined;
    const now = performance.now();
    if (reachable) {
      this.silentSince = undefined;
      this.left = false;
    } else this.silentSince ??= now;
    if (reachable === this.reachable || now - (this.silentSince ?? now - newsMs) < newsMs) return;
    this.reachable = reachable;
    if (reachable) log.info({ api: link.name }, 'lease API answers');
    else
      log[this.left ? 'info' : 'warn'](
        { api: link.name, failure, stopped: this.left },
        'no lease API answers; holds stay in place, and messages are kept and sent again',
      );
  }
}
