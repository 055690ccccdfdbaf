import { fileserver } from '#contracts';
import { ApiRefusal, type ApiClient } from './api-client';
import type { BreakFacts, DetachedFacts, Driver, LostFacts, Notice } from './driver';
import { log } from './log';
import type { AdapterMetrics } from './metrics';
import { part } from '#telemetry';

const retryMs = { first: 50, most: 1_000 };
/** The most messages in flight; others wait. */
const inFlightMax = 256;

type AnyNotice = Notice<BreakFacts | DetachedFacts | LostFacts>;
type Kind = 'break' | 'detached' | 'lost';

interface Entry {
  kind: Kind;
  notice: AnyNotice;
  state: 'queued' | 'sending' | 'resting';
  delayMs: number;
  timer: NodeJS.Timeout | undefined;
}

const answerShapes = {
  break: fileserver.breakAnswer,
  detached: fileserver.ack.transform(() => ({ taken: true })),
  lost: fileserver.lostAnswer,
};

/**
 * Messages to the lease API, each sent until an API answers. There is at most one message of each kind per hold: a
 * newer one replaces an older one, so there are at most three entries per hold. The facts are read at each sending.
 */
export class Outbox {
  private readonly entries = new Map<string, Entry>();
  private readonly queue = new Set<string>();
  private inFlight = 0;
  private closed = false;

  constructor(
    driver: Driver,
    private readonly api: ApiClient,
    private readonly incarnation: string,
    private readonly metrics: AdapterMetrics,
  ) {
    driver.listen({
      onBreak: (notice) => {
        this.put('break', notice);
      },
      onDetached: (notice) => {
        this.put('detached', notice);
      },
      onLost: (notice) => {
        this.put('lost', notice);
      },
    });
  }

  /** Messages that no lease API has taken yet. */
  get size(): number {
    return this.entries.size;
  }

  close(): void {
    this.closed = true;
    for (const { timer } of this.entries.values()) clearTimeout(timer);
  }

  private put(kind: Kind, notice: AnyNotice): void {
    this.metrics.notices.add(1, kind);
    const key = `${kind} ${notice.subject}`;
    const entry = this.entries.get(key);
    if (!entry) {
      this.entries.set(key, { kind, notice, state: 'queued', delayMs: retryMs.first, timer: undefined });
      this.enqueue(key);
      return;
    }
    entry.notice = notice; // if the older one is being sent, this one follows it
    entry.delayMs = retryMs.first;
    if (entry.state === 'resting') this.enqueue(key);
  }

  private enqueue(key: string): void {
    const entry = this.entries.get(key);
    if (!entry || this.closed) return;
    clearTimeout(entry.timer);
    entry.state = 'queued';
    this.queue.add(key);
    this.sendNext();
  }

  private sendNext(): void {
    for (const key of this.queue) {
      if (this.inFlight >= inFlightMax) return;
      this.queue.delete(key);
      const entry = this.entries.get(key);
      if (!entry) continue;
      this.inFlight++;
      entry.state = 'sending';
      void this.send(key, entry).finally(() => {
        this.inFlight--;
        this.sendNext();
      });
    }
  }

  private async send(key: string, entry: Entry): Promise<void> {
    const { kind, notice } = entry;
    const facts = notice.now();
    let failed = false;
    if (facts) {
      try {
        const message = { ...facts, incarnation: this.incarnation };
        // The fileserver has acted by itself: a trace begins here.
        const { taken } = await part(
          `fileserver ${kind}`,
          { export: facts.export },
          () => this.api.call<{ taken: boolean }>(kind, message, answerShapes[kind]),
          { begins: true },
        );
        notice.answered?.(taken);
      } catch (error) {
        failed = true;
        if (error instanceof ApiRefusal)
          log.warn({ kind, ...facts }, `lease API refused a message: ${error.message}`);
      }
    }
    if (entry.notice !== notice) {
      this.enqueue(key); // a newer notice has arrived in the meantime
    } else if (failed) {
      entry.state = 'resting';
      entry.timer = setTimeout(() => {
        this.enqueue(key);
      }, entry.delayMs);
      entry.delayMs = Math.min(entry.delayMs * 2, retryMs.most);
    } else {
      this.entries.delete(key);
    }
  }
}
