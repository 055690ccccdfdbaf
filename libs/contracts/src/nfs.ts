import { z } from 'zod';
import { bytesOfName, textOfName } from './file-name';
import { limits } from './limits';
import { type Reason, reasons } from './problem';
import {
  exportName,
  file,
  fileTime,
  label,
  nfsStat,
  type NfsStat,
  requestId,
  sessionId,
  zInstant,
} from './words';

export type { NfsStat } from './words';

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
/** The fields with names of files: bytes over gRPC, text (`textOfName`) in a program and over TCP. */
const nameFields: ReadonlySet<string> = new Set(['file', 'to', 'name']);
/** The message with its names mapped; the same one if it has none. */
function mapNames(message: unknown, map: (name: string) => unknown): unknown {
  if (typeof message !== 'object' || message === null || Buffer.isBuffer(message)) return message;
  let mapped: Record<string, unknown> | undefined;
  const fields = message as Record<string, unknown>;
  for (const key in fields) {
    const value = fields[key];
    const now = typeof value === 'string' && nameFields.has(key) ? map(value) : mapNames(value, map);
    if (now === value) continue;
    mapped ??= Object.assign(Array.isArray(message) ? [] : {}, message) as Record<string, unknown>;
    mapped[key] = now;
  }
  return mapped ?? message;
}
/** A message as gRPC writes it. */
export const toGrpc = (message: object): object => mapNames(message, bytesOfName) as object;
/** A message that gRPC has read. */
export const fromGrpc = (message: object): object =>
  mapNames(message, (base64) => textOfName(Buffer.from(base64, 'base64'))) as object;
/** The pattern of a method's message over TCP. */
export const patternOf = (method: MethodName): string => `nfs.${method}`;

/** Most requests in one Reclaim, and stateids in one TestStateid. */
const itemsMax = 256;
/** NFS4_OPAQUE_LIMIT. */
const ownerBytesMax = 1_024;

/** The status an NFS server gets for a reason; the reason itself is sent as well. */
export const statOf = (reason: string): NfsStat =>
  reason in reasons ? reasons[reason as Reason].nfs : 'NFS4ERR_SERVERFAULT';

// --- words

const uint32 = z.number().int().min(0).max(0xffff_ffff);
const uint64 = z
  .string()
  // `abort`: text that is not a number must not reach BigInt, which throws.
  .regex(/^\d{1,20}$/, { error: 'a whole number as text', abort: true })
  .refine((text) => text.length < 20 || BigInt(text) < 1n << 64n, 'at most 2^64 - 1');
const base64 = (bytesMax: number) =>
  z
    .base64()
    .refine((text) => Buffer.byteLength(text, 'base64') <= bytesMax, `at most ${String(bytesMax)} bytes`);
/** sr_status_flags (RFC 8881 §18.46.3). */
export const seqStatus = {
  cbPathDown: 0x1,
  expiredAllStateRevoked: 0x8,
  expiredSomeStateRevoked: 0x10,
  recallableStateRevoked: 0x40,
  restartReclaimNeeded: 0x100,
} as const;

/** Bits of craa_type_mask (RFC 8881 §20.6.1): RCA4_TYPE_MASK_RDATA_DLG, _WDATA_DLG, _DIR_DLG. */
export const recallAnyBits = { read: 0x1, write: 0x2, directory: 0x4 } as const;

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
  'WANT_CANCEL',
]);
const claim = z.enum(['CLAIM_NULL', 'CLAIM_PREVIOUS', 'CLAIM_DELEGATE_PREV']);
const changeOp = z.enum([
  'CHANGE_CREATE',
  'CHANGE_REMOVE',
  'CHANGE_RENAME',
  'CHANGE_LINK',
  'CHANGE_SETATTR',
  'CHANGE_SETATTR_SIZE',
]);
export type ChangeOp = z.infer<typeof changeOp>;
const directoryChange = z.enum(['ENTRY_ADDED', 'ENTRY_REMOVED', 'ENTRY_RENAMED', 'ATTRIBUTES_CHANGED']);
export type DirectoryChange = z.infer<typeof directoryChange>;
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
const handle = z.string().min(1).max(512);
const where = { export: exportName, file, handle: handle.optional() };
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
  used: z.number().optional(),
  allowed: z.number().optional(),
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
  willPush: flag,
  times: flag,
  notify: flag,
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
  handle: text.optional(),
});
const lockDenied = z.object({ ...bytes, type: lockType, sessionId: text, owner: z.base64() });
export type LockDenied = z.infer<typeof lockDenied>;
const lockReply = z.object({
  ...status,
  stateid: stateid.optional(),
  denied: lockDenied.optional(),
  waitId: text.optional(),
});
const heldState = z.object({
  kind: z.enum(['STATE_NONE', 'STATE_OPEN', 'STATE_LOCK', 'STATE_DELEGATION']).default('STATE_NONE'),
  ...{ export: text.default(''), file: text.default('') },
  access: shareAccess
    .or(z.literal('OPEN4_SHARE_ACCESS_UNSPECIFIED'))
    .default('OPEN4_SHARE_ACCESS_UNSPECIFIED'),
  lockOwner: z.base64().default(''),
  times: z.boolean().default(false),
});
export type HeldState = z.infer<typeof heldState>;
const wantReply = z.object({ ...status, delegation: delegation.optional(), handle: text.optional() });
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
  recallAny: z.object({ objectsToKeep: uint32, typeMask: uint32, cause: text }).optional(),
  pushDeleg: z.object({ export: text, file: text, delegation }).optional(),
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
  notify: z
    .object({
      stateid,
      ...{ export: text, file: text },
      change: directoryChange,
      name: text.default(''),
      to: text.default(''),
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
/** A position in a table of 64 shards fits. */
export const positionMax = 1_536;
/** The first message of a stream of callbacks, and the messages after it. */
export const subscribe = z.object({ ...client, after: text.max(positionMax).optional() });
export const acknowledge = z.object({ position: text.max(positionMax) });

// --- methods

const repeatable = { requestId: requestId.optional() };
const byStateid = z.object({ ...client, stateid, ...repeatable });
/** The request and reply of every method except the stream. */
export const methods = {
  ExchangeId: {
    request: z.object({
      leaseTimeMs: z.number().int().min(limits.ttlMsMin).max(limits.ttlMsMax),
      node: label.optional(),
      label: label.optional(),
      owner: base64(ownerBytesMax).default(''),
      verifier: base64(8).default(''),
      principal: label.default(''),
      update: flag,
      courtesyMs: z.number().int().min(0).max(limits.courtesyMsMax).default(0),
    }),
    reply: z.object({
      ...{ ...status, sessionId: text.default(''), secret: text.default(''), graceMs },
      confirmed: flag,
    }),
  },
  CreateSession: {
    request: z.object({ ...client, principal: label.optional() }),
    reply: statusReply,
  },
  Renew: {
    request: z.object(client),
    reply: z.object({ ...status, graceMs, statusFlags: uint32.default(0) }),
  },
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
      ...repeatable,
      openXorDelegation: flag,
      push: flag,
      times: flag,
    }),
    reply: openReply,
  },
  OpenDowngrade: {
    request: z.object({
      ...client,
      stateid,
      access: shareAccess,
      deny: shareDeny.default('OPEN4_SHARE_DENY_NONE'),
      ...repeatable,
    }),
    reply: openReply,
  },
  Close: {
    request: byStateid,
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
      openStateid: stateid.optional(),
      waitMs,
      claimMs: waitMs,
      ...repeatable,
    }),
    reply: lockReply,
  },
  LockT: {
    request: z.object({ ...client, lockOwner: opaqueOwner, ...where, type: lockType, ...bytes }),
    reply: lockReply,
  },
  LockU: {
    request: z.object({ ...client, lockOwner: opaqueOwner, ...where, ...bytes, stateid, ...repeatable }),
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
      push: flag,
      times: flag,
      notify: flag,
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
  Change: {
    request: z
      .object({
        ...client,
        ...where,
        op: changeOp,
        to: file.or(z.literal('')).default(''),
        openOwner: base64(ownerBytesMax).default(''),
        waitMs,
        ...repeatable,
        reportMs: waitMs,
        quietMs: z.number().int().min(0).max(limits.quietMsMax).default(0),
      })
      .refine(({ op, to }) => (to !== '') === (op === 'CHANGE_RENAME' || op === 'CHANGE_LINK'), {
        path: ['to'],
        error: 'the new name, for CHANGE_RENAME and CHANGE_LINK only',
      }),
    reply: z.object({ ...status, changeIds: z.array(z.uuid()).default([]) }),
  },
  ReportChange: {
    request: z.object({ ...client, changeIds: z.array(z.uuid()).min(1).max(itemsMax), made: flag }),
    reply: statusReply,
  },
  AnswerNotify: {
    request: z.object({ ...client, stateid, cbStatus: nfsStat.default('NFS4_OK') }),
    reply: statusReply,
  },
  TestStateid: {
    request: z.object({ ...client, stateids: z.array(stateid).max(itemsMax) }),
    reply: z.object({
      ...{ ...status, results: z.array(nfsStat).default([]) },
      held: z.array(heldState).default([]),
    }),
  },
  FreeStateid: { request: byStateid, reply: statusReply },
  BeginGrace: {
    request: z.object({ export: exportName, graceMs: z.number().int().min(0).max(limits.graceMsMax) }),
    reply: z.object({ ...status, graceMs, sessions: uint32.default(0) }),
  },
  Reclaim: {
    request: z
      .object({
        ...client,
        opens: z
          .array(z.object({ openOwner: opaqueOwner, ...where, access: shareAccess, deny: shareDeny }))
          .default([]),
        locks: z
          .array(
            z.object({
              ...{ lockOwner: opaqueOwner, ...where, type: lockType, ...bytes },
              openStateid: stateid.optional(),
            }),
          )
          .default([]),
        delegations: z.array(z.object({ ...where, type: delegationType })).default([]),
        complete: flag,
        export: exportName.optional(),
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
