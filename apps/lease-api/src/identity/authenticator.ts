import { hash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { problemOf } from '#contracts';
import { Watched } from '#rpc';
import type { Failures } from '../failures';
import { LeaseError } from '../problem';
import type { Log } from '../telemetry/logger';
import type { Caller } from './caller';
import { type Callers, readCallers } from './callers-file';
import { JwtReader, keyFilesOf } from './jwt';
import { limitsFor, type SubjectLimits } from './limits';
import { Rights } from './rights';

/** How many JWTs are remembered, and for how long at most: a key that was withdrawn is noticed after that. */
const rememberedMax = 4_096;
const rememberedMs = 45_000;

/**
 * What anybody may do if no callers file says otherwise. The service then listens on loopback, or in a network that its
 * operator trusts.
 */
export const openRights = [
  ...['session', 'lease:read:*', 'lease:write:*', 'change:*'],
  ...['tree:read', 'metrics'],
];
/** What the holder of LEASEHOLD_STORAGE_TOKEN may do. */
export const storageRights = ['fence:*', 'tree:read', 'tree:dependents'];

const nobody = { tenant: '', subject: '' };
const unlimited: SubjectLimits = {};

interface Known {
  readonly callers: Callers | undefined;
  readonly anonymous: Caller;
  readonly jwt: JwtReader | undefined;
}

/** Finds out who asks: by bearer token, by client certificate, or else nobody in particular. */
export class Authenticator {
  private readonly watched: Watched<Known> | undefined;
  private known: Known;
  /** Callers by the SHA-256 of their JWT. */
  private readonly remembered = new Map<string, { caller: Caller; untilMs: number }>();
  /** Callers by their connection; undefined: the certificate is of nobody we know. */
  private certified = new WeakMap<Socket, { caller: Caller | undefined; untilMs: number }>();
  private limited = new WeakMap<object, SubjectLimits>();
  /** Called when the callers file has been read again. */
  onChange: () => void = () => undefined;
  private readonly tokens: readonly { digest: Buffer; caller: Caller }[];

  /** Throws if the callers file is wrong. */
  constructor(
    { admin, storage, file }: { admin?: string; storage?: string; file?: string },
    private readonly failures: Failures,
    log: Log,
  ) {
    const fixed = (token: string | undefined, by: Caller['by'], rights: Rights) =>
      token === undefined
        ? []
        : [{ digest: Buffer.from(digestOf(token)), caller: { ...nobody, rights, by } }];
    this.tokens = [
      ...fixed(admin, 'admin token', Rights.all),
      ...fixed(storage, 'storage token', Rights.parse(storageRights)),
    ];
    if (file === undefined) {
      const rights = admin === undefined ? Rights.all : Rights.parse(openRights);
      this.known = { callers: undefined, anonymous: { ...nobody, rights, by: 'nothing' }, jwt: undefined };
      return;
    }
    const read = (also: (files: readonly string[]) => void): Known => {
      const callers = readCallers(file);
      also(keyFilesOf(callers));
      const jwt = callers.issuers.size === 0 ? undefined : new JwtReader(callers);
      return { callers, anonymous: { ...nobody, rights: callers.anonymous, by: 'nothing' }, jwt };
    };
    this.watched = new Watched([file], read, {
      changed: (known) => {
        this.known = known;
        this.remembered.clear();
        this.certified = new WeakMap();
        this.limited = new WeakMap();
        this.onChange();
        log.info({ file }, 'the callers have been read again');
      },
      failed: (error) => {
        log.error(
          { err: error, file, next: 'correct the file; until then the callers read before stay in force' },
          'the callers cannot be read',
        );
      },
    });
    this.known = this.watched.now;
  }

  /** Whether every caller may do everything: there are no tokens and no callers file. */
  private get isOpen(): boolean {
    return this.tokens.length === 0 && this.known.callers === undefined;
  }

  /**
   * The caller behind a request. `where` is for the log.
   * @throws LeaseError bad_token, too_many_failures, keys_unreachable
   */
  identify(authorization: string | undefined, socket: Socket, where: () => string): Caller | Promise<Caller> {
    if (authorization === undefined || this.isOpen) return this.withoutToken(socket);
    return this.byToken(authorization, socket, where);
  }

  private async byToken(authorization: string, socket: Socket, where: () => string): Promise<Caller> {
    const token = tokenIn(authorization);
    const digest = digestOf(token ?? '');
    await this.failures.turn(socket, digest);
    const caller = token === undefined ? undefined : await this.ownerOf(token, digest);
    if (caller !== undefined) {
      this.failures.trust(socket, digest);
      return caller;
    }
    this.failures.note(socket, 'token', where(), digest);
    throw new LeaseError(problemOf('bad_token'));
  }

  /**
   * The caller behind a request that goes on, as what it has shown proves now; undefined: nobody any more.
   * @throws LeaseError keys_unreachable
   */
  async again(authorization: string | undefined, socket: Socket): Promise<Caller | undefined> {
    if (authorization === undefined || this.isOpen) return this.withoutToken(socket);
    const token = tokenIn(authorization);
    return token === undefined ? undefined : this.ownerOf(token, digestOf(token));
  }

  /** What a caller, or a tenant as a whole, may use. Where nobody has configured anything, that is what there is. */
  limitsOf(caller: Pick<Caller, 'tenant' | 'subject'>): SubjectLimits {
    const { limits } = this.known.callers ?? {};
    if (limits === undefined) return unlimited;
    if (this.tokens.some((each) => each.caller === caller)) return unlimited;
    const before = this.limited.get(caller);
    if (before !== undefined) return before;
    const found = limitsFor(limits, caller);
    this.limited.set(caller, found);
    return found;
  }

  get connectionsPerAddress(): number | undefined {
    return this.known.callers?.limits?.connectionsPerAddress;
  }

  stop(): void {
    this.watched?.stop();
  }

  private withoutToken(socket: Socket): Caller {
    return this.certificateOf(socket) ?? this.known.anonymous;
  }

  private async ownerOf(token: string, digest: string): Promise<Caller | undefined> {
    const given = Buffer.from(digest);
    for (const each of this.tokens) if (timingSafeEqual(given, each.digest)) return each.caller;
    const { callers, jwt } = this.known;
    // A lookup by digest tells nothing about the tokens: nobody can choose a token by its digest.
    const known = callers?.tokens.get(digest) ?? this.remembered.get(digest);
    if (known !== undefined && Date.now() < known.untilMs) return known.caller;
    if (jwt === undefined || token.split('.').length !== 3) return undefined;
    const read = await jwt.read(token);
    if (read === undefined || jwt !== this.known.jwt) return read?.caller;
    this.remembered.delete(digest);
    this.remembered.set(digest, { ...read, untilMs: Math.min(read.untilMs, Date.now() + rememberedMs) });
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > rememberedMax && oldest !== undefined) this.remembered.delete(oldest);
    return read.caller;
  }

  /** The owner of the client certificate, if the connection has one that our authorities have signed. */
  private certificateOf(socket: Socket): Caller | undefined {
    const { callers } = this.known;
    if (callers === undefined || callers.certificates.size === 0 || !isAuthorized(socket)) return undefined;
    let known = this.certified.get(socket);
    if (known === undefined) {
      const caller = namesOf(socket)
        .map((name) => callers.certificates.get(name))
        .find((each) => each !== undefined);
      known = { caller, untilMs: Date.parse(socket.getPeerCertificate().valid_to) };
      this.certified.set(socket, known);
    }
    return Date.now() < known.untilMs ? known.caller : undefined;
  }
}

const tokenIn = (authorization: string): string | undefined => /^Bearer +(\S+)$/i.exec(authorization)?.[1];

const digestOf = (token: string): string => hash('sha256', token, 'hex');

const isAuthorized = (socket: Socket): socket is TLSSocket =>
  'authorized' in socket && socket.authorized === true;

/** What a certificate calls its owner: its SPIFFE URI; only if it has none, its common name. */
export function namesOf(socket: Pick<TLSSocket, 'getPeerCertificate'>): string[] {
  const { subjectaltname = '', subject } = socket.getPeerCertificate();
  const uris = subjectaltname.split(', ').filter((each) => each.startsWith('URI:spiffe://'));
  if (uris.length > 0) return uris.length === 1 ? [uris[0]?.slice(4) ?? ''] : [];
  // A connection without a certificate has an empty one.
  const { CN } = { ...subject };
  return typeof CN === 'string' ? [CN] : [];
}
