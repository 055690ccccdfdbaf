import { createHmac, hash, randomBytes, randomUUID } from 'node:crypto';

/**
 * The only shard. It is the first four bytes of every id, so that the id alone says where its row lives. The other
 * twelve bytes identify the row within a shard and serve as the `other` of a stateid (RFC 8881 §8.2.1).
 */
const shard = '00000000';

/** A new id: UUIDv8 (RFC 9562 §5.8) of the shard and 90 random bits. */
export function randomId(): string {
  const random = randomUUID();
  return `${shard}${random.slice(8, 14)}8${random.slice(15)}`;
}

/** The twelve bytes of a stateid in hexadecimal digits. */
export const otherOf = (id: string): string => id.slice(8).replaceAll('-', '');
/** The id with these twelve bytes, which are 24 hexadecimal digits. */
export const idOfOther = (other: string): string => {
  const o = other.toLowerCase();
  return `${shard}-${o.slice(0, 4)}-${o.slice(4, 8)}-${o.slice(8, 12)}-${o.slice(12)}`;
};

/** The id that a repeated request finds again: the same session, kind and requestId give the same id. */
export function derivedId(
  sessionId: string,
  kind: 'lease' | 'open' | 'change' | 'dlm' | 'connection',
  requestId: string,
): string {
  const h = hash('sha256', `${kind}\0${sessionId}\0${requestId}`, 'hex');
  const variant = '89ab'.charAt(Number.parseInt(h.charAt(16), 16) & 3);
  return `${shard}-${h.slice(8, 12)}-8${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** 132 bits are enough to identify something; the whole digest would only lengthen every row. */
const shortDigest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

export const fileKeyOf = (exportName: string, fileId: string): string =>
  shortDigest(`${exportName}\0${fileId}`);
/** The key of a resource. No file's key can collide with it: a file's name has no NUL. */
export const resourceKeyOf = (exportName: string, name: string): string =>
  shortDigest(`${exportName}\0\0resource\0${name}`);
export const ownerKeyOf = (sessionId: string, owner: string): string => shortDigest(`${sessionId}\0${owner}`);

/** Key of a session as a whole. No owner's key can collide with it: an owner's name has no NUL. */
export const clientKeyOf = (sessionId: string): string => shortDigest(`${sessionId}\0\0client`);

/** Key of an NFS client, by its owner and by the caller that speaks for it. */
export const nfsClientKeyOf = (tenant: string, subject: string, owner: string): string =>
  shortDigest(`${tenant}\0${subject}\0${owner}`);
/** The secret of an NFS client's session: whoever may speak for the client is told it again. */
export const clientSecretOf = (tableKey: string, sessionId: string): string =>
  createHmac('sha256', tableKey).update(`nfs client\0${sessionId}`).digest('base64url');

export const newSecret = (): string => randomBytes(32).toString('base64url');
/** What the table keeps of a secret. */
export const digestOf = (secret: string): string => hash('sha256', secret, 'hex');
/** Tells whether a requestId is repeated with the same content. A caller always passes the parts in the same order. */
export const bodyDigest = (...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url');
