import type { RecordOf, RecordRow } from '#locks';
import type { Log } from '../telemetry/logger';
import { Echoes } from './positions';
import type { Follower } from './relay';

/**
 * Logs what happens to the cluster without a request to this process. Every lease API logs it, no matter which of them
 * noticed it, so that an operator finds it in any log.
 */
export class Journal implements Follower {
  private readonly echoes: Echoes;

  /** @param shards how many the table has. */
  constructor(
    private readonly log: Log,
    shards: number,
  ) {
    this.echoes = new Echoes(shards);
  }

  records(records: readonly RecordRow[]): void {
    for (const record of records) if (!this.echoes.has(record)) this.note(record);
  }

  /** Missed records are not logged; the listings show the result. */
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
        // Only the watermark of the whole file; the records of its single leases follow.
        if (record.leaseId === undefined) this.noteRevoked(record);
        break;
      case 'expired':
        if (record.cause !== 'ended')
          log.info(
            { sessionId: record.sessionId, cause: record.cause },
            'a session is over: it was not kept alive, or an administrator ended it',
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
        'the fileserver adapter of an export is stopping: its leases are in jeopardy until another adapter registers',
      );
    else if (cause === 'fileserver_away')
      log.info(
        { export: exportName, cause, next: 'start its adapter' },
        'the fileserver adapter of an export has not reported since this service was last down',
      );
    else
      log.error(
        {
          export: exportName,
          cause,
          next:
            cause === 'fileserver_lost'
              ? 'check that its adapter is running and can reach this service'
              : 'put its directory back, or restart its adapter',
        },
        'an export has lost its fileserver: its leases are in jeopardy, and nothing new is granted',
      );
  }

  private noteRevoked({ exportName, path, cause }: RecordOf<'revoked'>): void {
    const { log } = this;
    const facts = { export: exportName, file: path, cause };
    if (cause === 'fileserver_stopped')
      log.info(facts, 'leases that cannot outlive their fileserver adapter were revoked');
    else log.warn(facts, 'leases were revoked; their tokens are refused');
  }

  private noteItem({ item, reason }: RecordOf<'configured'>): void {
    const { log } = this;
    if (item.startsWith('nodes/') && reason === 'recovering')
      log.error(
        { item, next: 'check whether the node is running' },
        'a node is dead: subscribers are told, then what it held is released',
      );
    else if (item.startsWith('nodes/') && reason === 'leaving')
      log.info({ item }, 'a node stops in order: subscribers are told, then what it held is released');
    else if (item.startsWith('nodes/') && reason === 'down')
      log.info({ item }, 'what a node held is released');
    else if (item.startsWith('operations/'))
      log.info({ item, phase: reason }, 'an operation has entered its next phase');
  }
}
