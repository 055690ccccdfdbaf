import type { FileRef, LockView, VerbInput, VerbOutput } from '#locks';
import type { Arbiter } from './arbiter';
import { isRefused, refuse, type Refused } from './refusal';

/** A session that reads: what it may see depends on what it has there. */
export interface Reader {
  sessionId: string;
  digest: string;
}

const pageRows = 256;

/** Whether a session has something where it wants to look. No reader: a storage server or an administrator asks. */
export class Holders {
  constructor(private readonly arbiter: Arbiter) {}

  /** The session needs a lease, an open, a lock or a wait on the file. Refused: nothing_there, and as for a session. */
  ofFile(
    reader: Reader | undefined,
    file: Pick<FileRef, 'exportName' | 'fileId'>,
  ): Promise<Refused | undefined> {
    const { exportName, fileId } = file;
    return this.has(reader, (lock) => lock.exportName === exportName && lock.fileId === fileId);
  }

  /**
   * The session or one of its pins must depend on the item, or it has a lock in the export.
   * Refused: as for `ofFile`.
   */
  async ofItem(
    reader: Reader | undefined,
    { kind, name }: Pick<VerbInput<'dependentList'>, 'kind' | 'name'>,
  ): Promise<Refused | undefined> {
    if (reader === undefined) return undefined;
    if (kind === 'exports') {
      const refused = await this.has(reader, ({ exportName }) => exportName === name);
      if (refused?.refused.reason !== 'nothing_there') return refused;
    }
    const known = await this.arbiter.run('sessionGet', reader);
    if (isRefused(known)) return known;
    const own = `sessions/${reader.sessionId}`;
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: VerbOutput<'dependentList'> = await this.arbiter.run('dependentList', {
        kind,
        name,
        after,
        limit: pageRows,
      });
      // Do not reveal to a session without a stake in the item that it does not exist.
      if (isRefused(page)) return refuse('nothing_there');
      if (page.dependents.some((each) => `${each.kind}/${each.name}` === own || each.by === own))
        return undefined;
      ({ after } = page);
    }
    return refuse('nothing_there');
  }

  private async has(
    reader: Reader | undefined,
    there: (lock: LockView) => boolean,
  ): Promise<Refused | undefined> {
    if (reader === undefined) return undefined;
    const known = await this.arbiter.run('sessionGet', reader);
    if (isRefused(known)) return known;
    const { sessionId } = reader;
    let after: number | undefined = 0;
    while (after !== undefined) {
      const page: VerbOutput<'lockList'> = await this.arbiter.run('lockList', {
        sessionId,
        after,
        limit: pageRows,
      });
      if (page.locks.some(there)) return undefined;
      ({ after } = page);
    }
    return refuse('nothing_there');
  }
}
