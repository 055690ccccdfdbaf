/**
 * The test titles of other suites for leases and delegations, as a checklist: each with the scenarios that show what
 * our service does in that case, or with the reason why it does not apply. The titles are theirs, the scenarios our own.
 */
export type Covered = readonly string[] | { readonly not: string };
type Checklist = { readonly [title: string]: Covered };

const notHere = (not: string): Covered => ({ not });
const noAttributesOnly = notHere(
  'an open reads, writes or both; who only looks at attributes asks for nothing',
);
const noHandles = notHere('there is no lease on a handle; a name that changes asks delegations');
const noOplocks = notHere('there is one kind of lease');
const noAckless = notHere('every break is answered, also one of a read lease');
const oneFile = notHere('a lease is of one file and has its own id; there are no keys that could name two');
const headsPart = notHere('what the protocol of a server says of it is that server’s part');

/** smbtorture, smb2.lease. */
export const smb2Lease: Checklist = {
  request: [
    'leases: readers share, a writer is refused and breaks nobody',
    'matrix: leaseWrite, asked by another',
  ],
  break_twice: ['leases: a lease is broken to read, and after the answer to none'],
  nobreakself: [
    'leases: a holder’s own open never breaks its lease',
    'matrix: openWrite, asked by the holder itself',
  ],
  statopen: noAttributesOnly,
  statopen2: noAttributesOnly,
  statopen3: noAttributesOnly,
  statopen4: noAttributesOnly,
  upgrade: ['leases: an upgrade needs to be alone; a downgrade lets others in'],
  upgrade2: ['queue: an upgrade waits until the others have gone; the lease stays as it is until then'],
  upgrade3: [
    'queue: a lease is broken while its upgrade waits',
    'leases: a lease downgraded before a writer comes is broken as a read lease',
  ],
  break: ['matrix: openRead, asked by another', 'matrix: openWrite, asked by another'],
  oplock: noOplocks,
  multibreak: ['leases: a write open breaks readers; the last answer lets it in'],
  breaking1: ['leases: two openers wait for the same acknowledgement'],
  breaking2: [
    'leases: an acknowledgement below the target is accepted',
    'leases: acknowledging an earlier break is too late',
  ],
  breaking3: [
    'leases: a repeated break does not notify again; an escalation does, with a fresh deadline',
    'leases: a downgrade to read is not enough once a writer has escalated the break',
  ],
  breaking4: noAckless,
  breaking5: noAckless,
  breaking6: noHandles,
  lock1: ['ranges: ranges do not conflict with leases, delegations or opens'],
  complex1: ['leases: breaks of several owners, sessions, files and types run side by side'],
  timeout: [
    'leases: a silent reader is revoked at the deadline, and its late answer is refused',
    'leases: a silent writer is downgraded to read at the deadline and keeps that',
  ],
  'timeout-disconnect': [
    'leases: a session dies while its lease is being broken: the waiter goes on',
    'leases: one of two sessions being broken dies, the other answers',
  ],
  unlink: ['changes: a change of a name breaks delegations and no leases'],
  rename_wait: ['changes: a rename is four changes, each of which asks the holders it concerns'],
  rename_dir_openfile: notHere('names are for printing; a directory that is renamed moves no file'),
  duplicate_create: oneFile,
  duplicate_open: oneFile,
  v1_bug15148: ['leases: a holder with opens of its own answers another session’s open'],
  v2_bug15148: ['leases: a holder with opens of its own answers another session’s open'],
  initial_delete_tdis: noHandles,
  initial_delete_logoff: noHandles,
  initial_delete_disconnect: noHandles,
  'lease-epoch': ['leases: the version of a lease changes with its type, and with nothing else'],
  v2_request: ['delegations: directory delegations are granted where the export allows them'],
  v2_request_parent: ['changes: an entry of a directory breaks the delegation of the directory'],
  v2_flags_breaking: ['leases: no grants while a break to none runs or a breaker waits'],
  v2_flags_parentkey: notHere(
    'one’s own entries leave the own delegation of the directory alone without a key',
  ),
  v2_epoch1: ['leases: the version of a lease changes with its type, and with nothing else'],
  v2_epoch2: ['leases: a lease that was broken, answered and granted again is broken by a new break'],
  v2_epoch3: noOplocks,
  v2_breaking3: ['leases: a writer breaks a lease that a deadline has downgraded to read'],
  v2_complex1: ['leases: one live lease per owner and file; owners of one session are strangers'],
  v2_complex2: ['leases: only its holder may answer for a lease'],
  v2_rename: ['matrix: rename, asked by another'],
  v2_rename_target_overwrite: [
    'changes: a rename is four changes, each of which asks the holders it concerns',
  ],
};

/** pynfs, 4.0 and 4.1: DELEG. */
export const pynfsDeleg: Checklist = {
  'DELEG1, 11: returned when recalled': [
    'delegations: a read delegation is recalled by an open for write',
    'delegations: a reader recalls a write delegation to read, a writer recalls it to none',
  ],
  'DELEG2, 12: never returned': [
    'delegations: a holder that does not answer the recall is revoked; the revoked delegation stays listed until it is freed',
  ],
  'DELEG3a to 3e, 13a to 13e: the recall is answered with an error': headsPart,
  'DELEG4: the file was closed': ['delegations: the delegation outlives the open it came with'],
  'DELEG5: many at once': ['delegations: many delegations are recalled at once'],
  'DELEG6: no way to recall': headsPart,
  'DELEG7: not used by its holder': ['delegations: the delegation outlives the open it came with'],
  'DELEG8: beside a deny mode': ['delegations: an open that another open denies recalls nothing'],
  'DELEG9: another address for recalls': headsPart,
  'DELEG14: opens claimed under it during the recall': [
    'delegations: during a recall the holder claims the opens it has made under its delegation',
    'queue: a holder that is being broken may open more',
  ],
  'DELEG15a to 15d, 16 to 20: remove, link, rename, over another, chmod': [
    'matrix: unlink, asked by another',
    'matrix: link, asked by another',
    'matrix: rename, asked by another',
    'matrix: setattr, asked by another',
    'changes: a rename is four changes, each of which asks the holders it concerns',
  ],
  'DELEG21: an own open for write': ['delegations: requests of the holder and of its session recall nothing'],
  'DELEG23: an own open for write, then a strange one': [
    'delegations: the holder’s own write open does not recall its delegation, another session’s does',
  ],
  '4.1 DELEG1 to 3: read, write, any wanted': [
    'delegations: a delegation comes with an open that wants one',
    'delegations: a want of any delegation gets write for a lone writer, read beside readers, none beside writers',
  ],
  '4.1 DELEG4: none wanted': ['delegations: a delegation is granted without an open'],
  '4.1 DELEG5 to 7: security of the callback': headsPart,
  '4.1 DELEG8: revoked, tested, freed': [
    'delegations: a holder that does not answer the recall is revoked; the revoked delegation stays listed until it is freed',
  ],
  '4.1 DELEG9: a writer keeps it from being offered': [
    'delegations: a session that wants a signal gets it, once, when the writer has gone',
  ],
  '4.1 DELEG24, 25, 27: attributes asked of the holder': [
    'delegations: attributes under a write delegation: its holder is asked, and nothing is recalled',
    'delegations: attributes of a file that was changed: the change attribute grows with every answer, until the lease ends',
    'delegations: attributes: a different size is a change, even if the holder denies one',
  ],
  '4.1 DELEG26: read after close': ['delegations: the delegation outlives the open it came with'],
  '4.1 DELEG28, 29: by filehandle, and by who has it open': [
    'delegations: a repeated open with a want gets a delegation',
    'delegations: a want for the type already held returns the same delegation',
  ],
  '4.1 DELEG30: after a recall': [
    'delegations: no delegation is offered during a recall, nor afterwards until the file has cooled down',
    'delegations: a signal is sent after the cool-down, not before',
  ],
  '4.1: the holder sets attributes': [
    'delegations: requests of the holder and of its session recall nothing',
  ],
};

/** pynfs, 4.0: OPEN and what belongs to it. */
export const pynfsOpen: Checklist = {
  'MKFILE, OPEN2 to 6: created and not': notHere('files are made at the fileserver'),
  'OPEN7a to 7s: what is no file': headsPart,
  'OPEN8 to 15: handles, names, attributes': headsPart,
  'OPEN16: a reclaim outside grace': ['grace: no grace, no reclaim'],
  'OPEN17: mode bits': notHere('rights are the fileserver’s'),
  'OPEN18, 22, 26: denied by another': [
    'opens: both denying none beside every open of another',
    'matrix: denyRead, asked by another',
    'matrix: denyWrite, asked by another',
  ],
  'OPEN20: a refused open leaves others alone': [
    'opens: a refused open breaks nobody',
    'opens: an upgrade that another open denies leaves everything as it was',
  ],
  'OPEN21, 25: denied by oneself': [
    // RFC 8881 §9.7 denies it to the same open-owner, too; here an owner never conflicts with itself (semantics.md §1).
    'opens: a deny mode denies others only, never its own owner',
  ],
  'OPEN23, 23b, 24, 27, 28: reading and writing under a deny mode': notHere(
    'data does not pass through here',
  ),
  'OPEN29: upgraded twice, closed once': ['opens: a second open by the same owner merges with the first'],
  'OPEN30: the same request again': ['opens: a repeated request finds its open, also while that waits'],
  'OPEN31: a bad seqid': headsPart,
  'OPDG: downgrades': [
    'opens: an open is upgraded and lowered in place',
    'opens: a downgrade may not ask for more than the open has',
    'opens: a downgrade lets in an open that waits for it',
  ],
  'REBT: reclaims after a restart': [
    'grace: only reclaims are granted in grace',
    'grace: grace ends early when every session from before has reclaimed',
    'grace: reclaims conflict as usual; a reclaim breaks nobody',
  ],
};

/** pynfs, 4.0: LOCK, LOCKT, LOCKU. */
export const pynfsLock: Checklist = {
  'LOCK1, 3: locked and tested': ['ranges: a lock test names one blocker, and never the owner itself'],
  'LOCKHELD: closed while locked': [
    'opens: an open is kept while a lock under it is held, no matter who its owner is',
  ],
  'LOCKRNG: beyond 32 bits': ['ranges: offsets may exceed 32 bits'],
  'LOCKMRG: overlapping own locks': ['ranges: adjacent ranges of one type merge'],
  'LOCKCHGD, LOCKCHGU: lowered and upgraded in place': [
    'ranges: a part of a range is upgraded, and both sides stay',
    'ranges: a part of a range is downgraded at either end',
  ],
  'LOCK4: a write lock with a read open': ['opens: a lock needs an open with its access'],
  'LOCK5, 6: no length, too long': [
    'ranges: a lock covers the first byte, the last byte, or every byte to the end',
  ],
  'LOCK7 to 12: handles, seqids, stateids, client ids': headsPart,
  'LOCK13: the owner expires': ['ranges: the locks of a session end with it, and waiters get in'],
  'LOCK14, 15: another owner, another client': [
    'ranges: owners of one session conflict like strangers',
    'ranges: overlapping readers share, an overlapping writer is alone',
  ],
  'LOCK16, 17: shared by readers': ['ranges: overlapping readers share, an overlapping writer is alone'],
  'LOCK18: fair': ['queue: a request that does not wait does not overtake those that do'],
  'LOCK19, 22: polled for': ['ranges: a repeated request keeps its place, a different one gets its own'],
  'LOCK20: a wait that is forgotten': ['queue: a wait elapses and the next waiter goes on'],
  'LOCK21: a queue of many': ['queue: readers and writers take turns, POSIX'],
  'LKT: tests of overlap, partial, beyond': [
    'ranges: short, long and equal read locks of many owners are all found',
  ],
  'LKU: parts, the whole, nothing': [
    'ranges: an unlock takes the middle, the ends, more than is locked, or nothing',
  ],
};

export const checklists: readonly Checklist[] = [smb2Lease, pynfsDeleg, pynfsOpen, pynfsLock];
