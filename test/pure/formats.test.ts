import { z } from 'zod';
import * as fileserver from '../../libs/contracts/src/fileserver';
import * as nfs from '../../libs/contracts/src/nfs';
import { formatNewest, formatOfShards } from '../../libs/locks/src/core/format';
import { openEmbeddedTable } from '../../libs/locks/src/table/embedded/embedded-table';
import { MemoryStore } from '../support/memory-store';
import { Bench } from '../support/rules-bench';

/** Versions side by side: docs/decisions/0070-formats.md. */

const newer = formatNewest + 1;
let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const tell = (server: string, format?: number) =>
  bench.ask('streamsTell', {
    server,
    sessions: [],
    ...(format === undefined ? {} : { format, release: '1' }),
  }).format;
const leave = (server: string) => bench.ask('streamsTell', { server, sessions: [], leaving: true });

describe('the format of a table', () => {
  test('is raised when the last lease API that cannot read it has left', () => {
    expect(tell('old', formatNewest)).toBe(formatNewest);
    expect(tell('new', newer)).toBe(formatNewest);
    leave('old');
    expect(tell('new', newer)).toBe(newer);
  });

  test('is that of shards from the beginning, if it has several, and stays so', () => {
    const formatIn = (place: { shard?: number; shards?: number }) => {
      const { rows, limits } = new Bench({}, place);
      // Whoever connects later may have another number in mind.
      const { value } = rows.play('identify', { identity: 'bench', limits, shard: 0, shards: 8 });
      return { shards: value.shards, format: rows.get('meta', 'shard')?.format };
    };
    expect(formatIn({})).toEqual({ shards: 1, format: undefined });
    expect(formatIn({ shard: 0, shards: 1 })).toEqual({ shards: 1, format: undefined });
    expect(formatIn({ shard: 1, shards: 4 })).toEqual({ shards: 4, format: formatOfShards });
  });

  test('is raised when that one has been silent for too long', () => {
    tell('old', formatNewest);
    tell('new', newer);
    bench.pass(14_000);
    expect(tell('new', newer)).toBe(formatNewest);
    bench.pass(1_001);
    expect(tell('new', newer)).toBe(newer);
  });

  test('stays as long as one is there that does not say what it can read', () => {
    tell('first');
    expect(tell('new', newer)).toBe(2);
    expect(bench.ask('serverList', {})).toMatchObject({ format: 2, silent: 1, servers: [{ server: 'new' }] });
    leave('first');
    expect(tell('new', newer)).toBe(newer);
  });

  test('stays as long as one of the same version is told to keep it, and never goes back', () => {
    tell('kept', 2);
    expect(tell('new', newer)).toBe(2);
    expect(tell('kept', newer)).toBe(newer);
    expect(tell('kept', 2)).toBe(newer);
    expect(tell('new', newer + 1)).toBe(newer);
  });

  test('a lease API that an earlier version has forgotten leaves no trace in the list', () => {
    tell('gone', 2);
    // As a version does that knows no list.
    bench.rows.del('server', 'gone');
    bench.rows.lists.get('due')?.delete('v:gone');
    const meta = bench.rows.get('meta', 'shard');
    if (meta !== undefined) bench.rows.put('meta', 'shard', { ...meta, servers: 0 });
    tell('new', 2);
    expect(bench.ask('serverList', {})).toMatchObject({
      silent: 0,
      servers: [{ server: 'new', release: '1' }],
    });
    expect(bench.rows.lists.get('servers')?.size).toBe(1);
  });
});

test('an embedded table in a later format is refused', async () => {
  const store = new MemoryStore();
  const table = await openEmbeddedTable({ store });
  await table.call('streamsTell', { server: 'new', sessions: [], format: newer });
  await table.close();
  await expect(openEmbeddedTable({ store: store.powerCut() })).rejects.toThrow(
    `the table is in format ${String(newer)} of a later version, and this one reads up to format ${String(formatNewest)}: start that version`,
  );
});

/** Schemas of what the programs send each other, by the name that exports them. */
const messages = Object.entries({ ...fileserver, ...nfs }).flatMap(([name, value]) =>
  // The seal covers exactly the fields of an envelope.
  value instanceof z.ZodType && !['envelope', 'sealedAnswer'].includes(name) ? [[name, value] as const] : [],
);

/** Every object schema within, by its path. */
function objectsIn(schema: z.ZodType, path: string, seen = new Set<unknown>()): [string, z.ZodObject][] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema as unknown as { def: Record<string, unknown> };
  const below = Object.entries({ ...def, ...(schema instanceof z.ZodObject ? schema.shape : {}) }).flatMap(
    ([name, value]) =>
      (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((each) =>
        each instanceof z.ZodType ? objectsIn(each, `${path}.${name}`, seen) : [],
      ),
  );
  return schema instanceof z.ZodObject ? [[path, schema], ...below] : below;
}

test('a program ignores fields of a later version in what another one sends', () => {
  const objects = messages.flatMap(([name, schema]) => objectsIn(schema, name));
  expect(objects.length).toBeGreaterThan(40);
  const strict = objects.filter(([, schema]) => schema.def.catchall instanceof z.ZodNever);
  expect(strict.map(([path]) => path)).toEqual([]);
});
