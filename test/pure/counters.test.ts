import { openMemento, sealMemento, TableKey } from '../../apps/lease-api/src/application/memento';
import type { Seen, VerbInput } from '../../libs/locks/src/core/io';
import { run } from '../../libs/locks/src/core/run';
import { PlainRows } from '../support/plain-rows';
import { heartbeatAnswer } from '../../libs/contracts/src/fileserver';
import { scenarioLimits } from '../support/scenario';

/** No number from outside moves the table's own counters beyond the numbers it has issued. */

const most = Number.MAX_SAFE_INTEGER;
const file = { fileKey: 'demo:f', exportName: 'demo', path: 'f', fileId: 'id', inode: '00:01:2' };

function tableWithAdapter() {
  const clock = { now: 1_700_000_000_000 };
  const rows = new PlainRows(clock);
  run(rows, 'identify', { identity: 'i', limits: scenarioLimits });
  const register = (incarnation: string, over: Partial<VerbInput<'register'>> = {}) =>
    run(rows, 'register', {
      stack: 'posix',
      version: '1',
      major: 1,
      minor: 2,
      incarnation,
      process: { hostId: 'h', bootId: 'b', pid: 1, startTicks: '1' },
      endpoint: 'e',
      exports: ['demo'],
      breakMs: 4_000,
      lockDelayMs: 0,
      breakLimitMs: 9_000,
      ...over,
    });
  const beat = (incarnation: string, seen?: Seen) =>
    run(rows, 'heartbeat', { incarnation, exports: ['demo'], dead: [], seen }).value;
  register('first');
  run(rows, 'holdReport', { incarnation: 'first', holds: [], done: true });
  const meta = () => {
    const row = rows.get('meta', 'shard');
    if (row === undefined) throw new Error('the table has no counters');
    return { epoch: row.epoch, token: row.token, seq: row.seq };
  };
  return { clock, rows, register, beat, meta };
}

test('messages from an unregistered adapter are ignored', () => {
  const { beat, meta } = tableWithAdapter();
  const before = meta();
  beat('stranger', { epoch: most, token: most });
  expect(meta()).toEqual(before);
});

test('an adapter that knows later numbers than the table raises the table above them, and reports its holds first', () => {
  const { beat, meta, rows } = tableWithAdapter();
  const seen = { epoch: meta().epoch, token: meta().token + 10 };
  expect(beat('first', seen)).toMatchObject({ known: false });
  expect(meta().token).toBeGreaterThan(seen.token);
  expect(meta().epoch).toBeGreaterThan(seen.epoch);
  expect(rows.get('export', 'demo')?.reported).toBe(false);
  const lifted = meta();
  beat('first', seen);
  expect(meta()).toEqual(lifted);
});

test('the generations of holds, in reports and answers, stay with their files', () => {
  const { rows, meta, clock } = tableWithAdapter();
  const before = meta();
  // The number that the clock implies (test/pure/numbers.test.ts).
  const first = clock.now * 2048;
  const holds = [{ ...file, type: 'read' as const, holdGen: most }];
  // Nobody wants its hold: it is asked to release it.
  const [ask] = run(rows, 'holdReport', { incarnation: 'first', holds, done: true }).asks;
  expect(ask).toMatchObject({ type: 'none', holdGen: first });
  run(rows, 'holdAnswered', {
    fileKey: file.fileKey,
    holdGen: first,
    have: 'read',
    reason: 'hold_gen_old',
    highestGen: most,
  } as never);
  // Not again at the same moment, and then with its own generation.
  expect(run(rows, 'tick', {}).asks).toEqual([]);
  clock.now += 2_000;
  const [again] = run(rows, 'tick', {}).asks;
  expect(again?.holdGen).toBe(clock.now * 2048);
  expect(meta().seq - before.seq).toBeLessThan(2_001 * 2048);
});

describe('a memento', () => {
  const key = Object.assign(new TableKey(), { value: 'of the table' });
  const seen = { epoch: 3, token: 3 * 2 ** 32 + 7 };

  test('is readable by the table that sealed it', () => {
    expect(openMemento(sealMemento(seen, key, 9), key)).toEqual(seen);
    expect(sealMemento(seen, key, 9)).toMatch(/^3\.12884901895\.[\w-]{43}$/);
  });

  test('covers all shards, however many there are, and fits into the messages of adapters', () => {
    for (const shards of [2, 64]) {
      const [first = seen, ...others] = Array.from({ length: shards }, (_, shard) => ({
        epoch: most - shard,
        token: most - 2 * shard,
      }));
      const all = { ...first, others };
      const sealed = sealMemento(all, key, 10);
      expect(openMemento(sealed, key)).toEqual(all);
      expect(heartbeatAnswer.shape.memento.parse(sealed)).toBe(sealed);
      expect(openMemento(sealed.replace('_', '.'), key)).toBeUndefined();
    }
  });

  test('of many shards is that of the first for an adapter that takes 256 characters', () => {
    const other = { epoch: most, token: most };
    const few = { ...seen, others: [other] };
    const many = { ...seen, others: Array.from({ length: 15 }, () => other) };
    expect(openMemento(sealMemento(few, key, 9), key)).toEqual(few);
    expect(openMemento(sealMemento(many, key, 10), key)).toEqual(many);
    const short = sealMemento(many, key, 9);
    expect(short.length).toBeLessThanOrEqual(256);
    expect(openMemento(short, key)).toEqual(seen);
  });

  test.each([
    ['of another table', sealMemento(seen, Object.assign(new TableKey(), { value: 'another' }), 9)],
    ['with another number', sealMemento(seen, key, 9).replace(/^3/, '4')],
    ['with a number that was never given out', `${String(most)}.${String(most)}.${'A'.repeat(43)}`],
    ['that is nothing of the kind', '{"epoch":9}'],
    ['that is empty', ''],
  ])('%s is not accepted', (_what, memento) => {
    expect(openMemento(memento, key)).toBeUndefined();
  });

  test('is not read before the table has its key', () => {
    const none = new TableKey();
    expect(openMemento(sealMemento(seen, none, 9), none)).toBeUndefined();
  });
});
