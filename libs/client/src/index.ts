export {
  type ConvertOptions,
  type DlmDomain,
  type DomainOptions,
  type OnRecovery,
  type RecoveryNotice,
  type DlmLock,
  type LockOptions,
  type OnBlocking,
  type ValueBlock,
} from './dlm';
export { LeaseholdError } from './error';
export {
  type Permit,
  type Permitted,
  type Semaphore,
  type SemaphoreOptions,
  type TakeOptions,
} from './semaphore';
export { Lease, type BreakNotice, type OnBreak } from './lease';
export type { LeaseSet } from './lease-set';
export type { Delegated, FileOpen } from './open';
export type { RangeHold } from './range';
export {
  Leasehold,
  type ExportView,
  type Fence,
  type FenceValid,
  type Grace,
  type LeaseholdOptions,
  type LockFilter,
  type NameNotice,
  type OpenSession,
  type PermitValid,
} from './leasehold';
export { Node, type NodeNotices, type NodeOptions } from './node';
export {
  Session,
  type Acquire,
  type AttributesNotice,
  type Bytes,
  type Change,
  type ChangeFile,
  type FileIs,
  type Held,
  type LeaseOptions,
  type LockRange,
  type NodeNotice,
  type Notice,
  type Notices,
  type OnNode,
  type OpenFile,
  type SessionOptions,
  type Wait,
  type WantDelegation,
  type Where,
} from './session';
export type { SetLease, SetParts, SetPermit, SetRange } from './set-parts';
export { type Fetch, Renewing, type TokenSource } from './token';
