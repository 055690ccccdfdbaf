import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { exportName, problemOf } from '#contracts';
import { proven } from '#rpc';
import type { Reader } from '../application/holders';
import { digestOf } from '../application/ids';
import { Dlm } from '../application/dlm';
import { Leases } from '../application/leases';
import { Opens } from '../application/opens';
import { isRefused } from '../application/refusal';
import { Authenticator, openRights } from '../identity/authenticator';
import { type Caller, secretOf } from '../identity/caller';
import { countedAs } from '../identity/limits';
import { needOfMode } from '../identity/needs';
import { type Action, isAudited, Rights, spelled } from '../identity/rights';
import { LeaseError } from '../problem';
import type { Reply, Request } from './exchange';
import { RateLimits } from './rate-limit';
import { Standing } from './standing';

/** `lease`: `lease:read` or `lease:write`, whichever the request asks for. */
type Need = Action | 'lease';
/**
 * Where a request says which export or node it is about: in its body, in its query, by the `name` of its route, or by
 * the lease, open or lock in a mode that its route names.
 */
type Place = 'body' | 'query' | 'name' | Held;
type Held = 'lease' | 'open' | 'dlm';

/** Who may use a route. */
export interface Access {
  /** What callers need who show the secret of the session concerned. */
  readonly session?: Need;
  /** What callers need who act for no session. */
  readonly right?: Action;
  readonly at?: Place;
  /** Callers without the right may show the secret of a session that has something there. */
  readonly holder?: true;
  /** What it brings is counted one by one, and not the request itself. */
  readonly each?: true;
  /** The answer goes on, for as long as the caller may have it. */
  readonly lasting?: true;
  /** Not callers without credentials, where an administrator has some. */
  readonly named?: true;
  /** Anybody, without any right: health, the remaining grace period. */
  readonly everybody?: true;
}

const secretHeader = 'x-session-secret';
const accessKey = 'access';

/**
 * Finds out who asks, and whether that caller may. A route that does not say who may use it is used by nobody. A
 * session's secret is only passed on: the rules check it.
 */
@Injectable()
export class RightsGuard {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly leases: Leases,
    private readonly opens: Opens,
    private readonly dlm: Dlm,
    private readonly rates: RateLimits,
    private readonly standing: Standing,
  ) {}

  /** @throws LeaseError if the caller may not use a route with this access */
  async admit(access: Access | undefined, request: Request, reply: Reply): Promise<void> {
    if (access === undefined) throw new LeaseError(problemOf('no_right'));
    const { headers, raw } = request;
    // A promise costs more than all the rest, so there is only one where something is waited for.
    const identified =
      request.caller ??
      this.authenticator.identify(headers.authorization, raw.socket, () => whereOf(request));
    if (access.everybody === true) {
      // A probe with a token that is no longer valid must not count as a service that is down.
      request.caller = await Promise.resolve(identified).catch(() => undefined);
      return;
    }
    const caller = identified instanceof Promise ? await identified : identified;
    request.caller = caller;
    for (const names of access.each === true ? [] : countedAs(caller)) {
      const { requestsPerSecond } = this.authenticator.limitsOf(names);
      if (requestsPerSecond !== undefined) await this.rates.check(request, names, requestsPerSecond);
    }
    const secret = this.secretFor(access, caller, request);
    let demanded: Promise<void> | undefined;
    if (secret !== undefined) {
      request.secretDigest = digestOf(secretOf(secret, caller));
      if (access.session !== undefined) demanded = this.demand(caller, access.session, access.at, request);
    } else if (access.right === undefined) throw new LeaseError(problemOf('no_credentials'));
    else {
      const nobody = caller.by === 'nothing' && !caller.rights.everywhere('locks:admin');
      if (access.named === true && nobody) throw new LeaseError(problemOf('no_credentials'));
      request.isAudited = isAudited(access.right);
      demanded = this.demand(caller, access.right, access.at, request);
    }
    if (demanded !== undefined) await demanded;
    proven(raw.socket);
    if (access.lasting === true) this.standing.watch(reply.raw, () => this.stillMay(access, caller, request));
  }

  /** Whether the caller would be admitted now, as the same one. */
  private async stillMay(access: Access, before: Caller, request: Request): Promise<boolean> {
    const { headers, raw, secretDigest } = request;
    try {
      const now = await this.authenticator.again(headers.authorization, raw.socket);
      if (now?.tenant !== before.tenant || now.subject !== before.subject) return false;
      const need = secretDigest === undefined ? access.right : access.session;
      if (need !== undefined) await this.demand(now, need, access.at, request);
      return true;
    } catch (error) {
      // It is not the caller's fault if keys cannot be fetched.
      return error instanceof LeaseError && error.problem.reason === 'keys_unreachable';
    }
  }

  /** The session secret, if it is the credential that counts. Only a caller with the right may act for an item. */
  private secretFor(
    { session, right, holder, at }: Access,
    caller: Caller,
    request: Request,
  ): string | undefined {
    const secret = request.headers[secretHeader];
    if (typeof secret !== 'string' || secret === '') return undefined;
    if (holder === true && right !== undefined)
      return mayAll(caller, right, namesAt(at, request)) ? undefined : secret;
    const byItem = right !== undefined && fieldOf(request.body, 'item') !== undefined;
    return session === undefined || byItem ? undefined : secret;
  }

  /** @throws LeaseError no_right, or no_credentials if the caller has shown none */
  private demand(
    caller: Caller,
    need: Need,
    at: Place | undefined,
    request: Request,
  ): Promise<void> | undefined {
    const action = need === 'lease' ? modeOf(request.body) : need;
    request.rule = action === undefined ? undefined : spelled(action, namesAt(at, request)?.[0]);
    if (action === undefined || caller.rights.everywhere(action)) return undefined;
    return this.demandAt(caller, action, at, request);
  }

  private async demandAt(
    caller: Caller,
    action: Action,
    at: Place | undefined,
    request: Request,
  ): Promise<void> {
    const names = isHeld(at) ? await this.exportOf(at, request) : namesAt(at, request);
    if (names !== undefined && mayAll(caller, action, names)) return;
    const named = names?.find((name) => !caller.rights.allows(action, name));
    request.rule = spelled(action, exportName.safeParse(named).data);
    const detail = `It needs the right ${request.rule}.`;
    throw new LeaseError(problemOf(caller.by === 'nothing' ? 'no_credentials' : 'no_right', { detail }));
  }

  /** The export of what the route names; none if the session has no such: its answer says so. */
  private async exportOf(at: Held, { params, secretDigest = '' }: Request): Promise<string[]> {
    const id = fieldOf(params, 'id');
    if (typeof id !== 'string') return [];
    const held = { lease: this.leases, open: this.opens, dlm: this.dlm };
    const found = await held[at].get(id, secretDigest);
    return isRefused(found) ? [] : [found.exportName];
  }
}

const whereOf = ({ method, url }: Request): string => `${method} ${url.slice(0, 200)}`;

const isHeld = (at: Place | undefined): at is Held => at === 'lease' || at === 'open' || at === 'dlm';

const fieldOf = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null && Object.hasOwn(of, name)
    ? (of as Record<string, unknown>)[name]
    : undefined;

/** The names of the exports, or of the node, that a request is about; undefined if they cannot be read. */
function namesAt(at: Place | undefined, { body, query, params }: Request): string[] | undefined {
  if (at === undefined) return undefined;
  if (at === 'name') return textsIn([fieldOf(params, 'name')]);
  if (at === 'query') return textsIn([fieldOf(query, 'export')]);
  const each = partsOf(body).map((item) => fieldOf(item, 'export'));
  const one = fieldOf(body, 'export');
  return textsIn(one === undefined && each.length > 0 ? each : [one, ...each]);
}

/** What a request about several is about, each with a name of its own. */
const partsOf = (body: unknown): unknown[] =>
  ['leases', 'permits'].flatMap((name): unknown[] => {
    const several = fieldOf(body, name);
    return Array.isArray(several) ? several : [];
  });

const textsIn = (given: readonly unknown[]): string[] | undefined => {
  const texts = given.filter((each) => typeof each === 'string');
  return texts.length < given.length ? undefined : texts;
};

const mayAll = ({ rights }: Caller, action: Action, names: readonly string[] | undefined): boolean =>
  rights.everywhere(action) || (names !== undefined && names.every((name) => rights.allows(action, name)));

/** Whether a request for a lock in a mode may lead to a lock for writing. */
function modalOf(body: unknown): 'read' | 'write' | undefined {
  const mode = fieldOf(body, 'mode');
  if (mode === undefined) return undefined;
  const flags = fieldOf(body, 'flags');
  return needOfMode(mode, Array.isArray(flags) ? flags : []) === 'lease:write' ? 'write' : 'read';
}

/** Whether a request is for reading or for writing; undefined if it only gives something back. */
function modeOf(body: unknown): 'lease:read' | 'lease:write' | undefined {
  const types = partsOf(body).map((part) =>
    // A permit keeps others out as a writer does.
    fieldOf(part, 'semaphore') === undefined ? fieldOf(part, 'type') : 'write',
  );
  const own = ['type', 'access', 'want'].map((name) => fieldOf(body, name));
  const asked = [...own, ...types, modalOf(body)].filter((each) => each !== undefined);
  const deny = fieldOf(body, 'deny');
  // Who denies others an access keeps them out as a writer does.
  if (deny !== undefined && deny !== 'none') return 'lease:write';
  if (asked.some((each) => each !== 'read' && each !== 'none')) return 'lease:write';
  return asked.length > 0 && asked.every((each) => each === 'none') ? undefined : 'lease:read';
}

const needText = (need: Need, of: string | undefined): string =>
  need === 'lease' ? spelled('lease:read', of).replace(':read', ':read|write') : spelled(need, of);

/** What a route needs, for docs/rights.md and the OpenAPI document. */
export function accessText({ session, right, holder, everybody }: Access): {
  session?: string;
  right?: string;
} {
  if (everybody === true) return { right: 'nothing' };
  return {
    session:
      session !== undefined ? needText(session, undefined) : holder === true ? 'something there' : undefined,
    right: right === undefined ? undefined : needText(right, undefined),
  };
}

/**
 * The credentials that the OpenAPI document demands; `{}`: none, where nobody configured callers. Where somebody did, a
 * session's secret counts beside the token of its caller.
 */
function securityOf({
  session,
  right,
  holder,
  everybody,
  named,
}: Access): (MethodDecorator & ClassDecorator)[] {
  const open = Rights.parse(openRights);
  const anybody = everybody === true || (right !== undefined && named !== true && open.everywhere(right));
  return [
    ...(anybody ? [ApiSecurity({})] : []),
    ...(session !== undefined || holder === true
      ? [ApiSecurity('session'), ApiSecurity({ session: [], caller: [] })]
      : []),
    ...(right === undefined ? [] : [ApiSecurity('caller')]),
  ];
}

/** Who may use a route, or the routes of a controller. */
export const For = (access: Access): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(accessKey, access),
    ...securityOf(access),
    ApiExtension('x-rights', accessText(access)),
  );

/** Who may use the route that a method of a controller serves. */
export const accessOf = (method: object, controller: object): Access | undefined =>
  (Reflect.getMetadata(accessKey, method) ?? Reflect.getMetadata(accessKey, controller)) as
    Access | undefined;

/** Parameter: the digest of the secret that the guard has seen. */
export const SecretDigest = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { secretDigest } = context.switchToHttp().getRequest<Request>();
  if (secretDigest === undefined) throw new Error('a route reads the secret without demanding it');
  return secretDigest;
});

/** Parameter: whether the caller may change the configuration, and so sees where adapters listen. */
export const IsAdmin = createParamDecorator(
  (_: unknown, context: ExecutionContext): boolean =>
    context.switchToHttp().getRequest<Request>().caller?.rights.everywhere('tree:write') === true,
);

/** The session that reads: the caller must name it in addition to its secret. Undefined: a caller with the right. */
export function readerOf(
  { secretDigest: digest }: Request,
  sessionId: string | undefined,
): Reader | undefined {
  if (digest === undefined) return undefined;
  if (sessionId !== undefined) return { sessionId, digest };
  const issues = [{ path: 'sessionId', message: 'the session whose secret is shown' }];
  throw new LeaseError(problemOf('bad_request', { issues }));
}
