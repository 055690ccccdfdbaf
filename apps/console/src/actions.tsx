import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { z } from 'zod';
import type { Lock, session, sessionEnding } from '#contracts';
import { call, get, pathOf } from './api';
import { Dialog, Id, State, Trouble } from './parts';
import { hrefOf } from './route';
import { counted, isOver, plain, spanText, typeText, whereText, whoText } from './words';

/** What administrators do by force. Whom it hits is shown first, and nothing is done before that is confirmed. */

export type Session = z.infer<typeof session>;
type Ending = z.infer<typeof sessionEnding>;
type Act = 'break' | 'release' | 'end';

/** The most rows of one file or session that a dialog lists. */
const listedMax = 20;
const readMax = 1_000;

/** A dialog about one lock, if one was opened, and what opens it. */
export function useLockDialog(): [JSX.Element | null, (lock: Lock) => void] {
  const [lock, setLock] = useState<Lock | undefined>(undefined);
  const close = (): void => {
    setLock(undefined);
  };
  return [lock === undefined ? null : <LockDialog lock={lock} onClose={close} />, setLock];
}

function LockDialog({ lock, onClose }: { lock: Lock; onClose: () => void }): JSX.Element {
  const [act, setAct] = useState<Act | undefined>(undefined);
  if (act !== undefined) return <Confirm act={act} lock={lock} onClose={onClose} />;
  const isLease = (lock.kind === 'lease' || lock.kind === 'delegation') && lock.state !== 'waiting';
  const where = { export: lock.export, file: lock.file };
  return (
    <Dialog title={`${lock.kind} ${typeText(lock)}`} onClose={onClose}>
      <dl>
        <Fact name="File">
          <a href={hrefOf('story', where)}>{whereText(lock)}</a>
        </Fact>
        <Fact name="State">
          <State state={lock.state} />
        </Fact>
        <Fact name="Holder">{whoText(lock)}</Fact>
        <Fact name="Since">{lock.ageMs === undefined ? '' : `${spanText(lock.ageMs)} ago`}</Fact>
        <Fact name="Session">
          <a href={hrefOf('locks', { session: lock.sessionId })}>
            <Id id={lock.sessionId} />
          </a>
        </Fact>
        <Fact name="Owner">{lock.owner === lock.sessionId ? '' : plain(lock.owner)}</Fact>
        <Fact name="Token">{lock.token === undefined ? '' : String(lock.token)}</Fact>
        <Fact name="Backed">
          {lock.backed === undefined ? '' : lock.backed ? 'yes' : 'in the table only'}
        </Fact>
        <Fact name="Waits for">{lock.blockedBy === undefined ? '' : <Id id={lock.blockedBy} />}</Fact>
        <Fact name="Id">
          <code>{lock.id}</code>
        </Fact>
      </dl>
      <div class="buttons">
        <a class="button" href={hrefOf('story', where)}>
          The file’s story
        </a>
        {isLease && (
          <button
            type="button"
            onClick={() => {
              setAct('break');
            }}
          >
            Break …
          </button>
        )}
        <button
          type="button"
          class="danger"
          onClick={() => {
            setAct('release');
          }}
        >
          {lock.state === 'waiting' ? 'Cancel the request …' : 'Release …'}
        </button>
        {lock.sessionId !== '' && (
          <button
            type="button"
            class="danger"
            onClick={() => {
              setAct('end');
            }}
          >
            End its session …
          </button>
        )}
      </div>
    </Dialog>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element | null {
  if (children === '' || children === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function SessionDialog({ session, onClose }: { session: Session; onClose: () => void }): JSX.Element {
  const [ends, setEnds] = useState(false);
  if (ends) return <Confirm act="end" session={session} onClose={onClose} />;
  const { label, node, pid, state, tenant, subject, locks, streams, ttlMs, sessionId } = session;
  return (
    <Dialog title={plain(label ?? `Session of pid ${pid ?? 0}`)} onClose={onClose}>
      <dl>
        <Fact name="State">
          <State state={state} />
        </Fact>
        <Fact name="Node">{plain(node ?? '')}</Fact>
        <Fact name="Pid">{pid === undefined ? '' : String(pid)}</Fact>
        <Fact name="Tenant">{plain(tenant ?? '')}</Fact>
        <Fact name="Subject">{plain(subject ?? '')}</Fact>
        <Fact name="Has">{counted(locks, 'row')}</Fact>
        <Fact name="Streams">{streams === 0 ? 'none: it hears no events' : String(streams)}</Fact>
        <Fact name="TTL">{spanText(ttlMs)}</Fact>
        <Fact name="Id">
          <code>{sessionId}</code>
        </Fact>
      </dl>
      <div class="buttons">
        <a class="button" href={hrefOf('locks', { session: sessionId })}>
          What it has
        </a>
        {(state === 'live' || state === 'courtesy' || state === 'expiring') && (
          <button
            type="button"
            class="danger"
            onClick={() => {
              setEnds(true);
            }}
          >
            End the session …
          </button>
        )}
      </div>
    </Dialog>
  );
}

/** Whom an act hits: who loses or is asked, and who waits behind it. */
interface Hit {
  text: string;
  locks: Lock[];
  waiting: number;
}

async function hitOf(act: Act, lock: Lock | undefined, sessionId: string): Promise<Hit> {
  if (act === 'end') {
    const { locks, waiting, truncated } = await call<Ending>('DELETE', pathOf('sessions', sessionId), {
      dryRun: true,
    });
    const many = truncated ? `more than ${counted(locks.length, 'row')}` : counted(locks.length, 'row');
    return { text: `Its session ends as if it had expired. It loses ${many}:`, locks, waiting };
  }
  if (lock === undefined) return { text: '', locks: [], waiting: 0 };
  if (act === 'release') {
    const now = await get<Lock>(pathOf('locks', lock.id));
    const text = now.state === 'waiting' ? 'This request is cancelled:' : 'Its holder loses it, and is told:';
    return { text, locks: [now], waiting: countOf(now.waiters) };
  }
  const filter = { export: lock.export, file: lock.file, tree: true, limit: readMax };
  const { locks } = await get<{ locks: Lock[] }>('v1/locks', filter);
  const leases = locks.filter(
    (each) => (each.kind === 'lease' || each.kind === 'delegation') && !isOver(each),
  );
  const waiting = leases.reduce((sum, each) => sum + countOf(each.waiters), 0);
  return {
    text: 'Each of these holders is asked to let go, and revoked if it does not answer in time:',
    locks: leases,
    waiting,
  };
}

const countOf = (waiters: readonly Lock[] = []): number =>
  waiters.reduce((sum, each) => sum + 1 + countOf(each.waiters), 0);

const words: Record<Act, { title: string; does: string; done: string }> = {
  break: { title: 'Break the leases on this file?', does: 'Break', done: 'The break has begun.' },
  release: { title: 'Release this by force?', does: 'Release', done: 'It is released.' },
  end: { title: 'End this session?', does: 'End the session', done: 'The session has ended.' },
};

function Confirm(props: { act: Act; lock?: Lock; session?: Session; onClose: () => void }): JSX.Element {
  const { act, lock, session } = props;
  const sessionId = session?.sessionId ?? lock?.sessionId ?? '';
  const [hit, setHit] = useState<Hit | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const [state, setState] = useState<'asked' | 'running' | 'done'>('asked');
  useEffect(() => {
    hitOf(act, lock, sessionId).then(setHit, setError);
  }, []);
  const run = async (): Promise<void> => {
    setState('running');
    try {
      if (act === 'end') await call('DELETE', pathOf('sessions', sessionId));
      else if (act === 'release') await call('DELETE', pathOf('locks', lock?.id ?? ''));
      else await call('POST', pathOf('locks', lock?.id ?? '', 'break'), {}, { target: 'none' });
      setState('done');
    } catch (failed) {
      setError(failed);
      setState('asked');
    }
  };
  const { title, does, done } = words[act];
  return (
    <Dialog title={title} onClose={props.onClose}>
      <Trouble error={error} />
      {hit === undefined && error === undefined && <p>Looking whom it hits …</p>}
      {hit !== undefined && state !== 'done' && (
        <>
          <p>{hit.text}</p>
          <ul class="hit">
            {hit.locks.slice(0, listedMax).map((each) => (
              <li key={each.id}>
                {each.kind} {typeText(each)} on {whereText(each)}, {whoText(each)}
              </li>
            ))}
            {hit.locks.length === 0 && <li>nothing</li>}
            {hit.locks.length > listedMax && <li>and {hit.locks.length - listedMax} more</li>}
          </ul>
          <p>
            {counted(hit.waiting, 'request')} {hit.waiting === 1 ? 'waits' : 'wait'} behind it.
          </p>
        </>
      )}
      {state === 'done' && <p role="status">{done}</p>}
      <div class="buttons">
        <button type="button" onClick={props.onClose}>
          {state === 'done' ? 'Close' : 'Cancel'}
        </button>
        {state !== 'done' && (
          <button
            type="button"
            class="danger"
            disabled={hit === undefined || state === 'running'}
            onClick={() => {
              void run();
            }}
          >
            {does}
          </button>
        )}
      </div>
    </Dialog>
  );
}
