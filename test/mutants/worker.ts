import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import fc from 'fast-check';
import type { Mutant, MutatedFile } from './mutants';
import { hits, plenty, switchboard } from './switchboard';
import { loadTrials, type Trial } from './trial';
import { watchdog } from './watchdog';

/** Of test/support/typescript.cjs. */
declare const textsOfFiles: Map<string, string>;

/** Runs trials over the changed rules, on command. */
export type Order =
  | { files: string }
  | { note: { of: number; from: number } }
  | { mutant: Pick<Mutant, 'id' | 'atLoad'>; trials: Planned[] };

/** A trial to run, with the work and the milliseconds that it takes when nothing is changed. */
export interface Planned {
  trial: number;
  spent: number;
  ms: number;
}

export type Report =
  | { trial: number; title: string; hits: number[]; ms: number; spent: number }
  | { loaded: number[] }
  | { noted: true }
  | { id: number; death: { title: string; message: string } | undefined };

/** How much more work than usual is allowed for a trial. */
const spare = 100_000;
/** How much more processor time than usual is allowed, in code where work is not counted. */
const spareMs = 5_000;

// That a history fails is enough; a shorter one takes seconds to find.
fc.configureGlobal({ endOnFailure: true });

let trials: Trial[] = [];
let reload = false;
const report = (message: Report): void => {
  process.send?.(message);
};

async function note({ of, from }: { of: number; from: number }): Promise<void> {
  trials = loadTrials();
  report({ loaded: [...hits] });
  for (let at = from; at < trials.length; at += of) {
    const trial = trials[at] as Trial;
    hits.clear();
    switchboard.left = plenty;
    const begun = process.cpuUsage();
    try {
      await trial.run();
    } catch (error) {
      throw new Error(`"${trial.title}" fails before anything is changed`, { cause: error });
    }
    const ms = process.cpuUsage(begun).user / 1000;
    report({ trial: at, title: trial.title, hits: [...hits], ms, spent: plenty - switchboard.left });
  }
  report({ noted: true });
}

async function attempt(
  { id, atLoad }: Pick<Mutant, 'id' | 'atLoad'>,
  plan: readonly Planned[],
): Promise<void> {
  switchboard.on = id;
  switchboard.left = plenty;
  let death: { title: string; message: string } | undefined;
  try {
    if (atLoad || reload || trials.length === 0) trials = loadTrials();
    reload = atLoad;
  } catch (error) {
    death = { title: 'loading', message: String(error) };
    reload = true;
  }
  for (const { trial: at, spent, ms } of plan) {
    const trial = trials[at];
    if (death !== undefined || trial === undefined) break;
    switchboard.left = 4 * spent + spare;
    watchdog.begin(10 * ms + spareMs);
    try {
      await trial.run();
    } catch (error) {
      death = { title: trial.title, message: error instanceof Error ? error.message : String(error) };
    }
    watchdog.end();
  }
  switchboard.on = 0;
  report({ id, death });
}

process.on('message', (order: Order) => {
  if ('files' in order) {
    const [mode = '', path = ''] = order.files.split(/:(.*)/);
    const files = JSON.parse(readFileSync(path, 'utf8')) as MutatedFile[];
    for (const file of files) textsOfFiles.set(file.path, file[mode as 'noted' | 'tried']);
  } else if ('note' in order) {
    void note(order.note).catch((error: unknown) => {
      process.stderr.write(`${inspect(error)}\n`);
      process.exit(1);
    });
  } else {
    void attempt(order.mutant, order.trials);
  }
});
process.on('disconnect', () => process.exit());
