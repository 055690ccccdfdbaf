import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';

/** A redis-server whose instructions are counted by valgrind: they do not depend on what else the machine does. */
export interface CountedRedis {
  readonly url: string;
  /** Ends it, and returns how many instructions it has executed. */
  stop(): Promise<number>;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function hasValgrind(): boolean {
  try {
    execFileSync('valgrind', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export async function startCountedRedis(): Promise<CountedRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-counted-'));
  const port = await freePort();
  const count = ['--tool=cachegrind', '--cache-sim=no', `--cachegrind-out-file=${join(directory, 'out')}`];
  const server = [
    'redis-server',
    '--port',
    String(port),
    '--save',
    '',
    '--dir',
    directory,
    '--bind',
    '127.0.0.1',
  ];
  const child = spawn('valgrind', [...count, ...server], { stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const url = `redis://127.0.0.1:${String(port)}`;
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await eventually(() => redis.ping());
  redis.disconnect();
  return {
    url,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      running.delete(child);
      rmSync(directory, { recursive: true, force: true });
      const [, total] = /I\s+refs:\s+([\d,]+)/.exec(said) ?? [];
      if (total === undefined) throw new Error(`valgrind has not counted:\n${said}`);
      return Number(total.replaceAll(',', ''));
    },
  };
}
