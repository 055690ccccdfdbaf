import type { Refused } from '../io';
import * as keys from '../keys';
import type { AdapterRow, ExportRow, StackRow } from '../rows';
import { inShards, nextSeq, setDue, type Step } from '../step';
import { configured, dependNoMore, dependOn } from './pins';

/** The rows of stacks, of the exports bound to them, and of the adapters that serve. */

/** A stack's row; made as soon as an adapter or an export names the stack. */
export function enterStack(step: Step, name: string): StackRow {
  const known = step.rows.get('stack', name);
  if (known !== undefined) return known;
  const row: StackRow = { no: nextSeq(step), version: nextSeq(step) };
  step.rows.link('stacks', name, row.no);
  step.rows.put('stack', name, row);
  configured(step, keys.stackItem(name), 'created');
  return row;
}

// --- exports

/** How many past incarnations an export remembers. */
const pastMax = 8;

/** An export without an adapter yet, bound to its stack; `old`: the one it replaces; `no`: the number that it has elsewhere. */
export function freshExport(
  step: Step,
  name: string,
  stack: string,
  old: ExportRow | undefined,
  no?: number,
): ExportRow {
  if (old !== undefined) leaveTree(step, old);
  const local = stack === 'local';
  const row: ExportRow = {
    no: no ?? nextSeq(step),
    version: nextSeq(step),
    name,
    stack,
    local,
    state: local ? 'up' : 'none',
    policy: 'refuse',
    bound: 0,
    aliases: 0,
    breakMs: 0,
    lockDelayMs: 0,
    breakLimitMs: 0,
    incarnation: '',
    endpoint: '',
    seen: step.now,
    reported: local,
    due: 0,
    unconfirmed: 0,
    delegations: 0,
    directories: false,
    spread: inShards(step) ? true : undefined,
  };
  step.rows.link('exports', name, row.no);
  enterStack(step, stack);
  dependOn(step, keys.stackItem(stack), keys.exportItem(name), row.no);
  return row;
}

/**
 * A fileserver that forces breaks after some time limits our break time. `breakLimitMs` 0: it never forces; `breakMs`
 * 0: the break never ends.
 */
export function tooLongFor(breakLimitMs: number, breakMs: number): Refused | undefined {
  if (breakLimitMs === 0 || (breakMs > 0 && breakMs <= breakLimitMs)) return undefined;
  return { refused: { reason: 'break_time_too_long', breakLimitMs } };
}

/** Takes an export out of all lists. */
export function leaveTree(step: Step, row: ExportRow): void {
  const key = keys.exportItem(row.name);
  dependNoMore(step, keys.stackItem(row.stack), key, row.no);
  if (row.region !== undefined) dependNoMore(step, keys.regionItem(row.region), key, row.no);
  setDue(step, key, row, 0);
  step.rows.unlink('exports', row.name, row.no);
}

/** No adapter serves the export any more, and nothing is held for it. */
export function vacate(row: ExportRow): void {
  rememberPast(row);
  row.state = 'none';
  row.incarnation = '';
  row.endpoint = '';
  row.process = undefined;
  row.adapterKey = undefined;
  row.cause = undefined;
  row.reported = false;
  row.opening = undefined;
  row.walkAfter = 0;
}

/** The adapter's incarnation is refused from now on. */
export function rememberPast(row: ExportRow): void {
  const past: string[] = [row.incarnation];
  for (const each of row.past ?? []) {
    if (past.length < pastMax) past.push(each);
  }
  row.past = past;
}

export function bindToRegion(step: Step, row: ExportRow, region: string | undefined): void {
  const key = keys.exportItem(row.name);
  if (row.region !== undefined && row.region !== region)
    dependNoMore(step, keys.regionItem(row.region), key, row.no);
  if (region !== undefined && row.region !== region) dependOn(step, keys.regionItem(region), key, row.no);
  row.region = region;
}

// --- adapters

/** An adapter that was lost or stopped is forgotten after this time. */
const forgottenMs = 600000;

/** An adapter has agreed on a protocol version, which holds for its lifetime. */
export function connectAdapter(
  step: Step,
  input: {
    stack: string;
    incarnation: string;
    version: string;
    major: number;
    minor: number;
    endpoint: string;
  },
): { minor: number; refused?: Refused } {
  const { stack, incarnation, version, major, minor, endpoint } = input;
  const known = step.rows.get('adapter', incarnation);
  if (known !== undefined && (known.major !== major || known.stack !== stack))
    return { minor: known.minor, refused: { refused: { reason: 'protocol_pinned' } } };
  const row: AdapterRow = known ?? {
    no: nextSeq(step),
    stack,
    version,
    major,
    minor,
    endpoint,
    state: 'up',
    // In a restored table a new row may be that of an old adapter, which was asked in the life that was lost.
    silent: step.meta.lostUpTo === undefined ? true : undefined,
    seen: step.now,
    due: 0,
  };
  if (known === undefined) {
    step.rows.link(keys.stackAdapters(stack), incarnation, row.no);
    dependOn(step, keys.stackItem(stack), keys.adapter(incarnation), row.no);
  }
  row.endpoint = endpoint;
  heard(step, incarnation, row);
  return { minor: row.minor };
}

/** The adapter is alive. Returns whether it has to stop. */
export function heardAdapter(step: Step, incarnation: string): boolean {
  const row = step.rows.get('adapter', incarnation);
  if (row === undefined) return false;
  heard(step, incarnation, row);
  return row.state === 'stopped';
}

/** The adapter has begun to report its holds: from now on it is asked, and may hold what it was asked for. */
export function breakSilence(step: Step, incarnation: string): void {
  const row = step.rows.get('adapter', incarnation);
  if (row?.silent !== true) return;
  row.silent = undefined;
  step.rows.put('adapter', incarnation, row);
}

function heard(step: Step, incarnation: string, row: AdapterRow): void {
  if (row.state === 'lost') {
    row.state = 'up';
    dependOn(step, keys.stackItem(row.stack), keys.adapter(incarnation), row.no);
  }
  row.seen = step.now;
  if (row.state !== 'stopped')
    setDue(step, keys.adapter(incarnation), row, step.now + step.meta.limits.lostMs);
  step.rows.put('adapter', incarnation, row);
}

/** Notes a removed export with its adapter, which goes on with its other exports and does not create this one again. */
export function leaveBehind(step: Step, exp: ExportRow): void {
  const row = step.rows.get('adapter', exp.incarnation);
  if (row === undefined) return;
  const left: string[] = [exp.name];
  for (const each of row.left ?? []) if (each !== exp.name) left.push(each);
  row.left = left;
  step.rows.put('adapter', exp.incarnation, row);
}

/** An adapter is told to stop at its next heartbeat, and is no longer counted on. */
export function stopAdapter(step: Step, incarnation: string, row: AdapterRow): void {
  if (row.state === 'stopped') return;
  // A lost adapter is no dependent of its stack any more.
  if (row.state !== 'lost') dependNoMore(step, keys.stackItem(row.stack), keys.adapter(incarnation), row.no);
  row.state = 'stopped';
  setDue(step, keys.adapter(incarnation), row, step.now + forgottenMs);
  step.rows.put('adapter', incarnation, row);
}

/** An adapter is about to exit and is no longer counted on. */
export function retireAdapter(step: Step, incarnation: string): void {
  const row = step.rows.get('adapter', incarnation);
  if (row !== undefined) stopAdapter(step, incarnation, row);
}

/** Forgets an adapter that is gone for good. */
export function forgetAdapter(step: Step, incarnation: string): void {
  const row = step.rows.get('adapter', incarnation);
  if (row === undefined) return;
  if (row.state === 'up' || row.state === 'stopping')
    dependNoMore(step, keys.stackItem(row.stack), keys.adapter(incarnation), row.no);
  setDue(step, keys.adapter(incarnation), row, 0);
  step.rows.unlink(keys.stackAdapters(row.stack), incarnation, row.no);
  step.rows.del('adapter', incarnation);
}

/** A silent adapter is lost, and later forgotten. */
export function dueAdapter(step: Step, incarnation: string): void {
  const row = step.rows.get('adapter', incarnation);
  if (row === undefined) return;
  if (row.state === 'up' || row.state === 'stopping') {
    if (row.state === 'stopping') {
      stopAdapter(step, incarnation, row);
      return;
    }
    row.state = 'lost';
    dependNoMore(step, keys.stackItem(row.stack), keys.adapter(incarnation), row.no);
    setDue(step, keys.adapter(incarnation), row, step.now + forgottenMs);
    step.rows.put('adapter', incarnation, row);
    return;
  }
  forgetAdapter(step, incarnation);
}
