import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Stack, StartDriver } from './stack';
import { adapterKeyFileDefault, secretFileDefault, type TlsFiles, withFiles } from '#rpc';

/** An address to listen on or to dial. With port 0, the system chooses a port to listen on. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** All settings. They are read once and never change. */
export interface Config {
  readonly stack: string;
  /** name → location, in the stack's notation */
  readonly exports: Readonly<Record<string, string>>;
  /** Starts the stack's driver for the exports. */
  readonly startDriver: StartDriver;
  readonly listen: HostPort;
  readonly apis: readonly HostPort[];
  /** Where lease APIs dial this adapter; default: where it listens. */
  readonly advertise: HostPort | undefined;
  /** LEASEHOLD_RPC_SECRET. If it is not set, the secret is in a file of this installation. */
  readonly secret: string | undefined;
  readonly secretFile: string;
  /** The file with the secret by which this adapter is known in its next life. */
  readonly adapterKeyFile: string;
  /** The name of this adapter's own key. */
  readonly keyId: string | undefined;
  /** What it shows to lease APIs and checks of them, when it dials and when it is dialled; absent: no TLS. */
  readonly tls: TlsFiles | undefined;
  /** Whether a lease API is on another host. */
  readonly elsewhere: boolean;
  /** Where /metrics is served; absent: nowhere. */
  readonly metrics: HostPort | undefined;
  /** Whether every request of a lease API is logged. */
  readonly accessLog: boolean;
}

type Stacks = readonly [Stack, ...Stack[]];

const ownUsage = `  --export  what to serve, and its name at the lease API; may be repeated
  --listen  where the lease APIs reach this adapter (default: 127.0.0.1:0); port 0 takes a free one
  --advertise  the address that they dial, if it is another one (HOST:PORT)
  --metrics  where to serve /metrics for Prometheus (HOST:PORT; default: nowhere)
  --api     the microservice listener of a lease API (default: 127.0.0.1:8081); with several, the first that answers is used`;
const environmentUsage = `environment:
  LEASEHOLD_RPC_SECRET       the secret that seals messages, the same as at the lease API
  LEASEHOLD_RPC_SECRET_FILE  a file that contains it (default: ./data/rpc-secret, created by the first program that needs it)
                             beyond loopback, set one of the two
  LEASEHOLD_ADAPTER_KEY_FILE a file with a secret of this host, shared with nobody (default: ./data/adapter-key, created likewise):
                             while an adapter lives, only one with the same secret takes over its exports
  LEASEHOLD_RPC_KEY_ID       the name of the secret, if the lease API has a key for this adapter alone
  LEASEHOLD_TLS_CERT, LEASEHOLD_TLS_KEY, LEASEHOLD_TLS_CA
                             files: its certificate and key, and the authorities of lease APIs; read again when they change
  LEASEHOLD_ACCESS_LOG       on: every request of a lease API is logged (default: off)
  LEASEHOLD_NETWORK          trusted: something else encrypts beyond loopback, and keeps strangers away (default: hostile)
  Each value can come from a file, too: LEASEHOLD_RPC_KEY_ID_FILE.`;

/** @returns the help text, with a line for each stack and a section for each stack that has its own options */
export function usageOf(stacks: Stacks): string {
  const lines = stacks.map(
    ({ name, location }) =>
      `fileserver --stack ${name} --export NAME=${location} [--export …] --listen HOST:PORT --api HOST:PORT [--api …]`,
  );
  const synopsis = `usage: ${lines.join('\n       ')}`;
  return [synopsis, ownUsage, ...stacks.flatMap(optionsUsage), environmentUsage].join('\n');
}

function optionsUsage({ name, options }: Stack): string[] {
  const rows = Object.entries(options).map(([option, { value, help }]) => ({
    left: `  --${option} ${value}`,
    help,
  }));
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(({ left }) => left.length)) + 2;
  const texts = rows.flatMap(({ left, help }) =>
    help.map((line, at) => (at === 0 ? left : '').padEnd(width) + line),
  );
  return [`with --stack ${name}:`, ...texts];
}

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

const exportPair = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}=.+$/,
    'must be NAME=LOCATION, with a name of at most 64 letters, digits, . _ -, the first a letter or digit',
  )
  .transform((given): [string, string] => {
    const at = given.indexOf('=');
    return [given.slice(0, at), given.slice(at + 1)];
  });

const schema = z.object({
  export: z
    .array(exportPair, 'at least one is required')
    .min(1)
    .max(256)
    .refine(
      (pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length,
      'the same name is given twice',
    ),
  listen: hostPort(0),
  api: z.array(hostPort(1), 'at least one is required').min(1).max(16),
  advertise: hostPort(1).optional(),
  metrics: hostPort(0).optional(),
  LEASEHOLD_RPC_SECRET: z.string().min(8, 'must have at least 8 characters').optional(),
  LEASEHOLD_RPC_SECRET_FILE: z.string().optional(),
  LEASEHOLD_ADAPTER_KEY_FILE: z.string().optional(),
  LEASEHOLD_RPC_KEY_ID: z
    .string()
    .regex(/^\w[\w-]{0,19}$/, 'must be letters, digits, _ and -, at most 20')
    .optional(),
  LEASEHOLD_TLS_CERT: z.string().optional(),
  LEASEHOLD_TLS_KEY: z.string().optional(),
  LEASEHOLD_TLS_CA: z.string().optional(),
  LEASEHOLD_ACCESS_LOG: z.enum(['on', 'off'], 'must be on or off').default('off'),
  LEASEHOLD_NETWORK: z.enum(['hostile', 'trusted'], 'must be hostile or trusted').default('hostile'),
});
const environmentNames = Object.keys(schema.shape).filter((name) => name.startsWith('LEASEHOLD_'));

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
  stacks: Stacks,
): Config {
  const typed = optionsOf(args, stacks);
  const stack = stacks.find(({ name }) => name === typed.stack);
  const faultsOfFiles: string[] = [];
  const given = schema.safeParse({ ...typed, ...valuesOf(environment, faultsOfFiles) });
  const exports = Object.freeze(Object.fromEntries(given.data?.export ?? []));
  const parsed = stack?.schema.safeParse({ ...typed, export: exports });
  const faults = [
    ...(stack ? foreign(typed, stack, stacks) : [`--stack: must be ${namesOf(stacks)}`]),
    ...faultsOf(given),
    ...faultsOfFiles,
    ...(parsed ? faultsOf(parsed) : []),
  ];
  if (stack === undefined || given.data === undefined || parsed?.data === undefined || faults.length > 0)
    throw new ConfigError(faults.join('\n'));
  const { listen, advertise, metrics, api: apis } = given.data;
  const {
    LEASEHOLD_RPC_SECRET: secret,
    LEASEHOLD_RPC_SECRET_FILE: file,
    LEASEHOLD_ADAPTER_KEY_FILE: adapterKeyFile = adapterKeyFileDefault,
    LEASEHOLD_RPC_KEY_ID: keyId,
    LEASEHOLD_NETWORK: network,
    LEASEHOLD_ACCESS_LOG: accessLog,
    LEASEHOLD_TLS_CERT: cert,
    LEASEHOLD_TLS_KEY: key,
    LEASEHOLD_TLS_CA: ca,
  } = given.data;
  if (secret !== undefined && file !== undefined)
    throw new ConfigError(
      'LEASEHOLD_RPC_SECRET_FILE: LEASEHOLD_RPC_SECRET is set, too; set only one of them',
    );
  if ((cert === undefined) !== (key === undefined) || (ca !== undefined && cert === undefined))
    throw new ConfigError(
      'LEASEHOLD_TLS_CERT: set LEASEHOLD_TLS_CERT and LEASEHOLD_TLS_KEY, and with them LEASEHOLD_TLS_CA',
    );
  if (isWildcard((advertise ?? listen).host)) {
    throw new ConfigError(
      `--listen: the lease API cannot dial ${listen.host}; name one address of this host, or --advertise it.`,
    );
  }
  const exposed = [listen, ...apis].find(({ host }) => !isLoopback(host));
  if (secret === undefined && file === undefined && exposed) {
    throw new ConfigError(
      `${exposed.host} is not loopback, so other hosts could send messages: set LEASEHOLD_RPC_SECRET, here and at the lease API.`,
    );
  }
  if (exposed && cert === undefined && network !== 'trusted')
    throw new ConfigError(
      `${exposed.host} is not loopback: set LEASEHOLD_TLS_CERT, LEASEHOLD_TLS_KEY and LEASEHOLD_TLS_CA, here and at the lease API; or, ` +
        'if something else encrypts and keeps strangers away, LEASEHOLD_NETWORK=trusted.',
    );
  const startDriver = parsed.data;
  const secretFile = file ?? secretFileDefault;
  const { name } = stack;
  return Object.freeze({
    stack: name,
    exports,
    startDriver,
    listen,
    advertise,
    apis,
    secret,
    secretFile,
    adapterKeyFile,
    keyId,
    tls: cert === undefined ? undefined : { cert, key, ca },
    elsewhere: apis.some(({ host }) => !isLoopback(host)),
    metrics,
    accessLog: accessLog === 'on',
  });
}

function faultsOf({ error }: z.ZodSafeParseResult<unknown>): string[] {
  return (error?.issues ?? []).map(({ path: [name], message }) => {
    const option = String(name);
    return `${/^[A-Z]/.test(option) ? option : `--${option}`}: ${message}`;
  });
}

const namesOf = (stacks: readonly Stack[]): string => stacks.map(({ name }) => name).join(' or ');

/** The given options that only other stacks accept. */
function foreign(typed: object, { options }: Stack, stacks: Stacks): string[] {
  return stacks
    .flatMap((stack) => Object.keys(stack.options))
    .filter((option, at, all) => option in typed && !(option in options) && all.indexOf(option) === at)
    .map((option) => {
      const takers = stacks.filter((stack) => option in stack.options);
      return `--${option}: only with --stack ${namesOf(takers)}`;
    });
}

/** A variable that is set to the empty string counts as not set. */
function valuesOf(environment: Readonly<Record<string, string | undefined>>, faults: string[]): object {
  const set = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith('LEASEHOLD_') && value !== undefined && value !== '' ? [[name, value] as const] : [],
  );
  const values = withFiles(Object.fromEntries(set), environmentNames, faults);
  return Object.fromEntries(environmentNames.map((name) => [name, values[name]]));
}

function optionsOf(args: string[], stacks: Stacks) {
  const own = stacks.flatMap(({ options }) => Object.keys(options));
  try {
    return parseArgs({
      args,
      options: {
        ...Object.fromEntries(own.map((option) => [option, { type: 'string' as const }])),
        stack: { type: 'string', default: stacks[0].name },
        export: { type: 'string', multiple: true },
        listen: { type: 'string', default: '127.0.0.1:0' },
        advertise: { type: 'string' },
        metrics: { type: 'string' },
        api: { type: 'string', multiple: true, default: ['127.0.0.1:8081'] },
      },
    }).values;
  } catch (error) {
    throw new ConfigError((error as Error).message); // an unknown option, or one without its value
  }
}
