import { constants } from 'node:os';
import { readSync } from 'node:fs';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import koffi from 'koffi';

/**
 * The thread that makes every call to one lockspace and waits for what the DLM has to say. A call may block as long as
 * the lockspace recovers from the death of a node.
 */

/** The worker's start data. */
export interface LockspaceWorkerData {
  lockspace: string;
  /** Where commands come from. After one the sender writes to `wake`, an eventfd, because this thread has no event loop. */
  commands: MessagePort;
  wake: number;
}

/** `lock` is the caller's name for a lock: everything that is said about it carries it. */
export type Command =
  | { do: 'lock'; lock: number; resource: string; mode: number; flags: number }
  | { do: 'convert'; lock: number; lkid: number; mode: number; flags: number }
  | { do: 'unlock'; lock: number; lkid: number }
  | { do: 'close' };

export type News =
  /** A request has ended; `status` is an errno, or one of libdlm's own. */
  | { lock: number; status: number; lkid: number }
  /** Somebody wants this mode, and the lock is in the way. */
  | { lock: number; blocking: number }
  /** The call itself failed. */
  | { lock: number; errno: number };

/** The first message says whether the lockspace is open; later ones bring news. */
export type LockspaceWorkerMessage = { opened: true } | { failed: string } | { news: News[] };

const LKF_CONVERT = 0x4;
/** struct dlm_lksb (libdlm.h) */
const lksb = { size: 24, lkid: 4 } as const;
/** struct dlm_lock_result (linux/dlm_device.h), on 64-bit machines */
const result = { size: 72, param: 24, status: 40, lkid: 44, bastMode: 64 } as const;
/** libdlm passes these two on, and the kernel back; nobody calls them, because we read the results ourselves. */
const ast = 1;
const bast = 2;
/** A process that exits ends this thread between two waits. */
const idleMs = 500;
/** The most results read before commands get a turn. */
const batchMax = 256;

type Handle = object;

interface Libdlm {
  open(name: string): Handle | null;
  close(space: Handle): number;
  fd(space: Handle): number;
  lock(
    space: Handle,
    mode: number,
    lksb: Buffer,
    flags: number,
    name: string,
    length: number,
    parent: number,
    ast: number,
    argument: number,
    bast: number,
    range: number,
  ): number;
  unlock(space: Handle, lkid: number, flags: number, lksb: Buffer, argument: number): number;
}

function loadLibdlm(): Libdlm {
  const library = koffi.load('libdlm.so.3');
  const parameters = ['void *', 'uint32_t', 'void *', 'uint32_t', 'str', 'uint32_t', 'uint32_t'];
  const lock = [...parameters, 'uintptr_t', 'uintptr_t', 'uintptr_t', 'uintptr_t'];
  const unlock = ['void *', 'uint32_t', 'uint32_t', 'void *', 'uintptr_t'];
  return {
    open: library.func('dlm_open_lockspace', 'void *', ['str']),
    close: library.func('dlm_close_lockspace', 'int', ['void *']),
    fd: library.func('dlm_ls_get_fd', 'int', ['void *']),
    lock: library.func('dlm_ls_lock', 'int', lock),
    unlock: library.func('dlm_ls_unlock', 'int', unlock),
  };
}

const libc = koffi.load(null);
const poll = libc.func('int poll(void *fds, unsigned long count, int timeout)') as unknown as (
  fds: Buffer,
  count: number,
  timeout: number,
) => number;
const setFlags = libc.func('fcntl', 'int', ['int', 'int', 'long']) as unknown as (
  fd: number,
  command: number,
  flags: number,
) => number;

const POLLIN = 1;
const F_SETFL = 4;
const O_RDWR_NONBLOCK = 0o4002;

/** A lockspace that is open. */
class Lockspace {
  private readonly fd: number;
  private readonly results = Buffer.alloc(result.size + 64);
  private readonly woken = Buffer.alloc(8);
  private readonly polled = Buffer.alloc(16);

  constructor(
    private readonly libdlm: Libdlm,
    private readonly space: Handle,
    private readonly wake: number,
  ) {
    this.fd = libdlm.fd(space);
    // A result that poll has announced may be gone at the read.
    setFlags(this.fd, F_SETFL, O_RDWR_NONBLOCK);
  }

  close(): void {
    this.libdlm.close(this.space);
  }

  /** Waits until there is a result or a command. */
  wait(): void {
    for (const [at, fd] of [this.fd, this.wake].entries()) {
      this.polled.writeInt32LE(fd, 8 * at);
      this.polled.writeInt32LE(POLLIN, 8 * at + 4);
    }
    poll(this.polled, 2, idleMs);
    if ((this.polled.readInt16LE(14) & POLLIN) !== 0) readSync(this.wake, this.woken);
  }

  /** @returns the errno if the call fails */
  call(command: Exclude<Command, { do: 'close' }>): number | undefined {
    const { libdlm, space } = this;
    const block = Buffer.alloc(lksb.size);
    let failed: number;
    switch (command.do) {
      case 'lock': {
        const { mode, flags, resource, lock } = command;
        failed = libdlm.lock(space, mode, block, flags, resource, resource.length, 0, ast, lock, bast, 0);
        break;
      }
      case 'convert': {
        const { mode, flags, lkid, lock } = command;
        block.writeUInt32LE(lkid, lksb.lkid);
        failed = libdlm.lock(space, mode, block, flags | LKF_CONVERT, '', 0, 0, ast, lock, bast, 0);
        break;
      }
      default: {
        const { lkid, lock } = command;
        block.writeUInt32LE(lkid, lksb.lkid);
        failed = libdlm.unlock(space, lkid, 0, block, lock);
      }
    }
    return failed === 0 ? undefined : koffi.errno();
  }

  /** The next result, if there is one. */
  next(): News | undefined {
    const from = this.results;
    try {
      readSync(this.fd, from);
    } catch (error) {
      if ((error as { errno?: number }).errno === -constants.errno.EAGAIN) return undefined;
      throw error;
    }
    const lock = Number(from.readBigUInt64LE(result.param));
    const blocking = from.readUInt8(result.bastMode);
    if (blocking !== 0) return { lock, blocking };
    const status = -from.readInt32LE(result.status);
    return { lock, status, lkid: from.readUInt32LE(result.lkid) };
  }
}

function serve(
  space: Lockspace,
  commands: MessagePort,
  post: (message: LockspaceWorkerMessage) => void,
): void {
  for (;;) {
    space.wait();
    const news: News[] = [];
    for (let received = receiveMessageOnPort(commands); received; received = receiveMessageOnPort(commands)) {
      const command = received.message as Command;
      if (command.do === 'close') return;
      const errno = space.call(command);
      if (errno !== undefined) news.push({ lock: command.lock, errno });
    }
    for (let next = space.next(); next; next = news.length < batchMax ? space.next() : undefined)
      news.push(next);
    if (news.length > 0) post({ news });
  }
}

function main({ lockspace, commands, wake }: LockspaceWorkerData): void {
  const post = (message: LockspaceWorkerMessage): void => parentPort?.postMessage(message);
  let libdlm: Libdlm;
  try {
    libdlm = loadLibdlm();
  } catch (error) {
    post({ failed: `libdlm cannot be loaded (Debian: libdlm3): ${(error as Error).message}` });
    return;
  }
  const handle = libdlm.open(lockspace);
  if (handle === null) {
    const errno = koffi.errno();
    const name = Object.entries(constants.errno).find(([, value]) => value === errno)?.[0];
    post({ failed: `${name ?? `errno ${errno}`} at dlm_open_lockspace` });
    return;
  }
  const space = new Lockspace(libdlm, handle, wake);
  post({ opened: true });
  try {
    serve(space, commands, post);
  } finally {
    space.close();
  }
}

main(workerData as LockspaceWorkerData);
