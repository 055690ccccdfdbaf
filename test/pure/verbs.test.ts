import fc from 'fast-check';
import { type VerbInput, verbFlags, type VerbName } from '../../libs/locks/src/core/io';
import { openEmbeddedTable } from '../../libs/locks/src/table/embedded/embedded-table';
import { TableFull } from '../../libs/locks/src/table/table';
import { histories, Player } from '../support/history';
import { MemoryStore } from '../support/memory-store';
import { PlainRows } from '../support/plain-rows';
import { Bench, fileOf, ownerOf } from '../support/rules-bench';

/** What each verb may do to the table: semantics.md §9. */
const reads: VerbName[] = [
  ...[
    'placeCheck',
    'graceGet',
    'fenceGet',
    'permitCheck',
    'lockGet',
    'lockList',
    'sessionList',
    'resourceGet',
    'subjectList',
    'serverList',
    'connectionList',
  ],
  ...['exportList', 'stackList', 'regionList', 'nodeList', 'operationGet', 'operationList'],
  ...['dependentList', 'unboundList', 'nameList', 'newsList', 'waitList', 'exportCopy'],
] as VerbName[];
/** Each adds something that stays: nothing else has to make room. */
const grows: VerbName[] = [
  ...[
    'sessionCreate',
    'clientExchange',
    'leaseAlloc',
    'leaseAcquire',
    'delegationWant',
    'attributesAsk',
    'rangeLock',
    'permitTake',
    'connect',
    'dlmLock',
  ],
  ...['exportPut', 'exportTouch', 'stackPut', 'regionPut', 'nodePut', 'pinAdd', 'subscribe'],
] as VerbName[];
/** Holders must be told before somebody else's open or change, also on a full disk. */
const breaks: VerbName[] = ['openCreate', 'openSet', 'fileChange'];

/** An input of every verb, as the histories ask. */
const inputs = new Map<VerbName, VerbInput<VerbName>>();
const all = Object.keys(verbFlags) as VerbName[];

beforeAll(async () => {
  if (inputs.size > 0) return;
  for (const [at, history] of fc.sample(histories(120), { numRuns: 20, seed: 3 }).entries()) {
    const rows = new PlainRows({ now: 1_700_000_000_000 });
    const player = new Player((verb, input) => {
      if (!inputs.has(verb)) inputs.set(verb, structuredClone(input));
      return Promise.resolve(rows.play(verb, input));
    }, rows.clock);
    await player.begin(at % 3 === 0);
    for (const instruction of history) await player.step(instruction);
  }
  // What no history asks.
  const dlm = { dlmId: 'd', flags: [], mode: 'PR', waitMs: 0, limit: 9, after: 0 } as const;
  const named = { tenant: 't', subject: 's', incarnation: 'i', realKey: 'real', sessionIds: [] };
  const file = { ...fileOf('r'), resource: true };
  const other = { sessionId: 's-1', file, ...file, ...ownerOf('s-1'), ...dlm, ...named };
  for (const verb of all) if (!inputs.has(verb)) inputs.set(verb, other);
});

/** A table in which a wait has just ended, and nobody has looked. */
function overdue(): Bench {
  const bench = new Bench();
  bench.declare();
  for (const session of ['A', 'B']) bench.session(session);
  bench.lock('held', 'A', 'f', 'write');
  bench.lock('waits', 'B', 'f', 'write', { waitMs: 1_000 });
  bench.clock.now += 2_000;
  return bench;
}

test.each(all)('%s changes nothing if it reads; otherwise whatever has lapsed is settled first', (verb) => {
  const { rows } = overdue();
  const before = JSON.stringify([...rows.kinds].map(([kind, each]) => [kind, [...each]]));
  rows.play(verb, structuredClone(inputs.get(verb)) as never);
  const after = JSON.stringify([...rows.kinds].map(([kind, each]) => [kind, [...each]]));
  const waits = rows.all('range').some(([id]) => id === 'waits');
  expect({ waits, same: after === before }).toEqual({
    ...{ waits: reads.includes(verb), same: reads.includes(verb) },
  });
});

test.each(all)('%s is refused once numbers are used up if it adds something, and only then', (verb) => {
  const { rows } = overdue();
  const meta = rows.get('meta', 'shard');
  if (meta !== undefined) rows.put('meta', 'shard', { ...meta, token: 2 ** 53 - 1 });
  const { value } = rows.play(verb, structuredClone(inputs.get(verb)) as never);
  const refused = 'refused' in value && value.refused.reason === 'numbers_used_up';
  expect(refused).toBe(grows.includes(verb) || breaks.includes(verb));
});

test.each(all)(
  '%s is refused on a full disk if it adds something, unless it may have to break a lease',
  async (verb) => {
    const store = new MemoryStore();
    const table = await openEmbeddedTable({ store });
    store.room = false;
    const full = await table.call(verb, structuredClone(inputs.get(verb)) as never).then(
      () => false,
      (error: unknown) => error instanceof TableFull,
    );
    expect(full).toBe(grows.includes(verb));
    await table.close();
  },
);

test('what a tick said is held stays said, whatever comes later', async () => {
  const clock = { now: 1_700_000_000_000 };
  const table = await openEmbeddedTable({ store: new MemoryStore(), wall: () => clock.now });
  const player = new Player((verb, input) => table.call(verb, input), clock);
  await player.begin();
  const said = await table.call('tick', {});
  const before = structuredClone(said);
  // A crowd at one file, and locks in modes.
  await player.step({ do: 'lock', a: 0, b: 11, c: 0 });
  const [session] = (await table.call('sessionList', { after: 0, limit: 1 })).value.sessions;
  const who = { sessionId: session?.sessionId ?? '', owner: 'o', ownerKey: 'o', clientKey: 'c' };
  const lock = { file: { ...fileOf('r'), resource: true }, mode: 'EX', flags: {}, waitMs: 0 } as const;
  await table.call('dlmLock', { ...who, lockId: 'd', ...lock });
  const held = (await table.call('tick', {})).value.held;
  expect([held?.waiting?.range, held?.modes?.EX]).toEqual([4, 1]);
  await table.call('dlmUnlock', { lockId: 'd' });
  expect([held?.modes?.EX, said]).toEqual([1, before]);
  await table.close();
});
