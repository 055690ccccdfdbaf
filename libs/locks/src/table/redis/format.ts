import type { Redis } from 'ioredis';
import { formatFirst } from '../../core/format';
import { shapes } from '../../core/shapes';
import { refuseLater } from '../table';
import { decode } from './codec';

/**
 * Makes sure that this version can read the table: converts format 1, and throws if the table is in a later format.
 * The number of the format is in the key `meta`, as a string. Format 1 had a hash there, so a version that knows only
 * format 1 fails instead of taking the table for an empty one.
 */
export async function ensureFormat(redis: Redis, root: string, library: string): Promise<void> {
  const key = `${root}:meta`;
  const type = await redis.type(key);
  const found = type === 'string' ? ((await redis.get(key)) ?? undefined) : undefined;
  if (found !== undefined && found !== 'converting') {
    refuseLater(Number(found));
    return;
  }
  // Format 1 had this key from the first step on: without it there is nothing to convert.
  if (type === 'none' && (await redis.set(key, String(formatFirst), 'NX')) !== null) return;
  // The table's own row (`meta`) is converted first: after that no earlier version can use the table.
  for (const kind of Object.keys(shapes))
    while ((await redis.call('FCALL', `${library}_convert`, 1, root, kind)) === 'more');
  await redis.set(key, String(formatFirst));
}

/** How many shards the table says it has; undefined if nobody has used it yet. `root`: that of its first shard. */
export async function shardsIn(redis: Redis, root: string): Promise<number | undefined> {
  const bytes = await redis.hgetBuffer(`${root}:rows`, 'meta:shard');
  if (bytes === null) return undefined;
  // Places of fields, each followed by its value (core/shapes.ts).
  const values = decode(bytes) as unknown[];
  const { identity, shards } = shapes.meta.placeOf;
  const valueAt = (place: number | undefined): unknown => {
    for (let at = 0; at < values.length; at += 2) if (values[at] === place) return values[at + 1];
    return undefined;
  };
  return valueAt(identity) === undefined ? undefined : Number(valueAt(shards) ?? 1);
}
