import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { secretFileDefault } from '#rpc';

/** Where somebody listens. A port of 0 lets the system choose. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where an NFS export lies. */
export interface NfsLocation extends HostPort {
  readonly path: string;
}
export interface NfsIdentity {
  readonly uid: number;
  readonly gid: number;
  readonly gids: readonly number[];
  /** Absent: made from the host. */
  readonly client: string | undefined;
}

/** Everything that can be set, read once, never changed. */
export interface Config {
  readonly stack: 'posix' | 'nfs4';
  /** name → directory, or for nfs4 the URL */
  readonly exports: Readonly<Record<string, string>>;
  /** How this adapter presents itself to NFS servers. */
  readonly nfs: NfsIdentity;
  readonly listen: HostPort;
  readonly apis: readonly HostPort[];
  /** Where lease APIs dial this adapter; default: where it listens. */
  readonly advertise: HostPort | undefined;
  /** LEASEHOLD_RPC_SECRET; without it, a file of this installation has it. */
  readonly secret: string | undefined;
  readonly secretFile: string;
  /** The name of this adapter's own key. */
  readonly keyId: string | undefined;
}

export const usage = `usage: fileserver --stack posix --export NAME=DIR [--export …] --listen HOST:PORT --api HOST:PORT [--api …]
       fileserver --stack nfs4 --export NAME=nfs://HOST[:PORT]/PATH [--export …] --listen HOST:PORT --api HOST:PORT [--api …]
  --export  a directory to serve, and the name the lease API knows it by
  --listen  where the lease APIs reach this adapter; port 0 takes a free one
  --advertise  where they dial it, if that is another address (HOST:PORT)
  --api     the microservice listener of a lease API; with several, the first that answers is used
with --stack nfs4:
  --auth-sys UID:GID[:GID,…]  who opens the files at the NFS server (default: the user that runs this)
  --nfs-client NAME           who this adapter is to the NFS server, the same over restarts and nobody else's
                              (default: made from the host's name and machine id)
environment:
  LEASEHOLD_RPC_SECRET       seals the messages; as at the lease API
  LEASEHOLD_RPC_SECRET_FILE  a file that has it (default: ./data/rpc-secret, made by whoever needs it first)
                             one of the two must be set unless all addresses are loopback
  LEASEHOLD_RPC_KEY_ID       the name of the secret, where the lease API has a key for this adapter alone`;

/** What is wrong with the command line or the environment, in words for the person who typed it. */
export class ConfigError extends Error {}

const hostPort = (portMin: number) =>
  z.string().transform((given, context): HostPort => {
    const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(given) ?? [];
    const host = bracketed ?? plain;
    const port = Number(digits);
    if (host !== undefined && port >= portMin && port <= 65_535) return { host, port };
    context.addIssue({
      code: 'custom',
      message: `${given} is not HOST:PORT with a port of ${portMin} to 65535`,
    });
    return z.NEVER;
  });

const nfsPortDefault = 2049;

/** @returns undefined if it is no `nfs://HOST[:PORT]/PATH`, the names in it percent-encoded where need be (RFC 2224) */
export function parseNfsUrl(text: string): NfsLocation | undefined {
  const [, bracketed, plain, digits, encoded = '/'] =
    /^nfs:\/\/(?:\[([^\]/]+)\]|([^:[\]/@]+))(?::(\d{1,5}))?(\/.*)?$/s.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? nfsPortDefault : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  const path = decoded(encoded);
  if (path === undefined || path.includes('\0') || path.split('/').includes('..')) return undefined;
  return { host, port, path };
}

/** @returns undefined if it is not percent-encoded UTF-8, or a name in it has a slash */
function decoded(path: string): string | undefined {
  if (/%2f/i.test(path)) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

const authSys = z.string().transform((given, context): Omit<NfsIdentity, 'client'> => {
  const [, uid, gid, more] = /^(\d{1,10}):(\d{1,10})(?::(\d{1,10}(?:,\d{1,10}){0,15}))?$/.exec(given) ?? [];
  const gids = more === undefined ? [] : more.split(',').map(Number);
  if (uid !== undefined && [Number(uid), Number(gid), ...gids].every((id) => id <= 0xffff_ffff)) {
    return { uid: Number(uid), gid: Number(gid), gids };
  }
  context.addIssue({ code: 'custom', message: `${given} is not UID:GID or UID:GID:GID,… with at most 16` });
  return z.NEVER;
});

const exportPair = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}=.+$/,
    'must be NAME=DIR or NAME=nfs://HOST[:PORT]/PATH, the name of letters, digits, . _ -',
  )
  .transform((given): [string, string] => {
    const at = given.indexOf('=');
    return [given.slice(0, at), given.slice(at + 1)];
  });

const schema = z.object({
  stack: z.enum(['posix', 'nfs4'], 'must be posix or nfs4'),
  'auth-sys': authSys.optional(),
  'nfs-client': z.string().min(1).max(256).optional(),
  export: z
    .array(exportPair, 'at least one is needed')
    .min(1)
    .max(256)
    .refine((pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length, 'a name is given twice'),
  listen: hostPort(0),
  api: z.array(hostPort(1), 'at least one is needed').min(1).max(16),
  advertise: hostPort(1).optional(),
  LEASEHOLD_RPC_SECRET: z.string().min(8, 'wants at least 8 characters').optional(),
  LEASEHOLD_RPC_SECRET_FILE: z.string().optional(),
  LEASEHOLD_RPC_KEY_ID: z
    .string()
    .regex(/^\w[\w-]{0,19}$/, 'wants letters, digits, _ and -, at most 20')
    .optional(),
});

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

/**
 * Reads command line and environment.
 * @throws ConfigError naming every option at fault
 */
export function parseConfig(
  args: string[],
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const given = parsed(args, environment);
  if (!given.success) {
    const faults = given.error.issues.map(({ path: [name], message }) => {
      const option = String(name);
      return `${/^[A-Z]/.test(option) ? option : `--${option}`}: ${message}`;
    });
    throw new ConfigError(faults.join('\n'));
  }
  const { stack, export: pairs, listen, advertise, api: apis } = given.data;
  const {
    LEASEHOLD_RPC_SECRET: secret,
    LEASEHOLD_RPC_SECRET_FILE: file,
    LEASEHOLD_RPC_KEY_ID: keyId,
  } = given.data;
  const { 'auth-sys': user, 'nfs-client': client } = given.data;
  if (stack === 'posix' && (user !== undefined || client !== undefined)) {
    throw new ConfigError('--auth-sys, --nfs-client: only with --stack nfs4');
  }
  const strange = stack === 'nfs4' ? pairs.find(([, url]) => parseNfsUrl(url) === undefined) : undefined;
  if (strange) {
    const hint = strange[1].includes('%') ? ', where a % is written as %25' : '';
    throw new ConfigError(`--export: ${strange[1]} is not nfs://HOST[:PORT]/PATH${hint}`);
  }
  const nfs = { ...(user ?? ourselves()), client };
  if (isWildcard((advertise ?? listen).host)) {
    throw new ConfigError(
      `--listen: ${listen.host} is registered at the lease API, which cannot dial it; name one address of this host, or --advertise it.`,
    );
  }
  const exposed = [listen, ...apis].find(({ host }) => !isLoopback(host));
  if (secret === undefined && file === undefined && exposed) {
    throw new ConfigError(
      `${exposed.host} is beyond loopback, where anybody could send messages: set LEASEHOLD_RPC_SECRET, here and at the lease API.`,
    );
  }
  const exports = Object.freeze(Object.fromEntries(pairs));
  const secretFile = file ?? secretFileDefault;
  return Object.freeze({ stack, exports, nfs, listen, advertise, apis, secret, secretFile, keyId });
}

/** AUTH_SYS has room for this many groups beside the first (RFC 5531 §14.2). */
const groupsMax = 16;

function ourselves(): Omit<NfsIdentity, 'client'> {
  const gid = process.getgid?.() ?? 0;
  const gids = (process.getgroups?.() ?? []).filter((one) => one !== gid).slice(0, groupsMax);
  return { uid: process.getuid?.() ?? 0, gid, gids };
}

const secretVariables = ['LEASEHOLD_RPC_SECRET', 'LEASEHOLD_RPC_SECRET_FILE', 'LEASEHOLD_RPC_KEY_ID'];

function parsed(args: string[], environment: Readonly<Record<string, string | undefined>>) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        stack: { type: 'string', default: 'posix' },
        export: { type: 'string', multiple: true },
        'auth-sys': { type: 'string' },
        'nfs-client': { type: 'string' },
        listen: { type: 'string', default: '127.0.0.1:0' },
        advertise: { type: 'string' },
        api: { type: 'string', multiple: true, default: ['127.0.0.1:8081'] },
      },
    });
    // What is set to nothing is not set.
    const set = secretVariables.map((name) => [
      name,
      environment[name] === '' ? undefined : environment[name],
    ]);
    return schema.safeParse({ ...values, ...Object.fromEntries(set) });
  } catch (error) {
    throw new ConfigError((error as Error).message); // an option that does not exist, or one without its value
  }
}
