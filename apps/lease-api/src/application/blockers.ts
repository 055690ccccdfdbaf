import type { Blocker, LockView, RangeClass, Refusal } from '#locks';
import type { Arbiter } from './arbiter';

const blockersMax = 4;
const rowsMax = 64;
const blocking: ReadonlySet<string> = new Set([
  'pending',
  'active',
  'breaking',
  'fencing',
  'open',
  'waiting',
]);

/** Left out: they only block other range locks, and those refusals already name them. */
const ranges: ReadonlySet<string> = new Set<RangeClass>(['posix', 'ofd', 'flock']);

/**
 * The locks of other owners that block a request on a file now (the first few), and the running break.
 * For a refusal that arrived as a record, which names no blockers.
 */
export async function blockersOn(
  arbiter: Arbiter,
  fileKey: string,
  own: { sessionId: string; owner: string },
): Promise<Pick<Refusal, 'blockers' | 'blockerCount' | 'break'>> {
  const { locks } = await arbiter.run('lockList', {
    ...{ fileKey, after: 0, limit: rowsMax },
    viewer: own.sessionId,
  });
  const others = locks.filter(
    (lock) =>
      !ranges.has(lock.kind) &&
      blocking.has(lock.state) &&
      (lock.sessionId !== own.sessionId || lock.owner !== own.owner),
  );
  return {
    blockers: others.slice(0, blockersMax).map(blockerOf),
    blockerCount: others.length,
    break: others.find((lock) => lock.break !== undefined)?.break,
  };
}

export function blockerOf(view: LockView): Blocker {
  const { id, kind, sessionId, owner, pid, type, deny, state, label, node, ageMs, otherTenant } = view;
  return { id, kind, sessionId, owner, pid, type, deny, state, label, node, ageMs, otherTenant };
}
