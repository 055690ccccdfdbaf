import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from './api';
import { shortId, spanText } from './words';

/** What the views share. */

/** What is pushed: `news` grows when something has happened, if `isLive`. */
export interface Feed {
  news: number;
  isLive: boolean;
}
/** How often a view is read again while nothing is pushed. */
const unpushedMs = 2_000;

/** How often something is read again, besides after events: `everyMs` is for what no event tells. */
export const pollMs = ({ isLive }: Feed, everyMs: number | undefined): number | undefined =>
  isLive ? everyMs : unpushedMs;

/** Calls `load` now, after events, and every `everyMs` while the page is visible. */
export function useRead<T>(
  load: () => Promise<T>,
  feed: Feed,
  everyMs: number | undefined,
): { value: T | undefined; error: unknown } {
  const [state, setState] = useState<{ value: T | undefined; error: unknown }>({
    value: undefined,
    error: undefined,
  });
  const latest = useRef(load);
  latest.current = load;
  const read = useRef<() => void>(() => undefined);
  const every = pollMs(feed, everyMs);
  useEffect(() => {
    let isOver = false;
    let isRunning = false;
    let isDue = false;
    let timer = 0;
    const once = (): Promise<void> =>
      latest.current().then(
        (value) => {
          if (!isOver) setState({ value, error: undefined });
        },
        (error: unknown) => {
          if (!isOver) setState(({ value }) => ({ value, error }));
        },
      );
    const turn = (): void => {
      clearTimeout(timer);
      isDue = isRunning;
      if (isOver || isRunning) return;
      isRunning = true;
      void (document.hidden ? Promise.resolve() : once()).finally(() => {
        isRunning = false;
        if (isOver) return;
        if (isDue) turn();
        else if (every !== undefined) timer = setTimeout(turn, every);
      });
    };
    read.current = turn;
    turn();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [every]);
  const seen = useRef(feed.news);
  useEffect(() => {
    if (feed.news !== seen.current) read.current();
    seen.current = feed.news;
  }, [feed.news]);
  return state;
}

/** The time, every second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now;
}

export function Trouble({ error }: { error: unknown }): JSX.Element | null {
  if (error === undefined || error === null) return null;
  const isRefusal = error instanceof Refusal;
  return (
    <p class="trouble" role="alert">
      {isRefusal ? error.message : 'The lease API does not answer; this page keeps trying.'}
      {isRefusal && error.wantsToken ? ' Give a token with that right: “Token”, at the top.' : ''}
      {isRefusal && error.problem.near !== undefined
        ? ` Did you mean ${error.problem.near.join(', or ')}?`
        : ''}
    </p>
  );
}

/** How long something has been so: `ageMs` was true at `at`. */
export function Age({ ageMs, at }: { ageMs: number | undefined; at: number }): JSX.Element {
  const now = useNow();
  return <span class="age">{ageMs === undefined ? '' : spanText(ageMs + Math.max(0, now - at))}</span>;
}

export function Id({ id }: { id: string }): JSX.Element {
  return (
    <code title={id} class="id">
      {shortId(id)}
    </code>
  );
}

export function State({ state }: { state: string }): JSX.Element {
  return <span class={`state state-${state}`}>{state}</span>;
}

/** A dialog over the page: Escape and the backdrop close it, and the focus stays inside. */
export function Dialog(props: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={props.title}
      onClose={props.onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="inside">
        <h2>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}

/** Fields that choose what a view shows; each takes effect when it is left. */
export function Filters({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      {children}
    </form>
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

export function Choice({ name, value, of, onSet }: FilterProps & { of: readonly string[] }): JSX.Element {
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

export function Table({
  titles,
  rows,
}: {
  titles: string[];
  rows: (JSX.Element | string)[][];
}): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <div class="scrolls">
      <table>
        <thead>
          <tr>
            {titles.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column} data-title={titles[column]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
