import { z } from 'zod';
import { limits } from './limits';
import { exportName, label, sessionId, zInstant } from './words';

/** The configuration tree (semantics.md §7): stacks, exports, nodes and heartbeat regions. Requests are strict. */

export const itemKind = z.enum(['stacks', 'exports', 'nodes', 'regions']);
export type ItemKind = z.infer<typeof itemKind>;
/** Names of items follow the same rules as names of exports. */
export const itemName = exportName;
export const item = z
  .object({ kind: itemKind, name: itemName })
  .meta({ id: 'Item', description: 'One item of the configuration tree: `GET /v1/{kind}/{name}`.' });

export const incarnation = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces');
const version = z.number().int().meta({
  description: 'Changes with every change of the item; also its ETag, for If-Match and If-None-Match.',
});
const forAdministrators = 'Shown to administrators only.';
const span = (max: number) => z.number().int().min(0).max(max);

// --- who depends on an item

export const dependent = z
  .object({
    kind: z.enum([...itemKind.options, 'pins', 'sessions', 'connections', 'adapters', 'files']).meta({
      description: 'The kind of dependent: another item, a pin, or something in use at the moment.',
    }),
    name: z.string().optional().meta({
      description: `The name of an item, the path of a file, or otherwise an id. For an adapter: its incarnation, shown to administrators only.`,
    }),
    because: label.optional().meta({ description: 'The reason given with the pin.' }),
    otherTenant: z.literal(true).optional().meta({
      description: 'It belongs to another tenant, or a file to anybody: its name is not told to a session.',
    }),
    by: z
      .object({ kind: z.enum([...itemKind.options, 'sessions']), name: z.string() })
      .optional()
      .meta({ description: 'For a pin: the item or the session that declared it.' }),
  })
  .meta({ id: 'Dependent' });
export const dependentList = z
  .object({ dependents: z.array(dependent), cursor: z.string().optional() })
  .meta({ id: 'DependentList' });

/** Declares that a session or another item depends on an item. The pin disappears with whichever declared it. */
export const pinCreate = z
  .union([
    z.strictObject({ sessionId, because: label.optional() }),
    z.strictObject({ item: z.strictObject({ kind: itemKind, name: itemName }), because: label.optional() }),
  ])
  .meta({ id: 'PinCreate' });
export const pin = z
  .object({
    pinId: z.string(),
    on: item,
    sessionId: z.string().optional(),
    by: item.optional(),
    because: z.string().optional(),
  })
  .meta({ id: 'Pin' });

// --- operations: work that takes time

export const operation = z
  .object({
    operationId: z.string(),
    kind: z.enum(['hangup', 'remove', 'stop']).meta({
      description:
        'hangup: an export is hung up; remove: an item is removed by force; stop: an adapter is stopped.',
    }),
    of: z.object({ kind: z.string(), name: z.string() }),
    state: z.enum(['running', 'done']),
    phase: z.enum(['cancelling', 'breaking', 'revoking', 'done']).meta({
      description:
        'cancelling: new requests are refused, waiting requests are dropped; breaking: leases are broken and holders answer; ' +
        'revoking: the deadline has passed, and whatever is left is revoked.',
    }),
    startedAt: zInstant,
    deadlineAt: zInstant,
    endedAt: zInstant.optional(),
    did: z
      .object({
        requestsCancelled: z.number().int(),
        leasesBroken: z.number().int().meta({ description: 'Files whose leases were broken.' }),
        leasesRevoked: z.number().int(),
        opensClosed: z.number().int(),
        rangesReleased: z.number().int(),
        sessionsEnded: z.number().int(),
        pinsDropped: z.number().int(),
        removed: z.array(z.string()).meta({ description: 'Items, as `kind/name`, in the order of removal.' }),
      })
      .meta({ description: 'What it has done so far.' }),
    filesLeft: z.number().int().meta({ description: 'Files still in use; the count stops at 1,000.' }),
  })
  .meta({ id: 'Operation' });
export const operationList = z.object({ operations: z.array(operation) }).meta({ id: 'OperationList' });
/** `waitMs`: answer once it is done, or after this time. */
export const operationQuery = z.strictObject({
  waitMs: z.coerce.number().int().min(0).max(limits.waitMsMax).default(0),
});
export const hangup = z
  .strictObject({
    deadlineMs: span(limits.queuedMsMax)
      .default(60_000)
      .meta({ description: 'After this time, whatever is still held is revoked.' }),
  })
  .meta({ id: 'Hangup' });
export const exportGrace = z
  .strictObject({
    graceMs: span(limits.graceMsMax).meta({ description: 'How long it lasts at most; 0 ends it.' }),
  })
  .meta({ id: 'ExportGrace' });
/** `force`: first remove what depends on the item, in order; answers 202 with the operation. */
export const removeQuery = z.strictObject({
  force: z
    .enum(['true', 'false'])
    .default('false')
    .transform((v) => v === 'true'),
  deadlineMs: z.coerce.number().int().min(0).max(limits.queuedMsMax).default(60_000),
});

// --- stacks

export const policy = z.enum(['wait', 'refuse', 'local']).meta({
  description:
    'What happens to requests while no adapter serves the export: `wait` in a bounded queue, `refuse` (EAGAIN no_backend), or grant them ' +
    '`local`ly, marked unbacked, until an adapter registers and is asked.',
});
export const stackPut = z
  .strictObject({
    description: label.optional(),
    onDemand: z
      .strictObject({ prefix: itemName, policy: policy.default('wait') })
      .optional()
      .meta({
        description:
          'Exports whose names begin with the prefix are created at first use and disappear when nothing refers to them.',
      }),
  })
  .meta({ id: 'StackPut' });
export const adapter = z
  .object({
    incarnation: z.string().optional().meta({ description: forAdministrators }),
    version: z.string().meta({ description: 'The version of the adapter program, as it states it.' }),
    protocol: z.object({ major: z.number().int(), minor: z.number().int() }).meta({
      description:
        'Negotiated at registration: the same major, the lower minor. It is fixed for the life of the process.',
    }),
    endpoint: z.string().optional().meta({ description: forAdministrators }),
    state: z.enum(['up', 'lost', 'stopping', 'stopped']),
    exports: z.array(z.string()).meta({ description: 'The exports that it serves now.' }),
  })
  .meta({ id: 'Adapter' });
export const stack = z
  .object({
    kind: z.literal('stacks'),
    name: z.string(),
    version,
    description: z.string().optional(),
    onDemand: z.object({ prefix: z.string(), policy }).optional(),
    builtIn: z.boolean().meta({ description: '`local`: needs no adapter, and cannot be removed.' }),
    protocol: z.object({ major: z.number().int(), minorMax: z.number().int() }).meta({
      description: 'The highest protocol version of this service.',
    }),
    adapters: z.array(adapter),
    exports: z.number().int(),
    removing: z.boolean(),
  })
  .meta({ id: 'Stack' });
export const stackList = z
  .object({ stacks: z.array(stack), cursor: z.string().optional() })
  .meta({ id: 'StackList' });

// --- exports

export const rangesIn = z.enum(['table', 'kernel']).meta({
  description:
    'Where range locks are held: in the table only (the default), or also by the kernel of the fileserver, so that its programs see them and ' +
    'are seen. Only stacks whose adapters lock ranges can do that (posix). It changes only while nothing is held in the export.',
});
/** Replaces all settings. A setting left out gets the service's default. */
export const exportPut = z
  .strictObject({
    stack: itemName,
    policy: policy.default('refuse'),
    region: itemName.optional().meta({
      description: 'Only sessions on live nodes of this region may use the export; it pins the region.',
    }),
    breakMs: span(3_600_000).optional(),
    lockDelayMs: span(3_600_000).optional(),
    maxHoldMs: z.number().int().min(1).max(limits.holdMsMax).optional().meta({
      description:
        'The longest that a lease or a permit granted from now on may be held, whether or not its request says so. Absent: no limit.',
    }),
    directories: z.boolean().optional().meta({ description: 'Whether directories may be delegated.' }),
    ranges: rangesIn.optional(),
  })
  .meta({ id: 'ExportPut' });
export const exportState = z.enum(['up', 'lost', 'none', 'opening', 'stopping', 'stopped']).meta({
  description:
    'up: served; lost: its adapter is silent; none: no adapter has registered yet; opening: an adapter has registered, and what was ' +
    'granted without one is requested from the fileserver first; stopping and stopped: hung up.',
});
export const exportView = z
  .object({
    kind: z.literal('exports'),
    exportId: z.string().meta({
      description: 'Assigned when the export is created, before any adapter registers; it never changes.',
    }),
    name: z.string(),
    version,
    stack: z.string(),
    policy,
    region: z.string().optional(),
    onDemand: z.boolean(),
    state: exportState,
    cause: z.string().optional().meta({
      description: 'For a lost export whose adapter gives a reason: what has happened to its tree.',
    }),
    fileSystem: z.string().optional().meta({
      description:
        'The type of its file system, as the kernel names it. On `overlay`, changes made in the underlying directories are not detected.',
    }),
    breakMs: z.number().int(),
    lockDelayMs: z.number().int(),
    maxHoldMs: z.number().int().optional(),
    ranges: rangesIn,
    breakLimitMs: z.number().int(),
    directories: z.boolean().meta({ description: 'Whether directories may be delegated.' }),
    incarnation: z
      .string()
      .optional()
      .meta({ description: `Of its adapter. ${forAdministrators}` }),
    endpoint: z
      .string()
      .optional()
      .meta({ description: `Of its adapter. ${forAdministrators}` }),
    protocol: z.object({ major: z.number().int(), minor: z.number().int() }).optional(),
    unconfirmedFiles: z
      .number()
      .int()
      .meta({ description: 'Files whose hold the fileserver has not confirmed.' }),
    unbackedFiles: z
      .number()
      .int()
      .meta({ description: 'Files in use by name, without an adapter; the count stops at 1,000.' }),
    delegations: z.number().int(),
    withoutBackend: z
      .object({ refused: z.number().int(), queued: z.number().int(), unbacked: z.number().int() })
      .meta({ description: 'Requests that arrived while no adapter served the export, by outcome.' }),
    operationId: z.string().optional().meta({ description: 'The running hangup or removal.' }),
  })
  .meta({ id: 'Export' });
export const exportList = z
  .object({ exports: z.array(exportView), cursor: z.string().optional() })
  .meta({ id: 'ExportList' });

// --- regions

export const regionPut = z
  .strictObject({
    beatMs: z
      .number()
      .int()
      .min(100)
      .max(60_000)
      .default(1_000)
      .meta({ description: 'How often nodes send heartbeats.' }),
    deadMs: z.number().int().min(500).max(600_000).default(10_000).meta({
      description: 'A node that is silent for this long is dead; at least twice beatMs.',
    }),
    ackMs: span(60_000).default(5_000).meta({
      description:
        'How long the subscribers of one priority may take to acknowledge before the next priority is told.',
    }),
  })
  .refine(({ beatMs, deadMs }) => deadMs >= 2 * beatMs, {
    path: ['deadMs'],
    error: 'at least twice beatMs',
  })
  .meta({ id: 'HeartbeatPut' });
export const region = z
  .object({
    kind: z.literal('regions'),
    name: z.string(),
    version,
    beatMs: z.number().int(),
    deadMs: z.number().int(),
    ackMs: z.number().int(),
    nodes: z.number().int(),
    subscribers: z.number().int(),
    removing: z.boolean(),
  })
  .meta({ id: 'Heartbeat' });
export const regionList = z
  .object({ regions: z.array(region), cursor: z.string().optional() })
  .meta({ id: 'HeartbeatList' });
/**
 * Subscribes to nodes coming up and dying. The lowest priority number is told first, the next once these have
 * acknowledged.
 */
export const subscribe = z
  .strictObject({ sessionId, priority: z.number().int().min(0).max(1_000).default(100) })
  .meta({ id: 'Subscribe' });
export const subscription = z
  .object({ sessionId: z.string(), region: z.string(), priority: z.number().int() })
  .meta({ id: 'Subscription' });

// --- nodes

export const nodePut = z
  .strictObject({ region: itemName, description: label.optional() })
  .meta({ id: 'NodePut' });
export const nodeState = z.enum(['down', 'up', 'recovering']).meta({
  description:
    'recovering: the node is dead. Its sessions are refused, subscribers are told in order, and then what it held is released.',
});
export const node = z
  .object({
    kind: z.literal('nodes'),
    name: z.string(),
    version,
    region: z.string(),
    description: z.string().optional(),
    state: nodeState,
    incarnation: z.string().optional(),
    seenAt: zInstant.optional(),
    sessions: z.number().int(),
    removing: z.boolean(),
    notice: z
      .object({
        noticeId: z.string(),
        event: z.enum(['up', 'down']),
        priority: z.number().int(),
        waitsFor: z.array(z.string()).meta({
          description: 'Sessions of this priority, or connections, that have not acknowledged yet.',
        }),
      })
      .optional()
      .meta({ description: 'The notice that is being sent at the moment.' }),
  })
  .meta({ id: 'Node' });
export const nodeList = z
  .object({ nodes: z.array(node), cursor: z.string().optional() })
  .meta({ id: 'NodeList' });
/** A node's sign of life. A different incarnation is a new life: what the last one held is lost. */
export const beat = z
  .strictObject({
    incarnation,
    leaving: z.literal(true).optional().meta({
      description: 'This life stops in order: what follows a death begins at once, and nobody is alarmed.',
    }),
  })
  .meta({ id: 'Beat' });
export const beaten = z
  .object({
    state: nodeState.meta({
      description: 'recovering: the previous incarnation is still being cleared; send another heartbeat.',
    }),
    beatMs: z.number().int(),
    deadMs: z.number().int(),
    sessionsLost: z.number().int().meta({
      description:
        'Sessions of the previous incarnation that were ended; reported until the first heartbeat after they are gone.',
    }),
  })
  .meta({ id: 'Beaten' });
/** `taken: false`: nobody waits for it any more. */
export const noticeAcked = z.object({ taken: z.boolean() }).meta({ id: 'NoticeAcked' });
/** A subscriber has handled a notice; the next priority may be told. */
export const noticeAck = z
  .strictObject({
    sessionId,
    noticeId: z.string().max(128),
    connectionId: z.uuid().optional().meta({
      description: 'For a `recovery` notice: the connection that it was sent to.',
    }),
  })
  .meta({ id: 'NoticeAck' });
