import { z } from 'zod';
import { breakCause, leaseType, zInstant } from './words';

/**
 * SSE events of a session (semantics.md §5). Delivered at least once, in order per file; a repeated break has the same breakId.
 * `id:` is opaque; an event without one shares the id of the next.
 */
const leaseRef = { leaseId: z.string(), owner: z.string(), export: z.string(), file: z.string() };
export const eventSchemas = {
  break: z.object({
    ...leaseRef,
    type: leaseType.meta({ description: 'What the lease is now.' }),
    token: z.number(),
    breakId: z.string(),
    target: leaseType,
    deadlineAt: zInstant.optional(),
    remainingMs: z.number().optional(),
    cause: breakCause,
  }),
  downgraded: z.object({ ...leaseRef, type: leaseType, token: z.number(), cause: z.string() }),
  released: z.object({ ...leaseRef, cause: z.string() }),
  revoked: z.object({ ...leaseRef, cause: z.string() }),
  /** A grant that came after its request was parked: a lease (`type`, `token`) or an open (`openId`, `access`). */
  granted: z.object({
    export: z.string(),
    file: z.string(),
    owner: z.string(),
    leaseId: z.string().optional(),
    type: leaseType.optional(),
    token: z.number().optional(),
    openId: z.string().optional(),
    access: z.string().optional(),
  }),
  expired: z.object({ sessionId: z.string() }),
  /** What was missed is no longer there: read GET /v1/leases?sessionId=… */
  resync: z.object({ cause: z.string() }),
  /** The fileserver may have lost the state behind the leases of this export. */
  jeopardy: z.object({ export: z.string(), cause: z.string() }),
  reclaimed: z.object({ ...leaseRef, type: leaseType, token: z.number() }),
  detached: z.object({ ...leaseRef }),
} as const;
export type EventName = keyof typeof eventSchemas;
export type EventOf<N extends EventName> = z.infer<(typeof eventSchemas)[N]>;
export type SessionEvent = { [N in EventName]: { id?: string; event: N; data: EventOf<N> } }[EventName];
