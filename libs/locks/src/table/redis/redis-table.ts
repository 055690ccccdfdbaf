import { randomUUID } from 'node:crypto';
import type { Redis, RedisOptions } from 'ioredis';
import { type Reached, type StepReply, verbFlags, type VerbInput, type VerbName } from '../../core/io';
import type { RecordRow } from '../../core/rows';
import { isShardCount, shardsMax } from '../shards';
import { ShardedTable } from '../sharded-table';
import { type Table, type TableEvents, TableUnreachable, type Urgency } from '../table';
import { decode, encode, objectOf } from './codec';
import { rootOf } from './connection';
import { asRedisIs, type Durability } from './durability';
import { ensureFormat, shardsIn } from './format';
import { FunctionLibrary } from './function-library';
import { GatheredSteps, type Step } from './gathered-steps';
import { libraryCode } from './library-code.generated';
import { lastRecord, recordsBetween } from './record-log';
import { type Inmate, isOutOfMemory, Looks, RedisServer, wasNotRun } from './server';

/** Most calls that may be in flight or wait for a connection at a time. */
const callsMax = 50_000;
/** How long a call may wait for a connection, and then for its answer. */
const commandMsDefault = 5_000;
/** How long records may collect while nobody waits for them. Reading few at a time costs more than the records. */
const restMsDefault = 50;

export interface RedisTableOptions extends TableEvents {
  /**
   * Creates a client with these options added to its own: `(options) => new Redis(url, options)`. In a Cluster, one that is
   * connected to the master of that shard.
   */
  redis: (options: RedisOptions, shard: number) => Redis;
  /** In words, why a connection could not be made, if the client's error does not say it. */
  explained?: (error: unknown) => string | undefined;
  /** Names the table within that Redis. */
  name: string;
  /** Where it is, in words; default: the host and port of the client. */
  address?: string;
  /** What must have a step before it is answered; default: what Redis itself makes sure of. */
  durability?: Durability;
  /** Another connection may lead to another server: the present master. */
  moves?: boolean;
  /** Each shard is where its slot is. */
  cluster?: boolean;
  /** How many shards it must have; absent: any number. */
  shards?: number;
  /** How many it gets if it is new and nobody says how many; default: one. */
  shardsIfNew?: number;
  /** Wall clock in milliseconds that replaces Redis's own, for tests. */
  wall?: () => number;
  /** Monotonic clock in milliseconds. If only `wall` is given, as in tests, that is used. */
  monotonic?: () => number;
  /** How long a call may wait for a connection, and then for its answer. */
  commandMs?: number;
  /** How long records may collect while nobody waits for them, for tests. */
  restMs?: number;
  /** The rules in Lua; tests of the table itself supply simpler ones. */
  library?: string;
}

/** The table has another number of shards than was asked for. */
export class OtherShards extends Error {
  override readonly name = 'OtherShards';
  constructor(table: string, has: number, asked: number) {
    const what = `${String(has)} shard${has === 1 ? '' : 's'}`;
    super(
      `LEASEHOLD_TABLE_SHARDS: the table ${table} has ${what}, not ${String(asked)}, and keeps the number that it was made with: ` +
        `leave the variable out or set it to ${String(has)}; or make a new table, with another LEASEHOLD_TABLE_NAME`,
    );
  }
}

/**
 * Opens the table that nodes share through Redis. Every verb is one step there, and the steps of one turn are one function call: each is atomic, and as durable as that
 * Redis is (with `appendfsync always`: fully). Throws TableUnreachable if there is no usable connection within
 * `commandMs`: the server is older than 7.0, is a replica, or may evict keys, for example.
 * @throws OtherShards
 */
export async function openRedisTable(options: RedisTableOptions): Promise<Table> {
  const { name, shards, shardsIfNew = 1 } = options;
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new Error(`a table's name is letters, digits, ".", "_" and "-": ${name}`);
  if (shards !== undefined && !isShardCount(shards))
    throw new Error(`a table has 1, 2, 4 … ${String(shardsMax)} shards, not ${String(shards)}`);
  const tables = new TablesOfShards(options);
  try {
    const first = tables.add();
    await first.usable();
    const has = await first.shardsFound();
    const wanted = shards ?? has ?? shardsIfNew;
    if (has !== undefined && has !== wanted) throw new OtherShards(name, has, wanted);
    while (tables.all.length < wanted) tables.add();
    await Promise.all(tables.all.map((table) => table.usable()));
    return wanted === 1 ? first : new ShardedTable(tables.all);
  } catch (error) {
    await tables.close();
    throw error;
  }
}

/** The shards of one table, and what they share: with one server or Sentinels also the connection. */
class TablesOfShards {
  readonly all: RedisTable[] = [];
  private readonly library: FunctionLibrary;
  private readonly looks = new Looks();
  private shared: RedisServer | undefined;
  /** By shard: why the server that has it is full. */
  private readonly full = new Map<number, string>();

  constructor(private readonly options: RedisTableOptions) {
    this.library = new FunctionLibrary(options.library ?? libraryCode);
  }

  add(): RedisTable {
    const shard = this.all.length;
    const server = this.shared ?? this.server(shard);
    if (this.options.cluster !== true) this.shared = server;
    const table = new RedisTable(this.options, server, shard);
    server.join(table);
    this.all.push(table);
    return table;
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((table) => table.close()));
  }

  private server(shard: number): RedisServer {
    const {
      redis,
      durability = asRedisIs,
      commandMs = commandMsDefault,
      restMs = restMsDefault,
    } = this.options;
    const { moves = false, address, explained = () => undefined, onCleared } = this.options;
    const { library, looks } = this;
    return new RedisServer({
      ...{ library, looks, durability, commandMs, restMs, moves, address, explained, onCleared },
      connect: (options) => redis(options, shard),
      onFull: (why) => {
        this.noteFull(shard, why);
      },
    });
  }

  /** The table is full as long as one of its servers is. */
  private noteFull(shard: number, why: string | undefined): void {
    const before = this.full.size;
    if (why === undefined) this.full.delete(shard);
    else this.full.set(shard, why);
    if (before === 0 || this.full.size === 0) this.options.onFull?.(why);
  }
}

type Flag = (typeof verbFlags)[VerbName];
/** Verbs that tidy up more than others, or begin a connection. */
const alone: ReadonlySet<VerbName> = new Set<VerbName>(['tick', 'identify']);

/** A command that ioredis has but does not declare. */
interface FunctionCalls {
  fcallBuffer(name: string, keys: number, ...args: (string | Buffer)[]): Promise<readonly (Buffer | Error)[]>;
}

/** A shard of a table: by itself it is a table. */
class RedisTable implements Table, Inmate {
  readonly shards = 1;
  readonly root: string;
  private readonly logKey: string;
  private readonly name: string;
  private readonly library: FunctionLibrary;
  private readonly wall: (() => number) | undefined;
  private readonly monotonic: () => number;
  private readonly clockName = randomUUID().slice(0, 8);
  private readonly commandMs: number;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly steps = new GatheredSteps((steps) => this.runTogether(steps));

  /** How this Redis identifies itself, and the input of the application's own `identify`. */
  private identity = '';
  private identified: VerbInput<'identify'> | undefined;
  /** How far the table had come with the furthest answer. Another master must not be behind it. */
  private seen: Reached | undefined;

  constructor(
    { name, wall, monotonic, commandMs = commandMsDefault }: RedisTableOptions,
    private readonly server: RedisServer,
    shard: number,
  ) {
    this.name = name;
    this.library = server.library;
    this.root = rootOf(name, shard);
    this.logKey = `${this.root}:log`;
    this.wall = wall;
    this.monotonic = monotonic ?? wall ?? (() => performance.now());
    this.commandMs = commandMs;
  }

  async call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    if (this.underWay.size >= callsMax)
      throw new TableUnreachable(
        `${String(callsMax)} calls are already waiting for Redis; this one was not sent`,
      );
    const reply = this.usable().then(() =>
      verb === 'identify'
        ? (this.identify(input as VerbInput<'identify'>) as Promise<StepReply<V>>)
        : this.step(verb, verb === 'streamsTell' ? { ...input, library: this.library.name } : input),
    );
    this.underWay.add(reply);
    try {
      return await reply;
    } finally {
      this.underWay.delete(reply);
    }
  }

  follow(
    onRecords: (records: readonly RecordRow[]) => void,
    onGap: () => void,
    urgency?: Urgency,
  ): () => void {
    const start = async () => {
      await this.usable();
      return lastRecord(this.server.reader, this.logKey);
    };
    return this.server.follow({ key: this.logKey, start, onRecords, onGap, urgency });
  }

  async history(
    after: number,
    limit: number,
  ): Promise<{ records: RecordRow[]; complete: boolean; last: number }> {
    await this.usable();
    try {
      const last = (await lastRecord(this.server.reader, this.logKey))?.no ?? 0;
      const records = await recordsBetween(this.server.reader, this.logKey, after, last, limit);
      const complete = after === last || (after < last && (limit <= 0 || records[0]?.no === after + 1));
      return { records, complete, last };
    } catch (error) {
      throw this.server.meaning('history', error);
    }
  }

  ready(): boolean {
    return this.server.ready;
  }

  trouble(): string | undefined {
    return this.server.trouble;
  }

  /** Its share of the memory of the server, which may have other shards. */
  bytes(): number | undefined {
    return this.server.bytes;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.underWay);
    this.server.leave(this);
  }

  usable(): Promise<void> {
    return this.server.usable();
  }

  /** How many shards the table says it has; undefined if it is new. */
  shardsFound(): Promise<number | undefined> {
    return shardsIn(this.server.redis, this.root);
  }

  async prepare(identity: string): Promise<void> {
    this.identity = identity;
    await ensureFormat(this.server.redis, this.root, this.library.name);
    if (this.identified !== undefined) await this.identify(this.identified);
  }

  private async identify(input: VerbInput<'identify'>): Promise<StepReply<'identify'>> {
    const { identity, seen } = this;
    const reply = await this.step('identify', {
      ...input,
      ...{ identity, opening: identity, shared: true },
      // The caller has followed what other nodes did, too; on a reconnection it is not asked.
      ...{ seen, minted: seen?.token, numbered: seen?.seq, followed: input.seen },
    });
    const { fresh, shards } = reply.value;
    const { shards: wanted = 1 } = input;
    // Somebody else has made it meanwhile.
    if (!fresh && shards !== wanted) throw new OtherShards(this.name, shards, wanted);
    this.identified = { ...input, seen: undefined, mustExist: undefined };
    // The furthest place of an earlier life is settled with this.
    this.seen = reply.reached;
    return reply;
  }

  /** Answers may overtake each other on their way to here. */
  private reach(reached: Reached): void {
    const { seen } = this;
    if (seen === undefined || (reached.epoch === seen.epoch && reached.no >= seen.no)) this.seen = reached;
    else if (reached.epoch > seen.epoch) this.seen = reached;
  }

  private async step<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    const until = performance.now() + this.commandMs;
    for (;;) {
      try {
        const reply = await this.tryStep(verb, input);
        if (verb !== 'identify') this.reach(reply.reached);
        return reply;
      } catch (error) {
        // `identify` is part of a new connection: it cannot wait for the next one.
        if (!wasNotRun(error) || verb === 'identify' || performance.now() > until)
          throw this.server.meaning(verb, error);
        this.server.reconnect();
      }
      await this.usable();
    }
  }

  /** Someone may have flushed the functions, or this server has never had them: then nothing was run. */
  private async tryStep<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    try {
      return await this.send(verb, input);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('Function not found'))) throw error;
    }
    await this.library.load(this.server.redis);
    return this.send(verb, input);
  }

  private async send<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    const flag = verbFlags[verb];
    if (this.server.full && flag === 'grow') throw this.server.outOfMemory(verb);
    const packed = encode(input);
    const bytes =
      flag === 'read' || alone.has(verb)
        ? await this.runAlone(flag, verb, packed)
        : await this.steps.run(verb, packed);
    const reply = decode(bytes) as StepReply<V>;
    return {
      value: objectOf(reply.value) as StepReply<V>['value'],
      asks: reply.asks,
      measured: reply.measured,
      rangeAsks: reply.rangeAsks,
      reached: reply.reached,
    };
  }

  private async runAlone(flag: Flag, verb: VerbName, input: Buffer): Promise<Buffer> {
    const [answer] = await this.invoke(flag === 'read' ? 'read' : 'settle', [
      // What a tick asks for comes before anything is refused.
      { verb, input, isShort: verb === 'tick' && this.server.short },
    ]);
    if (answer instanceof Error) throw answer;
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  /**
   * Runs steps in one call. When memory is full, a verb that may start a break is not refused outright: the rules decide
   * what may be done.
   */
  private async runTogether(steps: readonly Step[]): Promise<readonly (Buffer | Error)[]> {
    const grows = steps.some(({ verb }) => verbFlags[verb] !== 'settle');
    if (!this.server.full) {
      try {
        const each = steps.map(({ verb, input }) => ({ verb, input, isShort: false }));
        return await this.invoke(grows ? 'grow' : 'settle', each);
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        this.server.setFull(true);
      }
    }
    // Nothing was run, so what may be run now is sent again.
    const left = steps.filter(({ verb }) => verbFlags[verb] !== 'grow');
    const answers =
      left.length === 0
        ? []
        : await this.invoke(
            'settle',
            left.map(({ verb, input }) => ({ verb, input, isShort: verbFlags[verb] === 'break' })),
          );
    return steps.length === left.length ? answers : this.inPlace(steps, answers);
  }

  /** The answers to those that were run, and to the others that there is no memory, up to the first without an answer. */
  private inPlace(steps: readonly Step[], answers: readonly (Buffer | Error)[]): readonly (Buffer | Error)[] {
    const all: (Buffer | Error)[] = [];
    let next = 0;
    for (const { verb } of steps) {
      const answer = verbFlags[verb] === 'grow' ? this.server.outOfMemory(verb) : answers[next++];
      if (answer === undefined) break;
      all.push(answer);
    }
    return all;
  }

  private async invoke(
    as: 'read' | 'grow' | 'settle',
    steps: readonly { verb: VerbName; input: Buffer; isShort: boolean }[],
  ): Promise<readonly (Buffer | Error)[]> {
    const shown = Math.floor(this.monotonic()).toFixed(0);
    const args: (string | Buffer)[] = [this.root, this.clockName, shown, this.wall?.().toFixed(0) ?? ''];
    for (const { verb, input, isShort } of steps) args.push(verb, input, isShort ? 'short' : '');
    const name = `${this.library.name}_${as}`;
    const calls = this.server.redis as unknown as FunctionCalls;
    return await (this.server.replicated?.call(name, '1', ...args) ?? calls.fcallBuffer(name, 1, ...args));
  }
}
