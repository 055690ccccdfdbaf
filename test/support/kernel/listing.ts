import { endOfFile, type LockKind, type LockType, type Range, type Request } from './requests';

/** /proc/locks as a tree, so that two of them can be compared whatever the order of their locks. */

/** A lock, a lease, or a request that waits for one; below it, its waiters. */
export interface Line {
  /** Without its number and its arrow. */
  text: string;
  waiters: Line[];
}

/** Reads lines without their numbers. Waiters follow the lock they wait for, one column deeper per level. */
export function parse(lines: readonly string[]): Line[] {
  const top: Line[] = [];
  const path: Line[] = [];
  for (const line of lines) {
    const arrow = line.indexOf('-> ');
    const made: Line = { text: arrow < 0 ? line : line.slice(arrow + 3), waiters: [] };
    const depth = arrow < 0 ? 0 : arrow + 1;
    if (depth > path.length) throw new Error(`a waiter without a lock:\n${lines.join('\n')}`);
    (path[depth - 1]?.waiters ?? top).push(made);
    path.splice(depth, path.length, made);
  }
  return top;
}

/** The locks without their waiters, sorted. */
export const held = (top: readonly Line[]): string[] => top.map(({ text }) => text).sort();

/** A waiter, and the lock it waits for. */
export interface Wait {
  text: string;
  behind: string;
}
export const waits = (top: readonly Line[]): Wait[] =>
  top.flatMap((line) => [
    ...line.waiters.map(({ text }) => ({ text, behind: line.text })),
    ...waits(line.waiters),
  ]);

/** What one line, or one request, is about. */
export interface Fields extends Range {
  inode: string;
  /** Of the owning process, if a process owns it. */
  pid?: string;
  /** POSIX and OFD locks conflict with each other, flocks with flocks, leases with opens. */
  space: 'range' | 'flock' | 'lease';
  type: LockType;
}
const types: Record<string, LockType> = { READ: 'read', WRITE: 'write', UNLCK: 'none' };
const spaces: Record<string, Fields['space']> = {
  POSIX: 'range',
  OFDLCK: 'range',
  FLOCK: 'flock',
  LEASE: 'lease',
};

export function fieldsOf(text: string): Fields {
  const [name = '', , mode = '', pid, inode = '', start = '', end = ''] = text.split(/ +/);
  return {
    inode,
    pid: name === 'POSIX' ? pid : undefined,
    space: spaces[name] ?? 'lease',
    type: types[mode] ?? 'none',
    start: BigInt(start),
    end: end === 'EOF' ? endOfFile : BigInt(end),
  };
}
const spaceOf = (kind: LockKind): Fields['space'] => (kind === 'flock' ? 'flock' : 'range');

/** Of a lock request; `inodes` are those of the files, by number. */
export function fieldsOfRequest(request: Request, inodes: readonly string[]): Fields | undefined {
  if (request.do !== 'lock' && request.do !== 'test') return undefined;
  const { kind, type, range, on } = request;
  return { inode: inodes[on.file] ?? '', space: spaceOf(kind), type, ...range };
}

/** Whether two conflict, leaving aside whether one owner has both. */
export function clash(one: Fields, two: Fields): boolean {
  if (one.inode !== two.inode || one.space !== two.space) return false;
  if (one.pid !== undefined && one.pid === two.pid) return false;
  if (one.type === 'none' || two.type === 'none') return false;
  if (one.type === 'read' && two.type === 'read') return false;
  return one.start <= two.end && two.start <= one.end;
}
