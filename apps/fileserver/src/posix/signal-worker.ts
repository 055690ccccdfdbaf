import { parentPort, workerData } from 'node:worker_threads';
import koffi from 'koffi';

/** The worker's start data. */
export interface SignalWorkerData {
  /** The real-time signal of a break. It is directed to this thread, so no other thread gets it. */
  breakSignal: number;
  /** SIGIO: the kernel sends it instead, once, when the queue of real-time signals is full. */
  overflowSignal: number;
  /** One cell; 1 = stop at the next wake-up. */
  stop: SharedArrayBuffer;
}
/** The first message announces the thread, later ones report breaks. `fds` are hints; `overflow`: some are missing. */
export type SignalWorkerMessage =
  { tid: number; pthread: number | bigint } | { fds: number[]; overflow: boolean };

/**
 * The thread that waits for break signals. It never returns to its event loop: sigtimedwait wakes it within
 * microseconds of the signal, and the message it posts wakes the main thread.
 */
function waitForBreaks(
  { breakSignal, overflowSignal, stop }: SignalWorkerData,
  post: (m: SignalWorkerMessage) => void,
) {
  const libc = koffi.load(null);
  const sigaddset = libc.func('int sigaddset(void *set, int signal)') as unknown as (
    s: Buffer,
    n: number,
  ) => number;
  const pthread_sigmask = libc.func('int pthread_sigmask(int how, void *set, void *old)') as unknown as (
    how: number,
    set: Buffer,
    old: null,
  ) => number;
  const sigtimedwait = libc.func('int sigtimedwait(void *set, void *info, void *timeout)') as unknown as (
    set: Buffer,
    info: Buffer,
    timeout: Buffer,
  ) => number;
  const pthread_self = libc.func('unsigned long pthread_self()') as unknown as () => number | bigint;
  const gettid = libc.func('int gettid()') as unknown as () => number;

  const SIG_BLOCK = 0;
  const signals = Buffer.alloc(128);
  sigaddset(signals, breakSignal);
  sigaddset(signals, overflowSignal);
  pthread_sigmask(SIG_BLOCK, signals, null);
  post({ tid: gettid(), pthread: pthread_self() });

  const info = Buffer.alloc(128); // siginfo_t; on 64-bit Linux si_code is at 8 and si_fd at 24
  const timeout = (ms: number): Buffer => {
    const spec = Buffer.alloc(16); // struct timespec
    spec.writeBigInt64LE(BigInt(ms) * 1_000_000n, 8);
    return spec;
  };
  const idle = timeout(500); // worker.terminate() takes effect between two waits
  const atOnce = timeout(0);
  const batchMax = 256;
  const stopped = new Int32Array(stop);

  while (Atomics.load(stopped, 0) === 0) {
    const fds: number[] = [];
    let overflow = false;
    let signal = sigtimedwait(signals, info, idle);
    while (signal > 0) {
      if (signal === overflowSignal) overflow = true;
      else if (info.readInt32LE(8) > 0) fds.push(info.readInt32LE(24)); // a wake-up has a negative si_code
      if (fds.length >= batchMax) break;
      signal = sigtimedwait(signals, info, atOnce);
    }
    if (fds.length > 0 || overflow) post({ fds, overflow });
  }
}

waitForBreaks(workerData as SignalWorkerData, (message) => parentPort?.postMessage(message));
