import { CommanderError } from 'commander';
import { LeaseholdError } from '#client';
import { type Blocker, type ErrorCode, type Problem, printable } from '#contracts';
import { jsonText, type Out, tableText } from './output';
import { counted, spanText } from './words';

/** What leasectl ends with. Stable: scripts branch on them. */
export const exitCodes = {
  ok: [0, 'Done; of `why`: nobody is blocked.'],
  refused: [1, 'Refused, as something is in the way; of `why`: somebody is blocked.'],
  usage: [2, 'The command line, or what it asks for, makes no sense.'],
  notFound: [3, 'There is no such thing.'],
  unreachable: [4, 'The lease API, or its table, cannot be reached or did not answer.'],
  conflict: [5, 'It exists already, or has changed since: the version, token or session is not current.'],
  denied: [6, 'No credentials, or not the right ones.'],
  timeUp: [7, 'The time is up, and what was waited for is not over.'],
  bug: [70, 'An internal rule was violated, here or at the service.'],
  notInTime: [75, '`hold`: the lease could not be had, or not in time. The command was not run.'],
  lost: [76, '`hold`: the lease was lost while the command ran, and the command was ended.'],
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
/** Where the reason says more than its code. */
const exitOfReason: Record<string, keyof typeof exitCodes> = {
  no_answer: 'unreachable',
  bad_answer: 'unreachable',
  fileserver_denied: 'refused',
  built_in: 'refused',
  pin_cycle: 'refused',
  node_required: 'refused',
};

/** Which exit code an answer of the service, or the lack of one, leads to. */
export const exitFor = ({ reason, code }: Problem): keyof typeof exitCodes =>
  exitOfReason[reason] ?? exitOfCode[code];

/** A failure that leasectl has words of its own for. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly exit: keyof typeof exitCodes,
    message: string,
    readonly next?: string,
  ) {
    super(message);
  }
}

/** What to do next in words of the command line, where those of the API are of the API. */
const nextHere: Record<string, string> = {
  no_credentials: 'Set LEASEHOLD_ADMIN_TOKEN, or give --admin-token-file FILE.',
  admin_only: 'Set LEASEHOLD_ADMIN_TOKEN to that of the lease API, or give --admin-token-file FILE.',
  unreachable: 'Check that the lease API runs, and its URL: --api, or LEASEHOLD_API.',
  no_answer: 'Try again, or give it longer with --timeout.',
  no_such_lock: 'See what there is: leasectl ls.',
  no_such_export: 'See what there is: leasectl exports ls.',
  no_such_item: 'See what there is: leasectl tree config.',
  no_such_operation: 'See what there is: leasectl operations ls.',
  no_such_adapter: 'See which there are: leasectl stacks show NAME.',
  version_old: 'Read it again, leasectl show KIND/NAME, and repeat the change.',
  item_removing: 'Follow its removal: leasectl operations ls; then make it again.',
  operation_running: 'Follow it: leasectl operations ls.',
  stack_busy: 'Hang the export up first: leasectl exports hangup NAME.',
  export_stopped: 'An administrator lets it go on by leasectl exports resume NAME.',
  node_required: 'Say on which node of the region this runs: --node NAME.',
  node_down: 'Let it beat: leasectl nodes beat NAME.',
};

interface Told {
  exit: number;
  /** First line, without the program's name. */
  says: string;
  details: string[];
  next?: string;
  problem?: Problem & { dependents?: readonly Dependent[] };
}
interface Dependent {
  kind: string;
  /** Absent where it is for administrators only. */
  name?: string;
  because?: string;
  by?: { kind: string; name: string };
}

function explain(error: unknown): Told {
  if (error instanceof Failure)
    return { exit: exitOf(error.exit), says: error.message, details: [], next: error.next };
  // An argument that is no file, item, time or id.
  if (error instanceof CommanderError) return { exit: exitOf('usage'), says: error.message, details: [] };
  if (!(error instanceof LeaseholdError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { exit: exitOf('bug'), says: `this is a bug of leasectl: ${stack}`, details: [] };
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
  ['STATE', (blocker: Blocker) => blocker.state],
  ['RANGE', ({ start, end }: Blocker) => (start === undefined ? '' : `${start}-${end ?? 'EOF'}`)],
  ['PID', ({ pid }: Blocker) => String(pid)],
  ['SESSION', (blocker: Blocker) => blocker.sessionId],
] as const;

/** Who declared a pin. */
export const byWhom = ({ by }: Dependent): string => (by === undefined ? '' : `${by.kind}/${by.name}`);

/** The lines that tell a person what went wrong, who is in the way, and what to do next. */
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
  if (problem?.cycle !== undefined) {
    lines.push('They wait for each other:');
    for (const each of problem.cycle)
      lines.push(`  ${each.kind} ${each.id} on ${printable(`${each.export}:${each.file}`)}`);
  }
  if (problem?.break !== undefined) {
    const { target, remainingMs } = problem.break;
    const left = remainingMs === undefined ? 'never forced' : `${spanText(remainingMs)} left`;
    lines.push(`A break to ${target} runs, ${left}.`);
  }
  if (next !== undefined) lines.push(`Next: ${printable(next)}`);
  return lines.join('\n');
}

/** Says what went wrong on stderr, for people or as one JSON object. Returns the exit code. */
export function tellFailure(out: Out, error: unknown): number {
  const { exit, says, next, problem } = explain(error);
  if (out.json) out.complain(jsonText(problem ?? { title: says, next, exit }));
  else out.complain(failureText(error));
  return exit;
}
