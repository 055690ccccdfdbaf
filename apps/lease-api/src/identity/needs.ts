import type { dlm, LockMode, nfs } from '#contracts';
import type { Action } from './rights';

/** What messages need. Routes say it themselves, with `For`. docs/rights.md is printed from both. */

/** `key`: nothing more than a valid seal, which proves that the sender has a key. */
type Need = Action | 'key';

/** Messages of adapters. A registration needs the right for each of its exports. */
export const messageNeeds = {
  hello: 'key',
  register: 'adapter:serve',
  heartbeat: 'adapter:serve',
  deregister: 'adapter:serve',
  break: 'adapter:serve',
  lost: 'adapter:serve',
  detached: 'adapter:serve',
} as const satisfies Record<string, Need>;

/** An adapter that comes or goes is audited like an administrator; the other messages are its daily work. */
export const isAuditedMessage = (name: keyof typeof messageNeeds): boolean =>
  name === 'register' || name === 'deregister';

/** Methods of the NFS contract, over gRPC and TCP. One that names exports needs the right for each of them. */
export const methodNeeds: Readonly<Record<nfs.MethodName | 'Hello' | 'Callbacks', Need>> = {
  Hello: 'key',
  ExchangeId: 'nfs',
  CreateSession: 'nfs',
  Renew: 'nfs',
  DestroyClientId: 'nfs',
  Open: 'nfs',
  OpenDowngrade: 'nfs',
  Close: 'nfs',
  Lock: 'nfs',
  LockT: 'nfs',
  LockU: 'nfs',
  CancelLock: 'nfs',
  WantDelegation: 'nfs',
  DelegReturn: 'nfs',
  GetAttr: 'nfs',
  AnswerGetAttr: 'nfs',
  Change: 'nfs',
  ReportChange: 'nfs',
  AnswerNotify: 'nfs',
  TestStateid: 'nfs',
  FreeStateid: 'nfs',
  BeginGrace: 'nfs',
  Reclaim: 'nfs',
  PollCallbacks: 'nfs',
  Callbacks: 'nfs',
};

/**
 * Methods of lock managers, over gRPC: the right for the export in question, or for some export. `lease`: to read or to
 * write, as the mode demands.
 */
export const lockNeeds: Readonly<
  Record<dlm.MethodName | 'Hello' | 'Notices', 'key' | 'lease' | 'lease:read'>
> = {
  Hello: 'key',
  OpenSession: 'lease:read',
  RenewSession: 'lease:read',
  EndSession: 'lease:read',
  Connect: 'lease:read',
  GetConnection: 'lease:read',
  Hangup: 'lease:read',
  Disconnect: 'lease:read',
  AcknowledgeRecovery: 'lease:read',
  Lock: 'lease',
  Convert: 'lease',
  Unlock: 'lease:read',
  Cancel: 'lease:read',
  GetLock: 'lease:read',
  ListLocks: 'lease:read',
  Notices: 'lease:read',
};

/** Modes in which nothing is written. */
const readModes: readonly unknown[] = ['NL', 'CR', 'PR'] satisfies LockMode[];

/** What a request for a lock in this mode needs: with some flags it may get another mode. */
export const needOfMode = (mode: unknown, flags: readonly unknown[]): 'lease:read' | 'lease:write' =>
  flags.includes('altcw') || !readModes.includes(mode) ? 'lease:write' : 'lease:read';
