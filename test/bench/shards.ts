import { Redis } from 'ioredis';
import { idIn, keyIn, openRedisTable, type Table } from '#locks';
import { clientKeyOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { type RedisServer, startRedis } from '../support/redis-server';
import { hasValgrind, startCountedRedis } from './counted-redis';
import { type Figure, median, noted, type Row } from './figure';
import { commandMs, fileOf, preparedTable, sessionDigest as digest } from './fill';
import type { Effort } from './turns';

const atOnce = 50;

/** A table over some masters, and the shards that the load uses. */
interface Shape {
  title: string;
  shards: number;
  masters: number;
  /** Only files of the first shard. */
  sticky?: boolean;
  /** The second master has another table, with the same load at the same time. */
  beside?: boolean;
}
const alone: Shape = { title: 'one shard on one master', shards: 1, masters: 1 };
const beside: Shape = {
  title: 'one shard on one master, another table on the other',
  shards: 1,
  masters: 1,
  beside: true,
};
const shapes: readonly Shape[] = [
  alone,
  beside,
  { title: 'two shards on two masters', shards: 2, masters: 2 },
  { title: 'four shards on two masters', shards: 4, masters: 2 },
  { title: 'two shards on two masters, load in one of them', shards: 2, masters: 2, sticky: true },
  { title: 'four shards on one master', shards: 4, masters: 1 },
];
/** One shard with as many masters at work: on shared processors a step costs more when they are busy with others, too. */
const baseOf = ({ masters, sticky }: Shape): Shape => (masters > 1 && sticky !== true ? beside : alone);

/** A step of a round: processor time of the busiest master, and of all together, in microseconds; and how many went in one call. */
interface Round {
  busiest: number;
  all: number;
  together: number;
}

/** The same load over tables of one and of several shards, straight at the table. */
export async function shards(effort: Effort): Promise<Figure[]> {
  const timed = await processorTime(effort);
  const isSmoke = effort.leases < 10_000;
  return isSmoke || !hasValgrind() ? [timed] : [timed, await instructions()];
}

async function processorTime({ rounds, leases }: Effort): Promise<Figure> {
  const count = Math.min(4_000, Math.floor(leases / 20));
  const servers = await Promise.all([startRedis(), startRedis()]);
  const tables: Table[] = [];
  try {
    const loads = new Map<string, Load>();
    for (const [no, shape] of shapes.entries()) {
      const { shards, masters } = shape;
      const table = await openRedisTable({
        redis: (options, shard) => new Redis(servers[shard % masters]?.url ?? '', options),
        ...{ name: `table${String(no)}`, shards, cluster: masters > 1, commandMs },
      });
      tables.push(table);
      const load = await Load.over(table, servers.slice(0, masters), shape);
      loads.set(shape.title, load);
      if (shape.beside !== true) continue;
      const other = await openRedisTable({
        redis: (options) => new Redis(servers[1].url, options),
        ...{ name: `other${String(no)}`, commandMs },
      });
      tables.push(other);
      load.beside = await Load.over(other, servers.slice(1), shape);
    }
    const samples = new Map<string, Round[]>();
    // The first round runs with empty caches and an empty log.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [title, load] of loads) {
        const found = await load.round(count);
        if (round > 0) samples.set(title, [...(samples.get(title) ?? []), found]);
      }
    }
    return figure(samples, count, rounds);
  } finally {
    await Promise.all(tables.map((table) => table.close()));
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Pairs of the shorter and of the longer run: what they differ by is that of the steps alone. */
const fewPairs = 300;
const manyPairs = 1_100;

async function instructions(): Promise<Figure> {
  const rows: Row[] = [];
  let base: number | undefined;
  for (const shape of shapes.slice(0, 4).filter((each) => each.beside !== true)) {
    const [short, long] = [await executed(shape, fewPairs), await executed(shape, manyPairs)];
    const steps = 2 * (manyPairs - fewPairs);
    const each = long.map((count, master) => (count - (short[master] ?? 0)) / steps);
    const busiest = Math.max(...each);
    base ??= busiest;
    rows.push({
      table: shape.title,
      'busiest master, instructions a step': Math.round(busiest),
      'all masters': Math.round(each.reduce((all, one) => all + one, 0)),
      'steps for its instructions': base / busiest,
    });
  }
  return {
    title: 'The same by instructions',
    method:
      `As above, with ${String(manyPairs)} pairs less one with ${String(fewPairs)}; instructions of each master that are executed in user space, ` +
      'counted by valgrind. They do not depend on what else keeps the processors busy.',
    rows,
  };
}

/** How many instructions each master executes from its start to its end. */
async function executed(shape: Shape, pairs: number): Promise<number[]> {
  const { shards, masters } = shape;
  const servers = await Promise.all(Array.from({ length: masters }, startCountedRedis));
  const table = await openRedisTable({
    redis: (options, shard) => new Redis(servers[shard % masters]?.url ?? '', options),
    ...{ name: 'table', shards, cluster: masters > 1, commandMs },
  });
  const load = await Load.over(table, [], shape);
  await load.run(pairs);
  await table.close();
  return Promise.all(servers.map((server) => server.stop()));
}

class Load {
  /** What runs at the same time on another master. */
  beside: Load | undefined;
  private next = 0;

  private constructor(
    private readonly table: Table,
    private readonly servers: readonly RedisServer[],
    private readonly shape: Shape,
    private readonly sessions: readonly string[],
  ) {}

  static async over(table: Table, servers: readonly RedisServer[], shape: Shape): Promise<Load> {
    await preparedTable(table);
    const sessions = Array.from({ length: atOnce }, randomId);
    for (const sessionId of sessions)
      await table.call('sessionCreate', { sessionId, digest, ttlMs: 3_600_000, pid: 0 });
    return new Load(table, servers, shape, sessions);
  }

  async round(pairs: number): Promise<Round> {
    const before = await this.used();
    const other = this.beside?.round(pairs);
    await this.run(pairs);
    const after = await this.used();
    await other;
    const since = (what: 'micros' | 'calls') =>
      after.map((each, at) => (each[what] - (before[at]?.[what] ?? 0)) / (2 * pairs));
    const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
    const each = since('micros');
    return { busiest: Math.max(...each), all: sum(each), together: 1 / sum(since('calls')) };
  }

  async run(pairs: number): Promise<void> {
    const end = this.next + pairs;
    await Promise.all(
      this.sessions.map(async (sessionId) => {
        while (this.next < end) await this.pair(sessionId, this.next++);
      }),
    );
  }

  private async pair(sessionId: string, no: number): Promise<void> {
    const { shards, sticky } = this.shape;
    const shard = sticky === true ? 0 : no % shards;
    const file = fileOf(`shards/${String(no)}`);
    const leaseId = shards === 1 ? randomId() : idIn(shard, randomId());
    const item = {
      ...{ ...file, fileKey: shards === 1 ? file.fileKey : keyIn(shard, file.fileKey), leaseId },
      ...{ owner: sessionId, ownerKey: ownerKeyOf(sessionId, sessionId), clientKey: clientKeyOf(sessionId) },
    };
    await done(this.table.call('leaseAcquire', { sessionId, digest, type: 'write', item }));
    await done(this.table.call('leaseSet', { leaseId, digest, type: 'none' }));
  }

  private used(): Promise<{ micros: number; calls: number }[]> {
    return Promise.all(
      this.servers.map(async ({ url }) => {
        const redis = new Redis(url);
        const info = await redis.info('cpu', 'commandstats');
        redis.disconnect();
        const number = (name: string) => Number(new RegExp(`^${name}([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
        const micros = (number('used_cpu_user:') + number('used_cpu_sys:')) * 1e6;
        return { micros, calls: number('cmdstat_fcall:calls=') };
      }),
    );
  }
}

/** Throws if a step was refused, since that would measure something else. */
async function done(reply: Promise<{ value: object }>): Promise<void> {
  const { value } = await reply;
  if ('refused' in value) throw new Error(`a step was refused: ${JSON.stringify(value.refused)}`);
}

function figure(samples: ReadonlyMap<string, readonly Round[]>, count: number, rounds: number): Figure {
  const rows = shapes.map((shape): Row => {
    const { title } = shape;
    const all = samples.get(title) ?? [];
    const first = samples.get(baseOf(shape).title) ?? [];
    // Each round is compared with one shard in the same round: the machine is not equally busy in all of them.
    const times = all.map(({ busiest }, round) => (first[round]?.busiest ?? Number.NaN) / busiest);
    return noted({
      table: title,
      'busiest master µs a step': median(all.map(({ busiest }) => busiest)),
      'all masters µs a step': median(all.map((round) => round.all)),
      'steps a call': median(all.map(({ together }) => together)),
      'steps for its processor': median(times),
    });
  });
  return {
    title: 'Shards on several masters',
    method:
      `Acquire and release straight at the table, ${String(atOnce)} at once, ${String(count)} pairs a turn, a file for each, without a log; in turns, median of ` +
      `${String(rounds)}. Processor time of each master (INFO cpu), by the steps of the whole load; how many of them one function call ran. Last column: how many steps the table does ` +
      `while its busiest master has used as much as for one step of one shard: with load on two masters, of one beside another table; each round to the same round.`,
    rows,
  };
}
