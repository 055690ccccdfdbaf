import type { Redis, RedisOptions } from 'ioredis';
import { type TableEvents, TableFull, TableOutdated, TableUnreachable } from '../table';
import {
  confirmed,
  type Durability,
  NotReplicated,
  type Replicated,
  ReplicatedCalls,
  shortcoming,
} from './durability';
import { blockMs, type FollowedLog, Follower, Reading } from './follower';
import type { FunctionLibrary } from './function-library';

/** Delay before preparing a connection is retried. */
const prepareAgainMs = 500;
/** How often to check that the server is still usable, and how full it is. */
const lookMs = 1_000;
/** How often to look for rules of other versions that nobody uses any more. */
const clearMs = 30_000;
/** How long replicas may take to confirm what was written. */
const replicasMs = 1_000;
/** Share of maxmemory above which verbs that grow are refused. The rest is for breaks, answers and releases. */
const fullShare = 0.95;
/** Above this, holders of many delegations are asked to give some back. */
const shortShare = 0.85;

export interface ServerOptions extends TableEvents {
  connect: (options: RedisOptions) => Redis;
  library: FunctionLibrary;
  durability: Durability;
  commandMs: number;
  restMs: number;
  address: string | undefined;
  moves: boolean;
  explained: (error: unknown) => string | undefined;
  looks: Looks;
}

/** A table, or a shard of one, at a server. */
export interface Inmate {
  readonly root: string;
  /** Runs on every connection before any call. */
  prepare(identity: string): Promise<void>;
}

interface Look {
  info: Map<string, string>;
  /** Why the server, though it answers, cannot be used; undefined if it can. */
  unfit: string | undefined;
  at: number;
}

/** What Redis servers have last said of themselves: several connections to one server ask it no more often than one would. */
export class Looks {
  private readonly found = new Map<string, Look>();
  private readonly connections = new Map<RedisServer, string>();

  /** How many connections lead to this server. */
  at(server: string): number {
    return [...this.connections.values()].filter((each) => each === server).length;
  }

  /** Of this server, unless it is older than a connection alone would have it. */
  recent(server: string): Look | undefined {
    const look = this.found.get(server);
    return look !== undefined && performance.now() - look.at < 0.9 * lookMs ? look : undefined;
  }

  lead(connection: RedisServer, server: string | undefined): void {
    if (server === undefined) this.connections.delete(connection);
    else this.connections.set(connection, server);
  }

  keep(server: string, look: Look): void {
    for (const [name, { at }] of this.found) if (look.at - at > clearMs) this.found.delete(name);
    this.found.set(server, look);
  }
}

/** The connection to the Redis server that has some shards of a table: all of them, or, in a Cluster, one. */
export class RedisServer {
  readonly redis: Redis;
  /** How what is read from it waits for replicas. */
  readonly reader: Replicated;
  readonly replicated: ReplicatedCalls | undefined;
  private readonly inmates = new Set<Inmate>();
  private readonly followers = new Set<Follower>();
  /** Logs that are to be followed from this turn on. */
  private gathering: Reading[] | undefined;

  /** Counts connections: a result obtained on one must not be applied to the next. */
  private connection = 0;
  private up = false;
  private announceUp: () => void = () => undefined;
  private whenUp: Promise<void> = this.nextUp();
  private lastError: unknown;
  private closed = false;
  private looking: NodeJS.Timeout | undefined;
  private unfit: string | undefined;
  /** Set if that is because a later version has written the table. */
  private outdated: TableOutdated | undefined;
  private clearedAt = -Infinity;
  private clearFailed = false;
  private isFull = false;
  private isShort = false;
  private usedBytes: number | undefined;
  private opened = false;
  private runId = '';
  private joining: NodeJS.Immediate | undefined;

  constructor(private readonly options: ServerOptions) {
    const { library, commandMs, durability } = options;
    this.redis = this.client(library.connectionName, commandMs);
    const { replicas } = durability;
    this.reader = {
      ...{ redis: this.redis, replicas },
      waitMs: Math.ceil(Math.min(replicasMs, commandMs / 2)),
    };
    if (replicas > 0) this.replicated = new ReplicatedCalls(this.reader);
    this.redis.on('ready', () => void this.prepare());
    this.redis.on('close', () => {
      this.down();
    });
    this.redis.on('error', (error: unknown) => {
      this.lastError = error;
    });
  }

  get ready(): boolean {
    return this.up;
  }
  get trouble(): string | undefined {
    return this.unfit;
  }
  /** The memory that it uses, divided by the number of shards there. */
  get bytes(): number | undefined {
    const there = this.options.looks.at(this.runId);
    return this.usedBytes === undefined ? undefined : this.usedBytes / Math.max(1, there * this.inmates.size);
  }
  get library(): FunctionLibrary {
    return this.options.library;
  }
  /** Whether there is no memory for verbs that grow. */
  get full(): boolean {
    return this.isFull;
  }
  /** Whether memory will soon be full. */
  get short(): boolean {
    return this.isShort;
  }

  /** A shard of the table is here. */
  join(inmate: Inmate): void {
    this.inmates.add(inmate);
    if (this.redis.status !== 'ready') return;
    this.down();
    // Once for all that join in this turn.
    this.joining ??= setImmediate(() => {
      this.joining = undefined;
      void this.prepare();
    });
  }

  /** Closes the connection when nothing here is in use any longer. */
  leave(inmate: Inmate): void {
    this.inmates.delete(inmate);
    if (this.inmates.size > 0) return;
    this.closed = true;
    clearTimeout(this.looking);
    this.options.looks.lead(this, undefined);
    for (const follower of this.followers) follower.stop();
    this.followers.clear();
    this.redis.disconnect();
    this.down();
  }

  /** Resolves when calls may be sent. Throws TableUnreachable after `commandMs`. */
  async usable(): Promise<void> {
    if (this.up) return;
    // Do not wait as long for a server that answers but that its operator must reconfigure.
    const unfit = this.opened && this.unfit !== undefined;
    const { commandMs, explained } = this.options;
    const ms = unfit ? Math.min(commandMs, prepareAgainMs) : commandMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          this.outdated ??
            new TableUnreachable(
              [`no usable connection to ${this.address()} for ${String(ms)} ms`, explained(this.lastError)]
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

  /** Follows a log until the function that this returns is called. Those that begin in one turn share a connection. */
  follow(log: FollowedLog): () => void {
    if (this.gathering === undefined) {
      const readings: Reading[] = [];
      this.gathering = readings;
      queueMicrotask(() => {
        this.gathering = undefined;
        if (readings.length > 0) this.followAll(readings);
      });
    }
    const reading = new Reading(log);
    const gathered = this.gathering;
    gathered.push(reading);
    return () => {
      const at = gathered.indexOf(reading);
      if (at >= 0) gathered.splice(at, 1);
      for (const follower of this.followers) if (follower.drop(reading)) this.followers.delete(follower);
    };
  }

  private followAll(readings: readonly Reading[]): void {
    if (this.closed) return;
    const redis = this.client('leasehold-follow', this.options.commandMs + blockMs);
    // Every error also makes the follower's own read fail, and is handled there.
    redis.on('error', () => undefined);
    this.followers.add(new Follower({ ...this.reader, redis }, [...readings], this.options.restMs));
  }

  private client(connectionName: string, commandTimeout: number): Redis {
    return this.options.connect({
      connectionName,
      commandTimeout,
      connectTimeout: this.options.commandMs,
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

  /** Runs on every connection before any call. Checks the server, loads the rules, and identifies what is here again. */
  private async prepare(): Promise<void> {
    const connection = ++this.connection;
    try {
      const info = fieldsOf(await this.redis.info());
      await this.measure(info);
      if (this.unfit !== undefined) throw new Error(this.unfit);
      this.outdated = undefined;
      const identity = ['run_id', 'master_replid', 'role'].map((name) => info.get(name) ?? '').join(':');
      await this.options.library.load(this.redis);
      await Promise.all([...this.inmates].map((each) => each.prepare(identity)));
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
        if (this.options.moves) this.redis.disconnect(true);
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
      const known = this.options.looks.recent(this.runId);
      if (known === undefined) await this.measure(fieldsOf(await this.redis.info()));
      else this.apply(known);
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
    const { durability, looks } = this.options;
    const unfit =
      unfitness(info) ?? (await shortcoming(this.redis, info, durability)) ?? (await this.unconfirmed());
    const look = { info, unfit, at: performance.now() };
    looks.keep(info.get('run_id') ?? '', look);
    this.apply(look);
  }

  private apply({ info, unfit }: Look): void {
    this.unfit = unfit;
    this.runId = info.get('run_id') ?? '';
    this.options.looks.lead(this, this.runId);
    const [used, max] = ['used_memory', 'maxmemory'].map((name) => Number(info.get(name) ?? 0)) as [
      number,
      number,
    ];
    this.usedBytes = used;
    this.setFull(max > 0 && used >= fullShare * max);
    this.isShort = max > 0 && used >= shortShare * max;
  }

  private async clear(): Promise<void> {
    this.clearedAt = performance.now();
    const { library, onCleared } = this.options;
    try {
      const deleted = await library.deleteUnused(this.redis);
      if (deleted.length > 0) onCleared?.(deleted);
    } catch (error) {
      if (!this.clearFailed) onCleared?.([], error);
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
    const [inmate] = this.inmates;
    if (inmate === undefined) return undefined;
    try {
      await confirmed(this.reader, inmate.root);
      return undefined;
    } catch (error) {
      if (error instanceof NotReplicated) return `of what this Redis was asked, ${error.message}`;
      throw error;
    }
  }

  setFull(full: boolean): void {
    if (full === this.isFull) return;
    this.isFull = full;
    this.options.onFull?.(full ? `Redis at ${this.address()} is out of memory (maxmemory)` : undefined);
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

  /** The next connection may lead to another server. */
  reconnect(): void {
    if (!this.up) return;
    this.down();
    this.redis.disconnect(true);
  }

  /** Turns an error of the Redis client into one for the caller. */
  meaning(verb: string, error: unknown): Error {
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
      this.reconnect();
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
    if (message.includes('timed out') || wasNotRun(error)) this.reconnect();
    return new TableUnreachable(
      `Redis at ${this.address()} did not answer ${verb}; it may have been run: ${message}`,
      { cause: error },
    );
  }

  outOfMemory(verb: string, cause?: unknown): TableFull {
    return new TableFull(`Redis at ${this.address()} is out of memory; ${verb} was not run`, { cause });
  }

  private address(): string {
    const { path, host = 'localhost', port = 6379 } = this.redis.options;
    return this.options.address ?? path ?? `${host}:${String(port)}`;
  }
}

/**
 * Whether the server has refused the call as a whole: it is not the master, not any longer, or not yet. While a slot moves in a
 * Cluster, its old owner says ASK, and the new one would run the call over the rows that have arrived so far: it is not asked.
 */
export function wasNotRun(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(READONLY|MOVED|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|LOADING|NOREPLICAS) /.test(error.message)
  );
}

export function isOutOfMemory(error: unknown): boolean {
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
