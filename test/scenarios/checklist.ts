/**
 * What other test suites of leases and delegations name, as a checklist: each title with the scenarios here that say what
 * our service does in that case, or with why there is nothing to say. The titles are theirs, the scenarios our own.
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
  break_twice: ['leases: broken twice: to read, and when that is answered to none'],
  nobreakself: [
    'leases: an own open never breaks an own lease',
    'matrix: openWrite, asked by the holder itself',
  ],
  statopen: noAttributesOnly,
  statopen2: noAttributesOnly,
  statopen3: noAttributesOnly,
  statopen4: noAttributesOnly,
  upgrade: ['leases: an upgrade needs to be alone; a downgrade lets others in'],
  upgrade2: ['queue: an upgrade waits for the others to go; what is held stays'],
  upgrade3: [
    'queue: a lease that waits and is broken at the same time',
    'leases: a downgrade before the writer comes is broken as what it is',
  ],
  break: ['matrix: openRead, asked by another', 'matrix: openWrite, asked by another'],
  oplock: noOplocks,
  multibreak: ['leases: a write open breaks readers; the last answer lets it in'],
  breaking1: ['leases: two who wait for the same answer'],
  breaking2: [
    'leases: weaker than the target is a good answer',
    'leases: acknowledging an earlier break is too late',
  ],
  breaking3: [
    'leases: a repeat does not notify again, an escalation does, with a fresh deadline',
    'leases: a downgrade that a writer has overtaken is not enough',
  ],
  breaking4: noAckless,
  breaking5: noAckless,
  breaking6: noHandles,
  lock1: ['ranges: ranges and leases, delegations, opens do not mind each other'],
  complex1: ['leases: owners, sessions, files and types, all at once'],
  timeout: [
    'leases: a silent reader is revoked at the deadline, and its late answer refused',
    'leases: a silent writer is forced down to read and keeps that',
  ],
  'timeout-disconnect': [
    'leases: a session dies while its lease is broken: who waits goes on',
    'leases: of two that are broken one session dies, the other answers',
  ],
  unlink: ['changes: a name that changes breaks delegations and no leases'],
  rename_wait: ['changes: a rename is four changes, and each asks whom it concerns'],
  rename_dir_openfile: notHere('names are for printing; a directory that is renamed moves no file'),
  duplicate_create: oneFile,
  duplicate_open: oneFile,
  v1_bug15148: ['leases: own opens and an own lease when a stranger comes'],
  v2_bug15148: ['leases: own opens and an own lease when a stranger comes'],
  initial_delete_tdis: noHandles,
  initial_delete_logoff: noHandles,
  initial_delete_disconnect: noHandles,
  'lease-epoch': ['leases: the version of a lease moves with what it holds, and with nothing else'],
  v2_request: ['delegations: directories are delegated where the export allows it'],
  v2_request_parent: ['changes: an entry of a directory breaks the delegation of the directory'],
  v2_flags_breaking: ['leases: no grants while a break to none runs or a breaker waits'],
  v2_flags_parentkey: notHere(
    'one’s own entries leave the own delegation of the directory alone without a key',
  ),
  v2_epoch1: ['leases: the version of a lease moves with what it holds, and with nothing else'],
  v2_epoch2: ['leases: broken, answered, granted and broken again: another break'],
  v2_epoch3: noOplocks,
  v2_breaking3: ['leases: a deadline that lowers to read, and the writer that comes after it'],
  v2_complex1: ['leases: one live lease per owner and file; owners of one session are strangers'],
  v2_complex2: ['leases: nobody but its holder answers for a lease'],
  v2_rename: ['matrix: rename, asked by another'],
  v2_rename_target_overwrite: ['changes: a rename is four changes, and each asks whom it concerns'],
};

/** pynfs, 4.0 and 4.1: DELEG. */
export const pynfsDeleg: Checklist = {
  'DELEG1, 11: returned when recalled': [
    'delegations: a read delegation is recalled by an open for write',
    'delegations: a write delegation is recalled to read by a reader, to none by a writer',
  ],
  'DELEG2, 12: never returned': [
    'delegations: who does not answer the recall is revoked; that is known until it is freed',
  ],
  'DELEG3a to 3e, 13a to 13e: the recall is answered with an error': headsPart,
  'DELEG4: the file was closed': ['delegations: the delegation outlives the open it came with'],
  'DELEG5: many at once': ['delegations: many are recalled at once'],
  'DELEG6: no way to recall': headsPart,
  'DELEG7: not used by its holder': ['delegations: the delegation outlives the open it came with'],
  'DELEG8: beside a deny mode': ['delegations: an open that another open denies recalls nothing'],
  'DELEG9: another address for recalls': headsPart,
  'DELEG14: opens claimed under it during the recall': [
    'delegations: while it is recalled its holder claims what it has opened under it',
    'queue: who is asked to let go may open more',
  ],
  'DELEG15a to 15d, 16 to 20: remove, link, rename, over another, chmod': [
    'matrix: unlink, asked by another',
    'matrix: link, asked by another',
    'matrix: rename, asked by another',
    'matrix: setattr, asked by another',
    'changes: a rename is four changes, and each asks whom it concerns',
  ],
  'DELEG21: an own open for write': [
    'delegations: what one does oneself recalls nothing, and so does what the session does',
  ],
  'DELEG23: an own open for write, then a strange one': [
    'delegations: an own writer beside the own delegation; a strange one recalls it',
  ],
  '4.1 DELEG1 to 3: read, write, any wanted': [
    'delegations: a delegation comes with an open that wants one',
    'delegations: any is write for who writes alone, read beside readers, none beside writers',
  ],
  '4.1 DELEG4: none wanted': ['delegations: a delegation by itself'],
  '4.1 DELEG5 to 7: security of the callback': headsPart,
  '4.1 DELEG8: revoked, tested, freed': [
    'delegations: who does not answer the recall is revoked; that is known until it is freed',
  ],
  '4.1 DELEG9: a writer keeps it from being offered': [
    'delegations: contention passes: who wants to be told is, once, when the writer has gone',
  ],
  '4.1 DELEG24, 25, 27: attributes asked of the holder': [
    'delegations: attributes under a write delegation: its holder is asked, and nothing is recalled',
    'delegations: attributes of a file that was changed: the change attribute grows with every answer, until the lease ends',
    'delegations: attributes: another size is a change, whatever the holder says of it',
  ],
  '4.1 DELEG26: read after close': ['delegations: the delegation outlives the open it came with'],
  '4.1 DELEG28, 29: by filehandle, and by who has it open': [
    'delegations: opened again with a want',
    'delegations: wanting again what one has gives the same',
  ],
  '4.1 DELEG30: after a recall': [
    'delegations: during a recall nobody is offered one, nor afterwards until the file has cooled down',
    'delegations: told after the cool-down, not before',
  ],
  '4.1: the holder sets attributes': [
    'delegations: what one does oneself recalls nothing, and so does what the session does',
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
    'opens: a refusal breaks nobody: who may not open makes nobody let go',
    'opens: an upgrade that another denies leaves everything as it was',
  ],
  'OPEN21, 25: denied by oneself': [
    // RFC 8881 §9.7 denies it to the same open-owner, too; here what is own never conflicts (semantics.md §1).
    'opens: what is own is denied to others only',
  ],
  'OPEN23, 23b, 24, 27, 28: reading and writing under a deny mode': notHere(
    'data does not pass through here',
  ),
  'OPEN29: upgraded twice, closed once': ['opens: opened again by the same owner: both as one'],
  'OPEN30: the same request again': ['opens: the same request again finds what it made, also while it waits'],
  'OPEN31: a bad seqid': headsPart,
  'OPDG: downgrades': [
    'opens: an open is upgraded and lowered in place',
    'opens: lowering asks for no more than there is',
    'opens: lowering lets in who waits for it',
  ],
  'REBT: reclaims after a restart': [
    'grace: in grace only what is reclaimed is granted',
    'grace: it ends early when all who were there have reclaimed',
    'grace: reclaims conflict as ever; a reclaim breaks nobody',
  ],
};

/** pynfs, 4.0: LOCK, LOCKT, LOCKU. */
export const pynfsLock: Checklist = {
  'LOCK1, 3: locked and tested': [
    'ranges: who asks who is in the way is told of one who is, and never of itself',
  ],
  'LOCKHELD: closed while locked': [
    'opens: an open is kept while its owner has locks there, if that is asked for',
  ],
  'LOCKRNG: beyond 32 bits': ['ranges: beyond 32 bits'],
  'LOCKMRG: overlapping own locks': ['ranges: what touches becomes one, of one type'],
  'LOCKCHGD, LOCKCHGU: lowered and upgraded in place': [
    'ranges: a part is upgraded, and what lies on both sides stays',
    'ranges: a part is lowered at either end',
  ],
  'LOCK4: a write lock with a read open': notHere('locks need no open here; a server knows what is open'),
  'LOCK5, 6: no length, too long': ['ranges: the first byte, the last byte, and every byte to the end'],
  'LOCK7 to 12: handles, seqids, stateids, client ids': headsPart,
  'LOCK13: the owner expires': ['ranges: what a session has locked goes with it, and lets in who waits'],
  'LOCK14, 15: another owner, another client': [
    'ranges: owners of one session are strangers',
    'ranges: readers share, a writer is alone, where they overlap',
  ],
  'LOCK16, 17: shared by readers': ['ranges: readers share, a writer is alone, where they overlap'],
  'LOCK18: fair': ['queue: who only tries does not pass those who wait'],
  'LOCK19, 22: polled for': ['ranges: the same request again keeps its place, another one gets its own'],
  'LOCK20: a wait that is forgotten': ['queue: a waiter runs out of time and the next goes on'],
  'LOCK21: a queue of many': ['queue: readers and writers by turns, POSIX'],
  'LKT: tests of overlap, partial, beyond': [
    'ranges: short, long and equal read locks of many are all found',
  ],
  'LKU: parts, the whole, nothing': [
    'ranges: a part is unlocked: in the middle, at the ends, more than there is, nothing',
  ],
};

export const checklists: readonly Checklist[] = [smb2Lease, pynfsDeleg, pynfsOpen, pynfsLock];
