/**
 * Why a request is refused, or a wait ends without a grant. The words for each stand in #contracts, its status with NFS
 * servers in the lease API; the compiler compares both with this.
 */
export type Reason =
  // What was asked for makes no sense, or not now.
  | 'above_present'
  | 'above_target'
  | 'bad_range'
  | 'bad_request'
  | 'break_time_too_long'
  | 'built_in'
  | 'id_reused_with_other_body'
  | 'no_grace'
  | 'pin_cycle'
  | 'protocol_pinned'
  | 'request_pending'
  | 'stack_mismatch'
  // It is not there, or somebody else's.
  | 'no_such_adapter'
  | 'no_such_export'
  | 'no_such_file'
  | 'no_such_item'
  | 'no_such_lease'
  | 'no_such_lock'
  | 'no_such_open'
  | 'no_such_operation'
  | 'no_such_pin'
  | 'no_such_session'
  | 'no_such_wait'
  | 'not_holder'
  | 'nothing_there'
  // It is over.
  | 'ask_over'
  | 'break_over'
  | 'incarnation_superseded'
  | 'lease_released'
  | 'lease_revoked'
  | 'node_life_over'
  | 'session_ended'
  | 'session_expired'
  | 'token_old'
  | 'version_old'
  // Somebody or something is in the way.
  | 'break_started'
  | 'breaker_queued'
  | 'deadlock'
  | 'export_overlap'
  | 'export_served'
  | 'export_stopped'
  | 'export_stopping'
  | 'fencing'
  | 'grace'
  | 'has_dependents'
  | 'item_removing'
  | 'lease_conflict'
  | 'lease_held'
  | 'lock_delay'
  | 'locks_held'
  | 'node_down'
  | 'node_required'
  | 'node_up'
  | 'open_conflict'
  | 'operation_running'
  | 'owner_has_lease'
  | 'queued'
  | 'range_conflict'
  | 'same_file'
  | 'share_denied'
  | 'stack_busy'
  // A limit.
  | 'asks_max'
  | 'file_ranges_max'
  | 'items_max'
  | 'numbers_used_up'
  | 'queue_full'
  | 'session_locks_max'
  | 'sessions_max'
  | 'table_full'
  // The fileserver's word, or its silence.
  | 'file_changed'
  | 'fileserver_denied'
  | 'fileserver_refused'
  | 'fileserver_timeout'
  | 'hold_gen_old'
  | 'lease_type_unsupported'
  | 'no_backend'
  // A wait ends.
  | 'admin'
  | 'cancelled'
  | 'service_stopping'
  | 'wait_elapsed'
  // Never leaves the service, which resolves the name and asks once more.
  | 'resolve_again';

/** A refusal that its reason explains. */
export function refuse(reason: Reason): { refused: { reason: Reason } } {
  return { refused: { reason } };
}
