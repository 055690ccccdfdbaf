import { openEmbeddedTable } from '../../libs/locks/src/table/embedded/embedded-table';
import { Scenario, type Clock } from '../support/scenario';
import { scenarios } from './scenarios';

const memory = {
  identity: 'x',
  load: () => [],
  commit: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
describe('embedded', () => {
  test.each(Object.entries(scenarios))('%s', async (_title, text) => {
    const clock: Clock = { now: 1_700_000_000_000 };
    const table = await openEmbeddedTable({ store: memory, wall: () => clock.now });
    await new Scenario(table, clock).play(text);
    await table.close();
  });
});
