import { timingSafeEqual } from 'node:crypto';
import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity } from '@nestjs/swagger';
import { problemOf } from '#contracts';
import { Failures } from '../failures';
import type { Reader } from '../application/holders';
import { digestOf } from '../application/ids';
import { LeaseError } from '../problem';
import type { Request } from './exchange';

/**
 * Who may use a route. `session`: callers with the secret of the session concerned. `holder`: a session that has
 * something there. `storage`, `admin`: callers with LEASEHOLD_STORAGE_TOKEN or LEASEHOLD_ADMIN_TOKEN. `anybody`:
 * callers without a token. If no admin token is set, only this host can reach the service, and every caller on it is an
 * administrator.
 */
type Who = 'anybody' | 'session' | 'holder' | 'storage' | 'admin';

/**
 * Reading needs rights wherever writing does. Only routes without any of these rights are open to anybody: creating a
 * session, health checks, the remaining grace period, and the list of nodes and regions.
 */
export const rights = {
  /** What is served. Only administrators see the endpoints and incarnations of adapters. */
  outline: ['anybody', 'storage', 'admin'],
  /** What a session has and does. */
  session: ['session'],
  /** What a session has and an administrator may oversee. */
  oversight: ['session', 'admin'],
  /** Changes of the configuration; the locks, sessions and operations of everybody. */
  administration: ['admin'],
  /** Whether a file exists, its identity, its tokens; who depends on what. */
  insight: ['holder', 'storage', 'admin'],
} as const satisfies Record<string, readonly Who[]>;
export type Right = keyof typeof rights;

const secretHeader = 'x-session-secret';
const rightKey = 'right';

/** The tokens of callers without a session. */
export class Tokens {
  private readonly digests: Partial<Record<Who, Buffer>>;

  constructor({ admin, storage }: { admin?: string; storage?: string }) {
    const digest = (token: string | undefined): Buffer | undefined =>
      token === undefined ? undefined : Buffer.from(digestOf(token));
    this.digests = { admin: digest(admin), storage: digest(storage) };
  }

  /** Whether everybody is an administrator. */
  get open(): boolean {
    return this.digests.admin === undefined;
  }

  /** Which of these a token belongs to. Digests have one length, so comparing takes the same time for any token. */
  whose(token: string, who: readonly Who[]): Who | undefined {
    const given = Buffer.from(digestOf(token));
    const owners = who.filter((each) => {
      const digest = this.digests[each];
      return digest !== undefined && timingSafeEqual(given, digest);
    });
    return owners.at(-1);
  }
}

/** Checks tokens. A session's secret is only passed on: the rules check it. */
@Injectable()
export class RightsGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: Tokens,
    private readonly failures: Failures,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const right = this.reflector.getAllAndOverride<Right>(rightKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    const who: readonly Who[] = rights[right];
    const request = context.switchToHttp().getRequest<Request & { body?: unknown }>();
    const secret = this.secretFor(who, request);
    if (secret !== undefined) request.secretDigest = digestOf(secret);
    else if (!who.includes('admin')) throw new LeaseError(problemOf('no_credentials'));
    else request.isAdmin = this.tokens.open || (await this.tokenOwner(who, request)) === 'admin';
    return true;
  }

  /** The session secret, if it is the credential that counts. Only an administrator may act for an item. */
  private secretFor(
    who: readonly Who[],
    { headers, body }: Request & { body?: unknown },
  ): string | undefined {
    const secret = headers[secretHeader];
    if (typeof secret !== 'string' || secret === '') return undefined;
    const byItem = typeof body === 'object' && body !== null && 'item' in body;
    if (who.includes('session')) return byItem && who.includes('admin') ? undefined : secret;
    const isHolder = who.includes('holder') && headers.authorization === undefined && !this.tokens.open;
    return isHolder ? secret : undefined;
  }

  private async tokenOwner(who: readonly Who[], { headers, raw, method, url }: Request): Promise<Who> {
    const { authorization } = headers;
    if (authorization === undefined) {
      if (who.includes('anybody')) return 'anybody';
      throw new LeaseError(problemOf('no_credentials'));
    }
    await this.failures.turn(raw.socket);
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const owner = token === undefined ? undefined : this.tokens.whose(token, who);
    if (owner !== undefined) return owner;
    this.failures.note(raw.socket, 'token', `${method} ${url.slice(0, 200)}`);
    throw new LeaseError(problemOf(who.includes('holder') ? 'storage_only' : 'admin_only'));
  }
}

/** A route, or the routes of a controller, for those who have this right. */
export const For = (right: Right): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(rightKey, right), UseGuards(RightsGuard), ...rights[right].map(securityOf));

/** The credential that the OpenAPI document demands; `{}` is none. */
const securityOf = (who: Who): MethodDecorator & ClassDecorator =>
  who === 'anybody' ? ApiSecurity({}) : ApiSecurity(who === 'holder' ? 'session' : who);

/** A route for everybody that shows administrators more. */
export const ForAnybody = (): MethodDecorator & ClassDecorator => For('outline');
/** A route on behalf of a session. */
export const ForSession = (): MethodDecorator & ClassDecorator => For('session');
/** A route for administrators. */
export const ForAdmin = (): MethodDecorator & ClassDecorator => For('administration');
/** A route on behalf of a session, and for administrators. */
export const ForSessionOrAdmin = (): MethodDecorator & ClassDecorator => For('oversight');

/** Parameter: the digest of the secret that the guard has seen. */
export const SecretDigest = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { secretDigest } = context.switchToHttp().getRequest<Request>();
  if (secretDigest === undefined) throw new Error('a route reads the secret without ForSession');
  return secretDigest;
});

/** Parameter: whether the caller is an administrator. */
export const IsAdmin = createParamDecorator(
  (_: unknown, context: ExecutionContext): boolean =>
    context.switchToHttp().getRequest<Request>().isAdmin === true,
);

/**
 * The session that reads: the caller must name it in addition to its secret. Undefined: a storage server or an
 * administrator.
 */
export function readerOf(
  { secretDigest: digest }: Request,
  sessionId: string | undefined,
): Reader | undefined {
  if (digest === undefined) return undefined;
  if (sessionId !== undefined) return { sessionId, digest };
  const issues = [{ path: 'sessionId', message: 'the session whose secret is shown' }];
  throw new LeaseError(problemOf('bad_request', { issues }));
}
