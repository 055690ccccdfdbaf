import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Lock } from '#contracts';
import { get } from './api';
import { LockDialog } from './actions';
import { PagedList } from './paged';
import { Age, Id, State } from './parts';
import { go, type Route } from './route';
import { spanText, typeText, whereText, whoText } from './words';

/** Who holds and who waits, as a tree: a request is below what it waits for. */

export interface LockRow {
  lock: Lock;
  level: number;
  /** When it was read. */
  at: number;
}

const pageRows = 250;
const over = new Set(['released', 'revoked']);

export function flat(locks: readonly Lock[], at: number, level = 0): LockRow[] {
  return locks.flatMap((lock) => [{ lock, level, at }, ...flat(lock.waiters ?? [], at, level + 1)]);
}

const kinds = ['lease', 'delegation', 'open', 'posix', 'ofd', 'flock', 'change', 'dlm'];
const states = [
  'active',
  'breaking',
  'fencing',
  'pending',
  'open',
  'held',
  'granted',
  'converting',
  'waiting',
];

export function LocksView({ route, news }: { route: Route; news: number }): JSX.Element {
  const { export: exportName = '', file = '', session = '', kind = '', state = '' } = route.query;
  const [opened, setOpened] = useState<Lock | undefined>(undefined);
  const of = JSON.stringify([exportName, file, session, kind, state]);
  const load = useMemo(
    () => async (cursor?: string) => {
      const at = Date.now();
      // With a filter by state, those who wait are looked for themselves.
      const tree = state === '' && kind === '';
      const filter = { export: exportName, file, session, kind, state, tree, limit: pageRows, cursor };
      const page = await get<{ locks: Lock[]; cursor?: string }>('v1/locks', filter);
      const held = page.locks.filter((lock) => !over.has(lock.state));
      return { rows: flat(held, at), cursor: page.cursor };
    },
    [of],
  );
  const set = (name: string, value: string): void => {
    go('locks', { ...route.query, [name]: value });
  };
  return (
    <>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <Filter name="export" value={exportName} onSet={set} />
        <Filter name="file" value={file} onSet={set} disabled={exportName === ''} />
        <Filter name="session" value={session} onSet={set} />
        <Choice name="kind" value={kind} of={kinds} onSet={set} />
        <Choice name="state" value={state} of={states} onSet={set} />
      </form>
      <PagedList<LockRow>
        label="Locks and waiting requests"
        one="row"
        none="Nothing is held, and nobody waits."
        of={of}
        load={load}
        news={news}
        idOf={({ lock }) => lock.id}
        levelOf={({ level }) => level}
        onOpen={({ lock }) => {
          setOpened(lock);
        }}
        row={(row) => <LockLine row={row} />}
      />
      {opened !== undefined && (
        <LockDialog
          lock={opened}
          onClose={() => {
            setOpened(undefined);
          }}
        />
      )}
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

interface FilterProps {
  name: string;
  value: string;
  disabled?: boolean;
  onSet: (name: string, value: string) => void;
}

export function Filter({ name, value, disabled = false, onSet }: FilterProps): JSX.Element {
  return (
    <label>
      {name}
      <input
        name={name}
        value={value}
        disabled={disabled}
        autocomplete="off"
        spellcheck={false}
        onChange={(event) => {
          onSet(name, event.currentTarget.value.trim());
        }}
      />
    </label>
  );
}

function Choice({ name, value, of, onSet }: FilterProps & { of: readonly string[] }): JSX.Element {
  return (
    <label>
      {name}
      <select
        name={name}
        value={value}
        onChange={(event) => {
          onSet(name, event.currentTarget.value);
        }}
      >
        <option value="">all</option>
        {of.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  );
}
