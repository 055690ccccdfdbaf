import { setTimeout as pause } from 'node:timers/promises';
import { Leasehold, LeaseholdError, type Session } from '#client';
import { Cluster, stopClusters } from '../support/cluster';
import { eventually, within } from '../support/eventually';
import { type RedisServer, startRedis } from '../support/redis-server';

/**
 * Lease APIs are restarted in order, one after another, while clients use the same few files: every client's view of its
 * leases matches the table, and nobody ever meets a lease that no client knows of.
 */
const rounds = 3;
const clients = 12;
const files = ['a', 'b', 'c'];
const waitMs = 45_000;
/** The machine may be busy with other things. */
const startMs = 120_000;

jest.setTimeout(600_000);
afterEach(stopClusters);

/** Acquires one thing, of which a client has at most one at a time; resolves with a function that releases it. */
type Taking = (session: Session, file: string) => Promise<() => Promise<unknown>>;

const demo = (file: string) => ({ export: 'demo', file, waitMs });
const takings: Record<string, Taking> = {
  write: async (session, file) => {
    const lease = await session.acquire({ ...demo(file), type: 'write' });
    return () => lease.release();
  },
  read: async (session, file) => {
    const lease = await session.acquire({ ...demo(file), type: 'read' });
    return () => lease.release();
  },
  set: async (session, file) => {
    const lease = await session.allocate({ export: 'demo', file });
    await lease.set('write', { waitMs });
    return () => lease.release();
  },
  open: async (session, file) => {
    const opened = await session.open({ ...demo(file), access: 'read', deny: 'both' });
    return () => opened.close();
  },
  lock: async (session, file) => {
    const lock = await session.lock({ ...demo(file), class: 'posix', type: 'write', start: 0, end: 9 });
    return () => lock.release();
  },
  change: async (session, file) => {
    await session.change({ ...demo(file), kind: 'truncate' });
    return () => Promise.resolve();
  },
};

/** A client that acquires and releases, one file at a time, until it is told to stop; then it keeps the last one. */
class Worker {
  taken = 0;
  readonly refused: string[] = [];
  private stopping = false;
  private readonly done: Promise<void>;

  constructor(
    readonly session: Session,
    private readonly no: number,
  ) {
    // A holder that is broken releases at once.
    session.on('break', ({ leaseId }) => {
      void session.leases
        .get(leaseId)
        ?.acknowledge('none')
        .catch(() => undefined);
    });
    session.on('error', () => undefined);
    this.done = this.work();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.done;
  }

  private async work(): Promise<void> {
    const kinds = Object.keys(takings);
    for (let turn = this.no; !this.stopping && !this.session.signal.aborted; turn += 1) {
      const kind = kinds[turn % kinds.length] ?? '';
      try {
        const release = await takings[kind]?.(this.session, files[turn % files.length] ?? '');
        this.taken += 1;
        await pause(2);
        await release?.();
      } catch (error) {
        if (!(error instanceof LeaseholdError)) throw error;
        this.refused.push(`${kind} ${error.reason}`);
      }
    }
  }
}

async function play(cluster: Cluster): Promise<void> {
  for (const file of files) cluster.file(file);
  const urls = cluster.apis.map(({ url }) => url);
  const workers: Worker[] = [];
  for (let no = 0; no < clients; no += 1) {
    const url = [...urls.slice(no % urls.length), ...urls.slice(0, no % urls.length)];
    const client = new Leasehold({ url, retryMs: 30_000 });
    workers.push(new Worker(cluster.heard(await client.openSession({ ttlMs: 120_000 })).session, no));
  }
  const taken = (): number => workers.reduce((sum, each) => sum + each.taken, 0);
  const goesOn = async (): Promise<void> => {
    const before = taken();
    await eventually(() => {
      expect(taken()).toBeGreaterThan(before + clients);
    }, 60_000);
  };
  await goesOn();
  for (let round = 0; round < rounds; round += 1)
    for (const api of cluster.apis) {
      expect(await api.stop()).toBe(0);
      if (cluster.apis.length > 1) await goesOn();
      await api.start();
      await goesOn();
    }
  await within('the workers', Promise.all(workers.map((worker) => worker.stop())), 120_000);

  const refused = workers.flatMap((worker) => worker.refused);
  // No client waits for two things or requests one twice: a refusal that says so means a lease that no client knows of.
  const predecessors =
    / (deadlock|owner_has_lease|wait_elapsed|queue_full|request_pending|service_stopping)$/;
  expect(refused.filter((each) => predecessors.test(each))).toEqual([]);
  // All have released everything: the table agrees, and nobody waits.
  await eventually(async () => {
    const left: string[] = [];
    for await (const lock of cluster.client().locks())
      if (lock.state !== 'released' && lock.state !== 'revoked')
        left.push(`${lock.kind} ${lock.file} ${lock.state}`);
    expect(left).toEqual([]);
  });
  // A new client can lock each whole file at once.
  const { session } = await cluster.holder();
  for (const file of files) {
    const lease = await session.acquire({ export: 'demo', file, type: 'write', waitMs: 5_000 });
    expect(lease.type).toBe('write');
  }
  await cluster.agreed();
}

describe('with two lease APIs over one Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis({ appendonly: 'yes' });
  });
  afterAll(() => redis.stop());

  test('the state of the clients matches the table', async () => {
    await play(await Cluster.start({ table: redis.url, apis: 2, startMs }));
  });
});

test('with one lease API, over an embedded table: the state of the clients matches the table', async () => {
  await play(await Cluster.start({ startMs }));
});
