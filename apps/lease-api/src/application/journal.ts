import type { RecordOf, RecordRow } from '#locks';
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

  private note(record: RecordRow): void {
    const { log } = this;
    switch (record.kind) {
      case 'jeopardy':
        this.noteLost(record);
        break;
      case 'reclaimed':
        if (record.fileKey === undefined)
          log.info({ export: record.exportName }, 'an export has its fileserver again');
        break;
      case 'revoked':
        // The mark of a whole file; what each of its leases says comes after it.
        if (record.leaseId === undefined) this.noteRevoked(record);
        break;
      case 'expired':
        if (record.cause !== 'ended')
          log.info(
            { sessionId: record.sessionId, cause: record.cause },
            'a session was not kept alive, and is over',
          );
        break;
      case 'configured':
        this.noteItem(record);
        break;
      default:
    }
  }

  private noteLost({ exportName, cause }: RecordOf<'jeopardy'>): void {
    const { log } = this;
    if (cause === 'fileserver_stopped')
      log.info(
        { export: exportName, cause },
        'the fileserver adapter of an export stops: what is held there is in doubt until another comes',
      );
    else if (cause === 'fileserver_away')
      log.info(
        { export: exportName, cause, next: 'start its adapter' },
        'the fileserver adapter of an export has not come back since this service was away',
      );
    else
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
  }

  private noteRevoked({ exportName, path, cause }: RecordOf<'revoked'>): void {
    const { log } = this;
    const facts = { export: exportName, file: path, cause };
    if (cause === 'fileserver_stopped')
      log.info(facts, 'leases that cannot outlive their fileserver adapter were taken from their holders');
    else log.warn(facts, 'leases were taken from their holders; their tokens are refused');
  }

  private noteItem({ item, reason }: RecordOf<'configured'>): void {
    const { log } = this;
    if (item.startsWith('nodes/') && reason === 'recovering')
      log.error(
        { item, next: 'see whether the node runs' },
        'a node is dead: who subscribed is told, then what it held is released',
      );
    else if (item.startsWith('nodes/') && reason === 'leaving')
      log.info({ item }, 'a node stops in order: who subscribed is told, then what it held is released');
    else if (item.startsWith('nodes/') && reason === 'down')
      log.info({ item }, 'what a node held is released');
    else if (item.startsWith('operations/')) log.info({ item, phase: reason }, 'an operation goes on');
  }
}
