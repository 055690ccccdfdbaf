import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/**
 * The path of the compiled form of a source file. End-to-end tests run what is shipped: programs and threads start from
 * files that Node can load by itself.
 */
export function compiled(source: string): string {
  const file = join(root, 'dist', source.replace(/\.ts$/, '.js'));
  if (!existsSync(file) || statSync(file).mtimeMs < statSync(join(root, source)).mtimeMs) {
    throw new Error(`${file} is missing or older than its source: run npm run build first.`);
  }
  return file;
}

/** A foreign program that opens a file. */
export interface Opener {
  readonly pid: number;
  readonly running: boolean;
  /** Exit code, or -1 if it was killed. */
  readonly exited: Promise<number>;
  /** Everything it printed so far. */
  output(): string;
  /** Waits until it has printed this. */
  printed(text: string): Promise<void>;
  /** Ends a program that waits for input. */
  end(): void;
}

const children = new Set<ChildProcess>();

/** Starts a shell command in a directory. */
export function open(command: string, directory: string): Opener {
  const child = spawn('sh', ['-c', command], { cwd: directory, stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  let output = '';
  let running = true;
  const exited = new Promise<number>((resolve) => {
    child.once('exit', () => {
      running = false;
      children.delete(child);
    });
    // Unlike `exit`, `close` comes after the last of its output.
    child.once('close', (code) => {
      resolve(code ?? -1);
    });
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    pid: child.pid ?? 0,
    get running() {
      return running;
    },
    exited,
    output: () => output,
    printed: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!output.includes(text)) return;
          child.stdout.off('data', look);
          resolve();
        };
        child.stdout.on('data', look);
        look();
      }),
    end: () => child.stdin.end(),
  };
}

/** Ends everything that a failed test left behind. */
export function killOpeners(): void {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
}

/** The kernel's own lines about one inode, without numbers. */
export function kernelLines(inode: string): string[] {
  const lines = readFileSync('/proc/locks', 'utf8').split('\n');
  return lines.filter((line) => line.includes(` ${inode} `)).map((line) => line.replace(/^\d+: /, ''));
}

export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'leasehold-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
