import type { Refused } from '../io';
import * as keys from '../keys';
import type { AdapterRow, ExportRow, StackRow } from '../rows';
import { nextSeq, setDue, type Step } from '../step';
import { configured, dependNoMore, dependOn } from './pins';

/** Stacks, the exports bound to them and the adapters that serve: their rows. */

/** A stack; one that nobody has described yet is there as soon as an adapter or an export speaks of it. */
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

/** Adapters that were here before, and are remembered by their incarnations. */
const pastMax = 8;

/** An export that nobody serves yet, bound to its stack; `old`: the one that it replaces. */
export function freshExport(step: Step, name: string, stack: string, old: ExportRow | undefined): ExportRow {
  if (old !== undefined) leaveTree(step, old);
  const local = stack === 'local';
  const row: ExportRow = {
    no: nextSeq(step),
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
  };
  step.rows.link('exports', name, row.no);
  enterStack(step, stack);
  dependOn(step, keys.stackItem(stack), keys.exportItem(name), row.no);
  return row;
}

/** A fileserver that forces breaks after a time bounds ours; 0 stands for one that never does, or a break that never ends. */
export function tooLongFor(breakLimitMs: number, breakMs: number): Refused | undefined {
  if (breakLimitMs === 0 || (breakMs > 0 && breakMs <= breakLimitMs)) return undefined;
  return { refused: { reason: 'break_time_too_long', breakLimitMs } };
}

/** An export is in no list any more. */
export function leaveTree(step: Step, row: ExportRow): void {
  const key = keys.exportItem(row.name);
  dependNoMore(step, keys.stackItem(row.stack), key, row.no);
  if (row.region !== undefined) dependNoMore(step, keys.regionItem(row.region), key, row.no);
  setDue(step, key, row, 0);
  step.rows.unlink('exports', row.name, row.no);
}

/** Nobody serves the export, and nobody holds anything there for it. */
export function vacate(row: ExportRow): void {
  rememberPast(row);
  row.state = 'none';
  row.incarnation = '';
  row.endpoint = '';
  row.process = undefined;
  row.cause = undefined;
  row.reported = false;
  row.opening = undefined;
  row.walkAfter = 0;
}

/** Its adapter cannot come back under its incarnation. */
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

/** One that has been silent for so long is forgotten. */
const forgottenMs = 600000;

/** An adapter has said what it speaks: that stays for its life. */
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
    silent: true,
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

/** The adapter lives. Returns whether it is to stop. */
export function heardAdapter(step: Step, incarnation: string): boolean {
  const row = step.rows.get('adapter', incarnation);
  if (row === undefined) return false;
  heard(step, incarnation, row);
  return row.state === 'stopped';
}

/** The adapter has begun to say what it holds: from now on it is asked, and may hold what it was asked for. */
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

/** The adapter of an export that is removed goes on with the rest, and does not bring it back. */
export function leaveBehind(step: Step, exp: ExportRow): void {
  const row = step.rows.get('adapter', exp.incarnation);
  if (row === undefined) return;
  const left: string[] = [exp.name];
  for (const each of row.left ?? []) if (each !== exp.name) left.push(each);
  row.left = left;
  step.rows.put('adapter', exp.incarnation, row);
}

/** An adapter is told to stop when it next beats, and nobody counts on it any more. */
export function stopAdapter(step: Step, incarnation: string, row: AdapterRow): void {
  if (row.state === 'stopped') return;
  // Nothing depends on one that was lost already.
  if (row.state !== 'lost') dependNoMore(step, keys.stackItem(row.stack), keys.adapter(incarnation), row.no);
  row.state = 'stopped';
  row.operation = undefined;
  setDue(step, keys.adapter(incarnation), row, step.now + forgottenMs);
  step.rows.put('adapter', incarnation, row);
}

/** An adapter is about to exit: nobody counts on it any more. */
export function retireAdapter(step: Step, incarnation: string): void {
  const row = step.rows.get('adapter', incarnation);
  if (row !== undefined) stopAdapter(step, incarnation, row);
}

/** An adapter is gone for good. */
export function forgetAdapter(step: Step, incarnation: string): void {
  const row = step.rows.get('adapter', incarnation);
  if (row === undefined) return;
  if (row.state === 'up' || row.state === 'stopping')
    dependNoMore(step, keys.stackItem(row.stack), keys.adapter(incarnation), row.no);
  setDue(step, keys.adapter(incarnation), row, 0);
  step.rows.unlink(keys.stackAdapters(row.stack), incarnation, row.no);
  step.rows.del('adapter', incarnation);
}

/** An adapter that is silent is lost, and in the end forgotten. */
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
