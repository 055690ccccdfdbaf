import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import koffi from 'koffi';

/**
 * A process that opens, locks and leases files on command. Each command is a JSON line: `[id, op, ...arguments]` on
 * standard input, `[id, errno, value?]` on standard output. A call that may block runs on its own thread and is answered
 * when it ends; `cancel` interrupts it, as a signal does.
 */
export type Command =
  | [id: number, op: 'open', slot: number, path: string, flags: number]
  | [id: number, op: 'close', slot: number]
  | [id: number, op: 'dup', slot: number, from: number]
  | [id: number, op: 'fcntl', slot: number, command: number, type: number, start: string, length: string]
  | [id: number, op: 'flock', slot: number, operation: number]
  | [id: number, op: 'lease', slot: number, command: number, type: number]
  | [id: number, op: 'info', slot: number]
  | [id: number, op: 'waitOpen', slot: number, path: string, flags: number]
  | [id: number, op: 'waitFcntl', slot: number, command: number, type: number, start: string, length: string]
  | [id: number, op: 'waitFlock', slot: number, operation: number]
  | [id: number, op: 'waitTruncate', slot: number, path: string]
  | [id: number, op: 'cancel', wait: number];
/** `value`: `[type, start, length, pid]` for F_GETLK and F_OFD_GETLK, the type for F_GETLEASE, the fdinfo for `info`. */
export type Reply = [id: number, errno: number, value?: [number, string, string, number] | number | string];

interface Call {
  (...values: unknown[]): number;
  async(...values: unknown[]): void;
}
const libc = koffi.load(null);
const call = (name: string, ...parameters: string[]): Call => libc.func(name, 'int', parameters);
// On 64-bit Linux the arguments of variadic functions travel in the same registers.
const open = call('open', 'void *', 'int', 'int');
const close = call('close', 'int');
const fcntlInt = call('fcntl', 'int', 'int', 'long');
const fcntlLock = call('fcntl', 'int', 'int', 'void *');
const truncate = call('truncate', 'void *', 'long');
const flock = call('flock', 'int', 'int');
const tgkill = call('tgkill', 'int', 'int', 'int');
const siginterrupt = call('siginterrupt', 'int', 'int');
const signal = libc.func('signal', 'void *', ['int', 'void *']) as unknown as (n: number, to: bigint) => void;
const dlsym = libc.func('dlsym', 'void *', ['void *', 'str']) as unknown as (
  library: null,
  name: string,
) => bigint;

const F_DUPFD_CLOEXEC = 1030;
const SIGUSR2 = 12;
const SIGIO = 29;
const SIG_IGN = 1n;
const EINVAL = 22;
const ESRCH = 3;

// Lease breaks raise SIGIO, which would end the process or, with a handler, interrupt a waiting thread.
signal(SIGIO, SIG_IGN);
// The handler does nothing: its only purpose is that the interrupted call ends with EINTR.
signal(SIGUSR2, dlsym(null, 'abs'));
siginterrupt(SIGUSR2, 1);

const slots = new Map<number, number>();
/** For each wait, the first arguments of its system call, which identify its thread; and all, to keep them alive. */
const waits = new Map<number, { marks: string; values: unknown[] }>();

const answer = (...reply: Reply): void => void process.stdout.write(`${JSON.stringify(reply)}\n`);
const errnoOf = (result: number): number => (result < 0 ? koffi.errno() : 0);
const hex = (n: number | bigint): string => `0x${n.toString(16)}`;

/** struct flock */
function lockBuffer(type: number, start: string, length: string): Buffer {
  const buffer = Buffer.alloc(32);
  buffer.writeInt16LE(type, 0);
  buffer.writeBigInt64LE(BigInt(start), 8);
  buffer.writeBigInt64LE(BigInt(length), 16);
  return buffer;
}

function open_(id: number, slot: number, fd: number): void {
  if (fd >= 0) slots.set(slot, fd);
  answer(id, errnoOf(fd));
}

/** Runs a call that may block. `marks`: the start of /proc/self/task/N/syscall while it blocks, after the number. */
function wait(id: number, on: Call, values: unknown[], marks: string, ended: (result: number) => void): void {
  waits.set(id, { marks, values });
  on.async(...values, (error: unknown, result: number) => {
    if (error !== null) throw error as Error;
    waits.delete(id);
    ended(result);
  });
}

/** Sends the signal to the thread that is in this wait. */
function cancel(wait: number): number {
  const entry = waits.get(wait);
  if (entry === undefined) return ESRCH;
  for (const thread of readdirSync('/proc/self/task')) {
    const state = readFileSync(`/proc/self/task/${thread}/syscall`, 'latin1');
    const [, ...values] = state.split(' ');
    if (values.join(' ').startsWith(`${entry.marks} `))
      return errnoOf(tgkill(process.pid, Number(thread), SIGUSR2));
  }
  return ESRCH;
}

function run(command: Command): void {
  const [id, op, slot] = command;
  const fd = slots.get(slot) ?? -1;
  switch (op) {
    case 'open':
    case 'waitOpen': {
      const [, , , path, flags] = command;
      const text = Buffer.from(`${path}\0`);
      if (op === 'open') {
        open_(id, slot, open(text, flags, 0));
      } else {
        const AT_FDCWD = 0xffffff9c;
        wait(id, open, [text, flags, 0], `${hex(AT_FDCWD)} ${hex(koffi.address(text))}`, (result) => {
          open_(id, slot, result);
        });
      }
      return;
    }
    case 'waitTruncate': {
      const [, , , path] = command;
      const text = Buffer.from(`${path}\0`);
      wait(id, truncate, [text, 0], `${hex(koffi.address(text))} 0x0`, (result) => {
        answer(id, errnoOf(result));
      });
      return;
    }
    case 'close':
      slots.delete(slot);
      answer(id, errnoOf(close(fd)));
      return;
    case 'dup': {
      const [, , , from] = command;
      open_(id, slot, fcntlInt(slots.get(from) ?? -1, F_DUPFD_CLOEXEC, 0));
      return;
    }
    case 'fcntl':
    case 'waitFcntl': {
      const [, , , cmd, type, start, length] = command;
      const lock = lockBuffer(type, start, length);
      if (op === 'fcntl') {
        const errno = errnoOf(fcntlLock(fd, cmd, lock));
        const from = String(lock.readBigInt64LE(8));
        const size = String(lock.readBigInt64LE(16));
        answer(id, errno, [lock.readInt16LE(0), from, size, lock.readInt32LE(24)]);
      } else {
        const marks = `${hex(fd)} ${hex(cmd)} ${hex(koffi.address(lock))}`;
        wait(id, fcntlLock, [fd, cmd, lock], marks, (result) => {
          answer(id, errnoOf(result));
        });
      }
      return;
    }
    case 'flock':
    case 'waitFlock': {
      const [, , , operation] = command;
      if (op === 'flock') answer(id, errnoOf(flock(fd, operation)));
      else
        wait(id, flock, [fd, operation], `${hex(fd)} ${hex(operation)}`, (result) => {
          answer(id, errnoOf(result));
        });
      return;
    }
    case 'lease': {
      const [, , , cmd, type] = command;
      const result = fcntlInt(fd, cmd, type);
      answer(id, errnoOf(result), result);
      return;
    }
    case 'info':
      answer(id, 0, readFileSync(`/proc/self/fdinfo/${String(fd)}`, 'latin1'));
      return;
    case 'cancel':
      answer(id, cancel(slot));
      return;
    default:
      answer(id, EINVAL);
  }
}

createInterface(process.stdin)
  .on('line', (line) => {
    run(JSON.parse(line) as Command);
  })
  // A blocked thread would prevent an orderly exit.
  .on('close', () => process.kill(process.pid, 'SIGKILL'));
