import { randomUUID } from 'node:crypto';
import type { Redis, RedisOptions } from 'ioredis';
import { type Reached, type StepReply, verbFlags, type VerbInput, type VerbName } from '../../core/io';
import type { RecordRow } from '../../core/rows';
import {
  type Table,
  type TableEvents,
  TableFull,
  TableOutdated,
  TableUnreachable,
  type Urgency,
} from '../table';
import { decode, encode, objectOf } from './codec';
import {
  asRedisIs,
  confirmed,
  type Durability,
  NotReplicated,
  ReplicatedCalls,
  shortcoming,
} from './durability';
import { blockMs, Follower } from './follower';
import { rootOf } from './connection';
import { ensureFormat } from './format';
import { FunctionLibrary } from './function-library';
import { GatheredSteps, type Step } from './gathered-steps';
import { libraryCode } from './library-code.generated';
import { lastRecord, type RecordLog, recordsBetween } from './record-log';

/** Most calls that may be in flight or wait for a connection at a time. */
const callsMax = 50_000;
/** Delay before preparing a connection is retried. */
const prepareAgainMs = 500;
/** How often to check that the server is still usable, and how full it is. */
const lookMs = 1_000;
/** How often to look for rules of other versions that nobody uses any more. */
const clearMs = 30_000;
/** How long replicas may take to confirm what was written. */
const replicasMs = 1_000;
/** How long records may collect while nobody waits for them. Reading few at a time costs more than the records. */
const restMsDefault = 50;
/** Share of maxmemory above which verbs that grow are refused. The rest is for breaks, answers and releases. */
const fullShare = 0.95;
/** Above this, holders of many delegations are asked to give some back. */
const shortShare = 0.85;

export interface RedisTableOptions extends TableEvents {
  /** Creates a client with these options added to its own: `(options) => new Redis(url, options)`. */
  redis: (options: RedisOptions) => Redis;
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

/**
 * Opens the table that nodes share through Redis. Every verb is one step there, and the steps of one turn are one function call: each is atomic, and as durable as that
 * Redis is (with `appendfsync always`: fully). Throws TableUnreachable if there is no usable connection within
 * `commandMs`: the server is older than 7.0, is a replica, or may evict keys, for example.
 */
export async function openRedisTable(options: RedisTableOptions): Promise<Table> {
  const table = new RedisTable(options);
  try {
    await table.usable();
  } catch (error) {
    await table.close();
    throw error;
  }
  return table;
}

type Flag = (typeof verbFlags)[VerbName];
/** Verbs that tidy up more than others, or begin a connection. */
const alone: ReadonlySet<VerbName> = new Set<VerbName>(['tick', 'identify']);

/** A command that ioredis has but does not declare. */
interface FunctionCalls {
  fcallBuffer(name: string, keys: number, ...args: (string | Buffer)[]): Promise<readonly (Buffer | Error)[]>;
}

class RedisTable implements Table {
  private readonly redis: Redis;
  private readonly connect: (options: RedisOptions) => Redis;
  private readonly library: FunctionLibrary;
  private readonly root: string;
  private readonly givenAddress: string | undefined;
  private readonly moves: boolean;
  private readonly durability: Durability;
  private readonly replicated: ReplicatedCalls | undefined;
  private readonly log: RecordLog;
  private readonly wall: (() => number) | undefined;
  private readonly monotonic: () => number;
  private readonly clockName = randomUUID().slice(0, 8);
  private readonly commandMs: number;
  private readonly restMs: number;
  private readonly followers = new Set<Follower>();
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly steps = new GatheredSteps((steps) => this.runTogether(steps));

  /** Counts connections: a result obtained on one must not be applied to the next. */
  private connection = 0;
  private up = false;
  private announceUp: () => void = () => undefined;
  private whenUp: Promise<void> = this.nextUp();
  private lastError: unknown;
  private closed = false;
  private looking: NodeJS.Timeout | undefined;
  /** Why the server, though it answers, cannot be used; undefined if it can. */
  private unfit: string | undefined;
  /** Set if that is because a later version has written the table. */
  private outdated: TableOutdated | undefined;
  private clearedAt = -Infinity;
  private clearFailed = false;
  private full = false;
  private short = false;
  private usedBytes: number | undefined;
  private opened = false;
  private readonly onFull: TableEvents['onFull'];
  private readonly onCleared: TableEvents['onCleared'];
  private readonly explained: (error: unknown) => string | undefined;

  /** How this Redis identifies itself, and the input of the application's own `identify`. */
  private identity = '';
  private identified: VerbInput<'identify'> | undefined;
  /** How far the table had come with the furthest answer. Another master must not be behind it. */
  private seen: Reached | undefined;

  constructor({
    redis,
    name,
    wall,
    monotonic,
    commandMs = 5_000,
    restMs = restMsDefault,
    library = libraryCode,
    explained = () => undefined,
    address,
    moves = false,
    durability = asRedisIs,
    onFull,
    onCleared,
  }: RedisTableOptions) {
    this.onFull = onFull;
    this.onCleared = onCleared;
    this.explained = explained;
    if (!/^[\w.-]{1,64}$/.test(name))
      throw new Error(`a table's name is letters, digits, ".", "_" and "-": ${name}`);
    this.connect = redis;
    this.library = new FunctionLibrary(library);
    this.root = rootOf(name);
    this.givenAddress = address;
    this.moves = moves;
    this.wall = wall;
    this.monotonic = monotonic ?? wall ?? (() => performance.now());
    this.commandMs = commandMs;
    this.restMs = restMs;
    this.redis = this.client(this.library.connectionName, commandMs);
    this.durability = durability;
    const { replicas } = durability;
    this.log = {
      ...{ redis: this.redis, key: `${this.root}:log`, replicas },
      waitMs: Math.ceil(Math.min(replicasMs, commandMs / 2)),
    };
    if (replicas > 0) this.replicated = new ReplicatedCalls(this.log);
    this.redis.on('ready', () => void this.prepare());
    this.redis.on('close', () => {
      this.down();
    });
    this.redis.on('error', (error: unknown) => {
      this.lastError = error;
    });
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
    const redis = this.client('leasehold-follow', this.commandMs + blockMs);
    // Every error also makes the follower's own read fail, and is handled there.
    redis.on('error', () => undefined);
    const start = async () => {
      await this.usable();
      return lastRecord(this.log);
    };
    const follower = new Follower({ ...this.log, redis }, start, onRecords, onGap, urgency, this.restMs);
    this.followers.add(follower);
    return () => {
      this.followers.delete(follower);
      follower.stop();
    };
  }

  async history(
    after: number,
    limit: number,
  ): Promise<{ records: RecordRow[]; complete: boolean; last: number }> {
    await this.usable();
    try {
      const last = (await lastRecord(this.log))?.no ?? 0;
      const records = await recordsBetween(this.log, after, last, limit);
      const complete = after === last || (after < last && (limit <= 0 || records[0]?.no === after + 1));
      return { records, complete, last };
    } catch (error) {
      throw this.meaning('history', error);
    }
  }

  ready(): boolean {
    return this.up;
  }

  trouble(): string | undefined {
    return this.unfit;
  }

  bytes(): number | undefined {
    return this.usedBytes;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.looking);
    for (const follower of this.followers) follower.stop();
    this.followers.clear();
    await Promise.allSettled(this.underWay);
    this.redis.disconnect();
    this.down();
  }

  /** Resolves when calls may be sent. Throws TableUnreachable after `commandMs`. */
  async usable(): Promise<void> {
    if (this.up) return;
    if (this.closed) throw new TableUnreachable('the Redis table is closed');
    // Do not wait as long for a server that answers but that its operator must reconfigure.
    const unfit = this.opened && this.unfit !== undefined;
    const ms = unfit ? Math.min(this.commandMs, prepareAgainMs) : this.commandMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          this.outdated ??
            new TableUnreachable(
              [
                `no usable connection to ${this.address()} for ${String(ms)} ms`,
                this.explained(this.lastError),
              ]
                .filter((each) => each !== undefined)
                .join(': '),
              { cause: this.lastError },
            ),
        );
      }, ms);
    });
    try {
      await Promise.race([this.whenUp, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private client(connectionName: string, commandTimeout: number): Redis {
    return this.connect({
      connectionName,
      commandTimeout,
      connectTimeout: this.commandMs,
      // A stuck connection does not close by itself.
      disconnectTimeout: 500,
      enableAutoPipelining: true,
      // A command goes out on a live connection or fails at once: its caller knows whether to repeat it.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 1_000),
    });
  }

  /** Runs on every connection before any call. Checks the server, loads the rules, and identifies the table again. */
  private async prepare(): Promise<void> {
    const connection = ++this.connection;
    try {
      const info = fieldsOf(await this.redis.info());
      await this.measure(info);
      if (this.unfit !== undefined) throw new Error(this.unfit);
      this.outdated = undefined;
      this.identity = ['run_id', 'master_replid', 'role'].map((name) => info.get(name) ?? '').join(':');
      await this.library.load(this.redis);
      await ensureFormat(this.redis, this.root, this.library.name);
      if (this.identified !== undefined) await this.identify(this.identified);
      if (connection !== this.connection || this.closed) return;
      this.up = true;
      this.opened = true;
      this.announceUp();
      this.lookAgain();
    } catch (error) {
      this.lastError = error;
      if (error instanceof TableOutdated) this.refuse(error);
      setTimeout(() => {
        if (connection !== this.connection || this.redis.status !== 'ready') return;
        // It may not be the master any longer, or not have the slot.
        if (this.moves) this.redis.disconnect(true);
        else void this.prepare();
      }, prepareAgainMs).unref();
    }
  }

  /** While in use, the server may be reconfigured to evict, or fill up. */
  private lookAgain(): void {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => {
      void this.look();
    }, lookMs);
    this.looking.unref();
  }

  private async look(): Promise<void> {
    if (!this.up || this.closed) return;
    const connection = this.connection;
    try {
      await this.measure(fieldsOf(await this.redis.info()));
    } catch {
      // Pending calls fail with the same error.
    }
    if (connection !== this.connection) return;
    if (this.unfit === undefined) {
      if (performance.now() - this.clearedAt > clearMs) await this.clear();
      this.lookAgain();
      return;
    }
    this.lastError = new Error(this.unfit);
    this.down();
    void this.prepare();
  }

  private async measure(info: Map<string, string>): Promise<void> {
    this.unfit =
      unfitness(info) ?? (await shortcoming(this.redis, info, this.durability)) ?? (await this.unconfirmed());
    const [used, max] = ['used_memory', 'maxmemory'].map((name) => Number(info.get(name) ?? 0)) as [
      number,
      number,
    ];
    this.usedBytes = used;
    this.setFull(max > 0 && used >= fullShare * max);
    this.short = max > 0 && used >= shortShare * max;
  }

  private async clear(): Promise<void> {
    this.clearedAt = performance.now();
    try {
      const deleted = await this.library.deleteUnused(this.redis);
      if (deleted.length > 0) this.onCleared?.(deleted);
    } catch (error) {
      if (!this.clearFailed) this.onCleared?.([], error);
      this.clearFailed = true;
    }
  }

  /** A later version has written the table: no call is sent until it is found to be as before, after a restore. */
  private refuse(outdated: TableOutdated): void {
    this.outdated = outdated;
    this.unfit = outdated.message;
    this.lastError = outdated;
  }

  /** A master that is cut off still counts its replicas for a while, and this node must not be asked any longer. */
  private async unconfirmed(): Promise<string | undefined> {
    try {
      await confirmed(this.log, this.log.key);
      return undefined;
    } catch (error) {
      if (error instanceof NotReplicated) return `of what this Redis was asked, ${error.message}`;
      throw error;
    }
  }

  private setFull(full: boolean): void {
    if (full === this.full) return;
    this.full = full;
    this.onFull?.(full ? `Redis at ${this.address()} is out of memory (maxmemory)` : undefined);
  }

  private down(): void {
    this.connection++;
    if (!this.up) return;
    this.up = false;
    this.whenUp = this.nextUp();
  }

  private nextUp(): Promise<void> {
    return new Promise((resolve) => {
      this.announceUp = resolve;
    });
  }

  private async identify(input: VerbInput<'identify'>): Promise<StepReply<'identify'>> {
    const { identity, seen } = this;
    const reply = await this.step('identify', {
      ...input,
      ...{ identity, opening: identity, shared: true },
      // The caller has followed what other nodes did, too; on a reconnection it is not asked.
      ...{ seen, minted: seen?.token, numbered: seen?.seq, followed: input.seen },
    });
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
          throw this.meaning(verb, error);
        if (this.up) this.reconnect();
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
    await this.library.load(this.redis);
    return this.send(verb, input);
  }

  /** The next connection may lead to another server. */
  private reconnect(): void {
    this.down();
    this.redis.disconnect(true);
  }

  private async send<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    const flag = verbFlags[verb];
    if (this.full && flag === 'grow') throw this.outOfMemory(verb);
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
      { verb, input, isShort: verb === 'tick' && this.short },
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
    if (!this.full) {
      try {
        const each = steps.map(({ verb, input }) => ({ verb, input, isShort: false }));
        return await this.invoke(grows ? 'grow' : 'settle', each);
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        this.setFull(true);
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
      const answer = verbFlags[verb] === 'grow' ? this.outOfMemory(verb) : answers[next++];
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
    const calls = this.redis as unknown as FunctionCalls;
    return await (this.replicated?.call(name, '1', ...args) ?? calls.fcallBuffer(name, 1, ...args));
  }

  /** Turns an error of the Redis client into one for the caller. */
  private meaning(verb: string, error: unknown): Error {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof TableFull) return error;
    if (error instanceof NotReplicated)
      return new TableUnreachable(
        `Redis at ${this.address()} has run ${verb}, but ${message}: what becomes of it is not certain yet`,
        { cause: error },
      );
    if (isOutOfMemory(error)) {
      this.setFull(true);
      return this.outOfMemory(verb, error);
    }
    const [, format] = /LEASEHOLD_FORMAT (\d+)/.exec(message) ?? [];
    if (format !== undefined) {
      const outdated = new TableOutdated(Number(format), { cause: error });
      this.refuse(outdated);
      if (this.up) this.reconnect();
      return outdated;
    }
    const [, key, row] = /LEASEHOLD_DAMAGED (\S+) (.*?)(?: script:|$)/.exec(message) ?? [];
    if (key !== undefined && row !== undefined)
      return new Error(
        `the row "${row}" of the key "${key}" in Redis at ${this.address()} is damaged, and ${verb} has changed nothing: ` +
          'restore the table from a backup (docs/backup.md), or delete the row if you know what it was',
        { cause: error },
      );
    if (message.includes('user_function') || message.includes('script:'))
      return new Error(`the rules failed in ${verb}; nothing was changed`, { cause: error });
    // A connection that is stuck, or whose server has become a replica, is useless.
    if (this.up && (message.includes('timed out') || wasNotRun(error))) this.reconnect();
    return new TableUnreachable(
      `Redis at ${this.address()} did not answer ${verb}; it may have been run: ${message}`,
      { cause: error },
    );
  }

  private outOfMemory(verb: string, cause?: unknown): TableFull {
    return new TableFull(`Redis at ${this.address()} is out of memory; ${verb} was not run`, { cause });
  }

  private address(): string {
    const { path, host = 'localhost', port = 6379 } = this.redis.options;
    return this.givenAddress ?? path ?? `${host}:${String(port)}`;
  }
}

/**
 * Whether the server has refused the call as a whole: it is not the master, not any longer, or not yet. While a slot moves in a
 * Cluster, its old owner says ASK, and the new one would run the call over the rows that have arrived so far: it is not asked.
 */
function wasNotRun(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(READONLY|MOVED|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|LOADING|NOREPLICAS) /.test(error.message)
  );
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('OOM');
}

/** Why this server cannot hold a table, or undefined if it can. */
function unfitness(info: Map<string, string>): string | undefined {
  const version = info.get('redis_version') ?? '0';
  if (Number.parseInt(version, 10) < 7)
    return `Redis ${version} has no functions: version 7.0 or later, or Valkey, is required`;
  if (info.get('role') !== 'master')
    return `this Redis is a ${info.get('role') ?? 'server without a role'}; the table needs the master`;
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (info.get('maxmemory') !== '0' && policy !== 'noeviction')
    return `this Redis may evict leases: set maxmemory-policy to noeviction (it is ${policy})`;
  return undefined;
}

function fieldsOf(info: string): Map<string, string> {
  return new Map(
    info.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)] as const;
    }),
  );
}
