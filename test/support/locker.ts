import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Command, Reply } from './kernel/actor';

const types = { read: 0, write: 1 };
const commands = { posix: 6, ofd: 37 };
const F_SETLKW = 7;
const flocks = { read: 1, write: 2 };
const O_RDWR = 2;
/** POSIX and OFD locks go through one open of the file, flocks through another. */
const slots = { fcntl: 1, flock: 2 };

type Unnumbered<C> = C extends [number, ...infer Rest] ? Rest : never;
const lockers = new Set<Locker>();

/** A process that locks one file. */
export class Locker {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, (reply: Reply) => void>();
  private count = 0;

  constructor(path: string) {
    const program = ['-r', join(__dirname, 'typescript.cjs'), join(__dirname, 'kernel', 'actor.ts')];
    this.child = spawn(process.execPath, program, { stdio: ['pipe', 'pipe', 'inherit'] });
    lockers.add(this);
    if (this.child.stdout === null) throw new Error('a locker has no output');
    createInterface(this.child.stdout).on('line', (line) => {
      const reply = JSON.parse(line) as Reply;
      this.pending.get(reply[0])?.(reply);
      this.pending.delete(reply[0]);
    });
    for (const slot of Object.values(slots)) void this.send('open', slot, path, O_RDWR);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async fcntl(
    kind: 'posix' | 'ofd',
    type: 'read' | 'write',
    start: bigint,
    end: bigint | 'EOF',
  ): Promise<void> {
    await this.done(this.send('fcntl', slots.fcntl, commands[kind], types[type], ...lengthOf(start, end)));
  }
  async flock(type: 'read' | 'write'): Promise<void> {
    await this.done(this.send('flock', slots.flock, flocks[type]));
  }
  /** Starts waiting for a POSIX lock, and returns at once. */
  waitFcntl(type: 'read' | 'write', start: bigint, end: bigint | 'EOF'): void {
    void this.send('waitFcntl', slots.fcntl, F_SETLKW, types[type], ...lengthOf(start, end));
  }
  waitFlock(type: 'read' | 'write'): void {
    void this.send('waitFlock', slots.flock, flocks[type]);
  }

  kill(): void {
    this.child.kill('SIGKILL');
    lockers.delete(this);
  }

  private async done(reply: Promise<Reply>): Promise<void> {
    const [, errno] = await reply;
    if (errno !== 0) throw new Error(`the kernel says ${String(errno)}`);
  }
  private send(...command: Unnumbered<Command>): Promise<Reply> {
    const id = ++this.count;
    const reply = new Promise<Reply>((resolve) => this.pending.set(id, resolve));
    this.child.stdin?.write(`${JSON.stringify([id, ...command])}\n`);
    return reply;
  }
}

/** A length of 0 reaches to the end of the file. */
function lengthOf(start: bigint, end: bigint | 'EOF'): [start: string, length: string] {
  return [String(start), end === 'EOF' ? '0' : String(end - start + 1n)];
}

/** Ends everything that a failed test left behind. */
export function killLockers(): void {
  for (const locker of lockers) locker.kill();
}
