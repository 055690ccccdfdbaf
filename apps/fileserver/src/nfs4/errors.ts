import { wire } from '#nfs4';
import type { Refusal } from '../driver';

/** The server answered an operation with an error. */
export class Nfs4Error extends Error {
  constructor(
    readonly operation: string,
    readonly status: wire.nfsstat4,
  ) {
    super(`${operation}: ${wire.nfsstat4.nameOf(status)}`);
  }
}

/** The state that a stateid names is gone, no matter who ended it. */
export function isStateGone(status: wire.nfsstat4): boolean {
  switch (status) {
    case wire.NFS4ERR_BAD_STATEID:
    case wire.NFS4ERR_STALE_STATEID:
    case wire.NFS4ERR_OLD_STATEID:
    case wire.NFS4ERR_EXPIRED:
    case wire.NFS4ERR_ADMIN_REVOKED:
    case wire.NFS4ERR_DELEG_REVOKED:
    case wire.NFS4ERR_STALE:
    case wire.NFS4ERR_BADHANDLE:
    case wire.NFS4ERR_FHEXPIRED:
      return true;
    default:
      return false;
  }
}

/** Translates an error of the server into a reason of the contract; the detail has the server's name for it. */
export function refusalOfStatus({ operation, status }: Nfs4Error): Refusal {
  const name = `${operation}: ${wire.nfsstat4.nameOf(status)}`;
  switch (status) {
    case wire.NFS4ERR_NOENT:
    case wire.NFS4ERR_NOTDIR:
    case wire.NFS4ERR_NAMETOOLONG:
    case wire.NFS4ERR_BADNAME:
    case wire.NFS4ERR_BADCHAR:
      return { reason: 'no_such_file', detail: name };
    case wire.NFS4ERR_STALE:
    case wire.NFS4ERR_BADHANDLE:
    case wire.NFS4ERR_FHEXPIRED:
      return { reason: 'file_changed', detail: `${name}: the file no longer exists.` };
    case wire.NFS4ERR_ACCESS:
    case wire.NFS4ERR_PERM:
    case wire.NFS4ERR_ROFS:
    case wire.NFS4ERR_WRONGSEC:
    case wire.NFS4ERR_WRONG_CRED:
      return {
        reason: 'fileserver_denied',
        detail: `${name}: the server does not allow this user (--auth-sys) to open the file.`,
      };
    case wire.NFS4ERR_ISDIR:
    case wire.NFS4ERR_SYMLINK:
    case wire.NFS4ERR_WRONG_TYPE:
    case wire.NFS4ERR_INVAL:
    case wire.NFS4ERR_NOTSUPP:
      return {
        reason: 'lease_type_unsupported',
        detail: `${name}: this file cannot be leased at the server.`,
      };
    case wire.NFS4ERR_DELAY:
      return {
        reason: 'fileserver_refused',
        detail: `${name}: the server is still busy with the file, perhaps recalling it from another client.`,
      };
    case wire.NFS4ERR_GRACE:
      return {
        reason: 'fileserver_refused',
        detail: `${name}: the server has restarted and is waiting for its old clients.`,
      };
    case wire.NFS4ERR_SHARE_DENIED:
      return {
        reason: 'fileserver_refused',
        detail: `${name}: somebody has the file open in a conflicting way.`,
      };
    default:
      return { reason: 'fileserver_refused', detail: name }; // RESOURCE, IO, SERVERFAULT, MOVED, …: it cannot now
  }
}
