import { Leasehold, LeaseholdError } from '#client';
import { Certificates } from '../support/certificates';
import { eventually, within } from '../support/eventually';
import { type RedisGroup, startRedisCluster, startSentinels, tlsDirectives } from '../support/redis-server';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/**
 * Masters that die, get stuck or give up a slot, under load: no caller that follows the retry rule sees an error, and tokens
 * never go back. With `replicas:1` nothing that was answered is lost.
 */
jest.setTimeout(600_000);

const root = '{lh:main:0}';
/** Of a new table there. */
const shardsInCluster = 16;
const certificates = new Certificates();
beforeAll(() => {
  certificates.authority('ca');
  for (const name of ['api', 'redis']) certificates.make(name, 'ca', name, 'IP:127.0.0.1,DNS:localhost');
});
afterAll(() => {
  certificates.remove();
});
/** Servers that speak TLS only, to each other as well, and take only those with a certificate. */
const secured = (): Record<string, string> =>
  tlsDirectives(certificates.at('redis.pem'), certificates.at('redis.key'), certificates.at('ca.pem'));
const shapes: [title: string, config: () => Record<string, string>, env: () => Record<string, string>][] = [
  ['in the clear', () => ({}), () => ({})],
  ['over mutual TLS', secured, () => certificates.env('LEASEHOLD_REDIS', 'api')],
];

const groups: RedisGroup[] = [];
afterEach(async () => {
  await stopPrograms();
  await Promise.all(groups.splice(0).map((group) => group.stop()));
});

async function kept<G extends RedisGroup>(group: Promise<G>): Promise<G> {
  const started = await group;
  groups.push(started);
  return started;
}

const serve = (table: string, env: Record<string, string> = {}): Promise<LeaseApi> =>
  startLeaseApi({
    table,
    env: { LEASEHOLD_LOCAL_EXPORTS: 'demo', LEASEHOLD_DURABILITY: 'replicas:1', ...env },
  });

/** Clients that take and release leases, each on a file of its own, until they are told to stop. */
class Load {
  readonly errors: string[] = [];
  readonly tokens: number[][] = [];
  taken = 0;
  private stopping = false;
  private readonly running: Promise<void>[];

  constructor(urls: readonly string[]) {
    this.running = Array.from({ length: 4 }, (_, no) => this.work(urls, no));
  }

  /** Waits until every client has taken more since. */
  async goesOn(): Promise<void> {
    const before = this.tokens.map(({ length }) => length);
    await eventually(() => {
      for (const [no, { length }] of this.tokens.entries())
        if (length < (before[no] ?? 0) + 3)
          throw new Error(`client ${String(no)} is stuck: ${this.errors.join()}`);
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await within('the load', Promise.all(this.running));
    expect(this.errors).toEqual([]);
    for (const tokens of this.tokens) expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
  }

  private async work(urls: readonly string[], no: number): Promise<void> {
    const tokens: number[] = [];
    this.tokens.push(tokens);
    const client = new Leasehold({ url: [...urls], retryMs: 120_000 });
    const session = await client.openSession({ ttlMs: 300_000 });
    session.on('error', () => undefined);
    const ask = { export: 'demo', file: `f${String(no)}`, type: 'write', waitMs: 1_000 } as const;
    while (!this.stopping) {
      try {
        const lease = await session.acquire(ask);
        tokens.push(lease.token);
        this.taken += 1;
        await lease.release();
      } catch (error) {
        this.errors.push(
          error instanceof LeaseholdError ? `${error.reason}: ${error.message}` : String(error),
        );
        if (this.errors.length > 10) return;
      }
    }
    await session.end();
  }
}

test.each(shapes)(
  'Sentinel %s: a master that is killed, and one that is stuck, are replaced and no caller sees it',
  async (_title, config, env) => {
    const sentinels = await kept(startSentinels(config()));
    const apis = [await serve(sentinels.url, env()), await serve(sentinels.url, env())];
    const load = new Load(apis.map(({ url }) => url));
    await load.goesOn();
    const first = await sentinels.master();
    await first.kill();
    const second = await eventually(async () => {
      const found = await sentinels.master();
      if (found === first) throw new Error('still the first');
      return found;
    });
    await load.goesOn();
    await first.restart(sentinels.rejoin(second));
    await load.goesOn();
    second.pause();
    await eventually(async () => {
      if ((await sentinels.master()) === second) throw new Error('still the second');
    });
    await load.goesOn();
    second.resume();
    await load.goesOn();
    await load.stop();
  },
);

test.each(shapes)(
  'Cluster %s: an owner that dies, a slot that moves, also to a master that has joined later, are followed and no caller sees it',
  async (_title, config, env) => {
    const cluster = await kept(startRedisCluster(config()));
    const api = await serve(cluster.url, env());
    const load = new Load([api.url]);
    await load.goesOn();
    const first = await cluster.owner(root);
    await cluster.move(root);
    expect((await cluster.owner(root)).port).not.toBe(first.port);
    await load.goesOn();
    // A token says its shard.
    const other = `{lh:main:${String((load.tokens[0]?.[0] ?? 0) % shardsInCluster)}}`;
    const before = await cluster.owner(other);
    await cluster.move(other);
    expect((await cluster.owner(other)).port).not.toBe(before.port);
    await load.goesOn();
    const second = await cluster.owner(root);
    await second.kill();
    await eventually(async () => {
      if ((await cluster.owner(root)) === second) throw new Error('still the second');
    });
    await second.restart();
    await load.goesOn();
    // It has no functions yet.
    const joined = await cluster.join();
    await cluster.move(root, joined);
    expect((await cluster.owner(root)).port).toBe(joined.port);
    await load.goesOn();
    await load.stop();
  },
);

test('replicas:N is refused where there are fewer, and an answer waits until they have it', async () => {
  const sentinels = await kept(startSentinels({}, 1));
  const [master, replica] = [await sentinels.master(), sentinels.servers[1]];
  const api = await serve(`redis://127.0.0.1:${String(master.port)}`);
  const { sessionId, secret } = await api.session();
  const acquire = { sessionId, export: 'demo', file: 'f', type: 'write', requestId: 'one' };
  replica?.pause();
  const refused = await api.request('POST', '/v1/leases/acquire', { secret, body: acquire });
  expect(refused.body).toMatchObject({ code: 'ENOTCONN', reason: 'table_unreachable' });
  // What others have written and the replica has not, is not shown either.
  const read = await api.request('GET', `/v1/sessions/${sessionId}`, { secret });
  expect(read.body).toMatchObject({ reason: 'table_unreachable' });
  replica?.resume();
  const found = await eventually(async () => {
    const answer = await api.request('POST', '/v1/leases/acquire', { secret, body: acquire });
    expect(answer.status).toBe(201);
    return answer;
  });
  expect(found.body).toMatchObject({ type: 'write', state: 'active' });
  // A server that has lost its replica says so.
  await replica?.kill();
  await eventually(async () => {
    const ready = await api.request('GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.text).toContain('has 0 replicas, and LEASEHOLD_DURABILITY promises 1');
  });
});
