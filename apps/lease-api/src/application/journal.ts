import type { RecordRow } from '#locks';
import type { Log } from '../telemetry/logger';
import type { Follower } from './relay';

/**
 * Says in the log what befalls the cluster without anybody having asked for it here: whoever reads one at night must find
 * it. Every lease API says so, whichever of them found it.
 */
export class Journal implements Follower {
  constructor(private readonly log: Log) {}

  records(records: readonly RecordRow[]): void {
    for (const record of records) this.note(record);
  }

  /** What was missed is in the listings. */
  gap(): void {}

  private note({ kind, exportName, path, cause, sessionId, leaseId, item, reason }: RecordRow): void {
    const { log } = this;
    if (cause === 'fileserver_stopped')
      log.info(
        { export: exportName, file: path, cause },
        kind === 'jeopardy'
          ? 'the fileserver adapter of an export stops: what is held there is in doubt until another comes'
          : 'leases that cannot outlive their fileserver adapter were taken from their holders',
      );
    else if (kind === 'jeopardy' && exportName !== undefined)
      log.error(
        {
          export: exportName,
          cause,
          next:
            cause === 'fileserver_lost'
              ? 'see whether its adapter runs and can reach this service'
              : 'put its directory back, or restart its adapter',
        },
        'an export has lost its fileserver: what is held there is in doubt, and nothing new is asked for',
      );
    else if (kind === 'reclaimed' && exportName !== undefined && path === undefined)
      log.info({ export: exportName }, 'an export has its fileserver again');
    // The mark of a whole file; what each of its leases says comes after it.
    else if (kind === 'revoked' && leaseId === undefined)
      log.warn(
        { export: exportName, file: path, cause },
        'leases were taken from their holders; their tokens are refused',
      );
    else if (kind === 'expired' && cause !== 'ended')
      log.info({ sessionId, cause }, 'a session was not kept alive, and is over');
    else if (kind === 'configured' && item?.startsWith('nodes/') === true && reason === 'recovering')
      log.error(
        { item, next: 'see whether the node runs' },
        'a node is dead: who subscribed is told, then what it held is released',
      );
    else if (kind === 'configured' && item?.startsWith('nodes/') === true && reason === 'down')
      log.info({ item }, 'what a dead node held is released');
    else if (kind === 'configured' && item?.startsWith('operations/') === true)
      log.info({ item, phase: reason }, 'an operation goes on');
  }
}
