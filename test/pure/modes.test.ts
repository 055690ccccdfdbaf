import type { ModalFlags, VerbInput } from '../../libs/locks/src/core/io';
import type { Mode } from '../../libs/locks/src/core/rows';
import { Bench, fileOf, ownerOf } from '../support/rules-bench';

/** Complete answers and records of locks in modes: semantics.md §4.7. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ queueMax: 9 });
  bench.declare();
  for (const sessionId of ['A', 'B', 'C']) bench.session(sessionId);
  bench.told();
});
const number = expect.any(Number) as number;
const refused = (reason: string) => ({ refused: { reason } });
const resource = { ...fileOf('r'), resource: true };
const key = resource.fileKey;

/** A lock of this session, named after it. */
const lock = (
  sessionId: string,
  mode: Mode,
  flags: ModalFlags = {},
  more: Partial<VerbInput<'dlmLock'>> = {},
) =>
  bench.ask('dlmLock', {
    ...{ sessionId, lockId: sessionId.toLowerCase(), file: resource, ...ownerOf(sessionId) },
    ...{ mode, flags, waitMs: 0, ...more },
  });
const waits = { waitMs: 60_000 };
const convert = (
  lockId: string,
  mode: Mode,
  flags: ModalFlags = {},
  more: Partial<VerbInput<'dlmConvert'>> = {},
) => bench.ask('dlmConvert', { lockId, mode, flags, waitMs: 0, ...more });
const unlock = (lockId: string, more: Partial<VerbInput<'dlmUnlock'>> = {}) =>
  bench.ask('dlmUnlock', { lockId, ...more });
const cancel = (sessionId: string, lockId: string, more: Partial<VerbInput<'dlmCancel'>> = {}) =>
  bench.ask('dlmCancel', { sessionId, lockId, ...more });
const get = (lockId: string) => bench.ask('dlmGet', { lockId });
const shown = (value: object) => ('lock' in value ? value.lock : value);
/** The queues of the resource: a lock by its id, its mode, and what it waits for. */
function queues(): string {
  const value = bench.ask('resourceGet', { fileKey: key, limit: 9 });
  if ('refused' in value) return value.refused.reason;
  const { granted, converting, waiting } = value.resource;
  const text = (list: typeof granted): string =>
    list.map(({ lockId, mode = '', wants = '' }) => `${lockId} ${mode}>${wants}`).join(', ');
  return [granted, converting, waiting].map(text).join(' | ');
}
/** The value block as the next reader gets it. */
function block(): unknown {
  const value = bench.ask('resourceGet', { fileKey: key, limit: 9 });
  return 'refused' in value ? value : [value.resource.block, value.resource.valid];
}
const told = () =>
  bench.told().map((record) => {
    if (record.kind === 'completed') return `${record.lockId} has ${record.mode}`;
    if (record.kind === 'blocking') return `${record.lockId} blocks ${record.mode}`;
    if (record.kind === 'unlocked') return `${record.lockId} unlocked ${record.reason}`;
    return record.kind === 'dropped' ? `dropped ${record.reason}` : record.kind;
  });
const blank = {
  ...{ owner: 'o', exportName: 'local', path: 'r', fileKey: key },
  ...{ wants: undefined, token: undefined, persistent: undefined, blocking: undefined },
  ...{ read: undefined, demoted: undefined, altMode: undefined },
};

describe('a lock', () => {
  test('has a complete view: granted, converting, waiting', () => {
    const a = { ...blank, lockId: 'a', sessionId: 'A', state: 'granted', mode: 'EX', seqid: 1 };
    expect(lock('A', 'EX', {}, { body: 'b' })).toEqual({ lock: { ...a, token: number }, waiting: false });
    const { token } = bench.rows.look('dlm', 'a') ?? {};
    expect(bench.told()).toEqual([
      {
        ...{ kind: 'completed', lockId: 'a', sessionId: 'A', owner: 'o', fileKey: key, exportName: 'local' },
        ...{ path: 'r', mode: 'EX', seqid: 1, token, turn: false },
      },
    ]);
    const b = { ...blank, lockId: 'b', sessionId: 'B', state: 'waiting', mode: undefined, seqid: 0 };
    expect(lock('B', 'PR', { persistent: true }, waits)).toEqual({
      ...{ lock: { ...b, wants: 'PR', persistent: true, waitNo: number }, waiting: true },
    });
    expect(bench.told()).toEqual([
      {
        ...{ kind: 'blocking', lockId: 'a', sessionId: 'A', owner: 'o', fileKey: key },
        ...{ exportName: 'local', path: 'r', mode: 'PR' },
      },
    ]);
    expect(get('a')).toEqual({ lock: { ...a, token, blocking: 'PR' } });
    // The token stays as long as the mode permits writing; then it is over.
    expect(convert('a', 'PW')).toMatchObject({ lock: { mode: 'PW', token, seqid: 2 }, waiting: false });
    expect(convert('a', 'NL')).toMatchObject({ lock: { mode: 'NL', seqid: 3 } });
    expect(bench.rows.look('dlm', 'a')?.token).toBe(0);
    expect(shown(get('b'))).toMatchObject({ state: 'granted', mode: 'PR', wants: undefined, seqid: 1 });
    // Only PW and EX have a token.
    const grant = bench.told().find((record) => record.kind === 'completed' && record.lockId === 'b');
    expect(grant).toEqual({
      ...{ kind: 'completed', lockId: 'b', sessionId: 'B', owner: 'o', fileKey: key, exportName: 'local' },
      ...{ path: 'r', mode: 'PR', seqid: 1, token: undefined, turn: true, waitNo: number },
    });
    expect(convert('a', 'PW', {}, waits)).toEqual({
      lock: { ...a, state: 'converting', mode: 'NL', wants: 'PW', seqid: 3, waitNo: number },
      waiting: true,
    });
    unlock('b');
    const { lock: now } = get('a') as { lock: { token: number } };
    expect(now).toMatchObject({ state: 'granted', mode: 'PW', seqid: 4 });
    expect(now.token).toBeGreaterThan(token ?? 0);
  });

  test('is listed with everything else, and as a blocker', () => {
    lock('A', 'PW', {}, { waitMs: 0 });
    lock('B', 'EX', {}, waits);
    const { no } = bench.rows.look('dlm', 'a') ?? {};
    const here = { exportName: 'local', path: 'r', fileId: 'id of r', inode: 'fe:00:77', pid: 7, owner: 'o' };
    const { locks } = bench.ask('lockList', { after: 0, limit: 9 });
    expect(locks).toEqual([
      expect.objectContaining({
        ...{ ...here, id: 'a', no, kind: 'dlm', sessionId: 'A', type: 'PW', state: 'granted' },
        ...{ token: bench.rows.look('dlm', 'a')?.token, waits: undefined },
      }),
      expect.objectContaining({
        ...{ ...here, id: 'b', kind: 'dlm', sessionId: 'B', type: 'EX', waits: 'EX', state: 'waiting' },
        ...{ token: undefined, blockedBy: 'a' },
      }),
    ]);
    expect(lock('C', 'PR')).toMatchObject({
      refused: {
        reason: 'mode_conflict',
        blockers: [
          { id: 'a', kind: 'dlm', sessionId: 'A', owner: 'o', pid: 7, type: 'PW', state: 'granted' },
        ],
      },
    });
    convert('a', 'CR');
    convert('a', 'NL');
    expect(bench.ask('waitGet', { id: 'b' })).toEqual(refused('no_such_wait'));
  });

  test('is listed by its session, page by page', () => {
    lock('A', 'NL');
    // Not under the id of a lock, whatever else has it.
    bench.lease('a', 'A', 'f', 'read');
    lock('A', 'CR', {}, { lockId: 'a2' });
    lock('B', 'CR');
    const list = (after: number, limit: number) => {
      const value = bench.ask('dlmList', { sessionId: 'A', after, limit });
      return 'refused' in value
        ? value
        : { ids: value.locks.map(({ lockId }) => lockId), after: value.after };
    };
    expect(list(0, 9)).toEqual({ ids: ['a', 'a2'], after: undefined });
    const first = list(0, 1) as { after: number };
    expect(first).toEqual({ ids: ['a'], after: number });
    const second = list(first.after, 2);
    expect(second).toEqual({ ids: ['a2'], after: number });
    expect(bench.ask('dlmList', { sessionId: 'x', after: 0, limit: 9 })).toEqual(refused('no_such_session'));
  });

  test('is made once, however often it is asked for', () => {
    const first = lock('A', 'EX', {}, { body: 'b' });
    expect(lock('A', 'EX', {}, { body: 'b' })).toEqual(first);
    expect(lock('A', 'EX', {}, { body: 'c' })).toEqual(refused('id_reused_with_other_body'));
    expect(lock('B', 'EX', {}, { body: 'b', lockId: 'a' })).toEqual(refused('not_holder'));
    expect(bench.ask('dlmGet', { lockId: 'a', body: 'c' })).toEqual(refused('id_reused_with_other_body'));
    expect(bench.ask('dlmGet', { lockId: 'a', body: 'b' })).toMatchObject({ lock: { mode: 'EX' } });
    expect(unlock('a')).toEqual({ unlocked: true });
    const over = { refused: { reason: 'lock_over', ended: 'unlocked' } };
    expect(lock('A', 'EX', {}, { body: 'b' })).toEqual(over);
    expect(lock('A', 'EX', {}, { body: 'c' })).toEqual(refused('id_reused_with_other_body'));
    expect(bench.ask('dlmGet', { lockId: 'a', body: 'b' })).toEqual(over);
    expect(get('x')).toEqual(refused('no_such_lock'));
  });

  test('is left alone by whoever does not know the secret of its session, or that it exists', () => {
    lock('A', 'EX');
    const wrong = { digest: 'wrong' };
    const not = refused('not_holder');
    expect([convert('a', 'NL', {}, wrong), unlock('a', wrong), cancel('A', 'a', wrong)]).toEqual([
      not,
      not,
      not,
    ]);
    expect(lock('A', 'NL', {}, { ...wrong, lockId: 'n' })).toEqual(not);
    expect(bench.ask('dlmGet', { lockId: 'a', ...wrong })).toEqual(not);
    expect(cancel('B', 'a')).toEqual(not);
    expect([convert('x', 'NL'), unlock('x')]).toEqual([refused('no_such_lock'), refused('no_such_lock')]);
    expect(shown(get('a'))).toMatchObject({ mode: 'EX', seqid: 1 });
  });

  test('that is over is nothing to whoever does not know the secret of its session', () => {
    lock('A', 'EX', {}, { body: 'b' });
    unlock('a');
    for (const body of ['b', undefined])
      expect(bench.ask('dlmGet', { lockId: 'a', body, digest: 'A' })).toEqual({
        refused: { reason: 'lock_over', ended: 'unlocked' },
      });
    expect(bench.ask('dlmGet', { lockId: 'a', digest: 'B' })).toEqual(refused('no_such_lock'));
    // Nor does a cancel tell another session how it ended, or change that.
    expect([cancel('A', 'a'), cancel('B', 'a', { ahead: true })]).toEqual([
      ...[{ cancelled: false }, { cancelled: true }],
    ]);
    expect(lock('A', 'EX', {}, { body: 'b' })).toEqual({
      refused: { reason: 'lock_over', ended: 'unlocked' },
    });
  });
});

test('a lock that an administrator ended is over for a repeat of its request', () => {
  lock('A', 'EX', {}, { body: 'b' });
  expect(bench.ask('lockRelease', { id: 'a', unfenced: false })).toEqual({ released: true });
  expect(lock('A', 'EX', {}, { body: 'b' })).toMatchObject({ refused: { reason: 'lock_over' } });
});

test('a lock names its connection, in its view and in what its holder is told', () => {
  bench.ask('connect', { sessionId: 'A', connectionId: 'c', exportName: 'local', major: 1, minor: 0 });
  lock('B', 'CR');
  expect(lock('A', 'EX', {}, { connectionId: 'c', ...waits })).toMatchObject({ lock: { connectionId: 'c' } });
  bench.told();
  cancel('A', 'a');
  expect(bench.told()).toMatchObject([{ kind: 'dropped', lockId: 'a', connectionId: 'c' }]);
  expect(lock('A', 'CR', {}, { connectionId: 'c', lockId: 'a2' })).toMatchObject({
    lock: { connectionId: 'c' },
  });
});

test('how long a request waited is measured, by how it ended', () => {
  lock('A', 'EX');
  lock('B', 'PR', {}, waits);
  lock('C', 'PR', {}, waits);
  bench.pass(4_000);
  const measured = (lockId: string) => bench.rows.play('dlmUnlock', { lockId }).measured;
  expect(measured('c')).toEqual([{ what: 'dlm', outcome: 'cancelled', ms: 4_000 }]);
  expect(measured('a')).toEqual([{ what: 'dlm', outcome: 'granted', ms: 4_000 }]);
});

test('a blocker says how long it has had its mode; one that waits, how long it has waited', () => {
  lock('A', 'NL');
  lock('B', 'EX');
  lock('C', 'PR', {}, waits);
  bench.pass(5_000);
  unlock('b');
  bench.pass(2_000);
  const blockers = (value: object) =>
    (value as { refused: { blockers?: { id: string; ageMs?: number }[] } }).refused.blockers?.map(
      ({ id, ageMs }) => [id, ageMs],
    );
  expect(blockers(lock('B', 'EX', {}, { lockId: 'n' }))).toEqual([['c', 2_000]]);
  lock('B', 'CR', {}, { lockId: 'b2' });
  convert('c', 'EX', {}, waits);
  bench.pass(3_000);
  // While it is converted, since its lock was made.
  expect(blockers(convert('a', 'CW'))).toEqual([['c', 10_000]]);
  lock('A', 'PR', {}, { lockId: 'w', ...waits });
  bench.pass(1_000);
  lock('B', 'PR', {}, { lockId: 'w2', ...waits });
  expect(bench.ask('waitGet', { id: 'w' })).toMatchObject({
    wait: { why: { reason: 'queued', blockers: [{ id: 'c' }] } },
  });
});

describe('flags that do not fit are refused, and change nothing', () => {
  test.each<[Mode, ModalFlags, boolean]>([
    ['NL', { expedite: true }, true],
    ['CR', { expedite: true }, false],
    ['NL', { expedite: true, noqueue: true }, false],
    ['CR', { quecvt: true }, false],
    ['CR', { convdeadlk: true }, false],
    ['CR', { noqueue: true, nodlckwt: true, headque: true, altpr: true, valblk: true }, true],
  ])('a new lock in %s with %j: %s', (mode, flags, fits) => {
    const value = lock('A', mode, flags);
    expect(value).toEqual(fits ? expect.objectContaining({ waiting: false }) : refused('bad_flags'));
    expect(bench.rows.all('dlm')).toHaveLength(fits ? 1 : 0);
  });

  test.each<[Mode, Mode, ModalFlags, boolean]>([
    ['NL', 'CR', { expedite: true }, false],
    ['NL', 'CR', { persistent: true }, false],
    ['NL', 'CR', { orphan: true }, false],
    ['NL', 'CR', { convdeadlk: true, noqueue: true }, false],
    ['NL', 'CR', { convdeadlk: true }, true],
    ['NL', 'CR', { noqueue: true }, true],
    ['NL', 'CR', { quecvt: true }, true],
    ['PR', 'CW', { quecvt: true }, true],
    ['CR', 'NL', { quecvt: true }, false],
    ['CR', 'CR', { quecvt: true }, false],
  ])('a conversion from %s to %s with %j: %s', (from, to, flags, fits) => {
    lock('A', from);
    const value = convert('a', to, flags);
    expect(value).toEqual(fits ? expect.objectContaining({ waiting: false }) : refused('bad_flags'));
    expect(shown(get('a'))).toMatchObject({ mode: fits ? to : from, seqid: fits ? 2 : 1 });
  });
});

describe('an alternative', () => {
  test.each<[Mode, ModalFlags, Mode | undefined]>([
    ['EX', { altpr: true }, 'PR'],
    ['EX', { altcw: true }, undefined],
    ['PW', { altpr: true, altcw: true }, 'PR'],
    // What was asked for is no alternative to itself.
    ['CW', { altcw: true }, undefined],
    ['CW', { altpr: true }, 'PR'],
    ['PR', { altpr: true }, 'PR'],
  ])('beside PR, %s with %j is granted %s', (mode, flags, granted) => {
    lock('B', 'PR');
    const value = lock('A', mode, flags);
    if (granted === undefined) expect(value).toMatchObject(refused('mode_conflict'));
    else
      expect(value).toMatchObject({
        lock: { mode: granted, altMode: granted === mode ? undefined : true, wants: undefined },
      });
  });

  test('to PR is CW, if both are accepted', () => {
    lock('B', 'CW');
    expect(lock('A', 'PR', { altpr: true, altcw: true })).toMatchObject({
      lock: { mode: 'CW', altMode: true },
    });
  });

  test('is for this request only: the next one is shown and granted without it', () => {
    lock('B', 'PR');
    lock('A', 'EX', { altpr: true });
    expect(shown(get('a'))).toMatchObject({ mode: 'PR', altMode: true });
    expect(convert('a', 'EX')).toMatchObject(refused('mode_conflict'));
    // A request that failed takes the note with it.
    expect(shown(get('a'))).toMatchObject({ mode: 'PR', altMode: undefined, wants: undefined });
    expect(convert('a', 'EX', { altcw: true })).toMatchObject(refused('mode_conflict'));
    unlock('b');
    expect(convert('a', 'EX')).toMatchObject({ lock: { mode: 'EX', altMode: undefined } });
  });

  test('is granted in turn as well, and said with the grant', () => {
    lock('B', 'EX');
    lock('A', 'EX', { altpr: true }, waits);
    lock('C', 'PR', {}, { lockId: 'c', ...waits });
    expect(queues()).toBe('b EX> |  | a >EX, c >PR');
    bench.told();
    convert('b', 'PR');
    expect(queues()).toBe('b PR>, a PR>, c PR> |  | ');
    const records = bench.told();
    expect(records).toMatchObject([
      ...[
        { lockId: 'b', turn: false },
        { lockId: 'a', mode: 'PR', altMode: true, turn: true },
      ],
      { lockId: 'c', mode: 'PR', altMode: undefined, turn: true },
    ]);
  });
});

describe('the value block', () => {
  const read = (value: object) => (shown(value) as { read?: object }).read;

  test('is written by who goes down from PW or EX, and read by who goes up and says so', () => {
    lock('A', 'EX', { valblk: true });
    // Nobody has written it.
    expect(read(get('a'))).toEqual({ block: undefined, valid: false });
    convert('a', 'CR', { valblk: true }, { block: 'one' });
    expect([read(get('a')), block()]).toEqual([undefined, ['one', true]]);
    expect(read(lock('B', 'CR', { valblk: true }))).toEqual({ block: 'one', valid: true });
    expect(read(lock('C', 'CR'))).toBeUndefined();
    // A block that is not to be written is not: from CR to NL, and up.
    convert('b', 'NL', {}, { block: 'two' });
    convert('c', 'PW', {}, { block: 'three' });
    expect(block()).toEqual(['one', true]);
    convert('c', 'PW', {}, { block: 'four' });
    expect(block()).toEqual(['four', true]);
    // Going down without a block keeps the last.
    convert('c', 'NL');
    expect(block()).toEqual(['four', true]);
  });

  test('comes with the grant that read it, and not with the next request', () => {
    lock('A', 'CR', { valblk: true });
    expect(read(get('a'))).toBeDefined();
    lock('B', 'PR');
    expect(read(convert('a', 'CW', { valblk: true }, waits))).toBeUndefined();
    expect(read(get('a'))).toBeUndefined();
  });

  test('is written with an unlock of PW or EX only, and may be declared invalid until it is written again', () => {
    lock('B', 'NL', {}, { lockId: 'keeps the resource' });
    for (const [mode, now] of [
      ['EX', 'EX'],
      ['PW', 'PW'],
      ['PR', 'PW'],
      ['CW', 'PW'],
    ] as const) {
      lock('A', mode, {}, { lockId: mode });
      unlock(mode, { block: mode });
      expect([mode, block()]).toEqual([mode, [now, true]]);
    }
    lock('A', 'EX', {}, { lockId: 'x' });
    unlock('x', { ivvalblk: true, block: 'lost' });
    expect(block()).toEqual(['PW', false]);
    expect(read(lock('A', 'PW', { valblk: true }, { lockId: 'y' }))).toEqual({ block: 'PW', valid: false });
    convert('y', 'NL', { ivvalblk: true }, { block: 'lost' });
    expect(block()).toEqual(['PW', false]);
    lock('A', 'EX', {}, { lockId: 'z' });
    convert('z', 'NL', {}, { block: 'new' });
    expect(block()).toEqual(['new', true]);
  });

  test.each([
    ['EX', false],
    ['PW', false],
    ['PR', true],
    ['CW', true],
  ] as const)('after a session ends with %s its block is valid: %s', (mode, valid) => {
    lock('A', 'EX');
    convert('a', 'NL', {}, { block: 'one' });
    lock('B', mode);
    lock('C', 'NL');
    bench.told();
    bench.ask('sessionEnd', { sessionId: 'B', digest: 'B' });
    expect(block()).toEqual(['one', valid]);
    expect(bench.told()).toContainEqual({
      ...{ kind: 'unlocked', lockId: 'b', sessionId: 'B', owner: 'o', fileKey: key, exportName: 'local' },
      ...{ path: 'r', reason: 'session_ended' },
    });
  });
});

describe('what waits', () => {
  test('leaves its queue as it came: a request is gone, a conversion holds what it held', () => {
    lock('A', 'PR');
    lock('B', 'EX', {}, waits);
    lock('C', 'NL', { expedite: true });
    convert('c', 'EX', {}, waits);
    expect(queues()).toBe('a PR> | c NL>EX | b >EX');
    bench.told();
    expect(cancel('B', 'b')).toEqual({ cancelled: true, lock: undefined });
    expect(cancel('C', 'c')).toEqual({
      cancelled: true,
      lock: { ...blank, lockId: 'c', sessionId: 'C', state: 'granted', mode: 'NL', seqid: 1 },
    });
    expect([queues(), told()]).toEqual(['c NL>, a PR> |  | ', ['dropped cancelled', 'dropped cancelled']]);
    // What is held cannot be cancelled.
    expect(cancel('A', 'a')).toEqual({
      cancelled: false,
      lock: expect.objectContaining({ mode: 'PR' }) as object,
    });
    expect(queues()).toBe('c NL>, a PR> |  | ');
  });

  test('a request that was cancelled does not come back, unless it may be repeated', () => {
    lock('A', 'EX', {}, { body: 'a' });
    lock('B', 'EX', {}, { ...waits, body: 'b' });
    cancel('B', 'b');
    expect(lock('B', 'EX', {}, { ...waits, body: 'b' })).toEqual(refused('cancelled'));
    lock('C', 'EX', {}, { ...waits, body: 'c' });
    cancel('C', 'c', { repeatable: true });
    expect(lock('C', 'EX', {}, { ...waits, body: 'c' })).toMatchObject({ waiting: true });
    // A cancel that overtakes its request.
    expect(cancel('B', 'early', { ahead: true })).toEqual({ cancelled: true });
    expect(lock('B', 'NL', {}, { lockId: 'early' })).toEqual(refused('cancelled'));
    expect(get('early')).toEqual(refused('cancelled'));
    // An id that is not made from a requestId of its own may be that of somebody else's request.
    expect(cancel('C', 'theirs')).toEqual({ cancelled: true });
    const elsewhere = { ...fileOf('elsewhere'), resource: true };
    expect(lock('B', 'NL', {}, { lockId: 'theirs', file: elsewhere })).toMatchObject({ waiting: false });
    // It does not make anything of what has ended otherwise.
    unlock('a');
    cancel('A', 'a');
    expect(lock('A', 'EX', {}, { body: 'a' })).toEqual({
      refused: { reason: 'lock_over', ended: 'unlocked' },
    });
  });

  test('asks for nothing else meanwhile, and ends with an unlock', () => {
    lock('A', 'PR');
    lock('B', 'PR');
    convert('a', 'EX', {}, waits);
    expect(convert('a', 'NL')).toEqual(refused('request_pending'));
    lock('C', 'EX', {}, waits);
    expect(convert('c', 'NL')).toEqual(refused('request_pending'));
    bench.told();
    expect([unlock('a'), unlock('c')]).toEqual([{ unlocked: true }, { unlocked: true }]);
    // Whoever waits for either hears so.
    expect([queues(), told()]).toEqual(['b PR> |  | ', ['dropped cancelled', 'dropped cancelled']]);
  });

  test('ends when its time is over', () => {
    lock('A', 'PR');
    lock('B', 'EX', {}, { waitMs: 2_000 });
    lock('C', 'PR', {}, { lockId: 'c', waitMs: 60_000 });
    convert('a', 'CR');
    bench.told();
    bench.pass(3_000);
    expect(told()).toEqual(['dropped wait_elapsed', 'c has PR']);
    expect(queues()).toBe('a CR>, c PR> |  | ');
  });

  test('is limited for each resource, and so is what is held', () => {
    const small = new Bench({ queueMax: 1, rangesMax: 3 });
    small.declare();
    small.session('A');
    const one = (lockId: string, mode: Mode, waitMs = 0) =>
      small.ask('dlmLock', {
        ...{ sessionId: 'A', lockId, file: resource, ...ownerOf('A'), ownerKey: lockId },
        ...{ mode, flags: {}, waitMs },
      });
    one('1', 'EX');
    expect(one('2', 'EX', 60_000)).toMatchObject({ waiting: true });
    expect(one('3', 'EX', 60_000)).toMatchObject(refused('queue_full'));
    small.ask('dlmCancel', { sessionId: 'A', lockId: '2' });
    one('4', 'NL');
    expect(one('5', 'NL')).toMatchObject({ waiting: false });
    expect(one('6', 'NL')).toEqual(refused('resource_locks_max'));
    small.ask('dlmUnlock', { lockId: '5' });
    expect(one('7', 'EX', 60_000)).toMatchObject({ waiting: true });
    expect(one('8', 'NL')).toEqual(refused('resource_locks_max'));
  });
});

describe('the order of what waits', () => {
  const ahead = (id: string) => {
    const value = bench.ask('waitGet', { id });
    return 'refused' in value ? value.refused.reason : value.wait.ahead;
  };

  test('is that of arrival; headque comes first, the later before the earlier', () => {
    lock('A', 'EX');
    for (const id of ['1', '2']) lock('B', 'PR', {}, { lockId: id, ownerKey: id, ...waits });
    for (const id of ['3', '4']) lock('B', 'PR', { headque: true }, { lockId: id, ownerKey: id, ...waits });
    expect(queues()).toBe('a EX> |  | 4 >PR, 3 >PR, 1 >PR, 2 >PR');
    expect(['4', '3', '1', '2'].map(ahead)).toEqual([0, 1, 2, 3]);
    expect(lock('C', 'CR')).toMatchObject({ refused: { reason: 'mode_conflict', blockers: [{ id: 'a' }] } });
  });

  test('puts conversions before requests, and headque before conversions that came earlier', () => {
    lock('A', 'PR');
    for (const id of ['1', '2', '3']) lock('B', 'NL', {}, { lockId: id, ownerKey: id });
    lock('C', 'EX', {}, waits);
    convert('1', 'PW', {}, waits);
    convert('2', 'CW', {}, waits);
    convert('3', 'EX', { headque: true }, waits);
    expect(queues()).toBe('a PR> | 3 NL>EX, 1 NL>PW, 2 NL>CW | c >EX');
    expect(['3', '1', '2', 'c'].map(ahead)).toEqual([0, 1, 2, 3]);
    unlock('a');
    expect(queues()).toBe('3 EX> | 1 NL>PW, 2 NL>CW | c >EX');
    unlock('3');
    expect(queues()).toBe('1 PW> | 2 NL>CW | c >EX');
  });
});

describe('who is in the way', () => {
  const blockers = (value: object) =>
    (value as { refused: { blockers?: { id: string }[] } }).refused.blockers?.map(({ id }) => id);

  test('is whoever has a mode that refuses it, converting or not, but for the lock itself', () => {
    lock('A', 'CR');
    lock('B', 'PR');
    lock('B', 'PR', {}, { lockId: 'b2', ownerKey: 'x' });
    lock('C', 'NL');
    expect(blockers(lock('C', 'CW', {}, { lockId: 'n' }))).toEqual(['b', 'b2']);
    expect(blockers(convert('b', 'CW'))).toEqual(['b2']);
    expect(blockers(convert('b', 'EX'))).toEqual(['a', 'b2']);
    convert('b', 'CW', {}, waits);
    expect(blockers(convert('c', 'CW'))).toEqual(['b2', 'b']);
    expect(blockers(convert('c', 'EX'))).toEqual(['a', 'b2', 'b']);
    for (const id of ['5', '6', '7']) lock('A', 'CR', { expedite: false }, { lockId: id, ownerKey: id });
    expect(queues()).toBe('c NL>, a CR>, b2 PR> | b PR>CW | ');
  });

  test('is not a conversion of what lets the request through, nor itself; four are named', () => {
    lock('A', 'NL');
    lock('B', 'PR');
    lock('C', 'CR');
    convert('a', 'EX', {}, waits);
    expect(blockers(lock('C', 'PW', {}, { lockId: 'n' }))).toEqual(['b']);
    cancel('A', 'a');
    convert('b', 'EX', {}, waits);
    const { wait } = bench.ask('waitGet', { id: 'b' }) as { wait: { why: { blockers?: unknown } } };
    expect(wait.why.blockers).toEqual([expect.objectContaining({ id: 'c' })]);
    cancel('B', 'b');
    for (const id of ['1', '2', '3', '4', '5']) lock('A', 'CR', {}, { lockId: id, ownerKey: id });
    expect(blockers(lock('C', 'EX', {}, { lockId: 'n' }))).toEqual(['c', '1', '2', '3']);
    for (const id of ['c', '1', '2', '4', '5']) convert(id, 'PW', { nodlckwt: true }, waits);
    expect(blockers(lock('C', 'EX', {}, { lockId: 'n' }))).toEqual(['3', 'b', 'c', '1']);
  });

  test('is told with noqueuebast only if its mode refuses what is asked for', () => {
    lock('A', 'CR');
    lock('B', 'PR');
    lock('C', 'PR', {}, { lockId: 'c' });
    bench.told();
    const flags = { noqueue: true, noqueuebast: true };
    expect(lock('C', 'PW', flags, { lockId: 'n' })).toMatchObject(refused('mode_conflict'));
    expect(told()).toEqual(['b blocks PW', 'c blocks PW']);
    // A conversion is not told of itself.
    expect(convert('b', 'EX', flags)).toMatchObject(refused('mode_conflict'));
    expect(told()).toEqual(['a blocks EX', 'c blocks EX']);
    // Nor is a conversion of what lets the request through.
    lock('A', 'NL', { expedite: true }, { lockId: 'nl' });
    convert('nl', 'EX', {}, waits);
    bench.told();
    expect(lock('C', 'EX', flags, { lockId: 'n' })).toMatchObject(refused('mode_conflict'));
    expect(told()).toEqual([]);
  });

  test('and is granted what it asked for only later is told then: PR is in the way of CW', () => {
    lock('A', 'PR');
    lock('C', 'NL');
    lock('B', 'CW', {}, waits);
    lock('B', 'PR', {}, { lockId: 'b2', ownerKey: 'x', ...waits });
    bench.told();
    convert('c', 'PR');
    expect(told()).toEqual(['c has PR', 'c blocks CW']);
  });

  test('is not a conversion that a holder would let through', () => {
    lock('A', 'PR');
    lock('B', 'CR');
    convert('b', 'PW', {}, waits);
    expect(convert('a', 'EX', {}, waits)).toMatchObject(refused('deadlock'));
    lock('C', 'NL', { expedite: true });
    expect(convert('c', 'EX', {}, waits)).toMatchObject({ waiting: true });
    expect(queues()).toBe('a PR> | b CR>PW, c NL>EX | ');
    // B's CR lets PW through.
    expect(convert('a', 'PW', {}, waits)).toMatchObject({ waiting: false });
    expect(queues()).toBe('a PW> | b CR>PW, c NL>EX | ');
  });

  test('is told once for each stronger mode, and anew after another grant', () => {
    lock('A', 'PR');
    lock('B', 'CR');
    bench.told();
    lock('C', 'CW', {}, waits);
    expect(told()).toEqual(['a blocks CW']);
    cancel('C', 'c');
    lock('C', 'CW', {}, { lockId: 'c2', ...waits });
    expect(told()).toEqual(['dropped cancelled']);
    cancel('C', 'c2');
    lock('C', 'EX', {}, { lockId: 'c3', ...waits });
    expect(told()).toEqual(['dropped cancelled', 'b blocks EX', 'a blocks EX']);
    convert('b', 'NL');
    convert('a', 'NL');
    expect(told()).toEqual(['b has NL', 'a has NL', 'c3 has EX']);
    convert('a', 'CR', {}, waits);
    expect(told()).toEqual(['c3 blocks CR']);
  });

  test('with noqueue nobody is told, but with noqueuebast all are', () => {
    lock('A', 'PR');
    lock('B', 'CR');
    lock('C', 'CR');
    convert('c', 'PW', {}, waits);
    bench.told();
    const other = { lockId: 'd', ownerKey: 'x', ...waits };
    expect(lock('B', 'EX', { noqueue: true }, other)).toMatchObject(refused('mode_conflict'));
    expect(told()).toEqual([]);
    expect(lock('B', 'EX', { noqueue: true, noqueuebast: true }, other)).toMatchObject(
      refused('mode_conflict'),
    );
    expect(told().sort()).toEqual(['a blocks EX', 'b blocks EX', 'c blocks EX']);
    // The lock that is converted is not in its own way.
    expect(convert('b', 'EX', { noqueue: true, noqueuebast: true })).toMatchObject(refused('mode_conflict'));
    expect(told()).toEqual([]);
  });
});

describe('a conversion that waits for one that waits for it', () => {
  beforeEach(() => {
    lock('A', 'PR');
    lock('B', 'PR');
    convert('a', 'EX', {}, waits);
    bench.told();
  });

  test('is refused with both of them, and stays as it was', () => {
    const at = { kind: 'dlm', owner: 'o', exportName: 'local', path: 'r' };
    expect(convert('b', 'EX', {}, waits)).toEqual({
      refused: {
        reason: 'deadlock',
        cycle: [
          { ...at, id: 'b', sessionId: 'B' },
          { ...at, id: 'a', sessionId: 'A' },
        ],
      },
    });
    expect([queues(), told()]).toEqual(['b PR> | a PR>EX | ', []]);
    // One that does not wait is refused for what is held.
    expect(convert('b', 'EX')).toMatchObject(refused('mode_conflict'));
    expect(convert('b', 'EX', { noqueue: true }, waits)).toMatchObject(refused('mode_conflict'));
  });

  test('with convdeadlk gives up what it holds, and says so with its grant', () => {
    expect(convert('b', 'PW', { convdeadlk: true }, waits)).toEqual({
      ...{
        lock: expect.objectContaining({ mode: 'NL', wants: 'PW', demoted: true }) as object,
        waiting: true,
      },
    });
    expect(told()).toEqual(['a has EX', 'a blocks PW']);
    bench.told();
    convert('a', 'CR');
    expect(bench.told().filter(({ kind }) => kind === 'completed')).toMatchObject([
      ...[
        { lockId: 'a', demoted: undefined },
        { lockId: 'b', mode: 'PW', demoted: true, turn: true },
      ],
    ]);
    // The next conversion has nothing to say of it.
    expect(convert('b', 'CR')).toMatchObject({ lock: { demoted: undefined } });
  });

  test('with convdeadlk may be granted at once, when the other has gone first', () => {
    cancel('A', 'a');
    convert('a', 'CW', {}, waits);
    bench.told();
    expect(convert('b', 'CW', { convdeadlk: true }, waits)).toMatchObject({
      ...{ lock: { mode: 'CW', demoted: true, altMode: undefined }, waiting: false },
    });
    expect(bench.told()).toMatchObject([
      ...[
        { lockId: 'a', mode: 'CW', turn: true },
        { lockId: 'b', mode: 'CW', turn: false, demoted: true },
      ],
    ]);
    // It is demoted only if there is a deadlock.
    expect(convert('b', 'PR', { convdeadlk: true }, waits)).toMatchObject({
      ...{ lock: { mode: 'CW', wants: 'PR', demoted: undefined }, waiting: true },
    });
  });

  test('with nodlckwt waits all the same, until one of them gives up', () => {
    expect(convert('b', 'PW', { nodlckwt: true }, waits)).toMatchObject({ waiting: true });
    expect([queues(), told()]).toEqual([' | a PR>EX, b PR>PW | ', []]);
    cancel('A', 'a');
    expect(queues()).toBe('a PR> | b PR>PW | ');
  });

  test('is not given its alternative', () => {
    expect(convert('b', 'EX', { altpr: true }, waits)).toMatchObject(refused('deadlock'));
    expect(convert('b', 'EX', { altpr: true })).toMatchObject({ lock: { mode: 'PR', altMode: true } });
  });
});

describe('an orphan', () => {
  const orphaned = (mode: Mode, sessionId = 'A') => {
    lock(sessionId, mode, { persistent: true }, { body: 'b' });
    bench.ask('sessionEnd', { sessionId });
  };

  test('is adopted with its mode by another session, which is told anew that it is in the way', () => {
    bench.ask('sessionEnd', { sessionId: 'B', digest: 'B' });
    bench.session('D', { pid: 9 });
    orphaned('PR');
    expect(bench.rows.look('dlm', 'a')).toMatchObject({
      owner: '',
      ownerKey: '',
      clientKey: '',
      body: undefined,
    });
    expect(shown(bench.ask('lockGet', { id: 'a' }))).toMatchObject({ sessionId: '', owner: '', type: 'PR' });
    expect(get('a')).toHaveProperty('refused');
    expect([convert('a', 'NL'), unlock('a')]).toEqual([refused('no_such_lock'), refused('no_such_lock')]);
    lock('C', 'EX', {}, waits);
    bench.told();
    const orphan = { orphan: true, persistent: true };
    expect(lock('D', 'CR', orphan)).toEqual(refused('mode_conflict'));
    expect(lock('D', 'PR', orphan)).toEqual({
      ...{ lock: expect.objectContaining({ lockId: 'a', sessionId: 'D', owner: 'o', mode: 'PR' }) as object },
      waiting: false,
    });
    expect(told()).toEqual(['a blocks EX']);
    expect(bench.rows.look('dlm', 'a')).toMatchObject({
      ...ownerOf('D'),
      sessionId: 'D',
      pid: 9,
      body: undefined,
    });
    expect(bench.ask('dlmList', { sessionId: 'D', after: 0, limit: 9 })).toMatchObject({
      locks: [{ lockId: 'a' }],
    });
    expect(lock('D', 'PR', orphan, { lockId: 'n' })).toEqual(refused('no_such_lock'));
    expect(unlock('a', { digest: 'D' })).toEqual({ unlocked: true });
    expect(queues()).toBe('c EX> |  | ');
  });

  test('that a request has adopted is what a repeat of that request finds, and its cancel is too late', () => {
    orphaned('EX');
    const adopt = (body: string, sessionId = 'B') =>
      lock(sessionId, 'EX', { orphan: true }, { lockId: 'request', body });
    expect(adopt('b')).toMatchObject({ lock: { lockId: 'a', seqid: 1 }, waiting: false });
    expect(adopt('b')).toMatchObject({ lock: { lockId: 'a', seqid: 1 }, waiting: false });
    expect(adopt('other')).toEqual(refused('id_reused_with_other_body'));
    expect(adopt('b', 'C')).toEqual(refused('not_holder'));
    expect(cancel('B', 'request', { ahead: true })).toMatchObject({
      cancelled: false,
      lock: { lockId: 'a' },
    });
    unlock('a');
    expect(adopt('b')).toEqual({ refused: { reason: 'lock_over', ended: 'adopted' } });
    expect(cancel('B', 'request', { ahead: true })).toEqual({ cancelled: false });
  });

  test('stays for as long as nobody adopts or releases it, and blocks', () => {
    orphaned('EX');
    expect(lock('B', 'PR')).toMatchObject({ refused: { reason: 'mode_conflict', blockers: [{ id: 'a' }] } });
    expect(bench.ask('lockRelease', { id: 'a', unfenced: false })).toEqual({ released: true });
    expect(lock('B', 'PR')).toMatchObject({ waiting: false });
  });

  test('the oldest in the mode that is asked for is adopted first', () => {
    for (const [id, mode] of [
      ['1', 'CR'],
      ['2', 'PR'],
      ['3', 'PR'],
    ] as const)
      lock('A', mode, { persistent: true }, { lockId: id });
    bench.ask('sessionEnd', { sessionId: 'A' });
    for (const id of ['2', '3'])
      expect(lock('B', 'PR', { orphan: true }, { lockId: `n${id}` })).toMatchObject({ lock: { lockId: id } });
    expect(lock('B', 'PR', { orphan: true }, { lockId: 'n' })).toEqual(refused('mode_conflict'));
  });

  test('is nothing that waits or is not persistent; a conversion that waits is dropped', () => {
    lock('A', 'PR', { persistent: true });
    lock('B', 'PR');
    convert('a', 'EX', {}, waits);
    lock('A', 'EX', { persistent: true }, { lockId: 'w', ownerKey: 'A/p', ...waits });
    expect(queues()).toBe('b PR> | a PR>EX | w >EX');
    bench.ask('sessionEnd', { sessionId: 'A' });
    expect(queues()).toBe('b PR>, a PR> |  | ');
    bench.ask('sessionEnd', { sessionId: 'B' });
    expect(queues()).toBe('a PR> |  | ');
    expect(bench.rows.all('dlm').map(([id]) => id)).toEqual(['a']);
  });
});

test('a persistent lock of a node that died is adopted by nobody, though more of the node is left to end', () => {
  bench.ask('regionPut', { name: 'all', beatMs: 1000, deadMs: 10_000, ackMs: 1000 });
  bench.ask('nodePut', { name: 'n', region: 'all' });
  bench.ask('nodeBeat', { name: 'n', incarnation: 'i' });
  for (const sessionId of ['N', 'M']) bench.session(sessionId, { node: 'n' });
  lock('N', 'EX', { persistent: true });
  for (let no = 0; no < 150; no += 1)
    bench.rows.play('dlmLock', {
      ...{ sessionId: 'M', lockId: String(no), ...ownerOf('M'), mode: 'NL', flags: {}, waitMs: 0 },
      file: { ...fileOf(`m${String(no)}`), resource: true },
    });
  for (let steps = 0; bench.rows.look('dlm', 'n')?.sessionId === 'N' && steps < 99; steps += 1) {
    bench.clock.now += 1000;
    bench.rows.play('tick', {});
  }
  expect(lock('A', 'EX', { orphan: true })).toEqual(refused('no_such_lock'));
  expect(bench.rows.all('dlm').length).toBeGreaterThan(0);
});

test('a dump has all that is known of a lock', () => {
  bench.ask('regionPut', { name: 'all', beatMs: 1000, deadMs: 600_000, ackMs: 1000 });
  bench.ask('nodePut', { name: 'n', region: 'all' });
  bench.ask('nodeBeat', { name: 'n', incarnation: 'i' });
  bench.session('N', { node: 'n', pid: 9 });
  bench.ask('connect', { sessionId: 'N', connectionId: 'c', exportName: 'local', major: 1, minor: 0 });
  lock('N', 'PR', { altpr: true, altcw: true, valblk: true, persistent: true }, { connectionId: 'c' });
  lock('A', 'CW', { altcw: true }, { waitMs: 2_000 });
  lock('B', 'EX', { altpr: true, nodlckwt: true }, { waitMs: 30_000 });
  const show = () => {
    const value = bench.ask('resourceGet', { fileKey: key, limit: 9 });
    if ('refused' in value) return [];
    const { granted, converting, waiting } = value.resource;
    return [...granted, ...converting, ...waiting].map((each) => {
      const { lockId, pid, node, protocol, valblk, nodlckwt, alt, remainingMs } = each;
      return { lockId, pid, node, protocol, valblk, nodlckwt, alt, remainingMs };
    });
  };
  const n = { lockId: 'n', pid: 9, node: 'n', protocol: { major: 1, minor: 0 }, valblk: true };
  expect(show()).toEqual([
    // What was granted has no alternative any more.
    n,
    { lockId: 'a', pid: 7, remainingMs: 2_000 },
    { lockId: 'b', pid: 7, nodlckwt: true, alt: 'PR', remainingMs: 30_000 },
  ]);
  bench.clock.now += 2_500;
  expect(show()).toMatchObject([n, { lockId: 'a', remainingMs: 0 }, { lockId: 'b', remainingMs: 27_500 }]);
  bench.ask('tick', {});
  const b = { lockId: 'b', pid: 7, nodlckwt: true };
  expect(show()).toEqual([n, b]);
  // Nor has a conversion that was refused or cancelled.
  const alt = { altcw: true };
  expect(convert('b', 'EX', alt)).toMatchObject(refused('mode_conflict'));
  expect(show()).toEqual([n, { lockId: 'b', pid: 7 }]);
  convert('b', 'EX', alt, waits);
  expect(show()[1]).toMatchObject({ lockId: 'b', alt: 'CW' });
  cancel('B', 'b');
  expect(show()).toEqual([n, { lockId: 'b', pid: 7 }]);
  bench.ask('sessionEnd', { sessionId: 'N' });
  expect(show()[0]).toMatchObject({ lockId: 'n', node: 'n' });
});

test('a resource is shown with at most so many locks of each kind, and not at all once it is empty', () => {
  for (const id of ['1', '2', '3']) lock('A', 'CR', {}, { lockId: id });
  const show = (limit: number) => bench.ask('resourceGet', { fileKey: key, limit });
  const whole = show(9);
  expect(whole).toMatchObject({ resource: { granted: [{ lockId: '1' }, { lockId: '2' }, { lockId: '3' }] } });
  expect([whole, show(3)]).toMatchObject([{ resource: { more: false } }, { resource: { more: false } }]);
  expect(show(2)).toMatchObject({
    resource: { granted: [{ lockId: '1' }, { lockId: '2' }], more: true, valid: false },
  });
  lock('B', 'PR', {}, { lockId: 'p' });
  expect(show(3)).toMatchObject({
    resource: { granted: [{ lockId: '1' }, { lockId: '2' }, { lockId: '3' }], more: true },
  });
  lock('C', 'CW', {}, waits);
  lock('C', 'CW', {}, { lockId: 'c2', ownerKey: 'x', ...waits });
  expect(show(1)).toMatchObject({
    resource: { granted: [{ lockId: '1' }], waiting: [{ lockId: 'c' }], more: true },
  });
  unlock('c2');
  convert('1', 'CW', {}, waits);
  expect(show(9)).toMatchObject({
    resource: { converting: [{ lockId: '1' }], waiting: [{ lockId: 'c' }], more: false },
  });
  for (const id of ['p', 'c']) unlock(id);
  for (const id of ['1', '2', '3']) unlock(id);
  expect(show(9)).toEqual(refused('no_such_lock'));
  bench.lease('l', 'A', 'r', 'read');
  expect(show(9)).toEqual(refused('no_such_lock'));
});
