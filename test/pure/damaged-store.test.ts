import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openLmdbStore } from '../../libs/locks/src/table/embedded/lmdb-store';
import { contentsOf, useStore } from '../support/lmdb-opener';
import { valuesIn } from '../support/stored-values';

/*
 * After any damage to the file of an embedded table, the next start finds exactly what was committed, or refuses with the
 * path and what to do. It never dies of a signal, and never continues with less. To repeat: DAMAGES= and SEED=.
 */

const damages = Number(process.env['DAMAGES'] ?? 300);
const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
const pageSize = 4096;

let random = seed;
function pick(below: number): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
  return (random >>> 8) % below;
}

/** A store after some use, and its contents. */
let directory = '';
let contents = '';
const made: string[] = [];
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'leasehold-damaged-'));
  made.push(directory);
  const store = openLmdbStore(directory);
  for (let round = 0; round < 6; round++) await useStore(store, round, 12);
  contents = contentsOf(store);
  await store.close();
});
afterAll(() => {
  for (const each of made) rmSync(each, { recursive: true, force: true });
});

/** Damages the bytes of a file; a shorter result is a truncated file. */
type Damage = (bytes: Buffer) => Buffer;

const pagesOf = (bytes: Buffer): number => Math.floor(bytes.length / pageSize);
const page = (bytes: Buffer, no: number): Buffer => bytes.subarray(no * pageSize, (no + 1) * pageSize);

/** A page of the given kind (MDB_page.mp_flags), whether or not it is still in use. */
function pageWith(bytes: Buffer, flags: number): number {
  const start = pick(pagesOf(bytes));
  for (let n = 0; n < pagesOf(bytes); n++) {
    const no = (start + n) % pagesOf(bytes);
    if (page(bytes, no).readUInt16LE(18) === flags) return no;
  }
  return start;
}
/** A meta page, the root of the free list, or a page with the flags of a branch, a leaf or a long value. */
function anyPage(bytes: Buffer): number {
  const newest = page(bytes, 0).readUInt32LE(152) > page(bytes, 1).readUInt32LE(152) ? 0 : 1;
  const kind = pick(5);
  if (kind === 0) return pick(2);
  return kind === 1
    ? page(bytes, newest).readUInt32LE(88) % pagesOf(bytes)
    : pageWith(bytes, [1, 2, 4][kind - 2] ?? 1);
}
function flip(bytes: Buffer): Buffer {
  const no = anyPage(bytes);
  // Most of a meta page is unused; headers matter more than the rest.
  const at = no * pageSize + pick(no < 2 ? 176 : pick(3) === 0 ? 64 : pageSize);
  bytes[at] = (bytes[at] as number) ^ (1 << pick(8));
  return bytes;
}
const rubbish = (): Buffer => Buffer.from(Array.from({ length: pageSize }, () => pick(256)));

const kinds: Record<string, Damage> = {
  'cut off': (bytes) =>
    bytes.subarray(0, pick(2) === 0 ? pick(bytes.length) : pageSize * pick(pagesOf(bytes))),
  'zeroed page': (bytes) => {
    page(bytes, anyPage(bytes)).fill(0);
    return bytes;
  },
  'flipped bit': flip,
  'flipped bit in the number of a commit': (bytes) => {
    const at = pick(2) * pageSize + 152 + pick(8);
    bytes[at] = (bytes[at] as number) ^ (1 << pick(8));
    return bytes;
  },
  'root and last page beyond what a file can have': (bytes) => {
    const at = pick(2) * pageSize + (pick(2) === 0 ? 88 : 136);
    for (const field of [at, 144, pageSize + 144])
      bytes[field + 5] = (bytes[field + 5] as number) | (1 << (pick(7) + 1));
    return bytes;
  },
  'flipped bits': (bytes) => {
    for (let n = 0; n < 20; n++) flip(bytes);
    return bytes;
  },
  'page of rubbish': (bytes) => {
    rubbish().copy(page(bytes, anyPage(bytes)));
    return bytes;
  },
  'page in the place of another': (bytes) => {
    page(bytes, anyPage(bytes)).copy(page(bytes, anyPage(bytes)));
    return bytes;
  },
};

/** Opens the directories in a separate process; returns how it ended, and its result for each. */
async function open(directories: string[]): Promise<{ how: unknown; said: Record<string, unknown>[] }> {
  const child = spawn(
    process.execPath,
    ['-r', join(__dirname, '../support/typescript.cjs'), join(__dirname, '../support/lmdb-opener.ts')],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  child.stdin.end(directories.join('\n'));
  const said: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    said.push(JSON.parse(line) as Record<string, unknown>);
  const [code, signal] = (await exited) as [number | null, string | null];
  return { how: signal ?? code, said };
}

test('a damaged store either has everything that was committed or is refused', async () => {
  const names = Object.keys(kinds);
  const counts = { same: 0, refused: 0 };
  for (let from = 0; from < damages; from += 50) {
    const trials = Array.from({ length: Math.min(50, damages - from) }, (_, n) => {
      const copy = join(directory, `../${directory.split('/').at(-1) ?? ''}-${String(from + n)}`);
      cpSync(directory, copy, { recursive: true });
      made.push(copy);
      const kind = names[(from + n) % names.length] ?? '';
      const file = join(copy, 'table.mdb');
      writeFileSync(file, (kinds[kind] as Damage)(readFileSync(file)));
      return { copy, kind };
    });
    const { how, said } = await open(trials.map(({ copy }) => copy));
    const trial = trials[said.length - 1];
    expect({ seed, how, last: trial?.kind, trials: said.length }).toEqual({
      seed,
      how: 0,
      last: trials.at(-1)?.kind,
      trials: trials.length,
    });
    for (const [n, each] of said.entries()) {
      const { copy, kind } = trials[n] ?? { copy: '', kind: '' };
      if ('refused' in each) {
        counts.refused += 1;
        expect(each['refused']).toContain(
          `the embedded table in ${copy} cannot be opened; restore ${copy} from a backup`,
        );
      } else {
        counts.same += 1;
        expect({ seed, trial: from + n, kind, ...each }).toEqual({
          seed,
          trial: from + n,
          kind,
          contents,
          kept: true,
        });
      }
      rmSync(copy, { recursive: true, force: true });
    }
  }
  // Some of the damage matters, and some does not.
  expect(counts.refused).toBeGreaterThan(damages / 4);
  expect(counts.same).toBeGreaterThan(0);
}, 600_000);

describe('a table that existed before is never silently replaced by a new one', () => {
  let copy = '';
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'leasehold-damaged-'));
    made.push(copy);
    cpSync(directory, copy, { recursive: true });
  });
  const file = (): string => join(copy, 'table.mdb');
  const refusal = (beginning: Parameters<typeof openLmdbStore>[1] = {}): string => {
    try {
      openLmdbStore(copy, beginning);
    } catch (error) {
      const causes: string[] = [];
      for (let each: unknown = error; each instanceof Error; each = each.cause) causes.push(each.message);
      return causes.join(': ');
    }
    return 'opened';
  };

  test('a missing data file is an error until an administrator asks for a new table', async () => {
    rmSync(file());
    expect(refusal()).toContain(
      `cannot be opened; restore ${copy} from a backup; or, to start with a new, empty table`,
    );
    expect(refusal()).toContain(`${file()} is missing, but ${copy}/marker says that there was a table`);
    expect(existsSync(file())).toBe(false);
    expect(readFileSync(join(copy, 'marker'), 'utf8')).toContain(
      'To create a new table on purpose, remove this file.',
    );
    rmSync(join(copy, 'marker'));
    const store = openLmdbStore(copy);
    expect(valuesIn(store)).toEqual([]);
    await store.close();
  });

  test('an empty data file counts as missing, with the marker and without it', () => {
    truncateSync(file());
    expect(refusal()).toContain(`${file()} is empty, but ${copy}/marker says that there was a table`);
    rmSync(join(copy, 'marker'));
    expect(refusal()).toContain(`${file()} is empty, and this program leaves no empty file`);
    expect(statSync(file()).size).toBe(0);
  });

  test('a data file without its marker is opened, and its later absence is an error', async () => {
    rmSync(join(copy, 'marker'));
    const store = openLmdbStore(copy);
    expect(contentsOf(store)).toBe(contents);
    await store.close();
    rmSync(file());
    expect(refusal()).toContain('is missing');
  });

  test('a missing or empty directory is an error until it is taken off the list', async () => {
    const list = `${copy}.list`;
    made.push(list);
    const known = openLmdbStore(copy, { list });
    expect(contentsOf(known)).toBe(contents);
    await known.close();
    for (const unmounted of [true, false]) {
      rmSync(copy, { recursive: true });
      if (unmounted) mkdirSync(copy);
      expect(refusal({ list })).toContain(
        `${copy} cannot be opened; mount its disk, or restore it from a backup`,
      );
      expect(refusal({ list })).toContain(`it is empty, but ${list} says that there was a table`);
      // Nothing is written to the mount point of an unmounted disk.
      expect(existsSync(copy) ? readdirSync(copy) : undefined).toEqual(unmounted ? [] : undefined);
    }
    writeFileSync(list, 'another\n');
    const store = openLmdbStore(copy, { list });
    expect(valuesIn(store)).toEqual([]);
    await store.close();
    expect(readFileSync(list, 'utf8')).toBe(`another\n${copy.split('/').at(-1) ?? ''}\n`);
  });

  test('where no table may be created, a table that never existed is an error, too', () => {
    const mustExist = true;
    expect(refusal({ mustExist })).toBe('opened');
    copy = `${copy}-of-another-name`;
    expect(refusal({ mustExist })).toContain('it is empty, and no new table may be created');
    expect(existsSync(copy)).toBe(false);
  });

  test('a list that cannot be written is reported', async () => {
    const told: unknown[] = [];
    const list = join(copy, 'nowhere', 'list');
    await openLmdbStore(copy, { list, onUnlisted: (error) => told.push(error) }).close();
    expect(told).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
  });

  test('a table whose creation was interrupted is created again: nobody had an answer from it', async () => {
    truncateSync(file(), 100);
    writeFileSync(join(copy, 'marker'), 'This table is being made.\n');
    const store = openLmdbStore(copy);
    expect(valuesIn(store)).toEqual([]);
    await store.close();
  });
});
