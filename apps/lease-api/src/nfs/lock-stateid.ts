import { hash } from 'node:crypto';
import type { nfs } from '#contracts';

/**
 * Stateids of locks. The table merges and splits the ranges of an owner and has no row for all its locks on a file, so
 * these twelve bytes are computed, not stored. The first five identify the file, the others the owner. A nibble that no
 * row's id has marks them. The seqid is the one that the client showed, plus one.
 */
const mark = 0xf0;

const ownerPart = (sessionId: string, owner: string): Buffer =>
  hash('sha256', `lock\0${sessionId}\0${owner}`, 'buffer').subarray(0, 7);

/** The stateid of an owner's first lock on a file. It stays the same when the file is renamed. */
export function newLockStateid(
  sessionId: string,
  owner: string,
  exportName: string,
  path: string,
): nfs.StateId {
  const file = Buffer.from(hash('sha256', `${exportName}\0${path}`, 'buffer').subarray(0, 5));
  file.writeUInt8((file.readUInt8(2) & 0x0f) | mark, 2);
  return { seqid: 1, other: Buffer.concat([file, ownerPart(sessionId, owner)]).toString('base64') };
}

export function isLockStateid({ other }: nfs.StateId): boolean {
  return (Buffer.from(other, 'base64').readUInt8(2) & mark) === mark;
}

/** Whether a stateid is one of this owner's locks. */
export function isLockOf(stateid: nfs.StateId, sessionId: string, owner: string): boolean {
  return (
    isLockStateid(stateid) &&
    Buffer.from(stateid.other, 'base64').subarray(5).equals(ownerPart(sessionId, owner))
  );
}

/** The stateid after a change. Seqid 0 is skipped because it stands for the current one. */
export const following = ({ seqid, other }: nfs.StateId): nfs.StateId => ({
  seqid: seqid >= 0xffff_ffff ? 1 : seqid + 1,
  other,
});
