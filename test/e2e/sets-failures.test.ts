import { Leasehold, LeaseholdError, type Session } from '#client';
import type { SetTaken } from '#contracts';
import { Cluster, type Holder, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { closeNfsServers, NfsServer } from '../support/nfs-server';
import { type RedisServer, startRedis } from '../support/redis-server';
import { type LeaseApi, startFileserver } from '../support/service';
import { TcpProxy } from '../support/tcp-proxy';

/** Sets over two lease APIs that share a table, one of which dies, and on fileservers of two stacks, one of which refuses. */
let redis: RedisServer;
let cluster: Cluster;
/** Between the first lease API and Redis. */
let toTable: TcpProxy;
let nfs: NfsServer;
let a: Holder;
let b: Holder;
let names = 0;
const fresh = (): string => `set-${String((names += 1)).padStart(3, '0')}`;

beforeAll(async () => {
  redis = await startRedis({ appendonly: 'yes', appendfsync: 'always' });
  toTable = await TcpProxy.start({ target: () => new URL(redis.url).host });
  // As long a break as an NFS server with a lease time of 10 s allows.
  const env = { LEASEHOLD_ASK_MS: '2000', LEASEHOLD_BREAK_MS: '8000' };
  const table = [`redis://${toTable.address}`, redis.url];
  cluster = await Cluster.start({ table, apis: 2, wired: true, env });
  nfs = await NfsServer.start();
  for (const name of ['cloud', 'zone']) nfs.directory(name);
  const url = `nfs://127.0.0.1:${String(nfs.port)}`;
  const apis = cluster.apis.map(({ rpcAddress }) => rpcAddress);
  // One is before `demo` and one after it in the order in which sets take their parts.
  const exports = { cloud: `${url}/cloud`, zone: `${url}/zone` };
  await startFileserver({ stack: 'nfs4', exports, apis }, ...cluster.apis);
  a = await cluster.holder();
  b = await cluster.holder({}, apiB().url);
});
afterAll(async () => {
  await stopClusters();
  closeNfsServers();
  await redis.stop();
});

const [apiA, apiB] = [
  (): LeaseApi => cluster.apis[0] as LeaseApi,
  (): LeaseApi => cluster.apis[1] as LeaseApi,
];
const held = async ({ id: session }: Session, api = apiB()): Promise<string[]> => {
  const rows: string[] = [];
  for await (const { kind, file, state, waits } of cluster.client(api.url).locks({ session }))
    if (state !== 'released' && state !== 'revoked')
      rows.push(`${kind} ${file} ${waits === undefined ? state : 'waiting'}`);
  return rows.sort();
};
const post = async ({ id: sessionId, secret }: Session, api: LeaseApi, body: object) => {
  const answer = await api.request('POST', '/v1/sets', { body: { sessionId, ...body }, secret });
  return { ...answer, set: answer.body as unknown as SetTaken };
};
/** A real file, a name, a range and a semaphore. */
const parts = (f: string) => ({
  leases: [
    { export: 'local', file: f, type: 'write' },
    { export: 'demo', file: f, type: 'write' },
  ],
  ranges: [{ export: 'demo', file: f, class: 'posix', type: 'write', start: 0, end: 9 }],
  permits: [{ export: 'local', semaphore: f, limit: 1 }],
});
const all = (f: string): string[] => [
  ...[`lease ${f} active`, `lease ${f} active`],
  ...[`permit ${f} held`, `posix ${f} held`],
];
const release = async (session: Session, { leases, ranges, permits }: SetTaken): Promise<void> => {
  for (const { leaseId } of leases) await (await session.leased(leaseId)).release();
  for (const { rangeId } of ranges) await (await session.range(rangeId)).release();
  for (const { permitId } of permits)
    await apiB().request('DELETE', `/v1/permits/${permitId}`, { secret: session.secret });
};
/** Of somebody who uses the lease API that stays. */
const semaphore = (f: string) => b.session.semaphore(`local:${f}`, { limit: 1 });

/** An administrator takes its wait for a permit out of the queue. */
const dropWait = async ({ id: session }: Session): Promise<void> => {
  const client = cluster.client(apiB().url);
  for await (const { id, kind, waits } of client.locks({ session }))
    if (kind === 'permit' && waits !== undefined) await client.forceRelease(id);
};

describe('two lease APIs over one Redis', () => {
  test('a repeat at the other joins the wait of the first: both have the same set, and it is held once', async () => {
    const { session } = await cluster.holder();
    const f = cluster.file(fresh());
    const permit = await semaphore(f).take();
    const asked = { ...parts(f), requestId: 'twice', waitMs: 60_000 };
    const first = post(session, apiA(), asked);
    await eventually(async () => {
      expect(await held(session)).toContain(`permit ${f} waiting`);
    });
    const second = post(session, apiB(), asked);
    await permit.release();
    const [one, two] = await within('both', Promise.all([first, second]));
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(two.set).toEqual(one.set);
    expect(await held(session)).toEqual(all(f));
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    // It is decided: a later repeat at either reads, and takes and gives back nothing.
    await (await session.leased(one.set.leases[0]?.leaseId ?? '')).release();
    for (const api of [apiA(), apiB()])
      expect((await post(session, api, asked)).set.leases).toMatchObject([
        { state: 'released' },
        { state: 'active' },
      ]);
    await release(session, one.set);
    expect(await held(session)).toEqual([]);
    await cluster.kernelSays(f);
  });

  test('a refusal is the end of the set at both, and under its requestId for good', async () => {
    const { session } = await cluster.holder();
    const f = cluster.file(fresh());
    const permit = await semaphore(f).take();
    const asked = { ...parts(f), requestId: 'refused' };
    const first = post(session, apiB(), { ...asked, waitMs: 60_000 });
    await eventually(async () => {
      expect(await held(session)).toContain(`permit ${f} waiting`);
    });
    const joins = toTable.hold('there', 'permitTake', 1);
    const second = post(session, apiA(), { ...asked, waitMs: 60_000 });
    await within('the repeat', joins.caught);
    joins.release();
    await dropWait(session);
    for (const { body } of await within('both', Promise.all([first, second])))
      expect(body['reason']).toMatch(/^(cancelled|lock_over)$/);
    expect(await held(session)).toEqual([]);
    await permit.release();
    for (const api of [apiA(), apiB()])
      expect((await post(session, api, asked)).body).toMatchObject({ reason: 'cancelled' });
    expect(await held(session)).toEqual([]);
    await cluster.kernelSays(f);
  });

  test('a repeat that begins to wait after the refusal at the other hears of it at once', async () => {
    const { session } = await cluster.holder();
    const f = cluster.file(fresh());
    const permit = await semaphore(f).take();
    const asked = { ...parts(f), requestId: 'passed', waitMs: 60_000 };
    const first = post(session, apiB(), asked);
    await eventually(async () => {
      expect(await held(session)).toContain(`permit ${f} waiting`);
    });
    // The repeat has found all that is held, and is about to wait for the permit.
    const waits = toTable.hold('there', 'permitTake', 1);
    const second = post(session, apiA(), asked);
    await within('the repeat', waits.caught);
    await dropWait(session);
    expect((await within('the refusal', first)).body).toMatchObject({ reason: 'cancelled' });
    expect(await held(session)).toEqual([]);
    const since = performance.now();
    waits.release();
    expect((await within('the repeat', second)).body).toMatchObject({ reason: 'cancelled' });
    // It did not wait for its whole time.
    expect(performance.now() - since).toBeLessThan(45_000);
    expect(await held(session)).toEqual([]);
    await permit.release();
  });

  test('whatever the moment, two that take one set have it both or neither', async () => {
    const { session } = await cluster.holder();
    const ends: string[] = [];
    for (let round = 0; round < 24; round++) {
      const f = cluster.file(fresh());
      const permit = await semaphore(f).take();
      const asked = { ...parts(f), requestId: f };
      // One waits for as long as it takes, the other gives up at about the moment in which the permit comes.
      const [one, two] = [
        post(session, apiA(), { ...asked, waitMs: 60_000 }),
        post(session, apiB(), { ...asked, waitMs: 1 + round * 4 }),
      ];
      if (round % 3 === 0) await Promise.race([one, two]);
      await permit.release();
      const both = await within('both', Promise.all([one, two]));
      const taken = both.filter(({ status }) => status === 201);
      const now = await held(session);
      // Of one that goes on, the refusal says so, and the repeat finds the end.
      const refused = both.filter(({ status, body }) => status !== 201 && body['waitId'] === undefined);
      expect([taken.length > 0, now]).toEqual([now.length > 0, now.length > 0 ? all(f) : []]);
      expect(taken.length * refused.length).toBe(0);
      ends.push(taken.length > 0 ? 'taken' : 'refused');
      const [found] = taken;
      if (found !== undefined) await release(session, found.set);
    }
    expect(await held(session)).toEqual([]);
    expect(new Set(ends)).toEqual(new Set(['taken', 'refused']));
    await cluster.agreed(apiB());
  });
});

describe('kill -9 of the lease API in the middle of a set, under a client that repeats at the other', () => {
  let session: Session;
  beforeEach(async () => {
    const client = new Leasehold({ url: [apiA().url, apiB().url], retryMs: 60_000 });
    session = await client.openSession({ ttlMs: 120_000 });
  });
  afterEach(async () => {
    if (!apiA().isRunning) await apiA().start();
    await session.end();
    expect(await held(session)).toEqual([]);
    await cluster.served();
    await cluster.agreed(apiB());
  });

  const wanted = (f: string) => ({
    leases: [
      { name: `local:${f}`, type: 'write' as const },
      { name: `demo:${f}`, type: 'write' as const },
    ],
    ranges: [{ name: `demo:${f}`, type: 'write' as const, start: 0, end: 9 }],
    permits: [{ name: `local:${f}`, limit: 1 }],
  });
  const ending = async (set: ReturnType<Session['takeSet']>): Promise<'taken' | LeaseholdError> =>
    within(
      'the set',
      set.then(
        () => 'taken' as const,
        (error: unknown) => {
          if (error instanceof LeaseholdError) return error;
          throw error;
        },
      ),
    );

  test.each([
    ['before the fileserver is asked', 'there', 'fileserver.setlease'],
    ['before its answer arrives', 'back', 'have'],
  ] as const)('%s: nothing is held once nobody knows what the fileserver did', async (_, direction, text) => {
    const f = cluster.file(fresh());
    const hold = cluster.wire.hold(direction, text, 1);
    const set = session.takeSet(wanted(f));
    await within('the moment', hold.caught);
    await apiA().kill();
    hold.drop();
    expect(await ending(set)).toMatchObject({ reason: 'fileserver_timeout' });
    expect(await held(session)).toEqual([]);
    await cluster.kernelSays(f);
    await using again = await session.takeSet(wanted(f));
    expect(again.leases).toHaveLength(2);
  });

  test('while it waits for the last of them: it keeps its place, and all is held', async () => {
    const f = cluster.file(fresh());
    const permit = await semaphore(f).take();
    const set = session.takeSet(wanted(f), { waitMs: 60_000 });
    await eventually(async () => {
      expect(await held(session)).toContain(`permit ${f} waiting`);
    });
    const behind = semaphore(f).take();
    await eventually(async () => {
      expect((await held(b.session)).filter((row) => row.includes(f))).toEqual([
        `permit ${f} held`,
        `permit ${f} waiting`,
      ]);
    });
    await apiA().kill();
    await permit.release();
    expect(await ending(set)).toBe('taken');
    expect(await held(session)).toEqual(all(f));
    await (await set).release();
    await (await within('the one behind', behind)).release();
  });

  test('while it gives back what it had taken: nothing is held', async () => {
    const f = cluster.file(fresh());
    const permit = await semaphore(f).take();
    const set = session.takeSet(wanted(f), { waitMs: 60_000 });
    await eventually(async () => {
      expect(await held(session)).toContain(`permit ${f} waiting`);
    });
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    const hold = cluster.wire.hold('there', 'fileserver.setlease', 1);
    await dropWait(session);
    await within('the moment', hold.caught);
    await apiA().kill();
    hold.drop();
    const end = await ending(set);
    expect(end === 'taken' ? end : end.problem.detail).toMatch(/^Nothing of the set/);
    expect(await held(session)).toEqual([]);
    await cluster.kernelSays(f);
    await permit.release();
  });

  describe.each(['is lost', 'arrives late'])('before a step that %s:', (fate) => {
    const killAt = async (text: string, f: string): Promise<'taken' | LeaseholdError> => {
      const hold = toTable.hold('there', text, 1);
      const end = ending(session.takeSet(wanted(f)));
      await within('the step', hold.caught);
      await apiA().kill();
      if (fate === 'is lost') hold.drop();
      else hold.release();
      return end;
    };

    test.each([
      ['its beginning', 'setDecide'],
      ['a lease', 'leaseAcquire', 'arrives late'],
      ['the answer of the fileserver', 'holdAnswered', 'is lost'],
      ['a range', 'rangeLock'],
      ['a permit', 'permitTake'],
      ['the look at all of them', 'permitGet'],
      ['its end', 'taken'],
    ])('%s: all is held, or nothing if the fileserver was left in doubt', async (_, text, doubt = '') => {
      const f = cluster.file(fresh());
      const end = await killAt(text, f);
      if (doubt === fate) expect(end).toMatchObject({ reason: 'fileserver_timeout' });
      else expect(end).toBe('taken');
      expect(await held(session)).toEqual(doubt === fate ? [] : all(f));
      await cluster.kernelSays(f, ...(doubt === fate ? [] : ['ACTIVE    WRITE']));
    });

    test.each([
      ['the refusal', 'permitTake'],
      ['its end', 'semaphore_full'],
      ['a range is given back', 'rangeDrop'],
      ['a lease is given back', 'leaseSet'],
    ])('%s: nothing is held', async (_, text) => {
      const f = cluster.file(fresh());
      const permit = await semaphore(f).take();
      const end = await killAt(text, f);
      expect(end).toMatchObject({ reason: 'semaphore_full' });
      expect(await held(session)).toEqual([]);
      await cluster.kernelSays(f);
      await permit.release();
    });
  });
});

describe('on fileservers of two stacks', () => {
  const on =
    (...exports: string[]) =>
    (f: string) => ({
      leases: exports.map((name) => ({ name: `${name}:${f}`, type: 'write' as const })),
    });
  const file = (): string => {
    const f = cluster.file(fresh());
    for (const name of ['cloud', 'zone']) nfs.file(`${name}/${f}`);
    return f;
  };
  /** The server has no delegation of it and no open. */
  const isBack = (name: string): Promise<void> =>
    eventually(() => {
      expect([nfs.held(name), nfs.opens(name)]).toEqual([[], []]);
    });
  const refusal = async (set: Promise<unknown>): Promise<LeaseholdError> => {
    const end: unknown = await within(
      'the refusal',
      set.catch((error: unknown) => error),
    );
    if (end instanceof LeaseholdError) return end;
    throw new Error(`not refused: ${String(end)}`);
  };

  test('both have their part, and both have it back', async () => {
    const f = file();
    const set = await a.session.takeSet(on('zone', 'cloud', 'demo', 'local')(f));
    expect(set.leases.map(({ backed }) => backed)).toEqual([true, true, true, false]);
    expect([nfs.held(`cloud/${f}`), nfs.held(`zone/${f}`)]).toEqual([['write'], ['write']]);
    await cluster.kernelSays(f, 'ACTIVE    WRITE');
    await set.release();
    await cluster.kernelSays(f);
    for (const name of ['cloud', 'zone']) await isBack(`${name}/${f}`);
  });

  test('one that the kernel refuses: the NFS server has its delegation back', async () => {
    const f = file();
    const shell = cluster.opener(`exec 3>>${f}; echo open; read go`);
    await within('the shell', shell.printed('open'));
    const refused = await refusal(a.session.takeSet(on('demo', 'cloud')(f)));
    expect(refused).toMatchObject({ code: 'EAGAIN', reason: 'fileserver_refused' });
    expect(refused.problem.detail).toContain(`It was refused the lease of demo:${f}.`);
    expect(await held(a.session)).toEqual([]);
    await isBack(`cloud/${f}`);
    shell.end();
    await within('the shell', shell.exited);
  });

  test('one for which the NFS server gives no delegation: the kernel and the server have nothing any more', async () => {
    const f = file();
    nfs.delegations = 'none';
    const refused = await refusal(a.session.takeSet(on('zone', 'local', 'demo')(f)));
    nfs.delegations = 'open';
    expect(refused).toMatchObject({ code: 'EAGAIN', reason: 'fileserver_refused' });
    expect(refused.problem.detail).toContain(`It was refused the lease of zone:${f}.`);
    expect(await held(a.session)).toEqual([]);
    await cluster.kernelSays(f);
    await isBack(`zone/${f}`);
    await using again = await a.session.takeSet(on('zone', 'local', 'demo')(f));
    expect(again.leases).toHaveLength(3);
  });
});
