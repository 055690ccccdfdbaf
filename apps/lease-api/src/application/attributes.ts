import type { Attributes as AttributesRow, RecordOf, VerbInput } from '#locks';
import type { Arbiter } from './arbiter';
import type { Exports } from './exports';
import { randomId } from './ids';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay, Watch } from './relay';
import { stoppedMs } from './waiting';

/** How long a holder has to answer if the request does not say. */
const waitMsDefault = 5_000;
/** How much later the record of the answer may arrive. */
const marginMs = 500;
const word = 2n ** 32n;

export interface AttributesRequest {
  sessionId: string;
  export: string;
  file: string;
  handle?: string;
  /** The values that the fileserver has. */
  change: bigint;
  size: bigint;
  /** Also ask for the holder's timestamps. */
  times?: boolean;
  waitMs?: number;
}
/**
 * A file's attributes as its holder reports them. `none`: ask the fileserver (again). `own`: the session is the holder.
 */
export type AttributesAnswer =
  | { holder: 'none' | 'own' }
  | {
      holder: 'other';
      modified: boolean;
      change: bigint;
      size: bigint;
      accessedAt?: string;
      modifiedAt?: string;
    };
export interface Told {
  askId: string;
  /** The holder declines to answer. */
  refused?: boolean;
  /** Changed since the lease was granted. */
  modified?: boolean;
  size?: bigint;
  accessedAt?: string;
  modifiedAt?: string;
}

/** Attributes of files whose holder may have unwritten changes (CB_GETATTR, RFC 8881 §10.4.3). */
export class FileAttributes {
  constructor(
    private readonly arbiter: Arbiter,
    private readonly exports: Exports,
    private readonly relay: Relay,
  ) {}

  /**
   * Asks the holder of a write lease or delegation on the file. A holder that does not answer is recalled:
   * `break_started`.
   * Refused: break_started, asks_max, cancelled, grace, and the refusals of a name or a session.
   */
  async ask(
    request: AttributesRequest,
    digest: string,
    signal?: AbortSignal,
  ): Promise<AttributesAnswer | Refused> {
    const { sessionId, change, size, times, waitMs = waitMsDefault } = request;
    const file = await this.exports.resolveFor(sessionId, digest, request);
    // A file that cannot be leased has no holder.
    if (isRefused(file)) return file.refused.reason === 'lease_type_unsupported' ? { holder: 'none' } : file;
    const askId = randomId();
    const watch = this.relay.watch(askId);
    try {
      const asked = await this.arbiter.run('attributesAsk', {
        ...{ sessionId, digest, askId, file, times, waitMs },
        ...{ changeHi: Number(change / word), changeLo: Number(change % word) },
        ...{ sizeHi: Number(size / word), sizeLo: Number(size % word) },
      });
      if (isRefused(asked)) return asked;
      const { holder, leaseId } = asked;
      if (holder !== 'other' || leaseId === undefined) return { holder: holder === 'own' ? 'own' : 'none' };
      const answered = await this.answer(watch, waitMs + marginMs, signal);
      if (answered?.attributes !== undefined) return said(answered.attributes, answered.wall);
      if (answered?.cause === 'ended') return { holder: 'none' };
      if (signal?.aborted === true) return refuse('cancelled');
      if (this.relay.stopping) return refuse('service_stopping', { retryAfterMs: stoppedMs });
      const recalled = await this.arbiter.run('attributesRecall', { sessionId, digest, leaseId, askId });
      if (!isRefused(recalled)) return recalled;
      const how =
        answered === undefined ? 'did not report the attributes in time' : 'refused to report the attributes';
      const detail = `The holder ${how}, and is being recalled.`;
      return { refused: { ...recalled.refused, detail } };
    } finally {
      watch.close();
    }
  }

  /**
   * The holder's answer.
   * Refused: ask_over, no_such_lease, and as for a session.
   */
  async tell(leaseId: string, told: Told, digest: string): Promise<Refused | undefined> {
    const { askId, refused, modified, size, accessedAt, modifiedAt } = told;
    const input: VerbInput<'attributesTell'> = {
      ...{ leaseId, digest, askId, refused, modified, accessedAt, modifiedAt },
      accessedMs: accessedAt === undefined ? undefined : Date.parse(accessedAt),
      modifiedMs: modifiedAt === undefined ? undefined : Date.parse(modifiedAt),
      sizeHi: size === undefined ? undefined : Number(size / word),
      sizeLo: size === undefined ? undefined : Number(size % word),
    };
    const answer = await this.arbiter.run('attributesTell', input);
    return isRefused(answer) ? answer : undefined;
  }

  /** Waits for the record of the answer. Returns undefined if it did not come in time, or was missed. */
  private async answer(
    watch: Watch,
    ms: number,
    signal: AbortSignal | undefined,
  ): Promise<RecordOf<'answered'> | undefined> {
    const until = performance.now() + ms;
    for (;;) {
      const left = until - performance.now();
      if (left <= 0 || this.relay.stopping || signal?.aborted === true) return undefined;
      const record = await watch.next(left, signal);
      if (record?.kind === 'answered') return record;
    }
  }
}

function said(row: AttributesRow, answeredMs: number): AttributesAnswer {
  const { modified, changeHi, changeLo, sizeHi, sizeLo } = row;
  const now = new Date(answeredMs).toISOString();
  return {
    ...{ holder: 'other', modified },
    accessedAt: row.accessedNow === true ? now : row.accessedAt,
    modifiedAt: row.modifiedNow === true ? now : row.modifiedAt,
    change: BigInt(changeHi) * word + BigInt(changeLo),
    size: BigInt(sizeHi) * word + BigInt(sizeLo),
  };
}
