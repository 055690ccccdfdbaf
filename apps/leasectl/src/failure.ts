import { CommanderError } from 'commander';
import { LeaseholdError } from '#client';
import { type Blocker, type ErrorCode, type Problem, printable } from '#contracts';
import { jsonText, type Out, tableText } from './output';
import { ageText, counted, spanText } from './words';

/** Exit codes. They are stable: scripts branch on them. */
export const exitCodes = {
  ok: [0, 'Success. `why`: nobody is blocked.'],
  refused: [1, 'The service refused the request. `why`: somebody is blocked.'],
  usage: [2, 'The command line or the request is invalid.'],
  notFound: [3, 'Not found.'],
  unreachable: [4, 'The lease API or its table cannot be reached, or did not answer.'],
  conflict: [5, 'It already exists, or it has changed: the version, token or session is not current.'],
  denied: [6, 'Missing or wrong credentials.'],
  timeUp: [7, 'Timed out before the operation or the wait was over.'],
  bug: [70, 'Internal error in leasectl or in the service.'],
  notInTime: [75, '`hold`: the lease was not granted, or not in time. The command was not run.'],
  lost: [76, '`hold`: the lease was lost while the command was running, and the command was ended.'],
  notRunnable: [126, '`hold`: the command cannot be run.'],
  noCommand: [127, '`hold`: there is no such command.'],
  interrupted: [130, 'Ended by Ctrl-C; 143 by SIGTERM.'],
} as const satisfies Record<string, readonly [number, string]>;

export const exitOf = (name: keyof typeof exitCodes): number => exitCodes[name][0];

const exitOfCode: Record<ErrorCode, keyof typeof exitCodes> = {
  EINVAL: 'usage',
  EACCES: 'denied',
  EPERM: 'denied',
  ENOENT: 'notFound',
  EEXIST: 'conflict',
  EAGAIN: 'refused',
  EBUSY: 'refused',
  EDEADLK: 'refused',
  ESTALE: 'conflict',
  ETIMEDOUT: 'timeUp',
  EDQUOT: 'refused',
  ENOLCK: 'refused',
  EOPNOTSUPP: 'refused',
  ENOTCONN: 'unreachable',
  EIO: 'bug',
};
/** Reasons whose exit code differs from that of their error code. */
const exitOfReason: Record<string, keyof typeof exitCodes> = {
  no_answer: 'unreachable',
  bad_answer: 'unreachable',
  fileserver_denied: 'refused',
  built_in: 'refused',
  pin_cycle: 'refused',
  node_required: 'refused',
};

/** The exit code for a refusal by the service, or for the lack of an answer. */
export const exitFor = ({ reason, code }: Problem): keyof typeof exitCodes =>
  exitOfReason[reason] ?? exitOfCode[code];

/** A failure with leasectl's own message. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly exit: keyof typeof exitCodes,
    message: string,
    readonly next?: string,
    readonly details: readonly string[] = [],
  ) {
    super(message);
  }
}

/** What to do next, as commands, for reasons whose `next` talks about the API. */
const nextHere: Record<string, string> = {
  no_credentials: 'Set LEASEHOLD_TOKEN (or LEASEHOLD_ADMIN_TOKEN), or give --token-file FILE.',
  bad_token: 'Set LEASEHOLD_TOKEN to a token of this lease API, or give --token-file FILE.',
  no_token: 'Check the file of --token-file, or run the command of --token-command by hand.',
  unreachable: 'Check that the lease API is running, and its URL: --api or LEASEHOLD_API.',
  no_answer: 'Try again, or allow more time with --timeout.',
  no_such_lock: 'List what exists: leasectl ls.',
  no_such_export: 'List what exists: leasectl exports ls.',
  no_such_item: 'List what exists: leasectl tree config.',
  no_such_operation: 'List what exists: leasectl operations ls.',
  no_such_adapter: 'List its adapters: leasectl stacks show NAME.',
  version_old: 'Read it again with leasectl show KIND/NAME, then repeat the change.',
  item_removing: 'Follow its removal: leasectl operations ls. Then create it again.',
  operation_running: 'Follow it: leasectl operations ls.',
  stack_busy: 'Hang the export up first: leasectl exports hangup NAME.',
  export_stopped: 'An administrator can reopen it: leasectl exports resume NAME.',
  node_required: 'Name the node of the region on which this runs: --node NAME.',
  node_down: 'Send heartbeats for it: leasectl nodes beat NAME.',
};

interface Told {
  exit: number;
  /** The first line, without the program's name. */
  says: string;
  details: readonly string[];
  next?: string;
  problem?: Problem & { dependents?: readonly Dependent[] };
}
interface Dependent {
  kind: string;
  /** Absent if only administrators may see it. */
  name?: string;
  because?: string;
  by?: { kind: string; name: string };
}

function explain(error: unknown): Told {
  if (error instanceof Failure)
    return { exit: exitOf(error.exit), says: error.message, details: error.details, next: error.next };
  // An argument is not a valid file, item, time or id.
  if (error instanceof CommanderError) return { exit: exitOf('usage'), says: error.message, details: [] };
  if (!(error instanceof LeaseholdError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { exit: exitOf('bug'), says: `This is a bug in leasectl: ${stack}`, details: [] };
  }
  const { problem } = error;
  const { code, reason, title, detail, issues = [] } = problem;
  return {
    exit: exitOf(exitFor(problem)),
    says: `${code} ${reason}: ${title}${detail === undefined ? '' : ` ${detail}`}`,
    details: issues.map(({ path, message }) => `${path === '' ? 'the request' : path}: ${message}`),
    next: nextHere[reason] ?? problem.next,
    problem,
  };
}

const blockerColumns = [
  ['ID', (blocker: Blocker) => blocker.id],
  ['KIND', (blocker: Blocker) => blocker.kind],
  [
    'TYPE',
    ({ type, deny }: Blocker) => `${type}${deny === undefined || deny === 'none' ? '' : ` deny ${deny}`}`,
  ],
  ['STATE', ({ state, courtesy }: Blocker) => (courtesy === true ? `${state} (courtesy)` : state)],
  ['RANGE', ({ start, end }: Blocker) => (start === undefined ? '' : `${start}-${end ?? 'EOF'}`)],
  ['AGE', ageText],
  ['NODE', ({ node }: Blocker) => node ?? ''],
  ['LABEL', ({ label }: Blocker) => label ?? ''],
  ['PID', ({ pid }: Blocker) => String(pid)],
  ['SESSION', ({ sessionId, otherTenant }: Blocker) => (otherTenant ? '(of another tenant)' : sessionId)],
] as const;

/** Who declared the pin. */
export const byWhom = ({ by }: Dependent): string => (by === undefined ? '' : `${by.kind}/${by.name}`);

/** The lines that tell a person what went wrong, who blocks the request, and what to do next. */
export function failureText(error: unknown): string {
  const { says, details, next, problem } = explain(error);
  const lines = [`leasectl: ${printable(says)}`, ...details.map((detail) => `  ${printable(detail)}`)];
  const { blockers = [], blockerCount = blockers.length, dependents = [] } = problem ?? {};
  if (blockers.length > 0) {
    lines.push('Blocked by:', tableText(blockerColumns, blockers, { indent: 2 }));
    if (blockerCount > blockers.length)
      lines.push(`  and ${counted(blockerCount - blockers.length, 'other')}`);
  }
  if (dependents.length > 0) {
    const columns = [
      ['KIND', (each: Dependent) => each.kind],
      ['NAME', (each: Dependent) => each.name ?? '-'],
      ['BY', byWhom],
      ['BECAUSE', (each: Dependent) => each.because ?? ''],
    ] as const;
    lines.push('Needed by:', tableText(columns, dependents, { indent: 2 }));
  }
  if (problem?.near !== undefined) lines.push(`Did you mean ${printable(problem.near.join(', or '))}?`);
  if (problem?.cycle !== undefined) {
    lines.push('These requests wait for each other:');
    for (const each of problem.cycle)
      lines.push(
        each.otherTenant
          ? `  ${each.kind} of another tenant`
          : `  ${each.kind} ${each.id} on ${printable(`${each.export}:${each.file}`)}`,
      );
  }
  if (problem?.break !== undefined) {
    const { target, remainingMs } = problem.break;
    const left = remainingMs === undefined ? 'never forced' : `${spanText(remainingMs)} left`;
    lines.push(`A break to ${target} is running, ${left}.`);
  }
  if (next !== undefined) lines.push(`Next: ${printable(next)}`);
  return lines.join('\n');
}

/** Prints what went wrong on stderr, for people or as one JSON object. Returns the exit code. */
export function tellFailure(out: Out, error: unknown): number {
  const { exit, says, next, problem } = explain(error);
  if (out.json) out.complain(jsonText(problem ?? { title: says, next, exit }));
  else out.complain(failureText(error));
  return exit;
}
