import fc from 'fast-check';
import { byLock, differences, lastNotices, Normal } from '../support/dlm-differences';
import { DlmPlayer, type Heard, type Move, movesOf, type Request, Requests } from '../support/dlm-history';
import { KernelDlm } from '../support/kernel-dlm';
import { rulesTable } from '../support/rules-table';
import { closeTables, openTable } from '../support/tables';

/**
 * The same random histories through the rules, the table in Redis and the Linux kernel's DLM: what every lock hears of
 * every request is the same. `HISTORIES=3000 npm run test:dlm` plays more, as many as `MINUTES=` allows.
 */

let kernel: KernelDlm;
let played = 0;
/** So many histories are under way at a time: each waits mostly for answers. */
const lanes = 8;
/** The machine may be busy with them. */
const commandMs = 120_000;

beforeAll(async () => {
  kernel = await KernelDlm.open();
  // The first one loads the library, which is not to be loaded by all lanes at once.
  await (await openTable('redis', { commandMs })).close();
}, 600_000);
afterAll(async () => {
  kernel.close();
  await closeTables();
});

interface Step {
  request: Request;
  ours: Heard[];
  /** Nobody hears what a killed process would have been told. */
  deaf: ReadonlySet<number>;
}

/** Our side: the rules, and the same through Redis. What they say decides which request is next. */
async function playOurs(moves: readonly Move[], requests: Requests): Promise<Step[]> {
  const clock = { now: 1_700_000_000_000 };
  const redis = await openTable('redis', { wall: () => clock.now, commandMs });
  try {
    const players = [new DlmPlayer(rulesTable(clock), clock), new DlmPlayer(redis.table, clock)] as const;
    for (const player of players) await player.begin();
    const steps: Step[] = [];
    for (const move of moves) {
      const request = requests.next(move);
      const [ours, redisSays] = [await players[0].ask(request), await players[1].ask(request)];
      const deaf = request.do === 'kill' ? requests.of(request.holder) : new Set<number>();
      requests.heard(request, ours);
      steps.push({ request, ours, deaf });
      expect({ said: said(steps), heard: byLock(redisSays) }).toEqual({
        said: said(steps),
        heard: byLock(ours),
      });
    }
    return steps;
  } finally {
    await redis.close();
  }
}

/** Whether the request may lower a conversion to NL: its own, or one that is deadlocked with it. */
const mayDemote = ({ flags }: Request): boolean =>
  flags.convdeadlk === true || flags.nodlckwt === true || flags.headque === true;

const said = (steps: readonly Step[]): Request[] => steps.map(({ request }) => request);

async function play(moves: readonly Move[]): Promise<void> {
  played += 1;
  // Long runs show how far they are; standard output is not shown.
  if (played % 100 === 0) process.stderr.write(`${String(played)} histories\n`);
  // A resource that nobody uses any more is remembered by the kernel for a while.
  const requests = new Requests(`h${String(process.pid)}.${String(played)}.`);
  const steps = await playOurs(moves, requests);
  const kernelHeard = await kernel.play(said(steps), requests.all());
  const normal = new Normal();
  for (const [n, { request, ours, deaf }] of steps.entries()) {
    const hear = (heard: readonly Heard[]): Heard[] => {
      const listened = heard.filter(({ lock }) => !deaf.has(lock));
      return byLock(mayDemote(request) ? lastNotices(listened) : listened);
    };
    const theirs = normal.kernel(request, kernelHeard[n] ?? [], ours);
    const before = said(steps.slice(0, n + 1));
    expect({ said: before, heard: hear(theirs) }).toEqual({
      said: before,
      heard: hear(normal.ours(ours, theirs)),
    });
  }
}

test('every grant, refusal, order, notice and value block is the kernel’s', async () => {
  const { seed = Date.now() % 2 ** 31 } = fc.readConfigureGlobal();
  let failed = false;
  const property = fc.asyncProperty(movesOf(30), (moves) => (failed ? Promise.resolve() : play(moves)));
  /** A failure shows the seed of its lane. */
  const run = async (lane: number): Promise<void> => {
    try {
      await fc.assert(property, {
        seed: seed + lane,
        numRuns: Math.ceil(Number(process.env['HISTORIES'] ?? 64) / lanes),
        plugins: [fc.interruptAfterTimeLimit(Number(process.env['MINUTES'] ?? 10) * 60_000)],
      });
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, (_, lane) => run(lane)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  process.stderr.write(`${String(played)} histories\n`);
  expect(played).toBeGreaterThan(0);
}, 3_600_000);

test('what differs on purpose has a reason', () => {
  for (const { name, why } of differences) expect([name, why.length > 40]).toEqual([name, true]);
});
