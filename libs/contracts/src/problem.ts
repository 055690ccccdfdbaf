import { z } from 'zod';
import { dependent } from './configuration';
import { deny, leaseState, leaseType, lockKind, type NfsStat, requestKind, zInstant } from './words';

/** Errno names, for programs to branch on. The reason names the rule; the catalog says what to do next. */
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
 * Every reason that the service can give: its code, the status for NFS servers, one sentence, and what to do next.
 * NFS4ERR_SERVERFAULT: no NFS server should ever see it.
 * All texts of refusals are here; the rules only name the reason.
 */
export const reasons = {
  bad_request: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The request is malformed.',
    next: 'Correct the fields named in `issues`; nothing was changed.',
  },
  above_target: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The type asked for is above the target of the running break.',
    next: 'Answer with the target of the break or weaker.',
  },
  above_present: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The request would raise the open, but `lower` only allows lowering it.',
    next: 'Ask for no more than the open has, or leave out `lower`.',
  },
  bad_flags: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'These flags contradict each other, the mode, or the kind of request.',
    next: 'See `flags` in the OpenAPI document: some belong to conversions only, some to new locks only.',
  },
  not_a_union: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The access and deny mode asked for are not the union of some of the OPENs.',
    next: 'Take back whole OPENs: ask for what the others together have.',
  },
  open_mode: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_OPENMODE',
    says: 'The open does not have the access that the lock needs.',
    next: 'Open the file for reading to lock for reading, and for writing to lock for writing.',
  },
  bad_range: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_BAD_RANGE',
    says: 'The offsets are not a valid range.',
    next: 'Use 0 <= start <= end <= 9223372036854775807; a flock covers the whole file, 0 to EOF.',
  },
  no_grace: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_NO_GRACE',
    says: 'No grace period is running in which this session may reclaim.',
    next: 'Ask without `reclaim`. What others have acquired since is lost.',
  },
  pin_cycle: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The pin would create a dependency cycle.',
    next: 'Drop another pin in the cycle first; GET /v1/{kind}/{name}/dependents lists them.',
  },
  built_in: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'This item is built in.',
    next: 'It cannot be changed. Exports of the stack `local` can be removed one by one.',
  },
  protocol_pinned: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The adapter agreed on another protocol version when it first registered.',
    next: 'Restart the adapter; the version is fixed for the life of a process.',
  },
  protocol_mismatch: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_NOTSUPP',
    says: 'The adapter speaks another protocol version.',
    next: 'Run an adapter of the same major version.',
  },
  stack_mismatch: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The export is bound to another stack.',
    next: "Choose another export name, or start an adapter of the export's stack.",
  },
  export_overlap: {
    code: 'EEXIST',
    nfs: 'NFS4ERR_EXIST',
    says: 'The export overlaps with another export: they share a tree, or one contains the other.',
    next: 'Serve the tree under one name only, or remove the other export once nothing is held there.',
  },
  break_time_too_long: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The break time exceeds the limit of the fileserver.',
    next: 'Lower LEASEHOLD_BREAK_MS to at most `breakLimitMs`, or raise the limit at the fileserver.',
  },
  no_credentials: {
    code: 'EACCES',
    nfs: 'NFS4ERR_ACCESS',
    says: 'The request carries no credentials.',
    next: 'Send the secret of the session in the header x-session-secret, or a token as a bearer token.',
  },
  bad_token: {
    code: 'EACCES',
    nfs: 'NFS4ERR_SERVERFAULT',
    says: 'The token is not valid here: unknown, expired, for another audience, or not a bearer token.',
    next: 'Send a valid token as a bearer token.',
  },
  keys_unreachable: {
    code: 'ENOTCONN',
    nfs: 'NFS4ERR_SERVERFAULT',
    says: "The keys of the token's issuer cannot be fetched.",
    next: 'Retry. Operators: check `keys` of the issuer in LEASEHOLD_CALLERS.',
  },
  export_not_yours: {
    code: 'EACCES',
    nfs: 'NFS4ERR_ACCESS',
    says: 'The adapter may not serve this export.',
    next: 'Start the adapter with the key that LEASEHOLD_RPC_KEYS at the lease API binds the export to.',
  },
  export_served: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_ACCESS',
    says: 'Another adapter, which is alive, serves this export.',
    next: 'Stop that adapter or wait until it is declared lost; to follow it at once, use its LEASEHOLD_ADAPTER_KEY_FILE.',
  },
  predecessors_max: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_ACCESS',
    says: 'Too many earlier adapters of this export are not proven dead.',
    next: 'Hang up the export and resume it: the hangup revokes what they may still hold.',
  },
  not_holder: {
    code: 'EPERM',
    nfs: 'NFS4ERR_WRONG_CRED',
    says: 'The secret does not belong to this session.',
    next: 'Use the secret returned when this session was created.',
  },
  no_right: {
    code: 'EPERM',
    nfs: 'NFS4ERR_ACCESS',
    says: 'The caller has no right to do this.',
    next: 'Act as a caller that has it, or have it granted in LEASEHOLD_CALLERS (docs/rights.md).',
  },
  nothing_there: {
    code: 'EPERM',
    nfs: 'NFS4ERR_SERVERFAULT',
    says: 'The session holds nothing there.',
    next: 'Ask about something the session holds, or ask as a storage server or administrator.',
  },
  too_many_failures: {
    code: 'EDQUOT',
    nfs: 'NFS4ERR_DELAY',
    says: 'Too many requests from this address had wrong credentials.',
    next: 'Wait for `retryAfterMs`, then send correct credentials. Other addresses are not affected.',
  },
  foreign_host: {
    code: 'EPERM',
    nfs: 'NFS4ERR_SERVERFAULT',
    says: 'The Host header does not name this service.',
    next: "Use the service's address, or add the name to LEASEHOLD_HTTP_HOSTS.",
  },
  foreign_origin: {
    code: 'EPERM',
    nfs: 'NFS4ERR_SERVERFAULT',
    says: 'The request came from a page of another site.',
    next: 'Send it from a program, or from a page of this origin.',
  },
  no_such_route: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_NOTSUPP',
    says: 'There is no such resource.',
    next: 'See /openapi.json for the available routes.',
  },
  no_such_session: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_BADSESSION',
    says: 'There is no such session.',
    next: 'Create a session.',
  },
  no_such_lease: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_BAD_STATEID',
    says: 'There is no such lease.',
    next: 'Allocate one. A lease that is allocated and not set in time is forgotten.',
  },
  no_such_open: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_BAD_STATEID',
    says: 'There is no such open.',
    next: 'It was closed, or its session has ended.',
  },
  no_such_lock: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_BAD_STATEID',
    says: 'There is no such lock.',
    next: 'List /v1/locks again.',
  },
  no_such_wait: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_BAD_STATEID',
    says: 'No request with this id is waiting.',
    next: "It was granted, dropped or cancelled. Read the lease, open or range, or the session's events.",
  },
  no_such_export: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_DELAY',
    says: 'There is no such export.',
    next: 'List /v1/exports. Adapters create exports when they register.',
  },
  no_such_item: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_NOENT',
    says: 'There is no such item in the configuration.',
    next: 'List /v1/stacks, /v1/exports, /v1/nodes or /v1/regions; PUT creates one.',
  },
  no_such_pin: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_NOENT',
    says: 'There is no such pin.',
    next: 'It was dropped, or removed with the session or item that declared it.',
  },
  no_such_operation: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_NOENT',
    says: 'There is no such operation.',
    next: 'List /v1/operations. Finished operations are kept for a while.',
  },
  no_such_adapter: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_NOENT',
    says: 'The stack has no such adapter.',
    next: 'GET /v1/stacks/{name} lists its adapters with their incarnations.',
  },
  no_such_file: {
    code: 'ENOENT',
    nfs: 'NFS4ERR_NOENT',
    says: 'The fileserver has no such file.',
    next: 'Check the name, relative to the export.',
  },
  id_reused_with_other_body: {
    code: 'EEXIST',
    nfs: 'NFS4ERR_EXIST',
    says: 'This requestId was used with another body.',
    next: 'Use a new requestId for a new request.',
  },
  owner_has_lease: {
    code: 'EEXIST',
    nfs: 'NFS4ERR_EXIST',
    says: 'This owner already holds a lease on the file.',
    next: 'Use the lease in `leaseId`.',
  },
  lease_conflict: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'Another owner holds a conflicting lease.',
    next: 'Retry later. A lease request never breaks another lease.',
  },
  open_conflict: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The file is open in a conflicting mode.',
    next: 'Retry after the opens in `blockers` are closed.',
  },
  break_started: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'A conflicting lease is being broken.',
    next: 'Retry with waitMs, or after the deadline of the break.',
  },
  breaker_queued: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'A conflicting open is waiting for this file.',
    next: 'Retry later. Requests that wait go first.',
  },
  fencing: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The fileserver has not yet confirmed the end of a revoked lease.',
    next: 'Retry shortly. An administrator can release it unfenced.',
  },
  file_in_other_export: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The file is in use through another export: it has a hard link there, or was moved here.',
    next: 'Use that export, or retry when nothing is held on the file there.',
  },
  share_denied: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_SHARE_DENIED',
    says: 'Another open denies this access, or has an access that this one would deny.',
    next: 'Retry with waitMs, or after the opens in `blockers` are closed.',
  },
  mode_conflict: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DENIED',
    says: 'A lock in an incompatible mode is granted on this resource.',
    next: 'Retry with waitMs, or after the locks in `blockers` are unlocked or converted down.',
  },
  range_conflict: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DENIED',
    says: 'Another owner has a conflicting lock on some of these bytes.',
    next: 'Retry with waitMs, or after the locks in `blockers` are released.',
  },
  queued: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'An earlier conflicting request is waiting.',
    next: 'Retry with waitMs to queue behind it.',
  },
  grace: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_GRACE',
    says: 'A grace period is running: only what was held before may be reclaimed.',
    next: 'Reclaim what this session held with `reclaim`, or retry after `retryAfterMs`.',
  },
  has_dependents: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_DELAY',
    says: 'Other items depend on this one.',
    next: 'Remove what `dependents` lists first, or remove the item with force=true.',
  },
  stack_busy: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_DELAY',
    says: 'The stack of an export cannot change while anything is held there.',
    next: 'POST /v1/exports/{name}/hangup first, or wait until what `dependents` lists is released.',
  },
  item_removing: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_DELAY',
    says: 'The item is being removed.',
    next: 'Follow GET /v1/operations; create the item again when the removal is done.',
  },
  operation_running: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_DELAY',
    says: 'Another operation on this item is running.',
    next: 'Follow it: GET /v1/operations/{operationId}, with waitMs to wait for its end.',
  },
  node_up: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_DELAY',
    says: 'The node is still up.',
    next: 'Stop its heartbeat first, or remove the node and create it again.',
  },
  same_file: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The fileserver has shown that another name leads to the same file.',
    next: 'Retry; the name is resolved now.',
  },
  export_stopping: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The export is being hung up and accepts no requests.',
    next: 'Retry when an administrator has resumed it.',
  },
  export_stopped: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The export is hung up and accepts no requests.',
    next: 'POST /v1/exports/{name}/resume reopens it.',
  },
  node_required: {
    code: 'EPERM',
    nfs: 'NFS4ERR_ACCESS',
    says: 'The export only serves sessions on live nodes of its region.',
    next: 'Create the session with `node`, naming a live node of the region.',
  },
  node_down: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The node is down.',
    next: 'POST /v1/nodes/{name}/beat until it is `up`.',
  },
  locks_held: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_LOCKS_HELD',
    says: 'The owner still holds locks on the file.',
    next: 'Unlock them first; `leaseId` names one.',
  },
  lease_held: {
    code: 'EBUSY',
    nfs: 'NFS4ERR_LOCKS_HELD',
    says: 'The lease is still held.',
    next: 'Release it first. Only an ended lease can be freed.',
  },
  deadlock: {
    code: 'EDEADLK',
    nfs: 'NFS4ERR_DEADLOCK',
    says: 'Waiting would deadlock: the requests in `cycle` wait for each other.',
    next: 'Release what this owner holds on the files in `cycle`, then retry.',
  },
  lock_delay: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The file is in its lock delay after a session expired.',
    next: 'Retry after the delay.',
  },
  request_pending: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'An earlier request for this is still being decided.',
    next: 'Wait for its answer, or cancel it: DELETE it, or set the lease to none.',
  },
  cancelled: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The request was cancelled before it was granted.',
    next: 'Repeat it if you still want it.',
  },
  fileserver_refused: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The fileserver refused the lease.',
    next: 'A program has the file open there. Retry after a second or more.',
  },
  file_changed: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_STALE',
    says: 'The name now leads to another file.',
    next: 'Allocate a new lease for the name.',
  },
  no_backend: {
    code: 'EAGAIN',
    nfs: 'NFS4ERR_DELAY',
    says: 'No fileserver adapter serves this export now.',
    next: 'Start its adapter, then retry.',
  },
  session_expired: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_EXPIRED',
    says: 'The session has expired or ended.',
    next: 'Create a new session and acquire its leases again.',
  },
  lease_revoked: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_DELEG_REVOKED',
    says: 'The lease was revoked.',
    next: 'Drop what you cached under it, then acquire a new one.',
  },
  lease_released: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_BAD_STATEID',
    says: 'The lease was released.',
    next: 'Allocate a new one.',
  },
  open_closed: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_BAD_STATEID',
    says: 'The open that this request created has ended.',
    next: 'Repeat it with a new requestId.',
  },
  lock_over: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_BAD_STATEID',
    says: 'The lock that this request created is gone.',
    next: 'Repeat it with a new requestId.',
  },
  version_old: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_OLD_STATEID',
    says: 'The item has changed: it has another version.',
    next: 'Read it again and repeat the change with its current `version` in If-Match.',
  },
  node_life_over: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_EXPIRED',
    says: 'This incarnation of the node is over.',
    next: 'Drop what this node cached, then beat under a new incarnation.',
  },
  token_old: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_OLD_STATEID',
    says: 'The token is not current.',
    next: 'Read the lease again. Do no I/O under the old token.',
  },
  seqid_old: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_OLD_STATEID',
    says: 'The stateid is outdated.',
    next: 'Use the stateid from the last answer.',
  },
  break_over: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_BAD_STATEID',
    says: 'That break is over.',
    next: 'Read the lease. If it was revoked, drop what you cached.',
  },
  ask_over: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_NOENT',
    says: 'That attribute query is over: it was answered or timed out, or the lease has ended.',
    next: 'Nothing to do: the answer had no effect.',
  },
  incarnation_superseded: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_SERVERFAULT',
    says: 'A newer incarnation has taken over.',
    next: 'Release everything and exit; restart under a new incarnation.',
  },
  hold_gen_old: {
    code: 'ESTALE',
    nfs: 'NFS4ERR_SERVERFAULT',
    says: 'A newer request for this file has already been served.',
    next: 'Read the current hold in `have`.',
  },
  wait_elapsed: {
    code: 'ETIMEDOUT',
    nfs: 'NFS4ERR_DELAY',
    says: 'The wait timed out while the conflict remains.',
    next: 'Repeat the request, with the same requestId if it had one.',
  },
  fileserver_timeout: {
    code: 'ETIMEDOUT',
    nfs: 'NFS4ERR_DELAY',
    says: 'The fileserver did not answer in time.',
    next: 'Retry; the intent was undone.',
  },
  fileserver_denied: {
    code: 'EACCES',
    nfs: 'NFS4ERR_ACCESS',
    says: 'The fileserver denied access to this file.',
    next: 'Give the adapter the rights (owner of the file, or CAP_LEASE), or choose another file.',
  },
  session_locks_max: {
    code: 'EDQUOT',
    nfs: 'NFS4ERR_RESOURCE',
    says: 'The session has reached its limit of leases, opens, range locks and waits.',
    next: 'Release some, or raise LEASEHOLD_SESSION_LOCKS_MAX.',
  },
  sessions_max: {
    code: 'EDQUOT',
    nfs: 'NFS4ERR_RESOURCE',
    says: 'The limit of sessions is reached.',
    next: 'End some, or raise LEASEHOLD_SESSIONS_MAX.',
  },
  items_max: {
    code: 'EDQUOT',
    nfs: 'NFS4ERR_RESOURCE',
    says: 'The limit of items of this kind is reached.',
    next: 'Remove some.',
  },
  resource_locks_max: {
    code: 'EDQUOT',
    nfs: 'NFS4ERR_RESOURCE',
    says: 'This resource has as many locks as the service keeps on one.',
    next: 'Unlock some of them.',
  },
  queue_full: {
    code: 'EDQUOT',
    nfs: 'NFS4ERR_RESOURCE',
    says: 'The queue of this file or export is full.',
    next: 'Retry after `retryAfterMs`; the first request in it is served or gives up by then.',
  },
  asks_max: {
    code: 'EDQUOT',
    nfs: 'NFS4ERR_DELAY',
    says: "Too many attribute queries are already waiting for this lease's holder.",
    next: 'Retry shortly, or open the file for reading: that recalls the lease.',
  },
  file_ranges_max: {
    code: 'ENOLCK',
    nfs: 'NFS4ERR_RESOURCE',
    says: 'The file has reached its limit of range locks.',
    next: 'Lock larger ranges, unlock some, or raise LEASEHOLD_RANGES_MAX.',
  },
  table_full: {
    code: 'ENOLCK',
    nfs: 'NFS4ERR_RESOURCE',
    says: 'The table is full. Releases and breaks still work.',
    next: 'Release something, or retry later. Operators: free disk space for the embedded table, or raise maxmemory at Redis.',
  },
  numbers_used_up: {
    code: 'ENOLCK',
    nfs: 'NFS4ERR_RESOURCE',
    says: 'The table has run out of tokens, or its clock is wrong by decades.',
    next: 'Correct the clock. If it is right, start with an empty table.',
  },
  lease_type_unsupported: {
    code: 'EOPNOTSUPP',
    nfs: 'NFS4ERR_NOTSUPP',
    says: 'The fileserver cannot lease this kind of file.',
    next: 'Choose a regular file.',
  },
  table_unreachable: {
    code: 'ENOTCONN',
    nfs: 'NFS4ERR_DELAY',
    says: 'The table cannot be reached. It is unknown whether the request was carried out.',
    next: 'Repeat it unchanged, with the same requestId if it had one, until it is answered: a request that was carried out is found again, and not carried out twice. Without a requestId, check what the session holds. Operators: check Redis, or the disk of the embedded table.',
  },
  not_ready: {
    code: 'ENOTCONN',
    nfs: 'NFS4ERR_DELAY',
    says: 'This lease API is not ready.',
    next: 'Start the adapters of its exports. It waits for them for a while, then serves without them.',
  },
  service_stopping: {
    code: 'ENOTCONN',
    nfs: 'NFS4ERR_DELAY',
    says: 'This lease API is stopping, and the request is undecided.',
    next: 'Repeat it unchanged, with the same requestId if it had one, at another node or at this one after `retryAfterMs`. With `waitId` it keeps its place meanwhile and may be granted; without, nothing is left of it.',
  },
  body_too_large: {
    code: 'EINVAL',
    nfs: 'NFS4ERR_INVAL',
    says: 'The body is larger than the limit.',
    next: 'Send less in one request.',
  },
  invariant: {
    code: 'EIO',
    nfs: 'NFS4ERR_SERVERFAULT',
    says: 'An internal rule was violated.',
    next: 'Report it with the log line that names this request.',
  },
} as const satisfies Record<string, { code: ErrorCode; nfs: NfsStat; says: string; next: string }>;
export type Reason = keyof typeof reasons;

const otherTenant = z.literal(true).optional().meta({
  description: 'It belongs to another tenant: its id, session, owner and pid are not told.',
});

export const blocker = z
  .object({
    id: z.string().meta({ description: 'The hold or earlier request that blocks.' }),
    kind: lockKind,
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
    otherTenant,
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
    operationId: z.string().optional().meta({ description: 'The running operation.' }),
    waitId: z.string().optional().meta({
      description:
        'The request continues under this id and may still be granted: repeat it, or cancel it with DELETE.',
    }),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
export type Blocker = z.infer<typeof blocker>;

/** The body for a reason: the catalog's texts and the facts of the case. */
export function problemOf(reason: Reason, facts: Partial<Problem> = {}): Problem {
  const { code, says, next } = reasons[reason];
  return { type: `urn:leasehold:${reason}`, title: says, code, reason, next, ...facts };
}
