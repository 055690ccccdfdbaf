import type { Redis } from 'ioredis';

/** What must have what was written before anybody is told of it. */
export interface Durability {
  /** The disk of the master: it has `appendfsync always`. */
  readonly fsync: boolean;
  /** So many replicas, in memory. */
  readonly replicas: number;
}

export const asRedisIs: Durability = { fsync: false, replicas: 0 };

/** A replica that has said nothing for longer does not count. */
const lagMax = 10;
/** Calls in one pipeline. */
const batchMax = 1_000;

/** The step was run, but not as many replicas as promised have it. */
export class NotReplicated extends Error {
  override readonly name = 'NotReplicated';
}

/** Why this server cannot keep this promise, or undefined if it can. */
export async function shortcoming(
  redis: Redis,
  info: ReadonlyMap<string, string>,
  { fsync, replicas }: Durability,
): Promise<string | undefined> {
  if (fsync) {
    const fault = await withoutFsync(redis, info);
    if (fault !== undefined) return fault;
  }
  const there = [...info].filter(([name, value]) => /^slave\d+$/.test(name) && isAttached(value)).length;
  return there < replicas
    ? `this Redis has ${String(there)} replicas, and LEASEHOLD_DURABILITY promises ${String(replicas)}: start them, or promise less`
    : undefined;
}

const isAttached = (replica: string): boolean =>
  replica.includes('state=online') && Number(/lag=(-?\d+)/.exec(replica)?.[1] ?? Infinity) <= lagMax;

async function withoutFsync(redis: Redis, info: ReadonlyMap<string, string>): Promise<string | undefined> {
  if (info.get('aof_enabled') !== '1')
    return 'this Redis has no append-only file, and LEASEHOLD_DURABILITY promises fsync: set appendonly to yes';
  let policy: unknown;
  try {
    [, policy] = await redis.config('GET', 'appendfsync');
  } catch (error) {
    if (!(error instanceof Error && /^(NOPERM|ERR) /.test(error.message))) throw error;
    return `this Redis does not say how it writes its file: allow CONFIG GET (${error.message})`;
  }
  return policy === 'always'
    ? undefined
    : `this Redis writes its file ${String(policy)}, and LEASEHOLD_DURABILITY promises fsync: set appendfsync to always`;
}

/** What a level of replicas needs of a connection. */
export interface Replicated {
  redis: Redis;
  replicas: number;
  /** How long replicas may take. */
  waitMs: number;
}

const lacking = (have: unknown, { replicas, waitMs }: Replicated): NotReplicated =>
  new NotReplicated(
    `only ${String(have)} of ${String(replicas)} replicas confirmed it within ${String(waitMs)} ms`,
  );

/**
 * Resolves when the replicas have everything that the server has now, whoever wrote it.
 * @throws NotReplicated
 */
export async function confirmed(of: Replicated, key: string): Promise<void> {
  if (of.replicas === 0) return;
  // WAIT is about what the server had written when this connection sent its last command.
  const results = await of.redis.pipeline().exists(key).wait(of.replicas, of.waitMs).exec();
  const [error, have] = results?.[1] ?? [new Error('no answer to WAIT')];
  if (error) throw error;
  if (Number(have) < of.replicas) throw lacking(have, of);
}

/** To each step of a call. */
type Answers = readonly (Buffer | Error)[];

interface Call {
  args: (string | Buffer)[];
  resolve: (reply: Answers) => void;
  reject: (error: unknown) => void;
}

/** Sends calls in pipelines that each end with one WAIT, and answers none of a pipeline before that. */
export class ReplicatedCalls {
  private waiting: Call[] = [];
  private sending = false;

  constructor(private readonly of: Replicated) {}

  call(...args: (string | Buffer)[]): Promise<Answers> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ args, resolve, reject });
      if (this.sending) return;
      this.sending = true;
      // Deferred, so that all calls of this turn share the pipeline.
      setImmediate(() => void this.sendAll());
    });
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, batchMax);
      try {
        await this.send(batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.sending = false;
  }

  private async send(batch: readonly Call[]): Promise<void> {
    const { redis, replicas, waitMs } = this.of;
    const pipeline = redis.pipeline();
    for (const { args } of batch) pipeline.callBuffer('FCALL', ...args);
    const results = (await pipeline.wait(replicas, waitMs).exec()) ?? [];
    const [waitError, have] = results[batch.length] ?? [new Error('no answer to WAIT')];
    const unsure = waitError ?? (Number(have) < replicas ? lacking(have, this.of) : undefined);
    for (const [at, { resolve, reject }] of batch.entries()) {
      const [error, reply] = results[at] ?? [new Error('no answer')];
      // What has failed was not run, so it does not matter who has it.
      if (error ?? unsure) reject(error ?? unsure);
      else resolve(reply as Answers);
    }
  }
}
