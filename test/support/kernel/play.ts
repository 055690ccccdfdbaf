import type { LockView } from '#locks';
import { isDeepStrictEqual } from 'node:util';
import { differences, type Clash, type Difference, type State, type Then } from './differences';
import { Cycles } from './cycles';
import { held, parse, waits, type Wait } from './listing';
import type { Ended, Machine } from './machine';
import { actorsMax, World, type Instruction, type Outcome, type Request } from './requests';
import { linesOf, type TableOutcome, type TableSide } from './table-side';

/** Plays a history through the kernel and the table, step by step, and compares everything visible of both. */

/** The results of a number of histories. */
export class Tally {
  histories = 0;
  steps = 0;
  /** Histories that a difference ended early. */
  stopped = 0;
  readonly differences = new Map<Difference, number>(differences.map((each) => [each, 0]));
  readonly answers = new Map<string, number>();

  count(request: Request, { result, blocker }: Outcome): void {
    const waits = 'wait' in request && request.do !== 'cancel' && request.wait !== undefined ? ' wait' : '';
    const kind = 'kind' in request ? ` ${request.kind}` : '';
    const key = `${request.do}${kind}${waits}: ${result}${blocker === undefined ? '' : ' blocked'}`;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
  }

  report(): string {
    const counted = (name: string, n: number): string => `${String(n).padStart(8)} ${name}`;
    return [
      counted('histories', this.histories),
      counted('of them ended by a difference', this.stopped),
      counted('requests', this.steps),
      'differences:',
      ...[...this.differences].map(([{ what }, n]) => counted(what, n)),
      'answers of the kernel:',
      ...[...this.answers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, n]) => counted(what, n)),
    ].join('\n');
  }
}

/** The kernel and the table do not agree, and no listed difference says why. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement';
}

export class Play {
  private readonly world = new World();
  private readonly log: string[] = [];
  private now: State = { kernel: [], table: [], rows: [] };
  private readonly cycles = new Cycles();
  private over = false;
  /** A withdrawn wait, whose end need not be compared. */
  private withdrawn: number | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly table: TableSide,
    private readonly tally: Tally,
  ) {}

  async run(history: readonly Instruction[]): Promise<void> {
    const { machine, table, tally } = this;
    try {
      await machine.begin();
      await table.begin(
        machine.inodes,
        Array.from({ length: actorsMax }, (_, actor) => machine.pid(actor)),
      );
      for (const instruction of history) {
        const request = this.world.request(instruction);
        if (request !== undefined) await this.step(request);
        if (this.over) break;
      }
      tally.histories += 1;
      if (this.over) tally.stopped += 1;
    } finally {
      await table.end();
      await machine.end();
    }
  }

  private async step(request: Request): Promise<void> {
    const { machine, table, tally, world } = this;
    tally.steps += 1;
    const before = this.now;
    this.log.push(words(request));
    const theirs = await table.perform(request);
    // A request that only the kernel would grant is not executed at all, so that neither side is ahead of the other.
    const ahead = theirs.result !== 'ok' && request.do === 'lock' && (await machine.isFree(request));
    const ours = ahead ? { result: 'ok' } : await machine.perform(request);
    tally.count(request, ours);
    this.log.push(`  kernel: ${saying(ours)}${ahead ? ' (if asked)' : ''}   table: ${saying(theirs)}`);
    let agreed: Outcome = ours;
    if (!same(ours, theirs)) {
      const scene = {
        at: 'answer',
        request,
        kernel: ours,
        table: theirs,
        before,
        inodes: this.machine.inodes,
      } as const;
      const then = this.explain(scene);
      if (then === 'stop') return;
      agreed = then === 'neither' ? await this.undo(request, ours, theirs, ahead) : theirs;
    }
    if (agreed.result === 'ok') world.done(request);
    if (agreed.result === 'waiting' && 'wait' in request && request.wait !== undefined)
      world.waits.set(request.wait, request);
    await this.compareEnded(request, before);
    if (!this.over) await this.compareListings(request, before);
  }

  /** Withdraws on either side what was begun only there. */
  private async undo(
    request: Request,
    ours: Outcome,
    theirs: TableOutcome,
    ahead: boolean,
  ): Promise<Outcome> {
    const { machine, table } = this;
    // A flock is released before it is converted, and stays released if the new one is not granted.
    if (ahead && request.do === 'lock' && request.kind === 'flock')
      await machine.perform({ ...request, type: 'none', wait: undefined });
    if ('wait' in request && request.do !== 'cancel' && request.wait !== undefined) {
      const cancel: Request = { do: 'cancel', wait: request.wait, of: request };
      if (theirs.result === 'waiting') await table.perform(cancel);
      if (ours.result === 'waiting' && !ahead) await machine.perform(cancel);
      this.withdrawn = request.wait;
    }
    return { result: 'none' };
  }

  private async compareEnded(request: Request, before: State): Promise<void> {
    const told = ({ wait, result }: Ended): Ended => ({ wait, result });
    const byWait = (a: Ended, b: Ended): number => a.wait - b.wait;
    const news = ({ wait }: Ended): boolean => wait !== this.withdrawn;
    const ours = (await this.machine.whatEnded()).filter(news).sort(byWait);
    const theirs = (await this.table.whatEnded()).filter(news).sort(byWait);
    for (const { wait, result } of ours) this.log.push(`  kernel: wait ${String(wait)} ${result}`);
    for (const { wait, result } of theirs) this.log.push(`  table: wait ${String(wait)} ${result}`);
    if (!isDeepStrictEqual(ours.map(told), theirs.map(told))) {
      const { world, table, cycles } = this;
      const row = (wait: number): string => table.rowOf.get(wait) ?? '';
      const scene = {
        at: 'ended',
        request,
        kernel: ours,
        table: theirs,
        waits: world.waits,
        spared: (later: number, first: number) => cycles.isSpared(row(later), row(first)),
        before,
        after: await this.look(),
        inodes: this.machine.inodes,
      } as const;
      this.explain(scene);
      this.over = true;
      return;
    }
    for (const { wait, result } of ours) {
      const of = this.world.waits.get(wait);
      this.world.waits.delete(wait);
      if (of !== undefined && result === 'ok') this.world.done(of);
    }
  }

  private async look(): Promise<State> {
    const rows = await this.table.rows();
    return {
      kernel: parse(this.machine.listing()),
      table: parse(rows.flatMap((row) => linesOf(row))),
      rows: flat(rows),
    };
  }

  private async compareListings(request: Request, before: State): Promise<void> {
    this.now = await this.look();
    const { kernel: ours, table: theirs, rows } = this.now;
    if (!isDeepStrictEqual(held(ours), held(theirs))) {
      this.explain({
        at: 'held',
        request,
        kernel: held(ours),
        table: held(theirs),
        before,
        inodes: this.machine.inodes,
      });
      if (this.over) return;
    }
    const cycle = this.cycles.find(rows);
    if (cycle !== undefined)
      throw this.disagreement({
        at: 'waiting',
        request,
        kernel: [],
        table: cycle,
        before,
        inodes: this.machine.inodes,
      });
    const [behindOurs, behindTheirs] = [waits(ours), waits(theirs)];
    const waiters = (list: Wait[]): string[] => list.map(({ text }) => text).sort();
    if (!isDeepStrictEqual(waiters(behindOurs), waiters(behindTheirs))) {
      const scene = { at: 'waiting', request, before, inodes: this.machine.inodes } as const;
      this.explain({ ...scene, kernel: waiters(behindOurs), table: waiters(behindTheirs) });
    }
    const order = (a: Wait, b: Wait): number => (pair(a) < pair(b) ? -1 : 1);
    const kernel = without(behindOurs, behindTheirs).sort(order);
    const table = without(behindTheirs, behindOurs).sort(order);
    for (const [n, { text, behind }] of table.entries()) {
      const scene = { at: 'behind', request, before, inodes: this.machine.inodes } as const;
      this.explain({ ...scene, waiter: text, kernel: kernel[n]?.behind, table: behind });
    }
  }

  /** Finds the listed difference that explains this one. */
  private explain(clash: Clash): Then {
    const found = differences.find((each) => each.matches(clash));
    if (found === undefined) throw this.disagreement(clash);
    this.tally.differences.set(found, (this.tally.differences.get(found) ?? 0) + 1);
    this.log.push(`  (${found.what})`);
    const then = typeof found.then === 'function' ? found.then(clash) : found.then;
    if (then === 'stop') this.over = true;
    return then;
  }

  private disagreement({ at, kernel, table, before }: Clash): Disagreement {
    const text = (value: unknown): string => JSON.stringify(value, plain, 1);
    return new Disagreement(
      [
        `kernel and table do not agree about ${at}:`,
        ...this.log,
        `kernel: ${text(kernel)}`,
        `table: ${text(table)}`,
        `before, kernel: ${text(before.kernel)}`,
        `before, table: ${text(before.table)}`,
        `now, kernel:`,
        ...this.machine.listing(),
      ].join('\n'),
    );
  }
}

const flat = (rows: readonly LockView[]): LockView[] =>
  rows.flatMap((row) => [row, ...flat(row.waiters ?? [])]);

const pair = ({ text, behind }: Wait): string => `${text} behind ${behind}`;

/** The members of one list that are not in the other, each as often as it occurs. */
function without(all: readonly Wait[], taken: readonly Wait[]): Wait[] {
  const left = [...all];
  for (const each of taken) {
    const n = left.findIndex((one) => pair(one) === pair(each));
    if (n >= 0) left.splice(n, 1);
  }
  return left;
}

const same = (ours: Outcome, theirs: TableOutcome): boolean =>
  ours.result === theirs.result &&
  ours.lease === theirs.lease &&
  isDeepStrictEqual(ours.blocker, theirs.blocker);

const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

const saying = ({ result, blocker, lease }: Outcome): string =>
  [result, lease, blocker && JSON.stringify(blocker, plain)].filter((part) => part !== undefined).join(' ');

function words(request: Request): string {
  if (request.do === 'cancel') return `cancel ${String(request.wait)}`;
  const { on } = request;
  const parts = [
    request.do,
    `${String(on.actor)}.${String(on.fd)}/${String(on.description)}`,
    `f${String(on.file)}`,
  ];
  if (request.do === 'open') parts.push(on.access);
  if (request.do === 'dup') parts.push(`of ${String(request.from.fd)}`);
  if ('kind' in request) parts.push(request.kind);
  if ('type' in request) parts.push(request.type);
  if ('range' in request) parts.push(`${String(request.range.start)}-${String(request.range.end)}`);
  if ('wait' in request && request.wait !== undefined) parts.push(`wait ${String(request.wait)}`);
  return parts.join(' ');
}
