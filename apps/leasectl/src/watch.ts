import { setTimeout as delay } from 'node:timers/promises';
import { LeaseholdError } from '#client';
import { printable } from '#contracts';
import type { Rows } from './api';
import type { Context } from './context';
import { exitOf, Failure } from './failure';
import { detailText, lockFilter, type LockOptions, typeText } from './locks';
import { jsonText } from './output';
import { clockText, counted, type FileRef, spanText, whereText } from './words';

/** The most rows that are remembered, to detect changes. */
const rowsMax = 100_000;
/** How long the service may be unreachable once it has answered. */
const silenceMsMax = 60_000;

export const watched = ['locks', 'sessions', 'operations', 'exports', 'stacks', 'nodes', 'regions'] as const;
export type Watched = (typeof watched)[number];
/**
 * Members whose change is not a change of the row: time passes, and the service computes every instant anew from the
 * table's clock, a few milliseconds away from the last one.
 */
const isPassing = (name: string): boolean =>
  name === 'remainingMs' || name === 'ageMs' || name.endsWith('At');

/** How the rows of a list are told apart, and what a line says about one. */
interface List<Row> {
  id(row: Row): string;
  text(row: Row): string;
}
const lists: { [W in Watched]: List<Rows[W]> } = {
  locks: {
    id: ({ id }) => id,
    text: (lock) =>
      [lock.kind, typeText(lock), lock.state, detailText(lock), `pid ${lock.pid}`, whereText(lock)]
        .filter((part) => part !== '')
        .join('  '),
  },
  sessions: {
    id: ({ sessionId }) => sessionId,
    text: ({ state, locks, label }) => valuesText(state, { locks, label }),
  },
  operations: {
    id: ({ operationId }) => operationId,
    text: ({ kind, of, phase, filesLeft }) =>
      `${kind} of ${of.kind}/${of.name}  ${phase}  ${counted(filesLeft, 'file')} left`,
  },
  exports: {
    id: ({ name }) => name,
    text: ({ state, version, stack, region, operationId }) =>
      valuesText(state, { version, stack, region, operationId }),
  },
  stacks: { id: ({ name }) => name, text: ({ version }) => valuesText('', { version }) },
  nodes: {
    id: ({ name }) => name,
    text: ({ state, version, region }) => valuesText(state, { version, region }),
  },
  regions: { id: ({ name }) => name, text: ({ version }) => valuesText('', { version }) },
};

/** `up  version 12  stack posix`, without the values that are not there. */
function valuesText(state: string, values: Readonly<Record<string, string | number | undefined>>): string {
  const named = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name} ${value}`],
  );
  return [state, ...named].filter((part) => part !== '').join('  ');
}

const keyOf = (row: object): string =>
  JSON.stringify(row, (name, value: unknown) => (isPassing(name) ? undefined : value));

/** The names of the members that have changed. */
function changedText(before: object, after: object): string {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => !isPassing(name) && keyOf({ it: was.get(name) }) !== keyOf({ it: is.get(name) }))
    .join(', ');
}

type Sign = '+' | '~' | '-';
const changes: Record<Sign, string> = { '+': 'added', '~': 'changed', '-': 'removed' };

/** A list as it was last read. */
class Reading<W extends Watched> {
  private readonly list: List<Rows[W]>;
  private known: Map<string, { row: Rows[W]; key: string }> | undefined;

  constructor(
    private readonly context: Context,
    private readonly what: W,
    private readonly query: ReturnType<typeof lockFilter>,
    private readonly existing: boolean,
  ) {
    this.list = lists[what];
  }

  get hasBegun(): boolean {
    return this.known !== undefined;
  }

  /** Reads the list again, and prints how it differs. */
  async again(signal: AbortSignal): Promise<void> {
    const now = await this.read(signal);
    for (const [id, { row, key }] of now) {
      const before = this.known?.get(id);
      if (before === undefined) {
        if (this.hasBegun || this.existing) await this.tell('+', id, row);
      } else if (before.key !== key) await this.tell('~', id, row, `  (${changedText(before.row, row)})`);
    }
    for (const [id, { row }] of this.known ?? []) if (!now.has(id)) await this.tell('-', id, row);
    this.known = now;
  }

  private async read(signal: AbortSignal): Promise<Map<string, { row: Rows[W]; key: string }>> {
    const now = new Map<string, { row: Rows[W]; key: string }>();
    for await (const rows of this.context.api.pages(`/v1/${this.what}`, this.what, this.query, { signal }))
      for (const row of rows) {
        now.set(this.list.id(row), { row, key: keyOf(row) });
        if (now.size > rowsMax)
          throw new Failure(
            'usage',
            `There are more than ${rowsMax.toLocaleString('en')} ${this.what}.`,
            'Narrow the list with --export, --session, --state or --file.',
          );
      }
    return now;
  }

  private async tell(sign: Sign, id: string, row: Rows[W], more = ''): Promise<void> {
    const { out } = this.context;
    const at = new Date();
    if (out.json)
      return out.line(jsonText({ at: at.toISOString(), change: changes[sign], what: this.what, row }));
    if (out.quiet) return out.line(`${sign} ${id}`);
    return out.line(printable(`${clockText(at)} ${sign} ${id}  ${this.list.text(row)}${more}`));
  }
}

/**
 * Prints a line for everything that appears (+), changes (~) or disappears (-), until it is told to end. The API sends events
 * only to holders, so this polls the listing; whatever appears and disappears between two reads is missed.
 */
export async function watch(
  context: Context,
  what: Watched,
  file: FileRef | undefined,
  { interval, existing = true, ...options }: LockOptions & { interval: number; existing?: boolean },
): Promise<number> {
  const { api, out } = context;
  const query = lockFilter(file, options);
  if (what !== 'locks' && Object.values(query).some((value) => value !== undefined))
    throw new Failure('usage', `Filters apply to locks, not to ${what}.`);
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const { signal } = ended;
  const reading = new Reading(context, what, query, existing);
  let heardAt = performance.now();
  let isHeard = true;
  try {
    while (!ended.signal.aborted) {
      const lookedAt = performance.now();
      try {
        await reading.again(signal);
        if (!isHeard) out.say(`${api.url} is back.`);
        isHeard = true;
        heardAt = performance.now();
      } catch (error) {
        if (signal.aborted) break;
        const isOutage = error instanceof LeaseholdError && ['ENOTCONN', 'ETIMEDOUT'].includes(error.code);
        if (!isOutage || !reading.hasBegun || performance.now() - heardAt > silenceMsMax) throw error;
        if (isHeard)
          out.complain(`leasectl: ${error.code} ${error.reason}; retrying for ${spanText(silenceMsMax)}.`);
        isHeard = false;
      }
      // Do not keep the service busy with a long listing all the time.
      const pauseMs = Math.max(interval, performance.now() - lookedAt);
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  return exitOf('ok');
}
