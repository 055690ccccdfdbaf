import { shardOfId } from '#locks';
import type { Arbiter } from './arbiter';
import { isRefused } from './refusal';

/**
 * The ids under which a repeated request may find what the first attempt made, while the file is not known: in every shard
 * where its session has been.
 */
export async function idsOfRepeat(
  arbiter: Arbiter,
  { sessionId, digest }: { sessionId: string; digest: string },
  kind: 'lease' | 'open' | 'permit' | 'range',
  requestId: string,
): Promise<string[]> {
  const all = arbiter.ids.anywhere(sessionId, kind, requestId);
  if (all.length === 1) return all;
  const known = await arbiter.run('sessionGet', { sessionId, digest });
  const { shards = [] } = isRefused(known) ? {} : known.session;
  return all.filter((id) => shardOfId(id) === 0 || shards.includes(shardOfId(id)));
}
