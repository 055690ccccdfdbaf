import type { nfs } from '#contracts';
import { wire } from '#nfs4';

/** Why an operation is refused. */
export class Failure extends Error {
  constructor(readonly status: wire.nfsstat4) {
    super(wire.nfsstat4.nameOf(status));
  }
}

/** The number of a status that the lease service has named. */
export const statusOf = (name: nfs.NfsStat): wire.nfsstat4 => wire[name];

/** @throws Failure unless the lease service says that it is done */
export function must<T extends { status: nfs.NfsStat }>(reply: T): T {
  if (reply.status !== 'NFS4_OK') throw new Failure(statusOf(reply.status));
  return reply;
}

const ofErrno: Readonly<Record<string, wire.nfsstat4>> = {
  EPERM: wire.NFS4ERR_PERM,
  ENOENT: wire.NFS4ERR_NOENT,
  EACCES: wire.NFS4ERR_ACCESS,
  EEXIST: wire.NFS4ERR_EXIST,
  EXDEV: wire.NFS4ERR_XDEV,
  ENOTDIR: wire.NFS4ERR_NOTDIR,
  EISDIR: wire.NFS4ERR_ISDIR,
  EINVAL: wire.NFS4ERR_INVAL,
  EFBIG: wire.NFS4ERR_FBIG,
  ENOSPC: wire.NFS4ERR_NOSPC,
  EROFS: wire.NFS4ERR_ROFS,
  EMLINK: wire.NFS4ERR_MLINK,
  ENAMETOOLONG: wire.NFS4ERR_NAMETOOLONG,
  ENOTEMPTY: wire.NFS4ERR_NOTEMPTY,
  EDQUOT: wire.NFS4ERR_DQUOT,
  ELOOP: wire.NFS4ERR_SYMLINK,
  EMFILE: wire.NFS4ERR_DELAY,
  ENFILE: wire.NFS4ERR_DELAY,
};
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** The status for what the file system or an operation has thrown; undefined for what nobody expects. */
export const statusOfError = (error: unknown): wire.nfsstat4 | undefined =>
  error instanceof Failure ? error.status : ofErrno[codeOf(error)];
