import { type Reason, type RecordOf, type RecordRow, TableUnreachable } from '#locks';
import { isRefused, refuse, type Refused } from './refusal';
import type { Relay, Watch } from './relay';

/** How long a request waits for its turn, and how. */
export interface Patience {
  /** The request is refused after this long in the queue; 0: it is not queued at all. */
  waitMs: number;
  /** Answer as soon as the request is in the queue; events report how it ends. */
  queued?: boolean;
  /** Fires when the caller has gone, or gives up. */
  signal?: AbortSignal;
  /** How long the request may wait for an absent fileserver, if the caller has said so. */
  backendMs?: number;
  /** Makes a signal that fires when the caller has gone. Made on demand: few requests wait for a fileserver. */
  departed?: () => AbortSignal;
}

/** The table ends a wait; this is how much later its record may arrive. */
const marginMs = 2_000;
/** How long to wait for the record that says why a row has gone. */
const recordMs = 1_000;

/** Records that say how a request ended. */
export type Verdict = RecordOf<'dropped' | 'undone' | 'locked' | 'changed' | 'unlocked' | 'surrendered'>;
const verdicts: ReadonlySet<RecordRow['kind']> = new Set<Verdict['kind']>([
  'dropped',
  'undone',
  'locked',
  'changed',
  'unlocked',
  'surrendered',
]);
const isVerdict = (record: RecordRow): record is Verdict => verdicts.has(record.kind);

/**
 * Whether a repeat finds a request again. `nowhere`: only this call knows of it. `repeated`: the same request finds it.
 * `named`: likewise, and the caller has given it a requestId in order to come back for it.
 */
export type Findable = 'nowhere' | 'repeated' | 'named';

/** A request that the table keeps until it is decided. */
export interface Parked<T> {
  /** Identifies the request while it waits. */
  id: string;
  findable: Findable;
  /** What its row says: the answer or a refusal, that it still waits, or that the row is gone. */
  look(): Promise<T | Refused | 'waits' | 'gone'>;
  /** The answer if the row is `gone`. The record says how it ended; it is absent if records were missed. */
  ended(verdict: Verdict | undefined): Promise<T | Refused>;
  /** Takes the request out of the table. Returns the outcome if that came first; undefined if nothing is left of it. */
  withdraw(): Promise<T | Refused | undefined>;
  /** How long a fileserver may take to answer, in addition to the time in the queue. */
  furtherMs?: number;
}

/**
 * Follows waiting requests on behalf of their callers. A request that was refused must not be granted later
 * (docs/decisions/0016-held-requests.md): it is withdrawn in the table before its refusal leaves, or the refusal names
 * it by `waitId`.
 */
export class Waiting {
  constructor(private readonly relay: Relay) {}

  /**
   * Resolves when the request is decided, when the caller has gone, or when it was not decided in time. `watch` must
   * have begun before the request.
   */
  async follow<T extends object>(
    watch: Watch,
    { waitMs, signal }: Patience,
    parked: Parked<T>,
  ): Promise<T | Refused> {
    // An earlier request for the same waits, but this one does not want to.
    if (waitMs === 0 && parked.furtherMs === undefined) return goesOn('request_pending', parked.id);
    const { gaps } = this.relay;
    const until = performance.now() + waitMs + (parked.furtherMs ?? 0) + marginMs;
    let verdict: Verdict | undefined;
    for (;;) {
      const left = until - performance.now();
      const over = left <= 0 || this.relay.stopping || signal?.aborted === true;
      const record = over ? undefined : await watch.next(left, signal);
      if (record !== undefined && isVerdict(record)) verdict = record;
      const found = await parked.look();
      if (found === 'gone') {
        verdict ??= await this.verdict(watch, signal);
        const ended = await parked.ended(verdict);
        const isMissed = verdict === undefined && !over && this.relay.gaps !== gaps;
        // A repeat finds what became of it, or asks for it once more.
        if (isMissed && parked.findable !== 'nowhere' && isRefused(ended))
          throw new TableUnreachable('it may have lost a request that waited');
        return ended;
      }
      if (found !== 'waits') return found;
      if (over) return this.leave(parked, signal?.aborted === true);
    }
  }

  /** The record of how a request ended, after its row has gone; undefined if it was missed. */
  async verdict(
    watch: Watch,
    signal: AbortSignal | undefined,
    withinMs = recordMs,
  ): Promise<Verdict | undefined> {
    for (;;) {
      const record = await watch.next(withinMs, signal);
      if (record === undefined || isVerdict(record)) return record;
    }
  }

  /** Answers a request that is not decided but for which nobody waits any longer. */
  private async leave<T extends object>(parked: Parked<T>, departed: boolean): Promise<T | Refused> {
    const { id, findable } = parked;
    // The caller is gone and does not see this answer. It named the request, and comes back for it.
    if (departed && findable === 'named') return goesOn('cancelled', id);
    const stopping = !departed && this.relay.stopping;
    if (stopping && findable !== 'nowhere') return goesOn('service_stopping', id);
    const faster = await parked.withdraw();
    if (faster !== undefined) return faster;
    if (stopping) return refuse('service_stopping', { retryAfterMs: stoppedMs });
    return refuse(departed ? 'cancelled' : 'wait_elapsed');
  }
}

/** How long a stopped node may be away. */
export const stoppedMs = 1_000;

/** The answer if the request itself goes on. */
export function goesOn(reason: Reason, waitId: string): Refused {
  return refuse(reason, { waitId, retryAfterMs: reason === 'service_stopping' ? stoppedMs : undefined });
}

/** The refusal that the end of a wait means for its caller. Without a record: the wait is over, nothing was granted. */
export function refusedBecause(verdict: Verdict | undefined): Refused {
  if (verdict === undefined || verdict.kind === 'locked' || verdict.kind === 'changed')
    return refuse('wait_elapsed');
  const { reason } = verdict;
  if (reason === 'session_ended') return refuse('session_expired');
  // An administrator has taken it out of the queue, or the holder has given it back meanwhile.
  if (reason === 'admin' || reason === 'holder') return refuse('cancelled');
  return refuse(reason, verdict.kind === 'dropped' ? { cycle: verdict.cycle } : {});
}
