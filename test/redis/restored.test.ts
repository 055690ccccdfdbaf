import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import type { VerbInput, VerbName, VerbOutput } from '../../libs/locks/src/core/io';
import type { Place } from '../../libs/locks/src/core/rows';
import { openRedisTable } from '../../libs/locks/src/table/redis/redis-table';
import { type Table, TableUnreachable } from '../../libs/locks/src/table/table';
import { eventually } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';
import { scenarioLimits } from '../support/scenario';

/**
 * Real append-only and RDB files of Redis, copied while requests run, and restored in any order after any number of
 * restarts (docs/decisions/0023-tokens-after-a-restore.md). `RESTORES=300` runs more histories.
 */

const file = { fileKey: 'f', exportName: 'demo', path: 'f', fileId: 'f', inode: '<none>:0' };
const owner = { sessionId: 's', digest: 'd' };
const kinds = ['aof', 'rdb'] as const;
type Kind = (typeof kinds)[number];

/** Calls until one is answered: Redis may be on its way up. */
async function persist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof TableUnreachable)) throw error;
    }
  }
}

/** The server of all histories, and its files. */
class Server {
  private constructor(
    readonly redis: RedisServer,
    private readonly backups: string,
  ) {}

  static async start(): Promise<Server> {
    const backups = await mkdtemp(join(tmpdir(), 'leasehold-restored-'));
    const server = new Server(await startRedis({ appendonly: 'yes', appendfsync: 'always' }), backups);
    await server.ask(['CONFIG', 'SET', 'auto-aof-rewrite-percentage', '0']);
    return server;
  }

  async stop(): Promise<void> {
    await this.redis.stop();
    await rm(this.backups, { recursive: true });
  }

  /** Copies the append-only files as they are being written, or lets Redis save an RDB file. */
  async backUp(kind: Kind, name: string): Promise<void> {
    const copy = join(this.backups, `${name}.${kind}`);
    if (kind === 'aof') {
      await cp(join(this.redis.directory, 'appendonlydir'), copy, { recursive: true });
      return;
    }
    await this.ask(['BGSAVE']);
    await this.settled();
    await cp(join(this.redis.directory, 'dump.rdb'), copy);
  }

  /** As docs/backup.md says. */
  async restore(kind: Kind, name: string): Promise<void> {
    const { redis } = this;
    const copy = join(this.backups, `${name}.${kind}`);
    await redis.kill();
    await rm(join(redis.directory, 'appendonlydir'), { recursive: true });
    if (kind === 'aof') {
      await cp(copy, join(redis.directory, 'appendonlydir'), { recursive: true });
      await redis.restart();
    } else {
      await cp(copy, join(redis.directory, 'dump.rdb'));
      await redis.restart({ appendonly: 'no' });
      await this.ask(['CONFIG', 'SET', 'appendonly', 'yes']);
      await this.settled();
    }
    await this.ask(['CONFIG', 'SET', 'auto-aof-rewrite-percentage', '0']);
  }

  /** A table of this server, on a connection of its own. */
  table(name: string): Promise<Table> {
    return openRedisTable({ redis: (extra) => new Redis(this.redis.url, extra), name });
  }

  async flush(): Promise<void> {
    await this.ask(['FLUSHALL']);
  }

  private async settled(): Promise<void> {
    await eventually(async () => {
      expect(await this.ask(['INFO', 'persistence'])).toMatch(
        /rdb_bgsave_in_progress:0[^]*aof_rewrite_in_progress:0\r\naof_rewrite_scheduled:0/,
      );
    });
  }

  private async ask([command, ...rest]: [string, ...string[]]): Promise<unknown> {
    const client = new Redis(this.redis.url);
    try {
      return await client.call(command, ...rest);
    } finally {
      client.disconnect();
    }
  }
}

/** A table, two lease APIs that use it, and what they announced. */
class World {
  private nodes: Table[] = [];
  private turn = 0;
  private readonly backups: { kind: Kind; name: string }[] = [];
  private serial = 0;
  private top = 0;
  private epoch = 0;
  private readonly tokens = new Set<number>();
  /** The tokens announced since Redis was last started whose leases are held. */
  private readonly held = new Map<string, number>();
  private places: Place[] = [];

  constructor(
    private readonly server: Server,
    private readonly name: string,
  ) {}

  async begin(): Promise<void> {
    await this.join();
    await this.join();
    await this.started();
  }

  async end(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.close()));
  }

  /** The lease APIs take turns: one may still have to hear of a restart after another has gone on. */
  next(): void {
    this.turn += 1;
  }

  private get node(): Table {
    const node = this.nodes[this.turn % this.nodes.length];
    if (node === undefined) throw new Error('no lease API runs');
    return node;
  }

  /** Another lease API, which remembers nothing. */
  private async join(): Promise<void> {
    const node = await this.server.table(this.name);
    await persist(() => node.call('identify', { identity: '', limits: scenarioLimits }));
    this.nodes.push(node);
  }

  /** Redis was started, whatever it was started with: a new life begins, which nobody has seen. */
  private async started(): Promise<void> {
    this.held.clear();
    const { epoch } = await this.call('tick', {});
    expect(epoch).toBeGreaterThan(this.epoch);
    this.epoch = epoch;
    for (const place of this.places.splice(0))
      expect((await this.call('placeCheck', place)).reached).toBe(false);
    const found = await this.call('sessionGet', { sessionId: 's' });
    if (!('refused' in found)) return;
    const times = { breakMs: 1_000, lockDelayMs: 0, directories: false };
    await this.call('exportDeclare', { name: 'demo', ...times });
    await this.call('sessionCreate', { ...owner, ttlMs: 2 ** 40, pid: 0 });
  }

  private told(leaseId: string, token: number): void {
    expect(token).toBeGreaterThan(this.top);
    this.top = token;
    this.tokens.add(token);
    this.held.set(leaseId, token);
  }

  private async note(): Promise<void> {
    const { last } = await persist(() => this.node.history(0, 1));
    this.places.push({ epoch: this.epoch, no: last });
  }

  private call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<VerbOutput<V>> {
    return persist(async () => (await this.node.call(verb, input)).value);
  }

  async acquire(): Promise<void> {
    const leaseId = `l${String(++this.serial)}`;
    const item = { ...file, leaseId, owner: leaseId, ownerKey: leaseId, clientKey: 'c' };
    const value = await this.call('leaseAcquire', { ...owner, type: 'read', waitMs: 0, item });
    if ('refused' in value) throw new Error(value.refused.reason);
    this.told(leaseId, value.lease.token);
    await this.note();
  }

  async release(): Promise<void> {
    const [leaseId] = this.held.keys();
    if (leaseId === undefined) return;
    await this.call('leaseSet', { leaseId, type: 'none' });
    this.held.delete(leaseId);
    await this.note();
  }

  /** The session reads its leases. After a restore it gets new tokens by that. */
  async look(): Promise<void> {
    const value = await this.call('leaseList', { ...owner, after: 0, limit: 1_000 });
    if ('refused' in value) throw new Error(value.refused.reason);
    for (const { leaseId, token, state } of value.leases)
      if (state === 'active' && this.held.get(leaseId) !== token) this.told(leaseId, token);
  }

  /** A token ever announced is valid if, and only if, its lease is held under it in this life. */
  async check(): Promise<void> {
    const held = new Set(this.held.values());
    const verdicts = [...this.tokens].map(async (token) => {
      const asked = { fileKey: 'f', token, access: 'read' } as const;
      return { token, value: await this.call('fenceCheck', asked) };
    });
    for (const { token, value } of await Promise.all(verdicts))
      if (held.has(token)) expect(value).toMatchObject({ state: 'active' });
      else expect(value).toMatchObject({ refused: { reason: 'token_old' } });
  }

  /** While leases are taken: the copy has some of them. */
  async backUp(kind: Kind): Promise<void> {
    const name = `${this.name}-${String(++this.serial)}`;
    await Promise.all([this.acquire(), this.acquire(), this.server.backUp(kind, name), this.acquire()]);
    this.backups.push({ kind, name });
  }

  async restart(): Promise<void> {
    await this.server.redis.restart();
    await this.started();
  }

  /** @param remembered whether a lease API that has seen the lost life goes on */
  async restore(which: number, remembered: boolean): Promise<void> {
    const backup = this.backups[which % Math.max(1, this.backups.length)];
    if (backup === undefined) return;
    if (!remembered) await this.leave();
    await this.server.restore(backup.kind, backup.name);
    if (!remembered) await this.join();
    if (!remembered) await this.join();
    await this.started();
  }

  /** Every row is lost while no lease API runs. */
  async empty(): Promise<void> {
    await this.leave();
    await this.server.flush();
    await this.join();
    await this.join();
    await this.started();
  }

  private async leave(): Promise<void> {
    await this.end();
    this.nodes = [];
  }
}

let server: Server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server.stop());

test('no history of backups, restores and restarts of Redis accepts a token of a lost life or issues one again', async () => {
  const deed = fc.oneof(
    { weight: 3, arbitrary: fc.constant((world: World) => world.acquire()) },
    { weight: 2, arbitrary: fc.constant((world: World) => world.release()) },
    { weight: 2, arbitrary: fc.constant((world: World) => world.look()) },
    fc.constant((world: World) => world.restart()),
    { weight: 2, arbitrary: fc.constantFrom(...kinds).map((kind) => (world: World) => world.backUp(kind)) },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.nat(3), fc.boolean()).map(
        ([which, remembered]) =>
          (world: World) =>
            world.restore(which, remembered),
      ),
    },
    fc.constant((world: World) => world.empty()),
  );
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 4, maxLength: 16 }), async (deeds) => {
      await server.flush();
      const world = new World(server, `t${String(++made)}`);
      try {
        await world.begin();
        for (const each of deeds) {
          world.next();
          await each(world);
          await world.check();
          world.next();
          await world.check();
        }
      } finally {
        await world.end();
      }
    }),
    { numRuns: Number(process.env['RESTORES'] ?? 6) },
  );
}, 3_600_000);
