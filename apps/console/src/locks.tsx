import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Lock } from '#contracts';
import { useLockDialog } from './actions';
import { get } from './api';
import { PagedList } from './paged';
import { Age, Choice, type Feed, Filter, Filters, Id, State } from './parts';
import { go, type Route } from './route';
import { isOver, spanText, typeText, whereText, whoText } from './words';

/** Who holds and who waits, as a tree: a request is below what it waits for. */

export interface LockRow {
  lock: Lock;
  level: number;
  /** When it was read. */
  at: number;
}

const pageRows = 250;
/** No event tells that a request begins to wait. */
export const waitsMs = 2_000;

export function flat(locks: readonly Lock[], at: number, level = 0): LockRow[] {
  return locks.flatMap((lock) => [{ lock, level, at }, ...flat(lock.waiters ?? [], at, level + 1)]);
}

// Named as keys, so that none is forgotten.
const kinds = Object.keys({
  ...{ lease: true, delegation: true, open: true, posix: true, ofd: true, flock: true, change: true },
  ...{ dlm: true, permit: true },
} satisfies Record<Lock['kind'], true>);
const states = Object.keys({
  ...{ active: true, breaking: true, fencing: true, allocated: true, pending: true, open: true, held: true },
  ...{ granted: true, converting: true, waiting: true },
} satisfies Record<Exclude<Lock['state'], 'released' | 'revoked'>, true>);

export function LocksView({ route, feed }: { route: Route; feed: Feed }): JSX.Element {
  const { export: exportName = '', file = '', session = '', kind = '', state = '' } = route.query;
  const [dialog, open] = useLockDialog();
  const of = JSON.stringify([exportName, file, session, kind, state]);
  const load = useMemo(
    () => async (cursor?: string) => {
      const at = Date.now();
      // With a filter by state, those who wait are looked for themselves.
      const tree = state === '' && kind === '';
      const filter = { export: exportName, file, session, kind, state, tree, limit: pageRows, cursor };
      const page = await get<{ locks: Lock[]; cursor?: string }>('v1/locks', filter);
      const held = page.locks.filter((lock) => !isOver(lock));
      return { rows: flat(held, at), cursor: page.cursor };
    },
    [of],
  );
  const set = (name: string, value: string): void => {
    go('locks', { ...route.query, [name]: value });
  };
  return (
    <>
      <Filters>
        <Filter name="export" value={exportName} onSet={set} />
        <Filter name="file" value={file} onSet={set} disabled={exportName === ''} />
        <Filter name="session" value={session} onSet={set} />
        <Choice name="kind" value={kind} of={kinds} onSet={set} />
        <Choice name="state" value={state} of={states} onSet={set} />
      </Filters>
      <PagedList<LockRow>
        label="Locks and waiting requests"
        one="row"
        none="Nothing is held, and nobody waits."
        of={of}
        load={load}
        feed={feed}
        everyMs={waitsMs}
        columns={['File', 'What', 'State', 'Who', 'Since', 'Id']}
        idOf={({ lock }) => lock.id}
        levelOf={({ level }) => level}
        onOpen={({ lock }) => {
          open(lock);
        }}
        row={(row) => <LockLine row={row} />}
      />
      {dialog}
    </>
  );
}

export function LockLine({ row: { lock, level, at } }: { row: LockRow }): JSX.Element {
  const { break: running } = lock;
  return (
    <>
      <span role="gridcell" class="where" title={whereText(lock)}>
        {level > 0 && <span class="branch">└</span>}
        {whereText(lock)}
      </span>
      <span role="gridcell" class="what">
        {lock.kind} {typeText(lock)}
        {lock.start !== undefined && ` ${lock.start}-${lock.end ?? 'EOF'}`}
      </span>
      <span role="gridcell">
        <State state={lock.state} />
        {running?.remainingMs !== undefined && <small> {spanText(running.remainingMs)} left</small>}
      </span>
      <span role="gridcell" class="who" title={whoText(lock)}>
        {whoText(lock)}
      </span>
      <span role="gridcell">
        <Age ageMs={lock.ageMs} at={at} />
      </span>
      <span role="gridcell">
        <Id id={lock.id} />
      </span>
    </>
  );
}
