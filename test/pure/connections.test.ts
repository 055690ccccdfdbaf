import fc from 'fast-check';
import type { Table, VerbInput, VerbName, VerbOutput } from '#locks';
import { Bench, fileOf, ownerOf } from '../support/rules-bench';
import { rulesTable } from '../support/rules-table';
import { scenarioLimits } from '../support/scenario';

/**
 * Connections to lock domains, in random histories on the rules alone: sessions on nodes that die, hangups, exports that
 * are removed by force. The invariants hold after every step (rulesTable).
 */
type Do =
  | 'connect'
  | 'hangup'
  | 'disconnect'
  | 'lock'
  | 'convert'
  | 'unlock'
  | 'end'
  | 'session'
  | 'beat'
  | 'acknowledge'
  | 'tick'
  | 'remove'
  | 'put';
interface Move {
  do: Do;
  a: number;
  b: number;
  c: number;
}
const weights: [Do, number][] = [
  ['connect', 5],
  ['hangup', 3],
  ['disconnect', 3],
  ['lock', 10],
  ['convert', 5],
  ['unlock', 3],
  ['end', 1],
  ['session', 3],
  ['beat', 8],
  ['acknowledge', 5],
  ['tick', 6],
  ['remove', 1],
  ['put', 2],
];
const moves = fc.array(
  fc.record({
    do: fc.oneof(...weights.map(([what, weight]) => ({ arbitrary: fc.constant(what), weight }))),
    a: fc.nat(11),
    b: fc.nat(11),
    c: fc.nat(11),
  }),
  { maxLength: 80, size: 'max' },
);

const modes = ['NL', 'CR', 'CW', 'PR', 'PW', 'EX'] as const;
const domains = ['local', 'd'] as const;
const pick = <T>(list: readonly T[], at: number): T | undefined =>
  list.length === 0 ? undefined : list[at % list.length];

class Player {
  readonly heard = new Set<string>();
  private readonly clock = { now: 1_700_000_000_000 };
  private readonly table = rulesTable(this.clock);
  private readonly sessions: string[] = [];
  private readonly connections: string[] = [];
  private readonly connected = new Set<string>();
  /** Who asked for a connection: ids are made from the session's. */
  private readonly askers = new Map<string, string>();
  private readonly locks: string[] = [];
  private count = 0;

  private async call<V extends VerbName>(verb: V, input: VerbInput<V>): Promise<VerbOutput<V>> {
    const { value } = await this.table.call(verb, input);
    this.heard.add('refused' in value ? value.refused.reason : verb);
    return value;
  }

  private id(kind: string): string {
    this.count += 1;
    return `${kind}-${String(this.count)}`;
  }

  async begin(): Promise<void> {
    await this.call('identify', { identity: 'history', limits: { ...scenarioLimits, sessionLocksMax: 12 } });
    await this.call('exportDeclare', { name: 'local', breakMs: 4000, lockDelayMs: 0 });
    await this.call('regionPut', { name: 'r', beatMs: 1000, deadMs: 4000, ackMs: 2000 });
    for (const name of ['n', 'm']) {
      await this.call('nodePut', { name, region: 'r' });
      await this.call('nodeBeat', { name, incarnation: `${name}0` });
    }
    await this.put(1);
    for (let at = 0; at < 4; at += 1) {
      await this.step({ do: 'session', a: 0, b: at + 1, c: 1 });
      await this.step({ do: 'connect', a: at, b: at, c: 1 });
    }
  }

  private put(at: number): Promise<unknown> {
    const region = at % 3 === 0 ? undefined : 'r';
    return this.call('exportPut', {
      ...{ name: 'd', stack: 'local', policy: 'refuse', region, own: {}, breakMs: 4000, lockDelayMs: 0 },
    });
  }

  async step({ do: what, a, b, c }: Move): Promise<void> {
    const sessionId = pick(this.sessions, a) ?? 'nobody';
    const connectionId = pick(this.connections.slice(-4), b) ?? 'none';
    const lockId = pick(this.locks, c) ?? 'none';
    const waitMs = b % 3 === 0 ? 0 : 2500 * b;
    const mode = modes[c % 6] ?? 'NL';
    switch (what) {
      case 'session': {
        const id = this.id('s');
        this.sessions.push(id);
        const node = b % 3 === 0 ? undefined : b % 3 === 1 ? 'n' : 'm';
        const ttlMs = c === 0 ? 3000 : 60_000;
        await this.call('sessionCreate', { sessionId: id, digest: id, ttlMs, pid: 0, node });
        break;
      }
      case 'connect': {
        const id = c === 11 ? connectionId : this.id('c');
        if (id !== connectionId) this.connections.push(id);
        const by = this.askers.get(id) ?? sessionId;
        this.askers.set(id, by);
        const exportName = pick(domains, b) ?? 'local';
        const stack = c === 10 ? 'posix' : undefined;
        const node = c === 9 ? 'n' : undefined;
        const made = await this.call('connect', {
          ...{
            sessionId: by,
            connectionId: id,
            exportName,
            major: c === 8 ? 2 : 1,
            minor: c % 2,
            stack,
            node,
          },
          body: exportName,
        });
        if (!('refused' in made)) this.connected.add(id);
        break;
      }
      case 'hangup':
        await this.call('connectionHangup', { connectionId });
        break;
      case 'disconnect':
        await this.call('disconnect', { connectionId });
        await this.call('connectionGet', { connectionId });
        await this.call('connectionList', { exportName: 'd', after: 0, limit: 2 });
        break;
      case 'lock': {
        const id = this.id('l');
        this.locks.push(id);
        const exportName = pick(domains, a) ?? 'local';
        const name = `${exportName}-${String(b % 2)}`;
        const file = { ...fileOf(name), exportName, resource: true };
        const persistent = a % 4 === 0 ? true : undefined;
        const through = b % 4 === 0 ? undefined : connectionId;
        await this.call('dlmLock', {
          ...{ ...ownerOf(sessionId), sessionId, lockId: id, connectionId: through, file, mode, waitMs },
          flags: { persistent, orphan: b === 11 ? true : undefined },
          body: mode,
        });
        break;
      }
      case 'convert':
        await this.call('dlmConvert', { lockId, mode: modes[b % 6] ?? 'NL', flags: {}, waitMs });
        break;
      case 'unlock':
        await this.call('dlmUnlock', { lockId });
        break;
      case 'end':
        await this.call('sessionEnd', { sessionId, digest: b % 2 === 0 ? sessionId : undefined });
        break;
      case 'beat':
        await this.call('nodeBeat', {
          ...{ name: a % 2 === 0 ? 'n' : 'm', incarnation: `i${String(Math.floor(this.count / 12))}` },
          leaving: c === 0 ? true : undefined,
        });
        break;
      case 'acknowledge': {
        const { nodes } = await this.call('nodeList', {});
        const telling = nodes.find(({ notice }) => notice !== undefined);
        const who = pick(telling?.notice?.waitsFor ?? [], a);
        const known = await this.call('connectionGet', { connectionId: who ?? 'none' });
        if (telling === undefined || 'refused' in known) break;
        const noticeId = telling.notice?.noticeId ?? '';
        const by = known.connection;
        await this.call('noticeAck', {
          ...{ node: telling.name, sessionId: by.sessionId, connectionId: by.connectionId, noticeId },
        });
        break;
      }
      case 'remove':
        await this.call('itemRemove', {
          ...{ kind: 'exports', name: 'd', force: b > 4, operationId: this.id('o'), deadlineMs: 1000 * c },
        });
        break;
      case 'put':
        await this.put(c);
        break;
      default:
        this.clock.now += 250 * (1 + a);
        await this.call('tick', {});
    }
  }

  /** Ends every session; nothing of it is left. */
  async end(): Promise<void> {
    for (const sessionId of this.sessions) await this.call('sessionEnd', { sessionId });
    for (let i = 0; i < 60; i += 1) {
      this.clock.now += 1000;
      await this.call('tick', {});
    }
    const { locks } = await this.call('lockList', { after: 0, limit: 100 });
    expect(locks.filter(({ sessionId }) => sessionId !== '')).toEqual([]);
    for (const exportName of domains) {
      const left = await this.call('connectionList', { exportName, after: 0, limit: 100 });
      if (!('refused' in left)) expect(left.connections).toEqual([]);
    }
    const { records } = await this.table.history(0, 100_000);
    const told = records.flatMap((record) => (record.kind === 'disconnected' ? [record.connectionId] : []));
    // Every connection has ended, and said so once.
    expect(told.sort()).toEqual([...this.connected].sort());
  }
}

async function play(history: readonly Move[]): Promise<Set<string>> {
  const player = new Player();
  await player.begin();
  for (const move of history) await player.step(move);
  await player.end();
  return player.heard;
}

test('histories that are the same in every run reach what a connection can be answered', async () => {
  const heard = new Set<string>();
  for (const history of fc.sample(moves, { numRuns: 120, seed: 5 }))
    for (const each of await play(history)) heard.add(each);
  const expected = [
    ...['connect', 'connectionGet', 'connectionList', 'connectionHangup', 'disconnect', 'noticeAck'],
    ...['protocol_mismatch', 'stack_mismatch', 'other_node', 'node_required', 'no_such_connection'],
    ...['connection_live', 'hung_up', 'stack_busy', 'not_holder'],
  ];
  expect(expected.filter((each) => !heard.has(each))).toEqual([]);
});

test('any history: the invariants hold, and nothing is left when every session has ended', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (history) => {
      await play(history);
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 20) },
  );
}, 3_600_000);

async function domain(): Promise<Table> {
  const table = rulesTable({ now: 1_700_000_000_000 });
  await table.call('identify', { identity: 'i', limits: scenarioLimits });
  await table.call('exportDeclare', { name: 'local', breakMs: 4000, lockDelayMs: 0 });
  for (const sessionId of ['A', 'B'])
    await table.call('sessionCreate', { sessionId, digest: 'd', ttlMs: 60_000, pid: 0 });
  return table;
}
const asked = { connectionId: 'c', exportName: 'local', major: 1, minor: 1, body: 'same' };

test('the id of a connection is of no use to another session', async () => {
  const table = await domain();
  const made = await table.call('connect', { sessionId: 'A', ...asked });
  expect(made.value).toMatchObject({ connection: { sessionId: 'A' } });
  expect((await table.call('connect', { sessionId: 'A', ...asked })).value).toEqual(made.value);
  expect((await table.call('connect', { sessionId: 'B', ...asked })).value).toEqual({
    refused: { reason: 'not_holder' },
  });
});

test('a request that a hangup has ended is not made anew by a repeat, through no connection either', async () => {
  const table = await domain();
  await table.call('connect', { sessionId: 'A', ...asked });
  const ask = (sessionId: string, lockId: string, connectionId?: string) =>
    table.call('dlmLock', {
      ...{ sessionId, lockId, connectionId, file: { ...fileOf('r'), resource: true } },
      ...{ ...ownerOf(sessionId), mode: 'EX', flags: {}, waitMs: 9000, body: lockId },
    });
  await ask('B', 'held');
  expect((await ask('A', 'waits', 'c')).value).toMatchObject({ waiting: true });
  await table.call('connectionHangup', { connectionId: 'c' });
  expect((await ask('A', 'waits')).value).toEqual({ refused: { reason: 'lock_over', ended: 'hung_up' } });
});

describe('the connections of an export', () => {
  const connect = (bench: Bench, sessionId: string, connectionId: string, exportName = 'local') =>
    bench.ask('connect', { sessionId, connectionId, exportName, major: 1, minor: 1 });

  test('are shown completely', () => {
    const bench = new Bench();
    bench.ask('stackPut', { name: 'local' });
    bench.ask('regionPut', { name: 'r', beatMs: 1000, deadMs: 10_000, ackMs: 1000 });
    bench.ask('nodePut', { name: 'n', region: 'r' });
    bench.ask('nodeBeat', { name: 'n', incarnation: 'i' });
    bench.put('d', { region: 'r' });
    bench.session('A', { node: 'n' });
    const connection = {
      ...{ connectionId: 'c', sessionId: 'A', exportName: 'd', state: 'connected', stack: 'local' },
      ...{ major: 1, minor: 1, node: 'n', nodeState: 'up', region: 'r' },
    };
    expect(connect(bench, 'A', 'c', 'd')).toEqual({ connection });
    expect(bench.ask('connectionList', { exportName: 'd', after: 0, limit: 9 })).toEqual({
      ...{ connections: [connection], after: undefined },
    });
  });

  test('are listed page by page, and nothing else that depends on it', () => {
    const bench = new Bench();
    bench.declare();
    bench.session('A');
    for (const id of ['1', '2', '3']) connect(bench, 'A', id);
    // Not under the id of a connection, whatever else has it.
    bench.ask('pinAdd', { pinId: '1', kind: 'exports', name: 'local', sessionId: 'A' });
    const list = (after: number, limit: number) => {
      const value = bench.ask('connectionList', { exportName: 'local', after, limit });
      if ('refused' in value) throw new Error(value.refused.reason);
      return { ids: value.connections.map(({ connectionId }) => connectionId), after: value.after };
    };
    expect(list(0, 9)).toEqual({ ids: ['1', '2', '3'], after: undefined });
    const first = list(0, 2);
    expect(first).toEqual({ ids: ['1', '2'], after: expect.any(Number) as number });
    const second = list(first.after ?? 0, 2);
    expect(second).toEqual({ ids: ['3'], after: expect.any(Number) as number });
    expect(list(second.after ?? 0, 2)).toEqual({ ids: [], after: undefined });
    expect(bench.ask('connectionList', { exportName: 'x', after: 0, limit: 9 })).toEqual({
      refused: { reason: 'no_such_export' },
    });
  });

  test('end step by step if they have many locks, and are hung up while their session ends', () => {
    const bench = new Bench();
    bench.declare();
    bench.session('A');
    connect(bench, 'A', 'c');
    for (let no = 0; no < 70; no += 1)
      bench.rows.play('dlmLock', {
        ...{ sessionId: 'A', lockId: String(no), connectionId: 'c', ...ownerOf('A') },
        ...{ file: { ...fileOf(`r${String(no)}`), resource: true }, mode: 'NL', flags: {}, waitMs: 0 },
      });
    const ended = bench.rows.copy();
    const twice = (verb: 'connectionHangup' | 'disconnect') =>
      [0, 1].map(() => ended.play(verb, { connectionId: 'c' }).value);
    expect([twice('connectionHangup'), twice('disconnect')]).toEqual([
      [{ more: true }, { more: false }],
      [{ more: true }, { more: false }],
    ]);
    expect(bench.ask('sessionEnd', { sessionId: 'A' })).toEqual({ more: true });
    expect(bench.ask('connectionList', { exportName: 'local', after: 0, limit: 9 })).toMatchObject({
      connections: [{ connectionId: 'c', state: 'hungUp' }],
    });
  });
});
