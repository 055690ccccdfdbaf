import { z } from 'zod';
import { limits } from './limits';
import {
  access,
  breakCause,
  exportName,
  file,
  leaseId,
  leaseState,
  leaseType,
  openId,
  owner,
  requestId,
  sessionId,
  token,
  waitMs,
  zInstant,
} from './words';

/** Bodies of the REST API. Requests are strict: an unknown field is an error. */

// --- pages
const page = {
  limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
  cursor: z
    .string()
    .regex(/^\d{1,16}$/, 'a cursor from an earlier page')
    .optional()
    .meta({
      description: 'From the page before; opaque. A page may be short, or empty, and still have one.',
    }),
};
export const pageQuery = z.strictObject(page);
export const leaseQuery = z.strictObject({ sessionId, ...page });

// --- sessions
export const sessionCreate = z
  .strictObject({
    ttlMs: z.number().int().min(limits.ttlMsMin).max(limits.ttlMsMax).default(30_000),
    node: z.string().min(1).max(limits.labelCharsMax).optional(),
    pid: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional(),
    label: z.string().max(limits.labelCharsMax).optional(),
  })
  .meta({ id: 'SessionCreate' });
export const session = z
  .object({
    sessionId,
    ttlMs: z.number().int(),
    expiresAt: zInstant,
    state: z.enum(['live', 'expiring', 'expired', 'ended']),
    node: z.string().optional(),
    pid: z.number().int().optional(),
    label: z.string().optional(),
    leases: z.number().int().meta({ description: 'Leases and opens of the session.' }),
  })
  .meta({ id: 'Session' });
export const sessionCreated = session
  .extend({ secret: z.string().meta({ description: 'Shown once; send it as x-session-secret.' }) })
  .meta({ id: 'SessionCreated' });
export const sessionPage = z
  .object({ sessions: z.array(session), cursor: z.string().optional() })
  .meta({ id: 'SessionPage' });

// --- leases
export const leaseBreak = z
  .object({
    breakId: z.string(),
    target: leaseType,
    deadlineAt: zInstant.optional().meta({ description: 'Absent where the break is never forced.' }),
    remainingMs: z.number().optional(),
    cause: breakCause,
  })
  .meta({ id: 'LeaseBreak' });
export const lease = z
  .object({
    leaseId,
    sessionId,
    owner: z.string(),
    export: z.string(),
    file: z.string(),
    fileId: z.string(),
    type: leaseType,
    pendingType: leaseType.optional(),
    state: leaseState,
    token: token.meta({ description: '0 before the first grant.' }),
    backed: z.boolean().meta({ description: 'Whether a fileserver holds it too.' }),
    break: leaseBreak.optional(),
  })
  .meta({ id: 'Lease' });
export type Lease = z.infer<typeof lease>;
const leaseWhere = { sessionId, owner: owner.optional(), export: exportName, file };
export const leaseAlloc = z
  .union([
    z.strictObject(leaseWhere),
    z.strictObject({
      leases: z
        .array(z.strictObject(leaseWhere))
        .min(1)
        .max(limits.leasesPerRequestMax)
        .refine((all) => all.every((each) => each.sessionId === all[0]?.sessionId), 'leases of one session'),
    }),
  ])
  .meta({ id: 'LeaseAlloc' });
export const leaseAllocated = z
  .union([lease, z.object({ leases: z.array(lease) })])
  .meta({ id: 'LeaseAllocated' });
export const leaseSet = z
  .strictObject({
    type: leaseType,
    waitMs: waitMs.optional(),
    ifToken: token.optional(),
    breakId: z.string().min(1).max(64).optional(),
  })
  .meta({ id: 'LeaseSet' });
export const leaseAcquire = z
  .strictObject({
    ...leaseWhere,
    type: z.enum(['read', 'write']),
    waitMs: waitMs.optional(),
    requestId: requestId.optional(),
  })
  .meta({ id: 'LeaseAcquire' });
export const leasePage = z
  .object({ leases: z.array(lease), cursor: z.string().optional() })
  .meta({ id: 'LeasePage' });

// --- opens
export const openCreate = z
  .strictObject({ ...leaseWhere, access, waitMs: waitMs.default(0), requestId: requestId.optional() })
  .meta({ id: 'OpenCreate' });
export const open = z
  .object({
    openId,
    sessionId,
    owner: z.string(),
    export: z.string(),
    file: z.string(),
    fileId: z.string(),
    access,
    state: z.enum(['open', 'waiting']),
  })
  .meta({ id: 'Open' });
export type Open = z.infer<typeof open>;

// --- fences
export const fence = z
  .object({ export: z.string(), file: z.string(), fileId: z.string(), highestToken: token })
  .meta({ id: 'Fence' });
export const fenceCheck = z
  .strictObject({ export: exportName, file, token, for: z.enum(['read', 'write']) })
  .meta({ id: 'FenceCheck' });
export const fenceValid = z
  .object({ valid: z.literal(true), leaseId, type: leaseType, state: leaseState })
  .meta({ id: 'FenceValid' });

// --- admin
export const lock = z
  .object({
    id: z.string().meta({ description: 'Lease or open.' }),
    no: z.number().int().meta({ description: 'Number of the text line; stable while the row lives.' }),
    kind: z.enum(['lease', 'delegation', 'open', 'posix', 'ofd', 'flock', 'change']),
    sessionId,
    owner: z.string(),
    export: z.string(),
    file: z.string(),
    fileId: z.string(),
    inode: z.string().meta({ description: '`maj:min:ino` as the kernel prints it, or `<none>:0`.' }),
    pid: z.number().int(),
    type: z.string().meta({ description: 'Lease type, or access of an open.' }),
    pendingType: leaseType.optional(),
    state: z.union([leaseState, z.enum(['open', 'waiting'])]),
    token: token.optional(),
    backed: z.boolean().optional(),
    break: leaseBreak.optional(),
    blockedBy: z.string().optional().meta({ description: 'Of a waiter: the lease it waits for.' }),
  })
  .meta({ id: 'Lock' });
export type Lock = z.infer<typeof lock>;
export const lockPage = z
  .object({ locks: z.array(lock), cursor: z.string().optional() })
  .meta({ id: 'LockPage' });
export const lockQuery = z.strictObject({
  export: exportName.optional(),
  file: file.optional(),
  session: sessionId.optional(),
  state: z.union([leaseState, z.enum(['open', 'waiting'])]).optional(),
  type: z.enum(['none', 'read', 'write', 'both']).optional(),
  format: z.enum(['json', 'ndjson', 'text']).optional().meta({
    description: 'Instead of the Accept header. `ndjson` and `text` are the whole listing, not a page.',
  }),
  ...page,
});
/** `?unfenced`, `?unfenced=true`: do not wait for the fileserver. */
export const lockReleaseQuery = z.strictObject({
  unfenced: z
    .enum(['', 'true', 'false', '1', '0'])
    .default('false')
    .transform((given) => given !== 'false' && given !== '0'),
});
export const lockBreak = z
  .strictObject({ target: z.enum(['none', 'read']).default('none') })
  .meta({ id: 'LockBreak' });
export const lockBroken = z
  .object({
    break: leaseBreak.optional().meta({ description: 'Absent: nothing is held above the target.' }),
  })
  .meta({ id: 'LockBroken' });
export const exportView = z
  .object({
    name: z.string(),
    stack: z.string(),
    state: z.enum(['up', 'lost']),
    breakMs: z.number().int(),
    breakLimitMs: z.number().int(),
    incarnation: z.string().optional(),
    endpoint: z.string().optional(),
    unconfirmedFiles: z
      .number()
      .int()
      .meta({ description: 'Files whose hold the fileserver has not confirmed.' }),
  })
  .meta({ id: 'Export' });
export const exportList = z.object({ exports: z.array(exportView) }).meta({ id: 'ExportList' });

// --- operations
export const ready = z
  .object({
    ready: z.literal(true),
    exports: z.array(
      z.object({ name: z.string(), state: z.enum(['up', 'lost']), unconfirmedFiles: z.number().int() }),
    ),
  })
  .meta({ id: 'Ready' });
export const alive = z.object({ alive: z.literal(true) }).meta({ id: 'Alive' });
