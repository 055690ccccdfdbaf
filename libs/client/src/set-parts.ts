import type { RangeClass } from '#contracts';
import { limits } from '#contracts/plain';
import { LeaseholdError } from './error';
import type { Lease, OnBreak } from './lease';
import { LeaseSet } from './lease-set';
import { asyncDispose } from './platform';
import type { RangeHold } from './range';
import type { Permit } from './semaphore';

/** Bytes of EXPORT:FILE in a set; a posix lock of all of them unless it says otherwise. */
export interface SetRange {
  name: string;
  type: 'read' | 'write';
  class?: RangeClass;
  start?: number | bigint;
  end?: number | bigint | 'EOF';
}
export interface SetLease {
  name: string;
  type: 'read' | 'write';
  maxHoldMs?: number | undefined;
}
export interface SetPermit {
  name: string;
  limit: number;
  maxHoldMs?: number | undefined;
}
/** What a set is to have: several leases, ranges and permits by name, EXPORT:NAME. */
export interface SetParts {
  leases?: readonly SetLease[];
  ranges?: readonly SetRange[];
  permits?: readonly SetPermit[];
}

interface PartWait {
  waitMs: number;
  signal: AbortSignal;
}
/** How a session takes one part. It gives back what it may have got of a part whose answer it does not know. */
export interface PartTaker {
  lease(part: SetLease, wait: PartWait & { owner?: string; onBreak?: OnBreak }): Promise<Lease>;
  range(part: SetRange, wait: PartWait & { owner?: string }): Promise<RangeHold>;
  permit(part: SetPermit, wait: PartWait & { owner?: string }): Promise<Permit>;
  /** Throws if a range is gone. */
  check(range: RangeHold): Promise<unknown>;
}

type Numbered<T> = T & { at: number };
const numbered = <T>(parts: readonly T[] = []): Numbered<T>[] => parts.map((part, at) => ({ ...part, at }));
const compare = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: { name: string }, b: { name: string }): number => compare(a.name, b.name);
const spaceOf = ({ class: kind }: SetRange): string => (kind === 'flock' ? 'whole' : 'bytes');
const byPlace = (a: SetRange, b: SetRange): number =>
  byName(a, b) || compare(spaceOf(a), spaceOf(b)) || compare(BigInt(a.start ?? 0), BigInt(b.start ?? 0));

const refused = (message: string): LeaseholdError =>
  LeaseholdError.of('bad_request', { issues: [{ path: 'names', message }] });

/**
 * Takes the parts of a set one after the other, in the order in which the service takes those of `POST /v1/sets`
 * (docs/decisions/0067-sets.md), so that both wait for each other in no circle. Each part is a request that keeps its place in its
 * queue however long it waits. If one is refused, lost or not granted in time, those before it are released, then it throws.
 */
export async function takePartByPart(
  taker: PartTaker,
  parts: SetParts,
  options: {
    waitMs: number;
    owner?: string | undefined;
    onBreak?: OnBreak | undefined;
    signal?: AbortSignal | undefined;
  },
): Promise<LeaseSet> {
  const { waitMs, owner, onBreak, signal } = options;
  const [leases, ranges, permits] = [
    numbered(parts.leases).sort(byName),
    numbered(parts.ranges).sort(byPlace),
    numbered(parts.permits).sort(byName),
  ];
  const count = leases.length + ranges.length + permits.length;
  if (count === 0 || count > limits.leasesPerRequestMax)
    throw refused(`must be 1 to ${String(limits.leasesPerRequestMax)} names`);
  for (const all of [leases, permits])
    if (new Set(all.map(({ name }) => name)).size < all.length) throw refused('must have each name once');

  const got: { leases: Lease[]; ranges: RangeHold[]; permits: Permit[] } = {
    leases: [],
    ranges: [],
    permits: [],
  };
  // In the order of the request; what is not taken yet leaves no holes.
  const taken = (): LeaseSet =>
    new LeaseSet(Object.values(got.leases), Object.values(got.permits), Object.values(got.ranges));
  const takes = [
    ...leases.map(({ at, ...part }) => async (wait: PartWait): Promise<void> => {
      got.leases[at] = await taker.lease(part, { ...wait, owner, onBreak });
    }),
    ...ranges.map(({ at, ...part }) => async (wait: PartWait): Promise<void> => {
      got.ranges[at] = await taker.range(part, { ...wait, owner });
    }),
    ...permits.map(({ at, ...part }) => async (wait: PartWait): Promise<void> => {
      got.permits[at] = await taker.permit(part, { ...wait, owner });
    }),
  ];
  const until = performance.now() + waitMs;
  // Longer than the service holds one request open: the part waits without an end, and we end it.
  const isLong = waitMs > limits.waitMsMax;
  const late = isLong && waitMs <= timerMsMax ? AbortSignal.timeout(waitMs) : undefined;
  try {
    for (const take of takes) {
      const ends = [taken().signal, signal, late].filter((end) => end !== undefined);
      const left = isLong ? Infinity : Math.max(0, Math.ceil(until - performance.now()));
      await take({ waitMs: left, signal: AbortSignal.any(ends) });
    }
    // While one was waited for, those before it may have been taken away.
    for (const range of takes.length > 1 ? got.ranges : []) await taker.check(range);
    const set = taken();
    set.signal.throwIfAborted();
    return set;
  } catch (error) {
    await taken()[asyncDispose]();
    throw late?.aborted === true && error === late.reason ? LeaseholdError.of('wait_elapsed') : error;
  }
}

/** Timers cannot be longer. */
const timerMsMax = 2 ** 31 - 1;
