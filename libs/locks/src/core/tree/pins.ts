import type { Dependent, PinView, Refused, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import { type Reason, refuse } from '../reasons';
import type { ItemKind, PinRow } from '../rows';
import { gate, roomFor } from '../rules/admission';
import { enterSession, leaveSession } from '../rules/file';
import { veilDependent } from '../rules/tenant';
import { endOfList, nextSeq, record, setDue, type Step } from '../step';

/**
 * Who depends on what in the configuration tree (semantics.md §7). Items and sessions depend on other items by their
 * nature, pins by declaration.
 */

export function keyOf(kind: ItemKind, name: string): string {
  if (kind === 'stacks') return keys.stackItem(name);
  if (kind === 'exports') return keys.exportItem(name);
  return kind === 'nodes' ? keys.nodeItem(name) : keys.regionItem(name);
}

/** Kinds of items and dependents, as named in the API. */
const folders: { readonly [kind in keys.ItemMember]: string } = {
  stack: 'stacks',
  export: 'exports',
  node: 'nodes',
  region: 'regions',
  adapter: 'adapters',
  session: 'sessions',
  connection: 'connections',
  pin: 'pins',
};

function folderOf(step: Step, key: string): string {
  const kind = keys.itemMember(step.rows, key);
  return kind === undefined ? '' : folders[kind];
}

/** `kind/name`, as used in the API. */
export function pathOf(step: Step, key: string): string {
  return folderOf(step, key) + '/' + keys.idOf(step.rows, key);
}

/** Fields common to all items. */
export interface ItemRow {
  no: number;
  version: number;
  operation?: string;
}

export function itemRow(step: Step, key: string): ItemRow | undefined {
  const name = keys.idOf(step.rows, key);
  const kind = keys.itemMember(step.rows, key);
  if (kind === 'stack') return step.rows.get('stack', name);
  if (kind === 'export') return step.rows.get('export', name);
  return kind === 'node' ? step.rows.get('node', name) : step.rows.get('region', name);
}

/** Marks an item as being removed or stopped by an operation. */
export function occupy(step: Step, key: string, operation: string | undefined): void {
  const { rows } = step;
  const name = keys.idOf(rows, key);
  const kind = keys.itemMember(rows, key);
  if (kind === 'stack') {
    const row = rows.get('stack', name);
    if (row === undefined) return;
    row.operation = operation;
    rows.put('stack', name, row);
  } else if (kind === 'export') {
    const row = rows.get('export', name);
    if (row === undefined) return;
    row.operation = operation;
    rows.put('export', name, row);
  } else if (kind === 'node') {
    const row = rows.get('node', name);
    if (row === undefined) return;
    row.operation = operation;
    rows.put('node', name, row);
  } else {
    const row = rows.get('region', name);
    if (row === undefined) return;
    row.operation = operation;
    rows.put('region', name, row);
  }
}

export function dependOn(step: Step, on: string, who: string, no: number): void {
  step.rows.link(keys.dependents(on), who, no);
}
export function dependNoMore(step: Step, on: string, who: string, no: number): void {
  step.rows.unlink(keys.dependents(on), who, no);
}

export function missing(step: Step, key: string): Refused {
  return { refused: { reason: 'no_such_item', missing: pathOf(step, key) } };
}

export function configured(step: Step, key: string, reason: string): void {
  record(step, { kind: 'configured', item: pathOf(step, key), reason });
}

// --- who depends

function dependentOf(step: Step, member: string, viewer: string | undefined): Dependent {
  const name = keys.idOf(step.rows, member);
  const pin = keys.itemMember(step.rows, member) === 'pin' ? step.rows.get('pin', name) : undefined;
  const view = { kind: folderOf(step, member), name, because: pin?.because, by: ownerOf(step, pin) };
  const sessionId = view.kind === 'sessions' ? name : pin?.sessionId;
  if (viewer === undefined || sessionId === undefined) return view;
  return veilDependent(step, viewer, view, sessionId);
}

function ownerOf(step: Step, pin: PinRow | undefined): string | undefined {
  if (pin?.sessionId !== undefined) return 'sessions/' + pin.sessionId;
  return pin?.by === undefined ? undefined : pathOf(step, pin.by);
}

/** Files in use depend on their export; they are shown by path. */
function fileOf(step: Step, fileKey: string, viewer: string | undefined): Dependent {
  const row = step.rows.get('file', fileKey);
  const view = { kind: 'files', name: row === undefined ? fileKey : row.path };
  return viewer === undefined ? view : veilDependent(step, viewer, view, undefined);
}

/** One page of an item's dependents, oldest first. */
export function dependentsOf(
  step: Step,
  key: string,
  after: number,
  limit: number,
  viewer?: string,
): { dependents: Dependent[]; after?: number } {
  const { rows } = step;
  const others = rows.page(keys.dependents(key), after, endOfList, limit);
  const files =
    keys.itemMember(rows, key) === 'export'
      ? rows.page(keys.exportFiles(keys.idOf(rows, key)), after, endOfList, limit)
      : [];
  const dependents: Dependent[] = [];
  let o = 0;
  let f = 0;
  let last = after;
  while (dependents.length < limit && (o < others.length || f < files.length)) {
    const other = others[o];
    const file = files[f];
    if (other !== undefined && (file === undefined || other.score < file.score)) {
      dependents.push(dependentOf(step, other.member, viewer));
      last = other.score;
      o += 1;
    } else if (file !== undefined) {
      dependents.push(fileOf(step, file.member, viewer));
      last = file.score;
      f += 1;
    }
  }
  return { dependents, after: dependents.length < limit ? undefined : last };
}

/** How many dependents a refusal names. */
const named = 16;

/** Why an item cannot be removed, or undefined. */
export function inUse(step: Step, key: string, reason: Reason): Refused | undefined {
  const { dependents } = dependentsOf(step, key, 0, named);
  return dependents.length === 0 ? undefined : { refused: { reason, dependents } };
}

export function dependentList(step: Step, input: VerbInput<'dependentList'>): VerbOutput<'dependentList'> {
  const key = keyOf(input.kind, input.name);
  if (itemRow(step, key) === undefined) return missing(step, key);
  return dependentsOf(step, key, input.after, input.limit, input.viewer);
}

// --- pins

/** How many items a search for a cycle follows. */
const searched = 256;

/** Whether an item depends on another, directly or through others. A search that is cut off counts as yes. */
function dependsOn(step: Step, key: string, other: string): boolean {
  const found: string[] = [key];
  const seen: { [key: string]: boolean } = {};
  for (let at = 0; at < found.length; at += 1) {
    if (at === searched) return true;
    const each = found[at];
    if (each === undefined || seen[each] === true) continue;
    if (each === other) return true;
    seen[each] = true;
    for (const next of dependenciesOf(step, each)) found.push(next);
  }
  return false;
}

function dependenciesOf(step: Step, key: string): string[] {
  const found: string[] = [];
  const name = keys.idOf(step.rows, key);
  if (keys.itemMember(step.rows, key) === 'export') {
    const exp = step.rows.get('export', name);
    if (exp !== undefined) found.push(keys.stackItem(exp.stack));
    if (exp?.region !== undefined) found.push(keys.regionItem(exp.region));
  } else if (keys.itemMember(step.rows, key) === 'node') {
    const node = step.rows.get('node', name);
    if (node !== undefined) found.push(keys.regionItem(node.region));
  }
  for (const entry of step.rows.page(keys.pinsBy(key), 0, endOfList, searched)) {
    const pin = step.rows.get('pin', entry.member);
    if (pin !== undefined) found.push(pin.on);
  }
  return found;
}

/** How many pins one item may make. */
const pinsMax = 256;

function pinView(step: Step, pinId: string, pin: PinRow): PinView {
  return {
    pinId,
    on: pathOf(step, pin.on),
    sessionId: pin.sessionId,
    by: pin.by === undefined ? undefined : pathOf(step, pin.by),
    because: pin.because,
  };
}

/** All checks come before the first change: a pin that fails leaves no trace. */
export function pinAdd(step: Step, input: VerbInput<'pinAdd'>): VerbOutput<'pinAdd'> {
  const on = keyOf(input.kind, input.name);
  const by = input.by === undefined ? undefined : keyOf(input.by.kind, input.by.name);
  const { sessionId, pinId } = input;
  if (sessionId !== undefined) {
    const refused = gate(step, sessionId, input.digest);
    if (refused !== undefined) return refused;
  }
  const item = itemRow(step, on);
  if (item === undefined) return missing(step, on);
  if (item.operation !== undefined) return refuse('item_removing');
  if (by !== undefined) {
    const owner = itemRow(step, by);
    if (owner === undefined) return missing(step, by);
    if (owner.operation !== undefined) return refuse('item_removing');
    if (dependsOn(step, on, by)) return refuse('pin_cycle');
    if (step.rows.page(keys.pinsBy(by), 0, endOfList, pinsMax).length === pinsMax) return refuse('items_max');
  }
  const full = sessionId === undefined ? undefined : roomFor(step, sessionId, 1);
  if (full !== undefined) return full;
  const no = nextSeq(step);
  const pin: PinRow = { no, on, sessionId, by, because: input.because };
  dependOn(step, on, keys.pin(pinId), no);
  if (by !== undefined) step.rows.link(keys.pinsBy(by), pinId, no);
  if (sessionId !== undefined) enterSession(step, sessionId, keys.pin(pinId), no);
  step.rows.put('pin', pinId, pin);
  return { pin: pinView(step, pinId, pin) };
}

/** The pin, if the caller may access it. */
function pinFor(
  step: Step,
  input: { pinId: string; digest?: string },
): { pin: PinRow; refused?: undefined } | { refused: Refused } {
  const pin = step.rows.get('pin', input.pinId);
  if (pin === undefined) return { refused: refuse('no_such_pin') };
  if (pin.sessionId === undefined)
    return input.digest === undefined ? { pin } : { refused: refuse('not_holder') };
  const refused = gate(step, pin.sessionId, input.digest);
  return refused === undefined ? { pin } : { refused };
}

export function pinGet(step: Step, input: VerbInput<'pinGet'>): VerbOutput<'pinGet'> {
  const found = pinFor(step, input);
  if (found.refused !== undefined) return found.refused;
  return { pin: pinView(step, input.pinId, found.pin) };
}

export function pinDrop(step: Step, input: VerbInput<'pinDrop'>): VerbOutput<'pinDrop'> {
  const found = pinFor(step, input);
  if (found.refused !== undefined) return found.refused;
  dropPin(step, input.pinId, found.pin);
  return { dropped: true };
}

export function dropPin(step: Step, pinId: string, pin: PinRow): void {
  dependNoMore(step, pin.on, keys.pin(pinId), pin.no);
  if (pin.by !== undefined) step.rows.unlink(keys.pinsBy(pin.by), pinId, pin.no);
  if (pin.sessionId !== undefined) leaveSession(step, pin.sessionId, keys.pin(pinId), pin.no);
  step.rows.del('pin', pinId);
  // The pin may have been the last thing that kept an export made on demand.
  const exp =
    keys.itemMember(step.rows, pin.on) === 'export'
      ? step.rows.get('export', keys.idOf(step.rows, pin.on))
      : undefined;
  if (exp?.demand === undefined) return;
  setDue(step, pin.on, exp, step.now);
  step.rows.put('export', exp.name, exp);
}

/** An item is removed: drops the pins that it made. */
export function dropPinsBy(step: Step, key: string): void {
  for (const entry of step.rows.page(keys.pinsBy(key), 0, endOfList, pinsMax)) {
    const pin = step.rows.get('pin', entry.member);
    if (pin !== undefined) dropPin(step, entry.member, pin);
  }
}
