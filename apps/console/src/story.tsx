import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { clusterEvent, Lock } from '#contracts';
import { useLockDialog } from './actions';
import { follow, get } from './api';
import { flat, LockLine, waitsMs } from './locks';
import { type Feed, Filter, Filters, Id, Trouble, useRead } from './parts';
import { go, hrefOf, type Route } from './route';
import { isOver, plain } from './words';

type ClusterEvent = z.infer<typeof clusterEvent>;

/** One file: what is held, and what the record log remembers. */
const eventsMax = 2_000;

export function StoryView({ route, feed }: { route: Route; feed: Feed }): JSX.Element {
  const { export: exportName = '', file = '' } = route.query;
  const set = (name: string, value: string): void => {
    go('story', { ...route.query, [name]: value });
  };
  return (
    <>
      <Filters>
        <Filter name="export" value={exportName} onSet={set} />
        <Filter name="file" value={file} onSet={set} />
      </Filters>
      {exportName === '' || file === '' ? (
        <p class="dim">Name an export and a file in it, or choose a file in another view.</p>
      ) : (
        <Story key={`${exportName}:${file}`} export={exportName} file={file} feed={feed} />
      )}
    </>
  );
}

function Story(where: { export: string; file: string; feed: Feed }): JSX.Element {
  const { export: exportName, file, feed } = where;
  const [events, setEvents] = useState<ClusterEvent[]>([]);
  const [error, setError] = useState<unknown>(undefined);
  const [isPartial, setPartial] = useState(false);
  const [dialog, open] = useLockDialog();
  const load = async (): Promise<{ locks: Lock[]; at: number }> => {
    const at = Date.now();
    return {
      at,
      ...(await get<{ locks: Lock[] }>('v1/locks', { export: exportName, file, tree: true, limit: 250 })),
    };
  };
  const { value, error: failed } = useRead(load, feed, waitsMs);
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
  const held = (value?.locks ?? []).filter((lock) => !isOver(lock));
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
              open(row.lock);
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
            <time dateTime={event.at}>{new Date(event.at).toLocaleString()}</time> {eventText(event)}
          </li>
        ))}
      </ol>
      {dialog}
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
  ];
  return (
    <>
      <strong>{what}</strong> {plain(facts.filter(Boolean).join(', '))}
      {cause === undefined ? '' : plain(` (${cause})`)} {id !== undefined && <Id id={id} />}
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
