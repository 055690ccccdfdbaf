import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { judge, type Verdict } from './checker';
import { runClient } from './client';
import { Journal, now, readHistory } from './history';
import { Random } from './random';
import { type Deployment, type Fault, shapes } from './shapes';

/** Does something while clients are at work. */
export type Step = (name: string, act: () => Promise<void>) => Promise<void>;

export interface RunOptions {
  shape: string;
  seed: number;
  ms: number;
  /** Where the history is written. */
  path: string;
  clients?: number;
  /** Of the table; default: as many as the service chooses. */
  shards?: number;
  /** What happens, instead of faults for `ms`. It calls `step` for each thing that happens. */
  story?: (deployment: Deployment, step: Step) => Promise<void>;
  /** Only these faults happen; default: all of the shape. */
  faults?: RegExp;
  program?: string;
  lateMs?: number;
  ttlMs?: number;
}

const breakMs = 3_000;
const ttlMsUsual = 8_000;
/** Few, so that clients meet. */
const filesInOne = ['a', 'b', 'c'];
const filesInSeveral = ['a', 'b', 'c', 'd', 'e', 'f'];
/** How long an event, or the end of a fault, may take to be noticed. */
const deliveryMs = 2_000;
const lateMsUsual = 20_000;
const calmMs = 1_500;
const linesFirst = 300;
const idle: Fault = { name: 'nothing', strike: () => Promise.resolve() };

/** Runs clients against a deployment while one fault after another happens, and judges what the clients were told. */
export async function chaos(options: RunOptions): Promise<Verdict> {
  const { shape, seed, ms, path, clients = 12, faults: which = /./, program, shards } = options;
  const { lateMs = lateMsUsual, ttlMs = ttlMsUsual } = options;
  const start = shapes[shape];
  if (start === undefined)
    throw new Error(`there is no shape ${shape}; there are ${Object.keys(shapes).join(', ')}`);
  const random = new Random(seed);
  const env = {
    LEASEHOLD_LOCAL_EXPORTS: 'chaos',
    LEASEHOLD_BREAK_MS: String(breakMs),
    LEASEHOLD_LOCK_DELAY_MS: '200',
  };
  const deployment = await start({
    env: shards === undefined ? env : { ...env, LEASEHOLD_TABLE_SHARDS: String(shards) },
    program,
    shards,
    wants: (name) => options.story === undefined && which.test(name),
  });
  const { urls, faults } = deployment;
  const files = deployment.shards > 1 ? filesInSeveral : filesInOne;
  const journal = new Journal(path);
  journal.write({ at: now(), say: 'run', breakMs, ttlMs, wallMs: Date.now() });
  const over = new AbortController();
  // Every stream and every wait of a client listens to it.
  setMaxListeners(0, over.signal);
  const running = Array.from({ length: clients }, (_, no) =>
    runClient(
      `c${String(no + 1)}`,
      { urls, journal, random: random.fork(), breakMs, ttlMs, files },
      over.signal,
    ),
  );
  const mine = random.fork();
  const possible = faults.filter(({ name }) => which.test(name));
  // The clients are at work.
  await eventually(() => {
    if (journal.lines < linesFirst) throw new Error(`the clients wrote only ${String(journal.lines)} lines`);
  });
  const step: Step = async (fault, act) => {
    journal.write({ at: now(), say: 'fault', fault, is: 'begins' });
    await act();
    // Clients and nodes find each other again.
    await pause(mine.below(calmMs));
    journal.write({ at: now(), say: 'fault', fault, is: 'ends' });
    await pause(mine.below(calmMs));
  };
  const until = now() + ms;
  try {
    if (options.story !== undefined) await options.story(deployment, step);
    else
      do {
        const fault = possible.length === 0 ? idle : mine.of(possible);
        await step(fault.name, () => fault.strike(mine));
      } while (now() < until - calmMs);
    await pause(Math.max(0, until - now()));
  } finally {
    over.abort();
    await Promise.all(running);
    journal.close();
    await deployment.stop();
  }
  return judge(readHistory(path), { lateMs, deliveryMs });
}
