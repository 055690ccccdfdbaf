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
 * Who may use a route. `session`: who shows the secret of the session concerned. `holder`: a session that has something
 * there. `storage`, `admin`: who shows LEASEHOLD_STORAGE_TOKEN or LEASEHOLD_ADMIN_TOKEN. Where there is no admin token only
 * this host can reach the service, and everybody on it is an administrator.
 */
type Who = 'session' | 'holder' | 'storage' | 'admin';

/**
 * Reading needs rights where writing does. Open to anybody are only the routes without one of these: to make a session, to
 * see that the service lives and what it serves, how long a grace period lasts, and what is configured.
 */
export const rights = {
  /** What a session has and does. */
  session: ['session'],
  /** What a session has and an administrator oversees. */
  oversight: ['session', 'admin'],
  /** What is configured is changed; everybody's locks, sessions and operations. */
  administration: ['admin'],
  /** Whether a file exists, what it is, which tokens live there; who depends on what. */
  insight: ['holder', 'storage', 'admin'],
} as const satisfies Record<string, readonly Who[]>;
export type Right = keyof typeof rights;

const secretHeader = 'x-session-secret';
const rightKey = 'right';

/** The tokens of those who have no session. */
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

  /** Whether a token is that of one of these. Digests are of one length: to compare them takes the same time whatever was sent. */
  isOf(token: string, who: readonly Who[]): boolean {
    const given = Buffer.from(digestOf(token));
    const own = who.map((each) => this.digests[each]).filter((digest) => digest !== undefined);
    return own.map((digest) => timingSafeEqual(given, digest)).includes(true);
  }
}

/** A session's secret is passed on: whether it is the right one is for the rules to say. Tokens are looked at here. */
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
    else if (!this.tokens.open) await this.checkToken(who, request);
    return true;
  }

  /** The secret, where it is what counts. What is asked for an item is an administrator's. */
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

  private async checkToken(who: readonly Who[], { headers, raw, method, url }: Request): Promise<void> {
    const { authorization } = headers;
    if (authorization === undefined) throw new LeaseError(problemOf('no_credentials'));
    await this.failures.turn(raw.socket);
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (token !== undefined && this.tokens.isOf(token, who)) return;
    this.failures.note(raw.socket, 'token', `${method} ${url.slice(0, 200)}`);
    throw new LeaseError(problemOf(who.includes('storage') ? 'storage_only' : 'admin_only'));
  }
}

/** A route, or the routes of a controller, for those who have this right. */
export const For = (right: Right): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(rightKey, right),
    UseGuards(RightsGuard),
    ...rights[right].map((who) => ApiSecurity(who === 'holder' ? 'session' : who)),
  );
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

/** As which session somebody reads, who has to name it beside its secret; undefined for storage servers and administrators. */
export function readerOf(
  { secretDigest: digest }: Request,
  sessionId: string | undefined,
): Reader | undefined {
  if (digest === undefined) return undefined;
  if (sessionId !== undefined) return { sessionId, digest };
  const issues = [{ path: 'sessionId', message: 'the session whose secret is shown' }];
  throw new LeaseError(problemOf('bad_request', { issues }));
}
