import fc from 'fast-check';
import { differences } from '../support/kernel/differences';
import { Machine } from '../support/kernel/machine';
import { Play, Tally } from '../support/kernel/play';
import { remembered } from '../support/kernel/remembered';
import { histories } from '../support/kernel/requests';
import { TableSide } from '../support/kernel/table-side';
import { closeTables } from '../support/tables';

/**
 * The kernel is the oracle: the table must grant, refuse, queue and list as it does, except for the listed
 * differences.
 */

let machine: Machine;
beforeAll(() => {
  machine = new Machine();
});
afterAll(async () => {
  machine.stop();
  await closeTables();
});

const runs = process.env['HISTORIES'];

test('in a random history the kernel and the table give the same answers, blockers and listings', async () => {
  const tally = new Tally();
  await fc.assert(
    fc.asyncProperty(histories(40), async (history) => {
      await new Play(machine, new TableSide(), tally).run(history);
    }),
    {
      numRuns: Number(runs ?? 3000),
      examples: [...remembered, ...differences.map(({ example }) => example)].map((history) => [history]),
    },
  );
  if (runs !== undefined) process.stderr.write(`${tally.report()}\n`);
  // A listed difference that never occurs is either unnecessary or no longer tested.
  expect(differences.filter((each) => tally.differences.get(each) === 0).map(({ what }) => what)).toEqual([]);
}, 3_600_000);
