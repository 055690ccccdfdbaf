import { pino } from 'pino';
import { type EventName, eventSchemas } from '#contracts';
import { openEmbeddedTable, shardFor, ShardedTable, shardOfId, type Table, type Urgency } from '#locks';
import { Arbiter } from '../../apps/lease-api/src/application/arbiter';
import { FileAttributes } from '../../apps/lease-api/src/application/attributes';
import { type ChangeRequest, Changes } from '../../apps/lease-api/src/application/changes';
import { Delegations } from '../../apps/lease-api/src/application/delegations';
import { EventStreams } from '../../apps/lease-api/src/application/event-streams';
import { Exports } from '../../apps/lease-api/src/application/exports';
import { digestOf } from '../../apps/lease-api/src/application/ids';
import { Leases } from '../../apps/lease-api/src/application/leases';
import { Opens } from '../../apps/lease-api/src/application/opens';
import { Ranges } from '../../apps/lease-api/src/application/ranges';
import { idOf, type Position, positionOf } from '../../apps/lease-api/src/application/positions';
import { isRefused, type Refused } from '../../apps/lease-api/src/application/refusal';
import { TableKey } from '../../apps/lease-api/src/application/memento';
import { Relay } from '../../apps/lease-api/src/application/relay';
import type { EventSink, SessionEvent } from '../../apps/lease-api/src/application/session-events';
import { Sessions } from '../../apps/lease-api/src/application/sessions';
import type { Patience } from '../../apps/lease-api/src/application/waiting';
import { Waits } from '../../apps/lease-api/src/application/waits';
import { eventText, pingText } from '../../apps/lease-api/src/http/sse';
import { FileserverClient } from '../../apps/lease-api/src/fileserver/fileserver.client';
import { Keyring } from '../../apps/lease-api/src/fileserver/keyring';
import { Metrics } from '../../apps/lease-api/src/telemetry/metrics';
import { eventually } from '../support/eventually';
import { MemoryStore } from '../support/memory-store';

/**
 * The events of sessions, over the real rules and a table in memory whose clock the tests hold: nothing lost, nothing out
 * of order, and one `revoked` a lease (semantics.md §5).
 */
const breakMs = 1_000;
const limits = {
  sessionLocksMax: 1_000,
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
  courtesyMax: 2,
  coolMs: 10_000,
  graceMs: 0,
  recoveryMs: 0,
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
  private wake: () => void = () => undefined;

  constructor(private readonly onClosed: () => void) {}

  tell(events: readonly SessionEvent[]): void {
    this.read(events.map(eventText).join(''));
  }

  ping(id: string | undefined): void {
    this.read(pingText(id));
  }

  private read(text: string): void {
    for (const block of text.split('\n\n')) {
      const fields = Object.fromEntries(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      const { event = '', data = '{}', id } = fields;
      if (event === '') continue;
      // Events match the contract exactly.
      eventSchemas[event as EventName].strict().parse(JSON.parse(data));
      this.told.push({ event, data: JSON.parse(data) as Told['data'], id });
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

  /** The next `count` events, in order. Jest's own timeout bounds the wait. */
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
  readonly ranges: Ranges;
  readonly changes: Changes;
  readonly delegations: Delegations;
  readonly attributes: FileAttributes;
  readonly waits: Waits;
  private readonly exports: Exports;

  constructor(table: Table) {
    const log = pino({ level: 'silent' });
    const metrics = new Metrics();
    const fileservers = new FileserverClient(1_000, new Keyring([], new TableKey()), log);
    this.arbiter = new Arbiter(table, fileservers, metrics, log);
    this.relay = new Relay(table, metrics);
    this.streams = new EventStreams(this.arbiter, table, this.relay, log, { release: '0', format: 2 });
    const names = ['local'];
    const declared = { names, breakMs, lockDelayMs: 0, directories: names };
    this.exports = new Exports(this.arbiter, fileservers, this.relay, declared);
    this.sessions = new Sessions(this.arbiter);
    this.leases = new Leases(this.arbiter, this.exports, this.relay, 1_000);
    this.opens = new Opens(this.arbiter, this.exports, this.relay, 1_000);
    this.ranges = new Ranges(this.arbiter, this.exports, this.relay);
    this.changes = new Changes(this.arbiter, this.exports, this.relay);
    this.delegations = new Delegations(this.arbiter, this.exports, this.relay, 1_000);
    this.attributes = new FileAttributes(this.arbiter, this.exports, this.relay);
    this.waits = new Waits(this.arbiter);
  }

  async start(): Promise<this> {
    this.relay.start();
    const { epoch, epochs = [epoch] } = await this.arbiter.run('identify', { identity: '', limits });
    await this.relay.align(epochs);
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

  /** An open that does not wait: it starts a break if there is a lease to break. */
  open({ sessionId, secret }: Client, file: string, access: 'read' | 'write', waitMs = 0) {
    return this.opens.create({ sessionId, export: 'local', file, access }, digestOf(secret), { waitMs });
  }

  lock(
    { sessionId, secret }: Client,
    [start, end]: [bigint, bigint],
    type: 'read' | 'write',
    patience: Patience = { waitMs: 0 },
    owner?: string,
  ) {
    const where = { sessionId, owner, export: 'local', file: 'f', class: 'posix' as const };
    return this.ranges.lock({ ...where, type, start, end }, digestOf(secret), patience);
  }

  unlock({ sessionId, secret }: Client, [start, end]: [bigint, bigint], owner?: string) {
    const where = { sessionId, owner, export: 'local', file: 'f', class: 'posix' as const };
    return this.ranges.unlock({ ...where, start, end }, digestOf(secret));
  }

  change(
    { sessionId, secret }: Client,
    request: Pick<ChangeRequest, 'file' | 'kind' | 'to' | 'requestId'>,
    patience: Patience = { waitMs: 0 },
  ) {
    return this.changes.change({ sessionId, export: 'local', ...request }, digestOf(secret), patience);
  }

  delegate({ sessionId, secret }: Client, file: string, directory = false) {
    const request = { sessionId, export: 'local', file, want: 'read' as const, signal: true, directory };
    return this.delegations.want(request, digestOf(secret));
  }

  ask({ sessionId, secret }: Client, file: string, waitMs: number) {
    const request = { sessionId, export: 'local', file, change: 7n, size: 100n, waitMs };
    return this.attributes.ask(request, digestOf(secret));
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
/** Reads of history wait until the test releases them. */
let historyGate: Promise<void>;
let historyKept: boolean;
/** How urgently the node needs records, as it tells its table. */
let urgency: Urgency | undefined;
/** Records on their way to the node; undefined if they arrive at once. */
let underWay: (() => void)[] | undefined;

beforeEach(async () => {
  wall = Date.UTC(2026, 0, 1);
  historyGate = Promise.resolve();
  historyKept = true;
  underWay = undefined;
  const embedded = await openEmbeddedTable({ store: new MemoryStore(), wall: () => wall });
  // The real table, except that its records can be held back or lost.
  table = {
    call: (verb, input) => embedded.call(verb, input),
    follow: (onRecords, onGap, given) => {
      urgency = given;
      return embedded.follow((records) => {
        if (underWay === undefined) onRecords(records);
        else
          underWay.push(() => {
            onRecords(records);
          });
      }, onGap);
    },
    history: async (after, limit) => {
      await historyGate;
      const page = await embedded.history(after, limit);
      return historyKept ? page : { ...page, records: [], complete: false };
    },
    shards: 1,
    ready: () => embedded.ready(),
    trouble: () => embedded.trouble(),
    bytes: () => embedded.bytes(),
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

/** Advances the time in steps too short to count as an outage. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 2_000) {
    wall += Math.min(left, 2_000);
    await node.arbiter.run('tick', {});
  }
}

test('a holder is sent a break with its target and deadline; the breaker is not', async () => {
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

test('a break names leases granted while connected too, one event per lease of the file; the last carries the id', async () => {
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

test('a deadline revokes every lease of the file, with one event each', async () => {
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

test('events after a conversion name the new type', async () => {
  const lease = await node.acquire(holder, 'f', 'write');
  const reader = await node.listen(holder);
  await node.set(holder, lease.leaseId, 'read');
  expect((await reader.next())[0]).toMatchObject({
    event: 'downgraded',
    data: { type: 'read', cause: 'holder' },
  });
  await node.open(breaker, 'f', 'read');
  await node.open(breaker, 'f', 'write');
  // An open for reading does not break a read lease.
  expect((await reader.next())[0]).toMatchObject({ event: 'break', data: { type: 'read', target: 'none' } });
});

test('missed events are replayed (running breaks, losses, releases) before new ones', async () => {
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
  // The break of `lost` is over: only its end is replayed.
  expect(told.map(({ event, data }) => [event, data['leaseId']])).toEqual([
    ['released', gone.leaseId],
    ['released', kept.leaseId],
    ['revoked', lost.leaseId],
    ['break', again.leaseId],
  ]);
  await node.set(holder, again.leaseId, 'none');
  expect((await next.next())[0]).toMatchObject({ event: 'released', data: { leaseId: again.leaseId } });
});

test('no event is lost or out of order between replay and live events', async () => {
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
  const positions = told.map(({ id }) => positionOf(id ?? '', 1)?.[0]?.no ?? 0);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
});

test('a lease revoked while its stream begins is announced once', async () => {
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

test('a lease is announced as revoked even if the table knew it before the stream began, and the node only afterwards', async () => {
  const lease = await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  await node.open(breaker, 'f', 'write');
  const [seen] = await reader.next();
  reader.end();
  const late: (() => void)[] = (underWay = []);
  await pass(breakMs + 100);
  const next = await node.connect(holder, seen?.id);
  // Everything that the stream can do before the records arrive.
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  underWay = undefined;
  for (const arrive of late) arrive();
  expect(await next.next()).toMatchObject([{ event: 'revoked', data: { leaseId: lease.leaseId } }]);
  await pass(5_000);
  await node.set(breaker, (await node.acquire(breaker, 'g', 'read')).leaseId, 'none');
  expect(next.unread).toBe(0);
});

test('a stream begins with a resync if records that the table has do not come', async () => {
  await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  await node.open(breaker, 'f', 'write');
  const [seen] = await reader.next();
  reader.end();
  underWay = [];
  await pass(breakMs + 100);
  const next = await node.connect(holder, seen?.id);
  expect(await next.next()).toMatchObject([{ event: 'resync', data: { cause: 'gap' } }]);
  underWay = undefined;
  const { leaseId } = await node.acquire(holder, 'g', 'read');
  await node.open(breaker, 'g', 'write');
  expect(await next.next()).toMatchObject([{ event: 'break', data: { leaseId } }]);
});

test.each([
  ['of another epoch', () => '7-1', 'other_epoch'],
  [
    'from the future',
    (at: Position) => idOf(at.map(({ epoch, no }) => ({ epoch, no: no + 1_000 }))),
    'other_epoch',
  ],
  ['that is none of ours', () => 'abc', 'unknown_id'],
])('an id %s is answered with resync', async (_name, idAt, cause) => {
  const { at } = node.relay;
  const reader = await node.connect(holder, idAt(at));
  expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause }, id: idOf(node.relay.at) }]);
});

test('an id older than the kept history is answered with resync', async () => {
  historyKept = false;
  await node.acquire(holder, 'f', 'read');
  const reader = await node.connect(holder, idOf(node.relay.at.map(({ epoch }) => ({ epoch, no: 0 }))));
  expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause: 'history_lost' } }]);
});

test('missed records send a resync to every client, and events continue', async () => {
  const lease = await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  await node.relay.align([2]);
  expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause: 'gap' } }]);
  await node.open(breaker, 'f', 'write');
  expect(await reader.next()).toMatchObject([{ event: 'break', data: { leaseId: lease.leaseId } }]);
});

test('an attribute query is sent once, and not again when it has expired', async () => {
  const reader = await node.listen(holder);
  const [first, lease] = [
    await node.acquire(holder, 'first', 'read'),
    await node.acquire(holder, 'f', 'write'),
  ];
  await node.open(breaker, 'first', 'write');
  const [seen] = await reader.next();
  const asking = node.ask(breaker, 'f', 60_000);
  expect((await reader.next())[0]).toMatchObject({
    event: 'attributes',
    data: { leaseId: lease.leaseId, export: 'local', file: 'f', askId: expect.any(String) as unknown },
  });
  reader.end();
  await node.set(holder, lease.leaseId, 'none');
  expect(await asking).toEqual({ holder: 'none' });
  const next = await node.connect(holder, seen?.id);
  expect(await next.next()).toMatchObject([{ event: 'released', data: { leaseId: lease.leaseId } }]);
  await node.set(holder, first.leaseId, 'none');
  expect(await next.next()).toMatchObject([{ event: 'released', data: { leaseId: first.leaseId } }]);
});

test('a holder whose answer to an attribute query comes too late is recalled as if it had not answered', async () => {
  const lease = await node.acquire(holder, 'f', 'write');
  const reader = await node.listen(holder);
  const asking = node.ask(breaker, 'f', 200);
  const [asked] = await reader.next();
  underWay = [];
  const told = { askId: String(asked?.data['askId']), modified: true, size: 200n };
  expect(await node.attributes.tell(lease.leaseId, told, digestOf(holder.secret))).toBeUndefined();
  expect(await asking).toMatchObject({ refused: { reason: 'break_started', break: { target: 'read' } } });
  for (const deliver of underWay) deliver();
  expect(await reader.next()).toMatchObject([{ event: 'break', data: { cause: 'attributes' } }]);
});

test('a record on its way while the epoch changes is delivered all the same', async () => {
  const lease = await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  const { epoch } = await node.arbiter.run('identify', { identity: '', seen: { epoch: 7, no: 0 }, limits });
  underWay = [];
  await node.open(breaker, 'f', 'write');
  await node.relay.align([epoch]);
  expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause: 'gap' } }]);
  for (const deliver of underWay) deliver();
  expect(await reader.next()).toMatchObject([{ event: 'break', data: { leaseId: lease.leaseId } }]);
});

test('an expired session loses its leases and is told so, and its stream ends', async () => {
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

test('a waiting open sends an event when it is granted', async () => {
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

test('records are urgent while a stream is open or a request waits, and the table hears of it at once', async () => {
  let hurried = 0;
  const given = urgency as Urgency;
  given.hurry = () => {
    hurried += 1;
  };
  expect(given.urgent).toBe(false);
  const watch = node.relay.watch('somebody');
  expect([given.urgent, hurried]).toEqual([true, 1]);
  watch.close();
  expect(given.urgent).toBe(false);
  const reader = await node.listen(holder);
  expect([given.urgent, hurried]).toEqual([true, 2]);
  reader.end();
  expect(given.urgent).toBe(false);
});

test('a fifth stream of a session ends the first', async () => {
  const readers = [];
  for (let i = 0; i < 5; i++) readers.push(await node.listen(holder));
  await readers[0]?.ended();
  expect(readers.map(({ closed }) => closed)).toEqual([true, false, false, false, false]);
  await node.acquire(holder, 'f', 'read');
  await node.open(breaker, 'f', 'write');
  for (const reader of readers.slice(1)) expect(await reader.next()).toMatchObject([{ event: 'break' }]);
});

test('a client that disconnects is forgotten', async () => {
  await node.acquire(holder, 'f', 'read');
  const reader = await node.listen(holder);
  expect(node.streams.size).toBe(1);
  reader.end();
  expect(node.streams.size).toBe(0);
  await node.open(breaker, 'f', 'write');
  expect(reader.unread).toBe(0);
});

/** Waits until this many requests are parked. */
async function parked(count: number): Promise<void> {
  await eventually(() => {
    expect(node.relay.parked).toBe(count);
  });
}

describe('delegations', () => {
  test('a break of delegations is sent to their holders only, and revokes nothing else', async () => {
    const leaser = await node.client();
    const lease = await node.acquire(leaser, 'f', 'read');
    const { lease: delegation } = ok(await node.delegate(holder, 'f'));
    const [heard, unheard] = [await node.listen(holder), await node.listen(leaser)];
    expect(await node.change(breaker, { file: 'f', kind: 'unlink' })).toMatchObject({
      refused: { reason: 'break_started', blockers: [{ kind: 'delegation' }] },
    });
    const cause = 'change';
    expect(await heard.next()).toMatchObject([
      { event: 'break', data: { leaseId: delegation?.leaseId, target: 'none', cause } },
    ]);
    await pass(breakMs);
    expect(await heard.next()).toMatchObject([{ event: 'revoked', data: { leaseId: delegation?.leaseId } }]);
    expect(unheard.unread).toBe(0);
    expect(await node.leases.get(lease.leaseId, digestOf(leaser.secret))).toMatchObject({ state: 'active' });
    // A stream that begins now distinguishes them too.
    const late = await node.listen(leaser);
    ok(await node.change(breaker, { file: 'f', kind: 'unlink' }));
    expect(late.unread).toBe(0);
    await node.change(breaker, { file: 'f', kind: 'truncate' });
    expect(await late.next()).toMatchObject([{ event: 'break', data: { leaseId: lease.leaseId } }]);
  });

  test('the signal that a delegation is available is sent once', async () => {
    const lease = await node.acquire(breaker, 'f', 'write');
    const reader = await node.listen(holder);
    expect(await node.delegate(holder, 'f')).toMatchObject({ whyNot: 'CONTENTION', willSignal: true });
    await node.set(breaker, lease.leaseId, 'none');
    expect(await reader.next()).toMatchObject([
      { event: 'available', data: { export: 'local', file: 'f', type: 'read' } },
    ]);
    expect(ok(await node.delegate(holder, 'f')).lease).toMatchObject({ delegation: true, type: 'read' });
    expect(reader.unread).toBe(0);
  });

  test('a name that goes breaks the delegations of its directories, one after the other', async () => {
    const [from, to] = [
      ok(await node.delegate(holder, 'd', true)),
      ok(await node.delegate(holder, 'e', true)),
    ];
    expect(ok(await node.delegate(holder, '.', true)).lease).toBeDefined();
    const reader = await node.listen(holder);
    const rename = { file: 'd/a', to: 'e/b', kind: 'rename' as const, requestId: 'r' };
    const patience = { waitMs: 10_000, queued: true };
    const { changeId } = ok(await node.change(breaker, rename, patience));
    const about = ({ lease }: typeof from) => ({
      event: 'break',
      data: { leaseId: lease?.leaseId, target: 'none' },
    });
    expect(await reader.next()).toMatchObject([about(from)]);
    // A repeated request finds its place.
    expect(ok(await node.change(breaker, rename, patience))).toMatchObject({ changeId, waiting: true });
    expect(await node.waits.get(changeId, digestOf(breaker.secret))).toMatchObject({
      kind: 'change',
      ahead: 0,
      why: { reason: 'break_started', blockers: [{ id: from.lease?.leaseId }] },
    });
    const told = await node.listen(breaker);
    await node.set(holder, from.lease?.leaseId ?? '', 'none');
    expect(await told.next()).toMatchObject([
      { event: 'granted', data: { changeId, waitId: changeId, file: 'd' } },
    ]);
    const renamed = node.change(breaker, rename, { waitMs: 10_000 });
    expect(await reader.next(2)).toMatchObject([{ event: 'released' }, about(to)]);
    await node.set(holder, to.lease?.leaseId ?? '', 'none');
    expect(ok(await renamed)).toMatchObject({ waiting: false });
    // The root keeps its delegation: no name in it was touched.
    expect(await reader.next()).toMatchObject([{ event: 'released' }]);
    expect(reader.unread).toBe(0);
  });
});

describe('requests that wait', () => {
  const patient = { waitMs: 10_000 };
  const all: [bigint, bigint] = [0n, 199n];

  test('a queued range lock sends an event under its own id: granted, or dropped when its time is over', async () => {
    ok(await node.lock(holder, all, 'write'));
    const reader = await node.listen(breaker);
    const queued = { waitMs: 3_000, queued: true };
    const first = ok(await node.lock(breaker, [0n, 9n], 'read', queued));
    const second = ok(await node.lock(breaker, [100n, 109n], 'read', queued, 'b'));
    expect([first.state, second.state]).toEqual(['waiting', 'waiting']);
    await node.unlock(holder, [0n, 99n]);
    expect(await reader.next()).toMatchObject([
      { event: 'granted', data: { waitId: first.rangeId, rangeId: first.rangeId, type: 'read', file: 'f' } },
    ]);
    await pass(3_000);
    expect(await reader.next()).toMatchObject([
      { event: 'dropped', data: { waitId: second.rangeId, reason: 'wait_elapsed', owner: 'b' } },
    ]);
  });

  test('a request granted by merging into another lock is found, whether or not its record arrives', async () => {
    for (const lost of [false, true]) {
      ok(await node.lock(breaker, [0n, 99n], 'write'));
      ok(await node.lock(holder, [100n, 199n], 'write'));
      const waiting = node.lock(breaker, [100n, 199n], 'write', patient);
      await parked(1);
      if (lost) underWay = [];
      await node.unlock(holder, [100n, 199n]);
      // A new epoch: every waiting request re-reads its row.
      if (lost) await node.relay.align(node.relay.at.map(({ epoch }) => epoch + 1));
      expect(ok(await waiting)).toMatchObject({ state: 'held', startLo: 0, endLo: 199 });
      underWay = undefined;
      await node.unlock(breaker, all);
    }
  });

  test('a call that gives up leaves the queue; another call with the same request keeps its place', async () => {
    ok(await node.lock(holder, all, 'write'));
    const [gone, stays] = [new AbortController(), new AbortController()];
    const first = node.lock(breaker, all, 'read', { ...patient, signal: gone.signal });
    await parked(1);
    const id = (await waiters())[0]?.id ?? '';
    const second = node.lock(breaker, all, 'read', { ...patient, signal: stays.signal });
    await eventually(() => {
      expect(node.relay.watchers(id)).toBe(2);
    });
    expect(await node.lock(breaker, all, 'read')).toMatchObject({ refused: { reason: 'request_pending' } });
    gone.abort();
    expect(await first).toMatchObject({ refused: { reason: 'request_pending', waitId: id } });
    expect(await waiters()).toHaveLength(1);
    await node.unlock(holder, all);
    expect(ok(await second)).toMatchObject({ state: 'held' });
    await node.unlock(breaker, all);

    ok(await node.lock(holder, all, 'write'));
    const alone = new AbortController();
    const third = node.lock(breaker, all, 'read', { ...patient, signal: alone.signal });
    await parked(1);
    alone.abort();
    expect(await third).toMatchObject({ refused: { reason: 'cancelled' } });
    expect(await waiters()).toEqual([]);
  });

  test('leases are granted in the order in which they were requested', async () => {
    const lease = await node.acquire(holder, 'f', 'write');
    const turns: string[] = [];
    const asks = [];
    for (const [name, type] of [
      ['one', 'read'],
      ['two', 'write'],
      ['three', 'read'],
    ] as const) {
      const { sessionId, secret } = breaker;
      const where = { sessionId, owner: name, export: 'local', file: 'f', type };
      const asked = node.leases.acquire(where, digestOf(secret), patient).then(async (got) => {
        turns.push(name);
        await node.set(breaker, ok(got).leaseId, 'none');
      });
      asks.push(asked);
      await parked(asks.length);
    }
    await node.set(holder, lease.leaseId, 'none');
    await Promise.all(asks);
    expect(turns).toEqual(['one', 'two', 'three']);
  });

  test('a lease that waits is known by its requestId, also when the call that asked for it has gone', async () => {
    const lease = await node.acquire(holder, 'f', 'write');
    const { sessionId, secret } = breaker;
    const ask = { sessionId, export: 'local', file: 'f', type: 'read' as const, requestId: 'r' };
    const gone = new AbortController();
    const first = node.leases.acquire(ask, digestOf(secret), { ...patient, signal: gone.signal });
    await parked(1);
    gone.abort();
    expect(await first).toMatchObject({ refused: { reason: 'cancelled' } });
    const found = ok(await node.leases.acquire(ask, digestOf(secret), { ...patient, queued: true }));
    expect(found).toMatchObject({ state: 'allocated', waitType: 'read' });
    await node.set(holder, lease.leaseId, 'none');
    const again = ok(await node.leases.acquire(ask, digestOf(secret), { waitMs: 0 }));
    expect(again).toMatchObject({ leaseId: found.leaseId, state: 'active', type: 'read' });
  });

  test('an open waits for an upgrade, and is unchanged when it gives up', async () => {
    const { openId } = ok(await node.open(holder, 'f', 'read'));
    const theirs = ok(await node.open(breaker, 'f', 'write'));
    const digest = digestOf(holder.secret);
    const more = { access: 'read' as const, deny: 'write' as const };
    expect(await node.opens.set(openId, more, digest, { waitMs: 0 })).toMatchObject({
      refused: { reason: 'share_denied', blockers: [{ id: theirs.openId, kind: 'open' }] },
    });
    const gone = new AbortController();
    const given = node.opens.set(openId, more, digest, { ...patient, signal: gone.signal });
    await parked(1);
    gone.abort();
    expect(await given).toMatchObject({ refused: { reason: 'cancelled' } });
    expect(await waiters()).toEqual([]);
    const becomes = node.opens.set(openId, more, digest, patient);
    await parked(1);
    await node.opens.close(theirs.openId, digestOf(breaker.secret));
    expect(ok(await becomes)).toMatchObject({ openId, deny: 'write', toDeny: undefined });
  });

  test('a deadlock is refused with its cycle, at once, to the youngest', async () => {
    ok(await node.lock(holder, [0n, 0n], 'write'));
    ok(await node.lock(breaker, [1n, 1n], 'write'));
    const waiting = node.lock(holder, [1n, 1n], 'write', patient);
    await parked(1);
    expect(await node.lock(breaker, [0n, 0n], 'write', patient)).toMatchObject({
      refused: {
        reason: 'deadlock',
        cycle: [{ sessionId: breaker.sessionId }, { sessionId: holder.sessionId }],
      },
    });
    await node.unlock(breaker, [1n, 1n]);
    expect(ok(await waiting).state).toBe('held');
  });

  async function waiters() {
    const { locks } = await node.arbiter.run('lockList', { after: 0, limit: 100 });
    return locks.filter(({ waits }) => waits !== undefined);
  }
});

describe('in a table of four shards', () => {
  const shards = 4;
  const other: Node[] = [];

  beforeEach(async () => {
    node.streams.stop();
    node.relay.stop();
    await table.close();
    const parts = Array.from({ length: shards }, () =>
      openEmbeddedTable({ store: new MemoryStore(), wall: () => wall }),
    );
    table = new ShardedTable(await Promise.all(parts));
    node = await new Node(table).start();
    [holder, breaker] = [await node.client(), await node.client()];
  });
  afterEach(() => {
    for (const each of other.splice(0)) {
      each.streams.stop();
      each.relay.stop();
    }
  });

  /** The names of that many files, in all shards in turn. */
  const filesIn = (count: number): string[] =>
    Array.from({ length: count }, (_, n) => {
      for (let i = 0; ; i += 1) {
        const name = `f${String(n)}-${String(i)}`;
        if (shardFor(name, shards) === n % shards) return name;
      }
    });
  const leasesOf = (told: readonly Told[]): unknown[] => told.map(({ data }) => data['leaseId']);

  /** Releases leases in all shards, and returns what their holder is told of it. */
  async function released(): Promise<Told[]> {
    const leases = [];
    for (const file of filesIn(12)) leases.push(await node.acquire(holder, file, 'read'));
    expect(new Set(leases.map(({ leaseId }) => shardOfId(leaseId))).size).toBe(shards);
    const reader = await node.listen(holder);
    for (const { leaseId } of leases) await node.set(holder, leaseId, 'none');
    const told = await reader.next(leases.length);
    expect(leasesOf(told)).toEqual(leases.map(({ leaseId }) => leaseId));
    reader.end();
    return told;
  }

  test('a stream goes on at another node after any event with exactly the rest, those of a shard in order', async () => {
    const told = await released();
    const second = await new Node(table).start();
    other.push(second);
    for (const [at, { id }] of told.entries()) {
      const rest = told.slice(at + 1);
      const reader = await second.connect(holder, id);
      const again = leasesOf(await reader.next(rest.length)) as string[];
      for (let shard = 0; shard < shards; shard += 1)
        expect(again.filter((leaseId) => shardOfId(leaseId) === shard)).toEqual(
          (leasesOf(rest) as string[]).filter((leaseId) => shardOfId(leaseId) === shard),
        );
      expect(reader.unread).toBe(0);
      reader.end();
    }
  });

  test('a replay that is cut off after any event goes on with exactly the rest', async () => {
    const [first] = await released();
    const whole = await (await node.connect(holder, first?.id)).next(11);
    for (const [at, { id }] of whole.entries()) {
      const reader = await node.connect(holder, id);
      expect(leasesOf(await reader.next(11 - at - 1))).toEqual(leasesOf(whole.slice(at + 1)));
      expect(reader.unread).toBe(0);
      reader.end();
    }
  });

  test('what happens while a stream catches up follows the replay, and its ids hold all places', async () => {
    const told = await released();
    const lease = await node.acquire(holder, 'late', 'read');
    const reader = await node.connect(holder, told[5]?.id);
    await node.open(breaker, 'late', 'write');
    const again = await reader.next(7);
    expect(again.at(-1)).toMatchObject({ event: 'break', data: { leaseId: lease.leaseId } });
    const last = await node.connect(holder, again.at(-1)?.id);
    await node.set(holder, lease.leaseId, 'none');
    expect(leasesOf(await last.next())).toEqual([lease.leaseId]);
    expect(last.unread).toBe(0);
  });

  test.each([
    ['of a table with one shard', (at: Position) => idOf(at.slice(0, 1)), 'unknown_id'],
    ['with a place too many', (at: Position) => `${idOf(at)}.0-0`, 'unknown_id'],
    ['with places of each other', (at: Position) => idOf(at.toReversed()), 'unknown_id'],
    [
      'from the future of one shard',
      (at: Position) => idOf(at.with(2, { epoch: at[2]?.epoch ?? 0, no: 1_000 })),
      'other_epoch',
    ],
  ])('an id %s is answered with resync', async (_name, idAt, cause) => {
    const reader = await node.connect(holder, idAt(node.relay.at));
    expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause } }]);
  });

  test('a new epoch of one shard sends a resync to every client, once', async () => {
    const reader = await node.listen(holder);
    const epochs = node.relay.at.map(({ epoch }) => epoch);
    await node.relay.align(epochs);
    await node.acquire(holder, 'g', 'read');
    await node.open(breaker, 'g', 'write');
    expect(await reader.next()).toMatchObject([{ event: 'break' }]);
    const later = epochs.with(3, (epochs[3] ?? 0) + shards);
    await node.relay.align(later);
    expect(await reader.next()).toMatchObject([{ event: 'resync', data: { cause: 'gap' } }]);
    await node.relay.align(later);
    await node.acquire(holder, 'f', 'read');
    await node.open(breaker, 'f', 'write');
    expect(await reader.next()).toMatchObject([{ event: 'break' }]);
    expect(reader.unread).toBe(0);
  });
});
