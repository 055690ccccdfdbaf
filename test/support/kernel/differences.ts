import type { LockView, Refusal } from '#locks';
import { clash, fieldsOf, fieldsOfRequest, type Fields, type Line } from './listing';
import type { Ended } from './machine';
import { instruct, sameOwner, type Instruction, type Outcome, type Request } from './requests';
import { lineOf, ownerOf, type TableEnded, type TableOutcome } from './table-side';

/** Intended differences between the table and Linux. Any other difference is a bug on one side. */

/** What both list at one moment. */
export interface State {
  kernel: Line[];
  table: Line[];
  rows: LockView[];
}

/** One disagreement between the two, with the facts needed to explain it. */
export type Clash = {
  request: Request;
  before: State;
  /** Of the files, by number. */
  inodes: readonly string[];
} & (
  | { at: 'answer'; kernel: Outcome; table: TableOutcome }
  | {
      at: 'ended';
      kernel: Ended[];
      table: TableEnded[];
      after: State;
      waits: ReadonlyMap<number, Request>;
      /** Whether a later wait does not queue behind an earlier one, which waited for its owner when it began. */
      spared: (later: number, first: number) => boolean;
    }
  /** The locks held, or the waiting requests. */
  | { at: 'held' | 'waiting'; kernel: string[]; table: string[] }
  /** What one waiter is listed as waiting for. */
  | { at: 'behind'; waiter: string; kernel: string | undefined; table: string }
);

export interface Difference {
  what: string;
  reason: string;
  /** A history that demonstrates it. */
  example: Instruction[];
  matches(clash: Clash): boolean;
  /**
   * How the history continues: `neither` withdraws the request on both sides, `table` follows the table, `stop`
   * ends the history because the two are no longer in the same state.
   */
  then: Then | ((clash: Clash) => Then);
}
export type Then = 'neither' | 'table' | 'stop';

/**
 * Whether a request conflicts with one that already waits. A request that waits for the requester's own locks
 * does not count: the requester would wait for itself.
 */
function meetsWaiter({ request, before, inodes }: Clash): boolean {
  const asks = fieldsOfRequest(request, inodes);
  if (asks === undefined || request.do !== 'lock') return false;
  const { owner } = ownerOf(request.on, request.kind);
  const ranges = before.rows.filter(({ startHi }) => startHi !== undefined);
  const own = ranges.filter(
    (row) =>
      row.sessionId === `s${String(request.on.actor)}` && row.owner === owner && row.kind === request.kind,
  );
  return ranges.some(
    (row) =>
      row.state === 'waiting' &&
      !own.includes(row) &&
      clash(fieldsOf(lineOf(row)), asks) &&
      // A flock is released before it is converted.
      (request.kind === 'flock' ||
        !own.some((mine) => mine.state === 'held' && clash(fieldsOf(lineOf(mine)), fieldsOf(lineOf(row))))),
  );
}

/** Whether two requests conflict. */
function meet(a: Request | undefined, b: Request | undefined, inodes: readonly string[]): boolean {
  if (a?.do !== 'lock' || b?.do !== 'lock' || sameOwner(a, b.on, b.kind)) return false;
  const [one, two] = [fieldsOfRequest(a, inodes), fieldsOfRequest(b, inodes)];
  return one !== undefined && two !== undefined && clash(one, two);
}

/**
 * Whether each of these requests waits for a lock or an earlier request of the next one's owner. `asked`: the one that
 * has no row because it was refused.
 */
function isCycle(
  cycle: NonNullable<Refusal['cycle']>,
  rows: readonly LockView[],
  asked: Fields | undefined,
): boolean {
  const ranges = rows.filter(({ startHi }) => startHi !== undefined);
  const all = cycle.map(({ id, sessionId, owner }) => {
    const row = ranges.find((each) => each.id === id);
    const asks = row === undefined ? asked : fieldsOf(lineOf(row));
    return { no: row?.no ?? Infinity, asks, owner: `${sessionId}/${owner}` };
  });
  return (
    all.length > 1 &&
    all.every(({ asks, no }, n) =>
      ranges.some(
        (row) =>
          asks !== undefined &&
          `${row.sessionId}/${row.owner}` === all[(n + 1) % all.length]?.owner &&
          (row.state === 'held' || row.no < no) &&
          clash(fieldsOf(lineOf(row)), asks),
      ),
    )
  );
}

/** Whether an answer of EDEADLK is right. */
const isDeadlock = (found: Clash & { at: 'answer' }): boolean =>
  found.table.result === 'EDEADLK' &&
  isCycle(found.table.refused?.cycle ?? [], found.before.rows, fieldsOfRequest(found.request, found.inodes));

/** Whether everything that only the table has ended is a wait in a cycle or a request queued behind one. */
function endsCycles({ kernel, table, before, after, waits, inodes }: Clash & { at: 'ended' }): boolean {
  const more = table.filter(({ wait }) => !kernel.some((each) => each.wait === wait));
  const deadlocks = more.filter(({ result }) => result === 'EDEADLK');
  const dropped = before.rows.filter((row) =>
    deadlocks.some(({ cycle }) => cycle?.some(({ id }) => id === row.id)),
  );
  const rows = [...after.rows, ...dropped.filter((row) => !after.rows.some(({ id }) => id === row.id))];
  return (
    deadlocks.length > 0 &&
    kernel.length + more.length === table.length &&
    deadlocks.every(({ cycle }) => isCycle(cycle ?? [], rows, undefined)) &&
    more.every(
      ({ wait, result }) =>
        result === 'EDEADLK' ||
        deadlocks.some((first) => meet(waits.get(first.wait), waits.get(wait), inodes)),
    )
  );
}

/** The members of one list that are not in the other, each as often as it occurs. */
function without(all: readonly string[], taken: readonly string[]): string[] {
  const left = [...all];
  for (const each of taken) if (left.includes(each)) left.splice(left.indexOf(each), 1);
  return left;
}

const openAll = [0, 1, 2].map((who) => instruct('open', { who }));

export const differences: readonly Difference[] = [
  {
    what: 'a request does not overtake an earlier one that waits and that it conflicts with',
    reason: 'Linux grants whatever no held lock forbids, so readers starve a writer; the queue is fair.',
    example: [
      ...openAll,
      instruct('lock', { who: 0, type: 'read', from: 0, to: 4 }),
      instruct('waitLock', { who: 1, type: 'write', from: 0, to: 4 }),
      instruct('lock', { who: 2, type: 'read', from: 2, to: 3 }),
    ],
    matches: (clash) =>
      clash.at === 'answer' &&
      clash.request.do === 'lock' &&
      clash.kernel.result === 'ok' &&
      (['EAGAIN', 'waiting'].includes(clash.table.result) || isDeadlock(clash)) &&
      meetsWaiter(clash),
    then: 'neither',
  },
  {
    what: 'of several locks in the way another one is named',
    reason:
      'Linux names the first in an order that depends on who locked what first; the table goes by offsets.',
    example: [
      ...openAll,
      instruct('lock', { who: 0, from: 1, to: 1 }),
      instruct('lock', { who: 0, kind: 'ofd', from: 0, to: 0 }),
      instruct('test', { who: 1, from: 0, to: 1 }),
    ],
    matches: (found) => {
      if (found.at === 'answer') {
        const { blocker } = found.table;
        return (
          found.request.do === 'test' &&
          found.kernel.blocker !== undefined &&
          blocker !== undefined &&
          found.before.kernel.some(({ text }) => {
            const line = fieldsOf(text);
            return line.start === blocker.start && line.end === blocker.end && line.type === blocker.type;
          })
        );
      }
      return found.at === 'behind' && clash(fieldsOf(found.waiter), fieldsOf(found.table));
    },
    then: 'table',
  },
  {
    what: 'a lease that is being broken cannot be set above the target of the break',
    reason:
      'Linux takes it and leaves the break as it is, so the holder believes to have what it is about to lose.',
    example: [
      instruct('open', {}),
      instruct('lease', { type: 'write', to: 1 }),
      instruct('open', { access: 'read' }),
      instruct('lease', { type: 'write', to: 1 }),
    ],
    matches: ({ at, request, kernel, table }) =>
      at === 'answer' &&
      request.do === 'lease' &&
      table.refused?.reason === 'above_target' &&
      ['ok', 'EAGAIN'].includes(kernel.result),
    then: (found) =>
      found.at === 'answer' &&
      found.request.do === 'lease' &&
      found.kernel.result === 'ok' &&
      found.table.has !== found.request.type
        ? 'stop'
        : 'table',
  },
  {
    what: 'a write lease becomes a read lease though its owner has the file open for writing',
    reason: 'Linux refuses, as it does any read lease then; to the table letting go is never refused.',
    example: [
      instruct('open', {}),
      instruct('lease', { type: 'write', to: 1 }),
      instruct('lease', { type: 'read', to: 1 }),
    ],
    matches: ({ at, request, kernel, table }) =>
      at === 'answer' &&
      request.do === 'lease' &&
      request.type === 'read' &&
      request.on.access !== 'read' &&
      kernel.result === 'EAGAIN' &&
      table.result === 'ok' &&
      table.has === 'write',
    then: 'stop',
  },
  {
    what: 'of those who wait for the same, who came first is granted first',
    reason:
      'Linux wakes all whom a release concerns, and whose thread runs first is served; the queue has an order.',
    example: [
      ...openAll,
      instruct('lock', { who: 0, kind: 'ofd', from: 0, to: 1 }),
      instruct('lock', { who: 0, kind: 'ofd', type: 'read', from: 0, to: 0 }),
      instruct('waitLock', { who: 1, type: 'read', from: 0, to: 1 }),
      instruct('waitLock', { who: 2, from: 0, to: 0 }),
      instruct('unlock', { who: 0, kind: 'ofd', from: 0, to: 0 }),
    ],
    matches: (found) => {
      if (found.at !== 'ended') return false;
      const { kernel, table } = found;
      const inTheWay = (first: number, later: number): boolean =>
        first < later &&
        !found.spared(later, first) &&
        meet(found.waits.get(first), found.waits.get(later), found.inodes);
      const granted = (ended: readonly Ended[]): number[] =>
        ended.filter(({ result }) => result === 'ok').map(({ wait }) => wait);
      const onlyKernel = granted(kernel).filter((wait) => !granted(table).includes(wait));
      const onlyTable = granted(table).filter((wait) => !granted(kernel).includes(wait));
      return (
        [...kernel, ...table].every(({ result }) => result === 'ok') &&
        onlyKernel.every((later) => [...found.waits.keys()].some((first) => inTheWay(first, later))) &&
        onlyTable.every((first) => onlyKernel.some((later) => inTheWay(first, later)))
      );
    },
    then: 'stop',
  },
  {
    what: 'asking again for the lock one waits for is told of the wait',
    reason:
      'A repeated request reaches the same state: it keeps its place in the queue, where Linux knows no repeats.',
    example: [
      ...openAll,
      instruct('lock', { who: 0 }),
      instruct('waitLock', { who: 1 }),
      instruct('lock', { who: 1 }),
    ],
    matches: ({ at, request, kernel, table }) =>
      at === 'answer' &&
      request.do === 'lock' &&
      request.wait === undefined &&
      kernel.result === 'EAGAIN' &&
      table.result === 'waiting',
    then: 'table',
  },
  {
    what: 'requests that would wait for each other are found, whatever kind of lock they are for',
    reason:
      'Linux looks at POSIX locks only, at one lock and one wait of each owner, and leaves the rest to hang.',
    example: [
      ...openAll,
      instruct('lock', { who: 0, kind: 'ofd', from: 0, to: 0 }),
      instruct('lock', { who: 1, kind: 'ofd', from: 1, to: 1 }),
      instruct('waitLock', { who: 0, kind: 'ofd', from: 1, to: 1 }),
      instruct('waitLock', { who: 1, kind: 'ofd', from: 0, to: 0 }),
    ],
    matches: (found) =>
      found.at === 'ended'
        ? endsCycles(found)
        : found.at === 'answer' && found.kernel.result === 'waiting' && isDeadlock(found),
    then: 'neither',
  },
  {
    what: 'opens that wait for the same lease stand side by side',
    reason: 'Linux lists a later one under an earlier one; they wait for the lease, not for each other.',
    example: [
      instruct('open', { access: 'read' }),
      instruct('lease', { type: 'write', to: 1 }),
      instruct('waitOpen', { access: 'read' }),
      instruct('waitOpen', { access: 'write' }),
    ],
    matches: (found) =>
      found.at === 'behind' &&
      found.waiter.startsWith('LEASE  BREAKER ') &&
      found.kernel?.startsWith('LEASE  BREAKER ') === true &&
      found.table.startsWith('LEASE  BREAKING '),
    then: 'table',
  },
  {
    what: 'a flock that waits leaves its owner what it was given meanwhile',
    reason: 'Linux gives that up too, each time it tries again, though the wait may never succeed.',
    example: [
      ...openAll,
      instruct('lock', { who: 0, kind: 'flock', type: 'read' }),
      instruct('lock', { who: 1, kind: 'flock', type: 'read' }),
      instruct('waitLock', { who: 2, kind: 'flock', type: 'write' }),
      instruct('lock', { who: 2, kind: 'flock', type: 'read' }),
      instruct('unlock', { who: 0, kind: 'flock' }),
    ],
    matches: (found) => {
      if (found.at !== 'held') return false;
      const lost = without(found.table, found.kernel);
      const owners = found.before.rows.filter(
        (row) =>
          row.kind === 'flock' &&
          row.state === 'held' &&
          found.before.rows.some(
            (each) =>
              each.kind === 'flock' &&
              each.state === 'waiting' &&
              each.sessionId === row.sessionId &&
              each.owner === row.owner,
          ),
      );
      return (
        without(found.kernel, found.table).length === 0 && without(lost, owners.map(lineOf)).length === 0
      );
    },
    then: 'stop',
  },
];
