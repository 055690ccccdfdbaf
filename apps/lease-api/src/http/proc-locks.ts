import type { LockView } from '#locks';

/** A listing in the format of Linux's /proc/locks (semantics.md §8; lock_get_status() in fs/locks.c). */

const modes: Readonly<Record<string, string>> = {
  none: 'UNLCK',
  read: 'READ',
  write: 'WRITE',
  both: 'WRITE',
};

/** The state is padded to ten columns; nothing else is. */
const line = (id: number, arrows: string, state: string, mode: string, pid: number, inode: string): string =>
  `${String(id)}: ${arrows}LEASE  ${state.padEnd(10)}${mode} ${String(pid)} ${inode} 0 EOF\n`;

function waiterLine(id: number, waiter: LockView): string {
  // A waiter has no file open yet, and the kernel prints none for it.
  return line(id, '-> ', 'BREAKER', modes[waiter.type] ?? 'UNLCK', waiter.pid, '<none>:0');
}

/**
 * The lines of one row of the listing with `tree`: a lease that is active, breaking or fencing and the waiters behind it;
 * or a waiter that waits for no lease but for the fileserver. Opens, and leases that are not or no longer granted, have
 * no line. The mode of a lease that is breaking is its target.
 */
export function procLocksLines(lock: LockView): string {
  if (lock.state === 'waiting') return waiterLine(lock.no, lock);
  if (lock.kind !== 'lease') return '';
  let text: string;
  if (lock.state === 'active')
    text = line(lock.no, '', 'ACTIVE', modes[lock.type] ?? 'UNLCK', lock.pid, lock.inode);
  else if (lock.state === 'breaking' || lock.state === 'fencing')
    text = line(
      lock.no,
      '',
      'BREAKING',
      modes[lock.break?.target ?? 'none'] ?? 'UNLCK',
      lock.pid,
      lock.inode,
    );
  else return '';
  for (const waiter of lock.waiters ?? []) text += waiterLine(lock.no, waiter);
  return text;
}
