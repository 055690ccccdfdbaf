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

/** Classes of range locks. An OFD lock belongs to no process. */
const classes: Readonly<Record<string, string>> = { posix: 'POSIX ', ofd: 'OFDLCK', flock: 'FLOCK ' };

function rangeColumns(lock: LockView, range: string): string {
  const { kind, pid, inode, type } = lock;
  const { start = '0', end = 'EOF' } = presentEnds(lock);
  return `${range} ADVISORY  ${modeOf(type)} ${String(kind === 'ofd' ? -1 : pid)} ${inode} ${start} ${end}`;
}

/** Locks in modes have a class of their own, which the kernel does not know: the granted mode, or the one it waits for. */
function modalColumns({ state, type, pid, inode }: LockView): string {
  return `DLM    ${state.toUpperCase().padEnd(10)} ${type} ${String(pid)} ${inode} 0 EOF`;
}

/** The columns of a held lock, without its number; undefined if the kernel would not list it. */
function holdColumns(lock: LockView): string | undefined {
  const { kind, state, pid, inode } = lock;
  const range = classes[kind];
  if (range !== undefined) return rangeColumns(lock, range);
  if (kind === 'dlm') return modalColumns(lock);
  if (kind !== 'lease' && kind !== 'delegation') return undefined;
  const line = (status: string, type: string | undefined): string =>
    `${kind === 'lease' ? 'LEASE ' : 'DELEG '} ${status}${modeOf(type)} ${String(pid)} ${inode} 0 EOF`;
  if (state === 'active') return line('ACTIVE    ', lock.type);
  // A breaking lease shows its target as its mode.
  return state === 'breaking' || state === 'fencing' ? line('BREAKING  ', lock.break?.target) : undefined;
}

/** The columns of a waiter, likewise. Requests for leases have none: in a kernel they never wait. */
function waiterColumns(lock: LockView): string | undefined {
  const { kind, pid } = lock;
  const range = classes[kind];
  if (range !== undefined) return rangeColumns(lock, range);
  if (kind === 'dlm') return modalColumns(lock);
  if (kind === 'lease' || kind === 'delegation') return undefined;
  // Some changes break delegations only.
  const breaks = kind === 'open' || lock.type === 'truncate' ? 'LEASE ' : 'DELEG ';
  const mode = kind === 'open' ? modeOf(lock.waits ?? lock.type) : 'WRITE';
  // A breaker has not opened the file yet, so the kernel prints no inode for it.
  return `${breaks} BREAKER   ${mode} ${String(pid)} <none>:0 0 EOF`;
}

function line(no: number, level: number, columns: string | undefined): string {
  if (columns === undefined) return '';
  const arrow = level === 0 ? '' : `${' '.repeat(level - 1)}-> `;
  return `${String(no)}: ${arrow}${printable(columns)}\n`;
}

/**
 * The lines of one row of the listing with `tree`: a held lock, or a waiter that waits only for the fileserver. Below
 * it, with the same number and one column deeper per level, its waiters. Opens have no line, nor have leases that are
 * not granted yet or no longer.
 */
export function procLocksLines(lock: LockView): string {
  const { no, kind, waiters = [] } = lock;
  const onlyWaits = kind === 'change' || lock.state === 'waiting';
  // The format has no class for deny modes, so an open and the requests that wait for it are left out.
  if (kind === 'open' && !onlyWaits) return '';
  const top = onlyWaits ? 1 : 0;
  let text = line(no, top, onlyWaits ? waiterColumns(lock) : holdColumns(lock));
  for (const waiter of waiters) text += line(no, top + (waiter.level ?? 1), waiterColumns(waiter));
  return text;
}
