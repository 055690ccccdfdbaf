import type { Table } from '#locks';
import {
  clientKeyOf,
  digestOf,
  fileKeyOf,
  ownerKeyOf,
  randomId,
} from '../../apps/lease-api/src/application/ids';
import { clockMs } from './figure';

export const fillSessions = 1_000;
/** Grants under way at a time. */
const atOnce = 500;
const ttlMs = 3_600_000;
/** Filling stops then, however far it has come. */
const fillMs = 300_000;

export interface Place {
  path: string;
  owner: string;
}

/** Read leases as the service would have granted them, straight into a table, over up to 1,000 sessions that last. */
export class Fill {
  readonly digest = digestOf('benchmark');
  private readonly sessionIds: string[] = [];
  /** Leases in the table. */
  held = 0;

  /** `place`: file and owner of lease number `no`. */
  constructor(private readonly place: (no: number, sessionId: string) => Place) {}

  /** Adds leases until the table has so many, or until five minutes are over. Returns grants a second. */
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

  /** A further session, that holds nothing. */
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
  return { fileKey: fileKeyOf('local', path), exportName: 'local', path, fileId: path, inode: '<none>:0' };
}
