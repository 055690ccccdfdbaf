import { rulesInShards, rulesTable } from '../support/rules-table';
import { Scenario, type Clock } from '../support/scenario';
import { closeTables, openTable } from '../support/tables';
import { adapters } from './adapters';
import { backend } from './backend';
import { breaks } from './breaks';
import { changes } from './changes';
import { clients } from './clients';
import { connections } from './connections';
import { courtesy } from './courtesy';
import { checklists } from './checklist';
import { deadlock } from './deadlock';
import { delegations } from './delegations';
import { fileserver } from './fileserver';
import { grace } from './grace';
import { holds } from './holds';
import { kernelRanges } from './kernel-ranges';
import { leases } from './leases';
import { matrix } from './matrix';
import { modal } from './modes';
import { nodes } from './nodes';
import { notices } from './notices';
import { opens } from './opens';
import { orders } from './orders';
import { queue } from './queue';
import { quotas } from './quotas';
import { ranges } from './ranges';
import { revoked } from './revoked';
import { semaphores } from './semaphores';
import { different, overShards } from './shards';
import { tenures } from './tenures';
import { tenants } from './tenants';
import { time } from './time';
import { tree } from './tree';

/**
 * The service's promises as histories in which time is a verb. Each runs through the rules alone and through every
 * table.
 */
const families = {
  matrix,
  leases,
  holds,
  breaks,
  adapters,
  opens,
  delegations,
  ranges,
  kernelRanges,
  modal,
  connections,
  orders,
  changes,
  clients,
  courtesy,
  queue,
  quotas,
  deadlock,
  semaphores,
  fileserver,
  grace,
  tree,
  backend,
  nodes,
  notices,
  revoked,
  tenants,
  tenures,
  time,
};

afterAll(closeTables);

describe.each(Object.entries(families))('rules: %s', (_family, scenarios) => {
  test.each(Object.entries(scenarios))('%s', async (_title, text) => {
    const clock: Clock = { now: 1_700_000_000_000, ahead: 0 };
    await new Scenario(rulesTable(clock), clock).play(text);
  });
});

/** In four shards: all files in one that is not the home of the sessions, or in all. */
describe.each([
  ['together', 3],
  ['spread', undefined],
] as const)('rules in four shards, %s', (how, only) => {
  const isDifferent = (title: string): boolean =>
    different.some((each) => [...(each.both ?? []), ...(each[how] ?? [])].includes(title));
  describe.each(Object.entries(families))('%s', (family, scenarios) => {
    const same = Object.entries(scenarios).filter(([title]) => !isDifferent(`${family}: ${title}`));
    test.each(same)('%s', async (_title, text) => {
      const clock: Clock = { now: 1_700_000_000_000, ahead: 0 };
      await new Scenario(rulesInShards(clock), clock, only).play(text);
    });
  });
});

describe('rules in four shards, other histories', () => {
  test.each(Object.entries(overShards))('%s', async (_title, text) => {
    const clock: Clock = { now: 1_700_000_000_000, ahead: 0 };
    await new Scenario(rulesInShards(clock), clock).play(text);
  });
});

describe.each(['embedded', 'lmdb', 'redis'] as const)('%s', (store) => {
  describe.each(Object.entries(families))('%s', (_family, scenarios) => {
    test.each(Object.entries(scenarios))('%s', async (_title, text) => {
      const clock: Clock = { now: 1_700_000_000_000, ahead: 0 };
      const open = await openTable(store, {
        wall: () => clock.now + clock.ahead,
        monotonic: () => clock.now,
      });
      await new Scenario(open.table, clock).play(text);
      await open.close();
    });
  });
});

test('every history that is different in shards is one', () => {
  const titles = new Set(
    Object.entries(families).flatMap(([family, all]) =>
      Object.keys(all).map((title) => `${family}: ${title}`),
    ),
  );
  const named = different.flatMap(({ both = [], together = [], spread = [] }) => [
    ...both,
    ...together,
    ...spread,
  ]);
  expect(named.filter((title) => !titles.has(title))).toEqual([]);
  expect(named.length).toBe(new Set(named).size);
});

test('every title of the checklists has its scenarios, or why it has none', () => {
  const titles = new Set(
    Object.entries(families).flatMap(([family, all]) =>
      Object.keys(all).map((title) => `${family}: ${title}`),
    ),
  );
  const named = checklists.flatMap((list) =>
    Object.values(list).flatMap((covered) => ('not' in covered ? [] : covered)),
  );
  expect(named.filter((title) => !titles.has(title))).toEqual([]);
});
