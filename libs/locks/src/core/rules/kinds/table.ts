import * as keys from '../../keys';
import type { Step } from '../../step';
import { changeKind } from './change';
import { dlmKind } from './dlm';
import type { LockKind, Waiter } from './kind';
import { leaseKind } from './lease';
import { openKind } from './open';
import { permitKind } from './permit';
import { rangeKind } from './range';

/** All kinds of locks. A new kind needs a file beside this one, a letter in keys.ts, and a line here. */
export const lockKinds: LockKind[] = [leaseKind, openKind, rangeKind, changeKind, dlmKind, permitKind];

/** The kind of lock that a member of a list is, if it is a lock. */
export function kindOf(step: Step, member: string): LockKind | undefined {
  const letter = keys.letterOf(step.rows, member);
  for (const kind of lockKinds) if (kind.letter === letter) return kind;
  return undefined;
}

/** The lock that a member of a list stands for; in a queue, the waiter. */
export function lockOf(step: Step, member: string): Waiter | undefined {
  const kind = kindOf(step, member);
  const id = keys.idOf(step.rows, member);
  const row = kind?.load(step, id);
  return kind === undefined || row === undefined ? undefined : { kind, id, row };
}

/** The lock with this id, of any kind. */
export function lockById(step: Step, id: string): Waiter | undefined {
  for (const kind of lockKinds) {
    const row = kind.load(step, id);
    if (row !== undefined) return { kind, id, row };
  }
  return undefined;
}
