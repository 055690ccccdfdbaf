/** Names that a client needs at run time: without zod, so that they may be bundled for browsers. */

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

/** The events of a session; `eventSchemas` has their shapes. */
export const eventNames = [
  'break',
  'downgraded',
  'released',
  'revoked',
  'granted',
  'dropped',
  'completed',
  'blocking',
  'cancelled',
  'unlocked',
  'lost',
  'available',
  'recallAny',
  'directoryChanged',
  'attributes',
  'expired',
  'resync',
  'jeopardy',
  'reclaimed',
  'detached',
  'nodeUp',
  'nodeDown',
  'unpinned',
  'recovery',
  'disconnected',
] as const;
export type EventName = (typeof eventNames)[number];
