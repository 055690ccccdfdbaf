import type { JSX } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Feed, pollMs, Trouble } from './parts';
import { counted } from './words';

/**
 * A list of any length: a window of a few pages is kept, and of these only the visible rows are in the document. Cursors
 * lead forward only, so the way back is by the cursors that were passed.
 */

const pagesMax = 8;
/** Pages that a filter leaves empty and that are read in one go. */
const emptyMax = 20;
const overscan = 8;

interface Page<R> {
  start: string | undefined;
  next: string | undefined;
  rows: R[];
}
export interface Loaded<R> {
  rows: R[];
  cursor?: string | undefined;
}

interface Shown<R> {
  pages: Page<R>[];
  /** Pages before the window: where each begins, and how many rows it had. */
  passed: { start: string | undefined; rows: number }[];
}

async function pageFrom<R>(load: (cursor?: string) => Promise<Loaded<R>>, start?: string): Promise<Page<R>> {
  let cursor = start;
  for (let empty = 0; ; empty += 1) {
    const { rows, cursor: next } = await load(cursor);
    if (rows.length > 0 || next === undefined || empty >= emptyMax) return { start, next, rows };
    cursor = next;
  }
}

/** As in console.css. */
const heightsOf = (isNarrow: boolean): number => (isNarrow ? 78 : 34);
const narrow = matchMedia('(max-width: 640px)');

function useRowHeight(): number {
  const [isNarrow, setNarrow] = useState(narrow.matches);
  useEffect(() => {
    const changed = (): void => {
      setNarrow(narrow.matches);
    };
    narrow.addEventListener('change', changed);
    return () => {
      narrow.removeEventListener('change', changed);
    };
  }, []);
  return heightsOf(isNarrow);
}

export function PagedList<R>(props: {
  label: string;
  /** What one row is called, and what is said if there is none. */
  one: string;
  none: string;
  /** The list begins anew when it changes. */
  of: string;
  load: (cursor?: string) => Promise<Loaded<R>>;
  idOf: (row: R) => string;
  row: (row: R) => JSX.Element;
  levelOf?: (row: R) => number;
  onOpen: (row: R) => void;
  /** What stands above the cells of a row. */
  columns: readonly string[];
  feed: Feed;
  /** How often it is read again, besides after events. */
  everyMs: number;
}): JSX.Element {
  const { of, load, idOf, feed } = props;
  const rowHeight = useRowHeight();
  const [shown, setShown] = useState<Shown<R>>({ pages: [], passed: [] });
  const [error, setError] = useState<unknown>(undefined);
  const [active, setActive] = useState(0);
  const [scroll, setScroll] = useState({ top: 0, height: 600 });
  const box = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const moved = useRef(0);
  const busy = useRef<Promise<void> | undefined>(undefined);
  const isDue = useRef(false);
  const refresh = useRef<() => void>(() => undefined);
  const latest = useRef(shown);
  latest.current = shown;
  const epoch = useRef(0);

  const change = useCallback(
    (work: (now: Shown<R>) => Promise<Shown<R> | undefined>): void => {
      if (busy.current !== undefined) return;
      const begun = epoch.current;
      busy.current = work(latest.current)
        .then(
          (next) => {
            if (begun !== epoch.current) return;
            setError(undefined);
            if (next !== undefined) setShown(next);
          },
          (failed: unknown) => {
            if (begun === epoch.current) setError(failed);
          },
        )
        .finally(() => {
          busy.current = undefined;
          // The list was begun anew meanwhile.
          if (begun !== epoch.current) begin.current();
          else if (isDue.current) refresh.current();
        });
    },
    [of],
  );
  const begin = useRef<() => void>(() => undefined);
  begin.current = () => {
    change(async () => ({ pages: [await pageFrom(load)], passed: [] }));
  };
  useEffect(() => {
    epoch.current += 1;
    setShown({ pages: [], passed: [] });
    setActive(0);
    box.current?.scrollTo(0, 0);
    begin.current();
  }, [of]);

  const rows = shown.pages.flatMap((page) => page.rows);
  const last = shown.pages.at(-1);
  const before = shown.passed.reduce((sum, each) => sum + each.rows, 0);

  const more = (): void => {
    if (last?.next === undefined) return;
    const { next } = last;
    change(async ({ pages, passed }) => {
      const grown = [...pages, await pageFrom(load, next)];
      if (grown.length <= pagesMax) return { pages: grown, passed };
      const [first] = grown;
      if (first === undefined) return undefined;
      moved.current -= first.rows.length * rowHeight;
      setActive((at) => Math.max(0, at - first.rows.length));
      return { pages: grown.slice(1), passed: [...passed, { start: first.start, rows: first.rows.length }] };
    });
  };
  const back = (): void => {
    change(async ({ pages, passed }) => {
      const previous = passed.at(-1);
      if (previous === undefined) return undefined;
      const page = await pageFrom(load, previous.start);
      moved.current += page.rows.length * rowHeight;
      setActive((at) => at + page.rows.length);
      return { pages: [page, ...pages].slice(0, pagesMax), passed: passed.slice(0, -1) };
    });
  };
  useLayoutEffect(() => {
    if (moved.current !== 0 && box.current !== null) box.current.scrollTop += moved.current;
    moved.current = 0;
  }, [shown]);

  /** Reads the visible pages again, and the last one: new rows come there. */
  refresh.current = () => {
    // Something happened while a page was read: that page may not show it.
    isDue.current = busy.current !== undefined;
    if (document.hidden || isDue.current) return;
    const from = Math.floor(scroll.top / rowHeight);
    const to = from + Math.ceil(scroll.height / rowHeight);
    change(async ({ pages, passed }) => {
      let at = 0;
      const read = pages.map(async (page) => {
        const isVisible = at <= to && at + page.rows.length >= from;
        at += page.rows.length;
        return isVisible || page.next === undefined ? pageFrom(load, page.start) : page;
      });
      return { pages: await Promise.all(read), passed };
    });
  };
  const every = pollMs(feed, props.everyMs);
  useEffect(() => {
    if (every === undefined) return undefined;
    const timer = setInterval(() => {
      refresh.current();
    }, every);
    return () => {
      clearInterval(timer);
    };
  }, [every]);
  const seen = useRef(feed.news);
  useEffect(() => {
    if (feed.news !== seen.current) refresh.current();
    seen.current = feed.news;
  }, [feed.news]);

  const first = Math.max(0, Math.floor(scroll.top / rowHeight) - overscan);
  const end = Math.min(rows.length, Math.ceil((scroll.top + scroll.height) / rowHeight) + overscan);
  useEffect(() => {
    if (end >= rows.length - overscan) more();
    else if (first === 0 && shown.passed.length > 0 && scroll.top < overscan * rowHeight) back();
  }, [first, end, shown]);

  const measure = (): void => {
    if (box.current === null) return;
    const { scrollTop: top, clientHeight } = box.current;
    setScroll({ top, height: clientHeight - (head.current?.offsetHeight ?? 0) });
  };
  useLayoutEffect(() => {
    measure();
    addEventListener('resize', measure);
    return () => {
      removeEventListener('resize', measure);
    };
  }, []);

  const move = (to: number): void => {
    const at = Math.max(0, Math.min(rows.length - 1, to));
    setActive(at);
    const view = box.current;
    if (view === null) return;
    if (at * rowHeight < view.scrollTop) view.scrollTop = at * rowHeight;
    else if ((at + 1) * rowHeight > view.scrollTop + scroll.height)
      view.scrollTop = (at + 1) * rowHeight - scroll.height;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const perPage = Math.max(1, Math.floor(scroll.height / rowHeight) - 1);
    const steps: Record<string, number> = {
      ...{ ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows.length - 1 },
      ...{ PageDown: active + perPage, PageUp: active - perPage, j: active + 1, k: active - 1 },
    };
    const to = steps[event.key];
    const row = rows[active];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' && row !== undefined) props.onOpen(row);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <Trouble error={error} />
      <div
        class="list"
        role="treegrid"
        aria-label={props.label}
        aria-rowcount={last?.next === undefined ? before + rows.length : -1}
        aria-activedescendant={rows.length > 0 ? `row-${before + active}` : undefined}
        tabIndex={0}
        ref={box}
        onScroll={measure}
        onKeyDown={onKeyDown}
      >
        <div class="row head" role="row" ref={head}>
          {props.columns.map((column) => (
            <span key={column} role="columnheader">
              {column}
            </span>
          ))}
        </div>
        <div class="all" role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
          {rows.slice(first, end).map((row, at) => (
            <div
              key={`${idOf(row)} ${first + at}`}
              id={`row-${before + first + at}`}
              class={`row level-${Math.min(6, props.levelOf?.(row) ?? 0)}${first + at === active ? ' active' : ''}`}
              role="row"
              aria-level={(props.levelOf?.(row) ?? 0) + 1}
              aria-rowindex={before + first + at + 1}
              style={{ top: `${(first + at) * rowHeight}px`, height: `${rowHeight}px` }}
              onClick={() => {
                setActive(first + at);
                props.onOpen(row);
              }}
            >
              {props.row(row)}
            </div>
          ))}
        </div>
      </div>
      <p class="count" role="status">
        {rows.length === 0 && last !== undefined && last.next === undefined
          ? props.none
          : last === undefined
            ? error === undefined
              ? 'Reading …'
              : ''
            : `${before > 0 ? `${(before + 1).toLocaleString('en')} to ${(before + rows.length).toLocaleString('en')}` : counted(rows.length, props.one)}${last.next === undefined ? '' : ', and more below'}`}
      </p>
    </>
  );
}
