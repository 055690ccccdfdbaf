import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync, unlinkSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryDirectory } from '../openers';
import type { Command, Reply } from './actor';
import {
  actorsMax,
  filesMax,
  endOfFile,
  waitsMax,
  type Descriptor,
  type LockType,
  type Outcome,
  type Request,
} from './requests';

/** Processes that perform the requests on real files, and what the kernel then lists. */

const F_GETLK = 5;
const F_SETLK = 6;
const F_SETLKW = 7;
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const F_OFD_SETLKW = 38;
const F_SETLEASE = 1024;
const F_GETLEASE = 1025;
const LOCK_NB = 4;
/** F_RDLCK, F_WRLCK, F_UNLCK */
const lockTypes: readonly LockType[] = ['read', 'write', 'none'];
const flockOperations: Record<LockType, number> = { read: 1, write: 2, none: 8 };
/** O_RDONLY, O_WRONLY, O_RDWR */
const accessModes = { read: 0, write: 1, both: 2 } as const;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
/** Threads of an actor that may block at once. */
const threads = waitsMax;
/** The kernel answers in microseconds; an answer that takes this long will never come. */
const patienceMs = 20_000;

const errnoNames = new Map(Object.entries(constants.errno).map(([name, value]) => [value, name]));
// Two names of one number: fcntl(2) and open(2) say EAGAIN.
errnoNames.set(constants.errno.EAGAIN, 'EAGAIN');

type Unnumbered<C> = C extends [number, ...infer Rest] ? Rest : never;

class Actor {
  private readonly child: ChildProcess;
  private readonly pending = new Map<
    number,
    { resolve: (reply: Reply) => void; reject: (error: Error) => void }
  >();
  private count = 0;

  constructor() {
    const program = ['-r', join(__dirname, '..', 'typescript.cjs'), join(__dirname, 'actor.ts')];
    this.child = spawn(process.execPath, program, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, UV_THREADPOOL_SIZE: String(threads) },
    });
    if (this.child.stdout === null) throw new Error('an actor has no output');
    createInterface(this.child.stdout).on('line', (line) => {
      const reply = JSON.parse(line) as Reply;
      const { resolve } = this.pending.get(reply[0]) ?? {};
      this.pending.delete(reply[0]);
      resolve?.(reply);
    });
    this.child.once('exit', (code, signal) => {
      for (const { reject } of this.pending.values())
        reject(new Error(`an actor has ended: ${String(code ?? signal)}`));
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Sends a command; `id` is its number, by which it can be cancelled. */
  send(...command: Unnumbered<Command>): { id: number; reply: Promise<Reply> } {
    const id = ++this.count;
    const reply = new Promise<Reply>((resolve, reject) => this.pending.set(id, { resolve, reject }));
    this.child.stdin?.write(`${JSON.stringify([id, ...command])}\n`);
    return { id, reply };
  }

  async ask(...command: Unnumbered<Command>): Promise<[errno: number, value: Reply[2]]> {
    const [, errno, value] = await this.send(...command).reply;
    return [errno, value];
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** A wait that has ended: its number, and `ok` or the name of the error. */
export interface Ended {
  wait: number;
  result: string;
}

interface Waiting {
  actor: Actor;
  id: number;
}

export class Machine {
  private readonly actors = Array.from({ length: actorsMax }, () => new Actor());
  private readonly directory = temporaryDirectory();
  private readonly locksFd = openSync('/proc/locks', 'r');
  private buffer = Buffer.alloc(1 << 16);
  private paths: string[] = [];
  private readonly open = new Map<number, Descriptor>();
  private readonly waiting = new Map<number, Waiting>();
  private ended: Ended[] = [];
  private stir: () => void = () => undefined;
  private count = 0;
  /** `maj:min:ino` of the files of this history. */
  inodes: string[] = [];

  pid(actor: number): number {
    return this.actors[actor]?.pid ?? 0;
  }

  actorOf(pid: number): number | undefined {
    const actor = this.actors.findIndex((each) => each.pid === pid);
    return actor < 0 ? undefined : actor;
  }

  /** New files that nobody has open. */
  async begin(): Promise<void> {
    this.count += 1;
    this.paths = Array.from({ length: filesMax }, (_, n) =>
      join(this.directory.path, `${String(this.count)}-${String(n)}`),
    );
    this.inodes = await Promise.all(this.paths.map((path, n) => this.inodeOf(path, n)));
  }

  /** As the kernel prints it, which differs from stat on some file systems. */
  private async inodeOf(path: string, n: number): Promise<string> {
    writeFileSync(path, '');
    const actor = this.actor({ actor: n % actorsMax });
    const probe = -1 - n;
    const [[errno], , [, info]] = await Promise.all([
      actor.ask('open', probe, path, O_CLOEXEC),
      actor.ask('flock', probe, flockOperations.read),
      actor.ask('info', probe),
      actor.ask('close', probe),
    ]);
    const inode = /^lock:\t\d+: FLOCK .* (\S+:\S+:\d+) 0 EOF$/m.exec(String(info))?.[1];
    if (errno !== 0 || inode === undefined) throw new Error(`${path} cannot be locked`);
    return inode;
  }

  /** Interrupts waits, closes descriptors and removes files. */
  async end(): Promise<void> {
    while (this.waiting.size > 0) {
      for (const wait of [...this.waiting.keys()]) await this.interrupt(wait);
      await this.settle();
    }
    await Promise.all([...this.open.values()].map((each) => this.actor(each).ask('close', each.fd)));
    this.open.clear();
    this.ended = [];
    for (const path of this.paths) unlinkSync(path);
  }

  stop(): void {
    for (const actor of this.actors) actor.kill();
    closeSync(this.locksFd);
    this.directory.remove();
  }

  async perform(request: Request): Promise<Outcome> {
    switch (request.do) {
      case 'open': {
        const { on, wait } = request;
        const flags = accessModes[on.access] | O_CLOEXEC;
        const path = this.paths[on.file] ?? '';
        if (wait === undefined) {
          const [errno] = await this.actor(on).ask('open', on.fd, path, flags | O_NONBLOCK);
          return this.opened(on, errno);
        }
        return this.await(wait, on, ['waitOpen', on.fd, path, flags], (errno) => this.opened(on, errno));
      }
      case 'truncate': {
        const { on, wait } = request;
        return this.await(wait, on, ['waitTruncate', 0, this.paths[on.file] ?? ''], said);
      }
      case 'close': {
        const [errno] = await this.actor(request.on).ask('close', request.on.fd);
        this.open.delete(request.on.fd);
        return said(errno);
      }
      case 'dup': {
        const [errno] = await this.actor(request.on).ask('dup', request.on.fd, request.from.fd);
        return this.opened(request.on, errno);
      }
      case 'lock':
        return this.lock(request);
      case 'test': {
        const { on, kind, type } = request;
        const command = kind === 'posix' ? F_GETLK : F_OFD_GETLK;
        const [errno, value] = await this.actor(on).ask(
          'fcntl',
          on.fd,
          command,
          lockTypes.indexOf(type),
          ...placeOf(request.range),
        );
        if (errno !== 0 || !Array.isArray(value)) return said(errno);
        const [found, start, length, pid] = value;
        const foundType = lockTypes[found] ?? 'none';
        if (foundType === 'none') return { result: 'ok' };
        const end = length === '0' ? endOfFile : BigInt(start) + BigInt(length) - 1n;
        const actor = pid === -1 ? undefined : this.actorOf(pid);
        return { result: 'ok', blocker: { type: foundType, start: BigInt(start), end, actor } };
      }
      case 'cancel': {
        await this.interrupt(request.wait);
        return { result: 'ok' };
      }
      case 'lease': {
        const { on, type } = request;
        const [errno] = await this.actor(on).ask('lease', on.fd, F_SETLEASE, lockTypes.indexOf(type));
        return said(errno);
      }
      case 'leaseGet': {
        const [errno, value] = await this.actor(request.on).ask('lease', request.on.fd, F_GETLEASE, 0);
        return errno === 0 ? { result: 'ok', lease: lockTypes[Number(value)] } : said(errno);
      }
    }
  }

  private async lock({ on, kind, type, range, wait }: Request & { do: 'lock' }): Promise<Outcome> {
    if (kind === 'flock') {
      const operation = flockOperations[type];
      if (wait !== undefined) return this.await(wait, on, ['waitFlock', on.fd, operation], said);
      const [errno] = await this.actor(on).ask('flock', on.fd, operation | LOCK_NB);
      return said(errno);
    }
    const place = placeOf(range);
    const number = lockTypes.indexOf(type);
    if (wait !== undefined) {
      const command = kind === 'posix' ? F_SETLKW : F_OFD_SETLKW;
      return this.await(wait, on, ['waitFcntl', on.fd, command, number, ...place], said);
    }
    const command = kind === 'posix' ? F_SETLK : F_OFD_SETLK;
    const [errno] = await this.actor(on).ask('fcntl', on.fd, command, number, ...place);
    return said(errno);
  }

  /** Starts a call that may block; returns once it has ended or is known to be blocked. */
  private async await(
    wait: number,
    on: Descriptor,
    command: Unnumbered<Command>,
    outcome: (errno: number) => Outcome,
  ): Promise<Outcome> {
    const actor = this.actor(on);
    const { id, reply } = actor.send(...command);
    this.waiting.set(wait, { actor, id });
    const ended = (result: string): void => {
      this.waiting.delete(wait);
      this.ended.push({ wait, result });
      this.stir();
    };
    reply.then(
      ([, errno]) => {
        ended(outcome(errno).result);
      },
      (error: unknown) => {
        ended(String(error));
      },
    );
    await this.settle();
    const own = this.ended.find((each) => each.wait === wait);
    if (own === undefined) return { result: 'waiting' };
    this.ended.splice(this.ended.indexOf(own), 1);
    return { result: own.result };
  }

  /** Whether a lock would be granted now; changes nothing. */
  async isFree({ on, kind, type, range }: Request & { do: 'lock' }): Promise<boolean> {
    if (type === 'none') return true;
    if (kind !== 'flock') {
      const { result, blocker } = await this.perform({ do: 'test', on, kind, type, range });
      return result === 'ok' && blocker === undefined;
    }
    const inode = this.inodes[on.file] ?? '';
    const locks = this.listing().filter((line) => line.startsWith('FLOCK ') && line.includes(` ${inode} `));
    const own = await this.ownFlock(on);
    if (own !== undefined) locks.splice(locks.indexOf(own), 1);
    return !locks.some((line) => type === 'write' || line.includes(' WRITE '));
  }

  /** As /proc/locks has it. */
  private async ownFlock(on: Descriptor): Promise<string | undefined> {
    const [, info] = await this.actor(on).ask('info', on.fd);
    return /^lock:\t\d+: (FLOCK .*)$/m.exec(String(info))?.[1];
  }

  /** The waits that have ended since this was last asked. */
  async whatEnded(): Promise<Ended[]> {
    await this.settle();
    return this.ended.splice(0);
  }

  /**
   * Resolves when every wait has been answered or is blocked. A woken thread is in no list until it has run, and the
   * threads it wakes have left the list before it is answered. So once the list is complete, nothing moves any more.
   */
  private async settle(): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const stirred = new Promise<void>((resolve) => (this.stir = resolve));
      if (this.listing().filter((line) => line.includes('-> ')).length === this.waiting.size) return;
      if (performance.now() > deadline) throw new Error(`a wait is lost:\n${this.listing().join('\n')}`);
      await Promise.race([stirred, new Promise((resolve) => setImmediate(resolve))]);
    }
  }

  private async interrupt(wait: number): Promise<void> {
    const entry = this.waiting.get(wait);
    if (entry === undefined) return;
    const deadline = performance.now() + patienceMs;
    // An interrupted thread answers once it has run; one that has only just blocked may not be found yet.
    while (this.waiting.has(wait)) {
      if (performance.now() > deadline) throw new Error(`wait ${String(wait)} cannot be interrupted`);
      await entry.actor.ask('cancel', entry.id);
    }
  }

  /** The kernel's lines about the files of this history, with the waiters below each lock. Without numbers. */
  listing(): string[] {
    const found: string[] = [];
    let ours = false;
    for (const line of this.text().split('\n')) {
      if (!line.includes('-> ')) ours = this.inodes.some((inode) => line.includes(` ${inode} `));
      if (ours) found.push(line.replace(/^\d+: /, ''));
    }
    return found;
  }

  /** All of /proc/locks at one moment: if it does not fit into one read, reads until two results agree. */
  private text(): string {
    let before = '';
    for (;;) {
      let length = 0;
      let reads = 0;
      for (;;) {
        const more = readSync(this.locksFd, this.buffer, length, this.buffer.length - length, length);
        if (more === 0) break;
        length += more;
        reads += 1;
        if (length === this.buffer.length) this.buffer = Buffer.concat([this.buffer, this.buffer]);
      }
      const text = this.buffer.toString('latin1', 0, length);
      if (reads < 2 || text === before) return text;
      before = text;
    }
  }

  private opened(on: Descriptor, errno: number): Outcome {
    if (errno === 0) this.open.set(on.fd, on);
    return said(errno);
  }

  private actor(on: Pick<Descriptor, 'actor'>): Actor {
    const actor = this.actors[on.actor];
    if (actor === undefined) throw new Error(`no actor ${String(on.actor)}`);
    return actor;
  }
}

const said = (errno: number): Outcome => ({
  result: errno === 0 ? 'ok' : (errnoNames.get(errno) ?? String(errno)),
});

/** struct flock's start and length; length 0 = to the end. */
const placeOf = ({ start, end }: { start: bigint; end: bigint }): [string, string] => [
  String(start),
  end === endOfFile ? '0' : String(end - start + 1n),
];
