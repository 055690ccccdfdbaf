import { readTableUrl } from '../../apps/lease-api/src/table-url';

test.each([
  ['redis://db', { shape: 'single', tls: false, hosts: [{ host: 'db', port: 6379 }], db: 0 }],
  ['rediss://[::1]:7000/2?family=6', { tls: true, hosts: [{ host: '::1', port: 7000 }], db: 2, family: 6 }],
  ['redis://me:p%40ss@db', { username: 'me', password: 'p@ss' }],
  ['redis://:pass@db', { username: undefined, password: 'pass' }],
  [
    'redis+sentinel://a,b:1,[::1]:2/main/3?sentinelUsername=s&sentinelPassword=p',
    {
      ...{
        shape: 'sentinel',
        tls: false,
        master: 'main',
        db: 3,
        sentinelUsername: 's',
        sentinelPassword: 'p',
      },
      hosts: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 1 },
        { host: '::1', port: 2 },
      ],
    },
  ],
  ['rediss+sentinel://a/main', { shape: 'sentinel', tls: true }],
  [
    'rediss+cluster://u:p@a:1,b',
    {
      ...{ shape: 'cluster', tls: true, username: 'u', db: 0 },
      hosts: [
        { host: 'a', port: 1 },
        { host: 'b', port: 6379 },
      ],
    },
  ],
])('%s', (url, expected) => {
  expect(readTableUrl(url)).toMatchObject(expected);
});

test.each([
  ['redis+ring://a', 'not a URL'],
  ['redis://', 'not a URL'],
  ['redis://a,b', 'too many hosts'],
  ['redis+cluster://a,,b', '"" is not HOST'],
  ['redis+cluster://a/1', 'a Cluster has only the database 0'],
  ['redis://a/one', 'no such database'],
  ['redis://a/1/2', 'no such database'],
  ['redis://a:0', 'no such port'],
  ['redis://a:70000', 'no such port'],
  ['redis://a b', 'is not HOST'],
  ['redis+sentinel://a', 'after the Sentinels comes /MASTER'],
  ['redis+sentinel://a/', 'after the Sentinels comes /MASTER'],
  ['redis://a?family=5', 'family is 4 or 6'],
  ['redis://a?family=4&family=6', 'given twice'],
  ['redis://a?sentinelPassword=x', 'no option sentinelPassword'],
  ['redis+cluster://a?tls=false', 'no option tls'],
  ['redis://%zz@a', 'hexadecimal'],
])('%s is refused', (url, why) => {
  expect(() => readTableUrl(url)).toThrow(why);
});
