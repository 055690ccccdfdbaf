import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from './api';
import { shortId, spanText } from './words';

/** What the views share. */

/** Calls `load` now and every `everyMs` while the page is visible, and when `key` changes. */
export function usePolled<T>(
  load: () => Promise<T>,
  everyMs: number,
  key: unknown,
): { value: T | undefined; error: unknown; again: () => void } {
  const [state, setState] = useState<{ value: T | undefined; error: unknown }>({
    value: undefined,
    error: undefined,
  });
  const run = useRef<() => void>(() => undefined);
  useEffect(() => {
    let isOver = false;
    let timer = 0;
    let running: Promise<void> | undefined;
    const once = (): Promise<void> =>
      load().then(
        (value) => {
          if (!isOver) setState({ value, error: undefined });
        },
        (error: unknown) => {
          if (!isOver) setState(({ value }) => ({ value, error }));
        },
      );
    const turn = (): void => {
      clearTimeout(timer);
      if (isOver || running !== undefined) return;
      running = (document.hidden ? Promise.resolve() : once()).finally(() => {
        running = undefined;
        if (!isOver) timer = setTimeout(turn, everyMs);
      });
    };
    run.current = turn;
    turn();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, everyMs]);
  return {
    ...state,
    again: () => {
      run.current();
    },
  };
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
