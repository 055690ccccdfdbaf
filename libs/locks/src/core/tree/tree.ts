import type { AdapterView, NodeView, Refused, RegionView, StackView, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { refuse } from '../reasons';
import type { ExportRow, NodeRow, RegionRow, StackRow } from '../rows';
import { mayBackRanges } from '../rules/range-backing';
import { earlier, endOfList, nextSeq, setDue, wallOf, type Step } from '../step';
import { exportView } from './export';
import { probeMs } from './opening';
import { beginOperation, remove } from './operation';
import { configured, dependNoMore, dependOn, inUse, itemRow, keyOf, missing } from './pins';
import { bindToRegion, enterStack, freshExport, tooLongFor } from './stack';

/** The configuration tree: stacks, exports, regions and nodes as administrators define them (semantics.md §7). */

const stacksMax = 64;
const regionsMax = 64;
const exportsMax = 1000;
const nodesMax = 1000;
const listed = 4096;

/** Whether the item has the version that the caller expects (0 = does not exist) and no operation runs on it. */
function versionRefusal(
  item: { version: number; operation?: string } | undefined,
  expect: number | undefined,
): Refused | undefined {
  const version = item === undefined ? 0 : item.version;
  if (expect !== undefined && expect !== version) return { refused: { reason: 'version_old', version } };
  return item?.operation === undefined ? undefined : refuse('operation_running');
}

function roomIn(step: Step, list: string, max: number): Refused | undefined {
  return step.rows.page(list, 0, endOfList, max).length < max ? undefined : refuse('items_max');
}

// --- stacks

export function stackPut(step: Step, input: VerbInput<'stackPut'>): VerbOutput<'stackPut'> {
  const known = step.rows.get('stack', input.name);
  const refused = versionRefusal(known, input.expect);
  if (refused !== undefined) return refused;
  const full = known === undefined ? roomIn(step, 'stacks', stacksMax) : undefined;
  if (full !== undefined) return full;
  const row = enterStack(step, input.name);
  row.version = nextSeq(step);
  row.description = input.description;
  row.prefix = input.prefix;
  row.policy = input.policy;
  step.rows.put('stack', input.name, row);
  if (known !== undefined) configured(step, keys.stackItem(input.name), 'changed');
  return { created: known === undefined, item: stackView(step, input.name, row) };
}

export function stackList(step: Step, input: VerbInput<'stackList'>): VerbOutput<'stackList'> {
  const stacks: StackView[] = [];
  for (const entry of step.rows.page('stacks', 0, endOfList, stacksMax + 1)) {
    if (input.name !== undefined && entry.member !== input.name) continue;
    const row = step.rows.get('stack', entry.member);
    if (row !== undefined) stacks.push(stackView(step, entry.member, row));
  }
  return { stacks };
}

function stackView(step: Step, name: string, row: StackRow): StackView {
  const exports: ExportRow[] = [];
  const adapters: AdapterView[] = [];
  for (const each of step.rows.page(keys.dependents(keys.stackItem(name)), 0, endOfList, listed)) {
    const exp =
      keys.itemMember(step.rows, each.member) === 'export'
        ? step.rows.get('export', keys.idOf(step.rows, each.member))
        : undefined;
    if (exp !== undefined) exports.push(exp);
  }
  for (const each of step.rows.page(keys.stackAdapters(name), 0, endOfList, listed)) {
    const adapter = step.rows.get('adapter', each.member);
    if (adapter === undefined) continue;
    const active: string[] = [];
    for (const exp of exports) if (exp.incarnation === each.member) active.push(exp.name);
    const { version, major, minor, endpoint, state } = adapter;
    adapters.push({ incarnation: each.member, version, major, minor, endpoint, state, exports: active });
  }
  return {
    name,
    version: row.version,
    description: row.description,
    prefix: row.prefix,
    policy: row.policy,
    adapters,
    exports: exports.length,
    removing: row.operation !== undefined,
  };
}

// --- exports

export function exportPut(step: Step, input: VerbInput<'exportPut'>): VerbOutput<'exportPut'> {
  const { name } = input;
  const known = step.rows.get('export', name);
  const refused = versionRefusal(known, input.expect);
  if (refused !== undefined) return refused;
  const stack = step.rows.get('stack', input.stack);
  if (stack === undefined) return missing(step, keys.stackItem(input.stack));
  const region = input.region === undefined ? undefined : step.rows.get('region', input.region);
  if (input.region !== undefined && region === undefined) return missing(step, keys.regionItem(input.region));
  if (stack.operation !== undefined || region?.operation !== undefined) return refuse('item_removing');
  const full = known === undefined ? roomIn(step, 'exports', exportsMax) : undefined;
  if (full !== undefined) return full;
  const moves = known !== undefined && known.stack !== input.stack;
  const connected = known !== undefined && (known.connections ?? 0) > 0;
  const used =
    (moves && (connected || step.rows.page(keys.exportFiles(name), 0, endOfList, 1).length > 0)) ||
    (connected && known.region !== input.region);
  const busy = used ? inUse(step, keys.exportItem(name), 'stack_busy') : undefined;
  if (busy !== undefined) return busy;
  const ranges = input.own.ranges ?? 'table';
  if (ranges === 'kernel' && !mayBackRanges(step, known, input.stack)) return refuse('ranges_unsupported');
  const changes = known !== undefined && (known.own?.ranges ?? 'table') !== ranges;
  const relied =
    changes && step.rows.page(keys.exportFiles(name), 0, endOfList, 1).length > 0
      ? inUse(step, keys.exportItem(name), 'ranges_in_use')
      : undefined;
  if (relied !== undefined) return relied;
  const oneShard = input.region !== undefined || (input.policy === 'local' && input.stack !== 'local');
  if (known?.spread === true && oneShard) return refuse('one_shard_only');
  const served = known !== undefined && !moves && known.state !== 'none' ? known.breakLimitMs : 0;
  const tooLong = tooLongFor(served, input.own.breakMs ?? input.breakMs);
  if (tooLong !== undefined) return tooLong;
  const row = known === undefined || moves ? freshExport(step, name, input.stack, known) : known;
  if (known === undefined && oneShard) row.spread = undefined;
  bindToRegion(step, row, input.region);
  row.version = nextSeq(step);
  row.policy = input.policy;
  row.demand = undefined;
  row.own = input.own;
  row.breakMs = input.own.breakMs ?? input.breakMs;
  row.lockDelayMs = input.own.lockDelayMs ?? input.lockDelayMs;
  row.directories = input.own.directories ?? input.directories === true;
  step.rows.put('export', name, row);
  configured(step, keys.exportItem(name), known === undefined ? 'created' : 'changed');
  return { created: known === undefined, item: exportView(step, row) };
}

export function exportTouch(step: Step, input: VerbInput<'exportTouch'>): VerbOutput<'exportTouch'> {
  const known = step.rows.get('export', input.name);
  const stack = step.rows.get('stack', input.stack);
  if (known !== undefined && known.demand === undefined) return { touched: true };
  if (known === undefined) {
    if (stack?.prefix === undefined || stack.operation !== undefined) return refuse('no_such_export');
    const full = roomIn(step, 'exports', exportsMax);
    if (full !== undefined) return full;
  }
  const row = known ?? freshExport(step, input.name, input.stack, undefined);
  if (known === undefined) {
    row.policy = stack?.policy ?? 'wait';
    // It goes when its last file does, so one shard has to see them all.
    row.spread = undefined;
    row.breakMs = input.breakMs;
    row.lockDelayMs = input.lockDelayMs;
    configured(step, keys.exportItem(input.name), 'created');
  }
  const probes = row.demand === undefined ? 0 : row.demand.probes;
  row.demand = { probes: probes + 1, until: step.now + probeMs };
  setDue(step, keys.exportItem(input.name), row, earlier(row.due, row.demand.until));
  step.rows.put('export', input.name, row);
  return { touched: true };
}

// --- regions

export function regionPut(step: Step, input: VerbInput<'regionPut'>): VerbOutput<'regionPut'> {
  const known = step.rows.get('region', input.name);
  const refused = versionRefusal(known, input.expect);
  if (refused !== undefined) return refused;
  const full = known === undefined ? roomIn(step, 'regions', regionsMax) : undefined;
  if (full !== undefined) return full;
  const no = known === undefined ? nextSeq(step) : known.no;
  if (known === undefined) step.rows.link('regions', input.name, no);
  const { beatMs, deadMs, ackMs } = input;
  const row: RegionRow = { no, version: nextSeq(step), beatMs, deadMs, ackMs };
  step.rows.put('region', input.name, row);
  configured(step, keys.regionItem(input.name), known === undefined ? 'created' : 'changed');
  return { created: known === undefined, item: regionView(step, input.name, row) };
}

export function regionList(step: Step, input: VerbInput<'regionList'>): VerbOutput<'regionList'> {
  const regions: RegionView[] = [];
  for (const entry of step.rows.page('regions', 0, endOfList, regionsMax)) {
    if (input.name !== undefined && entry.member !== input.name) continue;
    const row = step.rows.get('region', entry.member);
    if (row !== undefined) regions.push(regionView(step, entry.member, row));
  }
  return { regions };
}

function regionView(step: Step, name: string, row: RegionRow): RegionView {
  let nodes = 0;
  for (const each of step.rows.page(keys.dependents(keys.regionItem(name)), 0, endOfList, listed)) {
    if (keys.itemMember(step.rows, each.member) === 'node') nodes += 1;
  }
  return {
    name,
    version: row.version,
    beatMs: row.beatMs,
    deadMs: row.deadMs,
    ackMs: row.ackMs,
    nodes,
    subscribers: step.rows.page(keys.subscribers(name), 0, endOfList, listed).length,
    removing: row.operation !== undefined,
  };
}

// --- nodes

export function nodePut(step: Step, input: VerbInput<'nodePut'>): VerbOutput<'nodePut'> {
  const known = step.rows.get('node', input.name);
  const refused = versionRefusal(known, input.expect);
  if (refused !== undefined) return refused;
  const region = step.rows.get('region', input.region);
  if (region === undefined) return missing(step, keys.regionItem(input.region));
  if (region.operation !== undefined) return refuse('item_removing');
  const full = known === undefined ? roomIn(step, 'nodes', nodesMax) : undefined;
  if (full !== undefined) return full;
  const moves = known !== undefined && known.region !== input.region;
  if (moves && known.state !== 'down') return refuse('node_up');
  const node = known ?? freshNode(step, input.name, input.region);
  if (moves) dependNoMore(step, keys.regionItem(known.region), keys.nodeItem(input.name), node.no);
  if (moves || known === undefined)
    dependOn(step, keys.regionItem(input.region), keys.nodeItem(input.name), node.no);
  node.region = input.region;
  node.description = input.description;
  node.version = nextSeq(step);
  step.rows.put('node', input.name, node);
  configured(step, keys.nodeItem(input.name), known === undefined ? 'created' : 'changed');
  return { created: known === undefined, item: nodeView(step, input.name, node) };
}

function freshNode(step: Step, name: string, region: string): NodeRow {
  const node: NodeRow = {
    no: nextSeq(step),
    version: 0,
    region,
    state: 'down',
    incarnation: '',
    seen: 0,
    sessions: 0,
    lost: 0,
    walkAfter: 0,
    due: 0,
  };
  step.rows.link('nodes', name, node.no);
  return node;
}

export function nodeList(step: Step, input: VerbInput<'nodeList'>): VerbOutput<'nodeList'> {
  const nodes: NodeView[] = [];
  for (const entry of step.rows.page('nodes', 0, endOfList, nodesMax)) {
    if (input.name !== undefined && entry.member !== input.name) continue;
    const row = step.rows.get('node', entry.member);
    if (row !== undefined) nodes.push(nodeView(step, entry.member, row));
  }
  return { nodes };
}

function nodeView(step: Step, name: string, row: NodeRow): NodeView {
  const { notice } = row;
  return {
    name,
    version: row.version,
    region: row.region,
    description: row.description,
    state: row.state,
    incarnation: row.incarnation,
    seenWall: row.seen === 0 ? undefined : wallOf(step, row.seen),
    sessions: row.sessions,
    removing: row.operation !== undefined,
    notice:
      notice === undefined
        ? undefined
        : {
            noticeId: notice.noticeId,
            event: notice.event,
            priority: notice.priority,
            waitsFor: notice.waits ?? [],
          },
  };
}

// --- removal

export function itemRemove(step: Step, input: VerbInput<'itemRemove'>): VerbOutput<'itemRemove'> {
  const key = keyOf(input.kind, input.name);
  const item = itemRow(step, key);
  if (item === undefined) return missing(step, key);
  if (key === 's:local') return refuse('built_in');
  const refused = versionRefusal(item, input.expect);
  if (refused !== undefined) return refused;
  if (input.force) {
    return { operation: beginOperation(step, input.operationId, 'remove', key, input.deadlineMs) };
  }
  const busy = inUse(step, key, 'has_dependents');
  if (busy !== undefined) return busy;
  remove(step, key);
  return {};
}
