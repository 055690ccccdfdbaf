import { dirname, join } from 'node:path';
import { z } from 'zod';
import { noticeAck } from './configuration';
import { limits } from './limits';
import {
  nfsProblem,
  positionMax,
  protoOptions as plainOptions,
  protoPackage,
  protoPath as nfsPath,
} from './nfs';
import { dlmCancel, dlmConnect, dlmConvert, dlmLock, dlmUnlock, keeps, ofSessionQuery } from './rest';
import { label, lockMode, nodeName, sessionId } from './words';

/**
 * Requests of programs that speak for a lock manager: the messages of leasehold/v1/dlm.proto, which explains each, as they
 * look in a program. The fields and their bounds are those of the REST API.
 */
export const protoPath = (): string => require.resolve('#dlm.proto');
export const protoOptions = () => ({ ...plainOptions, includeDirs: [join(dirname(nfsPath()), '../..')] });
export const serviceName = 'LockManager';
export const helloPath = `/${protoPackage}.${serviceName}/Hello`;

const secret = z.string().min(1).max(256);
const flag = z.boolean().default(false);
const text = z.string();
const uint64 = text.regex(/^\d{1,20}$/);
const lockId = z.uuid();
const connectionId = z.uuid();
const client = { sessionId, secret };

// --- answers

const refusable = { problem: nfsProblem.optional() };
const protocol = z.object({ major: z.number(), minor: z.number() });
const value = z.object({ block: z.base64().optional(), valid: flag });
const about = { lockId: text, connectionId: text.optional(), export: text, resource: text };
const lock = z.object({
  ...about,
  sessionId: text,
  owner: text,
  state: text,
  mode: lockMode.optional(),
  wants: lockMode.optional(),
  waitNo: uint64.optional(),
  seqid: z.number().default(0),
  token: uint64.optional(),
  persistent: flag,
  blocking: lockMode.optional(),
  value: value.optional(),
  demoted: flag,
  alternative: flag,
});
const connection = z.object({
  ...{ connectionId: text, sessionId: text, export: text, state: text, stack: text },
  protocol,
  node: z.object({ name: text, state: text.optional() }).optional(),
  region: text.optional(),
});
const lockReply = z.object({ ...refusable, lock: lock.optional() });
const connectionReply = z.object({ ...refusable, connection: connection.optional() });
const ended = z.object({ ...about, reason: text, waitNo: uint64.optional() });
export const notice = z.object({
  position: text,
  completed: z
    .object({
      ...about,
      mode: lockMode,
      seqid: z.number(),
      token: uint64.optional(),
      value: value.optional(),
      demoted: flag,
      alternative: flag,
      waitNo: uint64.optional(),
    })
    .optional(),
  blocking: z.object({ ...about, mode: lockMode }).optional(),
  cancelled: ended.optional(),
  unlocked: ended.optional(),
  recovery: z
    .object({
      ...{ connectionId: text, export: text, node: text, region: text, noticeId: text, incarnation: text },
      acknowledge: flag,
    })
    .optional(),
  disconnected: z.object({ connectionId: text, export: text, reason: text }).optional(),
  resync: z.object({ cause: text }).optional(),
  expired: z.object({}).optional(),
  refused: z.object({ ...refusable }).optional(),
});
export type Notice = z.infer<typeof notice>;

/** The first message of a stream of notices; the others are those of NFS servers. */
export const subscribe = z.object({
  ...client,
  connectionId: connectionId.optional(),
  after: text.max(positionMax).optional(),
});

// --- methods

/** How long a request may be held; one that is queued is answered at once. */
const heldInTime = ({ waitMs = 0, queued }: { waitMs?: number | undefined; queued: boolean }): boolean =>
  queued || waitMs <= limits.waitMsMax;
const tooLong = { path: ['waitMs'], error: `at most ${String(limits.waitMsMax)} without queued` };
const byConnection = z.object({ secret, connectionId });

/** The request and reply of every method except the stream and Hello. */
export const methods = {
  OpenSession: {
    request: z.object({
      ttlMs: z.number().int().min(limits.ttlMsMin).max(limits.ttlMsMax),
      node: label.optional(),
      label: label.optional(),
    }),
    reply: z.object({
      ...refusable,
      sessionId: text.default(''),
      secret: text.default(''),
      graceMs: z.number().default(0),
    }),
  },
  RenewSession: { request: z.object(client), reply: z.object(refusable) },
  EndSession: { request: z.object(client), reply: z.object(refusable) },
  Connect: { request: z.object({ ...dlmConnect.shape, secret }), reply: connectionReply },
  GetConnection: { request: byConnection, reply: connectionReply },
  Hangup: { request: byConnection, reply: connectionReply },
  Disconnect: { request: byConnection, reply: connectionReply },
  AcknowledgeRecovery: {
    request: z.object({ ...noticeAck.shape, secret, connectionId, node: nodeName }),
    reply: z.object({ ...refusable, taken: flag }),
  },
  Lock: {
    request: z
      .object({ ...dlmLock.shape, secret, queued: flag, reclaim: flag })
      .refine(heldInTime, tooLong)
      .refine(...keeps('lockId')),
    reply: lockReply,
  },
  Convert: {
    request: z.object({ ...dlmConvert.shape, secret, lockId, queued: flag }).refine(heldInTime, tooLong),
    reply: lockReply,
  },
  Unlock: {
    request: z.object({ ...dlmUnlock.shape, secret, lockId, ivvalblk: flag }),
    reply: z.object(refusable),
  },
  Cancel: {
    request: z
      .object({ ...dlmCancel.shape, secret })
      .refine((body) => (body.lockId === undefined) !== (body.requestId === undefined), {
        path: ['lockId'],
        error: 'either lockId or requestId',
      }),
    reply: z.object({ ...refusable, cancelled: flag, lock: lock.optional() }),
  },
  GetLock: { request: z.object({ secret, lockId }), reply: lockReply },
  ListLocks: {
    request: z.object({ ...ofSessionQuery.shape, secret }),
    reply: z.object({ ...refusable, locks: z.array(lock).default([]), cursor: text.optional() }),
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
