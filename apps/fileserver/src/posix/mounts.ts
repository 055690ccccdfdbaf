import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { ancestryMax, directoryId, placePartsMax, type Place } from '../driver';
import { fileSystemIdOf } from './kernel';

/** One line of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  id: number;
  /** `maj:min` of the file system, the same for all of its mounts. */
  device: string;
  /** The directory of the file system that is mounted. */
  root: string;
  /** Where it is mounted. */
  at: string;
  type: string;
}

/** Space, tab, newline and backslash are written as three octal digits. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

export function parseMounts(text: string): Map<number, Mount> {
  const mounts = new Map<number, Mount>();
  for (const line of text.split('\n')) {
    const [, id, device, root, at, type] = /^(\d+) \d+ (\d+:\d+) (\S+) (\S+) .*? - (\S+) /.exec(line) ?? [];
    if (id === undefined || device === undefined || root === undefined || at === undefined) continue;
    const mount = { id: Number(id), device, root: unescaped(root), at: unescaped(at), type: type ?? '' };
    mounts.set(mount.id, mount);
  }
  return mounts;
}

export const mountsText = (): string => readFileSync('/proc/self/mountinfo', 'utf8');

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

/** @returns undefined if no name leads to the directory's mount any more */
export function mountOf(fd: number, mounts: ReadonlyMap<number, Mount>): Mount | undefined {
  const [, id] = /^mnt_id:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')) ?? [];
  return mounts.get(Number(id));
}

/**
 * Where a directory is in its file system, independent of the mounts and links in its name. If one place is a prefix of
 * another, the two directories are the same or one contains the other.
 */
export function placeOf(fd: number, mount: Mount, mounts: ReadonlyMap<number, Mount>, bootId: string): Place {
  const seen = partsOf(readlinkSync(`/proc/self/fd/${fd}`)).slice(partsOf(mount.at).length);
  // Device numbers of these types are reused after unmounting. For others, such as btrfs, the id may differ within one.
  const id = mount.type === 'tmpfs' || mount.type === 'overlay' ? ` ${fileSystemIdOf(fd)}` : '';
  const path = [...partsOf(mount.root), ...seen];
  const parts = [`${bootId} ${mount.device}${id}`, ...path].slice(0, placePartsMax);
  const widest = widestName(path, mount.device, mounts);
  const names = [`/proc/self/fd/${fd}`, ...(widest === undefined ? [] : [widest])];
  return { fileSystem: mount.type, parts, ancestry: ancestryOf(names) };
}

/** The name of a directory by that mount of its file system which shows most of what is above it. */
function widestName(path: string[], device: string, mounts: ReadonlyMap<number, Mount>): string | undefined {
  let widest: { at: string; depth: number } | undefined;
  for (const mount of mounts.values()) {
    const root = partsOf(mount.root);
    if (mount.device !== device || root.some((part, depth) => part !== path[depth])) continue;
    if (widest === undefined || root.length < widest.depth) widest = { at: mount.at, depth: root.length };
  }
  return widest && [widest.at, ...path.slice(widest.depth)].join('/');
}

/** @param names of one directory; a name that no longer leads to it, as the first does, is left out */
function ancestryOf(names: string[]): string[] {
  const found = new Set<string>();
  let self: string | undefined;
  for (const name of names) {
    for (let at = name, below = '', up = 0; up < ancestryMax; at += '/..', up++) {
      const { dev, ino, birthtimeNs } = statSync(at, { bigint: true, throwIfNoEntry: false }) ?? {};
      if (dev === undefined || ino === undefined || birthtimeNs === undefined) break;
      const id = `${dev} ${ino}`;
      if (up === 0) self ??= id;
      if (id === below || (up === 0 && id !== self)) break; // the root, or another directory
      if (birthtimeNs !== 0n) found.add(directoryId(hostname(), ino, birthtimeNs));
      else if (up === 0) return []; // its file system does not tell
      below = id;
    }
  }
  return [...found].slice(0, ancestryMax);
}

/** File systems on a local disk or in memory: all of their users go through the locks of this kernel. */
const local = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'bcachefs', 'zfs', 'jfs', 'nilfs2', 'reiserfs'],
  ...['tmpfs', 'ramfs', 'vfat', 'exfat', 'ntfs3', 'udf', 'hfsplus', 'squashfs', 'erofs', 'iso9660'],
]);

/** The accesses that this kernel does not see on such a file system. `refuse` if anybody may make them. */
export function unseen(type: string): { refuse: boolean; why: string } | undefined {
  if (local.has(type)) return undefined;
  if (type === 'overlay')
    return {
      refuse: false,
      why: 'changes made in the underlying directories are not detected, so nobody may make any',
    };
  const why = /^(fuse|nfs|cifs|smb|9p|ceph|virtiofs|gfs2|ocfs2|afs|lustre)/.test(type)
    ? "this machine's kernel does not see its other users"
    : "it is not known whether this machine's kernel sees all its users";
  return { refuse: true, why };
}
