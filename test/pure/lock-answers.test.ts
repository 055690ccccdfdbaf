import type { LockView, VerbInput, VerbName } from '#locks';
import { Bench, bytes, fileOf, ownerOf } from '../support/rules-bench';
import { scenarioLimits } from '../support/scenario';

/** Complete views of holds and waits; refused impersonation; overdue rows. */

const number = expect.any(Number) as number;
const text = expect.any(String) as string;
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.declare();
  for (const sessionId of ['A', 'B', 'C']) bench.session(sessionId);
  bench.told();
});
const refused = (reason: string) => ({ refused: { reason } });
const revokedBy = (ended: string) => ({ refused: { reason: 'lease_revoked', ended } });
const file = fileOf('f');
const at = { exportName: 'local', path: 'f', fileId: 'id of f', fileKey: 'local/f' };
const whole = { startHi: 0, startLo: 0, endHi: 2147483647, endLo: 4294967295 };

const semaphore = { ...fileOf('n'), semaphore: 1 };

/** Everything that session A may have, and what waits. */
function furnish(): void {
  bench.lease('lease', 'A', 'l', 'write', { body: 'b' });
  bench.open('open', 'A', 'o', 'both', { body: 'b', deny: 'both' });
  bench.lock('range', 'A', 'r', 'write');
  bench.lock('theirs', 'B', 's', 'write');
  bench.lock('wait', 'A', 's', 'write', { waitMs: 60_000 });
  bench.lease('held', 'B', 'c', 'write');
  bench.change('change', 'A', 'c', { waitMs: 60_000, body: 'b' });
  bench.ask('permitTake', { ...me, permitId: 'permit', file: semaphore, waitMs: 0 });
  bench.ask('pinAdd', { pinId: 'pin', kind: 'exports', name: 'local', sessionId: 'A' });
  bench.ask('regionPut', { name: 'r', beatMs: 1, deadMs: 10_000, ackMs: 1 });
  bench.ask('nodePut', { name: 'n', region: 'r' });
  bench.ask('subscribe', { region: 'r', sessionId: 'A', priority: 1 });
  bench.ask('connect', { sessionId: 'A', connectionId: 'c', exportName: 'local', major: 1, minor: 1 });
  bench.ask('attributesAsk', {
    ...{ sessionId: 'B', askId: 'ask', file: fileOf('l'), waitMs: 60_000 },
    ...{ changeHi: 0, changeLo: 1, sizeHi: 0, sizeLo: 1 },
  });
}
type Request = { [V in VerbName]: [V, VerbInput<V>] }[VerbName];
const me = { sessionId: 'A', ...ownerOf('A') };
const bytesOf = { class: 'posix' as const, type: 'write' as const, ...bytes(0, 9) };
const sizes = { changeHi: 0, changeLo: 1, sizeHi: 0, sizeLo: 1 };

/** Every verb that speaks for session A or of what it has. */
const personal: Request[] = [
  ['sessionGet', { sessionId: 'A' }],
  ['keepalive', { sessionId: 'A' }],
  ['clientConfirm', { sessionId: 'A' }],
  ['sessionEnd', { sessionId: 'A' }],
  ['reclaimComplete', { sessionId: 'A' }],
  ['leaseAlloc', { sessionId: 'A', items: [{ leaseId: 'new', ...file, ...ownerOf('A') }] }],
  ['leaseAcquire', { sessionId: 'A', item: { leaseId: 'new', ...file, ...ownerOf('A') }, type: 'read' }],
  ['leaseSet', { leaseId: 'lease', type: 'none' }],
  ['leaseGet', { leaseId: 'lease' }],
  ['leaseFree', { leaseId: 'lease' }],
  ['leaseList', { sessionId: 'A', after: 0, limit: 9 }],
  ['openCreate', { ...me, openId: 'new', file, access: 'read', deny: 'none', waitMs: 0 }],
  ['openSet', { openId: 'open', access: 'read', deny: 'none', waitMs: 0, lower: true }],
  ['openGet', { openId: 'open' }],
  ['openClose', { openId: 'open' }],
  ['delegationWant', { sessionId: 'A', leaseId: 'new', file, clientKey: 'A/', want: 'read' }],
  ['delegationUntold', { leaseId: 'lease' }],
  ['rangeLock', { ...me, ...bytesOf, rangeId: 'new', splitId: 'split', file, waitMs: 0 }],
  ['rangeUnlock', { ...me, ...bytesOf, splitId: 'split', fileKey: 'local/r' }],
  ['rangeTest', { ...me, ...bytesOf, file }],
  ['rangeGet', { rangeId: 'range' }],
  ['rangeCancel', { ...me, ...bytesOf, file: fileOf('s') }],
  ['rangeDrop', { rangeId: 'range' }],
  ['waitGet', { id: 'wait' }],
  ['dlmList', { sessionId: 'A', after: 0, limit: 9 }],
  ['connect', { sessionId: 'A', connectionId: 'new', exportName: 'local', major: 1, minor: 1 }],
  ['connectionGet', { connectionId: 'c' }],
  ['connectionHangup', { connectionId: 'c' }],
  ['disconnect', { connectionId: 'c' }],
  ['permitTake', { ...me, permitId: 'new', file: semaphore, waitMs: 0 }],
  ['permitGet', { permitId: 'permit' }],
  ['permitDrop', { permitId: 'permit' }],
  ['setDecide', { sessionId: 'A', setId: 'new', body: 'b', how: 'taken' }],
  ['fileChange', { ...me, changeId: 'new', file, kind: 'truncate', quietMs: 0, waitMs: 0 }],
  ['changeCancel', { changeId: 'change' }],
  ['changeReport', { changeId: 'change', made: true }],
  ['attributesAsk', { sessionId: 'A', askId: 'new', file, waitMs: 0, ...sizes }],
  ['attributesTell', { leaseId: 'lease', askId: 'ask' }],
  ['attributesRecall', { sessionId: 'A', leaseId: 'lease', askId: 'ask' }],
  ['subscribe', { region: 'r', sessionId: 'A', priority: 2 }],
  ['unsubscribe', { region: 'r', sessionId: 'A' }],
  ['noticeAck', { node: 'n', sessionId: 'A', noticeId: 'n1' }],
  ['pinAdd', { pinId: 'new', kind: 'exports', name: 'local', sessionId: 'A' }],
  ['pinGet', { pinId: 'pin' }],
  ['pinDrop', { pinId: 'pin' }],
];
const ask = <V extends VerbName>([verb, input]: [V, VerbInput<V>], more: object): unknown =>
  bench.ask(verb, { ...input, ...more });

test.each(personal.map((request) => [request[0], request] as const))(
  '%s on behalf of another session is refused and does nothing',
  (_verb, request) => {
    furnish();
    const before = bench.rows.copy();
    bench.told();
    expect(ask(request, { digest: 'wrong' })).toEqual(refused('not_holder'));
    expect(bench.told()).toEqual([]);
    for (const kind of [
      ...(['lease', 'open', 'range', 'change', 'pin', 'subscription', 'session', 'connection'] as const),
      'permit' as const,
    ])
      expect(bench.rows.all(kind)).toEqual(before.all(kind));
    expect(ask(request, { digest: 'A' })).not.toMatchObject(refused('not_holder'));
  },
);

/** Missing rows, and the reason for each. */
const absent: [Request, string][] = [
  [['sessionGet', { sessionId: 'x' }], 'no_such_session'],
  [['keepalive', { sessionId: 'x' }], 'no_such_session'],
  [['sessionEnd', { sessionId: 'x' }], 'no_such_session'],
  [['clientConfirm', { sessionId: 'x' }], 'no_such_session'],
  [['reclaimComplete', { sessionId: 'x' }], 'no_such_session'],
  [['leaseSet', { leaseId: 'x', type: 'none' }], 'no_such_lease'],
  [['leaseGet', { leaseId: 'x' }], 'no_such_lease'],
  [['leaseFree', { leaseId: 'x' }], 'no_such_lease'],
  [['leaseFree', { leaseId: 'lease' }], 'lease_held'],
  [['attributesTell', { leaseId: 'x', askId: 'ask' }], 'no_such_lease'],
  [['attributesTell', { leaseId: 'lease', askId: 'x' }], 'ask_over'],
  [['openSet', { openId: 'x', access: 'read', deny: 'none', waitMs: 0, lower: false }], 'no_such_open'],
  [['openGet', { openId: 'x' }], 'no_such_open'],
  [['openClose', { openId: 'x' }], 'no_such_open'],
  [['rangeGet', { rangeId: 'x' }], 'no_such_lock'],
  [['rangeDrop', { rangeId: 'x' }], 'no_such_lock'],
  [['permitGet', { permitId: 'x' }], 'no_such_lock'],
  [['permitDrop', { permitId: 'x' }], 'no_such_lock'],
  [['waitGet', { id: 'x' }], 'no_such_wait'],
  [['waitGet', { id: 'lease' }], 'no_such_wait'],
  [['lockGet', { id: 'x' }], 'no_such_lock'],
  [['lockRelease', { id: 'x', unfenced: false }], 'no_such_lock'],
  [['lockBreak', { id: 'x', target: 'none' }], 'no_such_lock'],
  [['lockBreak', { id: 'open', target: 'none' }], 'no_such_lock'],
  [['fenceCheck', { fileKey: 'x', token: 1, access: 'read' }], 'token_old'],
  [
    ['attributesAsk', { sessionId: 'A', askId: 'q', file: fileOf('x/f'), waitMs: 0, ...sizes }],
    'no_such_export',
  ],
  [['rangeUnlock', { ...me, ...bytesOf, ...bytes(5, 2), splitId: 's', fileKey: 'local/r' }], 'bad_range'],
  [['rangeTest', { ...me, ...bytesOf, ...bytes(5, 2), file }], 'bad_range'],
  [['rangeTest', { ...me, ...bytesOf, ...whole, startLo: 1, class: 'flock', file }], 'bad_range'],
  [
    ['openCreate', { ...me, openId: 'open', body: 'c', file, access: 'read', deny: 'none', waitMs: 0 }],
    'id_reused_with_other_body',
  ],
  [['openGet', { openId: 'open', body: 'c' }], 'id_reused_with_other_body'],
  [['leaseGet', { leaseId: 'lease', body: 'c' }], 'id_reused_with_other_body'],
  [
    [
      'openCreate',
      { ...me, sessionId: 'B', openId: 'open', body: 'b', file, access: 'read', deny: 'none', waitMs: 0 },
    ],
    'not_holder',
  ],
];
test.each(absent.map((each) => [each[0][0], each[1], each[0]] as const))(
  '%s on a missing or unsuitable row is refused: %s',
  (_verb, reason, request) => {
    furnish();
    expect(ask(request, {})).toEqual(refused(reason));
  },
);

test('a request that repeats its content finds what it made', () => {
  furnish();
  expect(bench.ask('openGet', { openId: 'open', body: 'b' })).toMatchObject({ open: { openId: 'open' } });
  expect(bench.ask('leaseGet', { leaseId: 'lease', body: 'b' })).toMatchObject({
    lease: { leaseId: 'lease' },
  });
});

describe('leases', () => {
  const lease = (leaseId: string, more: object = {}) => ({
    ...{ leaseId, sessionId: 'A', owner: 'o', ownerKey: 'A/o', ...at },
    ...{ grantNo: number, type: 'read', delegation: false, state: 'active', token: number, seqid: number },
    ...{ backed: false, ...more },
  });

  test('have complete views from allocation to release', () => {
    const item = { leaseId: 'l', ...file, ...ownerOf('A') };
    const allocated = lease('l', { grantNo: 0, type: 'none', state: 'allocated', token: 0 });
    expect(bench.ask('leaseAlloc', { sessionId: 'A', items: [item] })).toEqual({ leases: [allocated] });
    expect(bench.ask('leaseGet', { leaseId: 'l' })).toEqual({ lease: allocated });
    const set = (type: 'none' | 'read' | 'write', more: object = {}) =>
      bench.ask('leaseSet', { leaseId: 'l', type, ...more });
    const answer = (now: object) => ({ lease: now, pending: false, waiting: false });
    expect(set('read')).toEqual(answer(lease('l')));
    expect(set('read')).toEqual(answer(lease('l')));
    expect(set('write')).toEqual(answer(lease('l', { type: 'write' })));
    expect(set('read')).toEqual(answer(lease('l')));
    expect(set('none')).toEqual(answer(lease('l', { type: 'none', state: 'released' })));
    expect(set('none')).toEqual(answer(lease('l', { type: 'none', state: 'released' })));
    expect(set('read')).toEqual(refused('lease_released'));
    const told = { ...{ leaseId: 'l', sessionId: 'A', owner: 'o', ownerKey: 'A/o' }, fileKey: 'local/f' };
    const granted = { ...told, exportName: 'local', path: 'f', token: number, grantNo: number };
    expect(bench.told()).toEqual([
      { kind: 'granted', ...granted, type: 'read', turn: false },
      { kind: 'granted', ...granted, type: 'write', turn: false },
      { kind: 'downgraded', ...granted, type: 'read', cause: 'holder' },
      { kind: 'released', ...told, exportName: 'local', path: 'f', cause: 'holder' },
    ]);
  });

  test('a request that names a token must name the current one', () => {
    bench.ask('leaseAlloc', { sessionId: 'A', items: [{ leaseId: 'a', ...fileOf('g'), ...ownerOf('A') }] });
    expect(bench.ask('leaseSet', { leaseId: 'a', type: 'read', ifToken: 1 })).toEqual(refused('token_old'));
    // It has none yet, and that is what was named.
    expect(bench.ask('leaseSet', { leaseId: 'a', type: 'read', ifToken: 0 })).toMatchObject({
      lease: { state: 'active' },
    });
    bench.lease('l', 'A', 'f', 'write');
    const token = (): number => {
      const got = bench.ask('leaseGet', { leaseId: 'l' });
      return 'lease' in got ? got.lease.token : 0;
    };
    const before = token();
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'read', ifToken: before })).toMatchObject({
      lease: { type: 'read' },
    });
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'none', ifToken: before })).toEqual(
      refused('token_old'),
    );
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'none', ifToken: token() })).toMatchObject({
      lease: { state: 'released' },
    });
  });

  test('an acknowledgement names its break, and another conversion does not', () => {
    bench.lease('l', 'A', 'f', 'write');
    bench.ask('lockBreak', { id: 'l', target: 'read' });
    const got = bench.ask('leaseGet', { leaseId: 'l' });
    const running = 'lease' in got ? got.lease.break : undefined;
    expect(running).toEqual({
      ...{ breakId: text, target: 'read', cause: 'admin' },
      ...{ deadlineWall: bench.clock.now + 45_000, remainingMs: 45_000 },
    });
    const breakId = running?.breakId ?? '';
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'write', breakId })).toEqual({
      refused: { reason: 'above_target', break: running },
    });
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'read', breakId: 'b0' })).toEqual(
      refused('break_over'),
    );
    bench.told();
    bench.ask('leaseSet', { leaseId: 'l', type: 'read', breakId });
    expect(bench.told()).toMatchObject([{ kind: 'downgraded', type: 'read', cause: 'acknowledged' }]);
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'none', breakId })).toEqual(refused('break_over'));
    bench.ask('lockBreak', { id: 'l', target: 'none' });
    bench.told();
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    expect(bench.told()).toMatchObject([{ kind: 'released', leaseId: 'l', cause: 'acknowledged' }]);
  });

  test('a session that breaks the leases of others keeps its own', () => {
    bench.lease('l', 'A', 'f', 'read');
    bench.lease('m', 'B', 'f', 'read');
    bench.open('o', 'B', 'f', 'write', { waitMs: 60_000 });
    bench.told();
    bench.ask('leaseSet', { leaseId: 'm', type: 'none' });
    expect(bench.told()).toMatchObject([{ kind: 'released', leaseId: 'm', cause: 'holder' }]);
  });

  test('a waiting lease is shown as waiting, with what is ahead of it', () => {
    bench.lease('l', 'A', 'f', 'write');
    const wait = bench.lease('m', 'B', 'f', 'read', { waitMs: 9_000 });
    const waiting = {
      ...lease('m', { sessionId: 'B', ownerKey: 'B/o', grantNo: 0, token: 0, type: 'none' }),
    };
    expect(wait).toEqual({
      ...{
        lease: { ...waiting, state: 'allocated', waitType: 'read', waitNo: number },
        pending: false,
        waiting: true,
      },
    });
    const why = {
      reason: 'lease_conflict',
      blockers: [{ ...blocker('l', 'A', 'lease', 'write', 'active') }],
      blockerCount: 1,
    };
    expect(bench.ask('waitGet', { id: 'm' })).toEqual({
      wait: { id: 'm', kind: 'lease', ahead: 0, remainingMs: 9_000, why },
    });
    bench.lease('n', 'C', 'f', 'write', { waitMs: 5_000 });
    bench.pass(1_000);
    expect(bench.ask('waitGet', { id: 'n', digest: 'C' })).toMatchObject({
      wait: { id: 'n', ahead: 1, remainingMs: 4_000, why: { reason: 'queued' } },
    });
    expect(bench.lease('x', 'C', 'f', 'write')).toMatchObject(refused('lease_conflict'));
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    expect(bench.ask('waitGet', { id: 'm' })).toEqual(refused('no_such_wait'));
    bench.ask('leaseAlloc', { sessionId: 'A', items: [{ leaseId: 'a', ...fileOf('g'), ...ownerOf('A') }] });
    expect(bench.ask('waitGet', { id: 'a' })).toEqual(refused('no_such_wait'));
  });
  const blocker = (id: string, sessionId: string, kind: string, type: string, state: string) => ({
    ...{ id, sessionId, kind, type, state, owner: 'o', pid: 7, ageMs: 0 },
  });

  test('an owner has one lease on a file, and a second request names it', () => {
    bench.lease('l', 'A', 'f', 'read');
    expect(bench.lease('m', 'A', 'f', 'read')).toEqual({
      refused: { reason: 'owner_has_lease', leaseId: 'l' },
    });
    expect(bench.lease('m', 'A', 'f', 'read', { waitMs: 1_000 })).toEqual({
      refused: { reason: 'owner_has_lease', leaseId: 'l' },
    });
    expect(bench.ask('leaseGet', { leaseId: 'm' })).toEqual(refused('no_such_lease'));
  });

  test('a repeated request finds what it made; a different one under the same requestId does not', () => {
    const first = bench.lease('l', 'A', 'f', 'read', { body: 'b' });
    expect(bench.lease('l', 'A', 'f', 'read', { body: 'b' })).toEqual(first);
    expect(bench.lease('l', 'A', 'f', 'read', { body: 'c' })).toEqual(refused('id_reused_with_other_body'));
  });

  test('a pending lease has the type of the latest request', () => {
    bench.serve('i1', ['x']);
    const pending = bench.lease('l', 'A', 'x/f', 'read');
    expect(pending).toMatchObject({
      lease: { state: 'pending', pendingType: 'read' },
      pending: true,
      waiting: false,
    });
    const set = (type: 'read' | 'write') => bench.ask('leaseSet', { leaseId: 'l', type });
    expect(set('read')).toEqual(pending);
    expect(set('write')).toEqual(refused('request_pending'));
    bench.answer();
    expect(set('read')).toMatchObject({ lease: { state: 'active' }, pending: false });
    expect(set('write')).toMatchObject({ lease: { type: 'read', pendingType: 'write' }, pending: true });
    const asked = bench.asks.length;
    expect(set('write')).toMatchObject({ lease: { type: 'read', pendingType: 'write' }, pending: true });
    expect(bench.asks).toHaveLength(asked);
    expect(set('read')).toMatchObject({ lease: { type: 'read', state: 'active' }, pending: false });
    bench.answer();
    expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({ lease: { type: 'read', backed: true } });
    expect(bench.ask('leaseUndo', { leaseId: 'l', reason: 'cancelled' })).toMatchObject({
      lease: { type: 'read', state: 'active' },
    });
    bench.ask('exportHangup', { name: 'x', operationId: 'o', deadlineMs: 60_000 });
    expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({ lease: { state: 'breaking' } });
  });

  test('a waiting request is changed to the latest one', () => {
    bench.ask('leaseAlloc', { sessionId: 'B', items: [{ leaseId: 'm', ...file, ...ownerOf('B') }] });
    bench.lease('l', 'A', 'f', 'write');
    const set = (type: 'none' | 'read' | 'write', more: object = {}) =>
      bench.ask('leaseSet', { leaseId: 'm', type, waitMs: 60_000, ...more });
    expect(set('read')).toMatchObject({ lease: { state: 'allocated', waitType: 'read' }, waiting: true });
    expect(set('read')).toMatchObject({ waiting: true });
    expect(set('read', { file: fileOf('g') })).toMatchObject({ waiting: true, lease: { path: 'f' } });
    expect(set('write')).toEqual(refused('request_pending'));
    bench.ask('leaseSet', { leaseId: 'l', type: 'read' });
    expect(set('read')).toMatchObject({ lease: { type: 'read', state: 'active' }, waiting: false });
    expect(set('write')).toMatchObject({ lease: { type: 'read', waitType: 'write' }, waiting: true });
    bench.told();
    expect(set('read')).toMatchObject({ lease: { type: 'read' }, waiting: false });
    expect(bench.told()).toMatchObject([{ kind: 'dropped', leaseId: 'm', reason: 'cancelled' }]);
  });

  test('an allocated lease that is not set moves to the file its name resolves to now', () => {
    const exportNo = () => bench.ask('exportList', {}).exports[0]?.no ?? 0;
    const item = { leaseId: 'l', ...file, ...ownerOf('A'), exportNo: exportNo() };
    bench.ask('leaseAlloc', { sessionId: 'A', items: [item] });
    const removal = {
      kind: 'exports' as const,
      name: 'local',
      force: false,
      operationId: 'o',
      deadlineMs: 0,
    };
    bench.ask('itemRemove', removal);
    bench.declare();
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'read' })).toEqual(refused('resolve_again'));
    // Resolved once it is resolved, even if it is refused then.
    bench.lease('theirs', 'B', 'f', 'write');
    const there = { ...file, exportNo: exportNo() };
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'read', file: there })).toMatchObject(
      refused('lease_conflict'),
    );
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'read' })).toMatchObject(refused('lease_conflict'));
    bench.ask('leaseSet', { leaseId: 'theirs', type: 'none' });
    const other = { ...fileOf('g'), path: 'f', fileId: 'another', inode: 'fe:00:78', exportNo: exportNo() };
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'read', file: other })).toMatchObject({
      lease: { fileKey: 'local/g', path: 'f', fileId: 'another', state: 'active' },
    });
    expect(bench.ask('lockGet', { id: 'l' })).toMatchObject({
      lock: { inode: 'fe:00:78', fileId: 'another' },
    });
    expect(bench.ask('lockList', { after: 0, limit: 9, fileKey: 'local/g' })).toMatchObject({
      locks: [{ id: 'l' }],
    });
    // Once set, it stays on its file.
    bench.ask('leaseSet', { leaseId: 'l', type: 'write', file });
    expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({
      lease: { fileKey: 'local/g', type: 'write' },
    });
  });

  test('only a lease that has ended may be freed', () => {
    bench.lease('l', 'A', 'f', 'read');
    expect(bench.ask('leaseFree', { leaseId: 'l' })).toEqual(refused('lease_held'));
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    expect(bench.ask('leaseFree', { leaseId: 'l' })).toEqual({ freed: true });
    expect(bench.ask('leaseFree', { leaseId: 'l' })).toEqual(refused('no_such_lease'));
    bench.lease('m', 'A', 'f', 'read');
    bench.ask('lockRelease', { id: 'm', unfenced: false });
    expect(bench.ask('leaseSet', { leaseId: 'm', type: 'read' })).toEqual(revokedBy('admin'));
    expect(bench.ask('leaseFree', { leaseId: 'm' })).toEqual({ freed: true });
  });

  test('a request that is given up leaves nothing; one that was granted stays', () => {
    bench.lease('l', 'A', 'f', 'write');
    bench.lease('m', 'B', 'f', 'read', { waitMs: 60_000 });
    bench.told();
    expect(bench.ask('leaseUndo', { leaseId: 'm', reason: 'cancelled' })).toEqual({});
    expect(bench.told()).toMatchObject([{ kind: 'dropped', leaseId: 'm', reason: 'cancelled' }]);
    expect(bench.ask('leaseUndo', { leaseId: 'm', reason: 'cancelled' })).toEqual({});
    expect(bench.ask('leaseUndo', { leaseId: 'l', reason: 'cancelled' })).toEqual({
      lease: lease('l', { type: 'write' }),
    });
    bench.ask('leaseAlloc', { sessionId: 'A', items: [{ leaseId: 'n', ...fileOf('g'), ...ownerOf('A') }] });
    expect(bench.ask('leaseUndo', { leaseId: 'n', reason: 'cancelled' })).toMatchObject({
      lease: { state: 'allocated' },
    });
  });

  test('are listed by session, page by page', () => {
    for (const path of ['f', 'g', 'h']) bench.lease(`l-${path}`, 'A', path, 'read');
    bench.open('o', 'A', 'f', 'read');
    const ids = (after: number, limit: number) => {
      const page = bench.ask('leaseList', { sessionId: 'A', after, limit });
      if ('refused' in page) throw new Error(page.refused.reason);
      return [page.leases.map(({ leaseId }) => leaseId).join(' '), page.after] as const;
    };
    const [first, after = 0] = ids(0, 2);
    expect(first).toBe('l-f l-g');
    expect(after).toBeGreaterThan(0);
    const [second, last = 0] = ids(after, 2);
    expect(second).toBe('l-h');
    expect(ids(last, 2)).toEqual(['', undefined]);
    expect(ids(0, 4)).toEqual(['l-f l-g l-h', number]);
    expect(ids(0, 5)).toEqual(['l-f l-g l-h', undefined]);
  });

  test('are not taken for what else has their name', () => {
    bench.lease('x', 'A', 'f', 'read');
    bench.open('x', 'A', 'f', 'read');
    expect(bench.ask('leaseList', { sessionId: 'A', after: 0, limit: 9 })).toMatchObject({
      leases: [{ leaseId: 'x' }],
    });
    bench.lock('r', 'C', 'g', 'write');
    bench.lock('w', 'B', 'g', 'write', { waitMs: 60_000 });
    bench.open('h', 'C', 'h', 'both', { deny: 'both' });
    bench.open('w', 'A', 'h', 'read', { waitMs: 60_000 });
    expect(bench.lock('v', 'A', 'g', 'write', { waitMs: 60_000 })).toMatchObject({ range: { rangeId: 'v' } });
  });

  test('the highest token of a file is that of its last grant; for a file that nobody has, that of the latest grant of all', () => {
    const highest = (name: string): number =>
      bench.ask('fenceGet', { fileKey: `local/${name}` }).highestToken;
    const got = bench.lease('l', 'A', 'f', 'read');
    const token = 'lease' in got ? got.lease.token : 0;
    bench.lease('m', 'A', 'g', 'read');
    expect(highest('f')).toBe(token);
    expect(highest('g')).toBeGreaterThan(token);
    expect(highest('h')).toBe(highest('g'));
    bench.open('o', 'A', 'i', 'read');
    expect(highest('i')).toBe(highest('g'));
    const check = (name: string, given: number, access: 'read' | 'write') =>
      bench.ask('fenceCheck', { fileKey: `local/${name}`, token: given, access });
    expect(check('f', token, 'read')).toEqual({ leaseId: 'l', type: 'read', state: 'active' });
    expect(check('f', token, 'write')).toEqual(refused('token_old'));
    expect(check('f', token - 1, 'read')).toEqual(refused('token_old'));
    expect(check('f', token + 1, 'read')).toEqual(refused('token_old'));
    bench.ask('lockBreak', { id: 'l', target: 'none' });
    expect(check('f', token, 'read')).toEqual({ leaseId: 'l', type: 'read', state: 'breaking' });
  });
});

describe('opens', () => {
  const open = (openId: string, more: object = {}) => ({
    ...{ openId, sessionId: 'A', owner: 'o', ...at, access: 'read', deny: 'none', seqid: 1, state: 'open' },
    ...more,
  });

  test('have complete views, granted and waiting', () => {
    expect(bench.open('o', 'A', 'f', 'read')).toEqual({ open: open('o'), waiting: false });
    expect(bench.ask('openGet', { openId: 'o' })).toEqual({ open: open('o') });
    const denied = open('p', { sessionId: 'B', deny: 'write' });
    expect(bench.open('p', 'B', 'f', 'read', { deny: 'write' })).toEqual({ open: denied, waiting: false });
    const set = (access: 'read' | 'write' | 'both', deny: 'none' | 'read' = 'none', waitMs = 60_000) =>
      bench.ask('openSet', { openId: 'o', access, deny, waitMs, lower: false });
    const wants = open('o', { toAccess: 'both', toDeny: 'none', waitNo: number });
    expect(set('both')).toEqual({ open: wants, waiting: true });
    expect(set('both')).toEqual({ open: wants, waiting: true });
    expect(set('both', 'read')).toEqual({ open: { ...wants, toDeny: 'read' }, waiting: true });
    expect(set('both', 'none', 0)).toMatchObject(refused('share_denied'));
    expect(bench.ask('openGet', { openId: 'o' })).toEqual({ open: open('o') });
    expect(set('read')).toEqual({ open: open('o'), waiting: false });
    const wait = open('q', { sessionId: 'C', access: 'write', seqid: 0, state: 'waiting', waitNo: number });
    expect(bench.open('q', 'C', 'f', 'write', { waitMs: 60_000 })).toEqual({ open: wait, waiting: true });
    expect(
      bench.ask('openSet', { openId: 'q', access: 'read', deny: 'none', waitMs: 0, lower: true }),
    ).toEqual(refused('request_pending'));
    bench.told();
    bench.ask('openClose', { openId: 'p' });
    expect(bench.told()).toMatchObject([
      { kind: 'closed', openId: 'p', sessionId: 'B', reason: 'holder' },
      { kind: 'opened', openId: 'q', sessionId: 'C', access: 'write', turn: true },
    ]);
    expect(
      bench.ask('openSet', { openId: 'o', access: 'both', deny: 'none', waitMs: 0, lower: true }),
    ).toEqual(refused('above_present'));
  });

  test('a wait that is given up is remembered, one that had already ended is not', () => {
    bench.open('o', 'A', 'f', 'both', { deny: 'both', body: 'b' });
    const wait = () => bench.open('p', 'B', 'f', 'read', { waitMs: 5_000, body: 'b' });
    wait();
    expect(bench.ask('openClose', { openId: 'o', ifWaiting: true })).toEqual({ closed: false });
    expect(bench.ask('openClose', { openId: 'p', ifWaiting: true })).toEqual({ closed: true });
    expect(wait()).toMatchObject({ waiting: true });
    expect(bench.ask('openClose', { openId: 'p' })).toEqual({ closed: true });
    expect(wait()).toEqual({ refused: { reason: 'open_closed', ended: 'cancelled' } });
    expect(bench.open('p', 'B', 'f', 'read', { body: 'c' })).toEqual(refused('id_reused_with_other_body'));
    bench.ask('openClose', { openId: 'o' });
    expect(bench.open('o', 'A', 'f', 'both', { deny: 'both', body: 'b' })).toEqual({
      refused: { reason: 'open_closed', ended: 'holder' },
    });
    expect(bench.open('o', 'A', 'f', 'both', { deny: 'both', body: 'b', reopen: true })).toMatchObject({
      open: { state: 'open' },
    });
  });

  test('an open whose owner has locks stays, and the refusal names one', () => {
    bench.open('o', 'A', 'f', 'both');
    bench.lock('q', 'A', 'g', 'write');
    const shown = { sessionId: 'A', seqid: 1, of: 'open' as const, id: 'o', freshId: 'k' };
    bench.lock('r', 'A', 'f', 'write', { shown });
    const close = () => bench.ask('openClose', { openId: 'o' });
    expect(close()).toEqual({ refused: { reason: 'locks_held', leaseId: 'r' } });
    bench.ask('rangeDrop', { rangeId: 'r' });
    expect(close()).toEqual({ closed: true });
    expect(bench.rows.all('lockState')).toEqual([]);
  });

  test('name the delegation that came with them, or why none did', () => {
    bench.serve('i1', ['x']);
    const want = { want: 'read' as const, delegationId: 'd' };
    const x = { exportName: 'x', fileKey: 'x/f' };
    const opened = bench.open('o', 'A', 'x/f', 'read', want);
    const delegation = {
      ...{ leaseId: 'd', sessionId: 'A', owner: 'A', ownerKey: 'A/', ...at, ...x },
      ...{ grantNo: 0, type: 'none', delegation: true, pendingType: 'read', state: 'pending' },
      ...{ token: 0, seqid: number, backed: false },
    };
    expect(opened).toEqual({
      ...{ open: open('o', { ...x, delegation: { lease: delegation, pending: true } }), waiting: false },
    });
    bench.answer();
    expect(bench.ask('openGet', { openId: 'o' })).toMatchObject({
      open: { delegation: { lease: { state: 'active', backed: true }, pending: false } },
    });
    expect(bench.open('p', 'A', 'x/f', 'read')).toEqual({ open: open('p', x), waiting: false });
    expect(bench.open('q', 'A', 'x/f', 'read', { want: 'none' })).toEqual({
      open: open('q', x),
      waiting: false,
    });
    bench.open('r', 'B', 'x/g', 'both');
    const none = { pending: false, whyNot: 'CONTENTION', willSignal: true };
    expect(bench.open('s', 'A', 'x/g', 'read', { ...want, delegationId: 'e', signal: true })).toMatchObject({
      open: { delegation: none },
    });
    expect(bench.open('s', 'A', 'x/g', 'read', { reopen: true })).toMatchObject({
      open: { delegation: none },
    });
    bench.ask('openClose', { openId: 'r' });
    bench.told();
    const again = { reopen: true, want: 'read' as const, delegationId: 'e' };
    expect(bench.open('s', 'A', 'x/g', 'read', again)).toMatchObject({
      open: { delegation: { pending: true, lease: { leaseId: 'e' } } },
    });
    bench.open('t', 'C', 'x/h', 'both', { deny: 'write' });
    const waits = { waitMs: 60_000, ...want, delegationId: 'f' };
    expect(bench.open('u', 'A', 'x/h', 'write', waits)).toEqual({
      ...{
        open: open('u', {
          ...x,
          ...fileOf2('h'),
          access: 'write',
          seqid: 0,
          state: 'waiting',
          waitNo: number,
        }),
        waiting: true,
      },
    });
  });
  const fileOf2 = (path: string) => ({ path, fileId: `id of ${path}`, fileKey: `x/${path}` });

  test('change only for their owner, and a downgrade never adds access', () => {
    bench.open('o', 'A', 'f', 'read');
    expect(bench.open('o', 'B', 'f', 'write', { reopen: true })).toEqual(refused('not_holder'));
    expect(bench.open('o', 'A', 'f', 'write', { reopen: true, deny: 'read' })).toEqual({
      open: open('o', { access: 'both', deny: 'read', seqid: 2 }),
      waiting: false,
    });
    expect(bench.open('o', 'A', 'f', 'read', { reopen: true, deny: 'write' })).toMatchObject({
      open: { access: 'both', deny: 'both' },
    });
    expect(bench.open('o', 'A', 'f', 'read', { reopen: true })).toMatchObject({
      open: { access: 'both', deny: 'both' },
    });
  });

  test('a table that is full lets one that is there have more', () => {
    bench.open('o', 'B', 'f', 'read');
    const more = { openId: 'o', access: 'both' as const, deny: 'none' as const, waitMs: 0, lower: false };
    expect(bench.rows.play('openSet', more, true).value).toMatchObject({ open: { access: 'both' } });
  });

  test('a full table refuses an open that breaks nobody', () => {
    const full = (openId: string, path: string) => {
      const request = { ...{ sessionId: 'B', ...ownerOf('B') }, openId, file: fileOf(path) };
      const asked = { ...request, access: 'write' as const, deny: 'none' as const, waitMs: 60_000 };
      const { value } = bench.rows.play('openCreate', asked, true);
      return value;
    };
    bench.lease('l', 'A', 'f', 'read');
    expect(full('o', 'g')).toEqual(refused('table_full'));
    bench.told();
    expect(full('p', 'f')).toMatchObject({ waiting: true });
    expect(bench.told()).toMatchObject([{ kind: 'break', cause: 'open' }]);
    expect(bench.ask('openGet', { openId: 'o' })).toEqual(refused('no_such_open'));
  });
});

test('a table without room asks for delegations back, and then not for a while', () => {
  bench = new Bench({ sessionDelegationsMax: 20, exportDelegationsMax: 100 });
  bench.declare();
  bench.session('A');
  for (let i = 0; i < 8; i += 1)
    bench.ask('delegationWant', {
      ...{ sessionId: 'A', ...ownerOf('A') },
      ...{ leaseId: `d${String(i)}`, file: fileOf(`d${String(i)}`), want: 'read' },
    });
  bench.told();
  bench.ask('tick', {});
  expect(bench.told()).toEqual([]);
  bench.rows.play('tick', {}, true);
  bench.rows.play('tick', {}, true);
  expect(bench.told()).toEqual([{ kind: 'recallAny', sessionId: 'A', keep: 4, cause: 'table' }]);
});

test('a repeat of an open that was taken in courtesy is told that its session had expired', () => {
  bench.ask('sessionCreate', { sessionId: 'K', digest: 'K', ttlMs: 10_000, courtesyMs: 60_000, pid: 7 });
  const more = { deny: 'write' as const, body: 'b' };
  bench.open('o', 'K', 'f', 'read', more);
  bench.pass(10_000);
  expect(bench.open('p', 'B', 'f', 'write')).toMatchObject({ waiting: false });
  expect(bench.open('o', 'K', 'f', 'read', { ...more, digest: 'K' })).toEqual({
    refused: { reason: 'open_closed', ended: 'session_expired' },
  });
});

test('only a write delegation speaks for the times of its file', () => {
  const { clientKey } = ownerOf('A');
  const request = { sessionId: 'A', leaseId: 'd', file, clientKey, want: 'write', times: true } as const;
  expect(bench.ask('delegationWant', request)).toMatchObject({ lease: { type: 'write', times: true } });
  const lowered = bench.ask('leaseSet', { leaseId: 'd', type: 'read' });
  expect(lowered).toMatchObject({ lease: { type: 'read', times: undefined } });
});

test('a lease whose turn has come is asked for under the number with which it has waited', () => {
  bench.serve('i', ['served']);
  bench.open('o', 'B', 'served/f', 'write');
  const asked = bench.lease('l', 'A', 'served/f', 'read', { waitMs: 60_000 });
  expect(asked).toMatchObject({ lease: { waitNo: number } });
  const waitNo = 'lease' in asked ? asked.lease.waitNo : undefined;
  bench.ask('openClose', { openId: 'o' });
  expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({ lease: { pendingType: 'read', waitNo } });
  bench.answer();
  expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({ lease: { waitNo: undefined } });
});

test('an allocated lease that nobody has set is gone after a while, and counts no more', () => {
  bench.ask('leaseAlloc', { sessionId: 'A', items: [{ leaseId: 'l', ...file, ...ownerOf('A') }] });
  expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({ session: { rows: 1 } });
  bench.pass(scenarioLimits.unusedMs);
  expect(bench.ask('leaseGet', { leaseId: 'l' })).toEqual(refused('no_such_lease'));
  expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({ session: { rows: 0 } });
});

test('who gives up a range, or ends, is not told that it was taken', () => {
  for (const id of ['r', 's']) bench.lock(id, 'A', id, 'write');
  bench.told();
  bench.ask('rangeDrop', { rangeId: 'r' });
  bench.ask('sessionEnd', { sessionId: 'A', digest: 'A' });
  expect(bench.told().map(({ kind }) => kind)).not.toContain('taken');
  expect(bench.rows.all('range')).toEqual([]);
});

test('a repeat of a lock that was taken in courtesy is told that its session had expired', () => {
  bench.ask('sessionCreate', { sessionId: 'K', digest: 'K', ttlMs: 10_000, courtesyMs: 60_000, pid: 7 });
  bench.open('p', 'K', 'g', 'both');
  const shown = { sessionId: 'K', seqid: 0, id: 'p', of: 'open' as const, freshId: 'k' };
  for (const path of ['f', 'g']) bench.lock(path, 'K', path, 'write', { ...bytes(0, 9), body: 'b' });
  bench.lock('r', 'K', 'g', 'write', { ...bytes(20, 29), shown });
  bench.pass(10_000);
  for (const path of ['f', 'g'])
    expect(bench.lock(`of B ${path}`, 'B', path, 'write')).toMatchObject({ waiting: false });
  for (const path of ['f', 'g']) {
    const again = bench.lock(path, 'K', path, 'write', { ...bytes(0, 9), body: 'b', digest: 'K' });
    expect(again).toEqual({ refused: { reason: 'lock_over', ended: 'session_expired' } });
  }
});

describe('ranges and changes', () => {
  const range = (rangeId: string, more: object = {}) => ({
    ...{ rangeId, sessionId: 'A', owner: 'o', ...at, class: 'posix', type: 'write', state: 'held' },
    backed: false,
    ...{ ...bytes(0, 9), ...more },
  });

  test('have complete views, granted and waiting', () => {
    expect(bench.lock('r', 'A', 'f', 'write')).toEqual({ range: range('r'), waiting: false });
    expect(bench.ask('rangeGet', { rangeId: 'r', digest: 'A' })).toEqual({ range: range('r') });
    const wait = bench.lock('s', 'B', 'f', 'write', { waitMs: 60_000, pid: 9 });
    expect(wait).toEqual({
      range: range('s', { sessionId: 'B', state: 'waiting', waitNo: number }),
      waiting: true,
    });
    expect(bench.lock('t', 'B', 'f', 'write', { waitMs: 60_000 })).toEqual(wait);
    expect(bench.lock('u', 'B', 'f', 'write', { waitMs: 60_000, ...bytes(1, 9) })).toMatchObject({
      range: { rangeId: 'u' },
      waiting: true,
    });
    expect(bench.lock('v', 'B', 'f', 'write', { waitMs: 60_000, ...bytes(0, 8) })).toMatchObject({
      range: { rangeId: 'v' },
      waiting: true,
    });
    const who = { ...ownerOf('C'), sessionId: 'C', class: 'posix' as const, type: 'read' as const };
    expect(bench.ask('rangeTest', { ...who, ...bytes(9, 20), file })).toEqual({
      blocker: {
        ...{ id: 'r', kind: 'posix', sessionId: 'A', owner: 'o', pid: 7, ageMs: 0 },
        ...{ type: 'write', state: 'held' },
        ...bytes(0, 9),
      },
    });
    expect(bench.ask('rangeTest', { ...who, ...bytes(10, 20), file })).toEqual({});
    expect(bench.ask('lockGet', { id: 's' })).toMatchObject({ lock: { pid: 9, blockedBy: 'r' } });
    expect(bench.ask('rangeDrop', { rangeId: 'r', ifWaiting: true })).toEqual({ dropped: false });
    expect(bench.ask('rangeDrop', { rangeId: 'u', ifWaiting: true })).toEqual({ dropped: true });
    bench.told();
    const cancel = { ...who, ...ownerOf('B'), sessionId: 'B', type: 'write' as const, file };
    expect(bench.ask('rangeCancel', { ...cancel, ...bytes(0, 8) })).toEqual({ cancelled: true });
    expect(bench.ask('rangeCancel', { ...cancel, ...bytes(0, 8) })).toEqual({ cancelled: false });
    expect(bench.told()).toMatchObject([{ kind: 'dropped', waitId: 'v', reason: 'cancelled' }]);
    expect(bench.ask('rangeDrop', { rangeId: 'r' })).toEqual({ dropped: true });
    expect(bench.ask('rangeGet', { rangeId: 's' })).toMatchObject({ range: { state: 'held' } });
    const unlock = {
      ...ownerOf('B'),
      sessionId: 'B',
      class: 'posix' as const,
      splitId: 'x',
      fileKey: 'local/f',
    };
    expect(bench.ask('rangeUnlock', { ...unlock, ...bytes(20, 30) })).toEqual({ unlocked: false });
    expect(bench.ask('rangeUnlock', { ...unlock, ...bytes(0, 30) })).toEqual({ unlocked: true });
    expect(bench.ask('rangeUnlock', { ...unlock, fileKey: 'local/z', ...bytes(0, 30) })).toEqual({
      unlocked: false,
    });
  });

  test('an unlock in the middle of a range that had waited gives the end the id named for it', () => {
    bench.lock('r', 'A', 'f', 'write');
    bench.lock('mine', 'B', 'f', 'read', bytes(10, 99));
    bench.lock('s', 'B', 'f', 'write', { waitMs: 60_000, splitId: 'behind', ...bytes(5, 20) });
    bench.ask('rangeDrop', { rangeId: 'r' });
    const { locks } = bench.ask('lockList', { after: 0, limit: 9, fileKey: 'local/f' });
    expect(locks.map(({ id, type, startLo, endLo }) => [id, type, startLo, endLo])).toEqual([
      ['mine', 'read', 21, 99],
      ['s', 'write', 5, 20],
    ]);
  });

  test('each lock that is granted after a wait may split its owner’s ranges', () => {
    bench.lock('mine', 'B', 'f', 'read', bytes(0, 99));
    for (const [name, from] of [
      ['one', 10],
      ['two', 30],
    ] as const) {
      bench.lock(`their ${name}`, 'A', 'f', 'read', bytes(from, from + 9));
      const wait = { waitMs: 60_000, splitId: `behind ${name}`, ...bytes(from, from + 9) };
      bench.lock(name, 'B', 'f', 'write', wait);
      bench.ask('rangeDrop', { rangeId: `their ${name}` });
    }
    const { locks } = bench.ask('lockList', { after: 0, limit: 9, fileKey: 'local/f' });
    expect(locks.map(({ id }) => id).sort()).toEqual(['behind one', 'behind two', 'mine', 'one', 'two']);
  });

  test('a flock is converted only when its type differs', () => {
    const flock = { ...whole, class: 'flock' as const };
    bench.lock('r', 'A', 'f', 'read', flock);
    bench.lock('s', 'B', 'f', 'read', flock);
    expect(bench.lock('t', 'A', 'f', 'read', flock)).toMatchObject({ range: { rangeId: 'r' } });
    expect(bench.ask('lockList', { after: 0, limit: 9 })).toMatchObject({
      locks: [{ id: 'r' }, { id: 's' }],
    });
    // As on Linux, the old lock is released first.
    expect(bench.lock('u', 'A', 'f', 'write', flock)).toMatchObject(refused('range_conflict'));
    expect(bench.ask('lockList', { after: 0, limit: 9 })).toMatchObject({ locks: [{ id: 's' }] });
  });

  test('a change has a complete view; it waits for the holders it breaks, and ends when it may happen', () => {
    const change = { changeId: 'c', sessionId: 'B', owner: 'o', ...at, kind: 'truncate', waitNo: number };
    bench.lease('l', 'A', 'f', 'write');
    const asked = { waitMs: 60_000, body: 'b' };
    expect(bench.change('c', 'B', 'f', asked)).toEqual({ change, waiting: true });
    expect(bench.change('c', 'B', 'f', asked)).toEqual({ change, waiting: true });
    expect(bench.change('c', 'B', 'f', { ...asked, body: 'c' })).toEqual(
      refused('id_reused_with_other_body'),
    );
    bench.told();
    expect(bench.ask('changeCancel', { changeId: 'c' })).toEqual({ cancelled: true });
    expect(bench.told()).toMatchObject([{ kind: 'dropped', waitId: 'c', reason: 'cancelled' }]);
    expect(bench.ask('changeCancel', { changeId: 'c' })).toEqual({ cancelled: false });
    expect(bench.change('d', 'B', 'g')).toEqual({
      ...{ change: { ...change, ...fileNamed('g'), changeId: 'd', waitNo: undefined }, waiting: false },
    });
  });
  const fileNamed = (path: string) => ({ path, fileId: `id of ${path}`, fileKey: `local/${path}` });

  test('a session at its limit gets no more rows of any kind, and keeps those it has', () => {
    bench = new Bench({ sessionLocksMax: 3 });
    bench.declare('local', { directories: true });
    bench.session('A');
    bench.session('B');
    bench.lease('theirs', 'B', 'g', 'write');
    bench.open('o1', 'A', 'f', 'read');
    bench.open('o2', 'A', 'f', 'read');
    // A lock may come to be three rows.
    expect(bench.lock('r', 'A', 'f', 'read')).toEqual(refused('session_locks_max'));
    expect(bench.change('c', 'A', 'g', { waitMs: 9_000 })).toMatchObject({ waiting: true });
    const full = refused('session_locks_max');
    expect(bench.open('o3', 'A', 'f', 'read')).toEqual(full);
    expect(bench.lease('l', 'A', 'f', 'read')).toEqual(full);
    expect(bench.change('d', 'A', 'g', { waitMs: 9_000 })).toEqual(full);
    expect(
      bench.ask('leaseAlloc', { sessionId: 'A', items: [{ leaseId: 'l', ...file, ...ownerOf('A') }] }),
    ).toEqual(full);
    expect(bench.ask('pinAdd', { pinId: 'p', kind: 'exports', name: 'local', sessionId: 'A' })).toEqual(full);
    bench.ask('regionPut', { name: 'r', beatMs: 1, deadMs: 2, ackMs: 3 });
    expect(bench.ask('subscribe', { region: 'r', sessionId: 'A', priority: 1 })).toEqual(full);
    bench.ask('changeCancel', { changeId: 'c' });
    expect(bench.open('o3', 'A', 'f', 'read')).toMatchObject({ waiting: false });
  });
});

describe('delegations', () => {
  const want = (leaseId: string, path: string, kind: 'read' | 'write' | 'any', more: object = {}) =>
    bench.ask('delegationWant', {
      ...{ sessionId: 'A', leaseId, file: fileOf(path), clientKey: 'A/', want: kind, ...more },
    });

  test('are answered with their lease, pending or not, or with why there is none', () => {
    expect(want('d', 'f', 'read')).toMatchObject({
      ...{ lease: { leaseId: 'd', type: 'read', delegation: true, owner: 'A' }, pending: false },
    });
    expect(want('any', 'i', 'any')).toMatchObject({ lease: { leaseId: 'any', type: 'read' } });
    bench.serve('i1', ['x']);
    expect(want('e', 'x/f', 'read')).toMatchObject({ lease: { state: 'pending' }, pending: true });
    bench.open('o', 'B', 'g', 'both');
    expect(want('h', 'g', 'read')).toEqual({
      pending: false,
      whyNot: 'CONTENTION',
      willSignal: false,
      willPush: false,
    });
    const directory = { directory: true };
    expect(want('h', 'g', 'read', directory)).toEqual({
      pending: false,
      whyNot: 'IS_DIR',
      willSignal: false,
    });
    bench.declare('dirs', { directories: true });
    expect(want('h', 'dirs/g', 'write', directory)).toEqual({
      ...{ pending: false, whyNot: 'WRITE_DELEG_NOT_SUPP_FTYPE', willSignal: false },
    });
    expect(want('h', 'dirs/g', 'read', directory)).toMatchObject({ lease: { leaseId: 'h' } });
  });
});

describe('listing', () => {
  const ids = (input: Partial<VerbInput<'lockList'>>): string =>
    bench
      .ask('lockList', { after: 0, limit: 100, ...input })
      .locks.map(({ id }) => id)
      .join(' ');

  test('filters by export, session, file, state, kind and type', () => {
    bench.declare('other');
    bench.lease('l1', 'A', 'f', 'read');
    bench.open('o1', 'A', 'f', 'read');
    bench.open('o2', 'B', 'other/f', 'both', { deny: 'both' });
    bench.open('o3', 'A', 'other/f', 'read', { waitMs: 60_000 });
    bench.lock('r1', 'B', 'f', 'write');
    const all = 'l1 o1 o2 o3 r1';
    expect(ids({})).toBe(all);
    expect(ids({ exportName: 'other' })).toBe('o2 o3');
    expect(ids({ sessionId: 'A' })).toBe('l1 o1 o3');
    expect(ids({ fileKey: 'local/f' })).toBe('l1 o1 r1');
    expect(ids({ fileKey: 'local/f', sessionId: 'A' })).toBe('l1 o1');
    expect(ids({ state: 'waiting' })).toBe('o3');
    expect(ids({ kind: 'open' })).toBe('o1 o2 o3');
    expect(ids({ type: 'read' })).toBe('l1 o1 o3');
    expect(ids({ type: 'write', kind: 'posix' })).toBe('r1');
    expect(ids({ exportName: 'none' })).toBe('');
  });

  test('comes page by page, each with the number of the last row examined', () => {
    for (let i = 1; i <= 3; i += 1) bench.open(`o${String(i)}`, 'A', 'f', 'read');
    const page = (after: number, limit: number) => bench.ask('lockList', { after, limit });
    const first = page(0, 2);
    expect(first.locks.map(({ id }) => id)).toEqual(['o1', 'o2']);
    expect(first.after).toBe(first.locks[1]?.no);
    const second = page(first.after ?? 0, 2);
    expect(second).toMatchObject({ locks: [{ id: 'o3' }] });
    expect(second.after).toBeUndefined();
    expect(page(0, 3).after).toBeUndefined();
    expect(page(0, 4).after).toBeUndefined();
  });

  test('names what a waiting row waits for and, with the tree, who waits for each row', () => {
    bench.lease('l', 'A', 'f', 'write');
    bench.open('o', 'B', 'f', 'write', { waitMs: 60_000 });
    bench.lease('m', 'C', 'f', 'read', { waitMs: 60_000 });
    bench.lock('r', 'A', 'f', 'write');
    bench.lock('s', 'B', 'f', 'write', { waitMs: 60_000 });
    bench.lock('alone', 'C', 'f', 'write', bytes(50, 59));
    const { locks } = bench.ask('lockList', { after: 0, limit: 9 });
    expect(locks.map(({ id, blockedBy, waiters, waits }) => ({ id, blockedBy, waiters, waits }))).toEqual([
      { id: 'l' },
      { id: 'o', blockedBy: 'l', waits: 'write' },
      { id: 'm', blockedBy: 'o', waits: 'read' },
      { id: 'r' },
      { id: 's', blockedBy: 'r', waits: 'write' },
      { id: 'alone' },
    ]);
    const tree = bench.ask('lockList', { after: 0, limit: 9, tree: true }).locks;
    const shown = ({ id, level, blockedBy }: LockView) => ({ id, level, blockedBy });
    expect(tree.map(({ id, waiters }) => ({ id, waiters: waiters?.map(shown) }))).toEqual([
      {
        id: 'l',
        waiters: [
          { id: 'o', level: 1, blockedBy: 'l' },
          { id: 'm', level: 2, blockedBy: 'o' },
        ],
      },
      { id: 'r', waiters: [{ id: 's', level: 1, blockedBy: 'r' }] },
      { id: 'alone' },
    ]);
    const alone = bench.ask('lockGet', { id: 'o' });
    expect(alone).toMatchObject({ lock: { id: 'o', blockedBy: 'l', waiters: [{ id: 'm', level: 1 }] } });
    const under = 'lock' in alone ? alone.lock.waiters : undefined;
    expect(under).toHaveLength(1);
    bench.open('free', 'A', 'g', 'read');
    expect(bench.ask('lockGet', { id: 'free' })).toEqual({
      lock: {
        ...{ id: 'free', no: number, kind: 'open', sessionId: 'A', owner: 'o', exportName: 'local' },
        ...{
          path: 'g',
          fileId: 'id of g',
          inode: 'fe:00:77',
          pid: 7,
          ageMs: 0,
          type: 'read',
          deny: 'none',
          state: 'open',
        },
      },
    });
  });

  test('shows the owner’s lease and a revoked one as blocking nobody, a fenced one as blocking', () => {
    bench.serve('i1', ['x']);
    bench.lease('own', 'B', 'x/f', 'read');
    bench.answer();
    bench.lease('l', 'A', 'x/f', 'read');
    bench.answer();
    bench.open('o', 'B', 'x/f', 'write', { waitMs: 60_000 });
    expect(bench.ask('lockGet', { id: 'o' })).toMatchObject({ lock: { blockedBy: 'l' } });
    bench.lease('g', 'A', 'x/g', 'write');
    bench.answer();
    bench.ask('lockRelease', { id: 'g', unfenced: false });
    bench.open('p', 'B', 'x/g', 'read', { waitMs: 60_000 });
    const got = bench.ask('lockGet', { id: 'p' });
    expect(got).toMatchObject({ lock: { state: 'waiting' } });
  });

  test('shows a request that has just been granted as no longer waiting', () => {
    bench.lease('l', 'A', 'f', 'write');
    bench.open('o', 'B', 'f', 'write', { waitMs: 600_000 });
    bench.clock.now += 3_000;
    expect(bench.ask('waitGet', { id: 'o' })).toMatchObject({
      wait: { ahead: 0, why: { reason: 'break_started' } },
    });
  });
});

describe('administrators', () => {
  test('release a row of any kind, once', () => {
    bench.open('o', 'A', 'f', 'read');
    bench.lock('r', 'A', 'f', 'write');
    bench.lease('l', 'A', 'g', 'write');
    bench.ask('leaseAlloc', { sessionId: 'A', items: [{ leaseId: 'a', ...fileOf('h'), ...ownerOf('A') }] });
    const release = (id: string, unfenced = false) => bench.ask('lockRelease', { id, unfenced });
    bench.told();
    for (const id of ['o', 'r', 'l', 'a']) expect(release(id)).toEqual({ released: true });
    bench.open('other', 'B', 'g', 'read');
    for (const id of ['o', 'r', 'l', 'a']) expect(release(id)).toEqual(refused('no_such_lock'));
    bench.ask('openClose', { openId: 'other' });
    expect(bench.told()).toMatchObject([
      { kind: 'closed', openId: 'o', reason: 'admin' },
      { kind: 'taken', rangeId: 'r', reason: 'admin' },
      { kind: 'revoked', leaseId: 'l', cause: 'admin' },
      { kind: 'opened', openId: 'other' },
      { kind: 'closed', openId: 'other' },
    ]);
    expect(bench.ask('leaseGet', { leaseId: 'a' })).toEqual(refused('no_such_lease'));
    expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({ session: { rows: 0 } });
    bench.lease('m', 'A', 'g', 'read');
    bench.ask('leaseSet', { leaseId: 'm', type: 'none' });
    expect(release('m')).toEqual(refused('no_such_lock'));
    bench.lease('n', 'A', 'i', 'read');
    bench.open('p', 'B', 'i', 'read');
    bench.ask('leaseSet', { leaseId: 'n', type: 'none' });
    expect(release('n')).toEqual(refused('no_such_lock'));
  });

  test('end a fence without its fileserver, and the fenced lease is lost once', () => {
    bench.serve('i1', ['x']);
    bench.lease('l', 'A', 'x/f', 'write');
    bench.answer();
    bench.told();
    expect(bench.ask('lockRelease', { id: 'l', unfenced: false })).toEqual({ released: true });
    expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({
      lease: { state: 'fencing', type: 'write' },
    });
    expect(bench.told().map(({ kind }) => kind)).toEqual(['revoked']);
    expect(bench.ask('leaseSet', { leaseId: 'l', type: 'read' })).toEqual(revokedBy('admin'));
    expect(bench.lease('m', 'B', 'x/f', 'read')).toMatchObject(refused('fencing'));
    expect(bench.ask('lockRelease', { id: 'l', unfenced: true })).toEqual({ released: true });
    expect(bench.told()).toEqual([]);
    expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({ lease: { state: 'revoked' } });
  });

  test('break only leases above the target', () => {
    bench.lease('l', 'A', 'f', 'read');
    const broken = (target: 'none' | 'read') => bench.ask('lockBreak', { id: 'l', target });
    bench.told();
    expect(broken('read')).toEqual({});
    expect(bench.told()).toEqual([]);
    const running = {
      breakId: text,
      target: 'none',
      cause: 'admin',
      deadlineWall: number,
      remainingMs: 45_000,
    };
    expect(broken('none')).toEqual({ break: running });
    expect(bench.told()).toMatchObject([{ kind: 'break', target: 'none', cause: 'admin' }]);
    bench.pass(1_000);
    expect(broken('none')).toEqual({ break: { ...running, remainingMs: 44_000 } });
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    expect(broken('none')).toEqual(refused('no_such_lock'));
  });
});

describe('sessions', () => {
  test('have complete views from creation to end', () => {
    bench.ask('regionPut', { name: 'r', beatMs: 1, deadMs: 10_000, ackMs: 1 });
    bench.ask('nodePut', { name: 'n', region: 'r' });
    bench.ask('nodeBeat', { name: 'n', incarnation: 'i' });
    const begun = bench.clock.now;
    const view = {
      ...{ sessionId: 'S', ttlMs: 2_000, expiresWall: begun + 2_000, seenWall: begun, state: 'live' },
      ...{ node: 'n', pid: 5, label: 'l', rows: 0, streams: 0, revoked: 0, taken: 0, mayReclaim: false },
      ...{ tenant: 't', subject: 's', courtesyMs: 0, tableLife: 0 },
    };
    const of = { tenant: 't', subject: 's', courtesyMs: 0 };
    const made = bench.session('S', { ttlMs: 2_000, node: 'n', pid: 5, label: 'l', ...of });
    expect(made).toEqual({ session: view });
    expect(bench.ask('sessionGet', { sessionId: 'S', digest: 'S' })).toEqual({ session: view });
    bench.open('o', 'S', 'f', 'read');
    bench.pass(1_000);
    const now = bench.clock.now;
    const alive = { ...view, expiresWall: now + 2_000, seenWall: now, rows: 1 };
    expect(bench.ask('keepalive', { sessionId: 'S' })).toEqual({ session: alive });
    bench.told();
    bench.pass(2_000);
    expect(bench.ask('sessionGet', { sessionId: 'S' })).toEqual({
      session: { ...alive, state: 'expired', rows: 0 },
    });
    expect(bench.told()).toMatchObject([
      { kind: 'closed', openId: 'o', reason: 'session_expired' },
      { kind: 'expired', sessionId: 'S', cause: 'expired' },
    ]);
    expect(bench.ask('keepalive', { sessionId: 'S' })).toEqual(refused('session_expired'));
    bench.ask('sessionEnd', { sessionId: 'C', digest: 'C' });
    expect(bench.told()).toEqual([{ kind: 'expired', sessionId: 'C', cause: 'ended' }]);
    expect(bench.ask('sessionGet', { sessionId: 'C' })).toMatchObject({ session: { state: 'ended' } });
    expect(bench.ask('sessionEnd', { sessionId: 'C', digest: 'C' })).toEqual({ more: false });
  });

  test('what they ask for by name is granted where no fileserver knows it better', () => {
    const file = { ...fileOf('f'), placeholder: true };
    expect(bench.open('o', 'A', 'f', 'read', { file })).toHaveProperty('open');
    expect(bench.ask('exportList', { name: 'local' }).exports).toMatchObject([{ unboundFiles: 0 }]);
  });

  test('one that is created twice is the same, and nobody else has its secret', () => {
    bench.open('o', 'A', 'f', 'read');
    expect(bench.session('A')).toMatchObject({ session: { sessionId: 'A', rows: 1 } });
    expect(bench.session('A', { digest: 'other' })).toEqual(refused('not_holder'));
  });

  test('one that has lapsed is shown as expired before a sweep', () => {
    bench.session('S', { ttlMs: 2_000 });
    bench.clock.now += 2_000;
    const { sessions } = bench.ask('sessionList', { after: 0, limit: 9 });
    expect(sessions.map(({ sessionId, state }) => `${sessionId} ${state}`)).toEqual([
      ...['A live', 'B live', 'C live', 'S expiring'],
    ]);
  });

  test('one that is ending is shown as ended, and one being removed as expiring', () => {
    for (let i = 0; i < 130; i += 1)
      for (const sessionId of ['A', 'B'])
        bench.rows.play('openCreate', {
          ...{ sessionId, ...ownerOf(sessionId), openId: `${sessionId}${String(i)}`, file: fileOf('f') },
          ...{ access: 'read', deny: 'none', waitMs: 0 },
        });
    expect(bench.ask('sessionEnd', { sessionId: 'A', digest: 'A' })).toEqual({ more: true });
    expect(bench.ask('sessionEnd', { sessionId: 'B' })).toEqual({ more: true });
    const { sessions } = bench.ask('sessionList', { after: 0, limit: 2 });
    expect(sessions.map(({ state }) => state)).toEqual(['ended', 'expiring']);
  });

  test('are listed page by page, and limited in number', () => {
    const page = (after: number, limit: number) => {
      const { sessions, after: next } = bench.ask('sessionList', { after, limit });
      return [sessions.map(({ sessionId }) => sessionId).join(' '), next] as const;
    };
    const [first, after = 0] = page(0, 2);
    expect(first).toBe('A B');
    expect(page(after, 2)).toEqual(['C', undefined]);
    expect(page(0, 3)).toEqual(['A B C', number]);
    expect(page(0, 4)).toEqual(['A B C', undefined]);
    bench = new Bench({ sessionsMax: 2 });
    bench.session('A');
    bench.session('B');
    expect(bench.session('C')).toEqual(refused('sessions_max'));
    bench.ask('sessionEnd', { sessionId: 'A', digest: 'A' });
    expect(bench.session('C')).toMatchObject({ session: { sessionId: 'C' } });
  });

  test('one that has ended is remembered for ten minutes, or for twice its TTL', () => {
    bench.session('S', { ttlMs: 500_000 });
    for (const sessionId of ['A', 'S']) bench.ask('sessionEnd', { sessionId, digest: sessionId });
    const there = (sessionId: string): boolean => 'session' in bench.ask('sessionGet', { sessionId });
    /** Advances the time without a sweep, in steps of a second, which are no outage. */
    const idle = (seconds: number): void => {
      for (let i = 0; i < seconds; i += 2) {
        bench.clock.now += 2_000;
        bench.rows.play('tick', {});
      }
    };
    idle(598);
    expect([there('A'), there('S')]).toEqual([true, true]);
    idle(4);
    expect([there('A'), there('S')]).toEqual([false, true]);
    idle(394);
    expect(there('S')).toBe(true);
    idle(6);
    expect(there('S')).toBe(false);
  });

  test('its requestIds and its streams are forgotten with it', () => {
    bench.open('o', 'A', 'f', 'read', { body: 'b' });
    bench.ask('openClose', { openId: 'o' });
    expect(bench.rows.all('ended')).toHaveLength(1);
    bench.ask('streamsTell', { server: 's', sessions: [{ sessionId: 'A', streams: 2 }] });
    bench.pass(1_000);
    bench.ask('sessionEnd', { sessionId: 'A' });
    expect(bench.rows.all('ended')).toEqual([]);
    expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({
      session: { streams: 0, state: 'expired' },
    });
  });

  test('streams are counted for as long as their server speaks', () => {
    const tell = (server: string, streams: number) =>
      bench.ask('streamsTell', { server, sessions: [{ sessionId: 'A', streams }] });
    const streams = (): number => {
      const got = bench.ask('sessionGet', { sessionId: 'A' });
      return 'session' in got ? got.session.streams : -1;
    };
    expect(tell('s', 2)).toMatchObject({ known: false });
    expect(tell('s', 2)).toMatchObject({ known: true });
    expect(streams()).toBe(2);
    bench.pass(5_000);
    tell('t', 1);
    expect(streams()).toBe(3);
    bench.pass(9_999);
    expect(streams()).toBe(3);
    bench.pass(1);
    expect(streams()).toBe(1);
    expect(tell('s', 1)).toMatchObject({ known: false });
    expect(streams()).toBe(2);
    expect(bench.rows.look('session', 'A')?.streams).toHaveLength(2);
    tell('s', 0);
    expect(bench.rows.look('session', 'A')?.streams).toHaveLength(1);
    tell('t', 0);
    expect(bench.rows.look('session', 'A')?.streams).toBeUndefined();
    expect(
      bench.ask('streamsTell', { server: 's', sessions: [{ sessionId: 'x', streams: 1 }] }),
    ).toMatchObject({
      known: true,
    });
    tell('s', 1);
    bench.pass(20_000);
    tell('t', 1);
    // The count of a server that is gone is dropped with the next report about the session.
    expect(bench.rows.look('session', 'A')?.streams).toEqual([{ server: 't', count: 1 }]);
    expect(bench.rows.look('server', 's')).toBeUndefined();
  });

  test('streams are not counted of a server that is silent, before anybody has seen to it', () => {
    bench.ask('streamsTell', { server: 's', sessions: [{ sessionId: 'A', streams: 2 }] });
    bench.pass(14_000);
    bench.clock.now += 999;
    expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({ session: { streams: 2 } });
    bench.clock.now += 1;
    const due = bench.rows.lists.get('due') ?? new Map<string, number>();
    for (let i = 0; i < 9; i += 1) due.set(`z:${String(i)}`, 1 + i);
    const { value } = bench.rows.play('sessionGet', { sessionId: 'A' });
    expect(value).toMatchObject({ session: { streams: 0 } });
  });

  test('the last server that leaves says that nobody looks any more, and one that was not known as well', () => {
    const tell = (server: string, leaving?: boolean) =>
      bench.ask('streamsTell', { server, sessions: [], leaving });
    const unattended = () => bench.rows.look('meta', 'shard')?.unattended;
    expect(tell('s')).toMatchObject({ known: false });
    expect(tell('s')).toMatchObject({ known: true });
    expect(tell('t')).toMatchObject({ known: false });
    expect(tell('t', true)).toMatchObject({ known: true });
    expect(unattended()).toBeUndefined();
    expect(tell('s', true)).toMatchObject({ known: true });
    expect(unattended()).toBe(true);
    bench.ask('identify', { identity: 'bench', limits: limitsOf(bench) });
    expect(unattended()).toBeUndefined();
    expect(tell('u', true)).toMatchObject({ known: false });
    expect(unattended()).toBe(true);
  });

  test('a server that fell silent is none of those that are there', () => {
    const tell = (server: string, leaving?: boolean) =>
      bench.ask('streamsTell', { server, sessions: [], leaving });
    tell('s');
    bench.pass(10_000);
    tell('t');
    bench.pass(5_000);
    tell('t', true);
    expect(bench.rows.look('meta', 'shard')).toMatchObject({ servers: 0, unattended: true });
  });

  test('grace counts the sessions from before, and ends with the last of them', () => {
    bench = new Bench({ graceMs: 9_000 });
    expect(bench.ask('graceGet', {})).toEqual({ graceMs: 0, sessions: 0 });
    bench.session('A');
    bench.session('B');
    const identify = (graceMs: number) =>
      bench.ask('identify', {
        identity: `another ${String(bench.clock.now)}`,
        limits: { ...limitsOf(bench), graceMs },
      });
    identify(9_000);
    expect(bench.ask('graceGet', {})).toEqual({ graceMs: 9_000, sessions: 2 });
    bench.session('C');
    expect(bench.ask('reclaimComplete', { sessionId: 'C' })).toEqual({ graceMs: 9_000 });
    expect(bench.ask('reclaimComplete', { sessionId: 'A' })).toEqual({ graceMs: 9_000 });
    expect(bench.ask('graceGet', {})).toEqual({ graceMs: 9_000, sessions: 1 });
    bench.pass(1_000);
    expect(bench.ask('reclaimComplete', { sessionId: 'B' })).toEqual({ graceMs: 0 });
    expect(bench.ask('graceGet', {})).toEqual({ graceMs: 0, sessions: 0 });
    bench.pass(1_000);
    identify(5_000);
    bench.pass(5_000);
    expect(bench.ask('graceGet', {})).toEqual({ graceMs: 0, sessions: 0 });
    // Completing the reclaims of an earlier grace period does not count toward the next.
    bench.ask('reclaimComplete', { sessionId: 'A' });
    identify(5_000);
    expect(bench.ask('graceGet', {})).toMatchObject({ sessions: 3 });
  });
  const limitsOf = ({ rows }: Bench) => {
    const limits = rows.look('meta', 'shard')?.limits;
    if (limits === undefined) throw new Error('no limits');
    return limits;
  };
});

describe('attributes', () => {
  const question = (askId: string, more: object = {}) =>
    bench.ask('attributesAsk', { sessionId: 'B', askId, file, waitMs: 9_000, ...sizes, ...more });
  const tell = (askId: string, more: object = {}) =>
    bench.ask('attributesTell', { leaseId: 'l', askId, ...more });
  const said = () => bench.told().flatMap((each) => (each.kind === 'answered' ? [each] : []));

  test('the holder is asked, and its answer is passed on in full', () => {
    expect(question('q0')).toEqual({ holder: 'none' });
    bench.lease('l', 'A', 'f', 'write');
    expect(question('q0', { sessionId: 'A' })).toEqual({ holder: 'own', leaseId: 'l' });
    bench.told();
    expect(question('q1', { times: true })).toEqual({ holder: 'other', leaseId: 'l' });
    expect(bench.told()).toEqual([
      {
        ...{ kind: 'attributes', sessionId: 'A', leaseId: 'l', owner: 'o', fileKey: 'local/f' },
        ...{
          exportName: 'local',
          path: 'f',
          askId: 'q1',
          times: true,
          deadlineWall: bench.clock.now + 9_000,
        },
      },
    ]);
    const plain = { modified: false, changeHi: 0, changeLo: 1, sizeHi: 0, sizeLo: 1 };
    expect(tell('q1', { accessedAt: 'a', modifiedAt: 'm' })).toEqual({ told: true });
    expect(said()).toEqual([
      {
        ...{ kind: 'answered', sessionId: 'B', askId: 'q1' },
        attributes: { ...plain, accessedAt: 'a', modifiedAt: 'm' },
      },
    ]);
    expect(tell('q1')).toEqual(refused('ask_over'));
    question('q2');
    tell('q2', { refused: true });
    expect(said()).toEqual([{ kind: 'answered', sessionId: 'B', askId: 'q2', cause: 'refused' }]);
    question('q3');
    tell('q3', { sizeHi: 1 });
    expect(said()).toMatchObject([{ attributes: { modified: true, changeLo: 2, sizeHi: 1, sizeLo: 1 } }]);
    question('q4');
    tell('q4');
    expect(said()).toMatchObject([{ attributes: { modified: true, changeLo: 3, sizeHi: 0 } }]);
    question('q5', { changeLo: 9 });
    tell('q5');
    expect(said()).toMatchObject([{ attributes: { modified: true, changeLo: 10 } }]);
    question('q6', { changeLo: 10 });
    tell('q6');
    expect(said()).toMatchObject([{ attributes: { changeLo: 11 } }]);
    expect(bench.rows.look('lease', 'l')?.asked).toBeUndefined();
  });

  test('a file reported as modified gets a new change value, beyond 32 bits and around 64', () => {
    bench.lease('l', 'A', 'f', 'write');
    const word = 4294967295;
    question('q1', { changeLo: word });
    tell('q1', { modified: true });
    expect(said()).toMatchObject([{ attributes: { modified: true, changeHi: 1, changeLo: 0 } }]);
    question('q2', { changeHi: word, changeLo: word });
    tell('q2');
    expect(said()).toMatchObject([{ attributes: { modified: true, changeHi: 0, changeLo: 0 } }]);
  });

  test('the number of waiting queries is limited, and each has a deadline', () => {
    bench.lease('l', 'A', 'f', 'write');
    for (let i = 0; i < 16; i += 1) question(`q${String(i)}`, { waitMs: i === 0 ? 1_000 : 9_000 });
    expect(question('more')).toEqual(refused('asks_max'));
    bench.clock.now += 1_000;
    expect(tell('q0')).toEqual(refused('ask_over'));
    expect(question('more')).toEqual({ holder: 'other', leaseId: 'l' });
    expect(tell('q1')).toEqual({ told: true });
    expect(bench.rows.look('lease', 'l')?.asked).toHaveLength(15);
  });

  test('a holder that did not answer is recalled, and the query ends', () => {
    bench.lease('l', 'A', 'f', 'write');
    question('q1');
    const recall = (sessionId: string, leaseId = 'l') =>
      bench.ask('attributesRecall', { sessionId, leaseId, askId: 'q1' });
    expect(recall('B', 'x')).toEqual({ holder: 'none' });
    expect(recall('A')).toEqual({ holder: 'own' });
    bench.told();
    const running = {
      ...{ breakId: text, target: 'read', cause: 'attributes', remainingMs: 45_000 },
      deadlineWall: bench.clock.now + 45_000,
    };
    const blocker = {
      id: 'l',
      kind: 'lease',
      sessionId: 'A',
      owner: 'o',
      pid: 7,
      ageMs: 0,
      type: 'write',
      state: 'breaking',
    };
    const recalled = {
      refused: {
        ...{ reason: 'break_started', blockers: [blocker], blockerCount: 1 },
        ...{ break: running, retryAfterMs: 45_000 },
      },
    };
    expect(recall('B')).toEqual(recalled);
    expect(bench.told()).toMatchObject([{ kind: 'break', target: 'read', cause: 'attributes' }]);
    expect(bench.rows.look('lease', 'l')?.asked).toBeUndefined();
    expect(question('q2')).toEqual(recalled);
    expect(tell('q1')).toEqual(refused('ask_over'));
    bench.ask('leaseSet', { leaseId: 'l', type: 'read' });
    expect(recall('B')).toEqual({ holder: 'none' });
  });

  test('in a grace period no answer says that the file has no holder', () => {
    const limits = bench.rows.look('meta', 'shard')?.limits;
    if (limits !== undefined) bench.ask('identify', { identity: 'i', limits: { ...limits, graceMs: 5_000 } });
    expect(question('q')).toEqual({ refused: { reason: 'grace', retryAfterMs: 5_000 } });
  });
});

describe('names', () => {
  beforeEach(() => {
    bench.serve('i1', ['x']);
  });
  const names = (after = 0) => bench.ask('nameList', { exportName: 'x', after });
  const named = (path: string) => ({ fileKey: `x/${path}`, fileId: `id of ${path}`, path });

  test('of files with opens, locks and waits are listed; files with leases only are watched by other means', () => {
    bench.lease('l', 'A', 'x/leased', 'read');
    bench.open('o', 'A', 'x/opened', 'read');
    bench.lock('r', 'A', 'x/locked', 'write');
    bench.lease('m', 'A', 'x/waited', 'write');
    bench.answer();
    bench.lease('n', 'B', 'x/waited', 'write', { waitMs: 60_000 });
    expect(names()).toEqual({ files: [named('opened'), named('locked'), named('waited')], after: 0 });
    expect(bench.ask('nameList', { exportName: 'local', after: 0 })).toEqual({ files: [], after: 0 });
    bench.open('p', 'A', 'local/f', 'read');
    expect(bench.ask('nameList', { exportName: 'local', after: 0 })).toEqual({ files: [], after: 0 });
  });

  test('come page by page', () => {
    for (let i = 0; i < 128; i += 1)
      bench.rows.play('openCreate', {
        ...{ sessionId: 'A', ...ownerOf('A'), openId: `o${String(i)}`, file: fileOf(`x/f${String(i)}`) },
        ...{ access: 'read', deny: 'none', waitMs: 0 },
      });
    const first = names();
    expect(first.files).toHaveLength(128);
    expect(first.after).toBe(bench.rows.look('file', 'x/f127')?.no);
    expect(names(first.after)).toEqual({ files: [], after: 0 });
    bench.open('last', 'A', 'x/last', 'read');
    expect(names(first.after)).toEqual({ files: [named('last')], after: 0 });
  });

  test('that are granted unresolved wait to be bound', () => {
    bench.put('y', { stack: 'posix', policy: 'local' });
    bench.open('o', 'A', 'y/f', 'read', { file: { ...fileOf('y/f'), placeholder: true } });
    expect(bench.ask('nameList', { exportName: 'y', after: 0 })).toEqual({ files: [], after: 0 });
  });

  const moved = (more: object = {}) =>
    bench.ask('fileMoved', { fileKey: 'x/f', fileId: 'id of f', path: 'f', incarnation: 'i1', ...more });

  test('that resolve to another file are announced once to those who used them, and end the waits on them', () => {
    bench.open('o', 'A', 'x/f', 'read');
    bench.lock('r', 'B', 'x/f', 'write');
    bench.lock('w', 'C', 'x/f', 'write', { waitMs: 60_000 });
    bench.open('p', 'C', 'x/f', 'read', { file: { ...fileOf('x/f'), path: 'alias' } });
    bench.told();
    expect(moved({ incarnation: 'i0' })).toEqual({ told: 0 });
    expect(moved({ fileId: 'another' })).toEqual({ told: 0 });
    expect(moved({ fileKey: 'x/g' })).toEqual({ told: 0 });
    expect(bench.told()).toEqual([]);
    expect(moved()).toEqual({ told: 3 });
    const detached = { kind: 'detached', owner: 'o', path: 'f', exportName: 'x' };
    expect(bench.told()).toEqual([
      { ...detached, sessionId: 'A', openId: 'o' },
      { ...detached, sessionId: 'B', rangeId: 'r' },
      expect.objectContaining({ kind: 'dropped', waitId: 'w', sessionId: 'C', reason: 'file_changed' }),
    ]);
    expect(moved()).toEqual({ told: 0 });
    expect(bench.ask('rangeGet', { rangeId: 'w' })).toEqual(refused('no_such_lock'));
    bench.open('q', 'B', 'x/f', 'read');
    expect(moved()).toEqual({ told: 1 });
  });

  test('are announced in bounded steps where many used them', () => {
    for (let i = 0; i < 70; i += 1) bench.open(`o${String(i)}`, 'A', 'x/f', 'read');
    bench.told();
    expect(moved()).toEqual({ told: 64 });
    expect(moved()).toEqual({ told: 6 });
    expect(moved()).toEqual({ told: 0 });
    expect(bench.told()).toHaveLength(70);
  });
});

describe('what is overdue has ended, however much else is due first', () => {
  /** More overdue rows, due before everything else, than one step processes. */
  function busy(): void {
    const due = bench.rows.lists.get('due') ?? new Map<string, number>();
    for (let i = 0; i < 2_000; i += 1) due.set(`z:${String(i)}`, 1 + i);
    bench.rows.lists.set('due', due);
  }
  const later: [Request, object][] = [
    [
      ['leaseAcquire', { sessionId: 'B', item: { leaseId: 'm', ...file, ...ownerOf('B') }, type: 'write' }],
      { lease: { state: 'active' } },
    ],
    [['leaseSet', { leaseId: 'l', type: 'read' }], refused('lease_revoked')],
    [['leaseGet', { leaseId: 'l' }], { lease: { state: 'revoked' } }],
    [['leaseFree', { leaseId: 'l' }], { freed: true }],
    [['leaseUndo', { leaseId: 'l', reason: 'cancelled' }], { lease: { state: 'revoked' } }],
    [
      [
        'openCreate',
        { sessionId: 'B', ...ownerOf('B'), openId: 'o', file, access: 'write', deny: 'none', waitMs: 0 },
      ],
      { open: { state: 'open' } },
    ],
    [
      [
        'fileChange',
        { sessionId: 'B', ...ownerOf('B'), changeId: 'c', file, kind: 'truncate', quietMs: 0, waitMs: 0 },
      ],
      { waiting: false },
    ],
    [
      ['delegationWant', { sessionId: 'B', leaseId: 'd', file, clientKey: 'B/', want: 'write' }],
      { lease: { type: 'write' } },
    ],
    [['attributesAsk', { sessionId: 'B', askId: 'q', file, waitMs: 0, ...sizes }], { holder: 'none' }],
    [['attributesRecall', { sessionId: 'B', leaseId: 'l', askId: 'q' }], { holder: 'none' }],
    [['lockBreak', { id: 'l', target: 'none' }], refused('no_such_lock')],
  ];
  test('openSet', () => {
    bench.ask('exportDeclare', { name: 'local', breakMs: 1_000, lockDelayMs: 0 });
    bench.lease('l', 'A', 'f', 'read');
    bench.open('o', 'B', 'f', 'read');
    bench.ask('lockBreak', { id: 'l', target: 'none' });
    bench.clock.now += 2_000;
    busy();
    const more = { openId: 'o', access: 'both' as const, deny: 'none' as const, waitMs: 0, lower: false };
    expect(bench.rows.play('openSet', more).value).toMatchObject({ open: { access: 'both' } });
  });

  const many: [Request, object][] = [
    [['lockBreak', { id: 'l199', target: 'none' }], refused('no_such_lock')],
    [['lockRelease', { id: 'l199', unfenced: false }], refused('no_such_lock')],
    [['leaseSet', { leaseId: 'l199', type: 'read' }], refused('lease_revoked')],
    [['leaseFree', { leaseId: 'l199' }], { freed: true }],
  ];
  test.each(many.map((each) => [each[0][0], ...each] as const))(
    '%s of one of many that are revoked',
    (_verb, [verb, input], outcome) => {
      bench.ask('exportDeclare', { name: 'local', breakMs: 1_000, lockDelayMs: 0 });
      for (let i = 0; i < 200; i += 1) {
        const item = { leaseId: `l${String(i)}`, ...file, ...ownerOf('A'), ownerKey: `A/${String(i)}` };
        bench.rows.play('leaseAcquire', { sessionId: 'A', item, type: 'read' });
      }
      bench.rows.play('lockBreak', { id: 'l0', target: 'none' });
      bench.clock.now += 2_000;
      busy();
      expect(bench.rows.play(verb, input).value).toMatchObject(outcome);
      expect(
        bench.told().filter((each) => each.kind === 'revoked' && each.leaseId === undefined),
      ).toHaveLength(1);
      // Nothing of it is left out of the counts.
      for (let i = 0; i < 2_000; i += 1) bench.rows.lists.get('due')?.delete(`z:${String(i)}`);
      bench.ask('tick', {});
      expect(bench.told().filter((each) => each.kind === 'revoked' && each.leaseId === undefined)).toEqual(
        [],
      );
    },
  );

  test.each(later.map((each) => [each[0][0], ...each] as const))('%s', (_verb, [verb, input], outcome) => {
    bench.ask('exportDeclare', { name: 'local', breakMs: 1_000, lockDelayMs: 0 });
    bench.lease('l', 'A', 'f', 'write');
    bench.ask('lockBreak', { id: 'l', target: 'none' });
    bench.clock.now += 2_000;
    busy();
    expect(bench.rows.play(verb, input).value).toMatchObject(outcome);
  });

  test('fenceCheck', () => {
    bench.ask('exportDeclare', { name: 'local', breakMs: 1_000, lockDelayMs: 0 });
    const got = bench.lease('l', 'A', 'f', 'write');
    bench.ask('lockBreak', { id: 'l', target: 'none' });
    bench.clock.now += 2_000;
    busy();
    const token = 'lease' in got ? got.lease.token : 0;
    const { value } = bench.rows.play('fenceCheck', { fileKey: 'local/f', token, access: 'read' });
    expect(value).toEqual(refused('token_old'));
  });
});

describe('a page of a listing with a filter', () => {
  /** So many leases that are only allocated, and one that is held. */
  function allocate(named: string, count: number): void {
    const items = Array.from({ length: count }, (_, i) => ({
      ...{ leaseId: `${named} ${String(i)}`, ...fileOf('f'), ...ownerOf('A') },
    }));
    expect(bench.ask('leaseAlloc', { sessionId: 'A', items })).toHaveProperty('leases');
    bench.lease(named, 'A', named, 'read');
  }
  const page = (after: number, limit: number) => bench.ask('lockList', { after, limit, state: 'active' });

  test('is filled from as many rows as it takes, and shows each row once', () => {
    for (const named of ['a', 'b', 'c']) allocate(named, 100);
    const first = page(0, 2);
    expect(first.locks.map(({ id }) => id)).toEqual(['a', 'b']);
    const last = { locks: [expect.objectContaining({ id: 'c' }) as LockView] };
    expect(page(first.after ?? 0, 2)).toEqual(last);
  });

  test('ends after a bounded number of rows, and the next one goes on there', () => {
    bench.ask('identify', { identity: 'bench', limits: { ...scenarioLimits, sessionLocksMax: 2_000 } });
    allocate('a', 300);
    const first = page(0, 2);
    expect(first).toEqual({ locks: [], after: number });
    expect(page(first.after ?? 0, 2).locks.map(({ id }) => id)).toEqual(['a']);
  });

  test('finds what is being broken without the rows that are not, and may end within a file', () => {
    bench.ask('identify', { identity: 'bench', limits: { ...scenarioLimits, sessionLocksMax: 2_000 } });
    allocate('a', 1_100);
    bench.session('E');
    for (const session of ['A', 'B', 'E'])
      for (const file of ['f', 'g', 'h']) bench.lease(`${file}${session}`, session, file, 'read');
    const all = ['fA', 'fB', 'fE', 'hA', 'hB', 'hE'];
    for (const file of ['h', 'f']) bench.open(`open ${file}`, 'C', file, 'write', { waitMs: 60_000 });
    const broken = (input: Partial<VerbInput<'lockList'>>) =>
      bench.ask('lockList', { after: 0, limit: 9, state: 'breaking', ...input });
    const ids = (locks: LockView[]) => locks.map(({ id }) => id);
    expect(broken({})).toEqual({ locks: expect.any(Array) as LockView[] });
    expect(ids(broken({}).locks)).toEqual(all);
    expect(broken({ exportName: 'other' }).locks).toEqual([]);
    expect(broken({ type: 'write' }).locks).toEqual([]);
    for (const limit of [1, 2, 3, 4]) {
      const found: string[] = [];
      for (let at: { after?: number; within?: number } = { after: 0 }; at.after !== undefined;) {
        const { locks, ...next } = broken({ ...at, limit });
        expect(locks.length).toBeLessThanOrEqual(limit);
        found.push(...ids(locks));
        at = next;
      }
      expect(found).toEqual(all);
    }
    // The file in which a page ended is not broken any more: the next one begins with the first lease of another.
    const { after, within } = broken({ limit: 2 });
    for (const session of ['A', 'B', 'E']) bench.ask('leaseSet', { leaseId: `f${session}`, type: 'none' });
    expect(ids(broken({ after, within }).locks)).toEqual(['hA', 'hB', 'hE']);
  });
});
