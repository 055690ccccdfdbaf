import type { JSX } from 'preact';
import type { z } from 'zod';
import type { configuration } from '#contracts';
import { get, itemsMax } from './api';
import { type Feed, State, Table, Trouble, useRead } from './parts';
import { hrefOf } from './route';
import { plain, spanText } from './words';

type Export = z.infer<typeof configuration.exportView>;
type Stack = z.infer<typeof configuration.stack>;

/** No event tells that an adapter is silent, or what a fileserver has confirmed. */
const adaptersMs = 5_000;

/** Stacks with their adapters and exports. */
export function ExportsView({ feed }: { feed: Feed }): JSX.Element {
  const load = async (): Promise<{ exports: Export[]; stacks: Stack[] }> => {
    const [{ exports }, { stacks }] = await Promise.all([
      get<{ exports: Export[] }>('v1/exports', { limit: itemsMax }),
      get<{ stacks: Stack[] }>('v1/stacks', { limit: itemsMax }),
    ]);
    return { exports, stacks };
  };
  const { value, error } = useRead(load, feed, adaptersMs);
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
