import type { ErrorCode, EventOf, Problem, Reason } from '#contracts';
import { problemOf, reasons } from '#contracts/plain';

/** Reasons that arise between client and service; the service's own are in the catalog (libs/contracts). */
const onTheWay = {
  unreachable: {
    code: 'ENOTCONN',
    says: 'The lease API cannot be reached.',
    next: 'Check that it is running at this URL. It is safe to repeat the request with the same requestId.',
  },
  no_answer: {
    code: 'ETIMEDOUT',
    says: 'The lease API did not answer in time.',
    next: 'Repeat the request with the same requestId, or raise timeoutMs.',
  },
  bad_answer: {
    code: 'EIO',
    says: 'The answer did not come from a lease API.',
    next: 'Check the URL, and any proxy in between.',
  },
  no_token: {
    code: 'EACCES',
    says: 'There is no token to send.',
    next: 'Check where the token comes from. Nothing was sent.',
  },
  session_closed: {
    code: 'ESTALE',
    says: 'This client has detached from the session.',
    next: 'Attach to the session again with its id and secret, or open a new one.',
  },
} as const satisfies Record<string, { code: ErrorCode; says: string; next: string }>;

/**
 * Every refusal and failure of this client. Branch on `code` (an errno name), explain with `reason` (a slug);
 * `next` says what to do, `problem` is the whole RFC 9457 body with its blockers and the running break.
 */
export class LeaseholdError extends Error {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly next: string;
  /** HTTP status; absent if there was no answer. */
  readonly status: number | undefined;

  constructor(
    readonly problem: Problem,
    options: { status?: number; cause?: unknown } = {},
  ) {
    const { code, reason, title, detail, next } = problem;
    super(`${code} ${reason}: ${title}${detail ? ` ${detail}` : ''} Next: ${next}`, { cause: options.cause });
    this.name = 'LeaseholdError';
    this.code = code;
    this.reason = reason;
    this.next = next;
    this.status = options.status;
  }

  /** An error raised by this client for a reason of the service's catalog. */
  static of(reason: Reason, facts: Partial<Problem> = {}): LeaseholdError {
    return new LeaseholdError(problemOf(reason, facts));
  }

  /** Why a waiting request was dropped. A newer service may give reasons that this client does not know. */
  static dropped({ reason, leaseId, cycle }: EventOf<'dropped'>): LeaseholdError {
    const known = Object.hasOwn(reasons, reason) ? (reason as Reason) : 'wait_elapsed';
    return LeaseholdError.of(known, { reason, leaseId, cycle });
  }

  /** An error for what happened between this client and the service. */
  static onTheWay(
    reason: keyof typeof onTheWay,
    detail: string,
    options: { status?: number; cause?: unknown } = {},
  ): LeaseholdError {
    const { code, says, next } = onTheWay[reason];
    return new LeaseholdError(
      { type: `urn:leasehold:${reason}`, title: says, code, reason, detail, next },
      options,
    );
  }
}

/** Whether the outcome of the request is unknown: it may have been granted, or may still be. */
export function isOpen(error: unknown): boolean {
  const undecided = ['unreachable', 'no_answer', 'bad_answer', 'service_stopping', 'table_unreachable'];
  return (
    error instanceof LeaseholdError &&
    (undecided.includes(error.reason) || error.problem.waitId !== undefined)
  );
}

/** Whether `error` is a refusal or failure for one of these reasons. */
export function isFor(error: unknown, ...reasons: string[]): error is LeaseholdError {
  return error instanceof LeaseholdError && reasons.includes(error.reason);
}
