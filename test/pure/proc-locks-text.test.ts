import type { LockView } from '#locks';
import { procLocksLines } from '../../apps/lease-api/src/http/proc-locks';

/** The text of a row, in the format of /proc/locks (semantics.md §8). */
const lease = (over: Partial<LockView> = {}): LockView => ({
  id: 'l',
  no: 1,
  kind: 'lease',
  sessionId: 's',
  owner: 's',
  exportName: 'demo',
  path: 'a',
  fileId: 'i',
  inode: 'fd:01:131074',
  pid: 812,
  type: 'read',
  state: 'active',
  ...over,
});
const waiter = (over: Partial<LockView> = {}): LockView =>
  lease({
    id: 'w',
    no: 9,
    kind: 'open',
    type: 'write',
    state: 'waiting',
    pid: 977,
    blockedBy: 'l',
    ...over,
  });
const breaking = (target: 'none' | 'read'): Partial<LockView> => ({
  state: 'breaking',
  break: { breakId: 'b1', target, cause: 'open' },
});

test('the example of the promise, to the byte', () => {
  expect(procLocksLines(lease({ ...breaking('none'), waiters: [waiter()] }))).toBe(
    '1: LEASE  BREAKING  UNLCK 812 fd:01:131074 0 EOF\n1: -> LEASE  BREAKER   WRITE 977 <none>:0 0 EOF\n',
  );
});

test.each<[string, LockView, string]>([
  ['an active read lease', lease(), '1: LEASE  ACTIVE    READ 812 fd:01:131074 0 EOF\n'],
  ['an active write lease', lease({ type: 'write' }), '1: LEASE  ACTIVE    WRITE 812 fd:01:131074 0 EOF\n'],
  [
    'a pending upgrade, which is what it was',
    lease({ pendingType: 'write' }),
    '1: LEASE  ACTIVE    READ 812 fd:01:131074 0 EOF\n',
  ],
  [
    'a write lease that is asked to become read',
    lease({ type: 'write', ...breaking('read') }),
    '1: LEASE  BREAKING  READ 812 fd:01:131074 0 EOF\n',
  ],
  ['a fencing lease', lease({ state: 'fencing' }), '1: LEASE  BREAKING  UNLCK 812 fd:01:131074 0 EOF\n'],
  [
    'a file that no kernel knows, of a session that gave no pid',
    lease({ no: 4_294_967_296, pid: 0, inode: '<none>:0' }),
    '4294967296: LEASE  ACTIVE    READ 0 <none>:0 0 EOF\n',
  ],
  [
    'readers and writers that wait, oldest first, without a file of their own',
    lease({ ...breaking('none'), waiters: [waiter({ type: 'read' }), waiter({ type: 'both', pid: 3 })] }),
    '1: LEASE  BREAKING  UNLCK 812 fd:01:131074 0 EOF\n' +
      '1: -> LEASE  BREAKER   READ 977 <none>:0 0 EOF\n' +
      '1: -> LEASE  BREAKER   WRITE 3 <none>:0 0 EOF\n',
  ],
  [
    'who waits for the fileserver only, under a number of its own',
    waiter({ blockedBy: undefined }),
    '9: -> LEASE  BREAKER   WRITE 977 <none>:0 0 EOF\n',
  ],
])('%s', (_name, row, text) => {
  expect(procLocksLines(row)).toBe(text);
});

test.each(['allocated', 'pending', 'revoked', 'released'])('no line for a lease that is %s', (state) => {
  expect(procLocksLines(lease({ state }))).toBe('');
});

test('no line for an open', () => {
  expect(procLocksLines(lease({ kind: 'open', state: 'open' }))).toBe('');
});
