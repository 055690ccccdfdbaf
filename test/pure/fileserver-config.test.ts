import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, ConfigError, parseConfig } from '../../apps/fileserver/src/config';
import { nfs4Settings, parseNfsUrl } from '../../apps/fileserver/src/nfs4/stack';
import { stacks } from '../../apps/fileserver/src/stacks';

const some = ['--export', 'demo=/srv/demo'];
const secret = { LEASEHOLD_RPC_SECRET: 'a secret' };
const tls = { LEASEHOLD_TLS_CERT: 'c', LEASEHOLD_TLS_KEY: 'k', LEASEHOLD_TLS_CA: 'a' };
const configOf = (args: string[], environment = {}): Config => parseConfig(args, environment, stacks);
const faultOf = (args: string[], environment = {}): string => {
  try {
    configOf(args, environment);
    return 'accepted';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
};

test('defaults: posix, a free port on loopback, the API next door, no secret', () => {
  expect(configOf(some)).toEqual({
    stack: 'posix',
    exports: { demo: '/srv/demo' },
    startDriver: expect.any(Function) as unknown,
    listen: { host: '127.0.0.1', port: 0 },
    apis: [{ host: '127.0.0.1', port: 8081 }],
    advertise: undefined,
    secret: undefined,
    secretFile: './data/rpc-secret',
    adapterKeyFile: './data/adapter-key',
    keyId: undefined,
    tls: undefined,
    elsewhere: false,
    accessLog: false,
    metrics: undefined,
  });
});

test('every given value is used', () => {
  const args = [
    '--stack',
    'posix',
    '--export',
    'a=/srv/a=b',
    '--export',
    'b=relative',
    '--listen',
    '[2001:db8::1]:9000',
  ];
  expect(configOf([...args, '--api', 'api-1:8081', '--api', '[::1]:8081'], { ...secret, ...tls })).toEqual({
    stack: 'posix',
    exports: { a: '/srv/a=b', b: 'relative' },
    startDriver: expect.any(Function) as unknown,
    listen: { host: '2001:db8::1', port: 9000 },
    apis: [
      { host: 'api-1', port: 8081 },
      { host: '::1', port: 8081 },
    ],
    advertise: undefined,
    secret: 'a secret',
    secretFile: './data/rpc-secret',
    adapterKeyFile: './data/adapter-key',
    keyId: undefined,
    tls: { cert: 'c', key: 'k', ca: 'a' },
    elsewhere: true,
    accessLog: false,
    metrics: undefined,
  });
});

test.each([
  ['no export', [], '--export: at least one is required'],
  ['an export without directory', ['--export', 'demo'], '--export: must be NAME=LOCATION'],
  ['an export with a bad name', ['--export', '../x=/srv'], '--export: must be NAME=LOCATION'],
  ['two exports of one name', [...some, ...some], '--export: the same name is given twice'],
  ['another stack', [...some, '--stack', 'nfs9'], '--stack: must be posix or nfs4 or dlm'],
  ['another user with posix', [...some, '--auth-sys', '1:1'], '--auth-sys: only with --stack nfs4'],
  ['a directory with dlm', ['--stack', 'dlm', ...some], 'is not LOCKSPACE:DIR'],
  ['a directory with nfs4', ['--stack', 'nfs4', ...some], 'is not nfs://HOST[:PORT]/PATH'],
  [
    'a user without group',
    ['--stack', 'nfs4', '--export', 'a=nfs://h/', '--auth-sys', '1'],
    '--auth-sys: 1 is',
  ],
  ['an address without port', [...some, '--listen', 'localhost'], '--listen: localhost is not HOST:PORT'],
  ['an API on port 0', [...some, '--api', 'localhost:0'], '--api: localhost:0 is not HOST:PORT'],
  ['a port too high', [...some, '--api', 'localhost:65536'], '--api: localhost:65536 is not HOST:PORT'],
  [
    'an address nobody can dial',
    [...some, '--listen', '0.0.0.0:9000'],
    '--listen: the lease API cannot dial 0.0.0.0',
  ],
  ['an option that does not exist', [...some, '--exprot', 'x'], '--exprot'],
])('%s is refused, by name', (_title, args, says) => {
  expect(faultOf(args, secret)).toContain(says);
});

test('all faults are reported at once', () => {
  expect(faultOf(['--listen', 'x', '--api', 'y']).split('\n')).toHaveLength(3);
});

test.each([
  ['--listen', '192.0.2.1:9000'],
  ['--listen', '127.0.0.1.example.org:9000'],
  ['--api', 'lease-api:8081'],
  ['--api', '[2001:db8::1]:8081'],
])('%s %s needs the secret', (option, address) => {
  expect(faultOf([...some, option, address])).toContain('set LEASEHOLD_RPC_SECRET');
  expect(faultOf([...some, option, address], { LEASEHOLD_RPC_SECRET: '' })).toContain(
    'set LEASEHOLD_RPC_SECRET',
  );
  expect(faultOf([...some, option, address], secret)).toMatch(
    /set LEASEHOLD_TLS_CERT.* LEASEHOLD_NETWORK=trusted/,
  );
  expect(faultOf([...some, option, address], { ...secret, ...tls })).toBe('accepted');
  expect(faultOf([...some, option, address], { ...secret, LEASEHOLD_NETWORK: 'trusted' })).toBe('accepted');
});

describe('values in files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'leasehold-adapter-config-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };

  test('a variable can come from the file that NAME_FILE names', () => {
    const environment = { LEASEHOLD_RPC_KEY_ID_FILE: file('id', 'adapter-a\n') };
    expect(configOf(some, environment)).toMatchObject({ keyId: 'adapter-a' });
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'the secret and its file',
      () => ({ ...secret, LEASEHOLD_RPC_SECRET_FILE: 'f' }),
      /LEASEHOLD_RPC_SECRET_FILE: LEASEHOLD_RPC_SECRET is set, too/,
    ],
    [
      'a variable and its file',
      () => ({ LEASEHOLD_RPC_KEY_ID: 'a', LEASEHOLD_RPC_KEY_ID_FILE: file('a', 'b') }),
      /LEASEHOLD_RPC_KEY_ID_FILE: LEASEHOLD_RPC_KEY_ID is set, too/,
    ],
    [
      'a file that is missing',
      () => ({ LEASEHOLD_RPC_KEY_ID_FILE: '/nonexistent' }),
      /LEASEHOLD_RPC_KEY_ID_FILE: ENOENT.*\/nonexistent/,
    ],
    [
      'an empty file',
      () => ({ LEASEHOLD_RPC_KEY_ID_FILE: file('empty', '') }),
      /LEASEHOLD_RPC_KEY_ID_FILE: .*empty is empty/,
    ],
    ['a certificate without its key', () => ({ LEASEHOLD_TLS_CERT: 'c' }), /LEASEHOLD_TLS_CERT: set/],
    ['a network that is none', () => ({ LEASEHOLD_NETWORK: 'x' }), /LEASEHOLD_NETWORK: must be hostile/],
  ])('%s is refused', (_title, environment, says) => {
    expect(faultOf(some, environment())).toMatch(says);
  });
});

test.each(['127.0.0.1:1', '127.8.8.8:1', 'localhost:1', '[::1]:1'])('%s needs no secret', (address) => {
  expect(faultOf([...some, '--listen', address, '--api', address])).toBe('accepted');
});

test('a configuration does not change', () => {
  const config = configOf(some);
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.exports)).toBe(true);
});

const nfsUrl = 'nfs://server/vol/x';

test('an NFS export, and the identity used at its server', () => {
  const args = ['--stack', 'nfs4', '--export', `a=${nfsUrl}`, '--auth-sys', '10:20:30,40'];
  expect(configOf([...args, '--nfs-client', 'one'], secret)).toMatchObject({
    stack: 'nfs4',
    exports: { a: nfsUrl },
  });
  const given = { export: { a: nfsUrl }, 'auth-sys': '10:20:30,40', 'nfs-client': 'one' };
  expect(nfs4Settings.parse(given)).toEqual({
    exports: { a: { host: 'server', port: 2049, path: '/vol/x' } },
    credentials: { uid: 10, gid: 20, gids: [30, 40] },
    clientName: 'leasehold one',
  });
});

test('without --auth-sys the identity is the user that runs the adapter, with its groups', () => {
  const credentials = () => nfs4Settings.parse({ export: { a: nfsUrl } }).credentials;
  const mine = jest.spyOn(process, 'getgroups').mockReturnValue([process.getgid?.() ?? 0, 7, 8]);
  expect(credentials()).toEqual({ uid: process.getuid?.(), gid: process.getgid?.(), gids: [7, 8] });
  mine.mockReturnValue(Array.from({ length: 40 }, (_, n) => 1_000_000 + n));
  expect(credentials().gids).toHaveLength(16);
  mine.mockRestore();
});

test('a name that is not percent-encoded is refused with the correct form', () => {
  expect(faultOf(['--stack', 'nfs4', '--export', 'a=nfs://server/100%'], secret)).toBe(
    '--export: nfs://server/100% is not nfs://HOST[:PORT]/PATH; write a % as %25',
  );
});

test.each([
  ['nfs://server/vol/x', { host: 'server', port: 2049, path: '/vol/x' }],
  ['nfs://server:12049', { host: 'server', port: 12049, path: '/' }],
  ['nfs://[2001:db8::1]:1/x', { host: '2001:db8::1', port: 1, path: '/x' }],
  ['nfs://server:0/x', undefined],
  ['nfs://server/a/../b', undefined],
  ['nfs://server/a/%2E%2e/b', undefined],
  ['nfs://server/my%20files/100%25', { host: 'server', port: 2049, path: '/my files/100%' }],
  ['nfs://server/my files/Gr%C3%B6ße', { host: 'server', port: 2049, path: '/my files/Größe' }],
  ['nfs://server/100%', undefined],
  ['nfs://server/a%2Fb', undefined],
  ['nfs://server/a%00b', undefined],
  ['nfs://server/a%FF', undefined],
  ['nfs://somebody@server/x', undefined],
  ['http://server/x', undefined],
])('%s', (url, location) => {
  expect(parseNfsUrl(url)).toEqual(location);
});
