import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../../apps/lease-api/src/config';
import { formatNewest } from '../../libs/locks/src/core/format';

/** The configuration: defaults, and errors that say what is wrong, what was given and what is allowed. */
function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

test('everything has a default', () => {
  expect(readConfig({ PATH: '/bin' })).toEqual({
    http: { host: '127.0.0.1', port: 8080 },
    httpHosts: [],
    rpc: { host: '127.0.0.1', port: 8081 },
    table: { kind: 'embedded', directory: './data' },
    newTable: 'make',
    tableFormat: formatNewest,
    tableName: 'main',
    tableShardsIfNew: 1,
    breakMs: 45_000,
    lockDelayMs: 0,
    askMs: 5_000,
    localExports: ['local'],
    directoryDelegations: [],
    limits: {
      sessionLocksMax: 10_000,
      sessionsMax: 100_000,
      queueMax: 256,
      unusedMs: 60_000,
      rememberMs: 60_000,
      askMs: 5_000,
      lostMs: 5_000,
      rangesMax: 10_000,
      fileDelegationsMax: 1_000,
      sessionDelegationsMax: 10_000,
      exportDelegationsMax: 100_000,
      revokedMax: 3,
      courtesyMax: 1_000,
      coolMs: 30_000,
      graceMs: 0,
      recoveryMs: 10_000,
    },
    adminToken: undefined,
    grpc: undefined,
    rpcKeysFile: undefined,
    rpcSecret: undefined,
    rpcSecretFile: './data/rpc-secret',
    rpcSecretPrevious: undefined,
    servedExports: [],
    storageToken: undefined,
    logLevel: 'info',
    accessLog: false,
  });
});

test('every given value is used', () => {
  const config = readConfig({
    LEASEHOLD_HTTP: '[::1]:80',
    LEASEHOLD_HTTP_HOSTS: 'leases.example.org, [fd00::1]',
    LEASEHOLD_RPC: '0.0.0.0:81',
    LEASEHOLD_RPC_SECRET: 'rpc-secret',
    LEASEHOLD_GRPC: '0.0.0.0:82',
    LEASEHOLD_TLS_CERT: 'c',
    LEASEHOLD_TLS_KEY: 'k',
    LEASEHOLD_TLS_CA: 'a',
    LEASEHOLD_TABLE: 'rediss://user:pass@db:6379/3',
    LEASEHOLD_REDIS_CA: 'r',
    LEASEHOLD_BREAK_MS: '0',
    LEASEHOLD_LOCAL_EXPORTS: 'a, b',
    LEASEHOLD_DIRECTORY_DELEGATIONS: 'b',
    LEASEHOLD_ASK_MS: '250',
  });
  expect(config).toMatchObject({
    http: { host: '::1', port: 80 },
    httpHosts: ['leases.example.org', '[fd00::1]'],
    rpc: { host: '0.0.0.0', port: 81 },
    grpc: { host: '0.0.0.0', port: 82 },
    tls: { cert: 'c', key: 'k', ca: 'a' },
    table: {
      kind: 'redis',
      at: {
        ...{ shape: 'single', tls: true, hosts: [{ host: 'db', port: 6379 }], db: 3 },
        ...{ username: 'user', password: 'pass' },
      },
    },
    tableTls: { ca: 'r' },
    breakMs: 0,
    localExports: ['a', 'b'],
    directoryDelegations: ['b'],
    askMs: 250,
    limits: { askMs: 250 },
  });
  expect(Object.isFrozen(config)).toBe(true);
});

describe('values in files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-config-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };

  test('any variable can come from the file that NAME_FILE names, as mounted secrets do', () => {
    const config = readConfig({
      LEASEHOLD_ADMIN_TOKEN_FILE: file('admin', 'correct-horse\n'),
      LEASEHOLD_TABLE_FILE: file('table', 'rediss://:secret@db:6379'),
      LEASEHOLD_BREAK_MS_FILE: file('break', '1000\n'),
    });
    expect(config).toMatchObject({
      adminToken: 'correct-horse',
      table: { kind: 'redis', at: { tls: true, hosts: [{ host: 'db', port: 6379 }], password: 'secret' } },
      breakMs: 1_000,
    });
  });

  test('the file of the secret that is made if it is missing keeps its meaning', () => {
    const path = join(directory, 'not-yet');
    expect(readConfig({ LEASEHOLD_RPC_SECRET_FILE: path })).toMatchObject({
      rpcSecretFile: path,
      rpcSecret: undefined,
    });
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'a file that is missing',
      () => ({ LEASEHOLD_ADMIN_TOKEN_FILE: '/nonexistent' }),
      /LEASEHOLD_ADMIN_TOKEN_FILE: ENOENT.*\/nonexistent/,
    ],
    [
      'a directory',
      () => ({ LEASEHOLD_ADMIN_TOKEN_FILE: directory }),
      /LEASEHOLD_ADMIN_TOKEN_FILE: EISDIR.*leasehold-config-/,
    ],
    [
      'an empty file',
      () => ({ LEASEHOLD_ADMIN_TOKEN_FILE: file('empty', '\n') }),
      /LEASEHOLD_ADMIN_TOKEN_FILE: .*empty is empty/,
    ],
    [
      'a device without end',
      () => ({ LEASEHOLD_ADMIN_TOKEN_FILE: '/dev/zero' }),
      /LEASEHOLD_ADMIN_TOKEN_FILE: .* longer than 64 KiB/,
    ],
    [
      'the shared secret and its file',
      () => ({ LEASEHOLD_RPC_SECRET: 'a secret', LEASEHOLD_RPC_SECRET_FILE: 'f' }),
      /LEASEHOLD_RPC_SECRET_FILE: LEASEHOLD_RPC_SECRET is set, too/,
    ],
    [
      'a file that is too long',
      () => ({ LEASEHOLD_ADMIN_TOKEN_FILE: file('long', 'x'.repeat(65_537)) }),
      /LEASEHOLD_ADMIN_TOKEN_FILE: .* longer than 64 KiB/,
    ],
    [
      'a variable and its file',
      () => ({ LEASEHOLD_LOG: 'warn', LEASEHOLD_LOG_FILE: file('log', 'info') }),
      /LEASEHOLD_LOG_FILE: LEASEHOLD_LOG is set, too/,
    ],
    [
      'a wrong value in a file',
      () => ({ LEASEHOLD_ADMIN_TOKEN_FILE: file('short', 'x') }),
      /LEASEHOLD_ADMIN_TOKEN: got 1 characters/,
    ],
    [
      'the file of a variable that does not exist',
      () => ({ LEASEHOLD_NOPE_FILE: file('nope', 'x') }),
      /LEASEHOLD_NOPE_FILE: no such variable/,
    ],
  ])('%s is refused', (_title, env, message) => {
    expect(faultsOf(env())).toMatch(message);
  });
});

test('an empty list of local exports is accepted', () => {
  expect(readConfig({ LEASEHOLD_LOCAL_EXPORTS: '' }).localExports).toEqual([]);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'text for a number',
    { LEASEHOLD_BREAK_MS: 'abc' },
    /LEASEHOLD_BREAK_MS: got "abc", wants a whole number from 0/,
  ],
  ['a number that is too small', { LEASEHOLD_ASK_MS: '99' }, /LEASEHOLD_ASK_MS: got "99", wants .* from 100/],
  ['an empty number', { LEASEHOLD_BREAK_MS: '' }, /LEASEHOLD_BREAK_MS: got ""/],
  ['a fraction', { LEASEHOLD_BREAK_MS: '1.5' }, /LEASEHOLD_BREAK_MS: got "1.5"/],
  ['a port alone', { LEASEHOLD_HTTP: '8080' }, /LEASEHOLD_HTTP: got "8080", wants HOST:PORT/],
  ['a port that is none', { LEASEHOLD_RPC: '127.0.0.1:65536' }, /LEASEHOLD_RPC: got "127.0.0.1:65536"/],
  [
    'a table of another kind',
    { LEASEHOLD_TABLE: 'postgres://x' },
    /LEASEHOLD_TABLE: .* wants embedded:DIRECTORY, redis\[s\]:.* \(not a URL of a table\)/,
  ],
  [
    'an option that no table has',
    { LEASEHOLD_TABLE: 'redis://127.0.0.1?enableOfflineQueue=true' },
    /LEASEHOLD_TABLE: .* \(no option enableOfflineQueue; there are family\)/,
  ],
  [
    'a secret among the options, which is not shown',
    { LEASEHOLD_TABLE: 'redis+sentinel://127.0.0.1?sentinelPassword=hunter2' },
    /sentinelPassword=\*\*\*" *, wants .* \(after the Sentinels comes \/MASTER/,
  ],
  [
    'one Sentinel elsewhere without TLS',
    { LEASEHOLD_TABLE: 'redis+sentinel://127.0.0.1,db/main' },
    /LEASEHOLD_TABLE: db is another host/,
  ],
  [
    'a level of durability that there is not',
    { LEASEHOLD_DURABILITY: 'replicas:0' },
    /LEASEHOLD_DURABILITY: got "replicas:0", wants fsync .* replicas:N .* or fsync\+replicas:N/,
  ],
  [
    'replicas of an embedded table',
    { LEASEHOLD_DURABILITY: 'fsync+replicas:1' },
    /LEASEHOLD_DURABILITY: an embedded table has no replicas/,
  ],
  [
    'shards that are no power of two',
    { LEASEHOLD_TABLE: 'redis://127.0.0.1', LEASEHOLD_TABLE_SHARDS: '12' },
    /LEASEHOLD_TABLE_SHARDS: got "12", wants 1, 2, 4, 8, 16, 32 or 64/,
  ],
  [
    'shards of an embedded table',
    { LEASEHOLD_TABLE_SHARDS: '2' },
    /LEASEHOLD_TABLE_SHARDS: got 2, but an embedded table has one shard/,
  ],
  [
    'shards in a format that has none',
    { LEASEHOLD_TABLE: 'redis://127.0.0.1', LEASEHOLD_TABLE_SHARDS: '4', LEASEHOLD_TABLE_FORMAT: '4' },
    /LEASEHOLD_TABLE_SHARDS: got 4, but .* format 5 .* LEASEHOLD_TABLE_FORMAT keeps it at 4/,
  ],
  [
    'directories of an export that a fileserver may serve',
    { LEASEHOLD_LOCAL_EXPORTS: 'a,b', LEASEHOLD_DIRECTORY_DELEGATIONS: 'b,c' },
    /LEASEHOLD_DIRECTORY_DELEGATIONS: got c, which LEASEHOLD_LOCAL_EXPORTS does not name/,
  ],
  ['a bad export name', { LEASEHOLD_LOCAL_EXPORTS: 'a,b/c' }, /LEASEHOLD_LOCAL_EXPORTS: got "a,b\/c"/],
  ['a level that is none', { LEASEHOLD_LOG: 'loud' }, /LEASEHOLD_LOG: got "loud", wants one of fatal/],
  [
    'a variable that is misspelt',
    { LEASEHOLD_BREAKMS: '1' },
    /LEASEHOLD_BREAKMS: no such variable; did you mean LEASEHOLD_BREAK_MS\b/,
  ],
  [
    'a variable that is like none',
    { LEASEHOLD_KUBERNETES: 'yes' },
    /LEASEHOLD_KUBERNETES: no such variable; the option --help lists them all/,
  ],
  [
    'an open door without callers',
    { LEASEHOLD_HTTP: '0.0.0.0:8080', LEASEHOLD_ADMIN_TOKEN: 'correct-horse' },
    /LEASEHOLD_HTTP: got "0.0.0.0:8080".* set LEASEHOLD_CALLERS/,
  ],
  [
    'tokens that travel in the clear',
    { LEASEHOLD_HTTP: '0.0.0.0:8080', LEASEHOLD_CALLERS: 'callers.json' },
    /LEASEHOLD_HTTP: got "0.0.0.0:8080".* LEASEHOLD_HTTP_CERT/,
  ],
  [
    'a certificate without a key',
    { LEASEHOLD_HTTP_CERT: 'cert.pem' },
    /set LEASEHOLD_HTTP_CERT and LEASEHOLD_HTTP_KEY/,
  ],
  [
    'authorities without a certificate',
    { LEASEHOLD_HTTP_CLIENT_CA: 'ca.pem' },
    /set LEASEHOLD_HTTP_CERT and LEASEHOLD_HTTP_KEY/,
  ],
  [
    'a trusted network without an admin token',
    { LEASEHOLD_HTTP: '0.0.0.0:8080', LEASEHOLD_NETWORK: 'trusted' },
    /LEASEHOLD_HTTP: got "0.0.0.0:8080".* LEASEHOLD_ADMIN_TOKEN/,
  ],
  [
    'an open door for adapters without a secret',
    { LEASEHOLD_RPC: '[::]:8081' },
    /LEASEHOLD_RPC: .* set LEASEHOLD_RPC_SECRET/,
  ],
  [
    'an open door for NFS servers without a secret',
    { LEASEHOLD_GRPC: '0.0.0.0:8082' },
    /LEASEHOLD_GRPC: got "0.0.0.0:8082".* set LEASEHOLD_RPC_SECRET/,
  ],
  [
    'an open door for adapters without TLS',
    { LEASEHOLD_RPC: '[::]:8081', LEASEHOLD_RPC_SECRET: 'a secret' },
    /LEASEHOLD_RPC: .* set LEASEHOLD_TLS_CERT.* LEASEHOLD_NETWORK=trusted/,
  ],
  [
    'an open door for NFS servers without TLS',
    { LEASEHOLD_GRPC: '0.0.0.0:8082', LEASEHOLD_RPC_SECRET: 'a secret' },
    /LEASEHOLD_GRPC: .* set LEASEHOLD_TLS_CERT.* LEASEHOLD_NETWORK=trusted/,
  ],
  [
    'authorities of programs without a certificate',
    { LEASEHOLD_TLS_CA: 'ca.pem' },
    /LEASEHOLD_TLS_CERT: set/,
  ],
  [
    'Redis elsewhere without TLS',
    { LEASEHOLD_TABLE: 'redis://:hunter2@db' },
    /LEASEHOLD_TABLE: db is another host/,
  ],
  [
    'TLS for a Redis without',
    { LEASEHOLD_TABLE: 'redis://127.0.0.1', LEASEHOLD_REDIS_CA: 'a' },
    /only with .*rediss:/,
  ],
  [
    'a certificate for Redis without its key',
    { LEASEHOLD_TABLE: 'rediss://db', LEASEHOLD_REDIS_CERT: 'a' },
    /LEASEHOLD_REDIS_CERT: set/,
  ],
  [
    'a name that resolves to who knows what',
    { LEASEHOLD_HTTP: 'localhost.example:1' },
    /set LEASEHOLD_CALLERS/,
  ],
])('%s', (_name, env, message) => {
  expect(faultsOf(env)).toMatch(message);
});

test.each<Record<string, string>>([
  { LEASEHOLD_CALLERS: 'callers.json', LEASEHOLD_HTTP_CERT: 'cert.pem', LEASEHOLD_HTTP_KEY: 'key.pem' },
  { LEASEHOLD_CALLERS: 'callers.json', LEASEHOLD_NETWORK: 'trusted' },
  { LEASEHOLD_NETWORK: 'trusted', LEASEHOLD_ADMIN_TOKEN: 'correct-horse' },
])('other hosts may reach it with %j', (env) => {
  expect(faultsOf({ LEASEHOLD_HTTP: '0.0.0.0:8080', ...env })).toBe('');
});

test('all faults are reported at once, one per line', () => {
  const faults = faultsOf({ LEASEHOLD_BREAK_MS: 'x', LEASEHOLD_TABLE: 'y', LEASEHOLD_NOPE: 'z' });
  expect(faults.split('\n')).toHaveLength(4);
});

test('secrets are not repeated', () => {
  expect(faultsOf({ LEASEHOLD_ADMIN_TOKEN: 'hunter2' })).toMatch(
    /LEASEHOLD_ADMIN_TOKEN: got 7 characters, wants at least 8/,
  );
  expect(faultsOf({ LEASEHOLD_TABLE: 'mysql://root:hunter2@db' })).not.toMatch(/hunter2/);
});

test('a new table has shards only in a Cluster, and only in a format that knows them', () => {
  const cluster = { LEASEHOLD_TABLE: 'redis+cluster://127.0.0.1' };
  expect(readConfig(cluster)).toMatchObject({ tableShardsIfNew: 16 });
  expect(readConfig({ ...cluster, LEASEHOLD_TABLE_FORMAT: '4' })).toMatchObject({ tableShardsIfNew: 1 });
  expect(readConfig({ ...cluster, LEASEHOLD_TABLE_SHARDS: '2' })).toMatchObject({ tableShards: 2 });
  expect(readConfig({ LEASEHOLD_TABLE_SHARDS: '1' })).toMatchObject({ tableShards: 1 });
  expect(readConfig({ LEASEHOLD_TABLE: 'redis://127.0.0.1' })).toMatchObject({ tableShardsIfNew: 1 });
});
