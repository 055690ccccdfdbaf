import { beginAnew, hasLived, noteGone } from '../lives';
import type { ExportView, Refused, Seen, VerbInput, VerbOutput } from '../io';
import * as keys from '../keys';
import type { ExportRow, Predecessor } from '../rows';
import { byName } from '../rules/admission';
import { startBreak, voidPending } from '../rules/break';
import { liveType, rank, stronger, weaker } from '../rules/conflict';
import { enterFile, loadFile, type File } from '../rules/file';
import { answered, isVacant, lostHold, mayAsk } from '../rules/hold';
import { leftOver, rangesLocked, reportedRanges } from '../rules/range-asks';
import { backsRanges, noteDoubt } from '../rules/range-backing';
import { settleFile } from '../rules/settle';
import { earlier, endOfList, inShards, record, setDue, type Step } from '../step';
import { beginGrace } from '../verbs/session';
import { beginOpening } from './opening';
import { remove } from './operation';
import { configured } from './pins';
import {
  breakSilence,
  connectAdapter,
  forgetAdapter,
  freshExport,
  heardAdapter,
  rememberPast,
  retireAdapter,
  tooLongFor,
  vacate,
} from './stack';

/**
 * Exports and the adapters behind them: registration, liveness, and what adapters report about their holds
 * (semantics.md §4, §7).
 */

const exportsMax = 1000;
/** How many superseded adapters, not proven dead, one export may have; beyond that no new adapter may register. */
const predecessorsMax = 64;
const walkPerStep = 64;

export function exportDeclare(step: Step, input: VerbInput<'exportDeclare'>): VerbOutput<'exportDeclare'> {
  const { stack = 'local' } = input;
  const known = step.rows.get('export', input.name);
  if (known !== undefined && known.stack !== stack) return { declared: false };
  const row = known ?? freshExport(step, input.name, stack, undefined);
  // Requests that come before its fileserver wait for it.
  if (known === undefined && !row.local) row.policy = 'wait';
  row.breakMs = row.own?.breakMs ?? input.breakMs;
  row.lockDelayMs = row.own?.lockDelayMs ?? input.lockDelayMs;
  row.directories = row.own?.directories ?? input.directories === true;
  if (known === undefined) configured(step, keys.exportItem(input.name), 'created');
  step.rows.put('export', input.name, row);
  return { declared: true };
}

/** Files without a fileserver are counted up to this many. */
const countedMax = 1000;

function stateOf(row: ExportRow): ExportView['state'] {
  if (row.stopped === true) return 'stopped';
  if (row.operation !== undefined) return 'stopping';
  if (row.state === 'up' && (row.opening === true || !row.reported)) return 'opening';
  return row.state;
}

export function exportList(step: Step, input: VerbInput<'exportList'>): VerbOutput<'exportList'> {
  const exports: ExportView[] = [];
  if (input.name !== undefined) {
    const row = step.rows.get('export', input.name);
    if (row !== undefined) exports.push(exportView(step, row));
    return { exports };
  }
  for (const entry of step.rows.page('exports', 0, endOfList, exportsMax)) {
    const row = step.rows.get('export', entry.member);
    if (row !== undefined) exports.push(exportView(step, row));
  }
  return { exports };
}

export function exportView(step: Step, row: ExportRow): ExportView {
  const adapter = step.rows.get('adapter', row.incarnation);
  const counts = row.withoutBackend ?? { refused: 0, queued: 0, unbacked: 0 };
  return {
    name: row.name,
    no: row.no,
    version: row.version,
    stack: row.stack,
    local: row.local,
    policy: row.policy,
    region: row.region,
    demand: row.demand !== undefined,
    state: stateOf(row),
    byName: byName(row),
    cause: row.cause,
    fileSystem: row.fileSystem,
    breakMs: row.breakMs,
    lockDelayMs: row.lockDelayMs,
    maxHoldMs: row.own?.maxHoldMs,
    ranges: row.own?.ranges ?? 'table',
    breakLimitMs: row.breakLimitMs,
    incarnation: row.incarnation,
    endpoint: row.endpoint,
    major: adapter === undefined ? 0 : adapter.major,
    minor: adapter === undefined ? 0 : adapter.minor,
    unconfirmed: row.unconfirmed,
    unboundFiles: step.rows.page(keys.unboundFiles(row.name), 0, endOfList, countedMax).length,
    delegations: row.delegations,
    directories: row.directories,
    refused: counts.refused,
    queued: counts.queued,
    unbacked: counts.unbacked,
    operation: row.operation,
    spread: row.spread,
  };
}

function includes(list: string[] | undefined, item: string): boolean {
  for (const each of list ?? []) {
    if (each === item) return true;
  }
  return false;
}

/** Why this adapter may not serve this export, or undefined. */
function registerRefusal(
  step: Step,
  row: ExportRow | undefined,
  input: VerbInput<'register'>,
): Refused | undefined {
  const tooLong = tooLongFor(input.breakLimitMs, row?.own?.breakMs ?? input.breakMs);
  if (tooLong !== undefined) return tooLong;
  if (row === undefined) return undefined;
  if (row.local || row.stack !== input.stack) return { refused: { reason: 'stack_mismatch' } };
  if (wasSuperseded(row, input.incarnation)) return { refused: { reason: 'incarnation_superseded' } };
  if (row.incarnation !== input.incarnation && row.predecessors?.length === predecessorsMax)
    return { refused: { reason: 'predecessors_max' } };
  return servedByAnother(step, row, input) ? { refused: { reason: 'export_served' } } : undefined;
}

function wasSuperseded(row: ExportRow, incarnation: string): boolean {
  for (const predecessor of row.predecessors ?? []) if (predecessor.incarnation === incarnation) return true;
  return includes(row.past, incarnation);
}

/**
 * Whether another adapter that is alive serves the export. A successor has the same key, or waits until that adapter is
 * silent. Adapters that prove no key are compared by the host that they name.
 */
function servedByAnother(step: Step, row: ExportRow, input: VerbInput<'register'>): boolean {
  const { adapterKey, process } = row;
  const same =
    adapterKey === undefined ? process?.hostId === input.process.hostId : adapterKey === input.adapterKey;
  return !same && row.state === 'up' && step.rows.get('adapter', row.incarnation)?.state === 'up';
}

function seenNow(step: Step): Seen {
  return { epoch: step.meta.epoch, token: step.meta.token };
}

/**
 * The adapter may have seen a life that this table does not know, or a later token: then the table was restored. The
 * adapter may have holds that the table has forgotten, and has to report them before it serves again.
 */
function noteSeen(step: Step, seen: Seen | undefined): void {
  if (seen === undefined) return;
  const { meta } = step;
  const lived = hasLived(step, seen.epoch) || !noteGone(step, seen.epoch);
  if (lived && seen.token <= meta.token) return;
  meta.token = Math.max(meta.token, seen.token);
  beginAnew(step, seen.epoch, 0);
  beginGrace(step, meta.sessions, true);
  doubtAdapters(step);
}

export function register(step: Step, input: VerbInput<'register'>): VerbOutput<'register'> {
  if (step.rows.get('stack', input.stack)?.operation !== undefined)
    return { refused: { reason: 'item_removing' } };
  for (const name of input.exports) {
    const refused = registerRefusal(step, step.rows.get('export', name), input);
    if (refused !== undefined) return refused;
  }
  const overlap = overlapOf(step, input);
  if (overlap !== undefined) return { refused: { reason: 'export_overlap', overlap } };
  const agreed = connectAdapter(step, input);
  if (agreed.refused !== undefined) return agreed.refused;
  noteSeen(step, input.seen);
  const predecessors: Predecessor[] = [];
  const left = leftBehind(step, input.incarnation);
  for (const name of input.exports) {
    const known = step.rows.get('export', name);
    if (known === undefined && includes(left, name)) continue;
    const row = known ?? freshExport(step, name, input.stack, undefined);
    const backAgain = row.state === 'lost' && row.incarnation === input.incarnation;
    if (row.incarnation !== input.incarnation) {
      noteDoubt(row);
      supersede(step, row);
      row.reported = false;
      row.opening = undefined;
    }
    row.state = 'up';
    row.incarnation = input.incarnation;
    row.process = input.process;
    row.adapterKey = input.adapterKey;
    row.endpoint = input.endpoint;
    row.breakMs = row.own?.breakMs ?? input.breakMs;
    row.lockDelayMs = row.own?.lockDelayMs ?? input.lockDelayMs;
    row.breakLimitMs = input.breakLimitMs;
    row.locksRanges = input.locksRanges === true ? true : undefined;
    row.directories = row.own?.directories ?? input.directories === true;
    row.seen = step.now;
    row.cause = undefined;
    row.yielded = undefined;
    settleDown(row, input.places);
    for (const predecessor of row.predecessors ?? []) {
      predecessors.push({ incarnation: predecessor.incarnation, process: predecessor.process });
    }
    if (backAgain) record(step, { kind: 'reclaimed', exportName: name });
    row.walkAfter = 0;
    walk(step, row);
    configured(step, keys.exportItem(name), 'registered');
  }
  return { seen: seenNow(step), minor: agreed.minor, predecessors, spread: spreadAmong(step, input.exports) };
}

/** The exports, of these, whose files are in all shards; nothing where there is one. */
function spreadAmong(step: Step, names: readonly string[]): string[] | undefined {
  if (!inShards(step)) return undefined;
  const spread: string[] = [];
  for (const name of names) if (step.rows.get('export', name)?.spread === true) spread.push(name);
  return spread;
}

/** Exports that an adapter still names although they were removed while it served them. */
function leftBehind(step: Step, incarnation: string): string[] | undefined {
  return step.rows.get('adapter', incarnation)?.left;
}

/** The current adapter becomes a predecessor: it may still hold files until it is proven dead. */
function supersede(step: Step, row: ExportRow): void {
  if (row.incarnation === '') return;
  rememberPast(row);
  // An adapter that has never reported its holds was never asked for anything.
  if (step.rows.get('adapter', row.incarnation)?.silent === true) {
    if (!servesBeside(step, row)) forgetAdapter(step, row.incarnation);
    return;
  }
  if (row.process === undefined) return;
  const predecessors = [{ incarnation: row.incarnation, process: row.process }];
  for (const each of row.predecessors ?? []) predecessors.push(each);
  row.predecessors = predecessors;
}

/** Whether this export's adapter serves another export as well. */
function servesBeside(step: Step, row: ExportRow): boolean {
  for (const entry of step.rows.page('exports', 0, endOfList, exportsMax)) {
    if (entry.member === row.name) continue;
    if (step.rows.get('export', entry.member)?.incarnation === row.incarnation) return true;
  }
  return false;
}

export function heartbeat(step: Step, input: VerbInput<'heartbeat'>): VerbOutput<'heartbeat'> {
  const adapter = step.rows.get('adapter', input.incarnation);
  if (adapter !== undefined) noteSeen(step, input.seen);
  const stop = heardAdapter(step, input.incarnation);
  const opening: string[] = [];
  const minor = adapter?.minor;
  const spread = spreadAmong(step, input.exports);
  if (stop) return { seen: seenNow(step), known: true, opening, stop, minor, spread };
  const left = leftBehind(step, input.incarnation);
  let known = true;
  for (const name of input.exports) {
    const row = step.rows.get('export', name);
    if (row === undefined && includes(left, name)) continue;
    if (row === undefined) return { seen: seenNow(step), known: false, opening, stop, minor, spread };
    if (row.incarnation !== input.incarnation) {
      // A stopping adapter has already let go of this export; the rest of its exports go on.
      if (adapter?.state === 'stopping') continue;
      return wasSuperseded(row, input.incarnation)
        ? { refused: { reason: 'incarnation_superseded' } }
        : { seen: seenNow(step), known: false, opening, stop, minor, spread };
    }
    if (row.yielded === true) return { seen: seenNow(step), known: false, opening, stop, minor, spread };
    if (row.opening === true) opening.push(name);
    row.seen = step.now;
    if (bury(step, row, input.dead)) row.walkAfter = 0;
    if (row.state === 'lost') {
      // The same process was silent for a while and still has its holds; it reports by itself what it has lost since.
      row.state = 'up';
      row.cause = undefined;
      row.walkAfter = 0;
      record(step, { kind: 'reclaimed', exportName: name });
      configured(step, keys.exportItem(name), 'registered');
    }
    walk(step, row);
    known = known && row.reported;
  }
  for (const { exportName, cause } of input.lost ?? []) treeLost(step, input.incarnation, exportName, cause);
  return { seen: seenNow(step), known, opening, stop, minor, spread };
}

export function deregister(step: Step, input: VerbInput<'deregister'>): VerbOutput<'deregister'> {
  const { incarnation, letGo } = input;
  const left: string[] = [];
  for (const entry of step.rows.page('exports', 0, endOfList, exportsMax)) {
    const row = step.rows.get('export', entry.member);
    if (row === undefined || row.incarnation !== incarnation) continue;
    left.push(row.name);
    if (row.state === 'up') lose(step, row, 'fileserver_stopped');
    if (letGo) {
      vacate(row);
      configured(step, keys.exportItem(row.name), 'vacated');
    }
    walk(step, row);
  }
  if (letGo) forgetAdapter(step, incarnation);
  else retireAdapter(step, incarnation);
  return { exports: left };
}

/** Removes predecessors that are proven dead: their holds died with them. Returns whether there were any. */
function bury(step: Step, row: ExportRow, dead: string[]): boolean {
  if (row.predecessors === undefined) return false;
  const left: Predecessor[] = [];
  let found = false;
  for (const predecessor of row.predecessors) {
    if (!includes(dead, predecessor.incarnation)) {
      left.push(predecessor);
      continue;
    }
    found = true;
    forgetAdapter(step, predecessor.incarnation);
  }
  row.predecessors = left.length > 0 ? left : undefined;
  return found;
}

/**
 * Runs at an export's deadline: checks whether anybody needs the export and whether its adapter is silent, and
 * continues the walk through its held files.
 */
export function walkExport(step: Step, name: string): void {
  const row = step.rows.get('export', name);
  if (row === undefined) return;
  if (row.demand !== undefined && needless(step, row, row.demand)) {
    remove(step, keys.exportItem(name));
    return;
  }
  const operation = row.operation === undefined ? undefined : step.rows.get('operation', row.operation);
  if (operation !== undefined && row.operation !== undefined) {
    setDue(step, keys.operation(row.operation), operation, step.now);
    step.rows.put('operation', row.operation, operation);
  }
  if (!row.local && row.state === 'up' && step.now >= row.seen + step.meta.limits.lostMs) {
    // Whether it stopped in order is unknown: the service was not running to hear it.
    const unheard = step.meta.unattended === true || row.seen <= (step.meta.backAt ?? 0);
    lose(step, row, unheard ? 'fileserver_away' : 'fileserver_lost');
  }
  walk(step, row);
}

function lose(step: Step, row: ExportRow, cause: string): void {
  row.state = 'lost';
  noteDoubt(row);
  const ranges = backsRanges({ exp: row }) ? true : undefined;
  record(step, { kind: 'jeopardy', exportName: row.name, cause, ranges });
  configured(step, keys.exportItem(row.name), 'lost');
}

/** The adapter is alive, but the tree it serves is no longer the one that users see. */
function treeLost(step: Step, incarnation: string, name: string, cause: string): void {
  const row = step.rows.get('export', name);
  if (row === undefined || row.incarnation !== incarnation) return;
  if (row.cause !== cause) {
    row.cause = cause;
    lose(step, row, cause);
  }
  walk(step, row);
}

/** The first export of another name whose tree overlaps with one of these. */
function overlapOf(
  step: Step,
  input: VerbInput<'register'>,
): { exportName: string; other: string } | undefined {
  for (const entry of step.rows.page('exports', 0, endOfList, exportsMax)) {
    const other = step.rows.get('export', entry.member);
    if (other === undefined || other.place === undefined || includes(input.exports, other.name)) continue;
    for (const { exportName, parts, ancestry } of input.places ?? []) {
      // Stacks name places each in their own way.
      const same =
        other.stack === input.stack ? overlaps(parts, other.place) : related(ancestry, other.ancestry);
      if (!same) continue;
      if (inService(step, other)) return { exportName, other: other.name };
      other.place = undefined;
      other.yielded = true;
      step.rows.put('export', other.name, other);
      break;
    }
  }
  return undefined;
}

/** Whether one path is a prefix of the other. */
function overlaps(one: string[], other: string[]): boolean {
  for (let depth = 0; depth < one.length && depth < other.length; depth++) {
    if (one[depth] !== other[depth]) return false;
  }
  return true;
}

/** Whether one directory is the other or above it. */
function related(one: string[] | undefined, other: string[] | undefined): boolean {
  const [a, b] = [one?.[0], other?.[0]];
  if (a === undefined || b === undefined) return false;
  return includes(one, b) || includes(other, a);
}

/** Whether the export is served, or has files in use. */
function inService(step: Step, row: ExportRow): boolean {
  return (
    row.state === 'up' ||
    row.cause !== undefined ||
    step.rows.page(keys.exportFiles(row.name), 0, endOfList, 1).length > 0
  );
}

/** Notes where the export's tree is. */
function settleDown(row: ExportRow, places: VerbInput<'register'>['places']): void {
  row.place = undefined;
  row.fileSystem = undefined;
  row.ancestry = undefined;
  for (const { exportName, fileSystem, parts, ancestry } of places ?? []) {
    if (exportName !== row.name) continue;
    row.place = parts;
    row.ancestry = ancestry;
    row.fileSystem = fileSystem;
  }
}

/** Whether nothing refers to the export: no file, no pin, and no lookup that may still lead to its use. */
function needless(step: Step, row: ExportRow, demand: { probes: number; until: number }): boolean {
  const { rows } = step;
  if (row.operation !== undefined || rows.page(keys.exportFiles(row.name), 0, endOfList, 1).length > 0)
    return false;
  if (rows.page(keys.dependents(keys.exportItem(row.name)), 0, endOfList, 1).length > 0) return false;
  return demand.probes === 0 || step.now >= demand.until;
}

/** Settles the export's held files with its current adapter, a bounded number per step. */
function walk(step: Step, row: ExportRow): void {
  const walks = mayAsk(row) || isVacant(row);
  if (row.walkAfter !== undefined && walks) {
    const page = step.rows.page(keys.heldFiles(row.name), row.walkAfter, endOfList, walkPerStep);
    for (const entry of page) {
      const file = loadFile(step, entry.member);
      if (file !== undefined) settleFile(step, file);
      row.walkAfter = entry.score;
    }
    if (page.length < walkPerStep) row.walkAfter = undefined;
  }
  const lostAt = row.state === 'up' && !row.local ? row.seen + step.meta.limits.lostMs : 0;
  const unused = row.demand !== undefined && step.now < row.demand.until ? row.demand.until : 0;
  setDue(
    step,
    keys.exportItem(row.name),
    row,
    row.walkAfter !== undefined && walks ? step.now : earlier(lostAt, unused),
  );
  step.rows.put('export', row.name, row);
}

// --- what an adapter reports about one hold

/** The file that an adapter reports about, if the adapter is current and the hold is current or being asked for. */
function spokenOf(
  step: Step,
  input: { fileKey: string; exportName: string; holdGen: number; incarnation: string },
): { file?: File; refused?: Refused } {
  const exp = step.rows.get('export', input.exportName);
  if (exp !== undefined && exp.incarnation !== input.incarnation) {
    return { refused: { refused: { reason: 'incarnation_superseded' } } };
  }
  const file = loadFile(step, input.fileKey);
  if (file === undefined || file.row.incarnation !== input.incarnation) return {};
  const { row } = file;
  const asked = row.ask !== undefined && row.ask.gen === input.holdGen;
  return asked || row.holdGen === input.holdGen ? { file } : {};
}

export function fileserverBreak(
  step: Step,
  input: VerbInput<'fileserverBreak'>,
): VerbOutput<'fileserverBreak'> {
  const { file, refused } = spokenOf(step, input);
  if (refused !== undefined) return refused;
  if (file === undefined) return { taken: false };
  const { row } = file;
  const known = row.fsBreak;
  const target = known !== undefined && rank(known.target) < rank(input.target) ? known.target : input.target;
  if (known === undefined || known.target !== target) voidPending(step, file, 'fileserver_refused');
  row.fsBreak = { target, breakNo: input.breakNo };
  if (rank(liveType(row)) > rank(target)) {
    const enforced = input.remainingMs === undefined ? 0 : step.now + input.remainingMs;
    startBreak(step, file, target, 'fileserver', undefined, enforced, false);
  }
  settleFile(step, file);
  return { taken: true };
}

export function fileserverLost(step: Step, input: VerbInput<'fileserverLost'>): VerbOutput<'fileserverLost'> {
  const { file, refused } = spokenOf(step, input);
  if (refused !== undefined) return refused;
  if (file === undefined) return { taken: false };
  const { row } = file;
  // The hold is gone, whatever ask is in flight: leases that relied on it are lost, and an answer still in flight
  // counts for no more.
  if (row.ask === undefined) row.mayHave = input.have;
  else if (row.ask.gen === input.holdGen) row.ask.lost = input.have;
  row.have = weaker(row.have, input.have);
  lostHold(step, file, input.cause);
  row.fsBreak = undefined;
  settleFile(step, file);
  return { taken: true };
}

export function fileDetached(step: Step, input: VerbInput<'fileDetached'>): VerbOutput<'fileDetached'> {
  const { file, refused } = spokenOf(step, input);
  if (refused !== undefined) return refused;
  if (file === undefined || file.row.detached) return { taken: file !== undefined };
  file.row.detached = true;
  record(step, { kind: 'detached', fileKey: file.key, exportName: input.exportName, path: input.path });
  // A rename or an unlink breaks delegations but not leases, whoever does it and however late it is noticed.
  if (file.row.delegReads > 0 || file.row.writerDelegation)
    startBreak(step, file, 'none', 'change', undefined, 0, true);
  settleFile(step, file);
  return { taken: true };
}

export function holdAnswered(step: Step, input: VerbInput<'holdAnswered'>): VerbOutput<'holdAnswered'> {
  const file = loadFile(step, input.fileKey);
  if (file === undefined) return { settled: false };
  const settled = answered(step, file, input);
  settleFile(step, file);
  return { settled };
}

export function rangesAnswered(step: Step, input: VerbInput<'rangesAnswered'>): VerbOutput<'rangesAnswered'> {
  const file = loadFile(step, input.fileKey);
  if (file === undefined) return { settled: false };
  const settled = rangesLocked(step, file, input);
  settleFile(step, file);
  if (settled && leftOver(step, file, input.locked ?? [])) settleFile(step, file);
  return { settled };
}

/** Enters a hold that no row knows, or that is stronger than known. No lease needs it, so it is then released. */
export function holdReport(step: Step, input: VerbInput<'holdReport'>): VerbOutput<'holdReport'> {
  breakSilence(step, input.incarnation);
  let adopted = 0;
  for (const hold of input.holds) {
    const exp = step.rows.get('export', hold.exportName);
    if (exp === undefined || exp.incarnation !== input.incarnation) continue;
    const file = enterFile(step, hold, exp);
    const { row } = file;
    if (row.ask === undefined && rank(hold.type) > rank(row.mayHave)) {
      row.mayHave = stronger(row.mayHave, hold.type);
      row.holdGen = hold.holdGen;
      adopted += 1;
    }
    if (hold.ranges === true) reportedRanges(file);
    settleFile(step, file);
  }
  if (input.done) {
    for (const entry of step.rows.page('exports', 0, endOfList, exportsMax)) {
      const exp = step.rows.get('export', entry.member);
      if (exp === undefined || exp.incarnation !== input.incarnation) continue;
      exp.reported = true;
      exp.walkAfter = 0;
      beginOpening(step, exp);
      walk(step, exp);
    }
  }
  return { adopted };
}

/** The table was restored: no adapter is asked for anything before it has reported its holds. */
export function doubtAdapters(step: Step): void {
  for (const entry of step.rows.page('exports', 0, endOfList, exportsMax)) {
    const exp = step.rows.get('export', entry.member);
    if (exp === undefined || exp.local) continue;
    exp.reported = false;
    step.rows.put('export', entry.member, exp);
  }
}
