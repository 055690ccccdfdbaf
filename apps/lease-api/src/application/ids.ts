import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type ExportView, idIn, keyIn, shardFor, shardOfId, shardOfKey } from '#locks';
import { refuse, type Refused } from './refusal';

/**
 * The first shard, and in most tables the only one. The shard is the last four bytes of every id, so that the id alone says
 * where its row lives. The other twelve bytes identify the row within a shard, serve as the `other` of a stateid (RFC 8881
 * §8.2.1), and come first, so that the first few digits of an id tell it from others.
 */
const first = '00000000';

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
  return `${head}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${tail}${first}`;
}

/** Random bytes for the next ids: fetching them one by one takes longer than the id. */
const stock = { digits: '', at: 0 };
const idDigits = 24;
const stockedIds = 256;

/** A new id of something that is not on a file, of some 90 random bits. */
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
  return digits.startsWith(first) && isOld(digits.slice(8)) ? digits.slice(8) : digits.slice(0, 24);
}

type DerivedKind = 'lease' | 'open' | 'change' | 'dlm' | 'connection' | 'permit' | 'range' | 'set';

/**
 * The id that a repeated request finds again: the same session, kind and requestId give the same id. It is that of something
 * that is not on a file; `Ids` makes the others.
 */
export const derivedId = (sessionId: string, kind: DerivedKind, requestId: string): string =>
  idOf(hash('sha256', `${kind}\0${sessionId}\0${requestId}`, 'hex'));

/** 132 bits are enough to identify something; the whole digest would only lengthen every row. */
const shortDigest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

/** The bits of the last of an id's twelve bytes that say the shard, where there are several; the others are random. */
const shardBits = 63;

/** An export as far as the keys of its files depend on it. */
export type Placed = Pick<ExportView, 'name' | 'spread'>;

/**
 * Makes the keys of files, and the ids of what is on them. In a table of several shards they say the shard (decision 0074): a
 * key with its last letter, an id with its last four bytes and the last of the twelve before them, which is all that a stateid
 * shows of it.
 */
export class Ids {
  constructor(private readonly shards: number) {}

  /** Whether there are several shards. */
  get sharded(): boolean {
    return this.shards > 1;
  }

  fileKey({ name, spread }: Placed, fileId: string): string {
    return this.key(`${name}\0${fileId}`, spread === true ? fileId : undefined);
  }
  /** The key of a semaphore, which is neither a file nor a resource. */
  semaphoreKey({ name, spread }: Placed, semaphore: string): string {
    return this.key(
      `${name}\0\0semaphore\0${semaphore}`,
      spread === true ? `${name}\0${semaphore}` : undefined,
    );
  }
  /** The key of a resource. No file's key can collide with it: a file's name has no NUL. */
  resourceKey(exportName: string, name: string): string {
    return this.key(`${exportName}\0\0resource\0${name}`, undefined);
  }

  /** A new id for something on a file. */
  on(fileKey: string): string {
    return this.inShard(shardOfKey(fileKey), randomId());
  }
  /** A new id for something on the same file as that. */
  beside(id: string): string {
    return this.inShard(shardOfId(id), randomId());
  }
  /** The id of what a repeated request has made, or makes, on a file; without one, on a resource. */
  derived(sessionId: string, kind: DerivedKind, requestId: string, fileKey?: string): string {
    const shard = fileKey === undefined ? 0 : shardOfKey(fileKey);
    return this.inShard(shard, derivedId(sessionId, kind, requestId));
  }
  /**
   * The id of what a request makes on a file: the one that it keeps, or one that its repeat finds again, or a new one.
   * Refused: bad_request.
   */
  forRequest(
    fileKey: string,
    kind: DerivedKind,
    { sessionId, requestId, keeps }: { sessionId: string; requestId?: string; keeps?: string },
  ): string | Refused {
    if (keeps === undefined)
      return requestId === undefined ? this.on(fileKey) : this.derived(sessionId, kind, requestId, fileKey);
    if (this.isOn(keeps, fileKey)) return keeps;
    return refuse('bad_request', {
      detail: `The id ${keeps} is not one of this file: it belongs to another shard of the table.`,
    });
  }
  /** The ids that it may have while nobody knows on which file it is. */
  anywhere(sessionId: string, kind: DerivedKind, requestId: string): string[] {
    const id = derivedId(sessionId, kind, requestId);
    return Array.from({ length: this.shards }, (_, shard) => this.inShard(shard, id));
  }

  /** The id that something had, if it may be on this file; otherwise a new one. */
  kept(id: string | undefined, fileKey: string): string {
    return id !== undefined && this.isOn(id, fileKey) ? id : this.on(fileKey);
  }

  /** Whether this may be the id of something on that file. */
  isOn(id: string, fileKey: string): boolean {
    const shard = shardOfKey(fileKey);
    const said = [Number.parseInt(id.slice(-8), 16), shardInOther(otherOf(id))];
    return !this.sharded || said.every((each) => each === shard);
  }

  /** The id with these twelve bytes, which are 24 hexadecimal digits. */
  ofOther(other: string): string {
    const o = other.toLowerCase();
    const d = isOld(o) ? `${first}${o}` : `${o}${first}`;
    const id = `${d.slice(0, 8)}-${d.slice(8, 12)}-${d.slice(12, 16)}-${d.slice(16, 20)}-${d.slice(20)}`;
    return this.sharded ? idIn(shardInOther(o) % this.shards, id) : id;
  }

  private inShard(shard: number, id: string): string {
    if (!this.sharded) return id;
    const byte = (Number.parseInt(id.slice(-10, -8), 16) & ~shardBits) | shard;
    return idIn(shard, `${id.slice(0, -10)}${byte.toString(16).padStart(2, '0')}${id.slice(-8)}`);
  }

  /** `where`: what says the shard; nothing: it is in the first. */
  private key(what: string, where: string | undefined): string {
    const key = shortDigest(what);
    if (!this.sharded) return key;
    return keyIn(where === undefined ? 0 : shardFor(where, this.shards), key);
  }
}

const shardInOther = (other: string): number => Number.parseInt(other.slice(-2), 16) & shardBits;

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
