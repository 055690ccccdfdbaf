import { constants } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import koffi from 'koffi';
import type { SignalWorkerData, SignalWorkerMessage } from './signal-worker';

const pthread_kill = koffi
  .load(null)
  .func('int pthread_kill(unsigned long thread, int signal)') as unknown as (
  thread: number | bigint,
  signal: number,
) => number;

/** In the real-time range of glibc (34–64) and of musl (35–64); neither reserves it. */
export const breakSignal = 40;
const overflowSignal = constants.signals.SIGIO;

const restartDelayMs = { first: 10, most: 1_000 };

export interface BreakSignalsListener {
  /** A new thread waits. Direct the signals of every leased descriptor to it, then check each descriptor once. */
  onThread(tid: number): void;
  /** These descriptors may be breaking. */
  onBreaks(fds: number[]): void;
  /** Some signals were not queued: any descriptor may be breaking. */
  onOverflow(): void;
  /** The thread is gone; another one is being started. */
  onThreadLost(why: string): void;
}

/** Keeps one thread waiting for break signals, and starts another when it dies. */
export class BreakSignals {
  private worker: Worker | undefined;
  private pthread: number | bigint | undefined;
  private restart: NodeJS.Timeout | undefined;
  private delayMs = restartDelayMs.first;
  private stopped = false;
  private readonly stop = new SharedArrayBuffer(4);

  constructor(private readonly listener: BreakSignalsListener) {}

  /** Starts the thread; the listener is called when it waits. */
  start(): void {
    const workerData: SignalWorkerData = { breakSignal, overflowSignal, stop: this.stop };
    const worker = new Worker(join(__dirname, 'signal-worker.js'), { workerData });
    let why = 'it ended';
    this.worker = worker;
    worker.on('message', (message: SignalWorkerMessage) => {
      if (this.stopped) return;
      if ('tid' in message) {
        this.pthread = message.pthread;
        this.delayMs = restartDelayMs.first;
        this.listener.onThread(message.tid);
      } else {
        if (message.overflow) this.listener.onOverflow();
        this.listener.onBreaks(message.fds);
      }
    });
    worker.on('error', (error: Error) => (why = error.message));
    worker.on('exit', () => {
      this.pthread = undefined;
      if (this.stopped) return;
      this.listener.onThreadLost(why);
      this.restart = setTimeout(() => {
        this.start();
      }, this.delayMs);
      this.delayMs = Math.min(this.delayMs * 2, restartDelayMs.most);
    });
  }

  /** Wakes the thread so that it ends; otherwise the process would wait for it before it exits. */
  close(): void {
    this.stopped = true;
    clearTimeout(this.restart);
    Atomics.store(new Int32Array(this.stop), 0, 1);
    if (this.pthread !== undefined) pthread_kill(this.pthread, breakSignal);
    this.worker?.unref();
  }
}
