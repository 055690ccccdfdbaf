import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { run } from '../../libs/locks/src/core/run';
import { openEmbeddedTable } from '../../libs/locks/src/table/embedded/embedded-table';
import { openLmdbStore } from '../../libs/locks/src/table/embedded/lmdb-store';
import { openRedisTable } from '../../libs/locks/src/table/redis/redis-table';
import type { Table } from '../../libs/locks/src/table/table';
import { MemoryStore } from './memory-store';
import { type RedisServer, startRedis } from './redis-server';

/** `embedded` keeps its disk in memory; `lmdb` is the same table on a real disk. */
export type StoreName = 'embedded' | 'lmdb' | 'redis';

export interface TableOptions {
  /** Wall clock in milliseconds. */
  wall?: () => number;
  /** A monotonic clock; default: the wall clock. */
  monotonic?: () => number;
  /** How long a call to Redis may take; default: as in the service. */
  commandMs?: number;
  /** Rules to use instead of the real ones, in both languages. */
  rules?: typeof run;
  library?: () => string;
}

/** An open table, which can be closed, or reopened over the same data. */
export interface OpenTable {
  table: Table;
  /** A second node over the same rows; only Redis supports one. */
  another(): Promise<Table>;
  reopen(): Promise<Table>;
  close(): Promise<void>;
}

let server: Promise<RedisServer> | undefined;
let tablesMade = 0;
const opened = new Set<OpenTable>();

/** Closes every table that is still open, and the redis-server; for `afterAll`. */
export async function closeTables(): Promise<void> {
  for (const table of [...opened]) await table.close();
  await (await server)?.stop();
  server = undefined;
}

export async function openTable(store: StoreName, options: TableOptions = {}): Promise<OpenTable> {
  const make = await stores[store](options);
  const tables = [await make.open()];
  const handle: OpenTable = {
    table: tables[0] as Table,
    another: async () => {
      const table = await make.open();
      tables.push(table);
      return table;
    },
    reopen: async () => {
      await Promise.all(tables.splice(0).map((table) => table.close()));
      handle.table = await handle.another();
      return handle.table;
    },
    close: async () => {
      opened.delete(handle);
      await Promise.all(tables.splice(0).map((table) => table.close()));
      make.clean();
    },
  };
  opened.add(handle);
  return handle;
}

interface Maker {
  open(): Promise<Table>;
  clean(): void;
}

const stores: Record<StoreName, (options: TableOptions) => Promise<Maker>> = {
  embedded: ({ wall, monotonic, rules }) => {
    const store = new MemoryStore();
    return Promise.resolve({
      open: () => openEmbeddedTable({ store, wall, monotonic, rules }),
      clean: () => undefined,
    });
  },
  lmdb: ({ wall, monotonic, rules }) => {
    const directory = mkdtempSync(join(tmpdir(), 'leasehold-table-'));
    return Promise.resolve({
      open: () =>
        openEmbeddedTable({
          store: openLmdbStore(directory, { witness: `${directory}-witness` }),
          wall,
          monotonic,
          rules,
        }),
      clean: () => {
        for (const each of [directory, `${directory}-witness`])
          rmSync(each, { recursive: true, force: true });
      },
    });
  },
  redis: async ({ wall, monotonic, commandMs, library }) => {
    const { url } = await (server ??= startRedis());
    const name = `table${String(++tablesMade)}`;
    return {
      open: () =>
        openRedisTable({
          redis: (extra) => new Redis(url, extra),
          name,
          wall,
          monotonic,
          commandMs,
          library: library?.(),
        }),
      clean: () => undefined,
    };
  },
};
