import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { textOfName } from '#contracts';
import { wire } from '#nfs4';
import { codeOf, Failure } from './failure';

/**
 * The directory that is served. A file handle has the file's inode number and time of birth, which no other file ever
 * has: all heads of a directory agree on it, and it survives renames. The path is only where the file was seen last: what
 * is found there is used if it is the file of the handle, and otherwise the file is looked for.
 *
 * No symbolic link is ever followed, and nobody leaves the file system of the root: names are single components, used
 * below a directory that is open and that has been recognised.
 */

/** Most places remembered. One that is forgotten is looked for again. */
const nodesMax = 50_000;
/** Most entries that a search looks at. */
const searchMax = 200_000;
const searchesMax = 32;
const filesOpenMax = 256;
const nameBytesMax = 255;
const depthMax = 1_024;

const magic = 0x4c48_3031;
const handleBytes = 20;
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

export interface Node {
  readonly key: string;
  readonly handle: Buffer;
  readonly ino: bigint;
  readonly birth: bigint;
  /** Where it was seen last; undefined for the root. */
  at: { parent: Node; name: Buffer } | undefined;
}
interface OpenFile {
  file: FileHandle;
  writes: boolean;
  users: number;
}

const below = (fd: number, name: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`/proc/self/fd/${String(fd)}/`), name]);

/** @throws Failure unless it is the name of an entry of a directory */
export function checkName(name: Buffer): Buffer {
  if (name.length === 0) throw new Failure(wire.NFS4ERR_INVAL);
  if (name.length > nameBytesMax) throw new Failure(wire.NFS4ERR_NAMETOOLONG);
  if (name.includes(0) || name.includes(0x2f)) throw new Failure(wire.NFS4ERR_BADCHAR);
  if (name.equals(Buffer.from('.')) || name.equals(Buffer.from('..')))
    throw new Failure(wire.NFS4ERR_BADNAME);
  return name;
}

export class Tree {
  private readonly nodes = new Map<string, Node>();
  private readonly files = new Map<string, Promise<OpenFile>>();
  private readonly searches = new Map<string, Promise<Node>>();
  private searching: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly top: FileHandle,
    readonly root: Node,
    private readonly dev: bigint,
  ) {}

  static async open(directory: string): Promise<Tree> {
    const top = await open(directory, O_RDONLY | O_DIRECTORY);
    const stat = await top.stat({ bigint: true });
    return new Tree(top, nodeOf(stat, undefined), stat.dev);
  }

  async close(): Promise<void> {
    for (const opened of this.files.values()) await (await opened).file.close().catch(() => undefined);
    await this.top.close();
  }

  /** The name under which the lease service knows a file. */
  nameOf(node: Node): string {
    return `inode-${String(node.ino)}-${String(node.birth)}`;
  }
  /** The name under which it knows an entry of a directory; what has this name in the directory has its own. */
  entryNameOf(directory: Node, name: Buffer): string {
    return `${this.nameOf(directory)}/${textOfName(name)}`;
  }
  /** The handle of such a name. */
  handleOf(name: string): Buffer | undefined {
    const [, ino, birth] = /^inode-(\d{1,20})-(\d{1,20})$/.exec(name) ?? [];
    return ino === undefined || birth === undefined ? undefined : asHandle(BigInt(ino), BigInt(birth));
  }

  /** @throws Failure BADHANDLE, STALE */
  async find(handle: Buffer): Promise<Node> {
    if (handle.length !== handleBytes || handle.readUInt32BE(0) !== magic)
      throw new Failure(wire.NFS4ERR_BADHANDLE);
    if (handle.equals(this.root.handle)) return this.root;
    const known = this.nodes.get(handle.toString('hex'));
    if (known !== undefined) return known;
    return this.search(handle.readBigUInt64BE(4), handle.readBigUInt64BE(12));
  }

  /** @throws Failure STALE if it is gone */
  async stat(node: Node, seek = true): Promise<BigIntStats> {
    if (node.at === undefined) return this.top.stat({ bigint: true });
    const stat = await lstat(this.pathOf(node), { bigint: true }).catch(ifGone);
    if (stat !== undefined && this.is(node, stat)) return stat;
    if (!seek) throw new Failure(wire.NFS4ERR_STALE);
    await this.search(node.ino, node.birth);
    const found = await lstat(this.pathOf(node), { bigint: true }).catch(ifGone);
    if (found !== undefined && this.is(node, found)) return found;
    throw new Failure(wire.NFS4ERR_STALE);
  }

  /** Works in a directory: `path` is where an entry of this name lies. */
  async within<T>(
    directory: Node,
    work: (path: (name: Buffer) => Buffer, stat: BigIntStats) => Promise<T>,
    seek = true,
  ): Promise<T> {
    const seen = await this.stat(directory, seek);
    if (seen.isSymbolicLink()) throw new Failure(wire.NFS4ERR_SYMLINK);
    if (!seen.isDirectory()) throw new Failure(wire.NFS4ERR_NOTDIR);
    const opened = await this.openNode(directory, O_RDONLY | O_DIRECTORY);
    try {
      return await work((name) => below(opened.fd, name), await opened.stat({ bigint: true }));
    } finally {
      await opened.close();
    }
  }

  /** The entry of a directory. @throws Failure NOENT */
  async lookup(directory: Node, name: Buffer): Promise<{ node: Node; stat: BigIntStats }> {
    return this.within(directory, (path) => this.entry(directory, name, path(name)));
  }

  /** The same, for whoever works in the directory. */
  async entry(directory: Node, name: Buffer, path: Buffer): Promise<{ node: Node; stat: BigIntStats }> {
    const stat = await lstat(path, { bigint: true });
    // Another file system is mounted there.
    if (stat.dev !== this.dev) throw new Failure(wire.NFS4ERR_NOENT);
    return { node: this.see(stat, { parent: directory, name }), stat };
  }

  /** The names in a directory. */
  list(directory: Node): Promise<Buffer[]> {
    return this.within(directory, (path) => readdir(path(Buffer.alloc(0)), { encoding: 'buffer' }));
  }

  /** A regular file, open as long as the work takes, and some time longer. */
  async using<T>(node: Node, toWrite: boolean, work: (file: FileHandle) => Promise<T>): Promise<T> {
    const opened = await this.opened(node, toWrite);
    opened.users++;
    try {
      return await work(opened.file);
    } finally {
      opened.users--;
    }
  }

  /** Opens what cannot be kept open: a directory, or a file only to change its attributes. */
  async change(node: Node, work: (file: FileHandle) => Promise<void>): Promise<void> {
    const file =
      node.at === undefined ? await this.again() : await this.openNode(node, O_RDONLY | O_NONBLOCK);
    try {
      await work(file);
    } finally {
      await file.close();
    }
  }

  private again(): Promise<FileHandle> {
    return open(`/proc/self/fd/${String(this.top.fd)}/.`, O_RDONLY | O_DIRECTORY);
  }

  private async opened(node: Node, toWrite: boolean): Promise<OpenFile> {
    const known = await this.files.get(node.key);
    if (known !== undefined && (known.writes || !toWrite)) {
      const kept = this.files.get(node.key);
      this.files.delete(node.key);
      if (kept !== undefined) this.files.set(node.key, kept);
      return known;
    }
    const stat = await this.stat(node);
    if (stat.isDirectory()) throw new Failure(wire.NFS4ERR_ISDIR);
    if (stat.isSymbolicLink()) throw new Failure(wire.NFS4ERR_SYMLINK);
    if (!stat.isFile()) throw new Failure(wire.NFS4ERR_WRONG_TYPE);
    const opening = this.openNode(node, (toWrite ? O_RDWR : O_RDONLY) | O_NONBLOCK).then((file) => ({
      ...{ file, writes: toWrite, users: 0 },
    }));
    this.files.set(node.key, opening);
    opening.catch(() => {
      if (this.files.get(node.key) === opening) this.files.delete(node.key);
    });
    const mine = await opening;
    if (known !== undefined) this.leave(known);
    for (const [key, each] of this.files) {
      if (this.files.size <= filesOpenMax) break;
      if (each === opening) continue;
      this.files.delete(key);
      void each.then((other) => {
        this.leave(other);
      });
    }
    return mine;
  }

  /** Closes a file once nobody uses it. */
  private leave(opened: OpenFile): void {
    if (opened.users > 0)
      setTimeout(() => {
        this.leave(opened);
      }, 1000).unref();
    else void opened.file.close().catch(() => undefined);
  }

  /** Opens what a node names, and nothing else. */
  private async openNode(node: Node, flags: number): Promise<FileHandle> {
    if (node.at === undefined) return this.again();
    const file = await open(this.pathOf(node), flags | O_NOFOLLOW).catch(ifGone);
    if (file !== undefined) {
      if (this.is(node, await file.stat({ bigint: true }))) return file;
      await file.close();
    }
    throw new Failure(wire.NFS4ERR_STALE);
  }

  private is(node: Node, stat: BigIntStats): boolean {
    return stat.dev === this.dev && stat.ino === node.ino && stat.birthtimeNs === node.birth;
  }

  private pathOf(node: Node): Buffer {
    const names: Buffer[] = [];
    for (let at = node.at; at !== undefined; at = at.parent.at) {
      // Moves that were seen in another order than they happened can lead in a circle.
      if (names.length === depthMax) throw new Failure(wire.NFS4ERR_STALE);
      names.unshift(at.name);
    }
    const parts = names.flatMap((name) => [name, Buffer.from('/')]);
    return below(this.top.fd, Buffer.concat(parts.slice(0, -1)));
  }

  /** Notes where a file is. */
  private see(stat: BigIntStats, at: Node['at']): Node {
    const fresh = nodeOf(stat, at);
    if (fresh.key === this.root.key) return this.root;
    const node = this.nodes.get(fresh.key) ?? fresh;
    node.at = at;
    this.nodes.delete(node.key);
    this.nodes.set(node.key, node);
    if (this.nodes.size > nodesMax) {
      const [oldest] = this.nodes.keys();
      if (oldest !== undefined) this.nodes.delete(oldest);
    }
    return node;
  }

  /** Looks for a file in the whole tree: another head has made it, or somebody has moved it. */
  private search(ino: bigint, birth: bigint): Promise<Node> {
    const key = asHandle(ino, birth).toString('hex');
    const running = this.searches.get(key);
    if (running !== undefined) return running;
    if (this.searches.size >= searchesMax) return Promise.reject(new Failure(wire.NFS4ERR_DELAY));
    const found = this.searching.then(() => this.walk(ino, birth));
    this.searches.set(key, found);
    this.searching = found
      .catch(() => undefined)
      .then(() => {
        this.searches.delete(key);
      });
    return found;
  }

  private async walk(ino: bigint, birth: bigint): Promise<Node> {
    const directories = [this.root];
    let looked = 0;
    for (let directory = directories.shift(); directory !== undefined; directory = directories.shift()) {
      const here = directory;
      const found = await this.within(
        here,
        async (path) => {
          for (const name of await readdir(path(Buffer.alloc(0)), { encoding: 'buffer' })) {
            if (++looked > searchMax) throw new Failure(wire.NFS4ERR_STALE);
            const stat = await lstat(path(name), { bigint: true }).catch(ifGone);
            if (stat?.dev !== this.dev) continue;
            if (stat.ino === ino && stat.birthtimeNs === birth) return this.see(stat, { parent: here, name });
            if (stat.isDirectory()) directories.push(nodeOf(stat, { parent: here, name }));
          }
          return undefined;
        },
        false,
      ).catch((error: unknown) => {
        if (error instanceof Failure && error.status === wire.NFS4ERR_STALE && looked <= searchMax)
          return undefined;
        throw error;
      });
      if (found !== undefined) return found;
    }
    throw new Failure(wire.NFS4ERR_STALE);
  }
}

/** The same for a name at every head, and from 3 on; it survives changes of the directory. */
export const cookieOf = (name: Buffer): bigint =>
  (createHash('sha256').update(name).digest().readBigUInt64BE() >> 2n) | 4n;

function asHandle(ino: bigint, birth: bigint): Buffer {
  const handle = Buffer.alloc(handleBytes);
  handle.writeUInt32BE(magic, 0);
  handle.writeBigUInt64BE(BigInt.asUintN(64, ino), 4);
  handle.writeBigUInt64BE(BigInt.asUintN(64, birth), 12);
  return handle;
}

function nodeOf({ ino, birthtimeNs }: BigIntStats, at: Node['at']): Node {
  const handle = asHandle(ino, birthtimeNs);
  return { key: handle.toString('hex'), handle, ino, birth: birthtimeNs, at };
}

const gone = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ESTALE']);
function ifGone(error: unknown): undefined {
  if (!gone.has(codeOf(error))) throw error;
  return undefined;
}
