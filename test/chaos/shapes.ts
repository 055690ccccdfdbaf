import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { cut, hasOwnNetwork, mendAll } from '../support/network';
import {
  type RedisGroup,
  type RedisServer,
  ask,
  startRedis,
  startRedisCluster,
  startSentinels,
} from '../support/redis-server';
import { LeaseApi, type LeaseApiOptions, startLeaseApi } from '../support/service';
import { SmallDisk } from '../support/small-disk';
import { TcpProxy } from '../support/tcp-proxy';
import { WallClock } from '../support/wall-clock';
import type { Random } from './random';

/** Something that goes wrong for a while: `strike` lasts until the service could be right again. */
export interface Fault {
  name: string;
  strike(random: Random): Promise<void>;
}

/** A running deployment. */
export interface Deployment {
  /** Where clients reach each lease API: through a link that faults cut. */
  urls: string[];
  faults: Fault[];
  /** Of its table. */
  shards: number;
  /** Those that clients reach. */
  apis: readonly Api[];
  /** Where the table is, if that is one Redis. */
  redisPort?: number;
  /** Starts another one over the same table. */
  another(program?: string): Promise<LeaseApi>;
  stop(): Promise<void>;
}

/** A lease API, and how it becomes another version. */
export interface Api {
  readonly api: LeaseApi;
  /** Stops it in order and starts this program in its place. */
  become(program: string | undefined): Promise<void>;
}

export interface ShapeOptions {
  env: Record<string, string>;
  /** The program of another build. */
  program?: string;
  /** Of the table; default: as many as the service chooses. */
  shards?: number;
  /** Whether this fault may be chosen: what it needs is made only then. */
  wants: (fault: string) => boolean;
}

export type Shape = (options: ShapeOptions) => Promise<Deployment>;

const most = 3_000;

/** One on ports that nobody else is given while it is down. */
export async function apiAt(options: LeaseApiOptions): Promise<Api> {
  const own = { ...options };
  const [http, rpc] = await Promise.all([freePort(), freePort()]);
  own.listen = {
    ...{ LEASEHOLD_HTTP: `127.0.0.1:${String(http)}`, LEASEHOLD_RPC: `127.0.0.1:${String(rpc)}` },
  };
  const api = new LeaseApi(own);
  return {
    api,
    async become(program) {
      await api.stop();
      own.program = program;
      await api.start();
    },
  };
}

/** Clocks that are wrong by so much at most. */
const wrongMsMax = 600_000;

/** A process whose wall clock somebody sets, forward or back, and sets right again; `undefined` if nobody may. */
function clockOf(
  name: string,
  { wants }: ShapeOptions,
): { env: Record<string, string>; faults: Fault[]; remove(): void } {
  const fault = `the wall clock of ${name} is set`;
  if (!wants(fault)) return { env: {}, faults: [], remove: () => undefined };
  const clock = new WallClock();
  const strike = async (random: Random): Promise<void> => {
    for (let times = 1 + random.below(3); times > 0; times -= 1) {
      clock.set(random.below(2 * wrongMsMax) - wrongMsMax);
      await pause(random.below(most));
    }
    clock.set(0);
  };
  return {
    env: clock.env,
    faults: [{ name: fault, strike }],
    remove: () => {
      clock.remove();
    },
  };
}

/** A small disk that somebody else fills, mounted as root; without the right to, none. */
function diskOf(
  name: string,
  { wants }: ShapeOptions,
  repair: () => Promise<void>,
): { at?: string; faults: Fault[]; remove(): void } {
  const fault = `the disk of ${name} is full`;
  if (!wants(fault) || process.getuid?.() !== 0) return { faults: [], remove: () => undefined };
  const disk = new SmallDisk('tmpfs', diskMib);
  const strike = async (random: Random): Promise<void> => {
    disk.fill();
    await pause(random.below(most));
    disk.free();
    await repair();
  };
  return {
    at: disk.at,
    faults: [{ name: fault, strike }],
    remove: () => {
      disk.remove();
    },
  };
}

/** Of a Redis that writes everything to its disk before it answers. */
const onDisk = { appendonly: 'yes', appendfsync: 'always' };

/** Enough for the table of a long run. */
const diskMib = 512;

/** The memory of that Redis is full: it refuses whatever might take more. */
function memoryFault(name: string, present: (random: Random) => Promise<RedisServer>): Fault {
  return {
    name: `the memory of ${name} is full`,
    async strike(random) {
      const { port } = await present(random);
      await ask(port, (redis) => redis.config('SET', 'maxmemory', '1mb'));
      await pause(random.below(most));
      await ask(port, (redis) => redis.config('SET', 'maxmemory', '0'));
    },
  };
}

/** Starts it as a supervisor does: again, where the table could not be reached yet. */
const supervised = (api: LeaseApi): Promise<unknown> => eventually(() => api.start());

/** Servers that take over from each other. */
interface Group extends RedisGroup {
  /** Of the table. */
  shards: number;
  /** The master that has this key. */
  owner(key: string): Promise<RedisServer>;
  /** The key of any shard. */
  anyKey(random: Random): string;
}

/** Links between the servers of a group, in a network of their own: one is cut off, or heard no more, or hears no more. */
function partitions(group: Group): Fault[] {
  if (!hasOwnNetwork()) return [];
  const lost = async (random: Random, ways: (one: string[], others: string[]) => void) => {
    const { host } = await replicated(group, group.anyKey(random));
    const others = [...group.servers.map((each) => each.host), ...group.watchers];
    ways(
      [host],
      others.filter((each) => each !== host),
    );
    // Often long enough for another one to take over.
    await pause(random.below(partitionMs));
    mendAll();
  };
  return [
    {
      name: 'the master is cut off',
      strike: (random) =>
        lost(random, (one, others) => {
          cut(one, others);
          cut(others, one);
        }),
    },
    { name: 'the master is not heard', strike: (random) => lost(random, cut) },
    {
      name: 'the master does not hear',
      strike: (random) =>
        lost(random, (one, others) => {
          cut(others, one);
        }),
    },
    {
      name: 'the links between the servers are slow',
      async strike(random) {
        const all = [...group.servers.map((each) => each.host), ...group.watchers];
        const until = performance.now() + random.below(partitionMs);
        while (performance.now() < until) {
          cut(all, all);
          await pause(50 + random.below(100));
          mendAll();
          await pause(50 + random.below(100));
        }
      },
    },
  ];
}

/** Sentinels take 1.5 s to miss a master, nodes of a Cluster 2 s. */
const partitionMs = 8_000;

/** Faults of one lease API, and of the link between it and its clients. */
function apiFaults(api: LeaseApi, no: number): Fault[] {
  const name = `lease API ${String(no)}`;
  return [
    {
      name: `kill -9 of ${name}`,
      async strike() {
        await api.kill();
        await supervised(api);
      },
    },
    {
      name: `SIGSTOP of ${name}`,
      async strike(random) {
        api.pause();
        await pause(random.below(most));
        api.resume();
      },
    },
    {
      name: `restart of ${name}`,
      async strike() {
        await api.stop();
        await supervised(api);
      },
    },
  ];
}

function linkFaults(link: TcpProxy, name: string): Fault[] {
  return [
    {
      name: `cut of ${name}`,
      async strike(random) {
        link.cut();
        await pause(random.below(most));
        link.mend();
      },
    },
    {
      name: `${name} is slow`,
      async strike(random) {
        const until = performance.now() + random.below(most);
        while (performance.now() < until) {
          const holds = [link.hold('there', ''), link.hold('back', '')];
          await pause(100 + random.below(200));
          for (const hold of holds) hold.release();
        }
      },
    },
    {
      name: `${name} loses what goes one way`,
      async strike(random) {
        const hold = link.hold(random.of(['there', 'back'] as const), '');
        await pause(random.below(most));
        hold.drop();
      },
    },
  ];
}

async function linked(api: LeaseApi): Promise<TcpProxy> {
  return TcpProxy.start({ target: () => api.url.slice('http://'.length) });
}

const urlsOf = (links: readonly TcpProxy[]): string[] => links.map(({ address }) => `http://${address}`);

/** One lease API with its table on the disk. */
const embedded: Shape = async (options) => {
  const clock = clockOf('the lease API', options);
  const disk = diskOf('the table', options, async () => {
    if (!api.isRunning) await api.start();
  });
  const table = disk.at === undefined ? undefined : `embedded:${disk.at}`;
  const one = await apiAt({ env: { ...options.env, ...clock.env }, program: options.program, table });
  const { api } = one;
  await api.start();
  const link = await linked(api);
  return {
    urls: urlsOf([link]),
    shards: 1,
    apis: [one],
    another: () => Promise.reject(new Error('an embedded table has one lease API')),
    faults: [
      ...apiFaults(api, 1),
      ...linkFaults(link, 'the link to clients'),
      ...clock.faults,
      ...disk.faults,
    ],
    async stop() {
      link.close();
      await api.kill();
      clock.remove();
      disk.remove();
    },
  };
};

function redisFaults(redis: RedisServer): Fault[] {
  return [
    {
      name: 'kill -9 of Redis',
      async strike(random) {
        await redis.kill();
        await pause(random.below(1_000));
        await redis.restart();
      },
    },
    {
      name: 'SIGSTOP of Redis',
      async strike(random) {
        redis.pause();
        await pause(random.below(most));
        redis.resume();
      },
    },
  ];
}

/** Two lease APIs over one Redis that writes everything to its disk before it answers. */
const redis: Shape = async (options) => {
  const { env, program } = options;
  // Not the clock of Redis: libfaketime and its allocator wait for each other for ever.
  const clocks = ['lease API 1', 'lease API 2'].map((name) => clockOf(name, options));
  // It ends when it cannot write.
  const disk = diskOf('Redis', options, () => server.restart());
  const server = await startRedis({
    ...onDisk,
    ...(disk.at === undefined ? {} : { dir: disk.at }),
  });
  const wires = await Promise.all(
    [1, 2].map(() => TcpProxy.start({ target: () => `127.0.0.1:${String(server.port)}` })),
  );
  const both = await Promise.all(
    wires.map(({ address }, at) =>
      apiAt({ env: { ...env, ...clocks[at]?.env }, program, table: `redis://${address}` }),
    ),
  );
  const apis = both.map(({ api }) => api);
  await Promise.all(apis.map((api) => api.start()));
  const links = await Promise.all(apis.map(linked));
  return {
    urls: urlsOf(links),
    shards: options.shards ?? 1,
    apis: both,
    redisPort: server.port,
    another: (other) => startLeaseApi({ env, program: other, table: server.url }),
    faults: [
      ...apis.flatMap((api, at) => apiFaults(api, at + 1)),
      ...links.flatMap((link, at) =>
        linkFaults(link, `the link between clients and lease API ${String(at + 1)}`),
      ),
      ...wires.flatMap((wire, at) =>
        linkFaults(wire, `the link between lease API ${String(at + 1)} and Redis`),
      ),
      ...redisFaults(server),
      memoryFault('Redis', () => Promise.resolve(server)),
      ...clocks.flatMap(({ faults }) => faults),
      ...disk.faults,
    ],
    async stop() {
      for (const each of [...links, ...wires]) each.close();
      await Promise.all(apis.map((api) => api.kill()));
      await server.stop();
      for (const each of [...clocks, disk]) each.remove();
    },
  };
};

/** Two lease APIs over servers that take over from each other; what is answered, every replica has. */
function over(
  start: (options: ShapeOptions, own: Record<string, string>) => Promise<Group & { more: Fault[] }>,
): Shape {
  return async (options) => {
    const { env, program } = options;
    // It ends when it cannot write, and joins again below whoever has taken over.
    const disk = diskOf('the first server', options, async () => {
      const [first] = group.servers;
      if (first === undefined || first.isRunning) return;
      await first.restart(group.rejoin(await taken(group, keyOf(0), first)));
    });
    const own = disk.at === undefined ? {} : { ...onDisk, dir: disk.at };
    const group = await start(options, own);
    const durable = { ...env, LEASEHOLD_DURABILITY: 'replicas:1' };
    const clocks = ['lease API 1', 'lease API 2'].map((name) => clockOf(name, options));
    const both = await Promise.all(
      clocks.map((clock) => apiAt({ env: { ...durable, ...clock.env }, program, table: group.url })),
    );
    const apis = both.map(({ api }) => api);
    await Promise.all(apis.map((api) => api.start()));
    const links = await Promise.all(apis.map(linked));
    const master: Fault[] = [
      {
        name: 'kill -9 of the master',
        async strike(random) {
          const key = group.anyKey(random);
          const old = await replicated(group, key);
          await old.kill();
          const next = await taken(group, key, old);
          await old.restart(group.rejoin(next));
        },
      },
      {
        name: 'SIGSTOP of the master',
        async strike(random) {
          const key = group.anyKey(random);
          const old = await replicated(group, key);
          old.pause();
          await taken(group, key, old);
          old.resume();
        },
      },
    ];
    return {
      urls: urlsOf(links),
      shards: group.shards,
      apis: both,
      another: (other) => startLeaseApi({ env: durable, program: other, table: group.url }),
      faults: [
        ...apis.flatMap((api, at) => apiFaults(api, at + 1)),
        ...links.flatMap((link, at) => linkFaults(link, `the link to lease API ${String(at + 1)}`)),
        ...master,
        memoryFault('the master', (random) => group.owner(group.anyKey(random))),
        ...group.more,
        ...partitions(group),
        ...clocks.flatMap(({ faults }) => faults),
        ...disk.faults,
      ],
      async stop() {
        for (const link of links) link.close();
        await Promise.all(apis.map((api) => api.kill()));
        await group.stop();
        for (const each of [...clocks, disk]) each.remove();
      },
    };
  };
}

/** The master, once a replica follows it: without one nobody can take over, and the shape does not survive its loss. */
const replicated = (group: Group, key: string): Promise<RedisServer> =>
  eventually(async () => {
    const master = await group.owner(key);
    const info = (await ask(master.port, (redis) => redis.info('replication'))) ?? '';
    if (!info.includes('state=online')) throw new Error('the master has no replica');
    return master;
  });

/** The server that has taken over. */
const taken = (group: Group, key: string, old: RedisServer): Promise<RedisServer> =>
  eventually(async () => {
    const next = await group.owner(key);
    if (next === old) throw new Error('nobody has taken over');
    return next;
  });

const keyOf = (shard: number): string => `{lh:main:${String(shard)}}`;

/** One replica: whatever takes over has everything that was answered. */
const sentinel = over(async ({ shards = 1 }, own) => {
  const group = await startSentinels({}, 1, own);
  return { ...group, shards, owner: () => group.master(), anyKey: () => keyOf(0), more: [] };
});

/** Of a new table in a Cluster. */
const shardsUsual = 16;

const cluster = over(async ({ shards = shardsUsual }, own) => {
  const group = await startRedisCluster({}, own);
  const anyKey = (random: Random): string => keyOf(random.below(shards));
  const reshard: Fault = {
    name: 'a slot moves to another master',
    strike: (random) => group.move(anyKey(random)),
  };
  return { ...group, shards, anyKey, more: [reshard] };
});

export const shapes: Readonly<Record<string, Shape>> = { embedded, redis, sentinel, cluster };
