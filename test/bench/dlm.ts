import { type FileRef, openEmbeddedTable, type Table } from '#locks';
import { clientKeyOf, Ids, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { startRedis } from '../support/redis-server';
import { noDisk } from './built';
import { type Figure, median, noted, type Row } from './figure';
import { fileOf, sessionDigest as digest, redisTable } from './fill';
import { type Effort, processorMs } from './turns';

const resourceRef = (name: string): FileRef => ({
  ...{ fileKey: new Ids(1).resourceKey('local', name), exportName: 'local', path: name, fileId: name },
  ...{ inode: '<none>:0', resource: true },
});

const pairsPerTurn = 4_000;
/** More than the search for deadlocks looks through before it asks whether it leads anywhere. */
const heldEach = 70;
const entrants = 2_000;
const limits = {
  ...{ sessionLocksMax: 1_000_000, sessionsMax: 100_000, queueMax: 10_000, rangesMax: 1_000_000 },
  ...{
    fileDelegationsMax: 0,
    sessionDelegationsMax: 0,
    exportDelegationsMax: 0,
    revokedMax: 0,
    courtesyMax: 0,
  },
  ...{
    coolMs: 0,
    graceMs: 0,
    recoveryMs: 0,
    unusedMs: 60_000,
    rememberMs: 60_000,
    askMs: 5_000,
    lostMs: 5_000,
  },
};

/** A table, and the processor time of where its rules run. */
interface Place {
  name: string;
  table: Table;
  waiters: readonly number[];
  spentMs: () => number;
}

/** Locks in modes beside leases, and how long many waiters on one resource take. */
export async function dlm({ rounds, ms }: Effort): Promise<Figure[]> {
  // A smoke run only checks that everything runs.
  const share = Math.min(1, ms / 1_000);
  const embedded = await openEmbeddedTable({ store: noDisk() });
  const server = await startRedis({ appendonly: 'no' });
  const redis = await redisTable(server.url);
  const here = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  const places: Place[] = [
    { name: 'rules on Maps', table: embedded, waiters: [500, 1_000, 2_000, 4_000], spentMs: here },
    // One unlock grants them all in one step, which Redis has to answer in time.
    { name: 'Redis', table: redis, waiters: [500, 1_000], spentMs: () => processorMs(server.pid) },
  ];
  const pairs: Row[] = [];
  const drains: Row[] = [];
  const entries: Row[] = [];
  for (const place of places) {
    const sessionId = await prepared(place.table);
    pairs.push(await compared(place, sessionId, rounds, Math.ceil(pairsPerTurn * share)));
    const sessions = [];
    for (let no = 0; no <= Math.ceil(Math.max(...place.waiters) * share); no++)
      sessions.push(await begun(place.table));
    for (const count of place.waiters) drains.push(await drained(place, sessions, Math.ceil(count * share)));
    entries.push(...(await entered(place, Math.ceil(entrants * share))));
  }
  await embedded.close();
  await redis.close();
  await server.stop();
  return [
    {
      title:
        'A lock in a mode (EX, with value block) beside a write lease: processor time of taking and giving back',
      method: `Straight at the table, one at a time, in turns of ${String(Math.ceil(pairsPerTurn * share))}; the ratio is the median of ${String(rounds)} neighbouring turns.`,
      rows: pairs,
    },
    {
      title: 'Many waiters on one resource: processor time',
      method:
        'Each in a session of its own, all wait for EX behind one holder. Drain: each is granted in turn and unlocks. At once: as many wait for PR, and one unlock grants them all.',
      rows: drains,
    },
    {
      title: 'Entering a long queue in a session that holds much: processor time of each request',
      method: `Each session holds ${String(heldEach)} locks elsewhere, and all wait for EX behind one holder. The later ones have more in front of them.`,
      rows: entries,
    },
  ];
}

async function prepared(table: Table): Promise<string> {
  await table.call('identify', { identity: 'benchmark', limits });
  await table.call('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
  return begun(table);
}

/** A new session. */
async function begun(table: Table): Promise<string> {
  const sessionId = randomId();
  await table.call('sessionCreate', { sessionId, digest, ttlMs: 3_600_000, pid: 0 });
  return sessionId;
}

const ownerOf = (sessionId: string, owner = sessionId) => ({
  ...{ sessionId, digest, owner },
  ...{ ownerKey: ownerKeyOf(sessionId, owner), clientKey: clientKeyOf(sessionId) },
});

async function lock(
  table: Table,
  sessionId: string,
  name: string,
  mode: 'EX' | 'PR',
  waitMs = 0,
): Promise<string> {
  const lockId = randomId();
  const { value } = await table.call('dlmLock', {
    ...{ ...ownerOf(sessionId, lockId), lockId, file: resourceRef(name) },
    ...{ mode, flags: { valblk: true }, waitMs },
  });
  if ('refused' in value) throw new Error(`a lock was refused: ${value.refused.reason}`);
  return lockId;
}

async function unlock(table: Table, lockId: string): Promise<void> {
  const { value } = await table.call('dlmUnlock', { lockId, digest, block: 'aa' });
  if ('refused' in value) throw new Error(`an unlock was refused: ${value.refused.reason}`);
}

async function compared(place: Place, sessionId: string, rounds: number, count: number): Promise<Row> {
  const { name, table, spentMs } = place;
  const by = ownerOf(sessionId);
  const spent = async (pair: (no: number) => Promise<unknown>): Promise<number> => {
    const before = spentMs();
    for (let no = 0; no < count; no++) await pair(no);
    return ((spentMs() - before) * 1_000) / count;
  };
  const leases: number[] = [];
  const locks: number[] = [];
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const lease = await spent(async (no) => {
      const leaseId = randomId();
      const item = { ...fileOf(`pairs/${String(no % 50)}`), ...by, leaseId };
      await table.call('leaseAcquire', { sessionId, digest, type: 'write', item });
      await table.call('leaseSet', { leaseId, digest, type: 'none' });
    });
    const modal = await spent(async (no) =>
      unlock(table, await lock(table, sessionId, `pairs/${String(no % 50)}`, 'EX')),
    );
    if (round === 0) continue;
    leases.push(lease);
    locks.push(modal);
  }
  const ratio = median(locks.map((each, at) => each / (leases[at] ?? Number.NaN)));
  return noted({ table: name, 'lease µs': median(leases), 'lock µs': median(locks), 'lock / lease': ratio });
}

async function drained(
  { name, table, spentMs }: Place,
  sessions: readonly string[],
  count: number,
): Promise<Row> {
  const spent = async (run: () => Promise<unknown>): Promise<number> => {
    const before = spentMs();
    await run();
    return ((spentMs() - before) * 1_000) / count;
  };
  const queued = async (mode: 'EX' | 'PR') => {
    const resource = `${mode}-${String(count)}`;
    const ids = [await lock(table, sessions[count] ?? '', resource, 'EX')];
    const fillUs = await spent(async () => {
      for (const sessionId of sessions.slice(0, count))
        ids.push(await lock(table, sessionId, resource, mode, 3_000_000));
    });
    return { ids, fillUs };
  };
  const turns = await queued('EX');
  const drainUs = await spent(async () => {
    for (const id of turns.ids) await unlock(table, id);
  });
  const readers = await queued('PR');
  const [holder = '', ...others] = readers.ids;
  const grantUs = await spent(() => unlock(table, holder));
  for (const id of others) await unlock(table, id);
  return noted({
    ...{ table: name, waiters: count, 'enter µs each': turns.fillUs, 'drain µs each': drainUs },
    'at once µs each': grantUs,
  });
}

async function entered(place: Place, count: number): Promise<Row[]> {
  const { name, table, spentMs } = place;
  const sessions = await Promise.all(Array.from({ length: count }, () => begun(table)));
  for (const [no, sessionId] of sessions.entries())
    for (let held = 0; held < heldEach; held++)
      await lock(table, sessionId, `own-${String(no)}-${String(held)}`, 'EX');
  await lock(table, await begun(table), 'wanted', 'EX');
  const rows: Row[] = [];
  const each = Math.ceil(count / 4);
  for (let from = 0; from < count; from += each) {
    const part = sessions.slice(from, from + each);
    const before = spentMs();
    for (const sessionId of part) await lock(table, sessionId, 'wanted', 'EX', 3_000_000);
    const us = ((spentMs() - before) * 1_000) / part.length;
    rows.push(noted({ table: name, 'in front': from, 'enter µs each': us }));
  }
  return rows;
}
