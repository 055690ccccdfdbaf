import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { LeaseholdError } from '#client';
import { type configuration, type grace as graceShape, limits, printable } from '#contracts';
import { pathOf } from './api';
import type { Context } from './context';
import { byWhom, exitOf, Failure } from './failure';
import { type Column, detailsText, tableText } from './output';
import { clockText, counted, instantText, type ItemRef, spanText } from './words';

/** The configuration tree: stacks, exports, nodes and regions, pins, and operations on items in use. */

type ItemKind = configuration.ItemKind;
type Stack = z.infer<typeof configuration.stack>;
type Export = z.infer<typeof configuration.exportView>;
type Node = z.infer<typeof configuration.node>;
type Region = z.infer<typeof configuration.region>;
type Dependent = z.infer<typeof configuration.dependent>;
type Pin = z.infer<typeof configuration.pin>;
type Grace = z.infer<typeof graceShape>;
export type Operation = z.infer<typeof configuration.operation>;
/** An item of any kind; an older service may return fewer fields. */
interface Shared {
  name: string;
  version?: number;
  state?: string;
  onDemand?: Stack['onDemand'] | boolean;
  protocol?: { major: number; minor?: number; minorMax?: number };
}
type Rest<T> = Partial<Omit<T, keyof Shared | 'kind'>>;
type Item = Shared & Rest<Stack> & Rest<Export> & Rest<Node> & Rest<Region>;
type Fields = Record<string, unknown>;

/** How long a session retries requests that failed in transit. */
const retryMs = 10_000;
/** The most rows of a list that is shown as a whole. */
const itemsMax = 10_000;

export const isNotFound = (error: unknown): boolean =>
  error instanceof LeaseholdError && error.code === 'ENOENT';

const nameOf = ({ kind, name }: ItemRef): string => `${kind}/${name}`;
const some = (text: string | number | undefined): string => (text === undefined ? '-' : String(text));
const someSpan = (ms: number | undefined): string => (ms === undefined ? '-' : spanText(ms));
const removingText = (state: string | undefined, removing: boolean | undefined): string =>
  removing === true ? 'removing' : some(state);

const columnsOf: Record<ItemKind, readonly Column<Item>[]> = {
  stacks: [
    ['NAME', ({ name }) => name],
    ['EXPORTS', ({ exports }) => some(exports)],
    [
      'ADAPTERS UP',
      ({ adapters = [], builtIn }) =>
        builtIn === true
          ? '-'
          : `${adapters.filter(({ state }) => state === 'up').length}/${adapters.length}`,
    ],
    ['PROTOCOL', ({ protocol }) => (protocol === undefined ? '-' : protocolText(protocol))],
    [
      'ON DEMAND',
      ({ onDemand }) => (typeof onDemand === 'object' ? `${onDemand.prefix}* (${onDemand.policy})` : ''),
    ],
    ['DESCRIPTION', ({ description }) => description ?? ''],
    ['', ({ removing }) => (removing === true ? 'removing' : '')],
  ],
  exports: [
    ['NAME', ({ name }) => name],
    ['STATE', ({ state }) => some(state)],
    ['STACK', ({ stack }) => some(stack)],
    ['POLICY', ({ policy }) => some(policy)],
    ['REGION', ({ region }) => region ?? ''],
    ['BREAK', ({ breakMs }) => (breakMs === 0 ? 'never forced' : someSpan(breakMs))],
    ['PROTOCOL', ({ protocol }) => (protocol === undefined ? '-' : protocolText(protocol))],
    ['UNCONFIRMED', ({ unconfirmedFiles }) => some(unconfirmedFiles)],
    ['UNBACKED', ({ unbackedFiles }) => some(unbackedFiles)],
    [
      '',
      ({ operationId, onDemand }) =>
        [operationId === undefined ? '' : `operation ${operationId}`, onDemand === true ? 'on demand' : '']
          .filter((text) => text !== '')
          .join('; '),
    ],
  ],
  nodes: [
    ['NAME', ({ name }) => name],
    ['STATE', ({ state, removing }) => removingText(state, removing)],
    ['REGION', ({ region }) => some(region)],
    ['SESSIONS', ({ sessions }) => some(sessions)],
    ['SEEN', ({ seenAt }) => (seenAt === undefined ? '-' : instantText(seenAt))],
    ['INCARNATION', ({ incarnation }) => some(incarnation)],
    [
      '',
      ({ notice }) =>
        notice === undefined ? '' : `telling subscribers of priority ${notice.priority}: ${notice.event}`,
    ],
  ],
  regions: [
    ['NAME', ({ name }) => name],
    ['BEAT', ({ beatMs }) => someSpan(beatMs)],
    ['DEAD AFTER', ({ deadMs }) => someSpan(deadMs)],
    ['ACK WITHIN', ({ ackMs }) => someSpan(ackMs)],
    ['NODES', ({ nodes }) => some(nodes)],
    ['SUBSCRIBERS', ({ subscribers }) => some(subscribers)],
    ['', ({ removing }) => (removing === true ? 'removing' : '')],
  ],
};

function protocolText(protocol: { major: number; minor?: number; minorMax?: number }): string {
  const { major, minor, minorMax } = protocol;
  return `${major}.${minor ?? `0-${minorMax ?? 0}`}`;
}

export async function listItems({ api, out }: Context, kind: ItemKind): Promise<void> {
  const table = out.table(columnsOf[kind]);
  let isEmpty = true;
  for await (const items of api.pages(pathOf(kind), kind)) {
    if (items.length === 0) continue;
    isEmpty = false;
    if (out.quiet) await out.line(items.map(({ name }) => name).join('\n'));
    else if (out.json) for (const item of items) await out.value(item);
    else await out.line(table.lines(items).join('\n'));
  }
  if (isEmpty) out.say(`There are no ${kind}.`);
}

export async function showItem({ api, out }: Context, ref: ItemRef): Promise<void> {
  const item = await api.get<Item>(pathOf(ref.kind, ref.name));
  await (out.json ? out.value(item) : out.line(detailsText(item)));
}

export async function listDependents({ api, out }: Context, ref: ItemRef): Promise<void> {
  const { rows } = await api.all(`${pathOf(ref.kind, ref.name)}/dependents`, 'dependents', {}, itemsMax);
  if (out.json) for (const row of rows) await out.value(row);
  else if (out.quiet) for (const { kind, name } of rows) await out.line(`${kind}/${some(name)}`);
  else if (rows.length > 0) await out.line(tableText(dependentColumns, rows, out));
  if (rows.length === 0) out.say(`Nothing depends on ${nameOf(ref)}.`);
}

const dependentColumns: readonly Column<Dependent>[] = [
  ['KIND', ({ kind }) => kind],
  ['NAME', ({ name }) => some(name)],
  ['BY', byWhom],
  ['BECAUSE', ({ because }) => because ?? ''],
];

// --- creating, changing

/** The fields of an item that can be set; they are kept when others change. */
const fieldsOf: Record<ItemKind, readonly string[]> = {
  stacks: ['description', 'onDemand'],
  exports: ['stack', 'policy', 'region', 'breakMs', 'lockDelayMs', 'maxHoldMs', 'directories', 'ranges'],
  nodes: ['region', 'description'],
  regions: ['beatMs', 'deadMs', 'ackMs'],
};
const changeTriesMax = 3;

export async function createItem({ api, out }: Context, ref: ItemRef, fields: Fields): Promise<void> {
  const { body } = await api.call<Item>('PUT', pathOf(ref.kind, ref.name), {
    body: fields,
    headers: { 'if-none-match': '*' },
  });
  if (out.json) await out.value(body);
  else await out.did(`Created ${nameOf(ref)}${versionText(body)}.`);
}

const versionText = ({ version }: Item): string => (version === undefined ? '' : `, version ${version}`);

/**
 * Changes the given fields and keeps the rest. If somebody else changes the item in between, reads it again and keeps that
 * change too, unless `ifVersion` names the version to change.
 */
export async function setItem(
  { api, out }: Context,
  ref: ItemRef,
  fields: Fields,
  { unset = [], ifVersion }: { unset?: string[]; ifVersion?: number },
): Promise<void> {
  const known = fieldsOf[ref.kind];
  if (Object.keys(fields).length === 0 && unset.length === 0)
    throw new Failure('usage', 'There is nothing to set.', `See the options: leasectl help ${ref.kind} set`);
  const path = pathOf(ref.kind, ref.name);
  for (let tries = 1; ; tries += 1) {
    const present = await api.get<Fields & Item>(path);
    const kept = known.filter((field) => present[field] !== undefined && !unset.includes(field));
    const body = {
      ...Object.fromEntries(kept.map((field) => [field, present[field]])),
      ...merged(present, fields),
    };
    const version = ifVersion ?? present.version;
    try {
      const answer = await api.call<Item>('PUT', path, {
        body,
        headers: { 'if-match': `"${String(version)}"` },
      });
      if (out.json) await out.value(answer.body);
      else await out.did(`Changed ${nameOf(ref)}${versionText(answer.body)}.`);
      return;
    } catch (error) {
      const isRace = error instanceof LeaseholdError && error.status === 412 && ifVersion === undefined;
      if (!isRace || tries === changeTriesMax) throw error;
    }
  }
}

/** An option may set only a part of a member. */
const merged = (present: Fields, fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const before = present[name];
      const isPart = typeof value === 'object' && typeof before === 'object';
      return [name, isPart ? { ...before, ...value } : value];
    }),
  );

// --- removing, stopping: operations

export interface OperationOptions {
  deadline?: number;
  wait?: boolean;
}

export async function removeItem(
  context: Context,
  ref: ItemRef,
  options: OperationOptions & { force?: boolean },
): Promise<number> {
  const { force = false, deadline, wait } = options;
  if (!force && (deadline !== undefined || wait === false))
    throw new Failure('usage', '--deadline and --no-wait require --force.');
  const query = force ? { force, deadlineMs: deadline } : {};
  try {
    const { status, body } = await context.api.call<Operation>('DELETE', pathOf(ref.kind, ref.name), {
      query,
    });
    if (status === 202) return await follow(context, body, options);
  } catch (error) {
    if (error instanceof LeaseholdError && error.code === 'EBUSY' && !force)
      throw new LeaseholdError(
        {
          ...error.problem,
          next: `Remove its dependents first, or everything at once: leasectl ${ref.kind} rm ${ref.name} --force`,
        },
        { status: error.status },
      );
    throw error;
  }
  if (context.out.json) await context.out.value({ ...ref, removed: true });
  else await context.out.did(`Removed ${nameOf(ref)}.`);
  return exitOf('ok');
}

export async function startOperation(
  context: Context,
  path: string,
  options: OperationOptions,
): Promise<number> {
  const { body } = await context.api.call<Operation>('POST', path, {
    body: { deadlineMs: options.deadline },
  });
  return follow(context, body, options);
}

const operationColumns: readonly Column<Operation>[] = [
  ['ID', ({ operationId }) => operationId],
  ['KIND', ({ kind }) => kind],
  ['OF', ({ of: { kind, name } }) => `${kind}/${name}`],
  ['STATE', ({ state, phase }) => (state === 'done' ? state : phase)],
  ['FILES LEFT', ({ filesLeft }) => String(filesLeft)],
  ['STARTED', ({ startedAt }) => instantText(startedAt)],
  ['DEADLINE', ({ state, deadlineAt }) => (state === 'done' ? '' : instantText(deadlineAt))],
];

export async function listOperations({ api, out }: Context): Promise<void> {
  const { operations } = await api.get<z.infer<typeof configuration.operationList>>('/v1/operations');
  if (out.json) for (const each of operations) await out.value(each);
  else if (out.quiet) for (const { operationId } of operations) await out.line(operationId);
  else if (operations.length > 0) await out.line(tableText(operationColumns, operations, out));
  if (operations.length === 0) out.say('There are no operations.');
}

export async function waitForOperation(context: Context, id: string): Promise<number> {
  return follow(context, await context.api.get<Operation>(pathOf('operations', id)), {});
}

/** How long after its deadline an operation may end: it may wait for fileservers. */
const lateMs = 60_000;
const lookWaitMs = 1_000;

/** Shows the progress of an operation until it is done. Exit code 7 if it takes much longer than its deadline. */
async function follow(
  { api, out }: Context,
  started: Operation,
  { wait = true }: OperationOptions,
): Promise<number> {
  let now = started;
  const goesOn = `It continues: leasectl operations wait ${now.operationId}`;
  if (!wait) {
    if (out.json) await out.value(now);
    else if (out.quiet) await out.line(now.operationId);
    else await out.line(`Started operation ${now.operationId}.`);
    return exitOf('ok');
  }
  const interrupted = new AbortController();
  const interrupt = (): void => {
    interrupted.abort();
  };
  process.once('SIGINT', interrupt);
  // The service's clock may differ from ours, so use the span and not the instant.
  const spanMs = Date.parse(now.deadlineAt) - Date.parse(now.startedAt);
  const until = performance.now() + spanMs + lateMs;
  try {
    while (now.state !== 'done') {
      out.progress(progressText(now));
      if (performance.now() > until)
        throw new Failure(
          'timeUp',
          `Operation ${now.operationId} is past its deadline and still not done.`,
          goesOn,
        );
      const path = pathOf('operations', now.operationId);
      const before = performance.now();
      const { signal } = interrupted;
      now = await api.get<Operation>(path, { query: { waitMs: lookWaitMs }, waitMs: lookWaitMs, signal });
      // If the service answers too soon, do not ask it again at once.
      const leftMs = 200 - (performance.now() - before);
      if (now.state !== 'done' && leftMs > 0) await delay(leftMs, undefined, { signal });
    }
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    out.complain(`leasectl: interrupted. ${goesOn}`);
    return exitOf('interrupted');
  } finally {
    process.off('SIGINT', interrupt);
    out.clearProgress();
  }
  if (out.json) await out.value(now);
  else await out.did(doneText(now));
  return exitOf('ok');
}

const didOf = ({ did }: Operation): string[] => [
  ...(did.requestsCancelled > 0 ? [`${counted(did.requestsCancelled, 'request')} cancelled`] : []),
  ...(did.leasesBroken > 0 ? [`leases of ${counted(did.leasesBroken, 'file')} broken`] : []),
  ...(did.leasesRevoked > 0 ? [`${counted(did.leasesRevoked, 'lease')} revoked`] : []),
  ...(did.opensClosed > 0 ? [`${counted(did.opensClosed, 'open')} closed`] : []),
  ...(did.rangesReleased > 0 ? [`${counted(did.rangesReleased, 'range lock')} released`] : []),
  ...(did.sessionsEnded > 0 ? [`${counted(did.sessionsEnded, 'session')} ended`] : []),
  ...(did.pinsDropped > 0 ? [`${counted(did.pinsDropped, 'pin')} dropped`] : []),
  ...(did.removed.length > 0 ? [`removed ${did.removed.join(', ')}`] : []),
];

const titleOf = ({ kind, of: what }: Operation): string => {
  const verb = { hangup: 'Hangup of', remove: 'Removal of', stop: 'Stop of' }[kind];
  return printable(`${verb} ${what.kind}/${what.name}`);
};

function progressText(now: Operation): string {
  const left =
    now.filesLeft > 0
      ? [`${now.filesLeft >= 1_000 ? 'at least ' : ''}${counted(now.filesLeft, 'file')} left`]
      : [];
  return [`${titleOf(now)}: ${now.phase}`, ...left, ...didOf(now)].join('; ');
}

const doneText = (now: Operation): string => {
  const did = didOf(now);
  return `${titleOf(now)} is done${did.length === 0 ? '; nothing was in use' : `: ${did.join('; ')}`}.`;
};

export async function setGrace({ api, out }: Context, name: string, askedMs: number): Promise<void> {
  const body = { graceMs: askedMs };
  const { body: grace } = await api.call<Grace>('POST', `${pathOf('exports', name)}/grace`, { body });
  if (out.json) await out.value(grace);
  else if (grace.graceMs === 0) await out.did(`exports/${name} is not in grace: nobody is waited for.`);
  else {
    const forWhom = grace.sessions === 0 ? '' : `; ${counted(grace.sessions, 'session')} may end it before`;
    await out.did(`exports/${name} is in grace for ${spanText(grace.graceMs)}${forWhom}.`);
  }
}

export async function resumeExport({ api, out }: Context, name: string): Promise<void> {
  const { body } = await api.call<Export>('POST', `${pathOf('exports', name)}/resume`, { body: {} });
  if (out.json) await out.value(body);
  else await out.did(`exports/${name} is ${body.state}.`);
}

// --- pins

export async function pinItem(
  { api, out }: Context,
  on: ItemRef,
  by: { item: ItemRef } | { sessionId: string; secret: string },
  because: string | undefined,
): Promise<void> {
  const path = `${pathOf(on.kind, on.name)}/pins`;
  const { body } = await api.call<Pin>('POST', path, {
    body: 'item' in by ? { item: by.item, because } : { sessionId: by.sessionId, because },
    headers: 'item' in by ? {} : { 'x-session-secret': by.secret },
  });
  if (out.json) await out.value(body);
  else await out.line(out.quiet ? body.pinId : `${nameOf(on)} is pinned: ${body.pinId}`);
}

export async function unpin({ api, out }: Context, pinId: string, secret: string | undefined): Promise<void> {
  const headers: Record<string, string> = secret === undefined ? {} : { 'x-session-secret': secret };
  await api.call('DELETE', pathOf('pins', pinId), { headers });
  if (out.json) await out.value({ pinId, removed: true });
  else await out.did(`Removed pin ${pinId}.`);
}

// --- the tree

/** Stacks with their exports and adapters, and regions with their nodes and the exports bound to them. */
export async function treeOfItems({ api, out }: Context): Promise<void> {
  const lists = await Promise.all([
    api.all('/v1/stacks', 'stacks', {}, itemsMax),
    api.all('/v1/exports', 'exports', {}, itemsMax),
    api.all('/v1/nodes', 'nodes', {}, itemsMax),
    api.all('/v1/regions', 'regions', {}, itemsMax),
  ]);
  const [{ rows: stacks }, { rows: exports }, { rows: nodes }, { rows: regions }] = lists;
  if (out.json) {
    for (const each of [...stacks, ...regions, ...exports, ...nodes]) await out.value(each);
    return;
  }
  const lines: string[] = [];
  for (const stack of stacks) {
    lines.push(branchText(stack, 'stacks'));
    const below = [
      ...exports.filter((each) => each.stack === stack.name).map((each) => branchText(each, 'exports')),
      ...stack.adapters.map(
        ({ incarnation, state, version, protocol, exports: served }) =>
          `adapter ${some(incarnation)}  ${state}  version ${version}, protocol ${protocolText(protocol)}` +
          (served.length === 0 ? '' : `, serves ${served.join(', ')}`),
      ),
    ];
    lines.push(...twigs(below));
  }
  for (const region of regions) {
    lines.push(branchText(region, 'regions'));
    const below = [
      ...nodes.filter((each) => each.region === region.name).map((each) => branchText(each, 'nodes')),
      ...exports
        .filter((each) => each.region === region.name)
        .map(({ name }) => `required by exports/${name}`),
    ];
    lines.push(...twigs(below));
  }
  if (lines.length > 0) await out.line(lines.map(printable).join('\n'));
  if (lists.some(({ truncated }) => truncated))
    out.say(`Only the first ${itemsMax.toLocaleString('en')} of each kind are shown.`);
}

function branchText(item: Item, kind: ItemKind): string {
  const words = columnsOf[kind].slice(1).flatMap(([title, cell]) => {
    const text = cell(item);
    if (text === '' || text === '-' || text === '0' || ['STACK', 'REGION'].includes(title)) return [];
    return [['STATE', ''].includes(title) ? text : `${title.toLowerCase()} ${text}`];
  });
  return [`${kind}/${item.name}`, ...words].join('  ');
}

const twigs = (below: readonly string[]): string[] =>
  below.map((text, at) => `${at === below.length - 1 ? '└─ ' : '├─ '}${text}`);

// --- heartbeats of nodes

/** How long heartbeats may fail in a row before the command gives up. */
const beatSilenceMaxMs = 600_000;

type Beaten = z.infer<typeof configuration.beaten>;

function beatenText({ state, beatMs, deadMs, sessionsLost }: Beaten): string {
  const rhythm = `is ${state}; it sends a heartbeat every ${spanText(beatMs)} and is dead after ${spanText(deadMs)} of silence`;
  return sessionsLost === 0
    ? rhythm
    : `${rhythm}. ${counted(sessionsLost, 'session')} of its last incarnation ended`;
}

/** Sends heartbeats for a node until it is told to end, and reports the node's state. */
export async function beat(
  { api, out }: Context,
  name: string,
  { incarnation, once = false }: { incarnation: string; once?: boolean },
): Promise<number> {
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const { signal } = ended;
  let state: string | undefined;
  let isHeard = true;
  let heardAt = performance.now();
  let every = { beatMs: 1_000, deadMs: 10_000 };
  try {
    while (!ended.signal.aborted) {
      const sentAt = performance.now();
      try {
        const ask = { body: { incarnation }, timeoutMs: Math.max(1_000, every.beatMs), signal };
        const { body } = await api.call<Beaten>('POST', `${pathOf('nodes', name)}/beat`, ask);
        if (!isHeard)
          out.say(
            `nodes/${name}: heartbeats get through again after ${spanText(performance.now() - heardAt)}.`,
          );
        if (body.state !== state || body.sessionsLost > 0) {
          if (out.json) await out.value(body);
          else out.say(`nodes/${name} ${beatenText(body)}.`);
        }
        ({ state } = body);
        every = body;
        heardAt = sentAt;
        isHeard = true;
      } catch (error) {
        const isPassing = error instanceof LeaseholdError && ['ENOTCONN', 'ETIMEDOUT'].includes(error.code);
        // Before the first answer, fail at once.
        if (signal.aborted) break;
        if (!isPassing || state === undefined || once) throw error;
        const silentMs = performance.now() - heardAt;
        if (silentMs > Math.max(beatSilenceMaxMs, every.deadMs)) throw error;
        if (isHeard)
          out.complain(
            `leasectl: ${error.code} ${error.reason}: heartbeats of nodes/${name} do not get through; it is dead after ${spanText(every.deadMs)}.`,
          );
        isHeard = false;
      }
      if (once) break;
      await delay(Math.max(50, every.beatMs - (performance.now() - sentAt)), undefined, { signal }).catch(
        () => undefined,
      );
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  if (!once && state !== undefined) {
    await api.call('POST', `${pathOf('nodes', name)}/beat`, { body: { incarnation, leaving: true } });
    out.say(`nodes/${name} has stopped in order.`);
  }
  return exitOf('ok');
}

/** Reports nodes of a region as they come up or die, as one of its subscribers, until it is told to end. */
export async function watchNodes(
  context: Context,
  region: string,
  { priority, ttl: ttlMs }: { priority: number; ttl: number },
): Promise<number> {
  const { out, api } = context;
  await api.get(pathOf('regions', region));
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  const session = await context.leasehold(retryMs).openSession({
    ttlMs,
    pid: process.pid,
    label: `leasectl regions watch ${region}`,
  });
  session.on('error', (error: unknown) => {
    out.complain(`leasectl: ${error instanceof Error ? error.message : String(error)}`);
  });
  session.on('jeopardy', ({ cause }) => {
    out.complain(`leasectl: ${printable(cause)}`);
  });
  try {
    await session.onNode(
      region,
      async (notice) => {
        const { node, event, incarnation } = notice;
        if (out.json) await out.value({ at: new Date().toISOString(), ...notice });
        else
          await out.line(
            printable(
              `${clockText(new Date())} nodes/${node} is ${event === 'nodeUp' ? 'up' : 'dead'}  ${incarnation}`,
            ),
          );
      },
      { priority },
    );
    out.say(`leasectl: watching the nodes of regions/${region}, until Ctrl-C.`);
    const over = AbortSignal.any([ended.signal, session.signal]);
    if (!over.aborted) await once(over, 'abort');
    if (!ended.signal.aborted) throw session.signal.reason;
    await session.end();
  } finally {
    session.close();
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  return exitOf('ok');
}

export const operationPaths = {
  hangup: (name: string): string => `${pathOf('exports', name)}/hangup`,
  stop: (name: string, incarnation: string): string =>
    `${pathOf('stacks', name, 'adapters', incarnation)}/stop`,
};
/** Bounds of a deadline, as the service has them. */
export const deadlineMsMax = limits.queuedMsMax;
