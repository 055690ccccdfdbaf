import type { Reason, RecordOf, RecordRow } from '#locks';
import { refuse, type Refused } from './refusal';
import type { Relay, Watch } from './relay';

/** How long to wait for one's turn, and how. */
export interface Patience {
  /** The request is refused when it has been in the queue for so long; 0 = it is not queued at all. */
  waitMs: number;
  /** Answer as soon as it is in the queue; events say how it ends. */
  queued?: boolean;
  /** Fires when the caller has gone, or gives up. */
  signal?: AbortSignal;
  /** How long it may wait for a fileserver that is not there, where the caller has said so. */
  backendMs?: number;
  /** Fires when the caller has gone: for that wait, which few requests have. */
  departed?: () => AbortSignal;
}

/** The table ends a wait; this is how long its record may take beyond that. */
const marginMs = 2_000;
/** A row has gone, and the record that says why may be on its way. */
const recordMs = 1_000;

/** Records that say how a request ended. */
export type Verdict = RecordOf<'dropped' | 'undone' | 'locked' | 'changed'>;
const verdicts: ReadonlySet<RecordRow['kind']> = new Set<Verdict['kind']>([
  'dropped',
  'undone',
  'locked',
  'changed',
]);
const isVerdict = (record: RecordRow): record is Verdict => verdicts.has(record.kind);

/**
 * Where a request is found again by whoever repeats it. `nowhere`: only this call knows of it. `repeated`: the same request
 * finds it. `named`: so it does, and its caller has named it by a requestId in order to come back for it.
 */
export type Findable = 'nowhere' | 'repeated' | 'named';

/** A request that the table keeps until it is decided. */
export interface Parked<T> {
  /** What it is known by while it waits. */
  id: string;
  findable: Findable;
  /** What its row says: the answer, that it waits still, or that it is decided otherwise, or gone. */
  look(): Promise<T | Refused | 'waits' | 'gone'>;
  /** The answer for one that is `gone`; the record says how, and is absent where records were missed. */
  ended(verdict: Verdict | undefined): Promise<T | Refused>;
  /** Takes it out of the table. Returns what it became where that was faster, and undefined where nothing is left of it. */
  withdraw(): Promise<T | Refused | undefined>;
  /** Beyond the time in the queue: how long a fileserver may take to answer. */
  furtherMs?: number;
}

/**
 * Follows requests that wait, on behalf of who waits for the answer. No answer says no to what may still become yes
 * (docs/decisions/0016-held-requests.md): a request is withdrawn in the table before its refusal leaves, or the refusal
 * names it by `waitId`.
 */
export class Waiting {
  constructor(private readonly relay: Relay) {}

  /**
   * Resolves when the request is decided, the caller has gone, or nobody decides it in time. `watch` began before the
   * request did.
   */
  async follow<T extends object>(
    watch: Watch,
    { waitMs, signal }: Patience,
    parked: Parked<T>,
  ): Promise<T | Refused> {
    // An earlier request for the same waits; this one would not.
    if (waitMs === 0 && parked.furtherMs === undefined) return goesOn('request_pending', parked.id);
    const until = performance.now() + waitMs + (parked.furtherMs ?? 0) + marginMs;
    let verdict: Verdict | undefined;
    for (;;) {
      const left = until - performance.now();
      const over = left <= 0 || this.relay.stopping || signal?.aborted === true;
      const record = over ? undefined : await watch.next(left, signal);
      if (record !== undefined && isVerdict(record)) verdict = record;
      const found = await parked.look();
      if (found === 'gone') return parked.ended(verdict ?? (await this.verdict(watch, signal)));
      if (found !== 'waits') return found;
      if (over) return this.leave(parked, signal?.aborted === true);
    }
  }

  /** The record that says how a request ended whose row has gone; undefined where it was missed. */
  async verdict(watch: Watch, signal: AbortSignal | undefined): Promise<Verdict | undefined> {
    for (;;) {
      const record = await watch.next(recordMs, signal);
      if (record === undefined || isVerdict(record)) return record;
    }
  }

  /** Nobody waits any longer for a request that is not decided. */
  private async leave<T extends object>(parked: Parked<T>, departed: boolean): Promise<T | Refused> {
    const { id, findable } = parked;
    // Nobody hears this; whoever named the request comes back for it.
    if (departed && findable === 'named') return goesOn('cancelled', id);
    const stopping = !departed && this.relay.stopping;
    if (stopping && findable !== 'nowhere') return goesOn('service_stopping', id);
    const faster = await parked.withdraw();
    if (faster !== undefined) return faster;
    if (stopping) return refuse('service_stopping', { retryAfterMs: stoppedMs });
    return refuse(departed ? 'cancelled' : 'wait_elapsed');
  }
}

/** How long a node that is stopped may be away. */
export const stoppedMs = 1_000;

/** The answer where the request itself goes on. */
export function goesOn(reason: Reason, waitId: string): Refused {
  return refuse(reason, { waitId, retryAfterMs: reason === 'service_stopping' ? stoppedMs : undefined });
}

/** What the end of a wait is for who waited; where no record tells, the wait is over and nothing was granted. */
export function refusedBecause(verdict: Verdict | undefined): Refused {
  if (verdict?.kind !== 'dropped' && verdict?.kind !== 'undone') return refuse('wait_elapsed');
  const { reason } = verdict;
  if (reason === 'session_ended') return refuse('session_expired');
  // Somebody has taken it out of the queue: an administrator.
  if (reason === 'admin') return refuse('cancelled');
  return refuse(reason, verdict.kind === 'dropped' ? { cycle: verdict.cycle } : {});
}
