import { z } from 'zod';
import {
  type Durability,
  formatFirst,
  formatNewest,
  formatOfShards,
  isShardCount,
  type Limits,
  type RedisAddress,
  shardsMax,
} from '#locks';
import { secretFileDefault, type TlsFiles, withFiles } from '#rpc';
import { nearest } from './application/near-names';
import { readTableUrl, TableUrlError } from './table-url';

const prefix = 'LEASEHOLD_';

export interface HostPort {
  host: string;
  port: number;
}
export interface Config {
  readonly http: HostPort;
  /** The names and addresses by which others reach the service, besides loopback. */
  readonly httpHosts: readonly string[];
  /** The certificate of the HTTP port; absent: it has no TLS. */
  readonly httpTls?: TlsFiles;
  /** The file that says who may do what; absent: everybody who reaches the service may use it. */
  readonly callersFile?: string;
  readonly rpc: HostPort;
  /** The address for gRPC from NFS servers; absent: no gRPC. */
  readonly grpc?: HostPort;
  /** What RPC and gRPC, and calls to adapters, show and check; absent: they have no TLS. */
  readonly tls?: TlsFiles;
  readonly table: { kind: 'embedded'; directory: string } | { kind: 'redis'; at: RedisAddress };
  /** What a table in Redis at rediss:// is reached with. */
  readonly tableTls?: TlsFiles;
  readonly tableName: string;
  /** How many shards it must have; absent: as many as it has, or `tableShardsIfNew`. */
  readonly tableShards?: number;
  readonly tableShardsIfNew: number;
  /** What must have a step before it is answered; absent: what a table in Redis makes sure of by itself. */
  readonly durability?: Durability;
  /** The highest format that the table may have. */
  readonly tableFormat: number;
  /** What to do if there is no table yet. */
  readonly newTable: 'make' | 'refuse';
  /** Where the progress of the embedded table is noted. */
  readonly witness?: string;
  readonly breakMs: number;
  readonly lockDelayMs: number;
  readonly askMs: number;
  readonly localExports: readonly string[];
  /** Exports that exist before their fileserver has come. */
  readonly servedExports: readonly { readonly name: string; readonly stack: string }[];
  /** Local exports whose directories may be delegated. */
  readonly directoryDelegations: readonly string[];
  readonly limits: Limits;
  readonly adminToken?: string;
  /** For storage servers, which check fencing tokens. */
  readonly storageToken?: string;
  /** The secret shared with adapters and NFS servers; absent: it is in `rpcSecretFile`. */
  readonly rpcSecret?: string;
  /** The previous secret, accepted while some still use it. */
  readonly rpcSecretPrevious?: string;
  readonly rpcSecretFile: string;
  /** Lists keys of single adapters and the exports that they may serve. */
  readonly rpcKeysFile?: string;
  readonly logLevel: string;
  /** Whether every request is logged. */
  readonly accessLog: boolean;
  /** Where audit records go: a path, `stdout` or `stderr`; absent: nowhere. */
  readonly audit?: string;
}

/** Some variables are wrong. The message names each, the value given and the value expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const wants = <T extends z.ZodType>(schema: T, description: string): T => schema.meta({ description });

const whole = (min: number, max: number, what: string) =>
  wants(
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
    `a whole number from ${String(min)} to ${String(max)}: ${what}`,
  );

const hostPort = wants(
  z.string().transform((text, context): HostPort => {
    const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:\s[\]]+):(\d{1,5})$/.exec(text) ?? [];
    if (host === undefined || Number(port) > 65_535) {
      context.addIssue({ code: 'custom', message: 'not HOST:PORT' });
      return z.NEVER;
    }
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  }),
  'HOST:PORT, as in 127.0.0.1:8080 or [::1]:8080; port 0 picks a free one',
);

const table = wants(
  z.string().transform((text, context): Config['table'] => {
    const directory = /^embedded:(.+)$/.exec(text)?.[1];
    if (directory !== undefined) return { kind: 'embedded', directory };
    try {
      return { kind: 'redis', at: readTableUrl(text) };
    } catch (error) {
      if (!(error instanceof TableUrlError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  }),
  'embedded:DIRECTORY, redis[s]://[user:password@]host[:port][/db], redis[s]+sentinel://[user:password@]host[:port],…/master[/db] ' +
    'or redis[s]+cluster://[user:password@]host[:port],…',
);

const durability = wants(
  z.string().transform((text, context): Durability => {
    const [, fsync, replicas] = /^(?:(fsync)|(?:fsync\+)?replicas:([1-9]|1\d))$/.exec(text) ?? [];
    if (fsync === undefined && replicas === undefined) {
      context.addIssue({ code: 'custom', message: 'no such level' });
      return z.NEVER;
    }
    return { fsync: text.startsWith('fsync'), replicas: Number(replicas ?? 0) };
  }),
  'fsync (the disk of the master), replicas:N (N of its replicas, 1 to 19) or fsync+replicas:N',
);

const shardCounts = Array.from({ length: shardsMax }, (_, no) => no + 1).filter(isShardCount);

const shards = wants(
  z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .refine(isShardCount),
  `${shardCounts.slice(0, -1).join(', ')} or ${String(shardsMax)}: how many shards a new table gets; an existing one has as many, or is refused ` +
    '(default: as many as it has; a new one 16 in a Cluster, 1 elsewhere)',
);

/** In a Cluster, enough for all masters to have some. */
const shardsInCluster = 16;

const exportNames = wants(
  z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',').map((name) => name.trim())))
    .pipe(z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)).max(256)),
  'export names (letters, digits, . _ -) separated by commas, or nothing for none',
);

/** Exports that wait for their fileserver: `NAME` is served by the stack `posix`, `NAME=STACK` by another. */
const servedExports = wants(
  z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',').map((name) => name.trim())))
    .pipe(
      z
        .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(=[A-Za-z0-9][A-Za-z0-9._-]{0,63})?$/))
        .max(256),
    )
    .transform((given) =>
      given.map((each) => {
        const [name = '', stack = 'posix'] = each.split('=');
        return { name, stack };
      }),
    ),
  'NAME or NAME=STACK, separated by commas, or nothing for none',
);

const hostNames = wants(
  z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',').map((name) => name.trim())))
    .pipe(z.array(z.string().regex(/^([A-Za-z0-9_][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]+\])$/)).max(256)),
  'names or addresses without ports, as in leases.example.org or [fd00::1], separated by commas',
);

const path = wants(z.string().min(1).max(4_096), 'the path of a file');

const secret = wants(z.string().min(8).max(512), 'at least 8 characters');

/** Every variable, its default and its format; `env` of the README is written from here. */
const variables = z.object({
  LEASEHOLD_HTTP: hostPort.default({ host: '127.0.0.1', port: 8080 }),
  LEASEHOLD_HTTP_HOSTS: hostNames.default([]),
  LEASEHOLD_HTTP_CERT: path.optional(),
  LEASEHOLD_HTTP_KEY: path.optional(),
  LEASEHOLD_HTTP_CLIENT_CA: path.optional(),
  LEASEHOLD_CALLERS: path.optional(),
  LEASEHOLD_NETWORK: wants(
    z.enum(['hostile', 'trusted']),
    'hostile or trusted: whether something else encrypts, and keeps strangers away from the service',
  ).default('hostile'),
  LEASEHOLD_TLS_CERT: path.optional(),
  LEASEHOLD_TLS_KEY: path.optional(),
  LEASEHOLD_TLS_CA: path.optional(),
  LEASEHOLD_RPC: hostPort.default({ host: '127.0.0.1', port: 8081 }),
  LEASEHOLD_GRPC: hostPort.optional(),
  LEASEHOLD_TABLE: table.default({ kind: 'embedded', directory: './data' }),
  LEASEHOLD_REDIS_CERT: path.optional(),
  LEASEHOLD_REDIS_KEY: path.optional(),
  LEASEHOLD_REDIS_CA: path.optional(),
  LEASEHOLD_TABLE_NAME: wants(
    z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
    'letters, digits, . _ - (at most 64)',
  ).default('main'),
  LEASEHOLD_TABLE_SHARDS: shards.optional(),
  LEASEHOLD_NEW_TABLE: wants(
    z.enum(['make', 'refuse']),
    'make or refuse: what happens if there is no table yet',
  ).default('make'),
  LEASEHOLD_WITNESS: wants(
    z.string().min(1).max(4_096),
    'the path of a directory that is not restored together with the embedded table',
  ).optional(),
  LEASEHOLD_DURABILITY: durability.optional(),
  LEASEHOLD_TABLE_FORMAT: whole(
    formatFirst,
    formatNewest,
    'the format that the table keeps, so that an earlier version can return',
  ).default(formatNewest),
  LEASEHOLD_BREAK_MS: whole(
    0,
    3_600_000,
    'how long holders have to answer a break; 0 means no limit',
  ).default(45_000),
  LEASEHOLD_LOCK_DELAY_MS: whole(
    0,
    3_600_000,
    'how long a file stays closed after its holder expired',
  ).default(0),
  LEASEHOLD_ASK_MS: whole(100, 60_000, 'how long a fileserver may take to answer').default(5_000),
  LEASEHOLD_LOCAL_EXPORTS: exportNames.default(['local']),
  LEASEHOLD_EXPORTS: servedExports.default([]),
  LEASEHOLD_DIRECTORY_DELEGATIONS: exportNames.default([]),
  LEASEHOLD_SESSION_LOCKS_MAX: whole(1, 1_000_000_000, 'leases, opens and locks of one session').default(
    10_000,
  ),
  LEASEHOLD_SESSIONS_MAX: whole(1, 10_000_000, 'sessions').default(100_000),
  LEASEHOLD_QUEUE_MAX: whole(0, 100_000, 'waiting requests on one file').default(256),
  LEASEHOLD_RANGES_MAX: whole(1, 1_000_000, 'range locks on one file').default(10_000),
  LEASEHOLD_FILE_DELEGATIONS_MAX: whole(0, 1_000_000, 'delegations on one file').default(1_000),
  LEASEHOLD_SESSION_DELEGATIONS_MAX: whole(0, 1_000_000, 'delegations of one session').default(10_000),
  LEASEHOLD_EXPORT_DELEGATIONS_MAX: whole(0, 100_000_000, 'delegations on one export').default(100_000),
  LEASEHOLD_REVOKED_MAX: whole(
    0,
    1_000_000,
    'how many revoked delegations a session may leave unfreed before it is offered no more',
  ).default(3),
  LEASEHOLD_COURTESY_MAX: whole(
    0,
    1_000_000,
    'sessions whose state is kept after their TTL; beyond that the first of them ends',
  ).default(1_000),
  LEASEHOLD_COOL_MS: whole(0, 3_600_000, 'how long a file gets no delegation after a recall').default(30_000),
  LEASEHOLD_GRACE_MS: whole(
    0,
    3_600_000,
    'grace period for reclaims after the table may have lost data; 0 means none',
  ).default(0),
  LEASEHOLD_RECOVERY_MS: whole(
    0,
    3_600_000,
    'the same, at the least, when the table certainly has, or when a lease API has not said yet how far it had seen it',
  ).default(10_000),
  LEASEHOLD_UNUSED_MS: whole(1_000, 3_600_000, 'how long an allocated lease may stay unset').default(60_000),
  LEASEHOLD_REMEMBER_MS: whole(1_000, 3_600_000, 'how long an ended lease is remembered').default(60_000),
  LEASEHOLD_LOST_MS: whole(1_000, 600_000, 'silence after which a fileserver is considered lost').default(
    5_000,
  ),
  LEASEHOLD_ADMIN_TOKEN: secret.optional(),
  LEASEHOLD_STORAGE_TOKEN: secret.optional(),
  LEASEHOLD_RPC_SECRET: secret.optional(),
  LEASEHOLD_RPC_SECRET_PREVIOUS: secret.optional(),
  LEASEHOLD_RPC_SECRET_FILE: path.optional(),
  LEASEHOLD_RPC_KEYS: path.optional(),
  LEASEHOLD_LOG: wants(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'one of fatal, error, warn, info, debug, trace, silent',
  ).default('info'),
  LEASEHOLD_ACCESS_LOG: wants(z.enum(['on', 'off']), 'on or off: whether every request is logged').default(
    'off',
  ),
  LEASEHOLD_AUDIT: wants(z.string().min(1).max(4_096), 'the path of a file, stdout or stderr').optional(),
});

/** What is wrong with how adapters, NFS servers and Redis are reached. */
function transportFaults(v: z.infer<typeof variables>, given: Record<string, string>): string[] {
  const faults: string[] = [];
  const isHostile = v.LEASEHOLD_NETWORK === 'hostile';
  const { LEASEHOLD_TLS_CERT: cert, LEASEHOLD_TLS_KEY: key, LEASEHOLD_TLS_CA: ca } = v;
  const isWhole = (cert === undefined) === (key === undefined) && (ca === undefined || cert !== undefined);
  if (!isWhole)
    faults.push(
      'LEASEHOLD_TLS_CERT: set LEASEHOLD_TLS_CERT and LEASEHOLD_TLS_KEY, and with them LEASEHOLD_TLS_CA',
    );
  if (v.LEASEHOLD_RPC_SECRET !== undefined && v.LEASEHOLD_RPC_SECRET_FILE !== undefined)
    faults.push('LEASEHOLD_RPC_SECRET_FILE: LEASEHOLD_RPC_SECRET is set, too; set only one of them');
  const hasSecret = (v.LEASEHOLD_RPC_SECRET ?? v.LEASEHOLD_RPC_SECRET_FILE) !== undefined;
  const ports = [
    ['LEASEHOLD_RPC', v.LEASEHOLD_RPC, 'fileserver adapter'],
    ['LEASEHOLD_GRPC', v.LEASEHOLD_GRPC, 'NFS server'],
  ] as const;
  for (const [name, at, who] of ports) {
    if (at === undefined || isLoopback(at.host)) continue;
    const got = `${name}: got ${JSON.stringify(given[name])}, which other hosts can reach`;
    if (!hasSecret)
      faults.push(
        `${got}: set LEASEHOLD_RPC_SECRET here and at every ${who}, or listen on 127.0.0.1 or [::1]`,
      );
    if (isHostile && cert === undefined)
      faults.push(
        `${got}: set LEASEHOLD_TLS_CERT, LEASEHOLD_TLS_KEY and LEASEHOLD_TLS_CA here and at every ${who}; or, if something ` +
          'in front encrypts and keeps strangers away, LEASEHOLD_NETWORK=trusted; or listen on 127.0.0.1 or [::1]',
      );
  }
  return [...faults, ...tableFaults(v)];
}

const isInCluster = (table: Config['table']): boolean =>
  table.kind === 'redis' && table.at.shape === 'cluster';
const isTls = (table: Config['table']): boolean => table.kind === 'redis' && table.at.tls;

function tableFaults(v: z.infer<typeof variables>): string[] {
  if (v.LEASEHOLD_TABLE.kind === 'embedded' && (v.LEASEHOLD_DURABILITY?.replicas ?? 0) > 0)
    return [
      'LEASEHOLD_DURABILITY: an embedded table has no replicas; it always writes to its disk first (fsync)',
    ];
  const shardsFault = faultOfShards(v);
  if (shardsFault !== undefined) return [shardsFault];
  const {
    LEASEHOLD_REDIS_CERT: cert,
    LEASEHOLD_REDIS_KEY: key,
    LEASEHOLD_REDIS_CA: ca,
    LEASEHOLD_TABLE: at,
  } = v;
  if (isTls(at))
    return (cert === undefined) === (key === undefined)
      ? []
      : ['LEASEHOLD_REDIS_CERT: set LEASEHOLD_REDIS_CERT and LEASEHOLD_REDIS_KEY, or neither'];
  if ((cert ?? key ?? ca) !== undefined)
    return ['LEASEHOLD_REDIS_CA, _CERT and _KEY: only with LEASEHOLD_TABLE=rediss://…'];
  const other = at.kind === 'redis' ? at.at.hosts.find(({ host }) => !isLoopback(host)) : undefined;
  if (other === undefined || v.LEASEHOLD_NETWORK === 'trusted') return [];
  return [
    `LEASEHOLD_TABLE: ${other.host} is another host, and redis:// is not encrypted: use rediss:// (and LEASEHOLD_REDIS_CA); or, ` +
      'if something in between encrypts and keeps strangers away, LEASEHOLD_NETWORK=trusted',
  ];
}

function faultOfShards(v: z.infer<typeof variables>): string | undefined {
  const { LEASEHOLD_TABLE_SHARDS: count = 1, LEASEHOLD_TABLE: at, LEASEHOLD_TABLE_FORMAT: format } = v;
  if (count === 1) return undefined;
  if (at.kind === 'embedded')
    return `LEASEHOLD_TABLE_SHARDS: got ${String(count)}, but an embedded table has one shard; only a table in Redis may have more`;
  return format < formatOfShards
    ? `LEASEHOLD_TABLE_SHARDS: got ${String(count)}, but a table in several shards has format ${String(formatOfShards)} from the ` +
        `beginning, and LEASEHOLD_TABLE_FORMAT keeps it at ${String(format)}: remove one of the two`
    : undefined;
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

/** What `--help` prints: every variable with its format and its default. */
export function helpText(): string {
  const rows = Object.entries(variables.shape).map(([name, schema]) => {
    const wanted = 'unwrap' in schema ? schema.unwrap() : schema;
    const preset = variables.shape[name as keyof typeof variables.shape].safeParse(undefined).data;
    const text = preset === undefined ? '' : ` (default: ${defaultText(preset)})`;
    return `  ${name}\n      ${wanted.description ?? 'text'}${text}`;
  });
  return [
    'usage: lease-api   takes no arguments, only variables',
    'Each variable may also be given as a file: NAME_FILE=PATH. docs/configuration.md says more.',
    'environment:',
    ...rows,
  ].join('\n');
}

function defaultText(value: string | number | object): string {
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  if ('host' in value && 'port' in value) return `${String(value.host)}:${String(value.port)}`;
  return Object.values(value).map(String).join(':');
}

/** The given value, fit for a log: secrets are not shown. */
function shown(name: string, value: string): string {
  if (/_(TOKEN|SECRET)S?(_PREVIOUS)?$/.test(name)) return `${String(value.length)} characters`;
  const text = value.replace(/:\/\/[^@/]*@/, '://***@').replace(/(Password=)[^&#]*/gi, '$1***');
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** What somebody may have meant by a variable that does not exist. All of them begin alike. */
function meant(name: string): string {
  const bare = (each: string): string => each.slice(prefix.length);
  const near = nearest(bare(name), Object.keys(variables.shape).map(bare));
  if (near.length === 0) return 'the option --help lists them all';
  return `did you mean ${near.map((each) => prefix + each).join(' or ')}?`;
}

/**
 * Reads the configuration, once, at start. An unknown LEASEHOLD_ variable is an error: it is a typo that would
 * otherwise be noticed only in production.
 * Throws a ConfigError that lists everything that is wrong.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const own = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(prefix) && value !== undefined ? [[name, value]] : [],
  );
  const given = withFiles(
    Object.fromEntries(own) as Record<string, string>,
    Object.keys(variables.shape),
    faults,
  );
  for (const name of Object.keys(given)) {
    if (!(name in variables.shape)) faults.push(`${name}: no such variable; ${meant(name)}`);
  }
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    for (const name of new Set(parsed.error.issues.map((issue) => String(issue.path[0])))) {
      const schema = variables.shape[name as keyof typeof variables.shape];
      const inner = 'unwrap' in schema ? schema.unwrap() : schema;
      const found = parsed.error.issues.find((issue) => issue.path[0] === name);
      const why = name === 'LEASEHOLD_TABLE' && found !== undefined ? ` (${found.message})` : '';
      faults.push(
        `${name}: got ${shown(name, given[name] ?? '')}, wants ${inner.description ?? 'text'}${why}`,
      );
    }
  }
  const v = parsed.data;
  const { LEASEHOLD_HTTP_CERT: cert, LEASEHOLD_HTTP_KEY: key, LEASEHOLD_HTTP_CLIENT_CA: ca } = v ?? {};
  if ((cert === undefined) !== (key === undefined) || (ca !== undefined && cert === undefined))
    faults.push(
      'LEASEHOLD_HTTP_CERT: set LEASEHOLD_HTTP_CERT and LEASEHOLD_HTTP_KEY, and with them, if you like, LEASEHOLD_HTTP_CLIENT_CA',
    );
  if (v !== undefined && !isLoopback(v.LEASEHOLD_HTTP.host)) {
    const { LEASEHOLD_CALLERS: callers, LEASEHOLD_ADMIN_TOKEN: admin, LEASEHOLD_NETWORK: network } = v;
    const isGuarded =
      network === 'trusted' ? (callers ?? admin) !== undefined : callers !== undefined && cert !== undefined;
    if (!isGuarded)
      faults.push(
        `LEASEHOLD_HTTP: got ${JSON.stringify(given['LEASEHOLD_HTTP'])}, which other hosts can reach: set LEASEHOLD_CALLERS, ` +
          'LEASEHOLD_HTTP_CERT and LEASEHOLD_HTTP_KEY; or, if something in front encrypts and keeps strangers away, ' +
          'LEASEHOLD_NETWORK=trusted and LEASEHOLD_CALLERS or LEASEHOLD_ADMIN_TOKEN; or listen on 127.0.0.1 or [::1]',
      );
  }
  if (v !== undefined) faults.push(...transportFaults(v, given));
  if (v?.LEASEHOLD_STORAGE_TOKEN !== undefined) {
    const { LEASEHOLD_ADMIN_TOKEN: admin, LEASEHOLD_STORAGE_TOKEN: storage } = v;
    if (admin === undefined && v.LEASEHOLD_CALLERS === undefined)
      faults.push(
        'LEASEHOLD_STORAGE_TOKEN: without LEASEHOLD_ADMIN_TOKEN everybody is an administrator: set both or neither',
      );
    if (admin === storage) faults.push('LEASEHOLD_STORAGE_TOKEN: must differ from LEASEHOLD_ADMIN_TOKEN');
  }
  const others = v?.LEASEHOLD_DIRECTORY_DELEGATIONS.filter(
    (name) => !v.LEASEHOLD_LOCAL_EXPORTS.includes(name),
  );
  if (others !== undefined && others.length > 0)
    faults.push(
      `LEASEHOLD_DIRECTORY_DELEGATIONS: got ${others.join(', ')}, which LEASEHOLD_LOCAL_EXPORTS does not name; fileservers ` +
        'do not lease directories',
    );
  const names = v?.LEASEHOLD_EXPORTS.map(({ name }) => name) ?? [];
  const twice = names.filter(
    (name, at) => names.indexOf(name) !== at || v?.LEASEHOLD_LOCAL_EXPORTS.includes(name) === true,
  );
  if (twice.length > 0)
    faults.push(
      `LEASEHOLD_EXPORTS: ${twice.join(', ')} is also in LEASEHOLD_LOCAL_EXPORTS, which is for exports without a fileserver`,
    );
  const local = v?.LEASEHOLD_EXPORTS.filter(({ stack }) => stack === 'local') ?? [];
  if (local.length > 0)
    faults.push(
      'LEASEHOLD_EXPORTS: the stack local has no fileserver; name its exports in LEASEHOLD_LOCAL_EXPORTS',
    );
  if (v === undefined || faults.length > 0)
    throw new ConfigError(['The configuration is wrong:', ...faults].join('\n  '));
  return Object.freeze({
    http: v.LEASEHOLD_HTTP,
    httpHosts: Object.freeze(v.LEASEHOLD_HTTP_HOSTS),
    httpTls: cert === undefined || key === undefined ? undefined : { cert, key, ca },
    callersFile: v.LEASEHOLD_CALLERS,
    tls:
      v.LEASEHOLD_TLS_CERT === undefined
        ? undefined
        : { cert: v.LEASEHOLD_TLS_CERT, key: v.LEASEHOLD_TLS_KEY, ca: v.LEASEHOLD_TLS_CA },
    rpc: v.LEASEHOLD_RPC,
    grpc: v.LEASEHOLD_GRPC,
    table: v.LEASEHOLD_TABLE,
    tableTls: isTls(v.LEASEHOLD_TABLE)
      ? { cert: v.LEASEHOLD_REDIS_CERT, key: v.LEASEHOLD_REDIS_KEY, ca: v.LEASEHOLD_REDIS_CA }
      : undefined,
    tableName: v.LEASEHOLD_TABLE_NAME,
    tableShards: v.LEASEHOLD_TABLE_SHARDS,
    tableShardsIfNew:
      isInCluster(v.LEASEHOLD_TABLE) && v.LEASEHOLD_TABLE_FORMAT >= formatOfShards ? shardsInCluster : 1,
    durability: v.LEASEHOLD_DURABILITY,
    tableFormat: v.LEASEHOLD_TABLE_FORMAT,
    newTable: v.LEASEHOLD_NEW_TABLE,
    witness: v.LEASEHOLD_WITNESS,
    breakMs: v.LEASEHOLD_BREAK_MS,
    lockDelayMs: v.LEASEHOLD_LOCK_DELAY_MS,
    askMs: v.LEASEHOLD_ASK_MS,
    localExports: Object.freeze(v.LEASEHOLD_LOCAL_EXPORTS),
    servedExports: Object.freeze(v.LEASEHOLD_EXPORTS),
    directoryDelegations: Object.freeze(v.LEASEHOLD_DIRECTORY_DELEGATIONS),
    limits: Object.freeze({
      sessionLocksMax: v.LEASEHOLD_SESSION_LOCKS_MAX,
      sessionsMax: v.LEASEHOLD_SESSIONS_MAX,
      queueMax: v.LEASEHOLD_QUEUE_MAX,
      rangesMax: v.LEASEHOLD_RANGES_MAX,
      fileDelegationsMax: v.LEASEHOLD_FILE_DELEGATIONS_MAX,
      sessionDelegationsMax: v.LEASEHOLD_SESSION_DELEGATIONS_MAX,
      exportDelegationsMax: v.LEASEHOLD_EXPORT_DELEGATIONS_MAX,
      revokedMax: v.LEASEHOLD_REVOKED_MAX,
      courtesyMax: v.LEASEHOLD_COURTESY_MAX,
      coolMs: v.LEASEHOLD_COOL_MS,
      graceMs: v.LEASEHOLD_GRACE_MS,
      recoveryMs: v.LEASEHOLD_RECOVERY_MS,
      unusedMs: v.LEASEHOLD_UNUSED_MS,
      rememberMs: v.LEASEHOLD_REMEMBER_MS,
      askMs: v.LEASEHOLD_ASK_MS,
      lostMs: v.LEASEHOLD_LOST_MS,
    }),
    adminToken: v.LEASEHOLD_ADMIN_TOKEN,
    storageToken: v.LEASEHOLD_STORAGE_TOKEN,
    rpcSecret: v.LEASEHOLD_RPC_SECRET,
    rpcSecretPrevious: v.LEASEHOLD_RPC_SECRET_PREVIOUS,
    rpcSecretFile: v.LEASEHOLD_RPC_SECRET_FILE ?? secretFileDefault,
    rpcKeysFile: v.LEASEHOLD_RPC_KEYS,
    logLevel: v.LEASEHOLD_LOG,
    accessLog: v.LEASEHOLD_ACCESS_LOG === 'on',
    audit: v.LEASEHOLD_AUDIT,
  });
}
