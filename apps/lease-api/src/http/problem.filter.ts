import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type ErrorCode, limits, type Problem, problemOf, type Reason } from '#contracts';
import type { NearNames } from '../application/near-names';
import type { Failures } from '../failures';
import { LeaseError, problemOfError } from '../problem';
import { isForWantOfRights } from '../telemetry/audit';
import type { Log } from '../telemetry/logger';
import type { Reply, Request } from './exchange';

/** The only place with status codes. */
const statusOfCode: Record<ErrorCode, number> = {
  EINVAL: 400,
  EACCES: 401,
  EPERM: 403,
  ENOENT: 404,
  EEXIST: 409,
  EAGAIN: 409,
  EBUSY: 409,
  EDEADLK: 409,
  ESTALE: 412,
  ETIMEDOUT: 504,
  EDQUOT: 429,
  ENOLCK: 507,
  EOPNOTSUPP: 501,
  ENOTCONN: 503,
  EIO: 500,
};
/** Reasons whose status is not that of their code. */
const statusOfReason: Partial<Record<Reason, number>> = {
  body_too_large: 413,
  request_timeout: 408,
  // The fileserver does not allow it; the caller's credentials are not the problem.
  fileserver_denied: 403,
};
/** How long to wait before repeating a request, for codes after which it may succeed. */
const retryMsOfCode: Partial<Record<ErrorCode, number>> = { EAGAIN: 1_000, EDQUOT: 1_000, ENOTCONN: 1_000 };

export const statusOf = ({ code, reason }: Pick<Problem, 'code' | 'reason'>): number =>
  statusOfReason[reason as Reason] ?? statusOfCode[code];

/** RFC 9457 text for the wire. */
export function problemText(
  problem: Problem,
  requestId?: string,
): { status: number; text: string; retryAfterS?: number } {
  const status = statusOf(problem);
  const { type, title, ...rest } = problem;
  const instance = requestId === undefined ? undefined : `urn:leasehold:request:${requestId}`;
  const retryMs = problem.retryAfterMs ?? retryMsOfCode[problem.code];
  return {
    status,
    text: JSON.stringify({ type, title, status, instance, ...rest }),
    retryAfterS: retryMs === undefined ? undefined : Math.max(1, Math.ceil(retryMs / 1000)),
  };
}

export function sendProblem(reply: Reply, problem: Problem): void {
  const { status, text, retryAfterS } = problemText(problem, reply.request.id);
  if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS));
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="leasehold"');
  reply.code(status).type('application/problem+json; charset=utf-8').send(text);
}

/** The problem for a refusal by the framework itself. */
export function problemOfStatus(status: number, message: string): Problem | undefined {
  switch (status) {
    case 404:
      return problemOf('no_such_route');
    case 413:
      return problemOf('body_too_large', { detail: `The limit is ${String(limits.bodyBytesMax)} bytes.` });
    default:
      return status < 500 ? problemOf('bad_request', { detail: message }) : undefined;
  }
}

const textsOf = (given: unknown): Partial<Record<string, unknown>> =>
  typeof given === 'object' ? { ...given } : {};

/** What a request has named that does not exist: an id, or a file. */
function askedFor(reason: string, { params, body, query }: Request): string | undefined {
  const given = { ...textsOf(query), ...textsOf(body), ...textsOf(params) };
  const { id, sessionId, export: exportName, file } = given;
  const asked =
    reason === 'no_such_file' && typeof exportName === 'string' && typeof file === 'string'
      ? `${exportName}:${file}`
      : reason === 'no_such_session'
        ? (id ?? sessionId)
        : id;
  return typeof asked === 'string' ? `It was asked for as ${asked}.` : undefined;
}

/** Turns every thrown error into an application/problem+json answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly failures: Failures,
    private readonly near: Pick<NearNames, 'of'>,
  ) {}

  /** What Nest itself throws, such as for a route that does not exist. */
  catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    return this.answer(error, http.getRequest<Request>(), http.getResponse<Reply>());
  }

  async answer(error: unknown, request: Request, reply: Reply): Promise<void> {
    const found = problemOfError(error) ?? this.problemOfFramework(error) ?? this.unexpected(error, request);
    const problem = await this.named(found, error, request);
    if (!(error instanceof LeaseError)) this.note(problem, error, request);
    if (isForWantOfRights(problem)) request.refusal = problem;
    const isBegun = reply.sent || (reply.isPart !== true && reply.raw.headersSent);
    if (isBegun) reply.raw.destroy();
    else if (problem.reason === 'not_holder') await this.slowly(reply, problem, request);
    else sendProblem(reply, problem);
  }

  /** Repeats the name of what does not exist, and adds names like it that the caller may know. */
  private async named(problem: Problem, error: unknown, request: Request): Promise<Problem> {
    if (problem.code !== 'ENOENT') return problem;
    const missing = error instanceof LeaseError ? error.missing : undefined;
    const asked = missing === undefined ? askedFor(problem.reason, request) : undefined;
    const detail = asked === undefined ? problem.detail : [asked, problem.detail].filter(Boolean).join(' ');
    if (missing === undefined || request.caller?.rights.everywhere('tree:read') !== true)
      return { ...problem, detail };
    const near = await this.near.of(missing).catch(() => []);
    return { ...problem, detail, near: near.length > 0 ? near : undefined };
  }

  /** Answers a wrong secret, delayed if this address has failed too often. */
  private async slowly(reply: Reply, problem: Problem, { raw, method, url }: Request): Promise<void> {
    const where = `${method} ${url.slice(0, 200)}`;
    sendProblem(reply, (await this.failures.wrongSecret(raw.socket, where)) ?? problem);
  }

  private problemOfFramework(error: unknown): Problem | undefined {
    if (error instanceof HttpException) return problemOfStatus(error.getStatus(), error.message);
    if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number')
      return problemOfStatus(error.statusCode, error.message);
    return undefined;
  }

  private unexpected(error: unknown, request: Request): Problem {
    this.log.error(
      {
        err: error,
        code: 'EIO',
        reason: 'invariant',
        request: request.id,
        method: request.method,
        url: request.url,
      },
      'a request failed unexpectedly',
    );
    return problemOf('invariant');
  }

  private note({ code, reason, next }: Problem, error: unknown, request: Request): void {
    if (code === 'ENOTCONN' || code === 'ENOLCK')
      this.log.debug(
        { err: error, code, reason, next, request: request.id, method: request.method, url: request.url },
        'not served',
      );
  }
}
