import type { Blocker, LockView } from '../../io';
import * as keys from '../../keys';
import type { Reason } from '../../reasons';
import type { CycleMember, RequestKind, RequestRow } from '../../rows';
import { agoMs, countWait, inShards, measure, record, setDue, type Step } from '../../step';
import type { File } from '../file';
import type { Wanted } from '../matrix';
import { countFor } from '../quota';

/**
 * The interface of a kind of lock: how its rows are found, what its requests ask for, and how they are granted,
 * withdrawn, shown and ended. The queue, deadlock detection, refusals, listings, deadlines and the ends of sessions and
 * exports know no kind by name; they use the table of kinds (table.ts).
 */

/** A request that is queued or about to be. */
export interface Waiter<R extends RequestRow = RequestRow> {
  kind: LockKind<R>;
  id: string;
  row: R;
}

/** For kinds whose locks conflict only with each other, by a rule of their own instead of the matrix. */
export interface OwnSpace<R extends RequestRow> {
  /** Whether two requests would conflict if both were granted. */
  meets(this: void, earlier: R, later: R): boolean;
  /** Whether the owner of `later` has what `earlier` waits for. */
  ownerHas(this: void, step: Step, file: File, earlier: R, later: R): boolean;
  /** The first `max` locks that block a request. */
  inTheWay(this: void, step: Step, file: File, row: R, max: number): { id: string; row: R }[];
  /** The ids of the requests that are served before this one; absent: those that came earlier. */
  ahead?(this: void, step: Step, file: File, row: R): string[];
  /** An owner whose own lock is in the way can let go of it while it waits: waiting for oneself is no deadlock. */
  readonly asksOwner?: true;
  /** Any one of the locks in the way may make room: a wait is part of a deadlock only if all of their owners are stuck. */
  readonly anyMakesRoom?: true;
  /** Whether a wait takes part in deadlock detection; absent: every wait does. */
  counts?(this: void, row: R): boolean;
  /** The first `max` locks that are held, so that a search can tell whether it would lead anywhere. */
  held?(this: void, step: Step, file: File, max: number): R[];
}

export interface LockKind<R extends RequestRow = RequestRow> {
  readonly name: RequestKind;
  /** The letter of its rows in lists (keys.ts). */
  readonly letter: string;
  /** Whether its requests break leases: while one of them waits, no new lease is granted. */
  readonly breaks: boolean;
  readonly own?: OwnSpace<R>;
  load(this: void, step: Step, id: string): R | undefined;

  // --- a request

  /** What a request asks for, in the terms of the matrix. */
  asks(this: void, row: R): Wanted[];
  /** Grants a request if no hold blocks it; `turn`: it has waited. */
  admit(this: void, step: Step, file: File, waiter: Waiter<R>, turn: boolean): boolean;
  /** Whether a grant may also take something from the owner, and so unblock an earlier request. */
  mayFree(this: void, row: R): boolean;
  /** Why a request is not granted; undefined: no hold blocks it, though an earlier request may. */
  whyNot(this: void, step: Step, file: File, waiter: Waiter<R>): Reason | undefined;
  /** Why a waiting request can never be granted, if so. */
  isLost(this: void, step: Step, file: File, row: R): Reason | undefined;
  /** A request has left the queue without a grant: removes what was made for it alone. */
  withdraw(this: void, step: Step, file: File, id: string, row: R): void;
  /** How a wait ends at its deadline; absent: it has elapsed. */
  late?(this: void, row: R): Reason;
  /** The deadline of a row that does not wait has come. */
  lapse(this: void, step: Step, id: string, row: R): void;

  // --- how others see it

  /** The id under which a record reports that it left the queue. */
  named(
    this: void,
    id: string,
    row: R,
  ): { leaseId?: string; openId?: string; waitId?: string; lockId?: string; connectionId?: string };
  /** The id by which its holder is told that the file's name leads elsewhere; undefined: the fileserver watches it. */
  detached(this: void, id: string): { openId?: string; rangeId?: string } | undefined;
  /** Whether it is only a request and holds nothing. */
  onlyWaits(this: void, row: R): boolean;
  /** Whether it is kept while its session is in courtesy; absent: it ends with the session's TTL. */
  staysOut?(this: void, row: R): boolean;
  /** The number with which it was granted; before that, the one with which it was made. */
  since(this: void, row: R): number;
  blocker(this: void, id: string, row: R, file: File): Blocker;
  view(this: void, step: Step, id: string, row: R): LockView;

  // --- its end

  /** How an operation that ends it counts it; leases are counted where they are revoked. */
  readonly counted?: 'opens' | 'ranges';
  /** Ends it, for whatever reason. The caller then settles the file. */
  end(this: void, step: Step, file: File | undefined, id: string, row: R, reason: Reason): void;
}

/** The waiter's member of lists. */
export function memberOf({ kind, id }: Waiter): string {
  return keys.member(kind.letter, id);
}

/** How long it has been held; for a request that holds nothing, how long it has been waiting. */
export function ageOf(step: Step, { kind, row }: Waiter): number {
  return agoMs(step, kind.onlyWaits(row) && row.waitNo !== 0 ? row.waitNo : kind.since(row));
}

/** Whether the owner of a waiting request has, or had, others that waited beside it. */
export function isTangled(step: Step, { fileKey, waitNo }: RequestRow): boolean {
  return step.rows.page(keys.tangled(fileKey), waitNo - 1, waitNo, 1).length > 0;
}

/** The number under which it waits, if it does: its owner tells its waits apart by it. */
export function waitNoOf({ waitNo }: RequestRow): number | undefined {
  return waitNo === 0 ? undefined : waitNo;
}

/**
 * Takes a request out of the queue, `granted` or for another reason. The caller stores the row. Returns the number under
 * which it has waited, if it has.
 */
export function dequeue(step: Step, file: File, waiter: Waiter, outcome: string): number | undefined {
  const { row } = waiter;
  const waitNo = waitNoOf(row);
  if (waitNo === undefined) return undefined;
  measure(step, { what: waiter.kind.name, outcome, ms: agoMs(step, row.waitNo) });
  countWait(step, waiter.kind.name, -1);
  countFor(step, row.sessionId, 'waits', -1);
  const member = memberOf(waiter);
  step.rows.unlink(keys.queue(file.key), member, row.waitNo);
  if (inShards(step)) step.rows.unlink(keys.waits, member, row.waitNo);
  step.rows.unlink(keys.ownerWaits(row.ownerKey), member, row.waitNo);
  if (isTangled(step, row)) step.rows.unlink(keys.tangled(file.key), member, row.waitNo);
  row.waitNo = 0;
  row.spared = undefined;
  file.row.waiting -= 1;
  if (waiter.kind.breaks) file.row.breakers -= 1;
  setDue(step, member, row, 0);
  return waitNo;
}

/** Drops a request without a grant: it leaves the queue, and what was made for it alone is removed. */
export function dropWaiter(
  step: Step,
  file: File,
  waiter: Waiter,
  reason: Reason,
  cycle?: CycleMember[],
): void {
  const { kind, id, row } = waiter;
  const { openId, leaseId, waitId, lockId, connectionId } = kind.named(id, row);
  record(step, {
    kind: 'dropped',
    openId,
    leaseId,
    waitId,
    lockId,
    connectionId,
    waitNo: waitNoOf(row),
    sessionId: row.sessionId,
    owner: row.owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    reason,
    cycle,
  });
  dequeue(step, file, waiter, reason);
  kind.withdraw(step, file, id, row);
}
