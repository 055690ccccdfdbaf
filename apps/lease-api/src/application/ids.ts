import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The only shard. It is the last four bytes of every id, so that the id alone says where its row lives. The other twelve
 * bytes identify the row within a shard, serve as the `other` of a stateid (RFC 8881 §8.2.1), and come first, so that
 * the first few digits of an id tell it from others.
 */
const shard = '00000000';

/**
 * In ids of version 0.1 the shard came first, and `other` were the bytes after it: it had the UUID's version in its
 * third byte and the variant in its fifth. No id is made today whose third byte looks like that.
 */
const isOld = (other: string): boolean => /^.{4}8.{3}[89ab]/.test(other);

/** An id: UUIDv8 (RFC 9562 §5.8) of 24 hexadecimal digits, six of whose bits are not free, and the shard. */
function idOf(digits: string): string {
  const variant = '89ab'.charAt(Number.parseInt(digits.charAt(16), 16) & 3);
  const fourth = digits.charAt(4);
  const head = `${digits.slice(0, 4)}${fourth === '8' ? '0' : fourth}${digits.slice(5, 8)}`;
  const tail = digits.slice(20, 24);
  return `${head}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${tail}${shard}`;
}

/** Random bytes for the next ids: fetching them one by one takes longer than the id. */
const stock = { digits: '', at: 0 };
const idDigits = 24;
const stockedIds = 256;

/** A new id, of some 90 random bits. */
export function randomId(): string {
  if (stock.at === stock.digits.length) {
    stock.digits = randomBytes((idDigits / 2) * stockedIds).toString('hex');
    stock.at = 0;
  }
  stock.at += idDigits;
  return idOf(stock.digits.slice(stock.at - idDigits, stock.at));
}

/** The twelve bytes of a stateid in hexadecimal digits. */
export function otherOf(id: string): string {
  const digits = id.replaceAll('-', '');
  return digits.endsWith(shard) ? digits.slice(0, 24) : digits.slice(8);
}

/** The id with these twelve bytes, which are 24 hexadecimal digits. */
export function idOfOther(other: string): string {
  const o = other.toLowerCase();
  const digits = isOld(o) ? `${shard}${o}` : `${o}${shard}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The id that a repeated request finds again: the same session, kind and requestId give the same id. */
export const derivedId = (
  sessionId: string,
  kind: 'lease' | 'open' | 'change' | 'dlm' | 'connection' | 'permit' | 'range' | 'set',
  requestId: string,
): string => idOf(hash('sha256', `${kind}\0${sessionId}\0${requestId}`, 'hex'));

/** 132 bits are enough to identify something; the whole digest would only lengthen every row. */
const shortDigest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

export const fileKeyOf = (exportName: string, fileId: string): string =>
  shortDigest(`${exportName}\0${fileId}`);
/** The key of a resource. No file's key can collide with it: a file's name has no NUL. */
export const resourceKeyOf = (exportName: string, name: string): string =>
  shortDigest(`${exportName}\0\0resource\0${name}`);
/** The key of a semaphore, which is neither a file nor a resource. */
export const semaphoreKeyOf = (exportName: string, name: string): string =>
  shortDigest(`${exportName}\0\0semaphore\0${name}`);
export const ownerKeyOf = (sessionId: string, owner: string): string => shortDigest(`${sessionId}\0${owner}`);

/** Key of a session as a whole. No owner's key can collide with it: an owner's name has no NUL. */
export const clientKeyOf = (sessionId: string): string => shortDigest(`${sessionId}\0\0client`);

/** Key of an NFS client, by its owner and by the caller that speaks for it. */
export const nfsClientKeyOf = (tenant: string, subject: string, owner: string): string =>
  shortDigest(`${tenant}\0${subject}\0${owner}`);
/** The secret of an NFS client's session: whoever may speak for the client is told it again. */
export const clientSecretOf = (tableKey: string, sessionId: string): string =>
  createHmac('sha256', tableKey).update(`nfs client\0${sessionId}`).digest('base64url');

/** Of the 43 characters of a secret, those that are random: 128 bits. */
const randomChars = 22;
const tagChars = 21;
const tagOf = (tableKey: string, sessionId: string, random: string): string =>
  createHmac('sha256', tableKey)
    .update(`session\0${sessionId}\0${random}`)
    .digest('base64url')
    .slice(0, tagChars);

/** A new secret for a session, and in it a tag that shows which table gave it out, and for what. */
export function newSecret(tableKey: string, sessionId: string): string {
  const random = randomBytes(16).toString('base64url');
  return random + tagOf(tableKey, sessionId, random);
}

/** Whether this table gave out the secret for that session, even if it has lost the session since. */
export function isSecretOf(secret: string, tableKey: string, sessionId: string): boolean {
  const random = secret.slice(0, randomChars);
  const [given, right] = [secret.slice(randomChars), tagOf(tableKey, sessionId, random)].map((tag) =>
    Buffer.from(tag),
  ) as [Buffer, Buffer];
  return tableKey !== '' && given.length === right.length && timingSafeEqual(given, right);
}

/** What the table keeps of a secret. */
export const digestOf = (secret: string): string => hash('sha256', secret, 'hex');
/** Tells whether a requestId is repeated with the same content. A caller always passes the parts in the same order. */
export const bodyDigest = (...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url');
/** Adds to a digest how long something is to be held; nothing if the request does not say so. */
export const holdText = ({ maxHoldMs }: { maxHoldMs?: number }): string[] =>
  maxHoldMs === undefined ? [] : [`for ${String(maxHoldMs)}`];
/** Adds to a digest the set that something is part of: another set with the same requestId is another body. */
export const within = ({ within: set }: { within?: string }): string[] =>
  set === undefined ? [] : [`within ${set}`];
