import { readFileSync } from 'node:fs';
import { fileserver } from '#contracts';
import { Unanswered, type ApiClient } from './api-client';
import type { Driver } from './driver';
import { log } from './log';
import { isProvenDead } from './process-identity';

const heartbeatMs = 1_000;
const retryMs = { first: 50, most: 1_000 };
/** As many dead predecessors as one heartbeat may name. */
const deadMax = 16;

function programVersion(): string {
  const { version } = JSON.parse(readFileSync(require.resolve('#package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Makes this adapter known to the lease API, keeps it known, and finds out which predecessors are dead. */
export class Registration {
  private predecessors: { incarnation: string; process: fileserver.ProcessIdentity }[] = [];
  /** Since when a predecessor is known to be dead. */
  private readonly deadSince = new Map<string, number>();
  private registered = false;
  /** How far the table was when it last answered, in its own words. */
  private memento: string | undefined;
  private delayMs = retryMs.first;
  private failure = '';
  private breakLimitMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private stopped: () => void = () => undefined;

  constructor(
    private readonly driver: Driver,
    private readonly api: ApiClient,
    private readonly incarnation: string,
    private readonly process: fileserver.ProcessIdentity,
  ) {}

  /** Called when the lease API says that this adapter is to let go of everything and exit. */
  onStop(callback: () => void): void {
    this.stopped = callback;
  }

  /** @param endpoint HOST:PORT that the lease APIs dial */
  start(endpoint: string): void {
    void this.beat(endpoint);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private async beat(endpoint: string): Promise<void> {
    let pauseMs = heartbeatMs;
    try {
      if (!this.registered) await this.register(endpoint);
      await this.heartbeat();
      if (!this.registered) pauseMs = retryMs.first; // it knows us no more: register again
      this.delayMs = retryMs.first;
      this.failure = '';
    } catch (error) {
      pauseMs = this.delayMs;
      this.delayMs = Math.min(this.delayMs * 2, retryMs.most);
      const { message } = error as Error;
      const news = message !== this.failure && !(error instanceof Unanswered); // the client has said so
      if (news) log.error(`the lease API refuses this adapter; trying on: ${message}`);
      this.failure = message;
    }
    if (this.closed) return;
    this.timer = setTimeout(() => {
      void this.beat(endpoint);
    }, pauseMs);
  }

  private async register(endpoint: string): Promise<void> {
    const { driver, incarnation, process, api } = this;
    const { major, minor } = fileserver.protocol;
    this.breakLimitMs = driver.breakLimitMs();
    const request = {
      stack: driver.stack,
      version: programVersion(),
      protocol: { major, minorMax: minor },
      ...{ incarnation, process, endpoint },
      exports: [...driver.exports],
      breakLimitMs: this.breakLimitMs,
      holdsDieWithProcess: driver.holdsOutliveMs() === 0,
      memento: this.memento,
    };
    const answer = await api.call('register', request, fileserver.registerAnswer);
    this.memento = answer.memento;
    this.predecessors = answer.predecessors.filter((one) => one.incarnation !== incarnation);
    this.registered = true;
    log.info(
      { protocol: answer.protocol, epoch: answer.epoch, predecessors: this.predecessors.length },
      'registered',
    );
  }

  private async heartbeat(): Promise<void> {
    const { driver, incarnation, api } = this;
    // Left out, an export is taken for lost after a while: holders hear of it, and nothing new is asked for.
    const exports = driver.exports.filter((name) => driver.isReachable(name));
    if (exports.length === 0) return;
    const dead = this.gone();
    const request = { incarnation, exports, memento: this.memento, dead };
    const answer = await api.call('heartbeat', request, fileserver.heartbeatAnswer);
    this.memento = answer.memento;
    if (answer.stop) {
      this.close();
      this.stopped();
      return;
    }
    if (answer.known) this.predecessors = this.predecessors.filter((one) => !dead.includes(one.incarnation));
    // Registered is the break limit too: an administrator may set it while we run.
    this.registered = answer.known && driver.breakLimitMs() === this.breakLimitMs;
  }

  /** Predecessors that are dead for so long that the fileserver has dropped what they held. */
  private gone(): string[] {
    const now = performance.now();
    const outliveMs = this.driver.holdsOutliveMs();
    const gone: string[] = [];
    for (const { incarnation, process } of this.predecessors) {
      if (gone.length === deadMax) break;
      if (!this.deadSince.has(incarnation)) {
        if (!isProvenDead(process, this.process)) continue;
        this.deadSince.set(incarnation, now);
      }
      if (now - (this.deadSince.get(incarnation) ?? now) >= outliveMs) gone.push(incarnation);
    }
    return gone;
  }
}
