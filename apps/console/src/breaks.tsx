import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Lock } from '#contracts';
import { useLockDialog } from './actions';
import { get } from './api';
import { type Feed, Trouble, useNow, useRead } from './parts';
import { hrefOf } from './route';
import { counted, spanText, whereText, whoText } from './words';

const rowsMax = 500;

/** A file with a running break, and the holders that have not answered. */
interface Breaking {
  where: { export: string; file: string };
  locks: Lock[];
}

interface Breaks {
  files: Breaking[];
  isWhole: boolean;
  /** When it was read. */
  at: number;
}

async function read(): Promise<Breaks> {
  const at = Date.now();
  const page = await get<{ locks: Lock[]; cursor?: string }>('v1/locks', {
    state: 'breaking',
    limit: rowsMax,
  });
  const files = new Map<string, Breaking>();
  for (const lock of page.locks) {
    const known = files.get(whereText(lock));
    if (known !== undefined) known.locks.push(lock);
    else files.set(whereText(lock), { where: { export: lock.export, file: lock.file }, locks: [lock] });
  }
  const left = ({ locks }: Breaking): number => locks[0]?.break?.remainingMs ?? Infinity;
  return {
    files: [...files.values()].sort((a, b) => left(a) - left(b)),
    isWhole: page.cursor === undefined,
    at,
  };
}

/** Every break begins and ends with an event, so nothing is polled. */
export function BreaksView({ feed }: { feed: Feed }): JSX.Element {
  const { value, error } = useRead(read, feed, undefined);
  const [dialog, open] = useLockDialog();
  const now = useNow();
  /** The longest time that was seen to be left for a break. */
  const longest = useRef(new Map<string, number>());
  return (
    <>
      <Trouble error={error} />
      {value?.files.map(({ where, locks }) => {
        const name = whereText(where);
        const running = locks[0]?.break;
        const left = running?.remainingMs === undefined ? undefined : running.remainingMs - (now - value.at);
        const key = `${name} ${running?.breakId ?? ''}`;
        const most = Math.max(left ?? 0, longest.current.get(key) ?? 1);
        longest.current.set(key, most);
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
              <progress max={most} value={Math.max(0, left)} aria-label={`time left for ${name}`} />
            )}
            <ul>
              {locks.map((lock) => (
                <li key={lock.id}>
                  <button
                    type="button"
                    class="link"
                    onClick={() => {
                      open(lock);
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
        {value === undefined
          ? error === undefined && 'Reading …'
          : value.files.length === 0
            ? 'No break is running.'
            : `${counted(value.files.length, 'file')}${value.isWhole ? '' : ', and more'}`}
      </p>
      {dialog}
    </>
  );
}
