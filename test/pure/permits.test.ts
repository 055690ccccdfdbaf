import type { VerbInput } from '../../libs/locks/src/core/io';
import { Bench, fileOf, ownerOf } from '../support/rules-bench';
import { scenarioLimits } from '../support/scenario';

/** Complete answers and records of permits of semaphores: semantics.md §3. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ queueMax: 9 });
  bench.declare();
  for (const sessionId of ['A', 'B', 'C']) bench.session(sessionId);
  bench.told();
});
const number = expect.any(Number) as number;
const refused = (reason: string) => ({ refused: { reason } });
const waits = { waitMs: 60_000 };
const { fileKey } = fileOf('s');

/** A permit of this session, named after it, of a semaphore of one. */
const take = (sessionId: string, more: Partial<VerbInput<'permitTake'>> = {}) =>
  bench.ask('permitTake', {
    ...{ sessionId, permitId: sessionId.toLowerCase(), ...ownerOf(sessionId) },
    ...{ file: { ...fileOf('s'), semaphore: 1 }, waitMs: 0, ...more },
  });
const get = (permitId: string) => bench.ask('permitGet', { permitId });
const drop = (permitId: string, ifWaiting?: true) => bench.ask('permitDrop', { permitId, ifWaiting });
const check = (token: number) => bench.ask('permitCheck', { fileKey, token });
const tokenOf = (permitId: string): number => bench.rows.look('permit', permitId)?.token ?? 0;
const where = { owner: 'o', exportName: 'local', path: 's', fileKey };

test('a permit is shown and recorded completely: taken at once, waiting, in turn, given back', () => {
  const a = { ...where, permitId: 'a', sessionId: 'A', state: 'held' };
  expect(take('A')).toEqual({ permit: { ...a, token: number }, waiting: false });
  const b = { ...where, permitId: 'b', sessionId: 'B', state: 'waiting', waitNo: number };
  const asked = take('B', waits);
  expect(asked).toEqual({ permit: b, waiting: true });
  const waitNo = 'permit' in asked ? asked.permit.waitNo : undefined;
  expect(get('b')).toEqual({ permit: b });
  const [held, waiting] = bench.ask('lockList', { fileKey, after: 0, limit: 9 }).locks;
  expect([held?.waits, held?.token, waiting?.waits, waiting?.token]).toEqual([
    ...[undefined, tokenOf('a'), 'permit', undefined],
  ]);
  const of = (id: string, sessionId: string) => ({ ...where, lockId: id, sessionId });
  const token = tokenOf('a');
  expect(bench.told()).toEqual([{ ...of('a', 'A'), kind: 'permitted', token, turn: false }]);
  // Only a wait was to end.
  expect(drop('a', true)).toEqual({ dropped: false });
  expect(drop('a')).toEqual({ dropped: true });
  expect(get('b')).toEqual({ permit: { ...b, state: 'held', token: number, waitNo: undefined } });
  expect(bench.told()).toEqual([
    { ...of('a', 'A'), kind: 'surrendered', reason: 'holder' },
    { ...of('b', 'B'), kind: 'permitted', token: tokenOf('b'), turn: true, waitNo },
  ]);
  take('C', waits);
  expect(drop('c', true)).toEqual({ dropped: true });
  const { lockId: waitId, ...rest } = of('c', 'C');
  expect(bench.told()).toEqual([{ ...rest, waitId, waitNo: number, kind: 'dropped', reason: 'cancelled' }]);
});

test('a request that is repeated finds its permit, and may wait for longer, never for less', () => {
  const body = 'b';
  expect(take('A', { body })).toMatchObject({ permit: { state: 'held' }, waiting: false });
  expect(take('A', { body })).toMatchObject({ permit: { state: 'held' }, waiting: false });
  expect(take('A', { body: 'c' })).toEqual(refused('id_reused_with_other_body'));
  expect(take('B', { permitId: 'a', body })).toEqual(refused('not_holder'));
  take('B', { body, waitMs: 10_000 });
  expect(take('B', { body, waitMs: 1_000 })).toMatchObject({ permit: { state: 'waiting' }, waiting: true });
  bench.pass(5_000);
  expect(get('b')).toMatchObject({ permit: { state: 'waiting' } });
  take('B', { body, waitMs: 10_000 });
  bench.pass(9_000);
  expect(get('b')).toMatchObject({ permit: { state: 'waiting' } });
  bench.pass(2_000);
  expect(get('b')).toEqual(refused('no_such_lock'));
  drop('a');
  expect(take('A', { body })).toEqual({ refused: { reason: 'lock_over', ended: 'holder' } });
  expect(take('A', { body: 'c' })).toEqual(refused('id_reused_with_other_body'));
});

test('a refusal names the limit that holds, and those who hold permits, with the time that they have', () => {
  const two = { file: { ...fileOf('s'), semaphore: 2 } };
  take('A', two);
  take('B', two);
  take('C', { ...two, ...waits });
  expect(take('C', { permitId: 'n' })).toEqual({ refused: { reason: 'limit_differs', limit: 2 } });
  bench.pass(10_000);
  drop('a');
  bench.pass(5_000);
  const holder = (id: string, ageMs: number) => ({
    id,
    kind: 'permit',
    type: 'permit',
    state: 'held',
    ageMs,
  });
  expect(take('A', two)).toMatchObject({
    refused: { reason: 'semaphore_full', blockers: [holder('b', 15_000), holder('c', 5_000)] },
  });
  // Who only waits has the time that it has waited.
  take('A', { ...two, ...waits });
  bench.pass(3_000);
  take('B', { ...two, ...waits, permitId: 'b2' });
  expect(bench.ask('waitGet', { id: 'b2' })).toMatchObject({
    wait: { ahead: 1, why: { reason: 'queued', blockers: [{ id: 'a', state: 'waiting', ageMs: 3_000 }] } },
  });
});

test('a session has no more permits than it may have rows', () => {
  bench = new Bench({ sessionLocksMax: 1 });
  bench.declare();
  bench.session('A');
  expect(take('A')).toMatchObject({ waiting: false });
  const other = { ...fileOf('t'), semaphore: 1 };
  expect(take('A', { permitId: 'a2', file: other })).toEqual(refused('session_locks_max'));
});

test('no token from before a restore is accepted; whoever reads or repeats its permit gets a new one', () => {
  const body = 'b';
  const two = { file: { ...fileOf('s'), semaphore: 2 }, body };
  take('A', two);
  take('B', two);
  const before = [tokenOf('a'), tokenOf('b')];
  bench.clock.now += 1;
  const self = { identity: 'bench', opening: 'another', salt: 1, limits: scenarioLimits };
  expect(bench.ask('identify', { ...self, doubt: true })).toMatchObject({ restored: true });
  for (const token of before) expect(check(token)).toEqual(refused('token_old'));
  expect(get('a')).toMatchObject({ permit: { token: tokenOf('a') } });
  expect(take('B', two)).toMatchObject({ permit: { token: tokenOf('b') } });
  const now = [tokenOf('a'), tokenOf('b')];
  for (const token of before) expect(check(token)).toEqual(refused('token_old'));
  expect(now.map(check)).toEqual([{ permitId: 'a' }, { permitId: 'b' }]);
  expect(Math.min(...now)).toBeGreaterThan(Math.max(...before));
  // What is of this life stays.
  expect([get('a'), take('B', two)]).toMatchObject([
    { permit: { token: now[0] } },
    { permit: { token: now[1] } },
  ]);
});

test('the token of a permit is worth nothing once its session or its tenure is over, cleared or not', () => {
  bench.session('D', { ttlMs: 2_000 });
  const two = { file: { ...fileOf('s'), semaphore: 2 } };
  take('D', two);
  take('A', { ...two, maxHoldMs: 1_000 });
  const tokens = [tokenOf('d'), tokenOf('a')];
  expect(tokens.map(check)).toEqual([{ permitId: 'd' }, { permitId: 'a' }]);
  bench.clock.now += 1_000;
  expect(tokens.map(check)).toEqual([{ permitId: 'd' }, refused('token_old')]);
  bench.clock.now += 1_000;
  expect(tokens.map(check)).toEqual([refused('token_old'), refused('token_old')]);
  expect(bench.rows.all('permit')).toHaveLength(2);
});

test('how long a request waited is measured, by how it ended', () => {
  const measured = (permitId: string) => bench.rows.play('permitDrop', { permitId }).measured;
  take('A');
  take('B', waits);
  take('C', waits);
  bench.pass(4_000);
  expect(measured('c')).toEqual([{ what: 'permit', outcome: 'cancelled', ms: 4_000 }]);
  expect(measured('a')).toEqual([{ what: 'permit', outcome: 'granted', ms: 4_000 }]);
});

test('a permit that is wanted for longer than the export permits is refused with what it permits', () => {
  bench.put('local', { stack: 'local', own: { maxHoldMs: 20_000 } });
  expect(take('A', { maxHoldMs: 20_001 })).toEqual({ refused: { reason: 'hold_too_long', allowed: 20_000 } });
  expect(take('A', { maxHoldMs: 20_000 })).toHaveProperty('permit');
});
