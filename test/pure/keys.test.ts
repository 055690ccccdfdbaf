import * as keys from '../../libs/locks/src/core/keys';
import { PlainRows } from '../support/plain-rows';

/** A table that was stored by an earlier version has its lists and rows under these names. */
const names: Record<string, string | string[]> = {
  sessionRows: 's:A',
  sessionEnded: 'se:A',
  courtesy: 'courtesy',
  news: 'news',
  fileRows: 'x:A',
  grants: 'f:A',
  intents: 'p:A',
  fileOpens: 'o:A',
  openLocks: 'L:A',
  queue: 'w:A',
  waits: 'waits',
  ownerWaits: 'W:A',
  tangled: 'wt:A',
  wants: 'd:A',
  delegators: 'delegators',
  breaks: 'breaks',
  exportFiles: 'i:A',
  graceOf: 'I:A',
  heldFiles: 'h:A',
  unboundFiles: 'b:A',
  sameFile: 'l:A:B',
  dependents: 'P:A',
  pinsBy: 'Q:A',
  subscribers: 'U:A',
  stackAdapters: 'A:A',
  grantedIn: 'm:BA',
  turns: 't:A',
  orphans: 'z:A B',
  orphansIn: 'A B',
  nodeOrphans: 'N:A',
  connectionLocks: 'C:A',
  share: 'A:B',
  letters: ['l', 'o', 'r', 'c', 'm', 'q'],
  member: 'A:B',
  lease: 'l:A',
  open: 'o:A',
  range: 'r:A',
  change: 'c:A',
  dlm: 'm:A',
  permit: 'q:A',
  tenure: 't:A',
  session: 's:A',
  file: 'f:A',
  subscription: 'u:A',
  want: 'd:A',
  lockState: 'k:A',
  subject: 'A B',
  servers: 'servers',
  server: 'v:A',
  connection: 'h:A',
  operation: 'g:A',
  stackItem: 's:A',
  exportItem: 'e:A',
  nodeItem: 'n:A',
  regionItem: 'r:A',
  adapter: 'a:A',
  pin: 'p:A',
  dependentSession: 'c:A',
};
/** The lists of ranges have a space in their names. */
const ofRanges = ['ownerRanges', 'writeRanges', 'readRanges', 'rangeNodes'];
const notNames = ['letterOf', 'idOf', 'rowMember', 'itemMember', 'offsetLength'];

test('no list and no row ever changes its name', () => {
  const made = Object.entries(keys)
    .filter(([name]) => ![...ofRanges, ...notNames].includes(name))
    .map(([name, each]: [string, unknown]) => [
      name,
      typeof each === 'function'
        ? (each as (...of: string[]) => string)('A', 'B')
        : typeof each === 'object'
          ? Object.values(each as object)
          : each,
    ]);
  expect(Object.fromEntries(made)).toEqual(names);
});

test.each([
  ['bytes', 'r'],
  ['whole', 'k'],
] as const)('lists of ranges in the space %s have its letter', (space, letter) => {
  expect([
    keys.ownerRanges('A', space, 'posix', 'B'),
    keys.writeRanges('A', space),
    keys.readRanges('A', space),
    keys.rangeNodes('A', space),
  ]).toEqual([`y:A:${letter}:posix:B`, `v:${letter}:A`, `u:${letter}:A`, `n:${letter}:A`]);
  expect(keys.offsetLength).toBe(20);
});

test('whoever has no name in a tenant is the tenant, and without a tenant there is only a name', () => {
  expect([
    keys.subject('t', undefined),
    keys.subject(undefined, 's'),
    keys.subject(undefined, undefined),
  ]).toEqual(['t ', ' s', ' ']);
});

test('a member says what it stands for by its letter', () => {
  const rows = new PlainRows({ now: 0 });
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  const found = (of: typeof keys.rowMember | typeof keys.itemMember): Record<string, string> =>
    Object.fromEntries(
      letters.flatMap((letter): [string, string][] => {
        const kind = of(rows, `${letter}:x`);
        return kind === undefined ? [] : [[letter, kind]];
      }),
    );
  expect(found(keys.rowMember)).toEqual({
    ...{ l: 'lease', o: 'open', r: 'range', c: 'change', m: 'dlm', q: 'permit', t: 'tenure', s: 'session' },
    ...{ f: 'file', u: 'subscription', d: 'want', k: 'lockState', g: 'operation', h: 'connection' },
    ...{ v: 'server', e: 'export', n: 'node', a: 'adapter', p: 'pin' },
  });
  expect(found(keys.itemMember)).toEqual({
    ...{ s: 'stack', e: 'export', n: 'node', r: 'region', a: 'adapter', p: 'pin' },
    ...{ c: 'session', h: 'connection' },
  });
});
