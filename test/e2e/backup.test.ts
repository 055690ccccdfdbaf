import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventReader } from '../support/event-reader';
import { eventually } from '../support/eventually';
import { type RedisServer, startRedis, startRedisCluster } from '../support/redis-server';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';
import { Page } from '../support/snippets';

/** Runs the commands of docs/backup.md as written, and checks the promises of every restore. */

const page = new Page('docs/backup.md');
let place: string;
let redis: RedisServer | undefined;
let mounted: string | undefined;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'leasehold-backup-'));
});
afterEach(async () => {
  await stopPrograms();
  await redis?.stop();
  redis = undefined;
  if (mounted !== undefined) execFileSync('umount', [mounted]);
  mounted = undefined;
  rmSync(place, { recursive: true, force: true });
});

function follow(name: string, variables: Record<string, string>): void {
  const text = page.takeNamed(name);
  const env = { ...process.env, BACKUP: join(place, 'backup'), ...variables };
  execFileSync('sh', ['-euc', text], { env, stdio: 'pipe' });
}

interface Session {
  sessionId: string;
  secret: string;
}
interface Lease {
  leaseId: string;
  token: number;
}

/** What clients outside the table remember: every token, and the position of every stream. */
class Outside {
  private readonly given: { token: number; file: string }[] = [];
  private readonly streams: string[] = [];

  constructor(private readonly api: LeaseApi) {}

  /** A session that takes a lease on each of some files, once the grace period is over, and follows its events. */
  async live(files: readonly string[]): Promise<Session & { leases: Lease[] }> {
    const session = await eventually(() => this.api.session(600_000));
    const leases: Lease[] = [];
    for (const file of files) {
      const { sessionId, secret } = session;
      const body = { sessionId, owner: 'o', export: 'demo', file, type: 'read' };
      const answer = await eventually(async () => {
        const got = await this.api.request('POST', '/v1/leases/acquire', { body, secret });
        expect([got.status, got.text.slice(0, 300)]).toEqual([201, expect.anything()]);
        return got.body;
      });
      const token = Number(answer['token']);
      this.note(token, file);
      leases.push({ leaseId: String(answer['leaseId']), token });
    }
    await this.listen(session);
    return { ...session, leases };
  }

  private note(token: number, file: string): void {
    expect(token).toBeGreaterThan(Math.max(0, ...this.given.map((each) => each.token)));
    this.given.push({ token, file });
  }

  private async listen(session: Session): Promise<void> {
    const reader = await new EventReader().open(this.api.url, session);
    this.streams.push((await reader.next()).id ?? '');
    reader.close();
  }

  async release({ leases: [lease], secret }: Session & { leases: Lease[] }): Promise<void> {
    const body = { type: 'none' };
    const { status } = await this.api.request('PUT', `/v1/leases/${lease?.leaseId ?? ''}`, { body, secret });
    expect(status).toBe(200);
  }

  private async check(token: number, file: string): Promise<number> {
    const body = { export: 'demo', file, token, for: 'read' };
    return (await this.api.request('POST', '/v1/fences/check', { body })).status;
  }

  /** After a restore, earlier tokens are refused, and every client gets a resync. */
  async restored(): Promise<void> {
    for (const { token, file } of this.given)
      expect(await eventually(() => this.check(token, file))).toBe(412);
    const session = await this.api.session();
    for (const id of this.streams.splice(0)) {
      const reader = await new EventReader(id).open(this.api.url, session);
      expect(await reader.next()).toMatchObject({ event: 'resync', data: { cause: 'other_epoch' } });
      reader.close();
    }
  }

  /** Leases held at the time of the backup are still held, under new tokens. */
  async goesOn({ sessionId, secret, leases }: Session & { leases: Lease[] }, files: string[]): Promise<void> {
    const { body } = await this.api.request('GET', `/v1/leases?sessionId=${sessionId}`, { secret });
    const found = body['leases'] as (Lease & { file: string; state: string })[];
    expect(found.map(({ leaseId }) => leaseId)).toEqual(leases.map(({ leaseId }) => leaseId));
    expect(found.map(({ file, state }) => [file, state])).toEqual(files.map((file) => [file, 'active']));
    for (const { token, file } of found) {
      this.note(token, file);
      expect(await this.check(token, file)).toBe(200);
    }
  }
}

const env = { LEASEHOLD_LOCAL_EXPORTS: 'demo', LEASEHOLD_GRACE_MS: '1000' };

/** The restores in the log: the epoch that each of them began. */
function noticed(api: LeaseApi): number[] {
  const lines = api.lines.filter(({ msg }) => msg.includes('the table was restored or may have lost'));
  for (const line of lines) expect(line).toMatchObject({ graceMs: 1_000 });
  return lines.map(({ epoch }) => Number(epoch));
}

interface Way {
  backUp: string;
  restore: string;
  /** The backup is made while the lease API runs. */
  running?: boolean;
}

/** The embedded table: the same backup is restored twice, each time after restarts in the life that is lost. */
async function embedded(way: Way, variables: Record<string, string>, directory: string): Promise<void> {
  const api = await startLeaseApi({ table: `embedded:${directory}`, env });
  const outside = new Outside(api);
  const early = await outside.live(['a', 'b']);
  if (way.running !== true) await api.stop();
  follow(way.backUp, variables);
  for (let restores = 1; restores <= 2; restores++) {
    if (!api.isRunning) await api.start();
    await outside.live(['a', 'b', 'c']);
    await outside.release(early);
    await api.kill();
    await api.start();
    await outside.live(['c']);
    await api.stop();
    // Nothing was lost so far.
    expect(noticed(api)).toHaveLength(restores - 1);
    follow(way.restore, variables);
    await api.start();
    await eventually(() => {
      expect(noticed(api)).toHaveLength(restores);
    });
    await outside.restored();
    await outside.goesOn(early, ['a', 'b']);
  }
  const [first = 0, second = 0] = noticed(api);
  expect(second).toBeGreaterThan(first);
}

test.each<Way>([
  { backUp: 'embedded: back up', restore: 'embedded: restore' },
  { backUp: 'embedded: back up', restore: 'embedded: restore in place' },
])('the embedded table, $restore', async (way) => {
  const table = join(place, 'table');
  await embedded(way, { TABLE: table }, table);
});

test('the embedded table, a snapshot of its file system while it runs', async () => {
  const [image, mount] = [join(place, 'image'), join(place, 'mount')];
  execFileSync('truncate', ['-s', '128M', image]);
  execFileSync('mkfs.ext4', ['-q', image]);
  mkdirSync(mount);
  execFileSync('mount', ['-o', 'loop', image, mount]);
  mounted = mount;
  const way = { backUp: 'embedded: snapshot', restore: 'embedded: restore a snapshot', running: true };
  await embedded(way, { IMAGE: image, MOUNT: mount }, join(mount, 'table'));
});

interface RedisWay {
  backUp: string;
  restore: string;
  /** How Redis runs, and how it must be started on the backup. */
  appendonly: 'yes' | 'no';
  after?: string;
}

test.each<RedisWay>([
  {
    backUp: 'redis: back up',
    restore: 'redis: restore',
    appendonly: 'no',
    after: 'redis: go on with an append-only file',
  },
  { backUp: 'redis: back up by a copy', restore: 'redis: restore', appendonly: 'no' },
  {
    backUp: 'redis: back up the append-only file',
    restore: 'redis: restore the append-only file',
    appendonly: 'yes',
  },
])('a table in Redis, $backUp', async ({ backUp, restore, appendonly, after }) => {
  redis = await startRedis({ appendonly, appendfsync: 'always', dbfilename: 'dump.rdb' });
  const { port, directory, url } = redis;
  const variables = { PORT: String(port), DIR: directory };
  const api = await startLeaseApi({ table: url, env });
  const outside = new Outside(api);
  const early = await outside.live(['a', 'b']);
  follow(backUp, variables);
  for (let restores = 0; restores < 2; restores++) {
    for (let restarts = 0; restarts < 3; restarts++) {
      await outside.live(['a', 'c']);
      if (restarts === 0) await outside.release(early);
      execFileSync('redis-cli', ['-p', String(port), 'SAVE']);
      await redis.restart();
    }
    // At the second restore, nobody is left who remembers.
    if (restores > 0) await api.stop();
    await redis.kill();
    follow(restore, variables);
    await redis.restart();
    if (after !== undefined) follow(after, variables);
    if (!api.isRunning) await api.start();
    await eventually(async () => {
      expect((await api.request('GET', '/readyz')).status).toBe(200);
    });
    await outside.restored();
    await outside.goesOn(early, ['a', 'b']);
  }
  await outside.live(['a']);
  await api.stop();
  execFileSync('redis-cli', ['-p', String(port), 'FLUSHALL']);
  await api.start();
  await outside.restored();
  await outside.live(['a']);
  const epochs = noticed(api);
  expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
});

test('a table in a Redis Cluster', async () => {
  const cluster = await startRedisCluster({ dbfilename: 'dump.rdb' });
  try {
    const api = await startLeaseApi({ table: cluster.url, env });
    const outside = new Outside(api);
    const early = await outside.live(['a', 'b', 'c', 'd']);
    follow('cluster: back up', { PORT: String(cluster.servers[0]?.port) });
    await outside.live(['a', 'e']);
    await outside.release(early);
    const backups = readdirSync(join(place, 'backup')).join('\n');
    await Promise.all(cluster.servers.map((server) => server.kill()));
    for (const { port, directory } of cluster.servers)
      if (backups.includes(`-${String(port)}-`))
        follow('cluster: restore a master', { PORT: String(port), DIR: directory });
      else rmSync(join(directory, 'dump.rdb'), { force: true });
    await Promise.all(cluster.servers.map((server) => server.restart()));
    await eventually(async () => {
      expect((await api.request('GET', '/readyz')).status).toBe(200);
    });
    await outside.restored();
    const { sessionId, secret } = early;
    const { body } = await api.request('GET', `/v1/leases?sessionId=${sessionId}`, { secret });
    const found = body['leases'] as { file: string; state: string }[];
    expect(found.map(({ file, state }) => `${file} ${state}`).sort()).toEqual(
      ['a', 'b', 'c', 'd'].map((file) => `${file} active`),
    );
    await outside.live(['e', 'f']);
    await api.stop();
  } finally {
    await cluster.stop();
  }
});

test('every command of the page was run', () => {
  expect(page.rest()).toEqual([]);
});
