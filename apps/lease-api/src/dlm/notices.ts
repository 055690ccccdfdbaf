import type { dlm } from '#contracts';
import type { DlmRef, SessionEvent } from '../application/session-events';

type What = Omit<dlm.Notice, 'position'>;

const about = ({ lockId, connectionId, export: exportName, resource }: DlmRef) => ({
  ...{ lockId, connectionId, export: exportName, resource },
});

/** What a lock manager is told of an event of its session: nothing, unless it is about locks in modes. */
export function noticesFor(told: SessionEvent): What[] {
  switch (told.event) {
    case 'completed': {
      const { mode, seqid, token, value, demoted = false, alternative = false, waitNo } = told.data;
      const read = value && { block: value.block, valid: value.valid };
      const got = { mode, seqid, token: token?.toString(), value: read, demoted, alternative };
      const wait = { waitNo: waitNo?.toString() };
      return [{ completed: { ...about(told.data), ...got, ...wait } }];
    }
    case 'blocking':
      return [{ blocking: { ...about(told.data), mode: told.data.mode } }];
    case 'cancelled': {
      const { reason, waitNo } = told.data;
      return [{ cancelled: { ...about(told.data), reason, waitNo: waitNo?.toString() } }];
    }
    case 'unlocked':
      return [{ unlocked: { ...about(told.data), reason: told.data.reason } }];
    case 'recovery': {
      const {
        connectionId,
        export: exportName,
        node,
        region,
        noticeId,
        incarnation,
        acknowledge,
      } = told.data;
      const of = { connectionId, export: exportName, node, region };
      return [{ recovery: { ...of, noticeId, incarnation, acknowledge } }];
    }
    case 'disconnected':
      return [{ disconnected: told.data }];
    case 'resync':
      return [{ resync: told.data }];
    case 'expired':
      return [{ expired: {} }];
    default:
      return [];
  }
}
