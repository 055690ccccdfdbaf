import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Place } from '../../libs/locks/src/core/rows';
import { openEmbeddedTable } from '../../libs/locks/src/table/embedded/embedded-table';
import { openLmdbStore } from '../../libs/locks/src/table/embedded/lmdb-store';
import type { Table } from '../../libs/locks/src/table/table';
import { scenarioLimits } from '../support/scenario';

/**
 * Real LMDB directories that are copied, restored and moved in any order
 * (docs/decisions/0023-tokens-after-a-restore.md).
 */

const file = { fileKey: 'f', exportName: 'demo', path: 'f', fileId: 'f', inode: '<none>:0' };
const identified = { identity: '', limits: scenarioLimits };

/**
 * How a backup is restored: as a new directory, over the files in place, as the data file only, or by moving it
 * there.
 */
const ways = ['anew', 'over', 'file', 'elsewhere'] as const;
type Way = (typeof ways)[number];

/** A table in a directory, and its announced tokens. */
class World {
  private readonly root = mkdtempSync(join(tmpdir(), 'leasehold-restored-'));
  private readonly witness = join(this.root, 'witness');
  private directory = join(this.root, 'table');
  private table: Table | undefined;
  private backups: { directory: string; lives: number }[] = [];
  private serial = 0;
  /** Starts so far: none of them is known to a backup that was made before it. */
  private lives = 0;
  private top = 0;
  readonly tokens = new Set<number>();
  /** The tokens announced since the last restore whose leases are held. */
  private held = new Map<string, number>();
  private places: Place[] = [];

  async start(): Promise<boolean> {
    this.lives += 1;
    const store = openLmdbStore(this.directory, { witness: this.witness });
    this.table = await openEmbeddedTable({ store });
    const { value } = await this.table.call('identify', { ...identified, salt: this.lives });
    if (value.restored) {
      this.held.clear();
      for (const place of this.places.splice(0))
        expect((await this.table.call('placeCheck', place)).value.reached).toBe(false);
    }
    const found = await this.table.call('sessionGet', { sessionId: 's' });
    if ('refused' in found.value) {
      await this.table.call('exportDeclare', {
        name: 'demo',
        breakMs: 1_000,
        lockDelayMs: 0,
        directories: false,
      });
      await this.table.call('sessionCreate', { sessionId: 's', digest: 'd', ttlMs: 2 ** 40, pid: 0 });
    }
    return value.restored;
  }

  async stop(): Promise<void> {
    await this.table?.close();
    this.table = undefined;
  }

  private get running(): Table {
    if (this.table === undefined) throw new Error('it does not run');
    return this.table;
  }

  private told(leaseId: string, token: number): void {
    expect(token).toBeGreaterThan(this.top);
    this.top = token;
    this.tokens.add(token);
    this.held.set(leaseId, token);
  }

  private async note(): Promise<void> {
    const { epoch } = (await this.running.call('tick', {})).value;
    const { last } = await this.running.history(0, 1);
    this.places.push({ epoch, no: last });
  }

  async acquire(): Promise<void> {
    const leaseId = `l${String(++this.serial)}`;
    const item = { ...file, leaseId, owner: leaseId, ownerKey: leaseId, clientKey: 'c' };
    const asked = { sessionId: 's', digest: 'd', type: 'read', waitMs: 0, item } as const;
    const { value } = await this.running.call('leaseAcquire', asked);
    if ('refused' in value) throw new Error(value.refused.reason);
    this.told(leaseId, value.lease.token);
    await this.note();
  }

  async release(): Promise<void> {
    const [leaseId] = this.held.keys();
    if (leaseId === undefined) return;
    await this.running.call('leaseSet', { leaseId, type: 'none' });
    this.held.delete(leaseId);
    await this.note();
  }

  async look(): Promise<void> {
    const asked = { sessionId: 's', digest: 'd', after: 0, limit: 1_000 };
    const { value } = await this.running.call('leaseList', asked);
    if ('refused' in value) throw new Error(value.refused.reason);
    for (const { leaseId, token, state } of value.leases)
      if (state === 'active' && this.held.get(leaseId) !== token) this.told(leaseId, token);
  }

  /** A token ever announced is valid if, and only if, its lease is held under it. */
  async check(): Promise<void> {
    const held = new Set(this.held.values());
    for (const token of this.tokens) {
      const { value } = await this.running.call('fenceCheck', { fileKey: 'f', token, access: 'read' });
      if (held.has(token)) expect(value).toMatchObject({ state: 'active' });
      else expect(value).toMatchObject({ refused: { reason: 'token_old' } });
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    expect(await this.start()).toBe(false);
  }

  async backUp(): Promise<void> {
    await this.stop();
    const directory = join(this.root, `backup-${String(++this.serial)}`);
    cpSync(this.directory, directory, { recursive: true });
    this.backups.push({ directory, lives: this.lives });
    expect(await this.start()).toBe(false);
  }

  async restore(which: number, way: Way): Promise<void> {
    const backup = this.backups[which % Math.max(1, this.backups.length)];
    if (backup === undefined) return;
    await this.stop();
    if (way === 'anew') rmSync(this.directory, { recursive: true });
    if (way === 'elsewhere') this.directory = join(this.root, `table-${String(++this.serial)}`);
    if (way === 'file') cpSync(join(backup.directory, 'table.mdb'), join(this.directory, 'table.mdb'));
    else cpSync(backup.directory, this.directory, { recursive: true, preserveTimestamps: true });
    expect(await this.start()).toBe(true);
  }

  /** After a reboot, or on another machine, the table's last position is unknown. */
  async forget(): Promise<void> {
    await this.stop();
    rmSync(this.witness, { recursive: true, force: true });
    expect(await this.start()).toBe(true);
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.root, { recursive: true, force: true });
  }
}

test('no history of copies, restores and restarts accepts a token of a lost life or issues one again', async () => {
  const deed = fc.oneof(
    { weight: 4, arbitrary: fc.constant((world: World) => world.acquire()) },
    { weight: 2, arbitrary: fc.constant((world: World) => world.release()) },
    { weight: 2, arbitrary: fc.constant((world: World) => world.look()) },
    fc.constant((world: World) => world.restart()),
    { weight: 2, arbitrary: fc.constant((world: World) => world.backUp()) },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.nat(3), fc.constantFrom(...ways)).map(
        ([which, way]) =>
          (world: World) =>
            world.restore(which, way),
      ),
    },
    fc.constant((world: World) => world.forget()),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 20 }), async (deeds) => {
      const world = new World();
      try {
        expect(await world.start()).toBe(false);
        for (const each of deeds) {
          await each(world);
          await world.check();
        }
      } finally {
        await world.end();
      }
    }),
    { numRuns: Number(process.env['RESTORES'] ?? 25) },
  );
}, 600_000);

describe('the note of how far the table had come', () => {
  let root = '';
  let witness = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'leasehold-restored-'));
    witness = join(root, 'witness');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const life = async (): Promise<boolean> => {
    const table = await openEmbeddedTable({ store: openLmdbStore(join(root, 'table'), { witness }) });
    const { value } = await table.call('identify', identified);
    await table.close();
    return value.restored;
  };
  const note = (): string => join(witness, readdirSync(witness)[0] ?? '');

  test('is refused where others can write it', async () => {
    mkdirSync(witness);
    chmodSync(witness, 0o777);
    await expect(life()).rejects.toMatchObject({
      cause: { message: expect.stringContaining(`${witness}, where it is noted`) as unknown },
    });
    chmodSync(witness, 0o755);
    expect(await life()).toBe(false);
  });

  test.each(['', 'x', '1 2', '1 2 3'])(
    'that is damaged (%j) counts as missing: the table may have been restored',
    async (text) => {
      expect([await life(), await life()]).toEqual([false, false]);
      const whole = readFileSync(note(), 'utf8');
      writeFileSync(note(), text);
      expect([await life(), await life()]).toEqual([true, false]);
      expect(readFileSync(note(), 'utf8')).toHaveLength(whole.length);
    },
  );
});
