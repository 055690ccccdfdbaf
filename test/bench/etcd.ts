import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { freePort } from '../support/free-port';

export const howToInstallEtcd = 'etcd is not installed here: apt-get install etcd-server (Debian, Ubuntu)';
const startMs = 180_000;
const lockTtlS = 60;

const running = new Map<ChildProcess, string>();
process.on('exit', () => {
  for (const [child, directory] of running) {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
});

export interface EtcdServer {
  pid: number;
  /** HOST:PORT of its clients. */
  address: string;
  stop(): Promise<void>;
}

/** Starts a single-node etcd with its default, durable settings; undefined if it is not installed. */
export async function startEtcd(): Promise<EtcdServer | undefined> {
  if (spawnSync('etcd', ['--version']).error !== undefined) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-etcd-'));
  const address = `127.0.0.1:${String(await freePort())}`;
  const peer = 'http://127.0.0.1:0';
  const options = {
    'data-dir': directory,
    'listen-client-urls': `http://${address}`,
    'advertise-client-urls': `http://${address}`,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    logger: 'zap',
    'log-level': 'error',
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('etcd', args, { stdio: 'ignore' });
  running.set(child, directory);
  child.once('exit', () => running.delete(child));
  const probe = new Etcd(address);
  await probe.ready(startMs);
  probe.close();
  return {
    pid: child.pid ?? 0,
    address,
    stop: async () => {
      if (running.has(child)) {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

type Client = InstanceType<ServiceClientConstructor>;

/** Locks in etcd, by its gRPC API. */
export class Etcd {
  private readonly lease: Client;
  private readonly kv: Client;

  constructor(address: string) {
    const definition = loadSync(join(__dirname, 'etcd.proto'), { keepCase: true, longs: String });
    const services = loadPackageDefinition(definition)['etcdserverpb'] as unknown as Record<
      'Lease' | 'KV',
      ServiceClientConstructor
    >;
    this.lease = new services.Lease(address, credentials.createInsecure());
    this.kv = new services.KV(address, credentials.createInsecure());
  }

  async ready(ms: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.lease.waitForReady(Date.now() + ms, (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /**
   * Does what `lock(key).acquire()` of the npm package etcd3 does: a lease, and a key under it if none exists.
   * Returns the lease.
   */
  async lock(key: string): Promise<string> {
    const { ID } = await call<{ ID: string }>(this.lease, 'LeaseGrant', { TTL: lockTtlS });
    const name = Buffer.from(key);
    const { succeeded } = await call<{ succeeded: boolean }>(this.kv, 'Txn', {
      compare: [{ result: 'EQUAL', target: 'CREATE', key: name, create_revision: 0 }],
      success: [{ request_put: { key: name, value: Buffer.alloc(0), lease: ID } }],
    });
    if (!succeeded) throw new Error(`${key} is taken`);
    return ID;
  }

  /** Does what `release()` does: revokes the lease, and with it the key. */
  async unlock(lease: string): Promise<void> {
    await call(this.lease, 'LeaseRevoke', { ID: lease });
  }

  close(): void {
    this.lease.close();
    this.kv.close();
  }
}

type Method = (request: object, done: (error: Error | null, answer: unknown) => void) => void;

function call<T>(client: Client, name: string, request: object): Promise<T> {
  return new Promise((resolve, reject) => {
    (client[name] as Method).call(client, request, (error, answer) => {
      if (error === null) resolve(answer as T);
      else reject(error);
    });
  });
}
