import fc from 'fast-check';
import type { Place } from '../../libs/locks/src/core/rows';
import { run } from '../../libs/locks/src/core/run';
import { PlainRows } from '../support/plain-rows';
import { scenarioLimits } from '../support/scenario';

/** A table that is run, stopped, copied and restored in any order (docs/decisions/0014-time-and-restore.md). */

const file = { fileKey: 'f', exportName: 'demo', path: 'f', fileId: 'f', inode: '<none>:0' };

interface Backup {
  rows: PlainRows;
  /** The history when it was made: the records by name, in order. */
  past: readonly string[];
}

/** The world outside the table: everything that was announced and cannot be taken back. */
class World {
  readonly clock = { now: Date.UTC(2026, 10, 29) };
  /** Every issued token, and those of leases that are held and have not been lost since. */
  readonly tokens = new Set<number>();
  private held = new Map<string, number>();
  /** Announced stream positions, each with the history up to there. */
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

  /** The store is opened; `witness`: its last position is known; `doubt`: it should be known, and is not. */
  open(witness?: Place & { token?: number }, doubt = false): boolean {
    this.clock.now += 1;
    const opening = `opening ${String(++this.serial)}`;
    const self = { identity: 'i', opening, salt: this.serial, limits: scenarioLimits };
    const { value } = run(this.rows, 'identify', { ...self, seen: witness, minted: witness?.token, doubt });
    if (value.restored) this.held.clear();
    return value.restored;
  }

  acquire(): void {
    const leaseId = `l${String(++this.serial)}`;
    const item = { ...file, leaseId, owner: leaseId, ownerKey: leaseId, clientKey: 'c' };
    const given = run(this.rows, 'leaseAcquire', {
      sessionId: 's',
      digest: 'd',
      type: 'read',
      waitMs: 0,
      item,
    });
    if ('refused' in given.value) throw new Error(given.value.refused.reason);
    this.told(leaseId, given.value.lease.token);
    this.note();
  }

  release(): void {
    const [leaseId] = this.held.keys();
    if (leaseId === undefined) return;
    run(this.rows, 'leaseSet', { leaseId, type: 'none' });
    this.held.delete(leaseId);
    this.note();
  }

  /** The session reads what it has, as it does at a resync. */
  look(): void {
    this.clock.now += 1;
    const { value } = run(this.rows, 'leaseList', { sessionId: 's', digest: 'd', after: 0, limit: 1_000 });
    if ('refused' in value) throw new Error(value.refused.reason);
    for (const { leaseId, token, state } of value.leases)
      if (state === 'active' && this.held.get(leaseId) !== token) this.told(leaseId, token);
  }

  private told(leaseId: string, token: number): void {
    expect(token).toBeGreaterThan(Math.max(0, ...this.tokens));
    this.tokens.add(token);
    this.held.set(leaseId, token);
  }

  backup(): void {
    const rows = this.rows.copy();
    rows.records.push(...this.rows.records);
    this.backups.push({ rows, past: [...this.past] });
  }

  /** A backup is restored; its last position is known, known to be unknown, or the restore is not noticed. */
  restore(which: number, known?: boolean): void {
    const backup = this.backups[which % Math.max(1, this.backups.length)];
    if (backup === undefined) return;
    const rows = new PlainRows(this.clock);
    for (const [kind, ids] of backup.rows.kinds) rows.kinds.set(kind, structuredClone(ids));
    for (const [name, members] of backup.rows.lists) rows.lists.set(name, new Map(members));
    const witness = this.witness;
    this.rows = rows;
    this.past = [...backup.past];
    this.open(known === true ? witness : undefined, known === false);
  }

  /** Everything is gone: FLUSHALL. */
  flush(): void {
    this.rows = new PlainRows(this.clock);
    this.past = [];
    this.held.clear();
    this.open();
    run(this.rows, 'exportDeclare', { name: 'demo', breakMs: 45_000, lockDelayMs: 0, directories: false });
    run(this.rows, 'sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 2 ** 40, pid: 0 });
  }

  /** A stream may resume from a position if, and only if, its history is a prefix of the present one. */
  check(): void {
    for (const { place, past } of this.places) {
      const same = past.length <= this.past.length && past.every((name, n) => this.past[n] === name);
      const { value } = run(this.rows, 'placeCheck', place);
      if (value.reached) expect(same).toBe(true);
    }
    const held = new Set(this.held.values());
    for (const token of this.tokens) {
      const { value } = run(this.rows, 'fenceCheck', { fileKey: 'f', token, access: 'read' });
      if (held.has(token)) expect(value).toMatchObject({ state: 'active' });
      else expect(value).toMatchObject({ refused: { reason: 'token_old' } });
    }
    const { highestToken } = run(this.rows, 'fenceGet', { fileKey: 'f' }).value;
    // The highest token reported to a storage server admits no token of a lost life.
    for (const token of this.tokens)
      if (!held.has(token)) expect(this.isLost(token, highestToken)).toBe(true);
    const { value } = run(this.rows, 'lockList', { after: 0, limit: 1_000, fileKey: 'f' });
    for (const { token, state } of value.locks)
      if (state === 'active' && token !== undefined) expect(held).toContain(token);
  }

  /** Of this life and released, or below the reported highest token. */
  private isLost(token: number, highestToken: number): boolean {
    return token < highestToken || token > (this.rows.get('meta', 'shard')?.lostUpTo ?? 0);
  }

  private get witness(): Place & { token: number } {
    return { ...this.present, token: this.rows.get('meta', 'shard')?.token ?? 0 };
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

test('no history of backups, restores and restarts issues a token twice, accepts a lost one, or resumes a stream at a lost place', () => {
  const deed = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constant((world: World) => {
        world.acquire();
      }),
    },
    fc.constant((world: World) => {
      world.release();
    }),
    fc.constant((world: World) => {
      world.look();
    }),
    fc.constant((world: World) => void world.open()),
    fc.constant((world: World) => {
      world.backup();
    }),
    fc.tuple(fc.nat(3), fc.boolean()).map(([which, known]) => (world: World) => {
      world.restore(which, known);
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

test('a restarted table resumes streams from every place in the lives it remembers', () => {
  const world = new World();
  world.acquire();
  const first = world.present;
  for (let life = 0; life < 31; life++) expect(world.open(first)).toBe(false);
  expect(world.reached(first)).toBe(true);
  world.open();
  expect(world.reached(first)).toBe(false);
});

test('a place in the future is not resumed from', () => {
  const world = new World();
  world.acquire();
  const { epoch, no } = world.present;
  expect([no, no + 1, 2 ** 53 - 1].map((each) => world.reached({ epoch, no: each }))).toEqual([
    true,
    false,
    false,
  ]);
});

test('an adapter that remembers a lost life proves the restore; a later one that remembers the same changes nothing', () => {
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
  // The same backup again: the knowledge of the first restore is lost with it.
  world.restore(0);
  expect(world.open(since)).toBe(true);
  expect(world.open(lost)).toBe(true);
  expect(world.open(lost)).toBe(false);
});

test('an adapter that has seen more of a life than the table has proves that its end was lost', () => {
  const world = new World();
  world.backup();
  world.acquire();
  const lost = world.present;
  world.restore(0);
  expect(world.open(lost)).toBe(true);
});

test('a token later than any in the table proves a restore, even if nothing else has happened since', () => {
  const world = new World();
  world.acquire();
  expect(world.open(undefined, true)).toBe(true);
  world.backup();
  world.look();
  world.restore(0, true);
  world.check();
});

describe('places in the lives of a table', () => {
  const opened = (rows: PlainRows, seen?: Place, salt = 0): { epoch: number; restored: boolean } => {
    rows.clock.now += 1;
    const opening = `opening ${String(rows.clock.now)}`;
    return run(rows, 'identify', { identity: 'i', opening, salt, limits: scenarioLimits, seen }).value;
  };
  const begun = (): PlainRows => {
    const rows = new PlainRows({ now: Date.UTC(2026, 10, 29) });
    opened(rows);
    return rows;
  };
  const note = (rows: PlainRows, n: number): void => {
    for (let i = 0; i < n; i += 1)
      run(rows, 'exportDeclare', { name: `e${String(rows.records.length)}`, breakMs: 1_000, lockDelayMs: 0 });
  };
  const epochOf = (rows: PlainRows): number => rows.look('meta', 'shard')?.epoch ?? 0;
  const reached = (rows: PlainRows, place: Place): boolean => run(rows, 'placeCheck', place).value.reached;

  test('a place belongs to a life from its beginning to its end', () => {
    const rows = begun();
    // Before the first there was none.
    expect(reached(rows, { epoch: 0, no: 0 })).toBe(false);
    note(rows, 3);
    const [first, end] = [epochOf(rows), rows.records.length];
    opened(rows);
    note(rows, 3);
    const second = epochOf(rows);
    const at = (epoch: number, no: number): boolean => reached(rows, { epoch, no });
    expect([at(first, end), at(first, end + 1)]).toEqual([true, false]);
    expect([at(second, end), at(second, end - 1), at(second, end + 3), at(second, end + 4)]).toEqual([
      ...[true, false, true, false],
    ]);
  });

  test('a number later than any in the table proves a restore, even if nothing else has happened since', () => {
    const rows = begun();
    note(rows, 3);
    const { token = 0, seq = 0 } = rows.look('meta', 'shard') ?? {};
    const seen = { epoch: epochOf(rows), no: rows.records.length };
    const self = { identity: 'i', opening: 'another', salt: 1, limits: scenarioLimits, seen, minted: token };
    const restored = (numbered: number) => run(rows.copy(), 'identify', { ...self, numbered }).value.restored;
    expect([restored(seq), restored(seq + 1)]).toEqual([false, true]);
  });

  test('no stream goes on from before a restore, and every one from after it', () => {
    const rows = begun();
    note(rows, 3);
    const before = { epoch: epochOf(rows), no: 2 };
    expect(opened(rows, { epoch: 7, no: 1 }).restored).toBe(true);
    note(rows, 2);
    const after = { epoch: epochOf(rows), no: rows.records.length };
    opened(rows);
    expect([reached(rows, before), reached(rows, after)]).toEqual([false, true]);
  });

  test('a table of an earlier version, which lists no lives, has had one', () => {
    const rows = begun();
    note(rows, 3);
    const meta = rows.get('meta', 'shard');
    if (meta === undefined) throw new Error('no table');
    rows.put('meta', 'shard', { ...meta, lives: undefined });
    expect(opened(rows, { epoch: meta.epoch, no: 2 }).restored).toBe(false);
  });

  test('the last 32 lives are remembered', () => {
    const rows = begun();
    const epochs = Array.from({ length: 40 }, () => opened(rows).epoch);
    expect(epochs.map((epoch) => reached(rows, { epoch, no: rows.records.length }))).toEqual([
      ...Array.from({ length: 8 }, () => false),
      ...Array.from({ length: 32 }, () => true),
    ]);
  });

  test('the last 32 lost lives are remembered: each proves one restore', () => {
    const rows = begun();
    const lost = (epoch: number): boolean => opened(rows, { epoch, no: 1 }).restored;
    expect([lost(1), lost(2), lost(1), lost(2)]).toEqual([true, true, false, false]);
    for (let epoch = 3; epoch <= 32; epoch += 1) lost(epoch);
    expect(lost(1)).toBe(false);
    lost(33);
    expect([lost(2), lost(1)]).toEqual([false, true]);
  });

  test('two lives that begin at one time from one backup have different names', () => {
    const backup = begun();
    const [a, b] = [backup.copy(), backup.copy()];
    expect(opened(a, { epoch: 7, no: 1 }, 1).epoch).not.toBe(opened(b, { epoch: 7, no: 1 }, 2).epoch);
  });
});
