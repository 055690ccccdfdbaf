import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type BreakNotice,
  type Lease,
  type LeaseSet,
  LeaseholdError,
  type Permit,
  type RangeHold,
  type Session,
  type SetRange,
} from '#client';
import { type Reason, reasons, printable } from '#contracts';
import type { Context } from './context';
import { exitFor, exitOf, Failure } from './failure';
import { counted, type FileRef, spanText, whereText, whoText } from './words';

export interface HoldOptions {
  type: 'read' | 'write';
  /** A permit of a semaphore of this size, instead of a lease. */
  limit?: number;
  /** Ranges to lock as well. */
  range?: Omit<SetRange, 'type'>[];
  /** How long to wait for the lease. */
  wait: number;
  /** How long it may be held at most. */
  maxHold?: number;
  onBreak: NodeJS.Signals;
  killAfter?: number;
  ttl: number;
  node?: string;
}

/** How long the command may go on after the lease is lost, since it works without protection. */
const lostKillMs = 5_000;
/** Subtracted from the time of a break, so that the answer arrives in time. */
const marginOf = (remainingMs: number): number => Math.min(1_000, remainingMs / 10);
const giveUpRetryMs = 10_000;
/** Pause after a refusal without `retryAfterMs`. */
const pauseMsDefault = 1_000;
/** The service ends a wait; this is how much later we give up by ourselves. */
const lateMs = 10_000;

const numberOf = (signal: NodeJS.Signals): number => constants.signals[signal];

/** Reads TERM, SIGTERM or `kill`. Returns undefined if there is no such signal. */
export function signalOf(text: string): NodeJS.Signals | undefined {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
  return name in constants.signals ? (name as NodeJS.Signals) : undefined;
}

/** What the command runs under. */
type Grip = Lease | Permit | LeaseSet;
const isPermit = (grip: Grip): grip is Permit => 'semaphore' in grip;
const isSet = (grip: Grip): grip is LeaseSet => 'leases' in grip;
const leasesOf = (grip: Grip): readonly Lease[] => (isSet(grip) ? grip.leases : isPermit(grip) ? [] : [grip]);
const nameOf = (grip: Grip): string =>
  isPermit(grip)
    ? printable(whereText({ export: grip.export, file: grip.semaphore }))
    : [
        ...leasesOf(grip).map((lease) => printable(whereText(lease))),
        ...(isSet(grip) ? grip.ranges.map(rangeName) : []),
      ].join(' and ');
const rangeName = (range: RangeHold): string =>
  `${printable(whereText(range))}@${String(range.start)}-${String(range.end)}`;

/**
 * Takes a lease, leases on several names with ranges, or a permit, runs a command under it, and releases the lease when the
 * command has ended. On a break, sends the command a signal and kills it before the deadline if it has not ended. Returns the command's exit code, or one of leasectl's own.
 */
export async function hold(
  context: Context,
  refs: readonly FileRef[],
  [command = '', ...args]: readonly string[],
  options: HoldOptions,
  failed: (error: unknown) => number,
): Promise<number> {
  const { api, out } = context;
  // The client library would retry for a while; this fails at once if nobody is there.
  await api.get('/livez');
  const waiting = new AbortController();
  const signals = new Signals((signal) => {
    waiting.abort(signal);
  });
  try {
    const leasehold = context.leasehold(giveUpRetryMs);
    const { ttl: ttlMs, node } = options;
    const label = printable(`leasectl hold: ${basename(command)}`).slice(0, 100);
    const session = await leasehold.openSession({
      ttlMs,
      node,
      pid: process.pid,
      label,
      signal: waiting.signal,
    });
    session.on('error', (error: unknown) => {
      out.complain(`leasectl: ${error instanceof Error ? error.message : String(error)}`);
    });
    try {
      const [ref, ...more] = refs;
      const grip =
        ref === undefined || more.length > 0 || options.range !== undefined
          ? await takeAll(session, refs, options, waiting.signal)
          : options.limit === undefined
            ? await take(context, session, ref, options, waiting.signal)
            : await takePermit(session, ref, options.limit, options, waiting.signal);
      waiting.signal.throwIfAborted();
      return await run(context, session, grip, [command, ...args], options, signals);
    } finally {
      await giveUp(context, session);
    }
  } catch (error) {
    if (waiting.signal.aborted && error === waiting.signal.reason) {
      out.complain('leasectl: interrupted before the lease was granted; the command was not run.');
      return 128 + numberOf(waiting.signal.reason as NodeJS.Signals);
    }
    if (!isRefusal(error)) throw error;
    failed(error);
    if (options.wait === 0 && isPassing(error))
      out.say(`To wait for the ${options.limit === undefined ? 'lease' : 'permit'}: --wait SECONDS`);
    return exitOf('notInTime');
  } finally {
    signals.stop();
  }
}

/** The lease is not granted, or not in time. */
const isRefusal = (error: unknown): error is LeaseholdError =>
  error instanceof LeaseholdError && ['refused', 'timeUp'].includes(exitFor(error.problem));
/** A later attempt may succeed. */
const isPassing = ({ code, reason }: LeaseholdError): boolean =>
  (['EAGAIN', 'EDQUOT', 'ETIMEDOUT'].includes(code) && reason !== 'cancelled') || code === 'EBUSY';

// --- taking

/** Waits in the file's queue, keeping a single place, for as long as allowed. */
async function take(
  { out }: Context,
  session: Session,
  ref: FileRef,
  { type, wait, maxHold: maxHoldMs }: HoldOptions,
  signal: AbortSignal,
): Promise<Lease> {
  const until = performance.now() + wait;
  const dropped = new Map<string, string>();
  let wake: () => void = () => undefined;
  session.on('dropped', ({ leaseId, reason }) => {
    if (leaseId !== undefined) dropped.set(leaseId, reason);
    wake();
  });
  session.on('granted', () => {
    wake();
  });
  for (;;) {
    const waitMs = Math.max(0, Math.ceil(until - performance.now()));
    try {
      const lease = await session.acquire(
        { ...ref, type, maxHoldMs, waitMs, queued: waitMs > 0 },
        { signal },
      );
      if (lease.type !== type) await tellWait(out, session, lease, ref);
      const late = AbortSignal.any([signal, lease.signal, AbortSignal.timeout(waitMs + lateMs)]);
      while (lease.type !== type) {
        const reason = dropped.get(lease.id);
        if (reason !== undefined) throw refusalFor(reason);
        if (signal.aborted) throw signal.reason;
        if (lease.signal.aborted) throw lease.signal.reason;
        if (late.aborted) throw LeaseholdError.of('wait_elapsed');
        await new Promise<void>((resolve) => {
          wake = resolve;
          late.addEventListener(
            'abort',
            () => {
              resolve();
            },
            { once: true },
          );
        });
      }
      return lease;
    } catch (error) {
      const isLast = until - performance.now() <= 0;
      if (!isRefusal(error) || !isPassing(error) || wait === 0) throw error;
      if (isLast) {
        // The end of a wait names no blockers; ask once more to get a refusal that does.
        if ((error.problem.blockers ?? []).length > 0) throw error;
        return session.acquire({ ...ref, type, maxHoldMs }, { signal });
      }
      const pauseMs = Math.min(error.problem.retryAfterMs ?? pauseMsDefault, until - performance.now());
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  }
}

/** All or none, and waits for all of them together. */
function takeAll(
  session: Session,
  refs: readonly FileRef[],
  { type, wait: waitMs, maxHold: maxHoldMs, range = [] }: HoldOptions,
  signal: AbortSignal,
): Promise<LeaseSet> {
  const leases = refs.map((ref) => ({ name: `${ref.export}:${ref.file}`, type, maxHoldMs }));
  const ranges = range.map((each) => ({ ...each, type }));
  return session.takeSet({ leases, ranges }, { waitMs, signal });
}

/** Waits in the queue of the semaphore, for an hour at most. */
async function takePermit(
  session: Session,
  { export: exportName, file }: FileRef,
  limit: number,
  { wait: waitMs, maxHold: maxHoldMs }: HoldOptions,
  signal: AbortSignal,
): Promise<Permit> {
  const semaphore = session.semaphore(`${exportName}:${file}`, { limit });
  const permit = await semaphore.take({ waitMs, maxHoldMs, queued: waitMs > 0, signal });
  const late = AbortSignal.any([signal, AbortSignal.timeout(waitMs + lateMs)]);
  return permit.granted({ signal: late });
}

const refusalFor = (reason: string): LeaseholdError =>
  reason in reasons
    ? LeaseholdError.of(reason as Reason)
    : LeaseholdError.of('cancelled', { detail: `The wait ended: ${reason}.` });

/** Says once what it waits for. */
async function tellWait(out: Context['out'], session: Session, lease: Lease, ref: FileRef): Promise<void> {
  if (out.quiet) return;
  try {
    const { ahead, why } = await session.waiting(lease.id);
    const [first] = why.blockers ?? [];
    const behind = first === undefined ? '' : ` It is held by ${whoText(first)}, session ${first.sessionId}.`;
    out.say(
      `leasectl: waiting for ${printable(whereText(ref))}, ${counted(ahead, 'request')} ahead.${printable(behind)}`,
    );
  } catch {
    // The request is decided by now, or waits only for the fileserver.
  }
}

// --- running

/** Whether input is a terminal: then the command must stay in its process group, so that it can read from it. */
const isTyped = (): boolean => process.stdin.isTTY;

/** A running command. Without a terminal it gets its own process group, which can be killed as a whole. */
class Command {
  readonly ended: Promise<[number | null, NodeJS.Signals | null]>;
  private readonly child: ChildProcess;
  private readonly isGroup = !isTyped();

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.child = spawn(command, args, { stdio: 'inherit', env, detached: this.isGroup });
    this.ended = once(this.child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  /** Signals only the command; it decides what its own children do. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Kills the command and what it has started. */
  end(): void {
    this.child.kill('SIGKILL');
    const { pid } = this.child;
    if (!this.isGroup || pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // All of them have ended.
    }
  }
}

/** Signals to pass on to the command once it runs. Signals from a terminal reach the command directly. */
class Signals {
  private readonly caught: NodeJS.Signals[] = [
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
    'SIGQUIT',
    'SIGUSR1',
    'SIGUSR2',
  ];
  private readonly byTerminal: readonly NodeJS.Signals[] = isTyped() ? ['SIGINT', 'SIGQUIT'] : [];
  private command: Command | undefined;
  private readonly hear: (signal: NodeJS.Signals) => void;

  constructor(beforeTheCommand: (signal: NodeJS.Signals) => void) {
    this.hear = (signal) => {
      if (this.command === undefined) beforeTheCommand(signal);
      else if (!this.byTerminal.includes(signal)) this.command.signal(signal);
    };
    for (const signal of this.caught) process.on(signal, this.hear);
  }

  forwardTo(command: Command): void {
    this.command = command;
  }

  stop(): void {
    for (const signal of this.caught) process.off(signal, this.hear);
  }
}

function environment({ api }: Context, session: Session, grip: Grip): NodeJS.ProcessEnv {
  const one = isSet(grip)
    ? { LEASEHOLD_FENCING_TOKENS: JSON.stringify(Object.fromEntries(grip.tokens)) }
    : { LEASEHOLD_FENCING_TOKEN: String(grip.token), LEASEHOLD_EXPORT: grip.export };
  const held = isPermit(grip)
    ? { LEASEHOLD_PERMIT_ID: grip.id, LEASEHOLD_SEMAPHORE: grip.semaphore }
    : isSet(grip)
      ? {}
      : { LEASEHOLD_LEASE_ID: grip.id, LEASEHOLD_TYPE: grip.type, LEASEHOLD_FILE: grip.file };
  return {
    ...process.env,
    LEASEHOLD_API: api.url,
    LEASEHOLD_SESSION_ID: session.id,
    ...one,
    ...held,
  };
}

async function run(
  all: Context,
  session: Session,
  grip: Grip,
  [command = '', ...args]: readonly string[],
  { onBreak, killAfter }: HoldOptions,
  signals: Signals,
): Promise<number> {
  const { out } = all;
  const name = nameOf(grip);
  const what = isPermit(grip) ? 'permit' : isSet(grip) ? 'set' : 'lease';
  const child = new Command(command, args, environment(all, session, grip));
  signals.forwardTo(child);

  let killTimer: NodeJS.Timeout | undefined;
  let killAt = Infinity;
  const killWithin = (ms: number): void => {
    const at = performance.now() + ms;
    if (at >= killAt) return;
    killAt = at;
    clearTimeout(killTimer);
    // Timers cannot be longer.
    if (ms > 2 ** 31 - 1) return;
    killTimer = setTimeout(() => {
      out.complain(`leasectl: ${printable(command)} has not ended in time; killing it.`);
      child.end();
    }, ms);
  };

  let told: BreakNotice | undefined;
  const hear = (notice: BreakNotice): void => {
    const { remainingMs, target } = notice;
    const isFirst = told === undefined;
    const isNew = told?.breakId !== notice.breakId || told.target !== target;
    told = notice;
    if (remainingMs !== undefined) killWithin(Math.max(0, remainingMs - marginOf(remainingMs)));
    if (isFirst && killAfter !== undefined) killWithin(killAfter);
    if (!isNew) return;
    const left = remainingMs === undefined ? 'without a deadline' : `within ${spanText(remainingMs)}`;
    out.say(
      `leasectl: somebody needs ${name}; the lease must be released ${left}. Sending ${onBreak} to ${printable(command)}.`,
    );
    child.signal(onBreak);
  };
  // A deadline can be shortened while a break runs. No event says so, but the lease shows it.
  const look = setInterval(() => {
    const notice = noticeOf(grip);
    if (notice !== undefined && notice !== told) hear(notice);
  }, 100);
  session.on('break', (notice) => {
    if (leasesOf(grip).some(({ id }) => id === notice.leaseId)) hear(notice);
  });
  const running = noticeOf(grip);
  if (running !== undefined) hear(running);

  const held = { isLost: false };
  const lose = (): void => {
    held.isLost = true;
    const reason: unknown = grip.signal.reason;
    const why = whyText(reason);
    out.complain(`leasectl: the ${what} of ${name} is lost (${why}); ending ${printable(command)}.`);
    child.signal('SIGTERM');
    killWithin(killAfter ?? lostKillMs);
  };
  if (grip.signal.aborted) lose();
  else grip.signal.addEventListener('abort', lose, { once: true });
  session.on('jeopardy', ({ cause, remainingMs }) => {
    const left =
      remainingMs === undefined ? '' : `; the ${what} is lost in ${spanText(remainingMs)} if this continues`;
    out.complain(`leasectl: the ${what} of ${name} is in doubt: ${printable(cause)}${left}.`);
  });

  try {
    const [code, signal] = await child.ended;
    // Processes that the command left running must not go on: somebody else may have the lease by then.
    if (held.isLost || told !== undefined) child.end();
    if (held.isLost) return exitOf('lost');
    return code ?? 128 + numberOf(signal ?? 'SIGKILL');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const exit = code === 'ENOENT' ? 'noCommand' : 'notRunnable';
    throw new Failure(exit, `${printable(command)} cannot be run: ${message}.`);
  } finally {
    clearTimeout(killTimer);
    clearInterval(look);
    grip.signal.removeEventListener('abort', lose);
  }
}

/** Why it is lost: for what was held for as long as it may be, that. */
function whyText(reason: unknown): string {
  if (!(reason instanceof LeaseholdError)) return String(reason);
  const held = reason.problem.detail?.includes('max_hold') === true ? ', held for as long as it may be' : '';
  return `${reason.code} ${reason.reason}${held}`;
}

/** The break that runs. Nobody breaks a permit. */
const noticeOf = (grip: Grip): BreakNotice | undefined =>
  leasesOf(grip).find(({ notice }) => notice !== undefined)?.notice;

/** Ends the session, which releases the lease and answers a break. */
async function giveUp({ out }: Context, session: Session): Promise<void> {
  if (session.signal.aborted) return;
  const { ttlMs } = session;
  try {
    await session.end();
  } catch (error) {
    const why = error instanceof LeaseholdError ? `${error.code} ${error.reason}` : String(error);
    out.complain(`leasectl: cannot release the lease (${why}); it expires within ${spanText(ttlMs)}.`);
  }
}
