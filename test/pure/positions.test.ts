import fc from 'fast-check';
import type { LeaseView, RecordRow, Table } from '#locks';
import {
  type ClusterEvent,
  ClusterEvents,
  type ClusterEventSink,
} from '../../apps/lease-api/src/application/cluster-events';
import { EventFeed, FileIndex } from '../../apps/lease-api/src/application/event-feed';
import { Journal } from '../../apps/lease-api/src/application/journal';
import type { Log } from '../../apps/lease-api/src/telemetry/logger';
import { positionMax } from '../../libs/contracts/src/nfs';
import {
  after,
  Cursor,
  Echoes,
  idOf,
  type Position,
  positionOf,
} from '../../apps/lease-api/src/application/positions';
import type { Follower } from '../../apps/lease-api/src/application/relay';
import type { EventSink, SessionEvent } from '../../apps/lease-api/src/application/session-events';

/** Positions in the logs of all shards, and what is told once although every shard reports it. */
const counts = fc.constantFrom(1, 2, 4, 64);
const numbersMax = 2 ** 53 - 1;
const positions = counts.chain((shards) =>
  fc.tuple(
    ...Array.from({ length: shards }, (_, shard) =>
      fc.record({
        epoch: fc.nat(Math.floor(numbersMax / shards) - 1).map((n) => n * shards + shard),
        no: fc.integer({ min: 0, max: 10 ** 15 - 1 }),
      }),
    ),
  ),
);

test('an id is read as the position that it was made of, and fits wherever it goes', () => {
  fc.assert(
    fc.property(positions, (at) => {
      const id = idOf(at);
      expect(positionOf(id, at.length)).toEqual(at);
      expect(id.length).toBeLessThanOrEqual(positionMax);
      expect(id).toMatch(/^[\da-z.-]+$/);
      for (const shards of [1, 2, 4, 64])
        if (shards !== at.length) expect(positionOf(id, shards)).toBeUndefined();
    }),
  );
  expect(idOf([{ epoch: 12, no: 345 }])).toBe('12-345');
});

test('a cursor is after the last record of each shard that it passed', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ epoch: fc.nat(64), no: fc.nat() })), (records) => {
      let at: Position = Array.from({ length: 4 }, (_, epoch) => ({ epoch, no: 0 }));
      const cursor = new Cursor(at);
      for (const record of records) {
        cursor.pass(record);
        at = after(at, record);
        expect(cursor.id).toBe(idOf(at));
      }
    }),
  );
});

test.each(['', '1', '1-', '-1', '1-2-3', 'x-1', '1-2.3-4', '0001-2.', ' 1-2', '1-2 ', '99999999999999999-1'])(
  '%j is no position',
  (id) => {
    expect(positionOf(id, 1)).toBeUndefined();
    expect(positionOf(id, 4)).toBeUndefined();
  },
);

/** Epochs of four shards. */
const epochOf = (shard: number): number => 400 + shard;
const idInShard = (shard: number): string => `12345678-1234-8234-9234-12340000000${String(shard)}`;

describe('what every shard reports of an export', () => {
  let feed: EventFeed;
  let told: SessionEvent[];

  beforeEach(() => {
    told = [];
    const sink = { tell: (events: readonly SessionEvent[]) => told.push(...events), end: () => undefined };
    feed = new EventFeed('s', '', sink as unknown as EventSink, new FileIndex(), 4);
    feed.load();
    for (const shard of [1, 2]) {
      const lease = {
        leaseId: idInShard(shard),
        fileKey: `k${String(shard)}`,
        exportName: 'e',
        path: `f${String(shard)}`,
      };
      feed.found({ ...lease, owner: 'o', type: 'read', token: 7, state: 'active' } as LeaseView);
    }
    feed.resume(
      0,
      [0, 1, 2, 3].map((shard) => ({ epoch: epochOf(shard), no: 0 })),
    );
  });

  /** The words that the client is told: `jeopardy`, or the shard of a lease that is safe again. */
  function heard(...reports: [kind: 'jeopardy' | 'reclaimed', shard: number][]): string[] {
    for (const [no, [kind, shard]] of reports.entries()) {
      const record = {
        kind,
        exportName: 'e',
        cause: 'fileserver_lost',
        epoch: epochOf(shard),
        no: no + 1,
        wall: 0,
      };
      feed.take(record as RecordRow, 0, new Cursor([]));
    }
    feed.flush();
    return told.map(({ event, data }) =>
      event === 'reclaimed' && 'leaseId' in data ? data.leaseId.slice(-1) : event,
    );
  }

  test('its loss is told once, and each lease is safe again when its shard says so', () => {
    const lost = [0, 1, 2, 3].map((shard): ['jeopardy', number] => ['jeopardy', shard]);
    const back = [0, 1, 2, 3].map((shard): ['reclaimed', number] => ['reclaimed', shard]);
    expect(heard(...lost, ...back)).toEqual(['jeopardy', '1', '2']);
  });

  test('whatever the order, a client believes of every lease in the end what its shard has said last', () => {
    const report = fc.tuple(fc.constantFrom('jeopardy', 'reclaimed'), fc.nat(3));
    fc.assert(
      fc.property(fc.array(report), (reports) => {
        feed.load();
        for (const shard of [1, 2])
          feed.found({
            leaseId: idInShard(shard),
            fileKey: `k${String(shard)}`,
            exportName: 'e',
            state: 'active',
          } as LeaseView);
        feed.resume(
          0,
          [0, 1, 2, 3].map((shard) => ({ epoch: epochOf(shard), no: 0 })),
        );
        told.length = 0;
        const inJeopardy = new Set<string>();
        for (const word of heard(...reports))
          if (word === 'jeopardy') for (const shard of ['1', '2']) inJeopardy.add(shard);
          else inJeopardy.delete(word);
        const last = (shard: number) => reports.findLast(([, of]) => of === shard)?.[0];
        for (const shard of [1, 2])
          if (last(shard) === 'jeopardy') expect(inJeopardy).toContain(String(shard));
        if ([1, 2].every((shard) => last(shard) !== 'jeopardy')) expect(inJeopardy.size).toBe(0);
      }),
    );
  });
});

describe('what is told of an export that every shard reports on', () => {
  type Report = [kind: 'jeopardy' | 'reclaimed' | 'configured', shard: number];
  const recordOf = ([kind, shard]: Report): RecordRow =>
    ({ kind, exportName: 'e', item: 'exports/e', epoch: epochOf(shard), no: 1, wall: 0 }) as RecordRow;
  /** Those that are told. */
  const toldOf = (reports: Report[], shards = 4): Report[] => {
    const echoes = new Echoes(shards);
    return reports.filter((report) => !echoes.has(recordOf(report)));
  };

  test('a loss that all see, and its end, are told once', () => {
    const shards = [0, 1, 2, 3];
    const lost = shards.map((shard): Report => ['jeopardy', shard]);
    const back = shards.map((shard): Report => ['reclaimed', shard]);
    expect(toldOf([...lost, ...back, ...lost])).toEqual([lost[0], back[3], lost[0]]);
  });

  test('a loss that one shard alone sees is told, whichever it is', () => {
    expect(toldOf([['jeopardy', 2]])).toEqual([['jeopardy', 2]]);
    expect(
      toldOf([
        ['jeopardy', 2],
        ['reclaimed', 2],
        ['jeopardy', 2],
      ]),
    ).toHaveLength(3);
  });

  test('an end of what began before is told once; so is what is configured', () => {
    for (const kind of ['reclaimed', 'configured'] as const)
      expect(toldOf([0, 1, 2, 3].map((shard): Report => [kind, shard]))).toEqual([[kind, 0]]);
  });

  test('with one shard, everything is told', () => {
    const all: Report[] = [
      ['jeopardy', 1],
      ['jeopardy', 2],
      ['reclaimed', 3],
    ];
    expect(toldOf(all, 1)).toEqual(all);
  });

  test('in the log of the service', () => {
    const lines: string[] = [];
    const note = (_facts: object, line: string) => lines.push(line);
    const journal = new Journal({ info: note, warn: note, error: note } as unknown as Log, 4);
    journal.records([recordOf(['jeopardy', 3]), recordOf(['jeopardy', 0]), recordOf(['reclaimed', 3])]);
    expect(lines).toEqual([
      'an export has lost its fileserver: its leases are in jeopardy, and nothing new is granted',
    ]);
    journal.records([recordOf(['reclaimed', 0])]);
    expect(lines.at(-1)).toBe('an export has its fileserver again');
  });
});

describe('the events of the cluster', () => {
  const at = [
    { epoch: 400, no: 6 },
    { epoch: 401, no: 5 },
  ];
  const released = (epoch: number, no: number, wall: number): RecordRow =>
    ({ kind: 'released', epoch, no, wall, exportName: 'e', path: 'f', cause: 'holder' }) as RecordRow;
  /** Every third is of an export as a whole, which both shards report. */
  const logOf = (epoch: number, count: number): RecordRow[] =>
    Array.from({ length: count }, (_, n) => {
      const record = released(epoch, n + 1, 10 * n + (epoch % 2));
      return n % 3 === 2 ? { ...record, kind: 'configured', item: 'exports/e', reason: 'changed' } : record;
    });
  const logs = [logOf(400, 6), logOf(401, 5)];
  let streams: ClusterEvents;
  let follower: Follower;

  beforeEach(() => {
    const table: Pick<Table, 'history' | 'shards'> = {
      shards: 2,
      history: (from, limit, shard = 0) => {
        const records = (logs[shard] ?? []).slice(from, from + Math.min(limit, 2));
        return Promise.resolve({ records, complete: true, last: logs[shard]?.length ?? 0 });
      },
    };
    const relay = {
      at,
      follow: (each: Follower) => {
        follower = each;
      },
      hurry: () => undefined,
    };
    streams = new ClusterEvents(table, { resolve: () => Promise.reject(new Error('unused')) }, relay);
  });
  afterEach(() => {
    streams.stop();
  });

  async function read(how: { from?: string; past: boolean; follow: boolean }): Promise<ClusterEvent[]> {
    const events: ClusterEvent[] = [];
    const sink: ClusterEventSink = {
      tell: (told) => events.push(...told),
      resync: (cause) => {
        throw new Error(cause);
      },
      ping: () => undefined,
      drained: () => Promise.resolve(),
      end: () => undefined,
      closed: false,
    };
    await streams.attach({}, how, () => sink);
    return events;
  }

  test('are told in the order in which they happened, what both shards report once, and go on after any of them', async () => {
    const all = await read({ past: true, follow: false });
    expect(all.map(({ wallMs }) => wallMs)).toEqual([0, 1, 10, 11, 20, 30, 31, 40, 41, 50]);
    for (const [index, { id }] of all.entries())
      expect(await read({ from: id, past: false, follow: false })).toEqual(all.slice(index + 1));
  });

  test('have ids that count what a stream is not told', async () => {
    const events = await read({ past: false, follow: true });
    follower.records([released(401, 6, 60), { ...released(401, 7, 61), kind: 'available' } as RecordRow]);
    follower.records([released(400, 7, 62)]);
    expect(events.map(({ id }) => positionOf(id, 2))).toEqual([
      [at[0], { epoch: 401, no: 6 }],
      [
        { epoch: 400, no: 7 },
        { epoch: 401, no: 7 },
      ],
    ]);
  });
});
