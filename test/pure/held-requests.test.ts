import { pino } from 'pino';
import { openEmbeddedTable, type Table, type VerbName } from '#locks';
import { Arbiter } from '../../apps/lease-api/src/application/arbiter';
import { Changes } from '../../apps/lease-api/src/application/changes';
import { Delegations } from '../../apps/lease-api/src/application/delegations';
import { Exports } from '../../apps/lease-api/src/application/exports';
import type { FileserverPort, HoldOutcome } from '../../apps/lease-api/src/application/fileserver-port';
import { digestOf } from '../../apps/lease-api/src/application/ids';
import { Leases } from '../../apps/lease-api/src/application/leases';
import { Opens } from '../../apps/lease-api/src/application/opens';
import { Ranges } from '../../apps/lease-api/src/application/ranges';
import { isRefused, refuse, type Refused } from '../../apps/lease-api/src/application/refusal';
import { Relay } from '../../apps/lease-api/src/application/relay';
import { Sessions } from '../../apps/lease-api/src/application/sessions';
import type { Patience } from '../../apps/lease-api/src/application/waiting';
import { Metrics } from '../../apps/lease-api/src/telemetry/metrics';
import { eventually } from '../support/eventually';
import { MemoryStore } from '../support/memory-store';
import { scenarioLimits } from '../support/scenario';

/**
 * A request that may still be granted is not answered with a refusal (docs/decisions/0016-held-requests.md): every
 * kind, however its wait ends, and whenever its grant comes, before any step of that end or after all of them.
 */
const askMs = 500;

/** One lease API over a table, without its transports. */
class Api {
  readonly relay: Relay;
  readonly sessions: Sessions;
  readonly leases: Leases;
  readonly opens: Opens;
  readonly ranges: Ranges;
  readonly changes: Changes;
  readonly delegations: Delegations;
  readonly arbiter: Arbiter;
  readonly exports: Exports;

  constructor(table: Table, fileservers: FileserverPort) {
    const log = pino({ level: 'silent' });
    const metrics = new Metrics();
    this.arbiter = new Arbiter(table, fileservers, metrics, log);
    this.relay = new Relay(table, metrics);
    const declared = { names: ['local'], breakMs: 60_000, lockDelayMs: 0 };
    this.exports = new Exports(this.arbiter, fileservers, this.relay, declared);
    this.sessions = new Sessions(this.arbiter);
    this.leases = new Leases(this.arbiter, this.exports, this.relay, askMs);
    this.opens = new Opens(this.arbiter, this.exports, this.relay, askMs);
    this.ranges = new Ranges(this.arbiter, this.exports, this.relay);
    this.changes = new Changes(this.arbiter, this.exports, this.relay);
    this.delegations = new Delegations(this.arbiter, this.exports, this.relay, askMs);
  }

  async start(): Promise<this> {
    this.relay.start();
    const seen = { identity: '', limits: { ...scenarioLimits, coolMs: 0 } };
    const { epoch } = await this.arbiter.run('identify', seen);
    await this.relay.align([epoch]);
    return this;
  }
}

interface Client {
  sessionId: string;
  digest: string;
}

function where({ sessionId }: Client, exportName = 'local') {
  return { sessionId, export: exportName, file: 'f' };
}

function ok<T extends object>(value: T): Exclude<T, Refused> {
  if (isRefused(value)) throw new Error(`refused: ${JSON.stringify(value)}`);
  return value as Exclude<T, Refused>;
}

/**
 * Two lease APIs over one table; the first one's calls to the table can be interrupted, its asks to the fileserver
 * held back.
 */
class World {
  first!: Api;
  second!: Api;
  asker!: Client;
  other!: Client;
  /** Called before each step of the first, once the wait is being ended. */
  before: ((verb: VerbName) => Promise<void>) | undefined;
  /** Answers of the fileserver that are held back. */
  answers: (() => void)[] | undefined;

  private constructor(
    readonly table: Table,
    private readonly clock: { wall: number },
  ) {}

  static async make(): Promise<World> {
    const clock = { wall: Date.UTC(2026, 0, 1) };
    const table = await openEmbeddedTable({ store: new MemoryStore(), wall: () => clock.wall });
    const world = new World(table, clock);
    const interrupted: Table = {
      call: async (verb, input) => {
        await world.before?.(verb);
        return table.call(verb, input);
      },
      follow: (onRecords, onGap) => table.follow(onRecords, onGap),
      history: (after, limit) => table.history(after, limit),
      shards: 1,
      ready: () => table.ready(),
      trouble: () => table.trouble(),
      bytes: () => table.bytes(),
      close: () => table.close(),
    };
    world.first = await new Api(interrupted, world.fileserver).start();
    world.second = await new Api(table, world.fileserver).start();
    await world.first.exports.declare();
    await table.call('register', {
      ...{ stack: 'posix', version: '1', major: 1, minor: 1, incarnation: 'i1', endpoint: '127.0.0.1:1' },
      process: { hostId: 'h', bootId: 'b', pid: 1, startTicks: '1' },
      ...{ exports: ['demo'], breakMs: 60_000, breakLimitMs: 60_000, lockDelayMs: 0 },
    });
    await table.call('holdReport', { incarnation: 'i1', holds: [], done: true });
    [world.asker, world.other] = [await world.client(), await world.client()];
    return world;
  }

  async close(): Promise<void> {
    for (const answer of this.answers?.splice(0) ?? []) answer();
    this.first.relay.stop();
    this.second.relay.stop();
    await Promise.all([this.first.arbiter.stop(), this.second.arbiter.stop()]);
    await this.table.close();
  }

  private readonly fileserver: FileserverPort = {
    setlease: async ({ type }) => {
      const { answers } = this;
      if (answers !== undefined)
        await new Promise<void>((resolve) => {
          answers.push(resolve);
        });
      return { have: type } satisfies HoldOutcome;
    },
    setranges: () => Promise.resolve({ failed: 'no_backend' }),
    testrange: () => Promise.resolve({ failed: 'no_backend' }),
    resolve: (_endpoint, _export, path) => Promise.resolve({ fileId: path, inode: '<none>:0' }),
    status: () => Promise.resolve(refuse('no_backend')),
  };

  private async client(): Promise<Client> {
    const { session, secret } = ok(await this.second.sessions.create({ ttlMs: 3_600_000 }));
    return { sessionId: session.sessionId, digest: digestOf(secret) };
  }

  lease(
    api: Api,
    who: Client,
    type: 'read' | 'write',
    patience: Patience,
    more: { requestId?: string; export?: string } = {},
  ) {
    return api.leases.acquire({ ...where(who, more.export), type, ...more }, who.digest, patience);
  }

  lock(api: Api, who: Client, [start, end]: [bigint, bigint], patience: Patience) {
    const bytes = { ...where(who), class: 'posix' as const, start, end };
    return api.ranges.lock({ ...bytes, type: 'write' }, who.digest, patience);
  }

  /** The asker's holds, one line each, and its waits, with their ids. */
  async has(): Promise<{ held: string[]; waits: string[] }> {
    const { sessionId } = this.asker;
    const { value } = await this.table.call('lockList', { after: 0, limit: 100, sessionId });
    const held: string[] = [];
    const waits: string[] = [];
    for (const { id, kind, type, deny, state, waits: waitsFor, pendingType, startLo, endLo } of value.locks) {
      if (waitsFor !== undefined || pendingType !== undefined || state === 'waiting') waits.push(id);
      if (['active', 'breaking', 'open', 'held'].includes(state))
        held.push([kind, type, deny ?? '', startLo ?? '', endLo ?? ''].join(' '));
    }
    return { held: held.sort(), waits };
  }

  later(ms: number): void {
    this.clock.wall += ms;
  }

  /** Resolves when every ask to a fileserver has been answered and recorded. */
  async quiet(): Promise<void> {
    await this.table.call('tick', {});
    await eventually(() => {
      expect(this.first.arbiter.asksInFlight + this.second.arbiter.asksInFlight).toBe(0);
    });
  }
}

/** A waiting request: its blocker, the request, and how the blocker is removed. */
interface Kind {
  block(world: World): Promise<() => Promise<void>>;
  ask(world: World, api: Api, patience: Patience): Promise<object | Refused>;
  /** How a repeat finds it while it waits; `named`: by its requestId. */
  found: 'nowhere' | 'repeated' | 'named';
  /** The asker's holds after the grant. */
  granted: string[];
}

const leaseOfOther = async (world: World): Promise<() => Promise<void>> => {
  const { leaseId } = ok(await world.lease(world.second, world.other, 'write', { waitMs: 0 }));
  return async () => {
    ok(await world.second.leases.set(leaseId, { type: 'none' }, world.other.digest, { waitMs: 0 }));
  };
};
const openOfOther =
  (deny: 'none' | 'both') =>
  async (world: World): Promise<() => Promise<void>> => {
    const request = { ...where(world.other), access: 'read' as const, deny };
    const { openId } = ok(await world.second.opens.create(request, world.other.digest, { waitMs: 0 }));
    return async () => {
      expect(await world.second.opens.close(openId, world.other.digest)).toBeUndefined();
    };
  };
const fileserverIsSlow = (world: World): Promise<() => Promise<void>> => {
  world.answers = [];
  return Promise.resolve(() => {
    for (const answer of world.answers?.splice(0) ?? []) answer();
    world.answers = undefined;
    return Promise.resolve();
  });
};
/** An existing row of the asker, which the request changes. */
async function firstThen(
  world: World,
  make: () => Promise<string>,
  block: (world: World) => Promise<() => Promise<void>>,
): Promise<() => Promise<void>> {
  world.first.exports.forget();
  rowOf.set(world, await make());
  return block(world);
}
const rowOf = new WeakMap<World, string>();

const kinds: Record<string, Kind> = {
  'acquire, without a requestId': {
    block: leaseOfOther,
    ask: (world, api, patience) => world.lease(api, world.asker, 'write', patience),
    found: 'nowhere',
    granted: ['lease write   '],
  },
  'acquire, with one': {
    block: leaseOfOther,
    ask: (world, api, patience) => world.lease(api, world.asker, 'write', patience, { requestId: 'r' }),
    found: 'named',
    granted: ['lease write   '],
  },
  'set of an allocated lease': {
    block: (world) =>
      firstThen(
        world,
        async () => {
          const { asker } = world;
          const made = ok(await world.second.leases.allocate(asker.sessionId, [where(asker)], asker.digest));
          return made[0]?.leaseId ?? '';
        },
        leaseOfOther,
      ),
    ask: (world, api, patience) =>
      api.leases.set(rowOf.get(world) ?? '', { type: 'write' }, world.asker.digest, patience),
    found: 'repeated',
    granted: ['lease write   '],
  },
  'set of a read lease to write': {
    block: (world) =>
      firstThen(
        world,
        async () => ok(await world.lease(world.second, world.asker, 'read', { waitMs: 0 })).leaseId,
        async () => {
          const { leaseId } = ok(await world.lease(world.second, world.other, 'read', { waitMs: 0 }));
          return async () => {
            ok(await world.second.leases.set(leaseId, { type: 'none' }, world.other.digest, { waitMs: 0 }));
          };
        },
      ),
    ask: (world, api, patience) =>
      api.leases.set(rowOf.get(world) ?? '', { type: 'write' }, world.asker.digest, patience),
    found: 'repeated',
    granted: ['lease write   '],
  },
  'acquire, at a fileserver': {
    block: fileserverIsSlow,
    ask: (world, api, patience) => world.lease(api, world.asker, 'write', patience, { export: 'demo' }),
    found: 'nowhere',
    granted: ['lease write   '],
  },
  'acquire at a fileserver, with a requestId': {
    block: fileserverIsSlow,
    ask: (world, api, patience) =>
      world.lease(api, world.asker, 'write', patience, { export: 'demo', requestId: 'r' }),
    found: 'named',
    granted: ['lease write   '],
  },
  'open, without a requestId': {
    block: openOfOther('both'),
    ask: ({ asker }, api, patience) =>
      api.opens.create({ ...where(asker), access: 'read' }, asker.digest, patience),
    found: 'nowhere',
    granted: ['open read none  '],
  },
  'open, with one': {
    block: openOfOther('both'),
    ask: ({ asker }, api, patience) =>
      api.opens.create({ ...where(asker), access: 'read', requestId: 'r' }, asker.digest, patience),
    found: 'named',
    granted: ['open read none  '],
  },
  'change of an open': {
    block: (world) =>
      firstThen(
        world,
        async () => {
          const request = { ...where(world.asker), access: 'read' as const };
          return ok(await world.second.opens.create(request, world.asker.digest, { waitMs: 0 })).openId;
        },
        openOfOther('none'),
      ),
    ask: (world, api, patience) => {
      const to = { access: 'read', deny: 'both' } as const;
      return api.opens.set(rowOf.get(world) ?? '', to, world.asker.digest, patience);
    },
    found: 'repeated',
    granted: ['open read both  '],
  },
  'delegation with an open, at a fileserver': {
    block: fileserverIsSlow,
    ask: async ({ asker }, api, patience) => {
      const request = { ...where(asker, 'demo'), access: 'read' as const, want: 'read' as const };
      const opened = await api.opens.create(request, asker.digest, patience);
      if (isRefused(opened)) return opened;
      return opened.delegation?.lease === undefined || opened.delegation.pending
        ? refuse('wait_elapsed')
        : opened;
    },
    found: 'nowhere',
    granted: ['delegation read   ', 'open read none  '],
  },
  'delegation, at a fileserver': {
    block: fileserverIsSlow,
    ask: async ({ asker }, api, { signal }) => {
      const request = { ...where(asker, 'demo'), want: 'read' as const };
      const wanted = await api.delegations.want(request, asker.digest, signal);
      if (isRefused(wanted)) return wanted;
      return wanted.lease === undefined || wanted.pending ? refuse('wait_elapsed') : wanted;
    },
    found: 'nowhere',
    granted: ['delegation read   '],
  },
  'range lock': {
    block: async (world) => {
      ok(await world.lock(world.second, world.other, [10n, 19n], { waitMs: 0 }));
      return async () => {
        const bytes = { ...where(world.other), class: 'posix' as const, start: 10n, end: 19n };
        ok(await world.second.ranges.unlock(bytes, world.other.digest));
      };
    },
    ask: (world, api, patience) => world.lock(api, world.asker, [10n, 19n], patience),
    found: 'repeated',
    granted: ['posix write  10 19'],
  },
  'range lock beside one of its own': {
    block: async (world) => {
      ok(await world.lock(world.second, world.asker, [0n, 9n], { waitMs: 0 }));
      ok(await world.lock(world.second, world.other, [10n, 19n], { waitMs: 0 }));
      return async () => {
        const bytes = { ...where(world.other), class: 'posix' as const, start: 10n, end: 19n };
        ok(await world.second.ranges.unlock(bytes, world.other.digest));
      };
    },
    ask: (world, api, patience) => world.lock(api, world.asker, [10n, 19n], patience),
    found: 'repeated',
    granted: ['posix write  0 19'],
  },
  'change of a file, without a requestId': {
    block: leaseOfOther,
    ask: ({ asker }, api, patience) =>
      api.changes.change({ ...where(asker), kind: 'truncate' }, asker.digest, patience),
    found: 'nowhere',
    granted: [],
  },
  'change of a file, with one': {
    block: leaseOfOther,
    ask: ({ asker }, api, patience) =>
      api.changes.change({ ...where(asker), kind: 'truncate', requestId: 'r' }, asker.digest, patience),
    found: 'named',
    granted: [],
  },
};

/** The ways in which a wait ends without a decision. */
type Way = 'the caller goes' | 'the API is stopped' | 'the session ends' | 'the wait elapses';

/** Plays one end of one wait; the grant comes before step `at`, or after all steps. Returns the number of steps. */
async function play(kind: Kind, way: Way, at: number): Promise<number> {
  const world = await World.make();
  try {
    const clear = await kind.block(world);
    const before = await world.has();
    const gone = new AbortController();
    const waitMs = way === 'the wait elapses' ? 50 : 60_000;
    let steps = 0;
    let cleared = false;
    const grant = async (): Promise<void> => {
      if (cleared) return;
      cleared = true;
      await clear();
      await world.quiet();
    };
    const interrupt = async (verb: VerbName): Promise<void> => {
      if (verb === 'holdAnswered') return;
      steps += 1;
      if (steps - 1 === at) await grant();
    };
    const asking = kind.ask(world, world.first, { waitMs, signal: gone.signal });
    await eventually(async () => {
      expect((await world.has()).waits.length).toBeGreaterThan(0);
      expect(world.first.relay.parked).toBeGreaterThan(0);
    });
    // Once it has begun to wait.
    await new Promise((resolve) => setTimeout(resolve, 5));
    world.before = interrupt;
    if (way === 'the caller goes') gone.abort();
    else if (way === 'the API is stopped') world.first.relay.stop();
    else if (way === 'the session ends')
      expect(await world.second.sessions.end(world.asker.sessionId, world.asker.digest)).toBeUndefined();
    const answer = await asking;
    world.before = undefined;
    if (!isRefused(answer)) {
      expect(await world.has()).toEqual({ held: kind.granted, waits: [] });
      return steps;
    }
    const { reason, waitId } = answer.refused;
    const mayGoOn =
      (way === 'the API is stopped' && kind.found !== 'nowhere') ||
      (way === 'the caller goes' && kind.found === 'named');
    expect([reason, waitId !== undefined]).toEqual([reason, mayGoOn]);
    if (way === 'the session ends') {
      await grant();
      expect(await world.has()).toEqual({ held: [], waits: [] });
    } else if (waitId === undefined) {
      // A refusal is final: nothing is left of the request, and it is not granted later.
      const kept = kind.granted.filter((line) => line.startsWith('open') && kind.granted.length > 1);
      const left = { held: [...before.held, ...kept], waits: [] };
      expect(await world.has()).toEqual(left);
      await grant();
      expect(await world.has()).toEqual(left);
    } else {
      // It continues, and a repeat at the next node finds it in its place.
      expect((await world.has()).waits).toEqual(at < steps ? [] : [waitId]);
      const again = kind.ask(world, world.second, { waitMs: 60_000 });
      await grant();
      ok(await again);
      expect(await world.has()).toEqual({ held: kind.granted, waits: [] });
    }
    return steps;
  } finally {
    await world.close();
  }
}

/** With the grant at every possible moment. */
async function playAll(kind: Kind, way: Way): Promise<void> {
  const steps = await play(kind, way, Infinity);
  expect(steps).toBeGreaterThan(0);
  // One more, since a grant in time may change the steps.
  await Promise.all(Array.from({ length: steps + 1 }, (_, at) => play(kind, way, at)));
}

describe.each(['the caller goes', 'the API is stopped', 'the session ends'] as const)('%s', (way) => {
  test.each(Object.entries(kinds))('%s', (_name, kind) => playAll(kind, way));
});

test('the wait elapses', async () => {
  // In parallel, since each takes a while.
  const failed: string[] = [];
  await Promise.all(
    Object.entries(kinds).map(([name, kind]) =>
      playAll(kind, 'the wait elapses').catch((error: unknown) => failed.push(`${name}: ${String(error)}`)),
    ),
  );
  expect(failed).toEqual([]);
});

test('a request granted and broken at once returns the lease as the break has left it', async () => {
  const world = await World.make();
  const clear = await leaseOfOther(world);
  const asking = world.lease(world.first, world.asker, 'write', { waitMs: 60_000 });
  await eventually(async () => {
    expect((await world.has()).waits).toHaveLength(1);
  });
  // The first node reads its row when it is already being broken.
  let step = 0;
  world.before = async () => {
    step += 1;
    if (step > 1) return;
    const { value } = await world.table.call('lockList', {
      after: 0,
      limit: 10,
      sessionId: world.asker.sessionId,
    });
    const [lease] = value.locks;
    await world.table.call('lockBreak', { id: lease?.id ?? '', target: 'read' });
    const { digest } = world.asker;
    await world.table.call('leaseSet', { leaseId: lease?.id ?? '', type: 'read', digest });
  };
  await clear();
  expect(ok(await asking)).toMatchObject({ state: 'active', type: 'read' });
  world.before = undefined;
  await world.close();
});

test('a change of several files is allowed when all of them are quiet together', async () => {
  const world = await World.make();
  const { first, second, asker, other } = world;
  const holding = async (file: string) => {
    const request = { ...where(other), file, want: 'read' as const };
    const wanted = await second.delegations.want(request, other.digest, new AbortController().signal);
    const { lease } = ok(wanted);
    if (lease === undefined) throw new Error('not given');
    return async () => {
      ok(await second.leases.set(lease.leaseId, { type: 'none' }, other.digest, { waitMs: 0 }));
    };
  };
  const breaking = async (): Promise<string[]> => {
    const { value } = await world.table.call('lockList', {
      after: 0,
      limit: 100,
      sessionId: other.sessionId,
    });
    return value.locks.filter(({ state }) => state === 'breaking').map(({ path }) => path);
  };
  const returnG = await holding('g');
  const request = { ...where(asker), kind: 'rename' as const, to: 'g', quietMs: 5 };
  let isAllowed = false;
  const changed = first.changes.change(request, asker.digest, { waitMs: 3_600_000 }).finally(() => {
    isAllowed = true;
  });
  await eventually(async () => {
    expect(await breaking()).toEqual(['g']);
  });
  await expect(holding('f')).rejects.toThrow('not given');
  // Its quiet is over while `g` is waited for.
  world.later(10);
  const returnF = await holding('f');
  await returnG();
  await eventually(async () => {
    expect(await breaking()).toEqual(['f']);
  });
  expect(isAllowed).toBe(false);
  await returnF();
  expect(ok(await changed).waiting).toBe(false);
  await world.close();
});
