import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';
import { SmallDisk } from '../support/small-disk';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';

/* Storage faults: disks that are full or damaged, a Redis that is full or may evict, and bursts of connections. */

const minute = 60_000;
const disks: SmallDisk[] = [];
const servers: RedisServer[] = [];
const clients: Redis[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await stopPrograms();
  for (const server of servers.splice(0)) await server.stop();
  for (const disk of disks.splice(0)) disk.remove();
});

function smallDisk(kind: 'tmpfs' | 'ext4'): SmallDisk {
  const disk = new SmallDisk(kind, 48);
  disks.push(disk);
  return disk;
}

/** A client of the table over plain HTTP. */
class Person {
  private constructor(
    private readonly api: LeaseApi,
    readonly sessionId: string,
    private readonly secret: string,
  ) {}

  static async at(api: LeaseApi): Promise<Person> {
    const { sessionId, secret } = await api.session(600_000);
    return new Person(api, sessionId, secret);
  }

  call(method: string, path: string, body?: object): ReturnType<LeaseApi['request']> {
    return this.api.request(method, path, { body, secret: this.secret });
  }
  acquire(file: string): ReturnType<LeaseApi['request']> {
    return this.call('POST', '/v1/leases/acquire', {
      sessionId: this.sessionId,
      export: 'local',
      file,
      type: 'read',
    });
  }
  open(file: string): ReturnType<LeaseApi['request']> {
    return this.call('POST', '/v1/opens', {
      sessionId: this.sessionId,
      export: 'local',
      file,
      access: 'write',
      waitMs: 0,
    });
  }
  keepalive(): ReturnType<LeaseApi['request']> {
    return this.call('POST', `/v1/sessions/${this.sessionId}/keepalive`);
  }
}

/** Takes leases until there is no room for another. Returns the ids of those that were granted. */
async function takeAll(person: Person, name: (n: number) => string, fillUp: () => void): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; ; n += 50) {
    if (n === 50) fillUp();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, k) => person.acquire(name(n + k))));
    for (const { status, body } of answers) if (status === 201) ids.push(String(body['leaseId']));
    const refused = answers.find(({ status }) => status !== 201);
    if (refused === undefined) continue;
    expect(refused).toMatchObject({ status: 507, body: { code: 'ENOLCK', reason: 'table_full' } });
    return ids;
  }
}

/** The calls that must succeed on a full table, and those that must not. */
async function whileFull(person: Person, other: Person, ids: string[], first: string): Promise<void> {
  expect((await person.keepalive()).status).toBe(200);
  expect(await other.open(`${first}-nobody-has-this`)).toMatchObject({
    status: 507,
    body: { reason: 'table_full' },
  });
  // A holder blocks it, and is broken.
  expect(await other.open(first)).toMatchObject({ status: 409, body: { reason: 'break_started' } });
  const answer = await person.call('PUT', `/v1/leases/${ids[0] ?? ''}`, { type: 'none' });
  expect(answer.status).toBe(200);
  for (let n = 1; n < ids.length; n += 100)
    for (const { status } of await Promise.all(
      ids.slice(n, n + 100).map((id) => person.call('DELETE', `/v1/leases/${id}`)),
    ))
      expect(status).toBeLessThan(300);
}

describe.each(['tmpfs', 'ext4'] as const)('an embedded table on a full disk (%s)', (kind) => {
  test('grants stop first, releases continue, and the service resumes when there is room', async () => {
    const disk = smallDisk(kind);
    const api = await startLeaseApi({
      table: `embedded:${disk.at}`,
      env: { LEASEHOLD_SESSION_LOCKS_MAX: '1000000', LEASEHOLD_BREAK_MS: '600000' },
      startMs: minute,
    });
    const [person, other] = [await Person.at(api), await Person.at(api)];
    const name = (n: number): string => `${'long/'.repeat(150)}${String(n)}`;
    const ids = await takeAll(person, name, () => {
      disk.fill();
    });
    expect(await api.logged(({ reason }) => reason === 'table_full')).toMatchObject({
      msg: 'the table is full: nothing new is granted; releases and breaks still work',
      next: `free space on the disk of ${disk.at}`,
    });
    await whileFull(person, other, ids, name(0));
    expect((await api.request('GET', '/readyz')).status).toBe(200);
    disk.free();
    const lease = await eventually(async () => {
      const { status, body } = await other.acquire('again');
      expect(status).toBe(201);
      return String(body['leaseId']);
    }, minute);
    await api.logged(({ msg }) => msg === 'the table has room again');
    expect(api.output).not.toContain('table_unreachable');
    // Every answered request is there after the next start.
    await api.stop();
    await api.start();
    expect(await other.call('GET', `/v1/leases/${lease}`)).toMatchObject({
      status: 200,
      body: { state: 'active' },
    });
  }, 600_000);
});

test('a damaged table does not open: the log says where it is, what is wrong and what to do', async () => {
  const api = await startLeaseApi();
  await Person.at(api);
  await api.stop();
  truncateSync(join(api.directory, 'main/table.mdb'), 8192);
  await expect(api.start()).rejects.toThrow('has ended');
  expect(await api.ended()).toBe(1);
  expect(api.output).toContain(`the embedded table in ${api.directory}/main cannot be opened; restore`);
  expect(api.output).toContain('its file is damaged: it is truncated');
});

/** The last line of a program's log. */
const lastWords = (api: LeaseApi): string => JSON.stringify(api.lines.at(-1));

test('a disk that turns read-only ends the service, to be restarted by a supervisor, and no answered request is lost', async () => {
  const { at: disk } = smallDisk('ext4');
  const api = await startLeaseApi({ table: `embedded:${disk}` });
  const person = await Person.at(api);
  const { body } = await person.acquire('kept');
  // What ext4 does when its journal cannot be written.
  execFileSync('mount', ['-o', 'remount,abort', disk]);
  const answer = await person.acquire('lost').catch(() => undefined);
  if (answer !== undefined)
    expect(answer).toMatchObject({ status: 503, body: { reason: 'table_unreachable' } });
  expect(await api.ended()).toBe(1);
  expect(api.lines.filter(({ level }) => level >= 60)).toMatchObject([
    {
      msg: 'the table has failed',
      next: 'start the service again; it continues from what is on disk',
    },
  ]);
  // While the disk stays read-only, every start fails and says why.
  await expect(api.start()).rejects.toThrow('has ended');
  expect(await api.ended()).toBe(1);
  expect(lastWords(api)).toContain('read-only file system');
  execFileSync('umount', [disk]);
  execFileSync('mount', ['-o', 'loop', join(disk, '../image'), disk]);
  await api.start();
  expect(await person.call('GET', `/v1/leases/${String(body['leaseId'])}`)).toMatchObject({
    status: 200,
    body: { state: 'active', type: 'read' },
  });
  expect((await person.acquire('new')).status).toBe(201);
}, 300_000);

test('a table that existed before is not silently replaced by a new one; a first table is created without being configured', async () => {
  const base = mkdtempSync(join(tmpdir(), 'leasehold-missing-'));
  const disk = join(base, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk]);
  try {
    const api = await startLeaseApi({ table: `embedded:${disk}` });
    expect(api.lines.filter(({ msg }) => msg.startsWith('a new table has been made'))).toMatchObject([
      { table: 'embedded', name: 'main', directory: disk },
    ]);
    await Person.at(api);
    await api.stop();
    execFileSync('umount', [disk]);
    await expect(api.start()).rejects.toThrow('has ended');
    expect(await api.ended()).toBe(1);
    expect(lastWords(api)).toContain(`the embedded table in ${disk}/main cannot be opened; mount its disk`);
    expect(lastWords(api)).toContain(`${disk}.tables says that there was a table`);
    expect(readdirSync(disk)).toEqual([]);
    const typo = await startLeaseApi({
      table: `embedded:${disk}-typo`,
      env: { LEASEHOLD_NEW_TABLE: 'refuse' },
    }).catch(String);
    expect(typo).toContain(
      `the embedded table in ${disk}-typo/main cannot be opened; mount its disk, correct`,
    );
    expect(readdirSync(base)).toEqual(['disk', 'disk.tables']);
    // The remedy that the refusal names.
    rmSync(`${disk}.tables`);
    await api.start();
    expect(api.lines.filter(({ msg }) => msg.startsWith('a new table has been made'))).toHaveLength(2);
    await api.stop();
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}, 300_000);

describe('a table in Redis', () => {
  async function redis(config: Record<string, string> = {}): Promise<[RedisServer, Redis]> {
    const server = await startRedis(config);
    servers.push(server);
    const client = new Redis(server.url);
    clients.push(client);
    return [server, client];
  }

  test('that may evict keys is not used until its policy changes', async () => {
    const [server, client] = await redis();
    const api = await startLeaseApi({ table: server.url });
    await client.config('SET', 'maxmemory', '100mb');
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const knob = 'this Redis may evict leases: set maxmemory-policy to noeviction (it is allkeys-lru)';
    await eventually(async () => {
      const { status, body } = await api.request('GET', '/readyz');
      expect({ status, detail: body['detail'] }).toEqual({
        status: 503,
        detail: `The table cannot be used: ${knob}.`,
      });
    }, minute);
    await eventually(() => {
      expect(api.output).toContain(knob);
    }, minute);
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    await eventually(async () => {
      expect((await api.request('GET', '/readyz')).status).toBe(200);
    }, minute);
  }, 300_000);

  test('that has lost everything is refused where no new table may be created', async () => {
    const [server, client] = await redis();
    const env = { LEASEHOLD_NEW_TABLE: 'refuse' };
    const refused = await startLeaseApi({ table: server.url, env }).catch(String);
    expect(refused).toContain('the table main is empty, and no new one may be created');
    const made = await startLeaseApi({ table: server.url });
    await Person.at(made);
    await made.stop();
    expect(made.output).toContain('a new table has been made');
    const api = await startLeaseApi({ table: server.url, env });
    await Person.at(api);
    expect(api.output).not.toContain('a new table has been made');
    await api.stop();
    await client.flushall();
    await expect(api.start()).rejects.toThrow('has ended');
    expect(lastWords(api)).toContain('the table main is empty');
  }, 300_000);

  test('that is full still allows breaks and releases', async () => {
    const [server, client] = await redis();
    const api = await startLeaseApi({ table: server.url, env: { LEASEHOLD_BREAK_MS: '600000' } });
    const [person, other] = [await Person.at(api), await Person.at(api)];
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.push(String((await person.acquire(name)).body['leaseId']));
    await client.config('SET', 'maxmemory', '1000000');
    await eventually(async () => {
      expect(await other.acquire('d')).toMatchObject({ status: 507, body: { reason: 'table_full' } });
    }, minute);
    await whileFull(person, other, ids, 'a');
    await client.config('SET', 'maxmemory', '0');
    await eventually(async () => {
      expect((await other.acquire('d')).status).toBe(201);
    }, minute);
    await api.logged(({ msg }) => msg === 'the table has room again');
  }, 300_000);
});

test.each(['http', 'rpc', 'grpc'] as const)(
  'a burst of 4,096 connections to %s keeps out no other client, on any port',
  async (where) => {
    const api = await startLeaseApi({ env: { LEASEHOLD_GRPC: '127.0.0.1:0' } });
    const ready = api.lines.find(({ msg }) => msg === 'ready');
    const portOf = (name: string): number => Number(String(ready?.[name]).split(':').at(-1));
    const host = '127.0.0.1';
    const sockets: Socket[] = [];
    // A paused service accepts nobody: connections that do not fit into the queue of its listener are then dropped,
    // and retried after one, three and seven seconds.
    api.pause();
    try {
      await Promise.all(
        Array.from({ length: 4_096 }, () => {
          const socket = connect({ host, port: portOf(where) });
          sockets.push(socket);
          return once(socket, 'connect');
        }),
      );
      const bystanders = (['http', 'rpc', 'grpc'] as const).map(async (name) => {
        const socket = connect({ host, port: portOf(name) });
        sockets.push(socket);
        await once(socket, 'connect');
        socket.end('GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n');
        return socket;
      });
      const connected = await Promise.all(bystanders);
      const answers = connected.map((socket) => text(socket));
      api.resume();
      expect(await Promise.all(answers)).toEqual([
        expect.stringContaining('HTTP/1.1 200 OK'),
        expect.stringContaining('This port speaks'),
        expect.stringContaining('This port speaks gRPC'),
      ]);
    } finally {
      api.resume();
      for (const socket of sockets) socket.destroy();
    }
  },
  300_000,
);
