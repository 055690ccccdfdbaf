import type { DlmLock, Session, ValueBlock } from '#client';
import {
  type DlmConnection,
  type DlmDump,
  type DlmFlag,
  type DlmLocked,
  type DlmResource,
  exportName,
  type LockMode,
  printable,
  resourceName,
} from '#contracts';
import { InvalidArgumentError } from 'commander';
import { pathOf } from './api';
import type { Context } from './context';
import { Failure } from './failure';
import { idIn, isIdText } from './ids';
import { detailsText, tableText } from './output';

/** Locks in modes: taken and changed on behalf of a session, and shown as a stack's dump shows them. */

export interface Resource {
  export: string;
  resource: string;
}
export interface DlmOptions {
  flag?: DlmFlag[];
  wait: number;
  /** The value block to write, as text. */
  lvb?: string;
}
export interface LockOptions extends DlmOptions {
  ttl: number;
  owner?: string;
}
export interface Credentials {
  sessionId: string;
  secret: string;
}

/** Reads `DOMAIN:NAME`; the name may contain colons. Throws InvalidArgumentError. */
export function resourceRef(text: string): Resource {
  const at = text.indexOf(':');
  const ref = { export: text.slice(0, Math.max(0, at)), resource: text.slice(at + 1) };
  if (at < 0 || !exportName.safeParse(ref.export).success || !resourceName.safeParse(ref.resource).success)
    throw new InvalidArgumentError(`"${printable(text)}" is not DOMAIN:NAME, as in demo:inode-17.`);
  return ref;
}

const base64 = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text).toString('base64');
const whereOf = ({ export: domain, resource }: Resource): string => `${domain}:${resource}`;

function valueText(value: ValueBlock | DlmResource['value'] | undefined): string {
  if (value === undefined) return '';
  const bytes =
    'bytes' in value
      ? value.bytes && Buffer.from(value.bytes).toString('base64')
      : 'block' in value
        ? value.block
        : undefined;
  if (bytes === undefined) return 'none';
  return `${bytes}${value.valid ? '' : ' (not valid)'}`;
}

function modeText({ mode, wants }: { mode?: LockMode | undefined; wants?: LockMode | undefined }): string {
  return wants === undefined ? (mode ?? '') : `${mode ?? 'nothing'} to ${wants}`;
}

async function print({ out }: Context, row: DlmLocked): Promise<void> {
  if (out.json) await out.value(row);
  else if (out.quiet) await out.line(row.lockId);
  else await out.line(detailsText(row));
}

const headersOf = ({ secret }: Credentials): Record<string, string> => ({ 'x-session-secret': secret });

/** Takes a lock for a session that somebody else keeps alive. */
export async function lockFor(
  context: Context,
  ref: Resource,
  mode: LockMode,
  { flag: flags = [], wait, owner }: LockOptions,
  by: Credentials,
): Promise<void> {
  const body = { sessionId: by.sessionId, owner, ...ref, mode, flags, waitMs: wait };
  const ask = { body, headers: headersOf(by), waitMs: wait };
  await print(context, (await context.api.call<DlmLocked>('POST', pathOf('dlm', 'locks'), ask)).body);
}

/** Takes a lock in a session of its own, reports what it is told, and releases it at Ctrl-C. */
export async function lockHere(
  context: Context,
  ref: Resource,
  mode: LockMode,
  { flag: flags = [], wait: waitMs, ttl: ttlMs, owner }: LockOptions,
): Promise<void> {
  const { out, api } = context;
  await api.get('/livez');
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const session = await context
    .leasehold(10_000)
    .openSession({ ttlMs, pid: process.pid, label: 'leasectl dlm lock' });
  try {
    const asked = { flags, waitMs, owner, signal: stop.signal, lvb: true };
    const lock = await session.dlm(ref.export).lock(ref.resource, mode, {
      ...asked,
      onBlocking: (wanted) => {
        out.say(`leasectl: somebody wants ${printable(whereOf(ref))} in ${wanted}.`);
      },
    });
    await announce(context, session, lock);
    await over(lock, stop.signal);
    if (!stop.signal.aborted) throw lock.signal.reason;
    await lock.release();
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    if (!session.signal.aborted) await session.end().catch(() => undefined);
  }
}

async function announce({ out }: Context, session: Session, lock: DlmLock): Promise<void> {
  const { id: lockId, mode, token, export: domain, resource } = lock;
  const value = valueText(lock.value);
  if (out.json)
    await out.value({ lockId, sessionId: session.id, export: domain, resource, mode, token, value });
  else if (out.quiet) await out.line(lockId);
  else
    await out.line(
      `${printable(whereOf({ export: domain, resource }))} locked in ${mode ?? ''}, lock ${lockId}` +
        `${token === undefined ? '' : `, token ${String(token)}`}, value block ${value}. Ctrl-C unlocks it.`,
    );
}

/** Resolves when the lock is lost, or the signal fires. */
function over(lock: DlmLock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    for (const each of [lock.signal, signal]) {
      if (each.aborted) resolve();
      each.addEventListener('abort', () => {
        resolve();
      });
    }
  });
}

export async function convertLock(
  context: Context,
  lockId: string,
  mode: LockMode,
  { flag: flags = [], wait: waitMs, lvb }: DlmOptions,
  by: Credentials,
): Promise<void> {
  const body = { mode, flags, waitMs, block: base64(lvb) };
  const ask = { body, headers: headersOf(by), waitMs };
  await print(context, (await context.api.call<DlmLocked>('PUT', pathOf('dlm', 'locks', lockId), ask)).body);
}

export async function unlock(
  context: Context,
  lockId: string,
  { lvb, invalid }: { lvb?: string; invalid?: boolean },
  by: Credentials,
): Promise<void> {
  const body = { block: base64(lvb), ivvalblk: invalid };
  await context.api.call('POST', pathOf('dlm', 'locks', lockId, 'unlock'), { body, headers: headersOf(by) });
  await context.out.did(`${lockId} is unlocked.`);
}

export async function cancelRequest(context: Context, lockId: string, by: Credentials): Promise<void> {
  const body = { sessionId: by.sessionId, lockId };
  const path = pathOf('dlm', 'locks', 'cancel');
  const { body: answer } = await context.api.call<{ cancelled: boolean; lock?: DlmLocked }>('POST', path, {
    ...{ body, headers: headersOf(by) },
  });
  if (context.out.json) await context.out.value(answer);
  else
    await context.out.did(
      answer.cancelled
        ? `${lockId} no longer waits.`
        : `It came too late: ${answer.lock === undefined ? 'the lock is gone' : `granted ${modeText(answer.lock)}`}.`,
    );
}

/** The lock domain's resources, or one resource, with everything the service knows of it. */
export async function showResource(context: Context, what: string): Promise<void> {
  const { api, out } = context;
  const ref = what.includes(':') ? resourceRef(what) : await resourceOf(context, what);
  const found = await api.get<DlmResource>(pathOf('dlm', 'resources'), { query: { ...ref, limit: 1_000 } });
  if (out.json) {
    await out.value(found);
    return;
  }
  const { granted, converting, waiting, value, more } = found;
  await out.line(`${printable(whereOf(found))}: value block ${valueText(value)}`);
  for (const [title, rows] of [
    ['granted', granted],
    ['converting', converting],
    ['waiting', waiting],
  ] as const) {
    await out.line(`${title}: ${rows.length === 0 ? 'none' : ''}`.trimEnd());
    if (rows.length > 0) await out.line(tableText(columns, rows, { indent: 2, headers: out.headers }));
  }
  if (more) out.say('There are more locks than are shown.');
}

const flagsText = ({ valblk, nodlckwt, alt }: DlmDump): string =>
  [valblk === true && 'valblk', nodlckwt === true && 'nodlckwt', alt !== undefined && `alt ${alt}`]
    .filter((flag) => flag !== false)
    .join(' ');

const columns = [
  ['ID', ({ lockId }: DlmLocked) => lockId],
  ['MODE', modeText],
  ['BLOCKING', ({ blocking }: DlmLocked) => blocking ?? ''],
  ['TOKEN', ({ token }: DlmLocked) => (token === undefined ? '' : String(token))],
  ['SEQID', ({ seqid }: DlmLocked) => String(seqid)],
  [
    'KEPT',
    ({ persistent, sessionId }: DlmLocked) =>
      sessionId === '' ? 'orphan' : persistent === true ? 'persistent' : '',
  ],
  ['LEFT', ({ remainingMs }: DlmDump) => (remainingMs === undefined ? '' : `${String(remainingMs)} ms`)],
  ['ASKED', flagsText],
  ['SESSION', ({ sessionId }: DlmLocked) => sessionId],
  [
    'CONNECTION',
    ({ connectionId, protocol }: DlmDump) =>
      connectionId === undefined
        ? ''
        : `${connectionId}${protocol === undefined ? '' : ` (${versionText(protocol)})`}`,
  ],
  ['NODE', ({ node }: DlmDump) => node ?? ''],
  ['PID', ({ pid }: DlmDump) => (pid === 0 ? '' : String(pid))],
  ['OWNER', ({ owner, sessionId }: DlmLocked) => (owner === sessionId ? '' : owner)],
] as const;

const versionText = ({ major, minor }: DlmConnection['protocol']): string =>
  `${String(major)}.${String(minor)}`;

/** The connections of sessions to a lock domain. */
export async function listConnections({ api, out }: Context, domain: string): Promise<void> {
  const found: DlmConnection[] = [];
  let cursor: string | undefined;
  do {
    const query = { export: domain, limit: 1_000, cursor };
    const page: { connections: DlmConnection[]; cursor?: string } = await api.get(
      pathOf('dlm', 'connections'),
      { query },
    );
    found.push(...page.connections);
    cursor = page.cursor;
  } while (cursor !== undefined);
  if (out.json) await out.value(found);
  else await out.line(tableText(connectionColumns, found, { headers: out.headers }));
}

const connectionColumns = [
  ['ID', ({ connectionId }: DlmConnection) => connectionId],
  ['STATE', ({ state }: DlmConnection) => state],
  ['STACK', ({ stack }: DlmConnection) => stack],
  ['PROTOCOL', ({ protocol }: DlmConnection) => versionText(protocol)],
  ['NODE', ({ node }: DlmConnection) => node?.name ?? ''],
  ['REGION', ({ region }: DlmConnection) => region ?? ''],
  ['SESSION', ({ sessionId }: DlmConnection) => sessionId],
] as const;

async function resourceOf(context: Context, text: string): Promise<Resource> {
  const id = isIdText(text) ? await idIn(context, text, 'locks') : undefined;
  if (id === undefined) return resourceRef(text);
  const lock = await context.api.get<{ kind: string; export: string; file: string }>(pathOf('locks', id));
  if (lock.kind !== 'dlm') throw new Failure('usage', `${id} is no lock in a mode; see: leasectl show ${id}`);
  return { export: lock.export, resource: lock.file };
}
