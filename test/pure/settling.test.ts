import { Bench, bytes, fileOf, ownerOf } from '../support/rules-bench';
import { scenarioLimits } from '../support/scenario';

/** What a step settles before it decides, and how much of it: semantics.md §6 and semantics.md §9. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.declare();
});

/** Locks of single bytes, two apart; the invariants are not checked after each of so many. */
function lockMany(sessionId: string, n: number, path = 'f'): void {
  for (let i = 0; i < n; i += 1)
    bench.rows.play('rangeLock', {
      ...{ sessionId, rangeId: `${sessionId}${String(i)}`, splitId: `${sessionId}${String(i)}'` },
      ...{ file: fileOf(path), ...ownerOf(sessionId), class: 'posix', type: 'read', waitMs: 0 },
      ...bytes(2 * i, 2 * i),
    });
}
const rowsOf = (sessionId: string): number => bench.rows.look('session', sessionId)?.rows ?? 0;
const end = (sessionId: string, digest?: string) => bench.ask('sessionEnd', { sessionId, digest });

describe('a session that ends', () => {
  test('is cleared 64 rows per call, and says whether there is more; then it has ended, however often it is asked', () => {
    bench.session('A');
    lockMany('A', 130);
    expect(end('A', 'A')).toEqual({ more: true });
    expect(rowsOf('A')).toBe(66);
    expect(end('A', 'A')).toEqual({ more: true });
    expect(end('A', 'A')).toEqual({ more: false });
    expect(end('A', 'A')).toEqual({ more: false });
  });

  test('with one row more than that, has more', () => {
    bench.session('A');
    lockMany('A', 65);
    expect([end('A', 'A'), rowsOf('A')]).toEqual([{ more: true }, 1]);
    expect([end('A', 'A'), rowsOf('A')]).toEqual([{ more: false }, 0]);
  });

  test('releases something at each call, even in a step that was busy with others', () => {
    bench.session('A', { ttlMs: 10_000 });
    bench.session('B');
    lockMany('A', 100, 'a');
    lockMany('B', 3, 'b');
    bench.pass(9_999);
    bench.clock.now += 1;
    expect(end('B', 'B')).toEqual({ more: true });
    expect([rowsOf('A'), rowsOf('B')]).toEqual([37, 2]);
  });

  test('is ended by nobody who does not know its secret, before, during or after', () => {
    bench.session('A');
    lockMany('A', 300);
    const wrong = { refused: { reason: 'not_holder' } };
    expect(end('A', 'wrong')).toEqual(wrong);
    expect(end('A', 'A')).toEqual({ more: true });
    expect(end('A', 'wrong')).toEqual(wrong);
    expect(bench.rows.look('session', 'A')?.state).toBe('ending');
    while ((end('A', 'A') as { more: boolean }).more);
    expect(end('A', 'wrong')).toEqual(wrong);
  });

  test('continues to release what it has when an administrator ends it meanwhile', () => {
    bench.session('A');
    for (let i = 0; i < 140; i += 1)
      bench.rows.play('leaseAcquire', {
        ...{ sessionId: 'A', type: 'read' },
        item: { leaseId: `l${String(i)}`, ...fileOf(`f${String(i)}`), ...ownerOf('A') },
      });
    const ends = (digest?: string) => bench.rows.play('sessionEnd', { sessionId: 'A', digest }).value;
    expect(ends('A')).toEqual({ more: true });
    expect(ends()).toEqual({ more: true });
    expect(ends()).toEqual({ more: false });
    const kinds = bench.told().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'released')).toHaveLength(140);
    expect(kinds).not.toContain('revoked');
  });

  test('and one that has ended or expired stays as it is when an administrator ends it', () => {
    for (const sessionId of ['A', 'B']) bench.session(sessionId, { ttlMs: 5_000 });
    end('A', 'A');
    bench.pass(6_000);
    bench.told();
    expect([end('A'), end('B')]).toEqual([{ more: false }, { more: false }]);
    expect(bench.told()).toEqual([]);
    expect(['A', 'B'].map((id) => bench.rows.look('session', id)?.state)).toEqual(['ended', 'expired']);
  });

  test('has more to end if its own end granted it something', () => {
    bench.session('A');
    bench.open('o1', 'A', 'f', 'both', { deny: 'both' });
    const other = { owner: 'p', ownerKey: 'A/p', clientKey: 'A/' };
    const want = { want: 'any', delegationId: 'l', waitMs: 9_000 } as const;
    bench.open('o2', 'A', 'f', 'both', { deny: 'both', ...other, ...want });
    while ((end('A', 'A') as { more: boolean }).more);
    expect(['lease', 'open'].map((kind) => bench.rows.all(kind as 'open').length)).toEqual([0, 0]);
  });
});

describe('a delegation that is revoked, and that the fileserver may still honour', () => {
  beforeEach(() => {
    bench.serve('i', ['served']);
    for (const sessionId of ['A', 'C']) bench.session(sessionId, { ttlMs: 60_000 });
    const { clientKey } = ownerOf('A');
    bench.ask('delegationWant', {
      sessionId: 'A',
      leaseId: 'd',
      file: fileOf('served/f'),
      clientKey,
      want: 'read',
    });
    bench.answer();
    bench.open('o', 'C', 'served/f', 'write', { waitMs: 60_000 });
    for (let i = 0; i < 46; i += 1) {
      bench.pass(1_000);
      bench.beat('i', ['served']);
    }
    expect(bench.ask('leaseGet', { leaseId: 'd' })).toMatchObject({ lease: { state: 'fencing' } });
  });

  test('is forgotten when its session ends: nobody is left to free it', () => {
    expect(end('A', 'A')).toEqual({ more: false });
    expect(bench.rows.look('lease', 'd')).toBeUndefined();
  });

  test('is no lease to a holder that reads it after a restore: it gets no new token', () => {
    const { token } = bench.rows.look('lease', 'd') ?? {};
    const { restored } = bench.ask('identify', { identity: 'copy', limits: scenarioLimits });
    expect([restored, bench.ask('leaseGet', { leaseId: 'd' })]).toMatchObject([
      ...[true, { lease: { state: 'fencing', token } }],
    ]);
  });

  test('and when its session expires', () => {
    for (let i = 0; i < 20; i += 1) {
      bench.pass(1_000);
      bench.beat('i', ['served']);
    }
    expect(bench.rows.look('session', 'A')?.state).toBe('expired');
    expect(bench.rows.look('lease', 'd')).toBeUndefined();
  });
});

test('a request for a lease that its owner gives up waits for nothing any more', () => {
  for (const sessionId of ['A', 'B']) bench.session(sessionId);
  bench.lease('a', 'A', 'f', 'write');
  expect(bench.lease('b', 'B', 'f', 'read', { waitMs: 9_000 })).toMatchObject({
    lease: { waitType: 'read' },
  });
  const value = bench.ask('leaseSet', { leaseId: 'b', type: 'none' });
  expect(value).toMatchObject({ lease: { state: 'released', waitType: undefined }, waiting: false });
});

test('the highest token of a file is above that of a lease that was taken', () => {
  for (const sessionId of ['A', 'B']) bench.session(sessionId);
  for (const [id, sessionId] of [
    ['b', 'B'],
    ['a', 'A'],
  ] as const)
    bench.lease(id, sessionId, 'f', 'read');
  const token = bench.rows.look('lease', 'a')?.token ?? Infinity;
  bench.ask('lockRelease', { id: 'a', unfenced: false });
  expect(bench.ask('fenceGet', { fileKey: 'local/f' }).highestToken).toBeGreaterThan(token);
});

describe('what has lapsed', () => {
  test('is cleared 64 rows of a session at a time when it expires, also by a tick', () => {
    bench.session('A', { ttlMs: 5_000 });
    lockMany('A', 200);
    bench.clock.now += 2_900;
    bench.rows.play('tick', {});
    bench.clock.now += 2_900;
    bench.rows.play('tick', {});
    expect(rowsOf('A')).toBe(136);
  });

  test('costs a request no more than 64 rows and items', () => {
    for (const id of ['A', 'B']) bench.session(id, { ttlMs: 5_000 });
    bench.session('C');
    lockMany('A', 63);
    lockMany('B', 1, 'g');
    bench.clock.now += 2_900;
    bench.rows.play('tick', {});
    bench.clock.now += 2_900;
    bench.rows.play('keepalive', { sessionId: 'C', digest: 'C' });
    expect([rowsOf('A'), rowsOf('B')]).toEqual([0, 1]);
    bench.rows.play('keepalive', { sessionId: 'C', digest: 'C' });
    expect(rowsOf('B')).toBe(0);
  });

  test('leaves a request one row of the session that it ends, even if all else is used up', () => {
    bench.session('A', { ttlMs: 5_000 });
    bench.session('B');
    lockMany('A', 100);
    lockMany('B', 3, 'g');
    bench.clock.now += 2_900;
    bench.rows.play('tick', {});
    bench.clock.now += 2_900;
    expect(bench.rows.play('sessionEnd', { sessionId: 'B', digest: 'B' }).value).toEqual({ more: true });
    expect([rowsOf('A'), rowsOf('B')]).toEqual([37, 2]);
  });

  test('a session whose time is over cannot act, though nobody has ended it yet', () => {
    const ids = ['A', 'B', 'C', 'D', 'E', 'F'];
    for (const sessionId of ids) bench.session(sessionId, { ttlMs: 2_000 });
    bench.clock.now += 2_000;
    // A request settles four items.
    const value = bench.ask('keepalive', { sessionId: 'F', digest: 'F' });
    expect(value).toEqual({ refused: { reason: 'session_expired' } });
    expect(bench.rows.look('session', 'F')?.state).toBe('live');
  });

  test('a request that was served at the very moment its own time was over keeps what it was granted', () => {
    for (const sessionId of ['A', 'B', 'C']) bench.session(sessionId);
    bench.lease('a', 'A', 'f', 'read');
    bench.lease('b', 'B', 'f', 'write', { waitMs: 2_000 });
    expect(bench.lease('c', 'C', 'f', 'read', { waitMs: 2_000 })).toMatchObject({ waiting: true });
    bench.clock.now += 2_000;
    bench.ask('tick', {});
    expect(bench.ask('leaseGet', { leaseId: 'c' })).toMatchObject({
      lease: { state: 'active', type: 'read' },
    });
  });

  test('a lease that is revoked at the very moment its wait is over is remembered', () => {
    bench.declare('short', { breakMs: 2_000 });
    for (const sessionId of ['A', 'B', 'C']) bench.session(sessionId);
    bench.lease('a', 'A', 'short/f', 'read');
    bench.lease('b', 'B', 'short/f', 'read');
    expect(bench.ask('leaseSet', { leaseId: 'a', type: 'write', waitMs: 2_000 })).toMatchObject({
      waiting: true,
    });
    bench.open('o', 'C', 'short/f', 'write', { waitMs: 9_000 });
    bench.clock.now += 2_000;
    bench.ask('tick', {});
    expect(bench.ask('leaseGet', { leaseId: 'a' })).toMatchObject({ lease: { state: 'revoked' } });
  });
});

describe('a client that has restarted', () => {
  const exchange = (sessionId: string, verifier: string) =>
    bench.ask('clientExchange', {
      ...{ sessionId, digest: sessionId, ttlMs: 300_000, pid: 7 },
      ...{ client: 'c', verifier, principal: 'p' },
    });
  const confirm = (sessionId: string) => bench.ask('clientConfirm', { sessionId, digest: sessionId });

  test('is confirmed 64 rows of its earlier life per call', () => {
    exchange('A', '1');
    expect(confirm('A')).toEqual({ more: false });
    bench.ask('reclaimComplete', { sessionId: 'A', digest: 'A' });
    lockMany('A', 65);
    exchange('B', '2');
    expect(confirm('B')).toEqual({ more: true });
    expect(bench.rows.look('session', 'A')).toMatchObject({ state: 'ending', rows: 1 });
    expect(confirm('B')).toEqual({ more: false });
    expect(bench.rows.look('session', 'A')?.state).toBe('ended');
  });

  test('whose earlier life an administrator has taken is confirmed over what is left of that', () => {
    exchange('A', '1');
    confirm('A');
    bench.ask('reclaimComplete', { sessionId: 'A', digest: 'A' });
    lockMany('A', 260);
    end('A');
    exchange('B', '2');
    confirm('B');
    expect(bench.rows.look('session', 'A')?.state).toBe('expiring');
  });

  test('releases what is left of its earlier life also where another life has come and gone meanwhile', () => {
    exchange('A', '1');
    confirm('A');
    bench.ask('reclaimComplete', { sessionId: 'A', digest: 'A' });
    lockMany('A', 400);
    exchange('B', '2');
    expect(confirm('B')).toEqual({ more: true });
    exchange('C', '3');
    exchange('D', '3');
    expect(confirm('B')).toEqual({ more: true });
  });

  test('does not go on with a session that is being ended, or whose time is over', () => {
    exchange('A', '1');
    confirm('A');
    bench.ask('reclaimComplete', { sessionId: 'A', digest: 'A' });
    lockMany('A', 200);
    expect(end('A')).toEqual({ more: true });
    expect(exchange('B', '1')).toMatchObject({ session: { sessionId: 'B' }, confirmed: false });
    confirm('B');
    for (const sessionId of ['1', '2', '3', '4', '5']) bench.session(sessionId, { ttlMs: 299_999 });
    for (let at = 2_000; at < 300_000; at += 2_000) {
      bench.clock.now += 2_000;
      bench.rows.play('sessionGet', { sessionId: 'B' });
    }
    bench.clock.now += 2_000;
    expect(exchange('C', '1')).toMatchObject({ session: { sessionId: 'C' }, confirmed: false });
  });

  test('a session of no client has nothing to confirm', () => {
    bench.session('A');
    expect(confirm('A')).toEqual({ more: false });
  });
});

describe('a client that falls silent and is kept out of courtesy', () => {
  const ttlMs = 2_000;
  const silent = (sessionId: string): void => void bench.session(sessionId, { ttlMs, courtesyMs: 60_000 });
  const opens = (sessionId: string, n: number): void => {
    for (let i = 0; i < n; i += 1)
      bench.rows.play('openCreate', {
        ...{ sessionId, ...ownerOf(sessionId), openId: `${sessionId}${String(i)}`, file: fileOf('f') },
        ...{ access: 'read', deny: 'none', waitMs: 0 },
      });
  };
  const permits = (sessionId: string, n: number): void => {
    for (let i = 0; i < n; i += 1)
      bench.rows.play('permitTake', {
        ...{ sessionId, ...ownerOf(sessionId), permitId: `${sessionId}${String(i)}`, waitMs: 0 },
        file: { ...fileOf(sessionId), semaphore: 1_000 },
      });
  };
  const lapse = (): void => {
    bench.clock.now += ttlMs;
  };
  const stateOf = (sessionId: string) => bench.rows.look('session', sessionId)?.state;

  test('gives back what only its client can use, in steps, and keeps the rest', () => {
    silent('A');
    opens('A', 130);
    permits('A', 1);
    lapse();
    bench.rows.play('tick', {});
    expect([stateOf('A'), rowsOf('A')]).toEqual(['courtesy', 131]);
    bench.pass(1_000);
    expect([stateOf('A'), rowsOf('A')]).toEqual(['courtesy', 130]);
    bench.clock.now += 1_000;
    for (let i = 0; i < 29; i += 1) {
      bench.rows.play('tick', {});
      bench.clock.now += 2_000;
    }
    expect(stateOf('A')).toBe('courtesy');
    bench.rows.play('tick', {});
    expect(stateOf('A')).not.toBe('courtesy');
  });

  test('is gone through 64 rows at a time, and all of them together within what a step may do', () => {
    const all = ['A', 'B', 'C', 'D', 'E'];
    for (const sessionId of all) {
      silent(sessionId);
      permits(sessionId, 100);
    }
    lapse();
    bench.rows.play('tick', {});
    expect(all.map(rowsOf)).toEqual([36, 36, 36, 40, 100]);
  });

  test('gives what a break asks for at once, however much else it holds', () => {
    silent('A');
    bench.session('B');
    for (let i = 0; i < 70; i += 1) bench.open(`o${String(i)}`, 'A', `g${String(i)}`, 'read');
    bench.lease('l', 'A', 'f', 'write');
    expect(bench.change('c', 'B', 'f')).toMatchObject({ refused: { reason: 'break_started' } });
    bench.pass(ttlMs - 1);
    bench.clock.now += 1;
    expect(bench.change('c', 'B', 'f')).toMatchObject({ waiting: false });
    expect(bench.rows.look('session', 'A')?.siftAfter).toBeDefined();
  });

  test('loses its connections, waits and permits as one that has expired', () => {
    silent('A');
    bench.session('B');
    bench.ask('connect', {
      ...{ sessionId: 'A', connectionId: 'c', exportName: 'local', stack: 'local', major: 1, minor: 0 },
    });
    bench.lock('in the way', 'B', 'g', 'write');
    bench.lock('waits', 'A', 'g', 'write', { waitMs: 60_000 });
    permits('A', 1);
    opens('A', 1);
    bench.told();
    lapse();
    bench.ask('tick', {});
    expect(stateOf('A')).toBe('courtesy');
    expect(
      bench.told().map((each) => ('reason' in each ? `${each.kind} ${each.reason}` : each.kind)),
    ).toEqual([
      ...['disconnected session_expired', 'dropped session_expired', 'surrendered session_expired'],
    ]);
  });

  test('makes room on a table that has none', () => {
    silent('A');
    opens('A', 1);
    lapse();
    bench.ask('tick', {});
    expect(stateOf('A')).toBe('courtesy');
    bench.rows.play('tick', {}, true);
    bench.ask('tick', {});
    expect(stateOf('A')).toBe('expired');
  });

  test('comes back with its next request, also before anybody has noticed that it was silent', () => {
    for (const sessionId of ['B', 'C', 'D', 'E', 'F']) bench.session(sessionId, { ttlMs });
    bench.session('A', { ttlMs: ttlMs + 1, courtesyMs: 60_000 });
    opens('A', 1);
    bench.clock.now += ttlMs + 1;
    expect(bench.ask('keepalive', { sessionId: 'A', digest: 'A' })).toMatchObject({
      session: { state: 'live', rows: 1 },
    });
  });

  test('lives no longer for what it asks for while it is there', () => {
    silent('A');
    const { expires } = bench.rows.look('session', 'A') ?? {};
    bench.clock.now += 1_000;
    bench.open('o', 'A', 'f', 'read', { digest: 'A' });
    expect(bench.rows.look('session', 'A')?.expires).toBe(expires);
  });
});
