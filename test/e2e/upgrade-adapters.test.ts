import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { Leasehold, LeaseholdError } from '#client';
import { protocol } from '../../libs/contracts/src/fileserver';
import { formatNewest } from '../../libs/locks/src/core/format';
import { type Change, altered } from '../chaos/sabotage';
import { type Api, apiAt } from '../chaos/shapes';
import { nextVersion } from '../chaos/upgrade';
import { eventually, within } from '../support/eventually';
import { freePort } from '../support/free-port';
import { type RedisServer, startRedis } from '../support/redis-server';
import {
  exportsUp,
  Fileserver,
  type FileserverOptions,
  Program,
  rpcSecret,
  stopPrograms,
} from '../support/service';

/**
 * Adapters and NFS heads of one version at lease APIs of another, and replaced under load: docs/upgrading.md. The later
 * version speaks a later protocol, and its programs say what this one does not know.
 */
jest.setTimeout(1_200_000);

const minorNext = protocol.minor + 1;
const later: readonly Change[] = [
  ...nextVersion,
  {
    file: 'libs/contracts/src/fileserver.js',
    from: `exports.protocol = { major: ${String(protocol.major)}, minor: ${String(protocol.minor)} };`,
    to: `exports.protocol = { major: ${String(protocol.major)}, minor: ${String(minorNext)} };`,
  },
  {
    file: 'apps/fileserver/src/registration.js',
    from: 'protocol: { major, minorMax: minor },',
    to: "protocol: { major, minorMax: minor }, shade: 'dark',",
  },
  {
    file: 'apps/nfs-head/src/contract.js',
    from: 'patternOf(method), input, shape',
    to: "patternOf(method), { ...input, shade: 'dark' }, shape",
  },
];
const next = altered(...later);
const programs = {
  fileserver: join(next.directory, 'dist/apps/fileserver/src/main.js'),
  head: join(next.directory, 'dist/apps/nfs-head/src/main.js'),
};
/** The table stays in the format of the version before, so that there is a way back. */
const format = { LEASEHOLD_TABLE_FORMAT: String(formatNewest) };

/** A table of its own for each number. */
const inShards = (shards: number) => ({
  LEASEHOLD_TABLE_NAME: `in-${String(shards)}`,
  LEASEHOLD_TABLE_SHARDS: String(shards),
});

const exported = mkdtempSync(join(tmpdir(), 'leasehold-upgrade-adapters-'));
let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes' });
});
afterAll(async () => {
  await stopPrograms();
  await redis.stop();
  for (const each of [exported, next.directory]) rmSync(each, { recursive: true, force: true });
});

/** Clients that follow the retry rule: they take and release leases on real files, each with one of its own and one of all. */
class Load {
  readonly errors: string[] = [];
  lost = 0;
  private readonly tokens = new Map<string, number[]>();
  private readonly taken: number[] = [];
  private isOver = false;
  private readonly running: Promise<void>[];

  constructor(
    urls: readonly string[],
    count = 3,
    private readonly on = 'demo',
  ) {
    this.running = Array.from({ length: count }, (_, no) => this.work(urls, no));
  }

  async goesOn(): Promise<void> {
    const before = [...this.taken];
    await eventually(() => {
      for (const [no, count] of this.taken.entries())
        if (count < (before[no] ?? 0) + 3)
          throw new Error(`client ${String(no)} does not go on: ${this.errors.join()}`);
    }, 240_000);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await within('the load', Promise.all(this.running), 240_000);
    expect(this.errors).toEqual([]);
    for (const tokens of this.tokens.values()) expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
  }

  private async work(urls: readonly string[], no: number): Promise<void> {
    this.taken.push(0);
    const session = await new Leasehold({ url: [...urls], retryMs: 240_000 }).openSession({ ttlMs: 600_000 });
    session.on('error', () => undefined);
    for (let turn = 0; !this.isOver; turn += 1) {
      const file = turn % 2 === 0 ? `own${String(no)}` : 'shared';
      try {
        const lease = await session.acquire({ export: this.on, file, type: 'write', waitMs: 30_000 });
        const known = this.tokens.get(file) ?? [];
        this.tokens.set(file, [...known, lease.token]);
        await lease.release();
        this.taken[no] = (this.taken[no] ?? 0) + 1;
      } catch (error) {
        // An adapter that stops gives up write leases: their holders are told, and take them anew.
        const isLost = error instanceof LeaseholdError && error.reason === 'lease_revoked';
        const mayRepeat = error instanceof LeaseholdError && ['EAGAIN', 'ETIMEDOUT'].includes(error.code);
        if (isLost) this.lost += 1;
        await pause(100);
        if (isLost || mayRepeat) continue;
        this.errors.push(String(error));
        if (this.errors.length > 10) return;
      }
    }
    await session.end();
  }
}

test.each([1, 4])(
  'in %d shards: an adapter of the version before serves the later lease APIs, and a later one those before; each is replaced under load',
  async (shards) => {
    for (const name of ['own0', 'own1', 'own2', 'shared']) writeFileSync(join(exported, name), 'text');
    const apis: Api[] = await Promise.all(
      [1, 2].map(() =>
        apiAt({ table: redis.url, env: { ...format, ...inShards(shards), LEASEHOLD_EXPORTS: 'demo' } }),
      ),
    );
    await Promise.all(apis.map(({ api }) => api.start()));
    // Requests wait for an adapter that is away.
    const options: FileserverOptions = {
      exports: { demo: exported },
      apis: apis.map(({ api }) => api.rpcAddress),
    };
    const adapter = new Fileserver(options);
    await adapter.start();
    const up = (): Promise<unknown> => Promise.all(apis.map(({ api }) => exportsUp(api, ['demo'])));
    await up();
    const load = new Load(apis.map(({ api }) => api.url));
    await load.goesOn();
    const become = async (program: string | undefined): Promise<void> => {
      for (const api of apis) {
        await api.become(program);
        await load.goesOn();
      }
      await up();
    };
    const replace = async (program: string | undefined): Promise<void> => {
      await adapter.stop();
      options.program = program;
      await adapter.start();
      await up();
      await load.goesOn();
    };
    /** The protocol that both have agreed on. */
    const spoken = (minor: number): Promise<void> =>
      eventually(async () => {
        for (const { api } of apis) {
          const { body } = await api.request('GET', '/v1/exports/demo');
          expect(body).toMatchObject({ state: 'up', protocol: { major: protocol.major, minor } });
        }
      });
    const calm = load.lost;
    await become(next.program);
    expect(load.lost).toBe(calm);
    await spoken(protocol.minor);
    await replace(programs.fileserver);
    await spoken(minorNext);
    await become(undefined);
    await replace(undefined);
    await spoken(protocol.minor);
    await load.stop();
    await adapter.stop();
    await Promise.all(apis.map(({ api }) => api.stop()));
  },
);

describe('NFS heads', () => {
  /** Plays the story of two NFS servers, one of which dies. */
  const play = async (program: string | undefined, args: string[]): Promise<void> => {
    const head = new Program(
      'apps/nfs-head/src/main.ts',
      () => ({
        args: [...args, '--metrics', '127.0.0.1:0'],
        env: { LEASEHOLD_RPC_SECRET: rpcSecret },
      }),
      undefined,
      program === undefined ? undefined : () => program,
    );
    await head.start();
    await head.logged(({ msg }) => msg === 'the story is over');
    await head.kill();
  };

  test.each([1, 4])(
    'in %d shards: of both versions play their story at lease APIs of both, over both transports',
    async (shards) => {
      const env = {
        ...format,
        ...inShards(shards),
        LEASEHOLD_GRPC: `127.0.0.1:${String(await freePort())}`,
        LEASEHOLD_LOCAL_EXPORTS: 'local',
      };
      const one = await apiAt({ table: redis.url, env });
      await one.api.start();
      const load = new Load([one.api.url], 2, 'local');
      for (const program of [undefined, next.program]) {
        if (program !== undefined) await one.become(program);
        for (const head of [undefined, programs.head]) {
          await play(head, ['--api', one.api.grpcAddress]);
          await play(head, ['--tcp', '--api', one.api.rpcAddress]);
          await load.goesOn();
        }
      }
      await load.stop();
      await one.api.stop();
    },
  );
});
