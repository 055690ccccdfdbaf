import { Redis } from 'ioredis';
import { formatNewest, openRedisTable, type Table } from '#locks';
import { clientKeyOf, digestOf, Ids, ownerKeyOf, randomId } from '../../apps/lease-api/src/application/ids';
import { readConfig } from '../../apps/lease-api/src/config';
import { clockMs } from './figure';

export const fillSessions = 1_000;
/** Grants under way at a time. */
const atOnce = 500;
const ttlMs = 3_600_000;
/** Filling stops after this time. */
const fillMs = 300_000;

export interface Place {
  path: string;
  owner: string;
}

export const sessionDigest = digestOf('benchmark');

/** How long a step in Redis may take: the machine may be busy. */
export const commandMs = 120_000;

export const redisTable = (url: string): Promise<Table> =>
  openRedisTable({ redis: (options) => new Redis(url, options), name: 'main', commandMs });

/** A table as after the first start of a service, with its default limits. */
export async function preparedTable(table: Table): Promise<void> {
  const { limits } = readConfig({});
  await table.call('identify', { identity: 'benchmark', limits });
  // The table takes the newest format once its lease API has said that it can read it.
  await table.call('streamsTell', { server: 'benchmark', sessions: [], format: formatNewest, release: '1' });
  await table.call('exportDeclare', { name: 'local', breakMs: 45_000, lockDelayMs: 0 });
}

/** The file and owner of lease number `no`. */
const layouts = {
  /** A file for every lease. */
  scattered: (no: number, sessionId: string): Place => ({
    path: `scale/directory-${String(no % 100)}/file-${String(no)}.dat`,
    owner: sessionId,
  }),
  /** One file, and an owner for every lease. */
  together: (no: number): Place => ({ path: 'scale/file.dat', owner: `owner ${String(no)}` }),
};
export type Layout = keyof typeof layouts;

/**
 * Read leases as the service would have granted them, written directly to a table, over up to 1,000 long-lived
 * sessions.
 */
export class Fill {
  readonly digest = sessionDigest;
  private readonly sessionIds: string[] = [];
  /** Leases in the table. */
  held = 0;

  private readonly place: (no: number, sessionId: string) => Place;

  /** A layout, or the file and owner of lease number `no`. */
  constructor(place: Layout | ((no: number, sessionId: string) => Place)) {
    this.place = typeof place === 'string' ? layouts[place] : place;
  }

  /** Adds leases until the table has this many, or for five minutes. Returns grants per second. */
  async upTo(table: Table, leases: number): Promise<number> {
    const missing = Math.min(fillSessions, leases) - this.sessionIds.length;
    this.sessionIds.push(...(await Promise.all(Array.from({ length: missing }, () => this.session(table)))));
    const startedAt = clockMs();
    const before = this.held;
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (this.held < leases && clockMs() - startedAt < fillMs) await this.grant(table, this.held++);
      }),
    );
    return ((this.held - before) / (clockMs() - startedAt)) * 1000;
  }

  /** A further session without leases. */
  async session(table: Table): Promise<string> {
    const sessionId = randomId();
    await table.call('sessionCreate', { sessionId, digest: this.digest, ttlMs, pid: 0 });
    return sessionId;
  }

  private async grant(table: Table, no: number): Promise<void> {
    const sessionId = this.sessionIds[no % this.sessionIds.length] ?? '';
    const { path, owner } = this.place(no, sessionId);
    const { value } = await table.call('leaseAcquire', {
      sessionId,
      digest: this.digest,
      type: 'read',
      item: {
        leaseId: randomId(),
        ...fileOf(path),
        owner,
        ownerKey: ownerKeyOf(sessionId, owner),
        clientKey: clientKeyOf(sessionId),
      },
    });
    if ('refused' in value) throw new Error(`a lease was refused: ${value.refused.reason}`);
  }
}

/** A file of the export `local`, as the rules know it. */
export function fileOf(path: string) {
  const fileKey = new Ids(1).fileKey({ name: 'local' }, path);
  return { fileKey, exportName: 'local', path, fileId: path, inode: '<none>:0' };
}
