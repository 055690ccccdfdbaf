import { Leasehold, LeaseholdError, type Lease, type Session } from '#client';
import { eventually } from '../support/eventually';
import { type RedisServer, ask, startRedis } from '../support/redis-server';
import { type LeaseApi, startLeaseApi, stopPrograms } from '../support/service';
import { closeProxies, TcpProxy } from '../support/tcp-proxy';

/** The sentences of docs/failover.md: a master that dies, and a replica that lacks what the master had answered. */
jest.setTimeout(600_000);

const servers: RedisServer[] = [];
afterEach(async () => {
  await stopPrograms();
  closeProxies();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** A master and a replica. The link between them can be cut, and the table's address leads to whichever is the master. */
async function pair() {
  const master = await startRedis();
  const link = await TcpProxy.start({ target: () => `127.0.0.1:${String(master.port)}` });
  const replica = await startRedis({ replicaof: `127.0.0.1 ${String(link.port)}` });
  servers.push(master, replica);
  let now = master;
  const table = await TcpProxy.start({ target: () => `127.0.0.1:${String(now.port)}` });
  const offset = async (port: number): Promise<number> =>
    Number(/_repl_offset:(\d+)/.exec((await ask(port, (redis) => redis.info('replication'))) ?? '')?.[1]);
  return {
    url: `redis://${table.address}`,
    /** From here on the replica misses what the master answers. */
    async separate(): Promise<void> {
      await eventually(async () => {
        expect(await offset(replica.port)).toBeGreaterThanOrEqual(await offset(master.port));
        expect(await offset(master.port)).toBeGreaterThan(0);
      });
      link.cut();
    },
    async failover(): Promise<void> {
      await master.kill();
      await ask(replica.port, (redis) => redis.replicaof('NO', 'ONE'));
      now = replica;
      table.cut();
      table.mend();
    },
  };
}

const files = Array.from({ length: 20 }, (_, no) => `f${String(no)}`);

test('grants that the new master lacks stay with their holders, and nobody else gets them', async () => {
  const redis = await pair();
  const api = await startLeaseApi({ table: redis.url, env: { LEASEHOLD_LOCAL_EXPORTS: 'demo' } });
  const leasehold = new Leasehold({ url: api.url, retryMs: 120_000 });
  const known = await leasehold.openSession();
  await redis.separate();
  const unknown = await leasehold.openSession();
  const leases: Lease[] = [];
  for (const [no, file] of files.entries())
    leases.push(await (no % 2 === 0 ? known : unknown).acquire({ export: 'demo', file, type: 'write' }));
  const tokens = leases.map(({ token }) => token);
  await redis.failover();
  // Ids of sessions are no secret. One that the table has lost is not somebody else's to take.
  const reclaim = { sessionId: unknown.id, secret: 'x'.repeat(43) };
  await eventually(async () => {
    const { body } = await api.request('POST', '/v1/sessions', { body: { ttlMs: 60_000, reclaim } });
    expect(body).toMatchObject({ reason: 'not_holder' });
  });
  const rival = await leasehold.openSession();
  const gained: string[] = [];
  await Promise.all(
    files.map(async (file, no) => {
      try {
        const { token } = await rival.acquire({ export: 'demo', file, type: 'write' });
        // It has let go by then.
        if (leases[no]?.signal.aborted !== true) gained.push(file);
        expect(token).toBeGreaterThan(tokens[no] ?? 0);
      } catch (error) {
        expect(error).toMatchObject({ reason: 'lease_conflict' });
      }
    }),
  );
  expect(gained).toEqual([]);
  for (const [no, lease] of leases.entries()) {
    expect(lease.signal.reason).toBeUndefined();
    expect(lease.token).toBeGreaterThan(tokens[no] ?? 0);
  }
  await Promise.all([known, unknown, rival].map((session) => session.end()));
});

describe('what the new master lacks of each kind', () => {
  const at = (file: string) => ({ export: 'demo', file });
  const bytes = (file: string, start: number, end: number) =>
    ({ ...at(file), class: 'ofd', type: 'write', start, end }) as const;
  /** One of each, held by a session that the replica knows or not. */
  const take = async (session: Session, of: string) => {
    const opened = await session.open({ ...at(`${of}-open`), access: 'both', deny: 'write' });
    return {
      permit: await session.semaphore(`demo:${of}-permit`, { limit: 1 }).take(),
      mode: await session.dlm('demo').lock(`${of}-mode`, 'EX'),
      open: opened,
      range: await session.lock(bytes(`${of}-range`, 0, 9)),
      delegation: await delegated(session, `${of}-delegation`),
      set: await session.takeSet({
        leases: [{ name: `demo:${of}-set`, type: 'write', maxHoldMs: 600_000 }],
        ranges: [{ name: `demo:${of}-set`, type: 'write', start: 5, end: 9 }],
        permits: [{ name: `demo:${of}-set`, limit: 1 }],
      }),
    };
  };
  const delegated = async (session: Session, file: string): Promise<Lease> => {
    const { lease } = await session.delegate({ ...at(file), want: 'write' });
    if (lease === undefined) throw new Error('no delegation');
    return lease;
  };
  /** Asks for the same as a rival. Each is refused, as somebody has it. */
  const refusals = async (rival: Session, of: string): Promise<Record<string, unknown>> => {
    const asked = {
      permit: rival.semaphore(`demo:${of}-permit`, { limit: 1 }).take({ waitMs: 0 }),
      mode: rival.dlm('demo').lock(`${of}-mode`, 'CR', { flags: ['noqueue'] }),
      open: rival.open({ ...at(`${of}-open`), access: 'write' }),
      range: rival.lock(bytes(`${of}-range`, 9, 9)),
      delegation: rival.delegate({ ...at(`${of}-delegation`), want: 'read' }).then(({ lease }) => {
        if (lease === undefined) throw new Error('no delegation');
      }),
      set: rival.lease(`demo:${of}-set`, 'read', { waitMs: 0 }),
      setRange: rival.lock({ ...bytes(`${of}-set`, 9, 20), class: 'posix' }),
      setPermit: rival.semaphore(`demo:${of}-set`, { limit: 1 }).take({ waitMs: 0 }),
    };
    const found: Record<string, unknown> = {};
    for (const [kind, ask] of Object.entries(asked))
      found[kind] = await ask.then(
        () => 'granted',
        (error: unknown) => (error instanceof LeaseholdError ? error.reason : String(error)),
      );
    return found;
  };
  const refused = {
    ...{ permit: 'semaphore_full', mode: 'mode_conflict', open: 'share_denied', range: 'range_conflict' },
    ...{ delegation: 'Error: no delegation', set: 'lease_conflict', setRange: 'range_conflict' },
    setPermit: 'semaphore_full',
  };
  const end = (sessions: Session[]) => Promise.all(sessions.map((session) => session.end()));

  test('stays with its holder, under its id and with a higher token, and nobody else gets it', async () => {
    const redis = await pair();
    const api = await startLeaseApi({ table: redis.url, env: { LEASEHOLD_LOCAL_EXPORTS: 'demo' } });
    const leasehold = new Leasehold({ url: api.url, retryMs: 120_000 });
    const known = await leasehold.openSession({ ttlMs: 300_000 });
    await redis.separate();
    const unknown = await leasehold.openSession({ ttlMs: 300_000 });
    const held = { known: await take(known, 'known'), unknown: await take(unknown, 'unknown') };
    const before = Object.values(held).map(({ permit, mode, open, delegation, set }) => ({
      ids: [permit, mode, open, delegation, ...set.leases, ...set.permits].map(({ id }) => id),
      tokens: [permit, mode, delegation, ...set.leases, ...set.permits].map(({ token = 0 }) => token),
    }));
    await redis.failover();
    const rival = await leasehold.openSession();
    for (const whose of ['known', 'unknown']) expect(await refusals(rival, whose)).toEqual(refused);
    for (const [at, { permit, mode, open, range, delegation, set }] of Object.values(held).entries()) {
      for (const { signal } of [permit, mode, open, range, delegation, set])
        expect(signal.reason).toBeUndefined();
      const { ids, tokens } = before[at] ?? { ids: [], tokens: [] };
      expect([permit, mode, open, delegation, ...set.leases, ...set.permits].map(({ id }) => id)).toEqual(
        ids,
      );
      for (const [each, { token = 0 }] of [permit, mode, delegation, ...set.leases, ...set.permits].entries())
        expect(token).toBeGreaterThan(tokens[each] ?? Infinity);
      for (const { endsAt } of set.leases) expect(Number(endsAt)).toBeLessThan(Date.now() + 600_000);
      // They are what they were: each can be given back.
      for (const holding of [permit, mode, open, range, delegation, set]) await holding.release();
    }
    for (const session of [known, unknown]) {
      const rows = [];
      for await (const { kind } of leasehold.locks({ session: session.id })) rows.push(kind);
      expect(rows).toEqual([]);
    }
    await end([known, unknown, rival]);
  });

  test('is lost, and its holder told so, if somebody else has it by then', async () => {
    const redis = await pair();
    const env = { LEASEHOLD_LOCAL_EXPORTS: 'demo', LEASEHOLD_RECOVERY_MS: '1000' };
    const api = await startLeaseApi({ table: redis.url, env });
    const away = await TcpProxy.start({ target: () => new URL(api.url).host });
    const holder = await new Leasehold({ url: `http://${away.address}`, retryMs: 1_000 }).openSession({
      ttlMs: 300_000,
    });
    holder.on('error', () => undefined);
    const rival = await new Leasehold({ url: api.url, retryMs: 120_000 }).openSession({ ttlMs: 300_000 });
    await redis.separate();
    const held = await take(holder, 'x');
    away.cut();
    await redis.failover();
    const gained = await take(rival, 'x');
    const told = Promise.all(
      Object.values(held).map(
        ({ signal }) =>
          new Promise((resolve) => {
            if (signal.aborted) resolve(undefined);
            else signal.addEventListener('abort', resolve);
          }),
      ),
    );
    away.mend();
    await told;
    expect(
      Object.entries(held).map(([kind, { signal }]) => [kind, (signal.reason as LeaseholdError).reason]),
    ).toEqual([
      ...[
        ['permit', 'lock_over'],
        ['mode', 'lock_over'],
        ['open', 'open_closed'],
        ['range', 'lock_over'],
      ],
      ...[
        ['delegation', 'lease_revoked'],
        ['set', expect.stringMatching(/^(lease_revoked|lock_over)$/)],
      ],
    ]);
    for (const { signal } of Object.values(gained)) expect(signal.aborted).toBe(false);
    await end([holder, rival]);
  });

  test('is what it was after its last change, and what was given back is given back again', async () => {
    const redis = await pair();
    const api = await startLeaseApi({ table: redis.url, env: { LEASEHOLD_LOCAL_EXPORTS: 'demo' } });
    const leasehold = new Leasehold({ url: api.url, retryMs: 120_000 });
    const session = await leasehold.openSession({ ttlMs: 300_000 });
    const open = await session.open({ ...at('open'), access: 'read' });
    const mode = await session.dlm('demo').lock('mode', 'CR');
    const range = await session.lock(bytes('range', 0, 9));
    const lowered = await session.dlm('demo').lock('lowered', 'EX');
    const given = await take(session, 'given');
    await redis.separate();
    await open.set('both', 'both');
    await mode.convert('EX');
    await lowered.convert('NL');
    const longer = await session.lock(bytes('range', 10, 19));
    await session.unlock(bytes('range', 3, 4));
    for (const holding of Object.values(given)) await holding.release();
    await redis.failover();
    const rival = await leasehold.openSession();
    const reasonOf = (ask: Promise<unknown>) =>
      ask.then(
        () => 'granted',
        (error: unknown) => (error as LeaseholdError).reason,
      );
    expect(await reasonOf(rival.open({ ...at('open'), access: 'read' }))).toBe('share_denied');
    expect(await reasonOf(rival.dlm('demo').lock('mode', 'CR', { flags: ['noqueue'] }))).toBe(
      'mode_conflict',
    );
    for (const byte of [0, 2, 5, 9, 10, 19])
      expect(await reasonOf(rival.lock(bytes('range', byte, byte)))).toBe('range_conflict');
    expect(await reasonOf(rival.lock(bytes('range', 20, 20)))).toBe('granted');
    expect(open).toMatchObject({ access: 'both', deny: 'both' });
    expect([mode.mode, lowered.mode]).toEqual(['EX', 'NL']);
    for (const { signal } of [open, mode, range, longer, lowered]) expect(signal.aborted).toBe(false);
    await eventually(async () => {
      const left = [];
      for await (const { file } of leasehold.locks({ session: session.id }))
        if (file.startsWith('given')) left.push(file);
      expect(left).toEqual([]);
    });
    await end([session, rival]);
  });
});

describe('what waited when the master died, and has no place at the new one', () => {
  /** Asks for one of each kind in the background of the service. */
  const queue = async (session: Session) => {
    const how = { queued: true, waitMs: 3_000_000 };
    const change = await session.change({ ...demo('change'), kind: 'truncate', ...how });
    const waiting = {
      lease: await session.acquire({ ...demo('lease'), type: 'write', ...how }),
      open: await session.open({ ...demo('open'), access: 'write', ...how }),
      range: await session.lock({ ...demo('range'), class: 'posix', type: 'write', ...how }),
      permit: await session.semaphore('demo:permit', { limit: 1 }).take(how),
    };
    // Whoever has not asked for the outcome is not forgotten either.
    const silent = await session.acquire({ ...demo('silent'), type: 'write', ...how });
    expect([change.state, ...Object.values(waiting).map((each) => each.waiting), silent.waiting]).toEqual([
      'waiting',
      ...[true, true, true, true, true],
    ]);
    return { ...waiting, change, silent };
  };
  const demo = (file: string) => ({ export: 'demo', file });

  test.each([true, false])('is asked for again with the same requestId; with events: %s', async (events) => {
    const redis = await pair();
    const api = await startLeaseApi({
      table: redis.url,
      env: {
        LEASEHOLD_LOCAL_EXPORTS: 'demo',
        LEASEHOLD_RECOVERY_MS: '2000',
        // Nobody answers breaks here.
        LEASEHOLD_BREAK_MS: '600000',
      },
    });
    const leasehold = new Leasehold({ url: api.url, retryMs: 120_000 });
    const holder = await leasehold.openSession({ ttlMs: 300_000 });
    for (const file of ['lease', 'change', 'silent', 'endless', 'held-open'])
      await holder.acquire({ ...demo(file), type: 'write' });
    await holder.open({ ...demo('open'), access: 'read', deny: 'write' });
    await holder.lock({ ...demo('range'), class: 'posix', type: 'write' });
    await holder.semaphore('demo:permit', { limit: 1 }).take();
    await holder.dlm('demo').lock('mode', 'EX');
    for (const file of ['grows', 'grows-on']) await holder.acquire({ ...demo(file), type: 'read' });
    await holder.dlm('demo').lock('converts', 'PR');
    await holder.open({ ...demo('widens'), access: 'write' });
    const asker = await leasehold.openSession({ ttlMs: 300_000, events });
    const grows = await asker.acquire({ ...demo('grows'), type: 'read' });
    const widens = await asker.open({ ...demo('widens'), access: 'read' });
    const growsOn = await asker.acquire({ ...demo('grows-on'), type: 'read' });
    const converts = await asker.dlm('demo').lock('converts', 'PR');
    await redis.separate();
    await grows.set('write', { queued: true, waitMs: 3_000_000 });
    await widens.set('both', 'write', { queued: true, waitMs: 3_000_000 });
    expect([grows.waiting, widens.waiting]).toEqual([true, true]);
    const queued = await queue(asker);
    const { change, silent, ...held } = queued;
    const ids = Object.entries(held).map(([kind, { id }]) => (kind === 'range' ? '' : id));
    const granted = [change, grows, widens, ...Object.values(held)].map((each) => each.granted());
    const endless = asker.lease('demo:endless', 'write');
    const whenever = { waitMs: Infinity };
    const converted = [growsOn.set('write', whenever), converts.convert('EX', whenever)];
    const mode = asker.dlm('demo').lock('mode', 'EX');
    const heldOpen = asker.acquire({ ...demo('held-open'), type: 'write', waitMs: 60_000 });
    const places = async (): Promise<string[]> => {
      const found = [];
      for await (const { kind, file, state } of leasehold.locks({ session: asker.id }))
        found.push(`${kind} ${file} ${state}`);
      return found.sort();
    };
    const before = await eventually(async () => {
      const found = await places();
      expect(found).toHaveLength(13);
      return found;
    });
    await redis.failover();
    expect((await places()).length).toBeLessThanOrEqual(4);
    await eventually(async () => {
      expect(await places()).toEqual(before);
    });
    await holder.end();
    await Promise.all([...granted, ...converted]);
    expect(Object.entries(held).map(([kind, { id }]) => (kind === 'range' ? '' : id))).toEqual(ids);
    for (const each of [...Object.values(held), await endless, await mode, await heldOpen])
      expect(each.signal.aborted).toBe(false);
    expect(await silent.granted()).toMatchObject({ type: 'write', state: 'active' });
    expect([grows.type, widens.access, widens.deny]).toEqual(['write', 'both', 'write']);
    expect([growsOn.type, converts.mode]).toEqual(['write', 'EX']);
    await asker.end();
  });
});

test('delegations of directories stay with their holders', async () => {
  const redis = await pair();
  const env = { LEASEHOLD_LOCAL_EXPORTS: 'demo', LEASEHOLD_DIRECTORY_DELEGATIONS: 'demo' };
  const api = await startLeaseApi({ table: redis.url, env });
  const leasehold = new Leasehold({ url: api.url, retryMs: 120_000 });
  const known = await leasehold.openSession({ ttlMs: 300_000 });
  const directory = { export: 'demo', want: 'read', directory: true } as const;
  await eventually(async () => {
    const { lease } = await known.delegate({ ...directory, file: 'any', notify: true });
    await lease?.release();
    expect(lease?.notify).toBe(true); // as soon as the table has the format for it
  });
  await redis.separate();
  const unknown = await leasehold.openSession({ ttlMs: 300_000 });
  const held: Lease[] = [];
  for (const session of [known, unknown])
    for (const file of ['.', 'd']) {
      const { lease } = await session.delegate({ ...directory, file, notify: file === 'd' });
      if (lease === undefined) throw new Error('no delegation');
      held.push(lease);
    }
  const before = held.map(({ id, token }) => ({ id, token }));
  await redis.failover();
  const rival = await leasehold.openSession();
  const entries = { export: 'demo', kind: 'entries' } as const;
  for (const file of ['.', 'd'])
    await expect(rival.change({ ...entries, file })).rejects.toMatchObject({ reason: 'break_started' });
  for (const [at, { id, token, signal, file, notify }] of held.entries()) {
    expect(signal.reason).toBeUndefined();
    expect(id).toBe(before[at]?.id);
    expect(token).toBeGreaterThan(before[at]?.token ?? Infinity);
    expect(notify).toBe(file === 'd');
  }
  await Promise.all([known, unknown, rival].map((session) => session.end()));
});

describe('a session that follows no events', () => {
  test.each([true, false])(
    'notices a failover and reclaims, while others may not yet: %s',
    async (inTime) => {
      const redis = await pair();
      const env = {
        LEASEHOLD_LOCAL_EXPORTS: 'demo',
        LEASEHOLD_RECOVERY_MS: inTime ? '60000' : '1000',
      };
      const api = await startLeaseApi({ table: redis.url, env });
      const leasehold = new Leasehold({ url: api.url, retryMs: 120_000 });
      const away = await TcpProxy.start({ target: () => new URL(api.url).host });
      const holder = await new Leasehold({ url: `http://${away.address}`, retryMs: 1_000 }).openSession({
        ttlMs: 300_000,
        events: false,
      });
      holder.on('error', () => undefined);
      await redis.separate();
      const held = await holder.acquire({ export: 'demo', file: 'f', type: 'write' });
      const { token } = held;
      if (!inTime) away.cut();
      await redis.failover();
      const rival = await leasehold.openSession();
      const asked = rival.acquire({ export: 'demo', file: 'f', type: 'write' });
      if (inTime) {
        await eventually(() => {
          expect(held.token).toBeGreaterThan(token);
        });
        await expect(asked).rejects.toMatchObject({ reason: 'lease_conflict' });
        expect(held.signal.aborted).toBe(false);
      } else {
        await asked;
        away.mend();
        await eventually(() => {
          expect(held.signal.reason).toMatchObject({ reason: 'lease_revoked' });
        });
      }
      await Promise.all([holder.end(), rival.end()]);
    },
  );
});

/** Storage that checks tokens: it takes a write only from whoever holds the file now. */
class Storage {
  readonly written: { by: string; token: number }[] = [];

  constructor(private readonly api: LeaseApi) {}

  async write(by: string, token: number): Promise<boolean> {
    const body = { export: 'demo', file: 'f', token, for: 'write' };
    const { status } = await this.api.request('POST', '/v1/fences/check', { body });
    if (status === 200) this.written.push({ by, token });
    return status === 200;
  }
}

test('a holder that cannot reclaim in time is told so, and storage that checks tokens has taken nothing from it since', async () => {
  const redis = await pair();
  const env = { LEASEHOLD_LOCAL_EXPORTS: 'demo', LEASEHOLD_RECOVERY_MS: '1000' };
  const api = await startLeaseApi({ table: redis.url, env });
  const storage = new Storage(api);
  const away = await TcpProxy.start({ target: () => new URL(api.url).host });
  const holders = await new Leasehold({ url: `http://${away.address}`, retryMs: 1_000 }).openSession({
    ttlMs: 300_000,
  });
  holders.on('error', () => undefined);
  const rivals = await new Leasehold({ url: api.url, retryMs: 120_000 }).openSession();
  await redis.separate();
  const held = await holders.acquire({ export: 'demo', file: 'f', type: 'write' });
  expect(await storage.write('first', held.token)).toBe(true);
  away.cut();
  await redis.failover();
  const gained = await rivals.acquire({ export: 'demo', file: 'f', type: 'write' });
  // Both believe.
  expect(held.signal.aborted).toBe(false);
  expect(await storage.write('first', held.token)).toBe(false);
  expect(await storage.write('second', gained.token)).toBe(true);
  expect(await storage.write('first', held.token)).toBe(false);
  expect(storage.written.map(({ by }) => by)).toEqual(['first', 'second']);
  expect(gained.token).toBeGreaterThan(held.token);
  const told = new Promise((resolve) => {
    held.signal.addEventListener('abort', resolve);
  });
  away.mend();
  await told;
  expect(held.signal.reason).toMatchObject({ reason: 'lease_revoked' });
  await Promise.all([holders.end(), rivals.end()]);
});

test('of both sides of a partition only one grants at replicas:N, and the other says that it cannot', async () => {
  const master = await startRedis();
  const link = await TcpProxy.start({ target: () => `127.0.0.1:${String(master.port)}` });
  const replicaof = `127.0.0.1 ${String(link.port)}`;
  const [one, two] = [await startRedis({ replicaof }), await startRedis({ replicaof })];
  servers.push(master, one, two);
  await eventually(async () => {
    const info = (await ask(master.port, (redis) => redis.info('replication'))) ?? '';
    expect(info.match(/state=online/g)).toHaveLength(2);
  });
  const env = {
    LEASEHOLD_LOCAL_EXPORTS: 'demo',
    LEASEHOLD_DURABILITY: 'replicas:1',
    LEASEHOLD_RECOVERY_MS: '1000',
  };
  const old = await startLeaseApi({ table: master.url, env });
  const here = await new Leasehold({ url: old.url, retryMs: 0 }).openSession({ ttlMs: 300_000 });
  here.on('error', () => undefined);
  // What both sides have seen is the same, and so is what they ask for.
  await eventually(async () => {
    expect(await ask(one.port, (redis) => redis.exists('{lh:main:0}:meta'))).toBe(1);
  });
  // Nothing arrives any more, and no connection closes.
  const holds = (['there', 'back'] as const).map((direction) => link.hold(direction, ''));
  await eventually(async () => {
    const ready = await old.request('GET', '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.text).toContain('only 0 of 1 replicas confirmed it');
  });
  await ask(one.port, (redis) => redis.replicaof('NO', 'ONE'));
  await ask(two.port, (redis) => redis.replicaof('127.0.0.1', one.port));
  const present = await startLeaseApi({ table: one.url, env });
  const there = await new Leasehold({ url: present.url, retryMs: 120_000 }).openSession();
  const both = await Promise.all(
    files.map(async (file) => {
      const ask = { export: 'demo', file, type: 'write' } as const;
      const sides = await Promise.allSettled([here.acquire(ask), there.acquire(ask)]);
      return sides.map(({ status }) => status);
    }),
  );
  expect(both).toEqual(files.map(() => ['rejected', 'fulfilled']));
  await there.end();
  here.close();
  for (const hold of holds) hold.drop();
});
