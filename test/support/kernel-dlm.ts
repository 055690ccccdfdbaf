import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ModalFlags } from '#locks';
import type { Heard, Request } from './dlm-history';

/**
 * The Linux kernel's DLM in its virtual machine (dlm-vm.sh), as `npm run test:dlm` has started it: four processes that
 * take real locks, spoken to in the lines of dlmsh.c.
 */

/** One process in the machine. */
class Process {
  private readonly lines: string[] = [];
  private wake: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    createInterface({ input: socket }).on('line', (line) => {
      this.lines.push(line.trim());
      this.wake();
    });
  }

  static async open(path: string): Promise<Process> {
    const socket = connect(path);
    await once(socket, 'connect');
    const process = new Process(socket);
    // It answers once the machine is up.
    await process.ask('pump 0');
    return process;
  }

  close(): void {
    this.socket.destroy();
  }

  private async line(): Promise<string> {
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Sends a line. Returns what arrived until its answer, and the answer last. */
  async ask(text: string): Promise<string[]> {
    this.socket.write(`${text}\n`);
    const heard: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line !== 'ready') heard.push(line);
      if (/^(ok|error \d+)$/.test(line)) return heard;
    }
  }

  /** kill -9. Another process is there when this returns, and has none of its locks. */
  async kill(): Promise<void> {
    this.socket.write('!exit\n');
    while ((await this.line()) !== 'ready');
  }
}

const granted = 0;
const statuses: { readonly [status: number]: Heard['what'] } = {
  [granted]: 'granted',
  11: 'refused',
  35: 'deadlock',
  65537: 'cancelled',
  65538: 'unlocked',
};
const errors: { readonly [errno: number]: Heard['what'] } = { 16: 'busy', 22: 'invalid' };
const demoted = 1;
const notValid = 2;
const alternative = 4;

/** What a line of dlmsh says; a value block only if the lock has one. */
function heardIn(line: string, request: Request): Heard[] {
  const [kind, first = '', second = '', third = '', block = ''] = line.split(' ');
  const lock = Number(first);
  if (kind === 'bast') return [{ lock, what: 'blocking', mode: second as Heard['mode'] }];
  if (kind === 'error') {
    const what = errors[lock];
    if (what === undefined) throw new Error(`the kernel says ${line}`);
    return [{ lock: request.lock, what }];
  }
  const what = statuses[Number(second)];
  if (what === undefined) throw new Error(`the kernel says ${line}`);
  const heard: Heard = { lock, what };
  if (what !== 'granted') return [heard];
  const flags = Number(third);
  if ((flags & demoted) !== 0) heard.demoted = true;
  if ((flags & alternative) !== 0) heard.alternative = true;
  if ((flags & notValid) !== 0) heard.invalid = true;
  heard.block = block;
  return [heard];
}

const words = (flags: ModalFlags): string[] =>
  Object.entries(flags).flatMap(([name, set]) => (set === true ? [name] : []));

export class KernelDlm {
  private constructor(private readonly processes: readonly Process[]) {}

  static async open(directory: string): Promise<KernelDlm> {
    const paths = [0, 1, 2, 3].map((n) => join(directory, `dlm${String(n)}.sock`));
    return new KernelDlm(await Promise.all(paths.map((path) => Process.open(path))));
  }

  close(): void {
    for (const process of this.processes) process.close();
  }

  /** What every lock hears of this request. One node does everything within the request, so nothing comes later. */
  async ask(request: Request): Promise<Heard[]> {
    const { holder } = request;
    const process = this.processes[holder];
    if (process === undefined) throw new Error(`no process ${String(holder)}`);
    if (request.do === 'kill') await process.kill();
    const own = request.do === 'kill' || request.do === 'wait' ? [] : await process.ask(this.text(request));
    const others = await Promise.all(this.processes.map((each) => each.ask('pump 0')));
    return [...own, ...others.flat()]
      .filter((line) => line !== 'ok')
      .flatMap((line) => heardIn(line, request));
  }

  private text({ do: what, lock, resource, mode, flags, valblk, block, persistent }: Request): string {
    const written = valblk ? ['valblk', `lvb=${block}`] : [];
    if (what === 'lock')
      return ['lock', lock, resource, mode, ...words(flags), ...(valblk ? ['valblk'] : [])].join(' ');
    const stays = persistent ? ['persistent'] : [];
    if (what === 'convert') return ['convert', lock, mode, ...words(flags), ...stays, ...written].join(' ');
    if (what === 'cancel') return `unlock ${String(lock)} cancel`;
    return ['unlock', lock, ...words(flags), ...written].join(' ');
  }

  /** Releases these locks, by holder. */
  async release(locks: readonly [number, number][]): Promise<void> {
    for (const [holder, lock] of locks) await this.processes[holder]?.ask(`unlock ${String(lock)}`);
    await Promise.all(this.processes.map((each) => each.ask('pump 0')));
  }
}
