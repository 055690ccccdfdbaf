import { openEmbeddedTable, openLmdbStore, type Table } from '#locks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientKeyOf, digestOf, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { startRedis } from '../support/redis-server';
import { clockMs, type Figure, noted, type Row } from './figure';
import { fileOf, redisTable } from './fill';

const sizes = [10, 100, 1_000, 10_000];
/** The number of times each request is made; each runs alone. */
const rounds = 200;
const digest = digestOf('benchmark');
const limits = {
  sessionLocksMax: 1_000_000,
  sessionsMax: 1_000,
  queueMax: 256,
  rangesMax: 1_000_000,
  fileDelegationsMax: 0,
  sessionDelegationsMax: 0,
  exportDelegationsMax: 0,
  revokedMax: 0,
  courtesyMax: 0,
  coolMs: 0,
  graceMs: 0,
  recoveryMs: 0,
  unusedMs: 60_000,
  rememberMs: 60_000,
  askMs: 5_000,
  lostMs: 5_000,
};

/** How the cost of one range lock grows with the locked ranges in the file. */
export async function ranges(): Promise<Figure[]> {
  const rows: Row[] = [];
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
  const embedded = await openEmbeddedTable({ store: openLmdbStore(directory) });
  rows.push(...(await curve('embedded', embedded)));
  await embedded.close();
  rmSync(directory, { recursive: true, force: true });
  const server = await startRedis({ appendonly: 'no' });
  const redis = await redisTable(server.url);
  rows.push(...(await curve('redis, no log', redis)));
  await redis.close();
  await server.stop();
  return [
    {
      title: 'Range locks in one file: cost by how many there are',
      method:
        'Straight at the table, one request at a time, mean of 200. Every fourth range is a write lock of an owner of its own, the others are ' +
        'overlapping read locks of a hundred owners. Lock + unlock: a free byte in the middle. Refused: the whole file for ' +
        'writing. Test: F_GETLK of a free byte. Split: the middle of an own range out and back.',
      rows,
    },
  ];
}

async function curve(name: string, table: Table): Promise<Row[]> {
  await table.call('identify', { identity: 'benchmark', limits });
  await table.call('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  const sessionId = randomId();
  await table.call('sessionCreate', { sessionId, digest, ttlMs: 3_600_000, pid: 0 });
  const rows: Row[] = [];
  for (const size of sizes) rows.push(noted({ table: name, ...(await measure(table, sessionId, size)) }));
  return rows;
}

async function measure(table: Table, sessionId: string, size: number): Promise<Row> {
  const file = fileOf(`ranges-${String(size)}`);
  const common = { sessionId, digest, file, class: 'posix' as const, clientKey: clientKeyOf(sessionId) };
  const by = (owner: string) => ({ owner, ownerKey: ownerKeyOf(sessionId, owner) });
  const range = (from: number, to: number) => ({ startHi: 0, startLo: from, endHi: 0, endLo: to });
  const lock = async (owner: string, type: 'read' | 'write', from: number, to: number): Promise<boolean> => {
    const ids = { rangeId: randomId(), splitId: randomId(), waitMs: 0 };
    const { value } = await table.call('rangeLock', {
      ...common,
      ...by(owner),
      ...range(from, to),
      ...ids,
      type,
    });
    return !('refused' in value);
  };
  const unlock = (owner: string, from: number, to: number) =>
    table.call('rangeUnlock', {
      ...common,
      ...by(owner),
      ...range(from, to),
      fileKey: file.fileKey,
      splitId: randomId(),
    });
  /** Ranges lie 1,000 bytes apart; read locks of different owners overlap. */
  for (let no = 0; no < size; no++) {
    const at = no * 1_000;
    if (no % 4 === 0) await lock(`writer-${String(no)}`, 'write', at + 900, at + 950);
    else await lock(`reader-${String(no % 100)}`, 'read', at, at + (no % 4 === 3 ? 700 : 800));
  }
  const middle = Math.floor(size / 2) * 1_000 + 960;
  const timed = async (run: () => Promise<unknown>): Promise<number> => {
    const startedAt = clockMs();
    for (let no = 0; no < rounds; no++) await run();
    return (clockMs() - startedAt) / rounds;
  };
  const pair = await timed(async () => {
    await lock('stranger', 'write', middle, middle);
    await unlock('stranger', middle, middle);
  });
  const refused = await timed(() => lock('stranger', 'write', 0, 4_000_000_000));
  const test = await timed(() =>
    table.call('rangeTest', { ...common, ...by('stranger'), ...range(middle, middle), type: 'write' }),
  );
  await lock('owner', 'write', 4_100_000_000, 4_100_000_999);
  const split = await timed(async () => {
    await unlock('owner', 4_100_000_500, 4_100_000_500);
    await lock('owner', 'write', 4_100_000_500, 4_100_000_500);
  });
  return {
    ranges: size,
    'lock + unlock ms': pair,
    'refused ms': refused,
    'test ms': test,
    'split + join ms': split,
  };
}
