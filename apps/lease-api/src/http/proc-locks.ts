import { printable } from '#contracts';
import type { LockView } from '#locks';
import { presentEnds } from '../problem';

/** A listing in the format of Linux's /proc/locks (semantics.md §8; lock_get_status() in fs/locks.c). */

const modes: Readonly<Record<string, string>> = {
  none: 'UNLCK',
  read: 'READ',
  write: 'WRITE',
  both: 'WRITE',
};
const modeOf = (type: string | undefined): string => modes[type ?? 'none'] ?? 'UNLCK';

/** Classes of range locks; the pid of an OFD lock is that of nobody. */
const classes: Readonly<Record<string, string>> = { posix: 'POSIX ', ofd: 'OFDLCK', flock: 'FLOCK ' };

function rangeColumns(lock: LockView, range: string): string {
  const { kind, pid, inode, type } = lock;
  const { start = '0', end = 'EOF' } = presentEnds(lock);
  return `${range} ADVISORY  ${modeOf(type)} ${String(kind === 'ofd' ? -1 : pid)} ${inode} ${start} ${end}`;
}

/** A hold without its number; undefined where the kernel would list none. */
function holdColumns(lock: LockView): string | undefined {
  const { kind, state, pid, inode } = lock;
  const range = classes[kind];
  if (range !== undefined) return rangeColumns(lock, range);
  if (kind !== 'lease' && kind !== 'delegation') return undefined;
  const line = (status: string, type: string | undefined): string =>
    `${kind === 'lease' ? 'LEASE ' : 'DELEG '} ${status}${modeOf(type)} ${String(pid)} ${inode} 0 EOF`;
  if (state === 'active') return line('ACTIVE    ', lock.type);
  // The mode of a lease that is breaking is its target.
  return state === 'breaking' || state === 'fencing' ? line('BREAKING  ', lock.break?.target) : undefined;
}

/** A waiter, likewise; a request for a lease waits for nothing that a kernel would let it wait for. */
function waiterColumns(lock: LockView): string | undefined {
  const { kind, pid } = lock;
  const range = classes[kind];
  if (range !== undefined) return rangeColumns(lock, range);
  if (kind === 'lease' || kind === 'delegation') return undefined;
  // Some changes break delegations only.
  const breaks = kind === 'open' || lock.type === 'truncate' ? 'LEASE ' : 'DELEG ';
  const mode = kind === 'open' ? modeOf(lock.waits ?? lock.type) : 'WRITE';
  // A breaker has no file open yet, and the kernel prints none for it.
  return `${breaks} BREAKER   ${mode} ${String(pid)} <none>:0 0 EOF`;
}

function line(no: number, level: number, columns: string | undefined): string {
  if (columns === undefined) return '';
  const arrow = level === 0 ? '' : `${' '.repeat(level - 1)}-> `;
  return `${String(no)}: ${arrow}${printable(columns)}\n`;
}

/**
 * The lines of one row of the listing with `tree`: a hold, or a waiter that waits for no hold but for the fileserver, and
 * under it, with its number and one column deeper a level, who waits for it. Opens have no line, and neither have leases
 * that are not or no longer granted.
 */
export function procLocksLines(lock: LockView): string {
  const { no, kind, waiters = [] } = lock;
  const onlyWaits = kind === 'change' || lock.state === 'waiting';
  // What an open denies has no class here, and neither have those who wait for it.
  if (kind === 'open' && !onlyWaits) return '';
  const top = onlyWaits ? 1 : 0;
  let text = line(no, top, onlyWaits ? waiterColumns(lock) : holdColumns(lock));
  for (const waiter of waiters) text += line(no, top + (waiter.level ?? 1), waiterColumns(waiter));
  return text;
}
