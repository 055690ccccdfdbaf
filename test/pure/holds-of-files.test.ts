import { Bench, fileOf, ownerOf, processOf } from '../support/rules-bench';

/** The one hold of a file at its fileserver: semantics.md §2. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.serve('i', ['served']);
  for (const id of ['A', 'B', 'C']) bench.session(id);
});
const file = () => bench.rows.look('file', 'served/f');
const gen = (): number => file()?.ask?.gen ?? 0;
const kinds = (): string[] =>
  bench.told().map((record) => {
    const { kind } = record;
    const why = 'reason' in record ? record.reason : 'cause' in record ? record.cause : undefined;
    return why === undefined ? kind : `${kind} ${why}`;
  });

test('an intent that one adapter has not answered ends when the next one comes: it is not asked again', () => {
  bench.lease('l', 'A', 'served/f', 'read', { waitMs: 0 });
  bench.register('j', ['served']);
  bench.told();
  bench.asks = [];
  bench.ask('holdReport', { incarnation: 'j', holds: [], done: true });
  expect(kinds()).toEqual(['configured serves', 'undone no_backend']);
  expect(bench.asks).toEqual([]);
});

test('an answer to an ask that is over settles nothing', () => {
  bench.lease('l', 'A', 'served/f', 'read');
  const first = gen();
  const answer = { fileKey: 'served/f', holdGen: first, have: 'read' } as const;
  expect(bench.ask('holdAnswered', answer)).toEqual({ settled: true });
  expect(bench.ask('holdAnswered', answer)).toEqual({ settled: false });
  bench.ask('leaseSet', { leaseId: 'l', type: 'write' });
  expect(gen()).toBeGreaterThan(first);
  expect(bench.ask('holdAnswered', answer)).toEqual({ settled: false });
  expect(bench.rows.look('lease', 'l')).toMatchObject({ type: 'read', pendingType: 'write' });
});

test.each([
  ['superseded', { reason: 'incarnation_superseded' }, 'no_backend'],
  ['late', { failed: 'fileserver_timeout' }, 'fileserver_timeout'],
  ['failed', { failed: 'fileserver_denied' }, 'fileserver_denied'],
] as const)('an ask that ends without an answer is settled: %s', (_how, answer, reason) => {
  bench.lease('l', 'A', 'served/f', 'read');
  bench.told();
  expect(bench.ask('holdAnswered', { fileKey: 'served/f', holdGen: gen(), ...answer })).toEqual({
    settled: true,
  });
  expect(kinds()).toEqual([`undone ${reason}`]);
});

test('a fileserver that no longer has what it had takes the lease: the cause is the fileserver', () => {
  bench.lease('l', 'A', 'served/f', 'read');
  bench.answer();
  bench.ask('leaseSet', { leaseId: 'l', type: 'write' });
  bench.told();
  bench.ask('holdAnswered', {
    fileKey: 'served/f',
    holdGen: gen(),
    have: 'none',
    reason: 'fileserver_refused',
  });
  expect(kinds()).toEqual(['revoked fileserver', 'undone lease_conflict', 'revoked fileserver']);
});

test('what proves a file untouched is known only while the fileserver holds something', () => {
  const release = (cookie?: string): string | undefined => {
    bench.lease('l', 'A', 'served/f', 'read');
    bench.open('o', 'B', 'served/f', 'read');
    bench.ask('holdAnswered', { fileKey: 'served/f', holdGen: gen(), have: 'read', cookie: 'c' });
    expect(file()?.cookie).toBe('c');
    bench.ask('leaseSet', { leaseId: 'l', type: 'none' });
    bench.ask('holdAnswered', { fileKey: 'served/f', holdGen: gen(), have: 'none', cookie });
    const known = file()?.cookie;
    bench.ask('openClose', { openId: 'o' });
    bench.pass(61_000);
    return known;
  };
  bench.ask('sessionCreate', { sessionId: 'D', digest: 'D', ttlMs: 300_000, pid: 1 });
  expect(release()).toBeUndefined();
  for (let i = 0; i < 3; i += 1) bench.beat('i', ['served']);
  expect(bench.rows.look('file', 'served/f')).toBeUndefined();
});

test('none of 65 intents is forgotten when the fileserver refuses', () => {
  const many = Array.from({ length: 65 }, (_, i) => `l${String(i)}`);
  bench = new Bench({ sessionLocksMax: 100 });
  bench.serve('i', ['served']);
  bench.session('A');
  for (const leaseId of many) {
    const own = { ...ownerOf('A'), owner: leaseId, ownerKey: `A/${leaseId}` };
    const item = { leaseId, ...fileOf('served/f'), ...own };
    bench.asks.push(...bench.rows.play('leaseAcquire', { sessionId: 'A', item, type: 'read' }).asks);
  }
  bench.told();
  bench.ask('holdAnswered', { fileKey: 'served/f', holdGen: gen(), failed: 'fileserver_denied' });
  for (let i = 0; i < 3; i += 1) bench.ask('tick', {});
  expect(kinds().filter((kind) => kind === 'undone fileserver_denied')).toHaveLength(65);
  expect(bench.rows.all('lease')).toEqual([]);
});

test('an adapter of the same process that registers again is the next one all the same', () => {
  bench.lease('l', 'A', 'served/f', 'read');
  bench.answer();
  bench.register('j', ['served'], { process: processOf('i') });
  bench.ask('holdReport', { incarnation: 'j', holds: [], done: true });
  expect(file()).toMatchObject({ incarnation: 'j', have: 'none' });
});
