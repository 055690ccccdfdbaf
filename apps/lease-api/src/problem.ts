import type { z } from 'zod';
import { type configuration, type Problem, problemOf, reasons } from '#contracts';
import {
  type Blocker,
  type BreakView,
  type Dependent,
  type Range,
  type Reason as RuleReason,
  TableFull,
  TableUnreachable,
} from '#locks';
import { itemOf } from './application/items';
import { bytesOf, endOfFile } from './application/offsets';
import { isRefused, namedCycle, type Refused } from './application/refusal';

/** A refusal or a malformed request on its way to the caller; the filter of each transport turns it into an answer. */
export class LeaseError extends Error {
  override readonly name = 'LeaseError';

  /** `missing`: the item that the caller has named and that does not exist, as `kind/name`. */
  constructor(
    readonly problem: Problem,
    readonly missing?: string,
  ) {
    super(`${problem.code} ${problem.reason}`);
  }
}

/** Returns the value, or throws the refusal as an error. For use at the edges. */
export function granted<T extends object | undefined>(value: T): Exclude<T, Refused> {
  if (value !== undefined && isRefused(value))
    throw new LeaseError(problemOfRefusal(value), value.refused.missing);
  return value as Exclude<T, Refused>;
}

/** A break in wire form: instants instead of milliseconds. */
export function presentBreak({ breakId, target, deadlineWall, remainingMs }: BreakView): {
  breakId: string;
  target: 'none' | 'read';
  deadlineAt?: string;
  remainingMs?: number;
} {
  return {
    breakId,
    target,
    deadlineAt: deadlineWall === undefined ? undefined : new Date(deadlineWall).toISOString(),
    remainingMs,
  };
}

/** Offsets in wire form: decimal digits, or `EOF` for the end of the file. */
export function presentEnds(range: Partial<Range>): { start?: string; end?: string } {
  const { startHi, startLo, endHi, endLo } = range;
  if (startHi === undefined || startLo === undefined || endHi === undefined || endLo === undefined) return {};
  const { start, end } = bytesOf({ startHi, startLo, endHi, endLo });
  return { start: String(start), end: end === endOfFile ? 'EOF' : String(end) };
}

export function presentBlocker(blocker: Blocker): NonNullable<Problem['blockers']>[number] {
  type Shown = NonNullable<Problem['blockers']>[number];
  return {
    id: blocker.id,
    kind: blocker.kind,
    sessionId: blocker.sessionId,
    owner: blocker.owner,
    pid: blocker.pid,
    label: blocker.label,
    node: blocker.node,
    ageMs: blocker.ageMs,
    type: blocker.type,
    deny: blocker.deny,
    ...presentEnds(blocker),
    otherTenant: blocker.otherTenant,
    atFileserver: blocker.atFileserver,
    state: blocker.state as Shown['state'],
  };
}

/** A dependent in wire form. `isAdmin`: only administrators see the incarnation of an adapter. */
export function presentDependent(
  { kind, name, because, by, otherTenant }: Dependent,
  isAdmin: boolean,
): z.infer<typeof configuration.dependent> {
  type Told = z.infer<typeof configuration.dependent>;
  return {
    kind: kind as Told['kind'],
    ...((kind === 'adapters' && !isAdmin) || otherTenant === true ? {} : { name }),
    because,
    by: by === undefined ? undefined : itemOf(by),
    otherTenant,
  };
}

/**
 * The reasons that a refusal may have. Of those excluded, two mean a retry; the others end waits and go into events.
 */
type Worded = Exclude<RuleReason, 'resolve_again' | 'enter_first' | 'admin' | 'session_ended'>;
/** The compiler checks that each of them has a text. */
const words: { readonly [R in Worded]: (typeof reasons)[R] } = reasons;
const isWorded = (reason: RuleReason): reason is Worded => reason in words;

/** The problem for a refusal: its text from the catalog, with the facts of the case. */
export function problemOfRefusal({ refused }: Refused): Problem {
  const {
    reason,
    break: running,
    blockers,
    cycle,
    dependents,
    missing,
    overlap,
    ended,
    usedBy,
    ...facts
  } = refused;
  if (!isWorded(reason))
    return problemOf('invariant', {
      detail: `The rules returned the internal reason ${reason}.`,
    });
  return problemOf(reason, {
    ...(overlap === undefined ? {} : { detail: `${overlap.exportName} overlaps with ${overlap.other}.` }),
    ...(usedBy === undefined ? {} : { detail: `The other export is ${usedBy}.` }),
    ...(missing === undefined ? {} : { detail: `${missing} does not exist.` }),
    ...(ended === undefined ? {} : { detail: `How it ended: ${ended}.` }),
    ...facts,
    blockers: blockers?.map(presentBlocker),
    // Only administrators remove or change items, so only they are refused because of dependents.
    dependents: dependents?.map((each) => presentDependent(each, true)),
    cycle: cycle === undefined ? undefined : namedCycle(cycle),
    break: running === undefined ? undefined : presentBreak(running),
  });
}

/** The problem for a thrown error; undefined if it is unexpected: that is a bug, and goes to the log. */
export function problemOfError(error: unknown): Problem | undefined {
  if (error instanceof LeaseError) return error.problem;
  if (error instanceof TableUnreachable) return problemOf('table_unreachable', { retryAfterMs: 1_000 });
  if (error instanceof TableFull) return problemOf('table_full');
  return undefined;
}
