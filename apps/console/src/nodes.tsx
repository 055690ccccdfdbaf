import type { JSX } from 'preact';
import type { z } from 'zod';
import type { configuration } from '#contracts';
import { get, itemsMax } from './api';
import { type Feed, State, Table, Trouble, useNow, useRead } from './parts';
import { hrefOf } from './route';
import { counted, plain, spanText } from './words';

type Node = z.infer<typeof configuration.node>;
type Region = z.infer<typeof configuration.region>;

/** No event tells of a heartbeat. */
const heartbeatsMs = 5_000;

/** Regions with their nodes. */
export function NodesView({ feed }: { feed: Feed }): JSX.Element {
  const load = async (): Promise<{ nodes: Node[]; regions: Region[] }> => {
    const [{ nodes }, { regions }] = await Promise.all([
      get<{ nodes: Node[] }>('v1/nodes', { limit: itemsMax }),
      get<{ regions: Region[] }>('v1/regions', { limit: itemsMax }),
    ]);
    return { nodes, regions };
  };
  const { value, error } = useRead(load, feed, heartbeatsMs);
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
