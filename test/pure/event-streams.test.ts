import { pino } from 'pino';
import { openEmbeddedTable, type Table } from '#locks';
import { Arbiter } from '../../apps/lease-api/src/application/arbiter';
import { type EventSink, positionOf } from '../../apps/lease-api/src/application/event-feed';
import { EventStreams } from '../../apps/lease-api/src/application/event-streams';
import { Exports } from '../../apps/lease-api/src/application/exports';
import { digestOf } from '../../apps/lease-api/src/application/ids';
import { Leases } from '../../apps/lease-api/src/application/leases';
import { Opens } from '../../apps/lease-api/src/application/opens';
import { isRefused, type Refused } from '../../apps/lease-api/src/application/refusal';
import { Relay } from '../../apps/lease-api/src/application/relay';
import { Sessions } from '../../apps/lease-api/src/application/sessions';
import { FileserverClient } from '../../apps/lease-api/src/fileserver/fileserver.client';
import { Metrics } from '../../apps/lease-api/src/telemetry/metrics';
import { MemoryStore } from '../support/memory-store';

/**
 * The events of sessions, over the real rules and a table in memory whose clock the tests hold: nothing lost, nothing out
 * of order, and one `revoked` a lease (semantics.md §5).
 */
const breakMs = 1_000;
const limits = {
  sessionRowsMax: 1_000,
  sessionsMax: 1_000,
  queueMax: 16,
  unusedMs: 60_000,
  rememberMs: 60_000,
  askMs: 1_000,
  lostMs: 5_000,
  rangesMax: 1_000,
  fileDelegationsMax: 3,
  sessionDelegationsMax: 5,
  exportDelegationsMax: 8,
  revokedMax: 1,
  coolMs: 10_000,
  graceMs: 0,
};

interface Told {
  event: string;
  data: Record<string, unknown>;
  id?: string;
}

/** A client that reads everything at once. */
class Reader implements EventSink {
  closed = false;
  private readonly told: Told[] = [];
  private text = '';
  private wake: () => void = () => undefined;

  constructor(private readonly onClosed: () => void) {}

  write(text: string): void {
    this.text += text;
    for (let end = this.text.indexOf('\n\n'); end >= 0; end = this.text.indexOf('\n\n')) {
      const fields = Object.fromEntries(
        this.text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      this.text = this.text.slice(end + 2);
      const { event = '', data = '{}', id } = fields;
      if (event !== '') this.told.push({ event, data: JSON.parse(data) as Told['data'], id });
    }
    this.wake();
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  end(): void {
    if (this.closed) return;
    this.closed = true;
    this.onClosed();
    this.wake();
  }

  /** The next `count` events, in order. Jest's own limit bounds the wait. */
  async next(count = 1): Promise<Told[]> {
    while (this.told.length < count)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    return this.told.splice(0, count);
  }

  async ended(): Promise<void> {
    while (!this.closed)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
  }

  get unread(): number {
    return this.told.length;
  }
}

interface Client {
  sessionId: string;
  secret: string;
}

function ok<T extends object>(value: T): Exclude<T, Refused> {
  if (isRefused(value)) throw new Error(`refused: ${JSON.stringify(value)}`);
  return value as Exclude<T, Refused>;
}

/** One node over a table, without its transports. */
class Node {
  readonly arbiter: Arbiter;
  readonly relay: Relay;
  readonly streams: EventStreams;
  readonly sessions: Sessions;
  readonly leases: Leases;
  readonly opens: Opens;
  private readonly exports: Exports;

  constructor(table: Table) {
    const log = pino({ level: 'silent' });
    const metrics = new Metrics({
      asksInFlight: () => 0,
      parked: () => 0,
      streams: () => 0,
      tableReady: () => true,
      unconfirmed: () => Promise.resolve(new Map()),
    });
    const fileservers = new FileserverClient(1_000, undefined, log);
    this.arbiter = new Arbiter(table, fileservers, metrics, log);
    this.relay = new Relay(table, metrics);
    this.streams = new EventStreams(this.arbiter, table, this.relay, log);
    this.exports = new Exports(this.arbiter, fileservers, { names: ['local'], breakMs, lockDelayMs: 0 });
    this.sessions = new Sessions(this.arbiter);
    this.leases = new Leases(this.arbiter, this.exports, this.relay, 1_000);
    this.opens = new Opens(this.arbiter, this.exports, this.relay, 1_000);
  }

  async start(): Promise<this> {
    this.relay.start();
    const { epoch } = await this.arbiter.run('identify', { identity: '', epochSeen: 0, limits });
    await this.relay.align(epoch);
    await this.exports.declare();
    return this;
  }

  async client(ttlMs = 3_600_000): Promise<Client> {
    const { session, secret } = ok(await this.sessions.create({ ttlMs }));
    return { sessionId: session.sessionId, secret };
  }

  async acquire({ sessionId, secret }: Client, file: string, type: 'read' | 'write', owner?: string) {
    const where = { sessionId, owner, export: 'local', file, type };
    return ok(await this.leases.acquire(where, digestOf(secret), { waitMs: 0 }));
  }

  async set({ secret }: Client, leaseId: string, type: 'none' | 'read' | 'write') {
    return ok(await this.leases.set(leaseId, { type }, digestOf(secret), { waitMs: 0 }));
  }

  /** An open that does not wait: it starts a break where there is something to break. */
  open({ sessionId, secret }: Client, file: string, access: 'read' | 'write', waitMs = 0) {
    return this.opens.create({ sessionId, export: 'local', file, access }, digestOf(secret), { waitMs });
  }

  async connect({ sessionId, secret }: Client, lastEventId?: string): Promise<Reader> {
    let reader: Reader | undefined;
    const refused = await this.streams.attach(sessionId, digestOf(secret), lastEventId, (onClosed) => {
      reader = new Reader(onClosed);
      return reader;
    });
    if (reader === undefined) throw new Error(`refused: ${JSON.stringify(refused)}`);
    return reader;
  }

  /** Connects and reads the first event, which sends the client to read its leases. */
  async listen(client: Client): Promise<Reader> {
    const reader = await this.connect(client);
    const [first] = await reader.next();
    expect(first).toMatchObject({ event: 'resync', data: { cause: 'connected' } });
    return reader;
  }
}

let wall: number;
let table: Table;
let node: Node;
let holder: Client;
let breaker: Client;
/** History is read when the test says so. */
let historyGate: Promise<void>;
let historyKept: boolean;
/** Records on their way to the node; undefined where they arrive at once. */
let underWay: (() => void)[] | undefined;

beforeEach(async () => {
  wall = Date.UTC(2026, 0, 1);
  historyGate = Promise.resolve();
  historyKept = true;
  underWay = undefined;
  const embedded = await openEmbeddedTable({ store: new MemoryStore(), wall: () => wall });
  // The table as it is, save that its records can be held back or lost.
  table = {
    call: (verb, input) => embedded.call(verb, input),
    follow: (onRecords, onGap) =>
      embedded.follow((records) => {
        if (underWay === undefined) onRecords(records);
        else
          underWay.push(() => {
            onRecords(records);
          });
      }, onGap),
    history: async (after, limit) => {
      await historyGate;
      const page = await embedded.history(after, limit);
      return historyKept ? page : { ...page, records: [], complete: false };
    },
    ready: () => embedded.ready(),
    close: () => embedded.close(),
  };
  node = await new Node(table).start();
  [holder, breaker] = [await node.client(), await node.client()];
});
afterEach(async () => {
  node.streams.stop();
  node.relay.stop();
  await table.close();
});

/** Time passes in steps that are no outage. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 2_000) {
    wall += Math.min(left, 2_000);
    await node.arbiter.run('tick', {});
  }
}

test('a holder hears of a break, with its target and deadline, and the breaker does not', async () => {
  const lease = await node.acquire(holder, 'f', 'write');
  const [heard, unheard] = [await node.listen(holder), await node.listen(breaker)];
  await node.open(breaker, 'f', 'read');
  const [told] = await heard.next();
  expect(told).toMatchObject({
    event: 'break',
    data: {
      leaseId: lease.leaseId,
      export: 'local',
      file: 'f',
      type: 'write',
      token: lease.token,
      target: 'read',
      cause: 'open',
      deadlineAt: new Date(wall + breakMs).toISOString(),
    },
  });
  expect(unheard.unread).toBe(0);
});

test('leases granted while connected are told of too, each lease of a file by itself, and the last carries the id', async () => {
  const reader = await node.listen(holder);
  const leases = [];
  for (const owner of ['a', 'b', 'c']) leases.push(await node.acquire(holder, 'f', 'read', owner));
  await node.open(breaker, 'f', 'write');
  const told = await reader.next(3);
  expect(told.map(({ data }) => data['leaseId'])).toEqual(leases.map(({ leaseId }) => leaseId));
  expect(new Set(told.map(({ data }) => data['breakId'])).size).toBe(1);
  expect(told.map(({ id }) => id === undefined)).toEqual([true, true, false]);
});

test("the breaker's own lease is spared until a second breaker comes", async () => {
  const third = await node.client();
  const [mine, other] = [await node.acquire(holder, 'f', 'read'), await node.acquire(breaker, 'f', 'read')];
  const [first, second] = [await node.listen(holder), await node.listen(breaker)];
  await node.open(breaker, 'f', 'write');
  expect((await first.next())[0]).toMatchObject({ event: 'break', data: { leaseId: mine.leaseId } });
  expect(second.unread).toBe(0);
  await node.open(third, 'f', 'write');
  expect((await second.next())[0]).toMatchObject({ event: 'break', data: { leaseId: other.leaseId } });
  expect(first.unread).toBe(0);
});

test('a deadline takes every lease of the file, each told of once', async () => {
  const leases = [];
  for (const owner of ['a', 'b']) leases.push(await node.acquire(holder, 'f', 'read', owner));
  const reader = await node.listen(holder);
  await node.open(breaker, 'f', 'write');
  await reader.next(2);
  await pass(breakMs + 100);
  const told = await reader.next(2);
  expect(told.map(({ event, data }) => [event, data['leaseId'], data['cause']])).toEqual(
    leases.map(({ leaseId }) => ['revoked', leaseId, 'deadline']),
  );
  await pass(5_000);
  expect(reader.unread).toBe(0);
});

test('what follows a conversion is told by the new type', async () => {
  const lease = await node.acquire(holder, 'f', 'write');
  const reader = await node.listen(holder);
  await node.set(holder, lease.leaseId, 'read');
  expect((await reader.next())[0]).toMatchObject({
    event: 'downgraded',
    data: { type: 'read', cause: 'holder' },
  });
  await node.open(breaker, 'f', 'read');
  await node.open(breaker, 'f', 'write');
  // The read open asks nothing of a read lease.
  expect((await reader.next())[0]).toMatchObject({ event: 'break', data: { type: 'read', target: 'none' } });
});

test('what was missed is replayed: breaks that still run, losses, releases; then what is new', async () => {
  const reader = await node.listen(holder);
  const [kept, lost, gone] = [
    await node.acquire(holder, 'kept', 'read'),
    await node.acquire(holder, 'lost', 'read'),
    await node.acquire(holder, 'gone', 'read'),
  ];
  await node.open(breaker, 'kept', 'write');
  const [seen] = await reader.next();
  reader.end();
  await node.open(breaker, 'lost', 'write');
  await node.set(holder, gone.leaseId, 'none');
  await pass(900);
  await node.set(holder, kept.leaseId, 'none');
  await pass(200);
  const again = await node.acquire(holder, 'again', 'read');
  await node.open(breaker, 'again', 'write');
  const next = await node.connect(holder, seen?.id);
  const told = await next.next(4);
  // The break of `lost` is over: only its end is news.
  expect(told.map(({ event, data }) => [event, data['leaseId']])).toEqual([
    ['released', gone.leaseId],
    ['released', kept.leaseId],
    ['revoked', lost.leaseId],
    ['break', again.leaseId],
  ]);
  await node.set(holder, again.leaseId, 'none');
  expect((await next.next())[0]).toMatchObject({ event: 'released', data: { leaseId: again.leaseId } });
});

test('between what is replayed and what is live nothing is lost or told out of order', async () => {
  const reader = await node.listen(holder);
  const leases = [];
  for (let i = 0; i < 40; i++) leases.push(await node.acquire(holder, `f${String(i)}`, 'read'));
  await node.open(breaker, 'f0', 'write');
  const [seen] = await reader.next();
  reader.end();
  for (let i = 1; i < 20; i++) await node.open(breaker, `f${String(i)}`, 'write');
  let release: () => void = () => undefined;
  historyGate = new Promise((resolve) => {
    release = resolve;
  });
  const next = await node.connect(holder, seen?.id);
  for (let i = 20; i < 40; i++) await node.open(breaker, `f${String(i)}`, 'write');
  release();
  const told = await next.next(39);
  expect(told.map(({ event, data }) => [event, data['leaseId']])).toEqual(
    leases.slice(1).map(({ leaseId }) => ['break', leaseId]),
  );
  const positions = told.map(({ id }) => positionOf(id ?? '')?.no ?? 0);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
});

test('a lease that was revoked while its stream began is told of once', async () => {
  const lease = await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  await node.open(breaker, 'f', 'write');
  const [seen] = await reader.next();
  reader.end();
  let release: () => void = () => undefined;
  historyGate = new Promise((resolve) => {
    release = resolve;
  });
  await node.acquire(breaker, 'other', 'read');
  const next = await node.connect(holder, seen?.id);
  await pass(breakMs + 100);
  release();
  expect(await next.next()).toMatchObject([{ event: 'revoked', data: { leaseId: lease.leaseId } }]);
  await pass(5_000);
  await node.set(breaker, (await node.acquire(breaker, 'g', 'read')).leaseId, 'none');
  expect(next.unread).toBe(0);
});

test.each([
  ['of another epoch', '7-1', 'other_epoch'],
  ['that is none of ours', 'abc', 'unknown_id'],
])('an id %s sends the client to look for itself', async (_name, id, cause) => {
  const reader = await node.connect(holder, id);
  expect(await reader.next()).toMatchObject([
    { event: 'resync', data: { cause }, id: `1-${String(node.relay.at.no)}` },
  ]);
});

test('history that is no longer kept sends the client to look for itself', async () => {
  historyKept = false;
  await node.acquire(holder, 'f', 'read');
  const reader = await node.connect(holder, '1-0');
  expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause: 'history_lost' } }]);
});

test('records that were missed send every client to look for itself, and events go on', async () => {
  const lease = await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  await node.relay.align(2);
  expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause: 'gap' } }]);
  await node.open(breaker, 'f', 'write');
  expect(await reader.next()).toMatchObject([{ event: 'break', data: { leaseId: lease.leaseId } }]);
});

test('a record that is on its way while the epoch changes is told all the same', async () => {
  const lease = await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  const { epoch } = await node.arbiter.run('identify', { identity: '', epochSeen: 7, limits });
  underWay = [];
  await node.open(breaker, 'f', 'write');
  await node.relay.align(epoch);
  expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause: 'gap' } }]);
  for (const deliver of underWay) deliver();
  expect(await reader.next()).toMatchObject([{ event: 'break', data: { leaseId: lease.leaseId } }]);
});

test('an expired session loses its leases, is told so, and its stream ends', async () => {
  const brief = await node.client(2_000);
  const lease = await node.acquire(brief, 'f', 'read');
  const reader = await node.listen(brief);
  await pass(2_500);
  expect(await reader.next(2)).toMatchObject([
    { event: 'revoked', data: { leaseId: lease.leaseId, cause: 'expired' } },
    { event: 'expired', data: { sessionId: brief.sessionId } },
  ]);
  await reader.ended();
  await expect(node.connect(brief)).rejects.toThrow('session_expired');
});

test('a session that its client ends is told of its releases, and its stream ends', async () => {
  const lease = await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  await node.sessions.end(holder.sessionId, digestOf(holder.secret));
  expect(await reader.next()).toMatchObject([{ event: 'released', data: { leaseId: lease.leaseId } }]);
  await reader.ended();
  expect(reader.unread).toBe(0);
});

test('an open that waited its turn is told of', async () => {
  const lease = await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(breaker);
  const opened = node.open(breaker, 'f', 'write', 10_000);
  const held = await node.listen(holder);
  await held.next();
  await node.set(holder, lease.leaseId, 'none');
  const open = ok(await opened);
  expect(await reader.next()).toMatchObject([
    { event: 'granted', data: { openId: open.openId, access: 'write' } },
  ]);
});

test('a fifth stream of a session pushes out the first', async () => {
  const readers = [];
  for (let i = 0; i < 5; i++) readers.push(await node.listen(holder));
  await readers[0]?.ended();
  expect(readers.map(({ closed }) => closed)).toEqual([true, false, false, false, false]);
  await node.acquire(holder, 'f', 'read');
  await node.open(breaker, 'f', 'write');
  for (const reader of readers.slice(1)) expect(await reader.next()).toMatchObject([{ event: 'break' }]);
});

test('whoever leaves is forgotten', async () => {
  await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  expect(node.streams.size).toBe(1);
  reader.end();
  expect(node.streams.size).toBe(0);
  await node.open(breaker, 'f', 'write');
  expect(reader.unread).toBe(0);
});
