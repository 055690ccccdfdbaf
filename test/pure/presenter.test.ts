import { configuration, lease, lock, type Lock, open, problem, range, session } from '#contracts';
import { TableFull, TableUnreachable, type BreakView, type LeaseView, type LockView } from '#locks';
import { randomId } from '../../apps/lease-api/src/application/ids';
import { bytesOf, endOfFile, rangeOf } from '../../apps/lease-api/src/application/offsets';
import { refuse } from '../../apps/lease-api/src/application/refusal';
import { presentExport } from '../../apps/lease-api/src/http/configuration.presenter';
import {
  presentLease,
  presentLock,
  presentOpen,
  presentRange,
  presentSession,
} from '../../apps/lease-api/src/http/presenter';
import { problemText } from '../../apps/lease-api/src/http/problem.filter';
import { granted, LeaseError, problemOfError, problemOfRefusal } from '../../apps/lease-api/src/problem';

/** From the views of the rules to the shapes of the wire: strict shapes show that no internal field leaks. */
const sessionId = randomId();
const leaseId = randomId();
const running: BreakView = {
  breakId: 'b7',
  target: 'none',
  cause: 'open',
  deadlineWall: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  remainingMs: 20,
};
const leaseOf: LeaseView = {
  leaseId,
  sessionId,
  owner: 'me',
  exportName: 'demo',
  path: 'dir/a',
  fileKey: 'k',
  fileId: 'i',
  ownerKey: 'o',
  grantNo: 3,
  type: 'write',
  state: 'breaking',
  token: 9,
  backed: true,
  delegation: false,
  seqid: 1,
  break: running,
};

test('a lease is presented', () => {
  const wire = presentLease(leaseOf);
  expect(lease.strict().parse(wire)).toEqual({
    leaseId,
    sessionId,
    owner: 'me',
    export: 'demo',
    file: 'dir/a',
    fileId: 'i',
    type: 'write',
    delegation: false,
    state: 'breaking',
    token: 9,
    stateid: { seqid: 1, other: leaseId.replaceAll('-', '').slice(0, 24) },
    backed: true,
    break: {
      breakId: 'b7',
      target: 'none',
      cause: 'open',
      deadlineAt: '2026-01-02T03:04:05.006Z',
      remainingMs: 20,
    },
  });
});

test('a break that is never forced has no deadline', () => {
  const wire = presentLease({ ...leaseOf, break: { breakId: 'b7', target: 'read', cause: 'admin' } });
  expect(JSON.parse(JSON.stringify(wire.break))).toEqual({ breakId: 'b7', target: 'read', cause: 'admin' });
});

test('sessions, opens, locks and exports fit their shapes', () => {
  expect(
    session.strict().parse(
      presentSession({
        sessionId,
        ttlMs: 5_000,
        expiresWall: 0,
        seenWall: -5_000,
        state: 'live',
        pid: 7,
        rows: 2,
        streams: 1,
        revoked: 0,
        taken: 0,
        mayReclaim: false,
        tableLife: 9,
        tableLives: [9, 0, 12],
      }),
    ),
  ).toMatchObject({
    expiresAt: '1970-01-01T00:00:00.000Z',
    lastSeenAt: '1969-12-31T23:59:55.000Z',
    locks: 2,
    tableLife: '9.0.12',
  });
  const { owner, exportName, path, fileKey, fileId } = leaseOf;
  const file = { sessionId, owner, exportName, path, fileId };
  const opened = presentOpen({
    ...file,
    fileKey,
    openId: randomId(),
    access: 'both',
    deny: 'none',
    seqid: 0,
    state: 'waiting',
  });
  expect(open.strict().parse(opened)).toMatchObject({ backed: false });
  const locked = presentRange({
    ...file,
    fileKey,
    rangeId: randomId(),
    class: 'posix',
    type: 'read',
    state: 'held',
    startHi: 0,
    startLo: 0,
    endHi: 0,
    endLo: 9,
    backed: false,
  });
  expect(range.strict().parse(locked)).toMatchObject({ backed: false });
  const row: LockView = {
    ...file,
    id: leaseId,
    no: 5,
    kind: 'lease',
    inode: '08:01:2',
    pid: 1,
    type: 'read',
    state: 'active',
    backed: false,
    waiters: [],
  };
  const wire = presentLock(row);
  expect(lock.parse(wire)).toEqual(wire);
  const backed = (view: Partial<LockView>): unknown => presentLock({ ...row, ...view }).backed;
  expect(backed({ backed: true })).toBe(true);
  expect(backed({ kind: 'open', type: 'both', state: 'open' })).toBe(false);
  expect(backed({ kind: 'flock', state: 'held' })).toBe(false);
  expect(backed({ kind: 'change', type: 'truncate', state: 'waiting' })).toBeUndefined();
  const levels = [1, 2, 3, 2, 1].map((level, at) => ({ ...row, id: String(at), waiters: undefined, level }));
  const tree = presentLock({ ...row, waiters: levels });
  const ids = ({ id, waiters = [] }: Lock): unknown => [id, ...waiters.map(ids)];
  expect(ids(tree)).toEqual([leaseId, ['0', ['1', ['2']], ['3']], ['4']]);
  expect(lock.parse(tree)).toEqual(tree);
  expect(
    configuration.exportView.strict().parse(
      presentExport(
        {
          name: 'local',
          stack: 'local',
          local: true,
          no: 1,
          version: 2,
          policy: 'refuse',
          demand: false,
          state: 'up',
          byName: true,
          breakMs: 1,
          lockDelayMs: 0,
          breakLimitMs: 0,
          incarnation: '',
          endpoint: '',
          major: 0,
          minor: 0,
          unconfirmed: 0,
          unboundFiles: 0,
          delegations: 0,
          directories: false,
          ranges: 'table',
          refused: 0,
          queued: 0,
          unbacked: 0,
        },
        true,
      ),
    ).endpoint,
  ).toBeUndefined();
});

test('a refusal becomes a problem with texts, facts and a time', () => {
  const wire = problemOfRefusal(
    refuse('break_started', { break: running, blockerCount: 2, retryAfterMs: 1_500 }),
  );
  expect(problem.strict().parse(wire)).toMatchObject({
    type: 'urn:leasehold:break_started',
    code: 'EAGAIN',
    blockerCount: 2,
    break: { breakId: 'b7', deadlineAt: '2026-01-02T03:04:05.006Z' },
  });
  expect(problemText(wire)).toMatchObject({ status: 409, retryAfterS: 2 });
});

test('an internal reason becomes an internal error that names it as a bug', () => {
  expect(problemOfRefusal(refuse('resolve_again'))).toMatchObject({ code: 'EIO', reason: 'invariant' });
});

test('a deadlock names its cycle, and a blocker its bytes', () => {
  const cycle = [{ id: 'r', kind: 'range' as const, sessionId, owner: 'me', exportName: 'demo', path: 'a' }];
  const blocker = {
    id: 'b',
    kind: 'ofd' as const,
    sessionId,
    owner: 'me',
    pid: 4,
    type: 'write',
    state: 'held',
  };
  const range = { startHi: 1, startLo: 2, endHi: 2 ** 31 - 1, endLo: 2 ** 32 - 1 };
  const wire = problemOfRefusal(refuse('deadlock', { cycle, blockers: [{ ...blocker, ...range }] }));
  expect(problem.strict().parse(wire)).toMatchObject({
    code: 'EDEADLK',
    cycle: [{ id: 'r', kind: 'range', export: 'demo', file: 'a' }],
    blockers: [{ kind: 'ofd', pid: 4, start: '4294967298', end: 'EOF' }],
  });
  expect(problemText(wire).status).toBe(409);
});

test('offsets are whole up to the last one', () => {
  for (const start of [0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, endOfFile])
    expect(bytesOf(rangeOf({ start, end: endOfFile }))).toEqual({ start, end: endOfFile });
});

test('only a refusal becomes an exception', () => {
  expect(granted({ value: 1 })).toEqual({ value: 1 });
  expect(() => granted(refuse('no_such_lease'))).toThrow(LeaseError);
});

test.each([
  [new TableUnreachable('gone'), 503, 'table_unreachable'],
  [new TableFull('full'), 507, 'table_full'],
])('%s', (error, status, reason) => {
  const wire = problemOfError(error);
  expect(wire?.reason).toBe(reason);
  expect(wire && problemText(wire).status).toBe(status);
});

test('an unforeseen error has no problem of its own', () => {
  expect(problemOfError(new TypeError('x'))).toBeUndefined();
});
