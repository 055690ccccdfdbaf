import type { Redis } from 'ioredis';
import { shapes } from '../../core/shapes';

/**
 * The format of the rows in Redis. Its number is in the key `meta`, as a string. Format 1 had a hash there, so a
 * version that knows only format 1 fails instead of taking the table for an empty one.
 */
const format = '2';

/** Makes sure that the table is in this format: converts format 1, and throws if a later version has written it. */
export async function ensureFormat(redis: Redis, root: string, library: string): Promise<void> {
  const key = `${root}:meta`;
  const found = (await redis.type(key)) === 'string' ? ((await redis.get(key)) ?? undefined) : undefined;
  if (found === format) return;
  if (found !== undefined && found !== 'converting')
    throw new Error(
      `the table was written in format ${found} by a later version, and this one reads format ${format}: start that version`,
    );
  // The table's own row (`meta`) is converted first: after that no earlier version can use the table.
  for (const kind of Object.keys(shapes))
    while ((await redis.call('FCALL', `${library}_convert`, 1, root, kind)) === 'more');
  await redis.set(key, format);
}
