import { z } from 'zod';
import { exportState, nodeState } from './configuration';
import { bytesOfName } from './file-name';
import { limits } from './limits';
import { blocker, ofHolder, problem } from './problem-body';
import {
  access,
  breakCause,
  changeKind,
  deny,
  directory,
  dlmFlag,
  exportName,
  file,
  fileTime,
  label,
  illFormed,
  leaseId,
  leaseState,
  leaseType,
  lockKind,
  lockMode,
  nodeName,
  offset,
  openId,
  owner,
  rangeClass,
  rangeEnd,
  requestId,
  requestKind,
  resourceName,
  sessionId,
  stateid,
  token,
  uint64,
  valueBlock,
  waitMs,
  want,
  wellFormed,
  whyNot,
  zInstant,
} from './words';

/** Bodies of the REST API. Requests are strict: an unknown field is an error. */

// --- pages
const cursorLike = (pattern: RegExp) =>
  z.string().regex(pattern, 'a cursor from an earlier page').optional().meta({
    description:
      'From the previous page; opaque. If few rows pass a filter, a page may be short, or empty, and still have a cursor.',
  });
const page = {
  limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
  cursor: cursorLike(/^\d{1,16}$/),
};
export const pageQuery = z.strictObject(page);
/** Names by how they begin. */
const namePrefix = z.string().max(limits.fileBytesMax).refine(wellFormed, illFormed).optional().meta({
  description:
    'Only names of `export` that begin so, as in `jobs/`: by their characters, whatever directories there are.',
});
/** What a session has of one kind. */
export const ofSessionQuery = z.strictObject({ sessionId, ...page });
export const leaseQuery = z
  .strictObject({ sessionId, export: exportName.optional(), prefix: namePrefix, ...page })
  .refine(({ export: on, prefix }) => prefix === undefined || on !== undefined, {
    path: ['prefix'],
    error: 'needs export',
  });

// --- waiting
const pid = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const patience = {
  waitMs: waitMs.optional().meta({
    description:
      'How long the request may wait in the queue: at most 60 s, with `queued` an hour. 0: it does not wait. A refusal is final unless it has a `waitId`: then the request continues, and a repeat finds it (503 `service_stopping`: at the next node). If the connection is closed, a request without a requestId is withdrawn.',
  }),
  queued: z.boolean().optional().meta({
    description:
      'Answer 202 as soon as the request waits, instead of holding it; the event `granted` or `dropped` reports the outcome.',
  }),
};
const heldInTime = ({ waitMs = 0, queued = false }: { waitMs?: number; queued?: boolean }): boolean =>
  queued || waitMs <= limits.waitMsMax;
const tooLong = { path: ['waitMs'], error: `at most ${String(limits.waitMsMax)} without queued` };
/** With a reclaim: what is reclaimed keeps its id. */
const keptId = z.uuid().optional().meta({ description: 'With `reclaim`: it keeps this id.' });
interface Reclaims {
  reclaim?: boolean | undefined;
  requestId?: string | undefined;
}
export const keeps = <I extends string>(
  id: I,
): [(body: Reclaims & { [K in I]?: string | undefined }) => boolean, { path: string[]; error: string }] => [
  (body) => body[id] === undefined || (body.reclaim === true && body.requestId === undefined),
  { path: [id], error: 'only with reclaim, and without requestId' },
];
const reclaim = z.boolean().optional().meta({
  description: 'The lock was held before the table lost data; during a grace period nothing else is granted.',
});
export const wait = z
  .object({
    id: z.string(),
    kind: requestKind,
    ahead: z.number().int().meta({ description: 'Earlier requests that are also waiting.' }),
    remainingMs: z.number(),
    why: problem.meta({ description: 'The refusal that it would get if it did not wait.' }),
  })
  .meta({ id: 'Wait' });
export type WaitRow = z.infer<typeof wait>;

// --- sessions
export const sessionCreate = z
  .strictObject({
    ttlMs: z.number().int().min(limits.ttlMsMin).max(limits.ttlMsMax).default(30_000),
    node: nodeName.optional(),
    pid: pid.optional(),
    label: label.optional(),
    reclaim: z
      .strictObject({ sessionId, secret: z.string().regex(/^[\w-]{43}$/, 'a secret of a session') })
      .optional()
      .meta({
        description:
          'The session existed before the table lost data: in a grace period it goes on under its id and secret.',
      }),
  })
  .meta({ id: 'SessionCreate' });
export const session = z
  .object({
    sessionId,
    ttlMs: z.number().int(),
    expiresAt: zInstant,
    lastSeenAt: zInstant.meta({
      description:
        'When the service last heard from its client: the last keepalive, or else the creation of the session.',
    }),
    state: z.enum(['live', 'courtesy', 'expiring', 'expired', 'ended']).meta({
      description:
        '`courtesy`: its TTL is over, but what it holds is kept until somebody wants it, as the NFS server asked for.',
    }),
    node: z.string().optional(),
    pid: z.number().int().optional(),
    label: z.string().optional(),
    tenant: z.string().optional().meta({ description: 'Of the caller that opened it, as is `subject`.' }),
    subject: z.string().optional(),
    locks: z.number().int().meta({ description: 'Leases, opens, range locks and waits of the session.' }),
    streams: z.number().int().meta({
      description:
        'Event streams that its client has open, over HTTP and gRPC, at any lease API. 0: nobody receives its events.',
    }),
    tableLife: z.string().meta({
      description:
        'Another one than before: the table may lack what it had answered, as after a failover. Whoever follows no events ' +
        'then reads what the session holds.',
    }),
  })
  .meta({ id: 'Session' });
export const sessionCreated = session
  .extend({ secret: z.string().meta({ description: 'Shown once; send it as x-session-secret.' }) })
  .meta({ id: 'SessionCreated' });
export const sessionPage = z
  .object({ sessions: z.array(session), cursor: z.string().optional() })
  .meta({ id: 'SessionPage' });

const most = z.number().int().optional();
export const subjectPage = z
  .object({
    subjects: z.array(
      z
        .object({
          tenant: z.string(),
          subject: z.string().meta({ description: 'Empty: the tenant as a whole.' }),
          sessions: z.number().int(),
          rows: z.number().int().meta({ description: 'Leases, opens, locks, waits and pins.' }),
          waits: z.number().int(),
          limits: z
            .object({
              ...{ requestsPerSecond: most, sessions: most, rows: most, waits: most },
              ...{ queueShare: most, quietMs: most, streams: most },
            })
            .meta({ description: 'As the callers file of this lease API says; absent: no limit.' }),
        })
        .meta({ id: 'Subject' }),
    ),
    cursor: z.string().optional(),
  })
  .meta({ id: 'SubjectPage' });

export const reclaimed = z
  .object({ graceMs: z.number().meta({ description: 'The rest of the grace period for others.' }) })
  .meta({ id: 'Reclaimed' });
export const grace = z
  .object({
    graceMs: z.number().meta({ description: '0: no grace period is running.' }),
    sessions: z
      .number()
      .int()
      .meta({ description: 'Sessions that may still reclaim; the grace period ends with the last of them.' }),
  })
  .meta({ id: 'Grace' });

// --- how long something may be held
const maxHoldMs = z.number().int().min(1).max(limits.holdMsMax);
const holding = {
  maxHoldMs: maxHoldMs.optional().meta({
    description:
      'How long it may be held at most, from its first grant. Then it is taken away, though nobody may want it. The export may have a limit of its own.',
  }),
};
const tenure = {
  maxHoldMs: maxHoldMs.optional().meta({ description: 'As the request said.' }),
  endsAt: zInstant.optional().meta({
    description: 'When it is taken away in any case. Absent before the grant, and if there is no limit.',
  }),
  remainingMs: z.number().optional().meta({ description: 'Until `endsAt`, for clocks that differ.' }),
};

/** Of this wait: the events that decide it have the same. */
const waitNo = z.number().int().optional().meta({
  description: 'While it waits: the number of this wait, which the event that decides it has too.',
});

// --- leases
export const leaseBreak = z
  .object({
    breakId: z.string(),
    target: leaseType,
    deadlineAt: zInstant.optional().meta({ description: 'Absent if the break is never forced.' }),
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
    delegation: z.boolean(),
    pendingType: leaseType.optional(),
    waitType: leaseType.optional().meta({ description: 'The type that it is waiting for in the queue.' }),
    waitNo,
    state: leaseState,
    token: token.meta({ description: '0 before the first grant.' }),
    stateid,
    backed: z.boolean().meta({
      description: 'Whether a fileserver holds it too, so that opens made directly there are detected.',
    }),
    notify: z.literal(true).optional().meta({
      description:
        'A delegation of a directory that stays when a change is reported: its holder gets `directoryChanged`.',
    }),
    ...tenure,
    break: leaseBreak.optional(),
  })
  .meta({ id: 'Lease' });
export type Lease = z.infer<typeof lease>;
const leaseWhere = { sessionId, owner: owner.optional(), export: exportName, file };
export const leaseAlloc = z
  .union([
    z.strictObject({ ...leaseWhere, ...holding }),
    z.strictObject({
      leases: z
        .array(z.strictObject({ ...leaseWhere, ...holding }))
        .min(1)
        .max(limits.leasesPerRequestMax)
        .refine((all) => all.every((each) => each.sessionId === all[0]?.sessionId), 'leases of one session'),
    }),
  ])
  .meta({ id: 'LeaseAlloc' });
export const leaseAllocated = z
  .union([lease, z.object({ leases: z.array(lease) })])
  .meta({ id: 'LeaseAllocated' });

// --- batches
/** Its items are checked one by one: one that is wrong refuses only itself. */
export const batch = z
  .strictObject({
    calls: z.array(z.unknown()).min(1).max(limits.callsPerBatchMax).meta({
      description:
        'Independent calls on behalf of the session whose secret is shown. They begin in this order; nothing is promised about the order in which they take effect.',
    }),
  })
  .meta({ id: 'Batch' });
export const batchCall = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  path: z.string().max(2_048).startsWith('/v1/'),
  body: z.unknown().optional(),
});

export const leaseSet = z
  .strictObject({
    type: leaseType,
    ...patience,
    ifToken: token.optional(),
    breakId: z.string().min(1).max(64).optional(),
  })
  .refine(heldInTime, tooLong)
  .meta({ id: 'LeaseSet' });
export const leaseAcquire = z
  .strictObject({
    ...leaseWhere,
    type: z.enum(['read', 'write']),
    ...holding,
    ...patience,
    requestId: requestId.optional(),
    reclaim,
    leaseId: keptId,
  })
  .refine(heldInTime, tooLong)
  .refine(...keeps('leaseId'))
  .meta({ id: 'LeaseAcquire' });
export const leasePage = z
  .object({ leases: z.array(lease), cursor: z.string().optional() })
  .meta({ id: 'LeasePage' });

// --- delegations
export const delegationWant = z
  .strictObject({
    sessionId,
    export: exportName,
    file: directory,
    want,
    signal: z
      .boolean()
      .optional()
      .meta({ description: 'If the delegation is refused, send `available` when it may be granted.' }),
    directory: z.boolean().optional().meta({ description: 'The file is a directory; `.` is the root.' }),
    notify: z
      .boolean()
      .optional()
      .meta({
        description:
          'Of a directory: stay when others report what they change, and get `directoryChanged`. For sessions that follow ' +
          'their events; read the directory again after `resync`.',
      }),
    reclaim,
    leaseId: keptId,
  })
  .refine(...keeps('leaseId'))
  .refine(({ notify, directory: isDirectory }) => notify !== true || isDirectory === true, {
    path: ['notify'],
    error: 'only of a directory',
  })
  .refine((body) => body.file !== '.' || body.directory === true, {
    path: ['file'],
    error: '. is a directory',
  })
  .meta({ id: 'DelegationWant' });
export const delegation = z
  .object({
    lease: lease.optional(),
    whyNot: whyNot.optional().meta({ description: 'Why none was granted (why_no_delegation4).' }),
    willSignal: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the event `available` will say when to ask again.' }),
  })
  .meta({ id: 'Delegation' });
export type Delegation = z.infer<typeof delegation>;
export const stateidQuery = z.object({
  other: z.string().regex(/^[0-9a-fA-F]{24}$/, 'twelve bytes in hexadecimal digits'),
});
export const stateidNamed = z
  .object({
    kind: z.enum(['lease', 'delegation', 'open', 'range']),
    id: z.string(),
    state: z.union([leaseState, z.enum(['open', 'held', 'waiting'])]),
    seqid: z.number().int().optional(),
  })
  .meta({ id: 'StateidNamed' });
export type StateidNamed = z.infer<typeof stateidNamed>;

// --- opens
export const openCreate = z
  .strictObject({
    ...leaseWhere,
    access,
    deny: deny.default('none'),
    ...patience,
    requestId: requestId.optional(),
    reopen: z.boolean().optional().meta({
      description: 'If an open with this requestId exists, also give it this access and deny mode.',
    }),
    want: want.default('none').meta({ description: 'The delegation to grant with the open, if possible.' }),
    signal: z
      .boolean()
      .optional()
      .meta({ description: 'If the delegation is refused, send `available` when it may be granted.' }),
    reclaim,
    openId: keptId,
  })
  .refine(heldInTime, tooLong)
  .refine(...keeps('openId'))
  .refine((body) => body.reopen !== true || body.requestId !== undefined, {
    path: ['requestId'],
    error: 'reopen requires the requestId of the open',
  })
  .meta({ id: 'OpenCreate' });
export const openSet = z
  .strictObject({
    access,
    deny,
    ...patience,
    lower: z.boolean().optional().meta({
      description: 'Refuse any access or deny mode that the open does not already have (OPEN_DOWNGRADE).',
    }),
  })
  .refine(heldInTime, tooLong)
  .meta({ id: 'OpenSet' });
const inTableOnly = z.boolean().meta({
  description:
    'Whether a fileserver holds it too. None does: it does not conflict with opens or locks made directly at the fileserver, for example by a local program.',
});
export const open = z
  .object({
    openId,
    sessionId,
    owner: z.string(),
    export: z.string(),
    file: z.string(),
    fileId: z.string(),
    access,
    deny,
    state: z.enum(['open', 'waiting']),
    toAccess: access.optional().meta({ description: 'What it is waiting to become.' }),
    toDeny: deny.optional(),
    waitNo,
    stateid,
    backed: inTableOnly,
    delegation: delegation.optional().meta({ description: 'The outcome of `want`.' }),
  })
  .meta({ id: 'Open' });
export type Open = z.infer<typeof open>;

// --- range locks
const rangeWhere = { ...leaseWhere, class: rangeClass, start: offset, end: rangeEnd };
const rangeType = z.enum(['read', 'write']);
export const rangeLock = z
  .strictObject({
    ...{ ...rangeWhere, type: rangeType, ...patience, pid: pid.optional(), reclaim },
    requestId: requestId.optional().meta({
      description:
        'A repeat finds the lock that the first attempt made. It merges with no lock of its owner, and is refused where there is one.',
    }),
  })
  .refine(heldInTime, tooLong)
  .meta({ id: 'RangeLock' });
export const rangeUnlock = z.strictObject(rangeWhere).meta({ id: 'RangeUnlock' });
export const rangeTest = z.strictObject({ ...rangeWhere, type: rangeType }).meta({ id: 'RangeTest' });
const ends = {
  start: z.string().meta({ description: 'Decimal digits.' }),
  end: z.string().meta({ description: 'Decimal digits, or EOF; inclusive.' }),
};
export const range = z
  .object({
    rangeId: z.uuid(),
    sessionId,
    owner: z.string(),
    export: z.string(),
    file: z.string(),
    fileId: z.string(),
    class: rangeClass,
    type: rangeType,
    ...ends,
    state: z.enum(['held', 'waiting']),
    waitNo,
    backed: z.boolean().meta({
      description:
        'Whether the kernel of the fileserver has locked it, too (`ranges: kernel` of the export): then local programs see it and respect it as far as they lock ranges themselves.',
    }),
  })
  .meta({ id: 'Range' });
export type Range = z.infer<typeof range>;
export const unlocked = z
  .object({ unlocked: z.boolean().meta({ description: 'Whether anything was unlocked.' }) })
  .meta({ id: 'Unlocked' });
export const rangeCancelled = z
  .object({
    cancelled: z.boolean().meta({ description: 'false: it was already locked, or no request was waiting.' }),
  })
  .meta({ id: 'RangeCancelled' });
export const rangeTested = z
  .object({
    blocker: blocker.optional().meta({
      description:
        'Absent: the lock could be granted. On an export with `ranges: kernel` the fileserver has been asked, too.',
    }),
  })
  .meta({ id: 'RangeTested' });

// --- semaphores
const permits = z.number().int().min(1).max(limits.permitsMax).meta({
  description: 'How many permits there may be at a time. The same for all while one is held or waited for.',
});
const semaphoreName = resourceName.meta({
  description:
    'Any name. It leads to no file, and locks of other kinds under the same name are something else.',
});
export const permitTake = z
  .strictObject({
    ...{ sessionId, owner: owner.optional(), export: exportName, semaphore: semaphoreName, limit: permits },
    ...holding,
    ...patience,
    requestId: requestId.optional(),
    reclaim,
    permitId: keptId,
  })
  .refine(heldInTime, tooLong)
  .refine(...keeps('permitId'))
  .meta({ id: 'PermitTake' });
export const permit = z
  .object({
    permitId: z.uuid(),
    sessionId,
    owner: z.string(),
    export: z.string(),
    semaphore: z.string(),
    state: z.enum(['held', 'waiting']),
    waitNo,
    token: token.optional().meta({ description: 'Fencing token; absent while it waits.' }),
    ...tenure,
  })
  .meta({ id: 'Permit' });
export type Permit = z.infer<typeof permit>;
export const permitCheck = z
  .strictObject({ export: exportName, semaphore: semaphoreName, token })
  .meta({ id: 'PermitCheck' });
export const permitValid = z
  .object({ valid: z.literal(true), permitId: z.uuid() })
  .meta({ id: 'PermitValid' });

// --- sets: several at once
const setLease = z.strictObject({ export: exportName, file, type: z.enum(['read', 'write']), ...holding });
const setPermit = z.strictObject({
  export: exportName,
  semaphore: semaphoreName,
  limit: permits,
  ...holding,
});
const setRange = z.strictObject({
  ...{ export: exportName, file, class: rangeClass, start: offset, end: rangeEnd, type: rangeType },
});
type SetRange = z.infer<typeof setRange>;
/** Whether two ranges of one set are in each other's way, or would be one lock. */
const touch = (a: SetRange, b: SetRange): boolean => {
  const isBytes = ({ class: kind }: SetRange): boolean => kind !== 'flock';
  if (a.export !== b.export || a.file !== b.file || isBytes(a) !== isBytes(b)) return false;
  const next = a.class === b.class && a.type === b.type ? 1n : 0n;
  return a.start <= b.end + next && b.start <= a.end + next;
};
export const setTake = z
  .strictObject({
    ...{ sessionId, owner: owner.optional() },
    leases: z.array(setLease).max(limits.leasesPerRequestMax).default([]),
    ranges: z.array(setRange).max(limits.leasesPerRequestMax).default([]),
    permits: z.array(setPermit).max(limits.leasesPerRequestMax).default([]),
    waitMs: waitMs.optional().meta({
      description:
        'For all of them together: at most 60 s, with `queued` an hour for each, anew with each repeat. Without it: 0, with `queued` 60 s.',
    }),
    queued: z.boolean().optional().meta({
      description:
        'Answer 202 as soon as a part waits, instead of holding the request. What was taken before it stays held. Repeat the request when the event `granted` names that part: the repeat goes on to the next, and answers 201 when all are held.',
    }),
    requestId: requestId.meta({
      description:
        'A repeat finds what the first attempt has taken, or joins its wait. A closed connection withdraws nothing.',
    }),
  })
  .refine(
    ({ leases, ranges, permits: asked }) => {
      const all = leases.length + ranges.length + asked.length;
      return all > 0 && all <= limits.leasesPerRequestMax;
    },
    { path: ['leases'], error: `1 to ${String(limits.leasesPerRequestMax)} leases, ranges and permits` },
  )
  .refine(heldInTime, tooLong)
  .refine(
    ({ leases, permits: asked }) => {
      const names = [
        ...leases.map((each) => `lease ${each.export}:${each.file}`),
        ...asked.map((each) => `permit ${each.export}:${each.semaphore}`),
      ];
      return new Set(names).size === names.length;
    },
    { path: ['leases'], error: 'each name once' },
  )
  .refine(
    ({ ranges }) => !ranges.some((each, at) => ranges.slice(0, at).some((before) => touch(before, each))),
    { path: ['ranges'], error: 'each byte of a file once, and ranges that touch as one' },
  )
  .meta({ id: 'SetTake' });
export const setTaken = z
  .object({
    leases: z.array(lease).meta({
      description:
        'In the order of the request, as are the ranges and the permits. With 202 those that have not been asked for yet are left out.',
    }),
    ranges: z.array(range),
    permits: z.array(permit),
  })
  .meta({ id: 'SetTaken' });
export type SetTaken = z.infer<typeof setTaken>;

// --- locks in modes, on resources
const dlmAsk = {
  mode: lockMode,
  flags: z
    .array(dlmFlag)
    .max(dlmFlag.options.length)
    .default([])
    .meta({ description: 'By their names in the DLMs of VMS and Linux; docs/dlm.md explains them.' }),
  ...patience,
};
const dlmBlock = {
  block: valueBlock.optional().meta({
    description: 'The value block to write, base64 of at most 64 bytes. Written only from PW and EX.',
  }),
};
export const dlmLock = z
  .strictObject({
    ...{ sessionId, owner: owner.optional(), export: exportName, resource: resourceName, ...dlmAsk },
    connectionId: z.uuid().optional().meta({ description: 'Of the session to this export.' }),
    requestId: requestId.optional(),
    reclaim,
    lockId: keptId,
  })
  .refine(heldInTime, tooLong)
  .refine(...keeps('lockId'))
  .meta({ id: 'DlmLockAsk' });
export const dlmConvert = z
  .strictObject({
    ...dlmAsk,
    ...dlmBlock,
    seqid: z.number().int().min(0).optional().meta({
      description: 'Only if the lock has this seqid: a repeat after a lost answer converts nothing twice.',
    }),
  })
  .refine(heldInTime, tooLong)
  .meta({ id: 'DlmConvert' });
export const dlmUnlock = z
  .strictObject({
    ...dlmBlock,
    ivvalblk: z.boolean().optional().meta({ description: 'Declare the value block invalid instead.' }),
  })
  .meta({ id: 'DlmUnlock' });
export const dlmCancel = z
  .strictObject({ sessionId, lockId: z.uuid().optional(), requestId: requestId.optional() })
  .refine((body) => (body.lockId === undefined) !== (body.requestId === undefined), {
    path: ['lockId'],
    error: 'either lockId or requestId',
  })
  .meta({ id: 'DlmCancel' });
export const dlmValue = z.object({
  block: z.string().optional().meta({ description: 'Base64. Absent: nobody has written it yet.' }),
  valid: z.boolean().meta({
    description: 'false: a holder of PW or EX is gone without writing it, or it was declared invalid.',
  }),
});
export const dlmLocked = z
  .object({
    lockId: z.uuid(),
    sessionId: z.string().meta({ description: 'Empty: the lock outlived its session (persistent).' }),
    connectionId: z.string().optional(),
    owner: z.string(),
    export: z.string(),
    resource: z.string(),
    state: z.enum(['granted', 'converting', 'waiting']),
    mode: lockMode.optional().meta({ description: 'What it holds; absent while a new request waits.' }),
    wants: lockMode.optional().meta({ description: 'What it waits for.' }),
    waitNo,
    seqid: z.number().int().meta({ description: 'Grows with every grant.' }),
    token: token.optional().meta({ description: 'Fencing token of a lock held in PW or EX.' }),
    persistent: z.boolean().optional(),
    blocking: lockMode.optional().meta({
      description: 'The strongest mode that its holder was told others want, since its last grant.',
    }),
    value: dlmValue.optional().meta({ description: 'The value block, if the last grant has read it.' }),
    demoted: z.boolean().optional().meta({ description: 'convdeadlk: it was converted to NL meanwhile.' }),
    alternative: z.boolean().optional().meta({ description: 'Granted in the mode of altpr or altcw.' }),
  })
  .meta({ id: 'DlmLock' });
export type DlmLocked = z.infer<typeof dlmLocked>;
export const dlmPage = z
  .object({ locks: z.array(dlmLocked), cursor: z.string().optional() })
  .meta({ id: 'DlmLockPage' });
export const dlmUnlocked = z.object({ unlocked: z.literal(true) }).meta({ id: 'DlmUnlocked' });
export const dlmCancelled = z
  .object({
    cancelled: z.boolean().meta({
      description: 'false: it came too late. `lock` is what was granted; without it, that is over.',
    }),
    lock: dlmLocked.optional().meta({
      description: 'The lock that is left: granted, or as it was before a cancelled conversion.',
    }),
  })
  .meta({ id: 'DlmCancelled' });
const dlmProtocol = z.object({
  major: z.number().int().min(0).max(65_535),
  minor: z.number().int().min(0).max(65_535),
});
/** A lock with all that is known of it. */
export const dlmDump = dlmLocked
  .extend({
    pid: z.number().int(),
    node: z.string().optional().meta({ description: 'Of its session; of an orphan, where that was.' }),
    protocol: dlmProtocol.optional().meta({ description: 'What its connection speaks.' }),
    valblk: z.boolean().optional(),
    nodlckwt: z.boolean().optional(),
    alt: lockMode.optional().meta({ description: 'The mode that altpr or altcw accepts instead.' }),
    remainingMs: z.number().optional().meta({ description: 'How long it will still wait.' }),
  })
  .meta({ id: 'DlmDump' });
export type DlmDump = z.infer<typeof dlmDump>;
export const dlmConnect = z
  .strictObject({
    sessionId,
    export: exportName,
    stack: exportName.optional().meta({
      description: 'Only if the export is bound to this stack. Without it: to whichever it is bound.',
    }),
    protocol: dlmProtocol.strict().meta({
      description: 'The highest version that the caller speaks. Minor 1: recovery notices are acknowledged.',
    }),
    node: nodeName.optional().meta({ description: 'Only if the session is on this node.' }),
    requestId: requestId.optional(),
  })
  .meta({ id: 'DlmConnect' });
export const dlmConnection = z
  .object({
    connectionId: z.uuid(),
    sessionId: z.string(),
    export: z.string(),
    state: z.enum(['connected', 'hungUp']),
    stack: z.string(),
    protocol: dlmProtocol.meta({ description: 'What was agreed; it does not change.' }),
    node: z
      .object({ name: z.string(), state: nodeState.optional() })
      .optional()
      .meta({ description: 'This node: where the session is. `state`: if the tree has it.' }),
    region: z.string().optional().meta({ description: 'Its dead nodes are told in `recovery` notices.' }),
  })
  .meta({ id: 'DlmConnection' });
export type DlmConnection = z.infer<typeof dlmConnection>;
export const dlmConnectionQuery = z.strictObject({ export: exportName, ...page });
export const dlmConnectionPage = z
  .object({ connections: z.array(dlmConnection), cursor: z.string().optional() })
  .meta({ id: 'DlmConnectionPage' });
export const dlmResourceQuery = z.strictObject({
  export: exportName,
  resource: resourceName,
  limit: page.limit,
});
export const dlmResource = z
  .object({
    export: z.string(),
    resource: z.string(),
    value: dlmValue,
    granted: z.array(dlmDump),
    converting: z.array(dlmDump).meta({ description: 'In the order in which they are served.' }),
    waiting: z.array(dlmDump).meta({ description: 'Likewise, after the conversions.' }),
    more: z.boolean().meta({ description: 'There are more locks than are listed.' }),
  })
  .meta({ id: 'DlmResource' });
export type DlmResource = z.infer<typeof dlmResource>;

// --- changes
/** The name of one entry of a directory. */
const entryName = file
  .refine((name) => !name.includes('/'), 'one name, without /')
  .refine((name) => bytesOfName(name).length <= limits.nameBytesMax, `at most ${limits.nameBytesMax} bytes`);
/** One for each directory in which a change changes a name. */
const announcedMax = 8;
export const fileChange = z
  .strictObject({
    sessionId,
    owner: owner.optional(),
    export: exportName,
    file: directory.meta({ description: 'For `entries`, the directory; `.` is the root of the export.' }),
    kind: changeKind,
    to: file.optional().meta({ description: 'The other name of a rename or a link.' }),
    quietMs: z.number().int().min(0).max(limits.quietMsMax).optional().meta({
      description: 'For this long afterwards, no lease or delegation is granted: time to make the change.',
    }),
    name: entryName.optional().meta({ description: 'For `entries`: the entry that is added.' }),
    reportMs: z
      .number()
      .int()
      .min(1)
      .max(limits.waitMsMax)
      .optional()
      .meta({
        description:
          'Within this time you report whether the change was made. Holders of delegations of its directories with `notify` ' +
          'then keep them, and are told. Only for changes whose names are known: all but `entries` without `name`.',
      }),
    ...patience,
    requestId: requestId.optional(),
  })
  .refine(heldInTime, tooLong)
  .refine(({ kind, name }) => name === undefined || kind === 'entries', {
    path: ['name'],
    error: 'only allowed for `entries`',
  })
  .refine(({ kind, to }) => (to !== undefined) === (kind === 'rename' || kind === 'link'), {
    path: ['to'],
    error: 'only allowed for the other name of a rename or a link',
  })
  .refine((body) => body.file !== '.' || body.kind === 'entries' || body.kind === 'setattr', {
    path: ['file'],
    error: '. is a directory',
  })
  .meta({ id: 'FileChange' });
export const fileChanged = z
  .object({
    changeId: z.string(),
    owner: z.string(),
    export: z.string(),
    file: z.string(),
    kind: changeKind,
    state: z.enum(['allowed', 'waiting']),
    waitNo,
    on: z
      .object({ file: z.string(), kind: changeKind })
      .optional()
      .meta({ description: 'Where it waits: the file or a directory. Ask again after the event `granted`.' }),
    announced: z
      .array(z.string())
      .optional()
      .meta({
        description:
          'With `reportMs`, if somebody is to be told: report all of these ids, made or not. Also if you give up while it ' +
          'waits.',
      }),
  })
  .meta({ id: 'FileChanged' });
export type FileChanged = z.infer<typeof fileChanged>;
export const changeReport = z
  .strictObject({
    announced: z
      .array(z.uuid())
      .min(1)
      .max(announcedMax)
      .meta({ description: 'What the answer to the change announced.' }),
    made: z.boolean().meta({ description: 'false: the change could not be made, and nobody is told.' }),
  })
  .meta({ id: 'ChangeReport' });
export const changeReported = z
  .object({
    reported: z.boolean().meta({
      description: 'false: it has been reported before, or it was too late and the delegations are recalled.',
    }),
  })
  .meta({ id: 'ChangeReported' });
export const changeCancelled = z
  .object({ cancelled: z.boolean().meta({ description: 'false: it was already allowed, or is over.' }) })
  .meta({ id: 'ChangeCancelled' });

// --- attributes
export const attributesAsk = z
  .strictObject({
    sessionId,
    export: exportName,
    file,
    change: uint64.meta({ description: 'The change attribute according to the fileserver.' }),
    size: uint64.meta({ description: 'The size according to the fileserver.' }),
    times: z.boolean().optional().meta({ description: 'Also ask for the times that the holder keeps.' }),
    waitMs: z.number().int().min(1).max(limits.waitMsMax).optional().meta({
      description: 'How long the holder may take before its lease is recalled; default 5 s.',
    }),
  })
  .meta({ id: 'AttributesAsk' });
export const attributes = z
  .object({
    holder: z.enum(['none', 'own', 'other']).meta({
      description:
        'Who may have changed the file: nobody (ask the fileserver again after this answer); the session itself; or a holder, whose answer follows.',
    }),
    modified: z
      .boolean()
      .optional()
      .meta({ description: 'Whether there are changes that the fileserver does not know.' }),
    change: z.string().optional().meta({ description: 'Decimal digits.' }),
    size: z.string().optional().meta({ description: 'Decimal digits.' }),
    accessedAt: z.string().optional().meta({ description: 'RFC 3339, as the holder gave it.' }),
    modifiedAt: z.string().optional(),
  })
  .meta({ id: 'Attributes' });
export type Attributes = z.infer<typeof attributes>;
export const attributesTell = z
  .strictObject({
    askId: z.uuid(),
    refused: z
      .boolean()
      .optional()
      .meta({ description: 'The holder refuses to answer, and will be recalled.' }),
    modified: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the file has changed since the lease was granted.' }),
    size: uint64.optional(),
    accessedAt: fileTime.optional(),
    modifiedAt: fileTime.optional(),
  })
  .refine(({ refused, size }) => (size === undefined) === (refused === true), {
    path: ['size'],
    error: 'must have the size, or refused',
  })
  .meta({ id: 'AttributesTell' });

// --- fences
/** The session on whose behalf the caller asks; storage servers and administrators omit it. */
const reader = sessionId.optional().meta({
  description: 'If the secret of a session is sent: its id. The session must hold something there.',
});
export const fenceQuery = z.strictObject({ export: exportName, file, sessionId: reader });
export const dependentQuery = z.strictObject({ ...page, sessionId: reader });
export const fence = z
  .object({ export: z.string(), file: z.string(), fileId: z.string(), highestToken: token })
  .meta({ id: 'Fence' });
export const fenceCheck = z
  .strictObject({ export: exportName, file, token, for: z.enum(['read', 'write']), sessionId: reader })
  .meta({ id: 'FenceCheck' });
export const fenceValid = z
  .object({ valid: z.literal(true), leaseId, type: leaseType, state: leaseState })
  .meta({ id: 'FenceValid' });

// --- admin
const lockState = z.union([leaseState, z.enum(['open', 'held', 'granted', 'converting', 'waiting'])]);
const lockRow = z.object({
  id: z.string().meta({ description: 'Lease, open, range lock, change or permit.' }),
  no: z.number().int().meta({ description: 'Number of the line in the text; stable while the row exists.' }),
  kind: lockKind,
  sessionId,
  owner: z.string(),
  export: z.string(),
  file: z.string(),
  fileId: z.string(),
  inode: z.string().meta({ description: '`maj:min:ino` as the kernel prints it, or `<none>:0`.' }),
  pid: z.number().int(),
  ...ofHolder,
  type: z
    .string()
    .meta({ description: 'Lease type, access of an open, type of a range lock, kind of a change.' }),
  deny: deny.optional(),
  start: ends.start.optional(),
  end: ends.end.optional(),
  pendingType: leaseType.optional(),
  waits: z
    .string()
    .optional()
    .meta({ description: 'The type or access that it is waiting for in the queue.' }),
  state: lockState,
  token: token.optional(),
  backed: z.boolean().optional().meta({
    description:
      'Whether a fileserver holds it too; absent for a change. Opens are in the table only, and so are range locks unless the export has `ranges: kernel`: they do not conflict with opens or locks made directly at the fileserver, for example by a local program.',
  }),
  ...tenure,
  break: leaseBreak.optional(),
  blockedBy: z
    .string()
    .optional()
    .meta({ description: 'For a waiter: the hold, or the earlier waiter, that it waits for.' }),
});
export type Lock = z.infer<typeof lockRow> & {
  /** With `tree`: the requests that wait for it, oldest first. */
  waiters?: Lock[] | undefined;
};
export const lock: z.ZodType<Lock> = lockRow
  .extend({
    get waiters(): z.ZodOptional<z.ZodArray<z.ZodType<Lock>>> {
      return z.array(lock).optional();
    },
  })
  .meta({ id: 'Lock' });
export const lockPage = z
  .object({ locks: z.array(lock), cursor: z.string().optional() })
  .meta({ id: 'LockPage' });
/** In a query: `?name` and `?name=true` are true. */
const flag = z
  .enum(['', 'true', 'false', '1', '0'])
  .default('false')
  .transform((given) => given !== 'false' && given !== '0');
export const lockQuery = z.strictObject({
  export: exportName.optional(),
  file: file.optional(),
  prefix: namePrefix,
  semaphore: resourceName.optional().meta({ description: 'Only the permits of this semaphore of `export`.' }),
  session: sessionId.optional(),
  state: lockState.optional(),
  kind: lockKind.optional(),
  type: z.enum(['none', 'read', 'write', 'both', ...changeKind.options]).optional(),
  tree: flag.meta({ description: 'Nest waiters in what they wait for. The text format always does.' }),
  format: z.enum(['json', 'ndjson', 'text']).optional().meta({
    description: 'Overrides the Accept header. `ndjson` and `text` return the whole listing, not one page.',
  }),
  ...page,
  // Of what is being broken, a page may end within a file.
  cursor: cursorLike(/^\d{1,16}(\.\d{1,16})?$/),
});
/** `?unfenced`, `?unfenced=true`: do not wait for the fileserver. */
export const lockReleaseQuery = z.strictObject({ unfenced: flag });
/** `?dryRun`: only show what would be taken, from whom, and who waits for it. */
export const sessionEndQuery = z.strictObject({
  dryRun: flag.meta({ description: 'For administrators: only show what would happen.' }),
});
export const sessionEnding = z
  .object({
    session,
    locks: z.array(lock).meta({
      description: 'What the session holds and waits for, each with its waiters in queue order.',
    }),
    waiting: z.number().int().meta({ description: 'Requests of other sessions that wait behind these.' }),
    truncated: z.boolean().meta({ description: 'The session has more than is listed.' }),
  })
  .meta({ id: 'SessionEnding' });
/** `?export&file&session`: only what concerns these; `past`: begin with what is remembered. */
export const clusterEventQuery = z.strictObject({
  export: exportName.optional(),
  file: file.optional(),
  session: sessionId.optional(),
  past: flag.meta({
    description: 'Begin with what the record log remembers: the last 100,000 records or so.',
  }),
  follow: z
    .enum(['', 'true', 'false', '1', '0'])
    .default('true')
    .transform((given) => given !== 'false' && given !== '0')
    .meta({ description: 'false: end the stream after what is past.' }),
});
export const clusterEvent = z
  .object({
    at: zInstant,
    what: z
      .enum([
        'granted',
        'downgraded',
        'released',
        'revoked',
        'undone',
        'break',
        'opened',
        'closed',
        'locked',
        'changed',
        'dropped',
        'completed',
        'unlocked',
        'taken',
        'permitted',
        'surrendered',
        'detached',
        'reclaimed',
        'jeopardy',
        'expired',
        'configured',
        'unpinned',
      ])
      .meta({ description: 'What happened to a lease, an open, a lock, a session, an export or an item.' }),
    export: z.string().optional(),
    file: z.string().optional(),
    id: z.string().optional().meta({
      description:
        'The lease, open, lock or request. Absent although something was revoked: all of the file.',
    }),
    sessionId: z.string().optional(),
    owner: z.string().optional(),
    type: z.string().optional().meta({ description: 'Lease type, access, lock mode or kind of change.' }),
    token: z.number().optional(),
    breakId: z.string().optional(),
    target: leaseType.optional(),
    deadlineAt: zInstant.optional(),
    cause: z.string().optional(),
    item: z.string().optional().meta({ description: '`kind/name`, or `operations/id`.' }),
    waited: z.boolean().optional().meta({ description: 'It was granted after it had waited.' }),
  })
  .meta({ id: 'ClusterEvent' });
/** `?export&prefix`: what happens to names that begin so. */
export const watchQuery = z.strictObject({
  export: exportName,
  prefix: z
    .string()
    .max(limits.fileBytesMax)
    .default('')
    .meta({ description: 'How the names begin; without it, all names of the export.' }),
});
export const nameEvent = z
  .object({
    at: zInstant,
    what: z
      .enum([
        'granted',
        'downgraded',
        'released',
        'revoked',
        'break',
        'opened',
        'closed',
        'changed',
        'permitted',
        'surrendered',
      ])
      .meta({ description: 'What happened to a lease, an open or a permit under the name, or to its file.' }),
    export: z.string(),
    file: z.string().meta({ description: 'The name; of a permit, that of the semaphore.' }),
    type: z.string().optional().meta({ description: 'Lease type, access or kind of change.' }),
    target: leaseType.optional().meta({ description: 'What holders are asked to go down to.' }),
    cause: z.string().optional(),
  })
  .meta({
    id: 'NameEvent',
    description: 'It never says who: a watch tells strangers what happens, not whose it is.',
  });
export type NameEvent = z.infer<typeof nameEvent>;
export const lockBreak = z
  .strictObject({ target: z.enum(['none', 'read']).default('none') })
  .meta({ id: 'LockBreak' });
export const lockBroken = z
  .object({
    break: leaseBreak.optional().meta({ description: 'Absent: nothing is held above the target.' }),
  })
  .meta({ id: 'LockBroken' });

// --- operations
export const ready = z
  .object({
    ready: z.literal(true),
    exports: z
      .array(z.object({ name: z.string(), state: exportState, unconfirmedFiles: z.number().int() }))
      .optional()
      .meta({ description: 'For callers with the right `tree:read`, like all that follows.' }),
    format: z.number().int().optional().meta({
      description: 'The format of the table. It changes to a later one when all lease APIs can read that.',
    }),
    servers: z
      .array(
        z.object({
          version: z.string().optional(),
          format: z
            .number()
            .int()
            .optional()
            .meta({ description: 'The highest format that it lets the table have.' }),
          library: z.string().optional().meta({ description: 'The function library that it uses in Redis.' }),
        }),
      )
      .optional()
      .meta({ description: 'The lease APIs of this table.' }),
    unnamed: z.number().int().optional().meta({
      description: 'Further lease APIs, of versions that do not say what they are (0.1.0).',
    }),
  })
  .meta({ id: 'Ready' });
export const alive = z.object({ alive: z.literal(true) }).meta({ id: 'Alive' });
