import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { problemOf } from '#contracts';
import { trustedText } from '#rpc';
import { LeaseError } from '../problem';
import type { Caller } from './caller';
import type { Callers, Issuer } from './callers-file';

/** Signatures with a private key only: a verifier that accepts HMAC could be fooled with the public key as the secret. */
const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** How far the issuer's clock may be from ours, in seconds. */
const skew = 30;
const fetchMs = 5_000;
const keysBytesMax = 1024 * 1024;
/** How long fetched keys are used, and how soon a key that is not among them causes another fetch. */
const keysMs = 600_000;
const unknownKeyMs = 30_000;

const isUrl = (keys: string): boolean => /^https?:\/\//i.test(keys);
const named = z.string().regex(/^[\x21-\x7e]{1,255}$/);
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(1_000) });

/** The files with keys that these callers need. */
export const keyFilesOf = ({ issuers }: Callers): string[] =>
  [...issuers.values()].map(({ keys }) => keys).filter((keys) => !isUrl(keys));

/** Recognises bearer JWTs of the issuers in the callers file. */
export class JwtReader {
  private readonly keys: ReadonlyMap<string, JWTVerifyGetKey>;

  /** Throws if a file with keys cannot be read. */
  constructor(private readonly callers: Callers) {
    this.keys = new Map(
      [...callers.issuers.values()].map(({ issuer, keys }) => [
        issuer,
        isUrl(keys) ? remote(keys) : local(keys),
      ]),
    );
  }

  /**
   * The caller and the end of the token's validity; undefined if the token is not valid here.
   * @throws LeaseError keys_unreachable
   */
  async read(token: string): Promise<{ caller: Caller; untilMs: number } | undefined> {
    try {
      const { iss = '' } = decodeJwt(token);
      const [from, keys] = [this.callers.issuers.get(iss), this.keys.get(iss)];
      if (from === undefined || keys === undefined) return undefined;
      const { issuer, audience } = from;
      const { payload } = await jwtVerify(token, keys, {
        ...{ issuer, audience, algorithms, clockTolerance: skew },
        requiredClaims: ['exp'],
      });
      const caller = this.callerOf(payload, from);
      return caller === undefined ? undefined : { caller, untilMs: ((payload.exp ?? 0) + skew) * 1_000 };
    } catch (error) {
      if (isUnreachable(error)) throw new LeaseError(problemOf('keys_unreachable'));
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  }

  private callerOf(payload: JWTPayload, from: Issuer): Caller | undefined {
    const subject = named.safeParse(claim(payload, from.subjectClaim));
    const tenant =
      from.tenantClaim === undefined ? undefined : named.safeParse(claim(payload, from.tenantClaim));
    if (!subject.success || tenant?.success === false) return undefined;
    const claimed = from.rolesClaim === undefined ? [] : claim(payload, from.rolesClaim);
    const roles = z.array(z.string()).catch([]).parse(claimed);
    const rights = this.callers.rightsOf({ rights: from.rights, roles: [...from.roles, ...roles] });
    const own = Object.hasOwn(from.subjects, subject.data) ? from.subjects[subject.data] : undefined;
    return {
      tenant: tenant?.data ?? from.tenant,
      subject: subject.data,
      rights: own === undefined ? rights : rights.and(this.callers.rightsOf(own)),
      by: 'JWT',
    };
  }
}

/** `a.b` is the member `b` of the claim `a`; a claim may itself contain dots, as names that are URLs do. */
function claim(payload: object, path: string): unknown {
  if (Object.hasOwn(payload, path)) return (payload as Record<string, unknown>)[path];
  let value: unknown = payload;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function local(file: string): JWTVerifyGetKey {
  const parsed = keySet.safeParse(JSON.parse(trustedText(file)));
  if (!parsed.success) throw new Error(`${file} is not a JWKS`);
  return createLocalJWKSet(parsed.data);
}

function remote(url: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(url), {
    ...{ timeoutDuration: fetchMs, cacheMaxAge: keysMs, cooldownDuration: unknownKeyMs },
    [customFetch]: async (address, options) => {
      const response = await fetch(address, options).catch((error: unknown) => {
        throw new Unreachable(String(error));
      });
      if (!response.ok || response.body === null) throw new Unreachable(`status ${String(response.status)}`);
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        bytes += chunk.length;
        if (bytes > keysBytesMax) throw new Unreachable('the answer is longer than 1 MiB');
        chunks.push(chunk);
      }
      return new Response(Buffer.concat(chunks));
    },
  });
}

/** The keys could not be fetched. */
class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
const isUnreachable = (error: unknown): boolean =>
  error instanceof Unreachable ||
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  (error instanceof Error && error.name === 'TimeoutError');
