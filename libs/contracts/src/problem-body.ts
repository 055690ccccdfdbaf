import { z } from 'zod';
import { dependent } from './configuration';
import { errorCodes } from './names';
import { deny, leaseState, leaseType, lockKind, requestKind, zInstant } from './words';

const otherTenant = z.literal(true).optional().meta({
  description: 'It belongs to another tenant: its id, session, owner and pid are not told.',
});

/** What tells a person whose lock it is. */
export const ofHolder = {
  label: z.string().optional().meta({ description: 'Of its session, as is `node`.' }),
  node: z.string().optional(),
  courtesy: z.boolean().optional().meta({
    description: 'The TTL of its session is over, and this is kept only until somebody wants it.',
  }),
  ageMs: z.number().optional().meta({
    description: 'How long it has been held; for a request that holds nothing, how long it has been waiting.',
  }),
};

export const blocker = z
  .object({
    id: z.string().meta({ description: 'The hold or earlier request that blocks.' }),
    kind: lockKind,
    sessionId: z.string(),
    owner: z.string(),
    pid: z.number().int(),
    ...ofHolder,
    type: z
      .string()
      .meta({ description: 'Lease type, access of an open, type of a range lock, kind of a change.' }),
    deny: deny.optional(),
    state: z.union([leaseState, z.enum(['open', 'held', 'granted', 'converting', 'waiting'])]),
    start: z.string().optional(),
    end: z.string().optional(),
    otherTenant,
    atFileserver: z.literal(true).optional().meta({
      description:
        'A program at the fileserver has locked this: it has no id, session or owner here. `pid` is that of the program there, 0 if its kernel does not tell.',
    }),
  })
  .meta({ id: 'Blocker' });

/** One request in a deadlock: who waits, and for which file. */
export const cycleMember = z
  .object({
    id: z.string(),
    kind: requestKind,
    sessionId: z.string(),
    owner: z.string(),
    export: z.string(),
    file: z.string(),
    otherTenant,
  })
  .meta({ id: 'CycleMember' });

/** RFC 9457 body. The microservice transport omits `status`. */
export const problem = z
  .object({
    type: z.string().meta({ description: '`urn:leasehold:<reason>`' }),
    title: z.string(),
    status: z.number().int().optional(),
    instance: z.string().optional().meta({
      description: '`urn:leasehold:request:<id>`: the request, as its answer and the log name it.',
    }),
    code: z.enum(errorCodes),
    reason: z.string(),
    detail: z.string().optional(),
    next: z.string().meta({ description: 'What to do next.' }),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    blockers: z.array(blocker).optional().meta({ description: 'At most 4 of the blockers.' }),
    blockerCount: z.number().int().optional(),
    break: z
      .object({
        breakId: z.string(),
        target: leaseType,
        deadlineAt: zInstant.optional(),
        remainingMs: z.number().optional(),
      })
      .optional(),
    cycle: z.array(cycleMember).optional().meta({
      description: 'For a deadlock: the requests that wait for each other, the refused request first.',
    }),
    leaseId: z.string().optional(),
    retryAfterMs: z.number().int().optional(),
    used: z
      .number()
      .int()
      .optional()
      .meta({ description: 'What the caller uses of the limit that refuses it.' }),
    allowed: z
      .number()
      .int()
      .optional()
      .meta({ description: 'What it may use; for `hold_too_long`, in milliseconds.' }),
    limit: z.number().int().optional().meta({ description: 'How many permits the semaphore has.' }),
    have: leaseType.optional(),
    breakLimitMs: z.number().optional(),
    dependents: z.array(dependent).optional().meta({
      description: 'The first few dependents of the item; /v1/{kind}/{name}/dependents lists all.',
    }),
    version: z
      .number()
      .int()
      .optional()
      .meta({ description: 'The current version of the item; 0: it does not exist.' }),
    near: z.array(z.string()).optional().meta({
      description: 'Names that exist and are like the one that does not.',
    }),
    operationId: z.string().optional().meta({ description: 'The running operation.' }),
    waitId: z.string().optional().meta({
      description:
        'The request continues under this id and may still be granted: repeat it, or cancel it with DELETE.',
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
export type Blocker = z.infer<typeof blocker>;
