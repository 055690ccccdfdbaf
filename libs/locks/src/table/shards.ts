import { hash } from 'node:crypto';

/**
 * What says which shard something is in (decision 0074). All that is on one file is in one shard: the key of a file and the ids of
 * what is on it carry its number. So do the numbers that a shard gives out (core/step.ts), and with them its epochs and the
 * cursors of its listings.
 */

/** A number that a shard gives out leaves this as its remainder. */
export const shardOfNumber = (no: number, shards: number): number => no % shards;

/** Most shards of a table; the number is a power of two. */
export const shardsMax = 64;

export const isShardCount = (count: number): boolean =>
  Number.isInteger(count) && count >= 1 && count <= shardsMax && (count & (count - 1)) === 0;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The key of something in that shard, from a key of 22 characters. */
export const keyIn = (shard: number, key: string): string => key.slice(0, 21) + letters.charAt(shard);
/** The shard of a key that `keyIn` made. */
export const shardOfKey = (key: string): number => Math.max(0, letters.indexOf(key.charAt(21)));

/** The shard for what is known by this text. */
export const shardFor = (text: string, shards: number): number =>
  hash('sha256', text, 'buffer').readUInt32BE(0) % shards;

/** The last four bytes of an id are the number of its shard. */
const shardDigits = 8;
export const idIn = (shard: number, id: string): string =>
  id.slice(0, -shardDigits) + shard.toString(16).padStart(shardDigits, '0');
export function shardOfId(id: string): number {
  const shard = Number.parseInt(id.slice(-shardDigits), 16);
  return shard < shardsMax ? shard : 0;
}
