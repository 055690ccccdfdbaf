import { fileserver } from '#contracts';
import { Bench, fileOf, ownerOf } from '../support/rules-bench';

/** The complete answers to adapters, and the effects on the exports they name, and on those they do not. */

const number = expect.any(Number) as number;
const seen = { epoch: number, token: number };
let bench: Bench;
beforeEach(() => {
  bench = new Bench({ graceMs: 9_000 });
  for (const sessionId of ['A', 'B']) bench.session(sessionId);
  bench.told();
});
const refused = (reason: string) => ({ refused: { reason } });
const details = (name: string) => bench.ask('exportList', { name }).exports[0];
const meta = () => {
  const row = bench.rows.look('meta', 'shard');
  if (row === undefined) throw new Error('no shard');
  return row;
};

describe('a heartbeat', () => {
  test('is known once the adapter has reported its holds on all its exports', () => {
    expect(bench.beat('i1', ['x'])).toEqual({
      seen,
      known: false,
      opening: [],
      stop: false,
    });
    bench.declare('local');
    expect(bench.beat('i1', ['local'])).toEqual({
      seen,
      known: false,
      opening: [],
      stop: false,
    });
    bench.serve('i1', ['x']);
    expect(bench.beat('i1', ['x'])).toEqual({
      seen,
      known: true,
      opening: [],
      stop: false,
      minor: 2,
    });
    bench.register('i1', ['y']);
    expect(bench.beat('i1', ['y', 'x'])).toEqual({
      seen,
      known: false,
      opening: [],
      stop: false,
      minor: 2,
    });
    expect(bench.beat('i1', ['x', 'y'])).toMatchObject({ known: false });
    expect(bench.beat('i2', ['x'])).toEqual({
      seen,
      known: false,
      opening: [],
      stop: false,
    });
    bench.ask('holdReport', { incarnation: 'i1', holds: [], done: false });
    expect(bench.beat('i1', ['y'])).toMatchObject({ known: false });
    bench.ask('holdReport', { incarnation: 'i2', holds: [], done: true });
    expect(bench.beat('i1', ['y'])).toMatchObject({ known: false });
  });

  test('of an adapter whose export was removed continues for its other exports', () => {
    bench.serve('i1', ['x', 'y']);
    for (const name of ['x', 'y']) {
      const removal = {
        kind: 'exports' as const,
        name,
        force: false,
        operationId: 'o',
        deadlineMs: 0,
      };
      expect(bench.ask('itemRemove', removal)).toEqual({});
      expect(bench.beat('i1', ['x', 'y'])).toMatchObject({ known: true });
      expect(bench.register('i1', ['x', 'y'])).toMatchObject({
        predecessors: [],
      });
      expect(bench.ask('exportList', {}).exports.map((each) => each.name)).toEqual(name === 'x' ? ['y'] : []);
    }
    expect(bench.beat('i1', ['x', 'z'])).toMatchObject({ known: false });
    bench.ask('stackPut', { name: 'posix' });
    bench.put('x', { stack: 'posix' });
    expect(bench.beat('i1', ['x'])).toMatchObject({ known: false });
    expect(bench.register('i1', ['x'])).toMatchObject({ minor: 2 });
    expect(details('x')).toMatchObject({ incarnation: 'i1', state: 'opening' });
  });

  test('while it opens, only a file in use is known by its name', () => {
    bench.ask('stackPut', { name: 'posix' });
    bench.put('y', { stack: 'posix', policy: 'local' });
    const named = (path: string) => ({ file: { ...fileOf(`y/${path}`), placeholder: true } });
    const found = (path: string) => ({ file: fileOf(`y/${path}`) });
    const again = { refused: { reason: 'resolve_again' } };
    expect(bench.open('o', 'A', 'y/f', 'read', named('f'))).toMatchObject({ open: { openId: 'o' } });
    expect(bench.open('p', 'A', 'y/g', 'read', found('g'))).toEqual(again);
    bench.serve('i2', ['y']);
    expect(bench.open('p', 'A', 'y/g', 'read', named('g'))).toEqual(again);
    expect(bench.open('p', 'A', 'y/g', 'read', found('g'))).toEqual(again);
    bench.pass(120_000);
    expect(details('y')).toMatchObject({ state: 'lost' });
    expect(bench.open('p', 'A', 'y/g', 'read', named('g'))).toEqual(again);
    expect(bench.open('q', 'A', 'y/f', 'read', named('f'))).toMatchObject({ open: { openId: 'q' } });
  });

  test('lists the files still to be bound, and a dead predecessor is forgotten', () => {
    bench.serve('i0', ['x']);
    bench.serve('i1', ['x']);
    bench.put('y', { stack: 'posix', policy: 'local' });
    const named = { ...fileOf('y/f'), placeholder: true };
    bench.open('o', 'A', 'y/f', 'read', { file: named });
    const list = (incarnation: string, limit = 9) =>
      bench.ask('unboundList', { exportName: 'y', incarnation, limit });
    expect(list('')).toEqual({ opening: false, files: [] });
    bench.open('p', 'A', 'y/g', 'read', {
      file: { ...fileOf('y/g'), placeholder: true },
    });
    bench.serve('i2', ['y']);
    expect(list('i1')).toEqual({ opening: false, files: [] });
    const files = [
      { fileKey: 'y/f', path: 'f' },
      { fileKey: 'y/g', path: 'g' },
    ];
    expect(list('i2')).toEqual({ opening: true, files });
    expect(list('i2', 1)).toEqual({ opening: true, files: files.slice(0, 1) });
    expect(details('y')).toMatchObject({
      state: 'opening',
      unboundFiles: 2,
      unbacked: 2,
    });
    expect(bench.beat('i2', ['y'])).toEqual({
      seen,
      known: true,
      opening: ['y'],
      stop: false,
      minor: 2,
    });
    const bind = (path: string, more: object = {}) =>
      bench.ask('fileBind', {
        ...{
          exportName: 'y',
          fileKey: `y/${path}`,
          incarnation: 'i2',
          realKey: `real/${path}`,
        },
        ...{ fileId: `7 ${path}`, inode: 'fe:00:7', ...more },
      });
    expect(bind('f', { incarnation: 'i1' })).toEqual({ bound: false });
    expect(bind('z')).toEqual({ bound: false });
    expect(bind('f')).toEqual({ bound: true });
    expect(bind('f')).toEqual({ bound: false });
    expect(bench.rows.look('file', 'y/f')).toMatchObject({
      fileId: '7 f',
      inode: 'fe:00:7',
      alias: 'real/f',
    });
    expect(list('i2')).toEqual({ opening: true, files: files.slice(1) });
    expect(bind('g', { failed: 'no_such_file' })).toEqual({ bound: true });
    bench.pass(1_000);
    expect(bench.ask('openGet', { openId: 'p' })).toEqual(refused('no_such_open'));
    expect(list('i2')).toEqual({ opening: false, files: [] });
    expect(bench.beat('i2', ['y'])).toMatchObject({ known: true, opening: [] });
    const adapters = (): string[] =>
      bench.ask('stackList', { name: 'posix' }).stacks[0]?.adapters.map((each) => each.incarnation) ?? [];
    expect(adapters()).toEqual(['i0', 'i1', 'i2']);
    bench.beat('i1', ['x'], { dead: ['i0'] });
    expect(adapters()).toEqual(['i1', 'i2']);
    expect(bench.rows.look('export', 'x')?.predecessors).toBeUndefined();
  });

  test('a file whose name leads nowhere is bound no more, even while much of it is still to end', () => {
    bench.ask('stackPut', { name: 'posix' });
    bench.put('y', { stack: 'posix', policy: 'local' });
    for (let i = 0; i < 300; i += 1)
      bench.rows.play('openCreate', {
        ...{
          sessionId: 'A',
          ...ownerOf('A'),
          openId: `o${String(i)}`,
          access: 'read',
          deny: 'none',
          waitMs: 0,
        },
        file: { ...fileOf('y/f'), placeholder: true },
      });
    bench.serve('i2', ['y']);
    const bind = (failed?: 'no_such_file') =>
      bench.ask('fileBind', {
        ...{ exportName: 'y', fileKey: 'y/f', incarnation: 'i2', realKey: 'real/f', failed },
        ...{ fileId: '7', inode: 'fe:00:7' },
      });
    expect(bind('no_such_file')).toEqual({ bound: true });
    expect(bind()).toEqual({ bound: false });
    bench.pass(1_000);
    expect(bench.ask('lockList', { after: 0, limit: 9 }).locks).toEqual([]);
  });

  test('that names an unknown life of the table starts a new epoch, once; one that is behind does nothing', () => {
    bench.serve('i1', ['x']);
    const { epoch, token } = meta();
    const beat = (told: { epoch: number; token: number }) => bench.beat('i1', ['x'], { seen: told });
    beat({ epoch, token });
    beat({ epoch, token: token - 1 });
    expect([meta().epoch, meta().token]).toEqual([epoch, token]);
    bench.beat('i9', ['x'], {
      seen: { epoch: epoch + 9, token: token + 9_000 },
    });
    expect([meta().epoch, meta().token]).toEqual([epoch, token]);
    beat({ epoch: epoch + 5_000, token: token + 9_000 });
    expect(meta().epoch).toBeGreaterThan(epoch + 5_000);
    expect(meta().token).toBeGreaterThan(token + 9_000);
    expect(bench.ask('graceGet', {})).toEqual({ graceMs: 9_000, sessions: 2 });
    const now = meta().epoch;
    beat({ epoch: epoch + 5_000, token });
    expect(meta().epoch).toBe(now);
    bench.register('i1', ['x'], { seen: { epoch: epoch + 7_000, token } });
    expect(meta().epoch).toBeGreaterThan(now);
    expect(meta().epoch).toBeGreaterThan(epoch + 7_000);
  });
});

describe('an adapter that stops or disappears', () => {
  test('takes only its own exports out of service, and is told which', () => {
    bench.declare('local');
    bench.serve('i1', ['x', 'y']);
    bench.serve('i2', ['z']);
    bench.told();
    expect(bench.ask('deregister', { incarnation: 'i1', letGo: false })).toEqual({ exports: ['x', 'y'] });
    expect(bench.told()).toEqual([
      { kind: 'jeopardy', exportName: 'x', cause: 'fileserver_stopped' },
      { kind: 'configured', item: 'exports/x', reason: 'lost' },
      { kind: 'jeopardy', exportName: 'y', cause: 'fileserver_stopped' },
      { kind: 'configured', item: 'exports/y', reason: 'lost' },
    ]);
    const state = () =>
      bench.ask('stackList', { name: 'posix' }).stacks[0]?.adapters.map((each) => each.state);
    expect(state()).toEqual(['stopped', 'up']);
    expect(bench.ask('deregister', { incarnation: 'i1', letGo: true })).toEqual({ exports: ['x', 'y'] });
    expect(bench.news()).toEqual(['exports/x vacated', 'exports/y vacated']);
    expect(state()).toEqual(['up']);
    expect(details('x')).toMatchObject({
      state: 'none',
      incarnation: '',
      endpoint: '',
      major: 0,
    });
    expect(bench.rows.look('export', 'x')?.process).toBeUndefined();
    expect(details('z')).toMatchObject({ state: 'up', incarnation: 'i2' });
    expect(details('local')).toMatchObject({ state: 'up' });
    expect(bench.register('i1', ['x'])).toEqual(refused('incarnation_superseded'));
    expect(bench.register('i3', ['x'])).toMatchObject({ predecessors: [] });
  });

  test('is away, not lost, when it was silent while no lease API ran', () => {
    bench.serve('i1', ['x']);
    bench.told();
    bench.clock.now += 60_000;
    bench.ask('graceGet', {});
    bench.ask('tick', {});
    bench.pass(6_000);
    expect(bench.told()).toContainEqual({
      kind: 'jeopardy',
      exportName: 'x',
      cause: 'fileserver_away',
    });
    bench.beat('i1', ['x']);
    bench.told();
    bench.pass(6_000);
    expect(bench.told()).toContainEqual({
      kind: 'jeopardy',
      exportName: 'x',
      cause: 'fileserver_lost',
    });
  });

  test('may be succeeded on another host once it is told to stop', () => {
    bench.serve('i1', ['x']);
    bench.lease('l', 'A', 'x/f', 'read');
    bench.answer();
    const elsewhere = {
      process: { hostId: 'other', bootId: 'b', pid: 1, startTicks: '1' },
    };
    expect(bench.register('i2', ['x'], elsewhere)).toEqual(refused('export_served'));
    bench.ask('adapterStop', {
      stack: 'posix',
      incarnation: 'i1',
      operationId: 'o',
      deadlineMs: 60_000,
    });
    expect(bench.register('i2', ['x'], elsewhere)).toMatchObject({ minor: 2 });
  });

  test('keeps its protocol version and its stack for life', () => {
    bench.serve('i1', ['x']);
    expect(bench.register('i1', ['y'], { major: 2 })).toEqual(refused('protocol_pinned'));
    expect(bench.register('i1', ['y'], { stack: 'nfs4' })).toEqual(refused('protocol_pinned'));
    expect(bench.register('i1', ['x'], { minor: 1 })).toMatchObject({
      minor: 2,
    });
  });
});

describe('an adapter’s report on a hold', () => {
  const held = (type: 'read' | 'write' = 'read') => {
    bench.serve('i1', ['x']);
    bench.lease('l', 'A', 'x/f', type);
    bench.answer();
    bench.told();
    const holdGen = bench.rows.look('file', 'x/f')?.holdGen ?? 0;
    return { fileKey: 'x/f', exportName: 'x', holdGen, incarnation: 'i1' };
  };

  test('counts only for an existing hold, from the adapter that has it', () => {
    const spoken = held();
    const lost = (more: object) =>
      bench.ask('fileserverLost', {
        ...spoken,
        have: 'none',
        cause: 'fileserver',
        ...more,
      });
    expect(lost({ holdGen: 1 })).toEqual({ taken: false });
    expect(lost({ fileKey: 'x/g' })).toEqual({ taken: false });
    expect(lost({ incarnation: 'i2' })).toEqual(refused('incarnation_superseded'));
    expect(bench.ask('holdAnswered', { fileKey: 'x/g', holdGen: 1, have: 'read' })).toEqual({
      settled: false,
    });
    expect(bench.ask('holdAnswered', { ...spoken, holdGen: 1, have: 'none' })).toEqual({ settled: false });
    expect(bench.told()).toEqual([]);
    expect(lost({})).toEqual({ taken: true });
    expect(bench.ask('leaseGet', { leaseId: 'l' })).not.toMatchObject({
      lease: { state: 'active' },
    });
  });

  test('a break by the fileserver has the deadline at which it is enforced, and none where it is not', () => {
    const spoken = held('write');
    const fsBreak = { ...spoken, breakNo: 1 };
    expect(
      bench.ask('fileserverBreak', {
        ...fsBreak,
        target: 'read',
        remainingMs: 9_000,
      }),
    ).toEqual({ taken: true });
    const { now } = bench.clock;
    expect(bench.told()).toMatchObject([
      {
        kind: 'break',
        target: 'read',
        cause: 'fileserver',
        deadlineWall: now + 9_000,
      },
    ]);
    expect(bench.ask('fileserverBreak', { ...fsBreak, target: 'none' })).toEqual({ taken: true });
    expect(bench.told()).toMatchObject([{ kind: 'break', target: 'none' }]);
    expect(bench.ask('fileserverBreak', { ...fsBreak, target: 'read' })).toEqual({ taken: true });
    expect(bench.told()).toEqual([]);
    expect(bench.rows.look('file', 'x/f')?.fsBreak).toEqual({
      target: 'none',
      breakNo: 1,
    });
  });

  test('that a name resolves to another file is passed on once; it breaks delegations and leaves leases alone', () => {
    const spoken = held();
    const detached = () => bench.ask('fileDetached', { ...spoken, path: 'f' });
    expect(detached()).toEqual({ taken: true });
    const told = {
      kind: 'detached',
      fileKey: 'x/f',
      exportName: 'x',
      path: 'f',
    };
    expect(bench.told()).toEqual([told]);
    expect(detached()).toEqual({ taken: true });
    expect(bench.told()).toEqual([]);
    for (const [path, want] of [
      ['g', 'read'],
      ['h', 'write'],
    ] as const) {
      bench.ask('delegationWant', {
        ...{
          sessionId: 'A',
          leaseId: path,
          file: fileOf(`x/${path}`),
          clientKey: 'A/',
          want,
        },
      });
      bench.answer();
      bench.told();
      const holdGen = bench.rows.look('file', `x/${path}`)?.holdGen ?? 0;
      bench.ask('fileDetached', {
        ...spoken,
        holdGen,
        fileKey: `x/${path}`,
        path,
      });
      expect(bench.told()).toMatchObject([
        { kind: 'detached', path },
        { kind: 'break', target: 'none', cause: 'change', delegations: true },
      ]);
    }
  });

  test('a hold unknown to the table, or stronger than its row, is adopted; any other is not', () => {
    held();
    bench.register('i1', ['x']);
    const report = (name: string, type: 'read' | 'write', more: object = {}) =>
      bench.ask('holdReport', {
        ...{
          incarnation: 'i1',
          holds: [{ ...fileOf(name), type, holdGen: 900 }],
          done: true,
          ...more,
        },
      });
    expect(report('x/f', 'read')).toEqual({ adopted: 0 });
    expect(report('y/f', 'read')).toEqual({ adopted: 0 });
    expect(report('x/f', 'read', { incarnation: 'i2' })).toEqual({
      adopted: 0,
    });
    expect(bench.asks).toEqual([]);
    expect(report('x/f', 'write')).toEqual({ adopted: 1 });
    expect(bench.asks).toMatchObject([{ path: 'f', type: 'read' }]);
    bench.answer();
    expect(report('x/g', 'read')).toEqual({ adopted: 1 });
    expect(bench.asks).toMatchObject([{ path: 'g', type: 'none' }]);
    // A pending ask is not mistaken for another hold.
    expect(report('x/g', 'write')).toEqual({ adopted: 0 });
    bench.answer();
    expect(bench.ask('exportList', { name: 'x' })).toMatchObject({
      exports: [{ unconfirmed: 0, state: 'up' }],
    });
  });
});

test('files with holds move to a new adapter in bounded steps', () => {
  bench.serve('i1', ['x']);
  for (let i = 0; i < 130; i += 1) {
    const item = {
      leaseId: `l${String(i)}`,
      ...fileOf(`x/f${String(i)}`),
      ...ownerOf('A'),
    };
    const reply = bench.rows.play('leaseAcquire', {
      sessionId: 'A',
      item,
      type: 'write',
    });
    for (const ask of reply.asks)
      bench.rows.play('holdAnswered', {
        fileKey: ask.fileKey,
        holdGen: ask.holdGen,
        have: ask.type,
      });
  }
  bench.told();
  bench.serve('i2', ['x']);
  bench.pass(1_000);
  expect(bench.told().filter(({ kind }) => kind === 'revoked')).toHaveLength(130);
});

test('an empty cookie is no proof: it is not taken from an adapter', () => {
  const answer = { have: 'read', inode: 'fe:00:1' };
  expect(fileserver.setleaseAnswer.safeParse({ ...answer, cookie: 'c' }).success).toBe(true);
  expect(fileserver.setleaseAnswer.safeParse({ ...answer, cookie: '' }).success).toBe(false);
});
