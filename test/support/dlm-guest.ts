import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The virtual machines of dlm-vm.sh, as `npm run test:dlm` has started them: six lines each that run commands there. */
export const lineOf = {
  oracle: 1,
  shell: 2,
  driver: 3,
  otherDriver: 4,
  stranger: 5,
  otherStranger: 6,
} as const;

/** The nodes of the cluster. Everything runs on the first; the other is there to be killed. */
type Node = 'first' | 'other';

function directory(node: Node): string {
  const name = process.env[node === 'first' ? 'LEASEHOLD_TEST_DLM' : 'LEASEHOLD_TEST_DLM_OTHER'];
  if (name !== undefined) return name;
  throw new Error('LEASEHOLD_TEST_DLM is not set: these tests are run by npm run test:dlm');
}

/** The port of 127.0.0.1 that leads to the same port of the machine. */
export const guestPort = (): number => Number(process.env['LEASEHOLD_TEST_DLM_PORT']);

/** Kills the other node, as a loss of power does. */
export function killOther(): void {
  process.kill(Number(readFileSync(join(directory('other'), 'pid'), 'utf8')), 'SIGKILL');
}

/** A line to a machine. One command at a time has it. */
export class GuestLine {
  private readonly lines: string[] = [];
  private gone = false;
  private wake: () => void = () => undefined;
  /** Called with each line that arrives; default: it is kept for `line`. */
  onLine: (line: string) => void;

  private readonly kept = (line: string): void => {
    this.lines.push(line);
    this.wake();
  };

  private constructor(private readonly socket: Socket) {
    this.onLine = this.kept;
    createInterface({ input: socket })
      .on('line', (line) => {
        this.onLine(line.trimEnd());
      })
      .on('close', () => {
        this.gone = true;
        this.wake();
      });
  }

  static async open(which: keyof typeof lineOf, node: Node = 'first'): Promise<GuestLine> {
    const socket = connect(join(directory(node), `port${String(lineOf[which])}.sock`));
    await once(socket, 'connect');
    return new GuestLine(socket);
  }

  close(): void {
    this.socket.destroy();
  }

  /** Keeps the lines that arrive for `line` again. */
  keep(): void {
    this.onLine = this.kept;
  }

  write(text: string): void {
    this.socket.write(`${text}\n`);
  }

  /** The next line, whenever it comes. @throws when the machine has gone */
  async line(): Promise<string> {
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) return line;
      if (this.gone) throw new Error('The machine has gone.');
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Reads until a line that matches. Returns those before it, and it last. */
  async until(last: RegExp): Promise<string[]> {
    const lines: string[] = [];
    do lines.push(await this.line());
    while (!last.test(lines.at(-1) ?? ''));
    return lines;
  }

  /** Runs a command of the shell to its end. @throws with what it says if it fails */
  async run(command: string): Promise<string> {
    this.write(command);
    const lines = await this.until(/^exit \d+$/);
    const end = lines.pop();
    if (end !== 'exit 0') throw new Error(`${command}: ${end ?? ''}\n${lines.join('\n')}`);
    return lines.join('\n');
  }
}

/** A DLM program of somebody else's in the machine: dlmsh.c. */
export class Stranger {
  private readonly heard: string[] = [];
  private readonly unanswered: (() => void)[] = [];
  private wake: () => void = () => undefined;

  private constructor(private readonly line: GuestLine) {
    line.onLine = (text) => {
      if (/^(ok|error \d+)$/.test(text)) {
        if (text !== 'ok') this.heard.push(text);
        this.unanswered.shift()?.();
      } else this.heard.push(text);
      this.wake();
    };
  }

  static async open(
    which: 'stranger' | 'otherStranger',
    lockspace: string,
    node: Node = 'first',
  ): Promise<Stranger> {
    const line = await GuestLine.open(which, node);
    line.write(`exec dlmsh ${lockspace}`);
    await line.until(/^ready$/);
    return new Stranger(line);
  }

  private closed = false;

  /** Ends it, and its locks with it. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.line.keep();
    this.line.write('quit');
    await this.line.until(/^exit \d+$/);
    this.line.close();
  }

  /** Sends a line, and returns what it has heard since the last time. */
  async ask(text: string): Promise<string[]> {
    const answered = new Promise<void>((resolve) => this.unanswered.push(resolve));
    this.line.write(text);
    await answered;
    return this.heard.splice(0);
  }
}
