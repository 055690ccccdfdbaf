import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { clusterEvent, configuration, Lock } from '#contracts';
import { LockDialog, type Session, SessionDialog } from './actions';
import { follow, get } from './api';
import { Filter, flat, LockLine } from './locks';
import { PagedList } from './paged';
import { Id, State, Trouble, useNow, usePolled } from './parts';
import { go, hrefOf, type Route } from './route';
import { counted, plain, spanText, whereText, whoText } from './words';

type Export = z.infer<typeof configuration.exportView>;
type Stack = z.infer<typeof configuration.stack>;
type Node = z.infer<typeof configuration.node>;
type Region = z.infer<typeof configuration.region>;
export type ClusterEvent = z.infer<typeof clusterEvent>;

const configMs = 3_000;
const itemsMax = 1_000;

// --- exports and adapters

export function ExportsView({ news }: { news: number }): JSX.Element {
  const load = async (): Promise<{ exports: Export[]; stacks: Stack[] }> => {
    const [{ exports }, { stacks }] = await Promise.all([
      get<{ exports: Export[] }>('v1/exports', { limit: itemsMax }),
      get<{ stacks: Stack[] }>('v1/stacks', { limit: itemsMax }),
    ]);
    return { exports, stacks };
  };
  const { value, error } = usePolled(load, configMs, news);
  return (
    <>
      <Trouble error={error} />
      {value?.stacks.map((stack) => (
        <section key={stack.name} class="card">
          <h2>
            {plain(stack.name)} <small>{plain(stack.description ?? '')}</small>
          </h2>
          {stack.adapters.length === 0 && (
            <p class="dim">{stack.builtIn ? 'Needs no adapter.' : 'No adapter has registered.'}</p>
          )}
          <ul class="adapters">
            {stack.adapters.map((adapter, at) => (
              <li key={adapter.incarnation ?? at}>
                <State state={adapter.state} /> adapter {plain(adapter.version)} at{' '}
                {plain(adapter.endpoint ?? '')} serves {adapter.exports.map(plain).join(', ') || 'nothing'}
              </li>
            ))}
          </ul>
          <Table
            titles={['Export', 'State', 'Policy', 'Break', 'Unconfirmed', 'Delegations']}
            rows={value.exports
              .filter((each) => each.stack === stack.name)
              .map((each) => [
                <a href={hrefOf('locks', { export: each.name })}>{plain(each.name)}</a>,
                <State state={each.state} />,
                each.policy,
                each.breakMs === 0 ? 'never forced' : spanText(each.breakMs),
                String(each.unconfirmedFiles),
                String(each.delegations),
              ])}
          />
        </section>
      ))}
    </>
  );
}

function Table({ titles, rows }: { titles: string[]; rows: (JSX.Element | string)[][] }): JSX.Element | null {
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

// --- nodes and regions

export function NodesView({ news }: { news: number }): JSX.Element {
  const load = async (): Promise<{ nodes: Node[]; regions: Region[] }> => {
    const [{ nodes }, { regions }] = await Promise.all([
      get<{ nodes: Node[] }>('v1/nodes', { limit: itemsMax }),
      get<{ regions: Region[] }>('v1/regions', { limit: itemsMax }),
    ]);
    return { nodes, regions };
  };
  const { value, error } = usePolled(load, configMs, news);
  const now = useNow();
  return (
    <>
      <Trouble error={error} />
      {value?.regions.length === 0 && <p class="dim">There are no regions: sessions need no node.</p>}
      {value?.regions.map((region) => (
        <section key={region.name} class="card">
          <h2>
            {plain(region.name)}{' '}
            <small>
              a heartbeat every {spanText(region.beatMs)}, dead after {spanText(region.deadMs)} of silence,{' '}
              {counted(region.subscribers, 'subscriber')}
            </small>
          </h2>
          <Table
            titles={['Node', 'State', 'Sessions', 'Last seen', 'Notice']}
            rows={value.nodes
              .filter((node) => node.region === region.name)
              .map((node) => [
                plain(node.name),
                <State state={node.state} />,
                <a href={hrefOf('sessions', { find: node.name })}>{node.sessions}</a>,
                node.seenAt === undefined ? 'never' : `${spanText(now - Date.parse(node.seenAt))} ago`,
                node.notice === undefined
                  ? ''
                  : `${node.notice.event}, waits for ${counted(node.notice.waitsFor.length, 'subscriber')}`,
              ])}
          />
        </section>
      ))}
    </>
  );
}

// --- sessions

interface SessionRow {
  session: Session;
  at: number;
}

export function SessionsView({ route, news }: { route: Route; news: number }): JSX.Element {
  const { find = '', over = '' } = route.query;
  const [opened, setOpened] = useState<Session | undefined>(undefined);
  const of = JSON.stringify([find, over]);
  const load = useMemo(
    () => async (cursor?: string) => {
      const at = Date.now();
      const page = await get<{ sessions: Session[]; cursor?: string }>('v1/sessions', { limit: 500, cursor });
      const wanted = find.toLowerCase();
      const rows = page.sessions.filter((each) => {
        const isOver = each.state === 'expired' || each.state === 'ended';
        const { label = '', node = '', sessionId, subject = '', tenant = '' } = each;
        const names = [label, node, sessionId, subject, tenant].join('\n').toLowerCase();
        return (over !== '' || !isOver) && names.includes(wanted);
      });
      return { rows: rows.map((session) => ({ session, at })), cursor: page.cursor };
    },
    [of],
  );
  return (
    <>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <Filter
          name="find"
          value={find}
          onSet={(name, value) => {
            go('sessions', { ...route.query, [name]: value });
          }}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={over !== ''}
            onChange={(event) => {
              go('sessions', { ...route.query, over: event.currentTarget.checked ? 'shown' : '' });
            }}
          />
          also those that are over
        </label>
        <span class="dim">by label, node, subject or id</span>
      </form>
      <PagedList<SessionRow>
        label="Sessions"
        one="session"
        none="There is no such session."
        of={of}
        load={load}
        news={news}
        idOf={({ session }) => session.sessionId}
        onOpen={({ session }) => {
          setOpened(session);
        }}
        row={({ session }) => <SessionLine session={session} />}
      />
      {opened !== undefined && (
        <SessionDialog
          session={opened}
          onClose={() => {
            setOpened(undefined);
          }}
        />
      )}
    </>
  );
}

function SessionLine({ session }: { session: Session }): JSX.Element {
  const now = useNow();
  const { label, node, pid, state, locks, streams, lastSeenAt, sessionId, subject } = session;
  return (
    <>
      <span role="gridcell" class="where">
        {plain(label ?? `pid ${pid ?? 0}`)}
      </span>
      <span role="gridcell" class="what">
        {node === undefined ? '' : `on ${plain(node)}`} {plain(subject ?? '')}
      </span>
      <span role="gridcell">
        <State state={state} />
      </span>
      <span role="gridcell" class="who">
        <a
          href={hrefOf('locks', { session: sessionId })}
          onClick={(event) => {
            event.stopPropagation();
          }}
        >
          has {locks}
        </a>
        {streams === 0 ? ', hears no events' : ''}
      </span>
      <span role="gridcell" class="age" title="last seen">
        {spanText(now - Date.parse(lastSeenAt))} ago
      </span>
      <span role="gridcell">
        <Id id={sessionId} />
      </span>
    </>
  );
}

// --- running breaks

interface Breaking {
  where: { export: string; file: string };
  locks: Lock[];
  at: number;
}
const filesMax = 50;

/** Files with a running break: those of one look at everything, and those of which an event has told since. */
export function BreaksView({ broken }: { broken: readonly ClusterEvent[] }): JSX.Element {
  const [looked, setLooked] = useState<{ rows: number; isDone: boolean }>({ rows: 0, isDone: false });
  const [found, setFound] = useState<ReadonlyMap<string, Breaking>>(new Map());
  const [error, setError] = useState<unknown>(undefined);
  const [opened, setOpened] = useState<Lock | undefined>(undefined);
  const files = useRef(new Map<string, Breaking['where']>());
  const now = useNow();

  useEffect(() => {
    let isOver = false;
    const look = async (): Promise<void> => {
      let cursor: string | undefined;
      let rows = 0;
      do {
        const filter = { state: 'breaking', limit: 1_000, cursor };
        const page: { locks: Lock[]; cursor?: string } = await get('v1/locks', filter);
        for (const lock of page.locks)
          files.current.set(whereText(lock), { export: lock.export, file: lock.file });
        rows += 1_000;
        ({ cursor } = page);
        if (!isOver) setLooked({ rows, isDone: cursor === undefined });
      } while (cursor !== undefined && !isOver);
    };
    look().catch(setError);
    return () => {
      isOver = true;
    };
  }, []);
  useEffect(() => {
    for (const { export: exportName = '', file = '' } of broken)
      files.current.set(whereText({ export: exportName, file }), { export: exportName, file });
  }, [broken]);
  const read = async (): Promise<void> => {
    const next = new Map<string, Breaking>();
    for (const [name, where] of [...files.current].slice(0, filesMax)) {
      const at = Date.now();
      const page = await get<{ locks: Lock[] }>('v1/locks', { ...where, state: 'breaking', limit: 100 });
      if (page.locks.length > 0) next.set(name, { where, locks: page.locks, at });
      else files.current.delete(name);
    }
    setFound(next);
  };
  const { error: failed } = usePolled(read, 1_000, broken.length + (looked.isDone ? 1 : 0));

  return (
    <>
      <Trouble error={error ?? failed} />
      {[...found].map(([name, { where, locks, at }]) => {
        const running = locks[0]?.break;
        const left = running?.remainingMs === undefined ? undefined : running.remainingMs - (now - at);
        return (
          <section key={name} class="card">
            <h2>
              <a href={hrefOf('story', where)}>{name}</a>
            </h2>
            <p>
              A break to {running?.target} ({running?.cause}):{' '}
              {left === undefined ? 'never forced' : <strong class="left">{spanText(left)} left</strong>}
            </p>
            {left !== undefined && (
              <progress
                max={Math.max(left, 45_000)}
                value={Math.max(0, left)}
                aria-label={`time left for ${name}`}
              />
            )}
            <ul>
              {locks.map((lock) => (
                <li key={lock.id}>
                  <button
                    type="button"
                    class="link"
                    onClick={() => {
                      setOpened(lock);
                    }}
                  >
                    {whoText(lock)} has not answered, {lock.kind} {lock.type}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <p class="count" role="status">
        {found.size === 0 && looked.isDone ? 'No break is running.' : ''}
        {looked.isDone
          ? ''
          : ` Looking through what is held: ${looked.rows.toLocaleString('en')} rows so far.`}
      </p>
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

// --- a file's story

const eventsMax = 2_000;

export function StoryView({ route, news }: { route: Route; news: number }): JSX.Element {
  const { export: exportName = '', file = '' } = route.query;
  const set = (name: string, value: string): void => {
    go('story', { ...route.query, [name]: value });
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
        <Filter name="file" value={file} onSet={set} />
      </form>
      {exportName === '' || file === '' ? (
        <p class="dim">Name an export and a file in it, or choose a file in another view.</p>
      ) : (
        <Story key={`${exportName}:${file}`} export={exportName} file={file} news={news} />
      )}
    </>
  );
}

function Story(where: { export: string; file: string; news: number }): JSX.Element {
  const { export: exportName, file, news } = where;
  const [events, setEvents] = useState<ClusterEvent[]>([]);
  const [error, setError] = useState<unknown>(undefined);
  const [isPartial, setPartial] = useState(false);
  const [opened, setOpened] = useState<Lock | undefined>(undefined);
  const load = async (): Promise<{ locks: Lock[]; at: number }> => {
    const at = Date.now();
    return {
      at,
      ...(await get<{ locks: Lock[] }>('v1/locks', { export: exportName, file, tree: true, limit: 250 })),
    };
  };
  const { value, error: failed } = usePolled(load, 2_000, news);
  useEffect(() => {
    const over = new AbortController();
    void follow(
      'v1/events',
      { export: exportName, file, past: true },
      over.signal,
      (name, data) => {
        if (name === 'resync') setPartial(true);
        else setEvents((known) => [data as ClusterEvent, ...known].slice(0, eventsMax));
      },
      (_open, why) => {
        setError(why);
      },
    );
    return () => {
      over.abort();
    };
  }, []);
  const held = (value?.locks ?? []).filter(({ state }) => state !== 'released' && state !== 'revoked');
  return (
    <>
      <Trouble error={error ?? failed} />
      <h2>Now</h2>
      {value !== undefined && held.length === 0 && <p class="dim">Nothing is held, and nobody waits.</p>}
      <div class="now">
        {flat(held, value?.at ?? 0).map((row) => (
          <button
            key={row.lock.id}
            type="button"
            class={`row level-${Math.min(6, row.level)}`}
            onClick={() => {
              setOpened(row.lock);
            }}
          >
            <LockLine row={row} />
          </button>
        ))}
      </div>
      <h2>What happened</h2>
      {isPartial && <p class="dim">Some events are missing: the record log no longer has them.</p>}
      {events.length === 0 && <p class="dim">The record log remembers nothing about this file.</p>}
      <ol class="story">
        {events.map((event, at) => (
          <li key={`${event.at} ${events.length - at}`}>
            <time dateTime={event.at}>{new Date(event.at).toLocaleTimeString()}</time> {eventText(event)}
          </li>
        ))}
      </ol>
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

function eventText(event: ClusterEvent): JSX.Element {
  const { what, type, cause, target, sessionId, id, token, waited } = event;
  const facts = [
    type,
    target === undefined ? undefined : `to ${target}`,
    waited === true ? 'after a wait' : undefined,
    token === undefined ? undefined : `token ${token}`,
    cause === undefined ? undefined : `(${cause})`,
  ];
  return (
    <>
      <strong>{what}</strong> {plain(facts.filter(Boolean).join(', '))} {id !== undefined && <Id id={id} />}
      {sessionId !== undefined && (
        <>
          {' '}
          session{' '}
          <a href={hrefOf('locks', { session: sessionId })}>
            <Id id={sessionId} />
          </a>
        </>
      )}
    </>
  );
}
