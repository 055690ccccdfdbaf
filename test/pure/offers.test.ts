import { Bench, fileOf, ownerOf } from '../support/rules-bench';
import { scenarioLimits } from '../support/scenario';

/** Which delegations are offered, and to whom a signal is promised: semantics.md §3. */

let bench: Bench;
const begin = (limits = {}): void => {
  bench = new Bench(limits);
  bench.declare();
  for (const id of ['A', 'B', 'C']) bench.session(id);
};
beforeEach(() => {
  begin();
});

let ids = 0;
/** The answer to a session's request for a delegation by itself, in words. */
function want(sessionId: string, path: string, type: 'read' | 'write' | 'any' | 'none'): string {
  const { clientKey } = ownerOf(sessionId);
  const value = bench.ask('delegationWant', {
    ...{ sessionId, leaseId: `d${String(++ids)}`, file: fileOf(path), clientKey, want: type, signal: true },
  });
  if ('refused' in value) return value.refused.reason;
  const { lease, whyNot = 'granted', willSignal } = value;
  if (lease !== undefined) return lease.pendingType === undefined ? lease.type : 'asked for';
  return willSignal === true ? `${whyNot}, will signal` : whyNot;
}
const serve = (): void => {
  bench.serve('i', ['served']);
};

describe('a session that has a lease on the file gets no delegation, and no signal', () => {
  test.each(['read', 'write'] as const)('even if its %s lease is only being asked for', (type) => {
    serve();
    bench.lease('l', 'A', 'served/f', type);
    expect(want('A', 'served/f', 'read')).toBe('CONTENTION');
    expect(want('A', 'served/f', 'write')).toBe('CONTENTION');
  });

  test('nor if there are so many leases that its own cannot be told from them', () => {
    begin({ sessionLocksMax: 100, fileDelegationsMax: 100 });
    for (let i = 0; i < 64; i += 1) {
      const item = { leaseId: `l${String(i)}`, ...fileOf('f'), ...ownerOf('B'), ownerKey: `B/${String(i)}` };
      bench.rows.play('leaseAcquire', { sessionId: 'B', item: { ...item, owner: String(i) }, type: 'read' });
    }
    expect(want('A', 'f', 'read')).toBe('CONTENTION, will signal');
    bench.ask('leaseSet', { leaseId: 'l0', type: 'none' });
    expect(want('A', 'f', 'read')).toBe('read');
  });
});

test('a read delegation beside the lease of another session is not in its own way: more of it is promised for later', () => {
  expect(want('A', 'f', 'read')).toBe('read');
  bench.lease('l', 'B', 'f', 'read');
  expect(want('A', 'f', 'write')).toBe('CONTENTION, will signal');
});

test('a delegation that is only being asked for is not asked for as another', () => {
  serve();
  expect(want('A', 'served/f', 'read')).toBe('asked for');
  expect(want('A', 'served/f', 'read')).toBe('asked for');
  expect(want('A', 'served/f', 'write')).toBe('CONTENTION');
});

test('an open that brings a delegation, new or had before, promises no signal', () => {
  const opened = (openId: string) =>
    bench.open(openId, 'A', 'f', 'read', { want: 'read', delegationId: 'd', signal: true });
  const delegation = { open: { delegation: { lease: { leaseId: 'd', type: 'read' }, pending: false } } };
  expect(opened('o')).toMatchObject(delegation);
  expect(bench.rows.look('open', 'o')).toMatchObject({ willSignal: false });
  expect(opened('p')).toMatchObject(delegation);
  expect(bench.rows.look('open', 'p')).toMatchObject({ willSignal: false });
  bench.open('q', 'A', 'f', 'write', { want: 'write', delegationId: 'e', signal: true });
  expect(bench.rows.look('open', 'q')).toMatchObject({ willSignal: false, delegationId: 'd' });
});

test('an open says why it brings no delegation, also where its session has a lease or is asking for one', () => {
  const asks = { want: 'write', delegationId: 'd' } as const;
  bench.lease('l', 'A', 'f', 'write');
  bench.open('o', 'A', 'f', 'read', { ...asks, want: 'read' });
  expect(bench.rows.look('open', 'o')).toMatchObject({ whyNot: 'CONTENTION', willSignal: false });
  serve();
  expect(want('A', 'served/f', 'read')).toBe('asked for');
  bench.open('p', 'A', 'served/f', 'read', asks);
  expect(bench.rows.look('open', 'p')).toMatchObject({ whyNot: 'CONTENTION', willSignal: false });
});

test('who has got less than it wanted before is told nothing about that any more', () => {
  bench.lease('l', 'B', 'f', 'read');
  expect(want('A', 'f', 'write')).toBe('CONTENTION, will signal');
  expect(want('A', 'f', 'read')).toBe('read');
  bench.told();
  bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
  expect(bench.told().map(({ kind }) => kind)).toEqual(['released']);
});

test('a delegation is asked for under an id of its own, or that of the one that its session has', () => {
  const { clientKey } = ownerOf('A');
  const request = { sessionId: 'A', leaseId: 'd', file: fileOf('f'), clientKey, want: 'read' } as const;
  bench.lease('d', 'B', 'g', 'read');
  expect(bench.ask('delegationWant', request)).toEqual({ refused: { reason: 'reclaim_bad' } });
  const own = { ...request, leaseId: 'e' };
  for (let i = 0; i < 2; i += 1)
    expect(bench.ask('delegationWant', own)).toMatchObject({ lease: { leaseId: 'e', type: 'read' } });
});

describe('a delegation that will be pushed', () => {
  const push = (more: object = {}) =>
    bench.ask('delegationWant', {
      ...{ sessionId: 'A', leaseId: 'd', file: fileOf('f'), clientKey: ownerOf('A').clientKey },
      ...{ want: 'write', push: true, ...more },
    });
  const promise = { pending: false, whyNot: 'CONTENTION', willSignal: false, willPush: true };

  test.each([true, false])('is granted as it was asked for, with times: %s', (times) => {
    bench.lease('l', 'B', 'f', 'read');
    expect(push({ times, signal: true })).toEqual(promise);
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    const seen = bench.ask('leaseGet', { leaseId: 'd' });
    expect(seen).toMatchObject({ lease: { type: 'write', times: times ? true : undefined } });
  });

  test('is promised to nobody who may have no more rows', () => {
    begin({ sessionLocksMax: 1 });
    bench.lease('l', 'B', 'f', 'read');
    bench.lease('m', 'A', 'g', 'read');
    expect(push()).toEqual({ ...promise, willPush: false });
  });

  test('is none that its session has already: it is told, and asks', () => {
    bench.lease('l', 'B', 'f', 'read');
    expect(want('A', 'f', 'read')).toBe('read');
    expect(push()).toEqual({ ...promise, willPush: false });
    expect(push({ signal: true })).toEqual({ ...promise, willSignal: true, willPush: false });
    bench.told();
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    expect(bench.told()).toMatchObject([{ kind: 'released' }, { kind: 'available', leaseId: undefined }]);
    expect(push()).toMatchObject({ lease: { type: 'write' } });
  });
});

test('a signal about contention on the file is promised also to a session that has all it may have elsewhere', () => {
  begin({ sessionDelegationsMax: 1 });
  expect(want('A', 'g', 'read')).toBe('read');
  expect(want('B', 'f', 'read')).toBe('read');
  bench.open('o', 'C', 'f', 'write', { waitMs: 9_000 });
  expect(want('A', 'f', 'read')).toBe('CONTENTION, will signal');
});

test('a signal about a shortage on the file is promised up to the number of revoked delegations allowed, not beyond', () => {
  begin({ fileDelegationsMax: 1, revokedMax: 1, coolMs: 0 });
  const revoke = (path: string): void => {
    expect(want('A', path, 'read')).toBe('read');
    bench.open(`o ${path}`, 'C', path, 'write', { waitMs: 60_000 });
    bench.pass(46_000);
  };
  want('B', 'f', 'read');
  revoke('g');
  expect(want('A', 'f', 'read')).toBe('RESOURCE, will signal');
  revoke('h');
  expect(want('A', 'f', 'read')).toBe('RESOURCE');
});

test('an open that does not ask for a delegation, or asks for none, is offered none', () => {
  for (const [openId, more] of [
    ['o', { want: 'none', delegationId: 'd', signal: true }],
    ['p', { delegationId: 'e', signal: true }],
  ] as const) {
    expect(bench.open(openId, 'A', 'f', 'read', more)).toMatchObject({ open: { state: 'open' } });
    const { whyNot, willSignal, delegationId } = bench.rows.look('open', openId) ?? {};
    expect([whyNot, willSignal, delegationId]).toEqual([undefined, undefined, undefined]);
  }
});

test('a session over a limit that has been narrowed may still ask for what needs no row', () => {
  for (const path of ['f', 'g', 'h']) bench.lease(path, 'A', path, 'read');
  bench.ask('identify', { identity: 'bench', limits: { ...scenarioLimits, sessionLocksMax: 1 } });
  expect(want('A', 'x', 'none')).toBe('NOT_WANTED');
  expect(want('A', 'x', 'read')).toBe('RESOURCE');
});
