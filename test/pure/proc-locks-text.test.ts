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
    waits: over.type ?? 'write',
    state: 'waiting',
    level: 1,
    pid: 977,
    blockedBy: 'l',
    ...over,
  });
const range = (over: Partial<LockView> = {}): LockView =>
  lease({
    kind: 'posix',
    state: 'held',
    type: 'write',
    ...{ startHi: 0, startLo: 100, endHi: 0, endLo: 199 },
    ...over,
  });
const waiting = (over: Partial<LockView> = {}): LockView =>
  range({ no: 9, pid: 977, state: 'waiting', waits: 'write', level: 1, ...over });
const toEof = { startHi: 0, startLo: 0, endHi: 2 ** 31 - 1, endLo: 2 ** 32 - 1 };
const breaking = (target: 'none' | 'read'): Partial<LockView> => ({
  state: 'breaking',
  break: { breakId: 'b1', target, cause: 'open' },
});

test('the documented example is printed to the byte', () => {
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
  [
    'a lock in a mode, and under it a conversion and a request',
    lease({
      ...{ kind: 'dlm', type: 'EX', state: 'granted', inode: '<none>:0' },
      waiters: [
        waiting({ kind: 'dlm', type: 'CR', state: 'converting', waits: 'PW', inode: '<none>:0' }),
        waiting({ kind: 'dlm', type: 'PR', inode: '<none>:0', level: 2 }),
      ],
    }),
    [
      ...['1: DLM    GRANTED    EX 812 <none>:0 0 EOF', '1: -> DLM    CONVERTING CR 977 <none>:0 0 EOF'],
      '1:  -> DLM    WAITING    PR 977 <none>:0 0 EOF\n',
    ].join('\n'),
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
  ['a POSIX lock', range(), '1: POSIX  ADVISORY  WRITE 812 fd:01:131074 100 199\n'],
  ['one to the end', range({ type: 'read', ...toEof }), '1: POSIX  ADVISORY  READ 812 fd:01:131074 0 EOF\n'],
  [
    'offsets beyond what a number can hold',
    range({ startHi: 2 ** 31 - 1, startLo: 2 ** 32 - 3, endHi: 2 ** 31 - 1, endLo: 2 ** 32 - 2 }),
    '1: POSIX  ADVISORY  WRITE 812 fd:01:131074 9223372036854775805 9223372036854775806\n',
  ],
  [
    'an OFD lock, whose pid is nobody',
    range({ kind: 'ofd' }),
    '1: OFDLCK ADVISORY  WRITE -1 fd:01:131074 100 199\n',
  ],
  ['a flock', range({ kind: 'flock', ...toEof }), '1: FLOCK  ADVISORY  WRITE 812 fd:01:131074 0 EOF\n'],
  ['a delegation', lease({ kind: 'delegation' }), '1: DELEG  ACTIVE    READ 812 fd:01:131074 0 EOF\n'],
  [
    'changes that wait: some break leases, the others delegations only',
    lease({
      kind: 'delegation',
      ...breaking('none'),
      waiters: [waiter({ kind: 'change', type: 'truncate' }), waiter({ kind: 'change', type: 'unlink' })],
    }),
    '1: DELEG  BREAKING  UNLCK 812 fd:01:131074 0 EOF\n' +
      '1: -> LEASE  BREAKER   WRITE 977 <none>:0 0 EOF\n' +
      '1: -> DELEG  BREAKER   WRITE 977 <none>:0 0 EOF\n',
  ],
  [
    'range locks that wait for each other, one column deeper a level',
    range({
      waiters: [
        waiting(),
        waiting({ pid: 3, level: 2 }),
        waiting({ kind: 'ofd', level: 3 }),
        waiting({ type: 'read', waits: 'read' }),
      ],
    }),
    '1: POSIX  ADVISORY  WRITE 812 fd:01:131074 100 199\n' +
      '1: -> POSIX  ADVISORY  WRITE 977 fd:01:131074 100 199\n' +
      '1:  -> POSIX  ADVISORY  WRITE 3 fd:01:131074 100 199\n' +
      '1:   -> OFDLCK ADVISORY  WRITE -1 fd:01:131074 100 199\n' +
      '1: -> POSIX  ADVISORY  READ 977 fd:01:131074 100 199\n',
  ],
  [
    'an open that waits to become more, once',
    lease({ ...breaking('none'), waiters: [waiter({ state: 'open' })] }),
    '1: LEASE  BREAKING  UNLCK 812 fd:01:131074 0 EOF\n1: -> LEASE  BREAKER   WRITE 977 <none>:0 0 EOF\n',
  ],
  [
    'a lease that waits to become more, once',
    lease({ waits: 'write', waiters: [] }),
    '1: LEASE  ACTIVE    READ 812 fd:01:131074 0 EOF\n',
  ],
  [
    'nobody who asks for a lease',
    lease({ waiters: [lease({ state: 'allocated', waits: 'write' })] }),
    '1: LEASE  ACTIVE    READ 812 fd:01:131074 0 EOF\n',
  ],
])('%s', (_name, row, text) => {
  expect(procLocksLines(row)).toBe(text);
});

test.each(['allocated', 'pending', 'revoked', 'released'])('a lease that is %s has no line', (state) => {
  expect(procLocksLines(lease({ state }))).toBe('');
});

test('an open has no line, nor has a request that waits for its deny mode', () => {
  const denied = [waiter({ blockedBy: 'o' })];
  expect(procLocksLines(lease({ kind: 'open', state: 'open', waits: 'both', waiters: denied }))).toBe('');
});
