import { readFileSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { statSync, type BigIntStats } from 'node:fs';
import { sep } from 'node:path';
import { bytesOfName } from '#contracts';
import { ancestryMax, directoryId, type Place, type Refusal } from '../driver';

/** A file of the tree, named the same by every node of the cluster. */
export interface Found {
  fileId: string;
  inode: string;
  /** The resource of the DLM that stands for it. */
  resource: string;
}

/** The name of a file's resource: `printf 'file-%016x' $(stat -c %i FILE)`. */
export const resourceOf = (inode: bigint): string => `file-${inode.toString(16).padStart(16, '0')}`;

const hex2 = (n: bigint): string => n.toString(16).padStart(2, '0');
/** glibc's layout of dev_t. */
const deviceOf = (dev: bigint): string =>
  `${hex2(((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn))}:${hex2((dev & 0xffn) | ((dev >> 12n) & ~0xffn))}`;

/** A directory whose files are named in one lockspace. Names are followed without opening anything. */
export class Tree {
  private constructor(
    private readonly directory: string,
    private readonly root: BigIntStats,
  ) {}

  /** @throws if it is not a directory */
  static open(directory: string): Tree {
    const root = statSync(directory, { bigint: true });
    if (!root.isDirectory()) throw new Error(`${directory} is not a directory`);
    return new Tree(directory, root);
  }

  /** What happened to the directory's name, if it leads elsewhere now. */
  gone(): string | undefined {
    const now = statSync(this.directory, { bigint: true, throwIfNoEntry: false });
    if (now === undefined) return 'its directory is no longer at its path';
    if (now.dev === this.root.dev && now.ino === this.root.ino) return undefined;
    return 'another directory is at its path, or is mounted over it';
  }

  async find(path: string): Promise<Found | Refusal> {
    try {
      const name = Buffer.concat([Buffer.from(this.directory + sep), bytesOfName(path)]);
      const [base, real] = [await realpath(this.directory, 'buffer'), await realpath(name, 'buffer')];
      const inside = Buffer.concat([base, Buffer.from(sep)]);
      const found = await stat(real, { bigint: true });
      if (
        (!real.equals(base) && !real.subarray(0, inside.length).equals(inside)) ||
        found.dev !== this.root.dev
      )
        return {
          reason: 'no_such_file',
          detail: 'The name leads out of the export, or into another file system.',
        };
      if (!found.isFile())
        return { reason: 'lease_type_unsupported', detail: 'Only regular files can be leased.' };
      return {
        // An inode number alone is reused, and the device's number is not the same on every node.
        fileId: `${found.ino}-${found.birthtimeNs}`,
        inode: `${deviceOf(found.dev)}:${found.ino}`,
        resource: resourceOf(found.ino),
      };
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === undefined) throw error;
      if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes(code))
        return { reason: 'no_such_file', detail: message };
      if (code === 'EACCES' || code === 'EPERM') return { reason: 'fileserver_denied', detail: message };
      return { reason: 'fileserver_refused', detail: message };
    }
  }

  /** One lockspace has one tree, whichever node serves it. */
  place(lockspace: string): Place {
    return {
      fileSystem: this.fileSystem(),
      parts: [`dlm ${clusterName()}`, lockspace],
      ancestry: this.ancestry(),
    };
  }

  private fileSystem(): string {
    const device = deviceOf(this.root.dev)
      .split(':')
      .map((part) => String(Number.parseInt(part, 16)))
      .join(':');
    for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
      const [, mounted, type] = /^\d+ \d+ (\S+) .*? - (\S+) /.exec(line) ?? [];
      if (mounted === device && type !== undefined) return type;
    }
    return 'unknown';
  }

  private ancestry(): string[] {
    const found = new Set<string>();
    for (let at = this.directory, below = '', up = 0; up < ancestryMax; at += '/..', up++) {
      const { dev, ino, birthtimeNs } = statSync(at, { bigint: true });
      if (`${dev} ${ino}` === below) break; // the root
      below = `${dev} ${ino}`;
      if (birthtimeNs !== 0n) found.add(directoryId(hostname(), ino, birthtimeNs));
    }
    return [...found];
  }
}

/** The name of the cluster that this machine's DLM is part of. */
function clusterName(): string {
  try {
    return readFileSync('/sys/kernel/config/dlm/cluster/cluster_name', 'utf8').trim();
  } catch {
    return hostname();
  }
}
