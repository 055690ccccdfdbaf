import { randomUUID } from 'node:crypto';
import type { Redis, RedisOptions } from 'ioredis';
import { type StepReply, verbFlags, type VerbInput, type VerbName } from '../../core/io';
import type { Place, RecordRow } from '../../core/rows';
import { type Table, type TableEvents, TableFull, TableUnreachable } from '../table';
import { decode, encode, objectOf } from './codec';
import { blockMs, Follower } from './follower';
import { ensureFormat } from './format';
import { FunctionLibrary } from './function-library';
import { libraryCode } from './library-code.generated';
import { lastRecord, type RecordLog, recordsBetween } from './record-log';

/** Calls that may be under way or wait for a connection at one time. */
const callsMax = 50_000;
/** Until a connection that could not be prepared is tried again. */
const prepareAgainMs = 500;
/** How often the server is asked whether it still is one that can be used, and how full it is. */
const lookMs = 1_000;
/** Share of maxmemory from which on nothing is allocated: what breaks, answers and lets go has the rest. */
const fullShare = 0.95;

export interface RedisTableOptions extends TableEvents {
  /** Makes a client with the given options on top of its own: `(options) => new Redis(url, options)`. */
  redis: (options: RedisOptions) => Redis;
  /** Names the table within that Redis. */
  name: string;
  /** Wall clock in milliseconds in the place of Redis's own, for tests. */
  wall?: () => number;
  /** A clock that nobody sets, in milliseconds; that of tests is the wall clock unless they bring one. */
  monotonic?: () => number;
  /** How long a call may wait for a connection, and then for its answer. */
  commandMs?: number;
  /** The Lua of the rules; tests of the table itself bring simpler ones. */
  library?: string;
}

/**
 * Opens the table that nodes share through Redis: every verb is one function call there, atomic and durable as far as
 * that Redis is (`appendfsync always`: entirely). Throws TableUnreachable when there is no connection within `commandMs`
 * or the server cannot serve: older than 7.0, a replica, or one that may evict.
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

/** Redis clients whose types do not tell of a command that they have. */
interface FunctionCalls {
  fcallBuffer(name: string, keys: number, ...args: (string | Buffer)[]): Promise<Buffer>;
}

class RedisTable implements Table {
  private readonly redis: Redis;
  private readonly connect: (options: RedisOptions) => Redis;
  private readonly library: FunctionLibrary;
  private readonly root: string;
  private readonly log: RecordLog;
  private readonly wall: (() => number) | undefined;
  private readonly monotonic: () => number;
  private readonly clockName = randomUUID().slice(0, 8);
  private readonly commandMs: number;
  private readonly followers = new Set<Follower>();
  private readonly underWay = new Set<Promise<unknown>>();

  /** Counts connections: what began on one must not speak for the next. */
  private connection = 0;
  private up = false;
  private announceUp: () => void = () => undefined;
  private whenUp: Promise<void> = this.nextUp();
  private lastError: unknown;
  private closed = false;
  private looking: NodeJS.Timeout | undefined;
  /** What is wrong with the server that answers, if something is. */
  private unfit: string | undefined;
  private full = false;
  private opened = false;
  private readonly onFull: TableEvents['onFull'];

  /** What this Redis says it is, and what the application said when it identified itself. */
  private identity = '';
  private identified: VerbInput<'identify'> | undefined;
  /** How far the table was when it was identified last: what a restart of Redis must not be behind. */
  private seen: Place | undefined;

  constructor({
    redis,
    name,
    wall,
    monotonic,
    commandMs = 5_000,
    library = libraryCode,
    onFull,
  }: RedisTableOptions) {
    this.onFull = onFull;
    if (!/^[\w.-]{1,64}$/.test(name))
      throw new Error(`a table's name is letters, digits, ".", "_" and "-": ${name}`);
    this.connect = redis;
    this.library = new FunctionLibrary(library);
    this.root = `{lh:${name}:0}`;
    this.wall = wall;
    this.monotonic = monotonic ?? wall ?? (() => performance.now());
    this.commandMs = commandMs;
    this.redis = this.client('leasehold', commandMs);
    this.log = { redis: this.redis, key: `${this.root}:log` };
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
        : this.step(verb, input),
    );
    this.underWay.add(reply);
    try {
      return await reply;
    } finally {
      this.underWay.delete(reply);
    }
  }

  follow(onRecords: (records: readonly RecordRow[]) => void, onGap: () => void): () => void {
    const redis = this.client('leasehold-follow', this.commandMs + blockMs);
    // The follower meets every error again as the failure of its own read.
    redis.on('error', () => undefined);
    const start = async () => {
      await this.usable();
      return lastRecord(this.log);
    };
    const follower = new Follower({ redis, key: this.log.key }, start, onRecords, onGap);
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

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.looking);
    for (const follower of this.followers) follower.stop();
    this.followers.clear();
    await Promise.allSettled(this.underWay);
    this.redis.disconnect();
    this.down();
  }

  /** Resolves when calls may go out. Throws TableUnreachable after `commandMs`. */
  async usable(): Promise<void> {
    if (this.up) return;
    if (this.closed) throw new TableUnreachable('the Redis table is closed');
    // A server that answers, and that its operator has to change, is not waited for as long.
    const unfit = this.opened && this.unfit !== undefined;
    const ms = unfit ? Math.min(this.commandMs, prepareAgainMs) : this.commandMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new TableUnreachable(`no usable connection to ${this.address()} for ${String(ms)} ms`, {
            cause: this.lastError,
          }),
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
      // A stuck connection does not end by itself.
      disconnectTimeout: 500,
      enableAutoPipelining: true,
      // What is sent goes out on a live connection or fails at once: whoever sent it knows whether to repeat it.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 1_000),
    });
  }

  /** On every connection, before any call: is this a server that can serve, does it know the rules, is it the same one? */
  private async prepare(): Promise<void> {
    const connection = ++this.connection;
    try {
      const info = fieldsOf(await this.redis.info());
      this.measure(info);
      if (this.unfit !== undefined) throw new Error(this.unfit);
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
      setTimeout(() => {
        if (connection === this.connection && this.redis.status === 'ready') void this.prepare();
      }, prepareAgainMs).unref();
    }
  }

  /** The server may be told to evict, or fill up, while it is used. */
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
      this.measure(fieldsOf(await this.redis.info()));
    } catch {
      // The calls that wait for it hear the same.
    }
    if (connection !== this.connection) return;
    if (this.unfit === undefined) {
      this.lookAgain();
      return;
    }
    this.lastError = new Error(this.unfit);
    this.down();
    void this.prepare();
  }

  private measure(info: Map<string, string>): void {
    this.unfit = unfitness(info);
    const [used, max] = ['used_memory', 'maxmemory'].map((name) => Number(info.get(name) ?? 0)) as [
      number,
      number,
    ];
    this.setFull(max > 0 && used >= fullShare * max);
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
    // What the caller has followed is later than what it was told at first, but at a reconnection it was not asked.
    const seen = input.seen === undefined || input.seen.epoch === 0 ? this.seen : input.seen;
    const { identity } = this;
    const reply = await this.step('identify', { ...input, identity, opening: identity, seen });
    const { epoch, records } = reply.value;
    this.identified = { ...input, seen: undefined, mustExist: undefined };
    this.seen = { epoch, no: records };
    return reply;
  }

  private async step<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    try {
      return await this.send(verb, input);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('Function not found')))
        throw this.meaning(verb, error);
    }
    // Somebody has flushed the functions; nothing was run.
    try {
      await this.library.load(this.redis);
      return await this.send(verb, input);
    } catch (error) {
      throw this.meaning(verb, error);
    }
  }

  /** A verb that may have to break somebody is never refused for want of memory as it is: the rules say what may be. */
  private async send<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> {
    const flag = verbFlags[verb];
    if (this.full && flag === 'grow') throw this.outOfMemory(verb);
    if (flag !== 'break') return this.invoke(flag, verb, input, false);
    if (this.full) return this.invoke('settle', verb, input, true);
    try {
      return await this.invoke('grow', verb, input, false);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      this.setFull(true);
      return this.invoke('settle', verb, input, true);
    }
  }

  private async invoke<V extends VerbName>(
    as: 'read' | 'grow' | 'settle',
    verb: V,
    input: VerbInput<V>,
    short: boolean,
  ): Promise<StepReply<V>> {
    const shown = Math.floor(this.monotonic()).toFixed(0);
    const how = short ? 'short' : '';
    const args: (string | Buffer)[] = [this.root, verb, encode(input), how, this.clockName, shown];
    if (this.wall !== undefined) args.push(this.wall().toFixed(0));
    const calls = this.redis as unknown as FunctionCalls;
    const reply = decode(await calls.fcallBuffer(`${this.library.name}_${as}`, 1, ...args)) as StepReply<V>;
    return { value: objectOf(reply.value) as StepReply<V>['value'], asks: reply.asks };
  }

  /** What an error of the client means to the caller. */
  private meaning(verb: string, error: unknown): Error {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof TableFull) return error;
    if (isOutOfMemory(error)) {
      this.setFull(true);
      return this.outOfMemory(verb, error);
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
    // A connection that is stuck, or leads to a server that has become a replica, is worth nothing.
    if (this.up && (message.includes('timed out') || message.startsWith('READONLY'))) {
      this.down();
      this.redis.disconnect(true);
    }
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
    return path ?? `${host}:${String(port)}`;
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('OOM');
}

/** Why this server cannot keep a table, or undefined. */
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
