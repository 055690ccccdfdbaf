import type { LockShown, Shown, VerbInput } from '../../libs/locks/src/core/io';
import { Bench, bytes, fileOf, ownerOf } from '../support/rules-bench';

/** Stateids of opens, locks and delegations, as NFS servers show them: RFC 8881 §8.2, §18.10, §18.12, §18.38, §18.48. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.declare();
  for (const sessionId of ['A', 'B']) bench.session(sessionId);
  bench.open('o', 'A', 'f', 'both');
});
const refused = (reason: string) => ({ refused: { reason } });
const whole = { startHi: 0, startLo: 0, endHi: 2147483647, endLo: 4294967295 };
const by = (more: Partial<Shown> = {}): Shown => ({ sessionId: 'A', seqid: 0, ...more });
const ofOpen = (more: Partial<LockShown> = {}): LockShown => ({
  ...{ ...by(), id: 'o', of: 'open', freshId: 'k' },
  ...more,
});
const ofLock = (more: Partial<LockShown> = {}): LockShown => ofOpen({ id: 'k', of: 'lock', ...more });
/** A LOCK of A, of its owner `o` if no other is named. */
const lock = (id: string, shown: LockShown, more: Partial<VerbInput<'rangeLock'>> = {}) =>
  bench.lock(id, 'A', 'f', 'write', { shown, ...more });
const unlock = (shown: Shown & { id: string }, more: Partial<VerbInput<'rangeUnlock'>> = {}) =>
  bench.ask('rangeUnlock', {
    ...{ sessionId: 'A', ...ownerOf('A'), splitId: 'split', fileKey: 'local/f', class: 'posix', ...whole },
    ...{ shown, ...more },
  });
const look = (id: string, shown = by(), digest?: string) => {
  const answer = bench.ask('stateidTest', { id, shown, digest });
  return 'held' in answer ? { held: true } : answer;
};
const free = (id: string, shown = by(), digest?: string) => bench.ask('stateidFree', { id, shown, digest });
const want = (id: string, sessionId: string, path = 'd') =>
  bench.ask('delegationWant', {
    ...{ sessionId, leaseId: id, file: fileOf(path), want: 'read' },
    clientKey: ownerOf(sessionId).clientKey,
  });
const close = (shown?: Shown) => bench.ask('openClose', { openId: 'o', shown });
const another = { owner: 'p', ownerKey: 'A/p' };

describe('a LOCK', () => {
  test("makes the owner's stateid on the file, and moves its seqid from then on", () => {
    expect(lock('1', ofOpen(), bytes(0, 1))).toMatchObject({
      waiting: false,
      stateid: { id: 'k', seqid: 1 },
    });
    expect(lock('2', ofLock({ seqid: 1 }), bytes(4, 5))).toMatchObject({ stateid: { id: 'k', seqid: 2 } });
    expect(lock('3', ofLock({ seqid: 0 }), bytes(8, 9))).toMatchObject({ stateid: { id: 'k', seqid: 3 } });
    // An owner has one stateid on a file, whichever it shows.
    expect(lock('4', ofOpen({ freshId: 'l' }), bytes(12, 13))).toMatchObject({
      stateid: { id: 'k', seqid: 4 },
    });
    expect(lock('5', ofOpen({ freshId: 'm' }), { ...another, ...bytes(20, 21) })).toMatchObject({
      stateid: { id: 'm', seqid: 1 },
    });
    expect(bench.rows.all('lockState').map(([id]) => id)).toEqual(['k', 'm']);
    // Without a stateid nothing is said of one.
    expect(bench.lock('6', 'A', 'f', 'write', bytes(30, 31))).toMatchObject({ stateid: undefined });
  });

  test('that nobody comes for is given up, and its owner is told so', () => {
    bench.lock('in the way', 'B', 'f', 'write');
    expect(lock('w', ofOpen(), { waitMs: 60_000, claimMs: 5_000 })).toMatchObject({ waiting: true });
    bench.ask('rangeUnlock', {
      ...{ sessionId: 'B', ...ownerOf('B'), splitId: 'split', fileKey: 'local/f', class: 'posix', ...whole },
    });
    bench.told();
    bench.pass(4_999);
    expect(bench.told()).toEqual([]);
    bench.pass(1);
    expect(bench.told()).toMatchObject([
      { kind: 'dropped', waitId: 'w', sessionId: 'A', fileKey: 'local/f', reason: 'wait_elapsed' },
    ]);
  });

  test('that its owner has unlocked is not given up once more', () => {
    lock('1', ofOpen(), bytes(0, 9));
    bench.lock('in the way', 'B', 'f', 'write', bytes(20, 29));
    lock('w', ofLock(), { ...bytes(20, 29), waitMs: 60_000, claimMs: 5_000 });
    bench.ask('rangeDrop', { rangeId: 'in the way' });
    expect(bench.rows.look('lockState', 'k')?.unclaimed).toHaveLength(1);
    expect(unlock({ ...by(), id: 'k' }, bytes(20, 29))).toMatchObject({ unlocked: true });
    expect(bench.rows.look('lockState', 'k')?.unclaimed).toBeUndefined();
    bench.told();
    bench.pass(5_000);
    expect(bench.told()).toEqual([]);
  });

  test('that is repeated is answered as before, and locks nothing more', () => {
    const first = lock('1', ofOpen({ requestId: 'q1' }), bytes(0, 1));
    expect(first).toMatchObject({ range: { state: 'held' }, waiting: false, stateid: { id: 'k', seqid: 1 } });
    expect(lock('1', ofOpen({ requestId: 'q1' }), bytes(0, 1))).toEqual(first);
    expect(bench.rows.all('range')).toHaveLength(1);
    expect(lock('2', ofLock({ requestId: 'q2', seqid: 1 }), bytes(4, 5))).toMatchObject({
      stateid: { seqid: 2 },
    });
    // Only the last request is known: the one before is late.
    expect(lock('1', ofLock({ requestId: 'q1', seqid: 1 }), bytes(0, 1))).toEqual(refused('seqid_old'));
    expect(lock('2', ofLock({ requestId: 'q2', seqid: 1 }), bytes(4, 5))).toMatchObject({
      stateid: { seqid: 2 },
    });
  });

  test('shows the present stateid, its own, of its own session and owner', () => {
    lock('1', ofOpen(), bytes(0, 1));
    lock('2', ofLock(), bytes(4, 5));
    const again = (shown: LockShown, more = {}) => lock('3', shown, { ...bytes(8, 9), ...more });
    expect(again(ofLock({ seqid: 1 }))).toEqual(refused('seqid_old'));
    expect(again(ofLock({ seqid: 3 }))).toEqual(refused('no_such_lock'));
    expect(again(ofLock({ id: 'x' }))).toEqual(refused('no_such_lock'));
    expect(again(ofLock(), another)).toEqual(refused('no_such_lock'));
    expect(again(ofOpen({ id: 'x' }))).toEqual(refused('no_such_lock'));
    expect(again(ofOpen({ seqid: 2 }))).toEqual(refused('no_such_lock'));
    const theirs = { ...ownerOf('B'), ...bytes(8, 9) };
    expect(bench.lock('3', 'B', 'f', 'write', { ...theirs, shown: ofOpen({ sessionId: 'B' }) })).toEqual(
      refused('no_such_lock'),
    );
    expect(bench.rows.all('range')).toHaveLength(2);
    expect(again(ofLock({ seqid: 2 }))).toMatchObject({ stateid: { id: 'k', seqid: 3 } });
  });

  test('shows the present stateid of its open', () => {
    bench.open('o', 'A', 'f', 'read', { reopen: true, requestId: 'q' });
    expect(lock('1', ofOpen({ seqid: 1 }))).toEqual(refused('seqid_old'));
    expect(lock('1', ofOpen({ seqid: 2 }))).toMatchObject({ stateid: { seqid: 1 } });
  });

  test.each([
    ['read', 'write', false],
    ['write', 'read', false],
    ['read', 'read', true],
    ['write', 'write', true],
    ['both', 'read', true],
  ] as const)('under an open for %s: %s is allowed: %s', (access, type, allowed) => {
    bench.open('p', 'A', 'g', access);
    const shown = ofOpen({ id: 'p', freshId: 'l' });
    const first = bench.lock('1', 'A', 'g', type, { shown });
    expect(first).toEqual(allowed ? expect.objectContaining({ waiting: false }) : refused('open_mode'));
    // By the stateid of the locks, too.
    const fits = access === 'both' ? 'read' : access;
    bench.lock('2', 'A', 'g', fits, { shown, ...bytes(20, 29) });
    const more = { ...ofLock({ id: 'l' }), sessionId: 'A' };
    const second = bench.lock('3', 'A', 'g', type, { shown: more, ...bytes(40, 49) });
    expect(second).toEqual(allowed ? expect.objectContaining({ waiting: false }) : refused('open_mode'));
  });

  test('of a client that has no opens needs none', () => {
    expect(lock('1', ofOpen({ id: undefined }))).toMatchObject({ stateid: { id: 'k', seqid: 1 } });
    expect(close()).toEqual({ closed: true });
    expect(look('k')).toEqual({ held: true });
  });

  test('goes to the file of its stateid, whatever its name leads to', () => {
    lock('1', ofOpen(), bytes(0, 1));
    expect(
      bench.lock('2', 'A', 'f', 'write', { file: undefined, shown: ofLock(), ...bytes(4, 5) }),
    ).toMatchObject({ range: { fileKey: 'local/f', path: 'f', fileId: 'id of f' } });
    expect(
      bench.lock('3', 'A', 'f', 'write', { file: undefined, shown: ofOpen(), ...bytes(8, 9) }),
    ).toMatchObject({ range: { fileKey: 'local/f' } });
    for (const shown of [ofLock({ id: 'x' }), ofLock({ id: undefined }), ofOpen({ id: 'k' })])
      expect(bench.lock('4', 'A', 'f', 'write', { file: undefined, shown })).toEqual(refused('no_such_lock'));
    const theirs = { ...ownerOf('B'), file: undefined, shown: ofLock({ sessionId: 'B' }) };
    expect(bench.lock('4', 'B', 'f', 'write', theirs)).toEqual(refused('no_such_lock'));
  });

  test('is refused by the stateid of another session as by none, whatever else would refuse it', () => {
    const small = new Bench({ sessionLocksMax: 1 });
    small.declare();
    for (const sessionId of ['A', 'B']) small.session(sessionId);
    small.open('o', 'A', 'f', 'both');
    const theirs = { ...ownerOf('B'), file: undefined, shown: ofOpen({ sessionId: 'B' }) };
    expect(small.lock('4', 'B', 'f', 'write', theirs)).toEqual(refused('no_such_lock'));
  });

  test('that waits has a stateid which nobody can show before it is granted', () => {
    bench.open('p', 'B', 'f', 'both');
    bench.lock('r', 'B', 'f', 'write');
    expect(lock('1', ofOpen({ requestId: 'q' }), { waitMs: 60_000 })).toMatchObject({
      ...{ waiting: true, stateid: { id: 'k', seqid: 0 } },
    });
    expect(look('k')).toEqual(refused('no_such_lock'));
    bench.ask('rangeDrop', { rangeId: 'r' });
    expect(lock('1', ofOpen({ requestId: 'q' }))).toMatchObject({
      ...{ waiting: false, stateid: { id: 'k', seqid: 1 } },
    });
    expect(look('k')).toEqual({ held: true });
  });

  test('counts its stateid among what its session may have', () => {
    const small = new Bench({ sessionLocksMax: 3 });
    small.declare();
    small.session('A');
    small.open('o', 'A', 'f', 'both');
    expect(small.lock('1', 'A', 'f', 'write', { shown: ofOpen() })).toEqual(refused('session_locks_max'));
    expect(small.lock('1', 'A', 'f', 'write')).toMatchObject({ waiting: false });
  });

  test('of 1024 owners under one open is granted, of one more refused', () => {
    const many = new Bench({ sessionLocksMax: 9_999, rangesMax: 9_999 });
    many.declare();
    many.session('A');
    many.open('o', 'A', 'f', 'both');
    const one = (n: number, more = {}) =>
      many.rows.play('rangeLock', {
        ...{ sessionId: 'A', rangeId: `r${String(n)}`, splitId: `s${String(n)}`, file: fileOf('f') },
        ...{ owner: `o${String(n)}`, ownerKey: `A/o${String(n)}`, clientKey: 'A/', waitMs: 0 },
        ...{ class: 'posix', type: 'read', ...bytes(n, n), shown: ofOpen({ freshId: `k${String(n)}` }) },
        ...more,
      }).value;
    for (let n = 0; n < 1023; n += 1) one(n);
    expect(one(1023)).toMatchObject({ stateid: { id: 'k1023', seqid: 1 } });
    expect(one(1024)).toEqual(refused('session_locks_max'));
    // An owner that is there already goes on.
    expect(one(5, { rangeId: 'another', splitId: 'split', ...bytes(5000, 5000) })).toMatchObject({
      stateid: { id: 'k5', seqid: 2 },
    });
  });
});

describe('a LOCKU', () => {
  beforeEach(() => lock('1', ofOpen(), bytes(0, 9)));

  test('moves the seqid, whether there was anything to unlock or not', () => {
    expect(unlock({ ...by({ seqid: 1 }), id: 'k' }, bytes(0, 4))).toEqual({
      ...{ unlocked: true, stateid: { id: 'k', seqid: 2 } },
    });
    expect(unlock({ ...by({ seqid: 2 }), id: 'k' }, bytes(0, 4))).toEqual({
      ...{ unlocked: false, stateid: { id: 'k', seqid: 3 } },
    });
    expect(lock('2', ofLock({ seqid: 3 }), bytes(0, 1))).toMatchObject({ stateid: { seqid: 4 } });
  });

  test('that is repeated is answered as before, and unlocks nothing that was locked since', () => {
    const shown = { ...by({ requestId: 'q', seqid: 1 }), id: 'k' };
    expect(unlock(shown)).toEqual({ unlocked: true, stateid: { id: 'k', seqid: 2 } });
    bench.lock('2', 'A', 'f', 'write', bytes(0, 9));
    expect(unlock(shown)).toEqual({ unlocked: false, stateid: { id: 'k', seqid: 2 } });
    expect(bench.rows.all('range')).toHaveLength(1);
    expect(unlock({ ...shown, requestId: 'q2' })).toEqual(refused('seqid_old'));
  });

  test('goes to the file of its stateid, and to nobody else’s', () => {
    expect(unlock({ ...by(), id: 'k' }, { fileKey: 'local/elsewhere', ...bytes(0, 4) })).toMatchObject({
      unlocked: true,
    });
    expect(unlock({ ...by({ seqid: 3 }), id: 'k' })).toEqual(refused('no_such_lock'));
    expect(unlock({ ...by(), id: 'x' })).toEqual(refused('no_such_lock'));
    expect(unlock({ ...by(), id: 'k' }, another)).toEqual(refused('no_such_lock'));
    expect(unlock({ ...by({ sessionId: 'B' }), id: 'k' })).toEqual(refused('no_such_lock'));
    expect(bench.rows.all('range')).toHaveLength(1);
  });
});

describe('TEST_STATEID and FREE_STATEID', () => {
  /** B opens the file that A has a delegation for, and A does not answer. */
  const revoke = () => {
    bench.open('b', 'B', 'd', 'write', { waitMs: 60_000 });
    bench.pass(46_000);
  };

  test('say of an open and of locks whether the stateid is the present one of its session', () => {
    lock('1', ofOpen());
    for (const id of ['o', 'k']) {
      expect([look(id), look(id, by({ seqid: 1 }))]).toEqual([{ held: true }, { held: true }]);
      for (const shown of [by({ seqid: 2 }), by({ sessionId: 'B' })])
        expect(look(id, shown)).toEqual(refused('no_such_lock'));
    }
    lock('2', ofLock(), bytes(20, 29));
    expect([look('k', by({ seqid: 1 })), free('k', by({ seqid: 1 }))]).toEqual([
      ...[refused('seqid_old'), refused('seqid_old')],
    ]);
    expect([look('x'), free('x')]).toEqual([refused('no_such_lock'), refused('no_such_lock')]);
    expect([look('o', by(), 'wrong'), free('o', by(), 'wrong')]).toEqual([
      ...[refused('not_holder'), refused('not_holder')],
    ]);
    expect([look('o', by(), 'A'), look('o', by({ sessionId: 'X' }))]).toEqual([
      ...[{ held: true }, refused('no_such_session')],
    ]);
  });

  test('say what they name, for an NFS server to which a client has moved', () => {
    const file = { exportName: 'local', path: 'f' };
    const named = (id: string) => bench.ask('stateidTest', { id, shown: by() });
    lock('1', ofOpen());
    expect(named('o')).toEqual({ held: { kind: 'open', ...file, access: 'both' } });
    expect(named('k')).toEqual({ held: { kind: 'lock', ...file, access: 'both', owner: 'o' } });
    want('d', 'A');
    expect(named('d')).toEqual({
      held: { kind: 'delegation', exportName: 'local', path: 'd', access: 'read' },
    });
  });

  test('keep what is held, and name it', () => {
    lock('1', ofOpen());
    expect(free('o')).toEqual({ refused: { reason: 'locks_held', leaseId: 'o' } });
    expect(free('k')).toEqual({ refused: { reason: 'locks_held', leaseId: '1' } });
    expect(free('k', by({ sessionId: 'B' }))).toEqual(refused('no_such_lock'));
    expect([look('o'), look('k')]).toEqual([{ held: true }, { held: true }]);
  });

  test('forget the stateid of locks that are all released, once; the next LOCK gets another', () => {
    lock('1', ofOpen());
    unlock({ ...by(), id: 'k' });
    expect(free('k', by({ requestId: 'q' }))).toEqual({ freed: true });
    expect(look('k')).toEqual(refused('no_such_lock'));
    expect(free('k', by({ requestId: 'q' }))).toEqual({ freed: true });
    expect([free('k', by({ requestId: 'q2' })), free('k')]).toEqual([
      ...[refused('no_such_lock'), refused('no_such_lock')],
    ]);
    expect(lock('2', ofOpen({ freshId: 'l' }))).toMatchObject({ stateid: { id: 'l', seqid: 1 } });
    expect(close()).toMatchObject({ refused: { reason: 'locks_held', leaseId: '2' } });
  });

  test('say of a delegation that it is held, and of other leases that they have no stateid', () => {
    want('d', 'A');
    bench.lease('l', 'A', 'l', 'read');
    expect([look('d'), look('d', by({ seqid: 1 }))]).toEqual([{ held: true }, { held: true }]);
    expect(free('d')).toEqual({ refused: { reason: 'locks_held', leaseId: 'd' } });
    expect([look('l'), free('l')]).toEqual([refused('no_such_lock'), refused('no_such_lock')]);
    expect([look('d', by({ sessionId: 'B' })), look('d', by({ seqid: 9 }))]).toEqual([
      ...[refused('no_such_lock'), refused('no_such_lock')],
    ]);
    bench.ask('leaseSet', { leaseId: 'd', type: 'none' });
    expect([look('d'), free('d')]).toEqual([refused('lease_released'), refused('lease_released')]);
  });

  test('forget a delegation that was revoked, once its client says so', () => {
    want('d', 'A');
    revoke();
    expect(look('d')).toEqual(refused('lease_revoked'));
    expect(free('d', by({ requestId: 'q' }))).toEqual({ freed: true });
    expect(bench.rows.look('lease', 'd')).toBeUndefined();
    expect([look('d'), free('d', by({ requestId: 'q' })), free('d', by({ requestId: 'r' }))]).toEqual([
      ...[refused('no_such_lock'), { freed: true }, refused('no_such_lock')],
    ]);
  });

  test('notice a revocation of many, however few of their rows it has come to', () => {
    const many = new Bench({ fileDelegationsMax: 100, exportDelegationsMax: 100 });
    many.declare();
    many.session('B');
    const ids = Array.from({ length: 70 }, (_, n) => `d${String(n)}`);
    for (const id of ids) {
      many.session(id);
      const { clientKey } = ownerOf(id);
      const wanted = { sessionId: id, leaseId: id, file: fileOf('d'), clientKey, want: 'read' } as const;
      many.rows.play('delegationWant', wanted);
    }
    many.rows.play('openCreate', {
      ...{ sessionId: 'B', openId: 'b', file: fileOf('d'), ...ownerOf('B') },
      ...{ access: 'write', deny: 'none', waitMs: 60_000 },
    });
    for (let i = 0; i < 44; i += 1) {
      many.clock.now += 1_000;
      many.rows.play('tick', {});
    }
    many.clock.now += 2_000;
    const { value } = many.rows.play('stateidTest', { id: 'd69', shown: by({ sessionId: 'd69' }) });
    expect(value).toEqual(refused('lease_revoked'));
  });

  test('notice that the time of a delegation is over before anybody has looked', () => {
    want('d', 'A');
    bench.open('b', 'B', 'd', 'write', { waitMs: 60_000 });
    bench.pass(44_000);
    bench.clock.now += 2_000;
    expect(look('d')).toEqual(refused('lease_revoked'));
  });
});

describe('a DELEGRETURN', () => {
  const giveBack = (shown?: Shown, digest?: string, leaseId = 'd') =>
    bench.ask('leaseSet', { leaseId, type: 'none', shown, digest });

  test('shows the present stateid of a delegation, and its repeat is recognised', () => {
    want('d', 'A');
    bench.lease('l', 'A', 'l', 'read');
    expect(giveBack(by(), 'A', 'l')).toEqual(refused('no_such_lease'));
    expect(giveBack(by({ seqid: 2 }), 'A')).toEqual(refused('no_such_lock'));
    expect(giveBack(by({ sessionId: 'B' }), 'B')).toEqual(refused('no_such_lock'));
    const released = { lease: { leaseId: 'd', state: 'released' } };
    expect(giveBack(by({ seqid: 1, requestId: 'r' }), 'A')).toMatchObject(released);
    expect(giveBack(by({ seqid: 1, requestId: 'r' }), 'A')).toMatchObject(released);
    expect([giveBack(by({ requestId: 's' }), 'A'), giveBack(by(), 'A')]).toEqual([
      ...[refused('lease_released'), refused('lease_released')],
    ]);
    // Over REST nothing is shown: to release what is released does nothing.
    expect(giveBack(undefined, 'A')).toMatchObject(released);
  });
});

describe('the session that shows a stateid', () => {
  const shows: [string, (shown: Shown, digest: string) => object][] = [
    ['DELEGRETURN', (shown, digest) => bench.ask('leaseSet', { leaseId: 'd', type: 'none', shown, digest })],
    [
      'OPEN_DOWNGRADE',
      (shown, digest) =>
        bench.ask('openSet', {
          ...{ openId: 'o', access: 'read', deny: 'none', waitMs: 0, lower: true, shown, digest },
        }),
    ],
    ['CLOSE', (shown, digest) => bench.ask('openClose', { openId: 'o', shown, digest })],
  ];
  test.each(shows)('of %s is there and is who it says, before anything is said of the stateid', (_, show) => {
    want('d', 'A');
    bench.session('gone', { ttlMs: 1_000 });
    bench.pass(2_000);
    expect([show(by({ sessionId: 'nobody' }), 'A'), show(by({ sessionId: 'gone' }), 'gone')]).toEqual([
      ...[refused('no_such_session'), refused('session_expired')],
    ]);
    expect(show(by({ sessionId: 'B' }), 'A')).toEqual(refused('not_holder'));
  });
});

describe('a CLOSE', () => {
  test('is refused while there are locks under the open, and takes their stateids with it', () => {
    bench.open('p', 'A', 'f', 'both', another);
    lock('1', ofOpen(), bytes(0, 1));
    lock('2', ofOpen({ id: 'p', freshId: 'l' }), { ...another, ...bytes(4, 5) });
    lock('3', ofOpen({ freshId: 'm' }), { owner: 'q', ownerKey: 'A/q', ...bytes(8, 9) });
    const held = (leaseId: string) => ({ refused: { reason: 'locks_held', leaseId } });
    expect(close(by())).toEqual(held('1'));
    unlock({ ...by(), id: 'k' });
    expect([close(by()), look('k')]).toEqual([held('3'), { held: true }]);
    bench.ask('rangeDrop', { rangeId: '3' });
    expect(close(by())).toEqual({ closed: true });
    expect(['k', 'm', 'l', 'p'].map((id) => look(id))).toEqual([
      ...[refused('no_such_lock'), refused('no_such_lock'), { held: true }, { held: true }],
    ]);
  });

  test('shows the present stateid of the open, and its repeat is recognised', () => {
    bench.open('o', 'A', 'f', 'read', { reopen: true, requestId: 'q' });
    expect(close(by({ seqid: 1 }))).toEqual(refused('seqid_old'));
    expect(close(by({ seqid: 3 }))).toEqual(refused('no_such_lock'));
    expect(close(by({ sessionId: 'B' }))).toEqual(refused('no_such_lock'));
    expect(close(by({ seqid: 2, requestId: 'c' }))).toEqual({ closed: true });
    expect(close(by({ seqid: 2, requestId: 'c' }))).toEqual({ closed: true });
    expect(close(by({ seqid: 2, requestId: 'd' }))).toEqual(refused('no_such_open'));
    expect(close(by())).toEqual(refused('no_such_open'));
  });
});

describe('an OPEN of an owner that has the file open, and OPEN_DOWNGRADE', () => {
  const reopen = (
    requestId: string,
    access: 'read' | 'write' | 'both',
    deny: 'none' | 'read' | 'write' = 'none',
  ) => bench.open('p', 'A', 'g', access, { deny, reopen: true, requestId });
  const lower = (
    access: 'read' | 'write' | 'both',
    shown: Shown,
    deny: 'none' | 'read' | 'write' | 'both' = 'none',
  ) => bench.ask('openSet', { openId: 'p', access, deny, waitMs: 0, lower: true, shown });

  test('add up, each with a seqid; those that are left must be a union of some of them', () => {
    expect(reopen('1', 'read')).toMatchObject({ open: { openId: 'p', access: 'read', seqid: 1 } });
    expect(reopen('2', 'write', 'write')).toMatchObject({
      open: { access: 'both', deny: 'write', seqid: 2 },
    });
    // The same again is the same open, with a new seqid.
    expect(reopen('3', 'read')).toMatchObject({ open: { access: 'both', deny: 'write', seqid: 3 } });
    expect(reopen('3', 'read')).toMatchObject({ open: { seqid: 3 } });
    expect([lower('read', by({ seqid: 2 })), lower('read', by({ seqid: 4 }))]).toEqual([
      ...[refused('seqid_old'), refused('no_such_lock')],
    ]);
    expect([lower('both', by()), lower('read', by(), 'write'), lower('write', by())]).toEqual([
      ...[refused('not_a_union'), refused('not_a_union'), refused('not_a_union')],
    ]);
    expect(lower('both', by({ seqid: 3 }), 'write')).toMatchObject({ open: { access: 'both', seqid: 4 } });
    const last = by({ seqid: 4, requestId: 'd' });
    expect(lower('write', last, 'write')).toMatchObject({
      open: { access: 'write', deny: 'write', seqid: 5 },
    });
    expect(lower('write', last, 'write')).toMatchObject({ open: { access: 'write', seqid: 5 } });
    // What was given up cannot be had again by a downgrade.
    expect(lower('read', by({ seqid: 5 }))).toEqual(refused('not_a_union'));
    expect(lower('write', by({ sessionId: 'B', requestId: 'd' }), 'write')).toEqual(refused('no_such_lock'));
  });

  test('of three OPENs, any two that are a union may be left', () => {
    reopen('1', 'read');
    reopen('2', 'write');
    reopen('3', 'both', 'read');
    expect(lower('both', by(), 'read')).toMatchObject({ open: { access: 'both', deny: 'read', seqid: 4 } });
    expect(lower('both', by())).toMatchObject({ open: { access: 'both', deny: 'none', seqid: 5 } });
    expect(lower('write', by())).toMatchObject({ open: { access: 'write', seqid: 6 } });
    // An open that nobody shows needs no union.
    expect(
      bench.ask('openSet', { openId: 'p', access: 'write', deny: 'none', waitMs: 0, lower: true }),
    ).toMatchObject({
      open: { access: 'write' },
    });
  });

  test('add to the one open that an OPEN has made, whatever id the client proposes', () => {
    const open = (id: string, access: 'read' | 'write', more: Partial<VerbInput<'openCreate'>> = {}) =>
      bench.open(id, 'A', 'g', access, more);
    // Over REST every open is one of its own.
    expect(open('q', 'read')).toMatchObject({ open: { openId: 'q' } });
    expect(reopen('1', 'read')).toMatchObject({ open: { openId: 'p', seqid: 1 } });
    expect(reopen('1', 'read')).toMatchObject({ open: { openId: 'p', seqid: 1 } });
    expect(open('r', 'write', { reopen: true })).toMatchObject({ open: { openId: 'p', access: 'both' } });
    expect(open('s', 'read')).toMatchObject({ open: { openId: 's', access: 'read' } });
    for (const id of ['2', '3', '4']) reopen(id, 'read');
    expect(bench.rows.look('open', 'p')).toMatchObject({ seqid: 5, parts: { length: 2 } });
    // Another open of the owner that gives up waiting takes nothing from it.
    bench.open('b', 'B', 'g', 'read', { deny: 'none' });
    expect(open('t', 'read', { deny: 'read', waitMs: 1_000 })).toMatchObject({ waiting: true });
    bench.pass(2_000);
    expect(open('u', 'read', { reopen: true })).toMatchObject({ open: { openId: 'p', seqid: 6 } });
  });

  test('that wait are answered as they are, and leave nothing when they give up', () => {
    bench.open('b', 'B', 'g', 'read', { deny: 'write' });
    const before = bench.rows.all('share').length;
    const wait = { deny: 'none', reopen: true, waitMs: 1_000 } as const;
    const waits = { waiting: true, open: { openId: 'p', access: 'write', state: 'waiting' } };
    expect(bench.open('p', 'A', 'g', 'write', wait)).toMatchObject(waits);
    bench.told();
    for (const id of ['p', 'q']) expect(bench.open(id, 'A', 'g', 'read', wait)).toMatchObject(waits);
    expect(bench.told()).toEqual([]);
    bench.pass(2_000);
    expect(bench.rows.all('share')).toHaveLength(before);
  });
});
