import { z } from 'zod';
import { exportName, file, leaseType, rangeClass } from './words';

/**
 * Messages between lease API and fileserver adapter (Nest transport). Every message is an envelope whose `body` is JSON
 * text, sealed with HMAC-SHA256 (libs/rpc, docs/decisions/0013). An answer is an envelope too, with
 * `{ok: true, …}` or `{ok: false, problem}` in it, where `problem` is the RFC 9457 body without status. Only the
 * answer that a message could not be read has no seal.
 * Minor versions: 1 adds `version` to register and `stop` to the answer of a heartbeat; 2 has `memento` instead of numbers
 * that the adapter has seen; 3 adds `places` to register and `lost` to heartbeat; 4 has `hello`, envelopes with key, time,
 * nonce, sender and addressee, sealed answers, and deregister; 5 has goodbye; 6 adds `ancestry` to places;
 * 7 adds `adapter` to register; 8 adds `origin` to every message; 9 has setranges, testrange,
 * `locksRanges` in register and `ranges` in status; 10 takes mementos of more than 256 characters.
 */
export const protocol = { major: 1, minor: 10 } as const;

/** An id of a request that a log and a URN can contain as it is. */
export const requestIdPattern = /^[\w.:/+=@-]{1,128}$/;

/**
 * On whose behalf a message is sent, for logs and traces: nothing is decided on it. In the body of any message, beside
 * its own fields.
 */
export const origin = z.object({
  request: z.string().regex(requestIdPattern).optional(),
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional(),
  tracestate: z
    .string()
    .regex(/^[\x20-\x7e]{1,512}$/)
    .optional(),
});
export type Origin = z.infer<typeof origin>;

export const envelope = z.strictObject({
  body: z.string(),
  key: z.string().min(1).max(64).meta({ description: 'The id of the key with which it is sealed.' }),
  from: z.string().min(1).max(64).optional().meta({ description: 'The incarnation of the sending adapter.' }),
  to: z.string().min(1).max(64).optional().meta({
    description: 'The `instance` from the answer to hello, or the incarnation of the receiving adapter.',
  }),
  time: z
    .number()
    .int()
    .nonnegative()
    .meta({ description: 'Unix time in milliseconds; may be wrong by at most 60 s.' }),
  nonce: z.string().min(16).max(64).meta({ description: 'Never repeated.' }),
  mac: z.string().max(64).meta({
    description:
      'Base64 of HMAC-SHA256 over the JSON list ["request", pattern, key, from or "", to or "", time, nonce, body].',
  }),
});
export const sealedAnswer = z.strictObject({
  body: z.string(),
  mac: z.string().max(64).meta({
    description:
      'Base64 of HMAC-SHA256 over the JSON list ["answer", pattern, key, nonce, body], key and nonce of the request.',
  }),
});

export const patterns = {
  // to the lease API, before anything else
  hello: 'leasehold.hello',
  // lease API -> adapter
  resolve: 'fileserver.resolve',
  setlease: 'fileserver.setlease',
  setranges: 'fileserver.setranges',
  testrange: 'fileserver.testrange',
  status: 'fileserver.status',
  goodbye: 'fileserver.goodbye',
  // adapter -> lease API
  register: 'fileserver.register',
  heartbeat: 'fileserver.heartbeat',
  deregister: 'fileserver.deregister',
  break: 'fileserver.break',
  detached: 'fileserver.detached',
  lost: 'fileserver.lost',
} as const;

const fileId = z.string().min(1).max(512);
const incarnation = z.string().min(1).max(64);
const inode = z.string().regex(/^([0-9a-f]{2,8}:[0-9a-f]{2,8}:\d{1,20}|<none>:0)$/);
const holdGen = z.number().int().nonnegative();
/** Longer than anyone waits, but small enough that its sum with a time of day is an exact number. */
const milliseconds = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 42);
/** One of a table in 64 shards fits. */
const mementoMax = 2_048;
const memento = z.string().max(mementoMax).optional().meta({
  description:
    'The state of the table at the last answer, sealed by the service: keep it and send it back unchanged.',
});

/**
 * Asks who is there. Sealed with the key itself; all other messages of adapters, with the secret derived from
 * `publicKey`.
 */
export const helloRequest = z.object({
  protocol: z.object({ major: z.number().int(), minorMax: z.number().int() }),
});
export const helloAnswer = z.object({
  protocol: z.object({ major: z.number().int(), minor: z.number().int() }),
  instance: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'This process; use it as `to` in messages to it.' }),
  publicKey: z.string().max(64).meta({ description: 'X25519, base64url.' }),
});

/** Resolves a name to an identity now, without an open that could break a lease. */
export const resolveRequest = z.object({
  export: exportName,
  path: file,
  incarnation: incarnation.optional(),
});
export const resolveAnswer = z.object({
  fileId: fileId.meta({ description: 'Device, inode and generation.' }),
  inode: inode.meta({ description: '`maj:min:ino` as /proc/locks prints it.' }),
});

/** Sets the level of the one hold on a file. Idempotent per holdGen; a lower holdGen is refused, with what is held. */
export const setleaseRequest = z.object({
  export: exportName,
  path: file,
  fileId,
  type: leaseType,
  holdGen,
  incarnation,
});
export const setleaseAnswer = z.object({
  have: leaseType.meta({ description: 'What the fileserver holds now, even if it refused.' }),
  reason: z
    .enum([
      'fileserver_refused',
      'no_such_file',
      'file_changed',
      'fileserver_denied',
      'lease_type_unsupported',
      'hold_gen_old',
      'incarnation_superseded',
    ])
    .optional(),
  detail: z.string().max(1024).optional().meta({ description: "The fileserver's own explanation." }),
  inode: inode.optional(),
  // An empty one would count as proof for a file that had none.
  cookie: z.string().min(1).max(256).optional().meta({
    description:
      'Identity and change state of the file, read after the hold was set; equal cookies prove it untouched. Absent: not provable.',
  }),
});

const rangeId = z.string().min(1).max(64);
const rangeOffset = z
  .string()
  .regex(/^\d{1,19}$/)
  .refine((digits) => BigInt(digits) < 2n ** 63n, 'at most 2^63 - 1');
const lockedBytes = {
  class: rangeClass,
  type: z.enum(['read', 'write']),
  start: rangeOffset.meta({ description: 'The first byte, from 0 to 2^63 - 1.' }),
  end: rangeOffset.meta({
    description: 'The last byte; 2^63 - 1 is the end of the file, wherever that is.',
  }),
};
const wantedRange = z.object({ id: rangeId, ...lockedBytes });
const rangeRefusal = z.enum([
  'range_held_at_fileserver',
  'range_lease_held',
  'fileserver_refused',
  'fileserver_denied',
  'no_such_file',
  'file_changed',
  'ranges_unsupported',
]);
/**
 * Locks exactly the ranges that are `held`, and of `wants`, which others may have locked at the fileserver, what it can.
 * It never waits for a lock. POSIX and OFD locks share one space of bytes, flock has its own. Idempotent; a lower gen
 * than the highest seen for the file is refused.
 */
export const setrangesRequest = z.object({
  export: exportName,
  path: file,
  fileId,
  gen: holdGen,
  incarnation,
  held: z.array(wantedRange).max(2048),
  wants: z.array(wantedRange).max(64),
});
export const setrangesAnswer = z.object({
  reason: z.enum(['hold_gen_old', 'incarnation_superseded']).optional().meta({
    description: 'Why nothing was done.',
  }),
  locked: z.array(rangeId).max(64).meta({ description: 'Those of `wants` that are locked now.' }),
  refused: z
    .array(
      z.object({
        id: rangeId,
        reason: rangeRefusal,
        detail: z.string().max(1024).optional(),
      }),
    )
    .max(64),
  lost: z.array(rangeId).max(2048).meta({ description: 'Those of `held` that could not be locked.' }),
});

/** Asks who else has a lock at the fileserver that would be in the way of this one (F_OFD_GETLK); it locks nothing. */
export const testrangeRequest = z.object({
  export: exportName,
  path: file,
  fileId,
  incarnation,
  ...lockedBytes,
});
export const testrangeAnswer = z.object({
  reason: z
    .enum([...rangeRefusal.options, 'incarnation_superseded'])
    .optional()
    .meta({ description: 'Why it would not be locked, or cannot be said, if that is no lock of others.' }),
  detail: z.string().max(1024).optional(),
  blocker: z
    .object({
      ...lockedBytes,
      pid: z.number().int().nonnegative().meta({ description: '0: the kernel does not tell.' }),
    })
    .optional(),
});

export const hold = z.object({
  export: exportName,
  fileId,
  path: z.string(),
  type: leaseType,
  holdGen,
  ranges: z.boolean().optional().meta({ description: 'It has locked ranges of the file, too.' }),
});
export const statusRequest = z.object({
  cursor: z.string().max(512).optional(),
  limit: z.number().int().min(1).max(1000),
  incarnation: incarnation.optional(),
});
export const statusAnswer = z.object({ incarnation, holds: z.array(hold), cursor: z.string().optional() });

/** Identifies a process, to prove it dead: in the same boot, no process has this pid and start time. */
export const processIdentity = z.object({
  hostId: z.string(),
  bootId: z.string(),
  pid: z.number().int(),
  startTicks: z.string(),
});
export const registerRequest = z.object({
  stack: exportName,
  version: z
    .string()
    .min(1)
    .max(64)
    .default('0')
    .meta({ description: 'The version of the adapter program, as it states it.' }),
  protocol: z.object({ major: z.number().int(), minorMax: z.number().int() }),
  incarnation,
  adapter: z
    .object({
      publicKey: z.string().length(43).meta({ description: 'Ed25519, base64url; the same in every life.' }),
      signature: z.string().length(86).meta({
        description: 'Base64url, over "leasehold adapter", a line feed and the incarnation.',
      }),
    })
    .optional()
    .meta({ description: 'Whose life this incarnation is: a live adapter is followed only by itself.' }),
  process: processIdentity,
  endpoint: z.string().meta({ description: 'The HOST:PORT that the API dials.' }),
  exports: z.array(exportName).min(1).max(256),
  breakLimitMs: milliseconds.meta({ description: '0: the fileserver never forces a break.' }),
  holdsDieWithProcess: z.boolean(),
  locksRanges: z.boolean().optional().meta({ description: 'It understands setranges and testrange.' }),
  places: z
    .array(
      z.object({
        export: exportName,
        fileSystem: z.string().min(1).max(64),
        parts: z.array(z.string().min(1).max(1024)).min(1).max(128),
        ancestry: z.array(z.string().min(1).max(512)).max(128).default([]).meta({
          description:
            'Identities of its directory and of those above it that mean the same to every stack, the nearest first.',
        }),
      }),
    )
    .max(256)
    .optional()
    .meta({
      description:
        'Where each tree is: the identity of the file system, then the path within it. Two exports of one tree are refused.',
    }),
  memento,
});
export const registerAnswer = z.object({
  protocol: z.object({ major: z.number().int(), minor: z.number().int() }),
  epoch: z.number().int(),
  memento,
  /** Adapters that served these exports before and are not known to be dead. */
  predecessors: z.array(z.object({ incarnation, process: processIdentity })),
});
/**
 * Sent every second. `dead` lists predecessors that are proven dead and whose holds are gone: at once if holds die with
 * their process, otherwise after their lease time at the fileserver has run out.
 */
export const heartbeatRequest = z.object({
  incarnation,
  exports: z.array(exportName).max(256),
  lost: z
    .array(z.object({ export: exportName, cause: z.string().min(1).max(256) }))
    .max(256)
    .default([])
    .meta({ description: 'Exports whose names no longer lead to the tree that is served, and why.' }),
  memento,
  dead: z.array(incarnation).max(16),
});
export const heartbeatAnswer = z.object({
  epoch: z.number().int(),
  memento,
  known: z.boolean().meta({ description: 'false: register again.' }),
  stop: z.boolean().default(false).meta({ description: 'Release everything and exit.' }),
});

/**
 * The adapter shuts down and says so twice: before it releases its holds, so that holders are told in time, and when it
 * has none left (`letGo`), so that nobody waits for proof.
 */
export const deregisterRequest = z.object({ incarnation, letGo: z.boolean() });

/** The lease API shuts down: its silence from now on is expected. */
export const goodbyeRequest = z.object({ incarnation });

/** The fileserver breaks the hold. `breakNo` is the adapter's own counter per hold; repeats carry a fresh remainingMs. */
export const breakRequest = z.object({
  export: exportName,
  fileId,
  holdGen,
  incarnation,
  breakNo: z.number().int().positive(),
  target: z.enum(['none', 'read']),
  remainingMs: milliseconds
    .optional()
    .meta({ description: 'Time until the fileserver forces it, less a margin; absent: never.' }),
});
/** `taken: false`: the hold is no longer the current one. */
export const breakAnswer = z.object({ taken: z.boolean() });
/** The name no longer leads to the leased file. */
export const detachedRequest = z.object({
  export: exportName,
  fileId,
  holdGen,
  incarnation,
  path: z.string(),
});
/** The hold is gone though nobody asked for that: the fileserver took it by force or lost its state. */
export const lostRequest = z.object({
  export: exportName,
  fileId,
  holdGen,
  incarnation,
  have: leaseType,
  cause: z.string().max(256),
});
/** `taken: false`: the row already has a later holdGen, so the loss was not recorded under the one named. */
export const lostAnswer = z.object({ taken: z.boolean().default(true) });
export const ack = z.object({});

export type ResolveAnswer = z.infer<typeof resolveAnswer>;
export type SetleaseRequest = z.infer<typeof setleaseRequest>;
export type SetleaseAnswer = z.infer<typeof setleaseAnswer>;
export type SetrangesRequest = z.infer<typeof setrangesRequest>;
export type SetrangesAnswer = z.infer<typeof setrangesAnswer>;
export type TestrangeRequest = z.infer<typeof testrangeRequest>;
export type TestrangeAnswer = z.infer<typeof testrangeAnswer>;
export type WantedRange = z.infer<typeof wantedRange>;
export type Hold = z.infer<typeof hold>;
export type ProcessIdentity = z.infer<typeof processIdentity>;
