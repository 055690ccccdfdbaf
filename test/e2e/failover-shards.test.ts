import { rmSync } from 'node:fs';
import { Leasehold, type Lease } from '#client';
import { altered } from '../chaos/sabotage';
import { Cluster, stopClusters } from '../support/cluster';
import { eventually } from '../support/eventually';
import { type RedisServer, ask, startRedis, startRedisCluster } from '../support/redis-server';
import { type LeaseApi, startLeaseApi } from '../support/service';
import { TcpProxy } from '../support/tcp-proxy';

/**
 * The sentences of docs/failover.md for tables in several shards: one of three masters dies, and its replica lacks what it had
 * answered. What the others have is not concerned. And lease APIs that die while they end a session shard by shard.
 */
jest.setTimeout(600_000);

const shards = 8;
const rootOf = (shard: number): string => `{lh:main:${String(shard)}}`;
const shardOf = (token: number): number => token % shards;
const files = Array.from({ length: 24 }, (_, no) => `f${String(no)}`);
const demo = (file: string) => ({ export: 'demo', file });

const ends: (() => unknown)[] = [];
afterEach(async () => {
  await stopClusters();
  for (const end of ends.splice(0)) await end();
});

async function redisCluster() {
  // A replica may take over, however old its data is.
  const group = await startRedisCluster({ 'cluster-replica-validity-factor': '0' });
  ends.push(() => group.stop());
  const replicaOf = (master: RedisServer): Promise<RedisServer> =>
    eventually(async () => {
      for (const server of group.servers) {
        const info = (await ask(server.port, (redis) => redis.info('replication'))) ?? '';
        if (info.includes('role:slave') && info.includes(`master_port:${String(master.port)}`)) return server;
      }
      throw new Error('it has no replica');
    });
  const shardsOf = async (master: RedisServer): Promise<Set<number>> => {
    const found = new Set<number>();
    for (let shard = 0; shard < shards; shard += 1)
      if ((await group.owner(rootOf(shard))) === master) found.add(shard);
    return found;
  };
  return {
    url: group.url,
    replicaOf,
    shardsOf,
    /** The master with the first shard, or one without it. */
    async master(first: boolean): Promise<RedisServer> {
      const home = await group.owner(rootOf(0));
      if (first) return home;
      for (let shard = 1; shard < shards; shard += 1) {
        const owner = await group.owner(rootOf(shard));
        if (owner !== home) return owner;
      }
      throw new Error('all shards are on one master');
    },
    /** From here on its replica misses what the master answers. */
    async separate(master: RedisServer): Promise<void> {
      const replica = await replicaOf(master);
      const offset = async (port: number): Promise<number> =>
        Number(/_repl_offset:(\d+)/.exec((await ask(port, (at) => at.info('replication'))) ?? '')?.[1]);
      await eventually(async () => {
        expect(await offset(replica.port)).toBeGreaterThanOrEqual(await offset(master.port));
      });
      // Its master takes no password, and refuses one.
      await ask(replica.port, (redis) => redis.config('SET', 'masterauth', 'none'));
      await eventually(async () => {
        await ask(master.port, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'replica'));
        const info = (await ask(replica.port, (redis) => redis.info('replication'))) ?? '';
        expect(info).toContain('master_link_status:down');
      });
    },
    /** The master dies, and its replica takes over. */
    async failover(master: RedisServer): Promise<void> {
      const [shard = 0] = await shardsOf(master);
      await master.kill();
      await eventually(async () => {
        expect((await group.owner(rootOf(shard))).port).not.toBe(master.port);
      });
    },
  };
}

describe.each([
  ['the first shard', true],
  ['others', false],
])('the master with %s fails over, and the new one lacks its last grants', (_title, first) => {
  test('holders keep all that they hold, and only where something is missing it has new tokens', async () => {
    const redis = await redisCluster();
    const env = { LEASEHOLD_TABLE_SHARDS: String(shards), LEASEHOLD_RECOVERY_MS: '20000' };
    const cluster = await Cluster.start({ table: redis.url, env, apis: 2 });
    for (const name of [...files, ...files.map((name) => `new-${name}`)]) cluster.file(name);
    const client = new Leasehold({ url: cluster.apis.map(({ url }) => url), retryMs: 120_000 });
    const known = cluster.heard(await client.openSession({ ttlMs: 300_000 }));
    const [firstFile = ''] = files;
    const early = await known.session.acquire({ ...demo(firstFile), type: 'write' });
    const master = await redis.master(first);
    const concerned = await redis.shardsOf(master);
    await redis.separate(master);
    const unknown = cluster.heard(await client.openSession({ ttlMs: 300_000 }));
    const leases = [early];
    for (const [no, file] of files.slice(1).entries())
      leases.push(await (no % 2 === 0 ? known : unknown).session.acquire({ ...demo(file), type: 'write' }));
    const tokens = leases.map(({ token }) => token);
    const isConcerned = tokens.map((token) => concerned.has(shardOf(token)));
    expect(new Set(isConcerned)).toEqual(new Set([true, false]));
    await redis.failover(master);
    const rival = await cluster.holder({}, cluster.apis[1]?.url);
    const gained: string[] = [];
    await Promise.all(
      files.map(async (file, no) => {
        const asked = rival.session.acquire({ ...demo(file), type: 'write' });
        const outcome = await asked.then(
          () => 'granted',
          (error: unknown) => (error as { reason: string }).reason,
        );
        if (outcome === 'granted' && leases[no]?.signal.aborted !== true) gained.push(file);
        expect([file, outcome]).toEqual([file, 'lease_conflict']);
      }),
    );
    expect(gained).toEqual([]);
    for (const [no, { token, signal }] of leases.entries()) {
      expect(signal.reason).toBeUndefined();
      if (isConcerned[no] !== true) expect(token).toBe(tokens[no]);
      else if (no > 0) expect(token).toBeGreaterThan(tokens[no] ?? Infinity);
    }
    // The adapter has said what it holds, to every shard.
    await cluster.agreed();
    // Events go on: whoever wants a file breaks its lease, and the holder hears of it.
    const opening = files.map((file) =>
      rival.session.open({ ...demo(file), access: 'write', waitMs: 60_000 }),
    );
    await Promise.all(
      leases.map(async (lease, no) => {
        const { ear } = no === 0 || no % 2 === 1 ? known : unknown;
        const notice = await ear.next('break', lease.file);
        expect(await lease.acknowledge('none', notice.breakId)).toBe(true);
      }),
    );
    for (const open of await Promise.all(opening)) await open.close();
    await Promise.all([known, unknown, rival].map(({ session }) => session.end()));
    await cluster.agreed();
  });

  test('nothing new is granted where something is missing, while the other shards go on', async () => {
    const redis = await redisCluster();
    const env = {
      LEASEHOLD_TABLE_SHARDS: String(shards),
      LEASEHOLD_LOCAL_EXPORTS: 'demo',
      LEASEHOLD_RECOVERY_MS: '60000',
    };
    const api = await startLeaseApi({ table: redis.url, env });
    const { sessionId, secret } = await api.session();
    const take = (file: string) => {
      const body = { sessionId, ...demo(file), type: 'write', requestId: file };
      return api.request('POST', '/v1/leases/acquire', { secret, body });
    };
    // Which shard each file is in.
    const shardsOfFiles = new Map<string, number>();
    for (const file of files) {
      const { body } = await take(file);
      shardsOfFiles.set(file, shardOf(Number(body['token'])));
      await api.request('DELETE', `/v1/leases/${String(body['leaseId'])}`, { secret });
    }
    const master = await redis.master(first);
    const concerned = await redis.shardsOf(master);
    await redis.separate(master);
    for (const file of files) {
      const body = { sessionId, ...demo(file), type: 'read' };
      expect((await api.request('POST', '/v1/leases/acquire', { secret, body })).status).toBe(201);
    }
    await redis.failover(master);
    // Its session is known to all, so only the shard decides.
    const outcomes = await eventually(async () => {
      const found = new Map<string, unknown>();
      for (const file of files) {
        const body = { sessionId, ...demo(file), access: 'read' };
        const answer = await api.request('POST', '/v1/opens', { secret, body });
        if (answer.status === 503) throw new Error(answer.text);
        found.set(file, answer.body['reason'] ?? 'granted');
      }
      return found;
    });
    for (const [file, outcome] of outcomes)
      expect([file, outcome]).toEqual([
        file,
        concerned.has(shardsOfFiles.get(file) ?? -1) ? 'grace' : 'granted',
      ]);
  });

  test('a holder that comes too late is told of what others have by then, and storage that checks tokens knows', async () => {
    const redis = await redisCluster();
    const env = {
      LEASEHOLD_TABLE_SHARDS: String(shards),
      LEASEHOLD_LOCAL_EXPORTS: 'demo',
      LEASEHOLD_RECOVERY_MS: '1000',
      // Nobody answers breaks here.
      LEASEHOLD_BREAK_MS: '600000',
    };
    const api = await startLeaseApi({ table: redis.url, env });
    const away = await TcpProxy.start({ target: () => new URL(api.url).host });
    const holder = await new Leasehold({ url: `http://${away.address}`, retryMs: 1_000 }).openSession({
      ttlMs: 300_000,
    });
    holder.on('error', () => undefined);
    const rivals = new Leasehold({ url: api.url, retryMs: 120_000 });
    const rival = await rivals.openSession({ ttlMs: 300_000 });
    const master = await redis.master(first);
    const concerned = await redis.shardsOf(master);
    await redis.separate(master);
    const leases: Lease[] = [];
    for (const file of files) leases.push(await holder.acquire({ ...demo(file), type: 'write' }));
    const tokens = leases.map(({ token }) => token);
    const isConcerned = tokens.map((token) => concerned.has(shardOf(token)));
    away.cut();
    await redis.failover(master);
    const outcomes = await Promise.all(
      files.map((file) =>
        rival.acquire({ ...demo(file), type: 'write' }).then(
          ({ token }) => token,
          () => undefined,
        ),
      ),
    );
    expect(outcomes.map((token) => token !== undefined)).toEqual(isConcerned);
    for (const [no, file] of files.entries()) {
      const check = rivals.checkFence({ ...demo(file), token: tokens[no] ?? 0, for: 'write' });
      if (isConcerned[no] !== true) await expect(check).resolves.toBeDefined();
      else await expect(check).rejects.toMatchObject({ code: 'ESTALE' });
      if (isConcerned[no] === true) expect(outcomes[no]).toBeGreaterThan(tokens[no] ?? Infinity);
    }
    away.mend();
    await eventually(() => {
      expect(leases.map(({ signal }) => signal.aborted)).toEqual(isConcerned);
    });
    for (const [no, { signal }] of leases.entries())
      if (isConcerned[no] === true) expect(signal.reason).toMatchObject({ reason: 'lease_revoked' });
    holder.close();
    rival.close();
  });
});

test('at replicas:N, only the shards of a master without its replicas answer nothing, and a repeat finds out', async () => {
  const redis = await redisCluster();
  const env = {
    LEASEHOLD_TABLE_SHARDS: String(shards),
    LEASEHOLD_LOCAL_EXPORTS: 'demo',
    LEASEHOLD_DURABILITY: 'replicas:1',
  };
  const api = await startLeaseApi({ table: redis.url, env });
  const { sessionId, secret } = await api.session();
  const take = (file: string, requestId: string) => {
    const body = { sessionId, ...demo(file), access: 'read', requestId };
    return api.request('POST', '/v1/opens', { secret, body });
  };
  const shardsOfFiles = new Map<string, number>();
  for (const file of files) {
    const lease = { sessionId, ...demo(file), type: 'read', requestId: `lease ${file}`.replace(' ', '-') };
    const { body } = await api.request('POST', '/v1/leases/acquire', { secret, body: lease });
    shardsOfFiles.set(file, shardOf(Number(body['token'])));
  }
  const master = await redis.master(false);
  const concerned = await redis.shardsOf(master);
  const replica = await redis.replicaOf(master);
  replica.pause();
  const answers = await Promise.all(files.map((file) => take(file, `first-${file}`)));
  for (const [no, file] of files.entries()) {
    const { status, body } = answers[no] ?? { status: 0, body: {} };
    if (concerned.has(shardsOfFiles.get(file) ?? -1))
      expect(body).toMatchObject({ code: 'ENOTCONN', reason: 'table_unreachable' });
    else expect(status).toBe(201);
  }
  // One request over both masters is answered when both can.
  const items = files.map((file) => ({ ...demo(file), type: 'read' }));
  const set = { sessionId, leases: items, requestId: 'set', waitMs: 0 };
  expect((await api.request('POST', '/v1/sets', { secret, body: set })).status).toBe(503);
  await eventually(async () => {
    const ready = await api.request('GET', '/readyz');
    expect(ready.status).toBe(503);
  });
  replica.resume();
  await eventually(async () => {
    for (const file of files) expect((await take(file, `first-${file}`)).status).toBe(201);
  });
});

describe('a lease API that dies when it has told one shard of three of the end of a session', () => {
  const several = 4;
  test.each(['expires', 'is ended'])('the session %s: the next one tells the others', async (how) => {
    const server = await startRedis();
    ends.push(() => server.stop());
    const file = 'libs/locks/src/table/sharded/work.js';
    const told = "const set = await this.step(shard, 'guestSet', { sessionId, state, silentMs });";
    const { directory, program } = altered(
      {
        file,
        from: `await Promise.all(shards.map(async (shard) => {`,
        to: `await Promise.all(shards.map(async (shard) => { if (shard !== shards[0]) await new Promise(() => undefined);`,
      },
      { file, from: told, to: `${told} process.kill(process.pid, 'SIGKILL');` },
    );
    ends.push(() => {
      rmSync(directory, { recursive: true, force: true });
    });
    const env = { LEASEHOLD_TABLE_SHARDS: String(several), LEASEHOLD_LOCAL_EXPORTS: 'demo' };
    const dies = await startLeaseApi({ table: server.url, env, program });
    const { sessionId, secret } = await dies.session(how === 'expires' ? 5_000 : 300_000);
    const take = (api: LeaseApi, own: { sessionId: string; secret: string }, name: string) =>
      api.request('POST', '/v1/opens', {
        secret: own.secret,
        body: { sessionId: own.sessionId, ...demo(name), access: 'write', deny: 'write' },
      });
    await Promise.all(
      files.map(async (name) => {
        expect((await take(dies, { sessionId, secret }, name)).status).toBe(201);
      }),
    );
    if (how === 'is ended')
      await dies.request('DELETE', `/v1/sessions/${sessionId}`, { secret }).catch(() => undefined);
    await eventually(() => {
      expect(dies.isRunning).toBe(false);
    });
    const next = await startLeaseApi({ table: server.url, env });
    const other = await next.session(600_000);
    await eventually(async () => {
      for (const name of files) {
        const { status, body } = await take(next, other, name);
        expect([name, status, body['reason']]).toEqual([name, 201, undefined]);
        await next.request('DELETE', `/v1/opens/${String(body['openId'])}`, { secret: other.secret });
      }
    });
  });
});
