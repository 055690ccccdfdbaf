import { z } from 'zod';
import { limits } from './limits';

/** Words that several shapes share. Instants are RFC 3339 and end in `At`; spans are numbers and end in `Ms`. */
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
export const breakCause = z.enum(['open', 'change', 'fileserver', 'admin']);
export type BreakCause = z.infer<typeof breakCause>;

const bytes = (s: string): number => Buffer.byteLength(s, 'utf8');

export const sessionId = z.uuid();
export const leaseId = z.uuid();
export const openId = z.uuid();
export const requestId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces');
export const owner = z
  .string()
  .min(1)
  .max(limits.labelCharsMax)
  .refine((s) => !s.includes('\0'), 'no NUL');
export const exportName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, . _ -');
/** A name relative to the export: no leading slash, no empty, `.` or `..` segment, no NUL. */
export const file = z
  .string()
  .min(1)
  .refine((s) => bytes(s) <= limits.fileBytesMax, `at most ${limits.fileBytesMax} bytes`)
  .refine((s) => !s.includes('\0'), 'no NUL')
  .refine(
    (s) => s.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'relative to the export, without empty, . or .. segments',
  )
  .refine(
    (s) => s.split('/').every((part) => bytes(part) <= limits.nameBytesMax),
    `segments of at most ${limits.nameBytesMax} bytes`,
  );
export const waitMs = z.number().int().min(0).max(limits.waitMsMax);
/** Fencing token, at most 2^53-1. */
export const token = z.number().int().nonnegative();
