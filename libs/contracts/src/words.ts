import { z } from 'zod';
import { bytesOfName, isTextOfName } from './file-name';
import { limits } from './limits';

/** Types that several shapes share. Names of instants (RFC 3339) end in `At`; names of time spans (numbers) in `Ms`. */
export const zInstant = z.string().meta({ description: 'RFC 3339 instant', format: 'date-time' });
export const leaseType = z.enum(['none', 'read', 'write']);
export type LeaseType = z.infer<typeof leaseType>;
export const leaseState = z.enum([
  'allocated',
  'pending',
  'active',
  'breaking',
  'fencing',
  'revoked',
  'released',
]);
export type LeaseState = z.infer<typeof leaseState>;
export const access = z.enum(['read', 'write', 'both']);
export type Access = z.infer<typeof access>;
export const deny = z.enum(['none', 'read', 'write', 'both']);
export type Deny = z.infer<typeof deny>;
export const want = z.enum(['none', 'read', 'write', 'any']);
export type Want = z.infer<typeof want>;
/** why_no_delegation4 (RFC 8881 §18.16), without its prefix. */
export const whyNot = z.enum([
  'NOT_WANTED',
  'CONTENTION',
  'RESOURCE',
  'NOT_SUPP_FTYPE',
  'WRITE_DELEG_NOT_SUPP_FTYPE',
  'NOT_SUPP_UPGRADE',
  'NOT_SUPP_DOWNGRADE',
  'CANCELLED',
  'IS_DIR',
]);
export const rangeClass = z.enum(['posix', 'ofd', 'flock']);
export type RangeClass = z.infer<typeof rangeClass>;
export const changeKind = z.enum(['truncate', 'unlink', 'rename', 'link', 'setattr', 'entries']);
export type ChangeKind = z.infer<typeof changeKind>;
export const breakCause = z.enum(['open', 'change', 'fileserver', 'admin', 'attributes']);
export type BreakCause = z.infer<typeof breakCause>;

/** Modes of locks on resources, from the weakest to the strongest (docs/dlm.md). */
export const lockMode = z.enum(['NL', 'CR', 'CW', 'PR', 'PW', 'EX']);
export type LockMode = z.infer<typeof lockMode>;
/** Flags of requests for such locks, by their names in the DLMs of VMS and Linux. */
export const dlmFlag = z.enum([
  ...['noqueue', 'noqueuebast', 'quecvt', 'convdeadlk', 'nodlckwt', 'expedite', 'headque'],
  ...['altpr', 'altcw', 'valblk', 'ivvalblk', 'persistent', 'orphan'],
] as const);
export type DlmFlag = z.infer<typeof dlmFlag>;

/** What can wait on a file, in deadlocks. */
export const requestKind = z.enum(['open', 'lease', 'range', 'change', 'dlm', 'permit']);
/** What listings and refusals call a lock. */
export const lockKind = z.enum([
  ...(['lease', 'delegation', 'open'] as const),
  ...rangeClass.options,
  ...(['change', 'dlm', 'permit'] as const),
]);

/** Status codes of NFSv4.1 that the service answers with (RFC 8881 §15.1). */
export const nfsStat = z.enum([
  'NFS4_OK',
  'NFS4ERR_PERM',
  'NFS4ERR_NOENT',
  'NFS4ERR_IO',
  'NFS4ERR_ACCESS',
  'NFS4ERR_EXIST',
  'NFS4ERR_NOTDIR',
  'NFS4ERR_ISDIR',
  'NFS4ERR_INVAL',
  'NFS4ERR_ROFS',
  'NFS4ERR_STALE',
  'NFS4ERR_BADHANDLE',
  'NFS4ERR_NOTSUPP',
  'NFS4ERR_SERVERFAULT',
  'NFS4ERR_DELAY',
  'NFS4ERR_DENIED',
  'NFS4ERR_EXPIRED',
  'NFS4ERR_GRACE',
  'NFS4ERR_FHEXPIRED',
  'NFS4ERR_SHARE_DENIED',
  'NFS4ERR_CLID_INUSE',
  'NFS4ERR_RESOURCE',
  'NFS4ERR_MOVED',
  'NFS4ERR_STALE_CLIENTID',
  'NFS4ERR_OLD_STATEID',
  'NFS4ERR_BAD_STATEID',
  'NFS4ERR_NOT_SAME',
  'NFS4ERR_LOCK_RANGE',
  'NFS4ERR_SYMLINK',
  'NFS4ERR_LEASE_MOVED',
  'NFS4ERR_NO_GRACE',
  'NFS4ERR_RECLAIM_BAD',
  'NFS4ERR_RECLAIM_CONFLICT',
  'NFS4ERR_BADXDR',
  'NFS4ERR_LOCKS_HELD',
  'NFS4ERR_OPENMODE',
  'NFS4ERR_BAD_RANGE',
  'NFS4ERR_LOCK_NOTSUPP',
  'NFS4ERR_OP_ILLEGAL',
  'NFS4ERR_DEADLOCK',
  'NFS4ERR_FILE_OPEN',
  'NFS4ERR_ADMIN_REVOKED',
  'NFS4ERR_CB_PATH_DOWN',
  'NFS4ERR_BADSESSION',
  'NFS4ERR_COMPLETE_ALREADY',
  'NFS4ERR_DELEG_ALREADY_WANTED',
  'NFS4ERR_RECALLCONFLICT',
  'NFS4ERR_CLIENTID_BUSY',
  'NFS4ERR_DEADSESSION',
  'NFS4ERR_WRONG_CRED',
  'NFS4ERR_WRONG_TYPE',
  'NFS4ERR_DIRDELEG_UNAVAIL',
  'NFS4ERR_REJECT_DELEG',
  'NFS4ERR_DELEG_REVOKED',
]);
export type NfsStat = z.infer<typeof nfsStat>;

const bytes = (s: string): number => Buffer.byteLength(s, 'utf8');

export const sessionId = z.uuid();
export const leaseId = z.uuid();
export const openId = z.uuid();
export const requestId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces');
/**
 * Half of a surrogate pair is not a character and has no bytes in UTF-8, so two names that differ only there would
 * become the same when stored.
 */
export const wellFormed = (s: string): boolean => !/\p{Surrogate}/u.test(s);
export const illFormed = 'well-formed Unicode, without halves of surrogate pairs';
/** Text for people: labels, descriptions, reasons. */
export const label = z.string().max(limits.labelCharsMax).refine(wellFormed, illFormed);
export const owner = label.min(1).refine((s) => !s.includes('\0'), 'no NUL');
/** The name of a session's node; a node of that name need not exist. */
export const nodeName = label.min(1);
export const exportName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, . _ -');
/**
 * A name relative to the export: no leading slash, no empty, `.` or `..` segment, no NUL. Bytes that are not UTF-8 are
 * written as `textOfName` writes them.
 */
export const file = z
  .string()
  .min(1)
  .refine((s) => bytesOfName(s).length <= limits.fileBytesMax, `at most ${limits.fileBytesMax} bytes`)
  .refine((s) => !s.includes('\0'), 'no NUL')
  .refine(wellFormed, illFormed)
  .refine(isTextOfName, String.raw`\x and two digits only for a byte that is not UTF-8`)
  .refine(
    (s) => s.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'relative to the export, without empty, . or .. segments',
  )
  .refine(
    (s) => s.split('/').every((part) => bytesOfName(part).length <= limits.nameBytesMax),
    `segments of at most ${limits.nameBytesMax} bytes`,
  );
/** The name of a resource: any text. It is not a path and leads to no file. */
export const resourceName = z
  .string()
  .min(1)
  .refine((s) => bytes(s) <= limits.resourceBytesMax, `at most ${limits.resourceBytesMax} bytes`)
  .refine((s) => !s.includes('\0'), 'no NUL')
  .refine(wellFormed, illFormed);
/** The value block of a resource. */
export const valueBlock = z
  .base64()
  .max(4 * Math.ceil(limits.valueBytesMax / 3))
  .refine(
    (s) => Buffer.byteLength(s, 'base64') <= limits.valueBytesMax,
    `at most ${limits.valueBytesMax} bytes`,
  );
/** A directory: `.` is the root of the export. */
export const directory = z.union([z.literal('.'), file]);
/** At most 60 s, or, with `queued`, an hour. */
export const waitMs = z.number().int().min(0).max(limits.queuedMsMax);
/** Offsets beyond the safe range of JSON numbers are decimal digits. */
const offsetMax = 2n ** 63n - 1n;
export const offset = z
  .union([z.number().int().nonnegative(), z.string().regex(/^(0|[1-9]\d{0,18})$/, 'decimal digits')])
  .transform((given) => BigInt(given))
  .refine((n) => n <= offsetMax, 'at most 9223372036854775807');
/** 64-bit numbers, such as sizes and change attributes in RFC 8881. */
export const uint64 = z
  .union([z.number().int().nonnegative(), z.string().regex(/^(0|[1-9]\d{0,19})$/, 'decimal digits')])
  .transform((given) => BigInt(given))
  .refine((n) => n < 1n << 64n, 'at most 18446744073709551615');
/** A file time reported by the holder, with up to nanoseconds. */
export const fileTime = z.iso.datetime().max(40);
/** The last byte, inclusive. EOF is the end of the file, wherever that is; 9223372036854775807 means the same. */
export const rangeEnd = z.union([z.literal('EOF').transform(() => offsetMax), offset]);
/** `other` is the last twelve bytes of the id, in hexadecimal digits. */
export const stateid = z
  .object({ seqid: z.number().int(), other: z.string() })
  .meta({ id: 'Stateid', description: 'As in RFC 8881 §8.2.' });
/** Fencing token, at most 2^53-1. */
export const token = z.number().int().nonnegative();
