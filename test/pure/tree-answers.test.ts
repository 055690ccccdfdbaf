import { Bench, bytes, fileOf, ownerOf, processOf } from '../support/rules-bench';
import { scenarioLimits } from '../support/scenario';

/** Complete views of the configuration tree, its records, and its limits. */

const number = expect.any(Number) as number;
const text = expect.any(String) as string;
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

/** Fills a list with members, as if this many items existed. */
function crowd(list: string, n: number): void {
  const members = bench.rows.lists.get(list) ?? new Map<string, number>();
  for (let i = members.size; i < n; i += 1) members.set(`crowd-${String(i)}`, i + 1);
  bench.rows.lists.set(list, members);
}

/** An answer without checking the invariants, for lists that were filled by hand. */
const bare = (...[verb, input]: Parameters<Bench['rows']['play']>) => bench.rows.play(verb, input).value;

describe('stacks', () => {
  test('have the last written values, one by one and in order', () => {
    const written = { description: 'd', prefix: 'tmp-', policy: 'local' as const };
    const item = { name: 'a', version: number, ...written, adapters: [], exports: 0, removing: false };
    const made = bench.ask('stackPut', { name: 'a', ...written });
    expect(made).toEqual({ created: true, item });
    const b = { name: 'b', version: number, adapters: [], exports: 0, removing: false };
    expect(bench.ask('stackPut', { name: 'b' })).toEqual({ created: true, item: b });
    expect(bench.ask('stackList', {})).toEqual({ stacks: [item, b] });
    expect(bench.ask('stackList', { name: 'b' })).toEqual({ stacks: [b] });
    const changed = bench.ask('stackPut', { name: 'a', description: 'e' });
    const now = { ...b, name: 'a', description: 'e' };
    expect(changed).toEqual({ created: false, item: now });
    expect(bench.ask('stackList', { name: 'a' })).toEqual({ stacks: [now] });
    const version = (put: typeof made) => ('item' in put ? put.item.version : 0);
    expect(version(changed)).toBeGreaterThan(version(made));
    expect(bench.ask('stackPut', { name: 'a', expect: version(made) })).toEqual({
      refused: { reason: 'version_old', version: version(changed) },
    });
    expect(bench.news()).toEqual(['stacks/a created', 'stacks/b created', 'stacks/a changed']);
  });

  test('name their adapters with the exports those serve, and count their exports', () => {
    bench.serve('i1', ['x', 'y']);
    bench.serve('i2', ['z'], { version: '2', major: 3, minor: 4 });
    bench.put('l');
    bench.ask('pinAdd', { pinId: 'p', kind: 'stacks', name: 'posix', by: { kind: 'exports', name: 'l' } });
    const { stacks } = bench.ask('stackList', { name: 'posix' });
    const i1 = { incarnation: 'i1', version: '1.2.3', major: 1, minor: 2, endpoint: 'at i1', state: 'up' };
    const i2 = { incarnation: 'i2', version: '2', major: 3, minor: 4, endpoint: 'at i2', state: 'up' };
    expect(stacks).toEqual([
      {
        ...{ name: 'posix', version: number, exports: 3, removing: false },
        adapters: [
          { ...i1, exports: ['x', 'y'] },
          { ...i2, exports: ['z'] },
        ],
      },
    ]);
  });

  test('are limited in number, and existing ones can be changed', () => {
    bench.ask('stackPut', { name: 'a' });
    crowd('stacks', 63);
    expect(bare('stackPut', { name: 'b' })).toMatchObject({ created: true });
    expect(bare('stackPut', { name: 'c' })).toEqual({ refused: { reason: 'items_max' } });
    expect(bare('stackPut', { name: 'a' })).toMatchObject({ created: false });
    // Plus the built-in one.
    bare('exportDeclare', { name: 'l', breakMs: 1, lockDelayMs: 0 });
    expect(bare('stackList', { name: 'local' })).toMatchObject({ stacks: [{ name: 'local' }] });
  });
});

describe('exports', () => {
  const view = {
    ...{ no: number, version: number, byName: false, demand: false, ranges: 'table' },
    ...{ unconfirmed: 0, unboundFiles: 0, delegations: 0, refused: 0, queued: 0, unbacked: 0 },
  };

  test('have the last written values', () => {
    bench.ask('stackPut', { name: 'posix' });
    bench.ask('regionPut', { name: 'r', beatMs: 1, deadMs: 2, ackMs: 3 });
    bench.told();
    const own = { breakMs: 1_000, lockDelayMs: 2_000, directories: true };
    const item = {
      ...{ ...view, name: 'x', stack: 'posix', local: false, policy: 'wait', region: 'r', state: 'none' },
      ...{ ...own, breakLimitMs: 0, incarnation: '', endpoint: '', major: 0, minor: 0 },
    };
    const made = bench.put('x', { stack: 'posix', policy: 'wait', region: 'r', own });
    expect(made).toEqual({ created: true, item });
    expect(bench.ask('exportList', {})).toEqual({ exports: [item] });
    const plain = { ...item, region: undefined, policy: 'refuse', breakMs: 45_000, lockDelayMs: 7 };
    const changed = bench.put('x', { stack: 'posix', lockDelayMs: 7 });
    expect(changed).toEqual({ created: false, item: { ...plain, directories: false } });
    expect(bench.put('x', { stack: 'posix', directories: true })).toMatchObject({
      item: { directories: true },
    });
    const version = (put: typeof made) => ('item' in put ? put.item.version : 0);
    expect(version(changed)).toBeGreaterThan(version(made));
    expect(bench.news()).toEqual(['exports/x created', 'exports/x changed', 'exports/x changed']);
    expect(bench.ask('dependentList', { kind: 'regions', name: 'r', after: 0, limit: 9 })).toEqual({
      dependents: [],
    });
  });

  test('are shown with their adapter, and listed in order', () => {
    bench.serve('i1', ['x', 'y'], { lockDelayMs: 3, breakLimitMs: 46_000, directories: true });
    const item = {
      ...{ ...view, stack: 'posix', local: false, policy: 'refuse', state: 'up' },
      ...{ breakMs: 45_000, lockDelayMs: 3, breakLimitMs: 46_000, directories: true },
      ...{ incarnation: 'i1', endpoint: 'at i1', major: 1, minor: 2 },
    };
    expect(bench.ask('exportList', {})).toEqual({
      exports: [
        { ...item, name: 'x' },
        { ...item, name: 'y' },
      ],
    });
    bench.register('i1', ['x', 'y'], { endpoint: 'elsewhere', breakMs: 44_000 });
    expect(bench.ask('exportList', { name: 'x' })).toMatchObject({
      exports: [{ endpoint: 'elsewhere', breakMs: 44_000, lockDelayMs: 0, directories: false }],
    });
    expect(bench.ask('stackList', { name: 'posix' })).toMatchObject({
      stacks: [{ adapters: [{ endpoint: 'elsewhere' }] }],
    });
    expect(bench.ask('exportList', { name: 'z' })).toEqual({ exports: [] });
  });

  test('keep their configuration, whatever an adapter or a declaration says', () => {
    const own = { breakMs: 1_000, lockDelayMs: 2_000, directories: true };
    bench.ask('stackPut', { name: 'posix' });
    bench.put('x', { stack: 'posix', own });
    bench.serve('i1', ['x'], { breakMs: 5, lockDelayMs: 5 });
    bench.ask('exportDeclare', { name: 'x', stack: 'posix', breakMs: 6, lockDelayMs: 6 });
    expect(bench.ask('exportList', { name: 'x' })).toMatchObject({ exports: [own] });
    bench.put('x', { stack: 'posix', own: { directories: false }, directories: true });
    bench.register('i1', ['x'], { directories: true });
    expect(bench.ask('exportList', { name: 'x' })).toMatchObject({ exports: [{ directories: false }] });
  });

  test('are limited in number', () => {
    bench.ask('stackPut', { name: 's', prefix: 'tmp-' });
    bench.put('x', { stack: 's' });
    crowd('exports', 999);
    expect(bare('exportPut', { ...put('y'), stack: 's' })).toMatchObject({ created: true });
    expect(bare('exportPut', { ...put('z'), stack: 's' })).toEqual({ refused: { reason: 'items_max' } });
    expect(bare('exportPut', { ...put('x'), stack: 's' })).toMatchObject({ created: false });
    const touch = { stack: 's', breakMs: 1, lockDelayMs: 1 };
    expect(bare('exportTouch', { ...touch, name: 'tmp-1' })).toEqual({ refused: { reason: 'items_max' } });
    expect(bare('exportTouch', { ...touch, name: 'x' })).toEqual({ touched: true });
  });
  const put = (name: string) => ({
    ...{ name, policy: 'refuse' as const, own: {}, breakMs: 45_000, lockDelayMs: 0 },
  });

  test('cannot be bound to an item that is missing or being removed', () => {
    bench.ask('stackPut', { name: 's' });
    bench.ask('regionPut', { name: 'r', beatMs: 1, deadMs: 2, ackMs: 3 });
    expect(bench.put('x', { stack: 't' })).toEqual({
      refused: { reason: 'no_such_item', missing: 'stacks/t' },
    });
    expect(bench.put('x', { stack: 's', region: 'q' })).toEqual({
      refused: { reason: 'no_such_item', missing: 'regions/q' },
    });
    const removal = { force: true, deadlineMs: 60_000 };
    bench.session('S');
    // In use until that is done.
    bench.declare();
    bench.put('busy');
    bench.open('o', 'S', 'busy/f', 'read');
    bench.put('busy', { region: 'r' });
    bench.serve('i1', ['held'], { stack: 's' });
    bench.lease('l', 'S', 'held/f', 'read');
    bench.ask('itemRemove', { ...removal, kind: 'regions', name: 'r', operationId: 'o1' });
    expect(bench.put('x', { stack: 's', region: 'r' })).toEqual({ refused: { reason: 'item_removing' } });
    expect(bench.ask('nodePut', { name: 'n', region: 'r' })).toEqual({
      refused: { reason: 'item_removing' },
    });
    expect(bench.ask('subscribe', { region: 'r', sessionId: 'S', priority: 1 })).toEqual({
      refused: { reason: 'item_removing' },
    });
    const pin = { pinId: 'p', kind: 'stacks' as const, name: 's' };
    expect(bench.ask('pinAdd', { ...pin, by: { kind: 'regions', name: 'r' } })).toEqual({
      refused: { reason: 'item_removing' },
    });
    bench.ask('itemRemove', { ...removal, kind: 'stacks', name: 's', operationId: 'o2' });
    expect(bench.put('x', { stack: 's' })).toEqual({ refused: { reason: 'item_removing' } });
    expect(bench.ask('stackList', { name: 's' })).toMatchObject({ stacks: [{ removing: true }] });
    expect(bench.ask('regionList', { name: 'r' })).toMatchObject({ regions: [{ removing: true }] });
    expect(bench.ask('stackPut', { name: 's' })).toEqual({ refused: { reason: 'operation_running' } });
  });

  test('appear on demand as their stack says, and do not change when probed again', () => {
    bench.ask('stackPut', { name: 's', prefix: 'tmp-', policy: 'local' });
    bench.ask('stackPut', { name: 'quiet', prefix: 'q-' });
    bench.told();
    const touch = { breakMs: 3, lockDelayMs: 4 };
    expect(bench.ask('exportTouch', { ...touch, name: 'tmp-1', stack: 's' })).toEqual({ touched: true });
    const item = { name: 'tmp-1', stack: 's', policy: 'local', demand: true, ...touch };
    expect(bench.ask('exportList', {})).toMatchObject({ exports: [item] });
    expect(bench.ask('exportList', {})).toMatchObject({ exports: [{ directories: false }] });
    expect(bench.ask('exportTouch', { name: 'tmp-1', stack: 's', breakMs: 9, lockDelayMs: 9 })).toEqual({
      touched: true,
    });
    expect(bench.ask('exportList', {})).toMatchObject({ exports: [item] });
    expect(bench.news()).toEqual(['exports/tmp-1 created']);
    bench.ask('exportTouch', { ...touch, name: 'q-1', stack: 'quiet' });
    expect(bench.ask('exportList', { name: 'q-1' })).toMatchObject({ exports: [{ policy: 'wait' }] });
    bench.ask('itemRemove', {
      ...{ kind: 'stacks', name: 's', force: true, operationId: 'o', deadlineMs: 9 },
    });
    expect(bench.ask('exportTouch', { ...touch, name: 'tmp-2', stack: 's' })).toEqual({
      refused: { reason: 'no_such_export' },
    });
  });

  test('a permanent one is not put on probation when probed', () => {
    bench.ask('stackPut', { name: 's', prefix: 'tmp-' });
    bench.put('tmp-1', { stack: 's' });
    bench.ask('exportTouch', { name: 'tmp-1', stack: 's', breakMs: 1, lockDelayMs: 1 });
    bench.pass(5_000);
    expect(bench.ask('exportList', {})).toMatchObject({ exports: [{ name: 'tmp-1', demand: false }] });
  });

  /** Leases on more files than one step goes through. */
  function hold(type: 'read' | 'write'): void {
    bench.session('A');
    bench.serve('i1', ['x']);
    for (let i = 0; i < 70; i += 1) {
      const item = { leaseId: `l${String(i)}`, ...fileOf(`x/f${String(i)}`), ...ownerOf('A') };
      const { asks } = bench.rows.play('leaseAcquire', { sessionId: 'A', item, type });
      for (const { fileKey, holdGen } of asks)
        bench.rows.play('holdAnswered', { fileKey, holdGen, have: type, cookie: 'c' });
    }
  }

  test('lose what they cannot prove in many files when their adapter leaves', () => {
    hold('write');
    bench.ask('deregister', { incarnation: 'i1', letGo: true });
    bench.pass(1_000);
    const { locks } = bench.ask('lockList', { after: 0, limit: 200 });
    expect(locks.map(({ state }) => state)).toEqual(locks.map(() => 'revoked'));
    expect(locks).toHaveLength(70);
  });

  test('ask the next adapter for each of many files, once', () => {
    hold('read');
    bench.serve('i2', ['x']);
    bench.pass(1_000);
    expect(bench.asks.map(({ path }) => path).sort()).toEqual(
      Array.from({ length: 70 }, (_, i) => `f${String(i)}`).sort(),
    );
  });

  test('count the requests that came while nobody served them', () => {
    bench.ask('stackPut', { name: 'posix' });
    bench.put('x', { stack: 'posix' });
    const counts = { name: 'x', refused: 2, queued: 3 };
    expect(bench.ask('exportCount', counts)).toEqual({ counted: true });
    expect(bench.ask('exportCount', { ...counts, name: 'y' })).toEqual({ counted: false });
    expect(bench.ask('exportCount', counts)).toEqual({ counted: true });
    expect(bench.ask('exportList', {})).toMatchObject({ exports: [{ refused: 4, queued: 6, unbacked: 0 }] });
  });

  test('say where each of them is, and on what file system', () => {
    const at = (exportName: string, fileSystem: string) => ({ exportName, fileSystem, parts: [exportName] });
    bench.register('i1', ['x', 'y', 'z'], { places: [at('x', 'ext4'), at('y', 'xfs')] });
    const { exports } = bench.ask('exportList', {});
    expect(exports.map(({ name, fileSystem }) => `${name} ${fileSystem ?? ''}`)).toEqual([
      'x ext4',
      'y xfs',
      'z ',
    ]);
  });

  test('move to another stack only while unused, and with a break time that its adapters allow', () => {
    bench.serve('i1', ['x'], { breakLimitMs: 45_000 });
    expect(bench.put('x', { stack: 'posix', own: { breakMs: 50_000 } })).toEqual({
      refused: { reason: 'break_time_too_long', breakLimitMs: 45_000 },
    });
    bench.ask('stackPut', { name: 's' });
    expect(bench.put('x', { stack: 's', own: { breakMs: 50_000 } })).toMatchObject({
      item: { stack: 's', state: 'none', breakMs: 50_000 },
    });
    bench.serve('i2', ['y']);
    bench.ask('deregister', { incarnation: 'i2', letGo: true });
    expect(bench.put('y', { stack: 'posix', own: { breakMs: 50_000 } })).toMatchObject({ created: false });
  });
});

describe('regions and nodes', () => {
  test('have the last written values, one by one and in order', () => {
    const spans = { beatMs: 1, deadMs: 20_000, ackMs: 3 };
    const region = { version: number, nodes: 0, subscribers: 0, removing: false };
    expect(bench.ask('regionPut', { name: 'r', ...spans })).toEqual({
      created: true,
      item: { ...region, name: 'r', ...spans },
    });
    bench.ask('regionPut', { name: 'q', ...spans });
    const changed = bench.ask('regionPut', { name: 'r', ...spans, beatMs: 9 });
    const r = { ...region, name: 'r', ...spans, beatMs: 9 };
    const q = { ...region, name: 'q', ...spans };
    expect(changed).toEqual({ created: false, item: r });
    expect(bench.ask('regionPut', { name: 'r', ...spans, expect: 5 })).toMatchObject({
      refused: { reason: 'version_old' },
    });
    expect(bench.ask('regionList', {})).toEqual({ regions: [r, q] });
    expect(bench.ask('regionList', { name: 'q' })).toEqual({ regions: [q] });
    const node = {
      ...{ version: number, region: 'r', state: 'down', incarnation: '', sessions: 0, removing: false },
    };
    const put = { name: 'n', region: 'r', description: 'd' };
    const made = { created: true, item: { ...node, name: 'n', description: 'd' } };
    expect(bench.ask('nodePut', put)).toEqual(made);
    bench.ask('nodePut', { name: 'm', region: 'r' });
    const again = { created: false, item: { ...node, name: 'n' } };
    expect(bench.ask('nodePut', { name: 'n', region: 'r' })).toEqual(again);
    expect(bench.ask('nodeList', {})).toEqual({ nodes: [again.item, { ...node, name: 'm' }] });
    expect(bench.ask('nodeList', { name: 'm' })).toEqual({ nodes: [{ ...node, name: 'm' }] });
    expect(bench.news()).toEqual([
      ...['regions/r created', 'regions/q created', 'regions/r changed'],
      ...['nodes/n created', 'nodes/m created', 'nodes/n changed'],
    ]);
    bench.declare();
    bench.told();
    bench.put('x', { region: 'r' });
    bench.session('S');
    bench.ask('subscribe', { region: 'r', sessionId: 'S', priority: 1 });
    expect(bench.ask('regionList', { name: 'r' })).toEqual({ regions: [{ ...r, nodes: 2, subscribers: 1 }] });
    expect(bench.news()).toEqual(['exports/x created']);
    bench.ask('nodeBeat', { name: 'n', incarnation: 'i1' });
    expect(bench.ask('nodePut', { name: 'n', region: 'r' })).toMatchObject({ created: false });
    expect(bench.ask('nodeList', { name: 'n' })).toEqual({
      nodes: [
        {
          ...{ ...node, name: 'n', state: 'up', incarnation: 'i1', seenWall: bench.clock.now },
          notice: { noticeId: text, event: 'up', priority: 1, waitsFor: ['S'] },
        },
      ],
    });
    bench.pass(1_000);
    expect(bench.ask('nodeList', { name: 'n' })).toMatchObject({
      nodes: [{ seenWall: bench.clock.now - 1_000 }],
    });
  });

  test('are limited in number', () => {
    const spans = { beatMs: 1, deadMs: 2, ackMs: 3 };
    bench.ask('regionPut', { name: 'r', ...spans });
    bench.ask('nodePut', { name: 'n', region: 'r' });
    crowd('regions', 63);
    expect(bare('regionPut', { name: 's', ...spans })).toMatchObject({ created: true });
    expect(bare('regionPut', { name: 't', ...spans })).toEqual({ refused: { reason: 'items_max' } });
    expect(bare('regionPut', { name: 'r', ...spans })).toMatchObject({ created: false });
    crowd('nodes', 1_000);
    expect(bare('nodePut', { name: 'm', region: 'r' })).toEqual({ refused: { reason: 'items_max' } });
    expect(bare('nodePut', { name: 'n', region: 'r' })).toMatchObject({ created: false });
  });
});

describe('nodes and their subscribers', () => {
  const beat = (name: string, incarnation: string) => bench.ask('nodeBeat', { name, incarnation });
  const notices = () => bench.told().flatMap((record) => (record.kind === 'node' ? [record] : []));
  beforeEach(() => {
    bench.ask('regionPut', { name: 'r', beatMs: 100, deadMs: 10_000, ackMs: 5_000 });
    bench.ask('nodePut', { name: 'n', region: 'r' });
    bench.declare();
  });

  test('a heartbeat is answered with the interval, the dead threshold and what was lost, until the node is up again', () => {
    const spans = { beatMs: 100, deadMs: 10_000 };
    expect(beat('n', 'i1')).toEqual({ state: 'up', ...spans, sessionsLost: 0 });
    bench.session('A', { node: 'n' });
    bench.session('B', { node: 'n' });
    bench.session('S');
    bench.ask('subscribe', { region: 'r', sessionId: 'S', priority: 1 });
    bench.told();
    bench.pass(10_000);
    expect(beat('n', 'i2')).toEqual({ state: 'recovering', ...spans, sessionsLost: 2 });
    const [notice] = notices();
    expect(notice).toEqual({
      ...{ kind: 'node', sessionId: 'S' },
      notice: { noticeId: text, node: 'n', region: 'r', event: 'down', incarnation: 'i1' },
    });
    const noticeId = notice?.notice.noticeId ?? '';
    const ack = { node: 'n', sessionId: 'S', noticeId };
    expect(bench.ask('noticeAck', { ...ack, node: 'm' })).toEqual({
      refused: { reason: 'no_such_item', missing: 'nodes/m' },
    });
    expect(bench.ask('noticeAck', { ...ack, connectionId: 'nobody' })).toEqual({
      refused: { reason: 'no_such_connection' },
    });
    expect(bench.ask('noticeAck', { ...ack, noticeId: 'n0' })).toEqual({ taken: false });
    expect(bench.ask('noticeAck', ack)).toEqual({ taken: true });
    bench.pass(1_000);
    expect(beat('n', 'i2')).toEqual({ state: 'up', ...spans, sessionsLost: 2 });
    bench.pass(9_000);
    bench.pass(6_000);
    expect(beat('n', 'i3')).toEqual({ state: 'up', ...spans, sessionsLost: 0 });
    expect(beat('m', 'i1')).toEqual({ refused: { reason: 'no_such_item', missing: 'nodes/m' } });
  });

  test('the changes of a node and of its sessions are recorded', () => {
    beat('n', 'i1');
    bench.session('A', { node: 'n' });
    bench.told();
    bench.pass(10_000);
    expect(bench.told()).toEqual([
      { kind: 'expired', sessionId: 'A', cause: 'node_down' },
      { kind: 'configured', item: 'nodes/n', reason: 'recovering' },
      { kind: 'expired', sessionId: 'A', cause: 'expired' },
      { kind: 'configured', item: 'nodes/n', reason: 'down' },
    ]);
    const { nodes } = bench.ask('nodeList', {});
    expect(nodes).toMatchObject([{ state: 'down', incarnation: '', sessions: 0 }]);
    beat('n', 'i2');
    expect(bench.news()).toEqual(['nodes/n up']);
  });

  test('the last eight lives of a node are remembered as over', () => {
    for (let i = 1; i <= 10; i += 1) {
      beat('n', `i${String(i)}`);
      bench.pass(10_000);
    }
    const over = { refused: { reason: 'node_life_over' } };
    for (let i = 3; i <= 10; i += 1) expect(beat('n', `i${String(i)}`)).toEqual(over);
    expect(beat('n', 'i2')).toMatchObject({ state: 'up' });
  });

  test('a node that many pins are on loses its sessions as any other', () => {
    beat('n', 'i1');
    for (let i = 0; i < 64; i += 1)
      bench.ask('pinAdd', {
        ...{ pinId: `p${String(i)}`, kind: 'nodes', name: 'n', by: { kind: 'exports', name: 'local' } },
      });
    bench.session('A', { node: 'n' });
    bench.pass(10_000);
    expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({ session: { state: 'expired' } });
    expect(bench.ask('nodeList', {})).toMatchObject({ nodes: [{ state: 'down' }] });
  });

  /** A session of the node that its client ends, with more than one step takes. */
  function ending(): void {
    bench.session('A', { node: 'n' });
    for (let i = 0; i < 400; i += 1)
      bench.rows.play('openCreate', {
        ...{ sessionId: 'A', ...ownerOf('A'), openId: `o${String(i)}`, file: fileOf('f') },
        ...{ access: 'read', deny: 'none', waitMs: 0 },
      });
    const { value } = bench.rows.play('sessionEnd', { sessionId: 'A', digest: 'A' });
    expect(value).toEqual({ more: true });
  }

  test('a session that its client was ending as its node died has ended', () => {
    beat('n', 'i1');
    ending();
    const { value } = bench.rows.play('nodeBeat', { name: 'n', incarnation: 'i2' });
    expect(value).toMatchObject({ state: 'recovering' });
    bench.told();
    for (let i = 0; i < 9; i += 1) bench.rows.play('tick', {});
    expect(bench.told()).toContainEqual({ kind: 'expired', sessionId: 'A', cause: 'ended' });
    expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({ session: { state: 'ended' } });
  });

  test('a session that its client was ending as its node was removed has ended', () => {
    beat('n', 'i1');
    ending();
    bench.rows.play('itemRemove', {
      ...{ kind: 'nodes', name: 'n', force: true, operationId: 'o', deadlineMs: 60_000 },
    });
    for (let i = 0; i < 9; i += 1) bench.rows.play('tick', {});
    expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({ session: { state: 'ended' } });
    bench.pass(1_000);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { state: 'done', sessionsEnded: 0 },
    });
  });

  test('a dead node with many sessions is cleared in bounded steps, and nothing of it is left', () => {
    beat('n', 'i1');
    for (let i = 0; i < 130; i += 1) bench.session(`s${String(i)}`, { node: 'n' });
    bench.ask('pinAdd', { pinId: 'p', kind: 'nodes', name: 'n', by: { kind: 'exports', name: 'local' } });
    bench.session('S');
    bench.ask('subscribe', { region: 'r', sessionId: 'S', priority: 1 });
    bench.told();
    bench.pass(10_000);
    expect(bench.told().filter(({ kind }) => kind === 'expired')).toHaveLength(130);
    expect(bench.ask('nodeList', {})).toMatchObject({ nodes: [{ state: 'recovering', sessions: 130 }] });
    bench.pass(6_000);
    expect(bench.told().filter(({ kind }) => kind === 'expired')).toHaveLength(130);
    expect(bench.ask('nodeList', {})).toMatchObject({ nodes: [{ state: 'down', sessions: 0 }] });
  });

  test('subscribers are told one priority after another, in the order in which they subscribed', () => {
    for (const sessionId of ['A', 'B', 'C', 'D']) bench.session(sessionId);
    const subscribe = (sessionId: string, priority: number) =>
      bench.ask('subscribe', { region: 'r', sessionId, priority });
    expect(subscribe('B', 2)).toEqual({ subscribed: true });
    subscribe('A', 2);
    subscribe('C', 1);
    subscribe('D', 1);
    expect(subscribe('D', 3)).toEqual({ subscribed: true });
    subscribe('C', 1);
    expect(bench.ask('regionList', {})).toMatchObject({ regions: [{ subscribers: 4 }] });
    beat('n', 'i1');
    bench.told();
    bench.ask('tick', {});
    expect(notices().map(({ sessionId }) => sessionId)).toEqual(['C']);
    const waits = () => bench.ask('nodeList', {}).nodes[0]?.notice;
    expect(waits()).toMatchObject({ priority: 1, waitsFor: ['C'] });
    bench.pass(5_000);
    expect(notices().map(({ sessionId }) => sessionId)).toEqual(['B', 'A']);
    expect(waits()).toMatchObject({ priority: 2, waitsFor: ['B', 'A'] });
    expect(bench.ask('unsubscribe', { region: 'r', sessionId: 'A' })).toEqual({ unsubscribed: true });
    expect(bench.ask('unsubscribe', { region: 'r', sessionId: 'A' })).toEqual({ unsubscribed: false });
    expect(waits()).toMatchObject({ waitsFor: ['B'] });
    const noticeId = waits()?.noticeId ?? '';
    expect(bench.ask('noticeAck', { node: 'n', sessionId: 'B', noticeId })).toEqual({ taken: true });
    expect(waits()).toMatchObject({ priority: 2, waitsFor: [] });
    bench.ask('tick', {});
    expect(notices().map(({ sessionId }) => sessionId)).toEqual(['D']);
    expect(bench.ask('subscribe', { region: 'q', sessionId: 'A', priority: 1 })).toEqual({
      refused: { reason: 'no_such_item', missing: 'regions/q' },
    });
  });

  test('subscribers of a region are limited in number, and are removed with the region', () => {
    bench.session('S');
    bench.session('T');
    bench.ask('subscribe', { region: 'r', sessionId: 'T', priority: 9 });
    crowd('U:r', 256);
    expect(bare('subscribe', { region: 'r', sessionId: 'S', priority: 1 })).toEqual({
      refused: { reason: 'items_max' },
    });
    expect(bare('subscribe', { region: 'r', sessionId: 'T', priority: 1 })).toEqual({ subscribed: true });
    for (const member of [...(bench.rows.lists.get('U:r') ?? new Map<string, number>()).keys()])
      if (member.startsWith('crowd')) bench.rows.lists.get('U:r')?.delete(member);
    bench.ask('itemRemove', {
      ...{ kind: 'nodes', name: 'n', force: false, operationId: 'o', deadlineMs: 0 },
    });
    bench.ask('itemRemove', {
      ...{ kind: 'regions', name: 'r', force: false, operationId: 'o', deadlineMs: 0 },
    });
    expect(bench.ask('sessionGet', { sessionId: 'T' })).toMatchObject({ session: { rows: 0 } });
    expect(bench.ask('regionList', {})).toEqual({ regions: [] });
    expect(bench.ask('nodeList', {})).toEqual({ nodes: [] });
    expect(bench.news().slice(-2)).toEqual(['nodes/n removed', 'regions/r removed']);
  });
});

describe('pins and dependents', () => {
  test('a pin is shown as it was made, with its owner', () => {
    bench.declare();
    bench.session('S');
    bench.put('y');
    const mine = { pinId: 'p', kind: 'exports' as const, name: 'local', because: 'why' };
    const pin = { pinId: 'p', on: 'exports/local', sessionId: 'S', because: 'why' };
    expect(bench.ask('pinAdd', { ...mine, sessionId: 'S', digest: 'S' })).toEqual({ pin });
    expect(bench.ask('pinGet', { pinId: 'p', digest: 'S' })).toEqual({ pin });
    const by = { kind: 'exports' as const, name: 'y' };
    const other = { pinId: 'q', on: 'exports/local', by: 'exports/y', because: 'mirror' };
    expect(bench.ask('pinAdd', { ...mine, pinId: 'q', because: 'mirror', by })).toEqual({ pin: other });
    expect(bench.ask('pinGet', { pinId: 'q' })).toEqual({ pin: other });
    expect(bench.ask('pinGet', { pinId: 'q', digest: 'S' })).toEqual({ refused: { reason: 'not_holder' } });
    expect(bench.ask('pinGet', { pinId: 'z' })).toEqual({ refused: { reason: 'no_such_pin' } });
    const page = { kind: 'exports' as const, name: 'local' };
    const [first, second] = [
      { kind: 'pins', name: 'p', because: 'why', by: 'sessions/S' },
      { kind: 'pins', name: 'q', because: 'mirror', by: 'exports/y' },
    ];
    expect(bench.ask('dependentList', { ...page, after: 0, limit: 2 })).toEqual({
      ...{ dependents: [first, second], after: number },
    });
    expect(bench.ask('dependentList', { ...page, after: 0, limit: 3 })).toEqual({
      dependents: [first, second],
    });
    expect(bench.ask('itemRemove', { ...page, force: false, operationId: 'o', deadlineMs: 0 })).toEqual({
      refused: { reason: 'has_dependents', dependents: [first, second] },
    });
    expect(bench.ask('pinDrop', { pinId: 'q', digest: 'S' })).toEqual({ refused: { reason: 'not_holder' } });
    expect(bench.ask('pinDrop', { pinId: 'q' })).toEqual({ dropped: true });
    expect(bench.ask('pinDrop', { pinId: 'q' })).toEqual({ refused: { reason: 'no_such_pin' } });
    expect(bench.rows.lists.get('Q:e:y')).toBeUndefined();
    expect(bench.ask('pinDrop', { pinId: 'p', digest: 'S' })).toEqual({ dropped: true });
    expect(bench.ask('sessionGet', { sessionId: 'S' })).toMatchObject({ session: { rows: 0 } });
  });

  test('pins and files that depend on an export are listed page by page, in the order in which they began to', () => {
    bench.declare();
    bench.session('S');
    const pin = (pinId: string) =>
      bench.ask('pinAdd', { pinId, kind: 'exports', name: 'local', sessionId: 'S' });
    bench.open('o1', 'S', 'f', 'read');
    pin('p1');
    bench.open('o2', 'S', 'g', 'read');
    bench.open('o3', 'S', 'h', 'read');
    pin('p2');
    const found: string[] = [];
    const sizes: number[] = [];
    const page = (after: number): number | undefined => {
      const answer = bench.ask('dependentList', { kind: 'exports', name: 'local', after, limit: 2 });
      if ('refused' in answer) throw new Error(answer.refused.reason);
      sizes.push(answer.dependents.length);
      for (const { kind, name } of answer.dependents) found.push(`${kind} ${name}`);
      return answer.after;
    };
    for (let after = page(0); after !== undefined;) after = page(after);
    expect(found).toEqual(['files f', 'pins p1', 'files g', 'files h', 'pins p2']);
    expect(sizes).toEqual([2, 2, 1]);
    const all = bench.ask('dependentList', { kind: 'exports', name: 'local', after: 0, limit: 5 });
    expect('dependents' in all && all.dependents).toHaveLength(5);
    expect(bench.ask('dependentList', { kind: 'nodes', name: 'n', after: 0, limit: 5 })).toEqual({
      refused: { reason: 'no_such_item', missing: 'nodes/n' },
    });
  });

  test('the pins of an item are limited, and so is the length of a chain of pins', () => {
    bench.declare();
    bench.put('y');
    crowd('Q:e:y', 256);
    expect(
      bare('pinAdd', {
        ...{ pinId: 'p', kind: 'exports', name: 'local', by: { kind: 'exports', name: 'y' } },
      }),
    ).toEqual({ refused: { reason: 'items_max' } });
  });

  test('no item depends on itself, over any path, and the search for cycles is bounded', () => {
    const exports = (name: string) =>
      bench.rows.play('exportPut', {
        ...{ name, stack: 'local', policy: 'refuse', own: {}, breakMs: 45_000, lockDelayMs: 0 },
      });
    bench.declare();
    let pins = 0;
    const pin = (by: string, on: string) =>
      bench.rows.play('pinAdd', {
        ...{ pinId: `p${String(++pins)}`, kind: 'exports', name: on, by: { kind: 'exports', name: by } },
      }).value;
    const cycle = { refused: { reason: 'pin_cycle' } };
    const chain = (name: string, length: number, times: number): void => {
      for (let i = 0; i < length; i += 1) {
        exports(`${name}${String(i)}`);
        for (let n = 0; n < times && i > 0; n += 1)
          expect(pin(`${name}${String(i - 1)}`, `${name}${String(i)}`)).toMatchObject({ pin: {} });
      }
    };
    // What has been looked at is not looked at again, however many ways lead there.
    chain('x', 20, 2);
    expect(pin('x19', 'x0')).toEqual(cycle);
    exports('another');
    expect(pin('another', 'x0')).toMatchObject({ pin: {} });
    // Each depends on the next and on its stack: 128 of them are as much as is looked at.
    chain('y', 129, 1);
    expect(pin('another', 'y1')).toMatchObject({ pin: {} });
    expect(pin('another', 'y0')).toEqual(cycle);
  });

  test('items of different kinds with the same name are separate', () => {
    const regions = { beatMs: 1, deadMs: 10_000, ackMs: 60_000 };
    for (const name of ['x', 'y']) bench.ask('regionPut', { name, ...regions });
    bench.ask('nodePut', { name: 'x', region: 'y' });
    bench.ask('nodeBeat', { name: 'x', incarnation: 'i' });
    bench.serve('x', ['x']);
    bench.session('S', { node: 'x' });
    bench.session('T');
    bench.lease('l', 'T', 'x/f', 'read');
    expect(bench.ask('stackList', { name: 'posix' })).toMatchObject({ stacks: [{ exports: 1 }] });
    const by = { kind: 'exports' as const, name: 'x' };
    bench.ask('pinAdd', { pinId: 'S', kind: 'stacks', name: 'posix', because: 'why', by });
    bench.ask('pinAdd', { pinId: 'T', kind: 'nodes', name: 'x', by });
    const nodes = { kind: 'nodes' as const, name: 'x' };
    expect(bench.ask('dependentList', { ...nodes, after: 0, limit: 9 })).toEqual({
      dependents: [
        { kind: 'sessions', name: 'S' },
        { kind: 'pins', name: 'T', by: 'exports/x' },
      ],
    });
    // A region depends on no node.
    const ofY = { kind: 'regions' as const, name: 'y' };
    expect(bench.ask('pinAdd', { pinId: 'r', kind: 'regions', name: 'x', by: ofY })).toMatchObject({
      pin: { on: 'regions/x' },
    });
    bench.ask('nodeBeat', { name: 'x', incarnation: 'j' });
    bench.pass(1_000);
    expect(bench.ask('sessionGet', { sessionId: 'S' })).toMatchObject({ session: { state: 'expired' } });
    expect(bench.ask('sessionGet', { sessionId: 'T' })).toMatchObject({ session: { state: 'live' } });
    const removal = { ...nodes, force: true, operationId: 'o', deadlineMs: 60_000 };
    expect(bench.ask('itemRemove', removal)).toMatchObject({ operation: { filesLeft: 0 } });
  });

  test('removing a pin on a node does not affect an export of that name', () => {
    bench.ask('stackPut', { name: 's', prefix: 'tmp-' });
    bench.ask('regionPut', { name: 'r', beatMs: 1, deadMs: 10_000, ackMs: 1 });
    bench.ask('nodePut', { name: 'tmp-1', region: 'r' });
    bench.ask('exportTouch', { name: 'tmp-1', stack: 's', breakMs: 1, lockDelayMs: 1 });
    bench.session('S');
    bench.ask('pinAdd', { pinId: 'p', kind: 'nodes', name: 'tmp-1', sessionId: 'S' });
    expect(bench.ask('pinDrop', { pinId: 'p' })).toEqual({ dropped: true });
    bench.pass(1_000);
    expect(bench.ask('exportList', {}).exports).toHaveLength(1);
  });

  test('a subscriber that leaves one region is still told of nodes in others', () => {
    const regions = { beatMs: 1, deadMs: 10_000, ackMs: 60_000 };
    for (const name of ['r', 'q']) bench.ask('regionPut', { name, ...regions });
    bench.ask('nodePut', { name: 'n', region: 'r' });
    bench.declare();
    bench.put('n', { region: 'q' });
    bench.session('S');
    for (const region of ['r', 'q']) bench.ask('subscribe', { region, sessionId: 'S', priority: 1 });
    bench.ask('nodeBeat', { name: 'n', incarnation: 'i' });
    bench.ask('tick', {});
    bench.ask('unsubscribe', { region: 'q', sessionId: 'S' });
    expect(bench.ask('nodeList', {})).toMatchObject({ nodes: [{ notice: { waitsFor: ['S'] } }] });
  });

  test('a pin by an item that is missing or being removed fails', () => {
    bench.declare();
    const pin = { pinId: 'p', kind: 'exports' as const, name: 'local' };
    expect(bench.ask('pinAdd', { ...pin, by: { kind: 'exports', name: 'y' } })).toEqual({
      refused: { reason: 'no_such_item', missing: 'exports/y' },
    });
    expect(bench.ask('pinAdd', { ...pin, name: 'z' })).toEqual({
      refused: { reason: 'no_such_item', missing: 'exports/z' },
    });
  });

  test('an adapter depends on its stack, a session on its node', () => {
    bench.serve('i1', ['x']);
    bench.ask('regionPut', { name: 'r', beatMs: 1, deadMs: 20_000, ackMs: 3 });
    bench.ask('nodePut', { name: 'n', region: 'r' });
    bench.ask('nodeBeat', { name: 'n', incarnation: 'i' });
    bench.session('S', { node: 'n' });
    const of = (kind: 'stacks' | 'nodes' | 'regions', name: string) =>
      bench.ask('dependentList', { kind, name, after: 0, limit: 9 });
    expect(of('stacks', 'posix')).toEqual({
      dependents: [
        { kind: 'adapters', name: 'i1' },
        { kind: 'exports', name: 'x' },
      ],
    });
    expect(of('nodes', 'n')).toEqual({ dependents: [{ kind: 'sessions', name: 'S' }] });
    expect(of('regions', 'r')).toEqual({ dependents: [{ kind: 'nodes', name: 'n' }] });
  });
});

describe('adapters that succeed one another', () => {
  const named = (answer: ReturnType<Bench['register']>) =>
    'refused' in answer ? answer.refused : answer.predecessors.map(({ incarnation }) => incarnation);

  test('none is forgotten before it is proven dead: beyond the limit no successor is accepted until the export is hung up', () => {
    bench.session('A');
    bench.serve('i0', ['x']);
    bench.lease('l', 'A', 'x/f', 'write');
    bench.answer();
    for (let i = 1; i <= 64; i += 1) bench.serve(`i${String(i)}`, ['x']);
    expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({ lease: { state: 'fencing' } });
    expect(named(bench.register('i65', ['x']))).toEqual({ reason: 'predecessors_max' });
    expect(named(bench.register('i64', ['x']))).toHaveLength(64);
    expect(named(bench.register('i0', ['x']))).toEqual({ reason: 'incarnation_superseded' });
    expect(bench.beat('i0', ['x'])).toEqual({ refused: { reason: 'incarnation_superseded' } });
    bench.session('B');
    expect(bench.lease('m', 'B', 'x/f', 'read')).toMatchObject({ refused: { reason: 'fencing' } });
    bench.beat('i64', ['x'], { dead: ['i7'] });
    expect(named(bench.register('i65', ['x']))).toHaveLength(64);
    bench.ask('holdReport', { incarnation: 'i65', holds: [], done: true });
    expect(bench.lease('m', 'B', 'x/f', 'read')).toMatchObject({ refused: { reason: 'fencing' } });
    bench.ask('exportHangup', { name: 'x', operationId: 'o', deadlineMs: 1_000 });
    bench.pass(3_000);
    bench.beat('i65', ['x']);
    bench.pass(3_000);
    bench.beat('i65', ['x']);
    bench.pass(3_000);
    bench.beat('i65', ['x']);
    bench.pass(3_000);
    bench.beat('i65', ['x']);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({ operation: { state: 'done' } });
    bench.ask('exportResume', { name: 'x' });
    expect(named(bench.register('i66', ['x']))).toEqual(['i65']);
  });

  test('the last eight that left in order do not come back', () => {
    for (let i = 1; i <= 10; i += 1) {
      bench.serve(`i${String(i)}`, ['x']);
      bench.ask('deregister', { incarnation: `i${String(i)}`, letGo: true });
    }
    for (let i = 3; i <= 10; i += 1)
      expect(named(bench.register(`i${String(i)}`, ['x']))).toEqual({ reason: 'incarnation_superseded' });
    expect(named(bench.register('i2', ['x']))).toEqual([]);
  });

  test('one that still names what was removed notes it once', () => {
    bench.serve('i1', ['x']);
    for (const operationId of ['o1', 'o2']) {
      bench.ask('itemRemove', { kind: 'exports', name: 'x', force: false, operationId, deadlineMs: 0 });
      bench.put('x', { stack: 'posix' });
      bench.register('i1', ['x']);
    }
    expect(bench.rows.look('adapter', 'i1')?.left).toEqual(['x']);
  });

  test('one superseded before it reported its holds was asked for nothing, and blocks nothing', () => {
    bench.serve('i1', ['x']);
    expect(named(bench.register('i2', ['x']))).toEqual(['i1']);
    expect(named(bench.register('i3', ['x']))).toEqual(['i1']);
    bench.ask('holdReport', { incarnation: 'i3', holds: [], done: false });
    expect(named(bench.register('i4', ['x']))).toEqual(['i3', 'i1']);
    bench.beat('i4', ['x'], { dead: ['i1', 'i9'] });
    expect(named(bench.register('i4', ['x']))).toEqual(['i3']);
    expect(named(bench.register('i2', ['x']))).toEqual({ reason: 'incarnation_superseded' });
  });

  test('in a restored table one that has not reported its holds may hold what the lost life asked of it', () => {
    bench.ask('identify', { identity: 'bench', limits: scenarioLimits, doubt: true });
    expect(named(bench.register('i1', ['x']))).toEqual([]);
    expect(named(bench.register('i2', ['x']))).toEqual(['i1']);
  });
});

describe('operations', () => {
  const did = {
    ...{ requestsCancelled: 0, leasesBroken: 0, leasesRevoked: 0, opensClosed: 0, rangesReleased: 0 },
    ...{ sessionsEnded: 0, pinsDropped: 0, removed: [] },
  };
  const hangup = (name = 'local', operationId = 'o', deadlineMs = 10_000) =>
    bench.ask('exportHangup', { name, operationId, deadlineMs });

  test('a hangup has a complete view from begin to end, and is forgotten later', () => {
    bench.declare();
    bench.session('A');
    bench.lease('l', 'A', 'f', 'read');
    bench.told();
    const begun = bench.clock.now;
    const view = {
      ...{ ...did, operationId: 'o', kind: 'hangup', of: 'exports/local', state: 'running' },
      ...{ startedWall: begun, deadlineWall: begun + 10_000, filesLeft: 1 },
    };
    expect(hangup()).toEqual({ operation: { ...view, phase: 'cancelling' } });
    expect(hangup('local', 'p')).toEqual({ refused: { reason: 'operation_running' } });
    expect(bench.ask('exportResume', { name: 'local' })).toEqual({
      refused: { reason: 'operation_running' },
    });
    expect(bench.ask('exportList', {})).toMatchObject({ exports: [{ state: 'stopping', operation: 'o' }] });
    bench.pass(1_000);
    const now = { ...view, phase: 'breaking', leasesBroken: 1 };
    expect(bench.ask('operationGet', { operationId: 'o' })).toEqual({ operation: now });
    expect(bench.ask('operationList', {})).toEqual({ operations: [now] });
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    bench.pass(500);
    const done = { ...now, state: 'done', phase: 'done', filesLeft: 0, endedWall: number };
    expect(bench.ask('operationList', {})).toEqual({ operations: [done] });
    expect(bench.told()).toMatchObject([
      { kind: 'configured', item: 'exports/local', reason: 'stopping' },
      { kind: 'break', target: 'none', cause: 'admin', deadlineWall: begun + 10_000 },
      { kind: 'configured', item: 'operations/o', reason: 'breaking' },
      { kind: 'released', leaseId: 'l' },
      { kind: 'configured', item: 'exports/local', reason: 'stopped' },
      { kind: 'configured', item: 'operations/o', reason: 'done' },
    ]);
    expect(bench.ask('exportResume', { name: 'local' })).toEqual({ resumed: true });
    expect(bench.news()).toEqual(['exports/local resumed']);
    expect(bench.ask('exportResume', { name: 'local' })).toEqual({ resumed: false });
    expect(bench.ask('exportList', {})).toMatchObject({ exports: [{ state: 'up' }] });
    bench.pass(599_000);
    expect(bench.ask('operationList', {}).operations).toHaveLength(1);
    bench.pass(2_000);
    expect(bench.ask('operationList', {})).toEqual({ operations: [] });
    expect(bench.ask('operationGet', { operationId: 'o' })).toEqual({
      refused: { reason: 'no_such_operation' },
    });
    expect(hangup('nothing')).toEqual({ refused: { reason: 'no_such_export' } });
  });

  test('holds left at the deadline are revoked, with the hangup as reason', () => {
    bench.declare();
    for (const sessionId of ['A', 'B']) bench.session(sessionId);
    bench.open('o1', 'A', 'f', 'both', { deny: 'both' });
    bench.lock('r1', 'A', 'f', 'write');
    bench.open('o2', 'B', 'f', 'read', { waitMs: 60_000 });
    bench.told();
    hangup();
    bench.pass(1_000);
    expect(bench.told()).toContainEqual(
      expect.objectContaining({ kind: 'dropped', openId: 'o2', reason: 'export_stopping' }),
    );
    bench.pass(8_900);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { phase: 'breaking', filesLeft: 1 },
    });
    expect(bench.told()).toEqual([]);
    bench.pass(100);
    expect(bench.told().slice(0, 1)).toMatchObject([
      { kind: 'closed', openId: 'o1', reason: 'export_stopped' },
    ]);
    bench.pass(300);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { state: 'done', requestsCancelled: 1, opensClosed: 1, rangesReleased: 1, filesLeft: 0 },
    });
  });

  test('pending requests, lock delays and cool-downs do not delay a hangup', () => {
    bench.serve('i1', ['x']);
    bench.session('A');
    bench.lease('l', 'A', 'x/f', 'read');
    bench.told();
    hangup('x');
    bench.pass(100);
    expect(bench.told()).toContainEqual(
      expect.objectContaining({ kind: 'undone', leaseId: 'l', reason: 'export_stopping' }),
    );
    bench.declare('rest', { lockDelayMs: 60_000 });
    bench.session('B', { ttlMs: 2_000 });
    bench.lease('m', 'B', 'rest/f', 'write');
    bench.change('c', 'A', 'rest/g', { quietMs: 60_000 });
    bench.pass(3_000);
    expect(bench.ask('exportList', { name: 'rest' })).toMatchObject({ exports: [{ state: 'up' }] });
    hangup('rest', 'p', 60_000);
    bench.pass(500);
    expect(bench.ask('operationGet', { operationId: 'p' })).toMatchObject({ operation: { state: 'done' } });
  });

  test('many files, and many rows on one file, are processed in bounded steps, and all are counted', () => {
    bench.declare();
    bench.session('A');
    for (let i = 0; i < 40; i += 1) bench.open(`o${String(i)}`, 'A', `f${String(i)}`, 'read');
    for (let i = 0; i < 130; i += 1)
      bench.rows.play('rangeLock', {
        ...{ sessionId: 'A', rangeId: `r${String(i)}`, splitId: 's', file: fileOf('g'), ...ownerOf('A') },
        ...{ class: 'posix', type: 'write', waitMs: 0, ...bytes(2 * i, 2 * i) },
      });
    hangup('local', 'o', 1_000);
    bench.pass(900);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { phase: 'breaking', filesLeft: 41 },
    });
    bench.pass(1_000);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { state: 'done', opensClosed: 40, rangesReleased: 130, filesLeft: 0 },
    });
    expect(bench.ask('sessionGet', { sessionId: 'A' })).toMatchObject({ session: { rows: 0 } });
  });

  test('locks in modes are counted with the ranges', () => {
    bench.declare();
    bench.session('A');
    bench.ask('dlmLock', {
      ...{ sessionId: 'A', lockId: 'l', ...ownerOf('A'), mode: 'EX', flags: {}, waitMs: 0 },
      file: { ...fileOf('r'), resource: true },
    });
    hangup('local', 'o', 0);
    bench.pass(1_000);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { state: 'done', opensClosed: 0, rangesReleased: 1 },
    });
  });

  test('many leases are broken long before the deadline', () => {
    bench.declare();
    bench.session('A');
    for (let i = 0; i < 40; i += 1) {
      const item = { leaseId: `l${String(i)}`, ...fileOf(`f${String(i)}`), ...ownerOf('A') };
      bench.rows.play('leaseAcquire', { sessionId: 'A', item, type: 'read' });
    }
    hangup();
    bench.pass(1_000);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { phase: 'breaking', leasesBroken: 40 },
    });
  });

  test('many that wait on one file at the deadline are dropped in steps, and none of them is served', () => {
    bench = new Bench({ queueMax: 200 });
    bench.declare();
    bench.session('A');
    bench.session('B');
    bench.open('o', 'A', 'f', 'both', { deny: 'both' });
    for (let i = 0; i < 70; i += 1)
      bench.rows.play('openCreate', {
        ...{ sessionId: 'B', openId: `w${String(i)}`, file: fileOf('f'), access: 'read', deny: 'none' },
        ...{ ...ownerOf('B'), ownerKey: `B/${String(i)}`, waitMs: 60_000 },
      });
    bench.told();
    hangup('local', 'o', 0);
    bench.pass(500);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { state: 'done', requestsCancelled: 70, opensClosed: 1 },
    });
    expect(bench.told().filter(({ kind }) => kind === 'opened')).toEqual([]);
  });

  test('many rows on one file go at once when their time is over', () => {
    bench.declare();
    bench.session('A');
    for (let i = 0; i < 70; i += 1)
      bench.rows.play('openCreate', {
        ...{ sessionId: 'A', openId: `o${String(i)}`, file: fileOf('f'), access: 'read', deny: 'none' },
        ...{ ...ownerOf('A'), waitMs: 0 },
      });
    hangup('local', 'o', 0);
    while (bench.rows.play('tick', {}).value.nextMs === 0);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { state: 'done', opensClosed: 70 },
    });
  });

  test('so many of what was removed are named and no more', () => {
    bench.ask('stackPut', { name: 's' });
    for (let i = 0; i < 300; i += 1)
      bench.rows.play('exportPut', {
        ...{ name: `x${String(i)}`, stack: 's', policy: 'refuse', own: {}, breakMs: 45_000, lockDelayMs: 0 },
      });
    bench.ask('itemRemove', {
      ...{ kind: 'stacks', name: 's', force: true, operationId: 'o', deadlineMs: 60_000 },
    });
    while (bench.rows.play('tick', {}).value.nextMs === 0);
    bench.clock.now += 1_000;
    while (bench.rows.play('tick', {}).value.nextMs === 0);
    const { value } = bench.rows.play('operationGet', { operationId: 'o' });
    expect(value).toMatchObject({ operation: { state: 'done' } });
    expect('operation' in value && value.operation.removed).toHaveLength(256);
    expect(bench.ask('exportList', {})).toEqual({ exports: [] });
  });

  test('many waits on one file are dropped in bounded steps, and counted', () => {
    bench = new Bench({ queueMax: 200 });
    bench.declare();
    bench.session('A');
    bench.session('B');
    bench.open('o', 'A', 'f', 'both', { deny: 'both' });
    for (let i = 0; i < 70; i += 1)
      bench.rows.play('openCreate', {
        ...{ sessionId: 'B', openId: `w${String(i)}`, file: fileOf('f'), access: 'read', deny: 'none' },
        ...{ ...ownerOf('B'), ownerKey: `B/${String(i)}`, waitMs: 60_000 },
      });
    hangup();
    bench.pass(500);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { phase: 'breaking', requestsCancelled: 70 },
    });
  });

  test('a removal by force reports what it did with every dependent', () => {
    bench.ask('stackPut', { name: 's' });
    bench.ask('regionPut', { name: 'r', beatMs: 1, deadMs: 20_000, ackMs: 3 });
    bench.ask('nodePut', { name: 'n', region: 'r' });
    bench.ask('nodeBeat', { name: 'n', incarnation: 'i' });
    bench.session('S', { node: 'n' });
    bench.session('T');
    bench.put('x', { stack: 's', region: 'r' });
    bench.ask('pinAdd', { pinId: 'p', kind: 'exports', name: 'x', sessionId: 'T' });
    bench.told();
    const removal = { kind: 'regions' as const, name: 'r', force: true, deadlineMs: 10_000 };
    expect(bench.ask('itemRemove', { ...removal, operationId: 'o' })).toEqual({
      operation: {
        ...{ ...did, operationId: 'o', kind: 'remove', of: 'regions/r', state: 'running' },
        ...{ phase: 'cancelling', startedWall: bench.clock.now, deadlineWall: bench.clock.now + 10_000 },
        filesLeft: 0,
      },
    });
    expect(bench.ask('itemRemove', { ...removal, operationId: 'p' })).toEqual({
      refused: { reason: 'operation_running' },
    });
    expect(bench.session('V', { node: 'n' })).toEqual({ refused: { reason: 'node_down' } });
    expect(bench.ask('nodeList', {})).toMatchObject({ nodes: [{ removing: true }] });
    bench.pass(2_000);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: {
        ...{ state: 'done', sessionsEnded: 1, pinsDropped: 1 },
        removed: ['exports/x', 'nodes/n', 'regions/r'],
      },
    });
    const told = bench.told();
    expect(told).toContainEqual({
      ...{ kind: 'unpinned', sessionId: 'T', pinId: 'p', item: 'exports/x', reason: 'item_removing' },
    });
    expect(
      told.flatMap((each) => (each.kind === 'configured' ? [`${each.item} ${each.reason}`] : [])),
    ).toEqual([
      ...['regions/r removing', 'nodes/n removing', 'exports/x removing'],
      ...['operations/o:e:x breaking', 'exports/x removed', 'operations/o:e:x done'],
      ...['nodes/n removed', 'operations/o:n:n done', 'regions/r removed', 'operations/o done'],
    ]);
    expect(bench.ask('regionList', {})).toEqual({ regions: [] });
    expect(bench.ask('itemRemove', { ...removal, operationId: 'p' })).toEqual({
      refused: { reason: 'no_such_item', missing: 'regions/r' },
    });
  });

  test('an adapter is stopped when its exports are idle, and is told so in answer to its heartbeat', () => {
    bench.serve('i1', ['x', 'y']);
    bench.session('A');
    bench.lease('l', 'A', 'x/f', 'read');
    bench.lease('m', 'A', 'y/f', 'read');
    bench.answer();
    bench.told();
    hangup('y', 'other', 60_000);
    const stop = { stack: 'posix', incarnation: 'i1', operationId: 'o', deadlineMs: 10_000 };
    expect(bench.ask('adapterStop', { ...stop, stack: 's' })).toEqual({
      refused: { reason: 'no_such_adapter' },
    });
    expect(bench.ask('adapterStop', stop)).toMatchObject({
      operation: { kind: 'stop', of: 'adapters/i1', phase: 'cancelling', filesLeft: 0 },
    });
    expect(bench.ask('adapterStop', stop)).toEqual({ refused: { reason: 'operation_running' } });
    bench.pass(1_000);
    expect(bench.beat('i1', ['x', 'y'])).toMatchObject({ known: true, stop: false });
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    bench.answer();
    bench.pass(1_000);
    // The other hangup has not ended.
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { state: 'running', phase: 'cancelling' },
    });
    bench.ask('leaseSet', { leaseId: 'm', type: 'none' });
    bench.answer();
    bench.pass(1_000);
    const seen = { epoch: number, token: number };
    expect(bench.beat('i1', ['x', 'y'])).toEqual({ seen, known: true, opening: [], stop: false, minor: 2 });
    bench.pass(1_000);
    expect(bench.beat('i1', ['x', 'y'])).toEqual({ seen, known: true, opening: [], stop: true, minor: 2 });
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({ operation: { state: 'done' } });
    expect(bench.news()).toEqual([
      ...['exports/y stopping', 'operations/other breaking', 'exports/x stopping'],
      ...['operations/o:e:x breaking', 'exports/x served no longer', 'operations/o:e:x done'],
      ...['exports/y stopped', 'operations/other done', 'operations/o done'],
    ]);
    expect(bench.ask('exportList', { name: 'x' })).toMatchObject({
      exports: [{ state: 'none', incarnation: '', endpoint: '' }],
    });
    expect(bench.register('i1', ['x'])).toEqual({ refused: { reason: 'incarnation_superseded' } });
    expect(bench.ask('adapterStop', { ...stop, operationId: 'p' })).toEqual({
      refused: { reason: 'no_such_adapter' },
    });
    expect(bench.register('i2', ['x'])).toMatchObject({ predecessors: [] });
  });

  test('an adapter that takes too long has its leases revoked at the deadline, and the operation says so', () => {
    bench.serve('i1', ['x']);
    bench.session('A');
    bench.lease('l', 'A', 'x/f', 'read');
    bench.answer();
    bench.ask('adapterStop', { stack: 'posix', incarnation: 'i1', operationId: 'o', deadlineMs: 3_000 });
    for (let i = 0; i < 3; i += 1) {
      bench.pass(900);
      bench.beat('i1', ['x']);
    }
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { phase: 'cancelling' },
    });
    bench.pass(300);
    expect(bench.ask('operationGet', { operationId: 'o' })).toMatchObject({
      operation: { state: 'running', phase: 'revoking' },
    });
    expect(bench.ask('leaseGet', { leaseId: 'l' })).toMatchObject({ lease: { state: 'fencing' } });
  });

  test('operations are limited in number', () => {
    bench.serve('i1', ['x']);
    crowd('operations', 999);
    expect(bare('exportHangup', { name: 'x', operationId: 'o', deadlineMs: 1 })).toMatchObject({
      operation: { kind: 'hangup' },
    });
    const stop = { stack: 'posix', incarnation: 'i1', deadlineMs: 1 };
    expect(bare('adapterStop', { ...stop, operationId: 'p' })).toEqual({ refused: { reason: 'items_max' } });
    bench.rows.lists.get('operations')?.delete('crowd-5');
    expect(bare('adapterStop', { ...stop, operationId: 'p' })).toMatchObject({
      operation: { kind: 'stop' },
    });
  });
});

test('every predecessor that a successor is told of is a process that registered', () => {
  bench.serve('i1', ['x']);
  expect(bench.register('i2', ['x'])).toEqual({
    ...{ seen: { epoch: number, token: number }, minor: 2 },
    predecessors: [{ incarnation: 'i1', process: processOf('i1') }],
  });
});
