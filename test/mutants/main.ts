import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, gather, survivorsIn } from './compare';
import { equivalent } from './equivalent';
import { type Mutant, mutateCore, typesRefuse } from './mutants';
import type { Order, Planned, Report } from './worker';

/**
 * `npm run mutate [-- FILE…]`: changes the rules in one small place at a time and checks whether a test fails. Prints
 * changes that survive EFFORT seconds of tests. FILE is part of a path, such as `rules/hold`; `--all` also tries
 * those listed as equivalent.
 */
const workers = Number(process.env['WORKERS'] ?? 2);
/** Milliseconds of tests, the quickest first, that a change must survive to count as undetected. */
const effortMs = Number(process.env['EFFORT'] ?? 3) * 1000;
/** Only every so many changes are tried, to learn how long all would take. */
const every = Number(process.env['EVERY'] ?? 1);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
/** Milliseconds of tests after which the compiler is asked whether it accepts the change at all. */
const firstMs = 300;
/** How many tests are tried in any case. */
const least = 6;
/** A worker that is silent for this long waits for something that does not come. */
const silenceMs = 300_000;

interface Trial {
  title: string;
  ms: number;
  spent: number;
  /** The number of changes that it reaches. */
  reach: number;
}

/** The result of the full analysis of one change. */
interface Outcome {
  mutant: Mutant;
  /** The number of trials that it can affect. */
  reached: number;
  death: string | undefined;
  /** Survived the tests, but the compiler refuses it. */
  refused: boolean;
  /** The compiler was asked. */
  checked: boolean;
}

/** The cause of death of what takes too long. */
const hung = 'it hung';

class Worker {
  private readonly child: ChildProcess;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    mode: 'noted' | 'tried',
    files: string,
    private readonly onReport: (report: Report) => void,
    onEnd: () => void,
  ) {
    this.child = fork(join(__dirname, 'worker.ts'), {
      execArgv: ['-r', join(__dirname, '../support/typescript.cjs')],
    });
    this.child.on('message', (report: Report) => {
      this.watch();
      this.onReport(report);
    });
    this.child.once('exit', () => {
      clearTimeout(this.timer);
      if (!this.ended) onEnd();
    });
    this.order({ files: `${mode}:${files}` });
  }

  order(order: Order): void {
    this.watch();
    this.child.send(order);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.child.kill();
  }

  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.child.kill('SIGKILL'), silenceMs);
  }
}

/** The trials that each change affects, the cost of each trial, and the changes that loading the rules affects. */
async function note(
  files: string,
): Promise<{ trials: Trial[]; reached: Map<number, number[]>; loaded: Set<number> }> {
  const trials: Trial[] = [];
  const loaded = new Set<number>();
  const reached = new Map<number, number[]>();
  const parts = Array.from(
    { length: workers },
    (_, from) =>
      new Promise<void>((resolve, reject) => {
        const worker = new Worker(
          'noted',
          files,
          (report) => {
            if ('noted' in report) {
              worker.end();
              resolve();
            } else if ('loaded' in report) {
              for (const id of report.loaded) loaded.add(id);
            } else if ('trial' in report) {
              const { trial, title, ms, spent, hits } = report;
              trials[trial] = { title, ms, spent, reach: hits.length };
              for (const id of hits) {
                const known = reached.get(id);
                if (known === undefined) reached.set(id, [trial]);
                else known.push(trial);
              }
            }
          },
          () => {
            reject(new Error('the tests do not pass with nothing changed'));
          },
        );
        worker.order({ note: { of: workers, from } });
      }),
  );
  await Promise.all(parts);
  return { trials, reached, loaded };
}

/** Tries each change until a test fails. */
async function attempt(
  files: string,
  mutants: readonly Mutant[],
  { trials, reached }: { trials: readonly Trial[]; reached: ReadonlyMap<number, readonly number[]> },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const all = trials.map((_, at) => at);
  const refused = typesRefuse();
  /** Trials that have detected many changes go first, above all in the same function. */
  const kills = new Map<string, number>();
  const price = (at: number, { file, within }: Mutant): number => {
    const { title = '', ms = 0 } = trials[at] ?? {};
    const here = kills.get([file, within, title].join(' ')) ?? 0;
    return ms / (1 + (kills.get(title) ?? 0) + 20 * here);
  };
  const ordered = (list: readonly number[], by: (trial: number) => number): Planned[] =>
    list
      .map((trial) => [trial, by(trial)] as const)
      .sort(([, a], [, b]) => a - b)
      .map(([trial]) => ({ trial, ms: trials[trial]?.ms ?? 0, spent: trials[trial]?.spent ?? 0 }));
  /** What survives the quick tests is rather noticed by tests that are about little else. */
  const plan = (list: readonly number[], mutant: Mutant): { first: Planned[]; rest: Planned[] } => {
    const quick = ordered(list, (at) => price(at, mutant));
    const first = withinEffort(quick, firstMs, 1);
    const done = new Set(first.map(({ trial }) => trial));
    const others = list.filter((at) => !done.has(at));
    const narrow = ordered(others, (at) => price(at, mutant) * (trials[at]?.reach ?? 0) ** 2);
    return { first, rest: withinEffort(narrow, effortMs, least) };
  };
  const conclude = (outcome: Outcome): void => {
    const { death, mutant } = outcome;
    if (death === hung) tell(`${mutant.file}:${String(mutant.line)} hangs: ${mutant.to}`);
    if (death !== undefined)
      for (const name of [death, [mutant.file, mutant.within, death].join(' ')])
        kills.set(name, (kills.get(name) ?? 0) + 1);
    outcomes.push(outcome);
    if (death === undefined && !outcome.refused) printSurvivor(outcome);
  };
  const next = mutants.values();
  const begun = performance.now();
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      let outcome: Outcome | undefined;
      /** The tests that are left to run. */
      let rest: Planned[] = [];
      const run = (mutant: Mutant, planned: Planned[]): void => {
        worker.order({ mutant: { id: mutant.id, atLoad: mutant.atLoad }, trials: planned });
      };
      const done = (death: string | undefined): void => {
        if (outcome !== undefined) {
          outcome.death = death;
          if (death === undefined && !outcome.checked) {
            outcome.checked = true;
            outcome.refused = refused(outcome.mutant);
            if (!outcome.refused && rest.length > 0) {
              run(outcome.mutant, rest);
              return;
            }
          }
          conclude(outcome);
        }
        if (outcomes.length % 500 === 0) {
          const seconds = ((performance.now() - begun) / 1000).toFixed(0);
          tell(`${String(outcomes.length)} of ${String(mutants.length)} tried after ${seconds} s`);
        }
        proceed();
      };
      const proceed = (): void => {
        for (;;) {
          const { value: mutant } = next.next();
          if (mutant === undefined) {
            worker.end();
            resolve();
            return;
          }
          const mine = plan(mutant.atLoad ? all : (reached.get(mutant.id) ?? []), mutant);
          ({ rest } = mine);
          const count = mine.first.length + rest.length;
          outcome = { mutant, reached: count, death: undefined, refused: false, checked: false };
          if (count > 0) {
            run(mutant, mine.first);
            return;
          }
          outcome.refused = refused(mutant);
          conclude(outcome);
        }
      };
      const start = (): Worker =>
        new Worker(
          'tried',
          files,
          (report) => {
            if ('id' in report) done(report.death?.title);
          },
          () => {
            worker = start();
            done(hung);
          },
        );
      let worker = start();
      proceed();
    });
  await Promise.all(Array.from({ length: workers }, one));
  return outcomes;
}

/** The trials, in their order, that take no longer than this together; the first ones in any case. */
function withinEffort(list: readonly Planned[], most: number, sure: number): Planned[] {
  let spent = 0;
  return list.filter(({ ms }, place) => {
    if (place >= sure && spent + ms > most) return false;
    spent += ms;
    return true;
  });
}

const contentOf = ({ within, from, to }: Mutant): string => JSON.stringify([within, from, to]);

/** The changes listed as equivalent, by content. */
function listed(): Map<string, string> {
  const all = new Map<string, string>();
  for (const { why, mutants } of equivalent)
    for (const mutant of mutants) {
      const name = JSON.stringify(mutant);
      if (all.has(name)) throw new Error(`listed as equivalent twice: ${name}`);
      all.set(name, why);
    }
  return all;
}

function printSurvivor({ mutant, reached }: Outcome): void {
  const where = `${mutant.file}:${String(mutant.line)} ${mutant.within}`;
  const why = reached === 0 ? 'no test gets there' : `${String(reached)} tests get there`;
  say(`${where} (${why})\n  - ${mutant.from}\n  + ${mutant.to}`);
}

function print(outcomes: readonly Outcome[], excused: readonly Mutant[]): void {
  const score = (died: number, of: number): string => (of === 0 ? '100.0' : ((100 * died) / of).toFixed(1));
  const names = [...new Set([...outcomes.map(({ mutant }) => mutant), ...excused].map(({ file }) => file))];
  say('\nscore   died  survived  equivalent  file');
  const line = (name: string, mine: readonly Outcome[], equal: number): void => {
    const died = mine.filter(({ death }) => death !== undefined).length;
    const left = mine.filter(survives).length;
    const figures = [score(died, died + left), died, left, equal].map(String);
    const [a = '', b = '', c = '', d = ''] = figures;
    say(`${a.padStart(5)}  ${b.padStart(5)}  ${c.padStart(8)}  ${d.padStart(10)}  ${name}`);
  };
  for (const name of names.sort())
    line(
      name,
      outcomes.filter(({ mutant }) => mutant.file === name),
      excused.filter(({ file }) => file === name).length,
    );
  line('all', outcomes, excused.length);
}

const survives = ({ death, refused }: Outcome): boolean => death === undefined && !refused;

async function main(args: readonly string[]): Promise<void> {
  setPriority(5);
  const everything = args.includes('--all');
  const parts = args.filter((arg) => !arg.startsWith('--'));
  const { files, mutants } = mutateCore();
  const names = listed();
  const known = new Set(mutants.map(contentOf));
  const stale = [...names.keys()].filter((name) => !known.has(name));
  for (const name of stale) say(`listed as equivalent, and not there any more: ${name}`);
  const chosen =
    parts.length === 0
      ? mutants
      : [...new Set(parts.flatMap((part) => mutants.filter(({ file }) => file.includes(part))))];
  if (chosen.length === 0) throw new Error(`no file of the core is like ${parts.join(' or ')}`);
  const excused = chosen.filter((mutant) => names.has(contentOf(mutant)));
  const survived = process.env['SURVIVORS'];
  const suspects = survived === undefined ? chosen : survivorsIn(survived, chosen);
  const open = everything ? suspects : suspects.filter((mutant) => !names.has(contentOf(mutant)));
  const tried = open.filter((_, at) => at % every === 0);
  if (args.includes('--compare')) {
    await compare(files, tried);
    return;
  }
  if (args.includes('--gather')) {
    await gather(files, tried);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-mutants-'));
  try {
    const path = join(directory, 'files.json');
    writeFileSync(path, JSON.stringify(files));
    const noted = await note(path);
    for (const mutant of tried) if (noted.loaded.has(mutant.id)) mutant.atLoad = true;
    tell(`${String(noted.trials.length)} tests pass with nothing changed; ${String(tried.length)} changes`);
    const outcomes = await attempt(path, tried, noted);
    const wrong = outcomes.filter(({ mutant, death }) => death !== undefined && names.has(contentOf(mutant)));
    for (const { mutant, death } of wrong)
      say(`listed as equivalent, and "${death ?? ''}" notices it: ${contentOf(mutant)}`);
    print(
      outcomes.filter(({ mutant }) => !names.has(contentOf(mutant))),
      excused,
    );
    const lives = outcomes.some((outcome) => survives(outcome) && !names.has(contentOf(outcome.mutant)));
    process.exitCode = stale.length > 0 || wrong.length > 0 || lives ? 1 : 0;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

void main(process.argv.slice(2));
