import { Scenario, type Clock } from '../support/scenario';
import { closeTables, openTable } from '../support/tables';
import { scenarios } from './scenarios';

afterAll(closeTables);

describe.each(['embedded', 'lmdb', 'redis'] as const)('%s', (home) => {
  test.each(Object.entries(scenarios))('%s', async (_title, text) => {
    const clock: Clock = { now: 1_700_000_000_000 };
    const open = await openTable(home, { wall: () => clock.now });
    await new Scenario(open.table, clock).play(text);
    await open.close();
  });
});
