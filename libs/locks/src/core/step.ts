import type {
  CallerClock,
  Held,
  HoldAsk,
  Measured,
  MetaRow,
  Mode,
  Pace,
  RangesAsk,
  RecordBody,
  RecordRow,
  RequestKind,
  Rows,
} from './rows';

/** One atomic step over the rows: its time, and the asks that leave with it. */
export interface Step {
  rows: Rows;
  meta: MetaRow;
  wall: number;
  /** Table time, milliseconds. */
  now: number;
  asks: HoldAsk[];
  /** Breaks and waits that ended in this step. */
  measured?: Measured[];
  /** Ranges that fileservers are to lock; absent: none. */
  rangeAsks?: RangesAsk[];
  /** How many rows this step may still tidy up beyond its own request. */
  budget: number;
  /** Whether the table has no more room: new rows are refused, but releases and breaks go on. */
  short: boolean;
  /** Whether the shard's counters changed. */
  changed: boolean;
  /** Owners that were granted something while they wait elsewhere: that may have closed a cycle. */
  recheck: string[];
}

/** A longer gap is an outage; it does not count against anybody's deadline (semantics.md §6). */
const outageMs = 3000;
const tickMs = 1000;
/** How far clocks read in different places may differ. */
const paceSlackMs = 100;
/** How many processes' clocks are remembered. */
const clocksMax = 16;
/** Numbers per millisecond of wall clock: more than any table can use. */
const clockUnit = 2048;
/** Above this nothing new is granted; the rest up to 2^53 is kept so that existing work can end in order. */
const numbersEnd = 9007199254740991 - 4294967296;

function freshMeta(): MetaRow {
  return {
    epoch: 1,
    token: 0,
    seq: 0,
    records: 0,
    wall: 0,
    skew: 0,
    identity: '',
    sessions: 0,
    held: {
      reads: 0,
      writes: 0,
      delegReads: 0,
      delegWrites: 0,
      opens: 0,
      ranges: 0,
      waits: 0,
      waiting: { lease: 0, open: 0, range: 0, change: 0, dlm: 0 },
      breaks: 0,
    },
    graceUntil: 0,
    graceUpTo: 0,
    graceWaits: 0,
    limits: {
      sessionLocksMax: 10000,
      sessionsMax: 100000,
      queueMax: 256,
      rangesMax: 10000,
      fileDelegationsMax: 1000,
      sessionDelegationsMax: 10000,
      exportDelegationsMax: 100000,
      revokedMax: 3,
      courtesyMax: 1000,
      coolMs: 30000,
      graceMs: 0,
      recoveryMs: 0,
      unusedMs: 60000,
      rememberMs: 60000,
      askMs: 5000,
      lostMs: 5000,
    },
  };
}

export function beginStep(rows: Rows, budget: number, short = false): Step {
  const meta = rows.get('meta', 'shard') ?? freshMeta();
  const wall = rows.wall();
  const step: Step = {
    rows,
    meta,
    wall,
    now: wall,
    asks: [],
    budget,
    short,
    changed: meta.wall === 0,
    recheck: [],
  };
  // The row stays unchanged until the step ends: a step that only reads stores nothing, and the next one sees the same
  // gap.
  if (meta.wall !== 0) step.now = timeAt(meta) + advance(step);
  return step;
}

function timeAt(meta: MetaRow): number {
  return meta.wall - meta.skew;
}

/**
 * How far table time has advanced since the last step: as far as the caller's monotonic clock, which nobody can set.
 * There are two bounds. A gap that is an outage counts as zero. And calls made during an outage and processed one after
 * the other at its end show time that the table did not see: together they count for no more than the wall clock has
 * advanced meanwhile, as long as the wall clock moves evenly.
 */
function advance(step: Step): number {
  const { meta, wall } = step;
  const last = timeAt(meta);
  const gap = wall - meta.wall;
  const even = gap >= 0 && gap <= outageMs;
  if (!even) step.changed = true;
  const { name, ms } = step.rows.monotonic();
  const known = clockNamed(meta, name);
  // A new process has only the wall clock to compare with; from now on its own clock is known.
  if (known === undefined) step.changed = true;
  if (known === undefined) return even ? gap : 0;
  const shown = known.base + ms - last;
  if (shown > outageMs) step.changed = true;
  if (shown > outageMs || shown < 0) return 0;
  if (!even || meta.pace === undefined) return shown;
  return Math.min(shown, Math.max(0, paced(meta.pace, wall) - last));
}

/** What time it would be if only the wall clock had counted since about a second ago. */
function paced(pace: Pace, wall: number): number {
  return pace.time + wall - pace.wall;
}

function clockNamed(meta: MetaRow, name: string): CallerClock | undefined {
  for (const clock of meta.clocks ?? []) if (clock.name === name) return clock;
  return undefined;
}

/** Stores the counters if they changed, and the clock at least once a second. */
export function endStep(step: Step): void {
  const { meta } = step;
  if (!step.changed && step.wall - meta.wall < tickMs) return;
  const { pace } = meta;
  const gap = step.wall - meta.wall;
  const due = pace === undefined || gap < 0 || step.wall - pace.wall >= tickMs;
  setClock(step, due);
  if (meta.wall !== 0 && gap > outageMs) meta.backAt = step.now;
  if (due) meta.pace = { wall: step.wall, time: paceTime(step, pace) };
  meta.wall = step.wall;
  meta.skew = step.wall - step.now;
  step.rows.put('meta', 'shard', meta);
}

/**
 * Table time may be behind the wall clock because this call came late, and catches up with the next. It may not be
 * ahead: a caller whose first call came late has a clock that seems to be, and its locks would end early.
 */
function paceTime(step: Step, pace: Pace | undefined): number {
  if (pace === undefined || step.wall < step.meta.wall || step.wall - step.meta.wall > outageMs)
    return step.now;
  return Math.max(step.now, Math.min(paced(pace, step.wall), step.now + paceSlackMs));
}

/** Keeps the caller's clock from running ahead of table time: time not counted now must not count later. */
function setClock(step: Step, due: boolean): void {
  const { meta, now } = step;
  const { name, ms } = step.rows.monotonic();
  const known = clockNamed(meta, name);
  if (known !== undefined) {
    if (due || known.base + ms - now > outageMs) known.base = Math.min(known.base, now - ms);
    known.seen = now;
    return;
  }
  const clocks: CallerClock[] = [{ name, base: now - ms, seen: now }];
  const all = meta.clocks ?? [];
  let oldest = all[0];
  for (const clock of all) if (oldest !== undefined && clock.seen < oldest.seen) oldest = clock;
  for (const clock of all) if (all.length < clocksMax || clock !== oldest) clocks.push(clock);
  meta.clocks = clocks;
}

/**
 * A number that only grows, for tokens and ids that others remember: above the last one, and never below what the wall
 * clock implies. So a table restored from a backup continues above everything given out since the backup.
 */
function nextNumber(step: Step, last: number): number {
  step.changed = true;
  const clock = clockNumber(step);
  return ownNumber(step, clock > numbersEnd ? last + 1 : Math.max(last + 1, clock));
}

/** Whether the table has other shards. */
export function inShards({ meta }: Step): boolean {
  return (meta.shards ?? 1) > 1;
}

/** The first number from `least` on that is this shard's to give out (shards.ts). */
function ownNumber({ meta }: Step, least: number): number {
  const { shard = 0, shards = 1 } = meta;
  if (shards === 1) return least;
  const own = Math.floor(least / shards) * shards + shard;
  return own < least ? own + shards : own;
}

function clockNumber(step: Step): number {
  return Math.floor(step.wall) * clockUnit;
}

/** Whether the numbers are used up, or would be by a clock that is decades wrong: nothing new may be granted. */
export function usedUp(step: Step): boolean {
  const { token, seq } = step.meta;
  return Math.max(clockNumber(step), Math.max(token, seq)) > numbersEnd;
}

export function nextSeq(step: Step): number {
  step.meta.seq = nextNumber(step, step.meta.seq);
  return step.meta.seq;
}

export function mintToken(step: Step): number {
  step.meta.token = nextNumber(step, step.meta.token);
  return step.meta.token;
}

/** Begins an epoch with a number above `above` and above every earlier epoch, by `salt` more. */
export function raiseEpoch(step: Step, above: number, salt: number): void {
  const last = Math.max(step.meta.epoch, above);
  step.meta.epoch = ownNumber(step, nextNumber(step, last > numbersEnd ? 0 : last) + salt);
}

export function record(step: Step, change: RecordBody): void {
  step.meta.records += 1;
  step.changed = true;
  // The caller made `change` only for this record, so it is completed in place.
  const row = change as RecordRow;
  row.no = step.meta.records;
  row.epoch = step.meta.epoch;
  row.wall = step.wall;
  step.rows.record(row);
}

/** Counts what is held in the whole table. */
export function count(
  step: Step,
  what: Exclude<keyof Held, 'modes' | 'waits' | 'waiting'>,
  by: number,
): void {
  const { held } = step.meta;
  if (held === undefined || by === 0) return;
  held[what] = (held[what] ?? 0) + by;
  step.changed = true;
}

/** Counts the requests in queues. */
export function countWait(step: Step, kind: RequestKind, by: number): void {
  const { held } = step.meta;
  if (held === undefined) return;
  if (held.waiting === undefined && held.waits === 0) held.waiting = {};
  held.waits += by;
  if (held.waiting !== undefined) held.waiting[kind] = (held.waiting[kind] ?? 0) + by;
  step.changed = true;
}

export function countMode(step: Step, mode: Mode, by: number): void {
  const { held } = step.meta;
  if (held === undefined) return;
  const modes = held.modes ?? { NL: 0, CR: 0, CW: 0, PR: 0, PW: 0, EX: 0 };
  modes[mode] += by;
  held.modes = modes;
  step.changed = true;
}

export function measure(step: Step, one: Measured): void {
  const all = step.measured ?? [];
  all.push(one);
  step.measured = all;
}

/** How long ago a number was minted: numbers imply the wall clock, unless they are used up faster than it runs. */
export function agoMs(step: Step, no: number): number {
  return Math.max(0, Math.floor(step.wall) - Math.floor(no / clockUnit));
}

/** Converts table time to wall clock, for people and for the wire. */
export function wallOf(step: Step, time: number): number {
  return time + step.wall - step.now;
}

/** Moves a row in the deadline index; `at` 0 removes it. */
export function setDue(step: Step, member: string, row: { due: number }, at: number): void {
  if (row.due === at) return;
  if (row.due !== 0) unlinkDue(step, member, row.due);
  row.due = at;
  if (at !== 0) linkDue(step, member, at);
}

export function linkDue(step: Step, member: string, at: number): void {
  step.rows.link('due', member, at);
  if (at < (step.meta.firstDue ?? 0)) setFirstDue(step, at);
}

export function unlinkDue(step: Step, member: string, at: number): void {
  step.rows.unlink('due', member, at);
}

export function setFirstDue(step: Step, at: number): void {
  if (step.meta.firstDue === at) return;
  step.meta.firstDue = at;
  step.changed = true;
}

/** The earlier of two deadlines; 0 = never. */
export function earlier(a: number, b: number): number {
  if (a === 0) return b;
  if (b === 0) return a;
  return Math.min(a, b);
}

/** The highest possible score. */
export const endOfList = 9007199254740991;
