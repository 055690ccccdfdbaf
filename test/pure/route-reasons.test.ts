import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasons } from '#contracts';
import { verbFlags, type VerbName } from '../../libs/locks/src/core/io';
import { type Barrier, Refusals } from '../support/refusals';

/**
 * What each route may be refused with, read from the code that serves it (docs/decisions/0047-reasons-from-the-code.md).
 * `WRITE=1` writes it down for the OpenAPI document; `WHY='post /v1/ranges#deadlock'` says through which functions.
 */
const file = join(__dirname, '../../apps/lease-api/src/http/route-reasons.generated.ts');

const barriers: Barrier[] = [
  {
    routes: /^(?!get \/v1\/stateids)/,
    into: /^core\/rules\/stateid\.ts:/,
    because: 'Only NFS servers show stateids.',
  },
  {
    routes: /leases|opens/,
    reasons: ['state_expired'],
    because: 'Likewise; others read `lease_revoked`.',
  },
  {
    routes: /^(get|put \/v1\/(leases|opens)\/\{id\}$)/,
    reasons: ['id_reused_with_other_body'],
    because: 'Only a request that creates something is compared with an earlier one.',
  },
  {
    routes: /^delete \/v1\/leases/,
    into: /^core\/verbs\/lease\.ts:enter$|admission\.ts:(turnedAway|claim)$|application\/(exports|waiting|blockers)\.ts:/,
    reasons: [
      'above_target',
      'cancelled',
      'request_pending',
      'fileserver_timeout',
      'wait_elapsed',
      'service_stopping',
      'id_reused_with_other_body',
    ],
    because: 'To give up a lease asks for nothing: it neither waits nor asks the fileserver first.',
  },
  { routes: /./, reasons: ['resolve_again'], because: 'The service resolves the name again.' },
  { routes: /^get \/v1\/watch/, into: /exports\.ts:resolve$/, because: 'A watch names no file.' },
  {
    routes: /^get \/v1\/waits/,
    into: /refusal\.ts:(explain|reasonFor)$/,
    reasons: ['queued'],
    because: 'The answer shows why a request waits.',
  },
  {
    routes: /^post \/v1\/permits\/check/,
    into: /admission\.ts:gate$/,
    because: 'A permit of a session that is over is not held; the session is not named.',
  },
  {
    routes: /permits|ranges|dlm/,
    reasons: ['break_started', 'fencing'],
    because: 'Nothing that they ask for breaks a lease.',
  },
  {
    routes: /permits|dlm/,
    reasons: ['file_in_other_export'],
    because: 'A resource or a semaphore is found by its name alone.',
  },
  {
    routes: /files\/changes/,
    into: /kinds\/(permit|dlm|lease|range)\.ts:/,
    because: 'A change asks as changes do.',
  },
];

/** What ends a wait of any kind, and what ends one on a file. Records say it; `refusedBecause` makes a refusal of that. */
const ofWaits = ['wait_elapsed', 'session_expired', 'cancelled', 'deadlock', 'export_stopping'];
const ofFiles = [
  ...['file_changed', 'same_file', 'no_such_file', 'fileserver_denied', 'fileserver_refused'],
  'lease_type_unsupported',
];
const ofHolds = [
  'hold_gen_old',
  'fileserver_timeout',
  'no_backend',
  'open_conflict',
  'lease_conflict',
  'lease_revoked',
];
const ends: [caller: RegExp, reasons: readonly string[]][] = [
  [/^application\/leases\.ts:once$/, [...ofWaits, ...ofFiles, ...ofHolds]],
  [/^application\/(opens|ranges|changes)\.ts:/, [...ofWaits, ...ofFiles]],
  // Its fileserver did not lock it.
  [
    /^application\/ranges\.ts:/,
    [
      'range_held_at_fileserver',
      'range_lease_held',
      'ranges_unsupported',
      'fileserver_timeout',
      'no_backend',
    ],
  ],
  // A permit may be over before the request that waited for it has read it.
  [/^application\/semaphores\.ts:/, [...ofWaits, 'max_hold']],
  [/^application\/dlm\.ts:/, [...ofWaits, 'hung_up', 'disconnected']],
];

/** Functions that pass a reason on which they have from neither their caller nor a function that is read. */
const passedOn = [
  // A record says how a delegation's intent ended; it becomes the word of a `whyNot`.
  'application/delegations.ts:decided',
  'application/delegations.ts:undoneBecause',
  // The refusal that `follow` returned, with the fileserver's words.
  'application/leases.ts:once',
  'application/opens.ts:decided',
  'application/ranges.ts:because',
  // `ends`, above.
  'application/waiting.ts:refusedBecause',
  // The field `reason` of what `whyNotNow` returns, which is read.
  'core/rules/kinds/lease.ts:?',
  // What the fileserver refused a waiting range with last; `ends` has it.
  'core/rules/kinds/range.ts:?',
  'core/verbs/lease.ts:enter',
  // Any refusal on its way out.
  'problem.ts:problemOfRefusal',
];

const known = new Set([...Object.keys(reasons), 'resolve_again']);
let found: Refusals;
beforeAll(() => {
  found = new Refusals(known);
}, 600_000);

function ofRoute(route: string, node: Parameters<Refusals['of']>[0]): string[] {
  const {
    reasons: own,
    functions,
    verbs,
  } = found.of(
    node,
    barriers.filter(({ routes }) => routes.test(route)),
  );
  if (functions.has('application/waiting.ts:refusedBecause'))
    for (const [caller, each] of ends)
      if ([...functions].some((name) => caller.test(name))) for (const reason of each) own.add(reason);
  const grows = [...verbs].some((verb) => /grow|break/.test(verbFlags[verb as VerbName]));
  for (const reason of grows ? ['table_full', 'numbers_used_up'] : []) own.add(reason);
  return Object.keys(reasons).filter((reason) => own.has(reason));
}

test('the reasons of each route are those that its code can give', () => {
  const routes = [...found.routes()].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const asked of (process.env['WHY'] ?? '').split(',').filter(Boolean)) {
    const [route = '', reason = ''] = asked.split('#');
    const node = found.routes().get(route);
    const way =
      node &&
      found.why(
        node,
        reason,
        barriers.filter(({ routes: of }) => of.test(route)),
      );
    process.stdout.write(`${asked}: ${way?.join(' > ') ?? 'no such route'}\n`);
  }
  const lines = routes.map(([route, node]) => `  '${route}': '${ofRoute(route, node).join(' ')}',`);
  const text = [
    '/** Made by `WRITE=1 npx jest --selectProjects pure --testPathPatterns route-reasons`: what the code of a route refuses with. */',
    'export const refusalsOfRoutes: Readonly<Record<string, string>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
  if (process.env['WRITE'] !== undefined) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(routes.length).toBeGreaterThan(90);
});

test('every barrier keeps something out, and nothing else is passed on', () => {
  expect(barriers.filter((each) => !found.used.has(each)).map(({ because }) => because)).toEqual([]);
  expect([...found.passedOn].sort()).toEqual(passedOn);
});
