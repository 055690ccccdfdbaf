import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'yaml';

/** docker-compose.yml, as docker-compose reads it. */
const root = join(__dirname, '../..');
const secrets = {
  LEASEHOLD_ADMIN_TOKEN: 'the-admin-token',
  LEASEHOLD_RPC_SECRET: 'the-rpc-secret',
  LEASEHOLD_REDIS_PASSWORD: 'theRedisPassword',
};
const sentinels = {
  LEASEHOLD_REDIS_SCHEME: 'redis+sentinel',
  LEASEHOLD_REDIS_AT: 'sentinel-1,sentinel-2,sentinel-3/table',
  LEASEHOLD_DURABILITY: 'fsync+replicas:1',
};

interface Service {
  environment: Record<string, string>;
  profiles?: string[];
}
interface Composition {
  services: Record<string, Service>;
}

function config(env: Record<string, string>, ...profiles: string[]): Composition {
  const words = profiles.flatMap((each) => ['--profile', each]);
  const text = execFileSync('docker-compose', [...words, 'config'], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...secrets, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return parse(text) as Composition;
}
const inProfile = ({ services }: Composition, profile?: string): string[] =>
  Object.entries(services)
    .filter(([, { profiles = [] }]) =>
      profile === undefined ? profiles.length === 0 : profiles.includes(profile),
    )
    .map(([name]) => name)
    .sort();

describe('the file', () => {
  test('has the services of each profile', () => {
    const all = config({}, 'sentinel', 'monitoring');
    expect(inProfile(all)).toEqual(['api-1', 'api-2', 'fileserver', 'redis']);
    expect(inProfile(all, 'monitoring')).toEqual(['grafana', 'prometheus']);
    const groups = ['replica-1', 'replica-2', 'sentinel-1', 'sentinel-2', 'sentinel-3'];
    expect(inProfile(all, 'sentinel')).toEqual(groups);
  });

  test('tells the lease APIs where the table is, and its password', () => {
    const of = ({ services }: Composition) => services['api-2']?.environment['LEASEHOLD_TABLE'];
    expect(of(config({}))).toBe('redis://:theRedisPassword@redis:6379');
    expect(of(config(sentinels))).toBe(
      'redis+sentinel://:theRedisPassword@sentinel-1,sentinel-2,sentinel-3/table',
    );
  });

  test.each(Object.keys(secrets))('is refused without %s', (name) => {
    expect(() => config({ [name]: '' })).toThrow(/make up a/);
  });
});
