import type { z } from 'zod';
import { type configuration as shapes, fileserver } from '#contracts';
import type {
  AdapterView,
  ExportView,
  NodeView,
  OperationView,
  PinView,
  RegionView,
  StackView,
} from '#locks';
import { itemOf } from '../application/items';

/** Converts the views of the rules to the wire shapes of the configuration tree. */
const instant = (wallMs: number): string => new Date(wallMs).toISOString();
const unlessEmpty = (text: string): string | undefined => (text === '' ? undefined : text);

/** `isAdmin`: only administrators see the endpoint and the incarnation of the adapter. */
export function presentExport(view: ExportView, isAdmin: boolean): z.infer<typeof shapes.exportView> {
  const { major, minor } = view;
  const adapter = isAdmin
    ? { incarnation: unlessEmpty(view.incarnation), endpoint: unlessEmpty(view.endpoint) }
    : undefined;
  return {
    kind: 'exports',
    exportId: String(view.no),
    name: view.name,
    version: view.version,
    stack: view.stack,
    policy: view.policy,
    region: view.region,
    onDemand: view.demand,
    state: view.state,
    cause: view.cause,
    fileSystem: view.fileSystem,
    breakMs: view.breakMs,
    lockDelayMs: view.lockDelayMs,
    maxHoldMs: view.maxHoldMs,
    ranges: view.ranges,
    breakLimitMs: view.breakLimitMs,
    directories: view.directories,
    ...adapter,
    protocol: view.incarnation === '' ? undefined : { major, minor },
    unconfirmedFiles: view.unconfirmed,
    unbackedFiles: view.unboundFiles,
    delegations: view.delegations,
    withoutBackend: { refused: view.refused, queued: view.queued, unbacked: view.unbacked },
    operationId: view.operation,
  };
}

function presentAdapter(view: AdapterView, isAdmin: boolean): z.infer<typeof shapes.adapter> {
  const { incarnation, version, major, minor, endpoint, state, exports } = view;
  const shown = { version, protocol: { major, minor }, state, exports };
  return isAdmin ? { incarnation, endpoint, ...shown } : shown;
}

/** `isAdmin`: as for an export. */
export function presentStack(view: StackView, isAdmin: boolean): z.infer<typeof shapes.stack> {
  const { name, version, description, prefix, policy = 'wait', exports, removing } = view;
  const { major, minor: minorMax } = fileserver.protocol;
  return {
    kind: 'stacks',
    name,
    version,
    description,
    onDemand: prefix === undefined ? undefined : { prefix, policy },
    builtIn: name === 'local',
    protocol: { major, minorMax },
    adapters: view.adapters.map((adapter) => presentAdapter(adapter, isAdmin)),
    exports,
    removing,
  };
}

export function presentRegion(view: RegionView): z.infer<typeof shapes.region> {
  const { name, version, beatMs, deadMs, ackMs, nodes, subscribers, removing } = view;
  return { kind: 'regions', name, version, beatMs, deadMs, ackMs, nodes, subscribers, removing };
}

export function presentNode(view: NodeView): z.infer<typeof shapes.node> {
  const { name, version, region, description, state, seenWall, sessions, removing, notice } = view;
  return {
    kind: 'nodes',
    ...{ name, version, region, description, state },
    incarnation: unlessEmpty(view.incarnation),
    seenAt: seenWall === undefined ? undefined : instant(seenWall),
    ...{ sessions, removing, notice },
  };
}

export function presentPin({ pinId, on, sessionId, by, because }: PinView): z.infer<typeof shapes.pin> {
  return { pinId, on: itemOf(on), sessionId, by: by === undefined ? undefined : itemOf(by), because };
}

export function presentOperation(view: OperationView): z.infer<typeof shapes.operation> {
  const { operationId, kind, state, phase, endedWall, filesLeft } = view;
  const { requestsCancelled, leasesBroken, leasesRevoked, opensClosed, rangesReleased } = view;
  const { sessionsEnded, pinsDropped, removed } = view;
  return {
    ...{ operationId, kind, of: itemOf(view.of), state, phase },
    startedAt: instant(view.startedWall),
    deadlineAt: instant(view.deadlineWall),
    endedAt: endedWall === undefined ? undefined : instant(endedWall),
    did: {
      ...{ requestsCancelled, leasesBroken, leasesRevoked, opensClosed, rangesReleased },
      ...{ sessionsEnded, pinsDropped, removed },
    },
    filesLeft,
  };
}
