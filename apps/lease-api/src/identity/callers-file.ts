import { z } from 'zod';
import { trustedText } from '#rpc';
import type { Caller } from './caller';
import { type CallerLimits, limitsShape } from './limits';
import { Rights } from './rights';

/** Printable, so that no name can contain the separator of `secretOf` or forge a line of a log. */
const name = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'printable ASCII without spaces, at most 255 characters');
const right = z.string().superRefine((text, context) => {
  try {
    Rights.parse([text]);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
  }
});
const grants = { rights: z.array(right).max(256).default([]), roles: z.array(name).max(64).default([]) };
const tenant = name.or(z.literal('')).default('');
const entriesMax = 10_000;

const issuer = z
  .strictObject({
    issuer: z.string().min(1).max(1_024),
    audience: z.union([name, z.array(name).min(1).max(16)]),
    /** A JWKS: a file, or an http(s) URL. */
    keys: z.string().min(1).max(4_096),
    /** Paths of claims, such as `realm_access.roles`. */
    subjectClaim: name.default('sub'),
    tenantClaim: name.optional(),
    rolesClaim: name.optional(),
    tenant,
    /** What every subject of the issuer has, and single ones in addition. */
    ...grants,
    subjects: z.record(name, z.strictObject(grants)).default({}),
  })
  .refine(({ tenant: fixed, tenantClaim }) => fixed === '' || tenantClaim === undefined, {
    path: ['tenantClaim'],
    error: 'give tenant or tenantClaim',
  });
export type Issuer = z.infer<typeof issuer>;

const shape = z.strictObject({
  anonymous: grants.rights,
  roles: z.record(name, z.array(right).max(256)).default({}),
  tokens: z
    .array(
      z.strictObject({
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'the SHA-256 of the token, 64 lower-case hexadecimal digits'),
        subject: name,
        tenant,
        until: z.iso.datetime({ offset: true }).optional(),
        ...grants,
      }),
    )
    .max(entriesMax)
    .default([]),
  certificates: z
    .array(z.strictObject({ name, subject: name.optional(), tenant, ...grants }))
    .max(entriesMax)
    .default([]),
  issuers: z.array(issuer).max(16).default([]),
  limits: limitsShape.optional(),
});
type Grants = z.infer<z.ZodObject<typeof grants>>;

/** Who may call, as one file says. */
export interface Callers {
  readonly anonymous: Rights;
  /** By the SHA-256 of the token, in hexadecimal digits. */
  readonly tokens: ReadonlyMap<string, { readonly caller: Caller; readonly untilMs: number }>;
  /** By SPIFFE URI or common name. */
  readonly certificates: ReadonlyMap<string, Caller>;
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly limits?: CallerLimits;
  /** The rights of these and of roles, of which those that do not exist give none. */
  rightsOf(given: Grants): Rights;
}

/** Reads the file. Throws an Error that names the file and what is wrong. */
export function readCallers(file: string): Callers {
  const parsed = shape.safeParse(jsonIn(file));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`${file} is wrong: ${faults.slice(0, 8).join('; ')}`);
  }
  const { anonymous, roles, tokens, certificates, issuers, limits } = parsed.data;
  const ofRole = new Map(Object.entries(roles).map(([role, texts]) => [role, Rights.parse(texts)]));
  const rightsOf = (given: Grants): Rights =>
    given.roles.reduce((all, role) => all.and(ofRole.get(role) ?? none), Rights.parse(given.rights));
  for (const given of [
    ...tokens,
    ...certificates,
    ...issuers.flatMap((each) => [each, ...Object.values(each.subjects)]),
  ])
    for (const role of given.roles)
      if (!ofRole.has(role)) throw new Error(`${file} is wrong: there is no role ${role}`);
  const unique = <K, V>(what: string, entries: [K, V][]): Map<K, V> => {
    const map = new Map(entries);
    if (map.size < entries.length) throw new Error(`${file} is wrong: two ${what} are the same`);
    return map;
  };
  return {
    anonymous: Rights.parse(anonymous),
    limits,
    rightsOf,
    tokens: unique(
      'tokens',
      tokens.map(({ sha256, until, subject, tenant: of, ...given }) => [
        sha256,
        {
          caller: { tenant: of, subject, rights: rightsOf(given), by: 'token' },
          untilMs: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
        },
      ]),
    ),
    certificates: unique(
      'certificates',
      certificates.map(({ name: certified, subject = certified, tenant: of, ...given }) => [
        certified,
        { tenant: of, subject, rights: rightsOf(given), by: 'certificate' },
      ]),
    ),
    issuers: unique(
      'issuers',
      issuers.map((each) => [each.issuer, each]),
    ),
  };
}

const none = Rights.parse([]);

function jsonIn(file: string): unknown {
  const text = trustedText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
