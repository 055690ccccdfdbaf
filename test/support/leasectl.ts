import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from './eventually';
import { compiled } from './openers';

const running = new Set<Running>();
const directories = new Set<string>();

/** Ends every leasectl that tests have started, and removes their files: for `afterAll`. */
export function stopLeasectl(): void {
  for (const each of running) each.signal('SIGKILL');
  running.clear();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  directories.clear();
}

/** How one ended, and what it wrote. */
export interface Ended {
  /** Exit code, or the name of the signal that killed it. */
  exit: number | string;
  out: string;
  err: string;
}

/** A leasectl, or a shell with one in it, as a process of its own. */
export class Running {
  out = '';
  err = '';
  readonly ended: Promise<Ended>;
  private readonly wakes = new Set<() => void>();

  constructor(readonly child: ChildProcess) {
    running.add(this);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
      this.wake();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
      this.wake();
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        running.delete(this);
        this.wake();
        resolve({ exit: code ?? signal ?? 'unknown', out: this.out, err: this.err });
      });
    });
  }

  /** Waits until it has written this, on stdout or stderr. */
  async says(text: string | RegExp): Promise<void> {
    const has = (all: string): boolean => (typeof text === 'string' ? all.includes(text) : text.test(all));
    const waits = async (): Promise<void> => {
      while (!has(this.out) && !has(this.err)) {
        if (!running.has(this))
          throw new Error(`It has ended without "${String(text)}":\n${this.out}${this.err}`);
        await new Promise<void>((resolve) => this.wakes.add(resolve));
      }
    };
    await within(`"${String(text)}"`, waits()).catch((error: unknown) => {
      throw new Error(`${String(error)}\nstdout: ${this.out}\nstderr: ${this.err}`);
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  private wake(): void {
    for (const wake of this.wakes) wake();
    this.wakes.clear();
  }
}

export interface CtlOptions {
  env?: Record<string, string>;
}

/** The built leasectl, against one lease API. */
export class Leasectl {
  private readonly directory = mkdtempSync(join(tmpdir(), 'leasectl-'));

  constructor(private readonly url: string) {
    directories.add(this.directory);
    // For shells: a leasectl in the PATH.
    const main = compiled('apps/leasectl/src/main.ts');
    const script = `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`;
    writeFileSync(join(this.directory, 'leasectl'), script, { mode: 0o755 });
  }

  /** A file beside it; its path. */
  file(name: string, content: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, content);
    return path;
  }

  start(args: readonly string[], { env = {} }: CtlOptions = {}): Running {
    return this.spawn(process.execPath, [compiled('apps/leasectl/src/main.ts'), ...args], env);
  }

  async run(args: readonly string[], options: CtlOptions = {}): Promise<Ended> {
    return within(`leasectl ${args.join(' ')}`, this.start(args, options).ended, 180_000);
  }

  /** JSON values of what it printed. */
  async json(args: readonly string[]): Promise<Record<string, unknown>[]> {
    const { out } = await this.run([...args, '--json']);
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** A line for bash, which has leasectl in its PATH. */
  async bash(script: string, { env = {} }: CtlOptions = {}): Promise<Ended> {
    const shell = this.spawn('bash', ['--norc', '--noprofile', '-c', script], env);
    return within(script, shell.ended, 180_000);
  }

  /**
   * A command line on a terminal of its own; what is typed goes to its input. The shell makes way for the command: one that
   * stays, as some do, has Ctrl-C as well, and says how it ended itself.
   */
  terminal(command: string, { env = {} }: CtlOptions = {}): Running {
    return this.spawn('script', ['-qec', `exec ${command}`, '/dev/null'], { TERM: 'xterm', ...env });
  }

  private spawn(command: string, args: readonly string[], env: Record<string, string>): Running {
    const own = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('LEASEHOLD_') && name !== 'NO_COLOR' && name !== 'FORCE_COLOR',
    );
    const child = spawn(command, args, {
      env: {
        ...Object.fromEntries(own),
        PATH: `${this.directory}:${process.env['PATH'] ?? ''}`,
        LEASEHOLD_API: this.url,
        TZ: 'UTC',
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return new Running(child);
  }
}
