import { exportView, lease, lock, open, problem, session } from '#contracts';
import { TableFull, TableUnreachable, type BreakView, type LeaseView, type LockView } from '#locks';
import { derivedId, fileKeyOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { refuse } from '../../apps/lease-api/src/application/refusal';
import {
  presentExport,
  presentLease,
  presentLock,
  presentOpen,
  presentSession,
} from '../../apps/lease-api/src/http/presenter';
import { problemText } from '../../apps/lease-api/src/http/problem.filter';
import { granted, LeaseError, problemOfError, problemOfRefusal } from '../../apps/lease-api/src/problem';

/** From the views of the rules to the shapes of the wire: the shapes are strict here, so that nothing inner leaks. */
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

test('a lease', () => {
  const wire = presentLease(leaseOf);
  expect(lease.strict().parse(wire)).toEqual({
    leaseId,
    sessionId,
    owner: 'me',
    export: 'demo',
    file: 'dir/a',
    fileId: 'i',
    type: 'write',
    state: 'breaking',
    token: 9,
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
    session
      .strict()
      .parse(presentSession({ sessionId, ttlMs: 5_000, expiresWall: 0, state: 'live', pid: 7, rows: 2 })),
  ).toMatchObject({ expiresAt: '1970-01-01T00:00:00.000Z', leases: 2 });
  const { owner, exportName, path, fileKey, fileId } = leaseOf;
  const file = { sessionId, owner, exportName, path, fileId };
  open.strict().parse(
    presentOpen({
      ...file,
      fileKey,
      openId: randomId(),
      access: 'both',
      deny: 'none',
      seqid: 0,
      state: 'waiting',
    }),
  );
  const row: LockView = {
    ...file,
    id: leaseId,
    no: 5,
    kind: 'lease',
    inode: '08:01:2',
    pid: 1,
    type: 'read',
    state: 'active',
    waiters: [],
  };
  expect(lock.strict().parse(presentLock(row))).not.toHaveProperty('waiters');
  expect(
    exportView.strict().parse(
      presentExport({
        name: 'local',
        stack: 'local',
        local: true,
        state: 'up',
        breakMs: 1,
        breakLimitMs: 0,
        incarnation: '',
        endpoint: '',
        unconfirmed: 0,
        delegations: 0,
        directories: false,
      }),
    ).endpoint,
  ).toBeUndefined();
});

test('a refusal becomes a problem with words, facts and an instant', () => {
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

test('a reason without words is a bug, and says so', () => {
  expect(problemOfRefusal(refuse('moon_phase'))).toMatchObject({ code: 'EIO', reason: 'invariant' });
});

test('only a refusal is thrown', () => {
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

test('what nobody foresaw has no problem of its own', () => {
  expect(problemOfError(new TypeError('x'))).toBeUndefined();
});

test('ids are UUIDs of version 8 that begin with the four bytes of their shard, and a requestId always gives the same', () => {
  const form = /^00000000-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(randomId()).toMatch(form);
  expect(randomId()).not.toBe(randomId());
  const id = derivedId(sessionId, 'lease', 'r');
  expect(id).toMatch(form);
  expect(derivedId(sessionId, 'lease', 'r')).toBe(id);
  expect([
    derivedId(sessionId, 'open', 'r'),
    derivedId(sessionId, 'lease', 's'),
    derivedId(leaseId, 'lease', 'r'),
  ]).not.toContain(id);
});

test('keys do not confuse where one name ends and the next begins', () => {
  expect(fileKeyOf('a', 'bc')).not.toBe(fileKeyOf('ab', 'c'));
  expect(ownerKeyOf('a', 'bc')).not.toBe(ownerKeyOf('ab', 'c'));
});
