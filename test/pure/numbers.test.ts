import { run } from '../../libs/locks/src/core/run';
import { PlainRows } from '../support/plain-rows';
import { scenarioLimits } from '../support/scenario';

/** Numbers that others remember: tokens, breaks, epochs (docs/decisions/0014-time-and-restore.md). */

const start = Date.UTC(2026, 10, 29);
const end = 2 ** 53 - 1;
const file = { fileKey: 'f', exportName: 'demo', path: 'f', fileId: 'f', inode: '<none>:0' };

class World {
  private leases = 0;

  private constructor(
    readonly clock: { now: number },
    readonly rows: PlainRows,
  ) {}

  static begin(): World {
    const clock = { now: start };
    const world = new World(clock, new PlainRows(clock));
    world.identify();
    run(world.rows, 'exportDeclare', { name: 'demo', breakMs: 45_000, lockDelayMs: 0, directories: false });
    run(world.rows, 'sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 600_000, pid: 0 });
    return world;
  }

  /** A backup made now and restored `ms` later. */
  restored(ms: number): World {
    const rows = this.rows.copy();
    rows.clock.now = this.clock.now + ms;
    const world = new World(rows.clock, rows);
    world.leases = this.leases;
    world.identify();
    return world;
  }

  identify(): void {
    run(this.rows, 'identify', { identity: 'i', limits: scenarioLimits });
  }

  /** Acquires and releases a lease. Returns its token, or the reason of the refusal. */
  acquire(): number | string {
    const leaseId = `l${String(++this.leases)}`;
    const own = { owner: 'o', ownerKey: 'o', clientKey: 'c' };
    const { value } = run(this.rows, 'leaseAcquire', {
      ...{ sessionId: 's', digest: 'd', type: 'read', waitMs: 0 },
      item: { ...file, ...own, leaseId },
    });
    if ('refused' in value) return value.refused.reason;
    run(this.rows, 'leaseSet', { leaseId, type: 'none' });
    return value.lease.token;
  }

  meta() {
    const meta = this.rows.get('meta', 'shard');
    if (meta === undefined) throw new Error('the table has no counters');
    return meta;
  }
}

test('a table restored from a backup issues no number twice, however few it has issued', () => {
  const lost = World.begin();
  const backup = lost.restored(0);
  const seen = Array.from({ length: 1_000 }, () => lost.acquire());
  let { seq } = lost.meta();
  for (const ms of [1, 2]) {
    const back = backup.restored(ms);
    const tokens = Array.from({ length: 1_000 }, () => back.acquire());
    for (const token of tokens) expect(seen).not.toContain(token);
    expect(back.meta().seq).toBeGreaterThan(seq);
    ({ seq } = back.meta());
    seen.push(...tokens);
  }
});

test('tokens keep increasing while the clock stands still or goes back', () => {
  const world = World.begin();
  let last = 0;
  for (const step of [0, 0, -3_600_000, 10, -86_400_000 * 365, 5]) {
    world.clock.now += step;
    const token = world.acquire();
    expect(token).toBeGreaterThan(last);
    last = token as number;
  }
});

test('a table of an earlier version, with tokens counted within an epoch, continues above them', () => {
  const world = World.begin();
  const token = 400_000 * 2 ** 32;
  world.rows.put('meta', 'shard', { ...world.meta(), epoch: 400_000, token });
  expect(world.acquire()).toBeGreaterThan(token);
});

describe('numbers that run out', () => {
  test.each([
    ['by tokens', (world: World) => (world.meta().token = end)],
    ['by the other sequence', (world: World) => (world.meta().seq = end - 5)],
    ['by a clock that is wrong by decades', (world: World) => (world.clock.now = Date.UTC(2200, 0))],
    ['by a clock that is wrong by ages', (world: World) => (world.clock.now = 8.64e15)],
  ])('%s: nothing new is granted, and what is held can be released', (_how, spoil) => {
    const world = World.begin();
    const own = { owner: 'o', ownerKey: 'o', clientKey: 'c' };
    run(world.rows, 'openCreate', {
      ...{ sessionId: 's', digest: 'd', openId: 'o1', file, access: 'read', deny: 'none', waitMs: 0 },
      ...own,
    });
    const session = world.rows.get('session', 's');
    if (session !== undefined) session.expires = end;
    spoil(world);
    expect(world.acquire()).toBe('numbers_used_up');
    expect(run(world.rows, 'openGet', { openId: 'o1' }).value).toMatchObject({ open: { state: 'open' } });
    expect(run(world.rows, 'leaseGet', { leaseId: 'l1' }).value).toEqual({
      refused: { reason: 'no_such_lease' },
    });
    expect(run(world.rows, 'openClose', { openId: 'o1', digest: 'd' }).value).toEqual({ closed: true });
  });

  test('grants resume once the clock is right again', () => {
    const world = World.begin();
    world.clock.now = Date.UTC(2200, 0);
    expect(world.acquire()).toBe('numbers_used_up');
    world.clock.now = start + 1_000;
    expect(world.acquire()).toEqual((start + 1_000) * 2048);
  });
});

test('the last number that may be used is used', () => {
  const last = end - 2 ** 32;
  const world = World.begin();
  world.rows.put('meta', 'shard', { ...world.meta(), token: last });
  expect(world.acquire()).toBe(last + 1);
  expect(world.acquire()).toBe('numbers_used_up');
  const seen = { epoch: last, no: 0 };
  const { value } = run(World.begin().rows, 'identify', { identity: 'i', limits: scenarioLimits, seen });
  expect(value.epoch).toBe(last + 1);
});

test('a life that a caller names with the last number is followed by one of the clock', () => {
  const world = World.begin();
  const { value } = run(world.rows, 'identify', {
    ...{ identity: 'i', limits: scenarioLimits, seen: { epoch: end, no: 0 } },
  });
  expect(value.restored).toBe(true);
  expect(value.epoch).toBeLessThan(start * 4096);
});
