export { LeaseholdError } from './error';
export { Lease, type BreakNotice, type OnBreak } from './lease';
export {
  Leasehold,
  type ExportView,
  type Fence,
  type FenceValid,
  type LeaseholdOptions,
  type LockFilter,
  type OpenSession,
} from './leasehold';
export {
  Session,
  type Acquire,
  type FileOpen,
  type Notice,
  type Notices,
  type OpenFile,
  type SessionOptions,
  type Where,
} from './session';
