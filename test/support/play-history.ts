import { type HoldAsk, ShardedTable, type StepReply, verbFlags, type VerbInput, type VerbName } from '#locks';
import { type Instruction, Player } from './history';
import { checkInvariants } from './invariants';
import { PlainRows } from './plain-rows';
import { quickly as expect } from './quickly';
import { tableOf } from './rules-table';
import { Witness } from './witness';

/** Who watches a history: after each verb, and after each instruction. */
export interface Watcher {
  replied?: (verb: VerbName, reply: StepReply<VerbName>) => void;
  stepped?: (rows: PlainRows) => void;
}

/**
 * Plays a history and checks the rows after every step; then ends all sessions, after which nothing may be left. Returns
 * the rows at the end. `late`: the adapter comes late.
 */
export async function playHistory(
  history: readonly Instruction[],
  late = false,
  { replied, stepped }: Watcher = {},
): Promise<PlainRows> {
  const clock = { now: 1_700_000_000_000 };
  const rows = new PlainRows(clock);
  const witness = new Witness(rows);
  const player = new Player((verb, input) => {
    const reply = rows.play(verb, input);
    witness.look(reply.value, input);
    replied?.(verb, reply);
    return Promise.resolve(reply);
  }, clock);
  await player.begin(late);
  checkInvariants(rows);
  for (const instruction of history) {
    await player.step(instruction);
    checkInvariants(rows);
    stepped?.(rows);
  }
  checkTokens(rows);
  endSessions(rows, clock);
  // The grace period of an export lasts until somebody looks at it after its end.
  for (const [name] of rows.all('export')) rows.play('exportGrace', { name, graceMs: 0 });
  checkInvariants(rows);
  const left = (['file', 'lease', 'open', 'range', 'change', 'share', 'lockState', 'session'] as const).map(
    (kind) => rows.all(kind).length,
  );
  expect(left).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  // Only the tree is left.
  const ofTree = /^(due|exports|stacks|nodes|regions|operations|[APQU]:.*)$/;
  expect([...rows.lists.keys()].filter((name) => !ofTree.test(name))).toEqual([]);
  return rows;
}

/** The tokens of a file only grow. */
function checkTokens(rows: PlainRows): void {
  const tokens = new Map<string, number>();
  for (const record of rows.records) {
    if (record.kind !== 'granted' && record.kind !== 'downgraded') continue;
    expect(record.token).toBeGreaterThanOrEqual((tokens.get(record.fileKey) ?? 0) + 1);
    tokens.set(record.fileKey, record.token);
  }
}

/** No session is kept alive any more; the fileserver answers every ask. */
function endSessions(rows: PlainRows, clock: { now: number }): void {
  let asks = rows.play('tick', {}).asks;
  for (let i = 0; i < 400 && rows.all('session').length > 0; i += 1) {
    clock.now += 2900;
    const exp = rows.get('export', 'posix');
    const beat = rows.play('heartbeat', {
      incarnation: exp?.incarnation ?? '',
      exports: ['posix'],
      dead: (exp?.predecessors ?? []).map((predecessor) => predecessor.incarnation),
    });
    const report = rows.play('holdReport', {
      incarnation: exp?.incarnation ?? '',
      holds: [],
      done: true,
    });
    asks = [...asks, ...beat.asks, ...report.asks, ...rows.play('tick', {}).asks];
    for (let ask = asks.shift(); ask !== undefined; ask = asks.shift()) {
      asks.push(
        ...rows.play('holdAnswered', { fileKey: ask.fileKey, holdGen: ask.holdGen, have: ask.type }).asks,
      );
    }
  }
}

/** The same in several shards; after every instruction the rows are checked of those that it has changed. */
export async function playInShards(
  history: readonly Instruction[],
  shards: number,
  { replied, stepped }: Watcher = {},
): Promise<void> {
  const clock = { now: 1_700_000_000_000 };
  const changed = new Set<PlainRows>();
  let ending = false;
  const all = Array.from({ length: shards }, () => new PlainRows(clock));
  const table = new ShardedTable(
    all.map((rows) => {
      const witness = new Witness(rows);
      const call = <V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> => {
        const reply = rows.play(verb, input);
        if (verbFlags[verb] !== 'read') changed.add(rows);
        if (!ending) witness.look(reply.value, input);
        replied?.(verb, reply);
        return Promise.resolve(reply);
      };
      return { ...tableOf(rows), call };
    }),
  );
  const check = (): void => {
    for (const rows of changed) {
      checkInvariants(rows);
      stepped?.(rows);
    }
    changed.clear();
  };
  const asks: HoldAsk[] = [];
  const call = async <V extends VerbName>(verb: V, input: VerbInput<V>): Promise<StepReply<V>> => {
    const reply = await table.call(verb, input);
    asks.push(...reply.asks);
    return reply;
  };
  const player = new Player(call, clock, shards);
  await player.begin();
  check();
  for (const instruction of history) {
    await player.step(instruction);
    check();
  }
  for (const rows of all) checkTokens(rows);
  ending = true;
  // Those that have ended are remembered for a while.
  const living = (): boolean => all.some((rows) => rows.all('session').length > 0);
  for (let i = 0; i < 400 && living(); i += 1) {
    clock.now += 2900;
    const exp = all[0]?.look('export', 'posix');
    const dead = (exp?.predecessors ?? []).map((predecessor) => predecessor.incarnation);
    const incarnation = exp?.incarnation ?? '';
    await call('heartbeat', { incarnation, exports: ['posix'], dead });
    await call('holdReport', { incarnation, holds: [], done: true });
    await call('tick', {});
    for (let ask = asks.shift(); ask !== undefined; ask = asks.shift()) {
      const { fileKey, holdGen, type: have } = ask;
      await call('holdAnswered', { fileKey, holdGen, have });
    }
  }
  check();
  expect(living()).toBe(false);
  for (const rows of all)
    for (const kind of ['lease', 'open', 'range', 'change', 'share', 'lockState'] as const)
      expect([kind, rows.all(kind).length]).toEqual([kind, 0]);
}
