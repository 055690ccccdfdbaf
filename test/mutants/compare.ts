import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'expect';
import fc from 'fast-check';
import type * as History from '../support/history';
import type * as Plain from '../support/plain-rows';
import type * as Played from '../support/play-history';
import { type Mutant, type MutatedFile, root } from './mutants';
import { type Call, lineOf } from './scenario-lines';
import { hits, plenty, switchboard } from './switchboard';
import { forget } from './trial';

/** Of test/support/typescript.cjs. */
declare const textsOfFiles: Map<string, string>;

/**
 * `--compare`: for each change, plays random histories with the change off and on, until an answer, an ask or a record
 * differs, and prints the shortest history that shows it, as lines of a scenario. What no test notices and no history
 * shows is either the same, or beyond what the histories reach.
 */
const histories = Number(process.env['HISTORIES'] ?? 600);
const effortMs = Number(process.env['EFFORT'] ?? 3) * 1000;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const tell = (line: string): boolean => process.stderr.write(`${line}\n`);

interface Story {
  instructions: readonly Instruction[];
  /** The adapter comes late. */
  late: boolean;
}
/** A history as it is without changes. */
interface Known extends Story {
  texts: string[];
  rows: string;
  spent: number;
  reached: Set<number>;
}
type Support = typeof History & typeof Plain & typeof Played;
type Instruction = History.Instruction;

/** The history as one line, as `parsedHistory` reads it. */
const historyText = (history: readonly Instruction[]): string =>
  history.map(({ do: what, a, b, c }) => [what, a, b, c].join(' ')).join(', ');

const load = createRequire(__filename);
// Of jest, in tests.
Object.assign(globalThis, { expect });
function loadRules(files: readonly MutatedFile[], mode: 'noted' | 'tried'): Support {
  for (const file of files) textsOfFiles.set(file.path, file[mode]);
  forget();
  const support = join(root, 'test/support');
  const names = ['history.ts', 'plain-rows.ts', 'play-history.ts'];
  return Object.assign({}, ...names.map((name) => load(join(support, name)) as object)) as Support;
}

/** Plays a history; `differs` is asked after each call and ends it. */
async function play(
  { Player, PlainRows }: Support,
  { instructions, late }: Story,
  ends: (call: Call, at: number) => boolean,
): Promise<{ calls: number; rows: string }> {
  const clock = { now: 1_700_000_000_000 };
  const rows = new PlainRows(clock);
  let calls = 0;
  const stop = new Error('it ends here');
  /** After which calls the story itself begins. */
  let begun = false;
  const player = new Player((verb, input) => {
    const from = rows.records.length;
    const given = structuredClone(input);
    let value: unknown;
    let reply;
    try {
      reply = rows.play(verb, input);
      ({ value } = reply);
    } catch (error) {
      value = { fails: String(error) };
    }
    const asks = structuredClone(reply?.asks ?? []);
    const records = rows.records.slice(from);
    const text = JSON.stringify([verb, given, value, asks, records]);
    const call: Call = { verb, input: given, value: structuredClone(value), asks, records, text, begun };
    if (ends(call, calls++) || reply === undefined) throw stop;
    return Promise.resolve(reply);
  }, clock);
  try {
    await player.begin(late);
    begun = true;
    for (const instruction of instructions) await player.step(instruction);
  } catch (error) {
    if (error !== stop) throw error;
  }
  return { calls, rows: JSON.stringify([...rows.kinds].map(([kind, each]) => [kind, [...each]])) };
}

/** The number of the first call that differs; `rows` if only the rows at the end do. */
async function difference(rules: Support, known: Known, id: number): Promise<number | 'rows' | undefined> {
  let first: number | undefined;
  switchboard.on = id;
  switchboard.left = 4 * known.spent + 100_000;
  try {
    const { calls, rows } = await play(rules, known, ({ text }, at) => {
      if (text !== known.texts[at]) first = at;
      return first !== undefined;
    });
    if (first !== undefined) return first;
    if (calls !== known.texts.length) return calls;
    return rows === known.rows ? undefined : 'rows';
  } finally {
    switchboard.on = 0;
    switchboard.left = plenty;
  }
}

async function knowing(rules: Support, history: Story): Promise<Known> {
  const texts: string[] = [];
  const { rows } = await play(rules, history, ({ text }) => {
    texts.push(text);
    return false;
  });
  return { ...history, texts, rows, spent: plenty - switchboard.left, reached: new Set() };
}

/** The same history with as few and as small instructions as show the difference. */
async function shrink(rules: Support, found: Known, id: number): Promise<Known> {
  let best = found;
  const rowsOnly = (await difference(rules, found, id)) === 'rows';
  const attempt = async (instructions: readonly Instruction[]): Promise<boolean> => {
    switchboard.left = plenty;
    const known = await knowing(rules, { ...found, instructions });
    const differs = await difference(rules, known, id);
    if (differs === undefined || (differs === 'rows' && !rowsOnly)) return false;
    best = known;
    return true;
  };
  for (let size = Math.ceil(best.instructions.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = best.instructions.length - size; at >= 0; at -= size) {
      const { instructions } = best;
      await attempt([...instructions.slice(0, at), ...instructions.slice(at + size)]);
    }
  }
  return best;
}

async function printDifference(rules: Support, known: Known, id: number): Promise<void> {
  const first = await difference(rules, known, id);
  const print = async (on: number, from: number): Promise<void> => {
    switchboard.on = on;
    switchboard.left = plenty;
    await play(rules, known, (call, at) => {
      if (call.begun && at >= from) say(`  ${on === 0 ? ' ' : '+'} ${lineOf(call)}`);
      return at === first || call.value === undefined;
    }).finally(() => {
      switchboard.on = 0;
    });
  };
  await print(0, 0);
  if (first === 'rows') {
    const rowsWith = async (on: number): Promise<string> => {
      switchboard.on = on;
      const { rows } = await play(rules, known, () => false);
      switchboard.on = 0;
      return rows;
    };
    const [off, on] = [await rowsWith(0), await rowsWith(id)];
    let at = 0;
    while (off[at] === on[at]) at += 1;
    say(`  only rows: ${off.slice(Math.max(0, at - 60), at + 40)}`);
    say(`  +        : ${on.slice(Math.max(0, at - 60), at + 40)}`);
  } else await print(id, first ?? 0);
}

/** Random histories as they are without changes, and which changes each reaches. */
async function knowAll(
  files: readonly MutatedFile[],
  seed: number,
): Promise<{ rules: Support; all: Known[] }> {
  let rules = loadRules(files, 'noted');
  const sample = fc
    .sample(rules.histories(120), { numRuns: histories, seed })
    .map((instructions, at): Story => ({ instructions, late: at % 5 === 4 }));
  const reached: Set<number>[] = [];
  for (const history of sample) {
    hits.clear();
    await play(rules, history, () => false);
    reached.push(new Set(hits));
  }
  rules = loadRules(files, 'tried');
  const all: Known[] = [];
  for (const [at, history] of sample.entries()) {
    switchboard.left = plenty;
    all.push({ ...(await knowing(rules, history)), reached: reached[at] ?? new Set() });
  }
  return { rules, all };
}

export async function compare(files: readonly MutatedFile[], mutants: readonly Mutant[]): Promise<void> {
  const seed = Number(process.env['SEED'] ?? 11);
  const { rules, all } = await knowAll(files, seed);
  tell(`${String(all.length)} histories; ${String(mutants.length)} changes`);
  for (const { id, file, line, within, from, to, atLoad } of mutants) {
    say(`\n${file}:${String(line)} ${within}\n  - ${from}\n  + ${to}`);
    if (atLoad) {
      say('  takes effect while the rules are loaded: not compared');
      continue;
    }
    const there = all.filter((known) => known.reached.has(id));
    let found: Known | undefined;
    let rowsOnly: Known | undefined;
    let played = 0;
    const begun = process.cpuUsage();
    for (const known of there) {
      if (process.cpuUsage(begun).user / 1000 > effortMs) break;
      const differs = await difference(rules, known, id);
      played += 1;
      if (differs === 'rows') rowsOnly ??= known;
      if (typeof differs === 'number') {
        found = known;
        break;
      }
    }
    const shown = found ?? rowsOnly;
    if (shown === undefined)
      say(`  no difference in ${String(played)} of ${String(there.length)} that get there`);
    else await printDifference(rules, await shrink(rules, shown, id), id);
  }
}

/**
 * `--gather`: for each change, looks for a history after which an invariant fails with the change on, shrinks it, and adds
 * it to `telling-histories.json`. Prints the changes that no history betrays.
 */
export async function gather(files: readonly MutatedFile[], mutants: readonly Mutant[]): Promise<void> {
  const path = join(root, 'test/support/telling-histories.json');
  const kept = JSON.parse(readFileSync(path, 'utf8')) as { late: boolean; history: string }[];
  const seed = Number(process.env['SEED'] ?? 11);
  const { rules, all } = await knowAll(files, seed);
  const isBetrayed = async (id: number, { instructions, late }: Story): Promise<boolean> => {
    switchboard.on = id;
    switchboard.left = 50_000_000;
    try {
      await rules.playHistory(instructions, late);
      return false;
    } catch {
      return true;
    } finally {
      switchboard.on = 0;
    }
  };
  for (const mutant of mutants.filter(({ atLoad }) => !atLoad)) {
    const { id, file, line, within, from, to } = mutant;
    const told = `${file}:${String(line)} ${within}\n  - ${from}\n  + ${to}\n`;
    const short = kept.map(({ late, history }) => ({ late, instructions: rules.parsedHistory(history) }));
    let known = false;
    for (const story of short) known ||= await isBetrayed(id, story);
    if (known) {
      say(`${told}  betrayed by one that is there`);
      continue;
    }
    const begun = process.cpuUsage();
    let found: Story | undefined;
    let differ = 0;
    for (const story of all) {
      if (found !== undefined || process.cpuUsage(begun).user / 1000 > effortMs) break;
      if (!story.reached.has(id) || (await difference(rules, story, id)) === undefined) continue;
      differ += 1;
      if (await isBetrayed(id, story)) found = story;
    }
    if (found === undefined) {
      say(`${told}  no history betrays it; ${String(differ)} differ`);
      continue;
    }
    const { late } = found;
    let { instructions } = found;
    for (let size = Math.ceil(instructions.length / 2); size >= 1; size = Math.floor(size / 2))
      for (let at = instructions.length - size; at >= 0; at -= size) {
        const less = [...instructions.slice(0, at), ...instructions.slice(at + size)];
        if (await isBetrayed(id, { instructions: less, late })) instructions = less;
      }
    // What fails with nothing changed shows a fault of its own.
    if (await isBetrayed(0, { instructions, late })) say(`fails as it is: ${historyText(instructions)}`);
    else kept.push({ late, history: historyText(instructions) });
    writeFileSync(path, `${JSON.stringify(kept, undefined, 2)}\n`);
    say(`${told}  betrayed by ${historyText(instructions)}`);
  }
}

/** Those changes that an earlier run printed as surviving. */
export function survivorsIn(path: string, mutants: readonly Mutant[]): Mutant[] {
  const survived = new Set(
    [...readFileSync(path, 'utf8').matchAll(/^(\S+\.ts):\d+ (\w+) \(.*\)\n {2}- (.*)\n {2}\+ (.*)$/gm)].map(
      ([, ...parts]) => JSON.stringify(parts),
    ),
  );
  return mutants.filter(({ file, within, from, to }) =>
    survived.has(JSON.stringify([file, within, from, to])),
  );
}
