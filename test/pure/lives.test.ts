import fc from 'fast-check';
import type { Place } from '../../libs/locks/src/core/rows';
import { run } from '../../libs/locks/src/core/run';
import { PlainRows } from '../support/plain-rows';
import { scenarioLimits } from '../support/scenario';

/** A table that is run, stopped, copied and put back in any order (docs/decisions/0014-time-and-restore.md). */

const file = { fileKey: 'f', exportName: 'demo', path: 'f', fileId: 'f', inode: '<none>:0' };

interface Backup {
  rows: PlainRows;
  /** What had happened when it was made: the records by name, in order. */
  past: readonly string[];
}

/** The world outside the table: what was told, and can never be told again. */
class World {
  readonly clock = { now: Date.UTC(2026, 10, 29) };
  readonly tokens = new Set<number>();
  /** Places that somebody was told, each with all that had happened up to there. */
  readonly places: { place: Place; past: readonly string[] }[] = [];
  private readonly backups: Backup[] = [];
  private rows = new PlainRows(this.clock);
  private past: string[] = [];
  private serial = 0;

  constructor() {
    this.open();
    run(this.rows, 'exportDeclare', { name: 'demo', breakMs: 45_000, lockDelayMs: 0, directories: false });
    run(this.rows, 'sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 2 ** 40, pid: 0 });
  }

  /** The store is opened; `witness`: somebody says how far it was. */
  open(witness?: Place): boolean {
    this.clock.now += 1;
    const opening = `opening ${String(++this.serial)}`;
    const self = { identity: 'i', opening, salt: this.serial, limits: scenarioLimits };
    const { value } = run(this.rows, 'identify', { ...self, seen: witness });
    return value.restored;
  }

  acquire(): void {
    const leaseId = `l${String(++this.serial)}`;
    const item = { ...file, leaseId, owner: 'o', ownerKey: 'o', clientKey: 'c' };
    const given = run(this.rows, 'leaseAcquire', {
      sessionId: 's',
      digest: 'd',
      type: 'read',
      waitMs: 0,
      item,
    });
    if ('refused' in given.value) throw new Error(given.value.refused.reason);
    const { token } = given.value.lease;
    expect(this.tokens).not.toContain(token);
    this.tokens.add(token);
    this.note();
    run(this.rows, 'leaseSet', { leaseId, type: 'none' });
    this.note();
  }

  backup(): void {
    const rows = this.rows.copy();
    rows.records.push(...this.rows.records);
    this.backups.push({ rows, past: [...this.past] });
  }

  restore(which: number): void {
    const backup = this.backups[which % Math.max(1, this.backups.length)];
    if (backup === undefined) return;
    const rows = new PlainRows(this.clock);
    for (const [kind, ids] of backup.rows.kinds) rows.kinds.set(kind, structuredClone(ids));
    for (const [name, members] of backup.rows.lists) rows.lists.set(name, new Map(members));
    this.rows = rows;
    this.past = [...backup.past];
    // With or without anybody who remembers, and before anything else.
    this.open();
  }

  /** Everything is gone: FLUSHALL. */
  flush(): void {
    this.rows = new PlainRows(this.clock);
    this.past = [];
    this.open();
    run(this.rows, 'exportDeclare', { name: 'demo', breakMs: 45_000, lockDelayMs: 0, directories: false });
    run(this.rows, 'sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 2 ** 40, pid: 0 });
  }

  /** Whoever was told a place may go on from there if, and only if, what it saw is the beginning of what is. */
  check(): void {
    for (const { place, past } of this.places) {
      const same = past.length <= this.past.length && past.every((name, n) => this.past[n] === name);
      const { value } = run(this.rows, 'placeCheck', place);
      if (value.reached) expect(same).toBe(true);
    }
    for (const token of this.tokens) {
      const { value } = run(this.rows, 'fenceCheck', { fileKey: 'f', token, access: 'read' });
      expect(value).toMatchObject({ refused: { reason: 'token_old' } });
    }
  }

  get present(): Place {
    const meta = this.rows.get('meta', 'shard');
    return { epoch: meta?.epoch ?? 0, no: meta?.records ?? 0 };
  }

  reached(place: Place): boolean {
    return run(this.rows, 'placeCheck', place).value.reached;
  }

  private note(): void {
    this.past.push(`event ${String(++this.serial)}`);
    this.places.push({ place: this.present, past: [...this.past] });
  }
}

test('no history of backups, restores and restarts gives out a token twice, takes a lost one, or goes on from a lost place', () => {
  const deed = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constant((world: World) => {
        world.acquire();
      }),
    },
    fc.constant((world: World) => void world.open()),
    fc.constant((world: World) => {
      world.backup();
    }),
    fc.nat(3).map((which) => (world: World) => {
      world.restore(which);
    }),
    fc.constant((world: World) => {
      world.flush();
    }),
    fc.nat(50).map((which) => (world: World) => void world.open(world.places[which]?.place)),
  );
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const world = new World();
      for (const each of deeds) {
        each(world);
        world.check();
      }
    }),
    { numRuns: 300 },
  );
});

test('a table that is stopped and started goes on from every place, as long as it remembers the life', () => {
  const world = new World();
  world.acquire();
  const first = world.present;
  for (let life = 0; life < 31; life++) expect(world.open(first)).toBe(false);
  expect(world.reached(first)).toBe(true);
  world.open();
  expect(world.reached(first)).toBe(false);
});

test('a place in the future was never reached', () => {
  const world = new World();
  world.acquire();
  const { epoch, no } = world.present;
  expect([no, no + 1, 2 ** 53 - 1].map((each) => world.reached({ epoch, no: each }))).toEqual([
    true,
    false,
    false,
  ]);
});

test('who remembers a lost life proves the restore; who remembers the same later tells no news', () => {
  const world = new World();
  world.acquire();
  world.backup();
  world.open();
  world.acquire();
  const lost = world.present;
  world.restore(0);
  expect(world.open(lost)).toBe(true);
  const since = world.present;
  expect(world.open({ ...lost, no: lost.no - 1 })).toBe(false);
  expect(world.open(since)).toBe(false);
  // The same backup again: what was known of the first restore is lost with it.
  world.restore(0);
  expect(world.open(since)).toBe(true);
  expect(world.open(lost)).toBe(true);
  expect(world.open(lost)).toBe(false);
});

test('who has seen more of a life than is there proves that the end of it was lost', () => {
  const world = new World();
  world.backup();
  world.acquire();
  const lost = world.present;
  world.restore(0);
  expect(world.open(lost)).toBe(true);
});
