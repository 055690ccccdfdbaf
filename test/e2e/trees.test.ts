import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { wire } from '#nfs4';
import { Ear, stopClusters } from '../support/cluster';
import { eventually } from '../support/eventually';
import { closeNfsServers, NfsServer } from '../support/nfs-server';
import { Leasehold, type Session } from '#client';
import { Fileserver, type LeaseApi, startFileserver, startLeaseApi } from '../support/service';

/** One tree has one name, and only the tree that users see is served: with real mounts, as root. */
let api: LeaseApi;
let client: Leasehold;
let base: string;
const mounted: string[] = [];
const sessions: Session[] = [];
const adapters: Fileserver[] = [];

const path = (name: string): string => join(base, name);
function directory(name: string): string {
  mkdirSync(path(name), { recursive: true });
  return path(name);
}
function mount(at: string, ...args: string[]): void {
  execFileSync('mount', [...args, at]);
  mounted.push(at);
}
/** Starts the adapter without waiting for its exports. */
async function adapter(exports: Record<string, string>): Promise<Fileserver> {
  const one = new Fileserver({ exports, apis: [api.rpcAddress] });
  adapters.push(one);
  await one.start();
  return one;
}
async function serving(exports: Record<string, string>): Promise<Fileserver> {
  const one = await startFileserver({ exports, apis: [api.rpcAddress] }, api);
  adapters.push(one);
  return one;
}
/** The adapter's message when it does not start. */
async function notStarting(exports: Record<string, string>): Promise<string> {
  const error = await adapter(exports).then(
    () => 'it started',
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message : String(error);
}
async function holder(): Promise<{ session: Session; ear: Ear }> {
  const session = await client.openSession({ ttlMs: 120_000 });
  sessions.push(session);
  return { session, ear: new Ear(session) };
}
const exported = async (name: string) => (await client.exports()).find((each) => each.name === name);

beforeAll(async () => {
  api = await startLeaseApi({ env: { LEASEHOLD_LOST_MS: '3000' } });
  client = new Leasehold({ url: api.url, retryMs: 30_000 });
});
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'leasehold-trees-'));
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.close();
  await Promise.all(adapters.splice(0).map((each) => each.kill()));
  for (const at of mounted.splice(0).reverse()) execFileSync('umount', ['-l', at]);
  rmSync(base, { recursive: true, force: true });
});
afterAll(stopClusters);

describe('one tree under two names', () => {
  const ways: [string, (tree: string) => string][] = [
    ['the same directory', (tree) => tree],
    ['a directory in it', (tree) => join(tree, 'sub')],
    [
      'a link to it',
      () => {
        symlinkSync(path('tree'), path('link'));
        return path('link');
      },
    ],
    [
      'a bind mount of it',
      (tree) => {
        const at = directory('bound');
        mount(at, '--bind', tree);
        return at;
      },
    ],
    [
      'a bind mount of a directory in it',
      (tree) => {
        const at = directory('bound');
        mount(at, '--bind', join(tree, 'sub'));
        return at;
      },
    ],
    ['a directory above it', (tree) => join(tree, '..')],
  ];

  test.each(ways)('%s: one adapter does not start, and names both', async (_, other) => {
    const tree = directory('tree');
    directory('tree/sub');
    expect(await notStarting({ one: tree, two: other(tree) })).toMatch(
      /export (one|two) is the same tree as export (one|two), or inside it/,
    );
  });

  test.each(ways)('%s: the second adapter is refused by name, the first continues', async (_, other) => {
    const tree = directory('tree');
    directory('tree/sub');
    await serving({ [`one-${base.slice(-6)}`]: tree });
    const second = await adapter({ [`two-${base.slice(-6)}`]: other(tree) });
    const { msg } = await second.logged((line) => /export_overlap/.test(line.msg));
    expect(msg).toContain(`two-${base.slice(-6)} overlaps with one-${base.slice(-6)}`);
    expect(await exported(`two-${base.slice(-6)}`)).toBeUndefined();
    expect(await exported(`one-${base.slice(-6)}`)).toMatchObject({ state: 'up', fileSystem: 'ext4' });
  });

  test('names with a common prefix are two trees; a successor of the same name serves the same tree', async () => {
    await serving({ beside: directory('tree'), besides: directory('tree2') });
    await serving({ beside: directory('tree') });
  });

  test('a tree may get another name once it is unserved and nothing is held there', async () => {
    const tree = directory('tree');
    const before = await serving({ before: tree });
    const after = await adapter({ after: tree });
    await after.logged((line) => /export_overlap/.test(line.msg));
    await before.kill();
    expect((await api.request('DELETE', '/v1/exports/before?force=true')).status).toBeLessThan(300);
    await eventually(async () => {
      expect(await exported('after')).toMatchObject({ state: 'up' });
    });
  });

  test('a file system mounted inside an export is not part of it', async () => {
    const tree = directory('tree');
    mount(directory('tree/other'), '-t', 'tmpfs', 'tmpfs');
    writeFileSync(path('tree/other/f'), '');
    await serving({ outer: tree, inner: path('tree/other') });
    const { session } = await holder();
    await expect(session.acquire({ export: 'outer', file: 'other/f', type: 'read' })).rejects.toMatchObject({
      problem: { reason: 'no_such_file' },
    });
    await expect(session.acquire({ export: 'inner', file: 'f', type: 'read' })).resolves.toMatchObject({
      backed: true,
    });
  });
});

test('a file with two names in one export is one file, whichever is asked for', async () => {
  const name = `names-${base.slice(-6)}`;
  directory('tree/sub');
  await serving({ [name]: path('tree') });
  writeFileSync(path('tree/f'), 'text\n');
  linkSync(path('tree/f'), path('tree/sub/g'));
  const [a, b] = [await holder(), await holder()];
  const [f, g] = [
    { export: name, file: 'f' },
    { export: name, file: 'sub/g' },
  ];
  const opened = await a.session.open({ ...f, access: 'both', deny: 'both' });
  await expect(b.session.open({ ...g, access: 'read' })).rejects.toMatchObject({
    problem: { reason: 'share_denied' },
  });
  await opened.close();
  const locked = await a.session.lock({ ...f, class: 'posix', type: 'write' });
  await expect(b.session.lock({ ...g, class: 'posix', type: 'write' })).rejects.toMatchObject({
    problem: { reason: 'range_conflict' },
  });
  await locked.release();
  const lease = await a.session.acquire({ ...f, type: 'write' });
  await expect(b.session.acquire({ ...g, type: 'read', waitMs: 0 })).rejects.toMatchObject({
    problem: { code: 'EAGAIN' },
  });
  expect(lease.backed).toBe(true);
  await lease.release();
  expect(await b.session.acquire({ ...g, type: 'write' })).toMatchObject({ backed: true });
});

describe('a file with names in two exports', () => {
  const ways: [string, (from: string, to: string) => void][] = [
    ['a hard link', linkSync],
    ['moved from one to the other', renameSync],
  ];

  test.each(ways)('%s: it is used through one of them at a time', async (_, make) => {
    const [one, two] = [`one-${base.slice(-6)}`, `two-${base.slice(-6)}`];
    await serving({ [one]: directory('one') });
    await serving({ [two]: directory('two') });
    writeFileSync(path('one/f'), 'text\n');
    const [a, b] = [await holder(), await holder()];
    const opened = await a.session.open({ export: one, file: 'f', access: 'both', deny: 'both' });
    make(path('one/f'), path('two/g'));
    const where = { export: two, file: 'g' };
    const elsewhere = {
      problem: { reason: 'file_in_other_export', detail: `The other export is ${one}.` },
    };
    await expect(b.session.open({ ...where, access: 'read' })).rejects.toMatchObject(elsewhere);
    await expect(b.session.lock({ ...where, class: 'flock', type: 'read' })).rejects.toMatchObject(elsewhere);
    await expect(b.session.acquire({ ...where, type: 'read' })).rejects.toMatchObject(elsewhere);
    await opened.close();
    expect(await b.session.acquire({ ...where, type: 'write' })).toMatchObject({ backed: true });
  });
});

describe('the directory of an export', () => {
  const fates: [string, () => void, () => void, RegExp][] = [
    [
      'renamed away',
      () => {
        renameSync(path('tree'), path('away'));
      },
      () => {
        renameSync(path('away'), path('tree'));
      },
      /no longer at its path \(ENOENT\)/,
    ],
    [
      'replaced',
      () => {
        renameSync(path('tree'), path('away'));
        directory('tree');
      },
      () => {
        rmSync(path('tree'), { recursive: true });
        renameSync(path('away'), path('tree'));
      },
      /another directory/,
    ],
    [
      'mounted over',
      () => {
        mount(path('tree'), '-t', 'tmpfs', 'tmpfs');
      },
      () => {
        execFileSync('umount', [mounted.pop() ?? '']);
      },
      /another directory/,
    ],
    [
      'lazily unmounted',
      () => {
        execFileSync('umount', ['-l', mounted.pop() ?? '']);
      },
      () => {
        mount(path('tree'), '--bind', path('disk'));
      },
      /another directory/,
    ],
  ];

  test.each(fates)(
    '%s: holders are told, the export is lost with a reason; then it is back',
    async (...fate) => {
      const [how, go, back, cause] = fate;
      const tree = directory('tree');
      const name = `demo-${base.slice(-6)}`;
      if (how === 'lazily unmounted') mount(tree, '--bind', directory('disk'));
      writeFileSync(join(tree, 'f'), 'text\n');
      const served = await serving({ [name]: tree });
      const { session, ear } = await holder();
      const lease = await session.acquire({ export: name, file: 'f', type: 'read' });
      expect(lease.backed).toBe(true);
      const from = performance.now();
      go();
      expect((await ear.next('jeopardy')).cause).toMatch(cause);
      expect(performance.now() - from).toBeLessThan(60_000); // one second on an idle machine
      expect(await exported(name)).toMatchObject({
        state: 'lost',
        cause: expect.stringMatching(cause) as string,
      });
      for await (const lock of client.locks({ export: name })) expect(lock).toMatchObject({ backed: false });
      await expect(session.acquire({ export: name, file: 'f', type: 'write' })).rejects.toMatchObject({
        problem: { reason: 'no_backend' },
      });
      back();
      await ear.next('reclaimed', 'f');
      expect(await exported(name)).toMatchObject({ state: 'up' });
      await eventually(() => {
        expect(served.lines.filter(({ msg }) => /tree that is served/.test(msg))).toHaveLength(2);
      });
    },
  );
});

describe('a name that leads to another file', () => {
  const changes: [string, (at: string) => void][] = [
    [
      'renamed over',
      (at) => {
        writeFileSync(`${at}.new`, 'new\n');
        renameSync(`${at}.new`, at);
      },
    ],
    [
      'unlinked and made again',
      (at) => {
        rmSync(at);
        writeFileSync(at, 'new\n');
      },
    ],
  ];

  test.each(changes)(
    '%s: the owners of opens and locks are told, and the new file is free',
    async (_, change) => {
      const tree = directory('tree');
      const name = `names-${base.slice(-6)}`;
      writeFileSync(join(tree, 'f'), 'text\n');
      await serving({ [name]: tree });
      const [a, b] = [await holder(), await holder()];
      const where = { export: name, file: 'f' };
      await a.session.open({ ...where, access: 'both', deny: 'both' });
      await a.session.lock({ ...where, class: 'posix', type: 'write' });
      const waits = b.session.open({ ...where, access: 'read', waitMs: 50_000 });
      waits.catch(() => undefined);
      await eventually(async () => {
        const states: string[] = [];
        for await (const { state } of client.locks({ export: name })) states.push(state);
        expect(states).toContain('waiting');
      });
      change(join(tree, 'f'));
      const told = [await a.ear.next('detached', 'f'), await a.ear.next('detached', 'f')];
      expect(told.map(({ openId, rangeId }) => [openId !== undefined, rangeId !== undefined])).toEqual(
        expect.arrayContaining([
          [true, false],
          [false, true],
        ]),
      );
      await expect(waits).rejects.toMatchObject({ problem: { reason: 'file_changed' } });
      await b.session.open({ ...where, access: 'both', deny: 'both' });
      await b.session.lock({ ...where, class: 'posix', type: 'write' });
    },
  );

  test.each(changes)('%s: whoever asks by the name at once gets the new file', async (_, change) => {
    const tree = directory('tree');
    const where = { export: `names-${base.slice(-6)}`, file: 'f' };
    writeFileSync(join(tree, 'f'), 'text\n');
    await serving({ [where.export]: tree });
    const [a, b] = [await holder(), await holder()];
    await a.session.open({ ...where, access: 'both', deny: 'both' });
    await a.session.lock({ ...where, class: 'posix', type: 'write' });
    await a.session.lock({ ...where, class: 'flock', type: 'write' });
    change(join(tree, 'f'));
    await b.session.lock({ ...where, class: 'flock', type: 'write', waitMs: 0 });
    await b.session.lock({ ...where, class: 'posix', type: 'write', waitMs: 0 });
    await b.session.open({ ...where, access: 'both', deny: 'both', waitMs: 0 });
  });
});

describe('over nfs4', () => {
  let nfs: NfsServer;
  const at = (way: string, host = '127.0.0.1'): string => `nfs://${host}:${String(nfs.port)}${way}`;
  const served = async (name: string, url: string): Promise<Fileserver> => {
    const one = await startFileserver({ stack: 'nfs4', exports: { [name]: url }, apis: [nfsApi.rpcAddress] });
    adapters.push(one);
    return one;
  };
  let nfsApi: LeaseApi;
  let nfsClient: Leasehold;
  const view = async (name: string) => (await nfsClient.exports()).find((each) => each.name === name);
  const up = (name: string) =>
    eventually(async () => {
      expect(await view(name)).toMatchObject({ state: 'up' });
    });
  beforeEach(async () => {
    // Every server here reports the same identity, so every test has its own table.
    nfsApi = await startLeaseApi({ env: { LEASEHOLD_LOST_MS: '3000', LEASEHOLD_BREAK_MS: '8000' } });
    nfsClient = new Leasehold({ url: nfsApi.url, retryMs: 30_000 });
    nfs = await NfsServer.start();
    for (const name of ['tree', 'tree/sub', 'beside']) nfs.directory(name);
    for (const name of ['tree/f', 'tree/sub/f', 'beside/f']) nfs.file(name);
  });
  afterEach(async () => {
    closeNfsServers();
    await nfsApi.kill();
  });

  test.each([
    ['the same directory', '/tree', '127.0.0.1'],
    ['the same directory, the way spelt otherwise', '//tree/.', '127.0.0.1'],
    ['a directory in it', '/tree/sub', '127.0.0.1'],
    ['a directory above it', '/', '127.0.0.1'],
    ['another name of the server', '/tree', 'localhost'],
  ])('%s under a second name is refused, and the refusal names both', async (_, way, host) => {
    const [one, two] = [`one-${base.slice(-6)}`, `two-${base.slice(-6)}`];
    await served(one, at('/tree'));
    await up(one);
    const second = await served(two, at(way, host));
    const { msg } = await second.logged((line) => /export_overlap/.test(line.msg));
    expect(msg).toContain(`${two} overlaps with ${one}`);
    expect(await view(two)).toBeUndefined();
    expect(await view(one)).toMatchObject({ state: 'up', fileSystem: 'nfs4' });
  });

  const exportsOf = (host: string): [string, string, string][] => [
    ['the same directory', host, '/tree'],
    ['a directory in it', host, '/tree/sub'],
    ['a directory above it', host, '/'],
  ];
  describe.each(['posix first', 'nfs4 first'])(
    'beside a posix export on the machine of the server, %s',
    (who) => {
      test.each(exportsOf(hostname()))('%s is refused, and both are named', async (_, name, way) => {
        const [one, two] = [`one-${base.slice(-6)}`, `two-${base.slice(-6)}`];
        const pair = await beside(name, { posix: one, nfs4: two, way, first: who });
        const { msg } = await pair.logged((line) => /export_overlap/.test(line.msg));
        expect(msg).toMatch(new RegExp(`(${one} overlaps with ${two}|${two} overlaps with ${one})`));
        expect([await view(one), await view(two)].filter((each) => each !== undefined)).toHaveLength(1);
      });
    },
  );

  test.each([
    ['another directory of the server', hostname(), '/beside'],
    ['what looks the same at another machine, as a copy of its disk does', 'another-machine', '/tree'],
  ])('beside a posix export %s is served', async (_, name, way) => {
    const [one, two] = [`one-${base.slice(-6)}`, `two-${base.slice(-6)}`];
    await beside(name, { posix: one, nfs4: two, way, first: 'posix first' });
    await Promise.all([up(one), up(two)]);
  });

  /** A posix export and an NFS server of that name that shows the same directories. Returns the second adapter. */
  async function beside(
    name: string,
    { posix, nfs4, way, first }: { posix: string; nfs4: string; way: string; first: string },
  ): Promise<Fileserver> {
    for (const each of ['top/tree/sub', 'top/beside']) directory(each);
    nfs.close();
    nfs = await NfsServer.start({ name });
    for (const each of ['', 'tree', 'tree/sub', 'beside']) {
      if (each !== '') nfs.directory(each);
      nfs.show(each, path(join('top', each)));
    }
    // Seen through a bind mount of the directory alone, what is above it has no name there.
    mount(directory('bound'), '--bind', path('top/tree'));
    const starts = [
      async () => {
        const local = new Fileserver({ exports: { [posix]: path('bound') }, apis: [nfsApi.rpcAddress] });
        adapters.push(local);
        await local.start();
        return local;
      },
      () => served(nfs4, at(way)),
    ];
    if (first !== 'posix first') starts.reverse();
    let last: Fileserver | undefined;
    for (const start of starts) {
      if (last !== undefined) await last.logged(({ msg }) => msg === 'registered');
      last = await start();
    }
    if (last === undefined) throw new Error('no adapter');
    return last;
  }

  test('a file with a second name in another export is used through one of them at a time', async () => {
    const [one, two] = [`one-${base.slice(-6)}`, `two-${base.slice(-6)}`];
    await served(one, at('/tree'));
    await served(two, at('/beside'));
    await Promise.all([up(one), up(two)]);
    nfs.keepAs('tree/f', 'beside/g');
    const session = await nfsClient.openSession({ ttlMs: 120_000 });
    sessions.push(session);
    const opened = await session.open({ export: two, file: 'g', access: 'both' });
    nfs.keepAs('beside/g', 'tree/f');
    await expect(session.open({ export: one, file: 'f', access: 'read' })).rejects.toMatchObject({
      problem: { reason: 'file_in_other_export', detail: `The other export is ${two}.` },
    });
    await opened.close();
    await session.open({ export: one, file: 'f', access: 'read' });
  });

  const fates: [string, () => void, () => void, RegExp][] = [
    [
      'renamed away',
      () => {
        nfs.keepAs('tree', 'away');
      },
      () => {
        nfs.keepAs('away', 'tree');
      },
      /its directory is no longer at its path/,
    ],
    [
      'replaced',
      () => {
        nfs.keepAs('tree', 'away');
        nfs.directory('tree');
      },
      () => {
        nfs.keepAs('away', 'tree');
      },
      /another directory is at its path/,
    ],
    [
      'not exported any more (a stale handle)',
      () => {
        nfs.refuse(wire.OP_LOOKUP, wire.NFS4ERR_STALE, 1_000);
      },
      () => {
        nfs.refuse(wire.OP_LOOKUP, wire.NFS4ERR_STALE, 0);
      },
      /its directory no longer exists/,
    ],
  ];
  test.each(fates)(
    'the directory of an export is %s: the export is lost with a reason; then it is back',
    async (...fate) => {
      const [, go, back, cause] = fate;
      const name = `demo-${base.slice(-6)}`;
      await served(name, at('/tree'));
      await up(name);
      const session = await nfsClient.openSession({ ttlMs: 120_000 });
      sessions.push(session);
      const ear = new Ear(session);
      await session.acquire({ export: name, file: 'f', type: 'read' });
      const from = performance.now();
      go();
      expect((await ear.next('jeopardy')).cause).toMatch(cause);
      expect(performance.now() - from).toBeLessThan(60_000); // half a second on an idle machine
      expect(await view(name)).toMatchObject({
        state: 'lost',
        cause: expect.stringMatching(cause) as string,
      });
      back();
      await up(name);
    },
  );

  test('the owners of a lease, an open and a range are told that their name leads to another file, and the new file is free', async () => {
    const name = `names-${base.slice(-6)}`;
    await served(name, at('/tree'));
    await up(name);
    const session = await nfsClient.openSession({ ttlMs: 120_000 });
    sessions.push(session);
    const ear = new Ear(session);
    const [f, g] = [
      { export: name, file: 'f' },
      { export: name, file: 'sub/f' },
    ];
    await session.acquire({ ...f, type: 'read' });
    await session.open({ ...g, access: 'both', deny: 'both' });
    await session.lock({ ...g, class: 'posix', type: 'write' });
    nfs.keepAs('tree/f', 'elsewhere');
    nfs.replace('tree/sub/f', 'a new file');
    expect((await ear.next('detached', 'f')).leaseId).toBeDefined();
    const told = [await ear.next('detached', 'sub/f'), await ear.next('detached', 'sub/f')];
    expect(told.filter(({ openId }) => openId !== undefined)).toHaveLength(1);
    expect(told.filter(({ rangeId }) => rangeId !== undefined)).toHaveLength(1);
    const other = await nfsClient.openSession({ ttlMs: 120_000 });
    sessions.push(other);
    await other.open({ ...g, access: 'both', deny: 'both' });
    await other.lock({ ...g, class: 'posix', type: 'write' });
  });
});

describe('file systems with users that the kernel does not see', () => {
  test('sysfs: the adapter does not start, and names the type', async () => {
    expect(await notStarting({ demo: '/sys/kernel' })).toMatch(/is on sysfs: it is not known whether/);
  });

  test('overlay: served, and marked in the log and the view', async () => {
    const [lower, upper, work] = [directory('lower'), directory('upper'), directory('work')];
    const at = directory('merged');
    mount(at, '-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`);
    const served = await serving({ overlaid: at });
    expect(await exported('overlaid')).toMatchObject({ fileSystem: 'overlay' });
    expect(served.lines.map(({ msg }) => msg)).toContainEqual(
      expect.stringMatching(/is on overlay: changes made in the underlying directories/),
    );
  });
});
