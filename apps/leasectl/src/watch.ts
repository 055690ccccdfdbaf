import { setTimeout as delay } from 'node:timers/promises';
import { LeaseholdError } from '#client';
import { type Lock, printable } from '#contracts';
import type { Context } from './context';
import { exitOf, Failure } from './failure';
import { detailText, lockFilter, type LockOptions, typeText, whereText } from './locks';
import { jsonText } from './output';
import { clockText, type FileRef, spanText } from './words';

/** The most rows that are remembered, to detect changes. */
const rowsMax = 100_000;
/** How long the service may be unreachable once it has answered. */
const silenceMsMax = 60_000;
/** Members that change all the time, which does not count as a change. */
const passing = new Set(['remainingMs', 'expiresAt', 'seenAt']);

export const watched = ['locks', 'sessions', 'operations', 'exports', 'stacks', 'nodes', 'regions'] as const;
export type Watched = (typeof watched)[number];
type Row = Record<string, unknown>;

const idOf: Record<Watched, string> = {
  locks: 'id',
  sessions: 'sessionId',
  operations: 'operationId',
  exports: 'name',
  stacks: 'name',
  nodes: 'name',
  regions: 'name',
};
const keyOf = (row: Row): string =>
  JSON.stringify(row, (name, value: unknown) => (passing.has(name) ? undefined : value));
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** One line about a row, without its id. */
function rowText(what: Watched, row: Row): string {
  if (what === 'locks') {
    const lock = row as unknown as Lock;
    return [lock.kind, typeText(lock), lock.state, detailText(lock), `pid ${lock.pid}`, whereText(lock)]
      .filter((part) => part !== '')
      .join('  ');
  }
  if (what === 'operations') {
    const { kind, name } = row['of'] as { kind: string; name: string };
    return `${text(row['kind'])} of ${kind}/${name}  ${text(row['phase'])}  ${text(row['filesLeft'])} files left`;
  }
  const parts = ['state', 'version', 'stack', 'region', 'locks', 'label', 'operationId'].flatMap((name) =>
    text(row[name]) === '' ? [] : [`${name === 'state' ? '' : `${name} `}${text(row[name])}`],
  );
  return parts.join('  ');
}

/** The names of the members that have changed. */
function changedText(before: Row, after: Row): string {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !passing.has(name) && keyOf({ it: before[name] }) !== keyOf({ it: after[name] }))
    .join(', ');
}

/**
 * Prints a line for everything that appears (+), changes (~) or disappears (-), until it is told to end. The API sends events
 * only to holders, so this polls the listing; whatever appears and disappears between two reads is missed.
 */
export async function watch(
  { api, out }: Context,
  what: Watched,
  file: FileRef | undefined,
  { interval, existing = true, ...options }: LockOptions & { interval: number; existing?: boolean },
): Promise<number> {
  const query = lockFilter(file, options);
  if (what !== 'locks' && Object.values(query).some((value) => value !== undefined))
    throw new Failure('usage', `Filters apply to locks, not to ${what}.`);
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const { signal } = ended;
  let known: Map<string, { row: Row; key: string }> | undefined;
  let heardAt = performance.now();
  let isHeard = true;
  const tell = async (sign: string, id: string, row: Row, more = ''): Promise<void> => {
    const change = { '+': 'added', '~': 'changed', '-': 'removed' }[sign];
    if (out.json) return out.line(jsonText({ at: new Date().toISOString(), change, what, row }));
    if (out.quiet) return out.line(`${sign} ${id}`);
    return out.line(printable(`${clockText(new Date())} ${sign} ${id}  ${rowText(what, row)}${more}`));
  };
  try {
    while (!ended.signal.aborted) {
      const lookedAt = performance.now();
      try {
        const now = new Map<string, { row: Row; key: string }>();
        for await (const rows of api.pages(`/v1/${what}`, what, query, { signal }))
          for (const listed of rows) {
            const row: Row = { ...listed };
            now.set(text(row[idOf[what]]), { row, key: keyOf(row) });
            if (now.size > rowsMax)
              throw new Failure(
                'usage',
                `There are more than ${rowsMax.toLocaleString('en')} ${what}.`,
                'Narrow the list with --export, --session, --state or --file.',
              );
          }
        for (const [id, { row, key }] of now) {
          const before = known?.get(id);
          if (before === undefined) {
            if (known !== undefined || existing) await tell('+', id, row);
          } else if (before.key !== key) await tell('~', id, row, `  (${changedText(before.row, row)})`);
        }
        for (const [id, { row }] of known ?? []) if (!now.has(id)) await tell('-', id, row);
        known = now;
        if (!isHeard) out.say(`${api.url} is back.`);
        isHeard = true;
        heardAt = performance.now();
      } catch (error) {
        if (signal.aborted) break;
        const isPassing = error instanceof LeaseholdError && ['ENOTCONN', 'ETIMEDOUT'].includes(error.code);
        if (!isPassing || known === undefined || performance.now() - heardAt > silenceMsMax) throw error;
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
