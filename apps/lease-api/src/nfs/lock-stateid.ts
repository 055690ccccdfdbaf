import { hash } from 'node:crypto';
import type { nfs } from '#contracts';

/**
 * Stateids of locks. The table merges and splits the ranges of an owner and has no row for all it has on a file, so these
 * twelve bytes are made, not stored: the first five name the file, the others the owner, and a nibble that no id of a row
 * has says what they are. The seqid is the one that was shown, plus one.
 */
const mark = 0xf0;

const ownerPart = (sessionId: string, owner: string): Buffer =>
  hash('sha256', `lock\0${sessionId}\0${owner}`, 'buffer').subarray(0, 7);

/** That of an owner's first lock on a file. It stays the same when the file gets another name. */
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

/** After a change; 0 is skipped, as it stands for the present one. */
export const following = ({ seqid, other }: nfs.StateId): nfs.StateId => ({
  seqid: seqid >= 0xffff_ffff ? 1 : seqid + 1,
  other,
});
