import type { GuestState, SessionNews, VerbInput } from '../../libs/locks/src/core/io';
import * as keys from '../../libs/locks/src/core/keys';
import { Bench, fileOf, ownerOf } from '../support/rules-bench';

/**
 * A table in several shards (decision 0074), shard by shard: what home tells the others of its sessions and their exports, and
 * what these make of it. scenarios/shards has the same from outside.
 */

let home: Bench;
let away: Bench;
beforeEach(() => {
  home = new Bench({}, { shard: 0, shards: 4 });
  away = new Bench({ sessionLocksMax: 200 }, { shard: 2, shards: 4 });
  for (const each of [home, away]) each.declare();
});
const refused = (reason: string, more: object = {}) => ({ refused: { reason, ...more } });
/** A quarter of an hour, in which nobody looks at the invariants. */
const long = (bench: Bench, ms = 900_000): void => {
  for (const end = bench.clock.now + ms; bench.clock.now < end; bench.clock.now += 2_000)
    bench.rows.play('tick', {});
};
const many = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));
const enter = (sessionId = 'A', digest = sessionId) =>
  home.ask('sessionEnter', { sessionId, digest, shard: 2 });
/** The session's facts, as home tells them. */
function factsOf(sessionId: string) {
  const entered = enter(sessionId);
  if ('refused' in entered) throw new Error(entered.refused.reason);
  return entered.guest;
}
const set = (state: GuestState, more: Partial<VerbInput<'guestSet'>> = {}) =>
  away.ask('guestSet', { sessionId: 'A', state, ...more });
const guest = (sessionId = 'A') => away.rows.look('session', sessionId);
/** A session that holds a lease in the other shard. */
function visit(sessionId = 'A', more: Partial<VerbInput<'sessionCreate'>> = {}): void {
  home.session(sessionId, more);
  away.ask('guestSet', { sessionId, state: 'live', facts: factsOf(sessionId) });
  away.lease(`l${sessionId}`, sessionId, `f${sessionId}`, 'write');
}
const itemOf = (leaseId: string, sessionId: string, path: string) => ({
  leaseId,
  ...fileOf(path),
  ...ownerOf(sessionId),
});
const leases = (): string[] =>
  away.rows.all('lease').flatMap(([id, { state }]) => (state === 'active' ? [id] : []));
const news = (): SessionNews[] => home.ask('newsList', { limit: 9 }).news;
const check = (...sessionIds: string[]) => home.ask('guestCheck', { shard: 2, sessionIds }).unknown;

describe('a session enters another shard', () => {
  test('with all that is known of it', () => {
    const known = { pid: 11, label: 'name', tenant: 't', subject: 's', node: 'n', ttlMs: 20_000 };
    const limits = { quota: { rows: 3 }, tenantQuota: { rows: 4 } };
    home.session('A', { ...known, ...limits, courtesyMs: 30_000 });
    expect(factsOf('A')).toMatchObject({ ...known, ...limits, digest: 'A', courtesyMs: 30_000 });
    expect(set('live', { facts: factsOf('A') })).toEqual({ more: false });
    expect(guest()).toMatchObject({ ...known, digest: 'A', state: 'live', courtesyMs: 30_000, guest: true });
    expect(away.rows.look('meta', 'shard')?.sessions).toBe(1);
    expect(away.rows.look('subject', keys.subject('t', 's'))).toMatchObject({
      sessions: 1,
      limits: limits.quota,
    });
    expect(away.rows.look('subject', keys.subject('t', ''))).toMatchObject({ limits: limits.tenantQuota });
  });

  test('only with its secret, while it is there', () => {
    expect(enter()).toEqual(refused('no_such_session'));
    home.session('A');
    expect(enter('A', 'x')).toEqual(refused('not_holder'));
    home.ask('sessionEnd', { sessionId: 'A', digest: 'A' });
    expect(enter()).toEqual(refused('session_expired'));
  });

  test('an administrator lets one in that is silent, and does not wake it', () => {
    home.session('A', { ttlMs: 10_000, courtesyMs: 90_000 });
    home.lease('l', 'A', 'f', 'read');
    const looked = () => home.ask('sessionEnter', { sessionId: 'A', shard: 2 });
    expect(looked()).toMatchObject({ state: 'live' });
    home.pass(11_000);
    expect(looked()).toMatchObject({ state: 'courtesy' });
    expect(enter()).toMatchObject({ state: 'live' });
    expect(looked()).toMatchObject({ state: 'live' });
  });

  test('a client of NFS with its principal, and whether it has reclaimed all', () => {
    const of = { client: 'c', verifier: 'v', principal: 'p', digest: 'A', ttlMs: 20_000, pid: 1 };
    home.ask('clientExchange', { sessionId: 'A', ...of });
    expect(enter()).toEqual(refused('client_unconfirmed'));
    home.ask('clientConfirm', { sessionId: 'A', digest: 'A' });
    set('live', { facts: factsOf('A') });
    expect(away.lease('l', 'A', 'f', 'read')).toEqual(refused('reclaims_incomplete'));
    expect(guest()).toMatchObject({ client: 'c', principal: 'p' });
    home.ask('reclaimComplete', { sessionId: 'A', digest: 'A' });
    away.ask('guestSet', { sessionId: 'B', state: 'live', facts: { ...factsOf('A'), digest: 'B' } });
    expect(away.lease('l', 'B', 'f', 'read')).toMatchObject({ lease: { state: 'active' } });
  });

  test('and home notes the shard once', () => {
    home.session('A');
    for (let i = 0; i < 2; i += 1) enter();
    home.ask('sessionEnter', { sessionId: 'A', digest: 'A', shard: 3 });
    expect(home.rows.look('session', 'A')?.shards).toEqual([2, 3]);
  });

  test('a guest never lapses by itself', () => {
    visit('A', { ttlMs: 10_000 });
    long(away);
    expect([guest()?.state, leases()]).toEqual(['live', ['lA']]);
  });
});

describe('a session enters a shard that may have lost something', () => {
  const lose = (bench: Bench): void => {
    bench.ask('identify', { identity: 'another', limits: bench.limits });
  };
  const reclaims = () => away.lease('l', 'A', 'f', 'write', { reclaim: true });
  const active = { lease: { state: 'active' } };
  beforeEach(() => {
    home = new Bench({ graceMs: 20_000 }, { shard: 0, shards: 4 });
    away = new Bench({ graceMs: 20_000 }, { shard: 2, shards: 4 });
    for (const each of [home, away]) {
      each.declare();
      // Somebody has still to reclaim.
      each.session('other');
      each.pass(1_000);
    }
  });

  test('in its grace period: one from before reclaims what it held', () => {
    home.session('A');
    for (const each of [home, away]) each.pass(1_000);
    lose(away);
    set('live', { facts: factsOf('A') });
    expect(reclaims()).toMatchObject(active);
  });

  test('one that began in the same millisecond may be from before', () => {
    home.session('A');
    lose(away);
    set('live', { facts: factsOf('A') });
    expect(reclaims()).toMatchObject(active);
  });

  test('one from after reclaims nothing', () => {
    lose(away);
    for (const each of [home, away]) each.pass(1_000);
    home.session('A');
    set('live', { facts: factsOf('A') });
    expect(reclaims()).toEqual(refused('no_grace'));
  });

  test('and home as well: one that is new there reclaims nothing here', () => {
    home.session('A');
    for (const each of [home, away]) each.pass(1_000);
    for (const each of [home, away]) lose(each);
    expect(factsOf('A')).toMatchObject({ isNew: undefined, reclaimed: undefined });
    home.session('B');
    away.ask('guestSet', { sessionId: 'B', state: 'live', facts: { ...factsOf('B'), no: factsOf('A').no } });
    expect(away.lease('l', 'B', 'f', 'write', { reclaim: true })).toEqual(refused('no_grace'));
    set('live', { facts: factsOf('A') });
    expect(reclaims()).toMatchObject(active);
    home.pass(21_000);
    expect(factsOf('B')).toMatchObject({ isNew: undefined, reclaimed: undefined });
  });

  test('nor does one that has said at home that it is done', () => {
    home.session('A');
    for (const each of [home, away]) each.pass(1_000);
    for (const each of [home, away]) lose(each);
    home.ask('reclaimComplete', { sessionId: 'A', digest: 'A' });
    const facts = factsOf('A');
    expect(facts).toMatchObject({ isNew: undefined, reclaimed: true });
    set('live', { facts });
    expect(reclaims()).toEqual(refused('no_grace'));
    home.pass(21_000);
    expect(factsOf('A').reclaimed).toBeUndefined();
  });

  test('without a grace period nothing is to be reclaimed', () => {
    home.session('A');
    expect(factsOf('A')).toMatchObject({ isNew: undefined, reclaimed: undefined });
    set('live', { facts: factsOf('A') });
    expect(guest()).toMatchObject({ resumedIn: undefined, reclaimedIn: 0 });
    expect(reclaims()).toEqual(refused('no_grace'));
  });
});

describe('what home tells of a session', () => {
  test('one that ends is listed until its shards have heard of it, and ends then', () => {
    visit();
    expect(news()).toEqual([]);
    expect(home.ask('sessionEnd', { sessionId: 'A', digest: 'A' })).toEqual({ more: true });
    const [first] = news();
    expect(first).toMatchObject({ sessionId: 'A', state: 'ending', silentMs: 0, shards: [2] });
    const { no = 0 } = first ?? {};
    expect(home.ask('newsTold', { sessionId: 'x', no })).toEqual({ told: false });
    expect(home.ask('newsTold', { sessionId: 'A', no: no - 1 })).toEqual({ told: false });
    expect(news()).toHaveLength(1);
    expect(home.ask('newsTold', { sessionId: 'A', no })).toEqual({ told: true });
    expect([news(), home.rows.look('session', 'A')?.state]).toEqual([[], 'ended']);
    expect(home.ask('newsTold', { sessionId: 'A', no })).toEqual({ told: false });
  });

  test('of one that goes on, its shards stay those that it may be in', () => {
    visit('A', { ttlMs: 10_000, courtesyMs: 90_000 });
    home.pass(14_000);
    const [{ no } = { no: 0 }] = news();
    expect(home.ask('newsTold', { sessionId: 'A', no })).toEqual({ told: true });
    expect(home.ask('newsTold', { sessionId: 'A', no })).toEqual({ told: false });
    expect(home.rows.look('session', 'A')).toMatchObject({ state: 'courtesy', shards: [2] });
  });

  test('of one that gives way to others in courtesy, that it is over before it is emptied', () => {
    home = new Bench({ courtesyMax: 1 }, { shard: 0, shards: 4 });
    for (const sessionId of ['A', 'B']) {
      home.session(sessionId, { ttlMs: sessionId === 'A' ? 10_000 : 11_000, courtesyMs: 90_000 });
      home.ask('sessionEnter', { sessionId, digest: sessionId, shard: 2 });
    }
    home.pass(10_000);
    home.clock.now += 1_000;
    home.ask('tick', {});
    const states = () => news().map(({ sessionId, state }) => `${sessionId} ${state}`);
    expect(states().sort()).toEqual(['A held', 'B courtesy']);
    home.ask('tick', {});
    expect(states().sort()).toEqual(['A expiring', 'B courtesy']);
  });

  test('of one that expires, how', () => {
    visit('A', { ttlMs: 10_000 });
    home.pass(13_000);
    expect(news()).toMatchObject([{ state: 'expiring' }]);
  });

  test('of one that is silent, for how long', () => {
    visit('A', { ttlMs: 10_000, courtesyMs: 90_000 });
    home.pass(14_000);
    expect(news()).toMatchObject([{ state: 'courtesy', silentMs: 4_000 }]);
    home.ask('keepalive', { sessionId: 'A', digest: 'A' });
    expect(news()).toMatchObject([{ state: 'live', silentMs: 0 }]);
  });
});

describe('a shard hears of a guest', () => {
  test('that it ends: what it holds is released, and it has ended', () => {
    visit();
    expect(set('ending')).toEqual({ more: false });
    expect([leases(), guest()?.state]).toEqual([[], 'ended']);
    expect(set('ending')).toEqual({ more: false });
    expect(set('live')).toEqual({ more: false });
    expect(guest()?.state).toBe('ended');
  });

  test('that it expires: its leases are told so', () => {
    visit();
    away.told();
    expect(set('expiring')).toEqual({ more: false });
    expect([leases(), guest()?.state]).toEqual([[], 'expired']);
    expect(away.told()).toMatchObject([{ kind: 'revoked', leaseId: 'lA', cause: 'expired' }]);
    expect(set('live', { facts: { no: 0, digest: 'A', ttlMs: 1, pid: 1 } })).toEqual(
      refused('session_expired'),
    );
  });

  test('that it is over and kept: it stays until home says more', () => {
    visit();
    expect(set('held')).toEqual({ more: false });
    expect([leases(), guest()?.state]).toEqual([['lA'], 'expiring']);
    long(away);
    expect([leases(), guest()?.state]).toEqual([['lA'], 'expiring']);
  });

  test('that it is silent: others may take what it holds, and it comes back with the rest', () => {
    visit('A', { courtesyMs: 90_000 });
    away.lease('l2', 'A', 'g', 'write');
    visit('B');
    expect(set('courtesy', { silentMs: 4_000 })).toEqual({ more: false });
    expect(guest()).toMatchObject({ state: 'courtesy', expires: away.clock.now - 4_000 });
    expect(away.rows.look('meta', 'shard')?.courteous).toBe(1);
    expect(away.lease('m', 'B', 'fA', 'write')).toMatchObject({ lease: { state: 'active' } });
    expect(set('courtesy', { silentMs: 5_000 })).toEqual({ more: false });
    expect(away.rows.look('meta', 'shard')?.courteous).toBe(1);
    expect(set('live')).toEqual({ more: false });
    expect([guest()?.state, away.rows.look('meta', 'shard')?.courteous]).toEqual(['live', 0]);
    expect(away.lease('n', 'B', 'g', 'write')).toMatchObject(refused('lease_conflict'));
    long(away);
    expect(guest()?.state).toBe('live');
  });

  test('that it is silent: an administrator reaches what it holds, however long that lasts', () => {
    visit('A', { courtesyMs: 1_000 });
    set('courtesy', { silentMs: 4_000 });
    expect(away.ask('leaseSet', { leaseId: 'lA', type: 'none' })).toMatchObject({ lease: { type: 'none' } });
  });

  test('that it is silent, twice: what it waits for ends all the same', () => {
    visit('B');
    visit();
    for (const id of many(130)) {
      away.rows.play('leaseAcquire', { sessionId: 'B', item: itemOf(`b${id}`, 'B', id), type: 'write' });
      const waits = {
        sessionId: 'A',
        item: itemOf(`a${id}`, 'A', id),
        type: 'read',
        waitMs: 600_000,
      } as const;
      away.rows.play('leaseAcquire', waits);
    }
    const waiting = () => away.rows.all('lease').filter(([, { waitNo }]) => waitNo !== 0).length;
    expect(waiting()).toBe(130);
    set('courtesy', { silentMs: 1_000 });
    expect(waiting()).toBeGreaterThan(0);
    set('courtesy', { silentMs: 1_000 });
    long(away, 10_000);
    expect([waiting(), guest()?.state]).toEqual([0, 'courtesy']);
  });

  test('that it is over while its waits are being ended: it is kept until home says more', () => {
    visit();
    for (const id of many(130))
      away.rows.play('leaseAcquire', { sessionId: 'A', item: itemOf(id, 'A', id), type: 'write' });
    set('courtesy', { silentMs: 1_000 });
    set('held');
    long(away, 10_000);
    expect(leases()).toHaveLength(131);
  });

  test('that it is there again, while its waits are being ended', () => {
    visit();
    const always = guest()?.expires;
    for (const id of many(130))
      away.rows.play('leaseAcquire', { sessionId: 'A', item: itemOf(id, 'A', id), type: 'write' });
    set('courtesy', { silentMs: 1_000 });
    set('live');
    long(away);
    expect(guest()).toMatchObject({ state: 'live', expires: always });
    expect(leases()).toHaveLength(131);
  });

  test.each([
    ['expiring', 'expired'],
    ['ending', 'ended'],
  ] as const)('%s before it has come: it is kept out for ten minutes', (state, kept) => {
    home.session('A');
    const facts = factsOf('A');
    expect(set(state)).toEqual({ more: false });
    expect(guest()?.state).toBe(kept);
    expect(away.lease('l', 'A', 'f', 'write')).toEqual(refused('enter_first', { enters: 'A' }));
    expect(set('live', { facts })).toEqual(refused('session_expired'));
    away.pass(600_000);
    expect(guest()).toBeUndefined();
    expect(set('live', { facts })).toEqual({ more: false });
  });

  test.each(['live', 'courtesy', 'held'] as const)('%s, and has not seen it: nothing', (state) => {
    expect(set(state)).toEqual({ more: false });
    expect(guest()).toBeUndefined();
  });
});

describe('a shard asks home for its guests', () => {
  test('unknown are those that are over, and those that home has never had or has lost', () => {
    for (const sessionId of ['A', 'B', 'C', 'D']) home.session(sessionId, { ttlMs: 10_000 });
    home.session('D', { ttlMs: 10_000 });
    home.ask('sessionEnd', { sessionId: 'B', digest: 'B' });
    home.pass(5_000);
    for (const sessionId of ['A', 'D']) home.ask('keepalive', { sessionId, digest: sessionId });
    home.pass(6_000);
    expect(home.rows.look('session', 'C')?.state).toBe('expired');
    expect(home.rows.look('session', 'B')?.state).toBe('ended');
    expect(check('A', 'B', 'C', 'D', 'x')).toEqual(['B', 'C', 'x']);
    expect(home.rows.look('session', 'A')?.shards).toEqual([2]);
    expect(home.rows.look('session', 'B')?.shards).toBeUndefined();
  });

  test('none is unknown while those who were there may come back', () => {
    const restored = new Bench({ graceMs: 10_000 }, { shard: 0, shards: 4 });
    restored.session('A');
    restored.ask('identify', { identity: 'another', limits: restored.limits });
    const ask = () => restored.ask('guestCheck', { shard: 2, sessionIds: ['x'] });
    expect(ask()).toEqual({ unknown: [] });
    restored.pass(11_000);
    expect(ask()).toEqual({ unknown: ['x'] });
  });
});

describe('waits are compared for deadlocks over shards', () => {
  const wait = (openId: string, sessionId: string, path: string) =>
    away.ask('openCreate', {
      ...{ sessionId, openId, access: 'write', deny: 'write', waitMs: 60_000 },
      ...{ file: fileOf(path), ...ownerOf(sessionId) },
    });
  const waits = (after: number, limit: number) => away.ask('waitList', { after, limit });
  beforeEach(() => {
    for (const sessionId of ['A', 'B', 'C']) {
      home.session(sessionId);
      away.ask('guestSet', { sessionId, state: 'live', facts: factsOf(sessionId) });
    }
    wait('o', 'A', 'f');
    wait('p', 'B', 'f');
    wait('q', 'C', 'f');
    away.told();
  });

  test('page by page, in their order, with who is in the way', () => {
    expect(waits(0, 9)).toMatchObject({
      waits: [
        { id: 'p', kind: 'open', sessionId: 'B', ownerKey: 'B/o', owners: ['A/o'], any: false, path: 'f' },
        { id: 'q', sessionId: 'C' },
      ],
      after: undefined,
    });
    const first = waits(0, 1);
    expect(first.waits.map(({ id }) => id)).toEqual(['p']);
    const second = waits(first.after ?? 0, 1);
    expect(second.waits.map(({ id }) => id)).toEqual(['q']);
    expect(waits(second.after ?? 0, 1)).toEqual({ waits: [], after: undefined });
    expect(waits(0, 3).after).toBeUndefined();
    expect(waits(0, 2).after).toBe(second.after);
  });

  test('only the wait that was looked at is ended, and told of the deadlock', () => {
    const [{ id, waitNo } = { id: '', waitNo: 0 }] = waits(0, 1).waits;
    const cycle = [{ id, kind: 'open' as const, sessionId: 'B', owner: 'o', exportName: 'local', path: 'f' }];
    const drop = (of: string, no: number) => away.ask('waitDrop', { id: of, waitNo: no, cycle });
    expect(drop(id, waitNo + 4)).toEqual({ dropped: false });
    expect(drop('x', waitNo)).toEqual({ dropped: false });
    expect(waits(0, 9).waits).toHaveLength(2);
    expect(drop(id, waitNo)).toEqual({ dropped: true });
    expect(away.told()).toMatchObject([{ kind: 'dropped', openId: 'p', reason: 'deadlock', cycle }]);
    expect(waits(0, 9).waits.map(({ id: left }) => left)).toEqual(['q']);
    expect(drop(id, waitNo)).toEqual({ dropped: false });
  });
});

describe('an export in another shard follows the one at home', () => {
  const copyOf = (name = 'e') => home.ask('exportCopy', { name }).exports[0];
  const follow = (copy = copyOf(), name = 'e') => away.ask('exportFollow', { name, copy });
  const gone = () => away.ask('exportFollow', { name: 'e' });
  const there = () => away.rows.look('export', 'e');
  beforeEach(() => {
    away.told();
  });

  test('in all that is configured, and only when it has changed', () => {
    const own = { maxHoldMs: 5_000 };
    home.put('e', { policy: 'wait', own, breakMs: 7_000, lockDelayMs: 3_000, directories: true });
    expect(follow()).toEqual({ changed: true });
    const first = home.rows.look('export', 'e');
    const { no, version } = first ?? {};
    expect(there()).toMatchObject({
      ...{ no, version, own, policy: 'wait', breakMs: 7_000, lockDelayMs: 3_000, directories: true },
    });
    expect(away.news()).toEqual(['exports/e changed']);
    expect(follow()).toEqual({ changed: false });
    expect(away.news()).toEqual([]);
    home.put('e', { policy: 'refuse' });
    expect(follow()).toEqual({ changed: true });
    expect(there()).toMatchObject({ policy: 'refuse', breakMs: 45_000, lockDelayMs: 0, no });
    expect(away.news()).toEqual(['exports/e changed']);
  });

  test('home tells of those whose files are in all shards', () => {
    home.put('e');
    home.ask('stackPut', { name: 'posix' });
    expect(home.put('n', { policy: 'local', stack: 'posix' })).toMatchObject({ created: true });
    expect(copyOf('n')).toBeUndefined();
    const told = home.ask('exportCopy', {}).exports.map(({ name }) => name);
    expect(told.sort()).toEqual(['e', 'local']);
    expect(copyOf('none')).toBeUndefined();
    expect(copyOf()).toMatchObject({ busy: false, inUse: false });
    home.session('A');
    home.lease('l', 'A', 'e/f', 'read');
    expect(copyOf()).toMatchObject({ busy: false, inUse: true });
  });

  test('to another stack', () => {
    for (const name of ['posix', 'nfs4']) home.ask('stackPut', { name });
    home.put('e', { stack: 'posix' });
    follow();
    home.put('e', { stack: 'nfs4' });
    expect(follow()).toEqual({ changed: true });
    expect(there()).toMatchObject({ stack: 'nfs4', no: copyOf()?.no });
    expect(away.ask('stackList', {}).stacks.map(({ name }) => name)).toContain('nfs4');
  });

  test('its removal, but not under files in use', () => {
    home.put('e');
    follow();
    visit();
    away.lease('l', 'A', 'e/f', 'read');
    expect(gone()).toEqual(refused('has_dependents'));
    away.ask('leaseSet', { leaseId: 'l', type: 'none' });
    expect(gone()).toEqual({ changed: true });
    expect(there()).toBeUndefined();
    expect(gone()).toEqual({ changed: false });
  });

  test('but not while it is being stopped here', () => {
    home.put('e');
    follow();
    visit();
    away.lease('l', 'A', 'e/f', 'read');
    away.ask('exportHangup', { name: 'e', operationId: 'o', deadlineMs: 9_000 });
    home.put('e', { policy: 'wait' });
    const copy = copyOf();
    if (copy === undefined) throw new Error('it is not told of');
    expect(follow({ ...copy, stopped: true })).toEqual({ changed: true });
    expect(there()).toMatchObject({ policy: 'wait', stopped: undefined });
    away.rows.play('leaseSet', { leaseId: 'l', type: 'none' });
    expect([away.rows.look('export', 'e')?.operation, gone()]).toEqual(['o', refused('has_dependents')]);
  });

  test('that it was stopped', () => {
    home.put('e');
    home.ask('exportHangup', { name: 'e', operationId: 'o', deadlineMs: 1_000 });
    for (let i = 0; i < 5; i += 1) home.pass(1_000);
    home.ask('operationAlone', { operationId: 'o' });
    home.pass(2_000);
    expect(copyOf()).toMatchObject({ stopped: true, busy: false });
    follow();
    expect(there()?.stopped).toBe(true);
  });

  test('one of the same name that replaces it', () => {
    home.put('e');
    follow();
    const removal = { force: false, operationId: 'o', deadlineMs: 0 };
    expect(home.ask('itemRemove', { kind: 'exports', name: 'e', ...removal })).toEqual({});
    home.put('e', { policy: 'wait' });
    const copy = copyOf();
    expect(copy?.no).not.toBe(there()?.no);
    expect(follow(copy)).toEqual({ changed: true });
    expect(there()).toMatchObject({ no: copy?.no, policy: 'wait' });
  });

  test('one that is being removed is not brought back, and goes on changing where it is', () => {
    home.put('e');
    const copy = copyOf();
    if (copy === undefined) throw new Error('it is not told of');
    expect(follow({ ...copy, busy: true })).toEqual({ changed: false });
    expect(there()).toBeUndefined();
    follow();
    expect(follow({ ...copy, busy: true, stopped: true })).toEqual({ changed: true });
    expect(there()?.stopped).toBe(true);
    expect(follow({ ...copy, busy: true, stopped: true })).toEqual({ changed: false });
    expect(follow()).toEqual({ changed: true });
    expect(there()?.stopped).toBeUndefined();
  });
});
