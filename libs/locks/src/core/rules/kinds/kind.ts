import type { Blocker, LockView } from '../../io';
import * as keys from '../../keys';
import type { Reason } from '../../reasons';
import type { CycleMember, RequestRow } from '../../rows';
import { record, setDue, type Step } from '../../step';
import type { File } from '../file';
import type { Wanted } from '../matrix';

/**
 * What the rules have to know of a class of locks: how its rows are found, what a request of it asks for, how it is
 * granted, withdrawn, shown and ended. The queue, the search for deadlocks, refusals, listings, deadlines and the ends of
 * sessions and exports know no class by name; they ask the table of them (table.ts).
 */

/** A request, in a queue or about to be. */
export interface Waiter<R extends RequestRow = RequestRow> {
  kind: LockKind<R>;
  id: string;
  row: R;
}

/** Locks of such a kind meet only each other, by a rule of their own instead of the matrix. */
export interface OwnSpace<R extends RequestRow> {
  /** Whether two requests would be in each other's way. */
  meets(this: void, earlier: R, later: R): boolean;
  /** Whether the owner of `later` has what `earlier` waits for. */
  ownerHas(this: void, step: Step, file: File, earlier: R, later: R): boolean;
  /** Locks that are in the way of a request, the first `max`. */
  inTheWay(this: void, step: Step, file: File, row: R, max: number): { id: string; row: R }[];
}

export interface LockKind<R extends RequestRow = RequestRow> {
  readonly name: keys.RequestKind;
  /** Of its rows in lists (keys.ts). */
  readonly letter: string;
  /** Whether its requests break leases: no new one is granted while one of them waits. */
  readonly breaks: boolean;
  readonly own?: OwnSpace<R>;
  load(this: void, step: Step, id: string): R | undefined;

  // --- a request

  /** What it asks for, in the words of the matrix. */
  asks(this: void, row: R): Wanted[];
  /** Grants it if nothing that is held is in its way; `turn`: it has waited. */
  admit(this: void, step: Step, file: File, waiter: Waiter<R>, turn: boolean): boolean;
  /** Whether a grant may take as well as give, and so free the way of an earlier request. */
  mayFree(this: void, row: R): boolean;
  /** Why it is not granted, or undefined: nothing is in its way, but perhaps who came before. */
  whyNot(this: void, step: Step, file: File, waiter: Waiter<R>): Reason | undefined;
  /** Why it waits in vain, if it does. */
  isLost(this: void, file: File, row: R): Reason | undefined;
  /** It has left the queue without a grant: what was made for it alone goes. */
  withdraw(this: void, step: Step, file: File, id: string, row: R): void;
  /** Its deadline has come, and it does not wait. */
  lapse(this: void, step: Step, id: string, row: R): void;

  // --- what it is to others

  /** By what name a record that it has left the queue calls it. */
  named(this: void, id: string): { leaseId?: string; openId?: string; waitId?: string };
  /** By what name its holder is told that the file's name leads elsewhere; undefined: the fileserver watches that name. */
  detached(this: void, id: string): { openId?: string; rangeId?: string } | undefined;
  /** Whether there is nothing of it but a request. */
  onlyWaits(this: void, row: R): boolean;
  blocker(this: void, id: string, row: R, file: File): Blocker;
  view(this: void, step: Step, id: string, row: R): LockView;

  // --- its end

  /** What an operation counts it as that ends it; leases are counted where they are lost. */
  readonly counted?: 'opens' | 'ranges';
  /** Ends it, whoever wants that. The caller brings the file in line. */
  end(this: void, step: Step, file: File | undefined, id: string, row: R, reason: Reason): void;
}

/** The waiter's member of lists. */
export function memberOf({ kind, id }: Waiter): string {
  return keys.member(kind.letter, id);
}

/** Takes a request out of the queue, whatever becomes of it. The caller stores the row. */
export function dequeue(step: Step, file: File, waiter: Waiter): void {
  const { row } = waiter;
  if (row.waitNo === 0) return;
  const member = memberOf(waiter);
  step.rows.unlink(keys.queue(file.key), member, row.waitNo);
  step.rows.unlink(keys.ownerWaits(row.ownerKey), member, row.waitNo);
  row.waitNo = 0;
  row.spared = undefined;
  file.row.waiting -= 1;
  if (waiter.kind.breaks) file.row.breakers -= 1;
  setDue(step, member, row, 0);
}

/** A request gives up or is given up: it leaves the queue, and what was made for it alone goes with it. */
export function dropWaiter(
  step: Step,
  file: File,
  waiter: Waiter,
  reason: Reason,
  cycle?: CycleMember[],
): void {
  const { kind, id, row } = waiter;
  const { openId, leaseId, waitId } = kind.named(id);
  record(step, {
    kind: 'dropped',
    openId,
    leaseId,
    waitId,
    sessionId: row.sessionId,
    owner: row.owner,
    fileKey: file.key,
    exportName: row.exportName,
    path: row.path,
    reason,
    cycle,
  });
  dequeue(step, file, waiter);
  kind.withdraw(step, file, id, row);
}
