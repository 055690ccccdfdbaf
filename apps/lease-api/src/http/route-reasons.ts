import { type Reason, reasons } from '#contracts';

/**
 * Why a route may refuse, by what it does; the OpenAPI document lists them for each route and status. The fuzz test compares
 * them with what routes answer, and `pure/rules` with what the rules refuse.
 */

const everywhere: readonly Reason[] = [
  ...(['foreign_host', 'foreign_origin'] as const),
  ...(['invariant', 'table_unreachable', 'not_ready', 'service_stopping'] as const),
];
/** Of a caller that has to be known, and of what it sent. */
const callers: readonly Reason[] = [
  ...(['bad_request', 'no_credentials', 'bad_token', 'keys_unreachable', 'no_right'] as const),
  ...(['too_many_failures', 'rate_exceeded', 'no_such_route'] as const),
];
const bodies: readonly Reason[] = ['body_too_large'];
const writes: readonly Reason[] = ['table_full', 'numbers_used_up'];
const ofSession: readonly Reason[] = [
  'no_such_session',
  'session_expired',
  'not_holder',
  'client_unconfirmed',
];
const streams: readonly Reason[] = ['streams_max', 'subject_streams_max', 'tenant_streams_max'];
/** Of what needs room in the table. */
const room: readonly Reason[] = ['subject_rows_max', 'tenant_rows_max', 'session_locks_max'];

/** Of a name in an export, before anything is looked at. */
const names: readonly Reason[] = [
  ...(['no_such_export', 'export_stopping', 'export_stopped', 'no_backend', 'grace', 'no_grace'] as const),
  ...(['node_required', 'node_down', 'other_node', 'id_reused_with_other_body'] as const),
  ...(['reclaim_bad', 'reclaims_incomplete'] as const),
];
/** Of a request that may have to wait, and how a wait ends. */
const waits: readonly Reason[] = [
  ...([
    'queue_full',
    'subject_waits_max',
    'tenant_waits_max',
    'subject_queue_share',
    'tenant_queue_share',
  ] as const),
  ...([
    'subject_quiet_max',
    'deadlock',
    'request_pending',
    'cancelled',
    'disconnected',
    'wait_elapsed',
  ] as const),
  ...(['queued', 'max_hold', 'hung_up'] as const),
];
/** Of a fileserver that is asked about a file. */
const fileservers: readonly Reason[] = [
  ...(['no_such_file', 'file_changed', 'file_in_other_export', 'same_file', 'asks_max'] as const),
  ...(['fileserver_refused', 'fileserver_denied', 'fileserver_timeout', 'lease_type_unsupported'] as const),
  ...(['hold_gen_old', 'incarnation_superseded'] as const),
];
/** Of a name that is looked up, and nothing more. */
const found: readonly Reason[] = [
  ...(['no_such_export', 'export_stopping', 'export_stopped', 'no_backend'] as const),
  ...fileservers,
];
/** Of what is held on a file. */
const holders: readonly Reason[] = [
  ...([
    'break_started',
    'breaker_queued',
    'fencing',
    'lock_delay',
    'lease_conflict',
    'open_conflict',
  ] as const),
  ...(['range_conflict', 'share_denied', 'owner_has_lease', 'token_old'] as const),
];
const files: readonly Reason[] = [...names, ...room, ...waits, ...fileservers, ...holders];
const leases: readonly Reason[] = [
  ...([
    'no_such_lease',
    'lease_held',
    'lease_released',
    'lease_revoked',
    'above_target',
    'break_over',
  ] as const),
  'hold_too_long',
];
const states: readonly Reason[] = [
  'state_expired',
  'no_such_lock',
  'no_such_open',
  'open_closed',
  'lock_over',
  'locks_held',
  'seqid_old',
];
const ranges: readonly Reason[] = ['bad_range', 'file_ranges_max', 'owner_has_range'];
const semaphores: readonly Reason[] = ['limit_differs', 'semaphore_full'];
/** Of an item of the configuration. */
const items: readonly Reason[] = [
  ...([
    'no_such_item',
    'no_such_export',
    'no_such_adapter',
    'built_in',
    'has_dependents',
    'version_old',
  ] as const),
  ...(['item_removing', 'items_max', 'operation_running', 'stack_busy', 'no_such_operation'] as const),
  ...(['export_overlap', 'export_served', 'break_time_too_long', 'stack_mismatch'] as const),
];
const pins: readonly Reason[] = [
  ...(['no_such_pin', 'pin_cycle', 'nothing_there', 'no_such_item', 'item_removing', 'items_max'] as const),
  ...room,
];

/** What routes with a tag may be refused with, besides what any may. */
const reasonsOfTag: Readonly<Record<string, readonly Reason[]>> = {
  Sessions: [
    ...(['sessions_max', 'subject_sessions_max', 'tenant_sessions_max', 'no_such_item'] as const),
    ...ofSession,
    ...(['node_down', 'item_removing'] as const),
    ...(['no_grace', 'grace', 'id_reused_with_other_body'] as const),
  ],
  Events: [...streams, 'no_such_connection', 'connection_over', 'connection_live', 'hung_up'],
  ClusterEvents: [...streams, 'no_such_export', 'no_such_session'],
  Watch: [...streams, 'no_such_export'],
  Leases: [...files, ...leases, ...states],
  Sets: [...files, ...leases, ...states, ...ranges, ...semaphores],
  Opens: [...files, ...states, 'above_present', 'not_a_union', 'open_mode'],
  Ranges: [...files, ...states, ...ranges, 'open_mode'],
  Permits: [
    ...[...names, ...room, ...waits, ...semaphores],
    ...(['hold_too_long', 'no_such_lock', 'lock_over', 'token_old'] as const),
  ],
  Dlm: [
    ...[...names, ...room, ...waits, ...states],
    ...(['bad_flags', 'mode_conflict', 'resource_locks_max', 'orphans_max', 'no_such_connection'] as const),
    ...(['connection_over', 'connection_live', 'protocol_mismatch', 'stack_mismatch'] as const),
    ...(['no_such_item', 'node_up', 'nothing_there'] as const),
  ],
  Changes: [...files, 'no_such_wait'],
  Delegations: [...files, ...leases, ...states, 'open_mode'],
  Attributes: [...files, ...leases, 'ask_over'],
  Batch: [],
  Waits: [...names, ...waits, 'no_such_wait', 'reclaims_complete'],
  Fences: [...found, 'token_old'],
  Locks: [...found, 'no_such_lock', 'no_such_lease', 'no_such_open'],
  Exports: [...items, ...pins],
  Stacks: [...items, ...pins],
  Nodes: [...items, ...pins, 'node_up', 'node_life_over', 'no_such_connection'],
  Regions: [...items, ...pins, 'no_such_connection'],
  Pins: [...pins],
  Operations: ['no_such_operation'],
  Subjects: [],
  Ops: [],
};

/** What only adapters, NFS servers and lock managers are refused with, over their own protocols. */
export const elsewhere: readonly Reason[] = [
  ...(['protocol_pinned', 'predecessors_max', 'export_not_yours'] as const),
  ...(['no_such_client', 'verifier_differs', 'not_principal', 'client_in_use', 'report_over'] as const),
];

interface Route {
  tag: string;
  /** Anybody may ask: nothing is known of the caller. */
  isOpen: boolean;
  bySession: boolean;
  isRead: boolean;
  hasBody: boolean;
}

/** What a route may be refused with, in the order in which #contracts has them. */
export function reasonsOf({ tag, isOpen, bySession, isRead, hasBody }: Route): Reason[] {
  const own = new Set<Reason>([
    ...everywhere,
    ...(isOpen ? [] : callers),
    ...(hasBody ? bodies : []),
    ...(isRead ? [] : writes),
    ...(bySession ? ofSession : []),
    ...(reasonsOfTag[tag] ?? []),
  ]);
  return (Object.keys(reasons) as Reason[]).filter((reason) => own.has(reason));
}
