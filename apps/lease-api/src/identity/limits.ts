import { z } from 'zod';
import type { SubjectLimits as Quota } from '#locks';
import type { Caller } from './caller';

/** What one subject may use at most; what is absent has no limit of its own (docs/quotas.md). */
const most = (max: number) => z.number().int().min(1).max(max).optional();
export const subjectLimits = z.strictObject({
  requestsPerSecond: most(1_000_000),
  sessions: most(10_000_000),
  /** Leases, opens, range locks, locks in modes and waits. */
  rows: most(1_000_000_000),
  waits: most(1_000_000),
  /** Waiting requests in the queue of one file. */
  queueShare: most(100_000),
  /** How long a change may keep a file quiet. */
  quietMs: z.number().int().min(0).max(3_600_000).optional(),
  /** Event streams at one lease API. */
  streams: most(1_000_000),
});
export type SubjectLimits = z.infer<typeof subjectLimits>;

const named = z.record(z.string().min(1).max(511), subjectLimits).default({});
/** What the subjects of a tenant may use together. */
const total = subjectLimits.omit({ quietMs: true });
export const limitsShape = z.strictObject({
  default: subjectLimits.default({}),
  tenants: named,
  /** By `TENANT/SUBJECT`; a subject without a tenant by its name alone. */
  subjects: named,
  /** By tenant, and for each that is not named. */
  tenantTotals: z
    .strictObject({
      default: total.default({}),
      tenants: z.record(z.string().min(1).max(255), total).default({}),
    })
    .optional(),
  /** Open connections that one address may have at each port. */
  connectionsPerAddress: most(1_000_000),
});
export type CallerLimits = z.infer<typeof limitsShape>;

const own = (of: Readonly<Record<string, SubjectLimits>>, name: string): SubjectLimits | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined;

/** A subject, or a tenant as a whole, which is the one without a name. */
type Names = Pick<Caller, 'tenant' | 'subject'>;

/** Whose limits a caller must keep to: its own and, if it has a tenant, those of that as a whole. */
export const countedAs = (caller: Names): readonly Names[] =>
  caller.tenant === '' ? [caller] : [caller, { tenant: caller.tenant, subject: '' }];

/** Those of the subject, for the others those of its tenant, then the default. */
export function limitsFor(
  { default: usual, tenants, subjects, tenantTotals }: CallerLimits,
  { tenant, subject }: Names,
): SubjectLimits {
  if (subject === '' && tenant !== '')
    return { ...tenantTotals?.default, ...own(tenantTotals?.tenants ?? {}, tenant) };
  return {
    ...usual,
    ...own(tenants, tenant),
    ...own(subjects, tenant === '' ? subject : `${tenant}/${subject}`),
  };
}

/** Those of the limits that the rules enforce; undefined: there are none, and the rules need not count. */
export function quotaIn({ sessions, rows, waits, queueShare, quietMs }: SubjectLimits): Quota | undefined {
  const quota = { sessions, rows, waits, queueShare, quietMs };
  return Object.values(quota).every((each) => each === undefined) ? undefined : quota;
}
