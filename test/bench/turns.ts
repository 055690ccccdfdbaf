import { readFileSync } from 'node:fs';
import { clockMs, median } from './figure';

/** The amount of work of a benchmark. */
export interface Effort {
  /** The number of turns of each contender. */
  rounds: number;
  /** The length of a turn. */
  ms: number;
  /** Processor time that each contender uses to warm up. */
  warmUpMs: number;
  /** The number of leases in a filled table. */
  leases: number;
  /** The number of event streams. */
  streams: number;
}

/** The work done by a load. */
export interface Done {
  count: number;
  ms: number;
}

/** How a load runs: its concurrency and duration. */
export interface Pace {
  inFlight: number;
  ms: number;
}

/** Runs `pair` over and over, `inFlight` at a time. */
export async function pairsFor(
  { inFlight, ms }: Pace,
  pair: (slot: number) => Promise<unknown>,
): Promise<Done> {
  const startedAt = clockMs();
  let count = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async (_, slot) => {
      while (clockMs() - startedAt < ms) {
        await pair(slot);
        count += 1;
      }
    }),
  );
  return { count, ms: clockMs() - startedAt };
}

/** One of several that are measured side by side. */
export interface Contender {
  /** The processes whose processor time counts, by their names in the table. */
  servers: Record<string, () => number>;
  load: (ms: number) => Promise<Done>;
  /** What warms it up sooner than the load itself; absent: the load. */
  warm?: (ms: number) => Promise<Done>;
}

/** One turn of a contender: pairs per second, and the processor time of its servers per pair, in microseconds. */
export interface Turn {
  rate: number;
  micros: Record<string, number>;
}

/**
 * Gives every contender repeated turns, so that other load on the machine affects all of them. Returns the turns of
 * each, in the order of the contenders.
 */
export async function inTurns(
  contenders: readonly Contender[],
  { rounds, ms, warmUpMs }: Pick<Effort, 'rounds' | 'ms' | 'warmUpMs'>,
): Promise<Turn[][]> {
  for (const contender of contenders) await warmUp(contender, warmUpMs);
  const turns = contenders.map((): Turn[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, contender] of contenders.entries()) turns[at]?.push(await turnOf(contender, ms));
  }
  return turns;
}

/** On a busy machine compilation takes longer, but the warm-up ends after three times its time. */
async function warmUp({ servers, load, warm = load }: Contender, ms: number): Promise<void> {
  const spent = (): number => Math.max(...Object.values(spentBy(servers)), 0);
  const [startedAt, before] = [clockMs(), spent()];
  const goesOn = (): boolean => clockMs() - startedAt < (Object.keys(servers).length > 0 ? 3 * ms : ms);
  while (goesOn() && spent() - before < ms) await warm(ms / 5);
}

async function turnOf({ servers, load }: Contender, ms: number): Promise<Turn> {
  const before = spentBy(servers);
  const done = await load(ms);
  const after = spentBy(servers);
  const micros = Object.keys(servers).map((name) => [
    name,
    (((after[name] ?? 0) - (before[name] ?? 0)) * 1000) / done.count,
  ]);
  return { rate: (done.count / done.ms) * 1000, micros: Object.fromEntries(micros) as Turn['micros'] };
}

function spentBy(servers: Contender['servers']): Record<string, number> {
  return Object.fromEntries(Object.entries(servers).map(([name, pid]) => [name, processorMs(pid())]));
}

/** The median of some turns, for each part separately. */
export function middleOf(turns: readonly Turn[]): Turn {
  const names = Object.keys(turns[0]?.micros ?? {});
  return {
    rate: median(turns.map(({ rate }) => rate)),
    micros: Object.fromEntries(
      names.map((name) => [name, median(turns.map(({ micros }) => micros[name] ?? Number.NaN))]),
    ),
  };
}

export function sumOf(micros: Record<string, number>): number {
  return Object.values(micros).reduce((sum, each) => sum + each, 0);
}

/** Processor time used by a process, in milliseconds; the kernel counts it in ticks of 10. */
export function processorMs(pid: number): number {
  const text = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
  // The program name, in parentheses, may contain anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
