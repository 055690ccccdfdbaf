import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { open as openLmdb } from 'lmdb';
import { clockMs } from './figure';
import { serveJobs } from './side-process';
import { newSession, Wire } from './wire';

interface Load {
  url: string;
  /** Pairs under way at any time. */
  inFlight: number;
  ms: number;
}

/** Runs `pair` over and over, `inFlight` at a time. Returns pairs a second. */
async function pairsPerSecond(
  { inFlight, ms }: Load,
  pair: (slot: number) => Promise<unknown>,
): Promise<number> {
  const startedAt = clockMs();
  let done = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async (_, slot) => {
      while (clockMs() - startedAt < ms) {
        await pair(slot);
        done += 1;
      }
    }),
  );
  return (done / (clockMs() - startedAt)) * 1000;
}

const jobs = {
  /** Acquires and releases a write lease on a file of its own per slot, over a connection and a session of its own. */
  leases: async (load: Load): Promise<number> => {
    const slots = await Promise.all(
      Array.from({ length: load.inFlight }, async () => {
        const wire = await Wire.to(load.url);
        return { wire, ...(await newSession(wire)) };
      }),
    );
    const rate = await pairsPerSecond(load, async (slot) => {
      const { wire, sessionId, secret } = slots[slot] as (typeof slots)[number];
      const text = await wire.expect(201, 'POST', '/v1/leases/acquire', secret, {
        sessionId,
        export: 'local',
        file: `pairs/${String(slot)}.dat`,
        type: 'write',
      });
      const { leaseId } = JSON.parse(text) as { leaseId: string };
      await wire.expect(204, 'DELETE', `/v1/leases/${leaseId}`, secret);
    });
    for (const { wire } of slots) wire.close();
    return rate;
  },

  /** The usual lock in Redis, over one connection: SET NX PX, then DEL. */
  locks: async (load: Load): Promise<number> => {
    const redis = new Redis(load.url);
    const rate = await pairsPerSecond(load, async (slot) => {
      const key = `pairs/${String(slot)}.dat`;
      if ((await redis.set(key, 'holder', 'PX', 30_000, 'NX')) !== 'OK') throw new Error(`${key} is taken`);
      await redis.del(key);
    });
    redis.disconnect();
    return rate;
  },

  /** The least that a table in this process must do on this disk: a put, then a remove, each on disk before it counts. */
  puts: async (load: Load): Promise<number> => {
    const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    const db = openLmdb<Buffer, string>(join(directory, 'floor.mdb'), {
      encoding: 'binary',
      overlappingSync: false,
    });
    const value = Buffer.alloc(200, 1);
    const rate = await pairsPerSecond(load, async (slot) => {
      await db.put(`pairs/${String(slot)}.dat`, value);
      await db.remove(`pairs/${String(slot)}.dat`);
    });
    await db.close();
    rmSync(directory, { recursive: true, force: true });
    return rate;
  },
};
export type LoadJobs = typeof jobs;
serveJobs(jobs);
