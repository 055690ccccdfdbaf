import fc from 'fast-check';
import { ShardedTable, type Wait } from '#locks';
import { Deadlocks } from '../../libs/locks/src/table/sharded/deadlocks';
import { idIn, keyIn, shardFor, shardOfId, shardOfKey } from '../../libs/locks/src/table/shards';
import { PlainRows } from '../support/plain-rows';
import { tableOf } from '../support/rules-table';
import { scenarioLimits } from '../support/scenario';

/** A table in four shards (decision 0074), seen from inside; scenarios and random histories play through it as well. */
const count = 4;

async function fourShards(
  clock = { now: 1_700_000_000_000 },
  rows = Array.from({ length: count }, () => new PlainRows(clock)),
) {
  const table = new ShardedTable(rows.map(tableOf));
  const call: ShardedTable['call'] = (verb, input) => table.call(verb, input);
  const limits = { ...scenarioLimits, recoveryMs: 10_000 };
  const { value: life } = await call('identify', { identity: 'shards', limits });
  await call('exportDeclare', { name: 'local', breakMs: 1_000, lockDelayMs: 0 });
  const session = (name: string) =>
    call('sessionCreate', { sessionId: idIn(0, `${name}-00000000`), digest: name, ttlMs: 60_000, pid: 1 });
  const write = async (name: string, path: string, no = 0) => {
    const shard = shardFor(path, count);
    const sessionId = idIn(0, `${name}-00000000`);
    const fileKey = keyIn(shard, path.padEnd(21, '~'));
    const item = {
      ...{
        leaseId: idIn(shard, `${name}-${path}-${String(no)}-00000000`),
        fileKey,
        exportName: 'local',
        path,
      },
      ...{ fileId: path, inode: '<none>:0', owner: name, ownerKey: name, clientKey: `${name}/` },
    };
    return (await call('leaseAcquire', { sessionId, digest: name, item, type: 'write' })).value;
  };
  const ticks = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i += 1) await call('tick', {});
  };
  return { clock, rows, life, call, session, write, ticks };
}
/** A file in each shard. */
const paths = Array.from({ length: count }, (_, shard) => {
  let n = 0;
  while (shardFor(`f${String(n)}`, count) !== shard) n += 1;
  return `f${String(n)}`;
});
const elsewhere = paths[2] ?? '';

test('every number that a shard gives out says which shard it was', async () => {
  const { rows, session, write } = await fourShards();
  await session('A');
  for (const path of paths) await write('A', path);
  for (const [shard, each] of rows.entries()) {
    const meta = each.look('meta', 'shard');
    expect([meta?.epoch, meta?.token, meta?.seq].map((no) => (no ?? 0) % count)).toEqual([
      shard,
      shard,
      shard,
    ]);
    for (const [, lease] of each.all('lease'))
      expect([lease.no % count, lease.token % count]).toEqual([shard, shard]);
    expect(each.all('lease')).toHaveLength(1);
  }
});

test('a session that its home has lost ends in the other shards', async () => {
  const { rows, session, write, ticks } = await fourShards();
  await session('A');
  await session('B');
  expect(await write('A', elsewhere)).toMatchObject({ lease: { state: 'active' } });
  await ticks(20);
  expect(await write('B', elsewhere)).toMatchObject({ refused: { reason: 'lease_conflict' } });
  // As a failover to a replica that had not seen it.
  const home = rows[0];
  home?.del('session', 'A-00000000');
  home?.lists.get('sessions')?.delete('A-00000000');
  home?.lists.get('due')?.delete('s:A-00000000');
  const meta = home?.get('meta', 'shard');
  if (home !== undefined && meta !== undefined) home.put('meta', 'shard', { ...meta, sessions: 1 });
  await ticks(20);
  expect(await write('B', elsewhere, 1)).toMatchObject({ lease: { state: 'active' } });
});

test('a session whose home has lost the note of a shard ends there with its end', async () => {
  const { rows, call, session, write, ticks } = await fourShards();
  await session('A');
  await session('B');
  await write('A', elsewhere);
  const row = rows[0]?.get('session', 'A-00000000');
  if (row !== undefined) rows[0]?.put('session', 'A-00000000', { ...row, shards: undefined });
  await ticks(20);
  await call('sessionEnd', { sessionId: 'A-00000000', digest: 'A' });
  expect(await write('B', elsewhere)).toMatchObject({ lease: { state: 'active' } });
});

test('a session is not let in after its end, however late that comes', async () => {
  const { call, rows, session, write } = await fourShards();
  await session('A');
  const entered = await call('sessionEnter', { sessionId: 'A-00000000', digest: 'A', shard: 2 });
  if (!('guest' in entered.value)) throw new Error('it has not entered');
  await call('sessionEnd', { sessionId: 'A-00000000', digest: 'A' });
  const late = { sessionId: 'A-00000000', state: 'live', facts: entered.value.guest } as const;
  expect(rows[2]?.play('guestSet', late).value).toEqual({ refused: { reason: 'session_expired' } });
  expect(await write('A', elsewhere)).toMatchObject({ refused: { reason: 'session_expired' } });
});

test('a shard that has lost all it had grants nothing until its holders have had time to come back', async () => {
  const { clock, rows, life, session, write } = await fourShards();
  expect(life.restored).toBe(false);
  await session('A');
  await write('A', elsewhere);
  rows[2] = new PlainRows(clock);
  const again = await fourShards(clock, rows);
  expect(again.life.restored).toBe(true);
  await again.session('B');
  expect(await again.write('B', elsewhere)).toMatchObject({ refused: { reason: 'grace' } });
  expect(await again.write('B', paths[1] ?? '')).toMatchObject({ lease: { state: 'active' } });
  for (let second = 0; second < 11; second += 1) {
    clock.now += 1_000;
    await again.ticks(1);
  }
  expect(await again.write('B', elsewhere)).toMatchObject({ lease: { state: 'active' } });
});

test('who is told the life of the table hears of the loss of any shard', async () => {
  const { clock, rows, call, session, ticks } = await fourShards();
  const [, , third] = rows;
  await session('A');
  await ticks(1);
  const told = async (): Promise<number[]> => {
    const { value } = await call('keepalive', { sessionId: 'A-00000000', digest: 'A' });
    return 'refused' in value ? [] : (value.session.tableLives ?? []);
  };
  const before = await told();
  expect(before).toHaveLength(count);
  clock.now += 10;
  third?.play('identify', { identity: 'another', limits: scenarioLimits });
  await ticks(1);
  const after = await told();
  expect(before.map((life, shard) => life === after[shard])).toEqual([true, true, false, true]);
});

test('a heartbeat asks no shard for the exports of another', async () => {
  const { call, rows } = await fourShards();
  const process = { hostId: 'h', bootId: 'b', pid: 1, startTicks: '1' };
  await call('register', {
    ...{ stack: 'local', version: '1', major: 1, minor: 9, incarnation: 'i', process, endpoint: 'e' },
    ...{ exports: ['local'], breakMs: 1_000, lockDelayMs: 0, breakLimitMs: 60_000 },
  });
  const asked: string[] = [];
  for (const each of rows) {
    const play = each.play.bind(each);
    each.play = (verb, input, ...more) => {
      asked.push(verb);
      return play(verb, input, ...more);
    };
  }
  await call('heartbeat', { incarnation: 'i', exports: ['local'], dead: [] });
  expect(asked).toEqual(['heartbeat', 'heartbeat', 'heartbeat', 'heartbeat']);
});

test('a keepalive is one step, at home', async () => {
  const { rows, call, session, write } = await fourShards();
  await session('A');
  for (const path of paths) await write('A', path);
  const before = rows.map((each) => JSON.stringify(each.look('meta', 'shard')));
  const steps: string[] = [];
  for (const [shard, each] of rows.entries()) {
    const play = each.play.bind(each);
    each.play = (verb, ...rest) => {
      steps.push(`${verb} in ${String(shard)}`);
      return play(verb, ...rest);
    };
  }
  await call('keepalive', { sessionId: 'A-00000000', digest: 'A' });
  expect(steps).toEqual(['keepalive in 0']);
  expect(rows.slice(1).map((each) => JSON.stringify(each.look('meta', 'shard')))).toEqual(before.slice(1));
});

describe('deadlocks over shards', () => {
  /** Owners that wait for owners, all for each other or for one of several. */
  const waits = fc
    .array(
      fc.record({
        ownerKey: fc.integer({ min: 0, max: 7 }).map(String),
        owners: fc.uniqueArray(fc.integer({ min: 0, max: 7 }).map(String), { minLength: 1, maxLength: 3 }),
        any: fc.boolean(),
      }),
      { maxLength: 12 },
    )
    .map((all) =>
      all.map(({ ownerKey, owners, any }, no): Wait => {
        const id = `w${String(no)}`;
        return {
          ...{ id, kind: 'range', sessionId: ownerKey, owner: ownerKey, exportName: 'e', path: id },
          ...{ waitNo: no + 1, ownerKey, owners, any },
        };
      }),
    );

  /** Whether somebody can go on for ever: plays the waits until none can end. */
  function stuck(all: readonly Wait[]): Wait[] {
    const left = [...all];
    for (;;) {
      const goesOn = (owner: string) => left.every(({ ownerKey }) => ownerKey !== owner);
      const at = left.findIndex(({ owners, any, ownerKey }) =>
        any ? owners.some((owner) => owner === ownerKey || goesOn(owner)) : owners.every(goesOn),
      );
      if (at < 0) return left;
      left.splice(at, 1);
    }
  }

  test('nobody is told of one that was not there at the look before', () => {
    fc.assert(
      fc.property(waits, (all) => {
        const deadlocks = new Deadlocks();
        expect(deadlocks.look(all)).toEqual([]);
        expect(deadlocks.look([])).toEqual([]);
        expect(deadlocks.look(all)).toEqual([]);
      }),
    );
  });

  test('after two looks each of which ends some, all can go on; only who cannot go on is ended', () => {
    fc.assert(
      fc.property(waits, (all) => {
        const deadlocks = new Deadlocks();
        let left = all;
        deadlocks.look(left);
        for (let round = 0; round < all.length + 1 && stuck(left).length > 0; round += 1) {
          const victims = deadlocks.look(left);
          const before = stuck(left).map(({ id }) => id);
          for (const { id, cycle } of victims) {
            expect(before).toContain(id);
            expect(cycle[0]?.id).toBe(id);
            for (const [at, member] of cycle.entries()) {
              const next = cycle[(at + 1) % cycle.length];
              const wait = left.find((each) => each.id === member.id);
              expect(wait?.owners).toContain(left.find((each) => each.id === next?.id)?.ownerKey);
            }
          }
          left = left.filter(({ id }) => victims.every((victim) => victim.id !== id));
        }
        expect(stuck(left)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test('ids and keys say their shard', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.integer({ min: 0, max: 63 }), (id, shard) => {
      expect(shardOfId(idIn(shard, id))).toBe(shard);
      expect(shardOfKey(keyIn(shard, id.slice(0, 22)))).toBe(shard);
    }),
  );
});
