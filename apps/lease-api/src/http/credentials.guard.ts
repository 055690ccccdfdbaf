import { timingSafeEqual } from 'node:crypto';
import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  UseGuards,
} from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { problemOf } from '#contracts';
import { digestOf } from '../application/ids';
import { LeaseError } from '../problem';
import type { Request } from './exchange';

const secretHeader = 'x-session-secret';

/** Whoever calls on behalf of a session shows its secret. Whether it is the right one is for the rules to say. */
@Injectable()
export class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<Request>();
    const secret = request.headers[secretHeader];
    if (typeof secret !== 'string' || secret === '') throw new LeaseError(problemOf('no_credentials'));
    request.secretDigest = digestOf(secret);
    return true;
  }
}

/** The token that administrators show; absent where only this host can reach the service. */
export class AdminToken {
  constructor(readonly value: string | undefined) {}
}

@Injectable()
export class AdminGuard implements CanActivate {
  private readonly digest: Buffer | undefined;

  constructor(token: AdminToken) {
    this.digest = token.value === undefined ? undefined : Buffer.from(digestOf(token.value));
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.digest === undefined) return true;
    const { authorization } = context.switchToHttp().getRequest<Request>().headers;
    if (authorization === undefined) throw new LeaseError(problemOf('no_credentials'));
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    // Digests are of one length, so that comparing them takes the same time whatever was sent.
    if (token === undefined || !timingSafeEqual(Buffer.from(digestOf(token)), this.digest))
      throw new LeaseError(problemOf('admin_only'));
    return true;
  }
}

/** The session itself, which shows its secret, or an administrator; what is asked for an item is an administrator's. */
@Injectable()
export class SessionOrAdminGuard extends AdminGuard {
  override canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { body?: unknown }>();
    const secret = request.headers[secretHeader];
    const byItem = typeof request.body === 'object' && request.body !== null && 'item' in request.body;
    if (byItem || typeof secret !== 'string' || secret === '') return super.canActivate(context);
    request.secretDigest = digestOf(secret);
    return true;
  }
}

/** A route on behalf of a session. */
export const ForSession = (): MethodDecorator & ClassDecorator =>
  applyDecorators(UseGuards(SessionGuard), ApiSecurity('session'));
/** A route for administrators. */
export const ForAdmin = (): MethodDecorator & ClassDecorator =>
  applyDecorators(UseGuards(AdminGuard), ApiSecurity('admin'));

/** A route on behalf of a session, and for administrators. */
export const ForSessionOrAdmin = (): MethodDecorator & ClassDecorator =>
  applyDecorators(UseGuards(SessionOrAdminGuard), ApiSecurity('session'), ApiSecurity('admin'));

/** Parameter: the digest of the secret that the guard has seen. */
export const SecretDigest = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { secretDigest } = context.switchToHttp().getRequest<Request>();
  if (secretDigest === undefined) throw new Error('a route reads the secret without ForSession');
  return secretDigest;
});
