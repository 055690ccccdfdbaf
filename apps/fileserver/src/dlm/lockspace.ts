import { once } from 'node:events';
import { closeSync, existsSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import koffi from 'koffi';
import type { Command, LockspaceWorkerData, LockspaceWorkerMessage, News } from './lockspace-worker';
import { type Mode, modes } from './modes';

const eventfd = koffi.load(null).func('int eventfd(unsigned int count, int flags)') as unknown as (
  count: number,
  flags: number,
) => number;
const EFD_CLOEXEC_NONBLOCK = 0o2004000;
const one = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);

const LKF_NOQUEUE = 0x1;
const EUNLOCK = 0x10002;
const probeMs = 1_000;
/** An answer to a probe that takes longer means that the lockspace recovers, or has lost its quorum. */
const silentMs = 3_000;

const errnoName = (errno: number): string =>
  Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`;

/** A request of ours that the DLM did not carry out. */
export class DlmError extends Error {
  readonly code: string;
  constructor(call: string, errno: number) {
    const code = errnoName(errno);
    super(`${code} at ${call}`);
    this.code = code;
  }
}

/** A lock of ours. */
export interface Lock {
  readonly id: number;
  readonly resource: string;
  lkid: number;
  /** The strongest mode that somebody wants and this lock is in the way of. */
  wanted: Mode | undefined;
}

interface Pending {
  call: string;
  resolve(): void;
  reject(error: Error): void;
}

/** What the driver hears unprompted. */
export interface LockspaceListener {
  /** `lock.wanted` has changed. */
  onBlocking(lock: Lock): void;
  /** The lock is gone, and we did not ask for that. */
  onGone(lock: Lock): void;
  /** The lockspace was left, or its thread died: no lock of ours is left. */
  onLeft(cause: string): void;
}

/** One open lockspace. At most one request for each lock is under way; the caller sees to that. */
export class Lockspace {
  private readonly locks = new Map<number, Lock>();
  private readonly pending = new Map<number, Pending>();
  private readonly sentinel: Lock;
  private ids = 0;
  private probing: NodeJS.Timeout | undefined;
  /** When the probe under way was sent. */
  private askedAt: number | undefined;
  private left: string | undefined;
  private closed = false;

  private constructor(
    private readonly name: string,
    private readonly worker: Worker,
    private readonly commands: MessagePort,
    private readonly wake: number,
    private readonly listener: LockspaceListener,
  ) {
    this.sentinel = this.newLock('leasehold');
    worker.on('message', (message: LockspaceWorkerMessage) => {
      if ('news' in message) for (const each of message.news) this.hear(each);
    });
    worker.on('error', (error) => {
      this.leave(`the thread of the lockspace died (${error.message})`);
    });
    worker.on('exit', () => {
      closeSync(wake);
      this.leave('the thread of the lockspace ended');
    });
  }

  /** @throws if it is not there, or libdlm is not */
  static async open(name: string, listener: LockspaceListener): Promise<Lockspace> {
    const { port1, port2 } = new MessageChannel();
    const wake = eventfd(0, EFD_CLOEXEC_NONBLOCK);
    const workerData: LockspaceWorkerData = { lockspace: name, commands: port2, wake };
    const file = join(__dirname, 'lockspace-worker.js');
    const worker = new Worker(file, { workerData, transferList: [port2] });
    port1.unref();
    const [first] = (await once(worker, 'message')) as [LockspaceWorkerMessage];
    if ('failed' in first) {
      closeSync(wake);
      throw new Error(first.failed);
    }
    const space = new Lockspace(name, worker, port1, wake, listener);
    // The DLM forgets a lock that nobody can be told about last: this one shows that the lockspace is there.
    await space.ask(space.sentinel, {
      do: 'lock',
      lock: space.sentinel.id,
      ...noqueue('NL'),
      resource: 'leasehold',
    });
    space.probing = setInterval(() => {
      space.probe();
    }, probeMs);
    return space;
  }

  /** Whether it answers. */
  get answers(): boolean {
    const { askedAt, left } = this;
    return left === undefined && (askedAt === undefined || performance.now() - askedAt < silentMs);
  }

  /** A new lock, if nobody is in the way of it. Nobody is told that we would like one. @throws DlmError */
  async lock(resource: string, mode: Mode, lock = this.newLock(resource)): Promise<Lock> {
    try {
      await this.ask(lock, { do: 'lock', lock: lock.id, resource, ...noqueue(mode) });
      return lock;
    } catch (error) {
      this.locks.delete(lock.id);
      throw error;
    }
  }

  /** Up only if nobody is in the way; down always. @throws DlmError */
  async convert(lock: Lock, mode: Mode, up: boolean): Promise<void> {
    const how = up ? noqueue(mode) : { mode: modes.indexOf(mode), flags: 0 };
    await this.ask(lock, { do: 'convert', lock: lock.id, lkid: lock.lkid, ...how });
  }

  async unlock(lock: Lock): Promise<void> {
    await this.ask(lock, { do: 'unlock', lock: lock.id, lkid: lock.lkid });
    this.locks.delete(lock.id);
  }

  /** Leaves; what is still locked goes with it. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.probing);
    this.failPending(new Error('The adapter stops.'));
    if (this.left !== undefined) return;
    const ended = once(this.worker, 'exit');
    this.send({ do: 'close' });
    await ended;
  }

  private newLock(resource: string): Lock {
    const lock: Lock = { id: ++this.ids, resource, lkid: 0, wanted: undefined };
    this.locks.set(lock.id, lock);
    return lock;
  }

  private send(command: Command): void {
    this.commands.postMessage(command);
    writeSync(this.wake, one);
  }

  private ask(lock: Lock, command: Exclude<Command, { do: 'close' }>): Promise<void> {
    if (this.left !== undefined) return Promise.reject(new Error(this.left));
    return new Promise((resolve, reject) => {
      this.pending.set(lock.id, { call: `${command.do} ${lock.resource}`, resolve, reject });
      this.send(command);
    });
  }

  private hear(news: News): void {
    const lock = this.locks.get(news.lock);
    if (lock === undefined) return;
    if ('blocking' in news) {
      const mode = modes[news.blocking];
      if (mode === undefined) return;
      lock.wanted = mode;
      this.listener.onBlocking(lock);
      return;
    }
    const pending = this.pending.get(lock.id);
    this.pending.delete(lock.id);
    if ('errno' in news) {
      pending?.reject(new DlmError(pending.call, news.errno));
      return;
    }
    if (news.lkid !== 0) lock.lkid = news.lkid;
    if (pending === undefined) {
      if (news.status !== EUNLOCK) return;
      this.locks.delete(lock.id);
      this.listener.onGone(lock);
      return;
    }
    if (news.status === 0) lock.wanted = undefined;
    if (news.status === 0 || news.status === EUNLOCK) pending.resolve();
    else pending.reject(new DlmError(pending.call, news.status));
  }

  /**
   * Who leaves a lockspace by force takes its device away, and then waits until every process has closed it. Until then
   * the kernel answers. A conversion that changes nothing waits while the lockspace recovers.
   */
  private probe(): void {
    if (!existsSync(`/sys/class/misc/dlm_${this.name}`)) this.leave('the lockspace was left');
    if (this.askedAt !== undefined || this.left !== undefined) return;
    this.askedAt = performance.now();
    this.convert(this.sentinel, 'NL', false).then(
      () => {
        this.askedAt = undefined;
      },
      (error: unknown) => {
        this.leave(`the lockspace was left (${(error as Error).message})`);
      },
    );
  }

  private leave(cause: string): void {
    if (this.closed || this.left !== undefined) return;
    this.left = cause;
    clearInterval(this.probing);
    if (this.worker.threadId !== -1) this.send({ do: 'close' });
    this.failPending(new Error(cause));
    this.listener.onLeft(cause);
  }

  private failPending(error: Error): void {
    for (const pending of this.pending.values()) pending.reject(error);
    this.pending.clear();
  }
}

const noqueue = (mode: Mode): { mode: number; flags: number } => ({
  mode: modes.indexOf(mode),
  flags: LKF_NOQUEUE,
});
