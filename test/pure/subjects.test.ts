import type { SubjectLimits } from '../../libs/locks/src/core/rows';
import { Bench, bytes, fileOf, ownerOf } from '../support/rules-bench';

/** What subjects use and may use, and what a tenant is told of another's: decision 0032. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench({ queueMax: 20 });
  bench.declare();
});
const enter = (sessionId: string, subject: string, quota?: SubjectLimits, tenant = 't') =>
  bench.session(sessionId, { tenant, subject, quota });
const subjects = (after = 0, limit = 9) => bench.ask('subjectList', { after, limit });
const used = (name: string) => {
  const found = subjects().subjects.find((each) => each.name === name);
  return found === undefined ? undefined : [found.sessions, found.rows, found.waits];
};
const over = (reason: string, use: number, allowed: number) => ({
  refused: { reason, used: use, allowed },
});
const granted = (value: object) => !('refused' in value);

describe('what a subject uses', () => {
  test('is counted over its sessions, and listed with its limits, page by page', () => {
    enter('A1', 'a', { rows: 9 });
    enter('A2', 'a', { rows: 8 });
    enter('B', 'b', {});
    enter('C', 'a', {}, 'u');
    bench.lease('l', 'A1', 'f', 'read');
    bench.open('o', 'A2', 'f', 'read');
    bench.lock('r', 'B', 'g', 'write');
    bench.lock('w', 'A2', 'g', 'write', { waitMs: 60_000 });
    const all = [
      // The limits of the last session count.
      { name: 't a', sessions: 2, rows: 3, waits: 1, limits: { rows: 8 } },
      { name: 't b', sessions: 1, rows: 1, waits: 0, limits: {} },
      { name: 'u a', sessions: 1, rows: 0, waits: 0, limits: {} },
    ];
    expect(subjects()).toEqual({ subjects: all, after: undefined });
    const first = subjects(0, 2);
    expect(first).toEqual({ subjects: all.slice(0, 2), after: expect.any(Number) as number });
    expect(subjects(first.after, 2)).toEqual({ subjects: all.slice(2), after: undefined });
    // A page that is full may be the last.
    expect(subjects(0, 3)).toEqual({ subjects: all, after: expect.any(Number) as number });
  });

  test('is not counted for a session that was opened without limits, of whatever name', () => {
    enter('A', 'a', { rows: 1, sessions: 1 });
    enter('N', 'a');
    bench.session('M');
    for (const id of ['N', 'M']) for (const path of ['f', 'g']) bench.lease(id + path, id, path, 'read');
    expect(used('t a')).toEqual([1, 0, 0]);
    bench.ask('sessionEnd', { sessionId: 'N' });
    expect(used('t a')).toEqual([1, 0, 0]);
  });

  test('goes down as things end, and is forgotten with its last session', () => {
    enter('A1', 'a', {});
    enter('A2', 'a', {});
    bench.session('H');
    bench.lock('h', 'H', 'f', 'write');
    bench.lock('w1', 'A1', 'f', 'write', { waitMs: 60_000 });
    bench.lock('w2', 'A2', 'f', 'write', { waitMs: 60_000 });
    bench.lease('l', 'A2', 'g', 'read');
    expect(used('t a')).toEqual([2, 3, 2]);
    bench.ask('rangeDrop', { rangeId: 'w1' });
    expect(used('t a')).toEqual([2, 2, 1]);
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    bench.ask('leaseFree', { leaseId: 'l' });
    expect(used('t a')).toEqual([2, 1, 1]);
    bench.ask('sessionEnd', { sessionId: 'A1' });
    expect(used('t a')).toEqual([1, 1, 1]);
    bench.ask('sessionEnd', { sessionId: 'A2' });
    expect(subjects()).toEqual({ subjects: [], after: undefined });
    expect(bench.rows.all('subject')).toEqual([]);
    // It begins anew.
    enter('A3', 'a', { sessions: 1 });
    expect(used('t a')).toEqual([1, 0, 0]);
  });
});

describe('a subject at its limit', () => {
  test('gets no further session: the refusal leaves nothing behind', () => {
    enter('A1', 'a', { sessions: 2 });
    enter('A2', 'a', { sessions: 2 });
    expect(enter('A3', 'a', { sessions: 2 })).toEqual(over('subject_sessions_max', 2, 2));
    expect(used('t a')).toEqual([2, 0, 0]);
    expect(bench.rows.look('session', 'A3')).toBeUndefined();
    expect(bench.ask('sessionList', { after: 0, limit: 9 }).sessions).toHaveLength(2);
    expect(granted(enter('A3', 'a', { sessions: 3 }))).toBe(true);
    expect(enter('Z', 'z', { sessions: 0 })).toEqual(over('subject_sessions_max', 0, 0));
    expect(used('t z')).toBeUndefined();
  });

  test('gets no further row of any kind, up to the last', () => {
    enter('A', 'a', { rows: 3 });
    bench.lease('l', 'A', 'f', 'read');
    // A lock on bytes may become two.
    expect(granted(bench.lock('r', 'A', 'f', 'read'))).toBe(true);
    const full = over('subject_rows_max', 2, 3);
    expect(bench.lock('s', 'A', 'g', 'read')).toEqual(full);
    expect(granted(bench.open('o', 'A', 'f', 'read'))).toBe(true);
    const none = over('subject_rows_max', 3, 3);
    expect(bench.open('p', 'A', 'g', 'read')).toEqual(none);
    expect(bench.lease('m', 'A', 'g', 'read')).toEqual(none);
    expect(bench.change('c', 'A', 'g')).toEqual(none);
    expect(bench.ask('pinAdd', { pinId: 'p', kind: 'exports', name: 'local', sessionId: 'A' })).toEqual(none);
    const items = [{ leaseId: 'n', ...fileOf('g'), ...ownerOf('A') }];
    expect(bench.ask('leaseAlloc', { sessionId: 'A', items })).toEqual(none);
    // The middle of a range gives way only where there is room for its end.
    const middle = { splitId: 'x', fileKey: 'local/f', class: 'posix' as const, ...bytes(3, 4) };
    expect(bench.ask('rangeUnlock', { sessionId: 'A', ...ownerOf('A'), ...middle })).toEqual(none);
    expect(used('t a')).toEqual([1, 3, 0]);
  });

  test('waits for no more', () => {
    enter('A1', 'a', { waits: 2 });
    enter('A2', 'a', { waits: 2 });
    enter('B', 'b', { waits: 2 });
    for (const path of ['f', 'g', 'h']) bench.lease(path, 'B', path, 'write');
    expect(granted(bench.lease('1', 'A1', 'f', 'read', { waitMs: 60_000 }))).toBe(true);
    expect(granted(bench.lease('2', 'A2', 'g', 'read', { waitMs: 60_000 }))).toBe(true);
    expect(bench.lease('3', 'A1', 'h', 'read', { waitMs: 60_000 })).toEqual(over('subject_waits_max', 2, 2));
    expect(used('t a')).toEqual([2, 2, 2]);
    // What is served no longer waits.
    bench.ask('leaseSet', { leaseId: 'f', type: 'none' });
    expect(granted(bench.lease('3', 'A1', 'h', 'read', { waitMs: 60_000 }))).toBe(true);
  });

  test('has its share of the queue of a file, whoever else is in it', () => {
    const share = { queueShare: 2 };
    enter('A1', 'a', share);
    enter('A2', 'a', share);
    enter('B', 'b', share);
    enter('N', 'a');
    bench.session('H');
    for (const path of ['f', 'g']) bench.lock(`h${path}`, 'H', path, 'write');
    const wait = (id: string, sessionId: string, path = 'f') =>
      bench.lock(id, sessionId, path, 'read', { waitMs: 60_000, ...bytes(id.charCodeAt(0) % 10, 9) });
    for (const [id, who] of ['1B', '2N', '3B', '4A1', '5A2'].map((each) => [each, each.slice(1)] as const))
      expect([id, granted(wait(id, who))]).toEqual([id, true]);
    expect(wait('6', 'A1')).toEqual(over('subject_queue_share', 2, 2));
    expect(wait('7', 'B')).toEqual(over('subject_queue_share', 2, 2));
    expect(granted(wait('8', 'A1', 'g'))).toBe(true);
    expect(granted(wait('9', 'N'))).toBe(true);
    expect(used('t a')).toEqual([2, 3, 3]);
  });

  test('without a limit for waits has its share all the same, and the other way round', () => {
    enter('A', 'a', { waits: 1, queueShare: 5 });
    enter('B', 'b', { waits: 5, queueShare: 1 });
    bench.session('H');
    bench.lock('h', 'H', 'f', 'write');
    const wait = (id: string, sessionId: string, at: number) =>
      bench.lock(id, sessionId, 'f', 'read', { waitMs: 60_000, ...bytes(at, at) });
    for (const id of ['A', 'B']) expect(granted(wait(`${id}1`, id, 1))).toBe(true);
    expect(wait('A2', 'A', 2)).toEqual(over('subject_waits_max', 1, 1));
    expect(wait('B2', 'B', 2)).toEqual(over('subject_queue_share', 1, 1));
  });

  test('keeps a file quiet for as long as it may, to the millisecond', () => {
    enter('A', 'a', { quietMs: 2_000 });
    enter('B', 'b', {});
    expect(bench.change('c', 'A', 'f', { quietMs: 2_001 })).toEqual(over('subject_quiet_max', 2_001, 2_000));
    expect(granted(bench.change('d', 'A', 'f', { quietMs: 2_000 }))).toBe(true);
    expect(granted(bench.change('e', 'B', 'g', { quietMs: 60_000 }))).toBe(true);
  });
});

describe('a tenant as a whole', () => {
  const join = (sessionId: string, tenantQuota?: SubjectLimits, quota?: SubjectLimits) =>
    bench.session(sessionId, { tenant: 't', subject: sessionId, quota, tenantQuota });

  test('is counted over its subjects, in the sessions that were opened under its limits', () => {
    join('a', { rows: 9 });
    join('b', { rows: 8 }, {});
    join('c', undefined, {});
    bench.session('d', { tenant: 'u', subject: 'a', tenantQuota: {} });
    for (const id of ['a', 'b', 'c', 'd']) bench.lease(id, id, id, 'read');
    const one = { sessions: 1, rows: 1, waits: 0 };
    expect(subjects().subjects).toEqual([
      { name: 't ', sessions: 2, rows: 2, waits: 0, limits: { rows: 8 } },
      { name: 't b', ...one, limits: {} },
      { name: 't c', ...one, limits: {} },
      { name: 'u ', ...one, limits: {} },
    ]);
    for (const sessionId of ['a', 'b']) bench.ask('sessionEnd', { sessionId });
    expect(subjects().subjects.map(({ name }) => name)).toEqual(['t c', 'u ']);
  });

  test('has limits beside those of its subjects, which come first', () => {
    const most = { sessions: 2, rows: 4, waits: 2, queueShare: 1 };
    join('a', most, { rows: 1 });
    join('b', most);
    expect(join('c', most)).toEqual(over('tenant_sessions_max', 2, 2));
    expect(join('c', most, { sessions: 0 })).toEqual(over('subject_sessions_max', 0, 0));
    bench.session('H');
    for (const path of ['f', 'g', 'h']) bench.lease(path, 'H', path, 'write');
    const wait = (id: string, sessionId: string, path: string) =>
      bench.lease(id, sessionId, path, 'read', { waitMs: 60_000 });
    expect(granted(wait('1', 'a', 'f'))).toBe(true);
    expect(wait('2', 'a', 'g')).toEqual(over('subject_rows_max', 1, 1));
    expect(wait('2', 'b', 'f')).toEqual(over('tenant_queue_share', 1, 1));
    expect(granted(wait('2', 'b', 'g'))).toBe(true);
    expect(wait('3', 'b', 'h')).toEqual(over('tenant_waits_max', 2, 2));
    for (const id of ['4', '5']) expect(granted(bench.lease(id, 'b', id, 'read'))).toBe(true);
    expect(bench.lease('6', 'b', '6', 'read')).toEqual(over('tenant_rows_max', 4, 4));
    // Quiet times are a subject's own.
    join('q', { sessions: 9, quietMs: 1 });
    expect(granted(bench.change('c', 'q', 'i', { quietMs: 5_000 }))).toBe(true);
  });

  test('is not found in the queue by the requests of others', () => {
    join('a', { queueShare: 2 });
    join('n', undefined, {});
    bench.session('u', { tenant: 'u', subject: 'a', tenantQuota: { queueShare: 2 } });
    bench.lease('f', 'u', 'f', 'write', { waitMs: 0 });
    for (const [id, who] of [
      ['1', 'n'],
      ['2', 'a'],
      ['3', 'n'],
    ] as const)
      expect(granted(bench.lock(`${id}h`, who, 'q', 'read', bytes(0, 9)))).toBe(true);
    const write = (id: string, sessionId: string) =>
      bench.lock(id, sessionId, 'q', 'write', { waitMs: 60_000, owner: id, ownerKey: id });
    for (const [id, who] of [
      ['4', 'n'],
      ['5', 'a'],
      ['6', 'u'],
      ['7', 'a'],
    ] as const)
      expect([id, granted(write(id, who))]).toEqual([id, true]);
    expect(write('8', 'a')).toEqual(over('tenant_queue_share', 2, 2));
    expect(granted(write('9', 'u'))).toBe(true);
  });
});

describe('limits that change', () => {
  const set = (subject: string, limits?: SubjectLimits) =>
    bench.ask('subjectSet', { tenant: 't', subject, limits });

  test('count for the sessions that are there, narrower and wider', () => {
    enter('A', 'a', { rows: 2 });
    bench.lease('1', 'A', 'f', 'read');
    expect(set('a', { rows: 1 })).toEqual({ known: true });
    expect(bench.lease('2', 'A', 'g', 'read')).toEqual(over('subject_rows_max', 1, 1));
    expect(set('a', { rows: 3 })).toEqual({ known: true });
    for (const id of ['2', '3']) expect(granted(bench.lease(id, 'A', id, 'read'))).toBe(true);
    expect(bench.lease('4', 'A', '4', 'read')).toEqual(over('subject_rows_max', 3, 3));
    // What it has beyond narrower limits stays.
    set('a', { rows: 0 });
    expect(used('t a')).toEqual([1, 3, 0]);
    expect(set('a', undefined)).toEqual({ known: true });
    expect(granted(bench.lease('4', 'A', '4', 'read'))).toBe(true);
    expect(subjects().subjects).toEqual([{ name: 't a', sessions: 1, rows: 4, waits: 0, limits: undefined }]);
  });

  test('of a subject that is not counted make no difference and leave nothing', () => {
    enter('A', 'a', {});
    expect(set('x', { rows: 0 })).toEqual({ known: false });
    expect(bench.rows.all('subject').map(([name]) => name)).toEqual(['t a']);
    expect(granted(enter('X', 'x', {}))).toBe(true);
    expect(granted(bench.lease('l', 'X', 'f', 'read'))).toBe(true);
  });
});

describe('a session is told of another tenant what conflicts, and nothing that names it', () => {
  const nobody = { id: '', sessionId: '', owner: '', pid: 0, otherTenant: true };
  const blockersOf = (value: object) => (value as { refused: { blockers?: object[] } }).refused.blockers;
  beforeEach(() => {
    bench.session('red', { tenant: 'red' });
    bench.session('red2', { tenant: 'red' });
    bench.session('blue', { tenant: 'blue' });
    bench.session('none');
    bench.session('none2');
  });
  const range = { kind: 'posix', type: 'write', state: 'held', ageMs: 0, ...bytes(0, 9) };

  test.each([
    ['red', 'blue', true],
    ['none', 'blue', true],
    ['red', 'none', true],
    ['red', 'red2', false],
    ['none', 'none2', false],
    ['red', 'red', false],
  ])('%s of %s: %s', (viewer, holder, veiled) => {
    bench.lock('r', holder, 'f', 'write', { pid: 8 });
    const known = { id: 'r', sessionId: holder, owner: 'o', pid: 8 };
    const blocker = { ...range, ...(veiled ? nobody : known) };
    const other = { owner: 'p', ownerKey: `${viewer}/p` };
    expect(blockersOf(bench.lock('s', viewer, 'f', 'read', other))).toEqual([blocker]);
    const asked = { sessionId: viewer, ...ownerOf(viewer), ...other, file: fileOf('f') };
    expect(bench.ask('rangeTest', { ...asked, class: 'posix', type: 'read', ...bytes(5, 5) })).toEqual({
      blocker,
    });
  });

  test('in listings for it, but not in those for nobody in particular', () => {
    bench.lease('l', 'blue', 'f', 'read');
    bench.open('o', 'red', 'f', 'read');
    const list = (viewer?: string) =>
      bench
        .ask('lockList', { after: 0, limit: 9, viewer })
        .locks.map(({ id, sessionId, owner, otherTenant }) => ({ id, sessionId, owner, otherTenant }));
    const whole = [
      { id: 'l', sessionId: 'blue', owner: 'o', otherTenant: undefined },
      { id: 'o', sessionId: 'red', owner: 'o', otherTenant: undefined },
    ];
    expect(list()).toEqual(whole);
    expect(list('red2')).toEqual([{ id: '', sessionId: '', owner: '', otherTenant: true }, whole[1]]);
  });

  test('of a deadlock: a file that its own tenant is asked for is named, others are not', () => {
    bench.lock('1', 'red', 'a', 'write');
    bench.lock('2', 'blue', 'b', 'write');
    bench.lock('3', 'none', 'c', 'write');
    bench.lock('4', 'blue', 'c', 'write', { waitMs: 60_000 });
    bench.lock('5', 'none', 'a', 'write', { waitMs: 60_000 });
    const hidden = { id: '', kind: 'range', sessionId: '', owner: '', otherTenant: true };
    expect(bench.lock('6', 'red', 'b', 'write', { waitMs: 60_000 })).toEqual({
      refused: {
        reason: 'deadlock',
        cycle: [
          { id: '6', kind: 'range', sessionId: 'red', owner: 'o', exportName: 'local', path: 'b' },
          { ...hidden, exportName: '', path: '' },
          { ...hidden, exportName: 'local', path: 'a' },
        ],
      },
    });
  });
});
