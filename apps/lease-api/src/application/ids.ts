import { hash, randomBytes, randomUUID } from 'node:crypto';

/** The one shard there is: an id carries it in its first four digits, so that the id alone says where its row lives. */
const shard = '0000';

/** A new id: UUIDv8 (RFC 9562 §5.8) of the shard and 106 random bits. */
export function randomId(): string {
  const random = randomUUID();
  return `${shard}${random.slice(4, 14)}8${random.slice(15)}`;
}

/** The id that a repeated request finds again: the same session, kind and requestId give the same id. */
export function derivedId(sessionId: string, kind: 'lease' | 'open', requestId: string): string {
  const h = hash('sha256', `${kind}\0${sessionId}\0${requestId}`, 'hex');
  const variant = '89ab'.charAt(Number.parseInt(h.charAt(16), 16) & 3);
  return `${shard}${h.slice(4, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** 132 bits are enough to name a thing, and shorter than the whole digest in every row. */
const shortDigest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

export const fileKeyOf = (exportName: string, fileId: string): string =>
  shortDigest(`${exportName}\0${fileId}`);
export const ownerKeyOf = (sessionId: string, owner: string): string => shortDigest(`${sessionId}\0${owner}`);

/** Key of a session as such, whatever its owners are called: an owner's name has no NUL. */
export const clientKeyOf = (sessionId: string): string => shortDigest(`${sessionId}\0\0client`);

export const newSecret = (): string => randomBytes(32).toString('base64url');
/** What the table keeps of a secret. */
export const digestOf = (secret: string): string => hash('sha256', secret, 'hex');
/** Tells whether a requestId is repeated with the same content; the order of the parts is the caller's and fixed. */
export const bodyDigest = (...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url');
