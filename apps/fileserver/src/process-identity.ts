import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { fileserver } from '#contracts';

type ProcessIdentity = fileserver.ProcessIdentity;

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
};

/** Reads /proc/PID/stat. The program's name may contain spaces and parentheses, so parsing begins at the last `)`. */
function statOf(pid: number | 'self'): { state: string; threads: number; startTicks: string } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // begins with field 3
  const [state = '', threads = '', startTicks = ''] = [fields[0], fields[17], fields[19]];
  return { state, threads: Number(threads), startTicks };
}

/**
 * Identifies this process. Machine id, host name and pid namespace together identify the host: containers made from one
 * image share the machine id, and a pid means nothing in another namespace.
 */
export function identifyProcess(): ProcessIdentity {
  return {
    hostId: `${read('/etc/machine-id') ?? ''}/${hostname()}/${readlinkSync('/proc/self/ns/pid')}`,
    bootId: read('/proc/sys/kernel/random/boot_id') ?? '',
    pid: process.pid,
    startTicks: statOf('self')?.startTicks ?? '',
  };
}

/**
 * Whether a process is proven dead: its host has rebooted since, or its pid is free or belongs to a later process.
 * @returns false also if nothing can be proven, for example about another host
 */
export function isProvenDead(other: ProcessIdentity, own: ProcessIdentity): boolean {
  if (other.hostId !== own.hostId) return false;
  if (other.bootId !== own.bootId) return true;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if ((error as { code?: string }).code === 'ESRCH') return true; // EPERM: alive, and owned by another user
  }
  const stat = statOf(other.pid);
  if (!stat) return false; // /proc may hide the processes of others
  // A zombie without other threads has closed its files; only its parent has not reaped it yet.
  return stat.startTicks !== other.startTicks || (stat.state === 'Z' && stat.threads <= 1);
}
