import { once } from 'node:events';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { hasOwnNetwork } from './network';

/** A real redis-server of its own, on a free port, with its files in a directory of its own. */
export interface RedisServer {
  /** Where its like reach it; at 127.0.0.1 as well. */
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly url: string;
  /** Where its files are. */
  readonly directory: string;
  readonly isRunning: boolean;
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

const isSecured = (config: Record<string, string>): boolean => 'tls-cert-file' in config;
const schemeOf = (config: Record<string, string>): string => (isSecured(config) ? 'rediss' : 'redis');
const listening = (port: number, config: Record<string, string>): Record<string, string> =>
  isSecured(config) ? { port: '0', 'tls-port': String(port) } : { port: String(port) };
/** The directives about TLS alone. */
const securedBy = (config: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(config).filter(([name]) => name.startsWith('tls-')));

/** Starts one; `config` holds directives of redis.conf. Nothing is saved unless `config` says so; a certificate: TLS. */
export async function startRedis(config: Record<string, string> = {}): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-redis-'));
  directories.add(directory);
  const port = await freePort();
  const directives = { save: '', ...listening(port, config), bind: '127.0.0.1', dir: directory, ...config };
  let child = await launch(directives);
  const kill = async () => {
    if (!running.has(child)) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    host: config['bind-source-addr'] ?? '127.0.0.1',
    port,
    get pid() {
      return child.pid ?? 0;
    },
    directory,
    get isRunning() {
      return running.has(child);
    },
    url: `${schemeOf(config)}://127.0.0.1:${String(port)}`,
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
  return run(Object.entries(directives).flatMap(([name, value]) => [`--${name}`, value]));
}

function run(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (/Ready to accept connections|Sentinel ID is/.test(output)) resolve(child);
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

/** The directives with which a server takes only TLS from those with a certificate, and dials its like by TLS too. */
export const tlsDirectives = (cert: string, key: string, ca: string): Record<string, string> => ({
  'tls-cert-file': cert,
  'tls-key-file': key,
  'tls-ca-cert-file': ca,
  'tls-auth-clients': 'yes',
  'tls-replication': 'yes',
  'tls-cluster': 'yes',
});

/** The files of certificates in these directives; a test shows the server's own certificate to it. */
const filesIn = (config: Record<string, string>) => {
  const [cert, key, ca] = ['tls-cert-file', 'tls-key-file', 'tls-ca-cert-file'].map((name) => config[name]);
  return cert === undefined || key === undefined || ca === undefined ? undefined : { cert, key, ca };
};
const cliFlags = (config: Record<string, string>): string[] => {
  const files = filesIn(config);
  return files === undefined
    ? []
    : [
        '--tls',
        ...Object.entries({ cert: files.cert, key: files.key, cacert: files.ca }).flatMap(([name, file]) => [
          `--${name}`,
          file,
        ]),
      ];
};

/** An address of its own for each server, where what goes between them can be cut; the test's own way stays 127.0.0.1. */
function home(subnet: number, no: number): Record<string, string> {
  if (!hasOwnNetwork()) return {};
  const host = `127.0.${String(subnet)}.${String(no + 1)}`;
  return { bind: `127.0.0.1 ${host}`, 'bind-source-addr': host, 'protected-mode': 'no' };
}

/** Servers that replicate, and take over from each other. */
export interface RedisGroup {
  /** For LEASEHOLD_TABLE. */
  readonly url: string;
  readonly servers: readonly RedisServer[];
  /** The addresses of its Sentinels. */
  readonly watchers: readonly string[];
  /** The directives with which a server that was killed joins again, below this master. */
  rejoin(master: RedisServer): Record<string, string>;
  stop(): Promise<void>;
}

const masterName = 'table';

/** A server says what it is; `undefined` while it does not answer. `config`: the directives it runs with. */
export async function ask<T>(
  port: number,
  how: (redis: Redis) => Promise<T>,
  config: Record<string, string> = {},
): Promise<T | undefined> {
  const files = filesIn(config);
  const tls = files && {
    cert: readFileSync(files.cert),
    key: readFileSync(files.key),
    ca: readFileSync(files.ca),
  };
  const redis = new Redis({ port, tls, retryStrategy: () => null, commandTimeout: 2_000, lazyConnect: true });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await how(redis);
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}

const inInfo = async (port: number, name: string, config: Record<string, string>): Promise<string> =>
  new RegExp(`^${name}:(.*?)\r?$`, 'm').exec((await ask(port, (redis) => redis.info(), config)) ?? '')?.[1] ??
  '';

/** How many replicas have all that it has. One that is connected may have yet to be sent what there is. */
const replicasOf = async (port: number, config: Record<string, string>): Promise<number> =>
  [
    ...((await ask(port, (redis) => redis.info('replication'), config)) ?? '').matchAll(
      /^slave\d+:.*state=online/gm,
    ),
  ].length;

/** One master, replicas of it, and three Sentinels that let one of them take over. `own`: more directives for the first. */
export async function startSentinels(
  config: Record<string, string> = {},
  replicas = 2,
  own: Record<string, string> = {},
): Promise<RedisGroup & { master(): Promise<RedisServer> }> {
  const first = await startRedis({ ...config, ...home(1, 0), ...own });
  const replicaof = `${first.host} ${String(first.port)}`;
  const others = await Promise.all(
    Array.from({ length: replicas }, (_, no) => startRedis({ ...config, ...home(1, no + 1), replicaof })),
  );
  const servers = [first, ...others];
  await eventually(async () => {
    const attached = await replicasOf(first.port, config);
    if (attached !== replicas) throw new Error(`${String(attached)} replicas`);
  });
  const ports: number[] = [];
  const watchers: string[] = [];
  const sentinels: ChildProcess[] = [];
  for (let no = 0; no < 3; no += 1) {
    const port = await freePort();
    const at = home(2, no);
    const directory = mkdtempSync(join(tmpdir(), 'leasehold-sentinel-'));
    directories.add(directory);
    const file = join(directory, 'sentinel.conf');
    writeFileSync(
      file,
      [
        ...Object.entries({ ...listening(port, config), ...securedBy(config) }).map((each) => each.join(' ')),
        ...Object.entries({ bind: '127.0.0.1', ...at }).map((each) => each.join(' ')),
        `dir ${directory}`,
        `sentinel monitor ${masterName} ${first.host} ${String(first.port)} 2`,
        `sentinel down-after-milliseconds ${masterName} 1500`,
        `sentinel failover-timeout ${masterName} 6000`,
      ].join('\n'),
    );
    sentinels.push(await run([file, '--sentinel']));
    ports.push(port);
    watchers.push(at['bind-source-addr'] ?? '127.0.0.1');
  }
  await eventually(async () => {
    for (const port of ports) {
      const said = ((await ask(port, (redis) => redis.call('SENTINEL', 'MASTER', masterName), config)) ??
        []) as string[];
      const found = ['num-slaves', 'num-other-sentinels'].map((name) => said[said.indexOf(name) + 1]);
      if (found.join() !== `${String(replicas)},2`) throw new Error(`the Sentinels know ${found.join()}`);
    }
  });
  return {
    url: `${schemeOf(config)}+sentinel://${ports.map((port) => `127.0.0.1:${String(port)}`).join(',')}/${masterName}`,
    servers,
    watchers,
    rejoin: ({ host, port }) => ({ replicaof: `${host} ${String(port)}` }),
    master: () =>
      eventually(async () => {
        const said = await ask(
          ports[0] ?? 0,
          (redis) => redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName),
          config,
        );
        const port = Number((said as string[] | undefined)?.[1]);
        const found = servers.find((server) => server.port === port);
        if (found === undefined || (await inInfo(port, 'role', config)) !== 'master')
          throw new Error('no master');
        return found;
      }),
    async stop() {
      for (const each of sentinels) each.kill('SIGKILL');
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** Three masters with a replica each, as one Redis Cluster. `own`: more directives for the first. */
export async function startRedisCluster(
  config: Record<string, string> = {},
  own: Record<string, string> = {},
): Promise<
  RedisGroup & {
    owner(key: string): Promise<RedisServer>;
    /** Moves the slot of this key to another master. */
    move(key: string, to?: RedisServer): Promise<void>;
    /** Starts a master without slots, and a replica of it. */
    join(): Promise<RedisServer>;
  }
> {
  const startNode = async (no: number): Promise<RedisServer> =>
    startRedis({
      ...config,
      ...home(1, no),
      ...(no === 0 ? own : {}),
      'cluster-enabled': 'yes',
      'cluster-node-timeout': '2000',
      'cluster-port': String(await freePort()),
    });
  const servers = await Promise.all(Array.from({ length: 6 }, (_, no) => startNode(no)));
  const addresses = servers.map(({ host, port }) => `${host}:${String(port)}`);
  execFileSync(
    'redis-cli',
    [...cliFlags(config), '--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  await eventually(async () => {
    for (const { port } of servers) {
      const said = (await ask(port, (redis) => redis.cluster('INFO'), config)) ?? '';
      if (!said.includes('cluster_state:ok')) throw new Error(said);
    }
    const attached = await Promise.all(servers.map(({ port }) => replicasOf(port, config)));
    if (attached.filter((each) => each === 1).length !== 3) throw new Error(`replicas: ${attached.join()}`);
  });
  const owner = (key: string): Promise<RedisServer> =>
    eventually(async () => {
      for (const server of servers) {
        const answers = async (redis: Redis): Promise<boolean> => {
          const isMaster = (await redis.info('replication')).includes('role:master');
          // It answers for its own slots, and refuses others.
          return isMaster && (await redis.exists(key)) >= 0;
        };
        const said = await ask(server.port, answers, config);
        if (said === true) return server;
      }
      throw new Error(`nobody has ${key}`);
    });
  return {
    url: `${schemeOf(config)}+cluster://${addresses.slice(0, 3).join(',')}`,
    servers,
    watchers: [],
    // Its own file says where it belongs.
    rejoin: () => ({}),
    owner,
    async move(key, given) {
      const from = await owner(key);
      const cli = cliWith(config);
      const isMaster = (port: number): boolean => cli(port, 'INFO', 'replication').includes('role:master');
      const to = given ?? servers.find(({ port }) => port !== from.port && isMaster(port));
      if (to === undefined) throw new Error('no other master');
      moveSlot(cli, key, from.port, to.port);
    },
    async join() {
      const cli = cliWith(config);
      const [master, replica] = [await startNode(servers.length), await startNode(servers.length + 1)];
      servers.push(master, replica);
      const [known] = servers as [RedisServer];
      const add = (node: RedisServer, ...as: string[]): void => {
        const at = [node, known].map(({ host, port }) => `${host}:${String(port)}`);
        execFileSync('redis-cli', [...cliFlags(config), '--cluster', 'add-node', ...at, ...as], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      };
      add(master);
      const id = cli(master.port, 'CLUSTER', 'MYID');
      // The others have heard of it.
      await eventually(() => {
        for (const { port } of servers.slice(0, -1))
          if (!cli(port, 'CLUSTER', 'NODES').includes(id)) throw new Error('not everybody knows it');
      });
      add(replica, '--cluster-slave', '--cluster-master-id', id);
      await eventually(async () => {
        const info = (await ask(master.port, (redis) => redis.info('replication'), config)) ?? '';
        if (!info.includes('state=online')) throw new Error('it has no replica');
      });
      return master;
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

type Cli = (port: number, ...args: string[]) => string;

const cliWith =
  (config: Record<string, string>): Cli =>
  (port, ...args) =>
    execFileSync('redis-cli', [...cliFlags(config), '-p', String(port), ...args], {
      encoding: 'utf8',
    }).trim();

/** Moves the slot of this key and what is in it, key by key, as resharding does. */
function moveSlot(cli: Cli, key: string, from: number, to: number): void {
  const slot = cli(from, 'CLUSTER', 'KEYSLOT', key);
  const [source, target] = [from, to].map((port) => cli(port, 'CLUSTER', 'MYID')) as [string, string];
  cli(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', source);
  cli(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', target);
  for (let keys = ' '; keys !== '';) {
    keys = cli(from, 'CLUSTER', 'GETKEYSINSLOT', slot, '20');
    if (keys !== '')
      cli(from, 'MIGRATE', '127.0.0.1', String(to), '', '0', '5000', 'KEYS', ...keys.split('\n'));
  }
  for (const port of [to, from]) cli(port, 'CLUSTER', 'SETSLOT', slot, 'NODE', target);
}
