import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import { RightsGuard } from '../../apps/lease-api/src/http/credentials.guard';
import { openRights, storageRights } from '../../apps/lease-api/src/identity/authenticator';
import { lockNeeds, messageNeeds, methodNeeds } from '../../apps/lease-api/src/identity/needs';
import { type Action, actions, Rights, spelled } from '../../apps/lease-api/src/identity/rights';
import { dlm, fileserver, nfs } from '../../libs/contracts/src';
import { expectPage, markdownTable } from '../support/markdown';

/** Rights are data: what they are, and that every route, message and method says what it needs. */

interface Route {
  'x-rights'?: { session?: string; right?: string };
}
const document = JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Route>>;
};
const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, route]) => ({
    name: `${method.toUpperCase()} ${path}`,
    ...route['x-rights'],
  })),
);
const words = (text: string): string => text.replaceAll('|', ' or ');
const code = (text: string | undefined): string =>
  text === undefined ? '' : /^(nothing|something there)$/.test(text) ? text : `\`${words(text)}\``;
const needOf = (need: Action | 'key'): string => (need === 'key' ? 'a key' : `\`${spelled(need)}\``);

function print(): string {
  const described = Object.entries(actions).map(([action, { says }]) => [
    `\`${spelled(action as Action)}\``,
    says,
  ]);
  return [
    '# Rights',
    '',
    'Printed from `apps/lease-api/src/identity` and the decorators of the routes; `WRITE=1 npx jest --selectProjects pure',
    '--testPathPatterns pure/rights` prints it again. [`callers.md`](callers.md) says how callers get rights.',
    '',
    'A right is an action and, for most actions, the name of an export or a node: `lease:write:demo`, a prefix of names',
    '(`lease:write:proj-*`), or every name (`lease:write:*`). `*` is every right. What is not granted is denied.',
    '',
    ...markdownTable([['Right', 'Allows to'], ...described]),
    '',
    'Without `LEASEHOLD_CALLERS`, callers without a token have',
    `${openRights.map((each) => `\`${each}\``).join(', ')}; without an admin token they have every right.`,
    `LEASEHOLD_ADMIN_TOKEN gives every right, LEASEHOLD_STORAGE_TOKEN ${storageRights.map((each) => `\`${each}\``).join(', ')}.`,
    '',
    '## Routes',
    '',
    'A caller who shows the secret of the session concerned needs the right in the first column; otherwise the one in the',
    'second. Empty: there is no such way. `lease:read or write`: as the request asks; giving something back needs neither.',
    '`something there`: no right, but a session that holds something there. Denying others an access counts as writing.',
    '`GET /readyz` names exports only to callers with `tree:read`.',
    '',
    ...markdownTable([
      ['Route', 'With the secret of the session', 'Without'],
      ...routes.map(({ name, session, right }) => [`\`${name}\``, code(session), code(right)]),
    ]),
    '',
    '## Messages of adapters',
    '',
    ...markdownTable([
      ['Message', 'Needs'],
      ...Object.entries(messageNeeds).map(([name, need]) => [`\`${name}\``, needOf(need)]),
    ]),
    '',
    '## Methods for NFS servers, over gRPC and RPC',
    '',
    ...markdownTable([
      ['Method', 'Needs'],
      ...Object.entries(methodNeeds).map(([name, need]) => [`\`${name}\``, needOf(need)]),
    ]),
    '',
    '## Methods for lock managers, over gRPC',
    '',
    'For the export that a request is about; otherwise for some export. `lease:read or write`: as the mode demands.',
    '',
    ...markdownTable([
      ['Method', 'Needs'],
      ...Object.entries(lockNeeds).map(([name, need]) => [
        `\`${name}\``,
        need === 'lease' ? code('lease:read|write:EXPORT') : needOf(need),
      ]),
    ]),
    '',
  ].join('\n');
}

test('the page matches the data', () => {
  expectPage('rights.md', print());
});

test('every route says what it needs', () => {
  expect(routes.length).toBeGreaterThan(70);
  expect(routes.filter(({ session, right }) => session === undefined && right === undefined)).toEqual([]);
});

test('only health and the grace period need nothing', () => {
  const free = routes.filter(({ right }) => right === 'nothing').map(({ name }) => name);
  expect(free.sort()).toEqual(['GET /livez', 'GET /readyz', 'GET /v1/grace']);
});

test('every method of nfs.proto says what it needs', () => {
  const service = loadSync(nfs.protoPath(), nfs.protoOptions)[`${nfs.protoPackage}.${nfs.serviceName}`];
  expect(Object.keys(methodNeeds).sort()).toEqual(Object.keys(service ?? {}).sort());
});

test('every method of dlm.proto says what it needs', () => {
  const service = loadSync(dlm.protoPath(), dlm.protoOptions())[`${nfs.protoPackage}.${dlm.serviceName}`];
  expect(Object.keys(lockNeeds).sort()).toEqual(Object.keys(service ?? {}).sort());
});

test('every message to the lease API says what it needs', () => {
  const toAdapters = ['resolve', 'setlease', 'setranges', 'testrange', 'status', 'goodbye'];
  const served = Object.keys(fileserver.patterns).filter((name) => !toAdapters.includes(name));
  expect(Object.keys(messageNeeds).sort()).toEqual(served.sort());
});

test('a route that does not say what it needs is used by nobody', async () => {
  const unused = undefined as never;
  const guard = new RightsGuard(unused, unused, unused, unused, unused, unused);
  await expect(guard.admit(undefined, unused, unused)).rejects.toMatchObject({
    problem: { reason: 'no_right' },
  });
});

test.each<[rights: string[], action: Action, name: string, allowed: boolean]>([
  [['lease:read:demo'], 'lease:read', 'demo', true],
  [['lease:read:demo'], 'lease:read', 'demo2', false],
  [['lease:read:demo'], 'lease:write', 'demo', false],
  [['lease:write:demo'], 'lease:read', 'demo', true],
  [['lease:write:proj-*'], 'lease:write', 'proj-a', true],
  [['lease:write:proj-*'], 'lease:write', 'proj-', true],
  [['lease:write:proj-*'], 'lease:write', 'proj', false],
  [['lease:write:proj-*'], 'lease:write', 'a-proj-', false],
  [['lease:read:*', 'lease:write:a'], 'lease:read', 'b', true],
  [['lease:write:a.b'], 'lease:write', 'axb', false],
  [['*'], 'node:beat', 'web-1', true],
  [['change:a'], 'fence', 'a', false],
  [[], 'lease:read', 'demo', false],
])('%j: %s of %s: %s', (texts, action, name, allowed) => {
  const rights = Rights.parse(texts);
  expect(rights.allows(action, name)).toBe(allowed);
  for (const both of [rights.and(Rights.parse([])), Rights.parse([]).and(rights)])
    expect(both.allows(action, name)).toBe(allowed);
});

test.each([
  ['lease:read', /needs the name/],
  ['locks:admin:demo', /no name/],
  ['lease:*', /no right lease:\*/],
  ['lease:read:', /must end/],
  ['lease:read:*a', /must end/],
  ['lease:read:a*b', /must end/],
  ['constructor', /no right/],
  ['__proto__:a', /no right/],
  ['', /no right/],
])('%s is not a right', (text, why) => {
  expect(() => Rights.parse([text])).toThrow(why);
});
