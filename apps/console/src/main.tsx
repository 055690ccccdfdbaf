import { type JSX, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { follow, Refusal, token } from './api';
import { BreaksView } from './breaks';
import { ExportsView } from './exports';
import { LocksView } from './locks';
import { NodesView } from './nodes';
import { Dialog } from './parts';
import { hrefOf, useRoute } from './route';
import { SessionsView } from './sessions';
import { StoryView } from './story';

/** The console: docs/console.md. */

const views = [
  ['locks', 'Locks'],
  ['breaks', 'Breaks'],
  ['sessions', 'Sessions'],
  ['exports', 'Exports'],
  ['nodes', 'Nodes'],
  ['story', 'Story'],
] as const;
/** However much happens, a view is read again this often at most. */
const newsMs = 500;

function App(): JSX.Element {
  const route = useRoute();
  const [credentials, setCredentials] = useState(0);
  const [asksToken, setAsksToken] = useState(false);
  const [live, setLive] = useState<'live' | 'waiting' | 'denied'>('waiting');
  const [news, setNews] = useState(0);
  useEffect(() => {
    const over = new AbortController();
    let timer: number | undefined;
    let toldAt = 0;
    const tell = (): void => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          toldAt = performance.now();
          setNews((count) => count + 1);
        },
        Math.max(0, toldAt + newsMs - performance.now()),
      );
    };
    void follow('v1/events', {}, over.signal, tell, (open, why) => {
      // What happened until it was open was told to nobody.
      if (open) tell();
      const isDenied = why instanceof Refusal && why.wantsToken;
      setLive(open ? 'live' : isDenied ? 'denied' : 'waiting');
      if (isDenied && token.get() === '') setAsksToken(true);
    });
    return () => {
      over.abort();
      clearTimeout(timer);
    };
  }, [credentials]);
  const feed = { news, isLive: live === 'live' };
  useEffect(() => {
    // Alt+1 and so on, which no field and no browser on Linux or Windows uses.
    const pressed = (event: KeyboardEvent): void => {
      const isWritten = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key === '/' && !isWritten && document.querySelector('dialog[open]') === null) {
        const filter = document.querySelector<HTMLInputElement>('.filters input');
        filter?.focus();
        if (filter !== null) event.preventDefault();
      }
      const view = views[Number(event.key) - 1];
      if (!event.altKey || view === undefined) return;
      location.hash = hrefOf(view[0]);
      event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => {
      removeEventListener('keydown', pressed);
    };
  }, []);
  return (
    <>
      <header>
        <h1>Leasehold</h1>
        <nav aria-label="Views">
          {views.map(([view, title], at) => (
            <a
              key={view}
              href={hrefOf(view)}
              aria-current={route.view === view ? 'page' : undefined}
              title={`Alt+${at + 1}`}
            >
              {title}
            </a>
          ))}
        </nav>
        <span class={`live live-${live}`} role="status">
          {live === 'live' ? 'live' : live === 'denied' ? 'no rights' : 'connecting'}
        </span>
        <a href="docs">API</a>
        <button
          type="button"
          onClick={() => {
            setAsksToken(true);
          }}
        >
          Token
        </button>
      </header>
      <main key={credentials}>
        {route.view === 'locks' && <LocksView route={route} feed={feed} />}
        {route.view === 'breaks' && <BreaksView feed={feed} />}
        {route.view === 'sessions' && <SessionsView route={route} feed={feed} />}
        {route.view === 'exports' && <ExportsView feed={feed} />}
        {route.view === 'nodes' && <NodesView feed={feed} />}
        {route.view === 'story' && <StoryView route={route} feed={feed} />}
      </main>
      {asksToken && (
        <TokenDialog
          onClose={() => {
            setAsksToken(false);
          }}
          onSet={() => {
            setCredentials((count) => count + 1);
          }}
        />
      )}
    </>
  );
}

function TokenDialog({ onClose, onSet }: { onClose: () => void; onSet: () => void }): JSX.Element {
  const [text, setText] = useState(token.get());
  return (
    <Dialog title="Token" onClose={onClose}>
      <form
        method="dialog"
        onSubmit={() => {
          token.set(text.trim());
          onSet();
        }}
      >
        <p>
          It is sent with every request of this tab, and forgotten with it. Without one you are whoever the
          service takes callers without a token for.
        </p>
        <label>
          Token
          <input
            type="password"
            name="token"
            value={text}
            autocomplete="off"
            autofocus
            onInput={(event) => {
              setText(event.currentTarget.value);
            }}
          />
        </label>
        <div class="buttons">
          <button type="submit">Use it</button>
        </div>
      </form>
    </Dialog>
  );
}

render(<App />, document.body);
