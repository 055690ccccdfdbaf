import type { StepReply, VerbName } from '#locks';
import { type Instruction, Player } from './history';
import { checkInvariants } from './invariants';
import { PlainRows } from './plain-rows';
import { quickly as expect } from './quickly';
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
