import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';

/** A real redis-server of its own, on a free port, with its files in a directory of its own. */
export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  /** Where its files are. */
  readonly directory: string;
  /** kill -9; the files stay. */
  kill(): Promise<void>;
  /** Starts again on the same port and files, also without `kill` before; `config` replaces directives for this run. */
  restart(config?: Record<string, string>): Promise<void>;
  /** Stops answering without closing anything, and resumes. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
const directories = new Set<string>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Starts one; `config` holds directives of redis.conf. Nothing is saved unless `config` says so; a certificate: TLS. */
export async function startRedis(config: Record<string, string> = {}): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-redis-'));
  directories.add(directory);
  const port = await freePort();
  const isTls = 'tls-cert-file' in config;
  const ports: Record<string, string> = isTls
    ? { port: '0', 'tls-port': String(port) }
    : { port: String(port) };
  const directives = { save: '', ...ports, bind: '127.0.0.1', dir: directory, ...config };
  let child = await launch(directives);
  const kill = async () => {
    if (!running.has(child)) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    port,
    get pid() {
      return child.pid ?? 0;
    },
    directory,
    url: `${isTls ? 'rediss' : 'redis'}://127.0.0.1:${String(port)}`,
    kill,
    restart: async (other = {}) => {
      await kill();
      child = await launch({ ...directives, ...other });
    },
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    stop: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function launch(directives: Record<string, string>): Promise<ChildProcess> {
  const args = Object.entries(directives).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve(child);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', () => {
      running.delete(child);
      reject(new Error(`redis-server ended before it was ready:\n${output}`));
    });
  });
}
