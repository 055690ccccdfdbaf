import type { Fence } from '#client';
import { type Lock, type session, type sessionEnding, type subjectPage } from '#contracts';
import { printable, printableLines } from '#contracts';
import { type Lease, limits } from '#contracts';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { pathOf } from './api';
import type { Context } from './context';
import { exitOf, Failure } from './failure';
import { isNotFound, showItem } from './items';
import { type Column, detailsText, jsonText, tableText } from './output';
import { idIn, idLike, isIdText } from './ids';
import {
  ageText,
  counted,
  type FileRef,
  fileRef,
  instantText,
  isUuid,
  itemRef,
  type NamesRef,
  spanText,
  whereText,
  whoText,
} from './words';

/** Leases, delegations, opens, range locks and waiters: lists, who blocks whom, and what administrators can do about it. */

type Break = NonNullable<Lease['break']>;

export interface LockOptions {
  export?: string;
  file?: FileRef;
  session?: string;
  state?: string;
  type?: string;
  kind?: string;
}

/** The API filter for these options and the file on the command line. */
export function lockFilter(
  file: NamesRef | undefined,
  options: LockOptions,
): Record<string, string | undefined> {
  const { export: exportName, file: fileOption, ...rest } = options;
  if (file !== undefined && fileOption !== undefined)
    throw new Failure('usage', 'The file is given twice: as an argument and by --file.');
  const ref = file ?? fileOption;
  if (ref !== undefined && exportName !== undefined && exportName !== ref.export)
    throw new Failure('usage', `The file belongs to export ${ref.export}, but --export names ${exportName}.`);
  const { session: ofSession, state, type, kind } = rest;
  const prefix = ref !== undefined && 'prefix' in ref ? ref.prefix : undefined;
  return {
    export: ref?.export ?? exportName,
    file: ref?.file,
    prefix,
    session: ofSession,
    state,
    type,
    kind,
  };
}

const breakText = ({ target, remainingMs, cause }: Break): string =>
  `break to ${target}, ${remainingMs === undefined ? 'never forced' : `${spanText(remainingMs)} left`} (${cause})`;

export function typeText({ type, waits, state, deny }: Lock): string {
  const denied = deny === undefined || deny === 'none' ? '' : ` deny ${deny}`;
  return (state === 'waiting' ? (waits ?? type) : type) + denied;
}

const isHeld = new Set<string>(['active', 'breaking', 'open', 'held']);

export function detailText(lock: Lock): string {
  const { start, end, pendingType, waits, state, blockedBy, backed } = lock;
  const parts = [
    start === undefined ? '' : `bytes ${start}-${end ?? 'EOF'}`,
    lock.break === undefined ? '' : breakText(lock.break),
    pendingType === undefined ? '' : `asks for ${pendingType}`,
    waits === undefined || state === 'waiting' ? '' : `waits for ${waits}`,
    blockedBy === undefined ? '' : `behind ${blockedBy}`,
    backed === false && isHeld.has(state) && lock.export !== 'local' ? 'unbacked' : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}

export const lockColumns: readonly Column<Lock>[] = [
  ['ID', (lock) => lock.id],
  ['KIND', (lock) => lock.kind],
  ['TYPE', typeText],
  ['STATE', (lock) => (lock.courtesy === true ? `${lock.state} (courtesy)` : lock.state)],
  ['AGE', ageText],
  ['NODE', ({ node }) => node ?? ''],
  ['LABEL', ({ label }) => label ?? ''],
  ['PID', (lock) => String(lock.pid)],
];
const wideColumns: readonly Column<Lock>[] = [
  ['SESSION', (lock) => lock.sessionId],
  ['OWNER', (lock) => (lock.owner === lock.sessionId ? '' : lock.owner)],
  ['TOKEN', (lock) => (lock.token === undefined ? '' : String(lock.token))],
  ['INODE', (lock) => lock.inode],
];
const lastColumns: readonly Column<Lock>[] = [
  ['FILE', whereText],
  ['', detailText],
];

/** States that are over: listed only on request. */
const over = new Set<string>(['released', 'revoked']);

/** Prints the listing as it arrives, and keeps no more than one page in memory. */
export async function ls(
  { api, out }: Context,
  file: NamesRef | undefined,
  options: LockOptions & { proc?: boolean; wide?: boolean; all?: boolean },
): Promise<void> {
  const filter = lockFilter(file, options);
  if (options.proc === true) {
    if (out.json || out.quiet)
      throw new Failure('usage', '--proc cannot be combined with --json or --quiet.');
    const decoder = new TextDecoder();
    await api.stream('/v1/locks', { query: { ...filter, format: 'text' }, accept: 'text/plain' }, (bytes) =>
      out.text(printableLines(decoder.decode(bytes, { stream: true }))),
    );
    return;
  }
  const showsAll = options.all === true || options.state !== undefined;
  const table = out.table([...lockColumns, ...(options.wide === true ? wideColumns : []), ...lastColumns]);
  let isEmpty = true;
  for await (const page of api.pages('/v1/locks', 'locks', filter)) {
    const locks = showsAll ? page : page.filter(({ state }) => !over.has(state));
    if (locks.length === 0) continue;
    isEmpty = false;
    const lines = out.quiet ? locks.map(({ id }) => id) : out.json ? locks.map(jsonText) : table.lines(locks);
    await out.line(lines.join('\n'));
  }
  if (isEmpty) out.say('Nothing is held, and nobody waits.');
}

/** What is held, with its waiters below. */
export async function treeOfLocks(
  { api, out }: Context,
  filter: Record<string, string | undefined>,
): Promise<void> {
  let isEmpty = true;
  for await (const locks of api.pages('/v1/locks', 'locks', { ...filter, tree: true })) {
    for (const lock of locks) {
      if (over.has(lock.state)) continue;
      isEmpty = false;
      if (out.json) await out.value(lock);
      else await out.line(branch(lock, '', '', true).join('\n'));
    }
  }
  if (isEmpty) out.say('Nothing is held, and nobody waits.');
}

function branch(lock: Lock, first: string, rest: string, isTop: boolean): string[] {
  const { id, kind, state, pid, waiters = [], blockedBy: _, ...others } = lock;
  const words = [
    isTop ? whereText(lock) : '',
    kind,
    typeText(lock),
    state,
    detailText({ id, kind, state, pid, ...others }),
    whoText(lock),
    id,
  ];
  const own = printable(words.filter((word) => word !== '').join('  '));
  return [
    first + own,
    ...waiters.flatMap((waiter, at) => {
      const isLast = at === waiters.length - 1;
      return branch(waiter, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`, false);
    }),
  ];
}

// --- one thing

const sessionColumns: readonly Column<z.infer<typeof session>>[] = [
  ['ID', (row) => row.sessionId],
  ['STATE', (row) => row.state],
  ['HAS', (row) => String(row.locks)],
  ['STREAMS', (row) => String(row.streams)],
  ['TTL', (row) => spanText(row.ttlMs)],
  ['EXPIRES', (row) => instantText(row.expiresAt)],
  ['LAST SEEN', (row) => instantText(row.lastSeenAt)],
  ['PID', (row) => (row.pid === undefined ? '' : String(row.pid))],
  ['NODE', (row) => row.node ?? ''],
  ['LABEL', (row) => row.label ?? ''],
];

type Session = z.infer<typeof session>;

/** Sessions that are over are remembered for a while: they are listed last, and only on request. */
const isOver = ({ state }: Session): boolean => state === 'expired' || state === 'ended';
/** The most of them that are kept until the others have been listed. */
const overMax = 100_000;

export async function sessions({ api, out }: Context, { all = false }: { all?: boolean }): Promise<void> {
  const table = out.table(sessionColumns);
  const print = async (rows: readonly Session[]): Promise<void> => {
    if (out.quiet) for (const { sessionId } of rows) await out.line(sessionId);
    else if (out.json) for (const row of rows) await out.value(row);
    else if (rows.length > 0) await out.line(table.lines(rows).join('\n'));
  };
  const over: Session[] = [];
  let overCount = 0;
  for await (const rows of api.pages('/v1/sessions', 'sessions')) {
    await print(rows.filter((row) => !isOver(row)));
    const ended = rows.filter(isOver);
    overCount += ended.length;
    if (all) over.push(...ended.slice(0, overMax - over.length));
  }
  await print(over);
  const left = overCount - over.length;
  if (left > 0 && !out.json)
    out.say(
      `${all ? 'And' : 'Not listed:'} ${counted(left, 'session')} that ${left === 1 ? 'is' : 'are'} over${all ? '' : '; --all lists them'}.`,
    );
}

type Subject = z.infer<typeof subjectPage>['subjects'][number];
/** `used of allowed`, or what is used if there is no limit. */
const useText = (used: number, allowed: number | undefined): string =>
  allowed === undefined ? String(used) : `${String(used)} of ${String(allowed)}`;
const subjectColumns: readonly Column<Subject>[] = [
  ['TENANT', (row) => row.tenant],
  ['SUBJECT', ({ subject }) => (subject === '' ? '(whole tenant)' : subject)],
  ['SESSIONS', ({ sessions: used, limits: may }) => useText(used, may.sessions)],
  ['ROWS', ({ rows: used, limits: may }) => useText(used, may.rows)],
  ['WAITS', ({ waits: used, limits: may }) => useText(used, may.waits)],
  ['PER FILE', ({ limits: { queueShare } }) => String(queueShare ?? '')],
  ['QUIET', ({ limits: { quietMs } }) => (quietMs === undefined ? '' : spanText(quietMs))],
  ['STREAMS', ({ limits: { streams } }) => String(streams ?? '')],
  ['PER SECOND', ({ limits: { requestsPerSecond } }) => String(requestsPerSecond ?? '')],
];

export async function subjects({ api, out }: Context): Promise<void> {
  const table = out.table(subjectColumns);
  for await (const rows of api.pages('/v1/subjects', 'subjects')) {
    if (out.json) for (const row of rows) await out.value(row);
    else if (rows.length > 0) await out.line(table.lines(rows).join('\n'));
  }
}

/** Ends sessions, or only shows what that would revoke and who waits for it. Continues after a failure. */
export async function endSessions(
  context: Context,
  given: readonly string[],
  { dryRun }: { dryRun?: boolean },
  failed: (error: unknown) => number,
): Promise<number> {
  const { api, out } = context;
  const ids = await idsIn(context, given, 'sessions');
  let exit = exitOf('ok');
  for (const id of ids) {
    try {
      const { body } = await api.call<z.infer<typeof sessionEnding>>('DELETE', pathOf('sessions', id), {
        query: { dryRun },
      });
      if (dryRun === true) await (out.json ? out.value(body) : tellEnding(out, body));
      else if (out.json) await out.value({ id, ended: true });
      else await out.did(`Ended session ${id}.`);
    } catch (error) {
      const code = failed(error);
      if (exit === exitOf('ok')) exit = code;
    }
  }
  return exit;
}

/** Every id is found before anything is done. */
async function idsIn(
  context: Context,
  given: readonly string[],
  list: 'locks' | 'sessions',
): Promise<string[]> {
  const ids: string[] = [];
  for (const text of given) ids.push(await idIn(context, text, list));
  return ids;
}

async function tellEnding(
  out: Context['out'],
  { session: row, locks, waiting, truncated }: z.infer<typeof sessionEnding>,
): Promise<void> {
  await out.line(out.quiet ? locks.map(({ id }) => id).join('\n') : tableText(sessionColumns, [row], out));
  if (out.quiet) return;
  if (locks.length === 0) out.say('It holds nothing, and waits for nothing.');
  else await out.line(`\n${locks.flatMap((lock) => branch(lock, '', '', true)).join('\n')}`);
  if (truncated)
    out.say(`These are the first ${locks.length}. To see all: leasectl ls --session ${row.sessionId}`);
  out.say(`${counted(waiting, 'request')} of other owners ${waiting === 1 ? 'waits' : 'wait'} for it.`);
}

/** The most rows that are shown of one file or session. */
const rowsShownMax = 1_000;

/** Shows what the text names: a file, an item, an export by its bare name, or anything that has an id. */
export async function show(context: Context, what: string): Promise<void> {
  if (what.includes(':')) return showFile(context, fileRef(what));
  if (what.includes('/')) return showItem(context, itemRef(what));
  // A short id may look like the name of an export; the export goes first.
  const id = await exportOr(context, what);
  if (id === undefined || (await showById(context, id))) return;
  throw new Failure(
    'notFound',
    `There is nothing with the id ${what}.`,
    'List what exists: leasectl ls, leasectl sessions.',
  );
}

/** Shows the export of this name, or returns the id that the text stands for. */
async function exportOr(context: Context, what: string): Promise<string | undefined> {
  if (isUuid(what)) return what;
  try {
    await showItem(context, { kind: 'exports', name: what });
    return undefined;
  } catch (error) {
    if (!isNotFound(error) || !isIdText(what)) throw error;
    const id = await idLike(context, what, ['locks', 'sessions', 'operations']);
    if (id === undefined) throw error;
    return id;
  }
}

const showValue = ({ out }: Context, value: object): Promise<void> =>
  out.json ? out.value(value) : out.line(detailsText(value));

async function showFile({ api, out }: Context, ref: FileRef): Promise<void> {
  const fence = await api.get<Fence>('/v1/fences', { query: { ...ref } });
  const { rows, truncated } = await api.all('/v1/locks', 'locks', { ...ref }, rowsShownMax);
  if (out.json) return out.value({ ...fence, locks: rows, truncated });
  await out.line(detailsText(fence));
  if (rows.length > 0) await out.line(`\n${tableText([...lockColumns, ['', detailText]], rows, out)}`);
  else out.say('Nothing is held, and nobody waits.');
  if (truncated) out.say(`These are the first ${rowsShownMax}. To see all: leasectl ls ${whereText(ref)}`);
}

/** Tries every kind, because an id does not show its kind. */
async function showById(context: Context, id: string): Promise<boolean> {
  for (const kind of ['locks', 'sessions', 'operations', 'pins']) {
    let found: object;
    try {
      found = await context.api.get<object>(pathOf(kind, id));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      continue;
    }
    await (kind === 'sessions' ? showSession(context, id, found) : showValue(context, found));
    return true;
  }
  return false;
}

async function showSession({ api, out }: Context, id: string, found: object): Promise<void> {
  const { rows, truncated } = await api.all('/v1/locks', 'locks', { session: id }, rowsShownMax);
  if (out.json) return out.value({ ...found, locks: rows, truncated });
  await out.line(detailsText(found));
  if (rows.length > 0) await out.line(`\n${tableText([...lockColumns, ...lastColumns], rows, out)}`);
}

// --- who blocks whom

/** The most rows of one file that `why` reads; a file may have 10,000 range locks. */
const whyRowsMax = 20_000;
const holdersShownMax = 20;
const holding = new Set<string>(['pending', 'active', 'breaking', 'fencing', 'open', 'held']);

/** Prints who holds the file, who waits for whom, and the deadlines of running breaks. Exit code 1 if somebody is blocked. */
export async function why({ api, out }: Context, ref: FileRef): Promise<number> {
  const { rows, truncated } = await api.all('/v1/locks', 'locks', { ...ref }, whyRowsMax);
  const waiters = rows.filter(({ state, waits }) => state === 'waiting' || waits !== undefined);
  const holders = rows.filter(({ state }) => holding.has(state));
  const breaks = new Map<string, { break: Break; unanswered: Lock[] }>();
  for (const lock of rows) {
    if (lock.break === undefined) continue;
    const known = breaks.get(lock.break.breakId);
    if (known === undefined) breaks.set(lock.break.breakId, { break: lock.break, unanswered: [lock] });
    else known.unanswered.push(lock);
  }
  const fencing = rows.filter(({ state }) => state === 'fencing');
  const isBlocked = waiters.length > 0 || breaks.size > 0 || fencing.length > 0;
  const byId = new Map(rows.map((lock) => [lock.id, lock]));
  if (out.json) {
    await out.value({
      ...ref,
      blocked: isBlocked,
      holders,
      breaks: [...breaks.values()].map((each) => ({
        ...each.break,
        unanswered: each.unanswered.map(({ id }) => id),
      })),
      waiters: waiters.map((lock) => ({ ...lock, blocker: byId.get(lock.blockedBy ?? '') })),
      truncated,
    });
    return exitOf(isBlocked ? 'refused' : 'ok');
  }
  if (out.quiet) {
    for (const { id } of waiters) await out.line(id);
    return exitOf(isBlocked ? 'refused' : 'ok');
  }
  const lines: string[] = [
    `${printable(whereText(ref))}: ${headline(waiters, breaks.size, fencing, holders)}`,
  ];
  if (holders.length > 0) {
    lines.push(
      '',
      'Held by:',
      tableText([...lockColumns, ['', holdText]], holders.slice(0, holdersShownMax), {
        indent: 2,
        headers: out.headers,
        paint: out.paint,
      }),
    );
    if (holders.length > holdersShownMax)
      lines.push(
        `  and ${counted(holders.length - holdersShownMax, 'other')}: leasectl ls ${whereText(ref)}`,
      );
  }
  for (const { break: running, unanswered } of breaks.values()) {
    const until =
      running.deadlineAt === undefined ? '' : `; the deadline is ${instantText(running.deadlineAt)}`;
    lines.push(
      '',
      `A ${breakText(running)} waits for ${counted(unanswered.length, 'answer')}${until}.`,
      ...unanswered.slice(0, holdersShownMax).map((lock) => `  ${personText(lock)}`),
    );
    if (running.cause === 'fileserver')
      lines.push('  The waiting program is at the fileserver itself and cannot be listed.');
  }
  if (fencing.length > 0)
    lines.push(
      '',
      `The fileserver has not yet confirmed the end of ${counted(fencing.length, 'revoked lease')}.`,
    );
  if (waiters.length > 0) {
    lines.push('', 'Waiting, in order of arrival:');
    for (const [at, waiter] of waiters.slice(0, limits.pageMax).entries())
      lines.push(`  ${at + 1}. ${personText(waiter)}`, `     ${behindText(waiter, byId)}`);
  }
  if (truncated) lines.push('', `Only the first ${whyRowsMax.toLocaleString('en')} rows were read.`);
  if (isBlocked) {
    const [forced] = holders;
    if (forced !== undefined)
      lines.push(
        '',
        `To end this by force: leasectl break ${whereText(ref)}, or leasectl release ${forced.id}`,
      );
  }
  await out.line(lines.join('\n'));
  return exitOf(isBlocked ? 'refused' : 'ok');
}

const holdText = (lock: Lock): string => detailText({ ...lock, break: undefined, blockedBy: undefined });

function headline(waiters: Lock[], breaks: number, fencing: Lock[], holders: Lock[]): string {
  if (waiters.length > 0)
    return `${counted(waiters.length, 'request')} ${waiters.length === 1 ? 'waits' : 'wait'}.`;
  if (breaks > 0) return 'a break is running.';
  if (fencing.length > 0) return 'the fileserver has not yet confirmed the end of a revoked lease.';
  return holders.length === 0 ? 'free, nothing is held.' : 'nobody is blocked.';
}

const personText = (lock: Lock): string =>
  printable(`${lock.kind} ${typeText(lock)}, ${whoText(lock)}, session ${lock.sessionId}, ${lock.id}`);

function behindText(waiter: Lock, byId: ReadonlyMap<string, Lock>): string {
  if (waiter.blockedBy === undefined) return 'waits for the fileserver, or is about to be served';
  const blocker = byId.get(waiter.blockedBy);
  if (blocker === undefined) return `behind ${waiter.blockedBy}, which is on another file or has just ended`;
  const verb = blocker.state === 'waiting' ? 'behind the request' : 'blocked by the';
  return `${verb} ${printable(`${blocker.kind} ${typeText(blocker)} (${blocker.state}) of ${whoText(blocker)}, ${blocker.id}`)}`;
}

// --- by force

/** Asks the holders of a file to release it. With `waitMs`, waits until they have or the time is up. */
export async function breakLease(
  context: Context,
  what: string,
  { target = 'none', wait: waitMs }: { target?: string; wait?: number },
): Promise<number> {
  const { api, out } = context;
  let ref: FileRef | undefined;
  let id = what;
  if (what.includes(':')) {
    ref = fileRef(what);
    const { rows } = await api.all('/v1/locks', 'locks', { ...ref }, whyRowsMax);
    const leased = rows.find(
      ({ kind, state }) => (kind === 'lease' || kind === 'delegation') && holding.has(state),
    );
    if (leased === undefined) {
      await out.did(`${whereText(ref)} is not leased: there is nothing to break.`);
      return exitOf('ok');
    }
    ({ id } = leased);
  } else if (!isIdText(what))
    throw new Failure('usage', `"${printable(what)}" is neither an id nor EXPORT:PATH.`);
  else {
    id = await idIn(context, what, 'locks');
    if (waitMs !== undefined) ref = await api.get<Lock>(pathOf('locks', id));
  }
  const { body } = await api.call<{ break?: Break }>('POST', `${pathOf('locks', id)}/break`, {
    body: { target },
  });
  if (out.json) await out.value(body);
  else if (body.break === undefined)
    await out.did(`Nothing is held above ${target}: there is nothing to break.`);
  else await out.did(`A ${breakText(body.break)} has begun.`);
  if (waitMs === undefined || body.break === undefined || ref === undefined) return exitOf('ok');
  return settled(context, { export: ref.export, file: ref.file }, waitMs);
}

/** Only the holder gets events about a break, so poll the listing. */
const lookMs = 300;

async function settled({ api, out }: Context, ref: FileRef, waitMs: number): Promise<number> {
  const until = performance.now() + waitMs;
  for (;;) {
    const lookedAt = performance.now();
    const { rows } = await api.all('/v1/locks', 'locks', { ...ref }, whyRowsMax);
    const left = rows.filter(({ state, break: running }) => state === 'fencing' || running !== undefined);
    const [first] = left;
    if (first === undefined) {
      out.clearProgress();
      if (!out.json) await out.did('The break is over.');
      return exitOf('ok');
    }
    const deadline =
      first.break?.remainingMs === undefined ? '' : `, ${spanText(first.break.remainingMs)} left`;
    out.progress(
      first.state === 'fencing'
        ? 'The deadline has passed; waiting for the fileserver to confirm the end of the lease.'
        : `${counted(left.length, 'holder')} must still answer${out.progressIsLive ? deadline : ''}.`,
    );
    if (performance.now() + lookMs > until) {
      out.clearProgress();
      throw new Failure(
        'timeUp',
        `The break is not over after ${spanText(waitMs)}.`,
        `See who has not answered: leasectl why ${whereText(ref)}`,
      );
    }
    await delay(Math.max(lookMs, performance.now() - lookedAt));
  }
}

/** Releases locks by force. Continues after a failure; the exit code is that of the first failure. */
export async function release(
  context: Context,
  given: readonly string[],
  { unfenced }: { unfenced?: boolean },
  failed: (error: unknown) => number,
): Promise<number> {
  const { api, out } = context;
  const ids = await idsIn(context, given, 'locks');
  let exit = exitOf('ok');
  for (const id of ids) {
    try {
      await api.call('DELETE', pathOf('locks', id), { query: { unfenced } });
      if (out.json) await out.value({ id, released: true });
      else await out.did(`Released ${id}.`);
    } catch (error) {
      const code = failed(error);
      if (exit === exitOf('ok')) exit = code;
    }
  }
  return exit;
}

// --- the service

interface Ready {
  ready: boolean;
  format?: number;
  servers?: { version?: string; format?: number; library?: string }[];
  unnamed?: number;
}

/** The lease APIs by what they run. Two builds of one version use different libraries. */
function serverLines({ format = 0, servers = [], unnamed = 0 }: Ready): string[] {
  const newest = Math.max(0, ...servers.map((each) => each.format ?? 0));
  const counts = new Map<string, number>();
  for (const { version = 'unknown', library, format: most = 0 } of servers) {
    const build = library === undefined ? '' : ` (${library.slice(-8)})`;
    const keeps = most < newest ? `, which keep the table in format ${String(most)}` : '';
    const text = `of version ${version}${build}${keeps}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (unnamed > 0)
    counts.set(`of an earlier version, which keep the table in format ${String(format)}`, unnamed);
  return [...counts].map(([text, count]) => `${counted(count, 'lease API')} ${text}`);
}

export async function status({ api, out }: Context): Promise<void> {
  const state = await api.get<Ready>('/readyz');
  const grace = await api.get<{ graceMs: number; sessions: number }>('/v1/grace');
  const { rows: exports } = await api.all('/v1/exports', 'exports', {}, limits.pageMax);
  if (out.json) return out.value({ url: api.url, ...state, grace, exports });
  await out.line(`${api.url} is ready.`);
  if (state.format !== undefined) await out.line(`The table is in format ${String(state.format)}.`);
  for (const line of serverLines(state)) await out.line(printable(line));
  if (grace.graceMs > 0)
    await out.line(
      `A grace period is running for another ${spanText(grace.graceMs)}; ${counted(grace.sessions, 'session')} may reclaim.`,
    );
  for (const each of exports)
    await out.line(
      printable(`export ${each.name}: ${each.state}, stack ${each.stack}`) +
        (each.unconfirmedFiles > 0
          ? `, ${counted(each.unconfirmedFiles, 'file')} not confirmed by the fileserver`
          : ''),
    );
}
