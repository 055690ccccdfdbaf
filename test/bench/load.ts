import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { open as openLmdb } from 'lmdb';
import Redlock from 'redlock';
import { Leasehold, type Session } from '#client';
import { Etcd } from './etcd';
import { grpcSlots, openSlot, slotFile, slotOwner } from './grpc-caller';
import { serveJobs } from './side-process';
import { type Done, type Pace, pairsFor } from './turns';
import { newSession, type SessionKey, Wire } from './wire';

interface Load extends Pace {
  /** The target; a store of the load's own has no address. */
  url: string;
}

const ttlMs = 30_000;
const fileOf = (slot: number): string => `pairs/${String(slot)}.dat`;

/** Connections and sessions stay open for the next turn of a load: by job and address. */
const opened = new Map<string, Promise<unknown>>();
function kept<T>(name: string, make: () => Promise<T>): Promise<T> {
  if (!opened.has(name)) opened.set(name, make());
  return opened.get(name) as Promise<T>;
}

type Slot = { wire: Wire } & SessionKey;

function slotsOf({ url, inFlight }: Load): Promise<Slot[]> {
  return kept(`leases ${url} ${String(inFlight)}`, () =>
    Promise.all(
      Array.from({ length: inFlight }, async () => {
        const wire = await Wire.to(url);
        return { wire, ...(await newSession(wire)) };
      }),
    ),
  );
}

const jobs = {
  /** For each slot, acquires and releases a write lease on a separate file, over its own connection and session. */
  leases: async (load: Load): Promise<Done> => {
    const slots = await slotsOf(load);
    return pairsFor(load, async (slot) => {
      const { wire, sessionId, secret } = slots[slot] as Slot;
      const text = await wire.expect(201, 'POST', '/v1/leases/acquire', secret, {
        sessionId,
        export: 'local',
        file: fileOf(slot),
        type: 'write',
      });
      const { leaseId } = JSON.parse(text) as { leaseId: string };
      await wire.expect(204, 'DELETE', `/v1/leases/${leaseId}`, secret);
    });
  },

  /** As an NFS server over gRPC, each slot with a file of its own: opens and closes it, or locks and unlocks it. */
  grpc: async (load: Load & { what: 'open' | 'lock' }): Promise<Done> => {
    const slots = await kept(`grpc ${load.url} ${String(load.inFlight)}`, () =>
      grpcSlots(load.url, load.inFlight),
    );
    const { caller, client, opened } = slots;
    const all = { offset: '0', length: '100' } as const;
    return pairsFor(load, async (slot) => {
      if (load.what === 'open') {
        await caller.call('Close', { ...client, stateid: await openSlot(slots, slot) });
        return;
      }
      const where = { ...client, ...slotFile(slot), lockOwner: slotOwner(slot), ...all };
      const openStateid = opened[slot];
      const { stateid } = await caller.call('Lock', { ...where, type: 'WRITE_LT', openStateid });
      if (stateid === undefined) throw new Error('a lock has no stateid');
      await caller.call('LockU', { ...where, stateid });
    });
  },

  /** The same through the client, as one program with one session. */
  client: async (load: Load): Promise<Done> => {
    const session = await kept<Session>(`client ${load.url}`, () =>
      new Leasehold({ url: load.url }).openSession({ ttlMs: 3_600_000 }),
    );
    return pairsFor(load, async (slot) => {
      const lease = await session.acquire({ export: 'local', file: fileOf(slot), type: 'write' });
      await lease.release();
    });
  },

  /** etcd, locked as the npm package etcd3 does, but by direct calls, without that package's overhead. */
  etcd: async (load: Load): Promise<Done> => {
    const etcd = await kept(`etcd ${load.url}`, () => Promise.resolve(new Etcd(load.url)));
    return pairsFor(load, async (slot) => {
      await etcd.unlock(await etcd.lock(fileOf(slot)));
    });
  },

  /** redlock on one Redis. */
  redlock: async (load: Load): Promise<Done> => {
    const locks = await kept(`redlock ${load.url}`, () =>
      Promise.resolve(new Redlock([clientOf(load.url)], { retryCount: 0 })),
    );
    return pairsFor(load, async (slot) => {
      await (await locks.lock(`redlock/${fileOf(slot)}`, ttlMs)).unlock();
    });
  },

  /** The common lock in Redis, over one connection: SET NX PX, then DEL. */
  locks: async (load: Load): Promise<Done> => {
    const redis = await kept(`locks ${load.url}`, () => Promise.resolve(clientOf(load.url)));
    return pairsFor(load, async (slot) => {
      const key = fileOf(slot);
      if ((await redis.set(key, 'holder', 'PX', ttlMs, 'NX')) !== 'OK') throw new Error(`${key} is taken`);
      await redis.del(key);
    });
  },

  /** The minimum work of a table in this process on this disk: a put, then a remove, each flushed to disk. */
  puts: async (load: Load): Promise<Done> => {
    const directory = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    const db = openLmdb<Buffer, string>(join(directory, 'floor.mdb'), {
      encoding: 'binary',
      overlappingSync: false,
    });
    const value = Buffer.alloc(200, 1);
    const done = await pairsFor(load, async (slot) => {
      await db.put(fileOf(slot), value);
      await db.remove(fileOf(slot));
    });
    await db.close();
    rmSync(directory, { recursive: true, force: true });
    return done;
  },
};
export type LoadJobs = typeof jobs;
serveJobs(jobs);

/** A stopped server is not dialled again. */
function clientOf(url: string): Redis {
  return new Redis(url, { retryStrategy: () => null }).on('error', () => undefined);
}
