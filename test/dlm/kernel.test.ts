import fc from 'fast-check';
import { byLock, differences, Normal } from '../support/dlm-differences';
import { DlmPlayer, type Heard, type Move, movesOf, Requests } from '../support/dlm-history';
import { KernelDlm } from '../support/kernel-dlm';
import { rulesTable } from '../support/rules-table';
import { closeTables, openTable } from '../support/tables';

/**
 * The same random histories through the rules, the table in Redis and the Linux kernel's DLM: what every lock hears of
 * every request is the same. `HISTORIES=3000 npm run test:dlm` plays more.
 */

let kernel: KernelDlm;
let played = 0;

beforeAll(async () => {
  const directory = process.env['LEASEHOLD_TEST_DLM'];
  if (directory === undefined)
    throw new Error('LEASEHOLD_TEST_DLM is not set: these tests are run by npm run test:dlm');
  kernel = await KernelDlm.open(directory);
}, 600_000);
afterAll(async () => {
  kernel.close();
  await closeTables();
});

async function play(moves: readonly Move[]): Promise<void> {
  played += 1;
  const clock = { now: 1_700_000_000_000 };
  const redis = await openTable('redis', { wall: () => clock.now });
  const players = [new DlmPlayer(rulesTable(clock), clock), new DlmPlayer(redis.table, clock)] as const;
  for (const player of players) await player.begin();
  // A resource that nobody uses any more is remembered by the kernel for a while.
  const requests = new Requests(`h${String(process.pid)}.${String(played)}.`);
  const normal = new Normal();
  const said: unknown[] = [];
  try {
    for (const move of moves) {
      const request = requests.next(move);
      const [ours, redisSays] = [await players[0].ask(request), await players[1].ask(request)];
      const theirs = normal.kernel(alive(await kernel.ask(request), request, requests), ours);
      const mine = byLock(alive(ours, request, requests));
      const redisHeard = byLock(alive(redisSays, request, requests));
      requests.heard(request, ours);
      said.push(request);
      expect({ said, heard: redisHeard }).toEqual({ said, heard: mine });
      expect({ said, heard: byLock(theirs) }).toEqual({ said, heard: mine });
    }
  } finally {
    await kernel.release(requests.all());
    await redis.close();
  }
}

/** Nobody hears what a killed process would have been told. */
function alive(
  heard: readonly Heard[],
  request: { do: string; holder: number },
  requests: Requests,
): Heard[] {
  if (request.do !== 'kill') return [...heard];
  const its = new Set(requests.all().flatMap(([holder, lock]) => (holder === request.holder ? [lock] : [])));
  return heard.filter(({ lock }) => !its.has(lock));
}

test('every grant, refusal, order, notice and value block is the kernel’s', async () => {
  await fc.assert(fc.asyncProperty(movesOf(30), play), {
    numRuns: Number(process.env['HISTORIES'] ?? 60),
  });
}, 3_600_000);

test('what differs on purpose has a reason', () => {
  for (const { name, why } of differences) expect([name, why.length > 40]).toEqual([name, true]);
});
