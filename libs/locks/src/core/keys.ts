import type { Mode, RequestKind, Rows } from './rows';

/**
 * Names of lists and of their members. No other file spells a prefix.
 *
 * A list belongs to a file, a session, an owner, an export or an item of the configuration tree; its name is a letter
 * and that owner's key. A member is an id or, in a list with rows of several kinds, a letter and an id. Two families of
 * members share letters but never a list:
 *
 * - rows: members of `due`, `all`, and the lists of a session, of a file and of a queue;
 * - items: keys of the configuration tree, and their dependents.
 *
 * An item of the tree that has a deadline is in `due` under its item key; exports, nodes, adapters and operations have
 * the same letter in both families.
 */

// --- lists

/** Everything a session has, by number: leases, opens, ranges, changes, stateids of locks, pins, subscriptions, wants. */
export function sessionRows(sessionId: string): string {
  return 's:' + sessionId;
}

/** Ended opens that a session made with a requestId, by the number of their end. */
export function sessionEnded(sessionId: string): string {
  return 'se:' + sessionId;
}

/** Sessions in courtesy, in the order in which they came to be. */
export const courtesy = 'courtesy';

/** Sessions whose state other shards have yet to learn, in the order in which it changed. */
export const news = 'news';

/** Everything on a file, by number. */
export function fileRows(fileKey: string): string {
  return 'x:' + fileKey;
}

/** Leases and delegations that were granted on a file, or the permits of a semaphore, by token. */
export function grants(fileKey: string): string {
  return 'f:' + fileKey;
}

/** Leases on a file that are pending, by number. */
export function intents(fileKey: string): string {
  return 'p:' + fileKey;
}

/** Opens of a file, by number. */
export function fileOpens(fileKey: string): string {
  return 'o:' + fileKey;
}

/** Stateids of locks taken under an open, by number. */
export function openLocks(openId: string): string {
  return 'L:' + openId;
}

/** Requests that wait on a file, in order of arrival. */
export function queue(fileKey: string): string {
  return 'w:' + fileKey;
}

/** In a table of several shards: all requests that wait in this one, in order of arrival. */
export const waits = 'waits';

/** Waiting requests of one owner, on any file. */
export function ownerWaits(ownerKey: string): string {
  return 'W:' + ownerKey;
}

/** Those of the requests that wait on a file whose owners had others that waited beside them, in order of arrival. */
export function tangled(fileKey: string): string {
  return 'wt:' + fileKey;
}

/** Sessions that want to be told when a delegation on a file is available, oldest first. */
export function wants(fileKey: string): string {
  return 'd:' + fileKey;
}

/** Sessions that hold many delegations, by number. */
export const delegators = 'delegators';

/** Files with a running break, by number. A break that an earlier version began is listed once its file is saved. */
export const breaks = 'breaks';

/** Files of an export that are in use, by number. */
export function exportFiles(exportName: string): string {
  return 'i:' + exportName;
}

/** Sessions that held something in an export when its grace period began, by number. */
export function graceOf(exportName: string): string {
  return 'I:' + exportName;
}

/** Files of an export that its fileserver holds or may hold, by number. */
export function heldFiles(exportName: string): string {
  return 'h:' + exportName;
}

/** Files of an export that are in use without its fileserver, by number. */
export function unboundFiles(exportName: string): string {
  return 'b:' + exportName;
}

/** Rows of files in use that are the same file of a file system, reached through several exports; by number. */
export function sameFile(fileSystem: string, fileId: string): string {
  return 'l:' + fileSystem + ':' + fileId;
}

/** Dependents of an item of the tree, oldest first. */
export function dependents(item: string): string {
  return 'P:' + item;
}

/** Pins that an item of the tree has made, by number. */
export function pinsBy(item: string): string {
  return 'Q:' + item;
}

/** Subscribers to the nodes of a region, by priority and number. */
export function subscribers(region: string): string {
  return 'U:' + region;
}

/** Adapters of a stack, by number. */
export function stackAdapters(stack: string): string {
  return 'A:' + stack;
}

/** Locks on a resource that are granted in a mode and are not converting, by number of the grant. */
export function grantedIn(fileKey: string, mode: Mode): string {
  return 'm:' + mode + fileKey;
}

/** Conversions and new requests that wait on a resource, in the order in which they are served. */
export function turns(fileKey: string): string {
  return 't:' + fileKey;
}

/** Locks of one tenant on a resource that outlived their sessions, by number. */
export function orphans(fileKey: string, tenant: string): string {
  return 'z:' + fileKey + ' ' + tenant;
}
/** The row that counts them in an export. Neither name contains a space. */
export function orphansIn(exportName: string, tenant: string): string {
  return exportName + ' ' + tenant;
}

/** The same of sessions on one node. */
export function nodeOrphans(node: string): string {
  return 'N:' + node;
}

/** Locks and requests made through a connection, by number. */
export function connectionLocks(connectionId: string): string {
  return 'C:' + connectionId;
}

/** POSIX and OFD locks share one space, flock has its own. */
export type RangeSpace = 'bytes' | 'whole';
function spaceOf(space: RangeSpace): string {
  return space === 'whole' ? 'k:' : 'r:';
}

/** Ranges of one owner and class on a file, ordered by end. */
export function ownerRanges(fileKey: string, space: RangeSpace, kind: string, ownerKey: string): string {
  return 'y:' + fileKey + ':' + spaceOf(space) + kind + ':' + ownerKey;
}

/** How many characters of a member of the lists of ranges come before the id. */
export const offsetLength = 20;

/** Write locks on a file, ordered by end. */
export function writeRanges(fileKey: string, space: RangeSpace): string {
  return 'v:' + spaceOf(space) + fileKey;
}

/** Read locks on a file, ordered by start. */
export function readRanges(fileKey: string, space: RangeSpace): string {
  return 'u:' + spaceOf(space) + fileKey;
}

/** Read locks on a file, by their node in the interval tree. */
export function rangeNodes(fileKey: string, space: RangeSpace): string {
  return 'n:' + spaceOf(space) + fileKey;
}

// --- rows that have no id of their own

/** What one owner has on one file. */
export function share(fileKey: string, ownerKey: string): string {
  return fileKey + ':' + ownerKey;
}

// --- members that are rows

/** The letter of each kind of lock. */
export const letters: { readonly [K in RequestKind]: string } = {
  lease: 'l',
  open: 'o',
  range: 'r',
  change: 'c',
  dlm: 'm',
  permit: 'q',
};
export function member(letter: string, id: string): string {
  return letter + ':' + id;
}
export function letterOf(rows: Rows, of: string): string {
  return rows.letter(of);
}
export function lease(id: string): string {
  return member(letters.lease, id);
}
export function open(id: string): string {
  return member(letters.open, id);
}
export function range(id: string): string {
  return member(letters.range, id);
}
export function change(id: string): string {
  return member(letters.change, id);
}
export function dlm(id: string): string {
  return member(letters.dlm, id);
}
export function permit(id: string): string {
  return member(letters.permit, id);
}
/** The end of the tenure of a lock, which is a member itself. */
export function tenure(member: string): string {
  return 't:' + member;
}
export function session(id: string): string {
  return 's:' + id;
}
export function file(fileKey: string): string {
  return 'f:' + fileKey;
}
export function subscription(id: string): string {
  return 'u:' + id;
}
/** A session that wants a delegation on a file. */
export function want(fileKey: string): string {
  return 'd:' + fileKey;
}
/** The stateid of an owner's locks on a file. */
export function lockState(id: string): string {
  return 'k:' + id;
}
/** A subject. Neither of its names contains a space. A tenant as a whole is the one without a name. */
export function subject(tenant: string | undefined, name: string | undefined): string {
  return (tenant ?? '') + ' ' + (name ?? '');
}

/** The lease APIs of the table, by number. */
export const servers = 'servers';
/** A lease API that serves event streams. */
export function server(id: string): string {
  return 'v:' + id;
}
/** A connection to a lock domain: a row of its session, and a dependent of its export. */
export function connection(id: string): string {
  return 'h:' + id;
}
export function operation(id: string): string {
  return 'g:' + id;
}

export type RowMember =
  | RequestKind
  | 'tenure'
  | 'session'
  | 'file'
  | 'subscription'
  | 'want'
  | 'lockState'
  | 'operation'
  | 'connection'
  | 'server'
  | 'export'
  | 'node'
  | 'adapter'
  | 'pin';
const rowMembers: { [letter: string]: RowMember } = {
  [letters.lease]: 'lease',
  [letters.open]: 'open',
  [letters.range]: 'range',
  [letters.change]: 'change',
  [letters.dlm]: 'dlm',
  [letters.permit]: 'permit',
  t: 'tenure',
  s: 'session',
  f: 'file',
  u: 'subscription',
  d: 'want',
  k: 'lockState',
  g: 'operation',
  h: 'connection',
  v: 'server',
  e: 'export',
  n: 'node',
  a: 'adapter',
  p: 'pin',
};

/** The kind of row that a member of `due`, or of a list of a session, a file or a queue, stands for. */
export function rowMember(rows: Rows, member: string): RowMember | undefined {
  return rowMembers[rows.letter(member)];
}

// --- members that are items of the configuration tree, or their dependents

export function stackItem(name: string): string {
  return 's:' + name;
}
export function exportItem(name: string): string {
  return 'e:' + name;
}
export function nodeItem(name: string): string {
  return 'n:' + name;
}
export function regionItem(name: string): string {
  return 'r:' + name;
}
export function adapter(incarnation: string): string {
  return 'a:' + incarnation;
}
export function pin(id: string): string {
  return 'p:' + id;
}
/** A session that depends on its node. */
export function dependentSession(id: string): string {
  return 'c:' + id;
}

export type ItemMember =
  'stack' | 'export' | 'node' | 'region' | 'adapter' | 'pin' | 'session' | 'connection';
const itemMembers: { [letter: string]: ItemMember } = {
  s: 'stack',
  e: 'export',
  n: 'node',
  r: 'region',
  a: 'adapter',
  p: 'pin',
  c: 'session',
  h: 'connection',
};

/** The kind of item, or of dependent, that a key of the tree names. */
export function itemMember(rows: Rows, key: string): ItemMember | undefined {
  return itemMembers[rows.letter(key)];
}

// --- both

/** The id or name in a member. */
export function idOf(rows: Rows, member: string): string {
  return rows.idOf(member);
}
