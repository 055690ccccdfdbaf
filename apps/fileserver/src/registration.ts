import { fileserver } from '#contracts';
import { Unanswered, type ApiClient } from './api-client';
import type { Driver } from './driver';
import { log } from './log';
import { isProvenDead } from './process-identity';
import { type AdapterProof, Repeats } from '#rpc';
import { programVersion } from '#telemetry';

const heartbeatMs = 1_000;
/** The interval at which the trees are checked. A change is reported at once. */
const lookMs = 250;
const retryMs = { first: 50, most: 1_000 };
/** How long a lease API that is there is told again that this adapter stops; the whole stop is bounded elsewhere. */
const deregisterMs = 3_000;
/** The most dead predecessors that one heartbeat may name. */
const deadMax = 16;

const isSame = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([name, cause]) => other.get(name) === cause);

/** Registers this adapter at the lease API, sends heartbeats, and finds out which predecessors are dead. */
export class Registration {
  private predecessors: { incarnation: string; process: fileserver.ProcessIdentity }[] = [];
  /** Since when a predecessor is known to be dead. */
  private readonly deadSince = new Map<string, number>();
  private registered = false;
  private readonly repeats = new Repeats();
  /** The table's position at its last answer, in its own notation. */
  private memento: string | undefined;
  private delayMs = retryMs.first;
  private failure = '';
  private breakLimitMs = 0;
  private timer: NodeJS.Timeout | undefined;
  /** The last heartbeat, in flight or finished. */
  private last: Promise<void> | undefined;
  private closed = false;
  private beating = false;
  private looking: NodeJS.Timeout | undefined;
  /** Exports whose tree is gone, and why, as last reported to the lease API. */
  private told = new Map<string, string>();
  private stopped: () => void = () => undefined;

  constructor(
    private readonly stack: string,
    private readonly driver: Driver,
    private readonly api: ApiClient,
    private readonly incarnation: string,
    private readonly process: fileserver.ProcessIdentity,
    private readonly proof: AdapterProof,
  ) {}

  /** Called when the lease API tells this adapter to release everything and exit. */
  onStop(callback: () => void): void {
    this.stopped = callback;
  }

  /** @param endpoint HOST:PORT that the lease APIs dial */
  start(endpoint: string): void {
    this.looking = setInterval(() => {
      if (!this.beating && !isSame(this.gone(), this.told)) this.last = this.beat(endpoint);
    }, lookMs);
    this.last = this.beat(endpoint);
  }

  /**
   * Reports that this adapter is stopping, once before it releases its holds and once after. Ends the heartbeats.
   * @returns whether a lease API has received it
   */
  async deregister(letGo: boolean): Promise<boolean> {
    this.close();
    if (this.last === undefined) return false;
    // A heartbeat that arrives after the deregistration would say that we are alive.
    await this.last;
    for (const giveUpAt = performance.now() + deregisterMs; ;) {
      try {
        await this.api.call('deregister', { incarnation: this.incarnation, letGo }, fileserver.ack);
        return true;
      } catch (error) {
        const why = (error as Error).message;
        // A busy lease API needs longer, and would take our silence for a crash.
        if (error instanceof Unanswered && error.late && performance.now() < giveUpAt) {
          log.info(`telling the lease API again that this adapter is stopping: ${why}`);
          continue;
        }
        log.info(
          `no lease API can be told that this adapter is stopping; it will notice the silence: ${why}`,
        );
        return false;
      }
    }
  }

  private close(): void {
    this.closed = true;
    clearInterval(this.looking);
    clearTimeout(this.timer);
  }

  private async beat(endpoint: string): Promise<void> {
    let pauseMs = heartbeatMs;
    this.beating = true;
    clearTimeout(this.timer);
    try {
      if (!this.registered) await this.register(endpoint);
      if (!this.closed) await this.heartbeat();
      if (!this.registered) pauseMs = retryMs.first; // it no longer knows us: register again
      this.delayMs = retryMs.first;
      this.failure = '';
    } catch (error) {
      pauseMs = this.delayMs;
      this.delayMs = Math.min(this.delayMs * 2, retryMs.most);
      const { message } = error as Error;
      // The API client has already logged Unanswered, and a refusal no longer matters to an adapter that is stopping.
      const news = message !== this.failure && !(error instanceof Unanswered) && !this.closed;
      if (news) log.error(`the lease API refuses this adapter; retrying: ${message}`);
      this.failure = message;
    }
    this.beating = false;
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.last = this.beat(endpoint);
    }, pauseMs);
  }

  private async register(endpoint: string): Promise<void> {
    const { driver, incarnation, process, api } = this;
    const { major, minor } = fileserver.protocol;
    this.breakLimitMs = driver.breakLimitMs();
    const request = {
      stack: this.stack,
      version: programVersion(),
      protocol: { major, minorMax: minor },
      ...{ incarnation, adapter: this.proof, process, endpoint },
      exports: [...driver.exports],
      breakLimitMs: this.breakLimitMs,
      holdsDieWithProcess: driver.holdsOutliveMs() === 0,
      locksRanges: driver.setranges !== undefined && driver.testrange !== undefined,
      places: [...driver.places()].map(([name, place]) => ({ export: name, ...place })),
      memento: this.memento,
    };
    const answer = await api.call('register', request, fileserver.registerAnswer);
    this.memento = answer.memento;
    this.predecessors = answer.predecessors.filter((one) => one.incarnation !== incarnation);
    this.registered = true;
    const { protocol, epoch } = answer;
    const predecessors = this.predecessors.length;
    // Until the lease API has read what is held here, it asks for this again and again.
    const repeated = this.repeats.due(`${String(epoch)} ${String(predecessors)}`);
    if (repeated !== undefined) log.info({ protocol, epoch, predecessors, repeated }, 'registered');
  }

  private async heartbeat(): Promise<void> {
    const { driver, incarnation, api } = this;
    // An export that is left out counts as lost after a while: its holders are told, and nothing new is asked for.
    const gone = this.gone();
    const exports = driver.exports.filter((name) => driver.isReachable(name) && !gone.has(name));
    const lost = [...gone].map(([name, cause]) => ({ export: name, cause }));
    if (exports.length === 0 && lost.length === 0) return;
    const dead = this.dead();
    const request = { incarnation, exports, lost, memento: this.memento, dead };
    const answer = await api.call('heartbeat', request, fileserver.heartbeatAnswer);
    this.tell(gone);
    this.memento = answer.memento;
    if (answer.stop) {
      this.close();
      this.stopped();
      return;
    }
    if (answer.known) this.predecessors = this.predecessors.filter((one) => !dead.includes(one.incarnation));
    // The break limit is part of the registration, and an administrator may change it while we run.
    this.registered = answer.known && driver.breakLimitMs() === this.breakLimitMs;
  }

  private gone(): Map<string, string> {
    const gone = new Map<string, string>();
    for (const name of this.driver.exports) {
      const cause = this.driver.gone(name);
      if (cause !== undefined) gone.set(name, cause);
    }
    return gone;
  }

  /** Logs one line when an export's tree is gone and one when it is back. */
  private tell(gone: Map<string, string>): void {
    for (const [name, cause] of gone)
      if (this.told.get(name) !== cause)
        log.error(
          { export: name, cause, next: 'put its directory back, or restart this adapter' },
          'the name of the export no longer leads to the tree that is served: the export is lost',
        );
    for (const name of this.told.keys())
      if (!gone.has(name))
        log.info({ export: name }, 'the name of the export leads to the tree that is served again');
    this.told = gone;
  }

  /** Predecessors that have been dead so long that the fileserver has dropped their holds. */
  private dead(): string[] {
    const now = performance.now();
    const outliveMs = this.driver.holdsOutliveMs();
    const dead: string[] = [];
    for (const { incarnation, process } of this.predecessors) {
      if (dead.length === deadMax) break;
      if (!this.deadSince.has(incarnation)) {
        if (!isProvenDead(process, this.process)) continue;
        this.deadSince.set(incarnation, now);
      }
      if (now - (this.deadSince.get(incarnation) ?? now) >= outliveMs) dead.push(incarnation);
    }
    return dead;
  }
}
