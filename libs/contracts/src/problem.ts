import { z } from 'zod';
import { dependent } from './configuration';
import { deny, leaseState, leaseType, rangeClass, zInstant } from './words';

/** Errno names a program branches on. The reason says which rule; the catalog says what to do next. */
export const errorCodes = [
  'EINVAL',
  'EACCES',
  'EPERM',
  'ENOENT',
  'EEXIST',
  'EAGAIN',
  'EBUSY',
  'EDEADLK',
  'ESTALE',
  'ETIMEDOUT',
  'EDQUOT',
  'ENOLCK',
  'EOPNOTSUPP',
  'ENOTCONN',
  'EIO',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/**
 * Every reason the service can give: its code, one sentence, and what to do next.
 * The one place where a refusal gets its words; the rules only name the reason.
 */
export const reasons = {
  bad_request: {
    code: 'EINVAL',
    says: 'The request is malformed.',
    next: 'Correct the fields named in `issues`; nothing was changed.',
  },
  above_target: {
    code: 'EINVAL',
    says: 'The type asked for is above the target of the running break.',
    next: 'Answer with the target of the break or weaker.',
  },
  above_present: {
    code: 'EINVAL',
    says: 'The open would get what it has not, and was to be lowered only.',
    next: 'Ask for no more than it has, or leave `lower` out.',
  },
  bad_range: {
    code: 'EINVAL',
    says: 'These offsets make no range.',
    next: 'Give 0 <= start <= end <= 9223372036854775807; a flock is the whole file, 0 to EOF.',
  },
  no_grace: {
    code: 'EINVAL',
    says: 'There is no grace period in which this session could reclaim.',
    next: 'Ask without `reclaim`; what was held before is lost where others have it now.',
  },
  pin_cycle: {
    code: 'EINVAL',
    says: 'The items would depend on each other in a cycle.',
    next: 'Drop a pin of the cycle first: GET /v1/{kind}/{name}/dependents lists them.',
  },
  built_in: {
    code: 'EINVAL',
    says: 'This item is part of the service.',
    next: 'Leave it as it is; exports of the stack `local` can be removed one by one.',
  },
  protocol_pinned: {
    code: 'EINVAL',
    says: 'The adapter agreed on another protocol version when it first registered.',
    next: 'Restart the adapter: what was agreed stays for the life of a process.',
  },
  protocol_mismatch: {
    code: 'EINVAL',
    says: 'The adapter speaks another protocol version.',
    next: 'Run an adapter of the same major version.',
  },
  stack_mismatch: {
    code: 'EINVAL',
    says: 'The export is bound to another stack.',
    next: 'Choose another export name, or start an adapter of the stack the export has.',
  },
  export_overlap: {
    code: 'EEXIST',
    says: 'The export is the same tree as another one, or one lies in the other.',
    next: 'Serve the tree under one name, or remove the other export once nothing is held there.',
  },
  break_time_too_long: {
    code: 'EINVAL',
    says: 'The break time exceeds the limit of the fileserver.',
    next: 'Lower LEASEHOLD_BREAK_MS to at most `breakLimitMs`, or raise the limit at the fileserver.',
  },
  no_credentials: {
    code: 'EACCES',
    says: 'The request carries no credentials.',
    next: 'Send the secret of the session in the header x-session-secret, or the admin token as a bearer token.',
  },
  export_not_yours: {
    code: 'EACCES',
    says: 'The adapter may not serve this export.',
    next: 'See LEASEHOLD_RPC_KEYS at the lease API: start the adapter with the key that the export is bound to.',
  },
  export_served: {
    code: 'EBUSY',
    says: 'An adapter on another host serves this export.',
    next: 'Stop that adapter, or wait until the service has lost it; or give this export another name.',
  },
  not_holder: {
    code: 'EPERM',
    says: 'The secret is not that of the session concerned.',
    next: 'Use the secret returned when this session was created.',
  },
  admin_only: {
    code: 'EPERM',
    says: 'This is for administrators.',
    next: 'Send LEASEHOLD_ADMIN_TOKEN as a bearer token.',
  },
  storage_only: {
    code: 'EPERM',
    says: 'This is for storage servers, administrators, and sessions that hold something there.',
    next: 'Send LEASEHOLD_STORAGE_TOKEN as a bearer token, or the secret of such a session and its sessionId.',
  },
  nothing_there: {
    code: 'EPERM',
    says: 'The session has nothing there.',
    next: 'Ask about what the session holds, or as a storage server or an administrator.',
  },
  too_many_failures: {
    code: 'EDQUOT',
    says: 'Too many credentials from this address were wrong.',
    next: 'Wait for retryAfterMs, then send the right ones; other addresses are not concerned.',
  },
  foreign_host: {
    code: 'EPERM',
    says: 'The Host of the request is no name of this service.',
    next: 'Ask by its address, or let LEASEHOLD_HTTP_HOSTS name it so; a page of another site has no business here.',
  },
  foreign_origin: {
    code: 'EPERM',
    says: 'The request was made by a page of another site.',
    next: 'Ask from a program, or from a page of this very origin.',
  },
  no_such_route: {
    code: 'ENOENT',
    says: 'There is no such resource.',
    next: 'See /openapi.json for the routes there are.',
  },
  no_such_session: { code: 'ENOENT', says: 'There is no such session.', next: 'Create a session.' },
  no_such_lease: {
    code: 'ENOENT',
    says: 'There is no such lease.',
    next: 'Allocate one; an allocated lease that is not set in time is forgotten.',
  },
  no_such_open: {
    code: 'ENOENT',
    says: 'There is no such open.',
    next: 'It was closed, or its session has ended.',
  },
  no_such_lock: { code: 'ENOENT', says: 'There is no such lock.', next: 'List /v1/locks again.' },
  no_such_wait: {
    code: 'ENOENT',
    says: 'No request of this id waits.',
    next: 'It was granted, dropped or cancelled: read the lease, open or range, or the events of the session.',
  },
  no_such_export: {
    code: 'ENOENT',
    says: 'There is no such export.',
    next: 'List /v1/exports; an adapter names its exports when it registers.',
  },
  no_such_item: {
    code: 'ENOENT',
    says: 'There is no such item in the configuration.',
    next: 'List /v1/stacks, /v1/exports, /v1/nodes or /v1/regions; PUT makes one.',
  },
  no_such_pin: {
    code: 'ENOENT',
    says: 'There is no such pin.',
    next: 'It was dropped, or went with the session or the item that declared it.',
  },
  no_such_operation: {
    code: 'ENOENT',
    says: 'There is no such operation.',
    next: 'List /v1/operations; one that is done is remembered for a while.',
  },
  no_such_adapter: {
    code: 'ENOENT',
    says: 'The stack has no such adapter.',
    next: 'GET /v1/stacks/{name} lists its adapters with their incarnations.',
  },
  no_such_file: {
    code: 'ENOENT',
    says: 'The fileserver knows no such file.',
    next: 'Check the name, relative to the export.',
  },
  id_reused_with_other_body: {
    code: 'EEXIST',
    says: 'This requestId was used with another body.',
    next: 'Use a new requestId for a new request.',
  },
  owner_has_lease: {
    code: 'EEXIST',
    says: 'This owner already has a live lease on the file.',
    next: 'Use the lease named in `leaseId`.',
  },
  lease_conflict: {
    code: 'EAGAIN',
    says: 'Another owner holds a conflicting lease.',
    next: 'Retry later; a grant never breaks anyone.',
  },
  open_conflict: {
    code: 'EAGAIN',
    says: 'The file is open in a conflicting way.',
    next: 'Retry after the opens named in `blockers` are closed.',
  },
  break_started: {
    code: 'EAGAIN',
    says: 'A conflicting lease is being broken.',
    next: 'Retry with waitMs, or after the deadline of the break.',
  },
  breaker_queued: {
    code: 'EAGAIN',
    says: 'A conflicting open is waiting for this file.',
    next: 'Retry later; who waits goes first.',
  },
  fencing: {
    code: 'EAGAIN',
    says: 'A revoked lease is still being taken back at the fileserver.',
    next: 'Retry shortly; an administrator may release it unfenced.',
  },
  file_in_other_export: {
    code: 'EAGAIN',
    says: 'The file is in use by a name of another export: a hard link, or it was moved here.',
    next: 'Use it by that name, or retry when nothing is held on it there.',
  },
  share_denied: {
    code: 'EAGAIN',
    says: 'Another open denies this access, or has the access that would be denied.',
    next: 'Retry with waitMs, or after the opens named in `blockers` are closed.',
  },
  range_conflict: {
    code: 'EAGAIN',
    says: 'Another owner has locked some of these bytes.',
    next: 'Retry with waitMs, or after the locks named in `blockers` are gone.',
  },
  queued: {
    code: 'EAGAIN',
    says: 'Somebody who came first waits for this.',
    next: 'Retry with waitMs to wait in turn.',
  },
  grace: {
    code: 'EAGAIN',
    says: 'A grace period runs: only what was held before may be reclaimed.',
    next: 'Reclaim what this session held with `reclaim`, or retry after `retryAfterMs`.',
  },
  has_dependents: {
    code: 'EBUSY',
    says: 'Something depends on this item.',
    next: 'Remove or drop what `dependents` names, or remove the item with force=true.',
  },
  stack_busy: {
    code: 'EBUSY',
    says: 'The stack of an export cannot change while anything is held there.',
    next: 'POST /v1/exports/{name}/hangup first, or wait until what `dependents` names is gone.',
  },
  item_removing: {
    code: 'EBUSY',
    says: 'The item is going away.',
    next: 'Follow GET /v1/operations; make the item again when the removal is done.',
  },
  operation_running: {
    code: 'EBUSY',
    says: 'Another operation is under way on this item.',
    next: 'Follow it: GET /v1/operations/{operationId}, with waitMs to wait for its end.',
  },
  node_up: {
    code: 'EBUSY',
    says: 'The node is not down.',
    next: 'Let it fall silent first, or remove it and make it again.',
  },
  same_file: {
    code: 'EAGAIN',
    says: 'Another name turned out to lead to the same file when its fileserver came.',
    next: 'Retry: the name is followed now.',
  },
  export_stopping: {
    code: 'EAGAIN',
    says: 'The export is being hung up and takes no requests.',
    next: 'Retry when an administrator has resumed it.',
  },
  export_stopped: {
    code: 'EAGAIN',
    says: 'The export is hung up and takes no requests.',
    next: 'POST /v1/exports/{name}/resume lets it go on.',
  },
  node_required: {
    code: 'EPERM',
    says: 'The export is for sessions on nodes that are up in its region.',
    next: 'Create the session with `node`, on a node of the region that beats.',
  },
  node_down: {
    code: 'EAGAIN',
    says: 'The node is not up.',
    next: 'Let it beat, POST /v1/nodes/{name}/beat, until it is `up`.',
  },
  locks_held: {
    code: 'EBUSY',
    says: 'The owner still has locks on the file.',
    next: 'Unlock them first; `leaseId` names one.',
  },
  lease_held: {
    code: 'EBUSY',
    says: 'The lease is still held.',
    next: 'Release it first; only what has ended can be freed.',
  },
  deadlock: {
    code: 'EDEADLK',
    says: 'To wait would be to wait for oneself: the requests in `cycle` wait for each other.',
    next: 'Release what this owner holds of the files in `cycle`, and retry.',
  },
  lock_delay: {
    code: 'EAGAIN',
    says: 'A lease of an expired session is in its lock delay.',
    next: 'Retry after the delay.',
  },
  request_pending: {
    code: 'EAGAIN',
    says: 'An earlier request for this is still being decided.',
    next: 'Wait for its answer, or cancel it: DELETE what it asks for, or set a lease to none.',
  },
  cancelled: {
    code: 'EAGAIN',
    says: 'The request was cancelled before it was granted.',
    next: 'Repeat it if it is still wanted.',
  },
  fileserver_refused: {
    code: 'EAGAIN',
    says: 'The fileserver refused the lease.',
    next: 'Somebody has the file open there; retry after a second or more.',
  },
  file_changed: {
    code: 'ESTALE',
    says: 'The name now leads to another file.',
    next: 'Allocate a new lease for the name.',
  },
  no_backend: {
    code: 'EAGAIN',
    says: 'No adapter serves this export at the moment.',
    next: 'Start its fileserver adapter, then retry.',
  },
  session_expired: {
    code: 'ESTALE',
    says: 'The session has expired or ended.',
    next: 'Create a new session and take its leases again.',
  },
  lease_revoked: {
    code: 'ESTALE',
    says: 'The lease was revoked.',
    next: 'Drop what was cached under it and acquire a new one.',
  },
  lease_released: { code: 'ESTALE', says: 'The lease was released.', next: 'Allocate a new one.' },
  open_closed: {
    code: 'ESTALE',
    says: 'The open that this request made has ended.',
    next: 'Ask again under another requestId.',
  },
  version_old: {
    code: 'ESTALE',
    says: 'The item has another version.',
    next: 'Read it again and repeat the change with its `version` in If-Match.',
  },
  node_life_over: {
    code: 'ESTALE',
    says: 'This life of the node is over.',
    next: 'Drop what was cached on this node, and beat under another incarnation.',
  },
  token_old: {
    code: 'ESTALE',
    says: 'The token is not the current one.',
    next: 'Read the lease again; do no I/O under the old token.',
  },
  seqid_old: {
    code: 'ESTALE',
    says: 'The stateid is of an earlier state.',
    next: 'Use the stateid of the last answer.',
  },
  break_over: {
    code: 'ESTALE',
    says: 'That break is over.',
    next: 'Read the lease; if it was revoked, drop what was cached.',
  },
  ask_over: {
    code: 'ESTALE',
    says: 'That question is over: it was answered, has lapsed, or the lease has ended.',
    next: 'Nothing: the answer changed nothing, and the lease is as it was.',
  },
  incarnation_superseded: {
    code: 'ESTALE',
    says: 'A newer life has taken over.',
    next: 'Let go of everything and exit; begin anew under another incarnation.',
  },
  hold_gen_old: {
    code: 'ESTALE',
    says: 'A newer request for this file was already served.',
    next: 'Read the present hold in `have`.',
  },
  wait_elapsed: {
    code: 'ETIMEDOUT',
    says: 'The wait is over and the conflict is not.',
    next: 'Repeat the request, with the same requestId where it had one.',
  },
  fileserver_timeout: {
    code: 'ETIMEDOUT',
    says: 'The fileserver did not answer in time.',
    next: 'Retry; the intent was undone.',
  },
  fileserver_denied: {
    code: 'EACCES',
    says: 'The fileserver denies access to this file.',
    next: 'Give the adapter the rights (owner of the file, or CAP_LEASE), or choose another file.',
  },
  session_locks_max: {
    code: 'EDQUOT',
    says: 'The session has as many leases, opens, range locks and waits as it may.',
    next: 'Release some, or raise LEASEHOLD_SESSION_LOCKS_MAX.',
  },
  sessions_max: {
    code: 'EDQUOT',
    says: 'There are as many sessions as there may be.',
    next: 'End some, or raise LEASEHOLD_SESSIONS_MAX.',
  },
  items_max: {
    code: 'EDQUOT',
    says: 'There are as many items of this kind as there may be.',
    next: 'Remove some.',
  },
  queue_full: {
    code: 'EDQUOT',
    says: 'The queue of this file or export is full.',
    next: 'Retry after `retryAfterMs`, when the first in it has had its turn or given up.',
  },
  asks_max: {
    code: 'EDQUOT',
    says: 'As many questions about this lease wait for its holder as may.',
    next: 'Retry shortly, or open the file for reading, which recalls the lease.',
  },
  file_ranges_max: {
    code: 'ENOLCK',
    says: 'The file has as many range locks as it may.',
    next: 'Lock larger ranges, unlock some, or raise LEASEHOLD_RANGES_MAX.',
  },
  table_full: {
    code: 'ENOLCK',
    says: 'The table has no room for more; whatever lets go or breaks still works.',
    next: 'Let go of something, or retry later. Operators: free space on the disk of the embedded table, or raise maxmemory at Redis.',
  },
  numbers_used_up: {
    code: 'ENOLCK',
    says: 'The tokens are used up, or the clock of the table is wrong by decades.',
    next: 'Set the clock right; if it is, begin with an empty table.',
  },
  lease_type_unsupported: {
    code: 'EOPNOTSUPP',
    says: 'The fileserver cannot lease this kind of file.',
    next: 'Choose a regular file.',
  },
  table_unreachable: {
    code: 'ENOTCONN',
    says: 'The table cannot be reached.',
    next: 'Retry; check Redis, or the disk of the embedded table.',
  },
  not_ready: {
    code: 'ENOTCONN',
    says: 'This lease API is not ready.',
    next: 'Start the fileserver adapters of its exports; it waits for them for a while, then serves without.',
  },
  service_stopping: {
    code: 'ENOTCONN',
    says: 'This lease API is being stopped, and the request is not decided.',
    next: 'Repeat it as it was, with the same requestId where it had one, at another node or at this one after `retryAfterMs`. With `waitId` it keeps its place meanwhile and may be granted; without, nothing is left of it.',
  },
  body_too_large: {
    code: 'EINVAL',
    says: 'The body is larger than the limit.',
    next: 'Send less in one request.',
  },
  invariant: {
    code: 'EIO',
    says: 'An internal rule was violated.',
    next: 'Report it with the log line that names this request.',
  },
} as const satisfies Record<string, { code: ErrorCode; says: string; next: string }>;
export type Reason = keyof typeof reasons;

export const blocker = z
  .object({
    id: z.string().meta({ description: 'What blocks, or waits in front.' }),
    kind: z.enum(['lease', 'delegation', 'open', ...rangeClass.options, 'change']),
    sessionId: z.string(),
    owner: z.string(),
    pid: z.number().int(),
    type: z
      .string()
      .meta({ description: 'Lease type, access of an open, type of a range lock, kind of a change.' }),
    deny: deny.optional(),
    state: z.union([leaseState, z.enum(['open', 'held', 'waiting'])]),
    start: z.string().optional(),
    end: z.string().optional(),
  })
  .meta({ id: 'Blocker' });

/** One request of a deadlock: who waits, and for which file. */
export const cyclist = z
  .object({
    id: z.string(),
    kind: z.enum(['open', 'lease', 'range', 'change']),
    sessionId: z.string(),
    owner: z.string(),
    export: z.string(),
    file: z.string(),
  })
  .meta({ id: 'CycleMember' });

/** RFC 9457 body. Over the microservice transport the same without `status`. */
export const problem = z
  .object({
    type: z.string().meta({ description: '`urn:leasehold:<reason>`' }),
    title: z.string(),
    status: z.number().int().optional(),
    code: z.enum(errorCodes),
    reason: z.string(),
    detail: z.string().optional(),
    next: z.string().meta({ description: 'What to do next.' }),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    blockers: z.array(blocker).optional().meta({ description: 'At most 4 of those who block.' }),
    blockerCount: z.number().int().optional(),
    break: z
      .object({
        breakId: z.string(),
        target: leaseType,
        deadlineAt: zInstant.optional(),
        remainingMs: z.number().optional(),
      })
      .optional(),
    cycle: z
      .array(cyclist)
      .optional()
      .meta({ description: 'Of a deadlock: who waits for each other, the refused request first.' }),
    leaseId: z.string().optional(),
    retryAfterMs: z.number().int().optional(),
    have: leaseType.optional(),
    breakLimitMs: z.number().optional(),
    dependents: z.array(dependent).optional().meta({
      description: 'The first few that depend on the item; /v1/{kind}/{name}/dependents lists all.',
    }),
    version: z.number().int().optional().meta({ description: 'That the item has; 0: there is none.' }),
    operationId: z.string().optional().meta({ description: 'The operation that is under way.' }),
    waitId: z.string().optional().meta({
      description:
        'The request goes on under this id, and may still be granted: repeat it, or give it up by DELETE.',
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
export type Blocker = z.infer<typeof blocker>;

/** The body for a reason: catalog words plus the facts of the case. */
export function problemOf(reason: Reason, facts: Partial<Problem> = {}): Problem {
  const { code, says, next } = reasons[reason];
  return { type: `urn:leasehold:${reason}`, title: says, code, reason, next, ...facts };
}
