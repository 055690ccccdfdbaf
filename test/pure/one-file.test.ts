import type { VerbInput } from '../../libs/locks/src/core/io';
import { run } from '../../libs/locks/src/core/run';
import { checkInvariants } from '../support/invariants';
import { PlainRows } from '../support/plain-rows';
import { scenarioLimits } from '../support/scenario';

/** A file with names in two exports of one file system is one file: requests by the second name are refused. */

let rows: PlainRows;
const places = (disk: string, ...exports: string[]) =>
  exports.map((exportName) => ({ exportName, fileSystem: 'ext4', parts: [disk, exportName] }));
function register(incarnation: string, exports: string[], disk?: string): void {
  run(rows, 'register', {
    ...{ stack: 'posix', version: '1', major: 1, minor: 3, incarnation, endpoint: 'e', exports },
    process: { hostId: 'h', bootId: 'b', pid: 1, startTicks: '1' },
    ...{ breakMs: 4_000, lockDelayMs: 0, breakLimitMs: 9_000 },
    places: disk === undefined ? undefined : places(disk, ...exports),
  });
  run(rows, 'holdReport', { incarnation, holds: [], done: true });
}
const at = (exportName: string, fileId = 'inode 7') => ({
  ...{ fileKey: `${exportName}-${fileId}`, exportName, path: `name in ${exportName}` },
  ...{ fileId, inode: '00:01:7' },
});
const me = { sessionId: 's', owner: 'o', ownerKey: 'ok', clientKey: 'ck' };
let ids = 0;
const open = (file: ReturnType<typeof at>, over: Partial<VerbInput<'openCreate'>> = {}) => {
  const openId = `open ${String(++ids)}`;
  const value = run(rows, 'openCreate', {
    ...me,
    ...{ openId, file, access: 'both', deny: 'none', waitMs: 0 },
    ...over,
  }).value;
  checkInvariants(rows);
  return 'refused' in value ? value.refused : openId;
};
const close = (openId: unknown): void => {
  run(rows, 'openClose', { openId: String(openId) });
  checkInvariants(rows);
};
const elsewhere = (usedBy: string) => ({ reason: 'file_in_other_export', usedBy });

beforeEach(() => {
  rows = new PlainRows({ now: 1_700_000_000_000 });
  ids = 0;
  run(rows, 'identify', { identity: 'i', limits: scenarioLimits });
  register('first', ['a', 'b'], 'disk 1');
  register('second', ['c'], 'disk 2');
  run(rows, 'sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 60_000, pid: 1 });
});

test('opens, locks and leases by the second name are refused, naming the export, until nothing is held by the first', () => {
  const held = open(at('a'));
  expect(open(at('a'))).toEqual(expect.any(String));
  expect(open(at('b'))).toEqual(elsewhere('a'));
  const range = { ...me, rangeId: 'r', splitId: 'r2', class: 'posix' as const, type: 'read' as const };
  const bytes = { startHi: 0, startLo: 0, endHi: 0, endLo: 9, waitMs: 0 };
  expect(run(rows, 'rangeLock', { ...range, ...bytes, file: at('b') }).value).toEqual({
    refused: elsewhere('a'),
  });
  const item = { ...at('b'), ...me, leaseId: 'l' };
  expect(run(rows, 'leaseAcquire', { sessionId: 's', item, type: 'read' }).value).toEqual({
    refused: elsewhere('a'),
  });
  close(held);
  expect(open(at('b'))).toEqual(elsewhere('a')); // the second is still open
  close(`open ${String(2)}`);
  const other = open(at('b'));
  expect(open(at('a'))).toEqual(elsewhere('b'));
  close(other);
});

test('another file, and the same inode number on another disk, do not conflict', () => {
  const held = open(at('a'));
  const others = [open(at('b', 'inode 8')), open(at('c'))];
  expect(others).toEqual([expect.any(String), expect.any(String)]);
  for (const each of [held, ...others]) close(each);
  expect(
    [...rows.lists.keys()].filter((name) => name.startsWith('l:') && rows.lists.get(name)?.size),
  ).toEqual([]);
});

test('what is only a name is no file, whatever it is called', () => {
  const semaphore = { ...at('a'), semaphore: 1 };
  const taken = run(rows, 'permitTake', { ...me, permitId: 'permit', file: semaphore, waitMs: 0 });
  expect(taken.value).toMatchObject({ waiting: false });
  const held = open(at('b'));
  expect(held).toEqual(expect.any(String));
  close(held);
  run(rows, 'permitDrop', { permitId: 'permit' });
});

test('the files of an adapter that comes back on another disk move as they are used', () => {
  const held = open(at('c'));
  register('third', ['c'], 'disk 1');
  const more = open(at('c'));
  expect(open(at('b'))).toEqual(elsewhere('c'));
  for (const each of [held, more]) close(each);
});

test('a grant by a name that turns out to be a file in use in another export ends', () => {
  const defaults = { breakMs: 4_000, lockDelayMs: 0 };
  run(rows, 'exportPut', { name: 'late', stack: 'posix', policy: 'local', own: {}, ...defaults });
  const named = { ...at('late', 'by name'), placeholder: true };
  expect(open(named)).toEqual(expect.any(String));
  const held = open(at('a'));
  register('fourth', ['late'], 'disk 1');
  const realKey = at('late').fileKey;
  const found = { fileKey: named.fileKey, realKey, fileId: 'inode 7', inode: '00:01:7' };
  const bound = run(rows, 'fileBind', { exportName: 'late', incarnation: 'fourth', ...found });
  expect(bound.value).toEqual({ bound: true });
  checkInvariants(rows);
  expect(rows.get('file', named.fileKey)).toMatchObject({ ending: 'same_file' });
  close(held);
});
