import { z } from 'zod';
import { limits } from './limits';
import type { Reason } from './problem';
import { exportName, file, fileTime, label, sessionId, zInstant } from './words';

/**
 * Requests of NFS servers, in the terms of RFC 8881: the messages of leasehold/v1/nfs.proto, which explains each, as
 * they look in a program and as JSON over TCP. Over TCP a request travels in an envelope like any other message, and
 * its answer is `{ok: true, status, …}`, or `{ok: false, problem}` if it could not be read.
 */
export const protoPath = (): string => require.resolve('#nfs.proto');
export const protoPackage = 'leasehold.v1';
export const serviceName = 'NfsState';
/** The method that returns which process this is. Only gRPC has it; over TCP the adapters' hello is used. */
export const helloPath = `/${protoPackage}.${serviceName}/Hello`;
/** How both sides read the schema: 64-bit numbers as decimal text, bytes as base64, enums by name. */
export const protoOptions = {
  longs: String,
  enums: String,
  bytes: String,
  defaults: true,
  oneofs: false,
} as const;
/** The pattern of a method's message over TCP. */
export const patternOf = (method: MethodName): string => `nfs.${method}`;

/** Most requests in one Reclaim, and stateids in one TestStateid. */
const itemsMax = 256;
/** Most lock owners under one open. */
const lockOwnersMax = 1_024;
/** NFS4_OPAQUE_LIMIT. */
const ownerBytesMax = 1_024;

export const nfsStat = z.enum([
  'NFS4_OK',
  'NFS4ERR_NOENT',
  'NFS4ERR_ACCESS',
  'NFS4ERR_EXIST',
  'NFS4ERR_INVAL',
  'NFS4ERR_STALE',
  'NFS4ERR_NOTSUPP',
  'NFS4ERR_SERVERFAULT',
  'NFS4ERR_DELAY',
  'NFS4ERR_DENIED',
  'NFS4ERR_EXPIRED',
  'NFS4ERR_GRACE',
  'NFS4ERR_SHARE_DENIED',
  'NFS4ERR_RESOURCE',
  'NFS4ERR_OLD_STATEID',
  'NFS4ERR_BAD_STATEID',
  'NFS4ERR_NO_GRACE',
  'NFS4ERR_LOCKS_HELD',
  'NFS4ERR_BAD_RANGE',
  'NFS4ERR_DEADLOCK',
  'NFS4ERR_BADSESSION',
  'NFS4ERR_WRONG_CRED',
  'NFS4ERR_DELEG_REVOKED',
]);
export type NfsStat = z.infer<typeof nfsStat>;

/** The status an NFS server gets for each reason; the reason itself is sent as well. */
export const statOf = {
  bad_request: 'NFS4ERR_INVAL',
  body_too_large: 'NFS4ERR_INVAL',
  above_target: 'NFS4ERR_INVAL',
  above_present: 'NFS4ERR_INVAL',
  stack_mismatch: 'NFS4ERR_INVAL',
  export_overlap: 'NFS4ERR_EXIST',
  break_time_too_long: 'NFS4ERR_INVAL',
  pin_cycle: 'NFS4ERR_INVAL',
  built_in: 'NFS4ERR_INVAL',
  protocol_pinned: 'NFS4ERR_INVAL',
  protocol_mismatch: 'NFS4ERR_NOTSUPP',
  lease_type_unsupported: 'NFS4ERR_NOTSUPP',
  no_such_route: 'NFS4ERR_NOTSUPP',
  no_such_file: 'NFS4ERR_NOENT',
  no_such_item: 'NFS4ERR_NOENT',
  no_such_pin: 'NFS4ERR_NOENT',
  no_such_operation: 'NFS4ERR_NOENT',
  no_such_adapter: 'NFS4ERR_NOENT',
  ask_over: 'NFS4ERR_NOENT',
  file_changed: 'NFS4ERR_STALE',
  no_credentials: 'NFS4ERR_ACCESS',
  admin_only: 'NFS4ERR_ACCESS',
  node_required: 'NFS4ERR_ACCESS',
  fileserver_denied: 'NFS4ERR_ACCESS',
  export_not_yours: 'NFS4ERR_ACCESS',
  export_served: 'NFS4ERR_ACCESS',
  predecessors_max: 'NFS4ERR_ACCESS',
  not_holder: 'NFS4ERR_WRONG_CRED',
  no_such_session: 'NFS4ERR_BADSESSION',
  session_expired: 'NFS4ERR_EXPIRED',
  no_such_lease: 'NFS4ERR_BAD_STATEID',
  no_such_open: 'NFS4ERR_BAD_STATEID',
  no_such_lock: 'NFS4ERR_BAD_STATEID',
  no_such_wait: 'NFS4ERR_BAD_STATEID',
  lease_released: 'NFS4ERR_BAD_STATEID',
  open_closed: 'NFS4ERR_BAD_STATEID',
  break_over: 'NFS4ERR_BAD_STATEID',
  lease_revoked: 'NFS4ERR_DELEG_REVOKED',
  token_old: 'NFS4ERR_OLD_STATEID',
  version_old: 'NFS4ERR_OLD_STATEID',
  seqid_old: 'NFS4ERR_OLD_STATEID',
  id_reused_with_other_body: 'NFS4ERR_EXIST',
  owner_has_lease: 'NFS4ERR_EXIST',
  share_denied: 'NFS4ERR_SHARE_DENIED',
  range_conflict: 'NFS4ERR_DENIED',
  bad_range: 'NFS4ERR_BAD_RANGE',
  deadlock: 'NFS4ERR_DEADLOCK',
  locks_held: 'NFS4ERR_LOCKS_HELD',
  lease_held: 'NFS4ERR_LOCKS_HELD',
  grace: 'NFS4ERR_GRACE',
  no_grace: 'NFS4ERR_NO_GRACE',
  // Transient: ask again. An export exists once its fileserver has registered, also after the table has lost it.
  no_such_export: 'NFS4ERR_DELAY',
  lease_conflict: 'NFS4ERR_DELAY',
  open_conflict: 'NFS4ERR_DELAY',
  break_started: 'NFS4ERR_DELAY',
  breaker_queued: 'NFS4ERR_DELAY',
  queued: 'NFS4ERR_DELAY',
  fencing: 'NFS4ERR_DELAY',
  file_in_other_export: 'NFS4ERR_DELAY',
  lock_delay: 'NFS4ERR_DELAY',
  request_pending: 'NFS4ERR_DELAY',
  cancelled: 'NFS4ERR_DELAY',
  wait_elapsed: 'NFS4ERR_DELAY',
  fileserver_refused: 'NFS4ERR_DELAY',
  fileserver_timeout: 'NFS4ERR_DELAY',
  no_backend: 'NFS4ERR_DELAY',
  export_stopping: 'NFS4ERR_DELAY',
  export_stopped: 'NFS4ERR_DELAY',
  node_down: 'NFS4ERR_DELAY',
  has_dependents: 'NFS4ERR_DELAY',
  stack_busy: 'NFS4ERR_DELAY',
  item_removing: 'NFS4ERR_DELAY',
  node_up: 'NFS4ERR_DELAY',
  same_file: 'NFS4ERR_DELAY',
  node_life_over: 'NFS4ERR_EXPIRED',
  operation_running: 'NFS4ERR_DELAY',
  table_unreachable: 'NFS4ERR_DELAY',
  not_ready: 'NFS4ERR_DELAY',
  service_stopping: 'NFS4ERR_DELAY',
  asks_max: 'NFS4ERR_DELAY',
  // Something is full.
  queue_full: 'NFS4ERR_RESOURCE',
  items_max: 'NFS4ERR_RESOURCE',
  file_ranges_max: 'NFS4ERR_RESOURCE',
  session_locks_max: 'NFS4ERR_RESOURCE',
  sessions_max: 'NFS4ERR_RESOURCE',
  table_full: 'NFS4ERR_RESOURCE',
  numbers_used_up: 'NFS4ERR_RESOURCE',
  // Between the service and its adapters; no NFS server should ever see them.
  incarnation_superseded: 'NFS4ERR_SERVERFAULT',
  hold_gen_old: 'NFS4ERR_SERVERFAULT',
  too_many_failures: 'NFS4ERR_DELAY',
  // Used by HTTP only.
  storage_only: 'NFS4ERR_SERVERFAULT',
  nothing_there: 'NFS4ERR_SERVERFAULT',
  foreign_host: 'NFS4ERR_SERVERFAULT',
  foreign_origin: 'NFS4ERR_SERVERFAULT',
  invariant: 'NFS4ERR_SERVERFAULT',
} as const satisfies Record<Reason, NfsStat>;

// --- words

const uint32 = z.number().int().min(0).max(0xffff_ffff);
const uint64 = z
  .string()
  // `abort`: text that is not a number must not reach BigInt, which throws.
  .regex(/^\d{1,20}$/, { error: 'a whole number as text', abort: true })
  .refine((text) => BigInt(text) < 1n << 64n, 'at most 2^64 - 1');
const base64 = (bytesMax: number) =>
  z
    .base64()
    .refine((text) => Buffer.byteLength(text, 'base64') <= bytesMax, `at most ${String(bytesMax)} bytes`);
const opaqueOwner = base64(ownerBytesMax).refine((text) => text !== '', 'not empty');
const flag = z.boolean().default(false);

export const stateid = z.object({
  seqid: uint32,
  other: base64(12).refine((text) => text.length === 16, '12 bytes'),
});
export type StateId = z.infer<typeof stateid>;
const shareAccess = z.enum([
  'OPEN4_SHARE_ACCESS_READ',
  'OPEN4_SHARE_ACCESS_WRITE',
  'OPEN4_SHARE_ACCESS_BOTH',
]);
const shareDeny = z.enum([
  'OPEN4_SHARE_DENY_NONE',
  'OPEN4_SHARE_DENY_READ',
  'OPEN4_SHARE_DENY_WRITE',
  'OPEN4_SHARE_DENY_BOTH',
]);
const want = z.enum([
  'WANT_NO_PREFERENCE',
  'WANT_READ_DELEG',
  'WANT_WRITE_DELEG',
  'WANT_ANY_DELEG',
  'WANT_NO_DELEG',
]);
const claim = z.enum(['CLAIM_NULL', 'CLAIM_PREVIOUS', 'CLAIM_DELEGATE_PREV']);
const lockType = z.enum(['READ_LT', 'WRITE_LT', 'READW_LT', 'WRITEW_LT']);
const delegationHolder = z.enum(['HOLDER_NONE', 'HOLDER_OWN', 'HOLDER_OTHER']);
const delegationType = z.enum(['OPEN_DELEGATE_NONE', 'OPEN_DELEGATE_READ', 'OPEN_DELEGATE_WRITE']);
const whyNoDelegation = z.enum([
  'WND4_NOT_WANTED',
  'WND4_CONTENTION',
  'WND4_RESOURCE',
  'WND4_NOT_SUPP_FTYPE',
  'WND4_WRITE_DELEG_NOT_SUPP_FTYPE',
  'WND4_NOT_SUPP_UPGRADE',
  'WND4_NOT_SUPP_DOWNGRADE',
  'WND4_CANCELLED',
  'WND4_IS_DIR',
]);
export type ShareAccess = z.infer<typeof shareAccess>;
export type ShareDeny = z.infer<typeof shareDeny>;
export type Want = z.infer<typeof want>;
export type Claim = z.infer<typeof claim>;
export type LockType = z.infer<typeof lockType>;
export type DelegationType = z.infer<typeof delegationType>;
export type WhyNoDelegation = z.infer<typeof whyNoDelegation>;

const client = { sessionId, secret: z.string().min(1).max(256) };
const where = { export: exportName, file };
const bytes = { offset: uint64, length: uint64 };
const waitMs = z.number().int().min(0).max(limits.waitMsMax).default(0);

// --- answers

const text = z.string();
const blocker = z.object({
  id: text,
  kind: text,
  sessionId: text,
  owner: text,
  type: text,
  state: text,
});
const cycleMember = z.object({
  id: text,
  kind: text,
  sessionId: text,
  owner: text,
  export: text,
  file: text,
});
const running = z.object({
  breakId: text,
  target: text,
  deadlineAt: zInstant.optional(),
  remainingMs: z.number().optional(),
});
/** The problem of the REST API, reduced to the fields of the schema. */
export const nfsProblem = z.object({
  code: text,
  reason: text,
  title: text,
  next: text,
  detail: text.optional(),
  issues: z.array(z.object({ path: text, message: text })).optional(),
  blockers: z.array(blocker).optional(),
  blockerCount: z.number().optional(),
  break: running.optional(),
  retryAfterMs: z.number().optional(),
  leaseId: text.optional(),
  cycle: z.array(cycleMember).optional(),
});
export type NfsProblem = z.infer<typeof nfsProblem>;

const status = { status: nfsStat, problem: nfsProblem.optional() };
const statusReply = z.object(status);
const stateidReply = z.object({ ...status, stateid: stateid.optional() });
const graceMs = z.number().default(0);
const delegation = z.object({
  type: delegationType,
  stateid: stateid.optional(),
  token: text.optional(),
  recall: flag,
  why: whyNoDelegation.optional(),
  willSignal: flag,
});
export type Delegation = z.infer<typeof delegation>;
const openReply = z.object({
  ...status,
  stateid: stateid.optional(),
  access: shareAccess
    .or(z.literal('OPEN4_SHARE_ACCESS_UNSPECIFIED'))
    .default('OPEN4_SHARE_ACCESS_UNSPECIFIED'),
  deny: shareDeny.default('OPEN4_SHARE_DENY_NONE'),
  delegation: delegation.optional(),
});
const lockDenied = z.object({ ...bytes, type: lockType, sessionId: text, owner: z.base64() });
export type LockDenied = z.infer<typeof lockDenied>;
const lockReply = z.object({
  ...status,
  stateid: stateid.optional(),
  denied: lockDenied.optional(),
  waitId: text.optional(),
});
const wantReply = z.object({ ...status, delegation: delegation.optional() });
export const callback = z.object({
  position: text,
  recall: z
    .object({
      stateid,
      ...{ export: text, file: text },
      truncate: flag,
      deadlineAt: zInstant.optional(),
      remainingMs: z.number().optional(),
    })
    .optional(),
  notifyLock: z
    .object({
      waitId: text,
      ...{ export: text, file: text },
      lockOwner: z.base64(),
      granted: flag,
      reason: text.default(''),
    })
    .optional(),
  available: z.object({ export: text, file: text, type: delegationType }).optional(),
  revoked: z.object({ stateid, export: text, file: text, cause: text }).optional(),
  getAttr: z
    .object({
      askId: text,
      stateid,
      ...{ export: text, file: text },
      times: flag,
      deadlineAt: zInstant,
      remainingMs: z.number(),
    })
    .optional(),
  resync: z.object({ cause: text }).optional(),
  expired: z.object({}).optional(),
  refused: z.object({ ...status }).optional(),
});
export type Callback = z.infer<typeof callback>;

export const helloReply = z.object({ instance: z.string().min(1).max(64) });

/** A message of a stream over gRPC: a request or a callback. */
export const sealed = z.object({ message: z.base64(), mac: z.base64().max(64) });
/** The first message of a stream of callbacks, and the messages after it. */
export const subscribe = z.object({ ...client, after: text.max(64).optional() });
export const acknowledge = z.object({ position: text.max(64) });

// --- methods

const byStateid = z.object({ ...client, stateid });
/** The request and reply of every method except the stream. */
export const methods = {
  ExchangeId: {
    request: z.object({
      leaseTimeMs: z.number().int().min(limits.ttlMsMin).max(limits.ttlMsMax),
      node: label.optional(),
      label: label.optional(),
    }),
    reply: z.object({ ...status, sessionId: text.default(''), secret: text.default(''), graceMs }),
  },
  Renew: { request: z.object(client), reply: z.object({ ...status, graceMs }) },
  DestroyClientId: { request: z.object(client), reply: statusReply },
  Open: {
    request: z.object({
      ...client,
      openOwner: opaqueOwner,
      ...where,
      access: shareAccess,
      deny: shareDeny.default('OPEN4_SHARE_DENY_NONE'),
      want: want.default('WANT_NO_PREFERENCE'),
      signal: flag,
      claim: claim.default('CLAIM_NULL'),
      waitMs,
    }),
    reply: openReply,
  },
  OpenDowngrade: {
    request: z.object({
      ...client,
      stateid,
      access: shareAccess,
      deny: shareDeny.default('OPEN4_SHARE_DENY_NONE'),
    }),
    reply: openReply,
  },
  Close: {
    request: z.object({
      ...client,
      stateid,
      lockOwners: z.array(opaqueOwner).max(lockOwnersMax).default([]),
    }),
    reply: stateidReply,
  },
  Lock: {
    request: z.object({
      ...client,
      lockOwner: opaqueOwner,
      ...where,
      type: lockType,
      ...bytes,
      reclaim: flag,
      stateid: stateid.optional(),
      waitMs,
    }),
    reply: lockReply,
  },
  LockT: {
    request: z.object({ ...client, lockOwner: opaqueOwner, ...where, type: lockType, ...bytes }),
    reply: lockReply,
  },
  LockU: {
    request: z.object({ ...client, lockOwner: opaqueOwner, ...where, ...bytes, stateid }),
    reply: stateidReply,
  },
  CancelLock: { request: z.object({ ...client, waitId: z.uuid() }), reply: statusReply },
  WantDelegation: {
    request: z.object({
      ...client,
      ...where,
      want,
      signal: flag,
      claim: claim.default('CLAIM_NULL'),
      directory: flag,
    }),
    reply: wantReply,
  },
  DelegReturn: { request: byStateid, reply: statusReply },
  GetAttr: {
    request: z.object({ ...client, ...where, change: uint64, size: uint64, times: flag, waitMs }),
    reply: z.object({
      ...status,
      holder: delegationHolder.default('HOLDER_NONE'),
      modified: flag,
      change: text.default('0'),
      size: text.default('0'),
      timeDelegAccess: text.optional(),
      timeDelegModify: text.optional(),
    }),
  },
  AnswerGetAttr: {
    request: z.object({
      ...client,
      stateid,
      askId: z.uuid(),
      cbStatus: nfsStat.default('NFS4_OK'),
      change: uint64.default('0'),
      changeAtGrant: uint64.default('0'),
      size: uint64.default('0'),
      timeDelegAccess: fileTime.optional(),
      timeDelegModify: fileTime.optional(),
    }),
    reply: statusReply,
  },
  TestStateid: {
    request: z.object({ ...client, stateids: z.array(stateid).max(itemsMax) }),
    reply: z.object({ ...status, results: z.array(nfsStat).default([]) }),
  },
  FreeStateid: { request: byStateid, reply: statusReply },
  Reclaim: {
    request: z
      .object({
        ...client,
        opens: z
          .array(z.object({ openOwner: opaqueOwner, ...where, access: shareAccess, deny: shareDeny }))
          .default([]),
        locks: z.array(z.object({ lockOwner: opaqueOwner, ...where, type: lockType, ...bytes })).default([]),
        delegations: z.array(z.object({ ...where, type: delegationType })).default([]),
        complete: flag,
      })
      .refine(
        ({ opens, locks, delegations }) => opens.length + locks.length + delegations.length <= itemsMax,
        `at most ${String(itemsMax)} in one request`,
      ),
    reply: z.object({
      ...status,
      opens: z.array(openReply).default([]),
      locks: z.array(lockReply).default([]),
      delegations: z.array(wantReply).default([]),
      graceMs,
    }),
  },
  PollCallbacks: {
    request: z.object({ ...subscribe.shape, waitMs }),
    reply: z.object({ ...status, callbacks: z.array(callback).default([]) }),
  },
} as const;
export type MethodName = keyof typeof methods;
/** What a caller passes. */
export type InputOf<M extends MethodName> = z.input<(typeof methods)[M]['request']>;
/** What arrives, with defaults filled in. */
export type RequestOf<M extends MethodName> = z.output<(typeof methods)[M]['request']>;
export type ReplyOf<M extends MethodName> = z.output<(typeof methods)[M]['reply']>;
/** What the service returns; empty fields may be left out. */
export type AnswerOf<M extends MethodName> = z.input<(typeof methods)[M]['reply']>;

/** The metadata key for the seal of a gRPC call and of its answer; nfs.proto explains it. */
export const sealHeader = 'leasehold-seal';
