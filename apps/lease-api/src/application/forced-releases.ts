import type { RecordRow } from '#locks';
import type { Audit } from '../telemetry/audit';
import type { Follower } from './relay';

/**
 * Audits what holders lost by force: revoked at a deadline or by an administrator, or because their session or node is
 * dead. Every lease API sees the records of all, so each of them audits them, under the same number.
 */
export class ForcedReleases implements Follower {
  constructor(private readonly audit: Audit) {}

  records(records: readonly RecordRow[]): void {
    for (const record of records) {
      const forced = forcedIn(record);
      if (forced !== undefined)
        this.audit.record({
          outcome: 'forced',
          action: record.kind,
          record: `${String(record.epoch)}-${String(record.no)}`,
          ...forced,
        });
    }
  }

  /** The log of the table was trimmed or restored: what it said meanwhile is in the audit logs of other lease APIs, if at all. */
  gap(): void {
    this.audit.record({ outcome: 'dropped', action: 'records' });
  }
}

interface Forced {
  target?: string;
  sessionId?: string;
  lockId?: string;
  reason: string;
}

function forcedIn(record: RecordRow): Forced | undefined {
  switch (record.kind) {
    case 'revoked':
      return {
        target: `${record.exportName}:${record.path}`,
        sessionId: record.sessionId,
        lockId: record.leaseId,
        reason: record.cause,
      };
    case 'closed':
      if (record.reason === 'holder' || record.reason === 'session_ended') return undefined;
      return {
        target: `${record.exportName}:${record.path}`,
        sessionId: record.sessionId,
        lockId: record.openId,
        reason: record.reason,
      };
    case 'taken':
      return {
        target: `${record.exportName}:${record.path}`,
        sessionId: record.sessionId,
        lockId: record.rangeId,
        reason: record.reason,
      };
    case 'unlocked':
      if (record.reason === 'session_ended') return undefined;
      return {
        target: `${record.exportName}:${record.path}`,
        sessionId: record.sessionId,
        lockId: record.lockId,
        reason: record.reason,
      };
    case 'expired':
      return record.cause === 'ended' ? undefined : { sessionId: record.sessionId, reason: record.cause };
    case 'unpinned':
      return { target: record.item, sessionId: record.sessionId, reason: record.reason };
    default:
      return undefined;
  }
}
