import { formatNewest, formatOfNotices } from '../../libs/locks/src/core/format';
import * as keys from '../../libs/locks/src/core/keys';
import type { LockView, VerbInput, VerbOutput } from '../../libs/locks/src/core/io';
import { Bench, bytes, fileOf, ownerOf } from '../support/rules-bench';

/** What single verbs answer at their bounds, to repeats, and to those who ask for what is not theirs. */

const number = expect.any(Number) as number;
let bench: Bench;
beforeEach(() => {
  bench = new Bench({ sessionLocksMax: 5_000 });
  bench.declare();
  for (const sessionId of ['A', 'B', 'C']) bench.session(sessionId);
  bench.told();
});
const refused = (reason: string, more: object = {}) => ({ refused: { reason, ...more } });
const waits = { waitMs: 60_000 };
const format = (release = '1', newest = formatNewest) =>
  bench.ask('streamsTell', { server: 's', sessions: [], format: newest, release, library: 'lib' });
const many = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A lease of its own owner, without a look at the invariants after each of many. */
function lease(leaseId: string, sessionId: string, path: string, type: 'read' | 'write' = 'read'): void {
  const item = { leaseId, ...fileOf(path), ...ownerOf(sessionId), ownerKey: `${sessionId}/${leaseId}` };
  bench.rows.play('leaseAcquire', { sessionId, item, type });
}

test('how a set has ended is told to its session, and for its content', () => {
  const decide = (sessionId: string, body: string) =>
    bench.ask('setDecide', { sessionId, setId: 'set', body, how: 'taken' });
  expect([decide('A', 'b'), decide('A', 'b')]).toEqual([{ how: 'taken' }, { how: 'taken' }]);
  expect(decide('A', 'c')).toEqual(refused('id_reused_with_other_body'));
  expect(decide('B', 'b')).toEqual(refused('id_reused_with_other_body'));
});

test('the lease APIs are listed with what they can read, their release and their library', () => {
  format('1.2.3');
  expect(bench.ask('serverList', {})).toEqual({
    ...{ format: formatNewest, silent: 0 },
    servers: [{ server: 's', format: formatNewest, release: '1.2.3', library: 'lib' }],
  });
});

describe('a grace period of one export', () => {
  const begin = (graceMs: number) => bench.ask('exportGrace', { name: 'local', graceMs });
  const left = () => bench.ask('graceGet', { exportName: 'local' });

  test('refuses others for as long as it lasts, and a reclaim of what it is certain not to lack', () => {
    format();
    bench.open('o', 'A', 'f', 'read');
    begin(9_000);
    expect(bench.open('p', 'B', 'g', 'read')).toEqual(refused('grace', { retryAfterMs: 9_000 }));
    const of = { sessionId: 'A', permitId: 'p', ...ownerOf('A'), reclaim: true, waitMs: 0 };
    expect(bench.ask('permitTake', { ...of, file: { ...fileOf('s'), semaphore: 2 } })).toEqual(
      refused('reclaim_bad'),
    );
  });

  test('ends when one of no length begins', () => {
    format();
    bench.open('o', 'A', 'f', 'read');
    expect(begin(9_000)).toEqual({ graceMs: 9_000, sessions: 1 });
    expect(begin(0)).toEqual({ graceMs: 0, sessions: 0 });
    expect([left(), bench.rows.look('export', 'local')?.graceNo]).toEqual([
      { graceMs: 0, sessions: 0 },
      undefined,
    ]);
    expect(bench.ask('reclaimComplete', { sessionId: 'A', exportName: 'x' })).toEqual(
      refused('no_such_export'),
    );
  });

  test('waits for those who hold something, as long as these can be listed', () => {
    format();
    for (const i of many(256)) {
      const sessionId = `s${String(i)}`;
      bench.rows.play('sessionCreate', { sessionId, digest: sessionId, ttlMs: 300_000, pid: 7 });
      lease(`l${String(i)}`, `s${String(i)}`, `f${String(i)}`);
    }
    expect(begin(9_000)).toEqual({ graceMs: 9_000, sessions: 256 });
    begin(0);
    bench.session('one more');
    lease('l', 'one more', 'f');
    expect(begin(9_000)).toEqual({ graceMs: 9_000, sessions: 0 });
    expect(bench.rows.look('export', 'local')).toMatchObject({ graceOpen: true });
  });

  test.each([
    [340, 2, false],
    [342, 2, true],
    [1, 1022, false],
    [1, 1023, true],
  ])('looks at 1024 holds and files: %i files with %i leases each', (files, leases, open) => {
    format();
    for (const f of many(files))
      for (const i of many(leases)) lease(`${String(f)} ${String(i)}`, 'A', String(f));
    begin(9_000);
    expect([open, bench.rows.look('export', 'local')?.graceOpen === true]).toEqual([open, open]);
    expect(bench.rows.lists.get(keys.graceOf('local'))?.size ?? 0).toBe(open ? 0 : 1);
  });
});

describe('attributes', () => {
  test('the time of the last access is vetted like that of the last change', () => {
    const { clientKey } = ownerOf('A');
    bench.ask('delegationWant', {
      ...{ sessionId: 'A', leaseId: 'd', file: fileOf('f'), clientKey, want: 'write', times: true },
    });
    const tell = (askId: string, more: Partial<VerbInput<'attributesTell'>>) => {
      const sizes = { changeHi: 0, changeLo: 1, sizeHi: 0, sizeLo: 1 };
      bench.ask('attributesAsk', { sessionId: 'B', askId, file: fileOf('f'), waitMs: 9_000, ...sizes });
      bench.told();
      bench.ask('attributesTell', { leaseId: 'd', askId, modified: false, ...more });
      const [answered] = bench.told();
      return answered?.kind === 'answered' ? answered.attributes : undefined;
    };
    const wall = bench.clock.now;
    expect(tell('q', { accessedAt: 'then', accessedMs: wall })).toMatchObject({ accessedAt: 'then' });
    expect(tell('r', { accessedAt: 'then', accessedMs: wall + 1_000 })).toMatchObject({
      ...{ accessedAt: undefined, accessedNow: true },
    });
    const without = tell('s', {});
    expect([without?.accessedNow, without?.modifiedNow]).toEqual([undefined, undefined]);
  });
});

test('a repeat of a change that was announced finds it, waiting for nobody', () => {
  format();
  bench.declare('local', { directories: true });
  const { clientKey } = ownerOf('A');
  bench.ask('delegationWant', {
    ...{
      sessionId: 'A',
      leaseId: 'd',
      file: fileOf('f'),
      clientKey,
      want: 'read',
      directory: true,
      notify: true,
    },
  });
  const change = () =>
    bench.change('c', 'B', 'f', {
      kind: 'entries',
      notice: { what: 'add', name: 'x' },
      reportMs: 5_000,
      ...waits,
    });
  const first = change();
  expect(first).toMatchObject({ change: { announced: true }, waiting: false });
  expect(change()).toEqual(first);
});

test('a delegation that was revoked needs no recall when its holder was not told', () => {
  format();
  bench.declare('local', { directories: true, breakMs: 1_000 });
  const { clientKey } = ownerOf('A');
  const want = { sessionId: 'A', leaseId: 'd', file: fileOf('f'), clientKey, want: 'read' } as const;
  bench.ask('delegationWant', { ...want, directory: true, notify: true });
  bench.open('o', 'B', 'f', 'write');
  bench.pass(2_000);
  const untold = () => bench.ask('delegationUntold', { leaseId: 'd' });
  expect(untold()).toEqual({ recalled: false });
  bench.ask('leaseFree', { leaseId: 'd' });
  expect(untold()).toEqual(refused('no_such_lease'));
});

test('a table has what a format brings as soon as it is in that format', () => {
  format('1', formatOfNotices);
  bench.declare('local', { directories: true });
  const { clientKey } = ownerOf('A');
  const want = {
    sessionId: 'A',
    file: fileOf('f'),
    clientKey,
    want: 'read',
    directory: true,
    notify: true,
  } as const;
  expect(bench.ask('delegationWant', { ...want, leaseId: 'd' })).toMatchObject({ lease: { notify: true } });
  expect(bench.ask('exportGrace', { name: 'local', graceMs: 1_000 })).toMatchObject({ graceMs: 1_000 });
});

test('a delegation of many that are revoked is not recalled, however late it is cleared', () => {
  bench = new Bench({ fileDelegationsMax: 100, exportDelegationsMax: 100 });
  format();
  bench.declare('local', { directories: true, breakMs: 1_000 });
  bench.session('C');
  for (const i of many(70)) {
    const sessionId = `s${String(i)}`;
    bench.rows.play('sessionCreate', { sessionId, digest: sessionId, ttlMs: 300_000, pid: 7 });
    const want = {
      sessionId,
      leaseId: `d${String(i)}`,
      file: fileOf('f'),
      clientKey: `${sessionId}/`,
    } as const;
    bench.rows.play('delegationWant', { ...want, want: 'read', directory: true, notify: true });
  }
  bench.open('o', 'C', 'f', 'write', waits);
  bench.clock.now += 2_000;
  const { value } = bench.rows.play('delegationUntold', { leaseId: 'd69' });
  expect(bench.rows.look('lease', 'd69')).toMatchObject({ state: 'active' });
  expect(value).toEqual({ recalled: false });
});

test('only a delegation of a directory is told of changes', () => {
  format();
  const { clientKey } = ownerOf('A');
  const want = { sessionId: 'A', file: fileOf('f'), clientKey, want: 'read', notify: true } as const;
  expect(bench.ask('delegationWant', { ...want, leaseId: 'd' })).toMatchObject({
    lease: { notify: undefined },
  });
});

describe('a listing', () => {
  const broken = (input: Partial<VerbInput<'lockList'>>) =>
    bench.ask('lockList', { after: 0, limit: 9, state: 'breaking', ...input });
  const ids = ({ locks }: { locks: LockView[] }) => locks.map(({ id }) => id);

  test('of what is being broken of one file, or of one session, is of these only', () => {
    // The first file is the last one in which B has something.
    for (const path of ['g', 'f']) lease(`${path}A`, 'A', path);
    for (const path of ['f', 'g']) lease(`${path}B`, 'B', path);
    for (const path of ['f', 'g']) bench.open(`open ${path}`, 'C', path, 'write', waits);
    expect(ids(broken({ fileKey: 'local/g' }))).toEqual(['gA', 'gB']);
    expect(ids(broken({ sessionId: 'B' }))).toEqual(['fB', 'gB']);
    expect(ids(broken({ sessionId: 'B', fileKey: 'local/g' }))).toEqual(['gB']);
  });

  test('of what is being broken ends after 256 rows, and goes on within the file', () => {
    for (const i of many(300)) lease(`l${String(i)}`, 'A', 'f');
    lease('last', 'B', 'f', 'read');
    bench.open('o', 'C', 'f', 'write', waits);
    const first = broken({ limit: 300, type: 'write' });
    expect(first).toEqual({ locks: [], after: number, within: number });
    const { after, within } = broken({ limit: 300 });
    expect(ids(broken({ limit: 300 }))).toHaveLength(256);
    expect(ids(broken({ limit: 300, after, within }))).toHaveLength(45);
  });

  test('of what is being broken goes on after 64 files', () => {
    for (const i of many(65)) {
      lease(`l${String(i)}`, 'A', String(i));
      bench.open(`o${String(i)}`, 'C', String(i), 'write', waits);
    }
    const first = broken({ limit: 64 });
    expect(ids(first)).toHaveLength(64);
    expect(ids(broken({ ...first, limit: 64 }))).toEqual(['l64']);
    const none = broken({ limit: 2, type: 'write' });
    expect(none).toEqual({ locks: [], after: number });
    expect(broken({ limit: 2, type: 'write', after: none.after })).toEqual({ locks: [] });
  });

  test('page by page shows each row once, whatever the pages are', () => {
    for (const i of many(130)) lease(`l${String(i)}`, 'A', String(i));
    // A last page that is full is followed by an empty one.
    for (const [limit, of] of [
      [1, 130],
      [63, 3],
      [65, 3],
      [129, 2],
      [130, 2],
      [131, 1],
    ] as const) {
      const found: string[] = [];
      let pages = 0;
      for (let after: number | undefined = 0; after !== undefined; pages += 1) {
        const page: VerbOutput<'lockList'> = bench.ask('lockList', { after, limit });
        expect(page.locks.length).toBeLessThanOrEqual(limit);
        found.push(...ids(page));
        ({ after } = page);
      }
      expect([limit, found]).toEqual([limit, many(130).map((i) => `l${String(i)}`)]);
      expect([limit, pages]).toEqual([limit, of]);
    }
  });
});

describe('the stateid of locks', () => {
  test('names no file when nothing of it is in the table', () => {
    bench.open('o', 'A', 'f', 'both');
    const shown = { sessionId: 'A', seqid: 0 };
    bench.lock('l', 'A', 'f', 'write', { shown: { ...shown, id: 'o', of: 'open', freshId: 'k' } });
    const unlock = { sessionId: 'A', ...ownerOf('A'), splitId: 'x', class: 'posix', ...bytes(0, 9) } as const;
    bench.ask('rangeUnlock', { ...unlock, fileKey: 'local/f', shown: { ...shown, id: 'k' } });
    bench.rows.kinds.get('file')?.delete('local/f');
    const { value } = bench.rows.play('stateidTest', { id: 'k', shown });
    expect(value).toMatchObject({ held: { kind: 'lock', exportName: '', path: '' } });
  });
});

describe('a lease that has ended', () => {
  const big = 'x'.repeat(400_000);
  const remembered = (leaseId: string, path: string, owner = 'o') => {
    const item = { leaseId, ...fileOf(path), fileId: 'i', fileKey: leaseId, ...ownerOf('A'), owner };
    bench.ask('leaseAcquire', { sessionId: 'A', item, type: 'read' });
    bench.ask('leaseSet', { leaseId, type: 'none' });
    return (bench.rows.look('lease', leaseId)?.due ?? 0) - bench.clock.now;
  };
  const within = (bytesEnded: number) => Math.floor((134_217_728 * 1000) / bytesEnded);

  test.each([
    [1_000, true],
    [2_000, false],
  ])(
    'is remembered for less time where more ends in this second or the last one: %i ms later',
    (ms, less) => {
      let ended = 0;
      for (const i of many(10)) {
        const name = `${big}${String(i)}`;
        ended += 1000 + name.length + 'i'.length + (i % 2 === 0 ? 1 : big.length);
        expect(remembered(`l${String(i)}`, name, i % 2 === 0 ? 'o' : big)).toBe(
          Math.min(60_000, within(ended)),
        );
      }
      expect(within(ended)).toBeLessThan(60_000);
      bench.clock.now += ms;
      expect(remembered('next', 'f')).toBe(less ? within(ended) : 60_000);
    },
  );

  test('of a delegation is remembered, too, when its session has expired', () => {
    bench.session('K', { ttlMs: 10_000 });
    const { clientKey } = ownerOf('K');
    bench.ask('delegationWant', { sessionId: 'K', leaseId: 'd', file: fileOf('f'), clientKey, want: 'read' });
    bench.pass(10_000);
    expect(bench.rows.look('lease', 'd')).toMatchObject({ state: 'revoked', cause: 'expired' });
  });

  test('leaves the next one of its owner alone, however late it is cleared', () => {
    bench.declare('local', { breakMs: 1_000 });
    for (const i of many(200)) lease(`l${String(i)}`, 'A', 'f');
    bench.rows.play('lockBreak', { id: 'l0', target: 'none' });
    bench.clock.now += 2_000;
    const item = { ...fileOf('f'), ...ownerOf('A'), ownerKey: 'A/l199' };
    const take = (leaseId: string) =>
      bench.rows.play('leaseAcquire', { sessionId: 'A', item: { ...item, leaseId }, type: 'read' }).value;
    expect(bench.rows.look('lease', 'l199')).toMatchObject({ state: 'active' });
    expect(take('new')).toMatchObject({ lease: { state: 'active' } });
    bench.pass(2_000);
    expect(bench.rows.look('lease', 'l199')).toMatchObject({ state: 'revoked' });
    expect(take('newer')).toEqual(refused('owner_has_lease', { leaseId: 'new' }));
  });
});

test('a lease says with which number it has waited only while it is asked for', () => {
  bench.serve('i', ['served']);
  bench.open('o', 'B', 'served/f', 'write');
  bench.lease('l', 'A', 'served/f', 'read', waits);
  bench.ask('openClose', { openId: 'o' });
  bench.answer();
  expect(bench.ask('leaseSet', { leaseId: 'l', type: 'write' })).toMatchObject({
    lease: { pendingType: 'write', waitNo: undefined },
  });
});

test('an open that is asked for again asks for the delegation as it was asked for last', () => {
  bench.lease('l', 'B', 'f', 'read');
  const more = { reopen: true, want: 'write', delegationId: 'd' } as const;
  const first = bench.open('o', 'A', 'f', 'read', more);
  expect(first).toMatchObject({ open: { delegation: { willPush: false } } });
  const again = bench.open('o', 'A', 'f', 'read', { ...more, delegationId: 'e', push: true, times: true });
  expect(again).toMatchObject({ open: { delegation: { willPush: true } } });
  bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
  bench.pass(11_000);
  expect(bench.ask('leaseGet', { leaseId: 'e' })).toMatchObject({ lease: { type: 'write', times: true } });
});

describe('what a client asks its fileserver for as it falls silent', () => {
  beforeEach(() => {
    bench.serve('i', ['served']);
    bench.session('K', { ttlMs: 3_000, courtesyMs: 60_000 });
  });

  test('is given up, and what it has stays', () => {
    bench.lease('l', 'K', 'served/f', 'read');
    bench.answer();
    bench.ask('leaseSet', { leaseId: 'l', type: 'write' });
    bench.told();
    bench.pass(3_000);
    expect(bench.told()).toMatchObject([{ kind: 'undone', leaseId: 'l', reason: 'session_expired' }]);
    expect(bench.rows.look('lease', 'l')).toMatchObject({
      state: 'active',
      type: 'read',
      pendingType: undefined,
    });
  });

  test('is gone if it had nothing', () => {
    bench.lease('l', 'K', 'served/f', 'read');
    expect(bench.rows.look('lease', 'l')).toMatchObject({ state: 'pending' });
    bench.told();
    bench.pass(3_000);
    expect(bench.told()).toMatchObject([{ kind: 'revoked', leaseId: 'l', cause: 'expired' }]);
  });

  test('is dropped if it waits for others, and told so', () => {
    bench.open('o', 'K', 'f', 'read');
    bench.open('p', 'B', 'f', 'read', { deny: 'write' });
    bench.ask('openSet', { openId: 'o', access: 'both', deny: 'none', lower: false, ...waits });
    bench.told();
    bench.pass(3_000);
    expect(bench.told()).toMatchObject([{ kind: 'dropped', openId: 'o', reason: 'session_expired' }]);
    expect(bench.rows.look('open', 'o')).toMatchObject({ state: 'open', access: 'read', waitNo: 0 });
  });
});

test('an answer that says nothing is none, and one of a file that is gone settles nothing', () => {
  bench.serve('i', ['served']);
  bench.lease('l', 'A', 'served/f', 'read');
  bench.told();
  const [ask] = bench.asks.splice(0);
  expect(bench.ask('holdAnswered', { fileKey: 'served/f', holdGen: ask?.holdGen ?? 0 })).toEqual({
    settled: true,
  });
  expect(bench.told()).toMatchObject([{ kind: 'undone', leaseId: 'l', reason: 'fileserver_timeout' }]);
  expect(bench.ask('rangesAnswered', { fileKey: 'nowhere', gen: 1 })).toEqual({ settled: false });
});

test('a fileserver that has nothing proves nothing, whatever it names', () => {
  bench.serve('i', ['served']);
  bench.lease('l', 'A', 'served/f', 'read');
  const answer = (have: 'none' | 'read') => {
    for (const { fileKey, holdGen } of bench.asks.splice(0))
      bench.ask('holdAnswered', { fileKey, holdGen, have, cookie: 'c1' });
  };
  answer('read');
  bench.serve('j', ['served']);
  answer('none');
  expect(bench.ask('leaseGet', { leaseId: 'l' })).not.toMatchObject({ lease: { state: 'active' } });
});

test('an upgrade that the fileserver refused in its turn has no number the next time', () => {
  bench.serve('i', ['served']);
  for (const [leaseId, sessionId] of [
    ['l', 'A'],
    ['m', 'B'],
  ] as const)
    bench.lease(leaseId, sessionId, 'served/f', 'read');
  bench.answer();
  bench.ask('leaseSet', { leaseId: 'l', type: 'write', ...waits });
  bench.ask('leaseSet', { leaseId: 'm', type: 'none' });
  expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({
    lease: { pendingType: 'write', waitNo: number },
  });
  for (const { fileKey, holdGen } of bench.asks.splice(0))
    bench.ask('holdAnswered', { fileKey, holdGen, have: 'read', reason: 'fileserver_refused' });
  expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({
    lease: { type: 'read', pendingType: undefined },
  });
  bench.pass(2_000);
  expect(bench.ask('leaseSet', { leaseId: 'l', type: 'write' })).toMatchObject({
    lease: { pendingType: 'write', waitNo: undefined },
  });
});

describe('a region', () => {
  beforeEach(() => {
    bench.ask('regionPut', { name: 'r', beatMs: 1_000, deadMs: 10_000, ackMs: 1_000 });
    bench.ask('nodePut', { name: 'n', region: 'r' });
  });

  test('that has as many subscribers as it may have takes no connections', () => {
    bench.put('domain', { region: 'r' });
    bench.ask('nodeBeat', { name: 'n', incarnation: 'i' });
    bench.session('N', { node: 'n' });
    const subscribers = new Map(many(1024).map((i): [string, number] => [`crowd ${String(i)}`, i + 1]));
    bench.rows.lists.set(keys.subscribers('r'), subscribers);
    const connect = { sessionId: 'N', connectionId: 'c', exportName: 'domain', major: 1, minor: 1 };
    expect(bench.rows.play('connect', connect).value).toEqual(refused('items_max'));
  });

  test('waits for no acknowledgement of a connection that is not there', () => {
    const ack = { sessionId: 'A', node: 'n', noticeId: 'x', connectionId: 'c' };
    expect(bench.ask('noticeAck', ack)).toEqual(refused('no_such_connection'));
  });
});

test('an adapter that is lost and is to be stopped depends on its stack until it is gone', () => {
  bench.serve('i', ['served']);
  bench.pass(6_000);
  const depends = () => {
    const value = bench.ask('dependentList', { kind: 'stacks', name: 'posix', after: 0, limit: 9 });
    return 'dependents' in value ? value.dependents.map(({ kind, name }) => `${kind} ${name}`) : value;
  };
  expect(depends()).toEqual(['exports served']);
  const stop = { stack: 'posix', incarnation: 'i', operationId: 'x', deadlineMs: 10_000 };
  expect(bench.ask('adapterStop', stop)).toMatchObject({ operation: {} });
  expect(depends()).toContain('adapters i');
  bench.pass(30_000);
  expect(depends()).toEqual(['exports served']);
});

describe('a lock that nobody comes for is given up', () => {
  const shown = { sessionId: 'A', seqid: 0, id: 'o', of: 'open', freshId: 'k' } as const;
  const own = (id: string, from: number, to: number, more: Partial<VerbInput<'rangeLock'>> = {}) =>
    bench.lock(id, 'A', 'f', 'write', { shown, ...bytes(from, to), ...more });
  const waitFor = () => {
    bench.lock('in the way', 'B', 'f', 'write', bytes(10, 29));
    expect(own('w', 10, 29, { ...waits, claimMs: 5_000 })).toMatchObject({ waiting: true });
  };
  const held = () =>
    bench.rows.all('range').map(([id, { startLo, endLo }]) => `${id} ${String(startLo)}-${String(endLo)}`);
  beforeEach(() => bench.open('o', 'A', 'f', 'both'));

  test('and what it was joined to keeps its id, the rest has that of the wait', () => {
    own('1', 0, 9);
    own('2', 30, 39);
    waitFor();
    bench.ask('rangeDrop', { rangeId: 'in the way' });
    expect(held()).toEqual(['1 0-39']);
    bench.pass(5_000);
    expect(held().sort()).toEqual(['1 0-9', 'w 30-39']);
  });

  test('and what has its id by then keeps that, the rest has another', () => {
    waitFor();
    bench.ask('rangeDrop', { rangeId: 'in the way' });
    own('1', 0, 9);
    own('2', 30, 39);
    expect(held()).toEqual(['w 0-39']);
    bench.pass(5_000);
    expect(held().sort()).toEqual(['w 0-9', "w' 30-39"]);
  });
});

describe('an export that was used by name', () => {
  const named = { ...fileOf('served/f'), fileKey: 'named/f', placeholder: true } as const;
  const take = (leaseId: string) =>
    bench.ask('leaseAcquire', { sessionId: 'A', item: { leaseId, ...named, ...ownerOf('A') }, type: 'read' });
  beforeEach(() => {
    bench.ask('stackPut', { name: 'posix' });
    bench.put('served', { stack: 'posix', policy: 'local' });
    expect(take('l')).toMatchObject({ lease: { state: 'active' } });
    bench.told();
  });

  test('is not said to serve before its fileserver has come', () => {
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    expect(bench.news()).toEqual([]);
  });

  test('has a lease that was allocated by its file on the file that the name is bound to', () => {
    bench.serve('i', ['served']);
    bench.ask('fileBind', {
      ...{ exportName: 'served', incarnation: 'i', fileKey: 'named/f' },
      ...{ realKey: 'served/f', fileId: 'id of f', inode: 'fe:00:77' },
    });
    bench.answer();
    const items = [{ leaseId: 'm', ...fileOf('served/f'), ...ownerOf('B') }];
    expect(bench.ask('leaseAlloc', { sessionId: 'B', items })).toMatchObject({
      leases: [{ fileKey: 'served/f' }],
    });
    expect(bench.ask('leaseSet', { leaseId: 'm', type: 'write' })).toMatchObject(refused('lease_conflict'));
    expect(bench.rows.look('lease', 'm')).toMatchObject({ fileKey: 'named/f' });
    expect(bench.ask('leaseSet', { leaseId: 'm', type: 'none' })).toMatchObject({
      lease: { state: 'released' },
    });
  });

  test('is used by name as long as no file is known, whatever else has locks there', () => {
    const dlm = {
      sessionId: 'A',
      lockId: 'd',
      file: { ...fileOf('served/r'), resource: true },
      ...ownerOf('A'),
    };
    expect(bench.ask('dlmLock', { ...dlm, mode: 'EX', flags: {}, waitMs: 0 })).toMatchObject({
      waiting: false,
    });
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    expect(take('m')).toMatchObject({ lease: { state: 'active' } });
    bench.ask('dlmUnlock', { lockId: 'd' });
    expect(bench.rows.look('export', 'served')?.bound).toBe(0);
  });

  test('serves as soon as the last file is settled, and its adapter is asked for no more', () => {
    bench.serve('i', ['served']);
    bench.ask('fileBind', {
      ...{ exportName: 'served', incarnation: 'i', fileKey: 'named/f' },
      ...{ realKey: 'served/f', fileId: 'id of f', inode: 'fe:00:77' },
    });
    expect(bench.beat('i', ['served'])).toMatchObject({ opening: ['served'] });
    bench.told();
    for (const { fileKey, holdGen } of bench.asks.splice(0))
      bench.ask('holdAnswered', { fileKey, holdGen, failed: 'fileserver_timeout' });
    expect(bench.news()).toEqual(['exports/served serves']);
    expect(bench.beat('i', ['served'])).toMatchObject({ opening: [] });
  });
});

describe('many that the fileserver is asked for at once', () => {
  const asked = (count: number) => {
    bench.serve('i', ['served']);
    for (const i of many(count)) lease(`l${String(i)}`, 'A', 'served/f');
    const [ask] = bench.asks.splice(0);
    return ask?.holdGen ?? 0;
  };
  /** Looks as long as there is something to do at once. */
  const looks = (): number => {
    for (let n = 0; n < 20; n += 1) if (bench.ask('tick', {}).nextMs !== 0) return n;
    return 20;
  };
  const pending = () => bench.rows.all('lease').filter(([, { state }]) => state === 'pending').length;

  test('are undone 128 at a time when the fileserver breaks the hold, without a pause', () => {
    const holdGen = asked(150);
    const said = { fileKey: 'served/f', exportName: 'served', holdGen, incarnation: 'i' };
    bench.ask('fileserverBreak', { ...said, breakNo: 1, target: 'none' });
    expect(pending()).toBe(22);
    looks();
    expect(pending()).toBe(0);
  });

  test('are at rest when the hold is lost before all of them are granted', () => {
    const holdGen = asked(130);
    bench.ask('holdAnswered', { fileKey: 'served/f', holdGen, have: 'read' });
    const said = {
      fileKey: 'served/f',
      exportName: 'served',
      holdGen,
      incarnation: 'i',
      cause: 'fileserver',
    };
    bench.ask('fileserverLost', { ...said, have: 'none' });
    expect(looks()).toBeLessThan(20);
  });
});

test('many that have ended on a file, and are remembered, are passed over when its export is hung up', () => {
  for (const i of many(150)) lease(`l${String(i)}`, 'A', 'f');
  bench.open('o', 'B', 'f', 'read');
  bench.ask('exportHangup', { name: 'local', operationId: 'x', deadlineMs: 1_000 });
  for (let second = 0; second < 5; second += 1) {
    bench.clock.now += 1_000;
    for (let n = 0; n < 20 && bench.rows.play('tick', {}).value.nextMs === 0; n += 1);
  }
  expect(bench.ask('operationGet', { operationId: 'x' })).toMatchObject({ operation: { state: 'done' } });
  expect(bench.rows.all('file')).toEqual([]);
});
