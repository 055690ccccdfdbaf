import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { type Session, SessionDialog } from './actions';
import { get } from './api';
import { PagedList } from './paged';
import { type Feed, Filter, Filters, Id, State, useNow } from './parts';
import { go, hrefOf, type Route } from './route';
import { plain, spanText } from './words';

/** No event tells of a keepalive, or that a session begins. */
const keepalivesMs = 5_000;

interface SessionRow {
  session: Session;
  at: number;
}

export function SessionsView({ route, feed }: { route: Route; feed: Feed }): JSX.Element {
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
      <Filters>
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
      </Filters>
      <PagedList<SessionRow>
        label="Sessions"
        one="session"
        none="There is no such session."
        of={of}
        load={load}
        feed={feed}
        everyMs={keepalivesMs}
        columns={['Session', 'Node, subject', 'State', 'Has', 'Last seen', 'Id']}
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
